"""Documents that are filed (5.2.3, M5-1-04): nobody ends in nothing (issue 9, 1.1)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from tests.kit import files

MESA = 1100  # CSS px from which there are two columns
MOTIVO = "Trae los documentos de la condonación"


def entregar(
    mundo: Mundo,
    medio: str = "Correo electrónico",
    quien: tuple[str, str] | None = None,
    atiende: str = "asesor.bog01",
) -> tuple[Page, str, tuple[str, str]]:
    """The person is identified and the documents go to document management; the adviser's page, the
    ticket, the document."""
    documento = quien or mundo.titular()
    ficha = p.tomar_turno(mundo, "Entregar documentos", documento=None if quien else documento)
    asesor = mundo.persona(atiende)
    p.llamar(asesor, atiende[-1])
    p.se_presenta(asesor)
    p.motivo(asesor, MOTIVO, radicar=True, resoluble=False)
    p.en(asesor, "5.2.4")
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    if asesor.get_by_text("Cambiar algún dato").count():
        asesor.get_by_text("Cambiar algún dato").click()
    p.marcar(asesor, "Por dónde quiere que le respondan", medio)
    p.datos(asesor)
    p.en(asesor, "5.2.12")
    mundo.trabajador.quieto()
    return asesor, ficha, documento


def recibir(gestion: Page, *, falta: str = "") -> str:
    """Document management receives and files; gives the number on the confirmation."""
    gestion.get_by_label("De qué tratan").fill("paz y salvo")
    expect(gestion.get_by_label("Asunto")).to_have_value(MOTIVO)
    for n, (nombre, folios) in enumerate(
        (("Formulario de condonación", "3"), ("Certificados de notas", "6")), start=1
    ):
        gestion.get_by_label(f"Documento {n}", exact=True).fill(nombre)
        gestion.get_by_label(f"Folios del documento {n}", exact=True).fill(folios)
    gestion.get_by_label("Original o copia 2").select_option(label="Copia")
    gestion.get_by_label("Documento 1 digitalizado").set_input_files(
        files=[{**p.PDF, "buffer": files.pdf("Formulario de condonación", pages=3)}]
    )
    p.marcar(gestion, "¿Está completo?", "No, y la persona insiste en radicar" if falta else "Sí")
    if falta:
        gestion.get_by_label("Qué falta").fill(falta)
    p.continuar(gestion)
    expect(p.titulo(gestion)).to_contain_text("Recibimos los documentos de")
    return gestion.locator("#numero").inner_text()


def test_filing_documents_identifies_the_person_and_ends_in_a_number_and_a_printed_proof(
    mundo: Mundo,
) -> None:
    asesor, ficha, _documento = entregar(mundo)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/")
    expect(p.titulo(gestion)).to_have_text("Documentos por recibir")
    fila = gestion.locator("li.entrega")
    (nombre,) = mundo.filas(
        "select p.nombre from atencion a join persona p on p.id = a.persona_id"
    )[0]
    for dicho in (
        str(nombre),
        MOTIVO,
        "Bogotá, Aguas (central), módulo 1",
        f"turno {ficha}",
        "Sin asignar",
    ):
        expect(fila).to_contain_text(dicho)
    mirar(gestion, "documentos por recibir")
    fila.get_by_role("button", name="Tomar").click()
    for dicho in (str(nombre), ficha, "Bogotá, Aguas (central), módulo 1", MOTIVO):
        expect(gestion.locator("dl.ficha").first).to_contain_text(dicho)
    mirar(gestion, "recibir y foliar")
    numero = recibir(gestion, falta="Certificación de prácticas")
    assert re.fullmatch(r"2026-\d{7}", numero)
    expect(gestion.locator("dl.ficha")).to_contain_text("9, en 2 documentos")
    expect(gestion.locator("dl.ficha")).to_contain_text("Certificación de prácticas")
    mirar(gestion, "radicada")
    for enlace, espera in (
        ("Imprimir la prueba", "4 a 9"),
        ("En tiquete de 80 mm", "9, en 2 documentos"),
    ):
        gestion.get_by_role("link", name=enlace).click()
        for dicho in (numero, str(nombre), espera, "Certificación de prácticas"):
            expect(gestion.get_by_role("main")).to_contain_text(dicho)
        assert re.search(r"\d\d:\d\d:\d\d", gestion.get_by_role("main").inner_text())
        expect(gestion.get_by_role("img", name="Código QR")).to_be_visible()
        expect(gestion.get_by_role("button", name="Imprimir")).to_be_visible()
        mirar(gestion, enlace)
        assert len(re.findall(rb"/Type\s*/Page\b", gestion.pdf(prefer_css_page_size=True))) == 1, (
            enlace
        )
        gestion.get_by_role("link", name="Volver").click()
    # the desk that attended gives the citizen the paper, too
    asesor.reload()
    expect(asesor.get_by_role("main")).to_contain_text(numero)
    asesor.get_by_role("link", name="Imprimir la prueba").click()
    expect(asesor.get_by_role("main")).to_contain_text(numero)
    mundo.trabajador.quieto()
    assert mundo.filas("select estado, canal, asesor_id, area_id from caso") == [
        ("requerido", "escrito", "asesor.bog01", None)
    ]
    assert mundo.filas("select count(*) from archivo") == [(1,)]
    assert any(numero in asunto for asunto in mundo.correos())
    p.sin_faltas(mundo)


@pytest.mark.long
def test_filed_documents_are_found_by_radicado_document_and_name(mundo: Mundo) -> None:
    asesor, ficha, (_tipo, num) = entregar(mundo)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    numero = recibir(gestion)
    ((nombre,),) = mundo.filas(
        "select p.nombre from atencion a join persona p on p.id = a.persona_id"
    )
    for buscado in (numero, str(int(numero[5:])), num, str(nombre).split()[0].lower(), ficha):
        gestion.goto("/radicacion")
        gestion.get_by_label("Radicado, documento, persona o turno").fill(buscado)
        gestion.get_by_role("button", name="Buscar").click()
        expect(gestion.get_by_role("row").filter(has_text=numero)).to_contain_text(str(nombre))
        assert num not in gestion.url
        gestion.get_by_role("link", name=numero, exact=True).click()
        expect(p.titulo(gestion)).to_contain_text(numero)
        gestion.go_back()  # no page of the browser that asks to send a form again
        expect(gestion.get_by_role("row").filter(has_text=numero)).to_be_visible()
    mirar(gestion, "radicadas")
    coordinadora = mundo.persona("coordinador")
    coordinadora.goto("/casos")
    coordinadora.get_by_label("Radicado").fill(numero)
    coordinadora.get_by_role("button", name="Buscar").click()
    expect(coordinadora.get_by_role("main")).to_contain_text(str(nombre))
    expect(consultar(mundo, numero).get_by_role("main")).to_contain_text(numero)
    del asesor


def test_deliveries_appear_and_are_taken_before_the_eyes_but_not_while_one_types(
    mundo: Mundo,
) -> None:
    """Issue 9, 1.1: live as the queue and the board, announced, and still under the hand."""
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    expect(p.titulo(gestion)).to_have_text("Documentos por recibir")
    expect(gestion.locator("#vivo")).to_contain_text("En vivo")
    buscador = gestion.get_by_label("Radicado, documento, persona o turno")
    buscador.fill("cert")
    _asesor, ficha, _documento = entregar(mundo)
    gestion.wait_for_timeout(6_000)
    expect(gestion.locator("li.entrega")).to_have_count(0)
    expect(buscador).to_have_value("cert")
    expect(buscador).to_be_focused()
    buscador.fill("")
    fila = gestion.locator("li.entrega")
    expect(fila).to_contain_text(f"turno {ficha}")
    expect(gestion.locator("#vivo-dicho")).to_contain_text(f"Llegó: turno {ficha}, sin asignar")
    expect(gestion.locator("ul.vistas [aria-current]")).to_contain_text("Por recibir 1")
    mirar(gestion, "en vivo")
    colega = mundo.persona("gestion.documental", 320)
    colega.goto("/radicacion")
    colega.locator("li.entrega").get_by_role("button", name="Tomar").click()
    expect(fila).to_contain_text("La tiene")
    expect(gestion.locator("#vivo-dicho")).to_contain_text(f"turno {ficha}, la tiene")
    recibir(colega)
    expect(fila).to_have_count(0)
    expect(gestion.locator("#vivo-dicho")).to_contain_text("Ya no está en esta lista")
    expect(gestion.locator("ul.vistas")).to_contain_text("Radicadas hoy 1")


@pytest.mark.long
def test_a_delivery_with_something_missing_waits_in_its_list_and_is_completed_when_the_person_is_back(
    mundo: Mundo,
) -> None:
    entregar(mundo)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    numero = recibir(gestion, falta="Certificación de prácticas")
    expect(gestion.locator("dl.ficha")).to_contain_text("No corre: ")
    mundo.trabajador.quieto()
    gestion.get_by_role("link", name="Imprimir la prueba").click()
    expect(gestion.get_by_role("main")).to_contain_text("Hasta entonces el término no corre.")
    expect(gestion.get_by_role("main")).not_to_contain_text("a más tardar")
    consultada = consultar(mundo, numero)
    for dicho in (
        "Certificación de prácticas",
        "Puede entregarlo hasta el",
        "Enviar lo que falta",
        "a cualquier punto de atención",
    ):
        expect(consultada.get_by_role("main")).to_contain_text(dicho)
    mirar(consultada, "consulta: falta algo")
    mundo.pasan(days=3)
    gestion = mundo.persona("gestion.documental")  # a login lasts twelve hours
    gestion.goto("/radicacion")
    gestion.get_by_role("link", name="Devueltas para completar 1").click()
    fila = gestion.get_by_role("row").filter(has_text=numero)
    for dicho in ("Certificación de prácticas", "hasta el"):
        expect(fila).to_contain_text(dicho)
    mirar(gestion, "devueltas")
    fila.get_by_role("link", name="Completar").click()
    expect(gestion.get_by_role("main")).to_contain_text(
        "Formulario de condonación, Certificados de notas"
    )
    gestion.get_by_role("button", name="Recibir y ver la prueba").click()
    expect(gestion.locator(".resumen-error")).to_be_focused()
    mirar(gestion, "completar, con errores")
    gestion.get_by_label("Documento 1", exact=True).fill("Certificación de prácticas")
    gestion.get_by_label("Folios del documento 1", exact=True).fill("2")
    gestion.get_by_label("Documento 1 digitalizado").set_input_files(files=[p.PDF])
    p.marcar(gestion, "¿Con esto queda completo?", "Sí")
    mirar(gestion, "completar")
    gestion.get_by_role("button", name="Recibir y ver la prueba").click()
    expect(gestion.get_by_role("main")).to_contain_text("11, en 3 documentos")
    expect(gestion.get_by_role("main")).to_contain_text("Completa")
    gestion.get_by_role("link", name="Imprimir la prueba").click()
    expect(gestion.get_by_role("main")).to_contain_text("10 a 11")
    expect(gestion.get_by_role("main")).not_to_contain_text("Qué falta")
    prueba = re.search(r"a más tardar el (.+? de 20\d\d)", gestion.get_by_role("main").inner_text())
    assert prueba is not None
    mundo.trabajador.quieto()
    expect(consultar(mundo, numero).get_by_role("main")).to_contain_text(
        f"El plazo para responderle vence el {prueba[1]}"
    )
    gestion.goto("/radicacion?vista=devueltas")
    expect(gestion.get_by_role("main")).to_contain_text("A ninguna entrega le falta nada")
    ((clave,),) = mundo.filas("select case_key from escrito")
    gestion.goto(f"/radicacion/{clave}/completar")  # as «Atrás» does
    expect(gestion.get_by_text("A esta entrega no le falta nada")).to_be_visible()
    expect(gestion.get_by_role("main")).to_contain_text("11, en 3 documentos")
    funcionario = mundo.persona("coordinador")
    funcionario.goto(f"/caso/{clave}")
    expect(funcionario.get_by_role("main")).to_contain_text(
        "Entregó lo que faltaba. Documentos y folios: Certificación de prácticas (2)."
    )
    expect(funcionario.get_by_role("main").get_by_role("link", name="poder.pdf")).to_have_count(2)
    p.sin_faltas(mundo)


def consultar(mundo: Mundo, numero: str) -> Page:
    ((tipo, num),) = mundo.filas(
        "select p.tipo_doc, p.num_doc from caso c join persona p on p.id = c.persona_id"
    )
    ciudadano = mundo.publico()
    ciudadano.goto("/consulta")
    ciudadano.get_by_label("Radicado").fill(numero)
    ciudadano.get_by_label("Tipo de documento").select_option(str(tipo))
    ciudadano.get_by_label("Número de documento").fill(str(num))
    ciudadano.get_by_role("button", name="Consultar").click()
    return ciudadano


def test_a_denunciation_that_is_handed_in_goes_to_the_area_of_denunciations(mundo: Mundo) -> None:
    """The subclass is asked for where the theme is a complaint, as at 5.2.8."""
    entregar(mundo)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    expect(gestion.get_by_label("La queja es")).to_be_hidden()
    gestion.get_by_label("De qué tratan").fill("Servicio › Mala atención")
    gestion.get_by_label("De qué tratan").blur()
    gestion.get_by_label("La queja es").select_option(label="Denuncia")
    gestion.get_by_label("Documento 1", exact=True).fill("Denuncia firmada")
    gestion.get_by_label("Folios del documento 1", exact=True).fill("3")
    p.marcar(gestion, "¿Está completo?", "Sí")
    p.continuar(gestion)
    expect(p.titulo(gestion)).to_contain_text("Recibimos los documentos de")
    gestion.get_by_role("link", name="Digitalizar").click()
    gestion.get_by_role("button", name="Tomar").click()
    tres = {**p.PDF, "buffer": files.pdf("Denuncia firmada", pages=3)}
    gestion.get_by_label("Imagen de «Denuncia firmada»").set_input_files(files=[tres])
    expect(gestion.get_by_label("La queja es")).to_have_value("denuncia")
    p.continuar(gestion)
    expect(p.titulo(gestion)).not_to_contain_text("Digitalizar")
    mundo.trabajador.quieto()
    assert mundo.filas("select clase, subclase, area_id from caso") == [
        ("queja", "denuncia", "OAJ")
    ]
    p.sin_faltas(mundo)


def test_what_is_missing_of_a_delivery_is_said_where_it_is_missing(mundo: Mundo) -> None:
    entregar(mundo)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    gestion.get_by_label("Documento 2", exact=True).fill("Acta de grado")
    p.continuar(gestion)
    expect(gestion.locator(".resumen-error")).to_be_focused()
    expect(gestion.get_by_role("alert")).to_contain_text(
        "Escriba cuántos folios tiene el documento 2"
    )
    expect(gestion.get_by_label("Documento 2", exact=True)).to_have_value("Acta de grado")
    con_errores(gestion, "recibir y foliar")


@pytest.mark.parametrize("ancho", [320, 1920])
@pytest.mark.long
def test_the_pages_of_filing_fit(mundo: Mundo, ancho: int) -> None:
    entregar(mundo)
    gestion = mundo.persona("gestion.documental", ancho)
    gestion.goto("/radicacion")
    mirar(gestion, f"documentos por recibir {ancho}")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    mirar(gestion, f"recibir {ancho}")
    gestion.set_viewport_size({"width": ancho, "height": 900})
    quien, hoja = (
        gestion.locator("main > dl.ficha").bounding_box(),
        gestion.locator("form[data-tarea]").bounding_box(),
    )
    assert quien
    assert hoja
    assert (quien["x"] > hoja["x"] + hoja["width"]) == (ancho > MESA), (
        "beside the documents, where there is room"
    )
    recibir(gestion)
    mirar(gestion, f"radicada {ancho}")
    gestion.get_by_role("link", name="Imprimir la prueba").click()
    mirar(gestion, f"prueba {ancho}")


def test_the_constancia_is_a_document_of_the_agency_with_the_answer(mundo: Mundo) -> None:
    """Issue 9, 1.9: letterhead, hour, QR, norm by its name, answer, lines to sign on, print button;
    one sheet of letter paper."""
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular())
    p.responder(asesor, "Señora, su crédito está al día y puede descargar el paz y salvo.")
    asesor.goto(str(asesor.get_by_role("link", name="Imprimir constancia").get_attribute("href")))
    hoja = asesor.get_by_role("main")
    ((radicado, nombre),) = mundo.filas(
        "select c.radicado, p.nombre from caso c join persona p on p.id = c.persona_id"
    )
    for dicho in (
        "ICETEX",
        "Punto de atención",
        radicado,
        nombre,
        "su crédito está al día",
        "Ley 1755 de 2015, artículo 14",
        "Recibí",
    ):
        expect(hoja).to_contain_text(str(dicho))
    assert re.search(r"noviembre de 2026, \d\d:\d\d", hoja.inner_text())
    assert "LEY1755" not in hoja.inner_text()
    expect(hoja.get_by_role("img", name="Código QR")).to_be_visible()
    expect(hoja.get_by_role("button", name="Imprimir")).to_be_visible()
    mirar(asesor, "constancia")
    assert len(re.findall(rb"/Type\s*/Page\b", asesor.pdf(format="Letter"))) == 1


def test_the_constancia_names_the_page_on_which_the_answer_rests(mundo: Mundo) -> None:
    """5.2.10 from the entity's web page: its address is asked for, and the paper names it with date
    and hash."""
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular())
    p.marcar(asesor, "¿Dispone de la información?", "Sí, respondo")
    asesor.get_by_label("Respuesta para la persona").fill(
        "Señora, la tasa es la del IPC del año anterior."
    )
    expect(asesor.get_by_label("Página de la entidad que usó")).to_be_hidden()
    asesor.get_by_role("combobox", name="Dato que usa").select_option(
        label="Página web de la entidad"
    )
    mirar(asesor, "5.2.10 con página")
    asesor.get_by_label("Página de la entidad que usó").fill("https://www.otra.example/creditos")
    with asesor.expect_navigation():
        asesor.locator("[data-completar]").click()
    expect(asesor.locator(".resumen-error")).to_contain_text(
        "www.otra.example no es un sitio de la entidad"
    )
    asesor.get_by_label("Página de la entidad que usó").fill("https://www.icetex.gov.co/creditos")
    p.continuar(asesor)
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    expect(asesor.get_by_role("link", name="Leer la copia")).to_be_visible()
    asesor.goto(str(asesor.get_by_role("link", name="Imprimir constancia").get_attribute("href")))
    fuente = asesor.get_by_role("main").locator("blockquote footer")
    expect(fuente).to_contain_text(
        "Fuente: Página web de la entidad, https://www.icetex.gov.co/creditos, consultada el"
    )
    ((huella,),) = mundo.filas("select huella from pagina_copia")
    expect(fuente.locator("code.huella")).to_have_text(str(huella))
    mirar(asesor, "constancia con página")
    assert len(re.findall(rb"/Type\s*/Page\b", asesor.pdf(format="Letter"))) == 1


def test_what_was_missing_goes_to_the_case_that_waits_though_it_is_handed_in_as_any_delivery(
    mundo: Mundo,
) -> None:
    _asesor, _ficha, documento = entregar(mundo)
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    numero = recibir(gestion, falta="Certificación de prácticas")
    mundo.trabajador.quieto()

    asesor, _ficha, _documento = entregar(mundo, quien=documento, atiende="asesor.bog02")
    persona = asesor.locator("#contexto")
    expect(persona).to_contain_text("Espera a la persona")
    expect(persona).to_contain_text("Certificación de prácticas")
    mirar(asesor, "la persona tiene un caso que la espera")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    caso = gestion.get_by_role("group", name="¿Es para un caso que ya tiene?")
    expect(caso.get_by_role("radio", checked=True)).to_have_accessible_name(
        re.compile(f"{numero}.*Certificación de prácticas")
    )
    expect(gestion.get_by_label("De qué tratan")).to_be_hidden()
    mirar(gestion, "recibir para un caso que espera")
    con_errores(gestion, "recibir para un caso que espera")
    gestion.get_by_label("Documento 1", exact=True).fill("Certificación")
    gestion.get_by_label("Folios del documento 1", exact=True).fill("1")
    p.marcar(gestion, "¿Está completo?", "Sí")
    p.continuar(gestion)
    expect(gestion.locator("#numero")).to_have_text(numero)
    mundo.trabajador.quieto()
    assert mundo.filas("select estado from caso") == [("en_atencion",)]
    p.sin_faltas(mundo)
