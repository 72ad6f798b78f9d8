"""Mails that came back: 117 real ones with a seal of ours and without, and what nobody should send
us."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from handlers.correo.rebotes import leer
from handlers.enlaces import Enlaces
from records.correo import avisos, correos, direcciones
from records.correo.correos import Leido
from records.correo.reglas.correos import MAX_REBOTE, motivo
from records.correo.tablas import Aviso, DireccionCorreo
from tests.kit.clock import NOW
from tests.kit.material import bounces
from tests.kit.scene import Scene, copy_of, template

ENLACES = Enlaces("https://ventanilla.example", b"secreto de la prueba")
ANA = "ana@ciudadana.example"


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return template(tmp_path_factory.mktemp("molde") / "ventanilla.db")


@pytest.fixture
def escena(molde: Scene, tmp_path: Path) -> Iterator[Scene]:
    with copy_of(molde, tmp_path / "ventanilla.db") as escena:
        yield escena


def enviado(session: sa.orm.Session, clave: str, para: str) -> int:
    avisos.crear_aviso(
        session, avisos.NuevoAviso(clave, "requerimiento", para, "Asunto", "Texto"), now=NOW
    )
    avisos.marcar_enviado(session, clave, now=NOW)
    hallado = avisos.aviso(session, clave)
    assert hallado is not None
    return hallado.id


def con_marca(crudo: bytes, marca: str) -> bytes:
    """As if it were the answer to a mail that bears this mark."""
    cabecera, resto = crudo.split(b"\n", 1)
    return cabecera + f"\nReferences: <aviso-{marca}@icetex.example>\n".encode() + resto


def leido(crudo: bytes) -> Leido:
    return leer(crudo, ENLACES.aviso_de)


def informe(para: str, marca: str, estado: str = "5.1.1", accion: str = "failed") -> bytes:
    """As servers write it today (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example
To: atencion@icetex.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {para}
Action: {accion}
Status: {estado}

--B
Content-Type: text/rfc822-headers

Message-ID: <aviso-{marca}@icetex.example>
To: {para}

--B--
""".encode()


# --- the real ones --------------------------------------------------------------------------------
def test_each_of_the_117_makes_its_address_doubtful_or_is_only_noted_when_it_bears_our_seal(
    escena: Scene,
) -> None:
    vistas: Counter[str] = Counter()
    for nombre, crudo in bounces().items():
        dice = leido(crudo)
        for para in dice.permanentes | dice.temporales or {"nadie@x.example"}:
            with escena.sessions() as session:  # and nothing is kept for the next one
                numero = enviado(session, nombre, para)
                clase = correos.anotar(
                    session, leido(con_marca(crudo, ENLACES.marca(numero))), now=NOW
                )
                conocida, aviso = direcciones.estado(session, para), session.get_one(Aviso, numero)
                assert conocida.dudosa == (para in dice.permanentes), nombre
                assert (aviso.devuelto is not None) == (para in dice.permanentes), nombre
                vistas[clase] += 1
    assert len(bounces()) == 117
    assert vistas == {"permanente": 123, "temporal": 11, "ilegible": 5}, (
        "some name several addresses"
    )


def test_none_of_them_changes_anything_without_our_seal(escena: Scene) -> None:
    with escena.writing() as session:
        enviado(session, "a", "userx@example.com")  # whom most of them name
        for crudo in bounces().values():
            assert correos.anotar(session, leido(crudo), now=NOW) in {
                correos.AJENO,
                correos.ILEGIBLE,
            }
        assert session.scalar(sa.select(sa.func.count()).select_from(DireccionCorreo)) == 0
        assert len(correos.rebotes(session, 200)) == 117, "and each is listed"


# --- how it is matched ----------------------------------------------------------------------------
def test_the_seal_is_found_in_the_mail_that_came_back_and_in_the_address_that_it_came_back_to(
    escena: Scene,
) -> None:
    with escena.writing() as session:
        marca = ENLACES.marca(enviado(session, "a", ANA))
        por_sobre = informe(ANA, "sin").replace(
            b"To: atencion@icetex.example", f"To: rebotes+{marca}@icetex.example".encode()
        )
        for crudo in (informe(ANA, marca), por_sobre):
            assert correos.clase_de(session, leido(crudo))[0] == correos.PERMANENTE
        assert leido(informe(ANA, marca)).codigo == "5.1.1"
    assert motivo("5.1.1") == "el buzón no existe"
    assert motivo("5.9.9") == "código 5.9.9"


def test_a_delay_is_only_noted(escena: Scene) -> None:
    with escena.writing() as session:
        marca = ENLACES.marca(enviado(session, "a", ANA))
        assert (
            correos.anotar(session, leido(informe(ANA, marca, "4.4.1", "delayed")), now=NOW)
            == correos.TEMPORAL
        )
        assert not direcciones.estado(session, ANA).dudosa


def test_who_confirms_after_a_bounce_is_answered_by_mail_again(escena: Scene) -> None:
    with escena.writing() as session:
        correos.anotar(
            session, leido(informe(ANA, ENLACES.marca(enviado(session, "a", ANA)))), now=NOW
        )
        assert direcciones.estado(session, ANA).dudosa
        direcciones.preguntar(session, ANA, now=NOW)
        direcciones.con_enlace(session, ANA, "t")
        direcciones.confirmar(session, "t", now=NOW)
        session.expire_all()
        assert direcciones.estado(session, ANA).estado == direcciones.CONFIRMADA


# --- what nobody should send ----------------------------------------------------------------------
def hondo(n: int) -> bytes:
    partes = [f'Content-Type: multipart/mixed; boundary="B{k}"\n\n--B{k}\n' for k in range(n)]
    return ("From: x@x.example\nMIME-Version: 1.0\n" + "".join(partes) + "\nfin\n").encode()


@pytest.mark.parametrize(
    "crudo",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe" * 500,
        hondo(100),
        hondo(5_000),
        b"Subject: hola\n\n" + b"a" * (MAX_REBOTE + 1),
        b'Content-Type: multipart/report; boundary="B"\n\n--B\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822;\n',
        b"Content-Type: text/plain; charset=no-hay\nContent-Transfer-Encoding: base64\n\n====\n",
    ],
    ids=[
        "empty",
        "zeros",
        "no text",
        "a hundred deep",
        "five thousand deep",
        "huge",
        "cut off",
        "broken encoding",
    ],
)
def test_what_is_no_bounce_changes_nothing_and_is_listed(escena: Scene, crudo: bytes) -> None:
    with escena.writing() as session:
        assert correos.anotar(session, leido(crudo), now=NOW) in {correos.ILEGIBLE, correos.AJENO}
        assert session.scalar(sa.select(sa.func.count()).select_from(DireccionCorreo)) == 0
        assert len(correos.rebotes(session)) == 1


@pytest.mark.parametrize(
    "que",
    [
        "a seal that we did not make",
        "an address that the mail did not go to",
        "the seals of two mails",
    ],
)
def test_a_forged_bounce_changes_nothing(escena: Scene, que: str) -> None:
    with escena.writing() as session:
        numero, otro = enviado(session, "a", ANA), enviado(session, "b", "luz@ciudadana.example")
        crudo = {
            "a seal that we did not make": informe(ANA, Enlaces("", b"otro secreto").marca(numero)),
            "an address that the mail did not go to": informe(
                "luz@ciudadana.example", ENLACES.marca(numero)
            ),
            "the seals of two mails": con_marca(
                informe(ANA, ENLACES.marca(numero)), ENLACES.marca(otro)
            ),
        }[que]
        assert correos.anotar(session, leido(crudo), now=NOW) == correos.AJENO
        assert not direcciones.estado(session, ANA).dudosa
        assert not direcciones.estado(session, "luz@ciudadana.example").dudosa
        assert (
            session.scalars(sa.select(Aviso.devuelto).where(Aviso.devuelto.is_not(None))).all()
            == []
        )


def test_a_seal_has_the_strength_that_is_demanded_and_one_of_before_still_comes_back() -> None:
    marca = ENLACES.marca(71)
    numero, _, sello = marca.partition(".")
    assert len(sello) * 6 >= 128
    assert ENLACES.aviso_de(marca) == 71
    assert ENLACES.aviso_de(f"{numero}.{sello[:20]}") == 71
    for otra in (
        f"{numero}.{sello[:21]}",
        f"{numero}.{sello[:19]}",
        f"0{marca}",
        f"72.{sello}",
        f"{numero}.",
        numero,
        "",
        f"{marca}x",
    ):
        assert ENLACES.aviso_de(otra) is None, otra
