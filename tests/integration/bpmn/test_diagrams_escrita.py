"""A written case (M5-1-04, SUPUESTO) plays as drawn: every way through P09, and the way of its
answer through P02."""

import datetime as dt

import pytest

from engine.spiff import Release
from engine.types import Data
from tests.integration.bpmn.test_diagrams_escalonamiento import CASE, answered, escalated
from tests.kit.clock import DAY
from tests.kit.procedure import Play, Results, instant, release

PAYLOAD: Data = {"turno_id": 7, "punto_id": "BOG-AGU", "persona_id": 11}


@pytest.fixture(scope="module")
def made() -> Release:
    return release()


def filed(made: Release, entrega: str = "completa", handlers: Results | None = None) -> Play:
    results: Results = {
        "crm.radicar_escrito": lambda _, now: {
            "radicado": "2026-0000018",
            "fecha_limite_respuesta": instant(now, 21),
            "entrega": entrega,
        },
        "crm.requerir": lambda _, now: {"fecha_desistimiento": instant(now, 30)},
        "crm.entregar_escrito": lambda _, now: {
            "asesor_id": "asesor.bog01",
            "fecha_limite_respuesta": instant(now, 21),
            "fecha_recordar_escrito": instant(now, 16),
        },
        "crm.determinar_firmante": lambda data, _: {
            "firma_de": "lider",
            "area_id": data["area_id"],
            "fecha_limite_respuesta": data["fecha_limite_respuesta"],
        },
        **(handlers or {}),
    }
    filing = Play(made, "M5_1_04", PAYLOAD, results, message_start="ini_escrito")
    assert filing.lane("act_1") == ("gestion_documental", None)
    filing.do(
        "act_1",
        tema="S02",
        subclase="",
        caso_id=41,
        clase="solicitud",
        tipo_termino="peticion",
        norma="LEY1755",
    )
    return filing


def with_the_area(made: Release, handlers: Results | None = None) -> Play:
    play = filed(made, handlers=handlers)
    play.do("act_3")
    play.do(
        "act_4",
        tema="S02",
        subclase="",
        clase="solicitud",
        tipo_termino="peticion",
        norma="LEY1755",
    )
    return play


def to_sign(made: Release, handlers: Results | None = None) -> Play:
    play = with_the_area(made, handlers)
    play.hear("RespuestaDisponible", "41")
    return play


def sign(play: Play, element: str = "act_5", medio: str = "papel") -> None:
    play.do(
        element, firma="firmada", n_devoluciones=0, actividad_interrumpida="", medio_salida=medio
    )


def test_what_is_filed_is_digitised_typed_and_delivered_to_its_area(made: Release) -> None:
    play = filed(made)
    assert play.open == ["act_3"]
    assert (play.lane("act_3"), play.lane("act_4")) == (
        ("gestion_documental", None),
        ("gestion_documental", None),
    )
    play.do("act_3")
    play.do(
        "act_4",
        tema="S02",
        subclase="",
        clase="solicitud",
        tipo_termino="peticion",
        norma="LEY1755",
    )
    [delivered] = play.thrown
    assert (delivered.name, delivered.key, delivered.payload["canal"]) == (
        "CasoEscalado",
        "41",
        "escrito",
    )
    assert (delivered.payload["area_id"], delivered.payload["radicado"]) == ("VCC", "2026-0000018")
    assert {name for name, _key in play.waits_for()} == {"RespuestaDisponible", "CasoDesistido"}


def test_another_subject_has_another_term_series_and_area(made: Release) -> None:
    play = filed(made)
    play.do("act_3")
    play.do(
        "act_4",
        tema="Q01",
        subclase="denuncia",
        clase="queja",
        tipo_termino="peticion",
        norma="LEY1755",
    )
    assert play.thrown[0].payload["area_id"] == "OAJ"
    play.hear("RespuestaDisponible", "41")
    assert (play.value("dias_termino"), play.value("subserie")) == (15, "210.30.05 Denuncias")
    assert play.value("disposicion") == "conservacion"


def test_a_delivery_with_something_missing_waits_for_it_before_it_is_digitised(
    made: Release,
) -> None:
    """Art. 17: at first the clock went on, and the proof gave a date to answer that the case had
    not."""
    play = filed(made, "incompleta")
    assert (play.open, play.thrown) == ([], [])
    play.hear("ComplementoRecibido", "41")
    assert play.open == ["act_3"]


def test_a_delivery_that_nobody_completes_in_a_month_ends_as_withdrawn(made: Release) -> None:
    play = filed(made, "incompleta")
    play.wait(DAY * 31)
    assert (play.ended, play.thrown) == ("fin_desistido", [])


def test_whoever_waits_for_the_answer_is_reminded_and_goes_on_waiting(made: Release) -> None:
    play = with_the_area(made)
    play.wait(DAY * 17)
    assert play.path.count("svc_recordar_escrito") == 1
    play.wait(DAY * 5)
    assert play.path.count("svc_recordar_escrito") == 2
    play.hear("RespuestaDisponible", "41")
    assert play.open == ["act_5"]


