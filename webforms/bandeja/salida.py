"""The inbox as it is shown, with its filters: as a file for a spreadsheet and as a list to
print."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from records.casos.bandeja import EnEspera
from records.contingencia import papel
from records.cuentas.reglas.roles import FUNCIONARIO
from records.plazos.reglas.calendario import ZONA
from webforms.bandeja import consulta
from webforms.bandeja.consulta import Consulta
from webforms.bandeja.lista import (
    CLASES,
    EXPORTABLES,
    GRUPOS,
    Fila,
    anotar_documento,
    fichas,
    filas,
    gente,
    opciones,
    que_esperan,
)
from webforms.bandeja.quietas import las_quietas
from webforms.base import guias
from webforms.base.guias import Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.palabras import area as nombre_de_area, de_catalogo, estado_caso
from webforms.base.personas import nombres_de
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.documentos.planillas import BOM, linea
from webforms.tareas.elementos import titulo_de_elemento

rutas = Rutas()

CLASE = dict(CLASES)


@dataclass(frozen=True, slots=True)
class Renglon:
    """A line in words; nothing where there is nothing to say. Documents are in no line of an
    inbox."""

    termino: str
    radicado: str
    clase: str
    tema: str
    actividad: str
    estado: str
    persona: str
    punto: str
    area: str
    responsable: str
    abierta: dt.datetime
    vence: dt.datetime | None
    limite_legal: dt.datetime | None
    prioridad: str
    en_papel: str = ""

    @property
    def celdas(self) -> tuple[str, ...]:
        """In the order of TITULOS; moments in the time of Colombia, as spreadsheets read and sort
        them."""
        caso = (
            self.termino,
            self.radicado,
            self.clase,
            self.tema,
            self.actividad,
            self.estado,
            self.persona,
            self.punto,
        )
        cuando = (_cuando(self.abierta), _cuando(self.vence), _cuando(self.limite_legal))
        return (*caso, self.area, self.responsable, *cuando, self.prioridad, self.en_papel)


TITULOS = (
    _l("Término"),
    _l("Número"),
    _l("Clase"),
    _l("Tema o asunto"),
    _l("Actividad"),
    _l("Estado del caso"),
    _l("Persona"),
    _l("Lugar"),
    _l("Área"),
    _l("Responsable"),
    _l("Abierta"),
    _l("Vence"),
    _l("Término legal"),
    _l("Prioridad"),
    _l("En papel"),
)


def renglones(session: Session, c: Consulta) -> list[Renglon]:
    lineas = filas(session, c, las_quietas(session, actor_actual()), EXPORTABLES)
    esperan = que_esperan(session, c, EXPORTABLES).filas
    nombres = nombres_de(
        session,
        {f.item.claimed_by for f in lineas if f.item.claimed_by} | {e.pedido_por for e in esperan},
    )
    papeles = papel.de_casos(session, {f.item.case_key for f in lineas})

    def numeros(f: Fila) -> str:
        return ", ".join(n.nombre for n in papeles.get(f.item.case_key, ()))

    return [
        *(_de_tarea(f, nombres, numeros(f)) for f in lineas),
        *(_de_espera(e, nombres) for e in esperan),
    ]


def _de_tarea(f: Fila, nombres: dict[str, str], en_papel: str) -> Renglon:
    i, a = f.item, f.asunto
    return Renglon(
        termino=str(GRUPOS[f.urgencia][0]),
        radicado=a.radicado if a else "",
        clase=str(CLASE.get(a.clase, a.clase.capitalize())) if a else "",
        tema=de_catalogo(a.subtema) if a else "",
        actividad=titulo_de_elemento(i.element, i.name),
        estado=estado_caso(a.estado) if a else "",
        persona=a.persona if a else "",
        punto=a.punto if a else "",
        area=nombre_de_area(i.scope) if i.scope and i.role == FUNCIONARIO else "",
        responsable=nombres.get(i.claimed_by, i.claimed_by) if i.claimed_by else "",
        abierta=i.opened_at,
        vence=i.due_at,
        limite_legal=a.limite_respuesta if a else None,
        prioridad=_("Alta") if i.priority > 0 else "",
        en_papel=en_papel,
    )


def _de_espera(e: EnEspera, nombres: dict[str, str]) -> Renglon:
    return Renglon(
        termino=_("Espera al ciudadano"),
        radicado=e.radicado,
        clase=str(CLASE[e.clase]),
        tema=de_catalogo(e.subtema),
        actividad="",
        estado=estado_caso("requerido"),
        persona=e.persona,
        punto=e.punto,
        area=nombre_de_area(e.area_id) if e.area_id else "",
        responsable=nombres.get(e.pedido_por, e.pedido_por),
        abierta=e.desde,
        vence=e.vence,
        limite_legal=e.legal_vencido,
        prioridad="",
    )


def _cuando(momento: dt.datetime | None) -> str:
    return f"{momento.astimezone(ZONA):%Y-%m-%d %H:%M}" if momento else ""


@rutas.get("/bandeja/lista.csv", para=PERSONA)
def exportar() -> ResponseReturnValue:
    """Recorded before it leaves: what it was narrowed by, never the values."""
    s, c = servicios(), consulta.leer(request.args)
    anotar_documento(c)
    s.engine.log_access(
        actor_actual(),
        "exportacion",
        "bandeja.csv",
        now=s.clock.now(),
        detail={"por": sorted(c.puestos)},
    )
    with s.uow.reading() as session:
        lineas = renglones(session, c)
    cabecera = {
        "Content-Disposition": "attachment; filename=bandeja.csv",
        "Cache-Control": "no-store",
    }
    return Response(_como_planilla(lineas), mimetype="text/csv", headers=cabecera)


def _como_planilla(lineas: Sequence[Renglon]) -> Iterator[str]:
    yield BOM + linea([str(titulo) for titulo in TITULOS])
    yield from (linea(renglon.celdas) for renglon in lineas)


@rutas.get(
    "/bandeja/imprimir",
    para=PERSONA,
    ayuda=Ayuda(_l("La lista de la bandeja como se imprime."), guias.FUNCIONARIO),
    menu=Entrada(Grupo.HOY, _l("Imprimir la bandeja")),
)
def imprimir() -> ResponseReturnValue:
    c, actor = consulta.leer(request.args), actor_actual()
    anotar_documento(c)
    with servicios().uow.reading() as session:
        lineas = renglones(session, c)
        elecciones = opciones(session, c, gente(session, actor), con_quietas=True)
    return render_template(
        "bandeja/imprimir.html", c=c, lineas=lineas, fichas=fichas(c, elecciones)
    )
