"""Entering from a browser that the account has not entered from: after the password, and after the
link that came by mail."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import desempacar
from webforms.cuentas import conocidos, equipo_nuevo, ingreso
from webforms.cuentas.ingreso import ANONIMO, IngresoForm

rutas = Rutas()


@rutas.post("/ingresar/equipo-nuevo", para=PUBLICO)
def con_equipo() -> ResponseReturnValue:
    """Goes on once the link was opened in this browser, in another tab; `otra`: sends it again."""
    llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
    firma, ahora = request.form.get("navegador", ""), servicios().clock.now()
    usuario = equipo_nuevo.pendiente(firma)
    if usuario is None:
        aviso = _("Pasaron más de 10 minutos, o su cuenta cambió. Escriba otra vez su contraseña.")
        return ingreso.pagina(IngresoForm(formdata=None), llevado, aviso=aviso, codigo=401)
    if conocidos.cual(usuario.usuario) is not None:
        return ingreso.entrar(usuario, llevado, ahora)
    if "otra" not in request.form:
        return equipo_nuevo.todavia_no(usuario, firma, llevado)
    return equipo_nuevo.pedir(usuario, llevado, ANONIMO, ahora)


def entrar_si_espera(nombre: str) -> ResponseReturnValue | None:
    """Whoever opened the link in the browser in which they have just shown the password is in,
    where they were going."""
    espera = equipo_nuevo.espera_aqui(nombre)
    return (
        ingreso.entrar(espera[0], None, servicios().clock.now(), sigue=espera[1])
        if espera is not None
        else None
    )
