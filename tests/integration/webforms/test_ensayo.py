"""«Probar» of a step with an action: what it would do with example values, on the analyst's own
draft; nothing is sent or written."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

import handlers.crm
from engine.types import Handlers
from handlers.conectores.servicios import Servicio
from handlers.conectores.servicios.cliente import Cliente
from records.casos.tablas import Archivo, Contador
from records.correo.tablas import Aviso
from records.cuentas import cuentas
from tests.integration.handlers.test_handlers_acciones import (
    AVISA,
    ENVIA,
    NUMERO,
    PIEZAS,
    PLAZO,
    PRECIO,
    TOTAL,
    diagrama,
    salida,
    tarea,
    valor,
)
from tests.kit import web as web_kit
from tests.kit.cast import ANALISTA
from tests.kit.web import WebKit, csrf, followed

HACE = tarea(
    "hace",
    "documento.hacer",
    valor("carta", "permiso/cartas/acto") + valor("nombre", "Permiso de {nombre}"),
)
PIDE = tarea(
    "consulta",
    "http.pedir",
    valor("servicio", "catastro")
    + valor("metodo", "POST")
    + valor("ruta", "predios/{nombre}")
    + valor("cuerpo", "{&quot;metros&quot;: &quot;{metros}&quot;}"),
    salida("avaluo", "integer"),
)
CONSULTA = tarea(
    "lee",
    "sistema.consultar",
    valor("sistema", "crm")
    + valor("numero", "documento")
    + valor("verificada", "es_ella")
    + valor("respuesta", "celular = /filas/0/celular"),
    salida("celular", "text") + salida("documento", "text") + salida("es_ella", "text"),
)
FECHA = tarea("termino", "plazo.registrar", valor("nombre", "Para responder") + valor("dias", "10"))
SECRETO = "clave-muy-secreta"
DIBUJO = diagrama(
    *(PRECIO, TOTAL, NUMERO, PLAZO, HACE, PIDE, CONSULTA, FECHA, AVISA, ENVIA),
    pasos="precio>total>numera>dias>hace>consulta>lee>termino>avisa>envia",
).replace(b"permiso/cartas/cobro", b"permiso/cartas/uso")


def _nadie(*_dicho: Any) -> None:
    raise AssertionError("a trial asks nobody")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    """One for all: a trial leaves nothing."""
    tmp_path = tmp_path_factory.mktemp("ensayo")
    registro = Handlers()
    lista = [
        Cliente(
            Servicio(
                "catastro", "Catastro", "http://127.0.0.1:1/api", ("GET", "POST"), secreto=SECRETO
            )
        )
    ]
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'e.db'}", handlers=registro)
    crm = handlers.crm.guarda_de_persona(kit.session, None, bitacora=_nadie, suceso=_nadie)
    web_kit.with_actions(kit, registro, lista, [crm])
    for archivo, contenido in {"permiso.bpmn": DIBUJO, **PIEZAS}.items():
        kit.engine.releases.save_draft(archivo, contenido, actor=ANALISTA, now=kit.clock.now())
    yield kit
    kit.engine.db.dispose()


def probar(web: WebKit, paso: str, codigo: int = 200, **datos: Any) -> str:
    navegador, direccion = web.browser("analista"), f"/procesos/permiso.bpmn/probar/{paso}"
    ficha = csrf(navegador.get(direccion).text)
    respuesta = navegador.post(
        direccion,
        data={"csrf_token": ficha, **{f"dato-{nombre}": dicho for nombre, dicho in datos.items()}},
    )
    assert respuesta.status_code == codigo, respuesta.text
    return html.unescape(followed(respuesta.text))


def nada(web: WebKit) -> None:
    with web.session() as session:
        for tabla in (Aviso, Archivo, Contador):
            assert session.scalar(sa.select(sa.func.count()).select_from(tabla)) == 0


@pytest.mark.parametrize(
    ("paso", "datos", "dicho"),
    [
        ("precio", {"uso": "terraza"}, ["Entrega tarifa", "1250"]),
        ("precio", {}, ["Terminaría con el error ERR_LISTA"]),
        ("total", {"tarifa": "1250", "metros": "24"}, ["Entrega valor", "30000"]),
        ("total", {"tarifa": "1250"}, ["No se puede calcular"]),
        ("numera", {}, ["RES-2026-0001"]),
        ("dias", {}, ["Entrega plazo"]),
        (
            "hace",
            {"nombre": "Ana", "metros": "24", "uso": "obra"},
            ["Permiso de Ana.pdf", "Permiso para Ana", "Ver el PDF"],
        ),
        ("hace", {"metros": "24"}, ["falta"]),
        (
            "envia",
            {"uso": "obra", "metros": "3", "correo": "ana@correo.example"},
            ["ana@correo.example", "Su permiso", "Obra, 3"],
        ),
        ("envia", {"uso": "obra", "metros": "3"}, ["Nadie: quedaría"]),
        ("avisa", {"uso": "obra", "metros": "3"}, ["1 de «coordinador_gau»"]),
        (
            "consulta",
            {"nombre": "Ana/x", "metros": "24"},
            [
                "POST http://127.0.0.1:1/api/predios/Ana%2Fx",
                "Authorization: Bearer ••••••",
                '{"metros": 24}',
            ],
        ),
        ("consulta", {"metros": "24"}, ["falta «nombre»"]),
        (
            "lee",
            {"documento": "52.123.456", "es_ella": "si"},
            ["CRM", "Cédula de ciudadanía 52123456", "celular"],
        ),
        ("lee", {"documento": "52123456"}, ["nadie de la entidad confirmó en «es_ella»"]),
        (
            "lee",
            {"documento": "no tiene", "es_ella": "si"},
            ["no es un documento que se pueda consultar"],
        ),
        ("termino", {}, ["Para responder", "10 días hábiles"]),
    ],
)
def test_a_step_says_what_it_would_do_and_does_nothing(
    web: WebKit, paso: str, datos: dict[str, str], dicho: list[str]
) -> None:
    pagina = probar(web, paso, **datos)

    assert [frase for frase in dicho if frase not in pagina] == []
    assert SECRETO not in pagina
    nada(web)


@pytest.mark.parametrize(
    ("paso", "datos", "dicho"),
    [
        (
            "lee",
            {"documento": "52123456", "es_ella": "si"},
            ["Ask a connected system", "It would ask", "About whom"],
        ),
        (
            "lee",
            {"documento": "52123456"},
            ["nobody of the agency confirmed in “es_ella” who the person is"],
        ),
        ("termino", {}, ["Register a legal deadline of the case", "Term", "10 business days"]),
        ("precio", {}, ["is not in the list permiso/listas/tarifas"]),
        ("consulta", {"metros": "24"}, ["“nombre” is missing"]),
        ("numera", {}, ["Give a number of a series"]),
    ],
)
def test_whoever_reads_english_tries_a_step_in_english(
    web: WebKit, paso: str, datos: dict[str, str], dicho: list[str]
) -> None:
    with web.session() as session, session.begin():
        cuentas.hablarle(session, "analista", "en")
    try:
        pagina = probar(web, paso, **datos)
    finally:
        with web.session() as session, session.begin():
            cuentas.hablarle(session, "analista", "es")

    assert [frase for frase in dicho if frase not in pagina] == []


def test_the_panel_names_actions_and_what_they_take_in_the_language_of_the_analyst(
    web: WebKit,
) -> None:
    with web.session() as session, session.begin():
        cuentas.hablarle(session, "analista", "en")
    try:
        pagina = web.browser("analista").get("/procesos/permiso.bpmn/editar").text
    finally:
        with web.session() as session, session.begin():
            cuentas.hablarle(session, "analista", "es")
    datos = json.loads(
        html.unescape(re.findall(r'id="editor-datos"[^>]*>(.*?)</script>', pagina, re.DOTALL)[0])
    )
    acciones = datos["catalogo"]["acciones"]

    assert acciones["carta.enviar"]["label"] == "Send a letter by mail to the person"
    assert [r["label"] for r in acciones["sistema.consultar"]["inputs"]][:2] == [
        "System",
        "Field with the document number",
    ]
    assert ["relacionado", "Related to"] in acciones["caso.enlazar"]["inputs"][1]["options"]


def test_what_is_no_number_is_said_at_its_field(web: WebKit) -> None:
    pagina = probar(web, "total", 422, tarifa="mil", metros="24")

    assert "Escriba un número entero" in pagina
    assert 'value="mil"' in pagina


def test_the_document_is_looked_at(web: WebKit) -> None:
    navegador, direccion = web.browser("analista"), "/procesos/permiso.bpmn/probar/hace"
    datos = {"dato-nombre": "Ana", "dato-metros": "24", "dato-uso": "obra", "ver": "pdf"}
    respuesta = navegador.post(
        direccion, data={"csrf_token": csrf(navegador.get(direccion).text), **datos}
    )

    assert (respuesta.mimetype, respuesta.data[:5]) == ("application/pdf", b"%PDF-")
    nada(web)


def test_the_panel_offers_it_and_only_who_models_may(web: WebKit) -> None:
    assert (
        '"probar": "/procesos/permiso.bpmn/probar/PASO"'
        in web.browser("analista").get("/procesos/permiso.bpmn/editar").text
    )
    assert web.browser("analista").get("/procesos/permiso.bpmn/probar/pide").status_code == 404
    assert web.browser("asesor").get("/procesos/permiso.bpmn/probar/total").status_code == 403
