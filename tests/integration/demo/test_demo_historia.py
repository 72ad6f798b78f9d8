"""The demo as `make run` loads it: two closed months and the current one by the engine, queues with
people, another start adds nothing."""

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from app import Config, create_app
from demo import permisos
from demo.bienvenida import bienvenida
from demo.calidad import DEVUELTOS, TARDIOS
from demo.cuentas import CLAVE
from engine.clock import GivenClock
from engine.reads.verification import verify
from engine.store.tables import Access, Incident, Instance, Item, Journal, SubmissionRow
from records.casos import registro
from records.casos.reglas.estados import RESUELTOS
from records.casos.tablas import Caso, CasoRegistrado
from records.catalogos.catalogo import PUNTOS
from records.comites import comites
from records.controles.tablas import RevisionAccesos
from records.cuentas import carriles
from records.cuentas.tablas import RolAsignado
from records.informes import meses, reportes
from records.informes.tablas import ReportePunto
from records.interventoria import interventoria
from records.lugares.puntos import esta_abierto
from records.lugares.tablas import Punto
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import BOGOTA, dia_local
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion, Calificacion, Turno
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import later
from webforms.auditorias.formularios import RESPUESTA_DE, SOLO_EN_SITIO
from webforms.base.servicios import servicios
from webforms.escritos.formularios.escrita import IMAGENES
from webforms.informes.reporte import hoja
from webforms.salas import FORMS
from webforms.visita.formularios.identidad import SOLO_BUSCAN

DE_UNA_CUENTA = ("cuenta_", "nota_")  # of each account of a review of accesses
# of each figure of a month that there is something to say of
DE_UNA_CIFRA = ("com_", "tarde", "obs_", "resp_", "ver_", "desc_")
#: Rows of a delivery that nobody filled in are no values; the first one is there.
FILAS_VACIAS = {
    f"{columna}_{n}"
    for columna in ("documento", "folios", "soporte", "digital")
    for n in range(2, 11)
}
#: Documents that a delivery has not; the first one is there.
FILAS_VACIAS |= {f"digital_{n}" for n in range(2, IMAGENES + 1)}
#: What an F189 of a record does not ask: only eyes on the spot can say it.
#: Asked for only where it happened: sent on to the counsellors, a name that the CRM has wrong, a
#: delivery of somebody who has an open case.
SOLO_SI_PASA = {
    "remitido_consejeria",
    "nombre_corregido",
    "motivo_correccion",
    "destino",
    "aprueba_asi",
}
EN_SITIO = {
    *SOLO_EN_SITIO,
    *(
        f"por_que_{c.replace('.', '_')}"
        for c, campo in RESPUESTA_DE.items()
        if campo in SOLO_EN_SITIO
    ),
}
NIGHT = later(hours=11, minutes=30)  # 20:30 in Bogotá: the points have closed long ago
CASOS = 80
SEPTIEMBRE, OCTUBRE = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
INTERVENTORES = ("interventor01", "interventor02", "interventor03")
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
        return self.app.test_cli_runner().invoke(
            args=["demo", "--cases", str(CASOS)], catch_exceptions=False
        )


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


def test_loading_tells_the_users_their_password_and_the_links_of_the_devices(
    cargada: tuple[Demo, Result],
) -> None:
    resultado = cargada[1]
    assert resultado.exit_code == 0
    assert CLAVE in resultado.output
    assert "/activar/" in resultado.output
    assert "trabajos fallaron" not in resultado.output


def test_the_visits_ran_through_the_engine_without_an_incident(session: Session) -> None:
    visitas = _contar(session, Instance, Instance.process == "M5_1_02_atencion")
    assert visitas >= CASOS
    assert _contar(session, Incident) == 0
    assert _contar(session, Atencion) > CASOS * 0.85
    assert _contar(session, Calificacion, Calificacion.valor.is_not(None)) > CASOS * 0.5
    assert {i.process for i in session.scalars(sa.select(Instance))} >= {
        "M5_1_02_atencion",
        "M5_1_02_escalonamiento",
    }


