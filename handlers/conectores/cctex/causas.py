"""Why a database did not answer, by the code that its driver gives; never by its words."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from records.sistemas.puertos import Causa

#: Primary result codes (sqlite.org/rescode.html).
_SQLITE = {
    sqlite3.SQLITE_BUSY: Causa.OCUPADO,
    sqlite3.SQLITE_LOCKED: Causa.OCUPADO,
    sqlite3.SQLITE_INTERRUPT: Causa.SIN_RESPUESTA,
    sqlite3.SQLITE_CANTOPEN: Causa.SIN_CONEXION,
    sqlite3.SQLITE_IOERR: Causa.SIN_CONEXION,
    sqlite3.SQLITE_READONLY: Causa.NO_PERMITIDO,
    sqlite3.SQLITE_PERM: Causa.NO_PERMITIDO,
    sqlite3.SQLITE_AUTH: Causa.NO_PERMITIDO,
    sqlite3.SQLITE_NOTADB: Causa.ILEGIBLE,
    sqlite3.SQLITE_CORRUPT: Causa.ILEGIBLE,
    sqlite3.SQLITE_ERROR: Causa.RECHAZADO,
}
_PRIMARIO = 0xFF  # the byte of an extended result code that holds the primary one

#: SQLSTATE, the whole code or its class (PostgreSQL manual, appendix A); the longest that fits.
_SQLSTATE = {
    "08": Causa.SIN_CONEXION,
    "57P": Causa.SIN_CONEXION,
    "57014": Causa.SIN_RESPUESTA,
    "28": Causa.NO_PERMITIDO,
    "25006": Causa.NO_PERMITIDO,
    "42501": Causa.NO_PERMITIDO,
    "40": Causa.OCUPADO,
    "53": Causa.OCUPADO,
    "55P03": Causa.OCUPADO,
    "42": Causa.RECHAZADO,
    "22": Causa.RECHAZADO,
}


def causa_de(error: SQLAlchemyError) -> Causa:
    """OTRA where the driver gives no code that is known here. A connection that was never opened
    has none either."""
    original = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(original, sqlite3.Error):
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & _PRIMARIO, Causa.OTRA)
    estado = getattr(original, "sqlstate", None)
    if not isinstance(estado, str):
        return Causa.SIN_CONEXION if isinstance(error, OperationalError) else Causa.OTRA
    return next((_SQLSTATE[estado[:n]] for n in (5, 3, 2) if estado[:n] in _SQLSTATE), Causa.OTRA)
