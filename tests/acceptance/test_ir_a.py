"""The bar of six groups, and «Ir a»: every page by its name, by keyboard, on a telephone, and
without a script."""

import re

from playwright.sync_api import Route, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import violaciones
from tests.acceptance.medidas import medir
from tests.acceptance.mundo import Mundo


def test_a_page_is_found_by_its_name_with_keys_alone(mundo: Mundo) -> None:
    coordinadora = mundo.persona("coordinador")
    coordinadora.goto("/bandeja")
    dichas: list[str] = []
    coordinadora.on("console", lambda m: dichas.append(m.text))  # what the CSP refuses is said here
    p.acorde(coordinadora, "Control+k")
    campo = coordinadora.get_by_role("combobox", name="Nombre de la página")
    expect(campo).to_be_focused()
    coordinadora.keyboard.type("REPORTES")
    opciones = coordinadora.get_by_role("option")
    expect(opciones).to_have_text([re.compile("^Reportes"), re.compile("^Reportes de fallas")])
    expect(opciones.first).to_have_attribute("aria-selected", "true")
    coordinadora.keyboard.press("ArrowDown")
    expect(opciones.nth(1)).to_have_attribute("aria-selected", "true")
    activa = campo.get_attribute("aria-activedescendant")
    assert activa == opciones.nth(1).get_attribute("id")
    for ancho in (1280, 320):
        coordinadora.set_viewport_size({"width": ancho, "height": 800})
        assert [*violaciones(coordinadora), *medir(coordinadora)] == []
    coordinadora.keyboard.press("Escape")
    expect(campo).to_be_hidden()
    coordinadora.set_viewport_size({"width": 1280, "height": 800})
    coordinadora.get_by_role("link", name="Ir a…").press("Enter")
    expect(campo).to_be_focused()
    coordinadora.keyboard.type("auditorias")  # without its accent
    expect(opciones).to_have_count(1)
    coordinadora.keyboard.press("Enter")
    expect(p.titulo(coordinadora)).to_have_text("Auditorías")
    en_calidad = coordinadora.get_by_role("navigation", name="Calidad")
    expect(en_calidad.get_by_role("link", name="Auditorías")).to_have_attribute(
        "aria-current", "page"
    )
    assert dichas == []


def test_letters_typed_before_the_pages_are_there_are_kept(mundo: Mundo) -> None:
    coordinadora = mundo.persona("coordinador")
    coordinadora.goto("/bandeja")

    def despacio(ruta: Route) -> None:
        coordinadora.wait_for_timeout(700)
        ruta.continue_()

    coordinadora.route("**/ir-a", despacio)
    coordinadora.keyboard.press("Control+k")
    coordinadora.keyboard.type("auditorias")
    coordinadora.keyboard.press("Enter")
    expect(p.titulo(coordinadora)).to_have_text("Auditorías")


def test_on_a_telephone_the_bar_keeps_where_one_is_and_the_menu(mundo: Mundo) -> None:
    coordinadora = mundo.persona("coordinador")
    coordinadora.set_viewport_size({"width": 320, "height": 640})
    coordinadora.goto("/auditorias")
    # what is not shown has no role
    barra = coordinadora.get_by_role("navigation", name="Principal").get_by_role("link")
    expect(barra).to_have_count(2)
    expect(barra.first).to_have_text("Calidad")
    coordinadora.get_by_role("link", name="Menú").click()
    expect(p.titulo(coordinadora)).to_have_text("Todas sus páginas")
    coordinadora.get_by_role("searchbox").fill("hallazgos")
    coordinadora.get_by_role("button", name="Buscar").click()
    coordinadora.get_by_role("main").get_by_role("link", name="Hallazgos").click()
    expect(coordinadora).to_have_url(re.compile("/hallazgos$"))
