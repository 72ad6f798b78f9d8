"""The adviser's desk: one console for the person who sits there, and the queue only when nobody does (5.2.2 to 5.2.12)."""

import threading

from playwright.sync_api import Page
from playwright.sync_api import expect

from engine.types import Data
from engine.types import RemoteCall
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def hasta_tipificar(mundo: Mundo, asesor: Page, documento: tuple[str, str]) -> None:
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.titularidad(asesor, documento)
    p.datos(asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example")
    mundo.trabajador.quieto()


def test_while_the_systems_are_asked_the_console_stays_on_the_case_and_calls_nobody(mundo: Mundo) -> None:
    """5.2.9: what has arrived stands there, "Llamar siguiente" does not; the page goes on by itself."""
    consultar, ya = mundo.engine.core.handlers.remote["legado.consultar"], threading.Event()

    def lenta(call: RemoteCall) -> Data:
        assert ya.wait(60)
        return consultar(call)

    mundo.engine.core.handlers.remote["legado.consultar"] = lenta
    ficha = p.tomar_turno(mundo)  # somebody waits in the queue
    asesor = mundo.persona("asesor.bog01")
    hasta_tipificar(mundo, asesor, mundo.titular())
    p.tipificar(asesor, "S02")
    p.en(asesor, "5.2.9")
    expect(asesor.locator(".pasos [aria-current=step]")).to_contain_text("Aplicativos")
    expect(asesor.locator("#contexto")).to_contain_text("Verificada")
    expect(asesor.locator(".hecha-resumen")).to_contain_text("Solicitud")
    expect(asesor.locator(".cuentas li", has_text="C&CTEX")).to_contain_text("Llegó")
    expect(asesor.get_by_role("button", name="Llamar siguiente")).to_have_count(0)
    mirar(asesor, "5.2.9, mientras responden")

    asesor.goto("/atencion")  # who reloads stays there too
    p.en(asesor, "5.2.9")
    csrf = asesor.locator("[name=csrf_token]").first.input_value()
    for ruta in ("/atencion/llamar", "/atencion/llamar/1"):
        asesor.request.post(ruta, form={"csrf_token": csrf})
    assert mundo.filas("select estado from turno where ficha = :f", f=ficha) == [("espera",)]

    ya.set()
    p.en(asesor, "5.2.10")  # without a press
    p.responder(asesor)
    p.pedir_calificacion(asesor)
    expect(asesor.get_by_role("button", name="Llamar siguiente")).to_be_visible()
