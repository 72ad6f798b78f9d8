"""Settings of how people come in: second factor, browsers that are new, two persons."""

from typing import Final

from common.language import marked
from common.place import DEMO
from common.settings import Reading, Setting, one_of, yes_or_no
from records.cuentas.reglas.roles import CON_PODER


def _roles(dichos: str) -> tuple[str, ...]:
    """With commas between, «no» for none."""
    nombrados = tuple(uno.strip() for uno in dichos.split(",") if uno.strip())
    return () if nombrados == ("no",) else nombrados


def _de_poder(lectura: Reading) -> tuple[str, ...]:
    """Those that change the rules or see everything, outside of a demo."""
    return () if lectura(DEMO) else CON_PODER


def _por_donde(lectura: Reading) -> str:
    """By mail where there is a server of mail, outside of a demo."""
    return "mail" if lectura.given("SMTP_HOST") and not lectura(DEMO) else "password"


SEGUNDO_FACTOR: Final = Setting("SECOND_FACTOR", _roles, _de_poder)
NAVEGADOR_NUEVO: Final = Setting(
    "NEW_BROWSER",
    one_of("mail", "password"),
    _por_donde,
    marked("NEW_BROWSER: se espera mail o password, no «%(g)s»."),
)
SHA1: Final = Setting("TOTP_SHA1", yes_or_no, default=False)
# a visitor of a demo plays everybody
DOS_PERSONAS: Final = Setting("TWO_PERSONS", yes_or_no, lambda lectura: not lectura(DEMO))
