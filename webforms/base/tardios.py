"""Forms of the public that come too late: their token ended with a session that nobody used, or
whose cookie the browser lost.

Nothing of it reaches the view. A page gives everything back with a token of now, and asks for the
form once more, which shows itself with what was typed (`MOSTRAR`) and says that it is to be sent
again. Files cannot be given back; the page names them.
"""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue

from webforms.base.ajustes import ajustes
from webforms.base.idioma import del_lugar, es_publica, idioma
from webforms.base.rutas import dicho
from webforms.base.texto_llevado import NO_VIAJAN

#: Sent along by what shows a page again, in the other language, in larger letters or because it
#: came late: nothing else happens.
MOSTRAR: Final = "mostrar"
TARDE: Final = "tarde"
#: Names of the files that came with what was late.
ARCHIVOS: Final = "_sin_archivos"
#: Fields that a page sends for itself: nothing to a reader.
DE_LA_PAGINA: Final = frozenset({"llave", "tramite", "vista"})


def _se_muestra() -> bool:
    """Whether the view of this request can show its form again with what was typed. Where it cannot,
    the person is led to the page anew, and it is empty."""
    return dicho().get("se_muestra") == MOSTRAR


def solo_mostrar() -> bool:
    return MOSTRAR in request.form


def _mirar() -> None:
    """Once, where what was sent is read already: a page of an error reads nothing of it."""
    if request.method == "POST" and _se_muestra() and request.form.get(MOSTRAR) == TARDE:
        g.tarde = [nombre for nombre in request.form.getlist(ARCHIVOS) if nombre]


def lo_escrito() -> dict[str, str]:
    """What the form was sent with, so that the page that answered it is asked for again; files are
    chosen again."""
    return {
        **{nombre: valor for nombre, valor in request.form.items() if nombre != "csrf_token"},
        MOSTRAR: "1",
    }


def llego_tarde() -> bool:
    """What is shown is what came too late."""
    return "tarde" in g


def archivos_perdidos() -> list[str]:
    perdidos: list[str] = g.get("tarde", [])
    return perdidos


def de_otro_sitio() -> bool:
    """A page of elsewhere sent it: what it wrote is never shown as if the person had. Browsers say
    so (Fetch Metadata, only where it is encrypted); older ones and plain HTTP have the origin."""
    if sitio := request.headers.get("Sec-Fetch-Site", ""):
        return sitio not in ("same-origin", "none")
    aqui = ajustes().base_url
    try:
        return (
            urlsplit(request.headers.get("Origin") or request.referrer or aqui).netloc
            != urlsplit(aqui).netloc
        )
    except ValueError:
        return True


def _en_su_idioma(direccion: str) -> str:
    """Of a page of the public, which has nothing else that says it."""
    if not es_publica() or idioma() == del_lugar() or "idioma=" in direccion:
        return direccion
    return f"{direccion}{'&' if '?' in direccion else '?'}idioma={idioma()}"


def devolver(pagina: str) -> ResponseReturnValue:
    """`pagina`: the nearest address that shows something. Given back once and sent without its
    token again, it is kept no more by a browser that keeps no cookie: no script tries for ever."""
    se_muestra = _se_muestra()
    fuera = {*NO_VIAJAN, MOSTRAR, ARCHIVOS}
    escrito = (
        [(nombre, valor) for nombre, valor in request.form.items(multi=True) if nombre not in fuera]
        if se_muestra
        else []
    )
    archivos = [
        archivo.filename for archivo in request.files.values() if archivo.filename
    ] or request.form.getlist(ARCHIVOS)
    dicho = {
        "se_muestra": se_muestra,
        "sin_galletas": request.form.get(MOSTRAR) == TARDE,
        "ruta": _en_su_idioma(request.full_path.rstrip("?")),
        "pagina": _en_su_idioma(pagina),
        "valores": [*escrito, (MOSTRAR, TARDE), *((ARCHIVOS, nombre) for nombre in archivos)],
        "textos": [
            valor
            for nombre, valor in escrito
            if valor and nombre not in DE_LA_PAGINA and not nombre.startswith("_")
        ],
        "archivos": archivos,
    }
    return render_template("llego_tarde.html", **dicho), 400


def register(app: Flask) -> None:
    """Behind CSRFProtect: what comes without its token is looked at by `devolver` alone."""
    app.before_request(_mirar)
