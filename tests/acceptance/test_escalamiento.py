"""A case that the desk cannot answer, from F9 to the rating link, and everything that can delay it (M5-1-02 5.2.14 to 5.2.18)."""

import re

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo


def test_an_escalated_case_is_answered_in_time_and_the_citizen_rates_the_answer(mundo: Mundo) -> None:
    """5.2.14 to 5.2.18, then M5-1-01 act. 13 to 15."""
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    assert mundo.filas("select estado, area_id, resuelto_primer_contacto from caso") == [("escalado", "VCC", 0)]
    assert mundo.filas("select resultado from turno") == [("escalado",)]
    assert f"Nuevo caso {caso.radicado} para su área" in mundo.correos()

    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)

    assert mundo.filas("select estado from caso") == [("cerrado",)]
    assert mundo.filas("select funcionario_id, recibido is not null, respondido is not null from escalonamiento") == [
        ("funcionario.vcc01", 1, 1)
    ]
    assert mundo.filas("select tipo, autor from respuesta order by id") == [("tecnica", "funcionario.vcc01"), ("enviada", "asesor.bog01")]
    assert "saldo quedó al día" in p.cuerpo_del_correo(mundo, f"Respuesta a su radicado {caso.radicado}")
    assert mundo.filas("select status from instance order by started_at") == [("finished",), ("finished",)]
    por_el_area = [fila for fila in p.hechas(mundo, caso.case_key) if fila[1] != "asesor.bog01"]
    assert por_el_area == [(f"act_5_2_{n}", "funcionario.vcc01") for n in (16, 17, 18)]

    enlace = re.search(r"/calificar/\S+", p.cuerpo_del_correo(mundo, f"Califique la respuesta a su radicado {caso.radicado}"))
    assert enlace is not None
    ciudadano = mundo.publico(ancho=320)
    ciudadano.goto(enlace.group())
    ciudadano.get_by_text("Excelente").click()
    ciudadano.get_by_role("button", name="Enviar mi calificación").click()
    expect(ciudadano.get_by_role("heading", level=1)).to_contain_text("Gracias")
    assert mundo.filas("select valor from calificacion where momento = 'respuesta'") == [(5,)]

    asesor.goto(f"/caso/{caso.case_key}/historia")
    for acto in ("Completó Investigar", "Completó Enviar"):
        expect(asesor.get_by_role("listitem").filter(has_text=acto)).to_have_count(1)
    p.sin_faltas(mundo)
