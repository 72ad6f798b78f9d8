"""Every document of the reports of a month in one file, as somebody asked for it."""

import datetime as dt
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.base import pedidos
from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.reglas.huellas import sha256
from records.base.tablas import DocumentosPedido
from records.informes import meses
from records.sistemas.puertos import PaqueteHecho

#: The job that makes them; its argument is the id of the row.
HACER: Final = "calidad.hacer_documentos"
LEER, COMPONER = "leer", "componer"
PASOS: Final = (LEER, COMPONER)


def pedir(session: Session, mes: dt.date, acto: Acto) -> DocumentosPedido:
    """DatoInvalido: the month is not closed."""
    if meses.vigente(session, mes) is None:
        raise DatoInvalido("Este mes no está cerrado: no hay documentos que hacer.")
    hecho = DocumentosPedido(
        mes=mes, por=acto.quien, pedido=acto.now, estado=pedidos.PEDIDO, archivos=[]
    )
    session.add(hecho)
    session.flush()
    return hecho


def en_curso(session: Session, mes: dt.date, quien: str) -> DocumentosPedido | None:
    """What this person asked for and is being made: nobody gets it twice by asking twice."""
    abiertos = select(DocumentosPedido).where(DocumentosPedido.estado.in_(pedidos.ABIERTOS))
    return session.scalar(
        abiertos.where(DocumentosPedido.mes == mes, DocumentosPedido.por == quien).limit(1)
    )


def terminar(session: Session, pedido_id: int, hecho: PaqueteHecho) -> None:
    """Keep what was made; of the month, only the last is kept. Cancelado: as `pedidos.va`."""
    pedido = pedidos.va(session, DocumentosPedido, pedido_id, COMPONER, 1, 1)
    session.execute(
        update(DocumentosPedido).where(DocumentosPedido.mes == pedido.mes).values(contenido=None)
    )
    pedido.estado = pedidos.HECHO
    pedido.archivos = [
        {"nombre": a.nombre, "sha256": a.sha256, "bytes": a.bytes, "paginas": a.paginas}
        for a in hecho.archivos
    ]
    pedido.contenido, pedido.huella = hecho.contenido, sha256(hecho.contenido)
