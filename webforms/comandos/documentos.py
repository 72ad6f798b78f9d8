"""`flask documents sweep` takes away files that no act needs; `flask documents scan` has the
antivirus look at those that wait."""

import sys

import click
from flask.cli import with_appcontext

from common.language import marked, said
from records.casos import archivos
from records.casos.archivos import POR_REVISAR
from records.sistemas.puertos import DepositoFallido
from webforms.base.formatos import tamano
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.documentos.barrido import ESPERA, barrer, revisar_los_que_esperan


@click.group(
    help=marked("El depósito de documentos: archivos sin dueño, y los que esperan al antivirus.")
)
def documents() -> None:
    """The group."""


@documents.command(
    help=marked(
        "Cuenta los archivos que ningún acto necesita; con --apply los quita. El trabajador lo hace cada día."
    )
)
@click.option(
    "--apply", "quitar", is_flag=True, help=marked("Los quita; sin esta opción solo cuenta.")
)
@with_appcontext
def sweep(*, quitar: bool) -> None:
    s = servicios()
    try:
        hecho = barrer(s.archivos, s.uow, s.clock.now(), quitar=quitar)
    except DepositoFallido as falla:
        raise Falla(
            said("El depósito de documentos no responde: %(d)s", d=said(falla.detalle))
        ) from falla
    dicho = {
        "v": hecho.vistos,
        "h": round(ESPERA.total_seconds() / 3600),
        "n": hecho.sin_dueno,
        "t": tamano(hecho.bytes),
    }
    if quitar:
        click.echo(
            said(
                "%(v)s archivos. De más de %(h)s horas, sin dueño, se quitaron %(n)s (%(t)s).",
                **dicho,
            )
        )
    else:
        click.echo(
            said(
                "%(v)s archivos. De más de %(h)s horas, sin dueño, se pueden quitar %(n)s (%(t)s).",
                **dicho,
            )
        )
    if hecho.rescatados and quitar:
        click.echo(
            said(
                "%(n)s de actos hechos no habían llegado a su lugar: ya están.", n=hecho.rescatados
            )
        )
    elif hecho.rescatados:
        click.echo(said("%(n)s de actos hechos no habían llegado a su lugar.", n=hecho.rescatados))


@documents.command(
    help=marked(
        "El antivirus mira los que esperan. Termina con 1 si alguno tiene un virus o sigue sin mirar."
    )
)
@with_appcontext
def scan() -> None:
    s = servicios()
    if s.archivos.antivirus is None:
        raise Falla(said("No hay antivirus conectado (CLAMD, docs/configuration.md)."))
    hallados = revisar_los_que_esperan(s.archivos, s.uow, s.clock.now())
    with s.uow.reading() as session:
        quedan = archivos.cuantos_por_revisar(session, POR_REVISAR)
    click.echo(
        said(
            "%(l)s limpios, %(v)s con virus, %(q)s siguen esperando.",
            l=hallados.limpios,
            v=hallados.infectados,
            q=quedan,
        )
    )
    if hallados.infectados or quedan:
        sys.exit(1)
