"""The expression language: what it says, what it refuses, and that no text breaks out of it or
makes it hang."""

import contextlib
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.errors import ExpressionError, Problem
from engine.model.expressions import compile_expression, names
from engine.model.operations import MAX_NUMBER, MAX_TEXT
from engine.values import unstorable
from tests.kit.clock import NOW
from tests.kit.hostile_feel import ATTACKS


def value(text: Any, functions: Any = None, **data: Any) -> Any:
    return compile_expression(text)(data, functions, NOW)


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ("titularidad == 'verificada'", {"titularidad": "verificada"}, True),
        (
            "resultado_llamado == 'ausente' and n_llamados < 3",
            {"resultado_llamado": "ausente", "n_llamados": 3},
            False,
        ),
        ("ruta in ['sala', 'escrita']", {"ruta": "sala"}, True),
        ("ruta not in ['sala', 'escrita']", {"ruta": "sala"}, False),
        ("'poder' in tema", {"tema": "poder autenticado"}, True),
        ("not dispone", {"dispone": False}, True),
        ("calificacion <= 2", {"calificacion": 2}, True),
        ("dias_termino + prorroga_max", {"dias_termino": 15, "prorroga_max": 15}, 30),
        ("len(sistemas) > 0", {"sistemas": []}, False),
        (
            "(favorable == 'si' or favorable == 'parcial') and clase != 'solicitud'",
            {"favorable": "si", "clase": "queja"},
            True,
        ),
        ("1 < n <= 3", {"n": 3}, True),
        ("1 < n < 3", {"n": 3}, False),
        ("min(3, n) + max([1, n])", {"n": 2}, 4),
        ("-n * 2 - 1", {"n": 3}, -7),
        ("n / 4", {"n": 3}, 0.75),
        ("'a' + nombre", {"nombre": "ño"}, "año"),
        ("\"doble\" == 'doble'", {}, True),
        ("[1, [2, 'x']] == [1.0, [2, 'x']]", {}, True),
        ("fecha >= '2026-11-01'", {"fecha": "2026-11-24"}, True),
        ("x == None", {}, True),
        ("pedido.precio > 100", {"pedido": {"precio": 101}}, True),
        ("pedido.comprador.nombre", {"pedido": {"comprador": {"nombre": "Ana"}}}, "Ana"),
        ("pedidos[1].precio", {"pedidos": [{"precio": 1}, {"precio": 2}]}, 2),
        ("pedidos[7].precio == None", {"pedidos": []}, True),
        ("pedido.nada.nombre == None", {"pedido": {}}, True),
        ("pedido.precio == None", {}, True),
    ],
)
def test_the_documented_expressions_give_their_value(text: Any, data: Any, expected: Any) -> None:
    result = value(text, **data)
    assert result == expected
    assert type(result) is type(expected)


def test_a_boolean_is_never_a_number() -> None:
    assert value("x == 1", x=True) is False
    assert value("x in [0, 1]", x=True) is False
    assert value("[x] == [1]", x=True) is False
    with pytest.raises(ExpressionError, match="needs numbers"):
        value("x + 1", x=True)
    with pytest.raises(ExpressionError, match="not comparable"):
        value("x < 2", x=True)


