"""The inbox: the most urgent first, narrowed by the case, acts on several tasks, marks of a person,
shared filters, what is new."""

import csv
import datetime as dt
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine import reads
from engine.jobs.inprocess import InProcessJobs
from engine.reads.items import InboxFilter
from engine.states import TextOf
from engine.store.tables import Instance, Item, Note, SubmissionRow
from engine.types import Data, Failed, Handlers
from handlers.correo import quietas
from records.base.actos import Acto
from records.base.reglas.nombres import palabras
from records.casos import bandeja
from records.casos.tablas import Caso, CasoRegistrado, Suspension
from records.catalogos.catalogo import cargar_catalogo
from records.correo.tablas import Aviso
from records.cuentas.ausencias import NuevaAusencia, registrar_ausencia
from records.cuentas.marcas import poner_seguimiento
from records.cuentas.tablas import Cuenta, FiltroGuardado
from records.personas.tablas import Persona, PersonaPalabra
from records.plazos.reglas.calendario import BOGOTA
from tests.kit import diagrams as m, web as web_kit
from tests.kit.cast import OFICIAL
from tests.kit.clock import NOW
from tests.kit.procedure import BPMN
from tests.kit.web import WebKit, csrf, followed
from webforms.bandeja.lista import Fila

QUIETAS = BPMN / "supuestos/sin_movimiento.bpmn"
assert Fila.sin_leer, bandeja.EnEspera.pidio  # its template is the only reader


def diagrama() -> bytes:
    nodos = m.start("ini") + m.user("uno", fields="a") + m.end("fin")
    carril = m.lane("l1", "funcionario", "area_id", "ini", "uno", "fin")
    return m.model(
        m.process(
            "prueba",
            nodos + m.flows("ini > uno > fin"),
            lanes=carril,
            variables="area_id caso_id:integer",
        )
    )


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    registro = Handlers(local={"correo.sin_movimiento": quietas.sin_movimiento})
    kit = web_kit.build(tmp_path, sqlite_url, handlers=registro)
    with kit.session() as s:
        cargar_catalogo(s)
        s.commit()
    kit.deploy({"prueba.bpmn": diagrama(), QUIETAS.name: QUIETAS.read_bytes()})
    yield kit
    kit.engine.db.dispose()


def llega(
    web: WebKit,
    radicado: str,
    *,
    area: str = "VCC",
    vence: float = 5,
    legal: float = 9,
    **cambios: Any,
) -> str:
    """A task of an area with its case: due and legal term in days from now. Gives the id of the
    task."""
    with web.session() as s:
        persona = Persona(
            tipo_doc="CC",
            num_doc=radicado,
            nombre=cambios.pop("nombre", radicado),
            calidad="beneficiario",
            creada=NOW,
        )
        s.add(persona)
        s.flush()
        s.add_all(
            PersonaPalabra(palabra=palabra, persona_id=persona.id)
            for palabra in palabras(persona.nombre)
        )
        datos = {
            "clase": "reclamo",
            "tema": "R01",
            "punto_id": "BOG-AGU",
            "estado": "escalado",
            **cambios,
        }
        caso = Caso(
            radicado=radicado,
            persona_id=persona.id,
            asesor_id="asesor",
            descripcion="x",
            recepcion=NOW - dt.timedelta(days=5),
            norma="LEY1755",
            tipo_termino="peticion",
            dias_termino=15,
            limite_respuesta=NOW + dt.timedelta(days=legal),
            escalado=NOW,
            **datos,
        )
        s.add(caso)
        s.commit()
        caso_id = caso.id
    tarea = web.begin("prueba", {"area_id": area, "caso_id": caso_id})
    with web.session() as s:
        item = s.get_one(Item, tarea)
        item.due_at = NOW + dt.timedelta(days=vence)
        s.get_one(Caso, caso_id).case_key = item.case_key
        s.commit()
    return tarea


def radicados(web: WebKit, quien: str, ruta: str = "/bandeja?vista=todas") -> list[str]:
    """The numbers of the lines, in their order."""
    return re.findall(r'class="sutil"[^>]*>\s*(\S+?)</a>', web.browser(quien).get(ruta).text)


def enviar(cliente: FlaskClient, ruta: str, **datos: Any) -> TestResponse:
    return cliente.post(
        ruta, data={"csrf_token": csrf(cliente.get("/bandeja?vista=todas").text), **datos}
    )


def test_an_officer_begins_with_what_is_theirs_and_is_told_where_else_there_is_work(
    web: WebKit,
) -> None:
    llega(web, "C-1")
    suya = llega(web, "C-2", vence=6)
    yo = web.browser("funcionaria")
    vacia = yo.get("/bandeja").text
    assert "Ninguna tarea está a su nombre" in vacia
    for enlace, dicho in (
        ("vista=libres", "Sin asignar: 2"),
        ("vista=todas", "Toda mi bandeja: 2"),
    ):
        assert f'href="/bandeja?{enlace}">{dicho}</a>' in vacia
        assert radicados(web, "funcionaria", f"/bandeja?{enlace}") == ["C-1", "C-2"]
    enviar(yo, "/bandeja/tomar", una=suya)
    assert radicados(web, "funcionaria", "/bandeja") == ["C-2"]
    # what was asked for is kept, and no visit changes how the next one begins
    assert radicados(web, "funcionaria", "/bandeja?clase=reclamo") == ["C-1", "C-2"]
    assert radicados(web, "funcionaria", "/bandeja") == ["C-2"]
    assert radicados(web, "lider", "/bandeja") == ["C-1", "C-2"]


