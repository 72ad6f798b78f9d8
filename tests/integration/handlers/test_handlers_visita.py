"""Digiturno, CRM, information room and controls on real records: P01, P02, P03, P08, P09 step by
step."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.errors import BusinessError
from engine.types import SYSTEM, Actor, Handlers, Role, Value
from handlers import controles, crm
from handlers.enlaces import Enlaces
from handlers.visita import digiturno, sala
from records.base.actos import Acto
from records.casos import casos, escalonamientos
from records.casos.casos import NuevaRespuesta
from records.casos.reglas import estados
from records.casos.tablas import Caso, Escalonamiento, Incumplimiento, NoConformidad
from records.correo import avisos
from records.correo.avisos import SIN_CORREO
from records.correo.tablas import Aviso
from records.escritos import escritos
from records.plazos.reglas.calendario import vencimiento
from records.visita import calificaciones, charlas, turnos
from records.visita.tablas import Atencion, Calificacion, CharlaAsistente, Turno, TurnoPeriodo
from tests.kit.cast import ASESORA, OFICIAL, PUNTO
from tests.kit.clock import NOW
from tests.kit.scene import Scene, copy_of, template

ENLACES = Enlaces("https://ventanilla.example", b"secreto de la prueba")
PRIORIDAD: dict[str, Value] = {"punto_id": PUNTO, "peso": 2, "envejecimiento_min": 15, "letra": "P"}
MATRIZ: dict[str, Value] = {
    "area_id": "VCC",
    "grupo": "Cartera",
    "plazo_interno": 5,
    "nivel2": "Coordinador",
    "nivel3": "Vicepresidente",
}


@pytest.fixture(scope="module")
def molde(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return template(tmp_path_factory.mktemp("molde") / "ventanilla.db")


@pytest.fixture
def escena(molde: Scene, tmp_path: Path) -> Iterator[Scene]:
    with copy_of(molde, tmp_path / "ventanilla.db") as escena:
        yield escena


@pytest.fixture
def handlers() -> Handlers:
    registro = Handlers()
    digiturno.register(registro)
    crm.register(registro, enlaces=ENLACES)
    sala.register(registro)
    controles.register(registro)
    return registro


def hacer(
    escena: Scene,
    handlers: Handlers,
    nombre: str,
    data: Mapping[str, Value] | None = None,
    *,
    actor: Actor = ASESORA,
) -> dict[str, Value]:
    base: dict[str, Value] = {
        "turno_id": escena.turno_id,
        "persona_id": escena.persona_id,
        "caso_id": escena.caso_id,
    }
    with escena.writing() as session:
        return dict(
            handlers.local[nombre](
                escena.requests.call(session, escena.now, base | dict(data or {}), actor=actor)
            )
            or {}
        )


def turno(escena: Scene) -> Turno:
    with escena.sessions() as session:
        return session.get_one(Turno, escena.turno_id)


def caso(escena: Scene) -> Caso:
    with escena.sessions() as session:
        return session.get_one(Caso, escena.caso_id)


def avisos_de(escena: Scene) -> list[Aviso]:
    with escena.sessions() as session:
        return list(session.scalars(sa.select(Aviso).order_by(Aviso.id)))


def de_tipo(escena: Scene, tipo: str) -> list[Aviso]:
    return [a for a in avisos_de(escena) if a.tipo == tipo]


# --- Digiturno ------------------------------------------------------------------------------------
def test_a_turn_gets_its_ticket_and_the_hour_at_which_its_point_closes(
    escena: Scene, handlers: Handlers
) -> None:
    escena.take_turn()
    salida = hacer(escena, handlers, "digiturno.encolar", PRIORIDAD)
    assert salida["ficha"] == turno(escena).ficha
    assert str(salida["ficha"]).startswith("P")
    assert dt.datetime.fromisoformat(str(salida["fecha_cierre"])) == turno(escena).fecha_cierre
    assert str(salida["fecha_cierre"]).endswith("+00:00")
    assert (turno(escena).estado, turno(escena).peso, turno(escena).envejecimiento_min) == (
        "espera",
        2,
        15,
    )


def test_where_the_queue_system_is_down_the_manual_queue_goes_on(escena: Scene) -> None:
    registro = Handlers()
    digiturno.register(registro, disponible=lambda punto: punto != PUNTO)
    escena.take_turn()
    with pytest.raises(BusinessError) as error:
        hacer(escena, registro, "digiturno.encolar", PRIORIDAD)
    assert error.value.code == "ERR_DIGITURNO"


def test_a_turn_without_its_priority_is_an_incident_and_not_a_guess(
    escena: Scene, handlers: Handlers
) -> None:
    escena.take_turn()
    with pytest.raises(TypeError, match="envejecimiento_min"):
        hacer(
            escena,
            handlers,
            "digiturno.encolar",
            {k: v for k, v in PRIORIDAD.items() if k != "envejecimiento_min"},
        )


def cerrar(
    escena: Scene, handlers: Handlers, data: Mapping[str, Value] | None = None
) -> tuple[str | None, str | None]:
    hacer(escena, handlers, "digiturno.cerrar_turno", data, actor=SYSTEM)
    with escena.sessions() as session:
        abiertos = session.scalars(sa.select(TurnoPeriodo).where(TurnoPeriodo.fin.is_(None))).all()
        atencion = session.scalar(sa.select(Atencion).where(Atencion.turno_id == escena.turno_id))
    assert abiertos == []
    assert atencion is None or atencion.fin == escena.now
    return turno(escena).resultado, atencion.resultado if atencion else None


def test_who_leaves_the_queue_is_an_abandon_also_with_variables_of_an_earlier_turn(
    escena: Scene, handlers: Handlers
) -> None:
    escena.take_turn()
    hacer(escena, handlers, "digiturno.encolar", PRIORIDAD)
    assert cerrar(
        escena,
        handlers,
        {"resultado_llamado": "atendido", "ruta": "personalizada", "poder_valido": False},
    ) == (
        "abandono",
        None,
    )


def test_who_does_not_come_when_called_is_absent(escena: Scene, handlers: Handlers) -> None:
    escena.take_turn()
    hacer(escena, handlers, "digiturno.encolar", PRIORIDAD)
    with escena.writing() as session:
        turnos.registrar_llamado(session, escena.turno_id, "1", Acto("asesora", NOW))
        turnos.registrar_resultado(
            session, escena.turno_id, "1", Acto("asesora", NOW), atendido=False
        )
    assert cerrar(escena, handlers) == ("ausente", None)


def test_no_power_of_attorney_leaves_it_pending(escena: Scene, handlers: Handlers) -> None:
    escena.attend()
    escena.verify_holder("no_titular")
    assert cerrar(escena, handlers, {"ruta": "personalizada"}) == (
        "poder_pendiente",
        "poder_pendiente",
    )


@pytest.mark.parametrize("ruta", ["sala", "escrita"])
def test_the_other_routes_are_noted_on_the_attention(
    escena: Scene, handlers: Handlers, ruta: str
) -> None:
    escena.attend()
    assert cerrar(escena, handlers, {"ruta": ruta}) == ("atendido", ruta)


def test_an_escalated_visit_ends_as_escalated_and_closing_again_changes_nothing(
    escena: Scene, handlers: Handlers
) -> None:
    escena.open_case()
    hacer(escena, handlers, "crm.escalar", MATRIZ)
    assert cerrar(escena, handlers, {"ruta": "personalizada"}) == ("escalado", "escalado")
    assert cerrar(escena, handlers, {"ruta": "personalizada"}) == ("escalado", "escalado")


# --- CRM at the desk ------------------------------------------------------------------------------
def test_consulting_the_crm_starts_the_prefetch_of_a_verified_holder(
    escena: Scene, handlers: Handlers
) -> None:
    escena.attend()
    hacer(escena, handlers, "crm.consultar", {"titularidad": "verificada"})
    (trabajo,) = escena.requests.jobs.values()
    assert trabajo[0] == "legado.precargar"
    assert trabajo[1]["turno_id"] == escena.turno_id


def test_without_verification_nothing_is_prefetched(escena: Scene, handlers: Handlers) -> None:
    escena.attend()
    hacer(escena, handlers, "crm.consultar", {"titularidad": "cliente_potencial"})
    assert escena.requests.jobs == {}


def test_where_the_crm_is_down_the_contingency_goes_on(escena: Scene) -> None:
    registro = Handlers()
    crm.register(registro, enlaces=ENLACES, disponible=lambda: False)
    escena.attend()
    with pytest.raises(BusinessError) as error:
        hacer(escena, registro, "crm.consultar")
    assert error.value.code == "ERR_CRM"


def test_filing_gives_the_number_and_both_limits_as_utc_instants(
    escena: Scene, handlers: Handlers
) -> None:
    escena.open_case()
    salida = hacer(escena, handlers, "crm.radicar", {"dias_termino": 15, "prorroga_max": 15})
    assert salida["radicado"] == caso(escena).radicado
    # five business days: end of Tuesday 1 December
    assert salida["fecha_limite_escalar"] == "2026-12-02T04:59:59+00:00"
    # fifteen, 8 December is a holiday
    assert salida["fecha_limite_respuesta"] == "2026-12-17T04:59:59+00:00"
    assert salida["fecha_aviso_escalar"] < salida["fecha_limite_escalar"]


def test_an_answer_at_the_desk_closes_the_case_as_solved_at_first_contact(
    escena: Scene, handlers: Handlers
) -> None:
    escena.open_case()
    with escena.writing() as session:
        casos.guardar_respuesta(
            session,
            escena.caso_id,
            casos.NuevaRespuesta(tipo="punto", texto="Aquí está."),
            Acto("asesora", NOW),
        )
    hacer(escena, handlers, "crm.registrar_respuesta")
    assert (caso(escena).estado, caso(escena).resuelto_primer_contacto) == (estados.CERRADO, True)


def test_escalating_tells_the_area_in_the_same_commit_and_only_once(
    escena: Scene, handlers: Handlers
) -> None:
    escena.open_case()
    primera = hacer(escena, handlers, "crm.escalar", MATRIZ)
    assert primera == hacer(escena, handlers, "crm.escalar", MATRIZ)
    assert primera["asesor_id"] == "asesora"
    (aviso,) = de_tipo(escena, "asignado")
    assert aviso.para == "vcc@icetex.example"
    assert [job for job, _, _ in escena.requests.jobs.values()] == ["correo.enviar"]


def test_a_retry_by_the_administrator_still_names_the_adviser_of_the_case(
    escena: Scene, handlers: Handlers
) -> None:
    escena.open_case()
    administradora = Actor("person", "admin", frozenset({Role("administrador")}))
    assert (
        hacer(escena, handlers, "crm.escalar", MATRIZ, actor=administradora)["asesor_id"]
        == "asesora"
    )


def test_no_rating_is_a_row_too_and_never_replaces_a_rating(
    escena: Scene, handlers: Handlers
) -> None:
    escena.attend()
    hacer(
        escena,
        handlers,
        "crm.registrar_calificacion",
        {"medio_calificacion": "tableta"},
        actor=SYSTEM,
    )
    with escena.sessions() as session:
        fila = session.scalars(sa.select(Calificacion)).one()
    assert (fila.valor, fila.medio, fila.registrada_por) == (None, "tableta", "motor")
    otra = Scene(escena.db, persona_id=escena.persona_id)
    otra.attend()
    with otra.writing() as session:
        calificaciones.registrar_calificacion(
            session, otra.turno_id, calificaciones.NuevaCalificacion(valor=5), Acto("tableta", NOW)
        )
    hacer(otra, handlers, "crm.registrar_calificacion", actor=SYSTEM)
    with escena.sessions() as session:
        assert sorted(session.scalars(sa.select(Calificacion.valor)), key=str) == [5, None]


def test_documents_are_filed_once(escena: Scene, handlers: Handlers) -> None:
    escena.attend()
    documentos = [escritos.NuevoDocumento("Demanda", 3, "original")]
    with escena.writing() as session:
        nuevo = escritos.NuevoEscrito(PUNTO, escena.persona_id, "S01", "Tutela", documentos)
        escritos.recibir_escrito(session, escena.turno_id, nuevo, Acto("gd", NOW))
    data: dict[str, Value] = {"canal": "escrito", "dias_termino": 10, "prorroga_max": 10}
    primero = hacer(escena, handlers, "crm.radicar_escrito", data)
    assert primero["radicado"]
    assert primero["fecha_limite_respuesta"]
    assert primero == hacer(escena, handlers, "crm.radicar_escrito", data)
    # an instance of the first version
    assert hacer(escena, handlers, "crm.radicar_escrito") == {"radicado": primero["radicado"]}


def test_a_delivery_with_something_missing_stops_the_clock_on_the_day_it_is_filed(
    escena: Scene, handlers: Handlers
) -> None:
    """Art. 17: the proof, the page and the mails have one date; the term runs whole from the day
    after the rest comes."""
    escena.attend()
    with escena.writing() as session:
        nuevo = escritos.NuevoEscrito(
            PUNTO,
            escena.persona_id,
            "S01",
            "Tutela",
            [escritos.NuevoDocumento("Demanda", 3, "original")],
            falta="El poder",
        )
        caso_id = escritos.recibir_escrito(
            session, escena.turno_id, nuevo, Acto("gd", NOW, "V-1")
        ).caso.caso_id
        escalonamientos.anotar_informe(
            session, caso_id, medio="correo", correo="ana@ciudadana.example", resumen="Tutela"
        )
    data: dict[str, Value] = {
        "canal": "escrito",
        "entrega": "",
        "dias_termino": 10,
        "prorroga_max": 10,
        "caso_id": caso_id,
        **MATRIZ,
    }
    hacer(escena, handlers, "crm.radicar_escrito", data)
    assert hacer(escena, handlers, "crm.entregar_escrito", data)["entrega"] == "incompleta"
    hacer(escena, handlers, "crm.requerir", data)
    assert [a.tipo for a in avisos_de(escena)] == ["radicado", "requerimiento"], (
        "the area is told when it can begin"
    )
    recibimos, pedimos = (a.texto for a in avisos_de(escena))
    assert "no corre" in recibimos
    assert "a más tardar" not in recibimos
    assert "El poder" in pedimos
    escena.now += dt.timedelta(days=7)
    with escena.writing() as session:
        escritos.completar_escrito(
            session,
            "V-1",
            [escritos.NuevoDocumento("Poder", 1, "copia")],
            "",
            Acto("gd", escena.now),
        )
        escalonamientos.anotar_complemento(
            session, caso_id, "Entregó el poder.", Acto("gd", escena.now)
        )
    hacer(escena, handlers, "crm.reanudar", data)
    with escena.sessions() as session:
        hecho = session.get_one(Caso, caso_id)
        assert hecho.limite_respuesta == vencimiento(escena.now, 10)
        assert hecho.estado == estados.EN_ANALISIS
    hacer(escena, handlers, "crm.calcular_plazos", data)
    assert [a.tipo for a in avisos_de(escena)][-1] == "asignado"


# --- an escalated case ----------------------------------------------------------------------------
def plazos(
    escena: Scene, handlers: Handlers, data: Mapping[str, Value] | None = None
) -> dict[str, Value]:
    return hacer(escena, handlers, "crm.calcular_plazos", data, actor=SYSTEM)


def test_the_dates_of_the_area_come_in_order_and_within_the_legal_limit(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    salida = plazos(escena, handlers)
    orden = [
        "fecha_recordar_50",
        "fecha_recordar_80",
        "fecha_plazo_interno",
        "fecha_limite_respuesta",
    ]
    fechas = [str(salida[nombre]) for nombre in orden]
    assert fechas == sorted(fechas)
    assert all(fecha.endswith("+00:00") for fecha in fechas)
    assert salida["area_id"] == "VCC"


def test_a_reassignment_never_starts_the_clock_again(escena: Scene, handlers: Handlers) -> None:
    escena.escalate()
    antes = plazos(escena, handlers)
    escena.now += dt.timedelta(days=2)
    salida = hacer(escena, handlers, "crm.reasignar", {"area_destino": "DTE"}, actor=OFICIAL)
    assert salida == {
        "n_reasignaciones": 1,
        "area_id": "DTE",
        "actividad_interrumpida": "",
        "funcionario_id": "",
    }
    despues = plazos(escena, handlers, {"n_reasignaciones": 1})
    assert (despues["fecha_plazo_interno"], despues["fecha_limite_respuesta"]) == (
        antes["fecha_plazo_interno"],
        antes["fecha_limite_respuesta"],
    )
    assert [aviso.para for aviso in de_tipo(escena, "asignado")] == [
        "vcc@icetex.example",
        "dte@icetex.example",
    ]


def test_the_third_reassignment_leaves_the_area_and_asks_the_coordinator(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    salidas = [
        hacer(escena, handlers, "crm.reasignar", {"area_destino": area}, actor=OFICIAL)
        for area in ("DTE", "OAJ", "GAC")
    ]
    assert [(s["n_reasignaciones"], s["area_id"]) for s in salidas] == [
        (1, "DTE"),
        (2, "OAJ"),
        (3, "OAJ"),
    ]
    assert escena.count(Escalonamiento) == 3


def test_a_request_for_information_stops_the_clock_and_its_answer_lets_it_go_on(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    antes = plazos(escena, handlers)
    with escena.writing() as session:
        escalonamientos.requerir(
            session, escena.caso_id, "Copia del recibo", Acto("oficial", escena.now)
        )
    salida = hacer(escena, handlers, "crm.requerir", actor=OFICIAL)
    # one month later, end of Thursday 24 December
    assert salida["fecha_desistimiento"] == "2026-12-25T04:59:59+00:00"
    (carta,) = de_tipo(escena, "requerimiento")
    assert "Copia del recibo" in carta.texto
    # until when, and what happens then
    assert carta.texto.count("jueves 24 de diciembre de 2026") == 2
    assert f"{avisos.SITIO}/consulta" in carta.texto
    assert "punto de atención" in carta.texto
    escena.now += dt.timedelta(days=7)
    hacer(escena, handlers, "crm.reanudar")
    despues = plazos(escena, handlers, {"resultado_analisis": "falta_informacion"})
    assert str(despues["fecha_limite_respuesta"]) > str(antes["fecha_limite_respuesta"])
    assert caso(escena).estado == estados.EN_ANALISIS


def test_a_month_without_the_information_ends_the_case_and_the_citizen_is_told(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    with escena.writing() as session:
        escalonamientos.requerir(
            session, escena.caso_id, "Copia del recibo", Acto("oficial", escena.now)
        )
    escena.now += dt.timedelta(days=31)
    hacer(escena, handlers, "crm.desistir", actor=SYSTEM)
    assert caso(escena).estado == estados.DESISTIDO
    assert [a.para for a in de_tipo(escena, "desistimiento")] == ["ana@ciudadana.example"]


def prorrogar(escena: Scene) -> None:
    with escena.writing() as session:
        escalonamientos.prorrogar(
            session,
            escena.caso_id,
            escalonamientos.NuevaProrroga(
                dias=10, motivo="Falta la respuesta del banco.", archivo_id=None
            ),
            Acto("coordinadora", escena.now),
        )


def test_an_extension_is_told_before_expiry_with_its_reason_and_the_new_date(
    escena: Scene, handlers: Handlers
) -> None:
    escena.escalate()
    antes = plazos(escena, handlers)
    prorrogar(escena)
    for _ in range(2):
        hacer(escena, handlers, "crm.prorrogar", actor=SYSTEM)
    (carta,) = de_tipo(escena, "prorroga")
    despues = plazos(escena, handlers)
    assert carta.para == "ana@ciudadana.example"
    assert str(antes["fecha_limite_respuesta"]) < str(despues["fecha_limite_respuesta"])
    assert str(carta.creado) < str(antes["fecha_limite_respuesta"])
    assert "Falta la respuesta del banco." in carta.texto
    # ten business days after 16 December; 25 is a holiday
    assert "jueves 31 de diciembre de 2026" in carta.texto


@pytest.mark.parametrize(("medio", "motivo"), [("correo", SIN_CORREO), *avisos.EN_PAPEL.items()])
def test_a_citizen_without_an_address_or_who_chose_paper_is_a_duty_on_the_case_and_no_job(
    escena: Scene, handlers: Handlers, medio: str, motivo: str
) -> None:
    if medio != "correo":
        escena.set_mail("ana@ciudadana.example")
    escena.escalate(correo=None)
    with escena.writing() as session:
        escalonamientos.anotar_informe(
            session,
            escena.caso_id,
            medio=medio,
            correo=None,
            resumen="Pago de octubre sin aplicar.",
        )
    prorrogar(escena)
    antes = set(escena.requests.jobs)
    hacer(escena, handlers, "crm.prorrogar", actor=SYSTEM)
    (carta,) = de_tipo(escena, "prorroga")
    assert (carta.para, carta.error) == ("", motivo)
    assert avisos.es_carta(carta)
    assert set(escena.requests.jobs) == antes


def test_no_extension_is_told_that_nobody_approved(escena: Scene, handlers: Handlers) -> None:
    escena.escalate()
    with pytest.raises(LookupError):
        hacer(escena, handlers, "crm.prorrogar", actor=SYSTEM)
    assert de_tipo(escena, "prorroga") == []


# --- how it ends ----------------------------------------------------------------------------------
def responder(escena: Scene) -> None:
    with escena.writing() as session:
        escalonamientos.recibir(session, escena.caso_id, Acto("oficial", escena.now))
        escalonamientos.documentar(
            session,
            escena.caso_id,
            NuevaRespuesta("tecnica", "Aplicado.", favorable="si"),
            Acto("oficial", escena.now),
        )
        casos.guardar_respuesta(
            session,
            escena.caso_id,
            casos.NuevaRespuesta(tipo="enviada", texto="Su pago se aplicó."),
            Acto("asesora", escena.now),
        )
        casos.marcar_enviada(session, escena.caso_id, Acto("asesora", escena.now), medio="correo")


def test_closing_sends_a_link_that_rates_the_answer_once(escena: Scene, handlers: Handlers) -> None:
    escena.escalate()
    responder(escena)
    for _ in range(2):
        hacer(escena, handlers, "crm.cerrar_caso")
    assert caso(escena).estado == estados.CERRADO
    (carta,) = de_tipo(escena, "calificacion")
    token = ENLACES.token(escena.caso_id)
    assert token not in carta.texto
    with escena.writing() as session:
        calificaciones.calificar_respuesta(
            session,
            token,
            calificaciones.NuevaCalificacion(valor=4),
            now=escena.now + dt.timedelta(days=4),
        )
    with escena.sessions() as session, pytest.raises(Exception, match="ya se usó"):
        calificaciones.enlace(session, token, escena.now + dt.timedelta(days=4))


def test_another_secret_gives_another_link() -> None:
    assert ENLACES.token(1) != Enlaces(ENLACES.sitio, b"otro").token(1)
    assert ENLACES.token(1) != ENLACES.token(2)
    assert ENLACES.url(1).startswith("https://ventanilla.example/calificar/")


def test_who_has_no_address_gets_no_link(escena: Scene, handlers: Handlers) -> None:
    escena.escalate(correo=None)
    responder(escena)
    hacer(escena, handlers, "crm.cerrar_caso")
    assert caso(escena).estado == estados.CERRADO
    assert de_tipo(escena, "calificacion") == []


def test_a_complaint_that_proceeds_is_one_nonconformity(escena: Scene, handlers: Handlers) -> None:
    escena.escalate()
    for _ in range(2):
        hacer(escena, handlers, "crm.registrar_nc", {"clase": "reclamo"})
    with escena.sessions() as session:
        nc = session.scalars(sa.select(NoConformidad)).one()
    assert nc.causa == "Reclamo procedente: Pago no aplicado."
    assert caso(escena).nc


def test_4_2_not_met_is_noted_once_and_blocks_nothing(escena: Scene, handlers: Handlers) -> None:
    """Condition 4.2."""
    escena.open_case()
    for _ in range(2):
        hacer(
            escena,
            handlers,
            "controles.incumple_4_2",
            {"fecha_limite_escalar": "2026-12-02T04:59:59+00:00"},
            actor=SYSTEM,
        )
    with escena.sessions() as session:
        fila = session.scalars(sa.select(Incumplimiento)).one()
        assert avisos.incumplimientos(session, escena.caso_id)[0].condicion == "4.2"
    assert fila.vencia == dt.datetime(2026, 12, 2, 4, 59, 59, tzinfo=dt.UTC)
    hacer(escena, handlers, "crm.escalar", MATRIZ)
    assert caso(escena).estado == estados.ESCALADO


# --- the information room -------------------------------------------------------------------------
def test_a_talk_tells_exactly_the_visits_that_were_there(escena: Scene, handlers: Handlers) -> None:
    turnos_: list[int] = []
    asignadas: set[object] = set()
    for _ in range(3):
        escena.attend()
        turnos_.append(escena.turno_id)
        asignadas.add(hacer(escena, handlers, "sala.asignar")["charla_id"])
    (charla_id,) = asignadas
    assert isinstance(charla_id, int)
    escena.turno_id = turnos_[2]
    hacer(escena, handlers, "sala.retirar", actor=SYSTEM)
    with escena.writing() as session:
        charlas.realizar_charla(
            session,
            charla_id,
            charlas.CharlaDada(
                tema="Crédito", inicio=NOW, fin=NOW, medios=["web"], presentes=turnos_[:2]
            ),
            asesor_id="asesora",
        )
    hacer(escena, handlers, "sala.avisar_asistentes", {"charla_id": charla_id})
    assert escena.requests.messages == [
        ("CharlaRealizada", str(turno_id), {}) for turno_id in turnos_[:2]
    ]
    with escena.sessions() as session:
        fuera = session.scalars(
            sa.select(CharlaAsistente).where(CharlaAsistente.retirado.is_not(None))
        ).one()
    assert fuera.turno_id == turnos_[2]
