"""What administrators change, each with a reason, what stood before and what stands now."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.base.tablas import Cambio

MAX_MOTIVO = 500
#: Behind the reason, who asked for what another person approved.
PEDIDO = " (lo pidió {})"
_CON_PEDIDO = re.compile(
    r"(.*)" + re.escape(PEDIDO).replace(re.escape("{}"), r"([^()\s]+)"), re.DOTALL
)
#: Personal data: the row keeps them, the access chain (which forgets nothing) only a digest.
DE_LA_PERSONA = frozenset({"nombre", "correo"})


@dataclass(frozen=True, slots=True)
class Anotado:
    """A change that was written, as the access chain is told of it once it is committed."""

    clase: str
    sujeto: str
    detalle: Mapping[str, Any]


def exigir_motivo(motivo: str) -> str:
    dicho = " ".join(motivo.split())
    if not dicho:
        raise DatoInvalido("Escriba el motivo: queda en la historia, con su nombre.")
    if len(dicho) > MAX_MOTIVO:
        raise DatoInvalido("El motivo tiene máximo %(n)s letras.", n=MAX_MOTIVO)
    return dicho


@dataclass(frozen=True, slots=True)
class De:
    """Of what: its kind, its code, and what of it changes."""

    clase: str
    sujeto: str
    que: str


def anotar(
    session: Session,
    de: De,
    antes: Mapping[str, Any],
    despues: Mapping[str, Any],
    motivo: str,
    acto: Acto,
) -> Anotado:
    """DatoInvalido: without a reason nothing changes."""
    dicho = exigir_motivo(motivo)
    fila = Cambio(
        clase=de.clase,
        sujeto=de.sujeto,
        que=de.que,
        antes=dict(antes),
        despues=dict(despues),
        motivo=f"{dicho}{PEDIDO.format(acto.pidio)}" if acto.pidio else dicho,
        cuando=acto.now,
        quien=acto.quien,
    )
    session.add(fila)
    session.flush()
    detalle = {
        "cambio": fila.id,
        "que": de.que,
        "antes": _sin_nombres(antes),
        "despues": _sin_nombres(despues),
        "motivo": dicho,
    }
    return Anotado(de.clase, de.sujeto, {**detalle, "pidio": acto.pidio} if acto.pidio else detalle)


def por_que(fila: Cambio) -> tuple[str, str]:
    """The reason as it was written, and the account of who asked for what another person approved;
    "": nobody."""
    hallado = _CON_PEDIDO.fullmatch(fila.motivo)
    return (hallado[1], hallado[2]) if hallado is not None else (fila.motivo, "")


def _sin_nombres(datos: Mapping[str, Any]) -> dict[str, Any]:
    return {k: _huella(v) if k in DE_LA_PERSONA and v else v for k, v in datos.items()}


def _huella(valor: object) -> str:
    return "sha256:" + hashlib.sha256(json.dumps(valor, ensure_ascii=False).encode()).hexdigest()


def de(session: Session, clase: str, sujeto: str, cuantos: int = 100) -> Sequence[Cambio]:
    """The latest first."""
    suyos = select(Cambio).where(Cambio.clase == clase, Cambio.sujeto == sujeto)
    return session.scalars(suyos.order_by(Cambio.id.desc()).limit(cuantos)).all()
