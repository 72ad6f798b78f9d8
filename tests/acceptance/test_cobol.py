"""5.2.9 and 5.2.10 with COBOL: its answer goes into the words for the citizen with one key; what
cannot be read is no number."""

import re

from playwright.sync_api import expect

from demo.cobol import CARTERA, REG_CARTERA
from demo.lugar import COBOL
from handlers.conectores.cobol.codec import Codec, Escritura
from handlers.conectores.cobol.copybook import leer
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


def test_what_cobol_holds_of_a_person_is_shown_and_said_with_one_key(mundo: Mundo) -> None:
    documento = mundo.titular("cobol", 1)
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, documento, tema="S01", clase="Solicitud")
    tabla = asesor.locator("table.cotejo")
    expect(tabla.get_by_role("columnheader", name="COBOL")).to_contain_text("corte")
    ((obligacion,),) = mundo.filas(
        "select s.obligacion from servicio_adquirido s join persona p on p.id = s.persona_id"
        " where p.num_doc = :numero and s.sistema_origen = 'cobol' limit 1",
        numero=documento[1],
    )
    expect(tabla).to_contain_text(f"Obligación {obligacion}")
    mirar(asesor, "5.2.10, COBOL")
    p.acorde(asesor, "F4")
    expect(asesor.get_by_label("Respuesta para la persona")).to_have_value(
        re.compile(rf"Según COBOL \(corte: .*\): obligación {obligacion}; .*saldo \$ ")
    )
    p.sin_faltas(mundo)


def test_a_record_that_cannot_be_read_is_asked_about_by_hand(mundo: Mundo) -> None:
    documento = mundo.titular("cobol", 1)
    codec = Codec(leer(REG_CARTERA), Escritura("cp284"))
    archivo = mundo.carpeta / COBOL / CARTERA
    entero, largo, saldo = (
        bytearray(archivo.read_bytes()),
        codec.diseno.largo,
        codec.diseno.campo("SALDO"),
    )
    numeros = codec.solo(["NUM-DOC"])
    for lugar in range(0, len(entero), largo):
        if bytes(entero[lugar + 2 : lugar + 17]).startswith(documento[1].encode("cp284")):
            assert numeros.decodificar(bytes(entero[lugar : lugar + largo])) == [documento[1]]
            entero[lugar + saldo.offset : lugar + saldo.offset + saldo.largo] = (
                b"\x40" * saldo.largo
            )
    archivo.write_bytes(entero)
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
    expect(p.titulo(asesor)).to_contain_text("Consultar manualmente o escalar")
    expect(asesor.get_by_role("main")).not_to_contain_text("$")
    mirar(asesor, "5.2.9, COBOL ilegible")
