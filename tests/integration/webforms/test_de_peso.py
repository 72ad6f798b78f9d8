"""Acts of weight ask for the password again of whoever has not shown it lately; nothing is done
before, and what was typed comes back."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from records.cuentas.tablas import Cuenta, RolAsignado
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE, ELENCO
from tests.kit.telefono import activar, oculto, segundo
from tests.kit.web import WebKit, csrf, followed, log_in, on_routes
from webforms.base import sesiones

POCO = dt.timedelta(minutes=1)


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def entra(web: WebKit, usuario: str = "admin") -> FlaskClient:
    cliente = web.browser()
    assert log_in(cliente, usuario).status_code == 302
    return cliente


def de_la_pagina(cliente: FlaskClient) -> dict[str, str]:
    """The form that gives a role on the page of a person, filled in."""
    pagina = cliente.get("/personas/nadie").text.partition('action="/personas/nadie/rol"')[2]
    return {
        "csrf_token": csrf(pagina),
        "_firma": oculto(pagina, "_firma"),
        "rol": "cumplimiento",
        "motivo": "Cubre la licencia de Marta",
    }


def roles(web: WebKit) -> list[str]:
    with web.session() as s:
        suyos = (
            sa.select(RolAsignado.rol)
            .join(Cuenta, Cuenta.id == RolAsignado.cuenta_id)
            .where(Cuenta.usuario == "nadie")
        )
        return list(s.scalars(suyos))


def otra_vez(cliente: FlaskClient, pagina: str) -> str:
    """The password, on the page that asks for it; the page after it."""
    datos = {n: oculto(pagina, n) for n in ("csrf_token", "_firma", "_llevado", "next")} | {
        "usuario": "admin",
        "clave": CLAVE,
    }
    return cliente.post("/ingresar", data=datos).text


def test_a_role_is_given_after_the_password_was_shown_again_and_sent_again(web: WebKit) -> None:
    cliente = entra(web)
    datos = de_la_pagina(cliente)
    web.clock.advance(sesiones.SE_CONFIRMA + POCO)
    pedida = cliente.post("/personas/nadie/rol", data=datos)
    assert (pedida.status_code, roles(web)) == (401, [])
    assert "No se hizo nada, y lo que escribió vuelve." in followed(pedida.text)
    assert 'value="admin"' in pedida.text
    vuelta = otra_vez(cliente, pedida.text)
    assert roles(web) == [], "nothing is done by coming back from a login"
    assert "Dar un rol" in vuelta
    assert "Cubre la licencia de Marta" in vuelta
    assert "<dt>Persona</dt><dd>" in vuelta, "whose role"
    assert "(nadie)</dd>" in followed(vuelta)
    assert (
        cliente.post("/personas/nadie/rol", data={**datos, "csrf_token": csrf(vuelta)}).status_code
        == 302
    )
    assert roles(web) == ["cumplimiento"]


def test_what_comes_back_says_of_whom_and_in_words_of_which_role(web: WebKit) -> None:
    """Whoever sends it has in front of them what they decide: the address of the form knows, they
    do not read addresses."""
    cliente = entra(web)
    dado = {**de_la_pagina(cliente), "rol": "asesor", "ambito": "PAS"}
    assert cliente.post("/personas/nadie/rol", data=dado).status_code == 302
    pagina = cliente.get("/personas/nadie").text
    ruta = re.findall(r'action="(/personas/nadie/rol/\d+/quitar)"', pagina)[-1]
    suya = pagina.partition(f'action="{ruta}"')[2]
    web.clock.advance(sesiones.SE_CONFIRMA + POCO)
    for adonde, datos, dichos in (
        ("/personas/nadie/rol", dado, {("Rol", "Asesor"), ("Dónde", "Pasto")}),
        (
            ruta,
            {"csrf_token": csrf(suya), "_firma": oculto(suya, "_firma"), "motivo": "Terminó"},
            {("Rol", "Asesor · Pasto")},
        ),
    ):
        pedida = cliente.post(adonde, data=datos)
        assert pedida.status_code == 401
        vuelta = re.findall(
            "<dt>(.*?)</dt><dd>(.*?)</dd>", followed(otra_vez(cliente, pedida.text))
        )
        assert vuelta[0][0] == "Persona"
        assert vuelta[0][1].endswith("(nadie)")
        assert {d for d in vuelta[1:] if d[0] != "Motivo"} == dichos
        web.clock.advance(sesiones.SE_CONFIRMA + POCO)


def test_what_comes_back_says_nothing_of_people_to_whoever_governs_them_no_more(
    web: WebKit,
) -> None:
    cliente = entra(web)
    datos = de_la_pagina(cliente)
    with web.session() as s:
        cuenta = s.scalar(sa.select(Cuenta.id).where(Cuenta.usuario == "admin"))
        s.execute(
            sa.update(RolAsignado)
            .where(RolAsignado.cuenta_id == cuenta)
            .values(rol="asesor", ambito="PAS")
        )
        s.commit()
    cliente.post("/salir", data={"csrf_token": datos["csrf_token"]})
    pedida = cliente.post(
        "/personas/nadie/rol", data={**datos, "csrf_token": csrf(cliente.get("/ingresar").text)}
    )
    assert pedida.status_code == 401
    vuelta = followed(otra_vez(cliente, pedida.text))
    assert "Dar un rol" in vuelta
    assert "Cubre la licencia de Marta" in vuelta, "what they typed is theirs"
    assert "(nadie)" not in vuelta


def test_who_goes_on_with_such_acts_is_not_asked_at_each(web: WebKit) -> None:
    cliente = entra(web)
    for n in range(4):
        web.clock.advance(sesiones.SE_CONFIRMA - POCO)
        datos = {**de_la_pagina(cliente), "motivo": ""}
        assert cliente.post("/personas/nadie/rol", data=datos).status_code == 422, n
    web.clock.advance(sesiones.SE_CONFIRMA + POCO)
    assert cliente.get("/personas").status_code == 200, "what has no weight asks for nothing"
    assert cliente.post("/personas/nadie/rol", data=de_la_pagina(cliente)).status_code == 401


@pytest.mark.parametrize(
    ("viene", "vuelve"),
    [
        (
            "http://ventanilla.test/personas?rol=asesor&orden=nombre",
            "/personas?rol=asesor&orden=nombre",
        ),
        ("http://ventanilla.test/ingresar?next=/personas", "/personas"),
        ("https://otra.example/personas?rol=asesor", "/personas"),
        ("http://[", "/personas"),
        ("", "/personas"),
    ],
)
def test_a_list_is_downloaded_after_the_password_from_the_page_on_which_it_stood(
    web: WebKit, viene: str, vuelve: str
) -> None:
    """Whoever were led to the file itself would see it come while the page of the login stays."""
    cliente = entra(web)
    web.clock.advance(sesiones.SE_CONFIRMA + POCO)
    cabeceras = (
        {"Referer": viene.replace("http://ventanilla.test", web_kit.BASE_URL)} if viene else {}
    )
    pedida = cliente.get("/personas/exportar.csv", headers=cabeceras)
    assert (pedida.status_code, pedida.mimetype) == (401, "text/html")
    assert "Vuelve a la página de la lista; bájela allí otra vez." in pedida.text
    datos = {n: oculto(pedida.text, n) for n in ("csrf_token", "next")} | {
        "usuario": "admin",
        "clave": CLAVE,
    }
    assert cliente.post("/ingresar", data=datos).location == vuelve
    assert cliente.get(vuelve).status_code == 200
    assert cliente.get("/personas/exportar.csv").mimetype == "text/csv"


def test_the_second_factor_is_asked_for_too_and_what_was_typed_goes_through_both(
    web: WebKit,
) -> None:
    cliente = entra(web)
    telefono, _codigos = activar(cliente, web.clock.now)
    datos = de_la_pagina(cliente)
    web.clock.advance(sesiones.SE_CONFIRMA + POCO)
    pedida = cliente.post("/personas/nadie/rol", data=datos)
    entre = otra_vez(cliente, pedida.text)
    assert "Confirme que es usted" in entre
    firma, llevado = oculto(entre, "_firma"), oculto(entre, "_llevado")
    sigue = {
        "csrf_token": csrf(entre),
        "pendiente": oculto(entre, "pendiente"),
        "next": "",
        "_firma": firma,
        "_llevado": llevado,
    }
    vuelta = cliente.post("/ingresar/segundo", data={**sigue, "codigo": telefono.codigo()}).text
    assert "Cubre la licencia de Marta" in vuelta
    assert segundo(web.browser(), entre, "000000").status_code in (400, 422)


def test_a_form_that_is_not_of_ours_is_not_carried_on(web: WebKit) -> None:
    cliente = entra(web)
    datos = de_la_pagina(cliente)
    web.clock.advance(sesiones.SE_CONFIRMA + POCO)
    pedida = cliente.post("/personas/nadie/rol", data={**datos, "_firma": "de otra parte"})
    assert pedida.status_code == 401
    assert "después hágalo de nuevo" in followed(pedida.text)
    datos = {n: oculto(pedida.text, n) for n in ("csrf_token", "next")} | {
        "usuario": "admin",
        "clave": CLAVE,
    }
    assert cliente.post("/ingresar", data=datos).location == "/personas/nadie"


def test_each_act_of_weight_asks_before_it_looks_at_anything(web: WebKit) -> None:
    entran = {usuario: web.browser(usuario) for usuario in ELENCO}
    for cliente in entran.values():
        with cliente.session_transaction() as cookie:
            cookie["confirmada"] = (web.clock.now() - sesiones.SE_CONFIRMA - POCO).timestamp()
    preguntan = set()
    de_peso = set(on_routes("de_peso"))
    for regla in web.app.url_map.iter_rules():
        if regla.endpoint not in de_peso:
            continue
        metodo, direccion = (
            "POST" if "POST" in (regla.methods or ()) else "GET",
            re.sub("<[^>]*>", "1", regla.rule),
        )
        for usuario, cliente in entran.items():
            estado = cliente.open(direccion, method=metodo).status_code
            assert estado in (401, 403, 404), (usuario, regla.endpoint, estado)
            if estado == 401:
                preguntan.add(regla.endpoint)
    assert preguntan == de_peso
    assert len(de_peso) >= 31, "a route lost its `de_peso`"
