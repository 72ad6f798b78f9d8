"""From files to a release, or to the reasons why they are none."""

import datetime as dt
import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from engine.errors import Finding
from engine.lint import check, data, inputs, parts
from engine.lint.contents import FILE_UNKNOWN, ID_DUPLICATE, PARSER
from engine.model import graph_decisions, vocabulary, xml
from engine.model.files import ReleaseFiles, is_part
from engine.model.graph import event_definitions, started_together, starts_process
from engine.model.vocabulary import Process
from engine.rewrite import global_tasks
from engine.rewrite.juel import to_our_language
from engine.rewrite.normalise import normalise
from engine.rewrite.plain_values import to_plain_values
from engine.rewrite.qualified_names import to_plain_names
from engine.spiff.parser import SCHEMA, Context, NotBuildable, build
from engine.spiff.release import Release, Specs
from engine.types import NO_ACTIONS, ActionSpec, Functions, ProcessSpec


def compile_release(
    files: Mapping[str, bytes],
    *,
    handlers: Container[str],
    actions: Mapping[str, ActionSpec] = NO_ACTIONS,
    forms: Container[str],
    functions: Functions,
    zone: dt.tzinfo = dt.UTC,
) -> tuple[Release | None, list[Finding]]:
    """All findings at once; no release when one of them has severity "error". `zone`: of dates and
    hours without an offset."""
    parsed, findings = _read(files, xml.parse_new)
    findings += parts.check(files)
    findings += check.check(parsed, SCHEMA, handlers=handlers, forms=forms, functions=functions)
    findings += inputs.check(parsed, actions)
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    return _assemble(parsed, findings, functions, zone)


def compile_stored(
    files: Mapping[str, bytes], *, functions: Functions, zone: dt.tzinfo = dt.UTC
) -> tuple[Release | None, list[Finding]]:
    """Files that a deployment accepted once: rules that came later do not stop the cases that run
    on them."""
    return _assemble(_read(files, xml.parse)[0], [], functions, zone)


def _assemble(
    parsed: ReleaseFiles, findings: list[Finding], functions: Functions, zone: dt.tzinfo
) -> tuple[Release | None, list[Finding]]:
    specs: dict[str, Specs] = {}
    for process in parsed.processes.values():
        built = _build(parsed, process)
        if isinstance(built, Finding):
            findings.append(built)
        else:
            specs[process.id] = built
    if any(finding.severity == "error" for finding in findings):
        return None, findings
    processes = {process.id: _spec(parsed, process) for process in parsed.processes.values()}
    return Release(processes, {**parsed.tables, **parsed.graphs}, specs, functions, zone), findings


def _read(
    files: Mapping[str, bytes], parse: Callable[[bytes], etree._Element]
) -> tuple[ReleaseFiles, list[Finding]]:
    parsed, findings, roots = (
        ReleaseFiles(parts={name: text for name, text in files.items() if is_part(name)}),
        [],
        {},
    )
    for file, content in sorted(files.items()):
        if is_part(file):
            continue
        try:
            roots[file] = parse(content)
        except xml.XmlRefusedError as error:
            findings.append(error.rule.at(file, None))
    diagrams = {
        file: root
        for file, root in roots.items()
        if root.tag == xml.BPMN + "definitions" and not file.endswith(".dmn")
    }
    for root in diagrams.values():
        to_plain_values(root)
        to_plain_names(root)
        to_our_language(root)
    findings += data.calls(diagrams)
    tasks = global_tasks.find(diagrams.items())
    for file, root in roots.items():
        if file.endswith(".dmn"):
            others = [
                each for other, each in roots.items() if other.endswith(".dmn") and other != file
            ]
            findings += _read_tables(
                parsed, file, root, others, hashlib.sha256(files[file]).hexdigest()
            )
        elif file in diagrams:
            parsed.global_files.update(global_tasks.put_in_place(root, tasks))
            diagram = vocabulary.read(file, root)
            findings += diagram.findings
            parsed.add(diagram)
        else:
            findings.append(FILE_UNKNOWN.at(file, None, root=xml.local(root)))
    return parsed, findings


def _read_tables(
    parsed: ReleaseFiles,
    file: str,
    root: etree._Element,
    others: Iterable[etree._Element],
    sha256: str,
) -> Iterator[Finding]:
    tables, graphs, found = graph_decisions.read(file, root, others)
    yield from found
    for id_ in (*(table.id for table in tables), *(each.id for each in graphs)):
        if parsed.decision(id_) is not None:
            yield ID_DUPLICATE.at(file, id_, id=id_)
        parsed.table_files[id_] = file
    parsed.tables |= {table.id: replace(table, file=file, sha256=sha256) for table in tables}
    parsed.graphs |= {each.id: replace(each, file=file, sha256=sha256) for each in graphs}


def _build(parsed: ReleaseFiles, process: Process) -> Specs | Finding:
    inside = [parsed.processes[id_] for id_ in sorted(parsed.closure(process.id))]
    files = sorted({parsed.file_of[each.id] for each in inside})
    elements = {id_: element for each in inside for id_, element in each.elements.items()}
    context = Context(
        elements,
        parsed.diagrams,
        {**parsed.tables, **parsed.graphs},
        {each.id: each.initial for each in inside},
    )
    try:
        return build(
            context, {file: normalise(parsed.diagrams[file].root) for file in files}, process.id
        )
    except NotBuildable as error:
        return PARSER.at(parsed.file_of[process.id], process.id, problem=str(error))


def _spec(parsed: ReleaseFiles, process: Process) -> ProcessSpec:
    beginning = {id_: node for id_, node in process.nodes.items() if starts_process(node)}
    starts = [
        e
        for e in process.elements.values()
        if e.scope is None and (e.type == "startEvent" or e.id in beginning)
    ]
    signals = parsed.diagrams[parsed.file_of[process.id]].signals
    return ProcessSpec(
        id=process.id,
        name=process.name,
        file=parsed.file_of[process.id],
        version_tag=process.version_tag,
        elements=process.elements,
        message_starts=tuple(element.id for element in starts if element.message is not None),
        signal_starts=tuple(
            (element.id, signals[each.get("signalRef", "")])
            for element in starts
            for each in event_definitions(process.nodes[element.id])
            if xml.local(each) == "signalEventDefinition"
        ),
        starts_together={
            id_: gateway
            for id_, node in beginning.items()
            if (gateway := started_together(node)) is not None
        },
        uses=frozenset(_uses(parsed, process)),
        assumption=process.assumption,
        case=process.case,
        initial=process.initial,
        variables=process.variables,
    )


def _uses(parsed: ReleaseFiles, process: Process) -> Iterator[str]:
    """Files beside its own: of called processes, of global tasks, of tables, and the parts that its
    tasks are given; transitively."""
    own = parsed.file_of[process.id]
    for id_ in parsed.closure(process.id):
        files = {parsed.file_of[id_]}
        files |= {
            parsed.table_files[e.table]
            for e in parsed.processes[id_].elements.values()
            if e.table is not None
        }
        files |= {
            parsed.global_files[e]
            for e in parsed.processes[id_].elements
            if e in parsed.global_files
        }
        yield from files - {own}
        given = {
            each.value
            for element in parsed.processes[id_].elements.values()
            for each in element.inputs
        }
        yield from (part for part in parsed.parts if _without_ending(part) in given)


def _without_ending(part: str) -> str:
    """As a diagram names a part, without language and ending."""
    folder, slash, name = part.rpartition("/")
    return folder + slash + name.partition(".")[0]