def test_the_most_urgent_is_first_and_the_oldest_overdue_before_the_newer(web: WebKit) -> None:
    llega(web, "C-tranquila", vence=9)
    llega(web, "C-interno-nuevo", vence=-1)
    llega(web, "C-legal", vence=-0.5, legal=-0.1)
    llega(web, "C-interno-viejo", vence=-3)
    llega(web, "C-hoy", vence=0.1)
    assert radicados(web, "funcionaria") == [
        "C-legal",
        "C-interno-viejo",
        "C-interno-nuevo",
        "C-hoy",
        "C-tranquila",
    ]
    pagina = followed(web.browser("funcionaria").get("/bandeja?vista=todas").text)
    grupos = re.findall(
        r'<section class="grupo (\S+)".*?data-e="\S+">(.*?)</span> <span class="conteo">(\d+)',
        pagina,
    )
    assert grupos == [
        ("critica", "Pasó el término legal", "1"),
        ("vencida", "Pasó el plazo interno", "2"),
        ("por-vencer", "Vence hoy o el próximo día hábil", "1"),
        ("tranquila", "Sin urgencia", "1"),
    ]
    assert "Legal: 15 días hábiles desde el jue 19 nov" in pagina


def test_priority_is_shown_and_sorts(web: WebKit) -> None:
    llega(web, "C-1", vence=5)
    alta = llega(web, "C-2", vence=6)
    with web.session() as s:
        s.get_one(Item, alta).priority = 2
        s.commit()
    assert radicados(web, "funcionaria") == ["C-1", "C-2"]
    assert radicados(web, "funcionaria", "/bandeja?orden=prioridad") == ["C-2", "C-1"]
    assert web.browser("funcionaria").get("/bandeja?vista=todas").text.count("Prioridad alta") == 1


@pytest.mark.parametrize(
    ("filtro", "quedan"),
    [
        ("clase=queja", ["C-queja"]),
        ("tema=Q01", ["C-queja"]),
        ("punto=PAS", ["C-pasto"]),
        ("estado=en_analisis", ["C-pasto"]),
        ("termino=vencida", ["C-vencida"]),
        ("q=C-pas", ["C-pasto"]),
        ("q=olga", ["C-vencida"]),
        ("q=%C3%93LGA+sier", ["C-vencida"]),
        ("q=ATENCI%C3%93N", ["C-queja"]),
        ("q=atencion", ["C-queja"]),
        ("clase=reclamo&punto=BOG-AGU", ["C-vencida"]),
        ("quien=companero", ["C-pasto"]),
        ("vista=libres", ["C-vencida", "C-queja"]),
        ("vista=mias", []),
        ("clase=%00%EF%BF%BE&termino=zz&orden=1", []),
        ("termino=zz&orden=1&vista=otra", ["C-vencida", "C-pasto", "C-queja"]),
    ],
)
def test_filters_narrow_by_what_the_case_is(web: WebKit, filtro: str, quedan: list[str]) -> None:
    llega(web, "C-queja", vence=7, clase="queja", tema="Q01")
    tomada = llega(web, "C-pasto", vence=5, punto_id="PAS", estado="en_analisis")
    llega(web, "C-vencida", vence=-1, nombre="Olga Sierra")
    llega(web, "C-ajena", area="OAJ")
    enviar(web.browser("companero"), "/bandeja/tomar", una=tomada)
    assert radicados(web, "funcionaria", f"/bandeja?{filtro}") == quedan


def test_a_search_finds_the_open_task_behind_hundreds_of_cases_that_are_over(web: WebKit) -> None:
    """By name, by the beginning of the number, by document: what is over is put aside before
    anything is cut."""
    with web.session() as s:
        s.add(
            persona := Persona(
                tipo_doc="CC",
                num_doc="52123456",
                nombre="Álvaro Ríos",
                calidad="beneficiario",
                creada=NOW,
            )
        )
        s.flush()
        s.add_all(
            PersonaPalabra(palabra=palabra, persona_id=persona.id)
            for palabra in palabras(persona.nombre)
        )
        comun = {
            "persona_id": persona.id,
            "asesor_id": "asesor",
            "descripcion": "x",
            "norma": "LEY1755",
            "tipo_termino": "peticion",
        }
        de_que = {
            "clase": "reclamo",
            "tema": "R01",
            "punto_id": "BOG-AGU",
            "estado": "cerrado",
            "recepcion": NOW,
        }
        s.add_all(
            Caso(radicado=f"C-{n:04d}", case_key=f"vieja-{n}", **comun, **de_que)
            for n in range(501)
        )
        s.commit()
    llega(web, "C-suya")
    with web.session() as s:
        s.scalars(sa.select(Caso).where(Caso.radicado == "C-suya")).one().persona_id = persona.id
        s.commit()
    for texto in ("alvaro", "C-"):
        assert radicados(web, "funcionaria", f"/bandeja?q={texto}") == ["C-suya"], texto
    assert re.findall(r"C-suya|C-\d+", enviar_busqueda(web, num_doc="52123456")) == ["C-suya"]


def test_a_document_with_fifty_cases_of_other_procedures_finds_its_open_task(web: WebKit) -> None:
    """The address that answers holds their keys, signed."""
    tarea = llega(web, "C-1")
    with web.session() as s:
        item = s.get_one(Item, tarea)
        s.get_one(Instance, item.instance_id).data = {"area_id": "VCC"}
        s.execute(sa.update(Caso).values(case_key=None))
        de = {"procedimiento": "prueba", "documento": "900123456", "abierto": NOW}
        s.add_all(
            CasoRegistrado(case_key=uuid4().hex, numero=f"P-{n}", estado="terminado", **de)
            for n in range(49)
        )
        s.flush()
        s.add(CasoRegistrado(case_key=item.case_key, numero="P-suya", estado="abierto", **de))
        s.commit()
    assert enviar_busqueda(web, num_doc="900123456") == "P-suya"


def enviar_busqueda(web: WebKit, **datos: str) -> str:
    """The numbers of the lines of the inbox that answers."""
    cliente = web.browser("funcionaria")
    pagina = enviar(cliente, "/bandeja/buscar", **datos)
    return " ".join(
        re.findall(r'class="sutil"[^>]*>\s*(\S+?)</a>', cliente.get(pagina.location).text)
    )


