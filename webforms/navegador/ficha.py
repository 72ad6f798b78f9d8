"""The token that each form carries against other sites (CSRF). Flask-WTF signs and compares it;
what it signs is made here: it would take random octets through SHA-1, and takes what it finds in
the session instead."""

import secrets
from typing import Any, Final

from flask import Flask, g, request, session
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.csrf import generate_csrf, validate_csrf
from wtforms.csrf.core import CSRF

CAMPO: Final = "csrf_token"


def ficha() -> str:
    """Of this session, signed; the same within a request. What is shown to somebody without an
    account is good for half an hour from now on, not from the first page on: nothing else keeps
    their session. A login is kept by `webforms.base.sesiones` alone."""
    if CAMPO not in session:
        session[CAMPO] = secrets.token_hex(32)
    if "_user_id" not in session and request.headers.get("Sec-Fetch-Dest") != "empty":
        session.modified = True
    return str(generate_csrf())


def otra() -> None:
    """Puts a new token into the session, once its login has ended. Two tabs that then show the login
    page at the same time share it. Without it each answer would carry a token of its own, and the
    cookie that comes later would make the form in the other tab worthless."""
    g.pop(CAMPO, None)
    session[CAMPO] = secrets.token_hex(32)


class _Ficha(CSRF):
    def generate_csrf_token(self, _campo: Any) -> str:
        return ficha()

    def validate_csrf_token(self, _form: Any, campo: Any) -> None:
        if not getattr(g, "csrf_valid", False):  # CSRFProtect has looked at it already
            validate_csrf(campo.data)


class ConFicha(FlaskForm):
    """What every form of a page is."""

    class Meta(FlaskForm.Meta):
        csrf_class = _Ficha


class Proteccion(CSRFProtect):
    """Each form carries its token, but for those of who has no session yet (`entradas`: names of
    endpoints): several tabs that show the login page at once each get a token, and the cookie holds
    one of them. There it is enough that the browser says that a page of ours sent it (Fetch
    Metadata): no other site can say so."""

    def __init__(self, app: Flask, entradas: frozenset[str]) -> None:
        self._entradas = entradas
        super().__init__(app)

    def protect(self, *args: Any, **kwargs: Any) -> None:
        if (
            request.endpoint in self._entradas
            and "_user_id" not in session
            and request.headers.get("Sec-Fetch-Site") == "same-origin"
        ):
            g.csrf_valid = True
        else:
            super().protect(*args, **kwargs)


class SinCaso:
    """Put before a form of a task: the person at it sees no case, so it needs no context."""

    def __init__(self, **kwargs: Any) -> None:
        ConFicha.__init__(self, **kwargs)


def register(app: Flask) -> None:
    """Behind `Proteccion`: templates get the token from here, not from Flask-WTF."""
    app.jinja_env.globals["csrf_token"] = ficha
    app.context_processor(lambda: {"csrf_token": ficha})