def test_no_answer_of_a_system_is_younger_than_its_question(session: Session) -> None:
    dichas = session.execute(
        sa.select(ConsultaLegado.fecha_corte, ConsultaLegado.consultada).where(
            ConsultaLegado.fecha_corte.is_not(None)
        )
    ).all()
    assert len(dichas) > 100
    assert [d for d in dichas if dia_local(d[0]) > dia_local(d[1])] == []


def test_every_chain_of_the_history_is_whole(session: Session) -> None:
    informe = verify(session)
    assert informe.faults == ()
    assert informe.journal_rows > CASOS * 8


def test_it_ends_with_open_cases_of_which_some_are_overdue(session: Session) -> None:
    abierto = Caso.estado.not_in(RESUELTOS)
    assert _contar(session, Caso, abierto) >= CASOS // 4
    assert _contar(session, Caso, abierto, Caso.limite_respuesta < NIGHT) >= 5
    assert _contar(session, Item, Item.state == "open", Item.role == "funcionario") >= CASOS // 4


@pytest.mark.parametrize(
    ("mes", "acusan"), [(SEPTIEMBRE, 3), (OCTUBRE, 2)], ids=["september", "october"]
)
def test_a_closed_month_is_reported_reviewed_delivered_and_certified(
    session: Session, mes: dt.date, acusan: int
) -> None:
    """One supervisor acknowledged the first late, and has not acknowledged the second."""
    cerrado = meses.vigente(session, mes)
    assert cerrado is not None
    assert meses.verificar(session, cerrado) == ()
    de_puntos = reportes.situaciones(session, mes)
    assert {s.punto_id for s in de_puntos} == {p.codigo for p in PUNTOS}
    assert {s.estado for s in de_puntos} == {reportes.APROBADO}
    se_fueron = [
        c.clave
        for c in meses.cifras(session, cerrado.id, "punto", None)
        if c.indicador == "I4" and c.numerador
    ]
    devueltos = [s.punto_id for s in de_puntos if s.devoluciones]
    assert set(devueltos) <= set(se_fueron)
    assert [s.devoluciones for s in de_puntos if s.devoluciones] == [1] * min(
        DEVUELTOS, len(se_fueron)
    ), "one round of observations"
    assert all(
        reportes.informe(session, mes, tipo) is not None
        for tipo in (reportes.INTERVENTORIA, reportes.QUEJAS)
    )
    paquete = interventoria.del_mes(session, mes)
    assert paquete is not None
    assert Counter(
        quien for quien, _medio in interventoria.acuses(session, paquete.id)
    ) == dict.fromkeys(INTERVENTORES[:acusan], 2)
    pasos = [p.paso for p in interventoria.pasos(session, paquete.id)]
    assert {interventoria.VERIFICACION, interventoria.INFORME, interventoria.CERTIFICADO} <= set(
        pasos
    )


def test_a_report_came_back_with_an_observation_that_was_answered(session: Session) -> None:
    ajustados = session.scalars(sa.select(ReportePunto).where(ReportePunto.version == 2)).all()
    assert ajustados
    for segundo in ajustados:
        primero = next(
            v for v in reportes.versiones(session, segundo.mes, segundo.punto_id) if v.version == 1
        )
        assert (
            set(reportes.notas(session, segundo.id, reportes.RESPUESTA))
            == set(reportes.notas(session, primero.id, reportes.OBSERVACION))
            != set()
        )


@pytest.mark.parametrize("mes", [SEPTIEMBRE, OCTUBRE], ids=["september", "october"])
def test_what_was_approved_and_sent_is_what_its_pages_ask_for(
    session: Session, mes: dt.date
) -> None:
    """Each missed target has its comment, each link a number of its own; no time is of a desk that
    was left open overnight."""
    for punto in PUNTOS:
        h = hoja(session, mes, punto.codigo)
        assert h is not None
        no_cumple = [dicho for cumple, dicho in h.requisitos if not cumple]
        assert [
            d for d in no_cumple if "no tuvo turnos" not in d and not (h.tarde and h.tarde in d)
        ] == [], punto.codigo
    tardes = reportes.tardes(session, mes)
    assert len(tardes) == (TARDIOS if mes == SEPTIEMBRE else 0), "one of the months is a bad one"
    paquete = interventoria.del_mes(session, mes)
    assert paquete is not None
    radicados = [e.radicado for e in interventoria.entregas(session, paquete.id)]
    assert len(set(radicados)) == len(radicados)
    cerrado = meses.vigente(session, mes)
    assert cerrado is not None
    assert max(v.atencion or 0 for v in meses.leer(session, cerrado).mes.visitas) < 12 * 3600


