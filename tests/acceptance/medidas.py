"""What a ruler says about a page that somebody has changed for their eyes: twice the letters, a
narrow window, the system's own colours."""

from pathlib import Path

from playwright.sync_api import Page

REGLA = Path(__file__).with_suffix(".js").read_text("utf-8").partition("\n")[2].strip()

#: (what is in this state, what is like it and is not): with the colours of the system they differ
#: by more than a background.
ESTADOS = (
    (".barra nav a[aria-current]", ".barra nav a:not([aria-current])"),
    (".pestanas a[aria-current]", ".pestanas a:not([aria-current])"),
    (".vistas a[aria-current]", ".vistas a:not([aria-current])"),
    (
        ".pasos [aria-current] > span:first-child",
        ".pasos li:not(.hecho):not([aria-current]) > span:first-child",
    ),
    (
        ".pasos li.hecho > span:first-child, .pasos li.hecho > a > span:first-child",
        ".pasos [aria-current] > span:first-child",
    ),
    (
        ".pasos li.hecho > span:first-child, .pasos li.hecho > a > span:first-child",
        ".pasos li:not(.hecho):not([aria-current]) > span:first-child",
    ),
    (".tabla tr.actual", ".tabla tbody tr:not(.actual)"),
    (".tabla tr.elegida", ".tabla tbody tr:not(.elegida)"),
    (".btn-primary", ".btn-outline-secondary"),
    (".fila.cambio", ".fila:not(.cambio)"),
    (".linea .punto.ahora", ".linea .punto:not(.ahora, .auto, .no)"),
    (".linea .punto.auto", ".linea .punto:not(.ahora, .auto, .no)"),
    (".leyenda i.l-hecho", ".leyenda i.l-futuro"),
    (".leyenda i.l-espera", ".leyenda i.l-futuro"),
    ("ins", "p"),
    ("mark", "p"),
    (".mencion", "p"),
)
#: A picture is drawn for a white sheet, and keeps it.
HOJAS = ".bpmn, .bjs-container, .apilada, .qr"


def _preguntar(pagina: Page, que: str, *con: object) -> list[str]:
    faltas: list[str] = pagina.evaluate(f"(con) => (\n{REGLA}).{que}(...con)", list(con))
    return faltas


def medir(pagina: Page) -> list[str]:
    """What is cut, covered, sticks out, or is wider than the window."""
    return _preguntar(pagina, "medidas")


def partidas(pagina: Page) -> list[str]:
    """Words that stand on two lines, in the middle."""
    return _preguntar(pagina, "partidas")


def anillos(pagina: Page) -> list[str]:
    """One control of each kind shows where the focus is."""
    return _preguntar(pagina, "anillos")


def forzados(pagina: Page) -> list[str]:
    """With the colours of the system, which the caller has set: states told by shape, pictures on
    their sheet."""
    return _preguntar(pagina, "forzados", [ESTADOS, HOJAS])


def letra(pagina: Page, tamano: str) -> None:
    """The letters of the page, as somebody sets them who needs them larger: "200%", or "" as they
    were."""
    pagina.evaluate("(tamano) => { document.documentElement.style.fontSize = tamano; }", tamano)


def cambiada(pagina: Page) -> list[str]:
    """All of it at the window's width, without axe."""
    pagina.emulate_media(forced_colors="active")
    faltas = [f"forced colours: {f}" for f in forzados(pagina)]
    pagina.emulate_media(forced_colors="none")
    letra(pagina, "200%")
    faltas += [f"text 200 %: {f}" for f in medir(pagina)]
    letra(pagina, "")
    return faltas
