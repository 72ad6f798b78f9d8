"""While the systems are asked (5.2.9) the console stays on the case, with what each has answered so
far."""

import datetime as dt
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.operation import Asked
from records.sistemas.reglas.sistemas import RESPONDIDA, SISTEMAS, codigo_de
from records.sistemas.tablas import ConsultaLegado
from records.visita import atenciones
from webforms.base.guias import ASESOR, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.quienes import ATIENDE
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.tareas.elementos import titulo_de_elemento
from webforms.visita import contexto
from webforms.visita.contexto import Momento

rutas = Rutas()

CONSULTANDO = "consultando"


@dataclass(frozen=True, slots=True)
class Llegada:
    """What a system has said so far; `segundos` is how long it took, or how long it has been
    asked."""

    nombre: str
    estado: str  # consultando | ok | sin_datos | no_disponible | no_configurado
    segundos: float
    corte: dt.datetime | None = None


def consultando(session: Session) -> Asked | None:
    """The systems that are asked for the visit at this adviser's desk."""
    turno = atenciones.en_curso(session, actor_actual().id)
    return (
        reads.operation.asked(session, turno.case_key)
        if turno is not None and turno.case_key
        else None
    )


def hoja(session: Session, pedida: Asked) -> Hoja:
    momento = Momento(
        pedida.job_id,
        pedida.element,
        pedida.release,
        pedida.instance_id,
        pedida.case_key,
        pedida.data,
    )
    procesos = reads.releases.processes(
        session, servicios().engine.catalog, pedida.release
    ).values()
    nombre = next(
        (p.elements[pedida.element].name for p in procesos if pedida.element in p.elements), ""
    )
    valores = {
        "titulo": titulo_de_elemento(pedida.element, nombre),
        "llegadas": _llegadas(session, pedida),
    }
    return Hoja(
        "visita/consultando.html", {**contexto.del_momento(session, momento), **valores}, 202
    )


@rutas.get(
    "/atencion/aplicativos",
    para=ATIENDE,
    ayuda=Ayuda(_l("Lo que los aplicativos dicen de la persona que atiende."), ASESOR),
)
def llegadas() -> ResponseReturnValue:
    """The changing part of the page; 204 once nothing is asked any more, then the console shows
    what follows."""
    with servicios().uow.reading() as session:
        pedida = consultando(session)
        vistas = _llegadas(session, pedida) if pedida is not None else []
    if pedida is None:
        return "", 204
    return render_template("visita/_llegadas.html", llegadas=vistas), 202


def _llegadas(session: Session, pedida: Asked) -> list[Llegada]:
    turno_id = pedida.data.get("turno_id")
    leidas = contexto.leidas(session, turno_id) if isinstance(turno_id, int) else {}
    pedidos = pedida.data.get("sistemas")
    codigos = {codigo_de(str(s)) for s in pedidos} if isinstance(pedidos, list) else set()
    hace = (servicios().clock.now() - pedida.since).total_seconds()
    return [
        _llegada(s.nombre, leidas.get(s.codigo), pedida, hace)
        for s in SISTEMAS
        if s.codigo in codigos or s.codigo in leidas
    ]


def _llegada(nombre: str, leida: ConsultaLegado | None, pedida: Asked, hace: float) -> Llegada:
    """What failed before this question was put is being asked again."""
    if leida is None or (leida.estado not in RESPONDIDA and leida.consultada < pedida.since):
        return Llegada(nombre, CONSULTANDO, max(0.0, hace))
    return Llegada(nombre, leida.estado, (leida.ms or 0) / 1000, leida.fecha_corte)
