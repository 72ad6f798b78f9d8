"""Closings of a month that somebody asks for by hand: they take seconds, so a job does them; how far it is can be seen, and cancelled."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from records import meses
from records.actos import Acto
from records.errores import DatoInvalido
from records.errores import NoExiste
from records.tables import CierrePedido
from records.tables import MesCerrado

#: The job that closes; its argument is the id of the row.
CERRAR: Final = "calidad.cerrar_mes"
PEDIDO, EN_CURSO, HECHO, CANCELADO, RECHAZADO = "pedido", "en_curso", "hecho", "cancelado", "rechazado"
ABIERTOS: Final = (PEDIDO, EN_CURSO)


class Cancelado(Exception):
    """Whoever asked for it, or another of their role, does not want it any more."""


def pedir(session: Session, mes: dt.date, motivo: str, acto: Acto) -> CierrePedido:
    """DatoInvalido: the month cannot be closed (`meses.se_puede_cerrar`), or that is being done."""
    meses.se_puede_cerrar(session, mes, motivo, acto.now)
    if en_curso(session, mes):
        raise DatoInvalido("Este mes ya se está cerrando.")
    hecho = CierrePedido(mes=mes, motivo=motivo.strip(), por=acto.quien, pedido=acto.now, estado=PEDIDO)
    session.add(hecho)
    session.flush()
    return hecho


def en_curso(session: Session, mes: dt.date | None = None) -> Sequence[CierrePedido]:
    """Those that are not over, of all months or of one."""
    consulta = select(CierrePedido).where(CierrePedido.estado.in_(ABIERTOS)).order_by(CierrePedido.id)
    return session.scalars(consulta if mes is None else consulta.where(CierrePedido.mes == mes)).all()


def uno(session: Session, pedido_id: int) -> CierrePedido:
    hallado = session.get(CierrePedido, pedido_id)
    if hallado is None:
        raise NoExiste(f"No existe el cierre {pedido_id}.")
    return hallado


def va(session: Session, pedido_id: int, paso: str, hechos: int, de: int) -> None:
    """So far it is. Cancelado: nobody wants it any more."""
    pedido = uno(session, pedido_id)
    if pedido.estado not in ABIERTOS:
        raise Cancelado
    pedido.estado, pedido.paso, pedido.hechos, pedido.de = EN_CURSO, paso, hechos, de


def cancelar(session: Session, pedido_id: int) -> bool:
    """False: it was over."""
    pedido = uno(session, pedido_id)
    seguia = pedido.estado in ABIERTOS
    if seguia:
        pedido.estado = CANCELADO
    return seguia


def terminar(session: Session, pedido_id: int, hecho: meses.PorGuardar) -> MesCerrado:
    """Write the month; it is what the job was asked for. Cancelado, DatoInvalido: as `va` and `meses.guardar`."""
    va(session, pedido_id, "guardar", 1, 1)
    cerrado = meses.guardar(session, hecho)
    pedido = uno(session, pedido_id)
    pedido.estado, pedido.mes_id = HECHO, cerrado.id
    return cerrado


def rechazar(session: Session, pedido_id: int, por_que: str) -> None:
    pedido = uno(session, pedido_id)
    if pedido.estado in ABIERTOS:
        pedido.estado, pedido.por_que = RECHAZADO, por_que
