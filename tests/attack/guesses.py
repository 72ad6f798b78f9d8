"""Guessing: passwords of one account, one password at all accounts, all from one address, documents
of a case; each from as many addresses as somebody may have. What counts is how many guesses were
looked at, and that the person of the account enters meanwhile."""

from flask.testing import FlaskClient

from demo.cuentas import CLAVE
from tests.attack.findings import Attack
from tests.kit.month import World
from tests.kit.web import csrf
from webforms.base.frenos import CUENTA, DIRECCION, MISMA_CLAVE

GUESSES = 300
ENTERED, LOOKED_AT, BRAKED = 302, 422, 429


def address(n: int) -> str:
    return f"203.{n // 62_500 % 250}.{n // 250 % 250}.{n % 250}"


def login(browser: FlaskClient, user: str, password: str, from_: str) -> int:
    page = browser.get("/ingresar").text
    sent = {"csrf_token": csrf(page), "usuario": user, "clave": password}
    with browser.post("/ingresar", data=sent, environ_base={"REMOTE_ADDR": from_}) as answer:
        return answer.status_code


def guesses(world: World) -> Attack:
    attack = Attack(
        "guessing",
        "logins and questions about a case; no more of them looked at than docs/decisions/brakes.md says, nobody kept out",
    )
    own = world.app.test_client()
    attack.expect(
        login(own, "coordinador", CLAVE, "192.0.2.9") == ENTERED, "the person does not enter before"
    )
    own.delete_cookie("ventanilla")
    _count(
        attack,
        "one account",
        CUENTA.libres,
        [("coordinador", f"una mala {n}", address(n)) for n in range(GUESSES)],
        world,
    )
    attack.expect(
        login(own, "coordinador", CLAVE, "192.0.2.9") == ENTERED,
        "whoever guesses keeps the person out of a browser of theirs",
    )
    _count(
        attack,
        "one password",
        MISMA_CLAVE.libres,
        [(f"persona.{n}", "Bogotá2026Bogotá", address(n)) for n in range(GUESSES)],
        world,
    )
    _count(
        attack,
        "one address",
        DIRECCION.libres,
        [(f"persona.{n}", f"otra mala {n}", "198.51.100.7") for n in range(GUESSES)],
        world,
    )
    _questions(attack, world)
    return attack


def _count(
    attack: Attack, what: str, free: int, tries: list[tuple[str, str, str]], world: World
) -> None:
    browser, codes = world.app.test_client(), list[int]()
    for user, password, from_ in tries:
        codes.append(login(browser, user, password, from_))
    attack.tried += len(codes)
    attack.expect(
        codes.count(LOOKED_AT) <= free,
        f"{what}: {codes.count(LOOKED_AT)} guesses looked at, not {free}",
    )
    attack.expect(set(codes) <= {LOOKED_AT, BRAKED}, f"{what}: {sorted(set(codes))}")


def _questions(attack: Attack, world: World) -> None:
    """Documents of one case, from one address."""
    browser, codes = world.app.test_client(), list[int]()
    for n in range(GUESSES):
        page = browser.get("/consulta").text
        sent = {
            "csrf_token": csrf(page),
            "radicado": "2026-0000001",
            "tipo_doc": "CC",
            "num_doc": f"{52_000_000 + n}",
        }
        with browser.post(
            "/consulta", data=sent, environ_base={"REMOTE_ADDR": "198.51.100.8"}
        ) as answer:
            codes.append(answer.status_code)
    attack.tried += len(codes)
    attack.expect(BRAKED in codes, f"questions about a case: {sorted(set(codes))}, never braked")
    attack.expect(
        codes.count(BRAKED) > GUESSES * 0.8,
        f"questions about a case: only {codes.count(BRAKED)} of {GUESSES} braked",
    )
