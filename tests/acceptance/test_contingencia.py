"""Control 6-6 in the browser: a point loses its system and works on numbered paper; all of it
enters afterwards or is accounted for."""

import datetime as dt

from playwright.sync_api import Page, expect

from records.personas.personas import buscar_persona
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota

PIDE = "Pide el recibo de diciembre, que no le llegó a su casa."


def numerar(pagina: Page, formato: str, cuantos: int) -> None:
    pagina.get_by_label("Formato", exact=True).select_option(label=formato)
    pagina.get_by_label("Cuántos").fill(str(cuantos))
    pagina.get_by_role("button", name="Numerar formatos").click()
    expect(pagina.get_by_role("status")).to_contain_text("Quedaron numerados")


def explicar(pagina: Page, numero: str, como: str, nota: str) -> None:
    pagina.get_by_label("Formato que falta").select_option(numero)
    pagina.get_by_label("Qué pasó con él").select_option(label=como)
    pagina.get_by_label("Explicación").fill(nota)
    pagina.get_by_role("button", name="Guardar la explicación").click()
    expect(pagina.get_by_role("status")).to_contain_text(numero)


def lo_comun(mundo: Mundo, pagina: Page, n: int, empezo: str, termino: str) -> None:
    """Who attended, when, and whom: the first fields of the paper."""
    tipo, documento = mundo.titular(n=n)
    with mundo.sesion() as s:
        conocida = buscar_persona(s, tipo, documento)
        assert conocida is not None
    pagina.get_by_label("Atendió").select_option("asesor.bog01")
    pagina.get_by_label("Día").fill("24/11/2026")
    pagina.get_by_label("Empezó").fill(empezo)
    pagina.get_by_label("Terminó").fill(termino)
    pagina.get_by_label("Nombre de la persona").fill(conocida.nombre)
    pagina.get_by_label("Tipo de documento").select_option(tipo)
    pagina.get_by_label("Número de documento").fill(documento)
    p.marcar(pagina, "¿Exhibió el documento original?", "Sí")
    p.marcar(pagina, "Viene como", "Beneficiario")
    p.marcar(pagina, "¿Autorizó el tratamiento de sus datos?", "Sí")


def abrir(pagina: Page, escrito: str, numero: str) -> None:
    """As it is typed, or as a reader of the QR types it."""
    pagina.goto("/papel")
    pagina.get_by_label("Número del formato").fill(escrito)
    pagina.get_by_role("button", name="Abrir el formato").click()
    expect(p.titulo(pagina)).to_have_text(f"Digitar el formato {numero}")


def atencion(pagina: Page) -> None:
    p.marcar(pagina, "Clase", "Reclamo")
    pagina.get_by_label("Tema").fill(
        pagina.locator("datalist option[data-grupo=reclamo]").first.get_attribute("value") or ""
    )
    pagina.get_by_label("Qué pidió").fill(PIDE)


