"""Builds the demo's C&CTEX: an SQLite file with credits, disbursements, instalments, payments and
debtors."""

import datetime as dt
import random
import sqlite3
from bisect import bisect_left
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from demo.azar import sembrado

SEMILLA = 20110603
ESQUEMA = """
CREATE TABLE creditos (obligacion TEXT PRIMARY KEY, linea TEXT NOT NULL, estado TEXT NOT NULL, valor NUMERIC NOT NULL,
                       saldo NUMERIC NOT NULL, dias_mora INTEGER NOT NULL, fecha_giro TEXT, fecha_corte TEXT NOT NULL);
CREATE TABLE deudores (obligacion TEXT NOT NULL REFERENCES creditos, calidad TEXT NOT NULL, tipo_doc TEXT NOT NULL,
                       num_doc TEXT NOT NULL, nombre TEXT NOT NULL, PRIMARY KEY (obligacion, tipo_doc, num_doc)) WITHOUT ROWID;
CREATE TABLE giros (obligacion TEXT NOT NULL REFERENCES creditos, n INTEGER NOT NULL, fecha TEXT NOT NULL,
                    valor NUMERIC NOT NULL, ies TEXT NOT NULL, PRIMARY KEY (obligacion, n)) WITHOUT ROWID;
CREATE TABLE plan_pagos (obligacion TEXT NOT NULL REFERENCES creditos, n INTEGER NOT NULL, fecha TEXT NOT NULL,
                         valor NUMERIC NOT NULL, pagada INTEGER NOT NULL, PRIMARY KEY (obligacion, n)) WITHOUT ROWID;
CREATE TABLE pagos (obligacion TEXT NOT NULL REFERENCES creditos, n INTEGER NOT NULL, fecha TEXT NOT NULL,
                    valor NUMERIC NOT NULL, banco TEXT NOT NULL, PRIMARY KEY (obligacion, n)) WITHOUT ROWID;
CREATE INDEX ix_deudores_documento ON deudores (tipo_doc, num_doc);
CREATE INDEX ix_creditos_corte ON creditos (fecha_corte);
"""
UNIVERSIDADES = (
    "Universidad Nacional",
    "Universidad de Antioquia",
    "Universidad del Valle",
    "UIS",
    "SENA",
)
BANCOS = ("Banco Popular", "Bancolombia", "Davivienda", "Banco Agrario", "PSE")
CUOTAS = 24
DIA = dt.timedelta(days=1)
CON_MORA = 0.15  # of the credits that are "vigente"


@dataclass(frozen=True, slots=True)
class Credito:
    """One product of a person as the CRM names it; C&CTEX holds those granted from 2006 on."""

    obligacion: str
    linea: str
    anio_giro: int
    estado: str  # vigente | cancelado | en_cobro | en_estudio
    tipo_doc: str
    num_doc: str
    nombre: str
    calidad: str = "beneficiario"


@dataclass(frozen=True, slots=True)
class Cifras:
    """What a system says of a credit, whichever it is."""

    saldo: Decimal
    cuota: int  # the next one; 0: all are paid
    dias_mora: int
    fecha_giro: dt.date


Tabla = list[tuple[object, ...]]
TABLAS = ("creditos", "deudores", "giros", "plan_pagos", "pagos")


def construir(ruta: Path, creditos: Iterable[Credito], *, corte: dt.date) -> int:
    """Writes the file and returns how many credits it holds; the same input gives the same rows.

    The new file replaces the old one in one step, so that a reader never sees half of it.
    """
    nuevo = ruta.with_name(ruta.name + ".nuevo")
    nuevo.unlink(missing_ok=True)
    tablas: dict[str, Tabla] = {nombre: [] for nombre in TABLAS}
    vistos: set[str] = set()
    for credito in creditos:
        if credito.obligacion not in vistos:
            vistos.add(credito.obligacion)
            _credito(tablas, credito, corte)
        tablas["deudores"].append(
            (credito.obligacion, credito.calidad, credito.tipo_doc, credito.num_doc, credito.nombre)
        )
    with closing(sqlite3.connect(nuevo)) as base, base:
        # a new file, put in place whole
        base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + ESQUEMA)
        for nombre, filas in tablas.items():
            if filas:
                marcas = ",".join("?" * len(filas[0]))
                base.executemany(f"INSERT INTO {nombre} VALUES ({marcas})", filas)  # noqa: S608 - names of ours
    nuevo.replace(ruta)
    return len(vistos)


