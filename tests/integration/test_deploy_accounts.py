"""Compose by hand: its accounts, its secrets, its environment and its orders, each process with what its service mounts and nothing else.

No container engine is needed: a real PostgreSQL that lets nobody in without a password plays the first service, folders play the volumes.
"""

import contextlib
import http.client
import os
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from tests.kit.agency import until
from tests.kit.postgres import wheel
from tests.kit.processes import run
from tests.kit.processes import spawn

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/container"
MOUNTED = Path("/run/secrets")
KEY, DATA, SOCKET, COPIES = "/var/lib/ventanilla-key", "/var/lib/ventanilla", "/var/lib/ventanilla-web", "/backups"
INSIDE, POSTGRES = "10001:10001", "999:999"
ADMINISTRATOR = "of the administrator"
ANSWERS = """
base_url = "http://127.0.0.1:8000"
trusted_proxies = 1
procedures = ["permiso_espacio"]
[admin]
user = "marta.hoyos"
name = "Marta Hoyos Peña"
mail = "marta.hoyos@entidad.example"
"""


@cache
def composed() -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8")))


def service(name: str) -> dict[str, Any]:
    return dict(composed()["services"][name])


# --- the secrets --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Made:
    folder: Path
    said: str
    given: list[str]  #: account and file, as they were given away

    def word(self, name: str) -> str:
        return (self.folder / name).read_text("ascii")


def make(folder: Path, *words: str, given: str = "") -> Made:
    """With `id` and `podman` that say: not root, and noted. Whoever runs the tests owns what is made."""
    for name in ("secrets.sh", "roles.sh"):
        shutil.copy2(FOLDER / name, folder / name)
    tools, noted = folder / "tools", folder / "given"
    tools.mkdir(exist_ok=True)
    shims = {"id": "echo 1000", "podman": f'[ "$1 $2" = "unshare chown" ] && echo "$3 $4" >> {noted}'}
    for name, body in shims.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}\n", "ascii")
        (tools / name).chmod(0o755)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    done = run(["sh", str(folder / "secrets.sh"), *words], env=env, input=given, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return Made(folder / "secrets", done.stdout + done.stderr, noted.read_text("ascii").splitlines())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("container"))


def test_each_account_gets_a_password_of_its_own_in_a_file_that_one_account_reads(made: Made) -> None:
    files = sorted(made.folder.iterdir())
    assert {f.name for f in files} == {Path(secret["file"]).name for secret in composed()["secrets"].values()}
    assert [stat.S_IMODE(f.stat().st_mode) for f in files] == [0o600] * len(files)
    owners = {Path(file).name: account for account, file in (line.split() for line in made.given)}
    assert owners.keys() == {f.name for f in files}
    assert {name for name, account in owners.items() if account == POSTGRES} == {"postgresql-admin", "postgresql-roles"}
    words = [word for f in files if f.name != "postgresql-roles" for word in re.findall(r"[0-9a-f]{64}", f.read_text("ascii"))]
    assert len(set(words)) == len(words) == 5
    assert set(re.findall(r"[0-9a-f]{64}", made.word("postgresql-roles"))) == set(words) - {made.word("postgresql-admin")}
    assert not [word for word in words if word in made.said]


def test_made_once_they_stay_and_the_mail_account_comes_in_by_the_input(tmp_path: Path) -> None:
    before = make(tmp_path)
    was = {f.name: f.read_bytes() for f in before.folder.iterdir()}
    make(tmp_path)
    after = make(tmp_path, "smtp-password", given="clave del correo")
    now = {f.name: f.read_bytes() for f in after.folder.iterdir()}
    assert now == {**was, "smtp-password": b"clave del correo"}
    assert (after.given[-1].split()[0], stat.S_IMODE((after.folder / "smtp-password").stat().st_mode)) == (INSIDE, 0o600)
    assert "clave" not in after.said


