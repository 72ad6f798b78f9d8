"""The peers, each in an environment of its own outside of this repository; none is a dependency of
ours.

`install` makes the environment once, in the cache folder; a peer that cannot be had is skipped and
the report says why.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

from bench import models
from bench.peers import rest
from bench.place import Server, free_port, raw_postgres, timed
from tests.kit import processes

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODELS = (11, 200, 10, 20)
INSTALL_SECONDS = 300
RUN_SECONDS = 150  # the whole bench is to end within ten minutes
START_SECONDS = 240.0  # of a virtual machine that makes its tables, on a slow day
PEOPLE, LOAD_SECONDS = 8, 15.0  # as bench.forms
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>peer</artifactId><version>1</version>
<dependencyManagement><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId>
<version>3.5.10</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>
<dependencies>
<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-jdbc</artifactId></dependency>
<dependency><groupId>org.operaton.bpm.springboot</groupId><artifactId>operaton-bpm-spring-boot-starter-rest</artifactId>
<version>1.0.3</version></dependency>
<dependency><groupId>org.postgresql</groupId><artifactId>postgresql</artifactId><version>42.7.7</version></dependency>
</dependencies></project>
"""


class Unavailable(Exception):
    """This peer cannot be measured here."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a peer's driver printed, and the median of the bare row before and after it."""

    name: str
    how: str
    values: dict[str, Any]
    floor: float


@dataclass(frozen=True, slots=True)
class Skipped:
    name: str
    reason: str


def cache() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "ventanilla-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def call(order: list[str], folder: Path, seconds: float, **more: Any) -> str:
    """Standard output; Unavailable with the end of what it said instead."""
    try:
        done = processes.run(
            order, cwd=folder, capture_output=True, text=True, timeout=seconds, **more
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{order[0]}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["nothing"]
        raise Unavailable(f"{Path(order[0]).name} ended with {done.returncode}: {said[-1][:200]}")
    return done.stdout


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"no {name} on this machine")
    return found


