"""A variable is corrected wherever the instance stands: in parallel branches, inside a sub-process,
while it is suspended; moved timers."""

import datetime as dt

import pytest
import sqlalchemy as sa

from engine import reads
from engine.errors import InvalidValues
from tests.kit import diagrams as m
from tests.kit.cast import ASESOR, COORDINADORA, WHY
from tests.kit.diagrams import alarm, in_one_lane
from tests.kit.engine import Kit, begin, do, entries, opened, sound

DATO = '<v:field name="dato" label="Dato" decision="true" search="true"/>'


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def standing(kit: Kit) -> str:
    """ini > a > + > (b, with a reminder | s: d) > + > e > fin; it stands at b and at d."""
    inner = m.sub("s", m.start("si") + m.user("d", fields="tres") + m.end("sf"), "si>d>sf")
    nodes = (
        m.user("a", extra=DATO)
        + m.gate("parallel", "abre", "une")
        + m.user("b", fields="dos")
        + inner
        + m.user("e", "r")
    )
    kit.deploy(
        p=in_one_lane(
            nodes + alarm("aviso", "b", "PT1H"),
            "ini>a>abre>b>une>e>fin",
            "abre>s>une",
            "aviso>r>fin",
        )
    )
    instance = begin(kit)
    do(kit, instance, "a", dato="mal")
    assert opened(kit, instance).keys() == {"b", "d"}
    return instance


@pytest.mark.parametrize("how", ["active", "suspended"])
def test_every_branch_goes_on_with_the_corrected_value_and_they_join_without_a_conflict(
    kit: Kit, how: str
) -> None:
    instance = standing(kit)
    if how == "suspended":
        kit.engine.instances.suspend(instance, reason=WHY, actor=COORDINADORA, now=kit.now)
    kit.engine.corrections.correct(
        instance, {"dato": "bien"}, reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
    )
    if how == "suspended":
        kit.engine.instances.resume(instance, reason=WHY, actor=COORDINADORA, now=kit.now)
    sound(kit)
    assert {item.data["dato"] for item in opened(kit, instance).values()} == {"bien"}

    kit.engine.pump(kit.later(hours=2))
    assert opened(kit, instance)["r"].data["dato"] == "bien"
    do(kit, instance, "d", tres="3")
    do(kit, instance, "b", dos="2")
    assert kit.rows("SELECT count(*) FROM incident") == [(0,)]
    assert opened(kit, instance)["e"].data["dato"] == "bien"
    sound(kit)
    act = next(entry for entry in entries(kit, instance) if entry.kind == "correct")
    assert act.values == {"motivo": WHY, "antes": {"dato": "mal"}, "después": {"dato": "bien"}}
    assert act.detail == {"changed": ["dato"]}


def correct(kit: Kit, instance: str, dato: str = "bien") -> None:
    kit.engine.corrections.correct(
        instance, {"dato": dato}, reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
    )
    sound(kit)


def test_a_branch_that_writes_after_the_correction_counts_at_the_join(kit: Kit) -> None:
    nodes = (
        m.user("a", extra=DATO)
        + m.gate("parallel", "abre", "une")
        + m.user("b", extra=DATO)
        + m.user("c", "e")
    )
    kit.deploy(p=in_one_lane(nodes, "ini>a>abre>b>une>e>fin", "abre>c>une"))
    instance = begin(kit)
    do(kit, instance, "a", dato="mal")
    correct(kit, instance)
    do(kit, instance, "b", dato="mejor")
    do(kit, instance, "c")
    assert kit.rows("SELECT count(*) FROM incident") == [(0,)]
    assert opened(kit, instance)["e"].data["dato"] == "mejor"
    sound(kit)


def test_what_begins_from_what_is_over_goes_on_with_the_corrected_value(kit: Kit) -> None:
    reminder = m.boundary("aviso", "b", m.timer("R9/PT1H", "timeCycle"), interrupts=False)
    nodes = m.user("a", extra=DATO) + m.user("x", "b", "r") + reminder
    kit.deploy(p=in_one_lane(nodes, "ini>a>x>b>fin", "aviso>r>fin"))
    instance = begin(kit)
    do(kit, instance, "a", dato="mal")
    do(kit, instance, "x")
    kit.engine.pump(kit.later(minutes=61))
    correct(kit, instance)
    do(kit, instance, "r")
    kit.another_engine().pump(kit.later(minutes=61))
    assert opened(kit, instance)["r"].data["dato"] == "bien"
    kit.engine.instances.go_back(
        instance, "x", reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
    )
    assert opened(kit, instance)["x"].data["dato"] == "bien"
    sound(kit)


