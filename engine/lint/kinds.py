"""Expressions that give something of another kind than is needed where they stand, or hold a part
that can give nothing.

What a variable holds is known by `engine.lint.values`; what nobody can know is never refused.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from engine.errors import Finding, Rule
from engine.lint.values import Given
from engine.model import kinds
from engine.model.expressions import Expression
from engine.model.kinds import Kinds
from engine.types import Functions

EXPRESSION_KIND: Final = Rule(
    "expression_kind", "BPMN 8.4.6", ("expression", "wanted", "given", "example")
)
FUNCTION_ARGUMENTS: Final = Rule(
    "function_arguments", "Ventanilla", ("expression", "function", "places", "number", "example")
)
KINDS_APART: Final = Rule(
    "kinds_apart",
    "Ventanilla",
    ("expression", "left", "found", "sign", "right", "given", "example"),
)
OPERAND_KIND: Final = Rule(
    "operand_kind", "Ventanilla", ("expression", "sign", "wanted", "operand", "given", "example")
)
PART_FAILS: Final = Rule(
    "part_fails", "Ventanilla", ("expression", "operand", "problem", "example")
)
TEXT_WITHOUT_QUOTES: Final = Rule("text_without_quotes", "Ventanilla", ("name", "example"))
TIME_PAST: Final = Rule("time_past", "Ventanilla", ("expression", "example"), "warning")

#: what is needed where an expression, or the name of a variable, stands → kinds that do
WANTED: Final[Mapping[str, Kinds]] = {
    "boolean": kinds.BOOLEAN,
    "number": kinds.NUMBERS,
    "integer": kinds.INTEGER,
    "time": kinds.TIMES,
    "list": kinds.LIST,
    "person": kinds.TEXTS,
    "anything": kinds.ANY,
}
_RULES: Final = {
    rule.code: rule for rule in (FUNCTION_ARGUMENTS, KINDS_APART, OPERAND_KIND, PART_FAILS)
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a process knows of its variables: what they hold, and which name people elsewhere in
    it."""

    given: Given
    holds: Mapping[str, Kinds]
    functions: Functions
    people: Sequence[str]


def known(given: Given, functions: Functions, holders: AbstractSet[str]) -> Known:
    holds = {name: domain.all_kinds for name, domain in given.items()}
    return Known(
        given,
        holds,
        functions,
        sorted(name for name in holders if name in holds and holds[name] <= kinds.TEXTS),
    )


def check(
    file: str,
    element: str,
    expression: Expression,
    wanted: str,
    known: Known,
    local: Mapping[str, Kinds],
) -> Iterator[Finding]:
    """`local`: what the element knows besides."""
    holds = {**known.holds, **local} if local else known.holds
    reading = kinds.read(expression, holds, known.functions)
    for clash in reading.clashes:
        example = _example(
            wanted, [clash.facts.get("operand", ""), clash.part, expression.text], holds, known
        )
        yield _RULES[clash.rule].at(
            file, element, **clash.facts, expression=expression.text, example=example
        )
    if not reading.clashes and not reading.kinds & WANTED[wanted]:
        yield _kind(file, element, expression.text, wanted, reading.kinds, holds, known)
    if wanted == "time" and kinds.is_always_past(expression, known.functions):
        yield TIME_PAST.at(
            file, element, expression=expression.text, example=_ahead(expression, holds, known)
        )


def check_name(file: str, element: str, name: str, wanted: str, known: Known) -> Iterator[Finding]:
    """A variable that stands there by its name."""
    found = known.holds.get(name, kinds.ANY)
    if not found & WANTED[wanted]:
        yield _kind(file, element, name, wanted, found, known.holds, known)


def _kind(
    file: str,
    element: str,
    text: str,
    wanted: str,
    given: Kinds,
    holds: Mapping[str, Kinds],
    known: Known,
) -> Finding:
    example = _example(wanted, [text], holds, known)
    return EXPRESSION_KIND.at(
        file, element, expression=text, wanted=wanted, given=kinds.name_of(given), example=example
    )


