"""Measures the house: rooms and arrows, suppressions, long signatures, definitions of "now".
`python -m tools.house [ROOT]`."""

import ast
import functools
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PRODUCT: Final = ("common", "engine", "records", "handlers", "webforms", "demo")
ALL: Final = (*PRODUCT, "bench", "tools", "tests")
MANY: Final = 5  # parameters that a function may have before it counts as long
WIDE: Final = 200  # characters of a template's line
TABLES: Final = "engine.store"
SUPPRESSION: Final = re.compile(r"#\s*(?:noqa\b|type:\s*ignore\b)")
CLOCK: Final = re.compile(
    r"^(\w*(?:NOW|AHORA|START|TODAY|HOY)\w*)(?:: [\w.\[\]]+)? = (?:dt\.datetime|bogota|datetime)\(",
    re.MULTILINE,
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


class House:
    """The Python files of a checkout, read once; nothing of it is imported."""

    def __init__(self, root: Path) -> None:
        self.sources = {
            _module(root, path): path.read_text("utf-8")
            for room in ALL
            for path in sorted((root / room).rglob("*.py"))
        }
        self.sources["app"] = (root / "app.py").read_text("utf-8")
        self.trees = {module: ast.parse(source) for module, source in self.sources.items()}
        self.templates = sorted(path for path in (root / "webforms").rglob("*.html"))

    @functools.cached_property
    def arrows(self) -> set[tuple[str, str]]:
        """Who imports whom, module by module; packages count where their own file is named."""
        return {
            (module, found)
            for module, tree in self.trees.items()
            for found in self._imports(tree)
            if found != module
        }

    def _imports(self, tree: ast.Module) -> Iterator[str]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield from (
                        name
                        for name in (whole, node.module)
                        if name in self.trees and (name == whole or whole not in self.trees)
                    )
            elif isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names if alias.name in self.trees)

    def floors(self, rooms: tuple[str, ...]) -> int:
        """Length of the longest chain of imports within these rooms; 0 when they go round in a
        circle."""
        above = defaultdict(set)
        for module, found in self.arrows:
            if _in(module, rooms) and _in(found, rooms):
                above[module].add(found)
        height: dict[str, int] = {}
        open_: set[str] = set()

        def climb(module: str) -> int:
            if module in open_:
                raise RecursionError(module)
            if module not in height:
                open_.add(module)
                height[module] = 1 + max((climb(found) for found in above[module]), default=0)
                open_.discard(module)
            return height[module]

        try:
            return max(climb(module) for module in self.trees if _in(module, rooms))
        except RecursionError:
            return 0

    def functions(self, room: str) -> Iterator[tuple[str, Function]]:
        for module, tree in self.trees.items():
            if _in(module, (room,)):
                yield from ((module, node) for node in ast.walk(tree) if isinstance(node, Function))

    def bases(self, module: str, name: str) -> set[str]:
        """Classes of ours that a class is made of, directly or not."""
        known = {
            (at, node.name): node
            for at, tree in self.trees.items()
            for node in tree.body
            if isinstance(node, ast.ClassDef)
        }
        where = {
            node.name: at for (at, _), node in known.items() if at.startswith("engine.commands")
        }
        node = known.get((module, name))
        found: set[str] = set()
        todo = [node] if node is not None else []
        while todo:
            for base in todo.pop().bases:
                if isinstance(base, ast.Name) and base.id in where and base.id not in found:
                    found.add(base.id)
                    todo.append(known[where[base.id], base.id])
        return found


def _module(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _in(module: str, rooms: tuple[str, ...]) -> bool:
    return any(module == room or module.startswith(room + ".") for room in rooms)


def _parameters(function: Function) -> int:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return sum(1 for each in named if each.arg not in ("self", "cls"))


def _inner_rooms(house: House, room: str) -> list[str]:
    """Packages right inside a room."""
    packages = {
        module.rpartition(".")[0] for module in house.trees if module.startswith(room + ".")
    }
    return sorted(package for package in packages if package.count(".") == 1)


def report(house: House) -> Iterator[str]:
    yield "| room | modules | arrows inside | arrows out |"
    yield "|---|---|---|---|"
    for room in [*PRODUCT, *_inner_rooms(house, "engine"), *_inner_rooms(house, "webforms")]:
        modules = [module for module in house.trees if _in(module, (room,))]
        kinds = Counter(
            _in(found, (room,)) for module, found in house.arrows if _in(module, (room,))
        )
        yield f"| {room} | {len(modules)} | {kinds[True]} | {kinds[False]} |"
    yield ""
    yield f"- longest chain of imports in the product: {house.floors(PRODUCT) or 'a circle'}"
    knowing = {
        m
        for m, found in house.arrows
        if _in(m, ("webforms", "handlers", "demo")) and _in(found, (TABLES,))
    }
    yield f"- modules of webforms, handlers and demo that know the engine's tables: {len(knowing)}"
    bases = house.bases("engine.commands", "Engine") or house.bases(
        "engine.commands.engine", "Engine"
    )
    yield f"- bases of Engine, and theirs: {len(bases)}"
    clocks = [
        (m, found)
        for m, source in house.sources.items()
        if _in(m, ("tests", "bench"))
        for found in CLOCK.findall(source)
    ]
    yield f'- definitions of "now" in tests and bench: {len(clocks)}'
    marks = Counter(
        m.split(".")[0] for m, source in house.sources.items() for _ in SUPPRESSION.findall(source)
    )
    yield f"- suppressions: {sum(marks.values())} ({', '.join(f'{room} {n}' for room, n in sorted(marks.items()))})"
    for room in PRODUCT:
        all_ = [function for _, function in house.functions(room)]
        long = [function for function in all_ if _parameters(function) > MANY]
        share = 100 * len(long) / max(1, len(all_))
        yield f"- {room}: {len(long)} of {len(all_)} functions have more than {MANY} parameters ({share:.1f} %)"
    lines = [len(line) for path in house.templates for line in path.read_text("utf-8").splitlines()]
    yield f"- longest line of a template: {max(lines)}; lines over {WIDE}: {sum(1 for n in lines if n > WIDE)}"


if __name__ == "__main__":
    sys.stdout.write(
        "\n".join(report(House(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))) + "\n"
    )
