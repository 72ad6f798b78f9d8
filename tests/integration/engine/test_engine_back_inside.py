"""Back into a called process or sub-process that is over: it is opened again in its middle, or the
page says why not."""

import orjson
import pytest
import sqlalchemy as sa

from engine import reads
from engine.errors import NotPossible
from engine.spiff import passed, prune
from engine.types import Data, RemoteCall
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ANALISTA, ASESOR, COORDINADORA, WHY
from tests.kit.diagrams import alarm, call, in_one_lane
from tests.kit.engine import Kit, begin, do, earlier, entries, opened, sound


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def back(kit: Kit, instance: str, to: str) -> None:
    kit.engine.instances.go_back(
        instance, to, reason=WHY, actor=COORDINADORA, now=kit.later(minutes=1)
    )
    sound(kit)


def do_all(kit: Kit, instance: str, elements: str) -> None:
    for element in elements.split():
        do(kit, instance, element)


CALLED = m.user("p", fields="vp") + m.user("q", fields="vq") + m.user("r")


def called(kit: Kit, around: str = "", *paths: str, inner: bytes = b"") -> str:
    """a, the called process with p, q and r, then b."""
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="va") + call("llama", "C") + m.user("b", fields="vb") + around,
            "ini>a>llama>b>fin",
            *paths,
        ),
        c=inner or in_one_lane(CALLED, "ini>p>q>r>fin", id_="C"),
    )
    return begin(kit)


def embedded(
    nodes: str, *paths: str, tag: str = "subProcess", attributes: str = "", extra: str = ""
) -> str:
    flows = "".join(m.flows(path) for path in paths)
    return f'<{tag} id="dentro" name="dentro"{attributes}>{extra}<startEvent id="si"/>{nodes}<endEvent id="sf"/>{flows}</{tag}>'


