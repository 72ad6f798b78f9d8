"""The officer's desk in a browser (M5-1-02 5.2.16 to 5.2.18): the case beside the form, one pair of
hands, nothing that ends in nothing."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import files


def test_the_task_shows_the_case_and_who_receives_it_keeps_it_to_the_answer(mundo: Mundo) -> None:
    """5.2.16 to 5.2.18: what the person asks, the adviser's summary and both terms stand beside the
    form, which opens when it is taken."""
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    funcionario.goto("/bandeja")
    ((item,),) = mundo.filas(
        "select id from work_item where state = 'open' and element = 'act_5_2_16'"
    )
    funcionario.goto(f"/tarea/{item}")
    p.en(funcionario, "5.2.16")
    expect(funcionario.locator(".dos-plazos")).to_contain_text(caso.radicado)
    ((descripcion, resumen),) = mundo.filas("select descripcion, resumen from caso")
    expect(funcionario.get_by_role("region", name="Qué pide la persona")).to_contain_text(
        str(descripcion)
    )
    expect(funcionario.get_by_role("region", name="Qué pide la persona")).to_contain_text(
        str(resumen)
    )
    plazos = funcionario.get_by_role("region", name="Plazos")
    plazos.get_by_text("Plazos", exact=True).click()
    for nombre in ("Plazo interno", "Término legal"):
        expect(plazos.locator("div", has_text=nombre).first).to_contain_text("días hábiles")
    expect(funcionario.get_by_label("Es de mi área y está completo")).to_be_disabled()
    mirar(funcionario, "5.2.16 sin tomar")

    funcionario.get_by_role("button", name="Tomar", exact=True).click()
    expect(funcionario.get_by_role("link", name="Reasignar o devolver…")).to_be_visible()
    p.marcar(funcionario, "Después de leer el caso", "Es de mi área y está completo")
    expect(funcionario.get_by_text("5.2.18 si ya la investigó, 5.2.17 si no")).to_be_visible()
    expect(funcionario.get_by_text("máximo un mes; luego vuelve a su área")).to_be_hidden()
    p.continuar(funcionario)
    p.en(funcionario, "5.2.17")
    funcionario.get_by_label("Hallazgos").fill("Escrito antes de ver los datos")
    funcionario.get_by_role("button", name="Ver datos completos").click()
    expect(funcionario.get_by_role("button", name="Cubrir los datos")).to_be_visible()
    expect(funcionario.get_by_label("Hallazgos")).to_have_value("Escrito antes de ver los datos")
    dos_pestanas(mundo, funcionario)
    p.investigar(funcionario)
    expect(funcionario.get_by_role("region", name="Lo dicho y lo hecho")).to_contain_text(
        "faltaba aplicarlo en cartera"
    )
    colega = mundo.persona("funcionario.vcc02")
    ((item, quien),) = mundo.filas(
        "select id, claimed_by from work_item where state = 'open' and element = 'act_5_2_18'"
    )
    assert quien == "funcionario.vcc01"
    colega.goto(f"/tarea/{item}")
    expect(colega.get_by_role("group", name="Quién tiene la tarea")).to_contain_text("La tiene")
    expect(colega.get_by_label("Respuesta técnica")).to_be_disabled()
    mirar(funcionario, "5.2.18")
    p.documentar(funcionario)
    mundo.trabajador.quieto()
    assert mundo.abiertas("element", "claimed_by") == [("act_13", "asesor.bog01")]
    assert [a for a in mundo.correos() if a.endswith(f"respondió el caso {caso.radicado}")]
    p.sin_faltas(mundo)


def dos_pestanas(mundo: Mundo, primera: Page) -> None:
    """The second page says what the first has saved, and saves over it only when told to; what
    gives way stays with the task."""
    segunda = primera.context.new_page()
    segunda.goto(primera.url)
    mundo.clock.advance(dt.timedelta(minutes=1))
    with primera.expect_response(lambda r: r.request.method == "PUT"):
        primera.get_by_label("Hallazgos").fill("De la primera pestaña")
    segunda.get_by_label("Hallazgos").fill("De la segunda pestaña")
    aviso = segunda.get_by_role("alert")
    expect(aviso).to_contain_text("Otra pestaña guardó este borrador")
    expect(aviso).to_contain_text("De la primera pestaña")
    mirar(segunda, "dos pestañas")
    mundo.clock.advance(dt.timedelta(minutes=1))
    with segunda.expect_response(lambda r: r.request.method == "PUT"):
        aviso.get_by_role("button", name="Guardar lo de esta pestaña").click()
    primera.reload()
    expect(primera.get_by_label("Hallazgos")).to_have_value("De la segunda pestaña")
    primera.get_by_text("Versiones anteriores").click()
    expect(primera.get_by_text("De la primera pestaña")).to_be_visible()
    mirar(primera, "versiones anteriores")
    segunda.close()


def test_passing_to_another_area_asks_for_a_reason_that_the_area_reads_and_a_confirmation(
    mundo: Mundo,
) -> None:
    """5.2.16 "not mine": without a reason and a confirmation nothing moves."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    vcc = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(vcc, caso, "5.2.16")
    p.marcar(vcc, "Después de leer el caso", "Es de otra área")
    vcc.locator("[name=area_destino]").select_option("VFO")
    p.continuar(vcc)
    expect(vcc.locator(".resumen-error")).to_contain_text("Escriba por qué es de esa área")
    expect(vcc.locator(".resumen-error")).to_contain_text("Confirme que el caso pasa a esa área")
    vcc.get_by_label("Por qué es de esa área").fill(
        "El fondo lo administra la Vicepresidencia de Fondos."
    )
    vcc.get_by_label("Sí, sale de mi bandeja y de mi área").check()
    p.continuar(vcc)
    assert mundo.filas("select area_id, motivo from escalonamiento where n = 2") == [
        ("VFO", "El fondo lo administra la Vicepresidencia de Fondos.")
    ]
    assert mundo.filas("select count(*) from escalonamiento") == [(2,)]
    vfo = mundo.persona("funcionario.vfo01")
    p.tomar_en_bandeja(vfo, caso, "5.2.16")
    expect(vfo.get_by_role("region", name="Lo dicho y lo hecho")).to_contain_text(
        "El fondo lo administra"
    )
    p.sin_faltas(mundo)


