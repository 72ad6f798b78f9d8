"""`flask migrate-cases PROCESS`: moves running cases to the version in force, one commit each.
Started again, it goes on."""

import sys

import click
from flask.cli import with_appcontext

from common.language import marked, said
from engine import reads
from engine.types import MIN_REASON
from records.cuentas.titulares import titulares
from webforms.base.formatos import dia_local
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla, quien
from webforms.paquetes import casos_por_migrar


def _mapa(pares: tuple[str, ...]) -> dict[str, str]:
    mapa = dict(par.partition("=")[::2] for par in pares)
    if not all(mapa.values()):
        click.echo(
            said(
                "Escriba cada --map como VIEJA=NUEVA, por ejemplo --map revisar=revisar_documentos."
            ),
            err=True,
        )
        sys.exit(1)
    return mapa


MIGRAR = marked(
    "Pasa los casos en curso de un proceso a la versión en vigor. Termina en 1 si alguno no se puede migrar."
)


@click.command("migrate-cases", help=MIGRAR)
@click.argument("process")
@click.option("--reason", default="", help=marked("Motivo; queda en la historia de cada caso."))
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar=marked("VIEJA=NUEVA"),
    help=marked("En qué actividad sigue una que ya no existe."),
)
@click.option(
    "--case",
    "cases",
    multiple=True,
    metavar=marked("CASO"),
    help=marked("Solo estos casos; sin la opción, todos los de versiones anteriores."),
)
@click.option("--dry-run", is_flag=True, help=marked("Solo dice qué pasaría."))
@with_appcontext
def migrate_cases(
    process: str,
    reason: str,
    pairs: tuple[str, ...],
    cases: tuple[str, ...],
    *,
    dry_run: bool,
) -> None:

    s, mapa = servicios(), _mapa(pairs)
    with s.uow.reading() as session:
        release = reads.releases.current(session, s.engine.catalog)
        if not release or process not in reads.releases.processes(
            session, s.engine.catalog, release
        ):
            click.echo(
                said("%(p)s: no hay en vigor un proceso con ese nombre.", p=process), err=True
            )
            sys.exit(1)
        todos = casos_por_migrar.con_radicados(
            session, casos_por_migrar.por_migrar(session, [process], release)
        )
    if ajenos := [
        caso
        for caso in cases
        if caso not in {nombre for c in todos for nombre in (c.case_key, c.nombre)}
    ]:
        raise Falla(
            said(
                "No están entre los casos por migrar de %(p)s: %(c)s. No se cambió nada.",
                p=process,
                c=", ".join(ajenos),
            )
        )
    elegidos = [c for c in todos if not cases or c.case_key in cases or c.nombre in cases]
    if dry_run:
        sys.exit(_decir([c.id for c in elegidos], release, mapa))
    if len(reason.strip()) < MIN_REASON:
        click.echo(
            said("Escriba el motivo: --reason con al menos %(n)s letras.", n=MIN_REASON), err=True
        )
        sys.exit(1)
    nombres, mal = {c.id: c.nombre for c in elegidos}, 0
    for n, hecho in enumerate(
        casos_por_migrar.migrar(list(nombres), release, reason=reason, actor=quien(), mapping=mapa),
        start=1,
    ):
        mal += not hecho.migrada
        que = (
            said("migrado")
            if hecho.migrada
            else said("no se migró. %(f)s", f=" ".join(hecho.frases))
        )
        click.echo(f"{n}/{len(nombres)} {nombres[hecho.instancia]}: {que}")
    click.echo(said("Migrados: %(n)s. No se pudieron migrar: %(m)s.", n=len(nombres) - mal, m=mal))
    sys.exit(1 if mal else 0)


def _decir(ids: list[str], release: int, mapa: dict[str, str]) -> int:
    """The dry run of each; 1 when one cannot be moved."""
    s = servicios()
    with s.uow.reading() as session:
        planes = s.engine.migration.plan(session, ids, release, now=s.clock.now(), mapping=mapa)
        nombres = casos_por_migrar.nombres_de_elementos(
            session, [*(p.release for p in planes), release]
        )
        quienes = titulares(session, s.clock.now())
    hoy = dia_local(s.clock.now())
    for plan in planes:
        dichas = casos_por_migrar.problemas(plan.problems, nombres) or casos_por_migrar.frases(
            plan, nombres, hoy, quienes
        )
        que = (
            said("no se puede migrar. %(f)s", f=" ".join(dichas))
            if plan.problems
            else " ".join(dichas)
        )
        click.echo(f"{plan.case_key}: {que}")
    mal = sum(bool(plan.problems) for plan in planes)
    click.echo(
        said("Se migrarían %(n)s de %(m)s. No se cambió nada.", n=len(planes) - mal, m=len(planes))
    )
    return 1 if mal else 0
