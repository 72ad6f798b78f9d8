"""Statements of records.visita.turnos: a turn changes its period in each activity."""

import datetime as dt
from typing import Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import bindparam, select

from common.prepared import Prepared, Query
from records.base.tablas import tabla_de
from records.casos.tablas import Caso
from records.lugares.tablas import Punto
from records.visita.reglas.turnos import (
    ATENCION,
    CERRADO,
    EN_EL_MODULO,
    ESPERA,
    LLAMABLES,
    LLAMADO,
    TRASLADADO,
)
from records.visita.tablas import Atencion, DigiturnoModo, DigiturnoTicket, Turno, TurnoPeriodo

_TURNO = tabla_de(Turno)
_PERIODO = tabla_de(TurnoPeriodo)
_ATENCION = tabla_de(Atencion)
_PUNTO = tabla_de(Punto)
_CASO = tabla_de(Caso)
_TICKET = tabla_de(DigiturnoTicket)
_MODO = tabla_de(DigiturnoModo)
_ESTE = _TURNO.c.id == bindparam("b_turno")


class FilaTurno(NamedTuple):
    id: int
    punto_id: str
    fecha: dt.date
    estado: str
    motivo_visita: str
    llegada: dt.datetime
    resultado: str | None
    cerrado: dt.datetime | None
    destino_punto_id: str | None
    n_llamados: int
    persona_id: int | None
    instancia_id: str | None
    case_key: str | None


class FilaConHorario(NamedTuple):
    """A turn, the hours of its point, the ticket that the person holds of an earlier turn of the
    same day and point, and what other turn systems have to do with it: the number that one gave,
    whether any gives numbers there today, who gives them now."""

    id: int
    punto_id: str
    fecha: dt.date
    estado: str
    ficha: str | None
    fecha_cierre: dt.datetime | None
    ficha_anterior: str | None
    llegada: dt.datetime
    ficha_dada: str | None
    con_otras: bool
    modo: str | None
    tz: str
    dias_manana: str
    mediodia: dt.time
    hora_cierre: dt.time
    abierto_hasta: dt.datetime | None


class FilaLlamado(NamedTuple):
    n_llamados: int
    punto_id: str


class FilaEspera(NamedTuple):
    id: int
    ficha: str | None
    llegada: dt.datetime
    peso: int
    envejecimiento_min: int
    condicion: str
    modulo_destino: str | None
    modulo_hasta: dt.datetime | None


class FilaVuelta(NamedTuple):
    razon: str
    asesor_id: str | None
    inicio: dt.datetime


class FilaDesenlace(NamedTuple):
    """What the rows of a turn say about its end."""

    estado: str
    con_atencion: bool
    titularidad: str | None
    hay_escalado: bool


