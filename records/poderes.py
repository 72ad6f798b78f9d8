"""Powers of attorney shown at 5.2.5."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from records.personas import buscar_persona
from records.rules.calendario import dia_local
from records.rules.titularidad import PoderMostrado
from records.rules.titularidad import faltas_del_poder
from records.tables import Poder


@dataclass(frozen=True, slots=True)
class PoderRevisado:
    valido: bool
    faltas: tuple[str, ...]
    titular_id: int | None


def revisar_poder(
    session: Session,
    *,
    presentado: bool,
    titular_tipo_doc: str,
    titular_num_doc: str,
    apoderado_id: int | None,
    notaria: str,
    numero: str,
    fecha: dt.date | None,
    archivo_id: int | None,
    now: dt.datetime,
    actor_id: str,
    case_key: str | None = None,
) -> PoderRevisado:
    """Decide whether the power is valid, and keep it (valid or not) when both people are known: at most two statements."""
    titular = buscar_persona(session, titular_tipo_doc, titular_num_doc) if presentado else None
    mostrado = PoderMostrado(
        presentado=presentado,
        notaria=notaria,
        numero=numero,
        fecha=fecha,
        con_adjunto=archivo_id is not None,
        titular_id=titular.id if titular is not None else None,
        apoderado_id=apoderado_id,
    )
    faltas = faltas_del_poder(mostrado, dia_local(now))
    if titular is not None and apoderado_id is not None and fecha is not None:
        session.add(
            Poder(
                titular_id=titular.id,
                apoderado_id=apoderado_id,
                notaria=notaria.strip(),
                numero=numero.strip(),
                fecha=fecha,
                archivo_id=archivo_id,
                estado="rechazado" if faltas else "valido",
                motivo=" ".join(faltas),
                registrado=now,
                registrado_por=actor_id,
                case_key=case_key,
            )
        )
        session.flush()
    return PoderRevisado(not faltas, faltas, mostrado.titular_id)
