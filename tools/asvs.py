"""Reads docs/asvs.csv, which `make docs` prints as a page: of each requirement of OWASP ASVS
5.0, levels 1 and 2, whether it is met (by which test), does not apply (why), or is open (what is
missing). The words of the standard are OWASP's; only its numbers stand here."""

import ast
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
TABLE: Final = ROOT / "docs" / "asvs.csv"
MET, NOT_APPLICABLE, OPEN = "met", "na", "open"
#: Chapter → its name, and how many requirements of levels 1 and 2 it has.
CHAPTERS: Final = {
    "V1": ("Encoding and sanitization", 27),
    "V2": ("Validation and business logic", 11),
    "V3": ("Web frontend", 19),
    "V4": ("API and web service", 10),
    "V5": ("File handling", 9),
    "V6": ("Authentication", 35),
    "V7": ("Session management", 18),
    "V8": ("Authorization", 7),
    "V9": ("Self-contained tokens", 7),
    "V10": ("OAuth and OIDC", 29),
    "V11": ("Cryptography", 14),
    "V12": ("Secure communication", 9),
    "V13": ("Configuration", 13),
    "V14": ("Data protection", 9),
    "V15": ("Secure coding and architecture", 13),
    "V16": ("Logging and errors", 16),
    "V17": ("WebRTC", 7),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """`what`: tests with commas between, the reason, or what is missing."""

    id: str
    state: str
    what: str

    @property
    def chapter(self) -> str:
        return self.id.partition(".")[0]

    @property
    def tests(self) -> list[str]:
        return [each.strip() for each in self.what.split(",")] if self.state == MET else []


def read() -> list[Requirement]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Requirement(*row) for row in csv.reader(file, delimiter=";")]


@cache
def functions(file: str) -> frozenset[str]:
    """Names of the tests of a file; none when there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    )


def wrong(requirements: list[Requirement]) -> Iterator[str]:
    """What does not hold: a number that is missing or stands twice, a state that is none, a test
    that does not exist, an empty reason."""
    for id_, number in Counter(each.id for each in requirements).items():
        if number > 1:
            yield f"{id_} stands {number} times"
    counts = Counter(each.chapter for each in requirements)
    for chapter, (_name, number) in CHAPTERS.items():
        if counts[chapter] != number:
            yield f"{chapter} has {counts[chapter]} of {number} requirements"
    for each in requirements:
        if each.state not in (MET, NOT_APPLICABLE, OPEN) or not each.what.strip():
            yield f"{each.id} says neither by what it is met nor why not"
        for test in each.tests:
            file, _, name = test.partition("::")
            if not name.startswith("test_") or name not in functions(file):
                yield f"{each.id} names {test}, which is no test"


def page(requirements: list[Requirement]) -> str:
    counts = Counter((each.chapter, each.state) for each in requirements)

    def row(name: str, chapters: list[str]) -> str:
        return (
            f"| {name} | "
            + " | ".join(
                str(sum(counts[c, s] for c in chapters)) for s in (MET, NOT_APPLICABLE, OPEN)
            )
            + " |"
        )

    lines = [
        "# OWASP ASVS 5.0, levels 1 and 2",
        "",
        "Printed by `make docs` from docs/asvs.csv; tests/unit/test_asvs.py looks for each",
        "test that is named. *Met* is what a test shows; what is built but shown by none is *open*. The words of each requirement:",
        "https://github.com/OWASP/ASVS/tree/v5.0.0_release/5.0.",
        "",
        "| chapter | met | not applicable | open |",
        "|---|---|---|---|",
        *(row(f"{chapter} {name}", [chapter]) for chapter, (name, _) in CHAPTERS.items()),
        row("**all**", list(CHAPTERS)),
    ]
    for chapter, (name, _) in CHAPTERS.items():
        lines += [
            "",
            f"## {chapter} {name}",
            "",
            "| requirement | | by what, why, or what is missing |",
            "|---|---|---|",
        ]
        for each in (one for one in requirements if one.chapter == chapter):
            what = "<br>".join(f"`{test}`" for test in each.tests) or each.what
            lines.append(
                f"| {each.id.removeprefix('V')} | {'n/a' if each.state == NOT_APPLICABLE else each.state} | {what} |"
            )
    return "\n".join(lines) + "\n"
