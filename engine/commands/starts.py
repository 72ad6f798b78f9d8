"""How an instance begins, whoever asks for it: a person, a message, the calendar."""

import datetime as dt
import secrets
import time
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.errors import NotAllowed, NotFound
from engine.states import Act, ActorKind, InstanceStatus
from engine.store import sql
from engine.store.chain import START
from engine.turn import Taken, Texts, Turn
from engine.types import Actor, Data, FirstForm, Records, Started, StartForm, Value


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is to begin. `key` makes a repeated start the same one; `event` is the start event that
    a message or the calendar means; `hops` and `since` are the causal chain of the message that
    starts it.
    """

    process: str
    key: str | None = None
    case_key: str | None = None
    data: Data = field(default_factory=dict)
    first: FirstForm | None = None
    form: StartForm | None = None
    event: str | None = None
    records: Records | None = None  # of whoever hands the message over that begins it
    hops: int = 0
    since: dt.datetime | None = None


def new_id() -> str:
    """A text id that sorts by the time of its making."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(5)}"


def begin(
    core: Core, session: Session, what: Beginning, actor: Actor, now: dt.datetime
) -> tuple[Started, Turn]:
    """Steps 1 to 6 of a start, under the release in force. Raises NotFound for a process or first
    element that it does not have."""
    number = core.catalog.current(session)
    release = core.catalog.release(session, number)
    if what.process not in release.processes:
        raise NotFound(f"process {what.process}")
    turn = core.turn(session, _insert(session, what, number, now), actor, now)  # 1 take
    turn.outgoing.follow_chain(what.hops, what.since)
    data, texts = _begun_by(turn, what)
    # 5 advance
    turn.workflow.begin(
        release.start(what.process, dict(turn.case.open(data)), now, message_start=what.event)
    )
    turn.settle()
    if what.first is not None:
        texts = _first(turn, what.first)
    detail: dict[str, Value] = {"key": what.key or ""}
    then = what.first.then if what.first is not None else None
    if (
        then is not None
        and (
            waits := next((s for s in turn.live.subscriptions() if s.message == then.message), None)
        )
        is not None
    ):
        # whatever its key, this instance is its receiver
        said = turn.deliver(waits.task_id, then.payload, then.records)
        if texts is not None and said is not None:
            texts.values = {**texts.values, **said.values}  # a command keeps one form
        detail |= {"message": then.message, "claim": then.claim}
    turn.write(Act.START, texts.element if texts else None, detail, texts)  # 6 write
    if then is not None and then.claim is not None:
        turn.hand_opened(then.claim, actor.id)
    return Started(turn.instance.id, turn.instance.case_key, tuple(turn.gathered.opened)), turn


def _insert(session: Session, what: Beginning, release: int, now: dt.datetime) -> Taken:
    """The new row is ours: nobody else can see it before our commit."""
    id_ = new_id()
    taken = Taken(id_, what.case_key or id_, what.process, release, InstanceStatus.ACTIVE, 1, START)
    sql.INSERT_INSTANCE.run(
        session,
        {
            "id": taken.id,
            "case_key": taken.case_key,
            "process": taken.process,
            "release": taken.release,
            "status": taken.status,
            "rev": taken.rev,
            "head": taken.head,
            "start_key": what.key,
            "started_at": now,
        },
    )
    return taken


def _begun_by(turn: Turn, what: Beginning) -> tuple[Data, Texts | None]:
    """The start form: its fields that decide become variables, all of it is kept with the start."""
    process = turn.release.processes[what.process]
    if what.form is None:
        if what.event is not None:
            begun = process.elements[what.event]
            outputs = turn.run(what.records, what.data, what.data, begun)  # 4 records
            said = turn.hear(begun, what.data)
            return {**decide.without_texts(begun, what.data), **outputs}, said
        return what.data, None
    opening, form = process.opening, what.form
    if opening is None:
        raise NotFound(f"start form of {what.process}")
    decide.must_be_let_start(opening, turn.actor)  # 3 decide
    decide.must_be_storable(form.values)
    outputs = turn.run(form.records, what.data, form.values, opening)  # 4 records
    turn.case.hear(opening, form.values)
    turn.scene.written = form.values
    texts = Texts(None, opening.id, opening.form or "declared", form.values)
    return {**what.data, **decide.split_values(opening, dict(form.values)), **outputs}, texts


def _first(turn: Turn, first: FirstForm) -> Texts:
    """Complete the first user task inside the start; the actor must be of its lane."""
    waiting = next((w for w in turn.live.user_tasks() if w.element == first.element), None)
    if waiting is None:
        raise NotFound(f"element {first.element}")
    spec = turn.element(waiting.process, waiting.element)
    scope = waiting.data.get(spec.lane.scope) if spec.lane and spec.lane.scope else None
    if turn.actor.kind != ActorKind.SYSTEM and not (
        spec.lane
        and spec.lane.role
        and turn.actor.has(spec.lane.role, None if scope is None else str(scope))
    ):
        raise NotAllowed(
            "lane",
            role=(spec.lane.role or "") if spec.lane else "",
            scope=str(scope),
            element=spec.id,
        )
    decide.must_be_storable(first.values)
    turn.scene.written = first.values
    outputs = turn.run(first.records, waiting.data, first.values, spec)  # 4 records
    turn.case.hear(spec, first.values)
    turn.live.complete(
        waiting.task_id, {**decide.split_values(spec, dict(first.values)), **outputs}, turn.now
    )
    turn.settle()
    return Texts(waiting.task_id, spec.id, spec.form or "declared", first.values)
