"""Expressions of another kind than is needed: refused in the product's own diagrams, with what is
right; and what is right is not."""

import re
from collections.abc import Mapping
from functools import cache
from xml.sax.saxutils import escape, quoteattr

import pytest

from app import functions
from engine.compile import compile_release
from engine.errors import ExpressionError, Finding
from engine.lint.cases import NUMBER
from engine.model.due import due_at, priority_of
from engine.model.expressions import compile_expression
from engine.types import Data
from records.casos.reglas import radicado
from tests.acceptance.test_analista import con_llamada
from tests.integration.lint.test_lint_values import CHOICE, chosen
from tests.integration.lint.test_spiff_lint import extended, multi, straight
from tests.kit.clock import BOGOTA, NOW
from tests.kit.diagrams import (
    call,
    catch,
    end,
    gate,
    message,
    model,
    process,
    service,
    start,
    timer,
    user,
)
from tests.kit.play import findings
from tests.kit.procedure import BPMN
from tests.unit.test_dmn import dmn
from webforms.paquetes.hallazgos import frase

ESCALATION, VISIT = "escalonamiento.bpmn", "atencion_personalizada.bpmn"
#: place → file, what stands there now, what stands around it
PLACES: Mapping[str, tuple[str, str, str]] = {
    "due": (ESCALATION, '<v:due expr="fecha_plazo_interno"/>', "<v:due expr={}/>"),
    "timer": (ESCALATION, ">fecha_desistimiento</bpmn:timeDate>", ">{}</bpmn:timeDate>"),
    "duration": (VISIT, ">PT3M</bpmn:timeDuration>", ">{}</bpmn:timeDuration>"),
    "priority": (ESCALATION, '<v:priority expr="2"/>', "<v:priority expr={}/>"),
    "holder": (ESCALATION, '<v:holder variable="funcionario_id"/>', "<v:holder variable={}/>"),
    "condition": (
        ESCALATION,
        ">n_reasignaciones &gt; 2</bpmn:conditionExpression>",
        ">{}</bpmn:conditionExpression>",
    ),
    "call": (
        VISIT,
        ">n_llamados &gt;= 3</bpmn:conditionExpression>",
        ">{}</bpmn:conditionExpression>",
    ),
}
WRITE = "Escriba, por ejemplo, «{}»."
NEEDED = "«{}» da {}, y aquí hace falta {}. "
TAKES = "En «{}», «{}» necesita {}, y «{}» es {}. "
APART = "En «{}», «{}» es {} y «{}» es {}: «{}» va entre dos números o entre dos textos. "
TIME, PERSON, TRUTH = (
    "una fecha o una duración",
    "el usuario de una persona (un texto)",
    "un sí o un no",
)
#: place, expression, rule, what is told, the example
REFUSED = [
    *(
        (place, *row)
        for place in ("due", "timer")
        for row in (
            (
                *("dias_habiles(fecha_plazo_interno)", "operand_kind"),
                TAKES.format(
                    "dias_habiles(fecha_plazo_interno)",
                    "dias_habiles",
                    "un número entero",
                    "fecha_plazo_interno",
                    "una fecha",
                ),
                "fecha_plazo_interno",
            ),
            (
                *("dias_habiles()", "function_arguments"),
                "En «dias_habiles()», «dias_habiles» tiene 0 datos entre paréntesis, y lleva 1–2. ",
                "dias_habiles(5)",
            ),
            (
                *("dias_habiles(2, 3)", "operand_kind"),
                TAKES.format(
                    "dias_habiles(2, 3)", "dias_habiles", "una fecha", "3", "un número entero"
                ),
                "dias_habiles(5)",
            ),
            (
                *("dias_habiles(99999)", "part_fails"),
                "«dias_habiles(99999)» nunca se puede calcular: «dias_habiles» no se pudo calcular con estos datos. ",
                "dias_habiles(5)",
            ),
            (
                "radicado",
                "expression_kind",
                NEEDED.format("radicado", "un texto", TIME),
                "dias_habiles(5)",
            ),
            (
                "nivel2",
                "expression_kind",
                NEEDED.format("nivel2", "un texto", TIME),
                "dias_habiles(5)",
            ),
            (
                "plazo_interno",
                "expression_kind",
                NEEDED.format("plazo_interno", "un número entero", TIME),
                "dias_habiles(5)",
            ),
            (
                "n_reasignaciones > 2",
                "expression_kind",
                NEEDED.format("n_reasignaciones > 2", TRUTH, TIME),
                "dias_habiles(5)",
            ),
        )
    ),
    (
        "duration",
        "n_llamados",
        "expression_kind",
        NEEDED.format("n_llamados", "un número entero", TIME),
        "dias_habiles(5)",
    ),
    (
        "duration",
        "calidad",
        "expression_kind",
        NEEDED.format("calidad", "un texto", TIME),
        "dias_habiles(5)",
    ),
    (
        "priority",
        "radicado",
        "expression_kind",
        NEEDED.format("radicado", "un texto", "un número"),
        "2",
    ),
    (
        "holder",
        "persona_id",
        "expression_kind",
        NEEDED.format("persona_id", "un número entero", PERSON),
        "funcionario_id",
    ),
    (
        "holder",
        "plazo_interno",
        "expression_kind",
        NEEDED.format("plazo_interno", "un número entero", PERSON),
        "funcionario_id",
    ),
    (
        *("condition", "n_reasignaciones", "expression_kind"),
        NEEDED.format("n_reasignaciones", "un número entero", TRUTH),
        "n_reasignaciones > 2",
    ),
    (
        *("condition", "len(n_reasignaciones) > 1", "operand_kind"),
        TAKES.format(
            "len(n_reasignaciones) > 1",
            "len",
            "un texto o una lista",
            "n_reasignaciones",
            "un número entero",
        ),
        "n_reasignaciones > 2",
    ),
    (
        *("condition", "fecha_plazo_interno > 5", "kinds_apart"),
        APART.format(
            "fecha_plazo_interno > 5",
            "fecha_plazo_interno",
            "una fecha",
            "5",
            "un número entero",
            ">",
        ),
        "fecha_plazo_interno < '2026-12-01'",
    ),
    (
        *("call", "calidad < 3", "kinds_apart"),
        APART.format("calidad < 3", "calidad", "un texto", "3", "un número entero", "<"),
        "calidad == 'beneficiario'",
    ),
    (
        *("call", "calidad + 1 == 2", "kinds_apart"),
        APART.format("calidad + 1 == 2", "calidad", "un texto", "1", "un número entero", "+"),
        "calidad == 'beneficiario'",
    ),
    (
        *("call", "calidad == no", "text_without_quotes"),
        "«no» no es una variable, y se compara con un texto: los textos van entre comillas. ",
        "calidad == 'no'",
    ),
]
ACCEPTED = [
    *(
        (place, text)
        for place in ("due", "timer")
        for text in (
            "fecha_limite_respuesta",
            "dias_habiles(5)",
            "dias_habiles(plazo_interno)",
            "dias_habiles(-1, fecha_limite_respuesta)",
            "dias_habiles(plazo_interno - 1, fecha_limite_respuesta)",
            "min(fecha_limite_respuesta, fecha_plazo_interno)",
            "'PT' + '5H'",
        )
    ),
    ("priority", "n_reasignaciones * 2"),
    ("priority", "plazo_interno / 2"),
    ("holder", "asesor_id"),
    ("condition", "fecha_plazo_interno > '2026-12-01'"),
    ("condition", "n_reasignaciones != None and n_reasignaciones > 2"),
    ("condition", "clase == None or len(clase) > 1"),
    ("condition", "len(clase + nivel2) > 8"),
    ("condition", "'otra' in resultado_analisis or n_reasignaciones in [1, 2]"),
    ("call", "calidad in ['apoderado', 'beneficiario']"),
    ("call", "len(sistemas) > 0"),
    ("call", "dispone and not vuelve_hoy"),
]


