"""Decision tables inside a decision graph (DMN 1.5, chapter 8): cells are unary tests of FEEL, results any expression of it."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from lxml import etree

from engine.errors import DecisionError
from engine.errors import ExpressionError
from engine.feel.builtins import FUNCTIONS
from engine.feel.evaluate import TESTED
from engine.feel.names import Names
from engine.feel.names import normal
from engine.feel.types import Type
from engine.feel.types import conform
from engine.feel.values import Code
from engine.feel.values import Env
from engine.feel.values import Feel
from engine.feel.values import Run
from engine.feel.values import equal
from engine.model import xml

if TYPE_CHECKING:
    from engine.model.boxed import Boxes

POLICIES: Final = frozenset({"UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"})
MAX_RULES: Final = 500
_AGGREGATIONS: Final = {"SUM": "sum", "MIN": "min", "MAX": "max", "COUNT": "count"}


@dataclass(frozen=True, slots=True)
class _Table:
    """`priorities`: of each output its values, the first counts most; `otherwise`: what it gives when no rule matches."""

    name: str
    policy: str
    aggregation: str
    inputs: tuple[tuple[Code, Type | None, Code | None], ...]
    outputs: tuple[tuple[str, Type | None], ...]
    priorities: tuple[Code | None, ...]
    otherwise: tuple[Code, ...] | None
    rules: tuple[tuple[tuple[Code, ...], tuple[Code, ...]], ...]


def read(boxes: "Boxes", node: etree._Element, names: Names) -> Code:
    """ExpressionError: it is no table that we run."""
    space = boxes.space
    policy, aggregation = (node.get("hitPolicy") or "UNIQUE").upper(), (node.get("aggregation") or "").upper()
    columns, rows = node.findall(space + "output"), node.findall(space + "rule")
    if policy not in POLICIES or (aggregation and (policy != "COLLECT" or aggregation not in _AGGREGATIONS or len(columns) > 1)):
        raise ExpressionError("feel_not_evaluated", construct=f"hitPolicy {policy} {aggregation}".strip())
    outputs = tuple((normal(each.get("name", "")), boxes.types.of(each.get("typeRef"))) for each in columns)
    if not outputs or (len(outputs) > 1 and ("" in dict(outputs) or len(dict(outputs)) < len(outputs))) or len(rows) > MAX_RULES:
        raise ExpressionError("feel_not_evaluated", construct="decisionTable")
    for name, _ in outputs:
        boxes.members.add(name)
    inputs = tuple(_input(boxes, each, names) for each in node.findall(space + "input"))
    defaults = [boxes.text(each.find(space + "defaultOutputEntry")) for each in columns]
    table = _Table(
        node.get("id", ""),
        policy,
        aggregation,
        inputs,
        outputs,
        tuple(_priority(boxes, each, names) for each in columns),
        tuple(boxes.feel(text, names) if text else (lambda env: None) for text in defaults) if any(defaults) else None,
        tuple(_rule(boxes, each, names, len(inputs), len(outputs)) for each in rows),
    )
    if policy in ("PRIORITY", "OUTPUT ORDER") and not any(table.priorities):
        raise ExpressionError("feel_not_evaluated", construct=f"hitPolicy {policy}")
    return lambda env: _decided(table, env)


def _input(boxes: "Boxes", node: etree._Element, names: Names) -> tuple[Code, Type | None, Code | None]:
    inner = node.find(boxes.space + "inputExpression")
    text = boxes.text(inner)
    if inner is None or not text:
        raise ExpressionError("empty_expression")
    allowed = boxes.text(node.find(boxes.space + "inputValues"))
    return boxes.feel(text, names), boxes.types.of(inner.get("typeRef")), boxes.tests(allowed, names) if allowed else None


def _priority(boxes: "Boxes", node: etree._Element, names: Names) -> Code | None:
    """Output values are a list of expressions."""
    text = boxes.text(node.find(boxes.space + "outputValues"))
    return boxes.feel(f"[{text}]", names) if text else None


def _rule(boxes: "Boxes", node: etree._Element, names: Names, inputs: int, outputs: int) -> tuple[tuple[Code, ...], tuple[Code, ...]]:
    tests = [boxes.text(each) for each in node.findall(boxes.space + "inputEntry")]
    results = [boxes.text(each) for each in node.findall(boxes.space + "outputEntry")]
    if len(tests) != inputs or len(results) != outputs:
        raise ExpressionError("feel_not_evaluated", construct="rule")
    return (
        tuple(boxes.tests(text or "-", names) for text in tests),
        tuple(boxes.feel(text, names) if text else (lambda env: None) for text in results),
    )


# --- deciding ---------------------------------------------------------------------------------------------------------
def _decided(table: _Table, env: Env) -> Feel:
    """What no rule decides, or several that may not, is null (8.2.11); where a case depends on it, an error (`Run.strict`)."""
    values = []
    for expression, type_, allowed in table.inputs:
        value = conform(env.run, expression(env), type_)
        if allowed is not None and value is not None and allowed(Env(env.run, {TESTED: value}, env)) is not True:
            return _none(env.run, table, "no_rule")
        values.append(Env(env.run, {TESTED: value}, env))
    matching = [results for tests, results in table.rules if _matches(tests, values)]
    if table.aggregation == "COUNT":
        return FUNCTIONS["count"].call(env.run, [[_result(table, each, env) for each in matching]])
    if not matching:
        return _none(env.run, table, "no_rule") if table.otherwise is None else _result(table, table.otherwise, env)
    if table.policy == "UNIQUE" and len(matching) > 1:
        return _none(env.run, table, "many")
    if table.policy in ("UNIQUE", "FIRST"):
        return _result(table, matching[0], env)
    found = [_result(table, each, env) for each in matching]
    return _POLICIES[table.policy](table, found, env)


def _matches(tests: Sequence[Code], values: Sequence[Env]) -> bool:
    for test, value in zip(tests, values, strict=True):
        value.run.spend()
        if test(value) is not True:
            return False
    return True


def _none(run: Run, table: _Table, code: str) -> None:
    if run.strict:
        raise DecisionError("no_rule" if code == "no_rule" else "many", table=table.name, inputs={}, **({} if code == "no_rule" else {"rules": ""}))


def _result(table: _Table, results: Sequence[Code], env: Env) -> Feel:
    values = [conform(env.run, code(env), type_) for code, (_, type_) in zip(results, table.outputs, strict=True)]
    return values[0] if len(values) == 1 else {name: value for (name, _), value in zip(table.outputs, values, strict=True)}


def _any(table: _Table, found: Sequence[Feel], env: Env) -> Feel:
    same = all(equal(env.run, each, found[0]) is True for each in found)
    return found[0] if same else _none(env.run, table, "many")


def _ordered(table: _Table, found: Sequence[Feel], env: Env) -> list[Feel]:
    """8.2.11: by the place of each output among its values, from left to right; those that are none of them come last."""
    values = [None if code is None else code(env) for code in table.priorities]

    def place(result: Feel) -> tuple[int, ...]:
        parts = [result] if len(table.outputs) == 1 else [result[name] for name, _ in table.outputs]
        return tuple(
            next((n for n, each in enumerate(ordered) if equal(env.run, each, part) is True), len(ordered))
            for part, ordered in zip(parts, values, strict=True)
            if ordered is not None
        )

    return sorted(found, key=place)


def _collected(table: _Table, found: list[Feel], env: Env) -> Feel:
    return FUNCTIONS[_AGGREGATIONS[table.aggregation]].call(env.run, [found]) if table.aggregation else env.run.items(found)


_POLICIES: Final[dict[str, Callable[[_Table, list[Feel], Env], Feel]]] = {
    "ANY": _any,
    "PRIORITY": lambda table, found, env: _ordered(table, found, env)[0],
    "OUTPUT ORDER": lambda table, found, env: env.run.items(_ordered(table, found, env)),
    "RULE ORDER": lambda table, found, env: env.run.items(found),
    "COLLECT": _collected,
}
