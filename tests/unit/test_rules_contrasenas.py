"""Which passwords are refused, and that the reason helps."""

import pytest
from hypothesis import given, strategies as st

from records.cuentas.reglas.contrasenas import MAXIMO, MINIMO, falla

SUYAS = ("marta.hoyos", "Marta Hoyos Peña", "marta.hoyos@entidad.gov.co")


@pytest.mark.parametrize(
    ("clave", "porque"),
    [
        ("corta", "Esta tiene 5"),
        ("x" * (MAXIMO + 1), "máximo"),
        ("aaaaaaaaaaaaaaaaaaaa", "Repite"),
        ("gatogatogatogato", "Repite"),
        ("GatoGATO gatogato", "Repite"),
        ("qwertyuiopasdfgh", "teclado"),
        ("1234567890123456", "teclado"),
        ("zyxwvutsrqponmlk", "teclado"),
        ("martahoyos2026.!", "nombre"),
        ("Ventanilla 2026 !", "nombre"),
        ("Contraseña 123456", "nombre"),
    ],
)
def test_what_everybody_tries_first_is_refused_with_a_reason(clave: str, porque: str) -> None:
    assert porque in falla(clave, *SUYAS)


@pytest.mark.parametrize(
    "clave",
    [
        "lámpara verde tres panes",
        "k3$9zPq-71mWvR0x",
        "pulir el reloj de la torre",
        "🐘 siete ríos muy largos",
    ],
)
def test_a_phrase_and_a_made_one_do(clave: str) -> None:
    assert falla(clave, *SUYAS) == ""


@given(st.text(max_size=MAXIMO + 30))
def test_whatever_is_typed_is_answered(clave: str) -> None:
    dicha = falla(clave, *SUYAS)
    assert dicha or MINIMO <= len(clave) <= MAXIMO
