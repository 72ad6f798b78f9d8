"""Colombian formats, masks and due dates in words: pure functions."""

import datetime as dt

import pytest

from records.plazos.reglas.calendario import BOGOTA
from tests.kit.clock import NOW
from webforms.base import formatos as f
from webforms.campos.fechas import dia_escrito, hora_escrita
from webforms.documentos import archivos
from webforms.plazos.vencimientos import vencimiento
from webforms.tareas import envios

MARTES = NOW.astimezone(BOGOTA)  # 09:00


def test_dates_say_the_week_day_and_the_year_only_when_it_is_another() -> None:
    assert f.fecha(dt.date(2026, 11, 25), dt.date(2026, 1, 1)) == "mié 25 nov"
    assert f.fecha("2027-01-04", dt.date(2026, 11, 24)) == "lun 4 ene 2027"
    assert f.fecha_larga("2026-11-25") == "miércoles 25 de noviembre de 2026"
    assert f.fecha(None) == f.fecha_larga("") == f.hora(None) == ""


def test_an_instant_is_shown_in_bogota_whatever_its_zone() -> None:
    tarde = "2026-11-25T03:30:00+00:00"
    assert f.momento(tarde, dt.date(2026, 11, 24)) == "hoy, 22:30"
    assert f.momento(tarde, dt.date(2026, 11, 26)) == "mar 24 nov, 22:30"
    assert [f.el_momento(tarde, dt.date(2026, 11, dia)) for dia in (24, 26)] == [
        "hoy, 22:30",
        "el mar 24 nov, 22:30",
    ]
    assert f.el_momento(None, dt.date(2026, 11, 24)) == ""


@pytest.mark.parametrize(
    ("valor", "texto"), [(1_284_500, "$ 1.284.500"), (0, "$ 0"), (-5_000, "-$ 5.000"), (None, "")]
)
def test_money(valor: float | None, texto: str) -> None:
    assert f.dinero(valor) == texto


