"""A procedure made by pages alone: new, its texts, its letters, its other texts, in force, and out
as a ZIP."""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.states import ActorKind
from engine.types import Actor, Handlers
from records.paquetes.reglas import paquete as reglas, paquete_zip
from tests.kit import web as web_kit
from tests.kit.web import WebKit, csrf, followed, hidden

LISTA: dict[str, str | list[str]] = {
    "lista-1-codigo": "salas",
    "lista-1-nombre": "S",
    "lista-1-variable": "sala_id",
}
AQUI = "/procedimientos/prestamo"
ENVIA = (
    '<bpmn:sendTask id="prestamo_envia" name="Avisar"><bpmn:extensionElements><v:handler name="carta.enviar"/>'
    '<v:input name="carta" value="prestamo/cartas/{carta}"/></bpmn:extensionElements>'
    "<bpmn:incoming>prestamo_f2</bpmn:incoming><bpmn:outgoing>prestamo_f3</bpmn:outgoing></bpmn:sendTask>"
    '<bpmn:sequenceFlow id="prestamo_f3" sourceRef="prestamo_envia" targetRef="prestamo_fin"/>'
)

DIBUJO = (
    '<bpmndi:BPMNShape id="e_di" bpmnElement="prestamo_envia"><dc:Bounds x="600" y="240" width="100" height="40"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNEdge id="l_di" bpmnElement="prestamo_f3"><di:waypoint x="650" y="240"/><di:waypoint x="590" y="198"/>'
    "</bpmndi:BPMNEdge>"
)


def construir(donde: Path) -> WebKit:
    conocidos = Handlers()
    return web_kit.with_actions(
        web_kit.build(donde, f"sqlite:///{donde / 'v.db'}", handlers=conocidos), conocidos
    )


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = construir(tmp_path)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture(scope="module")
def quieto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebKit]:
    """One for all tests that keep nothing."""
    kit = construir(tmp_path_factory.mktemp("quieto"))
    empezar(kit)
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def analista(web: WebKit) -> FlaskClient:
    return empezar(web)


@pytest.fixture
def lectora(quieto: WebKit) -> FlaskClient:
    return quieto.browser("analista")


def empezar(web: WebKit) -> FlaskClient:
    navegador = web.browser("analista")
    respuesta = navegador.post(
        "/procedimientos/nuevo",
        data={
            "csrf_token": csrf(navegador.get("/procedimientos/nuevo").text),
            "nombre": "Préstamo de salas",
            "codigo": "prestamo",
            "objetivo": "Prestar las salas a quien las pide.",
        },
    )
    assert respuesta.location == "/procesos/prestamo.bpmn/editar"
    return navegador


def enviar(navegador: FlaskClient, donde: str, **datos: str | list[str]) -> TestResponse:
    """The page's form: what the page holds unseen, and this."""
    pagina = navegador.get(donde).text
    return navegador.post(
        donde, data={"csrf_token": csrf(pagina), "visto": hidden(pagina, "visto"), **datos}
    )


def visto(respuesta: TestResponse) -> str:
    return followed(html.unescape(respuesta.text))


def borradores(web: WebKit) -> dict[str, str]:
    with web.engine.uow.reading() as session:
        return {
            d.file: d.content.decode() for d in reads.releases.model_drafts(session, "analista")
        }


