"""The mails to a citizen who chose English at the kiosk: pure, as those in Spanish. What people wrote stays in its language."""

import datetime as dt

from records.rules.calendario import dia_local

FIRMA = "Citizen Service Group\nICETEX"
DIAS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MESES = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)

#: subject, text
Texto = tuple[str, str]


def dia(instante: dt.datetime) -> str:
    """ "Monday 14 December 2026", in Colombia."""
    fecha = dia_local(instante)
    return f"{DIAS[fecha.weekday()]} {fecha.day} {MESES[fecha.month - 1]} {fecha.year}"


def respuesta(radicado: str, texto: str) -> Texto:
    return f"Answer to your case {radicado}", f"Dear citizen,\n\nThis is the answer to your case {radicado}:\n\n{texto}\n\n{FIRMA}"


def requerimiento(radicado: str, informacion: str, vence: dt.datetime) -> Texto:
    return (
        f"We need information for your case {radicado}",
        (
            f"Dear citizen,\n\nTo answer your case {radicado} we need the following:\n\n{informacion}\n\nYou can hand it in at any service "
            f"point until {dia(vence)}. Meanwhile the term to answer you is suspended. If we do not receive it by then, we understand that "
            f"you withdraw your request (article 17 of Law 1755 of 2015); you can file it again at any time.\n\n{FIRMA}"
        ),
    )


def prorroga(radicado: str, motivo: str, nueva: dt.datetime) -> Texto:
    return (
        f"New date of the answer to your case {radicado}",
        (
            f"Dear citizen,\n\nIt is not possible to answer your case {radicado} within the first term, for this reason:\n\n{motivo}\n\n"
            f"We will answer by {dia(nueva)} at the latest (article 14 of Law 1755 of 2015).\n\n{FIRMA}"
        ),
    )


def desistimiento(radicado: str) -> Texto:
    return (
        f"Your case {radicado} is closed",
        (
            f"Dear citizen,\n\nA month has passed and the information that we asked for did not arrive, so your case {radicado} is closed "
            f"as withdrawn (article 17 of Law 1755 of 2015). You can file your request again at any time.\n\n{FIRMA}"
        ),
    )


def calificacion(radicado: str, vence: dt.datetime, enlace: str) -> Texto:
    return (
        f"Rate the answer to your case {radicado}",
        (
            f"Dear citizen,\n\nWe have answered your case {radicado}. What did you think of the answer? Rate it with this link, which "
            f"works once and until {dia(vence)}:\n\n{enlace}?idioma=en\n\n{FIRMA}"
        ),
    )
