"""Who cannot enter: a link by mail, to choose another password or to show that this browser is
theirs. Nothing is said of whether there is such an account, and nothing of it changes until the
link is used."""

import time
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from records.base.errores import Rechazo
from records.cuentas.enlaces_de_clave import EQUIPO, NUEVA, Clase
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from records.cuentas.tablas import Cuenta
from webforms.base import frenos
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.cuentas import claves, conocidos
from webforms.cuentas.ingreso import ANONIMO
from webforms.navegador.ficha import ConFicha

rutas = Rutas()

A_UNA_CUENTA: Final = Cupo(3, UNA_HORA)
DE_UNA_DIRECCION: Final = Cupo(20, UNA_HORA)
#: Seconds until the answer, whether there is such an account or not: how long it takes tells
#: nothing either.
TARDA: Final = 0.4
#: What is asked for, as the address says it → kind of the link.
QUE: Final[Mapping[str, Clase]] = {"contrasena": NUEVA, "equipo": EQUIPO}


class RecuperarForm(ConFicha):
    usuario = StringField(
        _l("Usuario o correo"),
        [
            InputRequired(_l("Escriba su usuario o su correo")),
            Length(max=160, message=_l("Escriba máximo 160 letras")),
        ],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )


def _pagina(que: str, form: RecuperarForm, codigo: int = 200, **dichos: Any) -> ResponseReturnValue:
    return render_template("cuentas/recuperar.html", que=que, form=form, **dichos), codigo


@rutas.get("/ingresar/<que>", para=PUBLICO)
def recuperar(que: str) -> ResponseReturnValue:
    if que not in QUE:
        abort(404)
    return _pagina(que, RecuperarForm(formdata=None))


@rutas.post("/ingresar/<que>", para=PUBLICO)
def pedir_enlace(que: str) -> ResponseReturnValue:
    if que not in QUE:
        abort(404)
    form, now, desde = RecuperarForm(), servicios().clock.now(), time.monotonic()
    if not form.validate():
        return _pagina(que, form, 422)
    try:
        frenos.gastar("recuperar-de", frenos.de_donde(request.remote_addr), DE_UNA_DIRECCION, now)
    except Frenado as freno:
        return _pagina(que, form, 429, hasta=hora(now + freno.espera))
    _enviar(
        str(form.usuario.data).strip().lower(),
        QUE[que],
        conocidos.pedir() if QUE[que] == EQUIPO else "",
    )
    time.sleep(max(0.0, TARDA - (time.monotonic() - desde)))
    return _pagina(que, form, enviado=True)


def _enviar(escrito: str, clase: Clase, semilla: str) -> None:
    """To the account of this name or address, if it may enter; who asks too often for it gets the
    links of before only."""
    s, now = servicios(), servicios().clock.now()
    suya = sa.select(Cuenta.usuario).where(
        sa.or_(Cuenta.usuario == escrito, sa.func.lower(Cuenta.correo) == escrito), Cuenta.activo
    )
    with s.uow.reading() as session:
        usuario = session.scalars(suya.order_by(Cuenta.usuario != escrito).limit(1)).one_or_none()
    if usuario is None:
        return
    try:
        frenos.gastar("recuperar", usuario, A_UNA_CUENTA, now)
        claves.dar(usuario, clase, ANONIMO, por_correo=True, de_fuera=True, semilla=semilla)
    except (Frenado, Rechazo):  # it ended meanwhile
        return
