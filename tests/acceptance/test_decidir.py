"""The page of the officer's task: short, the decision first, 5.2.16 and 5.2.17 as one page with two
parts (M5-1-02)."""

from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo

MOST_WORDS = 300  #: that stand on the page before the person types
PALABRAS = r"""() => document.querySelector("main").innerText.split(/\s+/)
  .filter((palabra) => /[\p{L}\p{N}]/u.test(palabra)).length"""
HALLAZGOS = "El banco recaudó el pago el 5 de octubre; faltaba aplicarlo en cartera."


def disputado(mundo: Mundo) -> p.CasoEscalado:
    """A claim about a balance: the systems answered in the visit, and a document is in the case."""
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular(), tema="R02")
    p.escalar(asesor)
    p.pedir_calificacion(asesor)
    mundo.pasan(minutes=4)
    ((radicado, case_key),) = mundo.filas("select radicado, case_key from caso")
    caso = p.CasoEscalado(1, str(radicado), str(case_key))
    asesor.goto(f"/caso/{caso.case_key}/documentos")
    asesor.get_by_text("Adjuntar documentos…").click()
    asesor.locator("input[name=archivos]").set_input_files(p.PDF)
    asesor.get_by_role("button", name="Adjuntar al caso").click()
    expect(asesor.get_by_role("link", name="poder.pdf")).to_be_visible()
    return caso


def es_corta(pagina: Page, nombre: str) -> None:
    """The request stands there once, and so does what the systems said."""
    pagina.wait_for_load_state()
    assert pagina.evaluate(PALABRAS) <= MOST_WORDS, nombre
    visible = pagina.locator("main").inner_text()
    assert visible.count("El pago de octubre no aparece en el estado de cuenta.") == 1, nombre
    assert visible.count("falta aplicarlo") == 1, nombre
    for dicho in ("Obligación", "Saldo", "Mora", "poder.pdf"):
        assert dicho in visible, f"{nombre}: {dicho}"
    expect(pagina.get_by_role("link", name="Reasignar o devolver…")).to_have_count(1)


def la_decision_va_primero(pagina: Page, nombre: str) -> None:
    """Before all that is read beside it, on a small window and with letters twice as large; the
    other language is one press away on both."""
    letras = pagina.context.new_cdp_session(pagina)
    for ancho, letra, alto in ((320, 16, 900), (1280, 32, 1100)):
        pagina.set_viewport_size({"width": ancho, "height": 900})
        letras.send("Page.setFontSizes", {"fontSizes": {"standard": letra}})
        formulario = pagina.locator("form[data-tarea]").bounding_box()
        sistemas = pagina.get_by_role("region", name="Lo que respondieron los sistemas")
        otro = sistemas.bounding_box()
        assert formulario is not None
        assert otro is not None
        assert formulario["y"] < min(alto, otro["y"]), f"{nombre} {ancho}, {letra} px"
        expect(pagina.get_by_role("button", name="English")).to_be_visible()
    letras.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    pagina.set_viewport_size({"width": 1280, "height": 900})


def test_the_task_page_is_short_and_begins_with_the_decision(mundo: Mundo) -> None:
    caso = disputado(mundo)
    funcionario = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.16")
    es_corta(funcionario, "5.2.16")
    la_decision_va_primero(funcionario, "5.2.16")
    p.marcar(funcionario, "Después de leer el caso", "Es de mi área y está completo")
    p.continuar(funcionario)
    p.en(funcionario, "5.2.17")
    es_corta(funcionario, "5.2.17")
    la_decision_va_primero(funcionario, "5.2.17")
    p.investigar(funcionario)
    es_corta(funcionario, "5.2.18")
    la_decision_va_primero(funcionario, "5.2.18")
    p.sin_faltas(mundo)