def test_tomar_of_a_line_leads_to_its_form_and_who_comes_second_is_told(web: WebKit) -> None:
    tarea = llega(web, "C-1")
    primera = enviar(web.browser("funcionaria"), "/bandeja/tomar", una=tarea)
    assert primera.location == f"/tarea/{tarea}?volver=bandeja"
    otro = web.browser("companero")
    segunda = enviar(otro, "/bandeja/tomar", una=tarea, consulta="vista=libres")
    assert segunda.location == "/bandeja?vista=libres"
    assert "C-1: ya la tiene Carolina Rincón" in otro.get(segunda.location).text
    assert web.claimed_by(tarea) == "funcionaria"


def test_several_are_handed_on_with_one_reason_and_each_that_stays_is_told(web: WebKit) -> None:
    tareas = [llega(web, f"C-{n}") for n in range(3)]
    ajena = llega(web, "C-ajena", area="OAJ")
    web.engine.items.complete(tareas[2], values={"a": "x"}, actor=web_kit.SYSTEM, now=NOW)
    lider = web.browser("lider")
    datos = {
        "item": [*tareas, ajena],
        "accion": "a:companero",
        "motivo": "Reparto de la semana",
        "consulta": "orden=antigua",
    }
    hecho = enviar(lider, "/bandeja/lote", **datos)
    assert hecho.location == "/bandeja?orden=antigua"
    pagina = lider.get("/bandeja?vista=todas").text
    assert "Reasignó 2 tareas a Jairo Ortiz." in pagina
    assert "Quedaron como estaban: C-2: ya se cerró." in pagina
    assert [web.claimed_by(t) for t in (*tareas[:2], ajena)] == ["companero", "companero", None]
    with web.session() as s:
        filas = s.scalars(
            sa.select(SubmissionRow.form_values).where(SubmissionRow.form == "reassign")
        ).all()
    assert filas == [{TextOf.REASON: "Reparto de la semana"}] * 2


@pytest.mark.parametrize(
    ("datos", "dice"),
    [
        ({"accion": "a:companero", "motivo": " "}, "Escriba el motivo"),
        ({"accion": "", "motivo": "Porque sí"}, "Elija qué hacer con las tareas"),
        ({"accion": "devolver", "motivo": "", "item": []}, "Elija al menos una tarea"),
    ],
)
def test_what_lacks_for_a_bulk_act_is_said_and_the_choice_stays(
    web: WebKit, datos: dict[str, Any], dice: str
) -> None:
    tarea = llega(web, "C-1")
    respuesta = enviar(web.browser("lider"), "/bandeja/lote", **{"item": [tarea], **datos})
    assert respuesta.status_code == 422
    assert dice in respuesta.text
    assert ("checked" in respuesta.text) == ("item" not in datos)
    assert web.claimed_by(tarea) is None


def test_what_the_board_hands_on_comes_back_to_the_board_also_when_something_lacks(
    web: WebKit,
) -> None:
    """Thirteen tasks are not handed to three people by walking back from the inbox each time."""
    tareas = [llega(web, f"C-{n}") for n in range(3)]
    jefe, de_aqui = (
        web.browser("coordinador"),
        {"tablero": "1", "area": "VCC", "persona": "-", "accion": "a:companero"},
    )
    falta = enviar(jefe, "/bandeja/lote", item=[tareas[1]], motivo="", **de_aqui)
    assert falta.status_code == 422
    pagina = followed(falta.text)
    assert "Carga de las áreas" in pagina
    assert '<a href="#motivo">Escriba el motivo, en máximo 500 caracteres</a>' in pagina
    assert re.findall(r'name="item" value="([^"]+)" checked', pagina) == [tareas[1]], (
        "the choice stays"
    )
    assert re.search(r'value="a:companero" selected', pagina)
    assert (
        '<a href="#elegir-todas">Elija al menos una tarea</a>'
        in enviar(jefe, "/bandeja/lote", motivo="Reparto", **de_aqui).text
    )
    hecho = enviar(jefe, "/bandeja/lote", item=tareas[:2], motivo="Reparto", **de_aqui)
    assert hecho.location == "/tablero-de-carga?area=VCC&persona=-"
    assert "Reasignó 2 tareas a Jairo Ortiz." in jefe.get(hecho.location).text
    for quien in ("funcionaria", "otro.lider"):
        ajena = enviar(web.browser(quien), "/bandeja/lote", motivo="", item=[tareas[2]], **de_aqui)
        assert "Carga de las áreas" not in ajena.text, "the board is of who leads the area"


def test_a_colleague_does_not_give_back_what_another_holds_but_the_leader_does(web: WebKit) -> None:
    tarea = llega(web, "C-1")
    enviar(web.browser("funcionaria"), "/bandeja/tomar", una=tarea)
    datos = {"item": [tarea], "accion": "devolver", "motivo": "No vino"}
    otro = web.browser("companero")
    enviar(otro, "/bandeja/lote", **datos)
    assert "La tarea la tiene otra persona" in otro.get("/bandeja?vista=todas").text
    assert web.claimed_by(tarea) == "funcionaria"
    enviar(web.browser("lider"), "/bandeja/lote", **datos)
    assert web.claimed_by(tarea) is None


def test_the_coordinator_sees_and_hands_out_the_tasks_of_all_areas(web: WebKit) -> None:
    tarea = llega(web, "C-vcc")
    llega(web, "C-oaj", area="OAJ", vence=6)
    assert radicados(web, "coordinador") == []
    assert radicados(web, "coordinador", "/bandeja?vista=areas") == ["C-vcc", "C-oaj"]
    assert radicados(web, "otro.lider", "/bandeja?vista=areas") == ["C-oaj"]
    enviar(
        web.browser("coordinador"),
        "/bandeja/lote",
        item=[tarea],
        accion="a:companero",
        motivo="Falta gente en el área",
    )
    assert web.claimed_by(tarea) == "companero"


