"""The form in which records are hashed stays as it is: hashes that were kept years ago are compared
with it."""

import datetime as dt

import pytest

from records.base.reglas.huellas import canonico, sha256


def test_the_form_is_pinned_to_the_byte() -> None:
    bogota = dt.timezone(dt.timedelta(hours=-5))
    valores = {
        "ñ": "Cúcuta",
        "b": [1, None, True, "9.5"],
        "a": dt.datetime(2026, 11, 30, 7, 0, tzinfo=bogota),
    }
    dicho = canonico(valores)
    assert (
        dicho == '{"a":"2026-11-30T12:00:00+00:00","b":[1,null,true,"9.5"],"ñ":"Cúcuta"}'.encode()
    )
    assert canonico(dict(reversed(valores.items()))) == dicho
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_json_does_not_know_is_refused_not_guessed() -> None:
    with pytest.raises(TypeError):
        canonico({"a": dt.date(2026, 11, 30)})
