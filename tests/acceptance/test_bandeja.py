"""Nobody's absence stops a case: the inbox of an area, several tasks at once, a substitute, the
board; as people do it in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def quien_la_tiene(mundo: Mundo) -> object:
    ((quien,),) = mundo.filas(
        "select claimed_by from work_item where state = 'open' and role = 'funcionario'"
    )
    return quien


@pytest.mark.long
def test_the_leader_hands_on_what_an_absent_officer_holds_and_the_substitute_takes_over(
    mundo: Mundo,
) -> None:
    """2.2 and 2.3: Tomar in the line, live, bulk with one reason, an absence by dates, the history
    says why."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    lider, primera, segunda = (
        mundo.persona("lider.vcc"),
        mundo.persona("funcionario.vcc01"),
        mundo.persona("funcionario.vcc02"),
    )
    lider.goto("/bandeja")
    linea = lider.locator("li.fila", has_text=caso.radicado)
    expect(linea).to_contain_text("Sin asignar")
    expect(linea.get_by_role("button", name="Tomar")).to_be_visible()

    p.tomar_en_bandeja(primera, caso, "5.2.16")
    # the page asks at once, not in 15 seconds
    lider.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(linea).to_contain_text("La tomó")

    lider.goto("/bandeja")
    lider.locator("li.fila", has_text=caso.radicado).get_by_role("checkbox").check()
    expect(lider.get_by_text("1 elegida")).to_be_visible()
    lider.get_by_label("Acción").select_option("a:funcionario.vcc02")
    lider.get_by_role("button", name="Aplicar a las elegidas").click()
    expect(lider.locator(".resumen-error")).to_contain_text("Escriba el motivo")
    mirar(lider, "bandeja, sin motivo")
    lider.get_by_label("Motivo, uno para todas").fill("Se reparte la carga de la semana")
    lider.get_by_role("button", name="Aplicar a las elegidas").click()
    expect(lider.get_by_text("Reasignó 1 tarea a")).to_be_visible()
    assert quien_la_tiene(mundo) == "funcionario.vcc02"
    mirar(lider, "bandeja")

    lider.goto("/ausencias")
    lider.get_by_label("Persona ausente").select_option("funcionario.vcc02")
    lider.get_by_label("Desde").fill("24/11/2026")
    lider.get_by_label("Hasta").fill("26/11/2026")
    lider.get_by_label("Quién la reemplaza").select_option("funcionario.vcc01")
    lider.get_by_label("Motivo").fill("Vacaciones")
    lider.get_by_role("button", name="Registrar la ausencia").click()
    expect(lider.get_by_text("Ausencia registrada.")).to_be_visible()
    mirar(lider, "ausencias")

    primera.goto("/bandeja?vista=todas")
    expect(primera.get_by_text("por ausencia")).to_be_visible()
    expect(primera.locator("li.fila", has_text=caso.radicado)).to_contain_text(
        "ausente hasta el jue 26 nov"
    )
    p.tomar_en_bandeja(primera, caso, "5.2.16")
    assert quien_la_tiene(mundo) == "funcionario.vcc01"
    dicho = primera.get_by_role("region", name="Lo dicho y lo hecho")
    expect(dicho).to_contain_text("pasó la tarea. Se reparte la carga de la semana")

    lider.goto("/ausencias")
    lider.locator("summary", has_text="Terminar antes").click()
    lider.get_by_role("button", name="Terminar la ausencia").click()
    expect(lider.locator(".resumen-error")).to_contain_text("Escriba por qué termina antes")
    mirar(lider, "ausencias, sin el motivo del fin")
    lider.get_by_label("Por qué termina antes").fill("Volvió de vacaciones")
    lider.get_by_role("button", name="Terminar la ausencia").click()
    expect(lider.get_by_text("ya no figura como ausente")).to_be_visible()
    expect(lider.get_by_role("listitem").filter(has_text="Volvió de vacaciones")).to_be_visible()

    segunda.goto(f"/caso/{caso.case_key}/historia")
    expect(segunda.get_by_text("Motivo: Se reparte la carga de la semana")).to_be_visible()
    expect(segunda.get_by_text("Motivo: En reemplazo de")).to_be_visible()
    p.sin_faltas(mundo)


