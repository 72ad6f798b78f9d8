"""Conditions that compare with what nobody can choose, decide or give: such a way is never taken, or always.

A variable is looked at when all that set it say their values: choices of fields, and decision tables. Handlers, records, messages and
whoever starts a process may bring any value, so a variable that one of them sets is left alone.
"""

import ast
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from engine.errors import Finding
from engine.errors import Rule
from engine.model.decision_tables import SEVERAL
from engine.model.expressions import Expression
from engine.model.files import ReleaseFiles
from engine.model.vocabulary import Process
from engine.types import Value

VALUE_NEVER_GIVEN: Final = Rule("value_never_given", "Ventanilla", ("name", "value", "given"), "warning")

Given = Mapping[str, tuple[Value, ...]]
_SAID: Final = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)


def given(files: ReleaseFiles) -> Given:
    """Variable -> all values that it can have beside none, of those that only fields and tables set in this release."""
    found: dict[str, list[Value]] = {}
    any_value: set[str] = set()
    for process in files.processes.values():
        any_value.update(process.variables)
        for name, values in _set_by(files, process):
            if values is None:
                any_value.add(name)
            else:
                found.setdefault(name, []).extend(values)
    return {name: tuple(values) for name, values in found.items() if name not in any_value}


def _set_by(files: ReleaseFiles, process: Process) -> Iterator[tuple[str, list[Value] | None]]:
    """Who sets which variable to one of which values; None: to any."""
    for element in process.elements.values():
        for field in element.fields:
            yield field.name, [value for value, _ in field.options] or None
        for output in element.outputs:
            if element.table is None:
                yield output.name, None
        if element.message is not None:
            yield from ((name, None) for name in element.message.payload)
        if element.schedule is not None and element.schedule.variable is not None:
            yield element.schedule.variable, None
        table = files.tables.get(element.table or "")
        if table is not None:
            for place, name in enumerate(table.outputs):
                yield name, None if table.policy in SEVERAL else [rule.outputs[place] for rule in table.rules]


def check(file: str, element: str, expression: Expression, known: Given) -> Iterator[Finding]:
    for name, value in sorted(_compared(expression.tree), key=repr):
        values = known.get(name)
        if values is not None and not any(_is(value, each) for each in values):
            shown = ", ".join(dict.fromkeys(str(each) for each in values))
            yield VALUE_NEVER_GIVEN.at(file, element, name=name, value=str(value)[:60], given=shown[:200])


def _compared(tree: ast.expr) -> set[tuple[str, Value]]:
    """Names beside written values; an empty text stands for nothing having been chosen."""
    found: set[tuple[str, Value]] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], _SAID):
            sides = (node.left, node.comparators[0])
            names = [side.id for side in sides if isinstance(side, ast.Name)]
            values = [part for side in sides for part in (side.elts if isinstance(side, ast.List) else [side])]
            if len(names) == 1:
                literals = [each.value for each in values if isinstance(each, ast.Constant)]
                found |= {(names[0], value) for value in literals if isinstance(value, (str, int, float)) and value != ""}
    return found


def _is(one: Value, other: Value) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other
