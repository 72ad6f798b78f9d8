"""Files of settings in TOML, read key by key. What makes no sense there is told in a sentence with
its place."""

import re
import ssl
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from common import tls
from common.language import joined, kept

Tabla = Mapping[str, Any]
#: Before the name of a secret that is no file: systemd hands it to a process, or does not
#: (docs/configuration.md).
CREDENCIAL: Final = "credencial:"


class ConfiguracionInvalida(ValueError):
    """The file does not say how a system is reached; the sentence says where, and what is expected
    there."""


class SecretoCerrado(ConfiguracionInvalida):
    """The file with a secret is not for this process, or the credential was not handed to it."""


@dataclass(frozen=True, slots=True)
class Seccion:
    """A table of the file. `carpeta`: paths in it are relative to this folder. `donde`: before the
    name of each key in a sentence. `credenciales`: the folder with those that systemd handed to
    this process."""

    tabla: Tabla
    carpeta: Path
    donde: str = ""
    credenciales: Path | None = None

    def solo(self, *conocidas: str) -> None:
        """What nobody reads is a typing error."""
        if ajenas := sorted(self.donde + clave for clave in set(self.tabla) - set(conocidas)):
            raise ConfiguracionInvalida(kept("%(a)s: no se conoce", a=", ".join(ajenas)))

    def tiene(self, clave: str) -> bool:
        return clave in self.tabla

    def falta(self, clave: str, que: str) -> ConfiguracionInvalida:
        return ConfiguracionInvalida(
            kept("%(d)s%(c)s: se espera %(q)s", d=self.donde, c=clave, q=que)
        )

    def texto(
        self, clave: str, por_defecto: str | None = None, *, entre: Collection[str] = ()
    ) -> str:
        """One that must be there is not empty."""
        valor = self.tabla.get(clave, por_defecto)
        if (
            not isinstance(valor, str)
            or (entre and valor not in entre)
            or not (valor or por_defecto is not None)
        ):
            unos = [parte for uno in entre for parte in (kept(" o "), f"«{uno}»")]
            raise self.falta(clave, joined("", unos[1:]) if entre else kept("un texto"))
        return valor

    def entero(self, clave: str, por_defecto: int, entre: tuple[int, int]) -> int:
        valor = self.tabla.get(clave, por_defecto)
        if type(valor) is not int or not entre[0] <= valor <= entre[1]:
            raise self.falta(clave, kept("un número entre %(e)s y %(e2)s", e=entre[0], e2=entre[1]))
        return valor

    def si_o_no(self, clave: str) -> bool:
        valor = self.tabla.get(clave, False)
        if not isinstance(valor, bool):
            raise self.falta(clave, kept("true o false"))
        return valor

    def lista(self, clave: str) -> list[str]:
        valor = self.tabla.get(clave, [])
        if not isinstance(valor, list) or not all(isinstance(uno, str) and uno for uno in valor):
            raise self.falta(clave, kept("una lista de textos"))
        return valor

    def nombres(self, clave: str) -> dict[str, str]:
        valor = self.tabla.get(clave, {})
        if not isinstance(valor, dict) or not all(
            isinstance(uno, str) and uno for uno in valor.values()
        ):
            raise self.falta(clave, kept("una tabla de textos"))
        return valor

    def numeros(self, clave: str) -> dict[str, int]:
        valor = self.tabla.get(clave, {})
        if not isinstance(valor, dict) or not all(
            type(uno) is int and uno > 0 for uno in valor.values()
        ):
            raise self.falta(clave, kept("una tabla de números"))
        return valor

    def seccion(self, clave: str, *, obligatoria: bool = True) -> "Seccion":
        valor = self.tabla.get(clave, None if obligatoria else {})
        if not isinstance(valor, dict):
            raise self.falta(clave, kept("una tabla"))
        return replace(self, tabla=valor, donde=f"{self.donde}{clave}.")

    def secciones(self, clave: str) -> list["Seccion"]:
        valor = self.tabla.get(clave)
        if (
            not isinstance(valor, list)
            or not valor
            or not all(isinstance(una, dict) for una in valor)
        ):
            raise self.falta(clave, kept("[[%(d)s%(c)s]], una vez o más", d=self.donde, c=clave))
        return [
            replace(self, tabla=una, donde=f"{self.donde}{clave}[{n}].")
            for n, una in enumerate(valor, 1)
        ]

    def ruta(self, clave: str) -> Path:
        dicha = self.texto(clave)
        if "\0" in dicha:
            raise self.falta(clave, kept("la ruta de un archivo"))
        return self.carpeta / dicha

    def archivo(self, clave: str) -> str:
        """The path of one that must be there already."""
        ruta = self.ruta(clave)
        try:
            ruta.open("rb").close()
        except PermissionError as error:
            raise SecretoCerrado(
                kept("%(d)s%(c)s: no se puede leer %(r)s", d=self.donde, c=clave, r=ruta)
            ) from error
        except OSError as error:
            raise ConfiguracionInvalida(
                kept("%(d)s%(c)s: no existe el archivo %(r)s", d=self.donde, c=clave, r=ruta)
            ) from error
        return str(ruta)

    def secreto(self, clave: str) -> str:
        dicho = self.texto(clave)
        return self.secreto_de(
            clave, dicho if dicho.startswith(CREDENCIAL) else str(self.ruta(clave))
        )

    def lugar(self, clave: str, dicho: str) -> Path:
        """Of a secret that stands in a file or in a credential. SecretoCerrado: this one is not
        handed to this process."""
        if not dicho.startswith(CREDENCIAL):
            return self.carpeta / dicho
        nombre = Path(dicho.removeprefix(CREDENCIAL)).name
        ruta = (self.credenciales or Path()) / nombre
        try:
            entregada = self.credenciales is not None and ruta.is_file()
        except OSError:
            entregada = False
        if not entregada:
            raise SecretoCerrado(
                kept(
                    "%(d)s%(c)s: a este proceso no se le entrega la credencial %(n)s",
                    d=self.donde,
                    c=clave,
                    n=nombre,
                )
            )
        return ruta

    def secreto_de(self, clave: str, dicho: str) -> str:
        """What stands in the file that `clave` names, or in the credential: a secret is no
        setting."""
        ruta = self.lugar(clave, dicho)
        try:
            leido = ruta.read_text("utf-8").strip()
        except PermissionError as error:
            raise SecretoCerrado(
                kept("%(d)s%(c)s: no se puede leer %(r)s", d=self.donde, c=clave, r=ruta)
            ) from error
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise ConfiguracionInvalida(
                kept("%(d)s%(c)s: no se puede leer %(r)s", d=self.donde, c=clave, r=ruta)
            ) from error
        if not leido:
            raise ConfiguracionInvalida(
                kept("%(d)s%(c)s: %(r)s está vacío", d=self.donde, c=clave, r=ruta)
            )
        return leido

    def certificado(self, clave: str = "certificado") -> str | None:
        """Of ours, with its key; None: none is named."""
        if not self.tiene(clave):
            return None
        archivo = self.archivo(clave)
        try:
            tls.client(own=archivo)
        except PermissionError as error:
            raise SecretoCerrado(
                kept("%(d)s%(c)s: no se puede leer %(r)s", d=self.donde, c=clave, r=archivo)
            ) from error
        except (OSError, ssl.SSLError) as error:
            raise ConfiguracionInvalida(
                kept(
                    "%(d)s%(c)s: %(r)s no lleva un certificado con su llave",
                    d=self.donde,
                    c=clave,
                    r=archivo,
                )
            ) from error
        return archivo

    def autoridades(self) -> str | None:
        """The only ones that are believed; None: those of the system."""
        if not self.tiene("autoridades"):
            return None
        archivo = self.archivo("autoridades")
        try:
            tls.client(archivo)
        except OSError as error:
            raise ConfiguracionInvalida(
                kept(
                    "%(d)s%(c)s: %(r)s no lleva certificados de una autoridad",
                    d=self.donde,
                    c="autoridades",
                    r=archivo,
                )
            ) from error
        return archivo

    def url(self, clave: str, cual: str) -> str:
        """`cual`: whose address is expected, with an example."""
        dicha = self.texto(clave)
        try:
            partes = urlsplit(dicha)
            bien = (
                partes.scheme in ("http", "https")
                and bool(partes.hostname)
                and not partes.query
                and partes.username is None
            )
            bien = bien and partes.port != 0 and not any(signo.isspace() for signo in dicha)
        except ValueError:
            bien = False
        if not bien:
            raise self.falta(clave, kept("la dirección %(c)s, no «%(d)s»", c=cual, d=dicha))
        return dicha.rstrip("/")