@cache
def own() -> dict[str, bytes]:
    return {str(path.relative_to(BPMN)): path.read_bytes() for path in BPMN.rglob("*.*mn")}


def judged(place: str, expression: str) -> list[Finding]:
    """The product's release with this expression in that place."""
    file, before, after = PLACES[place]
    written = after.format(quoteattr(expression) if "=" in after else escape(expression))
    text = own()[file].decode()
    assert before in text
    names = {
        kind: set(
            re.findall(rf'<v:{kind} (?:name|key)="([^"]+)"', b"".join(own().values()).decode())
        )
        for kind in ("handler", "form")
    }
    changed = own() | {file: text.replace(before, written, 1).encode()}
    made, found = compile_release(
        changed, handlers=names["handler"], forms=names["form"], functions=functions(), zone=BOGOTA
    )
    assert (made is None) == any(each.severity == "error" for each in found)
    return found


@pytest.mark.parametrize(("place", "expression", "rule", "told", "example"), REFUSED)
def test_an_expression_of_another_kind_is_refused_with_what_would_be_right(
    place: str, expression: str, rule: str, told: str, example: str
) -> None:
    (finding,) = judged(place, expression)
    assert (finding.rule, finding.severity, frase(finding)) == (
        rule,
        "error",
        told + WRITE.format(example),
    )


