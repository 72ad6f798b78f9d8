"""How a person is given a link with which they set their password: printed, or by mail. The page
behind it is `acceso/clave.py`."""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.types import Actor
from records.base.actos import Acto
from records.correo import avisos
from records.correo.reglas.correos import PRESTADO
from records.cuentas import enlaces_de_clave
from records.cuentas.enlaces_de_clave import Clase, Mostrado, NuevoEnlace
from records.cuentas.tablas import EnlaceDeClave
from webforms.base import llevados
from webforms.base.servicios import servicios
from webforms.navegador.firmas import llaves

#: How the access chain calls it; the subject is the account.
ENLACE_DADO, CLAVE_PUESTA = "enlace_de_clave", "clave_puesta"


def sesion_nueva() -> str:
    """Names the account inside its logins; another one ends them all."""
    return secrets.token_urlsafe(32)


def expedir(
    session: Session,
    usuario: str,
    clase: Clase,
    acto: Acto,
    vigencia: dt.timedelta | None = None,
    *,
    de_fuera: bool = False,
    semilla: str = "",
) -> tuple[EnlaceDeClave, str]:
    """The link and its address, which is shown or printed once; in the session of whoever commits.
    DatoInvalido, NoExiste."""
    semilla = semilla or secrets.token_urlsafe(32)
    nuevo = NuevoEnlace(clase, semilla, vigencia, de_fuera)
    enlace, token = enlaces_de_clave.expedir(session, usuario, nuevo, llaves()[0].encode(), acto)
    return enlace, llevados.enlace(llevados.CLAVE, token)


def mostrado(token: str) -> Mostrado:
    """A token that somebody shows here; those that a secret of before made are good, too."""
    return Mostrado(token, [llave.encode() for llave in llaves()])


def dar(
    usuario: str,
    clase: Clase,
    actor: Actor,
    *,
    por_correo: bool,
    vigencia: dt.timedelta | None = None,
    de_fuera: bool = False,
    semilla: str = "",
) -> str:
    """A link for somebody who has none, in a commit of its own: its address; with `por_correo` the
    mail that carries it, too. `de_fuera`: asked for by who has not shown who they are, so it is
    good for a few minutes. `semilla`: of the browser that alone may use it."""
    s, now, direccion = servicios(), servicios().clock.now(), ""

    def pedir(session: Session) -> tuple[str, Mapping[str, Any]]:
        nonlocal direccion
        enlace, direccion = expedir(
            session,
            usuario,
            clase,
            Acto(actor.id, now),
            vigencia,
            de_fuera=de_fuera,
            semilla=semilla,
        )
        aviso = enlaces_de_clave.aviso(session, enlace)
        avisos.crear_aviso(session, aviso, now=now)
        return avisos.trabajo(aviso.clave, now + PRESTADO)

    if por_correo:
        s.engine.jobs.ask(avisos.ENVIAR, pedir, queue="mail")
    else:
        direccion = s.uow.run(
            lambda session: expedir(
                session, usuario, clase, Acto(actor.id, now), vigencia, semilla=semilla
            )[1]
        )
    s.engine.log_access(actor, ENLACE_DADO, usuario, now=now)
    return direccion
