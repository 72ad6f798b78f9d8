"""Decision tables of DMN 1.3, evaluated by ourselves: UNIQUE is checked, and no matching rule is an
error."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from lxml import etree

from engine.errors import DecisionError, ExpressionError, Finding, Problem, Rule
from engine.model import xml
from engine.model.cells import Cell, cell, is_number, literal, literals
from engine.model.expressions import EXPRESSION, Expression, compile_expression
from engine.model.operations import equal, show
from engine.types import Data, Value

DMN_AGGREGATION: Final = Rule("dmn_aggregation", "DMN 1.3", ("table", "aggregation"))
DMN_CELL: Final = Rule("dmn_cell", "DMN 1.3", ("table", "number", "problem"))
DMN_EMPTY: Final = Rule("dmn_empty", "DMN 1.3")
DMN_HIT_POLICY: Final = Rule("dmn_hit_policy", "DMN 1.3", ("table", "policy"))
DMN_ID_MISSING: Final = Rule("dmn_id_missing", "DMN 1.3", ("table",))
DMN_INPUTS: Final = Rule("dmn_inputs", "DMN 1.3", ("table",))
DMN_NOT_A_TABLE: Final = Rule("dmn_not_a_table", "DMN 1.3", ("table",))
DMN_NOT_DMN: Final = Rule("dmn_not_dmn", "DMN 1.3", ("root",))
DMN_OUTPUTS: Final = Rule("dmn_outputs", "DMN 1.3", ("table", "outputs"))
DMN_OUTPUT_VALUE: Final = Rule("dmn_output_value", "DMN 1.3", ("table", "number", "value"))
DMN_PRIORITIES: Final = Rule("dmn_priorities", "DMN 1.3", ("table", "policy"))
DMN_RULE_SIZE: Final = Rule("dmn_rule_size", "DMN 1.3", ("table", "number"))
DMN_RULES: Final = Rule("dmn_rules", "DMN 1.3", ("table", "number", "maximum"))
DMN_VALUES: Final = Rule("dmn_values", "DMN 1.3", ("table", "values", "problem"))

POLICIES: Final = frozenset(
    {"UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"}
)
# these give lists, or what an aggregation makes of one
SEVERAL: Final = frozenset({"COLLECT", "RULE ORDER", "OUTPUT ORDER"})
# by the place of an output among its output values
ORDERED: Final = frozenset({"PRIORITY", "OUTPUT ORDER"})
# the first that counts gives the outputs, though others match
ONE_OF_MANY: Final = frozenset({"FIRST", "PRIORITY"})
# a last row of dashes counts when no other matches
WITH_ELSE: Final = frozenset({"UNIQUE", "FIRST"})
OTHER: Final = "(other)"  # in an example of a case: a text that no cell names
AGGREGATIONS: Final = frozenset({"SUM", "MIN", "MAX", "COUNT"})
MAX_RULES: Final = 500
MAX_LABEL: Final = 200  # letters of what the author says of a rule that go into each journal row


@dataclass(frozen=True, slots=True)
class TableRule:
    """One row. `label`: what its author says of it."""

    id: str
    cells: tuple[Cell, ...]
    outputs: tuple[Value, ...]
    label: str = ""

    @property
    def dash(self) -> bool:
        return all(cell.dash for cell in self.cells)

    def matches(self, values: Sequence[Value]) -> bool:
        return all(cell.test(value) for cell, value in zip(self.cells, values, strict=True))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a case was told: `inputs` as they were asked, the rules that decided (number, what its
    author says of it), and what they give, or the error instead."""

    inputs: Data
    rules: tuple[tuple[int, str], ...]
    result: Data | None
    error: DecisionError | None = None


