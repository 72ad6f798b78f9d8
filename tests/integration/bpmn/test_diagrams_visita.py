"""A visit (M5-1-02 5.2.1–5.2.15, 5.2.19–5.2.22) plays as drawn: every way through P01, P03 and
P09."""

import datetime as dt
import re

import pytest

from engine.compile import compile_release
from engine.spiff import Release
from engine.types import Data
from tests.kit.clock import DAY, MINUTE, NOW
from tests.kit.procedure import BPMN, Play, Results, instant, release

START: Data = {
    "punto_id": "BOG-AGU",
    "punto_ciudad": "Bogotá",
    "modo_fila": "digiturno",
    "calificar_escalados": True,
    "visita_anterior": "",
}


def plazos(_: Data, now: dt.datetime) -> Data:
    return {
        "radicado": "2026-0000017",
        "fecha_aviso_escalar": instant(now, 6),
        "fecha_limite_escalar": instant(now, 7),
        "fecha_limite_respuesta": instant(now, 21),
    }


HANDLERS: Results = {
    "digiturno.encolar": lambda _, now: {"ficha": "A012", "fecha_cierre": instant(now, 0.4)},
    "crm.radicar": plazos,
    "legado.consultar": {"estado_consulta": "ok"},
    "crm.escalar": {"escalonamiento_id": 5, "asesor_id": "asesor.bog01"},
    "sala.asignar": {"charla_id": 3},
}
SOLICITUD: Data = {
    "clase": "solicitud",
    "subclase": "",
    "tema": "S01",
    "servicio_id": 9,
    "caso_id": 40,
    "tipo_termino": "informacion",
}
TIPIFICADO: Data = {**SOLICITUD, "norma": "LEY1755", "linea": "PREG", "anio_giro": 2015}


@pytest.fixture(scope="module")
def made() -> Release:
    return release()


def arrive(
    made: Release,
    motivo: str = "servicio_adquirido",
    condicion: str = "ninguna",
    handlers: Results | None = None,
) -> Play:
    """A person with a ticket, waiting in the room."""
    play = Play(made, "M5_1_02_atencion", START, {**HANDLERS, **(handlers or {})})
    play.do("act_5_2_1", motivo_visita=motivo, condicion=condicion, turno_id=7)
    return play


def called(
    made: Release, motivo: str = "servicio_adquirido", handlers: Results | None = None
) -> Play:
    """The person sits at the desk and has said why."""
    play = arrive(made, motivo, handlers=handlers)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=1)
    play.do(
        "act_5_2_3",
        motivo_visita=motivo,
        requiere_radicar=motivo == "radicar_documentos",
        resoluble=False,
    )
    return play


def verified(made: Release, handlers: Results | None = None) -> Play:
    play = called(made, handlers=handlers)
    play.do("act_5_2_4", calidad="beneficiario", persona_id=11, titularidad="verificada")
    return play


def typified(made: Release, tipificado: Data = TIPIFICADO, handlers: Results | None = None) -> Play:
    play = verified(made, handlers=handlers)
    play.do("act_5_2_7")
    play.do("act_5_2_8", **tipificado)
    return play


def rate(play: Play) -> None:
    play.do("act_5_2_12", medio_calificacion="tableta")
    play.do("act_5_2_13", calificacion=5, calificacion_id=1)


