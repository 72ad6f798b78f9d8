"""One case that meets every delay at once, and what happens when the citizen or a system does not
answer (5.2.9, 5.2.14 to 5.2.18)."""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import files


def consultar_estado(mundo: Mundo, caso: p.CasoEscalado, documento: tuple[str, str]) -> p.Page:
    """The citizen asks for the case at home, on a telephone."""
    publico = mundo.publico(ancho=320)
    publico.goto("/consulta")
    publico.locator("[name=radicado]").fill(caso.radicado)
    publico.get_by_label("Tipo de documento").select_option(documento[0])
    publico.get_by_label("Número de documento").fill(documento[1])
    publico.get_by_role("button", name="Consultar").click()
    expect(publico.locator(".consulta-estado")).to_be_visible()
    return publico


@pytest.mark.long
def test_a_case_misrouted_twice_extended_and_overdue_is_still_answered_and_tells_all_of_it(
    mundo: Mundo,
) -> None:
    """5.2.14 to 5.2.18 in one life: two wrong areas, an extension, the extended limit passed,
    answer, rating."""
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.es_de_otra_area(mundo.persona("funcionario.vcc01"), caso, "VFO")
    p.es_de_otra_area(mundo.persona("funcionario.vfo01"), caso, "DTE")
    assert mundo.filas("select area_id from escalonamiento order by n") == [
        ("VCC",),
        ("VFO",),
        ("DTE",),
    ]
    p.recibir_caso(mundo.persona("funcionario.dte01"), caso)

    ((antes,),) = mundo.filas("select limite_respuesta from caso")
    coordinador = mundo.persona("coordinador")
    coordinador.goto(f"/caso/{caso.case_key}/prorroga")
    coordinador.get_by_label("Días hábiles que se agregan").select_option("5")
    coordinador.get_by_label("Motivo que dirá la carta al usuario").fill(
        "El banco no ha entregado el soporte del recaudo de octubre."
    )
    coordinador.get_by_role("button", name="Prorrogar y avisar al usuario").click()
    expect(coordinador.get_by_text("Prórroga registrada.")).to_be_visible()
    mundo.trabajador.quieto()
    assert mundo.filas("select limite_respuesta > :antes from caso", antes=antes) == [(1,)]

    for dias in (7, 7, 7, 7, 14):
        mundo.pasan(days=dias)
    assert mundo.correos().count(f"Término legal vencido: caso {caso.radicado}") == 2
    assert ("legal",) in mundo.filas("select condicion from incumplimiento")
    publico = consultar_estado(mundo, caso, mundo.titular())
    expect(publico.get_by_text("está pendiente")).to_be_visible()

    funcionario = mundo.persona("funcionario.dte01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.17")
    p.investigar(funcionario)
    p.documentar(funcionario)
    p.revisar_y_enviar(mundo, mundo.persona("asesor.bog01"), caso)
    assert mundo.filas("select estado from caso") == [("cerrado",)]
    assert [e for e, _quien in p.hechas(mundo, caso.case_key) if str(e) >= "act_5_2_16" and str(e) <= "act_5_2_18"] == [
        "act_5_2_16", "act_5_2_16", "act_5_2_16", "act_5_2_17", "act_5_2_18",
    ]  # fmt: skip
    revisor = mundo.persona("cumplimiento")
    revisor.goto(f"/cumplimiento/caso/{caso.case_key}")
    expect(revisor.locator("main")).to_contain_text("Completó 5.2.18")
    expect(revisor.locator("main")).to_contain_text("prórroga")
    p.sin_faltas(mundo)


