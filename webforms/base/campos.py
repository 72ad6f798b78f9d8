"""Fields of our forms: what a person types, what a form shows again, and the JSON value that the engine stores."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData
from itsdangerous import URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import DecimalField
from wtforms import Field
from wtforms import IntegerField
from wtforms import RadioField
from wtforms import SelectField
from wtforms import SelectMultipleField
from wtforms import StringField
from wtforms import TextAreaField
from wtforms.validators import Length
from wtforms.validators import NumberRange
from wtforms.validators import Optional
from wtforms.validators import Regexp
from wtforms.validators import StopValidation
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput
from wtforms.widgets import FileInput
from wtforms.widgets import ListWidget

from engine.types import Value
from webforms.base.archivos import Archivo
from webforms.base.archivos import ArchivoRechazado

TEXTO_CORTO = 500
TEXTO_LARGO = 4_000
_DE_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # categories Cc and Cs of Unicode, but tab and line end
EXTREMO_ENTERO = 2**53 - 1


def limpiar(valor: Any) -> Any:
    """Text as people mean it: one form of Unicode, no control characters, line ends "\\n", no space around."""
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
    """An e-mail address; `inputmode` gives the right keyboard, the browser's own check stays off."""


class _ConOpciones:
    """Choices are pairs, set after construction: WTForms 3.3 warns there about everything but its own class."""

    def __init__(self, *args: Any, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=False, **kwargs)  # type: ignore[call-arg]  # a mixin of untyped fields
        self.choices: Any = choices


class OpcionField(_ConOpciones, RadioField):
    """One of a few: radio buttons under a legend. Values are texts, or integers with `coerce=int`."""

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
        if self.data not in (None, "") and self.data not in [valor for valor, _texto in (self.choices or [])]:
            raise ValidationError(_("Elija una de las opciones"))

    def valor(self) -> Value:
        return "" if self.data is None else self.data


