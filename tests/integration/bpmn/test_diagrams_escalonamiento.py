"""An escalated case (M5-1-02 5.2.16–5.2.18 and M5-1-01 act. 13–15) plays as drawn: every way
through P02 and P08."""

import datetime as dt

import pytest

from engine.spiff import Release
from engine.types import Data
from tests.kit.clock import DAY, NOW
from tests.kit.procedure import Play, Results, instant, release

CASE: Data = {
    "caso_id": 40, "turno_id": 7, "punto_id": "BOG-AGU", "persona_id": 11, "area_id": "VCC", "tema": "S05", "clase": "solicitud",
    "plazo_interno": 5, "nivel2": "Coordinador de Cartera", "nivel3": "Vicepresidente", "asesor_id": "asesor.bog01",
    "fecha_limite_respuesta": instant(NOW, 21), "radicado": "2026-0000017",
}  # fmt: skip


def plazos(data: Data, now: dt.datetime) -> Data:
    """Dates from the last reception by an area; the legal limit only moves by a prórroga."""
    return {
        "fecha_sin_tomar": instant(now, 1),
        "fecha_recordar_50": instant(now, 3),
        "fecha_recordar_80": instant(now, 5),
        "fecha_plazo_interno": instant(now, 7),
        "fecha_limite_respuesta": data["fecha_limite_respuesta"],
        "area_id": data["area_id"],
    }


def reasignar(data: Data, _: dt.datetime) -> Data:
    done = data.get("n_reasignaciones") or 0
    assert isinstance(done, int)
    return {
        "n_reasignaciones": done + 1,
        "area_id": data["area_destino"],
        "actividad_interrumpida": "",
    }


HANDLERS: Results = {
    "crm.calcular_plazos": plazos,
    "crm.reasignar": reasignar,
    "crm.requerir": lambda _, now: {"fecha_desistimiento": instant(now, 30)},
}


@pytest.fixture(scope="module")
def made() -> Release:
    return release()


def escalated(made: Release, case: Data = CASE, handlers: Results | None = None) -> Play:
    return Play(
        made,
        "M5_1_02_escalonamiento",
        case,
        {**HANDLERS, **(handlers or {})},
        message_start="ini_caso",
    )


def investigating(made: Release, case: Data = CASE, handlers: Results | None = None) -> Play:
    play = escalated(made, case, handlers=handlers)
    play.do("act_5_2_16", resultado_analisis="competente")
    return play


def answered(
    made: Release, case: Data = CASE, favorable: str = "no", handlers: Results | None = None
) -> Play:
    play = investigating(made, case, handlers=handlers)
    play.do("act_5_2_17", resultado_analisis="competente")
    play.do("act_5_2_18", favorable=favorable)
    return play


def sent(play: Play) -> None:
    play.do("act_13", revision_respuesta="completa", actividad_interrumpida="", n_devoluciones=0)
    play.do("act_14")


def test_an_area_that_answers_in_time_lets_the_adviser_close_the_case(made: Release) -> None:
    play = escalated(made)
    assert play.lane("act_5_2_16") == ("funcionario", "area_id")
    play.do("act_5_2_16", resultado_analisis="competente")
    play.do("act_5_2_17", resultado_analisis="competente")
    play.do("act_5_2_18", favorable="si")
    [told] = play.thrown
    assert (told.name, told.key, told.payload) == ("RespuestaDisponible", "40", {"caso_id": 40})
    assert play.open == ["act_13"]
    assert play.lane("act_13") == ("asesor", "punto_id")
    sent(play)
    assert play.ended == "fin_resuelto"
    done = [e for e in play.path if e.startswith("act_")]
    assert done == ["act_5_2_16", "act_5_2_17", "act_5_2_18", "act_13", "act_14", "act_15"]
    assert play.timers() == {}


