"""Days and times of day as people write them."""

import datetime as dt
import re
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField

from engine.types import Value
from webforms.campos.textos import limpiar

#: no date of the procedure is older, none is later; beyond them calendars and databases end
ANIOS = range(1900, 2200)
_ENTRE = r"(?:\s*[/.-]\s*|\s+)"
_DIAS = (
    re.compile(rf"(?P<dia>[0-9]{{1,2}}){_ENTRE}(?P<mes>[0-9]{{1,2}}){_ENTRE}(?P<anio>[0-9]{{4}})"),
    re.compile(r"(?P<anio>[0-9]{4})-(?P<mes>[0-9]{1,2})-(?P<dia>[0-9]{1,2})"),
)
_HORA = re.compile(r"([0-9]{1,2})\s?[:.]\s?([0-9]{2})(?:\s*([ap])\.?\s?m\.?)?")


def dia_escrito(texto: str) -> dt.date | None:
    """A day as people write it: 14/10/2026, 14-10-2026, 14.10.2026, 14 10 2026; the ISO form is
    understood too. None: it is neither, or older or later than any date of the procedure."""
    for forma in _DIAS:
        if hallado := forma.fullmatch(texto.strip()):
            try:
                dia = dt.date(int(hallado["anio"]), int(hallado["mes"]), int(hallado["dia"]))
            except ValueError:
                return None
            return dia if dia.year in ANIOS else None
    return None


def hora_escrita(texto: str) -> dt.time | None:
    """A time of day as people write it: 14:30, 14.30, 2:30 p. m. None: it is none."""
    hallada = _HORA.fullmatch(texto.strip().lower())
    if hallada is None:
        return None
    hora, minuto, mitad = hallada.groups()
    forma, dicha = ("%I:%M%p", f"{mitad}m") if mitad else ("%H:%M", "")
    try:
        return dt.datetime.strptime(f"{hora}:{minuto}{dicha}", forma).time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
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
    """A time of day as `hora_escrita` reads it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        texto = limpiar(valuelist[0]) if valuelist else ""
        self.data = None
        if texto:
            self.data = hora_escrita(texto)
            if self.data is None:
                raise ValueError(_("Escriba la hora como 14:30"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if self.data else ""

    def valor(self) -> Value:
        return self.data.strftime("%H:%M") if self.data else None
