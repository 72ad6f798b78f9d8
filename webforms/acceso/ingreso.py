"""Login and logout (control 6.1): every entry and every failure is recorded; repeated failures have to wait."""

import datetime as dt

import sqlalchemy as sa
from flask import g
from flask import jsonify
from flask import redirect
from flask import render_template
from flask import request
from flask import session
from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security.utils import hash_password
from flask_security.utils import login_user
from flask_security.utils import logout_user
from flask_security.utils import verify_password
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import PasswordField
from wtforms import StringField
from wtforms.validators import InputRequired
from wtforms.validators import Length

from engine.states import ActorKind
from engine.types import Actor
from records import accesos
from records.rules.accesos import DESCONOCIDO
from records.rules.accesos import INGRESO
from records.rules.accesos import INGRESO_FALLIDO
from records.rules.accesos import INGRESO_FRENADO
from records.tables import Cuenta
from webforms.acceso.retomar import retomar
from webforms.base import recorridos
from webforms.base import sesiones
from webforms.base.freno import INTENTOS
from webforms.base.freno import espera_tras
from webforms.base.rutas import Rutas
from webforms.base.rutas import destino_local
from webforms.base.security import Usuario
from webforms.base.security import seudonimo
from webforms.base.security import usuario_actual
from webforms.base.security import usuario_por_nombre
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import Llevado
from webforms.base.texto_llevado import del_formulario
from webforms.base.texto_llevado import desempacar
from webforms.base.texto_llevado import empacar

rutas = Rutas()

ANONIMO = Actor(ActorKind.SYSTEM, "anonimo")


