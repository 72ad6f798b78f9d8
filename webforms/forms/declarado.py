"""A form generated from the fields that an element declares: an analyst adds a task without Python."""

import functools
from typing import Any

from flask_babel import lazy_gettext as _l

from engine.types import Data
from engine.types import FieldSpec
from webforms.forms import campos
from webforms.forms.base import FormSpec
from webforms.forms.base import TareaForm

BOTONES = 6  # more choices make a drop-down list
LARGO_CORREO = 254
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


def _clase_y_reglas(spec: FieldSpec) -> tuple[Any, list[Any], dict[str, Any]]:
    """Field class, rules beside "required", further arguments."""
    match spec.type:
        case "longtext":
            return campos.ParrafoField, _de_texto(spec, campos.TEXTO_LARGO), {}
        case "email":
            return campos.CorreoField, [*_de_texto(spec, LARGO_CORREO), campos.es_correo], {}
        case "choice":
            clase = campos.OpcionField if len(spec.options) <= BOTONES else campos.ListaField
            return clase, [], {"choices": list(spec.options)}
        case "date":
            return campos.FechaField, [], {}
        case "number":
            return campos.NumeroField, _numericos(spec), {}
        case "integer":
            return campos.EnteroField, _numericos(spec), {}
        case "boolean":
            return campos.SiNoField, [], {}
        case "file":
            return campos.ArchivoField, [], {"obligatorio": spec.required}
        case _:
            return campos.TextoField, _de_texto(spec, campos.TEXTO_CORTO), {}


def _campo(spec: FieldSpec) -> Any:
    clase, reglas, extra = _clase_y_reglas(spec)
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
