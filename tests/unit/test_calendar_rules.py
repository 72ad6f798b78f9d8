"""Calendar rules without a database: each kind of rule, months of every length, holidays, what is
missed."""

import datetime as dt
from itertools import pairwise

import pytest

from engine.errors import ExpressionError
from engine.model import schedules
from engine.types import Calendar, Due, ScheduleRule
from records.plazos.reglas.calendario import es_habil, festivos
from tests.kit.clock import BOGOTA, NOW, bogota


def holidays(day: dt.date) -> str | None:
    return festivos(day.year).get(day)


CALENDAR = Calendar(BOGOTA, holidays)


def dates(rule: ScheduleRule, number: int, since: dt.datetime = NOW) -> list[str]:
    found = schedules.upcoming(rule, schedules.first(rule, since, CALENDAR), number, CALENDAR)
    return [occurrence.at.isoformat()[:16] for occurrence in found]


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (
            {"each": "day", "at": "23:30"},
            ["2026-11-25T04:30", "2026-11-26T04:30", "2026-11-27T04:30"],
        ),
        # at this very moment: the next one
        ({"each": "day", "at": "09:00"}, ["2026-11-25T14:00", "2026-11-26T14:00"]),
        ({"each": "day", "at": "09:01"}, ["2026-11-24T14:01"]),
        (
            {"each": "week", "weekday": "friday monday", "at": "15:00"},
            ["2026-11-27T20:00", "2026-11-30T20:00", "2026-12-04T20:00"],
        ),
        (
            {"each": "week", "weekday": "tuesday", "shift": "previous"},
            ["2026-12-01T12:00", "2026-12-07T12:00", "2026-12-15T12:00"],
        ),
        (
            {"each": "week", "weekday": "tuesday", "shift": "skip"},
            ["2026-12-01T12:00", "2026-12-15T12:00"],
        ),
        ({"each": "week", "weekday": "tuesday"}, ["2026-12-01T12:00", "2026-12-08T12:00"]),
        (
            {"each": "month", "day": "31"},
            ["2026-11-30T12:00", "2026-12-31T12:00", "2027-01-31T12:00", "2027-02-28T12:00"],
        ),
        (
            {"each": "month", "day": "last", "shift": "next"},
            ["2026-11-30T12:00", "2026-12-31T12:00", "2027-02-01T12:00", "2027-03-01T12:00"],
        ),
        (
            {"each": "month", "day": "1", "months": "1 4 7 10"},
            ["2027-01-01T12:00", "2027-04-01T12:00", "2027-07-01T12:00"],
        ),
        (
            {"each": "month", "business_day": "1"},
            ["2026-12-01T12:00", "2027-01-04T12:00", "2027-02-01T12:00"],
        ),
        (
            {"each": "month", "business_day": "-1", "months": "2"},
            ["2027-02-26T12:00", "2028-02-29T12:00"],
        ),
    ],
)
def test_what_comes_next(mark: dict[str, str], expected: list[str]) -> None:
    assert dates(schedules.read(mark), len(expected)) == expected


def test_what_rests_is_what_the_calendar_says_and_is_asked_again() -> None:
    """Friday and Saturday first, only Sunday afterwards: the engine keeps the calendar, the agency
    changes its week."""
    resting = {4, 5}
    calendar = Calendar(BOGOTA, holidays, lambda day: day.weekday() in resting)
    daily = schedules.read({"each": "business_day"})

    def days(rule: ScheduleRule, number: int) -> list[str]:
        return [
            each.at.isoformat()[5:10]
            for each in schedules.upcoming(
                rule, schedules.first(rule, NOW, calendar), number, calendar
            )
        ]

    assert days(daily, 5) == ["11-25", "11-26", "11-29", "11-30", "12-01"]
    assert days(schedules.read({"each": "week", "weekday": "friday", "shift": "next"}), 2) == [
        "11-29",
        "12-06",
    ]
    resting = {6}
    assert days(daily, 5) == ["11-25", "11-26", "11-27", "11-28", "11-30"]
    assert days(schedules.read({"each": "month", "business_day": "-1", "months": "1"}), 1) == [
        "01-30"
    ], "a Saturday"
    friday = schedules.upcoming(daily, Due(bogota(2026, 12, 9, 7), -1), 1, calendar)[0]
    assert friday.holidays == ((dt.date(2026, 12, 8), "La Inmaculada Concepción"),)


