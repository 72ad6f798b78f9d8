"""A page that is left open when its login ends: it shows nothing any more, leads to the login, and
what was typed comes back."""

import re

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from records.cuentas.tablas import Cuenta
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo

TEXTO = "Dice que pagó en octubre y que el banco le entregó «comprobante» & sello"


def mirar_ahora(pagina: Page) -> None:
    """What happens each minute, and when somebody comes back to the page."""
    pagina.evaluate("dispatchEvent(new Event('focus'))")


def no_muestra(pagina: Page, *textos: str) -> None:
    contenido = pagina.content()
    assert [t for t in textos if t in contenido] == []


def escribiendo(mundo: Mundo) -> Page:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.en(asesor, "5.2.3")
    asesor.get_by_label("Qué necesita la persona").fill(TEXTO)
    return asesor


def recupera(mundo: Mundo, asesor: Page) -> None:
    expect(asesor.get_by_role("status")).to_contain_text("su texto sigue aquí")
    assert mundo.abiertas("element") == [("act_5_2_3",)], "nothing was sent"
    mundo.identificar_sin_entrar(asesor, "asesor.bog01")
    p.en(asesor, "5.2.3")
    expect(asesor.get_by_label("Qué necesita la persona")).to_have_value(TEXTO)


def test_leaving_in_another_tab_clears_each_page_and_what_was_typed_comes_back(
    mundo: Mundo,
) -> None:
    asesor = escribiendo(mundo)
    lista, otra = asesor.context.new_page(), asesor.context.new_page()
    lista.goto("/bandeja")
    otra.goto("/cuenta")
    otra.get_by_role("button", name="Salir").click()
    expect(otra.get_by_role("heading", level=1)).to_have_text("Ingresar a Ventanilla")

    expect(lista.get_by_role("heading", level=1)).to_have_text("Ingresar a Ventanilla")
    no_muestra(lista, "Salir", "asesor.bog01")
    recupera(mundo, asesor)


def test_a_login_that_was_ended_elsewhere_clears_the_page(mundo: Mundo) -> None:
    asesor = escribiendo(mundo)
    with mundo.sesion(escribe=True) as s:
        s.execute(
            sa.update(Cuenta)
            .where(Cuenta.usuario == "asesor.bog01")
            .values(fs_uniquifier="another name: every login ends")
        )
        s.commit()
    mirar_ahora(asesor)
    recupera(mundo, asesor)


def test_without_a_server_leaving_clears_the_other_pages_all_the_same(mundo: Mundo) -> None:
    asesor = escribiendo(mundo)
    otra = asesor.context.new_page()
    otra.goto("/cuenta")
    asesor.context.set_offline(True)
    otra.get_by_role("button", name="Salir").click()
    expect(asesor.get_by_role("heading", level=1)).to_have_text("Su sesión terminó")
    expect(asesor).to_have_title("Su sesión terminó · Ventanilla")
    no_muestra(asesor, "5.2.3", "Salir", "Fila")
    expect(asesor.get_by_role("heading", level=1)).to_be_focused()
    mirar(asesor, "la sesión terminó, sin servidor")
    with asesor.expect_response("**/sesion") as dicho:
        asesor.context.set_offline(False)
    assert dicho.value.json() == {"quien": "asesor.bog01"}, (
        "the server never heard that somebody left"
    )
    expect(asesor.get_by_role("heading", level=1)).to_have_text("Su sesión terminó")
    asesor.context.clear_cookies()
    mirar_ahora(asesor)
    recupera(mundo, asesor)


def test_whoever_presses_the_button_of_the_page_that_was_cleared_goes_on_with_what_they_wrote(
    mundo: Mundo,
) -> None:
    asesor = escribiendo(mundo)
    asesor.evaluate("new BroadcastChannel('sesion').postMessage('salir')")
    asesor.get_by_role("button", name="Ingresar y recuperar lo que escribí").click()
    expect(asesor.get_by_label("Qué necesita la persona")).to_have_value(TEXTO)
    assert mundo.abiertas("element") == [("act_5_2_3",)], "nothing was sent"


def test_another_person_who_enters_takes_the_page_of_the_one_before(mundo: Mundo) -> None:
    asesor = escribiendo(mundo)
    nueva = asesor.context.new_page()
    asesor.context.clear_cookies()
    nueva.goto("/ingresar")
    mundo.identificar(nueva, "asesor.bog02")
    mirar_ahora(asesor)
    expect(asesor.get_by_label("Qué necesita la persona")).to_have_count(0)
    assert mundo.abiertas("element") == [("act_5_2_3",)]


