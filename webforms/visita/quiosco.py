"""The kiosk (M5-1-02 5.2.1): why, with or without preference, and the ticket."""

import datetime as dt
import re
import secrets
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Conflict
from engine.types import Data, WorkItem
from records.base.consultas import obtener
from records.base.errores import TurnoAbierto
from records.cuentas.reglas.frenos import DIEZ_MINUTOS, Cupo
from records.lugares.puntos import apertura, esta_abierto
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import dia_local
from records.visita import digiturno
from records.visita.filas import espera_estimada, resumen
from records.visita.reglas.digiturno import MANUAL, PROPIO
from records.visita.tablas import Turno
from webforms.base.idioma import del_lugar
from webforms.base.qr import codigo_qr
from webforms.base.quienes import QUIOSCO
from webforms.base.rutas import Rutas
from webforms.base.security import Equipo, actor_actual, equipo_actual
from webforms.base.servicios import servicios
from webforms.base.tardios import MOSTRAR, lo_escrito, solo_mostrar
from webforms.campos.comunes import MOTIVOS_VISITA
from webforms.navegador.ficha import SinCaso
from webforms.visita import llegadas
from webforms.visita.formularios.usuario import TomarTurno
from webforms.visita.seguimiento import enlace_de_turno, ficha_anterior

rutas = Rutas()

LLAVE = re.compile(r"[\w-]{16,64}", re.ASCII)
SE_CONSERVAN = ("letra", "imprimir")  # what the kiosk keeps from page to page, in the address


class TurnoEnQuiosco(SinCaso, TomarTurno):
    """The visit does not exist yet."""


def equipo() -> Equipo:
    hallado = equipo_actual()
    if hallado is None:
        abort(403)
    return hallado


def proxima_apertura(punto: Punto, now: dt.datetime) -> dt.datetime | None:
    """When a closed point opens next, within two weeks. Pure."""
    posibles = (apertura(punto, now + dt.timedelta(days=dias)) for dias in range(15))
    return next((a for a in posibles if a > now and esta_abierto(punto, a)), None)


def hora_local(punto: Punto, cuando: dt.datetime) -> dt.datetime:
    return cuando.astimezone(ZoneInfo(punto.tz))


def _ir(endpoint: str, **valores: Any) -> str:
    """A page of the kiosk with the same size of letters and printer; an empty value takes one
    off."""
    conservados = {
        nombre: request.args[nombre] for nombre in SE_CONSERVAN if nombre in request.args
    }
    return url_for(
        endpoint, **{k: v for k, v in {**conservados, **valores}.items() if v not in (None, "")}
    )


def _para_otra_persona() -> str:
    """The start as the next person finds it: in the agency's language, with letters of the usual
    size, at the same printer."""
    return _ir("quiosco.inicio", letra=None, idioma=del_lugar())


def _etiqueta(motivo: str) -> str:
    return str(dict(MOTIVOS_VISITA)[motivo])


def _pagina(plantilla: str, punto: Punto, codigo: int = 200, **valores: Any) -> ResponseReturnValue:
    grande = request.args.get("letra") == "grande"
    return render_template(
        f"visita/{plantilla}",
        punto=punto,
        ir=_ir,
        de_nuevo=_para_otra_persona(),
        grande=grande,
        **valores,
    ), codigo


def _cerrado(punto: Punto, now: dt.datetime) -> ResponseReturnValue:
    abre = proxima_apertura(punto, now)
    return _pagina("quiosco_cerrado.html", punto, abre=abre and hora_local(punto, abre))


def _de_otro(session: Session, punto: Punto) -> str:
    """Who gives the numbers here now, if it is not this kiosk."""
    modo = digiturno.modo(session, punto.codigo)
    return modo.modo if modo is not None and modo.modo != PROPIO else ""


def _en_otro(punto: Punto, quien: str) -> ResponseReturnValue:
    return _pagina("quiosco_otro.html", punto, de_papel=quien == MANUAL)


@rutas.get("", para=QUIOSCO)
def inicio() -> ResponseReturnValue:
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        punto = obtener(session, Punto, equipo().punto_id)
        if not esta_abierto(punto, now):
            return _cerrado(punto, now)
        if otro := _de_otro(session, punto):
            return _en_otro(punto, otro)
        fila = resumen(session, punto.codigo, now)
    return _pagina("quiosco_motivo.html", punto, fila=fila)


@rutas.get("/condicion/<motivo>", para=QUIOSCO)
def condicion(motivo: str) -> ResponseReturnValue:
    if motivo not in dict(MOTIVOS_VISITA):
        abort(404)
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        punto = obtener(session, Punto, equipo().punto_id)
        otro = _de_otro(session, punto)
    if not esta_abierto(punto, now):
        return _cerrado(punto, now)
    if otro:
        return _en_otro(punto, otro)
    return _paso_dos(punto, motivo, TurnoEnQuiosco(formdata=None), secrets.token_urlsafe(18))


def _paso_dos(
    punto: Punto, motivo: str, form: TurnoEnQuiosco, llave: str, codigo: int = 200
) -> ResponseReturnValue:
    valores = {
        "motivo": motivo,
        "etiqueta": _etiqueta(motivo),
        "form": form,
        "llave": llave,
        "repetible": lo_escrito(),
    }
    return _pagina("quiosco_condicion.html", punto, codigo, **valores)


