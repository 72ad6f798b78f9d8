"""5.2.10: what the legacy systems said stands side by side; where they contradict each other, and
which counts, is seen in the row."""

import datetime as dt
import json
import re
from collections.abc import Sequence

from playwright.sync_api import expect

from demo import foxpro
from demo.cobol import CARTERA
from demo.lugar import COBOL, FOXPRO
from records.base.actos import Acto
from records.sistemas import legado
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.kit.clock import NOW


def test_two_systems_that_contradict_each_other_stand_side_by_side_with_the_rule(
    mundo: Mundo,
) -> None:
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

    tabla = asesor.locator("table.cotejo").first
    expect(tabla.get_by_role("columnheader")).to_contain_text(["Campo", "C&CTEX", "FOX PRO"])
    callado = asesor.locator("details", has_text="1 sistema sin datos")
    expect(callado.get_by_text("No conoce a la persona")).to_be_hidden()
    callado.locator("summary").click()
    expect(callado.get_by_role("listitem")).to_contain_text("COBOL")
    expect(callado.get_by_text("No conoce a la persona")).to_be_visible()
    expect(tabla.get_by_role("columnheader", name="FOX PRO")).to_contain_text("hace 55 días")
    expect(tabla.locator("tr.obligacion").first).to_contain_text(f"Obligación {obligacion}")
    expect(tabla.locator("tr.obligacion").first).to_contain_text("la de este caso")
    saldo = tabla.locator("tr.discute", has_text="Saldo").first
    expect(saldo.locator("td.choca")).to_contain_text("$ 77")
    expect(saldo.locator("td.vale")).to_have_attribute("data-l", "C&CTEX")
    expect(saldo.locator("xpath=following-sibling::tr[1]")).to_contain_text(
        "Vale C&CTEX: tiene los créditos girados desde 2006"
    )
    mirar(asesor, "5.2.10, aplicativos")
    p.acorde(asesor, "F8")
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(
        f"Según FOX PRO (corte: mié 30 sep 2026): obligación {obligacion}; estado Vigente; saldo $ 77."
    )
    p.sin_faltas(mundo)


def test_the_systems_that_do_not_know_the_person_say_so_and_what_to_do(mundo: Mundo) -> None:
    """Nothing to compare: a line for each system instead of an empty table."""
    (mundo.carpeta / COBOL / CARTERA).write_bytes(b"")
    foxpro.construir(mundo.carpeta / FOXPRO, [], corte=NOW.date())
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular("cobol", 1), tema="S01", clase="Solicitud")
    expect(asesor.locator("table.cotejo")).to_have_count(0)
    panel = asesor.locator("ul.cuentas")
    expect(panel.get_by_role("listitem").filter(has_text="C&CTEX")).to_contain_text(
        "escale el caso"
    )
    expect(panel.get_by_role("listitem").filter(has_text="FOX PRO")).to_contain_text(
        "escale el caso"
    )
    expect(panel.get_by_role("listitem").filter(has_text="COBOL")).to_contain_text("escale el caso")
    mirar(asesor, "5.2.10, sin datos")
    asesor.get_by_role("combobox", name="Dato que usa").select_option("COBOL")
    asesor.get_by_label("Respuesta para la persona").fill("Su crédito está al día.")
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_contain_text(
        "COBOL no dio datos de esta persona en esta visita"
    )
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(
        "Su crédito está al día."
    )
    mirar(asesor, "5.2.10, fuente que no respondió")


def test_who_has_a_credit_of_1999_to_2005_is_answered_from_fox_pro(mundo: Mundo) -> None:
    """What its table holds, in the words of the screen and with its age; the key puts it into the
    answer."""
    documento = mundo.titular("foxpro")
    guardadas = mundo.filas(
        "select s.obligacion from servicio_adquirido s join persona p on p.id = s.persona_id"
        " where p.num_doc = :numero and s.sistema_origen = 'foxpro'",
        numero=documento[1],
    )
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, documento, tema="S01", clase="Solicitud")
    tabla = asesor.locator("table.cotejo").first
    expect(tabla.get_by_role("columnheader", name="FOX PRO")).to_contain_text("hace 24 días")
    for (obligacion,) in guardadas:
        expect(asesor.get_by_role("region", name="Respuestas de los aplicativos")).to_contain_text(
            str(obligacion)
        )
    mirar(asesor, "5.2.10, FOX PRO")
    p.acorde(asesor, "F8")
    dicha = re.compile(r"^Según FOX PRO \(corte: sáb 31 oct 2026\): obligación \d{10}; línea ")
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(dicha)
    leidas = mundo.filas("select filas from consulta_legado where sistema = 'foxpro'")
    assert {fila["obligacion"] for (filas,) in leidas for fila in json.loads(str(filas))} == {
        o for (o,) in guardadas
    }
    p.sin_faltas(mundo)


