"""The quality committee in the demo (5.2.30–5.2.31): answers of the Gerente, a session with votes
and minutes, a plan, actions closed."""

import datetime as dt
import random
from functools import partial

from sqlalchemy.orm import Session

from demo import textos
from demo.agenda import dias_habiles
from demo.escalamiento import laboral
from demo.mundo import Historia, Mundo
from engine.types import Actor, Data
from records.base.actos import Acto
from records.base.datos import entero
from records.comites import comites
from records.comites.reglas import comite as reglas
from records.plazos.reglas.calendario import dia_local, instante, sumar_habiles

SE_REUNE, OCTAVO = dt.time(8, 0), 8
#: Business days until the answers, the session, the plan, the first actions are closed, and the
#: others.
RESPONDE, SESIONA, PLANEA, CIERRA = 0.7, 0.6, 0.5, 0.8
CIERRA_EL_RESTO = 9.0
FALTA = 1  # the last of the members never comes
NO_ACEPTAN = 0.12  # of the findings
CERRADAS = 0.4  # of the accepted actions, those with the nearest dates


def octavos(desde: dt.datetime, hasta: dt.datetime) -> list[dt.datetime]:
    """When the calendar begins each committee: the eighth business day of a month."""
    meses: dict[tuple[int, int], list[dt.date]] = {}
    for dia in dias_habiles(dia_local(desde).replace(day=1), dia_local(hasta)):
        meses.setdefault((dia.year, dia.month), []).append(dia)
    inicios = [
        instante(dias[OCTAVO - 1], SE_REUNE) for dias in meses.values() if len(dias) >= OCTAVO
    ]
    return [i for i in inicios if desde < i < hasta]


def comite_del_mes(mundo: Mundo, azar: random.Random) -> Historia:
    mundo.entregar()
    yield laboral(mundo.now, RESPONDE, azar)
    for item in mundo.abiertas(mundo.gerente, "act_5_2_30"):
        mundo.completar(
            item,
            _respuesta(mundo, entero(item.data, "inconsistencia_id"), azar),
            actor=mundo.gerente,
        )
    mundo.entregar()
    yield laboral(mundo.now, SESIONA, azar)
    for item in mundo.abiertas(mundo.comite[0], "act_5_2_31"):
        comite_id = entero(item.data, "comite_id")
        presentes = mundo.comite[: len(mundo.comite) - FALTA]
        mundo.engine.uow.run(partial(_sesionar, mundo, comite_id, presentes, azar))
        mundo.completar(item, {"desarrollo": textos.DESARROLLO_DEL_COMITE}, actor=mundo.comite[0])
        mundo.entregar()
    yield laboral(mundo.now, PLANEA, azar)
    for item in mundo.abiertas(mundo.gerente, "us_plan_mejora"):
        fecha = sumar_habiles(dia_local(mundo.now), 20).isoformat()
        mundo.completar(item, {"plan": textos.PLAN_DE_MEJORA, "fecha": fecha}, actor=mundo.gerente)
    yield laboral(mundo.now, CIERRA, azar)
    mundo.engine.uow.run(lambda session: _cerrar_las_primeras(mundo, session, CERRADAS))
    yield laboral(mundo.now, CIERRA_EL_RESTO, azar)
    mundo.engine.uow.run(lambda session: _cerrar_las_primeras(mundo, session, 1.0))


def _respuesta(mundo: Mundo, inconsistencia_id: int, azar: random.Random) -> Data:
    """Its own point answers for it, or the quality agent; near dates, so that one has expired by
    the end of the demo."""
    with mundo.engine.uow.reading() as session:
        i = comites.hallazgo(session, inconsistencia_id).inconsistencia
        criterio, puede = (
            i.criterio,
            [
                u
                for u, _nombre in comites.responsables(session, i.punto_id, mundo.now)
                if u != i.asesor_id
            ],
        )
    causa, accion = textos.RESPUESTAS_A_HALLAZGOS.get(criterio, textos.RESPUESTA_A_UN_HALLAZGO)
    fecha = sumar_habiles(dia_local(mundo.now), azar.randint(4, 15))
    return {
        "causa": causa,
        "accion": accion,
        "responsable": azar.choice(puede),
        "fecha": fecha.isoformat(),
    }


def _sesionar(
    mundo: Mundo, comite_id: int, presentes: list[Actor], azar: random.Random, session: Session
) -> None:
    """Each comes and votes; where one refuses, most do."""
    for quien in presentes:
        comites.asistir(session, comite_id, Acto(quien.id, mundo.now))
    for t in comites.tratados(session, comite_id):
        mal = azar.random() < NO_ACEPTAN
        for n, quien in enumerate(presentes):
            contra = mal if n else azar.random() < NO_ACEPTAN
            voto, motivo = (
                (reglas.NO_ACEPTA, textos.DISENTIMIENTO) if contra else (reglas.ACEPTA, "")
            )
            comites.votar(
                session, comite_id, t.inconsistencia.id, voto, motivo, Acto(quien.id, mundo.now)
            )


def _cerrar_las_primeras(mundo: Mundo, session: Session, parte: float) -> None:
    aceptadas = [
        t
        for t in comites.hallazgos(session)
        if t.acepta and t.accion is not None and t.cierre is None
    ]
    aceptadas.sort(
        key=lambda t: (t.accion.fecha if t.accion is not None else dt.date.max, t.codigo)
    )
    # the very first is forgotten, and expires
    for t in aceptadas[1 : 1 + round(len(aceptadas) * parte)]:
        comites.cerrar_accion(
            session,
            t.inconsistencia.id,
            textos.EVIDENCIA_DE_CIERRE,
            None,
            Acto(mundo.profesionales[0].id, mundo.now),
        )
