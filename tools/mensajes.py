"""The catalogues: `python -m tools.mensajes [LANGUAGE…]` writes what is said now into
`webforms/idiomas/<language>`, what is missing as empty, and leaves out what nobody says any more. A
language that is not there yet begins so. Remarks of translators stay.

A sentence stands in the file of its room: that of `webforms` where it is said, `comunes` where
several say it, `records`, `handlers`; what a script says in `guiones`.
"""

import argparse
import ast
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from common.language import SPANISH
from common.locales import locale_of
from webforms.base.catalogos import CODIGO

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "webforms" / "idiomas"
ROOMS: Final = ("webforms", "records", "handlers", "common", "app.py", "demo")
KEYWORDS: Final = {
    "_": None,
    "_l": None,
    "ngettext": (1, 2),
    "marked": None,
    "said": None,
    "kept": None,
    "counted": (1, 2),
}
SHARED: Final = "comunes"
#: What scripts say stands in a file of its own, which tells in which scripts: a page gives each its
#: own words.
SCRIPTS: Final = "guiones"
STATIC, BUNDLES = ROOT / "webforms" / "static" / "js", ROOT / "webforms" / "assets"
_PART: Final = re.compile(r'^import [^;]*"(\.[^"]+\.js)";', re.MULTILINE)
#: Each value that a sentence holds: %(n)s, {p}.
PLACEHOLDER: Final = re.compile(r"%\(\w+\)[.\d]*[a-z]|\{\w*\}|%%")

Said = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    room: str
    file: str
    line: int


def _files() -> Iterator[Path]:
    for room in ROOMS:
        path = ROOT / room
        yield from (
            [path]
            if path.is_file()
            else sorted(p for kind in ("*.py", "*.html") for p in path.rglob(kind))
        )


def _room(path: Path) -> str:
    """The audience of `webforms`, or the room itself."""
    parts = path.relative_to(ROOT).parts
    return Path(parts[1]).stem if parts[0] == "webforms" and len(parts) > 1 else Path(parts[0]).stem


def _scripts() -> Iterator[tuple[str, Path]]:
    """Static file and each text that it is made of: itself, or of a bundle all that it imports."""
    yield from ((f"js/{path.name}", path) for path in sorted(STATIC.glob("*.js")))
    for entry in sorted(BUNDLES.glob("*.js")):
        yield from ((f"dist/{entry.name}", path) for path in sorted(_with_parts(entry)))


def _with_parts(path: Path) -> set[Path]:
    found, left = set[Path](), [path]
    while left:
        found.add(here := left.pop())
        left += {
            (here.parent / part).resolve() for part in _PART.findall(here.read_text("utf-8"))
        } - found
    return found