def con_carta(web: WebKit, navegador: FlaskClient, carta: str) -> None:
    """The diagram of the draft sends this letter at its end, as the canvas would save it."""
    dibujado = borradores(web)["prestamo.bpmn"]
    fin, envia = "prestamo_fin", "prestamo_envia"
    nuevo = dibujado.replace(
        f'sourceRef="prestamo_tarea" targetRef="{fin}"',
        f'sourceRef="prestamo_tarea" targetRef="{envia}"',
    )
    nuevo = nuevo.replace(
        "prestamo_f2</bpmn:incoming></bpmn:endEvent>", "prestamo_f3</bpmn:incoming></bpmn:endEvent>"
    )
    nuevo = nuevo.replace(
        "<bpmn:sequenceFlow id", ENVIA.format(carta=carta) + "<bpmn:sequenceFlow id", 1
    )
    nuevo = nuevo.replace(
        f"<bpmn:flowNodeRef>{fin}",
        f"<bpmn:flowNodeRef>{envia}</bpmn:flowNodeRef><bpmn:flowNodeRef>{fin}",
    )
    nuevo = nuevo.replace("</bpmndi:BPMNPlane>", f"{DIBUJO}</bpmndi:BPMNPlane>")
    pagina = navegador.get("/procesos/prestamo.bpmn/xml").text
    navegador.post(
        "/procesos/prestamo.bpmn/xml",
        data={"csrf_token": csrf(pagina), "visto": hidden(pagina, "visto"), "contenido": nuevo},
    )


def test_a_procedure_is_made_reviewed_put_in_force_and_exported_by_pages_alone(
    web: WebKit, analista: FlaskClient
) -> None:
    assert (
        enviar(
            analista,
            f"{AQUI}/textos",
            nombre="Préstamo de salas",
            objetivo="Prestar las salas a quien las pide.",
            alcance="Desde que se pide hasta que se devuelve.",
            modelos=["prestamo.bpmn"],
            **{"definicion-1-termino": "Sala", "definicion-1-texto": "Un salón de reuniones."},
            **{
                "actividad-1-n": "1",
                "actividad-1-quien": "Ventanilla",
                "actividad-1-texto": "Recibe el pedido.",
            },
            **{"actividad-1-mas": "Primera tarea · prestamo_tarea", "actividad-2-n": ""},
            **{
                "lista-1-codigo": "salas",
                "lista-1-nombre": "Salas",
                "lista-1-variable": "sala_id",
                "lista-1-valores": "sala_a = Sala A\n",
            },
        ).location
        == AQUI
    )
    carta = enviar(
        analista,
        f"{AQUI}/cartas/nueva",
        nombre="listo",
        asunto="Su pedido {numero}",
        texto="Hola {nombre?}:\n\nEstá listo.",
    )
    assert carta.location == f"{AQUI}/cartas/listo"
    con_carta(web, analista, "listo")
    # the lane may name the list of the draft
    assert "sala_id" in analista.get("/procesos/prestamo.bpmn/editar").text

    ficha = visto(analista.get(AQUI))
    assert "Prestar las salas a quien las pide." in ficha
    assert "cartas/listo.es.txt" in ficha
    revision = analista.get(f"{AQUI}/poner-en-vigor").text
    datos = {
        "csrf_token": csrf(revision),
        "base": hidden(revision, "base"),
        "visto": hidden(revision, "visto"),
        "nota": "Nace",
    }
    puesto = analista.post(f"{AQUI}/poner-en-vigor", data=datos, follow_redirects=True)
    assert "En vigor: Préstamo de salas." in visto(puesto)
    assert "1 de 1 cubiertas" in visto(puesto)
    codigo, piezas, faltas = paquete_zip.leer(analista.get(f"{AQUI}/exportar").data)
    assert (codigo, sorted(piezas), faltas) == (
        "prestamo",
        ["prestamo.bpmn", "prestamo/cartas/listo.es.txt", "prestamo/paquete.toml"],
        [],
    )
    leido = reglas.leer("prestamo", piezas)[0]
    assert leido is not None
    assert [(a.quien, a.elementos) for a in leido.actividades] == [
        ("Ventanilla", ("prestamo_tarea",))
    ]
    assert leido.listas[0].valores == (("sala_a", "Sala A"),)


