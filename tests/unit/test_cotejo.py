"""What the legacy systems said, side by side: which value counts is said only where a rule says it
(webforms.sistemas.cotejo)."""

import datetime as dt
from collections.abc import Iterator

import pytest

from records.personas.tablas import ServicioAdquirido
from records.sistemas.tablas import ConsultaLegado
from tests.kit.clock import NOW
from tests.kit.web import speaking
from webforms.sistemas.cotejo import Cotejo, Renglon, cotejar

HOY = NOW.date()


@pytest.fixture(autouse=True)
def espanol() -> Iterator[None]:
    app = speaking(__name__)
    with app.test_request_context():
        yield


def dijo(sistema: str, *filas: dict[str, str], estado: str = "ok", hace: int = 0) -> ConsultaLegado:
    return ConsultaLegado(
        sistema=sistema,
        estado=estado,
        filas=list(filas),
        fecha_corte=NOW - dt.timedelta(days=hace),
        consultada=NOW,
    )


def ver(*dichas: ConsultaLegado, anio: int | None = None, del_caso: str = "") -> Cotejo:
    productos = (
        [ServicioAdquirido(id=1, obligacion="O1", anio_giro=anio)] if anio is not None else []
    )
    cotejo = cotejar({c.sistema: c for c in dichas}, productos, del_caso, HOY)
    assert cotejo is not None
    return cotejo


def unico(cotejo: Cotejo) -> Renglon:
    (grupo,) = cotejo.grupos
    (renglon,) = grupo.renglones
    return renglon


@pytest.mark.parametrize(
    ("anio", "marcas", "porque"),
    [
        (
            1997,
            ["choca", "vale", "choca"],
            "Vale COBOL: tiene los créditos girados hasta 1998, y este es de 1997 (SUPUESTO Q8).",
        ),
        (
            2003,
            ["choca", "choca", "vale"],
            "Vale FOX PRO: tiene los créditos girados de 1999 a 2005, y este es de 2003 (SUPUESTO Q8).",
        ),
        (
            2011,
            ["vale", "choca", "choca"],
            "Vale C&CTEX: tiene los créditos girados desde 2006, y este es de 2011 (SUPUESTO Q8).",
        ),
        (0, ["choca", "choca", "choca"], "No coinciden: C&CTEX, COBOL, FOX PRO."),
        (None, ["choca", "choca", "choca"], "No coinciden: C&CTEX, COBOL, FOX PRO."),
    ],
)
def test_of_contradicting_values_that_of_the_system_which_holds_the_product_counts(
    anio: int | None, marcas: list[str], porque: str
) -> None:
    filas = [{"obligacion": "O1", "saldo": saldo} for saldo in ("1", "2", "3")]
    renglon = unico(
        ver(
            *(dijo(s, f) for s, f in zip(("cctex", "cobol", "foxpro"), filas, strict=True)),
            anio=anio,
        )
    )
    assert ([c.marca for c in renglon.celdas], renglon.porque) == (marcas, porque)


def test_when_the_system_that_holds_the_product_says_nothing_no_value_counts() -> None:
    renglon = unico(
        ver(
            dijo("cctex", {"obligacion": "O1", "saldo": "1"}),
            dijo("cobol", {"obligacion": "O1", "saldo": "2"}),
            anio=2003,
        )
    )
    assert [c.marca for c in renglon.celdas] == ["choca", "choca", ""]
    assert renglon.porque == "No coinciden: C&CTEX, COBOL."


def test_the_same_value_written_otherwise_agrees_and_a_value_alone_is_not_marked() -> None:
    igual = unico(
        ver(
            dijo("cctex", {"obligacion": "O1", "saldo": "10.00"}),
            dijo("cobol", {"obligacion": "O1", "saldo": "10"}),
            anio=2011,
        )
    )
    assert ([c.marca for c in igual.celdas], igual.porque) == (["coincide", "coincide", ""], "")
    solo = unico(
        ver(dijo("cctex", {"obligacion": "O1", "saldo": "10"}), dijo("cobol", estado="sin_datos"))
    )
    assert [c.marca for c in solo.celdas] == ["", "", ""]


def test_the_obligation_of_the_case_comes_first_and_is_what_the_key_inserts() -> None:
    cotejo = ver(
        dijo(
            "cctex", {"obligacion": "O2", "saldo": "5"}, {"obligacion": "O1", "saldo": "1"}, hace=3
        ),
        anio=2011,
        del_caso="O1",
    )
    assert [(g.obligacion, g.del_caso) for g in cotejo.grupos] == [("O1", True), ("O2", False)]
    cctex, cobol, _foxpro = cotejo.columnas
    assert (cctex.dias, cctex.texto) == (
        3,
        "Según C&CTEX (corte: sáb 21 nov 2026): obligación O1; saldo $ 1.",
    )
    assert (cobol.estado, cotejo.preguntados, cotejo.respondieron) == ("no_preguntado", 1, 1)


def test_an_obligation_that_comes_twice_is_shown_twice() -> None:
    cotejo = ver(
        dijo("cctex", {"obligacion": "O1", "saldo": "1"}, {"obligacion": "O1", "saldo": "2"})
    )
    assert [g.obligacion for g in cotejo.grupos] == ["O1", "O1 (2)"]


def test_what_was_forgotten_after_its_term_is_no_answer() -> None:
    olvidada = dijo("cctex")
    olvidada.filas = None
    assert ver(olvidada).grupos == []
    assert cotejar({}, [], "", HOY) is None