@pytest.mark.parametrize(
    ("text", "data", "problem"),
    [
        ("n_llamados < 3", {}, Problem("not_comparable", {"sign": "<", "left": None, "right": 3})),
        ("not dispone", {}, Problem("needs_boolean", {"sign": "not", "value": None})),
        (
            "dispone and True",
            {"dispone": "no"},
            Problem("needs_boolean", {"sign": "and", "value": "no"}),
        ),
        ("n < 3", {"n": "2"}, Problem("not_comparable", {"sign": "<", "left": "2", "right": 3})),
        ("n / 0", {"n": 1}, Problem("division_by_zero")),
        ("x in 'texto'", {"x": 1}, Problem("not_searchable", {"value": "texto"})),
        ("'a' in x", {}, Problem("not_searchable", {"value": None})),
        ("len(n)", {"n": 3}, Problem("nothing_to_measure")),
        ("max([])", {}, Problem("nothing_to_choose", {"function": "max"})),
        ("dias_habiles(5)", {}, Problem("function_missing", {"function": "dias_habiles"})),
        ("x == y", {"x": {"a": 1}, "y": {"a": 1}}, Problem("structure_compared")),
        ("x.a", {"x": "texto"}, Problem("no_parts", {"step": "a", "value": "texto"})),
        ("x.a", {"x": [1]}, Problem("no_parts", {"step": "a", "value": [1]})),
        ("x[0]", {"x": "texto"}, Problem("no_parts", {"step": 0, "value": "texto"})),
        ("x.items", {"x": 1}, Problem("no_parts", {"step": "items", "value": 1})),
    ],
)
def test_a_failure_names_the_expression_and_what_is_wrong(
    text: Any, data: Any, problem: Problem
) -> None:
    with pytest.raises(ExpressionError) as caught:
        value(text, **data)
    assert caught.value.problem == Problem(problem.code, {**problem.facts, "expression": text})


@pytest.mark.parametrize("text", ["x", "'si'", "1", "x + 1"])
def test_only_true_and_false_are_conditions(text: Any) -> None:
    with pytest.raises(ExpressionError, match="not a condition"):
        compile_expression(text).condition({"x": 1})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "x = = 1",
        "x['a']",
        "x[-1]",
        "x[True]",
        "x[0:1]",
        "x[1.0]",
        "x[n]",
        "x.a.b.c.d.e.f",
        "x._oculta",
        "x.ﬁn",
        "x.get('a')",
        "'texto'.upper",
        "[1, 2][0]",
        "(x + y).z",
        "${x}",
        "{'a': 1}",
        "{1, 2}",
        "(1, 2)",
        "lambda: 1",
        "[i for i in x]",
        "x if y else z",
        "f'{x}'",
        "b'x'",
        "u'x'",
        "1j",
        "x ** 2",
        "x % 2",
        "x // 2",
        "x @ y",
        "x << 2",
        "~x",
        "+x",
        "x is None",
        "(y := 1)",
        "*x",
        "...",
        "__import__('os')",
        "_oculta",
        "x.__class__",
        "f(a=1)",
        "f(*x)",
        "f(**x)",
        "f()()",
        "len.x()",
        "x # comentario",
        "'a\\x41'",
        "x; y",
        "await x",
        "yield x",
        "1e400",
        str(MAX_NUMBER * 10),
        "x" * 501,
        "(" * 245 + "1" + ")" * 245,
        " + ".join("x" for _ in range(120)),
        "not " * 110 + "True",
        "ﬁn == 1",
        "x\x00",
    ],
)
def test_what_is_outside_the_language_is_refused_before_it_runs(text: Any) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(text)


def test_numbers_texts_and_lists_cannot_grow_without_bound() -> None:
    with pytest.raises(ExpressionError, match="number out of range"):
        value("n * n", n=10**9)
    with pytest.raises(ExpressionError, match="text too long"):
        value("t + t", t="a" * MAX_TEXT)
    with pytest.raises(ExpressionError, match="too many steps"):
        value("1 in t", t=[0] * 2_000)


def test_a_function_gets_its_values_and_the_instant_only_if_it_asks() -> None:
    def dias_habiles(n: Any, desde: Any = None, *, now: Any) -> str:
        return f"{n} {desde} {now.date()}"

    functions = {"dias_habiles": dias_habiles, "doble": lambda n: n * 2}
    assert value("dias_habiles(5)", functions) == "5 None 2026-11-24"
    assert value("dias_habiles(plazo, fecha)", functions, plazo=3, fecha="x") == "3 x 2026-11-24"
    assert value("doble(4)", functions) == 8
    with pytest.raises(ExpressionError, match="dias_habiles"):
        value("dias_habiles(1, 2, 3)", functions)


def test_what_a_function_gives_must_be_a_value() -> None:
    with pytest.raises(ExpressionError, match="datetime"):
        value("hoy()", {"hoy": lambda: NOW})


