"""The weekly sample (5.2.27, domain §11): sizes of printed tables, draws that anybody repeats,
intervals of a second implementation."""

import hashlib
import itertools
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from statistics import fmean, pvariance

import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from records.auditorias.reglas import muestra
from records.auditorias.reglas.muestra import Estimacion

MITAD, DECIMO, VIGESIMO, Z_95 = Decimal("0.5"), Decimal("0.1"), Decimal("0.05"), Decimal("1.96")
ESTRATOS = st.dictionaries(
    st.text("ABc|ñ", min_size=1, max_size=4), st.integers(0, 400), max_size=12
)
IDS = st.sets(st.text("0123456789abñ", min_size=1, max_size=5), max_size=30)


# --- how many -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("poblacion", "al_90", "al_95"), [(200, 51, 132), (1_000, 64, 278), (12_000, 68, 373)]
)
def test_sizes_are_those_of_the_table_that_auditors_know(
    poblacion: int, al_90: int, al_95: int
) -> None:
    assert muestra.tamano(poblacion, muestra.Z_90, MITAD, DECIMO) == al_90
    assert muestra.tamano(poblacion, Z_95, MITAD, VIGESIMO) == al_95
    assert muestra.tamano(poblacion, 1.96, 0.5, 0.05) == al_95


def test_of_nobody_nobody_is_looked_at_and_of_few_all_are() -> None:
    assert [muestra.tamano(n, muestra.Z_90, MITAD, DECIMO) for n in (0, 1, 2, 5)] == [0, 1, 2, 5]


@given(
    st.integers(1, 10**7),
    st.sampled_from(["1.282", "1.645", "1.96", "2.576"]),
    st.integers(1, 99),
    st.integers(1, 99),
)
def test_a_size_is_the_smallest_whose_error_is_not_above_what_is_wanted(
    n_total: int, z: str, p: int, e: int
) -> None:
    parte, error = Fraction(p, 100), Fraction(e, 100)
    n = muestra.tamano(n_total, Decimal(z), Decimal(p) / 100, Decimal(e) / 100)

    def del_error(m: int) -> Fraction:
        """The square of the half width that m of n_total give, with the finite correction
        (N−n)/(N−1)."""
        return (
            Fraction(z) ** 2
            * parte
            * (1 - parte)
            / m
            * (Fraction(n_total - m, n_total - 1) if n_total > 1 else 0)
        )

    assert 1 <= n <= n_total
    assert del_error(n) <= error**2
    assert n == 1 or del_error(n - 1) > error**2


@pytest.mark.parametrize(
    "mal",
    [(-1, 1.6, 0.5, 0.1), (9, 0, 0.5, 0.1), (9, 1.6, 0, 0.1), (9, 1.6, 1, 0.1), (9, 1.6, 0.5, 0)],
)
def test_parameters_that_mean_nothing_are_refused(mal: tuple[int, float, float, float]) -> None:
    with pytest.raises(ValueError, match=str(mal[1])):
        muestra.tamano(*mal)


# --- of which strata ------------------------------------------------------------------------------
@given(ESTRATOS, st.integers(0, 500), st.sampled_from(["", "A"]))
def test_an_allotment_adds_up_keeps_within_its_strata_and_leaves_none_out(
    por_estrato: dict[str, int], n: int, visitado: str
) -> None:
    debidos = (
        [*(estrato for estrato in por_estrato if visitado in estrato), "no está"]
        if visitado
        else None
    )
    reparto = muestra.repartir(por_estrato, n, debidos)
    con_alguien = [e for e, hay in por_estrato.items() if hay and (debidos is None or e in debidos)]
    assert reparto.keys() == por_estrato.keys()
    assert all(0 <= reparto[e] <= por_estrato[e] for e in reparto)
    assert all(reparto[e] >= 1 for e in con_alguien)
    assert sum(reparto.values()) == min(sum(por_estrato.values()), max(n, len(con_alguien)))
    assert reparto == muestra.repartir(dict(reversed(por_estrato.items())), n, debidos)
    # more of you, never fewer of them, but for the one that was owed
    for una, otra in itertools.permutations(por_estrato, 2):
        if por_estrato[una] > por_estrato[otra] and reparto[otra] > 1:
            assert reparto[una] >= reparto[otra]


