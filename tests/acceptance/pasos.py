"""What people do at the screens, in their words; each step of a visit is one function (M5-1-02
5.2.1 to 5.2.13)."""

import re
from dataclasses import dataclass

from playwright.sync_api import FilePayload, Locator, Page, expect

from demo.correo_local import get_message, list_messages
from engine.reads.verification import verify
from records.base.actos import Acto
from records.personas import personas
from tests.acceptance.mundo import Mundo
from tests.kit import files

PUNTO = "BOG-AGU"
PDF: FilePayload = {
    "name": "poder.pdf",
    "mimeType": "application/pdf",
    "buffer": files.pdf("Poder autenticado"),
}


@dataclass(frozen=True, slots=True)
class CasoEscalado:
    id: int
    radicado: str
    case_key: str


def marcar(pagina: Page, grupo: str, opcion: str) -> None:
    """Choose a radio button by the texts that a person reads."""
    pagina.get_by_role("group", name=grupo).get_by_label(opcion, exact=True).check()


def titulo(pagina: Page) -> Locator:
    return pagina.get_by_role("heading", level=1)


def continuar(pagina: Page) -> None:
    pagina.locator("[data-completar]").click()


def acorde(pagina: Page, teclas: str) -> None:
    """What a script of the page listens for: before it is loaded it hears nothing, and the keys are
    gone."""
    pagina.wait_for_load_state()
    pagina.keyboard.press(teclas)


def en(pagina: Page, actividad: str) -> None:
    expect(titulo(pagina)).to_contain_text(actividad)
    # its scripts listen now: a key that is pressed earlier goes nowhere
    pagina.wait_for_load_state("domcontentloaded")


# --- 5.2.1
def tomar_turno(
    mundo: Mundo,
    motivo: str = "Mi crédito o servicio",
    *,
    preferente: bool = False,
    documento: tuple[str, str] | None = None,
) -> str:
    """At the kiosk; returns the ticket."""
    quiosco = mundo.equipo(f"quiosco.{PUNTO.lower()}")
    quiosco.goto("/quiosco")
    quiosco.get_by_role("link", name=motivo).click()
    if documento:
        quiosco.locator("details.documento > summary").click()
        quiosco.locator("[name=tipo_doc]").first.select_option(documento[0])
        quiosco.locator("[name=num_doc]").fill(documento[1])
    quiosco.get_by_role(
        "button", name="Sí, atención preferencial" if preferente else "No, atención general"
    ).click()
    numero = quiosco.locator(".numero").inner_text()
    mundo.trabajador.quieto()
    return numero


def titular_con_datos(mundo: Mundo) -> tuple[str, str]:
    """A holder whose data the CRM has, as somebody who has been here before: nothing to type in
    5.2.7."""
    documento = mundo.titular()
    datos = {
        "direccion": "Calle 10 # 20-30",
        "municipio": "11001",
        "correo": "persona@correo.example",
        "medio_notificacion": "correo",
    }
    acto = Acto("asesor.bog01", mundo.clock.now())
    with mundo.sesion(escribe=True) as s:
        persona_id = personas.id_de_persona(s, *documento)
        assert persona_id is not None
        personas.actualizar_datos(s, persona_id, datos, acto)
        personas.registrar_consentimiento(s, persona_id, acto, autoriza=True)
        s.commit()
    return documento


# --- 5.2.2
def usar_modulo(pagina: Page, modulo: str = "1") -> None:
    pagina.goto("/atencion")
    if pagina.locator("select#modulo").input_value() != modulo:
        if not pagina.locator("select#modulo").is_visible():
            pagina.locator("summary", has_text="Cambiar").click()
        pagina.locator("select#modulo").select_option(modulo)
        pagina.get_by_role("button", name="Usar").click()


def llamar(pagina: Page, modulo: str = "1") -> None:
    usar_modulo(pagina, modulo)
    pagina.get_by_role("button", name="Llamar siguiente").click()
    en(pagina, "5.2.2")


def llega_sin_ficha(pagina: Page, motivo: str = "Mi crédito o servicio") -> None:
    """5.2.1 and 5.2.2 at the desk: turn, call and attention in one press."""
    usar_modulo(pagina)
    pagina.locator("select#motivo_visita").select_option(label=motivo)
    pagina.get_by_role("button", name="Atender ya").click()
    if pagina.get_by_role("heading", name="¿Por qué pasa antes quien acaba de llegar?").count():
        pagina.get_by_label("Quienes esperan estuvieron de acuerdo").check()
        pagina.get_by_role("button", name="Atender ya").click()
    en(pagina, "5.2.3")


