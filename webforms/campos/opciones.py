"""One or some of a few that the page shows: buttons, lists, boxes, yes and no."""

from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from engine.types import Value


class _ConOpciones:
    """Choices are pairs, set after construction: WTForms 3.3 warns there about everything but its
    own class."""

    def __init__(self, *args: Any, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=False, **kwargs)  # type: ignore[call-arg]  # a mixin of untyped fields
        self.choices: Any = choices


class OpcionField(_ConOpciones, RadioField):
    """One of a few: radio buttons under a legend. Values are texts, or integers with
    `coerce=int`."""

    data: Any
    sin_valor: Value = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([v for v in valuelist if v != ""])
        except ValueError:
            self.data = None
            raise ValueError(_("Elija una de las opciones")) from None

    def pre_validate(self, _form: Any) -> None:
        if self.data not in (None, "") and self.data not in [opcion[0] for opcion in self.choices]:
            raise ValidationError(_("Elija una de las opciones"))

    def valor(self) -> Value:
        return "" if self.data is None else self.data


class ListaField(_ConOpciones, SelectField):
    """One of many: a drop-down list. Values are texts, or integers with `coerce=int`."""

    sin_valor: Value = ""

    def __init__(self, *args: Any, vacio: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vacio = vacio

    def opciones(self) -> list[tuple[str, str]]:
        primera = [("", self.vacio or _("Elija una opción"))]
        return primera + [(str(valor), str(texto)) for valor, texto in (self.choices or [])]

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist or valuelist[0] == "":
            self.data = None
            return
        try:
            self.data = self.coerce(valuelist[0])
        except ValueError:
            self.data = None
            raise ValueError(_("Elija una de las opciones")) from None

    def pre_validate(self, _form: Any) -> None:
        if self.data not in (None, "") and self.data not in [
            valor for valor, _texto in (self.choices or [])
        ]:
            raise ValidationError(_("Elija una de las opciones"))

    def valor(self) -> Value:
        return "" if self.data is None else self.data


class CasillasField(_ConOpciones, SelectMultipleField):
    """Any of a few: check boxes under a legend."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, _form: Any) -> None:
        conocidas = {valor for valor, _texto in (self.choices or [])}
        if any(valor not in conocidas for valor in self.data or []):
            raise ValidationError(_("Elija entre las opciones de la lista"))

    def valor(self) -> Value:
        return list(self.data or [])


class SiNoField(OpcionField):
    """Yes or no; neither is chosen until the person does. `lectura` is what is read aloud before
    asking."""

    sin_valor: Value = None

    def __init__(self, *args: Any, lectura: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("choices", [("si", _l("Sí")), ("no", _l("No"))])
        super().__init__(*args, **kwargs)
        self.lectura = lectura

    def process_data(self, value: Any) -> None:
        self.data = {True: "si", False: "no"}.get(value, value)

    def valor(self) -> Value:
        return {"si": True, "no": False}.get(self.data)


class CasillaField(StringField):
    """One box to tick: ticked or not."""

    def process_data(self, value: Any) -> None:
        self.data = "si" if value in (True, "si") else None

    @property
    def marcada(self) -> bool:
        return self.data == "si"

    def valor(self) -> Value:
        return self.marcada


class BotonField(StringField):
    """Which button of the form was pressed; `choices` are its ways, the first holds when none was
    (a key, an old page)."""

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices

    @property
    def elegido(self) -> str:
        return str(self.data) if self.data in dict(self.choices) else str(self.choices[0][0])

    def valor(self) -> Value:
        return self.elegido
