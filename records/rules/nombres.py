"""The words of a name as people look for them: without accents and capitals, so that "perez" finds "Pérez"."""

import unicodedata

LARGO = 60  # letters of a word that are kept


def puede_ser(nombre: str, otro: str) -> bool:
    """Whether both may be the name of one person: at least two words, and all of one among those of the other."""
    unas, otras = set(palabras(nombre)), set(palabras(otro))
    return len(unas & otras) > 1 and (unas <= otras or otras <= unas)


def palabras(nombre: str) -> list[str]:
    """Each word once, in order."""
    plano = unicodedata.normalize("NFKD", nombre.casefold())
    sin_tildes = "".join(letra for letra in plano if not unicodedata.combining(letra))
    return list(dict.fromkeys(palabra[:LARGO] for palabra in sin_tildes.split()))
