"""`flask demo`: load the demo when the database is empty, deploy what is new in bpmn/, open the points, top up the queues."""

import random
import sys
import time
from collections.abc import Callable

import click
from flask.cli import with_appcontext

from demo.carga import CASOS
from demo.carga import Fabrica
from demo.carga import Lugar
from demo.carga import cargar
from demo.carga import desplegar
from demo.carga import esta_vacia
from demo.fila import abrir
from demo.fila import reponer
from demo.mundo import Mundo
from engine.clock import GivenClock
from engine.jobs.inprocess import InProcessJobs
from webforms.servicios import Servicios
from webforms.servicios import servicios

ANCHO = 30


class Barra:
    """One line on stderr, rewritten when the percentage changes; a plain line at the end where nobody watches."""

    def __init__(self, que: str) -> None:
        self._que = que
        self._viva = sys.stderr.isatty()
        self._ultimo = -1
        self._inicio = time.monotonic()

    def __call__(self, hechas: int, total: int) -> None:
        porcentaje = 100 * hechas // total if total else 100
        if porcentaje == self._ultimo:
            return
        self._ultimo = porcentaje
        if self._viva:
            lleno = "█" * (ANCHO * porcentaje // 100)
            sys.stderr.write(f"\r{self._que} {lleno:·<{ANCHO}} {porcentaje:3d} % ")
            sys.stderr.flush()

    def fin(self, frase: str) -> None:
        segundos = time.monotonic() - self._inicio
        sys.stderr.write(f"{chr(13) if self._viva else ''}{frase} en {segundos:.0f} s{' ' * ANCHO if self._viva else ''}\n")


def comando(fabrica: Fabrica, lugar: Callable[[], Lugar]) -> click.Command:
    """The command; app.py gives the way to wire an engine and tells where the demo lives."""

    @click.command("demo")
    @click.option("--cases", default=CASOS, show_default=True, type=click.IntRange(1, 50_000), help="Visitas del mes de historia.")
    @with_appcontext
    def demo(cases: int) -> None:
        """Carga los datos de demostración si faltan, abre los puntos y repone las filas."""
        todo, donde = servicios(), lugar()
        now = todo.clock.now()
        if esta_vacia(todo.db):
            barra = Barra("Cargando un mes de historia")
            mundo = cargar(fabrica, donde, cases, now, barra)
            barra.fin(f"Historia cargada: {cases} visitas")
            if mundo.fallas:
                click.echo(f"{len(mundo.fallas)} trabajos fallaron; el primero: {mundo.fallas[0]}", err=True)
        elif (release := desplegar(todo.engine, donde.bpmn, now)) is not None:
            click.echo(f"Diagramas en vigor: versión {release}", err=True)
        preparar_filas(todo)

    return demo


def preparar_filas(todo: Servicios) -> int:
    """Open points and people in the queues; the hour is that of the clock when everything is loaded."""
    now = todo.clock.now()
    abrir(todo.db, now)
    mundo = Mundo(todo.engine, clock=GivenClock(now), jobs=InProcessJobs(), forms=todo.forms, archivos=todo.archivos)
    return reponer(mundo, now, random.Random(now.isoformat()))  # noqa: S311 - demo data
