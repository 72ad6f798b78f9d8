"""Every problem that the engine names has one Spanish sentence, filled with the facts that the
engine gives it."""

import datetime as dt
from collections.abc import Callable
from typing import Any, get_args

import pytest

from engine import patterns
from engine.errors import Problem, ProblemCode, ProblemError
from engine.feel.plain import given
from engine.feel.values import Run
from engine.model import schedules, timers
from engine.model.cells import cell, literal
from engine.model.due import priority_of
from engine.model.expressions import compile_expression
from engine.types import Value
from tests.kit.clock import NOW
from tests.unit.test_feel import value as feel
from webforms.paquetes.problemas import PROBLEMAS, de_problema, problema

# said with the table and its inputs (webforms.operacion.incidentes_palabras)
DICEN_TABLAS = {"no_rule", "many"}
NUNCA_LLEGAN = {"script_refused", "service_refused"}  # a release with a script is refused

TEXTOS = {
    "": "está vacía",
    "x" * 501: "tiene más de 500 letras",
    " + ".join(["1"] * 51): "tiene más de 100 partes",
    "a # b": "el signo # no se usa",
    "a \\ b": "el signo \\ no se usa",
    "a == ": "no es una expresión completa",
    "a = 'x'": "para comparar se escribe «==», y los textos van entre comillas, como en tipo == 'queja'",
    "n > 2,5": "los decimales van con punto: 2.5, no 2,5",
    "> 2,5": "los decimales van con punto: 2.5, no 2,5",
    "n in (1,2)": "usa algo que no es parte del lenguaje",
    "lambda: 1": "usa algo que no es parte del lenguaje",
    "a.b.c.d.e.f.g": "entra más de 5 pasos en un dato",
    "${a.b()}": "está en el lenguaje de otro motor, y de él solo se entienden nombres, textos, números, comparaciones, «&&», «||» y «!»",
    "1j": "usa algo que no es parte del lenguaje",
    "ﬁn > 1": "fin no se escribe así",
    "_a > 1": "_a no es un nombre",
    "_f(1)": "_f no es una función",
    "a.b()": "solo se usan las funciones con nombre",
    "u'a' == b": "los textos van entre comillas, sin letras delante",
    str(10**16): "el número es demasiado grande",
}
DATOS: list[tuple[str, dict[str, Value], str]] = [
    ("n", {"n": 3}, "da 3, y debía dar sí o no"),
    ("n", {"n": None}, "da un dato vacío, y debía dar sí o no"),
    ("n and True", {"n": "x"}, "«and» necesita un sí o un no, y hay 'x'"),
    ("n + 1 > 2", {"n": True}, "«+» necesita números, y hay sí"),
    ("n > 1", {"n": None}, "no se puede comparar un dato vacío con 1"),
    ("n == 1", {"n": {"a": 1}}, "compara un dato compuesto"),
    ("n.a > 1", {"n": "x"}, "se busca «a» dentro de 'x', que no tiene partes así"),
    ("'a' in n", {"n": 5}, "se busca dentro de 5, que no es una lista"),
    ("len(n) > 1", {"n": 5}, "«len» necesita un texto o una lista"),
    ("max(n) > 1", {"n": []}, "la lista está vacía"),
    ("n / 0 > 1", {"n": 1}, "divide entre cero"),
    ("n * n > 1", {"n": 10**15}, "el número es demasiado grande"),
    ("n + n == ''", {"n": "x" * 9_000}, "un texto pasa de 10.000 letras"),
    ("f() == n", {"n": 1}, "«f» no se pudo calcular con estos datos"),
    ("g() == n", {"n": 1}, "la función «g» no existe"),
    ("h() == n", {"n": 1}, "una función dio un dato que no se puede usar"),
    ("l() == n", {"n": 1}, "una lista pasa de 1.000 elementos"),
    ("n == n", {"n": [0] * 600}, "necesita más de 1.000 operaciones"),
]
PATRONES = {
    "a" * 201: "tiene más de 200 letras",
    "[z-a]": "no es una expresión regular",
    "a*" * 30: "hay demasiadas maneras de cumplirlo",
    "(a": "los paréntesis o corchetes no están bien cerrados",
    "a)": "los paréntesis o corchetes no están bien cerrados",
    "[a": "los paréntesis o corchetes no están bien cerrados",
    "(" * 21 + ")" * 21: "tiene más de 20 paréntesis unos dentro de otros",
    "*a": "una repetición (* + ? {2,5}) está mal escrita",
    "a{x}": "una repetición (* + ? {2,5}) está mal escrita",
    "a**": "una repetición (* + ? {2,5}) está mal escrita",
    "a{2000}": "una repetición pasa de 1.000",
    "(a*)*": "repite una parte que cambia de largo, y eso podría detener el sistema",
    "(?=a)": "no se usan grupos especiales que empiezan por (?",
    "(a)\\1": "no se usan referencias ni otros signos con barra invertida",
    "[[a]": "dentro de corchetes, [ se puede entender de dos maneras: escríbalo con una barra invertida antes",
}
TIEMPOS: list[tuple[Value, str]] = [
    ("PT", "«PT» no es una duración como PT5M o P5D"),
    ("mañana", "«mañana» no es una fecha"),
    (5, "hace falta una fecha o una duración, y hay 5"),
    ("P200Y", "«P200Y» es demasiado largo"),
    ("R/1/2/3", "una repetición se escribe R/P1M o R3/2026-12-01T08:00:00Z/PT1H"),
    ("R/PT0S", "una repetición necesita un intervalo que dure algo, como R/P1M"),
    (
        "R0/PT1H",
        "una repetición ocurre al menos una vez y como mucho un millón de veces, como R3/PT1H",
    ),
]
CALENDARIO: list[tuple[dict[str, str], str]] = [
    ({"each": "año"}, "«each» acepta uno de estos valores: day business_day week month"),
    ({"each": "day", "weekday": "monday"}, "«weekday» solo se usa con each=week"),
    ({"each": "week"}, "con each=week falta «weekday»"),
    ({"each": "month"}, "con each=month escriba «day» o «business_day», uno de los dos"),
    ({"each": "business_day", "shift": "next"}, "«shift» no tiene efecto sobre días hábiles"),
    ({"each": "day", "at": "7"}, "«at» es una hora como 07:00"),
    ({"each": "month", "day": "32"}, "«day» es un número de 1 a 31"),
]
CRON = {
    "0 0/0 * * * ?": "«0 0/0 * * * ?» no es una regla cron como 0 7 * * MON-FRI: minuto, hora, día, mes y día de la semana",
    "0 0 7 ? * 2": (
        "en «0 0 7 ? * 2» el día de la semana va con letras, como MON: unos motores cuentan desde el domingo y otros desde el lunes"
    ),
    "0 7 1 * MON": "«0 7 1 * MON» dice a la vez el día del mes y el de la semana: deje uno y ponga «*» en el otro",
}
CELDAS = {
    "abc": 'abc no es un valor; escriba números, "textos", true, false o null',
    "[5..1]": "el intervalo [5..1] está vacío",
    "> true": "true no se puede comparar como mayor o menor",
    '"' + "x" * 1_001: "una celda tiene más de 1.000 letras",
}
FEEL = {
    "1 + * 2": "no se entiende desde «* 2»",
    "1 instance of nada": "no hay un tipo llamado «nada»",
    "function(a) external {}": "«external» no se calcula aquí",
    "now()": "pregunta la hora, y aquí no hay",
}
#: What only a case that runs meets; each is raised for real in tests/integration/spiff and engine.
AL_CORRER = [
    (
        Problem("cycle_where_once", {"text": "R4/PT1S"}),
        "«R4/PT1S» se repite, y aquí se espera una sola vez: escriba la duración, como PT1H",
    ),
    (Problem("no_value", {"text": "k"}), "«k» no tiene valor"),
    (Problem("no_way_out"), "ninguna salida se cumple y no hay una por defecto"),
    (
        Problem("never_activated", {"text": "a > 1"}),
        "«a > 1» no se cumple, y ya no puede llegar nada más",
    ),
    (Problem("uncaught_cancel"), "nada atiende esta cancelación"),
    (Problem("not_a_list", {"name": "k", "value": "x"}), "«k» debía ser una lista y es 'x'"),
    (
        Problem("not_a_number_of_items", {"text": "k", "value": 1.5}),
        "«k» da 1.5, que no es una cantidad",
    ),
    (
        Problem("key_missing", {"message": "M", "key": "k", "value": None}),
        "el mensaje «M» se busca por «k», que es un dato vacío",
    ),
    (Problem("too_many_items", {"maximum": 10_000}), "pide más de 10.000 repeticiones"),
    (
        Problem("nested_processes", {"maximum": 30}),
        "abrió más de 30 procesos uno dentro de otro: parece que se llama a sí mismo",
    ),
    (
        Problem("endless_loop", {"maximum": 25_000}),
        "dio más de 25.000 pasos sin que nadie ni nada espere: parece un ciclo sin fin",
    ),
    (
        Problem("endless_services", {"maximum": 25_000}),
        "dio más de 25.000 pasos automáticos seguidos: parece un ciclo sin fin",
    ),
    (
        Problem("endless_timer", {"maximum": 100}),
        "la misma espera se cumplió más de 100 veces en un minuto: parece un ciclo sin fin",
    ),
]
#: Told by the lint (tests/integration/lint/test_schema.py raises each of them).
DEL_ESQUEMA = [
    (Problem("element_unexpected", {"element": "task"}), "el elemento «task» no va en ese lugar"),
    (Problem("element_invalid", {"element": "task"}), "el elemento «task» no es válido"),
    (Problem("content_missing", {"element": "task"}), "al elemento «task» le falta contenido"),
    (
        Problem("attribute_missing", {"element": "task", "attribute": "id"}),
        "a «task» le falta el atributo «id»",
    ),
    (
        Problem("attribute_invalid", {"element": "task", "attribute": "id"}),
        "el atributo «id» de «task» no es válido",
    ),
]


