"""Spanish, and English on the pages for the citizen: `?idioma=en` in the address, or what the person chose at the kiosk.

The sentences stand in Spanish in code and templates; `webforms/idiomas/en.po` has the English ones, read once at start.
"""

import datetime as dt
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import urlencode
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations
from babel.support import Translations
from flask import Flask
from flask import current_app
from flask import g
from flask import has_request_context
from flask import request
from flask import url_for
from flask_babel import Babel
from flask_babel import Domain
from flask_babel import refresh

from webforms.base import formatos

PUBLICAS = frozenset({"quiosco", "tableta", "calificacion", "seguimiento", "consulta", "tramites"})
CATALOGO = Path(__file__).resolve().parent.parent / "idiomas" / "en.po"
ES, EN = "es", "en"


@cache
def ingles() -> Translations:
    salida = io.BytesIO()
    write_mo(salida, read_po(io.BytesIO(CATALOGO.read_bytes()), locale=EN))
    salida.seek(0)
    return Translations(salida)


class _Catalogo(Domain):
    """Flask-Babel reads compiled files from folders; ours is one text."""

    def get_translations(self) -> NullTranslations:
        return ingles() if en_ingles() else NullTranslations()


def en_ingles() -> bool:
    return has_request_context() and idioma() == EN


def idioma() -> str:
    """Of this request. Pages of the staff are Spanish; an address that is no page of ours may be either."""
    elegido = request.args.get("idioma") or g.get("idioma") or _del_que_envia()
    return EN if habla_ingles() and elegido == EN else ES


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
        partes.netloc == urlsplit(str(current_app.config["BASE_URL"])).netloc
        and partes.path.startswith("/")
        and not partes.path.startswith("//")
    )
    return (partes.path, dict(parse_qsl(partes.query))) if es_nuestra else ("", {})


def habla_ingles() -> bool:
    """Whether this page has an English side."""
    return request.blueprint is None or request.blueprint in PUBLICAS


def proponer(otro: str) -> None:
    """What the person chose at the kiosk holds where the address says nothing."""
    g.idioma = otro
    refresh()


def conservar(endpoint: str, valores: dict[str, Any]) -> None:
    """Links of an English page lead to English pages."""
    if endpoint.partition(".")[0] in PUBLICAS and has_request_context() and request.blueprint in PUBLICAS and en_ingles():
        valores.setdefault("idioma", EN)


def en_otro_idioma() -> str:
    """This page in the other language."""
    otro = ES if en_ingles() else EN
    if request.endpoint is None:  # an address that is no page of ours
        return f"{request.path}?{urlencode({**request.args, 'idioma': otro})}"
    return url_for(request.endpoint, **{**request.args, **(request.view_args or {}), "idioma": otro})


def de_vuelta_en_otro_idioma() -> str:
    """Of an answer to a form: the page that sent it, in the other language; where there is none to be shown, the one of the case."""
    otro, (camino, pedido) = ES if en_ingles() else EN, de_donde_viene()
    mapa = current_app.create_url_adapter(request)
    if not camino or mapa is None or not mapa.test(camino, method="GET"):
        return url_for("consulta.consulta", idioma=otro)
    return f"{camino}?{urlencode({**pedido, 'idioma': otro})}"


def fecha_publica(valor: dt.date | dt.datetime | None, *, corta: bool = False) -> str:
    """ "miércoles 25 de noviembre de 2026", "Wednesday 25 November 2026"; short "mié 25 nov 2026"."""
    if valor is None:
        return ""
    if not en_ingles():
        return formatos.fecha(valor) if corta else formatos.fecha_larga(valor)
    return format_date(formatos.dia_local(valor), "EEE d MMM y" if corta else "EEEE d MMMM y", locale=EN)


def cuenta_publica(explicacion: Mapping[str, Any]) -> str:
    """How a term was counted: the sentence that was kept, or the same in English from its data."""
    if not en_ingles():
        return str(explicacion["frase"])

    def dia(texto: str) -> str:
        return format_date(dt.date.fromisoformat(texto), "EEE d MMM", locale=EN)

    cuantos = "1 business day" if explicacion["dias"] == 1 else f"{explicacion['dias']} business days"
    festivos = [dia(fecha) for fecha, _nombre in explicacion["festivos"]]
    salto = f"; {' and '.join(festivos)} {'is a holiday' if len(festivos) == 1 else 'are holidays'}" if festivos else ""
    return f"{cuantos} from {dia(explicacion['desde'])}{salto}: due {dia(explicacion['vence'])}"


def register(app: Flask) -> None:
    babel = Babel(app, locale_selector=idioma)
    babel.domain_instance = _Catalogo()
    app.url_defaults(conservar)
    app.jinja_env.filters.update(fecha_publica=fecha_publica, cuenta_publica=cuenta_publica)
    app.jinja_env.globals.update(en_ingles=en_ingles, en_otro_idioma=en_otro_idioma)
