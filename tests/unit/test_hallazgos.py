"""Every rule of the deployer has a Spanish sentence with its facts and a remedy."""

import re
import string
from pathlib import Path

import pytest

from engine.errors import Finding, Problem, Rule
from engine.lint.rules import FAMILIES, RULES
from engine.model.vocabulary import VOCABULARY
from engine.reads.models import OTHER
from webforms.base.idioma import catalogo
from webforms.paquetes.frases import FRASES
from webforms.paquetes.frases.palabras import DEL_PANEL
from webforms.paquetes.hallazgos import columna, frase, hallazgo, hallazgos, regla_de

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("regla", RULES)
def test_every_rule_has_a_sentence(regla: str) -> None:
    assert regla in FRASES


@pytest.mark.parametrize("regla", sorted(FRASES))
def test_no_sentence_is_left_of_a_rule_that_is_gone(regla: str) -> None:
    assert regla in RULES


@pytest.mark.parametrize(("regla", "texto"), FRASES.items())
def test_a_sentence_says_what_happens_and_what_to_do(regla: str, texto: str) -> None:
    assert texto[0].isupper() or texto[0] in "«¿", regla
    assert texto.rstrip()[-1] in ".)", regla
    assert "favor" not in texto, regla


def test_a_remedy_in_the_panel_names_a_property_that_the_panel_has() -> None:
    guiones = "".join(
        ruta.read_text("utf-8") for ruta in (ROOT / "webforms" / "assets" / "bpmn").glob("*.js")
    )
    rotulos = set(re.findall(r'(?:etiqueta: |\? |grupo\(\s*)_\("([^"]+)"\)', guiones))
    al_panel = {
        regla: re.findall(r"«([^«»{}]+)»", texto)
        for regla, texto in FRASES.items()
        if "panel" in texto
    }
    assert len(al_panel) > 10
    assert [regla for regla, nombres in al_panel.items() if not nombres] == []
    assert {nombre for nombres in al_panel.values() for nombre in nombres} - rotulos == set()


def test_in_english_a_remedy_names_the_property_as_the_english_panel_does() -> None:
    ingles = catalogo("en").gettext
    for regla, texto in FRASES.items():
        for nombre in re.findall(r"«([^«»{}]+)»", texto) if "panel" in texto else ():
            assert f"“{ingles(nombre)}”" in ingles(texto), regla


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_a_sentence_names_only_facts_that_its_findings_carry(rule: Rule) -> None:
    pedidos = {nombre for _, nombre, _, _ in string.Formatter().parse(FRASES[rule.code]) if nombre}
    assert pedidos <= set(rule.facts)


def test_a_finding_carries_the_facts_of_its_rule_and_no_others() -> None:
    rule = Rule("r", "Ventanilla", ("a", "b"))
    assert rule.at("f.bpmn", None, a="1", b="2") == Finding(
        "f.bpmn", None, "r", {"a": "1", "b": "2"}
    )
    assert rule.as_warning().at("f.bpmn", "x", a="1", b="2").severity == "warning"
    with pytest.raises(TypeError, match="'a', 'b'"):
        rule.at("f.bpmn", None, a="1")


def test_a_rule_has_one_code_and_stands_under_its_name() -> None:
    nombradas = [
        (nombre, rule)
        for family in FAMILIES
        for nombre, rule in vars(family).items()
        if isinstance(rule, Rule)
    ]
    assert all(nombre == rule.code.upper() for nombre, rule in nombradas)
    assert len({rule for _, rule in nombradas}) == len(RULES)


def test_a_finding_names_the_element_as_the_analyst_sees_it() -> None:
    finding = Finding("a.bpmn", "f_1", "condition_missing", {"gateway": "x"})

    dicho = hallazgo(finding, {"f_1": "No"})

    assert dicho.linea.startswith("a.bpmn, «No»: Esta salida de la compuerta no tiene condición.")
    assert dicho.linea.endswith("[condition_missing]")


def test_what_an_event_waits_for_is_called_as_its_panel_calls_it() -> None:
    dicho = frase(Finding("a.bpmn", "e", "condition_of_event_empty"))
    assert "«Ocurre cuando»" in dicho
    assert "defecto" not in dicho


def test_a_finding_of_a_whole_file_has_no_element() -> None:
    assert hallazgo(Finding("a.bpmn", None, "process_missing")).nombre == "Todo el archivo"


def test_an_unknown_rule_is_still_a_spanish_sentence() -> None:
    assert (
        frase(Finding("a.bpmn", None, "new_rule", {"a": "b"}))
        == "No cumple la regla new_rule (a: b). Consulte la guía de modelado."
    )


def test_errors_come_before_warnings_and_nothing_twice() -> None:
    aviso = Finding("a.bpmn", "x", "default_missing", {}, "warning")
    error = Finding("b.bpmn", "y", "unreachable")

    assert [h.regla for h in hallazgos([aviso, error, error])] == ["unreachable", "default_missing"]


def test_an_example_of_a_table_is_said_in_the_words_of_its_columns() -> None:
    caso = Problem(
        "case", {"tema": OTHER, "edad": 5.0, "clase": "Q", "titular": True, "area": None}
    )
    finding = Finding("t.dmn", "t", "dmn_gap", {"table": "t", "example": caso})
    nombres = {
        "t": "Prioridad",
        columna("edad"): "Edad",
        columna("tema"): "Tema",
        columna("clase", "Q"): "Queja",
    }
    assert frase(finding, nombres) == (
        "La tabla «Prioridad» no dice qué hacer con «Tema: otro valor; Edad: 5; clase: Queja; titular: sí; area: sin dato». "
        "Agregue una regla para ese caso."
    )
    dos = Finding("t.dmn", "t", "dmn_overlap", {"table": "t", "rules": "r1, r9", "example": caso})
    assert "coinciden a la vez las reglas 1 y r9, por ejemplo" in frase(dos, {regla_de("r1"): "1"})


@pytest.mark.parametrize(
    ("regla", "hechos", "dicho"),
    [
        (
            "v_attribute_missing",
            {"element": "field", "attribute": "label"},
            "A un campo del formulario le falta «Pregunta o rótulo».",
        ),
        (
            "v_attribute_missing",
            {"element": "lane", "attribute": "role"},
            "A «Quién hace las tareas de este carril» le falta «Rol».",
        ),
        (
            "v_element_misplaced",
            {"element": "due", "on": "userTask manualTask"},
            "El archivo le pone «Vence» a este elemento, y va en: una tarea de usuario, una",
        ),
        ("v_value", {"attribute": "min", "value": "x", "allowed": "number"}, "«Mínimo» dice «x»"),
        ("v_element_unknown", {"element": "campo"}, "En el archivo hay «v:campo», que no es parte"),
    ],
)
def test_our_vocabulary_is_said_as_the_panel_calls_it(
    regla: str, hechos: dict[str, str | Problem], dicho: str
) -> None:
    assert frase(Finding("a.bpmn", "t", regla, hechos)).startswith(dicho)


def test_all_of_our_vocabulary_has_a_word_of_the_panel() -> None:
    assert DEL_PANEL.keys() == VOCABULARY.keys()


def test_a_problem_inside_a_finding_is_said_in_spanish() -> None:
    finding = Finding(
        "a.bpmn", "f", "expression", {"expression": "a ==", "problem": Problem("not_an_expression")}
    )
    assert (
        frase(finding)
        == "La expresión «a ==» no se entiende: no es una expresión completa. Corríjala; hay ejemplos en la guía de modelado."
    )
