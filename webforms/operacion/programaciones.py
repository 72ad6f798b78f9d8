"""Recurring starts: which process starts when, why on that day, what was started; an administrator
pauses and resumes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import Conflict, NotFound
from engine.reads.schedules import ScheduleView
from engine.states import ScheduleState
from engine.types import Processes
from records.cuentas.reglas.roles import Facultad
from webforms.base.guias import ANALISTA, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import ADMINISTRA, LEE_MODELOS
from webforms.base.rotulos import rotulo
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.paquetes import programacion_palabras as palabras

rutas = Rutas()

PROXIMAS = 5
MOTIVO = range(5, 2001)  # letters of a reason that a reviewer understands, and that fits
ESTADOS: Mapping[str, tuple[str, Any]] = {
    ScheduleState.ACTIVE: ("hecha", _l("Activa")),
    ScheduleState.PAUSED: ("pausa", _l("En pausa")),
    ScheduleState.OVER: ("tranquila", _l("Terminó")),
    ScheduleState.GONE: ("tranquila", _l("Retirada")),
}


@dataclass(frozen=True, slots=True)
class Fecha:
    cuando: dt.datetime
    porque: str


@dataclass(frozen=True, slots=True)
class Programacion:
    """A schedule as people read it."""

    proceso: str
    inicio: str
    nombre: str
    nombre_inicio: str
    regla: str
    estado: str
    clase: str
    texto_estado: str
    desde: dt.datetime
    fechas: tuple[Fecha, ...]


def _vigentes(session: Session) -> Processes:
    """Processes in force."""
    catalogo = servicios().engine.catalog
    numero = reads.releases.current(session, catalogo)
    return reads.releases.processes(session, catalogo, numero) if numero else {}


def _frase(texto: str) -> str:
    """As a sentence begins."""
    return texto[:1].upper() + texto[1:]


def _leer(fila: ScheduleView, vigentes: Processes, cuantas: int) -> Programacion:
    proceso = vigentes.get(fila.process)
    elemento = proceso.elements.get(fila.element) if proceso else None
    clase, texto = ESTADOS[fila.state]
    return Programacion(
        proceso=fila.process,
        inicio=fila.element,
        nombre=rotulo(proceso.name) if proceso else fila.process,
        nombre_inicio=rotulo(elemento.name) if elemento else fila.element,
        regla=_frase(palabras.regla(fila.rule)),
        estado=fila.state,
        clase=clase,
        texto_estado=str(texto),
        desde=fila.changed_at,
        fechas=tuple(
            Fecha(o.at, palabras.porque(o))
            for o in reads.schedules.upcoming(fila, cuantas, servicios().engine.calendar)
        ),
    )


@rutas.get(
    "/",
    para=LEE_MODELOS,
    ayuda=Ayuda(_l("Los procesos que empiezan solos, y cuándo."), ANALISTA),
    menu=Entrada(Grupo.AJUSTES, _l("Programaciones"), 7),
)
def lista() -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        vigentes = _vigentes(session)
        filas = [_leer(fila, vigentes, 1) for fila in reads.schedules.listed(session)]
    return render_template("operacion/programaciones/lista.html", filas=filas)


@rutas.get(
    "/<proceso>/<inicio>",
    para=LEE_MODELOS,
    ayuda=Ayuda(_l("Cuándo empieza solo este proceso, y qué pasó cada vez."), ANALISTA),
)
def ver(proceso: str, inicio: str) -> ResponseReturnValue:
    return _pagina(proceso, inicio)


def _pagina(
    proceso: str, inicio: str, motivo: str = "", errores: tuple[tuple[str, str], ...] = ()
) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        fila = reads.schedules.schedule(session, proceso, inicio)
        if fila is None:
            abort(404)
        p = _leer(fila, _vigentes(session), PROXIMAS)
        historia = reads.schedules.events(session, proceso, inicio)
        nombres = nombres_de(session, {h.actor_id for h in historia})
    usuario = usuario_actual()
    administra = usuario is not None and usuario.puede(Facultad.ADMINISTRAR)
    vista = {
        "p": p,
        "historia": historia,
        "nombres": nombres,
        "rango": _rango,
        "administra": administra,
    }
    pagina = render_template(
        "operacion/programaciones/ver.html", **vista, motivo=motivo, errores=errores
    )
    return pagina, 422 if errores else 200


def _rango(razon: str) -> tuple[dt.datetime, dt.datetime]:
    """First and last of the occurrences that were given up."""
    primera, _, ultima = razon.partition(" ")
    return dt.datetime.fromisoformat(primera), dt.datetime.fromisoformat(ultima)


@rutas.post("/<proceso>/<inicio>/pausar", para=ADMINISTRA, haria=_l("Pausar una programación"))
def pausar(proceso: str, inicio: str) -> ResponseReturnValue:
    return _cambiar(
        proceso, inicio, _("La programación quedó en pausa. No inicia nada hasta que se reanude.")
    )


@rutas.post("/<proceso>/<inicio>/reanudar", para=ADMINISTRA, haria=_l("Reanudar una programación"))
def reanudar(proceso: str, inicio: str) -> ResponseReturnValue:
    return _cambiar(
        proceso,
        inicio,
        _("La programación sigue. Lo que no se inició durante la pausa no se inicia ahora."),
    )


def _cambiar(proceso: str, inicio: str, hecho: str) -> ResponseReturnValue:
    motivo, s = request.form.get("motivo", "").strip(), servicios()
    if len(motivo) not in MOTIVO:
        return _pagina(
            proceso, inicio, motivo, (("motivo", _("Escriba el motivo, entre 5 y 2.000 letras")),)
        )
    orden = (
        s.engine.schedules.pause
        if request.endpoint == "programaciones.pausar"
        else s.engine.schedules.resume
    )
    try:
        orden(proceso, inicio, actor=actor_actual(), now=s.clock.now(), reason=motivo)
    except NotFound:
        abort(404)
    except Conflict:
        flash(_("Alguien la cambió antes. No se cambió nada más."), "ambar")
    else:
        flash(hecho, "verde")
    return redirect(url_for("programaciones.ver", proceso=proceso, inicio=inicio))
