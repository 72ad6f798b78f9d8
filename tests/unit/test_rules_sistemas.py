"""The one table of legacy systems: told apart by code, name and key, the same as the decision table
and the documentation."""

import re
from pathlib import Path

import pytest

from records.sistemas.reglas import sistemas
from records.sistemas.reglas.sistemas import SISTEMAS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("campo", ["codigo", "nombre", "tecla"])
def test_no_two_systems_share_a_code_a_name_or_a_key(campo: str) -> None:
    assert len({getattr(s, campo) for s in SISTEMAS}) == len(SISTEMAS)


def test_a_system_is_known_by_its_name_and_by_its_code() -> None:
    for s in SISTEMAS:
        assert sistemas.codigo_de(s.nombre) == sistemas.codigo_de(s.codigo) == s.codigo
    with pytest.raises(KeyError):
        sistemas.codigo_de("NINGUNO")


def test_every_year_belongs_to_one_system() -> None:
    for anio in range(1980, 2060):
        assert [s for s in SISTEMAS if s.giros and s.giros[0] <= anio <= s.giros[1]] == [
            sistemas.del_anio(anio)
        ]


def test_the_decision_table_of_5_2_9_asks_only_systems_of_the_table() -> None:
    dmn = (ROOT / "bpmn" / "m5_1_02" / "sistema_consulta.dmn").read_text("utf-8")
    pedidos = set(re.findall(r'_s_sistemas"><text>"([^"]+)"</text>', dmn))
    assert pedidos
    assert pedidos <= {s.codigo for s in SISTEMAS}


def test_the_documentation_says_how_each_system_is_asked() -> None:
    pagina = (ROOT / "docs" / "systems.md").read_text("utf-8")
    for s in SISTEMAS:
        assert re.search(
            rf"^\| `{s.codigo}` \| {re.escape(s.nombre)} \|.*\| {re.escape(s.medio)} \|",
            pagina,
            re.MULTILINE,
        ), s.codigo
