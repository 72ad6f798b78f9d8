"""`flask demo`: migrate, load the history when the database is empty, deploy what is new, top up
the queues."""

import sys
import time
from collections.abc import Sequence

import click
import stamina
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from common.faults import is_retryable
from common.language import SPANISH, marked, said, speaking
from demo import carga, fila, permisos
from demo.azar import sembrado
from demo.bienvenida import bienvenida
from demo.lugar import Fabrica, Lugar, SinCola
from demo.mundo import Mundo
from engine.clock import GivenClock
from webforms.base.servicios import Servicios, servicios
from webforms.operacion.instalacion import versiones

CASOS = 1_000
ANCHO = 30
DE_QUE = marked("Procedimiento en vigor; puede repetirse. Sin ella, todos.")
CARGAR = marked("Carga los datos de demostración si faltan, abre los puntos y repone las filas.")


class Barra:
    """One line on stderr, rewritten when the percentage changes; in a log, a line for each
    tenth."""

    def __init__(self, que: str) -> None:
        self._que = que
        self._viva = sys.stderr.isatty()
        self._ultimo = -1
        self._inicio = time.monotonic()
        if not self._viva:
            sys.stderr.write(f"{que}…\n")

    def __call__(self, hechas: int, total: int) -> None:
        porcentaje = 100 * hechas // max(1, total)
        if porcentaje == self._ultimo or not (self._viva or porcentaje % 10 == 0):
            return
        self._ultimo = porcentaje
        if not self._viva:
            sys.stderr.write(f"{self._que}: {porcentaje} %\n")
            return
        lleno = "█" * (ANCHO * porcentaje // 100)
        sys.stderr.write(f"\r{self._que} {lleno:·<{ANCHO}} {porcentaje:3d} % ")
        sys.stderr.flush()

    def fin(self, frase: str) -> None:
        segundos = time.monotonic() - self._inicio
        dicho = said("%(que)s en %(s)s s", que=frase, s=f"{segundos:.0f}")
        sys.stderr.write(
            f"{chr(13) if self._viva else ''}{dicho}{' ' * ANCHO if self._viva else ''}\n"
        )


def comando(fabrica: Fabrica, lugar: Lugar) -> click.Command:
    """The command; app.py gives the way to wire an engine and tells where the demo lives."""

    @click.command("demo", help=CARGAR)
    @click.option(
        "--cases",
        default=CASOS,
        show_default=True,
        type=click.IntRange(1, 50_000),
        help=marked("Visitas de la historia."),
    )
    @click.option(
        "--days",
        type=click.IntRange(7, 88),
        help=marked("Días de historia; sin ella, dos meses cerrados y el que corre."),
    )
    @click.option(
        "--package",
        "paquetes",
        multiple=True,
        default=carga.PAQUETES,
        type=click.Choice(carga.PAQUETES),
        help=DE_QUE,
    )
    @with_appcontext
    def demo(cases: int, days: int | None, paquetes: tuple[str, ...]) -> None:
        click.echo(said("Preparando la base de datos…"), err=True)
        for vez in stamina.retry_context(on=_ocupada, attempts=10, timeout=120):
            with vez:
                _migrar(fabrica)
        preparar(servicios(), fabrica, lugar, cases, days, paquetes)

    return demo


def _ocupada(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and is_retryable(error)


def _migrar(fabrica: Fabrica) -> None:
    """On SQLite, web and worker of a second start may be writing already: where there is nothing to
    do nobody waits for them."""
    hay, propia = versiones()
    if hay != propia:
        upgrade()
    fabrica.migrate()


def preparar(
    todo: Servicios,
    fabrica: Fabrica,
    lugar: Lugar,
    casos: int,
    dias: int | None,
    paquetes: Sequence[str],
) -> None:
    """What every start needs, on a migrated database. The history is that of an agency that writes
    Spanish, whoever starts it."""
    now = todo.clock.now()
    if carga.esta_vacia(todo.db):
        barra = Barra(said("Cargando la historia"))
        with speaking(SPANISH):
            mundo = carga.cargar(fabrica, lugar, casos, now, barra, dias, paquetes)
        barra.fin(said("Historia cargada (%(n)s visitas)", n=casos))
        if mundo.fallas:
            click.echo(
                said(
                    "%(n)s trabajos fallaron; el primero: %(f)s",
                    n=len(mundo.fallas),
                    f=mundo.fallas[0],
                ),
                err=True,
            )
    elif not fila.esta_completa(todo.db):
        click.echo(
            said("La carga anterior se interrumpió. Borre %(b)s y empiece de nuevo.", b=lugar.url),
            err=True,
        )
        sys.exit(1)
    elif (release := carga.desplegar(todo.engine, lugar.bpmn, now, paquetes)) is not None:
        click.echo(said("Diagramas nuevos en vigor: versión %(v)s", v=release), err=True)
        permisos.cargar(todo.uow, now, paquetes)
    now = todo.clock.now()
    fila.abrir(todo.uow, now)
    mundo = Mundo(
        todo.engine, clock=GivenClock(now), cola=SinCola(), forms=todo.forms, archivos=todo.archivos
    )
    # one wait for the disk, not one for each who comes
    with speaking(SPANISH), todo.engine.batch(carga.LOTE):
        fila.reponer(mundo, now, sembrado(now.isoformat()))
    click.echo(bienvenida(todo.uow, lugar.base_url, now))
