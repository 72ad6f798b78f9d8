"""Each kind of failure becomes an incident that says what it is, and each repair does what it
promises; on both databases."""

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import BusinessError, InvalidValues, NotAllowed, NotRepairable, NotWaiting
from engine.reads.verification import verify
from engine.states import RepairAction
from engine.types import ActionSpec, Actor, Call, Data, RemoteCall, Repair, Role
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, FUNCIONARIA
from tests.kit.engine import Kit

ASESOR = Actor("person", "asesor.uno", frozenset({Role("asesor", None)}))
POR = "el área corrigió el dato en la fuente"
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="urn:t">
<decision id="tarifa" name="Tarifa"><decisionTable id="dt" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie" typeRef="string"><text>clase</text></inputExpression></input>
<output id="o" name="valor" typeRef="integer"/>
<rule id="r1"><inputEntry id="e1"><text>"queja"</text></inputEntry><outputEntry id="x1"><text>10</text></outputEntry></rule>
<rule id="r2"><inputEntry id="e2"><text>"reclamo"</text></inputEntry><outputEntry id="x2"><text>20</text></outputEntry></rule>
<rule id="r3">
<inputEntry id="e3"><text>not("queja","reclamo")</text></inputEntry><outputEntry id="x3"><text>30</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def diagram(nodes: str) -> bytes:
    """One process P whose nodes are all in the lane of the advisers."""
    names = re.findall(
        r'<(?:startEvent|endEvent|userTask|serviceTask|businessRuleTask|\w+Gateway|boundaryEvent) id="(\w+)"',
        nodes,
    )
    return m.model(m.process("P", nodes, lanes=m.lane("L1", "asesor", "", *names)))


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def incident(kit: Kit) -> Any:
    """The only open one."""
    with kit.engine.uow.reading() as session:
        (cause,) = reads.incidents.causes(session)
        assert cause.number == 1
        return cause.example


def repair(kit: Kit, action: Any, number: int | None = None, **more: Any) -> Any:
    which = incident(kit).id if number is None else number
    return kit.engine.incidents.resolve(
        which, Repair(action, POR, **more), actor=ADMIN, now=kit.later(minutes=1)
    )


def open_elements(kit: Kit) -> list[object]:
    return [
        row[0]
        for row in kit.rows("select element from work_item where state = 'open' order by element")
    ]


def clean(kit: Kit) -> None:
    """The instance can be loaded anew, the chains are whole, nothing is open."""
    kit.engine.core.cache.clear()
    assert kit.rows("select count(*) from incident where state = 'open'") == [(0,)]
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()


def journal(kit: Kit, kind: str) -> Any:
    with kit.engine.uow.reading() as session:
        ((detail, values),) = session.execute(
            sa.text(
                "select j.detail, s.form_values from journal j join submission s on s.instance_id = j.instance_id and s.rev = j.rev "
                "where j.kind = :kind"
            ),
            {"kind": kind},
        ).all()
    return orjson.loads(detail), orjson.loads(values)


# --- the processes that fail ----------------------------------------------------------------------
def with_condition(kit: Kit) -> str:
    """ini > a > g (n / k > 1 ? b : c) > fin: fails when k is 0."""
    body = (
        m.start("ini")
        + m.user("a", fields="n:integer k:integer")
        + '<exclusiveGateway id="g" default="f_g_c"/>'
    )
    body += (
        m.user("b")
        + m.user("c")
        + m.end("fin")
        + m.flows("ini>a>g>c>fin")
        + m.flow("g", "b", "n / k > 1")
        + m.flow("b", "fin")
    )
    kit.deploy(p=diagram(body))
    return kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id


def with_table(kit: Kit) -> str:
    body = m.start("ini") + m.user("a", fields="clase")
    body += '<businessRuleTask id="s" name="Tarifa">' + m.extension(
        '<v:decision table="tarifa"/><v:output name="valor" type="integer"/>'
    )
    body += "</businessRuleTask>" + m.user("b") + m.end("fin") + m.flows("ini>a>s>b>fin")
    files = {"p.bpmn": diagram(body), "tarifa.dmn": TABLE.encode()}
    kit.engine.releases.deploy(files, actor=FUNCIONARIA, now=kit.now)
    return kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id


