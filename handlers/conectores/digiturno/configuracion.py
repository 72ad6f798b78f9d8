"""Which turn systems there are, how each is reached and what it calls our points: the file that `DIGITURNO_CONFIG` names."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from handlers.conectores.digiturno.archivo import Carpeta
from handlers.conectores.digiturno.firma import Firmante
from handlers.conectores.digiturno.firma import SecretoInvalido
from handlers.conectores.digiturno.red import Red
from handlers.conectores.digiturno.sistema import Adaptador
from handlers.conectores.digiturno.sistema import Nombres
from handlers.conectores.digiturno.sistema import SistemaDeTurnos
from handlers.conectores.digiturno.vista import CONSULTA
from handlers.conectores.digiturno.vista import Vista
from handlers.conectores.digiturno.vista import VistaInvalida
from records.rules.digiturno import CODIGO
from records.rules.digiturno import MANUAL
from records.rules.digiturno import PROPIO
from records.rules.digiturno import SILENCIO_MIN

COMUNES: Final = {"adaptador", "nombre", "silencio_min", "cada_s", "puntos", "servicios", "modulos", "asesores"}
PROPIAS: Final[Mapping[str, set[str]]] = {
    "http": {"secretos", "url", "ficha", "secreto_salida", "autoridades"},
    "vista": {"url", "consulta", "posicion", "zona"},
    "archivo": {"carpeta", "zona", "separador", "codigos", "columnas"},
}
CADA: Final = {"http": 60, "vista": 5, "archivo": 300}  #: seconds
MOTIVOS: Final = ("servicio_adquirido", "informacion_general", "estudios_exterior", "radicar_documentos")


class ConfiguracionInvalida(ValueError):
    """The file does not say how a turn system is reached; the sentence says what is missing."""


def leer(archivo: Path) -> tuple[SistemaDeTurnos, ...]:
    """Raises ConfiguracionInvalida. Whether anybody answers there is asked later."""
    try:
        dicho = tomllib.loads(archivo.read_text("utf-8"))
    except OSError as error:
        raise ConfiguracionInvalida(f"no se puede leer el archivo {archivo}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfiguracionInvalida(f"{archivo} no es un archivo TOML") from error
    if ajenas := set(dicho) - {"sistemas"}:
        raise ConfiguracionInvalida(f"{archivo} tiene {', '.join(sorted(ajenas))}, que no se conoce")
    partes = dicho.get("sistemas")
    if not isinstance(partes, Mapping) or not partes:
        raise ConfiguracionInvalida("se espera una parte [sistemas.CODIGO] por cada sistema de turnos")
    hechos = []
    for codigo, parte in partes.items():
        try:
            hechos.append(_sistema(codigo, parte, archivo.parent))
        except ConfiguracionInvalida as error:
            raise ConfiguracionInvalida(f"[sistemas.{codigo}] {error}") from error
    usados: dict[str, str] = {}
    for sistema in hechos:
        for punto in sistema.puntos.values():
            if usados.setdefault(punto, sistema.codigo) != sistema.codigo:
                raise ConfiguracionInvalida(f"el punto {punto} está en dos sistemas de turnos: {usados[punto]} y {sistema.codigo}")
    return tuple(hechos)


def _sistema(codigo: str, parte: Any, carpeta: Path) -> SistemaDeTurnos:
    if not CODIGO.fullmatch(codigo) or codigo in (PROPIO, MANUAL):
        raise ConfiguracionInvalida(f"el código no sirve: letras minúsculas, números y _, y ni {PROPIO} ni {MANUAL}")
    if not isinstance(parte, Mapping):
        raise ConfiguracionInvalida("es una parte con sus claves, no un valor")
    clase = _texto(parte, "adaptador")
    if clase not in PROPIAS:
        raise ConfiguracionInvalida(f"adaptador: se espera {', '.join(PROPIAS)}, no «{clase}»")
    if ajenas := set(parte) - COMUNES - PROPIAS[clase]:
        raise ConfiguracionInvalida(f"tiene {', '.join(sorted(ajenas))}, que el adaptador {clase} no conoce")
    puntos = _nombres(parte, "puntos")
    if not puntos:
        raise ConfiguracionInvalida("falta [puntos]: cómo llama el sistema a cada punto, y su código aquí")
    servicios = _nombres(parte, "servicios")
    if otros := set(servicios.values()) - set(MOTIVOS):
        raise ConfiguracionInvalida(f"[servicios] lleva a {', '.join(sorted(otros))}; se espera {', '.join(MOTIVOS)}")
    segundos = _numero(parte, "cada_s", CADA[clase], 1, 86_400)
    adaptador, firmante = _hacer(clase, parte, carpeta)
    sin_pregunta = isinstance(adaptador, Red) and not adaptador.pregunta
    return SistemaDeTurnos(
        codigo=codigo,
        nombre=_texto(parte, "nombre") if "nombre" in parte else codigo,
        adaptador=adaptador,
        nombres=Nombres(puntos, servicios, _nombres(parte, "modulos"), _nombres(parte, "asesores")),
        firmante=firmante,
        silencio=dt.timedelta(minutes=_numero(parte, "silencio_min", SILENCIO_MIN, 1, 1440)),
        cada=None if sin_pregunta else dt.timedelta(seconds=segundos),
    )


def _hacer(clase: str, parte: Mapping[str, Any], carpeta: Path) -> tuple[Adaptador, Firmante | None]:
    if clase == "http":
        nombrados = parte.get("secretos")
        if not isinstance(nombrados, list) or not nombrados or not all(isinstance(n, str) and n for n in nombrados):
            raise ConfiguracionInvalida("secretos: se espera la lista de los archivos con los secretos con los que firma")
        firmante = _firmante("secretos", [_secreto("secretos", carpeta / n) for n in nombrados])
        salida = "secreto_salida" in parte
        return Red(
            url=_url(_texto(parte, "url")) if "url" in parte else "",
            ficha=_secreto("ficha", carpeta / _texto(parte, "ficha")) if "ficha" in parte else "",
            firmante=_firmante("secreto_salida", [_secreto("secreto_salida", carpeta / _texto(parte, "secreto_salida"))])
            if salida
            else None,
            autoridades=_existe("autoridades", carpeta / _texto(parte, "autoridades")) if "autoridades" in parte else None,
        ), firmante
    if clase == "vista":
        try:
            vista = Vista(
                _texto(parte, "url"),
                _texto(parte, "consulta") if "consulta" in parte else CONSULTA,
                _texto(parte, "posicion") if "posicion" in parte else "numero",
                _zona(parte),
            )
        except VistaInvalida as error:
            raise ConfiguracionInvalida(str(error)) from error
        return vista, None
    columnas = _nombres(parte, "columnas")
    separador = _texto(parte, "separador") if "separador" in parte else ","
    if len(separador) != 1:
        raise ConfiguracionInvalida("separador: se espera un solo signo")
    codigos = _texto(parte, "codigos") if "codigos" in parte else "utf-8-sig"
    try:
        "ñ".encode(codigos)
    except LookupError as error:
        raise ConfiguracionInvalida(f"codigos: no se conoce «{codigos}»") from error
    return Carpeta(carpeta / _texto(parte, "carpeta"), columnas, _zona(parte), separador, codigos), None


def _firmante(clave: str, secretos: list[str]) -> Firmante:
    try:
        return Firmante(secretos)
    except SecretoInvalido as error:
        raise ConfiguracionInvalida(f"{clave}: {error}") from error


def _secreto(clave: str, archivo: Path) -> str:
    try:
        leido = archivo.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfiguracionInvalida(f"{clave}: no se puede leer {archivo}") from error
    if not leido:
        raise ConfiguracionInvalida(f"{clave}: {archivo} está vacío")
    return leido


def _existe(clave: str, archivo: Path) -> str:
    if not archivo.is_file():
        raise ConfiguracionInvalida(f"{clave}: no existe el archivo {archivo}")
    return str(archivo)


def _zona(parte: Mapping[str, Any]) -> dt.tzinfo:
    nombre = _texto(parte, "zona") if "zona" in parte else "America/Bogota"
    try:
        return ZoneInfo(nombre)
    except (ValueError, OSError, KeyError) as error:
        raise ConfiguracionInvalida(f"zona: no se conoce «{nombre}»") from error


def _url(dicha: str) -> str:
    try:
        partes = urlsplit(dicha)
        bien = partes.scheme in ("http", "https") and bool(partes.hostname) and not partes.query and partes.username is None
        bien = bien and partes.port != 0 and not any(signo.isspace() for signo in dicha)
    except ValueError:
        bien = False
    if not bien:
        raise ConfiguracionInvalida(f"url: se espera la dirección del sistema, como https://turnos.entidad.gov.co/api, no «{dicha}»")
    return dicha.rstrip("/")


def _numero(parte: Mapping[str, Any], clave: str, defecto: int, menor: int, mayor: int) -> int:
    leido = parte.get(clave, defecto)
    if isinstance(leido, bool) or not isinstance(leido, int) or not menor <= leido <= mayor:
        raise ConfiguracionInvalida(f"{clave}: se espera un número entre {menor} y {mayor}")
    return leido


def _nombres(parte: Mapping[str, Any], clave: str) -> Mapping[str, str]:
    leida = parte.get(clave, {})
    if not isinstance(leida, Mapping) or not all(isinstance(v, str) and v for v in leida.values()):
        raise ConfiguracionInvalida(f"[{clave}] lleva de un nombre del sistema a uno de aquí")
    return dict(leida)


def _texto(parte: Mapping[str, Any], clave: str) -> str:
    leido = parte.get(clave)
    if not isinstance(leido, str) or not leido:
        raise ConfiguracionInvalida(f"se espera un texto en {clave}")
    return leido
