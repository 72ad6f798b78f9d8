"""People, their data with history, powers, files, ratings, talks, documents filed."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.uow import UnitOfWork
from records.base.actos import Acto
from records.base.errores import DatoInvalido, EnlaceInvalido, NoExiste, TurnoNoDisponible
from records.casos import archivos
from records.escritos import escritos
from records.personas import personas, poderes
from records.personas.reglas.titularidad import Cotejo, comparacion
from records.personas.tablas import Poder, ServicioAdquirido
from records.visita import atenciones, calificaciones, charlas, turnos
from records.visita.tablas import Calificacion, Charla, CharlaAsistente, Orientacion, TurnoPeriodo
from tests.kit import records as kit
from tests.kit.clock import NOW, bogota
from tests.kit.statements import counting
from tests.kit.threads import at_once

FICHERO = {"sha256": "a" * 64, "nombre": "poder.pdf", "tipo": "application/pdf", "bytes": 1200}


@pytest.fixture
def session() -> Iterator[Session]:
    with kit.in_memory() as abierta:
        yield abierta


# --- data -----------------------------------------------------------------------------------------
def test_updating_data_keeps_the_old_value_and_who_changed_it(session: Session) -> None:
    quien = kit.persona(session)
    personas.actualizar_datos(
        session,
        quien.id,
        {"celular": "3101234567", "correo": "luz@correo.com"},
        Acto("uno", kit.at(0)),
    )
    cambios = personas.actualizar_datos(
        session,
        quien.id,
        {"celular": "3107654321", "correo": "luz@correo.com", "direccion": ""},
        Acto("dos", kit.at(10)),
    )
    assert cambios == [personas.Cambio("celular", "3101234567", "3107654321")]
    assert personas.datos_vigentes(session, quien.id) == {
        "celular": "3107654321",
        "correo": "luz@correo.com",
    }
    celulares = [c for c in personas.historia_datos(session, quien.id) if c.tipo == "celular"]
    for fila in celulares:
        session.refresh(fila)
    assert [(c.valor, c.vigente_hasta, c.registrado_por) for c in celulares] == [
        ("3107654321", None, "dos"),
        ("3101234567", kit.at(10), "uno"),
    ]


def test_data_that_did_not_change_cost_one_read(session: Session) -> None:
    quien = kit.persona(session)
    personas.actualizar_datos(session, quien.id, {"celular": "3101234567"}, Acto("uno", kit.at(0)))
    with counting(session.get_bind()) as cost:
        assert (
            personas.actualizar_datos(
                session, quien.id, {"celular": " 3101234567 "}, Acto("dos", kit.at(9))
            )
            == []
        )
    assert len(cost.texts) == 1


def test_a_new_name_is_the_name_of_the_person_too(session: Session) -> None:
    quien = kit.persona(session)
    personas.actualizar_datos(
        session, quien.id, {"nombre": "Luz Marina Gómez"}, Acto("uno", kit.at(0))
    )
    assert quien.nombre == "Luz Marina Gómez"


def test_a_datum_that_nobody_asked_for_is_refused(session: Session) -> None:
    with pytest.raises(DatoInvalido, match="salario"):
        personas.actualizar_datos(
            session, kit.persona(session).id, {"salario": "1"}, Acto("uno", kit.at(0))
        )


def test_the_consent_is_dated_and_only_kept_when_it_changes(session: Session) -> None:
    quien = kit.persona(session)
    assert personas.autoriza_tratamiento(session, quien.id) is None
    for minuto, autoriza in enumerate((True, True, False)):
        personas.registrar_consentimiento(
            session, quien.id, Acto("uno", kit.at(minuto)), autoriza=autoriza
        )
    assert personas.autoriza_tratamiento(session, quien.id) is False
    filas = session.execute(
        sa.text("SELECT autoriza, vigente_hasta IS NULL FROM consentimiento ORDER BY id")
    ).all()
    assert [tuple(bool(v) for v in f) for f in filas] == [(True, False), (False, True)]


def test_a_person_is_found_by_type_and_number_together(session: Session) -> None:
    quien = kit.persona(session)
    assert personas.buscar_persona(session, "CC", "9912345821") is quien
    assert personas.buscar_persona(session, "CE", "9912345821") is None
    assert kit.persona(session) is quien


def test_a_person_with_an_impossible_document_is_not_created(session: Session) -> None:
    with pytest.raises(DatoInvalido):
        personas.crear_persona(
            session,
            personas.NuevaPersona(
                tipo_doc="CC", num_doc="12", nombre="X", calidad="cliente_potencial"
            ),
            now=NOW,
        )


def test_the_history_shows_visits_and_cases_in_two_statements(session: Session) -> None:
    quien = kit.persona(session)
    kit.filed(session)
    turno = kit.turno(session)
    turno.persona_id = quien.id
    session.flush()
    turnos.registrar_resultado(session, turno.id, "3", Acto(kit.ASESOR, kit.at(9)), atendido=True)
    with counting(session.get_bind()) as cost:
        historia = personas.historia_persona(session, quien.id)
    assert len(cost.texts) == 2
    assert [(v.turno_id, v.asesor_id) for v in historia.visitas] == [(turno.id, kit.ASESOR)]
    assert [(c.radicado, c.subtema) for c in historia.casos] == [
        ("2026-0000001", "Pago no aplicado")
    ]


def test_the_record_that_is_compared_has_the_products_and_takes_one_statement(
    session: Session,
) -> None:
    """5.2.4"""
    quien = kit.persona(session)
    kit.servicio(session, quien.id)
    with counting(session.get_bind()) as cost:
        hallado = personas.registro_crm(session, "CC", quien.num_doc)
    assert len(cost.texts) == 1
    assert hallado is not None
    assert (hallado.persona_id, hallado.nombre, hallado.calidades) == (
        quien.id,
        quien.nombre,
        ("beneficiario",),
    )
    assert personas.registro_crm(session, "TI", quien.num_doc) is None


def test_a_joint_debtor_is_told_whose_credit_it_is_and_the_snapshot_keeps_it(
    session: Session,
) -> None:
    """5.2.4"""
    titular, deudor = kit.persona(session), kit.persona(session, "9912345999", "Luz Mora")
    kit.servicio(session, titular.id)
    for obligacion in ("1001", "1002"):  # the second one is of nobody in the CRM
        kit.servicio(session, deudor.id, obligacion)
    session.execute(
        sa.update(ServicioAdquirido)
        .where(ServicioAdquirido.persona_id == deudor.id)
        .values(calidad="deudor_solidario")
    )
    hallado = personas.registro_crm(session, "CC", deudor.num_doc)
    assert hallado is not None
    assert [(p.titular_id, p.titular) for p in hallado.productos] == [
        (titular.id, titular.nombre),
        (None, ""),
    ]
    foto = comparacion(
        hallado, Cotejo("deudor_solidario", documento_exhibido=True), ("CC", deudor.num_doc), ""
    )
    assert [c["titular"] for c in foto["calidades"]] == [titular.id, None]
    propio = personas.registro_crm(session, "CC", titular.num_doc)
    assert propio is not None
    assert [p.titular_id for p in propio.productos] == [None]


def test_people_are_found_by_two_words_of_their_name_and_never_listed_when_they_are_many(
    session: Session,
) -> None:
    quien = kit.persona(session)
    assert [p.persona_id for p in personas.con_nombre(session, "perez luz") or []] == [quien.id]
    assert personas.con_nombre(session, "Luz Zapata") == []
    with pytest.raises(DatoInvalido, match="un nombre y un apellido"):
        personas.con_nombre(session, " Luz ")
    for n in range(personas.MAX_PARECIDAS):
        kit.persona(session, f"991234500{n}", f"Luz Marina Pérez {n}")
    assert personas.con_nombre(session, "Luz Pérez") is None


# --- powers of attorney ---------------------------------------------------------------------------
def revisar(session: Session, **cambios: object) -> poderes.PoderRevisado:
    campos: dict[str, Any] = {
        "presentado": True,
        "titular_tipo_doc": "CC",
        "titular_num_doc": "9912345821",
        "apoderado": personas.NuevaPersona("CC", "9912345000", "José Gómez", "apoderado"),
        "notaria": "Notaría 5 de Bogotá",
        "numero": "1234",
        "fecha": dt.date(2026, 11, 20),
        "archivo_id": archivos.registrar_archivo(session, FICHERO, Acto(kit.ASESOR, NOW)),
    }
    return poderes.revisar_poder(
        session, poderes.PoderEntregado(**(campos | cambios)), Acto(kit.ASESOR, NOW)
    )


def test_a_valid_power_names_the_holder_and_is_kept(session: Session) -> None:
    titular = kit.persona(session)
    revisado = revisar(session)
    assert (revisado.valido, revisado.titular_id) == (True, titular.id)
    (poder,) = session.scalars(sa.select(Poder)).all()
    assert (poder.estado, poder.numero, poder.archivo_id) == ("valido", "1234", 1)
    apoderado = personas.buscar_persona(session, "CC", "9912345000")
    assert apoderado is not None
    assert (apoderado.id, apoderado.nombre, apoderado.calidad) == (
        poder.apoderado_id,
        "José Gómez",
        "apoderado",
    ), "a person of their own"
    assert revisado.apoderado_id == apoderado.id != titular.id


def test_a_doubtful_power_is_kept_with_its_reason_and_verifies_nobody(session: Session) -> None:
    kit.persona(session)
    revisado = revisar(session, duda="La firma no se parece", facultades=("saldos", "acuerdos"))
    assert (revisado.valido, revisado.faltas) == (False, ("La firma no se parece",))
    (poder,) = session.scalars(sa.select(Poder)).all()
    assert (poder.estado, poder.motivo, poder.facultades) == (
        "dudoso",
        "La firma no se parece",
        "saldos acuerdos",
    )


def test_a_power_of_tomorrow_is_kept_as_refused_with_its_reason(session: Session) -> None:
    kit.persona(session)
    assert not revisar(session, fecha=dt.date(2026, 11, 25)).valido
    (poder,) = session.scalars(sa.select(Poder)).all()
    assert (poder.estado, poder.motivo) == ("rechazado", "La fecha del poder es posterior a hoy.")


def test_without_a_power_or_a_known_holder_nothing_is_valid_and_nothing_is_kept(
    session: Session,
) -> None:
    assert revisar(session, presentado=False).faltas == ("No presentó el poder.",)
    assert revisar(session).faltas == ("El titular no está en el CRM.",)
    assert session.scalar(sa.select(sa.func.count()).select_from(Poder)) == 0


def test_a_file_without_its_facts_is_refused_and_an_empty_field_is_none(session: Session) -> None:
    assert archivos.registrar_archivo(session, None, Acto("x", NOW)) is None
    with pytest.raises(DatoInvalido):
        archivos.registrar_archivo(session, {"nombre": "x"}, Acto("x", NOW))


# --- ratings --------------------------------------------------------------------------------------
def test_the_first_rating_of_an_attention_stays(session: Session) -> None:
    turno = kit.attended(session)
    primera = calificaciones.registrar_calificacion(
        session, turno.id, calificaciones.NuevaCalificacion(valor=5), Acto("tableta.3", kit.at(20))
    )
    assert (
        calificaciones.registrar_calificacion(
            session,
            turno.id,
            calificaciones.NuevaCalificacion(valor=None),
            Acto("motor", kit.at(23)),
        )
        == primera
    )
    (fila,) = session.scalars(sa.select(Calificacion)).all()
    assert (fila.valor, fila.asesor_id, fila.momento) == (5, kit.ASESOR, "atencion")


def test_who_does_not_rate_leaves_a_row_without_value(session: Session) -> None:
    turno = kit.attended(session)
    calificaciones.registrar_calificacion(
        session, turno.id, calificaciones.NuevaCalificacion(valor=None), Acto("motor", kit.at(23))
    )
    calificaciones.registrar_calificacion(
        session, turno.id, calificaciones.NuevaCalificacion(valor=1), Acto("tableta.3", kit.at(24))
    )
    fila = calificaciones.calificacion_de_turno(session, turno.id)
    assert fila is not None
    assert fila.valor is None


@pytest.mark.parametrize("valor", [0, 6, -1])
def test_a_rating_outside_1_to_5_is_refused(session: Session, valor: int) -> None:
    with pytest.raises(DatoInvalido):
        calificaciones.registrar_calificacion(
            session,
            kit.attended(session).id,
            calificaciones.NuevaCalificacion(valor=valor),
            Acto("x", kit.at(9)),
        )


def test_a_rating_link_is_good_once_and_for_five_days(session: Session) -> None:
    caso_id = kit.filed(session)
    vence = calificaciones.crear_enlace(session, caso_id, "secreto", now=NOW)
    assert vence == NOW + dt.timedelta(days=5)
    with pytest.raises(EnlaceInvalido):
        calificaciones.calificar_respuesta(
            session, "otro", calificaciones.NuevaCalificacion(valor=4), now=kit.at(1)
        )
    with pytest.raises(EnlaceInvalido):
        calificaciones.calificar_respuesta(
            session,
            "secreto",
            calificaciones.NuevaCalificacion(valor=4),
            now=vence + dt.timedelta(seconds=1),
        )
    calificaciones.calificar_respuesta(
        session, "secreto", calificaciones.NuevaCalificacion(valor=4), now=vence
    )
    with pytest.raises(EnlaceInvalido):
        calificaciones.calificar_respuesta(
            session, "secreto", calificaciones.NuevaCalificacion(valor=1), now=vence
        )
    assert session.scalar(sa.select(Calificacion.valor)) == 4
    assert "secreto" not in str(session.execute(sa.text("SELECT * FROM enlace_calificacion")).all())


# --- talks ----------------------------------------------------------------------------------------
def test_visitors_share_the_next_talk_of_their_point(session: Session) -> None:
    uno, dos, lejos = kit.turno(session), kit.turno(session), kit.turno(session, punto_id="MED-CEN")
    charla = charlas.asignar_charla(session, uno.id, now=kit.at(1))
    assert charlas.asignar_charla(session, uno.id, now=kit.at(2)) == charla
    assert charlas.asignar_charla(session, dos.id, now=kit.at(2)) == charla
    assert charlas.asignar_charla(session, lejos.id, now=kit.at(2)) != charla


def realizar(session: Session, charla_id: int, presentes: list[int]) -> list[int]:
    return charlas.realizar_charla(
        session,
        charla_id,
        charlas.CharlaDada(
            tema="Crédito",
            inicio=kit.at(10),
            fin=kit.at(30),
            medios=["pantalla"],
            presentes=presentes,
        ),
        asesor_id=kit.ASESOR,
    )


def test_a_talk_tells_who_was_there_and_the_next_visitor_gets_another_one(session: Session) -> None:
    uno, dos, tres = (kit.turno(session) for _ in range(3))
    charla_id = charlas.asignar_charla(session, uno.id, now=kit.at(1))
    charlas.asignar_charla(session, dos.id, now=kit.at(1))
    assert realizar(session, charla_id, [dos.id]) == [dos.id]
    assert charlas.presentes(session, charla_id) == [dos.id]
    assert [(a.turno_id, a.asistio) for a in charlas.asistentes(session, charla_id)] == [
        (uno.id, False),
        (dos.id, True),
    ]
    assert charlas.asignar_charla(session, tres.id, now=kit.at(40)) != charla_id


def test_who_was_not_assigned_or_left_cannot_have_been_at_the_talk(session: Session) -> None:
    uno, dos = kit.turno(session), kit.turno(session)
    charla_id = charlas.asignar_charla(session, uno.id, now=kit.at(1))
    with pytest.raises(DatoInvalido):
        realizar(session, charla_id, [dos.id])
    charlas.retirar(session, uno.id, now=kit.at(5))
    with pytest.raises(DatoInvalido):
        realizar(session, charla_id, [uno.id])


def test_who_waits_for_a_talk_leaves_the_desk_free_and_comes_back_when_it_began(
    session: Session,
) -> None:
    turno = kit.attended(session)
    charla_id = charlas.asignar_charla(session, turno.id, now=kit.at(8))
    assert atenciones.en_curso(session, kit.ASESOR) is None
    realizar(session, charla_id, [turno.id])
    # the desk may have somebody else by now
    assert atenciones.en_curso(session, kit.ASESOR) is None
    turnos.traer_al_modulo(session, turno.id, "5", Acto(kit.ASESOR, kit.at(30)))
    assert atenciones.en_curso(session, kit.ASESOR) is turno
    with pytest.raises(TurnoNoDisponible):
        turnos.traer_al_modulo(session, turno.id, "6", Acto("asesor.bog02", kit.at(31)))
    filas = session.execute(
        sa.text("SELECT estado, confiable FROM turno_periodo ORDER BY id")
    ).all()
    assert [(f.estado, bool(f.confiable)) for f in filas][-3:] == [
        ("pausa", True),
        ("atencion", False),
        ("atencion", True),
    ]
    assert session.scalars(sa.select(TurnoPeriodo.inicio).order_by(TurnoPeriodo.id)).all()[-3:] == [
        kit.at(8),
        kit.at(10),
        kit.at(30),
    ]


def test_a_question_of_the_room_is_completed_by_its_answer(session: Session) -> None:
    turno = kit.attended(session)
    abierta = charlas.registrar_inquietud(
        session, turno.id, tema="servicio", pregunta="¿Cuándo abren?", acto=Acto("x", kit.at(1))
    )
    en_web = charlas.InformacionWeb("En enero.", "https://icetex.gov.co", None)
    respondida = charlas.responder_inquietud(session, turno.id, en_web, Acto(kit.ASESOR, kit.at(2)))
    fuera = charlas.InformacionExterior("Canadá", "posgrado", "credito", requisitos_explicados=True)
    otra = charlas.responder_inquietud(session, turno.id, fuera, Acto(kit.ASESOR, kit.at(3)))
    assert respondida == abierta
    assert otra != abierta
    filas = [session.get_one(Orientacion, id_) for id_ in (respondida, otra)]
    assert [(f.tema, f.pregunta, f.respuesta, f.pais, f.asesor_id) for f in filas] == [
        ("servicio", "¿Cuándo abren?", "En enero.", None, kit.ASESOR),
        ("estudios_exterior", "", "", "Canadá", kit.ASESOR),
    ]


def test_visitors_who_come_at_once_get_one_talk(db: sa.Engine) -> None:
    kit.populate(db)
    uow = UnitOfWork(db)
    ids = uow.run(lambda s: [kit.turno(s).id for _ in range(6)])
    assert (
        at_once(
            partial(uow.run, partial(charlas.asignar_charla, turno_id=turno_id, now=kit.at(1)))
            for turno_id in ids
        )
        == []
    )
    with uow.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Charla)) == 1
        assert session.scalar(sa.select(sa.func.count()).select_from(CharlaAsistente)) == 6


# --- documents filed ------------------------------------------------------------------------------
def test_documents_share_the_series_of_the_cases_and_are_filed_once(session: Session) -> None:
    kit.filed(session)
    turno = kit.attended(session)
    quien, termino = kit.persona(session, "9912345001"), escritos.Termino(15, 15)
    with pytest.raises(NoExiste):
        escritos.radicar_escrito(session, turno.id, termino, Acto("x", kit.at(30)))
    documentos = [
        escritos.NuevoDocumento("Carta", 3, "original"),
        escritos.NuevoDocumento("Acta", 1, "copia"),
    ]
    recibido = escritos.NuevoEscrito(
        kit.PUNTO, quien.id, "S01", "Paz y salvo", documentos, falta="Certificado"
    )
    primero, otro = (
        escritos.recibir_escrito(session, turno.id, recibido, Acto("x", kit.at(n)))
        for n in (20, 21)
    )
    assert primero == otro
    assert (
        escritos.radicar_escrito(session, turno.id, termino, Acto("x", kit.at(30))).radicado
        == "2026-0000002"
    )
    assert (
        escritos.radicar_escrito(
            session, turno.id, termino, Acto("x", bogota(2027, 1, 4, 9))
        ).radicado
        == "2026-0000002"
    )


def test_a_delivery_is_foliated_through_and_found_by_number_document_name_and_ticket(
    session: Session,
) -> None:
    """Issue 9, 1.1: the radicado was found nowhere."""
    turno, quien = kit.attended(session), kit.persona(session, "9912345001")
    documentos = [
        escritos.NuevoDocumento("Carta", 3, "original"),
        escritos.NuevoDocumento("Acta", 1, "copia"),
    ]
    recibido = escritos.NuevoEscrito(
        kit.PUNTO, quien.id, "S01", "Paz y salvo", documentos, falta="Certificado"
    )
    escritos.recibir_escrito(session, turno.id, recibido, Acto("x", kit.at(20), case_key="V-1"))
    assert escritos.radicada(session, "V-1") is None
    numero = escritos.radicar_escrito(
        session, turno.id, escritos.Termino(15, 15), Acto("x", kit.at(30))
    ).radicado
    hallada = escritos.radicada(session, "V-1")
    assert hallada is not None
    assert [(d.nombre, d.folio_desde, d.folio_hasta) for d in hallada.documentos] == [
        ("Carta", 1, 3),
        ("Acta", 4, 4),
    ]
    assert (hallada.escrito.folios, hallada.escrito.falta) == (4, "Certificado")
    assert hallada.escrito.falta_hasta is not None
    filtros = (
        escritos.FiltroRadicadas(radicados=[numero]),
        escritos.FiltroRadicadas(radicados=[numero], num_doc="757"),
        escritos.FiltroRadicadas(num_doc="9912345001"),
        escritos.FiltroRadicadas(radicados=["2026-0000757"], personas=[quien.id]),
        escritos.FiltroRadicadas(persona=quien.nombre.split()[0].lower()),
        escritos.FiltroRadicadas(ficha=turno.ficha),
        escritos.FiltroRadicadas(desde=kit.at(0)),
    )
    assert [[r.radicado for r in escritos.radicadas(session, f)] for f in filtros] == [[numero]] * 7
    for nadie in (escritos.FiltroRadicadas(num_doc="1"), escritos.FiltroRadicadas(personas=[])):
        assert escritos.radicadas(session, nadie) == []
