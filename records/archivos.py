"""Rows about documents, whose content is in the content-addressed store. One belongs to a case, so to its visit and its person."""

import datetime as dt
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence

from sqlalchemy import func
from sqlalchemy import select
from sqlalchemy.orm import Session

from records.actos import Acto
from records.errores import DatoInvalido
from records.tables import Archivo
from records.tables import Caso
from records.tables import Turno


def registrar_archivo(session: Session, valor: object, acto: Acto) -> int | None:
    """A row for the value of a file field; None for an empty field. One statement: it finds the visit and the person of the case."""
    if not isinstance(valor, Mapping) or not valor:
        return None
    de_turno = select(Turno.id).where(Turno.case_key == acto.case_key).limit(1).scalar_subquery()
    de_visita = select(Turno.persona_id).where(Turno.case_key == acto.case_key).limit(1).scalar_subquery()
    de_caso = select(Caso.persona_id).where(Caso.case_key == acto.case_key).limit(1).scalar_subquery()
    try:
        archivo = Archivo(
            sha256=str(valor["sha256"]),
            nombre=str(valor["nombre"]),
            tipo=str(valor["tipo"]),
            bytes=int(valor["bytes"]),
            paginas=int(valor.get("paginas", 0)),
            origen=str(valor.get("origen", "")),
            trae=list(valor.get("trae", ())),
            antivirus=str(valor.get("antivirus", "")),
            subido_por=acto.quien,
            subido=acto.now,
            case_key=acto.case_key,
            turno_id=de_turno if acto.case_key else None,
            persona_id=func.coalesce(de_caso, de_visita) if acto.case_key else None,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DatoInvalido("El archivo no se pudo registrar.") from error
    session.add(archivo)
    session.flush()
    return archivo.id


def nombrados(session: Session, sha256: Collection[str]) -> frozenset[str]:
    """Which of these contents somebody's row names. What an act erased is no longer kept."""
    filas = select(Archivo.sha256).where(Archivo.sha256.in_(sha256), Archivo.eliminado.is_(None))
    return frozenset(session.scalars(filas))


def guardados(session: Session, case_key: str | None = None) -> Mapping[str, str]:
    """Hash → name of what must be in the store: of a case, or of all. What an act erased is no longer there."""
    filas = select(Archivo.sha256, Archivo.nombre).where(Archivo.eliminado.is_(None)).order_by(Archivo.id)
    return {f.sha256: f.nombre for f in session.execute(filas if case_key is None else filas.where(Archivo.case_key == case_key))}


def archivos_del_caso(session: Session, case_key: str) -> Sequence[Archivo]:
    return session.scalars(select(Archivo).where(Archivo.case_key == case_key).order_by(Archivo.subido, Archivo.id)).all()


def de_la_persona(session: Session, persona_id: int, *, menos: str | None, limite: int) -> Sequence[Archivo]:
    """What came with other cases and visits of this person, the latest first."""
    filas = select(Archivo).where(Archivo.persona_id == persona_id, Archivo.eliminado.is_(None), Archivo.case_key.is_not(None))
    return session.scalars(filas.where(Archivo.case_key != menos).order_by(Archivo.subido.desc(), Archivo.id.desc()).limit(limite)).all()


def por_revisar(session: Session, estado: str, limite: int) -> Sequence[Archivo]:
    """Those that an antivirus has yet to look at, the oldest first."""
    filas = select(Archivo).where(Archivo.antivirus == estado, Archivo.eliminado.is_(None)).order_by(Archivo.id)
    return session.scalars(filas.limit(limite)).all()


def cuantos_por_revisar(session: Session, estado: str) -> int:
    return session.scalar(select(func.count(Archivo.id)).where(Archivo.antivirus == estado, Archivo.eliminado.is_(None))) or 0


def anotar_revision(session: Session, sha256: str, antes: str, estado: str, virus: str, now: dt.datetime) -> int:
    """What the antivirus said of a content, on each row that names it and waits."""
    filas = session.scalars(select(Archivo).where(Archivo.sha256 == sha256, Archivo.antivirus == antes)).all()
    for fila in filas:
        fila.antivirus, fila.virus, fila.revisado = estado, virus[:200], now
    session.flush()
    return len(filas)
