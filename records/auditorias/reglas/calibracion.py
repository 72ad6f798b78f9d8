"""Calibration of auditors: the marks of several for one attention, side by side and against what
was agreed. Pure.

Only what an auditor judges is compared: waiting, attention and rating come from the records and are
the same for all, so counting them would call it agreement. A kappa is not computed: it needs many
attentions that are alike, and a session is one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final

from records.auditorias.reglas.f189 import CRITERIOS

#: Below this many sessions a mean deviation is a tendency, not a proof (SUPUESTO, as with other
#: small numbers).
POCAS: Final = 20

#: criterion → (points, maximum); what does not count is not there
Marcas = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Comparado:
    """A criterion. `marcas`: auditor → points, None where it does not count for them.
    `desviaciones`: points less those agreed; None where one of the two is missing. `distancia`:
    from the lowest to the highest mark, as a part of the maximum; None with less than two.
    """

    criterio: str
    maximo: Fraction
    marcas: Mapping[str, Fraction | None]
    acuerdo: Fraction | None
    desviaciones: Mapping[str, Fraction | None]
    distancia: Fraction | None
    iguales: bool


@dataclass(frozen=True, slots=True)
class Parte:
    """So many of so many."""

    iguales: int
    de: int

    @property
    def valor(self) -> Fraction | None:
        return Fraction(self.iguales, self.de) if self.de else None


def se_juzga(criterio: str) -> bool:
    return CRITERIOS[criterio].fuente not in ("periodos", "calificacion")


def comparar(por_auditor: Mapping[str, Marcas], acuerdo: Marcas | None) -> list[Comparado]:
    """The criteria that at least one of them scored, in the order of the format."""
    todas: Sequence[Marcas] = [*por_auditor.values(), *([acuerdo] if acuerdo is not None else [])]
    hay = {criterio for marcas in todas for criterio in marcas if se_juzga(criterio)}
    return [
        _comparado(criterio, por_auditor, acuerdo or {})
        for criterio in CRITERIOS
        if criterio in hay
    ]


def _comparado(criterio: str, por_auditor: Mapping[str, Marcas], acuerdo: Marcas) -> Comparado:
    maximos = [
        marcas[criterio][1] for marcas in (*por_auditor.values(), acuerdo) if criterio in marcas
    ]
    maximo = Fraction(str(max(maximos)))
    marcas = {quien: _puntos(suyas, criterio) for quien, suyas in por_auditor.items()}
    de_acuerdo = _puntos(acuerdo, criterio)
    dadas = [m for m in marcas.values() if m is not None]
    return Comparado(
        criterio=criterio,
        maximo=maximo,
        marcas=marcas,
        acuerdo=de_acuerdo,
        desviaciones={
            q: m - de_acuerdo if m is not None and de_acuerdo is not None else None
            for q, m in marcas.items()
        },
        distancia=(max(dadas) - min(dadas)) / maximo if len(dadas) > 1 else None,
        iguales=len(set(marcas.values())) <= 1,
    )


def _puntos(marcas: Marcas, criterio: str) -> Fraction | None:
    return Fraction(str(marcas[criterio][0])) if criterio in marcas else None


def entre_auditores(comparados: Iterable[Comparado]) -> Parte:
    """Of all pairs of auditors, criterion by criterion: those who gave the same, "does not count"
    being an answer like any other."""
    pares = [(a, b) for c in comparados for a, b in combinations(c.marcas.values(), 2)]
    return Parte(sum(a == b for a, b in pares), len(pares))


def con_el_acuerdo(comparados: Iterable[Comparado], auditor: str) -> Parte:
    """Of the criteria that are compared: those in which this auditor gave what was agreed."""
    suyas = [c.marcas[auditor] == c.acuerdo for c in comparados if auditor in c.marcas]
    return Parte(sum(suyas), len(suyas))


@dataclass(frozen=True, slots=True)
class Tendencia:
    """Over the sessions of an auditor: the mean of score less agreed score, with its sign, and how
    far it lies off on average."""

    n: int
    media: Fraction | None
    absoluta: Fraction | None

    @property
    def pocas(self) -> bool:
        return self.n < POCAS


def tendencia(desviaciones: Sequence[float]) -> Tendencia:
    exactas = [Fraction(str(d)) for d in desviaciones]
    if not exactas:
        return Tendencia(0, None, None)
    return Tendencia(
        len(exactas),
        sum(exactas, Fraction()) / len(exactas),
        sum(map(abs, exactas), Fraction()) / len(exactas),
    )
