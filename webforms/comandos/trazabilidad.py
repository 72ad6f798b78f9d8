"""`flask trace`: each activity, control and condition of a written procedure with element, lane,
form or handler, and a test that walks it.

What there is to trace stands in the manifest of the procedure's package, never here.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from common.language import marked, said
from engine import reads
from engine.types import ElementSpec
from records.paquetes.reglas import paquete as reglas
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla
from webforms.paquetes.faltas import frases

RAIZ = Path(__file__).resolve().parents[2]
PAQUETES, PRUEBAS = RAIZ / "bpmn", RAIZ / "tests"
_PRUEBA = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Parte:
    """An activity, control or condition of the written procedure, and the elements that carry it
    out."""

    id: str
    elementos: tuple[str, ...]
    prueba: str = ""  #: what a test calls it, beside the ids of its elements and its own


@dataclass(frozen=True, slots=True)
class Procedimiento:
    actividades: tuple[Parte, ...]
    controles: tuple[Parte, ...]
    condiciones: tuple[Parte, ...]


@dataclass(frozen=True, slots=True)
class Fila:
    actividad: str
    proceso: str
    elemento: str
    carril: str
    hace: str  # form, handler or table
    prueba: str

    @property
    def completa(self) -> bool:
        return bool(self.elemento and self.carril and self.hace and self.prueba)


def leer(carpeta: Path) -> Procedimiento:
    """Of the package that lies there. Raises Falla for a manifest that cannot be read."""
    paquete, faltas = reglas.leer(carpeta.name, reglas.archivos_de(carpeta))
    if paquete is None:
        raise Falla(f"{carpeta.name}: {' '.join(frases(faltas))}")
    return Procedimiento(
        tuple(Parte(a.n, a.elementos) for a in paquete.actividades),
        tuple(Parte(c.n, c.elementos, f"control {c.n}") for c in paquete.controles),
        tuple(Parte(c.n, c.elementos, f"condition {c.n}") for c in paquete.condiciones),
    )


def de_paquete(nombre: str | None) -> Procedimiento:
    """Of the package that is named; without a name of the only one, else of the first."""
    hay = reglas.carpetas(PAQUETES)
    elegida = next((carpeta for carpeta in hay if nombre is None or carpeta.name == nombre), None)
    if elegida is None:
        hay_estos = ", ".join(carpeta.name for carpeta in hay) or said("ninguno")
        raise Falla(said("No hay un procedimiento «%(p)s». Hay: %(hay)s.", p=nombre, hay=hay_estos))
    return leer(elegida)


def pruebas(archivos: Iterable[Path], partes: Sequence[Parte]) -> dict[str, str]:
    """Part → "file::test" of the first test whose text names it: by an element, by what tests call
    it, else by its number."""
    nombran = {
        p.id: re.compile(
            "|".join(map(_palabra, [p.prueba] if p.prueba else [*p.elementos, p.id])), re.IGNORECASE
        )
        for p in partes
    }
    halladas: dict[str, str] = {}
    for archivo in archivos:
        texto = archivo.read_text("utf-8")
        faltan = [
            id_ for id_, nombra in nombran.items() if id_ not in halladas and nombra.search(texto)
        ]
        if not faltan:
            continue
        inicios = [(m.start(), m.group(1)) for m in _PRUEBA.finditer(texto)]
        for n, (desde, nombre) in enumerate(inicios):
            suyo = texto[desde : inicios[n + 1][0] if n + 1 < len(inicios) else len(texto)]
            for id_ in faltan:
                if id_ not in halladas and nombran[id_].search(suyo):
                    halladas[id_] = f"{archivo.relative_to(PRUEBAS.parent)}::{nombre}"
    return halladas


def _palabra(nombre: str) -> str:
    """Not as the beginning or the end of a longer one."""
    return rf"(?<![\w.]){re.escape(nombre)}(?!\.?\d)(?!\w)"


def filas(
    partes: Sequence[Parte], elementos: Mapping[str, ElementSpec], con_prueba: Mapping[str, str]
) -> Iterator[Fila]:
    """A row for each element of each part."""
    for parte in partes:
        for id_ in parte.elementos:
            prueba, e = con_prueba.get(parte.id, ""), elementos.get(id_)
            if e is None:
                yield Fila(parte.id, "", "", "", "", prueba)
            else:
                yield Fila(
                    parte.id, e.process, id_, e.lane.name if e.lane else "", _hace(e), prueba
                )


def _hace(elemento: ElementSpec) -> str:
    if elemento.handler:
        return said("manejador %(n)s", n=elemento.handler)
    if elemento.table:
        return said("tabla %(n)s", n=elemento.table)
    if elemento.form:
        return said("formulario %(n)s", n=elemento.form)
    return said("formulario declarado") if elemento.fields else ""


def _rango(texto: str, actividades: Sequence[str]) -> set[str]:
    """ "5.2.3" or "5.2.3-5.2.9". Raises Falla for what names no activity: nothing checked is
    nothing complete."""
    desde, _, hasta = texto.partition("-")
    partes = [parte.strip() for parte in (desde, hasta or desde)]
    if not all(parte in actividades for parte in partes) or actividades.index(
        partes[0]
    ) > actividades.index(partes[1]):
        if not actividades:
            raise Falla(said("--check %(t)s: este procedimiento no nombra actividades.", t=texto))
        limites = {"t": texto, "a": actividades[0], "b": actividades[-1]}
        raise Falla(
            said(
                "--check %(t)s: escriba una actividad o dos, de %(a)s a %(b)s, por ejemplo %(a)s-%(b)s.",
                **limites,
            )
        )
    return set(actividades[actividades.index(partes[0]) : actividades.index(partes[1]) + 1])


MOSTRAR = marked(
    "Muestra las actividades del procedimiento escrito y dónde viven, o sus controles, o sus condiciones. PROCEDIMIENTO: su paquete."
)


@click.command("trace", help=MOSTRAR)
@click.argument("procedimiento", required=False, metavar=marked("[PROCEDIMIENTO]"))
@click.option(
    "--check",
    "revisar",
    metavar="A-B",
    help=marked("Sale con 1 si falta algo entre A y B, por ejemplo 5.2.1-5.2.22."),
)
@click.option(
    "--controls",
    "con_controles",
    is_flag=True,
    help=marked("Los controles; sale con 1 si a alguno le falta algo."),
)
@click.option(
    "--conditions",
    "con_condiciones",
    is_flag=True,
    help=marked("Las condiciones generales; igual."),
)
def trace(
    procedimiento: str | None, revisar: str | None, *, con_controles: bool, con_condiciones: bool
) -> None:

    escrito = de_paquete(procedimiento)
    pedidas = _rango(revisar, [a.id for a in escrito.actividades]) if revisar else set()
    catalogo = servicios().engine.catalog
    with servicios().uow.reading() as session:
        release = reads.releases.current(session, catalogo)
        if not release:
            raise Falla(
                said(
                    "Todavía no hay ninguna versión en vigor: ponga una con flask --app app deploy."
                )
            )
        elementos = reads.releases.elements(session, catalogo, release)
    archivos = [
        ruta
        for carpeta in ("a*/", "i*/*/", "u*/")
        for ruta in sorted(PRUEBAS.glob(f"{carpeta}test_*.py"))
    ]
    partes = (
        escrito.controles
        if con_controles
        else escrito.condiciones
        if con_condiciones
        else escrito.actividades
    )
    tabla = list(filas(partes, elementos, pruebas(archivos, partes)))
    for fila in tabla:
        marca = "ok" if fila.completa else said("abierta")
        click.echo(
            f"{marca:8}{fila.actividad:7} {fila.elemento:10} {fila.carril:28} {fila.hace:38} {fila.prueba}"
        )
    todas = con_controles or con_condiciones
    huecos = [
        fila.actividad
        for fila in tabla
        if (todas or fila.actividad in pedidas) and not fila.completa
    ]
    if huecos:
        click.echo(said("Falta algo de: %(que)s", que=", ".join(dict.fromkeys(huecos))), err=True)
        sys.exit(1)
