"""Indicators I1 to I15 over a frozen month (5.2.23, domain §12): what each counts, of what, and whether it meets its target. Pure.

I13 (availability of the CRM) and I14 (F189) are not here: nothing measures them yet. Targets are SUPUESTO (domain §12). A figure is an
exact fraction; what it counts are ids, so that a reader gets from each figure to the turns or cases behind it.
"""

import datetime as dt
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from records.rules import estados
from records.rules.calendario import BOGOTA
from records.rules.calendario import dia_local
from records.rules.calendario import habiles_entre

POCOS: Final = 20  #: a share of fewer is shown as what it is, a few
ESPERA_A_TIEMPO: Final = 15 * 60  # I3: 80 % within 15 minutes
BUENA: Final = 4  # I6
Z_95: Final = Fraction(196, 100)
ATENDIDOS: Final = frozenset({"atendido", "escalado", "poder_pendiente"})
ABANDONOS: Final = frozenset({"abandono", "ausente"})


@dataclass(frozen=True, slots=True)
class Visita:
    """A turn of the month. Times in seconds, of periods that are reliable; None: some are not, or there was none."""

    id: int
    punto: str
    asesor: str  #: who attended; "" for whom nobody did
    canal: str
    franja: int  #: hour of arrival, local
    llegada: str  #: ISO, as the table has it
    ficha: str
    motivo: str
    resultado: str
    espera: int | None
    atencion: int | None
    titular: bool  #: a holder whose identity was verified
    datos_actualizados: bool
    nota: int | None
    tardia: bool  #: entered after its own month was closed
    case_key: str


@dataclass(frozen=True, slots=True)
class CasoMes:
    """A case that something happened to in the month, as it stood at the closing. Instants are aware."""

    id: int
    radicado: str
    punto: str
    asesor: str
    canal: str
    franja: int
    area: str
    clase: str
    tema: str
    estado: str
    recepcion: dt.datetime
    escalado: dt.datetime | None
    limite_escalar: dt.datetime | None
    areas: int
    limite_interno: dt.datetime | None
    respondido: dt.datetime | None
    limite_respuesta: dt.datetime | None
    detenido: bool  #: the legal clock stood still
    enviado: dt.datetime | None
    cerrado: dt.datetime | None
    de_visita: bool
    resuelto_en_punto: bool
    repetido: bool  #: the same person came with the same theme within seven days
    case_key: str


@dataclass(frozen=True, slots=True)
class Mes:
    """The first instant of the month and that of the next, and what is known of it."""

    desde: dt.datetime
    hasta: dt.datetime
    visitas: Sequence[Visita]
    casos: Sequence[CasoMes]

    def paso(self, cuando: dt.datetime | None) -> bool:
        return cuando is not None and self.desde <= cuando < self.hasta


