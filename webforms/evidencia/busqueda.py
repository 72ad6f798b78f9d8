"""Cases of every process in one list, latest first: those that the records know, and the visits and
procedures that they do not."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.instances import CaseFilter, InstanceView
from records.base.consultas import Pagina, en_orden, juntar
from records.casos import registro
from records.casos.busqueda import (
    TOPE_CONTEO,
    FilaCaso,
    FiltroCasos,
    claves_de_visitas,
    filas_de,
    hallados,
    puntos_de_visitas,
    sin_caso,
)
from records.casos.registro import Dato, Ficha, FiltroRegistro
from records.plazos.reglas.calendario import al_terminar, instante
from webforms.tareas.nombres import nombres_de_casos

DE_UNA_VEZ = 500  #: rows of the file that are read at once


@dataclass(frozen=True, slots=True)
class Pedido:
    """What is looked for; process and version are those of any instance of the case."""

    filtro: FiltroCasos
    proceso: str | None = None
    version: int | None = None
    #: the same, of cases of other procedures than M5-1-02
    registro: FiltroRegistro = field(default_factory=FiltroRegistro)


@dataclass(frozen=True, slots=True)
class Fila:
    """`caso`: what the records hold; None: the case is of a process that writes none. `instancia`:
    the one that began last."""

    clave: str | None
    cuando: dt.datetime
    caso: FilaCaso | None
    instancia: InstanceView | None
    nombre: str
    punto_id: str | None
    ficha: Ficha | None = None  #: of a case of another procedure
    datos: Sequence[Dato] = ()  #: by which it is found


_Hallada = tuple[int | None, str | None, dt.datetime]


def buscar(
    session: Session, pedido: Pedido, *, now: dt.datetime, pagina: int = 1, tamano: int = 25
) -> Pagina[Fila]:
    """A page of the list. `total` stops at TOPE_CONTEO."""
    juntas = juntar(
        session, _fuentes(session, pedido, now), pagina=pagina, tamano=tamano, tope=TOPE_CONTEO
    )
    return Pagina(_filas(session, juntas.filas, now), juntas.total, juntas.numero, tamano)


def exportar(session: Session, pedido: Pedido, *, now: dt.datetime) -> Iterator[Fila]:
    """Every row of the list: what the CSV holds."""
    juntas = sa.union_all(*_fuentes(session, pedido, now)).subquery()
    for tanda in session.execute(
        en_orden(sa.select(juntas)).execution_options(yield_per=DE_UNA_VEZ)
    ).partitions():
        yield from _filas(session, [(h[0], h[1], h[2]) for h in tanda], now)


def _fuentes(
    session: Session, pedido: Pedido, now: dt.datetime
) -> list[sa.Select[*tuple[Any, ...]]]:
    """Cases of the records; and those of the engine that the records do not know, unless the filter
    asks what only records say."""
    f = pedido.filtro
    del_proceso = (
        reads.instances.keys(CaseFilter(pedido.proceso, pedido.version)) if pedido.proceso else None
    )
    registrados = _registrados(
        replace(pedido.registro, claves=_con(pedido.registro.claves, del_proceso)), now
    )
    if pedido.registro.estado:
        return [registrados]
    conocidos: sa.Select[*tuple[Any, ...]] = hallados(
        session, replace(f, claves=del_proceso), now=now
    )
    if any((f.area_id, f.estado, f.reasignados)):
        return [conocidos]
    if f.radicado or f.vencidos or f.termino:
        return [conocidos, registrados]
    desde = instante(f.desde, dt.time(0)) if f.desde else None
    hasta = al_terminar(f.hasta) if f.hasta else None
    del_motor = reads.instances.cases(
        CaseFilter(pedido.proceso, pedido.version, desde, hasta, running=f.abiertos)
    )
    clave, cuando = del_motor.selected_columns
    otros = del_motor.with_only_columns(sa.cast(sa.null(), sa.Integer), clave, cuando).where(
        sin_caso(clave)
    )
    visitas = claves_de_visitas(session, f)
    return (
        [conocidos, otros]
        if visitas is None
        else [conocidos, otros.where(clave.in_(visitas)), registrados]
    )


def _con(claves: Any, del_proceso: Any) -> Any:
    """Cases that were found by their document, of this process."""
    if claves is None or del_proceso is None:
        return del_proceso if claves is None else claves
    return del_proceso.where(del_proceso.selected_columns[0].in_(claves))


def _registrados(filtro: FiltroRegistro, now: dt.datetime) -> sa.Select[*tuple[Any, ...]]:
    registradas = registro.halladas(filtro, now=now)
    clave, cuando = registradas.selected_columns
    return registradas.with_only_columns(sa.cast(sa.null(), sa.Integer), clave, cuando)


def _filas(session: Session, halladas: Sequence[_Hallada], now: dt.datetime) -> list[Fila]:
    claves = {clave for _numero, clave, _cuando in halladas if clave}
    casos = filas_de(session, {numero for numero, _clave, _cuando in halladas if numero}, now=now)
    instancias = reads.instances.latest(session, claves)
    sueltas = {clave for numero, clave, _cuando in halladas if clave and not numero}
    nombres, lugares = (
        (nombres_de_casos(session, sueltas), puntos_de_visitas(session, sueltas))
        if sueltas
        else ({}, {})
    )
    fichas = (
        registro.fichas(session, sorted(sueltas - lugares.keys()))
        if sueltas - lugares.keys()
        else {}
    )
    datos = registro.datos_de(session, sorted(fichas)) if fichas else {}
    return [
        Fila(
            clave,
            cuando,
            caso := casos.get(numero or 0),
            instancias.get(clave or ""),
            (caso.radicado or "") if caso else nombres.get(clave or "", ""),
            caso.punto_id if caso else lugares.get(clave or ""),
            fichas.get(clave or ""),
            datos.get(clave or "", ()),
        )
        for numero, clave, cuando in halladas
    ]