# --- 5.2.1–5.2.2: the queue -----------------------------------------------------------------------
def test_a_visit_that_is_solved_at_the_desk_walks_all_activities_in_order(made: Release) -> None:
    play = typified(made)
    play.do("act_5_2_10", dispone=True)
    rate(play)
    activities = [element for element in play.path if element.startswith("act_")]
    assert activities == [f"act_5_2_{n}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13)]
    assert play.path[-4:] == [
        "svc_registrar_calificacion",
        "svc_cerrar_turno",
        "x_desenlace",
        "fin_atendido",
    ]
    assert play.ended == "fin_atendido"
    assert play.thrown == []


@pytest.mark.parametrize(
    ("condicion", "motivo", "letra", "peso"),
    [
        ("preferente", "servicio_adquirido", "P", 3),
        ("ninguna", "servicio_adquirido", "A", 1),
        ("ninguna", "informacion_general", "G", 1),
        ("ninguna", "estudios_exterior", "E", 1),
        ("ninguna", "radicar_documentos", "R", 1),
    ],
)
def test_the_priority_table_gives_weight_and_letter(
    made: Release, condicion: str, motivo: str, letra: str, peso: int
) -> None:
    play = arrive(made, motivo, condicion)
    play.hear("TurnoLlamado", "7")
    assert (play.value("letra"), play.value("peso"), play.value("envejecimiento_min")) == (
        letra,
        peso,
        30,
    )


def test_a_point_without_digiturno_queues_on_paper(made: Release) -> None:
    play = arrive(made, handlers={"digiturno.encolar": "ERR_DIGITURNO"})
    assert play.open == ["us_fila_manual"]
    play.do("us_fila_manual", ficha_manual="17", ficha="17", fecha_cierre=instant(NOW, 0.4))
    play.hear("TurnoLlamado", "7")
    assert play.open == ["act_5_2_2"]


def test_the_call_of_another_turn_is_not_heard(made: Release) -> None:
    assert arrive(made).waits_for() == {("TurnoLlamado", "7"), ("TurnoRetirado", "7")}


def test_a_person_who_withdraws_closes_the_turn(made: Release) -> None:
    play = arrive(made)
    play.hear("TurnoRetirado", "7")
    assert play.ended == "fin_abandono"
    assert "svc_cerrar_abandono" in play.path
    assert play.timers() == {}


def test_nobody_waits_beyond_the_closing_time_of_the_point(made: Release) -> None:
    play = arrive(made)
    play.wait(DAY)
    assert play.ended == "fin_abandono"
    assert "tmr_cierre" in play.path


def test_a_visit_without_a_ticket_ends_after_ten_hours(made: Release) -> None:
    play = Play(made, "M5_1_02_atencion", START, HANDLERS)
    play.wait(600 * MINUTE)
    assert play.ended == "fin_abandono"


def test_an_absent_person_is_called_three_times_two_minutes_apart(made: Release) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    for number in (1, 2):
        play.do("act_5_2_2", modulo="4", resultado_llamado="ausente", n_llamados=number)
        assert play.open == []
        play.wait(2 * MINUTE)
        play.hear("TurnoLlamado", "7")
        assert play.open == ["act_5_2_2"]
    play.do("act_5_2_2", modulo="4", resultado_llamado="ausente", n_llamados=3)
    assert play.ended == "fin_ausente"
    assert play.path[-2] == "svc_cerrar_ausente"


def test_a_person_who_comes_at_the_second_call_is_attended(made: Release) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="ausente", n_llamados=1)
    play.wait(2 * MINUTE)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=2)
    assert play.open == ["act_5_2_3"]


def test_an_absent_person_whom_nobody_calls_again_does_not_stay_open_after_the_point_closes(
    made: Release,
) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="ausente", n_llamados=1)
    assert set(play.timers()) == {"tmr_cierre_ausente"}
    play.wait(dt.timedelta(days=0.4))
    assert play.ended == "fin_ausente"
    assert play.path[-3:] == ["tmr_cierre_ausente", "svc_cerrar_ausente", "fin_ausente"]


def test_the_diagram_itself_says_that_a_visit_is_the_channel_presencial(made: Release) -> None:
    play = Play(made, "M5_1_02_atencion", START, HANDLERS)
    assert play.value("canal") == "presencial"
    other = Play(made, "M5_1_02_atencion", {**START, "canal": "telefónico"}, HANDLERS)
    assert other.value("canal") == "telefónico"


def test_a_value_that_is_not_of_its_type_is_refused() -> None:
    name = "supuestos/M5_1_04.bpmn"
    spoiled = (
        (BPMN / name)
        .read_bytes()
        .replace(
            b'name="persona_id" type="integer"', b'name="persona_id" type="integer" value="once"'
        )
    )
    rest = {str(path.relative_to(BPMN)): path.read_bytes() for path in BPMN.rglob("*.*mn")}
    named = {
        kind: set(
            re.findall(rf'<v:{kind} (?:name|key)="([^"]+)"', b"".join(rest.values()).decode())
        )
        for kind in ("handler", "form")
    }
    made, findings = compile_release(
        {**rest, name: spoiled}, handlers=named["handler"], forms=named["form"], functions={}
    )
    assert made is None
    assert [(f.rule, f.params["value"]) for f in findings] == [("v_value", "once")]


