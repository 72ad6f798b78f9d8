"""Decision tables: overlaps, gaps and rules that never apply, proved by trying one value of every region of the cells."""

import itertools
import math
import re
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engine.errors import Finding
from engine.errors import Rule
from engine.lint.variables import FUNCTION_UNKNOWN
from engine.lint.variables import Variables
from engine.model.decision_tables import Cell
from engine.model.decision_tables import Table
from engine.model.files import ReleaseFiles
from engine.model.operations import BUILTIN
from engine.model.vocabulary import Process
from engine.types import Value

DMN_GAP: Final = Rule("dmn_gap", "DMN 1.3", ("table", "example"))
DMN_NO_ELSE: Final = Rule("dmn_no_else", "DMN 1.3", ("table",))
DMN_OVERLAP: Final = Rule("dmn_overlap", "DMN 1.3", ("table", "rules", "example"))
DMN_RULE_UNUSED: Final = Rule("dmn_rule_unused", "DMN 1.3", ("table", "rule"))
DMN_TOO_LARGE_TO_CHECK: Final = Rule("dmn_too_large_to_check", "DMN 1.3", ("table",))

MAX_PROBES: Final = 20_000
MAX_OVERLAPS: Final = 50
MAX_RULES_TRIED: Final = 3_000_000


def check(files: ReleaseFiles, variables: Variables) -> Iterator[Finding]:
    """A table is tried with whole numbers only where every process that uses it gives whole numbers; all of them in bounded work."""
    left = MAX_RULES_TRIED
    for name, table in files.tables.items():
        users = [p for p in files.processes.values() if any(e.table == name for e in p.elements.values())]
        kinds = tuple(
            _kind(users, variables, expression.text, declared) for expression, declared in zip(table.inputs, table.types, strict=True)
        )
        tried = replace(table, types=kinds)
        left -= work(tried)
        if left < 0:
            yield DMN_TOO_LARGE_TO_CHECK.at(files.table_files[name], name, table=name)
            continue
        yield from check_table(files.table_files[name], tried)
        for expression in table.inputs:
            for function in sorted(expression.functions - BUILTIN):
                yield FUNCTION_UNKNOWN.at(files.table_files[name], name, function=function, expression=expression.text)


def _kind(users: list[Process], variables: Variables, name: str, declared: str) -> str:
    found = {variables.of(process.id).get(name, "") for process in users}
    if len(found) == 1 and found <= {"integer", "boolean"}:
        return found.pop()
    return declared


def check_table(file: str, table: Table) -> Iterator[Finding]:
    """Overlaps of UNIQUE tables, gaps, rules that never apply: proved by trying one value of every region of the cells."""
    if table.policy == "FIRST" and table.otherwise is None:
        yield DMN_NO_ELSE.at(file, table.id, table=table.id)
    axes = _axes(table)
    if math.prod(map(len, axes)) > MAX_PROBES:
        yield DMN_TOO_LARGE_TO_CHECK.at(file, table.id, table=table.id)
        return
    special = [rule for rule in table.rules if rule is not table.otherwise or table.policy == "COLLECT"]
    overlaps: dict[tuple[str, str], str] = {}
    gap: str | None = None
    used: set[str] = set()
    for values in itertools.product(*axes):
        matching = [rule.id for rule in special if rule.matches(values)]
        if not matching and table.otherwise is None and gap is None:
            gap = table.picture(values)
        used.update(matching[:1] if table.policy == "FIRST" else matching)
        if table.policy == "UNIQUE" and len(overlaps) < MAX_OVERLAPS:
            for pair in itertools.islice(itertools.combinations(matching, 2), MAX_OVERLAPS):
                overlaps.setdefault(pair, table.picture(values))
    for (one, other), example in overlaps.items():
        yield DMN_OVERLAP.at(file, table.id, table=table.id, rules=f"{one}, {other}", example=example)
    if gap is not None:
        rule = DMN_GAP.as_warning() if table.policy == "COLLECT" else DMN_GAP
        yield rule.at(file, table.id, table=table.id, example=gap)
    for row in special:
        if row.id not in used:
            yield DMN_RULE_UNUSED.at(file, table.id, table=table.id, rule=row.id)


def work(table: Table) -> int:
    """How many rules `check` would try."""
    return math.prod(map(len, _axes(table))) * len(table.rules)


def _axes(table: Table) -> list[list[Value]]:
    return [_probes([rule.cells[place] for rule in table.rules], kind) for place, kind in enumerate(table.types)]


def _probes(cells: Sequence[Cell], kind: str) -> list[Value]:
    """One value for each region in which no cell of this column changes its answer."""
    points = [point for each in cells for point in each.points]
    numbers = sorted({float(p) for p in points if isinstance(p, (int, float)) and not isinstance(p, bool)})
    texts = sorted({p for p in points if isinstance(p, str)})
    probes: list[Value] = []
    if kind == "boolean" or any(isinstance(p, bool) for p in points):
        probes += [True, False]
    if numbers:
        between = [(low + high) / 2 for low, high in itertools.pairwise(numbers)]
        if kind in ("integer", "long"):
            between = [math.floor(b) for b in between if math.floor(b) not in numbers]
        probes += [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    if texts:
        ordered = any(re.search(r'(<|>|\.\.)\s*"|"\s*\.\.', each.text) for each in cells)
        probes += [*texts, *(text + " otro" for text in texts)] if ordered else [*texts, "(otro)"]
    return probes or [None]
