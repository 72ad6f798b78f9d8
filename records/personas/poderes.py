"""Powers of attorney shown at 5.2.5."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.personas.personas import NuevaPersona, buscar_o_crear, buscar_persona, indexar_nombre
from records.personas.reglas.titularidad import PoderMostrado, faltas_del_poder
from records.personas.tablas import Persona, Poder
from records.plazos.reglas.calendario import dia_local


@dataclass(frozen=True, slots=True)
class PoderRevisado:
    valido: bool
    faltas: tuple[str, ...]
    titular_id: int | None
    apoderado_id: int | None


@dataclass(frozen=True, slots=True)
class PoderEntregado:
    """5.2.5 as the adviser wrote it down: two people, each with a document of their own, and the
    power."""

    presentado: bool
    titular_tipo_doc: str
    titular_num_doc: str
    apoderado: NuevaPersona | None
    notaria: str
    numero: str
    fecha: dt.date | None
    archivo_id: int | None
    facultades: tuple[str, ...] = ()
    duda: str = ""  # why the adviser does not accept it


def revisar_poder(session: Session, poder: PoderEntregado, acto: Acto) -> PoderRevisado:
    """Decide whether the power is valid, and keep it (valid or not) when both people are known.

    The attorney need not be in the CRM: who shows a power is written down with the name of their
    own document.
    """
    titular = (
        buscar_persona(session, poder.titular_tipo_doc, poder.titular_num_doc)
        if poder.presentado
        else None
    )
    apoderado = (
        apoderado_de(session, poder.apoderado, now=acto.now)
        if titular is not None and poder.apoderado
        else None
    )
    mostrado = PoderMostrado(
        presentado=poder.presentado,
        notaria=poder.notaria,
        numero=poder.numero,
        fecha=poder.fecha,
        con_adjunto=poder.archivo_id is not None,
        titular_id=titular.id if titular is not None else None,
        apoderado_id=apoderado.id if apoderado is not None else None,
    )
    faltas = (poder.duda,) if poder.duda else faltas_del_poder(mostrado, dia_local(acto.now))
    if titular is not None and apoderado is not None and poder.fecha is not None:
        session.add(
            Poder(
                titular_id=titular.id,
                apoderado_id=apoderado.id,
                notaria=poder.notaria.strip(),
                numero=poder.numero.strip(),
                fecha=poder.fecha,
                archivo_id=poder.archivo_id,
                facultades=" ".join(poder.facultades),
                estado="dudoso" if poder.duda else "rechazado" if faltas else "valido",
                motivo=" ".join(faltas),
                registrado=acto.now,
                registrado_por=acto.quien,
                case_key=acto.case_key,
            )
        )
        session.flush()
    return PoderRevisado(not faltas, faltas, mostrado.titular_id, mostrado.apoderado_id)


def apoderado_de(session: Session, nueva: NuevaPersona, *, now: dt.datetime) -> Persona:
    """The attorney as a person of their own; a record without a name gets that of the document
    shown."""
    persona = buscar_o_crear(session, nueva, now=now)
    if not persona.nombre and nueva.nombre.strip():
        persona.nombre = nueva.nombre.strip()
        indexar_nombre(session, persona.id, persona.nombre)
    return persona


@dataclass(frozen=True, slots=True)
class PoderVigente:
    """For the page: by which power this visit speaks for the holder."""

    notaria: str
    numero: str
    fecha: dt.date
    facultades: tuple[str, ...]


def poder_de_la_visita(
    session: Session, titular_id: int, apoderado_id: int, case_key: str
) -> PoderVigente | None:
    fila = session.execute(
        select(Poder.notaria, Poder.numero, Poder.fecha, Poder.facultades)
        .where(Poder.titular_id == titular_id, Poder.apoderado_id == apoderado_id)
        .where(Poder.case_key == case_key, Poder.estado == "valido")
        .order_by(Poder.id.desc())
        .limit(1)
    ).first()
    return (
        PoderVigente(fila.notaria, fila.numero, fila.fecha, tuple(fila.facultades.split()))
        if fila is not None
        else None
    )
