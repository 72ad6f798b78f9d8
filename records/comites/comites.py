"""The quality committee (5.2.30–5.2.31): what it takes up, answers, sessions, votes, minutes; and
each finding until its action is closed.

The committee acts as a body. Each member says that they are there and votes with their own account;
nobody votes on a finding about themselves; without a quorum nothing is voted. Condition 4.6:
nothing here is read by, or written for, the contract supervisors.
"""

import datetime as dt
import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from common.language import said
from records.auditorias.tablas import (
    Auditoria,
    AuditoriaInforme,
    AuditoriaRevision,
    F189Acuse,
    Inconsistencia,
)
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, cada_una
from records.base.errores import DatoInvalido, NoExiste, Separado
from records.base.reglas.huellas import canonico, sha256
from records.comites.reglas import comite as reglas
from records.comites.tablas import (
    Accion,
    AccionCierre,
    Comite,
    ComiteActa,
    ComiteAsistencia,
    ComiteHallazgo,
    ComiteSesion,
    ComiteVoto,
    PlanMejora,
)
from records.cuentas.cuentas import cuentas_con_rol
from records.cuentas.reglas.roles import AGENTE_CALIDAD, ASESOR, COMITE, GERENTE, GERENTE_OPERATIVO
from records.cuentas.separacion import ACCION_PROPIA, VOTO_PROPIO
from records.plazos.reglas.calendario import dia_local, vencimiento
from records.plazos.reglas.obligaciones import DIAS_SESION

SIN_RESPUESTA, EN_CURSO, VENCIDA, CERRADA = "sin_respuesta", "en_curso", "vencida", "cerrada"
ESTADOS: Final = (SIN_RESPUESTA, EN_CURSO, VENCIDA, CERRADA)


def codigo(inconsistencia_id: int) -> str:
    """How a finding is called: "H-063"."""
    return f"H-{inconsistencia_id:03d}"


# --- what a committee takes up --------------------------------------------------------------------
def sin_acta(session: Session) -> list[Comite]:
    """Those that have not written their minutes: in course, or cancelled before."""
    return list(
        session.scalars(
            select(Comite).where(Comite.id.not_in(select(ComiteActa.comite_id))).order_by(Comite.id)
        )
    )


def reunir(
    session: Session, corte: dt.datetime, acto: Acto, dejados: Collection[int] = ()
) -> tuple[Comite, list[int]]:
    """Findings of audits that were sent, which no committee took up, or whose answer was not
    accepted. Once a month. `dejados`: committees that were cancelled before their minutes: what
    they took up nobody has decided."""
    mes = f"{dia_local(corte):%Y-%m}"
    if session.scalar(select(Comite.id).where(Comite.mes == mes)) is not None:
        raise DatoInvalido("El comité de %(mes)s ya está convocado.", mes=mes)
    comite = Comite(mes=mes, reunido=acto.now, instancia_id=acto.instancia_id or "")
    session.add(comite)
    session.flush()
    tomados = session.scalars(select(ComiteHallazgo).order_by(ComiteHallazgo.id))
    ya = {
        h.inconsistencia_id: False if h.acepta is None and h.comite_id in dejados else h.acepta
        for h in tomados
    }
    por_tratar = [i.id for i, _semana in _remitidas(session) if i.id not in ya or ya[i.id] is False]
    session.add_all(
        ComiteHallazgo(comite_id=comite.id, inconsistencia_id=i, acepta=None) for i in por_tratar
    )
    session.flush()
    return comite, por_tratar


def _remitidas(session: Session) -> list[tuple[Inconsistencia, str]]:
    """Findings of audits whose copy has left (5.2.29), with the week of the audit."""
    consulta = (
        select(Inconsistencia, Auditoria.semana)
        .join(Auditoria, Auditoria.id == Inconsistencia.auditoria_id)
        .join(AuditoriaInforme, AuditoriaInforme.auditoria_id == Auditoria.id)
        .join(
            AuditoriaRevision,
            (AuditoriaRevision.informe_id == AuditoriaInforme.id)
            & AuditoriaRevision.remite.is_(True),
        )
        .order_by(Inconsistencia.id)
    )
    return [(i, semana) for i, semana in session.execute(consulta)]


def todos(session: Session) -> Sequence[Comite]:
    """The latest first."""
    return session.scalars(select(Comite).order_by(Comite.mes.desc())).all()


