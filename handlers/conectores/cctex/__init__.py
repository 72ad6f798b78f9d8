"""C&CTEX: an SQL database, read through SQLAlchemy Core with statements that the configuration
gives (5.2.9)."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from handlers.conectores.cctex.causas import causa_de
from handlers.conectores.cctex.sentencias import Sentencias
from handlers.conectores.tipos import Celda, Documento, Fila, Plazo, Probado, Respuesta
from records.sistemas.puertos import FallaDeSistema

MAX_FILAS = 200
PASOS = 10_000  # of SQLite's machine: below a millisecond
CONEXIONES = 4  # that stay open; as many again while several people are asked about at once


class Cctex:
    """A connector: how C&CTEX is asked and what its columns mean."""

    sistema = "cctex"

    def __init__(self, url: str, sentencias: Sentencias | None = None) -> None:
        sentencias = sentencias or Sentencias()
        self._url = make_url(url)
        self._filas, self._corte = text(sentencias.filas), text(sentencias.corte)
        # by the seconds that a question may take: the database keeps that limit itself
        self._motores: dict[float, Engine] = {}
        self._cerrojo = threading.Lock()

    def cerrar(self) -> None:
        """Its connections; the next question opens others."""
        with self._cerrojo:
            for motor in self._motores.values():
                motor.dispose()

    def motor(self, espera: float) -> Engine:
        with self._cerrojo:
            if espera not in self._motores:
                self._motores[espera] = motor_de_lectura(self._url, espera)
            return self._motores[espera]

    def preguntar(self, doc: Documento, servicio: str | None, plazo: Plazo) -> Respuesta:
        with self._conexion(plazo) as conexion:
            corte = _fecha(conexion.execute(self._corte).scalar())
            # PostgreSQL takes no such text, and nobody is called so
            if "\0" in f"{doc.numero}{servicio or ''}":
                return Respuesta((), corte)
            ligados = {"tipo_doc": doc.tipo, "num_doc": doc.numero, "servicio": servicio}
            return Respuesta(
                _filas(conexion.execute(self._filas, ligados).mappings().fetchmany(MAX_FILAS)),
                corte,
            )

    def probar(self, plazo: Plazo) -> Probado:
        """By the cut-off date."""
        with self._conexion(plazo) as conexion:
            return Probado(_fecha(conexion.execute(self._corte).scalar()))

    @contextmanager
    def _conexion(self, plazo: Plazo) -> Iterator[Connection]:
        try:
            with self.motor(plazo.segundos).connect() as conexion:
                _detener_al_vencer(conexion, plazo)
                yield conexion
        except (OperationalError, InterfaceError) as error:
            raise FallaDeSistema(_motivo(error), causa=causa_de(error), pasajera=True) from error
        except SQLAlchemyError as error:
            raise FallaDeSistema(_motivo(error), causa=causa_de(error), pasajera=False) from error


def motor_de_lectura(url: URL, espera: float) -> Engine:
    """SQLite files open read-only, PostgreSQL sessions start read-only; elsewhere the account must
    be.

    A server has a pool of its own, a connection for each question that a worker puts at once. One
    is pinged before it is used, so that a server that was restarted costs nobody an answer, and
    kept for ten minutes at most, so that it may move. One that was given up comes back when the
    server noticed that it was cancelled, or when the network says that nobody is there.
    """
    if url.get_backend_name() == "sqlite":
        # Longer than whoever asks waits: the same file that is held is always told in the same
        # words.
        return create_engine(
            _solo_lectura(url), poolclass=NullPool, connect_args={"timeout": 2 * espera + 1}
        )
    opciones: dict[str, Any] = {
        "pool_size": CONEXIONES,
        "max_overflow": CONEXIONES,
        "pool_timeout": espera,
        "pool_recycle": 600,
    }
    if url.get_backend_name() == "postgresql":
        sesion = f"-c default_transaction_read_only=on -c statement_timeout={int(espera * 1000)}"
        red = {
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 2,
            "tcp_user_timeout": int(espera * 1000),
        }
        opciones["connect_args"] = {
            "options": sesion,
            "connect_timeout": max(2, int(espera)),
            **red,
        }
    return create_engine(url, pool_pre_ping=True, **opciones)


def _solo_lectura(url: URL) -> URL:
    """`mode=ro` also means that a missing file is an error and not a new empty database."""
    ruta = Path(url.database or "").absolute().as_uri()
    return url.set(database=ruta, query={"mode": "ro", "uri": "true"})


def _detener_al_vencer(conexion: Connection, plazo: Plazo) -> None:
    """SQLite looks itself every few thousand steps of its machine: `interrupt` stops only what runs
    at that moment, and the next statement would run on for ever. Oracle and PostgreSQL are told by
    another connection (`cancel`)."""
    cruda: Any = conexion.connection.dbapi_connection
    if conexion.dialect.name == "sqlite":
        cruda.set_progress_handler(lambda: plazo.vencido, PASOS)
    elif detener := getattr(cruda, "cancel", None):
        plazo.al_vencer(lambda: _sin_falla(detener))


def _sin_falla(hacer: Callable[[], object]) -> None:
    """A connection that is gone needs no cancelling."""
    with suppress(Exception):
        hacer()


def _motivo(error: SQLAlchemyError) -> str:
    """The driver's own words, without the statement and its parameters: they name the citizen."""
    return (
        str(error.orig)[:200]
        if isinstance(error, DBAPIError) and error.orig
        else type(error).__name__
    )


def _filas(filas: Sequence[RowMapping]) -> tuple[Fila, ...]:
    return tuple({clave: _celda(valor) for clave, valor in fila.items()} for fila in filas)


def _celda(valor: object) -> Celda:
    """Money is text, never a binary fraction; days are ISO texts; padded columns lose their
    blanks."""
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
