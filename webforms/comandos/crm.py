"""`flask crm`: the CRM outside from the command line: what it has not heard of is sent, all its
records are compared with ours."""

import sys

import click
from flask.cli import with_appcontext

from common.language import marked, said
from records.sistemas import crm_externo
from records.sistemas.puertos import CrmAfuera
from webforms.base.servicios import servicios
from webforms.sistemas.crm_afuera import MOTOR


@click.group(help=marked("El CRM de afuera: enviarle lo que falta y compararlo todo."))
def crm() -> None:
    """The group."""


def _conectado() -> CrmAfuera:
    conectado = servicios().crm
    if conectado is None:
        raise click.ClickException(said("No hay otro CRM conectado (docs/systems.md)."))
    return conectado


@crm.command(help=marked("Envía lo que espera. Termina con 1 si algo sigue esperando."))
@with_appcontext
def send() -> None:
    conectado, s = _conectado(), servicios()
    s.uow.run(crm_externo.ya)
    hechos = conectado.enviar_pendientes(s.clock.now(), lambda: True)
    with s.uow.reading() as session:
        cola = crm_externo.cola(session)
    click.echo(said("%(n)s enviados, %(m)s por enviar", n=hechos, m=cola.cuantos))
    for fila in cola.con_falla:
        click.echo(f"  {fila.tipo} {fila.local_id}: {fila.error}")
    if cola.cuantos:
        sys.exit(1)


@crm.command(
    help=marked(
        "Compara cada persona y cada caso de los dos. Termina con 1 si quedó a medias o hay algo por decidir."
    )
)
@with_appcontext
def compare() -> None:
    conectado, s = _conectado(), servicios()
    conectado.conciliar(MOTOR, s.clock.now(), lambda: True)
    with s.uow.reading() as session:
        hecha, por_decidir = crm_externo.ultima(session), len(crm_externo.abiertas(session))
    if hecha is None:
        raise AssertionError("a comparison leaves its row")
    click.echo(
        said(
            "%(p)s personas y %(c)s casos comparados, %(i)s sin diferencia; %(e)s datos van al CRM, %(t)s llegaron de él; "
            "%(f)s faltaban allá, %(a)s solo están allá; %(d)s por decidir",
            p=hecha.personas,
            c=hecha.casos,
            i=hecha.iguales,
            e=hecha.enviados,
            t=hecha.traidos,
            f=hecha.faltaban,
            a=hecha.ajenos,
            d=por_decidir,
        )
    )
    if hecha.error:
        click.echo(said("Quedó a medias: %(e)s", e=hecha.error))
    if hecha.error or por_decidir:
        sys.exit(1)
