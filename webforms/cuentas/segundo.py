"""One's own second factor: put with an application of codes, taken away; new codes to recover."""

import datetime as dt
from typing import Any, Final, cast

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from common.language import said
from records.base.errores import DatoInvalido, NoExiste
from records.controles.reglas.accesos import INGRESO_FALLIDO, INGRESO_FRENADO
from records.cuentas import segundo_factor
from records.lugares import entidad
from webforms.base import frenos
from webforms.base.ajustes import ajustes
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.qr import codigo_qr
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, exige_segundo, usuario_actual
from webforms.base.servicios import servicios
from webforms.cuentas import doble
from webforms.cuentas.ingreso import NO_SIRVE, SIRVEN, Dicho, mirar_codigo, mirar_el_segundo
from webforms.cuentas.llaves_de_acceso import aqui
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

#: in the access chain
SEGUNDO_PUESTO, SEGUNDO_QUITADO, OTROS_CODIGOS = (
    "segundo_puesto",
    "segundo_quitado",
    "codigos_de_recuperacion",
)
PARA_PONERLO: Final = dt.timedelta(minutes=30)  #: the picture that was shown is good for so long


class CodigoForm(ConFicha):
    """`nuevo`: the secret that the page shows, encrypted."""

    nuevo = HiddenField()
    codigo = StringField(
        _l("Código de 6 cifras"),
        [
            InputRequired(_l("Escriba el código que muestra la aplicación")),
            Length(max=40, message=_l("El código es demasiado largo")),
        ],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"},
    )


def _yo() -> Usuario:
    return cast(Usuario, usuario_actual())


def _pagina(form: CodigoForm, codigo: int = 200, **mas: Any) -> ResponseReturnValue:
    yo, s = _yo(), servicios()
    with s.uow.reading() as session:
        puesto = segundo_factor.de(session, yo.usuario)
        de_quien = entidad.leer(session).nombre or "Ventanilla"
    secreto = doble.abrir(str(form.nuevo.data or ""), PARA_PONERLO) or doble.secreto_nuevo()
    form.nuevo.data = doble.guardar(secreto)
    dibujo = codigo_qr(doble.direccion(secreto, yo.usuario, de_quien))
    valores = {
        "puesto": puesto,
        "de_antes": puesto is not None and puesto.de_antes and not ajustes().totp_sha1,
        "dibujo": dibujo,
        "a_mano": doble.a_mano(secreto),
        "algoritmo": secreto.algoritmo.value,
        "con_llave": aqui() is not None,
        "exige": exige_segundo(yo),
        "codigos": (),
        "error": "",
    }
    return render_template("cuentas/segundo_propio.html", form=form, **{**valores, **mas}), codigo


@rutas.get(
    "/cuenta/segundo-factor",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Aquí activa el código de su teléfono que se le pide al entrar, o lo quita."),
        FUNCIONARIO,
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Mi segundo factor")),
)
def ver() -> ResponseReturnValue:
    return _pagina(CodigoForm(formdata=None))


@rutas.post(
    "/cuenta/segundo-factor", para=PERSONA, haria=_l("Activar su segundo factor"), de_peso=True
)
def poner() -> ResponseReturnValue:
    """Its code shows that the application has the secret. Who has one takes it away first, with a
    code of it: `quitar`; one of before is replaced, for it opens nothing but this page."""
    form, yo, s = CodigoForm(), _yo(), servicios()
    now, secreto = s.clock.now(), doble.abrir(str(form.nuevo.data or ""), PARA_PONERLO)
    if not form.validate():
        return _pagina(form, 422)
    if secreto is None:
        return _pagina(
            CodigoForm(formdata=None),
            409,
            error=_("Pasó mucho tiempo. Lea otra vez el dibujo con su aplicación."),
        )
    with s.uow.reading() as session:
        puesto = segundo_factor.de(session, yo.usuario)
    permite = ajustes().totp_sha1
    if puesto is not None and (permite or not puesto.de_antes):
        return _pagina(form, 409, error=said(segundo_factor.YA_TIENE))
    limpio = "".join(str(form.codigo.data).split())
    otro = secreto.como_las_de_antes()
    sin_sha256 = (
        doble.de_cuando(secreto, limpio, now) is None
        and doble.de_cuando(otro, limpio, now) is not None
    )
    if sin_sha256 and not permite:
        form.codigo.errors = [_no_entiende()]
        return _pagina(form, 422)
    suyo = otro if sin_sha256 else secreto
    try:
        with frenos.intento({frenos.llave("segundo", yo.usuario): frenos.CUENTA}, now) as fallo:
            dicho = mirar_codigo(yo.usuario, suyo, limpio, now) or Dicho.NO
            if dicho is Dicho.NO:
                fallo()
    except Frenado as freno:
        return _esperar(form, now + freno.espera)
    if dicho is not Dicho.SIRVE:
        no_es = _(
            "No es el código de ahora. Mire que la hora del teléfono sea automática, y escriba el siguiente."
        )
        form.codigo.errors = [no_es if dicho is Dicho.NO else str(NO_SIRVE[dicho])]
        return _pagina(form, 422)
    codigos = doble.codigos_nuevos()
    huellas = [doble.huella(yo.usuario, codigo) for codigo in codigos]
    antes = puesto.secreto if puesto is not None else None
    try:
        s.uow.run(
            lambda session: segundo_factor.poner(
                session, yo.usuario, doble.guardar(suyo), huellas, now, en_vez_de=antes
            )
        )
    except DatoInvalido as falta:  # in the other tab, in this moment
        return _pagina(form, 409, error=str(falta))
    s.engine.log_access(yo.actor, SEGUNDO_PUESTO, yo.usuario, now=now)
    return _pagina(CodigoForm(formdata=None), codigos=codigos)


