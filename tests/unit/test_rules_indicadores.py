"""Indicators I1 to I12 and I15 (domain §12), each on rows made by hand, with what it leaves out."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.rules import estados
from records.rules.indicadores import INDICADORES
from records.rules.indicadores import CasoMes
from records.rules.indicadores import Medida
from records.rules.indicadores import Mes
from records.rules.indicadores import Visita
from records.rules.indicadores import partes
from records.rules.indicadores import percentil
from tests.kit.clock import bogota

DESDE, HASTA = bogota(2026, 11, 1, 0), bogota(2026, 12, 1, 0)
VISITA = Visita(
    1, "BOG-AGU", "asesor.bog01", "presencial", 9, "2026-11-03T14:00:00+00:00", "A001", "servicio_adquirido", "atendido", 600, 480,
    titular=True, datos_actualizados=True, nota=5, tardia=False, case_key="k1",
)  # fmt: skip
CASO = CasoMes(
    1, "2026-0000001", "BOG-AGU", "asesor.bog01", "presencial", 9, "VCC", "reclamo", "R01", estados.ESCALADO, bogota(2026, 11, 3, 9),
    bogota(2026, 11, 3, 10), bogota(2026, 11, 10, 23, 59, 59), 1, bogota(2026, 11, 11, 23, 59, 59), None,
    bogota(2026, 11, 25, 23, 59, 59), detenido=False, enviado=None, cerrado=None, de_visita=True, resuelto_en_punto=False,
    repetido=False, case_key="k1",
)  # fmt: skip


def cifra(id_: str, *filas: Visita | CasoMes) -> tuple[Fraction | None, int, int]:
    """Value, how many count, of how many."""
    visitas = [replace(f, id=n) for n, f in enumerate(filas) if isinstance(f, Visita)]
    casos = [replace(f, id=n) for n, f in enumerate(filas) if isinstance(f, CasoMes)]
    indicador = INDICADORES[id_]
    medida = indicador.medir(Mes(DESDE, HASTA, visitas, casos))
    return indicador.valor(medida), len(medida.cumplen), len(medida.todos)


def visita(**cambios: Any) -> Visita:
    return replace(VISITA, **cambios)


def caso(**cambios: Any) -> CasoMes:
    return replace(CASO, **cambios)


def test_times_are_of_reliable_periods_only() -> None:
    filas = [visita(espera=60, atencion=300), visita(espera=181, atencion=None), visita(espera=None, atencion=None)]
    assert cifra("I1", *filas) == (Fraction(241, 2), 0, 2)
    assert cifra("I2", *filas) == (Fraction(300), 0, 1)
    assert cifra("I1", visita(espera=None)) == (None, 0, 0)


@given(st.lists(st.integers(0, 100_000), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_somebody_had_and_the_smallest_that_so_many_do_not_pass(valores: list[int], p: int) -> None:
    dado = percentil(p)(Medida((), valores=dict(enumerate(valores))))
    assert dado in valores
    assert sum(v <= dado for v in valores) * 100 >= p * len(valores)
    assert sum(v < dado for v in valores) * 100 < p * len(valores)


def test_who_left_is_not_served_in_time_however_short_the_wait() -> None:
    a_tiempo, tarde = visita(espera=15 * 60), visita(espera=15 * 60 + 1)
    se_fue, ausente, dudosa = visita(espera=30, resultado="abandono"), visita(espera=None, resultado="ausente"), visita(espera=None)
    assert cifra("I3", a_tiempo, tarde, se_fue, ausente, dudosa) == (Fraction(1, 4), 1, 4)
    assert cifra("I4", a_tiempo, tarde, se_fue, ausente, dudosa) == (Fraction(2, 5), 2, 5)


def test_first_contact_is_of_cases_of_visits_of_this_month_and_not_of_those_who_came_back() -> None:
    resuelto = caso(resuelto_en_punto=True)
    casos = [resuelto, caso(resuelto_en_punto=True, repetido=True), caso(), caso(de_visita=False, resuelto_en_punto=True),
             caso(resuelto_en_punto=True, recepcion=DESDE - dt.timedelta(seconds=1))]  # fmt: skip
    assert cifra("I5", *casos) == (Fraction(1, 3), 1, 3)


def test_who_does_not_rate_is_in_the_rate_and_not_in_the_satisfaction() -> None:
    filas = [visita(nota=5), visita(nota=4), visita(nota=3), visita(nota=None), visita(nota=None, resultado="abandono")]
    assert cifra("I6", *filas) == (Fraction(2, 3), 2, 3)
    assert cifra("I6.tasa", *filas) == (Fraction(3, 4), 3, 4)


def test_what_is_escalated_is_judged_by_its_own_limit_and_month() -> None:
    tarde = caso(escalado=bogota(2026, 11, 11, 8))
    antes = caso(escalado=DESDE - dt.timedelta(seconds=1))
    assert cifra("I7", caso(), tarde, antes, caso(escalado=None), caso(limite_escalar=None)) == (Fraction(1, 2), 1, 2)
    assert cifra("I7.hoy", caso(), tarde, antes) == (Fraction(1, 2), 1, 2)
    assert cifra("I11", caso(areas=2), caso(), caso(areas=3, escalado=None)) == (Fraction(1, 2), 1, 2)


def test_the_area_is_judged_when_it_answers() -> None:
    limite = CASO.limite_interno
    assert limite is not None
    a_tiempo, tarde = caso(respondido=limite), caso(respondido=limite + dt.timedelta(seconds=1))
    assert cifra("I8", a_tiempo, tarde, caso(), caso(respondido=HASTA), caso(respondido=limite, limite_interno=None)) == (
        Fraction(1, 2),
        1,
        2,
    )


def test_the_legal_term_is_judged_in_the_month_in_which_it_ends() -> None:
    limite = CASO.limite_respuesta
    assert limite is not None
    a_tiempo, tarde, nunca = caso(enviado=limite), caso(enviado=limite + dt.timedelta(days=9)), caso()
    fuera = [caso(limite_respuesta=HASTA), caso(detenido=True), caso(estado=estados.ANULADO, cerrado=limite - dt.timedelta(days=1))]
    assert cifra("I9", a_tiempo, tarde, nunca, *fuera) == (Fraction(1, 3), 1, 3)
    desistido_tarde = caso(estado=estados.DESISTIDO, cerrado=limite + dt.timedelta(days=1))
    assert cifra("I9", a_tiempo, desistido_tarde) == (Fraction(1, 2), 1, 2)


def test_overdue_and_open_are_counted_at_the_end_of_the_month_with_their_age() -> None:
    viejo = caso(limite_respuesta=bogota(2026, 10, 30, 23, 59, 59))
    despues = caso(enviado=HASTA)  # answered after the month: open at its end
    fuera = [
        caso(enviado=bogota(2026, 11, 30, 9)),
        caso(detenido=True),
        caso(cerrado=bogota(2026, 11, 30, 9)),
        caso(limite_respuesta=HASTA),
    ]
    assert cifra("I10", viejo, despues, *fuera) == (Fraction(2), 2, 2)
    assert cifra("I10.edad", viejo, despues) == (Fraction(19 + 3, 2), 2, 2)  # two holidays of November between
    assert cifra("I10.edad", *fuera) == (None, 0, 0)


def test_data_are_brought_up_to_date_for_holders() -> None:
    assert cifra("I12", visita(), visita(datos_actualizados=False), visita(titular=False)) == (Fraction(1, 2), 1, 2)


def test_complaints_are_of_a_thousand_people_attended() -> None:
    casos = [caso(clase="queja"), caso(), caso(clase="solicitud"), caso(clase="queja", recepcion=HASTA)]
    assert cifra("I15.queja", *casos) == (Fraction(1, 3), 1, 3)
    assert cifra("I15.reclamo", *casos)[1:] == (1, 3)
    assert cifra("I15.mil", *casos, visita(), visita(), visita(resultado="ausente")) == (Fraction(500), 1, 2)


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
    mes = Mes(DESDE, HASTA, [visita(), visita(id=2, punto="MED", asesor=""), visita(id=3, franja=15)], [caso(punto="MED")])
    assert {k: len(p.visitas) for k, p in partes(mes, "punto").items()} == {"BOG-AGU": 2, "MED": 1}
    assert list(partes(mes, "asesor")) == ["asesor.bog01"]
    assert list(partes(mes, "franja")) == ["09", "15"]
    assert list(partes(Mes(DESDE, HASTA, [], []), "total")) == [""], "a month without a visit has its figures, too"
