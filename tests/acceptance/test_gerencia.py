"""The operation now in the browser: it lives without a reload, is told to who does not see it, can be stopped, walked by keyboard."""

import re

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_a_person_who_takes_a_turn_appears_before_the_manager_without_a_reload(mundo: Mundo) -> None:
    gerente = mundo.persona("gerente")
    gerente.get_by_role("link", name="Hoy").click()
    expect(p.titulo(gerente)).to_have_text("La operación, ahora")
    esperan = gerente.locator(".cifras > div", has_text="Esperan ahora")
    expect(esperan).to_contain_text("nadie en la fila")
    mirar(gerente, "la operación, ahora")
    gerente.evaluate("window.marca = 'la misma página'")

    p.tomar_turno(mundo)
    expect(esperan).to_contain_text("Bogotá, Aguas")
    expect(esperan.get_by_role("link")).to_have_text("1")
    assert gerente.evaluate("window.marca") == "la misma página"
    aguas = gerente.get_by_role("row", name=re.compile("Bogotá, Aguas"))
    expect(aguas).to_contain_text("Nadie ha llamado hoy")

    # stopped, nothing changes; by keyboard from the figure to the list, and back
    gerente.get_by_role("button", name="Detener").click()
    expect(gerente.get_by_role("button", name="Seguir en vivo")).to_have_attribute("aria-pressed", "true")
    esperan.get_by_role("link").focus()
    gerente.keyboard.press("Enter")
    expect(p.titulo(gerente)).to_have_text("Esperan: 1")
    mirar(gerente, "turnos detrás de una cifra")
    gerente.get_by_role("link", name="La operación, ahora").click()
    gerente.get_by_role("row", name=re.compile("Bogotá, Aguas")).get_by_role("link").first.press("Enter")
    expect(p.titulo(gerente)).to_have_text("Bogotá, Aguas (central)")
    mirar(gerente, "un punto, ahora")
    gerente.goto("/gerencia/muro")
    expect(gerente.get_by_role("heading", level=1)).to_have_text("Los 23 puntos, ahora")
    mirar(gerente, "pared")
