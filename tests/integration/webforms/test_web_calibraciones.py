"""Calibration (SUPUESTO Q29): the same attention scored apart, compared when all may look, agreed;
nothing of it counts elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.states import ActorKind
from engine.types import Actor, Role
from records.auditorias import auditorias, calibraciones
from records.auditorias.calibraciones import NuevaCalibracion
from records.auditorias.reglas.calibracion import Parte
from records.auditorias.tablas import (
    F189,
    Auditoria,
    Calibracion,
    CalibracionF189,
    F189Criterio,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.visita.tablas import Atencion
from tests.kit.clock import bogota
from tests.kit.month import World, month, move_to
from tests.kit.tasks import enviar
from tests.kit.web import csrf, followed
from webforms.auditorias.calibracion_palabras import Vista
from webforms.salas import FORMS

SEMANA = "2026-W49"
JEFE = Actor(ActorKind.PERSON, "jefe.ocm", frozenset({Role("jefe_ocm", None)}))
BIEN = {
    "oportunidad": "si",
    "coherencia": "si",
    "pertinencia": "si",
    "solucion": "si",
    "registro_crm": "completo",
    "escalonado": "no_aplica",
}
MAL = {**BIEN, "solucion": "no", "por_que_7_4": "Debe volver por el recibo."}
assert len({Vista.renglones, Vista.leyenda}) == 2  # their macro is the only reader
ACUERDO = "«Solución» es sí cuando la persona se va con la respuesta o con la fecha."


def evaluada(m: World) -> None:
    """Monday: the sample of the week has its F189, all of profesional01 and all good."""
    move_to(m, bogota(2026, 11, 30, 7, 1))
    for item in abiertas(m, "profesional01", "act_5_2_27").values():
        hacer(
            m,
            item,
            "profesional.f189",
            "profesional01",
            **{**BIEN, "evaluable": True, "fatales": []},
        )


@pytest.fixture
def mundo(tmp_path: Path) -> Iterator[World]:
    with month(tmp_path, evaluada, cases=60) as m:
        yield m


def persona(usuario: str) -> Actor:
    return Actor(ActorKind.PERSON, usuario, frozenset({Role("profesional_ocm", None)}))


def abiertas(mundo: World, usuario: str, elemento: str) -> dict[str, str]:
    """Who holds it, or which attention it is of → open item, of this week or of a calibration."""
    with Session(mundo.engine.db) as s:
        quien = JEFE if usuario == "jefe.ocm" else persona(usuario)
        todas = reads.items.inbox(s, quien, InboxFilter(element=elemento))
        return {
            i.claimed_by or f"{i.data.get('muestra_id')}": i.id
            for i in todas
            if i.data.get("semana", SEMANA) == SEMANA
        }


def hacer(mundo: World, item: str, forma: str, usuario: str, **valores: Any) -> None:
    mundo.engine.items.complete(
        item,
        values=valores,
        actor=persona(usuario),
        now=mundo.clock.now(),
        records=FORMS[forma].records,
    )


def empezar(mundo: World, muestra_id: int = 0) -> str:
    """The task in which the head of the office chooses."""
    jefe = mundo.person("jefe.ocm")
    pagina = jefe.get("/calibraciones")
    datos = {
        "csrf_token": csrf(pagina.text),
        **({"muestra_id": f"{muestra_id}"} if muestra_id else {}),
    }
    respuesta = jefe.post("/calibraciones", data=datos)
    assert respuesta.status_code == 302
    return str(respuesta.location).rpartition("/")[2]


def escogida(mundo: World, item: str, **mas: Any) -> str:
    with Session(mundo.engine.db) as s:
        a = auditorias.de_semana(s, SEMANA)
        assert a is not None
        dichos = {
            "auditoria": f"{a.id}",
            "codigo": "",
            "auditores": ["profesional01", "profesional02"],
            "hasta": "03/12/2026",
            **mas,
        }
    return enviar(mundo, "jefe.ocm", item, **dichos)


def sesion(mundo: World) -> calibraciones.Sesion:
    with Session(mundo.engine.db, expire_on_commit=False) as s:
        return calibraciones.todas(s, mundo.clock.now())[0]


def lo_demas(mundo: World) -> list[Any]:
    """All that a calibration may not touch."""
    with Session(mundo.engine.db) as s:
        a = auditorias.de_semana(s, SEMANA)
        assert a is not None
        r = auditorias.resumen(s, a)
        asesores = sorted(s.scalars(sa.select(F189.asesor_id).distinct()))
        return [
            r.estimacion, r.por_criterio, dict(r.bandas), dict(r.por_auditor), len(r.inconsistencias),
            *(s.scalar(sa.select(sa.func.count()).select_from(t)) for t in (F189, F189Criterio, Inconsistencia)),
            [(q, [p.f189.id for p in auditorias.de_asesor(s, q)]) for q in asesores],
        ]  # fmt: skip


def test_a_calibration_from_its_draw_to_what_was_agreed(mundo: World) -> None:
    antes = lo_demas(mundo)
    assert mundo.person("profesional02").get("/calibraciones").status_code == 200
    assert "Nueva calibración" not in mundo.person("profesional02").get("/calibraciones").text
    item = empezar(mundo)
    assert empezar(mundo) == item, "one that waits is gone on with"
    assert "Elija al menos dos auditores" in escogida(mundo, item, auditores=["profesional01"])
    assert "Ese plazo ya pasó" in escogida(mundo, item, hasta="30/10/2026")
    assert "no está en la muestra con su F189" in escogida(mundo, item, codigo="BOG-AGU-999999")
    assert "2 auditores la tienen en su bandeja" in escogida(mundo, item)

    s = sesion(mundo)
    assert s.calibracion.entre is not None
    assert len(s.calibracion.entre) == 3
    assert s.codigo in s.calibracion.entre
    assert s.calibracion.limite == bogota(2026, 12, 3, 17, 0)
    suyas = abiertas(mundo, "profesional01", "us_calificar")
    assert set(suyas) == {"profesional01", "profesional02"}, "each has their own"
    assert "Calificar en calibración" in followed(
        mundo.person("profesional02").get("/bandeja").text
    )

    assert "Su calificación" in enviar(
        mundo, "profesional01", suyas["profesional01"], evaluable="si", **BIEN
    )
    _nadie_mira(mundo, s, suyas["profesional01"])
    mal = {**MAL, "registro_crm": "parcial", "por_que_10": "Falta el resumen."}
    assert "Su calificación" in enviar(
        mundo, "profesional02", suyas["profesional02"], evaluable="si", **mal
    )
    assert lo_demas(mundo) == antes

    pagina = followed(mundo.person("profesional02").get(f"/calibraciones/{s.calibracion.id}").text)
    for dicho in (
        "Por acordar",
        "Distancia de puntaje",
        "Debe volver por el recibo.",
        "Acuerdo entre auditores",
        "3 <small>de 5",
    ):
        assert dicho in pagina, dicho
    acordar = abiertas(mundo, "jefe.ocm", "us_acordar")[f"{s.muestra.id}"]
    formulario = followed(mundo.person("jefe.ocm").get(f"/tarea/{acordar}").text)
    assert "Debe volver por el recibo." in formulario
    assert "Escriba lo que se acordó" in enviar(mundo, "jefe.ocm", acordar, **BIEN)
    acordado = {**BIEN, "solucion": "no", "acuerdo": ACUERDO}
    assert "La calibración quedó cerrada" in enviar(mundo, "jefe.ocm", acordar, **acordado)
    _acordada(mundo, antes)


def _nadie_mira(mundo: World, s: calibraciones.Sesion, enviada: str) -> None:
    """One has sent: neither the page, nor the case, nor the task that is done, nor the F189 of the
    audit says what was given."""
    assert s.original is not None
    quien = mundo.person("profesional02")
    for quien_mira in ("profesional02", "profesional01", "jefe.ocm", "cumplimiento"):
        pagina = followed(mundo.person(quien_mira).get(f"/calibraciones/{s.calibracion.id}").text)
        assert "Cada uno califica sin ver a los otros" in pagina
        assert "Distancia de puntaje" not in pagina
        assert (
            mundo.person(quien_mira)
            .get(f"/calibraciones/{s.calibracion.id}/calibracion.csv")
            .status_code
            == 404
        )
    clave = s.calibracion.instancia_id
    assert quien.get(f"/caso/{clave}").status_code == 404
    hecha = quien.get(f"/tarea/{enviada}")
    assert hecha.status_code == 409
    assert "Completo" not in followed(hecha.text), "what the other answered"
    suyo = followed(quien.get(f"/f189/{s.original.id}").text)
    assert "Usted está calibrando esta atención." in suyo
    assert "Qué se calificó" not in suyo
    assert "Usted la está calibrando" in followed(quien.get(f"/auditorias/{SEMANA}/muestra").text)
    assert "Qué se calificó" in followed(
        mundo.person("profesional03").get(f"/f189/{s.original.id}").text
    ), "who does not score it"


def _acordada(mundo: World, antes: list[Any]) -> None:
    s = sesion(mundo)
    assert lo_demas(mundo) == antes, "no estimate, no finding, no adviser's sheet"
    assert s.acuerdo is not None
    assert s.acuerdo.puntaje is not None
    assert not s.es_el_original
    de = {f.auditor: f for f in s.calificaron}
    assert s.entre_auditores == Parte(3, 5)
    assert s.con_el_acuerdo("profesional01") == Parte(4, 5)
    assert s.con_el_acuerdo("profesional02") == Parte(4, 5)
    for quien, signo in (("profesional01", 1), ("profesional02", -1)):
        desviacion = s.desviacion(de[quien])
        assert desviacion is not None
        assert desviacion * signo > 0
    por_criterio = {c.criterio: c.desviaciones for c in s.comparados}
    assert por_criterio["7.4"] == {"profesional01": 6.25, "profesional02": 0}
    assert por_criterio["10"] == {"profesional01": 0, "profesional02": -5}
    assert "11" not in por_criterio, "it does not apply for anybody"

    persona_ = mundo.person("profesional03")
    pagina = followed(persona_.get(f"/calibraciones/{s.calibracion.id}").text)
    for dicho in (
        ACUERDO,
        "+6,25",
        "−5",
        "Quedó distinto del F189 de la auditoría",
        "hizo también el F189 de la auditoría",
        "Cerrada",
    ):
        assert dicho in pagina, dicho
    lista = followed(persona_.get("/calibraciones").text)
    assert "Con menos de 20 calibraciones" in lista
    filas = [
        linea.split(";")
        for linea in persona_.get(
            f"/calibraciones/{s.calibracion.id}/calibracion.csv"
        ).text.splitlines()
    ]
    assert filas[0][0].lstrip("\ufeff") == "atencion"
    assert len(filas) == 1 + 2 * 5 + 2
    assert [f[5:8] for f in filas if f[2].startswith("10")] == [
        ["10", "10", "0"],
        ["5", "10", "-5"],
    ]
    assert (
        mundo.person("profesional02").get(f"/caso/{s.calibracion.instancia_id}").status_code == 200
    ), "closed, its history is open"


def test_who_does_not_send_in_time_is_left_out_and_who_cannot_score_says_why(mundo: World) -> None:
    with Session(mundo.engine.db) as s:
        fila = calibraciones.candidatas(
            s, s.scalars(sa.select(Auditoria.id).where(Auditoria.semana == SEMANA)).one()
        )[1]
        muestra_id, codigo = fila.id, calibraciones.codigo_de(fila)
        f189_id = s.scalars(sa.select(F189.id).where(F189.muestra_id == fila.id)).one()
    assert "Calibrar esta atención" in mundo.person("jefe.ocm").get(f"/f189/{f189_id}").text
    assert (
        "Calibrar esta atención" not in mundo.person("profesional02").get(f"/f189/{f189_id}").text
    )
    item = empezar(mundo, muestra_id)
    assert codigo in mundo.person("jefe.ocm").get(f"/tarea/{item}").text
    escogida(
        mundo,
        item,
        codigo=codigo.lower(),
        auditores=["profesional01", "profesional02", "profesional03"],
    )
    assert (sesion(mundo).codigo, sesion(mundo).calibracion.semilla) == (codigo, "")
    assert "Ver su calibración" in mundo.person("jefe.ocm").get(f"/f189/{f189_id}").text
    suyas = abiertas(mundo, "profesional01", "us_calificar")
    assert "Escriba por qué no la califica" in enviar(
        mundo, "profesional01", suyas["profesional01"], evaluable="no"
    )
    motivo = "El expediente no abre en mi equipo."
    assert "Quedó por qué no la calificó." in enviar(
        mundo, "profesional01", suyas["profesional01"], evaluable="no", motivo=motivo
    )
    enviar(mundo, "profesional02", suyas["profesional02"], evaluable="si", **BIEN)
    assert not abiertas(mundo, "jefe.ocm", "us_acordar"), "one is missing, and there is time"
    with pytest.raises(DatoInvalido, match="todavía hay plazo"), Session(mundo.engine.db) as s:
        calibraciones.acordar(
            s, sesion(mundo).calibracion.id, {}, [], ACUERDO, Acto("jefe.ocm", mundo.clock.now())
        )

    move_to(mundo, bogota(2026, 12, 3, 17, 1))
    assert not abiertas(mundo, "profesional03", "us_calificar")
    acordar = abiertas(mundo, "jefe.ocm", "us_acordar")[f"{muestra_id}"]
    enviar(mundo, "jefe.ocm", acordar, **BIEN, acuerdo=ACUERDO)
    s_ = sesion(mundo)
    assert [f.auditor for f in s_.calificaron] == ["profesional02"]
    assert s_.es_el_original
    assert s_.distancia is None
    pagina = followed(mundo.person("jefe.ocm").get(f"/calibraciones/{s_.calibracion.id}").text)
    for dicho in (
        motivo,
        "No envió dentro del plazo",
        "Menos de dos auditores calificaron",
        "Quedó como lo había calificado",
    ):
        assert dicho in pagina, dicho
    otra = empezar(mundo)
    assert "ya se calibró" in escogida(mundo, otra, codigo=codigo, hasta="07/12/2026"), "once"


def test_a_task_that_is_handed_on_is_scored_by_who_gets_it_and_nobody_twice(mundo: World) -> None:
    escogida(mundo, empezar(mundo))
    suyas = abiertas(mundo, "profesional01", "us_calificar")
    now = mundo.clock.now()
    mundo.engine.items.reassign(
        suyas["profesional02"],
        to="profesional01",
        actor=JEFE_MANDA,
        now=now,
        reason="Está enferma.",
    )
    assert "Usted ya tiene su calificación" in enviar(
        mundo, "profesional01", suyas["profesional02"], evaluable="si", **BIEN
    )
    with pytest.raises(DatoInvalido, match="es de otra persona"):
        hacer(
            mundo,
            suyas["profesional02"],
            "profesional.f189_calibracion",
            "profesional01",
            **BIEN,
            evaluable=True,
            fatales=[],
        )
    mundo.engine.items.reassign(
        suyas["profesional02"],
        to="profesional03",
        actor=JEFE_MANDA,
        now=now,
        reason="Está enferma.",
    )
    assert "Su calificación" in enviar(
        mundo, "profesional03", suyas["profesional02"], evaluable="si", **BIEN
    )
    with Session(mundo.engine.db) as s:
        de_esta = CalibracionF189.calibracion_id == sesion(mundo).calibracion.id
        assert set(s.scalars(sa.select(CalibracionF189.auditor).where(de_esta))) == {
            "profesional01",
            "profesional03",
        }


JEFE_MANDA = Actor(
    ActorKind.PERSON, "jefe.ocm", frozenset({Role("jefe_ocm", None), Role("coordinador_gau", None)})
)


def test_what_cannot_be_calibrated_is_refused_whoever_asks(mundo: World) -> None:
    now = mundo.clock.now()
    with Session(mundo.engine.db.execution_options(ventanilla_write=True)) as s:
        a = auditorias.de_semana(s, SEMANA)
        assert a is not None
        limite, acto = bogota(2026, 12, 3, 17, 0), Acto("jefe.ocm", now, instancia_id="i")
        for quienes, hasta, codigo in (
            (["profesional01", "asesor.bog01"], limite, ""),
            (["profesional01", "profesional01"], limite, ""),
            (["profesional01", "profesional02"], now, ""),
            (["profesional01", "profesional02"], limite, "NO-ES"),
        ):
            with pytest.raises(DatoInvalido):
                calibraciones.abrir(s, NuevaCalibracion(a.id, codigo, quienes, hasta), acto)
        una = calibraciones.abrir(
            s, NuevaCalibracion(a.id, "", ["profesional01", "profesional02"], limite), acto
        )
        otra = calibraciones.abrir(
            s, NuevaCalibracion(a.id, "", ["profesional01", "profesional02"], limite), acto
        )
        assert una.muestra_id != otra.muestra_id
        assert una.semilla != otra.semilla
        fila = next(f for f in calibraciones.candidatas(s, a.id))
        assert fila.id not in {una.muestra_id, otra.muestra_id}
        suya = s.get_one(Atencion, calibraciones.sesion(s, una.id, now).muestra.atencion_id)
        suya.asesor_id = "profesional02"
        s.flush()
        nada = calibraciones.Llenado({}, {}, [], "", None)
        with pytest.raises(DatoInvalido, match="es suya"):
            calibraciones.calificar(s, una.id, "profesional02", nada, Acto("profesional02", now))
        with pytest.raises(DatoInvalido, match="plazo"):
            calibraciones.calificar(s, una.id, "profesional01", nada, Acto("profesional01", limite))
        de_la_semana = sa.select(Calibracion.id).where(Calibracion.auditoria_id == a.id)
        assert set(s.scalars(de_la_semana)) == {una.id, otra.id}
