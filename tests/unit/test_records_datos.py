"""One way to read inputs: process variables and form values, with their types."""

import datetime as dt

import pytest

from records.base import datos
from records.base.errores import DatoInesperado, Rechazo


@pytest.mark.parametrize("valor", [None, "12", True, 1.5])
def test_an_integer_that_is_none_is_refused_and_never_guessed(valor: object) -> None:
    with pytest.raises(DatoInesperado, match="caso_id"):
        datos.entero({"caso_id": valor}, "caso_id")


def test_what_is_refused_is_told_to_a_person_and_is_a_type_error_for_an_incident() -> None:
    with pytest.raises(DatoInesperado) as error:
        datos.entero({}, "caso_id")
    assert isinstance(error.value, Rechazo)
    assert isinstance(error.value, TypeError)


@pytest.mark.parametrize(("valor", "leido"), [(None, None), (0, None), ("", None), (7, 7)])
def test_an_optional_integer_is_none_where_there_is_none(valor: object, leido: int | None) -> None:
    assert datos.opcional({"id": valor}, "id") == leido


def test_a_text_that_is_missing_is_empty_and_a_number_is_no_text() -> None:
    assert (
        datos.texto({}, "motivo"),
        datos.texto({"motivo": None}, "motivo"),
        datos.texto({"motivo": "sí"}, "motivo"),
    ) == ("", "", "sí")
    with pytest.raises(DatoInesperado):
        datos.texto({"motivo": 3}, "motivo")


def test_days_and_instants_are_iso_texts() -> None:
    leidos = {"dia": "2026-11-24", "hora": "2026-11-24T15:00:00+00:00"}
    assert datos.fecha(leidos, "dia") == dt.date(2026, 11, 24)
    assert datos.instante(leidos, "hora") == dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
    assert (datos.fecha({}, "dia"), datos.instante({}, "hora")) == (None, None)
    assert (
        datos.iso(dt.datetime(2026, 11, 24, 10, tzinfo=dt.timezone(dt.timedelta(hours=-5))))
        == "2026-11-24T15:00:00+00:00"
    )


def test_a_yes_or_no_that_was_not_given_is_refused_unless_it_need_not_be_asked() -> None:
    assert datos.si_no({"resoluble": False}, "resoluble") is False
    for valor in (None, "sí", 1):
        with pytest.raises(DatoInesperado):
            datos.si_no({"resoluble": valor}, "resoluble")
    assert (datos.marcado({}, "vuelve_hoy"), datos.marcado({"vuelve_hoy": True}, "vuelve_hoy")) == (
        False,
        True,
    )


def test_several_values_are_a_list() -> None:
    assert (datos.lista({}, "medios"), datos.lista({"medios": ["web"]}, "medios")) == ([], ["web"])
    with pytest.raises(DatoInesperado):
        datos.lista({"medios": "web"}, "medios")
