"""The page of the second factor, looked at wide and narrow: with none, with an application of
before, with one that knows SHA-1 only."""

from playwright.sync_api import expect

from records.cuentas import segundo_factor
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.telefono import Telefono

QUIEN = "asesor.bog02"


def test_an_application_of_before_is_put_anew(mundo: Mundo) -> None:
    ella = mundo.persona(QUIEN)
    ella.goto("/cuenta/segundo-factor")
    mirar(ella, "segundo factor, ninguno")
    with mundo.sesion(escribe=True) as s:
        segundo_factor.poner(s, QUIEN, "cerrado", [], mundo.clock.now())
        s.commit()
    ella.goto("/bandeja")
    expect(ella.get_by_text("hace los códigos con SHA-1, que ya no se acepta.")).to_be_visible()
    mirar(ella, "segundo factor, de antes")
    codigo = ella.get_by_label("Código de 6 cifras")
    codigo.fill(Telefono(ella.content(), mundo.clock.now, "sha1").codigo_que_dure())
    ella.get_by_role("button", name="Activar").click()
    expect(ella.get_by_text("Su aplicación no entiende SHA-256", exact=False).first).to_be_visible()
    mirar(ella, "segundo factor, una aplicación que no entiende SHA-256")
    codigo.fill(Telefono(ella.content(), mundo.clock.now).codigo_que_dure())
    ella.get_by_role("button", name="Activar").click()
    expect(ella.get_by_role("heading", name="Sus códigos de recuperación")).to_be_visible()
    ella.goto("/bandeja")
    expect(ella).to_have_url(f"{mundo.url}/bandeja")
