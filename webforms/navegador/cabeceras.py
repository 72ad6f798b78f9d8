"""Security headers on every answer. Scripts come from our own files only; there is no inline script
anywhere."""

from flask import Flask, Response, g, request

POLITICA = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
FIJAS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def permitir_estilos_en_linea() -> None:
    """For the pages that draw diagrams: bpmn-js writes style attributes. Scripts stay as strict as
    everywhere."""
    g.estilos_en_linea = True


def politica() -> str:
    """Of this answer."""
    reglas = dict(POLITICA)
    if g.get("estilos_en_linea"):
        reglas["style-src"] = "'self' 'unsafe-inline'"
    return "; ".join(f"{nombre} {valor}" for nombre, valor in reglas.items())


def poner(respuesta: Response) -> Response:
    respuesta.headers.setdefault("Content-Security-Policy", politica())
    for nombre, valor in FIJAS.items():
        respuesta.headers.setdefault(nombre, valor)
    respuesta.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        respuesta.headers.setdefault(
            "Strict-Transport-Security", "max-age=31536000; includeSubDomains"
        )
    return respuesta


def register(app: Flask) -> None:
    app.after_request(poner)