def test_no_service_has_a_secret_or_a_volume_that_it_does_not_need() -> None:
    secrets = {name: set(each.get("secrets", ())) for name, each in composed()["services"].items()}
    assert secrets == {
        "postgresql": {"postgresql-admin", "postgresql-roles"},
        "setup": {"database-url-owner", "smtp-password"},
        "web": {"database-url-web"},
        "worker": {"database-url-worker", "smtp-password"},
        "backup": {"database-url-worker"},
        "audit": {"audit-password"},
        "systems": set(),
        "proxy": set(),
    }
    key = {name for name, each in composed()["services"].items() if any(v.startswith("key:") for v in each.get("volumes", ()))}
    assert key == {"worker", "backup"}
    assert "key:/var/lib/ventanilla-key:ro" in service("backup")["volumes"]


def reaches(name: str) -> set[str]:
    return set(service(name).get("networks") or ())


def test_database_and_web_are_reached_by_sockets_and_nobody_but_the_proxy_and_the_list_reaches_outside() -> None:
    services, networks = composed()["services"], composed()["networks"]
    assert {name for name, each in networks.items() if each == {"internal": True}} == set(networks) - {"outside"}
    assert {name for name in services if "outside" in reaches(name)} == {"systems", "proxy"}
    assert {name for name in services if "listed" in reaches(name)} == {"systems", "worker", "setup"}
    assert reaches("web") == {"inside"}
    assert all("networks" in each or each["network_mode"] == "none" for each in services.values())  # else it had one that leads outside
    assert {name for name, each in services.items() if each.get("network_mode") == "none"} == {"postgresql", "backup", "audit"}
    assert {name for name, each in services.items() if "ports" in each} == {"proxy"}
    assert "listen_addresses=" in service("postgresql")["command"]
    shared = f"web:{SOCKET}"
    assert {name for name, each in services.items() if shared in each.get("volumes", ())} == {"web", "proxy"}
    assert service("proxy")["environment"]["UPSTREAM"] == f"unix/{service('web')['command'][-1]}"


def test_the_list_of_systems_lets_nobody_out_before_it_is_filled() -> None:
    """Run in tests/integration/test_systems_list.py; here that this file is the one that the service has, and who stands in it."""
    assert service("systems")["volumes"] == ["./systems.conf:/etc/nginx/nginx.conf:ro"]
    assert service("systems")["networks"]["listed"] == {"aliases": ["systems"]}
    said = [line.strip() for line in (FOLDER / "systems.conf").read_text("utf-8").splitlines() if not line.strip().startswith("#")]
    assert [line for line in said if line.startswith(("listen", "proxy_pass"))] == ["listen 443;", "proxy_pass $there;"]
    begin = said.index("map $ssl_preread_server_name $there {")
    assert said[begin + 1] == "}"


@pytest.mark.parametrize("name", ["setup", "web", "worker", "backup", "audit", "systems", "proxy"])
def test_a_container_writes_nowhere_but_where_something_is_mounted_and_keeps_no_right_of_root(name: str) -> None:
    said = service(name)
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert said.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert said["security_opt"] == ["no-new-privileges:true"]
    # Without the rights of root only so the proxy enters the web's socket.
    assert (said.get("group_add") == [INSIDE.partition(":")[0]]) is (name == "proxy")


