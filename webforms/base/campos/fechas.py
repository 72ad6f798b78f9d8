"""Days and times of day as people write them."""

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from engine.types import Value
from webforms.base.campos.textos import limpiar

#: no date of the procedure is older, none is later; beyond them calendars and databases end
ANIOS = range(1900, 2200)


def dia_escrito(texto: str) -> dt.date | None:
    """A day as dd/mm/aaaa; the ISO form is understood too. None: it is neither, or older or later
    than any date of the procedure."""
    for forma in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            dia = dt.datetime.strptime(texto.strip(), forma).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return dia if dia.year in ANIOS else None
    return None


class FechaField(StringField):
    """A day as `dia_escrito` reads it."""

    def process_data(self, value: Any) -> None:
        self.data = (
            dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None
        )

    def process_formdata(self, valuelist: list[str]) -> None:
        texto = limpiar(valuelist[0]) if valuelist else ""
        self.data = dia_escrito(texto)
        if self.data is None and texto:
            raise ValueError(_("Escriba la fecha como día/mes/año, por ejemplo 14/10/2026"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%d/%m/%Y") if self.data else ""

    def valor(self) -> Value:
        return self.data.isoformat() if self.data else None


class HoraField(StringField):
    """A time of day as HH:MM, 24 hours."""

    def process_formdata(self, valuelist: list[str]) -> None:
        texto = limpiar(valuelist[0]) if valuelist else ""
        self.data = None
        if texto:
            try:
                self.data = dt.datetime.strptime(texto, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
            except ValueError:
                raise ValueError(_("Escriba la hora como 14:30")) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if self.data else ""

    def valor(self) -> Value:
        return self.data.strftime("%H:%M") if self.data else None
