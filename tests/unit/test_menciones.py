"""Whom a note names with "@"."""

import pytest

from records.casos.reglas.menciones import leer_menciones

GENTE = {
    "funcionaria": "Carolina Rincón",
    "companero": "Jairo Ortiz",
    "ana": "Ana",
    "ana.perez": "Ana Pérez",
}


@pytest.mark.parametrize(
    ("texto", "queda", "usuarios"),
    [
        ("@funcionaria mire esto", "@Carolina Rincón mire esto", ("funcionaria",)),
        ("Mire, @Carolina Rincón.", "Mire, @Carolina Rincón.", ("funcionaria",)),
        ("@COMPANERO y @jairo ortiz", "@Jairo Ortiz y @Jairo Ortiz", ("companero",)),
        ("@ana.perez, no @ana.", "@Ana Pérez, no @Ana.", ("ana.perez", "ana")),
        ("(@ana)", "(@Ana)", ("ana",)),
        ("@Carolina y @carolina rincon", "@Carolina Rincón y @Carolina Rincón", ("funcionaria",)),
        ("oiga, @Jairo.", "oiga, @Jairo Ortiz.", ("companero",)),
        ("escriba a ana@correo.example", "escriba a ana@correo.example", ()),
        ("a las 5 @ 6, @", "a las 5 @ 6, @", ()),
    ],
)
def test_names_and_user_names_are_read_whole_and_written_in_words(
    texto: str, queda: str, usuarios: tuple[str, ...]
) -> None:
    hallado = leer_menciones(texto, GENTE)
    assert (hallado.texto, hallado.usuarios, hallado.desconocidos) == (queda, usuarios, ())


@pytest.mark.parametrize(
    ("texto", "quien"),
    [("@anabel", "anabel"), ("oiga @pepe.", "pepe"), ("@Jai", "Jai"), ("@ana.p", "ana.p")],
)
def test_who_is_not_among_them_is_told_apart(texto: str, quien: str) -> None:
    assert leer_menciones(texto, GENTE).desconocidos == (quien,)


def test_the_beginning_of_several_names_is_nobody_until_one_is_written() -> None:
    gente = {"u1": "Martha Lucía Gómez", "u2": "Martha Lucía Peña", "u3": "Martha Ruiz"}
    assert leer_menciones("@Martha, mire", gente).dudosos == (("Martha", ("u1", "u2", "u3")),)
    assert leer_menciones("@martha lucia mire", gente).dudosos == (("martha lucia", ("u1", "u2")),)
    assert leer_menciones("@Martha Ruiz y @martha lucia peña", gente).usuarios == ("u3", "u2")
    assert leer_menciones("@Ana Pérez", {"a1": "Ana Pérez", "a2": "Ana Pérez"}).dudosos == (
        ("Ana Pérez", ("a1", "a2")),
    )
