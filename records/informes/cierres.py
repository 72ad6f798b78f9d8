"""Closings of a month that somebody asks for by hand."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base import pedidos
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.tablas import CierrePedido
from records.cuentas import aprobaciones
from records.cuentas.tablas import Aprobacion
from records.informes import meses
from records.informes.tablas import MesCerrado

#: The job that closes; its argument is the id of the row.
CERRAR: Final = "calidad.cerrar_mes"
CORREGIR: Final = "corregir_mes"  #: what one person asks for and another approves
#: A correction is read by everybody who has what was made of the version before: «x» tells them
#: nothing.
MINIMO_MOTIVO: Final = 20
MINIMO_PALABRAS: Final = 3


def pedir(session: Session, mes: dt.date, motivo: str, acto: Acto) -> CierrePedido:
    """DatoInvalido: it cannot be asked for (`se_puede_pedir`), or that is being done."""
    se_puede_pedir(session, mes, motivo, acto)
    if en_curso(session, mes):
        raise DatoInvalido("Este mes ya se está cerrando.")
    hecho = CierrePedido(
        mes=mes, motivo=motivo.strip(), por=acto.quien, pedido=acto.now, estado=pedidos.PEDIDO
    )
    session.add(hecho)
    session.flush()
    return hecho


def se_puede_pedir(session: Session, mes: dt.date, motivo: str, acto: Acto) -> None:
    """DatoInvalido: the month cannot be closed (`meses.se_puede_cerrar`), or the reason of a
    correction says nothing."""
    meses.se_puede_cerrar(session, mes, motivo, acto.now)
    dice = len(motivo.strip()) >= MINIMO_MOTIVO and len(set(motivo.split())) >= MINIMO_PALABRAS
    if meses.versiones(session, mes) and not dice:
        raise DatoInvalido(
            "Diga qué estaba mal y qué se corrige, con %(n)s letras o más: lo lee quien tiene la "
            "versión de antes.",
            n=MINIMO_MOTIVO,
        )


def por_aprobar(session: Session, mes: dt.date) -> Aprobacion | None:
    """The correction of a closed month that waits for a second person."""
    return next(iter(aprobaciones.pendientes_de(session, (CORREGIR,), f"{mes:%Y-%m}")), None)


def aprobada(session: Session, version: MesCerrado) -> Aprobacion | None:
    """Who let this version be made; None: it is the first, or there was nobody else."""
    suya = (Aprobacion.obra == CORREGIR, Aprobacion.sujeto == f"{version.mes:%Y-%m}")
    hechas = session.scalars(
        select(Aprobacion)
        .where(*suya, Aprobacion.aprobada.is_(True), Aprobacion.decidida <= version.cerrado)
        .order_by(Aprobacion.id.desc())
    )
    return next((a for a in hechas if a.pedido["version"] == version.version), None)


def en_curso(session: Session, mes: dt.date | None = None) -> Sequence[CierrePedido]:
    """Those that are not over, of all months or of one."""
    consulta = (
        select(CierrePedido)
        .where(CierrePedido.estado.in_(pedidos.ABIERTOS))
        .order_by(CierrePedido.id)
    )
    return session.scalars(
        consulta if mes is None else consulta.where(CierrePedido.mes == mes)
    ).all()


def terminar(session: Session, pedido_id: int, hecho: meses.PorGuardar) -> MesCerrado:
    """Write the month; it is what the job was asked for. Cancelado, DatoInvalido: as `pedidos.va`
    and `meses.guardar`."""
    pedido = pedidos.va(session, CierrePedido, pedido_id, "guardar", 1, 1)
    cerrado = meses.guardar(session, hecho)
    pedido.estado, pedido.mes_id = pedidos.HECHO, cerrado.id
    return cerrado
