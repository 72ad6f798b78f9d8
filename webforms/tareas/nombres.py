"""What people call things: a case by its number or ticket, in its history processes, versions and
elements by their names."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import Entry
from engine.reads.instances import InstanceView
from engine.states import Act, TextOf
from engine.types import Data, Value
from records.casos import registro
from records.visita.tablas import Turno
from webforms.base import formatos
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.personas.cubierto import cubrir
from webforms.tareas.asientos import ACTO, CAMBIOS
from webforms.tareas.declarado import en_su_lengua
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.envios import acto_de, texto_de_campo

DE_UNA_VEZ = 500  #: keys in one statement


def nombres_de_casos(session: Session, claves: Collection[str]) -> dict[str, str]:
    """Key of a case → "2026-ER-0000417" or "Turno A012, mar 24 nov". A case of another process has
    no such name and is not here."""
    return _turnos(session, claves) | radicados_de(session, claves)


def radicados_de(session: Session, claves: Collection[str]) -> dict[str, str]:
    """Key of a case → its number "2026-ER-0000417", of those that have one."""
    return {
        clave: numero
        for tanda in _tandas(claves)
        for clave, numero in registro.numeros(session, tanda)
    }


def _turnos(session: Session, claves: Collection[str]) -> dict[str, str]:
    turnos = (
        sa.select(Turno.case_key, Turno.ficha, Turno.fecha)
        .where(Turno.ficha.is_not(None))
        .order_by(Turno.id)
    )
    return {
        str(t.case_key): str(_("Turno %(f)s, %(d)s", f=t.ficha, d=formatos.fecha(t.fecha, t.fecha)))
        for tanda in _tandas(claves)
        for t in session.execute(turnos.where(Turno.case_key.in_(tanda)))
    }


def _tandas(claves: Collection[str]) -> Iterator[list[str]]:
    pedidas = sorted(set(claves) - {""})
    for desde in range(0, len(pedidas), DE_UNA_VEZ):
        yield pedidas[desde : desde + DE_UNA_VEZ]


def historia_en_palabras(
    session: Session,
    entradas: Iterable[Entry],
    instancias: Iterable[InstanceView],
    *,
    cubierto: bool,
) -> list[Entry]:
    """The entries with the names of their processes, and which way a form with several buttons
    took; a migration in names as well."""
    procesos = {i.id: rotulo(i.process_name) for i in instancias}
    return [
        replace(
            x,
            process=procesos.get(x.instance_id, x.process),
            detail=_detalle(session, x, cubierto=cubierto),
        )
        for x in entradas
    ]


def _detalle(session: Session, x: Entry, *, cubierto: bool) -> Data:
    if x.kind == Act.MIGRATE:
        return _migrado(session, x)
    if x.kind in (Act.RESUME, Act.RESCHEDULE):
        return _movido(session, x)
    if x.kind == Act.CORRECT:
        return {**x.detail, CAMBIOS: _corregido(session, x, cubierto=cubierto)}
    if x.kind != Act.COMPLETE or not x.values:
        return x.detail
    elemento = reads.releases.elements(session, servicios().engine.catalog, x.release).get(
        x.element or ""
    )
    return {**x.detail, ACTO: acto_de(x.values, elemento, servicios().forms)}


def _corregido(session: Session, x: Entry, *, cubierto: bool) -> list[Value]:
    """(field, what it said, what it says now) in the words of its form; what names the person
    covered. Nothing once it was erased."""
    antes, despues = (_parte(x, nombre) for nombre in (TextOf.BEFORE, TextOf.AFTER))
    procesos = reads.releases.processes(session, servicios().engine.catalog, x.release).values()
    campos = {
        c.name: c
        for p in procesos
        for e in p.elements.values()
        for c in e.fields
        if c.name in despues
    }
    personales = {
        n for p in procesos if p.id == x.process and p.case for n in (p.case.person, p.case.email)
    }
    dichos: list[Value] = []
    for nombre, valor in despues.items():
        campo = en_su_lengua(campos[nombre]) if nombre in campos else None
        opciones = dict(campo.options) if campo is not None else {}
        textos = [texto_de_campo(nombre, v, opciones) for v in (antes.get(nombre), valor)]
        if cubierto:
            textos = [
                formatos.texto_cubierto(t) if nombre in personales else cubrir(nombre, t)
                for t in textos
            ]
        dichos.append([campo.label if campo is not None else nombre, *textos])
    return dichos


def _parte(x: Entry, nombre: str) -> Data:
    parte = x.values.get(nombre) if x.values else None
    return parte if isinstance(parte, dict) else {}


def _movido(session: Session, x: Entry) -> Data:
    """What was moved, by its name in the diagram."""
    movidos: Any = x.detail.get("moved", ())
    conocidos = reads.releases.elements(session, servicios().engine.catalog, x.release)
    nombres = {
        e: titulo_de_elemento(e, conocidos[e].name or e) if e in conocidos else e
        for e, *_fechas in movidos
    }
    return {**x.detail, "moved": [[nombres[e], *fechas] for e, *fechas in movidos]}


def _migrado(session: Session, x: Entry) -> Data:
    dicho: Mapping[str, Any] = x.detail
    numeros = (dicho["from"], dicho["to"])
    catalogo = servicios().engine.catalog
    elementos = [e for n in numeros for e in reads.releases.elements(session, catalogo, n).values()]
    nombres = {e.id: titulo_de_elemento(e.id, e.name or e.id) for e in elementos}
    versiones = reads.releases.version_numbers(session, x.process, numeros)
    return {
        **dicho,
        "from": versiones.get(numeros[0], numeros[0]),
        "to": versiones.get(numeros[1], numeros[1]),
        "mapping": {
            nombres.get(a, a): nombres.get(b, b) for a, b in dicho.get("mapping", {}).items()
        },
        "armed": [nombres.get(e, e) for e in dicho.get("armed", [])],
        "disarmed": [nombres.get(e, e) for e in dicho.get("disarmed", [])],
    }
