"""Login and logout (control 6.1): every entry and every failure is recorded; repeated failures have
to wait."""

import contextlib
import datetime as dt
from collections.abc import Mapping
from enum import Enum, auto
from typing import Any, Final
from urllib.parse import urlencode

from flask import flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_security.utils import login_user, logout_user
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import Session
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from engine.states import ActorKind
from engine.types import Actor
from records.controles import accesos
from records.controles.reglas.accesos import DESCONOCIDO, INGRESO, INGRESO_FALLIDO, INGRESO_FRENADO
from records.cuentas import cuentas, llaves_de_acceso, segundo_factor
from records.cuentas.cifrado import Ocupado, cifrar_clave, coincide, envejecida
from records.cuentas.reglas.frenos import Cupo, Limite
from webforms.base import frenos, sesiones
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.idioma import de_donde_viene
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas, destino_local
from webforms.base.security import Usuario, seudonimo, usuario_actual, usuario_por_nombre
from webforms.base.servicios import servicios
from webforms.base.texto_llevado import Llevado, del_formulario, desempacar, empacar
from webforms.cuentas import conocidos, doble, equipo_nuevo
from webforms.cuentas.llaves_de_acceso import aqui
from webforms.cuentas.retomar import pagina_de, retomar
from webforms.navegador import ficha
from webforms.navegador.ficha import ConFicha
from webforms.navegador.firmas import firmante_con_hora

rutas = Rutas()

#: Between the password and the code.
ESPERA_DEL_SEGUNDO = dt.timedelta(minutes=5)
#: What the pages of whoever is not in yet send.
ENTRADAS = frozenset(
    {"ingreso.ingresar", "ingreso.segundo", "ingreso.con_llave", "ingreso.con_equipo"}
)
ANONIMO = Actor(ActorKind.SYSTEM, "anonimo")
OCUPADOS = _l(
    "Muchas personas están entrando a la vez. Inténtelo otra vez en unos segundos: no se contó como fallo."
)