def test_who_receives_a_case_and_has_looked_into_it_sends_both_activities_from_one_page(
    mundo: Mundo,
) -> None:
    """Errors in the second part keep all and complete nothing; both are acts of their own, in
    order."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.16")
    segunda = funcionario.get_by_role("region", name="5.2.17 Investigar el caso")
    expect(segunda).to_be_visible()
    con_errores(funcionario, "5.2.16 con 5.2.17")
    p.marcar(funcionario, "Después de leer el caso", "Es de otra área")
    expect(segunda).to_be_hidden()
    p.marcar(funcionario, "Después de leer el caso", "Es de mi área y está completo")
    segunda.get_by_label("Acción correctiva").fill("Se aplicó el pago.")
    p.continuar(funcionario)
    expect(funcionario.locator(".resumen-error")).to_contain_text("Escriba los hallazgos")
    p.en(funcionario, "5.2.16")
    assert mundo.abiertas("element") == [("act_5_2_16",)]
    expect(segunda.get_by_label("Acción correctiva")).to_have_value("Se aplicó el pago.")
    mirar(funcionario, "5.2.17 con errores en 5.2.16")
    segunda.get_by_label("Hallazgos").fill(HALLAZGOS)
    segunda.get_by_label("Soporte").set_input_files(p.PDF)
    p.continuar(funcionario)
    p.en(funcionario, "5.2.18")
    assert mundo.filas(
        "select element, actor_id from submission where form like 'funcionario.%' order by rev"
    ) == [("act_5_2_16", "funcionario.vcc01"), ("act_5_2_17", "funcionario.vcc01")]
    assert mundo.filas("select hallazgos, accion_correctiva from investigacion") == [
        (HALLAZGOS, "Se aplicó el pago.")
    ]
    assert mundo.filas("select nombre from archivo") == [("poder.pdf",)]
    p.sin_faltas(mundo)


def test_what_was_found_waits_with_a_case_that_is_sent_back_for_information(mundo: Mundo) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.16")
    funcionario.get_by_label("Hallazgos").fill(HALLAZGOS)
    p.marcar(funcionario, "Después de leer el caso", "Falta información del usuario")
    funcionario.get_by_label("Qué información falta").fill("El recibo de octubre, las dos caras.")
    p.continuar(funcionario)
    expect(p.titulo(funcionario)).to_contain_text("Bandeja")
    asesor = mundo.persona("asesor.bog01")
    mundo.trabajador.quieto()
    asesor.goto(f"/caso/{caso.case_key}")
    asesor.get_by_text("Recibir lo que trajo…").press("Enter")
    asesor.get_by_label("Qué entregó la persona").fill("Recibo de octubre, original y copia.")
    asesor.get_by_role("button", name="Registrar lo que entregó").click()
    mundo.trabajador.quieto()
    p.tomar_en_bandeja(funcionario, caso, "5.2.16")
    expect(funcionario.get_by_label("Hallazgos")).to_have_value(HALLAZGOS)
    expect(funcionario.get_by_role("note")).to_contain_text("La persona entregó lo que faltaba")
    p.sin_faltas(mundo)


def test_known_data_are_confirmed_by_one_button_and_the_desk_is_not_asked_again(
    mundo: Mundo,
) -> None:
    """5.2.2 and 5.2.7: what is known stands there to be read; a change is one press away and is no
    confirmation."""
    p.tomar_turno(mundo)
    documento, asesor = p.titular_con_datos(mundo), mundo.persona("asesor.bog01")
    p.llamar(asesor)
    expect(asesor.locator("select#modulo")).to_have_count(0)
    p.se_presenta(asesor)
    assert mundo.filas("select distinct modulo from turno_periodo where modulo is not null") == [
        ("1",)
    ]
    asesor.get_by_label("Qué necesita la persona").fill("Paz y salvo")
    expect(asesor.get_by_text("al menos 20 letras")).to_be_visible()
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_contain_text("entre 20 y 500")
    p.motivo(asesor, "Necesita el paz y salvo de su crédito")
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    conocidos = asesor.get_by_role("region", name="Confírmelos con la persona")
    for dicho in ("Calle 10 # 20-30", "Bogotá, D. C.", "Correo electrónico", "Sí"):
        expect(conocidos).to_contain_text(dicho)
    expect(asesor.get_by_label("Dirección", exact=True)).to_be_hidden()
    mirar(asesor, "5.2.7, todo sigue igual")
    antes = mundo.filas("select count(*) from contacto")
    asesor.get_by_role("button", name="Todo sigue igual").click()
    p.en(asesor, "5.2.8")
    assert mundo.filas("select count(*) from contacto") == antes
    ((dicho,),) = mundo.filas(
        "select form_values from submission where form = 'asesor.datos_basicos'"
    )
    assert '"confirmacion":"igual"' in str(dicho).replace(" ", "")
    p.sin_faltas(mundo)


def test_data_that_were_changed_are_no_confirmation(mundo: Mundo) -> None:
    documento, asesor = p.titular_con_datos(mundo), mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Necesita el paz y salvo de su crédito")
    p.titularidad(asesor, documento)
    p.datos(asesor, direccion="Carrera 7 # 72-41")
    p.en(asesor, "5.2.8")
    assert ("Carrera 7 # 72-41",) in mundo.filas("select valor from contacto")
    ((dicho,),) = mundo.filas(
        "select form_values from submission where form = 'asesor.datos_basicos'"
    )
    assert '"confirmacion":""' in str(dicho).replace(" ", "")
    p.sin_faltas(mundo)
