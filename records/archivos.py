"""Rows about files; their content is in the content-addressed store."""

from collections.abc import Mapping
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.actos import Acto
from records.errores import DatoInvalido
from records.tables import Archivo


def registrar_archivo(session: Session, valor: object, acto: Acto) -> int | None:
    """A row for the value of a file field (sha256, nombre, tipo, bytes); None for an empty field. One statement."""
    if not isinstance(valor, Mapping) or not valor:
        return None
    try:
        archivo = Archivo(
            sha256=str(valor["sha256"]),
            nombre=str(valor["nombre"]),
            tipo=str(valor["tipo"]),
            bytes=int(valor["bytes"]),
            subido_por=acto.quien,
            subido=acto.now,
            case_key=acto.case_key,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DatoInvalido("El archivo no se pudo registrar.") from error
    session.add(archivo)
    session.flush()
    return archivo.id


def guardados(session: Session, case_key: str | None = None) -> Mapping[str, str]:
    """Hash → name of what must be in the store: of a case, or of all. What an act erased is no longer there."""
    filas = select(Archivo.sha256, Archivo.nombre).where(Archivo.eliminado.is_(None)).order_by(Archivo.id)
    return {f.sha256: f.nombre for f in session.execute(filas if case_key is None else filas.where(Archivo.case_key == case_key))}


def archivos_del_caso(session: Session, case_key: str) -> Sequence[Archivo]:
    return session.scalars(select(Archivo).where(Archivo.case_key == case_key).order_by(Archivo.subido, Archivo.id)).all()