def test_a_point_without_system_works_on_paper_and_everything_enters_or_is_accounted_for(
    mundo: Mundo,
) -> None:
    """Control 6-6: print, outage, three papers entered (solved, escalated, documents), one spoiled,
    one missing; 5.2.8, 5.2.14, M5-1-04."""
    coordinador = mundo.persona("coordinador")
    coordinador.goto("/papel")
    mirar(coordinador, "puntos con papel")
    coordinador.goto(f"/papel?punto={p.PUNTO}")
    numerar(coordinador, "Tipificar y responder", 4)
    numerar(coordinador, "Recibir documentos", 1)
    expect(coordinador.get_by_role("region", name="Impresos y sin digitar")).to_contain_text(
        "Guardado"
    )
    with coordinador.expect_download() as bajada:
        coordinador.get_by_role("link", name="Bajar el PDF, 0001 a 0004").click()
    assert bajada.value.path().read_bytes().startswith(b"%PDF-1.7")

    mundo.clock.move_to(bogota(2026, 11, 24, 9, 20))
    coordinador.get_by_label("Sin sistema desde").fill("09:10")
    coordinador.get_by_label("Qué pasó", exact=True).fill("Se fue la red del edificio")
    coordinador.get_by_role("button", name="Declarar la caída").click()
    expect(coordinador.get_by_text("El punto trabaja en papel desde hoy, 09:10")).to_be_visible()
    asesor = mundo.persona("asesor.bog02")
    asesor.goto("/atencion")
    expect(asesor.get_by_text("El punto trabaja en papel desde")).to_be_visible()
    mirar(asesor, "fila de un punto en papel")

    mundo.clock.move_to(bogota(2026, 11, 24, 11, 0))
    coordinador.get_by_label("Hora en que volvió").fill("10:25")
    coordinador.get_by_role("button", name="El sistema volvió").click()
    expect(coordinador.get_by_role("status")).to_contain_text(
        "Quedó dicho cuándo volvió el sistema"
    )
    explicar(
        coordinador, f"{p.PUNTO}-0002", "Está usado y falta digitarlo", "Andrés Salcedo, módulo 7"
    )
    explicar(coordinador, f"{p.PUNTO}-0003", "Se dañó", "Se mojó con un café")

    abrir(asesor, "1", f"{p.PUNTO}-0001")
    mirar(asesor, "digitar un formato")
    lo_comun(mundo, asesor, 0, "08:42", "08:55")
    atencion(asesor)
    p.marcar(asesor, "Cómo sigue", "Resuelto")
    asesor.get_by_label("Qué se le respondió").fill(
        "Se le entregó el recibo impreso, corte del lunes."
    )
    asesor.keyboard.press("Control+Enter")
    expect(asesor.get_by_role("alert")).to_contain_text(
        "El formato se imprimió después: a esa hora no existía"
    )
    mirar(asesor, "un formato con una hora que no puede ser")
    asesor.get_by_label("Empezó").fill("09:12")
    asesor.get_by_label("Terminó").fill("09:25")
    asesor.keyboard.press("Control+Enter")
    expect(asesor.get_by_role("status")).to_contain_text(f"El {p.PUNTO}-0001 quedó digitado.")

    # the next that is used
    expect(p.titulo(asesor)).to_have_text(f"Digitar el formato {p.PUNTO}-0002")
    lo_comun(mundo, asesor, 1, "09:30", "09:44")
    atencion(asesor)
    p.marcar(asesor, "Cómo sigue", "Se escala")
    p.marcar(asesor, "Por dónde recibirá la respuesta", "Correo electrónico")
    asesor.get_by_label("Correo para avisarle").fill("persona@correo.example")
    asesor.get_by_role("button", name="Guardar y salir").click()
    expect(asesor.get_by_role("status")).to_contain_text(
        "contado desde hoy, 09:30, la hora del papel"
    )
    mundo.trabajador.quieto()

    gestion = mundo.persona("gestion.documental")
    gestion.goto(f"/papel/{p.PUNTO}/0005")  # where the QR leads
    lo_comun(mundo, gestion, 2, "10:00", "10:06")
    gestion.get_by_label("Qué entregó").fill("Derecho de petición con tres folios")
    p.marcar(gestion, "Por dónde recibirá la respuesta", "En el punto")
    mirar(gestion, "digitar documentos")
    gestion.get_by_role("button", name="Guardar y salir").click()
    expect(gestion.get_by_role("status")).to_contain_text("quedó digitado")
    mundo.trabajador.quieto()
    gestion.goto("/radicacion")
    expect(gestion.get_by_text("F-0005").first).to_be_visible()

    coordinador.goto(f"/papel?punto={p.PUNTO}")
    falta = coordinador.get_by_role("region", name="Impresos y sin digitar")
    expect(falta.get_by_role("rowheader")).to_have_text([f"{p.PUNTO}-0004"])
    expect(falta).to_contain_text("Ni digitado, ni devuelto, ni explicado")
    expect(coordinador.get_by_role("region", name="Dañados o perdidos")).to_contain_text(
        "Se mojó con un café"
    )
    mirar(coordinador, "papel de un punto")
    coordinador.get_by_role("region", name="Digitados").get_by_role(
        "link", name=f"{p.PUNTO}-0002"
    ).click()
    expect(coordinador.get_by_text(f"En papel: {p.PUNTO}-0002")).to_be_visible()
    expect(coordinador.get_by_text("Lo digitó").first).to_be_visible()
    mirar(coordinador, "caso que vino de un papel")
    ((clave, limite),) = mundo.filas(
        "select case_key, limite_respuesta from caso where recepcion = :r",
        r="2026-11-24 14:30:00.000000",
    )
    assert str(limite).startswith("2026-12-17"), "fifteen business days from the day of the paper"
    funcionario = mundo.persona("funcionario.vcc01")
    funcionario.goto("/bandeja?vista=todas")
    expect(funcionario.locator("li.fila").filter(has_text="En papel").first).to_be_visible()

    mundo.clock.move_to(bogota(2026, 12, 1, 9, 0))
    mundo.pasan(hours=1)
    gerente = mundo.persona("coordinador")
    gerente.goto("/indicadores?mes=2026-11")
    expect(gerente.get_by_text("3 personas de este mes fueron atendidas en papel")).to_be_visible()
    gerente.goto("/disponibilidad")
    expect(gerente.get_by_role("region", name="Papel de continuidad, por punto")).to_contain_text(
        "Aguas"
    )
    mirar(gerente, "disponibilidad con el papel de los puntos")
    assert clave
    assert mundo.clock.now() - bogota(2026, 11, 24, 9, 30) > dt.timedelta(days=6)
    p.sin_faltas(mundo)
