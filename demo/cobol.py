"""Builds the demo's COBOL: CARTERA.DAT as a mainframe would leave it, its copybook, and the
configuration that reads both."""

import datetime as dt
import random
import re
from collections.abc import Iterable
from pathlib import Path

from demo.azar import sembrado
from demo.cctex import Credito, cifras
from handlers.conectores.cobol.codec import Codec, Escritura
from handlers.conectores.cobol.copybook import leer
from records.sistemas.reglas.sistemas import del_anio

SEMILLA = 20110603
CARTERA, COPYBOOK, CORTE, CONFIGURACION = (
    "CARTERA.DAT",
    "REG-CARTERA.cpy",
    "CORTE.TXT",
    "cobol.toml",
)
SUCIAS = 0.01
VIEJA = 350_000  # the instalment of a credit that C&CTEX says is paid
ESTADOS = {"vigente": "V", "cancelado": "C", "en_cobro": "J", "en_estudio": "E"}

REG_CARTERA = """\
      * REGISTRO DE CARTERA: CREDITOS CON PRIMER GIRO HASTA 1998.
       01  REG-CARTERA.
           05  TIPO-DOC        PIC X(2).
           05  NUM-DOC         PIC X(15).
           05  NOMBRE          PIC X(40).
           05  OBLIGACION      PIC 9(12).
           05  LINEA           PIC X(4).
           05  SALDO           PIC S9(11)V99 COMP-3.
           05  CUOTA           PIC S9(9)V99  COMP-3.
           05  DIAS-MORA       PIC 9(4)      COMP.
           05  FECHA-GIRO      PIC 9(8).
           05  ESTADO          PIC X.
               88  VIGENTE     VALUE 'V'.
               88  CANCELADO   VALUE 'C'.
               88  EN-COBRO    VALUE 'J'.
               88  EN-ESTUDIO  VALUE 'E'.
           05  FILLER          PIC X(10).
"""

TOML = """\
modo = "archivos"

[[archivo]]
ruta = "CARTERA.DAT"
copybook = "REG-CARTERA.cpy"
pagina = "cp284"
corte = "CORTE.TXT"
tipo_doc = "TIPO-DOC"
num_doc = "NUM-DOC"
servicio = "OBLIGACION"

[archivo.columnas]
obligacion = {{ campo = "OBLIGACION", como = "cifras", mascara = "{mascara}" }}
linea = "LINEA"
estado = {{ campo = "ESTADO", como = "estado" }}
saldo = "SALDO"
dias_mora = "DIAS-MORA"
fecha_giro = {{ campo = "FECHA-GIRO", como = "fecha" }}
valor_cuota = "CUOTA"
"""


def construir(carpeta: Path, creditos: Iterable[Credito], *, corte: dt.date) -> int:
    """Writes the files and returns how many records there are; the same input gives the same bytes.

    COBOL keeps digits alone: how obligations are written, with dashes or without, goes into the
    configuration.
    """
    carpeta.mkdir(parents=True, exist_ok=True)
    codec = Codec(leer(REG_CARTERA), Escritura("cp284"))
    registros = []
    mascara = "9" * 10
    for numero, credito in enumerate(creditos):
        suya = re.sub(r"\d", "9", credito.obligacion)
        mascara = mascara if numero else suya
        if suya != mascara:
            raise ValueError(
                f"{credito.obligacion}: las obligaciones de COBOL se escriben como {mascara}"
            )
        registros.append(_registro(codec, credito, corte))
    _escribir(carpeta / COPYBOOK, REG_CARTERA.encode("ascii"))
    _escribir(carpeta / CONFIGURACION, TOML.format(mascara=mascara).encode("ascii"))
    fechar(carpeta, corte)
    _escribir(carpeta / CARTERA, b"".join(registros))
    return len(registros)


def fechar(carpeta: Path, corte: dt.date) -> None:
    """Until when the file says that it is up to date."""
    _escribir(carpeta / CORTE, f"{corte:%Y%m%d}\n".encode("ascii"))


def _registro(codec: Codec, credito: Credito, corte: dt.date) -> bytes:
    """One of C&CTEX that also stands here never learned what became of it: two instalments less are
    paid."""
    dicho = cifras(credito, corte)
    de_aqui = del_anio(credito.anio_giro).codigo == "cobol"
    cuota = dicho.cuota if de_aqui else dicho.cuota or VIEJA
    registro = codec.codificar(
        {
            "TIPO-DOC": credito.tipo_doc,
            "NUM-DOC": credito.num_doc,
            "NOMBRE": credito.nombre.upper()[:40],
            "OBLIGACION": int(re.sub(r"\D", "", credito.obligacion)),
            "LINEA": credito.linea,
            "SALDO": dicho.saldo if de_aqui else dicho.saldo + 2 * cuota,
            "CUOTA": cuota,
            "DIAS-MORA": dicho.dias_mora,
            "FECHA-GIRO": int(f"{dicho.fecha_giro:%Y%m%d}"),
            "ESTADO": ESTADOS[
                credito.estado if de_aqui or credito.estado != "cancelado" else "vigente"
            ],
        }
    )
    azar = sembrado(f"{SEMILLA}:sucia:{credito.obligacion}")
    return _ensuciar(codec, registro, azar) if de_aqui and azar.random() < SUCIAS else registro


def _ensuciar(codec: Codec, registro: bytes, azar: random.Random) -> bytes:
    """As old files are: a balance of blanks, a sign that is none, a date nobody typed, a document
    cut by a control character."""
    campo, con = azar.choice(
        (
            ("SALDO", b"\x40"),
            ("CUOTA", b"\xff"),
            ("FECHA-GIRO", b"\x40"),
            ("DIAS-MORA", b"\xff"),
            ("NUM-DOC", b"\x15\xf1"),
        )
    )
    lugar = codec.diseno.campo(campo)
    return (
        registro[: lugar.offset]
        + (con * lugar.largo)[: lugar.largo]
        + registro[lugar.offset + lugar.largo :]
    )


def _escribir(ruta: Path, contenido: bytes) -> None:
    """The new file takes the place of the old one in one step."""
    nuevo = ruta.with_name(ruta.name + ".nuevo")
    nuevo.write_bytes(contenido)
    nuevo.replace(ruta)
