"""Separate duties: whoever did the first task is not offered the second, nor given it by others;
the engine refuses both."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from engine import reads
from engine.errors import NotAllowed
from engine.types import Handlers, WorkItem
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import person
from tests.kit.web import WebKit, csrf

NO_PUEDE = "hizo antes una actividad de este caso"


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    nodos = (
        m.start("ini")
        + m.user("preparar", fields="dato")
        + m.user("aprobar", fields="visto", extra='<v:separate from="preparar"/>')
    )
    modelo = m.process(
        "doble",
        nodos + m.end("fin") + m.flows("ini>preparar>aprobar>fin"),
        lanes=m.lane("L1", "funcionario", "area_id", "ini", "preparar", "aprobar", "fin"),
        variables="area_id",
    )
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers())
    kit.deploy({"doble.bpmn": m.model(modelo)})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def tarea(web: WebKit) -> WorkItem:
    """«aprobar», after the officer prepared it."""
    primera = web.begin("doble", {"area_id": "VCC"})
    oficial = web.browser("funcionaria")
    oficial.post(
        f"/tarea/{primera}",
        data={"csrf_token": csrf(oficial.get(f"/tarea/{primera}").text), "dato": "x"},
    )
    with web.engine.uow.reading() as session:
        (abierta,) = reads.items.of_case(
            session, reads.items.item(session, primera).case_key, only_open=True
        )
    assert abierta.element == "aprobar"
    return abierta


def test_who_did_the_first_task_is_not_offered_the_second_and_reads_why(
    web: WebKit, tarea: WorkItem
) -> None:
    for ruta in ("/bandeja?vista=todas", f"/tarea/{tarea.id}"):
        suya, ajena = (
            unescape(web.browser(quien).get(ruta).text) for quien in ("funcionaria", "companero")
        )
        assert ("/tomar" in suya, NO_PUEDE in suya) == (False, True), ruta
        assert ("/tomar" in ajena, NO_PUEDE in ajena) == (True, False), ruta


def test_the_form_is_not_open_to_them_and_what_they_sent_all_the_same_stays(
    web: WebKit, tarea: WorkItem
) -> None:
    suya, ajena = (web.browser(quien) for quien in ("funcionaria", "companero"))
    for navegador, cerrado in ((suya, True), (ajena, False)):
        pagina = navegador.get(f"/tarea/{tarea.id}").text
        assert (
            '<fieldset class="cerrado" disabled>' in pagina,
            "Completar y seguir" in pagina,
        ) == (cerrado, not cerrado)
    enviado = {"csrf_token": csrf(suya.get("/bandeja").text), "visto": "texto que costó"}
    respuesta = suya.post(f"/tarea/{tarea.id}", data=enviado)
    assert respuesta.status_code in (403, 422)
    assert "texto que costó" in respuesta.text


def test_the_engine_refuses_to_hand_it_to_them_and_pages_do_not_offer_it(
    web: WebKit, tarea: WorkItem
) -> None:
    oficial, colega = (
        person("funcionaria", "funcionario@VCC"),
        person("companero", "funcionario@VCC"),
    )
    now = web.clock.now()
    for intento in (
        lambda: web.engine.items.claim(tarea.id, actor=oficial, now=now),
        lambda: web.engine.items.reassign(
            tarea.id, to="funcionaria", actor=colega, now=now, reason="Que la haga ella"
        ),
    ):
        with pytest.raises(NotAllowed) as rechazo:
            intento()
        assert rechazo.value.reason == "same_person"
    pagina = web.browser("companero").get(f"/tarea/{tarea.id}/reasignar").text
    assert 'value="funcionaria"' not in pagina
    web.engine.items.claim(tarea.id, actor=colega, now=now)
