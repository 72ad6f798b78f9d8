"""The database is away, busy or full for a while, or somebody comes too often (429): a page that
says so, keeps what was typed and sends it again at a press.

Sending again is safe: a form that had been saved gets its success once more. The page asks nothing
of the database.
"""

import logging
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout

from common.faults import code_of, is_full, is_outage
from records.cuentas.cifrado import Ocupado
from records.informes.disponibilidad import LLAMADAS
from webforms.base.formatos import hora
from webforms.base.frenos import Frenado
from webforms.base.servicios import servicios
from webforms.sistemas.vigilancia import Marca

log = logging.getLogger(__name__)

ESPERE = 5  # seconds, for programs that ask again by themselves
SECRETOS = frozenset({"clave", "clave_actual", "clave_otra"})  # are typed again
SITUACION: Mapping[bool, Any] = {
    False: _l("La base de datos no respondió. Suele durar unos segundos."),
    True: _l(
        "El servidor se quedó sin espacio para guardar. Avise a soporte: mientras tanto nada se guarda."
    ),
}


def _escrito() -> list[tuple[str, str]]:
    """The fields of the form as they came."""
    return [
        (nombre, valor)
        for nombre, valor in request.form.items(multi=True)
        if nombre not in SECRETOS
    ]


def nadie() -> None:
    """An error page asks no database who looks at it."""
    g.setdefault("_login_user", current_app.login_manager.anonymous_user())  # type: ignore[attr-defined]  # where Flask-Login keeps it


def responder(error: Exception) -> ResponseReturnValue:
    """Raises the error again when it will not pass by itself."""
    if not is_outage(error):
        raise error
    log.warning("the database did not do its part at %r: %s", request.path, code_of(error))
    Marca(Path(current_app.instance_path)).anotar(servicios().clock.now(), code_of(error), LLAMADAS)
    return _pagina(SITUACION[is_full(error)])


def ocupados(_error: Ocupado) -> ResponseReturnValue:
    return _pagina(
        _l(
            "Muchas personas están entrando a la vez, y comprobar una contraseña cuesta. Suele durar unos segundos."
        )
    )


def frenado(freno: Frenado) -> ResponseReturnValue:
    """Nothing was done yet, and what came may be sent again then."""
    log.warning(
        "too many were sent to %r: they wait for %s s",
        str(request.url_rule),
        math.ceil(freno.espera.total_seconds()),
    )
    cuando = hora(servicios().clock.now() + freno.espera, segundos=True)
    respuesta = _pagina(
        _("Llegaron muchos envíos seguidos. Envíe este otra vez a las %(h)s o después.", h=cuando),
        429,
    )
    respuesta.headers["Retry-After"] = str(math.ceil(freno.espera.total_seconds()))
    return respuesta


def _pagina(situacion: Any, codigo: int = 503) -> Response:
    """What was typed, to be sent again at a press."""
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        respuesta = make_response(
            jsonify(error=codigo, mensaje=f"{situacion} {_('Inténtelo otra vez.')}"), codigo
        )
        respuesta.headers["Retry-After"] = str(ESPERE)
        return respuesta
    nadie()
    valores = _escrito()
    pagina = render_template(
        "interrupcion.html",
        situacion=situacion,
        codigo=codigo,
        ruta=request.full_path.rstrip("?"),
        reenvia=request.method == "POST" and not SECRETOS & set(request.form),
        valores=valores,
        visibles=[
            (n.replace("_", " ").capitalize(), v)
            for n, v in valores
            if v and n != "csrf_token" and not n.startswith("_")
        ],
        archivos=[archivo.filename for archivo in request.files.values() if archivo.filename],
    )
    respuesta = make_response(pagina, codigo)
    respuesta.headers["Retry-After"] = str(ESPERE)
    return respuesta


def register(app: Flask) -> None:
    app.register_error_handler(DBAPIError, responder)
    app.register_error_handler(PoolTimeout, responder)
    app.register_error_handler(Ocupado, ocupados)
    app.register_error_handler(Frenado, frenado)