# --- control 6-4: the deadlines -------------------------------------------------------------------
def test_the_deadlines_remind_and_escalate_in_order_and_interrupt_nobody(made: Release) -> None:
    play = investigating(made)
    reached = []
    for days, element in (
        (3, "svc_recordar"),
        (2, "svc_recordar"),
        (2, "svc_escala_nivel2"),
        (14, "svc_escala_nivel3"),
    ):
        play.wait(days * DAY)
        reached.append(element)
        assert [e for e in play.path if e in reached] == reached
        assert play.open == ["act_5_2_17"]
    play.do("act_5_2_17", resultado_analisis="competente")
    play.do("act_5_2_18", favorable="no")
    assert play.open == ["act_13"]


def test_a_case_that_nobody_takes_reminds_the_area_after_a_day(made: Release) -> None:
    play = escalated(made)
    play.wait(DAY)
    assert "svc_recordar_toma" in play.path
    assert play.open == ["act_5_2_16"]


def test_a_case_that_was_analysed_is_no_longer_reminded_as_untaken(made: Release) -> None:
    assert set(investigating(made).timers()) == {"tmr_50", "tmr_80", "tmr_plazo", "tmr_limite"}


# --- Q13: the wrong area --------------------------------------------------------------------------
def test_a_case_changes_its_area_twice_and_then_the_coordinator_decides(made: Release) -> None:
    play = escalated(made)
    for area in ("DTE", "VFO"):
        play.do("act_5_2_16", resultado_analisis="otra_area", area_destino=area)
        assert play.open == ["act_5_2_16"]
        assert play.value("area_id") == area
    play.do("act_5_2_16", resultado_analisis="otra_area", area_destino="GAC")
    assert play.open == ["us_decide_coord"]
    assert play.lane("us_decide_coord") == ("coordinador_gau", None)
    play.do("us_decide_coord", area_destino="OAJ", area_id="OAJ")
    assert play.open == ["act_5_2_16"]
    assert play.value("area_id") == "OAJ"


def test_reassigning_keeps_the_legal_limit_and_renews_the_internal_dates(made: Release) -> None:
    play = escalated(made)
    play.wait(2 * DAY)
    play.do("act_5_2_16", resultado_analisis="otra_area", area_destino="DTE")
    assert play.timers() == {
        "tmr_sin_tomar": NOW + 3 * DAY,
        "tmr_50": NOW + 5 * DAY,
        "tmr_80": NOW + 7 * DAY,
        "tmr_plazo": NOW + 9 * DAY,
        "tmr_limite": NOW + 21 * DAY,
    }


# --- art. 17: missing information -----------------------------------------------------------------
def test_missing_information_stops_the_clock_until_it_comes(made: Release) -> None:
    play = escalated(made)
    play.do("act_5_2_16", resultado_analisis="falta_informacion")
    assert play.open == []
    assert play.timers() == {"tmr_desistimiento": NOW + 30 * DAY}
    assert play.waits_for() == {("ComplementoRecibido", "40")}
    play.wait(10 * DAY)
    play.hear("ComplementoRecibido", "40")
    assert "svc_reanudar" in play.path
    assert play.open == ["act_5_2_16"]
    assert play.timers()["tmr_plazo"] == NOW + 17 * DAY


def test_a_month_without_the_information_ends_the_case_as_withdrawn(made: Release) -> None:
    play = escalated(made)
    play.do("act_5_2_16", resultado_analisis="falta_informacion")
    play.wait(30 * DAY)
    assert play.ended == "fin_desistido"
    assert "svc_desistir" in play.path


