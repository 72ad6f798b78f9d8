"""Correcting what a start form, a message or a searchable field said of a case: with a reason, and
the old values are kept."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import decide, values as types
from engine.commands.core import Core
from engine.commands.operation import finish
from engine.errors import InvalidValues, ValuesChanged
from engine.states import REASON_FORMS, RUNNING, Act, InstanceStatus, TextOf
from engine.store import sql
from engine.turn import Texts, Turn
from engine.types import Actor, Completed, Data, ElementSpec, FieldSpec, Value

#: What a person decided in a task is corrected by sending the case back to the task, not behind
#: their back.
PEOPLE = frozenset({"userTask", "manualTask"})
FILE = "file"


class Corrections:
    """Raises NotAllowed, NotFound, InvalidValues (no reason, nothing that may be corrected, nothing
    changed, a value of another type)."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def known(
        self, session: Session, instance_id: str, now: dt.datetime
    ) -> list[tuple[FieldSpec, Value]]:
        """The fields that may be corrected, with what they hold. Reads only."""
        turn = self.core.look(session, instance_id, now)
        said = _said(turn)
        return [(field, said[name]) for name, field in _fields(turn).items() if name in said]

    def correct(
        self,
        instance_id: str,
        values: Data,
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        seen: Data | None = None,
    ) -> Completed:
        """What is a variable changes wherever the case stands; the register is told all of it. An
        instance that ended is only told.

        Old and new values are kept beside the reason under the hash of the journal, and may be
        erased as a form. Due dates stay. `seen` is what was shown to whoever corrects: only what
        differs from it is meant, and ValuesChanged when that says something else by now.
        """

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.correct)  # 3 decide
            text = decide.reason_of(reason)
            turn.fetch()
            said, fields = _said(turn), _fields(turn)
            meant = _other(values, said if seen is None else seen)
            changed = _other(meant, said)
            _must_be_right(changed, {name: field for name, field in fields.items() if name in said})
            if seen is not None and (
                moved := tuple(name for name in changed if said[name] != seen.get(name))
            ):
                raise ValuesChanged(moved)
            if turn.instance.status in RUNNING:
                variables = {
                    name: value for name, value in changed.items() if fields[name].decision
                }
                if variables:
                    turn.live.correct(variables, now)  # 5 advance
                    _move_items(turn, variables)
                if variables and turn.instance.status == InstanceStatus.ACTIVE:
                    turn.live.advance(now)
                    turn.settle()
            for element in _elements(turn):
                turn.case.hear(
                    element,
                    {
                        field.name: changed[field.name]
                        for field in element.fields
                        if field.name in changed
                    },
                )
            detail: dict[str, Value] = {"changed": sorted(changed)}
            content: dict[str, Value] = {
                TextOf.REASON: text,
                TextOf.BEFORE: {name: said[name] for name in changed},
                TextOf.AFTER: changed,
            }
            # 6 write
            finish(
                turn,
                Act.CORRECT,
                None,
                detail,
                Texts(None, turn.instance.process, Act.CORRECT, content),
            )
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)


def _other(values: Data, before: Data) -> dict[str, Value]:
    return {
        name: value for name, value in values.items() if name not in before or value != before[name]
    }


def _elements(turn: Turn) -> Iterator[ElementSpec]:
    for process in types.run_through(turn.release.processes, [turn.instance.process]):
        yield from process.elements.values()


def _fields(turn: Turn) -> dict[str, FieldSpec]:
    """By name, in the order of the diagram."""
    case = turn.release.processes[turn.instance.process].case
    named = frozenset(case.names.values()) if case is not None else frozenset()
    found: dict[str, FieldSpec] = {}
    for element in _elements(turn):
        for field in element.fields:
            if field.type != FILE and (
                element.type not in PEOPLE or field.search or field.name in named
            ):
                known = found.get(field.name)
                # one that makes it a variable says how it is corrected
                if known is None or (field.decision and not known.decision):
                    found[field.name] = field
    return found


def _said(turn: Turn) -> Data:
    """What forms said, the later one counts, with what was corrected since; variables as they
    stand."""
    said: dict[str, Value] = {}
    rows = sa.select(sql.SUBMISSION.c.form, sql.SUBMISSION.c.form_values).where(
        sql.SUBMISSION.c.instance_id == turn.instance.id, sql.HAS_FORM
    )
    for form, values in turn.session.execute(rows.order_by(sql.SUBMISSION.c.rev)):
        if form == Act.CORRECT:
            said |= values[TextOf.AFTER]
        elif form not in REASON_FORMS:
            said |= values
    variables = turn.live.variables() if turn.instance.status in RUNNING else {}
    return said | {name: value for name, value in variables.items() if name in said}


def _must_be_right(changed: Data, known: dict[str, FieldSpec]) -> None:
    decide.must_be_storable(changed)
    problems = {name: "unknown" for name in changed if name not in known}
    problems |= types.misfits({name: field.type for name, field in known.items()}, changed)
    if not changed:
        problems = {"values": "none"}
    if problems:
        raise InvalidValues(problems)


def _move_items(turn: Turn, variables: Data) -> None:
    """Open tasks belong to a place that a variable may name."""
    for waiting in turn.live.user_tasks():
        lane = turn.element(waiting.process, waiting.element).lane
        place = lane.scope if lane is not None else None
        if place is not None and place in variables:
            scope = waiting.data.get(place)
            mine = sa.update(sql.ITEM).where(sql.ITEM.c.id == waiting.task_id)
            turn.session.execute(mine.values(scope=None if scope is None else str(scope)))
