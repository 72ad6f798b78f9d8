"""Who may open a case, and what every page of a case shows above its part."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotFound
from engine.reads.history import AccessView
from engine.reads.instances import InstanceView
from engine.states import AccessKind
from engine.types import Actor
from records.auditorias import calibraciones
from records.base.errores import Restringido
from records.casos import numeros_anulados, registro, restringidos
from records.casos.busqueda import caso_por_clave
from records.casos.expediente import Expediente, expediente
from records.casos.numeros_anulados import Anulacion
from records.casos.registro import Dato, Ficha
from records.contingencia import papel
from records.contingencia.papel import Numero
from records.cuentas.reglas import roles
from records.cuentas.reglas.roles import Facultad
from records.visita import atenciones
from webforms.base.security import actor_actual, puede
from webforms.base.servicios import servicios
from webforms.casos import apertura
from webforms.casos.detenidos import Detenido, detenidos
from webforms.tareas.nombres import nombres_de_casos
from webforms.tareas.prorrogas import Pedida, la_pedida


@dataclass(frozen=True, slots=True)
class Cabecera:
    """The head of a page of a case."""

    case_key: str
    nombre: str  #: its number or ticket; empty when people have no name for it
    instancias: Sequence[InstanceView]
    expediente: Expediente | None
    detenidos: Sequence[Detenido]
    papeles: Sequence[Numero] = ()  #: numbers of paper that it came from
    registrado: Ficha | None = None  #: of a case of another procedure than M5-1-02
    datos: Sequence[Dato] = ()  #: by which it is found
    anulacion: Anulacion | None = None  #: of its number: it waits for a decision, or was approved
    prorroga: Pedida | None = None  #: of its term: it waits for a decision, or was refused
    #: with a reason, of a case that is not of this person's work
    apertura: AccessView | None = None

    @property
    def abierto_hasta(self) -> dt.datetime | None:
        return self.apertura.at + apertura.LAPSO if self.apertura is not None else None

    def en_plantilla(self) -> Mapping[str, Any]:
        return {"cabecera": self, "case_key": self.case_key, "e": self.expediente}


def puede_ver(session: Session, actor: Actor, case_key: str) -> bool:
    """Whoever began it by its form, has, or had, a task of it in their lane, attends its holder now,
    or may enter the paper that it came from; coordinator and compliance see every case, an administrator those that they
    opened with a reason, or whose number waits for their decision.

    A calibration in which auditors still score apart nobody opens: its history is what they must
    not see.
    """
    if calibraciones.a_ciegas(session, case_key, servicios().clock.now()):
        return False
    if restringido(session, case_key):
        return (
            puede(actor, Facultad.REVISAR)
            and apertura.motivo_vigente(session, actor, case_key) is not None
        )
    return _es_suyo(session, actor, case_key)


def _es_suyo(session: Session, actor: Actor, case_key: str) -> bool:
    if puede(actor, Facultad.VER_TODO):
        return True
    if reads.instances.begun_by(session, case_key) == actor.id:
        return True
    items = reads.items.of_case(session, case_key)
    if any(
        i.role is not None and i.role != roles.USUARIO and actor.has(i.role, i.scope) for i in items
    ):
        return True
    if any(
        actor.has(roles.PAPEL, n.f.punto_id)
        for n in papel.de_casos(session, [case_key]).get(case_key, ())
    ):
        return True
    if atenciones.atiende_al_titular(session, actor.id, case_key):
        return True
    if puede(actor, Facultad.CANCELAR) and _por_decidir(session, case_key):
        return True
    return apertura.motivo_vigente(session, actor, case_key) is not None


def restringido(session: Session, case_key: str) -> bool:
    """Its person asked for it, and it has ended; one that was opened again is worked on as any
    other."""
    return restringidos.uno(session, case_key) is not None and not reads.instances.going_on(
        session, [case_key]
    )


def _por_decidir(session: Session, case_key: str) -> bool:
    pedida = numeros_anulados.que_cuenta(session, case_key)
    return pedida is not None and pedida.decidida is None


def exigir(session: Session, case_key: str) -> None:
    """404 for a case that is unknown or foreign; the foreign one is recorded. Who may open it with
    a reason is asked for one. Restringido: who could, had its person not asked otherwise. A look at
    a case is recorded before it is shown, with the reason if there was one."""
    s, actor = servicios(), actor_actual()
    if not reads.instances.of_case(session, case_key):
        raise NotFound(case_key)
    if not puede_ver(session, actor, case_key):
        cerrado = restringido(session, case_key)
        abre = Facultad.REVISAR if cerrado else Facultad.ABRIR_CON_MOTIVO
        if puede(actor, abre) and not calibraciones.a_ciegas(session, case_key, s.clock.now()):
            vuelta = None if request.method == "POST" else request.full_path.removesuffix("?")
            abort(redirect(url_for("casos.pedir_apertura", case_key=case_key, vuelta=vuelta)))
        s.engine.log_access(
            actor, AccessKind.REFUSAL, case_key, now=s.clock.now(), detail={"reason": "case"}
        )
        if cerrado and (
            puede(actor, Facultad.ABRIR_CON_MOTIVO) or _es_suyo(session, actor, case_key)
        ):
            raise Restringido
        raise NotFound(case_key)
    anotar_que_se_ve(case_key, apertura.motivo_vigente(session, actor, case_key))


def anotar_que_se_ve(case_key: str, motivo: str | None = None) -> None:
    """Before what is known of the case is shown, on whatever page."""
    s, detalle = servicios(), {"pagina": str(request.endpoint)}
    detalle |= {"motivo": motivo} if motivo is not None else {}
    s.engine.log_access(
        actor_actual(), "consulta_caso", case_key, now=s.clock.now(), detail=detalle
    )


def ficha(session: Session, case_key: str) -> Expediente | None:
    caso = caso_por_clave(session, case_key)
    return expediente(session, caso.id) if caso is not None else None


def cabecera(session: Session, case_key: str) -> Cabecera:
    """For a page of a case that this person may open."""
    return Cabecera(
        case_key,
        nombre_del_caso(session, case_key),
        reads.instances.of_case(session, case_key),
        e := ficha(session, case_key),
        detenidos(session, case_key),
        papel.de_casos(session, [case_key]).get(case_key, ()),
        registrado := registro.ficha(session, case_key),
        registro.datos(session, case_key) if registrado is not None else (),
        numeros_anulados.que_cuenta(session, case_key) if registrado is not None else None,
        la_pedida(session, e, servicios().clock.now()) if e is not None else None,
        apertura.vigente(session, actor_actual(), case_key),
    )


def abrir(session: Session, case_key: str) -> Cabecera:
    exigir(session, case_key)
    return cabecera(session, case_key)


def nombre_del_caso(session: Session, case_key: str) -> str:
    return nombres_de_casos(session, {case_key}).get(case_key, "")
