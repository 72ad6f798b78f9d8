"""What a place gives away beyond what its processes need: lines in the clear, secrets of others within reach, the history of the program.

Said by `flask doctor` and «Estado» outside of a demo, each fault with what to do.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from flask import current_app
from flask_babel import gettext as _

from common.accounts import SERVING
from records.puertos import Conexion
from records.puertos import Linea
from webforms.base import llave
from webforms.base.estado import Punto
from webforms.base.servicios import servicios

LA_WEB: Final = SERVING[0]
#: Where settings and secrets of other processes may lie, beside the file of settings.
DE_AJUSTES: Final = (".toml", ".env")
SECRETOS_MONTADOS: Final = Path("/run/secrets")
TOPE: Final = 100_000  # bytes of a file that are looked at
#: An account of PostgreSQL with its password, as a line of settings, of an environment or of a secret says it.
_CUENTA: Final = re.compile(
    r"""^\s*(?:database_url\s*=\s*["']?)?postgres(?:ql)?(?:\+\w+)?://(?P<cuenta>[^:@/\s]+):[^@\s]+@[^/\s]*/(?P<base>[^?"'\s]+)""",
    re.IGNORECASE | re.MULTILINE,
)
HISTORIAS: Final = (".git", ".hg", ".svn")


def puntos() -> list[Punto]:
    return [] if current_app.config["DEMO"] else [*conexiones(), *secretos(), *historia()]


# --- lines -----------------------------------------------------------------------------------------------------------------
def abiertas() -> list[Conexion]:
    """Those that leave this machine for none of TRUSTED_NETWORK and are not encrypted, or to nobody knows whom."""
    return [
        c
        for c in current_app.config["CONNECTIONS"]
        if c.linea is not Linea.SEGURA and c.equipo not in current_app.config["TRUSTED_NETWORK"]
    ]


def conexiones() -> Iterator[Punto]:
    """Hosts of TRUSTED_NETWORK are only named."""
    nombre, faltan = _("Conexiones"), abiertas()
    for conexion in faltan:
        yield Punto(f"conexion_{conexion.ajuste}_{conexion.equipo}", nombre, "falla", como_va(conexion), que_hacer(conexion))
    if faltan:
        return
    fiados = {f"{c.equipo} ({c.ajuste})" for c in current_app.config["CONNECTIONS"] if c.linea is not Linea.SEGURA}
    if fiados:
        dice = _("Sin cifrar, en la red de confianza: %(e)s.", e=", ".join(sorted(fiados)))
    else:
        dice = _("Las que salen de este equipo van cifradas.")
    yield Punto("conexiones", nombre, "bien", dice)


def que_hacer(conexion: Conexion) -> str:
    return str(_("Cífrela (docs/configuration.md); si %(e)s está en una red de confianza, dígalo en TRUSTED_NETWORK.", e=conexion.equipo))


def como_va(conexion: Conexion) -> str:
    dice = _("%(a)s: a %(e)s puede ir sin cifrar.", a=conexion.ajuste, e=conexion.equipo)
    if conexion.linea is Linea.SIN_COMPROBAR:
        dice = _("%(a)s: cifrada, sin comprobar que conteste %(e)s (sslmode=verify-full).", a=conexion.ajuste, e=conexion.equipo)
    elif conexion.linea is Linea.NO_SE_SABE:
        dice = _("%(a)s: no se sabe si a %(e)s va cifrada.", a=conexion.ajuste, e=conexion.equipo)
    return str(dice)


# --- secrets ---------------------------------------------------------------------------------------------------------------
def secretos() -> Iterator[Punto]:
    """Of accounts that serve people: the password of another account, and, for the web, what only the worker needs."""
    base, nombre = servicios().db.url, _("Secretos")
    if base.username not in SERVING:
        return
    hallados = []
    for archivo in _al_alcance():
        if ajenas := sorted(_cuentas(archivo, str(base.database)) - {str(base.username)}):
            dice = _("Este proceso puede leer en %(f)s la contraseña de %(c)s.", f=archivo, c=", ".join(ajenas))
            hacer = _("Deje cada contraseña donde solo la lea quien la usa (docs/operate.md).")
            hallados.append(Punto(f"secretos_{archivo.name}", nombre, "falla", dice, hacer))
    if base.username == LA_WEB and os.access(llave.archivo(), os.R_OK):
        dice = _("La web puede leer la llave que firma el registro: %(f)s.", f=llave.archivo())
        hacer = _("Póngala donde solo la lea el trabajador que firma (EVIDENCE_KEY, docs/operate.md).")
        hallados.append(Punto("secretos_llave", nombre, "falla", dice, hacer))
    if base.username == LA_WEB and current_app.config["MAIL_PASSWORD"]:
        dice, hacer = _("La web sabe la contraseña del correo, y no lo envía."), _("Désela solo al trabajador (docs/operate.md).")
        hallados.append(Punto("secretos_correo", nombre, "aviso", dice, hacer))
    yield from hallados or [Punto("secretos", nombre, "bien", _("Este proceso no alcanza los de otros."))]


def _al_alcance() -> Iterator[Path]:
    """Files of settings and of secrets that this process may read."""
    ajustes = Path(current_app.config["SETTINGS_FILE"])
    for carpeta in (ajustes.parent, SECRETOS_MONTADOS):
        try:
            hay = sorted(carpeta.iterdir())
        except OSError:
            continue
        for archivo in hay:
            if (carpeta == SECRETOS_MONTADOS or archivo.suffix in DE_AJUSTES or archivo == ajustes) and archivo.is_file():
                yield archivo


def _cuentas(archivo: Path, base: str) -> set[str]:
    """Accounts of this database whose password stands there."""
    try:
        with archivo.open("rb") as abierto:
            dicho = abierto.read(TOPE).decode(errors="replace")
    except OSError:
        return set()
    return {hallada["cuenta"] for hallada in _CUENTA.finditer(dicho) if hallada["base"] == base}


# --- the program -----------------------------------------------------------------------------------------------------------
def historia() -> Iterator[Punto]:
    """What the versions before said, and who wrote it, is nothing that an application needs."""
    programa = Path(current_app.config["PROGRAM"])
    for carpeta in (programa, *programa.parents):
        for cual in HISTORIAS:
            if os.access(carpeta / cual, os.R_OK):
                dice = _("El programa tiene su historia al alcance: %(f)s.", f=carpeta / cual)
                hacer = _("Instálelo de un archivo, sin ella: git archive (docs/operate.md).")
                yield Punto("historia", _("Programa"), "aviso", dice, hacer)
                return
