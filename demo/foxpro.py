"""Builds the demo's FOX PRO: CREDITOS.DBF with its memo file, as an office that still writes it
would leave it at a month's end."""

import datetime as dt
import os
import random
import struct
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import dbflib

from demo.azar import sembrado
from demo.cctex import Credito, cifras
from records.plazos.reglas.calendario import instante
from records.sistemas.reglas.sistemas import del_anio

SEMILLA = 20110603
ARCHIVO = "CREDITOS.DBF"
CAMPOS = (
    ("TIPDOC", "C (2)"),
    ("NUMDOC", "C (15)"),
    ("NOMBRE", "C (60)"),
    ("CODCRE", "C (12)"),
    ("LINEA", "C (4)"),
    ("SALDO", "N (14, 2)"),
    ("DIASMORA", "N (5, 0)"),
    ("FECGIRO", "D"),
    ("ACTIVO", "L"),
    ("OBSERV", "M"),
)
LINEAS = {"PREG": "01", "POSG": "02", "EXTE": "03", "FOND": "04", "ACCE": "05"}
NOTAS = (
    "Crédito trasladado del sistema anterior; saldo conciliado con contabilidad.",
    "El deudor pidió el paz y salvo en la oficina de Bogotá.",
    "Se le otorgó período de gracia por un año después de terminar los estudios.",
    "Pagaré en custodia. Dirección sin actualizar desde el giro.",
)
CON_NOTA, CON_MORA, REHECHOS, SUCIOS = 0.4, 0.15, 0.02, 0.01
Dano = tuple[str, bytes]  # where in a record, and what stands there
BORRADO: Dano = ("", b"*")
#: What a table of twenty years has: numbers that did not fit or came from elsewhere, days that are
#: none, notes that got lost, no document.
DANOS: tuple[Dano, ...] = (
    ("SALDO", b"*" * 14),
    ("SALDO", b"  1.234.567,89"),
    ("FECGIRO", b"20031345"),
    ("OBSERV", b"\xff\xff\xff\x7f"),
    ("NUMDOC", b" " * 15),
)
MEDIODIA = dt.time(12)


def cierre(hoy: dt.date) -> dt.date:
    """The last day of the month before: until when the table is up to date."""
    return hoy.replace(day=1) - dt.timedelta(days=1)


def construir(carpeta: Path, creditos: Iterable[Credito], *, corte: dt.date) -> int:
    """Writes the table and returns how many credits it holds; the same input gives the same bytes.

    Some credits have an older record that was deleted, which FoxPro only marks; one record in a
    hundred is dirty. Memo first, the table last: who looks meanwhile sees the former one, or one
    whose notes cannot be read yet.
    """
    carpeta.mkdir(parents=True, exist_ok=True)
    nueva, filas, danos = carpeta / "NUEVA.DBF", list[dict[str, Any]](), dict[int, Dano]()
    vigentes = 0
    for credito in creditos:
        azar = sembrado(f"{SEMILLA}:foxpro:{credito.obligacion}")
        de_aqui = del_anio(credito.anio_giro).codigo == "foxpro"
        fila = _fila(credito, azar, cifras(credito, corte).fecha_giro, de_aqui=de_aqui)
        if azar.random() < REHECHOS:
            danos[len(filas)] = BORRADO
            filas.append({**fila, "SALDO": fila["SALDO"] + 1_000_000, "ACTIVO": True})
        if de_aqui and azar.random() < SUCIOS:
            danos[len(filas)] = azar.choice(DANOS)
        filas.append(fila)
        vigentes += 1
    dbflib.create_dbf(str(nueva), columns=list(CAMPOS), rows=filas)
    escrita = bytearray(nueva.read_bytes())
    inicio, largo = struct.unpack_from("<HH", escrita, 8)
    descritos = range(32, 32 + 32 * len(CAMPOS), 32)
    desde = {
        escrita[en : en + 11].rstrip(b"\0").decode(): struct.unpack_from("<I", escrita, en + 12)[0]
        for en in descritos
    }
    for n, (campo, bytes_) in danos.items():
        en = inicio + n * largo + desde.get(campo, 0)
        escrita[en : en + len(bytes_)] = bytes_
    nueva.write_bytes(escrita)
    _fechar(nueva, corte)
    for final in (".FPT", ".DBF"):
        nueva.with_suffix(final).replace((carpeta / ARCHIVO).with_suffix(final))
    return vigentes


def fechar(carpeta: Path, corte: dt.date) -> None:
    """The same records, saved on another day: until when the table is up to date."""
    _fechar(carpeta / ARCHIVO, corte)


def _fechar(tabla: Path, corte: dt.date) -> None:
    """A table says in its header, and its files by their time, on which day it was saved."""
    with tabla.open("r+b") as escrita:
        escrita.seek(1)
        escrita.write(struct.pack("<BBB", corte.year % 100, corte.month, corte.day))
    cuando = instante(corte, MEDIODIA).timestamp()
    for final in (".FPT", ".DBF"):
        os.utime(tabla.with_suffix(final), (cuando, cuando))


def _fila(credito: Credito, azar: random.Random, giro: dt.date, *, de_aqui: bool) -> dict[str, Any]:
    """What the table says of a credit. One of C&CTEX that also stands here never learned what
    became of it."""
    activo = credito.estado != "cancelado" or not de_aqui
    mora = azar.randint(1, 89) if azar.random() < CON_MORA else 0
    con_puntos = f"{int(credito.num_doc):,}".replace(",", ".")
    return {
        "TIPDOC": credito.tipo_doc,
        "NUMDOC": azar.choice(
            (credito.num_doc, credito.num_doc.rjust(15), credito.num_doc.zfill(15), con_puntos)
        ),
        "NOMBRE": credito.nombre.upper()[:60],
        "CODCRE": credito.obligacion,
        "LINEA": LINEAS[credito.linea],
        "SALDO": Decimal(azar.randrange(15_000_000, 2_400_000_000)).scaleb(-2)
        if activo
        else Decimal(0),
        "DIASMORA": 30 * azar.randint(4, 40)
        if credito.estado == "en_cobro" and activo
        else mora
        if activo
        else 0,
        "FECGIRO": giro,
        "ACTIVO": activo,
        "OBSERV": azar.choice(NOTAS) if azar.random() < CON_NOTA else "",
    }
