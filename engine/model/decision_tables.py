"""Decision tables of DMN 1.3, evaluated by ourselves: really unique where they say so, and never silent without a rule."""

import re
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from typing import Final

from lxml import etree

from engine.errors import DecisionError
from engine.errors import ExpressionError
from engine.errors import Finding
from engine.errors import Problem
from engine.errors import Rule
from engine.model import xml
from engine.model.expressions import EXPRESSION
from engine.model.expressions import Expression
from engine.model.expressions import compile_expression
from engine.model.operations import equal
from engine.model.operations import show
from engine.types import Data
from engine.types import Value

DMN_AGGREGATION: Final = Rule("dmn_aggregation", "DMN 1.3", ("table", "aggregation"))
DMN_CELL: Final = Rule("dmn_cell", "DMN 1.3", ("table", "number", "problem"))
DMN_EMPTY: Final = Rule("dmn_empty", "DMN 1.3")
DMN_HIT_POLICY: Final = Rule("dmn_hit_policy", "DMN 1.3", ("table", "policy"))
DMN_ID_MISSING: Final = Rule("dmn_id_missing", "DMN 1.3", ("table",))
DMN_INPUTS: Final = Rule("dmn_inputs", "DMN 1.3", ("table",))
DMN_NOT_A_TABLE: Final = Rule("dmn_not_a_table", "DMN 1.3", ("table",))
DMN_NOT_DMN: Final = Rule("dmn_not_dmn", "DMN 1.3", ("root",))
DMN_OUTPUTS: Final = Rule("dmn_outputs", "DMN 1.3", ("table", "outputs"))
DMN_RULE_SIZE: Final = Rule("dmn_rule_size", "DMN 1.3", ("table", "number"))
DMN_RULES: Final = Rule("dmn_rules", "DMN 1.3", ("table", "number", "maximum"))

POLICIES: Final = frozenset({"UNIQUE", "FIRST", "COLLECT"})
MAX_RULES: Final = 500
MAX_CELL: Final = 1_000

_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,10})?")
_TEXT = re.compile(r'"([^"]*)"')
_OPEN, _CLOSE = ("[", "]", "("), ("[", "]", ")")
_COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_BETWEEN_TESTS = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')

Test = Callable[[Value], bool]


@dataclass(frozen=True, slots=True)
class Cell:
    """One unary test, and the values at which its truth may change (for the lint)."""

    text: str
    test: Test
    points: tuple[Value, ...] = ()

    @property
    def dash(self) -> bool:
        return self.text in ("", "-")


@dataclass(frozen=True, slots=True)
class TableRule:
    """One row."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[Value, ...]

    @property
    def dash(self) -> bool:
        return all(cell.dash for cell in self.cells)

    def matches(self, values: Sequence[Value]) -> bool:
        return all(cell.test(value) for cell, value in zip(self.cells, values, strict=True))


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    name: str
    policy: str
    inputs: tuple[Expression, ...]
    types: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[TableRule, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(expression.names for expression in self.inputs))

    @property
    def otherwise(self) -> TableRule | None:
        """The else row: a last rule of dashes only."""
        last = self.rules[-1] if self.rules else None
        return last if last is not None and last.dash and len(self.rules) > 1 else None

    def decide(self, data: Data) -> dict[str, Any]:
        """The outputs by name (for COLLECT: lists). DecisionError: no rule, or more than the policy allows."""
        try:
            values = [expression(data) for expression in self.inputs]
        except ExpressionError as error:
            raise DecisionError.about(error.problem, table=self.id) from error
        matching = self._matching(values)
        if not matching:
            raise DecisionError("no_rule", table=self.id, inputs=self._inputs(values))
        if self.policy == "COLLECT":
            return {name: [rule.outputs[place] for rule in matching] for place, name in enumerate(self.outputs)}
        if self.policy == "UNIQUE" and len(matching) > 1:
            rules = ", ".join(rule.id for rule in matching)
            raise DecisionError("many", table=self.id, inputs=self._inputs(values), rules=rules)
        return dict(zip(self.outputs, matching[0].outputs, strict=True))

    def _matching(self, values: Sequence[Value]) -> list[TableRule]:
        """A UNIQUE or FIRST table's else row counts only when no other rule matches."""
        special = [rule for rule in self.rules if rule is not self.otherwise or self.policy == "COLLECT"]
        matching = [rule for rule in special if rule.matches(values)]
        if not matching and self.otherwise is not None:
            return [self.otherwise]
        return matching

    def _inputs(self, values: Sequence[Value]) -> Data:
        return {e.text: v for e, v in zip(self.inputs, values, strict=True)}

    def picture(self, values: Sequence[Value]) -> str:
        return ", ".join(f"{e.text} = {show(v)}" for e, v in zip(self.inputs, values, strict=True))


# --- cells ------------------------------------------------------------------------------------------------------------
def literal(text: str) -> Value:
    """A number, "text", true, false or null."""
    text = text.strip()
    if match := _TEXT.fullmatch(text):
        return match[1]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    try:
        return {"true": True, "false": False, "null": None}[text]
    except KeyError:
        problem = ExpressionError("not_a_cell_value", text=text) if text else ExpressionError("empty_value")
        raise problem from None


def cell(text: str) -> Cell:
    """A unary test. ExpressionError when it is none."""
    text = text.strip()
    if len(text) > MAX_CELL:
        raise ExpressionError("cell_too_long", maximum=MAX_CELL)
    if text in ("", "-"):
        return Cell("-", lambda _: True)
    if negated := _NOT.fullmatch(text):
        inner = _alternatives(negated[1])
        return Cell(text, lambda value: value is not None and not inner.test(value), inner.points)
    return _alternatives(text)


