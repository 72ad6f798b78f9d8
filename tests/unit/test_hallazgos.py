"""Every rule of the deployer has a Spanish sentence with its facts and a remedy."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import Finding
from engine.errors import Problem
from webforms.analista.frases import FRASES
from webforms.analista.hallazgos import frase
from webforms.analista.hallazgos import hallazgo
from webforms.analista.hallazgos import hallazgos

MOTOR = Path(__file__).parents[2] / "engine"
NO_SON_REGLAS = {"error", "warning"}


def llamadas() -> Iterator[tuple[str, ast.Call]]:
    """Every call that makes a finding, with the rule code that it writes."""
    for path in sorted(MOTOR.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name in ("Finding", "_finding", "XmlRefusedError"):
                for argument in node.args[:4]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value not in NO_SON_REGLAS:
                        yield argument.value, node


def reglas_indirectas() -> Iterator[str]:
    """Codes that reach a finding through a variable: values of the tables and branches that choose one."""
    for path in sorted(MOTOR.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "_REFUSED":
                assert isinstance(node.value, ast.Dict)
                yield from (str(value.value) for value in node.value.values if isinstance(value, ast.Constant))
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "rule":
                yield from (str(c.value) for c in ast.walk(node.value) if isinstance(c, ast.Constant))


REGLAS = sorted({regla for regla, _ in llamadas()} | set(reglas_indirectas()))


def test_the_rules_of_the_deployer_are_found() -> None:
    assert {"handler_unknown", "xml_doctype", "variable_unknown", "script_refused", "dmn_overlap"} <= set(REGLAS)
    assert len(REGLAS) > 80


@pytest.mark.parametrize("regla", REGLAS)
def test_every_rule_has_a_sentence(regla: str) -> None:
    assert regla in FRASES


@pytest.mark.parametrize("regla", sorted(FRASES))
def test_no_sentence_is_left_of_a_rule_that_is_gone(regla: str) -> None:
    assert regla in REGLAS


@pytest.mark.parametrize(("regla", "texto"), FRASES.items())
def test_a_sentence_says_what_happens_and_what_to_do(regla: str, texto: str) -> None:
    assert texto[0].isupper() or texto[0] in "«¿", regla
    assert texto.rstrip()[-1] in ".)", regla
    assert "favor" not in texto, regla


def test_a_sentence_names_only_facts_that_its_findings_carry() -> None:
    for regla, node in llamadas():
        dados = {k.arg for k in node.keywords if k.arg} | {"table", "problem"}
        literales = [argument for argument in node.args if isinstance(argument, ast.Dict)]
        dados |= {str(k.value) for d in literales for k in d.keys if isinstance(k, ast.Constant)}
        if any(isinstance(argument, ast.Name) and argument.id in ("facts", "params") for argument in node.args):
            continue
        pedidos = {nombre for _, nombre, _, _ in string.Formatter().parse(FRASES.get(regla, "")) if nombre}
        faltan = pedidos - dados
        assert not faltan or regla == "v_attribute_unknown", (regla, faltan)


def test_a_finding_names_the_element_as_the_analyst_sees_it() -> None:
    finding = Finding("a.bpmn", "f_1", "condition_missing", {"gateway": "x"})

    dicho = hallazgo(finding, {"f_1": "No"})

    assert dicho.linea.startswith("a.bpmn, «No»: Esta salida de la compuerta no tiene condición.")
    assert dicho.linea.endswith("[condition_missing]")


def test_a_finding_of_a_whole_file_has_no_element() -> None:
    assert hallazgo(Finding("a.bpmn", None, "process_missing")).nombre == "Todo el archivo"


def test_an_unknown_rule_is_still_a_spanish_sentence() -> None:
    assert frase(Finding("a.bpmn", None, "new_rule", {"a": "b"})) == "No cumple la regla new_rule (a: b). Consulte la guía de modelado."


def test_errors_come_before_warnings_and_nothing_twice() -> None:
    aviso = Finding("a.bpmn", "x", "default_missing", {}, "warning")
    error = Finding("b.bpmn", "y", "unreachable")

    assert [h.regla for h in hallazgos([aviso, error, error])] == ["unreachable", "default_missing"]


def test_a_problem_inside_a_finding_is_said_in_spanish() -> None:
    finding = Finding("a.bpmn", "f", "expression", {"expression": "a ==", "problem": Problem("not_an_expression")})
    assert (
        frase(finding)
        == "La expresión «a ==» no se entiende: no es una expresión completa. Corríjala; hay ejemplos en la guía de modelado."
    )
