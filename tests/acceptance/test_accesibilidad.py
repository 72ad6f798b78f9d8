"""The pages of the staff for everybody: axe, 320 pixels, borders, groups, hints beside errors; a
visit by keyboard, in few presses."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.types import SYSTEM
from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.medidas import cambiada
from tests.acceptance.mundo import Mundo
from tests.kit import diagrams as m

MAXIMO_CLICS, MAXIMO_ACORDES = 11, 11  # from "Llamar siguiente" to "Solicitar calificación"


@pytest.mark.long
def test_every_step_of_a_visit_passes_axe_and_fits_320_pixels(mundo: Mundo) -> None:
    documento = mundo.titular()
    p.tomar_turno(mundo, documento=documento)
    asesor = mundo.persona("asesor.bog01")
    mirar(asesor, "fila")
    p.llamar(asesor)
    mirar(asesor, "5.2.2")
    p.se_presenta(asesor)
    p.en(asesor, "5.2.3")
    mirar(asesor, "5.2.3")
    con_errores(asesor, "5.2.3")
    p.motivo(asesor, "Necesita el paz y salvo")
    p.en(asesor, "5.2.4")
    mirar(asesor, "5.2.4")
    con_errores(asesor, "5.2.4")
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    mirar(asesor, "5.2.7")
    asesor.get_by_label("Dirección", exact=True).fill("")
    con_errores(asesor, "5.2.7")
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.en(asesor, "5.2.8")
    mirar(asesor, "5.2.8")
    con_errores(asesor, "5.2.8")
    assert cambiada(asesor) == [], "5.2.8"
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    mirar(asesor, "5.2.10")
    con_errores(asesor, "5.2.10")
    assert cambiada(asesor) == [], "5.2.10"
    asesor.goto(str(asesor.get_by_role("link", name="Imprimir constancia").get_attribute("href")))
    mirar(asesor, "constancia")
    asesor.goto("/atencion")
    p.acorde(asesor, "F9")
    p.en(asesor, "5.2.14")
    mirar(asesor, "5.2.14")
    asesor.get_by_label("Resumen para el área").fill("")  # the motive of the visit is offered there
    con_errores(asesor, "5.2.14")
    assert cambiada(asesor) == [], "5.2.14"


def test_a_step_without_the_holder_asks_for_the_power_accessibly(mundo: Mundo) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Viene por el crédito de su hermana")
    p.titularidad(asesor, mundo.titular(), calidad="Apoderado de otra persona")
    p.en(asesor, "5.2.5")
    mirar(asesor, "5.2.5")
    p.marcar(asesor, "¿Trae poder autenticado?", "Sí")
    con_errores(asesor, "5.2.5")


@pytest.mark.long
def test_the_pages_of_an_escalated_case_pass_axe_and_fit_320_pixels(mundo: Mundo) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    funcionario.goto("/bandeja")
    mirar(funcionario, "bandeja, vacía")
    caso = p.caso_escalado(mundo, asesor)
    mundo.pasan(days=3)
    funcionario.goto("/bandeja")
    expect(funcionario.locator("li.fila")).to_have_count(1)
    mirar(funcionario, "bandeja")
    funcionario.get_by_role("button", name="Tomar").click()
    p.en(funcionario, "5.2.16")
    mirar(funcionario, "5.2.16")
    con_errores(funcionario, "5.2.16")
    p.recibir_caso(funcionario, caso)
    mirar(funcionario, "5.2.17")
    con_errores(funcionario, "5.2.17")
    funcionario.goto(f"/caso/{caso.case_key}/prorroga/pedir")
    mirar(funcionario, "pedir prórroga")
    for parte in ("", "/historia", "/diagrama"):
        funcionario.goto(f"/caso/{caso.case_key}{parte}")
        mirar(funcionario, f"caso{parte}")
    funcionario.goto("/casos")
    mirar(funcionario, "casos")

    coordinador = mundo.persona("coordinador")
    coordinador.goto(f"/caso/{caso.case_key}/prorroga")
    mirar(coordinador, "prórroga")
    coordinador.get_by_role("button", name="Prorrogar y avisar al usuario").click()
    expect(coordinador.locator(".resumen-error")).to_be_focused()
    mirar(coordinador, "prórroga, con errores")


@pytest.mark.long
def test_the_pages_of_reviewers_and_administrators_pass_axe_and_fit_320_pixels(
    mundo: Mundo,
) -> None:
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    revisora = mundo.persona("cumplimiento")
    mirar(revisora, "revisión, lista")
    revisora.goto("/cumplimiento?desde=ayer")
    expect(revisora.locator(".resumen-error")).to_be_focused()
    mirar(revisora, "revisión, fecha mala")
    revisora.goto(f"/cumplimiento/caso/{caso.case_key}")
    mirar(revisora, "revisión de un caso")
    revisora.get_by_role("link", name="Notas y observaciones").click()
    revisora.get_by_role("button", name="Agregar la observación").click()
    expect(revisora.locator(".resumen-error")).to_be_focused()
    expect(revisora.get_by_text("No se puede cambiar ni borrar después.")).to_be_visible()
    mirar(revisora, "revisión de un caso, observación vacía")

    administrador = mundo.persona("administrador")
    administrador.goto("/administracion/incidentes")
    mirar(administrador, "incidentes, ninguno")
    incidente(mundo)
    administrador.reload()
    expect(
        administrador.get_by_role("link", name="Una condición no se pudo evaluar")
    ).to_be_visible()
    mirar(administrador, "incidentes, uno")
    for ruta in ("/equipos", "/demo/correo"):
        administrador.goto(ruta)
        mirar(administrador, ruta)
    administrador.locator("main li a").first.click()
    mirar(administrador, "un correo")

    analista = mundo.persona("analista")
    for ruta in ("/procesos/", "/procesos/escalonamiento.bpmn", "/procesos/terminos_respuesta.dmn"):
        analista.goto(ruta)
        mirar(analista, ruta)


def incidente(mundo: Mundo) -> None:
    """A process whose condition fails at run time: text compared with a number."""
    nodos = '<startEvent id="ini"/><exclusiveGateway id="cual" default="f_cual_fin"/><endEvent id="fin"/><endEvent id="otro"/>'
    flujos = (
        m.flow("ini", "cual") + m.flow("cual", "fin") + m.flow("cual", "otro", "monto / cuotas > 3")
    )
    modelo = m.model(m.process("cuotas", nodos + flujos, variables="monto:integer cuotas:integer"))
    mundo.engine.releases.deploy({"cuotas.bpmn": modelo}, actor=SYSTEM, now=mundo.clock.now())
    mundo.engine.instances.start(
        "cuotas", actor=SYSTEM, now=mundo.clock.now(), data={"monto": 10, "cuotas": 0}
    )


# --- by keyboard, and in few presses --------------------------------------------------------------
@dataclass
class Mano:
    """Counts what a hand does: each click, each chord, each Tab to another field. Text that is
    typed is not counted."""

    pagina: Page
    pulsaciones: int = 0

    def tecla(self, acorde: str) -> None:
        self.pulsaciones += 1
        p.acorde(self.pagina, acorde)

    def ir_a(self, destino: Locator) -> None:
        """Tab until it has the focus."""
        for _paso in range(80):
            if destino.evaluate("e => e === document.activeElement"):
                assert destino.evaluate("e => getComputedStyle(e).outlineStyle") != "none", (
                    "the focus is not visible"
                )
                return
            self.tecla("Tab")
        pytest.fail(f"Tab never reaches {destino}")

    def escribir(self, nombre: str, texto: str) -> None:
        self.ir_a(self.pagina.locator(f"[name={nombre}]"))
        self.pagina.keyboard.press("Control+a")
        self.pagina.keyboard.type(texto)

    def elegir(self, nombre: str, valor: str) -> None:
        """A radio button: Tab enters the group (its first button, or the checked one), then arrows
        or the space bar."""
        grupo = self.pagina.locator(f"[name={nombre}]")
        if grupo.locator(f"xpath=self::*[@value='{valor}']").is_checked():
            return
        entrada = self.pagina.locator(f"[name={nombre}]:checked")
        self.ir_a(entrada if entrada.count() else grupo.first)
        valores = grupo.evaluate_all("lista => lista.map((e) => e.value)")
        pasos = valores.index(valor)
        for tecla in ["ArrowDown"] * pasos or ["Space"]:
            self.tecla(tecla)
        expect(self.pagina.locator(f"[name={nombre}][value={valor}]")).to_be_checked()

    def clic(self, destino: Locator) -> None:
        self.pulsaciones += 1
        destino.click()

    def completar(self) -> None:
        self.pagina.wait_for_load_state()  # the keys work once the scripts are there
        self.tecla("Control+Enter")


def cerrada(mundo: Mundo) -> None:
    mundo.pasan(minutes=4)
    assert mundo.filas("select estado, resultado from turno") == [("cerrado", "atendido")]
    assert mundo.filas("select estado, resuelto_primer_contacto from caso") == [("cerrado", 1)]
    p.sin_faltas(mundo)


def test_a_routine_visit_needs_only_the_keyboard_and_few_chords(mundo: Mundo) -> None:
    """The person is in the CRM, is the holder, nothing of their data changed, and it is solved at
    the desk."""
    p.tomar_turno(mundo, documento=p.titular_con_datos(mundo))
    asesor = mundo.persona("asesor.bog01")
    p.usar_modulo(asesor)
    asesor.goto("/atencion")
    mano = Mano(asesor)
    mano.completar()  # "Llamar siguiente"
    p.en(asesor, "5.2.2")
    mano.completar()
    p.en(asesor, "5.2.3")
    mano.escribir("motivo", "Necesita el paz y salvo")
    mano.completar()
    p.en(asesor, "5.2.4")
    mano.elegir("documento_exhibido", "si")
    expect(asesor.get_by_role("button", name="Todo es igual")).to_be_visible()
    mano.tecla("Control+i")
    mano.completar()
    p.en(asesor, "5.2.7")
    mano.completar()
    p.en(asesor, "5.2.8")
    mano.escribir("tema", "paz y salvo")
    mano.elegir("servicio_id", asesor.locator("[name=servicio_id]").first.input_value())
    mano.completar()
    p.en(asesor, "5.2.10")  # the page of the queue looks by itself
    mano.elegir("dispone", "si")
    mano.tecla(str(asesor.locator("[data-insertar]").first.get_attribute("data-tecla")))
    mano.completar()
    p.en(asesor, "5.2.12")
    mano.completar()
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    assert mano.pulsaciones <= MAXIMO_ACORDES
    cerrada(mundo)


def test_a_routine_visit_with_the_mouse_takes_few_clicks(mundo: Mundo) -> None:
    """A field that is typed in costs the click that enters it, unless the page has put the cursor
    there."""
    p.tomar_turno(mundo, documento=p.titular_con_datos(mundo))
    asesor = mundo.persona("asesor.bog01")
    p.usar_modulo(asesor)
    asesor.goto("/atencion")
    mano = Mano(asesor)

    def sigue(actividad: str) -> None:
        mano.clic(asesor.locator("[data-completar]"))
        p.en(asesor, actividad)

    def marca(grupo: str, opcion: str) -> None:
        casilla = asesor.get_by_role("group", name=grupo).get_by_label(opcion, exact=True)
        if not casilla.is_checked():
            mano.clic(casilla)

    def escribe(nombre: str, texto: str) -> None:
        if not asesor.locator(f"[name={nombre}]").input_value():
            if not asesor.locator(f"[name={nombre}]").evaluate("e => e === document.activeElement"):
                mano.clic(asesor.locator(f"[name={nombre}]"))
            asesor.keyboard.type(texto)

    sigue("5.2.2")
    sigue("5.2.3")
    escribe("motivo", "Necesita el paz y salvo")
    sigue("5.2.4")
    mano.clic(asesor.locator("[name=documento_exhibido][value=si]"))
    mano.clic(asesor.get_by_role("button", name="Todo es igual"))
    sigue("5.2.7")
    sigue("5.2.8")
    escribe("tema", "paz y salvo")
    if not asesor.locator("[name=servicio_id]:checked").count():
        mano.clic(asesor.locator("[name=servicio_id]").first)
    sigue("5.2.10")
    marca("¿Dispone de la información?", "Sí, respondo")
    mano.clic(asesor.locator("[data-insertar]").first)
    sigue("5.2.12")
    sigue("Fila de")
    assert mano.pulsaciones <= MAXIMO_CLICS
    cerrada(mundo)
