"""`flask retention`: counts what the retention rules allow to erase; with `--apply` erases it, each act in a chain."""

import datetime as dt
from dataclasses import dataclass

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from engine import reads
from engine.commands import delete_drafts
from engine.types import Value
from records import borradores_de_inicio
from records import registro
from records import retencion
from records.rules import sistemas
from webforms.base.servicios import Servicios
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.comandos.consola import quien

ANIO = dt.timedelta(days=365.25)
LOTE = 10_000


@dataclass(frozen=True, slots=True)
class Plazos:
    """From when on something may go: what is older than each."""

    formularios: dt.datetime
    borradores: dt.datetime
    contactos: dt.datetime
    legado: dt.datetime

    def detalle(self) -> dict[str, Value]:
        return {f"{nombre}_antes_de": getattr(self, nombre).isoformat() for nombre in ("borradores", "contactos", "legado")}


@click.command("retention")
@click.option("--apply", "aplicar", is_flag=True, help="Borra; sin esta opción solo cuenta.")
@click.option(
    "--formularios", "formularios", default=8.0, show_default=True, type=click.FloatRange(0), help="Años después del fin del caso."
)
@click.option(
    "--borradores", default=30.0, show_default=True, type=click.FloatRange(0), help="Días después de guardados, de tareas ya cerradas."
)
@click.option("--contactos", default=5.0, show_default=True, type=click.FloatRange(0), help="Años después de que otro dato los reemplazó.")
@click.option(
    "--legado", default=1.0, show_default=True, type=click.FloatRange(0), help=f"Años después de la consulta a {sistemas.enumerados()}."
)
@click.option("--limite", default=LOTE, show_default=True, type=click.IntRange(1), help="Casos por ejecución.")
@with_appcontext
def retention(*, aplicar: bool, formularios: float, borradores: float, contactos: float, legado: float, limite: int) -> None:
    """Cuenta lo que las reglas de retención permiten borrar, y con --apply lo borra (docs/retention.md)."""
    s = servicios()
    now = s.clock.now()
    try:
        plazos = Plazos(now - formularios * ANIO, now - dt.timedelta(days=borradores), now - contactos * ANIO, now - legado * ANIO)
    except (ValueError, OverflowError) as error:
        raise Falla("Esos plazos no caben en el calendario: escriba años y días que hayan pasado.") from error
    with s.uow.reading() as session:
        casos = reads.operation.with_forms_ended_before(session, plazos.formularios, limite)
        cuantos = {"borradores": reads.operation.old_drafts(session, plazos.borradores)}
        cuantos |= {"borradores de inicio": borradores_de_inicio.cuantos_viejos(session, plazos.borradores)}
        cuantos |= retencion.por_borrar(session, contactos=plazos.contactos, legado=plazos.legado)
    if aplicar:
        _borrar(s, plazos, casos, now)
        return
    _decir("Se pueden borrar", {"procesos terminados con formularios": len(casos), **cuantos})
    click.echo("Nada se borró. Para borrar: flask retention --apply")


def _borrar(s: Servicios, plazos: Plazos, casos: list[str], now: dt.datetime) -> None:
    regla: dict[str, Value] = {"rule": "formularios", "antes_de": plazos.formularios.isoformat()}
    hechos = [s.engine.erasures.erase_forms(caso, detail=regla, actor=quien(), now=now) for caso in casos]

    def fuera_del_diario(session: Session) -> dict[str, int]:
        borradores = delete_drafts(session, plazos.borradores)
        fichas = registro.olvidar(session, casos)
        return {
            "borradores": borradores,
            "borradores de inicio": borradores_de_inicio.borrar_viejos(session, plazos.borradores),
            "fichas de casos": fichas,
            **retencion.borrar(session, contactos=plazos.contactos, legado=plazos.legado),
        }

    otros = s.engine.erasures.erase(fuera_del_diario, subject="retencion", detail=plazos.detalle(), actor=quien(), now=now)
    _decir("Se borraron", {"formularios": sum(hechos), "procesos": len(casos), **otros})


def _decir(que: str, cuantos: dict[str, int]) -> None:
    click.echo(f"{que}: " + ", ".join(f"{n} {nombre}" for nombre, n in cuantos.items()) + ".")
