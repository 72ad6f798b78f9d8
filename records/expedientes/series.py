"""Under which retention series a case file is kept: that with which it was archived, else the one
that governs files of its procedure."""

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select, union
from sqlalchemy.orm import Session

from records.base.consultas import tandas
from records.casos.tablas import Caso, CasoRegistrado
from records.escritos.tablas import Archivado
from records.expedientes.tablas import SerieDocumental
from records.plazos.reglas.calendario import al_terminar, dia_local

EXPEDIENTES: Final = "expedientes"  #: what such a series governs
ELIMINAR: Final = "eliminar"  #: the only disposition under which an act may dispose of files
#: As the table of M5-1-04 says it.
_ARCHIVADO: Final[Mapping[str, str]] = {
    "eliminacion": ELIMINAR,
    "conservacion": "conservar",
    "seleccion": "seleccionar",
}
_FEBRERO, _BISIESTO = 2, 29
NUNCA: Final = dt.date.max
#: of what a database can hold, and no file was closed before it
_ANTES_DE_TODO: Final = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Serie:
    codigo: str
    nombre: str
    subserie: str
    anios: int
    disposicion: str

    @property
    def se_elimina(self) -> bool:
        return self.disposicion == ELIMINAR


def vigentes(session: Session, hoy: dt.date) -> dict[str, Serie]:
    """Procedure ("": every other) → the series in force that governs its files."""
    filas = select(SerieDocumental).where(
        SerieDocumental.gobierna == EXPEDIENTES,
        SerieDocumental.vigente_desde <= hoy,
        SerieDocumental.vigente_hasta.is_(None) | (SerieDocumental.vigente_hasta >= hoy),
    )
    return {
        s.procedimiento: Serie(s.codigo, s.nombre, s.subserie, s.gestion + s.central, s.disposicion)
        for s in session.scalars(filas.order_by(SerieDocumental.codigo.desc()))
    }


def de_casos(session: Session, procedimientos: Mapping[str, str], hoy: dt.date) -> dict[str, Serie]:
    """Case key → its series; `procedimientos`: case key → procedure. A file of no series is not
    there."""
    de_tramite = vigentes(session, hoy)
    halladas = {
        c: s
        for c, p in procedimientos.items()
        if (s := de_tramite.get(p) or de_tramite.get("")) is not None
    }
    for parte in tandas(list(procedimientos)):
        suyas = (
            select(Caso.case_key, Archivado)
            .join(Archivado, Archivado.caso_id == Caso.id)
            .where(Caso.case_key.in_(parte))
        )
        halladas |= {str(clave): _archivada(a) for clave, a in session.execute(suyas)}
    return halladas


def cumplidos_antes_de(hoy: dt.date, anios: int) -> dt.datetime:
    """Files that were closed before this moment have reached their term today, as `cumple` says
    it."""
    anio = hoy.year - anios
    if anio < _ANTES_DE_TODO.year:
        return _ANTES_DE_TODO
    bisiesto = (hoy.month, hoy.day) == (_FEBRERO, _BISIESTO) and not calendar.isleap(anio)
    return al_terminar(hoy.replace(year=anio, day=_BISIESTO - 1 if bisiesto else hoy.day))


def _archivada(a: Archivado) -> Serie:
    return Serie(
        a.serie,
        a.serie,
        a.subserie,
        a.anios_gestion + a.anios_central,
        _ARCHIVADO.get(a.disposicion, a.disposicion),
    )


def cumple(cerrado: dt.datetime, anios: int) -> dt.date:
    """The day on which so many years are over since the file was closed; NUNCA: no calendar reaches
    it."""
    dia = dia_local(cerrado)
    if dia.year + anios >= dt.MAXYEAR:
        return NUNCA
    if (dia.month, dia.day) == (_FEBRERO, _BISIESTO) and not calendar.isleap(dia.year + anios):
        dia += dt.timedelta(days=1)
    return dia.replace(year=dia.year + anios)


def de_expedientes(session: Session, hoy: dt.date) -> Select[str]:
    """Keys of the files that a series governs as a whole: nothing of them goes but by an act of
    disposal."""
    archivados = (
        select(Caso.case_key)
        .join(Archivado, Archivado.caso_id == Caso.id)
        .where(Caso.case_key.is_not(None))
    )
    gobernados = vigentes(session, hoy)
    registrados = select(CasoRegistrado.case_key)
    if "" not in gobernados:
        registrados = registrados.where(CasoRegistrado.procedimiento.in_(gobernados))
    return select(union(registrados, archivados).subquery().c[0])
