"""Something happened while a person typed: each page says what, keeps the text, leads on; wide,
narrow, with axe, by keyboard."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from engine.types import SYSTEM, Actor, Data, RemoteCall, Role
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit import diagrams as m

ADMIN = Actor("person", "administrador", frozenset({Role("administrador", None)}))
COLEGA = Actor("person", "asesor.bog02", frozenset({Role("asesor", p.PUNTO)}))
TEXTO = "La persona trae el comprobante del banco"
CAMPOS = ("tema", "detalle:longtext!")


def modelo(*, campos: tuple[str, ...] = CAMPOS) -> bytes:
    """escribir (form) > consultar (a system) > leer (form)."""
    nodos = (
        m.start("ini")
        + m.user("escribir", fields=" ".join(campos))
        + m.service("consultar", handler="prueba.central", out="puntaje:integer")
    )
    nodos += m.user("leer") + m.end("fin") + m.flows("ini>escribir>consultar>leer>fin")
    carril = m.lane("L1", "asesor", "punto_id", "ini", "escribir", "consultar", "leer", "fin")
    return m.model(m.process("prueba", nodos, lanes=carril, variables="punto_id"))


def desplegar(mundo: Mundo, texto: bytes) -> int:
    mundo.engine.core.handlers.remote.setdefault("prueba.central", lambda _call: {"puntaje": 700})
    return mundo.engine.releases.deploy(
        {"prueba.bpmn": texto}, actor=SYSTEM, now=mundo.clock.now()
    ).release


def escribir(mundo: Mundo, pagina: Page) -> tuple[str, str]:
    """A new case, its form filled and not sent: (instance, item)."""
    nuevo = mundo.engine.instances.start(
        "prueba", actor=SYSTEM, now=mundo.clock.now(), data={"punto_id": p.PUNTO}
    )
    pagina.goto(f"/tarea/{nuevo.opened[0].id}")
    pagina.get_by_label("tema").fill("Pago sin aplicar")
    pagina.get_by_label("detalle").fill(TEXTO)
    return nuevo.instance_id, nuevo.opened[0].id


@contextmanager
def sin_base(mundo: Mundo) -> Iterator[None]:
    """Every statement fails as one does whose server is away."""
    mundo.trabajador.parar()

    def cae(*_todo: object) -> None:
        raise sa.exc.OperationalError(
            "SELECT 1",
            {},
            ConnectionError("server closed the connection unexpectedly"),
            connection_invalidated=True,
        )

    sa.event.listen(mundo.engine.db, "before_cursor_execute", cae)
    try:
        yield
    finally:
        sa.event.remove(mundo.engine.db, "before_cursor_execute", cae)


def test_a_task_that_was_cancelled_suspended_or_completed_meanwhile_says_so_and_keeps_the_text(
    mundo: Mundo,
) -> None:
    desplegar(mundo, modelo())
    asesor = mundo.persona("asesor.bog01")

    instancia, _ = escribir(mundo, asesor)
    mundo.engine.instances.cancel(
        instancia, reason="La persona desistió del trámite", actor=ADMIN, now=mundo.clock.now()
    )
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_contain_text("El proceso fue cancelado")
    expect(asesor.get_by_text("No se envió, porque el proceso fue cancelado.")).to_be_visible()
    expect(
        asesor.get_by_text("Lo decidió Carlos Díaz. Motivo: La persona desistió del trámite")
    ).to_be_visible()
    expect(asesor.get_by_text(TEXTO)).to_be_visible()
    mirar(asesor, "cancelada mientras se escribía")
    asesor.get_by_role("button", name="Agregar mi texto como nota del caso").press("Enter")
    expect(asesor.get_by_text("Agregamos su texto como nota del caso.")).to_be_visible()

    instancia, _ = escribir(mundo, asesor)
    mundo.engine.instances.suspend(
        instancia, reason="El área pidió esperar unos días", actor=ADMIN, now=mundo.clock.now()
    )
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_have_text("El caso está suspendido")
    expect(asesor.get_by_text("Lo guardamos como borrador")).to_be_visible()
    mirar(asesor, "suspendida mientras se escribía")

    _, item = escribir(mundo, asesor)
    mundo.engine.items.complete(
        item, values={"tema": "Otro", "detalle": TEXTO}, actor=COLEGA, now=mundo.clock.now()
    )
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_contain_text("completó esta actividad")
    expect(asesor.locator("mark")).to_have_text(["Pago sin aplicar"])  # only what is different
    mirar(asesor, "completada mientras se escribía")
    asesor.get_by_role("navigation", name="Principal").get_by_role("link", name="Ir a…").focus()
    for _ in range(12):
        asesor.keyboard.press("Tab")
        if (
            asesor.evaluate("document.activeElement.textContent.trim()")
            == "Ir a mi siguiente tarea"
        ):
            break
    expect(asesor.get_by_role("link", name="Ir a mi siguiente tarea")).to_be_focused()


def test_without_a_database_the_page_keeps_the_text_and_one_press_sends_it_again(
    mundo: Mundo,
) -> None:
    desplegar(mundo, modelo())
    asesor = mundo.persona("asesor.bog01")
    _, item = escribir(mundo, asesor)
    with sin_base(mundo):
        p.continuar(asesor)
        expect(p.titulo(asesor)).to_have_text("Inténtelo otra vez en un momento")
        expect(asesor.get_by_text(TEXTO)).to_be_visible()
        mirar(asesor, "sin base de datos")
    asesor.get_by_role("button", name="Enviar otra vez").press("Enter")
    expect(p.titulo(asesor)).to_have_text("En curso: consultar")
    assert mundo.filas("select state from work_item where id = :i", i=item) == [("done",)]
    with sin_base(mundo):
        asesor.goto("/bandeja")
        expect(asesor.get_by_role("link", name="Intentar otra vez")).to_be_visible()
        mirar(asesor, "sin base de datos, al leer")


def test_while_a_system_is_asked_the_page_stays_still_and_then_leads_on(mundo: Mundo) -> None:
    ya = threading.Event()

    def lenta(_call: RemoteCall) -> Data:
        ya.wait(60)
        return {"puntaje": 700}

    mundo.engine.core.handlers.remote["prueba.central"] = lenta
    desplegar(mundo, modelo())
    asesor = mundo.persona("asesor.bog01")
    escribir(mundo, asesor)
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_have_text("En curso: consultar")
    mirar(asesor, "espera de un sistema")
    otra = asesor.get_by_role("link", name="Seguir con otra cosa")
    otra.focus()
    asesor.wait_for_timeout(2_500)  # it looks again twice
    expect(otra).to_be_focused()
    ya.set()
    expect(p.titulo(asesor)).to_have_text("leer")


def test_a_form_that_changed_with_a_new_version_comes_back_with_what_was_typed(
    mundo: Mundo,
) -> None:
    desplegar(mundo, modelo())
    asesor = mundo.persona("asesor.bog01")
    instancia, item = escribir(mundo, asesor)
    nueva = desplegar(mundo, modelo(campos=("tema", "respuesta:longtext!")))
    mundo.engine.migration.migrate(
        instancia,
        nueva,
        reason="La versión nueva cambia el formulario",
        actor=ADMIN,
        now=mundo.clock.now(),
        mapping={},
    )
    p.continuar(asesor)
    expect(
        asesor.get_by_text("El caso pasó a otra versión mientras usted escribía")
    ).to_be_visible()
    expect(asesor.get_by_label("tema")).to_have_value("Pago sin aplicar")
    expect(
        asesor.get_by_role("heading", name="Texto de campos que esta versión ya no tiene")
    ).to_be_visible()
    expect(asesor.get_by_text(TEXTO)).to_be_visible()
    mirar(asesor, "formulario de otra versión")
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_have_text("leer")
    assert mundo.filas("select state from work_item where id = :i", i=item) == [("done",)]