# --- texts that are taken for names ---------------------------------------------------------------
def unquoted(
    expression: Expression, unknown: frozenset[str], holds: Mapping[str, Kinds]
) -> dict[str, str]:
    """Names without a variable that are compared with a text → the expression with the name as a
    text."""
    found: dict[str, str] = {}
    for node in ast.walk(expression.tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [
            each
            for part in (node.left, *node.comparators)
            for each in (part.elts if isinstance(part, ast.List) else [part])
        ]
        names = [each for each in sides if isinstance(each, ast.Name)]
        if not any(kinds.TEXTS & holds.get(each.id, kinds.NONE) for each in names):
            continue
        for each in names:
            if each.id in unknown:
                written = expression.text.encode()
                begin, end = each.col_offset, each.end_col_offset or len(written)
                found.setdefault(
                    each.id, (written[:begin] + f"'{each.id}'".encode() + written[end:]).decode()
                )
    return found


# --- examples -------------------------------------------------------------------------------------
def _example(wanted: str, parts: Sequence[object], holds: Mapping[str, Kinds], known: Known) -> str:
    """What would be right there: of the same variables where they can be, else of others of the
    process."""
    written = [
        name
        for part in parts
        if isinstance(part, str) and part
        for name in kinds.variables_in(part)
    ]
    if wanted == "time":
        return _time(written, holds, known)
    if wanted == "person":
        return next(
            iter(known.people),
            next(
                (
                    name
                    for name in sorted(holds)
                    if name.endswith("_id") and _is(holds[name], "text")
                ),
                "",
            ),
        )
    if wanted in ("boolean", "anything"):
        return next(
            filter(None, (_question(name, holds, known) for name in (*written, *sorted(holds)))),
            "n > 2",
        )
    others = () if wanted in ("number", "integer") else sorted(holds)
    fits = (name for name in (*written, *others) if name in holds and holds[name] <= WANTED[wanted])
    return next(fits, "2" if wanted in ("number", "integer") else "")


def _time(written: Sequence[str], holds: Mapping[str, Kinds], known: Known) -> str:
    """A time that the expression names already, a function that gives one, or a variable that holds
    one."""
    named = (name for name in written if name in holds and holds[name] <= kinds.TIMES)
    made = (kinds.signature(name, function) for name, function in known.functions.items())
    calls = (each.example for each in made if each is not None and each.gives <= kinds.TIMES)
    others = (name for name in sorted(holds) if holds[name] <= kinds.TIMES)
    return next(named, None) or next(calls, None) or next(others, "P5D")


def _ahead(expression: Expression, holds: Mapping[str, Kinds], known: Known) -> str:
    """The same count from a moment that the process has, else one that goes forward from now."""
    moment = next((name for name in sorted(holds) if _is(holds[name], "moment")), "")
    tree = expression.tree
    if moment and isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name):
        made = kinds.signature(tree.func.id, known.functions[tree.func.id])
        if (
            made is not None
            and len(made.takes) == len(tree.args) + 1
            and "moment" in made.takes[-1]
        ):
            return f"{expression.text.removesuffix(')')}, {moment})"
    return _time((), holds, known)


def _question(name: str, holds: Mapping[str, Kinds], known: Known) -> str:
    found = holds.get(name, kinds.ANY)
    if found == kinds.BOOLEAN:
        return name
    if found <= kinds.NUMBERS:
        return f"{name} > 2"
    if found <= kinds.TIMES:
        return f"{name} < '2026-12-01'"
    if found == kinds.LIST:
        return f"len({name}) > 0"
    if found <= kinds.TEXTS:
        values = known.given[name].values if name in known.given else ()
        value = next((each for each in values if isinstance(each, str) and "'" not in each), "abc")
        return f"{name} == '{value}'"
    return ""


def _is(found: Kinds, kind: kinds.Kind) -> bool:
    return found == frozenset({kind})