def test_the_months_can_be_compared_and_the_second_has_the_quality_of_its_audits(
    session: Session,
) -> None:
    septiembre, octubre = (_cifras(session, mes) for mes in (SEPTIEMBRE, OCTUBRE))
    assert all(
        cifras[i].n > 0 and cifras[i].valor is not None
        for cifras in (septiembre, octubre)
        for i in ("I1", "I3", "I4", "I11")
    )
    assert octubre["I14"].valor is not None
    assert octubre["I14"].n > 5


def _cifras(session: Session, mes: dt.date) -> dict[str, meses.Cifra]:
    cerrado = meses.vigente(session, mes)
    assert cerrado is not None
    return {c.indicador: c for c in meses.cifras(session, cerrado.id)}


def test_each_month_has_its_committee_and_a_finding_came_again(session: Session) -> None:
    noviembre, octubre, septiembre = comites.todos(session)
    assert [c.mes for c in (septiembre, octubre, noviembre)] == ["2026-09", "2026-10", "2026-11"]
    assert all(comites.acta(session, c.id) is not None for c in (septiembre, octubre, noviembre))
    assert comites.tratados(session, octubre.id)
    assert comites.reiterados(session, noviembre.id)
    assert comites.plan(session, noviembre.id) is not None


def test_one_week_nobody_reviewed_who_enters(session: Session) -> None:
    revisiones = session.scalars(sa.select(RevisionAccesos).order_by(RevisionAccesos.id)).all()
    assert len(revisiones) == 12
    assert [r.tomada.date().isoformat() for r in revisiones if r.terminada is None] == [
        "2026-11-03"
    ]


def test_the_permits_of_the_second_procedure_stand_in_their_states_and_each_lane_has_its_people(
    session: Session,
) -> None:
    abiertas = session.scalars(
        sa.select(Item.element).where(
            Item.process.in_(("ep_permiso", "ep_recurso")), Item.state == "open"
        )
    )
    assert Counter(abiertas) == {
        "ep_revisar": 2,
        "ep_inspeccion": 1,
        "ep_decidir": 1,
        "er_estudiar": 1,
    }
    estados = session.scalars(
        sa.select(CasoRegistrado.estado).where(CasoRegistrado.procedimiento == "ep_permiso")
    )
    assert Counter(estados) == {registro.ABIERTO: len(permisos.PERMISOS) - 2, registro.TERMINADO: 2}
    dados = set(session.scalars(sa.select(RolAsignado.rol).where(RolAsignado.rol.endswith("_ep"))))
    assert dados == {codigo for codigo in carriles.que_se_dan(session) if codigo.endswith("_ep")}


def test_nothing_in_the_history_lies_in_the_future_or_outside_office_hours(
    session: Session,
) -> None:
    assert session.scalar(sa.select(sa.func.max(Journal.at))) <= NIGHT
    for llegada in session.scalars(sa.select(Turno.creado).where(Turno.estado == "cerrado")):
        assert 8 <= llegada.astimezone(BOGOTA).hour < 17


def _campos(form: str) -> set[str]:
    return {
        nombre
        for nombre in dir(FORMS[form].form)
        if hasattr(getattr(FORMS[form].form, nombre), "field_class")
    }


