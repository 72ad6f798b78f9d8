"""Each process says every few seconds that it lives, and when it ends; the database tells all
processes of each other."""

import logging
import os
import secrets
import socket
import threading
from typing import Final

from common.faults import is_outage
from engine.clock import Clock
from engine.types import Transactions
from records.sistemas import operacion
from records.sistemas.operacion import CADA, Proceso

log = logging.getLogger(__name__)


_NOMBRES: Final[dict[int, str]] = {}  # by number: a process that was forked is another one


def nombre_del_equipo() -> str:
    return socket.gethostname() or "?"


def nombre_del_proceso() -> str:
    """Once and for all; of a long name of a machine its beginning, for the rest says which process
    it is."""
    return _NOMBRES.setdefault(
        os.getpid(), f"{nombre_del_equipo()[:50]}-{os.getpid()}-{secrets.token_hex(6)}"
    )


def este_proceso(clase: str, version: str) -> Proceso:
    return Proceso(nombre_del_proceso(), clase, nombre_del_equipo(), version)


class Latidos(threading.Thread):
    """Until it is stopped; a database that is away hears the next beat."""

    def __init__(
        self, proceso: Proceso, uow: Transactions, clock: Clock, alto: threading.Event
    ) -> None:
        super().__init__(name="beats", daemon=True)
        self._proceso, self._uow, self._clock, self._alto = proceso, uow, clock, alto

    def run(self) -> None:
        while not self._alto.is_set():
            try:
                self._uow.run(lambda s: operacion.latir(s, self._proceso, self._clock.now()))
            except Exception as error:
                if not is_outage(error):
                    log.exception(
                        "this process could not say that it lives; the next try in seconds"
                    )
            self._alto.wait(CADA.total_seconds())
        try:
            self._uow.run(lambda s: operacion.terminar(s, self._proceso.proceso, self._clock.now()))
        except Exception as error:
            if not is_outage(error):
                log.exception("this process could not say that it ends")
