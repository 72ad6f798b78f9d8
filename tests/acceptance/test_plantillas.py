"""A template that the coordinator writes is one key away for the adviser who answers a case of that theme (5.2.10)."""

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_a_template_of_the_coordinator_is_inserted_by_its_key(mundo: Mundo) -> None:
    coordinador = mundo.persona("coordinador")
    coordinador.goto("/plantillas")
    coordinador.get_by_label("Tema").fill("plan de pagos")
    coordinador.get_by_label("Nombre").fill("Plan de pagos vigente")
    coordinador.get_by_label("Texto").fill("{nombre}, su plan de pagos queda disponible hoy en la página web. Caso {radicado}.")
    coordinador.get_by_role("button", name="Agregar la plantilla").click()
    expect(coordinador.get_by_role("heading", name="Crédito › Plan de pagos")).to_be_visible()
    coordinador.get_by_text("Retirar… Plan de pagos vigente").click()
    expect(coordinador.get_by_text("Los asesores dejan de verla.").filter(visible=True)).to_be_visible()
    mirar(coordinador, "/plantillas, antes de retirar")
    coordinador.get_by_role("button", name="Retirar Plan de pagos vigente").click()
    coordinador.get_by_text("Retiradas", exact=True).click()
    coordinador.get_by_role("button", name="Volver a usar Plan de pagos vigente").click()
    expect(coordinador.get_by_role("heading", name="Crédito › Plan de pagos")).to_be_visible()

    documento = p.titular_con_datos(mundo)
    p.tomar_turno(mundo, documento=documento)
    asesor = mundo.persona("asesor.bog01")
    p.llamar(asesor)
    p.se_presenta(asesor)
    p.motivo(asesor, "Necesita el plan de pagos de su crédito")
    p.titularidad(asesor, documento)
    p.datos(asesor)
    p.en(asesor, "5.2.8")
    expect(asesor.get_by_label("La queja es")).to_be_hidden()
    p.marcar(asesor, "Clase", "Queja")
    expect(asesor.get_by_label("La queja es")).to_be_visible()
    expect(asesor.get_by_text("Solo si en «Clase» elige «Queja»")).to_be_hidden()
    temas = asesor.locator("datalist#tema-l option")
    expect(temas).to_have_count(3)  # the list offers the themes of the class
    p.tipificar(asesor, "plan de pagos", descripcion="Pide el plan de pagos de su crédito vigente.")
    p.esperar_aplicativos(mundo, asesor)
    asesor.keyboard.press("F6")
    respuesta = asesor.get_by_label("Respuesta para la persona")
    ((nombre, radicado),) = mundo.filas("select p.nombre, c.radicado from caso c join persona p on p.id = c.persona_id")
    expect(respuesta).to_have_value(f"{nombre}, su plan de pagos queda disponible hoy en la página web. Caso {radicado}.")
    p.continuar(asesor)
    p.en(asesor, "5.2.12")