def uno(session: Session, comite_id: int) -> Comite:
    comite = session.get(Comite, comite_id)
    if comite is None:
        raise NoExiste("No existe el comité %(n)s.", n=comite_id)
    return comite


# --- the answer (5.2.30) --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class NuevaAccion:
    causa: str
    accion: str
    responsable: str
    fecha: dt.date


def responder(
    session: Session, comite_id: int, inconsistencia_id: int, nueva: NuevaAccion, acto: Acto
) -> Accion:
    """DatoInvalido: it is answered already, or the date has passed."""
    hallazgo(session, inconsistencia_id)
    suya = (Accion.comite_id == comite_id, Accion.inconsistencia_id == inconsistencia_id)
    if session.scalar(select(Accion.id).where(*suya)) is not None:
        raise DatoInvalido("Esa inconsistencia ya tiene respuesta en este comité.")
    if nueva.fecha < dia_local(acto.now):
        raise DatoInvalido("La fecha de la acción ya pasó.")
    accion = Accion(
        comite_id=comite_id, inconsistencia_id=inconsistencia_id, causa=nueva.causa.strip(), accion=nueva.accion.strip(),
        responsable=nueva.responsable, fecha=nueva.fecha, por=acto.quien, cuando=acto.now, instancia_id=acto.instancia_id or "",
    )  # fmt: skip
    session.add(accion)
    session.flush()
    return accion


def responsables(session: Session, punto_id: str, now: dt.datetime) -> list[tuple[str, str]]:
    """(user name, name) of who may answer for an action: the outsourcing, and the advisers of the
    point."""
    de_todo = [
        c
        for rol in (GERENTE, GERENTE_OPERATIVO, AGENTE_CALIDAD)
        for c in cuentas_con_rol(session, rol, None, now)
    ]
    del_punto = cuentas_con_rol(session, ASESOR, punto_id, now)
    return list({c.usuario: c.nombre for c in (*de_todo, *del_punto)}.items())


def sin_responder(session: Session, comite_id: int) -> int:
    """How many of its findings have no answer yet."""
    suyos = set(
        session.scalars(
            select(ComiteHallazgo.inconsistencia_id).where(ComiteHallazgo.comite_id == comite_id)
        )
    )
    return len(
        suyos
        - set(
            session.scalars(select(Accion.inconsistencia_id).where(Accion.comite_id == comite_id))
        )
    )


# --- sessions -------------------------------------------------------------------------------------
def convocar(session: Session, comite_id: int, acto: Acto) -> ComiteSesion:
    """The next session, of those who are members now."""
    miembros = sorted(c.usuario for c in cuentas_con_rol(session, COMITE, None, acto.now))
    if not miembros:  # a session of nobody would never have a quorum
        raise NoExiste(
            "Ninguna cuenta activa tiene el rol de Comité de Calidad: no hay a quién convocar."
        )
    sesion = ComiteSesion(
        comite_id=comite_id, numero=len(sesiones(session, comite_id)) + 1, convocada=acto.now, para=vencimiento(acto.now, DIAS_SESION),
        miembros=miembros, cerrada=None, preside=None, desarrollo="",
    )  # fmt: skip
    session.add(sesion)
    session.flush()
    return sesion


def sesiones(session: Session, comite_id: int) -> Sequence[ComiteSesion]:
    return session.scalars(
        select(ComiteSesion)
        .where(ComiteSesion.comite_id == comite_id)
        .order_by(ComiteSesion.numero)
    ).all()


def sesion_abierta(session: Session, comite_id: int) -> ComiteSesion | None:
    return session.scalar(
        select(ComiteSesion).where(
            ComiteSesion.comite_id == comite_id, ComiteSesion.cerrada.is_(None)
        )
    )


def asistencia(session: Session, sesion_id: int) -> Sequence[ComiteAsistencia]:
    """In the order in which they came."""
    return session.scalars(
        select(ComiteAsistencia)
        .where(ComiteAsistencia.sesion_id == sesion_id)
        .order_by(ComiteAsistencia.id)
    ).all()


def hay_quorum(session: Session, sesion: ComiteSesion) -> bool:
    return len(asistencia(session, sesion.id)) >= reglas.quorum(len(sesion.miembros))


