"""Who is at the desk, and for whom: compared field by field, asked again, by a power (M5-1-02
5.2.4, 5.2.5, control 6-2)."""

import json

from playwright.sync_api import Page, Route, expect

from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.mundo import Mundo

NADIE = ("CC", "1099887766")  # nobody of the demo
COTEJO = ".comparar-filas"


def en_titularidad(mundo: Mundo, documento: tuple[str, str] | None = None) -> Page:
    asesor = mundo.persona("asesor.bog01")
    if documento is None:
        p.llega_sin_ficha(asesor)
    else:
        p.tomar_turno(mundo, documento=documento)
        p.llamar(asesor)
        p.se_presenta(asesor)
    p.motivo(asesor, "Quiere saber cuánto debe")
    p.en(asesor, "5.2.4")
    return asesor


def persona(mundo: Mundo, documento: tuple[str, str]) -> tuple[int, str]:
    ((clave, nombre),) = mundo.filas(
        "select id, nombre from persona where tipo_doc = :t and num_doc = :n",
        t=documento[0],
        n=documento[1],
    )
    return int(str(clave)), str(nombre)


def comparacion(mundo: Mundo) -> dict[str, object]:
    ((guardada,),) = mundo.filas("select comparacion from atencion")
    leida: dict[str, object] = json.loads(str(guardada))
    return leida


# --- 1.2 ------------------------------------------------------------------------------------------
def test_the_crm_record_is_covered_until_the_document_is_exhibited_and_what_was_compared_is_kept(
    mundo: Mundo,
) -> None:
    """5.2.4, control 6-2: the document given at the kiosk brings the record; looking is noted; the
    snapshot stays."""
    documento = mundo.titular()
    clave, nombre = persona(mundo, documento)
    asesor = en_titularidad(mundo, documento)
    expect(asesor.locator(COTEJO)).to_contain_text("••••")
    expect(asesor.locator(COTEJO)).not_to_contain_text(nombre)
    expect(asesor.locator(COTEJO)).not_to_contain_text(documento[1])
    expect(asesor.get_by_role("group", name="¿En qué calidad viene hoy?")).to_have_count(0)

    atajos = asesor.locator("#atajos")
    # a key that would do nothing is not listed
    expect(atajos.get_by_text("Todo es igual")).to_be_hidden()
    p.marcar(asesor, "¿Exhibió el documento original?", "Sí, lo tengo a la vista")
    expect(asesor.locator(COTEJO)).to_contain_text(nombre)
    expect(atajos.get_by_text("Todo es igual")).to_be_visible()
    expect(atajos.get_by_text("Buscar por nombre")).to_be_hidden()
    expect(asesor.locator(COTEJO)).to_contain_text(documento[1])
    p.continuar(asesor)
    expect(asesor.get_by_role("alert")).to_contain_text(
        "Marque «El nombre es igual», o elija «Algo no coincide»"
    )
    mirar(asesor, "5.2.4, sin comparar")
    asesor.get_by_label("El nombre es igual").check()
    asesor.get_by_label("El número es igual").check()
    asesor.get_by_label("La fecha de nacimiento es igual").check()
    p.continuar(asesor)
    p.en(asesor, "5.2.7")

    foto = comparacion(mundo)
    assert foto["documento"] == {"tipo": documento[0], "numero": documento[1]}
    campos = {str(c["campo"]): (c["crm"], c["igual"]) for c in foto["campos"]}
    assert campos["nombre"] == (nombre, True)
    assert campos["numero"] == (" ".join(documento), True)
    assert mundo.filas(
        "select persona_id, calidad, titularidad, documento_exhibido, coincide_crm from atencion"
    ) == [(clave, "beneficiario", "verificada", 1, 1)]
    miradas = [
        json.loads(str(d))
        for (d,) in mundo.filas(
            "select detail from access where kind = 'cotejo_crm' order by day, n"
        )
    ]
    assert {"persona": clave, "descubierto": False} in miradas
    assert {"persona": clave, "descubierto": True} in miradas
    p.sin_faltas(mundo)


def test_nobody_becomes_a_joint_debtor_by_saying_so(mundo: Mundo) -> None:
    """5.2.4: only qualities of the records are offered, and a form sent by hand with another one
    verifies nobody."""
    asesor = en_titularidad(mundo)
    p.buscar(asesor, mundo.titular())
    grupo = asesor.get_by_role("group", name="¿En qué calidad viene hoy?")
    expect(grupo.get_by_label("Beneficiario")).to_be_checked()
    expect(grupo.get_by_label("Deudor solidario")).to_have_count(0)
    asesor.get_by_role("button", name="Todo es igual").click()
    grupo.locator("[value=beneficiario]").evaluate("e => { e.value = 'deudor_solidario'; }")
    p.continuar(asesor)
    expect(asesor.get_by_role("alert")).to_contain_text(
        "Esa calidad no consta en los registros de la persona."
    )
    p.en(asesor, "5.2.4")
    assert mundo.filas("select titularidad from atencion") == [(None,)]


