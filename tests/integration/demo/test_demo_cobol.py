"""The demo's COBOL holds what the CRM says of it, some credits of C&CTEX with another balance, and
one dirty record in a hundred."""

import datetime as dt
from pathlib import Path

import pytest

from demo import cctex, personas
from demo.cobol import CARTERA, CONFIGURACION, REG_CARTERA, construir
from handlers.conectores.cobol import conector
from handlers.conectores.cobol.codec import Codec, RegistroCorrupto, Valor
from handlers.conectores.cobol.copybook import leer
from handlers.conectores.tipos import Documento, Plazo

CORTE = dt.date(2026, 11, 23)


@pytest.fixture(scope="module")
def gente() -> list[personas.PersonaDato]:
    return personas.generar()


@pytest.fixture(scope="module")
def carpeta(gente: list[personas.PersonaDato], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cobol")
    construir(
        folder,
        [*personas.creditos(gente, "cobol"), *personas.duplicados(gente, "cobol")],
        corte=CORTE,
    )
    return folder


def test_one_record_in_a_hundred_is_dirty_and_all_others_can_be_read(carpeta: Path) -> None:
    codec, raw = Codec(leer(REG_CARTERA)), (carpeta / CARTERA).read_bytes()
    good: list[list[Valor]] = []
    dirty: list[str] = []
    for number, at in enumerate(range(0, len(raw), codec.diseno.largo), 1):
        try:
            good.append(codec.decodificar(raw[at : at + codec.diseno.largo], number))
        except RegistroCorrupto as corrupt:
            dirty.append(corrupt.campo)
    assert 0.003 < len(dirty) / (len(good) + len(dirty)) < 0.02
    assert len(set(dirty)) > 2, "of several kinds"


def test_a_credit_of_both_systems_has_another_balance_in_cobol_and_the_same_first_grant(
    gente: list[personas.PersonaDato], carpeta: Path
) -> None:
    connector = conector(carpeta / CONFIGURACION)
    both = list(personas.duplicados(gente, "cobol"))
    assert len(both) > 50
    for credit in both:
        rows = connector.preguntar(
            Documento(credit.tipo_doc, credit.num_doc, 1), credit.obligacion, Plazo(3)
        ).filas
        said = cctex.cifras(credit, CORTE)
        assert [row["obligacion"] for row in rows] == [credit.obligacion]
        assert rows[0]["saldo"] != f"{said.saldo}"
        assert rows[0]["fecha_giro"] == said.fecha_giro.isoformat()
