"""What rules and refusals say, in both languages; what is kept, in that of the agency."""

import datetime as dt
from collections.abc import Callable

import pytest

from common import language
from common.language import SPANISH, said, speaking
from engine.types import Occurrence, ScheduleRule
from records.base.errores import DatoInesperado, Rechazo, TurnoAbierto
from records.casos.reglas import estados
from records.cuentas.reglas import contrasenas
from records.plazos.reglas import plazos
from records.plazos.reglas.calendario import explicar
from records.visita.reglas.turnos import EnEspera, explicados
from tests.kit.clock import NOW
from webforms.base.catalogos import catalogo
from webforms.paquetes import programacion_palabras
from webforms.plazos import terminos
from webforms.plazos.vencimientos import frase_del_plazo


@pytest.fixture(autouse=True)
def _voice() -> None:
    language.lend(lambda: SPANISH, catalogo)


def _extend(**more: bool) -> None:
    plazos.prorrogar(
        plazos.TerminoEnCurso(NOW, 15, **more), 20, motivo="Falta el concepto", now=NOW
    )


@pytest.mark.parametrize(
    ("do", "spanish", "english"),
    [
        (_extend, "La prórroga es de 1 a 15 días hábiles: el total no pasa del doble del término inicial.",
         "The extension is of 1 to 15 business days: the total is at most double the first term."),
        (lambda: _extend(prorrogado=True), "El término ya se prorrogó una vez.", "The term was extended once already."),
        (lambda: estados.comprobar(estados.CERRADO, estados.ESCALADO), "El caso no pasa de «Cerrado» a «Escalado».",
         "The case does not go from “Closed” to “Escalated”."),
    ],
)  # fmt: skip
def test_a_refusal_is_in_the_language_of_who_reads_it(
    do: Callable[[], None], spanish: str, english: str
) -> None:
    for code, expected in (("es", spanish), ("en", english), ("xx", spanish)):
        with speaking(code), pytest.raises(Rechazo) as refused:
            do()
        with speaking(code):
            assert str(refused.value) == expected


def test_one_refusal_is_read_by_people_of_two_languages() -> None:
    refused, unexpected = TurnoAbierto(), DatoInesperado("area_id", 100.5)
    with speaking("en"):
        assert str(refused) == "That ID has an open turn today already."
        assert "100.5" in str(unexpected)
    assert str(refused) == "Ese documento ya tiene un turno abierto hoy."
    assert str(unexpected) == "Falta area_id, o no es lo que se esperaba: 100.5."


def test_what_is_kept_is_in_the_language_of_the_agency() -> None:
    term = explicar(NOW, 10)
    with speaking("en"):
        with speaking(SPANISH):
            assert (said("hoy"), str(TurnoAbierto())) == (
                "hoy",
                "Ese documento ya tiene un turno abierto hoy.",
            )
        assert said("hoy") == "today"
        assert (
            term.datos()["frase"]
            == "10 días hábiles desde el mar 24 nov; el mar 8 dic es festivo: vence el mié 9 dic"
        )


def test_a_term_explains_itself_in_both() -> None:
    term = explicar(NOW, 10)
    for told in (term, term.datos()):
        assert terminos.cuenta(told) == term.frase
        with speaking("en"):
            assert (
                terminos.cuenta(told)
                == "10 business days since Tue 24 Nov; Tue 8 Dec is a holiday: due on Wed 9 Dec"
            )
    with speaking("en"):
        assert terminos.saltados(explicar(NOW, 2)) == ""
        assert frase_del_plazo(NOW + dt.timedelta(days=1), NOW) == "1 business day left"
        assert frase_del_plazo(NOW - dt.timedelta(days=7), NOW) == "Overdue for 5 business days"


def test_a_calendar_rule_says_when_in_both() -> None:
    monthly = ScheduleRule(
        each="month", at=dt.time(7), business_day=-1, months=(1, 6), shift="next"
    )
    moved = Occurrence(
        at=NOW,
        moved_from=dt.date(2026, 12, 8),
        holidays=((dt.date(2026, 12, 8), "La Inmaculada Concepción"),),
    )
    assert programacion_palabras.regla(monthly) == (
        "el último día hábil de enero y junio a las 7:00; si no es hábil, el día hábil siguiente"
    )
    with speaking("en"):
        assert programacion_palabras.regla(monthly) == (
            "on the last business day of January and June at 7:00; if it is not a business day, the next business day"
        )
        assert programacion_palabras.porque(moved) == (
            "it moves from Tue 8 Dec: Tue 8 Dec is a public holiday (La Inmaculada Concepción)"
        )


def test_the_place_in_the_queue_is_said_and_the_reason_of_a_call_is_kept() -> None:
    first, hurry = (
        EnEspera(n, ficha, NOW - dt.timedelta(minutes=m), peso=p)
        for n, ficha, m, p in ((1, "A001", 9, 0), (2, "A002", 5, 2))
    )
    with speaking("en"):
        [chosen, _rest] = explicados([first, hurry], NOW)
    assert chosen.lugar == "For their reason and their wait: goes before A001"
    assert chosen.razon == "Pasa antes que A001: más peso por motivo y espera. Espera 5 min."


def test_a_password_is_refused_in_both() -> None:
    assert contrasenas.falla("corta").startswith("Escriba 15 letras o más")
    with speaking("en"):
        assert (
            contrasenas.falla("corta")
            == "Write 15 characters or more: it can be a phrase with spaces. This one has 5."
        )
