"""What waits in an instance, kept from command to command."""

from dataclasses import dataclass, field
from typing import Any

from engine.spiff.data import Layer, detached
from engine.spiff.definitions import MessageDefinition, SignalDefinition, TimerDefinition
from engine.spiff.tokens import READY, STARTED, WAITING, Token, element_of
from engine.spiff.workflow import Workflow
from engine.types import Data, Failure, Subscription, TimerWait, Waiting


@dataclass(slots=True)
class Waits:
    """Everything that waits, by the id of its task, oldest first."""

    items: dict[str, Waiting] = field(default_factory=dict)
    services: dict[str, Waiting] = field(default_factory=dict)
    timers: dict[str, TimerWait] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    failures: dict[str, Failure] = field(default_factory=dict)

    def copy(self) -> "Waits":
        return Waits(
            dict(self.items),
            dict(self.services),
            dict(self.timers),
            dict(self.subscriptions),
            dict(self.failures),
        )

    def only(self, ids: list[str]) -> "Waits":
        """Those of these tasks, in this order."""
        return Waits(
            {id_: self.items[id_] for id_ in ids if id_ in self.items},
            {id_: self.services[id_] for id_ in ids if id_ in self.services},
            {id_: self.timers[id_] for id_ in ids if id_ in self.timers},
            {id_: self.subscriptions[id_] for id_ in ids if id_ in self.subscriptions},
            {id_: self.failures[id_] for id_ in ids if id_ in self.failures},
        )


class WaitsTracker:
    """Keeps them current: only tokens that changed are looked at again."""

    def __init__(self, top: Workflow) -> None:
        self._top = top
        self._now = Waits()
        self._since: set[int] = set()
        # each variable of the process as it was copied for people and handlers
        self._sources: dict[str, Any] = {}
        self._copies: dict[str, Any] = {}
        self._moved = False
        top.touched.update(top.active)

    def waits(self) -> Waits:
        """As it is now; the caller does not change it."""
        top = self._top
        if top.moved:
            self._copy()
        touched, top.touched = top.touched, set()
        self._since |= touched
        for number in sorted(touched):
            self._look(number)
        return self._now

    def begin(self) -> Waits:
        """As it is now, to keep; `changed` counts from here."""
        found = self.waits().copy()
        self._since.clear()
        return found

    def changed(self) -> list[str]:
        """Tasks that changed since `begin`, oldest first."""
        self.waits()
        return [self.id_of(number) for number in sorted(self._since)]

    def id_of(self, number: int) -> str:
        return f"{self._top.prefix}-{number}"

    def variables(self) -> Data | None:
        """Those of the process, when they changed since this was asked; the caller does not change
        them."""
        self.waits()
        moved, self._moved = self._moved, False
        return self._copies if moved else None

    def waiting(self, token: Token) -> Waiting:
        if self._top.moved:
            self._copy()
        own: dict[str, Any] = {}
        scope = token.data
        while isinstance(scope, Layer):
            mine, scope = scope.maps
            own = {**mine, **own}
        return Waiting(
            self.id_of(token.id),
            token.task_spec.bpmn_id,
            token.workflow.spec.process,
            detached(own),
            self._copies,
        )

    def _copy(self) -> None:
        """People and handlers are given copies, so that nothing that they do to them changes the
        process. Only what changed is copied."""
        self._top.moved = False
        now, known, copies = self._top.data, self._sources, self._copies
        for name in [name for name in known if name not in now]:
            del known[name], copies[name]
            self._moved = True
        if new := {
            name: value
            for name, value in now.items()
            if name not in known or known[name] is not value
        }:
            known.update(new)
            copies.update(detached(new))
            self._moved = True

    def _look(self, number: int) -> None:
        id_, now = self.id_of(number), self._now
        for place in (now.items, now.services, now.timers, now.subscriptions, now.failures):
            place.pop(id_, None)
        token = self._top.active.get(number)
        if token is None:
            return
        state, spec = token.state, token.task_spec
        failed = token.memory.failed
        if failed is not None:
            process = token.workflow.spec.process
            now.failures[id_] = Failure(
                id_, element_of(token), failed.text, process, failed.kind, failed.facts
            )
        if state == READY and spec.manual:
            now.items[id_] = self.waiting(token)
        elif state == STARTED and spec.serves:
            now.services[id_] = self.waiting(token)
        elif state == WAITING and failed is None:
            definition, place = getattr(spec, "event_definition", None), spec.bpmn_id
            if isinstance(definition, TimerDefinition):
                now.timers[id_] = TimerWait(id_, place, TimerDefinition.due(token).at)
            elif isinstance(
                definition, (MessageDefinition, SignalDefinition)
            ):  # messages have a key each, signals none
                now.subscriptions[id_] = Subscription(
                    id_, place, definition.name, token.memory.key or ""
                )
