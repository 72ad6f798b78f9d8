"""Legal holds of a case: nothing of it is erased until somebody lifts it, with a reason."""

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l
from sqlalchemy.orm import Session

from engine import reads
from engine.errors import NotFound
from records.base.actos import Acto
from records.base.errores import Rechazo
from records.retencion import reservas
from webforms.base.quienes import REVISA
from webforms.base.rutas import Rutas
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.campos import limpiar
from webforms.evidencia.revision import mostrar

rutas = Rutas()

PUESTA, LEVANTADA = "reserva_puesta", "reserva_levantada"  #: kinds of the access chain


@rutas.post(
    "/cumplimiento/caso/<case_key>/reserva",
    para=REVISA,
    haria=_l("Reservar un caso para que no se elimine"),
)
def reservar(case_key: str) -> ResponseReturnValue:
    return _hacer(
        case_key,
        reservas.poner,
        PUESTA,
        _("Reservado: nada de este caso se elimina hasta que alguien levante la reserva."),
    )


@rutas.post(
    "/cumplimiento/caso/<case_key>/reserva/levantar",
    para=REVISA,
    haria=_l("Levantar la reserva de un caso"),
)
def levantar_reserva(case_key: str) -> ResponseReturnValue:
    return _hacer(
        case_key,
        reservas.levantar,
        LEVANTADA,
        _("Levantada: el caso se elimina cuando lo diga su serie documental."),
    )


def _hacer(
    case_key: str, hacer: Callable[[Session, str, str, Acto], None], clase: str, dice: str
) -> ResponseReturnValue:
    s, actor, motivo = servicios(), actor_actual(), limpiar(request.form.get("motivo", ""))[:501]
    now = s.clock.now()
    with s.uow.reading() as session:
        if not reads.instances.of_case(session, case_key):
            raise NotFound(case_key)
    try:
        s.uow.run(lambda session: hacer(session, case_key, motivo, Acto(actor.id, now, case_key)))
    except Rechazo as rechazo:
        return mostrar(case_key, reserva=motivo, error_de_reserva=str(rechazo))
    s.engine.log_access(actor, clase, case_key, now=now, detail={"motivo": motivo})
    flash(dice, "verde")
    return redirect(url_for("cumplimiento.caso", case_key=case_key, _anchor="reserva"))
