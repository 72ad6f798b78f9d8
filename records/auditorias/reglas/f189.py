"""The F189 of 5.2.27 (domain §10): its twelve fields, and the score that the points of
`f189_criterios.dmn` make. Pure.

How many points an answer gives, of how many, and which are critical, stands in that table alone;
bands in `f189_banda.dmn`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from common.language import marked

CENTESIMA: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Criterio:
    """`campo`: the variable that holds the answer. `fuente`: where it comes from: "observado" is
    seen on site, "periodos" are the times of the turn, "calificacion" what the person gave,
    "expediente" the file, "ambos" is seen and compared with it.
    """

    numero: str
    campo: str
    nombre: str
    fuente: str


CRITERIOS: Final[Mapping[str, Criterio]] = {
    criterio.numero: criterio
    for criterio in (
        Criterio("3", "bienvenida", marked("Protocolo de bienvenida"), "observado"),
        Criterio("4", "espera_min", marked("Tiempo de espera Digiturno"), "periodos"),
        Criterio(
            "5", "atencion_min", marked("Tiempo promedio de atención (Digiturno)"), "periodos"
        ),
        Criterio(
            "6", "calificacion", marked("Resultado calificación sistema Digiturno"), "calificacion"
        ),
        Criterio("7.1", "oportunidad", marked("Respuesta efectiva: oportunidad"), "ambos"),
        Criterio("7.2", "coherencia", marked("Respuesta efectiva: coherencia"), "ambos"),
        Criterio("7.3", "pertinencia", marked("Respuesta efectiva: pertinencia"), "ambos"),
        Criterio("7.4", "solucion", marked("Respuesta efectiva: solución del problema"), "ambos"),
        Criterio("8", "presentacion", marked("Presentación personal, con uniforme"), "observado"),
        Criterio(
            "9.1", "lenguaje", marked("Trato hacia el cliente: uso del lenguaje"), "observado"
        ),
        Criterio(
            "9.2", "manejo_crisis", marked("Trato hacia el cliente: manejo de crisis"), "observado"
        ),
        Criterio("9.3", "tono", marked("Trato hacia el cliente: tono de voz"), "observado"),
        Criterio("10", "registro_crm", marked("Registro en CRM"), "expediente"),
        Criterio("11", "escalonado", marked("Escalonado"), "expediente"),
        Criterio(
            "12",
            "novedades",
            marked("Novedades, histórico CRM, observaciones y casos críticos"),
            "ambos",
        ),
    )
}

FATALES: Final[Mapping[str, str]] = {
    "reserva": marked("Rompió la reserva bancaria"),
    "informacion_falsa": marked("Dio información falsa"),
    "sin_registro": marked("No dejó registro en el CRM"),
    "maltrato": marked("Maltrató a la persona"),
}  # SUPUESTO Q20: one of them makes the score 0


@dataclass(frozen=True, slots=True)
class Puntaje:
    """`puntaje` and `critico` of 100, to the hundredth; None where nothing that counts could be
    judged."""

    puntos: Decimal
    maximo: Decimal
    puntaje: Decimal | None
    critico: Decimal | None


Numero = Decimal | float


def puntuar(
    criterio: Sequence[str],
    puntos: Sequence[Numero],
    maximo: Sequence[Numero],
    critico: Sequence[bool],
    *,
    fatal: bool = False,
) -> Puntaje:
    """100 · Σ points / Σ maxima that apply, of the lists that the table gives; a fatal error makes
    it 0. The band is of what is printed."""
    for numero in criterio:
        if numero not in CRITERIOS or criterio.count(numero) > 1:
            raise ValueError(numero)
    filas = list(
        zip(
            (_decimal(p) for p in puntos),
            (_decimal(m) for m in maximo),
            critico,
            criterio,
            strict=True,
        )
    )
    for obtenido, de, _, numero in filas:
        if not 0 <= obtenido <= de:
            raise ValueError(numero)
    suma, de = (
        sum((fila[0] for fila in filas), Decimal()),
        sum((fila[1] for fila in filas), Decimal()),
    )
    graves = [fila for fila in filas if fila[2]]
    general = Decimal(0).quantize(CENTESIMA) if fatal else _de_cien(suma, de)
    return Puntaje(
        suma,
        de,
        general,
        _de_cien(
            sum((fila[0] for fila in graves), Decimal()),
            sum((fila[1] for fila in graves), Decimal()),
        ),
    )


def _de_cien(puntos: Decimal, maximo: Decimal) -> Decimal | None:
    """Rounded once: of 89.995 exactly the half goes up."""
    if not maximo:
        return None
    exacto = Fraction(puntos) / Fraction(maximo) * 100
    return (Decimal(exacto.numerator) / Decimal(exacto.denominator)).quantize(
        CENTESIMA, ROUND_HALF_UP
    )


def _decimal(numero: Numero) -> Decimal:
    return Decimal(str(numero))
