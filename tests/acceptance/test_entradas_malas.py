"""What people and attackers send wrongly to the adviser's console: the right answer, nothing lost,
nothing leaked."""

from playwright.sync_api import Page, expect

from demo.cuentas import CLAVE
from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo

MEGAS = 2 * 1024 * 1024


def enviado(pagina: Page) -> int:
    """Press the button and say with which status the page came back."""
    with pagina.expect_response(lambda r: r.request.method == "POST") as respuesta:
        p.continuar(pagina)
    return respuesta.value.status


def test_a_power_dated_tomorrow_is_refused_beside_the_field_and_the_rest_stays(
    mundo: Mundo,
) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Viene por el crédito de su hermana")
    p.por_el_poder(asesor, ("CC", "1099887766"))
    p.en(asesor, "5.2.5")
    asesor.get_by_label("Nombres y apellidos").fill("Gloria Inés Cadena Ruiz")
    p.marcar(asesor, "¿Trae poder autenticado?", "Sí")
    asesor.get_by_label("Número de documento del titular").fill(mundo.titular()[1])
    asesor.get_by_label("Notaría").fill("Notaría 5 de Bogotá")
    asesor.get_by_label("Número del poder").fill("1234")
    asesor.get_by_label("Fecha del poder").fill("25/11/2026")
    asesor.get_by_label("Conocer saldos y datos del crédito").check()
    asesor.get_by_label("Copia del poder").set_input_files(files=[p.PDF])

    assert enviado(asesor) == 422

    expect(
        asesor.get_by_role("alert").get_by_role(
            "link", name="La fecha del poder no puede ser posterior a hoy"
        )
    ).to_be_visible()
    expect(asesor.get_by_label("Fecha del poder")).to_have_value("25/11/2026")
    expect(asesor.get_by_label("Notaría")).to_have_value("Notaría 5 de Bogotá")
    expect(asesor.locator(".elegidos")).to_contain_text("poder.pdf")
    assert mundo.filas("select count(*) from poder") == [(0,)]
    assert mundo.abiertas("element") == [("act_5_2_5",)]


def test_an_unknown_document_type_posted_by_hand_is_refused_and_the_rest_stays(
    mundo: Mundo,
) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.en(asesor, "5.2.4")
    asesor.locator("[name=tipo_doc]").evaluate(
        "e => e.add(new Option('Cédula marciana', 'XX', true, true))"
    )
    asesor.get_by_label("Número de documento").fill("1099887766")
    p.marcar(asesor, "¿Exhibió el documento original?", "Sí, lo tengo a la vista")

    assert enviado(asesor) == 422

    expect(asesor.locator(".resumen-error")).to_be_focused()
    expect(asesor.locator("[name=tipo_doc]")).to_have_attribute("aria-invalid", "true")
    expect(asesor.get_by_label("Número de documento")).to_have_value("1099887766")
    expect(asesor.get_by_label("Sí, lo tengo a la vista")).to_be_checked()
    assert mundo.filas("select count(*) from persona where num_doc = '1099887766'") == [(0,)]
    assert mundo.abiertas("element") == [("act_5_2_4",)]


def test_a_text_of_two_megabytes_is_refused_in_words_and_the_form_goes_on(mundo: Mundo) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.en(asesor, "5.2.3")
    asesor.locator("[name=motivo]").evaluate(f"e => {{ e.value = 'a'.repeat({MEGAS}); }}")

    assert enviado(asesor) in {413, 422}

    expect(asesor.locator("main")).to_contain_text("demasiado")
    assert mundo.abiertas("element") == [("act_5_2_3",)]
    asesor.goto("/atencion")
    p.motivo(asesor, "Necesita el paz y salvo")
    p.en(asesor, "5.2.4")


def test_ids_of_another_point_answer_404_and_leak_nothing(mundo: Mundo) -> None:
    propio = mundo.persona("asesor.bog01")
    caso = p.caso_escalado(mundo, propio)
    p.llega_sin_ficha(propio)
    ((item,),) = mundo.filas(
        "select id from work_item where state = 'open' and element = 'act_5_2_3'"
    )
    ((persona, documento),) = mundo.filas(
        "select p.nombre, p.num_doc from persona p join caso c on c.persona_id = p.id where c.id = :i",
        i=caso.id,
    )
    ajeno = mundo.persona("asesor.med01")
    token = ajeno.locator("[name=csrf_token]").first.input_value()
    antes = mundo.filas("select count(*) from journal") + mundo.filas("select count(*) from draft")

    rutas = [f"/tarea/{item}", f"/atencion/constancia/{caso.id}"]
    rutas += [f"/caso/{caso.case_key}{parte}" for parte in ("", "/historia", "/diagrama")]
    respuestas = {ruta: ajeno.request.get(ruta) for ruta in rutas}
    respuestas["envío"] = ajeno.request.post(
        f"/tarea/{item}", form={"csrf_token": token, "motivo": "Nada"}
    )
    respuestas["borrador"] = ajeno.request.put(
        f"/tarea/{item}/borrador", data={"motivo": ["Nada"]}, headers={"X-CSRFToken": token}
    )
    for ruta, respuesta in respuestas.items():
        assert respuesta.status == 404, f"{ruta}: {respuesta.status}"
        for secreto in (str(persona), str(documento), caso.radicado):
            assert secreto not in respuesta.text(), f"{ruta} leaks {secreto}"
    assert (
        mundo.filas("select count(*) from journal") + mundo.filas("select count(*) from draft")
        == antes
    )
    assert mundo.filas(
        "select count(*) from access where kind = 'rechazo' and actor_id = 'asesor.med01'"
    ) >= [(len(rutas) - 1,)]


def test_a_login_that_expires_in_mid_typing_on_the_console_does_not_cost_the_text(
    mundo: Mundo,
) -> None:
    texto = "Dice que pagó en octubre y que el banco le entregó «comprobante» & sello"
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.en(asesor, "5.2.3")
    asesor.get_by_label("Qué necesita la persona").fill(texto)
    p.marcar(asesor, "¿Puede resolverse aquí mismo?", "No")
    asesor.context.clear_cookies()
    p.acorde(asesor, "Control+Enter")

    expect(asesor.get_by_role("status")).to_contain_text("su texto sigue aquí")
    assert mundo.abiertas("element") == [("act_5_2_3",)]
    asesor.get_by_label("Usuario").fill("asesor.bog01")
    asesor.get_by_label("Contraseña", exact=True).fill(CLAVE)
    asesor.get_by_role("button", name="Ingresar").click()

    p.en(asesor, "5.2.3")
    expect(asesor.get_by_label("Qué necesita la persona")).to_have_value(texto)
    expect(
        asesor.get_by_role("group", name="¿Puede resolverse aquí mismo?").get_by_label(
            "No", exact=True
        )
    ).to_be_checked()
    p.marcar(asesor, "¿Puede resolverse aquí mismo?", "Sí")
    p.continuar(asesor)
    p.en(asesor, "5.2.4")
    assert mundo.filas("select motivo from atencion") == [(texto,)]
