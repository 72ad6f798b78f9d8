"""Indicators I1 to I15 over a frozen month (5.2.23, domain §12): what each counts, of what, and
whether it meets its target. Pure.

Targets are SUPUESTO (domain §12). A figure is an exact fraction; what it counts are ids, so that a
reader gets from each figure to the turns, cases, outages or F189 behind it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from common.language import marked
from records.auditorias.reglas.muestra import Estimacion, estimar
from records.casos.reglas import estados
from records.plazos.reglas.calendario import dia_local, habiles_entre, ultimo_dia

POCOS: Final = 20  #: a share of fewer is shown as what it is, a few
ESPERA_A_TIEMPO: Final = 15 * 60  # I3: 80 % within 15 minutes
BUENA: Final = 4  # I6
Z_95: Final = Fraction(196, 100)
POCO_TIEMPO: Final = 3600  #: seconds of watching that say nothing as a share (I13)
CONFIANZA: Final = 0.9  #: of the interval of I14, as that of the weekly audits (SUPUESTO Q20)
#: an F189 of the sample, which stands for its week; what was observed on a visit does not
EXPEDIENTE: Final = "expediente"
ATENDIDOS: Final = frozenset({"atendido", "escalado", "poder_pendiente"})
ABANDONOS: Final = frozenset({"abandono", "ausente"})


@dataclass(frozen=True, slots=True)
class Visita:
    """A turn of the month. Times in seconds, of periods that are reliable; None: some are not, or
    there was none."""

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
    """A case that something happened to in the month, as it stood at the closing. Instants are
    aware."""

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
class Jornada:
    """A time in which a point was open and somebody knew whether the CRM answered: it was watched,
    or known to be down. Whole seconds."""

    id: int
    punto: str
    desde: dt.datetime
    hasta: dt.datetime


@dataclass(frozen=True, slots=True)
class CaidaMes:
    """A time in which the CRM did not answer; one that had not ended, until the end of the month.
    Whole seconds."""

    id: int
    desde: dt.datetime
    hasta: dt.datetime
    causa: str
    origen: str


@dataclass(frozen=True, slots=True)
class EvaluacionMes:
    """An F189 of an audit whose copy left in the month. `poblacion`: the attentions of its stratum
    in its week; of a visit 0. `centesimas`: its score; None: nothing of it could be judged.
    """

    id: int
    punto: str
    asesor: str
    canal: str
    semana: str
    modo: str
    estrato: str
    poblacion: int
    atencion: str
    centesimas: int | None
    liberada: dt.datetime


@dataclass(frozen=True, slots=True)
class ObservacionMes:
    """What was planned to be observed at a point, in an audit that was due in the month, whether
    its copy left or not (4.7). `motivo`: why it was not done; empty: it was, or nobody said so."""

    id: int
    punto: str
    canal: str
    semana: str
    orden: int
    hecha: bool
    motivo: str


@dataclass(frozen=True, slots=True)
class Mes:
    """The first instant of the month and that of the next, and what is known of it. `tablas`: what
    was kept; of older closings less."""

    desde: dt.datetime
    hasta: dt.datetime
    visitas: Sequence[Visita]
    casos: Sequence[CasoMes]
    jornadas: Sequence[Jornada] = ()
    caidas: Sequence[CaidaMes] = ()
    evaluaciones: Sequence[EvaluacionMes] = ()
    observaciones: Sequence[ObservacionMes] = ()
    tablas: frozenset[str] = frozenset(
        {"visitas", "casos", "jornadas", "caidas", "evaluaciones", "observaciones"}
    )

    def paso(self, cuando: dt.datetime | None) -> bool:
        return cuando is not None and self.desde <= cuando < self.hasta


@dataclass(frozen=True, slots=True)
class Medida:
    """What an indicator counts. A share: `cumplen` of `todos`. A size: `valores`, by the id of what
    was measured. `parte`: a share that is not of ids (so much time of so much); `exacto`: a value
    that is more than a mean.
    """

    todos: tuple[int, ...]
    cumplen: tuple[int, ...] = ()
    valores: Mapping[int, int] | None = None
    parte: tuple[int, int] | None = None
    exacto: Fraction | None = None

    @property
    def numerador(self) -> int:
        return self.parte[0] if self.parte is not None else len(self.cumplen)

    @property
    def n(self) -> int:
        return self.parte[1] if self.parte is not None else len(self.todos)


@dataclass(frozen=True, slots=True)
class Unidad:
    """How values are told, everywhere alike: pages, documents, workbooks, data. `nombre`: what a
    number of a file of data is of; a value times `escala` is that number. `decimales`: where people
    read it. `de_partes`: so many of so many, counted as what they are times `cuenta`. `pocos`: of
    fewer a value is told and not judged.
    """

    codigo: str
    nombre: str
    escala: Fraction = Fraction(1)
    decimales: int = 0
    de_partes: bool = False
    cuenta: Fraction = Fraction(1)
    pocos: int = POCOS


_MINUTOS: Final = Fraction(1, 60)  #: values of time are seconds
PORCENTAJE: Final = Unidad("porcentaje", marked("por ciento"), Fraction(100), 1, de_partes=True)
POR_MIL: Final = Unidad(
    "por_mil", marked("por mil personas atendidas"), decimales=1, de_partes=True
)
DISPONIBLE: Final = Unidad(
    "disponible",
    marked("por ciento del tiempo, contado en minutos"),
    Fraction(100),
    2,
    de_partes=True,
    cuenta=_MINUTOS,
    pocos=POCO_TIEMPO,
)
#: Nothing of it is drawn: of one that was planned, one is judged.
COBERTURA: Final = Unidad(
    "cobertura", marked("por ciento"), Fraction(100), 1, de_partes=True, pocos=0
)
DURACION: Final = Unidad("duracion", marked("minutos"), _MINUTOS)
HABILES: Final = Unidad("habiles", marked("días hábiles"), decimales=1, pocos=0)
CASOS: Final = Unidad("casos", marked("casos"), pocos=0)
PUNTOS: Final = Unidad("puntos", marked("puntos de 100"), decimales=1)


@dataclass(frozen=True, slots=True)
class Indicador:
    """`meta`: lowest and highest value that meet it, None: open on that side. `dimensiones`: of
    what it is told; None: of all. `de_la_entidad`: it owes this itself, and the contract does not:
    nobody of the outsourcing explains it."""

    id: str
    nombre: str
    formula: str
    unidad: Unidad
    de: str  #: the table that the ids are of
    medir: Callable[[Mes], Medida]
    valor: Callable[[Medida], Fraction | None]
    meta: tuple[Fraction | None, Fraction | None] = (None, None)
    dimensiones: frozenset[str] | None = None
    de_la_entidad: bool = False

    def cumple(self, valor: Fraction | None) -> bool | None:
        """None: there is no target, or nothing to judge."""
        minimo, maximo = self.meta
        if valor is None or self.meta == (None, None):
            return None
        return (minimo is None or valor >= minimo) and (maximo is None or valor <= maximo)


# --- how a value is made --------------------------------------------------------------------------
def parte(m: Medida) -> Fraction | None:
    return Fraction(len(m.cumplen), len(m.todos)) if m.todos else None


def por_mil(m: Medida) -> Fraction | None:
    return Fraction(1000 * len(m.cumplen), len(m.todos)) if m.todos else None


def cuantos(m: Medida) -> Fraction | None:
    return Fraction(len(m.cumplen))


def media(m: Medida) -> Fraction | None:
    return Fraction(sum(m.valores.values()), len(m.valores)) if m.valores else None


def de_tiempo(m: Medida) -> Fraction | None:
    return Fraction(*m.parte) if m.parte is not None and m.parte[1] else None


def ya_hecho(m: Medida) -> Fraction | None:
    return m.exacto


def percentil(p: int) -> Callable[[Medida], Fraction | None]:
    """The smallest value that at least p % do not pass (nearest rank): one that somebody really
    waited."""

    def de(m: Medida) -> Fraction | None:
        if not m.valores:
            return None
        ordenados = sorted(m.valores.values())
        return Fraction(ordenados[-(-p * len(ordenados) // 100) - 1])

    return de


def cambio_claro(antes: tuple[int, int], ahora: tuple[int, int]) -> bool:
    """Whether two shares (how many, of how many) differ by more than chance gives: two proportions,
    95 %. Few are never compared."""
    (a, n), (b, m) = antes, ahora
    if min(n, m) < POCOS:
        return False
    junta = Fraction(a + b, n + m)
    varianza = junta * (1 - junta) * (Fraction(1, n) + Fraction(1, m))
    return varianza > 0 and (Fraction(a, n) - Fraction(b, m)) ** 2 > Z_95**2 * varianza


# --- what each counts -----------------------------------------------------------------------------
def _esperas(mes: Mes) -> Medida:
    valores = {v.id: v.espera for v in mes.visitas if v.espera is not None}
    return Medida(tuple(valores), valores=valores)


def _atenciones(mes: Mes) -> Medida:
    valores = {v.id: v.atencion for v in mes.visitas if v.atencion is not None}
    return Medida(tuple(valores), valores=valores)


def _nivel_de_servicio(mes: Mes) -> Medida:
    """Who left was not attended in time, however short the wait."""
    medibles = [v for v in mes.visitas if v.espera is not None or v.resultado in ABANDONOS]
    a_tiempo = (
        v
        for v in medibles
        if v.resultado not in ABANDONOS and v.espera is not None and v.espera <= ESPERA_A_TIEMPO
    )
    return Medida(_ids(medibles), _ids(a_tiempo))


def _abandono(mes: Mes) -> Medida:
    return Medida(_ids(mes.visitas), _ids(v for v in mes.visitas if v.resultado in ABANDONOS))


def _primer_contacto(mes: Mes) -> Medida:
    con_caso = [c for c in mes.casos if c.de_visita and mes.paso(c.recepcion)]
    return Medida(
        _ids(con_caso), _ids(c for c in con_caso if c.resuelto_en_punto and not c.repetido)
    )


def _satisfechos(mes: Mes) -> Medida:
    calificadas = [v for v in mes.visitas if v.nota is not None]
    return Medida(
        _ids(calificadas), _ids(v for v in calificadas if v.nota is not None and v.nota >= BUENA)
    )


def _calificadas(mes: Mes) -> Medida:
    atendidas = [v for v in mes.visitas if v.resultado in ATENDIDOS]
    return Medida(_ids(atendidas), _ids(v for v in atendidas if v.nota is not None))


def _escalado_a_tiempo(mes: Mes) -> Medida:
    """4.2. A case without a limit to escalate was never due."""
    escalados = [c for c in mes.casos if mes.paso(c.escalado) and c.limite_escalar is not None]
    a_tiempo = (
        c
        for c in escalados
        if c.escalado is not None
        and c.limite_escalar is not None
        and c.escalado <= c.limite_escalar
    )
    return Medida(_ids(escalados), _ids(a_tiempo))


def _escalado_el_mismo_dia(mes: Mes) -> Medida:
    escalados = [c for c in mes.casos if mes.paso(c.escalado)]
    return Medida(
        _ids(escalados),
        _ids(
            c
            for c in escalados
            if c.escalado is not None and dia_local(c.escalado) == dia_local(c.recepcion)
        ),
    )


def _area_a_tiempo(mes: Mes) -> Medida:
    respondidos = [c for c in mes.casos if mes.paso(c.respondido) and c.limite_interno is not None]
    a_tiempo = (
        c
        for c in respondidos
        if c.respondido is not None
        and c.limite_interno is not None
        and c.respondido <= c.limite_interno
    )
    return Medida(_ids(respondidos), _ids(a_tiempo))


def _legal_a_tiempo(mes: Mes) -> Medida:
    """What was due in the month: not what stood still, nor what ended before its limit without an
    answer being owed."""
    debidos = [
        c
        for c in mes.casos
        if mes.paso(c.limite_respuesta)
        and (c.enviado is not None or (not c.detenido and not _terminado_antes(c)))
    ]
    a_tiempo = (
        c
        for c in debidos
        if c.enviado is not None
        and c.limite_respuesta is not None
        and c.enviado <= c.limite_respuesta
    )
    return Medida(_ids(debidos), _ids(a_tiempo))


def _terminado_antes(c: CasoMes) -> bool:
    return (
        c.estado in estados.FINALES
        and c.cerrado is not None
        and c.limite_respuesta is not None
        and c.cerrado <= c.limite_respuesta
    )


def _vencidos_abiertos(mes: Mes) -> Medida:
    """Open at the end of the month with the legal limit behind them; their age in business days
    after it."""
    vencidos = [
        c
        for c in mes.casos
        if c.limite_respuesta is not None
        and c.limite_respuesta < mes.hasta
        and not c.detenido
        and (c.enviado is None or c.enviado >= mes.hasta)
        and (c.cerrado is None or c.cerrado >= mes.hasta)
    ]
    ultimo = ultimo_dia(mes.hasta)
    edades = {
        c.id: habiles_entre(dia_local(c.limite_respuesta), ultimo)
        for c in vencidos
        if c.limite_respuesta is not None
    }
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
    return Medida(
        atendidas, _ids(c for c in mes.casos if c.clase == "queja" and mes.paso(c.recepcion))
    )


def _de_clase(clase: str) -> Callable[[Mes], Medida]:
    def medir(mes: Mes) -> Medida:
        recibidos = [c for c in mes.casos if mes.paso(c.recepcion)]
        return Medida(_ids(recibidos), _ids(c for c in recibidos if c.clase == clase))

    return medir


def juntas(
    tramos: Iterable[tuple[dt.datetime, dt.datetime]],
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Times in order, those that touch as one."""
    unidas: list[tuple[dt.datetime, dt.datetime]] = []
    for desde, hasta in sorted(t for t in tramos if t[0] < t[1]):
        if unidas and desde <= unidas[-1][1]:
            unidas[-1] = unidas[-1][0], max(hasta, unidas[-1][1])
        else:
            unidas.append((desde, hasta))
    return unidas


