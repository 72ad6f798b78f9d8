"""What citizens read of a diagram, in their language: the labels of its package
(`records.paquetes.reglas.traducciones`)."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from engine import reads
from engine.types import FieldSpec
from records.paquetes.reglas import traducciones
from webforms.base.catalogos import ES
from webforms.base.idioma import idioma
from webforms.base.servicios import servicios
from webforms.tareas.tramites import Tramite

RECORDADAS: Final = 8
_leidas: OrderedDict[tuple[int, int, str], Mapping[str, Mapping[str, str]]] = OrderedDict()
_puerta: Final = threading.Lock()


def _de_la_version(session: Session, version: int) -> Mapping[str, Mapping[str, str]]:
    """Of each diagram the labels in the language of the request; a release does not change, so it
    is read once."""
    lengua = idioma()
    if lengua == ES:
        return {}
    catalogo = servicios().engine.catalog
    clave = (id(catalogo), version, lengua)
    with _puerta:
        if clave not in _leidas:
            _leidas[clave] = traducciones.de_todos(
                reads.releases.files(session, catalogo, version), lengua
            )
            while len(_leidas) > RECORDADAS:
                _leidas.popitem(last=False)
        return _leidas[clave]


def _dicho(textos: Mapping[str, str], texto: str) -> str:
    return textos.get(traducciones.en_una_linea(texto), texto)


def traducido(session: Session, tramite: Tramite) -> Tramite:
    """With its name, its form and what is read afterwards in the language of the request; what has
    no translation stays Spanish."""
    textos = _de_la_version(session, tramite.version).get(tramite.proceso.file)
    if not textos:
        return tramite
    inicio = tramite.inicio
    return Tramite(
        replace(tramite.proceso, name=_dicho(textos, tramite.proceso.name)),
        replace(
            inicio,
            name=_dicho(textos, inicio.name),
            documentation=_dicho(textos, inicio.documentation),
            fields=tuple(_campo(textos, campo) for campo in inicio.fields),
            start=replace(inicio.start, after=_dicho(textos, inicio.start.after))
            if inicio.start is not None
            else None,
        ),
        tramite.version,
    )


def _campo(textos: Mapping[str, str], campo: FieldSpec) -> FieldSpec:
    opciones = tuple((valor, _dicho(textos, palabras)) for valor, palabras in campo.options)
    return replace(
        campo, label=_dicho(textos, campo.label), hint=_dicho(textos, campo.hint), options=opciones
    )


def nombre_de_proceso(session: Session, version: int, proceso: str, nombre: str) -> str:
    """What a process is called in the language of the request."""
    de_todos = _de_la_version(session, version)
    hallado = (
        reads.releases.processes(session, servicios().engine.catalog, version).get(proceso)
        if de_todos
        else None
    )
    return _dicho(de_todos.get(hallado.file, {}), nombre) if hallado is not None else nombre