def fechar(ruta: Path, corte: dt.date) -> None:
    """The same figures, of another day: until when the file says that it is up to date."""
    with closing(sqlite3.connect(ruta)) as base, base:
        base.execute("UPDATE creditos SET fecha_corte = ?", (corte.isoformat(),))


def cifras(credito: Credito, corte: dt.date) -> Cifras:
    """Those that C&CTEX would have of it."""
    tablas: dict[str, Tabla] = {nombre: [] for nombre in TABLAS}
    _credito(tablas, credito, corte)
    _obligacion, _linea, _estado, _valor, saldo, mora, giro, _corte = tablas["creditos"][0]
    cuota = next((valor for _o, _n, _fecha, valor, pagada in tablas["plan_pagos"] if not pagada), 0)
    return Cifras(
        Decimal(f"{saldo:.2f}"), int(str(cuota)), int(str(mora)), dt.date.fromisoformat(str(giro))
    )


def _credito(tablas: dict[str, Tabla], credito: Credito, corte: dt.date) -> None:
    azar = sembrado(f"{SEMILLA}:{credito.obligacion}")
    giro = dt.date(credito.anio_giro, azar.choice((2, 8)), azar.randint(1, 28))
    cuota = azar.randrange(120_000, 980_000, 1_000)
    fechas = _meses(max(giro, corte - dt.timedelta(days=30 * azar.randint(6, 20))))
    al_dia = bisect_left(fechas, corte)
    pagadas, mora = _pagadas(credito.estado, al_dia, azar)
    for n in range(1, azar.randint(2, 6)):
        valor = azar.randrange(900_000, 5_200_000, 10_000)
        tablas["giros"].append(
            (
                credito.obligacion,
                n,
                _mes(giro, 6 * (n - 1)).isoformat(),
                valor,
                azar.choice(UNIVERSIDADES),
            )
        )
    obligacion, plan, pagos = credito.obligacion, tablas["plan_pagos"], tablas["pagos"]
    tarde, banco = azar.randint(0, 4), azar.choice(BANCOS)  # a person's habits
    for n, fecha in enumerate(fechas if credito.estado != "en_estudio" else (), 1):
        plan.append((obligacion, n, fecha.isoformat(), cuota, int(n <= pagadas)))
        if n <= pagadas:
            pagos.append((obligacion, n, min(fecha + tarde * DIA, corte).isoformat(), cuota, banco))
    saldo = (CUOTAS - pagadas) * cuota + azar.randint(1, 99) / 100 if pagadas < CUOTAS else 0
    tablas["creditos"].append(
        (
            credito.obligacion,
            credito.linea,
            credito.estado,
            CUOTAS * cuota,
            saldo,
            mora,
            giro.isoformat(),
            corte.isoformat(),
        )
    )


def _pagadas(estado: str, al_dia: int, azar: random.Random) -> tuple[int, int]:
    """Instalments paid and days in arrears at the cut-off."""
    if estado == "cancelado":
        return CUOTAS, 0
    if estado == "en_estudio":
        return 0, 0
    if estado == "en_cobro":
        atraso = min(al_dia, azar.randint(3, 8))
        return al_dia - atraso, 30 * atraso
    return (al_dia - 1, azar.randint(1, 29)) if al_dia and azar.random() < CON_MORA else (al_dia, 0)


@cache
def _meses(inicio: dt.date) -> list[dt.date]:
    return [_mes(inicio, n) for n in range(CUOTAS)]


def _mes(fecha: dt.date, n: int) -> dt.date:
    meses = fecha.month - 1 + n
    return dt.date(fecha.year + meses // 12, meses % 12 + 1, min(fecha.day, 28))