@given(ESTRATOS, st.integers(0, 500))
def test_without_a_minimum_each_gets_its_quota_rounded_down_or_up(
    por_estrato: dict[str, int], n: int
) -> None:
    todos = sum(por_estrato.values())
    for estrato, cuantos in muestra.repartir(por_estrato, n, ()).items():
        cuota = Fraction(min(n, todos) * por_estrato[estrato], todos) if todos else Fraction()
        assert math.floor(cuota) <= cuantos <= math.ceil(cuota)


def test_largest_remainders_first_ties_by_name_and_who_is_owed_one_gets_it() -> None:
    assert muestra.repartir({"b": 10, "a": 10, "c": 10}, 4) == {"a": 2, "b": 1, "c": 1}
    assert muestra.repartir({"a": 47, "b": 16, "c": 15, "d": 22}, 10) == {
        "a": 5,
        "b": 2,
        "c": 1,
        "d": 2,
    }
    assert muestra.repartir({"a": 1, "b": 1, "c": 100}, 5) == {"a": 1, "b": 1, "c": 3}
    assert muestra.repartir({"a": 1, "b": 1, "c": 100}, 5, ["b"]) == {"a": 0, "b": 1, "c": 4}
    # n grows
    assert muestra.repartir({"a": 9, "b": 9, "c": 9, "d": 0}, 2) == {"a": 1, "b": 1, "c": 1, "d": 0}
    # a population smaller than the sample
    assert muestra.repartir({"a": 2, "b": 3}, 51) == {"a": 2, "b": 3}
    assert muestra.repartir({}, 51) == {}
    assert muestra.repartir({"a": 0}, 51) == {"a": 0}


# --- which ----------------------------------------------------------------------------------------
def test_a_seed_is_what_its_text_says_for_anybody_with_a_sha256() -> None:
    s = muestra.semilla("presencial", "2026-W48", ["t-10", "t-9", "t-1"])
    assert s.huella_poblacion == hashlib.sha256(b"t-1\nt-10\nt-9").hexdigest()
    assert s.texto == f"M5-1-02|presencial|2026-W48|v1|{s.huella_poblacion}"
    assert s.numero == int(hashlib.sha256(s.texto.encode()).hexdigest()[:16], 16)
    assert s == muestra.semilla("presencial", "2026-W48", iter(["t-1", "t-9", "t-10"]))
    otras = [
        ("telefonico", "2026-W48", ["t-1", "t-9", "t-10"]),
        ("presencial", "2026-W47", ["t-1", "t-9", "t-10"]),
        ("presencial", "2026-W48", ["t-1"]),
    ]
    assert len({s.numero, *(muestra.semilla(*otra).numero for otra in otras)}) == 4


@pytest.mark.parametrize(("semana", "ids"), [("2026-48", ["a"]), ("2026-W48", ["a", "a"])])
def test_a_seed_of_no_week_or_of_the_same_attention_twice_is_none(
    semana: str, ids: list[str]
) -> None:
    with pytest.raises(ValueError, match=semana):
        muestra.semilla("presencial", semana, ids)


@given(
    st.dictionaries(st.text("ABñ|", max_size=4), IDS, max_size=6),
    st.integers(0, 2**64 - 1),
    st.data(),
)
def test_a_draw_takes_each_once_and_depends_neither_on_order_nor_on_other_strata(
    por_estrato: dict[str, set[str]], numero: int, datos: st.DataObject
) -> None:
    n = {e: datos.draw(st.integers(0, len(ids))) for e, ids in por_estrato.items()}
    sacadas = muestra.sacar(por_estrato, n, numero)
    for estrato, ids in por_estrato.items():
        sacada = sacadas[estrato]
        assert len(sacada.elegidos) == n[estrato]
        assert sorted(sacada.elegidos + sacada.reserva) == sorted(ids)
        assert muestra.sacar(
            {estrato: sorted(ids, reverse=True)}, {estrato: n[estrato]}, numero
        ) == {estrato: sacada}
        # a larger sample is the smaller one and the first of its reserve
        for menos in range(n[estrato]):
            menor = muestra.sacar({estrato: ids}, {estrato: menos}, numero)[estrato]
            assert menor.elegidos + menor.reserva == sacada.elegidos + sacada.reserva


def test_a_draw_of_today_is_the_draw_of_later_years() -> None:
    sacadas = muestra.sacar(
        {"BOG-AGU|resuelto": [f"t-{k}" for k in range(8)], "BOG-AGU|sala": ["t-90", "t-91"]},
        {"BOG-AGU|resuelto": 3},
        7,
    )
    assert sacadas["BOG-AGU|resuelto"] == muestra.Sacada(
        ("t-3", "t-4", "t-0"), ("t-1", "t-6", "t-2", "t-7", "t-5")
    )
    assert sacadas["BOG-AGU|sala"].elegidos == ()


