"""The order of a command, seen from outside: what is written, who may, who is second, what a
failure costs."""

import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
import sqlalchemy as sa

from engine import reads
from engine.cache import LiveCache
from engine.errors import (
    BusinessError,
    ClaimedByOther,
    DeployRefused,
    InvalidValues,
    ItemClosed,
    NotAllowed,
    NotFound,
    NotWaiting,
)
from engine.reads.verification import verify
from engine.states import OutboxState
from engine.types import (
    SYSTEM,
    Call,
    Data,
    Delivery,
    FirstForm,
    RemoteCall,
    Repair,
    StartForm,
    Writing,
)
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ASESOR, COLEGA, FORASTERO, FUNCIONARIA, SIN_PUNTO
from tests.kit.engine import Kit
from tests.kit.statements import counting

OTRA_VEZ = Repair("retry", "el sistema ya responde")
LANES = m.lane("L1", "asesor", "punto", "ini", "a", "b", "s", "fin", "g")


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def two_tasks(kit: Kit) -> str:
    """ini > a > b > fin in the lane of the advisers of one point; returns the item of a."""
    body = (
        m.start("ini")
        + m.user("a", fields="uno nota!")
        + m.user("b")
        + m.end("fin")
        + m.flows("ini>a>b>fin")
    )
    kit.deploy(p=m.model(m.process("P", body, lanes=LANES, variables="punto")))
    started = kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
    assert [i.element for i in started.opened] == ["a"]
    return started.opened[0].id


def test_completing_a_task_opens_the_next_one_with_scope_and_variables(kit: Kit) -> None:
    item = two_tasks(kit)
    done = kit.engine.items.complete(
        item, values={"uno": "si", "nota": "texto libre"}, actor=ASESOR, now=kit.later(minutes=1)
    )
    (following,) = done.opened
    assert (following.element, following.role, following.scope) == ("b", "asesor", "P1")
    assert following.data == {"punto": "P1", "uno": "si"}  # the free text stays out of the process


def test_a_chain_is_checked_as_of_one_moment_while_people_work(kit: Kit) -> None:
    """Somebody completes a task after the instance was read and before its journal is."""
    item, worked = two_tasks(kit), list[str]()

    def work(_c: object, _k: object, text: str, *_rest: object) -> None:
        if "FROM journal" in text and not worked:
            worked.append(
                kit.engine.items.complete(
                    item, values={"uno": "si"}, actor=ASESOR, now=kit.now
                ).instance_id
            )

    sa.event.listen(kit.db, "before_cursor_execute", work)
    with kit.engine.uow.reading_one_state() as session:
        report = verify(session)
    sa.event.remove(kit.db, "before_cursor_execute", work)
    assert worked
    assert (report.faults, report.journal_rows) == ((), 1)
    with kit.engine.uow.reading_one_state() as session:
        assert verify(session).journal_rows == 2


def test_a_user_to_user_step_is_one_commit_and_few_statements(kit: Kit) -> None:
    item = two_tasks(kit)
    with counting(kit.db) as cost:
        kit.engine.items.complete(
            item, values={"uno": "si"}, actor=ASESOR, now=kit.later(minutes=1)
        )
    read, written = (
        ["UPDATE instance"],
        [
            "UPDATE work_item",
            "INSERT work_item",
            "INSERT submission",
            "INSERT journal",
            "UPDATE instance",
        ],
    )
    # a round trip costs more than a row: one statement to read, one to write
    if kit.db.dialect.name == "postgresql":
        assert [text.split()[0] for text in cost.texts] == ["UPDATE", "WITH"]
    else:
        assert cost.statements == read + written
    assert cost.commits == 1


def test_a_step_after_those_of_other_processes_reads_what_they_changed_and_no_more(
    kit: Kit,
) -> None:
    """Not the whole case: a person's requests go to whichever process is free."""
    item, mine = two_tasks(kit), kit.engine.core.cache
    kit.engine.core.cache = LiveCache(1)  # another process
    (b,) = kit.engine.items.complete(
        item, values={"uno": "si"}, actor=ASESOR, now=kit.later(minutes=1)
    ).opened
    kit.engine.core.cache = mine
    with counting(kit.db) as cost:
        done = kit.engine.items.complete(b.id, values={}, actor=ASESOR, now=kit.later(minutes=1))
    assert done.finished
    (read,) = (text for text in cost.texts if text.startswith("SELECT"))
    assert "FROM journal" in read
    assert cost.commits == 1


