"""What documents say of keys, data, logins, ways in and permissions is what the program has."""

import datetime as dt
import re
from pathlib import Path

import pytest

from engine.model import xml
from engine.store.tables import Base as EngineBase
from records.base.reglas.documentos import TIPOS
from records.base.tablas import todas
from records.cuentas import cifrado
from records.cuentas.personal_csv import MAX_PERSONAS
from records.cuentas.reglas import contrasenas
from records.paquetes.reglas import paquete_zip
from tests.kit.pages import rows
from tests.kit.web import on_routes
from tools import asvs
from webforms import cupos, servidor
from webforms.base.quienes import PUBLICO
from webforms.base.sesiones import JORNADA
from webforms.cuentas import recuperar
from webforms.documentos import contenido, lector
from webforms.publico import tramites
from webforms.publico.consulta import LARGO_NUMERO
from webforms.salas import PERMISOS
from webforms.web import SESION

#: Hold addresses and paths; VENTANILLA_CONFIG may hold any setting.
NO_SECRETS = {
    "BASE_URL",
    "BREACHED_PASSWORDS",
    "VENTANILLA_CONFIG",
    "COBOL_CONFIG",
    "FOXPRO_CONFIG",
}
CUPOS = on_routes("cupo")
DOCS = Path(__file__).resolve().parents[2] / "docs"


