"""`flask worker`: runs jobs, fires timers, delivers messages. One on SQLite, as many as wanted on
PostgreSQL."""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from types import FrameType
from typing import NoReturn, Protocol

import click
from flask import current_app
from flask.cli import with_appcontext
from prometheus_client import start_http_server
from sqlalchemy.exc import DBAPIError

from common.faults import code_of, is_outage
from common.language import SPANISH, marked, said, speaking
from common.metrics import REGISTRY
from engine.clock import Clock
from engine.commands import Engine
from records.sistemas import operacion
from webforms.base.ajustes import ajustes
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla, exigir_tablas, no_responde
from webforms.comandos.rondas import DESPUES_DE_FALLAR, EnRonda, las_del_trabajador
from webforms.operacion.instalacion import version_propia
from webforms.plazos.dias import Dias
from webforms.sistemas.latido import Latidos, este_proceso

log = logging.getLogger(__name__)
PAUSA = 0.3  # seconds between two looks at timers and messages when there was nothing to do
LARGO = 0.05  # seconds of the longest pause between two commands


class Respiro:
    """After each command of the pump on SQLite: as long a pause as the command took, so that
    people's writes come in between.

    SQLite has one writer at a time and no queue; a writer that waits looks again after 1, 2, 5, 10
    … milliseconds.
    """

    def __init__(self, *, hace_falta: bool) -> None:
        self._hace_falta = hace_falta
        self._antes = time.perf_counter()

    def __call__(self) -> None:
        if self._hace_falta:
            time.sleep(min(max(time.perf_counter() - self._antes, 0.001), LARGO))
            self._antes = time.perf_counter()


class Avisos:
    """What fails again and again stands in the log once, with its trace if it is ours, and once
    more when it is over."""

    def __init__(self) -> None:
        self._dicho: tuple[str, str] | None = None

    def fallo(self, error: Exception) -> None:
        clase = (type(error).__name__, code_of(error))
        if clase == self._dicho:
            return
        self._dicho = clase
        if is_outage(error):
            log.warning(
                "the database is away (%s): timers, starts and messages wait for it", clase[1]
            )
        else:
            log.error("timers, starts and messages wait; next look in seconds", exc_info=error)

    def bien(self) -> None:
        if self._dicho is not None:
            log.warning("timers, starts and messages go on")
        self._dicho = None


class Bomba(threading.Thread):
    """Looks for due timers, recurring starts and waiting messages until it is stopped; whatever
    fails is logged and survived."""

    def __init__(self, engine: Engine, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="pump", daemon=True)
        self._engine, self._clock, self._alto = engine, clock, alto
        self._avisos, self._dias = Avisos(), Dias()
        self._respiro = Respiro(hace_falta=engine.db.dialect.name == "sqlite")

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                self._dias.refrescar(self._engine.uow, self._clock.now())
                hechos = self._engine.pump(self._clock.now(), between=self._respiro)
                self._avisos.bien()
            except Exception as error:  # noqa: BLE001 - this thread must not die, or nothing fires any more
                self._avisos.fallo(error)
                hechos = 0
                self._alto.wait(DESPUES_DE_FALLAR)
            if not hechos:
                self._alto.wait(PAUSA)


def contar_en(puerto: int) -> None:
    """What this process counted, to whoever asks at this port of this machine."""
    try:
        start_http_server(puerto, addr="127.0.0.1", registry=REGISTRY)
    except OSError as error:
        raise Falla(
            said(
                "WORKER_METRICS: no se puede escuchar en el puerto %(p)s: %(e)s.",
                p=puerto,
                e=error.strerror,
            )
        ) from error


class Trabajador(Protocol):
    """Who runs the jobs of the queue in this process."""

    def launch(self) -> None: ...

    def stop(self) -> None: ...


def comando(contratar: Callable[[str, Engine], Trabajador]) -> click.Command:
    """The command; app.py gives who runs jobs: of the database at this address, for this engine."""

    @click.command("worker", help=marked("Corre trabajos, temporizadores y mensajes hasta Ctrl-C."))
    @click.option(
        "--esperar",
        "--wait",
        "esperar",
        is_flag=True,
        help=marked("Espera a la base de datos en vez de terminar cuando no responde."),
    )
    @with_appcontext
    def worker(*, esperar: bool) -> None:
        todo = servicios()
        con_base(esperar=esperar)
        trabajar(contratar(todo.db.url.render_as_string(hide_password=False), todo.engine))

    return worker


def con_base(*, esperar: bool) -> None:
    """The tables are there and are ours; raises Falla when not. A database that is away is waited
    for when asked to."""
    avisado = False
    while True:
        try:
            return exigir_tablas()
        except DBAPIError as error:
            if not esperar or not is_outage(error):
                raise
            if not avisado:
                click.echo(f"{no_responde(error)} {said('El trabajador la espera.')}", err=True)
            avisado = True
            servicios().db.dispose()
            time.sleep(DESPUES_DE_FALLAR)


FIN, CORTE = "a signal", "cut off"
#: Why the main thread wakes: a signal ends it, or its database cut it off. A signal handler
#: may put here at any moment; an Event that the interrupted thread holds would stop both for ever.
LLAMADAS: SimpleQueue[str] = SimpleQueue()
SENALES = (signal.SIGTERM, signal.SIGINT)


def de_nuevo() -> NoReturn:
    """The main thread begins this process anew, and this thread does nothing more: what it held in
    the database is gone, so its jobs may be in other hands."""
    LLAMADAS.put(CORTE)
    while True:
        time.sleep(DESPUES_DE_FALLAR)


def salvo_que_termine() -> None:
    """This process begins anew, with the same order, and waits for its database; returns if a signal
    came first. Whoever started it need not look after it."""
    for senal in SENALES:
        signal.signal(senal, signal.SIG_DFL)  # one that comes from here on ends it at once
    if LLAMADAS.empty():
        orden = [*sys.orig_argv, *([] if "--esperar" in sys.orig_argv else ["--esperar"])]
        os.execv(sys.executable, orden)  # noqa: S606 - our own order, as it was given


def trabajar(trabajador: Trabajador) -> None:
    """Until a signal ends it."""
    alto = threading.Event()

    def terminar(_numero: int, _marco: FrameType | None) -> None:
        LLAMADAS.put(FIN)

    for senal in SENALES:
        signal.signal(senal, terminar)
    # before the first job counts a day, or signs a letter
    Dias().refrescar(servicios().uow, servicios().clock.now())
    with speaking(SPANISH):  # what the queue takes up from here is nobody's answer: it is kept
        trabajador.launch()
    bomba = Bomba(servicios().engine, servicios().clock, alto)
    bomba.start()
    hilos = [
        EnRonda(ronda, current_app.app_context, servicios().clock, alto)
        for ronda in las_del_trabajador()
    ]
    latidos = Latidos(
        este_proceso(operacion.TRABAJADOR, version_propia()),
        servicios().uow,
        servicios().clock,
        alto,
    )
    for hilo in (*hilos, latidos):
        hilo.start()
    if puerto := ajustes().worker_metrics:
        contar_en(puerto)
    gc.collect()
    gc.freeze()  # as `flask serve` does
    click.echo(said("Trabajador en marcha"))
    if LLAMADAS.get() == CORTE:
        salvo_que_termine()
    alto.set()
    for que in (bomba, *hilos, latidos):
        que.join(timeout=5)
    trabajador.stop()
