"""The monthly report and the contract supervisors: what was sent, receipts, minutes (5.2.32), and
what they did with it (A4-2-02)."""

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine.errors import NotWaiting
from engine.types import Writing
from records.base.actos import Acto, acto_de
from records.base.errores import DatoInvalido, EnlaceInvalido
from records.base.reglas.firmas import token_de_entrega
from records.cuentas.reglas.frenos import UNA_HORA, Cupo
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.informes.reglas.indicadores import INDICADORES
from records.interventoria import interventoria
from records.interventoria.tablas import (
    ActaInterventor,
    AcuseInterventor,
    EntregaInterventor,
    PaqueteInterventoria,
    PasoSupervision,
)
from webforms.base import formatos, llevados
from webforms.base.guias import CALIDAD, Ayuda
from webforms.base.menu import Entrada, Grupo
from webforms.base.personas import nombres_de
from webforms.base.quienes import ACUSA, PUBLICO, VE_ENTREGAS
from webforms.base.rutas import Rutas
from webforms.base.security import Usuario, actor_actual, usuario_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.informes.periodo import mes_de_la_ruta
from webforms.interventoria.formularios import MEDIOS, PASOS
from webforms.interventoria.paquete import MANIFIESTO
from webforms.navegador.firmas import es_de_aqui

rutas = Rutas()
enlaces = Rutas()  # of one use, for whoever has it: not behind a login

MAX_NOTA = 500
#: How a medium travelled.
FORMAS = {
    interventoria.IMPRESO: _l("Juego impreso"),
    interventoria.ENLACE: _l("Enlace de un solo uso"),
    interventoria.MEMORIA: _l("Memoria o disco"),
}


def _puede(facultad: Facultad) -> bool:
    usuario = usuario_actual()
    return usuario is not None and bool({p.name for p in usuario.papeles} & con_facultad(facultad))


# --- the months -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DelMes:
    """Where the delivery of a month stands. `faltan`: receipts that are missing, of `de`."""

    paquete: PaqueteInterventoria
    de: int
    faltan: int
    acta: ActaInterventor | None
    pasos: Sequence[PasoSupervision]


def _del_mes(session: Session, p: PaqueteInterventoria) -> DelMes:
    quienes = {e.interventor for e in interventoria.entregas(session, p.id)}
    de = len(quienes) * len(interventoria.MEDIOS)
    acuses = interventoria.acuses(session, p.id)
    return DelMes(
        p,
        de,
        de - len(acuses),
        interventoria.acta(session, p.id),
        interventoria.pasos(session, p.id),
    )


def acuses_por_dar(usuario: Usuario) -> int:
    """Of the supervisor who looks; nobody else owes one."""
    if not usuario.puede(Facultad.ACUSAR):
        return 0
    with servicios().uow.reading() as session:
        return len(interventoria.por_acusar(session, usuario.usuario))


@rutas.get(
    "/interventoria",
    para=VE_ENTREGAS,
    ayuda=Ayuda(_l("Lo que se envió cada mes a la Interventoría, y sus acuses."), CALIDAD),
    menu=Entrada(Grupo.CONTRATO, _l("Interventoría"), 1, cuenta=acuses_por_dar),
)
def entregas() -> ResponseReturnValue:
    """The months; first, for a supervisor, what waits for their receipt."""
    with servicios().uow.reading() as session:
        return render_template(
            "interventoria/entregas.html",
            meses=[_del_mes(session, p) for p in interventoria.paquetes(session)],
            pendientes=interventoria.pendientes(session, actor_actual().id)
            if _puede(Facultad.ACUSAR)
            else [],
            medios=MEDIOS,
            pasos=PASOS,
        )


# --- a month --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Renglon:
    """A medium of a supervisor: how it was sent each time, and the receipt."""

    interventor: str
    nombre: str
    medio: str
    envios: Sequence[EntregaInterventor]
    acuse: AcuseInterventor | None
    recordatorios: Sequence[dt.datetime]


def _renglones(session: Session, p: PaqueteInterventoria, nombres: dict[str, str]) -> list[Renglon]:
    todas, acuses = interventoria.entregas(session, p.id), interventoria.acuses(session, p.id)
    quienes = sorted({e.interventor for e in todas}, key=lambda u: nombres.get(u, u))
    return [
        Renglon(
            u, nombres.get(u, u), medio, [e for e in todas if (e.interventor, e.medio) == (u, medio)], acuses.get((u, medio)),
            [r.cuando for r in interventoria.recordatorios(session, p.id, u)],
        )
        for u in quienes
        for medio in interventoria.MEDIOS
    ]  # fmt: skip


def _paquete(session: Session, mes: str) -> PaqueteInterventoria:
    return interventoria.del_mes(session, mes_de_la_ruta(mes)) or abort(404)


@rutas.get(
    "/interventoria/<mes>",
    para=VE_ENTREGAS,
    ayuda=Ayuda(_l("Lo que se envió en un mes a la Interventoría, y quién acusó recibo."), CALIDAD),
)
def entrega_del_mes(mes: str) -> ResponseReturnValue:
    with servicios().uow.reading() as session:
        return _pagina(session, _paquete(session, mes))


def _pagina(session: Session, p: PaqueteInterventoria) -> str:
    d = _del_mes(session, p)
    quienes = {e.interventor for e in interventoria.entregas(session, p.id)} | {
        e.por for e in interventoria.entregas(session, p.id)
    }
    quienes |= {paso.por for paso in d.pasos} | (
        ({d.acta.por} | set(d.acta.asistieron) | set(d.acta.sin_acuse)) if d.acta else set()
    )
    nombres = nombres_de(session, quienes)
    yo = actor_actual().id
    renglones = _renglones(session, p, nombres)
    return render_template(
        "interventoria/entrega.html",
        d=d,
        mes=p.mes,
        renglones=renglones,
        por_acusar=[r for r in renglones if r.interventor == yo and r.acuse is None and r.envios]
        if _puede(Facultad.ACUSAR)
        else [],
        nombres=nombres,
        medios=MEDIOS,
        pasos=PASOS,
        indicadores=INDICADORES,
        formas=FORMAS,
        manifiesto=MANIFIESTO,
    )


