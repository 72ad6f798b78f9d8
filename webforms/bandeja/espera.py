"""Cases of one's areas that wait for the citizen: no task is open meanwhile, so they have lines of
their own."""

from typing import Any

from sqlalchemy.orm import Session

from engine.types import Actor
from records.casos import bandeja as casos
from records.casos.bandeja import Esperas, FiltroEsperas
from records.casos.busqueda import temas_que_dicen
from records.casos.reglas import estados
from records.cuentas.reglas.roles import FUNCIONARIO, LIDER
from webforms.bandeja.consulta import Consulta
from webforms.casos import documento_buscado

EN_PAUSA = "pausa"
NINGUNA = Esperas(0, ())


def de_que_se_busca(session: Session, c: Consulta) -> dict[str, Any]:
    """What the text and the document ask of a case."""
    temas = tuple(temas_que_dicen(session, c.q)) if c.q else ()
    return {"texto": c.q, "temas": temas, "personas": documento_buscado.leer(c.de).personas}


def esperas(session: Session, c: Consulta, actor: Actor, quien: Actor, limite: int) -> Esperas:
    """`quien`: whose lanes the view shows. Nothing where the list is of something else: free tasks,
    one activity, another state."""
    lugares = {r.scope for r in quien.roles if r.name in (FUNCIONARIO, LIDER)}
    de_otra_cosa = (
        c.vista in ("libres", "seguimiento") or c.actividad or c.termino not in ("", EN_PAUSA)
    )
    if not lugares or de_otra_cosa or c.estado not in ("", estados.REQUERIDO):
        return NINGUNA
    areas = None if None in lugares else tuple(sorted(lugar for lugar in lugares if lugar))
    if c.area:
        areas = (c.area,) if areas is None or c.area in areas else ()
    filtro = FiltroEsperas(
        areas=areas,
        clase=c.clase or None,
        tema=c.tema or None,
        punto_id=c.punto or None,
        pedido_por=(actor.id, *actor.stands_for)
        if c.vista == "mias"
        else (c.quien,)
        if c.quien
        else None,
        **de_que_se_busca(session, c),
    )
    return casos.esperas(session, filtro, limite=limite)
