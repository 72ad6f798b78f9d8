"""A form generated from the fields that an element declares: an analyst adds a task without Python."""

import functools
from typing import Any

from flask_babel import lazy_gettext as _l

from engine.types import Data
from engine.types import FieldSpec
from webforms.forms import campos
from webforms.forms.base import FormSpec
from webforms.forms.base import TareaForm

PREFIJO = "campo_"  # attribute names of the class: a field may be called "data" or "errors"


def _numericos(spec: FieldSpec) -> list[Any]:
    if spec.minimum is None and spec.maximum is None:
        return []
    if spec.maximum is None:
        return [campos.rango(spec.minimum, None, _l("Escriba un número desde %(min)s"))]
    if spec.minimum is None:
        return [campos.rango(None, spec.maximum, _l("Escriba un número hasta %(max)s"))]
    return [campos.rango(spec.minimum, spec.maximum)]


def _de_texto(spec: FieldSpec, limite: int) -> list[Any]:
    maximo = min(int(spec.maximum), limite) if spec.maximum is not None else limite
    minimo = int(spec.minimum) if spec.minimum is not None else 0
    reglas: list[Any] = [campos.largo(minimo, maximo) if minimo else campos.hasta(maximo)]
    if spec.pattern:
        reglas.append(campos.patron(spec.pattern, _l("El dato no tiene la forma esperada")))
    return reglas


def _campo(spec: FieldSpec) -> Any:
    clase, reglas, extra = {
        "text": lambda: (campos.TextoField, _de_texto(spec, campos.TEXTO_CORTO), {}),
        "longtext": lambda: (campos.ParrafoField, _de_texto(spec, campos.TEXTO_LARGO), {}),
        "email": lambda: (campos.CorreoField, [*_de_texto(spec, 254), campos.es_correo], {}),
        "choice": lambda: (campos.OpcionField if len(spec.options) <= 6 else campos.ListaField, [], {"choices": list(spec.options)}),  # noqa: PLR2004 - more do not fit as radio buttons
        "date": lambda: (campos.FechaField, [], {}),
        "number": lambda: (campos.NumeroField, _numericos(spec), {}),
        "integer": lambda: (campos.EnteroField, _numericos(spec), {}),
        "boolean": lambda: (campos.SiNoField, [], {}),
        "file": lambda: (campos.ArchivoField, [], {"obligatorio": spec.required}),
    }[spec.type]()  # fmt: skip
    if spec.type == "file":
        validadores: list[Any] = []
    else:
        validadores = campos.exige(_mensaje(spec), *reglas) if spec.required else campos.opcional(*reglas)
    return clase(spec.label, validadores, description=spec.hint, name=spec.name, **extra)


def _mensaje(spec: FieldSpec) -> Any:
    if spec.type in ("choice", "boolean"):
        return _l("Elija una opción en «%(campo)s»", campo=spec.label)
    return _l("Escriba «%(campo)s»", campo=spec.label)


class DeclaradoForm(TareaForm):
    @classmethod
    def nombres(cls, valores: Data) -> dict[str, Any]:
        return {f"{PREFIJO}{nombre}": valor for nombre, valor in valores.items()}


@functools.lru_cache(maxsize=256)
def formulario_declarado(fields: tuple[FieldSpec, ...]) -> FormSpec:
    """The same fields give the same class."""
    clase = type("Declarado", (DeclaradoForm,), {f"{PREFIJO}{spec.name}": _campo(spec) for spec in fields})
    return FormSpec(form=clase)
