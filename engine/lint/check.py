"""What would not run as drawn is refused, with the element, a rule code and the facts; screens make the sentence."""

from collections import Counter
from collections.abc import Container
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from lxml import etree

from engine.errors import Finding
from engine.lint import choreography
from engine.lint import collaboration
from engine.lint import conversations
from engine.lint import data
from engine.lint import drawing
from engine.lint import events
from engine.lint import flows
from engine.lint import references
from engine.lint import resources
from engine.lint import schema
from engine.lint import standard
from engine.lint import tasks
from engine.lint.variables import Variables
from engine.lint.variables import check as check_variables
from engine.model import decision_tables
from engine.model import xml
from engine.model.expressions import BUILTIN
from engine.model.files import World
from engine.model.graph import scopes
from engine.model.marks import IMPLICIT
from engine.model.vocabulary import FLOW_NODES
from engine.model.vocabulary import Diagram
from engine.model.vocabulary import Process
from engine.types import Functions

_RESERVED: Final = (".EndJoin", ".BoundaryEventSplit", " [child]", IMPLICIT, ".start", ".finish")
MAX_ERRORS: Final = 1_000
MAX_NODES: Final = 12_000
MAX_FLOWS_A_NODE: Final = 4
MAX_PROCESSES: Final = 30
MAX_RULES_TRIED: Final = 3_000_000


def check(world: World, xsd: Path, *, handlers: Container[str], forms: Container[str], functions: Functions) -> Iterator[Finding]:
    """All findings, those of the files first, up to as many errors as anybody would read; every warning before the last of them."""
    errors = 0
    for finding in _check(world, xsd, handlers=handlers, forms=forms, functions=functions):
        yield finding
        errors += finding.severity == "error"
        if errors == MAX_ERRORS:
            return


def _check(world: World, xsd: Path, *, handlers: Container[str], forms: Container[str], functions: Functions) -> Iterator[Finding]:
    """What is too large is said, and not looked at any further."""
    for diagram in world.diagrams.values():
        yield from schema.check(diagram, xsd)
        yield from _file(diagram)
        yield from _foreign(diagram)
        yield from references.check(diagram)
        yield from resources.check(diagram)
        yield from collaboration.check(diagram)
        yield from conversations.check(diagram)
        yield from choreography.check(diagram)
        yield from drawing.check(diagram)
        yield from data.check(diagram)
        yield from standard.expressions(diagram)
        yield from _imports(world, diagram)
    yield from _unique(world)
    if not world.processes or any(len(diagram.processes) > MAX_PROCESSES for diagram in world.diagrams.values()):
        return
    variables = Variables(world)
    for process in world.processes.values():
        file = world.file_of[process.id]
        if _too_large(process):
            continue
        for scope in scopes(process.node):
            yield from standard.check(world.diagrams[file], scope)
            yield from flows.check(file, scope, world.diagrams[file].ids)
            yield from events.check(world.diagrams[file], process, scope)
            yield from tasks.check(file, process, scope)
        yield from tasks.references(world, process, handlers=handlers, forms=forms)
        yield from check_variables(world, process, variables, functions)
        yield from events.signals(world, process)
    yield from _tables(world, variables)


def _file(diagram: Diagram) -> Iterator[Finding]:
    if not diagram.processes:
        yield Finding(diagram.file, None, "process_missing")
    elif len(diagram.processes) > MAX_PROCESSES:
        yield Finding(diagram.file, diagram.processes[0].id, "processes_too_many", {"maximum": str(MAX_PROCESSES)})
    for process in diagram.processes:
        if process.node.get("isExecutable", "true") not in ("true", "1"):
            yield Finding(diagram.file, process.id, "process_not_executable")
        elif process.node.get("processType") == "Public":
            yield Finding(diagram.file, process.id, "process_public")
        if _too_large(process):
            yield Finding(diagram.file, process.id, "process_too_large", {"maximum": str(MAX_NODES), "flows": str(MAX_FLOWS_A_NODE)})
    ids = Counter(node.get("id") for node in diagram.root.iter() if isinstance(node.tag, str) and node.get("id"))
    for id_, number in ids.items():
        if number > 1:
            yield Finding(diagram.file, id_, "id_duplicate", {"id": id_})
    for node in diagram.root.iter():
        if isinstance(node.tag, str) and node.tag.startswith(xml.BPMN) and xml.local(node) in (*FLOW_NODES, "process", "sequenceFlow"):
            yield from _identity(diagram.file, node)


