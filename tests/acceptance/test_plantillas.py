"""A template that the coordinator writes is one key away for the adviser who answers a case of that
theme (5.2.10)."""

import datetime as dt

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from records.visita.tablas import Atencion
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


@pytest.mark.long
def test_a_template_of_the_coordinator_is_inserted_by_its_key(mundo: Mundo) -> None:
    coordinador = mundo.persona("coordinador")
    coordinador.goto("/plantillas")
    coordinador.get_by_label("Tema").fill("plan de pagos")
    coordinador.get_by_label("Nombre").fill("Plan de pagos vigente")
    coordinador.get_by_label("Texto").fill(
        "{nombre}, su plan de pagos queda disponible hoy con [saldo]. Caso {radicado}."
    )
    coordinador.get_by_role("button", name="Agregar la plantilla").click()
    expect(coordinador.get_by_role("heading", name="Crédito › Plan de pagos")).to_be_visible()
    coordinador.get_by_text("Retirar… Plan de pagos vigente").click()
    expect(
        coordinador.get_by_text("Los asesores dejan de verla.").filter(visible=True)
    ).to_be_visible()
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
    sin_guiones = mundo.browser.new_context(
        base_url=mundo.url, java_script_enabled=False, storage_state=asesor.context.storage_state()
    )
    llano = sin_guiones.new_page()
    llano.goto("/atencion")
    # nothing hides it: the page says when it counts
    expect(llano.get_by_text("Solo si en «Clase» elige «Queja»")).to_be_visible()
    expect(llano.get_by_label("La queja es")).to_be_visible()
    temas = asesor.locator("datalist#tema-l option")
    expect(temas).to_have_count(3)  # the list offers the themes of the class
    p.tipificar(asesor, "plan de pagos", descripcion="Pide el plan de pagos de su crédito vigente.")
    p.esperar_aplicativos(mundo, asesor)
    llano.goto("/atencion")
    llano.locator("summary", has_text="Plan de pagos vigente").click()
    # to be copied
    expect(llano.get_by_text("su plan de pagos queda disponible hoy con [saldo].")).to_be_visible()
    expect(llano.get_by_role("button", name="Insertar")).to_have_count(0)
    sin_guiones.close()
    p.acorde(asesor, "F6")
    respuesta = asesor.get_by_label("Respuesta para la persona")
    ((nombre, radicado),) = mundo.filas(
        "select p.nombre, c.radicado from caso c join persona p on p.id = c.persona_id"
    )
    con_hueco = f"{nombre}, su plan de pagos queda disponible hoy con [saldo]. Caso {radicado}."
    expect(respuesta).to_have_value(con_hueco)
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_contain_text(
        "Complete «[saldo]» antes de responder"
    )
    mirar(asesor, "5.2.10, con un hueco")
    respuesta.fill(con_hueco.replace("[saldo]", "un saldo de 3.150.000 pesos"))
    p.continuar(asesor)
    p.pedir_calificacion(asesor)
    cierre = asesor.locator(".aviso.verde")
    expect(cierre).to_contain_text(
        "Si llama al siguiente antes de que la persona responda, se cierra sin calificar."
    )
    expect(cierre.get_by_role("link", name="Imprimir constancia")).to_be_visible()
    mirar(asesor, "fila, con la calificación pedida")

    with mundo.sesion(escribe=True) as s:  # three days later
        for atencion in s.scalars(sa.select(Atencion)):
            atencion.inicio -= dt.timedelta(days=3)
        s.commit()
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Pregunta otra vez por su plan de pagos")
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    repetida = asesor.locator(
        "#contexto .aviso", has=asesor.get_by_role("heading", name="Otra visita reciente")
    )
    expect(repetida).to_contain_text("Ya vino otro día en el último mes")
    expect(repetida).to_contain_text("un saldo de 3.150.000 pesos")  # what they were told
    mirar(asesor, "5.2.7, visita repetida")
    visita = asesor.url
    asesor.get_by_role("button", name="English", exact=True).first.click()
    expect(asesor.locator("html")).to_have_attribute("lang", "en")
    asesor.goto(visita)
    expect(asesor.locator("#contexto .aviso.ambar b").first).to_have_text("Payment plan")
