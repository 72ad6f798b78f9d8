"""The pages that every lane shares, as a person meets them: wide, narrow, by keyboard, without
scripts, with an expired session."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import desborde, violaciones
from tests.integration.webforms.test_web_tareas import BUENO, diagrama
from tests.kit import web as web_kit
from tests.kit.cast import CLAVE
from tests.kit.served import served
from tests.kit.web import WebKit

ANCHOS = (1280, 320)


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    kit.deploy({"prueba.bpmn": diagrama()})
    yield kit
    kit.engine.db.dispose()


@pytest.fixture
def sitio(web: WebKit) -> Iterator[str]:
    with served(web.app) as url:
        yield url


@pytest.fixture
def tarea(web: WebKit) -> str:
    return web.begin("prueba", {"punto_id": "BOG-AGU"})


@contextmanager
def persona(browser: Browser, sitio: str, usuario: str, **opciones: bool) -> Iterator[Page]:
    contexto: BrowserContext = browser.new_context(
        base_url=sitio, locale="es-CO", timezone_id="America/Bogota", **opciones
    )
    pagina = contexto.new_page()
    fallas: list[str] = []
    pagina.on("pageerror", lambda error: fallas.append(str(error)))
    pagina.on(
        "console",
        lambda mensaje: fallas.append(mensaje.text) if "Content Security" in mensaje.text else None,
    )
    pagina.goto("/ingresar")
    entrar(pagina, usuario)
    yield pagina
    contexto.close()
    assert fallas == []


def entrar(pagina: Page, usuario: str) -> None:
    pagina.get_by_label("Usuario").fill(usuario)
    pagina.get_by_label("Contraseña", exact=True).fill(CLAVE)
    pagina.get_by_role("button", name="Ingresar").click()


def mirar(pagina: Page, nombre: str) -> None:
    """Axe and the ruler at both widths."""
    for ancho in ANCHOS:
        pagina.set_viewport_size({"width": ancho, "height": 800})
        assert violaciones(pagina) == [], f"{nombre} {ancho}"
        assert desborde(pagina) <= 0, f"{nombre} {ancho}"


def llenar(pagina: Page, hallazgos: str = BUENO["hallazgos"]) -> None:
    pagina.get_by_label("Hallazgos").fill(hallazgos)
    pagina.get_by_label("Sí", exact=True).check()
    pagina.get_by_label("Fecha del pago").fill(BUENO["fecha"])


def test_every_shared_page_passes_axe_and_fits_320_pixels(
    browser: Browser, sitio: str, tarea: str
) -> None:
    with persona(browser, sitio, "asesor") as pagina, persona(browser, sitio, "admin") as admin:
        admin.goto("/equipos")
        mirar(admin, "equipos, vacío")
        admin.get_by_role("button", name="Registrar").click()
        mirar(admin, "equipos, con errores")
        admin.get_by_label("Quiosco").check()
        admin.get_by_label("Punto de atención").select_option("BOG-AGU")
        admin.get_by_role("button", name="Registrar").click()
        mirar(admin, "enlace")
        admin.goto(urlsplit(str(admin.locator("#enlace").inner_text())).path)
        mirar(admin, "activar")
        admin.goto("/equipos")
        mirar(admin, "equipos, uno")
        for ruta in ("/borradores", "/no-existe", f"/tarea/{tarea}", f"/tarea/{tarea}/reasignar"):
            pagina.goto(ruta)
            mirar(pagina, ruta)
        pagina.goto(f"/tarea/{tarea}")
        pagina.get_by_role("button", name="Completar y seguir").click()
        expect(pagina.locator(".resumen-error")).to_be_focused()
        assert pagina.title().startswith("Error:")
        mirar(pagina, "tarea, con errores")
        with persona(browser, sitio, "colega") as colega:
            colega.goto(f"/tarea/{tarea}")
            llenar(colega, "Algo distinto que encontró la colega")
            llenar(pagina)
            pagina.get_by_role("button", name="Completar y seguir").click()
            expect(pagina.get_by_role("heading", level=1)).to_have_text("5.2.18 Documentar")
            mirar(pagina, "tarea siguiente")
            colega.get_by_role("button", name="Completar y seguir").click()
            expect(colega.get_by_role("heading", level=1)).to_contain_text(
                "Andrés Salcedo completó esta actividad"
            )
            mirar(colega, "conflicto")


def test_the_login_page_passes_axe_with_and_without_an_error(browser: Browser, sitio: str) -> None:
    contexto = browser.new_context(base_url=sitio)
    pagina = contexto.new_page()
    pagina.goto("/ingresar")
    mirar(pagina, "ingreso")
    pagina.get_by_role("button", name="Ingresar").click()
    mirar(pagina, "ingreso, vacío")
    pagina.get_by_label("Usuario").fill("asesor")
    pagina.get_by_label("Contraseña", exact=True).fill("no es")
    pagina.get_by_role("button", name="Ingresar").click()
    expect(pagina.locator(".resumen-error")).to_be_focused()
    mirar(pagina, "ingreso, falló")
    contexto.close()


def test_a_draft_saves_itself_and_the_keyboard_completes(
    web: WebKit, browser: Browser, sitio: str, tarea: str
) -> None:
    with persona(browser, sitio, "asesor") as pagina:
        pagina.goto(f"/tarea/{tarea}")
        pagina.get_by_label("Hallazgos").fill("A medio escribir")
        expect(pagina.locator("[data-guardado]")).to_contain_text("Borrador guardado, 09:00:00")
        pagina.reload()
        expect(pagina.get_by_label("Hallazgos")).to_have_value("A medio escribir")
        llenar(pagina)
        p.acorde(pagina, "Control+Enter")
        expect(pagina.get_by_role("heading", level=1)).to_have_text("5.2.18 Documentar")
    assert web.submitted(tarea)["fecha"] == "2026-10-14"


def test_a_task_is_completed_without_scripts(
    web: WebKit, browser: Browser, sitio: str, tarea: str
) -> None:
    with persona(browser, sitio, "asesor", java_script_enabled=False) as pagina:
        pagina.goto(f"/tarea/{tarea}")
        llenar(pagina)
        pagina.get_by_role("button", name="Completar y seguir").click()
        expect(pagina.get_by_role("heading", level=1)).to_have_text("5.2.18 Documentar")
    assert web.submitted(tarea)["encontrado"] == "si"


@pytest.mark.parametrize("con_guiones", [True, False])
def test_an_expired_login_does_not_cost_the_text(
    browser: Browser, sitio: str, tarea: str, *, con_guiones: bool
) -> None:
    with persona(browser, sitio, "asesor", java_script_enabled=con_guiones) as pagina:
        pagina.goto(f"/tarea/{tarea}")
        llenar(pagina)
        pagina.context.clear_cookies()
        pagina.get_by_role("button", name="Completar y seguir").click()
        expect(pagina.get_by_role("status")).to_contain_text("su texto sigue aquí")
        entrar(pagina, "asesor")
        if not con_guiones:
            pagina.get_by_role("button", name="Volver a mi formulario").click()
        expect(pagina.get_by_label("Hallazgos")).to_have_value(BUENO["hallazgos"])
        expect(pagina.get_by_label("Fecha del pago")).to_have_value(BUENO["fecha"])
        pagina.get_by_role("button", name="Completar y seguir").click()
        expect(pagina.get_by_role("heading", level=1)).to_have_text("5.2.18 Documentar")


def test_the_skip_link_comes_first_and_every_stop_shows_its_focus(
    browser: Browser, sitio: str, tarea: str
) -> None:
    with persona(browser, sitio, "asesor") as pagina:
        pagina.goto(f"/tarea/{tarea}")
        visto = []
        for _paso in range(20):
            pagina.keyboard.press("Tab")
            visto.append(
                pagina.evaluate(
                    "[document.activeElement.textContent.trim(), getComputedStyle(document.activeElement).outlineStyle]"
                )
            )
        assert visto[0][0] == "Ir al contenido principal"
        assert all(estilo != "none" for _texto, estilo in visto)
        assert any("Completar y seguir" in texto for texto, _estilo in visto)
