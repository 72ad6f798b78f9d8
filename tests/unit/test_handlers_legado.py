"""Timeouts, retries and the circuit breaker of the legacy connectors, and what the diagram is
told."""

import time

import pytest

from handlers.conectores.cctex.sentencias import SentenciaInsegura, Sentencias
from handlers.conectores.proteccion import Circuito, Politica, con_limite, con_reintentos
from handlers.sistemas.legado.consultas import resumir
from records.sistemas.puertos import Causa, FallaDeSistema
from tests.kit.clock import Seconds


@pytest.fixture
def reloj() -> Seconds:
    return Seconds()


@pytest.fixture
def circuito(reloj: Seconds) -> Circuito:
    return Circuito(fallas_para_abrir=3, abierto=30, reloj=reloj)


def fallar(circuito: Circuito, veces: int) -> None:
    for _ in range(veces):
        assert circuito.permite()
        circuito.anotar(exito=False)


def test_the_breaker_stays_closed_below_its_limit(circuito: Circuito) -> None:
    fallar(circuito, 2)
    circuito.anotar(exito=True)
    fallar(circuito, 2)
    assert circuito.estado == "cerrado"


def test_the_open_breaker_lets_nobody_ask(circuito: Circuito) -> None:
    fallar(circuito, 3)
    assert circuito.estado == "abierto"
    assert not circuito.permite()


def test_after_the_pause_exactly_one_call_tries(circuito: Circuito, reloj: Seconds) -> None:
    fallar(circuito, 3)
    reloj.now += 30
    assert circuito.estado == "prueba"
    assert [circuito.permite() for _ in range(3)] == [True, False, False]


def test_a_try_that_works_closes_the_breaker_and_one_that_fails_opens_it_again(
    circuito: Circuito, reloj: Seconds
) -> None:
    fallar(circuito, 3)
    reloj.now += 30
    fallar(circuito, 1)
    assert not circuito.permite()
    reloj.now += 30
    assert circuito.permite()
    circuito.anotar(exito=True)
    assert circuito.estado == "cerrado"


def test_a_passing_failure_is_asked_again_twice_and_then_given_up() -> None:
    intentos: list[float] = []

    def accion() -> None:
        intentos.append(time.perf_counter())
        raise FallaDeSistema("locked", causa=Causa.OCUPADO, pasajera=True)

    with pytest.raises(FallaDeSistema):
        con_reintentos(accion, 2, 0.05)
    assert len(intentos) == 3
    assert intentos[1] - intentos[0] >= 0.05
    assert intentos[2] - intentos[1] >= 0.1


def test_those_who_failed_together_do_not_come_back_together() -> None:
    """The pauses are lengthened by chance."""
    pausas = []
    for _ in range(6):
        intentos: list[float] = []

        def accion(intentos: list[float] = intentos) -> None:
            intentos.append(time.perf_counter())
            raise FallaDeSistema("locked", causa=Causa.OCUPADO, pasajera=True)

        with pytest.raises(FallaDeSistema):
            con_reintentos(accion, 1, 0.05)
        pausas.append(intentos[1] - intentos[0])
    assert max(pausas) - min(pausas) > 0.005


def test_a_lasting_failure_is_not_asked_again() -> None:
    intentos: list[int] = []

    def accion() -> None:
        intentos.append(1)
        raise FallaDeSistema("no such table", causa=Causa.RECHAZADO, pasajera=False)

    with pytest.raises(FallaDeSistema):
        con_reintentos(accion, Politica().reintentos, Politica().pausa)
    assert len(intentos) == 1


def test_a_call_that_hangs_is_cancelled_and_given_up() -> None:
    cancelada: list[bool] = []
    with pytest.raises(FallaDeSistema, match=r"sin respuesta en 0.02 s") as falla:
        con_limite(lambda: time.sleep(0.2), 0.02, cancelar=lambda: cancelada.append(True))
    assert (cancelada, falla.value.causa) == ([True], Causa.SIN_RESPUESTA)


def test_the_error_of_a_call_comes_back_to_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        con_limite(lambda: 1 / 0, 1, cancelar=lambda: None)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM creditos WHERE num_doc = '{num_doc}'",
        "SELECT * FROM creditos WHERE num_doc = :num_doc",
        "SELECT * FROM c WHERE num_doc = :num_doc AND tipo_doc = :tipo_doc AND clave = :clave",
        "DELETE FROM creditos WHERE num_doc = :num_doc AND tipo_doc = :tipo_doc",
        "SELECT 1 WHERE :num_doc = :tipo_doc; DROP TABLE creditos",
    ],
)
def test_a_statement_that_does_not_bind_the_document_or_writes_is_refused(sql: str) -> None:
    with pytest.raises(SentenciaInsegura):
        Sentencias(filas=sql)


@pytest.mark.parametrize(
    ("estados", "resumen"),
    [
        (["ok"], "ok"),
        (["sin_datos"], "sin_datos"),
        (["ok", "sin_datos"], "ok"),
        (["ok", "no_configurado"], "parcial"),
        (["ok", "no_disponible"], "parcial"),
        (["no_configurado", "no_configurado"], "no_configurado"),
        ([], "sin_datos"),
    ],
)
def test_the_diagram_is_told_whether_the_answer_is_whole(estados: list[str], resumen: str) -> None:
    assert resumir(estados) == resumen
