"""`flask daily`: sums up the days that are over and were not; with `--rebuild` makes days again
from their rows."""

import datetime as dt
from functools import partial

import click
from flask.cli import with_appcontext

from common.language import marked, said
from records.plazos.reglas.calendario import dia_local
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.informes.diario import resumir_lo_que_falta, resumir_un_dia

_UN_DIA = dt.timedelta(days=1)


@click.command(
    "daily",
    help=marked(
        "Resume los días terminados para las páginas de gerencia. El trabajador lo hace cada minuto."
    ),
)
@click.option(
    "--rebuild",
    "otra_vez",
    is_flag=True,
    help=marked("Vuelve a hacer los días de --desde a --hasta con sus filas de ahora."),
)
@click.option(
    "--desde",
    "--from",
    "desde",
    type=click.DateTime(["%Y-%m-%d"]),
    help=marked("Primer día que se vuelve a hacer."),
)
@click.option(
    "--hasta",
    "--to",
    "hasta",
    type=click.DateTime(["%Y-%m-%d"]),
    help=marked("Último día; sin esta opción, ayer."),
)
@with_appcontext
def daily(*, otra_vez: bool, desde: dt.datetime | None, hasta: dt.datetime | None) -> None:

    s = servicios()
    now = s.clock.now()
    if not otra_vez:
        hechos = resumir_lo_que_falta(s.uow, now)
        click.echo(
            said("Se resumieron %(n)s días.", n=len(hechos))
            if hechos
            else said("No falta ningún día por resumir.")
        )
        return
    ayer = dia_local(now) - _UN_DIA
    ultimo = min(hasta.date(), ayer) if hasta is not None else ayer
    if desde is None or desde.date() > ultimo:
        raise Falla(
            said(
                "Escriba desde qué día: --rebuild --desde 2026-11-01; hoy no ha terminado y no se resume."
            )
        )
    dias = [desde.date() + n * _UN_DIA for n in range((ultimo - desde.date()).days + 1)]
    for dia in dias:
        s.uow.run(partial(resumir_un_dia, dia=dia, now=now))
    click.echo(said("Se volvieron a hacer %(n)s días.", n=len(dias)))