def with_service(kit: Kit, handler: str) -> str:
    body = (
        m.start("ini")
        + m.user("a", fields="uno")
        + m.service("s", handler=handler, out="r:integer ok:boolean")
        + m.user("b")
    )
    kit.deploy(p=diagram(body + m.end("fin") + m.flows("ini>a>s>b>fin")))
    return kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id


def with_branches(kit: Kit) -> dict[str, str]:
    """a and b in parallel, both write x; then c."""
    body = (
        m.start("ini")
        + m.gate("parallel", "g")
        + m.user("a", fields="x y")
        + m.user("b", fields="x y")
        + m.gate("parallel", "j")
    )
    body += m.user("c") + m.end("fin") + m.flows("ini>g>a>j>c>fin") + m.flows("g>b>j")
    kit.deploy(p=diagram(body))
    return {
        i.element: i.id for i in kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened
    }


# --- conditions -----------------------------------------------------------------------------------
def test_a_failing_condition_saves_the_work_and_says_element_input_kind_and_whose_command_it_was(
    kit: Kit,
) -> None:
    item = with_condition(kit)
    done = kit.engine.items.complete(
        item, values={"n": 4, "k": 0}, actor=ASESOR, now=kit.later(minutes=1)
    )
    assert (done.incidents, done.opened) == (1, ())
    assert kit.rows("select count(*) from submission") == [(1,)]
    found = incident(kit)
    assert (found.process, found.element, found.kind, found.tries, found.actor_id) == (
        "P",
        "g",
        "condition",
        1,
        "asesor.uno",
    )
    assert found.input == {"n": 4, "k": 0}
    assert found.facts == {"expression": "n / k > 1", "problem": "division_by_zero"}


def test_editing_the_input_goes_on_with_the_new_value_and_tells_what_was_there_before(
    kit: Kit,
) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    assert repair(kit, "edit", values={"k": 2}).incidents == 0
    assert open_elements(kit) == ["b"]
    detail, values = journal(kit, "edit")
    assert (detail["before"], detail["after"], detail["changed"]) == ({"k": 0}, {"k": 2}, ["k"])
    assert values == {"motivo": POR, "antes": {"k": 0}, "después": {"k": 2}}
    ((delta,),) = kit.rows("select delta from journal where kind = 'edit'")
    assert b'"v":' in bytes(delta)
    kit.engine.core.cache.clear()
    ((b,),) = kit.rows("select id from work_item where element = 'b'")
    assert kit.engine.items.complete(str(b), values={}, actor=ASESOR, now=kit.now).finished
    clean(kit)


def test_a_retry_that_fails_again_keeps_one_incident_with_one_try_more(kit: Kit) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    first = incident(kit)
    assert repair(kit, "retry").incidents == 1
    assert repair(kit, "edit", values={"k": 0}).incidents == 1
    again = incident(kit)
    assert (again.id, again.tries, again.at) == (first.id, 3, first.at)
    assert again.last_at > first.at


def test_a_gateway_is_skipped_along_the_flow_that_the_administrator_chose(kit: Kit) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    with pytest.raises(InvalidValues):
        repair(kit, "skip")
    with pytest.raises(NotRepairable):
        repair(kit, "skip", way="fin")
    repair(kit, "skip", way="c")
    assert open_elements(kit) == ["c"]
    detail, _ = journal(kit, "skip")
    assert (detail["way"], detail["steps"]) == ("c", [["g", "skipped"]])
    clean(kit)


def test_going_back_opens_the_earlier_activity_for_whoever_did_it_and_closes_the_incident(
    kit: Kit,
) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    number = incident(kit).id
    repair(kit, "back", to="a")
    assert kit.rows("select element, claimed_by from work_item where state = 'open'") == [
        ("a", "asesor.uno")
    ]
    assert kit.rows("select state, action from incident") == [("resolved", "back")]
    with pytest.raises(NotWaiting):
        repair(kit, "back", number, to="a")
    clean(kit)


def test_values_of_a_wrong_type_and_unknown_names_are_refused_and_nothing_changes(kit: Kit) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    for values in ({"k": "2"}, {"k": True}, {"k": 2.5}, {"zzz": 1}, {}):
        with pytest.raises(InvalidValues):
            repair(kit, "edit", values=values)
    with pytest.raises(InvalidValues):
        kit.engine.incidents.resolve(
            incident(kit).id, Repair("retry", "corto"), actor=ADMIN, now=kit.now
        )
    assert kit.rows("select rev from instance") == [(2,)]


