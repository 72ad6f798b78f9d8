"""What axe, a ruler and our own eyes say about a page, wide and narrow."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.acceptance.medidas import medir

ANCHOS = (1280, 320)
REGLAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: A line for each violation. The whole report, with what passed, is megabytes that Python would
#: take apart for seconds. Contrast is what takes it its time, and does not change with the size of
#: the window.
AXE = """async ([tags, colours]) => {
  const informe = await axe.run({
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"], rules: { "color-contrast": { enabled: colours } },
  });
  return informe.violations.map((v) => `${v.id}: ${JSON.stringify(v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)))}`);
}"""

#: What axe does not see: borders under 3:1, groups without a legend, hints and errors that are not
#: tied to their control, tables without a caption, pages without their one heading.
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
  for (const tabla of [...document.querySelectorAll("main table")].filter(visible))
    if (!tabla.caption?.textContent.trim()) faltas.push(`table without a caption: ${tabla.textContent.trim().slice(0, 40)}`);
  const titulos = [...document.querySelectorAll("h1")].filter(visible).length;
  if (titulos !== 1) faltas.push(`${titulos} headings of level 1`);
  return [...new Set(faltas)];
}"""


def violaciones(pagina: Page, *, colores: bool = True) -> list[str]:
    """What axe finds, one line each."""
    # a click ends when the answer has begun; of that page there may be nothing to look at yet
    pagina.wait_for_load_state()
    if not pagina.evaluate("'axe' in window"):
        pagina.evaluate(AXE_SCRIPT)
    return list(pagina.evaluate(AXE, [REGLAS, colores]))


def desborde(pagina: Page) -> int:
    """Pixels by which the page is wider than the window."""
    pagina.wait_for_load_state()
    return int(
        pagina.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


def mirar(pagina: Page, nombre: str) -> None:
    """Axe, the ruler and our own assertions at both widths; the wide one stays."""
    for ancho in reversed(ANCHOS):
        pagina.set_viewport_size({"width": ancho, "height": 900})
        halladas = violaciones(pagina, colores=ancho == max(ANCHOS))
        assert halladas == [], f"{nombre} {ancho}: {halladas}"
        assert not (medidas := medir(pagina)), f"{nombre} {ancho}: {medidas}"
        assert pagina.evaluate(FALTAS) == [], f"{nombre} {ancho}"


def con_errores(pagina: Page, nombre: str) -> None:
    """Nothing filled in: the summary has the focus, every hint is still there, and the page is as
    accessible as before."""
    pagina.wait_for_load_state()
    ayudas = pagina.locator("form[data-tarea] .ayuda").all_inner_texts()
    # the page before may have a summary, too, and may still be about to give it the focus
    with pagina.expect_navigation():
        pagina.locator("[data-completar]").click()
    expect(pagina.locator(".resumen-error")).to_be_focused()
    assert pagina.title().startswith("Error:")
    assert pagina.locator("form[data-tarea] .ayuda").all_inner_texts() == ayudas
    assert (
        pagina.locator("form[data-tarea] .error").count()
        == pagina.locator(".resumen-error li").count()
    )
    mirar(pagina, f"{nombre}, con errores")
