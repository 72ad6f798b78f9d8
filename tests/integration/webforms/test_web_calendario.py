"""The calendar: exceptions by hand move the terms that begin afterwards, and the days on which a
point opens."""

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.lugares.puntos import cierre, esta_abierto, horario_de
from records.lugares.tablas import Punto
from records.plazos.reglas.calendario import BOGOTA, es_habil, regir, sumar_habiles, vencimiento
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.web import WebKit, csrf, followed

PORQUE = "Circular 18 de 2026"
VIERNES = dt.date(2026, 11, 27)
SABADO = dt.date(2026, 11, 28)
INMACULADA = dt.date(2026, 12, 8)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    yield kit
    kit.engine.db.dispose()
    regir(())


@pytest.fixture
def admin(web: WebKit) -> FlaskClient:
    return web.browser("admin")


def poner(admin: FlaskClient, dia: dt.date, que: str = "cierra", **mas: str) -> TestResponse:
    datos = {
        "desde": f"{dia:%d/%m/%Y}",
        "que": que,
        "nombre": "Jornada de inventario",
        "motivo": PORQUE,
        **mas,
    }
    return admin.post(
        "/calendario", data={"csrf_token": csrf(admin.get("/calendario").text), **datos}
    )


def visto(respuesta: TestResponse) -> str:
    return followed(html.unescape(respuesta.text))


def test_a_day_that_the_agency_closes_moves_what_is_counted_afterwards(
    web: WebKit, admin: FlaskClient
) -> None:
    recibido = dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)
    antes = vencimiento(recibido, 1)
    assert antes.astimezone(BOGOTA).date() == VIERNES
    assert poner(admin, VIERNES).status_code == 302
    pagina = visto(admin.get("/calendario?desde=26/11/2026&dias=1"))
    assert "vence el lun 30 nov" in pagina
    assert not es_habil(VIERNES)
    assert vencimiento(recibido, 1).astimezone(BOGOTA).date() == dt.date(2026, 11, 30)
    assert pagina.count("Jornada de inventario") >= 2
    assert PORQUE in pagina
    assert ("cambio_calendario", "admin", "calendario/entidad") in web.accesses()


def test_a_holiday_and_a_saturday_on_which_the_agency_opens_count(admin: FlaskClient) -> None:
    assert sumar_habiles(VIERNES, 1) == dt.date(2026, 11, 30)
    for dia in (SABADO, INMACULADA):
        assert poner(admin, dia, "abre").status_code == 302
    admin.get("/calendario")
    assert sumar_habiles(VIERNES, 1) == SABADO
    assert es_habil(INMACULADA)


def test_a_point_closes_and_opens_by_itself_and_terms_stay(web: WebKit, admin: FlaskClient) -> None:
    assert poner(admin, VIERNES, punto="PAS").status_code == 302
    assert poner(admin, SABADO, "abre", punto="PAS").status_code == 302
    admin.get("/calendario")
    with web.session() as s:
        pasto, aguas = s.get_one(Punto, "PAS"), s.get_one(Punto, "BOG-AGU")
        abren = [
            [esta_abierto(p, dt.datetime(2026, 11, d, 15, tzinfo=dt.UTC)) for d in (27, 28)]
            for p in (pasto, aguas)
        ]
    assert abren == [[False, True], [True, False]]
    assert es_habil(VIERNES)


def descansar(admin: FlaskClient, rige: str, *dias: int, motivo: str = PORQUE) -> TestResponse:
    datos = {
        "csrf_token": csrf(admin.get("/calendario").text),
        "rige": rige,
        "dias": [str(n) for n in dias],
        "motivo": motivo,
    }
    return admin.post("/calendario/descanso", data=datos)


