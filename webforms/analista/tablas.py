"""Words of decision tables."""

from typing import Final

POLITICAS: Final = (
    ("UNIQUE", "Solo una regla puede coincidir"),
    ("FIRST", "Vale la primera que coincide"),
    ("COLLECT", "Se juntan todas las que coinciden"),
)
MAXIMO: Final = 500  #: rows that a form of a table may send
