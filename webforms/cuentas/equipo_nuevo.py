"""Between a right password and a login from a browser that the account has never entered from: a
link by mail, which works in that browser alone (setting NEW_BROWSER). Whoever has a second factor
is asked for that instead."""

import datetime as dt
from typing import Any, Final

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from engine.types import Actor
from records.base.errores import Rechazo
from records.base.reglas.documentos import enmascarar_correo
from records.cuentas import cuentas
from records.cuentas.enlaces_de_clave import DE_FUERA, NAVEGADOR
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from webforms.base import frenos
from webforms.base.ajustes import ajustes
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.security import Usuario, usuario_por_nombre
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import Llevado, empacar
from webforms.cuentas import claves, conocidos
from webforms.navegador.firmas import firmante_con_hora

POR_CORREO: Final = "mail"  #: of the setting; otherwise the password is enough
#: Apart from what strangers may ask for: only who has the password spends it, so nobody else keeps
#: a person without their link.
A_UNA_CUENTA: Final = Cupo(3, UNA_HORA)
#: in the session of the browser: who waits, and where they were going
_ESPERA: Final = "equipo_nuevo"


def hace_falta(usuario: Usuario) -> bool:
    """From this browser, of whoever has shown the password."""
    return (
        ajustes().new_browser == POR_CORREO
        and not usuario.doble
        and conocidos.cual(usuario.usuario) is None
    )


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("equipo nuevo")


def pendiente(firma: str) -> Usuario | None:
    """Who has shown the password, as their account is now; for as long as the link is good."""
    try:
        nombre, fs_uniquifier = _firmante().loads(firma, max_age=int(DE_FUERA.total_seconds()))
    except (BadData, TypeError, ValueError):
        return None
    usuario = usuario_por_nombre(str(nombre))
    return (
        usuario
        if usuario is not None
        and usuario.active
        and usuario.fs_uniquifier == fs_uniquifier
        and not usuario.doble
        else None
    )


def espera_aqui(nombre: str) -> tuple[Usuario, str] | None:
    """Who has shown the password of this account in this browser and waits for the link, and where
    they were going."""
    firma, sigue = session.get(_ESPERA) or ("", "")
    usuario = pendiente(str(firma))
    return (usuario, str(sigue)) if usuario is not None and usuario.usuario == nombre else None


def pedir(
    usuario: Usuario, llevado: Llevado | None, actor: Actor, now: dt.datetime
) -> ResponseReturnValue:
    """Sends the link and says so."""
    firma = str(_firmante().dumps([usuario.usuario, usuario.fs_uniquifier]))
    session[_ESPERA] = [firma, request.form.get("next", "")]
    if "@" not in _correo(usuario):
        return pagina(usuario, firma, llevado, codigo=409)
    try:
        frenos.gastar("navegador", usuario.usuario, A_UNA_CUENTA, now)
    except Frenado as freno:
        return pagina(usuario, firma, llevado, hasta=hora(now + freno.espera), codigo=429)
    try:
        claves.dar(
            usuario.usuario,
            NAVEGADOR,
            actor,
            por_correo=True,
            de_fuera=True,
            semilla=conocidos.pedir(),
        )
    except Rechazo:
        return pagina(usuario, firma, llevado, error=_("Su cuenta ya no está activa."), codigo=422)
    return pagina(usuario, firma, llevado)


def todavia_no(usuario: Usuario, firma: str, llevado: Llevado | None) -> ResponseReturnValue:
    error = _("Todavía no ha abierto el enlace en este navegador. Ábralo aquí y confírmelo.")
    return pagina(usuario, firma, llevado, error=error, codigo=422)


def _correo(usuario: Usuario) -> str:
    with servicios().uow.reading() as lectura:
        return str(cuentas.cuenta(lectura, usuario.usuario).correo)


def pagina(
    usuario: Usuario,
    firma_propia: str,
    llevado: Llevado | None,
    *,
    codigo: int = 200,
    **dichos: Any,
) -> ResponseReturnValue:
    firma, texto = empacar(llevado) if llevado else ("", "")
    correo = _correo(usuario)
    valores = {
        "navegador": firma_propia,
        "firma": firma,
        "llevado": texto,
        "next": request.values.get("next", ""),
        "error": "",
        "hasta": "",
    }
    valores["correo"] = enmascarar_correo(correo) if "@" in correo else ""
    return render_template("cuentas/equipo_nuevo.html", **{**valores, **dichos}), codigo
