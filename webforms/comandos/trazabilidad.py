"""`flask trace`: each activity of the procedure with its element, lane, form or handler, and the tests that walk it."""

import re
import sys
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from engine import reads
from engine.types import ElementSpec
from webforms.base.servicios import servicios
from webforms.comandos.consola import Falla

ACTIVIDADES = tuple(f"5.2.{n}" for n in range(1, 33))
PRUEBAS = Path(__file__).resolve().parents[2] / "tests"
_PRUEBA = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)


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


def pruebas_por_actividad(archivos: Iterable[Path]) -> dict[str, str]:
    """Activity → "file::test" of the first test whose text names it, as act_5_2_N or 5.2.N."""
    halladas: dict[str, str] = {}
    for archivo in archivos:
        texto = archivo.read_text("utf-8")
        inicios = [(m.start(), m.group(1)) for m in _PRUEBA.finditer(texto)]
        for (desde, nombre), (fin, _) in zip(inicios, [*inicios[1:], (len(texto), "")], strict=True):
            cuerpo = texto[desde:fin]
            for numero in set(re.findall(r"(?:act_5_2_|5\.2\.)(\d{1,2})(?!\d)", cuerpo)):
                halladas.setdefault(f"5.2.{numero}", f"{archivo.relative_to(PRUEBAS.parent)}::{nombre}")
    return halladas


def _hace(elemento: ElementSpec) -> str:
    if elemento.handler:
        return f"manejador {elemento.handler}"
    if elemento.table:
        return f"tabla {elemento.table}"
    if elemento.form:
        return f"formulario {elemento.form}"
    return "formulario declarado" if elemento.fields else ""


def filas(elementos: Mapping[str, ElementSpec], pruebas: Mapping[str, str]) -> Iterator[Fila]:
    for actividad in ACTIVIDADES:
        elemento = elementos.get("act_" + actividad.replace(".", "_"))
        prueba = pruebas.get(actividad, "")
        if elemento is None:
            yield Fila(actividad, "", "", "", "", prueba)
        else:
            carril = elemento.lane.name if elemento.lane else ""
            yield Fila(actividad, elemento.process, elemento.id, carril, _hace(elemento), prueba)


def _rango(texto: str) -> set[str]:
    """ "5.2.3" or "5.2.3-5.2.9". Raises Falla for what names no activity: nothing checked is nothing complete."""
    desde, _, hasta = texto.partition("-")
    partes = [parte.strip() for parte in (desde, hasta or desde)]
    if not all(parte in ACTIVIDADES for parte in partes) or ACTIVIDADES.index(partes[0]) > ACTIVIDADES.index(partes[1]):
        raise Falla(f"--check {texto}: escriba una actividad o dos, de {ACTIVIDADES[0]} a {ACTIVIDADES[-1]}, por ejemplo 5.2.1-5.2.22.")
    return set(ACTIVIDADES[ACTIVIDADES.index(partes[0]) : ACTIVIDADES.index(partes[1]) + 1])


@click.command("trace")
@click.option("--check", "revisar", metavar="A-B", help="Sale con 1 si falta algo entre A y B, por ejemplo 5.2.1-5.2.22.")
def trace(revisar: str | None) -> None:
    """Muestra las 32 actividades de M5-1-02 y dónde viven."""
    pedidas = _rango(revisar) if revisar else set()
    catalogo = servicios().engine.catalog
    with servicios().uow.reading() as session:
        release = reads.releases.current(session, catalogo)
        if not release:
            raise Falla("Todavía no hay ninguna versión en vigor: ponga una con flask --app app deploy.")
        elementos = reads.releases.elements(session, catalogo, release)
    pruebas = pruebas_por_actividad(sorted(PRUEBAS.glob("a*/test_*.py")) + sorted(PRUEBAS.glob("i*/*/test_*.py")))
    tabla = list(filas(elementos, pruebas))
    for fila in tabla:
        marca = "ok      " if fila.completa else "abierta "
        click.echo(f"{marca}{fila.actividad:7} {fila.elemento:10} {fila.carril:28} {fila.hace:38} {fila.prueba}")
    if revisar:
        huecos = [fila.actividad for fila in tabla if fila.actividad in pedidas and not fila.completa]
        if huecos:
            click.echo(f"Incompletas: {', '.join(huecos)}", err=True)
            sys.exit(1)
