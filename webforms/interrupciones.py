"""The database is away, busy or full for a while: a page (503) that says so, keeps what was typed and sends it again at a press.

Sending again is safe: a form that had been saved gets its success once more. The page asks nothing of the database.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask import current_app
from flask import g
from flask import jsonify
from flask import make_response
from flask import render_template
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from common.faults import code_of
from common.faults import is_full
from common.faults import is_outage
from records.disponibilidad import LLAMADAS
from webforms.base.servicios import servicios
from webforms.base.vigilancia import Marca

log = logging.getLogger(__name__)

ESPERE = 5  # seconds, for programs that ask again by themselves
SECRETOS = frozenset({"clave", "clave_actual", "clave_otra"})  # are typed again
SITUACION: Mapping[bool, Any] = {
    False: _l("La base de datos no respondió. Suele durar unos segundos."),
    True: _l("El servidor se quedó sin espacio para guardar. Avise a soporte: mientras tanto nada se guarda."),
}


def _escrito() -> list[tuple[str, str]]:
    """The fields of the form as they came."""
    return [(nombre, valor) for nombre, valor in request.form.items(multi=True) if nombre not in SECRETOS]


def nadie() -> None:
    """An error page asks no database who looks at it."""
    g.setdefault("_login_user", current_app.login_manager.anonymous_user())  # type: ignore[attr-defined]  # where Flask-Login keeps it


def responder(error: Exception) -> ResponseReturnValue:
    """Raises the error again when it will not pass by itself."""
    if not is_outage(error):
        raise error
    log.warning("the database did not do its part at %r: %s", request.path, code_of(error))
    Marca(Path(current_app.instance_path)).anotar(servicios().clock.now(), code_of(error), LLAMADAS)
    situacion = SITUACION[is_full(error)]
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        return jsonify(error=503, mensaje=f"{situacion} {_('Inténtelo otra vez.')}"), 503, {"Retry-After": str(ESPERE)}
    nadie()
    valores = _escrito()
    pagina = render_template(
        "interrupcion.html",
        situacion=situacion,
        ruta=request.full_path.rstrip("?"),
        reenvia=request.method == "POST" and not SECRETOS & set(request.form),
        valores=valores,
        visibles=[(n.replace("_", " ").capitalize(), v) for n, v in valores if v and n != "csrf_token" and not n.startswith("_")],
        archivos=[archivo.filename for archivo in request.files.values() if archivo.filename],
    )
    respuesta = make_response(pagina, 503)
    respuesta.headers["Retry-After"] = str(ESPERE)
    return respuesta


def register(app: Flask) -> None:
    app.register_error_handler(DBAPIError, responder)
    app.register_error_handler(PoolTimeout, responder)
