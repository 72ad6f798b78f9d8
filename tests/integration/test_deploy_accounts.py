"""Compose by hand: its accounts, its secrets, its environment and its orders, each process with
what its service mounts and nothing else.

No container engine is needed: a real PostgreSQL with the order, rules and secrets of the first
service plays it, folders play the volumes.
"""

import contextlib
import http.client
import os
import pwd
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.kit.agency import until
from tests.kit.encrypted import Encrypted, encrypted
from tests.kit.processes import run, spawn

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy/container"
MOUNTED = Path("/run/secrets")
KEY, DATA, SOCKET, COPIES = (
    "/var/lib/ventanilla-key",
    "/var/lib/ventanilla",
    "/var/lib/ventanilla-web",
    "/backups",
)
INSIDE, POSTGRES = "10001:10001", "999:999"
DRAWN = "what the image drew"
#: Role, and the secret by which it enters.
ENTRY = {
    "ventanilla": "database-owner",
    "ventanilla_web": "database-web",
    "ventanilla_worker": "database-worker",
    "ventanilla_lee": "database-reader",
}
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


# --- the secrets ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Made:
    folder: Path
    said: str
    given: list[str]  #: account and file, as they were given away

    def word(self, name: str) -> str:
        return (self.folder / name).read_text("ascii")