def test_items_side_by_side_write_after_the_correction_and_keep_what_is_their_own(kit: Kit) -> None:
    repeated = (
        '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>2</loopCardinality>'
        '<inputDataItem id="i" name="vez"/></multiInstanceLoopCharacteristics>'
    )
    many = f'<userTask id="b" name="b">{m.extension(DATO)}{repeated}</userTask>'
    nodes = m.start("ini") + m.user("a", extra=DATO) + many + m.user("e") + m.end("fin")
    drawing = m.process(
        "P",
        nodes,
        "ini>a>b>e>fin",
        lanes=m.lane("l", "asesor", "punto", "a", "b", "e"),
        variables="punto",
    )
    kit.deploy(p=m.model(drawing))
    instance = begin(kit)
    do(kit, instance, "a", dato="mal")
    correct(kit, instance)
    with kit.engine.uow.reading() as session:
        items = reads.items.of_case(session, instance, only_open=True)
    assert [(item.data["dato"], item.data["vez"]) for item in items] == [("bien", 0), ("bien", 1)]
    for item in items:
        kit.engine.items.complete(item.id, values={"dato": "mejor"}, actor=ASESOR, now=kit.now)
    assert opened(kit, instance)["e"].data["dato"] == "mejor"
    sound(kit)


def test_what_is_on_its_way_goes_with_the_corrected_value_and_a_message_is_awaited_by_it(
    kit: Kit,
) -> None:
    asked: list[object] = []
    kit.handlers.remote["h"] = lambda call: asked.append(call.data["dato"])
    waits = m.catch("espera", *reversed(m.message("M", "dato")))
    nodes = (
        m.user("a", extra=DATO)
        + m.gate("parallel", "abre", "une")
        + waits
        + m.service("pide")
        + m.user("e")
    )
    kit.deploy(
        p=in_one_lane(
            nodes, "ini>a>abre>espera>une>e>fin", "abre>pide>une", defs='<message id="M" name="M"/>'
        )
    )
    instance = begin(kit)
    do(kit, instance, "a", dato="mal")
    correct(kit, instance)
    kit.run_jobs()
    assert asked == ["bien"]
    kit.engine.messages.correlate("M", "bien", {}, actor=COORDINADORA, now=kit.now)
    assert opened(kit, instance)["e"].data["dato"] == "bien"
    sound(kit)


def test_what_a_person_decided_is_not_corrected_behind_them_and_the_form_that_follows_counts(
    kit: Kit,
) -> None:
    instance = standing(kit)
    with kit.engine.uow.reading() as session:
        assert [
            (field.name, value)
            for field, value in kit.engine.corrections.known(session, instance, kit.now)
        ] == [("dato", "mal")]
    for refused in ({"dos": "2"}, {"punto": "P2"}, {"dato": 4}, {"dato": "mal"}, {}):
        with pytest.raises(InvalidValues):
            kit.engine.corrections.correct(
                instance, refused, reason=WHY, actor=COORDINADORA, now=kit.now
            )
    kit.engine.corrections.correct(
        instance, {"dato": "bien"}, reason=WHY, actor=COORDINADORA, now=kit.now
    )
    kit.engine.instances.go_back(
        instance, "a", reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
    )
    do(kit, instance, "a", dato="mejor")
    assert opened(kit, instance)["b"].data["dato"] == "mejor"
    sound(kit)


def test_a_timer_that_was_moved_fires_then_also_in_another_process(kit: Kit) -> None:
    instance = standing(kit)
    with kit.engine.uow.reading() as session:
        [timer] = kit.engine.deadlines.running(session, instance, kit.now)
    later = timer.due + dt.timedelta(days=2)
    kit.engine.deadlines.move(
        instance, {timer.task_id: later}, reason=WHY, actor=COORDINADORA, now=kit.now
    )
    sound(kit)
    kit.later(hours=3)
    assert kit.engine.pump(kit.now) == 0
    kit.later(days=2)
    assert kit.another_engine().pump(kit.now) == 1
    assert "r" in opened(kit, instance)
    with kit.engine.uow.reading() as session:
        assert reads.operation.waits(session, instance).timers == ()
    assert entries(kit, instance)[-2].detail["moved"] == [
        ["aviso", timer.due.isoformat(), later.isoformat()]
    ]
    sound(kit)