def test_an_adviser_of_another_point_is_refused_and_the_attempt_is_recorded(kit: Kit) -> None:
    item = two_tasks(kit)
    with pytest.raises(NotAllowed):
        kit.engine.items.complete(item, values={}, actor=FORASTERO, now=kit.now)
    assert kit.rows("select actor_id, kind, subject from access where kind = 'rechazo'") == [
        ("asesor.lejos", "rechazo", item)
    ]
    kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)


def test_who_comes_second_learns_who_was_first(kit: Kit) -> None:
    item = two_tasks(kit)
    kit.engine.items.complete(item, values={"uno": "a"}, actor=ASESOR, now=kit.now)
    with pytest.raises(ItemClosed) as second:
        kit.engine.items.complete(item, values={"uno": "b"}, actor=COLEGA, now=kit.later(seconds=1))
    assert second.value.by == "asesor.uno"


def test_the_same_person_with_the_same_values_again_gets_success_and_nothing_twice(
    kit: Kit,
) -> None:
    item = two_tasks(kit)
    first = kit.engine.items.complete(item, values={"uno": "a"}, actor=ASESOR, now=kit.now)
    again = kit.engine.items.complete(
        item, values={"uno": "a"}, actor=ASESOR, now=kit.later(seconds=1)
    )
    assert again.repeated
    assert [i.id for i in again.opened] == [i.id for i in first.opened]
    assert kit.rows("select count(*) from journal where kind = 'complete'") == [(1,)]
    with pytest.raises(ItemClosed):
        kit.engine.items.complete(item, values={"uno": "other"}, actor=ASESOR, now=kit.now)


def test_eight_people_on_one_task_exactly_one_wins(kit: Kit) -> None:
    item = two_tasks(kit)
    barrier = threading.Barrier(8)

    def complete(n: int) -> str:
        barrier.wait()
        try:
            kit.engine.items.complete(
                item, values={"uno": str(n)}, actor=ASESOR if n % 2 else COLEGA, now=kit.now
            )
        except ItemClosed:
            return "second"
        return "first"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(complete, range(8)))
    assert sorted(outcomes) == ["first"] + ["second"] * 7
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()


def test_four_people_on_four_parallel_tasks_of_one_case_are_all_accepted(kit: Kit) -> None:
    tasks = "".join(m.user(t, fields=f"v{t}") for t in "abcd")
    body = (
        m.start("ini")
        + m.gate("parallel", "g", "j")
        + m.end("fin")
        + tasks
        + m.flow("ini", "g")
        + "".join(m.flow("g", t) + m.flow(t, "j") for t in "abcd")
        + m.flow("j", "fin")
    )
    lanes = m.lane("L1", "asesor", "punto", "ini", "g", "j", "fin", *"abcd")
    kit.deploy(p=m.model(m.process("P", body, lanes=lanes, variables="punto")))
    started = kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
    barrier = threading.Barrier(4)

    def complete(item_id: str, element: str) -> None:
        barrier.wait()
        kit.engine.items.complete(
            item_id, values={f"v{element}": element}, actor=ASESOR, now=kit.now
        )

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: complete(i.id, i.element), started.opened))
    assert kit.rows("select status, rev from instance") == [("finished", 5)]


def test_an_item_taken_by_another_cannot_be_completed_or_taken(kit: Kit) -> None:
    item = two_tasks(kit)
    kit.engine.items.claim(item, actor=COLEGA, now=kit.now)
    with pytest.raises(ClaimedByOther):
        kit.engine.items.complete(item, values={"uno": "a"}, actor=ASESOR, now=kit.now)
    with pytest.raises(ClaimedByOther):
        kit.engine.items.claim(item, actor=ASESOR, now=kit.now)
    kit.engine.items.release(item, actor=COLEGA, now=kit.now)
    kit.engine.items.complete(item, values={"uno": "a"}, actor=ASESOR, now=kit.now)


