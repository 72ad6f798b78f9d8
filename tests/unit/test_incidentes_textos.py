"""What an administrator reads and types about incidents: texts of values, values of texts,
sentences of errors, likeness of causes."""

import errno
import socket
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given, strategies as st

from engine.causes import failed
from engine.errors import CauseCode, DecisionError, ExpressionError, GiveUp, OutsideFailure
from engine.incidents import Place, Trouble, actions, cause, handle
from engine.model import decision_tables
from engine.model.expressions import compile_expression
from engine.types import Value
from engine.values import fits
from tests.kit.web import speaking
from webforms.base.formatos import antiguedad
from webforms.operacion.incidentes_palabras import CAUSAS, que_paso
from webforms.operacion.incidentes_valores import a_texto, leer

AQUI = Place("0123456789abcdef-7", "P", "g")
app = speaking(__name__)

por_tipo = {
    "integer": st.integers(-(2**53) + 1, 2**53 - 1),
    "number": st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
    "boolean": st.booleans(),
    "date": st.dates().map(lambda dia: dia.isoformat()),
    "text": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
    "list": st.lists(
        st.one_of(
            st.integers(-999, 999),
            st.booleans(),
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs"]), min_size=1),
        )
    ),
}


@given(
    st.sampled_from(sorted(por_tipo)).flatmap(lambda tipo: st.tuples(st.just(tipo), por_tipo[tipo]))
)
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
    *(
        ("integer", "2,5"),
        ("integer", "doce"),
        ("integer", "9" * 20),
        ("number", "1e99"),
        ("number", "x"),
        ("boolean", "quizás"),
    ),
    *(("date", "24/11/2026"), ("instant", "mañana"), ("json", "{"), ("file", "no")),
)


@pytest.mark.parametrize(("tipo", "texto"), MALOS)
def test_a_text_that_is_no_such_value_is_refused_with_a_sentence(tipo: str, texto: str) -> None:
    with (
        app.test_request_context(),
        pytest.raises(ValueError, match=r"^(Escriba|Elija|El número|No tiene)"),
    ):
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
def test_what_an_expression_complains_of_is_said_in_spanish(
    expresion: str, datos: dict[str, Value], frase: str
) -> None:
    with pytest.raises(ExpressionError) as error:
        compile_expression(expresion).condition(datos)
    assert error.value.facts["expression"] == expresion
    with app.test_request_context():
        dicho = que_paso("condition", error.value.facts, "¿Alcanza?")
    assert frase in dicho
    assert dicho.startswith(f"«{expresion}» de «¿Alcanza?» no se pudo evaluar")


def test_a_table_with_two_matching_rules_names_them() -> None:
    rules = tuple(
        decision_tables.TableRule(str(n), (decision_tables.cell(texto),), (n,))
        for n, texto in ((1, "> 1"), (2, "> 2"))
    )
    table = decision_tables.Table(
        "t", "T", "UNIQUE", (compile_expression("x"),), ("number",), ("r",), rules
    )
    with pytest.raises(DecisionError) as error:
        table.decide({"x": 3})
    with app.test_request_context():
        assert (
            que_paso("table", error.value.facts, "e")
            == "En la tabla «t» sirven a la vez las reglas 1, 2 para x = 3."
        )


def fallido(expresion: str, **datos: Value) -> Trouble:
    with pytest.raises(ExpressionError) as error:
        compile_expression(expresion).condition(datos)
    return Trouble("condition", str(error.value), error.value.facts)


@given(st.integers(1), st.text())
def test_the_data_of_a_case_do_not_make_another_cause(numero: int, texto: str) -> None:
    assert cause(AQUI, fallido("n > 1", n=texto)) == cause(AQUI, fallido("n > 1", n=f"{numero}"))
    assert cause(AQUI, fallido("n > 1", n=texto)) != cause(AQUI, fallido("n > 1 + k", n=1, k=texto))
    assert cause(AQUI, fallido("n > 1", n=texto)) != cause(
        Place("x", "P", "otra"), fallido("n > 1", n=texto)
    )


def rota(casos: dict[str, int], caso: str) -> int:
    return casos[caso]


def otra_rota(casos: dict[str, int], caso: str) -> int:
    return casos[caso]


def excepcion(accion: Callable[[], object]) -> Trouble:
    with pytest.raises(Exception, match=r".*") as error:
        accion()
    told = failed(error.value)
    return Trouble("handler", told.text, told.facts)


@given(st.text(), st.text())
def test_an_unknown_exception_is_told_by_its_class_and_where_it_came_from(
    uno: str, otro: str
) -> None:
    primera = excepcion(lambda: rota({}, uno))
    assert primera.facts == {
        "problem": "unexpected_data",
        "exception": "KeyError",
        "at": f"{__name__}.rota",
    }
    assert cause(AQUI, primera) == cause(AQUI, excepcion(lambda: rota({}, otro)))
    assert cause(AQUI, primera) != cause(AQUI, excepcion(lambda: otra_rota({}, uno)))
    assert cause(AQUI, primera) != cause(AQUI, excepcion(lambda: int("x" + uno)))


def test_branches_that_disagree_about_other_names_are_another_cause() -> None:
    uno, otro = (
        Trouble("conflict", "", {"conflicts": [{"name": nombre, "values": []}], "tokens": [1]})
        for nombre in "xy"
    )
    assert cause(AQUI, uno) != cause(AQUI, otro)


def conecta(fallo: Exception) -> Callable[[], None]:
    def intento() -> None:
        raise fallo

    return intento


@pytest.mark.parametrize(
    ("fallo", "dicho"),
    [
        (TimeoutError("x"), "tardó demasiado"),
        (ConnectionRefusedError(111, "x"), "no contestó"),
        (socket.gaierror(-2, "x"), "no contestó"),
        (OSError(errno.ENETUNREACH, "x"), "no contestó"),
        (PermissionError(13, "x"), "no aceptó la cuenta o el permiso"),
        (OutsideFailure("mail_refused", "550"), "el servidor de correo no lo recibió"),
        (GiveUp("550", "mail_refused"), "el servidor de correo no lo recibió"),
        (ValueError("x"), "encontró un dato que no esperaba"),
        (Decimal, "encontró un dato que no esperaba"),
        (RuntimeError("timed out"), ""),
        (OSError(28, "connection refused"), ""),
    ],
)
def test_why_a_system_did_not_do_its_work_is_told_by_the_exception_and_not_by_its_words(
    fallo: Any, dicho: str
) -> None:
    problema = excepcion((lambda: Decimal("x")) if fallo is Decimal else conecta(fallo))
    with app.test_request_context():
        assert (
            que_paso("job", problema.facts, "e")
            == f"Se pidió «e» varias veces sin éxito{porque(dicho)}. El caso espera aquí."
        )


def porque(dicho: str) -> str:
    return next(
        (f": {causa}" for causa in map(str, CAUSAS.values()) if dicho and dicho in causa), ""
    )


def test_every_cause_has_a_sentence() -> None:
    assert set(CAUSAS) == set(get_args(CauseCode))


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
    casos = (
        (5, "menos de un minuto"),
        (60, "1 minuto"),
        (7_200, "2 horas"),
        (86_400, "1 día"),
        (900_000, "10 días"),
    )
    assert [antiguedad(segundos) for segundos, _ in casos] == [texto for _, texto in casos]