def dentro(
    desde: dt.datetime, hasta: dt.datetime, tramos: Iterable[tuple[dt.datetime, dt.datetime]]
) -> int:
    """Seconds of these times, each counted once, between two instants."""
    comunes = ((min(hasta, t[1]) - max(desde, t[0])).total_seconds() for t in juntas(tramos))
    return sum(int(s) for s in comunes if s > 0)


def _disponible(mes: Mes) -> Medida:
    """An outage counts once for each point that was open: 23 points that stand still for an hour
    are 23 hours."""
    abierto = sum(int((j.hasta - j.desde).total_seconds()) for j in mes.jornadas)
    caidas = [(c.desde, c.hasta) for c in mes.caidas]
    caido = sum(dentro(j.desde, j.hasta, caidas) for j in mes.jornadas)
    return Medida(tuple(j.id for j in mes.jornadas), parte=(abierto - caido, abierto))


def _de_la_muestra(mes: Mes) -> list[EvaluacionMes]:
    return [e for e in mes.evaluaciones if e.modo == EXPEDIENTE and e.centesimas is not None]


def estimacion_f189(mes: Mes) -> Estimacion:
    """All strata of all weeks as one population: each weighs as many attentions as it had."""
    valores: dict[str, list[Decimal]] = {}
    poblacion: dict[str, int] = {}
    for e in _de_la_muestra(mes):
        clave = f"{e.canal} {e.semana} {e.estrato}"
        valores.setdefault(clave, []).append(Decimal(e.centesimas or 0) / 100)
        poblacion[clave] = e.poblacion
    return estimar(valores, poblacion, CONFIANZA)


