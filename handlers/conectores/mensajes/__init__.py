"""Systems that deliver messages of diagrams by signed calls: a TOML file says which, and with what secrets (docs/messages.md)."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from typing import Final

from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.firma import SecretoInvalido

CODIGO: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
CLAVES: Final = frozenset({"mensajes", "secretos"})


class ConfiguracionInvalida(Exception):
    """The file makes no sense; its text says where."""


@dataclass(frozen=True, slots=True)
class Sistema:
    """A `records.puertos.SistemaQueAvisa`."""

    codigo: str
    mensajes: frozenset[str]
    firmante: Firmante

    def verificar(self, encabezados: Mapping[str, str], cuerpo: bytes, now: dt.datetime) -> str:
        return self.firmante.verificar(encabezados, cuerpo, now)


def leer(archivo: Path) -> tuple[Sistema, ...]:
    """Raises ConfiguracionInvalida. The secrets lie in files of their own, beside it or elsewhere."""
    try:
        dicho = tomllib.loads(archivo.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfiguracionInvalida(f"no se puede leer {archivo}") from error
    return tuple(_sistema(codigo, parte, archivo.parent) for codigo, parte in dicho.items())


def _sistema(codigo: str, parte: Any, carpeta: Path) -> Sistema:
    if not CODIGO.fullmatch(codigo):
        raise ConfiguracionInvalida(f"[{codigo}]: el código lleva letras minúsculas, números y _")
    if not isinstance(parte, Mapping) or set(parte) != CLAVES:
        raise ConfiguracionInvalida(f"[{codigo}] lleva {' y '.join(sorted(CLAVES))}, y nada más")
    mensajes, secretos = _lista(codigo, parte, "mensajes"), _lista(codigo, parte, "secretos")
    try:
        return Sistema(codigo, frozenset(mensajes), Firmante([_secreto(codigo, carpeta / nombre) for nombre in secretos]))
    except SecretoInvalido as error:
        raise ConfiguracionInvalida(f"[{codigo}] secretos: {error}") from error


def _lista(codigo: str, parte: Mapping[str, Any], clave: str) -> list[str]:
    dicha = parte[clave]
    if not isinstance(dicha, list) or not dicha or not all(isinstance(uno, str) and uno for uno in dicha):
        raise ConfiguracionInvalida(f"[{codigo}] {clave}: se espera una lista de textos")
    return dicha


def _secreto(codigo: str, archivo: Path) -> str:
    try:
        return archivo.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfiguracionInvalida(f"[{codigo}] secretos: no se puede leer {archivo}") from error
