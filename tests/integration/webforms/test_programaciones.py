"""The page of recurring starts: the rule and its dates in words, history, pause and resume by an
administrator with a reason."""

import datetime as dt
from pathlib import Path

import pytest

from engine.types import Calendar, ScheduleRule
from tests.kit import diagrams as m
from tests.kit.clock import BOGOTA
from tests.kit.web import WebKit, build, csrf
from webforms.paquetes.programacion_palabras import regla

LUGAR = "/administracion/programaciones/P/ini"


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> WebKit:
    kit = build(tmp_path, sqlite_url)
    kit.engine.core.calendar = Calendar(
        BOGOTA, {dt.date(2026, 12, 8): "La Inmaculada Concepción"}.get
    )
    mark = m.extension('<v:schedule each="business_day" at="07:00"/>')
    body = (
        f'<startEvent id="ini" name="Cada día hábil">{mark}<timerEventDefinition/></startEvent>'
        + m.user("a")
        + m.end("e")
    )
    lanes = m.lane("L1", "asesor", "", "a")
    kit.clock.move_to(dt.datetime(2026, 12, 4, 14, tzinfo=dt.UTC))
    kit.deploy({"p.bpmn": m.model(m.process("P", body + m.flows("ini>a>e"), lanes=lanes))})
    return kit


def test_the_list_says_when_the_next_one_is_and_the_page_why_a_day_is_left_out(web: WebKit) -> None:
    lista = web.browser("analista").get("/administracion/programaciones/").text
    assert "Cada día hábil a las 7:00" in lista
    assert "lun 7 dic, 07:00" in lista
    pagina = web.browser("analista").get(LUGAR).text
    assert "mié 9 dic, 07:00" in pagina
    assert "el mar 8 dic es festivo (La Inmaculada Concepción)" in pagina
    assert 'name="motivo"' not in pagina, "an analyst does not pause"


def test_an_administrator_pauses_with_a_reason_and_resumes(web: WebKit) -> None:
    admin = web.browser("admin")
    token = csrf(admin.get(LUGAR).text)
    sin_motivo = admin.post(f"{LUGAR}/pausar", data={"csrf_token": token, "motivo": " "})
    assert sin_motivo.status_code == 422
    assert "Escriba el motivo" in sin_motivo.text
    admin.post(f"{LUGAR}/pausar", data={"csrf_token": token, "motivo": "Se revisa el informe"})
    pagina = admin.get(LUGAR).text
    assert "En pausa" in pagina
    assert "Alba Ruiz la puso en pausa: Se revisa el informe" in pagina
    web.clock.advance(dt.timedelta(days=3))
    assert web.engine.pump(web.clock.now()) == 0
    dos_veces = admin.post(
        f"{LUGAR}/pausar", data={"csrf_token": token, "motivo": "Otra vez"}, follow_redirects=True
    )
    assert "Alguien la cambió antes" in dos_veces.text
    admin.post(f"{LUGAR}/reanudar", data={"csrf_token": token, "motivo": "Ya está"})
    assert "mié 9 dic, 07:00" in admin.get(LUGAR).text


def test_the_history_leads_to_the_cases_and_names_what_was_given_up(web: WebKit) -> None:
    web.clock.advance(dt.timedelta(days=20))
    web.engine.pump(web.clock.now())
    pagina = web.browser("admin").get(LUGAR).text
    assert "No inició 3 veces" in pagina
    assert "del lun 7 dic al jue 10 dic" in pagina
    assert 'href="/caso/' in pagina
    assert web.browser("admin").get("/administracion/programaciones/P/otro").status_code == 404


@pytest.mark.parametrize(
    ("rule", "palabras"),
    [
        (ScheduleRule("day"), "todos los días a las 7:00"),
        (
            ScheduleRule("week", weekdays=(0, 3), shift="next"),
            "cada lunes y jueves a las 7:00; si no es hábil, el día hábil siguiente",
        ),
        (ScheduleRule("month", day=-1, months=(3, 6)), "el último día de marzo y junio a las 7:00"),
        (
            ScheduleRule("month", business_day=5, at=dt.time(8, 30)),
            "el día hábil número 5 de cada mes a las 8:30",
        ),
        (ScheduleRule("month", business_day=-1), "el último día hábil de cada mes a las 7:00"),
        (
            ScheduleRule("month", business_day=-3),
            "el día hábil número 3 contado desde el final de cada mes a las 7:00",
        ),
        (ScheduleRule("timer", timer="R/P1M"), "cada mes"),
        (
            ScheduleRule("timer", timer="R3/2026-12-01T08:00:00/P2W"),
            "cada 2 semanas desde el mar 1 dic 2026, 3 veces",
        ),
        (ScheduleRule("timer", timer="PT90M"), "una vez, 90 minutos después de entrar en vigor"),
        (ScheduleRule("timer", timer="2026-12-25"), "una vez, el vie 25 dic 2026"),
        (ScheduleRule("timer", timer="R/P1DT12H"), "según el diagrama: R/P1DT12H"),
    ],
)
def test_a_rule_in_words(rule: ScheduleRule, palabras: str) -> None:
    assert regla(rule) == palabras
