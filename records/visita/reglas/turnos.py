"""Who is called next, and why (M5-1-02 5.2.2, Q2, Q3): one total order, preferential first, nobody
starves."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.language import marked, said

#: States of a turn.
NUEVO = "nuevo"
ESPERA = "espera"
LLAMADO = "llamado"
ATENCION = "atencion"
PAUSA = "pausa"
AUSENTE = "ausente"
CERRADO = "cerrado"
LLAMABLES = (ESPERA, AUSENTE)
EN_EL_MODULO = (LLAMADO, ATENCION, PAUSA)
#: How a turn ended whose person goes on at another point.
TRASLADADO = "trasladado"

#: SUPUESTO: why an attention pauses at its desk; of the work, never of the person.
MOTIVOS_PAUSA = {
    "sistema": marked("Espera un aplicativo"),
    "consulta": marked("Consulta con la coordinación"),
    "documento": marked("La persona busca un documento"),
    "corta": marked("Pausa corta"),
}

#: SUPUESTO Q2: why somebody is called before those whom the order puts first.
FUERA_DE_ORDEN = {
    "preferente": marked("Atención preferencial por ley"),
    "acordado": marked("Quienes esperan estuvieron de acuerdo"),
    "error": marked("Corrige un error: ya le tocaba"),
    "urgencia": marked("Urgencia de salud o de seguridad"),
}

REINGRESO = dt.timedelta(minutes=30)  # Q3
ENTRE_LLAMADOS = dt.timedelta(minutes=2)
# SUPUESTO Q26: how long a turn handed to a desk waits for it alone
RESERVA = dt.timedelta(minutes=20)
ENVEJECIMIENTO_MIN = 30  # for a row of prioridad_turno that names no minutes
ATENCION_MIN = 8.0  # median attention until the point has its own (domain §14)
DIGITOS_FICHA = 3
# whoever stands there by the arrival of an earlier turn
VOLVIO = marked("Volvió a tiempo: conserva su llegada")


@dataclass(frozen=True, slots=True)
class EnEspera:
    """A turn in the queue, as the order sees it."""

    id: int
    ficha: str
    llegada: dt.datetime
    peso: int
    envejecimiento_min: int = ENVEJECIMIENTO_MIN
    preferente: bool = False
    modulo_destino: str | None = None  # another adviser handed it to this desk
    modulo_hasta: dt.datetime | None = None  # until then; afterwards to any

    def reservado(self, now: dt.datetime) -> str | None:
        """The only desk that calls it now."""
        return (
            self.modulo_destino
            if self.modulo_hasta is not None and now < self.modulo_hasta
            else None
        )


@dataclass(frozen=True, slots=True)
class Eleccion:
    """The turn to call, who came before it and is passed over, and the sentence that says why;
    `lugar` is short, for the queue."""

    turno: EnEspera
    saltados: tuple[EnEspera, ...]
    razon: str
    lugar: str


def minutos(desde: dt.datetime, hasta: dt.datetime) -> int:
    return max(0, int((hasta - desde).total_seconds() // 60))


def peso_efectivo(turno: EnEspera, now: dt.datetime, tope: int) -> int:
    """The weight plus one for each `envejecimiento_min` of waiting, up to the heaviest weight in
    the queue.

    At the top only the arrival counts, so whoever waits long enough is passed by nobody who comes
    later.
    """
    paso = turno.envejecimiento_min if turno.envejecimiento_min > 0 else ENVEJECIMIENTO_MIN
    return max(turno.peso, min(tope, turno.peso + minutos(turno.llegada, now) // paso))


def ordenar(turnos: Iterable[EnEspera], now: dt.datetime) -> list[EnEspera]:
    """Effective weight, then arrival, then id: total and the same for everybody who looks."""
    cola = list(turnos)
    tope = max((t.peso for t in cola), default=0)
    return sorted(cola, key=lambda t: (-peso_efectivo(t, now, tope), t.llegada, t.id))


def siguiente(
    turnos: Sequence[EnEspera], now: dt.datetime, modulo: str | None = None
) -> Eleccion | None:
    """The turn that a free desk calls. Two desks that look at once both get it; the engine gives it
    to one of them.

    What was handed to another desk is left to that one for a while.
    """
    cola = ordenar((t for t in turnos if t.reservado(now) in (None, modulo)), now)
    return _eleccion(cola[0], cola, now) if cola else None


def explicados(turnos: Sequence[EnEspera], now: dt.datetime) -> list[Eleccion]:
    """The whole queue in order, each with its reason."""
    cola = ordenar(turnos, now)
    return [_eleccion(turno, cola[k:], now) for k, turno in enumerate(cola)]


def _eleccion(turno: EnEspera, cola: Sequence[EnEspera], now: dt.datetime) -> Eleccion:
    antes = tuple(
        sorted(
            (t for t in cola if (t.llegada, t.id) < (turno.llegada, turno.id)),
            key=lambda t: (t.llegada, t.id),
        )
    )
    return Eleccion(turno, antes, _razon(turno, antes, now), _lugar(turno, antes, cola, now))


def _lugar(
    turno: EnEspera, antes: tuple[EnEspera, ...], cola: Sequence[EnEspera], now: dt.datetime
) -> str:
    """Why the turn stands where it stands: whom it passes over, or whom its long wait keeps behind
    it."""
    reservado = turno.reservado(now)
    if reservado is not None:
        return said("Trasladado al módulo %(m)s", m=reservado)
    if antes:
        dicho = (
            marked("Preferencial: va antes que %(t)s")
            if turno.preferente
            else marked("Por su motivo y su espera: va antes que %(t)s")
        )
        mas = len(antes) - 1
        return said(
            dicho, t=said("%(f)s y %(n)s más", f=antes[0].ficha, n=mas) if mas else antes[0].ficha
        )
    mas_pesado = next((t for t in cola if t.peso > turno.peso), None)
    if mas_pesado is not None:
        espera = (turno.envejecimiento_min or ENVEJECIMIENTO_MIN) * (mas_pesado.peso - turno.peso)
        return said("Pasó de %(n)s min: va antes que %(t)s", n=espera, t=mas_pesado.ficha)
    return said("Preferencial") if turno.preferente else said("Orden de llegada")


def _nombrados(turnos: tuple[EnEspera, ...]) -> str:
    return turnos[0].ficha if len(turnos) == 1 else f"{turnos[0].ficha} y {len(turnos) - 1} más"


def _razon(turno: EnEspera, antes: tuple[EnEspera, ...], now: dt.datetime) -> str:
    espera = minutos(turno.llegada, now)
    reservado = turno.reservado(now)
    if reservado is not None:
        return f"Trasladado al módulo {reservado}. Espera {espera} min."
    if not antes:
        return f"Llegó primero: espera {espera} min."
    causa = "atención preferente" if turno.preferente else "más peso por motivo y espera"
    return f"Pasa antes que {_nombrados(antes)}: {causa}. Espera {espera} min."


def llegada_de_reingreso(
    llegada: dt.datetime, ausente: dt.datetime, now: dt.datetime
) -> dt.datetime | None:
    """The arrival that a no-show keeps when back within 30 minutes; None: it is a new visit
    (Q3)."""
    return llegada if dt.timedelta(0) <= now - ausente <= REINGRESO else None


def formar_ficha(letra: str, numero: int) -> str:
    """ "A012" """
    if not letra or numero < 1:
        raise ValueError(letra, numero)
    return f"{letra}{numero:0{DIGITOS_FICHA}d}"


@dataclass(frozen=True, slots=True)
class Espera:
    delante: int
    minutos: int

    @property
    def frase(self) -> str:
        if self.minutos == 0:
            return "Le llamamos enseguida."
        personas = "1 persona" if self.delante == 1 else f"{self.delante} personas"
        return f"{personas} antes de usted; unos {self.minutos} minutos."


def estimar_espera(delante: int, puestos: int, atencion_min: float = ATENCION_MIN) -> Espera:
    """Minutes until called with so many people ahead and desks that attend, rounded up to 5: an
    estimate, not a promise."""
    crudo = delante * atencion_min / max(1, puestos)
    return Espera(delante, 0 if delante == 0 else max(5, -(-round(crudo) // 5) * 5))
