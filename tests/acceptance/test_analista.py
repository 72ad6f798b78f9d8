"""An analyst adds an activity with two fields by uploading a file; new cases have it, the case that
was under way goes on as it began."""

import datetime as dt

from playwright.sync_api import FilePayload, Page, expect

from engine.types import SYSTEM, Started
from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo
from webforms.paquetes.plantilla import diagrama_vacio

CAMPOS = (
    '<v:field name="telefono" label="Teléfono de contacto" type="text" required="true" hint="Donde contesta de día"/>'
    '<v:field name="contesto" label="¿Contestó?" type="boolean" required="true" decision="true"/>'
)
DIBUJO = (
    '<bpmndi:BPMNShape id="llamar_di" bpmnElement="llamar"><dc:Bounds x="535" y="140" width="110" height="80"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNEdge id="visita_f3_di" bpmnElement="visita_f3">'
    '<di:waypoint x="645" y="180"/><di:waypoint x="692" y="180"/></bpmndi:BPMNEdge>'
)


def version_1() -> str:
    return diagrama_vacio("visita", "La visita").decode()


def con_llamada(vence: str) -> str:
    """The same diagram with a user task between the first one and the end."""
    tarea = (
        '<bpmn:userTask id="llamar" name="Llamar de vuelta"><bpmn:extensionElements>'
        f'<v:due expr="{vence}"/>{CAMPOS}</bpmn:extensionElements>'
        "<bpmn:incoming>visita_f2</bpmn:incoming><bpmn:outgoing>visita_f3</bpmn:outgoing></bpmn:userTask>"
    )
    return (
        version_1()
        .replace(
            "<bpmn:flowNodeRef>visita_fin",
            "<bpmn:flowNodeRef>llamar</bpmn:flowNodeRef><bpmn:flowNodeRef>visita_fin",
        )
        .replace(
            "<bpmn:incoming>visita_f2</bpmn:incoming></bpmn:endEvent>",
            "<bpmn:incoming>visita_f3</bpmn:incoming></bpmn:endEvent>",
        )
        .replace(
            'targetRef="visita_fin"/>',
            f'targetRef="llamar"/>{tarea}<bpmn:sequenceFlow id="visita_f3" sourceRef="llamar" targetRef="visita_fin"/>',
        )
        .replace('<dc:Bounds x="572"', '<dc:Bounds x="692"')
        .replace('<di:waypoint x="572" y="180"/>', '<di:waypoint x="535" y="180"/>')
        .replace("</bpmndi:BPMNPlane>", f"{DIBUJO}</bpmndi:BPMNPlane>")
    )


def subir(analista: Page, texto: str) -> None:
    analista.goto("/procesos/subir")
    archivo: FilePayload = {
        "name": "visita.bpmn",
        "mimeType": "application/xml",
        "buffer": texto.encode(),
    }
    analista.get_by_label("Archivo", exact=True).set_input_files(files=[archivo])
    analista.get_by_role("button", name="Subir y revisar").click()


def caso(mundo: Mundo, clave: str) -> Started:
    return mundo.engine.instances.start(
        "visita", actor=SYSTEM, now=mundo.clock.now(), case_key=clave, data={"punto_id": p.PUNTO}
    )


def completar_la_primera(asesor: Page, item: str) -> None:
    asesor.goto(f"/tarea/{item}")
    expect(p.titulo(asesor)).to_have_text("Primera tarea")
    p.continuar(asesor)


