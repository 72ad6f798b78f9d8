"""The F189 of a visit on a tablet (5.2.27) whose network is cut, whose page is loaded again and
whose browser dies: nothing is lost, and what was finished reaches the very task once."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import expect

from records.auditorias.tablas import F189
from records.casos.tablas import Archivo
from records.contingencia.tablas import Recibo
from records.visita.tablas import Turno
from tests.acceptance import pasos as p
from tests.acceptance.lupa import mirar
from tests.acceptance.tableta import (
    CODIGO,
    OBSERVACION,
    QUIEN,
    Tableta,
    Visita,
    abrir_con,
    cuantos,
    diligenciar,
    empezado,
    equipo_de,
    foto,
    guardado,
    lados,
    listo,
    responder,
)
from tests.kit.visits import AUDITOR, is_attended, observations
from webforms.salas import FORMS


def test_a_day_without_network_a_reload_and_a_dead_battery_lose_nothing(
    visita: Visita, tableta: Tableta
) -> None:
    mundo, (ficha, _otra) = visita.mundo, visita.fichas
    pagina = tableta.preparar()
    expect(pagina.locator("[data-conexion]")).to_contain_text("Con conexión")
    mirar(pagina, "visita")
    empezado(pagina)
    tableta.red(hay=False)
    pagina.get_by_role("link", name=f"Diligenciar {ficha}").click()
    expect(pagina.get_by_role("heading", level=1)).to_have_text(f"F189, turno {ficha}")
    expect(pagina.locator("[data-conexion]")).to_contain_text("Sin conexión")
    listo(pagina)
    expect(pagina.get_by_text("10,0 min")).to_be_visible()
    responder(pagina, falta="Qué faltó en la bienvenida")
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(foto(mundo.carpeta, 2000, 1000))
    expect(pagina.locator("[data-archivo] canvas")).to_be_visible()
    guardado(pagina)
    pagina.reload()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    expect(pagina.locator("[data-archivo]")).to_contain_text("sala.jpg")

    tableta.se_apaga()
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    expect(pagina.get_by_role("heading", level=1)).to_have_text("Sin conexión: escriba su código")
    mirar(pagina, "código de la tableta")
    abrir_con(pagina, "palmas de cera en el Tolima")
    expect(pagina.get_by_role("alert")).to_contain_text("Ese código no abre nada de este equipo")
    mirar(pagina, "código de la tableta, con un error")
    abrir_con(pagina, CODIGO)
    equipo = pagina.get_by_role("region", name="En este equipo")
    expect(equipo).to_contain_text("Borrador")
    equipo.get_by_role("link", name="Seguir").click()
    listo(pagina)
    expect(
        pagina.get_by_role("group", name="Tono de voz, de 1 a 5").get_by_label("4", exact=True)
    ).to_be_checked()
    expect(pagina.locator("[data-archivo] canvas")).to_be_visible()
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(pagina.get_by_role("alert")).to_contain_text("Falta corregir 1 dato")
    pagina.get_by_role("link", name="Escriba por qué: la respuesta es baja").click()
    expect(pagina.get_by_label("Qué faltó en la bienvenida")).to_be_focused()
    mirar(pagina, "F189 sin red, con un error")
    pagina.get_by_label("Qué faltó en la bienvenida").fill("No ofreció asiento.")
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo).to_contain_text("Por enviar")
    expect(pagina.locator("[data-conexion]")).to_contain_text("1 formato sin enviar")
    mirar(pagina, "visita con algo por enviar")
    tableta.se_apaga()
    assert cuantos(mundo) == (0, 0)

    # the login is over, too: a new one opens what is here
    mundo.clock.advance(dt.timedelta(hours=13))
    tableta.red(hay=True)
    pagina = tableta.encender()
    tableta.ir(pagina, "/visita")
    mundo.identificar(pagina, QUIEN)
    expect(equipo_de(pagina)).to_contain_text("Recibo 000001")
    expect(equipo_de(pagina)).to_contain_text("F189:")
    assert cuantos(mundo) == (1, 1)
    with mundo.sesion() as s:
        hecho, recibo = s.scalars(sa.select(F189)).one(), s.scalars(sa.select(Recibo)).one()
        assert (hecho.auditor, hecho.observaciones, hecho.comentarios["3"]) == (
            QUIEN,
            OBSERVACION,
            "No ofreció asiento.",
        )
        assert hecho.puntaje is not None
        assert recibo.escrito is not None
        archivo = s.get_one(Archivo, hecho.archivo_id)
    contenido = mundo.carpeta / "archivos" / archivo.sha256[:2] / archivo.sha256[2:]
    assert lados(contenido.read_bytes()) == (1600, 800)
    with mundo.sesion() as s:
        assert [i.id for i in observations(s, "act_5_2_27")] == [visita.tarea(visita.fichas[1]).id]
    expect(pagina.get_by_role("link", name=f"Diligenciar {ficha}")).to_have_count(0)
    tableta.red(hay=False)
    tableta.ir(pagina, f"/visita/{recibo.item_id}")
    expect(pagina.get_by_text("Esta página no está en este equipo.")).to_be_visible()
    p.sin_faltas(mundo)


def test_an_answer_that_is_lost_and_two_tabs_write_once(visita: Visita, tableta: Tableta) -> None:
    mundo, pedidos = visita.mundo, []
    recibir = mundo.app.view_functions["calidad.recibir"]

    def recibir_y_perder(item_id: str) -> Any:
        respuesta = recibir(item_id)
        pedidos.append(item_id)
        return ("", 502) if len(pedidos) == 1 else respuesta

    mundo.app.view_functions["calidad.recibir"] = recibir_y_perder
    pagina = tableta.preparar()
    assert tableta.contexto is not None
    segunda = tableta.contexto.new_page()
    tableta.ir(segunda, "/visita")
    diligenciar(pagina, visita.fichas[0])
    responder(pagina)
    pagina.get_by_label("Foto o PDF de soporte").set_input_files(foto(mundo.carpeta, 2000, 1500))
    # while the photo is being made smaller: it goes along
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Recibo 000001")
    assert len(pedidos) >= 2  # on a slow machine the device asks once more
    assert cuantos(mundo) == (1, 1)
    with mundo.sesion() as s:
        assert s.scalars(sa.select(F189)).one().archivo_id is not None
    p.sin_faltas(mundo)


def test_a_session_that_ended_and_what_the_server_refuses_wait_on_the_device(
    visita: Visita, tableta: Tableta
) -> None:
    """The observed turn is attended by nobody when the format arrives: it comes back with why, and
    is sent again."""
    mundo, ficha = visita.mundo, visita.fichas[1]
    pagina = tableta.preparar()
    tableta.red(hay=False)
    diligenciar(pagina, ficha)
    responder(pagina)
    p.marcar(pagina, "Cómo quedó", "Completo")
    p.marcar(pagina, "Cómo se escaló", "No aplica")
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    mundo.clock.advance(dt.timedelta(hours=13))
    tableta.red(hay=True)
    expect(pagina.locator("[data-conexion]")).to_contain_text("Su sesión terminó")
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    pagina.get_by_role("link", name="Ingresar").click()
    mundo.identificar(pagina, QUIEN)
    expect(equipo_de(pagina)).to_contain_text(
        "Ningún asesor ha atendido todavía el turno que se observa"
    )
    assert cuantos(mundo) == (0, 0)
    with mundo.sesion(escribe=True) as s:
        is_attended(
            s,
            s.scalars(sa.select(Turno).where(Turno.ficha == ficha)).one(),
            mundo.clock.now(),
            mundo.clock.now(),
        )
        s.commit()
    equipo_de(pagina).get_by_role("link", name="Corregir").click()
    listo(pagina)
    expect(pagina.get_by_role("textbox", name="Observaciones")).to_have_value(OBSERVACION)
    pagina.get_by_role("button", name="Terminar este F189").click()
    # The system knows more than the page that was filled in: both are shown, and the person
    # decides.
    expect(equipo_de(pagina)).to_contain_text(
        "Registro en CRM: el equipo mostraba «Nada», el sistema dice ahora «No lo hay»"
    )
    expect(equipo_de(pagina)).to_contain_text("usted respondió «Completo»")
    mirar(pagina, "visita con algo que cambió")
    equipo_de(pagina).get_by_role("button", name="Enviar lo mío").click()
    expect(equipo_de(pagina)).to_contain_text("Recibo 000001")
    with mundo.sesion() as s:
        assert s.scalars(sa.select(F189)).one().respuestas["registro_crm"] == "completo"
    p.sin_faltas(mundo)


def test_who_was_first_is_shown_beside_what_was_typed_and_nothing_is_written_over(
    visita: Visita, tableta: Tableta
) -> None:
    mundo, ficha = visita.mundo, visita.fichas[0]
    item = visita.tarea(ficha)
    pagina = tableta.preparar()
    tableta.red(hay=False)
    diligenciar(pagina, ficha)
    responder(pagina)
    pagina.get_by_role("button", name="Terminar este F189").click()
    expect(equipo_de(pagina)).to_contain_text("Por enviar")
    valores = {"evaluable": False, "motivo": "La persona no quiso ser observada."}
    mundo.engine.items.complete(
        item.id,
        values=valores,
        actor=AUDITOR,
        now=mundo.clock.now(),
        records=FORMS["profesional.f189"].records,
    )
    tableta.red(hay=True)
    expect(equipo_de(pagina)).to_contain_text("Cambió allá")
    expect(pagina.locator("[data-conexion]")).to_contain_text("1 formato por corregir o decidir")
    expect(equipo_de(pagina)).to_contain_text("La persona no quiso ser observada.")
    expect(equipo_de(pagina)).to_contain_text("No ofreció asiento.")
    mirar(pagina, "visita con lo de otra persona")
    assert cuantos(mundo) == (0, 0)
    equipo_de(pagina).get_by_role("button", name="Dejar lo de allá y borrar lo mío").click()
    equipo_de(pagina).get_by_role("button", name="Sí, borrar lo mío de este equipo").click()
    expect(pagina.get_by_role("region", name="En este equipo")).to_have_count(0)
    p.sin_faltas(mundo)