@pytest.mark.parametrize(
    "mark",
    [
        {"each": "business_day"},
        {"each": "week", "weekday": "monday tuesday", "shift": "next"},
        {"each": "month", "day": "15", "shift": "previous"},
        {"each": "month", "business_day": "-3"},
    ],
)
def test_over_three_years_no_occurrence_comes_twice_and_each_is_a_business_day(
    mark: dict[str, str],
) -> None:
    rule, end = schedules.read(mark), NOW + dt.timedelta(days=1_096)
    found, due = [], schedules.first(rule, NOW, CALENDAR)
    while due is not None and due.at < end:
        found.append(due.at)
        due = schedules.following(rule, due, CALENDAR)
    assert all(before < after for before, after in pairwise(found))
    assert all(es_habil((at - dt.timedelta(hours=5)).date()) for at in found)


def test_a_business_day_rule_meets_every_business_day_of_three_years() -> None:
    rule = schedules.read({"each": "business_day"})
    wanted = [day for n in range(1, 1_096) if es_habil(day := NOW.date() + dt.timedelta(days=n))]
    assert dates(rule, len(wanted)) == [f"{day}T12:00" for day in wanted]


def test_the_reason_names_the_holiday_and_the_day_it_was_moved_from() -> None:
    rule = schedules.read({"each": "week", "weekday": "tuesday", "shift": "next"})
    found = schedules.upcoming(rule, schedules.first(rule, NOW, CALENDAR), 2, CALENDAR)
    assert found[1].moved_from == dt.date(2026, 12, 8)
    assert found[1].holidays == ((dt.date(2026, 12, 8), "La Inmaculada Concepción"),)


def test_a_cycle_that_began_long_ago_goes_on_from_its_own_rhythm() -> None:
    assert dates(schedules.read_timer("R/2020-01-01T00:00:00Z/PT7M"), 2) == [
        "2026-11-24T14:05",
        "2026-11-24T14:12",
    ]
    assert dates(schedules.read_timer("R/2020-01-31T12:00:00Z/P1M"), 1)[0][:7] == "2026-11"
    assert (
        schedules.first(schedules.read_timer("R3/2020-01-01T00:00:00Z/P1D"), NOW, CALENDAR) is None
    )
    assert schedules.first(schedules.read_timer("2020-01-01"), NOW, CALENDAR) is None


def test_what_was_missed_is_bounded_and_the_rest_counted() -> None:
    rule = schedules.read_timer("R/2026-11-24T14:00:00Z/PT1M")
    found = schedules.missed(rule, Due(NOW, -1), NOW + dt.timedelta(days=30), CALENDAR)
    assert found.dropped == 30 * 24 * 60 + 1 - schedules.MISSED_LIMIT
    assert found.given_up == (NOW, found.start.at - dt.timedelta(minutes=1))
    assert found.after == Due(found.start.at + dt.timedelta(minutes=1), -1)


@pytest.mark.parametrize(
    "text", ["cuando_sea", "R/PT59S", "R/PT0S", "P", "", "R/P1M/P1D/P1D", "2026-13-01"]
)
def test_a_text_that_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        schedules.read_timer(text)


def test_the_occurrences_of_a_month_are_told_whether_past_or_to_come() -> None:
    """As the next ones are: the same instants, with the same reason."""
    noviembre = (
        dt.datetime(2026, 11, 1, 5, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 1, 5, tzinfo=dt.UTC),
    )
    for mark in (
        {"each": "month", "business_day": "8", "at": "08:00"},
        {"each": "month", "day": "1", "at": "06:00"},
        {"each": "week", "weekday": "monday", "at": "07:00"},
        {"each": "week", "weekday": "monday", "at": "07:00", "shift": "next"},
        {"each": "business_day", "at": "07:30"},
        {"each": "day", "at": "07:30", "shift": "next"},
    ):
        rule = schedules.read(mark)
        due = schedules.first(rule, noviembre[0] - dt.timedelta(minutes=1), CALENDAR)
        expected = [o for o in schedules.upcoming(rule, due, 40, CALENDAR) if o.at < noviembre[1]]
        assert schedules.within(rule, *noviembre, CALENDAR) == expected != [], mark
    assert [
        o.at.day
        for o in schedules.within(
            schedules.read({"each": "month", "business_day": "8"}), *noviembre, CALENDAR
        )
    ] == [12]
    assert schedules.within(schedules.read_timer("R/PT1H"), *noviembre, CALENDAR) == []