def test_the_days_of_the_week_that_rest_are_changed_by_page_from_a_day_on(
    web: WebKit, admin: FlaskClient
) -> None:
    assert "Hoy rige: sábado y domingo." in visto(admin.get("/calendario"))
    assert descansar(admin, "27/11/2026", 4, 5).status_code == 302
    pagina = visto(admin.get("/calendario?desde=24/11/2026&dias=4"))
    assert "Hoy rige: sábado y domingo." in pagina, "until that day"
    filas = [followed(re.sub("<[^>]+>", " ", fila)) for fila in re.findall(r"<tr.*?</tr>", pagina)]
    assert any(fila.startswith("vie 27 nov viernes y sábado ") for fila in filas)
    assert "vence el lun 30 nov" in pagina, "Friday 27 and Saturday 28 rest, Sunday 29 does not"
    assert not es_habil(VIERNES)
    assert not es_habil(SABADO)
    assert es_habil(dt.date(2026, 11, 29))
    assert [es_habil(dt.date(2026, 11, d)) for d in (20, 21, 22)] == [True, False, False], (
        "what has passed is as it was"
    )
    with web.session() as s:
        anotado = json.loads(
            s.scalars(sa.text("SELECT detail FROM access WHERE kind = 'cambio_calendario'")).one()
        )
    assert (anotado["antes"], anotado["despues"]) == (
        {"dias": "67"},
        {"dias": "56", "desde": "2026-11-27"},
    )
    assert any(
        "Descanso semanal sábado y domingo viernes y sábado, desde el vie 27 nov" in fila
        for fila in filas
    )
    with web.session() as s:
        aguas = s.get_one(Punto, "BOG-AGU")
        assert esta_abierto(aguas, dt.datetime(2026, 11, 27, 15, tzinfo=dt.UTC)), (
            "a point opens on the days that it says"
        )
    web.clock.advance(dt.timedelta(days=3))
    admin = web.browser("admin")
    assert "Hoy rige: viernes y sábado." in visto(admin.get("/calendario"))
    assert descansar(admin, "27/11/2026", 5, 6).status_code == 302
    admin.get("/calendario")
    assert es_habil(VIERNES), "another of the same day takes its place"


def test_a_change_of_the_weekly_rest_that_has_not_begun_is_taken_back(admin: FlaskClient) -> None:
    descansar(admin, "27/11/2026", 6)
    pagina = admin.get("/calendario")
    assert es_habil(SABADO)
    quitar = {"csrf_token": csrf(pagina.text), "motivo": ""}
    assert admin.post("/calendario/descanso/1/quitar", data=quitar).status_code == 422
    assert (
        admin.post(
            "/calendario/descanso/1/quitar", data={**quitar, "motivo": "Se aplazó"}
        ).status_code
        == 302
    )
    assert "Se aplazó" in visto(admin.get("/calendario"))
    assert not es_habil(SABADO)
    assert "ya no está" in visto(
        admin.post("/calendario/descanso/1/quitar", data={**quitar, "motivo": "Otra vez"})
    )


@pytest.mark.parametrize(
    ("rige", "dias", "motivo", "dice"),
    [
        ("31/02/2026", (4, 5), PORQUE, "Escriba el día como"),
        ("", (4, 5), PORQUE, "Escriba el día como"),
        ("23/11/2026", (4, 5), PORQUE, "de hoy en adelante"),
        ("24/11/2026", (), PORQUE, "uno por lo menos, y 6 como mucho"),
        ("24/11/2026", tuple(range(7)), PORQUE, "uno por lo menos, y 6 como mucho"),
        ("24/11/2026", (5, 6), PORQUE, "ya descansa así"),
        ("24/11/2026", (4, 5), "", "Escriba el motivo"),
        ("24/11/2026", (5, 9), PORQUE, ""),
    ],
)
def test_a_weekly_rest_that_makes_no_sense_is_said_and_what_was_typed_stays(
    admin: FlaskClient, rige: str, dias: tuple[int, ...], motivo: str, dice: str
) -> None:
    respuesta = descansar(admin, rige, *dias, motivo=motivo)
    if not dice:
        assert respuesta.status_code == 302, "a day that is none is not one of them"
        return
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)
    marcados = re.findall(r'name="dias" id="dias-(\d)" value="\d"\s+checked', respuesta.text)
    assert marcados == [str(n) for n in dias]
    assert f'value="{rige}"' in respuesta.text


def test_half_a_day_counts_as_a_business_day_and_points_open_for_that_half(
    web: WebKit, admin: FlaskClient
) -> None:
    pagina = visto(admin.get("/calendario"))
    assert "Medio día cuenta como día hábil: los plazos se cuentan por días enteros." in pagina
    assert poner(admin, VIERNES, "manana").status_code == 302
    assert poner(admin, SABADO, "tarde", punto="PAS").status_code == 302
    assert poner(admin, INMACULADA, "manana").status_code == 302
    assert "Abre solo en la mañana: Jornada de inventario" in visto(admin.get("/calendario"))
    assert es_habil(VIERNES)
    assert es_habil(INMACULADA)
    assert not es_habil(SABADO)
    with web.session() as s:
        pasto, aguas = s.get_one(Punto, "PAS"), s.get_one(Punto, "BOG-AGU")
        pasto.dias = "1234"  # closed on Fridays: half a day for the agency does not open it
        horas = [dt.datetime(2026, 11, 27, h, 30, tzinfo=BOGOTA) for h in (9, 13)]
        assert [[esta_abierto(p, h) for h in horas] for p in (aguas, pasto)] == [
            [True, False],
            [False, False],
        ]
        sabado = [dt.datetime(2026, 11, 28, h, 30, tzinfo=BOGOTA) for h in (9, 13)]
        assert [esta_abierto(pasto, h) for h in sabado] == [False, True]
        assert cierre(aguas, horas[0]) == dt.datetime(2026, 11, 27, 12, tzinfo=BOGOTA)
        assert horario_de(pasto, SABADO) == (
            dt.datetime(2026, 11, 28, 12, tzinfo=BOGOTA),
            dt.datetime(2026, 11, 28, 17, tzinfo=BOGOTA),
        )