def test_what_one_wrote_is_not_sent_as_another_who_entered_and_comes_back_to_who_wrote_it(
    mundo: Mundo,
) -> None:
    asesor = escribiendo(mundo)
    (galleta,) = [
        c for c in mundo.persona("asesor.bog02").context.cookies() if c["name"] == "ventanilla"
    ]
    asesor.context.add_cookies(
        [{"name": galleta["name"], "value": galleta["value"], "url": mundo.url}]
    )
    mirar_ahora(asesor)
    expect(asesor.get_by_role("status")).to_contain_text("ingresó otra persona")
    with asesor.expect_response("**/sesion"):
        asesor.get_by_role("button", name="Ingresar y recuperar lo que escribí").click()
    expect(asesor.get_by_role("status")).to_contain_text("Todavía está ingresada la otra persona")
    mirar_ahora(asesor)
    no_muestra(asesor, "5.2.3", "Salir", "asesor.bog02")
    mirar(asesor, "en este navegador ingresó otra persona")
    assert mundo.abiertas("element") == [("act_5_2_3",)]

    nueva = asesor.context.new_page()
    nueva.goto("/cuenta")
    nueva.get_by_role("button", name="Salir").click()
    recupera(mundo, asesor)


def test_without_a_server_the_button_does_not_lose_what_was_written(mundo: Mundo) -> None:
    asesor = escribiendo(mundo)
    asesor.context.set_offline(True)
    asesor.evaluate("new BroadcastChannel('sesion').postMessage('salir')")
    boton = asesor.get_by_role("button", name="Ingresar y recuperar lo que escribí")
    boton.click()
    expect(asesor.get_by_role("status")).to_contain_text(
        "No hay conexión con Ventanilla. Lo que escribió sigue aquí"
    )
    asesor.context.set_offline(False)
    boton.click()
    expect(asesor.get_by_label("Qué necesita la persona")).to_have_value(TEXTO)


def test_who_entered_goes_from_the_page_of_another_to_their_own(mundo: Mundo) -> None:
    una = mundo.persona("coordinador")
    una.goto("/sistemas")
    (galleta,) = [
        c for c in mundo.persona("asesor.bog02").context.cookies() if c["name"] == "ventanilla"
    ]
    una.context.add_cookies(
        [{"name": galleta["name"], "value": galleta["value"], "url": mundo.url}]
    )
    mirar_ahora(una)
    expect(una.get_by_role("status")).to_contain_text("esta página no era suya")
    mirar(una, "la página era de otra persona")
    una.get_by_role("link", name="Ir al inicio de quien ingresó").click()
    expect(una).to_have_url(re.compile("/atencion$"))


def test_a_form_that_is_shown_again_keeps_its_text_though_nobody_touched_it_on_that_page(
    mundo: Mundo,
) -> None:
    """The second time it came back after a login: it is on this page alone."""
    asesor = escribiendo(mundo)
    otra = asesor.context.new_page()
    for _vez in range(2):
        otra.goto("/cuenta")
        otra.get_by_role("button", name="Salir").click()
        recupera(mundo, asesor)


def test_tabs_that_show_the_login_page_at_once_take_the_password_at_the_first_time(
    mundo: Mundo,
) -> None:
    """Each page that is asked for without a cookie gets a token of its own; the last cookie stays."""
    una = mundo.publico()
    una.goto("/ingresar")
    una.context.clear_cookies()
    una.context.new_page().goto("/ingresar")
    mundo.identificar(una, "asesor.bog01")


def test_tabs_that_asked_for_a_password_go_on_when_one_of_them_was_answered(mundo: Mundo) -> None:
    una = mundo.persona("asesor.bog01")
    una.goto("/bandeja")
    otras = [una.context.new_page() for _n in range(2)]
    for otra in otras:
        otra.goto("/cuenta")
    una.context.clear_cookies()
    mirar_ahora(una)  # its login page tells the others
    for pagina in (una, *otras):
        expect(pagina.get_by_role("heading", level=1)).to_have_text("Ingresar a Ventanilla")
    mundo.identificar(una, "asesor.bog01")
    expect(una).to_have_url(re.compile("/bandeja$"))
    mirar_ahora(otras[0])
    expect(otras[0]).to_have_url(re.compile("/cuenta$"))
    expect(otras[0].get_by_role("button", name="Salir")).to_be_visible()
    mundo.identificar(otras[1], "asesor.bog01")  # who is faster than that
    expect(otras[1]).to_have_url(re.compile("/cuenta$"))
    una.reload()
    expect(una.get_by_role("button", name="Salir")).to_be_visible()


def test_a_login_that_goes_on_changes_nothing_on_its_pages(mundo: Mundo) -> None:
    asesor = escribiendo(mundo)
    with asesor.expect_response("**/sesion") as dicho:
        mirar_ahora(asesor)
    assert dicho.value.json() == {"quien": "asesor.bog01"}
    assert "set-cookie" not in dicho.value.headers, "asking is no use"
    asesor.context.set_offline(True)
    mirar_ahora(asesor)
    asesor.wait_for_timeout(500)
    expect(asesor.get_by_label("Qué necesita la persona")).to_have_value(TEXTO)
    asesor.context.set_offline(False)
