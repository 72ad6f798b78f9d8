"""Templates of answers that the coordinator of the demo has written (5.2.10)."""

import datetime as dt

from sqlalchemy.orm import Session

from records.base.actos import Acto
from records.casos.plantillas import NuevaPlantilla, agregar

AUTORA = "coordinador"
TEXTOS = (
    NuevaPlantilla(
        "S01",
        "Saldo al corte",
        "{nombre}, el saldo de su obligación {obligacion} es {saldo}, con corte: {corte}. "
        "El extracto del mes llega a su correo a más tardar el día 10.",
    ),
    NuevaPlantilla(
        "S01",
        "Balance",
        "{nombre}, the balance of your loan {obligacion} is {saldo}, as of {corte}. "
        "The statement of the month reaches your mail by the 10th.",
        "en",
    ),
    NuevaPlantilla(
        "S02",
        "Crédito al día, paz y salvo",
        "{nombre}, su crédito está cancelado y al día. El paz y salvo queda disponible hoy en su cuenta de la página web, "
        "en «Certificados». No tiene costo.",
    ),
    NuevaPlantilla(
        "S02",
        "Todavía hay saldo",
        "{nombre}, el paz y salvo se expide cuando el saldo llega a cero. Puede pagar el total en la página web o en el banco, "
        "y pedirlo cinco días hábiles después.",
    ),
    NuevaPlantilla(
        "S03",
        "Recibo de pago",
        "{nombre}, le entregamos el recibo de este mes. Los siguientes se descargan en la página web con su número de documento.",
    ),
)


def cargar(session: Session, now: dt.datetime) -> None:
    for texto in TEXTOS:
        agregar(session, texto, Acto(AUTORA, now))
