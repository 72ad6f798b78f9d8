"""The order of turns: total, the same for everybody, preferential first, and nobody starves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings, strategies as st

from records.visita.reglas import turnos
from records.visita.reglas.turnos import EnEspera
from tests.kit.clock import later

OCHO = later(hours=-1)


def a_las(minuto: float) -> dt.datetime:
    return OCHO + dt.timedelta(minutes=minuto)


def turno(n: int, minuto: float, peso: int = 1, paso: int = 30) -> EnEspera:
    return EnEspera(n, f"A{n:03d}", a_las(minuto), peso, paso, preferente=peso > 1)


@st.composite
def colas(draw: st.DrawFn) -> list[EnEspera]:
    partes = st.tuples(st.integers(0, 300), st.integers(0, 10), st.integers(0, 60))
    return [turno(k + 1, *p) for k, p in enumerate(draw(st.lists(partes, max_size=25)))]


@given(colas(), st.randoms(use_true_random=False), st.integers(0, 600))
def test_the_order_is_total_and_does_not_depend_on_how_the_rows_come(
    cola: list[EnEspera], azar: object, minuto: int
) -> None:
    mezclada = list(cola)
    azar.shuffle(mezclada)
    ordenada = turnos.ordenar(cola, a_las(minuto))
    assert turnos.ordenar(mezclada, a_las(minuto)) == ordenada
    assert sorted(t.id for t in ordenada) == sorted(t.id for t in cola)


@given(colas(), st.integers(0, 600))
def test_within_a_class_the_arrival_decides(cola: list[EnEspera], minuto: int) -> None:
    ordenada = turnos.ordenar(cola, a_las(minuto))
    clases = {(t.peso, t.envejecimiento_min) for t in cola}
    for clase in clases:
        ids = [(t.llegada, t.id) for t in ordenada if (t.peso, t.envejecimiento_min) == clase]
        assert ids == sorted(ids)


def test_a_preferential_turn_goes_ahead_of_a_general_one_that_came_shortly_before() -> None:
    eleccion = turnos.siguiente([turno(1, 0), turno(2, 10, peso=3)], a_las(12))
    assert eleccion is not None
    assert eleccion.turno.id == 2
    assert [t.id for t in eleccion.saltados] == [1]
    assert eleccion.razon == "Pasa antes que A001: atención preferente. Espera 2 min."


def test_a_general_turn_that_waits_an_hour_weighs_as_much_as_a_preferential_one() -> None:
    eleccion = turnos.siguiente([turno(1, 0), turno(2, 50, peso=3)], a_las(60))
    assert eleccion is not None
    assert eleccion.turno.id == 1
    assert eleccion.razon == "Llegó primero: espera 60 min."


def test_the_queue_says_in_few_words_why_each_turn_stands_where_it_stands() -> None:
    def lugares(cola: list[EnEspera], minuto: int) -> list[tuple[int, str]]:
        return [(e.turno.id, e.lugar) for e in turnos.explicados(cola, a_las(minuto))]

    assert lugares([turno(1, 0), turno(2, 5)], 9) == [
        (1, "Orden de llegada"),
        (2, "Orden de llegada"),
    ]
    con_preferente = [turno(1, 0), turno(2, 5), replace(turno(3, 10, peso=3), preferente=True)]
    assert lugares(con_preferente, 12) == [
        (3, "Preferencial: va antes que A001 y 1 más"),
        (1, "Orden de llegada"),
        (2, "Orden de llegada"),
    ]
    assert lugares([turno(1, 0), turno(2, 50, peso=3)], 60)[0] == (
        1,
        "Pasó de 60 min: va antes que A002",
    )
    trasladado = replace(turno(1, 0), modulo_destino="7", modulo_hasta=a_las(20))
    assert lugares([trasladado], 10) == [(1, "Trasladado al módulo 7")]
    assert lugares([trasladado], 20) == [(1, "Orden de llegada")]


def test_an_empty_queue_has_no_next_turn() -> None:
    assert turnos.siguiente([], OCHO) is None


@given(colas().filter(bool), st.integers(0, 600))
def test_each_jump_names_whom_it_passes_over(cola: list[EnEspera], minuto: int) -> None:
    for eleccion in turnos.explicados(cola, a_las(minuto)):
        assert all(
            (t.llegada, t.id) < (eleccion.turno.llegada, eleccion.turno.id)
            for t in eleccion.saltados
        )
        assert eleccion.razon.startswith("Pasa antes que" if eleccion.saltados else "Llegó primero")


@settings(max_examples=40)
@given(
    general=st.integers(0, 3),
    paso=st.integers(0, 45),
    flujo=st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 10), st.integers(0, 45)), min_size=1, max_size=6
    ),
)
def test_nobody_starves_while_others_keep_coming_faster_than_they_are_served(
    general: int, paso: int, flujo: Sequence[tuple[int, int, int]]
) -> None:
    """One desk, an attention of 4 minutes, and heavier turns that arrive for ever: the first one is
    called all the same."""
    victima = turno(1, 0, general, paso)
    cola, siguiente_id, minuto = [victima], 2, 0
    limite = (10 * 45 + 45) // 1 + 4 * 600
    while minuto < limite:
        for retraso, peso, envejecimiento in flujo:
            cola.append(turno(siguiente_id, minuto + retraso, peso, envejecimiento))
            siguiente_id += 1
        llegados = [t for t in cola if t.llegada <= a_las(minuto)]
        eleccion = turnos.siguiente(llegados, a_las(minuto))
        if eleccion is not None:
            if eleccion.turno.id == victima.id:
                return
            cola.remove(eleccion.turno)
        minuto += 4
    pytest.fail(f"still waiting after {minuto} minutes")


@given(colas().filter(bool), st.integers(0, 600), st.integers(2, 5))
def test_desks_that_take_turns_one_after_the_other_never_get_the_same(
    cola: list[EnEspera], minuto: int, puestos: int
) -> None:
    """What a desk took is no longer in the queue, so the next desk gets another turn; all are
    called exactly once."""
    dados: list[int] = []
    resto = list(cola)
    while (eleccion := turnos.siguiente(resto, a_las(minuto))) is not None:
        dados.append(eleccion.turno.id)
        resto = [t for t in resto if t.id != eleccion.turno.id]
        minuto += puestos
    assert sorted(dados) == sorted(t.id for t in cola)


@given(colas(), st.integers(0, 600), st.integers(1, 120))
def test_the_effective_weight_never_falls_and_never_passes_the_heaviest(
    cola: list[EnEspera], minuto: int, despues: int
) -> None:
    tope = max((t.peso for t in cola), default=0)
    for t in cola:
        ahora = turnos.peso_efectivo(t, a_las(minuto), tope)
        assert t.peso <= ahora <= tope
        assert ahora <= turnos.peso_efectivo(t, a_las(minuto + despues), tope)


@pytest.mark.parametrize(("minutos", "guarda"), [(0, True), (30, True), (30.1, False), (-1, False)])
def test_a_no_show_keeps_the_arrival_for_thirty_minutes(minutos: float, *, guarda: bool) -> None:
    ausente = a_las(20)
    llegada = turnos.llegada_de_reingreso(OCHO, ausente, ausente + dt.timedelta(minutes=minutos))
    assert llegada == (OCHO if guarda else None)


@pytest.mark.parametrize(
    ("letra", "numero", "ficha"), [("A", 1, "A001"), ("P", 12, "P012"), ("G", 1000, "G1000")]
)
def test_a_ticket_is_a_letter_and_a_number(letra: str, numero: int, ficha: str) -> None:
    assert turnos.formar_ficha(letra, numero) == ficha


@pytest.mark.parametrize(("letra", "numero"), [("", 1), ("A", 0)])
def test_a_ticket_without_letter_or_number_is_refused(letra: str, numero: int) -> None:
    with pytest.raises(ValueError, match=str(numero)):
        turnos.formar_ficha(letra, numero)


def test_an_estimate_is_rounded_up_to_five_minutes() -> None:
    assert turnos.estimar_espera(0, 3).frase == "Le llamamos enseguida."
    assert turnos.estimar_espera(1, 5).frase == "1 persona antes de usted; unos 5 minutos."
    assert turnos.estimar_espera(6, 2, 8.0).minutos == 25


@given(st.integers(0, 200), st.integers(0, 20), st.floats(1, 60))
def test_more_people_ahead_never_means_a_shorter_wait(
    delante: int, puestos: int, media: float
) -> None:
    assert (
        turnos.estimar_espera(delante, puestos, media).minutos
        <= turnos.estimar_espera(delante + 1, puestos, media).minutos
    )