def test_names_are_the_variables_and_not_the_functions() -> None:
    assert names("len(sistemas) > 0 and ruta in ['sala', otra]") == {"sistemas", "ruta", "otra"}


def test_and_and_or_stop_at_the_first_answer() -> None:
    assert value("x != None and x > 1") is False
    assert value("x == None or x > 1") is True


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
atoms = st.sampled_from(
    [
        "x",
        "y",
        "1",
        "2.5",
        "'si'",
        "True",
        "None",
        "[1, 'a']",
        "len(x)",
        "min(x, y)",
        "x.a",
        "x[0]",
        "y.a[1].b",
    ]
)
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(
            inner,
            st.sampled_from(
                ["==", "!=", "<", ">=", "in", "not in", "and", "or", "+", "-", "*", "/"]
            ),
            inner,
        ).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda part: f"(not {part})"),
        inner.map(lambda part: f"(-{part})"),
    ),
    max_leaves=12,
)


@given(st.text(max_size=80))
def test_any_text_compiles_or_is_refused_with_our_error(text: Any) -> None:
    with contextlib.suppress(ExpressionError):
        assert compile_expression(text).text == (
            text.strip() if text.strip().startswith("=") else " ".join(text.split())
        )


@given(expressions, json_values, json_values)
def test_any_expression_of_the_language_gives_a_value_or_our_error_on_any_data(
    text: Any, x: Any, y: Any
) -> None:
    try:
        result = compile_expression(text)({"x": x, "y": y}, {}, NOW)
    except ExpressionError:
        return
    assert result is None or isinstance(result, (str, int, float, bool, list, dict))


@given(expressions, json_values)
def test_an_evaluation_never_changes_the_data(text: Any, x: Any) -> None:
    data = {"x": x, "y": [1, 2]}
    before = repr(data)
    with contextlib.suppress(ExpressionError):
        compile_expression(text)(data, {}, NOW)
    assert repr(data) == before


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(1, 1000))
def test_arithmetic_agrees_with_python(a: Any, b: Any, c: Any) -> None:
    assert value("a + b * c - a / c", a=a, b=b, c=c) == a + b * c - a / c
    assert value("a < b <= c", a=a, b=b, c=c) == (a < b <= c)


# --- FEEL -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        ('= a > 5 and b in ("x", "y")', {"a": 6, "b": "y"}, True),
        ("= 0.1 + 0.2 = total", {"total": 0.3}, True),
        ("= some each in partes satisfies each.valor > 10", {"partes": [{"valor": 3}, {"valor": 11}]}, True),
        ('= date(fecha) < date("2026-12-02")', {"fecha": "2026-12-01"}, True),
        ("= if a = null then 0 else a", {}, 0),
        ("= doble(a) + 1", {"a": 2}, 5),
        ("= a /* lo que falta */ * 2 // y nada más", {"a": 4}, 8),
    ],
)  # fmt: skip
def test_what_begins_with_an_equals_sign_is_feel(
    text: str, data: dict[str, Any], expected: Any
) -> None:
    assert compile_expression(text)(data, {"doble": lambda n: n * 2}) == expected


def test_feel_in_a_diagram_names_what_it_reads_and_is_no_condition_when_it_gives_null() -> None:
    expression = compile_expression("= for i in lista return f(i) + i + otra")
    assert (expression.names, expression.functions) == ({"lista", "otra"}, {"f"})
    with pytest.raises(ExpressionError) as caught:
        compile_expression("= a > 5").condition({})
    assert caught.value.problem.code == "not_a_condition"
    for text, code in (
        ("= a >", "not_an_expression"),
        ("= ", "empty_expression"),
        ("= 🐎 > 1", "not_a_name"),
    ):
        with pytest.raises(ExpressionError) as caught:
            compile_expression(text)
        assert caught.value.problem.code == code


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_feel_in_a_diagram_is_bounded_as_in_a_decision(text: str) -> None:
    """It ends, with a value that a case keeps or with an error of ours."""
    try:
        found = compile_expression(f"= {text}")({"a": 1})
    except ExpressionError:
        return
    assert unstorable({"found": found}) == {}
