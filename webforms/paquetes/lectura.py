"""What the pages of the analysts read: files in force, versions, drafts, who uses what."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.releases import ModelDraftView, VersionView
from engine.types import SYSTEM, Processes
from records.cuentas.tablas import Cuenta
from webforms.base.rotulos import rotulo
from webforms.base.servicios import servicios
from webforms.paquetes.modelo import leer

#: Who is not a person: the first deployment, and `flask deploy`.
# since then the console says who sat there
SIN_CUENTA = {SYSTEM.id: _l("Instalación"), "consola": _l("Consola")}


@dataclass(frozen=True, slots=True)
class Vigente:
    """The release in force."""

    numero: int
    procesos: Processes
    archivos: Mapping[str, bytes]

    def usan(self, archivo: str) -> list[str]:
        """Processes whose version rises when this file changes: its own, and those that use it."""
        return [p.id for p in self.procesos.values() if archivo == p.file or archivo in p.uses]


@dataclass(frozen=True, slots=True)
class FilaProceso:
    proceso: str
    nombre: str
    archivo: str
    version: int
    desde: dt.datetime
    autor: str
    abiertos: int
    incidentes: int
    supuesto: bool
    borrador: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FilaTabla:
    tabla: str
    nombre: str
    archivo: str
    reglas: int
    politica: str
    usan: tuple[str, ...]
    borrador: dt.datetime | None


def vigente(session: Session) -> Vigente | None:
    """None before the first deployment."""
    hoy = reads.releases.in_force(session, servicios().engine.catalog)
    return Vigente(hoy.number, hoy.processes, hoy.files) if hoy is not None else None


def borrador(session: Session, autor: str, archivo: str) -> ModelDraftView | None:
    return reads.releases.model_draft(session, autor, archivo)


def nombres_de_personas(session: Session, usuarios: Iterable[str]) -> dict[str, str]:
    filas = session.execute(
        sa.select(Cuenta.usuario, Cuenta.nombre).where(Cuenta.usuario.in_(set(usuarios)))
    )
    return {**{quien: str(nombre) for quien, nombre in SIN_CUENTA.items()}, **dict(list(filas))}


def procesos(
    session: Session, hoy: Vigente, borradores: Mapping[str, dt.datetime]
) -> list[FilaProceso]:
    """One row a process in force, with what runs on any of its versions."""
    versiones = reads.releases.versions(session)
    actual: dict[str, VersionView] = {}
    abiertos: Counter[str] = Counter()
    for v in versiones:
        abiertos[v.process] += v.running
        if v.process not in actual or v.version > actual[v.process].version:
            actual[v.process] = v
    incidentes = Counter(incidente.process for incidente in reads.incidents.open_ones(session))
    personas = nombres_de_personas(session, (v.by for v in actual.values()))
    filas = [
        FilaProceso(
            proceso=p.id,
            nombre=" ".join(rotulo(p.name).split()),
            archivo=p.file,
            version=actual[p.id].version,
            desde=actual[p.id].since,
            autor=personas.get(actual[p.id].by, actual[p.id].by),
            abiertos=abiertos[p.id],
            incidentes=incidentes[p.id],
            supuesto=p.assumption,
            borrador=borradores.get(p.file),
        )
        for p in hoy.procesos.values()
    ]
    return sorted(filas, key=lambda f: (f.supuesto, f.archivo, f.nombre))


def tablas(hoy: Vigente, borradores: Mapping[str, dt.datetime]) -> list[FilaTabla]:
    usan: dict[str, list[str]] = {}
    for p in hoy.procesos.values():
        for tabla in {e.table for e in p.elements.values() if e.table}:
            usan.setdefault(tabla, []).append(" ".join(rotulo(p.name).split()))
    filas = [
        FilaTabla(
            t.id,
            rotulo(t.name),
            archivo,
            t.number,
            t.policy,
            tuple(sorted(usan.get(t.id, ()))),
            borradores.get(archivo),
        )
        for archivo, contenido in hoy.archivos.items()
        if archivo.endswith(".dmn")
        for t in leer(archivo, contenido).tablas
    ]
    return sorted(filas, key=lambda f: f.nombre)


def versiones_de(session: Session, hoy: Vigente, archivo: str) -> list[VersionView]:
    """All versions of the processes of a file, the newest first."""
    propios = {p.id for p in hoy.procesos.values() if p.file == archivo}
    return sorted(
        (v for v in reads.releases.versions(session) if v.process in propios),
        key=lambda v: (v.since, v.process),
        reverse=True,
    )


def borradores(session: Session, autor: str) -> list[ModelDraftView]:
    return reads.releases.model_drafts(session, autor)
