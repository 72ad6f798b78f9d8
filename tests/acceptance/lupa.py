"""What axe and a ruler say about a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

REGLAS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violaciones(pagina: Page) -> list[str]:
    """What axe finds, one line each."""
    informe = Axe().run(pagina, options={"runOnly": {"type": "tag", "values": REGLAS}})
    return [f"{v['id']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in informe.response["violations"]]


def desborde(pagina: Page) -> int:
    """Pixels by which the page is wider than the window."""
    return int(pagina.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