def _alternatives(text: str) -> Cell:
    parts = [_single(part.strip()) for part in _BETWEEN_TESTS.split(text)]
    if len(parts) == 1:
        return parts[0]
    points = tuple(point for part in parts for point in part.points)
    return Cell(text, lambda value: any(part.test(value) for part in parts), points)


def _single(text: str) -> Cell:
    if text[:1] in _OPEN and text[-1:] in _CLOSE and ".." in text:
        return _interval(text)
    if match := _COMPARISON.fullmatch(text):
        bound = _ordered(match[2])
        test = _ORDER[match[1]]
        return Cell(text, lambda value: _comparable(value, bound) and test(value, bound), (bound,))
    value = literal(text)
    return Cell(text, lambda given: equal(given, value), (value,))


def _interval(text: str) -> Cell:
    """[1..5], ]1..5[ or (1..5)."""
    first, _, last = text[1:-1].partition("..")
    low, high = _ordered(first), _ordered(last)
    if not _comparable(low, high) or low > high:  # type: ignore[operator]  # comparable says: both numbers or both texts
        raise ExpressionError("empty_interval", text=text)
    above = _ORDER[">=" if text[0] == "[" else ">"]
    below = _ORDER["<=" if text[-1] == "]" else "<"]

    def inside(value: Value) -> bool:
        return _comparable(value, low) and above(value, low) and below(value, high)

    return Cell(text, inside, (low, high))


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def _ordered(text: str) -> Value:
    value = literal(text)
    if value is None or isinstance(value, bool):
        raise ExpressionError("no_order", text=text)
    return value


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _comparable(one: Value, other: Value) -> bool:
    return (_is_number(one) and _is_number(other)) or (isinstance(one, str) and isinstance(other, str))


# --- reading ----------------------------------------------------------------------------------------------------------
def read(file: str, root: etree._Element) -> tuple[list[Table], list[Finding]]:
    """The tables of a DMN file; what is not a table that we run is a finding."""
    tables, findings = [], []
    space = "{" + xml.namespace(root) + "}"
    if "/DMN/" not in space or xml.local(root) != "definitions":
        return [], [DMN_NOT_DMN.at(file, None, root=xml.local(root))]
    for decision in root.iter(space + "decision"):
        reader = _Reader(file, decision, space)
        table = reader.table()
        findings += reader.findings
        if table is not None and not reader.findings:
            tables.append(table)
    if not tables and not findings:
        findings.append(DMN_EMPTY.at(file, None))
    return tables, findings


class _Reader:
    def __init__(self, file: str, decision: etree._Element, space: str) -> None:
        self.file, self.decision, self.space = file, decision, space
        self.id = decision.get("id", "")
        self.findings: list[Finding] = []

    def table(self) -> Table | None:
        node = self.decision.find(self.space + "decisionTable")
        if node is None:
            self._refuse(DMN_NOT_A_TABLE)
            return None
        policy = (node.get("hitPolicy") or "UNIQUE").upper()
        if policy not in POLICIES:
            self._refuse(DMN_HIT_POLICY, policy=policy)
        if node.get("aggregation"):
            self._refuse(DMN_AGGREGATION, aggregation=node.get("aggregation", ""))
        if not self.id:
            self._refuse(DMN_ID_MISSING)
        expressions = [self._input(each) for each in node.findall(self.space + "input")]
        outputs = tuple(each.get("name") or "" for each in node.findall(self.space + "output"))
        if not outputs or "" in outputs or len(set(outputs)) < len(outputs):
            self._refuse(DMN_OUTPUTS, outputs=" ".join(outputs))
        rows = node.findall(self.space + "rule")
        if not rows or len(rows) > MAX_RULES:
            self._refuse(DMN_RULES, number=str(len(rows)), maximum=str(MAX_RULES))
        rules = [self._rule(number, row, len(expressions), len(outputs)) for number, row in enumerate(rows, 1)]
        if not expressions:
            self._refuse(DMN_INPUTS)
        if self.findings:
            return None
        kinds = tuple(kind for _, kind in expressions)
        found = tuple(expression for expression, _ in expressions if expression is not None)
        kept = tuple(rule for rule in rules if rule is not None)
        return Table(self.id, self.decision.get("name") or self.id, policy, found, kinds, outputs, kept)

    def _input(self, node: etree._Element) -> tuple[Expression | None, str]:
        inner = node.find(self.space + "inputExpression")
        text = "" if inner is None else xml.text(inner)
        try:
            return compile_expression(text), (inner.get("typeRef") or "") if inner is not None else ""
        except ExpressionError as error:
            self.findings.append(EXPRESSION.at(self.file, self.id or None, expression=text, problem=error.problem))
            return None, ""

    def _rule(self, number: int, node: etree._Element, inputs: int, outputs: int) -> TableRule | None:
        ins = [xml.text(entry) for entry in node.findall(self.space + "inputEntry")]
        outs = [xml.text(entry) for entry in node.findall(self.space + "outputEntry")]
        if len(ins) != inputs or len(outs) != outputs:
            self._refuse(DMN_RULE_SIZE, number=str(number))
            return None
        try:
            return TableRule(str(number), tuple(map(cell, ins)), tuple(map(literal, outs)))
        except ExpressionError as error:
            self._refuse(DMN_CELL, number=str(number), problem=error.problem)
            return None

    def _refuse(self, rule: Rule, **facts: str | Problem) -> None:
        self.findings.append(rule.at(self.file, self.id or None, table=self.id, **facts))
