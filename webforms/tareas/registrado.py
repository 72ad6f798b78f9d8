"""What was sent in a case, in words: for the page of the case, the panel beside a form, and both
histories."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import Entry
from engine.states import REASON_FORMS, TextOf
from engine.types import Data, ElementSpec
from records.catalogos.catalogo import LINEAS
from records.cuentas.reglas.roles import ASESOR, COORDINADOR
from records.personas.tablas import ServicioAdquirido
from webforms.base.entrada import entero_o
from webforms.base.personas import nombres_de
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.personas.cubierto import cubre
from webforms.tareas.asientos import CON_MOTIVO
from webforms.tareas.elementos import titulo_de_elemento
from webforms.tareas.envios import acto_de, presentar

#: (label, text) of each value of a form; nothing once it was erased.
Dicho = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Registro:
    """A submission of a case."""

    actividad: str  #: "5.2.8 Tipificar"
    quien: str
    cuando: dt.datetime
    valores: Dicho
    elemento: str = ""  #: of the diagram
    acto: str = ""  #: "Escaló el caso", of a form with several buttons


#: The rating of a visit: who gave which, and with what comment, is not for advisers (5.2.13).
CALIFICA = "act_5_2_13"


SERVICIO = "servicio_id"


def _reservada(elemento: str | None) -> bool:
    if elemento != CALIFICA:
        return False
    roles = {rol.name for rol in actor_actual().roles}
    return ASESOR in roles and COORDINADOR not in roles


def _sin_lo_dicho() -> Dicho:
    return ((str(_("Calificación")), str(_("Reservada: un asesor solo ve su promedio"))),)


def registrados(session: Session, case_key: str) -> list[Registro]:
    """What people sent in the tasks of the case, latest first, each under the version in which it
    was sent."""
    envios = [
        envio
        for envio in reads.history.submissions(session, case_key)
        if envio.form not in REASON_FORMS
    ]
    nombres, cubierto = nombres_de(session, {envio.actor_id for envio in envios}), cubre(case_key)
    dichos = []
    for envio in reversed(envios):
        elemento = _elementos(session, envio.release).get(envio.element)
        titulo = titulo_de_elemento(envio.element, elemento.name if elemento else envio.element)
        dicho = _en_palabras(session, envio.values, elemento, cubre=cubierto)
        valores = _sin_lo_dicho() if _reservada(envio.element) else dicho
        acto = acto_de(envio.values, elemento, servicios().forms)
        dichos.append(
            Registro(
                titulo,
                nombres.get(envio.actor_id, envio.actor_id),
                envio.at,
                valores,
                envio.element,
                acto,
            )
        )
    return dichos


def _producto(servicio: ServicioAdquirido) -> str:
    return f"{LINEAS.get(servicio.linea, servicio.linea)}, {_('otorgado en %(a)s', a=servicio.anio_giro)}"


def _en_palabras(
    session: Session, valores: Data | None, elemento: ElementSpec | None, *, cubre: bool
) -> Dicho:
    """The product that a form names stands by its line and its year, not by our number of it."""
    if valores and valores.get(SERVICIO) is not None:
        servicio = session.get(ServicioAdquirido, entero_o(str(valores[SERVICIO]), 0))
        valores = {**valores, SERVICIO: _producto(servicio) if servicio is not None else None}
    return tuple(presentar(valores, elemento, servicios().forms, cubre=cubre))


def dicho_en(
    session: Session, entradas: Iterable[Entry], case_key: str
) -> dict[tuple[str, int], Dicho]:
    """(instance, revision) → what was sent with this entry of the history of the case, under the
    version of that moment."""
    cubierto = cubre(case_key)
    return {
        (x.instance_id, x.rev): _sin_lo_dicho()
        if _reservada(x.element)
        else _en_palabras(
            session, x.values, _elementos(session, x.release).get(x.element or ""), cubre=cubierto
        )
        for x in entradas
        if x.values and (x.kind not in CON_MOTIVO or TextOf.REASON not in x.values)
    }


def _elementos(session: Session, release: int) -> Mapping[str, ElementSpec]:
    return reads.releases.elements(session, servicios().engine.catalog, release)