class IngresoForm(ConFicha):
    usuario = StringField(
        _l("Usuario"),
        [
            InputRequired(_l("Escriba su usuario")),
            Length(max=80, message=_l("El usuario tiene máximo 80 caracteres")),
        ],
        description=_l("El mismo de su correo, sin la parte después de @"),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    clave = PasswordField(
        _l("Contraseña"),
        [
            InputRequired(_l("Escriba su contraseña")),
            Length(max=1000, message=_l("La contraseña es demasiado larga")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


def _claves(nombre: str, clave: str) -> dict[str, Limite]:
    """What a failure counts for. From a browser that the account has entered from only that one:
    nobody outside keeps its person out."""
    if (equipo := conocidos.cual(nombre)) is not None:
        return {frenos.llave("equipo", f"{nombre} {equipo}"): frenos.CONOCIDO}
    return {
        frenos.llave("cuenta", nombre): frenos.CUENTA,
        frenos.llave("de", frenos.de_donde(request.remote_addr)): frenos.DIRECCION,
        frenos.llave_de_clave(clave): frenos.MISMA_CLAVE,
    }


def autenticar(usuario: Usuario | None, clave: str, *, conocido: bool) -> Usuario | None:
    """The account, if the password fits; the same work when there is none. `conocido`: as
    `coincide` has it. Raises Ocupado."""
    acierta = coincide(clave, usuario.password if usuario is not None else "", conocido=conocido)
    return usuario if usuario is not None and acierta and usuario.active else None


def _cifrar_de_nuevo(usuario: Usuario, clave: str) -> None:
    """A hash of weaker parameters than those of now is made anew, the only moment in which the
    password is known. Nobody waits in line for it: whoever finds no room keeps theirs until the
    next time."""
    if envejecida(usuario.password):
        with contextlib.suppress(Ocupado):
            hash_ = cifrar_clave(clave)
            servicios().uow.run(
                lambda s: cuentas.cifrar_de_nuevo(s, usuario.usuario, de=usuario.password, a=hash_)
            )


def _registrar_ingreso(usuario: Usuario, ahora: dt.datetime) -> None:
    def escribir(s: Session) -> None:
        frenos.olvidar(s, ahora)
        accesos.registrar_ingreso(s, usuario.usuario, now=ahora)

    servicios().uow.run(escribir)
    servicios().engine.log_access(usuario.actor, INGRESO, usuario.usuario, now=ahora)


def _quien(conocido: Usuario | None, escrito: str) -> str:
    """In the records: the account; of a name that nobody has, which may be a password in the wrong
    field, a digest with our key."""
    return conocido.usuario if conocido is not None else f"{DESCONOCIDO}{seudonimo(escrito)}"


def pagina(
    form: IngresoForm,
    llevado: Llevado | None = None,
    *,
    aviso: str = "",
    error: str = "",
    hasta: str = "",
    sigue: str = "",
    codigo: int = 200,
) -> ResponseReturnValue:
    """`hasta`: the time of the clock until which no attempt from here is looked at; `sigue`: where
    it goes on then."""
    firma, texto = empacar(llevado) if llevado else ("", "")
    dichos = {
        "aviso": aviso,
        "error": error,
        "hasta": hasta,
        "next": sigue or request.values.get("next", ""),
        "con_llave": aqui(),
    }
    return render_template(
        "cuentas/ingreso.html", form=form, firma=firma, llevado=texto, **dichos
    ), codigo


def pedir_ingreso() -> ResponseReturnValue:
    """Nobody is logged in: send them to the login page, with what they typed."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        error = "terminada" if sesiones.terminada(servicios().clock.now()) else "sesion"
        return jsonify(
            error=error, mensaje=_("Su sesión terminó. Ingrese en otra pestaña y siga aquí.")
        ), 401
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("ingreso.ingresar", next=request.full_path.rstrip("?")))
    llevado = del_formulario()
    if llevado is None:
        return pagina(
            IngresoForm(formdata=None), aviso=_("Su sesión terminó. Ingrese otra vez."), codigo=401
        )
    texto = _(
        "Su sesión terminó, pero su texto sigue aquí. Ingrese con la misma cuenta y se lo devolvemos."
    )
    return pagina(IngresoForm(formdata=None), llevado, aviso=texto, codigo=401)


def pedir_otra_vez(usuario: Usuario) -> ResponseReturnValue:
    """Before an act of weight, of whoever is in but has not shown the password lately: nothing is
    done, and what was typed comes back."""
    form = IngresoForm(data={"usuario": usuario.usuario}, formdata=None)
    # a list that is downloaded, after which the page of the login would stay on the screen
    if request.method in ("GET", "HEAD"):
        texto = _(
            "Antes de esto, muestre que es usted: escriba otra vez su contraseña. Vuelve a la página de la lista; bájela allí otra vez."
        )
        return pagina(form, aviso=texto, sigue=_de_donde_venia(), codigo=401)
    llevado = del_formulario()
    if llevado is None:
        texto = _(
            "Antes de esto, muestre que es usted: escriba otra vez su contraseña. No se hizo nada; después hágalo de nuevo."
        )
        return pagina(form, aviso=texto, sigue=pagina_de(request.path), codigo=401)
    texto = _(
        "Antes de esto, muestre que es usted: escriba otra vez su contraseña. No se hizo nada, y lo que escribió vuelve."
    )
    return pagina(form, llevado, aviso=texto, codigo=401)


def _de_donde_venia() -> str:
    """The page on which the download stood, with what it was filtered by, as the browser says; else
    the page above."""
    pagina_suya, consulta = de_donde_viene()
    if pagina_suya in ("", request.path, url_for("ingreso.ingresar")):
        return pagina_de(request.path.rpartition("/")[0])
    return f"{pagina_suya}?{urlencode(consulta)}" if consulta else pagina_suya


@rutas.get("/ingresar", para=PUBLICO)
@rutas.post("/ingresar", para=PUBLICO)
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
    try:
        with frenos.intento(_claves(nombre, form.clave.data), ahora) as fallo:
            conocido = usuario_por_nombre(nombre)
            usuario = autenticar(
                conocido, form.clave.data, conocido=conocidos.cual(nombre) is not None
            )
            if usuario is None:
                fallo()
    except Frenado as freno:
        if not freno.anotada:
            servicios().engine.log_access(
                ANONIMO, INGRESO_FRENADO, _quien(usuario_por_nombre(nombre), nombre), now=ahora
            )
        return pagina(form, llevado, hasta=hora(ahora + freno.espera, segundos=True), codigo=429)
    except Ocupado:
        return pagina(form, llevado, error=str(OCUPADOS), codigo=503)
    if usuario is None:
        servicios().engine.log_access(ANONIMO, INGRESO_FALLIDO, _quien(conocido, nombre), now=ahora)
        return pagina(
            form, llevado, error=_("El usuario o la contraseña no son correctos"), codigo=422
        )
    _cifrar_de_nuevo(usuario, form.clave.data)
    if usuario.doble:
        return pedir_segundo(segundo_pendiente(usuario), llevado)
    if equipo_nuevo.hace_falta(usuario):
        return equipo_nuevo.pedir(usuario, llevado, ANONIMO, ahora)
    return entrar(usuario, llevado, ahora)


# --- the second factor ----------------------------------------------------------------------------
class SegundoForm(ConFicha):
    codigo = StringField(
        _l("Código de 6 cifras"),
        [
            InputRequired(_l("Escriba el código")),
            Length(max=40, message=_l("El código es demasiado largo")),
        ],
        description=_l(
            "Está en su aplicación de códigos y cambia cada 30 segundos. También sirve uno de sus códigos de recuperación."
        ),
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
            "inputmode": "text",
        },
    )


def _firmante() -> URLSafeTimedSerializer:
    return firmante_con_hora("segundo factor")


def segundo_pendiente(usuario: Usuario) -> str:
    """What the page carries of whoever has shown the password; good for one account as it is now,
    for a few minutes."""
    return _firmante().dumps([usuario.usuario, usuario.fs_uniquifier])


def pendiente(firma: str) -> Usuario | None:
    try:
        nombre, fs_uniquifier = _firmante().loads(
            firma, max_age=int(ESPERA_DEL_SEGUNDO.total_seconds())
        )
    except (BadData, TypeError, ValueError):
        return None
    usuario = usuario_por_nombre(str(nombre))
    return (
        usuario
        if usuario is not None
        and usuario.active
        and usuario.fs_uniquifier == fs_uniquifier
        and usuario.doble
        else None
    )


def pedir_segundo(
    pendiente_: str,
    llevado: Llevado | None,
    form: SegundoForm | None = None,
    *,
    hasta: str = "",
    codigo: int = 200,
) -> ResponseReturnValue:
    """With what the account has: a code, a passkey, or either."""
    firma, texto = empacar(llevado) if llevado else ("", "")
    quien = pendiente(pendiente_)
    with servicios().uow.reading() as lectura:
        con_codigo = quien is None or segundo_factor.de(lectura, quien.usuario) is not None
        con_llave = (
            quien is not None
            and aqui() is not None
            and bool(llaves_de_acceso.de(lectura, quien.usuario))
        )
    dichos = {
        "con_codigo": con_codigo,
        "con_llave": con_llave,
        "pendiente": pendiente_,
        "hasta": hasta,
        "next": request.values.get("next", ""),
        "firma": firma,
        "llevado": texto,
    }
    return render_template(
        "cuentas/segundo.html", form=form or SegundoForm(formdata=None), **dichos
    ), codigo


@rutas.post("/ingresar/segundo", para=PUBLICO)
def segundo() -> ResponseReturnValue:
    """The code of an account whose password was shown a moment ago; guesses are counted apart from
    those of passwords."""
    form, ahora = SegundoForm(), servicios().clock.now()
    llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
    firma = request.form.get("pendiente", "")
    usuario = pendiente(firma)
    if usuario is None:
        return pagina(
            IngresoForm(formdata=None),
            llevado,
            aviso=_("Pasaron más de 5 minutos. Escriba otra vez su contraseña."),
            codigo=401,
        )
    if not form.validate():
        return pedir_segundo(firma, llevado, form, codigo=422)
    try:
        with frenos.intento(
            {frenos.llave("segundo", usuario.usuario): frenos.CUENTA}, ahora
        ) as fallo:
            dicho = mirar_el_segundo(usuario.usuario, str(form.codigo.data), ahora)
            if dicho is Dicho.NO:
                fallo()
    except Frenado as freno:
        if not freno.anotada:
            servicios().engine.log_access(ANONIMO, INGRESO_FRENADO, usuario.usuario, now=ahora)
        return pedir_segundo(
            firma, llevado, form, hasta=hora(ahora + freno.espera, segundos=True), codigo=429
        )
    if dicho not in SIRVEN:
        servicios().engine.log_access(ANONIMO, INGRESO_FALLIDO, usuario.usuario, now=ahora)
        form.codigo.errors = [str(NO_SIRVE[dicho])]
        return pedir_segundo(firma, llevado, form, codigo=422)
    respuesta = entrar(usuario, llevado, ahora)
    if dicho is Dicho.RECUPERA:
        _decir_cuantos_quedan(usuario.usuario)
    return respuesta


def _decir_cuantos_quedan(usuario: str) -> None:
    """Whoever entered without their telephone is told before the last code is gone, and what to do
    about it."""
    with servicios().uow.reading() as lectura:
        puesto = segundo_factor.de(lectura, usuario)
    quedan = puesto.quedan if puesto is not None else 0
    if not quedan:
        flash(
            _(
                "Ese era su último código de recuperación. Si perdió el teléfono, pida a quien administra que quite su segundo factor."
            ),
            "ambar",
        )
        return
    cuantos = ngettext(
        "Le queda %(num)s código de recuperación.",
        "Le quedan %(num)s códigos de recuperación.",
        quedan,
    )
    que_hacer = _(
        "El que usó ya no sirve. Si perdió el teléfono, con otro de ellos quite el segundo factor en «Mi cuenta» y actívelo de nuevo."
    )
    flash(f"{cuantos} {que_hacer}", "ambar")


def _gastar_paso(usuario: str, secreto: doble.Secreto, paso: int, ahora: dt.datetime) -> bool:
    """The code of this step is good for nothing any more; False: it was not before either. Who
    replaces an application of before has shown one of that a moment ago."""
    de_cual = "" if secreto.algoritmo is doble.Algoritmo.SHA1 else f"{secreto.algoritmo.value} "
    try:
        frenos.gastar("codigo", f"{usuario} {de_cual}{paso}", Cupo(1, dt.timedelta(days=1)), ahora)
    except Frenado:
        return False
    return True


class Dicho(Enum):
    """What a code is worth that somebody typed. Only `NO` counts as a guess: the others were good a
    moment ago, or are good no more."""

    SIRVE = auto()
    RECUPERA = auto()
    YA_CAMBIO = auto()
    SE_ADELANTA = auto()
    NO = auto()


#: Those that are taken.
SIRVEN: Final = frozenset({Dicho.SIRVE, Dicho.RECUPERA})
#: What is said of each that was not taken.
NO_SIRVE: Mapping[Dicho, Any] = {
    Dicho.YA_CAMBIO: _l("Ese código acaba de cambiar: escriba el que su aplicación muestra ahora."),
    Dicho.SE_ADELANTA: _l(
        "Ese código es del momento que sigue: el reloj de su teléfono o el del servidor no está en hora. Ponga la hora del teléfono en "
        "automático y espere el siguiente."
    ),
    Dicho.NO: _l(
        "Ese código no sirve. Espere el siguiente, o use uno de recuperación que no haya usado."
    ),
}
_CUANDO: Mapping[doble.Cuando, Dicho] = {
    doble.Cuando.ANTES: Dicho.YA_CAMBIO,
    doble.Cuando.DESPUES: Dicho.SE_ADELANTA,
}


def mirar_codigo(
    usuario: str, secreto: doble.Secreto, limpio: str, ahora: dt.datetime
) -> Dicho | None:
    """One of the application, which is used up by this; None: it is of no step near. One of the
    step to come is used up, too: whoever guessed it has learned nothing that opens anything
    later."""
    cuando = doble.de_cuando(secreto, limpio, ahora)
    if cuando is None:
        return None
    gastado = cuando is not doble.Cuando.ANTES and _gastar_paso(
        usuario, secreto, doble.paso(ahora, cuando), ahora
    )
    if cuando is doble.Cuando.AHORA:
        return Dicho.SIRVE if gastado else Dicho.NO
    return _CUANDO[cuando]


def mirar_el_segundo(usuario: str, escrito: str, ahora: dt.datetime) -> Dicho:
    """A code of now that nobody has used yet, or one to recover, which is used up."""
    s, limpio = servicios(), "".join(escrito.split())
    with s.uow.reading() as session:
        puesto = segundo_factor.de(session, usuario)
    if puesto is None:
        return Dicho.NO
    secreto = doble.abrir(puesto.secreto)
    dicho = mirar_codigo(usuario, secreto, limpio, ahora) if secreto is not None else None
    if dicho is None:
        huellas = doble.huellas(usuario, limpio)
        gastado = s.uow.run(
            lambda session: segundo_factor.gastar_codigo(session, usuario, huellas, ahora)
        )
        return Dicho.RECUPERA if gastado else Dicho.NO
    otra_vez = doble.con_la_de_ahora(puesto.secreto) if dicho is Dicho.SIRVE else None
    if otra_vez is not None:
        s.uow.run(
            lambda session: segundo_factor.cerrar_de_nuevo(
                session, usuario, puesto.secreto, otra_vez
            )
        )
    return dicho


def abrir_sesion(usuario: Usuario, ahora: dt.datetime) -> None:
    """Of somebody who has shown who they are: nothing of the session before stays."""
    sesiones.abrir(usuario.id, usuario.fs_uniquifier, ahora)
    login_user(usuario, remember=False)


def entrar(
    usuario: Usuario, llevado: Llevado | None, ahora: dt.datetime, sigue: str = ""
) -> ResponseReturnValue:
    _registrar_ingreso(usuario, ahora)
    abrir_sesion(usuario, ahora)
    conocidos.recordar(usuario.usuario)
    if llevado is None:
        return redirect(destino_local(sigue or request.form.get("next", "")))
    if llevado.usuario != usuario.usuario:
        return redirect(url_for("inicio.inicio", ajeno=1))
    return retomar(llevado)


# says who asks to whoever asks
@rutas.get("/sesion", para=PUBLICO)
def sesion() -> ResponseReturnValue:
    """Who is in at this browser, for pages that are left open; "" nobody. Asking is no use, whoever
    asks: nothing lasts longer by it."""
    usuario = usuario_actual()
    g.login_vigente = False
    return jsonify(quien=usuario.usuario if usuario is not None else "")


@rutas.post("/salir", para=PUBLICO)
def salir() -> ResponseReturnValue:
    """Ends the login on the server, too: a copy of the cookie enters no more."""
    usuario, ahora = usuario_actual(), servicios().clock.now()
    if usuario is not None:
        servicios().uow.run(lambda s: sesiones.cerrar(s, ahora))
        servicios().engine.log_access(usuario.actor, "salida", usuario.usuario, now=ahora)
    logout_user()
    session.clear()
    ficha.otra()
    respuesta = redirect(url_for("ingreso.ingresar"))
    # What was shown goes from this browser's memory. Not its cookies, which say that it is a device
    # or known; nor its storage, which may hold an audit that waits for the network.
    respuesta.headers["Clear-Site-Data"] = '"cache"'
    return respuesta


def _ya_entro(usuario: Usuario, llevado: Llevado | None) -> ResponseReturnValue | None:
    """A login page of before its browser entered in another tab: it goes on, and nobody shows a
    password twice; a second login would end that of the other tabs. None: it names another account,
    or carries what was written by one."""
    pide = pendiente(request.form.get("pendiente", "")) or equipo_nuevo.pendiente(
        request.form.get("navegador", "")
    )
    nombre = request.form.get("usuario", "").strip().lower() or (
        pide.usuario if pide is not None else ""
    )
    if nombre not in ("", usuario.usuario):
        return None
    if llevado is None:
        return redirect(destino_local(request.form.get("next", "")))
    return retomar(llevado) if llevado.usuario == usuario.usuario else None


def sin_csrf() -> ResponseReturnValue | None:
    """The CSRF token does not fit: another login in another tab, or a foreign page. What was typed
    is shown again, never executed.

    None: there is nothing to give back, the page of error 400 says so.
    """
    usuario = usuario_actual()
    if request.endpoint in ENTRADAS:
        llevado = desempacar(request.form.get("_firma", ""), request.form.get("_llevado", ""))
        if usuario is not None and (sigue := _ya_entro(usuario, llevado)) is not None:
            return sigue
        form = IngresoForm(data={"usuario": request.form.get("usuario", "")}, formdata=None)
        return pagina(
            form,
            llevado,
            aviso=_("La página llevaba mucho tiempo abierta. Ingrese otra vez."),
            codigo=400,
        )
    llevado = del_formulario()
    if usuario is not None and llevado is not None and llevado.usuario == usuario.usuario:
        return retomar(llevado)
    return None
