"""What an address of the inbox asks for: view, filters and order, cleaned; the links that change
one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import url_for

from records.casos.bandeja import ORDENES, URGENCIAS
from webforms.base.en_la_direccion import abierto, cerrado
from webforms.campos import limpiar

VISTAS = ("todas", "mias", "libres", "seguimiento", "areas")
#: name in the address → how long its value may be
PARTES = {
    "vista": 12,
    "q": 60,
    "de": 3_000,
    "actividad": 60,
    "clase": 160,
    "tema": 20,
    "punto": 80,
    "area": 40,
    "quien": 80,
    "estado": 40,
    "termino": 12,
    "orden": 12,
}
FILTROS = ("q", "de", "actividad", "clase", "tema", "punto", "area", "quien", "estado", "termino")
LIBRE = "-"  #: as responsible: nobody has taken it
PAGINA, MAS = 60, 500  #: tasks on a page; of one group, when it is asked for


@dataclass(frozen=True, slots=True)
class Consulta:
    """Empty texts ask for nothing."""

    vista: str = "todas"
    q: str = ""
    #: whom a document led to, signed for the account that looked
    #: (webforms/casos/documento_buscado.py)
    de: str = ""
    actividad: str = ""
    clase: str = ""
    tema: str = ""
    punto: str = ""
    area: str = ""
    quien: str = ""  #: a user name, or LIBRE
    estado: str = ""
    termino: str = ""
    orden: str = "urgente"

    @property
    def puestos(self) -> dict[str, str]:
        """The filters that narrow the view, as the address names them."""
        return {nombre: valor for nombre in FILTROS if (valor := getattr(self, nombre))}

    @property
    def texto(self) -> str:
        """The query string; what is as usual is left out. An address that asks for nothing is the
        inbox as it opens."""
        partes = {"vista": self.vista, **self.puestos, "orden": self.orden}
        partes["q"] = cerrado(self.q)
        dichas = {
            n: v
            for n, v in partes.items()
            if v and (n, v) not in {("vista", "todas"), ("orden", "urgente")}
        }
        return urlencode(dichas or {"vista": self.vista})

    @property
    def limite(self) -> int:
        return MAS if self.termino else PAGINA

    def enlace(self, **cambios: str) -> str:
        """The address of the same list with these parts changed."""
        partes = {nombre: cambios.get(nombre, getattr(self, nombre)) for nombre in PARTES}
        return con_texto(Consulta(**partes).texto)


def con_texto(texto: str) -> str:
    direccion = url_for("bandeja.bandeja")
    return f"{direccion}?{texto}" if texto else direccion


def leer(argumentos: Mapping[str, str]) -> Consulta:
    """Of the arguments of a request; what the inbox does not know is left out."""
    suyos = {**argumentos, "q": abierto(argumentos.get("q", ""))}
    partes = {
        nombre: str(limpiar(suyos.get(nombre, "")))[:largo] for nombre, largo in PARTES.items()
    }
    if partes["vista"] not in VISTAS:
        partes["vista"] = "todas"
    if partes["termino"] not in URGENCIAS:
        partes["termino"] = ""
    if partes["orden"] not in ORDENES:
        partes["orden"] = "urgente"
    return Consulta(**partes)


def de_texto(texto: str) -> Consulta:
    """Of a query string that a form carries or that was saved."""
    return leer(dict(parse_qsl(texto[:6_000])))
