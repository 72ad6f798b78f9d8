"""Which browser a person uses, as far as it says so itself: for the list of their logins. Kept as
codes, shown in words."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

OTRO: Final = "otro"
#: What stands in the header → code. The first that is found: many name others, too.
_NAVEGADORES: Final[Sequence[tuple[str, str]]] = (
    ("Edg", "edge"),
    ("OPR/", "opera"),
    ("SamsungBrowser", "samsung"),
    ("Firefox/", "firefox"),
    ("FxiOS", "firefox"),
    ("CriOS", "chrome"),
    ("Chrome/", "chrome"),
    ("Safari/", "safari"),
)
_SISTEMAS: Final[Sequence[tuple[str, str]]] = (
    ("Android", "android"),
    ("iPhone", "ios"),
    ("iPad", "ios"),
    ("CrOS", "chromeos"),
    ("Windows", "windows"),
    ("Macintosh", "macos"),
    ("Linux", "linux"),
)
_NOMBRES: Final[Mapping[str, Any]] = {
    "edge": "Edge",
    "opera": "Opera",
    "samsung": "Samsung Internet",
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "android": "Android",
    "ios": "iOS",
    "chromeos": "ChromeOS",
    "windows": "Windows",
    "macos": "macOS",
    "linux": "Linux",
}


def reconocer(agente: str) -> tuple[str, str]:
    """Codes of the browser and of the system."""
    return _primero(_NAVEGADORES, agente), _primero(_SISTEMAS, agente)


def _primero(senales: Sequence[tuple[str, str]], agente: str) -> str:
    return next((codigo for senal, codigo in senales if senal in agente), OTRO)


def en_palabras(navegador: str, sistema: str) -> str:
    """ "Firefox en Windows"."""
    nombre = _NOMBRES.get(navegador, _l("Otro navegador"))
    return str(
        _("%(n)s en %(s)s", n=nombre, s=_NOMBRES[sistema]) if sistema in _NOMBRES else nombre
    )
