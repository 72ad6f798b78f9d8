"""A case on paper: what is folded is printed, and the whole diagram stands on sheets that can be read, none of them almost empty."""

import pypdfium2
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo

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
    for etiqueta in ("Qué necesita la persona", "¿Trae documentos para radicar?", "Qué pide la persona"):
        assert etiqueta in " ".join(texto.split()), etiqueta

    coordinador.goto(f"/caso/{caso.case_key}/diagrama")
    for region in coordinador.locator(".bpmn[data-xml-url]").all():
        expect(region).to_have_attribute("data-estado", "listo")
    diagrama = impreso(coordinador)
    texto = " ".join(" ".join(hoja.get_textpage().get_text_range() for hoja in diagrama).split())
    assert "Documentar y suministrar información" in texto
    assert min(tinta(hoja) for hoja in diagrama) > TINTA, [round(tinta(hoja), 4) for hoja in diagrama]
    assert len(diagrama) <= 14
