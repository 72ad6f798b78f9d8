"""What a tablet without network asks and sends (5.2.27): its pages, the key of its session, a
receipt once for each sending, and both sides of what changed meanwhile."""

import base64
import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from records.auditorias.tablas import F189
from records.contingencia.tablas import Recibo
from records.visita.tablas import Turno
from tests.kit.clock import MINUTE, bogota
from tests.kit.month import World, month, move_to
from tests.kit.visits import AUDITOR, is_attended, observation_of, observations, waits
from tests.kit.web import followed, hidden
from webforms.salas import FORMS

RESPUESTAS = {
    "evaluable": "si",
    "bienvenida": "si",
    "oportunidad": "si",
    "coherencia": "si",
    "pertinencia": "si",
    "solucion": "na",
    "presentacion": "si",
    "lenguaje": "5",
    "manejo_crisis": "na",
    "tono": "5",
    "registro_crm": "na",
    "escalonado": "no_aplica",
}


@dataclass
class Visita:
    mundo: World
    item: str
    ficha: str
    case_key: str
    sabe: str = ""  #: what the page of the device said that the system knows

    def tableta(self, usuario: str = "profesional01") -> FlaskClient:
        return self.mundo.person(usuario)

    def enviar(
        self, con: str | None = None, *, usuario: str = "profesional01", **cambios: str
    ) -> Any:
        tableta = self.tableta(usuario)
        csrf = csrf_de(tableta)
        encabezados = {
            "X-CSRFToken": csrf,
            "Accept": "application/json",
            **({"Idempotency-Key": con} if con is not None else {}),
        }
        datos = {
            **RESPUESTAS,
            "_escrito": "2026-12-07T15:00:00.000+00:00",
            "_sabe": self.sabe,
            **cambios,
        }
        return tableta.post(
            f"/visita/{self.item}",
            data=datos,
            headers=encabezados,
            content_type="multipart/form-data",
        )

    def cuantos(self) -> tuple[int, int]:
        with Session(self.mundo.engine.db) as s:
            de_item = sa.select(Recibo).where(Recibo.item_id == self.item)
            de_turno = sa.select(F189.id).where(
                F189.instancia_id == reads.items.item(s, self.item).instance_id
            )
            return len(s.scalars(de_item).all()), len(s.scalars(de_turno).all())


