"""What people call things: a case by its number or ticket, in its history processes, versions and elements by their names."""

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine.reads.history import Entry
from engine.reads.instances import InstanceView
from engine.store.tables import ProcessVersion
from engine.types import Data
from records.tables import Caso
from records.tables import Turno
from webforms.base import formatos
from webforms.base.elementos import titulo_de_elemento
from webforms.base.servicios import servicios

DE_UNA_VEZ = 500  #: keys in one statement


def nombres_de_casos(session: Session, claves: Collection[str]) -> dict[str, str]:
    """Key of a case → "2026-ER-0000417" or "Turno A012, mar 24 nov". A case of another process has no such name and is not here."""
    pedidas, nombres = sorted(set(claves) - {""}), dict[str, str]()
    for desde in range(0, len(pedidas), DE_UNA_VEZ):
        nombres |= _nombres(session, pedidas[desde : desde + DE_UNA_VEZ])
    return nombres


def _nombres(session: Session, pedidas: Collection[str]) -> dict[str, str]:
    turnos = session.execute(
        sa.select(Turno.case_key, Turno.ficha, Turno.fecha).where(Turno.case_key.in_(pedidas), Turno.ficha.is_not(None)).order_by(Turno.id)
    )
    nombres = {str(t.case_key): str(_("Turno %(f)s, %(d)s", f=t.ficha, d=formatos.fecha(t.fecha, t.fecha))) for t in turnos}
    casos = session.execute(sa.select(Caso.case_key, Caso.radicado).where(Caso.case_key.in_(pedidas), Caso.radicado.is_not(None)))
    return nombres | {c.case_key: c.radicado for c in casos}


def historia_en_palabras(session: Session, entradas: Iterable[Entry], instancias: Iterable[InstanceView]) -> list[Entry]:
    """The entries with the names of their processes; those of a migration with version numbers and names of elements as well."""
    procesos = {i.id: i.process_name for i in instancias}
    return [
        replace(x, process=procesos.get(x.instance_id, x.process), detail=_migrado(session, x) if x.kind == "migrate" else x.detail)
        for x in entradas
    ]


def _migrado(session: Session, x: Entry) -> Data:
    dicho: Mapping[str, Any] = x.detail
    numeros = (dicho["from"], dicho["to"])
    procesos = [p for n in numeros for p in servicios().engine.catalog.release(session, n).processes.values()]
    nombres = {e.id: titulo_de_elemento(e.id, e.name or e.id) for p in procesos for e in p.elements.values()}
    versiones = _versiones(session, x.process, numeros)
    return {
        **dicho,
        "from": versiones.get(numeros[0], numeros[0]),
        "to": versiones.get(numeros[1], numeros[1]),
        "mapping": {nombres.get(a, a): nombres.get(b, b) for a, b in dicho.get("mapping", {}).items()},
        "armed": [nombres.get(e, e) for e in dicho.get("armed", [])],
        "disarmed": [nombres.get(e, e) for e in dicho.get("disarmed", [])],
    }


def _versiones(session: Session, proceso: str, numeros: Collection[int]) -> Mapping[int, int]:
    filas = session.execute(
        sa.select(ProcessVersion.release, ProcessVersion.version).where(
            ProcessVersion.process == proceso, ProcessVersion.release.in_(numeros)
        )
    )
    return {f.release: f.version for f in filas}
