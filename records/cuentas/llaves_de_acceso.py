"""The passkeys of accounts: which there are, one more, one less, one used. What a browser signs is
looked at in `webforms/cuentas/llaves_de_acceso.py`."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.language import marked
from records.base.errores import DatoInvalido, NoExiste
from records.correo import correos
from records.cuentas import cuentas
from records.cuentas.tablas import Cuenta, LlaveDeAcceso

MAXIMO, MAX_NOMBRE = 10, 60
YA_ESTA = marked("Esa llave ya está en una cuenta.")


@dataclass(frozen=True, slots=True)
class Nueva:
    """`credencial`: base64url; `publica`: COSE."""

    credencial: str
    publica: bytes
    contador: int
    nombre: str


def de(session: Session, usuario: str) -> Sequence[LlaveDeAcceso]:
    """The oldest first."""
    suyas = (
        select(LlaveDeAcceso)
        .join(Cuenta, Cuenta.id == LlaveDeAcceso.cuenta_id)
        .where(Cuenta.usuario == usuario)
    )
    return session.scalars(suyas.order_by(LlaveDeAcceso.id)).all()


def exigir_nombre(nombre: str) -> str:
    """As it is kept. DatoInvalido."""
    dicho = " ".join(nombre.split())
    if not dicho or len(dicho) > MAX_NOMBRE:
        raise DatoInvalido(
            "Escriba cómo se llama la llave, en máximo %(n)s letras: así la reconoce después.",
            n=MAX_NOMBRE,
        )
    return dicho


def poner(session: Session, usuario: str, nueva: Nueva, now: dt.datetime) -> None:
    """Its person is told by mail. DatoInvalido: without a name, too many, or it is there
    already."""
    nombre = exigir_nombre(nueva.nombre)
    suya = cuentas.cuenta_sola(session, usuario)
    if (
        session.scalar(select(func.count()).where(LlaveDeAcceso.cuenta_id == suya.id)) or 0
    ) >= MAXIMO:
        raise DatoInvalido("Ya tiene %(n)s llaves: quite una.", n=MAXIMO)
    dicha = {"credencial": nueva.credencial, "publica": nueva.publica, "contador": nueva.contador}
    try:
        with session.begin_nested():
            session.add(LlaveDeAcceso(cuenta_id=suya.id, nombre=nombre, puesta=now, **dicha))
    except IntegrityError:
        raise DatoInvalido(YA_ESTA) from None
    correos.avisar_a_su_cuenta(
        session,
        suya,
        f"llave_puesta:{suya.id}:{now:%Y%m%d%H%M%S%f}",
        "llave_puesta",
        now,
        llave=nombre,
    )
    session.flush()


def quitar(session: Session, usuario: str, llave_id: int, now: dt.datetime) -> None:
    """Its person is told by mail. NoExiste."""
    suya = cuentas.cuenta_sola(session, usuario)
    fila = session.get(LlaveDeAcceso, llave_id)
    if fila is None or fila.cuenta_id != suya.id:
        raise NoExiste("Esa llave ya no está.")
    nombre = fila.nombre
    session.delete(fila)
    correos.avisar_a_su_cuenta(
        session,
        suya,
        f"llave_quitada:{suya.id}:{now:%Y%m%d%H%M%S%f}",
        "llave_quitada",
        now,
        llave=nombre,
    )
    session.flush()


def quitar_todas(session: Session, cuenta_id: int) -> int:
    """How many there were; for who lost them."""
    return len(
        session.execute(
            delete(LlaveDeAcceso)
            .where(LlaveDeAcceso.cuenta_id == cuenta_id)
            .returning(LlaveDeAcceso.id)
        ).all()
    )


def por_credencial(session: Session, credencial: str) -> tuple[LlaveDeAcceso, str] | None:
    """With the user name of its account."""
    fila = session.execute(
        select(LlaveDeAcceso, Cuenta.usuario)
        .join(Cuenta, Cuenta.id == LlaveDeAcceso.cuenta_id)
        .where(LlaveDeAcceso.credencial == credencial)
    ).first()
    return None if fila is None else (fila[0], fila[1])


def usar(session: Session, llave_id: int, contador: int, now: dt.datetime) -> bool:
    """False: a signature of the same count, or a later one, was used before (a copy of the key;
    WebAuthn, 7.2 step 22)."""
    avanza = (LlaveDeAcceso.contador < contador) | ((LlaveDeAcceso.contador == 0) & (contador == 0))
    usada = (
        update(LlaveDeAcceso)
        .where(LlaveDeAcceso.id == llave_id, avanza)
        .values(contador=contador, usada=now)
    )
    return session.execute(usada.returning(LlaveDeAcceso.id)).first() is not None
