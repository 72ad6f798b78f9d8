"""C&CTEX: an SQL database, read through SQLAlchemy Core with statements that the configuration gives (5.2.9)."""

import datetime as dt
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import RowMapping
from sqlalchemy import TextClause
from sqlalchemy import create_engine
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import InterfaceError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from handlers.legado.base import Celda
from handlers.legado.base import Documento
from handlers.legado.base import Estado
from handlers.legado.base import FallaDeSistema
from handlers.legado.base import Fila
from handlers.legado.base import Resultado
from handlers.legado.base import Salud
from handlers.legado.base import TitularidadNoVerificada
from handlers.legado.base import Verificada
from handlers.legado.base import huella
from handlers.legado.proteccion import Circuito
from handlers.legado.proteccion import Politica
from handlers.legado.proteccion import con_limite
from handlers.legado.proteccion import con_reintentos

MAX_FILAS = 200
PARAMETROS = {"tipo_doc", "num_doc", "servicio"}

#: `servicio` is the number of the obligation or NULL for all of them.
FILAS_DEMO = """
SELECT c.obligacion, c.linea, c.estado, c.saldo, c.dias_mora, c.fecha_giro, d.calidad,
       (SELECT MIN(p.fecha) FROM plan_pagos p WHERE p.obligacion = c.obligacion AND p.pagada = 0) AS proxima_cuota,
       (SELECT MIN(p.valor) FROM plan_pagos p WHERE p.obligacion = c.obligacion AND p.pagada = 0) AS valor_cuota,
       (SELECT MAX(g.fecha) FROM pagos g WHERE g.obligacion = c.obligacion) AS ultimo_pago
FROM deudores d JOIN creditos c ON c.obligacion = d.obligacion
WHERE d.tipo_doc = :tipo_doc AND d.num_doc = :num_doc AND c.obligacion = COALESCE(:servicio, c.obligacion)
ORDER BY c.fecha_giro DESC, c.obligacion
"""
CORTE_DEMO = "SELECT MAX(fecha_corte) FROM creditos"


class SentenciaInsegura(ValueError):
    """A configured statement must be one SELECT (or WITH) that binds :tipo_doc and :num_doc and nothing unknown."""


@dataclass(frozen=True, slots=True)
class Sentencias:
    """Column names of `filas` are what screens show; `corte` gives one date, how old the data are."""

    filas: str = FILAS_DEMO
    corte: str = CORTE_DEMO

    def __post_init__(self) -> None:
        for nombre, sql, obligatorios in (("filas", self.filas, {"tipo_doc", "num_doc"}), ("corte", self.corte, set())):
            ligados = set(text(sql).compile().params)
            if not re.match(r"\s*(SELECT|WITH)\b", sql, re.IGNORECASE) or ";" in sql:
                raise SentenciaInsegura(f"{nombre}: {SentenciaInsegura.__doc__}")
            if not obligatorios <= ligados or not ligados <= PARAMETROS:
                raise SentenciaInsegura(f"{nombre}: parámetros {sorted(ligados)}")


