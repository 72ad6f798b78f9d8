"""One's own account: who one is here, with which roles and where, another password or language.
Nobody else's is shown or changed."""

from typing import cast
from urllib.parse import urlencode

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from records.base.errores import NoExiste
from records.controles.reglas.accesos import INGRESO_FALLIDO, INGRESO_FRENADO
from records.cuentas import cuentas, enlaces_de_clave, personal, sesiones as sesiones_abiertas
from records.cuentas.cifrado import cifrar_clave
from records.cuentas.reglas import contrasenas
from webforms.base import filtradas, frenos, idioma, palabras, sesiones
from webforms.base.catalogos import IDIOMAS
from webforms.base.formatos import dia_local, hora
from webforms.base.frenos import Frenado
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas, destino_local
from webforms.base.security import Usuario, usuario_actual, usuario_por_nombre
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.cuentas import claves
from webforms.cuentas.ingreso import abrir_sesion, autenticar
from webforms.navegador import cual as navegador
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

#: in the access chain: kind, and why
SESION_CERRADA, LA_PROPIA = "sesion_cerrada", "La cerró su dueño"
MUY_LARGA = Length(max=1000, message=_l("La contraseña es demasiado larga"))


class CambioForm(ConFicha):
    clave_actual = PasswordField(
        _l("Contraseña de ahora"),
        [InputRequired(_l("Escriba la contraseña con la que entra hoy")), MUY_LARGA],
        render_kw={"autocomplete": "current-password"},
    )
    clave = PasswordField(
        _l("Contraseña nueva"),
        [InputRequired(_l("Escriba su contraseña nueva")), MUY_LARGA],
        description=_l(
            "15 letras o más; puede ser una frase con espacios. No hacen falta símbolos."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    clave_otra = PasswordField(
        _l("Escríbala otra vez"),
        [InputRequired(_l("Escriba otra vez la contraseña"))],
        render_kw={"autocomplete": "new-password"},
    )


def _yo() -> Usuario:
    """There is one: the permission of these routes asks for it."""
    return cast(Usuario, usuario_actual())


def _pagina(form: CambioForm, codigo: int = 200, error: str = "") -> ResponseReturnValue:
    yo, s = _yo(), servicios()
    now = s.clock.now()
    with s.uow.reading() as session:
        ausencias = personal.ausencias_de(session, yo.usuario, dia_local(now))
        valores = {
            "suya": cuentas.cuenta(session, yo.usuario),
            "roles": personal.roles_de(session, yo.usuario, now),
            "ausencias": ausencias,
            "sesiones": sesiones_abiertas.abiertas(session, yo.usuario, now, sesiones.sin_uso()),
            "nombres": nombres_de(
                session, {n for a in ausencias for n in (a.usuario, a.sustituto)}
            ),
        }
    mas = {
        "doble": yo.doble,
        "sha1": yo.sha1,
        "limites": sesiones.limites({papel.name for papel in yo.papeles}),
        "rol": palabras.rol,
        "lugar": palabras.lugar,
        "esta": sesiones.cual(),
        "navegador": navegador.en_palabras,
    }
    return render_template("cuentas/cuenta.html", form=form, error=error, **mas, **valores), codigo


@rutas.get(
    "/cuenta",
    para=PERSONA,
    ayuda=Ayuda(_l("Aquí ve sus roles y cambia su contraseña."), FUNCIONARIO),
    menu=Entrada(Grupo.AJUSTES, _l("Mi cuenta")),
)
def ver() -> ResponseReturnValue:
    return _pagina(CambioForm(formdata=None))


def _no_sirve(form: CambioForm, yo: Usuario) -> bool:
    """What is wrong with the new one stands at its field."""
    clave = str(form.clave.data)
    with servicios().uow.reading() as session:
        correo = cuentas.cuenta(session, yo.usuario).correo
    if clave == form.clave_actual.data:
        form.clave.errors = [_("Es la misma de ahora. Elija otra.")]
    elif porque := contrasenas.falla(clave, yo.usuario, yo.nombre, correo) or filtradas.falla(
        clave
    ):
        form.clave.errors = [porque]
    elif form.clave_otra.data != clave:
        form.clave_otra.errors = [_("No es igual a la de arriba. Escríbala otra vez.")]
    return bool(form.errors)


@rutas.post("/cuenta/sesiones", para=PERSONA, haria=_l("Cerrar sesiones suyas"), de_peso=True)
def cerrar_sesiones() -> ResponseReturnValue:
    """`cual`: one of one's own; without it all but this one."""
    yo, s, cual = _yo(), servicios(), limpiar(request.form.get("cual", ""))[:40]
    now = s.clock.now()
    if cual:
        try:
            s.uow.run(
                lambda session: sesiones_abiertas.cerrar_una(
                    session, yo.usuario, cual, now, sesiones.JORNADA
                )
            )
        except NoExiste:
            flash(_("Esa sesión ya no estaba abierta."), "ambar")
            return redirect(url_for("cuenta.ver"))
        s.engine.log_access(
            yo.actor,
            SESION_CERRADA,
            yo.usuario,
            now=now,
            detail={"cerradas": "una", "motivo": LA_PROPIA},
        )
        flash(_("Sesión cerrada."), "verde")
        return redirect(url_for("cuenta.ver"))
    nueva = claves.sesion_nueva()
    s.uow.run(lambda session: sesiones_abiertas.cerrar_todas(session, yo.usuario, nueva))
    s.engine.log_access(
        yo.actor,
        SESION_CERRADA,
        yo.usuario,
        now=now,
        detail={"cerradas": "las demás", "motivo": LA_PROPIA},
    )
    if (ahora_es := usuario_por_nombre(yo.usuario)) is not None:
        abrir_sesion(ahora_es, now)
    flash(_("Las demás sesiones se cerraron."), "verde")
    return redirect(url_for("cuenta.ver"))


@rutas.post("/cuenta/idioma", para=PERSONA, haria=_l("Cambiar el idioma de las páginas"))
def cambiar_idioma() -> ResponseReturnValue:
    """Back to where one was, which from now on speaks it; so does the login page in this
    browser."""
    otro = request.form.get("idioma", "")
    if otro not in IDIOMAS:
        abort(422)
    yo, (camino, pedido) = _yo(), idioma.de_donde_viene()
    servicios().uow.run(lambda session: cuentas.hablarle(session, yo.usuario, otro))
    vuelta = f"{camino}?{urlencode(pedido)}" if pedido else camino
    mapa = current_app.create_url_adapter(request)
    hay = bool(camino) and mapa is not None and mapa.test(camino, method="GET")
    respuesta = redirect(destino_local(vuelta) if hay else url_for("cuenta.ver"))
    idioma.recordar(respuesta, otro)
    return respuesta


@rutas.get("/cuenta/idioma", para=PERSONA)
@rutas.get("/cuenta/clave", para=PERSONA)
def de_vuelta() -> ResponseReturnValue:
    """Where «Intentar otra vez» leads after an outage: the form stands on the page of the
    account."""
    return redirect(url_for("cuenta.ver"))


@rutas.post("/cuenta/clave", para=PERSONA, haria=_l("Cambiar su contraseña"))
def cambiar_clave() -> ResponseReturnValue:
    """The one before is asked for and counted like a try to enter: a browser that was left open
    gives nobody the account."""
    form, yo, s = CambioForm(), _yo(), servicios()
    now = s.clock.now()
    if not form.validate() or _no_sirve(form, yo):
        return _pagina(form, 422)
    try:
        with frenos.intento({frenos.llave("abierta", yo.usuario): frenos.CUENTA}, now) as fallo:
            if (acierta := autenticar(yo, str(form.clave_actual.data), conocido=True)) is None:
                fallo()
    except Frenado as freno:
        if not freno.anotada:
            s.engine.log_access(yo.actor, INGRESO_FRENADO, yo.usuario, now=now)
        cuando = hora(now + freno.espera, segundos=True)
        return _pagina(
            form,
            429,
            _("Hubo varios intentos fallidos. Puede intentarlo otra vez a las %(h)s.", h=cuando),
        )
    if acierta is None:
        s.engine.log_access(yo.actor, INGRESO_FALLIDO, yo.usuario, now=now)
        form.clave_actual.errors = [_("No es la contraseña con la que entra hoy.")]
        return _pagina(form, 422)
    nueva, sesion = cifrar_clave(str(form.clave.data)), claves.sesion_nueva()
    cambiada = s.uow.run(
        lambda session: enlaces_de_clave.cambiar_la_propia(
            session, yo.usuario, de=yo.password, clave_hash=nueva, fs_uniquifier=sesion, now=now
        )
    )
    ahora_es = usuario_por_nombre(yo.usuario) if cambiada else None
    if ahora_es is None:
        return _pagina(
            form,
            409,
            _(
                "La contraseña cambió mientras usted escribía. Si no fue usted, avise a quien administra Ventanilla."
            ),
        )
    s.engine.log_access(yo.actor, claves.CLAVE_PUESTA, yo.usuario, now=now)
    abrir_sesion(ahora_es, now)
    flash(
        _("Su contraseña cambió. Las sesiones que tenía abiertas en otros equipos se cerraron."),
        "verde",
    )
    return redirect(url_for("cuenta.ver"))