@rutas.post("/interventoria/<mes>/acuse", para=ACUSA, haria=_l("Acusar recibo del informe mensual"))
def acusar(mes: str) -> ResponseReturnValue:
    """By the supervisor, of one medium. While nobody waits for it (it is being sent again) it is
    only kept; it counts all the same."""
    s, quien = servicios(), actor_actual()
    medio, nota = (
        request.form.get("medio", ""),
        str(limpiar(request.form.get("nota", "")))[:MAX_NOTA],
    )
    with s.uow.reading() as session:
        p = _paquete(session, mes)
        paquete_id, primero = p.id, p.mes
    if medio not in interventoria.MEDIOS:
        abort(422)

    def anotar(w: Writing) -> None:
        interventoria.acusar(w.session, paquete_id, medio, nota, acto_de(w))

    try:
        clave = interventoria.clave(primero, quien.id)
        s.engine.messages.correlate(
            "AcuseInterventor", clave, {}, actor=quien, now=s.clock.now(), records=anotar
        )
    except NotWaiting:
        try:
            s.uow.run(
                lambda session: interventoria.acusar(
                    session, paquete_id, medio, nota, Acto(quien.id, s.clock.now())
                )
            )
        except DatoInvalido as error:
            flash(str(error), "ambar")
            return redirect(url_for("calidad.entrega_del_mes", mes=mes))
    except DatoInvalido as error:
        flash(str(error), "ambar")
        return redirect(url_for("calidad.entrega_del_mes", mes=mes))
    dicho = {"m": str(MEDIOS[medio]).lower(), "f": formatos.mes(primero)}
    flash(_("Quedó su acuse de recibo del %(m)s, informe de %(f)s.", **dicho), "verde")
    return redirect(url_for("calidad.entrega_del_mes", mes=mes))


# --- files ----------------------------------------------------------------------------------------
def _zip(p: PaqueteInterventoria) -> Response:
    cabecera = {
        "Content-Disposition": f"attachment; filename=informe-{p.mes:%Y-%m}.zip",
        "Cache-Control": "no-store",
    }
    return Response(p.contenido, mimetype="application/zip", headers=cabecera)


@rutas.get("/interventoria/<mes>/paquete.zip", para=VE_ENTREGAS)
def bajar_paquete(mes: str) -> ResponseReturnValue:
    """As it was handed over; recorded before it leaves."""
    s = servicios()
    with s.uow.reading() as session:
        p = _paquete(session, mes)
        respuesta, detalle = _zip(p), {"mes": mes, "sha256": p.huella}
    s.engine.log_access(
        actor_actual(), "exportacion", "paquete.zip", now=s.clock.now(), detail=detalle
    )
    return respuesta


@rutas.get("/interventoria/<mes>/archivo/<path:nombre>", para=VE_ENTREGAS)
def archivo_entregado(mes: str, nombre: str) -> ResponseReturnValue:
    """One file of it, as it was handed over: what is printed is what is in the ZIP."""
    s = servicios()
    with s.uow.reading() as session:
        p = _paquete(session, mes)
        if nombre not in {a["nombre"] for a in p.archivos}:
            abort(404)
        with zipfile.ZipFile(io.BytesIO(p.contenido)) as paquete:
            contenido = paquete.read(nombre)
    s.engine.log_access(
        actor_actual(), "exportacion", nombre[-80:], now=s.clock.now(), detail={"mes": mes}
    )
    corto = nombre.rpartition("/")[2]
    tipo = "application/pdf" if corto.endswith(".pdf") else "application/octet-stream"
    cabecera = {"Content-Disposition": f"attachment; filename={corto}", "Cache-Control": "no-store"}
    return Response(contenido, mimetype=tipo, headers=cabecera)


@enlaces.get("/<token>", para=PUBLICO)
@enlaces.post("/<token>", para=PUBLICO, cupo=Cupo(60, UNA_HORA))
def con_enlace(token: str) -> ResponseReturnValue:
    """Asked first, and given at the button: what reads mails before people do does not use the link
    up."""
    token = llevados.leer(llevados.ENTREGA, token)
    s, huella = servicios(), hashlib.sha256(token.encode()).hexdigest()
    now = s.clock.now()
    with s.uow.reading() as session:
        entrega = interventoria.del_enlace(session, huella)
        if entrega is None or not es_de_aqui(
            token, partial(token_de_entrega, entrega_id=entrega.id)
        ):
            return _del_enlace("desconocido", 404)
        if entrega.descargado is not None or entrega.vence is None or now > entrega.vence:
            return _del_enlace("usado" if entrega.descargado is not None else "vencido", 410)
        if request.method == "GET":
            p = interventoria.paquete(session, entrega.paquete_id)
            return _del_enlace(
                "",
                200,
                mes=p.mes,
                huella=p.huella,
                tamano=formatos.tamano(len(p.contenido)),
                vence=entrega.vence,
            )
    try:
        return s.uow.run(lambda session: _zip(interventoria.usar_enlace(session, huella, now)))
    except EnlaceInvalido:  # somebody with the same link was faster
        return _del_enlace("usado", 410)


def _del_enlace(causa: str, codigo: int, **datos: Any) -> ResponseReturnValue:
    return make_response(render_template("interventoria/enlace.html", causa=causa, **datos), codigo)
