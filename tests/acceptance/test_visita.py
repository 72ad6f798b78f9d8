"""Visits from the kiosk to the rating, through the browser (M5-1-02 5.2.1 to 5.2.13)."""

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo


def test_a_visit_resolved_at_the_desk_from_the_ticket_to_the_rating(mundo: Mundo) -> None:
    """5.2.1 to 5.2.13: routine visit of a holder who is in the CRM. Condition 4.3: it is rated at
    the point."""
    documento = mundo.titular()
    ficha = p.tomar_turno(mundo, documento=documento)
    asesor = mundo.persona("asesor.bog01")
    p.llamar(asesor)
    expect(asesor.locator(".ficha-n")).to_have_text(ficha)
    p.se_presenta(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.titularidad(asesor, documento)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.en(asesor, "5.2.8")
    asesor.locator("[name=tema]").fill("S02")
    asesor.locator("[name=tema]").press("Enter")  # chooses, and sends nothing
    expect(asesor.locator(".resumen-error")).to_have_count(0)
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    p.responder(asesor)
    p.pedir_calificacion(asesor)

    tableta = mundo.equipo("tableta.bog-agu.1")
    tableta.goto("/tableta")
    tableta.get_by_text("Excelente").click()
    tableta.get_by_role("button", name="Enviar mi calificación").click()
    expect(tableta.get_by_role("heading", name="Gracias")).to_be_visible()
    mundo.trabajador.quieto()

    assert mundo.filas("select resultado, estado from turno") == [("atendido", "cerrado")]
    assert mundo.filas("select valor from calificacion") == [(5,)]
    ((estado, radicado, primero),) = mundo.filas(
        "select estado, radicado, resuelto_primer_contacto from caso"
    )
    assert (estado, primero) == ("cerrado", 1)
    assert str(radicado).startswith("2026-")
    assert mundo.casos("status") == [("finished",)]
    assert mundo.filas("select count(*) from incident") == [(0,)]
