"""What is known of an address of mail: not confirmed, confirmed through a link of one use, or
doubtful because it sent a mail back."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from records.base.consultas import ALTA
from records.base.errores import EnlaceInvalido
from records.correo.tablas import DireccionCorreo

SIN_CONFIRMAR, CONFIRMADA, DUDOSA = "sin_confirmar", "confirmada", "dudosa"
DE_LA_DIRECCION: Final = re.compile(r"\b5\.1\.[0-9]{1,3}\b")  # RFC 3463
VIGENCIA: Final = dt.timedelta(days=7)  # of the link that confirms


@dataclass(frozen=True, slots=True)
class Estado:
    """`cuando`: it was confirmed, or sent a mail back; None: nothing is known. `codigo` of RFC
    3463."""

    estado: str = SIN_CONFIRMAR
    cuando: dt.datetime | None = None
    codigo: str = ""

    @property
    def dudosa(self) -> bool:
        return self.estado == DUDOSA


def huella(direccion: str) -> str:
    """Of an address however it is written."""
    return hashlib.sha256(direccion.strip().lower().encode()).hexdigest()


def huella_de_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def estados(session: Session, direcciones: Iterable[str]) -> Mapping[str, Estado]:
    """By the address as it was given."""
    por_huella = {huella(d): d for d in direcciones if d}
    filas = (
        session.scalars(select(DireccionCorreo).where(DireccionCorreo.huella.in_(por_huella)))
        if por_huella
        else ()
    )
    return {d: Estado() for d in por_huella.values()} | {
        por_huella[f.huella]: _estado(f) for f in filas
    }


def estado(session: Session, direccion: str) -> Estado:
    fila = session.get(DireccionCorreo, huella(direccion)) if direccion else None
    return _estado(fila) if fila is not None else Estado()


def _estado(fila: DireccionCorreo) -> Estado:
    if fila.dudosa is not None:
        return Estado(DUDOSA, fila.dudosa, fila.dudosa_codigo or "")
    return Estado(CONFIRMADA, fila.confirmada) if fila.confirmada is not None else Estado()


def _fila(session: Session, direccion: str) -> DireccionCorreo:
    """Two desks may write of the same address at once: whoever is second takes the row of the
    first."""
    clave = huella(direccion)
    fila = session.get(DireccionCorreo, clave)
    if fila is not None:
        return fila
    session.execute(
        ALTA[session.get_bind().dialect.name](DireccionCorreo)
        .values(huella=clave)
        .on_conflict_do_nothing()
    )
    return session.get_one(DireccionCorreo, clave)


def preguntar(
    session: Session, direccion: str, *, now: dt.datetime, otra_vez: bool = False
) -> dt.datetime | None:
    """Until when its link will be good; None: it is confirmed, or was asked and may still answer.
    `otra_vez`: asked again all the same."""
    fila = _fila(session, direccion)
    espera = fila.vence is not None and fila.vence > now and not otra_vez
    if fila.dudosa is None and (fila.confirmada is not None or espera):
        return None
    fila.preguntada, fila.vence, fila.token_hash = now, now + VIGENCIA, None
    session.flush()
    return fila.vence


def con_enlace(session: Session, direccion: str, token: str) -> None:
    """The mail with the link leaves: its hash is what confirms."""
    fila = _fila(session, direccion)
    if fila.confirmada is None or fila.dudosa is not None:
        fila.token_hash = huella_de_token(token)
    session.flush()


def por_token(session: Session, token: str) -> DireccionCorreo | None:
    return session.scalar(
        select(DireccionCorreo).where(DireccionCorreo.token_hash == huella_de_token(token))
    )


def esta_usado(fila: DireccionCorreo) -> bool:
    """The link that its row still has was used."""
    return (
        fila.confirmada is not None
        and fila.preguntada is not None
        and fila.confirmada >= fila.preguntada
    )


def confirmar(session: Session, token: str, *, now: dt.datetime) -> None:
    """Whoever reads what arrives there said so: once. EnlaceInvalido: another, or too late."""
    d = DireccionCorreo
    vale = (
        (d.token_hash == huella_de_token(token))
        & (d.vence >= now)
        & (d.confirmada.is_(None) | (d.confirmada < d.preguntada))
    )
    hecho = (
        update(d)
        .where(vale)
        .values(confirmada=now, dudosa=None, dudosa_codigo=None)
        .returning(d.huella)
    )
    if session.scalar(hecho) is None:
        raise EnlaceInvalido("El enlace ya se usó, venció o no existe.")


def codigo_de(dicho: str) -> str:
    """Of what a server said when it refused a mail: 5.1.x, that the address is wrong; else ""."""
    hallado = DE_LA_DIRECCION.search(dicho)
    return hallado[0] if hallado is not None else ""


def rechazada(session: Session, direccion: str, dicho: str, *, now: dt.datetime) -> None:
    """A server refused a mail while we talked to it. When it says that the address is wrong it is
    doubtful."""
    if codigo := codigo_de(dicho):
        dudar(session, direccion, codigo, now=now)


def dudar(session: Session, direccion: str, codigo: str, *, now: dt.datetime) -> None:
    """A mail came back for good. What confirmed it before counts no more."""
    fila = _fila(session, direccion)
    fila.dudosa, fila.dudosa_codigo, fila.confirmada, fila.vence = now, codigo, None, None
    session.flush()


def con_baja(session: Session, direccion: str, token: str) -> bool:
    """A voluntary mail is to leave, with the link that ends them. False: the person ended them, or
    the address is doubtful."""
    fila = _fila(session, direccion)
    fila.baja_hash = huella_de_token(token)
    session.flush()
    return fila.baja is None and fila.dudosa is None


def por_baja(session: Session, token: str) -> DireccionCorreo | None:
    return session.scalar(
        select(DireccionCorreo).where(DireccionCorreo.baja_hash == huella_de_token(token))
    )


def dar_de_baja(session: Session, token: str, *, now: dt.datetime) -> None:
    """No voluntary mail goes there any more; those that the law wants do. Twice is as good as
    once."""
    d = DireccionCorreo
    session.execute(
        update(d).where(d.baja_hash == huella_de_token(token), d.baja.is_(None)).values(baja=now)
    )
