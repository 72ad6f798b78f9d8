"""Cases by the document of their person: the number is sent, never in an address; who looked for
whom is recorded.

A search is sent by POST and answered by an address that others may not use: it holds the people
that were found and the number covered, signed for the account that looked for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from engine.types import Value
from records.base.reglas.documentos import normalizar_numero
from records.casos import registro
from records.casos.busqueda import personas_con_documento
from webforms.base import formatos
from webforms.base.en_la_direccion import cerrado, huella
from webforms.base.security import actor_actual
from webforms.base.servicios import servicios
from webforms.navegador.firmas import firmante

CAMPO, FIRMADO = "num_doc", "de"
NOMBRES = ("persona", "q")  #: fields in which people write names
#: no document is longer; the signed answer of an earlier search is the longest of the rest
LARGO, LARGO_DE_UN_FILTRO = 20, 3_000


@dataclass(frozen=True, slots=True)
class DocumentoBuscado:
    """`personas`: who has it; None: nobody was looked for by document."""

    personas: tuple[int, ...] | None = None
    cubierto: str = ""
    firma: str = ""
    #: cases of other procedures than M5-1-02, which have no row of a person
    claves: tuple[str, ...] = ()

    @property
    def hay(self) -> bool:
        return bool(self.personas or self.claves)


def _firmante() -> URLSafeSerializer:
    return firmante(f"documento:{actor_actual().id}")


def de_la_direccion() -> DocumentoBuscado:
    """Whom the address names, if this account looked for them; showing them is a view of personal
    data, and recorded."""
    hallado = leer(request.args.get(FIRMADO, ""))
    if hallado.personas:
        anotar(hallado.personas)
    return hallado


def leer(firma: str) -> DocumentoBuscado:
    """Of a signed answer; nobody, if it was another account's. Who shows what it leads to also says
    so with `anotar`."""
    if not firma:
        return DocumentoBuscado()
    try:
        personas, cubierto, claves = _firmante().loads(firma)
    except (BadData, ValueError):
        return DocumentoBuscado(())
    return DocumentoBuscado(tuple(personas), str(cubierto), firma, tuple(claves))


def escrito() -> str:
    """What stood in the field of the form that was sent."""
    return request.form.get(CAMPO, "").strip()


def argumentos(session: Session) -> dict[str, Any]:
    """What the form asks, as the arguments of the address that answers it: all but the token and
    the document, which goes signed. What may be the name of a person is closed there; that it was
    looked for is recorded, by its digest."""
    suyos = {
        n: v.strip()[:LARGO_DE_UN_FILTRO]
        for n, v in request.form.items()
        if n not in (CAMPO, "csrf_token") and n[:1] != "_"
    }
    pedidos: dict[str, Any] = {n: cerrado(v) if n in NOMBRES else v for n, v in suyos.items() if v}
    anotar_textos({n: v for n, v in suyos.items() if v and n in NOMBRES})
    numero = normalizar_numero(escrito())[:LARGO]
    if not numero:
        return pedidos
    personas = personas_con_documento(session, numero)
    anotar(personas)
    claves = registro.halladas_con_documento(session, numero)
    return {
        **pedidos,
        FIRMADO: str(_firmante().dumps([personas, formatos.documento(None, numero), claves])),
    }


def anotar_textos(textos: Mapping[str, str]) -> None:
    """What was looked for in these fields, by its digest."""
    if textos:
        s, huellas = servicios(), {n: huella(v) for n, v in textos.items()}
        detalle: dict[str, Value] = {"por": sorted(huellas), "huellas": dict(huellas)}
        s.engine.log_access(
            actor_actual(), "busqueda_casos", "casos", now=s.clock.now(), detail=detalle
        )


def anotar(personas: Sequence[int]) -> None:
    """The access chain holds no personal data: who was found, not the number."""
    s = servicios()
    s.engine.log_access(
        actor_actual(),
        "busqueda_casos",
        "casos",
        now=s.clock.now(),
        detail={"por": [CAMPO], "personas": list(personas)},
    )
