"""One place that turns errors into pages. Never a stack trace, never whether a foreign thing
exists."""

import logging
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from flask import (
    Flask,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    session as galleta,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from engine.errors import Conflict, InstanceNotActive, InvalidValues, NotAllowed, NotFound
from records.base.errores import NoExiste, Rechazo, Restringido
from records.cuentas.reglas import roles
from webforms.base import tardios
from webforms.base.idioma import OtroIdioma, de_vuelta_en_otros_idiomas, es_publica, otros_idiomas
from webforms.base.quienes import PUBLICO
from webforms.base.security import equipo_actual, secreto_de_equipo
from webforms.base.servicios import servicios
from webforms.cuentas.ingreso import sin_csrf
from webforms.cuentas.retomar import pagina_de
from webforms.interrupciones import nadie
from webforms.salas import PERMISOS
from webforms.tareas.rechazos import frase_de_inactivo, motivo_de_rechazo

log = logging.getLogger(__name__)

#: status → (title, what holds now, what to do)
TEXTOS: Mapping[int, tuple[Any, Any, Any]] = {
    400: (
        _l("No entendimos la solicitud"),
        _l(
            "La página pudo estar abierta mucho tiempo o el enlace está incompleto. No se cambió nada."
        ),
        _l("Vuelva atrás, recargue la página e inténtelo otra vez."),
    ),
    403: (
        _l("No tiene permiso para esto"),
        _l(
            "Su cuenta o este equipo no tienen el rol que se necesita. El intento quedó registrado."
        ),
        _l("Si lo necesita para su trabajo, pídalo al administrador."),
    ),
    404: (
        _l("No encontramos esta página"),
        _l("El enlace pudo cambiar, o la tarea o el caso no existen o no son suyos."),
        _l("Revise la dirección o vuelva al inicio."),
    ),
    405: (
        _l("No entendimos la solicitud"),
        _l("Esta dirección no recibe ese tipo de solicitud. No se cambió nada."),
        _l("Vuelva al inicio."),
    ),
    409: (
        _l("Algo cambió mientras usted trabajaba"),
        _l("Otra persona actuó antes, o el caso ya no está activo. Lo que ella hizo sigue igual."),
        _l("Abra otra vez la tarea para ver cómo está ahora."),
    ),
    410: (
        _l("Este archivo no está como se guardó"),
        _l(
            "Su contenido cambió o falta en el lugar de los archivos, así que no se entrega. Quedó registrado."
        ),
        _l("Avise al administrador: se recupera de un respaldo."),
    ),
    413: (
        _l("Lo que envió es demasiado grande"),
        _l(
            "Cada archivo puede pesar hasta 10 MB, 25 MB entre todos, y cada texto unas 4.000 letras. No se guardó nada."
        ),
        _l("Vuelva atrás en el navegador: su texto sigue ahí. Envíe menos de una vez."),
    ),
    422: (
        _l("Faltan datos o no son válidos"),
        _l("No se guardó nada."),
        _l("Vuelva atrás y revise lo que escribió."),
    ),
    429: (
        _l("Demasiados intentos"),
        _l("Hubo muchos intentos en poco tiempo."),
        _l("Espere unos minutos e inténtelo otra vez."),
    ),
    500: (
        _l("No pudimos completar la solicitud"),
        _l(
            "El problema es nuestro, no de lo que usted escribió. Nada quedó a medias, y su borrador sigue guardado."
        ),
        _l("Inténtelo otra vez. Si vuelve a pasar, llame a soporte y dé el número de abajo."),
    ),
}
#: For whoever has no account: nothing about tasks, accounts or roles.
PUBLICOS: Mapping[int, tuple[Any, Any, Any]] = {
    403: (
        _l("Esta página no está abierta aquí"),
        _l("Solo se usa en los equipos de los puntos de atención."),
        _l("Si un enlace lo trajo, siga desde su turno o consulte su caso."),
    ),
    404: (
        _l("No encontramos esta página"),
        _l("El enlace pudo cambiar, estar incompleto o haber vencido."),
        _l(
            "Revise la dirección. Si presentó una solicitud, consulte en qué va con su radicado y su documento."
        ),
    ),
    409: (
        _l("Esto ya cambió"),
        _l("Alguien actuó antes, o el enlace ya se usó."),
        _l("Consulte en qué va su caso."),
    ),
    500: (
        _l("No pudimos completar la solicitud"),
        _l("El problema es nuestro, no de lo que usted escribió."),
        _l("Inténtelo otra vez. Si vuelve a pasar, llame y dé el número de abajo."),
    ),
}
#: Kind of device → where it begins.
INICIOS = {
    roles.QUIOSCO: "quiosco.inicio",
    roles.TABLERO: "tablero.pagina",
    roles.TABLETA: "tableta.espera",
}
ALFABETO = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def numero_del_problema() -> str:
    """ "E7K-4H2": short enough for the telephone; stands in the log beside the trace."""
    letras = "".join(secrets.choice(ALFABETO) for _letra in range(6))
    return f"{letras[:3]}-{letras[3:]}"


def quiere_json() -> bool:
    return (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def _sin_cuenta() -> bool:
    """Nobody is logged in; the database is not asked, it may be what failed."""
    return "_user_id" not in galleta


def _salida(codigo: int) -> tuple[str, str]:
    """(address, words) of the way out: a person's first page, a device's own screen, for citizens
    the public page of their case."""
    if not _sin_cuenta():
        return url_for("inicio.inicio"), _("Ir al inicio")
    equipo = (
        equipo_actual()
        if codigo < HTTPStatus.INTERNAL_SERVER_ERROR and secreto_de_equipo()
        else None
    )
    if equipo is not None and equipo.tipo in INICIOS:
        return url_for(INICIOS[equipo.tipo]), _("Volver a la pantalla del equipo")
    return url_for("consulta.consulta"), _("Consultar mi caso")


def _otros_idiomas() -> list[OtroIdioma]:
    return otros_idiomas() if request.method == "GET" else de_vuelta_en_otros_idiomas()


def responder(
    codigo: int, *, problema: str = "", motivo: str = "", que_hacer: Any = ""
) -> ResponseReturnValue:
    textos = {**TEXTOS, **PUBLICOS} if _sin_cuenta() else TEXTOS
    titulo, situacion, accion = textos.get(
        codigo, textos[400 if codigo < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    )
    situacion, accion = motivo or situacion, que_hacer or accion
    if quiere_json():
        return jsonify(error=codigo, mensaje=f"{titulo}. {situacion}", problema=problema), codigo
    return (
        render_template(
            "error.html",
            codigo=codigo,
            titulo=titulo,
            situacion=situacion,
            accion=accion,
            problema=problema,
            ahora=servicios().clock.now() if problema else None,
            salida=_salida(codigo),
            en_otros=_otros_idiomas() if _sin_cuenta() and es_publica() else [],
        ),
        codigo,
    )


def http(error: HTTPException) -> ResponseReturnValue:
    codigo = error.code or 500
    if codigo < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    return _sin_barra(error) or responder(codigo)


def _sin_barra(error: HTTPException) -> ResponseReturnValue | None:
    """An address that people type with a slash at its end is the one without it."""
    camino = request.path.rstrip("/")
    if (
        error is not request.routing_exception
        or request.method != "GET"
        or camino in ("", request.path)
    ):
        return None
    try:
        current_app.create_url_adapter(request).match(camino, "GET")  # type: ignore[union-attr]  # there is one during a request
    except HTTPException:
        return None
    consulta = request.query_string.decode("ascii", "replace")
    return redirect(f"{quote(camino)}?{consulta}" if consulta else quote(camino), 308)


def interno(error: InternalServerError) -> ResponseReturnValue:
    problema = numero_del_problema()
    log.error(
        "problem %s at %r",
        problema,
        str(request.url_rule or request.path),
        exc_info=error.original_exception or error,
    )
    nadie()
    return responder(500, problema=problema)


def sin_token(_error: CSRFError) -> ResponseReturnValue:
    """Another login in another tab, a page of long ago, or a foreign page that sends: nothing was
    done."""
    log.warning("what was sent to %r came without the token of its form", str(request.url_rule))
    return sin_csrf() or _llego_tarde() or responder(400)


def _llego_tarde() -> ResponseReturnValue | None:
    """Whoever has no account keeps what they typed, too."""
    publica = any(
        quien in PUBLICO or quien.startswith("dispositivo:")
        for quien in PERMISOS.get(request.endpoint or "", ())
    )
    return (
        tardios.devolver(pagina_de(request.path))
        if publica and not tardios.de_otro_sitio() and not quiere_json()
        else None
    )


A_CUMPLIMIENTO = _l(
    "Si lo necesita para su trabajo, pídalo a Cumplimiento: queda anotado quién lo abrió y por qué."
)
NADA = _l("Nada cambió. El coordinador o el administrador pueden decirle por qué.")


def register(app: Flask) -> None:
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(InternalServerError, interno)
    app.register_error_handler(CSRFError, sin_token)
    app.register_error_handler(NotFound, lambda _error: responder(404))
    app.register_error_handler(
        NotAllowed, lambda error: responder(403, motivo=motivo_de_rechazo(error))
    )
    app.register_error_handler(Conflict, lambda _error: responder(409))
    app.register_error_handler(
        InstanceNotActive,
        lambda error: responder(409, motivo=f"{frase_de_inactivo(error.status)}. {NADA}"),
    )
    app.register_error_handler(NoExiste, lambda _error: responder(404))
    app.register_error_handler(
        Restringido, lambda error: responder(403, motivo=str(error), que_hacer=A_CUMPLIMIENTO)
    )
    app.register_error_handler(Rechazo, lambda error: responder(422, motivo=str(error)))
    app.register_error_handler(InvalidValues, lambda _error: responder(422))
