"""Control 6-5 in the browser: the coordinator finds what is overdue by area, adds a note, sends it;
the day stays readable."""

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota


def test_the_coordinator_reviews_what_is_overdue_and_each_leader_gets_a_letter(
    mundo: Mundo,
) -> None:
    """Control 6-5. Condition 4.5: the follow-up is of the Grupo de Atención al Usuario."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 12, 9, 7, 31))
    mundo.trabajador.quieto()
    coordinador = mundo.persona("coordinador")
    coordinador.goto("/bandeja")
    coordinador.get_by_role("link", name="Revisar reporte de fallas", exact=False).first.click()
    area = coordinador.get_by_role("region", name="Vicepresidencia de Crédito y Cobranza")
    expect(area).to_contain_text(caso.radicado)
    expect(area).to_contain_text("Plazo interno")
    mirar(coordinador, "reporte de fallas")
    coordinador.get_by_label("Nota para los líderes").fill("Se responde hoy.")
    p.acorde(coordinador, "Control+Enter")
    expect(
        coordinador.get_by_text("El reporte de fallas sale hacia los líderes de las áreas.")
    ).to_be_visible()
    mundo.trabajador.quieto()
    carta = p.cuerpo_del_correo(mundo, "Reporte de fallas de")
    assert (
        carta.index(caso.radicado)
        < carta.index("Nota de la coordinación:")
        < carta.index("Se responde hoy.")
    )

    coordinador.goto("/fallas")
    mirar(coordinador, "reportes de fallas")
    coordinador.get_by_role("link", name="mié 9 dic").click()
    expect(coordinador.get_by_text("Se responde hoy.")).to_be_visible()
    expect(coordinador.get_by_text("Remitido a los líderes", exact=False)).to_be_visible()
    mirar(coordinador, "reporte de fallas de un día")
    p.sin_faltas(mundo)
