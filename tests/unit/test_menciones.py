"""Whom a note names with "@"."""

import pytest

from records.rules.menciones import leer_menciones

GENTE = {"funcionaria": "Carolina Rincón", "companero": "Jairo Ortiz", "ana": "Ana", "ana.perez": "Ana Pérez"}


@pytest.mark.parametrize(
    ("texto", "queda", "usuarios"),
    [
        ("@funcionaria mire esto", "@Carolina Rincón mire esto", ("funcionaria",)),
        ("Mire, @Carolina Rincón.", "Mire, @Carolina Rincón.", ("funcionaria",)),
        ("@COMPANERO y @jairo ortiz", "@Jairo Ortiz y @Jairo Ortiz", ("companero",)),
        ("@ana.perez, no @ana.", "@Ana Pérez, no @Ana.", ("ana.perez", "ana")),
        ("(@ana)", "(@Ana)", ("ana",)),
        ("escriba a ana@correo.example", "escriba a ana@correo.example", ()),
        ("a las 5 @ 6, @", "a las 5 @ 6, @", ()),
    ],
)
def test_names_and_user_names_are_read_whole_and_written_in_words(texto: str, queda: str, usuarios: tuple[str, ...]) -> None:
    hallado = leer_menciones(texto, GENTE)
    assert (hallado.texto, hallado.usuarios, hallado.desconocidos) == (queda, usuarios, ())


@pytest.mark.parametrize(("texto", "quien"), [("@anabel", "anabel"), ("oiga @pepe.", "pepe"), ("@Jairo", "Jairo"), ("@ana.p", "ana.p")])
def test_who_is_not_among_them_is_told_apart(texto: str, quien: str) -> None:
    assert leer_menciones(texto, GENTE).desconocidos == (quien,)
