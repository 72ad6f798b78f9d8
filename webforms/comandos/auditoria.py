"""`flask audit verify`: proves every chain, exits 1 and names the first bad row of each broken one."""

import sys

import click
from flask.cli import AppGroup

from engine.reads.verification import verify
from webforms.base.servicios import servicios
from webforms.cumplimiento.cadenas import frase

audit = AppGroup("audit", help="Comprueba la evidencia.")


@audit.command("verify")
@click.option("--caso", help="Solo las cadenas de este expediente.")
def verificar(caso: str | None) -> None:
    """Comprueba las cadenas del diario, los formularios, las notas y los accesos."""
    with servicios().uow.reading_one_state() as session:
        informe = verify(session, caso)
    click.echo(
        f"{informe.instances} instancias, {informe.journal_rows} asientos, {informe.forms} formularios "
        f"({informe.erased} borrados por acto), {informe.access_rows} accesos"
    )
    for falla in informe.faults:
        click.echo(frase(falla), err=True)
    if informe.faults:
        sys.exit(1)
    click.echo("Todas las cadenas están completas. Los puntos de control firmados aún no existen (docs/evidence.md).")
