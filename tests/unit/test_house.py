"""The house keeps its rules: an engine that knows no procedure, modules that say what they are, targets that are documented."""

import ast
import re
import tokenize
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("common", "engine", "records", "handlers", "webforms", "demo", "bench", "tools", "migrations", "tests")
MODULES = sorted([ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))])
ENGINE = [path for path in MODULES if path.is_relative_to(ROOT / "engine")]
FACE = ("__init__", "clock", "commands", "errors", "reads", "states", "types")
PROCEDURE = re.compile(r"turno|digiturno|icetex|M5[-_]1|asesor|punto_id", re.IGNORECASE)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def source(path: Path) -> str:
    with tokenize.open(path) as file:
        return file.read()


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):(?!=)", source(ROOT / "Makefile"), re.MULTILINE))


@pytest.mark.parametrize("path", ENGINE, ids=name)
def test_the_engine_knows_no_word_of_the_procedure(path: Path) -> None:
    assert PROCEDURE.findall(source(path)) == []


def test_every_room_behind_the_face_of_the_engine_is_closed_to_pages_handlers_and_demo() -> None:
    """The contract lists what is closed; a room that is new and not part of the face belongs on the list."""
    contracts = tomllib.loads(source(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (contract,) = [each for each in contracts if each["name"] == "pages, handlers and demo know only the public face of the engine"]
    rooms = {f"engine.{path.stem}" for path in (ROOT / "engine").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    closed = rooms - {f"engine.{each}" for each in FACE}
    assert set(contract["forbidden_modules"]) == closed | {"engine.commands.*"}


def test_every_module_says_what_it_is() -> None:
    silent = [name(path) for path in MODULES if not ast.get_docstring(ast.parse(source(path)))]
    assert silent == []
    assert len(MODULES) > len(ENGINE) > 0


def test_the_readme_names_every_target() -> None:
    readme = source(ROOT / "README.md")
    assert {t for t in targets() if f"`{t}`" not in readme and f"make {t}" not in readme} == set()


def test_the_documents_name_only_targets_that_exist() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    code = [c for d in documents for c in re.findall(r"`([^`\n]+)`|^make .*$", source(d), re.MULTILINE)]
    named = {match[1] for c in code if (match := re.match(r"make ([a-z]+)", c))}
    readme = source(ROOT / "README.md")
    listed = re.search(r"`make help` lists the rest: ([^.]+)\.", readme)
    assert listed is not None
    named |= set(re.findall(r"`([a-z]+)`", listed[1]))
    assert named - targets() == set()
