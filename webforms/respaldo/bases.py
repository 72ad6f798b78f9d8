"""A consistent copy of a database while people work, and back: SQLite's online backup, PostgreSQL's
pg_dump of one snapshot."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from common.faults import FULL
from common.language import said
from webforms.respaldo.sumas import Suma, sumar

ESPERA = 60.0  # seconds for a lock of SQLite
ESQUEMAS_AJENOS = ("pg_catalog", "information_schema")
#: How a URL says what pg_dump and pg_restore are told by the environment.
DE_LIBPQ = {
    "hostaddr": "PGHOSTADDR",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "channel_binding": "PGCHANNELBINDING",
    "passfile": "PGPASSFILE",
}


class RespaldoFallido(Exception):
    """The copy could not be made or brought back; the message says why, for the person at the
    console."""


class Base(Protocol):
    tipo: str

    def copiar(self, destino: Path) -> Mapping[str, Suma]:
        """Write a consistent copy; its sums come from the same moment."""

    def esta_vacia(self) -> bool:
        """No table at all."""

    def traer(self, copia: Path) -> None:
        """Fill the empty database from a copy. Raises RespaldoFallido and leaves it empty."""


def base_de(url: str, programas: Path | None = None) -> Base:
    """`programas`: folder of pg_dump and pg_restore where they are not on the PATH."""
    leida = make_url(url)
    return Postgres(leida, programas) if leida.get_backend_name() == "postgresql" else Sqlite(leida)


class Sqlite:
    tipo = "sqlite"

    def __init__(self, url: URL) -> None:
        self._archivo = Path(url.database or "").absolute()

    def copiar(self, destino: Path) -> Mapping[str, Suma]:
        """All pages in one read transaction: writers go on in the log meanwhile and the copy never
        starts again."""
        lectura = f"{self._archivo.as_uri()}?mode=ro"
        try:
            with (
                closing(sqlite3.connect(lectura, uri=True, timeout=ESPERA)) as origen,
                closing(sqlite3.connect(destino)) as copia,
            ):
                origen.backup(copia, pages=-1)
                copia.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error as error:
            if str(getattr(error, "sqlite_errorname", "")).startswith(FULL):
                raise RespaldoFallido(
                    said("no hay espacio en el disco de esa carpeta; elija otra o libere espacio")
                ) from error
            raise RespaldoFallido(said("la base no se pudo copiar: %(e)s", e=error)) from error
        return sumas_de(f"sqlite:///{destino}")

    def esta_vacia(self) -> bool:
        if not self._archivo.exists() or not self._archivo.stat().st_size:
            return True
        with closing(sqlite3.connect(f"{self._archivo.as_uri()}?mode=ro", uri=True)) as base:
            return base.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None

    def traer(self, copia: Path) -> None:
        try:
            with closing(sqlite3.connect(f"{copia.as_uri()}?mode=ro", uri=True)) as base:
                ((estado,), *_) = base.execute("PRAGMA integrity_check").fetchall()
        except sqlite3.DatabaseError as error:
            raise RespaldoFallido(
                said("lo que el respaldo trae como base no es una base de SQLite, o está dañada")
            ) from error
        if estado != "ok":
            raise RespaldoFallido(said("la copia de la base está dañada: %(e)s", e=estado))
        for sufijo in ("", "-wal", "-shm"):
            self._archivo.with_name(self._archivo.name + sufijo).unlink(missing_ok=True)
        self._archivo.parent.mkdir(parents=True, exist_ok=True)
        nueva = self._archivo.with_name(self._archivo.name + ".restaurando")
        try:
            shutil.copyfile(copia, nueva)
            nueva.chmod(0o600)
            nueva.replace(self._archivo)
        finally:
            nueva.unlink(missing_ok=True)


class Postgres:
    """pg_dump reads the snapshot of our own transaction, so that the sums are those of the dump."""

    tipo = "postgresql"

    def __init__(self, url: URL, programas: Path | None) -> None:
        self._url, self._programas = url, programas

    def copiar(self, destino: Path) -> Mapping[str, Suma]:
        db = sa.create_engine(self._url, isolation_level="REPEATABLE READ", hide_parameters=True)
        try:
            with db.connect() as connection, connection.begin():
                foto = connection.scalar(sa.text("SELECT pg_export_snapshot()"))
                self._correr(
                    "pg_dump",
                    "--format=custom",
                    "--no-owner",
                    "--no-privileges",
                    f"--snapshot={foto}",
                    f"--file={destino}",
                )
                return sumar(connection)
        finally:
            db.dispose()

    def esta_vacia(self) -> bool:
        db = sa.create_engine(self._url, hide_parameters=True)
        try:
            with db.connect() as connection:
                visor = sa.inspect(connection)
                esquemas = [e for e in visor.get_schema_names() if e not in ESQUEMAS_AJENOS]
                return not any(visor.get_table_names(schema=esquema) for esquema in esquemas)
        finally:
            db.dispose()

    def traer(self, copia: Path) -> None:
        """One transaction: what fails leaves nothing."""
        base = self._entorno()["PGDATABASE"]
        self._correr(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            f"--dbname={base}",
            str(copia),
        )

    def _correr(self, programa: str, *argumentos: str) -> None:
        ruta = str(self._programas / programa) if self._programas else shutil.which(programa)
        if ruta is None or not Path(ruta).exists():
            raise RespaldoFallido(
                said(
                    "hace falta %(p)s: instale el cliente de PostgreSQL o diga dónde está con --pg-bin",
                    p=programa,
                )
            )
        hecho = subprocess.run(  # noqa: S603 - a fixed program, values in the environment
            [ruta, *argumentos], env=self._entorno(), capture_output=True, text=True, check=False
        )
        if hecho.returncode:
            raise RespaldoFallido(
                said("%(p)s falló: %(e)s", p=programa, e=hecho.stderr.strip()[-500:])
            )

    def _entorno(self) -> dict[str, str]:
        """What libpq reads; the password never stands in a command line. Encrypted and checked as
        the URL asks it of us."""
        u = self._url
        servidor, puerto = u.host or str(u.query.get("host", "")), u.port or u.query.get("port", "")
        dado = {
            "PGHOST": servidor,
            "PGPORT": str(puerto),
            "PGUSER": u.username or "",
            "PGPASSWORD": u.password or "",
        }
        dado |= {variable: str(u.query.get(como, "")) for como, variable in DE_LIBPQ.items()}
        return {
            **os.environ,
            **{n: v for n, v in dado.items() if v},
            "PGDATABASE": u.database or "postgres",
        }


def sumas_de(url: str) -> Mapping[str, Suma]:
    """Sums of a database as it is now."""
    db = sa.create_engine(url, hide_parameters=True)
    try:
        with db.connect() as connection:
            return sumar(connection)
    finally:
        db.dispose()
