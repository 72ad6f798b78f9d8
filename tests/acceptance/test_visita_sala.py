"""The information room: a talk for who only asks, then questions and studies abroad (M5-1-02 5.2.19
to 5.2.22)."""

import hashlib

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores, mirar
from tests.acceptance.mundo import Mundo
from tests.kit.entity import Answer


def a_la_sala(mundo: Mundo, asesor: Page, texto: str) -> str:
    """5.2.2 and 5.2.3: the next person goes to the room, and the desk is free again."""
    p.llamar(asesor)
    ficha = asesor.locator(".ficha-n").inner_text()
    p.se_presenta(asesor)
    p.motivo(asesor, texto)
    mundo.pasan(minutes=2)
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    return ficha


def dar_charla(asesor: Page, presentes: list[str]) -> None:
    asesor.goto("/atencion")
    asesor.get_by_role("region", name="Del punto, sin asignar").get_by_role(
        "link", name="5.2.19"
    ).click()
    p.en(asesor, "5.2.19")
    mirar(asesor, "5.2.19")
    con_errores(asesor, "5.2.19")
    asesor.get_by_label("Tema de la charla").fill("Líneas de crédito 2027")
    asesor.get_by_label("Hora de inicio").fill("09:05")
    asesor.get_by_label("Hora de fin").fill("09:30")
    for ficha in presentes:
        p.marcar(asesor, "Quiénes asistieron", ficha)
    p.marcar(asesor, "Medios de información que se dieron a conocer", "Página web")
    p.continuar(asesor)


def continuar_despues_de_la_charla(asesor: Page) -> None:
    """Who comes out of the talk waits beside the queue, and goes on at the desk when the adviser
    says so."""
    asesor.goto("/atencion")
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    asesor.get_by_role("region", name="Salieron de la sala").get_by_role(
        "button", name="Continuar"
    ).first.click()
    p.en(asesor, "5.2.20")
    expect(asesor.locator(".pasos [aria-current=step]")).to_contain_text("Inquietudes")


def pregunta(asesor: Page, sobre: str, texto: str) -> None:
    p.en(asesor, "5.2.20")
    mirar(asesor, "5.2.20")
    con_errores(asesor, "5.2.20")
    p.marcar(asesor, "¿La persona tiene alguna inquietud?", "Sí")
    p.marcar(asesor, "Sobre qué", sobre)
    asesor.get_by_label("Pregunta").fill(texto)
    p.continuar(asesor)


def informa(asesor: Page, pagina: str = "https://www.icetex.gov.co/creditos") -> None:
    p.en(asesor, "5.2.21")
    mirar(asesor, "5.2.21")
    con_errores(asesor, "5.2.21")
    asesor.get_by_label("Información que suministró").fill(
        "La tasa es la del IPC del año anterior."
    )
    asesor.get_by_label("Página de la entidad que lo soporta").fill(pagina)
    p.continuar(asesor)


def orienta(asesor: Page, *, bogota: bool) -> None:
    p.en(asesor, "5.2.22")
    mirar(asesor, "5.2.22")
    con_errores(asesor, "5.2.22")
    asesor.get_by_label("País de destino").fill("Canadá")
    p.marcar(asesor, "Nivel de estudios", "Posgrado")
    p.marcar(asesor, "¿Explicó los requisitos?", "Sí")
    p.marcar(asesor, "Mecanismo de acceso", "Beca")
    consejeria = asesor.get_by_role("group", name="¿Remitió a la Consejería?")
    expect(consejeria).to_have_count(1 if bogota else 0)
    if bogota:
        p.marcar(asesor, "¿Remitió a la Consejería?", "Sí")
    p.continuar(asesor)


def terminar(mundo: Mundo, asesor: Page) -> None:
    """5.2.20 until there is no other question, 5.2.12 and 5.2.13; nobody rates within three
    minutes."""
    p.en(asesor, "5.2.20")
    p.marcar(asesor, "¿La persona tiene alguna inquietud?", "No")
    p.continuar(asesor)
    p.en(asesor, "5.2.12")
    mirar(asesor, "5.2.12")
    p.continuar(asesor)
    mundo.pasan(minutes=4)


