"""One instance in memory, as the commands see it."""

import datetime as dt
from collections import Counter
from collections.abc import Container
from dataclasses import replace
from typing import Any, TypeVar

from engine.errors import NotRepairable
from engine.model.timers import without_missed
from engine.spiff import going_back, passed, repair, state
from engine.spiff.data import detached
from engine.spiff.definitions import MessageDefinition, SignalDefinition, TimerDefinition
from engine.spiff.migrate import Moved, Target, move
from engine.spiff.prune import prune
from engine.spiff.state import DeltaTracker, snapshot
from engine.spiff.stored_form import read_delta
from engine.spiff.throwing import throw_error
from engine.spiff.tokens import READY, STARTED, WAITING, Token
from engine.spiff.waits import Waits, WaitsTracker
from engine.spiff.workflow import Workflow
from engine.states import StepState
from engine.types import (
    Data,
    Decision,
    Earlier,
    Failure,
    Step,
    Subscription,
    Thrown,
    TimerWait,
    Waiting,
)

T = TypeVar("T")
SMALL = 8_000  # bytes of a full state that cost nothing


class Live:
    """Not thread safe: the command that holds the instance owns it. Every command advances by
    itself."""

    def __init__(
        self, top: Workflow, *, whole: int = 0, since: int = 0, earlier: bool = False
    ) -> None:
        """`whole` and `since`: bytes of the full state from which it was loaded, and of the deltas
        after it."""
        self._top = top
        self._whole, self._since = whole, since
        self._carried = earlier  # stored by an earlier release: what is written next is whole
        self._deltas = DeltaTracker(top)
        self._waits = WaitsTracker(top)

    @property
    def finished(self) -> bool:
        return bool(self._top.completed)

    def catch_up(self, deltas: list[bytes]) -> bool:
        """What other processes did since. False: not by these deltas, and this instance is of no
        use any more."""
        read = [read_delta(delta) for delta in deltas]
        if None in read:
            return False
        state.catch_up(self._top, filter(None, read))
        self._deltas.written()
        self._since += sum(map(len, deltas))
        return True

    # --- what waits -------------------------------------------------------------------------------
    def begin(self) -> Waits:
        """What waits when a command begins, to keep; `changed` counts from here."""
        return self._waits.begin()

    def waits(self) -> Waits:
        """What waits now; the caller does not change it."""
        return self._waits.waits()

    def moved(self) -> Data | None:
        """The variables of the process, when they changed since this was asked; the caller does not
        change them."""
        return self._waits.variables()

    @property
    def carried(self) -> bool:
        """An earlier release stored it: rows beside it show variables in its way until this command
        writes them."""
        return self._carried

    def changed(self) -> list[str]:
        """Tasks that may wait for something else than at `begin`, oldest first."""
        return self._waits.changed()

    def user_tasks(self) -> list[Waiting]:
        return self._oldest_first(self.waits().items)

    def service_tasks(self) -> list[Waiting]:
        return self._oldest_first(self.waits().services)

    def timers(self) -> list[TimerWait]:
        return self._oldest_first(self.waits().timers)

    def subscriptions(self) -> list[Subscription]:
        """Messages, each with its key; signals, which have none."""
        return self._oldest_first(self.waits().subscriptions)

    def failures(self) -> list[Failure]:
        return self._oldest_first(self.waits().failures)

    def _oldest_first(self, found: dict[str, T]) -> list[T]:
        return [found[id_] for id_ in sorted(found, key=self._number)]

    def data(self, task_id: str) -> Data:
        """Process variables at a task that is still known; an unknown id raises KeyError."""
        number = self._number(task_id)
        for workflow in self._top.workflows():
            if number in workflow.tasks:
                return detached(workflow.tasks[number].data)
        raise KeyError(task_id)

    def waiting(self, task_id: str) -> Waiting | None:
        """Where an event or task that still waits stands, and what it sees; None: it no longer
        waits."""
        token = self._top.active.get(self._number(task_id))
        return None if token is None else self._waits.waiting(token)

    def sees(self, task_id: str) -> Data:
        """The variables that a task sees now, to be looked at only; of one that waits no more
        none."""
        waiting = self.waiting(task_id)
        return {} if waiting is None else waiting.data

    def give_up(self, task_id: str, error: Exception) -> None:
        """What waits here becomes a failure instead; a retry makes it wait anew."""
        token = self._top.active[self._number(task_id)]
        self._top.fail(token, error, "enter")

    # --- commands ---------------------------------------------------------------------------------
    def advance(self, now: dt.datetime) -> None:
        self._top.now = now
        self._top.settle()

    def complete(self, task_id: str, data: Data, now: dt.datetime) -> bool:
        """A user task that is ready or a service task that was started; False: it no longer
        waits."""
        token = self._work(task_id)
        if token is None:
            return False
        self._top.now = now
        token.write(detached(data))
        token.complete()
        self._top.settle()
        return True

    def fail(self, task_id: str, code: str, now: dt.datetime) -> bool:
        """A BPMN error at this task. False: nobody catches it, or it no longer waits."""
        token = self._work(task_id)
        if token is None:
            return False
        self._top.now = now
        caught = throw_error(token, code)
        self._top.settle()
        return caught

    def deliver(self, task_id: str, payload: Data, now: dt.datetime) -> bool:
        """A message, or a signal of another instance, to this waiting task and to no other."""
        return self._trigger(task_id, (MessageDefinition, SignalDefinition), detached(payload), now)

    def fire(self, task_id: str, now: dt.datetime) -> bool:
        """This timer is due."""
        return self._trigger(task_id, TimerDefinition, {}, now)

    def retry(self, task_id: str, now: dt.datetime) -> None:
        """Run a failed task again; one that did not fail is left alone."""
        token = self._top.active.get(self._number(task_id))
        if token is None or not token.failed:
            return
        self._top.now = now
        self._top.retry(token)
        self._top.settle()

    def edit(self, task_id: str, values: Data, now: dt.datetime) -> None:
        """Give what failed, or waits for a system, other values; a retry follows. NotRepairable: it
        is no longer there."""
        repair.edit(self._stuck(task_id, now), values)

    def exits(self, task_id: str) -> list[tuple[str, str]]:
        """The ways on from a gateway that failed: (name of the way, element that it leads to)."""
        token = self._top.active.get(self._number(task_id))
        return [] if token is None else repair.exits(token)

    def skip(self, task_id: str, values: Data, way: str | None, now: dt.datetime) -> None:
        """Go on as if the element were done with these results. NotRepairable: nothing leads around
        it, or it is no longer there."""
        token, before = self._stuck(task_id, now), len(self._top.steps)
        repair.skip(token, values, way)
        self._top.steps[before : before + 1] = [
            replace(step, state=StepState.SKIPPED) for step in self._top.steps[before : before + 1]
        ]
        self._top.settle()

    def postpone(self, task_id: str, at: dt.datetime) -> None:
        """An armed timer of `timers` fires then instead."""
        token = self._top.active[self._number(task_id)]
        token.own_memory.due = replace(TimerDefinition.due(token), at=at)
        self._top.touch(token)

    def correct(self, values: Data, now: dt.datetime) -> None:
        """Give variables other values wherever what they hold now is known. The whole state is
        written afterwards."""
        self._top.now = now
        repair.correct(self._top, detached(values), self._top.known())

    # --- operating --------------------------------------------------------------------------------
    def earlier(self) -> list[Earlier]:
        """Activities that were passed, also inside what is over: the case may go back to them, or
        why not."""
        return [self._earlier(target) for target in going_back.targets(self._top)]

    def go_back(self, task_id: str, kept: Container[str], now: dt.datetime) -> None:
        """Enter this activity of `earlier` again; variables in `kept` keep what they hold now."""
        number = self._number(task_id)
        target = next(t for t in going_back.targets(self._top) if t.number == number)
        self._top.now = now
        going_back.go_back(self._top, target, kept)
        self._top.settle()

    def skip_missed(self, now: dt.datetime) -> Counter[str]:
        """Of the firings that a repeated timer missed while nothing moved, only the last one is
        left. Element -> those given up."""
        skipped: Counter[str] = Counter()
        for token in list(self._top.waiting(TimerDefinition)):
            due, missed = without_missed(TimerDefinition.due(token), now, self._top.zone)
            if missed:
                token.own_memory.due = due
                self._top.touch(token)
                skipped[token.task_spec.bpmn_id] += missed
        return skipped

    def stop(self, now: dt.datetime) -> None:
        """Take every token away."""
        self._top.now = now
        going_back.stop(self._top)

    def move(self, target: Target) -> Moved:
        """To the specs of another release. When that has problems, or before it is loaded again,
        this instance is of no use."""
        return move(self._top, target)

    def variables(self) -> Data:
        """Process variables as they stand now, or stood at the end; of two writers the later one
        counts."""
        return detached(self._top.known())

    # --- what happened ----------------------------------------------------------------------------
    def drain(self) -> list[Thrown]:
        thrown, self._top.thrown = self._top.thrown, []
        return thrown

    def steps(self) -> list[Step]:
        steps, self._top.steps = self._top.steps, []
        return steps

    def decisions(self) -> list[Decision]:
        """What tables decided since the last call, in order."""
        decisions, self._top.decisions = self._top.decisions, []
        return decisions

    def delta(self) -> bytes:
        if self._carried:
            return self.snapshot()
        delta = self._deltas.delta()
        self._since += len(delta)
        return delta

    @property
    def outgrown(self) -> bool:
        """The deltas since the last full state are larger than it: writing another one costs no
        more than they did. Or it is small."""
        return self._since >= self._whole or self._whole <= SMALL

    def snapshot(self) -> bytes:
        prune(self._top)
        whole = snapshot(self._top)
        self._deltas.forget()
        self._whole, self._since, self._carried = len(whole), 0, False
        return whole

    # ---
    def _trigger(
        self, task_id: str, kind: type | tuple[type, ...], payload: dict[str, Any], now: dt.datetime
    ) -> bool:
        token = self._top.active.get(self._number(task_id))
        definition = None if token is None else getattr(token.task_spec, "event_definition", None)
        if (
            token is None
            or token.state != WAITING
            or token.failed
            or not isinstance(definition, kind)
        ):
            return False
        self._top.now = now
        self._top.trigger(token, payload)
        self._top.settle()
        return True

    def _stuck(self, task_id: str, now: dt.datetime) -> Token:
        """A token that failed, or a service task that waits."""
        token = self._top.active.get(self._number(task_id))
        if token is None or not (
            token.failed or (token.state == STARTED and token.task_spec.serves)
        ):
            raise NotRepairable(f"{task_id} does not stand still")
        self._top.now = now
        return token

    def _work(self, task_id: str) -> Token | None:
        token = self._top.active.get(self._number(task_id))
        if token is None:
            return None
        ready = token.state == READY and token.task_spec.manual
        started = token.state == STARTED and token.task_spec.serves
        return token if ready or started else None

    def _earlier(self, target: passed.Pass) -> Earlier:
        owner = target.owner
        home, spec = owner.workflow.spec, owner.task_spec
        for scope, name in target.place[-1:]:
            home = self._top.subprocess_specs.get(scope)
            spec = None if home is None else home.task_specs.get(name)
        known = spec is not None and passed.landing(self._top, target) is spec
        within = (
            [owner.task_spec.bpmn_id, *(name for _, name in target.place[:-1])]
            if target.place
            else []
        )
        return Earlier(
            self._id(target.number),
            spec.bpmn_id if spec is not None else target.place[-1].activity,
            home.process if home is not None else owner.workflow.spec.process,
            target.refusal or ("" if known else passed.GONE),
            tuple(within),
        )

    def _id(self, number: int) -> str:
        return f"{self._top.prefix}-{number}"

    def _number(self, task_id: str) -> int:
        prefix, _, number = task_id.rpartition("-")
        return int(number) if prefix == self._top.prefix and number.isdecimal() else 0
