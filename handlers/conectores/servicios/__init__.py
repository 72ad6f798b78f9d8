"""HTTP services that a step of a diagram may call: a TOML file of the administrator lists them, and
their secrets (docs/actions.md)."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from common.language import kept
from records.base import toml
from records.base.toml import ConfiguracionInvalida, Seccion, SecretoCerrado

CODIGO: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
ENCABEZADO: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}")
SECRETO: Final = re.compile(r"[\x21-\x7e]{1,4000}")
METODOS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
BEARER: Final = "Authorization"


@dataclass(frozen=True, slots=True)
class Servicio:
    """One of the list. `reconoce_llave`: told the same Idempotency-Key twice it does it once; what
    it left unanswered may be repeated."""

    codigo: str
    nombre: str
    url: str
    metodos: tuple[str, ...] = ("GET",)
    encabezado: str = BEARER
    secreto: str = field(default="", repr=False)
    reconoce_llave: bool = False
    #: what is asked to see whether it is there; nothing: whether anybody answers at its address
    prueba: str = ""
    autoridades: str | None = None
    certificado: str | None = None  #: ours
    archivo: Path | None = None  #: in which the secret stands, and may be renewed
    espera: int = 5
    #: it has a secret, or a certificate of ours, that this process may not read, and so cannot be
    #: called from here
    cerrado: bool = False


def leer(archivo: Path, credenciales: Path | None = None) -> tuple[Servicio, ...]:
    """Raises ConfiguracionInvalida."""
    dicho = toml.abrir(archivo, credenciales)
    return tuple(_servicio(codigo, dicho.seccion(codigo)) for codigo in dicho.tabla)


def _servicio(codigo: str, parte: Seccion) -> Servicio:
    if not CODIGO.fullmatch(codigo):
        raise ConfiguracionInvalida(
            kept("[%(c)s]: el código lleva letras minúsculas, números y _", c=codigo)
        )
    parte.solo(
        "nombre",
        "url",
        "metodos",
        "encabezado",
        "secreto",
        "reconoce_llave",
        "prueba",
        "autoridades",
        "certificado",
        "espera",
    )
    metodos = parte.lista("metodos") or ["GET"]
    if not set(metodos) <= set(METODOS):
        raise parte.falta("metodos", kept("una lista de %(m)s", m=", ".join(METODOS)))
    encabezado = parte.texto("encabezado", BEARER)
    if not ENCABEZADO.fullmatch(encabezado):
        raise parte.falta("encabezado", kept("el nombre de un encabezado, como X-Api-Key"))
    secreto, cerrado = "", False
    if parte.tiene("secreto"):
        try:
            secreto = parte.secreto("secreto")
        except SecretoCerrado:  # the worker calls it; the web only says which there are
            cerrado = True
    try:
        certificado = parte.certificado()
    except SecretoCerrado:
        certificado, cerrado = None, True
    if secreto and not SECRETO.fullmatch(secreto):
        raise ConfiguracionInvalida(
            kept(
                "%(d)ssecreto: el archivo lleva el secreto en una línea, sin espacios ni tildes",
                d=parte.donde,
            )
        )
    if encabezado != BEARER and not secreto and not cerrado:
        raise parte.falta("secreto", kept("el archivo con lo que va en ese encabezado"))
    return Servicio(
        codigo,
        parte.texto("nombre", codigo),
        parte.url("url", kept("del servicio, como https://catastro.entidad.gov.co/api")),
        tuple(dict.fromkeys(metodos)),
        encabezado,
        secreto,
        parte.si_o_no("reconoce_llave"),
        parte.texto("prueba", ""),
        parte.autoridades(),
        certificado,
        parte.lugar("secreto", parte.texto("secreto")) if secreto else None,
        parte.entero("espera", 5, (1, 30)),
        cerrado,
    )
