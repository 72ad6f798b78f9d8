"""The board of a point: ticket and desk, never a name; an empty 304 while nothing changes."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit import public as public_kit
from tests.kit.public import Point
from tests.kit.web import followed


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


def avisos(pagina: str) -> list[dict[str, str]]:
    encontrado = re.search(r'data-avisos="([^"]*)"', pagina)
    assert encontrado, pagina
    return list(json.loads(html.unescape(encontrado[1])))


def grandes(pagina: str) -> list[str]:
    return re.findall(r"<b>([AGERP]\d+)</b>", pagina)


def test_an_empty_board_says_what_it_will_show(punto: Point) -> None:
    pagina = punto.device("tablero-1").get("/tablero").text
    assert "Aún no se ha llamado a nadie" in pagina
    assert "Martes 24 de noviembre, 09:00" in pagina


def test_a_call_is_large_with_its_desk(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    punto.call_turn(punto.turnos()[0], "7")
    pagina = punto.device("tablero-1").get("/tablero").text
    assert grandes(pagina) == ["A001"]
    assert "Módulo 7" in pagina


def test_no_name_and_no_document_ever_come_to_the_board(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"), tipo_doc="CC", num_doc="52123456")
    punto.call_turn(punto.turnos()[0], "7")
    tablero = punto.device("tablero-1")
    for ruta in ("/tablero", "/tablero/llamados"):
        assert "52123456" not in tablero.get(ruta).text
        assert "asesor" not in tablero.get(ruta).text


def test_the_answer_is_an_empty_304_until_somebody_is_called(punto: Point) -> None:
    tablero = punto.device("tablero-1")
    punto.take_turn(punto.device("quiosco-1"))
    etiqueta = tablero.get("/tablero/llamados").headers["ETag"]
    punto.clock.advance(dt.timedelta(seconds=40))
    igual = tablero.get("/tablero/llamados", headers={"If-None-Match": etiqueta})
    assert (igual.status_code, igual.data) == (304, b"")
    assert igual.headers["X-Ahora"] == "2026-11-24T09:00:40-05:00"
    punto.call_turn(punto.turnos()[0], "7")
    cambio = tablero.get("/tablero/llamados", headers={"If-None-Match": etiqueta})
    assert cambio.status_code == 200
    assert grandes(cambio.text) == ["A001"]


def test_simultaneous_calls_are_all_announced_oldest_first(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    for _persona in range(4):
        punto.take_turn(quiosco)
    for numero, turno in enumerate(punto.turnos()):
        punto.call_turn(turno, "37"[numero % 2])
    vistos = avisos(punto.device("tablero-1").get("/tablero/llamados").text)
    assert [(aviso["ficha"], aviso["modulo"]) for aviso in vistos] == [
        ("A001", "3"),
        ("A002", "7"),
        ("A003", "3"),
        ("A004", "7"),
    ]


def test_a_second_call_is_another_announcement_and_says_so(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    [turno] = punto.turnos()
    punto.call_turn(turno, "3")
    tablero = punto.device("tablero-1")
    [primero] = avisos(tablero.get("/tablero/llamados").text)
    punto.call_again(turno, "3")
    pagina = tablero.get("/tablero/llamados").text
    [segundo] = avisos(pagina)
    assert primero["clave"] != segundo["clave"]
    assert segundo["veces"] == "Segundo llamado"
    assert "Segundo llamado" in pagina


def test_the_last_six_calls_stand_beside_without_those_shown_large(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    for _persona in range(9):
        punto.take_turn(quiosco)
    for turno in punto.turnos():
        punto.clock.advance(dt.timedelta(minutes=1))
        punto.call_turn(turno, "3")
        punto.complete(
            turno, "act_5_2_2", {"modulo": "3", "resultado_llamado": "atendido"}, "asesor.llamar"
        )
    pagina = punto.device("tablero-1").get("/tablero").text
    assert grandes(pagina) == ["A009"]
    assert re.findall(r"<td>(A\d+)</td>", pagina) == [
        "A008",
        "A007",
        "A006",
        "A005",
        "A004",
        "A003",
    ]
    assert "09:08" in pagina


def test_another_point_s_calls_are_not_shown(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    punto.call_turn(punto.turnos()[0], "7")
    assert grandes(punto.device("tablero-pasto").get("/tablero").text) == []


def test_yesterday_s_calls_are_gone_in_the_morning(punto: Point) -> None:
    punto.take_turn(punto.device("quiosco-1"))
    punto.call_turn(punto.turnos()[0], "7")
    punto.clock.advance(dt.timedelta(days=1))
    assert grandes(punto.device("tablero-1").get("/tablero").text) == []


def test_both_waits_are_published(punto: Point) -> None:
    quiosco = punto.device("quiosco-1")
    for _persona in range(5):
        punto.take_turn(quiosco)
    punto.take_turn(quiosco, condicion="preferente")
    pagina = followed(punto.device("tablero-1").get("/tablero/llamados").text)
    esperan, general, preferencial = (
        int(n) for n in re.findall(r"<b>(\d+)(?: min)?</b>", pagina.partition("<footer>")[2])
    )
    assert esperan == 6
    assert general > preferencial > 0


@pytest.mark.parametrize("quien", ["anonimo", "asesor", "quiosco-1", "tableta-3"])
@pytest.mark.parametrize("ruta", ["/tablero", "/tablero/llamados"])
def test_only_a_registered_board_sees_the_calls(punto: Point, quien: str, ruta: str) -> None:
    cliente = (
        punto.device(quien)
        if quien in punto.tokens
        else punto.web.browser(None if quien == "anonimo" else quien)
    )
    assert cliente.get(ruta).status_code == 403
