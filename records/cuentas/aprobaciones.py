"""What changes the law of the house is asked for by one person and decided by another. What would
be done is said in data, so that it can wait; `webforms/cuentas/obras.py` knows how to do
it."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.cambios import exigir_motivo
from records.base.errores import DatoInvalido, NoExiste, Separado
from records.correo import correos
from records.cuentas import cuentas
from records.cuentas.tablas import Aprobacion, ArchivoPorAprobar, Cuenta, RolAsignado

DOS_PERSONAS = "dos_personas"  #: nobody approves what they asked for themselves


@dataclass(frozen=True, slots=True)
class Pedido:
    """`obra`: its code; `datos`: with what it is done; `aprueban`: the roles of whoever may decide;
    `nombre`: as mails call it."""

    obra: str
    sujeto: str
    nombre: object  #: told when it is read, in the language of whoever reads
    motivo: str
    aprueban: Collection[str]
    datos: Mapping[str, Any] = field(default_factory=dict)
    archivos: Mapping[str, bytes] = field(default_factory=dict)
    carta: str = "aprobacion_pedida"  #: to those who may decide; it says where

    @property
    def huella(self) -> str:
        """Of what would be done. Why is no part of it: the same asked for with other words is the
        same."""
        datos = {nombre: dato for nombre, dato in self.datos.items() if nombre != "motivo"}
        archivos = {
            nombre: hashlib.sha256(contenido).hexdigest()
            for nombre, contenido in self.archivos.items()
        }
        dicho = json.dumps(
            [self.obra, self.sujeto, datos, archivos], sort_keys=True, ensure_ascii=True
        )
        return hashlib.sha256(dicho.encode()).hexdigest()


def hay_otra_persona(
    session: Session, roles: Collection[str], quien: str, now: dt.datetime
) -> bool:
    """Whether anybody else ever held one of these roles. While an agency is set up there is nobody
    to ask; once there was, whoever is left alone asks all the same, so that nobody gains anything
    by sending the others away."""
    otros = (
        select(RolAsignado.id)
        .join(Cuenta, Cuenta.id == RolAsignado.cuenta_id)
        .where(
            RolAsignado.rol.in_(roles), RolAsignado.vigente_desde <= now, Cuenta.usuario != quien
        )
    )
    return session.scalar(otros.limit(1)) is not None


def quienes_deciden(
    session: Session, roles: Collection[str], quien: str, now: dt.datetime
) -> dict[str, str]:
    """Account → name of those who could decide today what this person asks for."""
    return {
        p.usuario: p.nombre
        for p in cuentas.gente_con(session, roles, None, now)
        if p.usuario != quien
    }


def pedir(session: Session, pedido: Pedido, acto: Acto) -> int:
    """Its number; those who may decide get a mail. DatoInvalido: without a reason, or the same
    waits already."""
    motivo = exigir_motivo(pedido.motivo)
    fila = Aprobacion(
        obra=pedido.obra,
        sujeto=pedido.sujeto,
        pedido=dict(pedido.datos),
        huella=pedido.huella,
        motivo=motivo,
        pedida=acto.now,
        pedida_por=acto.quien,
    )
    try:
        with session.begin_nested():
            session.add(fila)
    except IntegrityError:
        raise DatoInvalido(
            "Eso mismo ya se pidió, y falta que otra persona lo decida: está en «Aprobaciones»."
        ) from None
    session.add_all(
        ArchivoPorAprobar(aprobacion_id=fila.id, nombre=n, contenido=c)
        for n, c in pedido.archivos.items()
    )
    dichos = {
        "que": pedido.nombre,
        "motivo": motivo,
        "quien": cuentas.cuenta(session, acto.quien).nombre,
    }
    for usuario in quienes_deciden(session, pedido.aprueban, acto.quien, acto.now):
        suya = cuentas.cuenta(session, usuario)
        correos.avisar_a_su_cuenta(
            session,
            suya,
            f"{pedido.carta}:{fila.id}:{suya.id}",
            pedido.carta,
            acto.now,
            **dichos,
        )
    session.flush()
    return fila.id


def una(session: Session, aprobacion_id: int) -> Aprobacion:
    return session.get(Aprobacion, aprobacion_id) or _no_hay()


def _no_hay() -> Aprobacion:
    raise NoExiste


def archivos_de(session: Session, aprobacion_id: int) -> dict[str, bytes]:
    suyos = (
        select(ArchivoPorAprobar)
        .where(ArchivoPorAprobar.aprobacion_id == aprobacion_id)
        .order_by(ArchivoPorAprobar.nombre)
    )
    return {fila.nombre: fila.contenido for fila in session.scalars(suyos)}


def pendientes(session: Session) -> Sequence[Aprobacion]:
    """The oldest first."""
    return session.scalars(
        select(Aprobacion).where(Aprobacion.decidida.is_(None)).order_by(Aprobacion.id)
    ).all()


def pendientes_de(session: Session, obras: Collection[str], sujeto: str) -> Sequence[Aprobacion]:
    """What is asked for of one subject; the oldest first."""
    suyas = (Aprobacion.decidida.is_(None), Aprobacion.obra.in_(obras), Aprobacion.sujeto == sujeto)
    return session.scalars(select(Aprobacion).where(*suyas).order_by(Aprobacion.id)).all()


def decididas(session: Session, cuantas: int = 50) -> Sequence[Aprobacion]:
    """The latest first."""
    return session.scalars(
        select(Aprobacion)
        .where(Aprobacion.decidida.is_not(None))
        .order_by(Aprobacion.id.desc())
        .limit(cuantas)
    ).all()


def decidir(
    session: Session,
    aprobacion_id: int,
    respuesta: str,
    acto: Acto,
    *,
    aprueba: bool,
    nombre: object,
) -> Aprobacion:
    """Whoever asked gets a mail. Separado: they asked for it themselves. DatoInvalido: it waits no
    more, or goes back without a word."""
    if una(session, aprobacion_id).pedida_por == acto.quien:
        raise Separado(DOS_PERSONAS, "Usted lo pidió: lo decide otra persona.")
    if not aprueba and not respuesta.strip():
        raise DatoInvalido("Escriba por qué la devuelve: quien la pidió lo lee.")
    fila = _cerrar(session, aprobacion_id, respuesta, acto, aprueba=aprueba)
    suya, quien = (
        cuentas.cuenta(session, fila.pedida_por),
        cuentas.cuenta(session, acto.quien).nombre,
    )
    carta = "aprobacion_dada" if aprueba else "aprobacion_devuelta"
    dichos = {"que": nombre, "quien": quien, "respuesta": respuesta}
    correos.avisar_a_su_cuenta(session, suya, f"{carta}:{fila.id}", carta, acto.now, **dichos)
    return fila


def retirar(session: Session, aprobacion_id: int, acto: Acto) -> None:
    """By whoever asked, while nobody has decided."""
    if una(session, aprobacion_id).pedida_por != acto.quien:
        raise DatoInvalido("La retira quien la pidió.")
    _cerrar(session, aprobacion_id, "", acto, aprueba=False)


def _cerrar(
    session: Session, aprobacion_id: int, respuesta: str, acto: Acto, *, aprueba: bool
) -> Aprobacion:
    """In one UPDATE: of two who decide at once, one does."""
    dicho = {
        "decidida": acto.now,
        "decidida_por": acto.quien,
        "aprobada": aprueba,
        "respuesta": respuesta.strip(),
    }
    espera = (Aprobacion.id == aprobacion_id, Aprobacion.decidida.is_(None))
    if (
        session.execute(
            update(Aprobacion).where(*espera).values(dicho).returning(Aprobacion.id)
        ).first()
        is None
    ):
        raise DatoInvalido(
            "Ya no espera decisión: otra persona la decidió, o quien la pidió la retiró."
        )
    session.execute(
        delete(ArchivoPorAprobar).where(ArchivoPorAprobar.aprobacion_id == aprobacion_id)
    )
    session.expire_all()
    return una(session, aprobacion_id)
