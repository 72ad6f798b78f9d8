"""Legal terms by the norm in force, suspension, extension, and the internal clock of the areas."""

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from records.base.errores import DatoInvalido, ProrrogaRechazada
from records.plazos.reglas import plazos
from records.plazos.reglas.calendario import dia_local, es_habil, habiles_entre, sumar_habiles
from tests.kit.clock import later, local

pytestmark = pytest.mark.usefixtures("everywhere")

RECIBIDO = later(hours=1)
naive = dt.datetime.fromisoformat  # hypothesis adds the zone
instantes = st.datetimes(naive("2012-01-01"), naive("2029-01-01"), timezones=st.just(dt.UTC))


@pytest.mark.parametrize(
    ("dia", "codigo"),
    [
        (dt.date(2011, 6, 3), "CCA"),
        (dt.date(2012, 7, 1), "CCA"),
        (dt.date(2012, 7, 2), "LEY1437"),
        (dt.date(2015, 6, 29), "LEY1437"),
        (dt.date(2015, 6, 30), "LEY1755"),
        (dt.date(2030, 1, 1), "LEY1755"),
    ],
)
def test_a_case_is_under_the_norm_in_force_on_its_day(dia: dt.date, codigo: str) -> None:
    assert plazos.norma_vigente(dia).codigo == codigo


@given(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)))
def test_exactly_one_norm_is_in_force_on_each_day(dia: dt.date) -> None:
    assert sum(n.desde <= dia and (n.hasta is None or dia <= n.hasta) for n in plazos.NORMAS) == 1


@pytest.mark.parametrize(
    ("tipo", "dias"), [("peticion", 15), ("informacion", 10), ("consulta", 30)]
)
@pytest.mark.parametrize("anio", [2011, 2013, 2026])
def test_terms_are_15_10_and_30_and_may_double(tipo: str, dias: int, anio: int) -> None:
    termino = plazos.termino_legal(tipo, dt.date(anio, 9, 1))
    assert (termino.dias, termino.prorroga_max) == (dias, dias)


def test_an_unknown_kind_of_term_is_refused() -> None:
    with pytest.raises(DatoInvalido):
        plazos.termino_legal("tutela", dt.date(2026, 1, 1))


def test_the_two_clocks_of_a_case_are_apart() -> None:
    limites = plazos.limites(RECIBIDO, 15)
    assert limites.escalar == local(2026, 12, 1, 23, 59, 59)
    assert limites.aviso_escalar == local(2026, 11, 30, 17)
    assert limites.respuesta == local(2026, 12, 16, 23, 59, 59)


@given(instantes, st.sampled_from([10, 15, 30]))
def test_the_warning_to_escalate_comes_one_business_day_before_the_limit(
    recibido: dt.datetime, dias: int
) -> None:
    limites = plazos.limites(recibido, dias)
    assert habiles_entre(dia_local(limites.aviso_escalar), dia_local(limites.escalar)) == 1
    assert limites.aviso_escalar < limites.escalar <= limites.respuesta


# --- suspension -----------------------------------------------------------------------------------
@given(instantes, st.sampled_from([10, 15, 30]), st.integers(0, 9), st.integers(0, 30))
def test_a_suspension_costs_no_business_day(
    recibido: dt.datetime, dias: int, antes: int, detenido: int
) -> None:
    limite = plazos.limites(recibido, dias).respuesta
    desde = recibido + dt.timedelta(days=antes)
    hasta = desde + dt.timedelta(days=detenido)
    nuevo = plazos.reactivar(limite, plazos.Pausa(desde, hasta))
    assert habiles_entre(dia_local(hasta), dia_local(nuevo)) == habiles_entre(
        dia_local(desde), dia_local(limite)
    )
    assert nuevo >= limite