def se_presenta(pagina: Page, *, si: bool = True) -> None:
    en(pagina, "5.2.2")
    marcar(
        pagina, "¿Se presentó la persona?", "Sí, empiezo a atenderla" if si else "No se presentó"
    )
    continuar(pagina)


# --- 5.2.3
def motivo(
    pagina: Page,
    texto: str,
    *,
    visita: str | None = None,
    radicar: bool = False,
    resoluble: bool = True,
) -> None:
    en(pagina, "5.2.3")
    pagina.get_by_label("Qué necesita la persona").fill(texto)
    if visita:
        marcar(pagina, "Motivo de la visita", visita)
    marcar(pagina, "¿Trae documentos para radicar?", "Sí" if radicar else "No")
    marcar(pagina, "¿Puede resolverse aquí mismo?", "Sí" if resoluble else "No")
    continuar(pagina)


# --- 5.2.4
def buscar(pagina: Page, documento: tuple[str, str], *, exhibe: bool = True) -> None:
    """The document is typed; the record that the CRM holds of it comes by itself, uncovered when
    the document is in sight."""
    en(pagina, "5.2.4")
    pagina.get_by_label("Tipo de documento").select_option(documento[0])
    numero = pagina.get_by_label("Número de documento")
    numero.fill(documento[1])
    numero.press("Tab")
    marcar(
        pagina,
        "¿Exhibió el documento original?",
        "Sí, lo tengo a la vista" if exhibe else "No lo trae",
    )
    nadie = pagina.get_by_role("heading", name="Nadie en el CRM tiene")
    expect(pagina.get_by_role("heading", name="Registro del CRM").or_(nadie)).to_be_visible()


def titularidad(pagina: Page, documento: tuple[str, str], *, calidad: str = "") -> None:
    """A holder: the document beside the record, all equal, in the only quality that the records
    hold or in this one."""
    buscar(pagina, documento)
    pagina.get_by_role("button", name="Todo es igual").click()
    if calidad:
        marcar(pagina, "¿En qué calidad viene hoy?", calidad)
    continuar(pagina)


def por_el_poder(pagina: Page, documento: tuple[str, str]) -> None:
    """An attorney whom the CRM does not know: by the page that found nobody."""
    buscar(pagina, documento)
    pagina.get_by_role("button", name="Ir al poder (5.2.5)").click()
    en(pagina, "5.2.5")


# --- 5.2.7
def datos(pagina: Page, **cambios: str) -> None:
    en(pagina, "5.2.7")
    if cambios and pagina.get_by_text("Cambiar algún dato").count():
        pagina.get_by_text("Cambiar algún dato").click()
    if not pagina.locator("[name=autoriza_tratamiento]:checked").count():
        pagina.locator("[name=autoriza_tratamiento][value=si]").check()
    for etiqueta, valor in cambios.items():
        pagina.locator(f"[name={etiqueta}]").fill(valor)
    municipio = pagina.locator("[name=municipio]")
    if municipio.is_visible() and not municipio.input_value():
        municipio.fill("bogota")
    if not pagina.locator("[name=medio_notificacion]:checked").count():
        marcar(pagina, "Por dónde quiere que le respondan", "Correo electrónico")
    continuar(pagina)


# --- 5.2.8
def tipificar(
    pagina: Page,
    tema: str,
    clase: str = "Solicitud",
    descripcion: str = "La persona pide el paz y salvo de su crédito.",
) -> None:
    en(pagina, "5.2.8")
    marcar(pagina, "Clase", clase)
    pagina.locator("[name=tema]").fill(tema)
    pagina.locator("[name=servicio_id]").first.check()
    pagina.get_by_label("Descripción").fill(descripcion)
    continuar(pagina)


# --- 5.2.9, 5.2.10
def esperar_aplicativos(mundo: Mundo, pagina: Page) -> None:
    mundo.trabajador.quieto()
    pagina.goto("/atencion")
    en(pagina, "5.2.10")


def responder(
    pagina: Page,
    texto: str = "Señora, su crédito está al día y puede descargar el paz y salvo hoy mismo.",
) -> None:
    en(pagina, "5.2.10")
    marcar(pagina, "¿Dispone de la información?", "Sí, respondo")
    pagina.get_by_label("Respuesta para la persona").fill(texto)
    continuar(pagina)


