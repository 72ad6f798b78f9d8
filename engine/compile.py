"""From files to a release, or to the reasons why they are none."""

from collections.abc import Container
from collections.abc import Iterator
from collections.abc import Mapping

from lxml import etree

from engine.errors import Finding
from engine.lint import check
from engine.lint import data
from engine.model import decision_tables
from engine.model import vocabulary
from engine.model import xml
from engine.model.files import World
from engine.model.graph import event_definitions
from engine.model.graph import started_together
from engine.model.graph import starts_process
from engine.model.vocabulary import Process
from engine.rewrite import global_tasks
from engine.rewrite.canonical import canonical
from engine.rewrite.normalise import normalise
from engine.rewrite.qualified_names import to_plain_names
from engine.spiff.parser import SCHEMA
from engine.spiff.parser import Context
from engine.spiff.parser import NotBuildable
from engine.spiff.parser import build
from engine.spiff.release import Release
from engine.spiff.release import Specs
from engine.types import ElementSpec
from engine.types import Functions
from engine.types import ProcessSpec


def compile_release(
    files: Mapping[str, bytes], *, handlers: Container[str], forms: Container[str], functions: Functions
) -> tuple[Release | None, list[Finding]]:
    """All findings at once; no release when one of them has severity "error"."""
    world, findings = _read(files)
    findings += check.check(world, SCHEMA, handlers=handlers, forms=forms, functions=functions)
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    return _assemble(world, findings, functions)


def compile_stored(files: Mapping[str, bytes], *, functions: Functions) -> tuple[Release | None, list[Finding]]:
    """Files that a deployment accepted once: rules that came later do not stop the cases that run on them."""
    return _assemble(_read(files)[0], [], functions)


def _assemble(world: World, findings: list[Finding], functions: Functions) -> tuple[Release | None, list[Finding]]:
    specs: dict[str, Specs] = {}
    for process in world.processes.values():
        built = _build(world, process)
        if isinstance(built, Finding):
            findings.append(built)
        else:
            specs[process.id] = built
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    processes = {process.id: _spec(world, process) for process in world.processes.values()}
    return Release(processes, world.tables, specs, functions), findings


def _read(files: Mapping[str, bytes]) -> tuple[World, list[Finding]]:
    world, findings, roots = World(), [], {}
    for file, content in sorted(files.items()):
        try:
            roots[file] = xml.parse(content)
        except xml.XmlRefusedError as error:
            findings.append(Finding(file, None, str(error), {"maximum": str(xml.MAX_BYTES)}))
    diagrams = {file: root for file, root in roots.items() if root.tag == xml.BPMN + "definitions" and not file.endswith(".dmn")}
    for root in diagrams.values():
        canonical(root)
        to_plain_names(root)
    findings += data.calls(diagrams)
    tasks = global_tasks.find(diagrams.items())
    for file, root in roots.items():
        if file.endswith(".dmn"):
            findings += _read_tables(world, file, root)
        elif file in diagrams:
            world.global_files.update(global_tasks.put_in_place(root, tasks))
            diagram = vocabulary.read(file, root)
            findings += diagram.findings
            world.add(diagram)
        else:
            findings.append(Finding(file, None, "file_unknown", {"root": xml.local(root)}))
    return world, findings


def _read_tables(world: World, file: str, root: etree._Element) -> Iterator[Finding]:
    tables, found = decision_tables.read(file, root)
    yield from found
    for table in tables:
        if table.id in world.tables:
            yield Finding(file, table.id, "id_duplicate", {"id": table.id})
        world.tables[table.id] = table
        world.table_files[table.id] = file


def _build(world: World, process: Process) -> Specs | Finding:
    inside = [world.processes[id_] for id_ in sorted(world.closure(process.id))]
    files = sorted({world.file_of[each.id] for each in inside})
    elements = {id_: element for each in inside for id_, element in each.elements.items()}
    context = Context(elements, world.diagrams, world.tables)
    try:
        return build(context, {file: normalise(world.diagrams[file].root) for file in files}, process.id)
    except NotBuildable as error:
        return Finding(world.file_of[process.id], process.id, "parser", {"problem": str(error)})


def _spec(world: World, process: Process) -> ProcessSpec:
    return ProcessSpec(
        id=process.id,
        name=process.name,
        file=world.file_of[process.id],
        version_tag=process.version_tag,
        elements=process.elements,
        message_starts=tuple(_message_starts(process)),
        signal_starts=tuple(_signal_starts(world, process)),
        starts_together={id_: gateway for id_, node in process.nodes.items() if (gateway := _gateway(node)) is not None},
        uses=frozenset(_uses(world, process)),
        assumption=process.assumption,
        initial=process.initial,
        variables=process.variables,
    )


def _message_starts(process: Process) -> Iterator[str]:
    for element in process.elements.values():
        if element.message is not None and element.scope is None and _begins(process, element):
            yield element.id


def _begins(process: Process, element: ElementSpec) -> bool:
    return element.type == "startEvent" or starts_process(process.nodes[element.id])


def _gateway(node: etree._Element) -> str | None:
    return started_together(node) if starts_process(node) else None


def _signal_starts(world: World, process: Process) -> Iterator[tuple[str, str]]:
    names = world.diagrams[world.file_of[process.id]].signals
    for element in process.elements.values():
        if element.scope is None and _begins(process, element):
            for each in event_definitions(process.nodes[element.id]):
                if xml.local(each) == "signalEventDefinition":
                    yield element.id, names[each.get("signalRef", "")]


def _uses(world: World, process: Process) -> Iterator[str]:
    """Files beside its own: of called processes, of global tasks and of tables, transitively."""
    own = world.file_of[process.id]
    for id_ in world.closure(process.id):
        files = {world.file_of[id_]}
        files |= {world.table_files[e.table] for e in world.processes[id_].elements.values() if e.table is not None}
        files |= {world.global_files[e] for e in world.processes[id_].elements if e in world.global_files}
        yield from files - {own}