@pytest.mark.parametrize(("place", "example"), sorted({(row[0], row[-1]) for row in REFUSED}))
def test_each_example_is_right_where_it_is_told(place: str, example: str) -> None:
    assert [each for each in judged(place, example) if each.severity == "error"] == []


def test_one_equals_sign_is_told_with_how_to_compare() -> None:
    (finding,) = judged("call", "calidad = 'no'")
    assert finding.rule == "expression"
    assert frase(finding) == (
        "La expresión «calidad = 'no'» no se entiende: para comparar se escribe «==», y los textos van entre comillas, como en "
        "tipo == 'queja'. Corríjala; hay ejemplos en la guía de modelado."
    )


@pytest.mark.parametrize(("place", "expression"), ACCEPTED)
def test_an_expression_of_the_kind_that_is_needed_is_not_told(place: str, expression: str) -> None:
    assert judged(place, expression) == []


@pytest.mark.parametrize("place", ["due", "timer"])
def test_a_time_that_has_always_passed_is_told_and_not_refused(place: str) -> None:
    (finding,) = judged(place, "dias_habiles(-1)")
    assert (finding.rule, finding.severity) == ("time_past", "warning")
    assert frase(finding).startswith(
        "«dias_habiles(-1)» da siempre un momento que ya pasó: una tarea se abre vencida"
    )
    ejemplo = str(finding.params["example"])
    assert re.fullmatch(r"dias_habiles\(-1, \w+\)", ejemplo)
    assert judged(place, ejemplo) == []  # of a moment that the process has


def test_a_time_of_a_process_without_moments_counts_forward_in_the_example() -> None:
    for text, told in (
        ("dias_habiles(-1)", "dias_habiles(5)"),
        ("3 días", "P3D"),
        ("2 horas", "PT2H"),
        ("8 días hábiles", "dias_habiles(8)"),
    ):
        given = {"visita.bpmn": con_llamada(text).encode()}
        _made, found = compile_release(
            given, handlers=set(), forms=set(), functions=functions(), zone=BOGOTA
        )
        (finding,) = [each for each in found if each.rule in ("time_past", "timer_value")]
        assert frase(finding).endswith(f"«{told}».")
        assert "«" + text + "»" in frase(finding)


#: What a case holds.
CASE: Data = {
    "radicado": "R-2026-000123",
    "nivel2": "vicepresidencia",
    "plazo_interno": 5,
    "n_reasignaciones": 3,
    "persona_id": 7,
    "fecha_plazo_interno": "2026-12-01T23:59:59+00:00",
    "calidad": "apoderado",
    "n_llamados": 2,
}


def evaluated(place: str, expression: str) -> object:
    if place == "priority":
        return priority_of(expression, CASE, functions(), NOW)
    if place in ("condition", "call"):
        return compile_expression(expression).condition(CASE, functions(), NOW)
    return due_at(expression, CASE, functions(), NOW, BOGOTA)


@pytest.mark.parametrize(
    ("place", "expression"),
    [row[:2] for row in REFUSED if row[0] != "holder" and row[2] != "text_without_quotes"],
)
def test_what_is_refused_would_have_stopped_a_case(place: str, expression: str) -> None:
    with pytest.raises(ExpressionError):
        evaluated(place, expression)


# --- what is known of a variable ------------------------------------------------------------------
def rules(*contents: bytes, **files: bytes) -> list[str]:
    """What is told of values; that a task of these models has no name is not asked here."""
    return [
        each.rule
        for each in findings(*contents, functions=functions(), **files)
        if each.rule != "task_unnamed"
    ]


