"""How often something may be done at all, well or badly: what is written for strangers, by devices,
with files, while somebody types.

Looked at after the permission and the token of the form. Whoever comes too often gets a page with
all they typed, and when it may be sent again. What strangers send and what comes with files is
counted in the database. Devices and drafts are counted by each web process for itself: there it is
work that is bounded, not a guess, and a write to bound a write would be one write more.
"""

import datetime as dt
import threading
from collections import OrderedDict
from typing import Final

from flask import Flask, g, request

from engine.states import ActorKind
from engine.types import Actor
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from webforms.base import frenos
from webforms.base.frenos import Frenado
from webforms.base.rutas import dicho
from webforms.base.servicios import servicios

LEEN: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: Sendings with files, of whoever acts.
CON_ARCHIVOS: Final = Cupo(200, UNA_HORA)
PERSONAS: Final = 10_000


class EnMemoria:
    """The same as `frenos.gastar`, for this process alone."""

    def __init__(self) -> None:
        self._gastadas: OrderedDict[str, tuple[dt.datetime, int]] = OrderedDict()
        self._candado = threading.Lock()

    def __len__(self) -> int:
        return len(self._gastadas)

    def gastar(self, de_quien: str, cupo: Cupo, now: dt.datetime) -> None:
        comienzo = cupo.comienzo(now)
        with self._candado:
            desde, gastadas = self._gastadas.get(de_quien, (comienzo, 0))
            gastadas = gastadas + 1 if desde == comienzo else 1
            if gastadas > cupo.cuantas:
                raise Frenado(comienzo + cupo.ventana - now)
            self._gastadas[de_quien] = comienzo, gastadas
            self._gastadas.move_to_end(de_quien)
            if len(self._gastadas) > PERSONAS:
                self._gastadas.popitem(last=False)


def register(app: Flask) -> None:
    en_memoria = EnMemoria()

    def gastar() -> None:
        """Raises Frenado."""
        if request.method in LEEN:
            return
        cual, now = request.endpoint or "", servicios().clock.now()
        actor: Actor | None = g.get("actor")
        cupo = dicho().get("cupo")
        if cupo is not None and actor is not None:
            en_memoria.gastar(f"{cual} {actor.id}", cupo, now)
        elif cupo is not None:
            frenos.gastar(cual, frenos.de_donde(request.remote_addr), cupo, now)
        if request.mimetype == "multipart/form-data" and any(
            f.filename for f in request.files.values()
        ):
            de_alguien = actor is not None and actor.kind is ActorKind.PERSON
            frenos.gastar(
                "archivos",
                actor.id if de_alguien and actor else frenos.de_donde(request.remote_addr),
                CON_ARCHIVOS,
                now,
            )

    app.before_request(gastar)
