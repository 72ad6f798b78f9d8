"""What people write is text, on every page: none of it becomes an element or runs, also where a
script puts in what the server made.

The browser has no policy of contents here (`bypass_csp`): what would run, runs. Each page has a
trap that tells of a script that ran and of an element that came about, from its first line on.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from records.base.tablas import todas
from records.sistemas.reglas.sistemas import SISTEMAS
from tests.acceptance import pasos as p
from tests.acceptance.mundo import Mundo
from tests.acceptance.test_escalamiento_largo import consultar_estado
from tests.kit import files
from webforms.visita import aplicativos

#: Ends an attribute and a text, is an element with a handler, a script, and what templates would
#: work out; each of them would be seen.
AJENO = """"'><img class=ajeno src=x onerror=caer()></b></script><script class=ajeno>caer()</script>{{7*7}}${7*7}{%raw%}&lt;i&gt;"""
#: Where only a few letters fit.
CORTO = "\"'><img class=ajeno src=x onerror=caer()>{{7*7}}"
TRAMPA = """(() => {
  const visto = () => document.querySelector('.ajeno') && caer();
  new MutationObserver(visto).observe(document, { childList: true, subtree: true, attributes: true });
})()"""


def nombrar_a_todos(mundo: Mundo) -> None:
    """Citizens and people of the agency, as if somebody had registered them so."""
    with mundo.sesion(escribe=True) as s:
        for tabla in (todas().tables["persona"], todas().tables["cuenta"]):
            s.execute(sa.update(tabla).values(nombre=tabla.c.nombre + CORTO))
        s.commit()


class Cazador:
    """The world with browsers that bring their trap."""

    def __init__(self, mundo: Mundo) -> None:
        self.mundo, self.caidas = mundo, list[str]()

    def armar(self, contexto: BrowserContext) -> None:
        contexto.expose_binding("caer", lambda origen: self.caidas.append(str(origen["page"].url)))
        contexto.add_init_script(TRAMPA)

    def limpio(self, pagina: Page, *textos: str) -> None:
        """The page shows each of these texts as it was written, and nothing came of any."""
        for texto in textos:
            expect(pagina.get_by_text(texto).first).to_be_attached()
        expect(pagina.locator(".ajeno")).to_have_count(0)
        assert self.caidas == []


@pytest.fixture
def cazador(mundo: Mundo) -> Iterator[Cazador]:
    cazador = Cazador(mundo)
    mundo.al_abrir = cazador.armar
    mundo.sin_politica = True
    yield cazador
    assert cazador.caidas == []


def test_the_trap_tells_of_what_would_run_and_of_what_would_come_about(
    mundo: Mundo, cazador: Cazador
) -> None:
    pagina = mundo.publico()
    pagina.goto("/ingresar")
    pagina.evaluate("t => { document.body.dataset.t = t; document.body.append(t); }", AJENO)
    cazador.limpio(pagina, AJENO)
    pagina.evaluate("t => document.body.insertAdjacentHTML('beforeend', t)", CORTO)
    pagina.wait_for_function("() => document.querySelector('.ajeno')")
    pagina.wait_for_timeout(200)
    assert len(cazador.caidas) >= 2  # the handler, and the element
    cazador.caidas.clear()


def test_what_stands_in_a_queue_and_on_a_board_that_change_by_themselves_is_text(
    mundo: Mundo, cazador: Cazador
) -> None:
    """fila.js and tablero.js: an adviser's reason comes to a colleague's open page, and a ticket of
    another system to the board."""
    numero = p.tomar_turno(mundo)
    llama, mira = mundo.persona("asesor.bog01"), mundo.persona("asesor.bog02")
    p.usar_modulo(mira, "2")
    tablero = mundo.equipo("tablero.bog-agu")
    tablero.goto("/tablero")
    p.llamar(llama)
    p.se_presenta(llama)
    p.en(llama, "5.2.3")
    p.acorde(llama, "F8")
    llama.get_by_role("textbox", name="Por qué no se atiende aquí").fill(AJENO)
    llama.keyboard.press("Enter")
    # nobody loaded the page again
    expect(mira.get_by_role("row", name=numero)).to_contain_text(AJENO)
    cazador.limpio(mira, AJENO)
    cazador.limpio(llama, AJENO)

    with mundo.sesion(escribe=True) as s:
        s.execute(sa.text("UPDATE turno SET ficha = :f WHERE estado = 'espera'"), {"f": CORTO})
        s.commit()
    p.llamar(llama)
    expect(tablero.locator("#llamados b").first).to_have_text(CORTO)
    expect(tablero.locator("#anuncio")).to_contain_text(CORTO)
    cazador.limpio(tablero, CORTO)


def test_what_documents_to_be_received_say_is_text_when_the_list_changes_by_itself(
    mundo: Mundo, cazador: Cazador
) -> None:
    """fila.js again, and titularidad.js, which puts in the record of a person."""
    nombrar_a_todos(mundo)
    documento = mundo.titular()
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    asesor = mundo.persona("asesor.bog01")
    p.tomar_turno(mundo, "Entregar documentos", documento=documento)
    p.llamar(asesor)
    p.se_presenta(asesor)
    p.motivo(asesor, AJENO, radicar=True, resoluble=False)
    p.en(asesor, "5.2.4")
    p.buscar(asesor, documento)
    cazador.limpio(asesor, CORTO)
    p.titularidad(asesor, documento)
    p.datos(asesor)
    p.en(asesor, "5.2.12")
    mundo.trabajador.quieto()
    entrega = gestion.locator("li.entrega")
    expect(entrega).to_contain_text(AJENO)
    expect(entrega).to_contain_text(CORTO)
    cazador.limpio(gestion, AJENO, CORTO)


