"""A case of which something that is kept cannot be read: its review says what is wrong, as `flask
audit verify` does, and nothing else."""

import logging
from collections.abc import Callable

from flask import render_template
from flask.typing import ResponseReturnValue

from common.faults import is_outage
from engine import reads
from records.base.comprobaciones import ILEGIBLE
from records.base.errores import Rechazo
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.evidencia.cadenas import frase

log = logging.getLogger(__name__)


def o_lo_que_esta_mal(
    case_key: str, entera: Callable[[], ResponseReturnValue]
) -> ResponseReturnValue:
    """The page; or, where a value keeps it from being made, what is wrong with the chains of the
    case. The log has where it ended."""
    try:
        return entera()
    except ILEGIBLE as error:
        if is_outage(error) or isinstance(error, Rechazo):
            raise
        log.exception("a case cannot be shown", extra={"case": case_key})
    s = servicios()
    s.engine.log_access(actor_actual(), "revision_caso", case_key, now=s.clock.now(), detail={})
    with s.uow.reading_one_state() as session:
        informe = reads.verification.verify(session, case_key)
    return render_template(
        "evidencia/ilegible.html",
        case_key=case_key,
        fallas=[("", frase(falla)) for falla in informe.faults],
    ), 500
