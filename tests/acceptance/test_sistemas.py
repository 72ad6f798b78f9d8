"""The systems around the desk: how they are, in short and whole, who is told when one is silent for
too long, and how a visit goes on."""

import datetime as dt

from playwright.sync_api import Page, expect

from records.sistemas.reglas.sistemas import LIMITE_MIN
from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from webforms.base.servicios import EXTENSION
from webforms.correo.cola import repasar
from webforms.sistemas.sondeo import Sondeo

AVISO = "C&CTEX no responde desde las"


def ronda(mundo: Mundo, minutos: int = 0) -> None:
    """What `flask worker` does each minute."""
    if minutos:
        mundo.clock.advance(dt.timedelta(minutes=minutos))
    vecinos = mundo.app.extensions[EXTENSION].vecinos
    Sondeo(mundo.engine, vecinos, dt.timedelta(minutes=LIMITE_MIN)).ronda(mundo.clock.now())
    mundo.trabajador.quieto()
    with mundo.app.app_context():
        repasar(mundo.engine, mundo.clock.now())  # each mail by a job of its own
    mundo.trabajador.quieto()


def renglon(pagina: Page, sistema: str) -> str:
    return pagina.locator("tr", has=pagina.get_by_role("rowheader", name=sistema)).inner_text()


def test_an_outage_shows_in_seconds_and_after_its_limit_people_are_told_once(mundo: Mundo) -> None:
    cctex, lejos = mundo.carpeta / "cctex.db", mundo.carpeta / "cctex.lejos"
    administrador, asesor = mundo.persona("administrador"), mundo.persona("asesor.bog01")
    administrador.goto("/sistemas")
    # no false comfort
    expect(administrador.get_by_text("Nadie está mirando los sistemas.")).to_be_visible()
    mirar(administrador, "sistemas, sin revisar")

    ronda(mundo)
    administrador.reload()
    assert "Responde" in renglon(administrador, "C&CTEX")
    expect(administrador.get_by_text("Nada: ningún sistema dejó de responder")).to_be_visible()

    cctex.rename(lejos)
    ronda(mundo, 1)
    # without a press
    expect(administrador.locator(".aviso.rojo")).to_contain_text("C&CTEX no responde desde las")
    assert "No se pudo llegar a él" in renglon(administrador, "C&CTEX")
    asesor.goto("/sistemas")
    corto = asesor.locator(".sistemas-cortos li", has_text="C&CTEX")
    expect(corto).to_contain_text("No lo reporte: se está mirando.")
    expect(asesor.get_by_role("button", name="Probar las conexiones")).to_have_count(0)
    mirar(asesor, "sistemas, en corto")

    ronda(mundo, LIMITE_MIN - 1)
    assert [a for a in mundo.correos() if a.startswith(AVISO)] == []
    ronda(mundo, 1)
    ronda(mundo, 1)  # once for each outage
    a_quien = mundo.filas(
        "select distinct para from aviso where tipo = 'sistema' and enviado is not null order by para"
    )
    # who coordinates, who administers
    assert len(a_quien) == len([a for a in mundo.correos() if a.startswith(AVISO)]) == 2
    administrador.reload()
    expect(administrador.locator(".aviso.rojo")).to_contain_text(
        f"Pasó su límite de {LIMITE_MIN} minutos"
    )
    mirar(administrador, "sistemas, con uno caído")

    lejos.rename(cctex)
    # a recovery need not wait for the next minute
    administrador.get_by_role("button", name="Probar las conexiones").click()
    expect(administrador.locator(".aviso.verde")).to_contain_text("El trabajador los está mirando")
    mundo.trabajador.quieto()  # it looks; the web need not reach them
    expect(administrador.locator(".aviso.rojo")).to_have_count(0)
    dicho = administrador.locator("ol.dicho").inner_text()
    assert (
        dicho.index("Volvió a responder.")
        < dicho.index("Pasó su límite")
        < dicho.index("Dejó de responder.")
    )


def test_when_no_system_answers_the_adviser_vouches_for_what_was_found_elsewhere(
    mundo: Mundo,
) -> None:
    """5.2.9, Q8: C&CTEX is down; system, reference and who said it are kept, and the visit is
    solved at the desk."""
    (mundo.carpeta / "cctex.db").write_bytes(b"no es una base de datos" * 100)
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Quiere saber si el pago de octubre quedó aplicado")
    p.titularidad(asesor, mundo.titular())
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="persona@correo.example"
    )
    p.tipificar(asesor, "S01")
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    expect(p.titulo(asesor)).to_contain_text("Consultar manualmente o escalar")
    expect(asesor.get_by_role("link", name="Estado de los sistemas")).to_be_visible()
    expect(asesor.get_by_text("lo que tiene no se puede leer")).to_be_visible()  # why, in words
    mirar(asesor, "consulta manual")
    con_errores(asesor, "consulta manual")
    p.marcar(
        asesor, "Los aplicativos no respondieron. ¿Qué hace?", "Lo consulté por otro medio y doy fe"
    )
    p.continuar(asesor)
    for falta in (
        "Elija de qué sistema es el dato",
        "Escriba quién le dio el dato",
        "Marque que da fe del dato",
    ):
        expect(asesor.locator(".resumen-error")).to_contain_text(falta)
    asesor.get_by_label("De qué sistema es el dato").select_option("C&CTEX")
    asesor.get_by_label("Quién le dio el dato").fill("Ana Pérez, Cartera")
    asesor.get_by_label("Referencia de la consulta").fill("Llamada 4471")
    asesor.get_by_label("Qué le dijeron, y de qué fecha es").fill(
        "Al día, corte del 20 de noviembre."
    )
    asesor.get_by_label("Doy fe de que el dato corresponde a esta persona").check()
    p.continuar(asesor)
    p.en(asesor, "5.2.10")
    a_mano = asesor.locator(
        "section", has=asesor.get_by_role("heading", name="Consultado por otro medio")
    )
    expect(a_mano).to_contain_text("Ana Pérez, Cartera")
    expect(a_mano).to_contain_text("Llamada 4471")
    mirar(asesor, "5.2.10 con consulta manual")
    p.responder(asesor)
    p.pedir_calificacion(asesor)
    mundo.pasan(minutes=4)
    assert mundo.filas("select estado from caso") == [("cerrado",)]
    leidas = mundo.filas(
        "select modo, estado, asesor_id from consulta_legado where sistema = 'cctex' order by id"
    )
    assert leidas == [
        ("automatica", "no_disponible", "asesor.bog01"),
        ("manual", "a_mano", "asesor.bog01"),
    ]

    administrador = mundo.persona("administrador")
    ronda(mundo)
    administrador.goto("/sistemas")
    afectados = administrador.locator(
        "section", has=administrador.get_by_role("heading", name="A quién afectó C&CTEX hoy")
    )
    assert afectados.locator("dd").all_inner_texts() == ["1, en 1 punto", "1", "0"]
    p.sin_faltas(mundo)
