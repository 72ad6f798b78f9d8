"""The sample of the weekly audit (5.2.27, domain §11): how many, of which strata, which ones, and
what they say of all. Pure.

Anybody redraws it: the same population, parameters and seed give the same attentions and the same
reserve, in any order of asking, on any version of Python. A cap per adviser, which domain §11
leaves open, is not here.
"""

import hashlib
import math
import random
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist
from typing import Final

Z_90: Final = Decimal("1.645")  # as the tables that auditors use print it
VERSION: Final = "v1"  # of what is hashed into a seed

_SEMANA: Final = re.compile(r"\d{4}-W\d\d")


# --- how many -------------------------------------------------------------------------------------
def tamano(poblacion: int, z: Decimal | float, p: Decimal | float, e: Decimal | float) -> int:
    """n₀ = z²p(1−p)/e², n = ⌈n₀ / (1 + (n₀−1)/N)⌉: exact, so that a size on the border does not
    hang on the last bit."""
    zeta, parte, error = (Fraction(str(x)) for x in (z, p, e))
    if poblacion < 0 or zeta <= 0 or not 0 < parte < 1 or error <= 0:
        raise ValueError(poblacion, z, p, e)
    if not poblacion:
        return 0
    infinita = zeta**2 * parte * (1 - parte) / error**2
    return math.ceil(infinita / (1 + (infinita - 1) / poblacion))


def repartir(
    por_estrato: Mapping[str, int], n: int, al_menos: Collection[str] | None = None
) -> dict[str, int]:
    """`n` by the size of each stratum, the largest remainders first, ties by name; never more than
    there are.

    At least one of each stratum in `al_menos` (None: of all) where there is somebody: what that
    takes, the others give; where they have not enough, n grows.
    """
    hay = {estrato: cuantos for estrato, cuantos in sorted(por_estrato.items()) if cuantos > 0}
    debidos = set(hay if al_menos is None else al_menos) & set(hay)
    total = min(sum(hay.values()), max(n, len(debidos)))
    fijos: dict[str, int] = {}
    while True:
        libres = {estrato: cuantos for estrato, cuantos in hay.items() if estrato not in fijos}
        reparto = _restos_mayores(libres, total - len(fijos))
        faltan = [estrato for estrato in reparto if not reparto[estrato] and estrato in debidos]
        if not faltan:
            return dict.fromkeys(sorted(por_estrato), 0) | fijos | reparto
        fijos |= dict.fromkeys(faltan, 1)


def _restos_mayores(tamanos: Mapping[str, int], n: int) -> dict[str, int]:
    todos = sum(tamanos.values())
    cuotas = {estrato: Fraction(n * cuantos, todos) for estrato, cuantos in tamanos.items()}
    reparto = {estrato: math.floor(cuota) for estrato, cuota in cuotas.items()}
    por_resto = sorted(cuotas, key=lambda estrato: (reparto[estrato] - cuotas[estrato], estrato))
    for estrato in por_resto[: n - sum(reparto.values())]:
        reparto[estrato] += 1
    return reparto


# --- which ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Semilla:
    """`huella_poblacion`: SHA-256 of the ids, sorted as texts, one a line. `numero`: the first 64
    bits of the SHA-256 of `texto`."""

    huella_poblacion: str
    texto: str
    numero: int


@dataclass(frozen=True, slots=True)
class Sacada:
    """Of one stratum, in the order in which they were drawn. A replacement is the first of the
    reserve that was not used yet."""

    elegidos: tuple[str, ...]
    reserva: tuple[str, ...]


def semilla(canal: str, semana: str, ids: Iterable[str]) -> Semilla:
    """`semana` as ISO 8601 writes it: 2026-W48."""
    poblacion = sorted(ids)
    if not _SEMANA.fullmatch(semana) or len(set(poblacion)) < len(poblacion):
        raise ValueError(semana)
    huella = _sha256("\n".join(poblacion))
    texto = f"M5-1-02|{canal}|{semana}|{VERSION}|{huella}"
    return Semilla(huella, texto, int(_sha256(texto)[:16], 16))


