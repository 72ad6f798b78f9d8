"""What a page says, as plain text: nothing of it is run, fetched or believed."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

LARGO: Final = 400_000  #: characters of text that are kept; a long law has 300,000
MUCHOS: Final = 100  #: pieces of a title
#: What browsers take these names for. Others of Python's codecs are no character sets (rot13, zip)
#: or surprises (utf-7).
CONJUNTOS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-15": "iso8859-15",
}
MARCAS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DICHO: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})")
_EN_LA_PAGINA: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE
)
_BLANCO: Final = re.compile(r"\s+")
_CORTE: Final = re.compile("[ \t]*[\v\f][ \t\v\f]*")
_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
MUDOS: Final = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "title",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "select",
        "textarea",
        "canvas",
    }
)
#: Begin and end a paragraph, or only a line.
PARRAFOS: Final = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "caption",
            "details",
            "dialog",
            "dl",
            "fieldset",
            "figure",
            "footer",
            "form",
        ),
        *(
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "legend",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "ul",
        ),
    )
)
LINEAS: Final = frozenset(
    (
        "body",
        "br",
        "dd",
        "div",
        "dt",
        "figcaption",
        "html",
        "li",
        "option",
        "summary",
        "tbody",
        "tfoot",
        "thead",
        "tr",
    )
)
#: Where they end; no text holds these signs, they are taken out before.
PARRAFO, LINEA = "\f", "\v"
CELDAS: Final = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Pagina:
    titulo: str
    texto: str
    recortado: bool


def leer(contenido: bytes, tipo: str) -> Pagina:
    """`tipo` as the server said it: "text/html; charset=utf-8"."""
    crudo = _CONTROL.sub("", _descifrar(contenido, tipo)).replace("\r\n", "\n").replace("\r", "\n")
    if tipo.partition(";")[0].strip().lower() == "text/plain":
        return Pagina("", *_hasta(crudo.strip()))
    lector = _Lector()
    etree.fromstring(crudo.encode("utf-8", "replace") or b" ", _analizador(lector))
    return Pagina(
        " ".join("".join(lector.titulo).split()), *_hasta(_ordenar("".join(lector.partes)))
    )


def _descifrar(contenido: bytes, tipo: str) -> str:
    """By the mark at its beginning, else as the server says, else as the page says, else UTF-8 if
    it is, else the old Latin one."""
    for marca, conjunto in MARCAS:
        if contenido.startswith(marca):
            return contenido.removeprefix(marca).decode(conjunto, "replace")
    dicho = _DICHO.search(tipo)
    en_la_pagina = _EN_LA_PAGINA.search(contenido[:4096])
    for nombre in (
        dicho.group(1) if dicho else "",
        en_la_pagina.group(1).decode("ascii") if en_la_pagina else "",
    ):
        conjunto_dicho = CONJUNTOS.get(nombre.lower().replace("_", "-"))
        if conjunto_dicho is not None:
            return contenido.decode(conjunto_dicho, "replace")
    try:
        return contenido.decode("utf-8")
    except UnicodeDecodeError:
        return contenido.decode("cp1252", "replace")


def _analizador(lector: "_Lector") -> etree.HTMLParser:
    """It tells what it meets and builds no tree: depth and thousands of attributes cost no more
    than their letters. No network."""
    return etree.HTMLParser(
        target=lector, encoding="utf-8", no_network=True, recover=True, huge_tree=True
    )


class _Lector:
    """Is told of each element and text in turn; silent elements are passed over with all that is in
    them."""

    def __init__(self) -> None:
        self.partes: list[str] = []
        self.titulo: list[str] = []
        self._callados = self._literales = 0
        self._en_titulo = False

    def start(self, nombre: str, _atributos: Mapping[str, str]) -> None:
        # the first one: drawings have titles, too
        self._en_titulo = nombre == "title" and not self.titulo
        if self._callados or nombre in MUDOS:
            self._callados += 1
            return
        self._literales += nombre == "pre"
        self.partes.append(
            _corte(nombre) + ("- " if nombre == "li" else " | " if nombre in CELDAS else "")
        )

    def end(self, nombre: str) -> None:
        self._en_titulo = False
        if self._callados:
            self._callados -= 1
            return
        self._literales -= nombre == "pre"
        self.partes.append(_corte(nombre))

    def data(self, texto: str) -> None:
        limpio = _CONTROL.sub("", texto)  # a reference may have written what was taken out
        if self._en_titulo and len(self.titulo) < MUCHOS:
            self.titulo.append(limpio)
        if not self._callados:
            self.partes.append(limpio if self._literales else _BLANCO.sub(" ", limpio))

    def close(self) -> None:
        """What the library asks for at the end."""


def _corte(nombre: str) -> str:
    return PARRAFO if nombre in PARRAFOS else LINEA if nombre in LINEAS else ""


def _ordenar(texto: str) -> str:
    """One space between words, an empty line between paragraphs, none between the lines of a list
    or a table."""
    cortado = _CORTE.sub(lambda m: "\n\n" if PARRAFO in m.group() else "\n", texto)
    lineas = (" ".join(linea.split()).removeprefix("| ") for linea in cortado.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lineas)).strip()


def _hasta(texto: str) -> tuple[str, bool]:
    return (texto, False) if len(texto) <= LARGO else (texto[:LARGO], True)
