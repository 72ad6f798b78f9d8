"""Visits that leave the usual way: nobody comes, no power, no record in the CRM, documents to file
(M5-1-02 5.2.2 to 5.2.5)."""

from playwright.sync_api import Page, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo

APODERADA = ("CC", "1099887766")  # nobody of the demo


def pide_poder(asesor: Page, documento: tuple[str, str] = APODERADA) -> None:
    p.motivo(asesor, "Viene por el crédito de su hermano")
    p.por_el_poder(asesor, documento)


def muestra_poder(asesor: Page, titular: tuple[str, str]) -> None:
    p.en(asesor, "5.2.5")
    asesor.get_by_label("Nombres y apellidos").fill("Gloria Inés Cadena Ruiz")
    asesor.get_by_label("Tipo de documento del titular").select_option(titular[0])
    asesor.get_by_label("Número de documento del titular").fill(titular[1])
    p.marcar(asesor, "¿Trae poder autenticado?", "Sí")
    asesor.get_by_label("Notaría").fill("Notaría 5 de Bogotá")
    asesor.get_by_label("Número del poder").fill("1234")
    asesor.get_by_label("Fecha del poder").fill("20/11/2026")
    asesor.get_by_label("Conocer saldos y datos del crédito").check()
    asesor.get_by_label("Copia del poder").set_input_files(files=[p.PDF])
    p.continuar(asesor)


def sin_poder(asesor: Page, *, vuelve: bool) -> None:
    p.en(asesor, "5.2.5")
    p.marcar(asesor, "¿Trae poder autenticado?", "No, vuelve hoy" if vuelve else "No, otro día")
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_contain_text("Fila de")


def ids(mundo: Mundo, documento: tuple[str, str]) -> int:
    ((persona,),) = mundo.filas(
        "select id from persona where tipo_doc = :t and num_doc = :n",
        t=documento[0],
        n=documento[1],
    )
    return int(str(persona))


# --- 5.2.2 ----------------------------------------------------------------------------------------
def test_a_person_who_misses_three_calls_may_come_back_within_30_minutes(mundo: Mundo) -> None:
    """5.2.1, 5.2.2: three calls two minutes apart close the turn; the new one keeps the arrival and
    goes first."""
    ficha = p.tomar_turno(mundo, documento=mundo.titular())
    asesor = mundo.persona("asesor.bog01")
    p.llamar(asesor)
    p.se_presenta(asesor, si=False)
    for llamados in (1, 2):
        mundo.pasan(minutes=2)
        asesor.goto("/atencion")
        expect(asesor.get_by_text(f"se llamó {llamados} de 3 veces")).to_be_visible()
        expect(asesor.get_by_text("por llamar otra vez")).to_be_visible()
        asesor.get_by_role("button", name="Llamar otra vez").click()
        p.se_presenta(asesor, si=False)
    mundo.trabajador.quieto()
    assert mundo.filas("select ficha, resultado, n_llamados from turno") == [(ficha, "ausente", 3)]
    assert mundo.casos("status") == [("finished",)]

    mundo.pasan(minutes=10)
    p.tomar_turno(mundo, documento=mundo.titular(n=1))  # somebody who came later
    asesor.goto("/atencion")
    panel = asesor.get_by_role("region", name="Ausentes")
    expect(panel).to_contain_text(ficha)
    panel.get_by_role("button", name="Ya llegó").click()
    expect(
        asesor.get_by_text(f"{ficha} volvió a la fila con su número y su hora de llegada.")
    ).to_be_visible()
    mundo.trabajador.quieto()
    p.llamar(asesor)
    assert mundo.filas(
        "select visita_anterior_id, llegada < creado, estado from turno order by id"
    ) == [
        (None, 0, "cerrado"),
        (None, 0, "espera"),
        (1, 1, "llamado"),
    ]
    assert mundo.filas("select ficha from turno where visita_anterior_id = 1") == [(ficha,)]
    p.sin_faltas(mundo)


def test_after_30_minutes_a_no_show_is_no_longer_offered_to_come_back(mundo: Mundo) -> None:
    """5.2.2"""
    p.tomar_turno(mundo, documento=mundo.titular())
    asesor = mundo.persona("asesor.bog01")
    p.llamar(asesor)
    for _ in range(2):
        p.se_presenta(asesor, si=False)
        mundo.pasan(minutes=2)
        asesor.goto("/atencion")
        asesor.get_by_role("button", name="Llamar otra vez").click()
    p.se_presenta(asesor, si=False)
    mundo.trabajador.quieto()
    asesor.goto("/atencion")
    expect(asesor.get_by_role("button", name="Ya llegó")).to_have_count(1)
    mundo.pasan(minutes=31)
    asesor.goto("/atencion")
    expect(asesor.get_by_role("button", name="Ya llegó")).to_have_count(0)