def test_the_citizen_sends_what_is_missing_from_the_public_page_once(mundo: Mundo) -> None:
    """Art. 17 Ley 1755: the answer starts the clock again and the area has the case."""
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    publico = consultar_estado(mundo, caso, documento)
    publico.get_by_role("link", name="Enviar lo que falta").click()
    direccion = publico.url
    mirar(publico, "complemento")
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.locator(".resumen-error")).to_be_visible()
    publico.locator("input[type=file]").set_input_files(files=[p.PDF])
    publico.locator("textarea").fill("Corto.")
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.locator(".resumen-error")).to_be_focused()
    expect(publico.locator(".elegidos li")).to_have_count(1)
    publico.locator("textarea").fill("Adjunto el recibo de octubre por las dos caras.")
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    expect(publico.locator("main")).to_contain_text("poder.pdf")
    mundo.trabajador.quieto()
    assert mundo.filas("select complemento, hasta is not null from suspension") == [
        ("Adjunto el recibo de octubre por las dos caras.", 1)
    ]
    assert mundo.filas("select estado from caso") == [("en_analisis",)]
    assert mundo.filas("select count(*) from archivo") == [(1,)]
    publico.goto(direccion)
    # it is here, whoever comes back reads that
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    expect(publico.locator("main")).to_contain_text(caso.radicado)
    expect(publico.locator("textarea")).to_have_count(0)
    otra_vez = consultar_estado(mundo, caso, documento)
    otra_vez.get_by_role("link", name="Enviar algo más para este caso").click()
    mirar(otra_vez, "algo más para un caso que no espera nada")
    otra_vez.locator("textarea").fill("Encontré además el recibo de noviembre.")
    otra_vez.get_by_role("button", name="Enviar").click()
    expect(otra_vez.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    funcionario = mundo.persona("funcionario.vcc01")
    p.tomar_en_bandeja(funcionario, caso, "5.2.16")
    expect(funcionario.locator("main")).to_contain_text("Encontré además el recibo de noviembre.")
    p.recibir_caso(funcionario, caso)
    p.sin_faltas(mundo)


@pytest.mark.long
def test_a_case_whose_citizen_sends_nothing_for_a_month_ends_as_withdrawn(mundo: Mundo) -> None:
    """Art. 17 Ley 1755: a month after the request the case is closed as desistido; the visit and
    the case end, nothing stays open."""
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    for dias in (15, 15, 3):
        mundo.pasan(days=dias)
    assert mundo.filas("select estado from caso") == [("desistido",)]
    clave = {"k": caso.case_key}  # meanwhile the month was closed, and each point owes its report
    assert mundo.filas(
        "select count(*) from instance where status <> 'finished' and case_key = :k", **clave
    ) == [(0,)]
    assert mundo.filas(
        "select count(*) from work_item where state = 'open' and case_key = :k", **clave
    ) == [(0,)]
    publico = consultar_estado(mundo, caso, documento)
    expect(publico.locator(".consulta-estado")).to_contain_text("no llegó la información pedida")
    expect(publico.get_by_role("link", name="Enviar lo que falta")).to_have_count(0)
    p.sin_faltas(mundo)


def hoja(n: int, contenido: bytes = b"") -> FilePayload:
    return {
        "name": f"hoja {n}.pdf",
        "mimeType": "application/pdf",
        "buffer": contenido or files.pdf(f"Hoja {n}"),
    }


@pytest.mark.long
def test_the_citizen_sends_ten_files_sees_each_before_and_takes_out_what_is_refused(
    mundo: Mundo,
) -> None:
    """Issue 9, 2.4: name and size before sending, removed singly, the limits at the fault, and the
    officer has them all."""
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    publico = consultar_estado(mundo, caso, documento)
    publico.get_by_role("link", name="Enviar lo que falta").click()
    campo, elegidos, error = (
        publico.locator("input[type=file]"),
        publico.locator(".elegidos li"),
        publico.locator("#archivos-e"),
    )
    expect(publico.locator("#archivos-a")).to_contain_text(
        "Hasta 10 archivos PDF, JPG o PNG. Cada uno de hasta 10 MB"
    )
    publico.locator("textarea").fill("Van las diez hojas del crédito, por las dos caras.")
    campo.set_input_files(files=[hoja(n) for n in range(1, 9)])
    expect(elegidos).to_have_count(8)
    expect(elegidos.first).to_contain_text("hoja 1.pdf")
    expect(elegidos.first).to_contain_text("1 kB")
    foto: FilePayload = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"RIFF....WEBP"}
    campo.set_input_files(files=[hoja(9), hoja(10), foto])  # choosing again adds
    expect(elegidos).to_have_count(11)
    expect(error).to_contain_text("foto.jpg: El archivo debe ser PDF, JPG o PNG")
    expect(error).to_contain_text("Eligió 11 archivos. Envíe como máximo 10")
    mirar(publico, "archivos rechazados")
    publico.get_by_role("button", name="Enviar").click()
    expect(elegidos.last.get_by_role("button")).to_be_focused()
    publico.keyboard.press("Enter")
    expect(elegidos).to_have_count(10)
    expect(error).to_be_empty()
    expect(publico.locator(".elegidos-total")).to_contain_text("Quitó foto.jpg. 10 archivos")
    expect(elegidos.last.get_by_role("button")).to_be_focused()
    campo.set_input_files(files=[hoja(11, b"%PDF-" + b" " * 11_000_000)])
    expect(error).to_contain_text("hoja 11.pdf: El archivo pesa más de 10 MB")
    elegidos.last.get_by_role("button", name="Quitar hoja 11.pdf").click()
    mirar(publico, "diez archivos")
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    expect(publico.locator("main li")).to_have_count(10)
    mundo.trabajador.quieto()
    funcionario = mundo.persona("funcionario.vcc01")
    funcionario.goto(f"/caso/{caso.case_key}")
    for n in range(1, 11):
        expect(funcionario.locator("main")).to_contain_text(f"hoja {n}.pdf")
    p.sin_faltas(mundo)


def test_without_javascript_a_refused_file_costs_no_text_and_several_are_sent(mundo: Mundo) -> None:
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    con = consultar_estado(mundo, caso, documento)
    direccion = con.get_by_role("link", name="Enviar lo que falta").get_attribute("href") or ""
    contexto = mundo.browser.new_context(base_url=mundo.url, java_script_enabled=False)
    mundo.contextos.append(contexto)
    # the same browser, whose session has what the address only names
    contexto.add_cookies(con.context.cookies())
    publico = contexto.new_page()
    publico.goto(direccion)
    publico.locator("textarea").fill("Van las hojas del crédito.")
    publico.locator("input[type=file]").set_input_files(
        files=[hoja(1), hoja(2, b"%PDF-" + b" " * 15_000_000)]
    )
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.locator(".resumen-error")).to_contain_text(
        "hoja 2.pdf: El archivo pesa más de 10 MB"
    )
    expect(publico.locator("#archivos-otra-vez")).to_contain_text("hoja 1.pdf, hoja 2.pdf")
    expect(publico.locator("textarea")).to_have_value("Van las hojas del crédito.")
    assert mundo.filas("select count(*) from archivo") == [(0,)]
    publico.locator("input[type=file]").set_input_files(files=[hoja(1), hoja(2)])
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    assert mundo.filas("select count(*) from archivo") == [(2,)]
