"""Cases that their person asked to keep closed (records/derechos/derechos.py): compliance opens them with a
reason, lists say nothing of whose they are."""

from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.cambios import exigir_motivo
from records.base.errores import DatoInvalido
from records.casos.reglas import estados
from records.casos.tablas import Caso, CasoRegistrado, CasoRestringido


def vigente(case_key: Any) -> ColumnElement[bool]:
    """In a statement: the case of this column is restricted."""
    return exists().where(CasoRestringido.case_key == case_key, CasoRestringido.levantada.is_(None))


#: Of a statement about `caso`; one that was opened again is worked on as any other.
CASO = Caso.estado.in_(sorted(estados.FINALES)) & vigente(Caso.case_key)
#: The same of a statement about `registro_caso`.
REGISTRADO = CasoRegistrado.cerrado.is_not(None) & vigente(CasoRegistrado.case_key)


def uno(session: Session, case_key: str) -> CasoRestringido | None:
    return session.scalar(
        select(CasoRestringido).where(
            CasoRestringido.case_key == case_key, CasoRestringido.levantada.is_(None)
        )
    )


def ese(session: Session, caso: Caso) -> bool:
    """As `CASO` says of one that was read."""
    return (
        caso.estado in estados.FINALES
        and caso.case_key is not None
        and uno(session, caso.case_key) is not None
    )


def entre(session: Session, claves: AbstractSet[str]) -> set[str]:
    """Which of these cases are restricted now."""
    return (
        set(
            session.scalars(
                select(CasoRestringido.case_key).where(CasoRestringido.levantada.is_(None))
            )
        )
        & claves
    )


def levantar(session: Session, case_key: str, motivo: str, acto: Acto) -> None:
    """DatoInvalido: without a reason, or it is not restricted."""
    dicho = {
        "levantada": acto.now,
        "levantada_por": acto.quien,
        "motivo_fin": exigir_motivo(motivo),
    }
    suya = (CasoRestringido.case_key == case_key, CasoRestringido.levantada.is_(None))
    if (
        session.execute(
            update(CasoRestringido).where(*suya).values(dicho).returning(CasoRestringido.id)
        ).first()
        is None
    ):
        raise DatoInvalido("Este caso no está restringido: quizá otra persona ya lo levantó.")
