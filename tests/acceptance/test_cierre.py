"""What takes seconds in the browser, a closing by hand and all documents of a month: how far it is,
cancelled, done by itself."""

from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import bogota


def test_who_coordinates_sees_how_far_a_closing_is_and_cancels_one(mundo: Mundo) -> None:
    p.llega_sin_ficha(mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 12, 1, 6, 1))
    mundo.trabajador.quieto()
    mundo.trabajador.parar()  # the test is the worker, to stop in the middle
    coordinador = mundo.persona("coordinador")
    jefe = coordinador  # who asks; another person approves, and sees how far it is
    gerente = mundo.persona("gerente.operativo")
    for cancela in (True, False):
        jefe.goto("/indicadores?mes=2026-11")
        coordinador = jefe
        coordinador.locator("summary", has_text="Corregir el mes con otra versión").click()
        coordinador.get_by_label("Por qué se hace otra versión").fill(
            "Se anuló una visita registrada dos veces"
        )
        coordinador.get_by_role("button", name="Ver qué cambiaría").click()
        mirar(coordinador, "lo que cambiaría otra versión de un mes")
        coordinador.get_by_role("button", name="Hacer otra versión de noviembre de 2026").click()
        expect(coordinador.get_by_text("Espera la decisión de otra persona.")).to_be_visible()
        coordinador = gerente
        coordinador.goto("/indicadores?mes=2026-11")
        coordinador.get_by_role("button", name="Ver qué cambiaría, y decidir").click()
        mirar(coordinador, "la corrección de un mes por aprobar")
        coordinador.get_by_role("button", name="Aprobar").click()
        expect(p.titulo(coordinador)).to_have_text("Cerrando noviembre de 2026")
        expect(coordinador.get_by_role("progressbar", name="Avance")).to_be_visible()
        if cancela:
            mirar(coordinador, "un cierre en curso")
            coordinador.get_by_role("button", name="Cancelar el cierre").click()
            expect(p.titulo(coordinador)).to_have_text("No se cerró noviembre de 2026")
            expect(
                coordinador.get_by_text("Se canceló: nada quedó escrito del mes.")
            ).to_be_visible()
            mirar(coordinador, "un cierre cancelado")
        ((pedido,),) = mundo.filas("select max(id) from cierre_pedido")
        mundo.engine.jobs.run_at("calidad.cerrar_mes", {"cierre_id": pedido}, mundo.clock.now())
    expect(p.titulo(coordinador)).to_have_text("Indicadores de noviembre de 2026")  # by itself
    expect(coordinador.get_by_text("Noviembre de 2026 quedó cerrado: versión 2.")).to_be_visible()
    assert mundo.filas("select version, motivo from mes_cerrado order by version")[-1] == (
        2,
        "Se anuló una visita registrada dos veces",
    )


def test_all_documents_of_a_month_are_asked_for_watched_stopped_and_taken(mundo: Mundo) -> None:
    p.llega_sin_ficha(mundo.persona("asesor.bog01"))
    mundo.clock.move_to(bogota(2026, 12, 1, 6, 1))
    mundo.trabajador.quieto()
    mundo.trabajador.parar()
    gerente = mundo.persona("gerente")
    for cancela in (True, False):
        gerente.goto("/reportes/2026-11")
        gerente.get_by_role("button", name="Todos los documentos (ZIP)").click()
        expect(p.titulo(gerente)).to_have_text("Haciendo los documentos de noviembre de 2026")
        expect(gerente.get_by_role("progressbar", name="Avance")).to_be_visible()
        if cancela:
            mirar(gerente, "documentos que se hacen")
            gerente.get_by_role("button", name="Dejar de hacerlos").click()
            expect(gerente.get_by_text("Se canceló: no quedó ningún archivo.")).to_be_visible()
            mirar(gerente, "documentos que no se hicieron")
    ((pedido,),) = mundo.filas("select max(id) from documentos_pedido")
    mundo.engine.jobs.run_at("calidad.hacer_documentos", {"pedido_id": pedido}, mundo.clock.now())
    expect(p.titulo(gerente)).to_have_text("Documentos de noviembre de 2026")  # by itself
    mirar(gerente, "documentos hechos")
    with gerente.expect_download() as bajado:
        gerente.get_by_role("link", name="Bajar los 26 archivos").click()
    assert bajado.value.suggested_filename == "documentos-2026-11.zip"
