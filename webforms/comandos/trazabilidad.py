"""`flask trace`: each activity, control and condition of the procedure with element, lane, form or handler, and a test that walks it."""

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
from records.rules.condiciones import CONDICIONES
from records.rules.condiciones import Condicion
from records.rules.controles import CONTROLES
from records.rules.controles import Control
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


def _pruebas(archivos: Iterable[Path], nombra: str) -> dict[str, str]:
    """What the pattern finds → "file::test" of the first test whose text names it."""
    halladas: dict[str, str] = {}
    for archivo in archivos:
        texto = archivo.read_text("utf-8")
        inicios = [(m.start(), m.group(1)) for m in _PRUEBA.finditer(texto)]
        for n, (desde, nombre) in enumerate(inicios):
            hasta = inicios[n + 1][0] if n + 1 < len(inicios) else len(texto)
            for hallado in sorted(set(re.findall(nombra, texto[desde:hasta]))):
                halladas.setdefault(hallado, f"{archivo.relative_to(PRUEBAS.parent)}::{nombre}")
    return halladas


def pruebas_por_actividad(archivos: Iterable[Path]) -> dict[str, str]:
    """Activity → the first test whose text names it, as act_5_2_N or 5.2.N."""
    return {f"5.2.{n}": prueba for n, prueba in _pruebas(archivos, r"(?:act_5_2_|5\.2\.)(\d{1,2})(?!\d)").items()}


def pruebas_por_control(archivos: Iterable[Path]) -> dict[str, str]:
    """Control → the first test whose text names it: "control 6-1"."""
    return _pruebas(archivos, r"[Cc]ontrol (6-\d)")


def pruebas_por_condicion(archivos: Iterable[Path]) -> dict[str, str]:
    """Condition → the first test whose text names it: "condition 4.1"."""
    return _pruebas(archivos, r"[Cc]ondition (4\.\d)")


def por_elementos(cosas: Iterable[Control | Condicion], elementos: Mapping[str, ElementSpec], pruebas: Mapping[str, str]) -> Iterator[Fila]:
    """A row for each element of each control of section 6, or condition of section 4."""
    for c in cosas:
        for id_ in c.elementos:
            e = elementos.get(id_)
            carril = e.lane.name if e is not None and e.lane else ""
            yield Fila(
                c.id, e.process if e is not None else "", id_ if e is not None else "", carril, _hace(e) if e else "", pruebas.get(c.id, "")
            )


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
@click.option("--controls", "con_controles", is_flag=True, help="Los seis controles de la sección 6; sale con 1 si a alguno le falta algo.")
@click.option("--conditions", "con_condiciones", is_flag=True, help="Las siete condiciones de la sección 4; igual.")
def trace(revisar: str | None, *, con_controles: bool, con_condiciones: bool) -> None:
    """Muestra las 32 actividades de M5-1-02 y dónde viven, o sus seis controles, o sus siete condiciones."""
    pedidas = _rango(revisar) if revisar else set()
    catalogo = servicios().engine.catalog
    with servicios().uow.reading() as session:
        release = reads.releases.current(session, catalogo)
        if not release:
            raise Falla("Todavía no hay ninguna versión en vigor: ponga una con flask --app app deploy.")
        elementos = reads.releases.elements(session, catalogo, release)
    archivos = [ruta for carpeta in ("a*/", "i*/*/", "u*/") for ruta in sorted(PRUEBAS.glob(f"{carpeta}test_*.py"))]
    if con_controles:
        tabla = list(por_elementos(CONTROLES.values(), elementos, pruebas_por_control(archivos)))
    elif con_condiciones:
        tabla = list(por_elementos(CONDICIONES.values(), elementos, pruebas_por_condicion(archivos)))
    else:
        tabla = list(filas(elementos, pruebas_por_actividad(archivos)))
    for fila in tabla:
        marca = "ok      " if fila.completa else "abierta "
        click.echo(f"{marca}{fila.actividad:7} {fila.elemento:10} {fila.carril:28} {fila.hace:38} {fila.prueba}")
    todas = con_controles or con_condiciones
    huecos = [fila.actividad for fila in tabla if (todas or fila.actividad in pedidas) and not fila.completa]
    if huecos:
        click.echo(f"Falta algo de: {', '.join(dict.fromkeys(huecos))}", err=True)
        sys.exit(1)
