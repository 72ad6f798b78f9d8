"""Spanish that is left on a page in another language. What people wrote, what the record keeps and
what diagrams say is data: it stays."""

import contextlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from babel.messages.pofile import read_po
from lxml import etree

from records.catalogos import catalogo
from records.plazos.reglas import calendario
from tests.kit.language import spanish_in, words
from tests.kit.words import Page

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ("punto", "area", "tipificacion", "norma", "lista", "lista_valor")
SHORT = 5  #: what is cut off and shorter may be anything
RUN = 3  #: so many words that follow each other in something stored are taken for a part of it
MARKS = ".,;:…()“”«»·¿?¡!\"'@›"
#: Names of laws, of the agency and of programs, and places, are the same in every language.
NAMES = re.compile(
    r"Ley \d+ de \d{4}|M5-1-02|ICETEX|C&CTEX|FOX PRO|Digiturno|SuiteCRM|GOV\.CO|Ventanilla|Bogotá|EP-01|/\S+|manifiesto\.sha256"
    r"|(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}"  # the key of an application of codes
)
#: A path, and a file with a name of ours.
FILES = re.compile(r"/\S+|manifiesto\.sha256")
_SPANISH_DATE = re.compile(
    r"\b(?:lun|mar|mié|jue|vie|sáb|dom) \d{1,2} [a-z]{3}\b|\b\d{1,2} (?:ene|abr|ago|dic)\b"
)
_IDENTIFIER = re.compile(r"[\w-]+(?:[.@][\w-]+)+")


@dataclass
class Reading(Page):
    """The same page, with a label of a diagram as one text however it is broken, and without what
    is said in a language of its own."""

    _label: list[str] = field(default_factory=list)
    #: open elements that say which language they speak
    _foreign: list[str] = field(default_factory=list)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("html", "br") and (dict(attrs).get("lang") or self._foreign):
            self._foreign.append(tag)
        super().handle_starttag(tag, [] if self._foreign else attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._foreign and tag in self._foreign:
            while self._foreign.pop() != tag:
                pass
        if tag == "text" and self._label:
            self.texts.append(" ".join(self._label))
            self._label.clear()
        super().handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._foreign:
            return
        if "text" in self._open:
            self._label += data.split()
        else:
            super().handle_data(data)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)


def _of(value: object) -> Iterator[str]:
    """The texts of one value of a row: JSON and diagrams by their parts."""
    if isinstance(value, bytes):
        with contextlib.suppress(etree.XMLSyntaxError):
            yield from _of_model(value)
    elif isinstance(value, str) and value[:1] in "{[":
        try:
            yield from _leaves(json.loads(value))
        except ValueError:
            yield value
    elif isinstance(value, str):
        yield value
        if _IDENTIFIER.fullmatch(value):  # a page may break it
            yield from re.split(r"[.@]", value)


def _of_model(content: bytes) -> Iterator[str]:
    for element in etree.fromstring(content).iter(etree.Element):
        yield from map(str, element.attrib.values())
        yield element.text or ""


def _set(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(_one_line, texts)))


def _stored(db: sa.Engine, tables: Iterable[str]) -> Iterator[str]:
    """Every text of every column."""
    with db.connect() as c:
        for table in tables:
            for row in c.execute(sa.select(sa.text("*")).select_from(sa.table(table))):
                for value in row:
                    yield from _of(value)


def _drawn() -> Iterator[str]:
    """What diagrams, tables, manifests, letters and scenarios of the packages say."""
    for path in (ROOT / "bpmn").rglob("*"):
        if path.suffix in (".bpmn", ".dmn"):
            yield from _of_model(path.read_bytes())
        elif path.suffix == ".toml" and path.parent.name != "traducciones":
            yield from _leaves(tomllib.loads(path.read_text("utf-8")))


