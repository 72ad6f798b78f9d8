"""Operating the processes of a case: suspend, resume, cancel, send back. Each on a page that says
first what it does."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import EngineError, InstanceNotActive, InvalidValues, NotFound, NotPossible
from engine.reads.instances import InstanceView
from engine.states import ENDED, RUNNING, InstanceStatus, TextOf
from engine.types import MAX_REASON, MIN_REASON, CaseDue, Records, Writing
from records.base.actos import acto_de
from records.base.errores import DatoInvalido
from records.casos import registro
from records.casos.registro import Ficha
from records.cuentas.reglas.roles import Facultad
from records.plazos.reglas import plazos
from records.plazos.reglas.plazos import Pausa
from records.visita import anulaciones
from webforms.base.guias import COORDINADOR, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import OPERA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.casos import operacion
from webforms.casos.cabecera import abrir, exigir, nombre_del_caso
from webforms.tareas.asientos import ESTADOS, estado_de

rutas = Rutas()

#: act → (title, button, states in which it is offered, who)
ACTOS: Mapping[str, tuple[Any, Any, tuple[str, ...], Facultad]] = {
    "suspender": (
        _l("Suspender"),
        _l("Suspender el proceso"),
        (InstanceStatus.ACTIVE,),
        Facultad.OPERAR,
    ),
    "reanudar": (
        _l("Reanudar"),
        _l("Reanudar el proceso"),
        (InstanceStatus.SUSPENDED,),
        Facultad.OPERAR,
    ),
    "cancelar": (_l("Cancelar"), _l("Cancelar el proceso"), RUNNING, Facultad.CANCELAR),
}
ANULADO = _l("El número de este caso está anulado: no se reabre.")
DEVOLVIBLES = (InstanceStatus.ACTIVE, *ENDED)
#: why an earlier activity is not offered
NO_SE_PUEDE: Mapping[str, Any] = {
    "branch_joined": _l(
        "Corría al lado de otra rama y las dos ya se unieron. Devuelva a una actividad anterior a la división."
    ),
    "path_over": _l(
        "Lo que siguió a esta actividad ya se retiró: el proceso volvió a algo anterior, o algo en curso lo interrumpió."
    ),
    "inside_repeated": _l(
        "Se hizo dentro de una actividad que se repite. Devuelva a la actividad completa."
    ),
    "inside_transaction": _l(
        "Se hizo dentro de una transacción, que vale completa o nada. Devuelva a la transacción completa."
    ),
    "undone": _l(
        "Lo que se hizo ahí ya se deshizo, o ya no se podría deshacer. Devuelva al subproceso completo o a algo anterior."
    ),
    "inside_event": _l(
        "Se hizo al atender un evento que ya pasó, y ese evento no se puede repetir."
    ),
    "joined_now": _l(
        "En la versión en la que está el caso, esta actividad corre al lado de otra. Devuelva a una anterior a la división."
    ),
    "gone": _l(
        "La versión del proceso en la que está el caso ya no tiene esta actividad en ese lugar."
    ),
}


def _ofrecidos(estado: str) -> list[str]:
    actor = actor_actual()
    return [
        acto
        for acto, (_t, _b, estados, facultad) in ACTOS.items()
        if estado in estados and puede(actor, facultad)
    ]


def _inicio(session: Session, case_key: str, instance_id: str) -> InstanceView:
    exigir(session, case_key)
    return operacion.instancia_del_caso(session, case_key, instance_id)


@rutas.get(
    "/caso/<case_key>/operar",
    para=OPERA,
    ayuda=Ayuda(_l("Aquí detiene, reanuda o devuelve un caso, con un motivo."), COORDINADOR),
)
def ver(case_key: str) -> ResponseReturnValue:
    """The instances of the case, what each waits for, and what may be done to it."""
    with servicios().uow.reading() as session:
        cab = abrir(session, case_key)
        situaciones = [operacion.situacion(session, i) for i in cab.instancias]
        nombres = nombres_de(
            session, {t.claimed_by for s in situaciones for t in s.tareas if t.claimed_by}
        )
    return render_template(
        "operacion/instancias/ver.html",
        pestana="operar",
        **cab.en_plantilla(),
        situaciones=situaciones,
        nombres=nombres,
        estados=ESTADOS,
        actos={
            s.instancia.id: [(a, ACTOS[a][0]) for a in _ofrecidos(s.instancia.status)]
            for s in situaciones
        },
        devolvibles=DEVOLVIBLES,
    )


@rutas.get(
    "/suspendidos",
    para=OPERA,
    ayuda=Ayuda(_l("Casos detenidos a propósito, con quién y por qué."), COORDINADOR),
    menu=Entrada(Grupo.CASOS, _l("Procesos detenidos"), 3),
)
def suspendidos() -> ResponseReturnValue:
    """Every suspended process, so that none is forgotten."""
    with servicios().uow.reading() as session:
        filas = operacion.quietas(session)
        nombres = nombres_de(session, {f.quien for f in filas})
    return render_template("operacion/instancias/suspendidos.html", filas=filas, nombres=nombres)


# --- suspend, resume, cancel ----------------------------------------------------------------------
@rutas.get(
    "/caso/<case_key>/operar/<instance_id>/<acto>",
    para=OPERA,
    ayuda=Ayuda(_l("Lo que va a pasar con el caso si confirma."), COORDINADOR),
)
def confirmar(case_key: str, instance_id: str, acto: str) -> ResponseReturnValue:
    if acto == "devolver":
        return _pagina_devolver(case_key, instance_id, request.args.get("tarea", ""))
    return _pagina(case_key, instance_id, acto)


def _pagina(
    case_key: str,
    instance_id: str,
    acto: str,
    *,
    motivo: str = "",
    errores: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    if acto not in ACTOS:
        abort(404)
    with servicios().uow.reading() as session:
        instancia = _inicio(session, case_key, instance_id)
        situacion = operacion.situacion(session, instancia)
        hechos = (
            operacion.hechos_desde(session, instancia, None, None) if acto == "cancelar" else []
        )
        otras = operacion.otras_en_curso(session, instancia)
        del_caso = nombre_del_caso(session, case_key)
        nombres = nombres_de(session, {t.claimed_by for t in situacion.tareas if t.claimed_by})
        suya = registro.ficha(session, case_key) if instance_id == case_key else None
        detencion = _detencion(session, instance_id, suya) if acto == "reanudar" else None
    nombre, boton, estados, _roles = ACTOS[acto]
    if instancia.status not in estados:
        errores = [
            *(errores or []),
            (
                "contenido",
                _("El proceso está en «%(e)s»: esto ya no aplica.", e=estado_de(instancia.status)),
            ),
        ]
    return render_template(
        "operacion/instancias/confirmar.html",
        case_key=case_key,
        del_caso=del_caso,
        acto=acto,
        nombre=nombre,
        boton=boton,
        situacion=situacion,
        hechos=hechos,
        otras=otras,
        nombres=nombres,
        detencion=detencion,
        con_termino=suya is not None and suya.vence is not None,
        sumar=request.form.get("sumar") == "1",
        motivo=motivo,
        minimo=MIN_REASON,
        errores=errores or [],
    ), 422 if errores else 200


@rutas.post(
    "/caso/<case_key>/operar/<instance_id>/<acto>",
    para=OPERA,
    haria=_l("Cambiar el curso de un proceso: {acto}"),
)
def operar(case_key: str, instance_id: str, acto: str) -> ResponseReturnValue:
    if acto == "devolver":
        return _devolver(case_key, instance_id)
    if acto not in ACTOS:
        abort(404)
    s, motivo = servicios(), request.form.get("motivo", "").strip()
    with s.uow.reading() as session:
        instancia = _inicio(session, case_key, instance_id)
        sola = not operacion.otras_en_curso(session, instancia)
    if len(motivo) > MAX_REASON:
        return _pagina(case_key, instance_id, acto, motivo=motivo, errores=_motivo_malo())
    actor, now = actor_actual(), s.clock.now()
    try:
        if acto == "suspender":
            s.engine.instances.suspend(instance_id, reason=motivo, actor=actor, now=now)
        elif acto == "reanudar":
            _reanudar(case_key, instance_id, motivo)
        else:
            s.engine.instances.cancel(
                instance_id, reason=motivo, actor=actor, now=now, records=_anular(sola=sola)
            )
    except InvalidValues:
        return _pagina(case_key, instance_id, acto, motivo=motivo, errores=_motivo_malo())
    except InstanceNotActive:
        return _pagina(case_key, instance_id, acto, motivo=motivo)
    dichos = {
        "suspender": _(
            "El proceso quedó suspendido. Nada se mueve hasta que lo reanude; los términos legales siguen corriendo."
        ),
        "reanudar": _("El proceso sigue. Lo que venció o llegó mientras tanto ocurre ahora."),
        "cancelar": _("El proceso quedó cancelado. Lo que se hizo se conserva."),
    }
    flash(dichos[acto], "verde")
    return redirect(url_for("instancias.ver", case_key=case_key))


@dataclass(frozen=True, slots=True)
class Detencion:
    """A suspension of the case, and what it does to the legal term when its days are given back."""

    pausa: Pausa
    dias: int  #: business days
    antes: dt.datetime
    despues: dt.datetime


def _detencion(session: Session, instance_id: str, suya: Ficha | None) -> Detencion | None:
    """None where there is nothing to give back: no term, one that had passed, or no business day
    went by."""
    parada = next(
        (p for p in reads.operation.stopped(session) if p.instance_id == instance_id), None
    )
    if (
        suya is None
        or suya.vence is None
        or parada is None
        or not plazos.se_detiene(suya.vence, parada.since)
    ):
        return None
    pausa = Pausa(parada.since, servicios().clock.now())
    dias = plazos.dias_detenidos([pausa], pausa.desde, pausa.hasta)
    return Detencion(pausa, dias, suya.vence, plazos.reactivar(suya.vence, pausa)) if dias else None


def _reanudar(case_key: str, instance_id: str, motivo: str) -> None:
    """The days that it stood still are given back to its term, its tasks and its timers, where
    whoever resumes says so."""
    s, detencion = servicios(), None
    if request.form.get("sumar") == "1" and instance_id == case_key:
        with s.uow.reading() as session:
            detencion = _detencion(session, instance_id, registro.ficha(session, case_key))
    pausa = detencion.pausa if detencion else None
    s.engine.instances.resume(
        instance_id,
        reason=motivo,
        actor=actor_actual(),
        now=s.clock.now(),
        later=(lambda fecha: plazos.con_lo_detenido(fecha, pausa)) if pausa else None,
        case_due=CaseDue(detencion.antes, detencion.despues) if detencion else None,
    )


def _motivo_malo() -> list[tuple[str, str]]:
    return [("motivo", _("Escriba el motivo, entre %(n)s y 2.000 letras", n=MIN_REASON))]


def _anular(*, sola: bool) -> Records:
    """Business rows of a cancelled process: its turn ends; the case is annulled when nothing else
    of it runs."""

    def escribir(w: Writing) -> None:
        turno = w.data.get("turno_id")
        if isinstance(turno, int):
            anulaciones.cerrar_turno(w.session, turno, now=w.now)
        if sola:
            anulaciones.anular_caso(w.session, w.case_key, str(w.values[TextOf.REASON]), acto_de(w))

    return escribir


# --- send back ------------------------------------------------------------------------------------
def _pagina_devolver(
    case_key: str,
    instance_id: str,
    tarea: str,
    *,
    motivo: str = "",
    errores: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    """Without a chosen activity: which; with one: what it would close, what stays done, and why."""
    s = servicios()
    with s.uow.reading() as session:
        instancia = _inicio(session, case_key, instance_id)
        pasadas = (
            s.engine.instances.earlier(session, instance_id, s.clock.now())
            if instancia.status in DEVOLVIBLES
            else []
        )
        filas = operacion.anteriores(session, instancia, pasadas)
        elegida = next((f for f in filas if f.tarea == tarea and not f.motivo), None)
        elemento = next((p.element for p in pasadas if p.task_id == tarea), None)
        situacion = operacion.situacion(session, instancia)
        hechos = operacion.hechos_desde(session, instancia, tarea, elemento) if elegida else []
        del_caso = nombre_del_caso(session, case_key)
        nombres = nombres_de(
            session,
            {f.quien for f in filas if f.quien}
            | {t.claimed_by for t in situacion.tareas if t.claimed_by},
        )
    if instancia.status not in DEVOLVIBLES:
        errores = [("contenido", _("El proceso está suspendido. Reanúdelo primero."))]
    elif "tarea" in request.args and elegida is None and not errores:
        errores = [("tarea", _("Elija a qué actividad vuelve el proceso"))]
    return render_template(
        "operacion/instancias/devolver.html",
        case_key=case_key,
        del_caso=del_caso,
        situacion=situacion,
        filas=filas,
        elegida=elegida,
        hechos=hechos,
        nombres=nombres,
        porque=NO_SE_PUEDE,
        motivo=motivo,
        minimo=MIN_REASON,
        reabre=instancia.status in ENDED,
        errores=errores or [],
    ), 422 if errores else 200


def _devolver(case_key: str, instance_id: str) -> ResponseReturnValue:
    s = servicios()
    tarea, motivo = request.form.get("tarea", ""), request.form.get("motivo", "").strip()
    with s.uow.reading() as session:
        reabre = _inicio(session, case_key, instance_id).status in ENDED
    errores = _motivo_malo() if len(motivo) > MAX_REASON else []
    if _numero_anulado(case_key):
        errores = [("contenido", str(ANULADO))]
    actor, now = actor_actual(), s.clock.now()
    hecho = None
    if not errores:
        try:
            hecho = s.engine.instances.go_back(
                instance_id, tarea, reason=motivo, actor=actor, now=now, records=_con_su_numero
            )
        except DatoInvalido:
            errores = [("contenido", str(ANULADO))]
        except (InvalidValues, NotPossible, NotFound, InstanceNotActive) as error:
            errores = _por_que_no(error)
    if hecho is None:
        return _pagina_devolver(case_key, instance_id, tarea, motivo=motivo, errores=errores)
    abiertas = ", ".join(i.name for i in hecho.opened)
    vuelto = (
        _("El caso está abierto otra vez, en: %(a)s.")
        if reabre
        else _("El proceso volvió a: %(a)s.")
    )
    flash(vuelto % {"a": abiertas or _("una actividad automática")}, "verde")
    return redirect(url_for("instancias.ver", case_key=case_key))


def _numero_anulado(case_key: str) -> bool:
    with servicios().uow.reading() as session:
        suya = registro.ficha(session, case_key)
    return suya is not None and registro.es_anulado(suya)


def _con_su_numero(w: Writing) -> None:
    """Nobody annuls it while the case goes on again."""
    registro.exigir_sin_anular(w.session, w.case_key)


def _por_que_no(error: EngineError) -> list[tuple[str, str]]:
    if isinstance(error, InvalidValues):
        return _motivo_malo()
    if isinstance(error, NotPossible):
        return [("contenido", str(NO_SE_PUEDE.get(error.reason, error.reason)))]
    if isinstance(error, InstanceNotActive):
        return [
            (
                "contenido",
                _("El proceso está en «%(e)s». Reanúdelo primero.", e=estado_de(error.status)),
            )
        ]
    return [
        ("contenido", _("El proceso ya no pasó por esa actividad: cambió mientras usted decidía."))
    ]
