"""A case that the desk cannot answer, from F9 to the rating link, and everything that can delay it
(M5-1-02 5.2.14 to 5.2.18)."""

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo


def test_an_escalated_case_is_answered_in_time_and_the_citizen_rates_the_answer(
    mundo: Mundo,
) -> None:
    """5.2.14 to 5.2.18, then M5-1-01 act. 13 to 15."""
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    assert mundo.filas("select estado, area_id, resuelto_primer_contacto from caso") == [
        ("escalado", "VCC", 0)
    ]
    assert mundo.filas("select resultado from turno") == [("escalado",)]
    assert f"Nuevo caso {caso.radicado} para su área" in mundo.correos()

    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)

    assert mundo.filas("select estado from caso") == [("cerrado",)]
    assert mundo.filas(
        "select funcionario_id, recibido is not null, respondido is not null from escalonamiento"
    ) == [("funcionario.vcc01", 1, 1)]
    assert mundo.filas("select tipo, autor from respuesta order by id") == [
        ("tecnica", "funcionario.vcc01"),
        ("enviada", "asesor.bog01"),
    ]
    assert "saldo quedó al día" in p.cuerpo_del_correo(
        mundo, f"Respuesta a su radicado {caso.radicado}"
    )
    assert mundo.casos("status") == [("finished",), ("finished",)]
    por_el_area = [fila for fila in p.hechas(mundo, caso.case_key) if fila[1] != "asesor.bog01"]
    assert por_el_area == [(f"act_5_2_{n}", "funcionario.vcc01") for n in (16, 17, 18)]

    enlace = re.search(
        r"/calificar/\S+",
        p.cuerpo_del_correo(mundo, f"Califique la respuesta a su radicado {caso.radicado}"),
    )
    assert enlace is not None
    ciudadano = mundo.publico(ancho=320)
    ciudadano.goto(enlace.group())
    ciudadano.get_by_text("Excelente").click()
    ciudadano.get_by_role("button", name="Enviar mi calificación").click()
    expect(ciudadano.get_by_role("heading", level=1)).to_contain_text("Gracias")
    assert mundo.filas("select valor from calificacion where momento = 'respuesta'") == [(5,)]

    asesor.goto(f"/caso/{caso.case_key}/historia")
    for acto in ("Completó 5.2.17 Investigar", "Completó Redactar"):
        expect(asesor.get_by_role("listitem").filter(has_text=acto)).to_have_count(1)
    p.sin_faltas(mundo)


@pytest.mark.long
def test_a_misrouted_case_changes_its_area_twice_and_then_the_coordinator_decides(
    mundo: Mundo,
) -> None:
    """Condition 4.4, 5.2.16: the matrix, then "not mine" three times; each area loses the case, the
    deadline of the citizen stays."""
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor)
    ((limite,),) = mundo.filas("select limite_respuesta from caso")
    vcc = mundo.persona("funcionario.vcc01")
    p.es_de_otra_area(vcc, caso, "VFO")
    expect(vcc.locator("li.fila").filter(has_text=caso.radicado)).to_have_count(0)
    expect(
        vcc.get_by_role("status").filter(
            has_text=f"Pasó el caso {caso.radicado} a Vicepresidencia de Fondos"
        )
    ).to_be_visible()
    p.es_de_otra_area(mundo.persona("funcionario.vfo01"), caso, "DTE")
    p.es_de_otra_area(mundo.persona("funcionario.dte01"), caso, "GAC")
    assert mundo.filas("select area_id from escalonamiento order by n") == [
        ("VCC",),
        ("VFO",),
        ("DTE",),
    ]

    coordinador = mundo.persona("coordinador")
    p.tomar_en_bandeja(coordinador, caso, "Decidir área competente")
    coordinador.get_by_label("Área competente", exact=True).select_option("OAJ")
    coordinador.get_by_label("Motivo de la decisión").fill(
        "El reclamo discute un cobro ya demandado."
    )
    p.continuar(coordinador)
    mundo.trabajador.quieto()
    p.recibir_caso(mundo.persona("funcionario.oaj01"), caso)
    assert mundo.filas("select n, area_id, motivo from escalonamiento where n = 4") == [
        (4, "OAJ", "El reclamo discute un cobro ya demandado.")
    ]
    assert mundo.filas("select limite_respuesta, area_id, estado from caso") == [
        (limite, "OAJ", "en_analisis")
    ]
    assert (
        sum(1 for asunto in mundo.correos() if asunto == f"Nuevo caso {caso.radicado} para su área")
        == 4
    )
    p.sin_faltas(mundo)


