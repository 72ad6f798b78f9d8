"""Conditions that compare with what nobody can choose, decide or give: such a way is never taken, or always.

A variable is looked at when all that set it say their values (choices of fields, and decision tables) or at least their type (the other
fields, the outputs of handlers and of records, what a process is started with). Messages, and what repeats an activity, may bring any
value, so a variable that one of them sets is left alone.
"""

import ast
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.errors import Finding
from engine.errors import Rule
from engine.model import xml
from engine.model.decision_tables import SEVERAL
from engine.model.expressions import Expression
from engine.model.files import ReleaseFiles
from engine.model.vocabulary import Process
from engine.types import Value

VALUE_NEVER_GIVEN: Final = Rule("value_never_given", "Ventanilla", ("name", "value", "values"), "warning")
VALUE_OF_OTHER_KIND: Final = Rule("value_of_other_kind", "Ventanilla", ("name", "value", "found"), "warning")

#: type of a field or an output → what its values are in a condition; what is not here is compared with nothing that can be written
_KINDS: Final = {
    **dict.fromkeys(("text", "longtext", "choice", "date", "email", "instant"), "text"),
    **dict.fromkeys(("number", "integer"), "number"),
    "boolean": "boolean",
}
_SAID: Final = (ast.Eq, ast.NotEq)
_AMONG: Final = (ast.In, ast.NotIn)


@dataclass(frozen=True, slots=True)
class Domain:
    """What a variable can be, beside nothing: these values, or any of these kinds."""

    values: tuple[Value, ...] = ()
    kinds: frozenset[str] = frozenset()

    def __or__(self, other: "Domain") -> "Domain":
        return Domain(self.values + other.values, self.kinds | other.kinds)


Given = Mapping[str, Domain]
#: Who sets a variable to anything.
_ANYTHING: Final = None


def given(files: ReleaseFiles) -> Given:
    """Variable -> what it can be, of those of which all that set them in this release say it."""
    found: dict[str, Domain] = {}
    any_value: set[str] = set()
    for process in files.processes.values():
        for name, domain in _set_by(files, process):
            if domain is _ANYTHING:
                any_value.add(name)
            else:
                found[name] = found.get(name, Domain()) | domain
    return {name: domain for name, domain in found.items() if name not in any_value}


def _set_by(files: ReleaseFiles, process: Process) -> Iterator[tuple[str, Domain | None]]:
    for name, kind in process.variables.items():
        yield name, _of_kind(kind)
    for node in process.nodes.values():
        yield from ((name, _ANYTHING) for name in items(node))
    for element in process.elements.values():
        for field in element.fields:
            yield field.name, Domain(tuple(value for value, _ in field.options)) if field.options else _of_kind(field.type)
        for output in element.outputs:
            if element.table is None:
                yield output.name, _of_kind(output.type)
        if element.message is not None:
            yield from ((name, _ANYTHING) for name in element.message.payload)
        if element.schedule is not None and element.schedule.variable is not None:
            yield element.schedule.variable, _ANYTHING
        table = files.tables.get(element.table or "")
        if table is not None:
            for place, name in enumerate(table.outputs):
                yield name, _ANYTHING if table.policy in SEVERAL else Domain(tuple(rule.outputs[place] for rule in table.rules))


def _of_kind(kind: str) -> Domain | None:
    return Domain(kinds=frozenset({_KINDS[kind]})) if kind in _KINDS else _ANYTHING


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
        if domain is None or _kind(value) in domain.kinds or any(_is(value, each) for each in domain.values):
            continue
        if domain.values:
            shown = ", ".join(dict.fromkeys(f"«{each}»" for each in domain.values))
            yield VALUE_NEVER_GIVEN.at(file, element, name=name, value=str(value)[:60], values=shown[:200])
        else:
            yield VALUE_OF_OTHER_KIND.at(file, element, name=name, value=str(value)[:60], found=" ".join(sorted(domain.kinds)))


def _kind(value: Value) -> str:
    return "boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"


def _compared(tree: ast.expr) -> set[tuple[str, Value]]:
    """Names beside written values; an empty text stands for nothing having been chosen. What a name is looked for in says nothing of it."""
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
            found |= {(names[0], value) for value in literals if isinstance(value, (str, int, float)) and value != ""}
    return found


def _is(one: Value, other: Value) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other
