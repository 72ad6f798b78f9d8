"""What docs/configuration.md promises: every setting of the environment reaches the adapter that it
names."""

import re
import secrets
from pathlib import Path

import pytest
from flask import request

from app import BadSetting, Config, create_app, settings
from common.settings import names_of_a_place
from handlers.correo.smtp import ServidorSMTP
from records.sistemas.puertos import PaginaNoTraida
from records.sistemas.reglas.paginas import DireccionRechazada
from tests.kit.certificates import authority
from tests.kit.foreign import ROOT
from tests.kit.pages import rows
from tools import sections, settings as settings_page

DOCUMENTED = ROOT / "docs" / "configuration.md"
ROWS = "SELECT doc AS numero FROM creditos WHERE tipo = :tipo_doc AND doc = :num_doc"


def test_every_setting_of_a_place_may_be_answered_to_setup() -> None:
    first = [row[0] for row in rows(DOCUMENTED.read_text("utf-8"))]
    names = {name.lower() for name in re.findall(r"`([A-Z_0-9]+)`", " ".join(first))}
    assert names - {"port", "demo"} == set(names_of_a_place())  # those belong to a process


def test_the_document_says_of_each_setting_what_its_row_says() -> None:
    said = sections.part(DOCUMENTED.read_text("utf-8"), "settings")
    assert said == settings_page.listed(), "run make docs"


def test_the_mail_server_is_described_by_the_environment(tmp_path: Path) -> None:
    env = {
        "INSTANCE": str(tmp_path),
        "SMTP_HOST": "correo.entidad",
        "SMTP_PORT": "587",
        "SMTP_TLS": "starttls",
        "SMTP_FROM": "GAU <gau@entidad.example>",
        "SMTP_USER": "gau",
        "SMTP_PASSWORD": "secreta",
    }
    assert Config.from_environment(env).smtp == ServidorSMTP(
        "correo.entidad", 587, "GAU <gau@entidad.example>", "starttls", "gau", "secreta"
    )


def test_what_else_a_place_says_of_its_mail_reaches_the_client_and_what_makes_no_sense_stops_the_start(
    tmp_path: Path,
) -> None:
    _ca, ca = authority(tmp_path)
    env = {
        "INSTANCE": str(tmp_path),
        "SMTP_CA": ca,
        "SMTP_REPLY_TO": "gau@entidad.example",
        "SMTP_RETURN_PATH": "rebotes+@entidad.example",
        "SMTP_STEP_SECONDS": "5",
        "SMTP_SECONDS": "20",
        "SMTP_CONCURRENCY": "2",
        "MAIL_PER_HOUR": "7",
    }
    config = Config.from_environment(env)
    s = config.smtp
    assert (s.ca, s.responder_a, s.rebotes) == (
        ca,
        "gau@entidad.example",
        "rebotes+@entidad.example",
    )
    assert (s.espera, s.entero, s.a_la_vez, config.mail_per_hour) == (5, 20, 2, 7)
    for name, bad in (
        ("SMTP_CA", str(tmp_path / "no.pem")),
        ("SMTP_FROM", "GAU <gau@entidad.example>\nBcc: x@y.example"),
        ("SMTP_FROM", "nadie"),
        ("SMTP_REPLY_TO", "a@b.example, c@d.example\r\n"),
        ("SMTP_RETURN_PATH", "@entidad.example"),
        ("SMTP_CONCURRENCY", "0"),
        ("MAIL_PER_HOUR", "muchos"),
    ):
        with pytest.raises(BadSetting, match=name):
            Config.from_environment(env | {name: bad})


def test_an_unknown_kind_of_encryption_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SMTP_TLS"):
        Config.from_environment({"INSTANCE": str(tmp_path), "SMTP_TLS": "startls"})


def test_the_hosts_of_the_entity_are_told_and_what_is_no_host_stops_the_start(
    tmp_path: Path,
) -> None:
    env = {
        "INSTANCE": str(tmp_path),
        "ENTITY_WEB_HOSTS": "www.entidad.gov.co, Tramites.entidad.gov.co:8443",
    }
    sitios = Config.from_environment(env).entity_web
    assert (
        sitios.direccion("https://tramites.entidad.gov.co:8443/x?y#z").url
        == "https://tramites.entidad.gov.co:8443/x?y"
    )
    with pytest.raises(DireccionRechazada):
        sitios.direccion("https://www.icetex.gov.co/")
    for mal in (
        "localhost",
        "169.254.169.254",
        "https://www.entidad.gov.co",
        "www.entidad.gov.co:0",
        "www.entidad.gov.co:99999",
        "*.gov.co",
    ):
        with pytest.raises(BadSetting, match="ENTITY_WEB_HOSTS"):
            Config.from_environment(env | {"ENTITY_WEB_HOSTS": mal})