def make(folder: Path, *words: str, given: str = "", fails: bool = False) -> Made:
    """With `id` and `podman` that say: not root, and noted. Whoever runs the tests owns what is
    made."""
    for name in ("secrets.sh", "roles.sh"):
        shutil.copy2(FOLDER / name, folder / name)
    tools, noted = folder / "tools", folder / "given"
    tools.mkdir(exist_ok=True)
    shims = {
        "id": "echo 1000",
        "podman": f'[ "$1 $2" = "unshare chown" ] && echo "$3 $4" >> {noted}',
    }
    for name, body in shims.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}\n", "ascii")
        (tools / name).chmod(0o755)
    env = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}
    done = run(
        ["sh", str(folder / "secrets.sh"), *words],
        env=env,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == fails, done.stderr
    return Made(
        folder / "secrets", done.stdout + done.stderr, noted.read_text("ascii").splitlines()
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(tmp_path_factory.mktemp("container"))


def keys(pem: str) -> list[str]:
    return re.findall(r"-----BEGIN PRIVATE KEY-----\n(.+?)-----END", pem, re.DOTALL)


def certificate(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def test_each_account_gets_a_certificate_of_its_own_in_a_file_that_one_account_reads(
    made: Made,
) -> None:
    files = {f.name: f for f in made.folder.iterdir()}
    assert files.keys() == {
        Path(secret["file"]).name for secret in composed()["secrets"].values()
    } | {"authority.key"}
    modes = {name: stat.S_IMODE(f.stat().st_mode) for name, f in files.items()}
    assert modes == {name: 0o644 if name == "database-authority" else 0o600 for name in files}
    owners = {Path(file).name: account for account, file in (line.split() for line in made.given)}
    # whose maker keeps them
    assert owners.keys() == files.keys() - {"authority.key", "database-authority"}
    assert {name for name, account in owners.items() if account == POSTGRES} == {"database-server"}
    known = [key for f in files.values() for key in keys(f.read_text("ascii"))]
    assert len(set(known)) == len(known) == 6
    assert not [key for key in known if key in made.said]

    authority = certificate(files["database-authority"])
    for role, name in {**ENTRY, "postgresql": "database-server"}.items():
        made_for, (key,) = certificate(files[name]), keys(files[name].read_text("ascii"))
        made_for.verify_directly_issued_by(authority)
        assert made_for.subject.rfc4514_string() == f"CN={role}"
        private = load_pem_private_key(
            f"-----BEGIN PRIVATE KEY-----\n{key}-----END PRIVATE KEY-----\n".encode(), None
        )
        assert private.public_key() == made_for.public_key()
        uses = made_for.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        serves = role == "postgresql"
        assert list(uses) == [
            ExtendedKeyUsageOID.SERVER_AUTH if serves else ExtendedKeyUsageOID.CLIENT_AUTH
        ]
        assert (made_for.not_valid_after_utc - made_for.not_valid_before_utc).days == 365


def test_made_once_they_stay_and_the_mail_account_comes_in_by_the_input(tmp_path: Path) -> None:
    before = make(tmp_path)
    was = {f.name: f.read_bytes() for f in before.folder.iterdir()}
    make(tmp_path)
    after = make(tmp_path, "smtp-password", given="clave del correo")
    now = {f.name: f.read_bytes() for f in after.folder.iterdir()}
    assert now == {**was, "smtp-password": b"clave del correo"}
    assert (
        after.given[-1].split()[0],
        stat.S_IMODE((after.folder / "smtp-password").stat().st_mode),
    ) == (INSIDE, 0o600)
    assert "clave" not in after.said


def test_other_certificates_come_from_the_same_authority_and_from_no_other(tmp_path: Path) -> None:
    before = make(tmp_path)
    was = {f.name: f.read_bytes() for f in before.folder.iterdir()}
    (before.folder / "smtp-password").write_text("clave", "ascii")
    after = make(tmp_path, "certificates")
    now = {f.name: f.read_bytes() for f in after.folder.iterdir()}
    others = {*ENTRY.values(), "database-server"}
    assert now.keys() == was.keys()
    assert {name for name in now if now[name] != was[name]} == {*others, "smtp-password"}
    assert now["smtp-password"] == b"clave"
    authority = certificate(after.folder / "database-authority")
    for name in others:
        certificate(after.folder / name).verify_directly_issued_by(authority)
        assert stat.S_IMODE((after.folder / name).stat().st_mode) == 0o600
    # nothing half made is left
    assert sorted(f.name for f in tmp_path.iterdir() if f.name.startswith("secrets.")) == [
        "secrets.sh"
    ]

    (after.folder / "authority.key").rename(tmp_path / "elsewhere.key")
    refused = make(tmp_path, "certificates", fails=True)
    assert "authority.key" in refused.said
    assert {f.name: f.read_bytes() for f in after.folder.iterdir()} == {
        n: text for n, text in now.items() if n != "authority.key"
    }


def test_no_service_has_a_secret_or_a_volume_that_it_does_not_need() -> None:
    secrets = {name: set(each.get("secrets", ())) for name, each in composed()["services"].items()}
    assert secrets == {
        "postgresql": {"database-authority", "database-server"},
        "setup": {"database-authority", "database-owner", "smtp-password"},
        "web": {"database-authority", "database-web"},
        "worker": {"database-authority", "database-worker", "smtp-password"},
        "backup": {"database-authority", "database-worker"},
        "audit": {"database-authority", "database-reader"},
        "systems": set(),
        "proxy": set(),
    }
    key = {
        name
        for name, each in composed()["services"].items()
        if any(v.startswith("key:") for v in each.get("volumes", ()))
    }
    assert key == {"worker", "backup"}
    assert "key:/var/lib/ventanilla-key:ro" in service("backup")["volumes"]


def reaches(name: str) -> set[str]:
    return set(service(name).get("networks") or ())


def test_the_database_is_reached_encrypted_the_web_by_a_socket_and_nobody_but_the_proxy_and_the_list_reaches_outside() -> (
    None
):
    """The web by one in a volume; PostgreSQL by one that is encrypted on a network where nobody
    else is."""
    services, networks = composed()["services"], composed()["networks"]
    assert {name for name, each in networks.items() if each == {"internal": True}} == set(
        networks
    ) - {"outside"}
    assert {name for name in services if "outside" in reaches(name)} == {"systems", "proxy"}
    assert {name for name in services if "listed" in reaches(name)} == {
        "systems",
        "worker",
        "setup",
    }
    assert {name for name in services if "database" in reaches(name)} == {
        "postgresql",
        "setup",
        "web",
        "worker",
        "backup",
        "audit",
    }
    assert (reaches("web"), reaches("postgresql")) == ({"database", "inside"}, {"database"})
    assert reaches("backup") == reaches("audit") == {"database"}
    # else it had one that leads outside
    assert all("networks" in each for each in services.values())
    assert {name for name, each in services.items() if "ports" in each} == {"proxy"}
    shared = f"web:{SOCKET}"
    assert {name for name, each in services.items() if shared in each.get("volumes", ())} == {
        "web",
        "proxy",
    }
    assert service("proxy")["environment"]["UPSTREAM"] == f"unix/{service('web')['command'][-1]}"


def test_the_list_of_systems_lets_nobody_out_before_it_is_filled() -> None:
    """Run in tests/integration/test_systems_list.py; here that this file is the one that the
    service has, and who stands in it."""
    assert service("systems")["volumes"] == ["./systems.conf:/etc/nginx/nginx.conf:ro"]
    assert service("systems")["networks"]["listed"] == {"aliases": ["systems"]}
    said = [
        line.strip()
        for line in (FOLDER / "systems.conf").read_text("utf-8").splitlines()
        if not line.strip().startswith("#")
    ]
    assert [line for line in said if line.startswith(("listen", "proxy_pass"))] == [
        "listen 443;",
        "proxy_pass $there;",
    ]
    begin = said.index("map $ssl_preread_server_name $there {")
    assert said[begin + 1] == "}"


@pytest.mark.parametrize("name", ["setup", "web", "worker", "backup", "audit", "systems", "proxy"])
def test_a_container_writes_nowhere_but_where_something_is_mounted_and_keeps_no_right_of_root(
    name: str,
) -> None:
    said = service(name)
    assert said["read_only"] is True
    assert said["cap_drop"] == ["ALL"]
    assert said.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])
    assert said["security_opt"] == ["no-new-privileges:true"]
    # Without the rights of root only so the proxy enters the web's socket.
    assert (said.get("group_add") == [INSIDE.partition(":")[0]]) is (name == "proxy")


# --- at work --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Place:
    """What the volumes hold, and where the database listens."""

    folder: Path
    made: Made
    server: Encrypted

    def mounted(self, name: str) -> Path:
        """The folder of what a service is given of the secrets, and of nothing else."""
        mounted = self.folder / f"secrets-{name}"
        mounted.mkdir(mode=0o700, exist_ok=True)
        for secret in service(name)["secrets"]:
            (mounted / secret).write_text(self.made.word(secret), "ascii")
            (mounted / secret).chmod(0o600)
        return mounted

    def url(self, name: str, said: str) -> str:
        return self.server.at(said.replace(str(MOUNTED), str(self.mounted(name))))

    def env(self, name: str) -> dict[str, str]:
        """Of a service, with the paths of this machine, and only the secrets that are mounted
        there."""
        mounted = self.mounted(name)
        kept = {n: v for n, v in os.environ.items() if n in ("HOME", "LANG", "LANGUAGE", "TMPDIR")}
        said = service(name)["environment"]
        given = {
            n: self.here(str(v)).replace(str(MOUNTED), str(mounted))
            for n, v in said.items()
            if n != "DATABASE_URL"
        }
        given["DATABASE_URL"] = self.url(name, said["DATABASE_URL"])
        beside = f"{Path(sys.executable).parent}:{self.server.tools}:{os.environ['PATH']}"
        own = {
            "PATH": beside,
            "FLASK_APP": "app",
            "INSTANCE": str(self.folder / "data"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return {**kept, **own, "LOG_FORMAT": "json", **given}

    def here(self, word: str) -> str:
        for inside, volume in ((SOCKET, "web"), (KEY, "key"), (DATA, "data"), (COPIES, "backups")):
            word = word.replace(inside, str(self.folder / volume))
        return word

    def order(self, name: str, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        order = [
            sys.executable,
            "-m",
            *(words or [self.here(each) for each in service(name)["command"]]),
        ]
        return run(
            order,
            cwd=ROOT,
            env=self.env(name),
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
        )


@pytest.fixture(scope="module")
def place(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """PostgreSQL with the accounts that its image makes at the first start, and a place that
    `setup` made."""
    with accounts(made, tmp_path_factory.mktemp("volumes")) as place:
        begun = place.order("setup", given=ANSWERS)
        assert begun.returncode == 0, begun.stdout + begun.stderr
        assert "/clave/" in begun.stdout
        yield place


@contextlib.contextmanager
def accounts(made: Made, folder: Path) -> Iterator[Place]:
    """Empty volumes, and the first service behind its first start."""
    for volume in ("data", "web", "key", "backups"):
        (folder / volume).mkdir(mode=0o750, exist_ok=True)
    with first_service(made) as server:
        server.sql(f"ALTER ROLE \"{server.admin}\" PASSWORD '{DRAWN}'")
        begin = server.order(
            "sh",
            str(server.folder / "roles.sh"),
            env={"POSTGRES_USER": server.admin, "ROLES": str(server.folder / "roles.sql")},
        )
        assert begin.returncode == 0, begin.stderr
        yield Place(folder, made, server)


@contextlib.contextmanager
def first_service(made: Made) -> Iterator[Encrypted]:
    """With its own order, and the files that are mounted there."""
    said = service("postgresql")
    name, *words = said["command"]
    assert name == "postgres"
    mounted = {f"/run/secrets/{secret}": made.folder / secret for secret in said["secrets"]}
    for volume in said["volumes"]:
        source, target = volume.split(":")[:2]
        mounted |= {target: FOLDER / source} if source.startswith(".") else {}
    files = {Path(target).name: source for target, source in mounted.items()}
    assert len(files) == len(mounted)
    for target in mounted:
        words = [word.replace(target, f"{{folder}}/{Path(target).name}") for word in words]
    with tempfile.TemporaryDirectory() as rules:
        if os.geteuid() != 0:  # then the administrator is whoever runs this
            ours = (
                files["pg_hba.conf"]
                .read_text("ascii")
                .replace(" postgres ", f" {pwd.getpwuid(os.geteuid()).pw_name} ")
            )
            files["pg_hba.conf"] = Path(rules, "pg_hba.conf")
            files["pg_hba.conf"].write_text(ours, "ascii")
        with encrypted(files, *words) as server:
            yield server


def asked(place: Place, url: str, **given: str) -> "subprocess.CompletedProcess[str]":
    order = [
        str(place.server.tools / "psql"),
        "-X",
        "-w",
        "-At",
        "-d",
        url,
        "-c",
        "SELECT session_user",
    ]
    env = {"PATH": os.environ["PATH"], "HOME": str(place.folder), **given}
    return run(order, env=env, capture_output=True, text=True)


def entry(place: Place, role: str, by: str, mode: str = "verify-full") -> str:
    file = place.made.folder / by
    said = f"sslmode={mode}&sslrootcert={place.made.folder}/database-authority&sslcert={file}&sslkey={file}"
    return place.server.at(f"postgresql://{role}@postgresql/ventanilla?{said}")


@pytest.mark.parametrize("role", ENTRY)
def test_no_account_gets_in_but_by_its_own_certificate(place: Place, role: str) -> None:
    own = asked(place, entry(place, role, ENTRY[role]))
    assert (own.returncode, own.stdout.strip()) == (0, role), own.stderr
    for other in {*ENTRY.values(), "database-server"} - {ENTRY[role]}:
        refused = asked(place, entry(place, role, other), PGPASSWORD=DRAWN)
        assert refused.returncode == 2, other
        assert re.search(
            "certificate authentication failed|unsuitable certificate purpose|unsupported certificate",
            refused.stderr,
        ), other
    assert (
        "requires a valid client certificate"
        in asked(place, entry(place, role, "none"), PGPASSWORD=DRAWN).stderr
    )
    assert (
        "no pg_hba.conf entry"
        in asked(place, entry(place, role, ENTRY[role], "disable"), PGPASSWORD=DRAWN).stderr
    )


def test_the_administrator_has_no_password_and_no_way_in_but_from_inside(place: Place) -> None:
    assert place.server.sql("SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL") == ""
    for by in (*ENTRY.values(), "database-server", "none"):
        assert (
            asked(place, entry(place, place.server.admin, by), PGPASSWORD=DRAWN).returncode == 2
        ), by
    at_its_socket = (
        f"postgresql://{{}}@/ventanilla?host={place.server.folder}&port={place.server.port}"
    )
    for role in ENTRY:
        assert (
            "no pg_hba.conf entry"
            in asked(place, at_its_socket.format(role), PGPASSWORD=DRAWN).stderr
        )
    if os.geteuid() == 0:  # else whoever runs this is the administrator
        assert (
            "Peer authentication failed"
            in asked(place, at_its_socket.format(place.server.admin), PGPASSWORD=DRAWN).stderr
        )


def test_the_image_is_told_to_leave_no_way_in_of_its_own() -> None:
    """Its entrypoint wants a password or `trust`, and writes the method that it is told into rules
    of its own, which ours stand in for."""
    said = service("postgresql")["environment"]
    (drawn,) = [Path(value) for name, value in said.items() if name.startswith("POSTGRES_PASSWORD")]
    assert str(drawn) == "/proc/sys/kernel/random/uuid"
    assert len({drawn.read_text("ascii") for _each in range(9)}) == 9
    assert said["POSTGRES_HOST_AUTH_METHOD"] == "reject"
    assert {"--auth-local=peer", "--auth-host=reject"} <= set(said["POSTGRES_INITDB_ARGS"].split())


def test_what_the_web_may_read_holds_no_password_of_another_account(place: Place) -> None:
    """Nor the key by which another one enters; and no settings say how."""
    place.mounted("web")
    within = [
        f
        for volume in ("data", "web", "secrets-web")
        for f in (place.folder / volume).rglob("*")
        if f.is_file()
    ]
    assert place.folder / "data/ventanilla.toml" in within
    assert "database_url" not in (place.folder / "data/ventanilla.toml").read_text("utf-8")
    text = b"\n".join(f.read_bytes() for f in within).decode(errors="replace")
    assert keys(text) == keys(place.made.word("database-web"))  # the looking finds what is there


@pytest.fixture
def at_work(place: Place) -> Iterator[Path]:
    """Web and worker by their orders; gives where the web listens."""
    if not (place.folder / "key/evidence.key").exists():
        keyed = place.order("worker", "flask", "evidence", "key")
        assert keyed.returncode == 0, keyed.stderr
    with (place.folder / "log").open("w") as log:
        started = [
            spawn(
                [sys.executable, "-m", *(place.here(w) for w in service(name)["command"])],
                cwd=ROOT,
                env=place.env(name),
                stderr=log,
            )
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
    return (
        run([sys.executable, *(place.here(word) for word in rest)], capture_output=True).returncode
        == 0
    )


def ask(sock: Path, path: str, **headers: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("ventanilla")
    line.sock = socket.socket(socket.AF_UNIX)
    line.sock.connect(str(sock))
    with contextlib.closing(line):
        line.request("GET", path, headers={"Host": "127.0.0.1:8000", **headers})
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def test_every_process_works_with_its_account_and_the_doctor_is_content(
    place: Place, at_work: Path
) -> None:
    assert stat.S_IMODE(at_work.stat().st_mode) == 0o660
    assert (
        ask(
            at_work, "/ingresar", **{"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "http"}
        )[0]
        == 200
    )
    asked_by_the_proxy = ask(at_work, "/metrics", **{"X-Forwarded-For": "203.0.113.7"})[0]
    # whoever reaches the socket itself is on this machine
    assert (asked_by_the_proxy, ask(at_work, "/metrics")[0]) == (404, 200)

    copy = place.folder / "backups/ventanilla-1.tar.gz"
    kept = place.order("backup", "flask", "backup", str(copy))
    assert (kept.returncode, "No está firmado" in kept.stderr) == (0, False), kept.stderr

    def content() -> str | None:
        """The worker gives its first sign of life, and signs."""
        said = place.order("worker", "flask", "doctor")
        return (
            said.stdout
            if said.returncode == 0 and "Todavía no se ha firmado nada" not in said.stdout
            else None
        )

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
    for line in (
        "Nadie que atiende puede cambiarlo ni borrarlo.",
        "Este proceso no alcanza los de otros.",
        "van cifradas.",
    ):
        assert line in said

    of_the_web = place.order("web", "flask", "doctor").stdout
    assert "Este proceso no alcanza los de otros." in of_the_web
    assert "Lo firma otro proceso" in of_the_web


def test_the_web_that_could_reach_more_is_told_so(place: Place, at_work: Path) -> None:
    assert at_work.is_socket()
    loose, given = place.folder / "data/owner.pem", place.env("web")
    loose.write_text(place.made.word("database-owner"), "ascii")
    env = {
        **given,
        "EVIDENCE_KEY": str(place.folder / "key/evidence.key"),
        "SMTP_PASSWORD": "clave",
    }
    said = run(
        [sys.executable, "-m", "flask", "doctor"], cwd=ROOT, env=env, capture_output=True, text=True
    )
    loose.unlink()
    assert said.returncode == 1
    assert f"Por {loose} este proceso alcanza la llave con la que entra ventanilla." in said.stdout
    assert "La web puede leer la llave que firma el registro" in said.stdout
    assert "La web sabe la contraseña del correo" in said.stdout


def test_the_account_that_only_reads_writes_nothing(place: Place) -> None:
    program, url = service("audit")["command"]
    assert program == "psql"
    psql = [str(place.server.tools / "psql"), "-w", place.url("audit", url), "-At", "-c"]
    assert (
        run([*psql, "SELECT count(*) FROM access"], capture_output=True, text=True)
        .stdout.strip()
        .isdecimal()
    )
    writing = {**os.environ, "PGOPTIONS": "-c default_transaction_read_only=off"}
    refused = run([*psql, "DELETE FROM access"], env=writing, capture_output=True, text=True)
    assert "permission denied" in refused.stderr


# --- from a compose of before ---------------------------------------------------------------------
def of_the_document(title: str) -> str:
    return (ROOT / "docs/operate.md").read_text("utf-8").split(f"**{title}**")[1].split("```")[1]


def after_the_change() -> Iterator[tuple[str, list[str]]]:
    """Each order to a service of this compose that the document gives, in its order."""
    told = of_the_document("From a compose of before this one")
    for line in told.split("cd NEW/deploy/container\n")[1].splitlines():
        if order := re.match(
            r"podman compose (?:--profile setup )?run --rm (?:-T )?(\w+) (.+)$", line
        ):
            yield order[1], shlex.split(order[2], comments=True)


@dataclass(frozen=True)
class Before:
    """A place of before: one account, the administrator of its PostgreSQL, all settings in one
    file, the key beside them."""

    data: Path
    tools: Path

    def order(self, *words: str, given: str = "") -> str:
        kept = {n: v for n, v in os.environ.items() if n in ("HOME", "LANG", "LANGUAGE", "TMPDIR")}
        path = f"{Path(sys.executable).parent}:{self.tools}:{os.environ['PATH']}"
        env = {
            **kept,
            "PATH": path,
            "FLASK_APP": "app",
            "INSTANCE": str(self.data),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        order = [sys.executable, "-m", "flask", *words]
        done = run(
            order, cwd=ROOT, env=env, input=given, capture_output=True, text=True, timeout=300
        )
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
    rules = folder / "hba"
    rules.write_text("local all postgres peer\nlocal all all scram-sha-256\n", "ascii")
    with encrypted({"hba": rules}, "-c", "hba_file={folder}/hba") as server:
        server.sql(
            "CREATE ROLE ventanilla SUPERUSER LOGIN PASSWORD 'antes'",
            "CREATE DATABASE ventanilla OWNER ventanilla",
        )
        before = Before(folder / "data", server.tools)
        url = f"postgresql://ventanilla:antes@/ventanilla?host={server.folder}&port={server.port}"
        before.order(
            "setup",
            "--file",
            "-",
            given=f'database_url = "{url}"\nsmtp_password = "del correo"\n{ANSWERS}',
        )
        public = before.order("evidence", "key").splitlines()[-2:]
        before.order("backup", "--without-documents", str(folder / "backups/move.tar.gz"))
    return Left(folder, public, (folder / "data/ventanilla.toml").read_text("utf-8").splitlines())


def test_a_compose_of_before_is_brought_over_by_the_orders_of_the_document(
    made: Made, left: Left
) -> None:
    folder, said = left.folder, list[tuple[str, str]]()
    with accounts(made, folder) as place:
        for name, words in after_the_change():
            mounted = {volume.split(":")[1] for volume in service(name)["volumes"]}
            assert COPIES in mounted or COPIES not in " ".join(words)
            here = [
                place.here(word).replace("flask evidence", f"{sys.executable} -m flask evidence")
                for word in words
            ]
            order = [sys.executable, "-m", *here] if here[0] == "flask" else here
            done = run(
                order, cwd=ROOT, env=place.env(name), capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, done.stdout + done.stderr
            said.append((name, done.stdout))
        assert [name for name, _said in said] == ["setup", "worker", "worker", "worker"]
        assert said[-1][1].splitlines()[-2:] == left.public
        now = (folder / "data/ventanilla.toml").read_text("utf-8").splitlines()
        assert now == [
            line for line in left.settings if not line.startswith(("database_url", "smtp_password"))
        ]
        assert len(now) == len(left.settings) - 2
        assert [f.name for f in (folder / "key").iterdir()] == ["evidence.key"]
        assert not (folder / "data/evidence.key").exists()
        looked = place.order("web", "flask", "doctor").stdout
    assert "Nadie que atiende puede cambiarlo ni borrarlo." in looked
    assert "Este proceso no alcanza los de otros." in looked


# --- from a compose with passwords ----------------------------------------------------------------
def test_a_compose_with_passwords_gets_certificates_beside_the_password_of_the_mail_account(
    tmp_path: Path,
) -> None:
    """What its secrets.sh had made, and the lines of the document that change it."""
    told = of_the_document("From a compose with passwords").splitlines()
    first = next(n for n, line in enumerate(told) if line.startswith("rm "))
    removing, making, *_rest = told[first:]
    assert making.split("#")[0].split() == ["./secrets.sh", "certificates"]
    (tmp_path / "secrets").mkdir(mode=0o711)
    roles = ("owner", "web", "worker")
    of_before = [
        *(f"database-url-{each}" for each in roles),
        "audit-password",
        "postgresql-admin",
        "postgresql-roles",
        "smtp-password",
    ]
    for name in of_before:
        (tmp_path / "secrets" / name).write_text(f"of {name}", "ascii")
    run(["sh", "-eu", "-c", removing], cwd=tmp_path, check=True)
    after = make(tmp_path, "certificates")
    assert {f.name for f in after.folder.iterdir()} == {
        Path(each["file"]).name for each in composed()["secrets"].values()
    } | {"authority.key"}
    assert after.word("smtp-password") == "of smtp-password"
    for name in ENTRY.values():
        certificate(after.folder / name).verify_directly_issued_by(
            certificate(after.folder / "database-authority")
        )


def test_roles_that_had_passwords_lose_them_by_the_line_of_the_document(
    made: Made, tmp_path: Path
) -> None:
    (line,) = [
        line
        for line in of_the_document("From a compose with passwords")
        .replace("\\\n", "")
        .splitlines()
        if " psql " in line
    ]
    order = re.fullmatch(
        r"podman compose exec --user postgres -T postgresql (psql .+)", line.split("    #")[0]
    )
    assert order is not None
    with first_service(made) as server:
        words = [
            word
            for who in ("owner", "web", "worker", "reader")
            for word in ("-v", f"{who}_password='{who}'")
        ]
        old = server.order("psql", "-X", "-q", *words, "-f", str(server.folder / "roles.sql"))
        assert old.returncode == 0, old.stderr
        server.sql(f"ALTER ROLE \"{server.admin}\" PASSWORD '{DRAWN}'")
        assert (
            len(
                server.sql(
                    "SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL"
                ).splitlines()
            )
            == 5
        )
        place = Place(tmp_path, made, server)
        # already now
        assert (
            asked(place, entry(place, "ventanilla_web", "none"), PGPASSWORD="web").returncode == 2
        )
        taken = server.order(
            *(word.replace("postgres ", f"{server.admin} ") for word in shlex.split(order[1]))
        )
        assert taken.returncode == 0, taken.stderr
        assert server.sql("SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL") == ""
        for role, by in ENTRY.items():
            assert asked(place, entry(place, role, by)).stdout.strip() == role
