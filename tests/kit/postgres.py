"""The PostgreSQL server of the test wheel, for the runs that ask for one."""

import os
import stat
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Wheel:
    """`server(folder, cleanup_mode=…)` starts or finds the server of a folder; `pg_ctl(arguments,
    pgdata=…, user=…)` steers it."""

    server: Callable[..., Any]
    pg_ctl: Callable[..., Any]


def wheel() -> Wheel:
    """pgserver looks for a private runtime folder when it is imported, and warns, and warnings are
    errors, where there is none."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given is None or stat.S_IMODE(Path(given).stat().st_mode) != stat.S_IRWXU:
        os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="ventanilla-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver  # noqa: PLC0415 - the import costs a second and needs the folder; only runs with PostgreSQL pay it
        from pgserver._commands import pg_ctl  # noqa: PLC0415 - the same

    return Wheel(pgserver.get_server, pg_ctl)


def sqlalchemy_url(server: Any) -> str:
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://", 1)