@pytest.mark.long
def test_two_people_hear_a_talk_in_bogota_and_each_question_is_answered(mundo: Mundo) -> None:
    """5.2.19 to 5.2.22: one asks about a service, one wants to study abroad and goes on to the
    Consejería."""
    p.tomar_turno(mundo, "Información general")
    p.tomar_turno(mundo, "Estudiar en el exterior")
    asesor = mundo.persona("asesor.bog01")
    fichas = [
        a_la_sala(mundo, asesor, "Quiere conocer los créditos"),
        a_la_sala(mundo, asesor, "Quiere estudiar en Canadá"),
    ]
    assert mundo.filas("select count(*) from charla where estado = 'programada'") == [(1,)]
    mundo.pasan(minutes=30)  # 09:34
    dar_charla(asesor, fichas)
    mundo.trabajador.quieto()

    for _ in fichas:
        continuar_despues_de_la_charla(asesor)
        ((motivo,),) = mundo.filas(
            "select motivo_visita from turno where ficha = :f",
            f=asesor.locator(".ficha-n").inner_text(),
        )
        if motivo == "estudios_exterior":
            pregunta(asesor, "Estudios en el exterior", "Qué becas hay para Canadá")
            orienta(asesor, bogota=True)
        else:
            pregunta(asesor, "Un servicio en particular", "Qué tasa de interés tiene el crédito")
            informa(asesor)
        terminar(mundo, asesor)

    assert mundo.filas(
        "select tema, pais, remitido_consejeria, url from orientacion order by tema"
    ) == [
        ("estudios_exterior", "Canadá", 1, None),
        ("servicio", None, None, "https://www.icetex.gov.co/creditos"),
    ]
    assert mundo.filas("select estado, asesor_id from charla") == [("realizada", "asesor.bog01")]
    assert mundo.filas("select asistio from charla_asistente") == [(1,), (1,)]
    assert mundo.filas("select resultado from turno") == [("atendido",), ("atendido",)]
    assert set(mundo.casos("status")) == {("finished",)}
    hechas = {
        e for (clave,) in set(mundo.casos("case_key")) for e, _ in p.hechas(mundo, str(clave))
    }
    assert {f"act_5_2_{n}" for n in (19, 20, 21, 22)} <= hechas
    p.sin_faltas(mundo)


def test_outside_bogota_nobody_is_sent_to_the_consejeria(mundo: Mundo) -> None:
    """5.2.19, 5.2.20 and 5.2.22 at the point of Medellín: the form does not offer it."""
    asesor = mundo.persona("asesor.med01")
    p.llega_sin_ficha(asesor, "Estudiar en el exterior")
    ficha = asesor.locator(".ficha-n").inner_text()
    p.motivo(asesor, "Quiere estudiar en Canadá")
    mundo.pasan(minutes=35)
    dar_charla(asesor, [ficha])
    mundo.trabajador.quieto()
    continuar_despues_de_la_charla(asesor)
    pregunta(asesor, "Estudios en el exterior", "Qué becas hay para Canadá")
    orienta(asesor, bogota=False)
    terminar(mundo, asesor)
    assert mundo.filas("select tema, pais, remitido_consejeria from orientacion") == [
        ("estudios_exterior", "Canadá", 0)
    ]
    assert mundo.filas("select resultado, punto_id from turno") == [("atendido", "MED-CEN")]
    p.sin_faltas(mundo)