@pytest.mark.long
def test_while_information_is_missing_the_case_says_what_it_waits_for_and_the_desk_takes_the_files(
    mundo: Mundo,
) -> None:
    """Art. 17: no day counts, the page says what must come and until when; the files that the
    person brings go to the case."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    mundo.pasan(days=6)
    asesor = mundo.persona("asesor.bog01")
    asesor.goto(f"/caso/{caso.case_key}")
    expect(asesor.locator(".encabezado")).to_contain_text("Plazo suspendido")
    espera = asesor.get_by_role(
        "region", name="Espera información de la persona desde el mar 24 nov"
    )
    expect(espera).to_contain_text("Se le pidió:")
    expect(espera).to_contain_text("el caso se cierra por desistimiento")
    expect(asesor.get_by_text("Nada: el caso")).to_have_count(0)
    expect(asesor.get_by_text("Si entrega hoy, el término vence el")).to_be_visible()
    mirar(asesor, "caso suspendido")
    espera.get_by_text("Recibir lo que trajo…").press("Enter")
    asesor.get_by_role("button", name="Registrar lo que entregó").click()
    expect(asesor.locator(".resumen-error")).to_contain_text("Escriba qué entregó la persona")
    asesor.get_by_label("Qué entregó la persona").fill("Recibo de octubre, original y copia.")
    asesor.get_by_label("Archivos que trajo").set_input_files(
        [p.PDF, {**p.PDF, "name": "reverso.pdf", "buffer": files.pdf("Reverso")}]
    )
    asesor.get_by_role("button", name="Registrar lo que entregó").click()
    mundo.trabajador.quieto()
    assert mundo.filas("select nombre from archivo order by nombre") == [
        ("poder.pdf",),
        ("reverso.pdf",),
    ]
    funcionario = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.16")
    expect(funcionario.get_by_role("region", name="Archivos del caso")).to_contain_text(
        "reverso.pdf"
    )
    dicho = funcionario.get_by_role("region", name="Lo dicho y lo hecho")
    expect(dicho).to_contain_text(
        "La persona entregó lo que faltaba. Recibo de octubre, original y copia."
    )
    expect(funcionario.get_by_role("region", name="Plazos")).not_to_contain_text("con prórroga")
    funcionario.goto(f"/caso/{caso.case_key}")
    entregado = funcionario.get_by_role("region", name="Lo que entregó la persona")
    expect(entregado).to_contain_text("Recibo de octubre, original y copia.")
    mirar(funcionario, "caso con lo que se entregó")
    p.sin_faltas(mundo)


def test_documents_are_attached_on_the_page_of_the_case(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01")
    funcionario.goto(f"/caso/{caso.case_key}/documentos")
    documentos = funcionario.get_by_role("region", name="Documentos")
    expect(documentos).to_be_in_viewport()
    documentos.get_by_text("Adjuntar documentos…").click()
    funcionario.get_by_label("Nota para el equipo").fill("El recibo llegó por ventanilla")
    funcionario.get_by_role("button", name="Adjuntar al caso").click()
    expect(funcionario.locator(".resumen-error")).to_contain_text("Elija al menos un archivo")
    funcionario.locator("input[name=archivos]").set_input_files(
        {"name": "nota.txt", "mimeType": "text/plain", "buffer": b"hola"}
    )
    funcionario.get_by_role("button", name="Adjuntar al caso").click()
    expect(funcionario.get_by_text("nota.txt: El archivo debe ser PDF, JPG o PNG")).to_be_visible()
    funcionario.get_by_role("button", name="Quitar").click()
    funcionario.locator("input[name=archivos]").set_input_files(p.PDF)
    funcionario.get_by_role("button", name="Adjuntar al caso").click()
    expect(documentos.get_by_role("link", name="poder.pdf")).to_be_visible()
    expect(funcionario.get_by_label("Nota para el equipo")).to_have_value(
        "El recibo llegó por ventanilla"
    )
    (queda,) = funcionario.evaluate("() => Object.values(sessionStorage)")
    assert len(queda) > len("El recibo llegó por ventanilla")  # it is here,
    assert "recibo" not in queda  # and closed
    # as of another login
    funcionario.evaluate("() => sessionStorage.setItem(Object.keys(sessionStorage)[0], 'AAAA')")
    funcionario.reload()
    expect(funcionario.get_by_label("Nota para el equipo")).to_have_value("")
    assert funcionario.evaluate("() => sessionStorage.length") == 0
    funcionario.get_by_label("Nota para el equipo").fill("El recibo llegó por ventanilla")
    funcionario.get_by_role("button", name="Agregar la nota").click()
    expect(
        funcionario.get_by_role("region", name="Notas").get_by_role("listitem").first
    ).to_contain_text("El recibo llegó")
    assert funcionario.evaluate("() => sessionStorage.length") == 0
    mirar(funcionario, "caso con documentos")
    assert mundo.filas("select nombre, subido_por, case_key from archivo") == [
        ("poder.pdf", "funcionario.vcc01", caso.case_key)
    ]
