"""Days that are exceptions: the agency, or a point, opens or closes against the calendar; and the
days of the week on which the agency rests. They are undone, never deleted."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import marked
from common.prepared import Prepared
from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido, NoExiste
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import Descanso, descanso_en, dia_local, es_habil
from records.plazos.tablas import DescansoSemanal, ExcepcionCalendario

CLASE, SUJETO = "calendario", "entidad"
MAX_DIAS, MAX_NOMBRE, MAX_DESCANSO = 31, 160, 6
_DE = ExcepcionCalendario
DESCANSOS = Prepared(
    select(DescansoSemanal.desde, DescansoSemanal.dias).where(DescansoSemanal.anulado.is_(None))
)
VIGENTES = Prepared(
    select(_DE.dia, _DE.punto_id, _DE.abre, _DE.nombre, _DE.parte).where(_DE.anulada.is_(None))
)

#: Two who add a day at once see one another's: whoever adds holds the first point, whatever point
#: the day is of.
UNO_TRAS_OTRO = select(Punto.codigo).order_by(Punto.codigo).limit(1).with_for_update(key_share=True)


@dataclass(frozen=True, slots=True)
class NuevaExcepcion:
    """Both days included; `punto`: None for the whole agency."""

    desde: dt.date
    hasta: dt.date
    punto: str | None
    abre: bool
    nombre: str
    parte: str = ""  #: of the day that it opens; empty: all of it


def agregar(session: Session, nueva: NuevaExcepcion, motivo: str, acto: Acto) -> list[Anotado]:
    """One row a day. DatoInvalido in words."""
    nombre, hoy = " ".join(nueva.nombre.split()), dia_local(acto.now)
    if not nombre or len(nombre) > MAX_NOMBRE:
        raise DatoInvalido(
            "Escriba cómo se llama el día, en máximo %(n)s letras: se lee en los plazos que lo saltan.",
            n=MAX_NOMBRE,
        )
    if nueva.desde < hoy:
        raise DatoInvalido(
            "Una excepción es de hoy en adelante: los plazos que ya pasaron no se cuentan otra vez."
        )
    if nueva.hasta < nueva.desde or (nueva.hasta - nueva.desde).days >= MAX_DIAS:
        raise DatoInvalido(
            "El último día va después del primero, y son %(n)s días como mucho.", n=MAX_DIAS
        )
    if nueva.punto is not None and session.get(Punto, nueva.punto) is None:
        raise DatoInvalido("Ese punto no existe.")
    session.scalar(UNO_TRAS_OTRO)
    hechos = []
    for n in range((nueva.hasta - nueva.desde).days + 1):
        dia = nueva.desde + dt.timedelta(days=n)
        mismo = _DE.punto_id.is_(None) if nueva.punto is None else _DE.punto_id == nueva.punto
        if (
            session.scalar(select(_DE.id).where(_DE.dia == dia, mismo, _DE.anulada.is_(None)))
            is not None
        ):
            raise DatoInvalido(
                "El %(dia)s ya tiene una excepción allí: quítela primero.", dia=f"{dia:%d/%m/%Y}"
            )
        if nueva.punto is None and es_habil(dia) == nueva.abre and not nueva.parte:
            dicho = (
                marked("El %(dia)s ya es hábil: no hace falta.")
                if nueva.abre
                else marked("El %(dia)s ya es no hábil: no hace falta.")
            )
            raise DatoInvalido(dicho, dia=f"{dia:%d/%m/%Y}")
        registrada = {"registrada": acto.now, "registrada_por": acto.quien}
        session.add(
            _DE(
                dia=dia,
                punto_id=nueva.punto,
                abre=nueva.abre,
                parte=nueva.parte,
                nombre=nombre,
                **registrada,
            )
        )
        despues = _dicha(dia, nueva.punto, nombre, abre=nueva.abre, parte=nueva.parte)
        hechos.append(
            cambios.anotar(session, De(CLASE, SUJETO, "excepcion"), {}, despues, motivo, acto)
        )
    session.flush()
    return hechos


def anular(session: Session, excepcion_id: int, motivo: str, acto: Acto) -> list[Anotado]:
    """The day is again as the calendar says. DatoInvalido: it has passed."""
    fila = session.get(_DE, excepcion_id, with_for_update=True, populate_existing=True)
    if fila is None or fila.anulada is not None:
        raise NoExiste("Esa excepción ya no está.")
    if fila.dia < dia_local(acto.now):
        raise DatoInvalido("Ese día ya pasó: queda como fue.")
    fila.anulada = acto.now
    session.flush()
    antes = _dicha(fila.dia, fila.punto_id, fila.nombre, abre=fila.abre, parte=fila.parte)
    return [cambios.anotar(session, De(CLASE, SUJETO, "excepcion"), antes, {}, motivo, acto)]


def _dicha(
    dia: dt.date, punto: str | None, nombre: str, *, abre: bool, parte: str
) -> dict[str, Any]:
    dicha = {"dia": dia.isoformat(), "punto": punto, "abre": abre, "llamado": nombre}
    return {**dicha, "parte": parte} if parte else dicha


def excepciones(session: Session, desde: dt.date) -> Sequence[ExcepcionCalendario]:
    return session.scalars(
        select(_DE).where(_DE.dia >= desde, _DE.anulada.is_(None)).order_by(_DE.dia, _DE.id)
    ).all()


# --- the days of the week that rest ---------------------------------------------------------------
class FilaDeDescanso(Protocol):
    """A row of `DESCANSOS`, or of the table."""

    @property
    def desde(self) -> dt.date: ...
    @property
    def dias(self) -> str: ...


def descanso(fila: FilaDeDescanso) -> Descanso:
    return Descanso(fila.desde, frozenset(int(n) - 1 for n in fila.dias))


def poner_descanso(session: Session, nuevo: Descanso, motivo: str, acto: Acto) -> list[Anotado]:
    """What rests from that day on; it takes the place of what was said for the same day.
    DatoInvalido in words."""
    if nuevo.desde < dia_local(acto.now):
        raise DatoInvalido(
            "El descanso semanal cambia de hoy en adelante: los plazos que ya pasaron no se cuentan otra vez."
        )
    if not 1 <= len(nuevo.dias) <= MAX_DESCANSO:
        raise DatoInvalido(
            "Marque los días en que la entidad descansa: uno por lo menos, y %(n)s como mucho.",
            n=MAX_DESCANSO,
        )
    session.scalar(UNO_TRAS_OTRO)
    filas = descansos(session)
    antes = descanso_en(nuevo.desde, map(descanso, filas))
    if antes == nuevo.dias:
        raise DatoInvalido("Desde ese día la entidad ya descansa así: no hace falta.")
    for fila in filas:
        if fila.desde == nuevo.desde:
            fila.anulado = acto.now
    dias = _iso(nuevo.dias)
    session.add(
        DescansoSemanal(
            desde=nuevo.desde, dias=dias, registrado=acto.now, registrado_por=acto.quien
        )
    )
    session.flush()
    despues = {"dias": dias, "desde": nuevo.desde.isoformat()}
    return [
        cambios.anotar(
            session, De(CLASE, SUJETO, "descanso"), {"dias": _iso(antes)}, despues, motivo, acto
        )
    ]


def anular_descanso(session: Session, descanso_id: int, motivo: str, acto: Acto) -> list[Anotado]:
    """What was to rest from a later day on. DatoInvalido: it has begun."""
    fila = session.get(DescansoSemanal, descanso_id, with_for_update=True, populate_existing=True)
    if fila is None or fila.anulado is not None:
        raise NoExiste("Ese cambio del descanso semanal ya no está.")
    if fila.desde <= dia_local(acto.now):
        raise DatoInvalido("Ese descanso ya empezó: ponga otro desde hoy.")
    fila.anulado = acto.now
    session.flush()
    antes = {"dias": fila.dias, "desde": fila.desde.isoformat()}
    return [cambios.anotar(session, De(CLASE, SUJETO, "descanso"), antes, {}, motivo, acto)]


def _iso(dias: Collection[int]) -> str:
    return "".join(str(n + 1) for n in sorted(dias))


def descansos(session: Session) -> Sequence[DescansoSemanal]:
    """The latest first."""
    vigentes = select(DescansoSemanal).where(DescansoSemanal.anulado.is_(None))
    return session.scalars(
        vigentes.order_by(DescansoSemanal.desde.desc(), DescansoSemanal.id.desc())
    ).all()