def test_an_attorney_is_a_person_of_their_own_and_the_panel_never_mixes_two_people(
    mundo: Mundo,
) -> None:
    """5.2.5: name, document and power of who is here; the holder beside, never the holder's
    document with the attorney's role."""
    titular = mundo.titular()
    clave, nombre = persona(mundo, titular)
    asesor = en_titularidad(mundo)
    p.por_el_poder(asesor, NADIE)
    expect(asesor.get_by_label("Número de documento", exact=True)).to_have_value(NADIE[1])
    asesor.get_by_label("Nombres y apellidos").fill("Gloria Inés Cadena Ruiz")
    asesor.get_by_label("Número de documento del titular").fill("9900111222")
    p.marcar(asesor, "¿Trae poder autenticado?", "Sí")
    asesor.get_by_label("Notaría").fill("Notaría 4 de Soacha")
    asesor.get_by_label("Número del poder").fill("1234")
    asesor.get_by_label("Fecha del poder").fill("20/11/2026")
    asesor.get_by_label("Conocer saldos y datos del crédito").check()
    asesor.get_by_label("Copia del poder").set_input_files(files=[p.PDF])
    p.continuar(asesor)
    expect(asesor.get_by_role("alert")).to_contain_text("Nadie en el CRM tiene ese documento")
    mirar(asesor, "5.2.5, titular no encontrado")
    asesor.get_by_label("Número de documento del titular").fill(titular[1])
    asesor.get_by_role("button", name="Buscar al titular").click()
    expect(asesor.get_by_text("Cubiertos hasta aceptar el poder")).to_be_visible()
    expect(asesor.locator("main")).not_to_contain_text(nombre)
    # none was kept while the form was not accepted
    asesor.get_by_label("Copia del poder").set_input_files(files=[p.PDF])
    p.continuar(asesor)

    p.en(asesor, "5.2.7")
    barra, contexto = asesor.locator(".atencion"), asesor.locator("#contexto")
    expect(barra).to_contain_text("Atiende a (apoderado)")
    expect(barra).to_contain_text("Gloria Inés Cadena Ruiz")
    aqui = contexto.locator(
        "section", has=asesor.get_by_role("heading", name="Apoderado, está aquí")
    )
    expect(aqui).to_contain_text("766")
    expect(aqui).to_contain_text("Notaría 4 de Soacha, número 1234")
    expect(aqui).to_contain_text("Conocer saldos y datos del crédito")
    ausente = contexto.locator(
        "section", has=asesor.get_by_role("heading", name="Titular, no está")
    )
    expect(ausente).to_contain_text(titular[1][-3:])
    expect(ausente).not_to_contain_text("Apoderado")
    mirar(asesor, "5.2.7 con apoderado")
    apoderado, _nombre = persona(mundo, NADIE)
    assert mundo.filas("select nombre, calidad from persona where id = :i", i=apoderado) == [
        ("Gloria Inés Cadena Ruiz", "apoderado")
    ]
    assert mundo.filas("select persona_id, apoderado_id, titularidad from atencion") == [
        (clave, apoderado, "verificada")
    ]
    p.sin_faltas(mundo)


# --- 1.3 ------------------------------------------------------------------------------------------
def test_a_typing_error_is_corrected_on_the_same_page_and_makes_nobody_a_non_holder(
    mundo: Mundo,
) -> None:
    """5.2.4: one digit wrong finds nobody; neighbouring numbers are never suggested; the right one
    goes on."""
    documento = mundo.titular()
    asesor = en_titularidad(mundo)
    p.buscar(asesor, NADIE)
    expect(
        asesor.get_by_role("heading", name="Nadie en el CRM tiene el documento CC 1099887766")
    ).to_be_visible()
    # while nobody is identified it is what is known
    expect(asesor.locator("#contexto")).to_contain_text("Quiere saber cuánto debe")
    expect(asesor.get_by_role("button", name="Usar", exact=True)).to_have_count(0)
    mirar(asesor, "5.2.4, nadie")
    p.continuar(asesor)  # "Buscar otra vez"
    p.en(asesor, "5.2.4")
    assert mundo.filas("select titularidad from atencion") == [(None,)]
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    assert mundo.filas("select titularidad from atencion") == [("verificada",)]