@rutas.post("/turno", para=QUIOSCO, se_muestra=MOSTRAR, cupo=Cupo(120, DIEZ_MINUTOS))
def tomar() -> ResponseReturnValue:
    form = TurnoEnQuiosco()
    llave = request.form.get("llave", "")
    now, motivo = servicios().clock.now(), form.motivo_visita.data
    de_aqui = LLAVE.fullmatch(llave) is not None and motivo in dict(MOTIVOS_VISITA)
    valido = de_aqui and form.validate()
    with servicios().uow.reading() as session:
        punto = obtener(session, Punto, equipo().punto_id)
        previa = _previa(session, punto, form.valores(), now) if valido else Previa()
        de_papel = _de_otro(session, punto) == MANUAL
    if not esta_abierto(punto, now):
        # the page that says so, in both languages
        return redirect(_ir("quiosco.inicio", idioma=request.args.get("idioma")), 303)
    if not de_aqui or (
        de_papel and previa.abierto is None
    ):  # who was on the way to a number of ours still gets one, but not where it is paper
        return redirect(_ir("quiosco.inicio"), 303)
    if previa.abierto is not None and previa.abierto.punto_id != punto.codigo:
        form.num_doc.errors = [
            _(
                "Ese documento ya tiene un turno abierto en otro punto. Retírelo desde su celular o siga sin escribirlo."
            )
        ]
        valido = False
    if not valido or solo_mostrar():
        return _paso_dos(punto, motivo, form, llave, 422)
    return redirect(
        _ir("quiosco.tiquete", turno_id=_tomar(punto, form.valores(), llave, previa, now)), 303
    )


@dataclass(frozen=True, slots=True)
class Previa:
    """What the person left here before: a turn that is still open, a visit that waits for the
    power, an earlier turn that keeps its arrival."""

    abierto: Turno | None = None
    pendiente: WorkItem | None = None
    anterior: int | None = None


def _previa(session: Session, punto: Punto, valores: Data, now: dt.datetime) -> Previa:
    tipo, num = str(valores["tipo_doc"]), str(valores["num_doc"])
    return Previa(
        llegadas.turno_abierto(session, tipo, num, now),
        llegadas.vuelve_hoy(session, actor_actual(), tipo, num),
        llegadas.visita_anterior(session, punto.codigo, tipo, num, now),
    )


def _tomar(punto: Punto, valores: Data, llave: str, previa: Previa, now: dt.datetime) -> int:
    """The turn of the person: the one that is open already, one more of the visit that waits for
    the power, or that of a new visit."""
    if previa.abierto is not None:
        return previa.abierto.id
    try:
        instancia = _visita(punto, valores, llave, previa, now)
    except (
        TurnoAbierto,
        IntegrityError,
    ):  # another kiosk gave this document its turn in this moment
        with servicios().uow.reading() as session:
            abierto = llegadas.turno_abierto(
                session, str(valores["tipo_doc"]), str(valores["num_doc"]), now
            )
        if abierto is None:
            raise
        return abierto.id
    with servicios().uow.reading() as session:
        return llegadas.turno_de(session, instancia).id


def _visita(punto: Punto, valores: Data, llave: str, previa: Previa, now: dt.datetime) -> str:
    """The instance of the visit."""
    actor, motor = actor_actual(), servicios().engine
    if previa.pendiente is not None:
        registros = servicios().forms[llegadas.FORMULARIO].records
        try:
            return motor.items.complete(
                previa.pendiente.id, values=valores, actor=actor, now=now, records=registros
            ).instance_id
        except Conflict:  # another kiosk was faster, or the day of that visit ended: a new visit
            pass
    return llegadas.iniciar(
        punto, llegadas.Llegada(valores, llave, previa.anterior), actor=actor, now=now
    ).instance_id


@rutas.get("/tiquete/<int:turno_id>", para=QUIOSCO)
def tiquete(turno_id: int) -> ResponseReturnValue:
    now = servicios().clock.now()
    with servicios().uow.reading() as session:
        turno = _turno_de_hoy(session, turno_id, now)
        punto = obtener(session, Punto, turno.punto_id)
        espera = espera_estimada(session, punto.codigo, turno.id, now)
        antes = ficha_anterior(session, turno)
    enlace = enlace_de_turno(turno.id)
    return _pagina(
        "quiosco_tiquete.html",
        punto,
        turno=turno,
        etiqueta=_etiqueta(turno.motivo_visita),
        llegada=hora_local(punto, turno.llegada),
        espera=espera,
        antes=antes,
        qr=codigo_qr(enlace),
        imprime="imprimir" in request.args,
    )


def _turno_de_hoy(session: Session, turno_id: int, now: dt.datetime) -> Turno:
    """A ticket of this kiosk's point and day; nothing else can be looked at from here."""
    turno = session.get(Turno, turno_id)
    if turno is None or turno.punto_id != equipo().punto_id or turno.fecha != dia_local(now):
        abort(404)
    return turno
