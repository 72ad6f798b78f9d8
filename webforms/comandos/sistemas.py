"""`flask systems check`: does every connected system answer now?"""

import sys

import click
from flask.cli import with_appcontext

from common.language import marked, said
from webforms.base.palabras import por_que_no
from webforms.base.servicios import servicios
from webforms.sistemas.sondeo import mirar_todos


@click.group(
    help=marked(
        "Los sistemas alrededor: C&CTEX, COBOL, FOX PRO, CRM, Digiturno, correo, documentos, antivirus, servicios web."
    )
)
def systems() -> None:
    """The group."""


@systems.command(
    help=marked(
        "Mira cada sistema una vez. Termina con 1 si alguno que está conectado no responde."
    )
)
@with_appcontext
def check() -> None:
    vecinos = servicios().vecinos
    halladas = mirar_todos(vecinos)
    for vecino, salud in zip(vecinos, halladas, strict=True):
        if not salud.conectado:
            como = said("no conectado")
        elif salud.disponible:
            como = said("responde en %(ms)s ms", ms=salud.ms)
            como += said(", datos del %(d)s", d=f"{salud.corte:%Y-%m-%d}") if salud.corte else ""
            como += f" ({said(salud.detalle)})" if salud.detalle else ""
        else:
            como = said(
                "NO RESPONDE: %(p)s (%(d)s)", p=por_que_no(salud.causa), d=said(salud.detalle)
            )
        click.echo(f"{said(vecino.nombre):<13} {como}")
    if any(salud.conectado and not salud.disponible for salud in halladas):
        sys.exit(1)