def test_an_overdue_case_is_reminded_and_told_level_by_level_and_can_still_be_answered(
    mundo: Mundo,
) -> None:
    """5.2.16 to 5.2.18, control 6-4: nobody takes it, then 50 %, 80 %, internal deadline, legal
    limit; nothing blocks."""
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor)
    for dias in (2, 2, 3, 3, 14):
        mundo.pasan(days=dias)
    correos = mundo.correos()
    assert (
        sum(1 for asunto in correos if asunto.startswith(f"Recordatorio: caso {caso.radicado}"))
        >= 3
    )
    assert correos.count(f"Plazo interno vencido: caso {caso.radicado}") == 1  # level 2
    # level 3 and the coordination
    assert correos.count(f"Término legal vencido: caso {caso.radicado}") == 2
    assert mundo.filas("select count(*) from aviso where tipo = 'nivel3' group by para") == [
        (1,),
        (1,),
    ]
    assert mundo.filas("select condicion from incumplimiento order by condicion") == [
        ("6-4",),
        ("legal",),
    ]
    assert mundo.filas("select estado from caso") == [("escalado",)]

    funcionario = mundo.persona("funcionario.vcc01")
    funcionario.goto("/bandeja?vista=todas")
    expect(funcionario.get_by_role("region", name="Pasó el término legal")).to_contain_text(
        caso.radicado
    )
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, mundo.persona("asesor.bog01"), caso)
    assert mundo.filas("select estado from caso") == [("cerrado",)]
    p.sin_faltas(mundo)


def test_the_coordinator_extends_the_answer_and_the_officer_finds_the_draft_again(
    mundo: Mundo,
) -> None:
    """5.2.17 is interrupted by the extension and comes back with what the officer had typed."""
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor)
    funcionario = mundo.persona("funcionario.vcc01")
    p.recibir_caso(funcionario, caso)
    funcionario.get_by_label("Hallazgos").fill(
        "El banco todavía no entrega el soporte del recaudo."
    )
    funcionario.get_by_role("button", name="Guardar y salir").click()
    expect(funcionario.get_by_text("Guardamos su borrador.")).to_be_visible()
    ((antes,),) = mundo.filas("select limite_respuesta from caso")

    coordinador = mundo.persona("coordinador")
    coordinador.goto(f"/caso/{caso.case_key}/prorroga")
    coordinador.get_by_role("button", name="Prorrogar y avisar al usuario").click()
    expect(coordinador.locator(".resumen-error")).to_be_visible()
    coordinador.get_by_label("Días hábiles que se agregan").select_option("10")
    coordinador.get_by_label("Motivo que dirá la carta al usuario").fill(
        "El banco no ha entregado el soporte del recaudo de octubre."
    )
    coordinador.get_by_role("button", name="Prorrogar y avisar al usuario").click()
    expect(coordinador.get_by_text("Prórroga registrada.")).to_be_visible()
    mundo.trabajador.quieto()
    carta = p.cuerpo_del_correo(mundo, f"Nueva fecha de respuesta para su radicado {caso.radicado}")
    assert "El banco no ha entregado el soporte" in carta
    assert mundo.filas("select limite_respuesta > :antes from caso", antes=antes) == [(1,)]
    assert mundo.filas("select dias, aprobador from prorroga") == [(10, "coordinador")]
    coordinador.goto(f"/caso/{caso.case_key}")
    expect(coordinador.get_by_role("link", name="Prorrogar…")).to_have_count(0)

    p.tomar_en_bandeja(funcionario, caso, "5.2.17")
    expect(funcionario.get_by_label("Hallazgos")).to_have_value(
        "El banco todavía no entrega el soporte del recaudo."
    )
    p.investigar(funcionario)
    p.sin_faltas(mundo)


