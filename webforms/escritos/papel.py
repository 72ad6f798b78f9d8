"""The number of a delivery, on a page that says it and on the paper that proves it: letter and 80
mm."""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.types import WorkItem
from records.casos.expediente import expediente
from records.cuentas.reglas.cuentas import CIUDADANO
from records.cuentas.reglas.roles import DOCUMENTAL, Facultad
from records.escritos import escritos
from records.escritos.tablas import Escrito
from records.plazos.reglas.plazos import NORMAS
from records.visita.tablas import Turno
from webforms.base import guias
from webforms.base.guias import Ayuda
from webforms.base.hojas import Hoja
from webforms.base.personas import nombre_de
from webforms.base.qr import codigo_qr
from webforms.base.quienes import PERSONA
from webforms.base.rutas import Rutas, enlace_publico
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.casos.cabecera import exigir, puede_ver
from webforms.plazos.palabras import dias_que_quedan, si_entrega_hoy

rutas = Rutas()


@rutas.get(
    "/radicacion/<case_key>",
    para=PERSONA,
    ayuda=Ayuda(
        _l("El número que recibió el caso, y lo que se entrega a la persona."), guias.DOCUMENTAL
    ),
)
def radicada(case_key: str) -> ResponseReturnValue:
    return _mostrar(case_key, "escritos/radicada.html")


@rutas.get(
    "/radicacion/<case_key>/prueba",
    para=PERSONA,
    ayuda=Ayuda(_l("La prueba de que se recibió, para imprimir o enviar."), guias.DOCUMENTAL),
)
def prueba(case_key: str) -> ResponseReturnValue:
    return _mostrar(case_key, "escritos/prueba.html")


@rutas.get(
    "/radicacion/<case_key>/tiquete",
    para=PERSONA,
    ayuda=Ayuda(_l("El número del caso en un tiquete, para la persona."), guias.DOCUMENTAL),
)
def tiquete(case_key: str) -> ResponseReturnValue:
    return _mostrar(case_key, "escritos/tiquete.html")


def _mostrar(case_key: str, plantilla: str) -> ResponseReturnValue:
    """By the key of the visit, too, whose documents went to a case that whoever filed them may not
    open."""
    with servicios().uow.reading() as session:
        exigir(session, case_key)
        hoja = _hoja(session, case_key, plantilla)
    return hoja.mostrar()


def _hoja(session: Session, case_key: str, plantilla: str) -> Hoja:
    hallada = escritos.radicada(session, case_key)
    if hallada is None:
        abort(404)
    suyo = hallada.escrito.case_key
    caso = hallada.caso
    e = expediente(session, caso.id) if caso is not None else None
    espera = e.suspension_abierta if e is not None else None
    llego = espera is not None and espera.complemento is not None
    plazo = e.plazo_vigente("respuesta") if e is not None and not llego else None
    consulta, turno = (
        enlace_publico("consulta.consulta"),
        session.get_one(Turno, hallada.escrito.turno_id),
    )
    return Hoja(
        plantilla,
        {
            "case_key": case_key,
            "r": hallada,
            "ficha": turno.ficha,
            "lengua": turno.idioma,  # of what the person takes away
            "plazo": plazo.explicacion if plazo is not None else None,
            "dias": plazo.dias if plazo is not None else None,
            # all of it came: the clock goes on with the next step
            "parado": None if e is None or llego else dias_que_quedan(e),
            "limite": si_entrega_hoy(e, hallada.escrito.recibido)
            if e is not None and llego
            else caso and caso.limite_respuesta,
            "norma": next((n for n in NORMAS if caso is not None and n.codigo == caso.norma), None),
            "recibio": nombre_de(session, hallada.escrito.recibido_por),
            "completo": _quien_completo(session, hallada.escrito),
            "consulta": consulta,
            "qr": codigo_qr(consulta),
            "sigue": _sigue(session, case_key),
            "radica": puede(actor_actual(), Facultad.RADICAR),
            "ve_el_caso": suyo is None or puede_ver(session, actor_actual(), suyo),
        },
    )


def _sigue(session: Session, case_key: str) -> WorkItem | None:
    """What document management does next with this delivery."""
    abiertas = reads.items.of_case(session, case_key, only_open=True)
    return next(
        (i for i in abiertas if i.role == DOCUMENTAL and actor_actual().has(i.role, i.scope)), None
    )


def _quien_completo(session: Session, escrito: Escrito) -> str:
    """Who received what was missing; "": nobody did, the person sent it through the public page."""
    return (
        ""
        if escrito.completado_por in (None, CIUDADANO)
        else nombre_de(session, escrito.completado_por)
    )