def test_a_task_is_unread_for_each_person_until_they_open_it_from_the_inbox(web: WebKit) -> None:
    tarea = llega(web, "C-1")
    yo, otro = web.browser("funcionaria"), web.browser("companero")
    assert "Sin leer" in yo.get("/bandeja?vista=todas").text
    yo.get(f"/tarea/{tarea}?volver=bandeja")
    assert "Sin leer" not in yo.get("/bandeja?vista=todas").text
    assert "Sin leer" in otro.get("/bandeja?vista=todas").text
    enviar(yo, "/bandeja/lote", item=[tarea], accion="no_leer", motivo="")
    assert "Sin leer</span>" in yo.get("/bandeja?vista=todas").text


def test_a_follow_up_date_brings_the_task_back_on_its_day(web: WebKit) -> None:
    tarea = llega(web, "C-1")
    llega(web, "C-2")
    yo = web.browser("funcionaria")
    assert (
        "Escriba la fecha"
        in yo.get(enviar(yo, f"/bandeja/tarea/{tarea}/seguimiento", dia="mañana").location).text
    )
    enviar(yo, f"/bandeja/tarea/{tarea}/seguimiento", dia="25/11/2026")
    assert "Seguimiento mié 25 nov" in followed(yo.get("/bandeja?vista=todas").text)
    assert radicados(web, "funcionaria", "/bandeja?vista=seguimiento") == []
    web.clock.advance(dt.timedelta(days=1))
    assert radicados(web, "funcionaria", "/bandeja?vista=seguimiento") == ["C-1"]
    assert radicados(web, "companero", "/bandeja?vista=seguimiento") == []


def test_a_filter_is_saved_with_its_count_and_shared_with_the_area_only(web: WebKit) -> None:
    llega(web, "C-1", clase="queja", tema="Q01")
    llega(web, "C-2")
    lider = web.browser("lider")
    enviar(lider, "/bandeja/filtros", consulta="clase=queja", nombre="Quejas", ambito="VCC")
    enviar(lider, "/bandeja/filtros", consulta="clase=reclamo", nombre="Solo mías", ambito="")
    pagina = followed(web.browser("funcionaria").get("/bandeja?vista=todas").text)
    assert re.search(
        r'href="/bandeja\?clase=queja">.*?Quejas <span class="conteo">1</span>', pagina
    )
    assert "Solo mías" not in pagina
    assert "Quejas" not in web.browser("otro.lider").get("/bandeja?vista=todas").text
    assert enviar(web.browser("funcionaria"), "/bandeja/filtros/1/borrar").status_code == 404
    enviar(lider, "/bandeja/filtros/1/borrar")
    assert "Quejas" not in web.browser("funcionaria").get("/bandeja?vista=todas").text


def novedades(web: WebKit, filtro: str = "") -> Any:
    return web.browser("funcionaria").get(f"/bandeja/novedades?{filtro}").json


def test_what_the_page_asks_while_it_is_open_says_who_holds_each_task(web: WebKit) -> None:
    una, otra = llega(web, "C-1"), llega(web, "C-2")
    enviar(web.browser("companero"), "/bandeja/tomar", una=una)
    vista, libres = novedades(web), novedades(web, "vista=libres")
    assert (vista["total"], vista["tareas"]) == (2, {una: "Jairo Ortiz", otra: ""})
    assert (libres["total"], libres["tareas"]) == (1, {otra: ""})


def espera(
    web: WebKit,
    radicado: str,
    *,
    area: str = "VCC",
    pidio: str = "Copia del recibo",
    **cambios: Any,
) -> None:
    """A case of an area whose officer asked the person for something: no task is open meanwhile."""
    tarea = llega(web, radicado, area=area, area_id=area, **cambios)
    with web.session() as s:
        caso = s.scalars(sa.select(Caso).where(Caso.radicado == radicado)).one()
        caso.estado = "requerido"
        vence = NOW + dt.timedelta(days=30)
        hecha = {"causa": "falta_informacion", "requerido_por": "funcionaria"}
        s.add(Suspension(caso_id=caso.id, informacion=pidio, desde=NOW, vence=vence, **hecha))
        s.get_one(Item, tarea).state = "done"
        s.commit()


def test_a_case_that_waits_for_the_citizen_keeps_a_line_of_its_own(web: WebKit) -> None:
    """Issue 9, 2.3: nobody thinks that it is gone."""
    llega(web, "C-abierta")
    espera(web, "C-espera", pidio="Copia del recibo de octubre")
    espera(web, "C-ajena", area="DTE")
    pagina = web.browser("funcionaria").get("/bandeja?vista=todas").text
    for dicho in (
        "Espera al ciudadano, hasta jue 24 dic",
        "Se pidió: Copia del recibo de octubre",
        "C-espera",
    ):
        assert dicho in pagina
    assert "C-ajena" not in pagina
    huella = re.findall(r'data-esperan data-huella="(\w+)"', pagina)[0]
    espera(web, "C-otra")
    ahora = novedades(web, f"esperan={huella}")["esperan"]
    assert (ahora["total"], "C-otra" in ahora["html"], "C-ajena" in ahora["html"]) == (
        2,
        True,
        False,
    )
    igual = novedades(web, f"esperan={ahora['huella']}")["esperan"]
    assert igual == {"huella": ahora["huella"]}, "a browser that shows them gets nothing"
    assert "nota area" not in pagina, "in the inbox of one area it is known"
    todas = web.browser("coordinador").get("/bandeja?vista=areas").text
    assert "Área y responsable" in todas
    assert len(re.findall(r'<span class="nota area">', todas)) == 4, "each line says whose it is"
    for filtro in (
        "vista=libres",
        "termino=critica",
        "estado=escalado",
        "actividad=uno",
        "clase=queja",
    ):
        assert "C-espera" not in web.browser("funcionaria").get(f"/bandeja?{filtro}").text, filtro
    for filtro in ("termino=pausa", "estado=requerido", "q=C-espera", "clase=reclamo"):
        assert "C-espera" in web.browser("funcionaria").get(f"/bandeja?{filtro}").text, filtro


