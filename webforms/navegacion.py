"""Where each person goes: the bar on top, «Ir a» with all of their pages, and the first page after
the login."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from records.base.reglas.nombres import plano
from records.cuentas.reglas.roles import DE_CARRIL, ROLES, que_incluyen
from webforms.base import palabras
from webforms.base.ajustes import ajustes
from webforms.base.guias import FUNCIONARIO, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Plano, Rutas, Sala
from webforms.base.security import Usuario, usuario_actual
from webforms.base.servicios import servicios
from webforms.operacion.por_poner import falta_algo

rutas = Rutas()
INCIDENTES, PUESTA = "incidentes.lista", "puesta.pagina"
NOMBRES: Final = {
    Grupo.HOY: _l("Hoy"),
    Grupo.CASOS: _l("Casos"),
    Grupo.MES: _l("Mes"),
    Grupo.CALIDAD: _l("Calidad"),
    Grupo.CONTRATO: _l("Contrato"),
    Grupo.AJUSTES: _l("Ajustes"),
}


@dataclass(frozen=True, slots=True)
class Enlace:
    """A page that this person may open. `fila`: it stands in the row of its group, too."""

    endpoint: str
    entrada: Entrada
    fila: bool
    cuantos: int = 0

    @property
    def texto(self) -> Any:
        return self.entrada.texto


@dataclass(frozen=True, slots=True)
class DeGrupo:
    grupo: Grupo
    enlaces: Sequence[Enlace]

    @property
    def nombre(self) -> Any:
        return NOMBRES[self.grupo]

    @property
    def fila(self) -> list[Enlace]:
        return [e for e in self.enlaces if e.fila]

    @property
    def cuantos(self) -> int:
        return sum(e.cuantos for e in self.enlaces)


def _enlaces(usuario: Usuario) -> Iterator[Enlace]:
    """In the order of the bar, of the pages that this application has."""
    menu: Sequence[tuple[str, Entrada, frozenset[str]]] = current_app.extensions["menu"]
    for endpoint, entrada, para in menu:
        if endpoint in current_app.view_functions and (para >= PERSONA or usuario.tiene(*para)):
            suya = bool(entrada.orden) and (entrada.hay is None or entrada.hay(usuario))
            yield Enlace(endpoint, entrada, suya, entrada.cuenta(usuario) if entrada.cuenta else 0)


def grupos(usuario: Usuario | None) -> list[DeGrupo]:
    """All that this person may open, by groups."""
    suyos = _enlaces(usuario) if usuario is not None else ()
    return [
        DeGrupo(grupo, tuple(de)) for grupo, de in groupby(suyos, key=lambda e: e.entrada.grupo)
    ]


def grupo_aqui(todos: Sequence[DeGrupo], *endpoints: str) -> DeGrupo | None:
    """The group of this page, or else of the one that it belongs to."""
    return next(
        (g for e in endpoints for g in todos if any(x.endpoint == e for x in g.enlaces)), None
    )


def cargo(usuario: Usuario) -> str:
    """ "Asesor · Bogotá Aguas": the roles of a person as the bar says them."""
    propios = [
        r.codigo
        for r in ROLES.values()
        if r.puede and r.codigo != DE_CARRIL and not usuario.tiene(*que_incluyen(r.codigo))
    ]
    partes = []
    for rol in (*propios, *sorted({p.name for p in usuario.papeles} - ROLES.keys())):
        if usuario.tiene(rol):
            ambitos = ", ".join(
                usuario.lugares.get(ambito) or palabras.lugar(ambito)
                for ambito in usuario.ambitos(rol)
            )
            partes.append(f"{palabras.rol(rol)} · {ambitos}" if ambitos else palabras.rol(rol))
    return " / ".join(partes)


@rutas.get("/", para=PERSONA)
def inicio() -> ResponseReturnValue:
    primero = next(
        (e for grupo in grupos(usuario_actual()) for e in grupo.fila if e.entrada.primera),
        None,
    )
    if primero is None or "ajeno" in request.args:
        return render_template("inicio.html", ajeno="ajeno" in request.args, primero=primero)
    return redirect(
        url_for(_por_donde_empezar() if primero.endpoint == INCIDENTES else primero.endpoint)
    )


@rutas.get(
    "/ir-a",
    para=PERSONA,
    ayuda=Ayuda(
        _l("Todas las páginas que usted puede abrir, por grupos y por su nombre."), FUNCIONARIO
    ),
)
def ir_a() -> ResponseReturnValue:
    """The menu of a telephone, and what Ctrl K reads; narrowed by what somebody types."""
    buscado = request.args.get("q", "").strip()[:80]
    todos = grupos(usuario_actual())
    hallados = [
        DeGrupo(g.grupo, de)
        for g in todos
        if (de := [e for e in g.enlaces if plano(buscado) in plano(str(e.texto))])
    ]
    return render_template(
        "ir_a.html", grupos=hallados, buscado=buscado, total=sum(len(g.enlaces) for g in todos)
    )


def _por_donde_empezar() -> str:
    """Who administers a place where nobody can work yet begins with what is missing. The demo is no
    such place."""
    s = servicios()
    if ajustes().demo:
        return INCIDENTES
    with s.uow.reading() as session:
        return (
            PUESTA
            if PUESTA in current_app.view_functions and falta_algo(session, s.clock.now())
            else INCIDENTES
        )


#: The first page lies with what all rooms share; so the layout and the macros are found, too.
SALA = Sala((Plano("inicio", (rutas,), sin_segundo=True),))
