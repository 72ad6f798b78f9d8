"""Which table is read, whose each record is, and under which names its fields are shown: the file that `FOXPRO_CONFIG` names."""

import re
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from records.rules.documentos import TIPOS

MEGA = 1024 * 1024
TOPE_MB, MAS_NO_MB = 1024, 2048  # FoxPro writes no file above 2 GB
CAMPO = re.compile(r"([A-Za-z_]\w{0,9})(?:\s+([A-Z](?:\(\d{1,3}(?:,\d{1,2})?\))?))?")
CORTES = ("archivo", "encabezado", "campo")
PARTES = {
    "": {"tabla", "memo", "tope_mb", "documento", "columnas", "valores", "corte", "codigos"},
    "documento": {"tipo", "siempre", "numero", "tipos"},
    "corte": {"segun", "campo"},
    "codigos": {"siempre", "sin_declarar"},
}
OBLIGACION, FECHA = "obligacion", "fecha_giro"


class MapeoInvalido(ValueError):
    """The file does not say how the table is read; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Columna:
    """`forma`: what the field must be, as FoxPro writes it, such as N(14,2); empty: whatever it is."""

    nombre: str
    campo: str
    forma: str = ""
    valores: Mapping[str, str] = field(default_factory=dict)  #: what stands in the table → what is shown


@dataclass(frozen=True, slots=True)
class Mapeo:
    tabla: Path
    columnas: tuple[Columna, ...]
    numero: Columna
    tipo: Columna | None  #: None: every document is of `siempre`
    siempre: str = ""
    memo: Path | None = None  #: None: the file of the same name beside the table
    corte: str = "archivo"
    campo_de_corte: Columna | None = None
    codigos: str = ""  #: the code page, whatever the header says
    sin_declarar: str = "cp1252"  #: where the header says none
    tope: int = TOPE_MB * MEGA

    @property
    def campos(self) -> Iterable[Columna]:
        """Every field that is read."""
        return [c for c in (self.tipo, self.numero, self.campo_de_corte, *self.columnas) if c is not None]


def leer(archivo: Path) -> Mapeo:
    """Raises MapeoInvalido. Whether the table is there, and has these fields, is asked later: its place may be away now."""
    try:
        dicho = tomllib.loads(archivo.read_text("utf-8"))
    except OSError as error:
        raise MapeoInvalido(f"no se puede leer el archivo {archivo}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        donde = re.search(r"line (\d+)", str(error))
        raise MapeoInvalido(f"{archivo} no es un archivo TOML{f'; revise la línea {donde[1]}' if donde else ''}") from error
    for parte, claves in PARTES.items():
        if ajenas := set(_parte(dicho, parte)) - claves:
            raise MapeoInvalido(
                f"{archivo} tiene {', '.join(sorted(ajenas))}, que no se conoce, {f'en [{parte}]' if parte else 'al comienzo'}"
            )
    documento, columnas, valores = _parte(dicho, "documento"), _parte(dicho, "columnas"), _parte(dicho, "valores")
    corte, codigos = _parte(dicho, "corte"), _parte(dicho, "codigos")
    if OBLIGACION not in columnas:
        raise MapeoInvalido(f"en [columnas] falta {OBLIGACION}, el campo con el número de la obligación")
    if sobran := set(valores) - set(columnas):
        raise MapeoInvalido(f"[valores] nombra {', '.join(sorted(sobran))}, que no está en [columnas]")
    if ("tipo" in documento) == ("siempre" in documento):
        raise MapeoInvalido("en [documento] va tipo, el campo con el tipo de documento, o siempre, el tipo de todos; uno de los dos")
    segun = _texto(corte, "segun", "archivo")
    if segun not in CORTES or (segun == "campo") != ("campo" in corte):
        raise MapeoInvalido("en [corte] se espera segun = archivo, encabezado o campo; con campo va también campo, el de la fecha")
    tipos = {k: _texto(_parte(documento, "tipos"), k) for k in _parte(documento, "tipos")}
    siempre = _texto(documento, "siempre", "")
    if malos := {t for t in (*tipos.values(), *([siempre] if siempre else [])) if t not in TIPOS}:
        raise MapeoInvalido(f"en [documento] se esperan los tipos {', '.join(TIPOS)}, no {', '.join(sorted(malos))}")
    tope = dicho.get("tope_mb", TOPE_MB)
    if type(tope) is not int or not 1 <= tope <= MAS_NO_MB:
        raise MapeoInvalido(f"tope_mb es un número entre 1 y {MAS_NO_MB}")
    tabla, memo = archivo.parent / _texto(dicho, "tabla"), _texto(dicho, "memo", "")
    if memo and Path(memo).name == tabla.name:
        raise MapeoInvalido("memo es el archivo de los textos largos, no la tabla")
    return Mapeo(
        tabla=tabla,
        columnas=tuple(
            _columna(nombre, _texto(columnas, nombre), {k: _texto(_parte(valores, nombre), k) for k in _parte(valores, nombre)})
            for nombre in columnas
        ),
        numero=_columna("numero", _texto(documento, "numero")),
        tipo=_columna("tipo", _texto(documento, "tipo"), tipos) if "tipo" in documento else None,
        siempre=siempre,
        memo=archivo.parent / memo if memo else None,
        corte=segun,
        campo_de_corte=_columna("corte", _texto(corte, "campo")) if segun == "campo" else None,
        codigos=_codec(_texto(codigos, "siempre", "")),
        sin_declarar=_codec(_texto(codigos, "sin_declarar", "cp1252")),
        tope=tope * MEGA,
    )


def _parte(dicho: Mapping[str, Any], parte: str) -> Mapping[str, Any]:
    leida = dicho.get(parte, {}) if parte else dicho
    if not isinstance(leida, Mapping):
        raise MapeoInvalido(f"[{parte}] es una parte con sus claves, no un valor")
    return leida


def _texto(dicho: Mapping[str, Any], clave: str, si_falta: str | None = None) -> str:
    leido = dicho.get(clave, si_falta)
    if not isinstance(leido, str) or (not leido and si_falta is None):
        raise MapeoInvalido(f"se espera un texto en {clave}")
    return leido


def _columna(nombre: str, escrito: str, valores: Mapping[str, str] | None = None) -> Columna:
    leido = CAMPO.fullmatch(escrito.strip())
    if leido is None:
        raise MapeoInvalido(f"{nombre}: se espera un campo, y si se quiere su forma, como SALDO o SALDO N(14,2), no «{escrito}»")
    return Columna(nombre, leido[1].upper(), leido[2] or "", valores or {})


def _codec(nombre: str) -> str:
    try:
        "".encode(nombre or "ascii")
    except LookupError:
        raise MapeoInvalido(f"no se conoce la página de códigos {nombre}") from None
    return nombre


def de_la_demostracion(tabla: Path) -> Mapeo:
    """How the demo's CREDITOS.DBF is read; docs/systems.md has the same as a file."""
    lineas = {"01": "PREG", "02": "POSG", "03": "EXTE", "04": "FOND", "05": "ACCE"}
    return Mapeo(
        tabla=tabla,
        tipo=Columna("tipo", "TIPDOC", "C(2)"),
        numero=Columna("numero", "NUMDOC", "C(15)"),
        columnas=(
            Columna(OBLIGACION, "CODCRE", "C(12)"),
            Columna("linea", "LINEA", "C(4)", lineas),
            Columna("estado", "ACTIVO", "L", {"sí": "vigente", "no": "cancelado"}),
            Columna("saldo", "SALDO", "N(14,2)"),
            Columna("dias_mora", "DIASMORA", "N(5,0)"),
            Columna(FECHA, "FECGIRO", "D"),
            Columna("observacion", "OBSERV", "M"),
        ),
    )
