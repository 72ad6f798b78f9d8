"""The labels of a package in another language: `<codigo>/traducciones/en.toml`, what each says in
Spanish → what it says there. Pure.

The same Spanish text is the same everywhere in the package: a label is written once.
"""

import tomllib
from collections.abc import Collection, Mapping
from typing import Final

from records.paquetes.reglas import paquete
from records.paquetes.reglas.paquete import Falta

CARPETA: Final = "traducciones/"
MAX_LETRAS: Final = 4_000


def archivo(codigo: str, lengua: str) -> str:
    return f"{codigo}/{CARPETA}{lengua}.toml"


def en_una_linea(texto: str) -> str:
    """As a diagram breaks it, it is the same label."""
    return " ".join(texto.split())


def leer(contenido: bytes) -> tuple[dict[str, str], list[Falta]]:
    """What can be read, and what is wrong: each where it stands."""
    try:
        dicho = tomllib.loads(contenido.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return {}, [Falta("", "traduccion_ilegible", str(error)[:200])]
    textos = dicho.get("rotulos", {})
    faltas = [Falta(clave, "desconocido") for clave in dicho if clave != "rotulos"]
    if not isinstance(textos, dict):
        return {}, [*faltas, Falta("rotulos", "no_es_tabla")]
    faltas += [
        Falta(f"rotulos «{de[:80]}»", "no_es_texto")
        for de, a in textos.items()
        if not isinstance(a, str)
    ]
    leidos = {en_una_linea(de): a.strip() for de, a in textos.items() if isinstance(a, str)}
    faltas += [
        Falta(f"rotulos «{de[:80]}»", "largo", str(MAX_LETRAS))
        for de, a in leidos.items()
        if len(a) > MAX_LETRAS
    ]
    faltas += [
        Falta(f"rotulos «{de[:80]}»", "signo")
        for de, a in leidos.items()
        if any(s < " " and s != "\n" for s in a)
    ]
    return {de: a for de, a in leidos.items() if a and len(a) <= MAX_LETRAS}, faltas


def de_todos(archivos: Mapping[str, bytes], lengua: str) -> dict[str, dict[str, str]]:
    """Diagram or table of a release → the labels of its package in this language."""
    hallados: dict[str, dict[str, str]] = {}
    for suyo in paquete.paquetes(archivos):
        contenido = archivos.get(archivo(suyo.codigo, lengua))
        textos = leer(contenido)[0] if contenido is not None else {}
        hallados |= {modelo: textos for modelo in suyo.modelos if textos}
    return hallados


def comparar(rotulos: Collection[str], textos: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Labels without a translation, and translations of what no diagram says any more; both in the
    order of the first."""
    dichos = list(dict.fromkeys(en_una_linea(rotulo) for rotulo in rotulos if rotulo.strip()))
    return [rotulo for rotulo in dichos if rotulo not in textos], [
        de for de in textos if de not in set(dichos)
    ]
