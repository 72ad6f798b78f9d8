"""The kiosk (M5-1-02 5.2.1): two steps and a ticket; one turn for a double press; nothing of the
preference on paper."""

import datetime as dt
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import request
from itsdangerous import TimestampSigner

from records.lugares.tablas import Punto as FilaPunto
from records.visita.tablas import Turno
from records.visita.turnos import cerrar_turno
from tests.kit import public as public_kit
from tests.kit.cast import PUNTO
from tests.kit.public import Point
from tests.kit.statements import counting
from tests.kit.web import again, csrf, followed, hidden, on_routes, opened
from webforms.visita.quiosco import proxima_apertura
from webforms.visita.seguimiento import enlace_de_turno


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def test_two_steps_give_a_turn_in_the_queue_and_its_ticket(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    assert "¿A qué viene hoy?" in quiosco.get("/quiosco").text
    respuesta = punto.take_turn(quiosco)
    [turno] = punto.turnos()
    assert respuesta.status_code == 303
    assert respuesta.location == f"/quiosco/tiquete/{turno.id}"
    assert (turno.ficha, turno.estado, turno.origen, turno.motivo_visita) == (
        "A001",
        "espera",
        "quiosco",
        "servicio_adquirido",
    )
    tiquete = quiosco.get(respuesta.location).text
    assert "A001" in tiquete
    assert "Mi crédito o servicio" in tiquete
    assert "09:00" in tiquete


def test_taking_a_turn_is_one_command_with_one_commit(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    with counting(punto.web.engine.db) as cost:
        punto.take_turn(quiosco)
    with punto.web.engine.db.connect() as c:
        entradas = c.exec_driver_sql(
            "SELECT actor_kind, actor_id, kind, element FROM journal"
        ).all()
    assert [tuple(e) for e in entradas] == [("device", "quiosco-1", "start", "act_5_2_1")]
    assert cost.written == 1


def test_a_double_press_gives_one_turn(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    paso = quiosco.get("/quiosco/condicion/informacion_general").text
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "informacion_general",
    }
    primera = quiosco.post("/quiosco/turno", data={**datos, "condicion": "ninguna"})
    segunda = quiosco.post("/quiosco/turno", data={**datos, "condicion": "ninguna"})
    assert primera.location == segunda.location
    assert len(punto.turnos()) == 1


def test_two_presses_at_the_same_moment_give_one_turn(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    paso = quiosco.get("/quiosco/condicion/informacion_general").text
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "informacion_general",
    }
    sesion = quiosco.get_cookie("ventanilla")
    assert sesion is not None
    salida = threading.Barrier(4)

    def presionar(_n: int) -> str:
        copia = punto.device("quiosco-1")
        copia.set_cookie("ventanilla", sesion.value)
        salida.wait()
        return str(copia.post("/quiosco/turno", data={**datos, "condicion": "ninguna"}).location)

    with ThreadPoolExecutor(4) as hilos:
        destinos = set(hilos.map(presionar, range(4)))
    assert len(destinos) == 1
    assert len(punto.turnos()) == 1


def test_the_ticket_never_says_why_somebody_has_preference(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    tiquete = quiosco.get(punto.take_turn(quiosco, condicion="preferente").location).text
    assert "P001" in tiquete
    for palabra in ("discapacidad", "embarazo", "mayores", "preferencial", "preferente"):
        assert palabra not in tiquete


def test_a_preferential_turn_shows_a_shorter_wait_than_a_general_one(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    for _persona in range(4):
        punto.take_turn(quiosco)
    preferente = quiosco.get(punto.take_turn(quiosco, condicion="preferente").location).text
    general = quiosco.get(punto.take_turn(quiosco).location).text
    assert "0 personas" in preferente
    assert "5 personas" in general


def test_a_number_without_the_form_of_its_type_comes_back_with_what_was_typed(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    respuesta = punto.take_turn(quiosco, tipo_doc="CC", num_doc="12")
    assert respuesta.status_code == 422
    en_ingles = again(quiosco, respuesta, "English")
    for otra, dicho in (
        (en_ingles, "enter 3 to 10 digits"),
        (again(quiosco, respuesta, "Letra más grande"), "de 3 a 10 dígitos"),
    ):
        assert dicho in otra.text
        assert 'value="12"' in otra.text
    assert "de 3 a 10 dígitos" in respuesta.text
    assert 'value="12"' in respuesta.text
    assert "<title>Error:" in respuesta.text
    assert punto.turnos() == []


def test_a_number_without_its_type_is_asked_for_the_type(punto: Point) -> None:
    respuesta = punto.take_turn(punto.device("quiosco-1"), num_doc="52123456")
    assert respuesta.status_code == 422
    assert "Elija el tipo de documento" in respuesta.text


def test_dots_and_spaces_of_a_document_are_taken_off(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC", num_doc="52.123 456")
    assert [(t.tipo_doc, t.num_doc) for t in punto.turnos()] == [("CC", "52123456")]


def test_a_type_alone_is_no_document(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC")
    assert [(t.tipo_doc, t.num_doc) for t in punto.turnos()] == [(None, None)]


def test_an_absent_person_back_within_half_an_hour_keeps_the_arrival(punto: Point) -> None:
    """Q3."""
    quiosco = punto.device("quiosco-1")
    punto.take_turn(quiosco, tipo_doc="CC", num_doc="52123456")
    primera = punto.turnos()[0]
    with punto.web.session() as s:
        cerrar_turno(s, primera.id, resultado="ausente", now=punto.clock.now())
        s.commit()
    punto.clock.advance(dt.timedelta(minutes=29))
    punto.take_turn(quiosco, tipo_doc="CC", num_doc="52123456")
    segunda = punto.turnos()[1]
    assert (segunda.llegada, segunda.visita_anterior_id) == (primera.llegada, primera.id)


def test_a_pending_power_is_linked_on_a_later_day_and_at_another_point(punto: Point) -> None:
    """Q6: the next visit is a new instance with the visit before, found by document."""
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC", num_doc="52123456")
    primera = punto.turnos()[0]
    with punto.web.session() as s:
        cerrar_turno(s, primera.id, resultado="poder_pendiente", now=punto.clock.now())
        s.commit()
    punto.clock.advance(dt.timedelta(days=2))
    punto.take_turn(punto.device("quiosco-pasto"), tipo_doc="CC", num_doc="52123456")
    segunda = punto.turnos()[1]
    assert segunda.visita_anterior_id == primera.id
    assert segunda.instancia_id != primera.instancia_id
    assert segunda.llegada == punto.clock.now()


@pytest.mark.parametrize("hora", [dt.time(7, 59), dt.time(17, 0)])
def test_outside_the_opening_hours_the_kiosk_says_when_it_opens(
    punto: Point, hora: dt.time
) -> None:
    quiosco = punto.device("quiosco-1")
    paso = quiosco.get("/quiosco/condicion/servicio_adquirido").text
    bogota = dt.timezone(dt.timedelta(hours=-5))
    punto.clock.move_to(dt.datetime.combine(dt.date(2026, 11, 25), hora, bogota))
    pagina = quiosco.get("/quiosco").text
    abre = "miércoles 25 de noviembre" if hora.hour < 8 else "jueves 26 de noviembre"
    assert "cerrado" in pagina
    assert f"{abre} de 2026, 08:00" in followed(pagina)
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "servicio_adquirido",
    }
    tarde = quiosco.post(
        "/quiosco/turno?letra=grande&idioma=en", data={**datos, "condicion": "ninguna"}
    )
    assert (tarde.status_code, tarde.location) == (303, "/quiosco?letra=grande&idioma=en")
    cerrado = quiosco.get(tarde.location).text
    assert "service point is closed" in followed(cerrado)
    for boton in ("Español", "Normal text"):
        assert boton in cerrado
    assert punto.turnos() == []


def test_the_next_opening_skips_week_end_and_holiday(punto: Point) -> None:
    """Friday 4 December 2026 after closing; Tuesday 8 is a holiday, Monday 7 is not."""
    with punto.web.session() as s:
        fila = s.get_one(FilaPunto, PUNTO)
    bogota = dt.timezone(dt.timedelta(hours=-5))
    viernes = dt.datetime(2026, 12, 4, 18, tzinfo=bogota)
    lunes = dt.datetime(2026, 12, 7, 18, tzinfo=bogota)
    assert proxima_apertura(fila, viernes) == dt.datetime(2026, 12, 7, 8, tzinfo=bogota)
    assert proxima_apertura(fila, lunes) == dt.datetime(2026, 12, 9, 8, tzinfo=bogota)


def test_a_ticket_of_another_point_or_day_is_not_found(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    assert punto.device("quiosco-2").get(f"/quiosco/tiquete/{turno.id}").status_code == 200
    assert punto.device("quiosco-pasto").get(f"/quiosco/tiquete/{turno.id}").status_code == 404
    punto.clock.advance(dt.timedelta(days=1))
    assert punto.device("quiosco-1").get(f"/quiosco/tiquete/{turno.id}").status_code == 404


def test_an_unknown_reason_is_not_found(punto: Point) -> None:
    assert punto.device("quiosco-1").get("/quiosco/condicion/otro").status_code == 404


@pytest.mark.parametrize("quien", ["anonimo", "asesor", "tablero-1", "tableta-3"])
def test_only_a_registered_kiosk_gives_turns(punto: Point, quien: str) -> None:
    cliente = (
        punto.device(quien)
        if quien in punto.tokens
        else punto.web.browser(None if quien == "anonimo" else quien)
    )
    assert cliente.get("/quiosco").status_code == 403
    assert cliente.post("/quiosco/turno").status_code in (400, 403)
    assert punto.turnos() == []


def test_the_kiosk_speaks_english_and_keeps_it_to_the_ticket(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    assert "What brings you here today?" in quiosco.get("/quiosco?idioma=en").text
    paso = quiosco.get(
        "/quiosco/condicion/servicio_adquirido?idioma=en&letra=grande&imprimir=1"
    ).text
    assert '<html lang="en">' in paso
    assert "letra-grande" in paso
    datos = {
        "csrf_token": hidden(paso, "csrf_token"),
        "llave": hidden(paso, "llave"),
        "motivo_visita": "servicio_adquirido",
    }
    respuesta = quiosco.post(
        "/quiosco/turno?idioma=en&letra=grande&imprimir=1", data={**datos, "condicion": "ninguna"}
    )
    tiquete = quiosco.get(respuesta.location).text
    assert "Your ticket" in tiquete
    assert "data-imprimir>" in tiquete


def test_the_code_on_the_ticket_leads_to_the_turn_without_an_account(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    punto.take_turn(quiosco)
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(turno.id)
    publico = punto.web.browser()
    enlace = opened(publico, tiquete)
    assert "Le llamamos enseguida" in publico.get(enlace).text
    punto.call_turn(turno, "7")
    llamado = publico.get(enlace).text
    assert "Es su turno" in llamado
    assert "Módulo 7" in llamado
    assert publico.get(opened(publico, tiquete[:-3] + "abc")).status_code == 404


def test_a_turn_whose_power_comes_the_same_day_goes_on_in_the_same_instance(punto: Point) -> None:
    """Q6: 5.2.1 opens again in the instance; the kiosk finds it by document, and the ticket
    stays."""
    quiosco = punto.device("quiosco-1")
    punto.take_turn(quiosco)
    [primera] = punto.turnos()
    punto.until_power(primera)
    assert punto.open_item(primera, "act_5_2_1").scope == PUNTO
    punto.clock.advance(dt.timedelta(hours=2))
    punto.take_turn(quiosco, tipo_doc="CC", num_doc="52123456")
    with punto.web.session() as s:
        turnos = list(s.scalars(sa.select(Turno).order_by(Turno.id)))
    assert len(turnos) == 2
    assert turnos[1].instancia_id == turnos[0].instancia_id
    assert turnos[1].visita_anterior_id == turnos[0].id
    assert turnos[1].ficha == "A001"


def test_a_document_that_waits_gets_its_own_ticket_again(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    primera = punto.take_turn(quiosco, tipo_doc="CC", num_doc="52123456")
    otra = punto.take_turn(
        punto.device("quiosco-2"), "informacion_general", tipo_doc="CC", num_doc="52.123.456"
    )
    assert otra.location == primera.location
    assert len(punto.turnos()) == 1
    ajena = punto.take_turn(punto.device("quiosco-pasto"), tipo_doc="CC", num_doc="52123456")
    assert ajena.status_code == 422
    assert "ya tiene un turno abierto en otro punto" in ajena.text
    assert len(punto.turnos()) == 1


def test_two_kiosks_at_the_same_moment_give_a_document_one_turn(punto: Point) -> None:
    salida = threading.Barrier(2)

    def tomar(codigo: str) -> str:
        quiosco = punto.device(codigo)
        paso = quiosco.get("/quiosco/condicion/servicio_adquirido").text
        datos = {
            "csrf_token": hidden(paso, "csrf_token"),
            "llave": hidden(paso, "llave"),
            "motivo_visita": "servicio_adquirido",
        }
        salida.wait()
        return str(
            quiosco.post(
                "/quiosco/turno",
                data={**datos, "condicion": "ninguna", "tipo_doc": "CC", "num_doc": "52123456"},
            ).location
        )

    with ThreadPoolExecutor(2) as hilos:
        assert len(set(hilos.map(tomar, ("quiosco-1", "quiosco-2")))) == 1
    assert len(punto.turnos()) == 1


def test_a_no_show_comes_back_from_the_phone_with_the_same_number(punto: Point) -> None:
    """The code on the ticket still leads to the person's turn, which keeps number and arrival."""
    quiosco = punto.device("quiosco-1")
    punto.take_turn(quiosco, condicion="preferente")
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(turno.id)
    celular = punto.web.browser()
    enlace = opened(celular, tiquete)
    punto.call_turn(turno, "3")
    for _vez in range(2):
        punto.call_again(turno, "3")
    punto.complete(
        turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "ausente"}, "asesor.llamar"
    )
    ausente = celular.get(enlace).text
    assert "Ya volví" in ausente
    for _doble in range(2):
        celular.post(f"{enlace}/volvi", data={"csrf_token": hidden(ausente, "csrf_token")})
    vuelto = punto.turnos()
    assert [(t.ficha, t.llegada, t.estado) for t in vuelto] == [
        ("P001", turno.llegada, "cerrado"),
        ("P001", turno.llegada, "espera"),
    ]
    assert "P001" in celular.get(enlace).text
    assert "Retirar mi turno" in celular.get(enlace).text


def test_no_address_of_the_phone_has_what_the_ticket_says(punto: Point) -> None:
    """The pages that it opens and the buttons that it presses: logs, histories and who looks at the
    telephone learn nothing to keep."""
    pedidas: list[str] = []

    @punto.web.app.before_request
    def anotar() -> None:
        pedidas.extend((request.url, request.referrer or ""))

    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(turno.id)
    celular, secreto = punto.web.browser(), tiquete.partition("#")[2]
    enlace = opened(celular, tiquete)
    paginas = [celular.get(enlace).text, (pregunta := celular.get(f"{enlace}/retirar").text)]
    fuera = celular.post(f"{enlace}/retirar", data={"csrf_token": hidden(pregunta, "csrf_token")})
    assert (fuera.status_code, fuera.location, punto.turnos()[0].resultado) == (
        303,
        enlace,
        "abandono",
    )
    assert [p for p in (*paginas, *pedidas, celular.get(enlace).text) if secreto in p] == []
    assert punto.web.browser().get(enlace).location == "/turno/", (
        "what it is called on this telephone opens nothing on another"
    )


def test_a_ticket_that_was_printed_before_is_good_for_its_day(punto: Point) -> None:
    """Its code has the secret in the path; so has a page of it that was open while this was
    installed."""
    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        secreto = enlace_de_turno(turno.id).partition("#")[2]
    celular = punto.web.browser()
    llevado = celular.get(f"/turno/{secreto}?idioma=en")
    assert (llevado.status_code, secreto in llevado.location) == (303, False)
    assert "You are next" in celular.get(llevado.location).text
    pregunta = celular.get(f"/turno/{secreto}/retirar", follow_redirects=True)
    assert re.fullmatch(r"/turno/e-[0-9a-f]{8}/retirar", pregunta.request.path)
    hecho = celular.post(
        f"/turno/{secreto}/retirar",
        data={"csrf_token": hidden(pregunta.text, "csrf_token")},
        follow_redirects=True,
    )
    assert ("Este turno se retiró" in hecho.text, secreto in hecho.request.path) == (True, False)
    punto.clock.advance(dt.timedelta(days=1))
    despues = celular.get(f"/turno/{secreto}", follow_redirects=True)
    assert ("Terminó sin que lo atendieran" in despues.text, "/retirar" in despues.text) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("paso", "dicho"),
    [("ninguno", "Terminó sin que lo atendieran"), ("llamados", "Lo llamamos y no llegó")],
)
def test_a_ticket_of_yesterday_says_what_became_of_it_and_takes_no_act(
    punto: Point, paso: str, dicho: str
) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(turno.id)
    celular = punto.web.browser()
    enlace = opened(celular, tiquete)
    pregunta = celular.get(f"{enlace}/retirar").text
    if paso == "llamados":
        with punto.web.session() as s:
            cerrar_turno(s, turno.id, resultado="ausente", now=punto.clock.now())
            s.commit()
    punto.clock.advance(dt.timedelta(hours=23))
    pagina = celular.get(enlace).text
    assert dicho in pagina
    assert "24 de noviembre" in pagina
    tarde = celular.post(f"{enlace}/retirar", data={"csrf_token": hidden(pregunta, "csrf_token")})
    assert (tarde.status_code, tarde.location) == (303, enlace)
    assert punto.turnos()[0].resultado == (None if paso == "ninguno" else "ausente")


def test_a_turn_is_followed_all_day_on_a_telephone_that_sleeps(
    punto: Point, monkeypatch: pytest.MonkeyPatch
) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(turno.id)
    celular, ahora = punto.web.browser(), int(time.time())
    enlace = opened(celular, tiquete)
    assert "Le llamamos enseguida" in celular.get(enlace).text
    for horas in (1, 3, 9):  # its session is over
        monkeypatch.setattr(
            TimestampSigner, "get_timestamp", lambda _self, horas=horas: ahora + horas * 3600
        )
        assert (
            "Le llamamos enseguida" in celular.get(enlace, headers={"Sec-Fetch-Dest": "empty"}).text
        )
    celular.delete_cookie("ventanilla")  # with the browser, which the telephone closed
    assert "Le llamamos enseguida" in celular.get(enlace).text
    pregunta = celular.get(f"{enlace}/retirar").text
    assert (
        celular.post(
            f"{enlace}/retirar", data={"csrf_token": hidden(pregunta, "csrf_token")}
        ).status_code
        == 303
    )
    assert "Este turno se retiró" in celular.get(enlace).text
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: ahora + 25 * 3600)
    assert celular.get(enlace).location == "/turno/"


def test_a_whole_room_opens_its_tickets_over_one_network(punto: Point) -> None:
    """No brake counts it: nothing is looked up nor written before the page behind it."""
    punto.take_turn(punto.device("quiosco-1"))
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(punto.turnos()[0].id)
    for _persona in range(on_routes("cupo")["seguimiento.retirar"].cuantas + 1):
        assert opened(punto.web.browser(), tiquete)
    sin_ficha = punto.web.browser().post("/turno/", data={"secreto": tiquete.partition("#")[2]})
    assert (sin_ficha.status_code, sin_ficha.location) == (400, None)
    assert "llevado-turno" not in str(sin_ficha.headers), (
        "nor does a page of elsewhere hand a turn over"
    )


def test_who_scans_without_scripts_is_told_what_to_copy(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(punto.turnos()[0].id)
    celular = punto.web.browser()
    puerta = celular.get("/turno/").text
    assert "Escanee otra vez el código de su tiquete." in puerta
    copiado = celular.post(
        "/turno/", data={"csrf_token": csrf(puerta), "secreto": tiquete}, follow_redirects=True
    )
    assert "Le llamamos enseguida" in copiado.text
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in copiado.text


def test_giving_the_turn_up_on_the_phone_asks_first(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    with punto.web.app.test_request_context():
        tiquete = enlace_de_turno(turno.id)
    celular = punto.web.browser()
    enlace = opened(celular, tiquete)
    suya = followed(celular.get(enlace).text)
    assert "<dt>Motivo</dt><dd>Mi crédito o servicio</dd>" in suya
    assert "Le preguntaremos antes de retirarlo." in suya
    pagina = celular.get(f"{enlace}/retirar").text
    assert "¿Retirar el turno A001?" in pagina
    assert punto.turnos()[0].estado == "espera"
    assert (
        celular.post(
            f"{enlace}/retirar", data={"csrf_token": hidden(pagina, "csrf_token")}
        ).status_code
        == 303
    )
    assert (punto.turnos()[0].estado, punto.turnos()[0].resultado) == ("cerrado", "abandono")
    assert "Este turno se retiró" in celular.get(enlace).text
    assert celular.get(f"{enlace}/retirar").status_code == 409