def test_the_demo_plays_the_site_until_it_is_told_of_a_real_one(tmp_path: Path) -> None:
    env = {"INSTANCE": str(tmp_path)}
    assert Config.from_environment(env).paginas is None
    assert (
        Config.from_environment(
            env | {"DEMO": "1", "ENTITY_WEB_HOSTS": "www.entidad.gov.co"}
        ).paginas
        is None
    )
    sitio = Config.from_environment(env | {"DEMO": "1"}).paginas
    assert sitio is not None
    assert "demostración" in sitio.traer("https://www.icetex.gov.co/creditos").texto
    with pytest.raises(PaginaNoTraida):
        sitio.traer("https://www.icetex.gov.co/otra")


def test_the_statements_of_cctex_come_from_files_and_are_checked(tmp_path: Path) -> None:
    rows = tmp_path / "filas.sql"
    rows.write_text(ROWS, "utf-8")
    env = {"INSTANCE": str(tmp_path), "CCTEX_ROWS_SQL": str(rows)}
    assert Config.from_environment(env).cctex_queries.filas == ROWS
    rows.write_text("DELETE FROM creditos", "utf-8")
    with pytest.raises(
        BadSetting, match=f"CCTEX_ROWS_SQL: {re.escape(str(rows))} no lleva la consulta"
    ):
        Config.from_environment(env)


def test_behind_https_the_session_cookie_is_secure_and_the_proxy_is_believed_only_when_told(
    tmp_path: Path,
) -> None:
    env = {
        "INSTANCE": str(tmp_path),
        "BASE_URL": "https://ventanilla.entidad.example",
        "SECRET_KEY": "x" * 32,
    }
    seen = {}
    for proxies in ("0", "1"):
        app = create_app(Config.from_environment({**env, "TRUSTED_PROXIES": proxies}))
        assert app.config["SESSION_COOKIE_SECURE"]
        app.before_request_funcs = {None: []}
        app.add_url_rule("/quien", "quien", lambda: request.remote_addr or "")
        answer = app.test_client().get("/quien", headers={"X-Forwarded-For": "203.0.113.9"})
        seen[proxies] = answer.get_data(as_text=True)
    assert seen == {"0": "127.0.0.1", "1": "203.0.113.9"}


def test_web_and_worker_that_start_at_once_in_an_empty_folder_keep_one_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second arrives while the first makes its secret: the file is not there before its text
    is."""
    env, make, second = {"INSTANCE": str(tmp_path)}, secrets.token_urlsafe, list[str]()

    def slow(size: int) -> str:
        monkeypatch.setattr(secrets, "token_urlsafe", make)
        second.append(Config.from_environment(env).secret_key)
        return make(size)

    monkeypatch.setattr(secrets, "token_urlsafe", slow)
    first = Config.from_environment(env).secret_key
    assert len(first) >= 48
    assert second == [first]
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_an_empty_secret_is_said_and_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    with pytest.raises(ValueError, match="secret está vacío"):
        Config.from_environment({"INSTANCE": str(tmp_path)})


LARGO = "un secreto de más de treinta y dos letras"


@pytest.mark.parametrize("given", ["by its name", "as a credential of systemd"])
def test_a_setting_may_stand_in_a_file_of_its_own_and_wins_over_the_file_of_all(
    tmp_path: Path, given: str
) -> None:
    """As containers, systemd and the agents of vaults hand secrets over."""
    (tmp_path / "ventanilla.toml").write_text(
        'secret_key = "el de todos, de más de treinta y dos letras"\nidioma = "en"\n', "utf-8"
    )
    (tmp_path / "ventanilla.toml").chmod(0o600)
    (tmp_path / "secret_key").write_text(f"{LARGO}\n", "utf-8")
    more = (
        {"SECRET_KEY_FILE": str(tmp_path / "secret_key")}
        if given == "by its name"
        else {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    )
    env = {"INSTANCE": str(tmp_path), **more}
    config = Config.from_environment(settings(env))
    assert (config.secret_key, config.idioma) == (LARGO, "en")
    if given == "by its name":
        with pytest.raises(BadSetting, match="SECRET_KEY está dos veces"):
            settings({**env, "SECRET_KEY": LARGO})
    else:
        assert settings({**env, "SECRET_KEY": LARGO[::-1]})["SECRET_KEY"] == LARGO[::-1]


@pytest.mark.parametrize(
    "given", ["in the file of all", "by its name", "as a credential of systemd"]
)
def test_the_days_of_an_act_of_disposal_may_be_told_as_any_other_setting(
    tmp_path: Path, given: str
) -> None:
    """They were refused as no setting, and every command with them."""
    (tmp_path / "ventanilla.toml").write_text(
        "disposal_days = 45\n" if given == "in the file of all" else "", "utf-8"
    )
    (tmp_path / "ventanilla.toml").chmod(0o600)
    (tmp_path / "disposal_days").write_text("45\n", "utf-8")
    of = {
        "by its name": "DISPOSAL_DAYS_FILE",
        "as a credential of systemd": "CREDENTIALS_DIRECTORY",
    }
    more = (
        {of[given]: str(tmp_path / ("disposal_days" if given == "by its name" else ""))}
        if given in of
        else {}
    )
    assert (
        Config.from_environment(settings({"INSTANCE": str(tmp_path), **more})).disposal_days == 45
    )


def test_the_key_of_the_log_and_what_a_file_of_systems_names_may_be_credentials(
    tmp_path: Path,
) -> None:
    entregadas, archivo = tmp_path / "credentials", tmp_path / "servicios.toml"
    entregadas.mkdir()
    archivo.write_text(
        '[catastro]\nurl = "https://a.example"\nsecreto = "credencial:catastro.secret"\n', "utf-8"
    )
    env = {
        "INSTANCE": str(tmp_path / "i"),
        "EVIDENCE_KEY": str(tmp_path / "evidence.key"),
        "SERVICES_CONFIG": str(archivo),
    }
    env["CREDENTIALS_DIRECTORY"] = str(entregadas)
    without = Config.from_environment(settings(env))
    assert (without.evidence_credential, without.servicios[0].cerrado) == (None, True)
    for name in ("evidence.key", "catastro.secret"):
        (entregadas / name).write_text(name, "utf-8")
    config = Config.from_environment(settings(env))
    assert (config.evidence_credential, config.evidence_key) == (
        entregadas / "evidence.key",
        tmp_path / "evidence.key",
    )
    assert config.servicios[0].secreto == "catastro.secret"
    nobody = {name: value for name, value in env.items() if name != "CREDENTIALS_DIRECTORY"}
    assert Config.from_environment(settings(nobody)).evidence_credential is None


SIGNS = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
FILES = {
    "CRM_CONFIG": 'url = "https://crm.example"\nclient_id = "v"\nclient_secret_file = "credencial:x.secret"\ncuenta = "1"\n',
    "DIGITURNO_CONFIG": """