def test_an_added_activity_is_refused_once_then_runs_in_new_cases_only(mundo: Mundo) -> None:
    mundo.engine.releases.deploy(
        {"visita.bpmn": version_1().encode()}, actor=SYSTEM, now=mundo.clock.now()
    )
    viejo = caso(mundo, "caso-viejo")
    analista = mundo.persona("analista")

    # refused, with the reason in Spanish; nothing changed
    subir(analista, con_llamada("dias_laborales(3)"))
    expect(
        analista.get_by_role("heading", name="No se puede poner en vigor todavía")
    ).to_be_visible()
    expect(analista.locator("main")).to_contain_text("La función «dias_laborales» no existe.")
    expect(analista.get_by_role("button", name="Poner en vigor")).to_be_disabled()
    nuevo_con_la_vieja = caso(mundo, "caso-de-paso")
    assert [item.name for item in nuevo_con_la_vieja.opened] == ["Primera tarea"]

    # corrected and put in force
    subir(analista, con_llamada("dias_habiles(3)"))
    expect(analista.get_by_text("pasa de la versión 1 a la 2.")).to_be_visible()
    los_dibujos_primero(analista)
    analista.get_by_label("Qué cambia y por qué").fill("Se llama a la persona después")
    analista.get_by_role("button", name="Poner en vigor").click()
    expect(analista.get_by_text("En vigor: La visita, versión 2.")).to_be_visible()
    nuevo = caso(mundo, "caso-nuevo")

    # a new case has the task, with a form that nobody programmed
    asesor = mundo.persona("asesor.bog01")
    completar_la_primera(asesor, nuevo.opened[0].id)
    asesor.goto("/bandeja")
    asesor.get_by_role("link", name="Llamar de vuelta", exact=True).click()
    expect(asesor.get_by_text("Donde contesta de día")).to_be_visible()
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_be_focused()
    asesor.get_by_label("Teléfono de contacto").fill("601 417 3535")
    p.marcar(asesor, "¿Contestó?", "Sí")
    p.continuar(asesor)
    expect(asesor.get_by_label("Teléfono de contacto")).to_have_count(0)
    asesor.goto("/caso/caso-nuevo/diagrama")
    expect(asesor.get_by_role("heading", name="La visita, versión 2", exact=True)).to_be_visible()
    expect(asesor.get_by_role("table")).to_contain_text("Llamar de vuelta")

    # the old one goes on as it began
    completar_la_primera(asesor, viejo.opened[0].id)
    asesor.goto("/caso/caso-viejo/diagrama")
    expect(asesor.get_by_role("heading", name="La visita, versión 1", exact=True)).to_be_visible()
    expect(asesor.get_by_role("table")).not_to_contain_text("Llamar de vuelta")
    estados = mundo.filas(
        "select case_key, status from instance where process = 'visita' order by started_at, case_key"
    )
    assert dict(estados) == {
        "caso-viejo": "finished",
        "caso-de-paso": "active",
        "caso-nuevo": "finished",
    }
    ((datos,),) = mundo.filas("select form_values from submission where element = 'llamar'")
    assert '"telefono":"601 417 3535"' in str(datos)
    assert '"contesto":true' in str(datos)
    p.sin_faltas(mundo)


def los_dibujos_primero(analista: Page) -> None:
    """1.5: both drawings before the changes in words, legible, the same number on the drawing and
    in the list; on a whole screen too."""
    despues = analista.locator("#despues")
    for dibujo in (analista.locator("#antes"), despues):
        expect(dibujo).to_have_attribute("data-estado", "listo")
    lista = analista.locator("ol.cambios > li")
    expect(lista).to_have_count(1)
    expect(lista.first).to_contain_text("Llamar de vuelta")
    expect(lista.first).to_contain_text("Vence: 3 días hábiles")
    expect(despues.locator(".marca-n.nuevo")).to_have_text("1")
    for ancho in (1280, 1920):
        analista.set_viewport_size({"width": ancho, "height": 900})
        assert p.escala(despues) >= p.LEGIBLE
        assert p.cabe(despues, "llamar")
    boton = despues.locator("xpath=..").get_by_role("button", name="Pantalla completa")
    boton.press("Enter")
    expect(boton).to_have_attribute("aria-pressed", "true")
    assert despues.evaluate("(r) => r.clientHeight") > 700
    analista.evaluate("() => document.exitFullscreen()")
    expect(boton).to_have_attribute("aria-pressed", "false")
    analista.set_viewport_size({"width": 1280, "height": 900})