def test_who_only_wants_general_information_leaves_5_2_4_for_the_room_unidentified(
    made: Release,
) -> None:
    play = called(made)
    play.do("act_5_2_4", persona_id=0, titularidad="", ruta="sala")
    assert "ca_sala" in play.path or "svc_asignar_charla" in play.path
    assert not {"x_titularidad", "act_5_2_6", "act_5_2_8"} & set(play.path)


# --- 5.2.3: the route -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("motivo", "radicar", "resoluble", "opens"),
    [
        ("servicio_adquirido", False, True, "act_5_2_4"),
        ("servicio_adquirido", True, True, "act_5_2_4"),
        ("servicio_adquirido", True, False, "act_5_2_4"),
        ("radicar_documentos", True, False, "act_5_2_4"),
        ("informacion_general", True, False, "act_5_2_4"),
        ("informacion_general", True, True, "act_5_2_4"),
    ],
)
def test_5_2_3_decides_the_route(
    made: Release, motivo: str, *, radicar: bool, resoluble: bool, opens: str
) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=1)
    play.do("act_5_2_3", motivo_visita=motivo, requiere_radicar=radicar, resoluble=resoluble)
    assert play.open == [opens]


def test_documents_go_to_m5_1_04_and_the_visit_is_rated(made: Release) -> None:
    """Issue 9, 1.1: nobody was identified, and what was filed ended in nothing."""
    play = called(made, "radicar_documentos")
    assert play.thrown == []
    play.do("act_5_2_4", calidad="beneficiario", persona_id=11, titularidad="verificada")
    play.do("act_5_2_7")
    [sent] = play.thrown
    assert (sent.name, sent.key) == ("RadicarEscrito", "7")
    assert sent.payload == {"turno_id": 7, "punto_id": "BOG-AGU", "persona_id": 11}
    rate(play)
    assert play.ended == "fin_atendido"
    assert "act_5_2_8" not in play.path
    filing = Play(made, "M5_1_04", sent.payload, {}, message_start="ini_escrito")
    assert filing.open == ["act_1"]


# --- 5.2.4–5.2.6: the holder ----------------------------------------------------------------------
@pytest.mark.parametrize("titularidad", ["no_titular", "", None, "algo"])
def test_only_a_verified_holder_passes_5_2_4(made: Release, titularidad: str | None) -> None:
    play = called(made)
    play.do("act_5_2_4", calidad="apoderado", persona_id=11, titularidad=titularidad)
    assert play.open == ["act_5_2_5"]
    assert "act_5_2_6" not in play.path


def test_a_valid_power_opens_the_data_of_the_holder(made: Release) -> None:
    play = called(made)
    play.do("act_5_2_4", calidad="apoderado", persona_id=11, titularidad="no_titular")
    play.do("act_5_2_5", poder_valido=True, persona_id=12, titularidad="verificada")
    assert play.open == ["act_5_2_7"]
    assert play.value("persona_id") == 12
    assert play.path[-1] == "act_5_2_6"


def test_without_power_the_visit_ends_and_its_turn_is_closed(made: Release) -> None:
    play = called(made)
    play.do("act_5_2_4", calidad="apoderado", persona_id=11, titularidad="no_titular")
    play.do(
        "act_5_2_5",
        volver_a_titularidad=False,
        vuelve_hoy=False,
        poder_valido=False,
        persona_id=11,
        titularidad="no_titular",
    )
    assert play.ended == "fin_poder_pendiente"
    assert "svc_cerrar_poder" in play.path


def test_who_only_wants_general_information_goes_from_5_2_5_to_the_room(made: Release) -> None:
    play = called(made)
    play.do("act_5_2_4", calidad="apoderado", persona_id=0, titularidad="no_titular")
    play.do(
        "act_5_2_5",
        volver_a_titularidad=False,
        vuelve_hoy=False,
        poder_valido=False,
        persona_id=0,
        titularidad="",
        ruta="sala",
    )
    assert "svc_asignar_charla" in play.path
    assert {"svc_cerrar_poder", "act_5_2_6"}.isdisjoint(play.path)


