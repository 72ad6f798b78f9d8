"""A procedure that is not M5-1-02 in a browser: a clerk begins a case, a citizen another;
compliance finds both."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from engine.types import SYSTEM
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import files, permit


def escribir(pagina: Page, nombre: str, sitio: str) -> None:
    pagina.get_by_label("Nombre completo").fill(nombre)
    pagina.get_by_label("Documento").fill("51.000.481")
    pagina.get_by_label("Correo").fill("yolanda@correo.example")
    p.marcar(pagina, "Para qué", "Terraza de un negocio")
    pagina.get_by_label("Dirección del sitio").fill(sitio)


def test_a_clerk_and_a_citizen_begin_cases_that_compliance_finds(
    mundo: Mundo, tmp_path: Path
) -> None:
    mundo.engine.releases.deploy(permit.FILES, actor=SYSTEM, now=mundo.clock.now())
    asesora = mundo.persona("asesor.bog01")
    asesora.get_by_role("navigation", name="Hoy").get_by_role("link", name="Iniciar").click()
    expect(p.titulo(asesora)).to_have_text("Iniciar un caso")
    mirar(asesora, "/iniciar")
    asesora.get_by_role("link", name=re.compile(r"Iniciar\s*: Permiso")).click()
    escribir(asesora, "Yolanda Prada", "Calle 14 n.º 6-25")
    asesora.get_by_label("Plano").set_input_files(files=[p.PDF])
    expect(asesora.locator(".elegidos .conservado")).to_contain_text("✓ Guardado")
    asesora.get_by_role("button", name="Iniciar el caso").click()
    expect(asesora.locator(".resumen-error")).to_be_focused()
    expect(asesora.locator(".elegidos .conservado")).to_contain_text("Se conserva")
    expect(asesora.get_by_label("Dirección del sitio")).to_have_value("Calle 14 n.º 6-25")
    mirar(asesora, "/iniciar/permiso, con faltas")
    asesora.get_by_label("Área en metros").fill("24")
    asesora.get_by_role("button", name="Iniciar el caso").click()
    expect(p.titulo(asesora)).to_have_text("Quedó con el número PEP-2026-00001")
    assert mundo.filas("select nombre from archivo") == [("poder.pdf",)]
    mirar(asesora, "/iniciar/hecho")
    asesora.get_by_role("link", name="Ver el caso").click()
    expect(p.titulo(asesora)).to_contain_text("PEP-2026-00001")
    mirar(asesora, "/caso de otro trámite")
    asesora.goto("/iniciar/permiso/csv")
    mirar(asesora, "/iniciar/permiso/csv")

    ciudadana = mundo.publico(ancho=390)
    ciudadana.goto("/tramites")
    mirar(ciudadana, "/tramites")
    ciudadana.get_by_role("link", name="Permiso de ocupación").click()
    escribir(ciudadana, "Álvaro Peña", "Plaza Mayor 3")
    ciudadana.get_by_label("Área en metros").fill("10")
    mirar(ciudadana, "/tramites/permiso")
    ciudadana.get_by_role("button", name="Continuar").click()
    expect(p.titulo(ciudadana)).to_have_text("Revise antes de enviar")
    mirar(ciudadana, "/tramites/permiso, revisar")
    ciudadana.get_by_role("button", name="Cambiar lo que escribí").click()
    ciudadana.get_by_label("Área en metros").fill("12")
    ciudadana.get_by_role("button", name="Continuar").click()
    expect(ciudadana.get_by_text("Plaza Mayor 3")).to_be_visible()
    plano = tmp_path / "plano.pdf"
    plano.write_bytes(files.pdf("Plano"))
    ciudadana.wait_for_load_state()
    ciudadana.get_by_label("Plano").set_input_files(plano)
    ciudadana.get_by_label("Lo que escribí es cierto").check()
    ciudadana.get_by_role("button", name="Enviar la solicitud").click()
    expect(ciudadana.get_by_text("PEP-2026-00002")).to_be_visible()
    mirar(ciudadana, "/tramites/recibida")
    mundo.trabajador.quieto()
    assert any("PEP-2026-00002" in asunto for asunto in mundo.correos())
    ciudadana.get_by_role("link", name="Consultar cómo va").click()
    ciudadana.get_by_label("Radicado").fill("PEP-2026-00002")
    ciudadana.get_by_label("Número de documento").fill("51000481")
    ciudadana.get_by_role("button", name="Consultar").click()
    expect(ciudadana.get_by_text("En trámite")).to_be_visible()
    mirar(ciudadana, "/consulta de otro trámite")

    gestora = mundo.persona("gestion.documental")
    gestora.goto("/bandeja")
    expect(gestora.get_by_role("link", name="PEP-2026-00001", exact=True)).to_be_visible()
    gestora.get_by_role("link", name=re.compile("Permiso › Plaza Mayor 3")).click()
    expect(gestora.get_by_text("Lo registrado hasta ahora")).to_be_visible()
    mirar(gestora, "/tarea de otro trámite")

    revisora = mundo.persona("cumplimiento")
    revisora.goto("/cumplimiento")
    for numero, palabra in (("PEP-2026-00001", "prada"), ("PEP-2026-00002", "plaza mayor")):
        revisora.get_by_label("Persona").fill(palabra)
        revisora.get_by_role("button", name="Buscar").click()
        expect(revisora.get_by_role("link", name=numero)).to_be_visible()
    mirar(revisora, "/cumplimiento de otro trámite")
    p.sin_faltas(mundo)