def _calidad(mes: Mes) -> Medida:
    """The mean is exact; only the ends of the interval are rounded."""
    de_estrato: dict[tuple[str, str, str], list[EvaluacionMes]] = {}
    for e in _de_la_muestra(mes):
        de_estrato.setdefault((e.canal, e.semana, e.estrato), []).append(e)
    peso = sum(suyas[0].poblacion for suyas in de_estrato.values())
    suma = sum((suyas[0].poblacion * Fraction(sum(e.centesimas or 0 for e in suyas), 100 * len(suyas)) for suyas in de_estrato.values()),
               Fraction())  # fmt: skip
    return Medida(tuple(e.id for e in _de_la_muestra(mes)), exacto=suma / peso if peso else None)


def _extremo(cual: str) -> Callable[[Mes], Medida]:
    def medir(mes: Mes) -> Medida:
        valor: float | None = getattr(estimacion_f189(mes), cual)
        exacto = None if valor is None else Fraction(str(round(valor, 4)))
        return Medida(tuple(e.id for e in _de_la_muestra(mes)), exacto=exacto)

    return medir


def _observadas(mes: Mes) -> Medida:
    vistas = {
        e.id: e.centesimas
        for e in mes.evaluaciones
        if e.modo != EXPEDIENTE and e.centesimas is not None
    }
    return Medida(
        tuple(vistas), exacto=Fraction(sum(vistas.values()), 100 * len(vistas)) if vistas else None
    )