def _no_entiende() -> str:
    dice = _(
        "Su aplicación no entiende SHA-256: hizo el código con SHA-1, que aquí no se acepta. Use otra de las que se nombran arriba."
    )
    return (
        f"{dice} {_('O guarde una llave de acceso, en «Mi cuenta».')}"
        if aqui() is not None
        else dice
    )


def _esperar(form: CodigoForm, cuando: dt.datetime) -> ResponseReturnValue:
    error = _(
        "Hubo muchos códigos equivocados. Puede intentarlo otra vez a las %(h)s.",
        h=hora(cuando, segundos=True),
    )
    return _pagina(form, 429, error=error)


def _mostrado(form: CodigoForm) -> ResponseReturnValue | None:
    """A code of the factor that is to be changed; None: it was shown."""
    yo, s = _yo(), servicios()
    now = s.clock.now()
    if not form.validate():
        return _pagina(form, 422)
    try:
        with frenos.intento({frenos.llave("segundo", yo.usuario): frenos.CUENTA}, now) as fallo:
            dicho = mirar_el_segundo(yo.usuario, str(form.codigo.data), now)
            if dicho is Dicho.NO:
                fallo()
    except Frenado as freno:
        if not freno.anotada:
            s.engine.log_access(yo.actor, INGRESO_FRENADO, yo.usuario, now=now)
        return _esperar(form, now + freno.espera)
    if dicho is Dicho.NO:
        s.engine.log_access(yo.actor, INGRESO_FALLIDO, yo.usuario, now=now)
    if dicho not in SIRVEN:
        form.codigo.errors = [str(NO_SIRVE[dicho])]
        return _pagina(form, 422)
    return None


@rutas.post(
    "/cuenta/segundo-factor/codigos", para=PERSONA, haria=_l("Hacer otros códigos de recuperación")
)
def otros_codigos() -> ResponseReturnValue:
    form, yo, s = CodigoForm(), _yo(), servicios()
    if (falta := _mostrado(form)) is not None:
        return falta
    codigos = doble.codigos_nuevos()
    huellas = [doble.huella(yo.usuario, codigo) for codigo in codigos]
    s.uow.run(lambda session: segundo_factor.otros_codigos(session, yo.usuario, huellas))
    s.engine.log_access(yo.actor, OTROS_CODIGOS, yo.usuario, now=s.clock.now())
    return _pagina(CodigoForm(formdata=None), codigos=codigos)


@rutas.post("/cuenta/segundo-factor/quitar", para=PERSONA, haria=_l("Quitar su segundo factor"))
def quitar() -> ResponseReturnValue:
    form, yo, s = CodigoForm(), _yo(), servicios()
    if (falta := _mostrado(form)) is not None:
        return falta
    now = s.clock.now()
    try:
        s.uow.run(lambda session: segundo_factor.quitar(session, yo.usuario, now))
    except NoExiste:
        flash(_("Ya no tenía segundo factor."), "ambar")
        return redirect(url_for("segundo.ver"))
    s.engine.log_access(yo.actor, SEGUNDO_QUITADO, yo.usuario, now=now)
    flash(_("Su segundo factor se quitó."), "verde")
    return redirect(url_for("cuenta.ver"))
