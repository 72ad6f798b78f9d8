"""The demo as `make run` loads it: a month of history by the engine, queues with people, a second start that adds nothing."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app import Config
from app import create_app
from demo.bienvenida import bienvenida
from demo.cuentas import CLAVE
from engine.clock import GivenClock
from engine.reads.verification import verify
from engine.store.tables import Access
from engine.store.tables import Incident
from engine.store.tables import Instance
from engine.store.tables import Item
from engine.store.tables import Journal
from engine.store.tables import SubmissionRow
from records.catalogo import PUNTOS
from records.puntos import esta_abierto
from records.rules.calendario import BOGOTA
from records.rules.estados import RESUELTOS
from records.tables import Atencion
from records.tables import Calificacion
from records.tables import Caso
from records.tables import Persona
from records.tables import Punto
from records.tables import Turno
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import later
from webforms.base.servicios import servicios
from webforms.forms import FORMS
from webforms.forms.asesor_identidad import SOLO_BUSCAN
from webforms.forms.auditoria import RESPUESTA_DE
from webforms.forms.auditoria import SOLO_EN_SITIO
from webforms.forms.escrita import IMAGENES

DE_UNA_CUENTA = ("cuenta_", "nota_")  # of each account of a review of accesses
DE_UNA_CIFRA = ("com_", "obs_", "resp_")  # of each figure of a month that there is something to say of
#: Rows of a delivery that nobody filled in are no values; the first one is there.
FILAS_VACIAS = {f"{columna}_{n}" for columna in ("documento", "folios", "soporte", "digital") for n in range(2, 11)}
#: Documents that a delivery has not; the first one is there.
FILAS_VACIAS |= {f"{columna}_{n}" for columna in ("digital", "paginas") for n in range(2, IMAGENES + 1)}
#: What an F189 of a record does not ask: only eyes on the spot can say it.
EN_SITIO = {*SOLO_EN_SITIO, *(f"por_que_{c.replace('.', '_')}" for c, campo in RESPUESTA_DE.items() if campo in SOLO_EN_SITIO)}
NIGHT = later(hours=11, minutes=30)  # 20:30 in Bogotá: the points have closed long ago
CASOS = 80
pytestmark = pytest.mark.slow


class Demo:
    def __init__(self, carpeta: Path) -> None:
        self.clock = GivenClock(NIGHT)
        self.config = Config(
            instance=carpeta,
            database_url=f"sqlite:///{carpeta / 'ventanilla.db'}",
            secret_key=SESSION_KEY,
            demo=True,
            clock=self.clock,
        )
        self.app: Flask = create_app(self.config)

    def demo(self) -> Result:
        return self.app.test_cli_runner().invoke(args=["demo", "--cases", str(CASOS)], catch_exceptions=False)


@pytest.fixture(scope="module")
def cargada(tmp_path_factory: pytest.TempPathFactory) -> tuple[Demo, Result]:
    demo = Demo(tmp_path_factory.mktemp("demo"))
    return demo, demo.demo()


@pytest.fixture
def session(cargada: tuple[Demo, Result]) -> Iterator[Session]:
    with cargada[0].app.app_context(), servicios().uow.reading() as abierta:
        yield abierta


def _contar(session: Session, modelo: type, *donde: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(modelo).where(*donde)) or 0


def test_loading_tells_the_users_their_password_and_the_links_of_the_devices(cargada: tuple[Demo, Result]) -> None:
    resultado = cargada[1]
    assert resultado.exit_code == 0
    assert CLAVE in resultado.output
    assert "/activar/" in resultado.output
    assert "trabajos fallaron" not in resultado.output


def test_a_month_of_visits_ran_through_the_engine_without_an_incident(session: Session) -> None:
    visitas = _contar(session, Instance, Instance.process == "M5_1_02_atencion")
    assert visitas >= CASOS
    assert _contar(session, Incident) == 0
    assert _contar(session, Atencion) > CASOS * 0.85
    assert _contar(session, Calificacion, Calificacion.valor.is_not(None)) > CASOS * 0.5
    assert {i.process for i in session.scalars(sa.select(Instance))} >= {"M5_1_02_atencion", "M5_1_02_escalonamiento"}


def test_every_chain_of_the_history_is_whole(session: Session) -> None:
    informe = verify(session)
    assert informe.faults == ()
    assert informe.journal_rows > CASOS * 8


def test_the_month_ends_with_open_cases_of_which_some_are_overdue(session: Session) -> None:
    abierto = Caso.estado.not_in(RESUELTOS)
    assert _contar(session, Caso, abierto) >= CASOS // 4
    assert _contar(session, Caso, abierto, Caso.limite_respuesta < NIGHT) >= 5
    assert _contar(session, Item, Item.state == "open", Item.role == "funcionario") >= CASOS // 4


def test_nothing_in_the_history_lies_in_the_future_or_outside_office_hours(session: Session) -> None:
    assert session.scalar(sa.select(sa.func.max(Journal.at))) <= NIGHT
    for llegada in session.scalars(sa.select(Turno.creado).where(Turno.estado == "cerrado")):
        assert 8 <= llegada.astimezone(BOGOTA).hour < 17


def test_every_form_of_the_history_carries_the_fields_of_its_page(session: Session) -> None:
    """The demo completes tasks as the pages do: same names; what a page takes away in this case may be missing."""
    vistas = set()
    for fila in session.scalars(sa.select(SubmissionRow).where(SubmissionRow.form.in_(FORMS))):
        campos = {nombre for nombre in dir(FORMS[fila.form].form) if hasattr(getattr(FORMS[fila.form].form, nombre), "field_class")}
        assert fila.form_values is not None
        assert {campo for campo in fila.form_values if not campo.startswith(DE_UNA_CUENTA)} <= campos, fila.form
        faltan = {campo for campo in campos - set(fila.form_values) - FILAS_VACIAS if not campo.startswith(DE_UNA_CIFRA + DE_UNA_CUENTA)}
        assert faltan <= {"remitido_consejeria", *SOLO_BUSCAN, *EN_SITIO}, fila.form
        vistas.add(fila.form)
    assert {"usuario.tomar_turno", "asesor.titularidad", "asesor.responder", "asesor.informar_escalamiento", "usuario.calificar"} <= vistas


def test_people_wait_at_every_point_right_now_and_the_points_stay_open_for_eight_hours(session: Session) -> None:
    esperan = dict(
        session.execute(sa.select(Turno.punto_id, sa.func.count()).where(Turno.estado == "espera").group_by(Turno.punto_id)).all()
    )
    assert set(esperan) == {p.codigo for p in PUNTOS}
    assert esperan["BOG-AGU"] > esperan["UIB-CEN"] >= 2
    en_fila = session.scalars(sa.select(Turno).where(Turno.estado == "espera")).all()
    assert any(t.condicion == "preferente" for t in en_fila)
    assert all(t.fecha_cierre is not None and t.fecha_cierre >= NIGHT + dt.timedelta(hours=8) for t in en_fila)
    assert all(NIGHT - dt.timedelta(minutes=30) < t.llegada <= NIGHT for t in en_fila)
    assert all(esta_abierto(p, NIGHT + dt.timedelta(hours=7, minutes=59)) for p in session.scalars(sa.select(Punto)))


def test_a_second_start_adds_nobody_while_the_queues_are_full_and_fills_them_when_they_are_not(
    cargada: tuple[Demo, Result], tmp_path: Path
) -> None:
    shutil.copytree(cargada[0].config.instance, tmp_path / "copia")  # the clock moves: the other tests keep their evening
    demo = Demo(tmp_path / "copia")

    def estado() -> tuple[int, int, int]:
        with demo.app.app_context(), servicios().uow.reading() as session:
            return (
                _contar(session, Persona),
                _contar(session, Instance),
                _contar(session, Access, Access.kind == "despliegue"),
            )

    antes = estado()
    assert demo.demo().exit_code == 0
    assert estado() == antes
    demo.clock.advance(dt.timedelta(hours=12))  # the points would have closed; whoever waited has gone
    assert demo.demo().exit_code == 0
    personas, instancias, despliegues = estado()
    assert (personas, despliegues) == (antes[0], antes[2])
    assert instancias > antes[1]


def test_the_link_of_a_device_opens_its_activation_page(cargada: tuple[Demo, Result]) -> None:
    demo = cargada[0]
    with demo.app.app_context():
        texto = bienvenida(servicios().uow, "http://x", demo.clock.now())
        enlace = next(linea.split()[-1] for linea in texto.splitlines() if "quiosco.bog-agu" in linea)
        cliente = demo.app.test_client()
        assert cliente.get(enlace.removeprefix("http://x")).status_code == 200


def test_the_start_names_people_who_may_come_to_the_desk(cargada: tuple[Demo, Result]) -> None:
    """With a product and without a case: who tries the demo has somebody to type at 5.2.4."""
    demo = cargada[0]
    with demo.app.app_context():
        lineas = bienvenida(servicios().uow, "http://x", demo.clock.now()).splitlines()
        desde = next(n for n, linea in enumerate(lineas) if linea.startswith("Personas que pueden llegar"))
        ofrecidas = [linea.split(maxsplit=2) for linea in lineas[desde + 1 : desde + 4]]
        with servicios().uow.reading() as s:
            for tipo, numero, nombre in ofrecidas:
                persona = s.scalars(sa.select(Persona).where(Persona.tipo_doc == tipo, Persona.num_doc == numero)).one()
                assert persona.nombre == nombre
                assert s.scalars(sa.select(Caso.id).where(Caso.persona_id == persona.id)).all() == []
    assert len(ofrecidas) == 3
