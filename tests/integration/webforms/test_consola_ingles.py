"""The shell in English: help, what commands say, refusals, settings that make no sense. Not one
Spanish word is left."""

import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

import app as door
from common.language import joined, kept, of_shell, said
from engine.jobs.inprocess import InProcessJobs
from engine.states import AccessKind
from engine.store import guard
from engine.types import SYSTEM
from records.base.tablas import Cambio
from records.sistemas.puertos import Causa, FallaDeSistema
from records.sistemas.tablas import PaginaCopia
from tests.integration.webforms.test_consola import ORDENES
from tests.kit.cast import SESSION_KEY
from tests.kit.clock import NOW
from tests.kit.foreign import ROOT
from tests.kit.language import spanish_in
from webforms.base.catalogos import IDIOMAS, hablando
from webforms.paquetes.plantilla import diagrama_vacio

#: What is a name in any language: options, settings, files, commands, systems, holidays, what is
#: quoted.
NOMBRES = re.compile(
    r"\bes, en\b|\bsetup\b|--[a-z-]+|[A-Z][A-Z0-9]*_[A-Z0-9_]+|\S*[/@]\S*|\S+\.(?:py|md|sql|toml|bpmn|dmn|gz|gov\.co)"
    r"|“[^”]*”|the next one, .*|\[[a-z0-9_|]+\]"
    r"|IDIOMA|PAIS|ES-MD|\b[a-z0-9]+_[a-z0-9_]+\b|Ventanilla|Digiturno|CODIGO|\bdocumental\b|\badministrador\b"
)


def en_ingles(dicho: str) -> str:
    assert not (quedan := spanish_in(NOMBRES.sub(" ", dicho))), (quedan, dicho)
    return dicho


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    config = door.Config(
        instance=tmp_path,
        database_url=url,
        secret_key=SESSION_KEY,
        jobs=InProcessJobs(),
        demo=True,
        console="en",
    )
    hecha = door.create_app(config)
    yield hecha
    hecha.extensions["ventanilla"].db.dispose()


def correr(app: Flask, *palabras: str) -> Result:
    return app.test_cli_runner().invoke(args=list(palabras))


def _todas(comando: click.Command, antes: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield antes
    if isinstance(comando, click.Group):
        for nombre, otra in comando.commands.items():
            yield from _todas(otra, (*antes, nombre))


def test_the_help_of_every_command(app: Flask) -> None:
    ordenes = [orden for orden in _todas(app.cli, ()) if orden[:1] != ("db",)]
    assert len(ordenes) > len(ORDENES) + 10
    for orden in ordenes:
        dicho = correr(app, *orden, "--help")
        assert dicho.exit_code == 0, orden
        en_ingles(dicho.output)


def test_two_applications_of_one_process_speak_each_its_own(app: Flask, tmp_path: Path) -> None:
    otra = door.create_app(
        door.Config(
            instance=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'y.db'}",
            secret_key=SESSION_KEY,
            jobs=InProcessJobs(),
        )
    )
    assert "Revisa si este lugar está listo" in correr(otra, "doctor", "--help").output
    assert "Checks whether this place is ready" in correr(app, "doctor", "--help").output
    otra.extensions["ventanilla"].db.dispose()


def test_what_is_wrong_around_a_command_and_in_what_was_typed(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "paquete.tar.gz").write_bytes(b"no backup")
    for orden, palabras in ORDENES.items():
        puestas = [
            p.format(
                tmp=tmp_path,
                diagrama=next(ROOT.glob("bpmn/*/*.bpmn")),
                paquete=tmp_path / "paquete.tar.gz",
            )
            for p in palabras
        ]
        assert "There is no option --nada. The same command with --help says how" in en_ingles(
            correr(app, *puestas, "--nada").stderr
        )
        if orden not in ("db", "demo", "doctor", "setup"):  # no tables yet
            hecho = correr(app, *puestas)
            assert hecho.exit_code == 1, orden
            en_ingles(hecho.stderr)
    for palabras in (
        ("backup",),
        ("serve", "--port", "0"),
        ("retention", "--limit"),
        ("retention", "--contacts", "-1"),
        ("restore", "/"),
    ):
        assert correr(app, *palabras).exit_code == 2
        en_ingles(correr(app, *palabras).stderr)


