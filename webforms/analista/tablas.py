"""A decision table as a grid of texts that a form edits; the rest of the DMN file stays as it was. Pure."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.model import xml
from webforms.analista.modelo import raiz

POLITICAS: Final = (
    ("UNIQUE", "Solo una regla puede coincidir"),
    ("FIRST", "Vale la primera que coincide"),
    ("COLLECT", "Se juntan todas las que coinciden"),
)
MAXIMO: Final = 500


@dataclass(frozen=True, slots=True)
class Fila:
    id: str
    celdas: tuple[str, ...]  # inputs, then outputs
    nota: str = ""


@dataclass(frozen=True, slots=True)
class Rejilla:
    id: str
    nombre: str
    politica: str
    entradas: tuple[tuple[str, str], ...]  # (label, expression)
    salidas: tuple[tuple[str, str], ...]  # (label, variable)
    filas: tuple[Fila, ...]


def _hijos(nodo: etree._Element, nombre: str) -> list[etree._Element]:
    return [hijo for hijo in nodo if isinstance(hijo.tag, str) and xml.local(hijo) == nombre]


def _texto(nodo: etree._Element) -> str:
    return next((" ".join((hijo.text or "").split()) for hijo in _hijos(nodo, "text")), "")


def _tablas(arbol: etree._Element) -> list[tuple[etree._Element, etree._Element]]:
    """(decision, its decisionTable)"""
    decisiones = [nodo for nodo in arbol.iter() if isinstance(nodo.tag, str) and xml.local(nodo) == "decision"]
    return [(decision, tabla) for decision in decisiones for tabla in _hijos(decision, "decisionTable")]


def leer(contenido: bytes) -> list[Rejilla]:
    return [_rejilla(decision, tabla) for decision, tabla in _tablas(raiz(contenido))]


def _rejilla(decision: etree._Element, tabla: etree._Element) -> Rejilla:
    entradas = tuple((e.get("label") or _expresion(e), _expresion(e)) for e in _hijos(tabla, "input"))
    salidas = tuple((s.get("label") or s.get("name", ""), s.get("name", "")) for s in _hijos(tabla, "output"))
    filas = tuple(map(_fila, _hijos(tabla, "rule")))
    id_ = decision.get("id", "")
    return Rejilla(id_, decision.get("name") or id_, (tabla.get("hitPolicy") or "UNIQUE").upper(), entradas, salidas, filas)


def _expresion(entrada: etree._Element) -> str:
    return next((_texto(e) for e in _hijos(entrada, "inputExpression")), "")


def _fila(regla: etree._Element) -> Fila:
    celdas = tuple(_texto(c) or "-" for c in _hijos(regla, "inputEntry")) + tuple(_texto(c) for c in _hijos(regla, "outputEntry"))
    nota = next((" ".join((d.text or "").split()) for d in _hijos(regla, "description")), "")
    return Fila(regla.get("id", ""), celdas, nota)


def escribir(contenido: bytes, tabla: str, politica: str, filas: Sequence[Fila]) -> bytes:
    """The file with these rules in this order. A row whose id is unknown becomes a new rule."""
    arbol = raiz(contenido)
    nodo = next(t for decision, t in _tablas(arbol) if decision.get("id") == tabla)
    nodo.set("hitPolicy", politica)
    viejas = {regla.get("id", ""): regla for regla in _hijos(nodo, "rule")}
    columnas = (len(_hijos(nodo, "input")), len(_hijos(nodo, "output")))
    lugar = min((nodo.index(regla) for regla in viejas.values()), default=len(nodo))
    nuevas = [_regla(nodo, viejas.get(fila.id), _id_nuevo(fila.id, tabla, arbol, n), fila, columnas) for n, fila in enumerate(filas)]
    for regla in viejas.values():
        nodo.remove(regla)
    for n, regla in enumerate(nuevas):
        nodo.insert(lugar + n, regla)
    etree.indent(arbol, space="  ")
    return bytes(etree.tostring(arbol, xml_declaration=True, encoding="UTF-8"))


def _id_nuevo(dado: str, tabla: str, arbol: etree._Element, numero: int) -> str:
    usados = {nodo.get("id") for nodo in arbol.iter() if isinstance(nodo.tag, str)}
    if dado in usados:
        return dado
    n = len(usados) + numero
    while f"{tabla}_r{n}" in usados:
        n += 1
    return f"{tabla}_r{n}"


def _regla(
    tabla: etree._Element,
    vieja: etree._Element | None,
    id_: str,
    fila: Fila,
    columnas: tuple[int, int],
) -> etree._Element:
    espacio = f"{{{xml.namespace(tabla)}}}"
    regla = etree.Element(f"{espacio}rule", id=id_) if vieja is None else deepcopy(vieja)
    for nombre in ("description", "inputEntry", "outputEntry"):
        for hijo in _hijos(regla, nombre):
            regla.remove(hijo)
    if fila.nota:
        etree.SubElement(regla, f"{espacio}description").text = fila.nota
    ids = [c.get("id") for c in (*_hijos(vieja, "inputEntry"), *_hijos(vieja, "outputEntry"))] if vieja is not None else []
    for n, celda in enumerate(fila.celdas):
        entrada = n < columnas[0]
        nodo = etree.SubElement(
            regla, f"{espacio}{'inputEntry' if entrada else 'outputEntry'}", id=ids[n] if n < len(ids) and ids[n] else f"{id_}_c{n + 1}"
        )
        etree.SubElement(nodo, f"{espacio}text").text = celda.strip() or ("-" if entrada else "")
    return regla
