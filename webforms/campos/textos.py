"""Text that people type, cleaned as they mean it."""

import re
import unicodedata
from typing import Any

from wtforms import StringField, TextAreaField

from engine.types import Value

TEXTO_CORTO = 500
TEXTO_LARGO = 4_000
# categories Cc and Cs of Unicode, but tab and line end
_DE_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def limpiar(valor: Any) -> Any:
    """Text as people mean it: one form of Unicode, no control characters, line ends "\\n", no space
    around."""
    if not isinstance(valor, str):
        return valor
    normal = unicodedata.normalize("NFC", valor.replace("\r\n", "\n").replace("\r", "\n"))
    return _DE_CONTROL.sub("", normal).strip()


class _Texto:
    data: Any
    sin_valor: Value = ""  #: what is stored of a field whose condition is not met

    def valor(self) -> Value:
        return self.data or ""


class TextoField(_Texto, StringField):
    """One line."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            self.data = self.data.replace("\n", " ").replace("\r", " ")


class ParrafoField(_Texto, TextAreaField):
    """Several lines; the page shows how many letters are left."""


class CorreoField(TextoField):
    """An e-mail address; `inputmode` gives the right keyboard, the browser's own check stays
    off."""
