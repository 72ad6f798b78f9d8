"""Whom a text names with "@", and the text with their names in words: pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: An at sign that begins a mention, not one inside a mail address.
_ARROBA = re.compile(r"(?<![\w.+-])@(?=\w)")
_PALABRA = re.compile(r"\w[\w.-]*\w|\w")


@dataclass(frozen=True, slots=True)
class Mencionados:
    texto: str  #: each mention as "@Name Surname"
    usuarios: tuple[str, ...]
    desconocidos: tuple[str, ...]  #: what follows an at sign and is nobody of them


def leer_menciones(texto: str, gente: Mapping[str, str]) -> Mencionados:
    """`gente`: user name → name. A name counts in full, a user name as well; the longest that fits."""
    formas = sorted([(f, u) for u, nombre in gente.items() for f in (u, nombre)], key=lambda par: -len(par[0]))
    partes, usuarios, desconocidos, desde = [], [], [], 0
    for arroba in _ARROBA.finditer(texto):
        if arroba.start() < desde:
            continue
        resto = texto[arroba.end() :]
        hallado = next(((f, u) for f, u in formas if _empieza(resto, f)), None)
        if hallado is None:
            palabra = _PALABRA.match(resto)
            desconocidos.append(palabra[0] if palabra else resto[:1])
            continue
        forma, usuario = hallado
        partes += [texto[desde : arroba.end()], gente[usuario]]
        desde = arroba.end() + len(forma)
        usuarios.append(usuario)
    return Mencionados("".join(partes) + texto[desde:], tuple(dict.fromkeys(usuarios)), tuple(dict.fromkeys(desconocidos)))


def _empieza(resto: str, forma: str) -> bool:
    """As a whole word, whatever its capitals: "@ana" is not the beginning of "@anabel", and a full stop may follow."""
    sigue = resto[len(forma) :]
    return resto[: len(forma)].casefold() == forma.casefold() and not re.match(r"\w|[.-]\w", sigue)