_ANTERIOR = _TURNO.alias("anterior")
_MISMA_FILA = (
    (_ANTERIOR.c.id == _TURNO.c.visita_anterior_id)
    & (_ANTERIOR.c.punto_id == _TURNO.c.punto_id)
    & (_ANTERIOR.c.fecha == _TURNO.c.fecha)
)
_DE_OTRO = _TICKET.alias("de_otro")
_OTRAS = sa.exists(
    select(_DE_OTRO.c.id).where(
        _DE_OTRO.c.punto_id == _TURNO.c.punto_id, _DE_OTRO.c.fecha == _TURNO.c.fecha
    )
)
_MODOS = (
    select(_MODO.c.modo).where(_MODO.c.punto_id == _TURNO.c.punto_id).order_by(_MODO.c.id.desc())
)
_MODO_VIGENTE = _MODOS.limit(1).correlate(_TURNO).scalar_subquery()
_TURNO_ENTERO = select(*[_TURNO.c[columna] for columna in FilaTurno._fields])
ALTA = Prepared(sa.insert(_TURNO).returning(_TURNO.c.id))
TURNO_DE = Query(_TURNO_ENTERO.where(_ESTE), FilaTurno)
CON_HORARIO = Query(
    select(
        _TURNO.c.id,
        _TURNO.c.punto_id,
        _TURNO.c.fecha,
        _TURNO.c.estado,
        _TURNO.c.ficha,
        _TURNO.c.fecha_cierre,
    )
    .add_columns(
        _ANTERIOR.c.ficha.label("ficha_anterior"),
        _TURNO.c.llegada,
        _TICKET.c.numero.label("ficha_dada"),
    )
    .add_columns(
        _OTRAS.label("con_otras"),
        _MODO_VIGENTE.label("modo"),
        _PUNTO.c.tz,
        _PUNTO.c.dias_manana,
        _PUNTO.c.mediodia,
    )
    .add_columns(_PUNTO.c.hora_cierre, _PUNTO.c.abierto_hasta)
    .join(_PUNTO, _PUNTO.c.codigo == _TURNO.c.punto_id)
    .outerjoin(_TICKET, _TICKET.c.turno_id == _TURNO.c.id)
    .outerjoin(_ANTERIOR, _MISMA_FILA)
    .where(_ESTE),
    FilaConHorario,
)
#: Numbers of the day at a point that are this one, or this one with a suffix.
FICHAS_COMO = Prepared(
    select(_TURNO.c.ficha).where(
        _TURNO.c.punto_id == bindparam("b_punto"),
        _TURNO.c.fecha == bindparam("b_fecha"),
        _TURNO.c.id != bindparam("b_turno"),
        sa.or_(
            _TURNO.c.ficha == bindparam("b_ficha"),
            _TURNO.c.ficha.startswith(bindparam("b_con_sufijo"), autoescape=False),
        ),
    )
)
ULTIMO_DEL_DOCUMENTO = Query(
    _TURNO_ENTERO.where(
        _TURNO.c.num_doc == bindparam("b_num"), _TURNO.c.tipo_doc == bindparam("b_tipo")
    )
    .order_by(_TURNO.c.id.desc())
    .limit(1),
    FilaTurno,
)
EN_LA_FILA = Prepared(
    sa.update(_TURNO)
    .where(_ESTE)
    .values(
        estado=ESPERA,
        ficha=bindparam("b_ficha"),
        letra=bindparam("b_letra"),
        peso=bindparam("b_peso"),
        envejecimiento_min=bindparam("b_envejecimiento"),
        fecha_cierre=bindparam("b_cierre"),
    )
)
LLAMAR = Query(
    sa.update(_TURNO)
    .where(_ESTE, sa.or_(*[_TURNO.c.estado == estado for estado in LLAMABLES]))
    .values(
        estado=LLAMADO, n_llamados=_TURNO.c.n_llamados + 1, modulo_destino=None, modulo_hasta=None
    )
    .returning(_TURNO.c.n_llamados, _TURNO.c.punto_id),
    FilaLlamado,
)
_EN_EL_MODULO = sa.or_(*[_TURNO.c.estado == estado for estado in EN_EL_MODULO])
DEVOLVER = Query(
    sa.update(_TURNO)
    .where(_ESTE, _EN_EL_MODULO)
    .values(
        estado=ESPERA,
        n_llamados=_TURNO.c.n_llamados - 1,
        modulo_destino=bindparam("b_modulo"),
        modulo_hasta=bindparam("b_hasta"),
    )
    .returning(_TURNO.c.n_llamados, _TURNO.c.punto_id),
    FilaLlamado,
)
TRASLADAR = Prepared(
    sa.update(_TURNO)
    .where(_ESTE, _EN_EL_MODULO)
    .values(
        estado=CERRADO,
        resultado=TRASLADADO,
        destino_punto_id=bindparam("b_destino"),
        cerrado=bindparam("b_fin"),
    )
)
ESTADO = Prepared(
    sa.update(_TURNO)
    .where(_ESTE)
    .values(estado=bindparam("b_estado"), n_llamados=bindparam("b_llamados"))
)
CERRAR = Prepared(
    sa.update(_TURNO)
    .where(_ESTE, _TURNO.c.estado != CERRADO)
    .values(estado=CERRADO, resultado=bindparam("b_resultado"), cerrado=bindparam("b_fin"))
)
#: A wait or an attention that began before `b_hoy` was left open: what it lasted says nothing, and
#: no figure counts it.
_DE_OTRO_DIA: Final = sa.and_(
    sa.or_(_PERIODO.c.estado == ESPERA, _PERIODO.c.estado == ATENCION),
    _PERIODO.c.inicio < bindparam("b_hoy"),
)
CERRAR_PERIODO = Prepared(
    sa.update(_PERIODO)
    .where(_PERIODO.c.turno_id == bindparam("b_turno"), _PERIODO.c.fin.is_(None))
    .values(
        fin=bindparam("b_fin"),
        confiable=sa.case((_DE_OTRO_DIA, sa.false()), else_=_PERIODO.c.confiable),
    )
)
ABRIR_PERIODO = Prepared(sa.insert(_PERIODO))
#: An attention that goes on at no desk: whoever comes out of a talk.
SIN_MODULO = Prepared(
    select(_PERIODO.c.id).where(
        _PERIODO.c.turno_id == bindparam("b_turno"),
        _PERIODO.c.fin.is_(None),
        _PERIODO.c.estado == ATENCION,
        _PERIODO.c.modulo.is_(None),
    )
)
ATIENDE = Prepared(
    sa.update(_ATENCION)
    .where(_ATENCION.c.turno_id == bindparam("b_turno"))
    .values(asesor_id=bindparam("b_asesor"))
)
PERIODO_ABIERTO = Prepared(
    select(_PERIODO.c.inicio).where(
        _PERIODO.c.turno_id == bindparam("b_turno"), _PERIODO.c.fin.is_(None)
    )
)
ULTIMO_MODULO = Prepared(
    select(_PERIODO.c.modulo)
    .where(_PERIODO.c.turno_id == bindparam("b_turno"), _PERIODO.c.modulo.is_not(None))
    .order_by(_PERIODO.c.id.desc())
    .limit(1)
)
#: Why a turn leaves the desk, beside why it was called there.
CERRAR_PERIODO_POR = Prepared(
    sa.update(_PERIODO)
    .where(_PERIODO.c.turno_id == bindparam("b_turno"), _PERIODO.c.fin.is_(None))
    .values(fin=bindparam("b_fin"), razon=bindparam("b_razon"))
)
ULTIMA_VUELTA = Query(
    select(_PERIODO.c.razon, _PERIODO.c.asesor_id, _PERIODO.c.inicio)
    .where(
        _PERIODO.c.turno_id == bindparam("b_turno"),
        _PERIODO.c.estado == ESPERA,
        _PERIODO.c.razon.is_not(None),
    )
    .order_by(_PERIODO.c.id.desc())
    .limit(1),
    FilaVuelta,
)
EMPEZAR_ATENCION = Prepared(sa.insert(_ATENCION))
#: An attention that was begun and goes on elsewhere: nobody was verified, no case exists. Its
#: minutes stay in the periods.
SOLTAR_ATENCION = Prepared(sa.delete(_ATENCION).where(_ATENCION.c.turno_id == bindparam("b_turno")))
TERMINAR_ATENCION = Prepared(
    sa.update(_ATENCION)
    .where(_ATENCION.c.turno_id == bindparam("b_turno"), _ATENCION.c.fin.is_(None))
    .values(fin=bindparam("b_fin"))
)
ESPERAN = Query(
    select(*[_TURNO.c[columna] for columna in FilaEspera._fields]).where(
        _TURNO.c.punto_id == bindparam("b_punto"), _TURNO.c.estado == ESPERA
    ),
    FilaEspera,
)
DESENLACE = Query(
    select(
        _TURNO.c.estado,
        _ATENCION.c.id.is_not(None).label("con_atencion"),
        _ATENCION.c.titularidad,
        sa.exists(
            select(_CASO.c.id).where(_CASO.c.turno_id == _TURNO.c.id, _CASO.c.escalado.is_not(None))
        ).label("hay_escalado"),
    )
    .outerjoin(_ATENCION, _ATENCION.c.turno_id == _TURNO.c.id)
    .where(_ESTE),
    FilaDesenlace,
)
