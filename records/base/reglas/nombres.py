"""The words of a name as people look for them: without accents and capitals, so that "perez" finds
"Pérez"."""

import unicodedata

LARGO = 60  # letters of a word that are kept


def puede_ser(nombre: str, otro: str) -> bool:
    """Whether both may be the name of one person: at least two words, and all of one among those of
    the other."""
    unas, otras = set(palabras(nombre)), set(palabras(otro))
    return len(unas & otras) > 1 and (unas <= otras or otras <= unas)


def plano(texto: str) -> str:
    """Without accents and capitals."""
    partido = unicodedata.normalize("NFKD", texto.casefold())
    return "".join(letra for letra in partido if not unicodedata.combining(letra))


def palabras(nombre: str) -> list[str]:
    """Each word once, in order."""
    return list(dict.fromkeys(palabra[:LARGO] for palabra in plano(nombre).split()))