def test_business_rows_and_outputs_of_the_form_commit_with_the_step(kit: Kit) -> None:
    body = (
        m.start("ini")
        + m.user("a", fields="uno", extra='<v:output name="caso_id" type="integer"/>')
        + m.user("b")
        + m.end("fin")
        + m.flows("ini>a>b>fin")
    )
    kit.deploy(p=m.model(m.process("P", body, lanes=LANES, variables="punto")))
    with kit.db.begin() as connection:
        connection.exec_driver_sql("create table negocio (id integer)")

    def records(w: Writing) -> Data:
        w.session.execute(sa.text("insert into negocio values (7)"))
        return {"caso_id": 7}

    item = (
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
        .opened[0]
        .id
    )
    done = kit.engine.items.complete(
        item, values={"uno": "x"}, actor=ASESOR, now=kit.now, records=records
    )
    assert done.opened[0].data["caso_id"] == 7
    assert kit.rows("select id from negocio") == [(7,)]

    other = (
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
        .opened[0]
        .id
    )
    with pytest.raises(InvalidValues):  # an output that the diagram does not declare: nothing stays
        kit.engine.items.complete(
            other, values={}, actor=ASESOR, now=kit.now, records=lambda w: {**records(w), "otra": 1}
        )
    assert kit.rows("select id from negocio") == [(7,)]


def test_a_start_with_its_first_form_is_one_commit(kit: Kit) -> None:
    two_tasks(kit)
    with counting(kit.db) as cost:
        started = kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now,
            data={"punto": "P1"},
            key="una",
            first=FirstForm("a", {"uno": "x"}),
        )
    assert cost.commits == 1
    assert [i.element for i in started.opened] == ["b"]
    again = kit.engine.instances.start(
        "P",
        actor=ASESOR,
        now=kit.now,
        data={"punto": "P1"},
        key="una",
        first=FirstForm("a", {"uno": "x"}),
    )
    assert again.duplicate
    assert again.instance_id == started.instance_id
    with pytest.raises(ValueError, match="not both"):
        kit.engine.instances.start(
            "P",
            actor=ASESOR,
            now=kit.now,
            data={"punto": "P1"},
            first=FirstForm("a", {}),
            form=StartForm({}),
        )


def with_service(kit: Kit, handler: str, boundary: str = "") -> str:
    body = (
        m.start("ini")
        + m.user("a", fields="uno")
        + m.service("s", handler=handler, out="r:integer")
        + m.user("b")
        + m.end("fin")
    )
    body += m.flows("ini>a>s>b>fin") + boundary
    extra = '<error id="e1" name="ERR" errorCode="ERR"/>' if boundary else ""
    lanes = m.lane(
        "L1", "asesor", "punto", "ini", "a", "s", "b", "fin", *(["eb", "h"] if boundary else [])
    )
    kit.deploy(p=m.model(m.process("P", body, lanes=lanes, variables="punto"), defs=extra))
    return (
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
        .opened[0]
        .id
    )


def test_a_local_handler_runs_in_the_same_commit_and_its_outputs_become_variables(kit: Kit) -> None:
    kit.handlers.local["doble"] = lambda call: {"r": len(str(call.data["uno"]))}
    item = with_service(kit, "doble")
    done = kit.engine.items.complete(item, values={"uno": "abc"}, actor=ASESOR, now=kit.now)
    assert done.opened[0].data["r"] == 3


def test_a_failing_handler_loses_only_its_savepoint_and_retry_goes_on(kit: Kit) -> None:
    broken = [True]

    def handler(call: Call) -> Data:
        call.session.execute(sa.text("insert into negocio values (1)"))
        if broken[0]:
            message = "el sistema no responde"
            raise RuntimeError(message)
        return {"r": 1}

    with kit.db.begin() as connection:
        connection.exec_driver_sql("create table negocio (id integer)")
    kit.handlers.local["frágil"] = handler
    item = with_service(kit, "frágil")
    done = kit.engine.items.complete(item, values={"uno": "trabajo"}, actor=ASESOR, now=kit.now)
    assert done.opened == ()
    assert kit.rows("select count(*) from submission") == [(1,)]  # the person's work is saved
    assert kit.rows("select count(*) from negocio") == [(0,)]
    ((incident, error),) = kit.rows("select id, error from incident where state = 'open'")
    assert "no responde" in str(error)

    broken[0] = False
    kit.engine.core.cache.clear()  # another process retries
    again = kit.engine.incidents.resolve(
        int(str(incident)), OTRA_VEZ, actor=ADMIN, now=kit.later(minutes=5)
    )
    assert [i.element for i in again.opened] == ["b"]
    assert kit.rows("select count(*) from incident where state = 'open'") == [(0,)]