@pytest.mark.parametrize(
    ("mal", "dice"),
    [
        ({"nombre": ""}, "Nombre: Falta."),
        ({"modelos": []}, "No nombra ningún diagrama (.bpmn)."),
        ({"actividad-1-n": "1", "actividad-1-texto": ""}, "Actividad 1: Falta."),
        (
            {"actividad-1-n": "1", "actividad-1-texto": "x", "actividad-1-mas": "No hay"},
            "«No hay» no es un elemento",
        ),
        (
            {
                "lista-1-codigo": "salas",
                "lista-1-nombre": "S",
                "lista-1-variable": "sala_id",
                "lista-1-valores": "a",
            },
            "Línea 1: escriba código = nombre.",
        ),
        (
            {"lista-1-codigo": "S A", "lista-1-nombre": "S", "lista-1-variable": "sala_id"},
            "«S A» no sirve como código",
        ),
    ],
)
def test_what_is_wrong_in_the_texts_is_said_where_it_is_and_what_was_typed_stays(
    quieto: WebKit, lectora: FlaskClient, mal: dict[str, str | list[str]], dice: str
) -> None:
    antes = borradores(quieto)
    dicho = {"nombre": "Préstamo", "alcance": "Lo que escribí", "modelos": ["prestamo.bpmn"], **mal}
    respuesta = enviar(lectora, f"{AQUI}/textos", **dicho)
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)
    assert "Lo que escribí" in respuesta.text
    ancla = re.search(r'<li><a href="#([^"]+)"', respuesta.text)
    assert ancla
    assert f'id="{ancla[1]}"' in respuesta.text
    assert borradores(quieto) == antes


@pytest.mark.parametrize(("cuantas", "estado"), [(500, 302), (501, 422)])
def test_all_rows_of_a_page_are_kept_or_that_they_are_too_many_is_told(
    web: WebKit, analista: FlaskClient, cuantas: int, estado: int
) -> None:
    filas = {
        f"definicion-{n}-{clave}": f"{clave} {n}"
        for n in range(1, cuantas + 1)
        for clave in ("termino", "texto")
    }
    respuesta = enviar(
        analista, f"{AQUI}/textos", nombre="Préstamo", modelos=["prestamo.bpmn"], **filas
    )
    assert respuesta.status_code == estado
    if estado == 302:
        assert "texto 500" in borradores(web)["prestamo/paquete.toml"]
    else:
        assert "Definiciones: Son más de 500 filas." in visto(respuesta)
        assert "texto 501" in respuesta.text


def test_another_row_keeps_what_was_typed_and_saves_nothing(
    quieto: WebKit, lectora: FlaskClient
) -> None:
    antes = borradores(quieto)
    respuesta = enviar(
        lectora,
        f"{AQUI}/textos",
        accion="fila:control",
        nombre="Préstamo",
        **{"control-1-n": "1", "control-1-texto": "Ver."},
    )
    assert respuesta.status_code == 200
    assert 'name="control-2-texto"' in respuesta.text
    assert "Ver." in respuesta.text
    assert borradores(quieto) == antes


def test_another_tab_that_saved_first_is_told_and_nothing_is_lost(analista: FlaskClient) -> None:
    for donde, datos in (
        (f"{AQUI}/textos", {"nombre": "Otra", "modelos": ["prestamo.bpmn"]}),
        (f"{AQUI}/cartas/nueva", {"nombre": "aviso", "asunto": "Hola", "texto": "Otra"}),
        (f"{AQUI}/piezas/nueva", {"ruta": "listas/tarifas.csv", "contenido": "Otra"}),
    ):
        assert enviar(analista, donde, **datos).status_code == 302
    for donde, datos in (
        (f"{AQUI}/textos", {"nombre": "Mía", "modelos": ["prestamo.bpmn"]}),
        (f"{AQUI}/cartas/aviso", {"asunto": "Mío", "texto": "Mía"}),
        (f"{AQUI}/piezas/listas/tarifas.csv", {"contenido": "Mía"}),
    ):
        sello = csrf(analista.get(donde).text)
        respuesta = analista.post(
            donde, data={"csrf_token": sello, "visto": "2020-01-01T00:00:00+00:00", **datos}
        )
        assert respuesta.status_code == 409
        assert "en otra pestaña" in respuesta.text
        assert "Mía" in respuesta.text


