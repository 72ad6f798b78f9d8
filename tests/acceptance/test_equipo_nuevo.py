"""A browser that is new to an account: the page that waits for the link goes on by itself when the
link was opened beside it."""

import sqlalchemy as sa
from playwright.sync_api import expect

from demo.cuentas import CLAVE
from handlers.enlaces import Enlaces
from records.cuentas.enlaces_de_clave import de_que
from records.cuentas.tablas import EnlaceDeClave
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.web import put

QUIEN = "asesor.bog02"


def test_a_new_browser_is_confirmed_by_mail(mundo: Mundo) -> None:
    put(mundo.app, new_browser="mail")
    ella = mundo.publico()
    ella.goto("/ingresar?next=/cuenta")
    ella.get_by_label("Usuario").fill(QUIEN)
    ella.get_by_label("Contraseña", exact=True).fill(CLAVE)
    p.acorde(ella, "Enter")
    expect(p.titulo(ella)).to_have_text("Confirme este navegador")
    mirar(ella, "navegador nuevo")
    ella.get_by_role("button", name="Ya lo abrí: entrar").click()
    expect(ella.get_by_text("Todavía no ha abierto el enlace en este navegador.")).to_be_visible()
    mirar(ella, "navegador nuevo, todavía no")
    for _vez in range(3):
        ella.get_by_role("button", name="Enviar otro enlace").click()
    expect(ella.get_by_text("Ya se enviaron tres enlaces en la última hora.")).to_be_visible()
    mirar(ella, "navegador nuevo, muchos enlaces")
    with mundo.sesion() as s:
        ultimo = s.scalars(sa.select(EnlaceDeClave).order_by(EnlaceDeClave.id.desc())).first()
        assert ultimo is not None
        dicho = de_que(ultimo)
    al_lado = ella.context.new_page()
    al_lado.goto(
        Enlaces(mundo.url, str(mundo.app.config["SECRET_KEY"]).encode()).url_de_clave(dicho)
    )
    expect(
        al_lado.get_by_text(
            "Si acaba de escribir aquí su contraseña, continúe y entra.", exact=False
        )
    ).to_be_visible()
    mirar(al_lado, "navegador nuevo, su enlace")
    al_lado.get_by_role("button", name="Sí, este es mi equipo").click()
    expect(p.titulo(al_lado)).to_have_text("Mi cuenta")
    # it looks by itself when somebody comes back to it
    if p.titulo(ella).text_content() != "Mi cuenta":
        ella.get_by_role("button", name="Ya lo abrí: entrar").click()
    expect(p.titulo(ella)).to_have_text("Mi cuenta")
