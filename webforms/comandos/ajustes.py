"""The file with the settings of a place (`ventanilla.toml`): what `flask setup` writes and every
process reads.

Its names are those of docs/configuration.md in small letters; what the environment says wins. It
holds secrets: mode 0600. Between the two stand files of one setting each, as secrets of containers,
credentials of systemd and agents of vaults are given.
"""

import contextlib
import os
import stat
import tempfile
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from common.language import said
from common.settings import CREDENTIALS, names_of_a_place
from records.base import toml
from webforms.comandos.consola import Falla

#: Names the file; without it `INSTANCE/ventanilla.toml` is read when it is there.
VARIABLE: Final = "VENTANILLA_CONFIG"
#: `NAME_FILE` names the file that holds the setting NAME.
EN_ARCHIVO: Final = "_FILE"
NOMBRE: Final = "ventanilla.toml"
#: What files that we bring say instead of a password.
DE_EJEMPLO: Final = ("a-long-password", "the-password-of-the-mail-account")
TOPE: Final = 100_000  # bytes


class AjustesMalos(Falla, ValueError):
    """A setting of this place makes no sense, or its file is none; on the command line the sentence
    is all that is shown."""


def ruta_de(env: Mapping[str, str], raiz: Path) -> Path:
    """Where it is, or would be."""
    return (
        Path(env[VARIABLE])
        if env.get(VARIABLE)
        else Path(env.get("INSTANCE") or raiz / "instance") / NOMBRE
    )


def leer(ruta: Path, segun: str = VARIABLE) -> dict[str, str]:
    """Its settings; none when it is not there. `segun`: which setting says where it is.
    AjustesMalos."""
    try:
        exigir_reservado(ruta)
        contenido = ruta.read_bytes()[:TOPE]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise AjustesMalos(said("%(v)s: no se puede leer %(f)s.", v=segun, f=ruta)) from error
    return valores(tabla(contenido, ruta), str(ruta))


def tabla(contenido: bytes, ruta: Path) -> dict[str, Any]:
    """AjustesMalos."""
    try:
        return toml.tabla_de(contenido, ruta)
    except toml.ConfiguracionInvalida as error:
        raise AjustesMalos(f"{said(str(error))}.") from error


def exigir_reservado(ruta: Path) -> None:
    """AjustesMalos: whoever is on this machine reads the secrets in it. OSError: it is not
    there."""
    if stat.S_IMODE(ruta.stat().st_mode) & stat.S_IROTH:
        raise AjustesMalos(
            said(
                "%(f)s: cualquiera en este equipo puede leer sus secretos. Corra: chmod 600 %(f)s",
                f=ruta,
            )
        )


def valores(dicho: Mapping[str, object], donde: str) -> dict[str, str]:
    """Only settings, each a text or a number. AjustesMalos."""
    for nombre, valor in dicho.items():
        if nombre not in names_of_a_place():
            raise AjustesMalos(
                said(
                    "%(f)s: «%(n)s» no es un ajuste. Los que hay están en docs/configuration.md.",
                    f=donde,
                    n=nombre[:60],
                )
            )
        if (
            isinstance(valor, bool)
            or not isinstance(valor, str | int)
            or (isinstance(valor, str) and _de_control(valor))
        ):
            raise AjustesMalos(
                said(
                    "%(f)s: «%(n)s» debe ser un texto de una línea entre comillas, o un número.",
                    f=donde,
                    n=nombre,
                )
            )
        if any(ejemplo in str(valor) for ejemplo in DE_EJEMPLO):
            raise AjustesMalos(
                said(
                    "%(f)s: «%(n)s» todavía tiene la contraseña del ejemplo. Ponga la suya.",
                    f=donde,
                    n=nombre,
                )
            )
    return {nombre: str(valor) for nombre, valor in dicho.items() if str(valor)}


def _de_control(texto: str) -> bool:
    return any(unicodedata.category(signo) in ("Cc", "Cs") for signo in texto)