def test_a_point_opens_in_the_morning_only_on_days_of_its_week(web: WebKit) -> None:
    with web.session() as s:
        aguas = s.get_one(Punto, "BOG-AGU")
        aguas.dias, aguas.dias_manana, aguas.mediodia = "123456", "6", dt.time(13)
        abierto = [
            esta_abierto(aguas, dt.datetime(2026, 11, dia, 14, tzinfo=BOGOTA)) for dia in (27, 28)
        ]
        assert abierto == [True, False]
        assert esta_abierto(aguas, dt.datetime(2026, 11, 28, 12, 59, tzinfo=BOGOTA))
        assert horario_de(aguas, SABADO) == (
            dt.datetime(2026, 11, 28, 8, tzinfo=BOGOTA),
            dt.datetime(2026, 11, 28, 13, tzinfo=BOGOTA),
        )


def test_an_exception_is_undone_and_another_process_hears_of_it_within_a_minute(
    web: WebKit, admin: FlaskClient
) -> None:
    poner(admin, VIERNES)
    admin.get("/calendario")
    regir(())  # as another process, which has not read it yet
    web.clock.advance(dt.timedelta(seconds=61))
    admin.get("/calendario")
    assert not es_habil(VIERNES)
    sin_motivo = admin.post(
        "/calendario/1/quitar",
        data={"csrf_token": csrf(admin.get("/calendario").text), "motivo": ""},
    )
    assert sin_motivo.status_code == 422
    hecho = admin.post(
        "/calendario/1/quitar",
        data={"csrf_token": csrf(sin_motivo.text), "motivo": "No hubo inventario"},
    )
    assert hecho.status_code == 302
    assert "No hubo inventario" in visto(admin.get("/calendario"))
    assert es_habil(VIERNES)


@pytest.mark.parametrize(
    ("dia", "que", "mas", "dice"),
    [
        (VIERNES, "cierra", {"desde": "31/02/2026"}, "Escriba el día como"),
        (VIERNES, "cierra", {"desde": "x" * 400}, "Escriba el día como"),
        (VIERNES, "otra", {}, "abre o cierra"),
        (VIERNES, "abre", {}, "ya es hábil"),
        (SABADO, "cierra", {}, "ya es no hábil"),
        (NOW.date() - dt.timedelta(days=1), "cierra", {}, "de hoy en adelante"),
        (VIERNES, "cierra", {"hasta": "01/11/2027"}, "31 días como mucho"),
        (VIERNES, "cierra", {"punto": "NADA"}, "Ese punto no existe"),
        (VIERNES, "cierra", {"nombre": ""}, "cómo se llama el día"),
        (VIERNES, "cierra", {"motivo": ""}, "Escriba el motivo"),
    ],
)
def test_what_makes_no_sense_is_said(
    admin: FlaskClient, dia: dt.date, que: str, mas: dict[str, str], dice: str
) -> None:
    respuesta = poner(admin, dia, que, **mas)
    assert respuesta.status_code == 422
    assert dice in visto(respuesta)


@pytest.mark.parametrize("mes", ["2026-13", "0001-01", "9999-12", "x", "2027-01"])
def test_any_month_that_is_asked_for_answers(admin: FlaskClient, mes: str) -> None:
    assert (
        admin.get(
            "/calendario", query_string={"mes": mes, "desde": "01/01/2026", "dias": "9" * 30}
        ).status_code
        == 200
    )


def test_two_exceptions_of_one_day_are_refused(admin: FlaskClient) -> None:
    assert poner(admin, VIERNES, punto="PAS").status_code == 302
    assert "ya tiene una excepción" in visto(poner(admin, VIERNES, punto="PAS"))
    assert poner(admin, VIERNES).status_code == 302
