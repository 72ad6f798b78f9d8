"""What `deploy/` says, held against the product without a container engine: the image's files
suffice, its commands are ours and answer."""

import json
import os
import pwd
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import sqlalchemy as sa
import yaml

from app import Config, create_app
from tests.kit.agency import until
from tests.kit.pages import rows
from tests.kit.postgres import wheel
from tests.kit.processes import run, spawn

ROOT = Path(__file__).resolve().parents[2]
CONTAINERFILE = ROOT / "deploy/container/Containerfile"
INSIDE = "/opt/ventanilla/"
OURS = ("setup", "web", "worker", "backup")
UNITS = sorted((ROOT / "deploy/systemd").glob("*.service"))
ANSWERS = """
database_url = "sqlite:///{place}/ventanilla.db"
base_url = "http://127.0.0.1:8000"
procedures = ["m5_1_02", "permiso_espacio"]
[admin]
user = "marta.hoyos"
name = "Marta Hoyos Peña"
mail = "marta.hoyos@entidad.example"
"""


@cache
def steps() -> list[str]:
    """Of the Containerfile, each on one line."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text("utf-8"), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def copied() -> list[list[str]]:
    return [step.split()[1:] for step in steps() if step.startswith("COPY ")]


@cache
def services() -> dict[str, Any]:
    return dict(
        yaml.safe_load((ROOT / "deploy/container/compose.yaml").read_text("utf-8"))["services"]
    )


def made_for_the_account() -> list[str]:
    """Folders that the image makes for the account it runs as."""
    (made,) = re.findall(
        r"install -d -o ventanilla -g ventanilla -m 750 ([^&]+)", "\n".join(steps())
    )
    return str(made).split()


def of_itself() -> list[str]:
    """What the image does when it is told nothing else."""
    return list(
        json.loads(next(step for step in steps() if step.startswith("CMD ")).removeprefix("CMD "))
    )


def health() -> list[str]:
    (order,) = re.findall(r"^HEALTHCHECK .* CMD (\[.+\])$", "\n".join(steps()), re.MULTILINE)
    return list(json.loads(order))


# --- what is copied -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "source", [s for words in copied() if not words[0].startswith("--from") for s in words[:-1]]
)
def test_what_is_copied_is_there_and_let_in(source: str) -> None:
    kept = run(
        ["git", "ls-files", "--", source], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert kept
    let_in = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    ]
    assert any(source == each or source.startswith(f"{each}/") for each in let_in)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the last stage, as the image holds them."""
    folder = tmp_path_factory.mktemp("image")
    last = max(n for n, step in enumerate(steps()) if step.startswith("FROM "))
    for words in (step.split()[1:] for step in steps()[last:] if step.startswith("COPY ")):
        source, target = [word for word in words if not word.startswith("--")]
        if source.removeprefix(INSIDE) == ".venv":
            continue
        there, here = ROOT / source.removeprefix(INSIDE), folder / target
        if there.is_dir():
            shutil.copytree(
                there,
                here,
                ignore=shutil.ignore_patterns("__pycache__", "dist"),
                dirs_exist_ok=True,
            )
        else:
            shutil.copy2(there, here)
    return folder


