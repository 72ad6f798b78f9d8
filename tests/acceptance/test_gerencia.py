"""The operation now in the browser: it lives without a reload, is told to who does not see it, can
be stopped, walked by keyboard."""

import re

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_a_person_who_takes_a_turn_appears_before_the_manager_without_a_reload(
    mundo: Mundo,
) -> None:
    gerente = mundo.persona("gerente")
    gerente.get_by_role("link", name="Los puntos ahora").click()
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
    expect(gerente.get_by_role("button", name="Seguir en vivo")).to_have_attribute(
        "aria-pressed", "true"
    )
    esperan.get_by_role("link").focus()
    gerente.keyboard.press("Enter")
    expect(p.titulo(gerente)).to_have_text("Esperan: 1")
    mirar(gerente, "turnos detrás de una cifra")
    gerente.get_by_role("link", name="La operación, ahora").click()
    gerente.get_by_role("row", name=re.compile("Bogotá, Aguas")).get_by_role("link").first.press(
        "Enter"
    )
    expect(p.titulo(gerente)).to_have_text("Bogotá, Aguas (central)")
    mirar(gerente, "un punto, ahora")
    gerente.goto("/gerencia/muro")
    expect(gerente.get_by_role("heading", level=1)).to_have_text("Los 23 puntos, ahora")
    mirar(gerente, "pared")


def test_what_managers_see_fits_the_wall_the_desk_and_the_paper(mundo: Mundo) -> None:
    """The wall does not scroll, the heat map is seen whole at a desk, and what is critical is read
    on paper, where no ground is printed."""
    p.tomar_turno(mundo)
    gerente = mundo.persona("gerente")
    gerente.set_viewport_size({"width": 1920, "height": 1080})
    gerente.goto("/gerencia/muro")
    expect(gerente.get_by_text("Primero estos")).to_be_visible()
    assert gerente.evaluate("document.documentElement.scrollHeight") <= 1080

    estilo = "body => { const e = document.createElement('span'); e.className = 'estado'; e.dataset.e = 'critica'; e.textContent = 'x';"
    estilo += (
        " body.append(e); const c = getComputedStyle(e); return [c.color, c.backgroundColor]; }"
    )
    assert gerente.locator("body").evaluate(estilo)[0] == "rgb(255, 255, 255)"
    gerente.emulate_media(media="print")
    letras, fondo = gerente.locator("body").evaluate(estilo)
    assert letras != "rgb(255, 255, 255)"
    assert fondo == "rgb(255, 255, 255)"
    gerente.emulate_media(media="screen")

    gerente.set_viewport_size({"width": 1280, "height": 900})
    gerente.goto("/gerencia")
    expect(p.titulo(gerente)).to_have_text("La operación, ahora")
    cabe = "n => { const d = document.createElement('div'); d.className = 'mapa calor-diagrama'; d.innerHTML = n;"
    cabe += " document.querySelector('section.panel').append(d); return [d.scrollWidth, d.clientWidth]; }"
    mapa = '<svg class="grafica" viewBox="0 0 1962 1774"></svg>'
    ancho, hueco = gerente.evaluate(f"({cabe})", mapa)
    assert ancho <= hueco
    # a card of a table is as wide as its panel: a long figure breaks, or what stands beside it is
    # cut
    gerente.set_viewport_size({"width": 320, "height": 800})
    tarjeta = "() => { const s = document.createElement('section'); s.className = 'panel ajustada';"
    tarjeta += ' s.innerHTML = \'<table class="tabla apila"><tbody><tr><th>I13</th><td class="num" data-l="De cuántos">\';'
    tarjeta += " document.querySelector('main').append(s); s.querySelector('td').textContent = '4.347 h 0 min de 4.347 h 0 min';"
    tarjeta += " return [s.querySelector('table').getBoundingClientRect().width, s.clientWidth]; }"
    ancho, hueco = gerente.evaluate(tarjeta)
    assert ancho <= hueco + 1
    gerente.set_viewport_size({"width": 640, "height": 900})
    ancho, hueco = gerente.evaluate(f"({cabe})", mapa)
    assert ancho > hueco, "on a phone it is read by scrolling"