def test_who_has_no_document_and_only_wants_information_goes_to_the_room_as_nobody(
    mundo: Mundo,
) -> None:
    """5.2.4, 5.2.5 and back: the way is offered beside the others; no person, no quality, no case;
    the turn ends attended."""
    asesor = en_titularidad(mundo, mundo.titular())
    p.marcar(asesor, "¿Exhibió el documento original?", "No lo trae")
    asesor.get_by_role("button", name="Anotar cuándo vuelve (5.2.5)").click()
    p.en(asesor, "5.2.5")
    asesor.get_by_role("button", name="Volver a 5.2.4").click()
    p.en(asesor, "5.2.4")
    p.marcar(asesor, "¿Exhibió el documento original?", "No lo trae")
    expect(asesor.get_by_role("heading", name="Solo quiere información general")).to_be_visible()
    mirar(asesor, "5.2.4, sin documento")
    asesor.get_by_role("button", name="Pasar a la sala informativa").click()
    expect(p.titulo(asesor)).to_contain_text("Fila de")
    assert mundo.filas("select persona_id, calidad, titularidad, comparacion from atencion") == [
        (None, None, None, None)
    ]
    assert mundo.filas("select count(*) from caso") == [(0,)]

    mundo.pasan(minutes=61)  # no talk within the hour: the rating is offered all the same
    assert (
        mundo.filas(
            "select element from work_item where state = 'open' and element like 'act_5_2_1_'"
        )
        != []
    )
    p.sin_faltas(mundo)


def busqueda_que_tarda(asesor: Page) -> Route:
    """A search of 5.2.4 is under way and answers when it is let go on; the next ones answer at
    once."""
    tarde: list[Route] = []
    asesor.route(
        "**/tarea/**",
        lambda ruta: (
            tarde.append(ruta) if ruta.request.method == "POST" and not tarde else ruta.continue_()
        ),
    )
    with asesor.expect_request(lambda pedido: pedido.method == "POST"):
        p.marcar(asesor, "¿Exhibió el documento original?", "No lo trae")
    while not tarde:  # the request is told a moment before the route is asked
        asesor.wait_for_timeout(10)
    return tarde[0]


def test_a_search_that_answers_late_takes_nothing_away_that_was_typed_meanwhile(
    mundo: Mundo,
) -> None:
    """5.2.4: a search runs while the number is being corrected: the number stays, and leaving the
    field searches it."""
    documento = mundo.titular()
    asesor = en_titularidad(mundo)
    p.buscar(asesor, NADIE)
    respuesta = busqueda_que_tarda(asesor)
    numero = asesor.get_by_label("Número de documento")
    numero.click()
    numero.press("Control+a")
    numero.press_sequentially(documento[1])
    numero.evaluate("campo => { campo.es_el_mismo = true; }")
    with asesor.expect_response(lambda respuesta: respuesta.request.method == "POST"):
        respuesta.continue_()
    asesor.wait_for_timeout(300)
    expect(numero).to_have_value(documento[1])
    expect(numero).to_be_focused()
    assert numero.evaluate("campo => campo.es_el_mismo"), (
        "the field that is being typed in was put anew"
    )
    numero.press("Tab")
    expect(asesor.get_by_role("heading", name="Registro del CRM")).to_be_visible()
    p.marcar(asesor, "¿Exhibió el documento original?", "Sí, lo tengo a la vista")
    asesor.get_by_role("button", name="Todo es igual").click()


def test_what_is_selected_to_be_typed_over_stays_selected_when_a_search_answers_late(
    mundo: Mundo,
) -> None:
    """5.2.4: the number of another person is selected whole, the search of before answers, the
    right number is typed: it replaces."""
    documento = mundo.titular()
    asesor = en_titularidad(mundo)
    p.buscar(asesor, NADIE)
    respuesta = busqueda_que_tarda(asesor)
    numero = asesor.get_by_label("Número de documento")
    numero.evaluate("campo => { campo.es_el_de_antes = true; }")
    numero.focus()
    numero.press("Control+a")
    respuesta.continue_()
    asesor.wait_for_function(
        "() => document.activeElement.name === 'num_doc' && !document.activeElement.es_el_de_antes"
    )
    asesor.keyboard.insert_text(documento[1])
    expect(numero).to_have_value(documento[1])
    numero.press("Tab")
    expect(asesor.get_by_role("heading", name="Registro del CRM")).to_be_visible()


