"""Which words are Spanish: those of the product's own texts that its English prose does not use.
Nobody keeps a list of them."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("records", "handlers", "webforms", "demo")
#: A word so much more frequent in Spanish texts than in English ones is Spanish; "error" and
#: "control" are both.
FACTOR = 20
_WORD = re.compile(r"[a-záéíóúüñ]{2,}")
_ACCENTED = re.compile(r"[áéíóúüñ]")
#: How Spanish makes words and English does not.
_ENDING = re.compile(
    r"\w{3,}(?:ado|ada|ido|ida)s?|\w{2,}(?:cion|ciones|idad|idades|miento|mientos|encia|ancia|azo|mente)"
)
_ENGLISH_ENDINGS = frozenset(
    {"armada", "avocado", "canada", "coercion", "florida", "suspicion", "tornado"}
)
#: The alphabet of names, as a pattern writes it.
SPANISH_LETTERS = re.compile(r"[ÁÉÍÓÚÜÑáéíóúüñ]{7}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_QUOTED = re.compile(r"```.*?```|`[^`]*`|«[^»]*»|\"[^\"\n]*\"|^\|.*$", re.DOTALL | re.MULTILINE)
_DIAGRAM_TEXT = re.compile(
    r'(?:name|label)="([^"]*)"|<[\w:]*(?:documentation|text)\b[^>]*>([^<]*)<'
)
_TEMPLATE_TEXT = re.compile(r'_\("([^"]*)"')


def words(text: str) -> list[str]:
    """Parts of names and words of sentences, in small letters."""
    return _WORD.findall(_CAMEL.sub(" ", text).lower())


def _modules(*rooms: str) -> Iterator[str]:
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            yield path.read_text("utf-8")


def _sentences(source: str) -> Iterator[str]:
    """What a module says to people: arguments of gettext."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("_", "_l")
        ):
            yield from (
                each.value
                for each in node.args
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            )


def _prose(source: str) -> Iterator[str]:
    """Docstrings and comments, without what they quote."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield _QUOTED.sub(" ", ast.get_docstring(node) or "")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield _QUOTED.sub(" ", token.string)


def _spanish_texts() -> Iterator[str]:
    for path in [*(ROOT / "bpmn").rglob("*.bpmn"), *(ROOT / "bpmn").rglob("*.dmn")]:
        yield from (a or b for a, b in _DIAGRAM_TEXT.findall(path.read_text("utf-8")))
    for path in (ROOT / "webforms").rglob("*.html"):
        yield from _TEMPLATE_TEXT.findall(path.read_text("utf-8"))
    for source in _modules(*PRODUCT):
        yield from _sentences(source)


def _english_texts() -> Iterator[str]:
    """Of all rooms but the engine: a word does not become English by standing there."""
    for path in (ROOT / "docs").rglob("*.md"):
        if path.parent.parts[-2:] == ("guides", "es"):
            continue
        yield _QUOTED.sub(" ", path.read_text("utf-8"))
    for source in _modules(*PRODUCT, "common", "tools", "bench"):
        yield from _prose(source)


@cache
def spanish() -> frozenset[str]:
    here, there = (
        Counter(word for text in texts for word in words(text))
        for texts in (_spanish_texts(), _english_texts())
    )
    scale = here.total() / there.total() * FACTOR
    return frozenset(word for word, times in here.items() if times > there[word] * scale)


def spanish_in(text: str) -> set[str]:
    """The Spanish words of a text: known ones, and whatever has a letter or an ending that English
    has not."""
    known = spanish()
    return {
        word
        for word in words(text)
        if word in known or _ACCENTED.search(word) or _ends_spanish(word)
    }


def _ends_spanish(word: str) -> bool:
    return _ENDING.fullmatch(word) is not None and word not in _ENGLISH_ENDINGS