def _en_sitio(mes: Mes) -> Medida:
    """4.7. What was declared impossible stays planned."""
    return Medida(
        tuple(o.id for o in mes.observaciones), tuple(o.id for o in mes.observaciones if o.hecha)
    )


def _ids(filas: Iterable[Visita] | Iterable[CasoMes]) -> tuple[int, ...]:
    return tuple(f.id for f in filas)


def _por_ciento(n: int) -> Fraction:
    return Fraction(n, 100)


COBERTURA_EN_SITIO: Final = "I14.visitas"
_DE_F189: Final = frozenset({"total", "punto", "canal"})

INDICADORES: Final[Mapping[str, Indicador]] = {
    i.id: i
    for i in (
        Indicador("I1", marked("Tiempo de espera"), marked("Promedio de lo que esperó cada turno"), DURACION, "visitas", _esperas, media),
        Indicador("I1.p50", marked("Espera de la mitad"), marked("La mitad esperó esto o menos"), DURACION, "visitas", _esperas,
                  percentil(50)),
        Indicador(
            "I1.p90", marked("Espera de nueve de cada diez"), marked("Nueve de cada diez esperaron esto o menos"), DURACION, "visitas",
            _esperas,
            percentil(90), (None, Fraction(30 * 60)),
        ),
        Indicador(
            "I2", marked("Tiempo de atención"), marked("Promedio de lo que duró cada atención, sin pausas"), DURACION, "visitas",
            _atenciones,
            media,
            (Fraction(6 * 60), Fraction(15 * 60)),
        ),
        Indicador(
            "I3", marked("Nivel de servicio 80/15"),
            marked("Atendidos a los 15 minutos o menos ÷ turnos con su espera medida y los que se fueron"),
            PORCENTAJE, "visitas", _nivel_de_servicio, parte, (_por_ciento(80), None),
        ),
        Indicador(
            "I4", marked("Abandono"), marked("Ausentes y retirados ÷ turnos dados"), PORCENTAJE, "visitas", _abandono, parte, (None,
            _por_ciento(5)),
        ),
        Indicador(
            "I5", marked("Resolución en el primer contacto"),
            marked("Casos resueltos en el punto, sin otro igual de la misma persona en siete días ÷ casos de una atención"), PORCENTAJE,
            "casos",
            _primer_contacto, parte, (_por_ciento(75), None),
        ),
        Indicador(
            "I6", marked("Satisfacción"), marked("Calificaciones de 4 y 5 ÷ calificaciones"), PORCENTAJE, "visitas", _satisfechos, parte,
            (_por_ciento(85), None),
        ),
        Indicador(
            "I6.tasa", marked("Tasa de calificación"), marked("Atenciones calificadas ÷ atenciones"), PORCENTAJE, "visitas", _calificadas,
            parte,
            (_por_ciento(60), None),
        ),
        Indicador(
            "I7", marked("Escalado en cinco días hábiles"), marked("Casos escalados dentro de su plazo ÷ casos escalados (4.2)"),
            PORCENTAJE,
            "casos",
            _escalado_a_tiempo, parte, (_por_ciento(100), None),
        ),
        Indicador("I7.hoy", marked("Escalado el mismo día"), marked("Casos escalados el día en que se recibieron ÷ casos escalados"),
                  PORCENTAJE,
                  "casos",
                  _escalado_el_mismo_dia, parte),
        Indicador(
            "I8", marked("Respuesta del área en su plazo interno"),
            marked("Casos que el área respondió dentro del plazo interno ÷ casos que respondió"),
            PORCENTAJE, "casos", _area_a_tiempo, parte, (_por_ciento(95), None),
        ),
        Indicador(
            "I9", marked("Respuesta a la persona en el término legal"),
            marked("Casos respondidos dentro del término, con su prórroga ÷ casos que vencían"),
            PORCENTAJE, "casos", _legal_a_tiempo, parte, (_por_ciento(100), None),
        ),
        Indicador(
            "I10", marked("Vencidos sin respuesta"), marked("Casos abiertos al terminar el mes con el término legal vencido"), CASOS,
            "casos",
            _vencidos_abiertos, cuantos, (None, Fraction(0)),
        ),
        Indicador("I10.edad", marked("Antigüedad de los vencidos"), marked("Promedio de días hábiles desde que vencieron"), HABILES,
                  "casos",
                  _vencidos_abiertos, media),
        Indicador(
            "I11", marked("Reasignaciones"), marked("Casos que pasaron por dos áreas o más ÷ casos escalados"), PORCENTAJE, "casos",
            _reasignados,
            parte,
            (None, _por_ciento(5)),
        ),
        Indicador(
            "I12", marked("Actualización de datos"), marked("Atenciones con datos actualizados (5.2.7) ÷ atenciones de titulares"),
            PORCENTAJE,
            "visitas",
            _datos_actualizados, parte, (_por_ciento(90), None),
        ),
        Indicador(
            "I13", marked("Disponibilidad del CRM"),
            marked("1 − tiempo caído en horario de atención ÷ horario de atención que se vigiló, punto por punto"),
            DISPONIBLE, "jornadas", _disponible, de_tiempo, (_por_ciento(99), None), frozenset({"total", "punto"}),
        ),
        Indicador(
            "I14", marked("Calidad F189"),
            marked("Puntaje de los F189 de la muestra, según su expediente, con el peso de cada estrato; auditorías "
            "remitidas en el mes"), PUNTOS, "evaluaciones", _calidad, ya_hecho, (Fraction(85), None), _DE_F189,
        ),
        Indicador("I14.desde", marked("Calidad F189, desde"), marked("Donde empieza el intervalo del 90 %"), PUNTOS, "evaluaciones",
                  _extremo("desde"), ya_hecho, dimensiones=_DE_F189),
        Indicador("I14.hasta", marked("Calidad F189, hasta"), marked("Donde termina el intervalo del 90 %"), PUNTOS, "evaluaciones",
                  _extremo("hasta"), ya_hecho, dimensiones=_DE_F189),
        Indicador(
            "I14.sitio", marked("Calidad observada en los puntos"),
            marked("Promedio de los F189 de las visitas de esas auditorías; no representa el mes"),
            PUNTOS, "evaluaciones", _observadas, ya_hecho, dimensiones=_DE_F189,
        ),
        Indicador(
            COBERTURA_EN_SITIO, marked("Observaciones en los puntos"),
            marked("Hechas ÷ planeadas en las auditorías que terminaban en el mes; las imposibles siguen planeadas (4.7)"),
            COBERTURA, "observaciones", _en_sitio, parte, (_por_ciento(100), None), _DE_F189, de_la_entidad=True,
        ),
        Indicador("I15.solicitud", marked("Solicitudes"), marked("Solicitudes ÷ casos recibidos"), PORCENTAJE, "casos",
                  _de_clase("solicitud"),
                  parte),
        Indicador("I15.queja", marked("Quejas"), marked("Quejas ÷ casos recibidos"), PORCENTAJE, "casos", _de_clase("queja"), parte),
        Indicador("I15.reclamo", marked("Reclamos"), marked("Reclamos ÷ casos recibidos"), PORCENTAJE, "casos", _de_clase("reclamo"),
                  parte),
        Indicador("I15.mil", marked("Quejas por mil atenciones"), marked("Quejas × 1.000 ÷ personas atendidas"), POR_MIL, "casos",
                  _quejas, por_mil),
    )
}  # fmt: skip


