"""The rating tablet of a desk (M5-1-02 5.2.13): its own question only, three minutes, voluntary."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.visita.tablas import Calificacion, Turno
from tests.kit import public as public_kit
from tests.kit.public import Point
from tests.kit.web import csrf, followed


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def ruta(punto: Point) -> str:
    """A rating is asked for at desk 3; where its tablet shows it."""
    punto.take_turn(punto.device("quiosco-1"), "radicar_documentos")
    return f"/tableta/calificar/{punto.until_rating(punto.turnos()[0], '3').id}"


def calificar(cliente: FlaskClient, ruta: str, **datos: str) -> TestResponse:
    return cliente.post(ruta, data={"csrf_token": csrf(cliente.get(ruta).text), **datos})


def calificacion(punto: Point) -> Calificacion | None:
    with punto.web.session() as s:
        return s.scalar(sa.select(Calificacion))


def test_the_tablet_waits_and_then_shows_the_question_of_its_desk(punto: Point) -> None:
    tableta = punto.device("tableta-3")
    assert "Al terminar la atención podrá calificarla aquí" in tableta.get("/tableta").text
    assert tableta.get("/tableta/pendiente").json == {"ir": None}
    punto.take_turn(punto.device("quiosco-1"), "radicar_documentos")
    item = punto.until_rating(punto.turnos()[0], "3")
    ruta = f"/tableta/calificar/{item.id}"
    assert tableta.get("/tableta/pendiente").json == {"ir": ruta}
    assert tableta.get("/tableta").location == ruta
    pagina = tableta.get(ruta).text
    assert "¿Cómo califica la atención que acaba de recibir?" in pagina
    assert "Turno <b>R001</b>" in pagina
    assert "Solo para quien tiene el turno R001" in pagina


def test_the_time_left_comes_from_the_timer_of_the_diagram(punto: Point, ruta: str) -> None:
    tableta = punto.device("tableta-3")
    assert 'data-quedan="180"' in tableta.get(ruta).text
    punto.clock.advance(dt.timedelta(seconds=19))
    pagina = tableta.get(ruta).text
    assert 'data-quedan="161"' in pagina
    assert "2 minutos y 41 segundos" in followed(pagina)


def test_another_desk_s_tablet_neither_shows_nor_takes_the_rating(punto: Point, ruta: str) -> None:
    otra = punto.device("tableta-7")
    assert otra.get("/tableta/pendiente").json == {"ir": None}
    assert otra.get(ruta).status_code == 404
    propia = punto.device("tableta-3").get(ruta).text
    assert (
        otra.post(ruta, data={"csrf_token": csrf(propia), "calificacion": "1"}).status_code == 400
    )
    assert calificacion(punto) is None


def test_a_rating_said_aloud_is_not_asked_for_on_the_tablet(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"), "radicar_documentos")
    item = punto.until_rating(punto.turnos()[0], "3", medio="verbal")
    tableta = punto.device("tableta-3")
    assert tableta.get("/tableta/pendiente").json == {"ir": None}
    assert tableta.get(f"/tableta/calificar/{item.id}").status_code == 404


def test_five_closes_the_visit_with_its_rating(punto: Point, ruta: str) -> None:
    respuesta = calificar(
        punto.device("tableta-3"), ruta, calificacion="5", comentario="Muy amable"
    )
    assert respuesta.location == "/tableta?gracias=1"
    fila = calificacion(punto)
    assert fila is not None
    assert (fila.valor, fila.comentario, fila.motivo, fila.medio) == (
        5,
        "Muy amable",
        None,
        "tableta",
    )
    assert (fila.registrada_por, fila.asesor_id) == ("tableta-3", "asesor")
    [turno] = punto.turnos()
    assert (turno.estado, turno.resultado) == ("cerrado", "atendido")


@pytest.mark.parametrize("valor", ["1", "2"])
def test_a_low_rating_asks_for_its_reason_and_keeps_what_was_chosen(
    punto: Point, ruta: str, valor: str
) -> None:
    tableta = punto.device("tableta-3")
    pagina = calificar(tableta, ruta, calificacion=valor, comentario="Esperé mucho")
    assert pagina.status_code == 422
    assert "Elija qué fue lo que no le gustó" in pagina.text
    assert f'value="{valor}" checked' in pagina.text
    assert "Esperé mucho" in pagina.text
    assert calificacion(punto) is None
    assert (
        calificar(tableta, ruta, calificacion=valor, motivo_calificacion="espera").status_code
        == 303
    )
    fila = calificacion(punto)
    assert fila is not None
    assert (fila.valor, fila.motivo) == (int(valor), "espera")


def test_a_reason_is_dropped_when_the_rating_is_not_low(punto: Point, ruta: str) -> None:
    calificar(punto.device("tableta-3"), ruta, calificacion="4", motivo_calificacion="trato")
    fila = calificacion(punto)
    assert fila is not None
    assert (fila.valor, fila.motivo) == (4, None)


def test_preferring_not_to_rate_is_an_answer(punto: Point, ruta: str) -> None:
    respuesta = calificar(
        punto.device("tableta-3"), ruta, no="1", calificacion="2", comentario="nada"
    )
    assert respuesta.status_code == 303
    fila = calificacion(punto)
    assert fila is not None
    assert (fila.valor, fila.comentario) == (None, None)


def test_sending_nothing_asks_for_a_face(punto: Point, ruta: str) -> None:
    pagina = calificar(punto.device("tableta-3"), ruta)
    assert pagina.status_code == 422
    assert "Toque una de las cinco caras" in pagina.text


@pytest.mark.parametrize(
    "datos",
    [
        {"calificacion": "6"},
        {"calificacion": "0"},
        {"calificacion": "x"},
        {"calificacion": "5", "comentario": "a" * 301},
    ],
)
def test_values_outside_the_form_are_refused(
    punto: Point, ruta: str, datos: dict[str, str]
) -> None:
    assert calificar(punto.device("tableta-3"), ruta, **datos).status_code == 422
    assert calificacion(punto) is None


def test_after_three_minutes_the_question_is_gone_and_counts_as_no_rating(
    punto: Point, ruta: str
) -> None:
    tableta = punto.device("tableta-3")
    ficha_csrf = csrf(tableta.get(ruta).text)
    punto.wait(minutes=3)
    fila = calificacion(punto)
    assert fila is not None
    assert (fila.valor, fila.registrada_por) == (None, "motor")
    assert tableta.get("/tableta/pendiente").json == {"ir": None}
    assert tableta.get(ruta).location == f"/tableta?idioma=es&cerrada={ruta.rpartition('/')[2]}"
    tarde = tableta.post(ruta, data={"csrf_token": ficha_csrf, "calificacion": "5"})
    assert tarde.status_code == 409
    assert "El tiempo para calificar terminó" in tarde.text
    with punto.web.session() as s:
        assert [c.valor for c in s.scalars(sa.select(Calificacion))] == [None]
        assert s.scalars(sa.select(Turno.estado)).all() == ["cerrado"]


def test_a_double_press_rates_once(punto: Point, ruta: str) -> None:
    tableta = punto.device("tableta-3")
    ficha_csrf = csrf(tableta.get(ruta).text)
    datos = {"csrf_token": ficha_csrf, "calificacion": "3"}
    assert [tableta.post(ruta, data=datos).status_code for _vez in range(2)] == [303, 303]
    with punto.web.session() as s:
        assert [c.valor for c in s.scalars(sa.select(Calificacion))] == [3]


@pytest.mark.parametrize("quien", ["anonimo", "asesor", "quiosco-1", "tablero-1"])
def test_only_a_registered_tablet_rates(punto: Point, ruta: str, quien: str) -> None:
    cliente = (
        punto.device(quien)
        if quien in punto.tokens
        else punto.web.browser(None if quien == "anonimo" else quien)
    )
    assert cliente.get("/tableta").status_code == 403
    assert cliente.get("/tableta/pendiente").status_code == 403
    assert cliente.get(ruta).status_code == 403


def test_an_id_that_does_not_exist_is_not_found(punto: Point) -> None:
    assert punto.device("tableta-3").get("/tableta/calificar/no-existe").status_code == 404
