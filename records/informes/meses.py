"""Closing a month: its data are frozen as they stand, with a hash, and every figure is made of them
(5.2.23).

A month is closed once it has ended. What is corrected afterwards comes with another version, its
reason and a hash of its own. What is entered after the first closing belongs to the month in which
it was entered, marked as late: no closed figure moves by itself.
"""

import datetime as dt
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import and_, func, insert, or_, select
from sqlalchemy.orm import Session

from common.language import said
from records.auditorias import auditorias, muestras
from records.auditorias.reglas.muestra import Estimacion
from records.base.actos import Acto
from records.base.comprobaciones import Verificados, cada_una
from records.base.consultas import tandas
from records.base.errores import DatoInvalido, NoExiste
from records.base.pedidos import Avance
from records.base.reglas.huellas import canonico, sha256
from records.casos.detenidos import esta_detenido
from records.casos.tablas import Caso, Escalonamiento
from records.informes import disponibilidad
from records.informes.reglas.indicadores import (
    DIMENSIONES,
    INDICADORES,
    CaidaMes,
    CasoMes,
    EvaluacionMes,
    Jornada,
    Mes,
    ObservacionMes,
    Visita,
    estimacion_f189,
    juntas,
    partes,
    se_dice,
)
from records.informes.tablas import IndicadorMes, MesCerrado, MesDatos
from records.lugares.puntos import horario_de, puntos
from records.plazos.reglas.calendario import ZONA, instante, ultimo_dia
from records.visita.tablas import Atencion, Calificacion, Turno, TurnoPeriodo

ESPERA, ATENCION, PAUSA = "espera", "atencion", "pausa"
REPITE: Final = dt.timedelta(days=7)  # I5
#: of so many numbers at most one is a turn of the month, or each is looked for by itself
SEGUIDOS: Final = 4
_MEDIANOCHE: Final = dt.time(0)
_FILAS: Final[dict[str, Any]] = {
    "visitas": Visita,
    "casos": CasoMes,
    "jornadas": Jornada,
    "caidas": CaidaMes,
    "evaluaciones": EvaluacionMes,
    "observaciones": ObservacionMes,
}
#: what the first closings kept; the others came with I13, I14 and its coverage
_SIEMPRE: Final = frozenset({"visitas", "casos"})
_CAMPOS: Final = {clase: tuple(f.name for f in fields(clase)) for clase in _FILAS.values()}


# --- which month ----------------------------------------------------------------------------------
def del_mes(dia: dt.date) -> dt.date:
    return dia.replace(day=1)


