"""Where links with a secret lead: a page that hands over what stands behind the `#` of its address,
by a script, or by who copies it.

Nothing is used up by that: the page behind it asks first, and says what it is about.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from webforms.base import llevados
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.tardios import MOSTRAR, solo_mostrar
from webforms.navegador.ficha import ConFicha

rutas = Rutas()


class CodigoForm(ConFicha):
    secreto = StringField(
        _l("Código del enlace"),
        [
            InputRequired(_l("Copie el código del enlace")),
            Length(max=2000, message=_l("El código es demasiado largo")),
        ],
        description=_l(
            "Es lo que sigue al signo # en la dirección que recibió. También puede pegar la dirección entera."
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


#: Where it begins → the page that takes the name of what was handed over, and how it calls that.
DETRAS: Final = {
    llevados.CLAVE: ("ingreso.elegir_clave", "token"),
    llevados.CALIFICAR: ("calificacion.enlace", "token"),
    llevados.ENTREGA: ("entrega.con_enlace", "token"),
    llevados.CONFIRMAR: ("correo.confirmar", "token"),
    llevados.ACTIVAR: ("dispositivos.activar", "activacion"),
    llevados.SOBRE_USTED: ("tramites.preguntar", "firma"),
    llevados.TURNO: ("seguimiento.turno", "firma"),
}
#: How the secret is found, where no message has it: whoever scanned paper sees it in the address of
#: this page, where no script took it.
DONDE_ESTA: Final[Mapping[str, Any]] = {
    llevados.TURNO: _l(
        "Escanee otra vez el código de su tiquete. Si esta página vuelve a salir, copie aquí lo que sigue al signo # en su dirección, "
        "o la dirección entera."
    )
}


def abrir() -> ResponseReturnValue:
    return _pagina(CodigoForm(formdata=None))


def _pagina(form: CodigoForm, codigo: int = 200) -> ResponseReturnValue:
    form.secreto.description = DONDE_ESTA.get(request.path, form.secreto.description)
    return render_template("cuentas/puerta.html", form=form), codigo


def llevar() -> ResponseReturnValue:
    form = CodigoForm()
    if not form.validate() or solo_mostrar():
        return _pagina(form, 422)
    secreto = "".join(re.split("[#/]", str(form.secreto.data))[-1].split())
    if not llevados.sirve(request.path, secreto):
        form.secreto.errors = [
            _("Está incompleto. Cópielo entero, o abra otra vez el enlace que recibió.")
        ]
        return _pagina(form, 422)
    endpoint, parte = DETRAS[request.path]
    partes: dict[str, Any] = {parte: llevados.guardar(request.path, secreto)}
    return redirect(url_for(endpoint, **partes), 303)


for _puerta in DETRAS:
    rutas.get(_puerta, para=PUBLICO)(abrir)
    rutas.post(_puerta, para=PUBLICO, se_muestra=MOSTRAR)(llevar)
