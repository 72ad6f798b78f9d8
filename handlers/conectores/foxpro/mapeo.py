"""Which table is read, whose each record is, and under which names its fields are shown: the file
that `FOXPRO_CONFIG` names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from common.language import kept
from records.base.reglas.documentos import TIPOS
from records.base.toml import ConfiguracionInvalida, abrir

MEGA = 1024 * 1024
TOPE_MB, MAS_NO_MB = 1024, 2048  # FoxPro writes no file above 2 GB
CAMPO = re.compile(r"([A-Za-z_]\w{0,9})(?:\s+([A-Z](?:\(\d{1,3}(?:,\d{1,2})?\))?))?")
CORTES = ("archivo", "encabezado", "campo")
OBLIGACION, FECHA = "obligacion", "fecha_giro"


@dataclass(frozen=True, slots=True)
class Columna:
    """`forma`: what the field must be, as FoxPro writes it, such as N(14,2); empty: whatever it
    is."""

    nombre: str
    campo: str
    forma: str = ""
    #: what stands in the table → what is shown
    valores: Mapping[str, str] = field(default_factory=dict)


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
        return [
            c
            for c in (self.tipo, self.numero, self.campo_de_corte, *self.columnas)
            if c is not None
        ]


def leer(archivo: Path) -> Mapeo:
    """Raises ConfiguracionInvalida. Whether the table is there, and has these fields, is asked
    later: its place may be away now."""
    dicho = abrir(archivo)
    dicho.solo("tabla", "memo", "tope_mb", "documento", "columnas", "valores", "corte", "codigos")
    documento, corte, codigos = (
        dicho.seccion("documento"),
        dicho.seccion("corte", obligatoria=False),
        dicho.seccion("codigos", obligatoria=False),
    )
    documento.solo("tipo", "siempre", "numero", "tipos")
    corte.solo("segun", "campo")
    codigos.solo("siempre", "sin_declarar")
    columnas, valores = dicho.nombres("columnas"), dicho.seccion("valores", obligatoria=False)
    if OBLIGACION not in columnas:
        raise ConfiguracionInvalida(
            kept("en [columnas] falta %(o)s, el campo con el número de la obligación", o=OBLIGACION)
        )
    if sobran := set(valores.tabla) - set(columnas):
        raise ConfiguracionInvalida(
            kept("[valores] nombra %(s)s, que no está en [columnas]", s=", ".join(sorted(sobran)))
        )
    if documento.tiene("tipo") == documento.tiene("siempre"):
        raise ConfiguracionInvalida(
            kept(
                "en [documento] va tipo, el campo con el tipo de documento, o siempre, el tipo de todos; uno de los dos"
            )
        )
    segun = corte.texto("segun", "archivo")
    if segun not in CORTES or (segun == "campo") != corte.tiene("campo"):
        raise ConfiguracionInvalida(
            kept(
                "en [corte] se espera segun = archivo, encabezado o campo; con campo va también campo, el de la fecha"
            )
        )
    tipos, siempre = documento.nombres("tipos"), documento.texto("siempre", "")
    if malos := {t for t in (*tipos.values(), *([siempre] if siempre else [])) if t not in TIPOS}:
        raise ConfiguracionInvalida(
            kept(
                "en [documento] se esperan los tipos %(t)s, no %(m)s",
                t=", ".join(TIPOS),
                m=", ".join(sorted(malos)),
            )
        )
    tabla, memo = dicho.ruta("tabla"), dicho.texto("memo", "")
    if memo and Path(memo).name == tabla.name:
        raise ConfiguracionInvalida(kept("memo es el archivo de los textos largos, no la tabla"))
    return Mapeo(
        tabla=tabla,
        columnas=tuple(
            _columna(nombre, escrito, valores.nombres(nombre))
            for nombre, escrito in columnas.items()
        ),
        numero=_columna("numero", documento.texto("numero")),
        tipo=_columna("tipo", documento.texto("tipo"), tipos) if documento.tiene("tipo") else None,
        siempre=siempre,
        memo=dicho.carpeta / memo if memo else None,
        corte=segun,
        campo_de_corte=_columna("corte", corte.texto("campo")) if segun == "campo" else None,
        codigos=_codec(codigos.texto("siempre", "")),
        sin_declarar=_codec(codigos.texto("sin_declarar", "cp1252")),
        tope=dicho.entero("tope_mb", TOPE_MB, (1, MAS_NO_MB)) * MEGA,
    )


def _columna(nombre: str, escrito: str, valores: Mapping[str, str] | None = None) -> Columna:
    leido = CAMPO.fullmatch(escrito.strip())
    if leido is None:
        raise ConfiguracionInvalida(
            kept(
                "%(n)s: se espera un campo, y si se quiere su forma, como SALDO o SALDO N(14,2), no «%(e)s»",
                n=nombre,
                e=escrito,
            )
        )
    return Columna(nombre, leido[1].upper(), leido[2] or "", valores or {})


def _codec(nombre: str) -> str:
    try:
        "".encode(nombre or "ascii")
    except LookupError:
        raise ConfiguracionInvalida(
            kept("no se conoce la página de códigos %(n)s", n=nombre)
        ) from None
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
