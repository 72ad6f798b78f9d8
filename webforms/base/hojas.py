"""A page whose reading is done: it is rendered when the session is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue


@dataclass(frozen=True, slots=True)
class Hoja:
    """No connection of the database stays taken while a template renders."""

    plantilla: str
    valores: Mapping[str, Any]
    codigo: int = 200

    def mostrar(self) -> ResponseReturnValue:
        return render_template(self.plantilla, **self.valores), self.codigo