def test_a_slip_seen_at_5_2_5_goes_back_to_5_2_4_and_on_as_the_holder(made: Release) -> None:
    play = called(made)
    play.do("act_5_2_4", calidad="apoderado", persona_id=0, titularidad="no_titular")
    play.do(
        "act_5_2_5",
        volver_a_titularidad=True,
        vuelve_hoy=False,
        poder_valido=False,
        persona_id=0,
        titularidad="no_titular",
    )
    assert play.open == ["act_5_2_4"]
    assert "svc_cerrar_poder" not in play.path
    play.do("act_5_2_4", calidad="beneficiario", persona_id=11, titularidad="verificada")
    assert play.open == ["act_5_2_7"]


def test_who_returns_today_with_the_power_takes_a_new_turn_in_the_same_visit(made: Release) -> None:
    play = called(made)
    play.do("act_5_2_4", calidad="apoderado", persona_id=11, titularidad="no_titular")
    play.do(
        "act_5_2_5",
        volver_a_titularidad=False,
        vuelve_hoy=True,
        poder_valido=False,
        persona_id=11,
        titularidad="no_titular",
    )
    assert play.open == ["act_5_2_1"]
    assert play.path.count("svc_cerrar_poder") == 1
    play.do("act_5_2_1", motivo_visita="servicio_adquirido", condicion="ninguna", turno_id=8)
    assert play.waits_for() == {("TurnoLlamado", "8"), ("TurnoRetirado", "8")}
    play.hear("TurnoLlamado", "8")
    assert play.open == ["act_5_2_2"]


def test_a_potential_customer_gets_an_answer_without_account_data(made: Release) -> None:
    play = called(made)
    play.do(
        "act_5_2_4", calidad="cliente_potencial", persona_id=13, titularidad="cliente_potencial"
    )
    play.do("act_5_2_7")
    play.do(
        "act_5_2_8", **{**TIPIFICADO, "tema": "S07", "servicio_id": 0, "linea": "", "anio_giro": 0}
    )
    assert play.open == ["act_5_2_10"]
    assert {"act_5_2_5", "act_5_2_6", "br_sistemas", "act_5_2_9"}.isdisjoint(play.path)


def test_a_crm_outage_does_not_stop_the_visit(made: Release) -> None:
    play = verified(made, handlers={"crm.consultar": "ERR_CRM"})
    assert play.open == ["us_contingencia_crm"]
    play.do("us_contingencia_crm")
    assert play.open == ["act_5_2_7"]


# --- 5.2.8–5.2.11: type, terms, systems, answer ---------------------------------------------------
@pytest.mark.parametrize(
    ("clase", "tipo", "days"),
    [
        ("solicitud", "informacion", 10),
        ("solicitud", "peticion", 15),
        ("solicitud", "consulta", 30),
        ("queja", "informacion", 15),
        ("reclamo", "peticion", 15),
    ],
)
@pytest.mark.parametrize("norma", ["CCA", "LEY1437", "LEY1755"])
def test_5_2_8_gives_the_legal_term(
    made: Release, clase: str, tipo: str, days: int, norma: str
) -> None:
    play = typified(made, {**TIPIFICADO, "clase": clase, "tipo_termino": tipo, "norma": norma})
    assert (play.value("dias_termino"), play.value("prorroga_max")) == (days, days)


@pytest.mark.parametrize(
    ("linea", "year", "systems"),
    [
        ("PREG", 1985, ["cobol"]),
        ("PREG", 1998, ["cobol"]),
        ("PREG", 1999, ["foxpro"]),
        ("PREG", 2005, ["foxpro"]),
        ("PREG", 2006, ["cctex"]),
        ("PREG", 0, ["cctex"]),
        ("", 0, ["cctex"]),
    ],
)
def test_5_2_9_asks_the_system_that_has_the_service(
    made: Release, linea: str, year: int, systems: list[str]
) -> None:
    play = typified(made, {**TIPIFICADO, "linea": linea, "anio_giro": year})
    assert play.value("sistemas") == systems


