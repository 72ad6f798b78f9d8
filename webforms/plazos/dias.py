"""The days that are exceptions, those of the week that rest, and what the agency calls itself, as
this process knows them: read when they are a minute old, and at once after a change of its own."""

import datetime as dt
from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from engine.types import Transactions
from records.base.reglas.entidad import Entidad, saber
from records.lugares.entidad import LEER
from records.plazos.calendario import DESCANSOS, VIGENTES, descanso
from records.plazos.reglas.calendario import Excepcion, regir
from webforms.base.servicios import servicios

EDAD = dt.timedelta(minutes=1)
DIAS = "ventanilla.dias"  #: in `app.extensions`


@dataclass(slots=True)
class Dias:
    leidas: dt.datetime | None = None
    cambios: int = 0  #: of this process; what was read before one of them is no longer what holds
    cerrojo: Lock = field(default_factory=Lock)

    def refrescar(self, uow: Transactions, now: dt.datetime) -> None:
        """Before whatever counts days: a request, a turn of the worker. A database that is away is
        told by what needs it."""
        if self.leidas is not None and abs(now - self.leidas) <= EDAD:
            return
        antes = self.cambios
        try:
            filas, descansos, suya = (uow.lookup(que, {}) for que in (VIGENTES, DESCANSOS, LEER))
        except SQLAlchemyError:
            return
        with self.cerrojo:
            if self.cambios == antes:
                saber(Entidad(*suya[0]) if suya else Entidad())
                regir(
                    (Excepcion(f.dia, f.punto_id, f.abre, f.nombre, f.parte) for f in filas),
                    map(descanso, descansos),
                )
                self.leidas = now

    def olvidar(self) -> None:
        with self.cerrojo:
            self.cambios += 1
            self.leidas = None


def olvidar() -> None:
    """After a change: the next request of this process reads them."""
    cast(Dias, current_app.extensions[DIAS]).olvidar()


def leer() -> None:
    """Of a command of the shell, before it counts days or names the agency."""
    s = servicios()
    cast(Dias, current_app.extensions[DIAS]).refrescar(s.uow, s.clock.now())


def register(app: Flask) -> None:
    app.extensions[DIAS] = Dias()

    def antes() -> None:
        if request.endpoint not in (None, "static"):
            leer()

    app.before_request(antes)
