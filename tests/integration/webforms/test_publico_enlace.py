"""The link that comes with an answer (M5-1-01 act. 15): five days, one use, no account."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.base.actos import Acto
from records.base.reglas.firmas import token_de_calificacion
from records.casos.casos import NuevoCaso, crear_caso, radicar
from records.catalogos.catalogo import cargar_catalogo
from records.personas.personas import NuevaPersona, crear_persona
from records.visita.calificaciones import crear_enlace, huella
from records.visita.tablas import Calificacion, EnlaceCalificacion
from tests.kit import public as public_kit
from tests.kit.cast import PUNTO, SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.public import Point
from tests.kit.web import csrf, opened

SUYO = token_de_calificacion(SESSION_KEY.encode(), 1)  # of the one case
ENLACE = f"/calificar/#{SUYO}"


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    with kit.web.session() as s:
        cargar_catalogo(s)
        persona = crear_persona(
            s,
            NuevaPersona(
                tipo_doc="CC", num_doc="52123456", nombre="Lucía Restrepo", calidad="beneficiario"
            ),
            now=NOW,
        )
        caso = crear_caso(
            s,
            NuevoCaso(
                turno_id=None,
                punto_id=PUNTO,
                persona_id=persona.id,
                clase="reclamo",
                tema="R01",
                descripcion="El pago no aparece aplicado.",
            ),
            Acto("asesor", NOW),
        )
        radicar(s, caso.caso_id, Acto("asesor", NOW), dias_termino=15, prorroga_max=15)
        crear_enlace(s, caso.caso_id, SUYO, now=NOW)
        s.commit()
    yield kit
    kit.web.engine.db.dispose()


def calificar(cliente: FlaskClient, **datos: str) -> TestResponse:
    ruta = opened(cliente, ENLACE)
    return cliente.post(ruta, data={"csrf_token": csrf(cliente.get(ruta).text), **datos})


def valores(punto: Point) -> list[tuple[int | None, str | None, str]]:
    with punto.web.session() as s:
        return [(c.valor, c.motivo, c.momento) for c in s.scalars(sa.select(Calificacion))]


def test_the_link_asks_and_says_how_long_it_lives(punto: Point) -> None:
    publico = punto.web.browser()
    pagina = publico.get(opened(publico, ENLACE)).text
    assert "¿Cómo califica la respuesta que recibió?" in pagina
    assert "hasta el domingo 29 de noviembre de 2026" in pagina
    assert "Lucía" not in pagina


def test_a_link_by_a_hash_that_somebody_else_put_there_rates_nothing(punto: Point) -> None:
    """Who owns the database has the token of their own hash, and not the secret."""
    ajeno = "un-token-largo-y-secreto"
    with punto.web.session() as s, s.begin():
        s.execute(sa.update(EnlaceCalificacion).values(token_hash=huella(ajeno)))
    assert punto.web.browser().get(f"/calificar/{ajeno}", follow_redirects=True).status_code == 404


def test_a_rating_is_kept_and_the_link_is_used_up(punto: Point) -> None:
    publico = punto.web.browser()
    assert "Gracias por su calificación" in calificar(publico, calificacion="4").text
    assert valores(punto) == [(4, None, "respuesta")]
    otra_vez = publico.get(opened(publico, ENLACE))
    assert otra_vez.status_code == 410
    assert "ya se usó" in otra_vez.text


def test_of_two_who_open_the_link_one_rates(punto: Point) -> None:
    uno, otro = punto.web.browser(), punto.web.browser()
    rutas = [opened(c, ENLACE) for c in (uno, otro)]
    fichas = [csrf(c.get(ruta).text) for c, ruta in zip((uno, otro), rutas, strict=True)]
    codigos = [
        c.post(ruta, data={"csrf_token": f, "calificacion": "5"}).status_code
        for c, ruta, f in zip((uno, otro), rutas, fichas, strict=True)
    ]
    assert codigos == [200, 410]
    assert len(valores(punto)) == 1


def test_a_low_rating_of_an_answer_needs_its_reason(punto: Point) -> None:
    publico = punto.web.browser()
    assert calificar(publico, calificacion="1").status_code == 422
    assert valores(punto) == []
    assert calificar(publico, calificacion="1", motivo_calificacion="solucion").status_code == 200
    assert valores(punto) == [(1, "solucion", "respuesta")]


def test_nothing_chosen_asks_for_a_face(punto: Point) -> None:
    respuesta = calificar(punto.web.browser())
    assert respuesta.status_code == 422
    assert "Elija una de las cinco caras" in respuesta.text


def test_after_five_days_the_link_says_that_it_expired(punto: Point) -> None:
    publico = punto.web.browser()
    ruta = opened(publico, ENLACE)
    ficha = csrf(publico.get(ruta).text)
    punto.clock.advance(dt.timedelta(days=5, seconds=1))
    assert "venció" in publico.get(ruta).text
    assert publico.post(ruta, data={"csrf_token": ficha, "calificacion": "5"}).status_code == 410
    assert valores(punto) == []


def test_an_unknown_link_is_not_found_and_says_what_to_do(punto: Point) -> None:
    respuesta = punto.web.browser().get("/calificar/otro")
    assert respuesta.status_code == 404
    assert "Este enlace no es válido" in respuesta.text
