"""Running instances move to another release, or are refused with a reason; nothing that waits is
lost."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from engine import reads
from engine.commands.migration import Plan
from engine.errors import InstanceNotActive, MigrationRefused, NotAllowed
from engine.types import Call, Data, RemoteCall, Repair
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ANALISTA, ASESOR, WHY
from tests.kit.diagrams import alarm, in_one_lane
from tests.kit.engine import Kit, begin, do, earlier, entries, opened, sound


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def plan(kit: Kit, instance: str, release: int = 2, **mapping: str) -> Plan:
    with kit.engine.uow.reading() as session:
        (found,) = kit.engine.migration.plan(
            session, [instance], release, now=kit.now, mapping=mapping
        )
    return found


def migrate(kit: Kit, instance: str, release: int = 2, **mapping: str) -> None:
    kit.engine.migration.migrate(
        instance, release, reason=WHY, actor=ANALISTA, now=kit.later(minutes=1), mapping=mapping
    )


def rows_of(kit: Kit, table: str) -> list[object]:
    with kit.db.connect() as connection:
        return [
            tuple(row)
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.text(table)))
        ]


def timers_of(kit: Kit, instance: str) -> dict[object, object]:
    return {
        element: due
        for of, element, due in kit.rows("SELECT instance_id, element, due FROM timer")
        if of == instance
    }


def refused(kit: Kit, instance: str, release: int = 2, **mapping: str) -> list[tuple[str, str]]:
    """The plan says the same as the command; nothing was changed."""
    before = kit.rows("SELECT rev, release, head FROM instance")
    problems = [
        (p.code, p.facts["element"]) for p in plan(kit, instance, release, **mapping).problems
    ]
    with pytest.raises(MigrationRefused) as error:
        migrate(kit, instance, release, **mapping)
    assert [(p.code, p.facts["element"]) for p in error.value.problems] == problems
    assert kit.rows("SELECT rev, release, head FROM instance") == before
    return problems


ABC = m.user("a", fields="uno") + m.user("b", fields="dos") + m.user("c", fields="tres")


# --- who, which -----------------------------------------------------------------------------------
def test_the_analyst_moves_an_instance_once_and_an_ended_one_never(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance, ended = begin(kit), begin(kit)
    kit.deploy(p=in_one_lane(ABC + m.user("d"), "ini>a>b>c>d>fin"))
    with pytest.raises(NotAllowed):
        kit.engine.migration.migrate(instance, 2, reason=WHY, actor=ASESOR, now=kit.now)
    migrate(kit, instance)
    migrate(kit, instance)  # an interrupted run that is started again
    assert (instance, 2, 2) in kit.rows("SELECT id, release, rev FROM instance")
    kit.engine.instances.cancel(ended, reason=WHY, actor=ADMIN, now=kit.now)
    assert [p.code for p in plan(kit, ended).problems] == ["ended"]
    with pytest.raises(InstanceNotActive):
        migrate(kit, ended)
    sound(kit)


def test_a_plan_writes_nothing(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.deploy(p=in_one_lane(ABC + alarm("t", "a", "P1D"), "ini>a>b>c>fin", "t>fin2"))
    tables = (
        "instance",
        "journal",
        "work_item",
        "timer",
        "subscription",
        "snapshot",
        "access",
        "submission",
    )
    before = [rows_of(kit, table) for table in tables]
    assert plan(kit, instance).armed == (("t", kit.now + dt.timedelta(days=1)),)
    assert [rows_of(kit, table) for table in tables] == before
    do(kit, instance, "a", uno="x")
    assert set(opened(kit, instance)) == {"b"}


# --- what stays -----------------------------------------------------------------------------------
def test_due_date_claim_draft_timer_and_history_stay(kit: Kit) -> None:
    due = '<v:due expr="P3D"/>'
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="uno")
            + m.user("b", fields="dos viejo!", extra=due)
            + alarm("t", "b", "P5D"),
            "ini>a>b>fin",
            "t>fin2",
        )
    )
    instance = begin(kit)
    do(kit, instance, "a", uno="si")
    item = opened(kit, instance)["b"]
    kit.engine.items.claim(item.id, actor=ASESOR, now=kit.now)
    kit.engine.items.save_draft(
        item.id, {"dos": ["medio"], "viejo": ["texto largo"]}, actor=ASESOR, now=kit.now
    )
    timers = kit.rows("SELECT * FROM timer")
    kit.deploy(
        p=in_one_lane(
            m.user("b", fields="dos nuevo", extra=due.replace("3", "9"))
            + m.user("z")
            + alarm("t", "b", "P30D"),
            "ini>z>b>fin",
            "t>fin2",
        )
    )
    kit.later(days=1)
    found = plan(kit, instance)
    (kept,) = found.items
    assert (kept.claimed_by, kept.due_at, kept.drafts, kept.form_changed, kept.lost_fields) == (
        ASESOR.id,
        item.due_at,
        1,
        True,
        ("viejo",),
    )
    assert (found.passed, [t.element for t in found.timers], found.problems) == (("a",), ["t"], ())
    migrate(kit, instance)
    sound(kit)
    now = opened(kit, instance)["b"]
    assert (now.id, now.due_at, now.claimed_by, now.release, now.opened_at) == (
        item.id,
        item.due_at,
        ASESOR.id,
        2,
        item.opened_at,
    )
    assert kit.rows("SELECT * FROM timer") == timers
    with kit.engine.uow.reading() as session:
        draft = reads.items.draft(session, now, ASESOR.id)
    assert draft is not None
    assert draft.values == {"dos": ["medio"], "viejo": ["texto largo"]}
    names = [(e.kind, e.element, e.name) for e in entries(kit, instance)]
    assert names == [
        ("start", None, ""),
        ("complete", "a", "a"),
        ("claim", "b", "b"),
        ("migrate", None, ""),
    ]
    assert entries(kit, instance)[-1].values == {"motivo": WHY}
    do(kit, instance, "b", dos="fin", nuevo="x")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_the_journal_says_what_moved_from_where_to_where(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.deploy(
        p=in_one_lane(
            m.user("a2") + m.user("b") + alarm("t", "a2", "P1D"), "ini>a2>b>fin", "t>fin2"
        )
    )
    migrate(kit, instance, a="a2")
    last = entries(kit, instance)[-1]
    (item,) = opened(kit, instance).values()
    assert last.detail == {
        "from": 1,
        "to": 2,
        "mapping": {"a": "a2"},
        "items": [[item.id, "a", "a2"]],
        "armed": ["t"],
        "disarmed": [],
    }
    sound(kit)


def test_a_job_that_is_on_its_way_is_delivered_on_the_new_release(kit: Kit) -> None:
    def ask(_call: RemoteCall) -> Data:
        return {"estado": "al dia"}

    kit.handlers.remote.update(consulta=ask, otra=ask)
    kit.deploy(
        p=in_one_lane(
            m.user("a") + m.service("s", handler="consulta", out="estado") + m.user("b"),
            "ini>a>s>b>fin",
        )
    )
    instance = begin(kit)
    do(kit, instance, "a")
    kit.deploy(
        p=in_one_lane(
            m.user("a") + m.service("s", handler="otra", out="estado") + m.user("b"),
            "ini>a>s>b>fin",
        )
    )
    kit.deploy(
        p=in_one_lane(
            m.service("s", handler="consulta", out="estado") + m.user("nuevo"), "ini>s>nuevo>fin"
        )
    )
    assert refused(kit, instance, 2) == [("job_handler", "s")]
    assert plan(kit, instance, 3).jobs == ("s",)
    migrate(kit, instance, 3)
    sound(kit)
    kit.run_jobs()
    assert opened(kit, instance)["nuevo"].data["estado"] == "al dia"
    sound(kit)


def test_a_message_that_is_waited_for_arrives_on_the_new_release(kit: Kit) -> None:
    key = m.extension('<v:message key="clave"/>')
    catch = f'<intermediateCatchEvent id="espera">{key}<messageEventDefinition messageRef="M"/></intermediateCatchEvent>'

    def versioned(nodes: str, *paths: str) -> bytes:
        text = in_one_lane(nodes, *paths, variables="punto clave").decode()
        return text.replace("<process ", '<message id="M" name="Aviso"/><process ', 1).encode()

    kit.deploy(p=versioned(m.user("a") + catch + m.user("b"), "ini>a>espera>b>fin"))
    instance = begin(kit, clave="K1")
    do(kit, instance, "a")
    kit.deploy(p=versioned(catch + m.user("otro"), "ini>espera>otro>fin"))
    migrate(kit, instance)
    kit.engine.messages.correlate("Aviso", "K1", {}, actor=ASESOR, now=kit.now)
    assert set(opened(kit, instance)) == {"otro"}
    sound(kit)


def test_a_suspended_instance_is_moved_and_stays_suspended(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.deploy(p=in_one_lane(ABC + m.user("d"), "ini>a>d>b>c>fin"))
    kit.engine.instances.suspend(instance, reason=WHY, actor=ADMIN, now=kit.now)
    migrate(kit, instance)
    assert kit.rows("SELECT status, release FROM instance") == [("suspended", 2)]
    kit.engine.instances.resume(instance, reason=WHY, actor=ADMIN, now=kit.now)
    do(kit, instance, "a", uno="x")
    assert set(opened(kit, instance)) == {"d"}
    sound(kit)


# --- refused, with the reason ---------------------------------------------------------------------
def test_a_token_on_a_removed_activity_is_refused_unless_it_is_mapped_to_one_of_its_kind(
    kit: Kit,
) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.engine.items.save_draft(
        opened(kit, instance)["a"].id, {"uno": ["x"]}, actor=ASESOR, now=kit.now
    )
    kit.deploy(p=in_one_lane(m.user("alfa", fields="uno") + m.user("c"), "ini>alfa>c>fin"))
    assert refused(kit, instance) == [("removed", "a")]
    assert refused(kit, instance, a="fin") == [("mapping", "a")]
    assert refused(kit, instance, a="nada") == [("mapping", "a")]
    migrate(kit, instance, a="alfa")
    assert kit.rows("SELECT element, name, release FROM work_item") == [("alfa", "alfa", 2)]
    assert kit.rows("SELECT element FROM draft") == [("alfa",)]
    sound(kit)
    do(kit, instance, "alfa", uno="x")
    do(kit, instance, "c")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_an_activity_that_became_something_else_is_refused(kit: Kit) -> None:
    kit.handlers.local["h"] = lambda _call: {}
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.deploy(p=in_one_lane(m.service("a", handler="h") + m.user("b"), "ini>a>b>fin"))
    assert refused(kit, instance) == [("kind_changed", "a")]


def test_a_token_that_waits_at_a_join_by_a_way_that_is_gone_is_refused(kit: Kit) -> None:
    fork = m.gate("parallel", "g1", "g2")
    kit.deploy(
        p=in_one_lane(
            fork + m.user("x") + m.user("y") + m.user("z"), "ini>g1>x>g2>z>fin", "g1>y>g2"
        )
    )
    instance = begin(kit)
    do(kit, instance, "x")
    kit.deploy(
        p=in_one_lane(
            fork + m.user("x") + m.user("x2") + m.user("y") + m.user("z"),
            "ini>g1>x>x2>g2>z>fin",
            "g1>y>g2",
        )
    )
    assert refused(kit, instance) == [("way_removed", "g2")]


def test_a_process_that_left_the_release_is_refused(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.engine.releases.deploy(
        {
            "q.bpmn": in_one_lane(ABC, "ini>a>b>c>fin")
            .replace(b'"P"', b'"Q"')
            .replace(b'"ls_P"', b'"ls_Q"')
        },
        actor=ANALISTA,
        now=kit.now,
        remove=("p.bpmn",),
    )
    assert refused(kit, instance) == [("process_removed", "P")]


def test_a_new_timer_that_cannot_be_computed_is_refused(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    late = alarm("t", "a", "cuando").replace("timeDuration", "timeDate")
    kit.deploy(
        p=in_one_lane(ABC + late, "ini>a>b>c>fin", "t>fin2", variables="punto cuando:instant")
    )
    assert refused(kit, instance) == [("cannot_arm", "t")]


# --- events at the border -------------------------------------------------------------------------
def test_a_new_boundary_timer_is_armed_on_a_task_that_waits_already_and_works(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    do(kit, instance, "a", uno="si")
    kit.deploy(
        p=in_one_lane(
            ABC + alarm("t", "b", "PT2H", interrupts=True) + m.user("tarde"),
            "ini>a>b>c>fin",
            "t>tarde>fin2",
        )
    )
    migrate(kit, instance)
    sound(kit)
    assert kit.rows("SELECT element FROM timer") == [("t",)]
    assert kit.engine.pump(kit.later(hours=3)) == 1
    assert opened(kit, instance)["tarde"].data == {"punto": "P1", "uno": "si"}
    assert set(opened(kit, instance)) == {"tarde"}
    sound(kit)


def test_completing_the_task_disarms_the_new_boundary_timer(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.deploy(p=in_one_lane(ABC + alarm("t", "a", "PT2H"), "ini>a>b>c>fin", "t>fin2"))
    migrate(kit, instance)
    sound(kit)
    do(kit, instance, "a", uno="x")
    assert kit.rows("SELECT element FROM timer") == []
    for element in ("b", "c"):
        do(kit, instance, element)
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_a_removed_boundary_timer_is_disarmed_a_second_one_is_added_and_one_that_fired_is_not_armed_again(
    kit: Kit,
) -> None:
    kit.deploy(
        p=in_one_lane(
            ABC + alarm("t1", "a", "PT1H") + alarm("t2", "a", "PT9H"),
            "ini>a>b>c>fin",
            "t1>fin2",
            "t2>fin3",
        )
    )
    instance = begin(kit)
    assert kit.engine.pump(kit.later(hours=2)) == 1
    kit.deploy(
        p=in_one_lane(
            ABC + alarm("t1", "a", "PT1H") + alarm("t3", "a", "PT5H"),
            "ini>a>b>c>fin",
            "t1>fin2",
            "t3>fin3",
        )
    )
    found = plan(kit, instance)
    assert (found.disarmed, [a[0] for a in found.armed], found.timers) == (("t2",), ["t3"], ())
    migrate(kit, instance)
    assert kit.rows("SELECT element FROM timer") == [("t3",)]
    sound(kit)


def test_taking_all_borders_away_leaves_the_task_as_it_is(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC + alarm("t", "a", "PT1H"), "ini>a>b>c>fin", "t>fin2"))
    instance = begin(kit)
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    migrate(kit, instance)
    sound(kit)
    assert kit.rows("SELECT element FROM timer") == []
    do(kit, instance, "a", uno="x")
    assert set(opened(kit, instance)) == {"b"}
    sound(kit)


# --- lanes, called processes, going back ----------------------------------------------------------
def test_a_task_that_goes_to_another_lane_leaves_its_holder(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    kit.engine.items.claim(opened(kit, instance)["a"].id, actor=ASESOR, now=kit.now)
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin", role="funcionario", scope=""))
    assert plan(kit, instance).items[0].new_role == "funcionario"
    migrate(kit, instance)
    item = opened(kit, instance)["a"]
    assert (item.role, item.scope, item.claimed_by) == ("funcionario", None, None)


def inner(nodes: str, path: str, *members: str) -> bytes:
    lane = m.lane("LC", "asesor", "punto", "ci", *members, "cf")
    return m.model(
        m.process(
            "C", m.start("ci") + nodes + m.end("cf") + m.flows(path), lanes=lane, variables="punto"
        )
    )


CALL = '<callActivity id="llama" name="llama" calledElement="C"/>'


def test_inside_a_called_process_it_moves_with_both_files(kit: Kit) -> None:
    kit.deploy(
        p=in_one_lane(m.user("a") + CALL + m.user("b"), "ini>a>llama>b>fin"),
        c=inner(m.user("p") + m.user("q"), "ci>p>q>cf", "p", "q"),
    )
    instance = begin(kit)
    do(kit, instance, "a")
    do(kit, instance, "p")
    kit.deploy(
        p=in_one_lane(
            CALL + alarm("t", "llama", "PT1H") + m.user("b"), "ini>llama>b>fin", "t>fin2"
        ),
        c=inner(m.user("q") + m.user("r"), "ci>q>r>cf", "q", "r"),
    )
    assert plan(kit, instance).passed == ("a", "p")
    migrate(kit, instance)
    sound(kit)
    assert kit.rows("SELECT element FROM timer") == [("t",)]
    for element in ("q", "r", "b"):
        do(kit, instance, element)
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_a_called_process_begins_with_its_own_initial_values_and_gets_those_of_a_move(
    kit: Kit,
) -> None:
    def called(**initial: str) -> bytes:
        new = "".join(
            f'<v:variable name="{name}" type="text" value="{value}"/>'
            for name, value in initial.items()
        )
        known = '<v:variable name="punto" type="text"/>'
        return (
            inner(m.user("p") + m.user("q"), "ci>p>q>cf", "p", "q")
            .decode()
            .replace(known, known + new)
            .encode()
        )

    kit.deploy(p=in_one_lane(m.user("a") + CALL, "ini>a>llama>fin"), c=called(canal="sede"))
    given, plain = begin(kit, canal="propio"), begin(kit)
    for instance in (given, plain):
        do(kit, instance, "a")
    assert [opened(kit, each)["p"].data.get("canal") for each in (given, plain)] == [
        "propio",
        "sede",
    ]
    kit.deploy(
        p=in_one_lane(m.user("a") + CALL, "ini>a>llama>fin"),
        c=called(canal="sede", zona="P1").replace(b'scope="punto"', b'scope="zona"'),
    )
    migrate(kit, plain)
    assert opened(kit, plain)["p"].data["canal"] == "sede"
    do(kit, plain, "p")
    assert opened(kit, plain)["q"].data["zona"] == "P1"
    sound(kit)


def test_a_call_that_calls_something_else_is_refused(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(CALL, "ini>llama>fin"), c=inner(m.user("p"), "ci>p>cf", "p"))
    instance = begin(kit)
    other = (
        inner(m.user("p2"), "ci>p2>cf", "p2")
        .replace(b'"C"', b'"D"')
        .replace(b'"ls_C"', b'"ls_D"')
        .replace(b'"LC"', b'"LD"')
    )
    kit.deploy(
        p=in_one_lane(CALL.replace('"C"', '"D"'), "ini>llama>fin"),
        d=other.replace(b'"ci"', b'"di"')
        .replace(b'"cf"', b'"df"')
        .replace(b"ci_", b"di_")
        .replace(b"_cf", b"_df")
        .replace(b">ci<", b">di<")
        .replace(b">cf<", b">df<"),
    )
    assert refused(kit, instance) == [("calls_other", "llama")]


def test_after_a_move_the_case_can_be_sent_back_unless_the_activity_is_gone(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    do(kit, instance, "a", uno="x")
    do(kit, instance, "b", dos="y")
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="uno") + alarm("t", "a", "PT1H") + m.user("c"),
            "ini>a>c>fin",
            "t>fin2",
        )
    )
    migrate(kit, instance)
    assert list(earlier(kit, instance)) == ["a"]
    kit.engine.instances.go_back(instance, "a", reason=WHY, actor=ADMIN, now=kit.now)
    assert set(opened(kit, instance)) == {"a"}
    assert kit.rows("SELECT element FROM timer") == [("t",)]
    sound(kit)


def test_a_new_variable_has_its_initial_value(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    known = b'<v:variable name="punto" type="text"/>'
    richer = in_one_lane(ABC, "ini>a>b>c>fin").replace(
        known, known + b'<v:variable name="canal" type="text" value="presencial"/>'
    )
    kit.deploy(p=richer)
    migrate(kit, instance)
    do(kit, instance, "a", uno="x")
    assert opened(kit, instance)["b"].data["canal"] == "presencial"


def placed(*paths: str, nodes: str = ABC) -> bytes:
    """The lane belongs to a place that the release brings itself."""
    known, place = (
        b'<v:variable name="punto" type="text"/>',
        b'<v:variable name="zona" type="text" value="P1"/>',
    )
    return in_one_lane(
        nodes, *(paths or ("ini>a>b>c>fin",)), scope="zona", variables="punto"
    ).replace(known, known + place)


def test_a_place_that_the_new_release_brings_is_that_of_what_stands_what_opens_and_what_is_gone_back_to(
    kit: Kit,
) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instance = begin(kit)
    do(kit, instance, "a", uno="x")
    kit.deploy(p=placed())
    migrate(kit, instance)
    assert opened(kit, instance)["b"].scope == "P1"
    do(kit, instance, "b", dos="y")
    assert opened(kit, instance)["c"].scope == "P1"
    for element in ("b", "a"):
        kit.engine.instances.go_back(
            instance, element, reason=WHY, actor=ADMIN, now=kit.later(minutes=1)
        )
        assert {each: item.scope for each, item in opened(kit, instance).items()} == {element: "P1"}
        sound(kit)


def test_a_new_variable_that_one_branch_changes_is_no_conflict(kit: Kit) -> None:
    """Both branches began before the release that brings it; only one of them writes it."""
    kit.deploy(p=in_one_lane(XYZ, "ini>g1>x>g2>z>fin", "g1>y>g2"))
    instance = begin(kit)
    kit.deploy(p=placed("ini>g1>x>g2>z>fin", "g1>y>g2", nodes=XYZ.replace("vx", "zona")))
    migrate(kit, instance)
    do(kit, instance, "x", zona="Z2")
    do(kit, instance, "y", vy="y")
    assert opened(kit, instance)["z"].scope == "Z2"
    assert kit.rows("SELECT kind FROM incident") == []


# --- many stops, many changes ---------------------------------------------------------------------
FORK, JOIN, CHOICE = (
    m.gate("parallel", "g1"),
    m.gate("parallel", "g2"),
    '<exclusiveGateway id="e1" default="f_e1_d"/>',
)
BEFORE = m.user("a", fields="uno") + alarm("ta", "a", "P5D") + m.user("b", fields="dos")
AFTER = m.user("c") + alarm("tc", "c", "P9D") + m.user("d")
NODES = (
    BEFORE
    + FORK
    + m.user("x", fields="vx")
    + m.user("y", fields="vy")
    + JOIN
    + CALL
    + CHOICE
    + AFTER
)
PATHS = ("ini>a>b>g1>x>g2>llama>e1", "g1>y>g2", "e1>d>fin", "c>d", "ta>fin2", "tc>fin3")


def base(nodes: str = NODES, *paths: str) -> bytes:
    """a, b, then x and y side by side, a called process, then c or d, and d."""
    text = in_one_lane(nodes, *(paths or PATHS), variables="punto uno").decode()
    branch = (
        m.flow("e1", "c", "uno == 'largo'") if "f_e1_c" not in text and 'id="c"' in text else ""
    )
    return text.replace("</process>", branch + "</process>").encode()


WITHOUT_A = NODES.replace(m.user("a", fields="uno") + alarm("ta", "a", "P5D"), "")
OTHER_BORDERS = NODES.replace(alarm("ta", "a", "P5D"), alarm("tb", "b", "P5D")) + alarm(
    "td", "d", "P1D"
)
TO_C2 = m.flow("e1", "c2", "uno == 'largo'").encode() + b"</process>"
CHANGES = {
    "a task more": base(NODES + m.user("n"), "ini>a>n>b>g1>x>g2>llama>e1", *PATHS[1:]),
    "a removed": base(WITHOUT_A, "ini>b>g1>x>g2>llama>e1", *PATHS[1:4], "tc>fin3"),
    "c renamed": base(NODES.replace('"c"', '"c2"'), *PATHS[:3], "c2>d", *PATHS[4:]).replace(
        b"</process>", TO_C2
    ),
    "borders changed": base(OTHER_BORDERS, *PATHS[:4], "tb>fin2", "tc>fin3", "td>fin4"),
    "y gone": base(NODES.replace(m.user("y", fields="vy"), ""), PATHS[0], "g1>g2", *PATHS[2:]),
}


def walk(kit: Kit, instance: str) -> Iterator[str]:
    """Completes one task after the other; yields what it will complete next."""
    while waiting := sorted(opened(kit, instance)):
        yield waiting[0]
        do(kit, instance, waiting[0], **({"uno": "largo"} if waiting[0] == "a" else {}))


@pytest.mark.parametrize("change", CHANGES)
def test_from_every_stop_a_case_moves_and_finishes_or_is_refused_with_a_reason(
    kit: Kit, change: str
) -> None:
    kit.deploy(p=base(), c=inner(m.user("p") + m.user("q"), "ci>p>q>cf", "p", "q"))
    path = list(walk(kit, begin(kit)))
    assert path == ["a", "b", "x", "y", "p", "q", "c", "d"]
    instances = [begin(kit) for _ in path]
    for number, instance in enumerate(instances):
        for _, element in zip(range(number), path, strict=False):
            do(kit, instance, element, **({"uno": "largo"} if element == "a" else {}))
    kit.deploy(p=CHANGES[change])
    answers = {}
    for stop, instance in zip(path, instances, strict=True):
        problems = plan(kit, instance).problems
        if problems:
            answers[stop] = [(p.code, p.facts["element"]) for p in problems]
            assert refused(kit, instance) == answers[stop]
            continue
        timers = timers_of(kit, instance)
        migrate(kit, instance)
        now = timers_of(kit, instance)
        assert {e: d for e, d in now.items() if e in timers} == {
            e: d for e, d in timers.items() if e in now
        }
        kit.engine.core.cache.clear()
        list(walk(kit, instance))
        kit.engine.core.cache.clear()
    expected = {
        "a removed": {"a": [("removed", "a")]},
        "c renamed": {"c": [("removed", "c")]},
        "y gone": {"x": [("removed", "y")], "y": [("removed", "y")]},
    }
    assert answers == expected.get(change, {})
    finished = kit.rows("SELECT count(*) FROM instance WHERE status = 'finished'")
    assert finished == [(1 + len(path) - len(answers),)]
    sound(kit)


# --- what is under way ----------------------------------------------------------------------------
def test_a_move_mends_what_failed_and_the_incident_is_retried_on_the_new_release(kit: Kit) -> None:
    def broken(_call: Call) -> Data:
        raise RuntimeError("no responde")

    kit.handlers.local.update(malo=broken, bueno=lambda _call: {"estado": "ok"})
    kit.deploy(
        p=in_one_lane(
            m.user("a") + m.service("s", handler="malo", out="estado") + m.user("b"),
            "ini>a>s>b>fin",
        )
    )
    instance = begin(kit)
    do(kit, instance, "a")
    kit.deploy(
        p=in_one_lane(
            m.user("a") + m.service("s", handler="bueno", out="estado") + m.user("b"),
            "ini>a>s>b>fin",
        )
    )
    migrate(kit, instance)
    ((incident, state),) = kit.rows("SELECT id, state FROM incident")
    assert state == "open"
    kit.engine.incidents.resolve(
        int(str(incident)), Repair("retry", reason=WHY), actor=ADMIN, now=kit.now
    )
    assert opened(kit, instance)["b"].data["estado"] == "ok"
    sound(kit)


def test_an_incident_that_belongs_to_no_token_outlasts_a_move(kit: Kit) -> None:
    """An obligatory message that nobody received: moving the instance does not deliver it."""
    text = '<intermediateThrowEvent id="avisa">{}<messageEventDefinition messageRef="M"/></intermediateThrowEvent>'
    throw = text.format(m.extension('<v:message key="clave" obligatory="true"/>'))

    def versioned(*paths: str, extra: str = "") -> bytes:
        drawn = in_one_lane(
            m.user("a") + throw + m.user("b") + extra, *paths, variables="punto clave"
        ).decode()
        return drawn.replace("<process ", '<message id="M" name="Aviso"/><process ', 1).encode()

    kit.deploy(p=versioned("ini>a>avisa>b>fin"))
    instance = begin(kit, clave="K1")
    do(kit, instance, "a")
    kit.engine.pump(kit.later(days=8))
    assert kit.rows("SELECT kind, state FROM incident") == [("lost_message", "open")]
    kit.deploy(p=versioned("ini>a>avisa>b>c>fin", extra=m.user("c")))
    migrate(kit, instance)
    assert kit.rows("SELECT state FROM incident") == [("open",)]
    sound(kit)


def test_items_of_a_multi_instance_task_go_on_and_come_together(kit: Kit) -> None:
    several = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    kit.deploy(
        p=in_one_lane(m.user("m").replace("</userTask>", several) + m.user("b"), "ini>m>b>fin")
    )
    instance = begin(kit)
    complete_one(kit, instance)
    kit.deploy(
        p=in_one_lane(
            m.user("m").replace("</userTask>", several)
            + alarm("t", "m", "PT1H")
            + m.user("c")
            + m.user("b"),
            "ini>m>c>b>fin",
            "t>fin2",
        )
    )
    migrate(kit, instance)
    sound(kit)
    assert kit.rows("SELECT element FROM timer") == [("t",)]
    complete_one(kit, instance)
    complete_one(kit, instance)
    assert set(opened(kit, instance)) == {"c"}
    assert kit.rows("SELECT element FROM timer") == []
    sound(kit)


def complete_one(kit: Kit, instance: str) -> None:
    with kit.engine.uow.reading() as session:
        item = reads.items.of_case(session, instance, only_open=True)[0]
    kit.engine.items.complete(item.id, values={}, actor=ASESOR, now=kit.later(minutes=1))


def test_a_single_task_that_became_several_is_refused(kit: Kit) -> None:
    several = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    kit.deploy(p=in_one_lane(m.user("m"), "ini>m>fin"))
    instance = begin(kit)
    kit.deploy(p=in_one_lane(m.user("m").replace("</userTask>", several), "ini>m>fin"))
    assert refused(kit, instance) == [("kind_changed", "m")]


def choice(*timers: tuple[str, str]) -> str:
    found = '<eventBasedGateway id="g"/>'
    for id_, duration in timers:
        found += (
            f'<intermediateCatchEvent id="{id_}"><timerEventDefinition><timeDuration>{duration}</timeDuration>'
            "</timerEventDefinition></intermediateCatchEvent>"
        )
    return found


def test_a_new_alternative_behind_an_event_gateway_is_armed_and_takes_the_others_away(
    kit: Kit,
) -> None:
    kit.deploy(
        p=in_one_lane(
            m.user("a") + choice(("t1", "P5D"), ("t2", "P6D")), "ini>a>g>t1>fin", "g>t2>fin2"
        )
    )
    instance = begin(kit)
    do(kit, instance, "a")
    kit.deploy(
        p=in_one_lane(
            m.user("a") + choice(("t1", "P5D"), ("t2", "P6D"), ("t3", "PT1H")),
            "ini>a>g>t1>fin",
            "g>t2>fin2",
            "g>t3>fin3",
        )
    )
    migrate(kit, instance)
    sound(kit)
    assert {row[0] for row in kit.rows("SELECT element FROM timer")} == {"t1", "t2", "t3"}
    assert kit.engine.pump(kit.later(hours=2)) == 1
    assert kit.rows("SELECT element FROM timer") == []
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_an_alternative_that_is_gone_is_refused(kit: Kit) -> None:
    kit.deploy(
        p=in_one_lane(
            m.user("a") + choice(("t1", "P5D"), ("t2", "P6D")), "ini>a>g>t1>fin", "g>t2>fin2"
        )
    )
    instance = begin(kit)
    do(kit, instance, "a")
    kit.deploy(
        p=in_one_lane(
            m.user("a") + choice(("t1", "P5D"), ("t3", "P6D")), "ini>a>g>t1>fin", "g>t3>fin2"
        )
    )
    assert refused(kit, instance) == [("removed", "t2")]


def undoable(handler: str) -> bytes:
    """s can be undone by `handler`; after b the diagram undoes it."""
    nodes = (
        m.user("a") + m.service("s", handler="h") + '<boundaryEvent id="bs" attachedToRef="s"><compensateEventDefinition/></boundaryEvent>'
        + m.service(handler, handler="deshacer").replace("<serviceTask", '<serviceTask isForCompensation="true"')
        + m.user("b") + '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    )  # fmt: skip
    text = in_one_lane(nodes, "ini>a>s>b>t>fin").decode()
    link = f'<association id="as" sourceRef="bs" targetRef="{handler}" associationDirection="One"/>'
    return text.replace("</process>", link + "</process>").encode()


def test_what_was_done_stays_undoable_by_the_new_release_or_the_move_is_refused(kit: Kit) -> None:
    undone: list[str] = []
    kit.handlers.local.update(h=lambda _call: {}, deshacer=lambda call: undone.append(call.element))
    kit.deploy(p=undoable("u"))
    instance = begin(kit)
    do(kit, instance, "a")
    kit.deploy(p=undoable("u2"))
    assert refused(kit, instance) == [("undo_removed", "s")]
    migrate(kit, instance, u="u2")
    sound(kit)
    do(kit, instance, "b")
    assert undone == ["u2"]
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def undone_from_inside(handler: str) -> bytes:
    """What ran inside w is undone by an event sub-process of w, which itself undoes s by
    `handler`."""
    compensate = "<compensateEventDefinition/>"
    inside = (
        m.start("wi") + m.service("s", handler="h") + m.boundary("bs", "s", compensate)
        + m.service(handler, handler="deshacer").replace("<serviceTask", '<serviceTask isForCompensation="true"')
        + m.end("wf") + m.flows("wi>s>wf")
        + f'<subProcess id="ev" triggeredByEvent="true"><startEvent id="vi">{compensate}</startEvent>'
        + m.throw("vt", compensate) + m.end("vf") + m.flows("vi>vt>vf") + "</subProcess>"
        + f'<association id="as" sourceRef="bs" targetRef="{handler}" associationDirection="One"/>'
    )  # fmt: skip
    nodes = f'<subProcess id="w">{inside}</subProcess>' + m.user("b") + m.throw("t", compensate)
    members = ("ini", "w", "b", "t", "fin")
    body = m.start("ini") + nodes + m.end("fin") + m.flows("ini>w>b>t>fin")
    return m.model(
        m.process("P", body, variables="punto", lanes=m.lane("LP", "asesor", "punto", *members))
    )


def test_what_an_event_sub_process_inside_would_undo_is_renamed_with_the_rest(kit: Kit) -> None:
    undone: list[str] = []
    kit.handlers.local.update(h=lambda _call: {}, deshacer=lambda call: undone.append(call.element))
    kit.deploy(p=undone_from_inside("u"))
    instance = begin(kit)
    kit.deploy(p=undone_from_inside("u2"))
    assert refused(kit, instance) == [("undo_removed", "s")]
    migrate(kit, instance, u="u2")
    sound(kit)
    do(kit, instance, "b")
    assert undone == ["u2"]
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_completing_against_a_move_happens_in_one_order_or_the_other(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(ABC, "ini>a>b>c>fin"))
    instances = [begin(kit) for _ in range(8)]
    kit.deploy(p=in_one_lane(ABC + m.user("n"), "ini>a>n>b>c>fin"))
    for instance in instances:
        item, gate = opened(kit, instance)["a"].id, threading.Barrier(2)

        def complete(item: str = item, gate: threading.Barrier = gate) -> None:
            gate.wait()
            kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)

        def move(instance: str = instance, gate: threading.Barrier = gate) -> None:
            gate.wait()
            kit.engine.migration.migrate(instance, 2, reason=WHY, actor=ANALISTA, now=kit.now)

        with ThreadPoolExecutor(2) as pool:
            for done in (pool.submit(complete), pool.submit(move)):
                done.result()
        kinds = [e.kind for e in sorted(entries(kit, instance), key=lambda e: e.rev)]
        following = "b" if kinds == ["start", "complete", "migrate"] else "n"
        assert sorted(kinds) == ["complete", "migrate", "start"]
        assert set(opened(kit, instance)) == {following}
    sound(kit)


# --- what a hostile mapping or another number would do --------------------------------------------
FORK = m.gate("parallel", "g1", "g2")
XYZ = FORK + m.user("x", fields="vx") + m.user("y", fields="vy") + m.user("z")


@pytest.mark.parametrize(
    ("mapping", "drafts"),
    [
        ({"x": "y", "y": "x"}, {"y": ["x"], "x": ["y"]}),
        ({"x": "y", "y": "w"}, {"y": ["x"], "w": ["y"]}),
    ],
    ids=["exchanged", "in a chain"],
)
def test_elements_that_take_each_other_s_names_keep_their_own_drafts(
    kit: Kit, mapping: dict[str, str], drafts: dict[str, list[str]]
) -> None:
    kit.deploy(p=in_one_lane(XYZ, "ini>g1>x>g2>z>fin", "g1>y>g2"))
    instance = begin(kit)
    was = opened(kit, instance)
    for element, item in was.items():
        kit.engine.items.save_draft(item.id, {"v": [element]}, actor=ASESOR, now=kit.now)
    one, other = mapping["x"], mapping["y"]
    nodes = FORK + m.user(one) + m.user(other) + m.user("z")
    kit.deploy(p=in_one_lane(nodes, f"ini>g1>{one}>g2>z>fin", f"g1>{other}>g2"))
    migrate(kit, instance, **mapping)
    now = opened(kit, instance)
    assert {new: now[new].id for new in now} == {mapping[old]: was[old].id for old in was}
    with kit.engine.uow.reading() as session:
        found = {
            element: reads.items.draft(session, item, ASESOR.id) for element, item in now.items()
        }
    assert {
        element: draft.values["v"] for element, draft in found.items() if draft is not None
    } == drafts
    sound(kit)


def test_two_branches_cannot_be_put_into_one_activity(kit: Kit) -> None:
    """Whether both still stand, or one of them waits at the join already."""
    kit.deploy(p=in_one_lane(XYZ, "ini>g1>x>g2>z>fin", "g1>y>g2"))
    both, one = begin(kit), begin(kit)
    do(kit, one, "x")
    kit.deploy(
        p=in_one_lane(
            FORK + m.user("n") + m.user("y") + m.user("z"), "ini>g1>n>g2>z>fin", "g1>y>g2"
        )
    )
    for instance in (both, one):
        assert refused(kit, instance, x="n", y="n") == [
            ("put_together", "x"),
            ("put_together", "y"),
        ]
        assert refused(kit, instance, x="y") == [("put_together", "x"), ("put_together", "y")]
    migrate(kit, both, x="n")
    assert opened(kit, both).keys() == {"n", "y"}


@pytest.mark.parametrize("sequential", ["", ' isSequential="true"'])
@pytest.mark.parametrize("number", [1, 2, 5])
def test_a_multi_instance_task_in_progress_has_as_many_items_as_it_began_with(
    kit: Kit, sequential: str, number: int
) -> None:
    def several(count: int) -> bytes:
        inner = f"<multiInstanceLoopCharacteristics{sequential}><loopCardinality>{count}</loopCardinality></multiInstanceLoopCharacteristics>"
        return in_one_lane(
            m.user("s").replace("</userTask>", inner + "</userTask>") + m.user("z"), "ini>s>z>fin"
        )

    kit.deploy(p=several(3))
    instance = begin(kit)
    do(kit, instance, "s")
    do(kit, instance, "s")
    kit.deploy(p=several(number))
    migrate(kit, instance)
    sound(kit)
    do(kit, instance, "s")
    assert opened(kit, instance).keys() == {"z"}


def test_a_task_whose_lane_belongs_to_another_place_goes_there_without_its_holder(kit: Kit) -> None:
    kit.deploy(p=in_one_lane(m.user("a"), "ini>a>fin", variables="punto zona"))
    instance = begin(kit, zona="Z1")
    kit.engine.items.claim(opened(kit, instance)["a"].id, actor=ASESOR, now=kit.now)
    kit.deploy(p=in_one_lane(m.user("a"), "ini>a>fin", variables="punto zona", scope="zona"))
    (kept,) = plan(kit, instance).items
    assert (kept.new_role, kept.new_scope) == ("asesor", "Z1")
    migrate(kit, instance)
    item = opened(kit, instance)["a"]
    assert (item.scope, item.claimed_by) == ("Z1", None)