def test_only_an_administrator_repairs_and_the_refusal_is_recorded(kit: Kit) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    number = incident(kit).id
    for action in ("retry", "edit", "skip", "back"):
        with pytest.raises(NotAllowed):
            kit.engine.incidents.resolve(
                number, Repair(action, POR, {"k": 1}, to="a"), actor=FUNCIONARIA, now=kit.now
            )
    assert kit.rows("select count(*) from access where kind = 'rechazo'") == [(4,)]
    assert kit.rows("select rev from instance") == [(2,)]


# --- decision tables ------------------------------------------------------------------------------
def test_a_table_without_a_rule_shows_the_inputs_and_goes_on_with_a_corrected_one(kit: Kit) -> None:
    kit.engine.items.complete(with_table(kit), values={}, actor=ASESOR, now=kit.now)
    found = incident(kit)
    assert (found.kind, found.element) == ("table", "s")
    assert found.facts == {"table": "tarifa", "problem": "no_rule", "inputs": {"clase": None}}
    repair(kit, "edit", values={"clase": "queja"})
    ((data,),) = kit.rows(
        "select i.data from instance i join work_item w on w.instance_id = i.id where w.element = 'b'"
    )
    assert '"valor":10' in str(data)
    clean(kit)


def test_a_skipped_table_needs_its_results(kit: Kit) -> None:
    kit.engine.items.complete(with_table(kit), values={}, actor=ASESOR, now=kit.now)
    with pytest.raises(InvalidValues):
        repair(kit, "skip")
    with pytest.raises(InvalidValues):
        repair(kit, "skip", values={"valor": "mucho"})
    repair(kit, "skip", values={"valor": 77})
    ((data,),) = kit.rows(
        "select i.data from instance i join work_item w on w.instance_id = i.id where w.element = 'b'"
    )
    assert '"valor":77' in str(data)
    clean(kit)


def test_incidents_with_other_values_at_the_same_element_have_one_cause(kit: Kit) -> None:
    with_table(kit)
    for _ in range(2):
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now)
    for (item,) in kit.rows("select id from work_item"):
        kit.engine.items.complete(str(item), values={}, actor=ASESOR, now=kit.later(seconds=1))
    with kit.engine.uow.reading() as session:
        (cause,) = reads.incidents.causes(session)
    assert (cause.number, cause.cases) == (3, 3)
    assert (cause.last - cause.first).total_seconds() == 2
    for (number,) in kit.rows("select id from incident"):
        repair(kit, "edit", int(str(number)), values={"clase": "reclamo"})
    assert open_elements(kit) == ["b", "b", "b"]
    clean(kit)


# --- handlers and jobs ----------------------------------------------------------------------------
def test_a_handler_that_fails_can_be_skipped_with_its_results(kit: Kit) -> None:
    def handler(_call: Call) -> Data:
        raise RuntimeError("el sistema no responde")

    kit.handlers.local["cae"] = handler
    kit.engine.items.complete(
        with_service(kit, "cae"), values={"uno": "x"}, actor=ASESOR, now=kit.now
    )
    found = incident(kit)
    assert (found.kind, found.input) == ("handler", {"uno": "x"})
    with pytest.raises(InvalidValues):
        repair(kit, "skip", values={"r": 1})
    repair(kit, "skip", values={"r": 1, "ok": None})
    assert open_elements(kit) == ["b"]
    clean(kit)


def test_a_handler_gets_the_edited_input(kit: Kit) -> None:
    def handler(call: Call) -> Data:
        return {"r": int(str(call.data["uno"])), "ok": True}

    kit.handlers.local["numera"] = handler
    kit.engine.items.complete(
        with_service(kit, "numera"), values={"uno": "doce"}, actor=ASESOR, now=kit.now
    )
    repair(kit, "edit", values={"uno": "12"})
    ((data,),) = kit.rows(
        "select i.data from instance i join work_item w on w.instance_id = i.id where w.element = 'b'"
    )
    assert '"r":12' in str(data)
    detail, values = journal(kit, "edit")
    assert "after" not in detail  # free text stands with the reason only
    assert values["después"] == {"uno": "12"}
    clean(kit)


