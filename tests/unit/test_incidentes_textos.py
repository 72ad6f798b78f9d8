"""What an administrator reads and types about incidents: texts of values, values of texts, sentences of errors, likeness of causes."""

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import DecisionError
from engine.errors import ExpressionError
from engine.incidents import Place
from engine.incidents import Trouble
from engine.incidents import actions
from engine.incidents import cause
from engine.incidents import handle
from engine.model import decision_tables
from engine.model.expressions import compile_expression
from engine.types import Value
from engine.values import fits
from webforms.base.formatos import antiguedad
from webforms.operacion.incidentes_palabras import que_paso
from webforms.operacion.incidentes_valores import a_texto
from webforms.operacion.incidentes_valores import leer

AQUI = Place("0123456789abcdef-7", "P", "g")
app = Flask(__name__)
Babel(app, default_locale="es")

por_tipo = {
    "integer": st.integers(-(2**53) + 1, 2**53 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    "boolean": st.booleans(),
    "date": st.dates().map(lambda dia: dia.isoformat()),
    "text": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
    "list": st.lists(
        st.one_of(st.integers(-999, 999), st.booleans(), st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=1))
    ),
}


@given(st.sampled_from(sorted(por_tipo)).flatmap(lambda tipo: st.tuples(st.just(tipo), por_tipo[tipo])))
def test_a_value_that_is_shown_and_sent_back_is_the_same_value(caso: tuple[str, Value]) -> None:
    tipo, valor = caso
    with app.test_request_context():
        leido = leer(tipo, a_texto(tipo, valor))
    assert leido == valor
    assert fits(tipo, leido)


def test_an_instant_is_typed_in_the_time_of_bogota() -> None:
    assert a_texto("instant", "2026-11-24T15:30:00+00:00") == "2026-11-24 10:30"
    with app.test_request_context():
        assert leer("instant", "2026-11-24 10:30") == "2026-11-24T15:30:00+00:00"


MALOS = (
    *(("integer", "2,5"), ("integer", "doce"), ("integer", "9" * 20), ("number", "1e99"), ("number", "x"), ("boolean", "quizás")),
    *(("date", "24/11/2026"), ("instant", "mañana"), ("json", "{"), ("file", "no")),
)


@pytest.mark.parametrize(("tipo", "texto"), MALOS)
def test_a_text_that_is_no_such_value_is_refused_with_a_sentence(tipo: str, texto: str) -> None:
    with app.test_request_context(), pytest.raises(ValueError, match=r"^(Escriba|Elija|El número|No tiene)"):
        leer(tipo, texto)


@pytest.mark.parametrize(
    ("expresion", "datos", "frase"),
    [
        ("n / k > 1", {"n": 1, "k": 0}, "divide entre cero"),
        ("n > 1", {"n": None}, "no se puede comparar un dato vacío con 1"),
        ("n", {"n": 3}, "da 3, y debía dar sí o no"),
        ("n + 1 > 2", {"n": "x"}, "«+» necesita números"),
        ("n and True", {"n": "x"}, "«and» necesita un sí o un no"),
        ("'a' in n", {"n": 5}, "se busca dentro de 5, que no es una lista"),
        ("max(n) > 1", {"n": []}, "la lista está vacía"),
    ],
)
def test_what_an_expression_complains_of_is_said_in_spanish(expresion: str, datos: dict[str, Value], frase: str) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_expression(expresion).condition(datos)
    assert error.value.facts["expression"] == expresion
    with app.test_request_context():
        dicho = que_paso("condition", str(error.value), error.value.facts, "¿Alcanza?")
    assert frase in dicho
    assert dicho.startswith(f"«{expresion}» de «¿Alcanza?» no se pudo evaluar")


def test_a_table_with_two_matching_rules_names_them() -> None:
    rules = tuple(decision_tables.Rule(str(n), (decision_tables.cell(texto),), (n,)) for n, texto in ((1, "> 1"), (2, "> 2")))
    table = decision_tables.Table("t", "T", "UNIQUE", (compile_expression("x"),), ("number",), ("r",), rules)
    with pytest.raises(DecisionError) as error:
        table.decide({"x": 3})
    with app.test_request_context():
        assert que_paso("table", str(error.value), error.value.facts, "e") == "En la tabla «t» sirven a la vez las reglas 1, 2 para x = 3."


@given(st.integers(), st.integers(), st.from_regex(r"[0-9a-f]{16}", fullmatch=True))
def test_numbers_quoted_values_and_ids_do_not_make_another_cause(one: int, other: int, identifier: str) -> None:
    first = cause(AQUI, Trouble("handler", f"KeyError: 'caso {one}' of {identifier} after {one} s"))
    assert first == cause(AQUI, Trouble("handler", f"KeyError: 'caso {other}' of 0123456789abcdef after {other} s"))
    assert first != cause(AQUI, Trouble("handler", "ValueError: 'x'"))
    assert first != cause(Place("x", "P", "otra"), Trouble("handler", "KeyError: 'caso'"))


def test_what_may_be_done_depends_on_where_the_case_stands() -> None:
    assert actions("condition", "P", AQUI.task_id) == ("retry", "edit", "skip", "back")
    assert actions("conflict", "P", AQUI.task_id) == ("edit", "back")
    assert actions("uncaught", "P", "error-7") == ("back", "close")
    assert actions("lost_message", "P", "lost-M") == ("retry", "close")
    assert actions("job", "", "clave") == ("retry", "close")


def test_long_keys_of_jobs_stay_apart() -> None:
    keys = [f"nivel3:1:2026-11-24T15:00:00+00:00:{n:012x}" for n in range(50)]
    assert len({handle(key) for key in keys}) == 50
    assert all(len(handle(key)) <= 40 for key in keys)


def test_ages_in_words() -> None:
    casos = ((5, "menos de un minuto"), (60, "1 minuto"), (7_200, "2 horas"), (86_400, "1 día"), (900_000, "10 días"))
    assert [antiguedad(segundos) for segundos, _ in casos] == [texto for _, texto in casos]
