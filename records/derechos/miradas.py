"""Where the data of a person lie, to tell who has seen them: visits and cases, with who attended
and who has a task."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from records.casos.tablas import Caso
from records.personas.tablas import Persona
from records.visita.tablas import Atencion, Turno


@dataclass(frozen=True, slots=True)
class Lugar:
    """A case key of the engine: a visit, the case that was made in it, or one that came in
    writing."""

    case_key: str
    radicado: str
    turno_id: int | None  # None: it came in writing
    ficha: str
    punto_id: str
    asesores: frozenset[str]  #: who attended, or answers for the case


def personas(session: Session, ids: Sequence[int]) -> Sequence[Persona]:
    return session.scalars(select(Persona).where(Persona.id.in_(ids)).order_by(Persona.id)).all()


def turno_suyo(persona: Persona) -> ColumnElement[bool]:
    """Turns of theirs, also those that they left before anybody attended them: the kiosk asked for
    their document."""
    con_documento = and_(Turno.tipo_doc == persona.tipo_doc, Turno.num_doc == persona.num_doc)
    return or_(Turno.persona_id == persona.id, con_documento)


def sin_verificar(persona: Persona) -> ColumnElement[bool]:
    """Attentions in which nobody was verified, and their document was compared with the CRM
    (5.2.4)."""
    de = Atencion.comparacion["documento"]
    suyo = and_(
        de["tipo"].as_string() == persona.tipo_doc, de["numero"].as_string() == persona.num_doc
    )
    return and_(Atencion.persona_id.is_(None), suyo)


def de_quien_es(persona: Persona) -> ColumnElement[bool]:
    """Of a turn and its attention, where there was one: the visit is theirs, as holder; nobody else
    was attended."""
    sin_nadie = and_(Atencion.persona_id.is_(None), turno_suyo(persona))
    return or_(Atencion.persona_id == persona.id, sin_nadie, sin_verificar(persona))


def lugares(session: Session, persona_id: int) -> list[Lugar]:
    """All of one person, as holder or as attorney."""
    suya = or_(
        de_quien_es(session.get_one(Persona, persona_id)), Atencion.apoderado_id == persona_id
    )
    visitas = session.execute(
        select(
            Turno.case_key,
            Turno.id.label("turno_id"),
            Turno.ficha,
            Turno.punto_id,
            Atencion.asesor_id,
        )
        .join_from(Turno, Atencion, Atencion.turno_id == Turno.id, isouter=True)
        .where(suya, Turno.case_key.is_not(None))
    ).all()
    casos = session.execute(
        select(Caso.case_key, Caso.radicado, Caso.punto_id, Caso.asesor_id).where(
            Caso.persona_id == persona_id, Caso.case_key.is_not(None)
        )
    ).all()
    radicados = {c.case_key: c.radicado or "" for c in casos}
    turnos = {v.case_key: (v.turno_id, v.ficha or "") for v in visitas}
    puntos = {
        **{c.case_key: c.punto_id for c in casos},
        **{v.case_key: v.punto_id for v in visitas},
    }
    asesores: dict[str, set[str]] = {}
    for clave, *_, asesor in [*visitas, *casos]:
        asesores.setdefault(str(clave), set()).update({str(asesor)} if asesor else ())
    return [
        Lugar(
            clave,
            radicados.get(clave, ""),
            *turnos.get(clave, (None, "")),
            punto,
            frozenset(asesores[clave]),
        )
        for clave, punto in sorted(puntos.items())
    ]