def falla() -> Value:
    raise OSError("calendar away")


def profundo() -> Value:
    lista: list[Any] = []
    for _ in range(3_000):
        lista = [lista]
    return lista


FUNCIONES: dict[str, Callable[..., Any]] = {"f": falla, "h": lambda: NOW, "l": lambda: [0] * 1_001}


def de(accion: Callable[[], Any]) -> Problem:
    with pytest.raises(ProblemError) as error:
        accion()
    return error.value.problem


def problemas() -> list[tuple[Problem, str]]:
    """Every problem, raised by what raises it in the product, with its sentence."""
    return [
        *((de(lambda t=texto: compile_expression(t)), dicho) for texto, dicho in TEXTOS.items()),
        *(
            (de(lambda t=texto, d=datos: compile_expression(t).condition(d, FUNCIONES, NOW)), dicho)
            for texto, datos, dicho in DATOS
        ),
        *((de(lambda p=patron: patterns.limit(p)), dicho) for patron, dicho in PATRONES.items()),
        *(
            (de(lambda v=valor: timers.first_due(v, NOW, dt.UTC)), dicho)
            for valor, dicho in TIEMPOS
        ),
        *((de(lambda m=marca: schedules.read(m)), dicho) for marca, dicho in CALENDARIO),
        *((de(lambda t=texto: cell(t)), dicho) for texto, dicho in CELDAS.items()),
        *((de(lambda t=texto: feel(t, Run())), dicho) for texto, dicho in FEEL.items()),
        (
            de(lambda: given(Run(), "2026-12-02", None)),
            "«2026-12-02» puede ser un texto o una fecha: el dato de entrada debe decir su tipo",
        ),
        # tests/unit/test_decision_graphs.py
        (Problem("feel_name_unknown", {"name": "x"}), "nada da valor a «x»"),
        (de(lambda: literal(" ")), "un resultado está vacío"),
        (
            de(lambda: compile_expression("n == m")({"n": profundo(), "m": profundo()})),
            "los datos están anidados demasiado",
        ),
        (de(lambda: timers.Duration(1_212, dt.timedelta()).after(NOW)), "dura más de 100 años"),
        (
            de(lambda: schedules.read_timer("hoy")),
            "«hoy» no es una fecha, un tiempo ni una repetición",
        ),
        (
            de(lambda: schedules.read_timer("R/PT1S")),
            "un inicio se repite como mucho una vez por minuto",
        ),
        *((de(lambda t=texto: schedules.read_timer(t)), dicho) for texto, dicho in CRON.items()),
        (de(lambda: priority_of("'x'", {}, {}, NOW)), "la prioridad es un número, y hay 'x'"),
        *AL_CORRER,
        *DEL_ESQUEMA,
    ]


def test_each_problem_says_its_sentence_with_the_facts_that_it_carries() -> None:
    assert [(p.code, de_problema(p)) for p, _ in problemas()] == [
        (p.code, dicho) for p, dicho in problemas()
    ]


def test_every_code_is_raised_here_and_every_sentence_belongs_to_a_code() -> None:
    codigos = set(get_args(ProblemCode)) - DICEN_TABLAS - NUNCA_LLEGAN
    assert {p.code for p, _ in problemas()} == codigos
    assert set(PROBLEMAS) == codigos


def test_a_problem_without_a_sentence_is_said_in_general_words() -> None:
    assert (
        problema({"problem": "division by zero", "expression": "n / k"})
        == "no se puede calcular con estos datos"
    )
    assert problema({}) == "no se puede calcular con estos datos"


def test_a_problem_reads_as_a_line_of_a_log() -> None:
    assert str(de(lambda: compile_expression("n / 0")({"n": 1}))) == "n / 0: division by zero"
    assert str(Problem("no_way_out")) == "no way out"


def test_a_long_value_is_cut() -> None:
    largo = de(lambda: compile_expression("n > 1")({"n": "x" * 100}))
    assert largo.facts["left"] == f"'{'x' * 56}..."
