"""A person asks that what is held about them go: compliance finds them, another person decides, the
worker does it; each page says so."""

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from webforms.derechos import supresion

SIN_BORRAR = (
    "select count(*) from contacto where persona_id = (select persona_id from caso) and valor <> ''"
)


def test_a_person_asks_and_what_may_go_goes(mundo: Mundo) -> None:
    """Errors at their fields, at 1280 and at 320; then a case that only compliance opens."""
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, asesor, titular=documento)
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, asesor, caso)
    ((nombre,),) = mundo.filas("select p.nombre from persona p join caso c on c.persona_id = p.id")

    revisora = mundo.persona("cumplimiento")
    revisora.goto("/cumplimiento/accesos")
    revisora.get_by_label("Número de documento").fill(documento[1])
    revisora.get_by_label("Por qué lo consulta").fill("Solicitud 2026-0140022")
    revisora.get_by_role("button", name="Consultar").click()
    revisora.get_by_role("link", name="Suprimir o restringir sus datos…").click()
    expect(p.titulo(revisora)).to_have_text("Suprimir o restringir datos")
    expect(revisora.get_by_role("row").filter(has_text=caso.radicado)).to_contain_text(
        "Hasta que lo diga su serie documental"
    )
    mirar(revisora, "suprimir o restringir")
    revisora.get_by_label("Datos de contacto").select_option("Suprimir")
    revisora.get_by_label(f"Caso {caso.radicado}").select_option("Restringir")
    revisora.get_by_role("button", name="Pedir que otra persona lo apruebe").click()
    expect(revisora.get_by_role("alert")).to_contain_text(
        "Escriba el número con que la persona lo pidió."
    )
    expect(revisora.get_by_label("Número de la solicitud")).to_have_attribute(
        "aria-invalid", "true"
    )
    expect(revisora.get_by_label("Datos de contacto")).to_have_value("suprimir")
    revisora.set_viewport_size({"width": 320, "height": 800})
    mirar(revisora, "suprimir o restringir, con un error")
    revisora.set_viewport_size({"width": 1280, "height": 800})
    revisora.get_by_label("Número de la solicitud").fill("2026-0140022")
    revisora.get_by_label("Día en que llegó").fill(f"{mundo.clock.now():%d/%m/%Y}")
    revisora.get_by_label("Fundamento").fill("Retira la autorización (Ley 1581 de 2012, art. 8)")
    revisora.get_by_role("button", name="Pedir que otra persona lo apruebe").click()
    expect(revisora.get_by_text("Usted la pidió: la decide otra persona.")).to_be_visible()
    mirar(revisora, "solicitud de datos pedida")
    direccion = revisora.url

    coordinador = mundo.persona("coordinador")
    coordinador.goto("/archivo/eliminaciones")
    coordinador.get_by_role("link", name="Solicitudes sobre datos personales").click()
    mirar(coordinador, "solicitudes de datos")
    coordinador.get_by_role("link", name="SD-2026-0001").click()
    coordinador.get_by_label("La devuelvo: nada cambia").check()
    coordinador.get_by_role("button", name="Decidir").click()
    expect(coordinador.get_by_label("Motivo o comentario")).to_have_attribute(
        "aria-invalid", "true"
    )
    coordinador.set_viewport_size({"width": 320, "height": 800})
    mirar(coordinador, "decidir sobre datos, con un error")
    coordinador.set_viewport_size({"width": 1280, "height": 800})
    coordinador.get_by_label("La apruebo: se cumple en minutos").check()
    coordinador.get_by_role("button", name="Decidir").click()
    expect(coordinador.get_by_text("El trabajador la está cumpliendo.")).to_be_visible()
    with mundo.app.app_context():
        assert supresion.cumplir(mundo.clock.now()) == 1

    revisora.goto(direccion)
    expect(revisora.locator(".sello")).to_contain_text("siguen íntegras")
    mirar(revisora, "solicitud de datos cumplida")
    with revisora.expect_download() as bajada:
        revisora.get_by_role("link", name="Bajar el acta (JSON)").click()
    assert str(nombre) not in bajada.value.path().read_text("utf-8")
    assert mundo.filas(SIN_BORRAR) == [(0,)]
    coordinador.goto(f"/caso/{caso.case_key}")
    expect(p.titulo(coordinador)).not_to_contain_text(caso.radicado)
    expect(
        coordinador.get_by_text("Este caso está restringido: su titular pidió que no se abra.")
    ).to_be_visible()
    mirar(coordinador, "caso restringido, de quien lo abría")
    revisora.goto(f"/cumplimiento/caso/{caso.case_key}")
    expect(revisora.get_by_text("Su titular pidió que no se abra")).to_be_visible()
    mirar(revisora, "caso restringido, pide motivo")
    revisora.get_by_label("Por qué necesita verlo").fill("Lo pide la Procuraduría, oficio 4411")
    revisora.get_by_role("button", name="Abrir el caso").click()
    expect(revisora.get_by_role("region", name="Restringido")).to_be_visible()
    revisora.get_by_role("button", name="Levantar la restricción").click()
    expect(revisora.get_by_label("Por qué se levanta")).to_have_attribute("aria-invalid", "true")
    mirar(revisora, "caso restringido, por levantar")
    revisora.get_by_label("Por qué se levanta").fill("La persona lo pidió otra vez")
    revisora.get_by_role("button", name="Levantar la restricción").click()
    coordinador.goto(f"/caso/{caso.case_key}")
    expect(p.titulo(coordinador)).to_contain_text(caso.radicado)
