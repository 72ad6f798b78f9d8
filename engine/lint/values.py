"""Conditions that compare with what nobody can choose, decide or give: such a way is never taken,
or always.

A variable is looked at when all that set it say their values (choices of fields, and decision
tables) or at least their type (the other fields, the outputs of handlers and of records, what a
process is started with). Messages, and what repeats an activity, may bring any value, so a variable
that one of them sets is left alone, unless the process declares what is given to it.

A process shares its variables with those that it calls and with those that call it; what others
call by the same name is another variable.
"""

import ast
from collections.abc import Iterator, Mapping, Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.model import xml
from engine.model.decision_tables import SEVERAL
from engine.model.expressions import Expression
from engine.model.files import ReleaseFiles
from engine.model.graph_decisions import GraphDecision
from engine.model.kinds import LIST, MOMENT, NUMBERS, OF_TYPE, TEXTS, Kind, Kinds, of_value
from engine.model.vocabulary import Process, ours
from engine.types import Value

VALUE_NEVER_GIVEN: Final = Rule(
    "value_never_given", "Ventanilla", ("name", "value", "values"), "warning"
)
VALUE_OF_OTHER_KIND: Final = Rule(
    "value_of_other_kind", "Ventanilla", ("name", "value", "found"), "warning"
)

_SAID: Final = (ast.Eq, ast.NotEq)
_AMONG: Final = (ast.In, ast.NotIn)


@dataclass(frozen=True, slots=True)
class Domain:
    """What a variable can be, beside nothing: these values, or any of these kinds."""

    values: tuple[Value, ...] = ()
    kinds: Kinds = frozenset()

    def __or__(self, other: "Domain") -> "Domain":
        return Domain(self.values + other.values, self.kinds | other.kinds)

    @property
    def all_kinds(self) -> Kinds:
        return self.kinds.union(*map(of_value, self.values))


Given = Mapping[str, Domain]
#: Who sets a variable to anything.
_ANYTHING: Final = None
#: Who takes what a message brings; the others send it.
_RECEIVE: Final = frozenset(
    {"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"}
)


def given(files: ReleaseFiles, payloads: Mapping[str, AbstractSet[str]]) -> dict[str, Given]:
    """Process -> variable -> what it can be, of those of which all that set them say it.
    `payloads`: message -> what travels with it."""
    own = {id_: list(_set_by(files, process, payloads)) for id_, process in files.processes.items()}
    below = {id_: files.closure(id_) for id_ in files.processes}
    return {
        id_: _together(
            [
                each
                for one in set().union(*(under for under in below.values() if id_ in under))
                for each in own[one]
            ]
        )
        for id_ in files.processes
    }


def _together(setters: list[tuple[str, Domain | None]]) -> Given:
    found: dict[str, Domain] = {}
    any_value: set[str] = set()
    for name, domain in setters:
        if domain is _ANYTHING:
            any_value.add(name)
        else:
            found[name] = found.get(name, Domain()) | domain
    return {name: domain for name, domain in found.items() if name not in any_value}


def _set_by(
    files: ReleaseFiles, process: Process, payloads: Mapping[str, AbstractSet[str]]
) -> Iterator[tuple[str, Domain | None]]:
    untyped = {mark.get("name") for mark in ours(process.node, "variable") if not mark.get("type")}
    for name, kind in process.variables.items():
        yield name, Domain(kinds=TEXTS) if name in untyped else _of_kind(kind)
    for id_, node in process.nodes.items():
        yield from ((name, _ANYTHING) for name in items(node))
        element = process.elements[id_]
        for field in element.fields:
            if field.decision:
                yield (
                    field.name,
                    Domain(tuple(value for value, _ in field.options))
                    if field.options
                    else _of_kind(field.type),
                )
        if element.table is None:
            untyped = {mark.get("name") for mark in ours(node, "output") if not mark.get("type")}
            for output in element.outputs:
                yield (
                    output.name,
                    Domain(kinds=TEXTS) if output.name in untyped else _of_kind(output.type),
                )
        if element.message is not None and element.type in _RECEIVE:
            arrives = {
                name for message in element.message.names for name in payloads.get(message, ())
            }
            yield from ((name, _ANYTHING) for name in arrives if name not in process.variables)
        if element.schedule is not None and element.schedule.variable is not None:
            yield element.schedule.variable, Domain(kinds=MOMENT)
        table = files.decision(element.table)
        if isinstance(table, GraphDecision):
            yield from ((name, _ANYTHING) for name in table.outputs)
        elif table is not None:
            for place, name in enumerate(table.outputs):
                yield (
                    name,
                    _ANYTHING
                    if table.policy in SEVERAL
                    else Domain(tuple(rule.outputs[place] for rule in table.rules)),
                )


def _of_kind(kind: str) -> Domain | None:
    return Domain(kinds=OF_TYPE[kind]) if kind in OF_TYPE else _ANYTHING


def items(node: etree._Element) -> Iterator[str]:
    """Variables that a multi-instance activity makes."""
    for loop in xml.children(node, "multiInstanceLoopCharacteristics"):
        for item in xml.children(loop, "inputDataItem", "outputDataItem"):
            yield item.get("name") or item.get("id", "")
        if reference := xml.text(xml.child(loop, "loopDataOutputRef")):
            yield reference


def check(file: str, element: str, expression: Expression, known: Given) -> Iterator[Finding]:
    for name, value in sorted(_compared(expression.tree), key=repr):
        domain = known.get(name)
        if domain is None or domain.kinds & LIST or any(_is(value, each) for each in domain.values):
            continue  # a list is compared with nothing that is looked at here
        found = {_coarse(kind) for kind in domain.kinds}
        if found & {_coarse(kind) for kind in of_value(value)}:
            continue
        if domain.values:
            shown = ", ".join(dict.fromkeys(f"«{each}»" for each in domain.values))
            yield VALUE_NEVER_GIVEN.at(
                file, element, name=name, value=str(value)[:60], values=shown[:200]
            )
        else:
            yield VALUE_OF_OTHER_KIND.at(
                file, element, name=name, value=str(value)[:60], found=" ".join(sorted(found))
            )


def _coarse(kind: Kind) -> str:
    return "number" if kind in NUMBERS else "text" if kind in TEXTS else kind


def _compared(tree: ast.expr) -> set[tuple[str, Value]]:
    """Names beside written values; an empty text stands for nothing having been chosen. What a name
    is looked for in says nothing of it."""
    found: set[tuple[str, Value]] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            continue
        sides: tuple[ast.expr, ...] = (node.left, node.comparators[0])
        if isinstance(node.ops[0], _AMONG) and isinstance(sides[1], ast.List):
            sides = (node.left, *sides[1].elts)
        elif not isinstance(node.ops[0], _SAID):
            continue
        names = [side.id for side in sides if isinstance(side, ast.Name)]
        if len(names) == 1:
            literals = [each.value for each in sides if isinstance(each, ast.Constant)]
            found |= {
                (names[0], value)
                for value in literals
                if isinstance(value, (str, int, float)) and value != ""
            }
    return found


def _is(one: Value, other: Value) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other
