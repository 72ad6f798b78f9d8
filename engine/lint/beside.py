"""Elements that may run beside each other and use one variable: what the one writes the other
overwrites, or reads by chance.

A scope has one set of variables (BPMN 10.4.1), so the later writer counts. That is often meant;
where it is not, nothing fails, hence a warning. Two elements run beside each other where a split
leads to both by different ways and neither leads to the other but through it. A conditional event
is not told: to see what others write is what it is for.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import combinations
from typing import Final

from lxml import etree

from engine.errors import ExpressionError, Finding, Rule
from engine.lint.variables import Variables, expressions
from engine.model import xml
from engine.model.expressions import compile_expression
from engine.model.files import ReleaseFiles
from engine.model.graph import Scope, is_event_sub_process, scopes
from engine.model.vocabulary import Process

WRITTEN_BESIDE: Final = Rule("written_beside", "BPMN 10.4.1", ("name", "other"), severity="warning")
READ_BESIDE: Final = Rule("read_beside", "BPMN 10.4.1", ("name", "other"), severity="warning")
WRITTEN_BY_ITEMS: Final = Rule("written_by_items", "BPMN 13.3.7", ("name",), severity="warning")

AWAITED: Final = frozenset({"startEvent", "boundaryEvent", "intermediateCatchEvent"})


def check(files: ReleaseFiles, process: Process, variables: Variables) -> Iterator[Finding]:
    file = files.file_of[process.id]
    written: dict[str, set[str]] = defaultdict(set)  # variable → elements
    for element, name, _ in variables.written(process):
        if element in process.nodes:
            written[name].add(element)
    read: dict[str, set[str]] = defaultdict(set)
    for element, name in _read(process):
        read[name].add(element)
    asked = {
        name: (writers, read[name])
        for name, writers in written.items()
        if len(writers | read[name]) > 1
    }
    told = set[tuple[str, str, str]]()
    for scope in scopes(process.node) if asked else ():
        for ways in _ways(scope):
            for name, (writers, readers) in asked.items():
                for rule, element, writer in _meet(scope, process, ways, writers, readers):
                    if (rule.code, name, element) not in told:
                        told.add((rule.code, name, element))
                        yield rule.at(file, element, name=name, other=writer)
    yield from _items(file, process, written)


def _meet(
    scope: Scope,
    process: Process,
    ways: Mapping[str, int],
    writers: Iterable[str],
    readers: Iterable[str],
) -> Iterator[tuple[Rule, str, str]]:
    """(what is to be told, where, who writes beside it)."""
    by = {
        element: ways.get(_place(scope, process, element), 0)
        for element in sorted({*writers, *readers})
    }
    for one, other in combinations(sorted(writers), 2):
        if by[one] & ~by[other] and by[other] & ~by[one]:
            yield WRITTEN_BESIDE, one, other
    for reader in sorted(readers):
        for writer in sorted(writers):
            if by[reader] & ~by[writer] and by[writer] & ~by[reader]:
                yield READ_BESIDE, reader, writer


def _place(scope: Scope, process: Process, element: str) -> str:
    """The element of this scope in which it stands; "": it stands elsewhere."""
    node: etree._Element | None = process.nodes[element]
    while node is not None and node.getparent() is not scope.node:
        node = node.getparent()
    return "" if node is None else node.get("id", "")


def _read(process: Process) -> Iterator[tuple[str, str]]:
    """(element, variable). What decides reads its variables where it stands: a condition at the
    element from which its flow goes out; not an event that is awaited, which read them when what it
    belongs to began.
    """
    sources = {
        flow.get("id", ""): flow.get("sourceRef", "")
        for flow in process.node.iter(xml.BPMN + "sequenceFlow")
    }
    for element, text, _ in expressions(process):
        at = sources.get(element, element)
        if at in process.nodes and xml.local(process.nodes[at]) not in AWAITED:
            with suppress(ExpressionError):
                yield from ((at, name) for name in compile_expression(text).names)


def _ways(scope: Scope) -> Iterator[dict[str, int]]:
    """Of each place where ways part that are gone at the same time: element → the ways that lead to
    it, a bit each."""
    for id_, node in scope.nodes.items():
        if is_event_sub_process(node) and any(
            xml.is_false(start, "isInterrupting") for start in xml.children(node, "startEvent")
        ):
            yield {each: 1 if each == id_ else 2 for each in scope.nodes}
            continue
        begins = [[flow.target] for flow in scope.outgoing(id_)] if _splits(scope, id_) else []
        aside = [
            each
            for each in scope.boundaries(id_)
            if xml.is_false(scope.nodes[each], "cancelActivity")
        ]
        if aside:  # what the activity does and leads to, beside what each of its events leads to
            begins = [
                [id_, *(flow.target for flow in scope.outgoing(id_))],
                *([each] for each in aside),
            ]
        ways: dict[str, int] = defaultdict(int)
        for number, way in enumerate(begins):
            for each in _reached(scope, way, without=id_):
                ways[each] |= 1 << number
        if ways:
            yield ways


def _splits(scope: Scope, id_: str) -> bool:
    """More than one of its ways may be gone at once."""
    flows, kind = scope.outgoing(id_), scope.kind(id_)
    if len(flows) <= 1 or kind in ("exclusiveGateway", "eventBasedGateway"):
        return False
    default = scope.nodes[id_].get("default")
    return (
        kind.endswith("Gateway")
        or sum(flow.condition is None and flow.id != default for flow in flows) > 1
    )


def _reached(scope: Scope, begins: Iterable[str], *, without: str) -> set[str]:
    """What a token can come to, not through the place where the ways part."""
    seen = {each for each in begins if each in scope.nodes}
    todo = [each for each in seen if each != without]
    while todo:
        id_ = todo.pop()
        for each in (
            *(flow.target for flow in scope.outgoing(id_)),
            *scope.boundaries(id_),
            *scope.linked(id_),
        ):
            if each not in seen and each != without and each in scope.nodes:
                seen.add(each)
                todo.append(each)
    return seen


def _items(file: str, process: Process, written: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Items side by side write to the one variable, unless each keeps what it writes for an output
    collection."""
    for id_, node in process.nodes.items():
        for loop in xml.children(node, "multiInstanceLoopCharacteristics"):
            if (
                xml.is_true(loop, "isSequential")
                or xml.child(loop, "loopDataOutputRef") is not None
            ):
                continue
            own = {
                item.get("name") or item.get("id", "")
                for item in xml.children(loop, "inputDataItem", "outputDataItem")
            }
            inside = {each.get("id") for each in node.iter()}
            yield from (
                WRITTEN_BY_ITEMS.at(file, id_, name=name)
                for name, writers in sorted(written.items())
                if name not in own and writers & inside
            )
