"""What lies in the repository: no large or foreign files, a licence, no arrows from product or
bench into tests, no suppression without its reason (`python -m tools.house` counts them)."""

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.processes import run

ROOT = Path(__file__).resolve().parents[2]
LARGE = 200_000  # bytes; pictures of the documents may be larger
PICTURES = {".png", ".jpg", ".svg", ".webp"}
SUPPRESSION = re.compile(r"#\s*(?:ruff:\s*)?(?:noqa\b|type:\s*ignore\b)")
#: A code, and behind it the reason; of several on one line the last says it for all.
REASONED = re.compile(
    r"(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|type: ignore\[[\w, -]+\])\s+(?:[-#]+\s*)?[^\s#-].*$"
)


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """What git keeps, or would keep with the next commit."""
    listed = run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert listed.returncode == 0, "these tests read the list of files from git"
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_picture(path: Path) -> bool:
    return path.suffix in PICTURES and path.is_relative_to(ROOT / "docs" / "img")


def test_no_file_is_large_but_pictures_of_the_documents(files: list[Path]) -> None:
    assert {
        name(path): path.stat().st_size
        for path in files
        if path.stat().st_size > LARGE and not is_picture(path)
    } == {}


def test_no_file_is_binary_but_pictures(files: list[Path]) -> None:
    assert [
        name(path)
        for path in files
        if b"\0" in path.read_bytes()[:8192] and path.suffix not in PICTURES
    ] == []


def test_the_licence_is_written_out() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


# --- arrows that import-linter does not see -------------------------------------------------------
def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def arrows(room: str) -> set[tuple[str, str]]:
    return {(name(path), found) for path in (ROOT / room).rglob("*.py") for found in imported(path)}


def test_the_bench_uses_nothing_of_the_tests_but_their_kit() -> None:
    assert {
        (where, found) for where, found in arrows("bench") if re.match(r"tests\.(?!kit\b)", found)
    } == set()


def test_the_kit_knows_no_test_and_no_bench() -> None:
    assert {
        (where, found)
        for where, found in arrows("tests/kit")
        if re.match(r"bench\b|tests\.(?!kit\b)", found)
    } == set()


@pytest.mark.parametrize(
    "room", ["common", "engine", "records", "handlers", "webforms", "demo", "migrations"]
)
def test_the_product_knows_no_test_and_no_bench(room: str) -> None:
    assert {
        (where, found) for where, found in arrows(room) if re.match(r"(tests|bench|tools)\b", found)
    } == set()


# --- one clock ------------------------------------------------------------------------------------
def test_the_tests_have_one_now() -> None:
    """An instant that a module of tests keeps under a name is told from tests.kit.clock.NOW."""
    kept = []
    for path in [*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]:
        for node in ast.parse(path.read_text("utf-8")).body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            made = ast.unparse(value) if isinstance(value, ast.Call) else ""
            if re.match(r"(dt\.|datetime\.)?datetime\(2026, 11, 24\b|bogota\(2026, 11, 24\b", made):
                kept.append(name(path))
    assert kept == ["tests/kit/clock.py"]


# --- suppressions ---------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def suppressions(files: list[Path]) -> list[tuple[Path, int, str]]:
    found = []
    for path in sorted(
        path
        for path in files
        if path.suffix == ".py" and SUPPRESSION.search(path.read_text("utf-8"))
    ):
        with tokenize.open(path) as file:
            comments = [
                token
                for token in tokenize.generate_tokens(file.readline)
                if token.type == tokenize.COMMENT
            ]
        found += [
            (path, token.start[0], token.string)
            for token in comments
            if SUPPRESSION.match(token.string)
        ]
    return found


def test_every_suppression_says_why(suppressions: list[tuple[Path, int, str]]) -> None:
    assert [
        f"{name(path)}:{line}: {text}"
        for path, line, text in suppressions
        if not REASONED.search(text)
    ] == []