def test_an_error_that_nobody_catches_waits_at_its_task(kit: Kit) -> None:
    def handler(_call: Call) -> Data:
        raise BusinessError("ERR_X", "sin cupo")

    kit.handlers.local["niega"] = handler
    kit.engine.items.complete(
        with_service(kit, "niega"), values={"uno": "x"}, actor=ASESOR, now=kit.now
    )
    found = incident(kit)
    assert (found.kind, found.facts) == ("uncaught", {"code": "ERR_X"})
    kit.handlers.local["niega"] = lambda _call: {"r": 1, "ok": True}
    repair(kit, "retry")
    clean(kit)


def test_a_remote_task_is_enqueued_again_by_the_repair_with_the_edited_input_and_keeps_its_incident(
    kit: Kit,
) -> None:
    calls: list[object] = []

    def remote(call: RemoteCall) -> Data:
        calls.append(call.data["uno"])
        if call.data["uno"] != "bueno":
            raise ConnectionError("caído")
        return {"r": 1, "ok": True}

    kit.handlers.remote["lejos"] = remote
    kit.engine.items.complete(
        with_service(kit, "lejos"), values={"uno": "malo"}, actor=ASESOR, now=kit.now
    )
    kit.run_jobs()
    first = incident(kit)
    assert (first.kind, first.tries, first.actor_kind) == ("job", 4, "system")
    repair(kit, "retry")
    kit.run_jobs()
    assert (incident(kit).id, incident(kit).tries) == (first.id, 8)
    repair(kit, "edit", values={"uno": "bueno"})
    assert calls == ["malo"] * 8
    kit.run_jobs()
    assert calls[8:] == ["bueno"]
    assert open_elements(kit) == ["b"]
    clean(kit)


def test_what_a_remote_task_is_given_is_its_own_and_data_that_give_nothing_fail_at_once(
    kit: Kit,
) -> None:
    given: list[Data] = []

    def far(call: RemoteCall) -> Data:
        given.append(call.inputs)
        return {}

    kit.handlers.remote |= {"far": far, "other": far}
    kit.handlers.actions |= {name: ActionSpec(name, free=True) for name in ("far", "other")}
    task = (
        '<serviceTask id="s" name="s">'
        + m.extension('<v:handler name="{}"/><v:input name="part" expr="{}"/>')
        + "</serviceTask>"
    )
    body = (
        m.start("ini")
        + m.user("a", fields="n:integer k:integer")
        + task.format("far", "n / k")
        + m.end("fin")
        + m.flows("ini>a>s>fin")
    )
    before = m.model(
        m.process("A", m.start("i") + task.format("other", "1 + 1") + m.end("f") + m.flows("i>s>f"))
    )
    kit.deploy(a=before, p=diagram(body))
    item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
    kit.engine.items.complete(item, values={"n": 3, "k": 0}, actor=ASESOR, now=kit.now)
    kit.run_jobs()

    assert (incident(kit).element, given, kit.runner.failures) == ("s", [], [])

    repair(kit, "edit", values={"k": 2})
    kit.run_jobs()
    assert given == [{"part": 1.5}]
    clean(kit)


def test_a_repair_that_is_rolled_back_enqueues_nothing(kit: Kit) -> None:
    kit.handlers.remote["lejos"] = lambda _call: {"no_declarado": 1}
    kit.engine.items.complete(
        with_service(kit, "lejos"), values={"uno": "x"}, actor=ASESOR, now=kit.now
    )
    kit.run_jobs()
    with pytest.raises(InvalidValues):
        repair(kit, "edit", values={"r": "texto"})
    assert kit.run_jobs() == 0


