"""The guides: `docs/guides/<language>/*.md` and their pictures, the same files that are read beside
the code, as pages."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from PIL import Image

from webforms.ayuda.de_quien import DE_QUIEN
from webforms.base.catalogos import ES

CARPETA = Path(__file__).resolve().parents[2] / "docs" / "guides"
IMAGENES = CARPETA / "img"
PALABRAS_POR_MINUTO = 200


@dataclass(frozen=True, slots=True)
class Guia:
    nombre: str
    titulo: str
    cuerpo: str  #: HTML
    minutos: int


@cache
def guia(nombre: str, idioma: str) -> Guia:
    """Spanish where nobody wrote it in that language yet. KeyError: there is none. Raw HTML of a
    file stays text."""
    if nombre not in DE_QUIEN:
        raise KeyError(nombre)
    escrita = CARPETA / idioma / f"{nombre}.md"
    texto = (escrita if escrita.is_file() else CARPETA / ES / f"{nombre}.md").read_text("utf-8")
    titulo, _salto, cuerpo = texto.partition("\n")
    lector = MarkdownIt("commonmark", {"html": False}).enable("table")
    lector.add_render_rule("image", _imagen)
    return Guia(
        nombre,
        titulo.removeprefix("# "),
        lector.render(cuerpo),
        max(1, round(len(cuerpo.split()) / PALABRAS_POR_MINUTO)),
    )


@cache
def todas(idioma: str) -> tuple[Guia, ...]:
    return tuple(guia(nombre, idioma) for nombre in DE_QUIEN)


@cache
def version(idioma: str, nombre: str) -> str:
    """KeyError: there is no such picture."""
    ruta = IMAGENES / idioma / nombre
    if ruta not in _todas_las_imagenes():
        raise KeyError(nombre)
    return sha256(ruta.read_bytes()).hexdigest()[:12]


@cache
def _todas_las_imagenes() -> frozenset[Path]:
    return frozenset(IMAGENES.glob("*/*.webp"))


def _imagen(
    dibuja: RendererHTML,
    piezas: Sequence[Token],
    indice: int,
    opciones: OptionsDict,
    entorno: MutableMapping[str, Any],
) -> str:
    """At its address beside the page, and with its size, so that the text does not jump; a press
    shows it whole."""
    pieza = piezas[indice]
    idioma, nombre = PurePosixPath(str(pieza.attrs["src"])).parts[-2:]
    with Image.open(IMAGENES / idioma / nombre) as imagen:
        ancho, alto = imagen.size
    direccion = f"imagen/{idioma}/{nombre}?v={version(idioma, nombre)}"
    pieza.attrs |= {
        "src": direccion,
        "width": ancho,
        "height": alto,
        "loading": "lazy",
        "decoding": "async",
    }
    return f'<a href="{direccion}">{dibuja.image(piezas, indice, opciones, entorno)}</a>'
