"""What a place gives away beyond what its processes need: lines in the clear, secrets of others
within reach, the history of the program.

Said by `flask doctor` and «Estado» outside of a demo, each fault with what to do.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from flask_babel import gettext as _

from common.accounts import ROLES, SERVING
from records.sistemas.puertos import Conexion, Linea
from webforms.base.ajustes import ajustes
from webforms.base.servicios import servicios
from webforms.evidencia import llave
from webforms.operacion.instalacion import Punto

LA_WEB: Final = SERVING[0]
#: Where settings and secrets of other processes may lie, beside the file of settings.
DE_AJUSTES: Final = (".toml", ".env", ".pem", ".key", ".crt")
SECRETOS_MONTADOS: Final = Path("/run/secrets")
TOPE: Final = 100_000  # bytes of a file that are looked at
#: An account of PostgreSQL with its password, as a line of settings, of an environment or of a
#: secret says it.
_CUENTA: Final = re.compile(
    r"""^\s*(?:database_url\s*=\s*["']?)?postgres(?:ql)?(?:\+\w+)?://(?P<cuenta>[^:@/\s]+):[^@\s]+@[^/\s]*/(?P<base>[^?"'\s]+)""",
    re.IGNORECASE | re.MULTILINE,
)
#: The same with the file of the key by which it enters.
_CON_LLAVE: Final = re.compile(
    r"""^\s*(?:database_url\s*=\s*["']?)?postgres(?:ql)?(?:\+\w+)?://(?P<cuenta>[^:@/\s]+)(?::[^@\s]*)?@[^/\s]*/(?P<base>[^?"'\s]+)"""
    r"""\?(?:[^"'\s]*&)?sslkey=(?P<llave>[^&"'\s]+)""",
    re.IGNORECASE | re.MULTILINE,
)
_LLAVES: Final = re.compile(
    r"-----BEGIN (?P<tipo>[A-Z ]*PRIVATE KEY)-----.+?-----END (?P=tipo)-----", re.DOTALL
)
_CERTIFICADOS: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL
)
HISTORIAS: Final = (".git", ".hg", ".svn")


def puntos() -> list[Punto]:
    return [] if ajustes().demo else [*conexiones(), *secretos(), *historia()]


# --- lines ----------------------------------------------------------------------------------------
def abiertas() -> list[Conexion]:
    """Those that leave this machine for none of TRUSTED_NETWORK and are not encrypted, or to nobody
    knows whom."""
    return [
        c
        for c in ajustes().conexiones
        if c.linea is not Linea.SEGURA and c.equipo not in ajustes().trusted
    ]


def conexiones() -> Iterator[Punto]:
    """Hosts of TRUSTED_NETWORK are only named."""
    nombre, faltan = _("Conexiones"), abiertas()
    for conexion in faltan:
        yield Punto(
            f"conexion_{conexion.ajuste}_{conexion.equipo}",
            nombre,
            "falla",
            como_va(conexion),
            que_hacer(conexion),
        )
    if faltan:
        return
    fiados = {
        f"{c.equipo} ({c.ajuste})" for c in ajustes().conexiones if c.linea is not Linea.SEGURA
    }
    dice = (
        _("Sin cifrar, en la red de confianza: %(e)s.", e=", ".join(sorted(fiados)))
        if fiados
        else _("Las que salen de este equipo van cifradas.")
    )
    yield Punto("conexiones", nombre, "bien", dice)


def que_hacer(conexion: Conexion) -> str:
    return str(
        _(
            "Cífrela (docs/configuration.md); si %(e)s está en una red de confianza, dígalo en TRUSTED_NETWORK.",
            e=conexion.equipo,
        )
    )


def como_va(conexion: Conexion) -> str:
    dice = _("%(a)s: a %(e)s puede ir sin cifrar.", a=conexion.ajuste, e=conexion.equipo)
    if conexion.linea is Linea.SIN_COMPROBAR:
        dice = _(
            "%(a)s: cifrada, sin comprobar que conteste %(e)s (sslmode=verify-full).",
            a=conexion.ajuste,
            e=conexion.equipo,
        )
    elif conexion.linea is Linea.NO_SE_SABE:
        dice = _("%(a)s: no se sabe si a %(e)s va cifrada.", a=conexion.ajuste, e=conexion.equipo)
    return str(dice)


