"""Expressions: that they compile, and read only variables that some element may set."""

import ast
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from engine.errors import ExpressionError, Finding, Rule
from engine.lint import kinds, values
from engine.lint.kinds import TEXT_WITHOUT_QUOTES
from engine.model import timers, xml
from engine.model.decision_tables import Table
from engine.model.expressions import EXPRESSION, compile_expression
from engine.model.files import ReleaseFiles
from engine.model.graph import event_definitions, scopes, timer_text
from engine.model.kinds import BOOLEAN, INTEGER, Kinds
from engine.model.operations import BUILTIN
from engine.model.vocabulary import PHASE_NAME, Process
from engine.types import Functions, Value

FUNCTION_UNKNOWN: Final = Rule("function_unknown", "Ventanilla", ("function", "expression"))
TIMER_VALUE: Final = Rule("timer_value", "BPMN 10.5.5", ("expression", "problem"))
VARIABLE_NAME: Final = Rule("variable_name", "Ventanilla", ("name",))
VARIABLE_NOT_DECISION: Final = Rule("variable_not_decision", "Ventanilla", ("name",))
VARIABLE_UNKNOWN: Final = Rule("variable_unknown", "Ventanilla", ("name",))

_NAME: Final = re.compile(r"[A-Za-zÁÉÍÓÚÜÑáéíóúüñ][A-Za-z0-9_ÁÉÍÓÚÜÑáéíóúüñ]*")
_RESERVED: Final = frozenset({
    "True", "False", "None", "and", "or", "not", "in", "is", "if", "else", "for", "lambda", "len", "min", "max",
    "numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances", "numberOfTerminatedInstances", "loopCounter",
})  # fmt: skip
_SOME_DAY: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
#: 10.3.8: what a repeated activity knows of itself
_COUNTS: Final = {
    "multiInstanceLoopCharacteristics": frozenset({
        "numberOfInstances", "numberOfCompletedInstances", "numberOfActiveInstances", "numberOfTerminatedInstances",
    }),
    "standardLoopCharacteristics": frozenset({"loopCounter"}),
}  # fmt: skip


class Variables:
    """Which variables each process may have, with their types ("" where a diagram does not say)."""

    def __init__(self, files: ReleaseFiles) -> None:
        self._files = files
        self._payloads = _payloads(files)
        self.given = values.given(files, self._payloads)
        self._own = {
            process.id: {name: kind for _, name, kind in self.written(process)}
            | dict(process.variables)
            for process in files.processes.values()
        }
        self.undecided = {
            process.id: {
                field.name
                for element in process.elements.values()
                for field in element.fields
                if not field.decision
            }
            for process in files.processes.values()
        }

    def of(self, process: str) -> dict[str, str]:
        """A called process gives back what it sets."""
        found: dict[str, str] = {}
        for id_ in sorted(self._files.closure(process), key=lambda each: each == process):
            found.update(self._own[id_])
        return found

    def written(self, process: Process) -> Iterator[tuple[str, str, str]]:
        """(element, variable, its type)."""
        for id_, element in process.elements.items():
            if element.message is not None:
                texts = {field.name for field in element.fields if not field.decision}
                arrives = {
                    name
                    for message in element.message.names
                    for name in self._payloads.get(message, ())
                }
                yield from ((id_, name, "") for name in arrives - texts)
            if (decision := self._files.decision(element.table)) is not None:
                yield from ((id_, name, "") for name in decision.outputs)
        for id_, node in process.nodes.items():
            yield from ((id_, name, "") for name in values.items(node))
        for id_, element in process.elements.items():
            yield from ((id_, field.name, field.type) for field in element.fields if field.decision)
            yield from ((id_, output.name, output.type) for output in element.outputs)


def _payloads(files: ReleaseFiles) -> dict[str, set[str]]:
    """Message name -> what travels with it, said by whoever throws or receives it."""
    found: dict[str, set[str]] = {}
    for process in files.processes.values():
        for element in process.elements.values():
            if element.message is not None:
                for name in element.message.names:
                    found.setdefault(name, set()).update(element.message.payload)
    return found


def check(
    files: ReleaseFiles, process: Process, variables: Variables, functions: Functions
) -> Iterator[Finding]:
    known = variables.of(process.id)
    file = files.file_of[process.id]
    for name in variables.of(process.id):
        if not _NAME.fullmatch(name) or name in _RESERVED or name in functions:
            yield VARIABLE_NAME.at(file, process.id, name=name)
    local = {element: dict(names) for element, names in _local_names(process)}
    given = variables.given[process.id]
    judged = kinds.known(
        given,
        functions,
        {each.holder for each in process.elements.values() if each.holder is not None},
    )
    for element, text, wanted in expressions(process):
        try:
            expression = compile_expression(text)
        except ExpressionError as error:
            rule = TIMER_VALUE if wanted == "time" else EXPRESSION
            yield rule.at(file, element, expression=text[:200], problem=error.problem)
            continue
        if (
            wanted == "time"
            and isinstance(expression.tree, ast.Constant)
            and isinstance(expression.tree.value, str)
        ):
            yield from _time(file, element, expression.tree.value)
            continue
        own = local.get(element, {})
        yield from kinds.check(file, element, expression, wanted, judged, own)
        yield from values.check(file, element, expression, given)
        for name in sorted(expression.functions - BUILTIN - functions.keys()):
            yield FUNCTION_UNKNOWN.at(file, element, function=name, expression=text)
        unknown = expression.names - known.keys() - own.keys() - variables.undecided[process.id]
        texts = kinds.unquoted(expression, unknown, {**judged.holds, **own}) if unknown else {}
        yield from (
            TEXT_WITHOUT_QUOTES.at(file, element, name=name, example=example)
            for name, example in sorted(texts.items())
        )
        yield from _names(
            file,
            element,
            expression.names - own.keys() - texts.keys(),
            known,
            variables.undecided[process.id],
        )
    for each in process.elements.values():
        if each.due and timers.is_literal(each.due):
            yield from _time(file, each.id, each.due)
    if process.case is not None and process.case.due and timers.is_literal(process.case.due):
        yield from _time(file, process.id, process.case.due)
    for element, name, wanted in _reads(process):
        yield from _names(file, element, [name], known, variables.undecided[process.id])
        yield from kinds.check_name(file, element, name, wanted, judged)
    for each in process.elements.values():
        decision = files.decision(each.table)
        if decision is not None:
            yield from _names(file, each.id, decision.names, known, variables.undecided[process.id])
        if isinstance(decision, Table):
            for asked in decision.inputs:
                yield from kinds.check(file, each.id, asked, "anything", judged, {})


