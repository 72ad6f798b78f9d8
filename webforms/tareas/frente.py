"""The case beside a form that a diagram declares: what was said of it and what steps and tables
worked out, as the diagram names it.

What the head of the page says already (`<v:case>`), what this form asks, and files are not told
again.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlalchemy.orm import Session

from engine import reads
from engine.states import REASON_FORMS, Act, TextOf
from engine.types import Data, FieldSpec, ProcessSpec, Value
from webforms.base import formatos, palabras
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.personas.cubierto import cubre, cubrir
from webforms.tareas.envios import hay_dato, texto_de_campo
from webforms.tareas.lectura import Tarea

Pares = list[tuple[str, str]]
CON_PUNTOS = 10_000


def del_caso(session: Session, tarea: Tarea) -> Pares:
    """(label, text) in the order of the diagram. Forms that are registered bring their own."""
    if tarea.elemento.form is not None:
        return []
    catalogo, item = servicios().engine.catalog, tarea.item
    procesos = reads.releases.processes(session, catalogo, item.release)
    suyos = [p for p in procesos.values() if _juntos(p, procesos[item.process])]
    campos = {campo.name: campo for p in suyos for e in p.elements.values() for campo in e.fields}
    resultados = dict(_resultados(suyos, reads.releases.files(session, catalogo, item.release)))
    sabidos = {**_dicho(session, item.case_key), **item.data}
    callados = {campo.name for campo in tarea.elemento.fields}
    for p in suyos:
        callados |= {*p.case.names.values(), p.case.due or ""} if p.case is not None else set()
    cubierto, pares = cubre(item.case_key), []
    for nombre in (*campos, *(n for n in resultados if n not in campos)):
        valor, campo = sabidos.get(nombre), campos.get(nombre)
        if (
            nombre in callados
            or not _se_dice(valor)
            or (campo is not None and campo.type == "file")
        ):
            continue
        etiqueta = rotulo(campo.label) if campo is not None else resultados[nombre]
        texto = _texto(nombre, valor, campo)
        pares.append((etiqueta, cubrir(nombre, texto) if cubierto else texto))
    return pares


def _juntos(uno: ProcessSpec, otro: ProcessSpec) -> bool:
    """One calls the other, or both are drawn in one file."""
    return uno.file == otro.file or otro.file in uno.uses or uno.file in otro.uses


def _dicho(session: Session, case_key: str) -> Data:
    """What forms said, the later one counts, with what was corrected since."""
    dicho: dict[str, Value] = {}
    for envio in reads.history.submissions(session, case_key):
        if envio.values is None:
            continue
        if envio.form == Act.CORRECT:
            despues = envio.values.get(TextOf.AFTER)
            dicho |= despues if isinstance(despues, dict) else {}
        elif envio.form not in REASON_FORMS:
            dicho |= envio.values
    return dicho


def _resultados(
    procesos: list[ProcessSpec], archivos: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    """What tables and steps set, and its name: of a table, that of its column."""
    columnas = {
        nombre: rotulo(etiqueta)
        for p in procesos
        for f in sorted(p.uses)
        for etiqueta, nombre in _salidas(archivos.get(f, b""))
        if etiqueta != nombre
    }
    for p in procesos:
        for e in p.elements.values():
            if e.form is None:
                yield from (
                    (salida.name, columnas.get(salida.name) or palabras.variable(salida.name))
                    for salida in e.outputs
                )


@lru_cache(maxsize=64)
def _salidas(contenido: bytes) -> tuple[tuple[str, str], ...]:
    """Label and variable of the outputs of the tables of a file; a diagram has none."""
    try:
        return (
            tuple(salida for rejilla in reads.models.grids(contenido) for salida in rejilla.outputs)
            if contenido
            else ()
        )
    except reads.models.Unreadable:
        return ()


def _se_dice(valor: Value) -> bool:
    return hay_dato(valor) and not isinstance(valor, dict)


def _texto(nombre: str, valor: Value, campo: FieldSpec | None) -> str:
    """Of a large number, as people write it; four digits may be a year."""
    if isinstance(valor, int) and not isinstance(valor, bool) and abs(valor) >= CON_PUNTOS:
        return formatos.numero(valor)
    return texto_de_campo(
        nombre,
        valor,
        {v: rotulo(dicho) for v, dicho in campo.options} if campo is not None else None,
    )
