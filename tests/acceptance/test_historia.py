"""The history of a case in the browser: what people wrote is folded under each entry, wide and
narrow, and stands open on paper."""

import pytest
from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import ANCHOS, desborde, violaciones
from tests.acceptance.mundo import Mundo


def test_what_was_written_is_read_under_each_entry_wide_narrow_and_on_paper(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    numero = mundo.titular()[1]
    for ancho in ANCHOS:
        coordinador = mundo.persona("coordinador", ancho)
        coordinador.goto(f"/caso/{caso.case_key}/historia")
        asiento = coordinador.get_by_role("listitem").filter(has_text="Completó 5.2.4")
        expect(asiento.get_by_text(f"•{numero[-3:]}")).to_be_hidden()
        asiento.get_by_text("Ver lo que escribió").press("Enter")
        expect(asiento.get_by_text(f"•{numero[-3:]}")).to_be_visible()
        anchura = asiento.get_by_text(f"•{numero[-3:]}").evaluate(
            "e => e.getBoundingClientRect().width"
        )
        assert anchura > 120, "a value has room for its words"
        assert numero not in coordinador.content(), "the document stands covered"
        assert violaciones(coordinador) == []
        assert desborde(coordinador) == 0

    plegados = coordinador.locator("details.imprime:not([open])")
    assert plegados.count() > 3
    otro = coordinador.get_by_role("listitem").filter(has_text="Completó 5.2.8")
    coordinador.emulate_media(media="print")
    expect(otro.get_by_role("term").first).to_be_visible()


@pytest.mark.parametrize("ancho", ANCHOS)
def test_without_scripts_it_unfolds_as_well(mundo: Mundo, ancho: int) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    coordinador = mundo.persona("coordinador", ancho)
    coordinador.route("**/*.js*", lambda ruta: ruta.abort())
    coordinador.goto(f"/caso/{caso.case_key}/historia")
    asiento = coordinador.get_by_role("listitem").filter(has_text="Completó 5.2.8")
    asiento.get_by_text("Ver lo que escribió").click()
    expect(asiento.get_by_role("term").first).to_be_visible()
