"""Where a turn stands, for whoever holds its ticket: the link in its QR code, whose secret stands
behind its `#`. No name, no document."""

import contextlib
import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Conflict, InstanceNotActive
from engine.states import ActorKind
from engine.types import Actor, Role
from records.base.consultas import obtener
from records.base.errores import TurnoAbierto
from records.cuentas.reglas.cuentas import CIUDADANO
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from records.cuentas.reglas.roles import USUARIO
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import dia_local
from records.visita.filas import espera_estimada, tablero
from records.visita.reglas.turnos import AUSENTE, CERRADO, ESPERA, REINGRESO, TRASLADADO
from records.visita.tablas import Turno
from records.visita.turnos import ultima_vuelta
from webforms.base import idioma, llevados
from webforms.base.quienes import PUBLICO
from webforms.base.rutas import Rutas
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, solo_mostrar
from webforms.campos.comunes import MOTIVOS_VISITA
from webforms.navegador.firmas import firmante
from webforms.visita import llegadas

rutas = Rutas()

EN_EL_TABLERO = 60


def _ciudadano(punto: Punto) -> Actor:
    """Whoever holds the ticket, as the kiosk of its point would be."""
    return Actor(ActorKind.PERSON, CIUDADANO, frozenset({Role(USUARIO, punto.codigo)}))


def _firmante() -> URLSafeSerializer:
    return firmante("turno")


def enlace_de_turno(turno_id: int) -> str:
    """For its ticket; the page behind it speaks as the kiosk did."""
    de_aqui = idioma.idioma()
    return llevados.enlace(
        llevados.TURNO,
        _firmante().dumps(turno_id),
        "" if de_aqui == idioma.del_lugar() else de_aqui,
    )


def ficha_anterior(session: Session, turno: Turno) -> str:
    """The number that the person held before, when it had to change; "" when it stayed."""
    antes = session.get(Turno, turno.visita_anterior_id) if turno.visita_anterior_id else None
    if antes is None or antes.fecha != turno.fecha or not turno.ficha or antes.ficha == turno.ficha:
        return ""
    return antes.ficha or ""


def _del_papel(session: Session, nombre: str) -> Turno:
    """The turn that this ticket stands for: the one that it was given for, or the one of that day
    that went on from it. `nombre`: how this browser calls the secret of the ticket."""
    try:
        turno_id = int(_firmante().loads(llevados.leer(llevados.TURNO, nombre)))
    except (BadData, TypeError, ValueError):
        abort(404)
    turno = session.get(Turno, turno_id)
    while turno is not None:
        sigue = session.scalar(
            sa.select(Turno).where(Turno.visita_anterior_id == turno.id, Turno.fecha == turno.fecha)
        )
        if sigue is None:
            break
        turno = sigue
    if turno is None:
        abort(404)
    idioma.proponer(turno.idioma)
    return turno


def _de_hoy(session: Session, firma: str, now: dt.datetime) -> Turno:
    """For an act: with the ticket of another day, the page says what became of it."""
    turno = _del_papel(session, firma)
    if turno.fecha != dia_local(now):
        abort(redirect(url_for("seguimiento.turno", firma=firma), 303))
    return turno


def _vuelve_hasta(turno: Turno, now: dt.datetime) -> dt.datetime | None:
    """Until when a no-show may come back with this ticket (Q3)."""
    if turno.estado != CERRADO or turno.resultado != AUSENTE or turno.cerrado is None:
        return None
    return turno.cerrado + REINGRESO if now <= turno.cerrado + REINGRESO else None


def _vista(session: Session, turno: Turno, now: dt.datetime) -> dict[str, Any]:
    punto = obtener(session, Punto, turno.punto_id)
    llamados = tablero(session, punto.codigo, now, limite=EN_EL_TABLERO)
    enviado = turno.resultado == TRASLADADO and turno.destino_punto_id
    return {
        "turno": turno,
        "punto": punto,
        "de_antes": turno.fecha if turno.fecha != dia_local(now) else None,
        "motivo": dict(MOTIVOS_VISITA).get(turno.motivo_visita, ""),
        "espera": espera_estimada(session, punto.codigo, turno.id, now)
        if turno.estado == ESPERA
        else None,
        "llamado": next((ll for ll in llamados if ll.turno_id == turno.id), None),
        "vuelve_hasta": _vuelve_hasta(turno, now),
        "destino": obtener(session, Punto, turno.destino_punto_id).nombre if enviado else "",
        "antes": ficha_anterior(session, turno),
        "volvio": turno.estado == ESPERA and ultima_vuelta(session, turno.id) is not None,
        "lo_llama": turno.modulo_destino
        if turno.estado == ESPERA and turno.modulo_hasta and now < turno.modulo_hasta
        else "",
    }


@rutas.get("/turno/<firma>", para=PUBLICO)
def turno(firma: str) -> ResponseReturnValue:
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        vista = _vista(session, _del_papel(session, firma), now)
    return render_template("visita/seguimiento.html", **vista, firma_turno=firma)


@rutas.get("/turno/<firma>/retirar", para=PUBLICO)
@rutas.post("/turno/<firma>/retirar", para=PUBLICO, se_muestra=MOSTRAR, cupo=Cupo(120, UNA_HORA))
def retirar(firma: str) -> ResponseReturnValue:
    """Asks first: giving the turn up cannot be undone."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        suyo = _de_hoy(session, firma, now)
        punto = obtener(session, Punto, suyo.punto_id)
    retirable = suyo.estado == ESPERA
    if retirable and request.method == "POST" and not solo_mostrar():
        try:
            s.engine.messages.correlate(
                "TurnoRetirado", str(suyo.id), {}, actor=_ciudadano(punto), now=now
            )
        except (Conflict, InstanceNotActive):
            retirable = False
        else:
            return redirect(url_for("seguimiento.turno", firma=firma), 303)
    valores = {"turno": suyo, "punto": punto, "retirable": retirable, "firma_turno": firma}
    # its address alone says the same
    pagina = render_template("visita/retirar.html", **valores, se_pide_igual=True)
    return make_response(pagina, 200 if retirable else 409)


@rutas.post("/turno/<firma>/volvi", para=PUBLICO, cupo=Cupo(120, UNA_HORA))
def volvi(firma: str) -> ResponseReturnValue:
    """A no-show is back in time (Q3): a new turn with the number and the arrival of this one."""
    s, now = servicios(), servicios().clock.now()
    with s.uow.reading() as session:
        suyo = _de_hoy(session, firma, now)
        punto = obtener(session, Punto, suyo.punto_id)
    if _vuelve_hasta(suyo, now) is not None:
        # an adviser or the kiosk was faster
        with contextlib.suppress(TurnoAbierto, IntegrityError):
            llegadas.iniciar(punto, llegadas.de_vuelta(suyo), actor=_ciudadano(punto), now=now)
    return redirect(url_for("seguimiento.turno", firma=firma), 303)
