"""The inbox over a store in which nearly every case is over: what it reads goes by indexes, on both
databases."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.store.tables import Base as EngineBase, Item
from engine.types import Actor, Role
from records.casos import bandeja
from records.casos.bandeja import FiltroBandeja, FiltroEsperas
from records.casos.tablas import Caso, Suspension
from records.personas.tablas import Persona
from tests.kit import records as kit
from tests.kit.clock import NOW

# a few pages of tasks would be read whole by any planner
CERRADOS, ABIERTOS, ESPERAN = 8_000, 12, 5
FUNCIONARIA = Actor(
    "person", "f", frozenset({Role("funcionario", "VCC"), Role("lider_area", "VCC")})
)
GRANDES = ("caso", "work_item", "suspension", "persona")


def llenar(db: sa.Engine) -> None:
    EngineBase.metadata.create_all(db)
    kit.populate(db)
    todos = range(1, CERRADOS + ABIERTOS + ESPERAN + 1)
    personas = [
        {
            "tipo_doc": "CC",
            "num_doc": str(n),
            "nombre": f"P {n}",
            "calidad": "beneficiario",
            "creada": NOW,
        }
        for n in todos
    ]
    comun = {
        "punto_id": kit.PUNTO,
        "asesor_id": "a",
        "clase": "reclamo",
        "tema": "R01",
        "canal": "presencial",
        "descripcion": "x",
        "norma": "LEY1755",
        "tipo_termino": "peticion",
        "resuelto_primer_contacto": False,
        "area_id": "VCC",
    }
    estado = {True: "cerrado", False: "en_analisis"}
    casos = [
        {
            **comun,
            "radicado": f"2026-{n:07}",
            "persona_id": n,
            "recepcion": NOW - dt.timedelta(minutes=n),
            "limite_respuesta": NOW + dt.timedelta(days=n % 30),
            "estado": "requerido" if n > CERRADOS + ABIERTOS else estado[n <= CERRADOS],
            "case_key": f"k{n}",
        }
        for n in todos
    ]
    tareas = [
        {
            "id": f"t{n}",
            "instance_id": f"i{n}",
            "case_key": f"k{n}",
            "release": 1,
            "process": "p",
            "element": "act_5_2_16",
            "name": "Recibir",
            "role": "funcionario",
            "scope": "VCC",
            "state": "done" if n <= CERRADOS else "open",
            "opened_at": NOW,
            "priority": 0,
            "own": {},
        }
        for n in todos
        if n <= CERRADOS + ABIERTOS
    ]
    paradas = [
        {
            "caso_id": n,
            "causa": "falta_informacion",
            "informacion": "x",
            "desde": NOW,
            "hasta": NOW if n <= CERRADOS else None,
            "vence": NOW + dt.timedelta(days=30),
            "requerido_por": "f",
        }
        for n in todos
        if n % 4 == 0 or n > CERRADOS + ABIERTOS
    ]
    with Session(db.execution_options(ventanilla_write=True)) as session, session.begin():
        for tabla, filas in (
            (Persona, personas),
            (Caso, casos),
            (Item, tareas),
            (Suspension, paradas),
        ):
            session.execute(sa.insert(tabla), filas)
    with db.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def tareas() -> sa.Subquery:
    return reads.items.open_of(FUNCIONARIA, InboxFilter(roles=("funcionario",))).subquery()


LECTURAS: dict[str, Callable[[Session], object]] = {
    "the lines": lambda s: bandeja.en_orden(s, tareas(), FiltroBandeja(), ahora=NOW, limite=60),
    "the lines of a term": lambda s: bandeja.en_orden(
        s, tareas(), FiltroBandeja(urgencia="vencida"), ahora=NOW, limite=60
    ),
    "the lines of a theme": lambda s: bandeja.en_orden(
        s, tareas(), FiltroBandeja(tema="R01"), ahora=NOW, limite=60
    ),
    "the lines that say something": lambda s: bandeja.en_orden(
        s, tareas(), FiltroBandeja(texto="ana", temas=("R01",)), ahora=NOW, limite=60
    ),
    "the lines of a person": lambda s: bandeja.en_orden(
        s, tareas(), FiltroBandeja(personas=(1,), claves=("x",)), ahora=NOW, limite=60
    ),
    "how many of each": lambda s: bandeja.por_urgencia(s, tareas(), FiltroBandeja(), ahora=NOW),
    "the board": lambda s: bandeja.pendientes(s, tareas(), ahora=NOW),
    "what the lines say": lambda s: bandeja.asuntos(s, [1, 2, 3]),
    "what waits for citizens": lambda s: bandeja.esperas(
        s, FiltroEsperas(areas=("VCC",)), limite=60
    ),
    "what waits and says something": lambda s: bandeja.esperas(
        s, FiltroEsperas(areas=("VCC",), texto="ana", temas=("R01",)), limite=60
    ),
    "what waits, everywhere": lambda s: bandeja.esperas(s, FiltroEsperas(areas=None), limite=60),
}


def test_no_reading_of_the_inbox_goes_through_the_cases_that_are_over(db: sa.Engine) -> None:
    llenar(db)
    enteras = {}
    with Session(db) as session:
        assert (
            len(bandeja.en_orden(session, tareas(), FiltroBandeja(), ahora=NOW, limite=60))
            == ABIERTOS
        )
        assert bandeja.esperas(session, FiltroEsperas(areas=("VCC",)), limite=3).total == ESPERAN
        for que, leer in LECTURAS.items():
            enteras[que] = [
                plan
                for plan in kit.plans(session, leer_con(session, leer))
                if kit.reads_whole(plan, GRANDES)
            ]
    assert {que: planes for que, planes in enteras.items() if planes} == {}


def leer_con(session: Session, leer: Callable[[Session], object]) -> Callable[[], object]:
    return lambda: leer(session)


@pytest.mark.parametrize(
    ("plan", "entera"),
    [
        ("SCAN caso", True),
        ("SCAN suspension USING INDEX uq_suspension_abierta", False),
        ("SEARCH caso USING INDEX ix_caso_case_key (case_key=?)", False),
        ("  ->  Seq Scan on caso  (cost=0.00..1.00 rows=1 width=8)", True),
        ("  ->  Seq Scan on tipificacion  (cost=0.00..1.00 rows=1 width=8)", False),
        ("  ->  Index Scan using pk_caso on caso  (cost=0.28..8.29 rows=1 width=8)", False),
    ],
)
def test_a_table_that_is_read_whole_is_told_in_both_dialects(plan: str, *, entera: bool) -> None:
    assert kit.reads_whole(plan, GRANDES) is entera
