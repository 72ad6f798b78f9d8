"""The officer's desk in a browser (M5-1-02 5.2.16 to 5.2.18): the case beside the form, one pair of hands, nothing that ends in nothing."""

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_the_task_shows_the_case_and_who_receives_it_keeps_it_to_the_answer(mundo: Mundo) -> None:
    """5.2.16 to 5.2.18: what the person asks, the adviser's summary and both terms stand beside the form, which opens when it is taken."""
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    caso = p.caso_escalado(mundo, asesor)
    funcionario.goto("/bandeja")
    ((item,),) = mundo.filas("select id from work_item where state = 'open' and element = 'act_5_2_16'")
    funcionario.goto(f"/tarea/{item}")
    p.en(funcionario, "5.2.16")
    expect(funcionario.locator(".linea-caso")).to_contain_text(caso.radicado)
    ((descripcion, resumen),) = mundo.filas("select descripcion, resumen from caso")
    expect(funcionario.get_by_role("region", name="Qué pide la persona")).to_contain_text(str(descripcion))
    expect(funcionario.get_by_role("region", name="Qué pide la persona")).to_contain_text(str(resumen))
    plazos = funcionario.get_by_role("region", name="Plazos")
    for nombre in ("Plazo interno", "Término legal"):
        expect(plazos.locator("div", has_text=nombre).first).to_contain_text("días hábiles")
    expect(funcionario.get_by_label("Es de mi área y está completo")).to_be_disabled()
    mirar(funcionario, "5.2.16 sin tomar")

    funcionario.get_by_role("button", name="Tomar", exact=True).click()
    expect(funcionario.get_by_text("La tiene usted")).to_be_visible()
    p.marcar(funcionario, "Después de leer el caso", "Es de mi área y está completo")
    p.continuar(funcionario)
    p.investigar(funcionario)
    expect(funcionario.get_by_role("region", name="Lo dicho y lo hecho")).to_contain_text("faltaba aplicarlo en cartera")
    colega = mundo.persona("funcionario.vcc02")
    ((item, quien),) = mundo.filas("select id, claimed_by from work_item where state = 'open' and element = 'act_5_2_18'")
    assert quien == "funcionario.vcc01"
    colega.goto(f"/tarea/{item}")
    expect(colega.get_by_role("group", name="Quién tiene la tarea")).to_contain_text("La tiene")
    expect(colega.get_by_label("Respuesta técnica")).to_be_disabled()
    mirar(funcionario, "5.2.18")
    p.documentar(funcionario)
    mundo.trabajador.quieto()
    assert mundo.filas("select element, claimed_by from work_item where state = 'open'") == [("act_13", "asesor.bog01")]
    assert [a for a in mundo.correos() if a.endswith(f"respondió el caso {caso.radicado}")]
    p.sin_faltas(mundo)
