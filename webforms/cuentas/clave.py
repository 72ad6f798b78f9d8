"""The page behind a link of one use: a person chooses their password. Looking at it uses nothing
up; previews of mails look, too."""

import re
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from engine.states import ActorKind
from engine.types import Actor
from records.base.errores import EnlaceInvalido
from records.correo.reglas import cartas
from records.cuentas import enlaces_de_clave
from records.cuentas.cifrado import cifrar_clave
from records.cuentas.enlaces_de_clave import Hallado
from records.cuentas.reglas import contrasenas
from webforms.base import filtradas, frenos, llevados
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.cuentas import claves, conocidos, equipo_nuevo
from webforms.cuentas.con_equipo import entrar_si_espera
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

EQUIPO_RECONOCIDO = "equipo_reconocido"  #: in the access chain; the subject is the account
FORMA = re.compile(r"[\w-]{43}", re.ASCII)
OTRO_NAVEGADOR = "otro_navegador"
#: Why a link is no good → what holds now.
YA_NO: Mapping[str, Any] = {
    "usado": _l(
        "Ya se usó. Si fue usted, ingrese con la contraseña que eligió; si no, avise a quien administra Ventanilla."
    ),
    "vencido": _l("Venció. Su cuenta sigue igual: pida otro enlace a quien administra Ventanilla."),
    "anulado": _l(
        "Lo reemplazó otro más nuevo, cambió el correo, o la cuenta está inactiva. Use el último que recibió."
    ),
    OTRO_NAVEGADOR: _l(
        "Solo sirve en el navegador en el que lo pidió. Ábralo allí, o pida otro desde este y úselo antes de 10 minutos."
    ),
    "": _l(
        "Está incompleto o no es de aquí. Cópielo entero, o pida otro a quien administra Ventanilla."
    ),
}


#: Of one that makes a browser known, and sets no password.
YA_NO_DE_NAVEGADOR: Mapping[str, Any] = {
    **YA_NO,
    "usado": _l(
        "Ya se usó: el navegador en que se abrió quedó reconocido, e ingresa con su contraseña. Si no fue usted, avise a quien "
        "administra Ventanilla."
    ),
    "vencido": _l(
        "Venció, y su cuenta sigue igual. Pida otro como pidió este, en el navegador que va a usar: dura 10 minutos."
    ),
}


class ClaveForm(ConFicha):
    clave = PasswordField(
        _l("Contraseña nueva"),
        [
            InputRequired(_l("Escriba su contraseña nueva")),
            Length(max=1000, message=_l("La contraseña es demasiado larga")),
        ],
        description=_l(
            "15 letras o más; puede ser una frase con espacios. No hacen falta símbolos."
        ),
        render_kw={"autocomplete": "new-password"},
    )
    otra = PasswordField(
        _l("Escríbala otra vez"),
        [InputRequired(_l("Escriba otra vez la contraseña"))],
        render_kw={"autocomplete": "new-password"},
    )


def _hallar(token: str) -> Hallado | None:
    if not FORMA.fullmatch(token):
        return None
    with servicios().uow.reading() as session:
        return enlaces_de_clave.por_token(session, claves.mostrado(token), servicios().clock.now())


def _no_sirve(hallado: Hallado | None) -> ResponseReturnValue:
    porque = (
        "" if hallado is None else OTRO_NAVEGADOR if hallado.estado == "vigente" else hallado.estado
    )
    de_navegador = hallado is not None and hallado.clase in enlaces_de_clave.DE_NAVEGADOR
    return render_template(
        "cuentas/enlace_no_sirve.html",
        porque=(YA_NO_DE_NAVEGADOR if de_navegador else YA_NO)[porque],
    ), 404


def _sirve(hallado: Hallado) -> bool:
    """Here and now. One that is to make a browser known works in the browser that asked for it, and
    in no other (ASVS 6.6.2)."""
    return hallado.estado == "vigente" and (
        hallado.clase not in enlaces_de_clave.DE_NAVEGADOR or conocidos.pidio(hallado.semilla)
    )


def _pagina(hallado: Hallado, form: ClaveForm, codigo: int = 200) -> ResponseReturnValue:
    if hallado.clase in enlaces_de_clave.DE_NAVEGADOR:
        entra = equipo_nuevo.espera_aqui(hallado.usuario) is not None
        return render_template(
            "cuentas/equipo.html",
            suyo=hallado,
            vence=cartas.dia_y_hora(hallado.vence),
            form=form,
            entra=entra,
        ), codigo
    return render_template(
        "cuentas/clave.html", suyo=hallado, vence=cartas.dia_y_hora(hallado.vence), form=form
    ), codigo


@rutas.get("/clave/<token>", para=PUBLICO)
def elegir_clave(token: str) -> ResponseReturnValue:
    token = llevados.leer(llevados.CLAVE, token)
    hallado = _hallar(token)
    if hallado is None or not _sirve(hallado):
        return _no_sirve(hallado)
    return _pagina(hallado, ClaveForm(formdata=None))


@rutas.post("/clave/<token>", para=PUBLICO)
def poner_clave(token: str) -> ResponseReturnValue:
    token = llevados.leer(llevados.CLAVE, token)
    hallado, form, s = _hallar(token), ClaveForm(), servicios()
    if hallado is None or not _sirve(hallado):
        return _no_sirve(hallado)
    if hallado.clase in enlaces_de_clave.DE_NAVEGADOR:
        return _reconocer(token)
    if not form.validate():
        return _pagina(hallado, form, 422)
    clave, now = str(form.clave.data), s.clock.now()
    if porque := contrasenas.falla(
        clave, hallado.usuario, hallado.nombre, hallado.correo
    ) or filtradas.falla(clave):
        form.clave.errors = [porque]
        return _pagina(hallado, form, 422)
    if form.otra.data != clave:
        form.otra.errors = [_("No es igual a la de arriba. Escríbala otra vez.")]
        return _pagina(hallado, form, 422)
    nueva, sesion = cifrar_clave(clave), claves.sesion_nueva()

    def poner(session: Session) -> str:
        de_quien = enlaces_de_clave.usar(
            session, claves.mostrado(token), clave_hash=nueva, fs_uniquifier=sesion, now=now
        )
        frenos.soltar(session, de_quien)
        return de_quien

    try:
        usuario = s.uow.run(poner)
    except EnlaceInvalido:
        return _no_sirve(_hallar(token))
    conocidos.recordar(usuario)
    s.engine.log_access(Actor(ActorKind.PERSON, usuario), claves.CLAVE_PUESTA, usuario, now=now)
    flash(_("Su contraseña quedó guardada. Ingrese con ella."), "verde")
    return redirect(url_for("ingreso.ingresar"))


def _reconocer(token: str) -> ResponseReturnValue:
    """From now on this browser is one that the account has entered from."""
    s = servicios()
    now = s.clock.now()
    try:
        usuario = s.uow.run(
            lambda session: enlaces_de_clave.mostrar_quien_es(session, claves.mostrado(token), now)
        )
    except EnlaceInvalido:
        return _no_sirve(_hallar(token))
    s.engine.log_access(Actor(ActorKind.PERSON, usuario), EQUIPO_RECONOCIDO, usuario, now=now)
    if (dentro := entrar_si_espera(usuario)) is not None:
        return dentro
    conocidos.recordar(usuario)
    flash(_("Listo: desde este equipo puede entrar. Escriba su usuario y su contraseña."), "verde")
    return redirect(url_for("ingreso.ingresar"))