def test_a_business_error_takes_the_drawn_path(kit: Kit) -> None:
    def handler(_call: Call) -> Data:
        raise BusinessError("ERR")

    kit.handlers.local["niega"] = handler
    boundary = (
        '<boundaryEvent id="eb" attachedToRef="s"><errorEventDefinition id="ed" errorRef="e1"/></boundaryEvent>'
        + m.user("h")
        + m.flows("eb>h>fin")
    )
    item = with_service(kit, "niega", boundary)
    done = kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    assert [i.element for i in done.opened] == ["h"]


def test_a_remote_task_waits_for_its_job_and_takes_its_result_once(kit: Kit) -> None:
    calls: list[str] = []

    def remote(call: RemoteCall) -> Data:
        calls.append(call.key)
        return {"r": 9}

    kit.handlers.remote["lejos"] = remote
    item = with_service(kit, "lejos")
    done = kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    assert done.opened == ()
    assert calls == []
    assert kit.run_jobs() == 1
    (job,) = calls
    kit.engine.jobs.perform(job, kit.now)  # delivered again by a worker that died after the commit
    assert kit.rows("select element, state from work_item order by opened_at, element") == [
        ("a", "done"),
        ("b", "open"),
    ]
    assert kit.rows("select count(*) from journal where kind = 'job'") == [(1,)]


def test_a_remote_task_that_always_fails_becomes_an_incident(kit: Kit) -> None:
    def remote(_call: RemoteCall) -> Data:
        message = "caído"
        raise ConnectionError(message)

    kit.handlers.remote["lejos"] = remote
    item = with_service(kit, "lejos")
    kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    kit.run_jobs()
    ((incident, kind),) = kit.rows("select id, kind from incident where state = 'open'")
    assert kind == "job"
    kit.handlers.remote["lejos"] = lambda _call: {"r": 2}
    kit.engine.incidents.resolve(int(str(incident)), OTRA_VEZ, actor=ADMIN, now=kit.now)
    kit.run_jobs()
    assert kit.rows("select element from work_item where state = 'open'") == [("b",)]


def message_pair(kit: Kit) -> None:
    """P throws M with the key of its case and waits for R; Q starts with M, has a task, then throws
    R."""
    extra = '<message id="mm" name="M"/><message id="rr" name="R"/>'
    throw = (
        '<intermediateThrowEvent id="t">{}<messageEventDefinition id="td" messageRef="mm"/></intermediateThrowEvent>'
    ).format(m.extension('<v:message key="caso" payload="caso"/>'))
    catch = (
        '<intermediateCatchEvent id="c">{}<messageEventDefinition id="cd" messageRef="rr"/></intermediateCatchEvent>'
    ).format(m.extension('<v:message key="caso"/>'))
    p = m.start("ini") + m.user("a", fields="caso") + throw + catch + m.user("b") + m.end("fin")
    p += m.flows("ini>a>t>c>b>fin")
    start = (
        '<startEvent id="qini">{}<messageEventDefinition id="qd" messageRef="mm"/></startEvent>'
    ).format(m.extension('<v:message key="caso"/>'))
    answer = (
        '<intermediateThrowEvent id="qt">{}<messageEventDefinition id="qtd" messageRef="rr"/></intermediateThrowEvent>'
    ).format(m.extension('<v:message key="caso" payload="caso"/>'))
    q = start + m.user("q") + answer + m.end("qfin") + m.flows("qini>q>qt>qfin")
    kit.deploy(
        p=m.model(
            m.process(
                "P",
                p,
                lanes=m.lane("L1", "asesor", "punto", "ini", "a", "t", "c", "b", "fin"),
                variables="punto",
            ),
            defs=extra,
        ),
        q=m.model(
            m.process(
                "Q",
                q,
                lanes=m.lane("L2", "funcionario", "", "qini", "q", "qt", "qfin"),
                variables="caso",
            ),
            defs=extra,
        ),
    )