def test_a_plain_job_that_failed_for_good_is_enqueued_again_from_its_incident(kit: Kit) -> None:
    sent: list[Data] = []
    broken = [True]

    def job(_now: object, args: Data) -> None:
        if broken[0]:
            raise ConnectionError("sin servidor")
        sent.append(args)

    def handler(call: Call) -> Data:
        args = {
            "clave": "c1",
            "key": "c1",
            "instance_id": call.instance_id,
            "case_key": call.case_key,
        }
        call.enqueue("envío", "envío:c1", args)
        return {"r": 1, "ok": True}

    kit.handlers.jobs["envío"] = job
    kit.handlers.local["encola"] = handler
    kit.engine.items.complete(
        with_service(kit, "encola"), values={"uno": "x"}, actor=ASESOR, now=kit.now
    )
    kit.run_jobs()
    first = incident(kit)
    assert (first.kind, first.element, first.tries) == ("job", "envío", 4)
    repair(kit, "retry")
    kit.run_jobs()
    assert (incident(kit).id, incident(kit).tries) == (first.id, 8)
    broken[0] = False
    repair(kit, "retry")
    kit.run_jobs()
    assert [args["clave"] for args in sent] == ["c1"]
    assert kit.rows("select count(*) from journal where kind = 'retry'") == [(2,)]
    clean(kit)