@dataclass(frozen=True)
class Table:
    """`allowed`: what each input may hold (`inputValues`), which the lint tries. `priorities`: the
    output values of each output, the first counts most. `open`: its file says its input data, as
    the standard has it, and there a table may be incomplete. `file` and `sha256`: what it was read
    from, which the journal names beside each decision.
    """

    id: str
    name: str
    policy: str
    inputs: tuple[Expression, ...]
    types: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[TableRule, ...]
    allowed: tuple[Cell | None, ...] = ()
    priorities: tuple[tuple[Value, ...], ...] = ()
    aggregation: str = ""
    open: bool = False
    file: str = ""
    sha256: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(expression.names for expression in self.inputs))

    @cached_property
    def otherwise(self) -> TableRule | None:
        """The else row: a last rule of dashes only."""
        last = self.rules[-1] if self.rules else None
        return (
            last
            if last is not None and last.dash and len(self.rules) > 1 and self.policy in WITH_ELSE
            else None
        )

    def ask(self, data: Data, _now: dt.datetime | None = None) -> Answer:
        """As `decide`, with what led to it; an error is told, not raised."""
        values: list[Value] = []
        matching: Sequence[TableRule] = ()
        try:
            values = self.values(data)
            matching = self.counting(values)
            result = self.outcome(values, matching)
        except DecisionError as error:
            return Answer(self.named(values) if values else {}, _told(matching), None, error)
        return Answer(self.named(values), _told(self.deciding(matching)), result)

    def decide(self, data: Data) -> dict[str, Any]:
        """The outputs by name (lists, where several rules count). DecisionError: no rule, or more
        than the policy allows."""
        values = self.values(data)
        return self.outcome(values, self.counting(values))

    def values(self, data: Data) -> list[Value]:
        """What stands in each input. DecisionError: an expression cannot be computed."""
        try:
            return [expression(data) for expression in self.inputs]
        except ExpressionError as error:
            raise DecisionError.about(error.problem, table=self.id) from error

    def outcome(self, values: Sequence[Value], matching: Sequence[TableRule]) -> dict[str, Any]:
        """What `decide` gives of these values, which these rules match."""
        if self.aggregation == "COUNT":
            return {self.outputs[0]: len(matching)}
        if not matching:
            raise DecisionError("no_rule", table=self.id, inputs=self.named(values))
        if self.conflict(matching):
            raise DecisionError(
                "many",
                table=self.id,
                inputs=self.named(values),
                rules=", ".join(rule.id for rule in matching),
            )
        if self.policy not in SEVERAL:
            return dict(zip(self.outputs, matching[0].outputs, strict=True))
        columns = {
            name: [rule.outputs[place] for rule in matching]
            for place, name in enumerate(self.outputs)
        }
        return (
            columns
            if not self.aggregation
            else {name: _AGGREGATES[self.aggregation](found) for name, found in columns.items()}
        )

    def counting(self, values: Sequence[Value]) -> list[TableRule]:
        """The rules that match, in the order in which they count; the else row only when no other
        matches."""
        matching = [
            rule for rule in self.rules if rule is not self.otherwise and rule.matches(values)
        ]
        if not matching and self.otherwise is not None:
            return [self.otherwise]
        return sorted(matching, key=self._priority) if self.policy in ORDERED else matching

    def deciding(self, matching: Sequence[TableRule]) -> Sequence[TableRule]:
        """Of the rules that match, in the order in which they count, those whose outputs are
        given."""
        return matching[:1] if self.policy in ONE_OF_MANY else matching

    def conflict(self, matching: Sequence[TableRule]) -> bool:
        """Whether these rules may not match together: UNIQUE; ANY when they say different
        things."""
        if self.policy == "UNIQUE":
            return len(matching) > 1
        return self.policy == "ANY" and any(
            not _same(rule.outputs, matching[0].outputs) for rule in matching
        )

    def _priority(self, rule: TableRule) -> tuple[int, ...]:
        """8.2.11: the outputs from left to right; an output without output values does not
        count."""
        columns = zip(rule.outputs, self.priorities, strict=True)
        return tuple(
            next(place for place, each in enumerate(ordered) if equal(each, value))
            for value, ordered in columns
            if ordered
        )

    def named(self, values: Sequence[Value]) -> Data:
        """The values of the inputs by their expressions."""
        return {e.text: v for e, v in zip(self.inputs, values, strict=True)}

    def case(self, values: Sequence[Value]) -> Problem:
        """An example of what a table is asked, as a fact of a finding: screens say it in the words
        of its columns."""
        return Problem("case", self.named(values))