def test_a_legacy_outage_lets_the_adviser_look_by_hand(made: Release) -> None:
    play = typified(made, handlers={"legado.consultar": "ERR_LEGADO"})
    assert play.open == ["us_consulta_manual"]
    play.do("us_consulta_manual", decision_manual="consultado")
    assert play.open == ["act_5_2_10"]


def test_a_legacy_outage_may_be_escalated_at_once(made: Release) -> None:
    play = typified(made, handlers={"legado.consultar": "ERR_LEGADO"})
    play.do("us_consulta_manual", decision_manual="escalar")
    assert play.open == ["act_5_2_14"]


# --- 5.2.12–5.2.15: escalation and rating ---------------------------------------------------------
def test_who_escalated_by_mistake_goes_back_to_5_2_10_with_nothing_escalated(made: Release) -> None:
    play = typified(made)
    play.do("act_5_2_10", dispone=False)
    assert play.open == ["act_5_2_14"]
    play.do("act_5_2_14", volver_a_responder=True)
    assert play.open == ["act_5_2_10"]
    assert [t.name for t in play.thrown] == []
    play.do("act_5_2_10", dispone=False)
    assert play.open == ["act_5_2_14"]
    play.do("act_5_2_14", medio_respuesta="correo", volver_a_responder=False)
    assert play.open == ["act_5_2_12"]


def test_a_wrong_class_is_put_right_before_the_answer_and_its_term_counted_again(
    made: Release,
) -> None:
    play = typified(made, {**TIPIFICADO, "tipo_termino": "informacion", "norma": "LEY1755"})
    assert play.value("dias_termino") == 10
    play.do("act_5_2_10", dispone=False, reclasificar=True)
    assert play.open == ["us_reclasificar"], "whatever was answered below, nothing is escalated"
    play.do(
        "us_reclasificar",
        clase="reclamo",
        subclase="",
        tema="R03",
        servicio_id=0,
        tipo_termino="peticion",
        linea="PREG",
        anio_giro=2001,
    )
    assert play.open == ["act_5_2_10"]
    assert (play.value("dias_termino"), play.value("sistemas")) == (15, ["foxpro"])
    play.do("act_5_2_10", dispone=True, reclasificar=False)
    assert play.open == ["act_5_2_12"]


def test_5_2_14_and_5_2_15_hand_the_case_over_with_ids_only(made: Release) -> None:
    play = typified(made, {**TIPIFICADO, "clase": "reclamo", "tema": "R03"})
    play.do("act_5_2_10", dispone=False)
    play.do("act_5_2_14", medio_respuesta="correo")
    escalating = play.path[play.path.index("act_5_2_14") :]
    assert escalating[:6] == [
        "act_5_2_14",
        "x_volver",
        "br_matriz",
        "act_5_2_15",
        "thr_escalado",
        "fin_escalar",
    ]
    [sent] = play.thrown
    assert (sent.name, sent.key) == ("CasoEscalado", "40")
    assert sent.payload == {
        "caso_id": 40, "turno_id": 7, "punto_id": "BOG-AGU", "persona_id": 11, "area_id": "VCC", "tema": "R03", "clase": "reclamo",
        "plazo_interno": 3, "nivel2": "Coordinador de Cartera", "nivel3": "Vicepresidente de Crédito y Cobranza",
        "asesor_id": "asesor.bog01", "fecha_limite_respuesta": instant(NOW, 21), "radicado": "2026-0000017",
    }  # fmt: skip
    rate(play)
    assert play.ended == "fin_escalado"
    assert "act_5_2_11" not in play.path


def test_without_calificar_escalados_an_escalated_visit_ends_unrated(made: Release) -> None:
    play = Play(made, "M5_1_02_atencion", {**START, "calificar_escalados": False}, HANDLERS)
    play.do("act_5_2_1", motivo_visita="servicio_adquirido", condicion="ninguna", turno_id=7)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=1)
    play.do(
        "act_5_2_3", motivo_visita="servicio_adquirido", requiere_radicar=False, resoluble=False
    )
    play.do("act_5_2_4", calidad="beneficiario", persona_id=11, titularidad="verificada")
    play.do("act_5_2_7")
    play.do("act_5_2_8", **TIPIFICADO)
    play.do("act_5_2_10", dispone=False)
    play.do("act_5_2_14", medio_respuesta="correo")
    assert play.ended == "fin_escalado"
    assert "svc_cerrar_turno" in play.path
    assert "act_5_2_12" not in play.path


