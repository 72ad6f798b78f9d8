"""Words of decision tables."""

from typing import Final

POLITICAS: Final = (
    ("UNIQUE", "Solo una regla puede coincidir"),
    ("FIRST", "Vale la primera que coincide"),
    ("ANY", "Pueden coincidir varias si dicen lo mismo"),
    ("PRIORITY", "Vale la de mayor prioridad entre sus valores de salida"),
    ("COLLECT", "Se juntan todas las que coinciden"),
    ("RULE ORDER", "Se juntan todas, en el orden de las reglas"),
    ("OUTPUT ORDER", "Se juntan todas, por la prioridad de sus valores de salida"),
    ("COLLECT SUM", "Se suman todas las que coinciden"),
    ("COLLECT MIN", "Vale el resultado menor"),
    ("COLLECT MAX", "Vale el resultado mayor"),
    ("COLLECT COUNT", "Se cuenta cuántas coinciden"),
)
MAXIMO: Final = 500  #: rows that a form of a table may send
