"""A turn leaves a desk before its attention is over: given back to the queue, handed to another
desk or point (5.2.2 to 5.2.4), or because the person has left (5.2.3 to 5.2.8)."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.types import Writing
from records.base.actos import acto_de
from records.visita import atenciones, turnos
from records.visita.tablas import Turno
from webforms import tareas
from webforms.base.hojas import Hoja
from webforms.base.quienes import ATIENDE
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.visita import curso, llamados
from webforms.visita.puesto import puesto_actual

rutas = Rutas()

LARGO_MOTIVO = 200
DEVOLVER, TRASLADAR = "devolver", "trasladar"
ABANDONO = "abandono"


@rutas.post(
    "/atencion/devolver/<int:turno_id>", para=ATIENDE, haria=_l("Devolver el turno a la fila")
)
def devolver(turno_id: int) -> ResponseReturnValue:
    """Back to the queue, with ticket, arrival and place."""
    with servicios().uow.reading() as session:
        turno, empezada = _en_mi_modulo(session, turno_id)
        motivo, faltas = _motivo(empezada=empezada)
        if faltas:
            return _otra_vez(session, llamados.Salida(DEVOLVER, motivo, errores=tuple(faltas)))
    if not _a_la_fila(turno_id, None, "Devuelto a la fila", motivo):
        return _ya_no(empezada=empezada)
    return llamados.a_la_consola(
        _("%(f)s volvió a la fila con su hora de llegada.", f=turno.ficha or "")
    )


@rutas.post("/atencion/trasladar/<int:turno_id>", para=ATIENDE, haria=_l("Trasladar el turno"))
def trasladar(turno_id: int) -> ResponseReturnValue:
    """To another desk, which calls it; or to another point, where the arrival is kept."""
    elegido = request.form.get("destino", "")
    clase, _separador, destino = elegido.partition(":")
    with servicios().uow.reading() as session:
        (turno, empezada), puesto = _en_mi_modulo(session, turno_id), puesto_actual(session)
        hay = llamados.destinos(session, puesto)
        otros = dict(hay.puntos)
        motivo, faltas = _motivo(empezada=empezada)
        if not (
            (clase == "modulo" and destino in hay.modulos)
            or (clase == "punto" and destino in otros)
        ):
            faltas.insert(0, ("destino", _("Elija a qué módulo o punto se traslada.")))
        if faltas:
            return _otra_vez(session, llamados.Salida(TRASLADAR, motivo, elegido, tuple(faltas)))
    if clase == "modulo":
        hecho = _a_la_fila(turno_id, destino, f"Trasladado al módulo {destino}", motivo)
        mensaje = _(
            "%(f)s espera al módulo %(m)s con su hora de llegada.", f=turno.ficha or "", m=destino
        )
    else:
        hecho = _a_otro_punto(turno_id, destino, motivo)
        mensaje = _(
            "%(f)s sigue en %(p)s. Allá conserva su hora de llegada y recibe otro número, con su documento o con un asesor.",
            f=turno.ficha or "",
            p=otros[destino],
        )
    return llamados.a_la_consola(mensaje) if hecho else _ya_no(empezada=empezada)


@rutas.post(
    "/atencion/se-fue/<int:turno_id>",
    para=ATIENDE,
    haria=_l("Terminar la visita de quien se fue"),
)
def se_fue(turno_id: int) -> ResponseReturnValue:
    """The visit ends as one that was given up; what was done stays. Where a case was filed
    meanwhile it is owed an answer."""
    with servicios().uow.reading() as session:
        turno = atenciones.en_curso(session, actor_actual().id)
    if turno is None or turno.id != turno_id:
        abort(404)

    def anotar(w: Writing) -> None:
        atenciones.anotar_resultado(w.session, turno_id, ABANDONO)
        turnos.cerrar_turno(w.session, turno_id, resultado=ABANDONO, now=w.now)

    if not llamados.mensaje("PersonaSeFue", turno_id, anotar, motivo="La persona se fue"):
        return llamados.a_la_consola(
            _("El caso ya está radicado: responda o escale, aunque la persona se haya ido."),
            "ambar",
        )
    return llamados.a_la_consola(
        _("%(f)s terminó: la persona se fue. Lo que se hizo queda guardado.", f=turno.ficha or "")
    )


def _en_mi_modulo(session: Session, turno_id: int) -> tuple[Turno, bool]:
    """A turn that this adviser has called, or has begun to attend; from 5.2.5 on the visit is
    theirs until its end."""
    mias = reads.items.held_by(session, actor_actual().id)
    turno = session.get(Turno, turno_id)
    if turno is not None and any(
        i.element == llamados.LLAMADA and i.data.get("turno_id") == turno_id for i in mias
    ):
        return turno, False
    mio = atenciones.en_curso(session, actor_actual().id)
    if turno is None or mio is None or mio.id != turno_id:
        abort(404)
    return turno, True


def _motivo(*, empezada: bool) -> tuple[str, list[tuple[str, str]]]:
    """What was typed, and what is missing: who sat down already is owed a reason, and the next
    adviser reads it."""
    motivo = str(limpiar(request.form.get("motivo_salida", "")) or "")
    if len(motivo) > LARGO_MOTIVO:
        return motivo, [
            ("motivo_salida", _("Escriba el motivo en máximo %(n)s letras.", n=LARGO_MOTIVO))
        ]
    if empezada and not motivo:
        return "", [
            ("motivo_salida", _("Escriba el motivo: lo lee quien atienda después a la persona."))
        ]
    return motivo, []


def _otra_vez(session: Session, salida: llamados.Salida) -> ResponseReturnValue:
    """The console again, with the panel open at what is missing."""
    item = curso.tarea_en_curso(session, puesto_actual(session).punto.codigo)
    if item is None:
        return redirect(url_for("asesor.consola"))
    hoja = tareas.hoja(session, tareas.construir(session, item, None), "consola")
    return Hoja(hoja.plantilla, {**hoja.valores, "salida": salida}, 422).mostrar()


def _ya_no(*, empezada: bool) -> ResponseReturnValue:
    if empezada:
        flash(_("La atención ya pasó de 5.2.4: termínela aquí."), "ambar")
    else:
        flash(_("Ese turno ya no está llamado."), "ambar")
    return redirect(url_for("asesor.consola"))


def _a_la_fila(turno_id: int, modulo: str | None, que: str, motivo: str) -> bool:
    razon = f"{que}: {motivo}" if motivo else que

    def anotar(w: Writing) -> None:
        turnos.devolver(w.session, turno_id, acto_de(w), modulo=modulo, razon=razon)

    return llamados.mensaje("TurnoDevuelto", turno_id, anotar, motivo=razon)


def _a_otro_punto(turno_id: int, punto_id: str, motivo: str) -> bool:
    def anotar(w: Writing) -> None:
        turnos.trasladar(w.session, turno_id, punto_id, acto_de(w), razon=motivo or None)

    return llamados.mensaje("TurnoTrasladado", turno_id, anotar, motivo=motivo)
