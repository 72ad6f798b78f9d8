"""`flask retention`: counts what the retention series allow to erase; with `--apply` erases it,
each act in a chain."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from common.language import marked, said
from engine import reads
from engine.commands import delete_drafts
from engine.types import Value
from records.casos import registro
from records.cuentas import borradores_de_inicio
from records.derechos import visitas_sin_caso
from records.expedientes import series
from records.plazos.reglas.calendario import dia_local
from records.retencion import reservas, retencion
from records.retencion.retencion import Antes, Plazo
from webforms.base.servicios import Servicios, servicios
from webforms.comandos.consola import Falla, quien
from webforms.expedientes import indices

ANIO = dt.timedelta(days=365.25)
LOTE = 10_000
#: What is counted, as the chain of evidence keeps it → in the words of who reads.
NOMBRES = {
    "procesos terminados con formularios": marked("procesos terminados con formularios"),
    "procesos": marked("procesos"),
    "formularios": marked("formularios"),
    "borradores": marked("borradores"),
    "borradores de inicio": marked("borradores de inicio"),
    "fichas de casos": marked("fichas de casos"),
    "visitas": marked("visitas sin caso"),
    "contactos": marked("contactos"),
    "consultas": marked("consultas"),
    "diferencias": marked("diferencias"),
    "eventos": marked("eventos"),
    "sueltos": marked("documentos sueltos"),
    "legado": marked("legado"),
}
NUNCA = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)  #: nothing is older


@dataclass(frozen=True, slots=True)
class Plazos:
    """How long each is kept and by which series, and from when on it may go."""

    rigen: Mapping[str, Plazo]
    formularios: dt.datetime
    borradores: dt.datetime
    demas: Antes

    def series(self) -> dict[str, Value]:
        return {f"{que}_serie": plazo.serie for que, plazo in self.rigen.items() if plazo.serie}

    def detalle(self) -> dict[str, Value]:
        fechas = {
            "contactos": self.demas.contactos,
            "legado": self.demas.legado,
            "sueltos": self.demas.sueltos,
        }
        return {
            f"{k}_antes_de": v.isoformat()
            for k, v in {"borradores": self.borradores, **fechas}.items()
        } | self.series()


def _plazos(pedidos: Mapping[str, float | None], borradores: float, now: dt.datetime) -> Plazos:
    """Falla: a term that leads out of the calendar. What was asked for goes before what a series
    says."""
    with servicios().uow.reading() as session:
        rigen = retencion.plazos(session, dia_local(now))
    rigen |= {que: Plazo(anios) for que, anios in pedidos.items() if anios is not None}
    try:
        antes = {
            que: now - plazo.anios * ANIO if plazo.se_borra else NUNCA
            for que, plazo in rigen.items()
        }
        demas = Antes(antes[retencion.CONTACTOS], antes[retencion.LEGADO], antes[retencion.SUELTOS])
        return Plazos(
            rigen, antes[retencion.FORMULARIOS], now - dt.timedelta(days=borradores), demas
        )
    except (ValueError, OverflowError) as error:
        raise Falla(
            said("Esos plazos no caben en el calendario: escriba años y días que hayan pasado.")
        ) from error


ANIOS = click.FloatRange(0)


CONTAR = marked(
    "Cuenta lo que las series documentales permiten borrar, y con --apply lo borra (docs/archive.md)."
)


def _plazo(
    nombre: str, en_ingles: str, dice: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(f"--{nombre}", f"--{en_ingles}", nombre, type=ANIOS, help=dice)


@click.command("retention", help=CONTAR)
@click.option(
    "--apply", "aplicar", is_flag=True, help=marked("Borra; sin esta opción solo cuenta.")
)
@_plazo("formularios", "forms", marked("Años después del fin del caso; sin esto, los de su serie."))
@click.option(
    *("--borradores", "--drafts", "borradores"),
    default=30.0,
    show_default=True,
    type=ANIOS,
    help=marked("Días después de guardados, de tareas ya cerradas."),
)
@_plazo(
    "contactos",
    "contacts",
    marked("Años después de que otro dato los reemplazó; sin esto, los de su serie."),
)
@_plazo(
    "legado",
    "legacy",
    marked("Años después de la consulta a un aplicativo; sin esto, los de su serie."),
)
@_plazo(
    "sueltos",
    "stray",
    marked(
        "Años después de apartado un documento que no era de ningún caso; sin esto, los de su serie."
    ),
)
@click.option(
    "--limite",
    "--limit",
    "limite",
    default=LOTE,
    show_default=True,
    type=click.IntRange(1),
    help=marked("Casos por ejecución."),
)
@with_appcontext
def retention(*, aplicar: bool, borradores: float, limite: int, **pedidos: float | None) -> None:
    s = servicios()
    now = s.clock.now()
    plazos = _plazos(pedidos, borradores, now)
    with s.uow.reading() as session:
        reservados = reservas.claves(session)
        con_serie = series.de_expedientes(session, dia_local(now))
        casos = reads.operation.with_forms_ended_before(
            session, plazos.formularios, limite, reservados, con_serie
        )
        cuantos = {"borradores": reads.operation.old_drafts(session, plazos.borradores)}
        cuantos |= {
            "borradores de inicio": borradores_de_inicio.cuantos_viejos(session, plazos.borradores)
        }
        cuantos |= retencion.por_borrar(session, plazos.demas)
    for que, plazo in plazos.rigen.items():
        click.echo(f"{said(NOMBRES[que])}: {_plazo_dicho(plazo)}")
    if reservados:
        click.echo(
            said(
                "Casos reservados, que no se borran ni lo de su persona: %(n)s.", n=len(reservados)
            )
        )
    if aplicar:
        _borrar(s, plazos, casos, now)
        return
    click.echo(
        said(
            "Se pueden borrar: %(que)s.",
            que=_dicho({"procesos terminados con formularios": len(casos), **cuantos}),
        )
    )
    click.echo(said("Nada se borró. Para borrar: flask retention --apply"))


def _plazo_dicho(plazo: Plazo) -> str:
    de_quien = said("serie %(s)s", s=plazo.serie) if plazo.serie else said("sin serie que lo diga")
    return (
        said("%(n)s años (%(s)s)", n=f"{plazo.anios:g}", s=de_quien)
        if plazo.se_borra
        else said("se conserva (%(s)s)", s=de_quien)
    )


def _borrar(s: Servicios, plazos: Plazos, casos: list[str], now: dt.datetime) -> None:
    regla: dict[str, Value] = {
        "rule": "formularios",
        "antes_de": plazos.formularios.isoformat(),
        **plazos.series(),
    }
    hechos = [
        s.engine.erasures.erase_forms(instancia, detail=regla, actor=quien(), now=now)
        for instancia in casos
    ]

    with s.uow.reading() as session:
        terminados = reads.operation.ended_cases(session, casos)

    def fuera_del_diario(session: Session) -> dict[str, int]:
        borradores = delete_drafts(session, plazos.borradores)
        fichas = registro.olvidar(session, terminados)
        visitas = visitas_sin_caso.sin_caso(session, terminados)
        for visita in visitas:
            visitas_sin_caso.olvidar(session, visita, now)
        return {
            "borradores": borradores,
            "borradores de inicio": borradores_de_inicio.borrar_viejos(session, plazos.borradores),
            "fichas de casos": fichas,
            "visitas": len(visitas),
            **retencion.borrar(session, plazos.demas, now),
        }

    otros = s.engine.erasures.erase(
        fuera_del_diario, subject="retencion", detail=plazos.detalle(), actor=quien(), now=now
    )
    indices.renovar(terminados, now, quien())
    click.echo(
        said(
            "Se borraron: %(que)s.",
            que=_dicho({"formularios": sum(hechos), "procesos": len(casos), **otros}),
        )
    )


def _dicho(cuantos: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {said(NOMBRES[nombre])}" for nombre, n in cuantos.items())
