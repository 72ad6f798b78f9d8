"""What every connector of a legacy system owes behind its guard: subclass `ConnectorContract` and
give the fixture `place`."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

import pytest

from handlers.conectores.guarda import Guarda, Resultado
from handlers.conectores.proteccion import Politica
from handlers.conectores.tipos import Conector, Documento, Pregunta, TitularidadNoVerificada
from records.sistemas.puertos import Causa
from records.sistemas.reglas.sistemas import SISTEMAS
from tests.kit.clock import NOW, Seconds
from tests.kit.threads import at_once

QUICK = Politica(espera=1.0, reintentos=1, pausa=0.01, fallas_para_abrir=2, abierto=0.2)
IMPATIENT = Politica(espera=0.2, reintentos=0)
NO_NUMBERS = (
    "x' OR '1'='1",
    "%",
    "*",
    "\x00",
    "..",
    "9" * 5000,
    "ñ😀",
    "0",
    "99000000010",
    "990000000",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A system with two people in it, as a place would have it."""

    connect: Callable[[], Conector]
    holder: Documento
    obligations: Sequence[str]  #: the holder's
    other: Documento
    other_obligation: str
    cutoff: dt.date
    #: the system is gone, and with it whatever could answer in its place
    remove: Callable[[], object]
    restore: Callable[[], object]
    hang: Callable[[], AbstractContextManager[object]]  #: meanwhile it does not answer


@dataclass(slots=True)
class Watched:
    """A connector behind its guard, as handlers have it, with the read log that it leaves."""

    conector: Conector
    politica: Politica = QUICK
    verified: bool = True
    log: list[str] = field(default_factory=list)
    guarda: Guarda = field(init=False)

    def __post_init__(self) -> None:
        sistema = next(s for s in SISTEMAS if s.codigo == self.conector.sistema)
        self.guarda = Guarda(
            sistema,
            self.conector,
            verificada=lambda _doc: self.verified,
            suceso=lambda *_suceso: None,
            bitacora=lambda kind, *_rest: self.log.append(kind),
            politica=self.politica,
        )

    def ask(self, doc: Documento, servicio: str | None = None) -> Resultado:
        return self.guarda.consultar(Pregunta(doc, 1, "asesora", NOW, servicio))


def obligations(answer: Resultado) -> set[object]:
    return {row.get("obligacion") for row in answer.filas}


