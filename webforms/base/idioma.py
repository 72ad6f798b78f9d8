"""The language of a page: of the account that asks for it; before anybody logged in what the
browser keeps; else the agency's.

Citizens choose in the address (`?idioma=en`) or at the kiosk. The sentences stand in Spanish in
code and templates; each other language is a folder of `webforms/idiomas`, or of the agency's, a
file a room, read once.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from flask_babel import Babel, Domain, refresh
from werkzeug.wrappers import Response as BaseResponse

from common import language
from common.locales import locale_of
from webforms.base.ajustes import ajustes, de
from webforms.base.catalogos import ES, IDIOMAS, catalogo
from webforms.base.security import usuario_actual
from webforms.navegador import galletas

PUBLICAS = frozenset({"quiosco", "tableta", "calificacion", "seguimiento", "consulta", "tramites"})
GALLETA: Final = "idioma"
UN_ANIO: Final = dt.timedelta(days=365)


class OtroIdioma(NamedTuple):
    codigo: str
    nombre: str  #: as those who speak it call it
    direccion: str  #: of this page in it


class _Catalogo(Domain):
    """Flask-Babel reads compiled files from folders; ours are texts."""

    def get_translations(self) -> NullTranslations:
        return catalogo(idioma())


def en_lengua(lengua: str, caller: Callable[[], str]) -> str:
    """For templates: a part of a page that speaks to somebody else, as the sheet that is printed
    for a person."""
    with language.speaking(lengua):
        return caller()


def en_cada_idioma(frase: str, /, **valores: object) -> list[tuple[str, str]]:
    """A sentence, `marked`, for whoever stands there: Spanish first, then each language that has
    it."""
    dichas = {}
    for codigo in IDIOMAS:
        with language.speaking(codigo):
            dichas[codigo] = language.said(frase, **valores)
    return [
        (codigo, dicha) for codigo, dicha in dichas.items() if codigo == ES or dicha != dichas[ES]
    ]


def idioma() -> str:
    """Of what is said now."""
    return language.language()


def _de_quien_pregunta() -> str:
    """Outside requests Spanish, unless somebody says otherwise: what work in the background writes
    is kept."""
    if not has_request_context():
        return ES
    lengua: str | None = g.get("lengua")
    if lengua is None:
        lengua = _de_la_peticion()
        # it is known who asks, or it makes no difference: so it stays
        if "_login_user" in g or request.blueprint in PUBLICAS:
            g.lengua = lengua
    return lengua


def _de_la_peticion() -> str:
    """Addresses that are no page of ours may be either's. The database is not asked for it: where
    it fails, the page says so, too."""
    pedido = _conocido(request.args.get("idioma"))
    if es_publica() and (elegido := pedido or _conocido(g.get("idioma") or _del_que_envia())):
        return elegido
    if request.blueprint in PUBLICAS:
        return del_lugar()
    usuario = usuario_actual() if "_login_user" in g else None
    suyo = _conocido(usuario.idioma) if usuario is not None else pedido
    return suyo or _conocido(galletas.leer(GALLETA)) or del_lugar()


def _conocido(codigo: str | None) -> str | None:
    return codigo if codigo in IDIOMAS else None


def del_lugar() -> str:
    """The agency's: of whoever chose none."""
    return ajustes().idioma


def _del_que_envia() -> str | None:
    """What is answered to a form speaks the language of the page that sent it."""
    return de_donde_viene()[1].get("idioma") if request.method == "POST" else None


def de_donde_viene() -> tuple[str, dict[str, str]]:
    """Path and query of the page of ours that leads here; ("", {}) of every other."""
    try:
        partes = urlsplit(request.referrer or "")
    except ValueError:
        return "", {}
    es_nuestra = (
        partes.netloc == urlsplit(ajustes().base_url).netloc
        and partes.path.startswith("/")
        and not partes.path.startswith("//")
    )
    return (partes.path, dict(parse_qsl(partes.query))) if es_nuestra else ("", {})


def es_publica() -> bool:
    """Whether the address of this page may name a language."""
    return request.blueprint is None or request.blueprint in PUBLICAS


def proponer(otro: str) -> None:
    """What the person chose at the kiosk holds where the address says nothing."""
    g.idioma = otro
    g.pop("lengua", None)
    refresh()


def conservar(endpoint: str, valores: dict[str, Any]) -> None:
    """Links of a citizen's page lead to pages in its language."""
    if (
        endpoint.partition(".")[0] in PUBLICAS
        and has_request_context()
        and request.blueprint in PUBLICAS
        and idioma() != del_lugar()
    ):
        valores.setdefault("idioma", idioma())


def idiomas() -> list[tuple[str, str]]:
    """Each of ours, with its own name."""
    return [(codigo, IDIOMAS.nombre(codigo)) for codigo in IDIOMAS]


def otros_idiomas() -> list[OtroIdioma]:
    """This page in each other language."""

    def direccion(otro: str) -> str:
        if request.endpoint is None:  # an address that is no page of ours
            return f"{request.path}?{urlencode({**request.args, 'idioma': otro})}"
        return url_for(
            request.endpoint, **{**request.args, **(request.view_args or {}), "idioma": otro}
        )

    return [
        OtroIdioma(otro, IDIOMAS.nombre(otro), direccion(otro))
        for otro in IDIOMAS
        if otro != idioma()
    ]


def de_vuelta_en_otros_idiomas() -> list[OtroIdioma]:
    """Of an answer to a form: the page that sent it, in each other language; where there is none to
    be shown, the one of the case."""
    camino, pedido = de_donde_viene()
    mapa = current_app.create_url_adapter(request)
    hay = bool(camino) and mapa is not None and mapa.test(camino, method="GET")

    def direccion(otro: str) -> str:
        return (
            f"{camino}?{urlencode({**pedido, 'idioma': otro})}"
            if hay
            else url_for("consulta.consulta", idioma=otro)
        )

    return [
        OtroIdioma(otro, IDIOMAS.nombre(otro), direccion(otro))
        for otro in IDIOMAS
        if otro != idioma()
    ]


def recordar(respuesta: BaseResponse, codigo: str) -> None:
    """In this browser, for pages before anybody has logged in."""
    galletas.poner(respuesta, GALLETA, codigo, UN_ANIO)


def _recordar_lo_pedido(respuesta: Response) -> Response:
    """`?idioma=` at a page of the staff, as the login page has it; a ticket says it of one turn."""
    if (
        not es_publica()
        and request.blueprint != "puerta"
        and (pedido := _conocido(request.args.get("idioma")))
    ):
        recordar(respuesta, pedido)
    return respuesta


def register(app: Flask) -> None:
    babel = Babel(app, locale_selector=lambda: locale_of(idioma()))
    babel.domain_instance = _Catalogo()
    language.lend(_de_quien_pregunta, catalogo, de(app).idioma)
    app.url_defaults(conservar)
    app.after_request(_recordar_lo_pedido)
    app.jinja_env.globals.update(
        idioma=idioma,
        del_lugar=del_lugar,
        en_lengua=en_lengua,
        idiomas=idiomas,
        otros_idiomas=otros_idiomas,
    )
