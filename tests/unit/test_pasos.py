"""The steps that the console shows: those of the route of the visit (5.2.3, 5.2.4)."""

import pytest

from engine.reads.instances import Mark
from engine.states import MarkState
from engine.types import Data
from tests.kit.clock import NOW
from webforms.visita import pasos

PERSONAL = ["2", "3", "4", "6", "7", "8", "9", "10", "12"]


def hechos(*elementos: str) -> dict[str, Mark]:
    return {e: Mark(e, MarkState.DONE, 1, NOW, "asesor") for e in elementos}


def numeros(datos: Data, aqui: str, *hechas: str) -> list[str]:
    return [numero for numero, _palabra, _estado in pasos.barra(datos, hechos(*hechas), aqui)]


@pytest.mark.parametrize(
    ("datos", "aqui", "esperados"),
    [
        ({"motivo_visita": "servicio_adquirido"}, "act_5_2_2", PERSONAL),
        ({"ruta": "personalizada", "titularidad": "verificada"}, "act_5_2_10", PERSONAL),
        (
            {"ruta": "personalizada", "titularidad": "cliente_potencial"},
            "act_5_2_7",
            ["2", "3", "4", "7", "8", "10", "12"],
        ),
        (
            {"ruta": "personalizada", "titularidad": "no_titular"},
            "act_5_2_5",
            ["2", "3", "4", "5", "6", "7", "8", "9", "10", "12"],
        ),
        (
            {"ruta": "personalizada"},
            "act_5_2_14",
            ["2", "3", "4", "6", "7", "8", "9", "10", "14", "12"],
        ),
        ({"motivo_visita": "informacion_general"}, "act_5_2_3", ["2", "3", "19", "20", "21", "12"]),
        (
            {"ruta": "sala", "motivo_visita": "estudios_exterior"},
            "act_5_2_20",
            ["2", "3", "19", "20", "22", "12"],
        ),
        (
            {"ruta": "sala", "motivo_visita": "estudios_exterior"},
            "act_5_2_21",
            ["2", "3", "19", "20", "21", "22", "12"],
        ),
        # the adviser chose another route than the ticket says
        ({"ruta": "personalizada", "motivo_visita": "informacion_general"}, "act_5_2_4", PERSONAL),
    ],
)
def test_each_route_has_steps_of_its_own(datos: Data, aqui: str, esperados: list[str]) -> None:
    assert numeros(datos, aqui) == esperados


def test_a_filing_has_no_steps_of_a_case() -> None:
    vistos = numeros({"motivo_visita": "radicar_documentos"}, "act_5_2_3")
    assert vistos[:2] == ["2", "3"]
    assert not {"8", "9", "10"} & set(vistos)


def test_a_manual_query_stands_for_the_systems_and_what_was_done_is_marked() -> None:
    barra = pasos.barra(
        {"ruta": "personalizada"}, hechos("act_5_2_2", "act_5_2_3"), "us_consulta_manual"
    )
    assert [(numero, estado) for numero, _p, estado in barra if estado] == [
        ("2", "hecho"),
        ("3", "hecho"),
        ("9", "actual"),
    ]


def test_what_follows_is_of_the_same_route() -> None:
    assert pasos.siguientes({"ruta": "personalizada"}, {}, "act_5_2_10") == [
        "act_5_2_11",
        "act_5_2_12",
    ]
    assert pasos.siguientes(
        {"ruta": "sala", "motivo_visita": "informacion_general"}, {}, "act_5_2_20"
    ) == ["act_5_2_21", "act_5_2_12"]
    assert pasos.siguientes({"titularidad": "cliente_potencial"}, {}, "act_5_2_8") == [
        "act_5_2_10",
        "act_5_2_11",
        "act_5_2_12",
    ]
    assert pasos.siguientes({}, {}, "us_fila_manual") == []
