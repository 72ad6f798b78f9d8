"""The worker carries out acts of disposal that were ordered: a file at a time, each erasure in a
chain, its index closed once more."""

import datetime as dt
import logging
from collections.abc import Callable, Set as AbstractSet
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from common.rounds import attempt
from engine import reads
from engine.types import SYSTEM, Data
from records.expedientes import indices
from records.retencion import eliminaciones
from records.retencion.eliminaciones import Dispuesto
from records.retencion.tablas import ActaEliminacion, ExpedienteEnActa
from records.sistemas.puertos import DepositoFallido
from webforms.base.servicios import servicios
from webforms.documentos.archivos import necesarios
from webforms.expedientes.indices import cerrar

log = logging.getLogger(__name__)

EJECUTADA: Final = "acta_de_eliminacion"  #: kinds of the access chain: names the hash of the act
EXCLUIDO: Final = "eliminacion_excluida"  #: a file that stays after all, and why


def ejecutar(now: dt.datetime, seguir: Callable[[], bool] = lambda: True) -> int:
    """How many files were disposed of. What stops half way goes on with the next round."""
    s, hechos = servicios(), 0
    with s.uow.reading() as session:
        actas = eliminaciones.ordenadas(session)
    for acta_id in actas:
        with s.uow.reading() as session:
            lineas = eliminaciones.por_hacer(session, acta_id)
        for linea_id in lineas:
            if not seguir():
                return hechos
            hechos += bool(
                attempt(
                    "a file of an act of disposal", linea_id, partial(_uno, acta_id, linea_id, now)
                )
            )
        attempt("the end of an act of disposal", acta_id, partial(_terminar, acta_id, now))
    return hechos


def _leidas(acta_id: int, linea_id: int) -> tuple[ActaEliminacion, ExpedienteEnActa]:
    with servicios().uow.reading() as session:
        return eliminaciones.una(session, acta_id), session.get_one(ExpedienteEnActa, linea_id)


def _uno(acta_id: int, linea_id: int, now: dt.datetime) -> bool:
    s = servicios()
    acta, x = _leidas(acta_id, linea_id)
    with s.uow.reading() as session:
        instancias = reads.instances.of_case(session, x.case_key)
    en_curso = any(i.ended_at is None for i in instancias)
    if causa := s.uow.run(
        lambda session: eliminaciones.excluir_si_debe(session, linea_id, now, en_curso=en_curso)
    ):
        s.engine.log_access(
            SYSTEM, EXCLUIDO, x.case_key, now=now, detail={"acta": acta.numero, "causa": causa}
        )
        return False
    regla: Data = {
        "rule": "acta_eliminacion",
        "acta": acta.numero,
        "linea": x.n,
        "huella": acta.huella,
        "ordeno": acta.ordenada_por or "",
    }
    dispuesto = Dispuesto()

    def borrar(session: Session) -> dict[str, int]:
        nonlocal dispuesto
        dispuesto = eliminaciones.disponer(session, linea_id, now)
        return {"expedientes": int(dispuesto.hecho), "archivos": dispuesto.archivos}

    s.engine.erasures.erase(borrar, subject=x.case_key, detail=regla, actor=SYSTEM, now=now)
    if _leidas(acta_id, linea_id)[1].estado != indices.ELIMINADO_POR_ACTA:
        return False  # somebody put a hold on it at this moment: the next round leaves it out
    quitar(dispuesto.contenidos)
    pueden: list[bool] = []

    def puede(session: Session) -> bool:
        """In the transaction that erases: what was put on hold, or opened again, since its records
        went keeps its forms."""
        pueden.append(eliminaciones.puede_seguir(session, linea_id, now))
        return pueden[-1]

    formularios = 0
    for i in instancias:
        if not en_curso:
            formularios += s.engine.erasures.erase_forms(
                i.id, detail=regla, actor=SYSTEM, now=now, if_=puede
            )
        if en_curso or not all(pueden):
            log.warning(
                "the forms of a case that an act disposed of wait: it is on hold, or open again",
                extra={"case": x.case_key},
            )
            return False
    cerrar(x.case_key, now)
    s.uow.run(lambda session: indices.olvidar(session, x.case_key))
    s.uow.run(lambda session: eliminaciones.anotar_formularios(session, linea_id, formularios))
    return True


def quitar(contenidos: AbstractSet[str]) -> None:
    """Out of the store, unless another row names the same content; what cannot be taken away now
    goes with the next sweep."""
    s = servicios()

    def nombrado(sha256: str) -> bool:
        with s.uow.reading() as session:
            return bool(necesarios(session, [sha256]))

    try:
        s.archivos.quitar(contenidos, nombrado)
    except DepositoFallido as falla:
        log.warning("erased files stay in the store until the next sweep: %s", falla.detalle)


def _terminar(acta_id: int, now: dt.datetime) -> None:
    s = servicios()
    huella = s.uow.run(lambda session: eliminaciones.terminar(session, acta_id, now))
    if huella:
        with s.uow.reading() as session:
            acta = eliminaciones.una(session, acta_id)
        s.engine.log_access(
            SYSTEM,
            EJECUTADA,
            f"acta/{acta.numero}",
            now=now,
            detail={"huella": huella, "inventario": acta.huella},
        )
