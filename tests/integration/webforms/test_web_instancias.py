"""Pages of operation: suspend, resume, cancel, send back; what the people of the case see
meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from engine import reads
from engine.types import SYSTEM, Handlers, WorkItem
from tests.kit import diagrams as m, web as web_kit
from tests.kit.web import WebKit, csrf, followed

WHY = "Lo pidió la supervisora del contrato"
NODES = (
    m.start("ini")
    + m.user("a", fields="uno")
    + m.service("avisar", handler="avisar")
    + m.user("b", fields="dos")
    + m.user("c")
    + m.end("fin")
    + m.flows("ini>a>avisar>b>c>fin")
)
MODELO = m.model(
    m.process(
        "visita",
        NODES,
        lanes=m.lane("L1", "asesor", "punto_id", "ini", "a", "avisar", "b", "c", "fin"),
        variables="punto_id",
    )
)


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url, handlers=Handlers(local={"avisar": lambda _call: {}}))
    kit.deploy({"visita.bpmn": MODELO})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def caso(web: WebKit) -> str:
    """A case that stands at b; its key is also the id of its instance."""
    tarea = web.begin("visita", {"punto_id": "BOG-AGU"})
    with web.engine.uow.reading() as session:
        caso = reads.items.item(session, tarea).instance_id
    enviar(web.browser("asesor"), tarea, uno="primera respuesta")
    return caso


def abierta(web: WebKit, caso: str) -> WorkItem:
    with web.engine.uow.reading() as session:
        (item,) = reads.items.of_case(session, caso, only_open=True)
    return item


def enviar(cliente: FlaskClient, tarea: str, **valores: str) -> tuple[int, str]:
    pagina = cliente.get(f"/tarea/{tarea}").text
    respuesta = cliente.post(f"/tarea/{tarea}", data={"csrf_token": csrf(pagina), **valores})
    return respuesta.status_code, respuesta.text


def operar(
    cliente: FlaskClient, caso: str, acto: str, motivo: str = WHY, **mas: str
) -> tuple[int, str]:
    pagina = cliente.get(f"/caso/{caso}/operar/{caso}/{acto}").text
    datos = {"csrf_token": csrf(pagina), "motivo": motivo, **mas}
    respuesta = cliente.post(
        f"/caso/{caso}/operar/{caso}/{acto}", data=datos, follow_redirects=True
    )
    return respuesta.status_code, respuesta.text


def test_the_coordinator_suspends_with_a_reason_and_everybody_sees_it(
    web: WebKit, caso: str
) -> None:
    jefe, asesor = web.browser("coordinador"), web.browser("asesor")
    assert (
        "Los términos legales no se detienen."
        in jefe.get(f"/caso/{caso}/operar/{caso}/suspender").text
    )
    codigo, pagina = operar(jefe, caso, "suspender", "corto")
    assert (
        codigo,
        "Escriba el motivo, entre 10 y 2.000 letras" in pagina,
        ">corto</textarea>" in pagina,
    ) == (422, True, True)
    codigo, pagina = operar(jefe, caso, "suspender")
    assert (codigo, "El proceso quedó suspendido." in pagina) == (200, True)

    tarea = abierta(web, caso).id
    assert "El caso está suspendido." in asesor.get(f"/tarea/{tarea}").text
    assert 'data-e="pausa">Suspendido</span>' in asesor.get("/bandeja").text
    assert 'data-e="pausa">Suspendido: visita</span>' in asesor.get(f"/caso/{caso}").text
    assert 'data-e="pausa">Suspendido</span>' in jefe.get(f"/caso/{caso}/operar").text


def test_a_form_that_was_sent_to_a_suspended_case_keeps_its_text_on_the_page_and_as_a_draft(
    web: WebKit, caso: str
) -> None:
    asesor, tarea = web.browser("asesor"), abierta(web, caso).id
    pagina = asesor.get(f"/tarea/{tarea}").text
    operar(web.browser("coordinador"), caso, "suspender")
    respuesta = asesor.post(
        f"/tarea/{tarea}", data={"csrf_token": csrf(pagina), "dos": "texto que costó trabajo"}
    )
    assert respuesta.status_code == 409
    assert "El caso está suspendido" in respuesta.text
    assert "texto que costó trabajo" in respuesta.text
    operar(web.browser("coordinador"), caso, "reanudar")
    assert "texto que costó trabajo" in asesor.get(f"/tarea/{tarea}").text
    assert enviar(asesor, tarea, dos="texto que costó trabajo")[0] == 302
    assert abierta(web, caso).element == "c"


def test_only_the_administrator_is_offered_to_cancel_and_the_page_says_what_stays_done(
    web: WebKit, caso: str
) -> None:
    jefe, admin = web.browser("coordinador"), web.browser("admin")
    assert "/cancelar" not in jefe.get(f"/caso/{caso}/operar").text
    codigo, pagina = operar(jefe, caso, "cancelar")
    assert (codigo, "cancelarlo, solo el administrador" in pagina) == (403, True)
    web.open_with_reason("admin", caso)
    pagina = admin.get(f"/caso/{caso}/operar/{caso}/cancelar").text
    hecho = pagina.split("Ya se hizo y no se deshace")[1]
    assert "avisar" in hecho
    codigo, pagina = operar(admin, caso, "cancelar")
    assert "El proceso quedó cancelado." in pagina
    historia = admin.get(f"/caso/{caso}/historia").text
    for frase in (
        "Canceló el proceso",
        "Pasó de «En curso» a «Cancelado».",
        "uno: primera respuesta",
        WHY,
    ):
        assert frase in historia
    revision = web.browser("revisor").get(f"/cumplimiento/caso/{caso}").text
    assert "Pasó de «En curso» a «Cancelado»." in revision
    assert "Cadena verificada" in revision


def test_a_case_is_sent_back_in_two_steps_and_its_author_finds_it(web: WebKit, caso: str) -> None:
    jefe, asesor = web.browser("coordinador"), web.browser("asesor")
    direccion = f"/caso/{caso}/operar/{caso}/devolver"
    elegir = jefe.get(direccion).text
    assert "Andrés Salcedo" in elegir
    with web.engine.uow.reading() as session:
        (pasada,) = web.engine.instances.earlier(session, caso, web.clock.now())
    assert jefe.get(f"{direccion}?tarea=").status_code == 422
    pagina = jefe.get(f"{direccion}?tarea={pasada.task_id}").text
    assert "avisar" in pagina.split("Ya se hizo y no se deshace")[1]
    respuesta = jefe.post(
        direccion, data={"csrf_token": csrf(pagina), "tarea": pasada.task_id, "motivo": "corto"}
    )
    assert (respuesta.status_code, "Escriba el motivo" in respuesta.text) == (422, True)
    respuesta = jefe.post(
        direccion,
        data={"csrf_token": csrf(pagina), "tarea": pasada.task_id, "motivo": WHY},
        follow_redirects=True,
    )
    assert "El proceso volvió a: a." in respuesta.text
    item = abierta(web, caso)
    assert (item.element, item.claimed_by) == ("a", "asesor")
    assert enviar(asesor, item.id, uno="segunda respuesta")[0] == 302
    historia = jefe.get(f"/caso/{caso}/historia").text
    assert "Devolvió el proceso a a" in followed(historia)
    assert "uno: antes «primera respuesta», después «Sin dato»." in historia


def test_a_case_is_sent_back_into_a_sub_process_that_is_over_and_pages_say_what_that_opens(
    web: WebKit,
) -> None:
    def dentro_de(id_: str, nombre: str, tarea: str, repite: str = "") -> str:
        nodos = f'<startEvent id="{tarea}i"/>{m.user(tarea)}<endEvent id="{tarea}f"/>'
        return f'<subProcess id="{id_}" name="{nombre}">{repite}{nodos}{m.flows(f"{tarea}i>{tarea}>{tarea}f")}</subProcess>'

    items = "<multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality></multiInstanceLoopCharacteristics>"
    dentro, varias = (
        dentro_de("revisar", "Revisar todo", "r"),
        dentro_de("varias", "Varias", "v", items),
    )
    nodos = (
        m.start("ini")
        + dentro
        + varias
        + m.user("b")
        + m.end("fin")
        + m.flows("ini>revisar>varias>b>fin")
    )
    carril = m.lane("L1", "asesor", "punto_id", "ini", "revisar", "varias", "b", "fin")
    web.deploy({"otra.bpmn": m.model(m.process("otra", nodos, lanes=carril, variables="punto_id"))})
    tarea = web.begin("otra", {"punto_id": "BOG-AGU"})
    with web.engine.uow.reading() as session:
        caso = reads.items.item(session, tarea).instance_id
    enviar(web.browser("asesor"), tarea)
    enviar(web.browser("asesor"), abierta(web, caso).id)
    jefe, direccion = web.browser("coordinador"), f"/caso/{caso}/operar/{caso}/devolver"
    ofrecidas, no = jefe.get(direccion).text.split("A estas no se puede volver")
    assert "dentro de Revisar todo" in ofrecidas
    assert "Se hizo dentro de una actividad que se repite." in no
    elegida = jefe.get(f"{direccion}?tarea={tarea}").text
    assert (
        "Se abre otra vez «Revisar todo», en esa actividad y con los datos como están ahora."
        in elegida
    )
    jefe.post(direccion, data={"csrf_token": csrf(elegida), "tarea": tarea, "motivo": WHY})
    assert (abierta(web, caso).element, abierta(web, caso).claimed_by) == ("r", "asesor")
    assert "Se abrió otra vez: revisar." in jefe.get(f"/caso/{caso}/historia").text


def test_an_unknown_act_or_an_instance_of_another_case_is_not_found(web: WebKit, caso: str) -> None:
    jefe = web.browser("coordinador")
    otro = web.engine.instances.start(
        "visita", actor=SYSTEM, now=web.clock.now(), data={"punto_id": "PAS"}
    ).instance_id
    assert jefe.get(f"/caso/{caso}/operar/{caso}/borrar").status_code == 404
    assert jefe.get(f"/caso/{caso}/operar/{otro}/suspender").status_code == 404


def test_a_suspended_process_is_not_forgotten(web: WebKit, caso: str) -> None:
    jefe = web.browser("coordinador")
    assert "No hay procesos detenidos" in jefe.get("/suspendidos").text
    operar(jefe, caso, "suspender")
    operar(jefe, caso, "reanudar", "Ya se sabe quién es la persona")
    operar(jefe, caso, "suspender", "Se espera el concepto de jurídica")
    lista = jefe.get("/suspendidos").text
    for texto in (caso, "Jorge Mejía", "Se espera el concepto de jurídica", "hoy, 09:00"):
        assert texto in lista
    assert WHY not in lista
    assert 'href="/suspendidos"' in web.browser("admin").get("/suspendidos").text
