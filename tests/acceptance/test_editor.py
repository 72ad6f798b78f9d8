"""An analyst in the browser: reads diagrams, adds a task with two fields, is refused with the
reason, puts a version in force."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from engine.types import SYSTEM
from tests.acceptance import pasos as p
from tests.acceptance.lupa import desborde, violaciones
from tests.acceptance.mundo import ROOT, Mundo
from tests.kit.canvas import facts
from webforms.paquetes.plantilla import diagrama_vacio

ANALISTA = "analista"
#: Those that every run of the tests opens; the others are opened by `make long`.
SIEMPRE = ("atencion_personalizada.bpmn", "control_vencimientos.bpmn")
DIAGRAMAS = [
    pytest.param(ruta.name, marks=() if ruta.name in SIEMPRE else pytest.mark.long)
    for ruta in sorted((ROOT / "bpmn" / "m5_1_02").rglob("*.bpmn"), key=lambda ruta: ruta.name)
]
AJENA = '<acme:color xmlns:acme="urn:acme" tono="azul"/>'


@pytest.fixture
def pagina(mundo: Mundo) -> Iterator[Page]:
    abierta = mundo.persona(ANALISTA)
    errores: list[str] = []
    abierta.on("pageerror", lambda error: errores.append(str(error)))
    yield abierta
    assert errores == []


def visita(mundo: Mundo) -> None:
    """A small process of its own, with an extension of another vendor on its task."""
    texto = diagrama_vacio("visita", "La visita").decode()
    texto = texto.replace(
        "<bpmn:incoming>visita_f1",
        f"<bpmn:extensionElements>{AJENA}</bpmn:extensionElements><bpmn:incoming>visita_f1",
        1,
    )
    mundo.engine.releases.deploy(
        {"visita.bpmn": texto.encode()}, actor=SYSTEM, now=mundo.clock.now()
    )


def sin_guiones(mundo: Mundo, con: Page) -> Page:
    """The same session in a browser without JavaScript."""
    contexto = mundo.browser.new_context(
        base_url=mundo.url, java_script_enabled=False, storage_state=con.context.storage_state()
    )
    mundo.contextos.append(contexto)
    return contexto.new_page()


def editar(pagina: Page, archivo: str = "visita.bpmn") -> None:
    pagina.goto(f"/procesos/{archivo}/editar")
    expect(pagina.locator("#editor")).to_have_attribute("data-estado", "listo")
    expect(pagina.locator("#revision")).to_have_attribute("data-estado", "listo")


def xml_del_lienzo(pagina: Page) -> str:
    return str(
        pagina.evaluate(
            "async () => (await document.getElementById('editor').modeler.saveXML({ format: true })).xml"
        )
    )


def lugares(texto: bytes) -> dict[bytes, bytes]:
    """What each element is drawn at."""
    return {
        id_: lugar.strip()
        for id_, lugar in re.findall(rb'bpmnElement="(\w+)"[^>]*>\s*<dc:Bounds([^/]*)/', texto)
    }


def arrastrar(pagina: Page, id_: str) -> None:
    """By its upper border, a little to the right."""
    pagina.evaluate(
        """(id) => {
          const m = document.getElementById("editor").modeler;
          m.get("canvas").scrollToElement(m.get("elementRegistry").get(id), 90);
        }""",
        id_,
    )
    pagina.locator("#lienzo").scroll_into_view_if_needed()
    caja = pagina.locator(f'#lienzo [data-element-id="{id_}"] > .djs-visual').bounding_box()
    assert caja is not None
    x, y = caja["x"] + caja["width"] / 2, caja["y"] + 2
    pagina.mouse.move(x, y)
    pagina.mouse.down()
    pagina.mouse.move(x + 6, y)
    pagina.mouse.move(x + 14, y, steps=3)
    pagina.mouse.up()


def agregar_tarea(pagina: Page, nombre: str) -> None:
    """With the keyboard only: after the first task, a user task in the flow to the end."""
    pagina.get_by_label("Elemento", exact=True).select_option(label="Flujo: Primera tarea → Fin")
    pagina.get_by_label("Qué insertar").select_option("bpmn:UserTask")
    pagina.get_by_role("button", name="Insertar").press("Enter")
    expect(pagina.get_by_label("Nombre", exact=True)).to_be_focused()
    pagina.keyboard.type(nombre)


def agregar_campo(pagina: Page, rotulo: str, tipo: str) -> None:
    pagina.get_by_role("button", name="Agregar campo").press("Enter")
    expect(pagina.get_by_label("Pregunta o rótulo").last).to_be_focused()
    pagina.keyboard.type(rotulo)
    pagina.keyboard.press("Tab")
    pagina.locator("[data-clave$=-tipo][data-clave^=campo]").last.select_option(tipo)


def test_a_role_that_a_lane_of_the_draft_makes_may_be_let_start_it(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    elemento = pagina.get_by_label("Elemento", exact=True)
    elemento.select_option("visita_carril")
    pagina.locator("[data-clave=carril-rol]").select_option("+")
    pagina.locator("[data-clave=carril-nombre]").fill("Revisor de obras")
    pagina.keyboard.press("Tab")

    elemento.select_option("visita_inicio")
    pagina.locator("[data-clave=inicio-roles]").click()
    pagina.get_by_role("checkbox", name="Revisor de obras").check()

    expect(pagina.locator("[data-clave=inicio-roles]")).to_have_text("Roles: Revisor de obras")
    assert '<v:start roles="asesor_2"' in xml_del_lienzo(pagina)


@pytest.mark.parametrize("archivo", DIAGRAMAS)
def test_a_diagram_of_the_product_opens_without_warnings_and_in_spanish(
    pagina: Page, archivo: str
) -> None:
    pagina.goto(f"/procesos/{archivo}")
    visor = pagina.locator(".bpmn[data-xml-url]")
    expect(visor).to_have_attribute("data-estado", "listo")
    assert visor.get_attribute("data-avisos") == "0"

    editar(pagina, archivo)

    assert pagina.locator("#editor").get_attribute("data-avisos") == "0"
    pagina.evaluate(
        """() => {
          const m = document.getElementById("editor").modeler;
          const vistos = new Set();
          for (const e of m.get("elementRegistry").filter((x) => x.parent && !x.labelTarget)) {
            const clase = e.type + (e.businessObject.eventDefinitions ?? []).map((d) => d.$type).join();
            if (vistos.has(clase)) continue;
            vistos.add(clase);
            m.get("contextPad").open(e, true);
            const lugar = { x: 9, y: 9, cursor: { x: 9, y: 9 } };
            if (!m.get("popupMenu").isEmpty(e, "bpmn-replace")) m.get("popupMenu").open(e, "bpmn-replace", lugar);
            m.get("popupMenu").close();
          }
        }"""
    )
    assert pagina.evaluate("[...document.getElementById('editor').sinTraducir]") == []
    expect(pagina.locator("#revision-resumen")).to_contain_text("se puede poner en vigor")
    original = next((ROOT / "bpmn").rglob(archivo)).read_bytes()
    assert facts(xml_del_lienzo(pagina).encode()) == facts(original)


def test_a_box_that_is_dragged_changes_its_place_and_nothing_else(
    mundo: Mundo, pagina: Page
) -> None:
    editar(pagina, "sala_informativa.bpmn")
    arrastrar(pagina, "act_5_2_22")
    pagina.keyboard.press("Control+s")
    expect(pagina.locator("#guardado")).to_contain_text("Guardado a las")

    [(guardado,)] = mundo.filas(
        "SELECT content FROM model_draft WHERE file = 'sala_informativa.bpmn'"
    )
    original = (ROOT / "bpmn" / "m5_1_02" / "sala_informativa.bpmn").read_bytes()
    assert isinstance(guardado, bytes)
    assert facts(guardado) == facts(original)
    assert guardado.count(b"<dc:Bounds") == original.count(b"<dc:Bounds")
    movidas = lugares(guardado).items() - lugares(original).items()
    assert b"act_5_2_22" in {id_ for id_, _ in movidas}


def test_a_drawing_is_seen_whole_and_what_can_be_undone_is_told(pagina: Page) -> None:
    editar(pagina, "escalonamiento.bpmn")
    fuera = """() => {
      const { inner, x, y, width, height } = document.getElementById("editor").modeler.get("canvas").viewbox();
      return inner.x < x || inner.y < y || inner.x + inner.width > x + width || inner.y + inner.height > y + height;
    }"""
    assert pagina.evaluate(fuera)

    pagina.get_by_role("button", name="Ver todo").click()

    assert not pagina.evaluate(fuera)
    expect(pagina.get_by_role("button", name="Deshacer")).to_be_disabled()
    arrastrar(pagina, "act_5_2_17")
    pagina.get_by_role("button", name="Deshacer").click()
    expect(pagina.get_by_role("button", name="Deshacer")).to_be_disabled()
    expect(pagina.get_by_role("button", name="Rehacer")).to_be_enabled()


def test_the_whole_screen_keeps_panel_and_menus(pagina: Page) -> None:
    """A menu that opened below the edge of the window could not be used; of what is not in the part
    on the whole screen nothing is seen."""
    editar(pagina, "escalonamiento.bpmn")
    for pantalla in (False, True):
        if pantalla:
            pagina.get_by_role("button", name="Pantalla completa").click()
            expect(pagina.get_by_role("button", name="Pantalla completa")).to_have_attribute(
                "aria-pressed", "true"
            )
        pagina.get_by_label("Elemento", exact=True).select_option("us_decide_coord")
        pagina.get_by_title("Cambiar elemento").click()
        menu = pagina.locator(".djs-popup")
        expect(menu).to_be_in_viewport(ratio=1)
        expect(pagina.get_by_label("Formulario")).to_be_visible()
        pagina.keyboard.press("Escape")


def test_of_several_elements_the_panel_says_how_many(mundo: Mundo, pagina: Page) -> None:
    visita(mundo)
    editar(pagina)
    pagina.locator("#lienzo [data-element-id=visita_tarea] > .djs-hit").click()
    pagina.locator("#lienzo [data-element-id=visita_fin] > .djs-hit").click(modifiers=["Shift"])

    expect(pagina.get_by_role("heading", name="2 elementos elegidos")).to_be_visible()
    expect(pagina.get_by_label("Elemento", exact=True)).to_have_value("")


def test_what_people_do_has_its_fill_while_it_is_drawn_too(mundo: Mundo, pagina: Page) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Revisar")

    assert pagina.locator("#lienzo .djs-shape.humana").count() == 2


def test_the_page_says_what_is_not_saved_yet_and_that_a_draft_exists(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    expect(pagina.locator(".encabezado .estado")).to_have_text("Versión 1, en vigor")
    agregar_tarea(pagina, "Revisar")
    pagina.keyboard.press("Tab")

    expect(pagina.locator("#guardado")).to_have_attribute("data-estado", "sin-guardar")
    pagina.get_by_role("button", name="Guardar borrador").click()

    expect(pagina.locator("#guardado")).to_have_attribute("data-estado", "guardado")
    expect(pagina.locator(".encabezado .estado")).to_have_text("Borrador de la versión 2")


def test_a_form_is_chosen_by_the_task_that_it_is_for(pagina: Page) -> None:
    editar(pagina, "escalonamiento.bpmn")
    pagina.get_by_label("Elemento", exact=True).select_option("act_5_2_17")

    expect(pagina.get_by_label("Formulario").locator("option:checked")).to_have_text(
        "Investigar el caso (funcionario.investigar)"
    )


def test_a_task_with_two_fields_is_added_with_the_keyboard_and_survives_a_reload(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Revisar la respuesta")
    agregar_campo(pagina, "¿Está bien escrita?", "choice")
    pagina.get_by_label("Opciones").fill("Sí\nno: No, hay que corregirla")
    pagina.get_by_label("Decide el camino").check()
    agregar_campo(pagina, "Número de folios", "integer")
    pagina.get_by_label("Ayuda (opcional)").last.fill("Sin contar la carátula")

    pagina.keyboard.press("Control+s")  # what is being typed counts
    expect(pagina.locator("#guardado")).to_have_text("Guardado a las 09:00")
    editar(pagina)

    texto = xml_del_lienzo(pagina)
    assert (
        '<v:field name="esta_bien_escrita" label="¿Está bien escrita?" type="choice" decision="true"'
        in texto
    )
    assert 'options="si:Sí|no:No, hay que corregirla"' in texto
    assert (
        '<v:field name="numero_de_folios" label="Número de folios" type="integer" hint="Sin contar la carátula" />'
        in texto
    )
    assert 'tono="azul"' in texto
    expect(pagina.locator("#revision-resumen")).to_contain_text("se puede poner en vigor")


def test_saving_at_once_after_leaving_a_control_keeps_the_name_that_its_label_gave(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Otra")
    pagina.get_by_role("button", name="Agregar campo").click()
    pagina.keyboard.type("¿Está bien?")

    pagina.keyboard.press("Tab")
    pagina.keyboard.press("Control+s")

    expect(pagina.get_by_label("Nombre de la variable")).to_have_value("esta_bien")
    assert 'name="esta_bien" label="¿Está bien?"' in xml_del_lienzo(pagina)


def test_fields_are_ordered_and_removed(mundo: Mundo, pagina: Page) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Dos campos")
    agregar_campo(pagina, "Uno", "text")
    agregar_campo(pagina, "Dos", "text")

    pagina.get_by_role("button", name="Subir Dos").click()
    expect(pagina.locator("#propiedades summary").first).to_have_text("1. Dos")
    pagina.get_by_role("button", name="Quitar campo Dos").click()

    assert re.findall(r'<v:field name="(\w+)"', xml_del_lienzo(pagina)) == ["uno"]
    pagina.get_by_role("button", name="Deshacer").click()
    assert re.findall(r'<v:field name="(\w+)"', xml_del_lienzo(pagina)) == ["dos", "uno"]


def test_a_task_is_drawn_with_the_palette_and_gets_its_type_from_the_menu(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    lienzo = pagina.locator("#lienzo .djs-container")
    caja = lienzo.bounding_box()
    assert caja is not None

    pagina.get_by_label("Crear una tarea").click()
    pagina.mouse.move(caja["x"] + caja["width"] * 0.5, caja["y"] + 60)
    tarea = pagina.locator("#lienzo [data-element-id=visita_tarea]").bounding_box()
    assert tarea is not None
    pagina.mouse.move(tarea["x"] + tarea["width"] * 0.5, tarea["y"] - 45)
    pagina.mouse.click(tarea["x"] + tarea["width"] * 0.5, tarea["y"] - 45)
    pagina.keyboard.press("Escape")
    pagina.get_by_title("Cambiar elemento").click()
    pagina.locator(".djs-popup").get_by_text("Tarea de usuario", exact=True).click()

    expect(pagina.locator("#propiedades .migas")).to_contain_text("Tarea de usuario")
    assert xml_del_lienzo(pagina).count("<bpmn:userTask") == 2


def test_a_drawing_of_an_editor_that_only_draws_is_made_to_run_in_the_panel(
    mundo: Mundo, pagina: Page
) -> None:
    dibujo = (
        diagrama_vacio("visita", "La visita")
        .decode()
        .replace('isExecutable="true"', 'isExecutable="false"')
    )
    pagina.goto("/procesos/subir")
    archivo: FilePayload = {
        "name": "visita.bpmn",
        "mimeType": "application/xml",
        "buffer": dibujo.encode(),
    }
    pagina.get_by_label("Archivo", exact=True).set_input_files(files=[archivo])
    pagina.get_by_role("button", name="Subir y revisar").click()
    expect(pagina.locator("main")).to_contain_text("marque «Se ejecuta» en el panel")
    editar(pagina)
    pagina.get_by_label("Elemento", exact=True).select_option("visita_pool")
    expect(pagina.get_by_label("Se ejecuta")).not_to_be_checked()
    pagina.get_by_label("Se ejecuta").check()
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.get_by_text("Sin problemas: se puede poner en vigor.")).to_be_visible()
    pagina.get_by_role("link", name="Poner en vigor…").or_(
        pagina.get_by_role("button", name="Poner en vigor…")
    ).click()
    pagina.get_by_label("Qué cambia y por qué").fill("Se puede iniciar")
    pagina.get_by_role("button", name="Poner en vigor", exact=True).click()
    expect(pagina.get_by_text("En vigor: La visita, versión 1.")).to_be_visible()
    assert mundo.engine.instances.start(
        "visita", actor=SYSTEM, now=mundo.clock.now(), case_key="uno", data={"punto_id": p.PUNTO}
    ).opened


def test_events_are_drawn_and_get_their_type_with_the_keyboard(mundo: Mundo, pagina: Page) -> None:
    visita(mundo)
    editar(pagina)
    elegir = pagina.get_by_label("Elemento", exact=True)
    elegir.select_option("visita_tarea")
    pagina.get_by_label("Evento en su borde").select_option(label="Evento de borde de mensaje")
    pagina.get_by_role("button", name="Agregar al borde").press("Enter")
    expect(pagina.get_by_label("Nombre", exact=True)).to_be_focused()
    pagina.keyboard.type("2 días sin abrir")
    pagina.keyboard.press("Tab")
    pagina.get_by_label("Tipo de elemento").select_option(
        label="Evento de borde de tiempo (no interrumpe)"
    )
    expect(pagina.get_by_label("Tipo de elemento")).to_be_focused()
    expect(pagina.get_by_label("Tipo de elemento").locator("option:checked")).to_have_text(
        "Evento de borde de tiempo (no interrumpe)"
    )
    pagina.get_by_label("Tiempo").fill("P2D")
    pagina.keyboard.press("Tab")
    pagina.get_by_label("Qué sigue").select_option(label="Fin de señal")
    pagina.get_by_role("button", name="Agregar después").press("Enter")
    pagina.get_by_label("Señal").fill("Avisar")
    elegir.select_option(label="Flujo: Primera tarea → Fin")
    pagina.get_by_label("Qué insertar").select_option(label="Evento de tiempo (espera)")
    pagina.get_by_role("button", name="Insertar").press("Enter")
    pagina.get_by_label("Tiempo").fill("PT5M")
    pagina.keyboard.press("Control+s")

    expect(pagina.locator("#guardado")).to_have_attribute("data-estado", "guardado")
    expect(pagina.locator("#revision-resumen")).to_contain_text("se puede poner en vigor")
    [(guardado,)] = mundo.filas("SELECT content FROM model_draft WHERE file = 'visita.bpmn'")
    assert isinstance(guardado, bytes)
    dichos = [" ".join(lineas) for lineas in facts(guardado).values()]
    assert any(
        "boundaryEvent attachedToRef=visita_tarea cancelActivity=false" in d
        and "2 días sin abrir" in d
        for d in dichos
    ), dichos


def test_a_finding_leads_to_the_property_that_it_is_about_and_shows_the_element(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Llamar de vuelta")
    agregar_campo(pagina, "Teléfono", "text")
    pagina.get_by_label("Vence (opcional)").fill("dias_laborales(3)")
    pagina.keyboard.press("Tab")
    pagina.get_by_label("Elemento", exact=True).select_option("visita_tarea")
    pagina.get_by_label("Nombre", exact=True).fill("")
    pagina.keyboard.press("Tab")
    revision = pagina.locator("#revision tr")
    vence = revision.filter(has_text="La función «dias_laborales» no existe")
    expect(vence).to_be_visible()
    expect(
        revision.filter(has_text="No tiene nombre ni campos: quien la reciba no sabría qué hacer.")
    ).to_be_visible()
    pagina.get_by_role("button", name="Ver más grande").click(click_count=9)

    vence.get_by_role("button").press("Enter")
    expect(pagina.get_by_label("Vence (opcional)")).to_be_focused()
    assert (
        pagina.evaluate(
            "document.getElementById('editor').modeler.get('selection').get()[0].businessObject.name"
        )
        == "Llamar de vuelta"
    )
    expect(pagina.locator("#lienzo .djs-shape.selected > .djs-visual")).to_be_in_viewport()

    revision.filter(has_text="No tiene nombre ni campos").get_by_role("button").press("Enter")
    expect(pagina.get_by_label("Nombre", exact=True)).to_be_focused()
    expect(pagina.get_by_label("Identificador")).to_have_value("visita_tarea")

    revision.filter(has_text="Trae una extensión de otro programa").get_by_role("button").press(
        "Enter"
    )
    expect(pagina.locator("#propiedades h2").first).to_be_focused()


def test_every_kind_of_property_is_edited_in_the_panel(mundo: Mundo, pagina: Page) -> None:
    visita(mundo)
    editar(pagina)
    elegir = pagina.get_by_label("Elemento", exact=True)
    elegir.select_option("visita_carril")
    pagina.get_by_label("Rol").select_option("funcionario")
    pagina.get_by_label("Dónde").select_option("area_id")
    elegir.select_option("visita_pool")
    pagina.get_by_label("Es un supuesto").check()
    pagina.get_by_role("button", name="Agregar variable").click()
    pagina.get_by_label("Nombre de la variable").last.fill("area_id")
    elegir.select_option("visita_tarea")
    pagina.get_by_label("Formulario").select_option("funcionario.investigar")
    pagina.get_by_label("Vence (opcional)").fill("dias_habiles(3)")
    pagina.get_by_label("Prioridad (opcional)").fill("2")
    pagina.get_by_label("Qué pide el procedimiento").fill("5.2.17 Investigar")
    pagina.get_by_label("Qué sigue").select_option("bpmn:ServiceTask")
    pagina.get_by_role("button", name="Agregar después").click()
    pagina.get_by_label("Qué hace").select_option("crm.radicar")

    texto = xml_del_lienzo(pagina)

    for parte in (
        '<v:lane role="funcionario" scope="area_id" />',
        '<v:process assumption="true" />',
        '<v:variable name="area_id" type="text" />',
        '<v:form key="funcionario.investigar" />',
        '<v:due expr="dias_habiles(3)" />',
        '<v:priority expr="2" />',
        "<bpmn:documentation>5.2.17 Investigar</bpmn:documentation>",
        '<v:handler name="crm.radicar" />',
        'tono="azul"',
    ):
        assert parte in texto, parte


def test_the_tasks_from_which_one_is_kept_apart_are_counted_in_words(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    elegir = pagina.get_by_label("Elemento", exact=True)
    for _vez in range(2):
        elegir.select_option("visita_tarea")
        pagina.get_by_label("Qué sigue").select_option("bpmn:UserTask")
        pagina.get_by_role("button", name="Agregar después").click()
    elegir.select_option("visita_tarea")
    resumen = pagina.locator("summary", has_text="No puede ser la misma persona de")
    expect(resumen).to_contain_text("ninguna tarea")
    resumen.click()
    for n, dicho in enumerate(("1 tarea", "2 tareas")):
        pagina.locator("details", has=resumen).get_by_role("checkbox").nth(n).check()
        expect(resumen).to_have_text(f"No puede ser la misma persona de: {dicho}")


def test_no_verdict_of_before_a_change_is_shown_as_if_it_were_of_now(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    resumen = pagina.locator("#revision-resumen")
    expect(resumen).to_contain_text("se puede poner en vigor")
    pagina.get_by_label("Elemento", exact=True).select_option("visita_tarea")
    escribir = """(vence) => {
      const [control, resumen] = [document.querySelector("[data-clave=vence]"), document.getElementById("revision-resumen")];
      control.value = vence;
      control.dispatchEvent(new Event("change", { bubbles: true }));
      return [resumen.textContent, resumen.getAttribute("aria-busy"), document.getElementById("revision").getAttribute("aria-busy")];
    }"""

    assert pagina.evaluate(escribir, "23") == ["Revisando…", "true", "true"]
    expect(resumen).to_contain_text("1 error impide poner en vigor")
    assert resumen.get_attribute("aria-busy") == "false"

    # an answer that was asked for before the last change is not shown either
    retenidas: list[Route] = []

    def retener(ruta: Route) -> None:
        retenidas.append(ruta)

    pagina.route("**/lint", retener)
    pagina.evaluate(escribir, "dias_habiles(5)")
    while not retenidas:
        pagina.wait_for_timeout(50)
    assert pagina.evaluate(escribir, "24")[0] == "Revisando…"
    while len(retenidas) == 1:
        pagina.wait_for_timeout(50)
    with pagina.expect_response("**/lint"):
        retenidas[0].continue_()
    expect(resumen).to_have_text("Revisando…", timeout=200)
    retenidas[1].continue_()
    expect(resumen).to_contain_text("1 error impide poner en vigor")


def test_conditions_tables_timers_and_messages_are_edited_in_the_panel(pagina: Page) -> None:
    editar(pagina, "atencion_personalizada.bpmn")
    elegir = pagina.get_by_label("Elemento", exact=True)

    elegir.select_option("br_ruta")
    assert pagina.get_by_label("Tabla de decisión").input_value() == "ruta_atencion"
    elegir.select_option("thr_escalado")
    assert pagina.get_by_label("Mensaje", exact=True).input_value() == "CasoEscalado"
    pagina.get_by_label("Variables que viajan").fill("caso_id, turno_id")
    condicion = pagina.evaluate(
        """() => document.getElementById("editor").modeler.get("elementRegistry")
          .find((e) => e.type === "bpmn:SequenceFlow" && e.businessObject.conditionExpression).id"""
    )
    elegir.select_option(condicion)
    pagina.get_by_label("Condición").fill("n_llamados > 7")
    reloj = pagina.evaluate(
        """() => document.getElementById("editor").modeler.get("elementRegistry")
          .find((e) => e.businessObject.eventDefinitions?.[0]?.timeDuration && !e.labelTarget).id"""
    )
    elegir.select_option(reloj)
    pagina.get_by_label("Tiempo").fill("PT7M")
    elegir.select_option("br_ruta")

    texto = xml_del_lienzo(pagina)

    assert 'payload="caso_id turno_id"' in texto
    assert "n_llamados &gt; 7" in texto or "n_llamados > 7" in texto
    assert ">PT7M<" in texto


def test_a_due_date_of_another_kind_is_refused_until_it_is_what_the_sentence_says(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Llamar de vuelta")
    agregar_campo(pagina, "Radicado", "text")
    pagina.get_by_label("Decide el camino").check()
    vence, revision = pagina.get_by_label("Vence (opcional)"), pagina.locator("#revision")
    for escrito, dicho in (
        (
            "radicado",
            "«radicado» da un texto, y aquí hace falta una fecha o una duración. Escriba, por ejemplo, «dias_habiles(5)».",
        ),
        (
            "dias_habiles()",
            "«dias_habiles» tiene 0 datos entre paréntesis, y lleva 1–2. Escriba, por ejemplo, «dias_habiles(5)».",
        ),
    ):
        vence.fill(escrito)
        pagina.keyboard.press("Tab")
        expect(revision).to_contain_text(dicho)
        expect(pagina.locator("#lienzo g.problema")).to_have_count(1)
    pagina.get_by_role("link", name="Poner en vigor…").click()
    expect(pagina.get_by_role("heading", name="No se puede poner en vigor todavía")).to_be_visible()
    expect(pagina.get_by_role("button", name="Poner en vigor")).to_be_disabled()

    pagina.get_by_role("link", name="Volver al editor").click()
    expect(revision).to_have_attribute("data-estado", "listo")
    pagina.get_by_role("button", name="Ir al elemento").first.click()
    expect(vence).to_be_focused()
    vence.fill("radicado")  # which is the name of a field, too
    pagina.keyboard.press("Tab")
    expect(revision).to_contain_text("«radicado» da un texto")
    pagina.get_by_role("button", name="Ir al elemento").first.click()
    expect(vence).to_be_focused()
    vence.fill("dias_habiles(5)")
    pagina.keyboard.press("Tab")
    expect(pagina.locator("#revision-resumen")).to_contain_text("se puede poner en vigor")
    expect(pagina.locator("#lienzo g.problema")).to_have_count(0)


def test_a_refusal_shows_on_the_element_and_the_corrected_version_runs(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    viejo = mundo.engine.instances.start(
        "visita", actor=SYSTEM, now=mundo.clock.now(), data={"punto_id": "BOG-AGU"}
    )
    editar(pagina)
    agregar_tarea(pagina, "Llamar de vuelta")
    agregar_campo(pagina, "Teléfono", "text")
    agregar_campo(pagina, "Resultado", "text")
    pagina.get_by_label("Vence (opcional)").fill("dias_laborales(3)")
    pagina.keyboard.press("Tab")

    # then: refused, in words, on the element
    expect(pagina.locator("#revision")).to_contain_text(
        "La función «dias_laborales» no existe. Use dias_habiles, len, min o max."
    )
    expect(pagina.locator("#lienzo .problema")).to_have_count(1)
    pagina.get_by_role("link", name="Poner en vigor…").click()
    expect(pagina.get_by_role("heading", name="No se puede poner en vigor todavía")).to_be_visible()
    expect(pagina.get_by_role("button", name="Poner en vigor")).to_be_disabled()

    # when it is corrected
    pagina.get_by_role("link", name="Volver al editor").click()
    expect(pagina.locator("#revision")).to_have_attribute("data-estado", "listo")
    pagina.get_by_role("button", name="Ir al elemento").first.click()
    pagina.get_by_label("Vence (opcional)").fill("dias_habiles(3)")
    pagina.get_by_role("link", name="Poner en vigor…").click()
    expect(pagina.get_by_text("pasa de la versión 1 a la 2.")).to_be_visible()
    expect(pagina.locator("#despues .nuevo")).not_to_have_count(0)
    pagina.get_by_label("Qué cambia y por qué").fill("Se llama a la persona después")
    pagina.get_by_role("button", name="Poner en vigor").click()

    # then a new case has the task with its fields, and the old one goes on as before
    expect(pagina.get_by_text("En vigor: La visita, versión 2.")).to_be_visible()
    ahora = mundo.clock.now()
    acabado = mundo.engine.items.complete(viejo.opened[0].id, values={}, actor=SYSTEM, now=ahora)
    assert acabado.finished
    nuevo = mundo.engine.instances.start(
        "visita", actor=SYSTEM, now=ahora, data={"punto_id": "BOG-AGU"}
    )
    sigue = mundo.engine.items.complete(nuevo.opened[0].id, values={}, actor=SYSTEM, now=ahora)
    assert [item.name for item in sigue.opened] == ["Llamar de vuelta"]
    assert sigue.opened[0].due_at is not None
    asesor = mundo.persona("asesor.bog01")
    asesor.goto(f"/tarea/{sigue.opened[0].id}")
    asesor.get_by_label("Teléfono").fill("601 417 3535")
    asesor.get_by_label("Resultado").fill("Contestó")
    asesor.get_by_role("button", name="Completar").click()
    expect(asesor.get_by_label("Teléfono")).to_have_count(0)
    estados = mundo.filas("SELECT status FROM instance WHERE process = 'visita'")
    assert estados == [("finished",), ("finished",)]


def test_what_is_taken_away_is_shown_legibly_on_both_drawings(pagina: Page) -> None:
    editar(pagina, "escalonamiento.bpmn")
    pagina.get_by_label("Elemento", exact=True).select_option("svc_prorroga")
    pagina.get_by_role("button", name="Quitar del diagrama").click()
    pagina.get_by_role("link", name="Poner en vigor…").click()

    for id_, cual in (("antes", "svc_prorroga"), ("despues", "msg_prorroga")):
        dibujo = pagina.locator(f"#{id_}")
        expect(dibujo).to_have_attribute("data-estado", "listo")
        assert p.escala(dibujo) >= p.LEGIBLE
        assert p.cabe(dibujo, cual)
    pagina.get_by_text("Cambia 1 explicación").click()
    expect(pagina.locator("#cambios")).to_contain_text("marco «SUPUESTO · Ley 1755», quitado")


def test_on_a_phone_there_is_no_canvas_and_the_rest_works(mundo: Mundo) -> None:
    visita(mundo)
    pagina = mundo.persona(ANALISTA, ancho=320)
    editar(pagina)

    expect(
        pagina.get_by_role("heading", name="Para dibujar, use una pantalla más ancha")
    ).to_be_visible()
    expect(pagina.locator("#lienzo")).to_be_hidden()
    assert desborde(pagina) == 0
    agregar_tarea(pagina, "Desde el teléfono")
    pagina.get_by_role("button", name="Guardar borrador").click()
    expect(pagina.locator("#guardado")).to_have_text("Guardado a las 09:00")
    assert 'name="Desde el teléfono"' in xml_del_lienzo(pagina)


def test_the_mark_of_bpmn_io_is_visible_and_nothing_covers_it(pagina: Page) -> None:
    for ruta in ("/procesos/escalonamiento.bpmn", "/procesos/escalonamiento.bpmn/editar"):
        pagina.goto(ruta)
        marca = pagina.locator(".bjs-powered-by").first
        marca.scroll_into_view_if_needed()
        expect(marca).to_be_visible()
        assert pagina.evaluate(
            """() => {
              const marca = document.querySelector(".bjs-powered-by");
              const { x, y, width, height } = marca.getBoundingClientRect();
              return width > 40 && marca.contains(document.elementFromPoint(x + width / 2, y + height / 2));
            }"""
        )


def otra_pestana(pagina: Page) -> None:
    """The same person renames the task in another tab, and saves."""
    otra = pagina.context.new_page()
    editar(otra)
    otra.get_by_label("Elemento", exact=True).select_option("visita_tarea")
    otra.get_by_label("Nombre", exact=True).fill("Nombre de la otra pestaña")
    otra.keyboard.press("Control+s")
    expect(otra.locator("#guardado")).to_have_attribute("data-estado", "guardado")
    otra.close()


def test_what_another_tab_saved_refuses_in_sight_and_nothing_is_lost(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    otra_pestana(pagina)
    agregar_tarea(pagina, "Escrita aquí")
    pagina.evaluate("scrollTo(0, document.body.scrollHeight)")
    pagina.keyboard.press("Control+s")

    negado = pagina.get_by_role("alert").filter(
        has_text="Usted guardó este borrador en otra pestaña"
    )
    expect(negado).to_be_focused()
    expect(negado).to_be_in_viewport(ratio=1)
    assert violaciones(pagina) == []
    with pagina.expect_download() as bajada:
        pagina.get_by_role("button", name="Bajar lo de esta pestaña").click()
    assert 'name="Escrita aquí"' in bajada.value.path().read_text("utf-8")
    assert mundo.filas("SELECT count(*) FROM model_draft WHERE content LIKE '%Escrita%'") == [(0,)]

    # says it again: only the button takes the place of the other
    pagina.keyboard.press("Control+s")
    expect(negado).to_be_focused()
    pagina.get_by_role("button", name="Guardar lo de esta pestaña y reemplazar el otro").click()

    expect(pagina.locator("#guardado")).to_have_attribute("data-estado", "guardado")
    expect(negado).to_be_hidden()
    [(guardado,)] = mundo.filas("SELECT content FROM model_draft WHERE file = 'visita.bpmn'")
    assert isinstance(guardado, bytes)
    assert "Escrita aquí" in guardado.decode()


def test_what_saves_by_itself_says_so_in_sight_and_leaves_the_focus_to_who_types(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    otra_pestana(pagina)
    agregar_tarea(pagina, "Escrita aquí")
    pagina.keyboard.press("Tab")
    pagina.evaluate("scrollTo(0, document.body.scrollHeight)")

    negado = pagina.get_by_role("alert").filter(has_text="otra pestaña")
    expect(negado).to_be_in_viewport(ratio=1)
    expect(pagina.get_by_label("Tipo de elemento")).to_be_focused()


@pytest.mark.long
def test_a_page_of_another_tab_puts_nothing_in_force_that_it_did_not_show(
    mundo: Mundo, pagina: Page
) -> None:
    visita(mundo)
    editar(pagina)
    agregar_tarea(pagina, "Una tarea más")
    pagina.get_by_role("link", name="Poner en vigor…").click()
    pagina.get_by_label("Qué cambia y por qué").fill("Lo que vi aquí")
    mundo.clock.advance(dt.timedelta(seconds=5))
    otra_pestana(pagina)
    pagina.evaluate("location.hash = 'pv'")
    pagina.get_by_role("button", name="Poner en vigor", exact=True).click()

    aviso = pagina.get_by_role("alert").filter(
        has_text="Usted guardó este borrador en otra pestaña después de abrir esta página"
    )
    expect(aviso).to_be_focused()
    expect(aviso).to_be_in_viewport(ratio=1)
    expect(pagina.get_by_label("Qué cambia y por qué")).to_have_value("Lo que vi aquí")
    expect(pagina.locator("#cambios")).to_contain_text("Nombre de la otra pestaña")


@pytest.mark.long
def test_axe_finds_nothing_on_the_pages_of_the_analysts(mundo: Mundo) -> None:
    visita(mundo)
    pagina = mundo.persona(ANALISTA)
    editar(pagina)
    agregar_tarea(pagina, "Con error")
    agregar_campo(pagina, "Campo", "choice")
    pagina.get_by_label("Vence (opcional)").fill("nada")
    pagina.keyboard.press("Control+s")
    expect(pagina.locator("#revision")).to_contain_text("nada")
    faltas = {"editar": ancha_y_angosta(pagina)}
    rutas = [
        "",
        "/subir",
        "/nuevo",
        "/visita.bpmn",
        "/visita.bpmn/xml",
        "/visita.bpmn/poner-en-vigor",
    ]
    for ruta in [*rutas, "/ruta_atencion.dmn", "/ruta_atencion.dmn/editar"]:
        pagina.goto(f"/procesos{ruta or '/'}")
        pagina.wait_for_load_state("networkidle")
        faltas[ruta] = ancha_y_angosta(pagina)
    assert {ruta: f for ruta, f in faltas.items() if f} == {}


def ancha_y_angosta(pagina: Page) -> list[str]:
    faltas = violaciones(pagina)
    pagina.set_viewport_size({"width": 320, "height": 900})
    faltas += [f"320: {f}" for f in violaciones(pagina, colores=False)]
    faltas += [f"320: wider by {de_mas}" for de_mas in (desborde(pagina),) if de_mas]
    pagina.set_viewport_size({"width": 1280, "height": 900})
    return faltas


def test_without_javascript_a_version_is_put_in_force_through_the_xml(mundo: Mundo) -> None:
    visita(mundo)
    pagina = sin_guiones(mundo, mundo.persona(ANALISTA))
    pagina.goto("/procesos/visita.bpmn/editar")
    pagina.get_by_role("link", name="vista XML").click()
    texto = pagina.get_by_label("Texto del archivo visita.bpmn").input_value()
    pagina.get_by_label("Texto del archivo visita.bpmn").fill(
        texto.replace("Primera tarea", "Primera visita")
    )

    pagina.get_by_role("button", name="Poner en vigor…").click()
    pagina.get_by_label("Qué cambia y por qué").fill("Otro nombre")
    pagina.get_by_role("button", name="Poner en vigor").click()

    expect(pagina.get_by_text("En vigor: La visita, versión 2.")).to_be_visible()
