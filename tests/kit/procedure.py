"""Plays the product's diagrams in memory: people answer with plain dictionaries, handlers with what
a table says."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from engine.compile import compile_release
from engine.spiff import Release
from engine.types import Data, Thrown, Value
from tests.kit.clock import BOGOTA, NOW

BPMN = Path(__file__).resolve().parents[2] / "bpmn" / "m5_1_02"

#: What a handler answers: its outputs, or the code of the error that it raises.
Answer = Data | str
Results = Mapping[str, Answer | Callable[[Data, dt.datetime], Answer]]


def instant(now: dt.datetime, days: float) -> str:
    return (now + dt.timedelta(days=days)).isoformat()


def release() -> Release:
    files = {str(path.relative_to(BPMN)): path.read_bytes() for path in BPMN.rglob("*.*mn")}
    names = {
        kind: set(
            re.findall(rf'<v:{kind} (?:name|key)="([^"]+)"', b"".join(files.values()).decode())
        )
        for kind in ("handler", "form")
    }
    made, findings = compile_release(
        files, handlers=names["handler"], forms=names["form"], functions={}, zone=BOGOTA
    )
    assert made is not None, findings
    return made


class Play:
    """One instance with its clock. After every move the services answer and nothing may have
    failed."""

    def __init__(
        self,
        made: Release,
        process: str,
        data: Data,
        results: Results,
        *,
        message_start: str | None = None,
    ) -> None:
        self.spec = made.processes
        self.results = dict(results)
        self.now = NOW
        self.thrown: list[Thrown] = []
        self.path: list[str] = []
        self.live = made.start(process, data, NOW, message_start)
        self._settle()

    # --- looking ----------------------------------------------------------------------------------
    @property
    def open(self) -> list[str]:
        return [task.element for task in self.live.user_tasks()]

    @property
    def ended(self) -> str | None:
        """The end event of the process, once it is over."""
        return self.path[-1] if self.live.finished else None

    def timers(self) -> dict[str, dt.datetime]:
        return {timer.element: timer.due for timer in self.live.timers()}

    def waits_for(self) -> set[tuple[str, str]]:
        return {(each.message, each.key) for each in self.live.subscriptions()}

    def value(self, name: str) -> Value:
        return self.live.user_tasks()[0].data.get(name)

    def lane(self, element: str) -> tuple[str | None, str | None]:
        spec = next(p.elements[element] for p in self.spec.values() if element in p.elements)
        assert spec.lane is not None
        return spec.lane.role, spec.lane.scope

    # --- moving -----------------------------------------------------------------------------------
    def do(self, element: str, **values: Value) -> None:
        """A person completes this task."""
        task = next(task for task in self.live.user_tasks() if task.element == element)
        assert self.live.complete(task.task_id, values, self.now)
        self._settle()

    def hear(self, message: str, key: str, payload: Data | None = None) -> None:
        waiting = next(s for s in self.live.subscriptions() if (s.message, s.key) == (message, key))
        assert self.live.deliver(waiting.task_id, payload or {}, self.now)
        self._settle()

    def wait(self, time: dt.timedelta) -> None:
        """The clock goes on; timers fire in the order in which they are due."""
        until = self.now + time
        while due := sorted((t for t in self.live.timers() if t.due <= until), key=lambda t: t.due):
            self.now = max(self.now, due[0].due)
            assert self.live.fire(due[0].task_id, self.now)
            self._settle()
        self.now = until

    def _settle(self) -> None:
        while tasks := self.live.service_tasks():
            for task in tasks:
                self._serve(task.task_id, task.element, task.process, task.data)
        assert self.live.failures() == []
        self.thrown += self.live.drain()
        self.path += [step.element for step in self.live.steps() if step.state == "done"]

    def _serve(self, task_id: str, element: str, process: str, data: Data) -> None:
        spec = next(p.elements[element] for p in self.spec.values() if element in p.elements)
        assert spec.handler is not None, (process, element)
        result = self.results.get(spec.handler, {})
        answer = result(data, self.now) if callable(result) else result
        if isinstance(answer, str):
            assert self.live.fail(task_id, answer, self.now), (
                f"nobody catches {answer} of {element}"
            )
            return
        undeclared = set(answer) - {output.name for output in spec.outputs}
        assert not undeclared, f"{element} does not declare {undeclared}"
        self.live.complete(task_id, answer, self.now)
