"""A written case whole (M5-1-04): filed, digitised, typed, answered, signed, sent with its guide,
archived; each by its role."""

from playwright.sync_api import FilePayload, Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo
from tests.acceptance.pasos import CasoEscalado
from tests.acceptance.test_radicacion import MOTIVO, consultar, recibir
from tests.kit import files, visits

GUIA = "RA 123 456 785 CO"


def radicado(mundo: Mundo) -> tuple[Page, CasoEscalado]:
    """Received and filed (how it came to that is test_radicacion's), digitised and typed. The page
    of document management."""
    clave = visits.hands_in(mundo.engine, mundo.titular(), "R001", mundo.clock.now())
    gestion = mundo.persona("gestion.documental")
    gestion.goto("/radicacion")
    gestion.locator("li.entrega").get_by_role("link").first.click()
    gestion.get_by_label("Asunto").fill(MOTIVO)
    numero = recibir(gestion)
    mundo.trabajador.quieto()
    digitalizar(mundo, gestion)
    ((caso_id,),) = mundo.filas("select id from caso")
    return gestion, CasoEscalado(int(str(caso_id)), numero, clave)


def de_paginas(n: int) -> FilePayload:
    return {
        "name": "imagen.pdf",
        "mimeType": "application/pdf",
        "buffer": files.pdf("Certificados de notas", pages=n),
    }


def digitalizar(mundo: Mundo, gestion: Page) -> None:
    gestion.get_by_role("link", name="Digitalizar").click()
    gestion.get_by_role("button", name="Tomar").click()
    imagen = gestion.get_by_label("Imagen de «Certificados de notas»")
    imagen.set_input_files(files=[de_paginas(20)])
    p.continuar(gestion)
    expect(gestion.locator(".resumen-error")).to_contain_text(
        "tiene 20 páginas; 6 folios tienen de 6 a 12"
    )
    imagen.set_input_files(files=[de_paginas(12)])
    mirar(gestion, "digitalizar")
    segunda = gestion.get_by_role("region", name="Tipificar")
    expect(segunda.get_by_label("Asunto")).not_to_have_value("")
    p.continuar(gestion)
    expect(p.titulo(gestion)).not_to_contain_text("Digitalizar")
    mundo.trabajador.quieto()
    assert mundo.filas(
        "select element from submission where element in ('act_3', 'act_4') order by rev"
    ) == [("act_3",), ("act_4",)]


def responde_el_area(mundo: Mundo, caso: CasoEscalado) -> None:
    funcionario = mundo.persona("funcionario.vcc01")
    p.recibir_caso(funcionario, caso)
    p.investigar(funcionario)
    expect(funcionario.locator("[data-completar]")).to_contain_text("Enviar a firma")
    p.documentar(funcionario)
    mundo.trabajador.quieto()


def se_firma(mundo: Mundo, caso: CasoEscalado) -> Page:
    """The leader of the area, who did not write it. Their page."""
    lider = mundo.persona("lider.vcc")
    p.tomar_en_bandeja(lider, caso, "Firmar respuesta")
    expect(lider.get_by_role("region", name="Lo que respondió el área")).to_contain_text(
        "ya está aplicado"
    )
    expect(lider.get_by_role("region", name="Archivos del caso")).to_contain_text("poder.pdf")
    p.marcar(lider, "La respuesta", "La firmo")
    expect(lider.get_by_label("Carta para la persona")).to_have_value(
        "El pago del 5 de octubre ya está aplicado y el saldo quedó al día."
    )
    mirar(lider, "firmar")
    p.continuar(lider)
    mundo.trabajador.quieto()
    return lider


def sale_con_guia(mundo: Mundo, gestion: Page) -> None:
    gestion.goto("/radicacion?vista=tramite")
    gestion.get_by_role("link", name="Enviar correo certificado").click()
    gestion.get_by_role("button", name="Tomar").click()
    gestion.get_by_label("Operador postal").select_option(
        label="4-72 (Servicios Postales Nacionales)"
    )
    gestion.get_by_label("Número de guía").fill("RA123456789CO")
    p.continuar(gestion)
    expect(gestion.locator(".resumen-error")).to_contain_text("No es una guía de 4-72")
    gestion.get_by_label("Número de guía").fill(GUIA)
    mirar(gestion, "enviar")
    p.continuar(gestion)
    mundo.trabajador.quieto()


def la_entregan(mundo: Mundo, gestion: Page) -> None:
    gestion.goto("/radicacion?vista=tramite")
    gestion.get_by_role("link", name="Registrar la entrega").click()
    gestion.get_by_role("button", name="Tomar").click()
    p.marcar(gestion, "Qué pasó con la carta", "La entregaron")
    gestion.get_by_label("Fecha de la entrega o la devolución").fill(
        f"{mundo.clock.now():%d/%m/%Y}"
    )
    gestion.get_by_label("Quién la recibió").fill("La persona")
    mirar(gestion, "entrega")
    p.continuar(gestion)
    mundo.trabajador.quieto()


def test_a_written_case_is_answered_signed_with_a_guide_and_archived(mundo: Mundo) -> None:
    gestion, caso = radicado(mundo)
    responde_el_area(mundo, caso)
    lider = se_firma(mundo, caso)
    sale_con_guia(mundo, gestion)
    mundo.pasan(days=2)
    la_entregan(mundo, gestion)
    assert mundo.filas("select estado, enviado <= limite_respuesta from caso") == [("cerrado", 1)]
    assert mundo.filas("select guia, resultado from envio") == [("RA123456785CO", "entregado")]
    assert mundo.filas(
        "select serie like '210.30%', folio_desde, folio_hasta, length(huella) from archivado"
    ) == [(1, 1, 9, 64)]
    lider.goto(f"/caso/{caso.case_key}")
    salida = lider.get_by_role("region", name="Firma, envío y archivo")
    for dicho in (
        "RA123456785CO",
        "Entregada",
        "En término",
        "folios 1 a 9",
        "210.30.01 Derechos de petición",
    ):
        expect(salida).to_contain_text(dicho)
    mirar(lider, "caso archivado")
    gestion.goto("/radicacion")
    gestion.get_by_label("Radicado, documento, persona o turno").fill(GUIA)
    gestion.get_by_role("button", name="Buscar").click()
    expect(gestion.get_by_role("row").filter(has_text=caso.radicado)).to_contain_text(
        "guía RA123456785CO"
    )
    ciudadano = consultar(mundo, caso.radicado)
    for dicho in ("RA123456785CO", "la entregó el", "Terminado"):
        expect(ciudadano.get_by_role("main")).to_contain_text(dicho)
    p.sin_faltas(mundo)
