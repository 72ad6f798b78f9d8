"""A link of one use with which a person sets their password: printed, or by mail; used once, for a
time, by nobody else."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from demo.correo_local import CorreoLocal, get_message, list_messages
from engine.types import SYSTEM, Handlers
from handlers import correo as manejadores
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.enlaces import Enlaces
from records.base.errores import EnlaceInvalido
from records.correo import avisos
from records.correo.tablas import Aviso
from records.cuentas import cuentas, enlaces_de_clave
from records.cuentas.enlaces_de_clave import NUEVA, PRIMERA, Mostrado
from records.cuentas.tablas import EnlaceDeClave
from tests.kit import web as web_kit
from tests.kit.cast import SESSION_KEY
from tests.kit.web import BASE_URL, WebKit, csrf, followed, log_in, opened
from webforms.cuentas import claves

CLAVE = "lámpara verde tres panes"


@pytest.fixture
def web(tmp_path: Path, db_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, db_url)
    yield kit
    kit.engine.db.dispose()


def nadie(aviso_id: int, _dicho: str, _now: dt.datetime) -> None:
    raise AssertionError(f"notice {aviso_id} goes to an account, not to the person of a case")


def dar(web: WebKit, clase: enlaces_de_clave.Clase = PRIMERA, usuario: str = "asesor") -> str:
    """The path of a new link."""
    with web.app.app_context():
        direccion = claves.dar(usuario, clase, SYSTEM, por_correo=False)
    assert direccion.startswith(f"{BASE_URL}/clave/#")
    return direccion.removeprefix(BASE_URL)


def poner(web: WebKit, camino: str, clave: str = CLAVE, otra: str | None = None) -> tuple[int, str]:
    cliente = web.browser()
    camino = opened(cliente, camino)
    pagina = cliente.get(camino)
    hecho = cliente.post(
        camino,
        data={
            "clave": clave,
            "otra": clave if otra is None else otra,
            "csrf_token": csrf(pagina.text),
        },
    )
    return hecho.status_code, followed(hecho.text)


def ver(cliente: FlaskClient, camino: str) -> TestResponse:
    """The page behind a link."""
    return cliente.get(opened(cliente, camino))


def test_the_link_sets_the_password_once_and_ends_earlier_logins(web: WebKit) -> None:
    antes, camino = web.browser("asesor"), dar(web)
    cliente = web.browser()
    for _vistazo in range(2):  # previews of mails look, too
        pagina = ver(cliente, camino)
        assert pagina.status_code == 200
        assert "asesor" in pagina.text
    assert poner(web, camino)[0] == 302
    assert log_in(web.browser(), "asesor", CLAVE).status_code == 302
    assert antes.get("/bandeja").status_code == 302  # its login ended
    vuelta = ver(web.browser(), camino)
    assert vuelta.status_code == 404
    assert "Ya se usó" in vuelta.text
    assert [a for a in web.accesses() if a[0].endswith("clave") or a[0].startswith("clave")] == [
        ("enlace_de_clave", SYSTEM.id, "asesor"),
        ("clave_puesta", "asesor", "asesor"),
    ]


def test_no_table_holds_the_token(web: WebKit) -> None:
    token = dar(web).rpartition("#")[2]
    with web.session() as s:
        fila = s.scalars(sa.select(EnlaceDeClave)).one()
        assert token not in {fila.semilla, fila.token_hash}
        assert fila.token_hash == enlaces_de_clave.huella(token)


def test_the_first_lasts_a_day_and_a_new_one_half_an_hour(web: WebKit) -> None:
    primera, nueva = dar(web), dar(web, NUEVA, "coordinador")
    web.clock.advance(dt.timedelta(minutes=31))
    assert "Venció" in ver(web.browser(), nueva).text
    assert ver(web.browser(), primera).status_code == 200
    web.clock.advance(dt.timedelta(hours=24))
    assert ver(web.browser(), primera).status_code == 404


def test_another_link_ends_the_one_before(web: WebKit) -> None:
    vieja, nueva = dar(web), dar(web)
    assert "Lo reemplazó otro" in ver(web.browser(), vieja).text
    assert ver(web.browser(), nueva).status_code == 200


def test_of_an_account_that_was_ended_nobody_sets_a_password(web: WebKit) -> None:
    camino = dar(web)
    with web.session() as s, s.begin():
        cuentas.activar(s, "asesor", activo=False)
    assert ver(web.browser(), camino).status_code == 404
    with web.app.app_context(), pytest.raises(Exception, match="inactiva"):
        claves.dar("asesor", PRIMERA, SYSTEM, por_correo=False)


@pytest.mark.parametrize(
    ("clave", "otra", "dice"),
    [
        ("", None, "Escriba su contraseña nueva"),
        ("corta", None, "15 letras o más"),
        (CLAVE, "otra cosa", "No es igual a la de arriba"),
        ("x" * 3_000, None, "demasiado larga"),
        ("gato" * 5, None, "Repite lo mismo"),
    ],
)
def test_what_does_not_do_is_said_at_its_place_and_uses_nothing_up(
    web: WebKit, clave: str, otra: str | None, dice: str
) -> None:
    camino = dar(web)
    codigo, pagina = poner(web, camino, clave, otra)
    assert codigo == 422
    assert dice in pagina
    assert poner(web, camino)[0] == 302


@pytest.mark.parametrize("token", ["x", "A" * 43, "A" * 4_000, "%C3%A1" * 43, "a/b"])
def test_what_is_no_link_leads_nowhere(web: WebKit, token: str) -> None:
    assert web.browser().get(f"/clave/{token}", follow_redirects=True).status_code == 404


def test_the_mail_carries_the_link_and_what_is_kept_does_not(tmp_path: Path, db_url: str) -> None:
    maildir, handlers = tmp_path / "maildir", Handlers()
    web, enlaces = (
        web_kit.build(tmp_path, db_url, handlers=handlers),
        Enlaces(BASE_URL, SESSION_KEY.encode()),
    )
    with CorreoLocal(maildir) as servidor:
        correo = CorreoSMTP(ServidorSMTP(port=servidor.port, espera=3))
        manejadores.register(
            handlers,
            correo=correo,
            sesiones=web.session,
            enlaces=enlaces,
            leer=lambda _sha256: b"",
            rechazada=nadie,
        )
        with web.app.app_context():
            direccion = claves.dar("asesor", PRIMERA, SYSTEM, por_correo=True)
        with web.session() as s:
            aviso = s.scalars(sa.select(Aviso)).one()
        assert direccion.rpartition("#")[2] not in aviso.texto
        assert enlaces_de_clave.ENLACE in aviso.texto
        web.engine.jobs.run(avisos.ENVIAR, {"clave": aviso.clave})
        (resumen,) = list_messages(maildir)
    recibido = get_message(maildir, resumen.id)
    assert recibido is not None
    assert direccion in recibido.texto.replace("\n", "")
    assert "Su usuario es asesor" in recibido.texto
    web.engine.db.dispose()


def test_a_mail_that_waits_longer_than_its_link_does_not_leave(tmp_path: Path, db_url: str) -> None:
    handlers = Handlers()
    web = web_kit.build(tmp_path, db_url, handlers=handlers)
    enlaces = Enlaces(BASE_URL, SESSION_KEY.encode())
    manejadores.register(
        handlers,
        correo=CorreoSMTP(ServidorSMTP(port=1)),
        sesiones=web.session,
        enlaces=enlaces,
        leer=lambda _sha256: b"",
        rechazada=nadie,
    )
    with web.app.app_context():
        claves.dar("asesor", NUEVA, SYSTEM, por_correo=True)
    web.clock.advance(dt.timedelta(hours=1))
    with web.session() as s:
        clave = s.scalars(sa.select(Aviso.clave)).one()
    # nobody listens at that port: it is not even tried
    web.engine.jobs.run(avisos.ENVIAR, {"clave": clave})
    with web.session() as s:
        assert s.scalars(sa.select(Aviso.descartado_porque)).one() == enlaces_de_clave.VENCIDO
    web.engine.db.dispose()


def por_fuera(web: WebKit, *ordenes: sa.Executable) -> None:
    """Somebody who owns the database, and knows how links are made, but has not the secret of this
    place."""
    db = sa.create_engine(web.engine.db.url)
    with db.begin() as c:
        for orden in ordenes:
            c.execute(orden)
    db.dispose()


def nadie_cambio(web: WebKit, camino: str) -> None:
    """The link opens no page, sets no password and makes no browser known."""
    cliente = web.browser()
    camino = opened(cliente, camino)
    sello = csrf(cliente.get("/ingresar").text)
    assert cliente.get(camino).status_code == 404
    assert (
        cliente.post(camino, data={"clave": CLAVE, "otra": CLAVE, "csrf_token": sello}).status_code
        == 404
    )
    mostrado = Mostrado(camino.rpartition("/")[2], (SESSION_KEY.encode(),))
    with web.session() as s, pytest.raises(EnlaceInvalido):
        enlaces_de_clave.usar(s, mostrado, clave_hash="x", fs_uniquifier="x", now=web.clock.now())
    assert log_in(web.browser(), "admin", CLAVE).status_code != 302


def test_a_link_that_the_owner_of_the_database_makes_opens_nothing(web: WebKit) -> None:
    """A row with the hash of a token of their own, for the account of somebody else; its table says
    what it follows from."""
    dar(web)
    token, e = "T" * 43, EnlaceDeClave.__table__
    with web.session() as s:
        suya, ajena = (cuentas.cuenta_sola(s, usuario).id for usuario in ("asesor", "admin"))
    columnas = [c for c in e.columns if c.name not in ("id", "cuenta_id", "token_hash")]
    copia = sa.select(
        *columnas, sa.literal(ajena), sa.literal(enlaces_de_clave.huella(token))
    ).where(e.c.cuenta_id == suya)
    por_fuera(
        web,
        sa.insert(e).from_select([*(c.name for c in columnas), "cuenta_id", "token_hash"], copia),
    )
    nadie_cambio(web, f"/clave/#{token}")


@pytest.mark.parametrize("que", ["cuenta", "vence", "clase", "semilla"])
def test_a_link_is_good_for_what_it_was_given_for_alone(web: WebKit, que: str) -> None:
    """One's own link, moved to the account of somebody else; one of somebody else that is over, or
    that sets no password."""
    camino = dar(web, NUEVA, "asesor" if que == "cuenta" else "admin")
    with web.session() as s:
        ajena = cuentas.cuenta_sola(s, "admin").id
    otro: dict[str, object] = {
        "cuenta": {"cuenta_id": ajena},
        "vence": {"vence": web.clock.now() + dt.timedelta(days=3)},
        "clase": {"clase": PRIMERA},
        "semilla": {"semilla": "otra"},
    }[que]
    por_fuera(web, sa.update(EnlaceDeClave).values(otro))
    nadie_cambio(web, camino)