@pytest.fixture(scope="module")
def place(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that was set up with nothing but the image's files; the answers came in by the
    input, as compose gives them."""
    place = tmp_path_factory.mktemp("data")
    order = shlex.join(["python", "-m", *services()["setup"]["command"]])
    done = order_in(image, place, order, ANSWERS.format(place=place))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "http://127.0.0.1:8000/clave/" in done.stdout
    return place


def env_of(place: Path) -> dict[str, str]:
    kept = {
        n: v
        for n, v in os.environ.items()
        if n not in ("DATABASE_URL", "DEMO", "BASE_URL", "SECRET_KEY", "VENTANILLA_CONFIG")
    }
    beside = str(Path(sys.executable).parent)
    return {
        **kept,
        "PATH": f"{beside}:{kept['PATH']}",
        "FLASK_APP": "app",
        "INSTANCE": str(place),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def order_in(
    image: Path, place: Path, order: str, given: str = ""
) -> "subprocess.CompletedProcess[str]":
    return run(
        ["sh", "-c", order],
        cwd=image,
        env=env_of(place),
        input=given,
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_files_of_the_image_suffice_and_nothing_is_written_among_them(
    image: Path, place: Path
) -> None:
    before = sorted(image.rglob("*"))
    said = order_in(image, place, "python -m flask doctor")
    assert "Diagramas en vigor: 27" in said.stdout, said.stdout + said.stderr
    assert sorted(image.rglob("*")) == before


@pytest.fixture
def listening(image: Path, place: Path) -> Iterator[Path]:
    """The folder in which the web of these files listens; nobody answers there before and after."""
    assert healthy(place) is False
    order = [sys.executable, "-m", *(there(place, word) for word in of_itself())]
    web = spawn(order, cwd=image, env=env_of(place), stderr=subprocess.DEVNULL)
    yield place
    web.send_signal(signal.SIGTERM)
    assert web.wait(60) == 0
    assert healthy(place) is False


def there(place: Path, word: str) -> str:
    return word.replace("/var/lib/ventanilla-web", str(place))


def healthy(place: Path) -> bool:
    python, *rest = [there(place, word) for word in health()]
    assert python == "python"
    aside = {**os.environ, "http_proxy": "http://127.0.0.1:9"}  # an engine passes the machine's on
    return run([sys.executable, *rest], env=aside, capture_output=True).returncode == 0


def test_the_check_of_health_says_whether_the_web_answers(listening: Path) -> None:
    until(lambda: healthy(listening) or None)


# --- what is composed -----------------------------------------------------------------------------
def test_the_check_of_health_is_said_again_where_the_image_may_have_lost_it() -> None:
    assert services()["web"]["healthcheck"]["test"] == ["CMD", *health()]


@pytest.mark.parametrize("service", OURS)
def test_the_account_inside_may_write_where_something_is_mounted(service: str) -> None:
    for mount in services()[service]["volumes"]:
        assert mount.split(":")[1] in made_for_the_account()


@pytest.mark.parametrize(
    "name",
    [
        "answers.toml",
        "postgres-password",
        "secrets/database-owner",
        "secrets.x7YqQ2/made/database-web",
    ],
)
def test_what_is_secret_beside_the_compose_file_is_never_committed(name: str) -> None:
    assert (
        run(["git", "check-ignore", "--quiet", f"deploy/container/{name}"], cwd=ROOT).returncode
        == 0
    )


def backup_script() -> str:
    shell, flag, script = services()["backup"]["command"]
    assert (shell, flag) == ("/bin/sh", "-c")
    return str(script).replace("$$", "$")


def test_the_backup_waits_for_two_in_the_morning_and_forgets_what_is_old(tmp_path: Path) -> None:
    """Played with a clock that is told and a `flask backup` that only writes its file; the second
    night does not come."""
    kept, tools = tmp_path / "backups", tmp_path / "tools"
    for folder in (kept, tools):
        folder.mkdir()
    waited = tmp_path / "waited"
    shims = {
        "sleep": f'[ -e {waited} ] && exec kill -TERM "$PPID"; echo "$1" > {waited}',
        "flask": '[ "$1" = backup ] && echo copy > "$2"',
        "date": 'case "$*" in "-d tomorrow 02:00 +%s") exec /bin/date -d "2026-11-30 02:00 -0500" +%s;;'
        ' "+%s") exec /bin/date -d "2026-11-29 00:30 -0500" +%s;; *) exec /bin/date "$@";; esac',
    }
    for name, body in shims.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}\n", "ascii")
        (tools / name).chmod(0o755)
    old, other = kept / "ventanilla-20260101T020000.tar.gz", kept / "of-somebody-else.tar.gz"
    for file in (old, other):
        file.write_text("old", "ascii")
        os.utime(file, (0, 0))

    script = backup_script().replace("/backups", str(kept))
    done = run(
        ["/bin/sh", "-c", script],
        env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"},
        timeout=60,
    )

    assert done.returncode == 0  # told to end while it waits, it ends
    assert int(waited.read_text("ascii")) == 90 * 60
    new = [
        file
        for file in kept.iterdir()
        if re.fullmatch(r"ventanilla-\d{8}T\d{6}\.tar\.gz", file.name)
    ]
    assert [file.read_text("ascii") for file in new] == ["copy\n"]
    assert other.exists()


# --- what is ordered ------------------------------------------------------------------------------
def orders() -> Iterator[tuple[str, list[str]]]:
    """Each `flask …` of the files, and where it stands."""
    yield "Containerfile", of_itself()[1:]
    for name in ("setup", "web", "worker"):
        yield f"compose {name}", services()[name]["command"][1:]
    for unit in UNITS:
        (started,) = re.findall(
            r"^ExecStart=.*? -m flask ([^'\n]+)", unit.read_text("utf-8"), re.MULTILINE
        )
        yield unit.name, shlex.split(str(started).replace("%i", "8000"))


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, click.Command]:
    return create_app(
        Config.from_environment({"INSTANCE": str(tmp_path_factory.mktemp("commands"))})
    ).cli.commands


@pytest.mark.parametrize("words", [pytest.param(words, id=where) for where, words in orders()])
def test_what_is_ordered_is_a_command_that_takes_these_words(
    words: list[str], commands: Mapping[str, click.Command]
) -> None:
    command = commands[words[0]]
    assert command.make_context(words[0], list(words[1:])).command is command


# --- systemd --------------------------------------------------------------------------------------
def unit(path: Path) -> dict[str, list[str]]:
    """Its settings; one that stands several times has all its values."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", path.read_text("utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


def manual() -> str:
    return (ROOT / "docs/operate.md").read_text("utf-8")


OF_UNIT = {
    "ventanilla-web@.service": "web",
    "ventanilla-worker@.service": "worker",
    "ventanilla-backup.service": "worker",
}
THEIR_SECRETS = ("owner", "web", "worker")


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_as_an_account_of_the_document_and_reads_the_secrets_of_that_one_only(
    path: Path,
) -> None:
    said, who = unit(path), OF_UNIT[path.name]
    account = f"ventanilla-{who}"
    assert (said["User"], said["Group"], said["SupplementaryGroups"]) == (
        [account],
        [account],
        ["ventanilla"],
    )
    assert (
        f"useradd --system --user-group --groups ventanilla --no-create-home --home-dir /nonexistent {account}\n"
        in manual()
    )
    assert said["WorkingDirectory"] == ["/opt/ventanilla"]
    # systemd reads it before the process is there
    assert said["EnvironmentFile"] == [f"-/etc/ventanilla/{who}.env"]
    closed = set(said["InaccessiblePaths"][0].split())
    assert {f"-/etc/ventanilla/{each}.env" for each in THEIR_SECRETS} <= closed
    keyed = any(each.startswith("EVIDENCE_KEY=") for each in said["Environment"])
    assert keyed is (who == "worker")
    assert ("-/var/lib/ventanilla-worker" in closed) is (who == "web")


def test_the_key_of_the_log_lies_where_only_the_worker_enters() -> None:
    said = unit(ROOT / "deploy/systemd/ventanilla-worker@.service")
    assert (said["StateDirectory"], said["StateDirectoryMode"]) == (["ventanilla-worker"], ["0700"])
    assert "EVIDENCE_KEY=/var/lib/ventanilla-worker/evidence.key" in said["Environment"]
    assert "StateDirectory" not in unit(ROOT / "deploy/systemd/ventanilla-web@.service")


SANDBOX = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "ProtectProc": "invisible",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes",
    "ProtectClock": "yes",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "RestrictNamespaces": "yes",
    "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "SystemCallFilter": "@system-service",
    "CapabilityBoundingSet": "",
}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_may_do_and_reach_no_more_than_it_needs(path: Path) -> None:
    said = unit(path)
    assert {name: said.get(name) for name in SANDBOX} == {
        name: [value] for name, value in SANDBOX.items()
    }
    assert (said["IPAddressDeny"], said["IPAddressAllow"]) == (["any"], ["localhost"])
    writable = set(said["ReadWritePaths"][0].split())
    assert writable <= {"/var/lib/ventanilla", "/var/backups/ventanilla"}


def test_whom_a_process_speaks_to_is_a_list_that_the_document_explains() -> None:
    said = (ROOT / "deploy/systemd/systems.conf").read_text("utf-8")
    lines = [line for line in said.splitlines() if line and not re.match(r"# ", line)]
    assert lines[0] == "[Service]"
    assert len(lines) > 3
    # nobody is let in by a file of ours
    assert all(re.fullmatch(r"#IPAddressAllow=[0-9.]+", line) for line in lines[1:])
    told = manual().split("## Whom it speaks to\n")[1].split("\n## ")[0]
    for setting in (
        "DATABASE_URL",
        "SMTP_HOST",
        "CCTEX_URL",
        "CRM_CONFIG",
        "SERVICES_CONFIG",
        "DIGITURNO_CONFIG",
        "ENTITY_WEB_HOSTS",
    ):
        assert f"`{setting}`" in told
    for setting in (
        "DOCUMENTS_S3_ENDPOINT",
        "CLAMD",
        "EVIDENCE_WITNESSES",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "BASE_URL",
    ):
        assert f"`{setting}`" in told


def test_proxy_and_web_meet_at_a_socket_of_the_file_system_and_at_no_port() -> None:
    web = unit(ROOT / "deploy/systemd/ventanilla-web@.service")
    (where,) = re.findall(r"--socket (\S+)$", web["ExecStart"][0])
    assert (where, web["RuntimeDirectory"], web["RuntimeDirectoryMode"]) == (
        "/run/ventanilla-web/%i.sock",
        ["ventanilla-web"],
        ["0750"],
    )
    first = where.replace("%i", "1")
    nginx, caddy = (
        (ROOT / "deploy/proxy" / name).read_text("utf-8") for name in ("nginx.conf", "Caddyfile")
    )
    assert re.findall(r"^\s+server (unix:\S+|[\d.]+:\d+)", nginx, re.MULTILINE) == [f"unix:{first}"]
    assert re.findall(r"^\treverse_proxy (\S+)", caddy, re.MULTILINE) == [
        f"{{$UPSTREAM:unix/{first}}}"
    ]


def by_hand(tmp_path: Path) -> str:
    """The script that root runs, with the folders of this machine below another one, and a
    `setpriv` that tells what it was given."""
    script = (ROOT / "deploy/systemd/ventanilla").read_text("ascii")
    for place in ("/etc/ventanilla", "/opt/ventanilla", "/etc/credstore.encrypted"):
        (tmp_path / place[1:]).mkdir(parents=True, exist_ok=True)
        script = script.replace(place, str(tmp_path / place[1:]))
    (tmp_path / "setpriv").write_text('#!/bin/sh\necho "$@"\npwd\numask\nenv\n', "ascii")
    (tmp_path / "setpriv").chmod(0o755)
    return script


@pytest.mark.parametrize(
    ("who", "account"),
    [("owner", "ventanilla"), ("web", "ventanilla-web"), ("worker", "ventanilla-worker")],
)
def test_a_command_by_hand_runs_as_its_account_with_the_settings_of_that_one(
    tmp_path: Path, who: str, account: str
) -> None:
    script = by_hand(tmp_path)
    url = "postgresql://v:p%24(touch x)@db/ventanilla?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    for each in THEIR_SECRETS:
        (tmp_path / f"etc/ventanilla/{each}.env").write_text(
            f"# of {each}\nDATABASE_URL={url}&of={each}\n", "ascii"
        )
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = run(
        ["sh", "-c", script, "ventanilla", who, "db", "upgrade"],
        env=env,
        capture_output=True,
        text=True,
    )
    order, folder, mask, *told = done.stdout.splitlines()
    assert (
        order
        == f"--reuid {account} --regid {account} --init-groups --no-new-privs .venv/bin/python -m flask db upgrade"
    )
    assert (folder, mask) == (str(tmp_path / "opt/ventanilla"), "0007")
    assert f"DATABASE_URL={url}&of={who}" in told
    assert ("EVIDENCE_KEY=/var/lib/ventanilla-worker/evidence.key" in told) is (who == "worker")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("SMTP_PASSWORD=cl$(touch x)#ve", "cl$(touch x)#ve"),
        ('SMTP_PASSWORD="una clave"', "una clave"),
        ("SMTP_PASSWORD='una \"clave\"'", 'una "clave"'),
        ("SMTP_PASSWORD='una", "'una"),
        ('SMTP_PASSWORD="', '"'),
        ('  SMTP_PASSWORD = " clave "  ', " clave "),
        ("SMTP_PASSWORD=una clave\t", "una clave"),
        ("SMTP_PASSWORD=", ""),
        ("; SMTP_PASSWORD=clave", None),
    ],
)
def test_a_line_of_settings_is_read_by_hand_as_systemd_reads_it(
    tmp_path: Path, line: str, value: str | None
) -> None:
    """systemd.exec(5): spaces around name and value go, and the quotes around a value; no line of
    ours has a backslash."""
    script = by_hand(tmp_path)
    # no end of line: it is read all the same
    (tmp_path / "etc/ventanilla/worker.env").write_text(line, "ascii")
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = run(
        ["sh", "-c", script, "ventanilla", "worker", "doctor"],
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = [
        each.partition("=")[2]
        for each in done.stdout.splitlines()
        if each.startswith("SMTP_PASSWORD=")
    ]
    assert told == ([] if value is None else [value])


# --- PostgreSQL at its socket ---------------------------------------------------------------------
ME = pwd.getpwuid(os.geteuid()).pw_name
ACCOUNTS = {
    "ventanilla": "ventanilla",
    "ventanilla_web": "ventanilla-web",
    "ventanilla_worker": "ventanilla-worker",
    "ventanilla_lee": "root",
}
#: Those of the map that whoever runs this is already.
OURSELVES = {role for role, account in ACCOUNTS.items() if account == ME}
FROM_NOTHING = ("One machine, by hand", "From a machine of before")
FROM_PASSWORDS = "From passwords of PostgreSQL to none"


@dataclass(frozen=True)
class Debian:
    """PostgreSQL with the rules that Debian gives it; whoever runs this is its administrator, as
    `postgres` is there."""

    etc: Path
    env: Mapping[str, str]
    server: str

    def told(self, lines: str) -> str:
        """Lines of the document, by root, with what they name below /etc/postgresql, and a reload
        that is waited for."""
        here = lines.replace("/etc/postgresql/*/main/", f"{self.etc}/").replace(
            "systemctl reload postgresql", "true"
        )
        done = run(
            ["sh", "-eu", "-c", here], cwd=ROOT, env=self.env, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        before = self.asked("SELECT pg_conf_load_time()")
        self.asked("SELECT pg_reload_conf()")
        until(lambda: self.asked("SELECT pg_conf_load_time()") != before or None)
        return str(done.stdout)

    def asked(self, statement: str) -> str:
        order = ["psql", "-X", "-At", "-c", statement]
        return str(
            run(order, env=self.env, capture_output=True, text=True, check=True).stdout
        ).strip()

    def lets_in(self, **given: str) -> set[str]:
        """The roles as which whoever runs this enters."""
        order = ["psql", "-X", "-w", "-d", "ventanilla", "-c", "SELECT 1", "-U"]
        env = {**self.env, **given}
        return {
            role
            for role in ACCOUNTS
            if run([*order, role], env=env, capture_output=True).returncode == 0
        }

    def mapped(self, *roles: str) -> None:
        """The accounts of these roles are whoever runs this, of the map that is shipped, and of
        nobody else's."""
        shipped = (ROOT / "deploy/postgresql/pg_ident.conf").read_text("ascii").splitlines()
        lines = [line.split() for line in shipped if not line.startswith("#")]
        of_another = [
            f"{m} {ME if role in roles else account.replace(ME, 'another')} {role}"
            for m, account, role in lines
        ]
        (self.etc / "pg_ident.conf").write_text(
            "\n".join([f"admin {ME} postgres", *of_another]) + "\n", "ascii"
        )
        self.told("true")


@pytest.fixture
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    server = wheel().server(tmp_path_factory.mktemp("debian"), cleanup_mode="stop")
    try:
        uri = sa.engine.make_url(server.get_uri())
        db = sa.create_engine(
            uri.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
        )
        with db.connect() as connection:
            settings = [
                Path(str(connection.scalar(sa.text(f"SHOW {name}"))))
                for name in ("hba_file", "ident_file")
            ]
            tools = str(
                connection.scalar(sa.text("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
            )
            settings[0].write_text(
                "local all postgres peer map=admin\nlocal all all peer\nhost all all 127.0.0.1/32 scram-sha-256\n",
                "ascii",
            )
            settings[1].write_text(f"admin {ME} postgres\n", "ascii")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
        db.dispose()
        env = {
            "PATH": f"{tools}:/usr/bin:/bin",
            "PGHOST": str(uri.query["host"]),
            "PGUSER": "postgres",
            "PGDATABASE": "postgres",
        }
        yield Debian(settings[0].parent, env, str(uri.query["host"]))
    finally:
        server.cleanup()


def of_postgresql(heading: str) -> str:
    """The lines that make the roles and say who enters as which."""
    theirs = ("psql -f", "tee -a /etc/postgresql", "sed -i '1i local")
    lines = [line for line in blocks(heading)[0].splitlines() if line.startswith(theirs)]
    assert [line.split()[0] for line in lines] == (
        ["tee", "sed"] if heading == FROM_PASSWORDS else ["psql", "tee", "sed"]
    )
    return "\n".join(lines)


def without_a_password() -> str:
    """The lines that take the password of a role away; the same for each machine of before."""
    (one,), (other,) = (
        [
            line
            for block in blocks(heading)
            for line in block.replace("\\\n", "").splitlines()
            if line.startswith("psql -c")
        ]
        for heading in ("From a machine of before", FROM_PASSWORDS)
    )
    assert one == other
    return one


@pytest.mark.parametrize("heading", FROM_NOTHING)
def test_postgresql_knows_each_account_of_the_machine_and_lets_it_into_its_own_role_alone(
    heading: str, debian: Debian
) -> None:
    debian.told(of_postgresql(heading))
    assert (
        debian.asked("SELECT rolname FROM pg_authid WHERE rolcanlogin AND rolpassword IS NOT NULL")
        == ""
    )
    assert debian.lets_in() == OURSELVES
    for role in ACCOUNTS:
        debian.mapped(role)
        assert debian.lets_in() == {role}
    debian.mapped()
    debian.asked("ALTER ROLE ventanilla_web PASSWORD 'suya'")
    assert debian.lets_in(PGPASSWORD="suya") == set()  # who is not mapped is asked for none


def test_each_process_works_with_the_url_of_the_document_and_without_a_password(
    debian: Debian, image: Path, tmp_path: Path
) -> None:
    told = [(re.fullmatch(r"`(\w+)\.env`", row[0]), row[-1]) for row in rows(manual())]
    urls = [
        (file[1], holds.strip("`").removeprefix("DATABASE_URL=")) for file, holds in told if file
    ]
    assert [name for name, _url in urls] == list(THEIR_SECRETS)
    debian.told(of_postgresql("One machine, by hand"))
    debian.mapped("ventanilla", "ventanilla_web", "ventanilla_worker")

    def order(who: str, words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        (url,) = [url for name, url in urls if name == who]
        env = {
            **env_of(tmp_path),
            "DATABASE_URL": url.replace("/var/run/postgresql", debian.server),
            "EVIDENCE_KEY": str(tmp_path / "key"),
        }
        env["PATH"] = f"{debian.env['PATH'].split(':')[0]}:{env['PATH']}"
        words = f"{sys.executable} -m flask {words}"
        return run(
            ["sh", "-c", words],
            cwd=image,
            env=env,
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
        )

    answers = re.sub(r"^database_url.*\n", "", ANSWERS, flags=re.MULTILINE).replace(
        '"m5_1_02", ', ""
    )
    begun = order("owner", "setup --file -", answers)
    assert begun.returncode == 0, begun.stdout + begun.stderr
    kept = order("worker", f"backup {tmp_path}/copy.tar.gz")
    assert kept.returncode == 0, kept.stdout + kept.stderr
    looked = order("web", "doctor").stdout
    for line in (
        "Nadie que atiende puede cambiarlo ni borrarlo.",
        "Este proceso no alcanza los de otros.",
        "van cifradas.",
    ):
        assert line in looked
    debian.mapped()
    refused = order("web", "db current")
    assert (refused.returncode, "no acepta la cuenta" in refused.stderr) == (1, True), (
        refused.stderr
    )


def test_a_role_is_made_with_a_password_only_where_one_is_given_and_keeps_what_it_has(
    debian: Debian,
) -> None:
    made = "psql -v reader_password=\"'de lectura'\" -f deploy/postgresql/roles.sql"
    debian.told(made)
    debian.told("psql -f deploy/postgresql/roles.sql")
    with_one = (
        "SELECT rolname FROM pg_authid WHERE rolname LIKE 'ventanilla%' AND rolpassword IS NOT NULL"
    )
    assert debian.asked(with_one) == "ventanilla_lee"
    debian.told(without_a_password())
    assert debian.asked(with_one) == ""


def test_a_machine_whose_roles_had_passwords_goes_over_while_it_runs(
    debian: Debian, tmp_path: Path
) -> None:
    """What runs has its password in its URL until it starts again; PostgreSQL does not ask for it
    from the second line on."""
    words = " ".join(
        f"-v {who}_password=\"'{who}'\"" for who in ("owner", "web", "worker", "reader")
    )
    rule = f"local ventanilla {','.join(ACCOUNTS)} scram-sha-256"
    debian.told(
        f"psql {words} -f deploy/postgresql/roles.sql; sed -i '1i {rule}' /etc/postgresql/*/main/pg_hba.conf"
    )
    assert debian.lets_in(PGPASSWORD="web") == {"ventanilla_web"}
    debian.told(of_postgresql(FROM_PASSWORDS))
    debian.mapped("ventanilla_web")
    assert debian.lets_in(PGPASSWORD="web") == debian.lets_in() == {"ventanilla_web"}
    assert debian.lets_in(PGPASSWORD="owner") == {"ventanilla_web"}

    (line,) = [
        line
        for line in blocks(FROM_PASSWORDS)[0].splitlines()
        if line.startswith("sed -i '/^DATABASE_URL")
    ]
    for who, query in (
        ("owner", "?host=/var/run/postgresql"),
        ("web", "?host=/var/run/postgresql"),
        ("worker", ""),
    ):
        text = f"# of {who}\nDATABASE_URL=postgresql://ventanilla:p%40s%2F@/ventanilla{query}\nSMTP_PASSWORD=a//b:c@d/\n"
        (tmp_path / f"{who}.env").write_text(text, "ascii")
    (tmp_path / "worker.env").write_text(
        elsewhere := "DATABASE_URL=postgresql://v:c@base.gov.co/ventanilla\n", "ascii"
    )
    run(["sh", "-eu", "-c", line.replace("/etc/ventanilla", str(tmp_path))], check=True)
    expected = "# of web\nDATABASE_URL=postgresql://ventanilla@/ventanilla?host=/var/run/postgresql\nSMTP_PASSWORD=a//b:c@d/\n"
    assert (tmp_path / "web.env").read_text("ascii") == expected
    # of another machine nothing is taken away
    assert (tmp_path / "worker.env").read_text("ascii") == elsewhere

    debian.told(without_a_password())
    assert debian.asked("SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL") == ""
    assert debian.lets_in() == {"ventanilla_web"}


def test_on_sqlite_the_one_account_owns_what_was_made_for_the_worker_and_runs_every_unit(
    tmp_path: Path,
) -> None:
    """Run with the folders of this machine below another one, and a `chown` that tells what it was
    given."""
    first, *_over_the_network, on_sqlite = blocks("One machine, by hand")
    (made,) = re.findall(
        r"^install -d -o ventanilla-worker -g ventanilla-worker -m 700 (.+)$", first, re.MULTILINE
    )
    for folder in ("etc/ventanilla", "etc/systemd/system"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "chown").write_text('#!/bin/sh\necho "$@"\n', "ascii")
    (tmp_path / "chown").chmod(0o755)
    lines = re.sub(r"/etc/(?:ventanilla|systemd)", lambda found: f"{tmp_path}{found[0]}", on_sqlite)
    env = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    for _again in range(2):  # nothing is written twice
        done = run(["sh", "-eu", "-c", lines], env=env, capture_output=True, text=True)
        assert (done.returncode, done.stdout.split()) == (0, ["-R", "ventanilla:", *made.split()])
    key = next(
        each
        for each in unit(ROOT / "deploy/systemd/ventanilla-worker@.service")["Environment"]
        if each.startswith("EVIDENCE_KEY=")
    )
    assert (tmp_path / "etc/ventanilla/ventanilla.toml").read_text(
        "ascii"
    ) == f'evidence_key = "{key.partition("=")[2]}"\n'
    for each in OF_UNIT:
        assert unit(tmp_path / f"etc/systemd/system/{each}.d/account.conf") == {
            "User": ["ventanilla"]
        }


def test_a_machine_without_containers_gets_the_program_without_its_history() -> None:
    steps = manual().split("## One machine, by hand\n")[1].split("```")[1]
    assert "git archive" in steps
    assert not re.search(r"git clone[^\n&]* /opt/ventanilla(?:\s|$)", steps)


# --- a machine of before --------------------------------------------------------------------------
KEPT = """base_url = "https://ventanilla.entidad.gov.co"
database_url = "postgresql://ventanilla:cl$ve&x@/ventanilla?host=/var/run/postgresql"
secret_key = "una que firma, de más de treinta y dos letras"
smtp_password = "del # correo"
evidence_key = "/var/lib/ventanilla/evidence.key"
"""


def blocks(heading: str) -> list[str]:
    return (
        manual().split(f"# {heading}\n")[1].split("\n## ")[0].split("\n### ")[0].split("```")[1::2]
    )


@pytest.fixture
def before(tmp_path: Path) -> dict[str, Path]:
    """As `flask setup`, web and worker of one account had left the folders: files for their owner,
    folders that no group writes in."""
    place = {
        each: tmp_path / each[1:]
        for each in ("/etc/ventanilla", "/var/lib/ventanilla", "/var/lib/ventanilla-worker")
    }
    place["/var/backups/ventanilla"] = tmp_path / "var/backups/ventanilla"
    data = place["/var/lib/ventanilla"]
    for folder in (
        place["/etc/ventanilla"],
        data,
        data / "archivos/aa/bb",
        data / "sellos",
        place["/var/backups/ventanilla"],
    ):
        folder.mkdir(parents=True, mode=0o750)
    for name in (
        "archivos/aa/bb/aabb",
        "secret",
        "evidence.key",
        "evidence.checked",
        "sellos/9.tsr",
    ):
        (data / name).write_text(name, "ascii")
        (data / name).chmod(0o600)
    (place["/etc/ventanilla"] / "ventanilla.toml").write_text(KEPT, "utf-8")
    (place["/etc/ventanilla"] / "ventanilla.toml").chmod(0o600)
    (place["/etc/ventanilla"] / "web.env").write_text(
        "DATABASE_URL=postgresql://ventanilla_web:suya@/ventanilla\n", "ascii"
    )
    return place


def followed(tmp_path: Path, place: Mapping[str, Path], lines: str) -> list[str]:
    """What they said of owners, which only root may change: noted, and done by nobody."""
    noted, tools = tmp_path / "noted", tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    note = f'echo "$(basename "$0") $*" >> {noted}'
    ours = 'while [ "$1" = -o ] || [ "$1" = -g ]; do shift 2; done; case "$2" in -o) f=$1; shift 5; set -- "$f" "$@";; esac'
    shims = {"chown": note, "chgrp": note, "install": f'{note}; {ours}; exec /usr/bin/install "$@"'}
    for name, body in shims.items():
        (tools / name).write_text(f"#!/bin/sh\n{body}\n", "ascii")
        (tools / name).chmod(0o755)
    lines = re.sub(
        r"/(?:etc|var/lib|var/backups)/ventanilla(?:-worker)?(?![\w-])",
        lambda found: str(place[found[0]]),
        lines,
    )
    env = {"PATH": f"{tools}:/usr/bin:/bin"}
    done = run(["sh", "-eu", "-c", lines], env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return noted.read_text("utf-8").replace(str(tmp_path), "").splitlines()


def test_a_machine_of_before_keeps_its_settings_its_key_and_its_documents(
    tmp_path: Path, before: Mapping[str, Path]
) -> None:
    """The lines of the document that move files, run; and run again, which changes nothing."""
    moving = blocks("From a machine of before")[1]
    given = followed(tmp_path, before, moving)
    data, own, etc = (
        before["/var/lib/ventanilla"],
        before["/var/lib/ventanilla-worker"],
        before["/etc/ventanilla"],
    )

    def seen() -> dict[str, tuple[int, str]]:
        files = [
            file
            for folder in (data, own, etc)
            for file in sorted(folder.rglob("*"))
            if file.is_file()
        ]
        return {
            str(f.relative_to(tmp_path)): (f.stat().st_mode & 0o777, f.read_text("utf-8"))
            for f in files
        }

    at_its_socket = "postgresql://ventanilla@/ventanilla?host=/var/run/postgresql"
    of_the_worker = at_its_socket.replace("ventanilla@", "ventanilla_worker@")
    of_all = KEPT.splitlines(keepends=True)
    now = {
        "var/lib/ventanilla/archivos/aa/bb/aabb": (0o660, "archivos/aa/bb/aabb"),
        "var/lib/ventanilla/secret": (0o660, "secret"),
        "var/lib/ventanilla-worker/evidence.key": (0o600, "evidence.key"),
        "var/lib/ventanilla-worker/evidence.checked": (0o600, "evidence.checked"),
        "var/lib/ventanilla-worker/sellos/9.tsr": (0o600, "sellos/9.tsr"),
        "etc/ventanilla/ventanilla.toml": (0o640, of_all[0] + of_all[2]),
        "etc/ventanilla/owner.env": (0o600, f"DATABASE_URL={at_its_socket}\n"),
        "etc/ventanilla/web.env": (0o600, "DATABASE_URL=postgresql://ventanilla_web@/ventanilla\n"),
        "etc/ventanilla/worker.env": (
            0o600,
            f"SMTP_PASSWORD=del # correo\nDATABASE_URL={of_the_worker}\n",
        ),
    }
    assert seen() == now
    assert {
        folder.stat().st_mode & 0o7777 for folder in (data, *data.rglob("*")) if folder.is_dir()
    } == {0o2770}
    assert (own.stat().st_mode & 0o777, etc.stat().st_mode & 0o777) == (0o700, 0o750)
    assert "chgrp -R ventanilla /var/lib/ventanilla" in given
    assert (
        "chown -R ventanilla-worker:ventanilla-worker /var/lib/ventanilla-worker /var/backups/ventanilla"
        in given
    )
    followed(tmp_path, before, moving)
    assert seen() == now


def test_the_lines_for_a_new_machine_empty_no_settings_that_are_there(
    tmp_path: Path, before: Mapping[str, Path]
) -> None:
    made = [line for line in blocks("One machine, by hand")[0].splitlines() if "/dev/null" in line]
    assert len(made) == 2
    followed(tmp_path, before, "\n".join(made))
    etc = before["/etc/ventanilla"]
    assert (etc / "ventanilla.toml").read_text("utf-8") == KEPT
    assert (etc / "web.env").read_text("ascii").startswith("DATABASE_URL=")
    assert {(etc / name).stat().st_mode & 0o777 for name in ("owner.env", "worker.env")} == {0o600}


def test_what_of_before_would_be_in_the_way_ends_before_and_nothing_of_it_is_made_anew() -> None:
    """The instance of a port, a key that nobody knows, a proxy that was not told of its group."""
    stopped, _moved, begun = blocks("From a machine of before")
    assert re.search(r"^systemctl disable --now ventanilla-web@8000 ", stopped, re.MULTILINE)
    assert (
        "test -s /var/lib/ventanilla-worker/evidence.key && ventanilla worker evidence key" in begun
    )
    order = [
        "ventanilla owner db upgrade",
        "cp deploy/systemd/*.service",
        "usermod",
        "enable --now ventanilla-web@1 ",
        "restart nginx",
        "doctor",
    ]
    assert [begun.index(each) for each in order] == sorted(begun.index(each) for each in order)


# --- logs elsewhere -------------------------------------------------------------------------------
def test_what_sends_the_log_elsewhere_is_encrypted_checked_and_takes_every_process_along() -> None:
    sent = yaml.safe_load((ROOT / "deploy/container/logs.yaml").read_text("utf-8"))["services"]
    assert set(sent) == {name for name, each in services().items() if "profiles" not in each}
    for each in sent.values():
        options = each["logging"]["options"]
        assert options["syslog-address"].startswith("tcp+tls://")
        assert "syslog-tls-ca-cert" in options
        assert "syslog-tls-skip-verify" not in options  # Docker takes any value of it for yes
    upload = unit(ROOT / "deploy/logs/journal-upload.conf")
    assert upload["URL"][0].startswith("https://")
    assert upload.keys() == {
        "URL",
        "ServerKeyFile",
        "ServerCertificateFile",
        "TrustedCertificateFile",
    }
    # else the access chain is no line
    assert all("LOG_FORMAT=json" in unit(path)["Environment"][0].split() for path in UNITS)
    assert "LOG_FORMAT=json" in CONTAINERFILE.read_text("utf-8")
    assert all("LOG_FORMAT" not in services()[name]["environment"] for name in OURS)
