"""A release: files that were checked together and run together."""

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.errors import NotFound, Problem
from engine.model.decision_tables import Table
from engine.model.due import due_at, priority_of
from engine.model.expressions import compile_expression
from engine.model.graph_decisions import GraphDecision
from engine.spiff import state, stored_form
from engine.spiff.data import detached
from engine.spiff.live import Live
from engine.spiff.migrate import Moved, Target
from engine.spiff.workflow import Workflow
from engine.types import Data, ElementSpec, Functions, InputSpec, ProcessSpec, Value

Specs = tuple[BpmnProcessSpec, dict[str, BpmnProcessSpec]]


class Release:
    """Immutable and shared by all threads."""

    def __init__(
        self,
        processes: Mapping[str, ProcessSpec],
        tables: Mapping[str, Table | GraphDecision],
        specs: Mapping[str, Specs],
        functions: Functions,
        zone: dt.tzinfo,
    ) -> None:
        self.processes = processes
        self.tables: Mapping[str, frozenset[str]] = {
            name: table.names for name, table in tables.items()
        }
        self._specs, self._functions, self._zone = specs, functions, zone

    def start(
        self, process_id: str, data: Data, now: dt.datetime, message_start: str | None = None
    ) -> Live:
        """A new instance, run until it waits. `message_start` names the start event: its message is
        `data`, or its time has come."""
        process = self.processes.get(process_id)
        if process is None:
            raise NotFound(f"process {process_id}")
        chosen = _start_event(process, message_start)
        top = self._workflow(process_id, secrets.token_hex(8))
        top.begin(top, detached({**top.spec.initial, **data}), chosen)
        live = Live(top)
        live.advance(now)
        return live

    def load(self, process_id: str, snapshot: bytes, deltas: Sequence[bytes]) -> Live:
        """The instance as it was at the last of these deltas."""
        if process_id not in self.processes:
            raise NotFound(f"process {process_id}")
        whole = stored_form.read(snapshot, filter(None, deltas))
        top = self._workflow(process_id, "")
        earlier = state.restore(top, whole)
        return Live(top, whole=len(snapshot), since=sum(map(len, deltas)), earlier=earlier)

    def receive(
        self, live: Live, process_id: str, mapping: Mapping[str, str], now: dt.datetime
    ) -> tuple[Live | None, Moved]:
        """Take over an instance of another release. No instance: the problems say why.

        `mapping` leads from ids of elements of the other release to ids of this one. The given
        instance is used up.
        """
        if process_id not in self.processes:
            return None, Moved([Problem("process_removed", {"element": process_id})])
        spec, inner = self._specs[process_id]
        moved = live.move(Target(spec, inner, mapping, now))
        if moved.problems:
            return None, moved
        return self.load(process_id, live.snapshot(), []), moved

    def due(self, spec: ElementSpec, data: Data, now: dt.datetime) -> dt.datetime | None:
        """When a user task that opens now is due."""
        return due_at(spec.due, data, self._functions, now, self._zone)

    def inputs(self, spec: ElementSpec, data: Data, now: dt.datetime) -> Data:
        """What the handler of a service task is given. Raises ExpressionError."""

        def computed(given: InputSpec) -> Value:
            return (
                given.value
                if given.expr is None
                else compile_expression(given.expr)(data, self._functions, now)
            )

        return {given.name: computed(given) for given in spec.inputs}

    def when(self, expression: str, data: Data, now: dt.datetime) -> dt.datetime | None:
        """The moment that this expression gives. Raises ExpressionError."""
        return due_at(expression, data, self._functions, now, self._zone)

    def priority(self, spec: ElementSpec, data: Data, now: dt.datetime | None = None) -> int:
        """Larger is more urgent; without an expression 0."""
        return priority_of(spec.priority, data, self._functions, now)

    def _workflow(self, process_id: str, prefix: str) -> Workflow:
        spec, inner = self._specs[process_id]
        return Workflow(spec, inner, self._functions, self._zone, prefix)


def _start_event(process: ProcessSpec, event_start: str | None) -> str | None:
    """The start that an event chose, else the one that waits for nothing. None: no start is
    drawn."""
    starts = [e for e in process.elements.values() if e.type == "startEvent" and e.scope is None]
    signals = [id_ for id_, _ in process.signal_starts]
    waiting = [*process.message_starts, *signals, *(e.id for e in starts if e.schedule is not None)]
    if event_start is not None:
        if event_start not in waiting:
            raise NotFound(f"start {event_start} of {process.id}")
        return event_start
    plain = [e.id for e in starts if e.id not in waiting]
    return next(iter(plain or waiting), None)
