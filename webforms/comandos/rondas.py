"""What the worker does again and again beside its jobs: a table, a row each. Whatever fails is
logged and done at the next round; of a database that is away the pump tells."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app

from common import rounds
from common.faults import is_outage
from common.witness import Witness
from engine.clock import Clock
from engine.commands import Engine
from webforms.base.servicios import servicios
from webforms.correo.cola import repasar
from webforms.cuentas.retiro import cumplir_los_llegados
from webforms.derechos import supresion
from webforms.documentos import aparte
from webforms.documentos.barrido import Turno
from webforms.evidencia import comprobado, llave
from webforms.expedientes import indices
from webforms.informes.diario import resumir_lo_que_falta
from webforms.operacion import novedades
from webforms.retencion import eliminacion
from webforms.sistemas.crm_afuera import vuelta
from webforms.sistemas.sondeo import Sondeo, limite_de
from webforms.sistemas.vigilancia import CADA, Marca, Vigia
from webforms.visita import turnos_afuera

log = logging.getLogger(__name__)
CADA_TURNO = 1  # second between two looks at what other turn systems said
CADA_ENVIO = 2  # seconds between two looks at what the CRM outside is to hear
DESPUES_DE_FALLAR = 2  # seconds
CADA_MIRADA = 0.3  # seconds between two looks at whether a check was asked for
CADA_FIRMA = 3600  # seconds between two signatures of the log
CADA_ARCHIVO = 600  # seconds between two looks at files that ended
CADA_INTENTO = dt.timedelta(hours=20)  # between two checks of everything
COMPROBAR_NUEVO, COMPROBAR_TODO, COMPROBAR_CADENAS = (
    ("evidence", "verify", "--new"),
    ("evidence", "verify"),
    ("audit", "verify"),
)

Seguir = Callable[[], bool]  #: whether to go on: the worker was not told to end
Trabajo = Callable[[dt.datetime, Seguir], Any]


@dataclass(frozen=True, slots=True)
class Ronda:
    nombre: str  #: of its thread
    falla: str  #: what the log says when one of its works fails
    cada: float  #: seconds between two rounds
    trabajos: tuple[Trabajo, ...]  #: what fails of one keeps nothing of the others
    espera: float = 0  #: seconds before the first round
    tras_falla: float = 0  #: seconds more after a failure


class EnRonda(threading.Thread):
    """One row of the table, until it is stopped."""

    def __init__(
        self,
        ronda: Ronda,
        contexto: Callable[[], AbstractContextManager[object]],
        clock: Clock,
        alto: threading.Event,
    ) -> None:
        super().__init__(name=ronda.nombre, daemon=True)
        self._ronda, self._contexto, self._clock, self._alto = ronda, contexto, clock, alto

    def run(self) -> None:
        self._alto.wait(self._ronda.espera)
        while not self._alto.is_set():
            pausa = self._ronda.cada
            for trabajo in self._ronda.trabajos:
                try:
                    with self._contexto():
                        trabajo(self._clock.now(), lambda: not self._alto.is_set())
                except Exception as error:
                    pausa += self._ronda.tras_falla
                    if not is_outage(error):
                        log.exception("%s; it is tried again", self._ronda.falla)
            self._alto.wait(pausa)


def las_del_trabajador() -> Iterator[Ronda]:
    """Within an application: those that this place needs."""
    todo = servicios()
    comprobacion = Comprobacion()
    # Control 6-6: does the CRM answer?
    vigia = Vigia(todo.engine, Marca(Path(current_app.instance_path)), todo.crm)
    yield Ronda("watch", "the look at the CRM failed", CADA, (lambda now, _s: vigia.mirar(now),))
    # Who does not answer for too long, people are told of.
    sondeo = Sondeo(todo.engine, todo.vecinos, limite_de(current_app))
    yield Ronda(
        "rounds",
        "the look at the systems around failed",
        CADA,
        (lambda now, _s: sondeo.ronda(now),),
    )
    yield Ronda(
        "mails",
        "the look at mails that wait failed",
        CADA,
        (lambda now, _s: repasar(todo.engine, now),),
    )
    # Days that are over and not summed up, the latest first.
    yield Ronda(
        "days",
        "a day could not be summed up",
        CADA,
        (lambda now, seguir: resumir_lo_que_falta(todo.uow, now, seguir=seguir),),
    )
    # Documents that wait for the antivirus; once a day those that nobody needs.
    documentos = Turno(todo.archivos, todo.uow)
    yield Ronda(
        "documents",
        "the look at the documents failed",
        CADA,
        (lambda now, _s: documentos.ronda(now),),
    )
    if (crm := todo.crm) is not None:
        yield Ronda(
            "crm",
            "what the CRM is to hear could not be sent",
            CADA_ENVIO,
            (lambda now, seguir: vuelta(crm, todo.uow, now, seguir=seguir),),
            tras_falla=DESPUES_DE_FALLAR,
        )
    if todo.turnos_afuera:
        yield Ronda(
            "turns",
            "what turn systems said could not be applied",
            CADA_TURNO,
            (lambda now, seguir: turnos_afuera.vuelta(now, seguir=seguir),),
            tras_falla=DESPUES_DE_FALLAR,
        )
    # Anything that administrators have to look after? What waited while no worker ran is no news.
    fallas = novedades.Fallas()
    for suyo in (logging.getLogger("webforms.comandos"), rounds.log):
        suyo.addHandler(fallas)
    yield Ronda(
        "care",
        "the look at this installation failed",
        CADA,
        (lambda now, _s: novedades.ronda(todo.engine, now, fallas),),
        espera=CADA,
    )
    # The last day of somebody is over.
    yield Ronda(
        "leavers",
        "an end of employment could not be done",
        CADA,
        (lambda now, _s: cumplir_los_llegados(now),),
    )
    yield del_archivo()
    yield Ronda(
        "check",
        "the log of the evidence could not be checked",
        CADA_MIRADA,
        (comprobacion.ronda,),
    )
    yield del_registro(todo.engine, todo.testigos, comprobacion.pedir)


def del_archivo() -> Ronda:
    """Indexes of case files that ended are closed, acts of disposal that were ordered and requests
    about personal data that were approved are carried out. The first sweep may be long: what people
    wait for begins before it."""
    turno = indices.Turno()
    return Ronda(
        "archive",
        "the archive of case files could not be kept",
        CADA_ARCHIVO,
        (
            lambda now, seguir: supresion.cumplir(now, seguir=seguir),
            lambda now, seguir: eliminacion.ejecutar(now, seguir=seguir),
            lambda now, seguir: turno.ronda(now, seguir=seguir),
        ),
        espera=CADA,
    )


def del_registro(engine: Engine, testigos: Sequence[Witness], firmado: Callable[[], None]) -> Ronda:
    """The log of the evidence looks at every chain, is signed where this place has the keys, and
    shown to its witnesses; then it is checked."""

    def firmar(now: dt.datetime, _seguir: Seguir) -> None:
        suyas = llave.llaves()
        if suyas is None:
            return
        engine.evidence.try_checkpoint(suyas.firmantes, now=now)
        for testigo in testigos:
            if (falla := engine.evidence.show_to(testigo, now=now)) is not None:
                log.error(
                    "the witness %s has not seen the newest tree of the log: %s",
                    testigo.name,
                    falla,
                )
        firmado()

    falla = "the log of the evidence could not be signed"
    return Ronda("evidence", falla, CADA_FIRMA, (firmar,))


class Comprobacion:
    """After each signature: what is new is checked, at night everything. A check is a process of
    its own; no signature waits for it, however large the store is."""

    def __init__(self, orden: Callable[[Sequence[str], Seguir], int] = aparte.orden) -> None:
        self._orden = orden
        self._hay_que = threading.Event()
        # of everything: one that cannot be ended is not begun anew each hour
        self._intento: dt.datetime | None = None

    def pedir(self) -> None:
        self._hay_que.set()

    def ronda(self, now: dt.datetime, seguir: Seguir) -> None:
        if not self._hay_que.is_set():
            return
        self._hay_que.clear()
        de_noche = comprobado.leer().falta_todo(now) and (
            self._intento is None or now - self._intento >= CADA_INTENTO
        )
        if de_noche:
            self._intento = now
        for palabras in (
            (COMPROBAR_NUEVO, COMPROBAR_TODO, COMPROBAR_CADENAS) if de_noche else (COMPROBAR_NUEVO,)
        ):
            if self._orden(palabras, seguir) and seguir():
                log.error(
                    "the check of the evidence found faults, or did not end: flask %s",
                    " ".join(palabras),
                )
