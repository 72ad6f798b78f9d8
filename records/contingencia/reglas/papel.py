"""Paper continuity (control 6-6, SUPUESTO Q30): the kinds of blank forms, their numbers, and which
hours a paper may say."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from common.language import marked

DIGITOS: Final = 4
MAXIMO_LOTE: Final = 100  #: forms of one printing; who needs more prints again
ORIGEN: Final = "papel"  #: `turno.origen` of who was attended on paper
DIAS_DE_CAIDAS: Final = 30  #: within which a recorded outage is offered to be joined
_PUNTO: Final = r"[A-Z]{2,4}-[A-Z]{2,4}"
_ESCRITO: Final = re.compile(rf"(?:.*/papel/)?(?:({_PUNTO})[-/ ]?)?(\d{{1,{DIGITOS + 2}}})/?")


@dataclass(frozen=True, slots=True)
class Clase:
    """A kind of blank form: the activities that it stands for, and the task and form of its later
    entry."""

    codigo: str
    nombre: str
    actividades: str
    elemento: str
    formulario: str
    para: str


CLASES: Final[Mapping[str, Clase]] = {
    c.codigo: c
    for c in (
        Clase(
            "atencion", marked("Tipificar y responder"), "5.2.3, 5.2.4, 5.2.8, 5.2.10, 5.2.14", "dig_atencion", "papel.atencion",
            marked("Para cada persona que se atiende: qué pide, qué se le respondió, o que su caso se escala."),
        ),
        Clase(
            "turno", marked("Ficha de turno"), "5.2.1, 5.2.2", "dig_turno", "papel.turno",
            marked("Para quien hace la fila. Se digita sola si la persona se fue o no estaba; si fue atendida, va con su formato de "
                   "atención."),
        ),
        Clase(
            "titularidad", marked("Titularidad sin verificar"), "5.2.4, 5.2.5", "dig_titularidad", "papel.titularidad",
            marked("Para quien no pudo probar quién es o por quién viene. No se le da ningún dato."),
        ),
        Clase(
            "radicacion", marked("Recibir documentos"), "5.2.3, M5-1-04", "dig_radicacion", "papel.radicacion",
            marked("Para quien entrega documentos. El término corre desde la hora que se escribe aquí."),
        ),
        Clase(
            "calificacion", marked("Calificar el servicio"), "5.2.12, 5.2.13", "dig_calificacion", "papel.calificacion",
            marked("Lo llena la persona después de su atención y lo deja en la urna."),
        ),
    )
}  # fmt: skip


class Estado(StrEnum):
    """Of a number that was printed."""

    DIGITADO = "digitado"
    ANULADO = "anulado"  # with its lot
    DANADO = "danado"
    PERDIDO = "perdido"
    EN_BLANCO = "en_blanco"  # given back, still to be used
    USADO = "usado"  # somebody has it filled in; it must be entered
    FALTA = "falta"  # printed, and nobody knows more


#: What somebody may say of a number that is not entered. `USADO` and `EN_BLANCO` still may be
#: entered later.
EXPLICACIONES: Final = (Estado.USADO, Estado.EN_BLANCO, Estado.DANADO, Estado.PERDIDO)
#: A number that may not be entered.
FUERA: Final = frozenset({Estado.DIGITADO, Estado.ANULADO, Estado.DANADO, Estado.PERDIDO})
#: What is still owed: it counts as printed and never entered.
PENDIENTES: Final = frozenset({Estado.USADO, Estado.FALTA})


def estado(*, digitado: bool, anulado: bool, explicacion: str | None) -> Estado:
    if digitado:
        return Estado.DIGITADO
    if explicacion in (Estado.DANADO, Estado.PERDIDO):
        return Estado(explicacion)
    if anulado:
        return Estado.ANULADO
    return Estado(explicacion) if explicacion else Estado.FALTA


def formar(punto_id: str, numero: int) -> str:
    """ "BOG-AGU-0241": what a number is called everywhere."""
    return f"{punto_id}-{numero:0{DIGITOS}d}"


def leer(escrito: str) -> tuple[str | None, int] | None:
    """Point and number of what was typed, or read from the QR: "241", "BOG-AGU 0241", an address
    that ends like this. None: neither."""
    hallado = _ESCRITO.fullmatch(escrito.strip().upper().replace("/PAPEL/", "/papel/"))
    return (hallado[1], int(hallado[2])) if hallado is not None else None


def ficha(numero: int) -> str:
    """How the turn of a paper is called: no kiosk and no manual queue gives this."""
    return f"F-{numero:0{DIGITOS}d}"


@dataclass(frozen=True, slots=True)
class Tramo:
    """A time on paper; None: it goes on."""

    desde: dt.datetime
    hasta: dt.datetime | None


class Reparo(StrEnum):
    """Why an hour that a paper says cannot be."""

    FUTURA = "futura"
    AL_REVES = "al_reves"
    ANTES_DE_IMPRESO = "antes_de_impreso"
    SIN_CAIDA = "sin_caida"
    LLEGADA = "llegada"


@dataclass(frozen=True, slots=True)
class Horas:
    """As they stand on the paper, to the minute."""

    empezo: dt.datetime
    termino: dt.datetime
    llego: dt.datetime | None = None


def al_minuto(momento: dt.datetime) -> dt.datetime:
    return momento.replace(second=0, microsecond=0)


def caida_de(caidas: Sequence[Tramo], empezo: dt.datetime) -> int | None:
    """Which of these times an attention began in; one that began before the system was back may end
    after it."""
    for n, c in enumerate(caidas):
        if al_minuto(c.desde) <= empezo and (c.hasta is None or empezo <= c.hasta):
            return n
    return None


def reparos(
    horas: Horas, impreso: dt.datetime, caidas: Sequence[Tramo], now: dt.datetime
) -> list[tuple[str, Reparo]]:
    """(hour, why not), for each hour at most one."""
    malas: list[tuple[str, Reparo]] = []
    if horas.empezo > now:
        malas.append(("empezo", Reparo.FUTURA))
    elif horas.empezo < al_minuto(impreso):
        malas.append(("empezo", Reparo.ANTES_DE_IMPRESO))
    elif caida_de(caidas, horas.empezo) is None:
        malas.append(("empezo", Reparo.SIN_CAIDA))
    if horas.termino < horas.empezo:
        malas.append(("termino", Reparo.AL_REVES))
    elif horas.termino > now and horas.empezo <= now:
        malas.append(("termino", Reparo.FUTURA))
    if horas.llego is not None and horas.llego > horas.empezo:
        malas.append(("llego", Reparo.LLEGADA))
    return malas