def _en_sesion(
    session: Session, comite_id: int, quien: str, *, tomar: bool = False
) -> ComiteSesion:
    """`tomar`: until the commit; who comes, votes and closes do it one after the other, and what is
    closed stays as it was."""
    abierta = select(ComiteSesion).where(
        ComiteSesion.comite_id == comite_id, ComiteSesion.cerrada.is_(None)
    )
    sesion = session.scalar(
        abierta.with_for_update().execution_options(populate_existing=True) if tomar else abierta
    )
    if sesion is None:
        raise DatoInvalido("El comité no está en sesión.")
    if quien not in sesion.miembros:
        raise DatoInvalido("No es miembro convocado a esta sesión.")
    return sesion


def asistir(session: Session, comite_id: int, acto: Acto) -> None:
    """By the member, for themselves."""
    sesion = _en_sesion(session, comite_id, acto.quien, tomar=True)
    if acto.quien in {a.miembro for a in asistencia(session, sesion.id)}:
        raise DatoInvalido("Ya registró su asistencia.")
    session.add(ComiteAsistencia(sesion_id=sesion.id, miembro=acto.quien, cuando=acto.now))
    session.flush()


def por_que_no_vota(tratado: "Tratado", quien: str) -> str:
    """Why this person has no vote on this finding: asesor | accion; "" where they have one. Nobody
    votes about themselves."""
    if tratado.inconsistencia.asesor_id == quien:
        return "asesor"
    return (
        "accion"
        if tratado.accion is not None and quien in (tratado.accion.por, tratado.accion.responsable)
        else ""
    )


def votar(
    session: Session, comite_id: int, inconsistencia_id: int, voto: str, motivo: str, acto: Acto
) -> None:
    """One a member, finding and session. DatoInvalido says what stands against it."""
    sesion = _en_sesion(session, comite_id, acto.quien, tomar=True)
    tratado = next(
        (t for t in tratados(session, comite_id) if t.inconsistencia.id == inconsistencia_id), None
    )
    if tratado is None:
        raise DatoInvalido("Ese hallazgo no es de este comité.")
    if acto.quien not in {a.miembro for a in asistencia(session, sesion.id)}:
        raise DatoInvalido("Registre primero su asistencia.")
    if not hay_quorum(session, sesion):
        raise DatoInvalido("Todavía no hay quórum: no se vota.")
    if por_que_no_vota(tratado, acto.quien):
        raise Separado(
            VOTO_PROPIO, "No vota este hallazgo: es sobre usted o sobre una acción suya."
        )
    if any(v.miembro == acto.quien for v in votos(session, sesion.id, inconsistencia_id)):
        raise DatoInvalido("Ya votó este hallazgo en esta sesión.")
    if voto not in reglas.VOTOS:
        raise DatoInvalido("Elija su voto.")
    if voto == reglas.NO_ACEPTA and not motivo.strip():
        raise DatoInvalido("Escriba por qué no acepta la respuesta: queda en el acta.")
    nuevo = ComiteVoto(
        sesion_id=sesion.id,
        inconsistencia_id=inconsistencia_id,
        miembro=acto.quien,
        voto=voto,
        motivo=motivo.strip(),
        cuando=acto.now,
    )
    session.add(nuevo)
    session.flush()


def votos(
    session: Session, sesion_id: int, inconsistencia_id: int | None = None
) -> Sequence[ComiteVoto]:
    consulta = select(ComiteVoto).where(ComiteVoto.sesion_id == sesion_id)
    if inconsistencia_id is not None:
        consulta = consulta.where(ComiteVoto.inconsistencia_id == inconsistencia_id)
    return session.scalars(consulta.order_by(ComiteVoto.id)).all()


def sin_votar(session: Session, sesion: ComiteSesion) -> list[str]:
    """Findings on which nobody has voted, though somebody who is there may."""
    estan, con_voto = (
        {a.miembro for a in asistencia(session, sesion.id)},
        {v.inconsistencia_id for v in votos(session, sesion.id)},
    )
    faltan = [t for t in tratados(session, sesion.comite_id) if t.inconsistencia.id not in con_voto]
    return [
        codigo(t.inconsistencia.id)
        for t in faltan
        if any(not por_que_no_vota(t, quien) for quien in estan)
    ]