def test_the_coordinator_sees_the_load_and_hands_on_from_the_board(mundo: Mundo) -> None:
    """2.6: load and age by area and officer; from there reassign."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.pasan(days=12)
    coordinador = mundo.persona("coordinador")
    coordinador.get_by_role("link", name="Tablero de carga").click()
    expect(p.titulo(coordinador)).to_have_text("Carga de las áreas")
    mirar(coordinador, "tablero de carga")
    expect(coordinador.get_by_label(caso.radicado)).to_be_checked()
    coordinador.get_by_label("A quién").select_option("a:funcionario.vcc01")
    coordinador.get_by_label("Motivo").fill("Vencida sin que nadie la tomara")
    coordinador.get_by_role("button", name="Reasignar las elegidas").click()
    expect(coordinador.get_by_text("Reasignó 1 tarea a")).to_be_visible()
    assert quien_la_tiene(mundo) == "funcionario.vcc01"
    p.sin_faltas(mundo)


def test_what_nobody_touches_stands_first_for_the_leader_who_hands_it_on(mundo: Mundo) -> None:
    """2.2: three business days without a touch, the mail of the morning, Reasignar in the line;
    then it is no longer there."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.pasan(days=6)
    lider = mundo.persona("lider.vcc")
    oficial = mundo.persona("funcionario.vcc01")
    oficial.goto("/bandeja?vista=todas")
    primera = oficial.locator("a.titulo").first.bounding_box()
    assert primera is not None
    assert primera["y"] <= 250, "the work stands above the tools"
    expect(oficial.get_by_label("Acción")).to_be_hidden()
    oficial.get_by_role("button", name="Más filtros").click()
    oficial.locator("li.fila").get_by_role("checkbox").check()
    expect(oficial.get_by_label("Acción")).to_be_visible()
    expect(oficial.get_by_label("Actividad")).to_have_count(0)  # one activity: nothing to filter
    mirar(oficial, "bandeja, con una elegida")
    lider.goto("/bandeja")
    quietas = lider.get_by_role("region", name="Sin movimiento")
    expect(quietas.locator("li.fila", has_text=caso.radicado)).to_contain_text(
        "4 días hábiles sin movimiento"
    )
    expect(lider.locator("section.grupo").first).to_have_class("grupo quieta")
    mirar(lider, "bandeja, sin movimiento")
    assert any("sin movimiento en" in asunto for asunto in mundo.correos())
    quietas.locator("li.fila", has_text=caso.radicado).get_by_role("link", name="Reasignar").click()
    lider.get_by_label("¿A quién le pasa la tarea?").select_option("funcionario.vcc01")
    lider.get_by_label("Motivo").first.fill("Nadie la había tomado")
    lider.get_by_role("button", name="Reasignar").click()
    assert quien_la_tiene(mundo) == "funcionario.vcc01"
    lider.goto("/bandeja")
    expect(lider.get_by_role("region", name="Sin movimiento")).to_have_count(0)
    lider.goto(f"/caso/{caso.case_key}/historia")
    expect(lider.get_by_text("Subió a quien lidera el área 5.2.16")).to_be_visible()
    expect(
        lider.get_by_text(
            "Llevaba 4 días hábiles sin movimiento, desde el mar 24 nov: nadie la había tomado."
        )
    ).to_be_visible()
    p.sin_faltas(mundo)