def test_a_signed_letter_leaves_with_a_guide_arrives_and_is_archived(made: Release) -> None:
    play = to_sign(made)
    assert play.lane("act_5") == ("lider_area", "area_id")
    sign(play)
    assert play.open == ["act_6"]
    play.do("act_6", medio_salida="certificado", fecha_seguimiento=instant(play.now, 14))
    assert [t.name for t in play.thrown] == ["CasoEscalado", "RespuestaEnviada"]
    play.do("us_entrega", resultado_envio="entregado")
    assert (play.ended, play.path[-2]) == ("fin_archivado", "act_7")


def test_a_letter_that_comes_back_is_notified_by_a_notice_before_it_is_archived(
    made: Release,
) -> None:
    play = to_sign(made)
    sign(play)
    play.do("act_6", medio_salida="certificado", fecha_seguimiento=instant(play.now, 14))
    play.do("us_entrega", resultado_envio="devuelto")
    assert (play.open, play.ended) == (["us_aviso"], None)
    play.do("us_aviso")
    assert play.ended == "fin_archivado"


def test_what_is_handed_over_at_the_point_is_archived_at_once(made: Release) -> None:
    play = to_sign(made)
    sign(play)
    play.do("act_6", medio_salida="punto", fecha_seguimiento=instant(play.now, 14))
    assert (play.ended, "us_entrega" in play.path) == ("fin_archivado", False)


def test_who_authorised_mail_gets_mail_and_paper_when_that_fails(made: Release) -> None:
    play = to_sign(made)
    sign(play, medio="correo")
    assert (play.ended, [t.name for t in play.thrown]) == (
        "fin_archivado",
        ["CasoEscalado", "RespuestaEnviada"],
    )

    play = to_sign(made, {"correo.enviar_respuesta": "ERR_CORREO"})
    sign(play, medio="correo")
    assert play.open == ["act_6"]


def test_where_nobody_of_the_area_may_sign_the_coordination_does(made: Release) -> None:
    def nobody(data: Data, _: dt.datetime) -> Data:
        return {
            "firma_de": "coordinacion",
            "area_id": data["area_id"],
            "fecha_limite_respuesta": data["fecha_limite_respuesta"],
        }

    play = to_sign(made, {"crm.determinar_firmante": nobody})
    assert (play.open, play.lane("act_5_gau")) == (["act_5_gau"], ("coordinador_gau", None))
    sign(play, "act_5_gau")
    assert play.open == ["act_6"]


def test_what_is_not_signed_goes_back_to_the_area_and_comes_again(made: Release) -> None:
    play = to_sign(made)
    play.do(
        "act_5",
        firma="devuelta",
        n_devoluciones=1,
        actividad_interrumpida="act_5_2_17",
        medio_salida="",
    )
    back = play.thrown[-1]
    assert (back.name, back.key, back.payload) == (
        "RespuestaDevuelta",
        "41",
        {"actividad_interrumpida": "act_5_2_17"},
    )
    play.hear("RespuestaDisponible", "41")
    assert play.open == ["act_5"]


def test_when_the_person_desists_at_the_area_what_was_received_is_archived(made: Release) -> None:
    play = with_the_area(made)
    play.hear("CasoDesistido", "41")
    assert (play.ended, play.open) == ("fin_archivado", [])
    assert "act_5" not in play.path


# --- P02 ------------------------------------------------------------------------------------------
def test_the_area_waits_for_the_signature_of_what_came_in_writing_and_for_the_adviser_of_the_rest(
    made: Release,
) -> None:
    written = answered(made, {**CASE, "canal": "escrito"})
    assert (written.open, written.waits_for()) == (
        [],
        {("RespuestaEnviada", "40"), ("RespuestaDevuelta", "40")},
    )
    written.hear("RespuestaEnviada", "40")
    assert written.ended == "fin_resuelto"
    assert answered(made, {**CASE, "canal": "presencial"}).open == ["act_13"]
    assert answered(made).open == ["act_13"], "an instance of a version of P09 that says no channel"


def test_what_comes_back_without_signature_is_investigated_again(made: Release) -> None:
    written = answered(made, {**CASE, "canal": "escrito"})
    written.hear("RespuestaDevuelta", "40", {"actividad_interrumpida": "act_5_2_17"})
    assert written.open == ["act_5_2_17"]
    written.do("act_5_2_17", resultado_analisis="competente")
    written.do("act_5_2_18", favorable="si")
    assert [t.name for t in written.thrown] == ["RespuestaDisponible"] * 2


def test_who_waits_for_an_answer_hears_that_the_person_desisted(made: Release) -> None:
    play = escalated(made, {**CASE, "canal": "escrito"})
    play.do("act_5_2_16", resultado_analisis="falta_informacion")
    play.wait(DAY * 31)
    assert (play.ended, [t.name for t in play.thrown]) == ("fin_desistido", ["CasoDesistido"])
