"""Patterns of declared fields at work: what fits, what does not, and texts too long to be compared
at all."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest
from werkzeug.datastructures import MultiDict

from engine import patterns
from engine.types import FieldSpec
from tests.kit import web as web_kit
from tests.kit.web import WebKit
from webforms.campos.formulario import Contexto
from webforms.tareas import declarado


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.engine.db.dispose()


def errores(web: WebKit, patron: str, texto: str) -> list[str]:
    with web.app.test_request_context("/", method="POST"):
        clase = declarado.formulario_declarado((FieldSpec("n", "Número", pattern=patron),)).form
        formulario = clase(Mock(spec=Contexto), MultiDict({"n": texto}), meta={"csrf": False})
        formulario.validate()
        return [str(error) for campo in formulario for error in campo.errors]


def test_a_text_is_compared_with_the_pattern_of_its_field(web: WebKit) -> None:
    assert errores(web, r"\d+x\d+", "3x4") == []
    assert errores(web, r"\d+x\d+", "3x4y") == ["«Número»: el dato no tiene la forma esperada"]


def test_a_text_that_is_too_long_for_its_pattern_is_refused_by_its_length(web: WebKit) -> None:
    patron = r"\d+x\d+x\d+"
    largo = patterns.limit(patron)
    assert errores(web, patron, "a" * (largo + 1)) == [f"«Número»: escriba máximo {largo} letras"]


def test_a_pattern_that_would_run_for_ever_is_not_compared(web: WebKit) -> None:
    """It can only come from a release that was deployed before the rule."""
    assert errores(web, "(a+)+b", "a" * 60) == []
