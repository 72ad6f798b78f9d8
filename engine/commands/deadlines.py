"""Operators move due dates of a running instance, with a reason: open tasks, armed timers, the
legal term of the case."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.commands.operation import postpone, reason_text
from engine.errors import InstanceNotActive, InvalidValues, NotWaiting
from engine.states import RUNNING, Act
from engine.turn import Turn
from engine.types import Actor, CaseDue, Completed, TimerWait, Value


class Deadlines:
    """Raises NotAllowed, InvalidValues (no reason, nothing to move), InstanceNotActive, Conflict
    (done, fired or moved meanwhile)."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def running(self, session: Session, instance_id: str, now: dt.datetime) -> list[TimerWait]:
        """The timers that are armed, the oldest first. Reads only."""
        return self.core.look(session, instance_id, now).live.timers()

    def move(
        self,
        instance_id: str,
        moves: Mapping[str, dt.datetime],
        *,
        reason: str,
        actor: Actor,
        now: dt.datetime,
        case_due: CaseDue | None = None,
    ) -> Completed:
        """`moves`: task id of an open item or of an armed timer → its new due date. Only the next
        firing of a cycle moves."""

        def command(session: Session) -> tuple[Completed, Turn]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            decide.must_operate(actor, self.core.authority.steer)  # 3 decide
            text = reason_text(turn, Act.RESCHEDULE, reason)
            if turn.instance.status not in RUNNING:
                raise InstanceNotActive(turn.instance.status)
            if not moves and case_due is None:
                raise InvalidValues({"moves": "none"})
            turn.fetch()
            moved = postpone(turn, moves)  # 5 advance
            if len(moved) < len(moves):
                raise NotWaiting
            detail: dict[str, Value] = {"moved": moved}
            turn.case.postpone(detail, case_due)
            turn.write(Act.RESCHEDULE, None, detail, text)  # 6 write
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)
