"""`flask worker`: runs jobs, fires timers, delivers messages. One on SQLite, as many as wanted on
PostgreSQL."""

import datetime as dt
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import FrameType
from typing import NoReturn, Protocol

import click
from flask import current_app
from flask.cli import with_appcontext
from prometheus_client import start_http_server
from sqlalchemy.exc import DBAPIError

from common import rounds
from common.faults import code_of, is_outage
from common.language import SPANISH, marked, said, speaking
from common.metrics import REGISTRY
from common.witness import Witness
from engine.clock import Clock
from engine.commands import Engine
from engine.types import Transactions
from records.sistemas import operacion
from records.sistemas.puertos import CrmAfuera
from webforms.administracion.retiro import cumplir_los_llegados
from webforms.base import (
    aparte,
    comprobado,
    derechos,
    digiturno,
    eliminacion,
    indices,
    llave,
    novedades,
)
from webforms.base.ajustes import ajustes
from webforms.base.barrido import Turno
from webforms.base.cola import repasar
from webforms.base.crm_afuera import vuelta
from webforms.base.diario import resumir_lo_que_falta
from webforms.base.dias import Dias
from webforms.base.estado import version_propia
from webforms.base.latido import Latidos, este_proceso
from webforms.base.servicios import servicios
from webforms.base.sondeo import Sondeo, limite_de
from webforms.base.vigilancia import CADA, Marca, Vigia
from webforms.comandos.consola import Falla, exigir_tablas, no_responde

log = logging.getLogger(__name__)
PAUSA = 0.3  # seconds between two looks at timers and messages when there was nothing to do
DESPUES_DE_FALLAR = 2  # seconds
CADA_TURNO = 1  # second between two looks at what other turn systems said
CADA_ENVIO = 2  # seconds between two looks at what the CRM outside is to hear
CADA_FIRMA = 3600  # seconds between two signatures of the log
CADA_INTENTO = dt.timedelta(hours=20)  # between two of everything
COMPROBAR_NUEVO, COMPROBAR_TODO, COMPROBAR_CADENAS = (
    ("evidence", "verify", "--new"),
    ("evidence", "verify"),
    ("audit", "verify"),
)
CADA_ARCHIVO = 600  # seconds between two looks at files that ended
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


class Vigilancia(threading.Thread):
    """Control 6-6: each minute, does the CRM answer?"""

    def __init__(self, vigia: Vigia, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="watch", daemon=True)
        self._vigia, self._clock, self._alto = vigia, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                self._vigia.mirar(self._clock.now())
            except Exception as error:
                if not is_outage(error):
                    log.exception("the look at the CRM failed; the next one in a minute")
            self._alto.wait(CADA)


class Rondas(threading.Thread):
    """Each minute: how are the systems around the desk? Who does not answer for too long, people
    are told of."""

    def __init__(self, sondeo: Sondeo, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="rounds", daemon=True)
        self._sondeo, self._clock, self._alto = sondeo, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                self._sondeo.ronda(self._clock.now())
            except Exception as error:
                if not is_outage(error):
                    log.exception("the look at the systems around failed; the next one in a minute")
            self._alto.wait(CADA)


class Correos(threading.Thread):
    """Each minute: the mails whose next try is due."""

    def __init__(self, engine: Engine, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="mails", daemon=True)
        self._engine, self._clock, self._alto = engine, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                repasar(self._engine, self._clock.now())
            except Exception as error:
                if not is_outage(error):
                    log.exception("the look at mails that wait failed; the next one in a minute")
            self._alto.wait(CADA)


class Resumen(threading.Thread):
    """Each minute: is a day over that is not summed up? Then it is, the latest first
    (webforms/base/diario.py)."""

    def __init__(self, uow: Transactions, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="days", daemon=True)
        self._uow, self._clock, self._alto = uow, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                resumir_lo_que_falta(
                    self._uow, self._clock.now(), seguir=lambda: not self._alto.is_set()
                )
            except Exception as error:
                if not is_outage(error):
                    log.exception("a day could not be summed up; the next look in a minute")
            self._alto.wait(CADA)


