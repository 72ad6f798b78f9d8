"""Visits that became no case: what people wrote and systems said in them goes by rule
(docs/archive.md) or because whom it is about asked (records/derechos/derechos.py). Their forms lie in the
engine."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, not_, or_, select
from sqlalchemy.orm import Session

from records.base.consultas import tandas
from records.casos import registro
from records.casos.tablas import Archivo, Caso
from records.correo import correos
from records.correo.avisos import EN_PALABRAS_PROPIAS
from records.correo.tablas import Aviso
from records.escritos.tablas import Escrito, EscritoDocumento
from records.retencion.retencion import SIN_NOMBRE
from records.sistemas.tablas import ConsultaLegado
from records.visita.tablas import Atencion, Calificacion, DigiturnoEvento, Orientacion, Turno


@dataclass(frozen=True, slots=True)
class Olvidado:
    """`datos`: what went, row by row; `contenidos`: hashes of files that no row of the visit names
    any more."""

    datos: Sequence[Sequence[Any]] = ()
    contenidos: frozenset[str] = frozenset()


def sin_caso(session: Session, claves: Sequence[str]) -> list[str]:
    """Which of these are visits of which no case came."""
    halladas: list[str] = []
    for parte in tandas(claves):
        visitas = session.scalars(
            select(Turno.case_key).where(Turno.case_key.in_(parte)).distinct()
        )
        con_caso = set(session.scalars(select(Caso.case_key).where(Caso.case_key.in_(parte))))
        halladas += [clave for clave in visitas if clave is not None and clave not in con_caso]
    return halladas


def olvidar(session: Session, case_key: str, now: dt.datetime) -> Olvidado:
    """What its turn says of whose it was, and what people wrote there. Who attended when, and what
    came of it, stays."""
    turnos = session.scalars(
        select(Turno).where(Turno.case_key == case_key).order_by(Turno.id)
    ).all()
    ids = [t.id for t in turnos]
    de_visita = or_(Archivo.case_key == case_key, Archivo.turno_id.in_(ids))
    suyos = (
        select(Archivo)
        .where(de_visita, Archivo.persona_id.is_(None), Archivo.eliminado.is_(None))
        .order_by(Archivo.id)
    )
    archivos = session.scalars(suyos).all()
    contenidos = frozenset(a.sha256 for a in archivos)
    datos: list[list[Any]] = [["archivo", a.sha256, a.nombre] for a in archivos]
    for archivo in archivos:
        archivo.eliminado, archivo.nombre = now, SIN_NOMBRE
    for turno in turnos:
        if turno.num_doc:
            datos.append([turno.tipo_doc, turno.num_doc])
        turno.tipo_doc = turno.num_doc = turno.persona_id = None
    for atencion in session.scalars(
        select(Atencion).where(Atencion.turno_id.in_(ids)).order_by(Atencion.id)
    ):
        datos.append([atencion.motivo, atencion.comparacion])
        atencion.motivo, atencion.comparacion, atencion.persona_id, atencion.apoderado_id = (
            "",
            None,
            None,
            None,
        )
    for modelo, donde, vacio in _LO_DEMAS:
        for fila in session.scalars(select(modelo).where(donde(ids, case_key)).order_by(modelo.id)):
            dicho = [getattr(fila, columna) for columna in vacio]
            if any(dicho):
                datos.append([modelo.__tablename__, *dicho])
            for columna, nada in vacio.items():
                setattr(fila, columna, nada)
    for aviso in session.scalars(
        select(Aviso).where(Aviso.case_key == case_key, Aviso.error.is_not(None)).order_by(Aviso.id)
    ):
        if aviso.error not in EN_PALABRAS_PROPIAS:  # a server says to whom it was
            datos.append(["aviso", aviso.error])
            aviso.error = SIN_NOMBRE
    session.flush()
    correos.descartar_borrados(session, Aviso.case_key == case_key, now=now)
    registro.olvidar(session, [case_key])
    return Olvidado(datos, contenidos)


def _de_turno(modelo: Any) -> Callable[[Sequence[int], str], Any]:
    return lambda turnos, _clave: modelo.turno_id.in_(turnos)


def _entrega(turnos: Sequence[int], clave: str) -> Any:
    """Not one that went to a case that the person had: it is of that case, and goes with it."""
    de_otro = and_(Escrito.case_key.is_not(None), Escrito.case_key != clave)
    return and_(Escrito.turno_id.in_(turnos), not_(de_otro))


def _de_escrito(turnos: Sequence[int], clave: str) -> Any:
    return EscritoDocumento.escrito_id.in_(select(Escrito.id).where(_entrega(turnos, clave)))


#: What else people wrote or systems said in a visit, by table: where it is, what it is emptied to.
_LO_DEMAS: Final[Sequence[tuple[Any, Callable[[Sequence[int], str], Any], Mapping[str, Any]]]] = (
    (Orientacion, _de_turno(Orientacion), {"pregunta": "", "respuesta": "", "pais": None}),
    (ConsultaLegado, _de_turno(ConsultaLegado), {"filas": None, "detalle": "", "persona_id": None}),
    (Calificacion, _de_turno(Calificacion), {"comentario": None}),
    (DigiturnoEvento, _de_turno(DigiturnoEvento), {"datos": {}, "nota": ""}),
    (
        Aviso,
        lambda _turnos, clave: Aviso.case_key == clave,
        {"para": "", "asunto": "", "texto": "", "descartado_porque": None},
    ),
    (EscritoDocumento, _de_escrito, {"nombre": ""}),
    (
        Escrito,
        _entrega,
        {"asunto": "", "falta": None, "novedad": None, "persona_id": None},
    ),
)
