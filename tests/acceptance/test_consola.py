"""The adviser's desk: one console for the person who sits there, and the queue only when nobody
does (5.2.2 to 5.2.12)."""

import datetime as dt
import re
import threading

from playwright.sync_api import Page, expect

from engine.types import Data, RemoteCall
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def hasta_tipificar(mundo: Mundo, asesor: Page, documento: tuple[str, str]) -> None:
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Necesita el paz y salvo")
    p.titularidad(asesor, documento)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    mundo.trabajador.quieto()
    p.en(asesor, "5.2.8")


def test_while_the_systems_are_asked_the_console_stays_on_the_case_and_calls_nobody(
    mundo: Mundo,
) -> None:
    """5.2.9: what has arrived stands there, "Llamar siguiente" does not; the page goes on by
    itself."""
    consultar, ya = mundo.engine.core.handlers.remote["legado.consultar"], threading.Event()

    def lenta(call: RemoteCall) -> Data:
        assert ya.wait(60)
        return consultar(call)

    mundo.engine.core.handlers.remote["legado.consultar"] = lenta
    ficha = p.tomar_turno(mundo)  # somebody waits in the queue
    asesor = mundo.persona("asesor.bog01")
    hasta_tipificar(mundo, asesor, mundo.titular())
    p.acorde(asesor, "Control+Enter")
    asesor.get_by_role("link", name="Elija si es solicitud, queja o reclamo").press("Enter")
    # a group takes no focus: keys would go nowhere
    expect(asesor.get_by_role("radio", name="Solicitud")).to_be_focused()
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


def test_after_escalating_a_short_confirmation_stands_above_the_queue(mundo: Mundo) -> None:
    """Number, area and term of the case that the adviser has just let go (5.2.15, control 6-3)."""
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular())
    asesor.get_by_label("Respuesta para la persona").fill(
        "Su saldo no aparece en el extracto de este mes."
    )
    p.acorde(asesor, "F9")  # by mistake
    p.en(asesor, "5.2.14")
    # that of the answer is longer
    expect(asesor.get_by_role("main")).to_contain_text(
        "Plazo de esta actividad: Quedan 5 días hábiles"
    )
    expect(asesor.get_by_label("Resumen para el área")).to_have_value(
        re.compile(
            r"Pide: .*\nSe consultó: .*C&CTEX, dio datos.*\nAlcancé a explicarle: Su saldo no aparece",
            re.DOTALL,
        )
    )
    asesor.get_by_label("Resumen para el área").fill(
        "Pide su saldo. Falta el extracto de octubre, que nadie encuentra."
    )
    mirar(asesor, "5.2.14, con regreso")
    p.acorde(asesor, "F9")
    p.en(asesor, "5.2.10")
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(
        "Su saldo no aparece en el extracto de este mes."
    )
    assert mundo.filas("select count(*) from escalonamiento") == [(0,)]
    p.acorde(asesor, "F9")
    p.en(asesor, "5.2.14")
    expect(asesor.get_by_label("Resumen para el área")).to_have_value(
        "Pide su saldo. Falta el extracto de octubre, que nadie encuentra."
    )
    asesor.get_by_role("button", name="Volver a 5.2.10").click()
    p.escalar(asesor)
    p.pedir_calificacion(asesor)
    ((radicado, area, limite),) = mundo.filas(
        "select c.radicado, a.nombre, c.limite_respuesta from caso c join area a on a.codigo = c.area_id"
    )
    confirmado = asesor.locator(".aviso.verde")
    expect(confirmado).to_contain_text(f"Escalado: {radicado}, a {area}")
    expect(confirmado).to_contain_text("a más tardar el")
    # as people in Bogotá read it
    dia = dt.datetime.fromisoformat(str(limite)) - dt.timedelta(hours=5)
    expect(confirmado).to_contain_text(f" {dia.day} ")
    expect(confirmado).to_contain_text("La calificación está pedida en la tableta")
    mirar(asesor, "fila, después de escalar")
    mundo.pasan(minutes=4)  # nobody rates
    mundo.pasan(minutes=11)
    asesor.goto("/atencion")
    expect(confirmado).to_have_count(0)


