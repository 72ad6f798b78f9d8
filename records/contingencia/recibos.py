"""Receipts of what a device without network sent when it was back."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.contingencia.tablas import Recibo


def de_llave(session: Session, llave: str) -> Recibo | None:
    return session.scalar(select(Recibo).where(Recibo.llave == llave))


def dar(
    session: Session, llave: str, item_id: str, escrito: dt.datetime | None, acto: Acto
) -> Recibo:
    recibo = Recibo(
        llave=llave, item_id=item_id, quien=acto.quien, escrito=escrito, recibido=acto.now
    )
    session.add(recibo)
    session.flush()
    return recibo
