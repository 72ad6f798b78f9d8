"""What an event of another turn system does here: it is applied, changes nothing, waits for the one
before it, or somebody looks at it.

Pure. A ticket goes its way here by our own rules; a system outside tells what happened at its side,
in any order, twice, late or wrong.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from records.base.errores import DatoInvalido
from records.base.reglas.documentos import validar_documento
from records.base.reglas.huellas import canonico, sha256
from records.plazos.reglas.calendario import dia_local
from records.sistemas.reglas.sistemas import DATO_PERSONAL
from records.visita.reglas.turnos import (
    ATENCION,
    AUSENTE,
    CERRADO,
    ESPERA,
    LLAMADO,
    NUEVO,
    PAUSA,
    REINGRESO,
)


class Clase(StrEnum):
    """What may happen to a ticket."""

    EMITIDO = "emitido"
    LLAMADO = "llamado"
    AUSENTE = "ausente"
    REINGRESO = "reingreso"
    RETIRADO = "retirado"
    INICIADO = "iniciado"
    FINALIZADO = "finalizado"
    CALIFICADO = "calificado"


class Paso(StrEnum):
    APLICAR = "aplicar"
    NADA = "nada"
    ESPERAR = "esperar"  #: for the event that comes before it
    LISTAR = "listar"  #: somebody has to look at it


class Motivo(StrEnum):
    """Why an event waits, is listed, or changed nothing."""

    YA_ESTABA = "ya_estaba"
    TARDE = "tarde"  #: something later has happened already
    SIGUE_AQUI = "sigue_aqui"  #: the attention ends by the procedure, at the desk
    SIN_EMITIR = "sin_emitir"
    SIN_LLAMADO = "sin_llamado"
    SIN_PREGUNTA = "sin_pregunta"  #: the rating has not been asked for
    MODULO_OCUPADO = "modulo_ocupado"
    PUNTO_DESCONOCIDO = "punto_desconocido"
    FUTURO = "futuro"
    OTRO_DIA = "otro_dia"
    CONTRADICE = "contradice"
    YA_SALIO = "ya_salio"
    TERMINADO_ALLA = "terminado_alla"
    SIN_ASESOR = "sin_asesor"
    SIN_ATENCION = "sin_atencion"
    DOCUMENTO_ABIERTO = "documento_abierto"
    MES_CERRADO = "mes_cerrado"
    CERRADO_HOY = "cerrado_hoy"  #: the point is not open: nobody could be called
    NO_SE_PUDO = "no_se_pudo"  #: applying it failed for a reason that is ours; the log says which


#: How an event of a file came.
ARCHIVO: Final = "archivo"
#: Modes of a point that are no turn system of another vendor.
PROPIO: Final = "propio"
MANUAL: Final = "manual"
CODIGO: Final = re.compile(r"[a-z][a-z0-9_]{1,30}")
#: By so much the clocks of both sides may differ.
SESGO: Final = dt.timedelta(minutes=1)
ADELANTO: Final = dt.timedelta(minutes=5)
#: So long an event waits for the one before it (SUPUESTO).
ESPERA_MAXIMA: Final = dt.timedelta(minutes=10)
#: After so many minutes without a word of its system a point gives its own numbers (SUPUESTO).
SILENCIO_MIN: Final = 10
LARGO: Final[Mapping[str, int]] = {
    "numero": 20,
    "servicio": 80,
    "modulo": 20,
    "asesor": 80,
    "tipo_doc": 3,
    "num_doc": 20,
    "comentario": 300,
}
LARGO_TICKET, LARGO_PUNTO = 100, 80
ESCALA: Final = range(1, 6)
ANIOS: Final = range(2000, 2200)
#: Those that mean something only in the order in which they happened.
EN_ORDEN: Final = frozenset(
    {Clase.LLAMADO, Clase.AUSENTE, Clase.REINGRESO, Clase.RETIRADO, Clase.INICIADO}
)
#: Of a day that is over they complete what is known; the others are history.
COMPLETAN: Final = frozenset({Clase.CALIFICADO, Clase.FINALIZADO})
ATENDIDOS: Final = frozenset({"atendido", "escalado", "poder_pendiente", "trasladado"})


class EventoInvalido(ValueError):
    """What was said is no event; the sentence says why, without its content."""


@dataclass(frozen=True, slots=True)
class Evento:
    """An event as a system tells it: `punto` and `ticket` in its own words."""

    punto: str
    ticket: str
    clase: Clase
    cuando: dt.datetime
    datos: Mapping[str, Any] = field(default_factory=dict)

    @property
    def huella(self) -> str:
        return sha256(canonico({"punto": self.punto, **self.datos}))


def leer_evento(dicho: object, zona: dt.tzinfo | None = None) -> Evento:
    """From names and values. `zona`: that of a time without one; None: such a time is none.
    EventoInvalido."""
    if not isinstance(dicho, Mapping):
        raise EventoInvalido("no es un objeto con nombres y valores")
    try:
        clase = Clase(str(dicho.get("clase", "")).strip().lower())
    except ValueError as error:
        raise EventoInvalido(f"la clase no es una de {', '.join(Clase)}") from error
    ticket, punto = _texto(dicho, "ticket", LARGO_TICKET), _texto(dicho, "punto", LARGO_PUNTO)
    if not ticket or not punto:
        raise EventoInvalido("faltan el punto o el ticket")
    datos: dict[str, Any] = {
        nombre: valor for nombre, largo in LARGO.items() if (valor := _texto(dicho, nombre, largo))
    }
    if clase is Clase.EMITIDO and not datos.get("numero"):
        datos["numero"] = ticket[: LARGO["numero"]]
    if clase is Clase.EMITIDO:
        datos["preferente"] = _si_no(dicho.get("preferente"))
    if clase is Clase.CALIFICADO:
        datos["valor"] = _valor(dicho.get("valor"))
    if "num_doc" in datos:
        try:
            datos["num_doc"] = validar_documento(datos.get("tipo_doc", ""), datos["num_doc"])
        except DatoInvalido:
            # mistyped at the machine: the person waits all the same, and says it at the desk
            del datos["num_doc"]
    if "num_doc" not in datos:
        datos.pop("tipo_doc", None)
    return Evento(punto, ticket, clase, _instante(dicho.get("cuando"), zona), datos)


def _texto(dicho: Mapping[Any, Any], nombre: str, largo: int) -> str:
    valor = dicho.get(nombre)
    if valor is None:
        return ""
    if isinstance(valor, bool) or not isinstance(valor, str | int):
        raise EventoInvalido(f"{nombre} no es un texto")
    limpio = " ".join(str(valor).split())
    if len(limpio) > largo:
        raise EventoInvalido(f"{nombre} tiene más de {largo} letras")
    if any(signo < " " or signo == "\x7f" or "\ud800" <= signo <= "\udfff" for signo in limpio):
        raise EventoInvalido(f"{nombre} tiene signos que no son letras")
    return limpio


def _si_no(valor: object) -> bool:
    if isinstance(valor, bool):
        return valor
    escrito = "" if valor is None else str(valor).strip().lower()
    if escrito in ("", "0", "no", "n", "false"):
        return False
    if escrito in ("1", "si", "sí", "s", "true"):
        return True
    raise EventoInvalido("preferente no dice sí ni no")


def _valor(valor: object) -> int:
    escrito = "" if isinstance(valor, bool) or valor is None else str(valor).strip()
    if (
        len(escrito) != 1
        or not escrito.isascii()
        or not escrito.isdigit()
        or int(escrito) not in ESCALA
    ):
        raise EventoInvalido(f"la calificación no va de {ESCALA[0]} a {ESCALA[-1]}")
    return int(escrito)


def _instante(valor: object, zona: dt.tzinfo | None) -> dt.datetime:
    if isinstance(valor, dt.datetime):
        leido = valor
    else:
        try:
            leido = dt.datetime.fromisoformat(str(valor or ""))
        except ValueError as error:
            raise EventoInvalido(
                "cuándo no es una fecha con hora, como 2026-11-27T09:05:00-05:00"
            ) from error
    if leido.tzinfo is None:
        if zona is None:
            raise EventoInvalido("cuándo no dice en qué zona horaria está")
        leido = leido.replace(tzinfo=zona)
    if leido.year not in ANIOS:
        raise EventoInvalido("cuándo está fuera de todo calendario")
    return leido.astimezone(dt.UTC)


@dataclass(frozen=True, slots=True)
class Hechos:
    """How things stand here for the ticket of an event. Of a ticket that is not known only
    `punto_id` and `abierto` say something."""

    punto_id: str | None
    abierto: bool = True  #: the point, now
    turno_id: int | None = None
    numero: str = ""
    estado: str = ""
    resultado: str | None = None
    modulo: str | None = None  #: of the open period
    desde: dt.datetime | None = None  #: when that began
    cerrado: dt.datetime | None = None
    ultimo: dt.datetime | None = None  #: time of the last event that changed something
    asesor: str | None = None  #: whose desk the event speaks of
    ocupado: bool = False  #: somebody else is at that desk
    pregunta: bool = False  #: the rating is asked for right now
    con_atencion: bool = False
    valor: int | None = None  #: of the rating that is kept
    sin_hora: bool = False  #: an attention whose end nobody knows
    mes_cerrado: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    paso: Paso
    motivo: Motivo | None = None


APLICAR: Final = Decision(Paso.APLICAR)


def decidir(e: Evento, h: Hechos, now: dt.datetime, *, de_noche: bool = False) -> Decision:
    """What the event does, as things stand now. `de_noche`: of a file that tells the whole day when
    it is over; what it tells of people who were never here is no question for anybody."""
    decision = _decidir(e, h, now)
    ajeno = (
        de_noche
        and decision.paso is Paso.LISTAR
        and decision.motivo in (Motivo.OTRO_DIA, Motivo.SIN_EMITIR)
    )
    return Decision(Paso.NADA, decision.motivo) if ajeno else decision


def _decidir(e: Evento, h: Hechos, now: dt.datetime) -> Decision:
    if h.punto_id is None:
        return Decision(Paso.LISTAR, Motivo.PUNTO_DESCONOCIDO)
    if e.cuando > now + ADELANTO:
        return Decision(Paso.LISTAR, Motivo.FUTURO)
    hoy = dia_local(e.cuando) == dia_local(now)
    if e.clase is Clase.EMITIDO:
        return _emitido(e, h, hoy=hoy)
    if h.turno_id is None:
        return Decision(Paso.ESPERAR if hoy else Paso.LISTAR, Motivo.SIN_EMITIR)
    if not hoy and e.clase not in COMPLETAN:
        return Decision(Paso.NADA, Motivo.OTRO_DIA)
    if not hoy and h.mes_cerrado:
        return Decision(Paso.LISTAR, Motivo.MES_CERRADO)
    if e.clase in EN_ORDEN and _es_tarde(e, h):
        return Decision(Paso.NADA, Motivo.TARDE)
    return _POR_CLASE[e.clase](e, h, now)


def _es_tarde(e: Evento, h: Hechos) -> bool:
    return (h.ultimo is not None and e.cuando < h.ultimo) or (
        h.desde is not None and e.cuando < h.desde - SESGO
    )


def _emitido(e: Evento, h: Hechos, *, hoy: bool) -> Decision:
    if h.turno_id is not None:
        igual = h.numero == e.datos.get("numero")
        return (
            Decision(Paso.NADA, Motivo.YA_ESTABA)
            if igual
            else Decision(Paso.LISTAR, Motivo.CONTRADICE)
        )
    if not hoy:
        return Decision(Paso.LISTAR, Motivo.OTRO_DIA)
    return APLICAR if h.abierto else Decision(Paso.LISTAR, Motivo.CERRADO_HOY)


def _llamado(e: Evento, h: Hechos, _now: dt.datetime) -> Decision:
    if h.estado in (ESPERA, AUSENTE):
        if h.asesor is None:
            return Decision(Paso.LISTAR, Motivo.SIN_ASESOR)
        return Decision(Paso.ESPERAR, Motivo.MODULO_OCUPADO) if h.ocupado else APLICAR
    if h.estado in (LLAMADO, ATENCION, PAUSA):
        mismo = h.modulo is not None and h.modulo == e.datos.get("modulo")
        return (
            Decision(Paso.NADA, Motivo.YA_ESTABA)
            if mismo
            else Decision(Paso.LISTAR, Motivo.CONTRADICE)
        )
    return (
        Decision(Paso.ESPERAR, Motivo.SIN_EMITIR)
        if h.estado == NUEVO
        else Decision(Paso.LISTAR, Motivo.YA_SALIO)
    )


def _retirado(_e: Evento, h: Hechos, _now: dt.datetime) -> Decision:
    if h.estado == ESPERA:
        return APLICAR
    if h.estado == AUSENTE or (h.estado == CERRADO and h.resultado not in ATENDIDOS):
        return Decision(Paso.NADA, Motivo.YA_ESTABA)
    return Decision(Paso.LISTAR, Motivo.CONTRADICE)


def _reingreso(_e: Evento, h: Hechos, now: dt.datetime) -> Decision:
    if h.estado != CERRADO:
        return Decision(Paso.NADA, Motivo.YA_ESTABA)
    a_tiempo = h.cerrado is not None and now - h.cerrado <= REINGRESO
    return (
        APLICAR if h.resultado == AUSENTE and a_tiempo else Decision(Paso.LISTAR, Motivo.YA_SALIO)
    )


def _iniciado(_e: Evento, h: Hechos, _now: dt.datetime) -> Decision:
    if h.estado == LLAMADO:
        return APLICAR
    if h.estado in (ATENCION, PAUSA) or (h.estado == CERRADO and h.con_atencion):
        return Decision(Paso.NADA, Motivo.YA_ESTABA)
    return (
        Decision(Paso.LISTAR, Motivo.YA_SALIO)
        if h.estado == CERRADO
        else Decision(Paso.ESPERAR, Motivo.SIN_LLAMADO)
    )


def _ausente(_e: Evento, h: Hechos, _now: dt.datetime) -> Decision:
    if h.estado == LLAMADO:
        return APLICAR
    if h.estado == AUSENTE or (h.estado == CERRADO and h.resultado not in ATENDIDOS):
        return Decision(Paso.NADA, Motivo.YA_ESTABA)
    return (
        Decision(Paso.ESPERAR, Motivo.SIN_LLAMADO)
        if h.estado in (NUEVO, ESPERA)
        else Decision(Paso.LISTAR, Motivo.CONTRADICE)
    )


def _finalizado(_e: Evento, h: Hechos, _now: dt.datetime) -> Decision:
    if h.sin_hora:
        return APLICAR
    if h.estado == CERRADO:
        return Decision(Paso.NADA, Motivo.YA_ESTABA)
    if h.estado in (ATENCION, PAUSA):
        return Decision(Paso.NADA, Motivo.SIGUE_AQUI)
    return Decision(Paso.ESPERAR, Motivo.TERMINADO_ALLA)


def _calificado(e: Evento, h: Hechos, _now: dt.datetime) -> Decision:
    if h.valor is not None:
        igual = h.valor == e.datos.get("valor")
        return (
            Decision(Paso.NADA, Motivo.YA_ESTABA)
            if igual
            else Decision(Paso.LISTAR, Motivo.CONTRADICE)
        )
    if h.pregunta or h.estado == CERRADO:
        return APLICAR if h.con_atencion else Decision(Paso.LISTAR, Motivo.SIN_ATENCION)
    return Decision(Paso.ESPERAR, Motivo.SIN_PREGUNTA)


_POR_CLASE: Final = {
    Clase.LLAMADO: _llamado,
    Clase.RETIRADO: _retirado,
    Clase.REINGRESO: _reingreso,
    Clase.INICIADO: _iniciado,
    Clase.AUSENTE: _ausente,
    Clase.FINALIZADO: _finalizado,
    Clase.CALIFICADO: _calificado,
}


def es_el_mismo(antes: Mapping[str, Any], ahora: Mapping[str, Any]) -> bool:
    """Told twice, by another way perhaps, which says more or less; what both say is the same. Of
    people nothing is kept to compare."""
    comunes = (antes.keys() & ahora.keys()) - set(DATO_PERSONAL)
    return all(antes[nombre] == ahora[nombre] for nombre in comunes)


def sigue_esperando(
    motivo: Motivo, recibido: dt.datetime, now: dt.datetime, *, en_atencion: bool
) -> bool:
    """A rating waits as long as the person is at the desk; everything else for a while only."""
    return (motivo is Motivo.SIN_PREGUNTA and en_atencion) or now - recibido < ESPERA_MAXIMA


def con_sufijo(numero: str, ocupados: Sequence[str]) -> str:
    """The number as the board shows it: its own, or with what tells it from the one that is there
    already."""
    if numero not in ocupados:
        return numero
    return next(
        f"{numero}-{n}" for n in range(2, len(ocupados) + 3) if f"{numero}-{n}" not in ocupados
    )


def siguiente_modo(
    modo: str, por_silencio: str | None, *, callado: bool, oido_despues: bool
) -> str | None:
    """What the mode of an open point becomes by itself; None: it stays. `por_silencio`: the system
    for whose silence it was left."""
    if callado and modo not in (PROPIO, MANUAL):
        return PROPIO
    return (
        por_silencio
        if por_silencio is not None and modo == PROPIO and oido_despues and not callado
        else None
    )