def test_what_belongs_to_a_colleague_is_neither_here_nor_at_the_desk(mundo: Mundo) -> None:
    """The question of a person who left a colleague for the talk takes over no console and is in
    nobody else's list."""
    colega, asesor = mundo.persona("asesor.bog02"), mundo.persona("asesor.bog01")
    p.llega_sin_ficha(colega, "Información general")
    ficha = colega.locator(".ficha-n").inner_text()
    p.motivo(colega, "Quiere conocer los créditos")
    expect(colega.locator(".aviso.verde")).to_contain_text(f"El turno {ficha} espera la charla")
    mundo.pasan(minutes=30)
    p.llega_sin_ficha(colega)
    p.en(colega, "5.2.3")  # somebody else sits there when the talk ends
    asesor.goto("/atencion")
    asesor.get_by_role("region", name="Del punto, sin asignar").get_by_role(
        "link", name="5.2.19"
    ).click()
    asesor.get_by_label("Tema de la charla").fill("Líneas de crédito 2027")
    asesor.get_by_label("Hora de inicio").fill("09:05")
    asesor.get_by_label("Hora de fin").fill("09:30")
    p.marcar(asesor, "Quiénes asistieron", ficha)
    p.marcar(asesor, "Medios de información que se dieron a conocer", "Página web")
    p.continuar(asesor)
    mundo.trabajador.quieto()

    colega.goto("/atencion")
    p.en(colega, "5.2.3")
    asesor.goto("/atencion")
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    expect(asesor.get_by_role("button", name=f"Continuar con {ficha}")).to_have_count(0)


def test_a_turn_for_filing_has_its_answer_filled_in(mundo: Mundo) -> None:
    p.tomar_turno(mundo, "Entregar documentos")
    asesor = mundo.persona("asesor.bog01")
    p.llamar(asesor)
    p.se_presenta(asesor)
    p.en(asesor, "5.2.3")
    expect(
        asesor.get_by_role("group", name="¿Trae documentos para radicar?").get_by_label(
            "Sí", exact=True
        )
    ).to_be_checked()
    expect(
        asesor.get_by_role("group", name="¿Puede resolverse aquí mismo?").get_by_label(
            "No", exact=True
        )
    ).to_be_checked()
    expect(asesor.locator(".pasos")).to_contain_text("Radicar")
    expect(asesor.locator(".pasos")).not_to_contain_text("Aplicativos")


def test_the_queue_is_capped_says_why_each_stands_there_and_follows_by_itself(mundo: Mundo) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.usar_modulo(asesor)
    mirar(asesor, "fila vacía")
    general = p.tomar_turno(mundo)
    expect(asesor.locator("[data-parte=tabla]")).to_contain_text(general)  # without a press
    expect(asesor.locator("[data-parte=sigue]")).to_contain_text("Orden de llegada")
    mundo.pasan(minutes=2)
    preferente = p.tomar_turno(mundo, preferente=True)
    expect(asesor.locator("[data-parte=sigue]")).to_contain_text(f"Sigue {preferente}")
    expect(asesor.locator("[data-parte=sigue]")).to_contain_text(
        f"Preferencial: va antes que {general}"
    )
    expect(asesor.locator(".tira")).to_contain_text("Preferencial")
    mirar(asesor, "fila con dos turnos")

    asesor.get_by_role("button", name="Detener").click()
    tercero = p.tomar_turno(mundo)
    asesor.wait_for_timeout(3_500)
    expect(asesor.locator("[data-parte=tabla]")).not_to_contain_text(tercero)
    asesor.get_by_role("button", name="Seguir en vivo").click()
    expect(asesor.locator("[data-parte=tabla]")).to_contain_text(tercero)
    asesor.locator("body").press("Control+Enter")
    p.en(asesor, "5.2.2")
    expect(asesor.locator(".ficha-n")).to_have_text(preferente)
