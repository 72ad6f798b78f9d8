"""The house keeps its rules: an engine that knows no procedure, modules that say what they are,
targets that are documented."""

import ast
import re
import tokenize
import tomllib
from functools import cache
from pathlib import Path

import pytest

from records.catalogos.catalogo import AREAS, PUNTOS
from records.cuentas.reglas.roles import DISPOSITIVOS, ROLES, Alcance
from tests.kit.language import SPANISH_LETTERS, spanish_in

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "common",
    "engine",
    "records",
    "handlers",
    "webforms",
    "demo",
    "bench",
    "tools",
    "migrations",
    "tests",
)
MODULES = sorted(
    [ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
)
ENGINE = [path for path in MODULES if path.is_relative_to(ROOT / "engine")]
FACE = ("__init__", "clock", "commands", "errors", "reads", "states", "types")
#: Names of the one procedure that are no Spanish words, as parts of other words too.
PROCEDURE = re.compile(r"digiturno|icetex|M5[-_]1", re.IGNORECASE)
VARIABLE = re.compile(r'<v:(?:variable|output|field)\b[^>]*\bname="(\w+)"')
#: Spanish in the engine that stays, word by word, and why.
EVERYWHERE = {
    "del": "Python's word",
    "todo": "what is still to do",
    "min": "Python's function",
    "len": "Python's function",
    "describe": "English too",
    "original": "English too",
    "regular": "English too",
    "expr": "a name of Python's ast",
    "gt": "a name of Python's ast",
    "lt": "a name of Python's ast",
    "mi": "multi-instance, as SpiffWorkflow writes it",
    "www": "addresses of standards",
    "pdf": "a format",
    "png": "a format",
}
HERE = {
    ("engine/states.py", "rechazo"): "a kind of the access chain",
    ("engine/states.py", "incidente"): "a kind of the access chain",
    ("engine/states.py", "borrado"): "a kind of the access chain",
    ("engine/states.py", "programacion"): "a kind of the access chain",
    ("engine/lint/tables.py", "otro"): "the example of a gap that analysts see",
    ("engine/states.py", "motivo"): "the reason in stored forms, whose digest the journal has",
    ("engine/states.py", "antes"): "likewise",
    ("engine/states.py", "después"): "likewise",
    ("engine/errors.py", "regla"): "ERR_DMN_SIN_REGLA: diagrams catch it by this code",
    ("engine/errors.py", "sin"): "likewise",
    ("engine/rewrite/juel.py", "le"): "a word of the language that it reads: at most",
    ("engine/model/expressions.py", "letters"): "names of variables may have Spanish letters",
    ("engine/lint/variables.py", "letters"): "likewise",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def source(path: Path) -> str:
    with tokenize.open(path) as file:
        return file.read()


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):(?!=)", source(ROOT / "Makefile"), re.MULTILINE))


@cache
def names_of_the_procedure() -> frozenset[str]:
    """Roles, kinds of devices, areas, points with their cities, and what variables of the diagrams
    are called."""
    diagrams = "".join(path.read_text("utf-8") for path in (ROOT / "bpmn").rglob("*.bpmn"))
    lanes = set(re.findall(r'<v:lane role="(\w+)"', diagrams))
    places = {area.codigo for area in AREAS} | {
        name for point in PUNTOS for name in (point.codigo, point.ciudad)
    }
    variables = {name for name in VARIABLE.findall(diagrams) if spanish_in(name)}
    scopes = {each.value for each in Alcance if each.value}
    return frozenset({*ROLES, *DISPOSITIVOS, *lanes, *scopes, *places, *variables})


def strange(text: str) -> set[str]:
    """What of a text an engine of any agency would not say."""
    alphabet = {"letters"} if SPANISH_LETTERS.search(text) else set()
    rest = SPANISH_LETTERS.sub("", text)
    named = set(re.findall(r"[\w-]+", rest)) & names_of_the_procedure()
    return alphabet | named | spanish_in(rest) | set(PROCEDURE.findall(rest))


@pytest.mark.parametrize("path", ENGINE, ids=name)
def test_the_engine_knows_no_role_no_place_and_no_spanish(path: Path) -> None:
    assert {
        word
        for word in strange(source(path))
        if word not in EVERYWHERE and (name(path), word) not in HERE
    } == set()


@pytest.mark.parametrize(("file", "word"), HERE)
def test_an_exception_still_stands_where_it_was_made(file: str, word: str) -> None:
    assert word == "letters" or word in source(ROOT / file).lower()


@pytest.mark.parametrize(
    "text",
    [
        'InvalidValues({"motivo": "1..10"})',
        'REPAIRERS = frozenset({"administrador"})',
        'actor.has("coordinador_gau", None)',
        'state="sin destinatario"',
        '"detenido"',
        'scope == "BOG-AGU"',
        '"punto_id"',
        "an hour of Bogotá",
        "def rechazo(): ...",
        "plan_retencion = 1",
        "turnoLlamado",
    ],
)
def test_a_word_of_the_procedure_is_noticed(text: str) -> None:
    assert strange(text)


@pytest.mark.parametrize(
    "text",
    [
        "Every act on an instance: suspended, resumed, cancelled; what follows is decided by the caller.",
        "def must_operate(actor: Actor, roles: frozenset[str]) -> None:",
        "no error, one area, one case, a plan, a motor, a total of minutes, the final state, a local variable",
        "a scenario with a vendor in the corridor; cement, torpedo, tornado and an armada",
    ],
)
def test_english_is_not_refused(text: str) -> None:
    assert strange(text) == set()


def test_every_room_behind_the_face_of_the_engine_is_closed_to_pages_handlers_and_demo() -> None:
    """The contract lists what is closed; a room that is new and not part of the face belongs on the
    list."""
    contracts = tomllib.loads(source(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (contract,) = [
        each
        for each in contracts
        if each["name"] == "pages, handlers and demo know only the public face of the engine"
    ]
    rooms = {
        f"engine.{path.stem}"
        for path in (ROOT / "engine").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
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
    code = [
        c for d in documents for c in re.findall(r"`([^`\n]+)`|^make .*$", source(d), re.MULTILINE)
    ]
    named = {match[1] for c in code if (match := re.match(r"make ([a-z-]+)", c))}
    readme = source(ROOT / "README.md")
    listed = re.search(r"`make help` lists the rest: ([^.]+)\.", readme)
    assert listed is not None
    named |= set(re.findall(r"`([a-z]+)`", listed[1]))
    assert named - targets() == set()


def test_no_parameter_is_read_by_int_itself() -> None:
    """It takes more digits than any column holds, and signs that `isdigit` takes and it does not:
    webforms/base/entrada.py."""
    found = [
        name(path)
        for path in MODULES
        if path.is_relative_to(ROOT / "webforms") and re.search(r"type=int\)", source(path))
    ]
    assert found == []
