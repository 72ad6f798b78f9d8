"""Which connections leave this machine, and how: by the settings, before anything is asked of
anybody."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import trustme

from app import BadSetting, Config
from common.hosts import Trusted, is_here
from common.notes import COSIGNATURE, Signer
from handlers.sistemas.conexiones import conexiones as connections
from records.sistemas.puertos import Conexion, Linea

CRM = 'url = "{}"\nclient_id = "v"\nclient_secret_file = "secreto"\ncuenta = "v"\n'
TURNOS = '[sistemas.sala]\nadaptador = "{}"\nsecretos = ["secreto"]\nurl = "{}"\n[sistemas.sala.puntos]\n"1" = "BOG01"\n'
VIEW = TURNOS.replace('secretos = ["secreto"]\n', "")
SERVICIO = '[catastro]\nurl = "{}"\n'
WITNESS = str(Signer.new("testigo.example/w1", COSIGNATURE).verifier)
PG = "postgresql://v:c@base.entidad.gov.co/ventanilla"


@pytest.mark.parametrize(
    "host",
    [
        "",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "[::1]",
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "/run/x.sock",
    ],
)
def test_this_machine(host: str) -> None:
    assert is_here(host)


@pytest.mark.parametrize(
    "host", ["localhost.example", "10.0.0.1", "base", "127.0.0.1.example", "::2"]
)
def test_another_one(host: str) -> None:
    assert not is_here(host)


def test_the_trusted_network_is_names_and_networks_and_what_is_neither_stops_the_start(
    tmp_path: Path,
) -> None:
    trusted = Trusted.read("Correo.entidad.gov.co, 10.1.0.0/16,fd00::/8 , 192.168.7.9")
    assert all(
        h in trusted
        for h in (
            "correo.entidad.gov.co",
            "CORREO.entidad.gov.co.",
            "10.1.255.1",
            "[fd00::1]",
            "192.168.7.9",
        )
    )
    assert not any(
        h in trusted
        for h in ("otro.entidad.gov.co", "10.2.0.1", "192.168.7.8", "x.correo.entidad.gov.co", "")
    )
    for bad in ("10.1.0.0/33", "http://x", "10.1.0.5/16", "a b", "*.gov.co", "10.1.2"):
        with pytest.raises(BadSetting, match="TRUSTED_NETWORK"):
            Config.from_environment({"INSTANCE": str(tmp_path), "TRUSTED_NETWORK": bad})


def found(
    tmp_path: Path, env: Mapping[str, str], libpq: Mapping[str, str] | None = None
) -> tuple[Conexion, ...]:
    (tmp_path / "secreto").write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "ascii")
    given = {name: value for name, value in env.items() if not name.endswith("_CONFIG")}
    for name in set(env) - set(given):
        (tmp_path / name).write_text(env[name], "utf-8")
        given[name] = str(tmp_path / name)
    return connections(Config.from_environment({"INSTANCE": str(tmp_path), **given}), libpq or {})


@pytest.mark.parametrize(
    ("setting", "said", "host", "line"),
    [
        ("DATABASE_URL", PG, "base.entidad.gov.co", Linea.A_LA_VISTA),
        ("DATABASE_URL", f"{PG}?sslmode=disable", "base.entidad.gov.co", Linea.A_LA_VISTA),
        ("DATABASE_URL", f"{PG}?sslmode=require", "base.entidad.gov.co", Linea.SIN_COMPROBAR),
        ("DATABASE_URL", f"{PG}?sslmode=verify-ca", "base.entidad.gov.co", Linea.SIN_COMPROBAR),
        ("DATABASE_URL", f"{PG}?sslmode=verify-full", "base.entidad.gov.co", Linea.SEGURA),
        ("CCTEX_URL", PG, "base.entidad.gov.co", Linea.A_LA_VISTA),
        ("SMTP_HOST", "correo.entidad.gov.co", "correo.entidad.gov.co", Linea.SEGURA),
        (
            "CRM_CONFIG",
            CRM.format("http://crm.entidad.gov.co"),
            "crm.entidad.gov.co",
            Linea.A_LA_VISTA,
        ),
        (
            "CRM_CONFIG",
            CRM.format("https://crm.entidad.gov.co"),
            "crm.entidad.gov.co",
            Linea.SEGURA,
        ),
        (
            "SERVICES_CONFIG",
            SERVICIO.format("http://catastro.gov.co"),
            "catastro.gov.co",
            Linea.A_LA_VISTA,
        ),
        (
            "SERVICES_CONFIG",
            SERVICIO.format("https://catastro.gov.co"),
            "catastro.gov.co",
            Linea.SEGURA,
        ),
        (
            "DIGITURNO_CONFIG",
            TURNOS.format("http", "http://turnos.gov.co"),
            "turnos.gov.co",
            Linea.A_LA_VISTA,
        ),
        ("DIGITURNO_CONFIG", VIEW.format("vista", PG), "base.entidad.gov.co", Linea.A_LA_VISTA),
        (
            "EVIDENCE_WITNESSES",
            f"http://testigo.example {WITNESS}",
            "testigo.example",
            Linea.A_LA_VISTA,
        ),
        (
            "DOCUMENTS_S3_ENDPOINT",
            "http://minio.entidad.gov.co:9000",
            "minio.entidad.gov.co",
            Linea.A_LA_VISTA,
        ),
        (
            "DOCUMENTS_S3_ENDPOINT",
            "https://minio.entidad.gov.co:9000",
            "minio.entidad.gov.co",
            Linea.SEGURA,
        ),
        ("CLAMD", "virus.entidad.gov.co:3310", "virus.entidad.gov.co", Linea.A_LA_VISTA),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://trazas:4318", "trazas", Linea.A_LA_VISTA),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_each_kind_is_known_by_its_setting(
    tmp_path: Path, setting: str, said: str, host: str, line: Linea
) -> None:
    env = {"DOCUMENTS_S3_BUCKET": "ventanilla"} if setting == "DOCUMENTS_S3_ENDPOINT" else {}
    told = "SMTP_TLS" if setting == "SMTP_HOST" else setting
    assert found(tmp_path, {**env, setting: said}) == (Conexion(told, host, line),)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("DATABASE_URL", "postgresql://v:c@/ventanilla?host=/var/run/postgresql"),
        ("DATABASE_URL", "postgresql://v:c@127.0.0.1/ventanilla"),
        ("CLAMD", "/run/clamd.sock"),
        ("CLAMD", "127.0.0.1:3310"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://[::1]:4318"),
        ("SERVICES_CONFIG", SERVICIO.format("http://localhost:8080")),
    ],
)
def test_what_stays_on_this_machine_is_none(tmp_path: Path, setting: str, said: str) -> None:
    assert found(tmp_path, {setting: said}) == ()


def test_what_the_url_does_not_say_is_taken_from_where_the_driver_takes_it(tmp_path: Path) -> None:
    assert (
        found(tmp_path, {"DATABASE_URL": PG}, {"PGSSLMODE": "verify-full"})[0].linea is Linea.SEGURA
    )
    elsewhere = {"DATABASE_URL": "postgresql://v:c@/ventanilla"}
    assert found(tmp_path, elsewhere) == ()
    assert [c.equipo for c in found(tmp_path, elsewhere, {"PGHOST": "a.example,b.example"})] == [
        "a.example",
        "b.example",
    ]
    assert found(tmp_path, elsewhere, {"PGHOSTADDR": "10.0.0.9"}) == (
        Conexion("DATABASE_URL", "10.0.0.9", Linea.A_LA_VISTA),
    )
    assert found(tmp_path, elsewhere, {"PGSERVICE": "x"}) == (
        Conexion("DATABASE_URL", "service=x", Linea.NO_SE_SABE),
    )


HERE = "postgresql://v:c@/ventanilla"


@pytest.mark.parametrize(
    ("url", "libpq", "reached"),
    [
        (f"{HERE}?hostaddr=10.0.0.9", {}, {"10.0.0.9": Linea.A_LA_VISTA}),
        (
            f"{HERE}?hostaddr=10.0.0.9&host=localhost&sslmode=verify-full",
            {},
            {"10.0.0.9": Linea.SEGURA},
        ),
        (f"{PG}?hostaddr=127.0.0.1", {}, {}),  # a tunnel: the name is only compared
        (f"{HERE}?host=a.example,/run&hostaddr=10.0.0.9,", {}, {"10.0.0.9": Linea.A_LA_VISTA}),
        (
            f"{HERE}?host=/run,b.example&hostaddr=,fd00::1",
            {"PGHOST": "a.example"},
            {"fd00::1": Linea.A_LA_VISTA},
        ),
        (f"{HERE}?service=x", {}, {"service=x": Linea.NO_SE_SABE}),
        (
            f"{HERE}?service=x",
            {"PGHOST": "/run", "PGSSLMODE": "verify-full"},
            {"service=x": Linea.NO_SE_SABE},
        ),
        (f"{HERE}?service=x&sslmode=verify-full", {}, {"service=x": Linea.SEGURA}),
        (f"{PG}?service=x", {}, {"base.entidad.gov.co": Linea.NO_SE_SABE}),
        (f"{PG}?service=x&sslmode=require", {}, {"base.entidad.gov.co": Linea.SIN_COMPROBAR}),
        (f"{HERE}?service=x&host=/run", {}, {}),
    ],
)
def test_an_address_decides_which_machine_it_is_and_of_a_service_it_is_not_known(
    tmp_path: Path, url: str, libpq: Mapping[str, str], reached: Mapping[str, Linea]
) -> None:
    assert {
        each.equipo: each.linea for each in found(tmp_path, {"DATABASE_URL": url}, libpq)
    } == reached


@pytest.mark.parametrize(("scheme", "line"), [("http", Linea.A_LA_VISTA), ("https", Linea.SEGURA)])
def test_who_stamps_the_log_is_one_of_them(tmp_path: Path, scheme: str, line: Linea) -> None:
    roots = tmp_path / "tsa.pem"
    trustme.CA().cert_pem.write_to_path(str(roots))
    said = f"rfc3161:{scheme}://sellos.example/tsr {roots}"
    assert found(tmp_path, {"EVIDENCE_WITNESSES": said}) == (
        Conexion("EVIDENCE_WITNESSES", "sellos.example", line),
    )


@pytest.mark.parametrize(
    ("env", "kind", "in_the_clear"),
    [
        ({}, "no", False),
        ({"SMTP_HOST": "localhost"}, "no", False),
        ({"SMTP_HOST": "correo.entidad.gov.co"}, "starttls", False),
        ({"SMTP_HOST": "correo.entidad.gov.co", "SMTP_PORT": "465"}, "tls", False),
        ({"SMTP_HOST": "correo.entidad.gov.co", "SMTP_TLS": "no"}, "no", False),
        (
            {"SMTP_HOST": "correo.entidad.gov.co", "TRUSTED_NETWORK": "correo.entidad.gov.co"},
            "no",
            True,
        ),
    ],
)
def test_mail_to_another_machine_is_encrypted_unless_it_is_said_otherwise(
    tmp_path: Path, env: Mapping[str, str], kind: str, *, in_the_clear: bool
) -> None:
    smtp = Config.from_environment({"INSTANCE": str(tmp_path), **env}).smtp
    assert (smtp.cifrado, smtp.sin_cifrar) == (kind, in_the_clear)
