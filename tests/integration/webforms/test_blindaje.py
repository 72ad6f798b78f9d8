"""What `flask doctor` and «Estado» say of lines in the clear, of secrets within reach and of the
program's own history."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import trustme
from flask import current_app

import app as door
from app import Config, create_app
from tests.kit.web import put
from webforms.base.servicios import servicios
from webforms.operacion import blindaje, instalacion
from webforms.operacion.instalacion import Punto

BASE = "base.entidad.gov.co"
WEB = f"postgresql://ventanilla_web:suya@{BASE}/ventanilla?sslmode=verify-full"
OWNER = f"postgresql://ventanilla:ajena@{BASE}/ventanilla"


@contextmanager
def place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, env: Mapping[str, str]
) -> Iterator[dict[str, Punto]]:
    """What is said of a place with these settings; nobody is asked anything."""
    for name in ("DATABASE_URL", "DEMO", "VENTANILLA_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"INSTANCE": str(tmp_path), **env}.items():
        monkeypatch.setenv(name, value)
    made = create_app(Config.from_environment(door.settings(os.environ)))
    with made.test_request_context():
        yield {punto.codigo: punto for punto in blindaje.puntos()}
        servicios().db.dispose()


def faults(said: Mapping[str, Punto]) -> set[str]:
    return {code for code, punto in said.items() if punto.como == "falla"}


# --- lines ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        (
            "DATABASE_URL",
            f"postgresql://v:c@{BASE}/ventanilla",
            f"DATABASE_URL: a {BASE} puede ir sin cifrar.",
        ),
        (
            "DATABASE_URL",
            f"postgresql://v:c@{BASE}/ventanilla?sslmode=require",
            "sin comprobar que conteste",
        ),
        (
            "CCTEX_URL",
            f"postgresql+psycopg://v:c@{BASE}/cctex",
            f"CCTEX_URL: a {BASE} puede ir sin cifrar.",
        ),
        ("CLAMD", f"{BASE}:3310", f"CLAMD: a {BASE} puede ir sin cifrar."),
        ("SMTP_TLS", "no", f"SMTP_TLS: a {BASE} puede ir sin cifrar."),
    ],
)
def test_a_line_in_the_clear_is_a_fault_until_that_network_is_said_to_be_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, says: str
) -> None:
    env = {setting: value, **({"SMTP_HOST": BASE} if setting == "SMTP_TLS" else {})}
    with place(tmp_path, monkeypatch, env) as said:
        assert faults(said) == {f"conexion_{setting}_{BASE}"}
        assert says in said[f"conexion_{setting}_{BASE}"].dice
    with place(tmp_path, monkeypatch, {**env, "TRUSTED_NETWORK": f"{BASE}, 10.0.0.0/8"}) as said:
        assert (faults(said), said["conexiones"].dice) == (
            set(),
            f"Sin cifrar, en la red de confianza: {BASE} ({setting}).",
        )
    with place(tmp_path, monkeypatch, {**env, "DEMO": "1", "TRUSTED_NETWORK": ""}) as said:
        assert said == {}


def test_what_is_encrypted_and_checked_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"DATABASE_URL": WEB, "SMTP_HOST": "correo.entidad.gov.co"}
    with place(tmp_path, monkeypatch, env) as said:
        assert (faults(said), said["conexiones"].dice) == (
            set(),
            "Las que salen de este equipo van cifradas.",
        )


def test_people_who_come_in_the_clear_are_a_fault_outside_of_a_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"BASE_URL": "http://ventanilla.entidad.gov.co"}
    for more, how in (
        ({}, "falla"),
        ({"TRUSTED_NETWORK": "ventanilla.entidad.gov.co"}, "aviso"),
        ({"DEMO": "1"}, "aviso"),
    ):
        with place(tmp_path, monkeypatch, {**env, **more}):
            assert instalacion.direccion().como == how


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("DATABASE_URL", f"postgresql://v:c@{BASE}/ventanilla"),
        ("DATABASE_URL", f"postgresql://v:c@{BASE}/ventanilla?sslmode=require"),
        ("DATABASE_URL", "postgresql:///ventanilla?service=ventanilla"),
        ("CCTEX_URL", f"postgresql+psycopg://v:c@{BASE}/cctex"),
        ("CLAMD", f"{BASE}:3310"),
        ("BASE_URL", "http://ventanilla.entidad.gov.co"),
    ],
)
@pytest.mark.parametrize(
    "order",
    [
        ["serve", "--port", "1"],
        ["worker"],
        ["db", "upgrade"],
        ["backup", "copy.tar.gz"],
        ["evidence", "verify"],
    ],
)
def test_nothing_is_begun_where_something_would_go_in_the_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, order: list[str]
) -> None:
    with place(tmp_path, monkeypatch, {setting: value}):
        asked: list[object] = []
        monkeypatch.setattr(
            servicios().db.dialect, "connect", lambda *what, **named: asked.append((what, named))
        )
        said = current_app.test_cli_runner().invoke(args=order)
    assert (
        said.exit_code,
        asked,
        "TRUSTED_NETWORK" in said.output or "con https" in said.output,
    ) == (1, [], True), said.output


def test_what_says_what_is_wrong_runs_all_the_same_and_so_does_a_trusted_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"CLAMD": f"{BASE}:3310"}
    with place(tmp_path, monkeypatch, env):
        said = current_app.test_cli_runner().invoke(args=["doctor"]).output
        assert f"CLAMD: a {BASE} puede ir sin cifrar." in said
        assert "Tablas" in said
    with place(tmp_path, monkeypatch, {**env, "TRUSTED_NETWORK": BASE}):
        assert current_app.test_cli_runner().invoke(args=["db", "current"]).exit_code == 0


# --- secrets --------------------------------------------------------------------------------------
def test_the_web_is_told_of_each_secret_that_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, settings = tmp_path / "evidence.key", tmp_path / "ventanilla.toml"
    key.touch(0o600)
    settings.write_text(f'database_url = "{OWNER}"\nsmtp_password = "del correo"\n', "utf-8")
    settings.chmod(0o600)
    (tmp_path / "worker.env").write_text(
        f"DATABASE_URL={WEB.replace('_web', '_worker')}\n", "utf-8"
    )
    with place(tmp_path, monkeypatch, {"DATABASE_URL": WEB}) as said:
        assert faults(said) == {"secretos_ventanilla.toml", "secretos_worker.env", "secretos_llave"}
        assert said["secretos_ventanilla.toml"].dice.endswith("la contraseña de ventanilla.")
        assert said["secretos_worker.env"].dice.endswith("la contraseña de ventanilla_worker.")
        assert said["secretos_correo"].como == "aviso"


def certificate(ca: trustme.CA, role: str) -> tuple[bytes, bytes]:
    made = ca.issue_cert(common_name=role)
    return made.private_key_pem.bytes(), made.cert_chain_pems[0].bytes()


def test_the_key_by_which_another_account_enters_is_one_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one file with its certificate, beside it, or where a URL of the other says it is."""
    ca, settings, away = trustme.CA(), tmp_path / "etc", tmp_path / "away"
    for folder in (settings, away):
        folder.mkdir()
    for name, role in (
        ("web.pem", "ventanilla_web"),
        ("worker.pem", "ventanilla_worker"),
        ("correo.pem", "correo.entidad.gov.co"),
    ):
        (settings / name).write_bytes(b"".join(certificate(ca, role)))
    # nobody knows whose it is
    (settings / "owner.key").write_bytes(certificate(ca, "ventanilla")[0])
    key, public = certificate(ca, "ventanilla_lee")
    (settings / "reader.key").write_bytes(key)
    (settings / "reader.crt").write_bytes(public)
    (away / "owner.key").write_bytes(certificate(ca, "ventanilla")[0])
    line = "DATABASE_URL=postgresql://{}@{}/{}?sslmode=verify-full&sslkey={}&sslcert=x\n"
    (settings / "owner.env").write_text(
        line.format("ventanilla", BASE, "ventanilla", away / "owner.key"), "ascii"
    )
    (settings / "other.env").write_text(
        line.format("ventanilla", BASE, "otra", away / "owner.key"), "ascii"
    )
    (settings / "gone.env").write_text(
        line.format("ventanilla", BASE, "ventanilla", away / "gone.key"), "ascii"
    )
    (settings / "ventanilla.toml").touch(0o600)
    own = (
        line.format("ventanilla_web", BASE, "ventanilla", settings / "web.pem")
        .strip()
        .removeprefix("DATABASE_URL=")
    )
    env = {"DATABASE_URL": own, "VENTANILLA_CONFIG": str(settings / "ventanilla.toml")}
    with place(tmp_path, monkeypatch, env) as said:
        assert faults(said) == {
            f"secretos_entrada_{name}" for name in ("worker.pem", "reader.key", "owner.env")
        }
        assert said["secretos_entrada_worker.pem"].dice.endswith(
            "alcanza la llave con la que entra ventanilla_worker."
        )
        assert said["secretos_entrada_owner.env"].dice.endswith("entra ventanilla.")
        assert said["conexiones"].dice == "Las que salen de este equipo van cifradas."
    for name in ("worker.pem", "reader.key", "owner.env"):
        (settings / name).unlink()
    with place(tmp_path, monkeypatch, env) as said:
        assert (faults(said), said["secretos"].dice) == (
            set(),
            "Este proceso no alcanza los de otros.",
        )


