"""What a page looks like to those who change it: the system's own colours, letters twice as large,
a narrow window, the keyboard.

A page is shown as it was answered, without a server: what it asks for itself is answered by the
same test client.
"""

from dataclasses import dataclass, field
from importlib.resources import files

from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route

from tests.acceptance.lupa import REGLAS
from tests.acceptance.medidas import anillos, forzados, letra, medir
from tests.kit.walk import Seen

UNA_LINEA = 60
CASA = "http://localhost"
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
CORRER = """async ([reglas, colores]) => (await axe.run(document, { runOnly: { type: "tag", values: reglas }, resultTypes: ["violations"],
    rules: { "color-contrast": { enabled: colores } } }))
  .violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(" | ")}`)"""


@dataclass
class Vitrina:
    """One browser window in which pages are put one after the other."""

    browser: Browser
    pagina: Page = field(init=False)
    _puesta: Seen | None = None
    _quien: FlaskClient | None = None
    _archivos: dict[str, tuple[bytes, int, str | None]] = field(default_factory=dict)
    _quieta: bool = False  # what is shown stays, even if its script would load it again

    def __post_init__(self) -> None:
        contexto = self.browser.new_context(
            base_url=CASA, locale="es-CO", timezone_id="America/Bogota", reduced_motion="reduce"
        )
        contexto.set_default_timeout(60_000)
        contexto.route("**/*", self._responder)
        self.pagina = contexto.new_page()

    def poner(self, vista: Seen, quien: FlaskClient) -> None:
        self._puesta, self._quien, self._quieta = vista, quien, False
        self.pagina.emulate_media(forced_colors="none")
        self.pagina.set_viewport_size({"width": 1280, "height": 900})
        self.pagina.goto(CASA + vista.path, wait_until="load")
        self._quieta = True
        self.pagina.evaluate("() => document.fonts.ready.then(() => true)")

    def _responder(self, ruta: Route) -> None:
        pedido = ruta.request
        camino = pedido.url.removeprefix(CASA)
        if pedido.is_navigation_request() and self._quieta:
            ruta.fulfill(status=204)
        elif (
            pedido.is_navigation_request()
            and self._puesta is not None
            and camino == self._puesta.path
        ):
            ruta.fulfill(
                body=self._puesta.html,
                status=self._puesta.status,
                content_type="text/html; charset=utf-8",
            )
        elif pedido.method != "GET" or self._quien is None or not pedido.url.startswith(CASA):
            ruta.abort()
        else:
            cuerpo, estado, tipo = self._archivos.get(camino) or self._pedir(self._quien, camino)
            ruta.fulfill(body=cuerpo, status=estado, content_type=tipo)

    def _pedir(self, quien: FlaskClient, camino: str) -> tuple[bytes, int, str | None]:
        """Styles, scripts and letters are the same on each page, and their address names their
        content: they are asked for once."""
        respuesta = quien.get(camino)
        dicho = respuesta.data, respuesta.status_code, respuesta.content_type
        respuesta.close()
        if camino.startswith("/static/"):
            self._archivos[camino] = dicho
        return dicho

    # --- what is looked at
    def faltas(self) -> list[str]:
        """Normal, forced colours, letters twice as large, a window half as wide and one of 320: axe
        where the layout is another one, and everywhere what it does not see."""
        pagina = self.pagina
        pagina.evaluate(AXE)
        faltas = [
            f"1280: {f}"
            for f in [*self._axe(colores=True), *medir(pagina), *anillos(pagina), *self._barra()]
        ]
        pagina.emulate_media(forced_colors="active")
        faltas += [f"forced colours: {f}" for f in [*forzados(pagina), *anillos(pagina)]]
        pagina.emulate_media(forced_colors="none")
        letra(pagina, "200%")
        faltas += [f"text 200 %: {f}" for f in medir(pagina)]
        letra(pagina, "")
        pagina.set_viewport_size({"width": 640, "height": 450})
        faltas += [f"640: {f}" for f in [*self._axe(), *medir(pagina)]]
        for ancho in (320, 1920):
            pagina.set_viewport_size({"width": ancho, "height": 900})
            faltas += [f"{ancho}: {f}" for f in medir(pagina)]
        return faltas

    def _barra(self) -> list[str]:
        """The bar on top is one line."""
        alto = self.pagina.evaluate(
            "() => document.querySelector('header.barra')?.getBoundingClientRect().height ?? 0"
        )
        return [f"the bar is {alto} px high"] if alto > UNA_LINEA else []

    def _axe(self, *, colores: bool = False) -> list[str]:
        """Contrast is what takes axe its time; it does not change with the size of letters and
        window."""
        halladas: list[str] = self.pagina.evaluate(CORRER, [REGLAS, colores])
        return halladas