class Registro(threading.Thread):
    """Each hour: the log of the evidence looks at every chain, is signed where this place has the
    keys, and shown to its witnesses; then it is checked."""

    def __init__(
        self,
        contexto: Callable[[], AbstractContextManager[object]],
        engine: Engine,
        testigos: Sequence[Witness],
        clock: Clock,
        alto: threading.Event,
        firmado: Callable[[], None],
    ) -> None:
        super().__init__(name="evidence", daemon=True)
        self._contexto, self._engine, self._testigos, self._clock, self._alto = (
            contexto,
            engine,
            testigos,
            clock,
            alto,
        )
        self._firmado = firmado

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                with self._contexto():
                    suyas = llave.llaves()
                if suyas is not None:
                    self._engine.evidence.try_checkpoint(suyas.firmantes, now=self._clock.now())
                    self._mostrar()
                    self._firmado()
            except Exception as error:
                if not is_outage(error):
                    log.exception(
                        "the log of the evidence could not be signed; the next try in an hour"
                    )
            self._alto.wait(CADA_FIRMA)

    def _mostrar(self) -> None:
        for testigo in self._testigos:
            if (falla := self._engine.evidence.show_to(testigo, now=self._clock.now())) is not None:
                log.error(
                    "the witness %s has not seen the newest tree of the log: %s",
                    testigo.name,
                    falla,
                )


class Comprobacion(threading.Thread):
    """Behind each signature: what is new is checked, at night everything. A check is a process of
    its own; no signature waits for it, however large the store is."""

    def __init__(
        self,
        contexto: Callable[[], AbstractContextManager[object]],
        clock: Clock,
        alto: threading.Event,
        orden: Callable[[Sequence[str], Callable[[], bool]], int] = aparte.orden,
    ) -> None:
        super().__init__(name="check", daemon=True)
        self._contexto, self._clock, self._alto, self._orden = contexto, clock, alto, orden
        self._hay_que = threading.Event()
        # of everything: one that cannot be ended is not begun anew each hour
        self._intento: dt.datetime | None = None

    def pedir(self) -> None:
        self._hay_que.set()

    def run(self) -> None:
        while not self._alto.is_set():
            if self._hay_que.wait(PAUSA):
                self._hay_que.clear()
                try:
                    self._comprobar()
                except Exception:
                    log.exception(
                        "the log of the evidence could not be checked; the next try behind the next signature"
                    )

    def _comprobar(self) -> None:
        now = self._clock.now()
        with self._contexto():
            de_noche = comprobado.leer().falta_todo(now) and (
                self._intento is None or now - self._intento >= CADA_INTENTO
            )
        if de_noche:
            self._intento = now
        for palabras in (
            (COMPROBAR_NUEVO, COMPROBAR_TODO, COMPROBAR_CADENAS) if de_noche else (COMPROBAR_NUEVO,)
        ):
            if self._orden(palabras, lambda: not self._alto.is_set()) and not self._alto.is_set():
                log.error(
                    "the check of the evidence found faults, or did not end: flask %s",
                    " ".join(palabras),
                )


class Documentos(threading.Thread):
    """Each minute: documents that wait for the antivirus; once a day those that nobody needs
    (webforms/base/barrido.py)."""

    def __init__(self, turno: Turno, clock: Clock, alto: threading.Event) -> None:
        super().__init__(name="documents", daemon=True)
        self._turno, self._clock, self._alto = turno, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                self._turno.ronda(self._clock.now())
            except Exception as error:
                if not is_outage(error):
                    log.exception("the look at the documents failed; the next one in a minute")
            self._alto.wait(CADA)


