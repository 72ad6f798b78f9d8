"""A scenario is read with all that is wrong with it at once."""

import datetime as dt

import pytest

from records.paquetes.reglas import escenarios
from records.paquetes.reglas.escenarios import con_ahora, leer
from records.paquetes.reglas.paquete import Falta

BIEN = """nombre = "Se otorga"
proceso = "permiso"
[inicio]
dia = 2026-12-01
[[paso]]
hace = "revisar"
datos = { cumple = true }
[[paso]]
pasa = { dias = 2, minutos = 5 }
[espera]
camino = ["revisar"]
"""


def test_a_scenario_is_read() -> None:
    leido, faltas = leer("p/escenarios/a.toml", BIEN.encode())
    assert faltas == []
    assert leido is not None
    assert (leido.nombre, leido.proceso, leido.inicio) == (
        "Se otorga",
        "permiso",
        {"dia": "2026-12-01"},
    )
    assert [paso.pasa for paso in leido.pasos] == [None, dt.timedelta(days=2, minutes=5)]
    assert (leido.espera.camino, leido.espera.abiertas, leido.espera.termina) == (
        ("revisar",),
        None,
        None,
    )


@pytest.mark.parametrize(
    ("texto", "falta"),
    [
        ("nombre = ", Falta("", "escenario_ilegible")),
        ("nombre = " + "9" * 5_000, Falta("", "escenario_ilegible")),
        ('proceso = "p"', Falta("nombre", "vacio")),
        ("nombre = 3\nproceso = 'p'", Falta("nombre", "no_es_texto")),
        (f"{BIEN}otra = 1", Falta("espera.otra", "desconocido")),
        (BIEN.replace('hace = "revisar"', ""), Falta("paso 1", "paso")),
        (BIEN.replace('hace = "revisar"', 'hace = "a"\nllega = "b"'), Falta("paso 1", "paso")),
        (BIEN.replace("dias = 2", "dias = 99999"), Falta("paso 2.pasa", "lapso")),
        (BIEN.replace("dias = 2", "dias = true"), Falta("paso 2.pasa", "lapso")),
        (BIEN.replace("dias = 2", "siglos = 2"), Falta("paso 2.pasa", "lapso")),
        (
            BIEN.replace("datos = { cumple = true }", "datos = 3"),
            Falta("paso 1.datos", "no_es_tabla"),
        ),
        (BIEN.replace('camino = ["revisar"]', "camino = 3"), Falta("espera.camino", "no_es_lista")),
        (f"{BIEN}termina = 'si'", Falta("espera.termina", "no_es_verdad")),
        (f"empieza = 2026-11-24T08:00:00\n{BIEN}", Falta("empieza", "no_es_instante")),
        (f"empieza = 9999-12-31T23:59:59-05:00\n{BIEN}", Falta("empieza", "no_es_instante")),
        (f"paso = 3\n{BIEN.replace('[[paso]]', '[[otro]]')}", Falta("paso", "no_son_filas")),
        (f'{BIEN}[sistemas]\n"a.b" = 3', Falta("sistemas.a.b", "sistema")),
    ],
)
def test_what_is_wrong_is_said_where_it_is(texto: str, falta: Falta) -> None:
    leido, faltas = leer("p/escenarios/a.toml", texto.encode())
    assert leido is None
    assert (falta.donde, falta.que) in [(f.donde, f.que) for f in faltas]


def test_too_many_steps_are_refused() -> None:
    texto = 'nombre = "a"\nproceso = "p"\n' + '[[paso]]\nhace = "a"\n' * (escenarios.MAX_PASOS + 1)
    assert leer("p/escenarios/a.toml", texto.encode())[1] == [
        Falta("paso", "muchas", str(escenarios.MAX_PASOS))
    ]


@pytest.mark.parametrize(
    ("dicho", "es"), [("ahora", "13:00:00"), ("ahora+2h", "15:00:00"), ("ahora+90m", "14:30:00")]
)
def test_a_moment_is_said_from_now(dicho: str, es: str) -> None:
    assert con_ahora(dicho, escenarios.EMPIEZA) == f"2026-11-24T{es}+00:00"


@pytest.mark.parametrize("dicho", ["ahora mismo", "ahora+2", "ahora+2x", 3, None, ["ahora"]])
def test_anything_else_is_what_it_is(dicho: object) -> None:
    assert con_ahora(dicho, escenarios.EMPIEZA) == dicho
