"""The information room: a talk for who only asks, then questions and studies abroad (M5-1-02 5.2.19 to 5.2.22)."""

from playwright.sync_api import Page
from playwright.sync_api import expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import con_errores
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo


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
    asesor.get_by_role("region", name="Del punto, sin asignar").get_by_role("link", name="5.2.19").click()
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
    """Who comes out of the talk waits beside the queue, and goes on at the desk when the adviser says so."""
    asesor.goto("/atencion")
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    asesor.get_by_role("region", name="Salieron de la sala").get_by_role("button", name="Continuar").first.click()
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


def informa(asesor: Page) -> None:
    p.en(asesor, "5.2.21")
    mirar(asesor, "5.2.21")
    con_errores(asesor, "5.2.21")
    asesor.get_by_label("Información que suministró").fill("La tasa es la del IPC del año anterior.")
    asesor.get_by_label("Página de la entidad que lo soporta").fill("https://www.icetex.gov.co/creditos")
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
    """5.2.20 until there is no other question, 5.2.12 and 5.2.13; nobody rates within three minutes."""
    p.en(asesor, "5.2.20")
    p.marcar(asesor, "¿La persona tiene alguna inquietud?", "No")
    p.continuar(asesor)
    p.en(asesor, "5.2.12")
    mirar(asesor, "5.2.12")
    p.continuar(asesor)
    mundo.pasan(minutes=4)


def test_two_people_hear_a_talk_in_bogota_and_each_question_is_answered(mundo: Mundo) -> None:
    """5.2.19 to 5.2.22: one asks about a service, one wants to study abroad and goes on to the Consejería."""
    p.tomar_turno(mundo, "Información general")
    p.tomar_turno(mundo, "Estudiar en el exterior")
    asesor = mundo.persona("asesor.bog01")
    fichas = [a_la_sala(mundo, asesor, "Quiere conocer los créditos"), a_la_sala(mundo, asesor, "Quiere estudiar en Canadá")]
    assert mundo.filas("select count(*) from charla where estado = 'programada'") == [(1,)]
    mundo.pasan(minutes=30)  # 09:34
    dar_charla(asesor, fichas)
    mundo.trabajador.quieto()

    for _ in fichas:
        continuar_despues_de_la_charla(asesor)
        ((motivo,),) = mundo.filas("select motivo_visita from turno where ficha = :f", f=asesor.locator(".ficha-n").inner_text())
        if motivo == "estudios_exterior":
            pregunta(asesor, "Estudios en el exterior", "Qué becas hay para Canadá")
            orienta(asesor, bogota=True)
        else:
            pregunta(asesor, "Un servicio en particular", "Qué tasa de interés tiene el crédito")
            informa(asesor)
        terminar(mundo, asesor)

    assert mundo.filas("select tema, pais, remitido_consejeria, url from orientacion order by tema") == [
        ("estudios_exterior", "Canadá", 1, None),
        ("servicio", None, None, "https://www.icetex.gov.co/creditos"),
    ]
    assert mundo.filas("select estado, asesor_id from charla") == [("realizada", "asesor.bog01")]
    assert mundo.filas("select asistio from charla_asistente") == [(1,), (1,)]
    assert mundo.filas("select resultado from turno") == [("atendido",), ("atendido",)]
    assert set(mundo.casos("status")) == {("finished",)}
    hechas = {e for (clave,) in set(mundo.casos("case_key")) for e, _ in p.hechas(mundo, str(clave))}
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
    assert mundo.filas("select tema, pais, remitido_consejeria from orientacion") == [("estudios_exterior", "Canadá", 0)]
    assert mundo.filas("select resultado, punto_id from turno") == [("atendido", "MED-CEN")]
    p.sin_faltas(mundo)