@pytest.mark.parametrize(
    ("valor", "texto"),
    [
        (0, "0 B"),
        (99, "99 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (339_700, "340 kB"),
        (1_100_000, "1,1 MB"),
    ],
)
def test_sizes_of_files(valor: int, texto: str) -> None:
    assert f.tamano(valor) == texto


def test_numbers_shares_and_spans() -> None:
    assert f.numero(1012) == "1.012"
    assert f.numero(0.6, 1) == "0,6"
    assert f.porcentaje(0.84) == "84 %"
    dichas = ["40 s", "14 min", "6 h 8 min", "1 h", "4.347 h", "4.346 h 52 min", "10 min"]
    assert [
        f.duracion(s) for s in (40, 840, 22_080, 3_600, 4_347 * 3_600, 4_347 * 3_600 - 480, 593.4)
    ] == dichas


@pytest.mark.parametrize("num", ["123456", "123456821", "1234567821", "AB12345"])
def test_a_masked_document_shows_at_most_three_characters(num: str) -> None:
    cubierto = f.documento("CC", num)
    assert cubierto.startswith("CC ")
    assert sum(c not in "• " for c in cubierto.removeprefix("CC ")) <= 3
    assert cubierto.removeprefix("CC ").replace(" ", "").endswith(num[-1])


def test_a_document_of_two_characters_shows_none() -> None:
    assert f.documento("CC", "12") == "CC ••"


def test_masks_look_as_designed() -> None:
    assert f.documento("CC", "123456821") == "CC •• ••• •821"
    assert f.telefono("3001237719") == "3•• ••• 7719"
    assert f.correo("luz.marina@correo.com") == "l••••••@correo.com"
    assert "Calle" not in f.texto_cubierto("Calle 1 # 2-3")


@pytest.mark.parametrize(
    ("limite", "estado", "frase"),
    [
        (
            dt.datetime(2026, 11, 23, 23, 59, 59, tzinfo=BOGOTA),
            "vencida",
            "Venció hace 1 día hábil",
        ),
        (
            dt.datetime(2026, 11, 20, 23, 59, 59, tzinfo=BOGOTA),
            "vencida",
            "Venció hace 2 días hábiles",
        ),
        (
            dt.datetime(2026, 11, 13, 23, 59, 59, tzinfo=BOGOTA),
            "vencida",
            "Venció hace 6 días hábiles",
        ),
        (dt.datetime(2026, 11, 24, 8, 0, tzinfo=BOGOTA), "vencida", "Venció hoy"),
        (dt.datetime(2026, 11, 24, 17, 0, tzinfo=BOGOTA), "por-vencer", "Vence hoy a las 17:00"),
        (dt.datetime(2026, 11, 24, 23, 59, 59, tzinfo=BOGOTA), "por-vencer", "Vence hoy"),
        (dt.datetime(2026, 11, 25, 23, 59, 59, tzinfo=BOGOTA), "por-vencer", "Queda 1 día hábil"),
        (
            dt.datetime(2026, 12, 9, 23, 59, 59, tzinfo=BOGOTA),
            "tranquila",
            "Quedan 10 días hábiles",
        ),
    ],
)
def test_a_due_date_says_how_urgent_it_is(limite: dt.datetime, estado: str, frase: str) -> None:
    """Tuesday 8 December is a holiday: ten business days, not eleven."""
    v = vencimiento(limite, MARTES)
    assert v is not None
    assert (v.estado, v.frase) == (estado, frase)


def test_on_a_friday_the_next_business_day_is_the_monday_and_a_free_day_is_named() -> None:
    viernes = dt.datetime(2026, 11, 27, 15, tzinfo=BOGOTA)
    for dias, frase in ((3, "Queda 1 día hábil"), (2, "Vence el dom 29 nov")):
        v = vencimiento(viernes + dt.timedelta(days=dias), viernes)
        assert v is not None
        assert (v.estado, v.frase) == ("por-vencer", frase)


@pytest.mark.parametrize(
    ("dia", "dicho"), [(24, "hoy"), (23, "hace 1 día hábil"), (19, "hace 3 días hábiles")]
)
def test_the_age_of_what_has_a_term_is_told_in_its_unit(dia: int, dicho: str) -> None:
    assert f.hace_habiles(dt.datetime(2026, 11, dia, 8, tzinfo=BOGOTA), MARTES.date()) == dicho


def test_what_passed_the_legal_term_is_critical_even_when_its_own_date_is_not_over() -> None:
    v = vencimiento(
        MARTES + dt.timedelta(days=1), MARTES, termino_legal=MARTES - dt.timedelta(days=1)
    )
    assert v is not None
    assert (v.estado, v.frase) == ("critica", "Pasó el término legal")
    assert vencimiento(None, MARTES) is None


@pytest.mark.parametrize(
    ("nombre", "limpio"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\mis cosas\\recibo.pdf", "recibo.pdf"),
        ("mal\x00<o>.exe", "malo.exe.pdf"),
        ("...", "archivo.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
    ],
)
def test_a_file_name_is_only_a_name(nombre: str, limpio: str) -> None:
    assert archivos.nombre_limpio(nombre, "application/pdf") == limpio


@pytest.mark.parametrize("escrito", ["2026-02-31", "2026-13-01T10:00:00+00:00", "0000-00-00"])
def test_what_somebody_typed_like_a_date_that_is_none_stays_as_typed(escrito: str) -> None:
    assert envios.texto_de(escrito) == escrito


@pytest.mark.parametrize(
    "escrito",
    ["14/10/2026", "14-10-2026", "14.10.2026", " 14 10 2026 ", "2026-10-14", "14 / 10 / 2026"],
)
def test_a_day_is_read_as_people_write_it(escrito: str) -> None:
    assert dia_escrito(escrito) == dt.date(2026, 10, 14)


@pytest.mark.parametrize(
    "escrito",
    ["", "14", "31/02/2026", "10/14/2026", "14/10/26", "1/1/9999", "14102026", "١٤/١٠/٢٠٢٦"],
)
def test_what_is_no_day_is_none(escrito: str) -> None:
    assert dia_escrito(escrito) is None


@pytest.mark.parametrize("escrita", ["14:30", "14.30", "2:30 p. m.", "2.30pm", " 02:30 PM "])
def test_a_time_of_day_is_read_as_people_write_it(escrita: str) -> None:
    assert hora_escrita(escrita) == dt.time(14, 30)


@pytest.mark.parametrize(
    "escrita", ["", "14", "24:00", "14:60", "14:30 p. m.", "0:30 a. m.", "mediodía"]
)
def test_what_is_no_time_of_day_is_none(escrita: str) -> None:
    assert hora_escrita(escrita) is None