# --- it works -------------------------------------------------------------------------------------
def test_the_call_is_opened_again_at_the_chosen_task_with_the_variables_as_they_are(
    kit: Kit,
) -> None:
    instance = called(kit)
    do(kit, instance, "a", va="1")
    do(kit, instance, "p", vp="2")
    do(kit, instance, "q", vq="3")
    do(kit, instance, "r")
    assert set(opened(kit, instance)) == {"b"}
    done = kit.rows("SELECT id FROM work_item WHERE state = 'done' ORDER BY id")
    back(kit, instance, "q")
    (item,) = opened(kit, instance).values()
    assert (item.element, item.process, item.claimed_by) == ("q", "C", ASESOR.id)
    assert item.data == {"punto": "P1", "va": "1", "vp": "2", "vq": "3"}
    assert kit.rows("SELECT id FROM work_item WHERE state = 'done' ORDER BY id") == done
    assert kit.rows("SELECT state FROM work_item WHERE element = 'b'") == [("cancelled",)]
    entry = entries(kit, instance)[-1]
    told = {name: entry.detail[name] for name in ("from", "to", "within", "changes", "holder")}
    assert told == {
        "from": "active",
        "to": "q",
        "within": ["llama"],
        "changes": {},
        "holder": ASESOR.id,
    }
    (whole,) = kit.rows("SELECT delta FROM journal WHERE kind = 'back'")
    assert orjson.loads(bytes(whole[0])).keys() >= {"v", "t", "s"}
    do(kit, instance, "q", vq="4")
    do_all(kit, instance, "r b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_from_the_opened_one_the_case_goes_further_back_and_again(kit: Kit) -> None:
    instance = called(kit)
    do_all(kit, instance, "a p q r")
    back(kit, instance, "r")
    assert earlier(kit, instance) == {"a": "", "p": "", "q": ""}
    back(kit, instance, "p")
    assert earlier(kit, instance) == {"a": ""}
    do_all(kit, instance, "p q r")
    assert earlier(kit, instance) == {"a": "", "p": "", "q": "", "r": "", "llama": ""}
    back(kit, instance, "q")
    back(kit, instance, "a")
    do_all(kit, instance, "a p q r b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


@pytest.mark.parametrize("ended", ["finished", "cancelled", "cancelled inside"])
def test_an_ended_case_is_opened_inside_what_it_called(kit: Kit, ended: str) -> None:
    instance = called(kit)
    do(kit, instance, "a", va="1")
    do_all(kit, instance, "p q" if ended == "cancelled inside" else "p q r")
    if ended == "finished":
        do(kit, instance, "b", vb="9")
    else:
        kit.engine.instances.cancel(instance, reason=WHY, actor=ADMIN, now=kit.now)
    sound(kit)
    back(kit, instance, "p")
    assert opened(kit, instance)["p"].data.items() >= {"va": "1"}.items()
    assert entries(kit, instance)[-1].detail["changes"] == {}
    assert kit.rows("SELECT status, ended_at FROM instance") == [("active", None)]
    do_all(kit, instance, "p q r b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


def test_two_levels_down_and_in_a_sub_process(kit: Kit) -> None:
    deep = embedded(m.user("x") + m.user("y"), "si>x>y>sf")
    instance = called(
        kit, inner=in_one_lane(m.user("p") + deep + m.user("q"), "ini>p>dentro>q>fin", id_="C")
    )
    do_all(kit, instance, "a p x y q")
    back(kit, instance, "y")
    assert entries(kit, instance)[-1].detail["within"] == ["llama", "dentro"]
    assert earlier(kit, instance) == {"a": "", "p": "", "x": ""}
    back(kit, instance, "x")
    do_all(kit, instance, "x y q")
    assert opened(kit, instance).keys() == {"b"}
    back(kit, instance, "y")
    back(kit, instance, "p")
    do_all(kit, instance, "p x y q b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


def test_the_border_is_armed_anew_and_what_waited_behind_goes(kit: Kit) -> None:
    """Timers, messages and jobs of what followed are taken away; those around the opened process
    and its task begin."""
    kit.handlers.remote["consulta"] = lambda _call: {}
    around = alarm("t", "llama", "PT5H") + m.user("tarde")
    inner = in_one_lane(
        CALLED + alarm("u", "q", "PT2H") + m.user("avisa"), "ini>p>q>r>fin", "u>avisa>fin2", id_="C"
    )
    kit.deploy(
        p=in_one_lane(
            m.user("a") + call("llama", "C") + m.service("s", handler="consulta") + around,
            "ini>a>llama>s>fin",
            "t>tarde>fin2",
        ),
        c=inner,
    )
    instance = begin(kit)
    do_all(kit, instance, "a p q r")
    assert kit.rows("SELECT element FROM timer") == []
    assert kit.rows("SELECT state FROM job") == [("open",)]
    back(kit, instance, "q")
    assert kit.rows("SELECT element FROM timer ORDER BY due") == [("u",), ("t",)]
    assert kit.rows("SELECT state FROM job") == [("cancelled",)]
    kit.run_jobs()
    kit.engine.pump(kit.later(hours=3))
    assert opened(kit, instance).keys() == {"q", "avisa"}
    kit.engine.pump(kit.later(hours=3))
    assert opened(kit, instance).keys() == {"q", "avisa", "tarde"}
    sound(kit)


def test_an_interrupted_call_is_opened_where_it_was(kit: Kit) -> None:
    """Back to the task at which it was cut off, not only to the beginning of it all."""
    around = alarm("t", "llama", "PT5H", interrupts=True) + m.user("tarde")
    instance = called(kit, around, "t>tarde>fin2")
    do_all(kit, instance, "a p q")
    kit.engine.pump(kit.later(hours=6))
    assert opened(kit, instance).keys() == {"tarde"}
    assert earlier(kit, instance) == {"a": "", "llama": "", "p": "", "q": ""}
    back(kit, instance, "q")
    do_all(kit, instance, "q r b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]
    sound(kit)


FORK = m.gate("parallel", "g1", "g2")


def test_one_branch_goes_back_into_what_it_called_while_the_other_goes_on(kit: Kit) -> None:
    kit.deploy(
        p=in_one_lane(
            FORK + call("llama", "C") + m.user("x") + m.user("y", fields="vy") + m.user("z"),
            "ini>g1>llama>x>g2>z>fin",
            "g1>y>g2",
        ),
        c=in_one_lane(CALLED, "ini>p>q>r>fin", id_="C"),
    )
    instance = begin(kit)
    do_all(kit, instance, "p q r")
    do(kit, instance, "y", vy="1")
    back(kit, instance, "q")
    assert opened(kit, instance).keys() == {"q"}
    do_all(kit, instance, "q r x")
    assert opened(kit, instance)["z"].data["vy"] == "1"
    assert earlier(kit, instance)["q"] == passed.JOINED
    sound(kit)


# --- where it cannot ------------------------------------------------------------------------------
def refuses(kit: Kit, instance: str, element: str, why: str) -> None:
    before = kit.rows("SELECT rev, head FROM instance")
    assert earlier(kit, instance)[element] == why
    with pytest.raises(NotPossible) as error:
        kit.engine.instances.go_back(instance, element, reason=WHY, actor=ADMIN, now=kit.now)
    assert error.value.reason == why
    assert kit.rows("SELECT rev, head FROM instance") == before


def test_not_into_one_of_two_branches(kit: Kit) -> None:
    inner = in_one_lane(
        FORK + m.user("p") + m.user("x") + m.user("y") + m.user("q"),
        "ini>p>g1>x>g2>q>fin",
        "g1>y>g2",
        id_="C",
    )
    instance = called(kit, inner=inner)
    do_all(kit, instance, "a p x y q")
    refuses(kit, instance, "x", passed.JOINED)
    refuses(kit, instance, "y", passed.JOINED)
    back(kit, instance, "q")
    refuses(kit, instance, "x", passed.JOINED)
    back(kit, instance, "p")
    do_all(kit, instance, "p y x q b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


MULTI = "<multiInstanceLoopCharacteristics{}><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
LOOP = '<standardLoopCharacteristics loopMaximum="2"><loopCondition>va == "si"</loopCondition></standardLoopCharacteristics>'


@pytest.mark.parametrize("repeated", [MULTI.format(""), MULTI.format(' isSequential="true"'), LOOP])
def test_not_into_an_item_of_what_is_repeated_but_to_the_whole(kit: Kit, repeated: str) -> None:
    activity = embedded(m.user("x"), "si>x>sf", extra=repeated)
    kit.deploy(
        p=in_one_lane(m.user("a", fields="va") + activity + m.user("b"), "ini>a>dentro>b>fin")
    )
    instance = begin(kit)
    do(kit, instance, "a", va="si")
    while "x" in opened(kit, instance):
        do(kit, instance, "x")
    assert opened(kit, instance).keys() == {"b"}
    refuses(kit, instance, "x", passed.REPEATED)
    back(kit, instance, "dentro")
    assert "x" in opened(kit, instance)


def test_not_into_a_transaction(kit: Kit) -> None:
    kit.deploy(
        p=in_one_lane(
            embedded(m.user("x") + m.user("y"), "si>x>y>sf", tag="transaction") + m.user("b"),
            "ini>dentro>b>fin",
        )
    )
    instance = begin(kit)
    do_all(kit, instance, "x y")
    refuses(kit, instance, "x", passed.TRANSACTION)
    back(kit, instance, "dentro")
    do_all(kit, instance, "x y b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


UNDO = (
    '<boundaryEvent id="deshace" attachedToRef="x"><compensateEventDefinition/></boundaryEvent>'
    '<userTask id="h" name="h" isForCompensation="true"/>'
)
ASSOCIATION = '<association id="as" sourceRef="deshace" targetRef="h" associationDirection="One"/>'
UNDO_ALL = '<intermediateThrowEvent id="todo"><compensateEventDefinition activityRef="dentro"/></intermediateThrowEvent>'


def test_not_into_what_was_undone(kit: Kit) -> None:
    inside = embedded(m.user("x") + m.user("y") + UNDO, "si>x>y>sf").replace(
        "</subProcess>", ASSOCIATION + "</subProcess>"
    )
    kit.deploy(
        p=in_one_lane(inside + m.user("b") + UNDO_ALL + m.user("c"), "ini>dentro>b>todo>c>fin")
    )
    instance = begin(kit)
    do_all(kit, instance, "x y")
    assert earlier(kit, instance)["y"] == ""
    back(kit, instance, "y")
    do_all(kit, instance, "y b h c")
    refuses(kit, instance, "y", passed.UNDONE)
    refuses(kit, instance, "x", passed.UNDONE)


EVENT = (
    '<subProcess id="evento" name="evento" triggeredByEvent="true"><startEvent id="ei" isInterrupting="false">'
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></startEvent>"
    + m.user("atiende")
    + m.end("ef")
    + m.flows("ei>atiende>ef")
    + "</subProcess>"
)


def test_not_into_the_handling_of_an_event_and_events_that_waited_to_the_end_wait_again(
    kit: Kit,
) -> None:
    kit.deploy(p=in_one_lane(m.user("a") + m.user("b") + EVENT, "ini>a>b>fin"))
    calm, busy = begin(kit), begin(kit)
    do_all(kit, calm, "a b")
    back(kit, calm, "a")
    assert [row[0] for row in kit.rows("SELECT instance_id FROM timer ORDER BY due DESC")] == [
        calm,
        busy,
    ]
    do(kit, busy, "a")
    kit.engine.pump(kit.later(minutes=58), limit=1)
    do(kit, busy, "atiende")
    refuses(kit, busy, "atiende", passed.EVENT)
    do_all(kit, calm, "a b")
    assert kit.rows("SELECT * FROM timer") == []
    sound(kit)


def test_not_where_the_new_version_has_no_such_task_and_under_its_new_name_where_it_was_renamed(
    kit: Kit,
) -> None:
    instance = called(kit)
    do_all(kit, instance, "a p q r")
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="va") + call("llama", "C") + m.user("b", fields="vb"),
            "ini>a>llama>b>fin",
        ),
        c=in_one_lane(m.user("p", fields="vp") + m.user("s"), "ini>p>s>fin", id_="C"),
    )
    kit.engine.migration.migrate(
        instance, 2, reason=WHY, actor=ANALISTA, now=kit.now, mapping={"r": "s"}
    )
    sound(kit)
    assert earlier(kit, instance) == {"a": "", "p": "", "q": passed.GONE, "s": "", "llama": ""}
    refuses(kit, instance, "q", passed.GONE)
    back(kit, instance, "s")
    assert opened(kit, instance)["s"].release == 2
    do_all(kit, instance, "s b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


@pytest.mark.parametrize("inside", [True, False])
def test_not_to_what_the_new_version_draws_beside_another_branch(kit: Kit, *, inside: bool) -> None:
    """Alone it would wait in vain at the join; what stands before the fork is offered, and so is
    all again under the old version."""
    instance = called(kit)
    do_all(kit, instance, "a p q r b" if inside else "a p q r")
    kit.engine.instances.go_back(
        instance, "b" if inside else "llama", reason=WHY, actor=ADMIN, now=kit.now
    )
    nodes = m.user("p", fields="vp") + FORK + m.user("q", fields="vq") + m.user("n") + m.user("r")
    if not inside:
        do(kit, instance, "p")
        do(kit, instance, "q")
    kit.deploy(c=in_one_lane(nodes, "ini>p>g1>q>g2>r>fin", "g1>n>g2", id_="C"))
    kit.engine.migration.migrate(instance, 2, reason=WHY, actor=ANALISTA, now=kit.now)
    refuses(kit, instance, "q", passed.BARRED)
    kit.engine.migration.migrate(instance, 1, reason=WHY, actor=ANALISTA, now=kit.now)
    assert earlier(kit, instance)["q"] == ""
    kit.engine.migration.migrate(instance, 2, reason=WHY, actor=ANALISTA, now=kit.now)
    back(kit, instance, "p")
    do_all(kit, instance, "p n q r b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


def test_not_when_the_call_calls_something_else_now(kit: Kit) -> None:
    instance = called(kit)
    do_all(kit, instance, "a p q r")
    kit.deploy(
        p=in_one_lane(
            m.user("a", fields="va") + call("llama", "D") + m.user("b", fields="vb"),
            "ini>a>llama>b>fin",
        ),
        d=in_one_lane(m.user("n"), "ini>n>fin", id_="D"),
    )
    kit.engine.migration.migrate(instance, 2, reason=WHY, actor=ANALISTA, now=kit.now)
    refuses(kit, instance, "p", passed.GONE)
    back(kit, instance, "llama")
    assert opened(kit, instance).keys() == {"n"}


def test_it_outlasts_the_pruning_of_a_long_case(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune, "FINISHED", 0)
    instance = called(kit)
    do(kit, instance, "a")
    for _ in range(4):
        do_all(kit, instance, "p q r" if "p" in opened(kit, instance) else "q r")
        back(kit, instance, "q")
    do_all(kit, instance, "q r")
    back(kit, instance, "p")
    do_all(kit, instance, "p q r b")
    assert kit.rows("SELECT status FROM instance") == [("finished",)]


def test_the_answer_that_was_asked_inside_comes_too_late(kit: Kit) -> None:
    asked: list[str] = []

    def ask(request: RemoteCall) -> Data:
        asked.append(request.key)
        return {"estado": "al dia"}

    kit.handlers.remote["consulta"] = ask
    inner = in_one_lane(
        m.user("p") + m.user("q") + m.service("s", handler="consulta", out="estado"),
        "ini>p>q>s>fin",
        id_="C",
    )
    instance = called(kit, inner=inner)
    do_all(kit, instance, "a p q")
    back(kit, instance, "p")
    kit.run_jobs()
    assert (asked, opened(kit, instance).keys()) == ([], {"p"})
    do_all(kit, instance, "p q")
    kit.run_jobs()
    back(kit, instance, "q")
    assert opened(kit, instance)["q"].data["estado"] == "al dia"
    do(kit, instance, "q")
    kit.run_jobs()
    assert (len(asked), opened(kit, instance).keys()) == (2, {"b"})
    with kit.engine.uow.reading() as session:
        assert [i.element for i in reads.items.of_case(session, instance)].count("q") == 3
    sound(kit)
