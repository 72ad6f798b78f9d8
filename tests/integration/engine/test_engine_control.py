"""Suspend, resume, cancel, send back: what moves, what waits, what is journaled, and that nothing
is lost."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from engine import reads
from engine.errors import (
    EngineError,
    InstanceNotActive,
    InvalidValues,
    ItemClosed,
    NotAllowed,
    NotFound,
    NotPossible,
    NotWaiting,
)
from engine.spiff import prune
from engine.types import Call, Data, RemoteCall
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ASESOR, COLEGA, COORDINADORA, WHY
from tests.kit.diagrams import alarm, call, in_one_lane
from tests.kit.engine import Kit, begin, do, earlier, entries, opened, sound


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def detail(kit: Kit, instance: str) -> Data:
    return entries(kit, instance)[-1].detail


def abc(kit: Kit) -> str:
    """ini > a > b > c > fin"""
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="uno") + m.user("b", fields="dos") + m.user("c", fields="tres"),
            "ini>a>b>c>fin",
        )
    )
    return begin(kit)


# --- who and why ----------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["suspend", "resume", "cancel"])
def test_an_act_needs_a_role_and_a_reason_of_ten_letters(kit: Kit, act: str) -> None:
    instance = abc(kit)
    with pytest.raises(NotAllowed):
        getattr(kit.engine.instances, act)(instance, reason=WHY, actor=ASESOR, now=kit.now)
    with pytest.raises(InvalidValues):
        getattr(kit.engine.instances, act)(instance, reason="   corto   ", actor=ADMIN, now=kit.now)
    assert kit.rows("SELECT rev, status FROM instance") == [(1, "active")]


def test_the_coordinator_suspends_and_sends_back_but_only_the_administrator_cancels(
    kit: Kit,
) -> None:
    instance = abc(kit)
    with pytest.raises(NotAllowed):
        kit.engine.instances.cancel(instance, reason=WHY, actor=COORDINADORA, now=kit.now)
    kit.engine.instances.suspend(instance, reason=WHY, actor=COORDINADORA, now=kit.now)
    assert kit.rows("SELECT status FROM instance") == [("suspended",)]


# --- suspend and resume ---------------------------------------------------------------------------
def test_nobody_moves_a_suspended_instance_but_what_is_typed_is_kept(kit: Kit) -> None:
    instance = abc(kit)
    item = opened(kit, instance)["a"].id
    kit.engine.instances.suspend(instance, reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1))
    for act in (
        lambda: kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now),
        lambda: kit.engine.items.claim(item, actor=ASESOR, now=kit.now),
        lambda: kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now),
        lambda: kit.engine.instances.suspend(instance, reason=WHY, actor=ADMIN, now=kit.now),
    ):
        with pytest.raises(InstanceNotActive) as refused:
            act()
        assert refused.value.status == "suspended"
    kit.engine.items.save_draft(item, {"uno": ["a medias"]}, actor=ASESOR, now=kit.now)
    kit.engine.instances.resume(instance, reason=WHY, actor=COORDINADORA, now=kit.later(days=3))
    assert detail(kit, instance) == {"from": "suspended", "to": "active", "jobs": []}
    with kit.engine.uow.reading() as session:
        draft = reads.items.draft(session, reads.items.item(session, item), ASESOR.id)
    assert draft is not None
    assert draft.values == {"uno": ["a medias"]}
    do(kit, instance, "a", uno="si")
    assert set(opened(kit, instance)) == {"b"}
    sound(kit)


TIMER = alarm("t", "a", "PT1H")


def test_a_timer_that_comes_due_while_suspended_fires_once_after_the_resumption_and_blocks_nobody(
    kit: Kit,
) -> None:
    kit.deploy(p=in_one_lane(m.user("a") + TIMER + m.user("r"), "ini>a>fin", "t>r>fin2"))
    stopped, free = begin(kit), begin(kit)
    kit.engine.instances.suspend(stopped, reason=WHY, actor=ADMIN, now=kit.now)
    # the free one, though the stopped one is as old
    assert kit.engine.pump(kit.later(hours=2), limit=1) == 1
    assert set(opened(kit, free)) == {"a", "r"}
    assert set(opened(kit, stopped)) == {"a"}
    assert [row[0] for row in kit.rows("SELECT instance_id FROM timer")] == [stopped]
    kit.engine.instances.resume(stopped, reason=WHY, actor=ADMIN, now=kit.later(hours=1))
    assert (kit.engine.pump(kit.now), kit.engine.pump(kit.now)) == (1, 0)
    assert set(opened(kit, stopped)) == {"a", "r"}
    sound(kit)


@pytest.mark.parametrize(
    ("cycle", "again", "skipped"), [("R/PT1H", 1, 4), ("R3/PT1H", 0, 2), ("R/PT1S", 1, 17_999)]
)
def test_a_repeated_timer_fires_once_for_all_that_it_missed(
    kit: Kit, cycle: str, again: int, skipped: int
) -> None:
    repeated = TIMER.replace("timeDuration>PT1H", f"timeCycle>{cycle}").replace(
        "/timeDuration", "/timeCycle"
    )
    kit.deploy(p=in_one_lane(m.user("a") + repeated + m.user("r"), "ini>a>fin", "t>r>fin2"))
    instance = begin(kit)
    kit.engine.instances.suspend(instance, reason=WHY, actor=ADMIN, now=kit.now)
    kit.engine.instances.resume(instance, reason=WHY, actor=ADMIN, now=kit.later(hours=5))
    assert detail(kit, instance)["skipped"] == [["t", skipped]]
    assert (kit.engine.pump(kit.now), kit.engine.pump(kit.now)) == (1, 0)
    assert kit.rows("SELECT count(*) FROM work_item WHERE element = 'r'") == [(1,)]
    assert kit.engine.pump(kit.later(hours=1), limit=1) == again
    sound(kit)


CATCH = '<intermediateCatchEvent id="espera">{}<messageEventDefinition messageRef="M"/></intermediateCatchEvent>'
SENDER = '<intermediateThrowEvent id="avisa">{}<messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
MESSAGE = '<message id="M" name="Aviso"/>'
KEYED = m.extension('<v:message key="clave"/>')


def pair(kit: Kit) -> tuple[str, str]:
    """R waits for the message that S throws behind its task."""
    receiver = in_one_lane(
        CATCH.format(KEYED) + m.user("b"), "ini>espera>b>fin", variables="punto clave", defs=MESSAGE
    )
    sender = in_one_lane(
        m.user("x") + SENDER.format(KEYED),
        "ini>x>avisa>fin",
        id_="S",
        variables="punto clave",
        defs=MESSAGE,
    )
    kit.deploy(p=receiver, s=sender)
    waiting = begin(kit, clave="K1")
    started = kit.engine.instances.start(
        "S", actor=ASESOR, now=kit.now, data={"punto": "P1", "clave": "K1"}
    )
    return waiting, started.opened[0].id


def test_a_message_to_a_suspended_instance_waits_even_for_weeks_and_a_page_is_told(
    kit: Kit,
) -> None:
    waiting, sends = pair(kit)
    kit.engine.instances.suspend(waiting, reason=WHY, actor=ADMIN, now=kit.now)
    kit.engine.items.complete(sends, values={}, actor=ASESOR, now=kit.later(minutes=1))
    assert kit.engine.pump(kit.now) == 0
    with pytest.raises(InstanceNotActive):
        kit.engine.messages.correlate("Aviso", "K1", {}, actor=ASESOR, now=kit.now)
    assert kit.engine.pump(kit.later(days=20)) == 0
    kit.engine.instances.resume(waiting, reason=WHY, actor=ADMIN, now=kit.now)
    assert kit.engine.pump(kit.now) == 1
    assert set(opened(kit, waiting)) == {"b"}
    sound(kit)


def remote(kit: Kit) -> tuple[str, list[str]]:
    asked: list[str] = []

    def ask(call: RemoteCall) -> Data:
        asked.append(call.key)
        return {"estado": "al dia"}

    kit.handlers.remote["consulta"] = ask
    kit.deploy(
        p=in_one_lane(
            m.user("a") + m.service("s", handler="consulta", out="estado") + m.user("b"),
            "ini>a>s>b>fin",
        )
    )
    return begin(kit), asked


def test_the_result_of_a_job_waits_for_the_resumption(kit: Kit) -> None:
    instance, asked = remote(kit)
    do(kit, instance, "a")
    kit.engine.instances.suspend(instance, reason=WHY, actor=ADMIN, now=kit.now)
    kit.run_jobs()
    assert (opened(kit, instance), kit.rows("SELECT state FROM job")) == ({}, [("held",)])
    kit.engine.instances.resume(instance, reason=WHY, actor=ADMIN, now=kit.later(days=1))
    kit.run_jobs()
    assert opened(kit, instance)["b"].data["estado"] == "al dia"
    assert kit.rows("SELECT state FROM job") == [("done",)]
    assert len(asked) == 1
    sound(kit)


# --- cancel ---------------------------------------------------------------------------------------
def test_cancelling_closes_all_that_waits_keeps_what_was_done_and_answers_latecomers(
    kit: Kit,
) -> None:
    nodes = m.user("a", fields="uno") + m.user("b") + alarm("t", "b", "PT1H") + m.user("r")
    kit.deploy(p=in_one_lane(nodes, "ini>a>b>fin", "t>r>fin2"))
    instance = begin(kit)
    do(kit, instance, "a", uno="si")
    item = opened(kit, instance)["b"].id
    kit.engine.items.save_draft(item, {"nota": ["mi texto"]}, actor=ASESOR, now=kit.now)
    done = kit.engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=kit.later(minutes=1))
    assert not done.finished
    assert kit.rows("SELECT status, ended_at IS NULL FROM instance") == [("cancelled", 0)]
    assert kit.rows("SELECT element, state FROM work_item ORDER BY opened_at") == [
        ("a", "done"),
        ("b", "cancelled"),
    ]
    assert kit.rows("SELECT * FROM timer") == []
    assert kit.rows("SELECT person FROM draft") == [(ASESOR.id,)]
    assert detail(kit, instance)["variables"] == {"punto": "P1", "uno": "si"}
    assert kit.engine.pump(kit.later(hours=3)) == 0
    with pytest.raises(ItemClosed):
        kit.engine.items.complete(item, values={}, actor=ASESOR, now=kit.now)
    with pytest.raises(InstanceNotActive):
        kit.engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=kit.now)
    entry = entries(kit, instance)[-1]
    assert (entry.kind, entry.values, ("b", "cancelled") in entry.steps) == (
        "cancel",
        {"motivo": WHY},
        True,
    )
    sound(kit)


def test_a_suspended_instance_can_be_cancelled_and_its_message_finds_nobody(kit: Kit) -> None:
    waiting, sends = pair(kit)
    kit.engine.instances.suspend(waiting, reason=WHY, actor=ADMIN, now=kit.now)
    kit.engine.instances.cancel(waiting, reason=WHY, actor=ADMIN, now=kit.now)
    kit.engine.items.complete(sends, values={}, actor=ASESOR, now=kit.later(minutes=1))
    assert kit.engine.pump(kit.now) == 0
    with pytest.raises(NotWaiting):
        kit.engine.messages.correlate("Aviso", "K1", {}, actor=ASESOR, now=kit.now)
    sound(kit)


def test_the_result_of_a_cancelled_job_changes_nothing(kit: Kit) -> None:
    instance, asked = remote(kit)
    do(kit, instance, "a")
    kit.engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=kit.now)
    kit.run_jobs()
    assert (asked, kit.rows("SELECT state FROM job"), kit.rows("SELECT rev FROM instance")) == (
        [],
        [("cancelled",)],
        [(3,)],
    )


@pytest.mark.parametrize("act", ["cancel", "suspend"])
def test_completing_against_an_act_happens_in_one_order_or_the_other(kit: Kit, act: str) -> None:
    """Never mixed: either the act came second and found the next task, or the form was refused."""
    kit.deploy(p=in_one_lane(m.user("a", fields="uno") + m.user("b"), "ini>a>b>fin"))
    orders = set()
    for _ in range(12):
        instance = begin(kit)
        item, gate = opened(kit, instance)["a"].id, threading.Barrier(2)

        def complete(item: str = item, gate: threading.Barrier = gate) -> str:
            gate.wait()
            try:
                kit.engine.items.complete(item, values={"uno": "si"}, actor=ASESOR, now=kit.now)
            except (ItemClosed, InstanceNotActive):
                return "refused"
            return "done"

        def operate(instance: str = instance, gate: threading.Barrier = gate) -> str:
            gate.wait()
            getattr(kit.engine.instances, act)(instance, reason=WHY, actor=ADMIN, now=kit.now)
            return "done"

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.submit(complete), pool.submit(operate)
            answer, _acted = first.result(), second.result()
        kinds = [
            str(kind)
            for of, kind in kit.rows("SELECT instance_id, kind FROM journal ORDER BY rev")
            if of == instance
        ]
        expected = ["start", "complete", act] if answer == "done" else ["start", act]
        assert kinds == expected
        open_now = set(opened(kit, instance))
        assert open_now == (set() if act == "cancel" else {"b"} if answer == "done" else {"a"})
        orders.add(answer)
    sound(kit)


# --- go back --------------------------------------------------------------------------------------
def test_a_case_goes_back_to_an_earlier_task_with_the_values_it_had_and_is_finished_from_there(
    kit: Kit,
) -> None:
    instance = abc(kit)
    do(kit, instance, "a", uno="primera")
    do(kit, instance, "b", dos="x")
    kit.engine.items.save_draft(
        opened(kit, instance)["c"].id, {"tres": ["sin enviar"]}, actor=ASESOR, now=kit.now
    )
    assert earlier(kit, instance) == {"a": "", "b": ""}
    back = kit.engine.instances.go_back(
        instance, "a", reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
    )
    (item,) = back.opened
    assert (item.element, item.claimed_by, item.data) == ("a", ASESOR.id, {"punto": "P1"})
    assert kit.rows("SELECT element, state FROM work_item ORDER BY opened_at, id") == [
        ("a", "done"),
        ("b", "done"),
        ("c", "cancelled"),
        ("a", "open"),
    ]
    assert kit.rows("SELECT person, element FROM draft") == [(ASESOR.id, "c")]
    assert detail(kit, instance)["changes"] == {"dos": ["x", None], "uno": ["primera", None]}
    sound(kit)
    do(kit, instance, "a", uno="segunda")
    do(kit, instance, "b", dos="y")
    assert opened(kit, instance)["c"].data == {"punto": "P1", "uno": "segunda", "dos": "y"}
    do(kit, instance, "c", tres="z")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_a_case_may_be_sent_back_again_and_again(kit: Kit) -> None:
    instance = abc(kit)
    for n in range(40):  # beyond a snapshot
        do(kit, instance, "a", uno=str(n))
        kit.engine.instances.go_back(
            instance, "a", reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
        )
        kit.engine.core.cache.clear()
    do(kit, instance, "a", uno="al fin")
    assert opened(kit, instance)["b"].data["uno"] == "al fin"
    sound(kit)


def test_what_a_system_answered_stays_known_and_is_asked_again(kit: Kit) -> None:
    made: list[int] = []

    def create(_call: Call) -> Data:
        made.append(len(made) + 1)
        return {"numero": made[-1]}

    kit.handlers.local["crear"] = create
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="uno")
            + m.service("s", handler="crear", out="numero:integer")
            + m.user("b"),
            "ini>a>s>b>fin",
        )
    )
    instance = begin(kit)
    do(kit, instance, "a", uno="si")
    back = kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    assert back.opened[0].data == {"punto": "P1", "numero": 1}
    do(kit, instance, "a", uno="si")
    assert made == [1, 2]
    assert opened(kit, instance)["b"].data["numero"] == 2


def test_boundary_timers_of_the_task_are_armed_anew_and_those_of_what_followed_go(kit: Kit) -> None:
    nodes = m.user("a") + TIMER + m.user("r") + m.user("b") + alarm("u", "b", "PT5H")
    kit.deploy(p=in_one_lane(nodes, "ini>a>b>fin", "t>r>fin2", "u>fin3"))
    instance = begin(kit)
    do(kit, instance, "a")
    assert kit.rows("SELECT element FROM timer") == [("u",)]
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.later(hours=1))
    assert kit.rows("SELECT element FROM timer") == [("t",)]
    assert kit.engine.pump(kit.later(minutes=59)) == 0
    assert kit.engine.pump(kit.later(minutes=2)) == 1
    assert set(opened(kit, instance)) == {"a", "r"}
    sound(kit)


FORK = m.gate("parallel", "g1", "g2")


def fork(kit: Kit) -> str:
    """a, then x and y side by side, then z."""
    kit.deploy(
        p=in_one_lane(
            m.user("a") + FORK + m.user("x", fields="vx") + m.user("y", fields="vy") + m.user("z"),
            "ini>a>g1>x>g2>z>fin",
            "g1>y>g2",
        )
    )
    return begin(kit)


def test_one_branch_goes_back_while_the_other_goes_on(kit: Kit) -> None:
    instance = fork(kit)
    do(kit, instance, "a")
    do(kit, instance, "x", vx="1")
    kit.engine.instances.go_back(instance, "x", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"x", "y"}
    do(kit, instance, "y", vy="1")
    do(kit, instance, "x", vx="2")
    assert opened(kit, instance)["z"].data == {"punto": "P1", "vx": "2", "vy": "1"}
    sound(kit)


def test_a_branch_that_was_joined_is_refused_but_what_stands_before_the_split_is_not(
    kit: Kit,
) -> None:
    instance = fork(kit)
    for element in ("a", "x", "y"):
        do(kit, instance, element)
    assert earlier(kit, instance) == {"a": "", "x": "branch_joined", "y": "branch_joined"}
    for branch in ("x", "y"):
        with pytest.raises(NotPossible):
            kit.engine.instances.go_back(instance, branch, reason=WHY, actor=ADMIN, now=kit.now)
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    for element in ("a", "y", "x", "z"):
        do(kit, instance, element)
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_going_back_to_before_the_split_takes_both_branches_away(kit: Kit) -> None:
    instance = fork(kit)
    do(kit, instance, "a")
    do(kit, instance, "x")
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"a"}
    for element in ("a", "x", "y"):
        do(kit, instance, element)
    assert set(opened(kit, instance)) == {"z"}
    sound(kit)


def called(kit: Kit) -> str:
    """a, then a called process with p and q, then b."""
    inner = in_one_lane(m.user("p", fields="vp") + m.user("q"), "ini>p>q>fin", id_="C")
    kit.deploy(
        p=in_one_lane(m.user("a") + call("llama", "C") + m.user("b"), "ini>a>llama>b>fin"), c=inner
    )
    return begin(kit)


def test_it_works_inside_a_called_process_out_of_it_and_into_its_beginning(kit: Kit) -> None:
    instance = called(kit)
    do(kit, instance, "a")
    do(kit, instance, "p", vp="1")
    kit.engine.instances.go_back(instance, "p", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"p"}
    sound(kit)
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"a"}
    for element in ("a", "p", "q"):
        do(kit, instance, element)
    assert list(earlier(kit, instance)) == ["a", "p", "q", "llama"]
    kit.engine.instances.go_back(instance, "llama", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"p"}
    for element in ("p", "q", "b"):
        do(kit, instance, element)
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


@pytest.mark.parametrize("ended", ["finished", "cancelled"])
def test_an_ended_case_is_reopened_when_nothing_else_happened_beside(kit: Kit, ended: str) -> None:
    instance = abc(kit)
    do(kit, instance, "a", uno="si")
    if ended == "finished":
        do(kit, instance, "b")
        do(kit, instance, "c")
    else:
        kit.engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=kit.now)
    kit.engine.core.cache.clear()
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.later(days=1))
    assert kit.rows("SELECT status, ended_at FROM instance") == [("active", None)]
    sound(kit)
    for element in ("a", "b", "c"):
        do(kit, instance, element)
    assert kit.rows("SELECT status, ended_at IS NULL FROM instance") == [("finished", 0)]
    sound(kit)


def test_an_ended_case_whose_branches_ended_apart_stays_ended(kit: Kit) -> None:
    nodes = m.user("a") + m.gate("parallel", "g1") + m.user("x") + m.user("y")
    kit.deploy(p=in_one_lane(nodes, "ini>a>g1>x>fin", "g1>y>fin2"))
    instance = begin(kit)
    for element in ("a", "x", "y"):
        do(kit, instance, element)
    with pytest.raises(NotPossible) as refused:
        kit.engine.instances.go_back(instance, "x", reason=WHY, actor=ADMIN, now=kit.now)
    assert refused.value.reason == "branch_joined"
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"a"}


@pytest.mark.parametrize("first", ["x", "y"])
def test_a_case_that_was_cancelled_in_two_branches_does_not_come_back_in_one(
    kit: Kit, first: str
) -> None:
    """Also where a border tells when each began: the other branch would be waited for in vain at
    the join."""
    nodes = (
        FORK
        + m.user("a")
        + m.user("x")
        + alarm("t", "x", "P1D")
        + m.user("y")
        + alarm("u", "y", "P1D")
    )
    other = "y" if first == "x" else "x"
    kit.deploy(
        p=in_one_lane(
            nodes + m.user("z"), f"ini>a>g1>{first}>g2>z>fin", f"g1>{other}>g2", "t>fin2", "u>fin3"
        )
    )
    instance = begin(kit)
    do(kit, instance, "a")
    kit.engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=kit.now)
    assert earlier(kit, instance) == {"a": "", "x": "branch_joined", "y": "branch_joined"}


def test_the_values_with_which_a_case_ended_are_told_when_it_is_reopened(kit: Kit) -> None:
    instance = abc(kit)
    do(kit, instance, "a", uno="1")
    do(kit, instance, "b", dos="2")
    do(kit, instance, "c", tres="3")
    kit.engine.instances.go_back(instance, "b", reason=WHY, actor=ADMIN, now=kit.now)
    assert detail(kit, instance)["changes"] == {"dos": ["2", None], "tres": ["3", None]}


@pytest.mark.parametrize("reason", ["x" * 2_001, "mitad de un símbolo \ud800"])
def test_a_reason_that_cannot_be_kept_is_refused(kit: Kit, reason: str) -> None:
    instance = abc(kit)
    for act in (kit.engine.instances.suspend, kit.engine.instances.cancel):
        with pytest.raises(InvalidValues):
            act(instance, reason=reason, actor=ADMIN, now=kit.now)
    assert kit.rows("SELECT rev, status FROM instance") == [(1, "active")]


def test_a_second_click_does_not_send_the_case_back_again(kit: Kit) -> None:
    instance = abc(kit)
    do(kit, instance, "a")
    with kit.engine.uow.reading() as session:
        (target,) = kit.engine.instances.earlier(session, instance, kit.now)
    kit.engine.instances.go_back(instance, target.task_id, reason=WHY, actor=ADMIN, now=kit.now)
    item = opened(kit, instance)["a"].id
    with pytest.raises(NotFound):
        kit.engine.instances.go_back(instance, target.task_id, reason=WHY, actor=ADMIN, now=kit.now)
    assert opened(kit, instance)["a"].id == item


def broken(_call: Call) -> Data:
    raise RuntimeError("no responde")


def test_jobs_and_incidents_of_what_followed_are_closed(kit: Kit) -> None:
    kit.handlers.local["falla"] = broken
    kit.deploy(
        p=in_one_lane(m.user("a") + m.service("s", handler="falla") + m.user("b"), "ini>a>s>b>fin")
    )
    instance = begin(kit)
    do(kit, instance, "a")
    assert kit.rows("SELECT state FROM incident") == [("open",)]
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    assert kit.rows("SELECT state, resolved_by FROM incident") == [("resolved", "admin")]
    assert len(detail(kit, instance)["incidents"]) == 1
    sound(kit)


def test_a_colleague_cannot_complete_what_was_sent_back_to_its_author(kit: Kit) -> None:
    instance = abc(kit)
    do(kit, instance, "a")
    back = kit.engine.instances.go_back(instance, "a", reason=WHY, actor=COORDINADORA, now=kit.now)
    with pytest.raises(EngineError):
        kit.engine.items.complete(back.opened[0].id, values={}, actor=COLEGA, now=kit.now)
    kit.engine.items.reassign(
        back.opened[0].id, to=COLEGA.id, actor=COORDINADORA, now=kit.now, reason="turno de la tarde"
    )
    kit.engine.items.complete(
        back.opened[0].id, values={}, actor=COLEGA, now=kit.now + dt.timedelta(minutes=1)
    )
    assert set(opened(kit, instance)) == {"b"}


def test_a_case_goes_back_when_finished_tokens_have_left_it(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long-lived instance drops what is finished (engine/spiff/prune.py); the latest pass through
    each activity stays."""
    monkeypatch.setattr(prune, "FINISHED", 0)
    instance = fork(kit)
    for number in range(4):
        do(kit, instance, "a")
        do(kit, instance, "x", vx=str(number))
        kit.engine.instances.go_back(instance, "x", reason=WHY, actor=ADMIN, now=kit.now)
        do(kit, instance, "x", vx="bis")
        do(kit, instance, "y", vy=str(number))
        kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
        kit.engine.core.cache.clear()
    for element in ("a", "x", "y"):
        do(kit, instance, element, **({} if element == "a" else {f"v{element}": "fin"}))
    assert opened(kit, instance)["z"].data == {"punto": "P1", "vx": "fin", "vy": "fin"}
    sound(kit)