def deciding(condition: str, setter: str, variables: str = "", id_: str = "P") -> str:
    """A process whose first activity sets n, and whose gateway asks."""
    nodes = (
        start(f"S{id_}")
        + setter
        + user(f"B{id_}", f"C{id_}")
        + gate("exclusive", f"G{id_}")
        + end(f"E{id_}")
    )
    wires = "S_>A_ A_>G_ G_>B_?{} G_>C_* B_>E_ C_>E_".format(condition.replace(" ", "~")).replace(
        "_", id_
    )
    return process(id_, nodes, wires, variables)


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("integer", "n > 1", "n"),
        ("number", "n > 1", "len(n) > 1"),
        ("boolean", "n", "n > 1"),
        ("text", "n > 'a'", "n > 1"),
        ("instant", "n > '2026'", "not n"),
        ("list", "len(n) > 1", "n > 1"),
    ],
)
def test_every_declaration_says_the_kind(kind: str, right: str, wrong: str) -> None:
    task = '<userTask id="AP" name="A"><extensionElements><v:output name="n" type="{}"/></extensionElements></userTask>'
    setters = {
        "a handler": (service("AP", out=f"n:{kind}"), ""),
        "the records of a form": (task.format(kind), ""),
        "what the process is given": (user("AP"), f"n:{kind}"),
    }
    if kind in ("integer", "number", "boolean", "text"):
        setters["a field"] = (user("AP", fields=f"n:{kind}"), "")
    for who, (setter, variables) in setters.items():
        assert rules(model(deciding(right, setter, variables))) == [], who
        assert rules(model(deciding(wrong, setter, variables)))[0] in (
            "expression_kind",
            "operand_kind",
            "kinds_apart",
        ), who


def test_a_choice_and_a_table_say_by_their_values() -> None:
    assert rules(chosen("n > 1")) == ["kinds_apart"]
    assert rules(
        chosen("n", CHOICE.replace('options="si:Sí|no:No"', 'options="PT1H:Pronto|P5D:Después"'))
    ) == ["expression_kind"]
    decided = '<businessRuleTask id="X" name="X"><extensionElements><v:decision table="t"/></extensionElements></businessRuleTask>'
    nodes = start() + decided + catch("T", timer("r")) + end()
    table = dmn(['"x" => "PT1H"', '- => "P5D"'], policy="FIRST")
    content = model(process("P", nodes, "S>X>T>E", "x"))
    assert rules(content, t_dmn=table) == []
    assert rules(content, t_dmn=dmn(['"x" => "corta"', '- => "larga"'], policy="FIRST")) == [
        "expression_kind"
    ]
    assert rules(content, t_dmn=dmn(['"x" => "corta"', '- => "P5D"'], policy="FIRST")) == []
    assert rules(content, t_dmn=dmn(['"x" => 5', "- => 9"], policy="FIRST")) == ["expression_kind"]
    assert rules(content, t_dmn=dmn(['"x" => 5', "- => 9"], policy="COLLECT")) == []


def test_what_may_be_anything_is_never_refused() -> None:
    waits = catch("AP", message("M")[1], message("M", "k", "n")[0])
    for condition in ("n", "n > 1", "n > 'a'", "len(n) > 1", "not n"):
        assert (
            rules(model(deciding(condition, waits, "k"), defs='<message id="M" name="Aviso"/>'))
            == []
        ), condition
        assert (
            rules(
                model(
                    deciding(
                        condition, user("AP", fields="n:integer", out="n:text n:boolean n:list")
                    )
                )
            )
            == []
        ), condition


def test_what_a_message_brings_is_what_the_process_declares() -> None:
    waits = catch("AP", message("M")[1], message("M", "k", "n")[0])
    told = rules(model(deciding("n > 1", waits, "k n"), defs='<message id="M" name="Aviso"/>'))
    assert told == ["kinds_apart"]


def test_a_text_without_a_type_may_be_a_time_and_one_that_is_declared_as_text_is_none() -> None:
    for declared, expected in (
        ("n:?", []),
        ("n", ["expression_kind"]),
        ("n:instant", []),
        ("n:boolean", ["expression_kind"]),
    ):
        assert rules(straight(extended('<v:due expr="n"/>'), variables=declared)) == expected
        assert rules(straight(catch("X", timer("n")), variables=declared)) == expected


def test_the_same_name_in_another_process_is_another_variable() -> None:
    apart = (
        deciding("n > 1", user("AP", fields="n:integer")),
        deciding("n > 'a'", user("AQ", fields="n:text"), id_="Q"),
    )
    assert rules(model(*apart)) == rules(model(apart[0]), model(apart[1])) == []
    crossed = (
        deciding("n > 'a'", user("AP", fields="n:integer")),
        deciding("n > 1", user("AQ", fields="n:text"), id_="Q"),
    )
    assert rules(model(*crossed)) == ["kinds_apart", "kinds_apart"]
    chooses = '<userTask id="A{0}" name="A"><extensionElements>{1}</extensionElements></userTask>'
    other = CHOICE.replace("si:Sí|no:No", "a:A|b:B")
    choices = (
        deciding("n == 'si'", chooses.format("P", CHOICE)),
        deciding("n == 'si'", chooses.format("Q", other), id_="Q"),
    )
    (finding,) = findings(model(*choices))
    assert (finding.rule, finding.element, finding.params["values"]) == (
        "value_never_given",
        "f_GQ_BQ",
        "«a», «b»",
    )