def test_a_case_stopped_for_a_week_gets_the_days_that_were_left() -> None:
    limite = plazos.limites(RECIBIDO, 15).respuesta
    pausa = plazos.Pausa(local(2026, 11, 26, 9), local(2026, 12, 3, 16))
    assert plazos.reactivar(limite, pausa) == local(2026, 12, 23, 23, 59, 59)
    assert plazos.dias_detenidos([pausa], pausa.desde, pausa.hasta) == 5


DE_LA_ENTREGA, DEL_AREA = (
    plazos.Pausa(RECIBIDO, local(2026, 12, 3, 16)),
    plazos.Pausa(local(2026, 12, 7, 9), local(2026, 12, 10, 9)),
)


def test_a_term_is_given_nothing_of_a_suspension_that_lies_before_it_or_after_it() -> None:
    escalado = local(2026, 12, 4, 9)
    assert plazos.dias_que_agregan([DE_LA_ENTREGA], escalado, 5) == 0
    assert plazos.dias_que_agregan([DEL_AREA, DE_LA_ENTREGA], escalado, 5) == 2, (
        "the 8th is a holiday"
    )
    tarde = plazos.Pausa(local(2026, 12, 21, 9), local(2026, 12, 23, 9))
    assert plazos.dias_que_agregan([tarde], escalado, 5) == 0, (
        "what is asked for after the term stops nothing"
    )
    assert plazos.dias_que_agregan([DE_LA_ENTREGA], local(2026, 12, 1, 9), 5) == 2, (
        "only the part that lies in it"
    )


@given(
    instantes,
    st.integers(1, 30),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=4),
)
def test_a_term_ends_where_each_suspension_in_turn_moves_it(
    desde: dt.datetime, dias: int, largos: list[tuple[int, int]]
) -> None:
    """As when each of them ends: one after the other, some of before the term began."""
    pausas, cuando = list[plazos.Pausa](), desde - dt.timedelta(days=10)
    for espera, detenida in largos:
        cuando += dt.timedelta(days=espera, hours=1)
        pausas.append(plazos.Pausa(cuando, cuando := cuando + dt.timedelta(days=detenida)))
    limite = plazos.vencimiento(desde, dias)
    for p in (p for p in pausas if p.hasta > desde):
        limite = plazos.reactivar(limite, plazos.Pausa(max(p.desde, desde), p.hasta))
    assert plazos.vencimiento(desde, dias + plazos.dias_que_agregan(pausas, desde, dias)) == limite


@given(st.integers(1, 60), st.integers(0, 30))
def test_what_is_asked_for_after_the_limit_stops_nothing(tarde: int, detenido: int) -> None:
    limite = plazos.limites(RECIBIDO, 15).respuesta
    desde = limite + dt.timedelta(days=tarde)
    assert not plazos.se_detiene(limite, desde)
    assert (
        plazos.reactivar(limite, plazos.Pausa(desde, desde + dt.timedelta(days=detenido))) == limite
    )


def test_the_citizen_has_one_month_to_complete() -> None:
    assert plazos.limite_complemento(RECIBIDO) == local(2026, 12, 24, 23, 59, 59)


LIMITE, ANTES = local(2026, 12, 16, 23, 59, 59), local(2026, 12, 10, 9)


# --- extension ------------------------------------------------------------------------------------
def prorrogar(
    dias: int,
    *,
    limite: dt.datetime = LIMITE,
    now: dt.datetime = ANTES,
    ya: bool = False,
    suspendido: bool = False,
    motivo: str = "Se esperan los soportes de la IES.",
) -> dt.datetime:
    return plazos.prorrogar(
        plazos.TerminoEnCurso(limite, 15, prorrogado=ya, suspendido=suspendido),
        dias,
        motivo=motivo,
        now=now,
    )


def test_an_extension_counts_from_the_limit_before() -> None:
    assert prorrogar(5) == local(2026, 12, 23, 23, 59, 59)