# --- environments ---------------------------------------------------------------------------------
def made(name: str, make: Callable[[Path], None]) -> Path:
    """The environment of this name, made whole or not at all."""
    folder = cache() / name
    if not (folder / ".complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        make(folder)
        (folder / ".complete").touch()
    return folder


def viewflow_environment(folder: Path) -> None:
    venv.create(folder / "venv", with_pip=True)
    wanted = ["django-viewflow==2.4.0", "psycopg[binary]", "waitress"]
    call(
        [str(folder / "venv/bin/python"), "-m", "pip", "install", "--quiet", *wanted],
        folder,
        INSTALL_SECONDS,
    )


def node_environment(folder: Path) -> None:
    (folder / "package.json").write_text('{"private": true}', "utf-8")
    call(
        [
            program("npm"),
            "install",
            "--no-audit",
            "--no-fund",
            "--silent",
            "bpmn-engine@25.0.1",
            "pg@8",
        ],
        folder,
        INSTALL_SECONDS,
    )


def java_environment(folder: Path) -> None:
    program("java")
    (folder / "pom.xml").write_text(POM, "utf-8")
    call(
        [program("mvn"), "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=lib"],
        folder,
        INSTALL_SECONDS,
    )
    call(
        [program("javac"), "-cp", "lib/*", "-d", "classes", str(HERE / "OperatonRest.java")],
        folder,
        INSTALL_SECONDS,
    )
    # by itself it says all
    (folder / "classes" / "logback.xml").write_text(
        '<configuration><root level="OFF"/></configuration>', "utf-8"
    )


# --- runs -----------------------------------------------------------------------------------------
def spiff(uri: str, rounds: int, files: list[str]) -> dict[str, Any]:
    return parsed(
        call(
            [sys.executable, "-m", "bench.peers.spiff", uri, str(rounds), *files], ROOT, RUN_SECONDS
        )
    )


def bpmn_engine(uri: str, rounds: int, files: list[str]) -> dict[str, Any]:
    folder = made("bpmn-engine", node_environment)
    return parsed(
        call(
            [program("node"), str(HERE / "bpmn_engine.mjs"), uri, str(rounds), *files],
            folder,
            RUN_SECONDS,
        )
    )


def operaton(uri: str, rounds: int, files: list[str]) -> dict[str, Any]:
    folder = made("operaton-1.0.3", java_environment)
    address = uri.replace("postgresql://postgres@", "jdbc:postgresql://")
    places = os.pathsep.join([str(folder / "classes"), str(folder / "lib" / "*")])
    order = [
        program("java"),
        "-cp",
        places,
        str(HERE / "Operaton.java"),
        address,
        str(rounds),
        *files,
    ]
    return parsed(call(order, folder, RUN_SECONDS))


def operaton_rest(uri: str, _rounds: int, files: list[str]) -> dict[str, Any]:
    folder, port = made("operaton-1.0.3", java_environment), free_port()
    places = os.pathsep.join([str(folder / "classes"), str(folder / "lib" / "*")])
    address = uri.replace("postgresql://postgres@", "jdbc:postgresql://")
    order = [
        program("java"),
        "-cp",
        places,
        "OperatonRest",
        address,
        str(port),
        files[MODELS.index(200)],
    ]
    with serving(order, dict(os.environ)) as child:
        until_it_answers(port, child)
        return {"version": "1.0.3", "load": rest.load(port, PEOPLE, LOAD_SECONDS)}


def until_it_answers(port: int, child: "subprocess.Popen[bytes]") -> None:
    """With the process deployed."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if child.poll() is not None:
            raise Unavailable(f"it ended with {child.returncode} while it started")
        try:
            if rest.Client(port).ask("GET", "/process-definition/count?key=Lineal200")["count"]:
                return
        except (OSError, HTTPException, RuntimeError):
            time.sleep(0.5)
    raise Unavailable("the REST interface does not answer")


def viewflow(uri: str, rounds: int, _files: list[str]) -> dict[str, Any]:
    python = str(made("viewflow", viewflow_environment) / "venv/bin/python")
    site, ports = str(HERE / "viewflow_site" / "site.py"), [str(free_port()), str(free_port())]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    call([python, site, "prepare", uri], cache(), RUN_SECONDS, env=environment)
    with (
        serving([python, site, "serve", uri, ports[0]], environment),
        serving([python, site, "serve", uri, ports[1]], environment),
    ):
        values = parsed(
            call(
                [python, site, "measure", uri, str(rounds), ports[0]],
                cache(),
                RUN_SECONDS,
                env=environment,
            )
        )
        order = [python, site, "load", uri, str(PEOPLE), str(LOAD_SECONDS), *ports]
        return {**values, "load": parsed(call(order, cache(), RUN_SECONDS, env=environment))}


@contextmanager
def serving(order: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    child = processes.spawn(
        order,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    try:
        yield child
    finally:
        child.communicate(timeout=10)


def parsed(text: str) -> dict[str, Any]:
    return dict(json.loads(text.strip().splitlines()[-1]))


PEERS: tuple[tuple[str, str, Callable[[str, int, list[str]], dict[str, Any]]], ...] = (
    (
        "SpiffWorkflow, raw",
        "workflow in memory, stock serializer, whole state into one row at each step, no history",
        spiff,
    ),
    (
        "bpmn-engine",
        "execution in memory, `getState()` into one row at each step, no history",
        bpmn_engine,
    ),
    (
        "Operaton",
        "embedded, history full, `taskService.complete` with two variables, warm virtual machine",
        operaton,
    ),
    (
        "Operaton REST",
        "Spring Boot, history full; a form is `complete` with two variables and the query for the next task of the case",
        operaton_rest,
    ),
    ("viewflow", "Django with sessions and CSRF; a form view at each task", viewflow),
)


def run(
    server: Server, folder: Path, rounds: int, only: frozenset[str]
) -> list[Measured | Skipped]:
    files = []
    for steps in MODELS:
        file = folder / f"lineal{steps}.bpmn"
        file.write_bytes(models.plain(steps))
        files.append(str(file))
    results: list[Measured | Skipped] = []
    for name, how, measure in PEERS:
        if only and not any(part in name.lower() for part in only):
            continue
        with server.database("peer") as database:
            floor = raw_postgres(server.uri(database))
            before = [timed(floor) for _ in range(rounds)]
            try:
                values = measure(server.uri(database), rounds, files)
            except Unavailable as missing:
                sys.stderr.write(f"*** SKIPPED: {name}: {missing}\n")
                results.append(Skipped(name, str(missing)))
                continue
            after = [timed(floor) for _ in range(rounds)]
            results.append(Measured(name, how, values, statistics.median([*before, *after])))
    return results
