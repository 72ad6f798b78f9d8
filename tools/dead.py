"""Code that nobody calls: vulture, which is told what templates, diagrams and their contract name,
and what a class of ours takes over from a class of a library, which calls it.

`python -m tools.dead`; ends with 3 where something is unused, as vulture does.
"""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path
from xml.etree import ElementTree as ET

from vulture.config import make_config
from vulture.core import Vulture

ROOT = Path(__file__).resolve().parents[1]


def of_templates() -> Iterator[str]:
    """What stands behind a dot, or as `attribute="…"`, in what Jinja evaluates."""
    for page in ROOT.glob("webforms/**/*.html"):
        for inside in re.findall(r"\{[{%](.*?)[%}]\}", page.read_text("utf-8"), re.DOTALL):
            yield from re.findall(r"\.([a-z_]\w*)", inside)
            for quoted in re.findall(r"attribute=[\"']([\w.]+)[\"']", inside):
                yield from quoted.split(".")


def of_diagrams() -> Iterator[str]:
    """What they and their tables compute with: attributes and expressions, not what people read."""
    for file in (*ROOT.glob("bpmn/**/*.bpmn"), *ROOT.glob("bpmn/**/*.dmn")):
        for element in ET.parse(file).iter():  # noqa: S314 - our own files
            if element.tag.endswith("}documentation"):
                continue
            read = [value for key, value in element.attrib.items() if key not in ("name", "label")]
            for text in (element.text or "", *read):
                yield from re.findall(r"[a-z_]\w*", text)


def of_contract() -> Iterator[str]:
    """Fields of coded forms: whatever is sent as one is shown and kept (tests/unit/test_contract.py)."""
    contract = (ROOT / "docs/process-contract.md").read_text("utf-8")
    listed = re.findall(r"fields and variables: (.*?)\n(?=- |\n)", contract, re.DOTALL)
    in_tables = re.findall(r"^\| .* \| (.*) \|$", contract, re.MULTILINE)
    for cell in (*listed, *in_tables):
        yield from re.findall(r"[a-z_]\w*", cell)


def of_libraries(paths: list[str], ours: tuple[str, ...]) -> Iterator[str]:
    """What a class body defines that its base, a class of a library, has, too."""
    for file in (each for path in paths for each in (ROOT / path, *(ROOT / path).rglob("*.py"))):
        if not file.is_file():
            continue
        tree = ast.parse(file.read_text("utf-8"))
        origin = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if not (node.module or "").startswith(ours)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases = [ast.unparse(base).partition("[")[0].split(".") for base in node.bases]
                for first, *rest in bases:
                    yield from _taken_over(node, ".".join(origin.get(first, (first,))), rest)


def _taken_over(node: ast.ClassDef, first: str, rest: list[str]) -> Iterator[str]:
    module, _, name = ".".join((first, *rest)).rpartition(".")
    try:
        base = getattr(importlib.import_module(module), name)
    except (AttributeError, ImportError, ValueError):
        return  # a class of this file, or of a library that only the bench has
    for each in node.body:
        named = (
            [each.name]
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
            else [each.target.id]
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
            else [ast.unparse(target) for target in getattr(each, "targets", ())]
        )
        yield from (found for found in named if hasattr(base, found))


def main() -> int:
    config = make_config([])
    vulture = Vulture(
        ignore_names=config["ignore_names"], ignore_decorators=config["ignore_decorators"]
    )
    rooms = tuple(path.removesuffix(".py") for path in config["paths"])
    named = {
        *of_templates(),
        *of_diagrams(),
        *of_contract(),
        *of_libraries(config["paths"], rooms),
    }
    words = "\n".join(f"_.{name}" for name in sorted(named) if not iskeyword(name))
    vulture.scan(words, filename="what is named elsewhere")
    vulture.scavenge(config["paths"], exclude=config["exclude"])
    return int(vulture.report(min_confidence=config["min_confidence"]))


if __name__ == "__main__":
    sys.exit(main())
