"""The routes of a module of views: a table beside the views. Importing a module registers nothing;
a blueprint takes its table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, url_for
from flask.typing import RouteCallable

from webforms.base.ajustes import ajustes

V = TypeVar("V", bound=RouteCallable)


@dataclass(frozen=True, slots=True)
class Ruta:
    metodo: str
    direccion: str
    vista: RouteCallable


@dataclass(frozen=True, slots=True)
class Rutas:
    """`rutas = Rutas()` in the module, `@rutas.get("/…")` above a view; a view may stand under
    several."""

    tabla: list[Ruta] = field(default_factory=list)

    def get(self, direccion: str) -> Callable[[V], V]:
        return self._de("GET", direccion)

    def post(self, direccion: str) -> Callable[[V], V]:
        return self._de("POST", direccion)

    def put(self, direccion: str) -> Callable[[V], V]:
        return self._de("PUT", direccion)

    def _de(self, metodo: str, direccion: str) -> Callable[[V], V]:
        def anotar(vista: V) -> V:
            self.tabla.append(Ruta(metodo, direccion, vista))
            return vista

        return anotar


def blueprint(nombre: str, paquete: str, *tablas: Rutas, prefijo: str | None = None) -> Blueprint:
    """A new blueprint each time, so that two applications of one process share none.

    `paquete` is the package of the audience: its templates lie in its folder `templates`. Endpoints
    are `nombre.<view>`.
    """
    bp = Blueprint(nombre, paquete, template_folder="templates", url_prefix=prefijo)
    for tabla in tablas:
        for ruta in tabla.tabla:
            bp.add_url_rule(ruta.direccion, view_func=ruta.vista, methods=[ruta.metodo])
    return bp


def enlace_publico(endpoint: str, **partes: Any) -> str:
    """A whole address, for paper, mails and QR codes: from BASE_URL, never from what the request
    says of its host."""
    return f"{ajustes().base_url.rstrip('/')}{url_for(endpoint, **partes)}"


def destino_local(destino: str) -> str:
    """Only a path of our own; everything else leads home, also what is no address."""
    try:
        partes = urlsplit(destino)
    except ValueError:
        return url_for("inicio.inicio")
    es_local = (
        destino.startswith("/")
        and not destino.startswith(("//", "/\\"))
        and not partes.netloc
        and not partes.scheme
    )
    return (
        destino
        if es_local and "\n" not in destino and "\r" not in destino and "\\" not in destino
        else url_for("inicio.inicio")
    )