def test_a_rule_that_another_tab_saved_meanwhile_refuses_in_sight_and_keeps_what_was_typed(
    mundo: Mundo,
) -> None:
    """The page comes back to the rule (#regla), far below what refuses it."""
    analista = mundo.persona("analista")
    otra = analista.context.new_page()
    for pagina, regla in ((analista, 12), (otra, 3)):
        pagina.goto("/procesos/matriz_escalonamiento.dmn/editar")
        pagina.get_by_role("button", name=f"Editar la regla {regla}", exact=True).press("Enter")
    mundo.clock.advance(dt.timedelta(seconds=5))
    otra.get_by_label("Grupo").fill("Giros")
    otra.get_by_label("Grupo").press("Enter")
    expect(otra.locator("#fila-matriz_escalonamiento-3")).to_be_focused()
    analista.get_by_label("Grupo").fill("Acuerdos")
    analista.get_by_label("Grupo").press("Enter")

    aviso = analista.get_by_role("alert").filter(
        has_text="Usted guardó este borrador en otra pestaña"
    )
    expect(aviso).to_be_focused()
    expect(aviso).to_be_in_viewport(ratio=1)
    expect(analista.get_by_label("Grupo")).to_have_value("Acuerdos")
    p.sin_faltas(mundo)


def test_a_rule_of_the_matrix_is_changed_by_keyboard_alone(mundo: Mundo) -> None:
    """1.5: every cell in reach, chosen by name or typed without quotes; a bad one says so at its
    place and loses nothing."""
    analista = mundo.persona("analista")
    analista.goto("/procesos/matriz_escalonamiento.dmn/editar")
    assert analista.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    analista.get_by_role("button", name="Editar la regla 3", exact=True).press("Enter")
    expect(analista.get_by_role("heading", name="Regla 3")).to_be_focused()

    alcanzados = []
    while "Cerrar sin guardar" not in alcanzados:
        analista.keyboard.press("Tab")
        alcanzados.append(
            str(
                analista.evaluate(
                    "() => (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
                )
            )
        )
        assert len(alcanzados) < 80, alcanzados
    for celda in (
        "Crédito › Paz y salvo",
        "Presencial",
        "Denuncia",
        "Área",
        "Grupo",
        "Plazo interno (días hábiles)",
        "Nivel 2",
        "Nivel 3",
    ):
        assert celda in alcanzados, celda

    area, plazo, grupo = (
        analista.get_by_label(rotulo) for rotulo in ("Área", "Plazo interno", "Grupo")
    )
    area.focus()
    analista.keyboard.type("Dirección de T")
    grupo.focus()
    analista.keyboard.press("Control+A")
    analista.keyboard.type("Giros")
    plazo.focus()
    analista.keyboard.press("Control+A")
    analista.keyboard.type("tres")
    analista.keyboard.press("Enter")
    expect(analista.locator(".resumen-error")).to_be_focused()
    expect(plazo).to_have_accessible_description(
        "«tres» no es un número. Escríbalo en cifras, por ejemplo 5."
    )
    expect(area).to_have_value("DTE")
    expect(grupo).to_have_value("Giros")
    plazo.focus()
    analista.keyboard.press("Control+A")
    analista.keyboard.type("3")
    analista.keyboard.press("Enter")
    fila = analista.locator("#fila-matriz_escalonamiento-3")
    expect(fila).to_be_focused()
    expect(fila).to_contain_text("Dirección de Tesorería")
    expect(fila.locator("ins")).to_have_text(["Dirección de Tesorería", "Giros", "3"])
    analista.get_by_role("button", name="Poner en vigor…").press("Enter")
    expect(analista.locator("ol.cambios > li")).to_have_count(1)
    p.sin_faltas(mundo)
