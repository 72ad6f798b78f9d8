"""Whom a text names with "@", and the text with their names in words: pure."""

import re
import unicodedata
from collections import defaultdict
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
    #: what may be several of them, and their user names
    dudosos: tuple[tuple[str, tuple[str, ...]], ...]


def leer_menciones(texto: str, gente: Mapping[str, str]) -> Mencionados:
    """`gente`: user name → name. A user name counts, a name, and the first words of a name that
    only one has; the longest that fits."""
    usuarios_, enteros, comienzos = (
        {_llano(u): {u} for u in gente},
        defaultdict(set),
        defaultdict(set),
    )
    for usuario, nombre in gente.items():
        enteros[_llano(nombre)].add(usuario)
        palabras = nombre.split(" ")
        for n in range(1, len(palabras)):
            comienzos[_llano(" ".join(palabras[:n]))].add(usuario)
    # whose whole name it is comes before whose name begins with it
    de_quien: dict[str, set[str]] = {**comienzos, **enteros, **usuarios_}
    formas = sorted(de_quien, key=len, reverse=True)
    partes, usuarios, desconocidos, dudosos, desde = [], [], [], [], 0
    for arroba in _ARROBA.finditer(texto):
        if arroba.start() < desde:
            continue
        resto = texto[arroba.end() :]
        forma = next((f for f in formas if _empieza(resto, f)), None)
        if forma is None:
            palabra = _PALABRA.match(resto)
            desconocidos.append(palabra[0] if palabra else resto[:1])
            continue
        if len(de_quien[forma]) > 1:
            dudosos.append(
                (resto[: len(forma)], tuple(sorted(de_quien[forma], key=lambda u: (gente[u], u))))
            )
            continue
        (usuario,) = de_quien[forma]
        partes += [texto[desde : arroba.end()], gente[usuario]]
        desde = arroba.end() + len(forma)
        usuarios.append(usuario)
    queda = "".join(partes) + texto[desde:]
    return Mencionados(
        queda,
        tuple(dict.fromkeys(usuarios)),
        tuple(dict.fromkeys(desconocidos)),
        tuple(dict.fromkeys(dudosos)),
    )


def _llano(texto: str) -> str:
    """Without capitals and accents, as many characters as before."""
    return "".join(unicodedata.normalize("NFD", c)[0].lower()[0] for c in texto)


def _empieza(resto: str, forma: str) -> bool:
    """As a whole word, whatever its capitals: "@ana" is not the beginning of "@anabel", and a full
    stop may follow."""
    sigue = resto[len(forma) :]
    return _llano(resto[: len(forma)]) == forma and not re.match(r"\w|[.-]\w", sigue)