def test_messages_between_instances_reach_only_the_case_with_their_key(kit: Kit) -> None:
    message_pair(kit)
    for case in ("A-1", "B-2"):
        item = (
            kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
            .opened[0]
            .id
        )
        kit.engine.items.complete(item, values={"caso": case}, actor=ASESOR, now=kit.now)
    assert kit.engine.pump(kit.now) == 2
    assert kit.engine.pump(kit.now) == 0
    items = dict(
        kit.rows(
            "select start_key, w.id from work_item w join instance i on i.id = w.instance_id where element = 'q'"
        )
    )
    kit.engine.items.complete(str(items["M:B-2"]), values={}, actor=FUNCIONARIA, now=kit.now)
    assert kit.engine.pump(kit.now) == 1
    waiting = kit.rows("select key from subscription")
    assert waiting == [("A-1",)]
    opened = kit.rows(
        "select i.data from instance i join work_item w on w.instance_id = i.id where w.element = 'b'"
    )
    assert len(opened) == 1
    assert '"B-2"' in str(opened[0][0])


def test_a_start_with_several_messages_begins_with_whichever_comes(kit: Kit) -> None:
    """10.5.2, Multiple: once for each key, with the payload of the one that came."""
    defs = '<message id="ma" name="Solicitud"/><message id="mb" name="Queja"/>'
    mark = m.extension('<v:message key="caso" payload="caso tema"/>')
    senders = [
        m.process(
            id_,
            m.start(f"s{id_}")
            + m.user(f"u{id_}", fields="caso tema")
            + f'<endEvent id="e{id_}">{mark}{thrown}</endEvent>',
            f"s{id_}>u{id_}>e{id_}",
            lanes=m.lane(f"L{id_}", "funcionario", "", f"u{id_}"),
        )
        for id_, thrown in (
            ("A", '<messageEventDefinition messageRef="ma"/>'),
            ("B", '<messageEventDefinition messageRef="mb"/>'),
        )
    ]
    both = f'<startEvent id="qini">{mark}<messageEventDefinition messageRef="ma"/><messageEventDefinition messageRef="mb"/></startEvent>'
    lanes = m.lane("LQ", "funcionario", "", "q")
    receiver = m.process(
        "Q", both + m.user("q") + m.end("qfin"), "qini>q>qfin", "caso tema", lanes=lanes
    )
    kit.deploy(p=m.model(*senders, receiver, defs=defs))
    for process, case in (("A", "1"), ("B", "2"), ("B", "1")):
        item = kit.engine.instances.start(process, actor=FUNCIONARIA, now=kit.now).opened[0].id
        kit.engine.items.complete(
            item, values={"caso": case, "tema": process}, actor=FUNCIONARIA, now=kit.now
        )
        kit.engine.pump(kit.now)
    begun = kit.rows(
        "select i.data from instance i join work_item w on w.instance_id = i.id where w.element = 'q'"
    )
    assert sorted(("A" if '"A"' in str(row[0]) else "B") for row in begun) == ["A", "B"]
    assert len(kit.rows("select id from instance where process = 'Q'")) == 2


def test_all_instances_of_a_case_share_its_key(kit: Kit) -> None:
    message_pair(kit)
    started = kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
    kit.engine.items.complete(
        started.opened[0].id, values={"caso": "A-1"}, actor=ASESOR, now=kit.now
    )
    kit.engine.pump(kit.now)
    with kit.engine.uow.reading() as session:
        assert [i.process for i in reads.instances.of_case(session, started.case_key)] == ["P", "Q"]
        kinds = [
            (e.process, e.kind)
            for e in reads.history.of_case(session, kit.engine.catalog, started.case_key)
        ]
    assert kinds == [("P", "start"), ("P", "complete"), ("Q", "start")]


def test_a_page_delivers_a_message_and_takes_the_item_that_it_opens(kit: Kit) -> None:
    message_pair(kit)
    item = (
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
        .opened[0]
        .id
    )
    kit.engine.items.complete(item, values={"caso": "A-1"}, actor=ASESOR, now=kit.now)
    with counting(kit.db) as cost:
        done = kit.engine.messages.correlate("R", "A-1", {}, actor=COLEGA, now=kit.now, claim="b")
    assert cost.commits == 1
    assert [(i.element, i.claimed_by) for i in done.opened] == [("b", "asesor.dos")]
    with pytest.raises(NotWaiting):
        kit.engine.messages.correlate("R", "A-1", {}, actor=ASESOR, now=kit.now)


