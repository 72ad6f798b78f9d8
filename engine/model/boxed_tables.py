"""Decision tables inside a decision graph (DMN 1.5, chapter 8): cells are unary tests of FEEL,
results any expression of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from lxml import etree

from engine.errors import DecisionError, ExpressionError
from engine.feel.builtins import FUNCTIONS
from engine.feel.evaluate import TESTED
from engine.feel.names import Names, normal
from engine.feel.plain import plain
from engine.feel.types import Type, conform
from engine.feel.values import Code, Env, Feel, Run, equal, nothing
from engine.model.decision_tables import MAX_RULES, POLICIES, SEVERAL, label
from engine.model.item_types import ItemTypes

_AGGREGATIONS: Final = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


class Reader(Protocol):
    """What reads the texts of a table (`boxed.Boxes`)."""

    space: str
    types: ItemTypes
    members: Names
    inside_of: str
    name: str

    def text(self, node: etree._Element | None) -> str: ...

    def feel(self, text: str, names: Names) -> Code: ...

    def tests(self, text: str, names: Names) -> Code: ...


@dataclass(frozen=True, slots=True)
class _Rule:
    number: int
    label: str
    tests: tuple[Code, ...]
    results: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    """`priorities`: of each output its values, the first counts most; `otherwise`: what it gives
    when no rule matches; `asked`: the texts of its inputs."""

    id: str  # of what it stands in
    name: str
    policy: str
    aggregation: str
    inputs: tuple[tuple[Code, Type | None, Code | None], ...]
    outputs: tuple[tuple[str, Type | None], ...]
    priorities: tuple[Code | None, ...]
    otherwise: tuple[Code, ...] | None
    rules: tuple[_Rule, ...]
    asked: tuple[str, ...]


def read(boxes: Reader, node: etree._Element, names: Names) -> Code:
    """ExpressionError: it is no table that we run."""
    space = boxes.space
    policy, aggregation = (
        (node.get("hitPolicy") or "UNIQUE").upper(),
        (node.get("aggregation") or "").upper(),
    )
    columns, rows = node.findall(space + "output"), node.findall(space + "rule")
    if policy not in POLICIES or (
        aggregation
        and (policy != "COLLECT" or aggregation not in _AGGREGATIONS or len(columns) > 1)
    ):
        raise ExpressionError(
            "feel_not_evaluated", construct=f"hitPolicy {policy} {aggregation}".strip()
        )
    outputs = tuple(
        (normal(each.get("name", "")), boxes.types.of(each.get("typeRef"))) for each in columns
    )
    if (
        not outputs
        or (len(outputs) > 1 and ("" in dict(outputs) or len(dict(outputs)) < len(outputs)))
        or len(rows) > MAX_RULES
    ):
        raise ExpressionError("feel_not_evaluated", construct="decisionTable")
    for name, _ in outputs:
        boxes.members.add(name)
    inputs = tuple(_input(boxes, each, names) for each in node.findall(space + "input"))
    defaults = [boxes.text(each.find(space + "defaultOutputEntry")) for each in columns]
    table = _Table(
        boxes.inside_of,
        boxes.name,
        policy,
        aggregation,
        inputs,
        outputs,
        tuple(_priority(boxes, each, names) for each in columns),
        tuple(boxes.feel(text, names) if text else nothing for text in defaults)
        if any(defaults)
        else None,
        tuple(
            _rule(boxes, number, each, names, (len(inputs), len(outputs)))
            for number, each in enumerate(rows, 1)
        ),
        tuple(
            boxes.text(each.find(space + "inputExpression"))
            for each in node.findall(space + "input")
        ),
    )
    if policy in ("PRIORITY", "OUTPUT ORDER") and not any(table.priorities):
        raise ExpressionError("feel_not_evaluated", construct=f"hitPolicy {policy}")
    return lambda env: _decided(table, env)


def _input(
    boxes: Reader, node: etree._Element, names: Names
) -> tuple[Code, Type | None, Code | None]:
    inner = node.find(boxes.space + "inputExpression")
    text = boxes.text(inner)
    if inner is None or not text:
        raise ExpressionError("empty_expression")
    allowed = boxes.text(node.find(boxes.space + "inputValues"))
    return (
        boxes.feel(text, names),
        boxes.types.of(inner.get("typeRef")),
        boxes.tests(allowed, names) if allowed else None,
    )


def _priority(boxes: Reader, node: etree._Element, names: Names) -> Code | None:
    """Output values are a list of expressions."""
    text = boxes.text(node.find(boxes.space + "outputValues"))
    return boxes.feel(f"[{text}]", names) if text else None


def _rule(
    boxes: Reader, number: int, node: etree._Element, names: Names, columns: tuple[int, int]
) -> _Rule:
    tests = [boxes.text(each) for each in node.findall(boxes.space + "inputEntry")]
    results = [boxes.text(each) for each in node.findall(boxes.space + "outputEntry")]
    if (len(tests), len(results)) != columns:
        raise ExpressionError("feel_not_evaluated", construct="rule")
    return _Rule(
        number,
        label(node, boxes.space),
        tuple(boxes.tests(text or "-", names) for text in tests),
        tuple(boxes.feel(text, names) if text else nothing for text in results),
    )


# --- deciding -------------------------------------------------------------------------------------
def _decided(table: _Table, env: Env) -> Feel:
    """What no rule decides, or several that may not, is null (8.2.11); where a case depends on it,
    an error (`Run.strict`)."""
    values: list[Feel] = []
    for expression, type_, allowed in table.inputs:
        value = conform(env.run, expression(env), type_)
        values.append(value)
        if allowed is not None and value is not None and allowed(_testing(value, env)) is not True:
            return _nothing(env.run, table, values)
    tested = [_testing(value, env) for value in values]
    matching = [rule for rule in table.rules if _matches(rule, tested)]
    if not matching and table.aggregation != "COUNT":
        return (
            _nothing(env.run, table, values)
            if table.otherwise is None
            else _result(table, table.otherwise, env)
        )
    if table.policy == "UNIQUE" and len(matching) > 1:
        return _nothing(env.run, table, values, matching)
    if table.policy == "FIRST":
        matching = matching[:1]
    results = [_result(table, rule.results, env) for rule in matching]
    if table.policy == "ANY" and any(
        equal(env.run, each, results[0]) is not True for each in results
    ):
        return _nothing(env.run, table, values, matching)
    if table.policy in ("PRIORITY", "OUTPUT ORDER"):
        matching, results = _ordered(table, matching, results, env)
    if table.policy == "PRIORITY":
        matching = matching[:1]
    env.run.rules[table.id] = [(rule.number, rule.label) for rule in matching]
    if table.aggregation:
        return FUNCTIONS[_AGGREGATIONS[table.aggregation]].call(env.run, [results])
    return env.run.items(results) if table.policy in SEVERAL else results[0]


def _testing(value: Feel, env: Env) -> Env:
    return Env(env.run, {TESTED: value}, env)


def _matches(rule: _Rule, tested: Sequence[Env]) -> bool:
    for test, value in zip(rule.tests, tested, strict=True):
        value.run.spend()
        if test(value) is not True:
            return False
    return True


def _nothing(run: Run, table: _Table, values: Sequence[Feel], rules: Sequence[_Rule] = ()) -> None:
    if not run.strict:
        return
    inputs = {text: plain(run, value) for text, value in zip(table.asked, values, strict=False)}
    if rules:
        raise DecisionError(
            "many",
            table=table.name,
            inputs=inputs,
            rules=", ".join(str(rule.number) for rule in rules),
        )
    raise DecisionError("no_rule", table=table.name, inputs=inputs)


def _result(table: _Table, results: Sequence[Code], env: Env) -> Feel:
    values = [
        conform(env.run, code(env), type_)
        for code, (_, type_) in zip(results, table.outputs, strict=True)
    ]
    return (
        values[0]
        if len(values) == 1
        else {name: value for (name, _), value in zip(table.outputs, values, strict=True)}
    )


def _ordered(
    table: _Table, rules: list[_Rule], results: list[Feel], env: Env
) -> tuple[list[_Rule], list[Feel]]:
    """8.2.11: by the place of each output among its values, from left to right; those that are none
    of them come last."""
    values = [None if code is None else code(env) for code in table.priorities]

    def place(pair: tuple[_Rule, Feel]) -> tuple[int, ...]:
        parts = (
            [pair[1]] if len(table.outputs) == 1 else [pair[1][name] for name, _ in table.outputs]
        )
        return tuple(
            next(
                (n for n, each in enumerate(ordered) if equal(env.run, each, part) is True),
                len(ordered),
            )
            for part, ordered in zip(parts, values, strict=True)
            if ordered is not None
        )

    pairs = sorted(zip(rules, results, strict=True), key=place)
    return [rule for rule, _ in pairs], [result for _, result in pairs]