class HaciaElCrm(threading.Thread):
    """Writes to the CRM outside what it has not heard of, and each night compares every record
    (webforms/base/crm_afuera.py)."""

    def __init__(
        self, crm: CrmAfuera, uow: Transactions, clock: Clock, alto: threading.Event
    ) -> None:
        super().__init__(name="crm", daemon=True)
        self._crm, self._uow, self._clock, self._alto = crm, uow, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                vuelta(
                    self._crm, self._uow, self._clock.now(), seguir=lambda: not self._alto.is_set()
                )
            except Exception as error:
                if not is_outage(error):
                    log.exception(
                        "what the CRM is to hear could not be sent; the next try in seconds"
                    )
                self._alto.wait(DESPUES_DE_FALLAR)
            self._alto.wait(CADA_ENVIO)


class ConLosTurnos(threading.Thread):
    """Each second: what other turn systems said is applied, and they hear what was done here
    (webforms/base/digiturno.py)."""

    def __init__(
        self,
        contexto: Callable[[], AbstractContextManager[object]],
        clock: Clock,
        alto: threading.Event,
    ) -> None:
        super().__init__(name="turns", daemon=True)
        self._contexto, self._clock, self._alto = contexto, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                with self._contexto():
                    digiturno.vuelta(self._clock.now(), seguir=lambda: not self._alto.is_set())
            except Exception as error:
                if not is_outage(error):
                    log.exception(
                        "what turn systems said could not be applied; the next try in seconds"
                    )
                self._alto.wait(DESPUES_DE_FALLAR)
            self._alto.wait(CADA_TURNO)


class Retiros(threading.Thread):
    """Each minute: is the last day of somebody over (records/cuentas/retiros.py)?"""

    def __init__(
        self,
        contexto: Callable[[], AbstractContextManager[object]],
        clock: Clock,
        alto: threading.Event,
    ) -> None:
        super().__init__(name="leavers", daemon=True)
        self._contexto, self._clock, self._alto = contexto, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                with self._contexto():
                    cumplir_los_llegados(self._clock.now())
            except Exception as error:
                if not is_outage(error):
                    log.exception(
                        "an end of employment could not be done; the next try in a minute"
                    )
            self._alto.wait(CADA)


class Archivo(threading.Thread):
    """Every ten minutes: indexes of case files that ended are closed, acts of disposal that were
    ordered and requests about personal data that were approved are carried out."""

    def __init__(
        self,
        contexto: Callable[[], AbstractContextManager[object]],
        clock: Clock,
        alto: threading.Event,
    ) -> None:
        super().__init__(name="archive", daemon=True)
        self._contexto, self._clock, self._alto = contexto, clock, alto
        self._turno = indices.Turno()

    def run(self) -> None:
        self._alto.wait(CADA)  # the first sweep may be long: what people wait for begins before it
        while not self._alto.is_set():
            # what fails of one keeps nothing of the other
            for tarea in (derechos.cumplir, eliminacion.ejecutar, self._turno.ronda):
                try:
                    with self._contexto():
                        tarea(self._clock.now(), seguir=lambda: not self._alto.is_set())
                except Exception as error:
                    if not is_outage(error):
                        log.exception(
                            "the archive of case files could not be kept; the next try in ten minutes"
                        )
            self._alto.wait(CADA_ARCHIVO)


class Cuidado(threading.Thread):
    """Each minute: is there anything that administrators have to look after
    (webforms/base/novedades.py)?"""

    def __init__(
        self,
        contexto: Callable[[], AbstractContextManager[object]],
        engine: Engine,
        clock: Clock,
        alto: threading.Event,
    ) -> None:
        super().__init__(name="care", daemon=True)
        self._contexto, self._engine, self._clock, self._alto = contexto, engine, clock, alto
        self._fallas = novedades.Fallas()
        for suyo in (log, rounds.log):
            suyo.addHandler(self._fallas)

    def run(self) -> None:
        self._alto.wait(CADA)  # what waited while no worker ran is no news
        while not self._alto.is_set():
            try:
                with self._contexto():
                    novedades.ronda(self._engine, self._clock.now(), self._fallas)
            except Exception as error:
                if not is_outage(error):
                    log.exception("the look at this installation failed; the next one in a minute")
            self._alto.wait(CADA)


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