def test_each_is_as_likely_as_any_other() -> None:
    ids = [f"t-{k}" for k in range(10)]
    veces = dict.fromkeys(ids, 0)
    for numero in range(2_000):
        for elegido in muestra.sacar({"e": ids}, {"e": 3}, numero)["e"].elegidos:
            veces[elegido] += 1
    assert stats.chisquare(list(veces.values())).pvalue > 0.001


@pytest.mark.parametrize(
    ("ids", "n"),
    [
        ({"e": ["a"]}, {"e": 2}),
        ({"e": ["a"]}, {"otro": 1}),
        ({"e": ["a"]}, {"e": -1}),
        ({"e": ["a", "a"]}, {"e": 1}),
    ],
)
def test_more_than_there_are_is_not_drawn(ids: dict[str, list[str]], n: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"e|otro"):
        muestra.sacar(ids, n, 7)


# --- what it says of all --------------------------------------------------------------------------
HAY = {"BOG|escalado": 14, "BOG|resuelto": 120, "MED|resuelto": 66}
VISTOS = {
    "BOG|escalado": [62.5, 71.43, 88.0],
    "BOG|resuelto": [95.0, 91.67, 100.0, 77.78, 85.0],
    "MED|resuelto": [70.0, 66.67, 93.33, 80.0],
}
# svy 0.35.0: Sample(data, Design(stratum, wgt=N_h/n_h, pop_size=N_h)).estimation.mean(y, alpha).
# The two last with the strata joined beforehand in `stratum` and `pop_size`, weights as they were.
DE_SVY = [
    (VISTOS, HAY, 0.9, (84.68736666666668, 3.015678153325458, 79.1592880430769, 90.21544529025645)),
    (
        VISTOS,
        HAY,
        0.95,
        (84.68736666666668, 3.015678153325458, 77.86542873142743, 91.50930460190592),
    ),
    (
        VISTOS | {"BOG|escalado": [62.5], "BOG|sala": [40.0]},
        HAY | {"BOG|sala": 3},
        0.9,
        (83.23546798029557, 3.0283877530244845, 77.60403547727628, 88.86690048331485),
    ),
    (
        VISTOS | {"BOG|escalado": [62.5]},
        HAY,
        0.9,
        (83.884, 3.654087224593893, 77.08904927253971, 90.67895072746029),
    ),
]


@pytest.mark.parametrize(("vistos", "hay", "confianza", "esperado"), DE_SVY)
def test_the_estimate_is_that_of_a_program_for_surveys(
    vistos: Mapping[str, list[float]],
    hay: Mapping[str, int],
    confianza: float,
    esperado: tuple[float, ...],
) -> None:
    e = muestra.estimar(vistos, hay, confianza)
    assert (e.media, e.error_estandar, e.desde, e.hasta) == pytest.approx(
        esperado, rel=1e-12, abs=1e-12
    )
    en_decimales = {
        estrato: [Decimal(str(v)) for v in reversed(valores)]
        for estrato, valores in reversed(vistos.items())
    }
    assert muestra.estimar(en_decimales, hay, Decimal(str(confianza))).hasta == pytest.approx(
        esperado[3], rel=1e-12
    )


def test_over_all_samples_the_estimate_is_the_mean_and_its_variance_the_one_that_it_says() -> None:
    poblacion = {"a": [70.0, 82.5, 90.0, 100.0, 55.0], "b": [0.0, 61.25, 88.0, 93.75]}
    hay = {estrato: len(valores) for estrato, valores in poblacion.items()}
    todas = [
        muestra.estimar({"a": a, "b": b}, hay, 0.9)
        for a in itertools.combinations(poblacion["a"], 3)
        for b in itertools.combinations(poblacion["b"], 2)
    ]
    medias, varianzas = [e.media or 0 for e in todas], [(e.error_estandar or 0) ** 2 for e in todas]
    assert fmean(medias) == pytest.approx(
        fmean(v for valores in poblacion.values() for v in valores), rel=1e-12
    )
    assert fmean(varianzas) == pytest.approx(pvariance(medias), rel=1e-12)


