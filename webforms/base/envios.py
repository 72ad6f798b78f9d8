"""A submission in words, wherever one is shown: label and text of each value."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from engine.types import Data
from engine.types import ElementSpec
from engine.types import Value
from webforms.base import formatos
from webforms.base import palabras
from webforms.base.cubierto import cubrir
from webforms.base.declarado import formulario_declarado
from webforms.base.formulario import FormSpec

FECHA = re.compile(r"\d{4}-\d{2}-\d{2}")
INSTANTE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:\+00:00|Z)")


def especificacion(elemento: ElementSpec, forms: Mapping[str, FormSpec]) -> FormSpec:
    """The registered form of an element, or the one that its declared fields give."""
    registrado = forms.get(elemento.form) if elemento.form is not None else None
    return registrado or formulario_declarado(elemento.fields)


def _campos(spec: FormSpec) -> dict[str, tuple[str, dict[str, str]]]:
    """Name → label and texts of its fixed choices, without building the form."""
    campos: dict[str, tuple[str, dict[str, str]]] = {}
    for atributo in dir(spec.form):
        campo = getattr(spec.form, atributo, None)
        if not hasattr(campo, "field_class") or campo is None:
            continue
        etiqueta = str(campo.args[0]) if campo.args else atributo
        opciones = {str(valor): str(texto) for valor, texto in campo.kwargs.get("choices") or []}
        campos[campo.name or atributo] = (etiqueta.removesuffix(" (opcional)"), opciones)
    return campos


def texto_de(valor: Value, opciones: Mapping[str, str] | None = None) -> str:
    """One value as text; a file by its name."""
    if isinstance(valor, bool):
        return str(_("Sí") if valor else _("No"))
    if not valor and valor != 0:
        return str(_("Sin dato"))
    if isinstance(valor, list):
        return ", ".join(texto_de(parte, opciones) for parte in valor)
    if isinstance(valor, dict):
        if valor and "sha256" not in valor and "nombre" not in valor:
            return "; ".join(f"{nombre}: {texto_de(parte)}" for nombre, parte in valor.items())
        return str(valor.get("nombre", _("Archivo")))
    if opciones and str(valor) in opciones:
        return opciones[str(valor)]
    if isinstance(valor, str) and FECHA.fullmatch(valor):
        return formatos.fecha_larga(valor)
    if isinstance(valor, str) and INSTANTE.fullmatch(valor):
        return formatos.momento(valor)
    return formatos.numero(valor, 2).removesuffix(",00") if isinstance(valor, float) else str(valor)


def texto_de_campo(nombre: str, valor: Value, opciones: Mapping[str, str] | None = None) -> str:
    """The value of a field: in the words of its choices, else in those of the kind of code that the field holds."""
    texto = texto_de(valor, opciones)
    return palabras.valor(nombre, texto) if isinstance(valor, str) and texto == valor else texto


def presentar(valores: Data | None, elemento: ElementSpec | None, forms: Mapping[str, FormSpec], *, cubre: bool) -> list[tuple[str, str]]:
    """A submission in words: (label, text) in the order of the form; fields that the form no longer has come last, under their names.

    `cubre`: documents, telephones and addresses stand covered; `webforms/base/cubierto.py` says when.
    """
    if not valores:
        return []
    campos: dict[str, tuple[str, dict[str, Any]]] = _campos(especificacion(elemento, forms)) if elemento is not None else {}
    dichos = []
    for nombre in sorted(valores, key=lambda n: (n not in campos, list(valores).index(n))):
        etiqueta, opciones = campos.get(nombre, (palabras.variable(nombre), {}))
        valor = valores[nombre]
        texto = texto_de_campo(nombre, valor, opciones)
        dichos.append((etiqueta, cubrir(nombre, texto) if cubre and valor else texto))
    return dichos
