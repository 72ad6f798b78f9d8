"""One's own account: what it shows, and another password, which only who knows the one before may
set."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine.types import SYSTEM
from records.correo.tablas import Aviso
from records.cuentas.enlaces_de_clave import NUEVA
from records.cuentas.tablas import Cuenta
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.web import BASE_URL, WebKit, csrf, followed, log_in, opened
from webforms.base.frenos import CUENTA
from webforms.cuentas import claves

OTRA = "lámpara verde tres panes"


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def cambiar(
    cliente: FlaskClient, actual: str = CLAVE, clave: str = OTRA, otra: str | None = None
) -> tuple[int, str]:
    pagina = cliente.get("/cuenta").text
    datos = {
        "clave_actual": actual,
        "clave": clave,
        "clave_otra": clave if otra is None else otra,
        "csrf_token": csrf(pagina),
    }
    hecho = cliente.post("/cuenta/clave", data=datos)
    return hecho.status_code, followed(hecho.text)


def test_the_bar_leads_to_ones_own_account_with_its_roles_and_places(web: WebKit) -> None:
    asesor = web.browser("asesor")
    pagina = followed(asesor.get("/cuenta").text)
    assert 'href="/cuenta" aria-current="page"' in pagina
    assert "asesor@ejemplo.test".replace("@", "@<wbr>").replace(".", ".<wbr>") in pagina
    assert '<td role="cell" data-l="Dónde">Bogotá Aguas</td>' in pagina
    assert web.browser().get("/cuenta").status_code == 302


def test_another_password_ends_the_other_logins_and_links_and_tells_by_mail(web: WebKit) -> None:
    este, otro = web.browser("asesor"), web.browser("asesor")
    with web.app.app_context():
        camino = claves.dar("asesor", NUEVA, SYSTEM, por_correo=False).removeprefix(BASE_URL)
    assert cambiar(este)[0] == 302
    assert "Su contraseña cambió" in este.get("/cuenta").text  # this one goes on
    assert otro.get("/cuenta").status_code == 302
    quien = web.browser()
    assert quien.get(opened(quien, camino)).status_code == 404
    assert log_in(web.browser(), "asesor", OTRA).status_code == 302
    assert log_in(web.browser(), "asesor", CLAVE).status_code == 422
    assert ("clave_puesta", "asesor", "asesor") in web.accesses()
    with web.session() as s:
        aviso = s.scalars(sa.select(Aviso).where(Aviso.clave.like("clave_propia:%"))).one()
        assert (aviso.para, OTRA in aviso.texto) == ("asesor@ejemplo.test", False)


@pytest.mark.parametrize(
    ("actual", "clave", "otra", "dice"),
    [
        ("", OTRA, None, "Escriba la contraseña con la que entra hoy"),
        (CLAVE, "corta", None, "15 letras o más"),
        (CLAVE, OTRA, "otra cosa", "No es igual a la de arriba"),
        (CLAVE, CLAVE, None, "Es la misma de ahora"),
        ("la que no es", OTRA, None, "No es la contraseña con la que entra hoy"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_changes_nothing(
    web: WebKit, actual: str, clave: str, otra: str | None, dice: str
) -> None:
    codigo, pagina = cambiar(web.browser("asesor"), actual, clave, otra)
    assert codigo == 422
    assert dice in pagina
    assert all(c not in pagina for c in (OTRA, f'value="{CLAVE}"'))
    assert log_in(web.browser(), "asesor").status_code == 302


def test_whoever_guesses_in_an_open_browser_has_to_wait_as_at_the_login(web: WebKit) -> None:
    asesor = web.browser("asesor")
    for _vez in range(CUENTA.libres):
        assert cambiar(asesor, "la que no es")[0] == 422
    assert cambiar(asesor)[0] == 429  # the right one, too
    tipos = [tipo for tipo, _quien, _que in web.accesses() if tipo.startswith("ingreso")]
    assert tipos == ["ingreso_fallido"] * CUENTA.libres + ["ingreso_frenado"]
    web.clock.advance(CUENTA.espera)
    assert cambiar(asesor)[0] == 302


def test_a_password_that_changed_meanwhile_is_not_changed_again(
    web: WebKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two browsers at once: who commits second is told."""
    asesor = web.browser("asesor")
    pagina = asesor.get("/cuenta").text
    antes = claves.sesion_nueva

    def mientras() -> str:
        with web.session() as s, s.begin():
            s.execute(
                sa.update(Cuenta).where(Cuenta.usuario == "asesor").values(clave_hash="de otra")
            )
        return antes()

    monkeypatch.setattr(claves, "sesion_nueva", mientras)
    datos = {"clave_actual": CLAVE, "clave": OTRA, "clave_otra": OTRA, "csrf_token": csrf(pagina)}
    hecho = asesor.post("/cuenta/clave", data=datos)
    assert (hecho.status_code, "mientras usted escribía" in hecho.text) == (409, True)


def test_a_session_that_ended_carries_no_password_through_the_login_page(web: WebKit) -> None:
    datos = {"clave_actual": CLAVE, "clave": OTRA, "clave_otra": OTRA}
    caida = web.browser().post("/cuenta/clave", data=datos)
    assert caida.status_code == 401
    assert all(c not in caida.text for c in (CLAVE, OTRA))
