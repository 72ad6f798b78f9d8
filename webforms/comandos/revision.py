"""`flask doctor`: is this place ready? Everything is looked at, each with a sentence; exit code 1
when something is missing."""

import sys
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from common.faults import is_outage
from common.language import counted, marked, said
from webforms.base.servicios import servicios
from webforms.comandos.consola import no_responde
from webforms.operacion import blindaje, instalacion
from webforms.operacion.instalacion import Punto
from webforms.plazos import dias

MARCAS = {"bien": marked("bien"), "aviso": marked("AVISO"), "falla": marked("FALTA")}


@click.command(
    "doctor",
    help=marked("Revisa si este lugar está listo y dice qué hacer. Termina con 1 si falta algo."),
)
@with_appcontext
def doctor() -> None:
    with current_app.test_request_context():  # words are those of the pages
        puntos = list(_puntos())
    marcas = {como: said(marca) for como, marca in MARCAS.items()}
    margen, ancho = max(map(len, marcas.values())), max(len(p.nombre) for p in puntos)
    for punto in puntos:
        click.echo(f"{marcas[punto.como]:<{margen}}  {punto.nombre:<{ancho}}  {punto.dice}")
        if punto.hacer:
            click.echo(f"{'':<{margen}}  {'':<{ancho}}  → {punto.hacer}")
    faltan = sum(p.como == "falla" for p in puntos)
    avisos = sum(p.como == "aviso" for p in puntos)
    if faltan:
        click.echo(
            counted("No está listo: falta %(num)s.", "No está listo: faltan %(num)s.", faltan)
        )
        sys.exit(1)
    click.echo(
        counted("Listo, con %(num)s aviso.", "Listo, con %(num)s avisos.", avisos)
        if avisos
        else said("Listo.")
    )


def _puntos() -> Iterator[Punto]:
    """In the order in which one depends on another: without a database, only the machine is looked
    at."""
    s, now = servicios(), servicios().clock.now()
    try:
        puntos = instalacion.base()
        tablas = instalacion.migraciones()
    except DBAPIError as error:
        if not is_outage(error):
            raise
        yield Punto(
            "base",
            said("Base de datos"),
            "falla",
            no_responde(error),
            said("Arránquela, o corrija la dirección: flask setup."),
        )
        yield from instalacion.del_lugar(now)
        yield from blindaje.puntos()
        return
    yield from puntos
    yield tablas
    if tablas.como == "bien":
        dias.leer()
        with s.uow.reading() as session:
            lectura = instalacion.leer(session, now)
        yield from (revisar(lectura) for revisar in instalacion.DE_LA_BASE)
    yield instalacion.correo(next((v.mirar() for v in s.vecinos if v.codigo == "correo"), None))
    yield from instalacion.del_lugar(now)
    yield from blindaje.puntos()
