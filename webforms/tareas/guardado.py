"""What a draft holds beside the text of its fields: who typed it, in which page, and the versions
that gave way to it.

A draft goes with the task to whoever receives it, and may be open in two pages at once: nothing
that was typed is lost, and each text says whose it is. The names begin with "_", so no field of a
form can be called like them. A file that was chosen stands under its field as what it is known by
(`Archivo.valor`); no page sends that, so what a draft names was looked at here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.reads.items import DraftView
from engine.types import Data, Value

AUTOR, PAGINA, ANTERIORES = "_autor", "_pagina", "_anteriores"
LARGO_MARCA = 40  #: of the name of a page, and of the moment of the draft that it saw
VERSIONES = 5  #: that are kept, the latest first


@dataclass(frozen=True, slots=True)
class Version:
    """A text that gave way to a later one."""

    autor: str
    cuando: dt.datetime
    textos: Data


@dataclass(frozen=True, slots=True)
class Guardado:
    """A draft, told apart: the texts of the fields, and what is known of them."""

    textos: Data
    cuando: dt.datetime
    autor: str
    pagina: str
    anteriores: tuple[Version, ...]

    @property
    def archivos(self) -> dict[str, Value]:
        return archivos_de(self.textos)

    @property
    def escrito(self) -> dict[str, Value]:
        return {n: valor for n, valor in self.textos.items() if n not in self.archivos}

    @property
    def marca(self) -> str:
        """What a page remembers of the draft that it has seen."""
        return self.cuando.isoformat()


@dataclass(frozen=True, slots=True)
class Pagina:
    """Who saves: a page of its own, with what it saw of the draft; a page without a name asks
    nothing."""

    nombre: str = ""
    visto: str = ""


def leer(borrador: DraftView | None) -> Guardado | None:
    return de(borrador.values, borrador.saved_at, borrador.person) if borrador is not None else None


def de(valores: Data, cuando: dt.datetime, quien: str) -> Guardado:
    dichas = valores.get(ANTERIORES)
    versiones = (
        tuple(_version(v) for v in dichas if isinstance(v, Mapping))
        if isinstance(dichas, list)
        else ()
    )
    autor, pagina = str(valores.get(AUTOR) or quien), str(valores.get(PAGINA) or "")
    return Guardado(textos_de(valores), cuando, autor, pagina, versiones)


def archivos_de(textos: Data) -> dict[str, Value]:
    """Field → the file that was chosen for it."""
    return {nombre: valor for nombre, valor in textos.items() if isinstance(valor, Mapping)}


def textos_de(valores: Data) -> dict[str, Value]:
    return {nombre: valor for nombre, valor in valores.items() if not nombre.startswith("_")}


def hay(textos: Data) -> bool:
    return any(textos.values())


def choca(guardado: Guardado | None, pagina: Pagina) -> bool:
    """Another page has saved since this one looked."""
    if guardado is None or not pagina.nombre or not hay(guardado.textos):
        return False
    return guardado.pagina not in ("", pagina.nombre) and guardado.marca != pagina.visto


def componer(
    antes: Guardado | None, textos: Data, autor: str, pagina: Pagina, *, de_nuevo: bool = False
) -> dict[str, Value]:
    """What is to be stored: the new text, and as earlier versions what another person or an unseen
    page had left there.

    `de_nuevo`: the person chose another text, so that what stood there is kept too.
    """
    versiones = list(antes.anteriores) if antes is not None else []
    cede = antes is not None and hay(antes.textos) and antes.textos != textos
    if antes is not None and cede and (de_nuevo or antes.autor != autor or choca(antes, pagina)):
        versiones.insert(0, Version(antes.autor, antes.cuando, antes.textos))
    return {
        **textos,
        AUTOR: autor,
        PAGINA: pagina.nombre,
        ANTERIORES: _datos(versiones[:VERSIONES]),
    }


def _datos(versiones: Iterable[Version]) -> list[Value]:
    return [
        {"autor": v.autor, "cuando": v.cuando.isoformat(), "textos": dict(v.textos)}
        for v in versiones
    ]


def _version(datos: Mapping[str, Value]) -> Version:
    textos = datos.get("textos")
    cuando = dt.datetime.fromisoformat(str(datos.get("cuando")))
    return Version(str(datos.get("autor")), cuando, textos if isinstance(textos, dict) else {})
