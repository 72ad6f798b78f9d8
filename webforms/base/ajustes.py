"""Settings that pages, commands and the worker read: their rows, and the one typed value in which
they are found (`ajustes()`)."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Final, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from common.language import SPANISH, marked, of_shell
from common.place import DEMO, Place
from common.settings import (
    Reading,
    Setting,
    Unfit,
    authorities,
    file,
    number,
    of,
    one_of,
    place,
    yes_or_no,
)
from records.cuentas.reglas.roles import CON_PODER
from records.plazos.reglas.calendario import AJUSTE_PAIS, AJUSTE_ZONA, BOGOTA, COLOMBIA
from records.retencion.eliminaciones import AJUSTE_DIAS
from records.sistemas.puertos import Conexion
from records.sistemas.reglas.paginas import AJUSTE_SITIOS, SITIOS, Sitios
from records.sistemas.reglas.sistemas import AJUSTE_LIMITE
from webforms.base.catalogos import IDIOMAS

EXTENSION: Final = "ventanilla.ajustes"
Redes = Sequence[IPv4Network | IPv6Network]


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


SEGUNDO_FACTOR: Final = Setting(
    "SECOND_FACTOR",
    _roles,
    _de_poder,
    unset="`administrador, analista_procesos, cumplimiento`; in a demo `no`",
    means=(
        "roles whose people put a second factor before they do anything else; `no`: nobody "
        "must (docs/access.md)"
    ),
)
NAVEGADOR_NUEVO: Final = Setting(
    "NEW_BROWSER",
    one_of("mail", "password"),
    _por_donde,
    marked("NEW_BROWSER: se espera mail o password, no «%(g)s»."),
    unset="`mail` where `SMTP_HOST` is given; in a demo `password`",
    means=(
        "what whoever has no second factor shows in a browser that they have not entered from "
        "before: `mail`, the password and a link by mail; `password`, that alone "
        "(docs/access.md)"
    ),
)
SHA1: Final = Setting(
    "TOTP_SHA1",
    yes_or_no,
    default=False,
    unset="`no`",
    means=(
        "`yes`: applications of codes that know SHA-1 only are taken, and those that were put "
        "with it before work on (docs/access.md)"
    ),
)
# a visitor of a demo plays everybody
DOS_PERSONAS: Final = Setting(
    "TWO_PERSONS",
    yes_or_no,
    lambda lectura: not lectura(DEMO),
    unset="`yes`; in a demo `no`",
    means=(
        "what changes the law of the house is asked for by one person and decided by another "
        "(docs/access.md); `no`: one is enough"
    ),
)


@dataclass(frozen=True, slots=True)
class Limites:
    """Of logins of one role (setting LOGIN_LIMITS): without use, and in all. Never longer than
    those of everybody."""

    sin_uso: dt.timedelta
    en_total: dt.timedelta


#: The most that LOGIN_LIMITS may say: what holds for everybody (webforms.web.SESION, JORNADA).
MINUTOS_SIN_USO, HORAS_EN_TOTAL = 30, 12


def _limites(dichos: str) -> dict[str, Limites]:
    """`role=minutes without use/hours in all`, with commas between; none longer than those of
    everybody."""
    limites = {}
    for uno in filter(None, map(str.strip, dichos.split(","))):
        leido = re.fullmatch(r"(\w{1,60})\s*=\s*(\d{1,2})/(\d{1,2})", uno)
        if (
            leido is None
            or not 1 <= int(leido[2]) <= MINUTOS_SIN_USO
            or not 1 <= int(leido[3]) <= HORAS_EN_TOTAL
        ):
            raise Unfit(
                marked(
                    "LOGIN_LIMITS: se espera rol=minutos/horas, como administrador=15/8, hasta 30/12; no «%(u)s»."
                ),
                u=uno,
            )
        limites[leido[1]] = Limites(
            dt.timedelta(minutes=int(leido[2])), dt.timedelta(hours=int(leido[3]))
        )
    return limites


AJUSTE_LIMITES: Final = Setting(
    "LOGIN_LIMITS",
    _limites,
    dict[str, Limites](),
    unset="none",
    means=(
        "how long logins of a role last, shorter than those of everybody (30 minutes without "
        "use, 12 hours): `administrador=15/8, cumplimiento=10/8` is minutes/hours"
    ),
)


def _redes(dichas: str) -> Redes:
    """Addresses and networks, with commas between."""
    return tuple(ip_network(una.strip()) for una in dichas.split(",") if una.strip())


AJUSTE_VIGIAS: Final = Setting(
    "MONITOR_ADDRESSES",
    _redes,
    (),
    marked(
        "MONITOR_ADDRESSES: se esperan direcciones o redes, como 10.0.0.5, 10.1.0.0/16; no «%(g)s»."
    ),
    unset="this machine",
    means=(
        "addresses and networks that may ask `/ready` and `/metrics`: `10.0.0.5, 10.1.0.0/16` "
        "(docs/operate.md)"
    ),
)


def _mas_idiomas(dicha: str) -> Path:
    """Known at once: the settings that follow may name one of them."""
    try:
        IDIOMAS.ofrecer(carpeta := place(dicha))
    except (OSError, ValueError) as error:
        raise ValueError(dicha) from error
    return carpeta


def _idioma(dicho: str) -> str:
    if dicho not in IDIOMAS:
        raise Unfit(marked("IDIOMA: se espera uno de %(i)s, no «%(g)s»."), i=", ".join(IDIOMAS))
    return dicho


AJUSTE_MAS_IDIOMAS: Final = Setting[Path | None](
    "IDIOMAS",
    _mas_idiomas,
    None,
    marked("IDIOMAS: se espera una carpeta que se pueda leer, con una por idioma, no «%(g)s»."),
    unset="none",
    means=(
        "folder with more languages, one in each of its folders (docs/languages.md); what it "
        "says of a language of the program holds before the program's"
    ),
)
AJUSTE_IDIOMA: Final = Setting(
    "IDIOMA",
    _idioma,
    SPANISH,
    unset="es",
    means=(
        "language of pages and mails for whoever chose none: a folder of `webforms/idiomas`, "
        "or `es`; that of commands, where the shell names none of ours "
        "([operate.md](operate.md))"
    ),
)

#: List of Have I Been Pwned on this machine; "": none.
ROBADAS: Final = Setting(
    "BREACHED_PASSWORDS",
    file,
    "",
    unset="none",
    means=(
        "list of Have I Been Pwned, ordered by SHA-1 (docs/access.md): no password of it is taken"
    ),
)
RESPALDO: Final = Setting(
    "BACKUP_HOURS",
    number(1, 9_999),
    26,
    unset="26",
    means="how old the last backup may be until administrators are told",
)  # one a day, and time to make it
CA: Final = Setting(
    "TLS_CA",
    authorities,
    "",
    unset="the system's",
    means=(
        "file with the authority that signed the certificate of `BASE_URL`, to tell when it ends"
    ),
)
CIFRAS: Final = Setting(
    "WORKER_METRICS",
    number(0, 65_535),
    0,
    unset="0: none",
    means="port of 127.0.0.1 on which a worker tells its figures",
)


def _de_la_consola(lectura: Reading) -> str:
    return of_shell(lectura.env, IDIOMAS)


@dataclass(frozen=True, kw_only=True)
class Ajustes(Place):
    """Everything of this place that pages, commands and the worker read."""

    zona: ZoneInfo = of(AJUSTE_ZONA, BOGOTA)
    pais: str = of(AJUSTE_PAIS, COLOMBIA)  #: whose holidays terms pass over
    entity_web: Sitios = of(AJUSTE_SITIOS, Sitios.leer(SITIOS))
    system_down_minutes: int = of(AJUSTE_LIMITE)
    disposal_days: int = of(AJUSTE_DIAS)  #: business days for which an inventory is published
    backup_hours: int = of(RESPALDO)
    breached_passwords: str = of(ROBADAS)
    tls_ca: str = of(CA)  #: authority of the certificate of base_url; "": those of the system
    monitors: Redes = of(AJUSTE_VIGIAS)  #: who may ask /ready and /metrics; nothing: this machine
    second_factor: tuple[str, ...] = of(SEGUNDO_FACTOR, ())  #: roles that work with one only
    login_limits: Mapping[str, Limites] = of(AJUSTE_LIMITES)  #: role → how long a login lasts
    #: what changes the law of the house is asked for by one and decided by another
    two_persons: bool = of(DOS_PERSONAS, default=False)
    totp_sha1: bool = of(SHA1)  #: applications of codes that know SHA-1 only are taken
    #: what whoever has no second factor shows in a browser not entered from before: that alone, or
    #: a link by "mail", too
    new_browser: str = of(NAVEGADOR_NUEVO, "password")
    worker_metrics: int = of(CIFRAS)  #: port on which a worker tells its figures; 0: none
    idiomas: Path | None = of(AJUSTE_MAS_IDIOMAS)  #: folder with more languages
    idioma: str = of(AJUSTE_IDIOMA)  #: what pages and mails speak to whoever chose none
    console: str = of(_de_la_consola, SPANISH)  #: what commands of the shell speak

    # what app.py knows of the systems around
    evidence_key: Path | None = (
        None  #: keys that sign the log; None: `evidence.key` of the instance
    )
    evidence_credential: Path | None = None  #: those that systemd hands over; None: none
    conexiones: tuple[Conexion, ...] = ()  #: that leave this machine
    certificados: tuple[tuple[str, str], ...] = ()  #: (setting, file) by which we enter somewhere
    clave_de_correo: bool = False  #: this process knows the password of the mail server
    archivo: Path = Path()  #: the file of settings, where it is or would be
    programa: Path = Path()  #: folder of the program

    @property
    def llave(self) -> Path:
        return self.evidence_key or self.instance / "evidence.key"


def de(app: Flask) -> Ajustes:
    return cast("Ajustes", app.extensions[EXTENSION])


def ajustes() -> Ajustes:
    """Of the application of this request."""
    return de(current_app)
