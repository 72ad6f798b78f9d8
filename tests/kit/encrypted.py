"""A PostgreSQL of this machine that speaks TLS, which that of the test wheel was built without.

`PG_TLS` names the folder of its programs; else the newest that Debian's packages have installed. A
server refuses to be root: then it is `postgres`, and so is its administrator, else both are whoever
runs the tests.
"""

import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.kit.processes import free_ports, run

PACKAGES = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    if given := os.environ.get("PG_TLS"):
        return Path(given)
    installed = sorted(
        PACKAGES.glob("*/bin/initdb"), key=lambda program: int(program.parents[1].name)
    )
    return installed[-1].parent if installed else None


@dataclass(frozen=True)
class Encrypted:
    tools: Path
    folder: Path  #: sockets, the data, what was given to the server
    port: int
    admin: str

    def order(self, *words: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """As the administrator, at the socket."""
        given = {
            "PGHOST": str(self.folder),
            "PGPORT": str(self.port),
            "PGUSER": self.admin,
            "PGDATABASE": "postgres",
        }
        env = {"PATH": f"{self.tools}:/usr/sbin:/usr/bin:/bin", **given, **options.pop("env", {})}
        return run(
            [*as_account(self.admin), *words],
            cwd=self.folder,
            env=env,
            capture_output=True,
            text=True,
            **options,
        )

    def sql(self, *statements: str) -> str:
        done = self.order(
            "psql", "-X", "-At", *(word for each in statements for word in ("-c", each))
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def at(self, url: str) -> str:
        """The URL of a server of some name, which is this one."""
        beside, _slash, rest = url.removeprefix("postgresql://").partition("/")
        return f"postgresql://{beside}:{self.port}/{rest}&hostaddr=127.0.0.1"

    def given(self, source: Path, name: str) -> Path:
        """A file that the server may read, as its own."""
        file = self.folder / name
        shutil.copyfile(source, file)
        file.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(file, self.admin, self.admin)
        return file


def as_account(name: str) -> list[str]:
    return (
        ["setpriv", "--reuid", name, "--regid", name, "--init-groups"] if os.geteuid() == 0 else []
    )


@contextmanager
def encrypted(files: Mapping[str, Path], *options: str) -> Iterator[Encrypted]:
    """Begun with these words, `{folder}` in them the folder where a copy of each file is."""
    tools = programs()
    if tools is None:
        pytest.skip("a PostgreSQL with TLS is not on this machine")
    admin = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="ventanilla-"))
    server = Encrypted(tools, folder, free_ports(1)[0], admin)
    try:
        folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(folder, admin, admin)
        for name, source in files.items():
            server.given(source, name)
        data, log = str(folder / "data"), str(folder / "log")
        made = server.order(
            "initdb",
            "--username",
            admin,
            "--auth-local=peer",
            "--auth-host=reject",
            "--no-sync",
            "-E",
            "UTF8",
            "-D",
            data,
        )
        assert made.returncode == 0, made.stderr
        own = (
            "-c",
            f"unix_socket_directories={folder}",
            "-c",
            "listen_addresses=127.0.0.1",
            "-p",
            str(server.port),
            "-c",
            "fsync=off",
        )
        words = shlex.join([word.replace("{folder}", str(folder)) for word in options] + list(own))
        begun = server.order("pg_ctl", "-D", data, "-l", log, "-o", words, "-w", "start")
        assert begun.returncode == 0, (
            begun.stdout + begun.stderr + Path(log).read_text("utf-8", "replace")
        )
        try:
            yield server
        finally:
            server.order("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
