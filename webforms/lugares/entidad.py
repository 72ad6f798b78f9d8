"""What the agency calls itself: on paper, in mails and on public pages."""

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from records.base import cambios as registro
from records.base.reglas.entidad import Entidad
from records.lugares import entidad
from webforms.base import cambios
from webforms.base.guias import ADMINISTRADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import GOBIERNA
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.plazos import dias

rutas = Rutas()


@rutas.get(
    "/entidad/datos",
    para=GOBIERNA,
    ayuda=Ayuda(
        _l("Cómo se llama la entidad en papeles, correos y páginas públicas."), ADMINISTRADOR
    ),
    menu=Entrada(Grupo.AJUSTES, _l("Datos de la entidad")),
)
@rutas.post(
    "/entidad/datos", para=GOBIERNA, haria=_l("Cambiar el nombre y los datos de la entidad")
)
def datos() -> ResponseReturnValue:
    error = ""
    with servicios().uow.reading() as session:
        escrito: dict[str, Any] = asdict(entidad.leer(session))
    if request.method == "POST":
        escrito = {k: limpiar(request.form.get(k, ""))[:400] for k in (*entidad.ROTULOS, "motivo")}
        dicha = Entidad(*(escrito[k] for k in entidad.ROTULOS))
        error = cambios.intentar(
            lambda session, acto: entidad.poner(session, dicha, escrito["motivo"], acto)
        )
        if not error:
            dias.olvidar()
            flash(
                _(
                    "Guardado. Sale así en lo que se imprima y se envíe desde ahora; lo que ya salió queda como salió."
                ),
                "verde",
            )
            return redirect(url_for("entidad.datos"))
    with servicios().uow.reading() as session:
        historia = cambios.historia(session, registro.de(session, entidad.CLASE, entidad.SUJETO))
    pagina = render_template(
        "lugares/entidad.html",
        rotulos=entidad.ROTULOS,
        escrito=escrito,
        error=error,
        historia=historia,
    )
    return pagina, 422 if error else 200
