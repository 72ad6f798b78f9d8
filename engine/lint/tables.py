"""Decision tables: overlaps, gaps and rules that never apply, proved by trying one value of every
region of the cells."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from engine.errors import Finding, Problem, Rule
from engine.lint.variables import FUNCTION_UNKNOWN, Variables
from engine.model.cells import Cell, Moment
from engine.model.decision_tables import OTHER, SEVERAL, Table, TableRule
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
MAX_COLUMNS: Final = 100  # of a table whose rules may apply together
MAX_RULES_TRIED: Final = 3_000_000


def check(files: ReleaseFiles, variables: Variables) -> Iterator[Finding]:
    """A table is tried with whole numbers only where every process that uses it gives whole
    numbers; all of them in bounded work."""
    left = MAX_RULES_TRIED
    for name, table in files.tables.items():
        users = [
            p for p in files.processes.values() if any(e.table == name for e in p.elements.values())
        ]
        kinds = tuple(
            _kind(users, variables, expression.text, declared)
            for expression, declared in zip(table.inputs, table.types, strict=True)
        )
        tried = replace(table, types=kinds)
        left -= work(tried)
        if left < 0:
            yield DMN_TOO_LARGE_TO_CHECK.at(files.table_files[name], name, table=name)
            continue
        yield from check_table(files.table_files[name], tried)
        for expression in table.inputs:
            for function in sorted(expression.functions - BUILTIN):
                yield FUNCTION_UNKNOWN.at(
                    files.table_files[name], name, function=function, expression=expression.text
                )


def _kind(users: list[Process], variables: Variables, name: str, declared: str) -> str:
    found = {variables.of(process.id).get(name, "") for process in users}
    if len(found) == 1 and found <= {"integer", "boolean"}:
        return found.pop()
    return declared


def check_table(file: str, table: Table) -> Iterator[Finding]:
    """Overlaps of UNIQUE tables, gaps, rules that never apply: proved by trying one value of every
    region of the cells."""
    no_else, incomplete = (
        (DMN_NO_ELSE.as_warning(), DMN_GAP.as_warning()) if table.open else (DMN_NO_ELSE, DMN_GAP)
    )
    if table.policy == "FIRST" and table.otherwise is None:
        yield no_else.at(file, table.id, table=table.id)
    axes = _axes(table)
    if table.policy in SEVERAL:
        yield from _check_several(file, table, axes)
        return
    if math.prod(map(len, axes)) > MAX_PROBES:
        yield DMN_TOO_LARGE_TO_CHECK.at(file, table.id, table=table.id)
        return
    overlaps: dict[tuple[str, str], Problem] = {}
    gap: Problem | None = None
    used: set[str] = set()
    for values in itertools.product(*axes):
        counting = table.counting(values)
        if not counting and gap is None:
            gap = table.case(values)
        used.update(rule.id for rule in table.deciding(counting))
        if table.conflict(counting) and len(overlaps) < MAX_OVERLAPS:
            pairs = (pair for pair in itertools.combinations(counting, 2) if table.conflict(pair))
            for one, other in itertools.islice(pairs, MAX_OVERLAPS):
                overlaps.setdefault((one.id, other.id), table.case(values))
    for pair, example in overlaps.items():
        yield DMN_OVERLAP.at(file, table.id, table=table.id, rules=", ".join(pair), example=example)
    if gap is not None:
        yield incomplete.at(file, table.id, table=table.id, example=gap)
    for row in table.rules:
        if row.id not in used and row is not table.otherwise:
            yield DMN_RULE_UNUSED.at(file, table.id, table=table.id, rule=row.id)


def _check_several(file: str, table: Table, axes: Sequence[Sequence[Value]]) -> Iterator[Finding]:
    """Where rules may apply together, one applies when each of its cells can; columns are many
    where each judges something else."""
    if len(axes) > MAX_COLUMNS:
        yield DMN_TOO_LARGE_TO_CHECK.at(file, table.id, table=table.id)
        return
    for number, gap in enumerate(_regions(table.rules, axes)):
        if gap is not None:
            if table.aggregation != "COUNT":
                yield DMN_GAP.as_warning().at(
                    file, table.id, table=table.id, example=table.case(gap)
                )
            break
        if number >= MAX_PROBES * len(axes):
            yield DMN_TOO_LARGE_TO_CHECK.at(file, table.id, table=table.id)
            return
    for row in table.rules:
        if not all(any(map(cell.test, axis)) for cell, axis in zip(row.cells, axes, strict=True)):
            yield DMN_RULE_UNUSED.at(file, table.id, table=table.id, rule=row.id)


def _regions(
    rules: Sequence[TableRule], axes: Sequence[Sequence[Value]], before: tuple[Value, ...] = ()
) -> Iterator[tuple[Value, ...] | None]:
    """Regions in the order of their columns, no deeper than it takes to know: values that no rule
    is for; None where one is left."""
    place = len(before)
    if not rules:
        yield (*before, *(axis[0] for axis in axes[place:]))
        return
    yield None
    if not any(all(cell.dash for cell in rule.cells[place:]) for rule in rules):
        for value in axes[place]:
            yield from _regions(
                [rule for rule in rules if rule.cells[place].test(value)], axes, (*before, value)
            )


def work(table: Table) -> int:
    """How many rules `check` would try, at most."""
    axes = _axes(table)
    regions = math.prod(map(len, axes))
    if table.policy in SEVERAL:
        regions = (
            sum(map(len, axes))
            if any(rule.dash for rule in table.rules)
            else min(regions, MAX_PROBES)
        )
    return regions * len(table.rules)


def _axes(table: Table) -> list[list[Value]]:
    return [_axis(table, place, kind) for place, kind in enumerate(table.types)]


def _axis(table: Table, place: int, kind: str) -> list[Value]:
    """What an input may hold (`inputValues`) is all that is tried."""
    allowed = table.allowed[place] if table.allowed else None
    cells = [rule.cells[place] for rule in table.rules]
    if allowed is None:
        return _probes(cells, kind)
    return [value for value in _probes([*cells, allowed], kind) if allowed.test(value)] or [None]


def _probes(cells: Sequence[Cell], kind: str) -> list[Value]:
    """One value for each region in which no cell of this column changes its answer."""
    points = [point for each in cells for point in each.points]
    moments = [text for point in points if isinstance(point, Moment) for text in point.near()]
    numbers = sorted(
        {float(p) for p in points if isinstance(p, (int, float)) and not isinstance(p, bool)}
    )
    texts = sorted({p for p in points if isinstance(p, str)})
    probes: list[Value] = [*dict.fromkeys(moments)]
    if kind == "boolean" or any(isinstance(p, bool) for p in points):
        probes += [True, False]
    if numbers:
        between = [(low + high) / 2 for low, high in itertools.pairwise(numbers)]
        if kind in ("integer", "long"):
            between = [math.floor(b) for b in between if math.floor(b) not in numbers]
        probes += [numbers[0] - 1, *numbers, *between, numbers[-1] + 1]
    if texts:
        ordered = any(re.search(r'(<|>|\.\.)\s*"|"\s*\.\.', each.text) for each in cells)
        probes += [*texts, *(text + " otro" for text in texts)] if ordered else [*texts, OTHER]
    return probes or [None]