def entorno(env: Mapping[str, str], raiz: Path) -> dict[str, str]:
    """The environment, beneath it files of one setting, beneath them what the file of all says.
    AjustesMalos."""
    return sobre(leer(ruta_de(env, raiz), VARIABLE if env.get(VARIABLE) else "INSTANCE"), env)


def sobre(dichos: Mapping[str, str], env: Mapping[str, str]) -> dict[str, str]:
    """What a process is told, over settings of the place. AjustesMalos."""
    return {**como_entorno(dichos), **como_entorno(de_archivos(env)), **env}


def de_archivos(env: Mapping[str, str]) -> dict[str, str]:
    """Settings that stand in a file of their own. AjustesMalos: one cannot be read, is told twice,
    or holds no setting."""
    dichos: dict[str, str] = {}
    for nombre in names_of_a_place():
        variable = nombre.upper() + EN_ARCHIVO
        ruta = _archivo_de(nombre, env)
        if ruta is None:
            continue
        if env.get(variable) and env.get(nombre.upper()):
            raise AjustesMalos(
                said(
                    "%(n)s está dos veces: en el entorno y en %(v)s. Deje una.",
                    n=nombre.upper(),
                    v=variable,
                )
            )
        try:
            dicho = ruta.read_bytes()[:TOPE].decode().removesuffix("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise AjustesMalos(
                said("%(v)s: no se puede leer %(f)s.", v=variable, f=ruta)
            ) from error
        dichos |= valores({nombre: dicho}, str(ruta))
    return dichos


def _archivo_de(nombre: str, env: Mapping[str, str]) -> Path | None:
    """Of this setting; None: it has none."""
    if dicho := env.get(nombre.upper() + EN_ARCHIVO):
        return Path(dicho)
    credencial = Path(env[CREDENTIALS]) / nombre if env.get(CREDENTIALS) else None
    try:
        return credencial if credencial is not None and credencial.exists() else None
    except OSError as error:
        raise AjustesMalos(
            said("%(v)s: no se puede leer %(f)s.", v=CREDENTIALS, f=env[CREDENTIALS])
        ) from error


def fijos(env: Mapping[str, str]) -> frozenset[str]:
    """Settings that the process is told, whatever the file of all says."""
    return frozenset(
        nombre
        for nombre in names_of_a_place()
        if env.get(nombre.upper()) or _archivo_de(nombre, env) is not None
    )


def como_entorno(ajustes: Mapping[str, str]) -> dict[str, str]:
    return {nombre.upper(): valor for nombre, valor in ajustes.items()}


def escribir(ruta: Path, ajustes: Mapping[str, str]) -> None:
    """Whole or not at all, and readable by its owner only. OSError."""
    dicho = said(
        "Escrito por `flask setup`. Cada ajuste está explicado en docs/configuration.md; el entorno manda sobre este archivo."
    )
    lineas = [f"# {dicho}", ""]
    lineas += [
        f"{nombre} = {_toml(ajustes[nombre])}"
        for nombre in names_of_a_place()
        if ajustes.get(nombre)
    ]
    ruta.parent.mkdir(parents=True, exist_ok=True)
    antes = ruta.stat() if ruta.exists() else None
    manejo, nombre = tempfile.mkstemp(prefix=f"{ruta.name}-", dir=ruta.parent)  # 0600
    try:
        with os.fdopen(manejo, "w", encoding="utf-8") as archivo:
            archivo.write("\n".join(lineas) + "\n")
            archivo.flush()
            os.fsync(archivo.fileno())
        if antes is not None:  # a service may read it by its group
            Path(nombre).chmod(stat.S_IMODE(antes.st_mode) & 0o640)
            with contextlib.suppress(PermissionError):
                os.chown(nombre, antes.st_uid, antes.st_gid)
        Path(nombre).replace(ruta)
    except OSError:
        Path(nombre).unlink(missing_ok=True)
        raise


def _toml(valor: str) -> str:
    return '"' + valor.replace("\\", "\\\\").replace('"', '\\"') + '"'
