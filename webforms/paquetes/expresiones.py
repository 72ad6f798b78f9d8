"""A condition of a diagram as people say it: "«Resultado del análisis» es «Otra área»". Pure; what
is no expression stays as it is.

Names and values have the words of the fields that ask for them. Nothing here is run.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from webforms.base.palabras import en_palabras
from webforms.base.rotulos import rotulo

LARGO: Final = 500  #: of an expression that the engine takes
COMPARA: Final[Mapping[type[ast.cmpop], Any]] = {
    ast.Eq: _l("es"),
    ast.NotEq: _l("no es"),
    ast.Lt: _l("es menor que"),
    ast.LtE: _l("es como máximo"),
    ast.Gt: _l("es mayor que"),
    ast.GtE: _l("es como mínimo"),
    ast.In: _l("está en"),
    ast.NotIn: _l("no está en"),
}
SIGNOS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "×",
    ast.Div: "÷",
}
FUNCIONES: Final[Mapping[str, Any]] = {
    "len": _l("cuántos hay en"),
    "min": _l("el menor de"),
    "max": _l("el mayor de"),
}


@dataclass(frozen=True, slots=True)
class Rotulos:
    """What the fields of a file call their variables, and the values of each."""

    nombres: Mapping[str, str] = field(default_factory=dict)
    valores: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def nombre(self, variable: str) -> str:
        return (
            rotulo(self.nombres.get(variable, ""))
            or en_palabras(re.sub(r"^n_", "número_de_", variable)).capitalize()
        )


def rotulos_de(campos: Iterable[Mapping[str, str]]) -> Rotulos:
    """Of the fields of a file, each with what it declares; what two call differently, or alike, has
    the words of its name."""
    nombres: dict[str, set[str]] = {}
    valores: dict[str, dict[str, set[str]]] = {}
    for campo in campos:
        variable = campo.get("name", "")
        nombres.setdefault(variable, set()).add(campo.get("label", "").strip())
        for opcion in campo.get("options", "").split("|"):
            codigo, _, texto = opcion.partition(":")
            valores.setdefault(variable, {}).setdefault(codigo.strip(), set()).add(
                texto.strip() or codigo.strip()
            )
    unicos = {
        variable: next(iter(dichos)) for variable, dichos in nombres.items() if len(dichos) == 1
    }
    veces = Counter(unicos.values())
    return Rotulos(
        {variable: dicho for variable, dicho in unicos.items() if veces[dicho] == 1},
        {
            variable: {c: next(iter(textos)) for c, textos in suyos.items() if len(textos) == 1}
            for variable, suyos in valores.items()
        },
    )


def decir(texto: str, rotulos: Rotulos) -> str:
    """In words; the text itself where it cannot be read."""
    try:
        return _Lector(rotulos).condicion(ast.parse(texto[:LARGO].strip(), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, KeyError):
        return " ".join(texto.split())


class _Lector:
    """KeyError at what the language does not have."""

    def __init__(self, rotulos: Rotulos) -> None:
        self.rotulos = rotulos

    def condicion(self, arbol: ast.expr) -> str:
        """What is true or false; a name alone is one that says yes."""
        match arbol:
            case ast.BoolOp():
                return self._juntas(arbol)
            case ast.UnaryOp(op=ast.Not()):
                return self._no(arbol.operand)
            case ast.Compare():
                return self._comparacion(arbol)
            case ast.Name():
                return str(_("%(x)s es sí", x=self._valor(arbol)))
        return self._valor(arbol)

    def _juntas(self, arbol: ast.BoolOp) -> str:
        """Parts that are joined in the other way stand in brackets."""
        partes = [
            f"({self.condicion(p)})"
            if isinstance(p, ast.BoolOp) and type(p.op) is not type(arbol.op)
            else self.condicion(p)
            for p in arbol.values
        ]
        return str(_(" y ") if isinstance(arbol.op, ast.And) else _(" o ")).join(partes)

    def _no(self, arbol: ast.expr) -> str:
        if isinstance(arbol, ast.Name):
            return str(_("%(x)s es no", x=self._valor(arbol)))
        return str(_("no (%(x)s)", x=self.condicion(arbol)))

    def _comparacion(self, arbol: ast.Compare) -> str:
        lados = [arbol.left, *arbol.comparators]
        return str(_(" y ")).join(
            self._par(uno, signo, otro)
            for uno, signo, otro in zip(lados, arbol.ops, lados[1:], strict=False)
        )

    def _par(self, uno: ast.expr, signo: ast.cmpop, otro: ast.expr) -> str:
        """ "X no tiene valor", "X es «A» o «B»", "X es mayor que 3"."""
        igual, distinto = (
            isinstance(signo, (ast.Eq, ast.In)),
            isinstance(signo, (ast.NotEq, ast.NotIn)),
        )
        nombre = (
            uno.id if isinstance(uno, ast.Name) else otro.id if isinstance(otro, ast.Name) else ""
        )
        decir = self._de(nombre)
        if isinstance(otro, ast.Constant) and otro.value is None and (igual or distinto):
            return str(
                _("%(x)s no tiene valor", x=self._valor(uno))
                if igual
                else _("%(x)s tiene valor", x=self._valor(uno))
            )
        if isinstance(otro, ast.List) and isinstance(signo, (ast.In, ast.NotIn)) and otro.elts:
            *antes, ultimo = [decir(parte) for parte in otro.elts]
            if antes and igual:
                return str(
                    _(
                        "%(x)s es %(antes)s o %(ultimo)s",
                        x=self._valor(uno),
                        antes=", ".join(antes),
                        ultimo=ultimo,
                    )
                )
            if antes:
                return str(
                    _(
                        "%(x)s no es %(antes)s ni %(ultimo)s",
                        x=self._valor(uno),
                        antes=", ".join(antes),
                        ultimo=ultimo,
                    )
                )
            return f"{self._valor(uno)} {COMPARA[ast.Eq if igual else ast.NotEq]} {ultimo}"
        return f"{decir(uno)} {COMPARA[type(signo)]} {decir(otro)}"

    def _de(self, nombre: str) -> Callable[[ast.expr], str]:
        return lambda parte: self._valor(parte, nombre)

    def _valor(self, arbol: ast.expr, de: str = "") -> str:
        """A name, a number, a text; `de`: the variable that it is a value of."""
        match arbol:
            case ast.Name():
                return str(_("«%(x)s»", x=self.rotulos.nombre(arbol.id)))
            case ast.Constant():
                return self._constante(arbol.value, self.rotulos.valores.get(de, {}))
            case ast.List():
                return f"[{', '.join(self._valor(parte, de) for parte in arbol.elts)}]"
            case ast.UnaryOp(op=ast.USub()):
                return f"-{self._valor(arbol.operand)}"
            case ast.BinOp():
                partes = [
                    f"({self._valor(p)})" if isinstance(p, ast.BinOp) else self._valor(p)
                    for p in (arbol.left, arbol.right)
                ]
                return f" {SIGNOS[type(arbol.op)]} ".join(partes)
            case ast.Call(func=ast.Name(id=nombre)):
                return self._funcion(nombre, arbol.args)
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp():
                return f"({self.condicion(arbol)})"
        raise KeyError(type(arbol).__name__)

    def _constante(self, valor: object, nombres: Mapping[str, str]) -> str:
        if isinstance(valor, bool):
            return str(_("sí") if valor else _("no"))
        if valor is None:
            return str(_("nada"))
        return (
            str(_("«%(x)s»", x=rotulo(nombres.get(valor, valor))))
            if isinstance(valor, str)
            else str(valor)
        )

    def _funcion(self, nombre: str, argumentos: list[ast.expr]) -> str:
        dichos = ", ".join(self._valor(argumento) for argumento in argumentos)
        if nombre == "dias_habiles":
            return (
                ngettext("%(num)s día hábil", "%(num)s días hábiles", int(dichos))
                if dichos.isdigit()
                else str(_("%(n)s días hábiles", n=dichos))
            )
        return f"{FUNCIONES[nombre]} {dichos}" if nombre in FUNCIONES else f"{nombre}({dichos})"