def _names(
    file: str, element: str, names: Iterable[str], known: dict[str, str], undecided: set[str]
) -> Iterator[Finding]:
    for name in sorted(names):
        if name not in known:
            rule = VARIABLE_NOT_DECISION if name in undecided else VARIABLE_UNKNOWN
            yield rule.at(file, element, name=name)


def _reads(process: Process) -> Iterator[tuple[str, str, str]]:
    """Variables that are named without an expression, and what they have to be: keys, payloads,
    scopes of lanes, holders, collections."""
    for element in process.elements.values():
        if element.message is not None and element.message.key:
            yield element.id, element.message.key, "anything"
            yield from ((element.id, name, "anything") for name in element.message.payload)
        if (
            element.lane is not None
            and element.lane.scope is not None
            and element.type in ("userTask", "manualTask")
        ):
            yield element.id, element.lane.scope, "anything"
        if element.holder is not None:
            yield element.id, element.holder, "person"
        if element.schedule is not None and element.schedule.variable is not None:
            yield element.id, element.schedule.variable, "anything"
    for id_, node in process.nodes.items():
        for loop in xml.children(node, "multiInstanceLoopCharacteristics"):
            if reference := xml.text(xml.child(loop, "loopDataInputRef")):
                yield id_, reference, "list"


def _local_names(process: Process) -> Iterator[tuple[str, Mapping[str, Kinds]]]:
    """What an element knows of itself. A complex gateway: how many tokens have come, by each flow
    and in all; whether it begins."""
    for id_, node in process.nodes.items():
        yield from (
            (id_, dict.fromkeys(names, INTEGER))
            for kind, names in _COUNTS.items()
            if xml.child(node, kind) is not None
        )
    for scope in scopes(process.node):
        for id_ in scope.nodes:
            if scope.kind(id_) == "complexGateway":
                yield (
                    id_,
                    dict.fromkeys(
                        ("activationCount", *(flow.id for flow in scope.incoming(id_))), INTEGER
                    ),
                )
                yield from ((flow.id, {PHASE_NAME: BOOLEAN}) for flow in scope.outgoing(id_))


def _time(file: str, element: str, value: Value) -> Iterator[Finding]:
    """A time that is written out must make sense now, not when the first case gets there."""
    try:
        timers.first_due(value, _SOME_DAY, dt.UTC)
    except ExpressionError as error:
        yield TIMER_VALUE.at(file, element, expression=str(value)[:200], problem=error.problem)


def expressions(process: Process) -> Iterator[tuple[str, str, str]]:
    """Every expression of a process with the element that it belongs to, and what it has to
    give."""
    for element in process.elements.values():
        if element.due and not timers.is_literal(element.due):
            yield element.id, element.due, "time"
        if element.priority:
            yield element.id, element.priority, "number"
        yield from ((element.id, each.expr, "anything") for each in element.inputs if each.expr)
    if process.case is not None and process.case.due and not timers.is_literal(process.case.due):
        yield process.id, process.case.due, "time"
    for node in process.node.iter(xml.BPMN + "sequenceFlow"):
        text = xml.text(xml.child(node, "conditionExpression"))
        if text:
            yield node.get("id", ""), text, "boolean"
    for id_, node in process.nodes.items():
        for part in xml.children(node, "activationCondition", "completionCondition"):
            if text := xml.text(part):
                yield id_, text, "boolean"
        for definition in event_definitions(node):
            if watched := xml.text(xml.child(definition, "condition")):
                yield id_, watched, "boolean"
            text = timer_text(definition) if xml.local(definition) == "timerEventDefinition" else ""
            start = xml.local(node) == "startEvent" and process.elements[id_].scope is None
            if text and not timers.is_literal(text) and not start:
                yield id_, text, "time"
        for loop in xml.children(
            node, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
        ):
            for part in loop.iter(xml.BPMN + "condition"):
                yield id_, xml.text(part), "boolean"
            for part in xml.children(
                loop, "loopCardinality", "completionCondition", "loopCondition"
            ):
                if text := xml.text(part):
                    yield (
                        id_,
                        text,
                        "integer" if xml.local(part) == "loopCardinality" else "boolean",
                    )