def escalar(pagina: Page, correo: str = "persona@correo.example") -> None:
    """5.2.10 without information (F9), 5.2.14 with the summary for the area."""
    en(pagina, "5.2.10")
    acorde(pagina, "F9")
    en(pagina, "5.2.14")
    marcar(pagina, "Por dónde recibirá la respuesta", "Correo electrónico")
    pagina.locator("[name=correo_confirmado]").fill(correo)
    pagina.get_by_label("Resumen para el área").fill(
        "El pago de octubre aparece en el banco y no en la cartera; falta aplicarlo."
    )
    continuar(pagina)


# --- 5.2.12, 5.2.13
def pedir_calificacion(pagina: Page) -> None:
    en(pagina, "5.2.12")
    continuar(pagina)
    expect(titulo(pagina)).to_contain_text("Fila de")


# --- a case that the desk cannot answer -----------------------------------------------------------
def hasta_responder(
    mundo: Mundo,
    asesor: Page,
    documento: tuple[str, str],
    *,
    tema: str = "R01",
    clase: str = "Reclamo",
    correo: str = "persona@correo.example",
) -> None:
    """From the person at the desk to 5.2.10."""
    motivo(asesor, "Pagó en octubre y el pago no aparece")
    titularidad(asesor, documento)
    datos(asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo=correo)
    tipificar(asesor, tema, clase, "El pago de octubre no aparece en el estado de cuenta.")
    esperar_aplicativos(mundo, asesor)


def caso_escalado(
    mundo: Mundo,
    asesor: Page,
    correo: str = "persona@correo.example",
    *,
    titular: tuple[str, str] | None = None,
) -> CasoEscalado:
    """A reclamo about a payment, with the area VCC; the visit itself is over."""
    llega_sin_ficha(asesor)
    hasta_responder(mundo, asesor, titular or mundo.titular(), correo=correo)
    escalar(asesor, correo)
    pedir_calificacion(asesor)
    mundo.pasan(minutes=4)
    ((id_, radicado, case_key),) = mundo.filas(
        "select id, radicado, case_key from caso order by id desc limit 1"
    )
    return CasoEscalado(int(str(id_)), str(radicado), str(case_key))


# --- 5.2.16 to 5.2.18 -----------------------------------------------------------------------------
def tomar_en_bandeja(pagina: Page, caso: CasoEscalado, actividad: str) -> None:
    """Take the task of this case, and open it."""
    pagina.goto("/bandeja?vista=todas")
    linea = pagina.locator("li.fila", has_text=caso.radicado)
    expect(linea).to_contain_text(actividad)
    tomar = linea.get_by_role("button", name="Tomar")
    (tomar if tomar.count() else linea.get_by_role("link", name="Abrir")).click()
    en(pagina, actividad)


def recibir_caso(pagina: Page, caso: CasoEscalado) -> None:
    tomar_en_bandeja(pagina, caso, "5.2.16")
    marcar(pagina, "Después de leer el caso", "Es de mi área y está completo")
    continuar(pagina)
    en(pagina, "5.2.17")


def es_de_otra_area(pagina: Page, caso: CasoEscalado, area: str) -> None:
    tomar_en_bandeja(pagina, caso, "5.2.16")
    marcar(pagina, "Después de leer el caso", "Es de otra área")
    pagina.locator("[name=area_destino]").select_option(area)
    pagina.get_by_label("Por qué es de esa área").fill(
        "El trámite que pide la persona lo lleva esa área."
    )
    pagina.get_by_label("Sí, sale de mi bandeja y de mi área").check()
    continuar(pagina)
    expect(titulo(pagina)).to_contain_text("Bandeja")


def requerir(mundo: Mundo, caso: CasoEscalado) -> None:
    """5.2.16: the area lacks something that only the citizen has."""
    funcionario = mundo.persona("funcionario.vcc01")
    tomar_en_bandeja(funcionario, caso, "5.2.16")
    marcar(funcionario, "Después de leer el caso", "Falta información del usuario")
    funcionario.get_by_label("Qué información falta").fill(
        "El recibo de pago de octubre, por las dos caras."
    )
    continuar(funcionario)
    mundo.trabajador.quieto()
    assert mundo.filas("select estado from caso") == [("requerido",)]


