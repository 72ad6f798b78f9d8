"""What `deploy/` says, held against the product without a container engine: the image's files suffice, its commands are ours and answer."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from app import Config
from app import create_app
from tests.kit.agency import until
from tests.kit.processes import run
from tests.kit.processes import spawn

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
    return dict(yaml.safe_load((ROOT / "deploy/container/compose.yaml").read_text("utf-8"))["services"])


def made_for_the_account() -> list[str]:
    """Folders that the image makes for the account it runs as."""
    (made,) = re.findall(r"install -d -o ventanilla -g ventanilla -m 750 ([^&]+)", "\n".join(steps()))
    return str(made).split()


def health() -> list[str]:
    (order,) = re.findall(r"^HEALTHCHECK .* CMD (\[.+\])$", "\n".join(steps()), re.MULTILINE)
    return list(json.loads(order))


# --- what is copied -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("source", [s for words in copied() if not words[0].startswith("--from") for s in words[:-1]])
def test_what_is_copied_is_there_and_let_in(source: str) -> None:
    kept = run(["git", "ls-files", "--", source], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert kept
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
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
            shutil.copytree(there, here, ignore=shutil.ignore_patterns("__pycache__", "dist"), dirs_exist_ok=True)
        else:
            shutil.copy2(there, here)
    return folder


@pytest.fixture(scope="module")
def place(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance that was set up with nothing but the image's files; the answers came in by the input, as compose gives them."""
    place = tmp_path_factory.mktemp("data")
    order = shlex.join(["python", "-m", *services()["setup"]["command"]])
    done = order_in(image, place, order, ANSWERS.format(place=place))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "http://127.0.0.1:8000/clave/" in done.stdout
    return place


def env_of(place: Path) -> dict[str, str]:
    kept = {n: v for n, v in os.environ.items() if n not in ("DATABASE_URL", "DEMO", "BASE_URL", "SECRET_KEY", "VENTANILLA_CONFIG")}
    beside = str(Path(sys.executable).parent)
    return {**kept, "PATH": f"{beside}:{kept['PATH']}", "FLASK_APP": "app", "INSTANCE": str(place), "PYTHONDONTWRITEBYTECODE": "1"}


def order_in(image: Path, place: Path, order: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return run(["sh", "-c", order], cwd=image, env=env_of(place), input=given, capture_output=True, text=True, timeout=300)


def test_the_files_of_the_image_suffice_and_nothing_is_written_among_them(image: Path, place: Path) -> None:
    before = sorted(image.rglob("*"))
    said = order_in(image, place, "python -m flask doctor")
    assert "Diagramas en vigor: 27" in said.stdout, said.stdout + said.stderr
    assert sorted(image.rglob("*")) == before


@pytest.fixture
def port(image: Path, place: Path) -> Iterator[int]:
    """Where the web of these files answers; nobody answers there before and after."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = int(asked.getsockname()[1])
    assert healthy(port) is False
    order = [sys.executable, "-m", "flask", "serve", "--port", str(port)]
    web = spawn(order, cwd=image, env=env_of(place), stderr=subprocess.DEVNULL)
    yield port
    web.send_signal(signal.SIGTERM)
    assert web.wait(60) == 0
    assert healthy(port) is False


def healthy(port: int) -> bool:
    python, *rest = [word.replace("8000", str(port)) for word in health()]
    assert python == "python"
    aside = {**os.environ, "http_proxy": "http://127.0.0.1:9"}  # an engine passes the machine's on
    return run([sys.executable, *rest], env=aside, capture_output=True).returncode == 0


def test_the_check_of_health_says_whether_the_web_answers(port: int) -> None:
    until(lambda: healthy(port) or None)


# --- what is composed ---------------------------------------------------------------------------------------------------
def test_the_check_of_health_is_said_again_where_the_image_may_have_lost_it() -> None:
    assert services()["web"]["healthcheck"]["test"] == ["CMD", *health()]


@pytest.mark.parametrize("service", OURS)
def test_the_account_inside_may_write_where_something_is_mounted(service: str) -> None:
    for mount in services()[service]["volumes"]:
        assert mount.partition(":")[2] in made_for_the_account()


@pytest.mark.parametrize("service", OURS)
def test_no_file_that_only_its_owner_reads_is_mounted_for_the_account_inside(service: str) -> None:
    assert "secrets" not in services()[service]


@pytest.mark.parametrize("name", ["answers.toml", "postgres-password"])
def test_what_is_secret_beside_the_compose_file_is_never_committed(name: str) -> None:
    assert run(["git", "check-ignore", "--quiet", f"deploy/container/{name}"], cwd=ROOT).returncode == 0


def backup_script() -> str:
    shell, flag, script = services()["backup"]["command"]
    assert (shell, flag) == ("/bin/sh", "-c")
    return str(script).replace("$$", "$")


def test_the_backup_waits_for_two_in_the_morning_and_forgets_what_is_old(tmp_path: Path) -> None:
    """Played with a clock that is told and a `flask backup` that only writes its file; the second night does not come."""
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
    done = run(["/bin/sh", "-c", script], env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}"}, timeout=60)

    assert done.returncode == 0  # told to end while it waits, it ends
    assert int(waited.read_text("ascii")) == 90 * 60
    new = [file for file in kept.iterdir() if re.fullmatch(r"ventanilla-\d{8}T\d{6}\.tar\.gz", file.name)]
    assert [file.read_text("ascii") for file in new] == ["copy\n"]
    assert other.exists()


# --- what is ordered ----------------------------------------------------------------------------------------------------
def orders() -> Iterator[tuple[str, list[str]]]:
    """Each `flask …` of the files, and where it stands."""
    yield "Containerfile", json.loads(next(step for step in steps() if step.startswith("CMD ")).removeprefix("CMD "))[1:]
    for name in ("setup", "web", "worker"):
        yield f"compose {name}", services()[name]["command"][1:]
    for unit in UNITS:
        (started,) = re.findall(r"^ExecStart=.*? -m flask ([^'\n]+)", unit.read_text("utf-8"), re.MULTILINE)
        yield unit.name, shlex.split(str(started).replace("%i", "8000"))


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, click.Command]:
    return create_app(Config.from_environment({"INSTANCE": str(tmp_path_factory.mktemp("commands"))})).cli.commands


@pytest.mark.parametrize("words", [pytest.param(words, id=where) for where, words in orders()])
def test_what_is_ordered_is_a_command_that_takes_these_words(words: list[str], commands: Mapping[str, click.Command]) -> None:
    command = commands[words[0]]
    assert command.make_context(words[0], list(words[1:])).command is command


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_as_the_account_of_the_document_where_the_document_puts_it(unit: Path) -> None:
    said = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text("utf-8"), re.MULTILINE))
    manual = (ROOT / "docs/operate.md").read_text("utf-8")
    assert f"--system --home-dir /var/lib/{said['StateDirectory']} --create-home {said['User']}" in manual
    assert f"{said['WorkingDirectory']} && cd {said['WorkingDirectory']}" in manual
