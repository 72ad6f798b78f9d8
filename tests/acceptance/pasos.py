"""What people do at the screens, in their words; each step of a visit is one function (M5-1-02 5.2.1 to 5.2.13)."""

from playwright.sync_api import Locator
from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.acceptance.mundo import Mundo

PUNTO = "BOG-AGU"


def marcar(pagina: Page, grupo: str, opcion: str) -> None:
    """Choose a radio button by the texts that a person reads."""
    pagina.get_by_role("group", name=grupo).get_by_label(opcion, exact=True).check()


def titulo(pagina: Page) -> Locator:
    return pagina.get_by_role("heading", level=1)


def continuar(pagina: Page) -> None:
    pagina.locator("[data-completar]").click()


def en(pagina: Page, actividad: str) -> None:
    expect(titulo(pagina)).to_contain_text(actividad)


# --- 5.2.1
def tomar_turno(
    mundo: Mundo, motivo: str = "Mi crédito o servicio", *, preferente: bool = False, documento: tuple[str, str] | None = None
) -> str:
    """At the kiosk; returns the ticket."""
    quiosco = mundo.equipo(f"quiosco.{PUNTO.lower()}")
    quiosco.goto("/quiosco")
    quiosco.get_by_role("link", name=motivo).click()
    if documento:
        quiosco.locator("details.documento > summary").click()
        quiosco.locator("[name=tipo_doc]").first.select_option(documento[0])
        quiosco.locator("[name=num_doc]").fill(documento[1])
    quiosco.get_by_role("button", name="Sí, atención preferencial" if preferente else "No, atención general").click()
    numero = quiosco.locator(".numero").inner_text()
    mundo.trabajador.quieto()
    return numero


# --- 5.2.2
def llamar(pagina: Page, modulo: str = "1") -> None:
    pagina.goto("/atencion")
    if pagina.locator("select#modulo").input_value() != modulo:
        pagina.locator("select#modulo").select_option(modulo)
        pagina.get_by_role("button", name="Usar").click()
    pagina.get_by_role("button", name="Llamar siguiente").click()
    en(pagina, "5.2.2")


def se_presenta(pagina: Page, *, si: bool = True) -> None:
    en(pagina, "5.2.2")
    marcar(pagina, "¿Se presentó la persona?", "Sí, empiezo a atenderla" if si else "No se presentó")
    continuar(pagina)


# --- 5.2.3
def motivo(pagina: Page, texto: str, *, visita: str | None = None, radicar: bool = False, resoluble: bool = True) -> None:
    en(pagina, "5.2.3")
    pagina.get_by_label("Qué necesita la persona").fill(texto)
    if visita:
        marcar(pagina, "Motivo de la visita", visita)
    marcar(pagina, "¿Trae documentos para radicar?", "Sí" if radicar else "No")
    marcar(pagina, "¿Puede resolverse aquí mismo?", "Sí" if resoluble else "No")
    continuar(pagina)


# --- 5.2.4
def titularidad(pagina: Page, documento: tuple[str, str], *, calidad: str = "Beneficiario", coincide: bool = True) -> None:
    en(pagina, "5.2.4")
    pagina.get_by_label("Tipo de documento").select_option(documento[0])
    pagina.get_by_label("Número de documento").fill(documento[1])
    marcar(pagina, "¿Exhibió el documento original?", "Sí")
    marcar(pagina, "Calidad en la que actúa", calidad)
    marcar(pagina, "¿Coincide con el CRM?", "Sí" if coincide else "No")
    continuar(pagina)


# --- 5.2.7
def datos(pagina: Page, **cambios: str) -> None:
    en(pagina, "5.2.7")
    for etiqueta, valor in cambios.items():
        pagina.locator(f"[name={etiqueta}]").fill(valor)
    if not pagina.locator("[name=municipio]").input_value():
        pagina.locator("[name=municipio]").select_option("11001")
    if not pagina.locator("[name=medio_notificacion]:checked").count():
        marcar(pagina, "Por dónde quiere que le respondan", "Correo electrónico")
    if not pagina.locator("[name=autoriza_tratamiento]:checked").count():
        marcar(pagina, "¿Autoriza el tratamiento de sus datos?", "Sí")
    continuar(pagina)


# --- 5.2.8
def tipificar(
    pagina: Page, tema: str, clase: str = "Solicitud", descripcion: str = "La persona pide el paz y salvo de su crédito."
) -> None:
    en(pagina, "5.2.8")
    marcar(pagina, "Clase", clase)
    pagina.locator("[name=tema]").select_option(tema)
    opciones = pagina.locator("[name=servicio_id] option")
    pagina.locator("[name=servicio_id]").select_option(index=1 if opciones.count() > 1 else 0)
    pagina.get_by_label("Descripción").fill(descripcion)
    continuar(pagina)


# --- 5.2.9, 5.2.10
def esperar_aplicativos(mundo: Mundo, pagina: Page) -> None:
    mundo.trabajador.quieto()
    pagina.goto("/atencion")
    en(pagina, "5.2.10")


def responder(pagina: Page, texto: str = "Señora, su crédito está al día y puede descargar el paz y salvo hoy mismo.") -> None:
    en(pagina, "5.2.10")
    marcar(pagina, "¿Dispone de la información?", "Sí, respondo")
    pagina.get_by_label("Respuesta para la persona").fill(texto)
    continuar(pagina)


def escalar(pagina: Page, correo: str = "persona@correo.example") -> None:
    """5.2.10 without information, 5.2.14 with the summary for the area."""
    en(pagina, "5.2.10")
    pagina.get_by_role("button", name="Escalar").click()
    en(pagina, "5.2.14")
    marcar(pagina, "Por dónde recibirá la respuesta", "Correo electrónico")
    pagina.locator("[name=correo_confirmado]").fill(correo)
    pagina.get_by_label("Resumen para el área").fill("El pago de octubre aparece en el banco y no en la cartera; falta aplicarlo.")
    continuar(pagina)


# --- 5.2.12, 5.2.13
def pedir_calificacion(pagina: Page) -> None:
    en(pagina, "5.2.12")
    continuar(pagina)
    expect(titulo(pagina)).to_contain_text("Fila de")
