"""Moving cases to the version in force: the page of the analyst and `flask migrate-cases`."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import lxml.html
import pytest
from click.testing import Result
from flask.testing import FlaskClient

from engine import reads
from engine.types import SYSTEM, Handlers, WorkItem
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import WebKit, csrf, followed
from webforms.base.servicios import EXTENSION
from webforms.comandos.migracion import migrate_cases
from webforms.paquetes import migracion

WHY = "La versión nueva corrige el recorrido"


def modelo(*tareas: str, plazo: str = "") -> bytes:
    """The tasks one after the other; `plazo` is a task with a boundary timer."""
    nodos = m.start("ini") + "".join(m.user(t, fields=f"{t}_dato") for t in tareas) + m.end("fin")
    nodos += m.flows(">".join(["ini", *tareas, "fin"]))
    ids = ["ini", *tareas, "fin"]
    if plazo:
        reloj = "<timerEventDefinition><timeDuration>P2D</timeDuration></timerEventDefinition>"
        nodos += f'<boundaryEvent id="reloj" name="Dos días" attachedToRef="{plazo}" cancelActivity="false">{reloj}</boundaryEvent>'
        nodos += m.end("fin2") + m.flows("reloj>fin2")
        ids += ["reloj", "fin2"]
    return m.model(
        m.process(
            "visita", nodos, lanes=m.lane("L1", "asesor", "punto_id", *ids), variables="punto_id"
        )
    )


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers())
    kit.deploy({"visita.bpmn": modelo("recibir", "revisar", "responder")})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def casos(web: WebKit) -> list[str]:
    """Two cases: the first stands at "recibir", the second at "revisar" with a draft."""
    primero = instancia_de(web, web.begin("visita", {"punto_id": "BOG-AGU"}))
    # the list goes by when they began, and of one moment by chance
    web.clock.advance(dt.timedelta(milliseconds=1))
    segundo = instancia_de(web, web.begin("visita", {"punto_id": "BOG-AGU"}))
    asesor = web.browser("asesor")
    tarea = abierta(web, segundo).id
    asesor.post(
        f"/tarea/{tarea}",
        data={"csrf_token": csrf(asesor.get(f"/tarea/{tarea}").text), "recibir_dato": "x"},
    )
    tarea = abierta(web, segundo).id
    token = csrf(asesor.get(f"/tarea/{tarea}").text)
    asesor.put(
        f"/tarea/{tarea}/borrador",
        json={"revisar_dato": ["texto a medias"]},
        headers={"X-CSRFToken": token},
    )
    return [primero, segundo]


def instancia_de(web: WebKit, tarea: str) -> str:
    with web.engine.uow.reading() as session:
        return reads.items.item(session, tarea).instance_id


def abierta(web: WebKit, caso: str) -> WorkItem:
    with web.engine.uow.reading() as session:
        (item,) = reads.items.of_case(session, caso, only_open=True)
    return item


def enviar(
    cliente: FlaskClient, casos: list[str], motivo: str = WHY, **mas: str
) -> tuple[int, str]:
    pagina = cliente.get("/procesos/visita.bpmn/migrar").text
    en_vigor = pagina.split('name="en_vigor" value="')[1].split('"')[0]
    datos = {
        "csrf_token": csrf(pagina),
        "en_vigor": en_vigor,
        "caso": casos,
        "motivo": motivo,
        **mas,
    }
    respuesta = cliente.post("/procesos/visita.bpmn/migrar", data=datos)
    return respuesta.status_code, respuesta.text


def filas(pagina: str) -> list[str]:
    return pagina.split("<tbody")[1].split("<tr")[1:]


def test_the_page_says_what_would_happen_to_each_case_and_why_one_cannot(
    web: WebKit, casos: list[str]
) -> None:
    assert len(casos) == 2
    analista = web.browser("analista")
    assert "Migrar casos en curso" not in followed(analista.get("/procesos/visita.bpmn").text)
    web.deploy({"visita.bpmn": modelo("atender", "revisar", "responder", plazo="revisar")})
    assert 'Migrar casos en curso <span class="conteo">2</span>' in followed(
        analista.get("/procesos/visita.bpmn").text
    )
    pagina = analista.get("/procesos/visita.bpmn/migrar").text
    primera, segunda = filas(pagina)
    assert "No se puede migrar" in primera
    assert "Está en «recibir», que la versión nueva ya no tiene." in primera
    assert 'type="checkbox"' not in primera
    assert "«revisar» sigue abierta, con su borrador." in segunda
    assert "Empieza a esperar «Dos días», vence jue 26 nov, 09:00." in segunda
    assert "Pasó por actividades que ya no existen; su historia se conserva: recibir." in segunda
    assert '<option value="atender">' in pagina.split("Actividades que ya no existen")[1]


def test_the_summary_says_once_what_happens_alike_whatever_day_each_case_falls_due(
    web: WebKit,
) -> None:
    web.deploy({"visita.bpmn": modelo("recibir", "revisar", "responder", plazo="recibir")})
    for n in range(13):
        web.engine.instances.start(
            "visita",
            actor=SYSTEM,
            now=web.clock.now(),
            case_key=f"caso-{n}",
            data={"punto_id": "BOG-AGU"},
        )
        web.clock.advance(dt.timedelta(hours=9))
    web.deploy(
        {"visita.bpmn": modelo("recibir", "revisar", "atender", "responder", plazo="recibir")}
    )

    pagina = lxml.html.fromstring(web.browser("analista").get("/procesos/visita.bpmn/migrar").text)

    resumen, cada_uno = (
        [" ".join(f.text_content().split()) for f in tabla.iter("tr")][1:]
        for tabla in list(pagina.iter("table"))[:2]
    )
    assert resumen == [
        "13 casos recibir, Dos días «recibir» sigue abierta.Conserva el plazo «Dos días»."
    ]
    assert (
        len({re.findall(r"Conserva el plazo «Dos días»: ([^.]+)", fila)[0] for fila in cada_uno})
        == 13
    )


def test_what_a_case_goes_on_waiting_for_is_told_in_words(web: WebKit) -> None:
    def con_aviso(campos: str) -> bytes:
        nodos = m.start("ini") + m.user("recibir", fields=campos) + m.end("fin", "fin2")
        marca, mensaje = m.message("ProrrogaAprobada", key="punto_id")
        nodos += m.boundary("avisado", "recibir", mensaje, marca)
        aviso = '<message id="ProrrogaAprobada" name="ProrrogaAprobada"/>'
        return m.model(
            m.process("espera", nodos, "ini>recibir>fin avisado>fin2", "punto_id"), defs=aviso
        )

    web.deploy({"espera.bpmn": con_aviso("uno")})
    web.begin("espera", {"punto_id": "BOG-AGU"})
    web.deploy({"espera.bpmn": con_aviso("uno dos")})
    (fila,) = filas(web.browser("analista").get("/procesos/espera.bpmn/migrar").text)
    assert "Sigue esperando un aviso: se aprobó la prórroga." in fila
    assert "ProrrogaAprobada" not in fila


def test_moving_needs_a_reason_a_case_and_the_version_that_was_seen(
    web: WebKit, casos: list[str]
) -> None:
    web.deploy({"visita.bpmn": modelo("recibir", "revisar")})
    analista = web.browser("analista")
    codigo, pagina = enviar(analista, casos, motivo="corto")
    assert (
        codigo,
        "Escriba el motivo, entre 10 y 2.000 letras" in pagina,
        ">corto</textarea>" in pagina,
    ) == (422, True, True)
    codigo, pagina = enviar(analista, [])
    assert (codigo, "Marque los casos que quiere migrar" in pagina) == (422, True)
    codigo, pagina = enviar(analista, casos, en_vigor="1")
    assert (codigo, "Otra versión entró en vigor" in pagina) == (422, True)
    assert {abierta(web, caso).release for caso in casos} == {1}


def test_chosen_cases_move_one_by_one_with_the_mapping_and_the_history_says_so(
    web: WebKit, casos: list[str]
) -> None:
    web.deploy({"visita.bpmn": modelo("atender", "revisar", "responder")})
    analista, asesor = web.browser("analista"), web.browser("asesor")
    pagina = analista.get("/procesos/visita.bpmn/migrar?a-recibir=atender").text
    assert "«recibir» pasa a «atender»" in filas(pagina)[0]
    codigo, pagina = enviar(analista, casos, **{"a-recibir": "atender"})
    assert codigo == 200
    assert "Migrados: 2. No se pudieron migrar: 0." in pagina
    assert [(abierta(web, c).element, abierta(web, c).release) for c in casos] == [
        ("atender", 2),
        ("revisar", 2),
    ]
    assert "texto a medias" in asesor.get(f"/tarea/{abierta(web, casos[1]).id}").text
    historia = web.browser("coordinador").get(f"/caso/{casos[1]}/historia").text
    for frase in (
        "Pasó el proceso a otra versión",
        "De la versión 1 a la 2.",
        WHY,
        "Completó recibir",
    ):
        assert frase in historia
    diagrama = web.browser("coordinador").get(f"/caso/{casos[1]}/diagrama").text
    assert (
        "ya no está en esta versión"
        in diagrama.split('data-elemento="recibir"')[1].split("</tr>")[0]
    )
    assert "Pasó de la versión 1 a la 2" in diagrama
    assert "Antes: versión 1 hasta el mar 24 nov 2026, 09:00" in diagrama
    assert (
        "De la versión 1 a la 2."
        in web.browser("revisor").get(f"/cumplimiento/caso/{casos[1]}").text
    )
    assert "No hay casos por migrar" in analista.get("/procesos/visita.bpmn/migrar").text


def test_the_head_and_the_path_of_a_case_that_was_moved_twice_name_every_version_with_its_moment(
    web: WebKit, casos: list[str]
) -> None:
    caso, asesor = casos[1], web.browser("asesor")
    for mas in ("archivar", "cerrar"):
        web.clock.advance(dt.timedelta(days=1))
        web.deploy({"visita.bpmn": modelo("recibir", "revisar", "responder", mas)})
        enviar(web.browser("analista"), [caso])
        tarea = abierta(web, caso).id
        token = csrf(asesor.get(f"/tarea/{tarea}").text)
        asesor.post(
            f"/tarea/{tarea}",
            data={"csrf_token": token, "revisar_dato": "x", "responder_dato": "x"},
        )
    pagina = followed(unescape(web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text))
    cabeza = pagina.split("<dt>Diagrama</dt>")[1].split("</dl>")[0]
    assert "versión 3, desde el jue 26 nov 2026, 09:00." in cabeza
    assert (
        "Antes: versión 1 hasta el mié 25 nov 2026, 09:00; versión 2 hasta el jue 26 nov 2026, 09:00"
        in cabeza
    )
    recorrido = re.findall(
        r'<th role="rowheader" scope="row"> ([^<]*?) <', pagina.split('id="recorrido"')[1]
    )
    pasos = [
        "recibir",
        "Pasó de la versión 1 a la 2",
        "revisar",
        "Pasó de la versión 2 a la 3",
        "responder",
        "cerrar",
    ]
    assert [paso for paso in recorrido if paso in pasos] == pasos


def test_text_of_a_field_that_is_gone_stays_in_sight(web: WebKit, casos: list[str]) -> None:
    sin_campo = modelo("recibir", "revisar", "responder").replace(
        b'name="revisar_dato" label="revisar_dato"', b'name="otro" label="Otro"'
    )
    web.deploy({"visita.bpmn": sin_campo})
    analista, asesor = web.browser("analista"), web.browser("asesor")
    assert (
        "queda a la vista lo escrito en: revisar_dato."
        in analista.get("/procesos/visita.bpmn/migrar").text
    )
    enviar(analista, casos)
    pagina = asesor.get(f"/tarea/{abierta(web, casos[1]).id}").text
    assert "texto a medias" in pagina.split("Texto de campos que esta versión ya no tiene")[1]


@pytest.mark.parametrize("servidor", ["remembers the page", "forgot the page"])
def test_a_form_that_was_open_during_the_move_is_not_taken_for_the_new_one(
    web: WebKit, casos: list[str], servidor: str
) -> None:
    asesor, tarea = web.browser("asesor"), abierta(web, casos[1]).id
    pagina = asesor.get(f"/tarea/{tarea}").text
    if servidor == "forgot the page":
        web.app.extensions[EXTENSION].mostrados.sacar(tarea)
    nuevo = b'name="otro" label="Otro dato" required="true"'
    web.deploy(
        {
            "visita.bpmn": modelo("recibir", "revisar", "responder").replace(
                b'name="revisar_dato" label="revisar_dato"', nuevo
            )
        }
    )
    enviar(web.browser("analista"), casos)
    enviado = {"csrf_token": csrf(pagina), "_version": "1", "revisar_dato": "texto que costó"}
    respuesta = asesor.post(f"/tarea/{tarea}", data=enviado)
    assert respuesta.status_code in (409, 422)
    assert "Otro dato" in respuesta.text
    assert (
        "texto que costó" in respuesta.text.split("Texto de campos que esta versión ya no tiene")[1]
    )
    assert abierta(web, casos[1]).element == "revisar"
    assert (
        asesor.post(
            f"/tarea/{tarea}", data={"csrf_token": csrf(pagina), "_version": "2", "otro": "bien"}
        ).status_code
        == 302
    )
    assert abierta(web, casos[1]).element == "responder"


def test_a_form_that_did_not_change_is_taken_though_the_case_moved(
    web: WebKit, casos: list[str]
) -> None:
    asesor, tarea = web.browser("asesor"), abierta(web, casos[1]).id
    pagina = asesor.get(f"/tarea/{tarea}").text
    web.deploy({"visita.bpmn": modelo("recibir", "revisar", "responder", "archivar")})
    enviar(web.browser("analista"), casos)
    enviado = {"csrf_token": csrf(pagina), "_version": "1", "revisar_dato": "x"}
    assert asesor.post(f"/tarea/{tarea}", data=enviado).status_code == 302
    assert abierta(web, casos[1]).element == "responder"


def test_a_case_that_cannot_be_moved_does_not_stop_the_others(
    web: WebKit, casos: list[str]
) -> None:
    web.deploy({"visita.bpmn": modelo("revisar", "responder")})
    codigo, pagina = enviar(web.browser("analista"), casos)
    assert codigo == 200
    assert "Migrados: 1. No se pudieron migrar: 1." in pagina
    assert "Está en «recibir», que la versión nueva ya no tiene." in pagina
    assert [abierta(web, c).release for c in casos] == [1, 2]


def test_many_cases_go_in_parts_and_the_page_goes_on(
    web: WebKit, casos: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migracion, "TANDA", 1)
    web.deploy({"visita.bpmn": modelo("recibir", "revisar")})
    analista = web.browser("analista")
    _, pagina = enviar(analista, casos)
    assert "Faltan 1." in pagina
    assert [abierta(web, c).release for c in casos] == [2, 1]
    datos = {
        "csrf_token": csrf(pagina),
        "en_vigor": "2",
        "caso": casos[1],
        "motivo": WHY,
        "hecho": casos[0],
        "dicho": "",
    }
    assert (
        "Migrados: 2. No se pudieron migrar: 0."
        in analista.post("/procesos/visita.bpmn/migrar", data=datos).text
    )
    assert [abierta(web, c).release for c in casos] == [2, 2]


def test_an_officer_of_a_case_may_not_move_it(web: WebKit, casos: list[str]) -> None:
    assert web.browser("asesor").get("/procesos/visita.bpmn/migrar").status_code == 403
    assert web.browser("admin").get("/procesos/visita.bpmn/migrar").status_code == 200
    assert len(casos) == 2


# --- the command line -----------------------------------------------------------------------------
def correr(web: WebKit, *argumentos: str) -> Result:
    return web.app.test_cli_runner().invoke(migrate_cases, list(argumentos))


def test_the_command_says_first_moves_then_and_goes_on_when_started_again(
    web: WebKit, casos: list[str]
) -> None:
    web.deploy({"visita.bpmn": modelo("atender", "revisar", "responder")})
    dicho = correr(web, "visita", "--dry-run")
    assert dicho.exit_code == 1
    assert "Se migrarían 1 de 2. No se cambió nada." in dicho.output
    assert correr(web, "visita").exit_code == 1
    dicho = correr(web, "visita", "--reason", WHY)
    assert dicho.exit_code == 1
    assert "1/2" in dicho.output
    assert "Migrados: 1. No se pudieron migrar: 1." in dicho.output
    dicho = correr(web, "visita", "--reason", WHY, "--map", "recibir=atender")
    assert (dicho.exit_code, "1/1" in dicho.output, "Migrados: 1." in dicho.output) == (
        0,
        True,
        True,
    )
    assert [abierta(web, c).element for c in casos] == ["atender", "revisar"]
    assert correr(web, "visita", "--dry-run").output == "Se migrarían 0 de 0. No se cambió nada.\n"


def test_the_command_names_its_mistakes(web: WebKit) -> None:
    assert "no hay en vigor un proceso con ese nombre" in correr(web, "nada", "--dry-run").output
    assert "VIEJA=NUEVA" in correr(web, "visita", "--map", "solo").output
    assert "al menos 10 letras" in correr(web, "visita", "--reason", "corto").output


def test_a_case_that_stands_in_a_called_process_is_found_on_the_page_of_that_file(
    web: WebKit,
) -> None:
    def llamado(*tareas: str) -> bytes:
        nodos = (
            m.start("ci")
            + "".join(m.user(t) for t in tareas)
            + m.end("cf")
            + m.flows(">".join(["ci", *tareas, "cf"]))
        )
        return m.model(
            m.process(
                "llamado",
                nodos,
                lanes=m.lane("LC", "asesor", "punto_id", "ci", *tareas, "cf"),
                variables="punto_id",
            )
        )

    llama = (
        '<startEvent id="pi"/><callActivity id="llama" calledElement="llamado"/><endEvent id="pf"/>'
        + m.flows("pi>llama>pf")
    )
    padre = m.model(
        m.process(
            "padre",
            llama,
            lanes=m.lane("LP", "asesor", "punto_id", "pi", "llama", "pf"),
            variables="punto_id",
        )
    )
    web.deploy({"padre.bpmn": padre, "llamado.bpmn": llamado("mirar")})
    caso = instancia_de(web, web.begin("padre", {"punto_id": "BOG-AGU"}))
    diagrama = web.browser("coordinador").get(f"/caso/{caso}/diagrama").text
    # the drawing has the activity that calls, the path what waits inside
    assert "&#34;llama&#34;: &#34;espera&#34;" in diagrama
    (espera,) = lxml.html.document_fromstring(diagrama).xpath("//tr[@class='actual']")
    assert espera.get("data-elemento") == "llama"
    assert "mirar" in espera.text_content()
    web.deploy({"llamado.bpmn": llamado("mirar", "firmar")})
    analista = web.browser("analista")
    for archivo in ("padre.bpmn", "llamado.bpmn"):
        assert caso in analista.get(f"/procesos/{archivo}/migrar").text
    pagina = analista.get("/procesos/llamado.bpmn/migrar").text
    datos = {"csrf_token": csrf(pagina), "en_vigor": "3", "caso": caso, "motivo": WHY}
    assert "Migrados: 1." in analista.post("/procesos/llamado.bpmn/migrar", data=datos).text
    assert abierta(web, caso).release == 3


def test_a_case_that_an_incident_stops_says_so_in_its_row_and_is_counted_where_it_stands(
    web: WebKit,
) -> None:
    def con_camino(nombre: str) -> bytes:
        nodos = (
            m.start("ini")
            + m.user("recibir", fields="n:integer k:integer")
            + m.user("uno", "dos")
            + m.end("fin")
        )
        nodos += f'<exclusiveGateway id="g" name="{nombre}" default="f_g_dos"/>' + m.flows(
            "ini>recibir>g>dos>fin"
        )
        nodos += m.flow("g", "uno", "n / k > 1") + m.flow("uno", "fin")
        carril = m.lane("L1", "asesor", "punto_id", "ini", "recibir", "g", "uno", "dos", "fin")
        return m.model(m.process("visita", nodos, lanes=carril, variables="punto_id"))

    web.deploy({"visita.bpmn": con_camino("¿Cuánto?")})
    caso = instancia_de(web, tarea := web.begin("visita", {"punto_id": "BOG-AGU"}))
    asesor = web.browser("asesor")
    asesor.post(
        f"/tarea/{tarea}",
        data={"csrf_token": csrf(asesor.get(f"/tarea/{tarea}").text), "n": "4", "k": "0"},
    )
    with web.engine.uow.reading() as session:
        assert [i.element for i in reads.incidents.open_of_case(session, caso)] == ["g"]
        assert reads.instances.waiting_at(session, ["visita"]) == {"g": 1}, (
            "it stands there, stopped"
        )
    web.deploy({"visita.bpmn": con_camino("¿Cuántas veces?")})
    (fila,) = filas(web.browser("analista").get("/procesos/visita.bpmn/migrar").text)
    assert (
        "Está detenido por un incidente en «¿Cuántas veces?»: sigue detenido hasta que alguien lo repare."
        in fila
    )
    assert "No cambia nada de lo que espera." in fila