def sacar(
    por_estrato: Mapping[str, Collection[str]], n_por_estrato: Mapping[str, int], numero: int
) -> dict[str, Sacada]:
    """The first n of one permutation of each stratum; the rest of it is the reserve.

    Each stratum has a draw of its own, of "seed|stratum": what is drawn of one does not depend on
    which others there are.
    """
    sacadas: dict[str, Sacada] = {}
    for estrato in sorted(por_estrato.keys() | n_por_estrato.keys()):
        ids, n = por_estrato.get(estrato, ()), n_por_estrato.get(estrato, 0)
        if not 0 <= n <= len(ids) or len(set(ids)) < len(ids):
            raise ValueError(estrato, n, len(ids))
        orden = barajar(ids, f"{numero}|{estrato}")
        sacadas[estrato] = Sacada(orden[:n], orden[n:])
    return sacadas


def barajar(ids: Collection[str], texto: str) -> tuple[str, ...]:
    """The order that `texto` gives to them: a generator is seeded with the first 64 bits of its
    SHA-256.

    The ids, sorted as texts, get one `random()` each and are ordered by it: of Python's generator
    that call alone is promised to give the same numbers in later versions; `sample` and `shuffle`
    are not.
    """
    azar = random.Random(int(_sha256(texto)[:16], 16))  # noqa: S311 # a published draw: it is to be repeated, not kept secret
    return tuple(id_ for _, id_ in sorted((azar.random(), id_) for id_ in sorted(ids)))


def _sha256(texto: str) -> str:
    return hashlib.sha256(texto.encode()).hexdigest()


# --- what it says of all --------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Estimacion:
    """Of the strata in which something was observed; `poblacion` is theirs, `fuera` names those in
    which nothing was.

    `desde` and `hasta` are None where the sample does not say how far the mean may be;
    `sin_intervalo` says why: "sin_datos", "una_observacion" (nothing to measure the spread with),
    "sin_variacion" (all alike, and others were not looked at). `agrupados`: strata with one
    observation, whose spread is measured together.
    """

    media: float | None
    error_estandar: float | None
    desde: float | None
    hasta: float | None
    n: int
    poblacion: int
    gl: int
    fuera: tuple[str, ...] = ()
    agrupados: tuple[str, ...] = ()
    sin_intervalo: str = ""


@dataclass(frozen=True, slots=True)
class Proporcion:
    parte: float | None
    desde: float | None
    hasta: float | None
    n: int


def estimar(
    valores_por_estrato: Mapping[str, Sequence[Decimal | float]],
    n_por_estrato: Mapping[str, int],
    confianza: Decimal | float,
) -> Estimacion:
    """Mean by the weight of each stratum in the population (`n_por_estrato`: how many there are),
    with finite population correction.

    The interval is Student's, with a degree of freedom for each observation after the first of a
    stratum; strata that were seen whole add no error and no degree. A stratum with one observation
    of several has no spread of its own: all such strata are taken as one (one alone joins its
    neighbour by name), chosen without looking at the values, which errs on the wide side (Cochran
    1977, 5A.12). An interval of no width is given only when everything was seen.
    """
    vistos = {
        estrato: [Fraction(v) for v in valores]
        for estrato, valores in sorted(valores_por_estrato.items())
        if valores
    }
    for estrato, valores in vistos.items():
        if len(valores) > n_por_estrato.get(estrato, 0):
            raise ValueError(estrato)
    fuera = tuple(
        estrato
        for estrato, hay in sorted(n_por_estrato.items())
        if hay > 0 and estrato not in vistos
    )
    if not vistos:
        return Estimacion(None, None, None, None, 0, 0, 0, fuera, sin_intervalo="sin_datos")
    n, poblacion = sum(map(len, vistos.values())), sum(n_por_estrato[estrato] for estrato in vistos)
    peso = {
        estrato: Fraction(n_por_estrato[estrato], len(valores) * poblacion)
        for estrato, valores in vistos.items()
    }
    exacta = sum((peso[estrato] * sum(valores) for estrato, valores in vistos.items()), Fraction())
    media = float(exacta)

    solos = tuple(
        estrato for estrato, valores in vistos.items() if len(valores) == 1 < n_por_estrato[estrato]
    )
    varianza, gl = Fraction(), 0
    for grupo in _grupos(list(vistos), solos):
        hay = sum(n_por_estrato[estrato] for estrato in grupo)
        desvios = [peso[estrato] * (v - exacta) for estrato in grupo for v in vistos[estrato]]
        m = len(desvios)
        if m == hay:
            continue
        if m == 1:
            return Estimacion(
                media, None, None, None, n, poblacion, 0, fuera, solos, "una_observacion"
            )
        centro = sum(desvios, Fraction()) / m
        varianza += Fraction((hay - m) * m, hay * (m - 1)) * sum((d - centro) ** 2 for d in desvios)
        gl += m - 1
    if gl and not varianza:
        return Estimacion(media, None, None, None, n, poblacion, gl, fuera, solos, "sin_variacion")
    error = math.sqrt(varianza)
    margen = _t(confianza, gl) * error if gl else 0.0
    return Estimacion(media, error, media - margen, media + margen, n, poblacion, gl, fuera, solos)


