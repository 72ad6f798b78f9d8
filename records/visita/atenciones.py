"""What an adviser notes of an attention (5.2.3 to 5.2.7): each function is one UPDATE, the hot path
has a budget."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from records.base.errores import NoExiste
from records.casos.reglas import estados
from records.casos.tablas import Caso
from records.escritos.tablas import Escrito
from records.lugares.tablas import Area
from records.personas.poderes import PoderVigente, poder_de_la_visita
from records.personas.reglas.titularidad import DATOS_DEL_TITULAR
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import dia_local, instante
from records.visita import atenciones_sql as sql
from records.visita.reglas.turnos import ATENCION, LLAMADO, PAUSA
from records.visita.tablas import Atencion, Turno, TurnoPeriodo


def atencion(session: Session, turno_id: int) -> Atencion:
    hallada = session.scalar(select(Atencion).where(Atencion.turno_id == turno_id))
    if hallada is None:
        raise NoExiste("El turno %(n)s no tiene atención.", n=turno_id)
    return hallada


@dataclass(frozen=True, slots=True)
class MotivoAnotado:
    """5.2.3: what the person needs, in words and by class."""

    motivo: str
    motivo_visita: str
    requiere_radicar: bool
    resoluble: bool


@dataclass(frozen=True, slots=True)
class TitularidadAnotada:
    """5.2.4; `comparacion` is the snapshot of the fields that were compared with the CRM."""

    persona_id: int | None
    calidad: str
    titularidad: str
    documento_exhibido: bool
    coincide_crm: bool
    comparacion: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class IdentidadAnotada:
    """What 5.2.4 last wrote down of the document on the page."""

    tipo_doc: str = ""
    num_doc: str = ""
    en_crm: bool = False
    documento_exhibido: bool = False
    coincide_crm: bool = False


def identidad(session: Session, turno_id: int) -> IdentidadAnotada:
    """Empty before 5.2.4."""
    anotada = session.execute(
        select(Atencion.comparacion, Atencion.documento_exhibido, Atencion.coincide_crm).where(
            Atencion.turno_id == turno_id
        )
    ).first()
    foto = (anotada.comparacion if anotada is not None else None) or {}
    documento = foto.get("documento")
    if anotada is None or documento is None:
        return IdentidadAnotada()
    return IdentidadAnotada(
        documento["tipo"],
        documento["numero"],
        foto["en_crm"],
        bool(anotada.documento_exhibido),
        bool(anotada.coincide_crm),
    )


def anotar_motivo(session: Session, turno_id: int, m: MotivoAnotado) -> None:
    _anotar(
        session,
        turno_id,
        motivo=m.motivo,
        motivo_visita=m.motivo_visita,
        requiere_radicar=m.requiere_radicar,
        resoluble=m.resoluble,
    )


def anotar_ruta(session: Session, turno_id: int, ruta: str) -> None:
    _anotar(session, turno_id, ruta=ruta)


def atiende_al_titular(session: Session, asesor_id: str, case_key: str) -> bool:
    """Whether this adviser has before them, verified (5.2.4), the person of this case, which is
    open."""
    suya = select(Atencion.id).join(Caso, Caso.persona_id == Atencion.persona_id)
    return (
        session.scalar(
            suya.where(
                Caso.case_key == case_key,
                Caso.estado.not_in(estados.RESUELTOS),
                Atencion.asesor_id == asesor_id,
                Atencion.titularidad == "verificada",
                Atencion.fin.is_(None),
            ).limit(1)
        )
        is not None
    )


def anotar_titularidad(session: Session, turno_id: int, t: TitularidadAnotada) -> None:
    _anotar(
        session,
        turno_id,
        persona_id=t.persona_id,
        calidad=t.calidad,
        titularidad=t.titularidad,
        documento_exhibido=t.documento_exhibido,
        coincide_crm=t.coincide_crm,
        comparacion=dict(t.comparacion) if t.comparacion is not None else None,
    )


def sin_identificar(session: Session, turno_id: int) -> None:
    """Who only wants general information is nobody to us: what an earlier try at 5.2.4 wrote down
    is taken back."""
    nadie = {"persona_id": None, "calidad": None, "titularidad": None, "comparacion": None}
    _anotar(session, turno_id, **nadie, documento_exhibido=False, coincide_crm=False)


def fotografiar_poder(session: Session, turno_id: int, poder: Mapping[str, Any]) -> None:
    """What was shown of the power stands beside what 5.2.4 compared (control 6-2)."""
    foto = session.scalar(select(Atencion.comparacion).where(Atencion.turno_id == turno_id)) or {}
    _anotar(session, turno_id, comparacion={**foto, "poder": dict(poder)})


def anotar_poder(
    session: Session, turno_id: int, *, titular_id: int, apoderado_id: int | None
) -> None:
    """5.2.5 with a valid power: the attention is about the holder, the person at the desk is the
    attorney."""
    _anotar(
        session,
        turno_id,
        persona_id=titular_id,
        apoderado_id=apoderado_id,
        titularidad="verificada",
    )


@dataclass(frozen=True, slots=True)
class Apoderado:
    """Who is at the desk when it is not the holder: a person of their own, and the power by which
    they speak."""

    id: int
    nombre: str
    tipo_doc: str
    num_doc: str
    poder: PoderVigente | None

    @property
    def cambia_datos(self) -> bool:
        """May change what the CRM holds of the holder, and agree to it for them."""
        return self.poder is not None and DATOS_DEL_TITULAR in self.poder.facultades


def apoderado(session: Session, turno_id: int, case_key: str | None) -> Apoderado | None:
    """None: whoever is attended speaks for themselves."""
    quien = session.execute(
        select(Atencion.persona_id, Persona.id, Persona.nombre, Persona.tipo_doc, Persona.num_doc)
        .join(Persona, Persona.id == Atencion.apoderado_id)
        .where(Atencion.turno_id == turno_id)
    ).first()
    if quien is None or quien.persona_id is None:
        return None
    poder = poder_de_la_visita(session, quien.persona_id, quien.id, case_key or "")
    return Apoderado(quien.id, quien.nombre, quien.tipo_doc, quien.num_doc, poder)


def anotar_datos_actualizados(session: Session, turno_id: int) -> None:
    """5.2.7 was done (indicator I12)."""
    _anotar(session, turno_id, datos_actualizados=True)


def anotar_resultado(
    session: Session, turno_id: int, resultado: str, *, primer_contacto: bool = False
) -> None:
    """resuelto, escalado, sala, escrita, poder_pendiente or abandono."""
    _anotar(session, turno_id, resultado=resultado, resuelto_primer_contacto=primer_contacto)


def _anotar(session: Session, turno_id: int, **campos: object) -> None:
    cambio = sql.anotar(tuple(campos))
    if (
        cambio.run(
            session,
            {"b_turno": turno_id, **{f"b_{nombre}": valor for nombre, valor in campos.items()}},
        )
        == 0
    ):
        raise NoExiste("El turno %(n)s no tiene atención.", n=turno_id)


#: Asked by every console every few seconds: written once.
_EN_CURSO = (
    select(Turno)
    .join(Atencion, Atencion.turno_id == Turno.id)
    .join(TurnoPeriodo, TurnoPeriodo.turno_id == Turno.id)
    .where(
        Atencion.asesor_id == bindparam("asesor"),
        Atencion.fin.is_(None),
        Turno.estado.in_((ATENCION, PAUSA)),
    )
    .where(
        TurnoPeriodo.fin.is_(None),
        TurnoPeriodo.asesor_id == bindparam("asesor"),
        TurnoPeriodo.modulo.is_not(None),
    )
    .order_by(TurnoPeriodo.inicio.desc(), TurnoPeriodo.id.desc())
    .limit(1)
)


def en_curso(session: Session, asesor_id: str) -> Turno | None:
    """The turn at this adviser's desk, attended or paused there: the console returns to it. A wait
    for a talk leaves the desk free, and who comes out of it sits at none before the adviser goes on
    with them."""
    return session.scalar(_EN_CURSO, {"asesor": asesor_id})


def motivo(session: Session, turno_id: int) -> str:
    """What the person said that they need (5.2.3)."""
    return session.scalar(select(Atencion.motivo).where(Atencion.turno_id == turno_id)) or ""


def asesores(session: Session, turnos: Collection[int]) -> Mapping[int, str]:
    """Who attends each of these turns."""
    if not turnos:
        return {}
    filas = session.execute(
        select(Atencion.turno_id, Atencion.asesor_id).where(Atencion.turno_id.in_(turnos))
    )
    return {f.turno_id: f.asesor_id for f in filas}


@dataclass(frozen=True, slots=True)
class Atendida:
    """An attention of today, with what came of it. `en_sala` is since when the person waits for a
    talk."""

    turno_id: int
    ficha: str | None
    case_key: str | None
    ruta: str | None
    resultado: str | None
    fin: dt.datetime | None
    en_sala: dt.datetime | None
    caso_id: int | None
    radicado: str | None
    area: str | None
    limite: dt.datetime | None
    radicado_escrito: str | None
    folios: int | None


def recientes(session: Session, asesor_id: str, desde: dt.datetime) -> list[Atendida]:
    """Attentions of this adviser that have not ended, or ended after `desde`; the latest first."""
    pausa = (
        (TurnoPeriodo.turno_id == Turno.id)
        & TurnoPeriodo.fin.is_(None)
        & (TurnoPeriodo.estado == PAUSA)
    )
    filas = session.execute(
        select(
            Turno.id.label("turno_id"),
            Turno.ficha,
            Turno.case_key,
            Atencion.ruta,
            Atencion.resultado,
            Atencion.fin,
            TurnoPeriodo.inicio.label("en_sala"),
            Caso.id.label("caso_id"),
            Caso.radicado,
            Area.nombre.label("area"),
            Caso.limite_respuesta.label("limite"),
            Escrito.radicado.label("radicado_escrito"),
            Escrito.folios,
        )
        .join(Turno, Turno.id == Atencion.turno_id)
        .outerjoin(TurnoPeriodo, pausa & TurnoPeriodo.asesor_id.is_(None))
        .outerjoin(Caso, Caso.turno_id == Turno.id)
        .outerjoin(Area, Area.codigo == Caso.area_id)
        .outerjoin(Escrito, Escrito.turno_id == Turno.id)
        .where(Atencion.asesor_id == asesor_id, (Atencion.fin.is_(None)) | (Atencion.fin >= desde))
        .order_by(Atencion.id.desc())
    )
    return [Atendida(**f) for f in filas.mappings()]


def ultimo_llamado(
    session: Session, asesor_id: str, punto_id: str, desde: dt.datetime
) -> dt.datetime | None:
    """When this adviser last called somebody here, since `desde`."""
    llamados = select(func.max(TurnoPeriodo.inicio)).where(
        TurnoPeriodo.punto_id == punto_id,
        TurnoPeriodo.estado == LLAMADO,
        TurnoPeriodo.inicio >= desde,
        TurnoPeriodo.asesor_id == asesor_id,
    )
    return session.scalar(llamados)


@dataclass(frozen=True, slots=True)
class DelDia:
    personas: int
    mediana_min: int | None


def del_dia(session: Session, asesor_id: str, now: dt.datetime) -> DelDia:
    """How many people this adviser has attended today, and the median of the minutes: only one's
    own figures."""
    hoy = instante(dia_local(now), dt.time(0))
    filas = session.execute(
        select(Atencion.inicio, Atencion.fin).where(
            Atencion.asesor_id == asesor_id, Atencion.inicio >= hoy
        )
    ).all()
    duraciones = [(f.fin - f.inicio).total_seconds() / 60 for f in filas if f.fin is not None]
    return DelDia(len(filas), round(median(duraciones)) if duraciones else None)


def visitas_recientes(session: Session, persona_id: int, now: dt.datetime, dias: int = 30) -> int:
    """Attentions of this person on other days of the last `dias`: the repeated-visit alert."""
    desde = now - dt.timedelta(days=dias)
    inicios = session.scalars(
        select(Atencion.inicio).where(Atencion.persona_id == persona_id, Atencion.inicio >= desde)
    )
    return len({dia_local(i) for i in inicios} - {dia_local(now)})
