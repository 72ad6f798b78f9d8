"""Documents through the browser: sent, looked at by content, kept when the act is done, seen with a
thumbnail and in the viewer."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.acceptance.test_escalamiento_largo import consultar_estado
from tests.kit import files

pytestmark = pytest.mark.slow
PALABRAS = "Van los papeles del crédito que me pidieron."


def archivo(nombre: str, contenido: bytes) -> FilePayload:
    return {"name": nombre, "mimeType": "application/octet-stream", "buffer": contenido}


def test_what_the_citizen_sends_is_looked_at_kept_and_seen_by_the_officer(mundo: Mundo) -> None:
    documento = mundo.titular()
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    p.requerir(mundo, caso)
    publico = consultar_estado(mundo, caso, documento)
    publico.get_by_role("link", name="Enviar lo que falta").click()
    publico.locator("textarea").fill(PALABRAS)
    campo = publico.locator("input[type=file]")
    publico.wait_for_load_state()  # the script that keeps what was chosen
    campo.set_input_files(files=[archivo("extracto.pdf", files.locked("secreta"))])
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.locator(".resumen-error")).to_contain_text(
        "extracto.pdf: El PDF pide contraseña"
    )
    expect(publico.locator("textarea")).to_have_value(PALABRAS)
    assert mundo.filas("select count(*) from archivo") == [(0,)]
    assert not [f for f in (mundo.carpeta / "archivos").rglob("*") if f.is_file()]
    mirar(publico, "archivo con contraseña")

    extracto = files.written(
        files.pdf("Extracto de cuenta", "Total a pagar 1.306.340"), files.pdf("Segunda hoja")
    )
    con_programa = files.with_script()
    enviados = [
        ("extracto.pdf", extracto),
        ("cedula.jpg", files.picture(place=True)),
        ("formulario.pdf", con_programa),
    ]
    publico.get_by_role("button", name="Quitar extracto.pdf").click()
    expect(publico.locator(".elegidos li")).to_have_count(0)
    campo.set_input_files(files=[archivo(*enviado) for enviado in enviados])
    publico.context.clear_cookies(name="ventanilla")  # it was open for longer than its session
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.get_by_role("status").first).to_contain_text(
        "La página llevaba mucho tiempo abierta y todavía no se recibió nada."
    )
    # the script has them still
    expect(publico.get_by_text("Los archivos se eligen de nuevo")).to_have_count(0)
    expect(publico.locator("textarea")).to_have_value(PALABRAS)
    expect(publico.locator(".elegidos li")).to_have_count(3)
    mirar(publico, "complemento que llegó tarde")
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    mundo.trabajador.quieto()

    persona = mundo.persona("funcionario.vcc01")
    persona.goto(f"/caso/{caso.case_key}")
    lista = persona.get_by_role("region", name=re.compile("^Documentos")).locator("ul.con-vista")
    expect(lista.locator("li")).to_have_count(3)
    lista.locator("img").first.scroll_into_view_if_needed()
    expect(lista.locator("img").first).to_have_js_property("naturalWidth", 160)
    lista.get_by_role("link", name="extracto.pdf").press("Enter")
    expect(persona.get_by_role("heading", name="extracto.pdf")).to_be_visible()
    expect(persona.get_by_text("Coincide")).to_be_visible()
    hoja = persona.locator("img.vista-de-hoja")
    expect(hoja).to_have_js_property("naturalWidth", 1000)
    persona.get_by_text("Texto de esta página").press("Enter")
    expect(persona.get_by_role("region", name="Texto de la página")).to_contain_text(
        "Total a pagar"
    )
    mirar(persona, "documento")
    persona.get_by_role("link", name="Acercar").press("Enter")
    expect(hoja).to_have_js_property("naturalWidth", 1500)
    persona.get_by_role("navigation", name="Páginas del documento").get_by_role(
        "link", name="Página 2"
    ).press("Enter")
    expect(persona.get_by_role("region", name="Página 2 de 2")).to_be_visible()
    persona.get_by_text("Texto de esta página").press("Enter")
    expect(persona.get_by_role("region", name="Texto de la página")).to_contain_text("Segunda hoja")
    expect(persona.get_by_role("region", name=re.compile("^Quién lo ha visto"))).to_contain_text(
        "Lo vio"
    )

    persona.get_by_role("link", name="Siguiente : cedula.jpg").click()
    expect(persona.get_by_role("heading", name="cedula.jpg")).to_be_visible()
    expect(persona.get_by_text("sin el lugar, el equipo y lo demás")).to_be_visible()
    expect(hoja).to_have_js_property("naturalWidth", 200)
    mirar(persona, "foto")

    persona.get_by_role("link", name="Siguiente : formulario.pdf").click()
    expect(persona.get_by_text("programas que se ejecutan al abrirlo")).to_be_visible()
    expect(persona.get_by_role("button", name="Descargar el original")).to_have_count(0)
    persona.get_by_role("button", name="Descargar la copia").click()
    expect(persona.locator(".resumen-error")).to_contain_text("Escriba para qué lo descarga")
    mirar(persona, "descargar sin motivo")
    persona.get_by_label("Para qué lo descarga").fill("Para el comité de cartera.")
    with persona.expect_download() as bajada:
        persona.get_by_label("Para qué lo descarga").press("Enter")
    contenido = bajada.value.path().read_bytes()
    assert contenido.startswith(b"%PDF-")
    assert b"JavaScript" not in contenido
    assert bajada.value.suggested_filename == "copia de formulario.pdf"

    revisora = mundo.persona("cumplimiento")
    revisora.goto(f"/cumplimiento/caso/{caso.case_key}")
    expect(revisora.locator("main")).to_contain_text("Un documento del caso, al descargarlo")
    p.sin_faltas(mundo)
