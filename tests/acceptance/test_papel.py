"""A case on paper: what is folded is printed, and the whole diagram stands on sheets that can be
read, none of them almost empty."""

import re

import pypdfium2
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo

#: Lines of the names of tasks that lie on an icon.
TOCAN = """() => [...document.querySelectorAll(".bpmn .djs-container .djs-shape > .djs-visual")]
  .filter((v) => v.querySelector(":scope > rect") && !v.parentNode.dataset.elementId.startsWith("nota_"))
  .flatMap((v) => [...v.querySelectorAll(":scope > text > tspan")].filter((t) => {
    const a = t.getBoundingClientRect();
    return [...v.querySelectorAll(":scope > path")].some((p) => {
      const b = p.getBoundingClientRect();
      return a.left < b.right && a.right > b.left && a.top + 2 < b.bottom && a.bottom - 2 > b.top;
    });
  }).map((t) => `${v.parentNode.dataset.elementId}: ${t.textContent}`))"""
TINTA = 0.01  #: share of a sheet that is not white, below which it is almost empty


def impreso(pagina: Page) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(pagina.pdf(prefer_css_page_size=True, print_background=True))


def tinta(hoja: pypdfium2.PdfPage) -> float:
    puntos = bytes(hoja.render(scale=0.5, grayscale=True).buffer)
    return sum(punto < 245 for punto in puntos) / len(puntos)


def test_a_printed_case_loses_nothing_that_is_folded_and_its_diagram_is_whole(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    coordinador = mundo.persona("coordinador")
    coordinador.goto(f"/caso/{caso.case_key}")
    texto = " ".join(hoja.get_textpage().get_text_range() for hoja in impreso(coordinador))
    for etiqueta in (
        "Qué necesita la persona",
        "¿Trae documentos para radicar?",
        "Qué pide la persona",
        "Documentos 0",
        "Notas 0",
        "Qué ha pasado",
    ):
        assert etiqueta in " ".join(texto.split()), etiqueta

    coordinador.goto(f"/caso/{caso.case_key}/diagrama")
    for region in coordinador.locator(".bpmn[data-xml-url]").all():
        expect(region).to_have_attribute("data-estado", "listo")
    el_dibujo_se_lee(coordinador)
    diagrama = impreso(coordinador)
    texto = " ".join(" ".join(hoja.get_textpage().get_text_range() for hoja in diagrama).split())
    assert "Documentar y suministrar información" in texto
    assert min(tinta(hoja) for hoja in diagrama) > TINTA, [
        round(tinta(hoja), 4) for hoja in diagrama
    ]
    assert len(diagrama) <= 14


def el_dibujo_se_lee(coordinador: Page) -> None:
    """1.5: it opens where the case waits, legible and as wide as the window; names never touch
    icons, what people do has a fill."""
    dibujo = coordinador.locator("#diagrama-1")
    espera = "act_5_2_16"
    expect(dibujo.locator(f"[data-element-id={espera}]")).to_have_class(re.compile("espera"))
    for ancho in (1920, 1280):
        coordinador.set_viewport_size({"width": ancho, "height": 900})
        coordinador.wait_for_function(
            "(ancho) => document.querySelector('#diagrama-1').clientWidth > ancho * 0.9", arg=ancho
        )
        assert p.cabe(dibujo, espera)
        assert p.escala(dibujo) >= p.LEGIBLE
    assert coordinador.evaluate(TOCAN) == []
    relleno = "(r) => [...r.querySelectorAll('.humana > .djs-visual > rect')].map((n) => getComputedStyle(n).fill)"
    assert "rgb(255, 255, 255)" not in dibujo.evaluate(relleno)
    dibujo.locator("xpath=..").get_by_role("button", name="Ver todo").click()
    assert p.escala(dibujo) < p.LEGIBLE
