"""docs/architecture.md says what is there: each module it names exists, and each package is
named."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "architecture.md"
TEXT = re.sub(r"^```.*?^```", "", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
SYSTEMS = (ROOT / "docs" / "systems.md").read_text("utf-8")
TOP = sorted(
    {
        path.relative_to(ROOT).parts[0]
        for room in ROOT.iterdir()
        if not room.name.startswith(".")
        for path in room.glob("*.py")
    }
)
#: Rooms whose packages are all named, however deep they lie.
INSIDE = ("engine", "records", "handlers", "webforms")


def exists(path: str) -> bool:
    """`<lane>` and `*` stand for anything."""
    return any(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))


def paths() -> Iterator[tuple[str, str]]:
    """(as written, from the root): a bare file name behind a path lies in the same folder."""
    for cell in re.split(r"[|\n]", TEXT):
        folder = ""
        for written in re.findall(r"`([^`]+)`", cell):
            if re.fullmatch(r"[\w<>*.-]+(/[\w<>*.-]+)+/?|[\w<>*-]+/", written):
                folder = written if written.endswith("/") else written.rpartition("/")[0] + "/"
                yield written, written
            elif re.fullmatch(r"[\w*]+\.py", written):
                yield written, written if written == "app.py" else folder + written


def modules() -> Iterator[str]:
    """Dotted names, and the lists of modules in the row of a folder."""
    yield from re.findall(r"`((?:" + "|".join(TOP) + r")(?:\.[a-z_]+)+)`", TEXT)
    for heading in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE):
        yield from re.findall(r"\b(?:" + "|".join(TOP) + r")(?:\.[a-z_]+)+", heading)
    for row in re.findall(r"^\| (.*) \|$", TEXT, re.MULTILINE):
        room, _, rest = row.partition(" | ")
        folder = next((written for written in re.findall(r"`([^`]+)`", room) if "/" in written), "")
        for listed in re.findall(r"`(\w+(?:, \w+)+)(?:, …)?`", rest):
            parent = folder.rstrip("/") if folder.endswith("/") else folder.rpartition("/")[0]
            yield from (f"{parent}/{name}".replace("/", ".") for name in listed.split(", "))


def packages() -> list[str]:
    inside = (
        path.parent.relative_to(ROOT).as_posix()
        for room in INSIDE
        for path in (ROOT / room).rglob("__init__.py")
        if path.parent.name != "reglas"  # each subject's alike, said once
    )
    return sorted({*inside, *(room for room in TOP if (ROOT / room).is_dir())} - {*INSIDE, "tests"})


@pytest.mark.parametrize(("written", "path"), sorted(set(paths())))
def test_what_the_document_names_is_there(written: str, path: str) -> None:
    assert exists(path), f"docs/architecture.md names `{written}`: nothing lies at {path}"


@pytest.mark.parametrize("module", sorted(set(modules())))
def test_the_modules_that_it_names_are_there(module: str) -> None:
    path = module.replace(".", "/")
    assert exists(f"{path}.py") or exists(f"{path}/__init__.py"), (
        f"docs/architecture.md names {module}: no such module"
    )


@pytest.mark.parametrize("package", packages())
def test_every_package_is_named(package: str) -> None:
    """A connector is named where the outside systems are."""
    text = SYSTEMS if package.startswith("handlers/conectores/") else TEXT
    assert f"`{package}/" in text, (
        f"docs/architecture.md has no row for the package `{package}/`: add one, or say it in the row of its parent"
    )


def test_the_document_is_read() -> None:
    assert len(set(paths())) > 20
    assert len(packages()) > 20


#: What Flask, its libraries and web servers call so; everything else is a field of settings.
OF_FLASK = re.compile(
    r"SECRET_KEY|SECRET_KEY_FALLBACKS|DEBUG|TESTING|PERMANENT_SESSION_LIFETIME|"
    r"(SESSION|SQLALCHEMY|SECURITY|WTF|BABEL|MAX)_\w+"
)


def test_no_setting_of_ours_is_read_by_name_from_the_application() -> None:
    read: set[tuple[str, str]] = set()
    rooms = [path for room in TOP if (ROOT / room).is_dir() for path in (ROOT / room).rglob("*.py")]
    product = [ROOT / "app.py", *(p for p in rooms if p.relative_to(ROOT).parts[0] != "tests")]
    for name, text in ((path.name, path.read_text("utf-8")) for path in product):
        for found in re.finditer(r"""app\.config(?:\.get\(|\.setdefault\(|\[)\s*["'](\w+)""", text):
            read.add((found[1], name))
        for block in re.findall(r"app\.config\.update\(((?:[^()]|\([^()]*\))*)\)", text):
            read |= {(key, name) for key in re.findall(r"\b([A-Z_]{2,})=", block)}
    assert {name for name, _where in read} >= {"SECRET_KEY", "SQLALCHEMY_DATABASE_URI"}
    assert [each for each in sorted(read) if not OF_FLASK.fullmatch(each[0])] == []
