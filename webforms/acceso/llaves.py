"""Passkeys: one's own, put and taken away; and entering with one, which stands for the password and its second factor."""

from typing import cast

from flask import abort
from flask import flash
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records import llaves_de_acceso as registro
from records.errores import Rechazo
from records.rules.accesos import INGRESO_FALLIDO
from records.rules.accesos import INGRESO_FRENADO
from webforms.acceso import ingreso
from webforms.acceso.ingreso import ANONIMO
from webforms.acceso.ingreso import IngresoForm
from webforms.base import frenos
from webforms.base import llaves_de_acceso as llaves
from webforms.base.campos import limpiar
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.llaves_de_acceso import LlaveMala
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario
from webforms.base.security import usuario_actual
from webforms.base.security import usuario_por_nombre
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import desempacar

propias, entrada = Rutas(), Rutas()

PUESTA, QUITADA = "llave_puesta", "llave_quitada"  #: kinds of the access chain


# --- one's own ----------------------------------------------------------------------------------------------------------
def _yo() -> Usuario:
    return cast(Usuario, usuario_actual())


@propias.get("/cuenta/llaves")
def ver() -> ResponseReturnValue:
    return _pagina()


def _pagina(error: str = "", nombre: str = "") -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        suyas = registro.de(session, _yo().usuario)
    valores = {"suyas": suyas, "hay": llaves.aqui() is not None, "maximo": registro.MAX_NOMBRE}
    return render_template("acceso/llaves.html", error=error, nombre=nombre, **valores), 422 if error else 200


@propias.post("/cuenta/llaves/opciones")
def opciones() -> ResponseReturnValue:
    """What the browser is asked to make."""
    if llaves.aqui() is None:
        abort(404)
    with servicios().uow.reading() as session:
        suyas = registro.de(session, _yo().usuario)
    dichas, pregunta = llaves.para_poner(_yo().usuario, _yo().nombre, suyas)
    return jsonify(opciones=dichas, pregunta=pregunta)


@propias.post("/cuenta/llaves")
def poner() -> ResponseReturnValue:
    yo, s = _yo(), servicios()
    now, nombre = s.clock.now(), limpiar(request.form.get("nombre", ""))[:200]
    try:
        nombre = registro.exigir_nombre(nombre)
        nueva = llaves.puesta(yo.usuario, request.form.get("pregunta", ""), request.form.get("respuesta", ""), nombre, now)
        s.uow.run(lambda session: registro.poner(session, yo.usuario, nueva, now))
    except LlaveMala:
        return _pagina(_("La llave no se pudo guardar. Inténtelo otra vez, desde esta misma página."), nombre)
    except Rechazo as rechazo:
        return _pagina(str(rechazo), nombre)
    s.engine.log_access(yo.actor, PUESTA, yo.usuario, now=now)
    flash(_("Llave guardada. La próxima vez puede entrar con ella."), "verde")
    return redirect(url_for("llaves.ver"))


@propias.post("/cuenta/llaves/<int:llave_id>/quitar")
def quitar(llave_id: int) -> ResponseReturnValue:
    yo, s = _yo(), servicios()
    now = s.clock.now()
    try:
        s.uow.run(lambda session: registro.quitar(session, yo.usuario, llave_id, now))
    except Rechazo as rechazo:
        return _pagina(str(rechazo))
    s.engine.log_access(yo.actor, QUITADA, yo.usuario, now=now)
    flash(_("Llave quitada: con ella ya no se entra."), "verde")
    return redirect(url_for("llaves.ver"))


# --- entering -----------------------------------------------------------------------------------------------------------
@entrada.post("/ingresar/llave/opciones")
def opciones_de_llave() -> ResponseReturnValue:
    if llaves.aqui() is None:
        abort(404)
    dichas, pregunta = llaves.para_entrar()
    return jsonify(opciones=dichas, pregunta=pregunta)


@entrada.post("/ingresar/llave")
def con_llave() -> ResponseReturnValue:
    """`pendiente`: of whoever has shown the password; then only a key of that account will do."""
    s = servicios()
    ahora, respuesta = s.clock.now(), request.form.get("respuesta", "")
    llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
    try:
        with frenos.intento({frenos.llave("de", frenos.de_donde(request.remote_addr)): frenos.DIRECCION}, ahora) as fallo:
            usuario = _de_quien(respuesta)
            if usuario is None:
                fallo()
    except Frenado as freno:
        if not freno.anotada:
            s.engine.log_access(ANONIMO, INGRESO_FRENADO, "llave", now=ahora)
        return ingreso.pagina(IngresoForm(formdata=None), llevado, hasta=hora(ahora + freno.espera, segundos=True), codigo=429)
    if usuario is None:
        s.engine.log_access(ANONIMO, INGRESO_FALLIDO, "llave", now=ahora)
        error = _("Esa llave no sirve aquí. Entre con su usuario y su contraseña.")
        return ingreso.pagina(IngresoForm(formdata=None), llevado, error=error, codigo=422)
    return ingreso.entrar(usuario, llevado, ahora)


def _de_quien(respuesta: str) -> Usuario | None:
    """Whose key signed our question; None: nobody's, or of an account that is switched off, or another than the pending one."""
    s = servicios()
    now, firma = s.clock.now(), request.form.get("pendiente", "")
    try:
        credencial = llaves.cual(respuesta)
        with s.uow.reading() as session:
            hallada = registro.por_credencial(session, credencial)
        if hallada is None:
            return None
        contador = llaves.firmada(hallada[0], request.form.get("pregunta", ""), respuesta, now)
    except LlaveMala:
        return None
    usuario = usuario_por_nombre(hallada[1])
    if usuario is None or not usuario.active or (firma and ingreso.pendiente(firma) != usuario):
        return None

    def usar(session: Session) -> bool:
        return registro.usar(session, hallada[0].id, contador, now)

    return usuario if s.uow.run(usar) else None
