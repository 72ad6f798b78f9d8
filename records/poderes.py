"""Powers of attorney shown at 5.2.5."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from records.actos import Acto
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


@dataclass(frozen=True, slots=True)
class PoderEntregado:
    """5.2.5 as the adviser wrote it down: the holder by document, the attorney by what 5.2.4 found."""

    presentado: bool
    titular_tipo_doc: str
    titular_num_doc: str
    apoderado_id: int | None
    notaria: str
    numero: str
    fecha: dt.date | None
    archivo_id: int | None


def revisar_poder(session: Session, poder: PoderEntregado, acto: Acto) -> PoderRevisado:
    """Decide whether the power is valid, and keep it (valid or not) when both people are known: at most two statements."""
    titular = buscar_persona(session, poder.titular_tipo_doc, poder.titular_num_doc) if poder.presentado else None
    mostrado = PoderMostrado(
        presentado=poder.presentado,
        notaria=poder.notaria,
        numero=poder.numero,
        fecha=poder.fecha,
        con_adjunto=poder.archivo_id is not None,
        titular_id=titular.id if titular is not None else None,
        apoderado_id=poder.apoderado_id,
    )
    faltas = faltas_del_poder(mostrado, dia_local(acto.now))
    if titular is not None and poder.apoderado_id is not None and poder.fecha is not None:
        session.add(
            Poder(
                titular_id=titular.id,
                apoderado_id=poder.apoderado_id,
                notaria=poder.notaria.strip(),
                numero=poder.numero.strip(),
                fecha=poder.fecha,
                archivo_id=poder.archivo_id,
                estado="rechazado" if faltas else "valido",
                motivo=" ".join(faltas),
                registrado=acto.now,
                registrado_por=acto.quien,
                case_key=acto.case_key,
            )
        )
        session.flush()
    return PoderRevisado(not faltas, faltas, mostrado.titular_id)
