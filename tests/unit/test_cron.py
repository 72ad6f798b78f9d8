"""Cron rules of other engines: which moments come, and what is refused because engines read it in
two ways."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from engine.errors import ExpressionError
from engine.model import cron, schedules
from engine.types import Due
from tests.kit.clock import BOGOTA, NOW
from tests.kit.diagrams import end, model, process, timer
from tests.kit.play import findings
from tests.unit.test_calendar_rules import CALENDAR

#: Monday 2 February 2026, 12:00 in Bogotá.
MONDAY = dt.datetime(2026, 2, 2, 12, tzinfo=BOGOTA)


def moments(
    text: str, number: int, after: dt.datetime = MONDAY, zone: dt.tzinfo = BOGOTA
) -> list[str]:
    found: list[str] = []
    at: dt.datetime | None = after
    while at is not None and len(found) < number:
        at = cron.following(text, at, zone)
        found += [] if at is None else [at.astimezone(zone).isoformat()[5:19]]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 7 * * *", ["02-03T07:00:00", "02-04T07:00:00"]),
        ("*/20 * * * *", ["02-02T12:20:00", "02-02T12:40:00", "02-02T13:00:00"]),
        ("0 0/5 * * * ?", ["02-02T12:05:00", "02-02T12:10:00"]),
        (
            "30 5/20 * * * ?",
            ["02-02T12:05:30", "02-02T12:25:30", "02-02T12:45:30", "02-02T13:05:30"],
        ),
        (
            "15 8-10,14 * * *",
            ["02-02T14:15:00", "02-03T08:15:00", "02-03T09:15:00", "02-03T10:15:00"],
        ),
        (
            "0 7 * * 1-5",
            [
                "02-03T07:00:00",
                "02-04T07:00:00",
                "02-05T07:00:00",
                "02-06T07:00:00",
                "02-09T07:00:00",
            ],
        ),
        ("0 7 * * MON,fri", ["02-06T07:00:00", "02-09T07:00:00"]),
        ("0 7 * * 0", ["02-08T07:00:00"]),
        ("0 7 * * 7", ["02-08T07:00:00"]),
        ("0 0 7 ? * MON-FRI *", ["02-03T07:00:00"]),
        ("0 0 7 ? * SAT", ["02-07T07:00:00"]),
        ("0 7 31 * *", ["03-31T07:00:00", "05-31T07:00:00"]),
        ("0 7 29 2 *", ["02-29T07:00:00"]),
        ("0 12 * FEB,jun *", ["02-03T12:00:00"]),
        ("0 0 1 1/3 *", ["04-01T00:00:00", "07-01T00:00:00", "10-01T00:00:00", "01-01T00:00:00"]),
    ],
)
def test_the_moments_of_a_rule_by_the_clock_of_the_agency(text: str, expected: list[str]) -> None:
    assert moments(text, len(expected)) == expected


def test_every_minute_of_a_day_is_what_its_fields_say_and_none_is_left_out() -> None:
    """Against a look at each minute, by itself."""
    rule, day = "*/7 3-5,20 1,15 * *", dt.datetime(2026, 3, 14, 22, tzinfo=BOGOTA)
    looked = [day + dt.timedelta(minutes=n) for n in range(1, 60 * 24 * 3)]
    expected = [
        m for m in looked if m.minute % 7 == 0 and m.hour in (3, 4, 5, 20) and m.day in (1, 15)
    ]
    assert moments(rule, len(expected), day) == [m.isoformat()[5:19] for m in expected]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("* * * * * ?", "starts_too_often"),
        ("0/10 * * * * ?", "starts_too_often"),
        ("0 0 7 ? * 2", "cron_weekday"),
        ("0 0 7 ? * MON-6", "cron_weekday"),
        ("0 7 1 * 1", "cron_two_days"),
        ("60 * * * *", "cron_malformed"),
        ("0 24 * * *", "cron_malformed"),
        ("0 7 0 * *", "cron_malformed"),
        ("0 7 30 2 *", "cron_malformed"),
        ("0 7 * 13 *", "cron_malformed"),
        ("0 7 * * 8", "cron_malformed"),
        ("5-1 * * * *", "cron_malformed"),
        ("*/0 * * * *", "cron_malformed"),
        ("1- * * * *", "cron_malformed"),
        (", * * * *", "cron_malformed"),
        ("0 7 L * *", "cron_malformed"),
        ("0 7 15W * ?", "cron_malformed"),
        ("0 0 7 * * ? 2027", "cron_malformed"),
        ("0 7 * ENERO *", "cron_malformed"),
    ],
)
def test_what_is_no_rule_or_is_read_in_two_ways_is_refused(text: str, code: str) -> None:
    assert cron.looks_like(text)
    with pytest.raises(ExpressionError) as caught:
        schedules.read_timer(text)
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    "text",
    [
        "R/PT1H",
        "PT5M",
        "2026-12-01",
        "plazo",
        "time is just a concept",
        "1 2 3 4 5",
        "",
        "* * * *",
        "0 0 0 1 1 ? * *",
    ],
)
def test_what_is_something_else_is_no_cron_rule(text: str) -> None:
    assert not cron.looks_like(text)


def test_the_hour_that_a_zone_leaves_out_or_has_twice_comes_once_a_day() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    spring = [
        cron.following("30 2 * * *", dt.datetime(2026, 3, day, 12, tzinfo=madrid), madrid)
        for day in (27, 28, 29)
    ]
    assert [m.astimezone(madrid).day for m in spring if m] == [28, 29, 30]
    autumn = cron.following("30 2 * * *", dt.datetime(2026, 10, 24, 12, tzinfo=madrid), madrid)
    assert autumn is not None
    assert cron.following("30 2 * * *", autumn, madrid) == autumn + dt.timedelta(hours=25)


def test_a_start_with_a_cron_rule_is_a_schedule_that_goes_on_and_skips_an_outage() -> None:
    rule = schedules.read_timer("0 0/30 8-17 * * ?")
    assert schedules.from_json(schedules.to_json(rule)) == rule
    due = schedules.first(rule, NOW, CALENDAR)
    assert due is not None
    found = schedules.upcoming(rule, due, 3, CALENDAR)
    assert [each.at - found[0].at for each in found] == [
        dt.timedelta(minutes=30 * n) for n in range(3)
    ]
    late = schedules.missed(rule, due, due.at + dt.timedelta(days=2), CALENDAR)
    assert late.dropped == 2 * 20 + 1 - schedules.MISSED_LIMIT
    assert late.after == Due(late.start.at + dt.timedelta(minutes=30), -1)
    assert schedules.within(rule, NOW, NOW + dt.timedelta(days=30), CALENDAR) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [("0 7 * * MON-FRI", []), ("0 0 7 ? * 2", ["schedule_rule"]), ("0 0/5 * * * ?", [])],
)
def test_a_diagram_may_say_it_on_its_timer_start(text: str, rules: list[str]) -> None:
    begun = f'<startEvent id="S">{timer(text, "timeCycle")}</startEvent>'
    assert [f.rule for f in findings(model(process("P", begun + end(), "S>E")))] == rules