def _told(rules: Sequence[TableRule]) -> tuple[tuple[int, str], ...]:
    return tuple((int(rule.id), rule.label) for rule in rules)


def _same(one: Sequence[Value], other: Sequence[Value]) -> bool:
    return all(equal(left, right) for left, right in zip(one, other, strict=True))


_AGGREGATES: Final[dict[str, Any]] = {"SUM": sum, "MIN": min, "MAX": max}


# --- reading --------------------------------------------------------------------------------------
def read(file: str, root: etree._Element) -> tuple[list[Table], list[Finding]]:
    """The tables of a DMN file; what is not a table that we run is a finding."""
    tables, findings = [], []
    space = "{" + xml.namespace(root) + "}"
    if "/DMN/" not in space or xml.local(root) != "definitions":
        return [], [DMN_NOT_DMN.at(file, None, root=xml.local(root))]
    for decision in root.iter(space + "decision"):
        reader = _Reader(file, decision, space)
        table = reader.table()
        findings += reader.findings + reader.told
        if table is not None and not reader.findings:
            tables.append(table)
    if not tables and not findings:
        findings.append(DMN_EMPTY.at(file, None))
    return tables, findings


def label(rule: etree._Element, space: str) -> str:
    """The description of a rule, else its annotations (8.2.10)."""
    described = xml.text(rule.find(space + "description"))
    notes = [
        xml.text(each.find(space + "text")) for each in rule.findall(space + "annotationEntry")
    ]
    told = " ".join((described or " · ".join(filter(None, notes))).split())
    return told if len(told) <= MAX_LABEL else f"{told[: MAX_LABEL - 1]}…"


