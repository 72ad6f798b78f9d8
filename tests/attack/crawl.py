"""Role × route × method × object: everybody asks for everything with every method. What is expected
stands at the routes, gathered as PERMISOS of `webforms/permisos.py`; of one case more, that who may not see its
page sees nothing of it anywhere."""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from common.sums import Sum, sum_of
from engine.store.tables import Instance, Item
from records.base.tablas import todas
from records.cuentas.reglas.roles import ROLES, Facultad, con_facultad
from records.sistemas.vigiladas import SIN_HUELLA
from tests.attack.findings import Attack
from tests.kit.month import World, everything, people
from tests.kit.web import address_of
from webforms.cuentas.ingreso import ENTRADAS
from webforms.permisos import decidir
from webforms.salas import PERMISOS

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
BY_ITSELF: Final = frozenset({"HEAD", "OPTIONS"})  # answered by the framework for each page
#: Machines sign what they send; a server of mail ends its letters by one press (RFC 8058): no token
#: of a form.
SIGNED: Final = frozenset({"correo.baja", "digiturno_entrada.recibir", "mensajes_entrada.recibir"})
IN_WORDS: Final = frozenset({"vigia.listo"})  # 503 is what it says while no worker runs
FAULT, NO_SUCH_METHOD, NO_SUCH_PAGE, FORBIDDEN, NOT_SIGNED_IN, NO_TOKEN = (
    500,
    405,
    404,
    403,
    401,
    400,
)
CASES: Final = 6


@dataclass(frozen=True, slots=True)
class Cell:
    who: str
    browser: FlaskClient
    rule: Rule
    method: str
    path: str


def role_of(who: str) -> tuple[frozenset[str], str | None]:
    """The roles that decide, and the kind of a device."""
    if who in ROLES:
        return frozenset({who, *ROLES[who].incluye}), None
    return frozenset(), None if who == "publico" else who


def cells(world: World, rng: random.Random, *, shown: bool) -> list[Cell]:
    """In any order; each address with an object that nobody has, and with `shown` with one that
    somebody was shown."""
    seen: dict[str, list[str]] = {}
    for page in everything(world) if shown else ():
        seen.setdefault(page.endpoint, []).append(page.path.partition("?")[0])
    found: list[Cell] = []
    for rule in world.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        paths = {
            address_of(world.app, rule),
            *([rng.choice(seen[rule.endpoint])] if seen.get(rule.endpoint) else []),
        }
        found += [
            Cell(who, b, rule, method, path)
            for who, b in browsers(world).items()
            for method in METHODS
            for path in sorted(paths)
        ]
    rng.shuffle(found)
    return found


def browsers(world: World) -> Mapping[str, FlaskClient]:
    """One of each role, each kind of device, and one of nobody; the same for the whole crawl."""
    known = _BROWSERS.get(id(world))
    if known is None:
        known = _BROWSERS[id(world)] = dict(people(world))
    return known


_BROWSERS: dict[int, dict[str, FlaskClient]] = {}


def crawl(
    world: World, rng: random.Random, seconds: float, most: int = 1_000_000, *, shown: bool = True
) -> Attack:
    """Until so many were tried, or the time is over."""
    attack = Attack(
        "roles",
        "role × route × method × object: exactly what the table of permissions says, no token no act, no other method, no fault",
    )
    asked, allowed = cells(world, rng, shown=shown)[:most], list[Cell]()
    end = time.monotonic() + seconds
    before = standing(world)
    for cell in asked:
        if time.monotonic() > end:
            break
        roles, device = role_of(cell.who)
        endpoint = endpoint_of(cell)
        says = (
            decidir(PERMISOS[endpoint], roles, device, con_sesion=cell.who in ROLES)
            if endpoint
            else ""
        )
        if says in ("publico", "persona", "dispositivo") and cell.method in ("GET", "HEAD"):
            allowed.append(cell)  # pages may note that they were looked at
        else:
            _ask(attack, cell, says)
    written = {name for name, now in standing(world).items() if now != before[name]}
    attack.expect(not written, f"written although nobody was let do anything: {sorted(written)}")
    for cell in allowed:
        if time.monotonic() > end:
            break
        _ask(attack, cell, "persona")
    return attack