AREAS = {
    **dict.fromkeys(("S01", "S02", "S03", "S04", "S05", "S06", "S08", "S09", "S10", "S11", "R01", "R02"), ("VCC", 5)),
    "R03": ("VCC", 3), "S13": ("VFO", 6), "R05": ("VFO", 6), "S12": ("ORI", 5), "S14": ("GAC", 3), "S07": ("ACP", 4),
    "R04": ("DTE", 5), "R06": ("DTE", 5), "S15": ("GAU", 2), "Q01": ("GAU", 2), "Q02": ("GAU", 2), "Q03": ("GAU", 2), "Z99": ("GAU", 2),
}  # fmt: skip


@pytest.mark.parametrize("tema", AREAS)
def test_the_matrix_names_the_area_of_every_kind_of_case(made: Release, tema: str) -> None:
    play = typified(made, {**TIPIFICADO, "tema": tema})
    play.do("act_5_2_10", dispone=False)
    play.do("act_5_2_14", medio_respuesta="correo")
    assert (play.value("area_id"), play.value("plazo_interno")) == AREAS[tema]


def test_a_denuncia_goes_to_the_legal_office_whatever_its_kind(made: Release) -> None:
    play = typified(made, {**TIPIFICADO, "clase": "queja", "tema": "Q01", "subclase": "denuncia"})
    play.do("act_5_2_10", dispone=False)
    play.do("act_5_2_14", medio_respuesta="correo")
    assert (play.value("area_id"), play.value("plazo_interno")) == ("OAJ", 3)


def test_five_days_without_escalating_are_told_and_recorded_but_block_nobody(made: Release) -> None:
    play = typified(made)
    play.do("act_5_2_10", dispone=False)
    play.wait(6 * DAY)
    assert "svc_aviso_coordinador" in play.path
    assert "svc_incumple_4_2" not in play.path
    play.wait(DAY)
    assert "svc_incumple_4_2" in play.path
    assert play.open == ["act_5_2_14"]
    play.do("act_5_2_14", medio_respuesta="punto")
    assert play.thrown[-1].name == "CasoEscalado"


def test_who_escalates_in_time_is_not_reminded(made: Release) -> None:
    play = typified(made)
    play.do("act_5_2_10", dispone=False)
    play.do("act_5_2_14", medio_respuesta="correo")
    assert play.timers() == {}


def test_nobody_rates_within_three_minutes_and_the_missing_rating_is_recorded(
    made: Release,
) -> None:
    play = typified(made)
    play.do("act_5_2_10", dispone=True)
    play.do("act_5_2_12", medio_calificacion="tableta")
    assert play.lane("act_5_2_13") == ("usuario", "punto_id")
    play.wait(3 * MINUTE)
    assert play.ended == "fin_atendido"
    assert "svc_registrar_calificacion" in play.path
    assert "act_5_2_13" not in play.path


# --- 5.2.19–5.2.22: the information room ----------------------------------------------------------
def test_the_information_room_answers_question_after_question(made: Release) -> None:
    play = called(made, "informacion_general")
    [sent] = play.thrown
    assert (sent.name, sent.key, sent.payload) == (
        "CharlaAsignada",
        "3",
        {"charla_id": 3, "punto_id": "BOG-AGU"},
    )
    assert play.waits_for() == {("CharlaRealizada", "7")}
    play.hear("CharlaRealizada", "7")
    play.do("act_5_2_20", tiene_inquietud=True, tema_inquietud="servicio")
    play.do("act_5_2_21")
    play.do("act_5_2_20", tiene_inquietud=True, tema_inquietud="estudios_exterior")
    assert play.value("punto_ciudad") == "Bogotá"
    play.do("act_5_2_22")
    play.do("act_5_2_20", tiene_inquietud=False)
    assert play.open == ["act_5_2_12"]
    rate(play)
    assert play.ended == "fin_atendido"
    assert play.path.count("act_5_2_20") == 3