def text(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def section(name: str, title: str) -> str:
    head, rest = re.split(rf"^(##+) {title}\n", text(name), flags=re.MULTILINE)[1:3]
    return re.split(rf"^#{{2,{len(head)}}} ", rest, flags=re.MULTILINE)[0]


def test_every_setting_that_holds_a_secret_stands_in_the_inventory_of_keys() -> None:
    named = [row[0] for row in rows(text("configuration.md"))]
    settings = re.findall(r"`([A-Z][A-Z0-9_]+)`", "".join(named))
    secret = {
        s for s in settings if re.search(r"SECRET|PASSWORD|_CONFIG$|EVIDENCE_KEY$|_URL$", s)
    } - NO_SECRETS
    assert {
        "SECRET_KEY",
        "SMTP_PASSWORD",
        "DOCUMENTS_S3_SECRET",
        "CRM_CONFIG",
        "DATABASE_URL",
    } <= secret
    keys = section("security.md", "Keys and secrets")
    listed = {name for row in rows(keys) for name in re.findall(r"`([A-Z0-9_]+)`", row[0])}
    assert secret - listed == set()


def test_every_table_is_of_one_class() -> None:
    """Ley 1581/2012: whoever adds a table says how sensitive it is."""
    classes = [row[1] for row in rows(text("data.md")) if len(row) == 2 and row[1][0] == "`"]
    assert len(classes) == 4
    named = [table for each in classes for table in re.findall(r"`(\w+)`", each)]
    assert sorted(named) == sorted(todas().tables)
    of_the_engine = text("data.md").split("Of the engine:")[1]
    assert sorted(re.findall(r"`(\w+)`", of_the_engine)) == sorted(EngineBase.metadata.tables)


def test_how_long_a_login_lasts_is_what_the_document_says() -> None:
    said = " ".join(section("access.md", "Logins").split())
    assert (dt.timedelta(minutes=30), dt.timedelta(hours=12)) == (SESION, JORNADA)
    assert "after 30 minutes without use and, however much it is used, after 12 hours" in said
    assert "is not limited" in said


def test_every_way_in_is_listed() -> None:
    named = set(re.findall(r"`(\w+(?:\.\w+)?)`", section("access.md", "Ways in")))
    assert named == {view for view, who in PERMISOS.items() if who is PUBLICO}


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (cupos.CON_ARCHIVOS, "200 an hour"),
        *((CUPOS[view], "120 in ten minutes") for view in ("quiosco.tomar", "tableta.responder")),
        *(
            (CUPOS[view], "240 a minute")
            for view in ("tareas.borrador", "iniciar.guardar_borrador")
        ),
        (recuperar.A_UNA_CUENTA, "3; 20 an hour"),
        (recuperar.DE_UNA_DIRECCION, "3; 20 an hour"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_quotas_are_those_of_the_decision(limit: cupos.Cupo, said: str) -> None:
    windows = {
        "an hour": dt.timedelta(hours=1),
        "in ten minutes": dt.timedelta(minutes=10),
        "a minute": dt.timedelta(minutes=1),
    }
    assert said in text("decisions/brakes.md")
    window = next(w for words, w in windows.items() if said.endswith(words))
    assert limit.ventana == window
    assert str(limit.cuantas) in re.findall(r"\d+", said)


def test_what_strangers_send_is_bounded_as_the_decision_says() -> None:
    of_strangers = [limit for view, limit in CUPOS.items() if PERMISOS[view] is PUBLICO]
    assert {each.cuantas for each in of_strangers} == {60, 120, 600}
    assert "| questions to passkeys | the address | 600 an hour |" in text("decisions/brakes.md")
    assert {each.ventana for each in of_strangers} == {dt.timedelta(hours=1)}
    assert "60 to 120 an hour" in text("decisions/brakes.md")
    assert f"| requests online | the address | {tramites.DE_UNA_DIRECCION} an hour |" in text(
        "decisions/brakes.md"
    )


def test_every_test_that_these_documents_name_exists() -> None:
    rooms = {
        "W": "tests/integration/webforms",
        "I": "tests/integration",
        "U": "tests/unit",
        "A": "tests/acceptance",
    }
    named = re.findall(
        r"`([WIUA])/([\w/]+\.py)(?:::(\w+))?`",
        text("security.md") + text("data.md"),
    )
    assert len(named) > 40
    for room, file, name in named:
        there = asvs.functions(f"{rooms[room]}/{file}")
        assert name in there if name else there, (room, file, name)


def test_the_proxies_speak_tls_of_today_only() -> None:
    nginx, caddy = (DOCS.parent / "deploy" / "proxy" / name for name in ("nginx.conf", "Caddyfile"))
    said = nginx.read_text("utf-8")
    assert set(re.findall(r"ssl_protocols (.*);", said)) == {"TLSv1.2 TLSv1.3"}
    assert "protocols tls1.2 tls1.3" in caddy.read_text("utf-8")
    ciphers = re.findall(r"ssl_ciphers (.*);", said)[0].split(":")
    assert len(ciphers) == 6
    assert all(
        re.fullmatch(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA\d+|CHACHA20-POLY1305)", cipher)
        for cipher in ciphers
    )
    assert "return 301 https://$server_name$request_uri;" in said


def test_the_image_holds_what_runs_and_no_history() -> None:
    said = (DOCS.parent / "deploy" / "container" / "Containerfile").read_text("utf-8")
    copied = {
        word
        for line in re.findall(r"^COPY (?!--from)(.*)$", said, re.MULTILINE)
        for word in line.split()[:-1]
    }
    assert "app.py" in copied
    assert not copied & {".", "./", ".git", "tests", "bench"}
    ignored = (DOCS.parent / ".dockerignore").read_text("utf-8").split()
    assert ignored[0] == "*"
    assert not [line for line in ignored if line.startswith("!.git")]


def test_the_rules_of_documents_of_people_are_those_of_the_program() -> None:
    said = text("security.md")
    for code, (name, _pattern, form) in TIPOS.items():
        assert f"| {name} ({code}) | {form} |" in said
    assert f"{contrasenas.MINIMO} to {contrasenas.MAXIMO} letters" in said
    assert f"at most {LARGO_NUMERO} letters" in said


def test_what_costs_much_is_bounded_as_the_document_says() -> None:
    said = section("security.md", "What costs much, and its bound")
    for bound in (
        f"{cifrado.A_LA_VEZ} at a time, {cifrado.EN_FILA} in line",
        f"{contenido.LIMITE // contenido.MEGA} MB, {contenido.SEGUNDOS:.0f} seconds of the clock",
        f"{lector.SEGUNDOS} of a core, {lector.MEMORIA >> 30} GB",
        f"{xml.MAX_BYTES >> 20} MB, {xml.MAX_ELEMENTS:,} elements",
        f"{paquete_zip.MAX_ZIP >> 20} MB packed, {paquete_zip.MAX_TODO >> 20} MB unpacked, {paquete_zip.MAX_PIEZAS:,} pieces",
        f"{MAX_PERSONAS:,} people at once; {cupos.CON_ARCHIVOS.cuantas} sendings",
        f"{servidor.CONEXIONES:,}, {servidor.SIN_ACTIVIDAD} s idle, {servidor.PLAZO:.0f} s for a request",
    ):
        assert bound in said, bound


def test_no_other_place_is_written_to_than_the_inventory_of_logs_says() -> None:
    """What is appended to files: locks of workers, copies of FOX PRO, the mark that the database
    was away; logs go to stderr."""
    root = DOCS.parent
    product = [
        p
        for room in ("common", "engine", "records", "handlers", "webforms")
        for p in (root / room).rglob("*.py")
    ] + [root / "app.py"]
    append = {
        str(p.relative_to(root))
        for p in product
        if re.search(r"open\([^)]*\"ab?\"", p.read_text("utf-8"))
    }
    assert append == {
        "engine/jobs/durable.py",
        "handlers/conectores/foxpro/copia.py",
        "webforms/sistemas/vigilancia.py",
    }
    handlers = {
        str(p.relative_to(root))
        for p in product
        if re.search(r"(File|Socket|SysLog|HTTP|SMTP)Handler\(", p.read_text("utf-8"))
    }
    assert handlers == set()
    assert "Nothing else is written." in text("operate.md")
    assert "until it is back" in text("operate.md")
