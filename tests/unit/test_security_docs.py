"""What documents say of keys, data, logins, ways in and permissions is what the program has."""

import datetime as dt
import re
from pathlib import Path

import pytest

from engine.store.tables import Base as EngineBase
from records.tables import Base
from tools import asvs
from tools import permissions
from webforms import cupos
from webforms.acceso import recuperar
from webforms.base.sesiones import JORNADA
from webforms.permisos import PERMISOS
from webforms.permisos import PUBLICO
from webforms.publico import tramites
from webforms.web import SESION

#: Hold addresses and paths; VENTANILLA_CONFIG may hold any setting.
NO_SECRETS = {"BASE_URL", "VENTANILLA_CONFIG", "COBOL_CONFIG", "FOXPRO_CONFIG"}
DOCS = Path(__file__).resolve().parents[2] / "docs"


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(name: str, title: str) -> str:
    return text(name).split(f"## {title}\n")[1].split("\n## ")[0]


def test_every_setting_that_holds_a_secret_stands_in_the_inventory_of_keys() -> None:
    named = [line.split("|")[1] for line in text("configuration.md").splitlines() if line.startswith("| `")]
    settings = re.findall(r"`([A-Z][A-Z0-9_]+)`", "".join(named))
    secret = {s for s in settings if re.search(r"SECRET|PASSWORD|_CONFIG$|EVIDENCE_KEY$|_URL$", s)} - NO_SECRETS
    assert {"SECRET_KEY", "SMTP_PASSWORD", "DOCUMENTS_S3_SECRET", "CRM_CONFIG", "DATABASE_URL"} <= secret
    listed = set(re.findall(r"^\| `([A-Z0-9_]+)`", text("keys.md"), re.MULTILINE))
    assert secret - listed == set()


def test_every_table_is_of_one_class() -> None:
    """Ley 1581/2012: whoever adds a table says how sensitive it is."""
    classes = re.findall(r"^\| (?:sensitive|private|internal|public) \| (`.*`) \|$", text("data.md"), re.MULTILINE)
    assert len(classes) == 4
    named = [table for each in classes for table in re.findall(r"`(\w+)`", each)]
    assert sorted(named) == sorted(Base.metadata.tables)
    of_the_engine = text("data.md").split("Of the engine:")[1]
    assert sorted(re.findall(r"`(\w+)`", of_the_engine)) == sorted(EngineBase.metadata.tables)


def test_how_long_a_login_lasts_is_what_the_document_says() -> None:
    said = section("access.md", "Logins")
    assert (dt.timedelta(minutes=30), dt.timedelta(hours=12)) == (SESION, JORNADA)
    assert "after 30 minutes without use and, however much it is used, after 12 hours" in said
    assert "is not limited" in said


def test_every_way_in_is_listed() -> None:
    named = set(re.findall(r"`(\w+(?:\.\w+)?)`", section("access.md", "Ways in")))
    assert named == {view for view, who in PERMISOS.items() if who is PUBLICO}


def test_the_permissions_are_those_of_the_program() -> None:
    assert permissions.PAGE.read_text("utf-8") == permissions.page()


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (cupos.CON_ARCHIVOS, "200 an hour"),
        *((each, "120 in ten minutes") for each in cupos.DE_EQUIPOS.values()),
        *((each, "240 a minute") for each in cupos.BORRADORES.values()),
        (recuperar.A_UNA_CUENTA, "3; 20 an hour"),
        (recuperar.DE_UNA_DIRECCION, "3; 20 an hour"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_quotas_are_those_of_the_decision(limit: cupos.Cupo, said: str) -> None:
    windows = {"an hour": dt.timedelta(hours=1), "in ten minutes": dt.timedelta(minutes=10), "a minute": dt.timedelta(minutes=1)}
    assert said in text("decisions/brakes.md")
    window = next(w for words, w in windows.items() if said.endswith(words))
    assert limit.ventana == window
    assert str(limit.cuantas) in re.findall(r"\d+", said)


def test_what_strangers_send_is_bounded_as_the_decision_says() -> None:
    assert {each.cuantas for each in cupos.DE_EXTRANOS.values()} == {60, 120}
    assert {each.ventana for each in cupos.DE_EXTRANOS.values()} == {dt.timedelta(hours=1)}
    assert "60 to 120 an hour" in text("decisions/brakes.md")
    assert f"| requests online | the address | {tramites.DE_UNA_DIRECCION} an hour |" in text("decisions/brakes.md")


def test_every_test_that_the_threat_model_names_exists() -> None:
    rooms = {"W": "tests/integration/webforms", "I": "tests/integration", "U": "tests/unit"}
    named = re.findall(r"`([WIU])/([\w/]+\.py)(?:::(\w+))?`", text("threats.md"))
    assert len(named) > 20
    for room, file, name in named:
        there = asvs.functions(f"{rooms[room]}/{file}")
        assert name in there if name else there, (room, file, name)
