"""The F189 of an attention (5.2.27): what the record knows of it, what its auditor answered, its
points, what they found.

What the system knows is never typed: times of reliable periods, the rating with its source, the
record in the CRM, the escalation. What was not seen is left out of the points. An F189 is not
changed once it is scored; the adviser reads it when the report has left, and may answer it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.auditorias import muestras
from records.auditorias.reglas.f189 import Puntaje
from records.auditorias.tablas import (
    F189,
    AuditoriaMuestra,
    F189Acuse,
    F189Criterio,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.errores import DatoInvalido, NoExiste, Separado
from records.casos import restringidos
from records.casos.tablas import Caso, Escalonamiento, Respuesta
from records.cuentas.separacion import ATENCION_PROPIA
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import al_terminar, dia_local, instante
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo

FATAL, MEDIA, LEVE = "fatal", "media", "leve"
# three months: same criterion, and the same adviser or point
REITERADA: Final = dt.timedelta(days=92)
#: What a complete record of an attention with a case has (field 10).
CAMPOS_CRM: Final = ("persona_id", "radicado", "clase", "tema", "descripcion", "tipo_termino")


@dataclass(frozen=True, slots=True)
class Tiempo:
    """Minutes; None: there is none, or it is not reliable and so does not count. `de`: how many
    attentions it is the mean of."""

    minutos: float | None
    confiable: bool
    de: int = 1


@dataclass(frozen=True, slots=True)
class Hechos:
    """What the record says of an attention."""

    atencion_id: int
    asesor_id: str
    punto_id: str
    ficha: str
    turno_id: int
    inicio: dt.datetime
    fin: dt.datetime | None
    tipo_doc: str
    num_doc: str
    nombre: str
    motivo: str
    espera: Tiempo
    promedio: Tiempo  #: of the adviser on that day
    nota: int | None
    fuente: str  #: of the rating: digiturno | crm | web; "" where there is none
    comentario: str  #: of the rating
    radicado: str
    case_key: str
    registro_crm: str  #: completo | parcial | no | na
    faltan_crm: tuple[str, ...]
    escalado: str  #: no_aplica | correcto | tarde | area_errada
    #: its person asked that nobody sees it: nothing here says whose it is, nor what for
    restringido: bool


def hechos(session: Session, fila: AuditoriaMuestra) -> Hechos | None:
    """None: an observed turn that no adviser has attended yet."""
    a = muestras.atencion(session, fila)
    if a is None:
        return None
    turno = session.get_one(Turno, a.turno_id)
    persona = session.get(Persona, a.persona_id) if a.persona_id is not None else None
    caso = session.scalar(select(Caso).where(Caso.turno_id == turno.id).order_by(Caso.id).limit(1))
    cerrado = _restringido(session, a, caso)
    nota, fuente, comentario = _nota(session, turno.id)
    registro, faltan = _registro(session, a, caso)
    return Hechos(
        atencion_id=a.id,
        asesor_id=a.asesor_id,
        punto_id=a.punto_id,
        ficha=turno.ficha or "",
        turno_id=turno.id,
        inicio=a.inicio,
        fin=a.fin,
        tipo_doc=""
        if cerrado
        else (persona.tipo_doc if persona is not None else turno.tipo_doc) or "",
        num_doc=""
        if cerrado
        else (persona.num_doc if persona is not None else turno.num_doc) or "",
        nombre="" if cerrado or persona is None else persona.nombre,
        motivo="" if cerrado else a.motivo,
        espera=_espera(session, turno.id),
        promedio=_promedio(session, a),
        nota=nota,
        fuente=fuente,
        comentario="" if cerrado else comentario,
        radicado=(caso.radicado or "") if caso is not None else "",
        case_key=a.case_key or "",
        registro_crm=registro,
        faltan_crm=faltan,
        escalado=_escalado(session, caso),
        restringido=cerrado,
    )


def _restringido(session: Session, a: Atencion, caso: Caso | None) -> bool:
    if caso is not None:
        return restringidos.ese(session, caso)
    return a.case_key is not None and restringidos.uno(session, a.case_key) is not None


def _espera(session: Session, turno_id: int) -> Tiempo:
    periodos = session.scalars(
        select(TurnoPeriodo).where(
            TurnoPeriodo.turno_id == turno_id,
            TurnoPeriodo.estado == "espera",
            TurnoPeriodo.fin.is_not(None),
        )
    ).all()
    return _tiempo([periodos] if periodos else [])


def _promedio(session: Session, a: Atencion) -> Tiempo:
    """The mean attention of the adviser at that point on that day; an attention that goes on does
    not count yet."""
    dia = dia_local(a.inicio)
    periodos = session.scalars(
        select(TurnoPeriodo)
        .where(
            TurnoPeriodo.punto_id == a.punto_id,
            TurnoPeriodo.estado == "atencion",
            TurnoPeriodo.asesor_id == a.asesor_id,
        )
        .where(
            TurnoPeriodo.inicio >= instante(dia, dt.time(0)),
            TurnoPeriodo.inicio < al_terminar(dia),
            TurnoPeriodo.fin.is_not(None),
        )
    ).all()
    de_turnos: dict[int, list[TurnoPeriodo]] = {}
    for p in periodos:
        de_turnos.setdefault(p.turno_id, []).append(p)
    return _tiempo(list(de_turnos.values()))


def _tiempo(turnos: Sequence[Sequence[TurnoPeriodo]]) -> Tiempo:
    """The mean of the sums, of turns whose periods are all reliable."""
    sumas = [
        sum((p.fin - p.inicio).total_seconds() for p in ps if p.fin is not None)
        for ps in turnos
        if all(p.confiable for p in ps)
    ]
    minutos = round(sum(sumas) / len(sumas) / 60, 1) if sumas else None
    return Tiempo(minutos, confiable=len(sumas) == len(turnos) and bool(turnos), de=len(sumas))


def _nota(session: Session, turno_id: int) -> tuple[int | None, str, str]:
    """The rating of the attention, its source and its comment: that of the Digiturno, else that of
    the CRM (Q23)."""
    dadas = session.scalars(
        select(Calificacion).where(
            Calificacion.turno_id == turno_id,
            Calificacion.momento == "atencion",
            Calificacion.valor.is_not(None),
        )
    ).all()
    elegida = min(dadas, key=lambda c: (c.fuente != "digiturno", c.id), default=None)
    if elegida is None:
        return None, "", ""
    return elegida.valor, elegida.fuente, elegida.comentario or ""


def _registro(session: Session, a: Atencion, caso: Caso | None) -> tuple[str, tuple[str, ...]]:
    """Whether the attention left its record in the CRM. Information in the room leaves no case: not
    applicable."""
    if caso is None:
        return ("no", ("caso",)) if a.resultado in ("resuelto", "escalado") else ("na", ())
    faltan = [campo for campo in CAMPOS_CRM if not getattr(caso, campo)]
    if (
        caso.resuelto_primer_contacto
        and session.scalar(select(Respuesta.id).where(Respuesta.caso_id == caso.id).limit(1))
        is None
    ):
        faltan.append("respuesta")
    if caso.escalado is not None and not caso.resumen:
        faltan.append("resumen")
    return ("parcial" if faltan else "completo"), tuple(faltan)


def _escalado(session: Session, caso: Caso | None) -> str:
    if caso is None or caso.escalado is None:
        return "no_aplica"
    areas = set(
        session.scalars(select(Escalonamiento.area_id).where(Escalonamiento.caso_id == caso.id))
    )
    if len(areas) > 1:
        return "area_errada"
    return (
        "tarde"
        if caso.limite_escalar is not None and caso.escalado > caso.limite_escalar
        else "correcto"
    )


# --- an F189 --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Llenado:
    """What the auditor wrote: the answers by field (those of the record included), why by
    criterion, fatal errors, field 12."""

    respuestas: Mapping[str, Any]
    comentarios: Mapping[str, str]
    fatales: Sequence[str]
    observaciones: str
    archivo_id: int | None


def diligenciar(
    session: Session,
    muestra_id: int,
    sabe: Hechos | None,
    llenado: Llenado,
    version_en_vigor: int,
    acto: Acto,
) -> F189:
    """`sabe`: what the record says of it; `version_en_vigor`: whose form and tables it is made
    with, whatever comes into force later.

    DatoInvalido: it has its F189, nobody attended it yet, or the auditor is who attended.
    """
    fila = muestras.una(session, muestra_id)
    if sabe is None:
        raise DatoInvalido("Ningún asesor ha atendido todavía el turno que se observa.")
    if sabe.asesor_id == acto.quien:
        raise Separado(ATENCION_PROPIA, "Esta atención es suya: la evalúa otra persona.")
    if de_muestra(session, muestra_id) is not None:
        raise DatoInvalido("Esta atención ya tiene su F189.")
    fila.atencion_id = sabe.atencion_id
    hecho = F189(
        muestra_id=muestra_id,
        auditor=acto.quien,
        hecho=acto.now,
        instancia_id=acto.instancia_id or "",
        version_en_vigor=version_en_vigor,
        asesor_id=sabe.asesor_id,
        punto_id=sabe.punto_id,
        respuestas=dict(llenado.respuestas),
        comentarios={
            criterio: texto.strip()
            for criterio, texto in llenado.comentarios.items()
            if texto.strip()
        },
        fatales=list(llenado.fatales),
        observaciones=llenado.observaciones.strip(),
        archivo_id=llenado.archivo_id,
    )
    session.add(hecho)
    session.flush()
    return hecho


def puntuar(
    session: Session,
    f189_id: int,
    puntaje: Puntaje,
    criterios: Sequence[tuple[str, float, float, bool]],
) -> None:
    """The points that the tables gave."""
    hecho = _f189(session, f189_id)
    session.add_all(
        F189Criterio(f189_id=f189_id, criterio=c, puntos=p, maximo=m, critico=k)
        for c, p, m, k in criterios
    )
    hecho.puntaje = None if puntaje.puntaje is None else float(puntaje.puntaje)
    hecho.puntaje_critico = None if puntaje.critico is None else float(puntaje.critico)
    session.flush()


def concluir(
    session: Session, f189_id: int, banda: str, consecuencia: str, now: dt.datetime
) -> list[Inconsistencia]:
    """Its band, and what it finds: each fatal error, and where the band asks for something, each
    criterion below half of its points."""
    hecho = _f189(session, f189_id)
    hecho.banda, hecho.consecuencia = banda, consecuencia
    fila = session.get_one(AuditoriaMuestra, hecho.muestra_id)
    suyas = []
    for criterio, gravedad in _lo_hallado(session, hecho):
        suyas.append(
            Inconsistencia(
                auditoria_id=fila.auditoria_id,
                f189_id=f189_id,
                criterio=criterio,
                gravedad=gravedad,
                asesor_id=hecho.asesor_id,
                punto_id=hecho.punto_id,
                descripcion=_por_que(hecho, criterio),
                hallada=now,
                reiterada_de=_de_antes(session, hecho, criterio, now),
            )
        )
    session.add_all(suyas)
    session.flush()
    return suyas


def agregar(
    session: Session, hecho: F189, criterio: str, descripcion: str, acto: Acto
) -> Inconsistencia:
    """What an auditor finds although its points do not say so. DatoInvalido: the F189 is not
    scored yet, or has a finding of this criterion."""
    fila = session.get_one(AuditoriaMuestra, hecho.muestra_id)
    if hecho.banda is None:
        raise DatoInvalido("Este F189 todavía no tiene puntaje.")
    if any(i.criterio == criterio for i in halladas(session, hecho.id)):
        raise DatoInvalido("Este F189 ya tiene una inconsistencia de ese criterio.")
    hallada = Inconsistencia(
        auditoria_id=fila.auditoria_id,
        f189_id=hecho.id,
        criterio=criterio,
        gravedad=MEDIA,
        asesor_id=hecho.asesor_id,
        punto_id=hecho.punto_id,
        descripcion=descripcion.strip(),
        hallada=acto.now,
        reiterada_de=_de_antes(session, hecho, criterio, acto.now),
        agregada_por=acto.quien,
    )
    session.add(hallada)
    session.flush()
    return hallada


def halladas(session: Session, f189_id: int) -> Sequence[Inconsistencia]:
    return session.scalars(
        select(Inconsistencia).where(Inconsistencia.f189_id == f189_id).order_by(Inconsistencia.id)
    ).all()


#: Criterion that the system judges by itself → the answer behind it, and what the committee reads
#: of it.
_SEGUN_LOS_DATOS: Final[Mapping[str, tuple[str, str]]] = {
    "4": ("espera_min", "La persona esperó {} minutos."),
    "5": ("atencion_min", "El asesor tardó ese día {} minutos por atención, en promedio."),
    "6": ("calificacion", "La persona calificó la atención con {} de 5."),
}


def _por_que(hecho: F189, criterio: str) -> str:
    """What the auditor wrote of the criterion and of its parts; of what the system judges by
    itself, what it knows."""
    if criterio in _SEGUN_LOS_DATOS:
        nombre, frase = _SEGUN_LOS_DATOS[criterio]
        return frase.format(str(hecho.respuestas[nombre]).replace(".", ","))
    suyos = [
        c for c in sorted(hecho.comentarios) if c == criterio or c.partition(".")[0] == criterio
    ]
    return " ".join(str(hecho.comentarios[c]) for c in suyos)


def _lo_hallado(session: Session, hecho: F189) -> list[tuple[str, str]]:
    """(criterion, gravity): the number of the field, or "fatal"."""
    halladas = [(FATAL, FATAL)] if hecho.fatales else []
    if hecho.consecuencia == "ninguna":
        return halladas
    campos = por_campo(criterios(session, hecho.id))
    bajos = [numero for numero, (puntos, maximo) in campos.items() if puntos < maximo / 2]
    if not bajos and not halladas and campos:  # the band asks for something: what weighs most
        bajos = [max(campos, key=lambda n: campos[n][1] - campos[n][0])]
    return halladas + [
        (numero, MEDIA if hecho.consecuencia == "inconsistencia" else LEVE) for numero in bajos
    ]


def por_campo(filas: Sequence[F189Criterio]) -> dict[str, tuple[float, float]]:
    """Number of the field → (points, maximum that applies), in the order of the format."""
    sumas: dict[str, tuple[float, float]] = {}
    for f in sorted(filas, key=lambda f: [int(n) for n in f.criterio.split(".")]):
        puntos, maximo = sumas.get(campo := f.criterio.partition(".")[0], (0.0, 0.0))
        sumas[campo] = (puntos + f.puntos, maximo + f.maximo)
    return sumas


def _de_antes(session: Session, hecho: F189, criterio: str, now: dt.datetime) -> int | None:
    """The latest finding of the same criterion, of the same adviser or point, in an earlier audit
    within three months."""
    fila = session.get_one(AuditoriaMuestra, hecho.muestra_id)
    consulta = (
        select(Inconsistencia.id)
        .where(Inconsistencia.criterio == criterio, Inconsistencia.hallada >= now - REITERADA)
        .where(Inconsistencia.auditoria_id != fila.auditoria_id)
        .where(
            (Inconsistencia.asesor_id == hecho.asesor_id)
            | (Inconsistencia.punto_id == hecho.punto_id)
        )
    )
    return session.scalar(consulta.order_by(Inconsistencia.id.desc()).limit(1))


def _f189(session: Session, f189_id: int) -> F189:
    hecho = session.get(F189, f189_id)
    if hecho is None:
        raise NoExiste("No existe el F189 %(n)s.", n=f189_id)
    return hecho


def de_muestra(session: Session, muestra_id: int) -> F189 | None:
    return session.scalar(select(F189).where(F189.muestra_id == muestra_id))


def criterios(session: Session, f189_id: int) -> Sequence[F189Criterio]:
    return session.scalars(select(F189Criterio).where(F189Criterio.f189_id == f189_id)).all()


# --- the adviser ----------------------------------------------------------------------------------
def acuse(session: Session, f189_id: int) -> F189Acuse | None:
    return session.scalar(select(F189Acuse).where(F189Acuse.f189_id == f189_id))


def acusar(session: Session, f189_id: int, respuesta: str, acto: Acto) -> None:
    """The adviser has read it, and what they answer; once. DatoInvalido: it is not theirs, or was
    acknowledged."""
    hecho = _f189(session, f189_id)
    if hecho.asesor_id != acto.quien:
        raise DatoInvalido("Ese F189 es de otra persona.")
    if acuse(session, f189_id) is not None:
        raise DatoInvalido("Ya acusó recibo de este F189.")
    session.add(
        F189Acuse(f189_id=f189_id, por=acto.quien, cuando=acto.now, respuesta=respuesta.strip())
    )
    session.flush()
