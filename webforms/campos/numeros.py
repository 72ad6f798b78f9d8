"""Numbers as people write them here: points for thousands, a comma for decimals."""

import re
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _
from wtforms import DecimalField, IntegerField

from engine.types import Value
from webforms.campos.textos import limpiar

EXTREMO_ENTERO = 2**53 - 1


class EnteroField(IntegerField):
    def process_formdata(self, valuelist: list[str]) -> None:
        texto = limpiar(valuelist[0]) if valuelist else ""
        self.data = None
        if not texto:
            return
        if not re.fullmatch(r"[+-]?\d{1,15}", texto.replace(".", "")):
            raise ValueError(_("Escriba un número entero"))
        self.data = int(texto.replace(".", ""))

    def valor(self) -> Value:
        return self.data


class NumeroField(DecimalField):
    """A number with a decimal comma; points separate thousands."""

    def process_formdata(self, valuelist: list[str]) -> None:
        texto = limpiar(valuelist[0]) if valuelist else ""
        self.data = None
        if not texto:
            return
        con_coma = texto.replace(".", "").replace(",", ".") if "," in texto else texto
        try:
            numero = Decimal(con_coma)
        except InvalidOperation:
            raise ValueError(_("Escriba un número, por ejemplo 1.284,5")) from None
        if not numero.is_finite() or abs(numero) > EXTREMO_ENTERO:
            raise ValueError(_("Escriba un número, por ejemplo 1.284,5"))
        self.data = numero

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data).replace(".", ",")

    def valor(self) -> Value:
        return None if self.data is None else float(self.data)