def test_a_start_may_hand_over_the_message_for_which_its_first_form_waits(kit: Kit) -> None:
    """One commit, one row of the journal; what the message writes and takes is as if it came
    later."""
    message_pair(kit)
    seen: list[object] = []
    then = Delivery("R", {}, "b", lambda w: seen.append(w.data["caso"]))
    first = FirstForm("a", {"caso": "A-1"}, then=then)
    with counting(kit.db) as cost:
        started = kit.engine.instances.start(
            "P", actor=ASESOR, now=kit.now, data={"punto": "P1"}, first=first
        )
    assert cost.commits == 1
    assert [(i.element, i.claimed_by) for i in started.opened] == [("b", ASESOR.id)]
    assert seen == ["A-1"]
    with kit.engine.uow.reading() as session:
        assert [
            e.kind for e in reads.history.of_case(session, kit.engine.catalog, started.case_key)
        ] == ["start"]
    assert kit.rows("select count(*) from subscription") == [(0,)]
    with pytest.raises(NotWaiting):
        kit.engine.messages.correlate("R", "A-1", {}, actor=ASESOR, now=kit.now)


NOTE = '<v:field name="nota" label="Nota"/><v:field name="grado" label="Grado" type="integer" decision="true"/>'
BRINGS = '<v:message key="caso" payload="caso nota grado"/>'
BROUGHT: Data = {"nota": "Trae el original", "grado": 3}


def noted(kit: Kit) -> None:
    """P, with a note of no decision, throws M, which begins Q, and waits for R: both bring a form
    with the note."""
    extra = '<message id="mm" name="M"/><message id="rr" name="R"/>'
    sends = m.service("s", out="nota grado:integer")
    throw = m.throw("t", '<messageEventDefinition messageRef="mm"/>', m.extension(BRINGS))
    catch = m.catch(
        "c",
        '<messageEventDefinition messageRef="rr"/>',
        m.extension(f'<v:message key="caso"/><v:delivery webhook="true"/>{NOTE}'),
    )
    start = m.event(
        "startEvent",
        "qini",
        '<messageEventDefinition messageRef="mm"/>',
        m.extension(f'<v:message key="caso"/>{NOTE}'),
    )
    answer = m.throw("r", '<messageEventDefinition messageRef="rr"/>', m.extension(BRINGS))
    p = m.process(
        "P",
        m.start() + m.user("a", fields="caso") + sends + throw + catch + m.user("b") + m.end(),
        "S>a>s>t>c>b>E",
    )
    q = m.process(
        "Q",
        start + m.service("o", out="nota") + answer + m.user("q") + m.end("f"),
        "qini>o>r>q>f",
        variables="caso",
    )
    kit.handlers.local["h"] = lambda call: (
        BROUGHT if call.element == "s" else {"nota": f"{call.written()['nota']}, y copia"}
    )
    kit.deploy(p=m.model(p, q, defs=extra))


def forms(kit: Kit) -> list[tuple[object, ...]]:
    with kit.engine.uow.reading() as session:
        found = session.execute(
            sa.text(
                "select element, form, form_values from submission where form = 'declared' order by at, element"
            )
        )
        return [(row.element, orjson.loads(row.form_values)) for row in found]


def test_the_form_of_a_message_from_another_process_is_kept_with_its_entry_and_is_no_variable(
    kit: Kit,
) -> None:
    noted(kit)
    kit.engine.instances.start(
        "P", actor=SYSTEM, now=kit.now, first=FirstForm("a", {"caso": "A-1"})
    )
    kit.later(minutes=1)
    assert kit.engine.pump(kit.now) == 1
    kit.later(minutes=1)
    assert kit.engine.pump(kit.now) == 1

    copied = {**BROUGHT, "nota": "Trae el original, y copia"}
    assert forms(kit) == [("a", {"caso": "A-1"}), ("qini", BROUGHT), ("c", copied)]
    with kit.engine.uow.reading() as session:
        assert verify(session).faults == ()


