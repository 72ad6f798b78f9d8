"""The notes of a case that people read as such."""

from sqlalchemy.orm import Session

from engine import reads
from engine.reads.history import NoteView
from records.casos.reglas.notas import DE_ACTOS


def notas_de(session: Session, case_key: str) -> list[NoteView]:
    """Oldest first, without the reasons of acts, which the history tells."""
    return [nota for nota in reads.history.notes(session, case_key) if nota.kind not in DE_ACTOS]