# --- 5.2.4, 5.2.5 ---------------------------------------------------------------------------------
def test_an_attorney_with_a_power_is_attended_for_the_holder(mundo: Mundo) -> None:
    """5.2.4, 5.2.5 with the copy of the power; the case is the holder's, and the file stays in the
    case."""
    titular = mundo.titular()
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    pide_poder(asesor)
    muestra_poder(asesor, titular)
    p.en(asesor, "5.2.7")
    # the power says nothing of the holder's own data
    expect(asesor.locator("[name=direccion]")).to_have_count(0)
    p.datos(asesor)
    p.tipificar(asesor, "S02")
    p.esperar_aplicativos(mundo, asesor)
    p.responder(asesor)
    p.pedir_calificacion(asesor)
    mundo.pasan(minutes=4)

    persona, apoderada = ids(mundo, titular), ids(mundo, APODERADA)
    assert mundo.filas(
        "select titular_id, apoderado_id, estado, archivo_id is not null from poder"
    ) == [(persona, apoderada, "valido", 1)]
    assert mundo.filas("select persona_id, apoderado_id, titularidad from atencion") == [
        (persona, apoderada, "verificada")
    ]
    ((case_key,),) = mundo.filas(
        "select case_key from caso where persona_id = :p and estado = 'cerrado'", p=persona
    )
    assert ("act_5_2_5", "asesor.bog01") in p.hechas(mundo, str(case_key))
    asesor.goto(f"/caso/{case_key}")
    expect(asesor.get_by_role("link", name="poder.pdf")).to_be_visible()
    p.sin_faltas(mundo)


def test_a_non_holder_without_power_leaves_without_any_data_of_the_holder(mundo: Mundo) -> None:
    """5.2.4, 5.2.5: no power, not back today: the visit ends, no case begins."""
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Viene por el crédito de su hermano")
    p.buscar(asesor, mundo.titular(), exhibe=False)
    asesor.get_by_role("button", name="Anotar cuándo vuelve (5.2.5)").click()
    expect(asesor.get_by_role("heading", name="Productos")).to_have_count(0)
    sin_poder(asesor, vuelve=False)
    assert mundo.filas("select resultado from turno") == [("poder_pendiente",)]
    assert mundo.filas("select resultado, titularidad from atencion") == [
        ("poder_pendiente", "no_titular")
    ]
    assert mundo.filas("select count(*) from caso") == [(0,)]
    assert mundo.casos("status") == [("finished",)]
    p.sin_faltas(mundo)


def test_a_non_holder_who_is_back_with_the_power_today_goes_on_in_the_same_visit(
    mundo: Mundo,
) -> None:
    """5.2.5 back to 5.2.1: a second turn in the same instance."""
    titular = mundo.titular()
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    pide_poder(asesor)
    sin_poder(asesor, vuelve=True)
    mundo.pasan(hours=2)
    asesor.goto("/atencion")
    asesor.get_by_role("button", name="Volvió").click()
    mundo.trabajador.quieto()
    p.llamar(asesor)
    p.se_presenta(asesor)
    pide_poder(asesor)
    muestra_poder(asesor, titular)
    p.en(asesor, "5.2.7")
    assert mundo.filas("select id, resultado, visita_anterior_id from turno order by id") == [
        (1, "poder_pendiente", None),
        (2, None, 1),
    ]
    assert mundo.filas("select count(distinct instancia_id), count(*) from turno") == [(1, 2)]
    assert mundo.casos("status") == [("active",)]
    p.sin_faltas(mundo)


def test_a_potential_customer_without_a_record_gets_public_information_only(mundo: Mundo) -> None:
    """5.2.4, 5.2.6 to 5.2.11: the person is written down, no product is asked for or shown."""
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.motivo(asesor, "Quiere saber qué se necesita para un crédito")
    p.buscar(asesor, APODERADA)
    asesor.get_by_label("Nombres y apellidos, como en el documento").fill("Marina Solano")
    asesor.get_by_role("button", name="Registrar persona nueva").click()
    expect(asesor.get_by_label("Nombres y apellidos")).to_have_value("Marina Solano")
    p.datos(
        asesor, direccion="Calle 10 # 20-30", celular="3001234567", correo="marina@correo.example"
    )
    expect(asesor.get_by_role("heading", name="Productos")).to_have_count(0)
    p.tipificar(asesor, "S07", descripcion="Pregunta por los requisitos de un crédito de posgrado.")
    p.esperar_aplicativos(mundo, asesor)
    p.responder(
        asesor, "Los requisitos están en la página de la entidad y se los entregué impresos."
    )
    p.pedir_calificacion(asesor)
    mundo.pasan(minutes=4)

    assert mundo.filas(
        "select nombre, calidad from persona where num_doc = :n", n=APODERADA[1]
    ) == [("Marina Solano", "cliente_potencial")]
    assert mundo.filas("select titularidad from atencion") == [("cliente_potencial",)]
    assert mundo.filas("select estado, servicio_id from caso") == [("cerrado", None)]
    assert mundo.filas("select count(*) from consulta_legado where estado = 'ok'") == [(0,)]
    p.sin_faltas(mundo)


