"""The desks of a point: what an adviser chooses in the morning. One that goes stays in the visits
that name it."""

import re
from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base import cambios
from records.base.actos import Acto
from records.base.cambios import Anotado, De
from records.base.errores import DatoInvalido, NoExiste
from records.lugares.puntos import modulos
from records.lugares.tablas import Puesto, Punto

MAX_MODULOS: Final = 200
_MODULO: Final = re.compile(r"[\w-]{1,10}", re.ASCII)


def poner(
    session: Session, punto_id: str, pedidos: Sequence[str], motivo: str, acto: Acto
) -> list[Anotado]:
    """These are the desks of the point from now on. DatoInvalido: one is no name, or they are as
    before."""
    if not punto_id.isprintable() or session.get(Punto, punto_id) is None:
        raise NoExiste
    quedan = list(dict.fromkeys(pedidos))
    if malo := next((m for m in quedan if not _MODULO.fullmatch(m)), None):
        raise DatoInvalido(
            "«%(modulo)s» no es un módulo: lleva letras y números, hasta 10.", modulo=malo[:20]
        )
    if len(quedan) > MAX_MODULOS:
        raise DatoInvalido(
            "Son %(n)s módulos; caben %(maximo)s.", n=len(quedan), maximo=MAX_MODULOS
        )
    antes = modulos(session, punto_id)
    conocidos = {
        p.modulo: p for p in session.scalars(select(Puesto).where(Puesto.punto_id == punto_id))
    }
    for modulo, puesto in conocidos.items():
        puesto.activo = modulo in quedan
    session.add_all(
        Puesto(punto_id=punto_id, modulo=m, activo=True) for m in quedan if m not in conocidos
    )
    session.flush()
    despues = modulos(session, punto_id)
    if antes == despues:
        raise DatoInvalido("No cambió nada.")
    return [
        cambios.anotar(
            session,
            De("puntos", punto_id, "modulos"),
            {"modulos": antes},
            {"modulos": despues},
            motivo,
            acto,
        )
    ]
