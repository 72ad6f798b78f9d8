"""States of a case and the steps between them (domain §9)."""

from common.language import marked, said
from records.base.errores import TransicionIlegal

RECIBIDO = "recibido"
EN_ATENCION = "en_atencion"
RESUELTO_PUNTO = "resuelto_punto"
ESCALADO = "escalado"
EN_ANALISIS = "en_analisis"
REQUERIDO = "requerido"
RESPONDIDO_AREA = "respondido_area"
ENVIADO = "enviado"
CERRADO = "cerrado"
DESISTIDO = "desistido"
TRASLADADO = "trasladado"
ANULADO = "anulado"

FINALES = frozenset({CERRADO, DESISTIDO, TRASLADADO, ANULADO})
#: Nothing more is owed to the citizen: not overdue, however old.
RESUELTOS = FINALES | {RESUELTO_PUNTO, ENVIADO}

SIGUIENTES = {
    RECIBIDO: frozenset({EN_ATENCION, TRASLADADO, ANULADO}),
    # required: an incomplete delivery
    EN_ATENCION: frozenset({RESUELTO_PUNTO, ESCALADO, REQUERIDO, TRASLADADO, ANULADO}),
    RESUELTO_PUNTO: frozenset({CERRADO, ANULADO}),
    ESCALADO: frozenset({EN_ANALISIS, REQUERIDO, TRASLADADO, ANULADO}),
    EN_ANALISIS: frozenset({ESCALADO, REQUERIDO, RESPONDIDO_AREA, TRASLADADO, ANULADO}),
    REQUERIDO: frozenset({EN_ANALISIS, EN_ATENCION, DESISTIDO, ANULADO}),
    RESPONDIDO_AREA: frozenset({EN_ANALISIS, ENVIADO, ANULADO}),
    ENVIADO: frozenset({CERRADO, ANULADO}),
    CERRADO: frozenset(),
    DESISTIDO: frozenset(),
    TRASLADADO: frozenset(),
    ANULADO: frozenset(),
}
#: Every other state; in an order, for statements.
ABIERTOS = tuple(sorted(SIGUIENTES.keys() - RESUELTOS))
CON_MOTIVO = frozenset({TRASLADADO, ANULADO, DESISTIDO})

NOMBRES = {
    RECIBIDO: marked("Recibido"),
    EN_ATENCION: marked("En atención"),
    RESUELTO_PUNTO: marked("Resuelto en el punto"),
    ESCALADO: marked("Escalado"),
    EN_ANALISIS: marked("En análisis"),
    REQUERIDO: marked("Esperando información del usuario"),
    RESPONDIDO_AREA: marked("Respondido por el área"),
    ENVIADO: marked("Respuesta enviada"),
    CERRADO: marked("Cerrado"),
    DESISTIDO: marked("Desistido"),
    TRASLADADO: marked("Trasladado por competencia"),
    ANULADO: marked("Anulado"),
}
#: What the citizen reads: what happens with the case, never how the agency calls it inside.
PARA_LA_PERSONA = {
    RECIBIDO: marked("Lo recibimos"),
    EN_ATENCION: marked("En atención"),
    RESUELTO_PUNTO: marked("Resuelto en el punto de atención"),
    ESCALADO: marked("Lo revisa un área especializada"),
    EN_ANALISIS: marked("Lo revisa un área especializada"),
    REQUERIDO: marked("Esperamos información suya"),
    RESPONDIDO_AREA: marked("La respuesta está lista; se la vamos a enviar"),
    ENVIADO: marked("Le enviamos la respuesta"),
    CERRADO: marked("Terminado"),
    DESISTIDO: marked("Cerrado porque no llegó la información pedida"),
    TRASLADADO: marked("Lo enviamos a la entidad que debe responder"),
    ANULADO: marked("Anulado"),
}


def comprobar(actual: str, nuevo: str, motivo: str = "") -> None:
    """Raise unless a case may go from one state to the other."""
    if nuevo not in SIGUIENTES.get(actual, frozenset()):
        raise TransicionIlegal(
            "El caso no pasa de «%(actual)s» a «%(nuevo)s».",
            actual=said(NOMBRES.get(actual, actual)),
            nuevo=said(NOMBRES.get(nuevo, nuevo)),
        )
    if nuevo in CON_MOTIVO and not motivo.strip():
        raise TransicionIlegal(
            "Falta el motivo para dejar el caso «%(nuevo)s».", nuevo=said(NOMBRES[nuevo])
        )
