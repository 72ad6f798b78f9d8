"""Cells of decision tables between what the file says (FEEL) and what a person chooses and reads.
Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from flask_babel import gettext as _, lazy_gettext as _l

from common.language import marked

_TEXTO: Final = r'"[^"]*"'
_TEXTOS: Final = re.compile(rf"{_TEXTO}(?:\s*,\s*{_TEXTO})*")
_NO: Final = re.compile(rf"not\s*\(\s*({_TEXTO}(?:\s*,\s*{_TEXTO})*)\s*\)")
_NUMERO: Final = r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?"
_COMPARA: Final = re.compile(rf"(<=|>=|<|>)?\s*({_NUMERO})")
_ENTRE: Final = re.compile(rf"([\[\](])\s*({_NUMERO})\s*\.\.\s*({_NUMERO})\s*([\])\[])")

CUALQUIERA, ES, NO_ES, ENTRE, ESCRITA = "cualquiera", "es", "no", "entre", "escrita"
#: Comparisons of numbers: mode → what it is called.
COMPARACIONES: Final[Mapping[str, str]] = {
    "=": marked("Igual a %(n)s"),
    "<": marked("Menos de %(n)s"),
    "<=": marked("Hasta %(n)s"),
    ">": marked("Más de %(n)s"),
    ">=": marked("Desde %(n)s"),
}
VERDADES: Final[tuple[tuple[str, Any], ...]] = (("true", _l("Sí")), ("false", _l("No")))
NUMEROS: Final = frozenset({"number", "integer", "long", "double"})

Decir = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Condicion:
    """A cell before the result. `modo`: CUALQUIERA, ES, NO_ES (of `valores`), a comparison or ENTRE
    (numbers), ESCRITA (`texto`)."""

    modo: str = CUALQUIERA
    valores: tuple[str, ...] = ()
    texto: str = ""
    abre: bool = True  #: of ENTRE: the first number itself counts
    cierra: bool = True


def leer_condicion(texto: str, tipo: str = "") -> Condicion:
    texto = texto.strip()
    if texto in ("", "-"):
        return Condicion()
    if _TEXTOS.fullmatch(texto):
        return Condicion(ES, _textos(texto))
    if negada := _NO.fullmatch(texto):
        return Condicion(NO_ES, _textos(negada[1]))
    if tipo == "boolean" and texto in dict(VERDADES):
        return Condicion(ES, (texto,))
    if entre := _ENTRE.fullmatch(texto):
        return Condicion(ENTRE, (entre[2], entre[3]), abre=entre[1] == "[", cierra=entre[4] == "]")
    if compara := _COMPARA.fullmatch(texto):
        return Condicion(compara[1] or "=", (compara[2],))
    return Condicion(ESCRITA, texto=texto)


def escribir_condicion(condicion: Condicion, tipo: str = "") -> str:
    """FEEL; the inverse of `leer_condicion`."""
    if condicion.modo == ESCRITA:
        return condicion.texto
    if condicion.modo == CUALQUIERA or not condicion.valores:
        return "-"
    if condicion.modo == ENTRE:
        return f"{'[' if condicion.abre else '('}{condicion.valores[0]}..{condicion.valores[1]}{']' if condicion.cierra else ')'}"
    if condicion.modo in COMPARACIONES:
        return (
            condicion.valores[0]
            if condicion.modo == "="
            else f"{condicion.modo} {condicion.valores[0]}"
        )
    if tipo == "boolean":
        return condicion.valores[0]
    textos = ",".join(f'"{valor}"' for valor in condicion.valores)
    return f"not({textos})" if condicion.modo == NO_ES else textos


def decir_condicion(texto: str, tipo: str, decir: Decir) -> str:
    """As it is read in the table: "Cualquiera", "Queja o Reclamo", "Todo menos Denuncia", "Desde
    60"."""
    condicion = leer_condicion(texto, tipo)
    if condicion.modo == CUALQUIERA:
        return str(_("Cualquiera"))
    if condicion.modo == ESCRITA:
        return condicion.texto
    if condicion.modo == ENTRE:
        return _entre(condicion)
    if condicion.modo in COMPARACIONES:
        return (
            condicion.valores[0]
            if condicion.modo == "="
            else str(_(COMPARACIONES[condicion.modo], n=condicion.valores[0]))
        )
    if tipo == "boolean":
        return str(dict(VERDADES).get(condicion.valores[0], condicion.valores[0]))
    dichos = _o([decir(valor) for valor in condicion.valores])
    return str(_("Todo menos %(d)s", d=dichos)) if condicion.modo == NO_ES else dichos


def _entre(condicion: Condicion) -> str:
    numeros = {"a": condicion.valores[0], "b": condicion.valores[1]}
    if condicion.abre:
        return str(
            _("Desde %(a)s hasta %(b)s", **numeros)
            if condicion.cierra
            else _("Desde %(a)s y menos de %(b)s", **numeros)
        )
    return str(
        _("Más de %(a)s hasta %(b)s", **numeros)
        if condicion.cierra
        else _("Más de %(a)s y menos de %(b)s", **numeros)
    )


def misma_condicion(una: str, otra: str, tipo: str = "") -> bool:
    """Whether two texts of a cell say the same, spaces and order aside."""
    return _normal(leer_condicion(una, tipo)) == _normal(leer_condicion(otra, tipo))


def _normal(condicion: Condicion) -> Condicion:
    junto = " ".join(condicion.texto.split())
    return (
        replace(condicion, texto=junto, valores=tuple(sorted(set(condicion.valores))))
        if condicion.modo in (ES, NO_ES)
        else replace(condicion, texto=junto)
    )


def _textos(texto: str) -> tuple[str, ...]:
    return tuple(parte[1:-1] for parte in re.findall(_TEXTO, texto))


def _o(dichos: Sequence[str]) -> str:
    """ "una, otra o la tercera"."""
    *primeros, ultimo = dichos
    return (
        str(_("%(primeros)s o %(ultimo)s", primeros=", ".join(primeros), ultimo=ultimo))
        if primeros
        else ultimo
    )


# --- results --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Resultado:
    """A cell of the result: a text, number or truth, without quotes; `escrita`: something else, as
    it is."""

    valor: str = ""
    escrita: bool = False


def leer_resultado(texto: str, tipo: str) -> Resultado:
    texto = texto.strip()
    if re.fullmatch(_TEXTO, texto) and tipo not in NUMEROS and tipo != "boolean":
        return Resultado(texto[1:-1])
    if (
        not texto
        or (tipo in NUMEROS and re.fullmatch(_NUMERO, texto))
        or (tipo == "boolean" and texto in dict(VERDADES))
    ):
        return Resultado(texto)
    return Resultado(texto, escrita=True)


def escribir_resultado(resultado: Resultado, tipo: str) -> str:
    if resultado.escrita or not resultado.valor or tipo in NUMEROS or tipo == "boolean":
        return resultado.valor
    return f'"{resultado.valor}"'


def decir_resultado(texto: str, tipo: str, decir: Decir) -> str:
    """ "Vicepresidencia de Crédito y Cobranza", "5", "Sí"; "" where there is none yet."""
    resultado = leer_resultado(texto, tipo)
    if resultado.escrita or tipo in NUMEROS:
        return resultado.valor
    if tipo == "boolean":
        return str(dict(VERDADES).get(resultado.valor, ""))
    return decir(resultado.valor) if resultado.valor else ""