def test_a_case_whose_term_is_suspended_counts_on_the_board_for_its_area_and_who_asked(
    web: WebKit,
) -> None:
    llega(web, "C-abierta", vence=9)
    espera(web, "C-espera")
    espera(web, "C-otra", area="DTE")
    pagina = followed(
        web.browser("coordinador").get("/tablero-de-carga?area=VCC&persona=funcionaria").text
    )
    assert re.search(r'vista=areas&amp;termino=pausa">2</a>', pagina)
    assert (
        pagina.count('aria-label="0 vencidas, 0 por vencer, 1 con tiempo, 1 suspendidas"') == 1
    ), "the area"
    assert 'aria-label="0 vencidas, 0 por vencer, 0 con tiempo, 1 suspendidas"' in pagina, (
        "who asked, and the other area"
    )
    lista = web.browser("coordinador").get("/bandeja?vista=areas&termino=pausa").text
    assert "C-espera" in lista
    assert "C-otra" in lista
    assert "C-abierta" not in lista


def test_from_the_board_the_inbox_opens_with_just_what_was_counted(web: WebKit) -> None:
    """The area and the person, or nobody, are filters of the inbox; who only waits for people has
    nothing to hand on."""
    tomadas = [llega(web, f"C-{n:02}") for n in range(13)]
    for tarea in tomadas:
        enviar(web.browser("funcionaria"), "/bandeja/tomar", una=tarea)
    espera(web, "C-espera")
    for n in range(14):
        llega(web, f"L-{n:02}")
    llega(web, "OTRA", area="OAJ")
    espera(web, "OTRA-espera", area="DTE")
    jefe = web.browser("coordinador")
    for persona, dicho, que, cuantas in (
        ("funcionaria", "Ver las 13 en la bandeja", "tarea", 13),
        ("funcionaria", "1 caso espera a la persona", "caso", 1),
        ("-", "Ver las 14 en la bandeja", "tarea", 14),
    ):
        pagina = followed(jefe.get(f"/tablero-de-carga?area=VCC&persona={persona}").text)
        (direccion,) = re.findall(rf'<a href="([^"]+)">{dicho}</a>', pagina)
        lista = jefe.get(html.unescape(direccion)).text
        assert len(re.findall(rf'<a class="titulo" href="/{que}/', lista)) == cuantas
        assert re.search(r"Área: [A-Z]\w+", lista)
        assert "Área: VCC" not in lista, "the area by its name"
        assert "OTRA" not in lista
    pagina = followed(jefe.get("/tablero-de-carga?area=DTE").text)
    assert "Reasignar las elegidas" not in pagina
    assert "ninguna corre" in pagina
    assert 'name="area"' not in web.browser("funcionaria").get("/bandeja?vista=todas").text, (
        "who works in one area has no choice of areas"
    )


def test_a_document_is_looked_for_by_post_and_the_number_is_in_no_address(web: WebKit) -> None:
    llega(web, "10203040", nombre="Marta Rojas")
    llega(web, "50607080", nombre="Luis Peña")
    espera(web, "90807060", nombre="Inés Solano")
    suya = web.browser("funcionaria")
    respuesta = enviar(suya, "/bandeja/buscar", num_doc="10.203.040")
    assert respuesta.status_code == 302
    assert "10203040" not in respuesta.location
    pagina = suya.get(respuesta.location).text
    assert "Marta Rojas" in pagina
    assert "Luis Peña" not in pagina
    assert "Inés Solano" not in pagina
    assert "Documento: " in pagina
    assert (
        "Inés Solano" in suya.get(enviar(suya, "/bandeja/buscar", num_doc="90807060").location).text
    )
    # signed for the account that looked
    assert "Marta Rojas" not in web.browser("coordinador").get(respuesta.location).text
    assert [a for a in web.accesses() if a[0] == "busqueda_casos"]
    enviar(
        suya,
        "/bandeja/filtros",
        nombre="Mío",
        consulta=respuesta.location.partition("?")[2] + "&clase=reclamo",
    )
    with web.session() as s:
        assert s.scalars(sa.select(FiltroGuardado.consulta)).all() == ["clase=reclamo"]


def test_the_list_leaves_as_a_file_with_what_its_reader_sees_and_nothing_that_runs(
    web: WebKit,
) -> None:
    llega(web, "C-1", nombre="=HIPERVINCULO(1)", vence=1)
    espera(web, "C-2")
    llega(web, "C-3", area="DTE")
    suya = web.browser("funcionaria")
    respuesta = suya.get("/bandeja/lista.csv?clase=reclamo")
    assert respuesta.mimetype == "text/csv"
    assert respuesta.text.startswith("\ufeffTérmino;Número;")
    una, otra = csv.DictReader(io.StringIO(respuesta.text.removeprefix("\ufeff")), delimiter=";")
    assert [una[que] for que in ("Número", "Persona", "Responsable", "Prioridad")] == [
        "C-1",
        "'=HIPERVINCULO(1)",
        "",
        "",
    ]
    for que, dias in (("Vence", 1), ("Término legal", 9)):
        assert una[que] == f"{(NOW + dt.timedelta(days=dias)).astimezone(BOGOTA):%Y-%m-%d %H:%M}"
    assert [otra[que] for que in ("Número", "Término", "Actividad", "Término legal")] == [
        "C-2",
        "Espera al ciudadano",
        "",
        "",
    ]
    assert ("exportacion", "funcionaria", "bandeja.csv") in web.accesses()
    hoja = suya.get("/bandeja/imprimir?clase=reclamo").text
    for dicho in ("C-1", "C-2", "Clase: Reclamo", "Espera al ciudadano"):
        assert dicho in hoja
    assert (">C-3<" in hoja, "C-3" in respuesta.text) == (False, False)


