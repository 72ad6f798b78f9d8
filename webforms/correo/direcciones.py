"""What is known of an address of mail, in words: everywhere that an adviser or an officer sees
one."""

import datetime as dt

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.correo import direcciones
from records.correo.direcciones import Estado
from webforms.base.formatos import dia_local, el_momento

#: State of an address → kind of badge.
CLASES = {
    direcciones.SIN_CONFIRMAR: "borrador",
    direcciones.CONFIRMADA: "hecha",
    direcciones.DUDOSA: "vencida",
}


def dicho(e: Estado, hoy: dt.date) -> str:
    match e.estado:
        case direcciones.CONFIRMADA:
            return str(_("Confirmado %(d)s", d=el_momento(e.cuando, hoy)))
        case direcciones.DUDOSA:
            return str(_("Dudoso: devolvió un correo %(d)s", d=el_momento(e.cuando, hoy)))
    return str(_("Sin confirmar"))


def con_estado(session: Session, direccion: str, mostrada: str, now: dt.datetime) -> str:
    """An address as it is shown, with what is known of it; "" for none."""
    return (
        f"{mostrada} · {dicho(direcciones.estado(session, direccion), dia_local(now))}"
        if direccion
        else ""
    )