def test_who_calls_and_who_is_called_share_their_variables() -> None:
    called = process("R", start("SR") + user("AR", fields="n:text") + end("ER"), "SR>AR>ER")
    calling = deciding("n > 1", call("AP", "R"))
    assert rules(model(calling, called)) == ["kinds_apart"]
    both = deciding("n > 1", call("AP", "R"), "n:integer")
    assert rules(model(both, called)) == []
    inside = deciding("n > 1", user("AQ"), "n:integer", id_="Q")
    outside = process("P", start() + user("A", fields="n:text") + call("X", "Q") + end(), "S>A>X>E")
    assert rules(model(outside, inside)) == []
    assert rules(model(inside)) == []


def test_a_collection_is_a_list_and_a_number_of_items_is_whole() -> None:
    loop = multi("<loopDataInputRef>n</loopDataInputRef>")
    assert rules(straight(loop, variables="n:list")) == []
    assert rules(straight(loop, variables="n:integer")) == ["expression_kind"]
    number = multi("<loopCardinality>{}</loopCardinality>")
    assert (
        rules(straight(number.format("n"), variables="n:integer"))
        == rules(straight(number.format("n"), variables="n:number"))
        == []
    )
    for text in ("n / 2", "n > 1", "'3'"):
        assert rules(straight(number.format(escape(text)), variables="n:integer")) == [
            "expression_kind"
        ], text


def test_what_an_element_knows_of_itself_has_a_kind() -> None:
    loop = multi(
        "<loopCardinality>3</loopCardinality><completionCondition>{}</completionCondition>"
    )
    assert rules(straight(loop.format("numberOfCompletedInstances >= 2"))) == []
    assert rules(straight(loop.format("numberOfCompletedInstances"))) == ["expression_kind"]
    assert rules(straight(loop.format("not numberOfCompletedInstances"))) == ["operand_kind"]


def test_the_inputs_of_a_table_are_looked_at_where_it_is_used() -> None:
    decided = '<businessRuleTask id="X" name="X"><extensionElements><v:decision table="t"/></extensionElements></businessRuleTask>'
    table = dmn(["> 1 => 1", "- => 2"], ("len(x)",), policy="FIRST")
    assert rules(straight(decided, variables="x"), t_dmn=table) == []
    (finding,) = [
        each
        for each in findings(straight(decided, variables="x:integer"), t_dmn=table)
        if each.severity == "error"
    ]
    assert (finding.rule, finding.element) == ("operand_kind", "X")


def test_texts_without_quotes_are_named_wherever_they_are_compared() -> None:
    declared = "n"
    for condition, example in (
        ("n == si", "n == 'si'"),
        ("si == n", "'si' == n"),
        ("n in ['no', sí, 'ñ']", "n in ['no', 'sí', 'ñ']"),
        ("len(n) > 1 and n != ningún", "len(n) > 1 and n != 'ningún'"),
    ):
        (finding,) = findings(model(deciding(condition, user("AP"), declared)))
        assert (finding.rule, finding.params["example"]) == ("text_without_quotes", example)
    assert rules(model(deciding("n == si", user("AP"), "n:integer"))) == ["variable_unknown"]
    assert rules(model(deciding("otro == si", user("AP"), "n"))) == [
        "variable_unknown",
        "variable_unknown",
    ]


@pytest.mark.parametrize("pattern", ["EP-{aaaa}-{00000}", "E/{aaaa}/{000}", "X{0}"])
def test_a_number_of_cases_is_one_that_the_public_page_takes(pattern: str) -> None:
    assert NUMBER.match(pattern)
    assert radicado.NUMERO.fullmatch(radicado.segun_patron(pattern, 2026, 7))


@pytest.mark.parametrize("pattern", ["{00000}", "{aaaa}{000}", "{aaaa}/{000}", "-{000}"])
def test_a_number_that_could_be_a_radicado_or_begins_with_a_sign_is_refused(pattern: str) -> None:
    assert not NUMBER.match(pattern)