class Cctex:
    """One instance per process: it holds the circuit breaker. Thread safe."""

    sistema = "cctex"

    def __init__(
        self,
        url: str,
        *,
        verificada: Verificada,
        sentencias: Sentencias | None = None,
        politica: Politica | None = None,
        fuente: str = "C&CTEX",
    ) -> None:
        sentencias = sentencias or Sentencias()
        self._politica = politica or Politica()
        self._verificada = verificada
        self._engine = motor_de_lectura(make_url(url), self._politica.espera)
        self._fuente = fuente
        self._filas, self._corte = text(sentencias.filas), text(sentencias.corte)
        self._circuito = Circuito(self._politica.fallas_para_abrir, self._politica.abierto)

    def consultar(self, doc: Documento, servicio: str | None = None) -> Resultado:
        """Raises TitularidadNoVerificada before anything is asked; every failure of C&CTEX is "no_disponible"."""
        if not doc.numero or not self._verificada(doc):
            raise TitularidadNoVerificada(doc.turno_id)
        parametros = {"tipo_doc": doc.tipo, "num_doc": doc.numero, "servicio": servicio}
        desde = time.perf_counter()
        try:
            filas, corte = self._protegida(self._filas, parametros)
        except FallaDeSistema as falla:
            return self._resultado("no_disponible", (), None, desde, falla.detalle)
        return self._resultado("ok" if filas else "sin_datos", filas, corte, desde)

    def salud(self) -> Salud:
        """Asks for the cut-off date, once and past the breaker, so that a recovery shows at once."""
        desde, detalle = time.perf_counter(), ""
        try:
            self._leer(None, {})
        except FallaDeSistema as falla:
            detalle = falla.detalle
        return Salud(self.sistema, not detalle, self._circuito.estado, _ms(desde), detalle)

    def cerrar(self) -> None:
        self._engine.dispose()

    def _protegida(self, sentencia: TextClause, parametros: dict[str, str | None]) -> tuple[tuple[Fila, ...], dt.date | None]:
        if not self._circuito.permite():
            raise FallaDeSistema("no responde; se vuelve a intentar en unos segundos", pasajera=False)
        exito = False
        try:
            leido = con_reintentos(lambda: self._leer(sentencia, parametros), self._politica)
            exito = True
        finally:
            self._circuito.anotar(exito=exito)
        return leido

    def _leer(self, sentencia: TextClause | None, parametros: dict[str, str | None]) -> tuple[tuple[Fila, ...], dt.date | None]:
        abiertas: list[Connection] = []

        def accion() -> tuple[tuple[Fila, ...], dt.date | None]:
            with self._engine.connect() as conexion:
                abiertas.append(conexion)
                corte = _fecha(conexion.execute(self._corte).scalar())
                if sentencia is None:
                    return (), corte
                filas = conexion.execute(sentencia, parametros).mappings().fetchmany(MAX_FILAS)
                return _filas(filas), corte

        def cancelar() -> None:
            for conexion in abiertas:
                _cancelar(conexion)

        try:
            return con_limite(accion, self._politica.espera, cancelar=cancelar)
        except (OperationalError, InterfaceError) as error:
            raise FallaDeSistema(_motivo(error), pasajera=True) from error
        except SQLAlchemyError as error:
            raise FallaDeSistema(_motivo(error), pasajera=False) from error

    def _resultado(self, estado: Estado, filas: tuple[Fila, ...], corte: dt.date | None, desde: float, detalle: str = "") -> Resultado:
        return Resultado(estado, filas, corte, self._fuente, huella(self._fuente, corte, filas), _ms(desde), detalle)


def motor_de_lectura(url: URL, espera: float) -> Engine:
    """SQLite files open read-only, PostgreSQL sessions start read-only; elsewhere the account must be.

    No pool: a query every few seconds needs none, and an abandoned connection never comes back to anybody.
    """
    if url.get_backend_name() == "sqlite":
        return create_engine(_solo_lectura(url), poolclass=NullPool, connect_args={"timeout": espera})
    if url.get_backend_name() == "postgresql":
        opciones = f"-c default_transaction_read_only=on -c statement_timeout={int(espera * 1000)}"
        argumentos = {"options": opciones, "connect_timeout": max(2, int(espera))}
        return create_engine(url, poolclass=NullPool, connect_args=argumentos)
    return create_engine(url, poolclass=NullPool)


def _solo_lectura(url: URL) -> URL:
    """`mode=ro` also means that a missing file is an error and not a new empty database."""
    ruta = Path(url.database or "").absolute().as_uri()
    return url.set(database=ruta, query={"mode": "ro", "uri": "true"})


def _cancelar(conexion: Connection) -> None:
    """SQLite has `interrupt`, Oracle and PostgreSQL `cancel`; a connection that is gone needs neither."""
    with suppress(Exception):
        cruda: Any = conexion.connection.dbapi_connection
        detener = getattr(cruda, "interrupt", None) or getattr(cruda, "cancel", None)
        if detener is not None:
            detener()


def _motivo(error: SQLAlchemyError) -> str:
    """The driver's own words, without the statement and its parameters: they name the citizen."""
    return str(error.orig)[:200] if isinstance(error, DBAPIError) and error.orig else type(error).__name__


def _filas(filas: Sequence[RowMapping]) -> tuple[Fila, ...]:
    return tuple({clave: _celda(valor) for clave, valor in fila.items()} for fila in filas)


def _celda(valor: object) -> Celda:
    """Money is text, never a binary fraction; days are ISO texts; padded columns lose their blanks."""
    if valor is None or isinstance(valor, bool | int):
        return valor
    if isinstance(valor, float):
        return f"{Decimal(repr(valor)):.2f}"
    if isinstance(valor, dt.datetime | dt.date):
        return valor.isoformat()
    return str(valor).strip()


def _fecha(valor: object) -> dt.date | None:
    if isinstance(valor, dt.datetime):
        return valor.date()
    if valor is None or isinstance(valor, dt.date):
        return valor
    with suppress(ValueError):
        return dt.date.fromisoformat(str(valor)[:10])
    return None


def _ms(desde: float) -> int:
    return round((time.perf_counter() - desde) * 1000)
