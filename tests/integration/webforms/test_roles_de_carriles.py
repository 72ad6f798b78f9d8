"""Roles come from the lanes: a diagram that names a new role makes it one that people may have, for
a list that the agency keeps."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engine.errors import DeployRefused
from records.catalogos.tablas import Lista
from records.cuentas import carriles
from records.cuentas.tablas import Cuenta, RolAsignado, RolDeCarril
from records.lugares.tablas import Area
from tests.kit import web as web_kit
from tests.kit.cast import person
from tests.kit.clock import NOW
from tests.kit.people import PERMISO, con_zonas, permiso
from tests.kit.web import WebKit, csrf, followed, hidden


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    yield kit
    kit.engine.db.dispose()


def dar(web: WebKit, usuario: str, rol: str, ambito: str | None) -> None:
    with web.session() as s:
        id_ = s.scalars(sa.select(Cuenta.id).where(Cuenta.usuario == usuario)).one()
        s.add(
            RolAsignado(
                cuenta_id=id_, rol=rol, ambito=ambito, vigente_desde=NOW, asignado_por="admin"
            )
        )
        s.commit()


def pagina(browser: FlaskClient, donde: str) -> str:
    return followed(html.unescape(browser.get(donde, follow_redirects=True).text))


def test_a_role_that_a_lane_names_may_be_given_once_it_is_in_force(web: WebKit) -> None:
    con_zonas(web)
    web.deploy({PERMISO: permiso()})
    with web.session() as s:
        rol = carriles.que_se_dan(s)["inspector"]
        assert (rol.nombre, rol.alcance) == ("Inspectora de campo", "zona_id")
        assert carriles.valores(s)["zona_id"] == [("NORTE", "Zona norte"), ("SUR", "Zona sur")]
    web.deploy({PERMISO: permiso(llamado="Inspección")})
    with web.session() as s:
        assert s.scalars(sa.select(RolDeCarril.nombre)).all() == ["Inspección"]


def test_whoever_only_has_such_a_role_logs_in_finds_her_bar_and_does_her_task_and_no_other(
    web: WebKit,
) -> None:
    con_zonas(web)
    web.deploy({PERMISO: permiso()})
    dar(web, "nadie", "inspector", "NORTE")
    suya, ajena = (
        web.begin("permiso", {"zona_id": "NORTE"}),
        web.begin("permiso", {"zona_id": "SUR"}),
    )
    nadie = web.browser("nadie")
    primera = pagina(nadie, "/")
    assert "Inspectora de campo · Zona norte" in primera
    assert "inspeccionar" in primera
    assert ">Bandeja<" in primera.replace("> ", ">").replace(" <", "<")
    assert suya in primera
    assert ajena not in primera
    assert nadie.get("/ausencias").status_code == nadie.get("/casos").status_code == 200
    assert nadie.get("/carga").status_code != 200
    texto = nadie.get(f"/tarea/{suya}").text
    sellos = {"csrf_token": csrf(texto)}
    assert (
        nadie.post(f"/tarea/{suya}", data={**sellos, "inspeccionar_dato": "visto"}).status_code
        == 302
    )
    assert web.submitted(suya)["inspeccionar_dato"] == "visto"
    assert nadie.post(
        f"/tarea/{ajena}", data={**sellos, "inspeccionar_dato": "visto"}
    ).status_code in (403, 404)


def test_a_place_that_no_list_keeps_and_a_role_of_another_list_are_refused_in_words(
    web: WebKit,
) -> None:
    assert [h.rule for h in web.engine.releases.check({PERMISO: permiso()})] == [
        "lane_scope_unknown"
    ]
    with pytest.raises(DeployRefused) as refutado:
        web.deploy({PERMISO: permiso()})
    assert [h.rule for h in refutado.value.findings] == ["lane_scope_unknown"]
    web.engine.releases.save_draft(PERMISO, permiso(), actor=person("analista"), now=NOW)
    assert "No hay una lista para «zona_id»." in pagina(
        web.browser("analista"), f"/procesos/{PERMISO}/poner-en-vigor"
    )
    con_zonas(web)
    web.deploy({PERMISO: permiso()})
    assert [h.rule for h in web.engine.releases.check({PERMISO: permiso(ambito="punto_id")})] == [
        "lane_scope_other"
    ]
    assert [h.rule for h in web.engine.releases.check({PERMISO: permiso(rol="asesor")})] == [
        "lane_scope_other"
    ]
    assert [h.rule for h in web.engine.releases.check({PERMISO: permiso(rol="inspección")})] == [
        "lane_role_code"
    ]


def test_the_review_says_who_can_do_each_lane_and_asks_why_one_has_nobody(web: WebKit) -> None:
    con_zonas(web)
    web.engine.releases.save_draft(
        PERMISO, permiso(), actor=person("analista"), now=web.clock.now()
    )
    analista = web.browser("analista")
    texto = pagina(analista, f"/procesos/{PERMISO}/poner-en-vigor")
    assert "Inspectora de campo" in texto
    assert "nadie</b>" in texto
    sellos = {
        "csrf_token": csrf(texto),
        "nota": "Empieza el permiso",
        "base": hidden(texto, "base"),
    }
    sin = analista.post(f"/procesos/{PERMISO}/poner-en-vigor", data=sellos)
    assert sin.status_code == 422
    assert "escriba por qué se pone en vigor así" in sin.text
    assert "Empieza el permiso" in sin.text
    con = analista.post(
        f"/procesos/{PERMISO}/poner-en-vigor",
        data={**sellos, "sin_nadie": "Los inspectores llegan el lunes"},
    )
    assert con.status_code == 302
    assert ("carril_sin_quien", "analista", "release/1") in web.accesses()
    with web.engine.db.connect() as c:
        nota = c.exec_driver_sql("SELECT note FROM release").scalar_one()
    assert (
        nota
        == "Empieza el permiso · Sin quien haga las tareas de campo: Los inspectores llegan el lunes"
    )
    dar(web, "nadie", "inspector", "NORTE")
    web.engine.releases.save_draft(
        PERMISO, permiso("inspeccionar", "medir"), actor=person("analista"), now=web.clock.now()
    )
    despues = pagina(analista, f"/procesos/{PERMISO}/poner-en-vigor")
    assert "Nadie Sin Rol" in despues
    assert "Por qué se pone en vigor sin quien" not in despues
    assert "no las podrá hacer nadie en: Zona sur." in despues


def test_the_panel_offers_roles_and_lists_by_name(web: WebKit) -> None:
    con_zonas(web)
    web.deploy({PERMISO: permiso()})
    texto = web.browser("analista").get(f"/procesos/{PERMISO}/editar").text
    ofrecido = html.unescape(texto)
    assert '["inspector", "Inspectora de campo"]' in ofrecido
    assert '["zona_id", "Zonas"]' in ofrecido


def manifiesto(codigo: str = "zonas", *, variable: str = "zona_id", valor: str = "NORTE") -> bytes:
    lista = f'[[lista]]\ncodigo = "{codigo}"\nnombre = "Zonas"\nvariable = "{variable}"\nvalores = {{ "{valor}" = "Una" }}\n'
    return f'formato = 1\nnombre = "Permiso"\nmodelos = ["{PERMISO}"]\n{lista}'.encode()


def con_paquete(**lista: str) -> dict[str, bytes]:
    return {
        PERMISO: permiso(ambito=lista.get("variable", "zona_id")),
        "permiso/paquete.toml": manifiesto(**lista),
    }


@pytest.mark.parametrize("valor", ["BOG-AGU", "VCC", "SUR"])
def test_a_package_takes_no_code_over_that_a_point_an_area_or_another_list_has(
    web: WebKit, valor: str
) -> None:
    con_zonas(web)
    with web.session() as s:
        s.add(
            Area(
                codigo="VCC",
                nombre="Crédito y Cobranza",
                nivel2="Cartera",
                nivel3="Vicepresidencia",
                correo="vcc@entidad.example",
            )
        )
        s.commit()
    trae = con_paquete(codigo="sectores", variable="sector_id", valor=valor)

    with pytest.raises(DeployRefused) as refutado:
        web.deploy(trae)

    assert [(h.file, h.rule) for h in refutado.value.findings if h.severity == "error"] == [
        ("permiso/paquete.toml", "place_taken")
    ]
    with web.session() as s:
        assert s.scalars(sa.select(Lista.codigo)).all() == ["zonas"]
    for nombre, texto in trae.items():
        web.engine.releases.save_draft(nombre, texto, actor=person("analista"), now=NOW)
    dicho = pagina(web.browser("analista"), "/procedimientos/permiso/poner-en-vigor")
    assert (
        f"La lista «Zonas» trae el código «{valor}», que aquí ya es de otra lista, de otro valor, de un punto o de un área."
        in dicho
    )


def test_a_list_of_another_variable_under_a_known_code_is_refused_and_one_that_the_agency_keeps_stays(
    web: WebKit,
) -> None:
    con_zonas(web)
    otra = con_paquete(variable="sector_id", valor="X1")
    assert [h.rule for h in web.engine.releases.check(otra) if h.severity == "error"] == [
        "place_taken"
    ]
    web.deploy(con_paquete(valor="OTRO"))
    with web.session() as s:
        assert carriles.valores(s)["zona_id"] == [("NORTE", "Zona norte"), ("SUR", "Zona sur")]
