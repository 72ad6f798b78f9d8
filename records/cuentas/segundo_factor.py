"""The second factor of an account: put, taken away, its codes to recover used up. What it is worked
out with stands in `webforms/cuentas/doble.py`; here only what is kept."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from common.language import marked
from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido, NoExiste
from records.correo import correos
from records.cuentas import cuentas, llaves_de_acceso
from records.cuentas.reglas.identidad import COMO, Identificado
from records.cuentas.reglas.roles import ROLES, que_incluyen
from records.cuentas.tablas import (
    CodigoDeRecuperacion,
    Cuenta,
    LlaveDeAcceso,
    RolAsignado,
    RolDeCarril,
    SegundoFactor,
)

CUENTA, QUE = "cuenta", "segundo_factor"
YA_TIENE: Final = marked("Ya tiene un segundo factor. Quítelo antes de poner otro.")
#: How a secret begins whose codes are made with SHA-256. Of one without it they are made with
#: SHA-1, as all were before.
SHA256: Final = "SHA256."


@dataclass(frozen=True, slots=True)
class Puesto:
    """`secreto` as it is kept, encrypted; how many codes to recover are left."""

    secreto: str
    puesto: dt.datetime
    quedan: int

    @property
    def de_antes(self) -> bool:
        return not self.secreto.startswith(SHA256)


def de(session: Session, usuario: str) -> Puesto | None:
    suyo = (
        select(SegundoFactor)
        .join(Cuenta, Cuenta.id == SegundoFactor.cuenta_id)
        .where(Cuenta.usuario == usuario)
    )
    fila = session.scalar(suyo)
    if fila is None:
        return None
    sin_usar = select(func.count()).where(
        CodigoDeRecuperacion.cuenta_id == fila.cuenta_id, CodigoDeRecuperacion.usado.is_(None)
    )
    return Puesto(fila.secreto, fila.puesto, session.scalar(sin_usar) or 0)


def sin_el(session: Session, roles: Collection[str], now: dt.datetime) -> list[str]:
    """Names of the accounts in use that hold one of these roles somewhere and have none."""
    cuales = {otro for rol in roles for otro in (rol, *que_incluyen(rol))}
    return list(
        session.scalars(
            select(Cuenta.nombre)
            .join(RolAsignado, RolAsignado.cuenta_id == Cuenta.id)
            .outerjoin(SegundoFactor, SegundoFactor.cuenta_id == Cuenta.id)
            .outerjoin(LlaveDeAcceso, LlaveDeAcceso.cuenta_id == Cuenta.id)
            .where(
                Cuenta.activo,
                RolAsignado.rol.in_(cuales),
                RolAsignado.vigente_desde <= now,
                SegundoFactor.cuenta_id.is_(None),
                LlaveDeAcceso.id.is_(None),
            )
            .where(RolAsignado.vigente_hasta.is_(None) | (RolAsignado.vigente_hasta > now))
            .distinct()
            .order_by(Cuenta.nombre)
        )
    )


def de_antes(session: Session) -> int:
    """Accounts in use whose application makes its codes with SHA-1."""
    suyas = (
        select(func.count())
        .select_from(SegundoFactor)
        .join(Cuenta, Cuenta.id == SegundoFactor.cuenta_id)
    )
    return (
        session.scalar(suyas.where(Cuenta.activo, ~SegundoFactor.secreto.startswith(SHA256))) or 0
    )


def desconocidos(session: Session, roles: Collection[str]) -> list[str]:
    """Those that no account can be given: a name that is misspelt asks nobody for anything."""
    de_carriles = set(
        session.scalars(select(RolDeCarril.codigo).where(RolDeCarril.codigo.in_(roles)))
    )
    return [rol for rol in roles if rol not in ROLES and rol not in de_carriles]


def poner(
    session: Session,
    usuario: str,
    secreto: str,
    huellas: Collection[str],
    now: dt.datetime,
    *,
    en_vez_de: str | None = None,
) -> None:
    """Instead of `en_vez_de`, the secret of before as it was read; its person is told by mail.
    DatoInvalido: another was put meanwhile."""
    suya = cuentas.cuenta_sola(session, usuario)
    if (puesto := de(session, usuario)) is not None and puesto.secreto != en_vez_de:
        raise DatoInvalido(YA_TIENE)
    _borrar(session, suya)
    session.add(SegundoFactor(cuenta_id=suya.id, secreto=secreto, puesto=now))
    session.add_all(CodigoDeRecuperacion(cuenta_id=suya.id, huella=huella) for huella in huellas)
    correos.avisar_a_su_cuenta(
        session, suya, f"segundo_puesto:{suya.id}:{now:%Y%m%d%H%M%S%f}", "segundo_puesto", now
    )
    session.flush()


def otros_codigos(session: Session, usuario: str, huellas: Collection[str]) -> None:
    """Those of before are good for nothing any more."""
    suya = cuentas.cuenta_sola(session, usuario)
    session.execute(delete(CodigoDeRecuperacion).where(CodigoDeRecuperacion.cuenta_id == suya.id))
    session.add_all(CodigoDeRecuperacion(cuenta_id=suya.id, huella=huella) for huella in huellas)
    session.flush()


def cerrar_de_nuevo(session: Session, usuario: str, de: str, a: str) -> None:
    """The same secret under another key; `de`: as it was read, so that one that was put meanwhile
    stays."""
    suya = select(Cuenta.id).where(Cuenta.usuario == usuario).scalar_subquery()
    session.execute(
        update(SegundoFactor)
        .where(SegundoFactor.cuenta_id == suya, SegundoFactor.secreto == de)
        .values(secreto=a)
        .execution_options(synchronize_session=False)
    )


def cerrados(session: Session) -> Mapping[str, str]:
    """Account → its secret as it is kept."""
    filas = session.execute(
        select(Cuenta.usuario, SegundoFactor.secreto).join(
            SegundoFactor, SegundoFactor.cuenta_id == Cuenta.id
        )
    )
    return {fila.usuario: fila.secreto for fila in filas}


def gastar_codigo(
    session: Session, usuario: str, huellas: Collection[str], now: dt.datetime
) -> bool:
    """In one UPDATE: of two that send it at once, one enters. `huellas`: those that this code may
    have."""
    suyos = select(Cuenta.id).where(Cuenta.usuario == usuario).scalar_subquery()
    gastado = session.execute(
        update(CodigoDeRecuperacion)
        .where(
            CodigoDeRecuperacion.cuenta_id == suyos,
            CodigoDeRecuperacion.huella.in_(huellas),
            CodigoDeRecuperacion.usado.is_(None),
        )
        .values(usado=now)
        .returning(CodigoDeRecuperacion.id)
        .execution_options(synchronize_session=False)
    )
    return gastado.scalar_one_or_none() is not None


def quitar(session: Session, usuario: str, now: dt.datetime) -> None:
    """By its person, who has shown it. NoExiste."""
    suya = cuentas.cuenta_sola(session, usuario)
    _quitar(session, suya, now)


def quitar_de_otro(
    session: Session, usuario: str, motivo: str, identificado: Identificado, acto: Acto
) -> list[Anotado]:
    """By who administers, for somebody who lost telephone and codes, and how they know that it is
    them (ASVS 6.4.4); passkeys go, too. NoExiste, DatoInvalido."""
    dicho, suya = cambios.exigir_motivo(motivo), cuentas.cuenta_sola(session, usuario)
    despues = _identificado(session, usuario, identificado, acto)
    fila = session.get(SegundoFactor, suya.id)
    puesto = fila.puesto.isoformat() if fila is not None else ""
    llaves = llaves_de_acceso.quitar_todas(session, suya.id)
    if fila is not None or not llaves:
        _quitar(session, suya, acto.now)
    else:
        correos.avisar_a_su_cuenta(
            session,
            suya,
            f"segundo_quitado:{suya.id}:{acto.now:%Y%m%d%H%M%S%f}",
            "segundo_quitado",
            acto.now,
        )
    antes = {**({"desde": puesto} if puesto else {}), **({"llaves": llaves} if llaves else {})}
    return [cambios.anotar(session, De(CUENTA, usuario, QUE), antes, despues, dicho, acto)]


def _identificado(
    session: Session, usuario: str, dicho: Identificado, acto: Acto
) -> dict[str, str]:
    """As it is kept. Who confirmed is another person with an account in use: neither who takes it
    away, nor who asked for that."""
    if dicho.como not in COMO:
        raise DatoInvalido("Diga cómo supo que es quien lo pide: queda en la historia.")
    if dicho.falta_quien:
        raise DatoInvalido("Escriba el usuario de quien dirige su trabajo y lo confirmó.")
    if not dicho.confirmo:
        return {"identificado": dicho.como}
    if dicho.confirmo in (usuario, acto.quien, acto.pidio):
        raise DatoInvalido("Lo confirma otra persona: ni quien lo perdió, ni quien lo quita.")
    if (
        session.scalar(select(Cuenta.id).where(Cuenta.usuario == dicho.confirmo, Cuenta.activo))
        is None
    ):
        raise DatoInvalido(
            "No hay una cuenta activa que se llame %(usuario)s.", usuario=dicho.confirmo
        )
    return {"identificado": dicho.como, "confirmo": dicho.confirmo}


def _quitar(session: Session, suya: Cuenta, now: dt.datetime) -> None:
    if session.get(SegundoFactor, suya.id) is None:
        raise NoExiste("Esa cuenta no tiene segundo factor.")
    _borrar(session, suya)
    correos.avisar_a_su_cuenta(
        session, suya, f"segundo_quitado:{suya.id}:{now:%Y%m%d%H%M%S%f}", "segundo_quitado", now
    )
    session.flush()


def _borrar(session: Session, suya: Cuenta) -> None:
    session.execute(delete(CodigoDeRecuperacion).where(CodigoDeRecuperacion.cuenta_id == suya.id))
    session.execute(delete(SegundoFactor).where(SegundoFactor.cuenta_id == suya.id))
    session.expire_all()
