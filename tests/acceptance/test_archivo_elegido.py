"""A file that was chosen for a task is there when another field is wrong, when the task is left and
opened again, when the session ends, and when the line was cut: or the page says that it is not."""

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import files

RECIBO: FilePayload = {
    "name": "recibo de octubre.pdf",
    "mimeType": "application/pdf",
    "buffer": files.pdf("Recibo"),
}
PROGRAMA: FilePayload = {"name": "recibo.exe", "mimeType": "", "buffer": b"MZ\x90 un programa"}
HALLAZGOS = "El banco recaudó el pago el 5 de octubre; faltaba aplicarlo en cartera."


def conservado(pagina: Page) -> Locator:
    return pagina.locator(".elegidos .conservado")


def sin_conservar(pagina: Page) -> Locator:
    return pagina.locator(".elegidos .elegido")


def guardado(pagina: Page, nombre: str) -> None:
    expect(conservado(pagina)).to_contain_text(nombre)
    expect(conservado(pagina)).to_contain_text("✓ Guardado")
    expect(sin_conservar(pagina)).to_have_count(0)


def investigando(mundo: Mundo) -> Page:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    funcionario = mundo.persona("funcionario.vcc01")
    p.recibir_caso(funcionario, caso)
    return funcionario


def investigado(pagina: Page) -> None:
    pagina.get_by_label("Hallazgos").fill(HALLAZGOS)
    pagina.get_by_role("group", name="Fuentes consultadas").get_by_label("C&CTEX").check()
    pagina.get_by_label("Acción correctiva").fill("Se aplicó el pago.")


def test_the_copy_of_a_power_stays_when_its_date_is_wrong(mundo: Mundo) -> None:
    """5.2.5."""
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
    guardado(asesor, "poder.pdf")
    mirar(asesor, "5.2.5, un archivo guardado")

    p.continuar(asesor)

    expect(asesor.locator(".resumen-error")).to_be_focused()
    expect(conservado(asesor)).to_contain_text("poder.pdf")
    expect(conservado(asesor)).to_contain_text("Se conserva")
    mirar(asesor, "5.2.5, un archivo que se conserva")
    asesor.get_by_label("Fecha del poder").fill("5/10/2026")
    p.continuar(asesor)
    p.en(asesor, "5.2.7")
    assert mundo.filas("select nombre from archivo") == [("poder.pdf",)]
    assert mundo.filas("select archivo_id is not null from poder") == [(1,)]
    p.sin_faltas(mundo)


def test_the_proof_of_an_investigation_stays_when_it_is_left_and_when_the_session_ends(
    mundo: Mundo,
) -> None:
    """5.2.17: one that is not taken says why; one is kept, left, and found again after a login."""
    funcionario = investigando(mundo)
    campo = funcionario.get_by_label("Soporte")
    campo.set_input_files(files=[PROGRAMA])
    expect(sin_conservar(funcionario)).to_contain_text("No se guardó")
    expect(funcionario.locator("#soporte-e")).to_contain_text("este es un programa")
    mirar(funcionario, "5.2.17, un archivo que no se recibe")
    sin_conservar(funcionario).get_by_role("button", name="Quitar").click()
    expect(funcionario.locator("#soporte-e")).to_have_count(0)
    expect(campo).to_be_focused()
    campo.set_input_files(files=[RECIBO])
    guardado(funcionario, RECIBO["name"])
    expect(campo).to_have_value("")
    direccion = funcionario.url
    funcionario.get_by_role("button", name="Guardar y salir").click()
    expect(p.titulo(funcionario)).to_contain_text("Bandeja")

    funcionario.goto(direccion)
    expect(conservado(funcionario)).to_contain_text(RECIBO["name"])
    conservado(funcionario).get_by_role("button", name="Quitar").click()
    expect(conservado(funcionario)).to_have_count(0)
    expect(campo).to_be_focused()
    campo.set_input_files(files=[RECIBO])
    guardado(funcionario, RECIBO["name"])
    investigado(funcionario)
    funcionario.context.clear_cookies()
    p.continuar(funcionario)
    mundo.identificar_sin_entrar(funcionario, "funcionario.vcc01")
    p.en(funcionario, "5.2.17")
    expect(funcionario.get_by_label("Hallazgos")).to_have_value(HALLAZGOS)
    expect(conservado(funcionario)).to_contain_text(RECIBO["name"])
    mirar(funcionario, "5.2.17, de vuelta")
    p.continuar(funcionario)
    p.en(funcionario, "5.2.18")
    assert mundo.filas("select nombre from archivo") == [(RECIBO["name"],)]
    p.sin_faltas(mundo)


def test_a_file_that_was_chosen_without_a_line_is_kept_when_it_is_back_or_said_to_be_lost(
    mundo: Mundo,
) -> None:
    funcionario = investigando(mundo)
    campo = funcionario.get_by_label("Soporte")
    funcionario.context.set_offline(True)
    campo.set_input_files(files=[RECIBO])
    expect(sin_conservar(funcionario)).to_contain_text("Sin guardar: está solo en esta página")
    expect(funcionario.locator("main .sin-red")).to_contain_text("están solo en esta página")
    mirar(funcionario, "5.2.17, un archivo sin red")
    funcionario.context.set_offline(False)
    guardado(funcionario, RECIBO["name"])
    conservado(funcionario).get_by_role("button", name="Quitar").click()
    expect(conservado(funcionario)).to_have_count(0)

    funcionario.context.set_offline(True)
    funcionario.get_by_label("Hallazgos").fill(HALLAZGOS)
    campo.set_input_files(files=[RECIBO])
    expect(sin_conservar(funcionario)).to_contain_text("Sin guardar")
    direccion = funcionario.url
    funcionario.goto("about:blank")
    funcionario.context.set_offline(False)
    funcionario.goto(direccion)
    aviso = funcionario.locator("main .sin-red")
    expect(aviso).to_contain_text(
        f"No volvió el archivo que no alcanzó a guardarse. Elíjalo otra vez: {RECIBO['name']}."
    )
    mirar(funcionario, "5.2.17, un archivo que no volvió")
    expect(funcionario.get_by_label("Hallazgos")).to_have_value(HALLAZGOS)
    campo.set_input_files(files=[RECIBO])
    guardado(funcionario, RECIBO["name"])
    expect(aviso).not_to_contain_text("No volvió el archivo")
    p.sin_faltas(mundo)


def test_the_files_of_a_document_of_no_case_stay_when_something_else_is_missing(
    mundo: Mundo,
) -> None:
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion/sueltos")
    gestion.locator("input[type=file]").set_input_files(files=[p.PDF, RECIBO])
    gestion.get_by_role("button", name="Recibir").click()
    expect(gestion.locator("main .error").first).to_be_visible()
    expect(gestion.locator(".elegidos li")).to_have_count(2)
    expect(gestion.get_by_text("No se guardó ningún archivo")).to_have_count(0)
    mirar(gestion, "documentos sin caso, con errores")
    gestion.get_by_label("Quién lo envía").fill("Juzgado 5")
    gestion.get_by_label("De qué trata").fill("Oficio sobre un crédito")
    gestion.get_by_label("Cómo llegó").select_option("ventanilla")
    gestion.get_by_role("button", name="Recibir").click()
    expect(gestion.get_by_role("link", name="Oficio sobre un crédito")).to_have_count(2)
    assert mundo.filas("select count(*) from documento_suelto") == [(2,)]
    p.sin_faltas(mundo)
