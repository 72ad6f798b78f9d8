"""An extension that somebody asked for, as pages of the case and of its task tell it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from records.casos import prorrogas
from records.casos.expediente import Expediente
from records.casos.prorrogas import Pendiente
from records.casos.tablas import ProrrogaPedida
from records.cuentas.reglas.roles import Facultad
from records.plazos.reglas.calendario import sumar_habiles
from webforms.base.formatos import dia_local, fecha_larga
from webforms.base.personas import nombre_de
from webforms.base.security import actor_actual, puede
from webforms.plazos.palabras import no_prorroga


@dataclass(frozen=True, slots=True)
class Pedida:
    fila: ProrrogaPedida
    pidio: str
    decidio: str
    antes: str  #: the term as it stands
    ahora: str  #: and as it would

    @property
    def espera(self) -> bool:
        return self.fila.decidida is None


def la_pedida(session: Session, e: Expediente, now: dt.datetime) -> Pedida | None:
    """The one that waits, or was refused; none once the term was extended, has passed or needs
    none."""
    fila = prorrogas.la_ultima(session, e.caso.id)
    limite = e.caso.limite_respuesta
    if fila is None or limite is None or e.caso.estado not in prorrogas.EN_EL_AREA:
        return None
    if no_prorroga(e, now):
        return None
    return Pedida(
        fila,
        nombre_de(session, fila.pedida_por),
        nombre_de(session, fila.decidida_por),
        fecha_larga(limite),
        fecha_larga(sumar_habiles(dia_local(limite), fila.dias)),
    )


def la_que_espera(session: Session, e: Expediente, now: dt.datetime) -> Pedida | None:
    pedida = la_pedida(session, e, now)
    return pedida if pedida is not None and pedida.espera else None


def por_decidir(session: Session, now: dt.datetime) -> Sequence[tuple[Pendiente, str]]:
    """What waits for whoever may decide, with who asked; nothing for anybody else."""
    if not puede(actor_actual(), Facultad.PRORROGAR):
        return ()
    return [(p, nombre_de(session, p.pedida_por)) for p in prorrogas.pendientes(session, now)]