@given(st.integers(1, 400), st.floats(0.01, 0.999))
@settings(max_examples=300)
def test_the_interval_is_students(gl: int, confianza: float) -> None:
    valores = [float(k % 7) for k in range(gl + 1)]
    e = muestra.estimar({"e": valores}, {"e": 10**9}, confianza)
    assert e.media is not None
    if e.sin_intervalo:
        assert len(set(valores)) == 1
        return
    assert e.hasta is not None
    assert e.error_estandar
    assert (e.hasta - e.media) / e.error_estandar == pytest.approx(
        stats.t.ppf((1 + confianza) / 2, gl), rel=1e-9
    )


def test_who_saw_everything_knows_it_and_a_stratum_seen_whole_adds_no_error() -> None:
    assert muestra.estimar({"a": [50, 100], "b": [75]}, {"a": 2, "b": 1}, 0.9) == Estimacion(
        75.0, 0.0, 75.0, 75.0, 3, 3, 0
    )
    sola = muestra.estimar({"b": [60.0, 80.0, 90.0]}, {"b": 30}, 0.9)
    con = muestra.estimar({"a": [50.0, 100.0], "b": [60.0, 80.0, 90.0]}, {"a": 2, "b": 30}, 0.9)
    assert con.gl == sola.gl == 2
    assert con.error_estandar == pytest.approx((sola.error_estandar or 0) * 30 / 32)


def test_no_interval_where_the_sample_does_not_say_how_far_the_mean_may_be() -> None:
    assert muestra.estimar({}, {"a": 9, "b": 0}, 0.9) == Estimacion(
        None, None, None, None, 0, 0, 0, ("a",), sin_intervalo="sin_datos"
    )
    assert muestra.estimar({"a": [80]}, {"a": 9}, 0.9) == Estimacion(
        80.0, None, None, None, 1, 9, 0, (), ("a",), "una_observacion"
    )
    iguales = muestra.estimar({"a": [100, 100, 100], "b": [100]}, {"a": 50, "b": 1}, 0.9)
    assert (iguales.media, iguales.desde, iguales.hasta, iguales.sin_intervalo) == (
        100.0,
        None,
        None,
        "sin_variacion",
    )


def test_what_nobody_looked_at_is_said_and_is_not_spoken_for() -> None:
    e = muestra.estimar({"a": [80, 90], "c": []}, {"a": 10, "b": 5, "c": 3, "d": 0}, 0.9)
    assert (e.media, e.poblacion, e.fuera) == (85.0, 10, ("b", "c"))


def test_one_of_several_is_measured_with_its_neighbour_and_never_narrows_the_interval_to_nothing() -> (
    None
):
    primera = muestra.estimar({"a": [40], "b": [90, 90]}, {"a": 10, "b": 10}, 0.9)
    ultima = muestra.estimar({"a": [90, 90], "b": [40]}, {"a": 10, "b": 10}, 0.9)
    assert primera.agrupados == ("a",)
    assert ultima.agrupados == ("b",)
    assert primera.error_estandar == pytest.approx(ultima.error_estandar)
    assert (primera.error_estandar or 0) > 5


def test_more_seen_than_there_are_is_a_mistake_and_so_is_a_confidence_that_is_none() -> None:
    with pytest.raises(ValueError, match="a"):
        muestra.estimar({"a": [1, 2]}, {"a": 1}, 0.9)
    with pytest.raises(ValueError, match="90"):
        muestra.estimar({"a": [1, 2]}, {"a": 9}, 90)


@given(st.integers(1, 2_000), st.data(), st.floats(0.01, 0.999))
def test_a_share_has_wilsons_interval(n: int, datos: st.DataObject, confianza: float) -> None:
    cumplen = datos.draw(st.integers(0, n))
    p = muestra.proporcion(cumplen, n, confianza)
    ella = stats.binomtest(cumplen, n).proportion_ci(confianza, method="wilson")
    assert (p.desde, p.hasta) == pytest.approx((ella.low, ella.high), rel=1e-9, abs=1e-9)
    assert p.desde is not None
    assert p.hasta is not None
    assert 0 <= p.desde <= cumplen / n <= p.hasta <= 1


def test_of_none_seen_there_is_no_share_and_all_of_few_is_not_all() -> None:
    assert muestra.proporcion(0, 0, 0.9) == muestra.Proporcion(None, None, None, 0)
    todas = muestra.proporcion(3, 3, 0.95)
    assert todas.hasta == 1.0
    assert todas.desde == pytest.approx(0.4385029682449553, rel=1e-9)
    with pytest.raises(ValueError, match="4"):
        muestra.proporcion(4, 3, 0.9)
