"""One's own passkeys: put, and taken away."""

from typing import cast

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.base.errores import Rechazo
from records.cuentas import llaves_de_acceso as registro
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.cuentas import llaves_de_acceso as llaves
from webforms.cuentas.llaves_de_acceso import LlaveMala

rutas = Rutas()

PUESTA, QUITADA = "llave_puesta", "llave_quitada"  #: kinds of the access chain


def _yo() -> Usuario:
    return cast(Usuario, usuario_actual())


@rutas.get(
    "/cuenta/llaves",
    para=PERSONA,
    ayuda=Ayuda(
        _l(
            "Aquí guarda una llave de su equipo o teléfono, con la que entra sin contraseña, o la quita."
        ),
        FUNCIONARIO,
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Mis llaves de acceso")),
)
def ver() -> ResponseReturnValue:
    return _pagina()


def _pagina(error: str = "", nombre: str = "") -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        suyas = registro.de(session, _yo().usuario)
    valores = {"suyas": suyas, "hay": llaves.aqui() is not None, "maximo": registro.MAX_NOMBRE}
    return render_template(
        "cuentas/llaves.html", error=error, nombre=nombre, **valores
    ), 422 if error else 200


@rutas.post("/cuenta/llaves/opciones", para=PERSONA)
def opciones() -> ResponseReturnValue:
    """What the browser is asked to make."""
    if llaves.aqui() is None:
        abort(404)
    with servicios().uow.reading() as session:
        suyas = registro.de(session, _yo().usuario)
    dichas, pregunta = llaves.para_poner(_yo().usuario, _yo().nombre, suyas)
    return jsonify(opciones=dichas, pregunta=pregunta)


@rutas.post("/cuenta/llaves", para=PERSONA, haria=_l("Guardar una llave de acceso"), de_peso=True)
def poner() -> ResponseReturnValue:
    yo, s = _yo(), servicios()
    now, nombre = s.clock.now(), limpiar(request.form.get("nombre", ""))[:200]
    try:
        nombre = registro.exigir_nombre(nombre)
        nueva = llaves.puesta(
            yo.usuario,
            request.form.get("pregunta", ""),
            request.form.get("respuesta", ""),
            nombre,
            now,
        )
        s.uow.run(lambda session: registro.poner(session, yo.usuario, nueva, now))
    except LlaveMala:
        return _pagina(
            _("La llave no se pudo guardar. Inténtelo otra vez, desde esta misma página."), nombre
        )
    except Rechazo as rechazo:
        return _pagina(str(rechazo), nombre)
    s.engine.log_access(yo.actor, PUESTA, yo.usuario, now=now)
    flash(_("Llave guardada. La próxima vez puede entrar con ella."), "verde")
    return redirect(url_for("llaves.ver"))


@rutas.post(
    "/cuenta/llaves/<int:llave_id>/quitar",
    para=PERSONA,
    haria=_l("Quitar una llave de acceso"),
    de_peso=True,
)
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
