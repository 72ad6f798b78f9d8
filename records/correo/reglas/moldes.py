"""A letter as an analyst writes it: its subject and text, what is wrong with it line by line, the
file it becomes. Pure.

How it is filled stands in `records.correo.reglas.cartas`.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from records.base.reglas.entidad import aqui
from records.correo.reglas import cartas

ASUNTO: Final = "Asunto: "
TERMINA: Final = ".es.txt"
ARCHIVO: Final = re.compile(
    r"(?P<codigo>[^/]+)/cartas/(?P<nombre>[a-z0-9][a-z0-9_-]{0,59})\.(?P<lengua>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.txt"
)
NOMBRE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
MAX_TEXTO: Final = 50_000
_LLAVES: Final = re.compile(r"\{[^{}]*\}|[{}]")
_HUECO: Final = re.compile(r"\{(\w+)\??\}")


@dataclass(frozen=True, slots=True)
class FaltaDeCarta:
    """What is wrong: in which line of the text (0: the subject), and what (a code of `FRASES` in
    webforms, with its facts)."""

    linea: int
    que: str
    dato: str = ""
    parecida: str = ""  #: the known word that looks most like an unknown one


def partes(contenido: str) -> tuple[str, str]:
    """Subject and text of the file."""
    asunto, _vacia, texto = contenido.replace("\r\n", "\n").partition("\n\n")
    return asunto.removeprefix(ASUNTO), texto.rstrip("\n")


def nombrados(contenido: str) -> list[str]:
    """What it takes from the case, each once, in its order."""
    return list(dict.fromkeys(_HUECO.findall(contenido)))


def solo_en(uno: str, otro: str) -> list[str]:
    """What the first text of a letter takes from the case and the other, in another language, does
    not."""
    del_otro = nombrados(otro)
    return [nombre for nombre in nombrados(uno) if nombre not in del_otro]


def escrita(asunto: str, texto: str) -> bytes:
    return f"{ASUNTO}{asunto}\n\n{texto}\n".encode()


def revisar(asunto: str, texto: str, conocidas: Collection[str]) -> list[FaltaDeCarta]:
    """`conocidas`: what may stand between braces, besides what the agency is called."""
    conocidas = {*conocidas, *aqui().valores()}
    faltas = [FaltaDeCarta(0, "sin_asunto")] if not asunto else []
    if len(asunto) > cartas.MAX_ASUNTO:
        faltas.append(FaltaDeCarta(0, "asunto_largo", str(cartas.MAX_ASUNTO)))
    if not texto:
        faltas.append(FaltaDeCarta(1, "sin_texto"))
    if len(texto) > MAX_TEXTO:
        faltas.append(FaltaDeCarta(1, "texto_largo", str(MAX_TEXTO)))
    for numero, linea in enumerate([asunto, *texto.split("\n")]):
        faltas += _de_la_linea(numero, linea, conocidas)
    return faltas


def _de_la_linea(numero: int, linea: str, conocidas: Collection[str]) -> Iterator[FaltaDeCarta]:
    for hallado in _LLAVES.finditer(linea):
        hueco = _HUECO.fullmatch(hallado[0])
        if hueco is None:
            yield FaltaDeCarta(numero, "llave", hallado[0][:60])
        elif hueco[1] not in conocidas:
            parecidas = difflib.get_close_matches(hueco[1], conocidas, 1, 0.6)
            yield FaltaDeCarta(
                numero, "desconocida", hueco[1][:60], parecidas[0] if parecidas else ""
            )


def como_quedaria(asunto: str, texto: str, ejemplos: Mapping[str, str]) -> tuple[str, str]:
    """Filled with examples; what is unknown stays as it is written."""
    sin_conocer = {
        nombre: f"{{{nombre}}}"
        for nombre in _HUECO.findall(asunto + texto)
        if nombre not in {**aqui().valores(), **ejemplos}
    }
    return cartas.llenar(f"{asunto or ' '}\n\n{texto}", {**ejemplos, **sin_conocer})
