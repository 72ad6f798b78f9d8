"""Turns in the database: tickets, calls, periods, the board, and two desks that want the same
turn."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.uow import UnitOfWork
from records.base.actos import Acto
from records.base.errores import DatoInvalido, TurnoAbierto, TurnoNoDisponible
from records.casos import numeracion
from records.informes import meses
from records.visita import atenciones, filas, turnos
from records.visita.reglas.turnos import siguiente
from records.visita.tablas import Turno, TurnoPeriodo
from tests.kit import records as kit
from tests.kit.clock import NOW, bogota
from tests.kit.statements import counting
from tests.kit.threads import at_once


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


def periodos(session: Session, turno_id: int) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
    filas_ = session.execute(
        sa.select(TurnoPeriodo.estado, TurnoPeriodo.inicio, TurnoPeriodo.fin)
        .where(TurnoPeriodo.turno_id == turno_id)
        .order_by(TurnoPeriodo.id)
    )
    return [(f.estado, f.inicio, f.fin) for f in filas_]


def test_tickets_are_numbered_per_point_letter_and_day(session: Session) -> None:
    fichas = [kit.turno(session, letra=letra).ficha for letra in "AAPA"]
    assert fichas == ["A001", "A002", "P001", "A003"]
    assert kit.turno(session, punto_id="MED-CEN").ficha == "A001"
    assert kit.turno(session, 24 * 60).ficha == "A001"


def test_queueing_a_turn_twice_gives_the_same_ticket(session: Session) -> None:
    turno = kit.turno(session)
    otra = turnos.encolar(
        session, turno.id, turnos.Prioridad(peso=1, envejecimiento_min=30, letra="A"), now=kit.at(1)
    )
    assert (otra.ficha, otra.fecha_cierre) == ("A001", bogota(2026, 11, 24, 17))
    assert len(periodos(session, turno.id)) == 1


def test_a_paper_number_never_collides_with_the_series_of_the_kiosk(session: Session) -> None:
    manual, otro = (
        turnos.crear_turno(
            session,
            turnos.NuevoTurno(
                punto_id=kit.PUNTO, motivo_visita="x", condicion="ninguna", origen="asesor"
            ),
            Acto("prueba", NOW),
        )
        for _ in range(2)
    )
    prioridad = turnos.Prioridad(peso=3, envejecimiento_min=30, letra="P")
    assert turnos.encolar_manual(session, manual.id, " a001 ", prioridad, now=NOW).ficha == "M-A001"
    assert turnos.turnos_en_espera(session, kit.PUNTO)[0].peso == 3
    assert kit.turno(session).ficha == "A001"
    with pytest.raises(DatoInvalido, match="M-A001"):
        turnos.encolar_manual(session, otro.id, "A001", prioridad, now=NOW)


def test_the_periods_of_a_visit_follow_each_other_without_a_gap(session: Session) -> None:
    turno = kit.attended(session)
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(20))
    assert periodos(session, turno.id) == [
        ("espera", kit.at(0), kit.at(5)),
        ("llamado", kit.at(5), kit.at(6)),
        ("atencion", kit.at(6), kit.at(20)),
    ]
    assert atenciones.atencion(session, turno.id).fin == kit.at(20)


@pytest.mark.parametrize(
    ("minutos", "espera", "atencion"), [(11 * 60, True, True), (26 * 60, True, False)]
)
def test_an_attention_that_was_left_open_overnight_is_not_reliable(
    session: Session, minutos: int, *, espera: bool, atencion: bool
) -> None:
    """Nobody attended all night: its time would be hundreds of attentions in the mean of a month
    (I2) and in what fits the next hour."""
    turno = kit.attended(session)
    turnos.cerrar_turno(session, turno.id, resultado="escalado", now=kit.at(minutos))
    de = sa.select(TurnoPeriodo.estado, TurnoPeriodo.confiable).where(
        TurnoPeriodo.turno_id == turno.id
    )
    confiables = {f.estado: f.confiable for f in session.execute(de)}
    assert confiables == {"espera": espera, "llamado": True, "atencion": atencion}


def test_a_wait_that_lasts_until_another_day_is_not_measured(session: Session) -> None:
    """Nobody waits all night: it was a wait of 402 hours in the mean of a month (I1)."""
    turno = kit.turno(session)
    turnos.cerrar_turno(session, turno.id, resultado="abandono", now=kit.at(26 * 60))
    assert session.scalar(sa.select(TurnoPeriodo.confiable)) is False
    (visto,) = meses.visitas_del_dia(session, NOW.date())
    assert visto.espera is None


def test_a_pause_that_lasts_until_another_day_leaves_the_attention_as_it_was(
    session: Session,
) -> None:
    turno = kit.attended(session)
    turnos.detener_reloj(session, turno.id, "3", Acto(kit.ASESOR, kit.at(8)))
    turnos.reanudar_reloj(session, turno.id, "3", Acto(kit.ASESOR, kit.at(26 * 60)))
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(26 * 60 + 5))
    de = sa.select(TurnoPeriodo.confiable).where(TurnoPeriodo.turno_id == turno.id)
    assert all(session.scalars(de))


def test_closing_a_turn_again_changes_nothing(session: Session) -> None:
    turno = kit.turno(session)
    turnos.cerrar_turno(session, turno.id, resultado="abandono", now=kit.at(5))
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(9))
    session.refresh(turno)
    assert (turno.resultado, turno.cerrado) == ("abandono", kit.at(5))


def test_a_closed_turn_is_neither_called_nor_attended(session: Session) -> None:
    turno = kit.turno(session)
    turnos.cerrar_turno(session, turno.id, resultado="abandono", now=kit.at(5))
    with pytest.raises(TurnoNoDisponible):
        turnos.registrar_llamado(session, turno.id, "1", Acto("x", kit.at(6)))
    with pytest.raises(TurnoNoDisponible):
        turnos.registrar_resultado(session, turno.id, "1", Acto("x", kit.at(6)), atendido=True)


def test_three_calls_are_counted_whether_the_adviser_calls_on_the_board_or_at_the_desk(
    session: Session,
) -> None:
    turno = kit.turno(session)
    assert turnos.registrar_llamado(session, turno.id, "3", Acto(kit.ASESOR, kit.at(5))) == 1
    assert (
        turnos.registrar_resultado(
            session, turno.id, "3", Acto(kit.ASESOR, kit.at(6)), atendido=False
        )
        == 1
    )
    assert turnos.registrar_llamado(session, turno.id, "3", Acto(kit.ASESOR, kit.at(8))) == 2
    assert (
        turnos.registrar_resultado(
            session, turno.id, "3", Acto(kit.ASESOR, kit.at(9)), atendido=False
        )
        == 2
    )
    assert (
        turnos.registrar_resultado(
            session, turno.id, "3", Acto(kit.ASESOR, kit.at(11)), atendido=False
        )
        == 3
    )


def test_a_turn_on_call_is_not_called_by_another_desk(session: Session) -> None:
    turno = kit.turno(session)
    turnos.registrar_llamado(session, turno.id, "1", Acto("uno", kit.at(5)))
    with pytest.raises(TurnoNoDisponible):
        turnos.registrar_llamado(session, turno.id, "2", Acto("dos", kit.at(5)))


def _con_documento(session: Session, minuto: float, punto_id: str = kit.PUNTO) -> Turno:
    return turnos.crear_turno(
        session,
        turnos.NuevoTurno(
            punto_id=punto_id,
            motivo_visita="servicio_adquirido",
            condicion="ninguna",
            origen="quiosco",
            tipo_doc="CC",
            num_doc="9912345821",
        ),
        Acto("prueba", kit.at(minuto)),
    )


@pytest.mark.parametrize(
    ("vuelve", "punto_id", "llegada"),
    [(40, kit.PUNTO, 0), (41, kit.PUNTO, 41), (20, "MED-CEN", 20)],
)
def test_a_no_show_who_is_back_within_thirty_minutes_at_the_same_point_keeps_the_arrival(
    session: Session, vuelve: float, punto_id: str, llegada: float
) -> None:
    primero = _con_documento(session, 0)
    turnos.cerrar_turno(session, primero.id, resultado="ausente", now=kit.at(10))
    otro = _con_documento(session, vuelve, punto_id)
    assert otro.llegada == kit.at(llegada)
    assert (otro.visita_anterior_id == primero.id) is (llegada == 0)


def test_a_visit_after_a_pending_power_is_linked_to_it_but_arrives_now(session: Session) -> None:
    primero = _con_documento(session, 0)
    turnos.cerrar_turno(session, primero.id, resultado="poder_pendiente", now=kit.at(10))
    otro = _con_documento(session, 60 * 24)
    assert (otro.visita_anterior_id, otro.llegada) == (primero.id, kit.at(60 * 24))


@pytest.mark.parametrize("muchos", ["ausentes", "enviados"])
def test_neither_many_no_shows_nor_many_who_were_sent_keep_one_of_the_others_out(
    session: Session, muchos: str
) -> None:
    """One of a kind, and after it more than ten of the other."""

    def ausente() -> int:
        turno = kit.turno(session)
        turnos.cerrar_turno(session, turno.id, resultado="ausente", now=kit.at(20))
        return turno.id

    def enviado() -> int:
        turno = kit.turno(session, punto_id="MED-CEN")
        turnos.registrar_llamado(session, turno.id, "3", Acto("asesor", kit.at(5)))
        turnos.trasladar(session, turno.id, kit.PUNTO, Acto("asesor", kit.at(20)))
        return turno.id

    uno, otro = (enviado, ausente) if muchos == "ausentes" else (ausente, enviado)
    solo, resto = uno(), [otro() for _n in range(11)]
    assert {r.turno_id for r in filas.reingresos(session, kit.PUNTO, kit.at(30))} == {solo, *resto}


# --- what is seen of a queue ----------------------------------------------------------------------
def test_the_board_shows_the_last_calls_first_and_each_turn_once(session: Session) -> None:
    uno, dos = kit.turno(session), kit.turno(session, letra="P")
    turnos.registrar_llamado(session, uno.id, "1", Acto("a", kit.at(5)))
    turnos.registrar_llamado(session, dos.id, "2", Acto("b", kit.at(6)))
    turnos.registrar_resultado(session, uno.id, "1", Acto("a", kit.at(7)), atendido=False)
    turnos.registrar_llamado(session, uno.id, "1", Acto("a", kit.at(9)))
    turnos.registrar_resultado(session, dos.id, "2", Acto("b", kit.at(9)), atendido=True)
    tablero = filas.tablero(session, kit.PUNTO, kit.at(10))
    assert [(ll.ficha, ll.modulo, ll.en_curso, ll.n) for ll in tablero] == [
        ("A001", "1", True, 2),
        ("P001", "2", False, 1),
    ]
    assert filas.tablero(session, kit.PUNTO, kit.at(60 * 24)) == []
    assert filas.tablero(session, "MED-CEN", kit.at(10)) == []


def test_the_queue_is_shown_in_the_order_of_calling(session: Session) -> None:
    kit.turno(session, 0)
    kit.turno(session, 1)
    kit.turno(session, 2, peso=3, letra="P", condicion="preferente")
    assert [f.ficha for f in filas.fila(session, kit.PUNTO, kit.at(3))] == ["P001", "A001", "A002"]
    eleccion = siguiente(turnos.turnos_en_espera(session, kit.PUNTO), kit.at(3))
    assert eleccion is not None
    assert (eleccion.turno.ficha, eleccion.turno.preferente) == ("P001", True)


def test_the_estimate_uses_the_place_in_the_order_and_the_pace_of_the_point(
    session: Session,
) -> None:
    atendido = kit.attended(session)
    # 20 minutes at the desk
    turnos.cerrar_turno(session, atendido.id, resultado="atendido", now=kit.at(26))
    for minuto in (27, 28):
        kit.turno(session, minuto)
    ultimo = kit.turno(session, 29)
    espera = filas.espera_estimada(session, kit.PUNTO, ultimo.id, kit.at(30))
    assert (espera.delante, espera.minutos) == (2, 40)
    resumen = filas.resumen(session, kit.PUNTO, kit.at(30))
    assert (
        resumen.esperan,
        resumen.mayor_espera_min,
        resumen.mayor_espera_ficha,
        resumen.atienden,
    ) == (3, 3, "A002", 0)


# --- at the desk ----------------------------------------------------------------------------------
def test_noting_the_holder_costs_one_statement(session: Session) -> None:
    turno = kit.attended(session)
    quien = kit.persona(session)
    with counting(session.get_bind()) as cost:
        atenciones.anotar_titularidad(
            session,
            turno.id,
            atenciones.TitularidadAnotada(
                persona_id=quien.id,
                calidad="beneficiario",
                titularidad="verificada",
                documento_exhibido=True,
                coincide_crm=True,
                comparacion={"nombre": quien.nombre},
            ),
        )
    assert len(cost.texts) == 1
    atencion = atenciones.atencion(session, turno.id)
    session.refresh(atencion)
    assert (atencion.titularidad, atencion.comparacion) == ("verificada", {"nombre": quien.nombre})


def test_the_console_returns_to_the_open_attention_of_the_adviser(session: Session) -> None:
    turno = kit.attended(session)
    assert atenciones.en_curso(session, kit.ASESOR) is turno
    assert atenciones.en_curso(session, "asesor.bog02") is None
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(20))
    assert atenciones.en_curso(session, kit.ASESOR) is None


def test_what_an_adviser_has_just_done_is_told_with_its_figures_of_the_day(
    session: Session,
) -> None:
    turno = kit.attended(session)
    ((vista,),) = [atenciones.recientes(session, kit.ASESOR, kit.at(0))]
    assert (vista.ficha, vista.fin, vista.en_sala) == (turno.ficha, None, None)
    assert (vista.radicado, vista.area, vista.limite, vista.radicado_escrito, vista.folios) == (
        None,
        None,
        None,
        None,
        None,
    )
    assert atenciones.del_dia(session, kit.ASESOR, kit.at(9)) == atenciones.DelDia(
        personas=1, mediana_min=None
    )
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(20))
    hoy = atenciones.del_dia(session, kit.ASESOR, kit.at(30))
    assert (hoy.personas, hoy.mediana_min is not None) == (1, True)
    assert [a.fin for a in atenciones.recientes(session, kit.ASESOR, kit.at(10))] == [kit.at(20)]
    assert atenciones.recientes(session, kit.ASESOR, kit.at(21)) == []
    assert atenciones.recientes(session, "asesor.bog02", kit.at(0)) == []


def test_a_pause_at_the_desk_stops_the_clock_and_keeps_the_desk_taken(session: Session) -> None:
    turno = kit.attended(session)
    turnos.detener_reloj(session, turno.id, "3", Acto(kit.ASESOR, kit.at(8)))
    assert atenciones.en_curso(session, kit.ASESOR) is turno
    turnos.reanudar_reloj(session, turno.id, "3", Acto(kit.ASESOR, kit.at(11)))
    assert [(e, i) for e, i, _ in periodos(session, turno.id)][-2:] == [
        ("pausa", kit.at(8)),
        ("atencion", kit.at(11)),
    ]


def test_a_talk_frees_the_desk_even_when_the_attention_was_paused(session: Session) -> None:
    turno = kit.attended(session)
    turnos.detener_reloj(session, turno.id, "3", Acto(kit.ASESOR, kit.at(8)))
    turnos.pausar(session, turno.id, now=kit.at(9))
    assert atenciones.en_curso(session, kit.ASESOR) is None


# --- at once --------------------------------------------------------------------------------------
def test_numbers_given_at_once_have_neither_gap_nor_repetition(db: sa.Engine) -> None:
    kit.populate(db)
    uow, dados = UnitOfWork(db), []

    def pedir(_k: int) -> None:
        dados.extend(uow.run(lambda s: numeracion.nuevo_radicado(s, NOW)) for _ in range(5))

    assert at_once(partial(pedir, k) for k in range(6)) == []
    assert sorted(dados) == [f"2026-{n:07d}" for n in range(1, 31)]


def test_a_number_of_a_command_that_failed_is_given_again(db: sa.Engine) -> None:
    kit.populate(db)
    uow = UnitOfWork(db)

    def fallar(session: Session) -> None:
        numeracion.nuevo_radicado(session, NOW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        uow.run(fallar)
    assert uow.run(lambda s: numeracion.nuevo_radicado(s, NOW)) == "2026-0000001"


def test_of_eight_desks_that_call_the_same_turn_one_gets_it(db: sa.Engine) -> None:
    kit.populate(db)
    uow = UnitOfWork(db)
    turno_id = uow.run(lambda s: kit.turno(s).id)

    def llamar(k: int) -> None:
        uow.run(lambda s: turnos.registrar_llamado(s, turno_id, str(k), Acto(f"a{k}", kit.at(5))))

    errores = at_once(partial(llamar, k) for k in range(8))
    assert [type(e) for e in errores] == [TurnoNoDisponible] * 7
    with uow.reading() as session:
        llamados = session.scalars(
            sa.select(TurnoPeriodo).where(TurnoPeriodo.estado == "llamado")
        ).all()
        assert len(llamados) == 1
        assert session.get_one(Turno, turno_id).n_llamados == 1


def test_the_database_refuses_two_open_periods_of_a_turn(db: sa.Engine) -> None:
    kit.populate(db)
    uow = UnitOfWork(db)
    turno_id = uow.run(lambda s: kit.turno(s).id)

    def duplicar(session: Session) -> None:
        session.add(
            TurnoPeriodo(turno_id=turno_id, punto_id=kit.PUNTO, estado="espera", inicio=NOW)
        )
        session.flush()

    with pytest.raises(sa.exc.IntegrityError):
        uow.run(duplicar)


# --- called, and not attended here ----------------------------------------------------------------
def test_a_turn_given_back_keeps_ticket_and_arrival_and_that_call_does_not_count(
    session: Session,
) -> None:
    turno = kit.turno(session)
    turnos.registrar_llamado(session, turno.id, "3", Acto("asesor", kit.at(5)))
    turnos.devolver(
        session, turno.id, Acto("asesor", kit.at(6)), modulo=None, razon="Devuelto a la fila"
    )
    [espera] = turnos.turnos_en_espera(session, kit.PUNTO)
    assert (espera.ficha, espera.llegada, espera.reservado(kit.at(6))) == ("A001", kit.at(0), None)
    assert turnos.registrar_llamado(session, turno.id, "3", Acto("asesor", kit.at(7))) == 1
    assert [p[0] for p in periodos(session, turno.id)] == ["espera", "llamado", "espera", "llamado"]
    turnos.repetir_llamado(session, turno.id, "3", Acto("asesor", kit.at(8)))
    assert [p[0] for p in periodos(session, turno.id)][-2:] == ["llamado", "llamado"]
    assert filas.tablero(session, kit.PUNTO, kit.at(8))[0].n == 1


def test_a_turn_handed_to_a_desk_is_left_to_it_for_twenty_minutes(session: Session) -> None:
    turno, otro = kit.turno(session), kit.turno(session, 1)
    turnos.registrar_llamado(session, turno.id, "3", Acto("asesor", kit.at(5)))
    turnos.devolver(
        session, turno.id, Acto("asesor", kit.at(5)), modulo="7", razon="Trasladado al módulo 7"
    )
    cola = turnos.turnos_en_espera(session, kit.PUNTO)
    for modulo, minuto, esperado in (("3", 6, otro.id), ("7", 6, turno.id), ("3", 25, turno.id)):
        eleccion = siguiente(cola, kit.at(minuto), modulo)
        assert eleccion is not None
        assert eleccion.turno.id == esperado
    turnos.registrar_llamado(session, turno.id, "7", Acto("asesor", kit.at(8)))
    turnos.devolver(
        session, turno.id, Acto("asesor", kit.at(9)), modulo=None, razon="Devuelto a la fila"
    )
    assert turnos.turnos_en_espera(session, kit.PUNTO)[0].modulo_destino is None


def test_whoever_is_sent_to_another_point_keeps_the_arrival_there_and_gets_its_number(
    session: Session,
) -> None:
    turno = kit.turno(session)
    turnos.registrar_llamado(session, turno.id, "3", Acto("asesor", kit.at(5)))
    turnos.trasladar(session, turno.id, "MED-CEN", Acto("asesor", kit.at(6)))
    assert turnos.desenlace(session, turno.id).con_atencion is False
    with pytest.raises(TurnoNoDisponible):
        turnos.trasladar(session, turno.id, "MED-CEN", Acto("asesor", kit.at(6)))
    kit.turno(session, 3, punto_id="MED-CEN")
    alla = kit.turno(session, 40, punto_id="MED-CEN", visita_anterior_id=turno.id)
    assert (alla.llegada, alla.ficha) == (kit.at(0), "A002")
    ajeno = kit.turno(session, 41, punto_id="CLO-CEN", visita_anterior_id=turno.id)
    assert ajeno.llegada == kit.at(41)


def test_a_no_show_who_is_back_keeps_the_ticket_in_the_new_turn(session: Session) -> None:
    turno = kit.turno(session, letra="P")
    kit.turno(session, 1, letra="P")
    turnos.cerrar_turno(session, turno.id, resultado="ausente", now=kit.at(10))
    vuelto = kit.turno(session, 20, letra="P", visita_anterior_id=turno.id)
    assert (vuelto.ficha, vuelto.llegada) == ("P001", kit.at(0))


def test_a_document_has_one_open_turn_a_day(session: Session) -> None:
    turno = kit.turno(session, tipo_doc="CC", num_doc="52123456")
    with pytest.raises(TurnoAbierto):
        kit.turno(session, 1, tipo_doc="CC", num_doc="52123456")
    turnos.cerrar_turno(session, turno.id, resultado="atendido", now=kit.at(10))
    assert kit.turno(session, 20, tipo_doc="CC", num_doc="52123456").ficha == "A002"
    # two kiosks at the same moment: the database decides
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(Turno).where(Turno.id == turno.id).values(estado="espera"))