def tabla_de(contenido: bytes, archivo: object) -> dict[str, Any]:
    """`archivo`: how it is called in the sentence of a ConfiguracionInvalida."""
    try:
        return tomllib.loads(contenido.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        linea = re.search(r"line (\d+)", str(error))
        if linea is None:
            raise ConfiguracionInvalida(kept("%(a)s no es un archivo TOML", a=archivo)) from error
        raise ConfiguracionInvalida(
            kept("%(a)s no es un archivo TOML; revise la línea %(l)s", a=archivo, l=linea[1])
        ) from error


def abrir(archivo: Path, credenciales: Path | None = None) -> Seccion:
    """Raises ConfiguracionInvalida."""
    try:
        contenido = archivo.read_bytes()
    except OSError as error:
        raise ConfiguracionInvalida(kept("no se puede leer el archivo %(a)s", a=archivo)) from error
    return Seccion(tabla_de(contenido, archivo), archivo.parent, credenciales=credenciales)


def de_ahora(archivo: Path | None, conocido: str) -> str:
    """What the file of a secret holds now, for one that somebody else renews every hour; `conocido`
    while nothing can be read there."""
    if archivo is None:
        return conocido
    try:
        return archivo.read_text("utf-8").strip() or conocido
    except (OSError, UnicodeDecodeError):
        return conocido