def test_missing_information_stops_the_clock_until_the_person_brings_it_to_the_desk(
    mundo: Mundo,
) -> None:
    """5.2.17 asks for what is missing (art. 17): the citizen is told, the term stands still, and
    the officer goes on where they were."""
    asesor = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, asesor)
    ((antes,),) = mundo.filas("select limite_respuesta from caso")
    funcionario = mundo.persona("funcionario.vcc01")
    p.recibir_caso(funcionario, caso)
    funcionario.get_by_label("Hallazgos").fill("La referencia no")
    p.marcar(funcionario, "Después de investigar", "Falta información del usuario")
    expect(funcionario.get_by_role("button", name="Terminar y documentar")).to_be_hidden()
    funcionario.get_by_label("Qué información falta").fill(
        "El recibo de pago de octubre, por las dos caras."
    )
    mirar(funcionario, "5.2.17, falta información")
    funcionario.get_by_role("button", name="Pedir la información").click()
    expect(p.titulo(funcionario)).to_contain_text("Bandeja")
    mundo.trabajador.quieto()
    assert "recibo de pago de octubre" in p.cuerpo_del_correo(
        mundo, f"Necesitamos información para su radicado {caso.radicado}"
    )
    mundo.pasan(days=6)
    assert mundo.filas("select estado from caso") == [("requerido",)]
    assert not [asunto for asunto in mundo.correos() if asunto.startswith("Recordatorio")]

    asesor = mundo.persona("asesor.bog01")
    asesor.goto(f"/caso/{caso.case_key}")
    expect(
        asesor.get_by_text("El recibo de pago de octubre, por las dos caras.").first
    ).to_be_visible()
    asesor.get_by_text("Recibir lo que trajo…").click()
    asesor.get_by_label("Qué entregó la persona").fill("Recibo de octubre, original y copia.")
    asesor.get_by_role("button", name="Registrar lo que entregó").click()
    expect(asesor.get_by_text("Registrado. El término sigue corriendo")).to_be_visible()
    mundo.trabajador.quieto()
    assert mundo.filas("select complemento, hasta is not null from suspension") == [
        ("Recibo de octubre, original y copia.", 1)
    ]
    assert mundo.filas("select limite_respuesta > :antes, estado from caso", antes=antes) == [
        (1, "en_analisis")
    ]
    funcionario = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.17")
    expect(funcionario.get_by_label("Hallazgos")).to_have_value("La referencia no")
    p.investigar(funcionario)
    p.sin_faltas(mundo)


@pytest.mark.long
def test_an_incomplete_answer_goes_back_to_the_area_and_a_mail_that_bounces_is_delivered_otherwise(
    mundo: Mundo,
) -> None:
    """M5-1-01 act. 13 returns the case to 5.2.17; act. 14 falls back to another medium, and the
    case closes."""
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor, correo="persona@rebota.example")
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    mirar(funcionario, "5.2.18")
    con_errores(funcionario, "5.2.18")
    p.documentar(funcionario, "Se revisó el pago y está en trámite.")
    p.abrir_otra_tarea(mundo, asesor, caso)
    mirar(asesor, "act. 13")
    con_errores(asesor, "act. 13")
    p.marcar(asesor, "La respuesta del área está", "Incompleta, la devuelvo")
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_contain_text("Escriba qué le falta a la respuesta")
    asesor.get_by_label("Qué le falta").fill("No dice si el pago quedó aplicado.")
    p.continuar(asesor)
    mundo.trabajador.quieto()
    assert mundo.filas("select estado from caso") == [("en_analisis",)]

    p.tomar_en_bandeja(funcionario, caso, "5.2.17")
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)
    assert mundo.filas("select estado from caso") == [("respondido_area",)]
    p.abrir_otra_tarea(mundo, asesor, caso)
    mirar(asesor, "otro medio")
    con_errores(asesor, "otro medio")
    p.marcar(asesor, "Por dónde se envió", "Se leyó por teléfono")
    asesor.get_by_label("Constancia").fill("Llamada de las 10:15")
    p.continuar(asesor)
    mundo.trabajador.quieto()
    assert mundo.filas("select estado from caso") == [("cerrado",)]
    assert mundo.filas("select medio, acuse from respuesta where tipo = 'enviada'") == [
        ("telefono", "Llamada de las 10:15")
    ]
    assert [e for e, quien in p.hechas(mundo, caso.case_key) if quien == "funcionario.vcc01"] == [
        "act_5_2_16", "act_5_2_17", "act_5_2_18", "act_5_2_17", "act_5_2_18",
    ]  # fmt: skip
    p.sin_faltas(mundo)
