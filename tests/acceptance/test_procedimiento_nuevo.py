"""A third procedure, made in the browser alone: drawn, written, with a letter, put in force and
taken along as a ZIP."""

import re
from pathlib import Path

from playwright.sync_api import expect

from records.paquetes.reglas import paquete as reglas, paquete_zip
from tests.acceptance.lupa import desborde, violaciones
from tests.acceptance.mundo import Mundo

ESCENARIO = """nombre = "Se recibe y se entrega"
proceso = "prestamo"

[datos]
punto_id = "BOG-AGU"

[[paso]]
hace = "prestamo_tarea"

[espera]
camino = ["prestamo_tarea", "prestamo_fin"]
termina = true
"""


def test_an_analyst_makes_a_procedure_in_the_browser_alone(mundo: Mundo, tmp_path: Path) -> None:
    pagina = mundo.persona("analista")
    pagina.goto("/procedimientos/")
    pagina.get_by_role("link", name="Nuevo procedimiento").click()
    pagina.get_by_label("Nombre", exact=True).fill("Préstamo de salas")
    pagina.get_by_label("Código").fill("prestamo")
    pagina.get_by_label("Objetivo").fill("Prestar las salas a quien las pide.")
    pagina.get_by_role("button", name="Crear y dibujar").click()

    expect(pagina.locator("#editor")).to_have_attribute("data-estado", "listo")
    pagina.get_by_label("Elemento", exact=True).select_option("prestamo_tarea")
    pagina.get_by_label("Nombre", exact=True).fill("Recibir el pedido")
    pagina.get_by_role("button", name="Agregar campo").press("Enter")
    expect(pagina.get_by_label("Pregunta o rótulo").last).to_be_focused()
    pagina.keyboard.type("Sala que pide")
    pagina.keyboard.press("Tab")
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.locator("#guardado")).to_have_attribute("data-estado", "guardado")
    pagina.get_by_role("link", name="Préstamo de salas").first.click()

    pagina.get_by_role("link", name="Editar los textos").click()
    pagina.get_by_label("Alcance").fill("Desde que se pide hasta que se devuelve.")
    actividad = pagina.get_by_role("group", name=re.compile("Actividad 1"))
    actividad.get_by_label("N.º").fill("1")
    actividad.get_by_label("Texto").fill("Recibe el pedido de la sala.")
    actividad.get_by_label("Elemento del diagrama que la hace").fill("Recibir el pedido")
    assert violaciones(pagina) == []
    pagina.get_by_role("button", name="Guardar borrador").last.click()
    expect(pagina.get_by_role("status")).to_contain_text("Los textos quedaron en su borrador")

    pagina.get_by_role("link", name="Nueva carta").click()
    pagina.get_by_label("Nombre", exact=True).fill("listo")
    pagina.get_by_label("Asunto").fill("Su sala está lista")
    pagina.get_by_label("Texto").fill("Sala: ")
    pagina.get_by_role("button", name="{sala_que_pide}").click()
    expect(pagina.locator("[data-queda=texto]")).to_have_text("Sala: «Sala que pide»")
    pagina.get_by_label("Texto").press("End")
    pagina.keyboard.type(" {sala_que_pid}")
    pagina.get_by_role("button", name="Ver cómo queda").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Línea 1: «sala_que_pid» no es un dato")
    assert violaciones(pagina) == []
    assert desborde(pagina) == 0
    pagina.get_by_label("Texto").fill("Sala: {sala_que_pide}")
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_role("status")).to_contain_text("La carta quedó en su borrador")
    pagina.get_by_role("link", name="Préstamo de salas").click()

    pagina.get_by_role("link", name="Otro texto").click()
    pagina.get_by_label("Nombre, con su carpeta").fill("escenarios/entregada.toml")
    pagina.get_by_label("Texto", exact=True).fill(ESCENARIO)
    pagina.get_by_role("button", name="Guardar borrador").click()
    pagina.get_by_role("link", name="Préstamo de salas").click()
    pagina.get_by_role("button", name="Probar 1 escenario").click()
    expect(pagina.get_by_role("status")).to_contain_text("El único escenario sale como se espera.")
    pagina.get_by_role("link", name="Préstamo de salas").click()

    assert violaciones(pagina) == []
    pagina.get_by_role("link", name="Ver qué cambia y poner en vigor").click()
    pagina.get_by_label("Qué cambia y por qué").fill("Nace el procedimiento.")
    pagina.get_by_role("button", name="Poner en vigor todo junto").click()
    expect(pagina.get_by_role("status")).to_contain_text("En vigor: Préstamo de salas.")
    with pagina.expect_download() as bajado:
        pagina.get_by_role("link", name="Exportar").click()
    bajado.value.save_as(tmp_path / "prestamo.zip")
    codigo, piezas, faltas = paquete_zip.leer((tmp_path / "prestamo.zip").read_bytes())
    assert (codigo, faltas) == ("prestamo", [])
    leido = reglas.leer(codigo, piezas)[0]
    assert leido is not None
    assert [a.elementos for a in leido.actividades] == [("prestamo_tarea",)]
    assert "prestamo/cartas/listo.es.txt" in piezas