def siguiente(mes: dt.date) -> dt.date:
    return (mes.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def anterior(mes: dt.date) -> dt.date:
    return del_mes(mes - dt.timedelta(days=1))


def limites(mes: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """Its first instant and that of the next, in Colombia."""
    return instante(mes, _MEDIANOCHE), instante(siguiente(mes), _MEDIANOCHE)


def versiones(session: Session, mes: dt.date | None = None) -> Sequence[MesCerrado]:
    """Of one month or of all, the latest first."""
    consulta = select(MesCerrado).order_by(MesCerrado.mes.desc(), MesCerrado.version.desc())
    return session.scalars(
        consulta.where(MesCerrado.mes == mes) if mes is not None else consulta
    ).all()


def vigente(session: Session, mes: dt.date) -> MesCerrado | None:
    """The last version of a month; None: it is not closed."""
    return session.scalar(
        select(MesCerrado).where(MesCerrado.mes == mes).order_by(MesCerrado.version.desc()).limit(1)
    )


def de_id(session: Session, version_id: int) -> MesCerrado:
    """The version that a report was made of."""
    return session.get_one(MesCerrado, version_id)


def tardios(session: Session, mes: dt.date) -> int:
    """Turns of a month that were entered after it was closed: they count in the month in which they
    were entered."""
    cerrado = select(func.min(MesCerrado.cerrado)).where(MesCerrado.mes == mes).scalar_subquery()
    suyos = (Turno.fecha >= mes, Turno.fecha < siguiente(mes), Turno.creado > cerrado)
    return session.scalar(select(func.count()).select_from(Turno).where(*suyos)) or 0


def sin_cerrar(session: Session, hoy: dt.date) -> list[dt.date]:
    """Months that have ended, from that of the first turn on, and are not closed; the oldest
    first."""
    primero = session.scalar(select(func.min(Turno.fecha)))
    cerrados = {v.mes for v in versiones(session)}
    faltan, mes = [], del_mes(primero) if primero is not None else del_mes(hoy)
    while mes < del_mes(hoy):
        faltan += [mes] if mes not in cerrados else []
        mes = siguiente(mes)
    return faltan


# --- closing --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PorGuardar:
    """A month as it was read, and its figures: all of a closing that takes its time, before
    anything is written."""

    mes: dt.date
    antes: int  #: versions that there were
    acto: Acto
    motivo: str
    #: table → rows, hash of its canonical lines, these compressed
    datos: Mapping[str, tuple[int, str, bytes]]
    cifras: Sequence[dict[str, Any]]

    def del_total(self) -> list["Cifra"]:
        """The figures of the whole entity, as `cifras` reads them once they are written."""
        return [_cifra(**c) for c in self.cifras if c["dimension"] == "total"]


#: What a closing does, in order; told with how many of how many are done.
PASOS: Final = ("visitas", "casos", "cifras", "guardar")


def cerrar(session: Session, mes: dt.date, acto: Acto, motivo: str = "") -> MesCerrado:
    """Freeze a month at once. DatoInvalido: it has not ended, or it is closed and no reason for
    another version is given."""
    return guardar(session, reunir(session, mes, acto, motivo))


def reunir(
    session: Session, mes: dt.date, acto: Acto, motivo: str = "", avance: Avance = lambda *_: None
) -> PorGuardar:
    """Read the month and count it; nothing is written, so that nobody waits meanwhile.
    DatoInvalido: as `cerrar`."""
    se_puede_cerrar(session, mes, motivo, acto.now)
    desde, hasta = limites(mes)
    antes = versiones(session, mes)
    primera = antes[-1].cerrado if antes else acto.now
    avance("visitas", 0, 1)
    visitas = _visitas(session, mes, primera)
    avance("casos", 0, 1)
    casos, caidas = _casos(session, desde, hasta), _caidas(session, mes)
    visto = Mes(
        desde,
        hasta,
        visitas,
        casos,
        _jornadas(session, mes, caidas),
        caidas,
        _evaluaciones(session, desde, hasta),
        _observaciones(session, desde, hasta),
    )
    datos = {tabla: _congelada(getattr(visto, tabla)) for tabla in _FILAS}
    return PorGuardar(mes, len(antes), acto, motivo.strip(), datos, list(_cifras(visto, avance)))


def se_puede_cerrar(session: Session, mes: dt.date, motivo: str, now: dt.datetime) -> None:
    """DatoInvalido: the month has not ended, or it is closed and no reason for another version is
    given."""
    if now < limites(mes)[1]:
        raise DatoInvalido("El mes no ha terminado: se cierra desde el primer día del siguiente.")
    if versiones(session, mes) and not motivo.strip():
        raise DatoInvalido("Este mes ya está cerrado: escriba por qué se hace otra versión.")


def guardar(session: Session, hecho: PorGuardar) -> MesCerrado:
    """Write what was read. DatoInvalido: somebody closed the month meanwhile."""
    antes = versiones(session, hecho.mes)
    if len(antes) != hecho.antes:
        raise DatoInvalido(
            "Otra persona cerró este mes mientras tanto: mire esa versión antes de hacer otra."
        )
    huellas = {tabla: huella for tabla, (_filas, huella, _contenido) in hecho.datos.items()}
    cerrado = MesCerrado(
        mes=hecho.mes,
        version=antes[0].version + 1 if antes else 1,
        cerrado=hecho.acto.now,
        por=hecho.acto.quien,
        motivo=hecho.motivo,
        huella="",
    )
    cerrado.huella = sha256(_cabeza(cerrado, huellas))
    session.add(cerrado)
    session.flush()
    for tabla, (filas, huella, contenido) in hecho.datos.items():
        session.add(
            MesDatos(
                mes_id=cerrado.id, tabla=tabla, filas=filas, huella=huella, contenido=contenido
            )
        )
    if hecho.cifras:
        session.execute(
            insert(IndicadorMes), [{"mes_id": cerrado.id, **cifra} for cifra in hecho.cifras]
        )
    session.flush()
    return cerrado


def _visitas(session: Session, mes: dt.date, primera: dt.datetime) -> list[Visita]:
    """Turns of its days entered before it was first closed, and those of closed months that were
    entered in it, as late."""
    desde, hasta = limites(mes)
    suyas = and_(Turno.fecha >= mes, Turno.fecha < siguiente(mes), Turno.creado <= primera)
    cierres: dict[dt.date, dt.datetime] = {}
    for v in reversed(versiones(session)):
        cierres.setdefault(v.mes, v.cerrado)
    tardias = and_(Turno.fecha < mes, Turno.creado >= desde, Turno.creado < hasta)
    filas = [
        f
        for f in session.execute(_TURNOS.where(or_(suyas, tardias)))
        if f.fecha >= mes or _es_tardia(f.fecha, f.creado, cierres)
    ]
    return _vistas(session, filas, mes)


_TURNOS: Final = (
    select(
        Turno.id, Turno.punto_id, Turno.fecha, Turno.llegada, Turno.creado, Turno.ficha, Turno.motivo_visita, Turno.resultado,
        Turno.case_key, Atencion.asesor_id, Atencion.titularidad, Atencion.datos_actualizados, Calificacion.valor,
    )
    .outerjoin(Atencion, Atencion.turno_id == Turno.id)
    .outerjoin(Calificacion, and_(Calificacion.turno_id == Turno.id, Calificacion.momento == "atencion"))
    .order_by(Turno.id)
)  # fmt: skip


def visitas_del_dia(session: Session, dia: dt.date) -> list[Visita]:
    """The turns of one day as a closing sees them; by an index."""
    return _vistas(session, session.execute(_TURNOS.where(Turno.fecha == dia)).all(), dia)


def _vistas(session: Session, filas: Sequence[Any], desde: dt.date) -> list[Visita]:
    """What belongs to a day before `desde` was entered late."""
    tiempos = _tiempos(session, [f.id for f in filas])
    return [
        Visita(
            id=f.id,
            punto=f.punto_id,
            asesor=f.asesor_id or "",
            canal="presencial",
            franja=f.llegada.astimezone(ZONA).hour,
            llegada=f.llegada.isoformat(),
            ficha=f.ficha or "",
            motivo=f.motivo_visita,
            resultado=f.resultado or "",
            espera=tiempos[f.id][0],
            atencion=tiempos[f.id][1],
            titular=f.titularidad == "verificada",
            datos_actualizados=bool(f.datos_actualizados),
            nota=f.valor,
            tardia=f.fecha < desde,
            case_key=f.case_key or "",
        )
        for f in filas
    ]


def _es_tardia(fecha: dt.date, creado: dt.datetime, cierres: dict[dt.date, dt.datetime]) -> bool:
    cierre = cierres.get(del_mes(fecha))
    return cierre is not None and creado > cierre


def _tiempos(session: Session, turnos: Sequence[int]) -> dict[int, tuple[int | None, int | None]]:
    """Seconds of waiting and of attention of each turn; None where an hour was written down by
    hand, or nothing of it happened."""
    sumas: dict[int, dict[str, float]] = defaultdict(dict)
    dudosos = set()
    if turnos:
        pedidos = set(turnos)
        periodos = select(
            TurnoPeriodo.turno_id,
            TurnoPeriodo.estado,
            TurnoPeriodo.inicio,
            TurnoPeriodo.fin,
            TurnoPeriodo.confiable,
        )
        # as a month's turns are: one look for all
        seguidos = max(turnos) - min(turnos) < SEGUIDOS * len(turnos)
        donde = (
            [TurnoPeriodo.turno_id.between(min(turnos), max(turnos))]
            if seguidos
            else [TurnoPeriodo.turno_id.in_(tanda) for tanda in tandas(turnos)]
        )
        for p in (p for cuales in donde for p in session.execute(periodos.where(cuales))):
            if p.turno_id not in pedidos:
                continue
            if not p.confiable or p.fin is None:
                dudosos.add(p.turno_id)
                continue
            suma = sumas[p.turno_id]
            suma[p.estado] = suma.get(p.estado, 0.0) + (p.fin - p.inicio).total_seconds()

    def segundos(turno: int, estado: str) -> int | None:
        suma = sumas[turno].get(estado)
        return None if suma is None or turno in dudosos else round(suma)

    return {t: (segundos(t, ESPERA), segundos(t, ATENCION)) for t in turnos}


def _casos(session: Session, desde: dt.datetime, hasta: dt.datetime) -> list[CasoMes]:
    """Cases received, escalated, answered, due or ended in the month, and those that it left open
    and overdue."""
    momentos = (
        Caso.recepcion,
        Caso.escalado,
        Caso.respondido,
        Caso.enviado,
        Caso.cerrado,
        Caso.limite_respuesta,
    )
    en_el_mes = [and_(m >= desde, m < hasta) for m in momentos]
    abierto = and_(
        Caso.limite_respuesta < desde,
        or_(Caso.enviado.is_(None), Caso.enviado >= hasta),
        or_(Caso.cerrado.is_(None), Caso.cerrado >= hasta),
    )
    areas = (
        select(Escalonamiento.caso_id, func.max(Escalonamiento.n).label("n"))
        .group_by(Escalonamiento.caso_id)
        .subquery()
    )
    consulta = (
        select(Caso, func.coalesce(areas.c.n, 0).label("areas"), esta_detenido().label("detenido"))
        .outerjoin(areas, areas.c.caso_id == Caso.id)
        .where(or_(*en_el_mes, abierto))
        .order_by(Caso.id)
    )
    filas = session.execute(consulta).all()
    repetidos = _repetidos(session, [f.Caso for f in filas if desde <= f.Caso.recepcion < hasta])
    return [
        _caso(f.Caso, f.areas, detenido=bool(f.detenido), repetido=f.Caso.id in repetidos)
        for f in filas
    ]


def _caso(c: Caso, areas: int, *, detenido: bool, repetido: bool) -> CasoMes:
    return CasoMes(
        id=c.id,
        radicado=c.radicado or "",
        punto=c.punto_id,
        asesor=c.asesor_id,
        canal=c.canal,
        franja=c.recepcion.astimezone(ZONA).hour,
        area=c.area_id or "",
        clase=c.clase,
        tema=c.tema,
        estado=c.estado,
        recepcion=c.recepcion,
        escalado=c.escalado,
        limite_escalar=c.limite_escalar,
        areas=areas,
        limite_interno=c.limite_interno,
        respondido=c.respondido,
        limite_respuesta=c.limite_respuesta,
        detenido=detenido,
        enviado=c.enviado,
        cerrado=c.cerrado,
        de_visita=c.turno_id is not None,
        resuelto_en_punto=c.resuelto_primer_contacto,
        repetido=repetido,
        case_key=c.case_key or "",
    )


def _repetidos(session: Session, casos: Sequence[Caso]) -> set[int]:
    """Those after which the same person came with the same theme within seven days, as far as it is
    known now."""
    if not casos:
        return set()
    primero = min(c.recepcion for c in casos)
    llegaron: dict[tuple[int, str], list[dt.datetime]] = defaultdict(list)
    for persona, tema, cuando in session.execute(
        select(Caso.persona_id, Caso.tema, Caso.recepcion).where(Caso.recepcion >= primero)
    ):
        llegaron[persona, tema].append(cuando)
    return {
        c.id
        for c in casos
        if any(
            c.recepcion < otra <= c.recepcion + REPITE for otra in llegaron[c.persona_id, c.tema]
        )
    }


def _caidas(session: Session, mes: dt.date) -> list[CaidaMes]:
    """Those that touch the month; one that goes on, until its end."""
    fin = limites(mes)[1]
    suyas = sorted(disponibilidad.caidas(session, mes, ultimo_dia(fin)), key=lambda c: c.id)
    return [
        CaidaMes(c.id, _en_segundos(c.desde), _en_segundos(c.hasta or fin), c.causa, c.origen)
        for c in suyas
    ]


def _jornadas(session: Session, mes: dt.date, caidas: Sequence[CaidaMes]) -> list[Jornada]:
    """The opening hours of each point, as far as it is known whether the CRM answered: watched, or
    down."""
    ultimo = ultimo_dia(limites(mes)[1])
    vigilados = [
        (_en_segundos(v.primera), _en_segundos(v.ultima))
        for v in disponibilidad.dias(session, mes, ultimo)
    ]
    sabidos = juntas([*vigilados, *((c.desde, c.hasta) for c in caidas)])
    hechas: list[Jornada] = []
    for punto in sorted(puntos(session), key=lambda p: p.codigo):
        for n in range((ultimo - mes).days + 1):
            if (horario := horario_de(punto, mes + dt.timedelta(days=n))) is None:
                continue
            for desde, hasta in sabidos:
                d, h = max(desde, horario[0]), min(hasta, horario[1])
                if d < h:
                    hechas.append(Jornada(len(hechas) + 1, punto.codigo, d, h))
    return hechas


def _en_segundos(cuando: dt.datetime) -> dt.datetime:
    return cuando.replace(microsecond=0)


def _evaluaciones(session: Session, desde: dt.datetime, hasta: dt.datetime) -> list[EvaluacionMes]:
    """The F189 of audits whose copy left in the month: they are final, and who is in them has
    them."""
    hechas = []
    for a, cuando in auditorias.remitidas(session, desde, hasta):
        poblacion = {estrato: len(codigos) for estrato, codigos in muestras.guardada(a).items()}
        for e in auditorias.resumen(session, a).filas:
            if e.f189 is not None:
                f, fila = e.f189, e.fila
                hechas.append(
                    EvaluacionMes(
                        id=f.id,
                        punto=f.punto_id,
                        asesor=f.asesor_id,
                        canal=a.canal,
                        semana=a.semana,
                        modo=fila.modo,
                        estrato=fila.estrato,
                        poblacion=poblacion.get(fila.estrato, 0),
                        atencion=muestras.codigo(fila.punto_id, fila.atencion_id or 0),
                        centesimas=None if f.puntaje is None else round(f.puntaje * 100),
                        liberada=cuando,
                    )
                )
    return sorted(hechas, key=lambda e: e.id)


def _observaciones(
    session: Session, desde: dt.datetime, hasta: dt.datetime
) -> list[ObservacionMes]:
    """Of the audits that were due in the month: one that never left takes none of them away."""
    return [
        ObservacionMes(
            id=o.planeada.id,
            punto=o.planeada.punto_id,
            canal=a.canal,
            semana=a.semana,
            orden=o.planeada.orden,
            hecha=o.hecha,
            motivo=o.motivo,
        )
        for a, o in muestras.planeadas_entre(session, desde, hasta)
    ]


def _cifras(mes: Mes, avance: Avance = lambda *_: None) -> Iterator[dict[str, Any]]:
    todas = [(d, clave, parte) for d in DIMENSIONES for clave, parte in partes(mes, d).items()]
    for n, (dimension, clave, parte) in enumerate(todas):
        avance("cifras", n, len(todas))
        for i in (i for i in INDICADORES.values() if se_dice(i, dimension, mes)):
            medida = i.medir(parte)
            valor = i.valor(medida)
            yield {
                "indicador": i.id,
                "dimension": dimension,
                "clave": clave,
                "numerador": medida.numerador,
                "n": medida.n,
                "arriba": None if valor is None else valor.numerator,
                "abajo": None if valor is None else valor.denominator,
            }


# --- what was frozen ------------------------------------------------------------------------------
def _lineas(filas: Iterable[Any]) -> bytes:
    """Canonical: keys in order, instants as ISO in UTC, one row a line, by id."""
    return b"".join(
        canonico({nombre: getattr(f, nombre) for nombre in _CAMPOS[type(f)]}) + b"\n" for f in filas
    )


def _congelada(filas: Sequence[Any]) -> tuple[int, str, bytes]:
    lineas = _lineas(filas)
    return len(filas), sha256(lineas), zlib.compress(lineas, 6)


def _cabeza(v: MesCerrado, huellas: dict[str, str]) -> bytes:
    cabeza = {
        "mes": v.mes.isoformat(),
        "version": v.version,
        "cerrado": v.cerrado,
        "por": v.por,
        "motivo": v.motivo,
        **huellas,
    }
    return canonico(cabeza)


@dataclass(frozen=True, slots=True)
class Congelado:
    """What a version holds, and what does not agree with its hashes: nothing, when it is as it was
    closed."""

    mes: Mes
    filas: dict[str, int]
    faltas: tuple[str, ...]


def leer(session: Session, version: MesCerrado) -> Congelado:
    """The frozen data of a version; each hash is computed again."""
    guardados = {
        d.tabla: d for d in session.scalars(select(MesDatos).where(MesDatos.mes_id == version.id))
    }
    if not _SIEMPRE <= guardados.keys() <= _FILAS.keys():
        raise NoExiste(
            "Faltan datos del mes %(mes)s, versión %(version)s.",
            mes=f"{version.mes:%Y-%m}",
            version=version.version,
        )
    textos = {tabla: zlib.decompress(d.contenido) for tabla, d in guardados.items()}
    huellas = {tabla: sha256(texto) for tabla, texto in textos.items()}
    faltas = [
        said("tabla %(t)s", t=t)
        for t, h in huellas.items()
        if h != guardados[t].huella or textos[t].count(b"\n") != guardados[t].filas
    ]
    if sha256(_cabeza(version, huellas)) != version.huella:
        faltas.append(said("huella del mes"))
    desde, hasta = limites(version.mes)
    leidas: dict[str, Any] = {
        t: [_leer(_FILAS[t], json.loads(linea)) for linea in texto.splitlines()]
        for t, texto in textos.items()
    }
    visto = Mes(desde, hasta, **leidas, tablas=frozenset(textos))
    return Congelado(visto, {t: d.filas for t, d in guardados.items()}, tuple(faltas))


def guardado(session: Session, version: MesCerrado) -> list[tuple[str, int, str]]:
    """Table, rows and hash of each part that a version keeps, as they were written at its closing;
    the rows are not read."""
    consulta = (
        select(MesDatos.tabla, MesDatos.filas, MesDatos.huella)
        .where(MesDatos.mes_id == version.id)
        .order_by(MesDatos.id)
    )
    return [(f.tabla, f.filas, f.huella) for f in session.execute(consulta)]


def calidad_por_semana(session: Session, version: MesCerrado) -> list[tuple[str, Estimacion]]:
    """I14 of each week whose audit left in the month, of what was frozen; of the other tables
    nothing is read."""
    de_semana: dict[str, list[EvaluacionMes]] = {}
    for e in _solo(session, version, "evaluaciones"):
        de_semana.setdefault(e.semana, []).append(e)
    limites_ = limites(version.mes)
    hechas = (
        (s, estimacion_f189(Mes(*limites_, (), (), evaluaciones=suyas_)))
        for s, suyas_ in sorted(de_semana.items())
    )
    return [(semana, e) for semana, e in hechas if e.media is not None]


def sin_observar(session: Session, version: MesCerrado) -> list[ObservacionMes]:
    """What was planned at the points and not done, of what was frozen."""
    return [o for o in _solo(session, version, "observaciones") if not o.hecha]


def _solo(session: Session, version: MesCerrado, tabla: str) -> list[Any]:
    """The rows of one of its tables; none where the closing did not keep it."""
    suyas = (MesDatos.mes_id == version.id, MesDatos.tabla == tabla)
    guardadas = session.scalar(select(MesDatos.contenido).where(*suyas))
    lineas = zlib.decompress(guardadas).splitlines() if guardadas is not None else []
    return [_leer(_FILAS[tabla], json.loads(linea)) for linea in lineas]


_INSTANTES: Final = {
    clase: frozenset(f.name for f in fields(clase) if "datetime" in str(f.type))
    for clase in _FILAS.values()
}


def _leer(clase: Any, valores: dict[str, Any]) -> Any:
    instantes = _INSTANTES[clase]
    return clase(
        **{
            k: dt.datetime.fromisoformat(v) if k in instantes and v else v
            for k, v in valores.items()
        }
    )


def verificar_todos(session: Session) -> Verificados:
    """Every version of every month, each by itself."""
    return cada_una(session, MesCerrado, lambda version: _faltas(session, version))


def _faltas(session: Session, version: MesCerrado) -> Iterator[str]:
    if faltas := verificar(session, version):
        yield said(
            "mes %(m)s, versión %(v)s: %(f)s",
            m=f"{version.mes:%Y-%m}",
            v=version.version,
            f=", ".join(faltas),
        )


def verificar(session: Session, version: MesCerrado) -> tuple[str, ...]:
    """What is not as it was closed: tables, the hash of the month, figures that its data do not
    give."""
    congelado = leer(session, version)
    dados = {(c["indicador"], c["dimension"], c["clave"]): c for c in _cifras(congelado.mes)}
    guardadas = session.scalars(select(IndicadorMes).where(IndicadorMes.mes_id == version.id)).all()
    iguales = len(guardadas) == len(dados) and all(
        (c := dados.get((g.indicador, g.dimension, g.clave))) is not None
        and (g.numerador, g.n, g.arriba, g.abajo)
        == (c["numerador"], c["n"], c["arriba"], c["abajo"])
        for g in guardadas
    )
    return congelado.faltas if iguales else (*congelado.faltas, said("indicadores"))


def sin_contar(session: Session, version: MesCerrado) -> int:
    """Turns of its days that no figure counts: entered, by the clock, before the month was first
    closed, and not among its rows.

    That happens where the clock of the machine ran ahead when the month was closed, or was set back
    afterwards: what was entered then is neither of this month's rows nor late in another. The next
    version of the month takes it.
    """
    primera = versiones(session, version.mes)[-1].cerrado
    suyos = (
        Turno.fecha >= version.mes,
        Turno.fecha < siguiente(version.mes),
        Turno.creado <= primera,
    )
    hoy = session.scalar(select(func.count()).select_from(Turno).where(*suyos)) or 0
    guardadas = session.scalars(
        select(MesDatos).where(MesDatos.mes_id == version.id, MesDatos.tabla == "visitas")
    ).one()
    # as `canonico` writes it; inside a text it has backslashes
    de_otros = zlib.decompress(guardadas.contenido).count(b'"tardia":true')
    return max(0, hoy - (guardadas.filas - de_otros))


# --- the figures ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Cifra:
    """A figure of a closed month."""

    indicador: str
    clave: str
    numerador: int
    n: int
    valor: Fraction | None


def _cifra(
    indicador: str,
    clave: str,
    numerador: int,
    n: int,
    arriba: int | None,
    abajo: int | None,
    **_resto: object,
) -> Cifra:
    valor = None if arriba is None or abajo is None else Fraction(arriba, abajo)
    return Cifra(indicador, clave, numerador, n, valor)


def cifras(
    session: Session, version_id: int, dimension: str = "total", clave: str | None = ""
) -> list[Cifra]:
    """Of one point, adviser, channel or hour; `clave` None: of each."""
    consulta = select(IndicadorMes).where(
        IndicadorMes.mes_id == version_id, IndicadorMes.dimension == dimension
    )
    if clave is not None:
        consulta = consulta.where(IndicadorMes.clave == clave)
    return [
        _cifra(g.indicador, g.clave, g.numerador, g.n, g.arriba, g.abajo)
        for g in session.scalars(consulta.order_by(IndicadorMes.id))
    ]


def cambiadas(
    antes: Sequence[Cifra], ahora: Sequence[Cifra]
) -> list[tuple[Cifra | None, Cifra | None]]:
    """What is other in another version, as it was and as it is; None: it had, or has, none."""
    viejas, nuevas = ({(c.indicador, c.clave): c for c in suyas} for suyas in (antes, ahora))
    pares = [(viejas.get(clave), nuevas.get(clave)) for clave in dict.fromkeys((*viejas, *nuevas))]
    return [(a, b) for a, b in pares if a != b]


def por_hora(session: Session, version: MesCerrado, punto: str, indicador: str) -> list[Cifra]:
    """An indicator of turns, of those of a point, by hour of arrival ("08"): of what was frozen.
    The rows of other points are not read."""
    suyas = (MesDatos.mes_id == version.id, MesDatos.tabla == "visitas")
    guardadas = session.scalar(select(MesDatos.contenido).where(*suyas))
    dicho = b'"punto":' + canonico(punto)
    lineas = (
        [linea for linea in zlib.decompress(guardadas).splitlines() if dicho in linea]
        if guardadas is not None
        else []
    )
    visitas = [v for linea in lineas if (v := _leer(Visita, json.loads(linea))).punto == punto]
    i, hechas = INDICADORES[indicador], list[Cifra]()
    for hora, parte in partes(Mes(*limites(version.mes), visitas, ()), "franja").items():
        medida = i.medir(parte)
        hechas.append(Cifra(indicador, hora, medida.numerador, medida.n, i.valor(medida)))
    return hechas


def tendencia(
    session: Session, hasta: dt.date, dimension: str, clave: str, meses: int = 13
) -> dict[dt.date, dict[str, Cifra]]:
    """The figures of the last version of each closed month up to this one, the oldest first: this
    month, those before, a year ago."""
    cerrados: dict[dt.date, MesCerrado] = {}
    for v in versiones(session):
        if v.mes <= hasta:
            cerrados.setdefault(v.mes, v)
    ultimos = sorted(cerrados)[-meses:]
    return {
        mes: {c.indicador: c for c in cifras(session, cerrados[mes].id, dimension, clave)}
        for mes in ultimos
    }
