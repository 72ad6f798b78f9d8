"""An agency elsewhere: its hour and its holidays hold in terms, pages, logins and the calendar;
Colombia's where nothing is said."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app import BadSetting, Config
from records.base.actos import Acto
from records.cuentas.ausencias import NuevaAusencia, registrar_ausencia, sustituye_a
from records.plazos.reglas import calendario as cal
from tests.kit import web as web_kit
from tests.kit.people import enviar, subir, visto
from tests.kit.web import WebKit, followed
from webforms.base import formatos
from webforms.operacion import instalacion

MADRID, MEXICO = ZoneInfo("Europe/Madrid"), ZoneInfo("America/Mexico_City")


@pytest.fixture(autouse=True)
def como_antes() -> Iterator[None]:
    yield
    cal.situar()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[WebKit]:
    cal.situar(MADRID, "ES-MD")
    kit = web_kit.build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    yield kit
    kit.engine.db.dispose()


def test_a_term_ends_with_the_last_day_there_and_passes_over_the_holidays_there() -> None:
    # Friday evening in Mexico and Colombia, Saturday in Madrid
    recibido = dt.datetime(2026, 12, 5, 4, 30, tzinfo=dt.UTC)
    assert cal.vencimiento(recibido, 2) == dt.datetime(
        2026, 12, 9, 23, 59, 59, tzinfo=cal.BOGOTA
    ), "the 8th is a holiday"
    cal.situar(MEXICO, "MX")
    assert cal.vencimiento(recibido, 2) == dt.datetime(2026, 12, 8, 23, 59, 59, tzinfo=MEXICO)
    cal.situar(MADRID, "ES-MD")
    assert cal.vencimiento(recibido, 2) == dt.datetime(2026, 12, 10, 23, 59, 59, tzinfo=MADRID), (
        "the 7th, too: the 6th is a Sunday"
    )
    assert cal.festivos(2026)[dt.date(2026, 5, 2)] == "Fiesta de la Comunidad de Madrid"
    cal.situar(MADRID, "ES")
    assert dt.date(2026, 5, 2) not in cal.festivos(2026)
    with pytest.raises(ValueError, match="ES-XX"):
        cal.situar(MADRID, "ES-XX")


@pytest.mark.parametrize(
    ("dia", "desfase"),
    [(dt.date(2026, 3, 28), 1), (dt.date(2026, 3, 30), 2), (dt.date(2026, 10, 26), 1)],
)
def test_the_hour_moves_with_the_summer_and_a_part_of_a_term_stays_within_office_hours(
    dia: dt.date, desfase: int
) -> None:
    cal.situar(MADRID, "ES")
    manana = cal.instante(dia, dt.time(9))
    assert manana == dt.datetime.combine(dia, dt.time(9 - desfase), dt.UTC)
    assert manana.astimezone(cal.ZONA).isoformat() == f"{dia}T09:00:00+0{desfase}:00"
    assert cal.dia_local(cal.fin_del_dia(dia)) == dia
    assert cal.fraccion(dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC), 5, 0.5).astimezone(
        MADRID
    ) == dt.datetime(2026, 4, 1, 12, 30, tzinfo=MADRID)
    assert formatos.hora(manana) == "09:00"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    cal.situar(MADRID, "ES")
    veces = [dt.datetime(2026, 10, 25, h, 30, tzinfo=dt.UTC) for h in (0, 1)]
    locales = [v.astimezone(cal.ZONA) for v in veces]
    assert [(v.hour, v.utcoffset()) for v in locales] == [
        (2, dt.timedelta(hours=2)),
        (2, dt.timedelta(hours=1)),
    ]
    assert [v.astimezone(dt.UTC) for v in locales] == veces


def test_pages_show_the_hour_and_the_holidays_there(web: WebKit) -> None:
    admin = web.browser("admin")
    calendario = followed(
        html.unescape(admin.get("/calendario?mes=2026-12&desde=04/12/2026&dias=2").text)
    )
    assert "Inmaculada Concepción" in calendario
    assert "Natividad del Señor" in calendario
    assert "vence el jue 10 dic" in calendario
    assert 'value="Europe/Madrid"' in admin.get("/entidad/puntos/nuevo").text
    with web.session() as s:
        hoy = cal.dia_local(web.clock.now())
        nueva = NuevaAusencia("funcionaria", "companero", hoy, hoy, "cita", desde_mediodia=True)
        registrar_ausencia(s, nueva, Acto("lider", web.clock.now()))
        s.commit()
        assert sustituye_a(s, "companero", web.clock.now()) == ["funcionaria"], (
            "14:00 UTC is afternoon in Madrid, morning in Bogotá"
        )
        cal.situar()
        assert sustituye_a(s, "companero", web.clock.now()) == []
    cal.situar(MADRID, "ES-MD")
    with web.app.test_request_context():
        visto = instalacion.calendario(web.clock.now())
    assert visto.como == "bien"
    assert visto.dice.startswith("Europe/Madrid, festivos de ES-MD; el próximo, lun 7 dic: ")


def test_the_last_day_of_a_role_is_the_day_that_was_said_also_where_clocks_change(
    web: WebKit,
) -> None:
    """The day on which summer begins has 23 hours, that on which it ends has 25: 24 hours before
    the end of a role is another day."""
    admin = web.browser("admin")
    for usuario, rol, hasta in (
        ("nadie", "jefe_ocm", "28/03/2027"),
        ("lejana", "jefe_ocm", "31/10/2027"),
    ):
        assert enviar(admin, f"/personas/{usuario}/rol", rol=rol, hasta=hasta).status_code == 302
    for usuario, dia in (("nadie", "dom 28 mar 2027"), ("lejana", "dom 31 oct 2027")):
        ficha = visto(admin.get(f"/personas/{usuario}"))
        assert f"Jefe OCM, desde el mar 24 nov 2026, hasta el {dia}" in ficha
        assert f'data-l="Hasta"> {dia}</td>' in ficha
    bajado = admin.get("/personas/exportar.csv")
    assert "jefe_ocm;;;28/03/2027" in bajado.text
    assert "jefe_ocm;;;31/10/2027" in bajado.text
    ensayo = subir(admin, bajado.data)
    assert re.findall(r'<dd class="valor">(\d+)</dd>', visto(ensayo))[:2] == ["0", "0"], (
        "what was exported is as it is"
    )


def test_settings_say_where_the_agency_is_and_refuse_what_is_nowhere(tmp_path: Path) -> None:
    env = {"INSTANCE": str(tmp_path)}
    sin_nada = Config.from_environment(env)
    assert (sin_nada.zona, sin_nada.pais) == (cal.BOGOTA, "CO")
    otra = Config.from_environment({**env, "ZONA": "Europe/Madrid", "PAIS": "ES-MD"})
    assert (otra.zona, otra.pais) == (MADRID, "ES-MD")
    for nombre, mal in (
        ("ZONA", "Bogota"),
        ("ZONA", "../etc/passwd"),
        ("PAIS", "Colombia"),
        ("PAIS", "ES-XX"),
        ("PAIS", "\ud800"),
    ):
        with pytest.raises(BadSetting, match=nombre):
            Config.from_environment({**env, nombre: mal})