@pytest.mark.parametrize("at_once", [True, False])
def test_the_form_of_a_message_that_a_page_delivers_is_kept(kit: Kit, *, at_once: bool) -> None:
    noted(kit)
    then = Delivery("R", BROUGHT) if at_once else None
    kit.engine.instances.start(
        "P", actor=SYSTEM, now=kit.now, first=FirstForm("a", {"caso": "A-1"}, then=then)
    )
    if not at_once:
        kit.engine.messages.correlate("R", "A-1", BROUGHT, actor=SYSTEM, now=kit.later(minutes=1))

    assert forms(kit) == (
        [("a", {"caso": "A-1", **BROUGHT})] if at_once else [("a", {"caso": "A-1"}), ("c", BROUGHT)]
    )


def test_a_message_for_which_the_first_form_does_not_wait_is_dropped(kit: Kit) -> None:
    message_pair(kit)
    first = FirstForm("a", {"caso": "A-1"}, then=Delivery("Otro", {}, "b"))
    started = kit.engine.instances.start(
        "P", actor=ASESOR, now=kit.now, data={"punto": "P1"}, first=first
    )
    assert started.opened == ()
    assert (
        kit.engine.messages.correlate("R", "A-1", {}, actor=ASESOR, now=kit.now).opened[0].element
        == "b"
    )


def test_a_message_without_receiver_is_closed_after_seven_days_in_the_journal_of_its_sender(
    kit: Kit,
) -> None:
    message_pair(kit)
    kit.engine.releases.deploy({}, remove=["q.bpmn"], actor=FUNCIONARIA, now=kit.now)
    item = (
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
        .opened[0]
        .id
    )
    kit.engine.items.complete(item, values={"caso": "A-1"}, actor=ASESOR, now=kit.now)
    assert kit.engine.pump(kit.later(days=6)) == 0
    assert kit.engine.pump(kit.later(days=2)) == 1
    assert kit.rows("select state from outbox") == [(OutboxState.NO_RECEIVER,)]
    assert kit.rows("select kind from journal order by rev") == [
        ("start",),
        ("complete",),
        ("lost",),
    ]


