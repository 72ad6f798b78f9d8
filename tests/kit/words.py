"""What a reader sees of a page, and what of it is no word: codes, engine words, dates and instants
as machines write them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = frozenset({"script", "style", "template", "noscript", "textarea", "pre"})
#: What a reader quotes as it is: a hash, the key of a case, what an analyst wrote into a diagram.
QUOTED = frozenset({"code", "samp"})
SPOKEN = ("aria-label", "alt", "title", "placeholder")  # attributes that are read aloud or shown
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)


@dataclass
class Page(HTMLParser):
    """The texts of a page in order, without those that nobody sees; its links; what stands in
    `<code>` apart."""

    texts: list[str] = field(default_factory=list)
    quoted: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))
        self.texts += [str(values[a]) for a in SPOKEN if values.get(a)]
        if tag == "input" and values.get("type") in ("submit", "button"):
            self.texts.append(str(values.get("value", "")))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open:
            if self._open.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text and not SILENT & set(self._open):
            (self.quoted if QUOTED & set(self._open) else self.texts).append(text)


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


#: What no reader should meet, whatever the data: name → pattern.
PATTERNS = {
    "a date as machines write it": re.compile(r"\b\d{4}-\d{2}-\d{2}\b"),
    "a date with slashes": re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b"),
    "an hour of 12": re.compile(r"\b\d{1,2}:\d{2}\s?[ap]\.?\s?m\b", re.IGNORECASE),
    "a name of a variable": re.compile(r"\b[a-záéíóúñ0-9]+(?:_[a-záéíóúñ0-9]+)+\b"),
    "a name of a message": re.compile(r"\b[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+(?:[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+)+\b"),
    "a code of a theme": re.compile(r"\b[SRQPD]\d{2}\b"),
    "an error code": re.compile(r"\bERR_\w+"),
    "an id": re.compile(
        r"\b[0-9a-f]{8}-[0-9a-f]{4}-|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{16,}\b"
    ),
    "a value of the machine": re.compile(
        r"\b(?:None|True|False|nan|null|undefined)\b|\{\{|\{%|<[A-Z]\w+ object"
    ),
    "a word of the engine": re.compile(
        r"\b(?:carril(?:es)?|asientos?|token|payload|instancias?|gateway|timer|work item|reclamar tarea|escalamientos?|escalonar|job)\b",
        re.IGNORECASE,
    ),
}
#: Names that look like codes and are none, how a date is typed, and the folder of this machine
#: whose room is told.
PROPER = re.compile(
    r"\bPor ejemplo, 14/10/2026|\bGB en /\S+|\b(?:JavaScript|PostgreSQL|GitHub|GOV\.CO|SpiffWorkflow|BPMN|DMN)\b"
)


def unspoken(
    page: Page, codes: Iterable[str], *, allowed: frozenset[str] = frozenset()
) -> list[str]:
    """What stands on the page that is no word: "a code of a theme: Tema S01"; `codes` are the
    stored ones of the world."""
    known = re.compile(
        r"(?<![\w.@-])(?:"
        + "|".join(map(re.escape, sorted(codes, key=len, reverse=True)))
        + r")(?![\w-]|\.\w|@)"
    )
    found = []
    for text in page.texts:
        clean = PROPER.sub("", text)
        found += [
            f"{name}: {text[:110]}"
            for name, pattern in PATTERNS.items()
            if name not in allowed and pattern.search(clean)
        ]
        if "a stored code" not in allowed and known.search(clean):
            found.append(f"a stored code: {text[:110]}")
    return list(dict.fromkeys(found))