def test_who_waits_an_hour_for_a_talk_leaves_the_room_and_may_rate(made: Release) -> None:
    play = called(made, "estudios_exterior")
    play.wait(60 * MINUTE)
    assert "svc_retiro" in play.path
    assert play.open == ["act_5_2_12"]
    assert play.waits_for() == set()


def test_the_adviser_gives_5_2_19_once_for_all(made: Release) -> None:
    talk = Play(
        made,
        "M5_1_02_charla",
        {"charla_id": 3, "punto_id": "BOG-AGU"},
        {},
        message_start="ini_charla",
    )
    assert talk.lane("act_5_2_19") == ("asesor", "punto_id")
    talk.do("act_5_2_19")
    assert talk.path == ["ini_charla", "act_5_2_19", "thr_realizada", "fin_charla"]


def test_an_absent_person_can_be_called_again_at_once(made: Release) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="ausente", n_llamados=1)
    play.hear("TurnoLlamado", "7")
    assert play.open == ["act_5_2_2"]
    assert play.timers() == {}


def test_a_called_turn_goes_back_to_the_queue_and_is_called_again(made: Release) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    play.hear("TurnoDevuelto", "7")
    assert play.open == []
    assert ("TurnoLlamado", "7") in play.waits_for()
    play.hear("TurnoLlamado", "7")
    assert play.open == ["act_5_2_2"]


def test_a_called_turn_that_goes_on_at_another_point_ends_here(made: Release) -> None:
    play = arrive(made)
    play.hear("TurnoLlamado", "7")
    play.hear("TurnoTrasladado", "7")
    assert play.ended == "fin_trasladado"


@pytest.mark.parametrize("hasta", ["act_5_2_3", "act_5_2_4"])
def test_an_attention_that_began_goes_back_to_the_queue_or_ends_for_another_point(
    made: Release, hasta: str
) -> None:
    def begun() -> Play:
        play = arrive(made)
        play.hear("TurnoLlamado", "7")
        play.do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=1)
        if hasta == "act_5_2_4":
            play.do(
                "act_5_2_3",
                motivo_visita="servicio_adquirido",
                requiere_radicar=False,
                resoluble=True,
            )
        assert play.open == [hasta]
        return play

    play = begun()
    play.hear("TurnoDevuelto", "7")
    assert play.open == []
    play.hear("TurnoLlamado", "7")
    assert play.open == ["act_5_2_2"]
    play = begun()
    play.hear("TurnoTrasladado", "7")
    assert str(play.ended).startswith("fin_trasladado")


@pytest.mark.parametrize(
    "en", ["act_5_2_3", "act_5_2_4", "act_5_2_5", "us_contingencia_crm", "act_5_2_7", "act_5_2_8"]
)
def test_whoever_leaves_half_way_ends_the_visit_at_whichever_step_before_the_case_is_filed(
    made: Release, en: str
) -> None:
    """SUPUESTO Q3."""
    play = arrive(
        made, handlers={"crm.consultar": "ERR_CRM"} if en == "us_contingencia_crm" else None
    )
    play.hear("TurnoLlamado", "7")
    play.do("act_5_2_2", modulo="4", resultado_llamado="atendido", n_llamados=1)
    pasos = {
        "act_5_2_3": {
            "motivo_visita": "servicio_adquirido",
            "requiere_radicar": False,
            "resoluble": True,
        },
        "act_5_2_4": {
            "persona_id": 1,
            "titularidad": "no_titular" if en == "act_5_2_5" else "verificada",
            "calidad": "beneficiario",
        },
        "act_5_2_7": {},
    }
    for paso, valores in pasos.items():
        if play.open == [en]:
            break
        play.do(paso, **valores)
    assert play.open == [en]
    play.hear("PersonaSeFue", "7")
    assert str(play.ended).startswith("fin_se_fue_")


def test_a_pending_rating_ends_when_the_desk_calls_the_next_person(made: Release) -> None:
    play = typified(made)
    play.do("act_5_2_10", dispone=True)
    play.do("act_5_2_12", medio_calificacion="tableta")
    play.hear("SiguienteLlamado", "7")
    assert play.ended == "fin_atendido"
    assert "svc_registrar_calificacion" in play.path
    assert "act_5_2_13" not in play.path
