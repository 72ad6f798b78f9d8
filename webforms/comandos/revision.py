"""`flask doctor`: is this place ready? Everything is looked at, each with a sentence; exit code 1 when something is missing."""

import sys
from collections.abc import Iterator

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from common.faults import is_outage
from webforms.base import estado
from webforms.base.estado import Punto
from webforms.base.servicios import servicios
from webforms.comandos.consola import no_responde

MARCAS = {"bien": "bien ", "aviso": "AVISO", "falla": "FALTA"}


@click.command("doctor", help="Revisa si este lugar está listo y dice qué hacer. Termina con 1 si falta algo.")
@with_appcontext
def doctor() -> None:
    with current_app.test_request_context():  # words are those of the pages
        puntos = list(_puntos())
    ancho = max(len(p.nombre) for p in puntos)
    for punto in puntos:
        click.echo(f"{MARCAS[punto.como]}  {punto.nombre:<{ancho}}  {punto.dice}")
        if punto.hacer:
            click.echo(f"{'':7}{'':<{ancho}}  → {punto.hacer}")
    faltan = sum(p.como == "falla" for p in puntos)
    avisos = sum(p.como == "aviso" for p in puntos)
    if faltan:
        click.echo(f"No está listo: falta{'n' if faltan > 1 else ''} {faltan}.")
        sys.exit(1)
    click.echo("Listo." if not avisos else f"Listo, con {avisos} aviso{'s' if avisos > 1 else ''}.")


def _puntos() -> Iterator[Punto]:
    """In the order in which one depends on another: without a database, only the machine is looked at."""
    s, now = servicios(), servicios().clock.now()
    try:
        puntos = estado.base()
        tablas = estado.migraciones()
    except DBAPIError as error:
        if not is_outage(error):
            raise
        yield Punto("base", "Base de datos", "falla", no_responde(error), "Arránquela, o corrija la dirección: flask setup.")
        yield from estado.del_lugar(now)
        return
    yield from puntos
    yield tablas
    if tablas.como == "bien":
        with s.uow.reading() as session:
            lectura = estado.leer(session, now)
        yield from (revisar(lectura) for revisar in estado.DE_LA_BASE)
    yield estado.correo(next((v.mirar() for v in s.vecinos if v.codigo == "correo"), None))
    yield from estado.del_lugar(now)
