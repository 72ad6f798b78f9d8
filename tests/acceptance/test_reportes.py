"""Monthly reports in the browser (5.2.23–5.2.26), by each role: made, sent back beside a figure,
answered, approved, joined."""

from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota

PUNTO = "Bogotá, Aguas (central), noviembre de 2026"
COMENTARIO = "Se atendió a una sola persona: el punto estuvo en obra casi todo el mes."


def test_a_month_is_reported_reviewed_and_joined_by_each_role(mundo: Mundo) -> None:
    p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 12, 1, 6, 1))
    mundo.trabajador.quieto()
    agente, gerente = mundo.persona("agente.calidad"), mundo.persona("gerente")

    abrir(agente, "Generar reporte del punto")
    expect(agente.get_by_text("atendió a 1 persona de 1 turno.")).to_be_visible()
    mirar(agente, "5.2.23")
    agente.get_by_label("Comentarios del reporte").fill("Corto")
    agente.get_by_role("button", name="Enviar a revisión").click()
    con_errores(agente, "5.2.23")
    agente.get_by_label("Comentarios del reporte").fill(COMENTARIO)
    p.acorde(agente, "Control+Enter")
    expect(agente.get_by_text(f"El reporte de {PUNTO}, pasó a revisión.")).to_be_visible()

    abrir(gerente, "Revisar reporte del punto")
    expect(gerente.get_by_text(COMENTARIO).first).to_be_visible()
    observar = gerente.locator("summary", has_text="Observar esta cifra: Abandono")
    observar.focus()
    gerente.keyboard.press("Enter")
    gerente.keyboard.press("Tab")
    gerente.keyboard.type("¿Quién se fue sin que lo atendieran?")
    mirar(gerente, "5.2.24")
    p.marcar(gerente, "¿Cumple los requisitos?", "No, devolver con observaciones (5.2.25)")
    gerente.get_by_role("button", name="Terminar la revisión").click()
    expect(
        gerente.get_by_text(f"Devolvió el reporte de {PUNTO}, con sus observaciones.")
    ).to_be_visible()

    abrir(agente, "Ajustar reporte del punto")
    expect(agente.get_by_label("Comentarios del reporte")).to_have_value(COMENTARIO)
    mirar(agente, "5.2.25")
    agente.get_by_label("Respuesta a la observación: Abandono").fill("Nadie: cero de uno.")
    agente.get_by_label("Qué cambió").fill("Se responde la observación")
    agente.get_by_role("button", name="Regresar a revisión").click()
    abrir(gerente, "Revisar reporte del punto")
    expect(
        gerente.get_by_text("Cada observación de la ronda anterior tiene su respuesta.")
    ).to_be_visible()
    p.marcar(gerente, "¿Cumple los requisitos?", "Sí, aprobar")
    gerente.get_by_role("button", name="Terminar la revisión").click()
    expect(gerente.get_by_text(f"Aprobó el reporte de {PUNTO}.")).to_be_visible()

    agente.goto("/reportes")
    expect(agente.get_by_text("1 de 23 aprobados")).to_be_visible()
    mirar(agente, "reportes")
    agente.get_by_role("link", name="Bogotá, Aguas (central)").click()
    expect(agente.get_by_text("Nadie: cero de uno.").first).to_be_visible()
    mirar(agente, "reporte de un punto")
    los_demas(agente, gerente)

    operativo = mundo.persona("gerente.operativo")
    operativo.goto("/bandeja")
    operativo.get_by_role("link", name="Consolidar informe mensual: noviembre de 2026").click()
    expect(operativo.get_by_text("Junta 23 reportes aprobados.")).to_be_visible()
    mirar(operativo, "5.2.26")
    operativo.get_by_role("button", name="Consolidar el informe").click()
    con_errores(operativo, "5.2.26")
    operativo.get_by_label("Conclusiones del informe").fill(
        "El punto de Aguas vuelve a abrir en enero."
    )
    operativo.get_by_role("button", name="Consolidar el informe").click()
    expect(operativo.get_by_text("El informe de noviembre de 2026 está listo.")).to_be_visible()
    operativo.goto("/reportes/2026-11")
    expect(operativo.get_by_role("region", name="Informe mensual")).to_contain_text(
        "vuelve a abrir en enero"
    )
    mirar(operativo, "informe mensual")
    operativo.get_by_role("link", name="Informe mensual de quejas, reclamos o sugerencias").click()
    expect(operativo.get_by_role("heading", level=1)).to_contain_text(
        "Quejas, reclamos o sugerencias de noviembre de 2026"
    )
    mirar(operativo, "quejas")
    p.sin_faltas(mundo)


def abrir(pagina: Page, que: str) -> None:
    pagina.goto("/bandeja")
    pagina.get_by_role("link", name=f"{que}: {PUNTO}").click()


def los_demas(agente: Page, gerente: Page) -> None:
    """The other twenty-two on one page for each: two presses to get there and one to send, words
    only where nobody was attended."""
    agente.goto("/bandeja")
    agente.get_by_role("link", name="Generar reporte del punto: hacer las 22").click()
    mirar(agente, "5.2.23 de todos")
    agente.get_by_role("button", name="Enviar a revisión").click()
    expect(agente.locator(".resumen-error")).to_be_focused()
    mirar(agente, "5.2.23 de todos, con errores")
    faltan = agente.get_by_label("Por qué no atendió a nadie")
    expect(faltan).to_have_count(22)
    for n in range(22):
        faltan.nth(n).fill(f"El punto {n} abrió después de ese día.")
    agente.get_by_role("button", name="Enviar a revisión").click()
    expect(agente.get_by_text("Envió 22 reportes a revisión.")).to_be_visible()

    gerente.goto("/reportes/2026-11")
    gerente.get_by_role("link", name="Por revisar: 22").click()
    expect(gerente.get_by_text("El punto 21 abrió después de ese día.")).to_be_visible()
    mirar(gerente, "5.2.24 de todos")
    gerente.get_by_text("Devolverlo con una observación").first.click()
    mirar(gerente, "5.2.24 de todos, una por devolver")
    gerente.get_by_text("Devolverlo con una observación").first.click()
    gerente.get_by_role("button", name="Terminar la revisión").click()
    expect(gerente.get_by_text("Aprobó 22 y devolvió 0.")).to_be_visible()
