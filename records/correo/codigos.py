"""A code by mail with which a person reads the answer to their case on the public page: its number
and a document are known to others, the mailbox is the person's."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from common.language import speaking
from records.correo import direcciones
from records.correo.avisos import (
    DatosAviso,
    NuevoAviso,
    aviso,
    crear_aviso,
    trabajo,
)
from records.correo.reglas import cartas
from records.correo.reglas.correos import PRESTADO

CODIGO: Final = "codigo"
#: Stands in the stored text: only the mail carries the digits.
HUECO: Final = "{codigo_de_respuesta}"
LAPSO: Final = dt.timedelta(minutes=10)
_CERO: Final = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def puede(session: Session, datos: DatosAviso) -> bool:
    """There is an address, and it sent no mail back."""
    return (
        bool(datos.correo_usuario) and not direcciones.estado(session, datos.correo_usuario).dudosa
    )


def enviado(session: Session, caso_id: int, now: dt.datetime) -> bool:
    """One mail in each `LAPSO`, however often it is asked for."""
    return aviso(session, claves(caso_id, now)[0]) is not None


def enviar(
    session: Session, caso_id: int, datos: DatosAviso, *, now: dt.datetime
) -> tuple[str, Mapping[str, str]]:
    """The notice, and key and arguments of the job that sends it."""
    with speaking(datos.idioma):
        carta = cartas.carta("codigo_de_respuesta", radicado=datos.radicado, codigo=HUECO)
        lengua = cartas.lengua_de("codigo_de_respuesta")
    clave = claves(caso_id, now)[0]
    nuevo = NuevoAviso(clave, CODIGO, datos.correo_usuario, *carta, caso_id, lengua)
    crear_aviso(session, nuevo, now=now)
    return trabajo(clave, now + PRESTADO)


def claves(caso_id: int, now: dt.datetime) -> tuple[str, str]:
    """Of the mails whose code holds now: the one of this lapse, and the one before."""
    lapso = int((now - _CERO) / LAPSO)
    return f"codigo:{caso_id}:{lapso}", f"codigo:{caso_id}:{lapso - 1}"