def test_who_investigates_has_the_ways_out_of_5_2_16_and_comes_back_to_the_investigation(
    made: Release,
) -> None:
    """Noticed in 5.2.17: information is missing (the case comes back to 5.2.17 with its clock), or
    another area is competent."""
    play = investigating(made)
    play.wait(2 * DAY)
    play.do(
        "act_5_2_17", resultado_analisis="falta_informacion", actividad_interrumpida="act_5_2_17"
    )
    assert play.open == []
    assert play.timers() == {"tmr_desistimiento": NOW + 32 * DAY}
    play.wait(3 * DAY)
    play.hear("ComplementoRecibido", "40")
    assert play.open == ["act_5_2_17"]
    assert play.timers()["tmr_plazo"] == NOW + 12 * DAY
    play.do("act_5_2_17", resultado_analisis="otra_area", area_destino="DTE")
    assert play.open == ["act_5_2_16"], "another area analyses it from the beginning"
    assert play.value("area_id") == "DTE"
    play.do("act_5_2_16", resultado_analisis="falta_informacion")
    play.hear("ComplementoRecibido", "40")
    assert play.open == ["act_5_2_16"]
    play.do("act_5_2_16", resultado_analisis="competente")
    play.do("act_5_2_17", resultado_analisis="competente")
    assert play.open == ["act_5_2_18"]


# --- art. 14 par.: the extension ------------------------------------------------------------------
@pytest.mark.parametrize("interrupted", ["act_5_2_16", "act_5_2_17", "act_5_2_18"])
def test_an_extension_returns_to_the_interrupted_activity_with_new_dates(
    made: Release, interrupted: str
) -> None:
    play = escalated(made, handlers={"crm.prorrogar": {}})
    for element, values in (
        ("act_5_2_16", {"resultado_analisis": "competente"}),
        ("act_5_2_17", {"resultado_analisis": "competente"}),
    ):
        if interrupted in play.open:
            break
        play.do(element, **values)
    assert play.open == [interrupted]
    play.wait(2 * DAY)
    play.hear("ProrrogaAprobada", "40", {"actividad_interrumpida": interrupted})
    assert play.path.count("svc_fechas") == 2
    assert play.open == [interrupted]
    assert play.timers()["tmr_plazo"] == NOW + 9 * DAY


def test_after_an_extension_the_case_goes_on_as_it_was(made: Release) -> None:
    """What the first analysis decided before an earlier return must not come back (5.2.16 asked for
    information once)."""
    play = escalated(made)
    play.do("act_5_2_16", resultado_analisis="falta_informacion")
    play.hear("ComplementoRecibido", "40")
    play.do("act_5_2_16", resultado_analisis="competente")
    play.hear("ProrrogaAprobada", "40", {"actividad_interrumpida": "act_5_2_17"})
    play.do("act_5_2_17", resultado_analisis="competente")
    play.do("act_5_2_18", favorable="parcial")
    assert play.open == ["act_13"]


def test_an_extension_is_heard_only_while_the_area_works(made: Release) -> None:
    assert answered(made).waits_for() == set()


# --- M5-1-01, activities 13 to 15 -----------------------------------------------------------------
def test_an_incomplete_answer_returns_to_the_investigation(made: Release) -> None:
    play = answered(made)
    play.do(
        "act_13",
        revision_respuesta="incompleta",
        actividad_interrumpida="act_5_2_17",
        n_devoluciones=1,
    )
    assert "fin_devuelta" in play.path
    assert play.open == ["act_5_2_17"]
    play.do("act_5_2_17", resultado_analisis="competente")
    play.do("act_5_2_18", favorable="si")
    sent(play)
    assert play.ended == "fin_resuelto"


def test_an_answer_that_mail_cannot_carry_goes_another_way(made: Release) -> None:
    play = answered(made, handlers={"correo.enviar_respuesta": "ERR_CORREO"})
    sent(play)
    assert play.open == ["us_otro_medio"]
    play.do("us_otro_medio")
    assert "act_15" in play.path
    assert play.ended == "fin_resuelto"


@pytest.mark.parametrize(
    ("clase", "favorable", "registers"),
    [
        ("reclamo", "si", True),
        ("reclamo", "parcial", True),
        ("reclamo", "no", False),
        ("queja", "si", True),
        ("solicitud", "si", False),
    ],
)
def test_a_justified_complaint_becomes_a_nonconformity(
    made: Release, clase: str, favorable: str, *, registers: bool
) -> None:
    play = answered(made, {**CASE, "clase": clase}, favorable)
    sent(play)
    assert play.ended == "fin_resuelto"
    assert ("svc_nc" in play.path) is registers
