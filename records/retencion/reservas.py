"""Legal holds: a case that a judge, an audit or a claim may still need is not erased by its
retention series, nor what is known of its person. Who put it, why, and who lifted it stays."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Select, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.cambios import exigir_motivo
from records.base.errores import DatoInvalido
from records.casos.tablas import Caso, ReservaLegal
from records.derechos.tablas import SolicitudDatos
from records.expedientes.indices import EXCLUIDO
from records.retencion.tablas import ExpedienteEnActa
from records.visita.tablas import Atencion

APROBADA: Final = "aprobada"  #: a request about personal data that the worker may be carrying out


def del_caso(session: Session, case_key: str) -> Sequence[ReservaLegal]:
    """All that were ever put, the latest first."""
    return session.scalars(
        select(ReservaLegal)
        .where(ReservaLegal.case_key == case_key)
        .order_by(ReservaLegal.id.desc())
    ).all()


def claves(session: Session) -> list[str]:
    """Cases that are held now."""
    return list(session.scalars(vigentes()))


def esta(session: Session, case_key: str) -> bool:
    return session.scalar(vigentes().where(ReservaLegal.case_key == case_key)) is not None


def vigentes() -> Select[str]:
    """Keys of the cases that are held now."""
    return select(ReservaLegal.case_key).where(ReservaLegal.levantada.is_(None))


def personas() -> Select[int]:
    """Whose cases and visits those are."""
    de_casos = select(Caso.persona_id).where(Caso.case_key.in_(vigentes()))
    de_visitas = select(Atencion.persona_id).where(
        Atencion.case_key.in_(vigentes()), Atencion.persona_id.is_not(None)
    )
    return select(de_casos.union(de_visitas).subquery().c[0])


def poner(session: Session, case_key: str, motivo: str, acto: Acto) -> None:
    """DatoInvalido: without a reason, or it is held already."""
    # the line of an act that may be disposing of it at this moment: either waits for the other, and
    # sees what it did
    session.execute(
        select(ExpedienteEnActa.id)
        .where(ExpedienteEnActa.case_key == case_key, ExpedienteEnActa.estado != EXCLUIDO)
        .with_for_update()
    )
    session.execute(
        select(SolicitudDatos.id).where(SolicitudDatos.estado == APROBADA).with_for_update()
    )  # or of a request about its person
    nueva = ReservaLegal(
        case_key=case_key, motivo=exigir_motivo(motivo), puesta=acto.now, puesta_por=acto.quien
    )
    try:
        with session.begin_nested():
            session.add(nueva)
    except IntegrityError:
        raise DatoInvalido("Este caso ya está reservado.") from None


def levantar(session: Session, case_key: str, motivo: str, acto: Acto) -> None:
    """DatoInvalido: without a reason, or nobody holds it."""
    dicho = {
        "levantada": acto.now,
        "levantada_por": acto.quien,
        "motivo_fin": exigir_motivo(motivo),
    }
    suya = (ReservaLegal.case_key == case_key, ReservaLegal.levantada.is_(None))
    if (
        session.execute(
            update(ReservaLegal).where(*suya).values(dicho).returning(ReservaLegal.id)
        ).first()
        is None
    ):
        raise DatoInvalido("Este caso no está reservado: quizá otra persona ya levantó la reserva.")
