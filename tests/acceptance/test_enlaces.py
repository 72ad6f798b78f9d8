"""Links with a secret in a browser: no address that is sent or kept has it, with a script and
without; the pages are looked at."""

from playwright.sync_api import expect

from engine.types import SYSTEM
from records.cuentas import segundo_factor
from records.cuentas.enlaces_de_clave import PRIMERA
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from webforms.cuentas import claves

SUYA = "tres lámparas sobre el río"
QUIEN = "asesor.bog02"


def enlace(mundo: Mundo) -> str:
    with mundo.app.app_context():
        return claves.dar(QUIEN, PRIMERA, SYSTEM, por_correo=False)


def test_a_link_leads_to_its_page_and_its_secret_to_no_address(mundo: Mundo) -> None:
    camino, secreto = "/clave/#", enlace(mundo).partition("#")[2]
    ella = mundo.publico()
    pedidas: list[str] = []
    ella.on("request", lambda pedido: pedidas.append(pedido.url))
    ella.goto(camino + secreto)
    expect(ella.get_by_role("heading", level=1)).to_have_text("Su primera contraseña")
    assert secreto not in ella.url
    mirar(ella, "su primera contraseña")
    ella.go_back()
    assert secreto not in ella.url, "the history has it neither"
    assert [url for url in pedidas if secreto in url.partition("#")[0]] == []
    ella.go_forward()
    ella.get_by_label("Contraseña nueva").fill(SUYA)
    ella.get_by_label("Escríbala otra vez").fill(SUYA)
    p.acorde(ella, "Enter")
    expect(ella.get_by_text("Su contraseña quedó guardada.")).to_be_visible()


def test_who_has_no_script_pastes_the_code(mundo: Mundo) -> None:
    secreto = enlace(mundo).partition("#")[2]
    contexto = mundo.browser.new_context(base_url=mundo.url, java_script_enabled=False)
    mundo.contextos.append(contexto)
    ella = contexto.new_page()
    ella.goto(f"/clave/#{secreto}")
    ella.get_by_label("Código del enlace").fill(secreto)
    ella.get_by_role("button", name="Continuar").click()
    expect(ella.get_by_role("heading", level=1)).to_have_text("Su primera contraseña")


def test_the_pages_of_links_are_looked_at(mundo: Mundo) -> None:
    ella = mundo.publico()
    ella.goto("/clave/")
    mirar(ella, "abrir su enlace")
    ella.get_by_role("button", name="Continuar").click()
    expect(ella.get_by_text("Copie el código del enlace").first).to_be_visible()
    expect(ella.get_by_label("Código del enlace")).to_be_focused()
    mirar(ella, "abrir su enlace, con error")
    ella.goto("/ingresar/equipo")
    mirar(ella, "pedir un enlace para este navegador")
    ella.get_by_label("Usuario o correo").fill(QUIEN)
    p.acorde(ella, "Enter")
    expect(ella.get_by_text("Sirve una vez, durante 10 minutos.")).to_be_visible()
    mirar(ella, "enlace pedido")


def test_who_takes_a_lost_factor_away_says_how_they_know_who_asks(mundo: Mundo) -> None:
    with mundo.sesion(escribe=True) as s:
        segundo_factor.poner(s, QUIEN, "cerrado", [], mundo.clock.now())
        s.commit()
    admin = mundo.persona("administrador")
    admin.goto(f"/personas/{QUIEN}")
    mirar(admin, "quitar el segundo factor")
    suyo = admin.get_by_role("form", name="Segundo factor")
    suyo.get_by_label("Motivo").fill("Perdió el teléfono en un taxi")
    suyo.get_by_role("button", name="Quitar el segundo factor").click()
    expect(admin.get_by_text("Diga cómo supo que es quien lo pide")).to_be_visible()
    mirar(admin, "quitar el segundo factor, con error")
    suyo.get_by_label("Quien dirige su trabajo lo confirmó", exact=False).check()
    suyo.get_by_label("Quién más lo confirmó").fill("asesor.bog01")
    suyo.get_by_role("button", name="Quitar el segundo factor").click()
    ((quien,),) = mundo.filas("select nombre from cuenta where usuario = 'asesor.bog01'")
    expect(admin.get_by_text(f"además lo confirmó {quien}")).to_be_visible()
    expect(admin.get_by_text("Desde: mar 24 nov 2026, 09:00")).to_be_visible()
    mirar(admin, "segundo factor quitado")
