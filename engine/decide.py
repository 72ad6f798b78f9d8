"""Who may do what to a work item; pure. Each function returns nothing or raises the refusal."""

from collections.abc import Iterable

from engine.errors import ClaimedByOther, InstanceNotActive, InvalidValues, ItemClosed, NotAllowed
from engine.states import ActorKind, InstanceStatus, ItemState
from engine.types import (
    MAX_REASON,
    MIN_REASON,
    ActionSpec,
    Actor,
    Data,
    ElementSpec,
    Value,
    WorkItem,
)
from engine.values import misfits, unstorable


def must_operate(actor: Actor, roles: frozenset[str]) -> None:
    """One of these roles of the `Authority`, everywhere."""
    if actor.kind != ActorKind.SYSTEM and not any(actor.has(role, None) for role in roles):
        raise NotAllowed("operation")


def reason_of(text: str) -> str:
    """The reason that every such act needs, without white space around it."""
    clean = text.strip()
    if not MIN_REASON <= len(clean) <= MAX_REASON or unstorable({"reason": clean}):
        raise InvalidValues({"reason": f"{MIN_REASON}..{MAX_REASON}"})
    return clean


def must_be_storable(data: Data) -> None:
    """Values come back from the database as they went in, or do not go in: a date is a text, a
    decimal is not silently a float."""
    problems = unstorable(data)
    if problems:
        raise InvalidValues({name: f"{kind} is not stored" for name, kind in problems.items()})


def asked_for(spec: ElementSpec, action: ActionSpec, outputs: Data) -> Data:
    """Of what an action gives, what the task declares: an analyst takes the columns of a list that
    the case needs."""
    declared = {output.name: output.type for output in spec.outputs}
    asked = {name: value for name, value in outputs.items() if name in declared}
    if action.typed and (wrong := misfits(declared, asked)):
        raise InvalidValues({name: f"not a {kind}" for name, kind in wrong.items()})
    return asked


def must_be_declared(spec: ElementSpec, outputs: Data) -> None:
    """What handlers, jobs and records give back stands on the diagram: rules could not see it else,
    reviewers would not expect it."""
    declared = {output.name for output in spec.outputs} | {
        f.name for f in spec.fields if f.decision
    }
    if spec.message is not None:
        declared.update(spec.message.payload)
    unknown = sorted(set(outputs) - declared)
    if unknown:
        raise InvalidValues(dict.fromkeys(unknown, f"not declared on {spec.id}"))
    must_be_storable(outputs)


def must_be_active(status: str) -> None:
    if status != InstanceStatus.ACTIVE:
        raise InstanceNotActive(status)


def must_be_let_start(opening: ElementSpec, actor: Actor) -> None:
    """`<v:start>`: a role, wherever it is held; anybody."""
    start = opening.start
    if actor.kind == ActorKind.SYSTEM or (start is not None and start.public):
        return
    allowed = start.roles if start is not None else ()
    if not any(role.name in allowed for role in actor.roles):
        raise NotAllowed("start", element=opening.id)


def must_be_let_deliver(spec: ElementSpec, actor: Actor) -> None:
    """`<v:delivery>`: one of its roles, wherever it is held."""
    roles = spec.delivery.roles if spec.delivery is not None else ()
    if actor.kind != ActorKind.SYSTEM and not any(role.name in roles for role in actor.roles):
        raise NotAllowed("delivery", element=spec.id)


def must_be_open(item: WorkItem) -> None:
    if item.state != ItemState.OPEN:
        raise ItemClosed(
            by=item.closed_by, at=item.closed_at, state=item.state, element=item.element
        )


def must_belong(item: WorkItem, actor: Actor) -> None:
    """The lane's role, in the item's scope."""
    if actor.kind == ActorKind.SYSTEM:
        return
    if item.role is None or not actor.has(item.role, item.scope):
        raise NotAllowed("lane", role=item.role or "", scope=item.scope or "", element=item.element)


def must_not_be_taken(item: WorkItem, actor: Actor) -> None:
    if (
        item.claimed_by is not None
        and item.claimed_by != actor.id
        and actor.kind == ActorKind.PERSON
    ):
        raise ClaimedByOther(item.claimed_by)


def must_be_another_person(spec: ElementSpec, earlier: Iterable[str | None], person: str) -> None:
    """`<v:separate>`: segregation of duties."""
    if person in set(earlier):
        raise NotAllowed("same_person", element=spec.id, other=", ".join(spec.not_same_person_as))


def must_hold_or_supervise(item: WorkItem, actor: Actor, supervisors: frozenset[str]) -> None:
    """Release and reassign: the holder, who stands for the holder, or one who supervises the place
    of the item."""
    if (
        item.claimed_by == actor.id
        or item.claimed_by in actor.stands_for
        or actor.kind == ActorKind.SYSTEM
    ):
        return
    if any(actor.has(role, item.scope) for role in supervisors):
        return
    raise NotAllowed("not_holder", element=item.element, holder=item.claimed_by or "")


def without_texts(spec: ElementSpec, payload: Data) -> Data:
    """What came with a message, but for the fields of its form that are no variables."""
    texts = {field.name for field in spec.fields if not field.decision}
    return {name: value for name, value in payload.items() if name not in texts}


def split_values(spec: ElementSpec, values: dict[str, Value]) -> dict[str, Value]:
    """The part of a form that becomes process variables: its fields flagged `decision`."""
    return {
        field.name: values[field.name]
        for field in spec.fields
        if field.decision and field.name in values
    }