def investigar(
    pagina: Page,
    hallazgos: str = "El banco recaudó el pago el 5 de octubre; faltaba aplicarlo en cartera.",
) -> None:
    en(pagina, "5.2.17")
    pagina.get_by_label("Hallazgos").fill(hallazgos)
    fuentes = pagina.get_by_role("group", name="Fuentes consultadas")
    fuentes.get_by_label("C&CTEX").check()
    fuentes.get_by_label("Reporte del banco").check()
    pagina.get_by_label("Acción correctiva").fill("Se aplicó el pago.")
    continuar(pagina)
    en(pagina, "5.2.18")


def documentar(
    pagina: Page, texto: str = "El pago del 5 de octubre ya está aplicado y el saldo quedó al día."
) -> None:
    en(pagina, "5.2.18")
    pagina.get_by_label("Respuesta técnica").fill(texto)
    marcar(pagina, "¿Es favorable para la persona?", "Sí")
    continuar(pagina)
    expect(titulo(pagina)).to_contain_text("Bandeja")


# --- M5-1-01 act. 13, 14 --------------------------------------------------------------------------
def abrir_otra_tarea(mundo: Mundo, asesor: Page, caso: CasoEscalado) -> None:
    """From the console, between two attentions."""
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    asesor.get_by_role("region", name="Otras tareas suyas").get_by_role(
        "link", name=caso.radicado
    ).click()


def revisar_y_enviar(mundo: Mundo, asesor: Page, caso: CasoEscalado) -> None:
    abrir_otra_tarea(mundo, asesor, caso)
    marcar(asesor, "La respuesta del área está", "Completa")
    continuar(asesor)
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(
        "El pago del 5 de octubre ya está aplicado y el saldo quedó al día."
    )
    continuar(asesor)
    # the queue; or, when the mail came back while the page waited for it, what is to be done about
    # that
    expect(titulo(asesor)).to_have_text(re.compile("Fila de|^Entregar por otro medio"))
    mundo.trabajador.quieto()


# --- what stays -----------------------------------------------------------------------------------
def cuerpo_del_correo(mundo: Mundo, asunto: str) -> str:
    """The text of the newest mail with this beginning of its subject."""
    carpeta = mundo.carpeta / "correo"
    clave = next(m.id for m in list_messages(carpeta) if m.asunto.startswith(asunto))
    mensaje = get_message(carpeta, clave)
    assert mensaje is not None
    return mensaje.texto


def seguir_correo(mundo: Mundo, asunto: str, usuario: str) -> Page:
    """Where the link of the newest mail with this beginning of its subject leads whoever has to log
    in first."""
    enlace = re.search(r"https?://[^/\s]+(/\S+)", cuerpo_del_correo(mundo, asunto))
    assert enlace is not None
    pagina = mundo.publico()
    pagina.goto(enlace[1])
    mundo.identificar(pagina, usuario)
    return pagina


def hechas(mundo: Mundo, case_key: str) -> list[tuple[object, ...]]:
    """(element, who) of the completed activities of a case, from the journal."""
    return mundo.filas(
        "select j.element, j.actor_id from journal j join instance i on i.id = j.instance_id "
        "where i.case_key = :k and j.kind = 'complete' order by j.at, i.started_at, j.rev",
        k=case_key,
    )


def sin_faltas(mundo: Mundo) -> None:
    """Every chain is whole, no incident, no failed job."""
    mundo.trabajador.quieto()
    with mundo.sesion() as s:
        assert verify(s).faults == ()
    assert mundo.filas("select element, error from incident") == []
    assert mundo.trabajador.fallas == []


# --- diagrams
LEGIBLE = 0.8  # of a drawing, as in webforms/assets/bpmn/vista.js


def escala(dibujo: Locator) -> float:
    """At which scale a drawing is shown."""
    return float(
        dibujo.evaluate(
            "(r) => r.querySelector('.viewport').transform.baseVal.consolidate()?.matrix.a ?? 1"
        )
    )


def cabe(dibujo: Locator, elemento: str) -> bool:
    """Whether an element lies inside the window on its drawing."""
    return bool(
        dibujo.evaluate(
            """(r, id) => {
              const [caja, ventana] = [r.querySelector(`[data-element-id="${id}"]`), r.querySelector(".djs-container")]
                .map((n) => n.getBoundingClientRect());
              return caja.left >= ventana.left && caja.right <= ventana.right && caja.top >= ventana.top && caja.bottom <= ventana.bottom;
            }""",
            elemento,
        )
    )
