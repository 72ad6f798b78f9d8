"""Indicators I1 to I15 (domain §12), each on rows made by hand, with what it leaves out."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from records.casos.reglas import estados
from records.informes.reglas.indicadores import (
    INDICADORES,
    CaidaMes,
    CasoMes,
    EvaluacionMes,
    Jornada,
    Medida,
    Mes,
    Visita,
    juntas,
    partes,
    percentil,
    se_dice,
)
from tests.kit.chance import dice
from tests.kit.clock import local

pytestmark = pytest.mark.usefixtures("everywhere")

DESDE, HASTA = local(2026, 11, 1, 0), local(2026, 12, 1, 0)
VISITA = Visita(
    1, "BOG-AGU", "asesor.bog01", "presencial", 9, "2026-11-03T14:00:00+00:00", "A001", "servicio_adquirido", "atendido", 600, 480,
    titular=True, datos_actualizados=True, nota=5, tardia=False, case_key="k1",
)  # fmt: skip
CASO = CasoMes(
    1, "2026-0000001", "BOG-AGU", "asesor.bog01", "presencial", 9, "VCC", "reclamo", "R01", estados.ESCALADO, local(2026, 11, 3, 9),
    local(2026, 11, 3, 10), local(2026, 11, 10, 23, 59, 59), 1, local(2026, 11, 11, 23, 59, 59), None,
    local(2026, 11, 25, 23, 59, 59), detenido=False, enviado=None, cerrado=None, de_visita=True, resuelto_en_punto=False,
    repetido=False, case_key="k1",
)  # fmt: skip


def cifra(id_: str, *filas: Visita | CasoMes) -> tuple[Fraction | None, int, int]:
    """Value, how many count, of how many."""
    visitas = [replace(f, id=n) for n, f in enumerate(filas) if isinstance(f, Visita)]
    casos = [replace(f, id=n) for n, f in enumerate(filas) if isinstance(f, CasoMes)]
    indicador = INDICADORES[id_]
    medida = indicador.medir(Mes(DESDE, HASTA, visitas, casos))
    return indicador.valor(medida), medida.numerador, medida.n


def visita(**cambios: Any) -> Visita:
    return replace(VISITA, **cambios)


def caso(**cambios: Any) -> CasoMes:
    return replace(CASO, **cambios)


def test_times_are_of_reliable_periods_only() -> None:
    filas = [
        visita(espera=60, atencion=300),
        visita(espera=181, atencion=None),
        visita(espera=None, atencion=None),
    ]
    assert cifra("I1", *filas) == (Fraction(241, 2), 0, 2)
    assert cifra("I2", *filas) == (Fraction(300), 0, 1)
    assert cifra("I1", visita(espera=None)) == (None, 0, 0)


@given(st.lists(st.integers(0, 100_000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_somebody_had_and_the_smallest_that_so_many_do_not_pass(
    valores: list[int], p: int
) -> None:
    dado = percentil(p)(Medida((), valores=dict(enumerate(valores))))
    assert dado in valores
    assert sum(v <= dado for v in valores) * 100 >= p * len(valores)
    assert sum(v < dado for v in valores) * 100 < p * len(valores)


def test_who_left_is_not_served_in_time_however_short_the_wait() -> None:
    a_tiempo, tarde = visita(espera=15 * 60), visita(espera=15 * 60 + 1)
    se_fue, ausente, dudosa = (
        visita(espera=30, resultado="abandono"),
        visita(espera=None, resultado="ausente"),
        visita(espera=None),
    )
    assert cifra("I3", a_tiempo, tarde, se_fue, ausente, dudosa) == (Fraction(1, 4), 1, 4)
    assert cifra("I4", a_tiempo, tarde, se_fue, ausente, dudosa) == (Fraction(2, 5), 2, 5)


def test_first_contact_is_of_cases_of_visits_of_this_month_and_not_of_those_who_came_back() -> None:
    resuelto = caso(resuelto_en_punto=True)
    casos = [resuelto, caso(resuelto_en_punto=True, repetido=True), caso(), caso(de_visita=False, resuelto_en_punto=True),
             caso(resuelto_en_punto=True, recepcion=DESDE - dt.timedelta(seconds=1))]  # fmt: skip
    assert cifra("I5", *casos) == (Fraction(1, 3), 1, 3)


def test_who_does_not_rate_is_in_the_rate_and_not_in_the_satisfaction() -> None:
    filas = [
        visita(nota=5),
        visita(nota=4),
        visita(nota=3),
        visita(nota=None),
        visita(nota=None, resultado="abandono"),
    ]
    assert cifra("I6", *filas) == (Fraction(2, 3), 2, 3)
    assert cifra("I6.tasa", *filas) == (Fraction(3, 4), 3, 4)


def test_what_is_escalated_is_judged_by_its_own_limit_and_month() -> None:
    tarde = caso(escalado=local(2026, 11, 11, 8))
    antes = caso(escalado=DESDE - dt.timedelta(seconds=1))
    assert cifra("I7", caso(), tarde, antes, caso(escalado=None), caso(limite_escalar=None)) == (
        Fraction(1, 2),
        1,
        2,
    )
    assert cifra("I7.hoy", caso(), tarde, antes) == (Fraction(1, 2), 1, 2)
    assert cifra("I11", caso(areas=2), caso(), caso(areas=3, escalado=None)) == (
        Fraction(1, 2),
        1,
        2,
    )


def test_the_area_is_judged_when_it_answers() -> None:
    limite = CASO.limite_interno
    assert limite is not None
    a_tiempo, tarde = caso(respondido=limite), caso(respondido=limite + dt.timedelta(seconds=1))
    assert cifra(
        "I8",
        a_tiempo,
        tarde,
        caso(),
        caso(respondido=HASTA),
        caso(respondido=limite, limite_interno=None),
    ) == (
        Fraction(1, 2),
        1,
        2,
    )


def test_the_legal_term_is_judged_in_the_month_in_which_it_ends() -> None:
    limite = CASO.limite_respuesta
    assert limite is not None
    a_tiempo, tarde, nunca = (
        caso(enviado=limite),
        caso(enviado=limite + dt.timedelta(days=9)),
        caso(),
    )
    fuera = [
        caso(limite_respuesta=HASTA),
        caso(detenido=True),
        caso(estado=estados.ANULADO, cerrado=limite - dt.timedelta(days=1)),
    ]
    assert cifra("I9", a_tiempo, tarde, nunca, *fuera) == (Fraction(1, 3), 1, 3)
    desistido_tarde = caso(estado=estados.DESISTIDO, cerrado=limite + dt.timedelta(days=1))
    assert cifra("I9", a_tiempo, desistido_tarde) == (Fraction(1, 2), 1, 2)


def test_overdue_and_open_are_counted_at_the_end_of_the_month_with_their_age() -> None:
    viejo = caso(limite_respuesta=local(2026, 10, 30, 23, 59, 59))
    despues = caso(enviado=HASTA)  # answered after the month: open at its end
    fuera = [
        caso(enviado=local(2026, 11, 30, 9)),
        caso(detenido=True),
        caso(cerrado=local(2026, 11, 30, 9)),
        caso(limite_respuesta=HASTA),
    ]
    assert cifra("I10", viejo, despues, *fuera) == (Fraction(2), 2, 2)
    # two holidays of November between
    assert cifra("I10.edad", viejo, despues) == (Fraction(19 + 3, 2), 2, 2)
    assert cifra("I10.edad", *fuera) == (None, 0, 0)


def test_data_are_brought_up_to_date_for_holders() -> None:
    assert cifra("I12", visita(), visita(datos_actualizados=False), visita(titular=False)) == (
        Fraction(1, 2),
        1,
        2,
    )


def test_complaints_are_of_a_thousand_people_attended() -> None:
    casos = [
        caso(clase="queja"),
        caso(),
        caso(clase="solicitud"),
        caso(clase="queja", recepcion=HASTA),
    ]
    assert cifra("I15.queja", *casos) == (Fraction(1, 3), 1, 3)
    assert cifra("I15.reclamo", *casos)[1:] == (1, 3)
    assert cifra("I15.mil", *casos, visita(), visita(), visita(resultado="ausente")) == (
        Fraction(500),
        1,
        2,
    )


@pytest.mark.parametrize("id_", INDICADORES)
def test_a_month_without_anything_has_no_share_and_no_mean(id_: str) -> None:
    assert cifra(id_) == ((Fraction(0) if id_ == "I10" else None), 0, 0)
    assert INDICADORES[id_].cumple(None) is None


def test_targets_are_met_at_their_edge() -> None:
    assert INDICADORES["I3"].cumple(Fraction(80, 100)) is True
    assert INDICADORES["I4"].cumple(Fraction(51, 1000)) is False
    assert INDICADORES["I2"].cumple(Fraction(5 * 60)) is False, "too short is no good attention"
    assert INDICADORES["I15.mil"].cumple(Fraction(3)) is None


def test_a_month_is_the_sum_of_its_points_and_what_nobody_had_is_of_no_adviser() -> None:
    mes = Mes(
        DESDE,
        HASTA,
        [visita(), visita(id=2, punto="MED", asesor=""), visita(id=3, franja=15)],
        [caso(punto="MED")],
    )
    assert {k: len(p.visitas) for k, p in partes(mes, "punto").items()} == {"BOG-AGU": 2, "MED": 1}
    assert list(partes(mes, "asesor")) == ["asesor.bog01"]
    assert list(partes(mes, "franja")) == ["09", "15"]
    assert list(partes(Mes(DESDE, HASTA, [], []), "total")) == [""], (
        "a month without a visit has its figures, too"
    )


# --- I13 ------------------------------------------------------------------------------------------
def caida(n: int, desde: dt.datetime, hasta: dt.datetime) -> CaidaMes:
    return CaidaMes(n, desde, hasta, "OperationalError", "revision")


def disponible(jornadas: list[Jornada], caidas: list[CaidaMes]) -> tuple[Fraction | None, int, int]:
    medida = INDICADORES["I13"].medir(Mes(DESDE, HASTA, [], [], jornadas, caidas))
    return INDICADORES["I13"].valor(medida), medida.numerador, medida.n


def test_an_outage_counts_in_opening_hours_alone_once_for_each_point_and_never_twice() -> None:
    ocho, doce = local(2026, 11, 3, 8), local(2026, 11, 3, 12)
    jornadas = [
        Jornada(1, "BOG-AGU", ocho, doce),
        Jornada(2, "MED-CEN", ocho, local(2026, 11, 3, 10)),
    ]
    una = caida(1, local(2026, 11, 3, 7), local(2026, 11, 3, 9))
    assert disponible(jornadas, []) == (Fraction(1), 6 * 3600, 6 * 3600)
    assert disponible(jornadas, [una]) == (Fraction(4, 6), 4 * 3600, 6 * 3600), (
        "an hour before opening is nobody's"
    )
    otra = caida(2, local(2026, 11, 3, 8, 30), local(2026, 11, 3, 9, 30))
    assert disponible(jornadas, [una, otra]) == (Fraction(3, 6), 3 * 3600, 6 * 3600), (
        "what two outages share is down once"
    )
    assert disponible([], [una]) == (None, 0, 0), "nobody watched: nothing is said"
    assert INDICADORES["I13"].cumple(Fraction(99, 100)) is True
    assert INDICADORES["I13"].cumple(Fraction(9899, 10000)) is False


@pytest.mark.parametrize("seed", range(25))
def test_second_by_second_the_same_availability_comes_out(seed: int) -> None:
    """Each second of each point is asked whether it lies in any outage; no interval is cut or
    joined."""
    azar, base = dice(seed), local(2026, 11, 3, 8)

    def tramo() -> tuple[int, int]:
        desde = azar.randint(0, 400)
        return desde, desde + azar.randint(1, 200)

    def en(segundo: int) -> dt.datetime:
        return base + dt.timedelta(seconds=segundo)

    abiertos, caidos = (
        [tramo() for _ in range(azar.randint(0, 4))],
        [tramo() for _ in range(azar.randint(0, 5))],
    )
    todos = [s for a, b in abiertos for s in range(a, b)]
    bien = sum(not any(a <= s < b for a, b in caidos) for s in todos)
    jornadas = [Jornada(n, "BOG-AGU", en(a), en(b)) for n, (a, b) in enumerate(abiertos)]
    valor = Fraction(bien, len(todos)) if todos else None
    assert disponible(jornadas, [caida(n, en(a), en(b)) for n, (a, b) in enumerate(caidos)]) == (
        valor,
        bien,
        len(todos),
    )


def test_times_that_touch_are_one() -> None:
    a, b, c, d = (local(2026, 11, 3, h) for h in (8, 9, 10, 11))
    assert juntas([(c, d), (a, b), (b, c), (b, b)]) == [(a, d)]
    assert juntas([(c, d), (a, b)]) == [(a, b), (c, d)]


# --- I14 ------------------------------------------------------------------------------------------
def f189(
    n: int,
    centesimas: int | None,
    estrato: str = "BOG-AGU · resuelto",
    poblacion: int = 30,
    **cambios: Any,
) -> EvaluacionMes:
    hecha = EvaluacionMes(
        n,
        "BOG-AGU",
        "asesor.bog01",
        "presencial",
        "2026-W46",
        "expediente",
        estrato,
        poblacion,
        "BOG-AGU-000001",
        centesimas,
        DESDE,
    )
    return replace(hecha, **cambios)


def calidad(id_: str, *filas: EvaluacionMes) -> tuple[Fraction | None, int]:
    medida = INDICADORES[id_].medir(Mes(DESDE, HASTA, [], [], evaluaciones=filas))
    return INDICADORES[id_].valor(medida), medida.n


def test_each_stratum_of_each_week_weighs_what_it_had() -> None:
    muchos = [f189(1, 9000), f189(2, 8000)]
    pocos = f189(3, 5000, "BOG-AGU · escalado", 10)
    assert calidad("I14", *muchos) == (Fraction(85), 2)
    assert calidad("I14", *muchos, pocos) == (Fraction(30 * 85 + 10 * 50, 40), 3), (
        "not the mean of the three"
    )
    otra_semana = replace(
        pocos, id=4, semana="2026-W47", estrato="BOG-AGU · resuelto", poblacion=40
    )
    assert calidad("I14", *muchos, otra_semana) == (Fraction(30 * 85 + 40 * 50, 70), 3), (
        "a stratum is of its week"
    )
    assert calidad("I14", *muchos, f189(5, None), f189(6, 0, modo="sitio")) == (Fraction(85), 2)
    assert calidad(
        "I14.sitio", *muchos, f189(6, 7000, modo="sitio"), f189(7, 8000, modo="sitio")
    ) == (Fraction(75), 2)


def test_the_interval_is_that_of_a_stratified_sample() -> None:
    """Two strata of two of thirty and two of ten: written out (Cochran 5.6), Student's t with two
    degrees of freedom at 90 %: 2,91999."""
    filas = [f189(1, 9000), f189(2, 8000), f189(3, 5000, "b", 10), f189(4, 7000, "b", 10)]
    media = (30 * 85 + 10 * 60) / 40
    varianza = (30 / 40) ** 2 * (1 - 2 / 30) * 50 / 2 + (10 / 40) ** 2 * (1 - 2 / 10) * 200 / 2
    margen = 2.9199855803537256 * varianza**0.5
    desde, hasta = (calidad(i, *filas)[0] for i in ("I14.desde", "I14.hasta"))
    assert calidad("I14", *filas)[0] == Fraction(media)
    assert float(desde or 0) == pytest.approx(media - margen, abs=5e-5)
    assert float(hasta or 0) == pytest.approx(media + margen, abs=5e-5)
    assert calidad("I14.desde", f189(1, 9000)) == (None, 1), "one says nothing of the others"


def test_what_is_not_told_of_an_adviser_or_was_not_kept_has_no_figure() -> None:
    mes = Mes(
        DESDE,
        HASTA,
        [visita(), visita(id=2, punto="MED")],
        [],
        [Jornada(1, "MED", DESDE, HASTA)],
        (),
        [f189(1, 9000)],
    )
    assert {k: (len(p.jornadas), len(p.evaluaciones)) for k, p in partes(mes, "punto").items()} == {
        "BOG-AGU": (0, 1),
        "MED": (1, 0),
    }
    assert {
        k: (len(p.jornadas), len(p.evaluaciones)) for k, p in partes(mes, "asesor").items()
    } == {"asesor.bog01": (0, 0)}
    assert [
        d
        for d in ("total", "punto", "asesor", "canal", "franja")
        if se_dice(INDICADORES["I14"], d, mes)
    ] == [
        "total",
        "punto",
        "canal",
    ]
    antiguo = replace(mes, tablas=frozenset({"visitas", "casos"}))
    assert not se_dice(INDICADORES["I13"], "total", antiguo)
    assert se_dice(INDICADORES["I1"], "asesor", antiguo)
