"""What changes the law of the house takes two persons: one asks, another decides
(records/cuentas/aprobaciones.py, setting TWO_PERSONS)."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import flash
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.cuentas import aprobaciones
from records.cuentas.aprobaciones import Pedido
from records.cuentas.reglas.roles import Facultad, con_facultad
from records.cuentas.tablas import Aprobacion
from webforms.base.ajustes import ajustes
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios

#: kinds of the access chain
PEDIDA, DECIDIDA, RETIRADA = "aprobacion_pedida", "aprobacion_decidida", "aprobacion_retirada"
#: Who decides on people, days, lists; and on what diagrams and tables say: another analyst, or
#: whoever administers.
DE_LA_ENTIDAD = con_facultad(Facultad.GOBERNAR)
DE_MODELOS = con_facultad(Facultad.MODELAR) | DE_LA_ENTIDAD


def se_pide(aprueban: Collection[str]) -> bool:
    """Whether whoever acts has to ask somebody else. Not before there ever was anybody to ask."""
    if not ajustes().two_persons:
        return False
    s = servicios()
    with s.uow.reading() as session:
        return aprobaciones.hay_otra_persona(session, aprueban, actor_actual().id, s.clock.now())


def pedir(pedido: Pedido) -> int:
    """Its number. DatoInvalido in words. Tells on the next page who may decide."""
    s, actor = servicios(), actor_actual()
    acto = Acto(actor.id, s.clock.now())
    numero = s.uow.run(lambda session: aprobaciones.pedir(session, pedido, acto))
    anotar(
        PEDIDA,
        numero,
        {
            "obra": pedido.obra,
            "sujeto": pedido.sujeto,
            "huella": pedido.huella,
            "motivo": pedido.motivo,
        },
    )
    with s.uow.reading() as session:
        quienes = sorted(
            aprobaciones.quienes_deciden(session, pedido.aprueban, actor.id, acto.now).values()
        )
    if quienes:
        flash(
            _(
                "Pedido. Todavía no cambia nada: lo decide otra persona, y le llegó un correo (%(q)s).",
                q=", ".join(quienes[:4]),
            ),
            "ambar",
        )
    else:
        flash(
            _(
                "Pedido, pero hoy nadie más puede decidirlo: dé el rol a otra persona desde el servidor (docs/access.md)."
            ),
            "rojo",
        )
    return numero


def decidir(
    session: Session, aprobacion_id: int, respuesta: str, *, aprueba: bool, nombre: object
) -> Aprobacion:
    """In the commit of what is decided. Separado, DatoInvalido."""
    acto = Acto(actor_actual().id, servicios().clock.now())
    return aprobaciones.decidir(
        session, aprobacion_id, respuesta, acto, aprueba=aprueba, nombre=nombre
    )


def anotar(clase: str, numero: int, detalle: Mapping[str, Any]) -> None:
    s = servicios()
    s.engine.log_access(
        actor_actual(), clase, f"aprobacion/{numero}", now=s.clock.now(), detail=dict(detalle)
    )
