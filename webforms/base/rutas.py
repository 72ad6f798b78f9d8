"""The routes of a module of views: a table beside the views, and in each row who may use the page.
Importing a module registers nothing; a room names its tables (`Sala`), and an application takes
them from there."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypedDict, TypeVar, Unpack
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, request, url_for
from flask.typing import RouteCallable
from jinja2 import FileSystemLoader

from records.cuentas.reglas.frenos import Cupo
from webforms.base.ajustes import ajustes
from webforms.base.guias import Ayuda
from webforms.base.menu import Entrada

V = TypeVar("V", bound=RouteCallable)
SALAS: Final = Path(__file__).resolve().parent.parent


class SinPara(ValueError):
    """A route that does not say who may use it; the program does not start."""


class Dicho(TypedDict, total=False):
    """What a route may say beside who may use it."""

    ayuda: Ayuda  #: what the page is for
    menu: Entrada  #: where it stands in the bar, and its name there
    haria: Any  #: what a POST would have done, if its session ended; `{}` are parts of its address
    #: it changes powers, accounts, what is in force or days that count, or gives out a list of many
    #: people: whoever does it has shown the password lately
    de_peso: bool
    cupo: Cupo  #: how often it may be sent: by a stranger's address, else by person or device
    #: name of the field that tells its view to show its form with what was typed, and do nothing
    se_muestra: str
    varios: bool  #: takes several files
    pesa: int  #: octets that a form without files may have beyond the usual limit


@dataclass(frozen=True, slots=True)
class Ruta:
    metodo: str
    direccion: str
    vista: RouteCallable
    para: frozenset[str]  #: who may use it (`webforms/base/quienes.py`)
    dicho: Dicho


@dataclass(frozen=True, slots=True)
class Rutas:
    """`rutas = Rutas()` in the module, `@rutas.get("/…", para=RADICA)` above a view; a view may
    stand under several."""

    tabla: list[Ruta] = field(default_factory=list)

    def get(
        self, direccion: str, *, para: frozenset[str], **dicho: Unpack[Dicho]
    ) -> Callable[[V], V]:
        return self._de("GET", direccion, para, dicho)

    def post(
        self, direccion: str, *, para: frozenset[str], **dicho: Unpack[Dicho]
    ) -> Callable[[V], V]:
        return self._de("POST", direccion, para, dicho)

    def put(
        self, direccion: str, *, para: frozenset[str], **dicho: Unpack[Dicho]
    ) -> Callable[[V], V]:
        return self._de("PUT", direccion, para, dicho)

    def _de(
        self, metodo: str, direccion: str, para: frozenset[str], dicho: Dicho
    ) -> Callable[[V], V]:
        def anotar(vista: V) -> V:
            if not para:
                raise SinPara(f"{metodo} {direccion} ({vista.__module__}.{vista.__name__})")
            self.tabla.append(Ruta(metodo, direccion, vista, para, dicho))
            return vista

        return anotar


def dicho_de(endpoint: str | None, metodo: str) -> Dicho:
    """What the route of this view says, if the application has it."""
    dichos: Mapping[tuple[str, str], Dicho] = current_app.extensions["dicho"]
    return dichos.get((endpoint or "", "GET" if metodo == "HEAD" else metodo), {})


def dicho() -> Dicho:
    """What the route of this request says."""
    return dicho_de(request.endpoint, request.method)


@dataclass(frozen=True, slots=True)
class Plano:
    """Pages under one name: endpoints are `nombre.<view>`. Rooms may share a name, and then also
    its prefix: stored links and help know the pages by it, whichever room they are in."""

    nombre: str
    tablas: tuple[Rutas, ...]
    prefijo: str | None = None
    #: open to whoever has no second factor yet, or one of before, although it is asked of them
    sin_segundo: bool = False

    def rutas(self) -> Iterator[tuple[str, Ruta]]:
        """Each with its endpoint."""
        for tabla in self.tablas:
            for ruta in tabla.tabla:
                yield f"{self.nombre}.{ruta.vista.__name__}", ruta


@dataclass(frozen=True, slots=True)
class Sala:
    """What a room gives to the application: its pages, and what else it puts on it. Its templates
    lie in its folder `templates`."""

    planos: tuple[Plano, ...]
    poner: Callable[[Flask], None] | None = None

    def rutas(self) -> Iterator[tuple[str, Ruta]]:
        for plano in self.planos:
            yield from plano.rutas()


def registrar(app: Flask, salas: Iterable[Sala]) -> None:
    """A new blueprint for each name, so that two applications of one process share none."""
    planos: dict[str, Blueprint] = {}
    for sala in salas:
        if sala.poner is not None:
            sala.poner(app)
        for plano in sala.planos:
            bp = planos.setdefault(
                plano.nombre, Blueprint(plano.nombre, __name__, url_prefix=plano.prefijo)
            )
            if bp.url_prefix != plano.prefijo:
                raise ValueError(f"{plano.nombre}: {bp.url_prefix} and {plano.prefijo}")
            for _endpoint, ruta in plano.rutas():
                bp.add_url_rule(ruta.direccion, view_func=ruta.vista, methods=[ruta.metodo])
    for bp in planos.values():
        app.register_blueprint(bp)
    app.jinja_loader = FileSystemLoader(sorted(SALAS.glob("*/templates")))


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
