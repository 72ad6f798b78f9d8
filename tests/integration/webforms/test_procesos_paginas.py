"""The analysts' pages: what is in force, drafts, review, putting in force, upload; hostile files
get a Spanish sentence."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine import reads
from engine.reads import models
from engine.states import AccessKind
from engine.store.tables import Access
from engine.types import SYSTEM
from records.catalogos.catalogo import cargar_catalogo
from records.cuentas import cuentas
from tests.integration.lint.test_lint_limits import FILES
from tests.kit import web as web_kit
from tests.kit.cast import ANALISTA, person
from tests.kit.web import WebKit, csrf, followed, hidden
from webforms.paquetes import lectura
from webforms.paquetes.frases import FRASES
from webforms.paquetes.plantilla import diagrama_vacio
from webforms.paquetes.tabla_nueva import celda_de

TABLA = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="Prioridad" namespace="urn:x">
  <decision id="prioridad" name="Prioridad">
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="e1" label="Edad"><inputExpression id="x1" typeRef="integer"><text>edad</text></inputExpression></input>
      <output id="s1" label="Peso" name="peso" typeRef="integer"/>
      <rule id="r1"><inputEntry id="c1"><text>&lt; 60</text></inputEntry><outputEntry id="o1"><text>1</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c2"><text>&gt;= 60</text></inputEntry><outputEntry id="o2"><text>5</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
BOMBA = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]><definitions>&y;</definitions>'


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    archivos = {"visita.bpmn": diagrama_vacio("visita", "La visita"), "prioridad.dmn": TABLA}
    kit.engine.releases.deploy(archivos, actor=SYSTEM, now=kit.clock.now(), note="Primera versión")
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def analista(web: WebKit) -> FlaskClient:
    return web.browser("analista")


def guardar(
    cliente: FlaskClient, texto: str, *, visto: str = "", archivo: str = "visita.bpmn"
) -> tuple[int, dict[str, str]]:
    token = csrf(cliente.get(f"/procesos/{archivo}/xml").text)
    respuesta = cliente.post(
        f"/procesos/{archivo}/borrador",
        json={"contenido": texto, "visto": visto},
        headers={"X-CSRFToken": token},
    )
    return respuesta.status_code, respuesta.get_json()


def con_campo(marca: str = "") -> str:
    """The diagram in force with a field on its task."""
    campo = f'<bpmn:extensionElements><v:field name="nota" label="Nota{marca}" type="text"/></bpmn:extensionElements>'
    texto = diagrama_vacio("visita", "La visita").decode()
    return texto.replace(
        "<bpmn:incoming>visita_f1</bpmn:incoming><bpmn:outgoing>",
        f"{campo}<bpmn:incoming>visita_f1</bpmn:incoming><bpmn:outgoing>",
    )


def poner(cliente: FlaskClient, archivo: str = "visita.bpmn", **mas: str) -> tuple[int, str]:
    pagina = cliente.get(f"/procesos/{archivo}/poner-en-vigor").text
    datos = {
        "csrf_token": csrf(pagina),
        "base": hidden(pagina, "base"),
        "nota": "Se pide una nota",
        **mas,
    }
    respuesta = cliente.post(
        f"/procesos/{archivo}/poner-en-vigor", data=datos, follow_redirects=True
    )
    return respuesta.status_code, respuesta.text


def test_the_list_shows_processes_tables_versions_and_open_cases(
    web: WebKit, analista: FlaskClient
) -> None:
    web.engine.instances.start("visita", actor=SYSTEM, now=web.clock.now())

    pagina = analista.get("/procesos/").text

    assert "La visita" in pagina
    assert "Versión 1" in pagina
    assert 'data-l="Casos abiertos">1<' in pagina
    assert "Prioridad" in pagina
    assert "Sin incidentes" in pagina


def test_the_list_finds_a_process_by_an_element(analista: FlaskClient) -> None:
    assert "visita.bpmn" in analista.get("/procesos/?q=primera+tarea").text
    assert "Ningún proceso coincide" in analista.get("/procesos/?q=inexistente").text


def test_a_process_page_says_in_a_table_what_the_picture_says(analista: FlaskClient) -> None:
    pagina = analista.get("/procesos/visita.bpmn").text

    assert 'data-xml-url="/diagramas/1/visita.bpmn"' in pagina
    assert "Primera tarea" in pagina
    assert "Sin campos: un botón para completarla" in pagina
    assert "Primera versión" in pagina
    assert "style-src &#39;self&#39;" not in pagina


def test_only_pages_with_diagrams_allow_inline_styles(analista: FlaskClient) -> None:
    assert (
        "'unsafe-inline'"
        in analista.get("/procesos/visita.bpmn").headers["Content-Security-Policy"]
    )
    assert "'unsafe-inline'" not in analista.get("/procesos/").headers["Content-Security-Policy"]


def test_a_table_page_shows_its_rules(analista: FlaskClient) -> None:
    pagina = analista.get("/procesos/prioridad.dmn").text

    assert "Desde 60" in pagina
    assert "&gt;= 60" not in pagina
    assert "Solo una regla puede coincidir" in pagina


def test_a_last_rule_of_dashes_is_told_as_any_other_case(
    web: WebKit, analista: FlaskClient
) -> None:
    """Only where it counts so: of several that are collected it is one that always matches."""
    solo = TABLA.replace(b"<text>&gt;= 60</text>", b"<text>-</text>")
    for politica, se_dice in ((b"UNIQUE", True), (b"FIRST", True), (b"ANY", False)):
        texto = solo.replace(b'"UNIQUE"', b'"' + politica + b'"')
        texto = texto if se_dice else texto.replace(b"<text>5</text>", b"<text>1</text>")
        web.engine.releases.deploy({"prioridad.dmn": texto}, actor=SYSTEM, now=web.clock.now())
        for ruta in ("/procesos/prioridad.dmn", "/procesos/prioridad.dmn/editar"):
            assert (
                "Cualquier otro: ninguna de las reglas de arriba coincide"
                in analista.get(ruta).text
            ) is se_dice, (politica, ruta)


def test_an_old_version_is_seen_and_not_only_downloaded(web: WebKit, analista: FlaskClient) -> None:
    web.engine.instances.start("visita", actor=SYSTEM, now=web.clock.now())
    web.clock.advance(dt.timedelta(days=1))
    web.engine.releases.deploy(
        {"visita.bpmn": con_campo().encode(), "prioridad.dmn": TABLA.replace(b"60", b"70")},
        actor=SYSTEM,
        now=web.clock.now(),
    )

    pagina = lxml.html.fromstring(analista.get("/procesos/visita.bpmn").text)
    (enlace,) = [
        a.get("href")
        for a in pagina.iter("a")
        if " ".join(a.text_content().split()) == "Ver la versión 1"
    ]
    vieja = analista.get(enlace).text
    assert 'data-xml-url="/diagramas/1/visita.bpmn"' in vieja
    assert "La visita, versión 1" in vieja
    assert "hoy rige la versión 2" in vieja
    assert "1 caso abierto sigue en ella." in vieja
    assert "Sin campos: un botón para completarla" in vieja
    assert "«Nota»" not in vieja
    assert (
        "<form"
        not in lxml.html.tostring(
            lxml.html.fromstring(vieja).get_element_by_id("contenido")
        ).decode()
    )
    actual = analista.get("/procesos/visita.bpmn/version/2").text
    assert "«Nota»: texto" in actual
    assert "hoy rige" not in actual
    assert analista.get("/procesos/visita.bpmn/version/0").status_code == 404
    assert analista.get("/procesos/nada.bpmn/version/1").status_code == 404

    tabla = analista.get("/procesos/prioridad.dmn").text
    assert 'href="/procesos/prioridad.dmn/version/1"' in tabla
    assert "Menos de 60" in analista.get("/procesos/prioridad.dmn/version/1").text


def test_a_draft_is_kept_for_its_author_only(web: WebKit, analista: FlaskClient) -> None:
    codigo, dicho = guardar(analista, con_campo())

    assert codigo == 200
    assert dicho["guardado"] == "09:00"
    assert "Nota" in analista.get("/procesos/visita.bpmn/editar").text
    assert "Usted tiene un borrador" in analista.get("/procesos/visita.bpmn").text
    assert "Usted tiene un borrador" not in web.browser("revisor").get("/procesos/visita.bpmn").text


def test_another_tab_does_not_overwrite_a_draft(web: WebKit, analista: FlaskClient) -> None:
    guardar(analista, con_campo(" una"))
    web.clock.advance(dt.timedelta(seconds=5))

    codigo, dicho = guardar(analista, con_campo(" dos"), visto="")

    assert codigo == 409
    assert "otra pestaña" in dicho["frase"]
    assert "Nota una" in analista.get("/procesos/visita.bpmn/editar").text


def test_the_review_names_element_rule_and_remedy(analista: FlaskClient) -> None:
    roto = con_campo().replace('<v:lane role="asesor" scope="punto_id"/>', "")
    token = csrf(analista.get("/procesos/visita.bpmn/xml").text)

    respuesta = analista.post(
        "/procesos/lint",
        json={"archivo": "visita.bpmn", "contenido": roto},
        headers={"X-CSRFToken": token},
    )

    hallazgo = next(h for h in respuesta.get_json()["hallazgos"] if h["regla"] == "lane_missing")
    assert hallazgo["elemento"] == "visita_tarea"
    assert hallazgo["nombre"] == "Primera tarea"
    assert hallazgo["frase"].endswith(
        "Dibújela en un carril, o elija el «Rol» del carril en el panel."
    )


@pytest.mark.parametrize(
    "cuerpo",
    [
        None,
        [],
        {"archivo": "x"},
        {"archivo": "../x.bpmn", "contenido": ""},
        {"archivo": 1, "contenido": 2},
    ],
)
def test_a_review_of_nonsense_is_a_bad_request(analista: FlaskClient, cuerpo: object) -> None:
    token = csrf(analista.get("/procesos/subir").text)
    assert (
        analista.post("/procesos/lint", json=cuerpo, headers={"X-CSRFToken": token}).status_code
        == 400
    )


def test_the_page_says_what_would_change_and_who_stays(web: WebKit, analista: FlaskClient) -> None:
    web.engine.instances.start("visita", actor=SYSTEM, now=web.clock.now())
    guardar(analista, con_campo())

    pagina = analista.get("/procesos/visita.bpmn/poner-en-vigor").text

    assert "pasa de la versión 1 a la 2." in pagina
    assert "1 caso abierto sigue en su versión." in pagina
    assert "1 espera aquí y sigue como empezó" in pagina
    assert "<ins>«Nota»: texto</ins>" in pagina
    assert "&#34;visita_tarea&#34;: &#34;cambiado&#34;" in pagina
    assert "&#34;visita_tarea&#34;: [1, &#34;cambiado&#34;]" in pagina
    assert (
        pagina.index('id="antes"')
        < pagina.index('id="despues"')
        < pagina.index("Los cambios, en palabras")
    )
    assert pagina.index("Los cambios, en palabras") < pagina.index("Qué pasaría")


def test_what_means_the_same_is_no_change_and_what_moved_is_told_apart(
    analista: FlaskClient,
) -> None:
    movida = (
        diagrama_vacio("visita", "La visita")
        .replace(b'x="375"', b'x="395"')
        .replace(b"visita_f2", b"otro_flujo")
    )
    guardar(analista, movida.decode())

    pagina = analista.get("/procesos/visita.bpmn/poner-en-vigor").text

    assert "ninguno: hace lo mismo que lo que está en vigor" in pagina
    assert "Además cambian de lugar: 1 figura, 1 línea. No cambia lo que hacen." in pagina
    assert 'class="cambios"' not in pagina


def test_a_new_version_is_put_in_force_and_old_cases_stay(
    web: WebKit, analista: FlaskClient
) -> None:
    viejo = web.engine.instances.start("visita", actor=SYSTEM, now=web.clock.now())
    guardar(analista, con_campo())

    codigo, pagina = poner(analista)

    assert codigo == 200
    assert "En vigor: La visita, versión 2" in pagina
    assert "Se pide una nota" in pagina
    assert ("despliegue", "analista", "release/2") in web.accesses()
    nuevo = web.engine.instances.start("visita", actor=SYSTEM, now=web.clock.now())
    assert viejo.opened[0].release == 1
    assert nuevo.opened[0].release == 2
    assert "Usted tiene un borrador" not in pagina


def test_a_refused_version_says_why_and_changes_nothing(web: WebKit, analista: FlaskClient) -> None:
    guardar(analista, con_campo().replace('<v:lane role="asesor" scope="punto_id"/>', ""))

    codigo, pagina = poner(analista)

    assert codigo == 422
    assert "La tarea no tiene quién la haga" in pagina
    assert "No se puede poner en vigor todavía" in pagina
    with web.engine.uow.reading() as session:
        assert web.engine.catalog.current(session) == 1


def test_a_version_without_a_note_is_not_put_in_force(analista: FlaskClient) -> None:
    guardar(analista, con_campo())

    codigo, pagina = poner(analista, nota=" ")

    assert codigo == 422
    assert "Escriba qué cambia y por qué" in pagina


def test_whoever_is_second_sees_the_other_change_first(web: WebKit, analista: FlaskClient) -> None:
    guardar(analista, con_campo(" mía"))
    web.engine.releases.deploy(
        {"visita.bpmn": con_campo(" ajena").encode()},
        actor=SYSTEM,
        now=web.clock.now(),
        note="Otra",
    )

    codigo, pagina = poner(analista)
    assert codigo == 409
    assert "Otra persona puso en vigor otra versión" in pagina

    codigo, pagina = poner(analista, reemplaza="si")
    assert codigo == 200
    assert "visita, versión 3" in pagina


def test_a_release_that_came_meanwhile_is_noticed(web: WebKit, analista: FlaskClient) -> None:
    guardar(analista, con_campo())
    pagina = analista.get("/procesos/visita.bpmn/poner-en-vigor").text
    web.engine.releases.deploy(
        {"otra.bpmn": diagrama_vacio("otra", "Otra")}, actor=SYSTEM, now=web.clock.now()
    )
    datos = {"csrf_token": csrf(pagina), "base": "1", "nota": "Algo"}

    respuesta = analista.post("/procesos/visita.bpmn/poner-en-vigor", data=datos)

    assert respuesta.status_code == 409
    assert "mientras usted revisaba" in respuesta.text


def test_a_page_whose_draft_another_tab_put_in_force_says_so(analista: FlaskClient) -> None:
    guardar(analista, con_campo())
    pagina = analista.get("/procesos/visita.bpmn/poner-en-vigor").text
    poner(analista)
    datos = {
        "csrf_token": csrf(pagina),
        "base": "1",
        "visto": hidden(pagina, "visto"),
        "nota": "Otra vez",
    }

    respuesta = analista.post(
        "/procesos/visita.bpmn/poner-en-vigor", data=datos, follow_redirects=True
    )

    assert "Usted puso en vigor o descartó este borrador en otra pestaña" in respuesta.text
    codigo, dicho = guardar(analista, con_campo(" más"), visto=hidden(pagina, "visto"))
    assert (codigo, dicho["otro"]) == (409, "")
    assert "puso en vigor o descartó" in dicho["frase"]


def test_conditions_fields_and_properties_of_other_tools_are_told_on_both_pages(
    analista: FlaskClient,
) -> None:
    con_flujo = con_campo().replace(
        '<bpmn:userTask id="visita_tarea"',
        '<bpmn:userTask xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:assignee="ana" default="visita_f2" id="visita_tarea"',
    )
    guardar(analista, con_flujo)
    cambios = lxml.html.fromstring(
        analista.get("/procesos/visita.bpmn/poner-en-vigor").text
    ).get_element_by_id("cambios")

    assert "1 cambio con efecto" in cambios.text_content()
    assert "Campo: «Nota»: texto" in " ".join(cambios.text_content().split())
    ajenas = " ".join(cambios.get_element_by_id("ajenas").text_content().split())
    assert (
        ajenas
        == "Propiedad de otra herramienta, sin efecto aquí: Primera tarea, camunda:assignee: ana"
    )

    poner(analista)
    elementos = lxml.html.fromstring(analista.get("/procesos/visita.bpmn").text).get_element_by_id(
        "elementos"
    )
    dichos = [" ".join(li.text_content().split()) for li in elementos.iter("li")]
    assert dichos == [
        "Campo: «Nota»: texto",
        "Sigue a: «Fin» (si ninguna otra condición se cumple)",
        "Propiedad de otra herramienta, sin efecto aquí: camunda:assignee: ana",
    ]


def test_a_draft_can_be_thrown_away(analista: FlaskClient) -> None:
    guardar(analista, con_campo())
    token = csrf(analista.get("/procesos/visita.bpmn").text)

    analista.post("/procesos/visita.bpmn/descartar", data={"csrf_token": token})

    assert "Usted tiene un borrador" not in analista.get("/procesos/visita.bpmn").text


def subir(cliente: FlaskClient, nombre: str, contenido: bytes) -> tuple[int, str]:
    """The body is encoded by hand: the test client leaves the temporary file of a large one
    open."""
    token = csrf(cliente.get("/procesos/subir").text)
    partes = [
        b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n' + token.encode(),
        f'Content-Disposition: form-data; name="archivo"; filename="{nombre}"\r\nContent-Type: text/xml\r\n\r\n'.encode()
        + contenido,
    ]
    cuerpo = b"".join(b"--corte\r\n" + parte + b"\r\n" for parte in partes) + b"--corte--\r\n"
    respuesta = cliente.post(
        "/procesos/subir",
        data=cuerpo,
        content_type="multipart/form-data; boundary=corte",
        follow_redirects=True,
    )
    return respuesta.status_code, respuesta.text


@pytest.mark.parametrize(
    "clase", [clase for clase, (_, regla) in FILES.items() if regla and regla.startswith("xml_")]
)
def test_a_file_that_is_no_diagram_is_refused_with_a_sentence_and_kept_nowhere(
    analista: FlaskClient, clase: str
) -> None:
    contenido, regla = FILES[clase]
    codigo, pagina = subir(analista, "rara.bpmn", contenido[:2_500_000])

    assert codigo == 422
    assert html.escape(FRASES[str(regla)], quote=False)[:60] in pagina
    assert "rara" not in analista.get("/procesos").text


def test_an_uploaded_file_becomes_a_draft_and_goes_through_the_same_page(
    analista: FlaskClient,
) -> None:
    codigo, pagina = subir(analista, "otra.bpmn", diagrama_vacio("otra", "Otra cosa"))

    assert codigo == 200
    assert "Otra cosa: nuevo" in pagina
    assert "empieza con la versión 1." in pagina
    assert poner(analista, "otra.bpmn")[0] == 200
    assert "Otra cosa" in analista.get("/procesos/").text


def test_an_uploaded_file_is_kept_under_a_plain_name(analista: FlaskClient) -> None:
    codigo, pagina = subir(analista, "Atención 1.2.bpmn", diagrama_vacio("otra", "Otra cosa"))

    assert codigo == 200
    assert "Atencion_1_2.bpmn quedó como borrador" in pagina


@pytest.mark.parametrize(
    ("nombre", "contenido", "frase"),
    [
        ("bomba.bpmn", BOMBA, "DTD o entidades"),
        ("roto.bpmn", b"<definitions>", "no es XML válido"),
        ("vacio.bpmn", b"", "está vacío"),
        (
            "siete.dmn",
            b'<?xml version="1.0" encoding="UTF-7"?><definitions id="+AGE-"/>',
            "no está escrito en UTF-8",
        ),
        ("dieciseis.bpmn", "<definitions/>".encode("utf-16"), "no está escrito en UTF-8"),
        ("grande.bpmn", b"<a>" + b"x" * 2_100_000 + b"</a>", "más de 2 MB"),
        ("../../etc/passwd", b"x", "debe terminar en .bpmn o .dmn"),
        ("tilde á.bpmn", b"x", "no es un diagrama"),
        ("á.txt", b"x", "debe terminar en .bpmn o .dmn"),
        ("¿?.bpmn", b"x", "debe terminar en .bpmn o .dmn"),
        ("", b"x", "Elija un archivo"),
    ],
)
def test_a_hostile_or_broken_upload_gets_a_clear_sentence(
    analista: FlaskClient, nombre: str, contenido: bytes, frase: str
) -> None:
    codigo, pagina = subir(analista, nombre, contenido)

    assert codigo == 422
    assert frase in pagina


def test_a_bpmn_file_of_another_kind_is_refused_on_the_review_page(analista: FlaskClient) -> None:
    codigo, pagina = subir(analista, "raro.bpmn", b"<html><script>alert(1)</script></html>")

    assert codigo == 200
    assert "no es BPMN 2.0 ni DMN 1.3: su raíz es «html»" in pagina
    assert "<script>alert" not in pagina


def test_the_file_in_force_is_downloaded_as_it_was_deployed(analista: FlaskClient) -> None:
    respuesta = analista.get("/procesos/prioridad.dmn/archivo")

    assert respuesta.data == TABLA
    assert respuesta.headers["Content-Disposition"] == 'attachment; filename="prioridad.dmn"'


def test_the_xml_view_saves_reviews_and_keeps_what_was_typed(analista: FlaskClient) -> None:
    pagina = analista.get("/procesos/visita.bpmn/xml").text
    datos = {
        "csrf_token": csrf(pagina),
        "visto": hidden(pagina, "visto"),
        "contenido": "<esto no",
        "accion": "",
    }

    respuesta = analista.post("/procesos/visita.bpmn/xml", data=datos)

    assert respuesta.status_code == 200
    assert "&lt;esto no" in respuesta.text
    assert "no es XML válido" in respuesta.text


def editar(
    cliente: FlaskClient,
    accion: str,
    *,
    archivo: str = "prioridad.dmn",
    regla: str = "",
    **celdas: str,
) -> TestResponse:
    """Presses a button of the page of a table, with the rule open that the address opens."""
    pagina = cliente.get(f"/procesos/{archivo}/editar?regla={regla}").text
    formulario = next(
        f for f in lxml.html.document_fromstring(pagina).forms if f.xpath(".//input[@name='visto']")
    )
    datos = {
        **dict(formulario.form_values()),
        **{nombre.replace("_", "."): valor for nombre, valor in celdas.items()},
        "accion": accion,
    }
    return cliente.post(f"/procesos/{archivo}/editar", data=datos)


def rejilla(cliente: FlaskClient, archivo: str = "prioridad.dmn") -> list[models.Row]:
    return list(models.grids(cliente.get(f"/procesos/{archivo}/archivo?borrador=1").data)[0].rows)


def test_a_rule_is_added_filled_and_put_in_force_without_javascript(analista: FlaskClient) -> None:
    assert (
        editar(analista, "agregar:prioridad").location
        == "/procesos/prioridad.dmn/editar?regla=prioridad:nueva#regla"
    )
    editar(
        analista, "listo", regla="prioridad:1", c0_modo="[]", c0_uno="60", c0_otro="80", c1_uno="5"
    )

    respuesta = editar(
        analista,
        "poner",
        regla="prioridad:nueva",
        c0_modo=">",
        c0_uno="80",
        c1_uno="9",
        nota="Muy mayores",
    )

    assert respuesta.location == "/procesos/prioridad.dmn/poner-en-vigor"
    assert [fila.cells for fila in rejilla(analista)] == [
        ("< 60", "1"),
        ("[60..80]", "5"),
        ("> 80", "9"),
    ]
    pagina = analista.get(respuesta.location).text
    assert "Regla 3: Muy mayores" in pagina
    assert "<del>Desde 60</del>" in pagina
    assert "<ins>Desde 60 hasta 80</ins>" in pagina
    codigo, pagina = poner(analista, "prioridad.dmn")
    assert codigo == 200
    assert "Muy mayores" in pagina


@pytest.mark.parametrize(
    ("celdas", "frase"),
    [
        ({"c1_uno": "cinco"}, "«cinco» no es un número. Escríbalo en cifras, por ejemplo 5."),
        ({"c1_uno": ""}, "Escriba qué resulta."),
        (
            {"c0_modo": "[]", "c0_uno": "80", "c0_otro": "60"},
            "El primer número es mayor que el segundo.",
        ),
        ({"c0_modo": "cualquiera", "c0_uno": "60"}, "elija cómo se compara, o bórrelo."),
    ],
)
def test_a_bad_cell_has_its_error_at_its_place_and_nothing_typed_is_lost(
    analista: FlaskClient, celdas: dict[str, str], frase: str
) -> None:
    respuesta = editar(
        analista, "editar:prioridad:0", regla="prioridad:1", nota="Escrito por mí", **celdas
    )

    assert respuesta.status_code == 422
    arbol = lxml.html.document_fromstring(respuesta.text)
    (error,) = arbol.xpath("//p[@class='error']")
    assert frase in error.text
    assert arbol.xpath(f"//*[contains(@aria-describedby, '{error.get('id')}') and @aria-invalid]")
    assert 'value="Escrito por mí"' in respuesta.text
    for nombre, valor in celdas.items():
        assert valor == "" or f'value="{valor}"' in respuesta.text, nombre
    assert "Usted tiene un borrador" not in analista.get("/procesos/prioridad.dmn").text


def test_what_another_tab_saved_and_what_was_typed_here_are_both_kept(
    web: WebKit, analista: FlaskClient
) -> None:
    pagina = analista.get("/procesos/prioridad.dmn/editar?regla=prioridad:1").text
    base = {
        "csrf_token": csrf(pagina),
        "visto": "",
        "abierta": "prioridad:1",
        "fila": "r2",
        "c0.modo": ">=",
        "c0.uno": "60",
    }
    editar(analista, "listo", regla="prioridad:0", c1_uno="2")
    web.clock.advance(dt.timedelta(seconds=5))

    negada = analista.post(
        "/procesos/prioridad.dmn/editar", data={**base, "c1.uno": "7", "accion": "listo"}
    )
    assert negada.status_code == 409
    assert "abierta la regla con lo que escribió" in negada.text
    assert 'value="7"' in negada.text
    analista.post(
        "/procesos/prioridad.dmn/editar",
        data={**base, "visto": hidden(negada.text, "visto"), "c1.uno": "7", "accion": "listo"},
    )

    assert [fila.cells for fila in rejilla(analista)] == [("< 60", "2"), (">= 60", "7")]


def test_rules_are_moved_copied_and_taken_away(analista: FlaskClient) -> None:
    assert editar(analista, "bajar:prioridad:0", regla="prioridad:0").location.endswith(
        "regla=prioridad:1#regla"
    )
    assert [fila.cells[1] for fila in rejilla(analista)] == ["5", "1"]
    editar(analista, "duplicar:prioridad:1", regla="prioridad:1")
    assert [fila.cells[1] for fila in rejilla(analista)] == ["5", "1", "1"]
    marcas = lxml.html.document_fromstring(
        analista.get("/procesos/prioridad.dmn/editar").text
    ).find_class("marca-cambio")
    assert [marca.text_content() for marca in marcas] == ["nueva"], (
        "a copy changes no rule in force"
    )
    editar(analista, "quitar:prioridad:2", regla="prioridad:2", c1_uno="")
    assert [fila.cells[1] for fila in rejilla(analista)] == ["5", "1"]


def probada(pagina: str) -> tuple[str, list[str]]:
    """What the page says of the case that was tried, and which rules it marks."""
    arbol = lxml.html.document_fromstring(pagina)
    (dicho,) = arbol.xpath("//p[@class='dicho']")
    return " ".join(dicho.text_content().split()), [
        f.get("id") for f in arbol.xpath("//tr[contains(@class, 'probada')]")
    ]


def test_a_case_is_tried_on_the_rules_in_force_and_on_those_of_the_draft(
    analista: FlaskClient,
) -> None:
    en_vigor = "/procesos/prioridad.dmn?probar=prioridad&prueba:prioridad:0={}"
    assert probada(analista.get(en_vigor.format(60)).text) == (
        "Regla 2 Peso: 5",
        ["fila-prioridad-2"],
    )
    assert probada(analista.get(en_vigor.format("59,5")).text) == (
        "Regla 1 Peso: 1",
        ["fila-prioridad-1"],
    )
    negada = lxml.html.document_fromstring(analista.get(en_vigor.format("viejo")).text)
    (campo,) = negada.xpath("//*[@aria-invalid]")
    assert (campo.value, negada.xpath("//p[@class='error']")[0].text) == (
        "viejo",
        "Escriba un número, por ejemplo 15.",
    )

    solo_probar = editar(analista, "probar:prioridad", **{"prueba:prioridad:0": "60"})
    assert probada(analista.get(solo_probar.location).text) == (
        "Regla 2 Peso: 5",
        ["fila-prioridad-2"],
    )
    assert "Usted tiene un borrador" not in analista.get("/procesos/prioridad.dmn").text, (
        "trying changes nothing"
    )

    con_regla = editar(
        analista,
        "probar:prioridad",
        regla="prioridad:1",
        c0_uno="50",
        **{"prueba:prioridad:0": "55"},
    )
    dicho, marcadas = probada(analista.get(con_regla.location).text)
    assert dicho.startswith(
        "No decide Coinciden varias reglas que no pueden valer a la vez: un caso así se detendría. Regla 1, Regla 2"
    )
    assert marcadas == ["fila-prioridad-1", "fila-prioridad-2"]
    editar(analista, "listo", regla="prioridad:1", c0_uno="70")
    nadie = editar(analista, "probar:prioridad", **{"prueba:prioridad:0": "65"})
    assert probada(analista.get(nadie.location).text) == (
        "No decide Ninguna regla lo decide: un caso así se detendría.",
        [],
    )


def test_the_matrix_offers_areas_and_themes_by_name_and_writes_their_codes(
    web: WebKit, analista: FlaskClient
) -> None:
    """A cell that is left as it is stays as it was written, for whoever compares files."""
    matriz = (
        Path(__file__).parents[3] / "bpmn" / "m5_1_02" / "matriz_escalonamiento.dmn"
    ).read_bytes()
    with Session(web.engine.db.execution_options(ventanilla_write=True)) as s, s.begin():
        cargar_catalogo(s)
    web.engine.releases.deploy(
        {"matriz_escalonamiento.dmn": matriz}, actor=SYSTEM, now=web.clock.now(), note="Con matriz"
    )
    leida = analista.get("/procesos/matriz_escalonamiento.dmn").text
    assert "Vicepresidencia de Crédito y Cobranza" in leida
    assert "Todo menos Denuncia" in leida
    assert "Canal: cualquiera en todas las reglas." in leida
    assert "&#34;" not in leida.partition("<tbody")[2].partition("</table>")[0]

    caso = "probar=matriz_escalonamiento&prueba:matriz_escalonamiento:0=S02&prueba:matriz_escalonamiento:2="
    dicho, marcadas = probada(analista.get(f"/procesos/matriz_escalonamiento.dmn?{caso}").text)
    assert "Área: Vicepresidencia de Crédito y Cobranza · Grupo: Cartera" in dicho
    assert marcadas == ["fila-matriz_escalonamiento-3"]
    dicho, marcadas = probada(
        analista.get(f"/procesos/matriz_escalonamiento.dmn?{caso}denuncia").text
    )
    assert "Área: Oficina Asesora Jurídica" in dicho

    abierta = analista.get(
        "/procesos/matriz_escalonamiento.dmn/editar?regla=matriz_escalonamiento:2"
    ).text
    arbol = lxml.html.document_fromstring(abierta)
    (area,) = arbol.xpath("//select[@name='c3.uno']")
    assert area.value == "VCC"
    assert "Oficina Asesora Jurídica" in [o.text for o in area]
    assert [c.get("value") for c in arbol.xpath("//input[@name='c0.v'][@checked]")] == ["S02"]

    tabla = "matriz_escalonamiento"
    editar(analista, "listo", archivo=f"{tabla}.dmn", regla=f"{tabla}:2", c3_uno="DTE", c5_uno="3")
    antes, despues = models.grids(matriz)[0].rows, rejilla(analista, f"{tabla}.dmn")
    assert despues[2].cells == (
        '"S02"',
        "-",
        'not("denuncia")',
        '"DTE"',
        '"Cartera"',
        "3",
        *antes[2].cells[6:],
    )
    assert [*despues[:2], *despues[3:]] == [*antes[:2], *antes[3:]]


def test_a_new_process_begins_with_a_drawn_lane_and_task(analista: FlaskClient) -> None:
    token = csrf(analista.get("/procesos/nuevo").text)
    datos = {"csrf_token": token, "nombre": 'El "reporte" & más', "archivo": "reporte_mensual"}

    respuesta = analista.post("/procesos/nuevo", data=datos)

    assert respuesta.location == "/procesos/reporte_mensual.bpmn/editar"
    assert poner(analista, "reporte_mensual.bpmn")[0] == 200
    assert "Ya hay un proceso con esa clave" in analista.post("/procesos/nuevo", data=datos).text


@pytest.mark.parametrize("clave", ["", "con espacio", "../x", "ñandú.x", "9x"])
def test_a_bad_key_for_a_new_process_is_refused_with_the_reason(
    analista: FlaskClient, clave: str
) -> None:
    token = csrf(analista.get("/procesos/nuevo").text)
    respuesta = analista.post(
        "/procesos/nuevo", data={"csrf_token": token, "nombre": "Algo", "archivo": clave}
    )
    assert respuesta.status_code == 422
    assert "La clave lleva letras" in respuesta.text


@pytest.mark.parametrize("usuario", ["revisor", "admin"])
def test_others_read_but_do_not_edit(web: WebKit, usuario: str) -> None:
    cliente = web.browser(usuario)
    assert cliente.get("/procesos/visita.bpmn").status_code == 200
    assert "/procesos/visita.bpmn/editar" not in cliente.get("/procesos/").text
    assert cliente.get("/procesos/visita.bpmn/editar").status_code == 403


def test_an_adviser_sees_diagrams_of_cases_but_not_the_workshop(web: WebKit) -> None:
    cliente = web.browser("asesor")
    guardado = cliente.get("/diagramas/1/visita.bpmn")
    assert guardado.status_code == 200
    # a new cookie does not make the browser ask again
    assert not {"Vary", "Set-Cookie"} & set(guardado.headers.keys())
    assert cliente.get("/procesos/").status_code == 403


@pytest.mark.parametrize(
    "ruta",
    [
        "/procesos/nada.bpmn",
        "/procesos/x.txt",
        "/diagramas/9/visita.bpmn",
        "/procesos/nada.bpmn/editar",
    ],
)
def test_what_does_not_exist_is_not_found(analista: FlaskClient, ruta: str) -> None:
    assert analista.get(ruta).status_code == 404


# --- a table from nothing, and what is taken out of force -----------------------------------------
TARIFA = {
    "nombre": "Tarifa <del> permiso",
    "archivo": "tarifa",
    "entrada_nombre": "Uso",
    "entrada_variable": "uso",
    "entrada_tipo": "string",
    "salida_nombre": "Pesos",
    "salida_variable": "pesos",
    "salida_tipo": "integer",
    "demas": "2100",
}


def crear_tabla(cliente: FlaskClient, **otros: str) -> TestResponse:
    token = csrf(cliente.get("/procesos/nueva-tabla").text)
    return cliente.post("/procesos/nueva-tabla", data={"csrf_token": token, **TARIFA, **otros})


def test_a_decision_table_is_made_from_nothing_and_put_in_force(
    web: WebKit, analista: FlaskClient
) -> None:
    hecha = crear_tabla(analista)
    assert hecha.location == "/procesos/tarifa.dmn/editar"
    pagina = analista.get(hecha.location)
    assert pagina.status_code == 200
    assert "2100" in pagina.text or "2.100" in pagina.text
    with web.engine.uow.reading() as session:
        guardada = lectura.borrador(session, "analista", "tarifa.dmn")
    assert guardada is not None
    assert [
        f
        for f in web.engine.releases.check({"tarifa.dmn": guardada.content})
        if f.severity == "error"
    ] == []
    assert "Ya hay una tabla con esa clave" in crear_tabla(analista).text


@pytest.mark.parametrize(
    ("otros", "dice"),
    [
        ({"nombre": " "}, "Escriba el nombre de la tabla"),
        ({"archivo": "1tarifa"}, "empieza por una letra"),
        ({"archivo": "_tarifa"}, "empieza por una letra"),
        ({"salida_variable": "a b"}, "Una variable lleva"),
        ({"salida_variable": "_pesos"}, "Una variable lleva"),
        ({"entrada_variable": "lambda"}, "«lambda» ya significa algo"),
        ({"salida_variable": "None"}, "«None» ya significa algo"),
        ({"demas": "２１００"}, "no es de su tipo"),
        ({"salida_tipo": "string", "demas": "x" * 121}, "tiene más de 120 letras"),
        ({"entrada_tipo": "fecha"}, "Elija de qué tipo"),
        ({"demas": "mucho"}, "no es de su tipo"),
        ({"demas": "2,5"}, "no es de su tipo"),
        ({"salida_tipo": "boolean", "demas": "quizá"}, "no es de su tipo"),
        ({"salida_tipo": "string", "demas": 'con "comillas"'}, "no es de su tipo"),
    ],
)
def test_a_table_that_could_not_be_read_is_not_begun(
    analista: FlaskClient, otros: dict[str, str], dice: str
) -> None:
    hecha = crear_tabla(analista, **otros)
    assert (hecha.status_code, dice in html.unescape(hecha.text)) == (422, True)


@pytest.mark.parametrize(
    ("valor", "tipo", "celda"),
    [
        ("sí", "boolean", "true"),
        ("2,5", "number", "2.5"),
        ("terraza", "string", '"terraza"'),
        ("", "string", None),
        ("1e5", "integer", None),
    ],
)
def test_what_is_written_as_a_result_becomes_a_cell(
    valor: str, tipo: str, celda: str | None
) -> None:
    assert celda_de(valor, tipo) == celda


def quitar(cliente: FlaskClient, archivo: str, nota: str = "Ya no se usa") -> TestResponse:
    pagina = cliente.get(f"/procesos/{archivo}/quitar").text
    datos = {"csrf_token": csrf(cliente.get("/procesos/nueva-tabla").text), "nota": nota}
    return cliente.post(
        f"/procesos/{archivo}/quitar",
        data={**datos, "base": hidden(pagina, "base") if 'name="base"' in pagina else ""},
    )


def test_a_file_is_taken_out_of_force_with_a_reason_and_never_while_a_case_runs(
    web: WebKit, analista: FlaskClient
) -> None:
    assert quitar(analista, "prioridad.dmn", nota="").status_code == 422
    assert quitar(analista, "prioridad.dmn").location == "/procesos/"
    assert "Un caso que empezó en este instante sigue con él." in analista.get("/procesos/").text
    assert analista.get("/procesos/prioridad.dmn/quitar").status_code == 404
    with web.session() as s:
        hechos = s.scalars(
            sa.select(Access.detail).where(Access.kind == AccessKind.DEPLOYMENT).order_by(Access.n)
        ).all()
    assert hechos == [
        {"files": ["prioridad.dmn", "visita.bpmn"]},
        {"files": [], "removed": ["prioridad.dmn"]},
    ]
    instancia = web.engine.instances.start("visita", actor=SYSTEM, now=web.clock.now())
    pagina = analista.get("/procesos/visita.bpmn/quitar").text
    assert "Nadie podría empezar «La visita»" in html.unescape(pagina)
    assert "1 caso sigue en curso" in pagina
    assert 'name="base"' not in pagina
    assert quitar(analista, "visita.bpmn").status_code == 409
    web.engine.instances.cancel(
        instancia.instance_id,
        reason="Era una prueba",
        actor=person("admin", "administrador"),
        now=web.clock.now(),
    )
    assert "Es lo único que está en vigor" in analista.get("/procesos/visita.bpmn/quitar").text
    web.deploy({"prioridad.dmn": TABLA})
    assert quitar(analista, "visita.bpmn").location == "/procesos/"
    with web.engine.uow.reading() as session:
        numero = reads.releases.current(session, web.engine.catalog)
        assert set(reads.releases.files(session, web.engine.catalog, numero or 0)) == {
            "prioridad.dmn"
        }


SE_PISAN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t_def" name="Tarifa" namespace="urn:x">
  <decision id="tarifa" name="Tarifa"><decisionTable id="t_tabla" hitPolicy="UNIQUE">
    <input id="t_e" label="Metros"><inputExpression id="t_x" typeRef="number"><text>metros</text></inputExpression></input>
    <output id="t_s" label="Valor" name="valor" typeRef="number"/>
    <rule id="r1"><inputEntry id="r1e"><text>&gt; 1</text></inputEntry><outputEntry id="r1s"><text>1</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="r2e"><text>{otra}</text></inputEntry><outputEntry id="r2s"><text>2</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""


def test_rules_that_overlap_are_told_where_no_process_is_in_force_yet(
    tmp_path: Path, sqlite_url: str
) -> None:
    vacio = web_kit.build(tmp_path, sqlite_url)
    texto = SE_PISAN.format(otra="&gt; 2").encode()
    vacio.engine.releases.save_draft("tarifa.dmn", texto, actor=ANALISTA, now=vacio.clock.now())
    navegador = vacio.browser("analista")

    for pagina in ("/procesos/tarifa.dmn/editar", "/procesos/tarifa.dmn/poner-en-vigor"):
        assert "En la tabla «Tarifa» coinciden a la vez las reglas 1 y 2" in followed(
            html.unescape(navegador.get(pagina).text)
        ), pagina
    vacio.engine.db.dispose()


def test_the_editor_offers_a_table_that_is_still_a_draft_and_the_review_knows_it(
    web: WebKit, analista: FlaskClient
) -> None:
    texto = SE_PISAN.format(otra="&lt;= 1").encode()
    web.engine.releases.save_draft("tarifa.dmn", texto, actor=ANALISTA, now=web.clock.now())
    pagina = analista.get("/procesos/visita.bpmn/editar").text
    datos = json.loads(
        html.unescape(re.findall(r'id="editor-datos"[^>]*>(.*?)</script>', pagina, re.DOTALL)[0])
    )
    assert ["tarifa", "Tarifa"] in datos["catalogo"]["tables"]

    usa = (
        '<bpmn:businessRuleTask id="visita_tarifa" name="Tarifa"><bpmn:extensionElements><v:decision table="tarifa"/>'
        '<v:output name="valor" type="number"/></bpmn:extensionElements>'
    )
    dibujo = con_campo().replace(
        '<bpmn:endEvent id="visita_fin"',
        f'{usa}</bpmn:businessRuleTask><bpmn:endEvent id="visita_fin"',
    )
    dicho = analista.post(
        "/procesos/lint",
        json={"archivo": "visita.bpmn", "contenido": dibujo},
        headers={"X-CSRFToken": datos["csrf"]},
    ).get_json()
    assert "table_unknown" not in {h["regla"] for h in dicho["hallazgos"]}
    web.engine.releases.drop_draft("tarifa.dmn", actor=ANALISTA)
    dicho = analista.post(
        "/procesos/lint",
        json={"archivo": "visita.bpmn", "contenido": dibujo},
        headers={"X-CSRFToken": datos["csrf"]},
    ).get_json()
    assert "table_unknown" in {h["regla"] for h in dicho["hallazgos"]}


def test_a_new_diagram_speaks_the_language_of_who_makes_it(
    web: WebKit, analista: FlaskClient
) -> None:
    with web.session() as session, session.begin():
        cuentas.hablarle(session, "analista", "en")
    try:
        datos = {
            "csrf_token": csrf(analista.get("/procesos/nuevo").text),
            "nombre": "A loan",
            "archivo": "loan",
        }
        analista.post("/procesos/nuevo", data=datos)
    finally:
        with web.session() as session, session.begin():
            cuentas.hablarle(session, "analista", "es")

    with web.engine.uow.reading() as session:
        guardado = reads.releases.model_draft(session, "analista", "loan.bpmn")
    assert guardado is not None
    assert [
        e
        for e in ('name="Adviser"', 'name="Start"', 'name="First task"', 'name="End"')
        if e.encode() not in guardado.content
    ] == []
    assert b'role="asesor"' in guardado.content