def test_the_board_counts_load_and_age_by_area_and_officer(web: WebKit) -> None:
    tomada = llega(web, "C-1", vence=-1)
    web.clock.advance(dt.timedelta(minutes=1))
    llega(web, "C-2", vence=0.2)
    llega(web, "C-3", vence=9)
    llega(web, "C-oaj", area="OAJ")
    enviar(web.browser("funcionaria"), "/bandeja/tomar", una=tomada)
    web.clock.advance(dt.timedelta(days=1))
    with web.session() as s:
        tareas = bandeja.pendientes(
            s, reads.items.open_of(OFICIAL, InboxFilter()).subquery(), ahora=web.clock.now()
        )
    carga = bandeja.carga_de(tareas, web.clock.now().date())
    assert (carga.total, carga.vencidas, carga.con_tiempo, carga.sin_asignar, carga.edad_media) == (
        3,
        2,
        1,
        2,
        1.0,
    )
    assert carga.mas_antigua is not None
    assert carga.mas_antigua.radicado == "C-1"
    pagina = followed(
        web.browser("coordinador").get("/tablero-de-carga?area=VCC&persona=funcionaria").text
    )
    assert 'aria-label="2 vencidas, 0 por vencer, 1 con tiempo, 0 suspendidas"' in pagina
    assert "Oficina Asesora Jurídica" in pagina
    assert "A Carolina Rincón le llega un correo. Dice el radicado de la tarea vencida" in pagina
    assert "Oficina Asesora Jurídica" not in web.browser("lider").get("/tablero-de-carga").text
    assert web.browser("funcionaria").get("/tablero-de-carga").status_code == 403


def test_a_reminder_is_a_note_on_each_overdue_case_and_makes_it_unread_again(web: WebKit) -> None:
    vencida, otra = llega(web, "C-1", vence=-1), llega(web, "C-2", vence=9)
    yo = web.browser("funcionaria")
    for tarea in (vencida, otra):
        enviar(yo, "/bandeja/tomar", una=tarea)
        yo.get(f"/tarea/{tarea}?volver=bandeja")
    assert "Sin leer</span>" not in yo.get("/bandeja?vista=todas").text
    jefe = web.browser("coordinador")
    datos = {"area": "VCC", "persona": "funcionaria", "mensaje": "¿Le ayudo?"}
    hecho = enviar(jefe, "/tablero-de-carga/recordar", **datos)
    assert (
        "Recordó 1 tarea vencida: el correo va a funcionaria@ejemplo.test"
        in jefe.get(hecho.location).text
    )
    assert yo.get("/bandeja?vista=todas").text.count("Sin leer</span>") == 1
    with web.session() as s:
        notas = s.execute(sa.select(Note.kind, Note.text, Note.actor_id)).all()
    assert [tuple(n) for n in notas] == [
        (
            "recordatorio",
            "Recordatorio a Carolina Rincón: la tarea está vencida. ¿Le ayudo?",
            "coordinador",
        )
    ]


# --- what nobody touches (Q27) --------------------------------------------------------------------
def amanece(web: WebKit, dias: int) -> None:
    """That many days go by, and each morning the calendar does its part."""
    for _dia in range(dias):
        web.clock.advance(dt.timedelta(days=1))
        web.engine.pump(web.clock.now())


def grupo_quieto(web: WebKit, quien: str) -> list[str]:
    return radicados(web, quien, "/bandeja?termino=quieta")


def correos_de_quietud(web: WebKit) -> list[tuple[str, str]]:
    with web.session() as s:
        return [
            (a.para, a.texto)
            for a in s.scalars(
                sa.select(Aviso).where(Aviso.tipo == "sin_movimiento").order_by(Aviso.id)
            )
        ]


def test_a_task_that_nobody_touches_rises_once_to_its_leader_until_somebody_does(
    web: WebKit,
) -> None:
    """Tuesday 24: it rises on Friday 27, three business days later, and stands first; a note takes
    it off; then it rises anew."""
    quieta, otra = (
        llega(web, "C-quieta", vence=30, legal=40),
        llega(web, "C-otra", vence=1, legal=40, area="OAJ"),
    )
    amanece(web, 2)
    assert grupo_quieto(web, "lider") == []
    amanece(web, 1)
    assert grupo_quieto(web, "lider") == ["C-quieta"]
    assert grupo_quieto(web, "otro.lider") == ["C-otra"]
    assert grupo_quieto(web, "funcionaria") == [], "an officer has the inbox as it was"
    assert radicados(web, "coordinador", "/bandeja?vista=areas&termino=quieta") == [
        "C-otra",
        "C-quieta",
    ]
    tablero = followed(web.browser("coordinador").get("/tablero-de-carga").text)
    subieron = tablero[tablero.index('id="subidas"') :]
    assert '<span class="conteo">2</span>' in subieron
    assert sorted(re.findall(r">(C-\w+)</a>", subieron)) == ["C-otra", "C-quieta"], "of every area"
    assert subieron.count("3 días hábiles sin movimiento") == 2
    assert 'href="/bandeja?vista=areas&amp;termino=quieta"' in subieron
    assert "C-otra" not in followed(web.browser("lider").get("/tablero-de-carga").text)
    llega(web, "C-urgente", vence=-1, legal=40)
    assert radicados(web, "lider") == ["C-quieta", "C-urgente"]
    pagina = followed(web.browser("lider").get("/bandeja?vista=todas").text)
    assert "3 días hábiles sin movimiento" in pagina
    assert f'href="/tarea/{quieta}/reasignar?volver=bandeja">Reasignar' in pagina
    (oaj, _texto), (vcc, texto) = sorted(
        correos_de_quietud(web), key=lambda par: "VCC" in par[1] or par[0].startswith("lider")
    )
    assert (oaj, vcc) == ("otro.lider@ejemplo.test", "lider@ejemplo.test")
    assert "Caso C-quieta" in texto
    assert (
        "3 días hábiles sin movimiento, desde el martes 24 de noviembre de 2026; nadie la ha tomado."
        in texto
    )

    amanece(web, 5)
    assert len(correos_de_quietud(web)) == 3, "C-urgente rose; nobody is told twice of the same"
    with web.session() as s:
        clave = s.get_one(Item, quieta).case_key
    historia = followed(web.browser("funcionaria").get(f"/caso/{clave}/historia").text)
    assert "Subió a quien lidera el área uno" in historia
    assert (
        "Llevaba 3 días hábiles sin movimiento, desde el mar 24 nov: nadie la había tomado."
        in historia
    )

    enviar(web.browser("funcionaria"), f"/caso/{clave}/notas", texto="Llamé al banco")
    assert grupo_quieto(web, "lider") == ["C-urgente"]
    assert grupo_quieto(web, "otro.lider") == ["C-otra"]
    amanece(web, 5)  # Tuesday 8 December is a holiday
    assert grupo_quieto(web, "lider") == ["C-urgente", "C-quieta"]
    assert [texto for para, texto in correos_de_quietud(web)][-1].count("Caso C-quieta") == 1
    assert otra


