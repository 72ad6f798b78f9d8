"""The F189 (5.2.27, domain §10): each row of its two tables through the engine's own evaluation,
and the score that they make."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from engine.lint.tables import check_table
from engine.model import xml
from engine.model.decision_tables import Table, read
from records.auditorias.reglas import f189

ROOT = Path(__file__).resolve().parents[2]
MAXIMO = Decimal(100)  # of all that can be seen


def leida(nombre: str) -> Table:
    (tabla,), halladas = read(
        f"{nombre}.dmn", xml.parse((ROOT / "bpmn" / "m5_1_02" / f"{nombre}.dmn").read_bytes())
    )
    assert halladas == []
    return tabla


CRITERIOS, BANDA = leida("f189_criterios"), leida("f189_banda")
NADA: Mapping[str, Any] = dict.fromkeys(CRITERIOS.names)
BUENAS = {
    "bienvenida": "si", "espera_min": 12, "atencion_min": 9.4, "calificacion": 5, "oportunidad": "si", "coherencia": "si",
    "pertinencia": "si", "solucion": "si", "presentacion": "si", "lenguaje": 5, "manejo_crisis": 5, "tono": 5, "registro_crm": "completo",
    "escalonado": "correcto",
}  # fmt: skip


def puntos(**respuestas: Any) -> dict[str, tuple[Any, Any, Any]]:
    """By criterion: points, of how many, whether it is critical."""
    dado = CRITERIOS.decide(NADA | respuestas)
    return dict(
        zip(
            dado["criterio"],
            zip(dado["puntos"], dado["maximo"], dado["critico"], strict=True),
            strict=True,
        )
    )


def puntaje(*, fatal: bool = False, **respuestas: Any) -> f189.Puntaje:
    return f189.puntuar(**CRITERIOS.decide(NADA | respuestas), fatal=fatal)


@pytest.mark.parametrize("tabla", [CRITERIOS, BANDA])
def test_the_tables_pass_the_lint_and_have_neither_gap_nor_overlap(tabla: Table) -> None:
    assert list(check_table("t.dmn", tabla)) == []


# one line for each row of the table but the last
FILAS: list[tuple[str, Any, str, float, float, bool]] = [
    ("bienvenida", "si", "3", 10, 10, False),
    ("bienvenida", "parcial", "3", 5, 10, False),
    ("bienvenida", "no", "3", 0, 10, False),
    *(
        ("espera_min", minutos, "4", dan, 10, False)
        for minutos, dan in ((0, 10), (15, 10), (15.01, 6), (30, 6), (30.01, 0), (300, 0))
    ),
    *(
        ("atencion_min", minutos, "5", dan, 10, False)
        for minutos, dan in ((0, 3), (2.99, 3), (3, 10), (20, 10), (20.01, 6), (30, 6), (30.01, 3))
    ),
    *(("calificacion", nota, "6", 2 * nota, 10, False) for nota in range(1, 6)),
    *(
        (campo, "si", f"7.{k}", 6.25, 6.25, True)
        for k, campo in enumerate(("oportunidad", "coherencia", "pertinencia", "solucion"), 1)
    ),
    *(
        (campo, "no", f"7.{k}", 0, 6.25, True)
        for k, campo in enumerate(("oportunidad", "coherencia", "pertinencia", "solucion"), 1)
    ),
    ("presentacion", "si", "8", 5, 5, False),
    ("presentacion", "no", "8", 0, 5, False),
    *(
        (campo, nota, f"9.{k}", nota, 5, False)
        for k, campo in enumerate(("lenguaje", "manejo_crisis", "tono"), 1)
        for nota in range(1, 6)
    ),
    ("registro_crm", "completo", "10", 10, 10, True),
    ("registro_crm", "parcial", "10", 5, 10, True),
    ("registro_crm", "no", "10", 0, 10, True),
    ("escalonado", "correcto", "11", 5, 5, False),
    ("escalonado", "tarde", "11", 2, 5, False),
    ("escalonado", "area_errada", "11", 0, 5, False),
]


@pytest.mark.parametrize(("campo", "respuesta", "criterio", "dan", "de", "critico"), FILAS)
def test_each_answer_gives_its_points(
    campo: str, respuesta: Any, criterio: str, dan: float, de: float, critico: Any
) -> None:
    assert puntos(**{campo: respuesta}) == {criterio: (dan, de, critico), "12": (0, 0, False)}
    assert f189.CRITERIOS[criterio].campo == campo


def test_no_row_of_the_table_is_without_its_line_here() -> None:
    usadas = {
        fila.id
        for campo, respuesta, *_ in FILAS
        for fila in CRITERIOS.counting(CRITERIOS.values(NADA | {campo: respuesta}))
    }
    assert usadas == {fila.id for fila in CRITERIOS.rules}


@given(st.floats(0, 10_000, allow_nan=False))
def test_minutes_have_no_hole_between_two_rows(minutos: float) -> None:
    assert len(puntos(espera_min=minutos, atencion_min=minutos)) == 3


def test_what_was_not_seen_or_does_not_apply_leaves_the_maximum_too() -> None:
    sin = {
        "bienvenida": "na",
        "oportunidad": "na",
        "presentacion": "na",
        "registro_crm": "na",
        "escalonado": "no_aplica",
    }
    assert puntos(**sin) == puntos() == {"12": (0, 0, False)}
    assert puntaje() == f189.Puntaje(Decimal(0), Decimal(0), None, None)


def test_all_good_is_a_hundred_of_a_hundred() -> None:
    assert puntaje(**BUENAS) == f189.Puntaje(MAXIMO, MAXIMO, Decimal("100.00"), Decimal("100.00"))
    assert set(puntos(**BUENAS)) == set(f189.CRITERIOS)


def test_the_example_of_the_procedure_s_expert_reading() -> None:
    """A crisis that did not happen lowers the maximum, and so does an escalation that was not
    needed."""
    visto = BUENAS | {
        "bienvenida": "parcial",
        "calificacion": 4,
        "solucion": "no",
        "manejo_crisis": None,
        "tono": 4,
        "escalonado": "no_aplica",
    }
    assert puntaje(**visto) == f189.Puntaje(
        Decimal("75.75"), Decimal(90), Decimal("84.17"), Decimal("82.14")
    )


def test_a_fatal_error_makes_the_score_0_and_not_the_critical_part() -> None:
    assert puntaje(fatal=True, **BUENAS) == f189.Puntaje(
        MAXIMO, MAXIMO, Decimal("0.00"), Decimal("100.00")
    )
    assert puntaje(fatal=True).puntaje == 0
    assert set(f189.FATALES) == {"reserva", "informacion_falsa", "sin_registro", "maltrato"}


def test_a_critical_criterion_lowers_its_own_part() -> None:
    assert puntaje(**BUENAS | {"registro_crm": "no"}).critico == Decimal("71.43")
    assert puntaje(bienvenida="si").critico is None


@given(
    st.dictionaries(
        st.sampled_from(sorted(NADA)),
        st.sampled_from([1, 2, 3, 4, 5, 25.5, "si", "no", "parcial", "completo", "tarde", None]),
    )
)
def test_a_score_is_what_its_points_say(respuestas: dict[str, Any]) -> None:
    visto = puntos(**respuestas)
    dado = puntaje(**respuestas)
    suma, de = (sum(Decimal(str(fila[k])) for fila in visto.values()) for k in (0, 1))
    assert (dado.puntos, dado.maximo) == (suma, de)
    assert (dado.puntaje is None) is (de == 0)
    if dado.puntaje is not None:
        assert abs(dado.puntaje - 100 * suma / de) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("criterio", "dan", "de"),
    [
        (["13"], [1], [5]),
        (["3", "3"], [1, 1], [5, 5]),
        (["3"], [6], [5]),
        (["3"], [-1], [5]),
        (["3"], [1], [5, 5]),
    ],
)
def test_lists_that_no_table_should_give_are_refused(
    criterio: list[str], dan: list[float], de: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"3|zip"):
        f189.puntuar(criterio, dan, de, [False] * len(criterio))


def test_who_edits_the_table_may_change_weights_but_not_what_the_criteria_are() -> None:
    nombrados = {fila.outputs[0] for fila in CRITERIOS.rules}
    assert nombrados == set(f189.CRITERIOS)
    assert {criterio.campo for criterio in f189.CRITERIOS.values()} - {
        "novedades"
    } == CRITERIOS.names
    assert {c.fuente for c in f189.CRITERIOS.values()} == {
        "observado",
        "periodos",
        "calificacion",
        "expediente",
        "ambos",
    }
    assert [numero for numero, c in f189.CRITERIOS.items() if c.fuente == "observado"] == [
        "3",
        "8",
        "9.1",
        "9.2",
        "9.3",
    ]
    maximos = {(fila.outputs[0], fila.outputs[2]) for fila in CRITERIOS.rules}
    assert len(maximos) == len(nombrados)
    assert sum(Decimal(str(de)) for _, de in maximos) == MAXIMO


# --- bands ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("nota", "fatal", "banda", "consecuencia"),
    [
        (100, False, "sobresaliente", "ninguna"),
        (90, False, "sobresaliente", "ninguna"),
        (89.99, False, "satisfactorio", "ninguna"),
        (80, False, "satisfactorio", "ninguna"),
        (79.99, False, "aceptable", "accion"),
        (70, False, "aceptable", "accion"),
        (69.99, False, "deficiente", "inconsistencia"),
        (0, False, "deficiente", "inconsistencia"),
        (0, True, "deficiente", "inconsistencia"),
        (None, True, "deficiente", "inconsistencia"),
        (None, False, "sin_puntaje", "ninguna"),
    ],
)
def test_each_score_has_its_band(
    nota: float | None, fatal: Any, banda: str, consecuencia: str
) -> None:
    assert BANDA.decide({"puntaje": nota, "fatal": fatal}) == {
        "banda": banda,
        "consecuencia": consecuencia,
    }


def test_a_score_is_rounded_once_and_the_band_reads_what_is_printed() -> None:
    dado = f189.puntuar(["3", "4"], [8.9996, 8.9996], [10, 10], [False, False])
    assert dado.puntaje == Decimal("90.00")
    assert (
        BANDA.decide({"puntaje": float(dado.puntaje), "fatal": False})["banda"] == "sobresaliente"
    )
    assert f189.puntuar(["3"], [Decimal("8.9995")], [10], [False]).puntaje == Decimal("90.00")
    assert f189.puntuar(["3"], [Decimal("8.9994")], [10], [False]).puntaje == Decimal("89.99")


def test_what_is_supposed_is_marked_as_such() -> None:
    for nombre in ("f189_criterios", "f189_banda"):
        texto = (ROOT / "bpmn" / "m5_1_02" / f"{nombre}.dmn").read_text("utf-8")
        assert re.search(r"<description>5\.2\.27 · .*SUPUESTO Q20", texto)