def plano(texto: str) -> str:
    """For comparing what is typed: no accents, no case, single spaces."""
    sin_tildes = "".join(c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[.,›]", " ", sin_tildes.casefold()).split())


class BuscarField(StringField):
    """One of very many, found by typing a part of its name: what is typed must name exactly one of the choices.

    With `grupo_de`, `grupos` says to which choice of that other field each value belongs, and the list offers only those.
    """

    data: Any
    sin_valor: Value = ""
    MUESTRA = 4  #: how many are named when what was typed fits several

    def __init__(self, *args: Any, choices: Any = None, grupo_de: str = "", otro_grupo: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices
        self.grupo_de, self.otro_grupo = grupo_de, otro_grupo
        self.grupos: dict[str, str] = {}
        self._elegido: str | None = None

    def opciones(self) -> list[tuple[str, str]]:
        return [(str(valor), str(texto)) for valor, texto in (self.choices or [])]

    def hallados(self) -> list[tuple[str, str]]:
        """The choices that fit best: by the whole name, by one part of it, by a piece."""
        buscado = plano(self.data or "")
        if not buscado:
            return []
        opciones = self.opciones()
        enteros = [o for o in opciones if self.data == o[0] or plano(o[1]) == buscado]
        partes = [o for o in opciones if buscado in [plano(parte) for parte in re.split("[,›]", o[1])]]
        return enteros or partes or [o for o in opciones if buscado in plano(o[1])]

    def pre_validate(self, form: Any) -> None:
        hallados = self.hallados()
        if not self.data:
            return
        grupo = form[self.grupo_de].data if self.grupo_de else None
        del_grupo = [o for o in hallados if not grupo or self.grupos.get(o[0], grupo) == grupo]
        if hallados and not del_grupo:
            raise StopValidation(str(self.otro_grupo))
        if len(del_grupo) != 1:
            raise StopValidation(self._motivo([texto for _valor, texto in del_grupo]))
        self._elegido = del_grupo[0][0]

    def _motivo(self, textos: list[str]) -> str:
        escrito = str(self.data)[:60]
        if not textos:
            return str(_("«%(escrito)s» no está en la lista. Escriba una parte del nombre y elija una opción", escrito=escrito))
        nombres = "; ".join(textos[: self.MUESTRA])
        mas = "" if len(textos) <= self.MUESTRA else str(_(" y %(n)s más", n=len(textos) - self.MUESTRA))
        return str(_("«%(escrito)s» puede ser %(nombres)s%(mas)s. Escriba el nombre completo", escrito=escrito, nombres=nombres, mas=mas))

    def valor(self) -> Value:
        hallados = self.hallados()
        return self._elegido or (hallados[0][0] if len(hallados) == 1 else "")

    def _value(self) -> str:
        """What was typed, or the name of the value that the case has."""
        return dict(self.opciones()).get(str(self.data), "" if self.data is None else str(self.data))


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
    """Yes or no; neither is chosen until the person does. `lectura` is what is read aloud before asking."""

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
    """Which button of the form was pressed; `choices` are its ways, the first holds when none was (a key, an old page)."""

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = choices

    @property
    def elegido(self) -> str:
        return str(self.data) if self.data in dict(self.choices) else str(self.choices[0][0])

    def valor(self) -> Value:
        return self.elegido


def dia_escrito(texto: str) -> dt.date | None:
    """A day as dd/mm/aaaa; the ISO form is understood too. None: it is neither, or older than any date of the procedure."""
    for forma in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            dia = dt.datetime.strptime(texto.strip(), forma).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return dia if dia.year >= 1900 else None  # noqa: PLR2004 - no date of the procedure is older
    return None


class FechaField(StringField):
    """A day as `dia_escrito` reads it."""

    def process_data(self, value: Any) -> None:
        self.data = dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None

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


class ArchivoField(Field):
    """A file: checked and stored while the form is validated, and remembered when another field has an error."""

    widget = FileInput()
    MOTIVOS = {  # noqa: RUF012 - a constant of the class
        "vacio": _l("El archivo está vacío"),
        "grande": _l("El archivo pesa más de 10 MB"),
        "tipo": _l("El archivo debe ser PDF, JPG o PNG"),
    }

    def __init__(self, *args: Any, obligatorio: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obligatorio = obligatorio
        self.flags.required = obligatorio
        self.archivo: Archivo | None = None
        self.data: FileStorage | None = None

    def process_data(self, value: Any) -> None:
        self.data = None
        self.archivo = Archivo(**value) if isinstance(value, dict) else None

    def process_formdata(self, valuelist: list[Any]) -> None:
        subidos = [dato for dato in valuelist if isinstance(dato, FileStorage) and dato.filename]
        tokens = [dato for dato in valuelist if isinstance(dato, str)]
        self.data = subidos[0] if subidos else None
        self.archivo = leer_guardado(tokens[0]) if tokens else None

    def pre_validate(self, form: Any) -> None:
        if self.data is not None:
            try:
                self.archivo = form.contexto.archivos.guardar(self.data.stream, self.data.filename)
            except ArchivoRechazado as rechazo:
                raise StopValidation(str(self.MOTIVOS[rechazo.motivo])) from None
        if self.obligatorio and self.archivo is None:
            raise StopValidation(_("Adjunte el archivo"))

    def _value(self) -> str:
        return ""

    @property
    def guardado(self) -> str:
        """What the page carries in a hidden field, so that the file need not be chosen again."""
        return firmar_guardado(self.archivo) if self.archivo else ""

    def valor(self) -> Value:
        return dict(self.archivo.valor()) if self.archivo else None


def _firmante() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="archivo")


def firmar_guardado(archivo: Archivo) -> str:
    return _firmante().dumps([archivo.sha256, archivo.nombre, archivo.tipo, archivo.bytes])


def leer_guardado(token: str) -> Archivo | None:
    """A stored file from its token; only a page of ours can have made one, so nobody reads a file by its digest."""
    try:
        return Archivo(*_firmante().loads(token))
    except (BadData, TypeError):
        return None


def _firmante_de_eleccion() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="eleccion")


def firmar_eleccion(partes: list[str]) -> str:
    """For a button that stands for somebody whose data are covered on the page."""
    return _firmante_de_eleccion().dumps(partes)


def leer_eleccion(ficha: str) -> Any:
    """BadData: no page of ours made it."""
    return _firmante_de_eleccion().loads(ficha)


# --- validators, with messages that say what to do -----------------------------------------------------------------------
Validadores = list[Any]


class Obligatorio:
    """A value must be there; spaces alone are none, zero and "no" are values."""

    field_flags = {"required": True}  # noqa: RUF012 - read by WTForms

    def __init__(self, mensaje: Any) -> None:
        self.mensaje = mensaje

    def __call__(self, _form: Any, field: Any) -> None:
        if field.valor() in (None, "", []):
            raise StopValidation("" if field.process_errors else str(self.mensaje))


def exige(mensaje: Any, *otros: Any) -> Validadores:
    return [Obligatorio(mensaje), *otros]


def opcional(*otros: Any) -> Validadores:
    return [Optional(), *otros]


class Cuando:
    """The field is asked for only while `campo` says one of `valores`; otherwise nothing of it is checked or stored."""

    def __init__(self, campo: str, valores: tuple[str, ...]) -> None:
        self.campo, self.valores = campo, valores
        self.field_flags = {"cuando": self}  # read by WTForms

    def se_cumple(self, form: Any) -> bool:
        """A condition on a field that is itself not asked for is not met."""
        if self.campo not in form:
            return False
        otro = form[self.campo]
        dicho = otro.data if isinstance(otro.data, list) else [otro.data]
        return se_pide(form, otro) and any(str(valor) in self.valores for valor in dicho)

    def __call__(self, form: Any, field: Any) -> None:
        if not self.se_cumple(form):
            field.errors = []
            raise StopValidation


def se_pide(form: Any, campo: Any) -> bool:
    return campo.flags.cuando is None or campo.flags.cuando.se_cumple(form)


def cuando(campo: str, valores: str | Sequence[str], validadores: Validadores) -> Validadores:
    """`cuando("dispone", "si", exige(…))`: a field that exists because of an answer above it, and is then required."""
    return [Cuando(campo, (valores,) if isinstance(valores, str) else tuple(valores)), *validadores]


class ExigeSi:
    """Always asked for, and must have a value while `campo` says `valor`: the page never calls it optional."""

    field_flags = {"sin_marca": True}  # noqa: RUF012 - read by WTForms

    def __init__(self, campo: str, valor: str, mensaje: Any) -> None:
        self.campo, self.valor, self.mensaje = campo, valor, mensaje

    def __call__(self, form: Any, field: Any) -> None:
        if form[self.campo].data == self.valor and field.valor() in (None, "", []):
            raise StopValidation("" if field.process_errors else str(self.mensaje))


def exige_si(campo: str, valor: str, mensaje: Any, *otros: Any) -> Validadores:
    return [ExigeSi(campo, valor, mensaje), *opcional(*otros)]


class ConOmision:
    """The first choice of the list is an answer, not the lack of one."""

    field_flags = {"sin_marca": True}  # noqa: RUF012 - read by WTForms

    def __call__(self, _form: Any, field: Any) -> None:
        """Nothing to check: the field checks its choices."""


def con_omision() -> Validadores:
    return [ConOmision()]


def largo(minimo: int, maximo: int, mensaje: Any = None) -> Length:
    texto = mensaje or _l("Escriba entre %(min)d y %(max)d caracteres")
    return Length(min=minimo, max=maximo, message=texto)


def hasta(maximo: int) -> Length:
    return Length(max=maximo, message=_l("Escriba máximo %(max)d caracteres"))


def rango(minimo: float | None, maximo: float | None, mensaje: Any = None) -> NumberRange:
    return NumberRange(min=minimo, max=maximo, message=mensaje or _l("Escriba un número entre %(min)s y %(max)s"))


def patron(expresion: str, mensaje: Any) -> Regexp:
    return Regexp(f"(?:{expresion})\\Z", message=mensaje)


class NoFutura:
    """A day that is not after today in Bogotá; `now` comes with the form's context."""

    def __init__(self, mensaje: Any) -> None:
        self.mensaje = mensaje

    def __call__(self, form: Any, field: Any) -> None:
        if field.data is not None and field.data > form.contexto.hoy:
            raise ValidationError(str(self.mensaje))


def es_correo(_form: Any, field: Any) -> None:
    """One @, a domain with a point, no spaces: what a mail server would take; delivery is proven by delivery."""
    if field.data and not re.fullmatch(r"[^@\s\"'<>()\\,;:]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}", field.data):
        raise ValidationError(_("Escriba un correo como nombre@dominio.com"))
