"""Systems that deliver messages of diagrams by signed calls: a TOML file says which, and with what
secrets (docs/actions.md)."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.language import kept
from handlers.conectores.digiturno.firma import Firmante, SecretoInvalido
from records.base import toml
from records.base.toml import ConfiguracionInvalida, Seccion

CODIGO: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class Sistema:
    """A `records.sistemas.puertos.SistemaQueAvisa`."""

    codigo: str
    mensajes: frozenset[str]
    firmante: Firmante

    def verificar(self, encabezados: Mapping[str, str], cuerpo: bytes, now: dt.datetime) -> str:
        return self.firmante.verificar(encabezados, cuerpo, now)


def leer(archivo: Path, credenciales: Path | None = None) -> tuple[Sistema, ...]:
    """Raises ConfiguracionInvalida. The secrets lie in files of their own, beside it or
    elsewhere."""
    dicho = toml.abrir(archivo, credenciales)
    return tuple(_sistema(codigo, dicho.seccion(codigo)) for codigo in dicho.tabla)


def _sistema(codigo: str, parte: Seccion) -> Sistema:
    if not CODIGO.fullmatch(codigo):
        raise ConfiguracionInvalida(
            kept("[%(c)s]: el código lleva letras minúsculas, números y _", c=codigo)
        )
    parte.solo("mensajes", "secretos")
    mensajes, secretos = parte.lista("mensajes"), parte.lista("secretos")
    for clave, valores in (("mensajes", mensajes), ("secretos", secretos)):
        if not valores:
            raise parte.falta(clave, kept("una lista de textos"))
    try:
        dichos = [parte.secreto_de("secretos", nombre) for nombre in secretos]
        return Sistema(
            codigo,
            frozenset(mensajes),
            Firmante(dichos, [parte.lugar("secretos", nombre) for nombre in secretos]),
        )
    except SecretoInvalido as error:
        raise ConfiguracionInvalida(kept("%(d)ssecretos: %(e)s", d=parte.donde, e=error)) from error