def test_without_the_document_nothing_is_uncovered_and_5_2_5_has_a_way_back(mundo: Mundo) -> None:
    """5.2.4, 5.2.5: "no lo trae" asks again; from the power back to 5.2.4, in the same turn, and on
    as the holder."""
    documento = mundo.titular()
    _clave, nombre = persona(mundo, documento)
    asesor = en_titularidad(mundo, documento)
    p.marcar(asesor, "¿Exhibió el documento original?", "No lo trae")
    expect(
        asesor.get_by_role("heading", name="Sin el documento no se descubre nada")
    ).to_be_visible()
    expect(asesor.locator("main")).not_to_contain_text(nombre)
    mirar(asesor, "5.2.4, sin documento")
    asesor.get_by_role("button", name="Anotar cuándo vuelve (5.2.5)").click()
    p.en(asesor, "5.2.5")
    assert mundo.filas("select persona_id, titularidad from atencion") == [(None, "no_titular")]
    asesor.get_by_role("button", name="Volver a 5.2.4").click()
    p.en(asesor, "5.2.4")
    p.titularidad(asesor, documento)
    p.en(asesor, "5.2.7")
    assert mundo.filas("select persona_id is not null, titularidad from atencion") == [
        (1, "verificada")
    ]
    assert mundo.filas("select count(*) from turno") == [(1,)]
    p.sin_faltas(mundo)


def test_a_person_is_found_by_name_covered_and_with_the_reason_noted(mundo: Mundo) -> None:
    """5.2.4: the number of the document changed; the adviser compares, the access chain keeps why
    and whom, no text."""
    documento = mundo.titular()
    clave, nombre = persona(mundo, documento)
    asesor = en_titularidad(mundo)
    p.buscar(asesor, NADIE)
    asesor.get_by_label("Nombre y apellidos, como en el documento").fill(nombre.split()[0])
    p.acorde(asesor, "Control+b")
    expect(asesor.get_by_role("alert")).to_contain_text("Diga por qué busca por nombre")
    asesor.get_by_label("Por qué busca por nombre").select_option("documento_anterior")
    p.acorde(asesor, "Control+b")
    expect(asesor.get_by_role("alert")).to_contain_text("un nombre y un apellido")
    asesor.get_by_label("Nombre y apellidos, como en el documento").fill(nombre)
    p.acorde(asesor, "Control+b")
    usar = asesor.get_by_role("button", name=f"Usar CC ••• ••• •{documento[1][-3:]}")
    expect(usar).to_have_count(1)
    expect(asesor.locator(".caminos")).not_to_contain_text(nombre)
    mirar(asesor, "5.2.4, por nombre")
    usar.click()
    expect(asesor.locator(COTEJO)).to_contain_text(nombre)
    expect(asesor.get_by_label("Número de documento")).to_have_value(documento[1])
    ((detalle,),) = mundo.filas("select detail from access where kind = 'busqueda_nombre'")
    anotado = json.loads(str(detalle))
    assert anotado["motivo"] == "documento_anterior"
    assert clave in anotado["personas"]
    assert nombre not in str(detalle)


def test_what_does_not_match_stays_on_the_page_and_may_go_on_to_the_power(mundo: Mundo) -> None:
    """5.2.4: the card of somebody else; what was ticked and what was not is kept."""
    asesor = en_titularidad(mundo)
    p.buscar(asesor, mundo.titular())
    asesor.get_by_label("El número es igual").check()
    asesor.get_by_role("button", name="Algo no coincide…").click()
    expect(
        asesor.get_by_role("heading", name="El documento y el registro no dicen lo mismo")
    ).to_be_visible()
    expect(asesor.get_by_label("El número es igual")).to_be_checked()
    asesor.get_by_role("button", name="Ir al poder (5.2.5)").click()
    p.en(asesor, "5.2.5")
    campos = {str(c["campo"]): c["igual"] for c in comparacion(mundo)["campos"]}
    assert campos == {"nombre": False, "numero": True, "nacimiento": False}
    assert mundo.filas("select titularidad, coincide_crm from atencion") == [("no_titular", 0)]


def test_the_holder_check_works_without_javascript(mundo: Mundo) -> None:
    documento = mundo.titular()
    asesor = en_titularidad(mundo, documento)
    sin_guiones = mundo.browser.new_context(
        java_script_enabled=False,
        base_url=asesor.url.rsplit("/atencion", 1)[0],
        storage_state=asesor.context.storage_state(),
    )
    pagina = sin_guiones.new_page()
    try:
        pagina.goto("/atencion")
        p.marcar(pagina, "¿Exhibió el documento original?", "Sí, lo tengo a la vista")
        p.continuar(pagina)
        for casilla in (
            "El nombre es igual",
            "El número es igual",
            "La fecha de nacimiento es igual",
        ):
            pagina.get_by_label(casilla).check()
        p.continuar(pagina)
        p.en(pagina, "5.2.7")
    finally:
        sin_guiones.close()
