"""Legal and internal terms (domain §1.3, §5, §7). Two clocks, never one: to escalate (4.2) and to
answer the citizen."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from records.base.errores import DatoInvalido, ProrrogaRechazada
from records.plazos.reglas.calendario import (
    ZONA,
    dia_local,
    fin_del_dia,
    fraccion,
    habiles_entre,
    instante,
    sumar_habiles,
    sumar_mes,
    vencimiento,
)

DIAS_ESCALAR = 5  # M5-1-02 4.2
DIAS_SIN_TOMAR = 1  # an escalation that nobody takes is recalled after it (SUPUESTO)
DIAS_ENTREGA = 2  # what the adviser needs to hand over the answer of an area (SUPUESTO)
MAX_REASIGNACIONES = 2  # then the coordinator decides (SUPUESTO Q13)
VIGENCIA_ENLACE = dt.timedelta(days=5)  # of the rating link of M5-1-01 act. 15


@dataclass(frozen=True, slots=True)
class NormaLegal:
    codigo: str
    nombre: str
    articulo: str
    desde: dt.date
    hasta: dt.date | None  # last day in force
    terminos: dict[str, int]  # business days: peticion, informacion, consulta


_TERMINOS = {"peticion": 15, "informacion": 10, "consulta": 30}

NORMAS = (
    NormaLegal(
        "CCA",
        "Código Contencioso Administrativo (Decreto 01 de 1984)",
        "arts. 6, 22 y 25",
        dt.date(1984, 3, 1),
        dt.date(2012, 7, 1),
        _TERMINOS,
    ),
    NormaLegal(
        "LEY1437",
        "Ley 1437 de 2011",
        "art. 14",
        dt.date(2012, 7, 2),
        dt.date(2015, 6, 29),
        _TERMINOS,
    ),
    NormaLegal("LEY1755", "Ley 1755 de 2015", "art. 14", dt.date(2015, 6, 30), None, _TERMINOS),
)


def norma_vigente(dia: dt.date) -> NormaLegal:
    """The norm in force on a day."""
    for norma in NORMAS:
        if norma.desde <= dia and (norma.hasta is None or dia <= norma.hasta):
            return norma
    raise DatoInvalido("No hay norma registrada para el %(dia)s.", dia=dia.isoformat())


@dataclass(frozen=True, slots=True)
class Termino:
    norma: str
    dias: int
    prorroga_max: int  # business days that an extension may add: the total is at most double


def termino_legal(tipo_termino: str, dia: dt.date) -> Termino:
    norma = norma_vigente(dia)
    if tipo_termino not in norma.terminos:
        raise DatoInvalido("Tipo de término desconocido: %(tipo)s.", tipo=tipo_termino)
    dias = norma.terminos[tipo_termino]
    return Termino(norma.codigo, dias, dias)


@dataclass(frozen=True, slots=True)
class Limites:
    aviso_escalar: dt.datetime
    escalar: dt.datetime
    respuesta: dt.datetime


def limites(recepcion: dt.datetime, dias_termino: int, tz: dt.tzinfo = ZONA) -> Limites:
    """Both limits of a case; the warning comes at the start of office hours one business day before
    the first."""
    escalar = vencimiento(recepcion, DIAS_ESCALAR, tz)
    aviso = fraccion(recepcion, DIAS_ESCALAR - 1, 1.0, tz)
    return Limites(aviso, escalar, vencimiento(recepcion, dias_termino, tz))


@dataclass(frozen=True, slots=True)
class Pausa:
    """A suspension that has ended."""

    desde: dt.datetime
    hasta: dt.datetime


def dias_detenidos(
    pausas: Sequence[Pausa], desde: dt.datetime, hasta: dt.datetime, tz: dt.tzinfo = ZONA
) -> int:
    """Business days between two instants on which the clock stood still: of each pause from the day
    after the request, or after the first of these instants, to the day of the answer.
    """
    tramos = ((max(p.desde, desde), min(p.hasta, hasta)) for p in pausas)
    return sum(habiles_entre(dia_local(a, tz), dia_local(b, tz)) for a, b in tramos if a < b)


def dias_que_agregan(
    pausas: Sequence[Pausa], desde: dt.datetime, dias: int, tz: dt.tzinfo = ZONA
) -> int:
    """What pauses add to a term of so many business days from an instant: nothing of before it, nor
    what began once it had passed."""
    agregados = 0
    for p in sorted(pausas, key=lambda p: p.desde):
        if se_detiene(vencimiento(desde, dias + agregados, tz), p.desde):
            agregados += dias_detenidos([p], desde, p.hasta, tz)
            # it ended on a day of rest, with nothing left of the term
            agregados += vencimiento(desde, dias + agregados, tz) < p.hasta
    return agregados


def se_detiene(limite: dt.datetime, desde: dt.datetime) -> bool:
    """A term that has passed stays overdue: what is asked for afterwards does not stop it (art. 17:
    to complete a petition in time)."""
    return desde <= limite


def reactivar(limite: dt.datetime, pausa: Pausa, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """The limit after a suspension: the business days that were left, counted from the day after
    the answer (art. 17); with none left the day of the answer, or the first business day behind
    it."""
    if not se_detiene(limite, pausa.desde):
        return limite
    restantes, dia = (
        habiles_entre(dia_local(pausa.desde, tz), dia_local(limite, tz)),
        dia_local(pausa.hasta, tz),
    )
    return fin_del_dia(
        sumar_habiles(dia, restantes)
        if restantes
        else sumar_habiles(dia - dt.timedelta(days=1), 1),
        tz,
    )


def con_lo_detenido(fecha: dt.datetime, pausa: Pausa, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """Another date of a case that stood still: at its hour, as many business days after the pause
    as were left when it began."""
    if not se_detiene(fecha, pausa.desde):
        return fecha
    restantes = habiles_entre(dia_local(pausa.desde, tz), dia_local(fecha, tz))
    return max(
        fecha,
        instante(
            sumar_habiles(dia_local(pausa.hasta, tz), restantes), fecha.astimezone(tz).time(), tz
        ),
    )


def limite_complemento(requerido: dt.datetime, tz: dt.tzinfo = ZONA) -> dt.datetime:
    """The citizen has one month; after it the case is desisted (art. 17)."""
    return sumar_mes(requerido, 1, tz)


@dataclass(frozen=True, slots=True)
class FechasInternas:
    sin_tomar: dt.datetime
    recordar_50: dt.datetime
    recordar_80: dt.datetime
    plazo_interno: dt.datetime


@dataclass(frozen=True, slots=True)
class PlazoArea:
    """How long an area has: `dias` from the first escalation, and `agregados` for suspensions and
    the extension."""

    escalado: dt.datetime
    dias: int
    limite_respuesta: dt.datetime
    agregados: int = 0


def fechas_internas(plazo: PlazoArea, *, now: dt.datetime, tz: dt.tzinfo = ZONA) -> FechasInternas:
    """Dates of an area. The clock starts at the first escalation and a reassignment does not
    restart it (Q13).

    The area never gets more than the legal limit less the days of delivery, unless these have
    passed already when it starts.
    """
    total = max(1, plazo.dias + plazo.agregados)
    tope = (
        habiles_entre(dia_local(plazo.escalado, tz), dia_local(plazo.limite_respuesta, tz))
        - DIAS_ENTREGA
    )
    total = min(total, max(1, tope))
    return FechasInternas(
        sin_tomar=fraccion(now, DIAS_SIN_TOMAR, 1.0, tz),
        recordar_50=fraccion(plazo.escalado, total, 0.5, tz),
        recordar_80=fraccion(plazo.escalado, total, 0.8, tz),
        plazo_interno=vencimiento(plazo.escalado, total, tz),
    )


@dataclass(frozen=True, slots=True)
class TerminoEnCurso:
    """The term of a case that is not answered yet."""

    limite: dt.datetime
    prorroga_max: int  # business days
    prorrogado: bool = False
    suspendido: bool = False


def prorrogar(
    termino: TerminoEnCurso, dias: int, *, motivo: str, now: dt.datetime, tz: dt.tzinfo = ZONA
) -> dt.datetime:
    """The new limit. Once only, with a reason, told before expiry, total at most double (Ley 1755
    art. 14 par.)."""
    if termino.prorrogado:
        raise ProrrogaRechazada("El término ya se prorrogó una vez.")
    if termino.suspendido:
        raise ProrrogaRechazada(
            "El término está suspendido mientras el usuario completa la información."
        )
    if now > termino.limite:
        raise ProrrogaRechazada(
            "El término ya venció: la prórroga se informa antes del vencimiento."
        )
    if not motivo.strip():
        raise ProrrogaRechazada("Falta el motivo de la prórroga.")
    if not 1 <= dias <= termino.prorroga_max:
        tope = termino.prorroga_max
        raise ProrrogaRechazada(
            "La prórroga es de 1 a %(tope)s días hábiles: el total no pasa del doble del término inicial.",
            tope=tope,
        )
    return fin_del_dia(sumar_habiles(dia_local(termino.limite, tz), dias), tz)
