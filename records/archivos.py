"""Rows about files; their content is in the content-addressed store."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.errores import DatoInvalido
from records.tables import Archivo


def registrar_archivo(
    session: Session, valor: Mapping[str, Any] | None, *, actor_id: str, now: dt.datetime, case_key: str | None = None
) -> int | None:
    """A row for the value of a file field (sha256, nombre, tipo, bytes); None for an empty field. One statement."""
    if not valor:
        return None
    try:
        archivo = Archivo(
            sha256=str(valor["sha256"]),
            nombre=str(valor["nombre"]),
            tipo=str(valor["tipo"]),
            bytes=int(valor["bytes"]),
            subido_por=actor_id,
            subido=now,
            case_key=case_key,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DatoInvalido("El archivo no se pudo registrar.") from error
    session.add(archivo)
    session.flush()
    return archivo.id


def archivos_del_caso(session: Session, case_key: str) -> Sequence[Archivo]:
    return session.scalars(select(Archivo).where(Archivo.case_key == case_key).order_by(Archivo.subido, Archivo.id)).all()
