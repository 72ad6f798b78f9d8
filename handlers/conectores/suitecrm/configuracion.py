"""Where the CRM is, how it is entered, and how this installation calls its fields: the file that `CRM_CONFIG` names."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any
from typing import Final
from urllib.parse import urlsplit

from records.rules.crm import CASO
from records.rules.crm import CASOS
from records.rules.crm import PERSONA
from records.rules.crm import PERSONAS
from records.rules.crm import Campo
from records.rules.crm import Gana

MODULOS: Final = {PERSONA: "Contacts", CASO: "Cases"}
PARTES: Final = {"": {"url", "client_id", "client_secret_file", "cuenta", "autoridades", "personas", "casos", "gana"}}
NOMBRE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class ConfiguracionInvalida(ValueError):
    """The file does not say how the CRM is reached; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Instalacion:
    """A SuiteCRM. `cuenta`: the account under which it files the cases, which it asks for."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    cuenta: str
    campos: Mapping[str, tuple[Campo, ...]] = field(default_factory=lambda: {PERSONA: PERSONAS, CASO: CASOS})
    autoridades: str | None = None  #: file with the certificate authorities that are trusted; None: those of the system


def leer(archivo: Path) -> Instalacion:
    """Raises ConfiguracionInvalida. Whether anybody answers there is asked later."""
    try:
        dicho = tomllib.loads(archivo.read_text("utf-8"))
    except OSError as error:
        raise ConfiguracionInvalida(f"no se puede leer el archivo {archivo}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfiguracionInvalida(f"{archivo} no es un archivo TOML") from error
    if ajenas := set(dicho) - PARTES[""]:
        raise ConfiguracionInvalida(f"{archivo} tiene {', '.join(sorted(ajenas))}, que no se conoce")
    secreto = archivo.parent / _texto(dicho, "client_secret_file")
    try:
        clave = secreto.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfiguracionInvalida(f"client_secret_file: no se puede leer {secreto}") from error
    if not clave:
        raise ConfiguracionInvalida(f"client_secret_file: {secreto} está vacío")
    autoridades = archivo.parent / _texto(dicho, "autoridades") if "autoridades" in dicho else None
    if autoridades is not None and not autoridades.is_file():
        raise ConfiguracionInvalida(f"autoridades: no existe el archivo {autoridades}")
    gana = _parte(dicho, "gana")
    if sobran := set(gana) - {c.nuestro for c in PERSONAS if c.trae}:
        raise ConfiguracionInvalida(f"[gana] nombra {', '.join(sorted(sobran))}, que no es un dato que las dos partes cambien")
    return Instalacion(
        url=_url(_texto(dicho, "url")),
        client_id=_texto(dicho, "client_id"),
        client_secret=clave,
        cuenta=_texto(dicho, "cuenta"),
        campos={PERSONA: _campos(PERSONAS, _parte(dicho, "personas"), gana), CASO: _campos(CASOS, _parte(dicho, "casos"), {})},
        autoridades=str(autoridades) if autoridades is not None else None,
    )


def _url(dicha: str) -> str:
    try:
        partes = urlsplit(dicha)
        bien = partes.scheme in ("http", "https") and bool(partes.hostname) and not partes.query and partes.username is None
        bien = bien and partes.port != 0 and not any(signo.isspace() for signo in dicha)
    except ValueError:
        bien = False
    if not bien:
        raise ConfiguracionInvalida(f"url: se espera la dirección del CRM, como https://crm.entidad.gov.co, no «{dicha}»")
    return dicha.rstrip("/")


def _parte(dicho: Mapping[str, Any], parte: str) -> Mapping[str, Any]:
    leida = dicho.get(parte, {})
    if not isinstance(leida, Mapping):
        raise ConfiguracionInvalida(f"[{parte}] es una parte con sus claves, no un valor")
    return leida


def _texto(dicho: Mapping[str, Any], clave: str) -> str:
    leido = dicho.get(clave)
    if not isinstance(leido, str) or not leido:
        raise ConfiguracionInvalida(f"se espera un texto en {clave}")
    return leido


def _campos(todos: tuple[Campo, ...], nombres: Mapping[str, Any], gana: Mapping[str, Any]) -> tuple[Campo, ...]:
    """Those of the installation: another name, or an empty one for what it does not have. Who a record is of cannot be missing."""
    if ajenos := set(nombres) - {c.nuestro for c in todos}:
        raise ConfiguracionInvalida(f"no se conoce el dato {', '.join(sorted(ajenos))}")
    quedan = []
    for campo in todos:
        suyo = nombres.get(campo.nuestro, campo.suyo)
        if suyo == "" and campo.nuestro not in ("tipo_doc", "num_doc", "nombre", "radicado", "asunto", "estado"):
            continue
        if not isinstance(suyo, str) or not NOMBRE.fullmatch(suyo):
            raise ConfiguracionInvalida(f"{campo.nuestro}: se espera el nombre de un campo del CRM, no «{suyo}»")
        try:
            regla = Gana(gana.get(campo.nuestro, campo.gana))
        except ValueError as error:
            raise ConfiguracionInvalida(f"[gana] {campo.nuestro}: se espera {', '.join(Gana)}, no «{gana[campo.nuestro]}»") from error
        quedan.append(replace(campo, suyo=suyo, gana=regla))
    return tuple(quedan)