@cache
def _translated(language: str) -> frozenset[str]:
    files = (ROOT / "bpmn").glob(f"*/traducciones/{language}.toml")
    return frozenset(
        _one_line(label)
        for file in files
        for label in tomllib.loads(file.read_text("utf-8"))["rotulos"]
    )


def _of_the_agency() -> Iterator[str]:
    """Rows of its catalogue that stand in code, and the names of its holidays."""
    yield from catalogo.LINEAS.values()
    for year in (2026, 2027):
        yield from calendario.de_ley(year).values()


@cache
def _english(language: str) -> frozenset[str]:
    """Words of the catalogue: a word that a translation uses is none that was left."""
    said = frozenset[str]()
    for path in (ROOT / "webforms" / "idiomas" / language).glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                texts = (
                    message.string if isinstance(message.string, tuple | list) else [message.string]
                )
                said |= {
                    word
                    for text in texts
                    for word in words(re.sub(r"%\(\w+\)s|“[^”]*”", " ", text or ""))
                }
    return said


@dataclass(frozen=True)
class Data:
    """`rows`: what the catalogues of the agency say, which diagrams may say, too."""

    values: frozenset[str]
    rows: frozenset[str]

    @classmethod
    def of(cls, db: sa.Engine) -> "Data":
        everything = [*_stored(db, sa.inspect(db).get_table_names()), *_drawn(), *_of_the_agency()]
        return cls(_set(everything), _set(_stored(db, CATALOGUES)))

    def but_labels(self, language: str) -> "Data":
        """Without the labels that their package says in this language: those are said in it, or
        have been forgotten."""
        return Data(self.values - (_translated(language) - self.rows), self.rows)

    @cached_property
    def _runs(self) -> frozenset[str]:
        """Each three words that follow each other somewhere."""
        return frozenset(run for value in self.values for run in _runs(_bare(value)))

    def taken_out(self, text: str) -> str:
        """Without whole values, and without what may be a part of one: the longest first."""
        parts, bare, rest, at = text.split(), _bare(text), [], 0
        while at < len(parts):
            end = self._end(parts, bare, at)
            if end == at:
                rest.append(parts[at])
            at = max(end, at + 1)
        return " ".join(rest)

    def _end(self, parts: list[str], bare: list[str], at: int) -> int:
        """Behind the longest data that begin at this word; `at`: none do."""
        end = at
        while end + RUN <= len(bare) and " ".join(bare[end : end + RUN]) in self._runs:
            end += 1
        partial = end + RUN - 1 if end > at else at
        for whole in range(len(parts), partial, -1):
            if self._is_whole(" ".join(parts[at:whole])):
                return whole
        return partial

    def _is_whole(self, phrase: str) -> bool:
        if phrase in self.values or phrase.strip(MARKS) in self.values:
            return True
        return (
            phrase.endswith("…")
            and len(phrase) > SHORT
            and any(value.startswith(phrase.strip(MARKS)) for value in self.values)
        )


def _bare(text: str) -> list[str]:
    return [word.strip(MARKS) for word in text.split()]


def _runs(bare: list[str]) -> Iterator[str]:
    return (" ".join(bare[at : at + RUN]) for at in range(len(bare) - RUN + 1))


@dataclass
class Left:
    """Each text is looked at once, however many pages have it."""

    data: Data
    language: str = "en"

    def __post_init__(self) -> None:
        self._known: dict[str, bool] = {}

    def on(self, html: str) -> list[str]:
        page = Reading()
        page.feed(html)
        return [text for text in dict.fromkeys(page.texts) if self._spanish(_one_line(text))]

    def _spanish(self, text: str) -> bool:
        if text not in self._known:
            self._known[text] = bool(self._words(text) and self._words(self.data.taken_out(text)))
        return self._known[text]

    def _words(self, text: str) -> set[str]:
        rest = FILES.sub(" ", NAMES.sub(" ", text))
        return (spanish_in(rest) - _english(self.language)) | set(_SPANISH_DATE.findall(rest))
