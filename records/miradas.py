"""Where the data of a person are, for whoever must say who has seen them: visits and cases, with who attended and who has a task."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.tables import Atencion
from records.tables import Caso
from records.tables import Persona
from records.tables import Turno


@dataclass(frozen=True, slots=True)
class Lugar:
    """A case key of the engine: a visit, the case that was made in it, or one that came in writing."""

    case_key: str
    radicado: str
    turno_id: int | None  # None: it came in writing
    ficha: str
    punto_id: str
    asesores: frozenset[str]  #: who attended, or answers for the case


def personas(session: Session, ids: Sequence[int]) -> Sequence[Persona]:
    return session.scalars(select(Persona).where(Persona.id.in_(ids)).order_by(Persona.id)).all()


def lugares(session: Session, persona_id: int) -> list[Lugar]:
    """All of one person, as holder or as attorney."""
    visitas = session.execute(
        select(Atencion.case_key, Atencion.turno_id, Turno.ficha, Atencion.punto_id, Atencion.asesor_id)
        .join(Turno, Turno.id == Atencion.turno_id)
        .where(or_(Atencion.persona_id == persona_id, Atencion.apoderado_id == persona_id), Atencion.case_key.is_not(None))
    ).all()
    casos = session.execute(
        select(Caso.case_key, Caso.radicado, Caso.punto_id, Caso.asesor_id).where(Caso.persona_id == persona_id, Caso.case_key.is_not(None))
    ).all()
    radicados = {c.case_key: c.radicado or "" for c in casos}
    turnos = {v.case_key: (v.turno_id, v.ficha or "") for v in visitas}
    puntos = {**{c.case_key: c.punto_id for c in casos}, **{v.case_key: v.punto_id for v in visitas}}
    asesores: dict[str, set[str]] = {}
    for clave, *_, asesor in [*visitas, *casos]:
        asesores.setdefault(str(clave), set()).add(str(asesor))
    return [
        Lugar(clave, radicados.get(clave, ""), *turnos.get(clave, (None, "")), punto, frozenset(asesores[clave]))
        for clave, punto in sorted(puntos.items())
    ]
