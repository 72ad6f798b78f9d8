"""The file as a whole: what it contains, its ids, imports and extensions of others."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.errors import Finding, Rule
from engine.model import xml
from engine.model.files import ReleaseFiles
from engine.model.graph import scopes
from engine.model.marks import IMPLICIT
from engine.model.vocabulary import FLOW_NODES, NAMED, Diagram, Process

FILE_UNKNOWN: Final = Rule("file_unknown", "Ventanilla", ("root",))
FOREIGN_EXTENSION: Final = Rule(
    "foreign_extension", "Ventanilla", ("element", "namespace"), severity="warning"
)
ID_DUPLICATE: Final = Rule("id_duplicate", "BPMN 8.3.1", ("id",))
ID_GIVEN: Final = Rule("id_given", "BPMN 8.3.1", ("element", "line"), severity="warning")
ID_MISSING: Final = Rule("id_missing", "BPMN 8.3.1", ("element", "line"))
ID_RESERVED: Final = Rule("id_reserved", "Ventanilla", ("id",))
IMPORT_UNKNOWN: Final = Rule("import_unknown", "BPMN 8.2.2", ("value",))
IMPORT_UNUSED: Final = Rule("import_unused", "Ventanilla", ("value",), severity="warning")
PARSER: Final = Rule("parser", "Ventanilla", ("problem",))
PROCESS_MISSING: Final = Rule("process_missing", "Ventanilla")
PROCESS_NOT_EXECUTABLE: Final = Rule("process_not_executable", "BPMN 10.2.1")
PROCESS_PUBLIC: Final = Rule("process_public", "BPMN 10.2.1")
PROCESS_TOO_LARGE: Final = Rule("process_too_large", "Ventanilla", ("maximum", "flows"))
PROCESSES_TOO_MANY: Final = Rule("processes_too_many", "Ventanilla", ("maximum",))

MAX_NODES: Final = 12_000
MAX_FLOWS_A_NODE: Final = 4
MAX_PROCESSES: Final = 30
_RESERVED: Final = (".EndJoin", ".BoundaryEventSplit", " [child]", IMPLICIT, ".start", ".finish")


def check(files: ReleaseFiles, diagram: Diagram) -> Iterator[Finding]:
    yield from _content(diagram)
    yield from _ids(diagram)
    yield from _extensions(diagram)
    yield from _imports(files, diagram)


def _content(diagram: Diagram) -> Iterator[Finding]:
    if not diagram.processes:
        yield PROCESS_MISSING.at(diagram.file, None)
    elif len(diagram.processes) > MAX_PROCESSES:
        yield PROCESSES_TOO_MANY.at(
            diagram.file, diagram.processes[0].id, maximum=str(MAX_PROCESSES)
        )
    for process in diagram.processes:
        if process.node.get("isExecutable", "true") not in ("true", "1"):
            yield PROCESS_NOT_EXECUTABLE.at(diagram.file, process.id)
        elif process.node.get("processType") == "Public":
            yield PROCESS_PUBLIC.at(diagram.file, process.id)
        if too_large(process):
            yield PROCESS_TOO_LARGE.at(
                diagram.file, process.id, maximum=str(MAX_NODES), flows=str(MAX_FLOWS_A_NODE)
            )


def too_large(process: Process) -> bool:
    """Too many elements, or so many flows that nobody could follow them."""
    flows = sum(1 for _ in process.node.iter(xml.BPMN + "sequenceFlow"))
    return len(process.nodes) > MAX_NODES or flows > MAX_FLOWS_A_NODE * (len(process.nodes) + 10)


def _ids(diagram: Diagram) -> Iterator[Finding]:
    ids = Counter(
        node.get("id")
        for node in diagram.root.iter()
        if isinstance(node.tag, str) and node.get("id")
    )
    for id_, number in ids.items():
        if number > 1:
            yield ID_DUPLICATE.at(diagram.file, id_, id=id_)
    for node in diagram.root.iter(
        *(xml.BPMN + name for name in (*FLOW_NODES, "process", "sequenceFlow"))
    ):
        if not (id_ := node.get("id", "")):
            yield ID_MISSING.at(
                diagram.file, None, element=xml.local(node), line=str(node.sourceline)
            )
        elif id_.endswith(_RESERVED):
            yield ID_RESERVED.at(diagram.file, id_, id=id_)
    for node in diagram.root.iter(*(xml.BPMN + name for name in NAMED)) if diagram.nameless else ():
        if (id_ := node.get("id", "")) in diagram.nameless:
            yield ID_GIVEN.at(diagram.file, id_, element=xml.local(node), line=str(node.sourceline))


def unique(files: ReleaseFiles) -> Iterator[Finding]:
    """Processes and embedded sub-processes share one space of names in a release."""
    seen: dict[str, str] = {}
    for diagram in files.diagrams.values():
        for process in diagram.processes:
            for id_ in (scope.id for scope in scopes(process.node)):
                if id_ in seen and seen[id_] != diagram.file:
                    yield ID_DUPLICATE.at(diagram.file, id_, id=id_)
                seen.setdefault(id_, diagram.file)


def _extensions(diagram: Diagram) -> Iterator[Finding]:
    """Extensions of other vendors stay in the file and do nothing; people should know."""
    for extensions in diagram.root.iter(xml.BPMN + "extensionElements"):
        host = extensions.getparent()
        for node in extensions:
            if isinstance(node.tag, str) and not node.tag.startswith((xml.OURS, xml.BPMN)):
                where = None if host is None else host.get("id")
                yield FOREIGN_EXTENSION.at(
                    diagram.file, where, element=xml.local(node), namespace=xml.namespace(node)
                )


def _imports(files: ReleaseFiles, diagram: Diagram) -> Iterator[Finding]:
    """8.2.2: what is imported must be there. Diagrams of a release see each other without import;
    types are not used."""
    for node in xml.children(diagram.root, "import"):
        place = (node.get("location") or "").replace("\\", "/").rpartition("/")[2]
        if node.get("importType") != xml.BPMN[1:-1]:
            yield IMPORT_UNUSED.at(diagram.file, None, value=place)
        elif place not in {file.rpartition("/")[2] for file in files.diagrams}:
            yield IMPORT_UNKNOWN.at(diagram.file, None, value=place)