@pytest.mark.parametrize(
    ("asunto", "texto", "dice"),
    [
        ("", "Hola", "Asunto: Escriba el asunto"),
        ("Hola", "", "Línea 1: Escriba el texto"),
        (
            "Hola",
            "Uno\nEl {numer}.",
            "Línea 2: «numer» no es un dato de estos diagramas ni del caso. ¿Quiso decir {numero}?",
        ),
        ("Hola", "Uno\nDos { tres", "Línea 2: Hay una llave suelta en «{»"),
        ("{xyz_9}", "Uno", "Asunto: «xyz_9» no es un dato"),
    ],
)
def test_a_letter_says_what_is_wrong_in_which_line(
    lectora: FlaskClient, asunto: str, texto: str, dice: str
) -> None:
    respuesta = enviar(
        lectora, f"{AQUI}/cartas/nueva", nombre="aviso", asunto=asunto, texto=texto, accion="ver"
    )
    assert dice in visto(respuesta)
    assert texto in html.unescape(respuesta.text)


def test_a_letter_is_written_in_another_language_beside_the_spanish_one(
    web: WebKit, analista: FlaskClient
) -> None:
    enviar(
        analista,
        f"{AQUI}/cartas/nueva",
        nombre="listo",
        asunto="Su pedido {numero}",
        texto="Hola {nombre?}: {asunto}.\n{entidad_firma}",
    )
    assert f'href="{AQUI}/cartas/listo/en"' in analista.get(f"{AQUI}/cartas/listo").text
    vacia = visto(analista.get(f"{AQUI}/cartas/listo/en"))
    assert "Carta listo en English" in vacia
    assert "Su pedido {numero}" in vacia
    assert "no nombra" not in vacia

    guardada = enviar(
        analista,
        f"{AQUI}/cartas/listo/en",
        asunto="Your request {numero}",
        texto="Hello {lugar}.\n{entidad_firma}",
    )

    assert guardada.location == f"{AQUI}/cartas/listo/en"
    assert (
        borradores(web)["prestamo/cartas/listo.en.txt"]
        == "Asunto: Your request {numero}\n\nHello {lugar}.\n{entidad_firma}\n"
    )
    pagina = visto(analista.get(f"{AQUI}/cartas/listo/en"))
    assert "Esta carta no nombra {nombre}, {asunto}, que la española sí nombra." in pagina
    assert "La carta española no nombra {lugar}, que esta sí nombra." in pagina
    revision = visto(analista.get(f"{AQUI}/poner-en-vigor"))
    assert "prestamo/cartas/listo.en.txt: no nombra «{asunto}», que listo.es.txt nombra" in revision
    assert "prestamo/cartas/listo.es.txt: no nombra «{lugar}», que listo.en.txt nombra" in revision
    assert f'href="{AQUI}/cartas/listo/en"' in analista.get(AQUI).text


def test_the_review_says_which_letters_a_language_of_the_package_has_not(
    analista: FlaskClient,
) -> None:
    for nombre in ("listo", "otra"):
        enviar(analista, f"{AQUI}/cartas/nueva", nombre=nombre, asunto="Hola", texto="Hola")
    assert ".en.txt: falta" not in analista.get(f"{AQUI}/poner-en-vigor").text

    enviar(analista, f"{AQUI}/cartas/listo/en", asunto="Hello", texto="Hello")

    assert "prestamo/cartas/otra.en.txt: falta; la carta se envía en español" in visto(
        analista.get(f"{AQUI}/poner-en-vigor")
    )