@pytest.fixture(scope="module")
def mundo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A Monday: the sample of the week is taken, and nobody has visited a point yet."""
    with month(tmp_path_factory.mktemp("visita"), cases=60) as hecho:
        move_to(hecho, bogota(2026, 12, 7, 9, 0))
        yield hecho


@pytest.fixture
def visita(mundo: World) -> Visita:
    """At a point somebody has been attended whom the auditor drew. There is a case."""
    ahora, db = mundo.clock.now(), mundo.engine.db
    with Session(db.execution_options(ventanilla_write=True)) as s:
        semana = max(str(i.data["semana"]) for i in observations(s, "us_sortear"))
        item = next(i for i in observations(s, "us_sortear") if i.data["semana"] == semana)
        ficha = f"A{700 + len(s.scalars(sa.select(Turno.id).where(Turno.ficha.startswith('A7'))).all())}"
        turno_id = waits(s, str(item.data["punto_id"]), ficha, ahora - 12 * MINUTE).id
        s.commit()
    mundo.engine.items.complete(
        item.id,
        values={"observa": True},
        actor=AUDITOR,
        now=ahora,
        records=FORMS["profesional.sortear_observacion"].records,
    )
    with Session(db.execution_options(ventanilla_write=True)) as s:
        is_attended(
            s, s.get_one(Turno, turno_id), ahora - 2 * MINUTE, ahora, case_key=item.case_key
        )
        s.commit()
        hecha = Visita(mundo, observation_of(s, ficha).id, ficha, item.case_key)
    hecha.sabe = hidden(hecha.tableta().get(f"/visita/{hecha.item}").text, "_sabe")
    return hecha


def csrf_de(tableta: FlaskClient) -> str:
    """The token of its session, as the device asks for it."""
    return str(
        tableta.get("/visita/llave", headers={"Accept": "application/json"}).get_json()["csrf"]
    )


SECRETO = "of later, and of more than thirty-two letters"


def llave() -> str:
    return str(uuid.uuid4())


def test_a_sending_is_taken_once_however_often_it_comes(mundo: World, visita: Visita) -> None:
    assert visita.enviar(None).status_code == HTTPStatus.BAD_REQUEST
    assert visita.enviar("no es una llave").status_code == HTTPStatus.BAD_REQUEST
    con = llave()
    mal = visita.enviar(con, bienvenida="no")
    assert mal.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert mal.json == {"errores": [["por_que_3", "Escriba por qué: la respuesta es baja"]]}
    assert visita.cuantos() == (0, 0)

    primero = visita.enviar(con)
    assert primero.status_code == HTTPStatus.OK, primero.text
    assert re.fullmatch(r"\d{6}", primero.json["recibo"])
    assert primero.json["dicho"].startswith("F189: ")
    # whatever it says now: this sending has its receipt
    otra_vez = visita.enviar(con, bienvenida="no")
    assert (otra_vez.status_code, otra_vez.json["recibo"]) == (
        HTTPStatus.OK,
        primero.json["recibo"],
    )
    assert visita.cuantos() == (1, 1)
    assert visita.enviar(con, usuario="profesional02").status_code == HTTPStatus.NOT_FOUND

    igual = visita.enviar(llave())  # the same, finished on another device
    assert igual.status_code == HTTPStatus.OK
    assert igual.json["recibo"] != primero.json["recibo"]
    assert visita.cuantos() == (2, 1)
    distinto = visita.enviar(llave(), bienvenida="na")
    assert (distinto.status_code, distinto.json["tipo"]) == (HTTPStatus.CONFLICT, "cerrada")
    assert "Usted completó esta actividad" in distinto.json["titulo"]
    assert ["¿Utilizó el protocolo de bienvenida?", "Sí"] in distinto.json["otro"]
    assert ["¿Utilizó el protocolo de bienvenida?", "No se vio"] in distinto.json["mio"]
    with Session(mundo.engine.db) as s:
        recibo = s.scalars(sa.select(Recibo).where(Recibo.llave == con)).one()
    assert (recibo.quien, recibo.escrito) == ("profesional01", bogota(2026, 12, 7, 10))


def test_what_the_system_knows_otherwise_meanwhile_is_asked_before_it_counts(
    visita: Visita,
) -> None:
    con = llave()
    assert visita.enviar(con, _sabe="[]").status_code == HTTPStatus.BAD_REQUEST
    assert visita.enviar(con, _sabe="{").status_code == HTTPStatus.BAD_REQUEST
    pregunta = visita.enviar(
        con,
        registro_crm="completo",
        _sabe=json.dumps({"registro_crm": "completo", "escalonado": "no_aplica"}),
    )
    assert (pregunta.status_code, pregunta.json["tipo"]) == (HTTPStatus.CONFLICT, "datos")
    (cambio,) = pregunta.json["cambios"]
    assert (cambio["antes"], cambio["suyo"]) == ("Completo", "Completo")
    assert cambio["ahora"] != "Completo"
    decidido = visita.enviar(
        llave(), registro_crm="completo", _sabe=json.dumps(pregunta.json["sabe"])
    )
    assert decidido.status_code == HTTPStatus.OK, decidido.text


def test_a_draft_that_was_kept_elsewhere_is_shown_before_it_goes(visita: Visita) -> None:
    escritorio = visita.tableta()
    csrf = csrf_de(escritorio)
    borrador = {"_pagina": ["otra"], "observaciones": ["Lo escribí en la oficina"]}
    assert (
        escritorio.put(
            f"/tarea/{visita.item}/borrador", json=borrador, headers={"X-CSRFToken": csrf}
        ).status_code
        == HTTPStatus.OK
    )
    pregunta = visita.enviar(llave(), _pagina="visita")
    assert (pregunta.status_code, pregunta.json["tipo"]) == (HTTPStatus.CONFLICT, "borrador")
    assert ["Novedades y observaciones", "Lo escribí en la oficina"] in pregunta.json["otro"]
    visto = visita.enviar(llave(), _pagina="visita", _borrador=pregunta.json["borrador"])
    assert visto.status_code == HTTPStatus.OK, visto.text


def test_who_else_has_the_task_is_told_and_a_record_is_no_visit(visita: Visita) -> None:
    visita.mundo.engine.items.claim(visita.item, actor=AUDITOR, now=visita.mundo.clock.now())
    ajena = visita.enviar(llave(), usuario="profesional02")
    assert (ajena.status_code, ajena.json["tipo"]) == (HTTPStatus.CONFLICT, "cerrada")
    assert (
        visita.tableta("profesional02").get(f"/visita/{visita.item}").status_code
        == HTTPStatus.CONFLICT
    )
    assert visita.ficha not in visita.tableta("profesional02").get("/visita").text
    with Session(visita.mundo.engine.db) as s:
        todas = reads.items.inbox(
            s, AUDITOR, InboxFilter(process="M5_1_02_f189", element="act_5_2_27"), limit=400
        )
    de_expediente = next(i for i in todas if i.data["modo"] == "expediente")
    assert visita.tableta().get(f"/visita/{de_expediente.id}").status_code == HTTPStatus.NOT_FOUND


def test_the_list_names_each_observation_and_takes_those_that_nobody_has(visita: Visita) -> None:
    pagina = visita.tableta().get("/visita").text
    assert visita.ficha in pagina
    persona = visita.tableta()
    csrf = csrf_de(persona)
    pedidas = re.findall(r'name="tarea" value="([^"]+)"', pagina)
    tomada = persona.post(
        "/visita/tomar", data={"csrf_token": csrf, "tarea": [*pedidas, "no-existe"]}
    )
    assert tomada.status_code == HTTPStatus.FOUND
    despues = persona.get("/visita").text
    assert f"Tomó {len(pedidas)}." in followed(despues)
    assert 'name="tarea"' not in despues


def test_the_pages_of_a_tablet_stand_covered_and_only_who_audits_gets_them(visita: Visita) -> None:
    tableta = visita.tableta()
    abierta = tableta.get(f"/tarea/{visita.item}").text
    formulario = abierta.partition("data-tarea=")[2].partition("</form>")[0]
    assert "<form" not in formulario, "a form inside it would end it"
    assert 'name="fatales"' in formulario
    assert "Ver datos completos" in abierta
    csrf = csrf_de(tableta)
    tableta.post(f"/caso/{visita.case_key}/datos", data={"csrf_token": csrf, "volver": "/"})
    assert re.search(r"\b(CC|TI|CE) [•·*]", followed(tableta.get(f"/visita/{visita.item}").text))
    guion = tableta.get("/sw.js")
    guion.close()
    assert (guion.status_code, guion.headers["Content-Type"], guion.headers["Cache-Control"]) == (
        200,
        "text/javascript; charset=utf-8",
        "no-cache",
    )
    nadie = visita.mundo.app.test_client()
    assert (
        nadie.get("/visita/llave", headers={"Accept": "application/json"}).status_code
        == HTTPStatus.UNAUTHORIZED
    )
    assert nadie.get(f"/visita/{visita.item}").status_code == HTTPStatus.FOUND
    assert visita.tableta("jefe.ocm").get("/visita").status_code == HTTPStatus.FORBIDDEN


def test_what_opens_a_device_is_of_one_person_and_one_device_and_of_this_place(
    visita: Visita,
) -> None:
    def abren(tableta: FlaskClient, equipo: str) -> list[str]:
        return list(
            tableta.get(
                f"/visita/llave?equipo={equipo}", headers={"Accept": "application/json"}
            ).get_json()["abren"]
        )

    uno, otro, equipo = visita.tableta(), visita.tableta("profesional02"), llave()
    (suya,) = abren(uno, equipo)
    assert len(base64.b64decode(suya)) == 32
    assert abren(visita.tableta(), equipo) == [suya]  # of another login of the same person
    assert len({suya, *abren(uno, llave()), *abren(otro, equipo)}) == 3
    assert abren(uno, "") == abren(uno, "x' or 1") == abren(uno, "%F0%9F%98%80") == []
    app = visita.mundo.app
    antes, app.secret_key = str(app.secret_key), SECRETO
    app.config["SECRET_KEY_FALLBACKS"] = [antes]
    nueva, vieja = abren(uno, equipo)
    assert vieja == suya != nueva


def test_a_login_that_somebody_ended_is_told_from_one_that_is_over(visita: Visita) -> None:
    def dice(tableta: FlaskClient) -> str:
        respuesta = tableta.get("/visita/llave", headers={"Accept": "application/json"})
        assert respuesta.status_code == HTTPStatus.UNAUTHORIZED
        return str(respuesta.get_json()["error"])

    persona, copia = visita.tableta(), visita.mundo.app.test_client()
    assert dice(copia) == "sesion"
    galleta = persona.get_cookie("ventanilla")
    assert galleta is not None
    copia.set_cookie(galleta.key, galleta.value)
    persona.post("/salir", data={"csrf_token": csrf_de(persona)})
    assert (dice(persona), dice(copia)) == ("sesion", "terminada")
