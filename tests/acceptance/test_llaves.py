"""A passkey in a real browser, with a device of the browser's own: put, used instead of the
password, after it, and taken away."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.web import put


@pytest.fixture
def con_nombre(mundo: Mundo) -> Mundo:
    """Browsers give keys to a host with a name only."""
    mundo.url = f"http://localhost:{urlsplit(mundo.url).port}"
    put(mundo.app, base_url=mundo.url)
    return mundo


def aparato(pagina: Page) -> None:
    """A device that keeps keys and knows its person."""
    cdp = pagina.context.new_cdp_session(pagina)
    cdp.send("WebAuthn.enable")
    opciones = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**opciones, "automaticPresenceSimulation": True}},
    )


def test_who_put_a_key_enters_with_it_and_takes_it_away(con_nombre: Mundo) -> None:
    mundo = con_nombre
    jefe = mundo.persona("jefe.ocm")
    aparato(jefe)
    jefe.goto("/cuenta")
    jefe.get_by_role("link", name="Llaves de acceso").press("Enter")
    expect(jefe.get_by_text("Ninguna todavía.")).to_be_visible()
    mirar(jefe, "llaves de acceso, ninguna")
    jefe.get_by_role("button", name="Guardar una llave").press("Enter")  # without a name
    expect(jefe.get_by_text("Escriba cómo se llama la llave", exact=False)).to_be_focused()
    mirar(jefe, "llaves de acceso, sin nombre")
    jefe.get_by_label("Cómo se llama").fill("Portátil de la oficina")
    jefe.get_by_role("button", name="Guardar una llave").click()
    expect(jefe.get_by_text("Llave guardada.", exact=False)).to_be_visible()
    mirar(jefe, "llaves de acceso, una")
    jefe.get_by_label("Cómo se llama").fill("Otra vez la misma")
    jefe.get_by_role("button", name="Guardar una llave").click()
    expect(jefe.get_by_text("Este aparato ya tiene una llave suya.")).to_be_visible()

    jefe.get_by_role("button", name="Salir").click()
    mirar(jefe, "ingresar, con llaves")
    jefe.get_by_role("button", name="Entrar con una llave de acceso").press("Enter")
    expect(jefe.get_by_role("button", name="Salir")).to_be_visible()

    otro = mundo.publico()
    aparato(otro)  # which has no key
    otro.goto("/ingresar")
    mundo.identificar_sin_entrar(otro, "jefe.ocm")
    expect(otro.get_by_text("Use la llave de acceso", exact=False)).to_be_visible()
    expect(
        otro.get_by_text("¿Perdió la llave? Pídale a quien administra que la quite.")
    ).to_be_visible()
    mirar(otro, "el segundo factor es una llave")
    otro.get_by_role("button", name="Entrar con una llave de acceso").click()
    expect(otro.get_by_text("No se usó ninguna llave. Inténtelo otra vez.")).to_be_visible()
    mirar(otro, "no se usó ninguna llave")

    jefe.goto("/cuenta/llaves")
    jefe.get_by_role("button", name="Quitar Portátil de la oficina").click()
    expect(jefe.get_by_text("Llave quitada", exact=False)).to_be_visible()
    jefe.get_by_role("button", name="Salir").click()
    jefe.get_by_role("button", name="Entrar con una llave de acceso").click()
    expect(jefe.get_by_text("Esa llave no sirve aquí.", exact=False)).to_be_visible()
    mirar(jefe, "una llave que no sirve")
    mundo.identificar(jefe, "jefe.ocm")
    p.sin_faltas(mundo)
