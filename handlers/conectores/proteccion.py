"""Time limit, retries and circuit breaker around one system outside."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import stamina

from common.language import kept
from records.sistemas.puertos import Causa, EstadoCircuito, FallaDeSistema

T = TypeVar("T")


@dataclass(slots=True)
class Circuito:
    """Open after so many failed calls in a row; after a while one call tries, and closes or opens
    it again."""

    fallas_para_abrir: int
    abierto: float
    reloj: Callable[[], float] = time.monotonic
    _fallas: int = 0
    _desde: float | None = None
    _probando: bool = False
    _cerrojo: threading.Lock = field(default_factory=threading.Lock)

    @property
    def estado(self) -> EstadoCircuito:
        with self._cerrojo:
            if self._desde is None:
                return "cerrado"
            return "prueba" if self._vencido(self._desde) else "abierto"

    def permite(self) -> bool:
        with self._cerrojo:
            if self._desde is None:
                return True
            if self._probando or not self._vencido(self._desde):
                return False
            self._probando = True
            return True

    def anotar(self, *, exito: bool) -> EstadoCircuito | None:
        """What it has become by this call, None: what it was. The try that failed leaves it open,
        for as long again."""
        with self._cerrojo:
            antes, self._probando = self._desde, False
            self._fallas = 0 if exito else self._fallas + 1
            if exito:
                self._desde = None
                return "cerrado" if antes is not None else None
            if antes is not None or self._fallas >= self.fallas_para_abrir:
                self._desde = self.reloj()
            return "abierto" if antes is None and self._desde is not None else None

    def _vencido(self, desde: float) -> bool:
        return self.reloj() - desde >= self.abierto


@dataclass(frozen=True, slots=True)
class Politica:
    """Times in seconds. Three tries of 3 s stay below the 10 s after which a waiting person goes on
    without the system."""

    espera: float = 3.0
    reintentos: int = 2
    # before the second try; the double before the third, and up to as much again by chance
    pausa: float = 0.1
    fallas_para_abrir: int = 5
    abierto: float = 30.0
    reloj: Callable[[], float] = time.monotonic  #: by which `abierto` is counted

    def circuito(self) -> Circuito:
        return Circuito(self.fallas_para_abrir, self.abierto, self.reloj)


class _Llamada(Generic[T]):
    """One call in a thread of its own, so that a driver that hangs never holds the caller."""

    def __init__(self, accion: Callable[[], T]) -> None:
        self._accion = accion
        self._hecho = threading.Event()
        self._valor: list[T] = []
        self._error: BaseException | None = None

    def _correr(self) -> None:
        try:
            self._valor.append(self._accion())
        except BaseException as error:  # noqa: BLE001 - carried over to the caller's thread and raised there
            self._error = error
        finally:
            self._hecho.set()

    def esperar(self, segundos: float, cancelar: Callable[[], None]) -> T:
        threading.Thread(target=self._correr, daemon=True, name="legado").start()
        if not self._hecho.wait(segundos):
            cancelar()
            raise FallaDeSistema(
                kept("sin respuesta en %(s)s s", s=f"{segundos:g}"),
                causa=Causa.SIN_RESPUESTA,
                pasajera=True,
            )
        if self._error is not None:
            raise self._error
        return self._valor[0]


def con_limite(accion: Callable[[], T], segundos: float, *, cancelar: Callable[[], None]) -> T:
    """The action's value, or FallaDeSistema after `segundos`; then `cancelar` tells the driver to
    stop."""
    return _Llamada(accion).esperar(segundos, cancelar)


def con_reintentos(accion: Callable[[], T], reintentos: int, pausa: float) -> T:
    """Tries again while the failure may pass, after pauses that double and are lengthened by
    chance, so that those who failed together do not all come back together. The last failure is
    raised."""
    intentos = stamina.retry_context(
        on=_pasa,
        attempts=reintentos + 1,
        timeout=None,
        wait_initial=pausa,
        wait_max=10.0,
        wait_jitter=pausa,
        wait_exp_base=2,
    )
    for intento in intentos:
        with intento:
            return accion()
    raise AssertionError("the last try returns or raises")


def _pasa(error: Exception) -> bool:
    return isinstance(error, FallaDeSistema) and error.pasajera