@given(instantes, st.sampled_from([10, 15, 30]), st.integers(1, 30))
def test_the_total_is_never_more_than_double(recibido: dt.datetime, dias: int, mas: int) -> None:
    limite = plazos.limites(recibido, dias).respuesta
    termino = plazos.TerminoEnCurso(limite, dias)
    if mas > dias:
        with pytest.raises(ProrrogaRechazada):
            plazos.prorrogar(termino, mas, motivo="x", now=recibido)
        return
    nuevo = plazos.prorrogar(termino, mas, motivo="x", now=recibido)
    assert habiles_entre(dia_local(recibido), dia_local(nuevo)) == dias + mas


@pytest.mark.parametrize(
    ("cambio", "texto"),
    [
        ({"ya": True}, "una vez"),
        ({"suspendido": True}, "suspendido"),
        ({"now": local(2026, 12, 17, 0)}, "venció"),
        ({"motivo": "  "}, "motivo"),
    ],
)
def test_an_extension_is_refused_with_its_reason(cambio: dict[str, object], texto: str) -> None:
    with pytest.raises(ProrrogaRechazada, match=texto):
        prorrogar(5, **cambio)


@pytest.mark.parametrize("dias", [0, -1, 16])
def test_an_extension_of_no_day_or_too_many_is_refused(dias: int) -> None:
    with pytest.raises(ProrrogaRechazada, match="1 a 15"):
        prorrogar(dias)


def test_an_extension_can_be_told_until_the_last_second() -> None:
    assert prorrogar(1, now=local(2026, 12, 16, 23, 59, 59)) == local(2026, 12, 17, 23, 59, 59)


# --- the clock of an area -------------------------------------------------------------------------
def fechas(
    dias: int, *, now: dt.datetime = RECIBIDO, agregados: int = 0, legal: int = 15
) -> plazos.FechasInternas:
    respuesta = plazos.limites(RECIBIDO, legal).respuesta
    return plazos.fechas_internas(plazos.PlazoArea(RECIBIDO, dias, respuesta, agregados), now=now)


def test_an_area_is_reminded_at_50_and_80_percent_of_its_days() -> None:
    f = fechas(5)
    assert f.sin_tomar == local(2026, 11, 25, 17)
    assert f.recordar_50 == local(2026, 11, 27, 12, 30)
    assert f.recordar_80 == local(2026, 11, 30, 17)
    assert f.plazo_interno == local(2026, 12, 1, 23, 59, 59)


def test_a_reassignment_does_not_restart_the_clock_but_the_new_area_gets_a_day_to_take_it() -> None:
    despues = local(2026, 11, 30, 9)
    assert fechas(5, now=despues).plazo_interno == fechas(5).plazo_interno
    assert fechas(5, now=despues).sin_tomar == local(2026, 12, 1, 17)


def test_stopped_days_and_the_extension_move_the_internal_deadline() -> None:
    assert fechas(5, agregados=3).plazo_interno == local(2026, 12, 4, 23, 59, 59)


@given(instantes, st.integers(1, 40), st.integers(0, 40), st.sampled_from([10, 15, 30]))
def test_the_adviser_always_keeps_two_days_to_hand_over(
    escalado: dt.datetime, dias: int, agregados: int, legal: int
) -> None:
    respuesta = plazos.limites(escalado, legal).respuesta
    f = plazos.fechas_internas(plazos.PlazoArea(escalado, dias, respuesta, agregados), now=escalado)
    assert f.recordar_50 < f.recordar_80 < f.plazo_interno
    assert habiles_entre(dia_local(f.plazo_interno), dia_local(respuesta)) >= plazos.DIAS_ENTREGA


@given(instantes)
def test_an_area_that_starts_after_the_legal_limit_still_gets_one_day(
    escalado: dt.datetime,
) -> None:
    respuesta = escalado - dt.timedelta(days=30)
    f = plazos.fechas_internas(plazos.PlazoArea(escalado, 5, respuesta), now=escalado)
    assert dia_local(f.plazo_interno) == sumar_habiles(dia_local(escalado), 1)
    assert es_habil(dia_local(f.plazo_interno))
