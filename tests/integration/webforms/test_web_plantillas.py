"""Templates of answers by theme (issue 9, 1.8): the coordinator keeps them, the adviser starts from
them in 5.2.10."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from records.base.actos import Acto
from records.base.errores import DatoInvalido
from records.casos import plantillas
from records.casos.plantillas import NuevaPlantilla
from records.casos.tablas import PlantillaRespuesta
from records.catalogos.catalogo import cargar_catalogo
from tests.kit import web as web_kit
from tests.kit.clock import NOW
from tests.kit.web import WebKit, csrf

TEXTO = "{nombre}, su paz y salvo queda disponible hoy en la página web. Caso {radicado}."
NUEVA = {"tema": "paz y salvo", "nombre": "Crédito al día", "texto": TEXTO, "idioma": "es"}


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[WebKit]:
    kit = web_kit.build(tmp_path, sqlite_url)
    with kit.session() as s:
        cargar_catalogo(s)
        s.commit()
    yield kit
    kit.engine.db.dispose()


def enviar(cliente: FlaskClient, ruta: str, **datos: str) -> TestResponse:
    return cliente.post(ruta, data={"csrf_token": csrf(cliente.get("/plantillas").text), **datos})


def vigentes(web: WebKit) -> list[plantillas.PlantillaVigente]:
    with web.session() as s:
        return list(plantillas.vigentes(s))


def test_the_coordinator_writes_changes_and_withdraws_a_template(web: WebKit) -> None:
    coordinador = web.browser("coordinador")
    assert enviar(coordinador, "/plantillas", **NUEVA).status_code == 302
    (una,) = vigentes(web)
    assert (una.tema, una.tema_nombre, una.subtema, una.texto, una.autor) == (
        "S02",
        "Crédito",
        "Paz y salvo",
        TEXTO,
        "coordinador",
    )
    cambiada = enviar(
        coordinador,
        f"/plantillas/{una.id}",
        **{**NUEVA, "texto": "El paz y salvo se entrega en cinco días hábiles."},
    )
    assert cambiada.status_code == 302
    (otra,) = vigentes(web)
    assert otra.texto == "El paz y salvo se entrega en cinco días hábiles."
    assert enviar(coordinador, f"/plantillas/{otra.id}/retirar").status_code == 302
    assert vigentes(web) == []
    with web.session() as s:
        assert s.query(PlantillaRespuesta).count() == 2, "what was once offered stays on record"
        assert [p.id for p in plantillas.retiradas(s)] == [otra.id], (
            "a text that was changed was not withdrawn"
        )
    assert enviar(coordinador, f"/plantillas/{una.id}/recuperar").status_code == 404
    assert enviar(coordinador, f"/plantillas/{otra.id}/recuperar").status_code == 302
    (de_nuevo,) = vigentes(web)
    assert (de_nuevo.nombre, de_nuevo.texto) == (otra.nombre, otra.texto)
    with web.session() as s:
        assert plantillas.retiradas(s) == []


def test_of_many_withdrawn_texts_each_is_offered_again_and_a_name_in_capitals_is_the_same_name(
    web: WebKit,
) -> None:
    coordinador = web.browser("coordinador")
    ahora = web.clock.now()
    with web.session() as s:
        hechas = [
            plantillas.agregar(
                s, NuevaPlantilla("S02", f"Aviso {n}", "Texto."), Acto("coordinador", ahora)
            )
            for n in range(60)
        ]
        repetida = plantillas.agregar(
            s, NuevaPlantilla("S02", "Íntegra", "Texto."), Acto("coordinador", ahora)
        )
        for n, cual in enumerate([*hechas, repetida]):
            plantillas.retirar(s, cual, now=ahora + dt.timedelta(minutes=n + 1))
        plantillas.agregar(
            s,
            NuevaPlantilla("S02", "ÍNTEGRA", "Otro texto."),
            Acto("coordinador", ahora + dt.timedelta(days=1)),
        )
        s.commit()
    with web.session() as s:
        assert [p.id for p in plantillas.retiradas(s)] == hechas[::-1]
    assert enviar(coordinador, f"/plantillas/{hechas[0]}/recuperar").status_code == 302
    assert [p.nombre for p in vigentes(web)] == ["Aviso 0", "ÍNTEGRA"]


def test_only_who_coordinates_keeps_the_templates(web: WebKit) -> None:
    assert web.browser("asesor").get("/plantillas").status_code == 403
    assert 'href="/plantillas"' in web.browser("coordinador").get("/ir-a").text


@pytest.mark.parametrize(
    ("cambio", "frase"),
    [
        (
            {"texto": "{nombre}, su deuda es {deuda} pesos hoy."},
            "«{deuda}» no se puede llenar. Se llenan: {nombre}, {radicado}, {punto}, {obligacion},",
        ),
        ({"texto": "Una llave suelta } al final del texto."}, "Hay una llave { o } sin su pareja."),
        ({"texto": "Corta"}, "Escriba entre 20 y 2000 caracteres"),
        (
            {"tema": "Springfield"},
            "«Springfield» no está en la lista. Escriba una parte del nombre y elija una opción",
        ),
        ({"nombre": "\x07"}, "Escriba un nombre corto"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_and_what_was_typed_stays(
    web: WebKit, cambio: dict[str, str], frase: str
) -> None:
    respuesta = enviar(web.browser("coordinador"), "/plantillas", **{**NUEVA, **cambio})
    assert respuesta.status_code == 422
    assert frase in respuesta.text
    assert ({**NUEVA, **cambio})[
        "tema"
    ] in respuesta.text or "Crédito › Paz y salvo" in respuesta.text
    assert vigentes(web) == []


def test_two_templates_of_a_theme_do_not_share_a_name_and_who_is_second_is_told(
    web: WebKit,
) -> None:
    coordinador = web.browser("coordinador")
    enviar(coordinador, "/plantillas", **NUEVA)
    assert (
        "Ese tema ya tiene una plantilla con este nombre."
        in enviar(coordinador, "/plantillas", **NUEVA).text
    )
    (una,) = vigentes(web)
    with web.session() as s:
        plantillas.retirar(s, una.id, now=NOW)
        with pytest.raises(DatoInvalido, match="Otra persona ya cambió"):
            plantillas.cambiar(
                s, una.id, NuevaPlantilla("S02", "Otra", TEXTO), Acto("coordinador", NOW)
            )


def test_what_is_not_known_stays_visible_between_braces() -> None:
    assert plantillas.rellenar(TEXTO, {"nombre": "Luz", "radicado": ""}).startswith("Luz, su paz")
    assert "{radicado}" in plantillas.rellenar(TEXTO, {"nombre": "Luz", "radicado": ""})