def test_what_passed_its_legal_term_stands_above_what_nobody_touches(web: WebKit) -> None:
    """And what is both stands with the overdue, where it says how long nobody has touched it."""
    llega(web, "C-quieta", vence=30, legal=40)
    llega(web, "C-ambas", vence=1, legal=2)
    amanece(web, 3)
    llega(web, "C-legal", vence=-1, legal=1)
    assert radicados(web, "lider") == ["C-legal", "C-ambas", "C-quieta"]
    pagina = followed(web.browser("lider").get("/bandeja?vista=todas").text)
    assert re.findall(r'<section class="grupo (\S+)"', pagina) == ["critica", "quieta"]
    assert pagina.count("3 días hábiles sin movimiento") == 2


@pytest.mark.parametrize("toque", ["tomar", "reasignar", "borrador", "seguimiento"])
def test_what_somebody_does_about_a_task_keeps_it_from_rising(web: WebKit, toque: str) -> None:
    tarea = llega(web, "C-1", vence=30, legal=40)
    amanece(web, 2)
    if toque == "reasignar":
        enviar(
            web.browser("lider"), f"/tarea/{tarea}/reasignar", persona="companero", motivo="Reparto"
        )
    elif toque == "borrador":
        web.engine.items.save_draft(tarea, {"a": "1"}, actor=OFICIAL, now=web.clock.now())
    else:
        web.engine.items.claim(tarea, actor=OFICIAL, now=web.clock.now())
    if toque == "seguimiento":
        with web.session() as s:
            poner_seguimiento(s, OFICIAL.id, tarea, dt.date(2026, 12, 1))
            s.commit()
    amanece(web, 2)
    assert grupo_quieto(web, "lider") == []
    amanece(web, 3)  # Tuesday 1 December
    assert grupo_quieto(web, "lider") == ([] if toque == "seguimiento" else ["C-1"])
    amanece(web, 3)
    assert grupo_quieto(web, "lider") == ["C-1"], (
        "three business days after the day for which it was put off"
    )


def test_opening_a_task_and_what_waits_for_the_person_do_not_count(web: WebKit) -> None:
    tarea = llega(web, "C-vista", vence=30, legal=40)
    llega(web, "C-espera", vence=30, legal=40, estado="requerido")
    amanece(web, 1)
    web.browser("funcionaria").get(f"/tarea/{tarea}")
    amanece(web, 2)
    assert grupo_quieto(web, "lider") == ["C-vista"]


def test_while_a_leader_is_away_the_mail_goes_to_who_replaces_them(web: WebKit) -> None:
    llega(web, "C-1", vence=30, legal=40)
    with web.session() as s:
        nueva = NuevaAusencia(
            "lider", "coordinador", dt.date(2026, 11, 26), dt.date(2026, 11, 30), "Vacaciones"
        )
        registrar_ausencia(s, nueva, Acto("lider", NOW))
        s.commit()
    amanece(web, 3)
    assert [para for para, _texto in correos_de_quietud(web)] == ["coordinador@ejemplo.test"]


# --- mail from a page: reminders and mentions -----------------------------------------------------
def avisos_de(web: WebKit, tipo: str) -> list[tuple[str, str, str]]:
    with web.session() as s:
        return [
            (a.para, a.asunto, a.texto)
            for a in s.scalars(sa.select(Aviso).where(Aviso.tipo == tipo).order_by(Aviso.id))
        ]


@dataclass
class Anotador:
    """Notes the jobs instead of doing them."""

    hechos: list[str] = field(default_factory=list)

    def run(self, job: str, args: Data) -> None:
        self.hechos.append(f"{job} {args['clave']}".split(":", 1)[0])

    def failed(self, job: str, args: Data, failure: Failed) -> None:
        raise AssertionError((job, args, failure))


def trabajos(web: WebKit) -> list[str]:
    """The jobs that commands enqueued, each with the kind of its notice."""
    jobs, anotador = web.engine.core.jobs, Anotador()
    assert isinstance(jobs, InProcessJobs)
    jobs.run_all(anotador)
    return anotador.hechos


def test_a_reminder_is_one_mail_with_a_note_on_each_case_and_unread_tasks(web: WebKit) -> None:
    tareas = [llega(web, f"C-{n}", vence=-n, legal=40) for n in (1, 2)]
    for tarea in tareas:
        enviar(web.browser("funcionaria"), "/bandeja/tomar", una=tarea)
    lider = web.browser("lider")
    llega(web, "C-sin-tomar", vence=-9, legal=40)
    pagina = lider.get("/tablero-de-carga").text
    assert pagina.count('class="recordar"') == 1, (
        "in the row of who holds what is over; nobody is reminded of what nobody has taken"
    )
    assert 'href="/tablero-de-carga?area=VCC&amp;persona=funcionaria#recordar"' in pagina
    dicho = enviar(
        lider,
        "/tablero-de-carga/recordar",
        area="VCC",
        persona="funcionaria",
        mensaje="Hoy, por favor",
    )
    assert dicho.status_code == 302
    [(para, asunto, texto)] = avisos_de(web, "recordatorio")
    assert (para, asunto) == (
        "funcionaria@ejemplo.test",
        "Martha Ferro le recuerda 2 tareas vencidas",
    )
    assert "- C-1 (Pago no aplicado)" in texto
    assert "- C-2 (Pago no aplicado)" in texto
    assert "Hoy, por favor" in texto
    assert trabajos(web) == ["correo.enviar recordar_a"]
    with web.session() as s:
        assert len(s.scalars(sa.select(Note).where(Note.kind == "recordatorio")).all()) == 2
    assert "el correo va a funcionaria@ejemplo.test" in lider.get("/bandeja?vista=todas").text
    enviar(
        lider,
        "/tablero-de-carga/recordar",
        area="VCC",
        persona="funcionaria",
        mensaje="Hoy, por favor",
    )
    assert "Ya le recordó hoy esas tareas" in lider.get("/bandeja?vista=todas").text
    assert len(avisos_de(web, "recordatorio")) == 1


