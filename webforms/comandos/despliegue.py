"""`flask deploy FILE...`: puts diagrams and tables in force, or says in sentences why not (exit
code 1)."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click
from flask.cli import with_appcontext

from common.language import marked, said
from engine.errors import DeployRefused, Finding
from engine.reads.models import Unreadable
from engine.types import Data, Deployed
from records.cuentas.titulares import titulares
from records.paquetes.reglas.paquete import MODELOS
from webforms.base.servicios import servicios
from webforms.comandos.consola import quien
from webforms.paquetes.efectos import SIN_NADIE, nota_con_vacios
from webforms.paquetes.hallazgos import Hallazgo, hallazgos
from webforms.paquetes.modelo import leer, nombre_valido
from webforms.paquetes.titulares import CONFIRMABLES, lugares, sin_titular

LARGO_MOTIVO = 500
confirma_carriles = click.option(
    "--confirm-lanes",
    "sin_nadie",
    default="",
    help=marked("Por qué se pone en vigor con carriles en que hoy nadie puede trabajar."),
)


def nombres_de(archivos: Mapping[str, bytes]) -> dict[str, str]:
    """Element id → name, of all files that can be read."""
    juntos: dict[str, str] = {}
    for archivo, contenido in archivos.items():
        try:
            juntos.update(leer(archivo, contenido).nombres)
        except Unreadable:
            continue
    return juntos


def decir(encontrados: Iterable[Finding], archivos: Mapping[str, bytes]) -> list[Hallazgo]:
    """Each finding on a line of its own, on the error channel."""
    dichos = hallazgos(encontrados, nombres_de(archivos))
    for h in dichos:
        click.echo(
            f"{said('Error') if h.gravedad == 'error' else said('Aviso')} · {h.linea}", err=True
        )
    return dichos


def decir_sin_titular(archivos: Mapping[str, bytes]) -> list[Hallazgo]:
    """Lanes in which nobody could work; those that are put in force only with a reason are
    returned. A product that has no account yet is being set up: then it says nothing."""
    s, hallados = servicios(), list[Hallazgo]()
    with s.uow.reading() as session:
        quienes, donde = titulares(session, s.clock.now()), lugares(session)
        if quienes.puestos:
            hallados = [
                h
                for archivo, contenido in archivos.items()
                for h in sin_titular(archivo, contenido, quienes, donde)
            ]
    for h in hallados:
        click.echo(f"{said('Aviso')} · {h.linea}", err=True)
    return [h for h in hallados if h.regla in CONFIRMABLES]


def _sin_motivo(vacios: list[Hallazgo], motivo: str) -> bool:
    """As the page asks it: nobody can work there today, and nobody says why it is put in force
    so."""
    if not vacios or motivo:
        return False
    dicho = said(
        'Dé antes el rol a alguien, o diga por qué se pone en vigor así: --confirm-lanes "motivo". No se puso nada en vigor.'
    )
    click.echo(dicho, err=True)
    return True


def modelos(archivos: Mapping[str, bytes]) -> dict[str, bytes]:
    """Diagrams and tables."""
    return {nombre: contenido for nombre, contenido in archivos.items() if nombre.endswith(MODELOS)}


def poner(
    archivos: Mapping[str, bytes], nota: str, sin_nadie: str, quitar: Iterable[str] = ()
) -> None:
    """In force, with the reason for lanes without anybody in the note of the release; or why not,
    and exit code 1."""
    s, sin_nadie = servicios(), " ".join(sin_nadie.split())[:LARGO_MOTIVO]
    vacios = decir_sin_titular(modelos(archivos))
    if _sin_motivo(vacios, sin_nadie):
        sys.exit(1)
    nota = nota_con_vacios(nota, vacios, sin_nadie)
    try:
        puesto = s.engine.releases.deploy(
            archivos, actor=quien(), now=s.clock.now(), remove=quitar, note=nota
        )
    except DeployRefused as refutado:
        decir(refutado.findings, modelos(archivos))
        click.echo(said("No se puso nada en vigor."), err=True)
        sys.exit(1)
    if vacios:
        detalle: Data = {"lanes": [v.elemento or "" for v in vacios], "reason": sin_nadie}
        s.engine.log_access(
            quien(), SIN_NADIE, f"release/{puesto.release}", now=s.clock.now(), detail=detalle
        )
    _confirmar(puesto)


def _leer(rutas: Iterable[Path]) -> dict[str, bytes]:
    """A release names a file by its base name, wherever it lies."""
    archivos: dict[str, bytes] = {}
    for ruta in rutas:
        if not nombre_valido(ruta.name):
            frase = said(
                "%(a)s: el nombre debe terminar en .bpmn o .dmn y llevar solo letras sin tilde, números, - y _.",
                a=ruta.name,
            )
            click.echo(frase, err=True)
            sys.exit(1)
        if ruta.name in archivos:
            click.echo(
                said(
                    "%(a)s: hay dos archivos con ese nombre; en una versión solo cabe uno.",
                    a=ruta.name,
                ),
                err=True,
            )
            sys.exit(1)
        archivos[ruta.name] = ruta.read_bytes()
    return archivos


@click.command(
    "deploy",
    help=marked("Pone en vigor diagramas (.bpmn) y tablas (.dmn), todos a la vez o ninguno."),
)
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--note", default="", help=marked("Qué cambia y por qué; queda en la historia de versiones.")
)
@click.option(
    "--remove",
    multiple=True,
    metavar=marked("ARCHIVO"),
    help=marked("Quita este archivo de lo que está en vigor."),
)
@confirma_carriles
@click.option("--check", is_flag=True, help=marked("Solo revisa; no pone nada en vigor."))
@with_appcontext
def deploy(
    files: tuple[Path, ...],
    note: str,
    remove: tuple[str, ...],
    sin_nadie: str,
    *,
    check: bool,
) -> None:

    archivos = _leer(files)
    if not archivos and not remove:
        como = said(
            "Diga qué archivos poner en vigor: flask deploy diagrama.bpmn tabla.dmn (un paquete entero: flask procedure import)"
        )
        click.echo(como, err=True)
        sys.exit(1)
    todo = servicios()
    if check:
        dichos = decir(todo.engine.releases.check(archivos, remove), archivos)
        if any(h.gravedad == "error" for h in dichos):
            sys.exit(1)
        decir_sin_titular(archivos)
        click.echo(said("Sin errores: se puede poner en vigor."))
        return
    poner(archivos, note, sin_nadie, remove)


def _confirmar(puesto: Deployed) -> None:
    click.echo(said("Entrega %(n)s en vigor.", n=puesto.release))
    for proceso in puesto.changed:
        click.echo("  " + said("%(p)s: versión %(v)s", p=proceso, v=puesto.versions[proceso]))
    if not puesto.changed:
        click.echo("  " + said("Ningún proceso cambió."))
