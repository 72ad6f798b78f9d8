"""What a library has under a name, in words that can be compared: see
common.foreign.ForeignName.form."""

import ast
import enum
import importlib
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
MISSING: Final = object()


def form_of(path: str) -> str:
    """`gone` when nothing is there."""
    owner, found = _resolve(path)
    if inspect.isclass(owner) and (found is MISSING or inspect.ismemberdescriptor(found)):
        return "attribute" if path.rpartition(".")[2] in set_on_instances(owner) else "gone"
    if found is MISSING:
        return "gone"
    if inspect.ismodule(found):
        return "module"
    if inspect.isclass(found):
        return "error" if issubclass(found, BaseException) else "class"
    if isinstance(found, enum.Enum):
        return repr(found.value)
    if isinstance(found, classmethod | staticmethod):
        return parameters(found.__func__)
    if inspect.isroutine(found) and callable(found):
        return parameters(found)
    if hasattr(type(found), "__get__"):
        return "property"
    return repr(int(found)) if isinstance(found, int) else "class attribute"


def _resolve(path: str) -> tuple[Any, Any]:
    module, _, name = path.partition(":")
    owner: Any = None
    try:
        found: Any = importlib.import_module(module)
    except ImportError:
        return None, MISSING
    for part in filter(None, name.split(".")):
        owner = found
        found = (
            inspect.getattr_static(owner, part, MISSING)
            if inspect.isclass(owner)
            else getattr(owner, part, MISSING)
        )
        if found is MISSING:
            break
    return owner, found


def parameters(function: Any) -> str:
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    found = inspect.signature(function).parameters.values()
    return " ".join(
        marks.get(each.kind, "") + each.name + ("=" if each.default is not each.empty else "")
        for each in found
    )


@cache
def set_on_instances(cls: type) -> frozenset[str]:
    """Names that its methods set on self, or that it declares."""
    names: set[str] = set()
    for each in cls.__mro__[:-1]:
        names |= {*inspect.get_annotations(each), *each.__dict__.get("__slots__", ())}
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(each)))
        except (OSError, TypeError):  # written in C
            continue
        names |= {
            node.attr
            for node in ast.walk(tree)
            if _is_of_self(node) and isinstance(node.ctx, ast.Store)
        }
    return frozenset(names)


def _is_of_self(node: ast.AST) -> Any:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
    )


# --- our side -------------------------------------------------------------------------------------
class Sources:
    """What the modules of a room say of a library."""

    def __init__(self, *places: str, library: str) -> None:
        paths = [ROOT / place for place in places]
        self.library = library
        self.files = [
            each
            for path in paths
            for each in (sorted(path.rglob("*.py")) if path.is_dir() else [path])
        ]
        self.files = [each for each in self.files if each.name != "foreign.py"]
        self.trees = [ast.parse(each.read_text("utf-8")) for each in self.files]

    def _nodes(self) -> Iterator[ast.AST]:
        for tree in self.trees:
            yield from ast.walk(tree)

    def imported(self) -> set[str]:
        """module:name, as a list has them."""
        found: set[str] = set()
        for node in self._nodes():
            if isinstance(node, ast.Import):
                found |= {each.name for each in node.names if self._is_foreign(each.name)}
            elif isinstance(node, ast.ImportFrom) and self._is_foreign(node.module or ""):
                found |= {f"{node.module}:{each.name}" for each in node.names}
        return found

    def _is_foreign(self, module: str) -> bool:
        return module.split(".", maxsplit=1)[0] == self.library

    def read(self) -> set[str]:
        """Names of attributes that are read or set anywhere."""
        return {node.attr for node in self._nodes() if isinstance(node, ast.Attribute)}

    def own(self) -> set[str]:
        """Names that these modules define: functions, classes, constants, fields, attributes of
        self."""
        found: set[str] = set()
        for node in self._nodes():
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
            elif _is_of_self(node) and isinstance(node.ctx, ast.Store):
                found.add(node.attr)
        return found

    def words(self) -> set[str]:
        """All that could be a use of a name."""
        passed = {node.arg for node in self._nodes() if isinstance(node, ast.keyword) and node.arg}
        named = {node.id for node in self._nodes() if isinstance(node, ast.Name)}
        imported = {each.rpartition(":")[2] for each in self.imported()}
        return self.read() | self.own() | passed | named | imported
