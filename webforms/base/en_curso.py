"""Attempts that this process is looking at now. They are counted here and not in the database: with
the process they are gone, and of a login that a crash cut off nothing stays."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping


class EnCurso:
    def __init__(self) -> None:
        self._cuantos = Counter[str]()
        self._candado = threading.Lock()

    def tomar(self, claves: Iterable[str]) -> Mapping[str, int]:
        """One more of each; how many others there are."""
        with self._candado:
            otros = {clave: self._cuantos[clave] for clave in claves}
            self._cuantos.update(list(otros))
            return otros

    def dejar(self, claves: Iterable[str]) -> None:
        with self._candado:
            self._cuantos.subtract(list(claves))
            for clave in claves:
                if not self._cuantos[clave]:
                    del self._cuantos[clave]
