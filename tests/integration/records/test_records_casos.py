"""Cases in the database: filed, escalated, stopped, extended, answered; every earlier state and
deadline stays."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import (
    DatoInvalido,
    NoExiste,
    ProrrogaRechazada,
    ReasignacionRechazada,
    TransicionIlegal,
)
from records.casos import casos, escalonamientos, expediente
from records.casos.casos import NuevaRespuesta
from records.casos.reglas import estados
from records.casos.tablas import Caso, CasoRegistrado, Escalonamiento
from records.correo import avisos
from tests.kit import records as kit
from tests.kit.clock import NOW, local
from tests.kit.statements import counting

pytestmark = pytest.mark.usefixtures("everywhere")

OFICIAL = "funcionario.vcc01"
ANTES = local(2026, 12, 10, 9)
# 15 business days from 24 November; 8 December is a holiday
LIMITE = local(2026, 12, 16, 23, 59, 59)


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


def escalado(session: Session, plazo: int = 5) -> int:
    caso_id = kit.filed(session)
    escalonamientos.anotar_informe(
        session,
        caso_id,
        medio="correo",
        correo="luz@correo.com",
        resumen="Pago de octubre sin aplicar. " * 3,
    )
    escalar(session, caso_id, plazo)
    return caso_id


def escalar(
    session: Session, caso_id: int, plazo: int = 5, *, now: dt.datetime | None = None
) -> int:
    return escalonamientos.escalar(
        session,
        caso_id,
        escalonamientos.NuevoEscalonamiento(
            area_id="VCC",
            grupo="Cartera",
            plazo_interno=plazo,
            nivel2="Coordinador de Cartera",
            nivel3="Vicepresidente",
        ),
        Acto(kit.ASESOR, now or kit.at(20)),
    )


def en_analisis(session: Session) -> int:
    caso_id = escalado(session)
    escalonamientos.calcular_plazos(session, caso_id, now=kit.at(20))
    escalonamientos.recibir(session, caso_id, Acto(OFICIAL, kit.at(60)))
    return caso_id


def nombres(session: Session, caso_id: int) -> list[str]:
    return [e.estado for e in expediente.expediente(session, caso_id).estados]


# --- filing ---------------------------------------------------------------------------------------
def test_a_filed_case_has_its_number_both_limits_and_their_explanations(session: Session) -> None:
    todo = expediente.expediente(session, kit.filed(session))
    assert todo.caso.radicado == "2026-0000001"
    assert (todo.caso.limite_escalar, todo.caso.limite_respuesta) == (
        local(2026, 12, 1, 23, 59, 59),
        LIMITE,
    )
    plazo = todo.plazo_vigente("respuesta")
    assert plazo is not None
    assert (
        plazo.explicacion["frase"]
        == "15 días hábiles desde el mar 24 nov; el mar 8 dic es festivo: vence el mié 16 dic"
    )
    assert todo.caso.norma == "LEY1755"
    assert [e.estado for e in todo.estados] == [estados.RECIBIDO, estados.EN_ATENCION]


def test_filing_again_gives_the_same_number_and_uses_none_up(session: Session) -> None:
    caso_id = kit.filed(session)
    otra = casos.radicar(
        session, caso_id, Acto(kit.ASESOR, kit.at(30)), dias_termino=15, prorroga_max=15
    )
    assert otra.radicado == "2026-0000001"
    assert otra.limites.respuesta == LIMITE
    assert (
        session.get_one(Caso, kit.filed(session, tema="S05", clase="solicitud")).radicado
        == "2026-0000002"
    )


def test_a_number_that_another_procedure_gave_away_stops_no_filing(session: Session) -> None:
    session.add(
        CasoRegistrado(
            case_key="otro",
            procedimiento="permiso",
            numero="2026-0000001",
            estado="abierto",
            abierto=NOW,
            vence=None,
            cerrado=None,
        )
    )
    session.flush()
    assert session.get_one(Caso, kit.filed(session)).radicado == "2026-0000001"
    assert (
        session.get_one(Caso, kit.filed(session, tema="S05", clase="solicitud")).radicado
        == "2026-0000002"
    )
    entered = session.execute(
        sa.select(CasoRegistrado.numero, CasoRegistrado.caso_id.is_(None)).order_by(
            CasoRegistrado.numero
        )
    )
    assert [tuple(row) for row in entered] == [("2026-0000001", True), ("2026-0000002", False)]


def crear(session: Session, now: dt.datetime = NOW, **cambios: Any) -> casos.CasoCreado:
    campos: dict[str, Any] = {
        "turno_id": None,
        "punto_id": kit.PUNTO,
        "persona_id": kit.persona(session).id,
        "clase": "reclamo",
        "tema": "R01",
        "descripcion": "Un texto de veinte letras.",
    }
    return casos.crear_caso(session, casos.NuevoCaso(**(campos | cambios)), Acto(kit.ASESOR, now))


def test_a_new_case_tells_the_process_line_and_year_of_the_product(session: Session) -> None:
    servicio_id = kit.servicio(session, kit.persona(session).id)
    creado = crear(session, servicio_id=servicio_id)
    assert (creado.linea, creado.anio_giro, creado.tipo_termino, creado.norma) == (
        "PREG",
        2012,
        "peticion",
        "LEY1755",
    )
    sin = crear(session, servicio_id=0)
    assert (sin.linea, sin.anio_giro) == ("", 0)


def test_a_case_about_the_product_of_somebody_else_is_refused(session: Session) -> None:
    ajeno = kit.servicio(session, kit.persona(session, "9912345000").id)
    with pytest.raises(DatoInvalido, match="no es de esta persona"):
        crear(session, servicio_id=ajeno)


def test_a_kind_of_another_class_is_refused(session: Session) -> None:
    with pytest.raises(DatoInvalido, match="S01"):
        crear(session, tema="S01")


def test_a_kind_that_does_not_exist_is_refused(session: Session) -> None:
    with pytest.raises(NoExiste, match="Z99"):
        crear(session, tema="Z99")


def test_a_case_of_2011_is_filed_under_the_law_of_2011(session: Session) -> None:
    assert crear(session, now=local(2011, 9, 1, 10)).norma == "CCA"


def test_a_case_solved_at_the_desk_is_closed_with_its_answer_sent(session: Session) -> None:
    caso_id = kit.filed(session)
    casos.guardar_respuesta(
        session,
        caso_id,
        casos.NuevaRespuesta(tipo="punto", texto="El pago se aplicó."),
        Acto(kit.ASESOR, kit.at(12)),
    )
    casos.resolver_en_punto(session, caso_id, Acto(kit.ASESOR, kit.at(13)))
    casos.resolver_en_punto(session, caso_id, Acto(kit.ASESOR, kit.at(14)))
    todo = expediente.expediente(session, caso_id)
    assert (todo.caso.estado, todo.caso.resuelto_primer_contacto, todo.caso.cerrado) == (
        estados.CERRADO,
        True,
        kit.at(13),
    )
    assert (todo.respuestas[0].medio, todo.respuestas[0].enviada) == ("punto", kit.at(13))


def test_an_illegal_step_is_refused_and_changes_nothing(session: Session) -> None:
    caso_id = kit.filed(session)
    with pytest.raises(TransicionIlegal, match="En atención"):
        casos.cambiar_estado(session, caso_id, estados.ENVIADO, Acto("x", kit.at(20)))
    assert nombres(session, caso_id) == [estados.RECIBIDO, estados.EN_ATENCION]


# --- escalation -----------------------------------------------------------------------------------
def test_an_escalation_keeps_summary_area_and_adviser_and_happens_once(session: Session) -> None:
    caso_id = escalado(session)
    assert escalar(session, caso_id) == escalonamientos.actual(session, caso_id).id
    (uno,) = expediente.expediente(session, caso_id).escalonamientos
    assert (uno.area_id, uno.asesor_id, uno.plazo_interno, uno.n) == ("VCC", kit.ASESOR, 5, 1)
    assert uno.resumen.startswith("Pago de octubre")


def test_the_dates_of_the_area_are_kept_with_their_explanation(session: Session) -> None:
    caso_id = escalado(session)
    plazos = escalonamientos.calcular_plazos(session, caso_id, now=kit.at(20))
    assert (plazos.internas.plazo_interno, plazos.limite_respuesta, plazos.area_id) == (
        local(2026, 12, 1, 23, 59, 59),
        LIMITE,
        "VCC",
    )
    escalonamientos.calcular_plazos(session, caso_id, now=kit.at(60))
    internos = [p for p in expediente.expediente(session, caso_id).plazos if p.tipo == "interno"]
    assert [(p.vence, p.dias, p.vigente_hasta) for p in internos] == [
        (local(2026, 12, 1, 23, 59, 59), 5, None)
    ]


def test_a_case_that_is_not_escalated_has_no_dates(session: Session) -> None:
    with pytest.raises(NoExiste):
        escalonamientos.calcular_plazos(session, kit.filed(session), now=kit.at(20))


def test_investigating_costs_one_statement(session: Session) -> None:
    caso_id = en_analisis(session)
    with counting(session.get_bind()) as cost:
        escalonamientos.investigar(
            session,
            caso_id,
            escalonamientos.NuevaInvestigacion(
                hallazgos="Pago en cuenta puente.", fuentes="C&CTEX", accion_correctiva=""
            ),
            Acto(OFICIAL, kit.at(90)),
        )
    assert len(cost.texts) == 1


def test_the_answer_of_the_area_comes_back_when_incomplete_and_leaves_when_complete(
    session: Session,
) -> None:
    caso_id = en_analisis(session)
    documentar(session, caso_id, kit.at(100))
    escalonamientos.devolver(session, caso_id, "Falta el soporte.", Acto(kit.ASESOR, kit.at(110)))
    assert session.get_one(Caso, caso_id).respondido is None
    documentar(session, caso_id, kit.at(120))
    casos.guardar_respuesta(
        session,
        caso_id,
        casos.NuevaRespuesta(tipo="enviada", texto="Señora Luz Marina…"),
        Acto(kit.ASESOR, kit.at(130)),
    )
    casos.marcar_enviada(
        session, caso_id, Acto(kit.ASESOR, kit.at(131)), medio="correo", acuse="<id@icetex>"
    )
    casos.cerrar(session, caso_id, Acto("motor", kit.at(132)))
    casos.cerrar(session, caso_id, Acto("motor", kit.at(140)))
    todo = expediente.expediente(session, caso_id)
    assert [e.estado for e in todo.estados][-6:] == [
        estados.EN_ANALISIS,
        estados.RESPONDIDO_AREA,
        estados.EN_ANALISIS,
        estados.RESPONDIDO_AREA,
        estados.ENVIADO,
        estados.CERRADO,
    ]
    assert (todo.caso.respondido, todo.caso.enviado, todo.caso.cerrado) == (
        kit.at(120),
        kit.at(131),
        kit.at(132),
    )
    assert [r.acuse for r in todo.respuestas if r.tipo == "enviada"] == ["<id@icetex>"]


def documentar(session: Session, caso_id: int, now: dt.datetime) -> None:
    escalonamientos.documentar(
        session,
        caso_id,
        NuevaRespuesta("tecnica", "Se aplicó el pago.", favorable="si"),
        Acto(OFICIAL, now),
    )


def test_every_state_of_a_case_begins_when_the_one_before_ends(session: Session) -> None:
    caso_id = en_analisis(session)
    filas = expediente.expediente(session, caso_id).estados
    assert [e.hasta for e in filas[:-1]] == [e.desde for e in filas[1:]]
    assert filas[-1].hasta is None


# --- reassignment ---------------------------------------------------------------------------------
def reasignar(session: Session, caso_id: int, area: str) -> escalonamientos.Reasignacion:
    return escalonamientos.reasignar(
        session,
        caso_id,
        Acto(OFICIAL, kit.at(200)),
        area_destino=area,
        motivo="No es de esta área.",
    )


def test_after_two_reassignments_the_area_stays_until_the_coordinator_decides(
    session: Session,
) -> None:
    caso_id = escalado(session)
    hechas = [reasignar(session, caso_id, area) for area in ("DTE", "VFO", "ORI")]
    assert [(r.n, r.hecha, r.area_id) for r in hechas] == [
        (1, True, "DTE"),
        (2, True, "VFO"),
        (3, False, "VFO"),
    ]
    escalonamientos.decidir_area(
        session, caso_id, Acto("coordinador", kit.at(210)), area_destino="DTE", motivo="Es un giro."
    )
    filas = expediente.expediente(session, caso_id).escalonamientos
    assert [f.area_id for f in filas] == ["VCC", "DTE", "VFO", "DTE"]
    assert [f.reasignado_de for f in filas] == [None, *[f.id for f in filas[:-1]]]
    assert session.get_one(Caso, caso_id).area_id == "DTE"


def test_a_reassignment_leaves_the_internal_deadline_where_it_was(session: Session) -> None:
    caso_id = escalado(session)
    antes = escalonamientos.calcular_plazos(session, caso_id, now=kit.at(20)).internas.plazo_interno
    reasignar(session, caso_id, "DTE")
    despues = escalonamientos.calcular_plazos(
        session, caso_id, now=local(2026, 11, 30, 9), causa="reasignado"
    )
    assert (despues.internas.plazo_interno, despues.area_id) == (antes, "DTE")


def test_an_area_that_does_not_exist_gets_nothing(session: Session) -> None:
    caso_id = escalado(session)
    with pytest.raises(ReasignacionRechazada, match="XYZ"):
        reasignar(session, caso_id, "XYZ")
    assert escalonamientos.actual(session, caso_id).area_id == "VCC"


# --- suspension and extension ---------------------------------------------------------------------
def requerir(
    session: Session, caso_id: int, informacion: str = "Copia del recibo de pago."
) -> dt.datetime:
    return escalonamientos.requerir(
        session, caso_id, informacion, Acto(OFICIAL, local(2026, 11, 26, 9))
    )


def test_asking_for_information_stops_the_clock_and_the_answer_starts_it_with_the_days_left(
    session: Session,
) -> None:
    caso_id = en_analisis(session)
    # 26 December is a Saturday
    assert requerir(session, caso_id) == local(2026, 12, 28, 23, 59, 59)
    assert requerir(session, caso_id, "") == local(2026, 12, 28, 23, 59, 59)
    escalonamientos.anotar_complemento(
        session, caso_id, "Recibo 123.", Acto("asesor", local(2026, 12, 3, 16))
    )
    escalonamientos.reanudar(session, caso_id, Acto("motor", local(2026, 12, 3, 16)))
    todo = expediente.expediente(session, caso_id)
    assert todo.caso.limite_respuesta == local(2026, 12, 23, 23, 59, 59)
    assert [(p.causa, p.vigente_hasta is None) for p in todo.plazos if p.tipo == "respuesta"] == [
        ("radicado", False),
        ("reanudado", True),
    ]
    (suspension,) = todo.suspensiones
    assert (suspension.informacion, suspension.complemento) == (
        "Copia del recibo de pago.",
        "Recibo 123.",
    )
    internas = escalonamientos.calcular_plazos(
        session, caso_id, now=local(2026, 12, 3, 16), causa="reanudado"
    ).internas
    # 5 days and the 5 that the clock stood still
    assert internas.plazo_interno == local(2026, 12, 9, 23, 59, 59)


def test_an_area_gets_nothing_of_the_days_that_passed_before_it_had_the_case(
    session: Session,
) -> None:
    """An incomplete delivery waited a week; then it was complete and went to its area, which has
    its five days and no more."""
    caso_id = kit.filed(session)
    requerir(session, caso_id)
    completo = local(2026, 12, 3, 16)
    escalonamientos.reanudar(session, caso_id, Acto("motor", completo))
    escalar(session, caso_id, now=local(2026, 12, 3, 17))
    plazos = escalonamientos.calcular_plazos(session, caso_id, now=local(2026, 12, 3, 17))
    # 8 December is a holiday
    assert plazos.internas.plazo_interno == local(2026, 12, 11, 23, 59, 59)
    escalonamientos.recibir(session, caso_id, Acto(OFICIAL, local(2026, 12, 4, 9)))
    escalonamientos.requerir(
        session, caso_id, "El certificado.", Acto(OFICIAL, local(2026, 12, 9, 9))
    )
    escalonamientos.reanudar(session, caso_id, Acto("motor", local(2026, 12, 11, 9)))
    despues = escalonamientos.calcular_plazos(
        session, caso_id, now=local(2026, 12, 11, 9), causa="reanudado"
    )
    assert despues.internas.plazo_interno == local(2026, 12, 15, 23, 59, 59), (
        "the two days that it waited itself"
    )


def test_a_subject_of_another_term_counts_only_what_stopped_that_term(session: Session) -> None:
    """Of fifteen days ten are left when it turns out to be a request for information: asked for
    after those, nothing stopped them."""
    caso_id = en_analisis(session)
    escalonamientos.requerir(
        session, caso_id, "Copia del recibo.", Acto(OFICIAL, local(2026, 12, 14, 9))
    )
    escalonamientos.reanudar(session, caso_id, Acto("motor", local(2026, 12, 16, 9)))
    nuevo = escalonamientos.cambiar_termino(
        session, caso_id, 10, 10, Acto("gestora", local(2026, 12, 16, 10))
    )
    assert nuevo == local(2026, 12, 9, 23, 59, 59)


def test_nothing_is_asked_for_without_saying_what(session: Session) -> None:
    caso_id = en_analisis(session)
    with pytest.raises(DatoInvalido):
        requerir(session, caso_id, "  ")


def test_a_citizen_who_completes_nothing_in_a_month_has_desisted(session: Session) -> None:
    caso_id = en_analisis(session)
    requerir(session, caso_id)
    escalonamientos.desistir(session, caso_id, Acto("motor", local(2026, 12, 29, 0)))
    caso = session.get_one(Caso, caso_id)
    assert (caso.estado, caso.cerrado) == (estados.DESISTIDO, local(2026, 12, 29, 0))
    assert escalonamientos.suspension_abierta(session, caso_id) is None


def prorrogar(
    session: Session, caso_id: int, dias: int = 10, now: dt.datetime = ANTES
) -> dt.datetime:
    return escalonamientos.prorrogar(
        session,
        caso_id,
        escalonamientos.NuevaProrroga(dias=dias, motivo="Soportes.", archivo_id=None),
        Acto("coordinador", now),
    )


def test_an_extension_moves_the_limit_once_and_the_old_one_stays_readable(session: Session) -> None:
    caso_id = en_analisis(session)
    nueva = prorrogar(session, caso_id)
    with pytest.raises(ProrrogaRechazada, match="una vez"):
        prorrogar(session, caso_id)
    todo = expediente.expediente(session, caso_id)
    assert todo.prorroga is not None
    assert (todo.prorroga.limite_anterior, todo.prorroga.nueva_fecha) == (LIMITE, nueva)
    assert [(p.vence, p.vigente_hasta is None) for p in todo.plazos if p.tipo == "respuesta"] == [
        (LIMITE, False),
        (nueva, True),
    ]
    assert session.get_one(Caso, caso_id).limite_respuesta == nueva


def test_no_extension_while_the_clock_stands_still_nor_after_the_answer(session: Session) -> None:
    detenido = en_analisis(session)
    requerir(session, detenido)
    with pytest.raises(ProrrogaRechazada, match="suspendido"):
        prorrogar(session, detenido)
    resuelto = kit.filed(session, tema="S05", clase="solicitud")
    casos.resolver_en_punto(session, resuelto, Acto(kit.ASESOR, kit.at(30)))
    with pytest.raises(ProrrogaRechazada, match="ya se respondió"):
        prorrogar(session, resuelto)


def test_a_refused_extension_leaves_the_limit(session: Session) -> None:
    caso_id = en_analisis(session)
    with pytest.raises(ProrrogaRechazada, match="venció"):
        prorrogar(session, caso_id, now=local(2026, 12, 17, 8))
    with pytest.raises(ProrrogaRechazada, match="doble"):
        prorrogar(session, caso_id, dias=16)
    assert session.get_one(Caso, caso_id).limite_respuesta == LIMITE
    assert escalonamientos.prorroga(session, caso_id) is None


# --- notices --------------------------------------------------------------------------------------
def test_a_notice_with_the_same_key_is_told_once(session: Session) -> None:
    caso_id = escalado(session)
    aviso = avisos.NuevoAviso(
        "k", tipo="recordar", para="a@b.co", asunto="x", texto="y", caso_id=caso_id
    )
    assert avisos.crear_aviso(session, aviso, now=kit.at(1))
    assert not avisos.crear_aviso(session, aviso, now=kit.at(2))
    avisos.marcar_fallido(session, "k", "buzón lleno")
    avisos.marcar_enviado(session, "k", now=kit.at(3))
    avisos.marcar_enviado(session, "k", now=kit.at(9))
    (uno,) = avisos.avisos_del_caso(session, "", caso_id)
    session.refresh(uno)
    assert (uno.creado, uno.enviado, uno.error) == (kit.at(1), kit.at(3), None)


def test_a_breach_is_kept_once_per_date(session: Session) -> None:
    caso_id = escalado(session)
    for minuto in (1, 2):
        avisos.registrar_incumplimiento(
            session, caso_id, condicion="4.2", vencia=LIMITE, now=kit.at(minuto)
        )
    assert [(i.condicion, i.detectado) for i in avisos.incumplimientos(session, caso_id)] == [
        ("4.2", kit.at(1))
    ]


def test_a_nonconformity_is_registered_once(session: Session) -> None:
    caso_id = escalado(session)
    for minuto in (1, 2):
        casos.registrar_nc(session, caso_id, "Reclamo favorable.", Acto("motor", kit.at(minuto)))
    assert session.get_one(Caso, caso_id).nc


def test_a_whole_escalation_runs_on_both_databases(db: sa.Engine) -> None:
    kit.populate(db)
    with Session(db, autoflush=False) as session:
        caso_id = en_analisis(session)
        requerir(session, caso_id)
        escalonamientos.reanudar(session, caso_id, Acto("motor", local(2026, 12, 3, 16)))
        prorrogar(session, caso_id)
        documentar(session, caso_id, local(2026, 12, 11, 9))
        session.commit()
    with Session(db) as session:
        todo = expediente.expediente(session, caso_id)
        assert todo.caso.estado == estados.RESPONDIDO_AREA
        assert todo.caso.recepcion == kit.at(10)
        assert todo.caso.recepcion.tzinfo is dt.UTC
        assert session.scalar(sa.select(sa.func.count()).select_from(Escalonamiento)) == 1


def test_a_repeated_visit_finds_what_was_asked_before_and_what_was_answered(
    session: Session,
) -> None:
    """Only recent cases, never the one in course; the answer of the area is no answer to the person
    until it is sent."""
    primero = kit.filed(session)
    persona_id = session.get_one(Caso, primero).persona_id
    sin_responder = casos.caso_anterior(session, persona_id, kit.at(-60), 0)
    assert sin_responder is not None
    assert (sin_responder.radicado, sin_responder.respuesta) == (
        session.get_one(Caso, primero).radicado,
        None,
    )
    casos.guardar_respuesta(
        session,
        primero,
        NuevaRespuesta("tecnica", "Lo que dijo el área"),
        Acto(OFICIAL, kit.at(30)),
    )
    casos.guardar_respuesta(
        session,
        primero,
        NuevaRespuesta("enviada", "Su pago quedó aplicado"),
        Acto(kit.ASESOR, kit.at(40)),
    )
    respondido = casos.caso_anterior(session, persona_id, kit.at(-60), 0)
    assert respondido is not None
    assert respondido.respuesta == "Su pago quedó aplicado"
    assert casos.caso_anterior(session, persona_id, kit.at(-60), primero) is None, (
        "the case in course is not an earlier one"
    )
    assert casos.caso_anterior(session, persona_id, kit.at(60), 0) is None, (
        "a case before the month is not recent"
    )