@cache
def _refusals() -> frozenset[str]:
    """Classes whose first text is a sentence: the family of `Rechazo`, with what each says of
    itself."""
    tree = ast.parse((ROOT / "records" / "base" / "errores.py").read_text("utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.ClassDef))


def _refused(source: str) -> Iterator[tuple[int, str]]:
    """What a module refuses: the first text of each refusal; in `records/base/errores.py` the
    docstrings, too."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _refusals()
        ):
            yield from (
                (each.lineno, each.value)
                for each in node.args[:2]
                if isinstance(each, ast.Constant)
                and isinstance(each.value, str)
                and " " in each.value
            )


def _own_words() -> Iterator[tuple[int, str]]:
    tree = ast.parse((ROOT / "records" / "base" / "errores.py").read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (doc := ast.get_docstring(node)):
            yield node.lineno, doc


def _called(source: str) -> Iterator[tuple[int, Said]]:
    """Texts that a module gives to one of the words, also inside of others and of f-strings, where
    Babel's own reader sees none."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in KEYWORDS
        ):
            wanted = node.args[: 1 if KEYWORDS[node.func.id] is None else 2]
            texts = [
                each.value
                for each in wanted
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            ]
            if len(texts) == len(wanted) > 0:
                yield node.lineno, texts[0] if len(texts) == 1 else (texts[0], texts[1])


def _of(path: Path) -> Iterator[tuple[int, Said]]:
    if path.suffix != ".py":
        method = {".html": "jinja2", ".js": "javascript"}[path.suffix]
        for line, said, _comments, _context in extract(
            method, io.BytesIO(path.read_bytes()), KEYWORDS, options={"silent": "false"}
        ):
            yield line, said if isinstance(said, str) else (said[0], said[1])
        return
    source = path.read_text("utf-8")
    yield from _called(source)
    yield from _refused(source)
    if path == ROOT / "records" / "base" / "errores.py":
        yield from _own_words()


@cache
def spoken() -> dict[Said, list[Place]]:
    """Every sentence, and where it is said."""
    found: dict[Said, list[Place]] = defaultdict(list)
    for path in _files():
        for line, said in _of(path):
            if said and said != ("", ""):
                found[said].append(Place(_room(path), path.relative_to(ROOT).as_posix(), line))
    for script, path in _scripts():
        for line, said in _of(path):
            found[said].append(Place(SCRIPTS, script, line))
    return dict(found)


def read(file: Path, language: str) -> dict[Said, Message]:
    """A sentence that stands there twice, as after a merge, has the translation that it has
    anywhere: read alone each keeps its own."""
    found: dict[Said, Message] = {}
    for block in re.split(r"\n\s*\n", file.read_text("utf-8")):
        for m in read_po(io.BytesIO(block.encode()), locale=locale_of(language)):
            said = tuple(m.id) if isinstance(m.id, list | tuple) else m.id
            if said and not (said in found and _is_said(found[said].string)):
                found[said] = m
    return found


def _is_said(text: str | Iterable[str]) -> bool:
    return bool(text) and all((text,) if isinstance(text, str) else text)


@cache
def catalogue(language: str) -> dict[Said, Message]:
    """What is written in its files, by sentence; of one that stands in two of them what is
    translated."""
    found: dict[Said, Message] = {}
    for file in sorted((FOLDER / language).glob("*.po")):
        for said, message in read(file, language).items():
            if said not in found or not _is_said(found[said].string):
                found[said] = message
    return found


def file_of(places: Iterable[Place]) -> str:
    rooms = {place.room for place in places}
    if SCRIPTS in rooms:
        return SCRIPTS
    return rooms.pop() if len(rooms) == 1 else SHARED


def _in_scripts(places: Iterable[Place]) -> list[str]:
    return sorted({place.file for place in places if place.room == SCRIPTS})


def write(language: str) -> int:
    """Returns how many sentences have no translation."""
    known, files, missing = catalogue(language), defaultdict(list), 0
    for said, places in spoken().items():
        files[file_of(places)].append((places, said))
    folder = FOLDER / language
    folder.mkdir(parents=True, exist_ok=True)
    for old in set(folder.glob("*.po")) - {folder / f"{name}.po" for name in files}:
        old.unlink()
    for name, sentences in files.items():
        catalog = Catalog(locale=locale_of(language), charset="utf-8", header_comment="")
        for places, said in sorted(sentences, key=lambda each: (each[0][0].file, each[0][0].line)):
            there = known.get(said)
            text = (
                there.string if there is not None else ("" if isinstance(said, str) else ("", ""))
            )
            missing += not _is_said(text)
            flags = {f for f in (there.flags if there else ()) if f != "fuzzy"}
            remarks = there.user_comments if there is not None else ()
            catalog.add(
                said,
                text,
                flags=flags,
                locations=[(s, 0) for s in _in_scripts(places)],
                user_comments=remarks,
            )
        out = io.BytesIO()
        write_po(out, catalog, width=0, omit_header=True, sort_output=False, include_lineno=False)
        header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: {language}\\n"\n'
        plural = f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
        (folder / f"{name}.po").write_bytes((header + plural).encode() + out.getvalue())
    return missing


def _language(text: str) -> str:
    """Of a folder that pages could offer; Spanish is what is written in the code."""
    if CODIGO.fullmatch(text) is None or text == SPANISH:
        raise argparse.ArgumentTypeError(
            f"no language that catalogues are written in: {text!r}; as browsers write it: en, pt-BR"
        )
    return text


def main(words: Sequence[str] | None = None) -> None:
    given = argparse.ArgumentParser(prog="python -m tools.mensajes", description=__doc__)
    given.add_argument(
        "language",
        type=_language,
        nargs="*",
        help="a folder of webforms/idiomas; none named: each that is there",
    )
    for asked in given.parse_args(words).language or sorted(
        path.name for path in FOLDER.iterdir() if path.is_dir()
    ):
        sys.stdout.write(
            f"{asked}: {len(spoken())} sentences, {write(asked)} without translation\n"
        )


if __name__ == "__main__":
    main()