def test_a_timer_fires_once_and_only_when_due(kit: Kit) -> None:
    timer = (
        '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition id="td">'
        "<timeDuration>PT5M</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    kit.handlers.local["avisa"] = lambda _call: {}
    body = (
        m.start("ini") + m.user("a") + timer + m.service("s", handler="avisa") + m.end("f2", "fin")
    )
    body += m.flows("ini>a>fin") + m.flows("t>s>f2")
    lanes = m.lane("L1", "asesor", "punto", "ini", "a", "t", "s", "f2", "fin")
    kit.deploy(p=m.model(m.process("P", body, lanes=lanes, variables="punto")))
    kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
    assert kit.engine.pump(kit.later(minutes=4)) == 0
    kit.engine.core.cache.clear()
    assert kit.engine.pump(kit.later(minutes=2)) == 1
    assert kit.engine.pump(kit.later(days=1)) == 0
    assert kit.rows("select kind, element from journal where kind = 'timer'") == [("timer", "t")]
    assert kit.rows("select count(*) from timer") == [(0,)]
    assert kit.rows("select state from work_item") == [("open",)]


def test_every_step_survives_a_new_process(kit: Kit) -> None:
    item = two_tasks(kit)
    done = kit.another_engine().items.complete(item, values={"uno": "1"}, actor=ASESOR, now=kit.now)
    end = kit.another_engine().items.complete(
        done.opened[0].id, values={}, actor=ASESOR, now=kit.now
    )
    assert end.finished


def test_a_draft_is_kept_per_person_and_goes_with_the_completion(kit: Kit) -> None:
    item = two_tasks(kit)
    kit.engine.items.save_draft(item, {"uno": "a medias"}, actor=ASESOR, now=kit.now)
    kit.engine.items.save_draft(item, {"uno": "de otro"}, actor=COLEGA, now=kit.now)
    kit.engine.items.save_draft(item, {"uno": "más"}, actor=ASESOR, now=kit.later(seconds=3))
    with kit.engine.uow.reading() as session:
        found = reads.items.draft(session, reads.items.item(session, item), "asesor.uno")
        assert found is not None
        assert found.values == {"uno": "más"}
    kit.engine.items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    assert kit.rows("select person from draft") == [("asesor.dos",)]
    with pytest.raises(ItemClosed):
        kit.engine.items.save_draft(item, {"uno": "tarde"}, actor=COLEGA, now=kit.now)
    assert kit.rows("select person, draft_values from draft") == [
        ("asesor.dos", '{"uno":"de otro"}')
    ]


def test_what_two_pages_make_of_one_draft_at_once_is_all_there(kit: Kit) -> None:
    item = two_tasks(kit)

    def add(name: str) -> None:
        for n in range(8):
            key = f"{name}{n}"
            kit.engine.items.save_draft(
                item, lambda was, _at, key=key: {**(was or {}), key: "x"}, actor=ASESOR, now=kit.now
            )

    with ThreadPoolExecutor() as pool:
        list(pool.map(add, ("a", "b", "c")))
    with kit.engine.uow.reading() as session:
        found = reads.items.draft(session, reads.items.item(session, item), "asesor.uno")
    assert found is not None
    assert set(found.values) == {f"{name}{n}" for name in "abc" for n in range(8)}


def test_unknown_ids_are_not_found(kit: Kit) -> None:
    two_tasks(kit)
    with pytest.raises(NotFound):
        kit.engine.items.complete("no-such-item", values={}, actor=ASESOR, now=kit.now)
    with pytest.raises(NotFound):
        kit.engine.instances.start("NADA", actor=ASESOR, now=kit.now)


def test_a_new_release_leaves_running_instances_on_their_version(kit: Kit) -> None:
    item = two_tasks(kit)
    body = (
        m.start("ini")
        + m.user("a", fields="uno")
        + m.user("g")
        + m.end("fin")
        + m.flows("ini>a>g>fin")
    )
    deployed = kit.engine.releases.deploy(
        {
            "p.bpmn": m.model(
                m.process(
                    "P",
                    body,
                    lanes=LANES.replace("<flowNodeRef>b</flowNodeRef>", "").replace(
                        "<flowNodeRef>s</flowNodeRef>", ""
                    ),
                    variables="punto",
                )
            )
        },
        actor=FUNCIONARIA,
        now=kit.now,
    )
    assert deployed.versions == {"P": 2}
    old = kit.another_engine().items.complete(item, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    assert [i.element for i in old.opened] == ["b"]
    fresh = (
        kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={"punto": "P1"})
        .opened[0]
        .id
    )
    new = kit.engine.items.complete(fresh, values={"uno": "x"}, actor=ASESOR, now=kit.now)
    assert [i.element for i in new.opened] == ["g"]


def test_a_broken_diagram_is_refused_and_nothing_changes(kit: Kit) -> None:
    two_tasks(kit)
    body = (
        m.start("ini") + m.service("s", handler="no.existe") + m.end("fin") + m.flows("ini>s>fin")
    )
    with pytest.raises(DeployRefused) as refusal:
        kit.engine.releases.deploy(
            {"p.bpmn": m.model(m.process("P", body))}, actor=FUNCIONARIA, now=kit.now
        )
    assert {f.element for f in refusal.value.findings} >= {"s"}
    assert kit.rows("select current from release_line") == [(1,)]


def test_a_call_activity_may_bear_the_id_of_the_process_that_it_calls(db: sa.Engine) -> None:
    """Ids are unique in a file; the called process lies in another one."""
    kit = Kit(db)
    called = m.model(m.process("Q", m.start("s2") + m.user("U") + m.end("e2"), "s2>U>e2")).replace(
        b'id="defs"', b'id="defs2"'
    )
    kit.deploy(a=m.model(m.process("P", m.start() + m.call("Q", "Q") + m.end(), "S>Q>E")), b=called)
    (item,) = kit.engine.instances.start("P", actor=ASESOR, now=kit.now, data={}).opened
    assert (item.process, item.element) == ("Q", "U")
    kit.another_engine().items.complete(item.id, values={}, actor=SIN_PUNTO, now=kit.now)
    assert [status for (status,) in kit.rows("SELECT status FROM instance")] == ["finished"]
