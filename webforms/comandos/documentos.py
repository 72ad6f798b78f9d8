"""`flask documents sweep` takes away files that no act needs; `flask documents scan` has the antivirus look at those that wait."""

import sys

import click
from flask.cli import with_appcontext

from records import archivos
from records.archivos import POR_REVISAR
from records.puertos import DepositoFallido
from webforms.base.barrido import ESPERA
from webforms.base.barrido import barrer
from webforms.base.barrido import revisar_los_que_esperan
from webforms.base.formatos import tamano
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla


@click.group(help="El depósito de documentos: archivos sin dueño, y los que esperan al antivirus.")
def documents() -> None:
    """The group."""


@documents.command(help="Cuenta los archivos que ningún acto necesita; con --apply los quita. El trabajador lo hace cada día.")
@click.option("--apply", "quitar", is_flag=True, help="Los quita; sin esta opción solo cuenta.")
@with_appcontext
def sweep(*, quitar: bool) -> None:
    s = servicios()
    try:
        hecho = barrer(s.archivos, s.uow, s.clock.now(), quitar=quitar)
    except DepositoFallido as falla:
        raise Falla(f"El depósito de documentos no responde: {falla.detalle}") from falla
    horas = round(ESPERA.total_seconds() / 3600)
    que = "se quitaron" if quitar else "se pueden quitar"
    click.echo(f"{hecho.vistos} archivos. De más de {horas} horas, sin dueño, {que} {hecho.sin_dueno} ({tamano(hecho.bytes)}).")
    if hecho.rescatados:
        click.echo(f"{hecho.rescatados} de actos hechos no habían llegado a su lugar{': ya están' if quitar else ''}.")


@documents.command(help="El antivirus mira los que esperan. Termina con 1 si alguno tiene un virus o sigue sin mirar.")
@with_appcontext
def scan() -> None:
    s = servicios()
    if s.archivos.antivirus is None:
        raise Falla("No hay antivirus conectado (CLAMD, docs/configuration.md).")
    hallados = revisar_los_que_esperan(s.archivos, s.uow, s.clock.now())
    with s.uow.reading() as session:
        quedan = archivos.cuantos_por_revisar(session, POR_REVISAR)
    click.echo(f"{hallados.limpios} limpios, {hallados.infectados} con virus, {quedan} siguen esperando.")
    if hallados.infectados or quedan:
        sys.exit(1)