def test_a_certificate_in_place_of_a_password_is_let_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The URL of docs/operate.md: a command goes as far as PostgreSQL, which is away."""
    told = (Path(__file__).parents[3] / "docs/operate.md").read_text("utf-8")
    (url,) = [
        line.removeprefix("DATABASE_URL=")
        for line in told.splitlines()
        if line.startswith("DATABASE_URL=")
    ]
    with place(tmp_path, monkeypatch, {"DATABASE_URL": url}):
        asked: list[object] = []

        def connect(*what: object, **named: object) -> None:
            asked.append((what, named))
            raise psycopg.OperationalError

        monkeypatch.setattr(servicios().db.dialect, "connect", connect)
        said = current_app.test_cli_runner().invoke(args=["evidence", "verify"])
    assert (said.exit_code, len(asked) > 0, "TRUSTED_NETWORK" in said.output) == (1, True, False), (
        said.output
    )


def test_what_is_its_own_or_of_another_database_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "ventanilla.toml"
    settings.write_text(
        'cctex_url = "postgresql+psycopg://lee:c@otra.gov.co/cctex?sslmode=verify-full"\n', "utf-8"
    )
    settings.chmod(0o600)
    (tmp_path / "web.env").write_text(f"DATABASE_URL={WEB}\n", "utf-8")
    with place(tmp_path, monkeypatch, {"DATABASE_URL": WEB}) as said:
        assert (faults(said), said["secretos"].dice) == (
            set(),
            "Este proceso no alcanza los de otros.",
        )


def test_the_worker_has_the_key_and_the_mail_and_no_password_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "evidence.key").touch(0o600)
    env = {"DATABASE_URL": WEB.replace("_web", "_worker"), "SMTP_PASSWORD": "del correo"}
    with place(tmp_path, monkeypatch, env) as said:
        assert said["secretos"].como == "bien"
    (tmp_path / "owner.env").write_text(f"DATABASE_URL={OWNER}\n", "utf-8")
    with place(tmp_path, monkeypatch, env) as said:
        assert faults(said) == {"secretos_owner.env"}


# --- the program ----------------------------------------------------------------------------------
def test_a_program_that_lies_in_its_history_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "opt" / "ventanilla"
    program.mkdir(parents=True)
    with place(tmp_path, monkeypatch, {}):
        put(current_app, programa=program)
        assert list(blindaje.historia()) == []
        (program / ".git").write_text("gitdir: /elsewhere\n", "ascii")
        (found,) = blindaje.historia()
    assert (found.como, str(program / ".git") in found.dice, "git archive" in found.hacer) == (
        "aviso",
        True,
        True,
    )
