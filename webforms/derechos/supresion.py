"""The worker carries out what was decided of the data of a person: a part at a time, each erasure
in a chain, the chains verified before and after (docs/decisions/rights-of-a-person.md)."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from sqlalchemy.orm import Session

from common.rounds import attempt
from engine import reads
from engine.commands import delete_drafts_of
from engine.reads.verification import verify
from engine.types import SYSTEM, Data
from records.derechos import derechos
from records.derechos.derechos import RESTRINGIR, SUPRIMIR, VISITA, Hecho
from webforms.base.servicios import servicios
from webforms.expedientes.indices import cerrar
from webforms.navegador.firmas import llaves
from webforms.retencion.eliminacion import quitar

#: kinds of the access chain: names the hash of the act
CUMPLIDA: Final = "solicitud_de_datos_cumplida"
NO_HECHA: Final = "solicitud_de_datos_no_hecha"  #: a part that stays after all, and why
RESTRINGIDO: Final = "caso_restringido"


def en_curso(session: Session, claves: Iterable[str]) -> set[str]:
    """Of these, the cases whose processes go on."""
    return reads.instances.going_on(session, claves)


def huella(contenido: bytes) -> str:
    """Of data that are about to go, under a key of this place: nobody finds a telephone number by
    trying them all."""
    return hmac.digest(
        llaves()[0].encode(), b"datos suprimidos\n" + contenido, hashlib.sha256
    ).hex()


def cumplir(now: dt.datetime, seguir: Callable[[], bool] = lambda: True) -> int:
    """How many requests were carried out whole. What stops half way goes on with the next round."""
    s, hechas = servicios(), 0
    with s.uow.reading() as session:
        aprobadas = derechos.por_cumplir(session)
    for solicitud_id in aprobadas:
        if not seguir():
            break
        hechas += bool(
            attempt("a request about personal data", solicitud_id, partial(_una, solicitud_id, now))
        )
    return hechas


def _una(solicitud_id: int, now: dt.datetime) -> bool:
    s = servicios()
    with s.uow.reading_one_state() as session:
        solicitud = derechos.una(session, solicitud_id)
        claves = sorted(derechos.suyos(session, solicitud.persona_id).claves)
        antes = solicitud.cadenas["antes"] if solicitud.cadenas else _cadenas(session, claves)
        pendientes = [parte.id for parte in derechos.pendientes(session, solicitud_id)]
    antes = s.uow.run(
        lambda session: derechos.anotar_cadenas(session, solicitud_id, {"antes": antes})
    )["antes"]
    for parte_id in pendientes:
        _parte(parte_id, antes, now)
    with s.uow.reading_one_state() as session:
        cadenas = {
            "antes": antes,
            "despues": _cadenas(session, [clave for clave in claves if clave in antes]),
        }
    acta = s.uow.run(lambda session: derechos.terminar(session, solicitud_id, cadenas, now))
    if acta:
        s.engine.log_access(
            SYSTEM,
            CUMPLIDA,
            f"persona:{solicitud.persona_id}",
            now=now,
            detail={"acta": solicitud.numero, "huella": acta},
        )
    return bool(acta)


def _cadenas(session: Session, claves: Iterable[str]) -> dict[str, Any]:
    """Case → rows of its journals that hold together, forms that are there, and how many faults
    there are."""
    vistas = {clave: verify(session, clave) for clave in claves}
    return {
        clave: {"filas": v.journal_rows, "formularios": v.forms - v.erased, "fallas": len(v.faults)}
        for clave, v in vistas.items()
    }


def _parte(parte_id: int, antes: dict[str, Any], now: dt.datetime) -> None:
    """`antes`: what the chains held before anything was done, by case."""
    s = servicios()
    with s.uow.reading() as session:
        parte = derechos.parte(session, parte_id)
        solicitud = derechos.una(session, parte.solicitud_id)
        instancias = reads.instances.of_case(session, parte.case_key) if parte.case_key else ()
    sujeto = parte.case_key or f"persona:{solicitud.persona_id}"
    regla: Data = {
        "rule": "solicitud_de_datos",
        "acta": solicitud.numero,
        "parte": parte.n,
        "decidio": solicitud.decidida_por or "",
    }

    def impide(session: Session) -> str:
        return derechos.impide(session, parte_id, lambda claves: en_curso(session, claves))

    def se_puede(session: Session) -> bool:
        return derechos.tomar(session, parte_id) and not impide(session)

    def idos(session: Session) -> int:
        """Forms of the visit that are gone: also those of a round that stopped half way."""
        if parte.que != VISITA or parte.hacer != SUPRIMIR or parte.case_key not in antes:
            return 0
        quedan = _cadenas(session, [parte.case_key])[parte.case_key]["formularios"]
        return int(antes[parte.case_key]["formularios"] - quedan)

    if parte.que == VISITA and parte.hacer == SUPRIMIR:
        for i in instancias:
            if i.ended_at is not None:
                s.engine.erasures.erase_forms(
                    i.id, detail=regla, actor=SYSTEM, now=now, if_=se_puede
                )
    hecho: Hecho | None = None
    causa = ""

    def registros(session: Session) -> dict[str, int]:
        """In one transaction with the look at what keeps it. Nothing, where another worker was
        faster."""
        nonlocal hecho, causa
        hecho, causa = None, ""
        if not derechos.tomar(session, parte_id):
            return {}
        causa = impide(session)
        if causa:
            return {}
        hecho = derechos.hacer(session, parte_id, huella, now, formularios=idos(session))
        if parte.que == VISITA and parte.hacer == SUPRIMIR:
            delete_drafts_of(session, [i.id for i in instancias])
        return {"partes": 1, "datos": hecho.datos}

    def no_hacer(session: Session) -> bool:
        if not derechos.tomar(session, parte_id):
            return False
        derechos.no_hacer(session, parte_id, causa, now, formularios=idos(session))
        return True

    if parte.hacer == SUPRIMIR:
        s.engine.erasures.erase(registros, subject=sujeto, detail=regla, actor=SYSTEM, now=now)
    else:
        s.uow.run(registros)
    if causa:
        if s.uow.run(no_hacer):
            s.engine.log_access(SYSTEM, NO_HECHA, sujeto, now=now, detail={**regla, "causa": causa})
    elif hecho is None:
        return
    elif parte.hacer == RESTRINGIR:
        s.engine.log_access(SYSTEM, RESTRINGIDO, sujeto, now=now, detail=regla)
    elif parte.hacer == SUPRIMIR:
        quitar(hecho.contenidos)
        if parte.case_key:
            cerrar(parte.case_key, now)