@dataclass(frozen=True, slots=True)
class Medida:
    """What an indicator counts. A share: `cumplen` of `todos`. A size: `valores`, by the id of what was measured."""

    todos: tuple[int, ...]
    cumplen: tuple[int, ...] = ()
    valores: Mapping[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Indicador:
    """`unidad`: "%", "s", "habiles", "casos", "por_mil". `meta`: lowest and highest value that meet it, None: open on that side."""

    id: str
    nombre: str
    formula: str
    unidad: str
    de: str  #: "visitas" or "casos": what the ids are
    medir: Callable[[Mes], Medida]
    valor: Callable[[Medida], Fraction | None]
    meta: tuple[Fraction | None, Fraction | None] = (None, None)

    def cumple(self, valor: Fraction | None) -> bool | None:
        """None: there is no target, or nothing to judge."""
        minimo, maximo = self.meta
        if valor is None or self.meta == (None, None):
            return None
        return (minimo is None or valor >= minimo) and (maximo is None or valor <= maximo)


# --- how a value is made ------------------------------------------------------------------------------------------------
def parte(m: Medida) -> Fraction | None:
    return Fraction(len(m.cumplen), len(m.todos)) if m.todos else None


def por_mil(m: Medida) -> Fraction | None:
    return Fraction(1000 * len(m.cumplen), len(m.todos)) if m.todos else None


def cuantos(m: Medida) -> Fraction | None:
    return Fraction(len(m.cumplen))


def media(m: Medida) -> Fraction | None:
    return Fraction(sum(m.valores.values()), len(m.valores)) if m.valores else None


def percentil(p: int) -> Callable[[Medida], Fraction | None]:
    """The smallest value that at least p % do not pass (nearest rank): one that somebody really waited."""

    def de(m: Medida) -> Fraction | None:
        if not m.valores:
            return None
        ordenados = sorted(m.valores.values())
        return Fraction(ordenados[-(-p * len(ordenados) // 100) - 1])

    return de


def cambio_claro(antes: tuple[int, int], ahora: tuple[int, int]) -> bool:
    """Whether two shares (how many, of how many) differ by more than chance gives: two proportions, 95 %. Few are never compared."""
    (a, n), (b, m) = antes, ahora
    if min(n, m) < POCOS:
        return False
    junta = Fraction(a + b, n + m)
    varianza = junta * (1 - junta) * (Fraction(1, n) + Fraction(1, m))
    return varianza > 0 and (Fraction(a, n) - Fraction(b, m)) ** 2 > Z_95**2 * varianza


# --- what each counts -----------------------------------------------------------------------------------------------------
def _esperas(mes: Mes) -> Medida:
    valores = {v.id: v.espera for v in mes.visitas if v.espera is not None}
    return Medida(tuple(valores), valores=valores)


def _atenciones(mes: Mes) -> Medida:
    valores = {v.id: v.atencion for v in mes.visitas if v.atencion is not None}
    return Medida(tuple(valores), valores=valores)


def _nivel_de_servicio(mes: Mes) -> Medida:
    """Who left was not attended in time, however short the wait."""
    medibles = [v for v in mes.visitas if v.espera is not None or v.resultado in ABANDONOS]
    a_tiempo = (v for v in medibles if v.resultado not in ABANDONOS and v.espera is not None and v.espera <= ESPERA_A_TIEMPO)
    return Medida(_ids(medibles), _ids(a_tiempo))


def _abandono(mes: Mes) -> Medida:
    return Medida(_ids(mes.visitas), _ids(v for v in mes.visitas if v.resultado in ABANDONOS))


def _primer_contacto(mes: Mes) -> Medida:
    con_caso = [c for c in mes.casos if c.de_visita and mes.paso(c.recepcion)]
    return Medida(_ids(con_caso), _ids(c for c in con_caso if c.resuelto_en_punto and not c.repetido))


def _satisfechos(mes: Mes) -> Medida:
    calificadas = [v for v in mes.visitas if v.nota is not None]
    return Medida(_ids(calificadas), _ids(v for v in calificadas if v.nota is not None and v.nota >= BUENA))


def _calificadas(mes: Mes) -> Medida:
    atendidas = [v for v in mes.visitas if v.resultado in ATENDIDOS]
    return Medida(_ids(atendidas), _ids(v for v in atendidas if v.nota is not None))


def _escalado_a_tiempo(mes: Mes) -> Medida:
    """4.2. A case without a limit to escalate was never due."""
    escalados = [c for c in mes.casos if mes.paso(c.escalado) and c.limite_escalar is not None]
    a_tiempo = (c for c in escalados if c.escalado is not None and c.limite_escalar is not None and c.escalado <= c.limite_escalar)
    return Medida(_ids(escalados), _ids(a_tiempo))


def _escalado_el_mismo_dia(mes: Mes) -> Medida:
    escalados = [c for c in mes.casos if mes.paso(c.escalado)]
    return Medida(_ids(escalados), _ids(c for c in escalados if c.escalado is not None and dia_local(c.escalado) == dia_local(c.recepcion)))


def _area_a_tiempo(mes: Mes) -> Medida:
    respondidos = [c for c in mes.casos if mes.paso(c.respondido) and c.limite_interno is not None]
    a_tiempo = (c for c in respondidos if c.respondido is not None and c.limite_interno is not None and c.respondido <= c.limite_interno)
    return Medida(_ids(respondidos), _ids(a_tiempo))


def _legal_a_tiempo(mes: Mes) -> Medida:
    """What was due in the month: not what stood still, nor what ended before its limit without an answer being owed."""
    debidos = [
        c for c in mes.casos if mes.paso(c.limite_respuesta) and (c.enviado is not None or (not c.detenido and not _terminado_antes(c)))
    ]
    a_tiempo = (c for c in debidos if c.enviado is not None and c.limite_respuesta is not None and c.enviado <= c.limite_respuesta)
    return Medida(_ids(debidos), _ids(a_tiempo))


def _terminado_antes(c: CasoMes) -> bool:
    return c.estado in estados.FINALES and c.cerrado is not None and c.limite_respuesta is not None and c.cerrado <= c.limite_respuesta


def _vencidos_abiertos(mes: Mes) -> Medida:
    """Open at the end of the month with the legal limit behind them; their age in business days after it."""
    vencidos = [
        c
        for c in mes.casos
        if c.limite_respuesta is not None
        and c.limite_respuesta < mes.hasta
        and not c.detenido
        and (c.enviado is None or c.enviado >= mes.hasta)
        and (c.cerrado is None or c.cerrado >= mes.hasta)
    ]
    ultimo = dia_local(mes.hasta - dt.timedelta(microseconds=1), BOGOTA)
    edades = {c.id: habiles_entre(dia_local(c.limite_respuesta), ultimo) for c in vencidos if c.limite_respuesta is not None}
    return Medida(_ids(vencidos), _ids(vencidos), edades)


def _reasignados(mes: Mes) -> Medida:
    escalados = [c for c in mes.casos if mes.paso(c.escalado)]
    return Medida(_ids(escalados), _ids(c for c in escalados if c.areas > 1))


def _datos_actualizados(mes: Mes) -> Medida:
    titulares = [v for v in mes.visitas if v.titular]
    return Medida(_ids(titulares), _ids(v for v in titulares if v.datos_actualizados))


def _quejas(mes: Mes) -> Medida:
    """Of each thousand people attended. `cumplen` are cases here, `todos` visits."""
    atendidas = _ids(v for v in mes.visitas if v.resultado in ATENDIDOS)
    return Medida(atendidas, _ids(c for c in mes.casos if c.clase == "queja" and mes.paso(c.recepcion)))


def _de_clase(clase: str) -> Callable[[Mes], Medida]:
    def medir(mes: Mes) -> Medida:
        recibidos = [c for c in mes.casos if mes.paso(c.recepcion)]
        return Medida(_ids(recibidos), _ids(c for c in recibidos if c.clase == clase))

    return medir


def _ids(filas: Iterable[Visita] | Iterable[CasoMes]) -> tuple[int, ...]:
    return tuple(f.id for f in filas)


def _por_ciento(n: int) -> Fraction:
    return Fraction(n, 100)


INDICADORES: Final[Mapping[str, Indicador]] = {
    i.id: i
    for i in (
        Indicador("I1", "Tiempo de espera", "Promedio de lo que esperó cada turno", "s", "visitas", _esperas, media),
        Indicador("I1.p50", "Espera de la mitad", "La mitad esperó esto o menos", "s", "visitas", _esperas, percentil(50)),
        Indicador(
            "I1.p90", "Espera de nueve de cada diez", "Nueve de cada diez esperaron esto o menos", "s", "visitas", _esperas,
            percentil(90), (None, Fraction(30 * 60)),
        ),
        Indicador(
            "I2", "Tiempo de atención", "Promedio de lo que duró cada atención, sin pausas", "s", "visitas", _atenciones, media,
            (Fraction(6 * 60), Fraction(15 * 60)),
        ),
        Indicador(
            "I3", "Nivel de servicio 80/15", "Atendidos a los 15 minutos o menos ÷ turnos con su espera medida y los que se fueron",
            "%", "visitas", _nivel_de_servicio, parte, (_por_ciento(80), None),
        ),
        Indicador(
            "I4", "Abandono", "Ausentes y retirados ÷ turnos dados", "%", "visitas", _abandono, parte, (None, _por_ciento(5)),
        ),
        Indicador(
            "I5", "Resolución en el primer contacto",
            "Casos resueltos en el punto, sin otro igual de la misma persona en siete días ÷ casos de una atención", "%", "casos",
            _primer_contacto, parte, (_por_ciento(75), None),
        ),
        Indicador(
            "I6", "Satisfacción", "Calificaciones de 4 y 5 ÷ calificaciones", "%", "visitas", _satisfechos, parte, (_por_ciento(85), None),
        ),
        Indicador(
            "I6.tasa", "Tasa de calificación", "Atenciones calificadas ÷ atenciones", "%", "visitas", _calificadas, parte,
            (_por_ciento(60), None),
        ),
        Indicador(
            "I7", "Escalado en cinco días hábiles", "Casos escalados dentro de su plazo ÷ casos escalados (4.2)", "%", "casos",
            _escalado_a_tiempo, parte, (_por_ciento(100), None),
        ),
        Indicador("I7.hoy", "Escalado el mismo día", "Casos escalados el día en que se recibieron ÷ casos escalados", "%", "casos",
                  _escalado_el_mismo_dia, parte),
        Indicador(
            "I8", "Respuesta del área en su plazo interno", "Casos que el área respondió dentro del plazo interno ÷ casos que respondió",
            "%", "casos", _area_a_tiempo, parte, (_por_ciento(95), None),
        ),
        Indicador(
            "I9", "Respuesta a la persona en el término legal", "Casos respondidos dentro del término, con su prórroga ÷ casos que vencían",
            "%", "casos", _legal_a_tiempo, parte, (_por_ciento(100), None),
        ),
        Indicador(
            "I10", "Vencidos sin respuesta", "Casos abiertos al terminar el mes con el término legal vencido", "casos", "casos",
            _vencidos_abiertos, cuantos, (None, Fraction(0)),
        ),
        Indicador("I10.edad", "Antigüedad de los vencidos", "Promedio de días hábiles desde que vencieron", "habiles", "casos",
                  _vencidos_abiertos, media),
        Indicador(
            "I11", "Reasignaciones", "Casos que pasaron por dos áreas o más ÷ casos escalados", "%", "casos", _reasignados, parte,
            (None, _por_ciento(5)),
        ),
        Indicador(
            "I12", "Actualización de datos", "Atenciones con datos actualizados (5.2.7) ÷ atenciones de titulares", "%", "visitas",
            _datos_actualizados, parte, (_por_ciento(90), None),
        ),
        Indicador("I15.solicitud", "Solicitudes", "Solicitudes ÷ casos recibidos", "%", "casos", _de_clase("solicitud"), parte),
        Indicador("I15.queja", "Quejas", "Quejas ÷ casos recibidos", "%", "casos", _de_clase("queja"), parte),
        Indicador("I15.reclamo", "Reclamos", "Reclamos ÷ casos recibidos", "%", "casos", _de_clase("reclamo"), parte),
        Indicador("I15.mil", "Quejas por mil atenciones", "Quejas × 1.000 ÷ personas atendidas", "por_mil", "casos", _quejas, por_mil),
    )
}  # fmt: skip


# --- by point, adviser, channel, hour -------------------------------------------------------------------------------------
DIMENSIONES: Final[Mapping[str, Callable[[Visita | CasoMes], str]]] = {
    "total": lambda _f: "",
    "punto": lambda f: f.punto,
    "asesor": lambda f: f.asesor,
    "canal": lambda f: f.canal,
    "franja": lambda f: f"{f.franja:02}",
}


def partes(mes: Mes, dimension: str) -> dict[str, Mes]:
    """The month of each point, adviser, channel or hour; what nobody has ("" as adviser) is no part."""
    clave = DIMENSIONES[dimension]
    visitas: dict[str, list[Visita]] = {}
    casos: dict[str, list[CasoMes]] = {}
    for v in mes.visitas:
        visitas.setdefault(clave(v), []).append(v)
    for c in mes.casos:
        casos.setdefault(clave(c), []).append(c)
    claves = sorted({*visitas, *casos}) if dimension == "total" else sorted({*visitas, *casos} - {""})
    return {k: Mes(mes.desde, mes.hasta, visitas.get(k, []), casos.get(k, [])) for k in claves or ([""] if dimension == "total" else [])}