def test_a_job_that_is_repaired_stands_again_in_its_own_queue(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    stood: list[tuple[str, str]] = []
    whole = kit.jobs.enqueue

    def enqueue(session: Session, job: str, key: str, args: Data, *, queue: str) -> None:
        stood.append((job, queue))
        whole(session, job, key, args, queue=queue)

    def fails(_now: object, _args: Data) -> None:
        raise ConnectionError("sin servidor")

    monkeypatch.setattr(kit.jobs, "enqueue", enqueue)
    kit.handlers.jobs["envío"] = fails
    kit.engine.jobs.ask("envío", lambda _session: ("envío:c1", {"key": "c1"}), queue="mail")
    for _ in range(2):
        kit.run_jobs()
        kit.engine.incidents.resolve(
            incident(kit).id,
            Repair(RepairAction.RETRY, "Se intenta otra vez."),
            actor=ADMIN,
            now=kit.now,
        )
    assert stood == [("envío", "mail")] * 3


def test_fifty_poisoned_jobs_become_one_cause_and_fifty_good_ones_get_through_first(
    kit: Kit,
) -> None:
    order: list[object] = []

    def remote(call: RemoteCall) -> Data:
        order.append(call.data["uno"])
        if call.data["uno"] == "malo":
            raise ConnectionError("caído")
        return {"r": 1, "ok": True}

    kit.handlers.remote["lejos"] = remote
    kit.engine.items.complete(
        with_service(kit, "lejos"), values={"uno": "malo"}, actor=ASESOR, now=kit.now
    )
    for n in range(1, 100):
        item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
        kit.engine.items.complete(
            item, values={"uno": "malo" if n < 50 else "bueno"}, actor=ASESOR, now=kit.now
        )
    assert kit.run_jobs() == 100
    assert order[:100].count("bueno") == 50
    assert order[100:] == ["malo"] * 150
    assert kit.rows("select count(*) from work_item where element = 'b'") == [(50,)]
    with kit.engine.uow.reading() as session:
        (cause,) = reads.incidents.causes(session)
    assert (cause.number, cause.tries) == (50, 200)


def test_more_local_steps_than_one_command_may_take_are_an_incident(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.turn.services.MAX_LOCAL_CALLS", 3)
    monkeypatch.setattr("engine.turn.services.MAX_COMMANDS", 1)
    kit.handlers.local["uno_más"] = lambda call: {"n": int(str(call.data.get("n") or 0)) + 1}
    body = (
        m.start("ini")
        + m.user("a")
        + m.gate("exclusive", "j")
        + m.service("s", handler="uno_más", out="n:integer")
    )
    body += (
        '<exclusiveGateway id="g" default="f_g_j"/><endEvent id="fin"/>'
        + m.flows("ini>a>j>s>g>j")
        + m.flow("g", "fin", "n == 9")
    )
    kit.deploy(p=diagram(body))
    item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
    assert kit.engine.items.complete(item, values={}, actor=ASESOR, now=kit.now).incidents == 1
    assert incident(kit).kind == "limit"
    repair(kit, "retry")
    repair(kit, "retry")
    assert kit.rows("select status from instance") == [("finished",)]
    clean(kit)


# --- parallel branches ----------------------------------------------------------------------------
@pytest.mark.parametrize("reload", [False, True])
def test_of_branches_that_write_differently_the_later_counts_and_the_journal_shows_their_order(
    kit: Kit, *, reload: bool
) -> None:
    items = with_branches(kit)
    kit.engine.items.complete(
        items["b"], values={"x": "2", "y": "igual"}, actor=ASESOR, now=kit.now
    )
    if reload:
        kit.engine.core.cache.clear()
    (c,) = kit.engine.items.complete(
        items["a"], values={"x": "1", "y": "igual"}, actor=ASESOR, now=kit.now
    ).opened
    assert (c.data["x"], c.data["y"]) == ("1", "igual")
    told = kit.rows(
        "select j.element, s.form_values from journal j join submission s on s.instance_id = j.instance_id and s.rev = j.rev"
    )
    assert [(element, json.loads(str(values))["x"]) for element, values in told] == [
        ("b", "2"),
        ("a", "1"),
    ]
    clean(kit)


# --- what something else took away ----------------------------------------------------------------
def test_an_incident_closes_by_itself_when_a_timer_takes_the_failed_task_away(kit: Kit) -> None:
    kit.handlers.local["cae"] = lambda _call: {"no_declarado": 1}
    body = (
        m.start("ini")
        + m.user("a", fields="uno")
        + m.service("s", handler="cae", out="r:integer")
        + m.user("b")
        + m.user("h")
    )
    body += '<boundaryEvent id="t" attachedToRef="s"><timerEventDefinition id="td"><timeDuration>PT1H</timeDuration></timerEventDefinition>'
    body += '</boundaryEvent><endEvent id="fin"/>' + m.flows("ini>a>s>b>fin") + m.flows("t>h>fin")
    kit.deploy(p=diagram(body))
    item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
    kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    assert incident(kit).kind == "handler"
    kit.engine.pump(kit.later(hours=2))
    assert open_elements(kit) == ["h"]
    assert kit.rows("select state, action from incident") == [("resolved", "gone")]
    clean(kit)


def test_two_administrators_at_once_repair_once(kit: Kit) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    number = incident(kit).id
    repair(kit, "skip", number, way="b")
    for action in ("skip", "retry", "edit"):
        with pytest.raises(NotWaiting):
            repair(kit, action, number, way="b", values={"k": 1})
    assert kit.rows("select count(*) from journal where kind = 'skip'") == [(1,)]


# --- without a token ------------------------------------------------------------------------------
def thrower(kit: Kit, *, obligatory: str) -> None:
    """ini > a > t (throws M) > b."""
    throw = '<intermediateThrowEvent id="t" name="t">{}<messageEventDefinition id="td" messageRef="mm"/></intermediateThrowEvent>'.format(
        m.extension(f'<v:message key="caso" payload="caso" obligatory="{obligatory}"/>')
    )
    body = (
        m.start("ini")
        + m.user("a", fields="caso")
        + throw
        + m.user("b")
        + m.end("fin")
        + m.flows("ini>a>t>b>fin")
    )
    lanes = m.lane("L1", "asesor", "", "ini", "a", "t", "b", "fin")
    kit.deploy(p=m.model(m.process("P", body, lanes=lanes), defs='<message id="mm" name="M"/>'))


def test_a_message_without_a_key_is_an_incident_that_editing_mends(kit: Kit) -> None:
    thrower(kit, obligatory="false")
    item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
    kit.engine.items.complete(item, values={"caso": ""}, actor=ASESOR, now=kit.now)
    assert (incident(kit).kind, incident(kit).element) == ("message", "t")
    repair(kit, "edit", values={"caso": "C-7"})
    assert kit.rows("select key from outbox") == [("C-7",)]
    assert open_elements(kit) == ["b"]
    clean(kit)


def test_an_obligatory_message_that_nobody_took_is_sent_again(kit: Kit) -> None:
    thrower(kit, obligatory="true")
    item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
    kit.engine.items.complete(item, values={"caso": "C-7"}, actor=ASESOR, now=kit.now)
    kit.engine.pump(kit.later(days=8))
    assert (incident(kit).kind, incident(kit).facts) == (
        "lost_message",
        {"message": "M", "key": "C-7"},
    )
    with pytest.raises(NotRepairable):
        repair(kit, "skip")
    repair(kit, "retry")
    assert kit.rows("select state from outbox") == [("waiting",)]
    kit.engine.pump(kit.later(days=8))
    assert incident(kit).kind == "lost_message"
    repair(kit, "close")
    clean(kit)


def test_an_error_that_ends_the_instance_can_be_closed_and_the_end_stays_as_it_was(
    kit: Kit,
) -> None:
    body = (
        m.start("ini")
        + m.user("a")
        + '<endEvent id="fin"><errorEventDefinition id="ed" errorRef="e1"/></endEvent>'
    )
    model = m.model(
        m.process(
            "P", body + m.flows("ini>a>fin"), lanes=m.lane("L1", "asesor", "", "ini", "a", "fin")
        ),
        defs='<error id="e1" name="E" errorCode="ERR_FIN"/>',
    )
    kit.deploy(p=model)
    item = kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened[0].id
    kit.engine.items.complete(item, values={}, actor=ASESOR, now=kit.later(minutes=1))
    assert (incident(kit).kind, incident(kit).facts) == ("uncaught", {"code": "ERR_FIN"})
    ended = kit.rows("select status, ended_at from instance")
    assert ended[0][0] == "finished"
    repair(kit, "close")
    assert kit.rows("select status, ended_at from instance") == ended
    clean(kit)


def test_a_case_migrated_to_a_corrected_table_goes_on_with_a_plain_retry(kit: Kit) -> None:
    kit.engine.items.complete(with_table(kit), values={}, actor=ASESOR, now=kit.now)
    mended = TABLE.replace('not("queja","reclamo")', "-").replace(
        'hitPolicy="UNIQUE"', 'hitPolicy="FIRST"'
    )
    kit.engine.releases.deploy({"tarifa.dmn": mended.encode()}, actor=FUNCIONARIA, now=kit.now)
    assert repair(kit, "retry").incidents == 1
    ((instance,),) = kit.rows("select id from instance")
    kit.engine.migration.migrate(str(instance), 2, reason=POR, actor=ADMIN, now=kit.now)
    assert repair(kit, "retry").incidents == 0
    ((data,),) = kit.rows(
        "select i.data from instance i join work_item w on w.instance_id = i.id where w.element = 'b'"
    )
    assert '"valor":30' in str(data)
    clean(kit)


def test_going_back_in_one_branch_leaves_the_incident_of_the_other_open(kit: Kit) -> None:
    kit.handlers.local["cae"] = lambda _call: {"no_declarado": 1}
    body = (
        m.start("ini")
        + m.gate("parallel", "g")
        + m.user("a", fields="x")
        + m.user("c")
        + m.user("b", fields="y")
    )
    body += m.service("s", handler="cae", out="r:integer") + m.gate("parallel", "j") + m.end("fin")
    kit.deploy(p=diagram(body + m.flows("ini>g>a>c>j>fin") + m.flows("g>b>s>j")))
    for item in kit.engine.instances.start("P", actor=ASESOR, now=kit.now).opened:
        kit.engine.items.complete(item.id, values={}, actor=ASESOR, now=kit.now)
    number = incident(kit).id
    repair(kit, "back", to="a")
    assert incident(kit).id == number
    assert open_elements(kit) == ["a"]
    repair(kit, "skip", values={"r": 1})
    assert kit.rows("select state, action from incident") == [("resolved", "skip")]
    clean(kit)


def test_of_six_simultaneous_repairs_of_one_incident_exactly_one_happens(kit: Kit) -> None:
    kit.engine.items.complete(
        with_condition(kit), values={"n": 4, "k": 0}, actor=ASESOR, now=kit.now
    )
    number, barrier = incident(kit).id, threading.Barrier(6)
    repairs = [
        Repair("skip", POR, way="b"),
        Repair("edit", POR, {"k": 1}),
        Repair("back", POR, to="a"),
    ] * 2

    def one(what: Repair) -> str:
        barrier.wait()
        try:
            kit.engine.incidents.resolve(number, what, actor=ADMIN, now=kit.now)
        except NotWaiting:
            return "second"
        return "first"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(one, repairs))
    assert sorted(outcomes) == ["first"] + ["second"] * 5
    assert kit.rows("select count(*) from journal where kind in ('skip', 'edit', 'back')") == [(1,)]
    assert len(open_elements(kit)) == 1
    clean(kit)