def falta_para_cerrar(session: Session, comite_id: int, quien: str) -> str:
    """Why this person cannot close the session now; "" where they can."""
    try:
        sesion = _en_sesion(session, comite_id, quien)
    except DatoInvalido as error:
        return str(error)
    if quien not in {a.miembro for a in asistencia(session, sesion.id)}:
        return said("Quien preside registra primero su asistencia, en la página del comité.")
    faltan = sin_votar(session, sesion) if hay_quorum(session, sesion) else []
    return said("Falta votar %(f)s.", f=", ".join(faltan)) if faltan else ""


def cerrar_sesion(session: Session, comite_id: int, desarrollo: str, acto: Acto) -> bool:
    """By who presides, who is there; whether there was a quorum."""
    sesion = _en_sesion(session, comite_id, acto.quien, tomar=True)
    if falta := falta_para_cerrar(session, comite_id, acto.quien):
        raise DatoInvalido(falta)
    hubo = hay_quorum(session, sesion)
    sesion.cerrada, sesion.preside, sesion.desarrollo = acto.now, acto.quien, desarrollo.strip()
    session.flush()
    return hubo


# --- the findings of a committee, and all of them -------------------------------------------------
@dataclass(frozen=True, slots=True)
class Tratado:
    """A finding with its answer, and what became of both. `acuse`: with which the adviser
    answered."""

    inconsistencia: Inconsistencia
    semana: str
    comite: Comite | None
    acepta: bool | None
    accion: Accion | None
    cierre: AccionCierre | None
    acuse: F189Acuse | None

    @property
    def codigo(self) -> str:
        return codigo(self.inconsistencia.id)

    @property
    def respuesta(self) -> str:
        """Of the adviser."""
        return self.acuse.respuesta if self.acuse is not None else ""

    @property
    def vale(self) -> bool:
        """It has an answer that the committee has not refused."""
        return self.accion is not None and self.acepta is not False

    def estado(self, hoy: dt.date) -> str:
        if self.cierre is not None:
            return CERRADA
        if self.accion is None or not self.vale:
            return SIN_RESPUESTA
        return VENCIDA if self.accion.fecha < hoy else EN_CURSO


def _juntar(
    session: Session, filas: Collection[tuple[Inconsistencia, str]], comite_id: int | None
) -> list[Tratado]:
    """Each with its latest committee, or with this one."""
    vinculos = select(ComiteHallazgo).order_by(ComiteHallazgo.comite_id)
    acciones = select(Accion).order_by(Accion.comite_id)
    if comite_id is not None:
        vinculos, acciones = (
            vinculos.where(ComiteHallazgo.comite_id == comite_id),
            acciones.where(Accion.comite_id == comite_id),
        )
    de = {h.inconsistencia_id: h for h in session.scalars(vinculos)}
    dadas = {(a.comite_id, a.inconsistencia_id): a for a in session.scalars(acciones)}
    comites = {c.id: c for c in session.scalars(select(Comite))}
    cierres = {c.accion_id: c for c in session.scalars(select(AccionCierre))}
    acuses = {
        a.f189_id: a for a in session.scalars(select(F189Acuse).where(F189Acuse.respuesta != ""))
    }
    hechos = []
    for i, semana in filas:
        h = de.get(i.id)
        accion = dadas.get((h.comite_id, i.id)) if h is not None else None
        hechos.append(
            Tratado(
                i, semana, comites[h.comite_id] if h is not None else None, h.acepta if h is not None else None, accion,
                cierres.get(accion.id) if accion is not None else None, acuses.get(i.f189_id),
            )
        )  # fmt: skip
    return hechos


def tratados(session: Session, comite_id: int) -> list[Tratado]:
    """What this committee takes up, by code."""
    suyos = set(
        session.scalars(
            select(ComiteHallazgo.inconsistencia_id).where(ComiteHallazgo.comite_id == comite_id)
        )
    )
    return _juntar(session, [par for par in _remitidas(session) if par[0].id in suyos], comite_id)


def hallazgos(session: Session) -> list[Tratado]:
    """Every finding of an audit that was sent, with its latest answer."""
    return _juntar(session, _remitidas(session), None)


def de_f189(session: Session, f189_id: int) -> list[Tratado]:
    """What one F189 found, as far as it has come: what its adviser reads of the committee."""
    return _juntar(session, [par for par in _remitidas(session) if par[0].f189_id == f189_id], None)