def test_while_the_officer_is_away_the_reminder_goes_to_who_replaces_them(web: WebKit) -> None:
    enviar(web.browser("funcionaria"), "/bandeja/tomar", una=llega(web, "C-1", vence=-1, legal=40))
    with web.session() as s:
        hoy = dt.date(2026, 11, 24)
        registrar_ausencia(
            s, NuevaAusencia("funcionaria", "companero", hoy, hoy, "Comisión"), Acto("lider", NOW)
        )
        s.commit()
    lider = web.browser("lider")
    enviar(lider, "/tablero-de-carga/recordar", area="VCC", persona="funcionaria", mensaje="")
    assert [para for para, _asunto, _texto in avisos_de(web, "recordatorio")] == [
        "companero@ejemplo.test"
    ]
    assert "el correo va a Jairo Ortiz, que la reemplaza" in lider.get("/bandeja?vista=todas").text


def caso_de(web: WebKit, tarea: str) -> str:
    with web.session() as s:
        return s.get_one(Item, tarea).case_key


def test_a_note_that_names_a_colleague_tells_them_and_marks_their_lists_until_they_read_it(
    web: WebKit,
) -> None:
    caso = caso_de(web, llega(web, "C-1", legal=40, area_id="VCC"))
    ruta = f"/caso/{caso}/notas"
    enviar(
        web.browser("funcionaria"),
        ruta,
        texto="@companero ¿usted vio el recibo?",
        mencion=["lider"],
    )
    with web.session() as s:
        assert (
            s.scalars(sa.select(Note.text)).one()
            == "@Jairo Ortiz ¿usted vio el recibo?\n\n@Martha Ferro"
        )
    assert [(para, asunto) for para, asunto, _texto in avisos_de(web, "mencion")] == [
        ("companero@ejemplo.test", "Carolina Rincón lo mencionó en el caso C-1"),
        ("lider@ejemplo.test", "Carolina Rincón lo mencionó en el caso C-1"),
    ]
    assert trabajos(web) == ["correo.enviar mencion"] * 2
    assert "recibo" not in avisos_de(web, "mencion")[0][2], (
        "what a note says of a citizen does not leave by mail"
    )
    companero = web.browser("companero")
    assert companero.get("/bandeja?vista=todas").text.count("Lo mencionaron") == 2, (
        "on top, and on the line"
    )
    assert "Lo mencionaron" in companero.get("/casos").text
    assert "Lo mencionaron" not in web.browser("funcionaria").get("/bandeja?vista=todas").text
    assert companero.get(ruta).headers["Location"] == f"/caso/{caso}#notas"
    companero.get(f"/caso/{caso}")
    assert "Lo mencionaron" not in companero.get("/bandeja?vista=todas").text
    assert "Lo mencionaron" in web.browser("lider").get("/bandeja?vista=todas").text


@pytest.mark.parametrize(
    "datos",
    [
        {"texto": "@lejana mire"},
        {"texto": "@otro.lider mire"},
        {"texto": "@nadie mire"},
        {"texto": "mire", "mencion": ["otro.lider"]},
    ],
)
def test_naming_who_may_not_see_the_case_is_refused_and_the_text_stays(
    web: WebKit, datos: dict[str, Any]
) -> None:
    caso = caso_de(web, llega(web, "C-1", legal=40))
    respuesta = enviar(web.browser("funcionaria"), f"/caso/{caso}/notas", **datos)
    assert respuesta.status_code == 422
    assert "no está entre quienes pueden ver este caso: no se le avisó a nadie." in respuesta.text
    assert f">{datos['texto']}</textarea>" in respuesta.text
    with web.session() as s:
        assert s.scalars(sa.select(Note)).all() == []
    assert avisos_de(web, "mencion") == []


def test_the_page_offers_those_who_may_see_the_case_and_nobody_else(web: WebKit) -> None:
    caso = caso_de(web, llega(web, "C-1", legal=40))
    pagina = web.browser("funcionaria").get(f"/caso/{caso}").text
    ofrecidos = re.findall(r'name="mencion"\s+value="([^"]+)"', pagina)
    assert {"companero", "lider", "coordinador"} <= set(ofrecidos)
    assert not {"funcionaria", "otro.lider", "asesor", "lejana", "nadie"} & set(ofrecidos)
    for usuario in ofrecidos:
        assert web.browser(usuario).get(f"/caso/{caso}").status_code == 200, usuario


def test_a_first_name_of_two_colleagues_asks_which_one(web: WebKit) -> None:
    caso = caso_de(web, llega(web, "C-1", legal=40))
    with web.session() as s:
        for usuario, nombre in (("companero", "Carmen Ortiz"), ("lider", "Carmen Peña")):
            s.execute(sa.update(Cuenta).where(Cuenta.usuario == usuario).values(nombre=nombre))
        s.commit()
    respuesta = enviar(web.browser("funcionaria"), f"/caso/{caso}/notas", texto="@carmen mire")
    assert respuesta.status_code == 422
    assert (
        "«@carmen» puede ser Carmen Ortiz (@companero) o Carmen Peña (@lider): escriba a cuál le avisa."
        in respuesta.text
    )
    assert ">@carmen mire</textarea>" in respuesta.text
    assert (
        enviar(
            web.browser("funcionaria"), f"/caso/{caso}/notas", texto="@carmen peña, mire"
        ).status_code
        == 302
    )
    assert "Lo mencionaron" in web.browser("lider").get("/bandeja?vista=todas").text