@pytest.mark.long
def test_the_page_that_an_adviser_cites_is_kept_as_it_was(mundo: Mundo) -> None:
    """5.2.21: cited, copied by the worker, changed on the site; the evidence says what it said. One
    that is missing says so."""
    p.tomar_turno(mundo, "Información general")
    asesor = mundo.persona("asesor.bog01")
    ficha = a_la_sala(mundo, asesor, "Quiere conocer los créditos")
    mundo.pasan(minutes=30)
    dar_charla(asesor, [ficha])
    mundo.trabajador.quieto()
    continuar_despues_de_la_charla(asesor)

    pregunta(asesor, "Un servicio en particular", "Qué tasa de interés tiene el crédito")
    p.en(asesor, "5.2.21")
    asesor.get_by_label("Información que suministró").fill(
        "La tasa es la del IPC del año anterior."
    )
    for escrita, falta in (
        (
            "https://www.ejemplo.com/creditos",
            "www.ejemplo.com no es un sitio de la entidad. Debe ser www.icetex.gov.co o icetex.gov.co",
        ),
        ("https://ana:clave@www.icetex.gov.co/", "La dirección lleva un usuario o una clave"),
        ("https://www.icetex.gov.co:8443/", "El puerto 8443 no es de la página de la entidad"),
        (
            "www.icetex.gov.co/creditos",
            "Escriba la dirección completa, como https://www.icetex.gov.co/creditos",
        ),
    ):
        asesor.get_by_label("Página de la entidad que lo soporta").fill(escrita)
        with asesor.expect_navigation():
            asesor.locator("[data-completar]").click()
        expect(asesor.locator(".resumen-error")).to_contain_text(falta)
    asesor.get_by_label("Página de la entidad que lo soporta").fill(
        "https://www.icetex.gov.co/creditos"
    )
    p.continuar(asesor)

    # the visit went on; meanwhile the worker copies
    pregunta(asesor, "Un servicio en particular", "Y qué se necesita")
    informa(asesor, "https://www.icetex.gov.co/requisitos")
    mundo.trabajador.quieto()
    mundo.entidad.pages["/creditos"] = Answer(b"<title>Otra cosa</title><p>La tasa es del 20 %.")
    asesor.reload()
    p.en(asesor, "5.2.20")
    mirar(asesor, "5.2.20 con páginas citadas")
    expect(asesor.get_by_text("La página no existe en el sitio (respondió 404).")).to_be_visible()
    with asesor.expect_popup() as abierta:
        asesor.get_by_role("link", name="Leer la copia").click()
    copia = abierta.value
    expect(copia.get_by_role("region", name="Texto de la página")).to_have_text(
        "La tasa es la del IPC del año anterior."
    )
    huella = hashlib.sha256(
        "<title>Créditos</title><p>La tasa es la del IPC del año anterior.".encode()
    ).hexdigest()
    expect(copia.get_by_role("main").locator("code.huella").first).to_have_text(huella)
    expect(copia.get_by_role("link", name="Abrir la página de hoy")).to_have_attribute(
        "href", "https://www.icetex.gov.co/creditos"
    )
    assert (
        copia.evaluate("async () => (await fetch(location.href)).headers.get('cache-control')")
        == "no-store"
    )
    mirar(copia, "página citada")

    copia.get_by_role("link", name="Volver al caso").click()
    panel = copia.get_by_role("region", name="Páginas citadas")
    expect(panel.get_by_role("listitem")).to_have_count(2)
    mirar(copia, "el caso con páginas citadas")
    mundo.pasan(minutes=11)
    mundo.entidad.pages["/requisitos"] = Answer(b"<title>Requisitos</title><p>Un deudor solidario.")
    panel.get_by_role("button", name="Copiar lo que dice hoy").click()
    mundo.trabajador.quieto()
    copia.reload()
    panel.get_by_role("link", name="Requisitos").click()
    expect(copia.get_by_role("region", name="Texto de la página")).to_have_text(
        "Un deudor solidario."
    )
    expect(copia.get_by_text("se copió después: entonces pudo decir otra cosa")).to_be_visible()
    mirar(copia, "página copiada después")
    copia.get_by_role("link", name="Historia completa").click()
    expect(copia.get_by_role("main")).to_contain_text("Citó una página de la entidad")
    expect(copia.locator("code.huella", has_text=huella)).to_be_visible()
    mirar(copia, "la historia con páginas citadas")

    terminar(mundo, asesor)
    estados = "select c.url, c.estado, k.titulo, o.tema from pagina_citada c join pagina_copia k on k.id = c.copia_id"
    assert mundo.filas(
        f"{estados} join orientacion o on o.id = c.orientacion_id order by c.id"
    ) == [
        ("https://www.icetex.gov.co/creditos", "copiada", "Créditos", "servicio"),
        ("https://www.icetex.gov.co/requisitos", "copiada", "Requisitos", "servicio"),
    ]
    p.sin_faltas(mundo)
