"""Process data comes back as it went in: through start, completion, snapshot, reload and replay, on
both databases; or is refused."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

from engine.errors import InvalidValues
from engine.reads.verification import verify
from engine.spiff.data import same
from engine.store.tables import Journal
from engine.types import SYSTEM, Call, Data
from tests.kit import diagrams as m
from tests.kit.engine import Kit

#: What a person or another program may call a thing.
HARD_NAMES = (
    *(
        "typename",
        "__class__",
        "self",
        "data",
        "None",
        "a.b",
        "it's",
        'say "x"',
        "ñandú 🐦",
        " ",
        "\\",
        "%(x)s",
        "{x}",
        "id",
        "rev",
        "v",
        "t",
    ),
    *(
        "id",
        "rev",
        "v",
        "t",
        "facts",
        "failure",
        "parent",
        "cls",
        "__proto__",
        "x" * 10_000,
        "\n",
        "\x00",
        "1",
        "true",
        "null",
        "$ref",
    ),
)
HARD_VALUES: tuple[Any, ...] = (
    *(
        1,
        1.0,
        True,
        0,
        -0.0,
        False,
        None,
        "",
        "1",
        "true",
        "2026-11-24",
        "2026-11-24T15:00:00+00:00",
        0.1,
        1e-300,
        2**63 - 1,
    ),
    *(
        [],
        {},
        [1, True, 1.0, "1", None],
        {"1": 1, "a": {"typename": "x"}},
        [[[]]],
        "é" * 10_000,
        "\x00\u2028\u202e",
        [{}],
        {"": []},
    ),
)

names = st.one_of(
    st.sampled_from(HARD_NAMES),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30),
)
values = st.recursive(
    st.one_of(
        st.sampled_from(HARD_VALUES),
        st.none(),
        st.booleans(),
        st.integers(-(2**63) + 1, 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
    max_leaves=8,
)
data = st.dictionaries(names, values, max_size=6)
often = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def kit(db: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> Kit:
    """A snapshot every other revision, so that each example sees some."""
    monkeypatch.setattr("engine.turn.journal.SNAPSHOT_EVERY", 2)
    kit = Kit(db)
    kit.handlers.local["eco"] = lambda _call: {}
    body = (
        m.start("ini")
        + m.user("a", fields="x y")
        + m.service("s", handler="eco", out="z:list")
        + m.user("b", fields="x")
        + m.user("c")
    )
    body += m.end("fin") + m.flows("ini>a>s>b>c>fin")
    kit.deploy(
        p=m.model(
            m.process("P", body, lanes=m.lane("L1", "asesor", "", "ini", "a", "s", "b", "c", "fin"))
        )
    )
    split = (
        m.start("ini")
        + m.gate("parallel", "g")
        + m.user("a", fields="x")
        + m.user("b", fields="x")
        + m.gate("parallel", "j")
    )
    split += m.user("c") + m.end("fin") + m.flows("ini>g>a>j>c>fin") + m.flows("g>b>j")
    kit.deploy(
        q=m.model(
            m.process(
                "Q",
                split,
                lanes=m.lane("L2", "asesor", "", "ini", "g", "a", "b", "j", "c", "fin"),
                variables="x",
            )
        )
    )
    return kit


def exactly(one: Any, other: Any) -> bool:
    """Equal with the types at every depth; 0.0 and -0.0 differ too."""
    if isinstance(one, float) and isinstance(other, float):
        return repr(one) == repr(other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(exactly, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(exactly(one[k], other[k]) for k in one)
    return same(one, other)


def replayed(kit: Kit, instance_id: str, task_id: str) -> Data:
    """From the first row of the journal, by its deltas alone."""
    with kit.engine.uow.reading() as session:
        rows = (
            session.execute(
                sa.select(Journal.delta)
                .where(Journal.instance_id == instance_id)
                .order_by(Journal.rev)
            )
            .scalars()
            .all()
        )
        release = kit.engine.catalog.release(session, kit.engine.catalog.current(session))
    deltas = [bytes(row) for row in rows if row]
    return release.load("P", deltas[0], deltas[1:]).data(task_id)


@given(given_at_start=data, x=values, y=values, z=st.lists(values, max_size=4))
@often
def test_any_value_under_any_name_survives_every_save(
    kit: Kit, given_at_start: Data, x: Any, y: Any, z: list[Any]
) -> None:
    kit.handlers.local["eco"] = lambda _call: {"z": z}
    started = kit.engine.instances.start("P", actor=SYSTEM, now=kit.now, data=given_at_start)
    kit.engine.core.cache.clear()
    done = kit.engine.items.complete(
        started.opened[0].id,
        values={"x": x, "y": y, "nota": x},
        actor=SYSTEM,
        now=kit.later(seconds=1),
    )
    wanted: dict[str, Any] = {**given_at_start, "x": x, "y": y, "z": z}
    assert exactly(dict(done.opened[0].data), wanted)
    kit.engine.core.cache.clear()
    done = kit.engine.items.complete(
        done.opened[0].id, values={"x": y}, actor=SYSTEM, now=kit.later(seconds=1)
    )
    (c,) = done.opened
    wanted["x"] = y
    assert exactly(dict(c.data), wanted)
    assert exactly(replayed(kit, started.instance_id, c.id), wanted)
    with kit.engine.uow.reading() as session:
        stored = session.execute(
            sa.text("select data from instance where id = :id"), {"id": c.instance_id}
        ).scalar_one()
        assert exactly(orjson.loads(stored), wanted)
        assert verify(session, started.case_key).faults == ()


@given(one=values, other=values)
@often
def test_of_what_parallel_branches_wrote_the_later_stands(kit: Kit, one: Any, other: Any) -> None:
    started = kit.engine.instances.start("Q", actor=SYSTEM, now=kit.now, data={"x": None})
    a, b = sorted(started.opened, key=lambda item: item.element)
    kit.engine.items.complete(a.id, values={"x": one}, actor=SYSTEM, now=kit.now)
    kit.engine.core.cache.clear()
    (c,) = kit.engine.items.complete(b.id, values={"x": other}, actor=SYSTEM, now=kit.now).opened
    assert exactly(c.data["x"], other)


BROKEN = (
    *(
        float("nan"),
        float("inf"),
        2**63,
        Decimal("0.1"),
        dt.date(2026, 11, 24),
        dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
    ),
    *((1, 2), {1}, b"x", "\ud800", {1: 2}, [[float("nan")]], {"a": Decimal(1)}),
)


@pytest.mark.parametrize("value", BROKEN, ids=lambda value: re.sub(r"\W+", "-", ascii(value)))
def test_what_json_would_not_give_back_is_refused_at_every_door_and_changes_nothing(
    kit: Kit, value: Any
) -> None:
    with pytest.raises(InvalidValues):
        kit.engine.instances.start("P", actor=SYSTEM, now=kit.now, data={"k": value})
    assert kit.rows("select count(*) from instance") == [(0,)]
    item = kit.engine.instances.start("P", actor=SYSTEM, now=kit.now).opened[0]
    with pytest.raises(InvalidValues):
        kit.engine.items.complete(item.id, values={"x": value}, actor=SYSTEM, now=kit.now)
    with pytest.raises(InvalidValues):
        kit.engine.items.complete(item.id, values={"nota": value}, actor=SYSTEM, now=kit.now)
    assert kit.rows("select rev from instance") == [(1,)]


@pytest.mark.parametrize("value", BROKEN[:6], ids=lambda value: re.sub(r"\W+", "-", ascii(value)))
def test_a_handler_that_gives_such_a_value_becomes_an_incident_and_the_work_is_saved(
    kit: Kit, value: Any
) -> None:
    def eco(call: Call) -> Data:
        if call.data["x"] == "throw":
            call.throw("M", "k", {"p": value})
        return {"z": [value]}

    kit.handlers.local["eco"] = eco
    for x in ("output", "throw"):
        item = kit.engine.instances.start("P", actor=SYSTEM, now=kit.now).opened[0]
        assert (
            kit.engine.items.complete(item.id, values={"x": x}, actor=SYSTEM, now=kit.now).incidents
            == 1
        )
    assert kit.rows("select kind from incident") == [("handler",), ("handler",)]
    assert kit.rows("select count(*) from submission") == [(2,)]