def test_items_of_a_multi_instance_task_go_back_as_a_whole(kit: Kit) -> None:
    repeated = m.user("m").replace(
        "</userTask>",
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>",
    )
    kit.deploy(p=in_one_lane(m.user("a") + repeated + m.user("b"), "ini>a>m>b>fin"))
    instance = begin(kit)
    do(kit, instance, "a")
    with kit.engine.uow.reading() as session:
        waiting = [
            i for i in reads.items.of_case(session, instance, only_open=True) if i.element == "m"
        ]
    assert len(waiting) == 3
    for item in waiting:
        kit.engine.items.complete(item.id, values={}, actor=ASESOR, now=kit.later(minutes=1))
    assert earlier(kit, instance) == {"a": "", "m": ""}
    kit.engine.instances.go_back(instance, "m", reason=WHY, actor=ADMIN, now=kit.now)
    with kit.engine.uow.reading() as session:
        assert [i.element for i in reads.items.of_case(session, instance, only_open=True)] == [
            "m",
            "m",
            "m",
        ]
    sound(kit)


def test_an_activity_that_is_open_several_times_has_a_draft_each_and_keeps_it_when_it_is_opened_again(
    kit: Kit,
) -> None:
    repeated = m.user("m").replace(
        "</userTask>",
        '<multiInstanceLoopCharacteristics isSequential="false"><loopCardinality>3</loopCardinality>'
        '<inputDataItem id="i" name="vez"/></multiInstanceLoopCharacteristics></userTask>',
    )
    kit.deploy(p=in_one_lane(m.user("a") + repeated + m.user("b"), "ini>a>m>b>fin"))
    instance = begin(kit)
    do(kit, instance, "a")

    def drafts() -> dict[object, object]:
        """Turn of the loop → what this person has begun to write in it."""
        with kit.engine.uow.reading() as session:
            waiting = reads.items.of_case(session, instance, only_open=True)
            found = {i.data["vez"]: reads.items.draft(session, i, ASESOR.id) for i in waiting}
            return {vez: d.values["nota"] for vez, d in found.items() if d is not None}

    with kit.engine.uow.reading() as session:
        first, second, third = sorted(
            reads.items.of_case(session, instance, only_open=True),
            key=lambda i: str(i.data["vez"]),
        )
    for item in (second, first):
        texto = f"de la {item.data['vez']}"
        kit.engine.items.save_draft(item.id, {"nota": texto}, actor=ASESOR, now=kit.now)
    written = {i.data["vez"]: f"de la {i.data['vez']}" for i in (first, second)}
    assert drafts() == written
    kit.engine.items.complete(third.id, values={}, actor=ASESOR, now=kit.now)
    assert drafts() == written, "a draft goes with its own task only"
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    do(kit, instance, "a")
    assert drafts() == written, "and is there when its task is open again"
    with kit.engine.uow.reading() as session:
        again = next(
            i
            for i in reads.items.of_case(session, instance, only_open=True)
            if i.data["vez"] == first.data["vez"]
        )
    kit.engine.items.complete(again.id, values={}, actor=ASESOR, now=kit.now)
    assert list(drafts()) == [second.data["vez"]]
    assert len(kit.rows("SELECT person FROM draft")) == 1
    sound(kit)
