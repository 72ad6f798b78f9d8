"""How each system around is spoken to: whether the line is encrypted and whoever answers proves who it is, as the settings say it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from common.hosts import is_here
from records.puertos import Conexion
from records.puertos import Linea

#: Of libpq: those that encrypt for certain, and the one that also compares the name of the server.
CIFRAN, COMPRUEBA = ("require", "verify-ca", "verify-full"), "verify-full"
DE_FABRICA: Final = "prefer"  #: what libpq does when it is told nothing: in the clear where the server has no TLS


def de_web(ajuste: str, url: str) -> Conexion:
    """Clients of ours check the certificate of every https."""
    partes = urlsplit(url)
    return Conexion(ajuste, partes.hostname or "", Linea.SEGURA if partes.scheme == "https" else Linea.A_LA_VISTA)


def de_equipo(ajuste: str, equipo: str, *, cifrada: bool = False) -> Conexion:
    """Clients of ours that encrypt check the certificate."""
    return Conexion(ajuste, equipo, Linea.SEGURA if cifrada else Linea.A_LA_VISTA)


def de_base(ajuste: str, url: str, env: Mapping[str, str]) -> list[Conexion]:
    """A line for each machine that may answer. `env`: where libpq looks for what the URL does not say."""
    leida = make_url(url)
    if leida.get_backend_name() == "sqlite":
        return []
    if leida.get_backend_name() != "postgresql":  # how the driver of another database is told to encrypt is not known here
        return [Conexion(ajuste, leida.host or "", Linea.NO_SE_SABE)]
    dichos = leida.host or leida.query.get("host") or env.get("PGHOST") or ""
    equipos = dichos.split(",") if isinstance(dichos, str) else list(dichos)
    modo = str(leida.query.get("sslmode") or env.get("PGSSLMODE") or DE_FABRICA)
    linea = Linea.SEGURA if modo == COMPRUEBA else Linea.SIN_COMPROBAR if modo in CIFRAN else Linea.A_LA_VISTA
    return [Conexion(ajuste, equipo.rpartition(":")[0] if equipo.count(":") == 1 else equipo, linea) for equipo in equipos]


def fuera(conexiones: list[Conexion]) -> tuple[Conexion, ...]:
    """Those that leave this machine, each once."""
    return tuple(dict.fromkeys(c for c in conexiones if not is_here(c.equipo)))