# --- by point, adviser, channel, hour -------------------------------------------------------------
DIMENSIONES: Final[Mapping[str, Callable[[Visita | CasoMes], str]]] = {
    "total": lambda _f: "",
    "punto": lambda f: f.punto,
    "asesor": lambda f: f.asesor,
    "canal": lambda f: f.canal,
    "franja": lambda f: f"{f.franja:02}",
}


def partes(mes: Mes, dimension: str) -> dict[str, Mes]:
    """The month of each point, adviser, channel or hour; what nobody has ("" as adviser) is no
    part. Parts are those of turns and cases; what is not told of a dimension stays with none of its
    parts.
    """
    clave = DIMENSIONES[dimension]
    visitas: dict[str, list[Visita]] = {}
    casos: dict[str, list[CasoMes]] = {}
    for v in mes.visitas:
        visitas.setdefault(clave(v), []).append(v)
    for c in mes.casos:
        casos.setdefault(clave(c), []).append(c)
    # a point that nobody came to owes what was planned there
    planeadas = (
        {getattr(o, dimension) for o in mes.observaciones}
        if dimension in ("punto", "canal")
        else set()
    )
    claves = (
        sorted({*visitas, *casos})
        if dimension == "total"
        else sorted({*visitas, *casos, *planeadas} - {""})
    )
    return {
        k: Mes(
            mes.desde,
            mes.hasta,
            visitas.get(k, []),
            casos.get(k, []),
            [
                j
                for j in mes.jornadas
                if dimension == "total" or (dimension == "punto" and j.punto == k)
            ],
            mes.caidas,
            [
                e
                for e in mes.evaluaciones
                if dimension == "total"
                or (dimension in ("punto", "canal") and getattr(e, dimension) == k)
            ],
            [
                o
                for o in mes.observaciones
                if dimension == "total"
                or (dimension in ("punto", "canal") and getattr(o, dimension) == k)
            ],
            mes.tablas,
        )
        for k in claves or ([""] if dimension == "total" else [])
    }


def se_dice(i: Indicador, dimension: str, mes: Mes) -> bool:
    """Whether it is told of this dimension, of a month that kept what it counts."""
    return i.de in mes.tablas and (i.dimensiones is None or dimension in i.dimensiones)