def test_every_form_of_the_history_carries_the_fields_of_its_page(session: Session) -> None:
    """The demo completes tasks as the pages do: same names; what a page takes away in this case may
    be missing."""
    vistas = set()
    for fila in session.scalars(sa.select(SubmissionRow).where(SubmissionRow.form.in_(FORMS))):
        campos = _campos(fila.form)
        assert fila.form_values is not None
        assert {
            campo for campo in fila.form_values if not campo.startswith(DE_UNA_CUENTA)
        } <= campos, fila.form
        # what the same page asks for the task that follows is sent with that one
        sigue = FORMS[fila.form].sigue
        de_la_segunda = _campos(sigue) if sigue else set()
        faltan = {
            campo
            for campo in campos - de_la_segunda - set(fila.form_values) - FILAS_VACIAS
            if not campo.startswith(DE_UNA_CIFRA + DE_UNA_CUENTA)
        }
        assert faltan <= {"adjuntos", *SOLO_SI_PASA, *SOLO_BUSCAN, *EN_SITIO}, fila.form
        vistas.add(fila.form)
    assert {
        "usuario.tomar_turno",
        "asesor.titularidad",
        "asesor.responder",
        "asesor.informar_escalamiento",
        "usuario.calificar",
    } <= vistas


def test_people_wait_at_every_point_right_now_and_the_points_stay_open_for_eight_hours(
    session: Session,
) -> None:
    esperan = dict(
        session.execute(
            sa.select(Turno.punto_id, sa.func.count())
            .where(Turno.estado == "espera")
            .group_by(Turno.punto_id)
        ).all()
    )
    assert set(esperan) == {p.codigo for p in PUNTOS}
    assert esperan["BOG-AGU"] > esperan["UIB-CEN"] >= 2
    en_fila = session.scalars(sa.select(Turno).where(Turno.estado == "espera")).all()
    assert any(t.condicion == "preferente" for t in en_fila)
    assert all(
        t.fecha_cierre is not None and t.fecha_cierre >= NIGHT + dt.timedelta(hours=8)
        for t in en_fila
    )
    assert all(NIGHT - dt.timedelta(minutes=30) < t.llegada <= NIGHT for t in en_fila)
    assert all(
        esta_abierto(p, NIGHT + dt.timedelta(hours=7, minutes=59))
        for p in session.scalars(sa.select(Punto))
    )


def test_a_second_start_adds_nobody_while_the_queues_are_full_and_fills_them_when_they_are_not(
    cargada: tuple[Demo, Result], tmp_path: Path
) -> None:
    # the clock moves: the other tests keep their evening
    shutil.copytree(cargada[0].config.instance, tmp_path / "copia")
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
    # the points would have closed; whoever waited has gone
    demo.clock.advance(dt.timedelta(hours=12))
    assert demo.demo().exit_code == 0
    personas, instancias, despliegues = estado()
    assert (personas, despliegues) == (antes[0], antes[2])
    assert instancias > antes[1]


def test_the_link_of_a_device_opens_its_activation_page(cargada: tuple[Demo, Result]) -> None:
    demo = cargada[0]
    with demo.app.app_context():
        texto = bienvenida(servicios().uow, "http://x", demo.clock.now())
        enlace = next(
            linea.split()[-1] for linea in texto.splitlines() if "quiosco.bog-agu" in linea
        )
        cliente = demo.app.test_client()
        assert cliente.get(enlace.removeprefix("http://x")).status_code == 200


def test_the_start_names_people_who_may_come_to_the_desk(cargada: tuple[Demo, Result]) -> None:
    """With a product and without a case: who tries the demo has somebody to type at 5.2.4."""
    demo = cargada[0]
    with demo.app.app_context():
        lineas = bienvenida(servicios().uow, "http://x", demo.clock.now()).splitlines()
        desde = next(
            n for n, linea in enumerate(lineas) if linea.startswith("Personas que pueden llegar")
        )
        ofrecidas = [linea.split(maxsplit=2) for linea in lineas[desde + 1 : desde + 4]]
        with servicios().uow.reading() as s:
            for tipo, numero, nombre in ofrecidas:
                persona = s.scalars(
                    sa.select(Persona).where(Persona.tipo_doc == tipo, Persona.num_doc == numero)
                ).one()
                assert persona.nombre == nombre
                assert (
                    s.scalars(sa.select(Caso.id).where(Caso.persona_id == persona.id)).all() == []
                )
    assert len(ofrecidas) == 3
