"""Each client of ours that speaks TLS, against a real server with a certificate made here: who
cannot prove who it is gets nothing."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa
import trustme

from common import spans
from common.notes import COSIGNATURE, Signer
from common.witness import WitnessRefused
from handlers.conectores.digiturno.red import Red
from handlers.conectores.servicios import Servicio
from handlers.conectores.servicios.cliente import Cliente
from handlers.conectores.suitecrm import Instalacion, SuiteCRM
from handlers.documentos.s3 import S3, CuboS3
from handlers.evidencia.testigos import EnRed
from records.sistemas.puertos import FallaDeSistema
from tests.kit.tls import context, crypted, database, trust
from webforms.respaldo.bases import base_de

#: Url and the file of the authority that is trusted; each asks once, and what is answered is not
#: looked at.
Ask = Callable[[str, str], None]


def service(url: str, ca: str) -> None:
    Cliente(Servicio("catastro", "Catastro", url, autoridades=ca)).probar()


def crm(url: str, ca: str) -> None:
    SuiteCRM(Instalacion(url, "cliente", "secreto", "cuenta", autoridades=ca)).probar()


def turns(url: str, ca: str) -> None:
    Red(url, autoridades=ca).probar()


def witness(url: str, _ca: str) -> None:
    EnRed(url, Signer.new("testigo.example/w1", COSIGNATURE).verifier).show(0, (), "nota\n")


def store(url: str, _ca: str) -> None:
    cube = S3(CuboS3("ventanilla", url, cuenta="cuenta", clave="clave", segundos=5))
    try:
        cube.sacar("ab/abcdef")
    finally:
        cube.cerrar()


def collector(url: str, _ca: str) -> None:
    spans.tell(url)
    with spans.span("una petición"):
        pass
    spans.flush()
    spans.hush()


ASKED: Final[dict[str, Ask]] = {
    "service": service,
    "crm": crm,
    "turns": turns,
    "witness": witness,
    "store": store,
    "collector": collector,
}


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[trustme.CA, str]:
    """Clients without a setting for it trust what the machine trusts; here that is this authority
    alone."""
    ca = trustme.CA()
    file = trust(ca, tmp_path)
    for variable in (
        "SSL_CERT_FILE",
        "AWS_CA_BUNDLE",
        "REQUESTS_CA_BUNDLE",
        "OTEL_EXPORTER_OTLP_CERTIFICATE",
    ):
        monkeypatch.setenv(variable, file)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    return ca, file


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_server_that_proves_who_it_is_is_asked(ask: Ask, trusted: tuple[trustme.CA, str]) -> None:
    ca, file = trusted
    with crypted(context(ca)) as server, suppress(FallaDeSistema, WitnessRefused):
        ask(server.url, file)
    assert server.asked


@pytest.mark.parametrize("why", ["another authority", "another name"])
@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_one_that_does_not_is_told_nothing(
    ask: Ask, why: str, trusted: tuple[trustme.CA, str]
) -> None:
    ca, file = trusted
    shown = context(trustme.CA()) if why == "another authority" else context(ca, "otro.example")
    with crypted(shown) as server:
        if ask is collector:  # nobody waits for spans: they are lost
            ask(server.url, file)
        else:
            with pytest.raises((FallaDeSistema, OSError)):
                ask(server.url, file)
    assert server.asked == []


#: Each that has a setting for an authority of its own, and where that is one of the library's it is
#: named.
OF_THEIR_OWN: Final[dict[str, tuple[Ask, str]]] = {
    "service": (service, ""),
    "crm": (crm, ""),
    "turns": (turns, ""),
    "store": (store, "AWS_CA_BUNDLE"),
    "collector": (collector, "OTEL_EXPORTER_OTLP_CERTIFICATE"),
}


@pytest.mark.parametrize(("ask", "variable"), OF_THEIR_OWN.values(), ids=OF_THEIR_OWN)
@pytest.mark.parametrize("of", ["its own authority", "one that the machine trusts"])
def test_where_one_authority_is_named_the_others_of_the_machine_are_not_believed(
    ask: Ask, variable: str, of: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, own = trustme.CA(), trustme.CA()
    (tmp_path / "machine").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", trust(machine, tmp_path / "machine"))
    for of_machine in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(of_machine, raising=False)
    file = trust(own, tmp_path)
    if variable:
        monkeypatch.setenv(variable, file)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with (
        crypted(context(own if of == "its own authority" else machine)) as server,
        suppress(FallaDeSistema, OSError),
    ):
        ask(server.url, file)
    assert bool(server.asked) is (of == "its own authority")


# --- PostgreSQL -----------------------------------------------------------------------------------
def connect(port: int, ca: str) -> str:
    """As docs/operate.md has the URL of a database on another machine; what the driver said."""
    url = f"postgresql+psycopg://ventanilla_web:clave@127.0.0.1:{port}/ventanilla?sslmode=verify-full&sslrootcert={ca}"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with pytest.raises(sa.exc.OperationalError) as refused:
        engine.connect()
    return str(refused.value)


def test_a_database_that_proves_who_it_is_is_told_the_account(tmp_path: Path) -> None:
    ca = trustme.CA()
    with database(context(ca)) as server:
        connect(server.port, trust(ca, tmp_path))  # it says nothing of itself, and the line ends
    assert ["ventanilla_web" in said for said in server.asked] == [True]


@pytest.mark.parametrize("why", ["another authority", "another name", "no TLS at all"])
def test_a_database_that_does_not_is_told_nothing(why: str, tmp_path: Path) -> None:
    ca = trustme.CA()
    shown = {
        "another authority": context(trustme.CA()),
        "another name": context(ca, "otra.example"),
        "no TLS at all": None,
    }[why]
    with database(shown) as server:
        said = connect(server.port, trust(ca, tmp_path))
    assert server.asked == []
    assert "certificate" in said or "SSL" in said


def test_the_programs_of_a_backup_are_told_to_check_as_the_url_says(tmp_path: Path) -> None:
    """pg_restore here notes what it is told by its environment, which is all that libpq reads."""
    noted, program = tmp_path / "noted", tmp_path / "pg_restore"
    program.write_text(f"#!/bin/sh\nenv > {noted}\n", "ascii")
    program.chmod(0o755)
    url = "postgresql+psycopg://ventanilla:clave@base.gov.co/ventanilla?sslmode=verify-full&sslrootcert=/etc/ssl/agencia.pem"
    base_de(url, tmp_path).traer(tmp_path / "copia")
    told = noted.read_text("utf-8").splitlines()
    assert {
        "PGHOST=base.gov.co",
        "PGSSLMODE=verify-full",
        "PGSSLROOTCERT=/etc/ssl/agencia.pem",
    } <= set(told)
    url = "postgresql+psycopg://v@base.gov.co/ventanilla?hostaddr=10.0.0.9&port=5433&sslcert=/a&sslkey=/b"
    base_de(url, tmp_path).traer(tmp_path / "copia")
    told = noted.read_text("utf-8").splitlines()
    assert {
        "PGHOST=base.gov.co",
        "PGHOSTADDR=10.0.0.9",
        "PGPORT=5433",
        "PGSSLCERT=/a",
        "PGSSLKEY=/b",
    } <= set(told)
    assert not [line for line in told if line.startswith("PGPASSWORD")]
