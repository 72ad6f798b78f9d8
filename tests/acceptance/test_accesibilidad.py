"""The pages of the staff for everybody: axe, 320 pixels, borders, groups, hints beside errors."""

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import desborde
from tests.acceptance.lupa import violaciones
from tests.acceptance.mundo import Mundo

ANCHOS = (1280, 320)

#: What axe does not see: borders under 3:1, groups without a legend, hints and errors that are not tied to their control.
FALTAS = """() => {
  const faltas = [];
  const visible = (e) => e.checkVisibility({ checkVisibilityCSS: true }) && e.getBoundingClientRect().width > 1;
  const rgb = (texto) => (texto.match(/[\\d.]+/g) ?? []).map(Number);
  const luz = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((suma, v, i) => suma + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contraste = (a, b) => (Math.max(luz(a), luz(b)) + 0.05) / (Math.min(luz(a), luz(b)) + 0.05);
  const fondo = (e) => {
    for (let x = e.parentElement; x; x = x.parentElement) {
      const color = rgb(getComputedStyle(x).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const controles = [...document.querySelectorAll("main input:not([type=hidden]), main select, main textarea")].filter(visible);
  for (const c of controles) {
    const nombre = `${c.tagName.toLowerCase()}[name=${c.name}]`;
    const estilo = getComputedStyle(c);
    const borde = contraste(rgb(estilo.borderTopColor), fondo(c));
    if (parseFloat(estilo.borderTopWidth) < 1 || borde < 3) faltas.push(`${nombre}: border ${borde.toFixed(2)}:1`);
    const descrito = c.closest("fieldset") && ["radio", "checkbox"].includes(c.type) ? c.closest("fieldset") : c;
    const ids = (descrito.getAttribute("aria-describedby") ?? "").split(/\\s+/).filter(Boolean);
    for (const id of ids)
      if (!document.getElementById(id)?.textContent.trim()) faltas.push(`${nombre}: aria-describedby ${id} says nothing`);
    if (c.getAttribute("aria-invalid") === "true" && !ids.some((id) => id.endsWith("-e"))) faltas.push(`${nombre}: error not tied`);
    const ayuda = c.closest(".campo")?.querySelector(".ayuda");
    if (ayuda && !ids.includes(ayuda.id)) faltas.push(`${nombre}: hint not tied`);
    if (c.type === "radio" && !c.closest("fieldset")?.querySelector("legend")?.textContent.trim()) faltas.push(`${nombre}: no legend`);
  }
  return [...new Set(faltas)];
}"""


def mirar(pagina: Page, nombre: str) -> None:
    """Axe, the ruler and our own assertions at both widths; the first width stays."""
    for ancho in (*reversed(ANCHOS),):
        pagina.set_viewport_size({"width": ancho, "height": 900})
        assert violaciones(pagina) == [], f"{nombre} {ancho}"
        assert desborde(pagina) <= 0, f"{nombre} {ancho}"
        assert pagina.evaluate(FALTAS) == [], f"{nombre} {ancho}"


def con_errores(pagina: Page, nombre: str) -> None:
    """Nothing filled in: the summary has the focus, every hint is still there, and the page is as accessible as before."""
    ayudas = pagina.locator("form[data-tarea] .ayuda").all_inner_texts()
    p.continuar(pagina)
    expect(pagina.locator(".resumen-error")).to_be_focused()
    assert pagina.title().startswith("Error:")
    assert pagina.locator("form[data-tarea] .ayuda").all_inner_texts() == ayudas
    assert pagina.locator("form[data-tarea] .error").count() == pagina.locator(".resumen-error li").count()
    mirar(pagina, f"{nombre}, con errores")


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
    p.datos(asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example")
    p.en(asesor, "5.2.8")
    mirar(asesor, "5.2.8")
    con_errores(asesor, "5.2.8")
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    mirar(asesor, "5.2.10")
    con_errores(asesor, "5.2.10")
    asesor.goto(str(asesor.get_by_role("link", name="Imprimir constancia").get_attribute("href")))
    mirar(asesor, "constancia")
    asesor.goto("/atencion")
    asesor.keyboard.press("F9")
    p.en(asesor, "5.2.14")
    mirar(asesor, "5.2.14")
    con_errores(asesor, "5.2.14")


def test_a_step_without_the_holder_asks_for_the_power_accessibly(mundo: Mundo) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Viene por el crédito de su hermana")
    p.titularidad(asesor, mundo.titular(), calidad="Apoderado", coincide=False)
    p.en(asesor, "5.2.5")
    mirar(asesor, "5.2.5")
    p.marcar(asesor, "¿Presenta un poder autenticado?", "Sí")
    con_errores(asesor, "5.2.5")


def test_the_pages_of_an_escalated_case_pass_axe_and_fit_320_pixels(mundo: Mundo) -> None:
    asesor, funcionario = mundo.persona("asesor.bog01"), mundo.persona("funcionario.vcc01")
    funcionario.goto("/bandeja")
    mirar(funcionario, "bandeja, vacía")
    caso = p.caso_escalado(mundo, asesor)
    mundo.pasan(days=3)
    funcionario.goto("/bandeja")
    expect(funcionario.locator("li.tarea")).to_have_count(1)
    mirar(funcionario, "bandeja")
    funcionario.get_by_role("link", name="Abrir").click()
    p.en(funcionario, "5.2.16")
    mirar(funcionario, "5.2.16")
    con_errores(funcionario, "5.2.16")
    p.recibir_caso(funcionario, caso)
    mirar(funcionario, "5.2.17")
    con_errores(funcionario, "5.2.17")
    for parte in ("", "/historia", "/diagrama", "/documentos", "/notas"):
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
    expect(coordinador.get_by_text("Por ejemplo, 10", exact=True)).to_be_visible()
