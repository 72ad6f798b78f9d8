"""A submission in words, wherever one is shown: label and text of each value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from engine.types import CaseSpec, Data, ElementSpec, Value
from webforms.base import formatos, palabras
from webforms.campos import BotonField, Derivado
from webforms.campos.formulario import FormSpec
from webforms.personas.cubierto import cubrir
from webforms.tareas.declarado import formulario_declarado

FECHA = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANTE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:\+00:00|Z)")


def especificacion(
    elemento: ElementSpec, forms: Mapping[str, FormSpec], caso: CaseSpec | None = None
) -> FormSpec:
    """The registered form of an element, or the one that its declared fields give; `caso`: that of
    the process that it begins."""
    registrado = forms.get(elemento.form) if elemento.form is not None else None
    return registrado or formulario_declarado(elemento.fields, caso)


@dataclass(frozen=True, slots=True)
class _Campo:
    """What a form says of one of its fields."""

    etiqueta: str
    opciones: Mapping[str, str]  #: texts of its fixed choices
    boton: bool = False  #: which way was taken: an act, told by the history
    derivado: bool = False  #: the form computes it for the diagram out of what was answered


def _campos(spec: FormSpec) -> dict[str, _Campo]:
    """By name, without building the form."""
    campos = {}
    for atributo in dir(spec.form):
        campo = getattr(spec.form, atributo, None)
        if not hasattr(campo, "field_class") or campo is None:
            continue
        etiqueta = str(campo.args[0]) if campo.args else atributo
        opciones = {str(valor): str(texto) for valor, texto in campo.kwargs.get("choices") or []}
        boton = issubclass(campo.field_class, BotonField)
        derivado = any(
            isinstance(v, Derivado) for v in (campo.args[1] if len(campo.args) > 1 else ())
        )
        campos[campo.name or atributo] = _Campo(
            etiqueta.removesuffix(" (opcional)"), opciones, boton, derivado
        )
    return campos


def acto_de(
    valores: Data | None, elemento: ElementSpec | None, forms: Mapping[str, FormSpec]
) -> str:
    """Which way was taken, for a form with several buttons: "Escaló el caso"; else empty."""
    if not valores or elemento is None:
        return ""
    botones = (
        (nombre, campo)
        for nombre, campo in _campos(especificacion(elemento, forms)).items()
        if campo.boton
    )
    return next((campo.opciones.get(str(valores.get(nombre)), "") for nombre, campo in botones), "")


def hay_dato(valor: Value) -> bool:
    """No and zero are said, an empty text or list is not."""
    return bool(valor) or isinstance(valor, int | float)


def texto_de(valor: Value, opciones: Mapping[str, str] | None = None) -> str:
    """One value as text; a file by its name."""
    if isinstance(valor, bool):
        return str(_("Sí") if valor else _("No"))
    if not hay_dato(valor):
        return str(_("Sin dato"))
    if isinstance(valor, list):
        return ", ".join(texto_de(parte, opciones) for parte in valor)
    if isinstance(valor, dict):
        if valor and "sha256" not in valor and "nombre" not in valor:
            return "; ".join(f"{nombre}: {texto_de(parte)}" for nombre, parte in valor.items())
        return str(valor.get("nombre", _("Archivo")))
    if opciones and str(valor) in opciones:
        return opciones[str(valor)]
    if isinstance(valor, str) and (FECHA.fullmatch(valor) or INSTANTE.fullmatch(valor)):
        try:
            return (
                formatos.fecha_larga(valor) if FECHA.fullmatch(valor) else formatos.momento(valor)
            )
        except ValueError:
            return valor  # of a day that no month has: somebody typed it
    return formatos.numero(valor, 2).removesuffix(",00") if isinstance(valor, float) else str(valor)


def texto_de_campo(nombre: str, valor: Value, opciones: Mapping[str, str] | None = None) -> str:
    """The value of a field: in the words of its choices, else in those of the kind of code that the
    field holds."""
    texto = texto_de(valor, opciones)
    return palabras.valor(nombre, texto) if isinstance(valor, str) and texto == valor else texto


def presentar(
    valores: Data | None,
    elemento: ElementSpec | None,
    forms: Mapping[str, FormSpec],
    *,
    cubre: bool,
) -> list[tuple[str, str]]:
    """A submission in words: (label, text) in the order of the form; fields that the form no longer
    has come last, under their names.

    What nobody gave is not said; neither are buttons, whose act the history tells, nor what a form
    computes for the diagram. `cubre`: documents, telephones and addresses stand covered;
    `webforms/personas/cubierto.py` says when.
    """
    if not valores:
        return []
    campos = _campos(especificacion(elemento, forms)) if elemento is not None else {}
    dichos = []
    for nombre in sorted(valores, key=lambda n: (n not in campos, list(valores).index(n))):
        campo, valor = campos.get(nombre) or _Campo(palabras.variable(nombre), {}), valores[nombre]
        if campo.boton or campo.derivado or not hay_dato(valor):
            continue
        texto = texto_de_campo(nombre, valor, campo.opciones)
        dichos.append((campo.etiqueta, cubrir(nombre, texto) if cubre else texto))
    return dichos