def _too_large(process: Process) -> bool:
    """Too many elements, or so many flows that nobody could follow them."""
    flows = sum(1 for _ in process.node.iter(xml.BPMN + "sequenceFlow"))
    return len(process.nodes) > MAX_NODES or flows > MAX_FLOWS_A_NODE * (len(process.nodes) + 10)


def _identity(file: str, node: etree._Element) -> Iterator[Finding]:
    id_ = node.get("id", "")
    if not id_:
        yield Finding(file, None, "id_missing", {"element": xml.local(node), "line": str(node.sourceline)})
    elif id_.endswith(_RESERVED):
        yield Finding(file, id_, "id_reserved", {"id": id_})


def _imports(world: World, diagram: Diagram) -> Iterator[Finding]:
    """8.2.2: what is imported must be there. Diagrams of a release see each other without import; types are not used."""
    for node in xml.children(diagram.root, "import"):
        place = (node.get("location") or "").replace("\\", "/").rpartition("/")[2]
        if node.get("importType") != xml.BPMN[1:-1]:
            yield Finding(diagram.file, None, "import_unused", {"value": place}, "warning")
        elif place not in {file.rpartition("/")[2] for file in world.diagrams}:
            yield Finding(diagram.file, None, "import_unknown", {"value": place})


def _unique(world: World) -> Iterator[Finding]:
    """Processes and embedded sub-processes share one space of names in a release."""
    seen: dict[str, str] = {}
    for diagram in world.diagrams.values():
        for process in diagram.processes:
            for id_ in (scope.id for scope in scopes(process.node)):
                if id_ in seen and seen[id_] != diagram.file:
                    yield Finding(diagram.file, id_, "id_duplicate", {"id": id_, "other": seen[id_]})
                seen.setdefault(id_, diagram.file)


def _foreign(diagram: Diagram) -> Iterator[Finding]:
    """Extensions of other vendors stay in the file and do nothing; people should know."""
    for extensions in diagram.root.iter(xml.BPMN + "extensionElements"):
        host = extensions.getparent()
        for node in extensions:
            if isinstance(node.tag, str) and not node.tag.startswith((xml.OURS, xml.BPMN)):
                where = None if host is None else host.get("id")
                facts = {"element": xml.local(node), "namespace": xml.namespace(node)}
                yield Finding(diagram.file, where, "foreign_extension", facts, "warning")


def _tables(world: World, variables: Variables) -> Iterator[Finding]:
    """A table is tried with whole numbers only where every process that uses it gives whole numbers; all of them in bounded work."""
    left = MAX_RULES_TRIED
    for name, table in world.tables.items():
        users = [p for p in world.processes.values() if any(e.table == name for e in p.elements.values())]
        kinds = tuple(
            _kind(users, variables, expression.text, declared) for expression, declared in zip(table.inputs, table.types, strict=True)
        )
        tried = replace(table, types=kinds)
        left -= decision_tables.work(tried)
        if left < 0:
            yield Finding(world.table_files[name], name, "dmn_too_large_to_check", {"table": name})
            continue
        yield from decision_tables.check(world.table_files[name], tried)
        for expression in table.inputs:
            for function in sorted(expression.functions - BUILTIN):
                yield Finding(world.table_files[name], name, "function_unknown", {"function": function, "expression": expression.text})


def _kind(users: list[Process], variables: Variables, name: str, declared: str) -> str:
    found = {variables.of(process.id).get(name, "") for process in users}
    if len(found) == 1 and found <= {"integer", "boolean"}:
        return found.pop()
    return declared
