"""Small diagrams for tests, and a hand that plays them."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from engine.compile import compile_release
from engine.errors import Finding
from engine.lint.rules import RULES
from engine.spiff import Release
from engine.types import Data
from engine.types import Functions
from engine.types import Thrown
from tests.kit.clock import BOGOTA
from tests.kit.clock import NOW

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:ventanilla:bpmn:1" '
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'
)
LANES = "<laneSet id='ls_{0}'><lane id='ln_{0}'><extensionElements><v:lane role='asesor'/></extensionElements>{1}</lane></laneSet>"


def flows(text: str) -> tuple[str, dict[str, str]]:
    """ "A>B", "G>B?x == 1" (condition), "G>C*" (default); underscores stand for spaces in conditions."""
    result = ""
    defaults: dict[str, str] = {}
    for number, part in enumerate(text.split()):
        ends, _, condition = part.partition("?")
        source, target = ends.rstrip("*").split(">")
        id_ = f"f{number}_{source}_{target}"
        if ends.endswith("*"):
            defaults[source] = id_
        inner = f"<conditionExpression>{escape(condition.replace('~', ' '))}</conditionExpression>" if condition else ""
        result += f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'
    return result, defaults


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def scope(nodes: str, wires: str) -> str:
    """The content of a process or sub-process."""
    drawn, defaults = flows(wires)
    for source, flow in defaults.items():
        nodes = re.sub(f'id="{source}"', f'id="{source}" default="{flow}"', nodes, count=1)
    return nodes + drawn


def process(id_: str, nodes: str, wires: str, variables: str = "") -> str:
    """`variables`: names, all of type text unless "n:integer"."""
    declared = "".join(
        f'<v:variable name="{name}" type="{kind or "text"}"/>' for name, _, kind in (v.partition(":") for v in variables.split())
    )
    ids = re.findall(r'<(?:userTask|manualTask) id="([^"]+)"', nodes)
    members = "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in ids)
    return (
        f'<process id="{id_}" isExecutable="true"><extensionElements>{declared}</extensionElements>'
        f"{LANES.format(id_, members) if members else ''}{scope(nodes, wires)}</process>"
    )


def model(*processes: str, defs: str = "") -> bytes:
    return (HEAD + defs + "".join(processes) + "</definitions>").encode()


def start(id_: str = "S") -> str:
    return f'<startEvent id="{id_}"/>'


def end(*ids: str) -> str:
    return "".join(f'<endEvent id="{id_}"/>' for id_ in ids or ("E",))


def user(*ids: str, out: str = "") -> str:
    return "".join(f'<userTask id="{id_}"><extensionElements>{outputs(out)}</extensionElements></userTask>' for id_ in ids)


def outputs(names: str) -> str:
    return "".join(f'<v:output name="{name}" type="{kind or "text"}"/>' for name, _, kind in (n.partition(":") for n in names.split()))


def service(*ids: str, out: str = "") -> str:
    mark = f'<extensionElements><v:handler name="h"/>{outputs(out)}</extensionElements>'
    return "".join(f'<serviceTask id="{id_}">{mark}</serviceTask>' for id_ in ids)


def gate(kind: str, *ids: str) -> str:
    return "".join(f'<{kind}Gateway id="{id_}"/>' for id_ in ids)


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def message(name: str, key: str = "k", payload: str = "") -> tuple[str, str]:
    mark = f'<extensionElements><v:message key="{key}" payload="{payload}"/></extensionElements>'
    return mark, f'<messageEventDefinition messageRef="{name}"/>'


def event(tag: str, id_: str, inner: str, mark: str = "", attributes: str = "") -> str:
    return f'<{tag} id="{id_}" {attributes}>{mark}{inner}</{tag}>'


def catch(id_: str, inner: str, mark: str = "") -> str:
    return event("intermediateCatchEvent", id_, inner, mark)


def throw(id_: str, inner: str, mark: str = "") -> str:
    return event("intermediateThrowEvent", id_, inner, mark)


def boundary(id_: str, host: str, inner: str, mark: str = "", *, interrupts: bool = True) -> str:
    return event("boundaryEvent", id_, inner, mark, f'attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}"')


def sub(id_: str, nodes: str, wires: str) -> str:
    return f'<subProcess id="{id_}">{scope(nodes, wires)}</subProcess>'


def looping() -> bytes:
    """Two tasks in turn, for ever: cases as long as a test wants."""
    nodes = start() + user("A", "B") + gate("exclusive", "M", "X") + end()
    return model(process("P", nodes, "S>M M>A A>B B>X X>M* X>E?n~<~0", "n:integer"))


class Everything:
    def __contains__(self, _: object) -> bool:
        return True


def release(*contents: bytes, functions: Functions | None = None, **files: bytes) -> Release:
    """A release of these diagrams; an unexpected finding fails the test."""
    named = {f"{n}.bpmn": content for n, content in enumerate(contents)} | {k.replace("_dmn", ".dmn"): v for k, v in files.items()}
    built, findings = compile_release(named, handlers={"h"}, forms=Everything(), functions=functions or {}, zone=BOGOTA)
    assert [f for f in findings if f.severity == "error"] == []
    assert built is not None
    return built


def findings(
    *contents: bytes, handlers: Iterable[str] = ("h",), forms: Iterable[str] = (), functions: Functions | None = None, **files: bytes
) -> list[Finding]:
    named = {f"{n}.bpmn": content for n, content in enumerate(contents)} | {k.replace("_dmn", ".dmn"): v for k, v in files.items()}
    built, found = compile_release(named, handlers=set(handlers), forms=set(forms), functions=functions or {}, zone=BOGOTA)
    assert (built is None) == any(f.severity == "error" for f in found)
    assert {f.rule for f in found} <= RULES.keys()
    return found


class Play:
    """Starts an instance and moves it; `reload` throws the live object away and rebuilds it from snapshot and deltas."""

    def __init__(
        self, built: Release, process_id: str = "P", /, now: dt.datetime = NOW, message_start: str | None = None, **data: Any
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
        waits: list[Any] = [*live.user_tasks(), *live.service_tasks(), *live.timers(), *live.subscriptions(), *live.failures()]
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
