"""Cookies of ours beside the login: how each is called, set and read. No script reads them, and no
other page sends them."""

import datetime as dt

from flask import Flask, Response as FlaskResponse, current_app, request
from werkzeug.wrappers import Response


def nombre_de(app: Flask, nombre: str) -> str:
    """Where all is encrypted so that no other name of the domain, and no other path, can set it
    (RFC 6265bis)."""
    return f"__Host-{nombre}" if app.config.get("SESSION_COOKIE_SECURE") else nombre


def leer(nombre: str) -> str:
    return request.cookies.get(nombre_de(current_app, nombre), "")


def poner(respuesta: Response | FlaskResponse, nombre: str, valor: str, dura: dt.timedelta) -> None:
    segura = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
    respuesta.set_cookie(
        nombre_de(current_app, nombre),
        valor,
        max_age=dura,
        httponly=True,
        samesite="Lax",
        secure=segura,
    )
