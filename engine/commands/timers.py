"""Due timers: each is fired in a command of its own instance, at most once, never by looking at
instances that wait."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.core import Core
from engine.errors import LimitReached, NotWaiting
from engine.states import Act, InstanceStatus
from engine.store import sql
from engine.store.uow import Undo
from engine.turn import RESUME, Turn
from engine.types import SYSTEM

MAX_FIRINGS = 100  # of one element of one instance, due within PACE
PACE = dt.timedelta(minutes=1)


class Timers:
    """Firing what is due."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def due(self, session: Session, now: dt.datetime, limit: int) -> list[Any]:
        return sql.DUE_TIMERS.all(session, {"b_now": now, "b_limit": limit})

    def fire(self, task_id: str, instance_id: str, now: dt.datetime) -> bool:
        """False: another worker fired it, its task is gone, or somebody holds the instance now;
        then the next look finds it."""

        def command(session: Session) -> tuple[bool, Turn | None]:
            if sql.FREE_FOR_TIMER.first(session, {"b_task": task_id}) is None:
                raise Undo((False, None))
            turn = self.core.take(session, instance_id, SYSTEM, now)  # 1 take
            due = sql.TIMER_STILL_DUE.first(session, {"b_task": task_id, "b_now": now})  # 2 read
            if due is None or turn.instance.status != InstanceStatus.ACTIVE:
                raise Undo((False, None))
            turn.fetch()
            if task_id.startswith(RESUME):
                return self._go_on(turn, task_id)
            timer = turn.workflow.before.timers.get(task_id)
            if timer is None:
                raise NotWaiting
            if self._runs_away(turn, timer):
                turn.live.give_up(task_id, LimitReached("endless_timer", maximum=MAX_FIRINGS))
            else:
                turn.live.fire(task_id, now)  # 5 advance
                turn.settle()
            turn.write(Act.TIMER, timer.element, {"due": timer.due.isoformat()})  # 6 write
            return True, turn  # 7 commit

        return self.core.run(command, SYSTEM, now)

    def _go_on(self, turn: Turn, task_id: str) -> tuple[bool, Turn]:
        """The local service tasks for which the command before had no time."""
        sql.DELETE_TIMER.run(turn.session, {"b_task": task_id})
        turn.services.go_on(int(task_id.split("-")[1]))
        turn.settle()
        turn.write(Act.CONTINUE, None, {})
        return True, turn

    def _runs_away(self, turn: Turn, timer: Any) -> bool:
        """A loop around a timer that is due at once. Counted by due dates: a cycle that catches up
        after an outage is none."""
        since = turn.instance.rev - 2 * MAX_FIRINGS
        if since < 0:
            return False
        place = {"b_instance": turn.instance.id, "b_rev": since, "b_element": timer.element}
        earlier = (row.detail.get("due") for row in sql.FIRED_SINCE.all(turn.session, place))
        close = [
            due
            for due in earlier
            if due is not None and timer.due - dt.datetime.fromisoformat(due) < PACE
        ]
        return len(close) >= MAX_FIRINGS