# --- secrets --------------------------------------------------------------------------------------
def secretos() -> Iterator[Punto]:
    """Of accounts that serve people: the password or the key of another account, and, for the web,
    what only the worker needs."""
    base, nombre = servicios().db.url, _("Secretos")
    if base.username not in SERVING:
        return
    hallados, escrito = [], {archivo: _dicho(archivo) for archivo in _al_alcance()}
    titulares = _titulares(escrito.values())
    for archivo, dicho in escrito.items():
        if ajenas := sorted(_cuentas(dicho, str(base.database)) - {str(base.username)}):
            dice = _(
                "Este proceso puede leer en %(f)s la contraseña de %(c)s.",
                f=archivo,
                c=", ".join(ajenas),
            )
            hacer = _("Deje cada contraseña donde solo la lea quien la usa (docs/operate.md).")
            hallados.append(Punto(f"secretos_{archivo.name}", nombre, "falla", dice, hacer))
        if ajenas := sorted(
            _con_llave(dicho, str(base.database), titulares) - {str(base.username)}
        ):
            dice = _(
                "Por %(f)s este proceso alcanza la llave con la que entra %(c)s.",
                f=archivo,
                c=", ".join(ajenas),
            )
            hacer = _("Deje cada llave donde solo la lea quien la usa (docs/operate.md).")
            hallados.append(Punto(f"secretos_entrada_{archivo.name}", nombre, "falla", dice, hacer))
    if base.username == LA_WEB and os.access(llave.archivo(), os.R_OK):
        dice = _("La web puede leer la llave que firma el registro: %(f)s.", f=llave.archivo())
        hacer = _(
            "Póngala donde solo la lea el trabajador que firma (EVIDENCE_KEY, docs/operate.md)."
        )
        hallados.append(Punto("secretos_llave", nombre, "falla", dice, hacer))
    if base.username == LA_WEB and ajustes().clave_de_correo:
        dice, hacer = (
            _("La web sabe la contraseña del correo, y no lo envía."),
            _("Désela solo al trabajador (docs/operate.md)."),
        )
        hallados.append(Punto("secretos_correo", nombre, "aviso", dice, hacer))
    yield from hallados or [
        Punto("secretos", nombre, "bien", _("Este proceso no alcanza los de otros."))
    ]


def _al_alcance() -> Iterator[Path]:
    """Files of settings and of secrets that this process may read."""
    dicho = ajustes().archivo
    for carpeta in (dicho.parent, SECRETOS_MONTADOS):
        try:
            hay = sorted(carpeta.iterdir())
        except OSError:
            continue
        for archivo in hay:
            if (
                carpeta == SECRETOS_MONTADOS or archivo.suffix in DE_AJUSTES or archivo == dicho
            ) and archivo.is_file():
                yield archivo


def _dicho(archivo: Path) -> str:
    try:
        with archivo.open("rb") as abierto:
            return abierto.read(TOPE).decode(errors="replace")
    except OSError:
        return ""


def _cuentas(dicho: str, base: str) -> set[str]:
    """Accounts of this database whose password stands there."""
    return {hallada["cuenta"] for hallada in _CUENTA.finditer(dicho) if hallada["base"] == base}


def _con_llave(dicho: str, base: str, titulares: Mapping[bytes, str]) -> set[str]:
    """Accounts of this database whose private key stands there, or in a file that is named there
    and may be read, too."""
    nombradas = {
        hallada["cuenta"]
        for hallada in _CON_LLAVE.finditer(dicho)
        if hallada["base"] == base and os.access(unquote(hallada["llave"]), os.R_OK)
    }
    return nombradas | {
        titulares[suya]
        for llave_suya in _LLAVES.finditer(dicho)
        if (suya := _publica(llave_suya[0])) in titulares
    }


def _titulares(escrito: Iterable[str]) -> dict[bytes, str]:
    """Of each public key that a certificate within reach says is an account of PostgreSQL's, which
    one."""
    hallados: dict[bytes, str] = {}
    for pem in (uno[0] for dicho in escrito for uno in _CERTIFICADOS.finditer(dicho)):
        with suppress(ValueError, UnsupportedAlgorithm):
            leido = x509.load_pem_x509_certificate(pem.encode())
            nombres = {
                str(nombre.value)
                for nombre in leido.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            }
            for cuenta in nombres.intersection(ROLES):
                hallados[
                    leido.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
                ] = cuenta
    return hallados


def _publica(pem: str) -> bytes:
    """Nothing of what cannot be opened, as a key with a password of its own."""
    try:
        leida = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return b""
    return leida.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


# --- the program ----------------------------------------------------------------------------------
def historia() -> Iterator[Punto]:
    """What the versions before said, and who wrote it, is nothing that an application needs."""
    programa = ajustes().programa
    for carpeta in (programa, *programa.parents):
        for cual in HISTORIAS:
            if os.access(carpeta / cual, os.R_OK):
                dice = _("El programa tiene su historia al alcance: %(f)s.", f=carpeta / cual)
                hacer = _("Instálelo de un archivo, sin ella: git archive (docs/operate.md).")
                yield Punto("historia", _("Programa"), "aviso", dice, hacer)
                return
