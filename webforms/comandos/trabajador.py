"""`flask worker`: runs jobs, fires timers, delivers messages. One on SQLite, as many as wanted on PostgreSQL."""

import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Protocol

import click

from engine.clock import Clock
from engine.commands import Engine
from webforms.base.servicios import servicios

log = logging.getLogger(__name__)
PAUSA = 0.3  # seconds between two looks at timers and messages when there was nothing to do
DESPUES_DE_FALLAR = 2  # seconds
LARGO = 0.05  # seconds of the longest pause between two commands


class Respiro:
    """After each command of the pump on SQLite: as long a pause as the command took, so that people's writes come in between.

    SQLite has one writer at a time and no queue; a writer that waits looks again after 1, 2, 5, 10 … milliseconds.
    """

    def __init__(self, *, hace_falta: bool) -> None:
        self._hace_falta = hace_falta
        self._antes = time.perf_counter()

    def __call__(self) -> None:
        if self._hace_falta:
            time.sleep(min(max(time.perf_counter() - self._antes, 0.001), LARGO))
            self._antes = time.perf_counter()


class Bomba(threading.Thread):
    """Looks for due timers, recurring starts and waiting messages until it is stopped; whatever fails is logged and survived."""

    def __init__(self, engine: Engine, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="pump", daemon=True)
        self._engine, self._clock, self._alto = engine, clock, alto
        self._respiro = Respiro(hace_falta=engine.db.dialect.name == "sqlite")

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                hechos = self._engine.pump(self._clock.now(), between=self._respiro)
            except Exception:  # this thread must not die, or nothing fires any more
                log.exception("timers, starts and messages wait; next look in seconds")
                hechos = 0
                self._alto.wait(DESPUES_DE_FALLAR)
            if not hechos:
                self._alto.wait(PAUSA)


class Trabajador(Protocol):
    """Who runs the jobs of the queue in this process."""

    def launch(self) -> None: ...

    def stop(self) -> None: ...


def comando(contratar: Callable[[str, Engine], Trabajador]) -> click.Command:
    """The command; app.py gives who runs jobs: of the database at this address, for this engine."""

    @click.command("worker", help="Corre trabajos, temporizadores y mensajes hasta Ctrl-C.")
    def worker() -> None:
        todo = servicios()
        trabajar(contratar(todo.db.url.render_as_string(hide_password=False), todo.engine))

    return worker


def trabajar(trabajador: Trabajador) -> None:
    """Until a signal ends it."""
    alto = threading.Event()

    def terminar(_numero: int, _marco: FrameType | None) -> None:
        alto.set()

    for senal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(senal, terminar)
    trabajador.launch()
    bomba = Bomba(servicios().engine, servicios().clock, alto)
    bomba.start()
    click.echo("Trabajador en marcha")
    alto.wait()
    bomba.join(timeout=5)
    trabajador.stop()