# --- at work ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Place:
    """What the volumes hold, and where the database listens."""

    folder: Path
    made: Made
    server: Path
    tools: Path
    admin: str

    def env(self, name: str) -> dict[str, str]:
        """Of a service, with the paths of this machine, and only the secrets that are mounted there."""
        mounted = self.folder / f"secrets-{name}"
        mounted.mkdir(mode=0o700, exist_ok=True)
        for secret in service(name)["secrets"]:
            text = self.made.word(secret).replace("host=/var/run/postgresql", f"host={self.server}")
            (mounted / secret).write_text(text, "ascii")
            (mounted / secret).chmod(0o600)
        kept = {n: v for n, v in os.environ.items() if n in ("HOME", "LANG", "LANGUAGE", "TMPDIR")}
        given = {n: self.here(str(v)).replace(str(MOUNTED), str(mounted)) for n, v in service(name)["environment"].items()}
        beside = f"{Path(sys.executable).parent}:{self.tools}:{os.environ['PATH']}"
        own = {"PATH": beside, "FLASK_APP": "app", "INSTANCE": str(self.folder / "data"), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**kept, **own, "LOG_FORMAT": "json", **given}

    def here(self, word: str) -> str:
        for inside, volume in ((SOCKET, "web"), (KEY, "key"), (DATA, "data"), (COPIES, "backups")):
            word = word.replace(inside, str(self.folder / volume))
        return word

    def order(self, name: str, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        order = [sys.executable, "-m", *(words or [self.here(each) for each in service(name)["command"]])]
        return run(order, cwd=ROOT, env=self.env(name), input=given, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def place(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """PostgreSQL with the accounts that its image makes at the first start, and a place that `setup` made."""
    with accounts(made, tmp_path_factory.mktemp("volumes"), tmp_path_factory.mktemp("pg")) as place:
        begun = place.order("setup", given=ANSWERS)
        assert begun.returncode == 0, begun.stdout + begun.stderr
        assert "/clave/" in begun.stdout
        yield place


@contextlib.contextmanager
def accounts(made: Made, folder: Path, database: Path) -> Iterator[Place]:
    """Empty volumes, and the first service behind its first start."""
    for volume in ("data", "web", "key", "backups"):
        (folder / volume).mkdir(mode=0o750, exist_ok=True)
    server = wheel().server(database, cleanup_mode="stop")
    uri = sa.engine.make_url(server.get_uri())
    admin = sa.create_engine(uri.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"ALTER ROLE {uri.username} PASSWORD '{ADMINISTRATOR}'")
        # As --auth-local and --auth-host of compose have initdb write it.
        Path(str(connection.scalar(sa.text("SHOW hba_file")))).write_text("local all all scram-sha-256\n", "ascii")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        tools = Path(str(connection.scalar(sa.text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))))
    admin.dispose()
    where = str(uri.query["host"])
    passwords = made.folder / "postgresql-roles"
    roles = {"ROLES_PASSWORDS": str(passwords), "ROLES": str(ROOT / "deploy/postgresql/roles.sql")}
    env = {**os.environ, **roles, "PATH": f"{tools}:{os.environ['PATH']}", "PGHOST": where, "PGPASSWORD": ADMINISTRATOR}
    order = ["sh", str(FOLDER / "roles.sh")]
    done = run(order, env={**env, "POSTGRES_USER": str(uri.username)}, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    try:
        yield Place(folder, made, Path(where), tools, str(uri.username))
    finally:
        server.cleanup()


def test_no_account_gets_in_without_its_password(place: Place) -> None:
    for role in ("ventanilla", "ventanilla_web", "ventanilla_worker", "ventanilla_lee", place.admin):
        env = {**os.environ, "PGHOST": str(place.server), "PGPASSWORD": "another"}
        psql = [str(place.tools / "psql"), "-w", "-U", role, "-d", "ventanilla", "-c", "SELECT 1"]
        done = run(psql, env=env, capture_output=True, text=True)
        assert (done.returncode, "password authentication failed" in done.stderr) == (2, True), role


def test_what_the_web_may_read_holds_no_password_of_another_account(place: Place) -> None:
    words = {name: set(re.findall(r"[0-9a-f]{64}", place.made.word(name))) for name in ("database-url-owner", "database-url-worker")}
    place.env("web")
    within = [f for volume in ("data", "web", "secrets-web") for f in (place.folder / volume).rglob("*") if f.is_file()]
    assert place.folder / "data/ventanilla.toml" in within
    text = b"\n".join(f.read_bytes() for f in within).decode(errors="replace")
    assert re.findall(r"[0-9a-f]{64}", place.made.word("database-url-web"))[0] in text  # the looking finds what is there
    assert not [word for each in words.values() for word in each if word in text]


@pytest.fixture
def at_work(place: Place) -> Iterator[Path]:
    """Web and worker by their orders; gives where the web listens."""
    if not (place.folder / "key/evidence.key").exists():
        keyed = place.order("worker", "flask", "evidence", "key")
        assert keyed.returncode == 0, keyed.stderr
    with (place.folder / "log").open("w") as log:
        started = [
            spawn([sys.executable, "-m", *(place.here(w) for w in service(name)["command"])], cwd=ROOT, env=place.env(name), stderr=log)
            for name in ("web", "worker")
        ]
        sock = Path(place.here(service("web")["command"][-1]))
        until(lambda: healthy(place) or None)
        yield sock
        for each in started:
            each.send_signal(signal.SIGTERM)
        assert [each.wait(60) for each in started] == [0, 0]
    assert not healthy(place)


def healthy(place: Place) -> bool:
    how, _python, *rest = service("web")["healthcheck"]["test"]
    assert how == "CMD"
    return run([sys.executable, *(place.here(word) for word in rest)], capture_output=True).returncode == 0


def ask(sock: Path, path: str, **headers: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("ventanilla")
    line.sock = socket.socket(socket.AF_UNIX)
    line.sock.connect(str(sock))
    with contextlib.closing(line):
        line.request("GET", path, headers={"Host": "127.0.0.1:8000", **headers})
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def test_every_process_works_with_its_account_and_the_doctor_is_content(place: Place, at_work: Path) -> None:
    assert stat.S_IMODE(at_work.stat().st_mode) == 0o660
    assert ask(at_work, "/ingresar", **{"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"})[0] == 200
    asked_by_the_proxy = ask(at_work, "/metrics", **{"X-Forwarded-For": "203.0.113.7"})[0]
    assert (asked_by_the_proxy, ask(at_work, "/metrics")[0]) == (404, 200)  # whoever reaches the socket itself is on this machine

    copy = place.folder / "backups/ventanilla-1.tar.gz"
    kept = place.order("backup", "flask", "backup", str(copy))
    assert (kept.returncode, "No está firmado" in kept.stderr) == (0, False), kept.stderr

    def content() -> str | None:
        """The worker gives its first sign of life, and signs."""
        said = place.order("worker", "flask", "doctor")
        return said.stdout if said.returncode == 0 and "Todavía no se ha firmado nada" not in said.stdout else None

    said = until(content)
    warned = {line.split("  ")[1].strip() for line in said.splitlines() if line.startswith("AVISO")}
    assert warned <= {
        "Administración",
        "Correo",
        "Testigos del registro",
        "Programa",
        "Base de datos",
        "Segundo factor",
        "Navegadores nuevos",  # no server of mail is named here
        "Respaldo",
        "Comprobación del registro",
        "Disco",  # how much of it is free is the affair of the machine that runs this
    }, said
    for line in ("Nadie que atiende puede cambiarlo ni borrarlo.", "Este proceso no alcanza los de otros.", "van cifradas."):
        assert line in said

    of_the_web = place.order("web", "flask", "doctor").stdout
    assert "Este proceso no alcanza los de otros." in of_the_web
    assert "Lo firma otro proceso" in of_the_web


def test_the_web_that_could_reach_more_is_told_so(place: Place, at_work: Path) -> None:
    assert at_work.is_socket()
    loose, given = place.folder / "data/owner.env", place.env("web")
    url = place.made.word("database-url-owner").replace("host=/var/run/postgresql", f"host={place.server}")
    loose.write_text(f"DATABASE_URL={url}\n", "ascii")
    env = {**given, "EVIDENCE_KEY": str(place.folder / "key/evidence.key"), "SMTP_PASSWORD": "clave"}
    said = run([sys.executable, "-m", "flask", "doctor"], cwd=ROOT, env=env, capture_output=True, text=True)
    loose.unlink()
    assert said.returncode == 1
    assert f"Este proceso puede leer en {loose} la contraseña de ventanilla." in said.stdout
    assert "La web puede leer la llave que firma el registro" in said.stdout
    assert "La web sabe la contraseña del correo" in said.stdout


def test_the_account_that_only_reads_writes_nothing(place: Place) -> None:
    env = {**os.environ, "PGHOST": str(place.server), "PGPASSWORD": place.made.word("audit-password")}
    psql = [str(place.tools / "psql"), "-w", "-U", "ventanilla_lee", "-d", "ventanilla", "-At", "-c"]
    assert run([*psql, "SELECT count(*) FROM access"], env=env, capture_output=True, text=True).stdout.strip().isdecimal()
    writing = {**env, "PGOPTIONS": "-c default_transaction_read_only=off"}
    refused = run([*psql, "DELETE FROM access"], env=writing, capture_output=True, text=True)
    assert "permission denied" in refused.stderr


# --- from a compose of before ---------------------------------------------------------------------------------------------
def after_the_change() -> Iterator[tuple[str, list[str]]]:
    """Each order to a service of this compose that the document gives, in its order."""
    told = (ROOT / "docs/operate.md").read_text("utf-8").split("**From a compose of before this one**")[1].split("```")[1]
    for line in told.split("cd NEW/deploy/container\n")[1].splitlines():
        if order := re.match(r"podman compose (?:--profile setup )?run --rm (?:-T )?(\w+) (.+)$", line):
            yield order[1], shlex.split(order[2], comments=True)


@dataclass(frozen=True)
class Before:
    """A place of before: one account, the administrator of its PostgreSQL, all settings in one file, the key beside them."""

    data: Path
    tools: Path

    def order(self, *words: str, given: str = "") -> str:
        kept = {n: v for n, v in os.environ.items() if n in ("HOME", "LANG", "LANGUAGE", "TMPDIR")}
        path = f"{Path(sys.executable).parent}:{self.tools}:{os.environ['PATH']}"
        env = {**kept, "PATH": path, "FLASK_APP": "app", "INSTANCE": str(self.data), "PYTHONDONTWRITEBYTECODE": "1"}
        order = [sys.executable, "-m", "flask", *words]
        done = run(order, cwd=ROOT, env=env, input=given, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@dataclass(frozen=True)
class Left:
    """What it leaves in the volumes: the copy, the key, the settings; its database is gone."""

    folder: Path
    public: list[str]
    settings: list[str]


@pytest.fixture
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    folder = tmp_path_factory.mktemp("volumes-of-before")
    for volume in ("data", "backups"):
        (folder / volume).mkdir(mode=0o750)
    server = wheel().server(tmp_path_factory.mktemp("pg-of-before"), cleanup_mode="stop")
    uri = sa.engine.make_url(server.get_uri())
    admin = sa.create_engine(uri.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE ventanilla SUPERUSER LOGIN PASSWORD 'antes'")
        connection.exec_driver_sql("CREATE DATABASE ventanilla OWNER ventanilla")
        tools = Path(str(connection.scalar(sa.text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))))
    admin.dispose()
    before = Before(folder / "data", tools)
    url = f"postgresql://ventanilla:antes@/ventanilla?host={uri.query['host']}"
    before.order("setup", "--file", "-", given=f'database_url = "{url}"\nsmtp_password = "del correo"\n{ANSWERS}')
    public = before.order("evidence", "key").splitlines()[-2:]
    before.order("backup", "--without-documents", str(folder / "backups/move.tar.gz"))
    server.cleanup()
    return Left(folder, public, (folder / "data/ventanilla.toml").read_text("utf-8").splitlines())


def test_a_compose_of_before_is_brought_over_by_the_orders_of_the_document(
    made: Made, left: Left, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, said = left.folder, list[tuple[str, str]]()
    with accounts(made, folder, tmp_path_factory.mktemp("pg-of-now")) as place:
        for name, words in after_the_change():
            mounted = {volume.split(":")[1] for volume in service(name)["volumes"]}
            assert COPIES in mounted or COPIES not in " ".join(words)
            here = [place.here(word).replace("flask evidence", f"{sys.executable} -m flask evidence") for word in words]
            order = [sys.executable, "-m", *here] if here[0] == "flask" else here
            done = run(order, cwd=ROOT, env=place.env(name), capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stdout + done.stderr
            said.append((name, done.stdout))
        assert [name for name, _said in said] == ["setup", "worker", "worker", "worker"]
        assert said[-1][1].splitlines()[-2:] == left.public
        now = (folder / "data/ventanilla.toml").read_text("utf-8").splitlines()
        assert now == [line for line in left.settings if not line.startswith(("database_url", "smtp_password"))]
        assert len(now) == len(left.settings) - 2
        assert [f.name for f in (folder / "key").iterdir()] == ["evidence.key"]
        assert not (folder / "data/evidence.key").exists()
        looked = place.order("web", "flask", "doctor").stdout
    assert "Nadie que atiende puede cambiarlo ni borrarlo." in looked
    assert "Este proceso no alcanza los de otros." in looked