def test_a_record_of_fox_pro_that_cannot_be_read_leaves_the_way_by_hand(mundo: Mundo) -> None:
    """For whom it belongs to the system is not available: the adviser looks it up elsewhere, or
    escalates."""
    documento = mundo.titular("foxpro")
    ruta = mundo.carpeta / FOXPRO / foxpro.ARCHIVO
    datos = bytearray(ruta.read_bytes())
    inicio, largo = int.from_bytes(datos[8:10], "little"), int.from_bytes(datos[10:12], "little")
    for en in range(inicio, len(datos) - 1, largo):
        if documento[1].encode() in datos[en : en + largo].replace(b".", b""):
            datos[en : en + 1] = b"?"  # neither deleted nor not
    ruta.write_bytes(datos)
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Quiere saber cuánto debe")
    p.titularidad(asesor, documento)
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.tipificar(asesor, "S01", "Solicitud", "Pide el saldo de su crédito.")
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    p.en(asesor, "Consultar manualmente o escalar")
    panel = asesor.locator("ul.cuentas").get_by_role("listitem")
    expect(panel.filter(has_text="FOX PRO")).to_contain_text("No disponible")
    expect(panel.filter(has_text="C&CTEX")).to_contain_text("No conoce a la persona")
    assert mundo.filas("select estado, filas from consulta_legado where sistema = 'foxpro'") == [
        ("no_disponible", "[]")
    ]
    p.sin_faltas(mundo)


def otro_aplicativo_dice(mundo: Mundo, sistema: str, de: Sequence[str] = (), **fila: str) -> str:
    """The answer of a system that the demo has no connector for, about the newest obligation of the
    person at the desk, or about `de`."""
    ((turno_id, persona_id, tipo, numero, obligacion),) = mundo.filas(
        "select a.turno_id, p.id, p.tipo_doc, p.num_doc, s.obligacion from atencion a join persona p on p.id = a.persona_id"
        " join servicio_adquirido s on s.persona_id = p.id order by s.anio_giro desc limit 1"
    )
    titular = legado.Titular(int(str(persona_id)), str(tipo), str(numero), "asesor.bog01")
    leida = legado.Lectura(
        sistema,
        "ok",
        [{"obligacion": una, **fila} for una in de or [str(obligacion)]],
        NOW - dt.timedelta(days=55),
    )
    with mundo.sesion(escribe=True) as s:
        legado.guardar(s, leida, int(str(turno_id)), titular, Acto("asesor.bog01", NOW))
        s.commit()
    return str(obligacion)


def test_with_three_obligations_the_page_of_the_answer_is_at_most_1200_px_tall(
    mundo: Mundo,
) -> None:
    """Only the obligation of the case stands open, and of the systems those that say something."""
    documento = p.titular_con_datos(mundo)
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Quiere saber cuánto debe")
    p.titularidad(asesor, documento)
    p.datos(asesor)
    p.en(asesor, "5.2.8")
    mundo.trabajador.quieto()
    otro_aplicativo_dice(mundo, "foxpro", de=("0810000777", "0810000778"), saldo="77", linea="x")
    p.tipificar(asesor, "plan de pagos", descripcion="Pide el saldo de su crédito vigente.")
    p.esperar_aplicativos(mundo, asesor)
    expect(asesor.get_by_text("2 obligaciones más")).to_be_visible()
    expect(asesor.get_by_text("Obligación 0810000777")).to_be_hidden()
    asesor.set_viewport_size({"width": 1280, "height": 900})
    assert asesor.evaluate("document.documentElement.scrollHeight") <= 1200
    mirar(asesor, "5.2.10, tres obligaciones")