@pytest.mark.parametrize(
    ("nombre", "lengua"), [("no_hay", "en"), ("listo", "es"), ("listo", "xx"), ("listo", "a b")]
)
def test_only_a_letter_that_is_there_is_translated_and_only_into_a_language_of_the_product(
    analista: FlaskClient, nombre: str, lengua: str
) -> None:
    enviar(analista, f"{AQUI}/cartas/nueva", nombre="listo", asunto="Hola", texto="Hola")
    assert analista.get(f"{AQUI}/cartas/{nombre}/{lengua}").status_code == 404


def test_what_the_agency_is_called_may_stand_in_a_letter_that_comes_into_force(
    web: WebKit, analista: FlaskClient
) -> None:
    texto = (
        "De {entidad}, NIT {entidad_nit}, {entidad_ciudad}.\n{entidad_dependencia}\n{entidad_firma}"
    )
    enviar(analista, f"{AQUI}/cartas/nueva", nombre="aviso", asunto="Hola", texto=texto)
    con_carta(web, analista, "aviso")

    assert "Firma: la dependencia y la entidad" in visto(analista.get(f"{AQUI}/cartas/aviso"))
    revision = visto(analista.get(f"{AQUI}/poner-en-vigor"))
    assert "no es un campo" not in revision
    assert "Primero corrija los errores" not in revision


def test_a_letter_that_is_not_there_is_not_written(quieto: WebKit, lectora: FlaskClient) -> None:
    antes = borradores(quieto)
    sello = csrf(lectora.get(f"{AQUI}/cartas/nueva").text)
    for nombre in ("no_hay", "Con Mayúscula"):
        dicho = lectora.post(
            f"{AQUI}/cartas/{nombre}",
            data={"csrf_token": sello, "visto": "", "asunto": "Hola", "texto": "Hola"},
        )
        assert dicho.status_code == 404
    assert borradores(quieto) == antes


def test_a_letter_is_shown_with_examples(lectora: FlaskClient) -> None:
    pagina = visto(
        enviar(
            lectora,
            f"{AQUI}/cartas/nueva",
            accion="ver",
            asunto="Pedido {numero}",
            texto="Hola {nombre}",
        )
    )
    assert "Pedido AAA-2026-00017" in pagina
    assert "Hola Yolanda Prada Cuesta" in pagina


def test_a_letter_with_a_fault_is_a_draft_that_does_not_come_into_force(
    web: WebKit, analista: FlaskClient
) -> None:
    assert (
        enviar(
            analista, f"{AQUI}/cartas/nueva", nombre="aviso", asunto="Hola", texto="El {numer}."
        ).status_code
        == 302
    )
    con_carta(web, analista, "aviso")
    revision = visto(analista.get(f"{AQUI}/poner-en-vigor"))
    assert "numer" in revision
    assert "Primero corrija los errores de la revisión." in revision


@pytest.mark.parametrize("nombre", ["nueva", "Con Mayúscula", "../otro", "a" * 61, ""])
def test_a_letter_needs_a_plain_name_that_is_free(
    quieto: WebKit, lectora: FlaskClient, nombre: str
) -> None:
    antes = borradores(quieto)
    respuesta = enviar(lectora, f"{AQUI}/cartas/nueva", nombre=nombre, asunto="Hola", texto="Hola")
    assert respuesta.status_code == 422
    assert "El nombre lleva minúsculas" in respuesta.text
    assert borradores(quieto) == antes


@pytest.mark.parametrize(
    ("ruta", "dice"),
    [
        ("paquete.toml", "Ya hay un texto"),
        ("escenarios/../x.toml", "nombre"),
        ("programa.py", "termina en .toml"),
        ("listas/MAL A.csv", "nombre"),
        (f"{'a' * 40}/{'b' * 40}/{'c' * 40}.csv", "hasta 120 letras"),
    ],
)
def test_another_text_needs_a_plain_path(
    quieto: WebKit, lectora: FlaskClient, ruta: str, dice: str
) -> None:
    antes = borradores(quieto)
    respuesta = enviar(lectora, f"{AQUI}/piezas/nueva", ruta=ruta, contenido="a;b")
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)
    assert borradores(quieto) == antes


