"""One login of one browser: its name and its end stand in the signed cookie, that it was ended
stands in the database."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Collection
from typing import Final

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from records.cuentas import sesiones as abiertas
from records.cuentas.cuentas import cerrar_sesion
from records.cuentas.sesiones import Desde, Nueva
from webforms.base.ajustes import Limites, ajustes
from webforms.base.servicios import servicios
from webforms.navegador import cual as navegador, firmas
from webforms.navegador.ficha import CAMPO

#: The longest that a login lasts, however much it is used; without use `webforms.web.SESION` ends
#: it before.
JORNADA = dt.timedelta(hours=12)
#: So often at most it is noted that a login was used: no page waits for that.
SE_ANOTA = dt.timedelta(minutes=5)
#: Before an act of weight its person has shown the password no longer ago than this, or has done
#: another one since.
SE_CONFIRMA: Final = dt.timedelta(minutes=15)
_NOMBRE, _HASTA, _VISTA, _CONFIRMADA, _USO = "sesion", "hasta", "vista", "confirmada", "uso"


class Sesiones(SecureCookieSessionInterface):
    """The cookie of a login. Only a login that is in force is sent again, and only to whoever did
    something: what a page asks for by itself would keep one open beside which nobody sits, and an
    answer that comes late, of a login that is over, would bring back its cookie after its person
    has entered anew."""

    digest_method = staticmethod(hashlib.sha256)  # as webforms.navegador.firmas

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return super().should_set_cookie(app, session) if _sigue() else session.modified

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """A static file, and what a browser keeps for ever, is the same for everybody who gets it:
        with `Vary: Cookie` each new cookie would ask for all of it again. And what a script of an
        open page looks at while nobody is in begins no session: its answer may come behind that of
        a login page in another tab, whose token would then be of no session. What a script sends
        does begin one: a public page that was open for long is sent anew with the token of its
        answer."""
        sin_sesion = _mira_un_programa() and self.get_cookie_name(app) not in request.cookies
        if request.endpoint != "static" and not response.cache_control.immutable and not sin_sesion:
            super().save_session(app, session, response)


def _sigue() -> bool:
    """Whether this request has a login that is in force, and a person made it: no script."""
    return not _mira_un_programa() and "login_vigente" in g and bool(g.login_vigente)


def _mira_un_programa() -> bool:
    """A script of an open page only looks (Fetch Metadata)."""
    return request.method in ("GET", "HEAD") and request.headers.get("Sec-Fetch-Dest") == "empty"


def valores(hasta: dt.datetime) -> dict[str, object]:
    """What the cookie of a new login carries beside the account."""
    return {
        _NOMBRE: secrets.token_urlsafe(16),
        _HASTA: hasta.timestamp(),
        _CONFIRMADA: (hasta - JORNADA).timestamp(),
    }


def abrir(cuenta_id: int, fs_uniquifier: str, now: dt.datetime) -> None:
    """A name of its own for the cookie, and a row for the list of its person; of the login of
    before no copy enters from now on, and nothing of it stays, its CSRF token neither. The cookie
    changes once the rows are written: where they cannot be, the form that was sent stays good."""
    hasta = now + JORNADA
    nuevos = valores(hasta)
    desde = Desde(request.remote_addr or "", *navegador.reconocer(request.user_agent.string))
    nueva = Nueva(str(nuevos[_NOMBRE]), cuenta_id, fs_uniquifier, hasta, desde)

    def escribir(s: Session) -> None:
        cerrar(s, now)
        abiertas.anotar(s, nueva, now)

    servicios().uow.run(escribir)
    session.clear()
    g.pop("csrf_token", None)  # the one signed for the session before
    session.permanent = True
    session.update(nuevos)
    session[_VISTA] = session[_USO] = now.timestamp()


def confirmada(now: dt.datetime) -> bool:
    """Whether who sits here has shown lately who they are; then it holds on."""
    if now.timestamp() - session.get(_CONFIRMADA, 0) > SE_CONFIRMA.total_seconds():
        return False
    session[_CONFIRMADA] = max(now.timestamp(), session[_CONFIRMADA])
    return True


def nombre_vigente(now: dt.datetime) -> str | None:
    """The login of this request, unless it is over by its own term or older than sessions with a
    name."""
    nombre, hasta = session.get(_NOMBRE), session.get(_HASTA, 0)
    return str(nombre) if nombre and now.timestamp() < hasta else None


def terminada(now: dt.datetime) -> bool:
    """Of a request without an account: its cookie is still good, so somebody ended the login, or
    the account."""
    return nombre_vigente(now) is not None


def dura(roles: Collection[str], now: dt.datetime) -> bool:
    """Whether the login of this request is still one of somebody who holds these roles."""
    if not any(rol in ajustes().login_limits for rol in roles):
        return True  # the cookie itself ends it
    suyos, ahora = limites(roles), now.timestamp()
    desde, uso = session.get(_HASTA, 0) - JORNADA.total_seconds(), session.get(_USO, 0)
    return bool(
        ahora < desde + suyos.en_total.total_seconds()
        and ahora <= uso + suyos.sin_uso.total_seconds()
    )


def limites(roles: Collection[str]) -> Limites:
    """How long a login of who holds these roles lasts: the shortest of theirs."""
    suyos = [dichos for rol, dichos in ajustes().login_limits.items() if rol in roles]
    todos = [Limites(current_app.permanent_session_lifetime, JORNADA), *suyos]
    return Limites(min(d.sin_uso for d in todos), min(d.en_total for d in todos))


def cual() -> str:
    """How lists call the login of this request."""
    return abiertas.como_se_llama(str(session.get(_NOMBRE, "")))


def llave_de_lo_escrito() -> str:
    """By which pages close what was typed and not sent: of this login, and no other is given it; of
    who has none, of the session that their form was shown in. "": there is neither."""
    de = session.get(_NOMBRE) or session.get(CAMPO)
    return firmas.llaves_para("escrito", str(de))[0] if de else ""


def sin_uso() -> dt.timedelta:
    """How long after the last use that was noted a login may still be open."""
    dura: dt.timedelta = current_app.permanent_session_lifetime
    return dura + SE_ANOTA


def cerrar(s: Session, now: dt.datetime) -> None:
    """From now on no copy of the cookie enters; those whose term is over are forgotten."""
    if nombre := session.get(_NOMBRE):
        cerrar_sesion(s, str(nombre), now=now, vencidas=now - JORNADA)


def _anotar_uso(respuesta: Response) -> Response:
    """Of a request that a person made and whose login was looked at. Whoever is answered does not
    hear of a database that is away."""
    vista = session.get(_VISTA) if _sigue() else None
    if not isinstance(vista, float):
        return respuesta
    s = servicios()
    now = s.clock.now()
    if ajustes().login_limits:
        session[_USO] = now.timestamp()
    if abs(now.timestamp() - vista) > SE_ANOTA.total_seconds():
        try:
            s.uow.run(lambda escrita: abiertas.usada(escrita, str(session[_NOMBRE]), now))
            session[_VISTA] = now.timestamp()
        except SQLAlchemyError:
            pass
    return respuesta


def register(app: Flask) -> None:
    app.after_request(_anotar_uso)
    app.jinja_env.globals.update(llave_de_lo_escrito=llave_de_lo_escrito)
