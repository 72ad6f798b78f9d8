"""One of very many, found by typing a part of its name."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import StopValidation

from engine.types import Value


def plano(texto: str) -> str:
    """For comparing what is typed: no accents, no case, single spaces."""
    sin_tildes = "".join(
        c for c in unicodedata.normalize("NFD", texto) if not unicodedata.combining(c)
    )
    return " ".join(re.sub(r"[.,›]", " ", sin_tildes.casefold()).split())


@lru_cache(8192)
def _comparables(texto: str) -> tuple[str, tuple[str, ...]]:
    """The name of a choice and its parts. The lists are long and the same for everybody: worked out
    once, not at each form."""
    return plano(texto), tuple(plano(parte) for parte in re.split("[,›]", texto))


class BuscarField(StringField):
    """One of very many, found by typing a part of its name: what is typed must name exactly one of
    the choices.

    With `grupo_de`, `grupos` says to which choice of that other field each value belongs, and the
    list offers only those.
    """

    data: Any
    sin_valor: Value = ""
    con_codigos = False  #: whether its list carries the values, for fields that depend on them
    MUESTRA = 4  #: how many are named when what was typed fits several

    def __init__(
        self,
        *args: Any,
        choices: Any = None,
        grupo_de: str = "",
        otro_grupo: Any = "",
        **kwargs: Any,
    ) -> None:
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
        opciones = [(o, *_comparables(o[1])) for o in self.opciones()]
        enteros = [o for o, entero, _partes in opciones if self.data == o[0] or entero == buscado]
        return (
            enteros
            or [o for o, _entero, partes in opciones if buscado in partes]
            or [o for o, entero, _partes in opciones if buscado in entero]
        )

    def pre_validate(self, form: Any) -> None:
        hallados = self.hallados()
        if not self.data:
            return
        grupo = form[self.grupo_de].data if self.grupo_de else None
        del_grupo = [o for o in hallados if not grupo or self.grupos.get(o[0], grupo) == grupo]
        if hallados and not del_grupo:
            raise StopValidation(self._de_otro_grupo(form[self.grupo_de], hallados))
        if len(del_grupo) != 1:
            raise StopValidation(self._motivo([texto for _valor, texto in del_grupo]))
        self._elegido = del_grupo[0][0]

    def _de_otro_grupo(self, elegido: Any, hallados: list[tuple[str, str]]) -> str:
        """Of which group it is, in the words of the field that chose another."""
        palabras = {str(valor): str(texto) for valor, texto in elegido.choices}
        suyos = sorted(
            {palabras.get(self.grupos.get(codigo, ""), "") for codigo, _texto in hallados}
        )
        return str(self.otro_grupo) % {
            "suyo": _(" o ").join(suyos),
            "elegido": palabras.get(str(elegido.data), ""),
        }

    def _motivo(self, textos: list[str]) -> str:
        escrito = str(self.data)[:60]
        if not textos:
            return str(
                _(
                    "«%(escrito)s» no está en la lista. Escriba una parte del nombre y elija una opción",
                    escrito=escrito,
                )
            )
        nombres = "; ".join(textos[: self.MUESTRA])
        mas = (
            ""
            if len(textos) <= self.MUESTRA
            else str(_(" y %(n)s más", n=len(textos) - self.MUESTRA))
        )
        return str(
            _(
                "«%(escrito)s» puede ser %(nombres)s%(mas)s. Escriba el nombre completo",
                escrito=escrito,
                nombres=nombres,
                mas=mas,
            )
        )

    def valor(self) -> Value:
        hallados = self.hallados()
        return self._elegido or (hallados[0][0] if len(hallados) == 1 else "")

    @property
    def codigo(self) -> str:
        """What fields that depend on this one compare: the value, not what was typed."""
        return str(self.valor())

    def _value(self) -> str:
        """What was typed, or the name of the value that the case has."""
        return dict(self.opciones()).get(
            str(self.data), "" if self.data is None else str(self.data)
        )
