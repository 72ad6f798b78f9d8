"""The mails to a citizen in English: all of them, and no Spanish word of ours."""

import dataclasses
import datetime as dt
import re

import pytest

from handlers.correo import plantillas
from handlers.correo.plantillas import Carta
from handlers.correo.plantillas import Caso
from tests.kit.clock import NOW

CASO = Caso("2026-0000001", "Pago no aplicado", en_ingles=True)
VENCE = NOW + dt.timedelta(days=5)
CASO_CON_FECHA = dataclasses.replace(CASO, limite_respuesta=VENCE)
ESPANOL = re.compile(r"[áéíóúñ¿¡«»]|\b(de|el|la|los|que|su|para|con|una|por|usted|radicado|caso|hasta|respuesta)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    "carta",
    [
        plantillas.respuesta(CASO, "The payment was applied."),
        plantillas.requerimiento(CASO, "A copy of the receipt.", VENCE),
        plantillas.documentos_radicados(CASO, 3, "Cartera", incompleta=True),
        plantillas.documentos_radicados(CASO_CON_FECHA, 1, "Cartera", incompleta=False),
        plantillas.prorroga(CASO, "The bank has not answered.", VENCE),
        plantillas.desistimiento(CASO),
        plantillas.calificacion(CASO, VENCE),
    ],
    ids=["answer", "request", "filed incomplete", "filed", "extension", "withdrawal", "rating"],
)
def test_a_mail_in_english_has_no_spanish_word(carta: Carta) -> None:
    texto = f"{carta.asunto}\n{carta.texto}"
    for enlace in (plantillas.ENLACE, plantillas.CONSULTA):
        texto = texto.replace(f"{enlace}?idioma=en", "")
    assert ESPANOL.findall(texto) == []
    assert "2026-0000001" in texto


def test_the_rating_link_of_an_english_mail_opens_in_english() -> None:
    assert f"{plantillas.ENLACE}?idioma=en" in plantillas.calificacion(CASO, VENCE).texto
    assert "idioma" not in plantillas.calificacion(Caso("2026-0000001", "x"), VENCE).texto