# --- 5.2.12, 5.2.13 -------------------------------------------------------------------------------
def test_a_rating_said_aloud_is_recorded_by_the_adviser(mundo: Mundo) -> None:
    """5.2.12, 5.2.13: the only way at the points without a tablet."""
    asesor = mundo.persona("asesor.med01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular(), tema="S02", clase="Solicitud")
    p.responder(asesor)
    p.en(asesor, "5.2.12")
    p.marcar(asesor, "Cómo va a calificar", "De viva voz")
    p.continuar(asesor)
    p.en(asesor, "5.2.13")
    p.marcar(asesor, "¿Cómo califica la atención?", "Buena")
    p.continuar(asesor)
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    mundo.trabajador.quieto()
    assert mundo.filas("select valor, medio, registrada_por from calificacion") == [
        (4, "verbal", "asesor.med01")
    ]
    assert mundo.filas("select resultado from turno") == [("atendido",)]
    p.sin_faltas(mundo)


def test_a_wrong_class_is_put_right_from_the_answer_and_the_systems_are_asked_again(
    mundo: Mundo,
) -> None:
    asesor = mundo.persona("asesor.bog01")
    p.llega_sin_ficha(asesor)
    p.hasta_responder(mundo, asesor, mundo.titular(), tema="S01", clase="Solicitud")
    ((antes, radicado),) = mundo.filas("select limite_respuesta, radicado from caso")
    asesor.locator("[name=respuesta]").fill("Se la explico ahora mismo.")
    mirar(asesor, "5.2.10 antes de corregir")
    asesor.get_by_role("button", name="Corregir la clasificación").click()
    expect(p.titulo(asesor)).to_contain_text("Corregir la clasificación")
    p.marcar(asesor, "Clase", "Reclamo")
    asesor.locator("[name=tema]").fill("R01")
    asesor.locator("[name=tema]").press("Enter")
    p.continuar(asesor)
    expect(asesor.locator(".resumen-error")).to_contain_text("Diga por qué se corrige")
    mirar(asesor, "5.2.8 corregida, sin motivo")
    asesor.get_by_label("Por qué se corrige").fill("Reclama un cobro: no pregunta por su crédito.")
    p.continuar(asesor)
    p.esperar_aplicativos(mundo, asesor)
    p.en(asesor, "5.2.10")
    expect(asesor.locator("[name=respuesta]")).to_have_value("Se la explico ahora mismo.")
    assert mundo.filas("select clase, tema, radicado from caso") == [("reclamo", "R01", radicado)]
    ((despues,),) = mundo.filas("select limite_respuesta from caso")
    assert despues > antes
    p.responder(asesor)
    p.pedir_calificacion(asesor)


def test_who_calls_somebody_out_of_order_says_why_and_the_coordination_reads_it(
    mundo: Mundo,
) -> None:
    for _persona in range(2):
        p.tomar_turno(mundo)
    asesor = mundo.persona("asesor.bog01")
    p.usar_modulo(asesor)
    asesor.get_by_role("link", name="Llamar").first.click()
    mirar(asesor, "por qué pasa antes")
    asesor.get_by_role("button", name="Llamar a").click()
    expect(asesor.locator(".resumen-error")).to_contain_text("Elija por qué pasa antes")
    mirar(asesor, "por qué pasa antes, sin decirlo")
    asesor.get_by_label("Quienes esperan estuvieron de acuerdo").check()
    asesor.get_by_role("button", name="Llamar a").click()
    p.en(asesor, "5.2.2")
    coordinadora = mundo.persona("coordinador")
    coordinadora.goto("/gerencia/punto/BOG-AGU")
    cifra = coordinadora.locator(".cifras > div", has_text="Llamados fuera de su orden")
    expect(cifra).to_contain_text("Quienes esperan estuvieron de acuerdo: 1")
    mirar(coordinadora, "cifras del punto")
    cifra.get_by_role("link").click()
    expect(coordinadora.get_by_role("table")).to_contain_text("estuvieron de acuerdo")