class _Reader:
    def __init__(self, file: str, decision: etree._Element, space: str) -> None:
        self.file, self.decision, self.space = file, decision, space
        self.id = decision.get("id", "")
        self.findings: list[Finding] = []
        # of values that were not read before: a table that was put in force then still runs
        self.told: list[Finding] = []

    def table(self) -> Table | None:
        node = self.decision.find(self.space + "decisionTable")
        if node is None:
            self._refuse(DMN_NOT_A_TABLE)
            return None
        policy = (node.get("hitPolicy") or "UNIQUE").upper()
        if policy not in POLICIES:
            self._refuse(DMN_HIT_POLICY, policy=policy)
        if not self.id:
            self._refuse(DMN_ID_MISSING)
        expressions = [self._input(each) for each in node.findall(self.space + "input")]
        allowed = tuple(
            self._values(each, "inputValues", cell) for each in node.findall(self.space + "input")
        )
        columns = node.findall(self.space + "output")
        outputs = tuple(
            each.get("name") or (self._name() if len(columns) == 1 else "") for each in columns
        )
        if not outputs or "" in outputs or len(set(outputs)) < len(outputs):
            self._refuse(DMN_OUTPUTS, outputs=" ".join(outputs))
        priorities = tuple(self._values(each, "outputValues", literals) or () for each in columns)
        rows = node.findall(self.space + "rule")
        if not rows or len(rows) > MAX_RULES:
            self._refuse(DMN_RULES, number=str(len(rows)), maximum=str(MAX_RULES))
        rules = [
            self._rule(number, row, len(expressions), len(outputs))
            for number, row in enumerate(rows, 1)
        ]
        if not expressions:
            self._refuse(DMN_INPUTS)
        kept = tuple(rule for rule in rules if rule is not None)
        self._ordered(policy, kept, priorities)
        aggregation = self._aggregation(node, policy, kept)
        if self.findings:
            return None
        kinds = tuple(kind for _, kind in expressions)
        found = tuple(expression for expression, _ in expressions if expression is not None)
        name = self.decision.get("name") or self.id
        return Table(
            self.id, name, policy, found, kinds, outputs, kept, allowed, priorities, aggregation
        )

    def _name(self) -> str:
        """8.3.4: a single output needs no name; what the decision gives is named by its variable,
        else by the decision itself."""
        variable = self.decision.find(self.space + "variable")
        names = (
            "" if variable is None else variable.get("name", ""),
            self.decision.get("name", ""),
            self.id,
        )
        return next((each for each in names if each.isidentifier()), "")

    def _values(self, column: etree._Element, tag: str, read: Any) -> Any:
        """What stands in `inputValues` or `outputValues` of a column; None without it."""
        node = column.find(self.space + tag)
        text = "" if node is None else xml.text(node.find(self.space + "text"))
        if not text:
            return None
        try:
            return read(text)
        except ExpressionError as error:
            self.told.append(
                DMN_VALUES.at(
                    self.file, self.id or None, table=self.id, values=text, problem=error.problem
                )
            )
            return None

    def _ordered(
        self, policy: str, rules: Sequence[TableRule], priorities: Sequence[tuple[Value, ...]]
    ) -> None:
        """An output is one of its output values; where the policy orders by them there are some."""
        for rule in rules:
            for value, ordered in zip(rule.outputs, priorities, strict=False):
                if ordered and not any(equal(value, each) for each in ordered):
                    found = DMN_OUTPUT_VALUE.at(
                        self.file, self.id or None, table=self.id, number=rule.id, value=show(value)
                    )
                    self.told.append(found)
        if policy in ORDERED and not any(priorities):
            self._refuse(DMN_PRIORITIES, policy=policy)

    def _aggregation(self, node: etree._Element, policy: str, rules: Sequence[TableRule]) -> str:
        """8.2.11: of a COLLECT table with one output; all but COUNT of numbers."""
        aggregation = (node.get("aggregation") or "").upper()
        outputs = [value for rule in rules for value in rule.outputs]
        single = all(len(rule.outputs) == 1 for rule in rules)
        sound = (
            aggregation in AGGREGATIONS
            and policy == "COLLECT"
            and single
            and (aggregation == "COUNT" or all(map(is_number, outputs)))
        )
        if aggregation and not sound:
            self._refuse(DMN_AGGREGATION, aggregation=aggregation)
        return aggregation

    def _input(self, node: etree._Element) -> tuple[Expression | None, str]:
        inner = node.find(self.space + "inputExpression")
        text = "" if inner is None else xml.text(inner)
        try:
            return compile_expression(text), (
                inner.get("typeRef") or ""
            ) if inner is not None else ""
        except ExpressionError as error:
            self.findings.append(
                EXPRESSION.at(self.file, self.id or None, expression=text, problem=error.problem)
            )
            return None, ""

    def _rule(
        self, number: int, node: etree._Element, inputs: int, outputs: int
    ) -> TableRule | None:
        ins = [xml.text(entry) for entry in node.findall(self.space + "inputEntry")]
        outs = [xml.text(entry) for entry in node.findall(self.space + "outputEntry")]
        if len(ins) != inputs or len(outs) != outputs:
            self._refuse(DMN_RULE_SIZE, number=str(number))
            return None
        try:
            return TableRule(
                str(number),
                tuple(map(cell, ins)),
                tuple(map(literal, outs)),
                label(node, self.space),
            )
        except ExpressionError as error:
            self._refuse(DMN_CELL, number=str(number), problem=error.problem)
            return None

    def _refuse(self, rule: Rule, **facts: str | Problem) -> None:
        self.findings.append(rule.at(self.file, self.id or None, table=self.id, **facts))