def endpoint_of(cell: Cell) -> str:
    """Of this method: an address may be of a page and of what is sent from it. Empty: of no page
    with it."""
    try:
        return str(
            cell.rule.map.bind("localhost").match(
                cell.path, "GET" if cell.method in BY_ITSELF else cell.method
            )[0]
        )
    except HTTPException:
        return ""


def _ask(attack: Attack, cell: Cell, says: str) -> None:
    endpoint = endpoint_of(cell)
    with cell.browser.open(cell.path, method=cell.method) as answer:
        code, to = answer.status_code, answer.headers.get("Location", "")
    login = code == NOT_SIGNED_IN or to.startswith("/ingresar")
    if cell.method == "OPTIONS":
        holds = code < NO_TOKEN or login or code in (FORBIDDEN, NO_SUCH_PAGE)
    elif not endpoint:
        holds = (
            code in (NO_SUCH_METHOD, NO_SUCH_PAGE, NO_TOKEN, FORBIDDEN)
            or login
            or 300 <= code < NO_TOKEN
        )
    elif says == "anonimo":
        holds = login
    elif says == "prohibido":
        holds = code == FORBIDDEN
    elif cell.method in ("GET", "HEAD"):
        holds = (code < FAULT or endpoint in IN_WORDS) and code != FORBIDDEN and not login
    else:
        # a login page of before: whoever entered meanwhile is led on
        is_in = endpoint in ENTRADAS and cell.who in ROLES and to == "/"
        refused = code in (NO_TOKEN, NOT_SIGNED_IN) or to.startswith("/cuenta/segundo")
        holds = code < FAULT and (endpoint in SIGNED or refused or is_in)
    attack.expect(holds, f"{cell.method} {cell.path} as {cell.who} ({says}): {code} {to}".strip())


def standing(world: World) -> dict[str, Sum]:
    """Of the rows that people rely on."""
    with world.engine.db.connect() as c:
        return {
            table.name: sum_of(c, table)
            for table in todas().sorted_tables
            if table.name not in SIN_HUELLA
        }


# --- of one case ----------------------------------------------------------------------------------
#: Who hands out tasks sees of each its name, the number of its case and who has it, and nothing
#: else (test_con_motivo.py).
TO_HAND_OUT = "/reasignar"


def of_cases(world: World, rng: random.Random, seconds: float, cases: int = CASES) -> Attack:
    attack = Attack(
        "cases of others",
        "each part of a case, asked for by each role that may not see its page: nothing of it is shown",
    )
    end = time.monotonic() + seconds
    with world.engine.db.connect() as c:
        keys = list(c.scalars(sa.text("SELECT DISTINCT case_key FROM instance ORDER BY case_key")))
    for key in rng.sample(keys, min(cases, len(keys))):
        for who, browser in browsers(world).items():
            if time.monotonic() > end:
                return attack
            with browser.get(f"/caso/{key}") as page:
                sees = page.status_code == 200
            supervises = who in con_facultad(Facultad.SUPERVISAR)
            for path in () if sees else _parts(world, key):
                if supervises and path.endswith(TO_HAND_OUT):
                    continue
                with browser.get(path) as answer:
                    shown = answer.status_code == 200 and key in answer.get_data(as_text=True)
                attack.expect(not shown, f"{path} as {who}: {answer.status_code}")
    return attack


def _parts(world: World, key: str) -> Iterator[str]:
    """Every address with a case in it, and those of its tasks and instances."""
    with world.engine.db.connect() as c:
        given = {"case_key": key}
        for table, part in ((Item, "item_id"), (Instance, "instance_id")):
            found = c.scalars(sa.select(table.id).where(table.case_key == key)).first()
            if found:
                given[part] = str(found)
        given["sha256"] = str(
            c.execute(
                sa.text("SELECT sha256 FROM archivo WHERE case_key = :k LIMIT 1"), {"k": key}
            ).scalar()
            or "0" * 64
        )
    for rule in world.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.arguments & {
            "case_key",
            "item_id",
            "instance_id",
            "item",
            "instancia_id",
        }:
            yield address_of(
                world.app,
                rule,
                {
                    **given,
                    "item": given.get("item_id", "x"),
                    "instancia_id": given.get("instance_id", "x"),
                },
            )
