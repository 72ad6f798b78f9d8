"""The guides: `docs/guides/*.md`, the same files that are read beside the code, as pages."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

from webforms.base.ayuda import DE_QUIEN

CARPETA = Path(__file__).resolve().parents[2] / "docs" / "guides"
PALABRAS_POR_MINUTO = 200


@dataclass(frozen=True, slots=True)
class Guia:
    nombre: str
    titulo: str
    cuerpo: str  #: HTML
    minutos: int


@cache
def guia(nombre: str) -> Guia:
    """KeyError: there is none. Raw HTML of a file stays text: what is shown was written as Markdown."""
    if nombre not in DE_QUIEN:
        raise KeyError(nombre)
    texto = (CARPETA / f"{nombre}.md").read_text("utf-8")
    titulo, _salto, cuerpo = texto.partition("\n")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(cuerpo)
    return Guia(nombre, titulo.removeprefix("# "), html, max(1, round(len(cuerpo.split()) / PALABRAS_POR_MINUTO)))


@cache
def todas() -> tuple[Guia, ...]:
    return tuple(guia(nombre) for nombre in DE_QUIEN)
