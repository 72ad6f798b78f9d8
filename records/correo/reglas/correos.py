"""When a mail that did not leave is tried again, and how many a recipient gets in an hour. Why one
came back. Pure."""

import datetime as dt
from typing import Final

from common.language import marked, said

#: Minutes until the next try: a server that does not know us takes a mail after some minutes, one
#: that is away may be so for a night.
ESPERAS: Final = (1, 5, 15, 30, 60, 120, 240, 240, 360, 360)
POR_HORA: Final = 30  # mails to one address, unless the place says another number
HORA: Final = dt.timedelta(hours=1)
#: A try that nobody finished is begun again after this.
PRESTADO: Final = dt.timedelta(minutes=10)
MOMENTO: Final = dt.timedelta(minutes=1)  # asked for again so soon after, it is the same try
MAX_REBOTE: Final = 10_000_000  # bytes of a message that came back; a larger one is not read
#: Kinds of mails that nobody owes anybody: a person may end them.
VOLUNTARIOS: Final = frozenset({"calificacion"})


def siguiente(intentos: int, now: dt.datetime) -> dt.datetime | None:
    """After so many tries that failed; None: it was tried for a day, and that is enough."""
    return now + dt.timedelta(minutes=ESPERAS[intentos - 1]) if intentos <= len(ESPERAS) else None


#: The subject and detail of a code (RFC 3463) → in words.
MOTIVOS = {
    "1.1": marked("el buzón no existe"),
    "1.2": marked("el dominio no existe"),
    "1.6": marked("el buzón se trasladó"),
    "1.10": marked("el dominio no recibe correo"),
    "2.1": marked("el buzón está cerrado"),
    "2.2": marked("el buzón está lleno"),
    "2.3": marked("el mensaje es muy grande para ese buzón"),
    "4.1": marked("su servidor no responde"),
    "4.4": marked("su servidor no se encuentra"),
    "4.7": marked("se venció el tiempo para entregarlo"),
    "7.1": marked("su servidor no lo acepta"),
}
SIN_SABER = marked("no se sabe por qué")


def motivo(codigo: str) -> str:
    """Of a code; the code itself where there are no words for it."""
    dicho = MOTIVOS.get(codigo.partition(".")[2], "")
    return dicho or (f"código {codigo}" if codigo else SIN_SABER)


def en_voz_alta(codigo: str) -> str:
    """The same to somebody, in their language."""
    dicho = MOTIVOS.get(codigo.partition(".")[2], "")
    return said(dicho) if dicho else said("código %(c)s", c=codigo) if codigo else said(SIN_SABER)