def test_what_commands_say(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        upgrade()
    (tmp_path / "cur").mkdir()
    (tmp_path / "new").mkdir()
    diagrama = tmp_path / "visit.bpmn"
    diagrama.write_bytes(diagrama_vacio("visit", "The visit"))
    paquete = str(tmp_path / "permit")
    cuenta = (
        "users",
        "create",
        "mary@agency.example",
        "--name",
        "Mary Jones",
        "--reason",
        "She administers",
        "--print",
    )
    for palabras, dice in (
        (("audit", "verify"), "nothing to check"),
        (("audit", "verify", "--case", "x"), "no case “x”"),
        (("audit", "segregation"), "0 violations"),
        (("sample", "redraw", "2026-W48"), "no audit of the week"),
        (("trace",), "No version is in force"),
        (("deploy",), "Say which files"),
        (("deploy", "--check", str(diagrama)), "No errors"),
        (("deploy", str(diagrama)), "Release 1 in force"),
        (("migrate-cases", "visit", "--dry-run"), "0 of 0 would be moved"),
        (("migrate-cases", "visit"), "--reason with at least"),
        (("procedure", "new", paquete, "--name", "A permit"), "begin with"),
        (("procedure", "check", paquete), "No errors"),
        (("procedure", "import", paquete), "Release 2 in force"),
        (("procedure", "list"), "2 parts"),
        (("users", "list"), "There are no accounts yet"),
        (cuenta, "Created: mary."),
        (
            ("users", "role", "mary", "administrador", "--reason", "She administers"),
            "mary has the role",
        ),
        (("users", "link", "mary"), "goes by email"),
        (("users", "role", "mary", "nothing", "--reason", "She administers"), ""),
        (("retention",), "Nothing was deleted"),
        (("documents", "sweep"), "0 files"),
        (("documents", "scan"), "No antivirus"),
        (("daily", "--rebuild"), "--from 2026"),
        (("mail", "bounces", "--maildir", str(tmp_path)), "0 messages read"),
        (("crm", "send"), "No other CRM"),
        (("systems", "check"), "not connected"),
        (("doctor",), "It is not ready"),
        (("backup", str(tmp_path / "x.tar.gz")), "rows of"),
        (("restore", str(tmp_path / "x.tar.gz")), "there is already a database"),
    ):
        hecho = correr(app, *palabras)
        assert hecho.exception is None or isinstance(hecho.exception, SystemExit), (
            palabras,
            hecho.exception,
        )
        assert dice in en_ingles(hecho.output), palabras
    # what is kept is as the agency writes it
    with app.extensions["ventanilla"].db.connect() as conexion:
        notas = set(conexion.execute(sa.text("SELECT note FROM release")).scalars())
        assert notas == {"", "Paquete «A permit»"}
        assert set(conexion.execute(sa.select(Cambio.motivo)).scalars()) == {"She administers"}


def test_what_evidence_does_not_prove_is_told_in_english(app: Flask) -> None:
    with app.app_context():
        upgrade()
    kit = app.extensions["ventanilla"]
    kit.engine.log_access(SYSTEM, AccessKind.REFUSAL, "x", now=NOW)
    copia = PaginaCopia(
        url="https://agency.example/",
        url_final="",
        traida=NOW,
        estado_http=200,
        tipo="",
        huella="x",
        huella_texto="x",
    )
    copia.tamano, copia.texto, copia.cuerpo = 1, "y", b"y"
    with Session(kit.db) as s:
        guard.release(s.connection())  # as the owner of the database may
        s.execute(sa.text("UPDATE access SET subject = 'y'"))
        s.add(copia)
        s.commit()
    hecho = correr(app, "audit", "verify")
    assert hecho.exit_code == 1
    en_ingles(hecho.output.replace("(rechazo)", ""))  # the kind of the entry, as the chain has it
    assert "was edited" in hecho.output
    assert "copy 1 of the page https://agency.example/" in hecho.output


def test_setup_asks_in_english_and_for_the_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nombre in (
        "DATABASE_URL",
        "DEMO",
        "SECRET_KEY",
        "BASE_URL",
        "SMTP_HOST",
        "IDIOMA",
        "VENTANILLA_CONFIG",
    ):
        monkeypatch.delenv(nombre, raising=False)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    hecha = door.create_app()
    lugar = (
        "",
        "nothing",
        "http://127.0.0.1:8000",
        "fr",
        "",
        "Somewhere",
        "",
        "ZZ",
        "",
        "",
        "Agency of Trials",
        "",
        "",
        "",
    )
    cuenta = ("Mary", "mary", "Mary Jones", "mary", "mary@agency.example", "no", "-")
    hecho = hecha.test_cli_runner().invoke(
        args=["setup"], input="".join(f"{dicha}\n" for dicha in (*lugar, *cuenta))
    )
    hecha.extensions["ventanilla"].db.dispose()
    assert hecho.exit_code == 0, hecho.output
    assert "IDIOMA: one of es, en is expected, not “fr”." in en_ingles(hecho.output)
    assert tomllib.loads((tmp_path / "ventanilla.toml").read_text("utf-8"))["idioma"] == "en"


def test_on_the_command_line_the_language_is_read_as_gettext_reads_it() -> None:
    leer = {
        (): "es",
        (("LANG", "en_US.UTF-8"),): "en",
        (("LANG", "C.UTF-8"),): "es",
        (("LANG", "C.UTF-8"), ("IDIOMA", "en")): "en",
        (("LANG", "es_CO.UTF-8"), ("IDIOMA", "en")): "es",
        (("LANG", "en_GB"), ("LC_ALL", "es_CO")): "es",
        (("LANG", "es_CO"), ("LC_MESSAGES", "en_GB.UTF-8")): "en",
        (("LANG", "es_CO"), ("LANGUAGE", "fr:en_GB:es")): "en",
        (("LANG", "fr_FR"), ("IDIOMA", "en")): "en",
    }
    assert {dado: of_shell(dict(dado), IDIOMAS) for dado in leer} == leer


def test_a_setting_that_makes_no_sense_is_told_in_english(tmp_path: Path) -> None:
    for ajuste in (
        {"PORT": "x"},
        {"IDIOMA": "fr"},
        {"SECRET_KEY": "x"},
        {"BASE_URL": "x"},
        {"DATABASE_URL": "x"},
        {"SMTP_TLS": "x"},
        {"SMTP_FROM": "x"},
        {"CLAMD": "x"},
        {"LOG_FORMAT": "x"},
        {"MONITOR_ADDRESSES": "x"},
        {"LOGIN_LIMITS": "administrador=40/8"},
        {"TWO_PERSONS": "maybe"},
        {"TOTP_SHA1": "maybe"},
        {"NEW_BROWSER": "telephone"},
        {"ENTITY_WEB_HOSTS": "/"},
        {"FOXPRO_CONFIG": "/etc/hosts"},
        {"CRM_CONFIG": "/no/such"},
    ):
        with pytest.raises(door.BadSetting) as dicho:
            door.configured({"LANG": "en_US.UTF-8", "INSTANCE": str(tmp_path), **ajuste})
        assert en_ingles(str(dicho.value)).startswith(next(iter(ajuste)))


def test_what_a_system_says_is_kept_in_spanish_and_told_in_english() -> None:
    dicho = joined(": ", ("Catastro", kept("la respuesta pasa de %(t)s bytes", t=10)))
    falla = FallaDeSistema(dicho, causa=Causa.ILEGIBLE, pasajera=True)
    assert (str(falla), f"{falla.detalle}") == ("Catastro: la respuesta pasa de 10 bytes",) * 2
    with hablando("en"):
        assert said(falla.detalle) == "Catastro: the answer has more than 10 bytes"
        assert str(falla) == "Catastro: la respuesta pasa de 10 bytes"


def test_the_demo_says_in_either_language_what_keeps_it_from_starting(tmp_path: Path) -> None:
    with socket.socket() as ocupa:
        ocupa.bind(("127.0.0.1", 0))
        ocupa.listen()
        puerto = str(ocupa.getsockname()[1])
        for lengua, dice in (
            ("en_US.UTF-8", f"Port {puerto} is taken."),
            ("es_CO.UTF-8", f"El puerto {puerto} está ocupado."),
        ):
            env = {"LANG": lengua, "PORT": puerto, "INSTANCE": str(tmp_path), "PATH": ""}
            hecho = subprocess.run(
                [sys.executable, "-m", "demo.run"],
                cwd=ROOT,
                env=env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert hecho.stderr.startswith(dice)