def test_a_reminder_from_the_board_reaches_the_officer_by_mail(mundo: Mundo) -> None:
    """2.6: what the page says is what happens: one mail, a note on the case, the task unread
    again."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.tomar_en_bandeja(mundo.persona("funcionario.vcc01"), caso, "5.2.16")
    mundo.pasan(days=12)
    lider = mundo.persona("lider.vcc")
    lider.get_by_role("link", name="Tablero de carga").click()
    expect(lider.get_by_role("region", name="Recordar")).to_contain_text("le llega un correo")
    lider.get_by_label("Mensaje").fill("Hoy, por favor")
    lider.get_by_role("button", name="Enviar recordatorio").click()
    expect(
        lider.get_by_text("Recordó 1 tarea vencida: el correo va a funcionario.vcc01@")
    ).to_be_visible()
    mirar(lider, "tablero, recordado")
    mundo.trabajador.quieto()
    ((quien,),) = mundo.filas("select nombre from cuenta where usuario = 'lider.vcc'")
    funcionario = p.seguir_correo(
        mundo, f"{quien} le recuerda 1 tarea vencida", "funcionario.vcc01"
    )
    expect(funcionario.locator("li.fila.nueva")).to_contain_text(caso.radicado)
    p.sin_faltas(mundo)


@pytest.mark.long
def test_a_note_names_a_colleague_with_the_keyboard_who_finds_it_in_mail_and_inbox(
    mundo: Mundo,
) -> None:
    """2.5: @ offers those who may see the case; nobody else is told, and the text of a refused note
    stays."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    primera, segunda = mundo.persona("funcionario.vcc01"), mundo.persona("funcionario.vcc02")
    ((nombre,),) = mundo.filas("select nombre from cuenta where usuario = 'funcionario.vcc02'")
    primera.goto(f"/caso/{caso.case_key}")
    nota = primera.get_by_label("Nota para el equipo")
    nota.press_sequentially("Mire, @funcionario.vcc0")
    ofrecidos = primera.get_by_role("listbox")
    expect(ofrecidos.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    mirar(primera, "nota, colegas ofrecidos")
    nota.press("Escape")
    expect(ofrecidos).to_be_hidden()
    nota.press_sequentially("2")
    nota.press("Enter")
    expect(nota).to_have_value(f"Mire, @{nombre} ")
    nota.press_sequentially("el recibo, y @funcionario.oaj01 también")
    primera.get_by_role("button", name="Agregar la nota").click()
    expect(primera.locator(".resumen-error")).to_contain_text(
        "«@funcionario.oaj01» no está entre quienes pueden ver este caso"
    )
    expect(nota).to_have_value(f"Mire, @{nombre} el recibo, y @funcionario.oaj01 también")
    mirar(primera, "nota, colega ajeno")
    nota.fill(f"Mire, @{nombre} el recibo")
    primera.get_by_role("button", name="Agregar la nota").click()
    expect(
        primera.get_by_text(f"La nota quedó en el caso. Le avisamos a {nombre}.")
    ).to_be_visible()
    expect(primera.get_by_role("listitem").filter(has_text=f"@{nombre} el recibo")).to_be_visible()
    mundo.trabajador.quieto()
    ((autora,),) = mundo.filas("select nombre from cuenta where usuario = 'funcionario.vcc01'")
    segunda.goto("/bandeja")
    mirar(segunda, "bandeja, lo mencionaron")
    enlace = segunda.get_by_role("region", name="Lo mencionaron").get_by_role(
        "link", name=caso.radicado
    )
    expect(enlace).to_have_attribute("href", f"/caso/{caso.case_key}#notas")
    del_correo = p.seguir_correo(
        mundo, f"{autora} lo mencionó en el caso {caso.radicado}", "funcionario.vcc02"
    )
    expect(
        del_correo.get_by_role("listitem").filter(has_text=f"@{nombre} el recibo")
    ).to_be_in_viewport()
    segunda.goto("/bandeja")
    expect(segunda.get_by_text("Lo mencionaron")).to_have_count(0)
    p.sin_faltas(mundo)


@pytest.mark.long
def test_the_inbox_is_walked_by_keys_searched_by_document_and_keeps_what_waits_for_the_citizen(
    mundo: Mundo,
) -> None:
    """Issue 9, 2.3."""
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01")
    funcionario.goto("/bandeja?vista=todas")
    p.acorde(funcionario, "Control+b")
    expect(funcionario.get_by_label("Número, persona o asunto")).to_be_focused()
    funcionario.get_by_label("Documento", exact=True).fill(documento[1])
    funcionario.get_by_role("button", name="Filtrar").click()
    expect(funcionario.get_by_role("list", name="Filtros puestos")).to_contain_text("Documento:")
    assert documento[1] not in funcionario.url
    fila = funcionario.locator("li.fila").filter(has_text=caso.radicado)
    expect(fila).to_be_visible()
    mirar(funcionario, "bandeja por documento")
    funcionario.set_viewport_size({"width": 1280, "height": 900})
    with funcionario.expect_download() as bajada:
        funcionario.get_by_role("link", name="Exportar").click()
    texto = bajada.value.path().read_text("utf-8-sig")
    assert caso.radicado in texto
    assert documento[1] not in texto
    funcionario.get_by_role("link", name="Imprimir la lista").click()
    expect(funcionario.get_by_role("row").filter(has_text=caso.radicado)).to_be_visible()
    mirar(funcionario, "bandeja para imprimir")
    funcionario.get_by_role("link", name="Volver").click()
    quitar = funcionario.get_by_role("link", name="Quitar el filtro de documento")
    quitar.click()
    # The click does not wait for the next page: keys that come before it go to the one that is
    # left.
    expect(quitar).to_have_count(0)
    funcionario.wait_for_load_state("load")
    for _ in range(funcionario.locator("li.fila").count()):
        p.acorde(funcionario, "Control+ArrowDown")
        if fila.locator("a.titulo").evaluate("e => e === document.activeElement"):
            break
    expect(fila.locator("a.titulo")).to_be_focused()
    p.acorde(funcionario, "Control+/")
    expect(funcionario.get_by_role("list", name="Atajos")).to_be_focused()
    fila.locator("a.titulo").focus()
    p.acorde(funcionario, "Control+Enter")
    expect(p.titulo(funcionario)).to_be_visible()
    expect(funcionario).not_to_have_url(re.compile("/bandeja$"))
    assert mundo.filas("select claimed_by from work_item where element = 'act_5_2_16'") == [
        ("funcionario.vcc01",)
    ]
    p.marcar(funcionario, "Después de leer el caso", "Falta información del usuario")
    funcionario.get_by_label("Qué información falta").fill(
        "Copia legible del recibo de pago de octubre."
    )
    p.continuar(funcionario)
    mundo.trabajador.quieto()
    funcionario.goto("/bandeja")
    espera = funcionario.locator("li.sin-tarea").filter(has_text=caso.radicado)
    expect(espera).to_contain_text("Espera al ciudadano, hasta")
    expect(espera).to_contain_text("Se pidió: Copia legible del recibo")
    mirar(funcionario, "bandeja con espera")
    # the person brings it while the list is open: the line goes by itself, and what came is offered
    coordinador = mundo.persona("coordinador")
    coordinador.goto(str(espera.get_by_role("link", name="Ver caso").get_attribute("href")))
    coordinador.get_by_text("Recibir lo que trajo…").click()
    coordinador.get_by_label("Qué entregó la persona").fill("Copia legible del recibo de octubre.")
    coordinador.get_by_role("button", name="Registrar lo que entregó").click()
    mundo.trabajador.quieto()
    # what it does every fifteen seconds
    funcionario.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(espera).to_have_count(0)
    expect(funcionario.locator("[data-esperan-dicho]")).to_have_text(
        "Ningún caso espera al ciudadano"
    )
    expect(funcionario.get_by_role("link", name="Mostrar 1 nueva")).to_be_visible()
    p.sin_faltas(mundo)
