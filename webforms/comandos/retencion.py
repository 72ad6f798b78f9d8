"""`flask retention`: counts what the retention rules allow to erase; with `--apply` erases it, each act in a chain."""

import datetime as dt
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from common.language import marked
from common.language import said
from engine import reads
from engine.commands import delete_drafts
from engine.types import Value
from records import registro
from records import retencion
from webforms.base.servicios import Servicios
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.comandos.consola import quien

ANIO = dt.timedelta(days=365.25)
LOTE = 10_000
#: What is counted, as the chain of evidence keeps it → in the words of who reads.
NOMBRES = {
    "procesos terminados con formularios": marked("procesos terminados con formularios"),
    "procesos": marked("procesos"),
    "formularios": marked("formularios"),
    "borradores": marked("borradores"),
    "fichas de casos": marked("fichas de casos"),
    "contactos": marked("contactos"),
    "consultas": marked("consultas"),
    "diferencias": marked("diferencias"),
    "eventos": marked("eventos"),
}


@dataclass(frozen=True, slots=True)
class Plazos:
    """From when on something may go: what is older than each."""

    formularios: dt.datetime
    borradores: dt.datetime
    contactos: dt.datetime
    legado: dt.datetime

    def detalle(self) -> dict[str, Value]:
        return {f"{nombre}_antes_de": getattr(self, nombre).isoformat() for nombre in ("borradores", "contactos", "legado")}


def _plazo(nombre: str, en_ingles: str, usual: float, dice: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    tipo = click.FloatRange(0)
    return click.option(f"--{nombre}", f"--{en_ingles}", nombre, default=usual, show_default=True, type=tipo, help=dice)


CONTAR = marked("Cuenta lo que las reglas de retención permiten borrar, y con --apply lo borra (docs/retention.md).")


@click.command("retention", help=CONTAR)
@click.option("--apply", "aplicar", is_flag=True, help=marked("Borra; sin esta opción solo cuenta."))
@_plazo("formularios", "forms", 8.0, marked("Años después del fin del caso."))
@_plazo("borradores", "drafts", 30.0, marked("Días después de guardados, de tareas ya cerradas."))
@_plazo("contactos", "contacts", 5.0, marked("Años después de que otro dato los reemplazó."))
@_plazo("legado", "legacy", 1.0, marked("Años después de la consulta a un aplicativo."))
@click.option("--limite", "--limit", "limite", default=LOTE, show_default=True, type=click.IntRange(1), help=marked("Casos por ejecución."))
@with_appcontext
def retention(*, aplicar: bool, formularios: float, borradores: float, contactos: float, legado: float, limite: int) -> None:

    s = servicios()
    now = s.clock.now()
    try:
        plazos = Plazos(now - formularios * ANIO, now - dt.timedelta(days=borradores), now - contactos * ANIO, now - legado * ANIO)
    except (ValueError, OverflowError) as error:
        raise Falla(said("Esos plazos no caben en el calendario: escriba años y días que hayan pasado.")) from error
    with s.uow.reading() as session:
        casos = reads.operation.with_forms_ended_before(session, plazos.formularios, limite)
        cuantos = {"borradores": reads.operation.old_drafts(session, plazos.borradores)}
        cuantos |= retencion.por_borrar(session, contactos=plazos.contactos, legado=plazos.legado)
    if aplicar:
        _borrar(s, plazos, casos, now)
        return
    click.echo(said("Se pueden borrar: %(que)s.", que=_dicho({"procesos terminados con formularios": len(casos), **cuantos})))
    click.echo(said("Nada se borró. Para borrar: flask retention --apply"))


def _borrar(s: Servicios, plazos: Plazos, casos: list[str], now: dt.datetime) -> None:
    regla: dict[str, Value] = {"rule": "formularios", "antes_de": plazos.formularios.isoformat()}
    hechos = [s.engine.erasures.erase_forms(caso, detail=regla, actor=quien(), now=now) for caso in casos]

    def fuera_del_diario(session: Session) -> dict[str, int]:
        borradores = delete_drafts(session, plazos.borradores)
        fichas = registro.olvidar(session, casos)
        return {
            "borradores": borradores,
            "fichas de casos": fichas,
            **retencion.borrar(session, contactos=plazos.contactos, legado=plazos.legado),
        }

    otros = s.engine.erasures.erase(fuera_del_diario, subject="retencion", detail=plazos.detalle(), actor=quien(), now=now)
    click.echo(said("Se borraron: %(que)s.", que=_dicho({"formularios": sum(hechos), "procesos": len(casos), **otros})))


def _dicho(cuantos: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {said(NOMBRES[nombre])}" for nombre, n in cuantos.items())