def proporcion(cumplen: int, n: int, confianza: Decimal | float) -> Proporcion:
    """Wilson's interval of a count without strata: within 0 and 1, and wide where few were seen,
    also when all or none of them comply."""
    if not 0 <= cumplen <= n:
        raise ValueError(cumplen, n)
    if not n:
        return Proporcion(None, None, None, 0)
    z = NormalDist().inv_cdf((1 + _entre_0_y_1(confianza)) / 2)
    parte = cumplen / n
    centro = (parte + z * z / (2 * n)) / (1 + z * z / n)
    margen = z / (1 + z * z / n) * math.sqrt(parte * (1 - parte) / n + z * z / (4 * n * n))
    return Proporcion(
        parte, centro - margen if cumplen else 0.0, centro + margen if cumplen < n else 1.0, n
    )


def _grupos(estratos: Sequence[str], solos: Sequence[str]) -> list[tuple[str, ...]]:
    """What the spread is measured in: each stratum alone, those with one observation together."""
    juntos = tuple(solos)
    if len(solos) == 1 and len(estratos) > 1:
        lugar = estratos.index(solos[0])
        juntos = (
            solos[0],
            estratos[lugar + 1] if lugar + 1 < len(estratos) else estratos[lugar - 1],
        )
    return [(estrato,) for estrato in estratos if estrato not in juntos] + (
        [juntos] if juntos else []
    )


def _t(confianza: Decimal | float, gl: int) -> float:
    """What Student's t of so many degrees of freedom does not pass, either side, with this
    confidence."""
    buscada = _entre_0_y_1(confianza)
    bajo, alto = 0.0, math.pi / 2
    while bajo < (medio := (bajo + alto) / 2) < alto:
        bajo, alto = (medio, alto) if _dentro(medio, gl) < buscada else (bajo, medio)
    return math.tan(bajo) * math.sqrt(gl)


def _dentro(angulo: float, gl: int) -> float:
    """How probable |t| ≤ tan(angle)·√gl is: a finite sum (Abramowitz & Stegun 26.7.3 and
    26.7.4)."""
    seno, coseno = math.sin(angulo), math.cos(angulo)
    termino, suma = (coseno, 0.0) if gl % 2 else (1.0, 0.0)
    for k in range(2 + gl % 2, gl + 1, 2):
        suma += termino
        termino *= coseno**2 * (k - 1) / k
    return 2 / math.pi * (angulo + seno * suma) if gl % 2 else seno * suma


def _entre_0_y_1(confianza: Decimal | float) -> float:
    if not 0 < confianza < 1:
        raise ValueError(confianza)
    return float(confianza)
