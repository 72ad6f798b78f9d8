"""A form generated from the fields that an element declares: an analyst adds a task without
Python."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

from flask_babel import get_locale, gettext as _
from wtforms.validators import Regexp

from engine.reads import models
from engine.types import CaseSpec, Data, FieldSpec
from webforms import campos
from webforms.base import formatos
from webforms.base.rotulos import rotulo
from webforms.campos.formulario import FormSpec, TareaForm

BOTONES = 6  # more choices make a drop-down list
LARGO_CORREO = 254
PREFIJO = "campo_"  # attribute names of the class: a field may be called "data" or "errors"


class _Patron(Regexp):
    """A pattern of an analyst (engine.patterns). What is longer than `largo` is not compared: its
    length has been refused."""

    def __init__(self, expresion: str, largo: int, mensaje: Any) -> None:
        super().__init__(f"(?:{expresion})\\Z", message=_literal(mensaje))
        self.largo = largo

    def __call__(self, form: Any, field: Any, message: Any = None) -> Any:
        return (
            super().__call__(form, field, message) if len(field.data or "") <= self.largo else None
        )


def _literal(mensaje: Any) -> str:
    """WTForms fills in % after us; a label may hold one."""
    return str(mensaje).replace("%", "%%")


def _numericos(spec: FieldSpec) -> list[Any]:
    minimo, maximo = formatos.numero(spec.minimum), formatos.numero(spec.maximum)
    if spec.minimum is not None and spec.maximum is not None:
        mensaje = _(
            "«%(campo)s»: escriba un número entre %(minimo)s y %(maximo)s",
            campo=spec.label,
            minimo=minimo,
            maximo=maximo,
        )
    elif spec.minimum is not None:
        mensaje = _(
            "«%(campo)s»: escriba un número desde %(minimo)s", campo=spec.label, minimo=minimo
        )
    elif spec.maximum is not None:
        mensaje = _(
            "«%(campo)s»: escriba un número hasta %(maximo)s", campo=spec.label, maximo=maximo
        )
    else:
        return []
    return [campos.rango(spec.minimum, spec.maximum, _literal(mensaje))]


def _de_texto(spec: FieldSpec, limite: int) -> list[Any]:
    maximo = min(int(spec.maximum), limite) if spec.maximum is not None else limite
    comparable = models.longest(spec.pattern)
    if comparable is not None:
        maximo = min(maximo, comparable)
    minimo = int(spec.minimum) if spec.minimum is not None else 0
    mas = formatos.numero(maximo)
    if minimo:
        mensaje = _(
            "«%(campo)s»: escriba entre %(minimo)s y %(maximo)s letras",
            campo=spec.label,
            minimo=minimo,
            maximo=mas,
        )
        reglas: list[Any] = [campos.largo(minimo, maximo, _literal(mensaje))]
    else:
        reglas = [
            campos.largo(
                -1,
                maximo,
                _literal(
                    _("«%(campo)s»: escriba máximo %(maximo)s letras", campo=spec.label, maximo=mas)
                ),
            )
        ]
    if comparable is not None:
        reglas.append(
            _Patron(
                spec.pattern or "",
                maximo,
                _("«%(campo)s»: el dato no tiene la forma esperada", campo=spec.label),
            )
        )
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


def _campo(spec: FieldSpec, pregunta: str | None = None) -> Any:
    clase, reglas, extra = _clase_y_reglas(spec)
    if spec.type == "file":
        validadores: list[Any] = []
    else:
        validadores = (
            campos.exige(_mensaje(spec), *reglas) if spec.required else campos.opcional(*reglas)
        )
    if pregunta is not None:
        validadores = campos.cuando(f"{PREFIJO}{pregunta}", "no", validadores)
    return clase(spec.label, validadores, description=spec.hint, name=spec.name, **extra)


def _mensaje(spec: FieldSpec) -> Any:
    if spec.type in ("choice", "boolean"):
        return _("Elija una opción en «%(campo)s»", campo=spec.label)
    return _("Escriba «%(campo)s»", campo=spec.label)


class DeclaradoForm(TareaForm):
    @classmethod
    def nombres(cls, valores: Data) -> dict[str, Any]:
        return {f"{PREFIJO}{nombre}": valor for nombre, valor in valores.items()}


def en_su_lengua(spec: FieldSpec) -> FieldSpec:
    """The field as its package calls it in the language of the request."""
    opciones = tuple((valor, rotulo(palabras)) for valor, palabras in spec.options)
    return replace(spec, label=rotulo(spec.label), hint=rotulo(spec.hint), options=opciones)


def formulario_declarado(fields: tuple[FieldSpec, ...], caso: CaseSpec | None = None) -> FormSpec:
    """The form of these fields; its messages are in the language of the request. `caso`: what they
    begin, where that may be without a name: who the person is is asked for only while the answer is
    no."""
    pregunta = caso.anonymous if caso is not None else None
    if pregunta not in {spec.name for spec in fields}:
        pregunta = None
    callados = (
        frozenset(n for n in (caso.person, caso.person_kind, caso.name) if n)
        if caso is not None and pregunta
        else frozenset()
    )
    return _formulario(tuple(map(en_su_lengua, fields)), pregunta, callados, str(get_locale()))


@lru_cache(maxsize=512)
def _formulario(
    fields: tuple[FieldSpec, ...], pregunta: str | None, callados: frozenset[str], _idioma: str
) -> FormSpec:
    suyos = {
        f"{PREFIJO}{spec.name}": _campo(spec, pregunta if spec.name in callados else None)
        for spec in fields
    }
    return FormSpec(form=type("Declarado", (DeclaradoForm,), suyos))
