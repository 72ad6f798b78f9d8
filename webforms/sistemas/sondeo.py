"""The worker's round of each minute: every system around the desk is looked at, at the same time,
and what it found is kept."""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy.orm import Session

from engine.commands import Engine
from engine.types import Data
from records.base.datos import iso
from records.sistemas import sistemas
from records.sistemas.puertos import Salud, Vecino
from webforms.base.ajustes import de
from webforms.sistemas.latido import nombre_del_proceso


def mirar_todos(vecinos: Sequence[Vecino]) -> list[Salud]:
    """In their order; it takes as long as the slowest, which has a limit of its own."""
    if not vecinos:
        return []
    with ThreadPoolExecutor(len(vecinos), "sistemas") as hilos:
        return list(hilos.map(lambda vecino: vecino.mirar(), vecinos))


def limite_de(app: Flask) -> dt.timedelta:
    """How long a system may be silent until people are told (SYSTEM_DOWN_MINUTES)."""
    return dt.timedelta(minutes=de(app).system_down_minutes)


@dataclass(frozen=True, slots=True)
class Sondeo:
    engine: Engine
    vecinos: Sequence[Vecino]
    limite: dt.timedelta
    proceso: str = field(default_factory=nombre_del_proceso)

    def ronda(self, now: dt.datetime) -> list[Salud]:
        """In a worker, which is who asks for the visits: its breakers tell."""
        halladas = mirar_todos(self.vecinos)

        def anotar(session: Session) -> list[str]:
            # as every worker, so that none waits for the other crosswise
            for salud in sorted(halladas, key=lambda s: s.sistema):
                sistemas.mirado(session, salud, self.proceso, now)
            return sistemas.por_avisar(session, self.limite, now)

        for sistema in self.engine.uow.run(anotar):
            self._avisar(sistema, now)
        return halladas

    def _avisar(self, sistema: str, now: dt.datetime) -> None:
        """The job in the commit that says so: nobody is told twice, and nobody is forgotten."""

        def pasar(session: Session) -> tuple[str, Data]:
            desde = iso(sistemas.pasar_el_limite(session, sistema, now))
            return f"sistema-{sistema}-{desde}", {"sistema": sistema, "desde": desde}

        self.engine.jobs.ask(sistemas.AVISAR, pasar, queue="mail")