def test_a_text_too_large_is_refused_in_words(lectora: FlaskClient) -> None:
    respuesta = enviar(
        lectora,
        f"{AQUI}/textos",
        nombre="Préstamo",
        modelos=["prestamo.bpmn"],
        objetivo="x" * 20_001,
    )
    assert respuesta.status_code == 422
    assert "El texto tiene más de 20000 caracteres." in respuesta.text


def test_a_draft_of_a_text_is_thrown_away_but_never_the_only_manifest(
    web: WebKit, analista: FlaskClient
) -> None:
    enviar(analista, f"{AQUI}/cartas/nueva", nombre="aviso", asunto="Hola", texto="Hola")
    pagina = analista.get(f"{AQUI}/cartas/aviso").text
    for pieza in ("prestamo/paquete.toml", "prestamo.bpmn", "prestamo/cartas/aviso.es.txt"):
        analista.post(f"{AQUI}/descartar", data={"csrf_token": csrf(pagina), "pieza": pieza})
    assert sorted(borradores(web)) == ["prestamo.bpmn", "prestamo/paquete.toml"]


def test_a_further_diagram_is_one_of_its_package(web: WebKit, analista: FlaskClient) -> None:
    nuevo = analista.get("/procesos/nuevo?paquete=prestamo").text
    datos = {
        "csrf_token": csrf(nuevo),
        "nombre": "Devolución",
        "archivo": "devolucion",
        "paquete": "prestamo",
    }
    assert analista.post("/procesos/nuevo", data=datos).status_code == 302
    leido = reglas.leer("prestamo", {n: c.encode() for n, c in borradores(web).items()})[0]
    assert leido is not None
    assert leido.modelos == ("prestamo.bpmn", "devolucion.bpmn")
    assert "Préstamo de salas" in analista.get("/procesos/devolucion.bpmn/editar").text


def test_who_only_reads_diagrams_edits_nothing(web: WebKit, analista: FlaskClient) -> None:
    assert analista.get(f"{AQUI}/textos").status_code == 200
    for otro in ("asesor", "admin"):
        assert web.browser(otro).get(f"{AQUI}/textos").status_code == 403


@pytest.mark.parametrize(
    ("de_mas", "estado"),
    [
        # one of its files is somewhere else: the rest is read whole
        ('modelos = ["prestamo.bpmn", "no_hay.dmn"]', 302),
        ('modelos = ["prestamo.bpmn"]\notra_version = "x"', 422),
        ("modelos = [", 422),
        ("modelos = " + "9" * 5_000, 422),
    ],
)
def test_a_new_diagram_of_a_package_loses_nothing_of_its_texts(
    web: WebKit, analista: FlaskClient, de_mas: str, estado: int
) -> None:
    manifiesto = f'formato = 1\nnombre = "Préstamo"\nobjetivo = "Lo que escribí"\n{de_mas}\n'
    quien = Actor(ActorKind.PERSON, "analista")
    web.engine.releases.save_draft(
        "prestamo/paquete.toml", manifiesto.encode(), actor=quien, now=web.clock.now()
    )
    datos = {
        "csrf_token": csrf(analista.get("/procesos/nuevo?paquete=prestamo").text),
        "paquete": "prestamo",
    }
    respuesta = analista.post(
        "/procesos/nuevo", data=datos | {"nombre": "Devolver", "archivo": "devolver"}
    )
    assert respuesta.status_code == estado
    guardado = borradores(web)
    assert "Lo que escribí" in guardado["prestamo/paquete.toml"]
    assert (
        ("devolver.bpmn" in guardado)
        is (estado == 302)
        is ("devolver.bpmn" in guardado["prestamo/paquete.toml"])
    )
