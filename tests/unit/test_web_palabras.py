"""Codes in words, where no database is needed."""

import pytest

from webforms.base import palabras


@pytest.mark.parametrize(
    ("escrito", "dicho"),
    [
        ("SUPUESTO Q11 · El asesor entrega.", "El asesor entrega."),
        ("5.2.5, SUPUESTO Q6 · Con un poder válido.", "5.2.5 · Con un poder válido."),
        ("SUPUESTO Q14, M5-1-01 act. 13 · Vuelve.", "M5-1-01 act. 13 · Vuelve."),
        ("4.2 · El límite (SUPUESTO Q12: días hábiles).", "4.2 · El límite (días hábiles)."),
        ("5.2.2 · Se repite el llamado (SUPUESTO Q3).", "5.2.2 · Se repite el llamado."),
        ("El peso. SUPUESTO Q2: la atención preferente.", "El peso. La atención preferente."),
        ("La tabla «prioridad_turno» da el peso.", "La tabla «prioridad turno» da el peso."),
        (None, ""),
    ],
)
def test_the_guide_of_an_activity_is_read_without_the_marks_of_its_assumptions(
    escrito: str | None, dicho: str
) -> None:
    assert palabras.guia(escrito) == dicho


def test_a_message_or_variable_that_nobody_has_named_is_still_read_as_words() -> None:
    assert palabras.mensaje("ProrrogaAprobada") == "se aprobó la prórroga"
    assert palabras.mensaje("CopiaDelPoderRecibida") == "copia del poder recibida"
    assert palabras.variable("plazo_interno") == "Plazo interno"
    assert palabras.variable("titular_num_doc") == "Titular documento"
    assert palabras.error_de_sistema("ERR_CRM") == "el CRM no respondió"


def test_only_a_digest_is_one() -> None:
    assert palabras.es_huella("9af444fc8e93129d9e43ff1d283bc147")
    assert not palabras.es_huella("deadbeefdeadbeefdead"), "letters alone may be a word"
    assert not palabras.es_huella("2026-ER-0000417")