def de_nuevo() -> NoReturn:
    """This process begins anew, with the same order, and waits for its database: what it held there
    is gone, so its jobs may be in other hands. Whoever started it need not look after it."""
    orden = [*sys.orig_argv, *([] if "--esperar" in sys.orig_argv else ["--esperar"])]
    os.execv(sys.executable, orden)  # noqa: S606 - our own order, as it was given


def trabajar(trabajador: Trabajador) -> None:
    """Until a signal ends it."""
    alto = threading.Event()

    def terminar(_numero: int, _marco: FrameType | None) -> None:
        alto.set()

    for senal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(senal, terminar)
    # before the first job counts a day, or signs a letter
    Dias().refrescar(servicios().uow, servicios().clock.now())
    with speaking(SPANISH):  # what the queue takes up from here is nobody's answer: it is kept
        trabajador.launch()
    bomba = Bomba(servicios().engine, servicios().clock, alto)
    bomba.start()
    vigia = Vigia(servicios().engine, Marca(Path(current_app.instance_path)), servicios().crm)
    vigilancia = Vigilancia(vigia, servicios().clock, alto)
    vigilancia.start()
    rondas = Rondas(
        Sondeo(servicios().engine, servicios().vecinos, limite_de(current_app)),
        servicios().clock,
        alto,
    )
    rondas.start()
    resumen = Resumen(servicios().uow, servicios().clock, alto)
    resumen.start()
    documentos = Documentos(Turno(servicios().archivos, servicios().uow), servicios().clock, alto)
    documentos.start()
    afuera = servicios().crm
    hacia = (
        HaciaElCrm(afuera, servicios().uow, servicios().clock, alto) if afuera is not None else None
    )
    if hacia is not None:
        hacia.start()
    turnos = (
        ConLosTurnos(current_app.app_context, servicios().clock, alto)
        if servicios().turnos_afuera
        else None
    )
    if turnos is not None:
        turnos.start()
    latidos = Latidos(
        este_proceso(operacion.TRABAJADOR, version_propia()),
        servicios().uow,
        servicios().clock,
        alto,
    )
    latidos.start()
    cuidado = Cuidado(current_app.app_context, servicios().engine, servicios().clock, alto)
    cuidado.start()
    salidas = Retiros(current_app.app_context, servicios().clock, alto)
    salidas.start()
    archivo = Archivo(current_app.app_context, servicios().clock, alto)
    archivo.start()
    comprobacion = Comprobacion(current_app.app_context, servicios().clock, alto)
    comprobacion.start()
    registro = Registro(
        current_app.app_context,
        servicios().engine,
        servicios().testigos,
        servicios().clock,
        alto,
        comprobacion.pedir,
    )
    registro.start()
    if puerto := ajustes().worker_metrics:
        contar_en(puerto)
    cola = Correos(servicios().engine, servicios().clock, alto)
    cola.start()
    gc.collect()
    gc.freeze()  # as `flask serve` does
    click.echo(said("Trabajador en marcha"))
    alto.wait()
    bomba.join(timeout=5)
    vigilancia.join(timeout=5)
    rondas.join(timeout=5)
    resumen.join(timeout=5)
    documentos.join(timeout=5)
    if hacia is not None:
        hacia.join(timeout=5)
    cola.join(timeout=5)
    cuidado.join(timeout=5)
    salidas.join(timeout=5)
    archivo.join(timeout=5)
    latidos.join(timeout=5)
    registro.join(timeout=5)
    comprobacion.join(timeout=5)
    trabajador.stop()