def test_what_systems_are_called_is_text_while_they_are_asked(
    mundo: Mundo, cazador: Cazador, monkeypatch: pytest.MonkeyPatch
) -> None:
    """espera.js."""
    nombrados = [replace(sistema, nombre=AJENO) for sistema in SISTEMAS]
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, AJENO)
    p.titularidad(asesor, mundo.titular())
    p.datos(asesor, direccion=AJENO[:60], celular="3001234567", correo="persona@correo.example")
    mundo.trabajador.parar()
    p.tipificar(asesor, "R01", "Reclamo", AJENO)
    expect(asesor.get_by_role("heading", name="Mientras llegan las respuestas")).to_be_visible()
    cazador.limpio(asesor)
    monkeypatch.setattr(aplicativos, "SISTEMAS", nombrados)  # what the next look brings
    expect(asesor.locator("[data-llegadas]")).to_contain_text(AJENO)
    cazador.limpio(asesor, AJENO)


def test_what_waits_in_an_inbox_that_changes_by_itself_is_text_and_so_are_the_pages_of_its_case(
    mundo: Mundo, cazador: Cazador
) -> None:
    """bandeja.js, menciones.js, archivos.js, the drawing of the path, and pages of the case for
    officers, leaders and citizens."""
    nombrar_a_todos(mundo)
    caso = p.caso_escalado(mundo, mundo.persona("asesor.bog01"))
    mira, pide = mundo.persona("funcionario.vcc02"), mundo.persona("funcionario.vcc01")
    mira.goto("/bandeja?vista=todas")
    expect(mira.locator("li.fila", has_text=caso.radicado)).to_be_visible()

    pide.goto(f"/caso/{caso.case_key}")
    nota = pide.get_by_label("Nota para el equipo")
    nota.press_sequentially("@funcionario.vcc0")
    expect(pide.get_by_role("listbox")).to_contain_text(CORTO)
    cazador.limpio(pide, CORTO)
    nota.press("Escape")
    nota.fill(AJENO)
    pide.get_by_role("button", name="Agregar la nota").click()
    cazador.limpio(pide, AJENO)

    p.tomar_en_bandeja(pide, caso, "5.2.16")
    # the page asks at once, not in 15 seconds
    mira.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mira.locator("[data-responsable]", has_text="La tomó")).to_contain_text(CORTO)
    p.marcar(pide, "Después de leer el caso", "Falta información del usuario")
    pide.get_by_label("Qué información falta").fill(AJENO)
    p.continuar(pide)
    mundo.trabajador.quieto()
    mira.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(mira.locator("[data-esperan]")).to_contain_text(AJENO[:100])
    expect(mira.locator("[data-esperan]")).to_contain_text(CORTO)
    cazador.limpio(mira)

    for quien, ruta in (
        ("funcionario.vcc01", f"/caso/{caso.case_key}"),
        ("funcionario.vcc01", f"/caso/{caso.case_key}/historia"),
        ("funcionario.vcc01", f"/caso/{caso.case_key}/diagrama"),
        ("lider.vcc", "/bandeja"),
        ("coordinador", "/tablero-de-carga"),
        ("cumplimiento", f"/cumplimiento/caso/{caso.case_key}"),
    ):
        pagina = mundo.persona(quien)
        respuesta = pagina.goto(ruta)
        assert respuesta is not None
        assert respuesta.status == 200, ruta
        pagina.wait_for_load_state("networkidle")
        cazador.limpio(pagina, CORTO)
        pagina.context.close()

    publico = consultar_estado(mundo, caso, mundo.titular())
    expect(publico.get_by_text(AJENO).first).to_be_visible()
    publico.get_by_role("link", name="Enviar lo que falta").click()
    publico.locator("textarea").fill(AJENO)
    publico.wait_for_load_state()
    malo: FilePayload = {
        "name": f"{CORTO}.pdf",
        "mimeType": "application/pdf",
        "buffer": files.locked("secreta"),
    }
    publico.locator("input[type=file]").set_input_files(files=[malo])
    expect(publico.locator(".elegidos")).to_contain_text(CORTO)
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.locator(".resumen-error")).to_contain_text(
        f"{CORTO}.pdf: El PDF pide contraseña"
    )
    expect(publico.locator("textarea")).to_have_value(AJENO)
    cazador.limpio(publico)
    publico.get_by_role("button", name=f"Quitar {CORTO}.pdf").click()
    publico.locator("input[type=file]").set_input_files(
        files=[{**malo, "buffer": files.pdf("Recibo")}]
    )
    publico.get_by_role("button", name="Enviar").click()
    expect(publico.get_by_role("heading", level=1)).to_contain_text("Recibimos")
    cazador.limpio(publico)
    mundo.trabajador.quieto()
    pide.goto(f"/caso/{caso.case_key}")
    documentos = pide.get_by_role("region", name=re.compile("^Documentos")).locator("ul.con-vista")
    # signs that no system of files takes are out of a name
    guardado = "img class=ajeno src=x onerror=caer(){{77}}.pdf"
    cazador.limpio(pide, AJENO)
    documentos.get_by_role("link", name=guardado).first.click()
    expect(pide.get_by_role("heading", name=guardado)).to_be_visible()
    cazador.limpio(pide)