class ConnectorContract:
    """The rows of whom was asked for and of nobody else, with their age; every failure is a state
    that names no citizen."""

    def test_the_holder_s_rows_come_with_cut_off_source_and_hash(self, place: Place) -> None:
        watched = Watched(place.connect())
        answer = watched.ask(place.holder)
        assert (answer.estado, answer.fecha_corte, answer.fuente) == (
            "ok",
            place.cutoff,
            watched.guarda.sistema.nombre,
        )
        assert obligations(answer) == set(place.obligations)
        assert len(answer.hash) == 64
        assert answer.hash == Watched(place.connect()).ask(place.holder).hash
        assert watched.log == ["consulta_legado"]

    def test_cells_are_texts_whole_numbers_and_truth_values(self, place: Place) -> None:
        cells = [
            cell
            for row in Watched(place.connect()).ask(place.holder).filas
            for cell in row.values()
        ]
        assert cells
        assert all(cell is None or type(cell) in (str, int, bool) for cell in cells)

    def test_one_service_limits_the_answer_to_its_obligation(self, place: Place) -> None:
        for obligation in place.obligations:
            assert obligations(Watched(place.connect()).ask(place.holder, obligation)) == {
                obligation
            }

    def test_another_person_s_obligation_gives_nothing(self, place: Place) -> None:
        watched = Watched(place.connect())
        answer = watched.ask(place.holder, place.other_obligation)
        assert (answer.estado, answer.filas) == ("sin_datos", ())
        assert obligations(watched.ask(place.other)) == {place.other_obligation}

    def test_the_same_number_of_another_kind_of_document_is_another_person(
        self, place: Place
    ) -> None:
        other_kind = Documento(
            "CE" if place.holder.tipo != "CE" else "CC", place.holder.numero, place.holder.turno_id
        )
        assert Watched(place.connect()).ask(other_kind).estado == "sin_datos"

    @pytest.mark.parametrize("numero", NO_NUMBERS)
    def test_a_number_that_nobody_has_gives_nothing_whatever_it_is(
        self, place: Place, numero: str
    ) -> None:
        watched = Watched(place.connect())
        assert (
            watched.ask(Documento(place.holder.tipo, numero, place.holder.turno_id)).estado
            == "sin_datos"
        )
        assert watched.ask(place.holder).estado == "ok"

    def test_without_a_verified_holder_nothing_is_asked(self, place: Place) -> None:
        place.remove()  # were it asked, it would be "no_disponible"
        watched = Watched(place.connect(), verified=False)
        with pytest.raises(TitularidadNoVerificada):
            watched.ask(place.holder)
        assert watched.log == ["legado_negado"]

    def test_a_system_that_is_gone_is_a_state_and_names_nobody(self, place: Place) -> None:
        place.remove()
        answer = Watched(place.connect()).ask(place.holder)
        assert (answer.estado, answer.filas, answer.fecha_corte) == ("no_disponible", (), None)
        assert answer.causa is Causa.SIN_CONEXION
        assert answer.detalle
        assert place.holder.numero not in answer.detalle

    def test_the_breaker_opens_after_failures_in_a_row_and_closes_when_the_system_is_back(
        self, place: Place
    ) -> None:
        place.remove()
        clock = Seconds()
        watched = Watched(place.connect(), replace(QUICK, reloj=clock))
        assert [watched.ask(place.holder).estado for _ in range(QUICK.fallas_para_abrir)] == [
            "no_disponible"
        ] * QUICK.fallas_para_abrir
        assert watched.ask(place.holder).causa is Causa.PROTEGIDO
        place.restore()
        assert watched.guarda.salud().disponible  # past the breaker
        clock.now += QUICK.abierto
        assert watched.ask(place.holder).estado == "ok"
        assert watched.guarda.salud().circuito == "cerrado"

    def test_health_says_what_is_wrong(self, place: Place) -> None:
        watched = Watched(place.connect())
        assert (watched.guarda.salud().disponible, watched.guarda.salud().detalle) == (True, "")
        place.remove()
        gone = Watched(place.connect()).guarda.salud()
        assert (gone.disponible, gone.sistema, bool(gone.detalle)) == (
            False,
            watched.conector.sistema,
            True,
        )

    def test_what_hangs_is_given_up_in_time_and_leaves_nothing_at_work(self, place: Place) -> None:
        watched, before, others = (
            Watched(place.connect(), IMPATIENT),
            time.monotonic(),
            set(threading.enumerate()),
        )
        with place.hang():
            answer = watched.ask(place.holder)
            assert time.monotonic() - before < 2
        assert answer.estado == "no_disponible"
        assert answer.causa in (Causa.SIN_RESPUESTA, Causa.OCUPADO)
        until = time.monotonic() + 3
        while any(thread.name == "legado" for thread in set(threading.enumerate()) - others):
            assert time.monotonic() < until, "the abandoned question still runs"
            time.sleep(0.01)
        assert Watched(watched.conector).ask(place.holder).estado == "ok"

    def test_asked_by_many_at_once_each_gets_their_own_rows(self, place: Place) -> None:
        watched = Watched(place.connect())

        def asks(doc: Documento, theirs: set[object]) -> None:
            for _ in range(5):
                assert obligations(watched.ask(doc)) == theirs

        holder, other = (
            (place.holder, set[object](place.obligations)),
            (place.other, {place.other_obligation}),
        )
        assert at_once([lambda who=who: asks(*who) for who in (holder, other) * 4]) == []
