"""The proof of reception of each filed case (Ley 1755 art. 15, Decreto 1166/2016), with the answer
that was given at the desk."""

from typing import Any

from flask import abort
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from common.language import SPANISH
from engine.states import AccessKind
from records.base.errores import Restringido
from records.casos import restringidos
from records.casos.expediente import expediente
from records.casos.tablas import Caso, Respuesta
from records.escritos import escritos
from records.personas.tablas import Persona
from records.plazos.reglas.calendario import Explicacion
from records.plazos.reglas.plazos import NORMAS
from records.sistemas import paginas
from records.sistemas.paginas import Citada
from records.sistemas.reglas.paginas import PAGINA_WEB
from records.sistemas.reglas.sistemas import SISTEMAS
from records.visita.tablas import Turno
from webforms.base.guias import ASESOR, Ayuda
from webforms.base.hojas import Hoja
from webforms.base.personas import nombre_de
from webforms.base.qr import codigo_qr
from webforms.base.quienes import ATIENDE
from webforms.base.rutas import Rutas, enlace_publico
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.visita.puesto import puesto_actual

rutas = Rutas()

FUENTES = {
    PAGINA_WEB: _l("Página web de la entidad"),
    "manual": _l("Consulta por otro medio"),
    **{s.codigo: s.nombre for s in SISTEMAS},
}


@rutas.get(
    "/atencion/constancia/<int:caso_id>",
    para=ATIENDE,
    ayuda=Ayuda(_l("La constancia de una visita, para imprimir."), ASESOR),
)
def constancia(caso_id: int) -> ResponseReturnValue:
    s = servicios()
    with s.uow.reading() as session:
        caso = session.get(Caso, caso_id)
        puesto = puesto_actual(session)
        if caso is None or caso.radicado is None or caso.punto_id != puesto.punto.codigo:
            abort(404)
        if restringidos.ese(session, caso):
            s.engine.log_access(
                actor_actual(),
                AccessKind.REFUSAL,
                caso.case_key or "",
                now=s.clock.now(),
                detail={"reason": "case"},
            )
            raise Restringido
        s.engine.log_access(
            actor_actual(),
            "constancia",
            caso.case_key or caso.radicado,
            now=s.clock.now(),
            detail={"caso": caso_id},
        )
        hoja = Hoja(
            "visita/constancia.html",
            {"caso": caso, "punto": puesto.punto, **_de_la_visita(session, caso)},
        )
    return hoja.mostrar()


def _de_la_visita(session: Session, caso: Caso) -> dict[str, Any]:
    """Who was at the desk, what was answered there, until when and by which norm."""
    todo = expediente(session, caso.id)
    entrega = (
        escritos.entregas(session, [caso.turno_id]).get(caso.turno_id) if caso.turno_id else None
    )
    presente = (
        session.get(Persona, entrega.persona_id)
        if entrega is not None and entrega.persona_id
        else None
    )
    respuesta = next((r for r in reversed(todo.respuestas) if r.tipo == "punto"), None)
    plazo = todo.plazo_vigente("respuesta")
    consulta, turno = (
        enlace_publico("consulta.consulta"),
        session.get(Turno, caso.turno_id) if caso.turno_id else None,
    )
    return {
        "lengua": turno.idioma if turno is not None else SPANISH,  # of what the person takes away
        "tipo": todo.tipo,
        "persona": todo.persona,
        "presente": presente or todo.persona,
        "apoderado": presente is not None and presente.id != todo.persona.id,
        "exhibido": entrega is not None and entrega.exhibido,
        "ficha": entrega.ficha if entrega is not None else None,
        "modulo": entrega.modulo if entrega is not None else None,
        "asesor": nombre_de(session, caso.asesor_id),
        "respuesta": respuesta,
        "fuente": FUENTES.get(respuesta.fuente, respuesta.fuente) if respuesta is not None else "",
        "citada": _citada(session, caso, respuesta),
        "plazo": Explicacion.de_datos(plazo.explicacion) if plazo is not None else None,
        "norma": next((n for n in NORMAS if n.codigo == caso.norma), None),
        "consulta": consulta,
        "qr": codigo_qr(consulta),
    }


def _citada(session: Session, caso: Caso, respuesta: Respuesta | None) -> Citada | None:
    """The page of the entity on which the answer rests, as it was cited with it."""
    if respuesta is None or caso.case_key is None:
        return None
    return next(
        (
            c
            for c in paginas.del_caso(session, caso.case_key)
            if c.pagina.citada == respuesta.registrada
        ),
        None,
    )
