"""Which step of a first walk the page of this request shows: of one that was asked for, or of one
that waits since the login."""

from dataclasses import dataclass

from flask import request, session, url_for

from webforms.ayuda.pendientes import PENDIENTES
from webforms.ayuda.recorridos import PASOS, RECORRIDOS, Paso


@dataclass(frozen=True, slots=True)
class Mostrado:
    cual: str
    numero: int
    paso: Paso
    antes: str  #: address of the step before; "": this is the first
    despues: str
    sigue: str  #: title of the next one


def direccion(cual: str, numero: int) -> str:
    return url_for(RECORRIDOS[cual][numero - 1].endpoint, recorrido=f"{cual}-{numero}")


def recorrido_aqui() -> Mostrado | None:
    """Nothing is read but the address and the cookie: most pages show none."""
    pedido, _guion, paso = request.args.get("recorrido", "").rpartition("-")
    if pedido in RECORRIDOS and paso in {str(n) for n in range(1, PASOS + 1)}:
        cual, numero = pedido, int(paso)
    else:
        cual = next(
            (
                c
                for c in session.get(PENDIENTES, ())
                if RECORRIDOS[c][0].endpoint == request.endpoint
            ),
            "",
        )
        numero = 1
    if not cual or RECORRIDOS[cual][numero - 1].endpoint != request.endpoint:
        return None
    pasos = RECORRIDOS[cual]
    return Mostrado(
        cual,
        numero,
        pasos[numero - 1],
        direccion(cual, numero - 1) if numero > 1 else "",
        direccion(cual, numero + 1) if numero < PASOS else "",
        str(pasos[numero].titulo) if numero < PASOS else "",
    )
