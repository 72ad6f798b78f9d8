"""A case tried on a decision table: what the rules that one reads or edits would say of it. Nothing
is kept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from engine import reads
from engine.reads.models import Tried, Unreadable
from engine.types import Value
from webforms.campos import limpiar
from webforms.paquetes import celdas
from webforms.paquetes.columnas import Columna
from webforms.paquetes.tablas import Tabla

LARGO: Final = 200
_NUMERO: Final = re.compile(r"-?\d{1,15}(?:[.,]\d{1,10})?")


@dataclass(frozen=True, slots=True)
class Dato:
    """A column that some rule asks, and what was chosen or typed for it."""

    columna: Columna
    nombre: str  #: of its control
    valor: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Prueba:
    """`reglas`: numbers of those that count, as the page counts them; `resultados`: name and value
    of each output, in words."""

    tabla: str
    datos: Sequence[Dato]
    hecha: bool = False
    reglas: tuple[int, ...] = ()
    resultados: Sequence[tuple[str, str]] = ()
    problema: str = ""

    @property
    def errores(self) -> list[tuple[str, str]]:
        return [(d.nombre, f"{d.columna.rotulo}: {d.error}") for d in self.datos if d.error]


def nombre_de(tabla: str, n: int) -> str:
    return f"prueba:{tabla}:{n}"


def probar(tabla: Tabla, contenido: bytes, enviado: Mapping[str, str]) -> Prueba:
    """What was asked of this table in an address or a form; without `probar` of it only the
    controls."""
    rejilla = tabla.rejilla
    preguntas = [c for c in tabla.columnas if not c.resultado]
    pedida = enviado.get("probar", "") == rejilla.id
    datos = [
        _dato(c, nombre_de(rejilla.id, c.n), enviado if pedida else {})
        for c in preguntas
        if c not in tabla.calladas
    ]
    if not pedida or any(d.error for d in datos):
        return Prueba(rejilla.id, datos)
    dados = {d.columna.n: _valor(d) for d in datos}
    try:
        dicho = reads.models.tried(contenido, rejilla.id, [dados.get(c.n) for c in preguntas])
    except Unreadable:
        return Prueba(
            rejilla.id,
            datos,
            hecha=True,
            problema=_("La tabla no se puede probar: corrija primero lo que dice la revisión."),
        )
    salidas = {c.variable: c for c in tabla.columnas if c.resultado}
    return Prueba(
        rejilla.id,
        datos,
        hecha=True,
        reglas=tuple(n + 1 for n in dicho.rules),
        resultados=[
            (salidas[v].rotulo, _dicho(salidas[v], valor)) for v, valor in dicho.outputs.items()
        ],
        problema=_problema(dicho),
    )


def _dato(columna: Columna, nombre: str, enviado: Mapping[str, str]) -> Dato:
    valor = str(limpiar(enviado.get(nombre, "")))[:LARGO].strip()
    falta = nombre in enviado and columna.es_numero and not _NUMERO.fullmatch(valor)
    return Dato(columna, nombre, valor, _("Escriba un número, por ejemplo 15.") if falta else "")


def _valor(dato: Dato) -> Value:
    if dato.columna.es_numero:
        numero = dato.valor.replace(",", ".")
        return float(numero) if "." in numero else int(numero)
    return dato.valor == "true" if dato.columna.es_verdad else dato.valor


def _dicho(columna: Columna, valor: Any) -> str:
    if isinstance(valor, list):
        return ", ".join(_dicho(columna, uno) for uno in valor)
    if isinstance(valor, bool):
        return str(dict(celdas.VERDADES)[str(valor).lower()])
    return columna.decir_valor(valor) if isinstance(valor, str) else str(valor)


def _problema(dicho: Tried) -> str:
    if dicho.problem is None:
        return ""
    if not dicho.rules:
        return str(_("Ninguna regla lo decide: un caso así se detendría."))
    return str(_("Coinciden varias reglas que no pueden valer a la vez: un caso así se detendría."))
