"""Days in a row, as each language writes them."""

import datetime as dt

from common.language import speaking
from common.locales import days
from records.auditorias.muestras import semana_auditada, semana_de


def test_an_audit_is_called_by_the_week_before_the_one_in_which_it_is_made() -> None:
    assert semana_auditada("2026-W49") == (dt.date(2026, 11, 23), dt.date(2026, 11, 29))
    for dia in (dt.date(2027, 1, 4), dt.date(2026, 12, 31)):
        lunes, domingo = semana_auditada(semana_de(dia))
        assert lunes.weekday() == 0
        assert (domingo - lunes).days == 6
        assert 1 <= (dia - domingo).days <= 7


def test_days_in_a_row_are_written_without_what_nobody_types() -> None:
    lunes, domingo = semana_auditada("2026-W50")
    assert days(lunes, domingo) == "30 de noviembre – 6 de diciembre de 2026"
    with speaking("en"):
        assert days(lunes, domingo) == "Nov 30 – Dec 6, 2026"
