"""A calibration as its page and the task that closes it show it: marks side by side, the chart,
words."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.auditorias import calibraciones, evaluaciones
from records.auditorias.calibraciones import Sesion
from records.auditorias.evaluaciones import Hechos
from records.auditorias.reglas.calibracion import Comparado
from records.lugares.puntos import puntos
from webforms.base import formatos
from webforms.base.auditoria import BANDAS, nombre_de_criterio
from webforms.base.personas import nombres_de

#: Of the chart, in its own units.
ANCHO, MARGEN, CAMPO, RENGLON = 640, 216, 330, 42
CENTESIMAS = 2
JUNTAS = 15  #: marks that are equal stand this far beside each other
#: One shape for each auditor: colour alone tells nobody apart.
FORMAS: Final = ("circulo", "cuadro", "triangulo", "rombo", "cruz")


@dataclass(frozen=True, slots=True)
class Renglon:
    """A criterion in the chart. `marcas`: (shape, where); `desde` and `hasta`: from the lowest to
    the highest mark."""

    nombre: str
    y: int
    desde: float
    hasta: float
    marcas: Sequence[tuple[str, float]]
    dicho: str
    iguales: bool


@dataclass(frozen=True, slots=True)
class Vista:
    """What stands on the page of a calibration."""

    sesion: Sesion
    hechos: Hechos | None
    punto: str
    personas: Mapping[str, str]

    def nombre(self, usuario: str) -> str:
        return self.personas.get(usuario, usuario)

    @property
    def auditores(self) -> list[str]:
        return [f.auditor for f in self.sesion.calificaron]

    @property
    def leyenda(self) -> list[tuple[str, str]]:
        """(shape, whose it is)"""
        return [(FORMAS[n % len(FORMAS)], self.nombre(a)) for n, a in enumerate(self.auditores)]

    @property
    def renglones(self) -> list[Renglon]:
        """The chart: each mark as a part of the maximum of its criterion."""
        return [
            _renglon(c, n * RENGLON + 26, self.auditores)
            for n, c in enumerate(self.sesion.comparados)
        ]


def vista(session: Session, calibracion_id: int, now: dt.datetime) -> Vista:
    s = calibraciones.sesion(session, calibracion_id, now)
    quienes = {f.auditor for f in s.de_auditores} | {s.calibracion.abierta_por}
    quienes |= {
        q
        for q in (s.calibracion.cerrada_por, s.original.auditor if s.original is not None else None)
        if q
    }
    lugares = {p.codigo: p.nombre for p in puntos(session)}
    sabe = evaluaciones.hechos(session, s.muestra)
    quienes |= {sabe.asesor_id} if sabe is not None else set()
    return Vista(
        s, sabe, lugares.get(s.muestra.punto_id, s.muestra.punto_id), nombres_de(session, quienes)
    )


def con_signo(valor: float | Fraction | None, decimales: int | None = None) -> str:
    """ "+6,25", "−2", "0"; "" where there is none. Without `decimales`: as many as it has."""
    if valor is None:
        return ""
    dicho = (
        en_puntos(abs(float(valor)))
        if decimales is None
        else formatos.numero(abs(float(valor)), decimales)
    )
    return dicho if not valor else f"{'+' if valor > 0 else '−'}{dicho}"


def en_puntos(valor: float | Fraction | None) -> str:
    """ "6,25", "10"."""
    if valor is None:
        return str(_("no cuenta"))
    return next(
        formatos.numero(float(valor), n)
        for n in range(3)
        if n == CENTESIMAS or round(float(valor), n) == round(float(valor), 2)
    )


def _renglon(c: Comparado, y: int, auditores: Sequence[str]) -> Renglon:
    donde = {
        a: MARGEN + CAMPO * float(m / c.maximo)
        for a in auditores
        if (m := c.marcas.get(a)) is not None
    }
    marcas: list[tuple[str, float]] = []
    for quien, x in donde.items():
        al_lado = JUNTAS * sum(otra == x for otra in list(donde.values())[: len(marcas)])
        marcas.append((FORMAS[auditores.index(quien) % len(FORMAS)], round(x + al_lado, 1)))
    dicho = (
        _("igual")
        if c.iguales
        else formatos.porcentaje(float(c.distancia))
        if c.distancia
        else _("difieren")
    )
    desde, hasta = (min(donde.values()), max(donde.values())) if donde else (0.0, 0.0)
    return Renglon(
        _corto(c.criterio), y, round(desde, 1), round(hasta, 1), marcas, str(dicho), c.iguales
    )


def _corto(criterio: str) -> str:
    """ "7.4 Solución", "10 Registro en CRM"."""
    nombre = nombre_de_criterio(criterio)
    if ": " not in nombre:
        return nombre
    return f"{criterio} {nombre.rpartition(': ')[2].capitalize()}"


FILTROS: Mapping[str, Callable[..., Any]] = {
    "con_signo": con_signo,
    "en_puntos": en_puntos,
    "banda_f189": lambda banda: BANDAS[banda],
}