def hallazgo(session: Session, inconsistencia_id: int) -> Tratado:
    """NoExiste: there is none, or its audit has not been sent."""
    hallado = [par for par in _remitidas(session) if par[0].id == inconsistencia_id]
    if not hallado:
        raise NoExiste("No existe el hallazgo %(codigo)s.", codigo=codigo(inconsistencia_id))
    return _juntar(session, hallado, None)[0]


def que_repite(session: Session, repetido: Inconsistencia) -> Tratado | None:
    """The finding of before; None: it repeats none, or one of an audit that has not been sent
    yet."""
    hallado = [par for par in _remitidas(session) if par[0].id == repetido.reiterada_de]
    return _juntar(session, hallado, None)[0] if hallado else None


def cerrar_accion(
    session: Session, inconsistencia_id: int, evidencia: str, archivo_id: int | None, acto: Acto
) -> None:
    """With what proves it; not by who wrote it or answers for it, and not before the committee has
    accepted it."""
    t = hallazgo(session, inconsistencia_id)
    if t.accion is None or t.acepta is not True:
        raise DatoInvalido("Una acción se cierra después de que el comité acepta la respuesta.")
    if t.cierre is not None:
        raise DatoInvalido("La acción ya está cerrada.")
    if acto.quien in (t.accion.por, t.accion.responsable):
        raise Separado(
            ACCION_PROPIA, "Una acción no la cierra quien la escribió ni quien responde por ella."
        )
    if not evidencia.strip():
        raise DatoInvalido("Escriba con qué se comprobó.")
    session.add(
        AccionCierre(
            accion_id=t.accion.id,
            evidencia=evidencia.strip(),
            archivo_id=archivo_id,
            por=acto.quien,
            cuando=acto.now,
        )
    )
    session.flush()


# --- minutes --------------------------------------------------------------------------------------
def levantar(session: Session, comite_id: int, acto: Acto) -> tuple[ComiteActa, int]:
    """What was decided is written on each finding and frozen; how many of them are repeated."""
    comite = uno(session, comite_id)
    ultima = sesiones(session, comite_id)[-1]
    for h in session.scalars(select(ComiteHallazgo).where(ComiteHallazgo.comite_id == comite_id)):
        h.acepta = reglas.se_acepta(
            [v.voto for v in votos(session, ultima.id, h.inconsistencia_id)]
        )
    session.flush()
    dicho = canonico(_contenido(session, comite))
    acta_ = ComiteActa(
        comite_id=comite_id,
        levantada=acto.now,
        contenido=zlib.compress(dicho),
        huella=_huella(acto.now, dicho),
    )
    session.add(acta_)
    session.flush()
    return acta_, len(reiterados(session, comite_id))


def reiterados(session: Session, comite_id: int) -> list[Tratado]:
    return [t for t in tratados(session, comite_id) if t.inconsistencia.reiterada_de is not None]


def acta(session: Session, comite_id: int) -> ComiteActa | None:
    return session.scalar(select(ComiteActa).where(ComiteActa.comite_id == comite_id))


def contenido(acta_: ComiteActa) -> dict[str, Any]:
    """What the minutes say, as they were made."""
    leido: dict[str, Any] = json.loads(zlib.decompress(acta_.contenido))
    return leido


def _contenido(
    session: Session, comite: Comite, acuses: Collection[int] | None = None
) -> dict[str, Any]:
    """`ids`: the rows that it says. `acuses`: of what advisers answered only these, for they answer
    when they like; the rest is closed with the last session."""
    todas = sesiones(session, comite.id)
    ultima, de_el = (
        todas[-1],
        [_sin_otra_respuesta(t, acuses) for t in tratados(session, comite.id)],
    )
    return {
        "mes": comite.mes,
        "sesiones": [_de_sesion(session, s) for s in todas],
        "hallazgos": [
            _de_hallazgo(t, votos(session, ultima.id, t.inconsistencia.id), ultima) for t in de_el
        ],
        "ids": {
            "sesiones": [s.id for s in todas],
            "asistencias": [a.id for s in todas for a in asistencia(session, s.id)],
            "votos": [v.id for s in todas for v in votos(session, s.id)],
            "hallazgos": [t.inconsistencia.id for t in de_el],
            "acciones": [t.accion.id for t in de_el if t.accion is not None],
            "acuses": [t.acuse.id for t in de_el if t.acuse is not None],
        },
    }


