"""5.2.10: what the legacy systems said stands side by side; where they contradict each other, and which counts, is seen in the row."""

import datetime as dt

from playwright.sync_api import expect

from demo.cobol import CARTERA
from demo.lugar import COBOL
from records import legado
from records.actos import Acto
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import NOW


def test_two_systems_that_contradict_each_other_stand_side_by_side_with_the_rule(mundo: Mundo) -> None:
    documento = p.titular_con_datos(mundo)
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Quiere saber cuánto debe")
    p.titularidad(asesor, documento)
    p.datos(asesor)
    p.en(asesor, "5.2.8")
    mundo.trabajador.quieto()
    obligacion = otro_aplicativo_dice(mundo, "foxpro", saldo="77", estado="vigente")
    p.tipificar(asesor, "plan de pagos", descripcion="Pide el saldo de su crédito vigente.")
    p.esperar_aplicativos(mundo, asesor)

    tabla = asesor.locator("table.cotejo")
    expect(tabla.get_by_role("columnheader")).to_contain_text(["Campo", "C&CTEX", "COBOL", "FOX PRO"])
    expect(tabla.get_by_role("columnheader", name="COBOL")).to_contain_text("No conoce a la persona")
    expect(tabla.get_by_role("columnheader", name="FOX PRO")).to_contain_text("hace 55 días")
    expect(tabla.locator("tr.obligacion").first).to_contain_text(f"Obligación {obligacion}")
    expect(tabla.locator("tr.obligacion").first).to_contain_text("la de este caso")
    saldo = tabla.locator("tr.discute", has_text="Saldo").first
    expect(saldo.locator("td.choca")).to_contain_text("$ 77")
    expect(saldo.locator("td.vale")).to_have_attribute("data-l", "C&CTEX")
    expect(saldo.locator("xpath=following-sibling::tr[1]")).to_contain_text("Vale C&CTEX: tiene los créditos girados desde 2006")
    mirar(asesor, "5.2.10, aplicativos")
    asesor.keyboard.press("F8")
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(
        f"Según FOX PRO (corte 30/09/2026): obligación {obligacion}; estado Vigente; saldo $ 77. "
    )
    p.sin_faltas(mundo)


def test_the_systems_that_do_not_know_the_person_say_so_and_what_to_do(mundo: Mundo) -> None:
    """Nothing to compare: a line for each system instead of an empty table."""
    (mundo.carpeta / COBOL / CARTERA).write_bytes(b"")
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular("cobol", 1), tema="S01", clase="Solicitud")
    expect(asesor.locator("table.cotejo")).to_have_count(0)
    panel = asesor.locator("ul.cuentas")
    expect(panel.get_by_role("listitem").filter(has_text="C&CTEX")).to_contain_text("escale el caso")
    expect(panel.get_by_role("listitem").filter(has_text="FOX PRO")).to_contain_text("escale el caso")
    expect(panel.get_by_role("listitem").filter(has_text="COBOL")).to_contain_text("escale el caso")
    mirar(asesor, "5.2.10, sin datos")
    asesor.get_by_label("Dato que usa").select_option("COBOL")
    asesor.get_by_label("Respuesta para la persona").fill("Su crédito está al día.")
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_contain_text("COBOL no dio datos de esta persona en esta visita")
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value("Su crédito está al día.")
    mirar(asesor, "5.2.10, fuente que no respondió")


def otro_aplicativo_dice(mundo: Mundo, sistema: str, **fila: str) -> str:
    """The answer of a system that the demo has no connector for, about the newest obligation of the person at the desk."""
    ((turno_id, persona_id, tipo, numero, obligacion),) = mundo.filas(
        "select a.turno_id, p.id, p.tipo_doc, p.num_doc, s.obligacion from atencion a join persona p on p.id = a.persona_id"
        " join servicio_adquirido s on s.persona_id = p.id order by s.anio_giro desc limit 1"
    )
    titular = legado.Titular(int(str(persona_id)), str(tipo), str(numero), "asesor.bog01")
    leida = legado.Lectura(sistema, "ok", [{"obligacion": obligacion, **fila}], NOW - dt.timedelta(days=55))
    with mundo.sesion(escribe=True) as s:
        legado.guardar(s, leida, int(str(turno_id)), titular, Acto("asesor.bog01", NOW))
        s.commit()
    return str(obligacion)