[sistemas.qmatic]
adaptador = "http"
secretos = ["credencial:x.secret"]
[sistemas.qmatic.puntos]
"1" = "P1"
""",
    "MESSAGES_CONFIG": '[pagos]\nmensajes = ["pago"]\nsecretos = ["credencial:x.secret"]\n',
}


@pytest.mark.parametrize("setting", FILES)
def test_a_system_that_needs_a_credential_is_not_met_without_it(
    tmp_path: Path, setting: str
) -> None:
    archivo = tmp_path / "sistema.toml"
    archivo.write_text(FILES[setting], "utf-8")
    env = {"INSTANCE": str(tmp_path), setting: str(archivo), "CREDENTIALS_DIRECTORY": str(tmp_path)}
    with pytest.raises(BadSetting, match=r"no se le entrega la credencial x\.secret"):
        Config.from_environment(settings(env))
    (tmp_path / "x.secret").write_text(SIGNS, "utf-8")
    config = Config.from_environment(settings(env))
    assert [bool(each) for each in (config.crm, config.turnos, config.mensajes)].count(True) == 1


def test_a_file_of_one_setting_that_is_not_there_or_holds_none_stops_the_start(
    tmp_path: Path,
) -> None:
    env = {"INSTANCE": str(tmp_path), "SMTP_PASSWORD_FILE": str(tmp_path / "clave")}
    with pytest.raises(BadSetting, match="SMTP_PASSWORD_FILE: no se puede leer"):
        settings(env)
    (tmp_path / "clave").write_bytes(b"\xff")
    with pytest.raises(BadSetting, match="SMTP_PASSWORD_FILE: no se puede leer"):
        settings(env)
    (tmp_path / "clave").write_text("dos\nlíneas\n", "utf-8")
    with pytest.raises(BadSetting, match="debe ser un texto de una línea"):
        settings(env)
    (tmp_path / "clave").write_text("", "utf-8")
    assert "SMTP_PASSWORD" not in settings(env)  # an empty one is none


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({}, "password"),
        ({"SMTP_HOST": "correo.entidad"}, "mail"),
        ({"SMTP_HOST": "correo.entidad", "DEMO": "1"}, "password"),
        ({"SMTP_HOST": "correo.entidad", "NEW_BROWSER": "password"}, "password"),
        ({"NEW_BROWSER": "mail"}, "mail"),
    ],
)
def test_a_new_browser_is_asked_for_more_where_there_is_mail(
    tmp_path: Path, said: dict[str, str], asked: str
) -> None:
    assert Config.from_environment({"INSTANCE": str(tmp_path), **said}).new_browser == asked


def test_all_that_makes_no_sense_is_told_at_once_and_each_fault_once(tmp_path: Path) -> None:
    """What is made of several rows (the mail server, the store of documents) repeats no fault of
    theirs."""
    env = {
        "INSTANCE": str(tmp_path),
        "SMTP_PORT": "muchos",
        "SMTP_TLS": "startls",
        "DOCUMENTS_S3_BUCKET": "b",
        "DOCUMENTS_S3_KEY_ID": "cuenta",
        "SERVICES_CONFIG": str(tmp_path / "no.toml"),
        "ZONA": "Bogota",
        "EVIDENCE_WITNESSES": "mailto:nadie",
    }
    with pytest.raises(BadSetting) as told:
        Config.from_environment(env)
    wrong = [line.partition(":")[0].split()[0] for line in str(told.value).splitlines()]
    expected = {*env} - {"INSTANCE", "DOCUMENTS_S3_BUCKET"}
    assert (len(wrong), {*wrong}) == (len(expected), expected)