def _sin_otra_respuesta(t: Tratado, acuses: Collection[int] | None) -> Tratado:
    return (
        t if t.acuse is None or acuses is None or t.acuse.id in acuses else replace(t, acuse=None)
    )


def _de_sesion(session: Session, s: ComiteSesion) -> dict[str, Any]:
    asistieron = [[a.miembro, _iso(a.cuando)] for a in asistencia(session, s.id)]
    return {
        "numero": s.numero, "convocada": _iso(s.convocada), "miembros": s.miembros, "asistieron": asistieron,
        "quorum": reglas.quorum(len(s.miembros)), "hubo": len(asistieron) >= reglas.quorum(len(s.miembros)),
        "cerrada": _iso(s.cerrada) if s.cerrada is not None else "", "preside": s.preside or "", "desarrollo": s.desarrollo,
    }  # fmt: skip


def _de_hallazgo(
    t: Tratado, emitidos: Sequence[ComiteVoto], sesion: ComiteSesion
) -> dict[str, Any]:
    i, a = t.inconsistencia, t.accion
    return {
        "codigo": t.codigo, "semana": t.semana, "criterio": i.criterio, "gravedad": i.gravedad, "asesor": i.asesor_id, "punto": i.punto_id,
        "descripcion": i.descripcion, "reiterada_de": codigo(i.reiterada_de) if i.reiterada_de is not None else "",
        "respuesta_del_asesor": t.respuesta,
        "causa": a.causa if a else "", "accion": a.accion if a else "", "responsable": a.responsable if a else "",
        "fecha": a.fecha.isoformat() if a else "", "respondio": a.por if a else "",
        "votos": [[v.miembro, v.voto, v.motivo, _iso(v.cuando)] for v in emitidos],
        "no_votan": [m for m in sesion.miembros if por_que_no_vota(t, m)],
        "acepta": reglas.se_acepta([v.voto for v in emitidos]),
    }  # fmt: skip


# --- the plan -------------------------------------------------------------------------------------
def planear(session: Session, comite_id: int, plan: str, fecha: dt.date, acto: Acto) -> PlanMejora:
    """For all findings of the committee that came again."""
    nuevo = PlanMejora(
        comite_id=comite_id, hallazgos=[t.codigo for t in reiterados(session, comite_id)], plan=plan.strip(), fecha=fecha, por=acto.quien,
        cuando=acto.now,
    )  # fmt: skip
    session.add(nuevo)
    session.flush()
    return nuevo


def plan(session: Session, comite_id: int) -> PlanMejora | None:
    return session.scalar(select(PlanMejora).where(PlanMejora.comite_id == comite_id))


# --- hashes ---------------------------------------------------------------------------------------
def _huella(levantada: dt.datetime, dicho: bytes) -> str:
    return sha256(_iso(levantada).encode() + b"\n" + dicho)


def _iso(cuando: dt.datetime) -> str:
    return cuando.astimezone(dt.UTC).isoformat()


def verificar(session: Session) -> Verificados:
    """Minutes against their hash, and against the votes, attendance and answers that they were made
    from."""
    return cada_una(session, ComiteActa, lambda acta_: _faltas(session, acta_))


def _faltas(session: Session, acta_: ComiteActa) -> Iterator[str]:
    comite = uno(session, acta_.comite_id)
    try:
        dicho = zlib.decompress(acta_.contenido)
    except zlib.error:
        dicho = b""
    if _huella(acta_.levantada, dicho) != acta_.huella:
        yield said("acta del comité de %(m)s", m=comite.mes)
    elif not _es_lo_que_hay(session, comite, acta_, dicho):
        yield said("votos o respuestas del comité de %(m)s", m=comite.mes)


def _es_lo_que_hay(session: Session, comite: Comite, acta_: ComiteActa, dicho: bytes) -> bool:
    ids = json.loads(dicho).get("ids")
    if ids is not None:
        return dicho == canonico(_contenido(session, comite, ids["acuses"]))
    # minutes that named no rows
    antes = session.scalars(select(F189Acuse.id).where(F189Acuse.cuando <= acta_.levantada)).all()
    return dicho == canonico(
        {k: v for k, v in _contenido(session, comite, antes).items() if k != "ids"}
    )
