"""Errors of the database that pass by themselves: it is away, busy, or full. They are nobody's
mistake and never become an incident."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError as PoolTimeout

RETRYABLE_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
#: UNIQUE: at READ COMMITTED two that look at once both see nothing, both write, and the second is
#: told so only now.
TAKEN = "23505"
#: How the names of SQLite's passing troubles begin; "no such table" is a mistake of ours.
OF_SQLITE = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_READONLY",
    "SQLITE_NOMEM",
)
FULL = ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "53100")


def is_retryable(error: DBAPIError) -> bool:
    """Deadlock, serialisation failure, lock timeout, or a busy SQLite file: the same command may
    get through at once. So may one whose row somebody wrote between its look and its writing: it
    looks again, sees that row and says what it says of it. Writers of SQLite come one after the
    other, so there it is no race."""
    code = getattr(error.orig, "sqlstate", None)
    if code is not None:
        return code in RETRYABLE_SQLSTATES or code == TAKEN
    return str(getattr(error.orig, "sqlite_errorname", "")).startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    )


def is_outage(error: BaseException) -> bool:
    """Asking again later may help; asking now may not."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    # without a name: the driver, of a text that is no UTF-8
    if isinstance(error.orig, sqlite3.Error):
        return str(getattr(error.orig, "sqlite_errorname", "")).startswith(OF_SQLITE)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def is_full(error: BaseException) -> bool:
    """No space is left for the database."""
    return code_of(error).startswith(FULL)


def code_of(error: BaseException) -> str:
    """The database's own name of the error, for the log: neither statement nor values."""
    cause = getattr(error, "orig", None)
    return str(
        getattr(cause, "sqlite_errorname", None)
        or getattr(cause, "sqlstate", None)
        or type(error).__name__
    )
