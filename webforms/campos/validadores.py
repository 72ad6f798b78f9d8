"""Validators, with messages that say what to do; which field is asked for, and when."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import (
    Length,
    NumberRange,
    Optional,
    Regexp,
    StopValidation,
    ValidationError,
)

from records.base.reglas.documentos import CORREO

Validadores = list[Any]


class Obligatorio:
    """A value must be there; spaces alone are none, zero and "no" are values."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, mensaje: Any) -> None:
        self.mensaje = mensaje

    def __call__(self, _form: Any, field: Any) -> None:
        if field.valor() in (None, "", []):
            raise StopValidation("" if field.process_errors else str(self.mensaje))


class Marcada(Obligatorio):
    """A box that must be ticked: somebody vouches for something."""

    def __call__(self, _form: Any, field: Any) -> None:
        if not field.marcada:
            raise StopValidation(str(self.mensaje))


def marcada(mensaje: Any) -> Validadores:
    return [Marcada(mensaje)]


def exige(mensaje: Any, *otros: Any) -> Validadores:
    return [Obligatorio(mensaje), *otros]


def opcional(*otros: Any) -> Validadores:
    return [Optional(), *otros]


class Derivado(Optional):
    """Nobody answers the field: the form computes it out of other answers, because the diagram asks
    for it."""


def derivado(*otros: Any) -> Validadores:
    return [Derivado(), *otros]


class Cuando:
    """The field is asked for only while `campo` says one of `valores`; otherwise nothing of it is
    checked or stored."""

    def __init__(self, campo: str, valores: tuple[str, ...]) -> None:
        self.campo, self.valores = campo, valores
        self.field_flags = {"cuando": self}  # read by WTForms

    def se_cumple(self, form: Any) -> bool:
        """A condition on a field that is itself not asked for is not met."""
        if self.campo not in form:
            return False
        otro = form[self.campo]
        dicho = otro.data if isinstance(otro.data, list) else [getattr(otro, "codigo", otro.data)]
        return se_pide(form, otro) and any(str(valor) in self.valores for valor in dicho)

    def __call__(self, form: Any, field: Any) -> None:
        if not self.se_cumple(form):
            field.errors = []
            raise StopValidation


def se_pide(form: Any, campo: Any) -> bool:
    return campo.flags.cuando is None or campo.flags.cuando.se_cumple(form)


def cuando(campo: str, valores: str | Sequence[str], validadores: Validadores) -> Validadores:
    """`cuando("dispone", "si", exige(…))`: a field that exists because of an answer above it, and
    is then required."""
    return [Cuando(campo, (valores,) if isinstance(valores, str) else tuple(valores)), *validadores]


class ExigeSi:
    """Always asked for, and must have a value while `campo` says `valor`: the page never calls it
    optional."""

    field_flags: ClassVar[dict[str, bool]] = {"sin_marca": True}

    def __init__(self, campo: str, valor: str, mensaje: Any) -> None:
        self.campo, self.valor, self.mensaje = campo, valor, mensaje

    def __call__(self, form: Any, field: Any) -> None:
        if form[self.campo].data == self.valor and field.valor() in (None, "", []):
            raise StopValidation("" if field.process_errors else str(self.mensaje))


def exige_si(campo: str, valor: str, mensaje: Any, *otros: Any) -> Validadores:
    return [ExigeSi(campo, valor, mensaje), *opcional(*otros)]


class ConOmision:
    """The first choice of the list is an answer, not the lack of one."""

    field_flags: ClassVar[dict[str, bool]] = {"sin_marca": True}

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
    return NumberRange(
        min=minimo, max=maximo, message=mensaje or _l("Escriba un número entre %(min)s y %(max)s")
    )


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
    """As `records.base.reglas.documentos` says what an address looks like."""
    if field.data and not CORREO.fullmatch(field.data):
        raise ValidationError(_("Escriba un correo como nombre@dominio.com"))
