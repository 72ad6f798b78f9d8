"""The store of the million-case bench: its copies are rows as the engine writes them, proven by
`verify` and by going on with one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app import Config, create_app
from bench import million
from engine.reads.verification import verify
from engine.store.tables import Instance, Item, Journal, SubmissionRow
from engine.types import Actor, Role
from records.base.actos import Acto
from records.casos.busqueda import FiltroCasos, buscar_casos
from records.casos.tablas import Caso
from records.visita import turnos
from records.visita.tablas import Turno
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from webforms.base.servicios import EXTENSION
from webforms.salas import FORMS

TERMINADAS = 400
ABIERTAS = 90
pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def lleno(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    carpeta = tmp_path_factory.mktemp("million")
    config = Config(
        instance=carpeta,
        database_url=f"sqlite:///{carpeta / 'v.db'}",
        secret_key=SESSION_KEY,
        demo=True,
    )
    app = create_app(config)
    with pytest.MonkeyPatch.context() as parche:
        parche.setattr(million, "TEMPLATES", 40)
        million.prepare(app, config)
    million.grow(app.extensions[EXTENSION].db, TERMINADAS, ABIERTAS)
    yield app
    app.extensions[EXTENSION].db.dispose()


@pytest.fixture
def session(lleno: Flask) -> Iterator[Session]:
    with lleno.extensions[EXTENSION].uow.reading() as abierta:
        yield abierta


def test_every_chain_and_form_of_every_copy_is_proven(session: Session) -> None:
    informe = verify(session)
    assert informe.faults == ()
    assert informe.instances >= TERMINADAS + ABIERTAS
    assert informe.forms == session.scalar(sa.select(sa.func.count()).select_from(SubmissionRow))


def test_copies_share_neither_heads_nor_salts_nor_numbers(session: Session) -> None:
    for columna in (Instance.head, SubmissionRow.salt, Journal.hash, Caso.radicado):
        todas, distintas = session.execute(
            sa.select(sa.func.count(columna), sa.func.count(columna.distinct()))
        ).one()
        assert todas == distintas


def test_rows_of_the_records_belong_to_the_instances_that_wrote_them(session: Session) -> None:
    perdidos = (
        sa.select(sa.func.count())
        .select_from(Turno)
        .outerjoin(Instance, Instance.id == Turno.instancia_id)
        .where(Instance.id.is_(None))
    )
    assert session.scalar(perdidos) == 0
    de_su_visita = session.execute(
        sa.select(Caso.case_key, Turno.case_key).join(Turno, Turno.id == Caso.turno_id)
    ).all()
    assert len(de_su_visita) > TERMINADAS // 4
    assert all(uno == otro for uno, otro in de_su_visita)


def test_the_engine_goes_on_with_a_copy(lleno: Flask) -> None:
    """State, timers, subscriptions and business rows of a copy are whole: an officer takes its case
    and the journal goes on."""
    s = lleno.extensions[EXTENSION]
    with s.uow.reading() as session:
        abiertas = session.scalars(
            sa.select(Item).where(Item.element == "act_5_2_16", Item.state == "open")
        ).all()
        tarea = max(abiertas, key=lambda item: int(item.data["caso_id"]))
        caso_id = tarea.data["caso_id"]
    quien = Actor("person", "funcionario.prueba", frozenset({Role("funcionario", tarea.scope)}))
    valores = {"resultado_analisis": "competente", "area_destino": "", "informacion_faltante": ""}
    hecho = s.engine.items.complete(
        tarea.id,
        values=valores,
        actor=quien,
        now=s.clock.now(),
        records=FORMS["funcionario.recibir"].records,
    )
    assert [item.element for item in hecho.opened] == ["act_5_2_17"]
    with s.uow.reading() as session:
        assert session.get_one(Caso, caso_id).estado == "en_analisis"
        assert verify(session, tarea.case_key).faults == ()


def test_new_visits_get_numbers_after_those_of_the_copies(lleno: Flask) -> None:
    with Session(lleno.extensions[EXTENSION].db) as session, session.begin() as intento:
        ultimo = session.scalar(sa.select(sa.func.max(Turno.id)))
        nuevo = turnos.crear_turno(
            session,
            turnos.NuevoTurno(
                punto_id="BOG-AGU", motivo_visita="x", condicion="ninguna", origen="asesor"
            ),
            Acto("prueba", NOW),
        )
        assert nuevo.id > (ultimo or 0)
        intento.rollback()  # the other tests find the store as it was


def test_pages_of_cases_are_found_in_the_full_store(lleno: Flask, session: Session) -> None:
    pagina = buscar_casos(
        session, FiltroCasos(abiertos=True), now=lleno.extensions[EXTENSION].clock.now()
    )
    assert pagina.total >= 20
    assert {nombre for nombre, _ in million.works(lleno)} >= {
        "bandeja",
        "casos, nombre completo",
        "caso",
        "historia",
        "auditoría de un caso",
    }


def test_a_store_is_never_filled_twice(lleno: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        million.fill_store(
            *million.opened(Path(lleno.instance_path), lleno.config["SQLALCHEMY_DATABASE_URI"]),
            1,
            1,
            1,
        )
    assert capsys.readouterr().out == ""
