"""The mails to a citizen who chose English at the kiosk: pure, as those in Spanish. What people wrote stays in its language."""

import datetime as dt

from records.rules.calendario import dia_local
from records.rules.cartas import FIRMA_INGLES as FIRMA

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


def documentos_radicados(radicado: str, folios: int, consulta: str, limite: dt.datetime | None) -> Texto:
    """`limite` None: something is missing, and the term does not run."""
    sigue = (
        f"We will answer by {dia(limite)} at the latest."
        if limite is not None
        else "Something is missing before we can answer: another message says what, until when and how to hand it in. Meanwhile the term "
        "to answer you does not run."
    )
    hojas = "1 sheet" if folios == 1 else f"{folios} sheets"
    return (
        f"We received your documents: case {radicado}",
        (
            f"Dear citizen,\n\nWe received your documents, {hojas}, under the number {radicado}.\n\n{sigue}\n\nSee how it goes, with that "
            f"number and your document:\n{consulta}?idioma=en\n\n{FIRMA}"
        ),
    )


def termino_cambiado(radicado: str, limite: dt.datetime | None, consulta: str) -> Texto:
    hasta = dia(limite) if limite is not None else "the date of the law"
    return (
        f"Another date for our answer: case {radicado}",
        (
            f"Dear citizen,\n\nWhen we read the documents of case {radicado} we saw that they are about another subject, for which the law "
            f"gives another term. We will answer by {hasta} at the latest.\n\nSee how it goes, with that number and your document:\n"
            f"{consulta}?idioma=en\n\n{FIRMA}"
        ),
    )


def requerimiento(radicado: str, informacion: str, vence: dt.datetime, consulta: str, vencio: dt.datetime | None = None) -> Texto:
    corre = (
        "Meanwhile the term to answer you does not run: it goes on the day after we receive it, with the business days that are left."
        if vencio is None
        else f"The term to answer you ended on {dia(vencio)}: the answer is pending and the delay has been recorded."
    )
    return (
        f"We need information for your case {radicado}",
        (
            f"Dear citizen,\n\nTo answer your case {radicado} we need the following:\n\n{informacion}\n\nYou can hand it in until "
            f"{dia(vence)}, as it suits you:\n\n- On this page, with the case number and your document: {consulta}?idioma=en\n"
            f"- At any service point, with the case number.\n\n{corre}\n\nIf we do not receive it by {dia(vence)}, we understand that you "
            f"withdraw your request and we close it (article 17 of Law 1755 of 2015); you can file it again at any time.\n\n{FIRMA}"
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
