"""A hand that plays small diagrams in memory, with no database, and the same after every reload."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from engine.compile import compile_release
from engine.errors import Finding
from engine.lint.rules import RULES
from engine.spiff import Release
from engine.types import Data, Functions, Thrown
from tests.kit.clock import BOGOTA, NOW
from tests.kit.diagrams import end, gate, model, process, start, user


def looping() -> bytes:
    """Two tasks in turn, for ever: cases as long as a test wants."""
    nodes = start() + user("A", "B") + gate("exclusive", "M", "X") + end()
    return model(process("P", nodes, "S>M M>A A>B B>X X>M* X>E?n~<~0", "n:integer"))


class Everything:
    def __contains__(self, _: object) -> bool:
        return True


def release(*contents: bytes, functions: Functions | None = None, **files: bytes) -> Release:
    """A release of these diagrams; an unexpected finding fails the test."""
    named = {f"{n}.bpmn": content for n, content in enumerate(contents)} | {
        k.replace("_dmn", ".dmn"): v for k, v in files.items()
    }
    built, findings = compile_release(
        named, handlers={"h"}, forms=Everything(), functions=functions or {}, zone=BOGOTA
    )
    assert [f for f in findings if f.severity == "error"] == []
    assert built is not None
    return built


def findings(
    *contents: bytes,
    handlers: Iterable[str] = ("h",),
    forms: Iterable[str] = (),
    functions: Functions | None = None,
    **files: bytes,
) -> list[Finding]:
    named = {f"{n}.bpmn": content for n, content in enumerate(contents)} | {
        k.replace("_dmn", ".dmn"): v for k, v in files.items()
    }
    built, found = compile_release(
        named, handlers=set(handlers), forms=set(forms), functions=functions or {}, zone=BOGOTA
    )
    assert (built is None) == any(f.severity == "error" for f in found)
    assert {f.rule for f in found} <= RULES.keys()
    return found


class Play:
    """Starts an instance and moves it; `reload` throws the live object away and rebuilds it from
    snapshot and deltas."""

    def __init__(
        self,
        built: Release,
        process_id: str = "P",
        /,
        now: dt.datetime = NOW,
        message_start: str | None = None,
        **data: Any,
    ) -> None:
        self.release, self.process, self.now = built, process_id, now
        self.live = built.start(process_id, data, now, message_start)
        self.base = self.live.snapshot()
        self.deltas: list[bytes] = []
        self.done: list[tuple[str, str]] = []
        self.thrown: list[Thrown] = []
        self.note()

    def note(self) -> "Play":
        self.done += [(s.element, s.state) for s in self.live.steps()]
        self.thrown += self.live.drain()
        self.deltas.append(self.live.delta())
        return self

    def reload(self) -> "Play":
        self.live = self.release.load(self.process, self.base, self.deltas)
        return self

    @property
    def users(self) -> list[str]:
        return [w.element for w in self.live.user_tasks()]

    @property
    def services(self) -> list[str]:
        return [w.element for w in self.live.service_tasks()]

    @property
    def timers(self) -> dict[str, dt.datetime]:
        return {t.element: t.due for t in self.live.timers()}

    @property
    def messages(self) -> dict[str, tuple[str, str]]:
        return {s.element: (s.message, s.key) for s in self.live.subscriptions()}

    @property
    def failures(self) -> dict[str, str]:
        return {f.element: f.error for f in self.live.failures()}

    @property
    def problems(self) -> dict[str, Any]:
        """Element -> the code of what is wrong there."""
        return {f.element: f.facts["problem"] for f in self.live.failures()}

    @property
    def finished(self) -> bool:
        return self.live.finished

    @property
    def path(self) -> list[str]:
        return [element for element, state in self.done if state == "done"]

    def find(self, element: str, number: int = 0) -> str:
        live = self.live
        waits: list[Any] = [
            *live.user_tasks(),
            *live.service_tasks(),
            *live.timers(),
            *live.subscriptions(),
            *live.failures(),
        ]
        return str([w.task_id for w in waits if w.element == element][number])

    def do(self, element: str, number: int = 0, /, **data: Any) -> "Play":
        self.live.complete(self.find(element, number), data, self.now)
        return self.note()

    def fail(self, element: str, code: str) -> bool:
        caught = self.live.fail(self.find(element), code, self.now)
        self.note()
        return caught

    def deliver(self, element: str, **payload: Any) -> bool:
        got = self.live.deliver(self.find(element), payload, self.now)
        self.note()
        return got

    def fire(self, element: str, number: int = 0) -> bool:
        fired = self.live.fire(self.find(element, number), self.now)
        self.note()
        return fired

    def retry(self, element: str) -> "Play":
        self.live.retry(self.find(element), self.now)
        return self.note()

    def data(self, element: str, number: int = 0) -> Data:
        return self.live.data(self.find(element, number))