class IngresoForm(FlaskForm):
    usuario = StringField(
        _l("Usuario"),
        [InputRequired(_l("Escriba su usuario")), Length(max=80, message=_l("El usuario tiene máximo 80 caracteres"))],
        description=_l("El mismo de su correo, sin la parte después de @"),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    clave = PasswordField(
        _l("Contraseña"),
        [InputRequired(_l("Escriba su contraseña")), Length(max=1000, message=_l("La contraseña es demasiado larga"))],
        render_kw={"autocomplete": "current-password"},
    )


def tomar_intento(session: Session, nombre: str, ahora: dt.datetime) -> bool:
    """Count the attempt before the password is looked at, in one conditional UPDATE: parallel guesses are bounded too."""
    libre = sa.or_(Cuenta.bloqueada_hasta.is_(None), Cuenta.bloqueada_hasta <= ahora)
    fallos = session.execute(
        sa.update(Cuenta)
        .where(Cuenta.usuario == nombre, libre)
        .values(intentos_fallidos=Cuenta.intentos_fallidos + 1)
        .returning(Cuenta.intentos_fallidos)
    ).scalar_one_or_none()
    if fallos is None:
        existe = session.execute(sa.select(Cuenta.id).where(Cuenta.usuario == nombre)).scalar_one_or_none()
        return existe is None and servicios().freno.tomar({nombre: INTENTOS}, ahora)
    if espera := espera_tras(fallos):
        session.execute(sa.update(Cuenta).where(Cuenta.usuario == nombre).values(bloqueada_hasta=ahora + espera))
    return True


def autenticar(usuario: Usuario | None, clave: str) -> Usuario | None:
    """The account, if the password fits; the same work when there is none."""
    if usuario is None:
        hash_password(clave)
        return None
    return usuario if verify_password(clave, usuario.password) and usuario.active else None


def _registrar_ingreso(usuario: Usuario, ahora: dt.datetime) -> None:
    servicios().uow.run(lambda s: accesos.registrar_ingreso(s, usuario.usuario, now=ahora))
    servicios().engine.log_access(usuario.actor, INGRESO, usuario.usuario, now=ahora)


def _quien(conocido: Usuario | None, escrito: str) -> str:
    """In the records: the account; of a name that nobody has, which may be a password in the wrong field, a digest with our key."""
    return conocido.usuario if conocido is not None else f"{DESCONOCIDO}{seudonimo(escrito)}"


def pagina(
    form: IngresoForm, llevado: Llevado | None = None, *, aviso: str = "", error: str = "", codigo: int = 200
) -> ResponseReturnValue:
    firma, texto = empacar(llevado) if llevado else ("", "")
    return (
        render_template(
            "acceso/ingreso.html", form=form, firma=firma, llevado=texto, aviso=aviso, error=error, next=request.values.get("next", "")
        ),
        codigo,
    )


def pedir_ingreso() -> ResponseReturnValue:
    """Nobody is logged in: send them to the login page, with what they typed."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(error="sesion", mensaje=_("Su sesión terminó. Ingrese en otra pestaña y siga aquí.")), 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("ingreso.ingresar", next=request.full_path.rstrip("?")))
    llevado = del_formulario()
    if llevado is None:
        return pagina(IngresoForm(formdata=None), aviso=_("Su sesión terminó. Ingrese otra vez."), codigo=401)
    texto = _("Su sesión terminó, pero su texto sigue aquí. Ingrese con la misma cuenta y se lo devolvemos.")
    return pagina(IngresoForm(formdata=None), llevado, aviso=texto, codigo=401)


@rutas.get("/ingresar")
@rutas.post("/ingresar")
def ingresar() -> ResponseReturnValue:
    if request.method == "GET":
        if usuario_actual() is not None:
            return redirect(destino_local(request.args.get("next", "")))
        return pagina(IngresoForm(formdata=None))
    form = IngresoForm()
    llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
    if not form.validate():
        return pagina(form, llevado, codigo=422)
    nombre, ahora = form.usuario.data.strip().lower(), servicios().clock.now()
    if not servicios().uow.run(lambda s: tomar_intento(s, nombre, ahora)):
        error = _("Hubo varios intentos fallidos. Espere unos minutos e inténtelo otra vez.")
        servicios().engine.log_access(ANONIMO, INGRESO_FRENADO, _quien(usuario_por_nombre(nombre), nombre), now=ahora)
        return pagina(form, llevado, error=error, codigo=429)
    conocido = usuario_por_nombre(nombre)
    usuario = autenticar(conocido, form.clave.data)
    if usuario is None:
        servicios().engine.log_access(ANONIMO, INGRESO_FALLIDO, _quien(conocido, nombre), now=ahora)
        return pagina(form, llevado, error=_("El usuario o la contraseña no son correctos"), codigo=422)
    return entrar(usuario, llevado, ahora)


def abrir_sesion(usuario: Usuario, ahora: dt.datetime) -> None:
    """A new session: nothing of the one before, its CSRF token neither."""
    session.clear()
    g.pop("csrf_token", None)  # the one signed for the session before
    session.permanent = True
    sesiones.abrir(usuario.id, usuario.fs_uniquifier, ahora)
    login_user(usuario, remember=False)


def entrar(usuario: Usuario, llevado: Llevado | None, ahora: dt.datetime) -> ResponseReturnValue:
    _registrar_ingreso(usuario, ahora)
    abrir_sesion(usuario, ahora)
    recorridos.preparar(usuario)
    if llevado is None:
        return redirect(destino_local(request.form.get("next", "")))
    if llevado.usuario != usuario.usuario:
        return redirect(url_for("inicio.inicio", ajeno=1))
    return retomar(llevado)


@rutas.post("/salir")
def salir() -> ResponseReturnValue:
    """Ends the login on the server, too: a copy of the cookie enters no more."""
    usuario, ahora = usuario_actual(), servicios().clock.now()
    if usuario is not None:
        servicios().uow.run(lambda s: sesiones.cerrar(s, ahora))
        servicios().engine.log_access(usuario.actor, "salida", usuario.usuario, now=ahora)
    logout_user()
    session.clear()
    return redirect(url_for("ingreso.ingresar"))


def sin_csrf() -> ResponseReturnValue | None:
    """The CSRF token does not fit: another login in another tab, or a foreign page. What was typed
    is shown again, never executed.

    None: there is nothing to give back, the page of error 400 says so.
    """
    usuario = usuario_actual()
    if request.endpoint == "ingreso.ingresar":
        llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
        form = IngresoForm(data={"usuario": request.form.get("usuario", "")}, formdata=None)
        return pagina(form, llevado, aviso=_("La página llevaba mucho tiempo abierta. Ingrese otra vez."), codigo=400)
    llevado = del_formulario()
    if usuario is not None and llevado is not None and llevado.usuario == usuario.usuario:
        return retomar(llevado)
    return None
