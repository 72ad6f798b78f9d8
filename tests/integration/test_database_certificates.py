"""PostgreSQL on another machine, entered with a certificate and without a password, by the lines of
docs/operate.md."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
import trustme

from app import Config
from common.accounts import ROLES
from tests.kit.encrypted import Encrypted, encrypted
from tests.kit.processes import run

ROOT = Path(__file__).resolve().parents[2]
SERVER = "base.entidad.gov.co"
ENTERED = sa.text(
    "SELECT session_user || CASE WHEN ssl THEN ' by TLS' ELSE '' END FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
)
OF_ROLE = {
    "ventanilla": "owner",
    "ventanilla_web": "web",
    "ventanilla_worker": "worker",
    "ventanilla_lee": "reader",
}
ANSWERS = """
base_url = "http://127.0.0.1:8000"
procedures = ["permiso_espacio"]
[admin]
user = "marta.hoyos"
name = "Marta Hoyos Peña"
mail = "marta.hoyos@entidad.example"
"""


def told() -> tuple[str, str]:
    """The rule of PostgreSQL, and the URL of the web."""
    _first, rule, url, *_rest = (
        (ROOT / "docs/operate.md")
        .read_text("utf-8")
        .split("## One machine, by hand\n")[1]
        .split("```")[1::2]
    )
    return rule.strip(), url.strip().removeprefix("DATABASE_URL=")


@dataclass(frozen=True)
class Agency:
    server: Encrypted
    files: Path  #: certificates and keys of the accounts, as they lie in /etc/ventanilla

    def url(self, role: str, of: str = "", **without: str) -> str:
        """Of the document for a role, with the files of `of` in place of its own."""
        said = (
            told()[1]
            .replace("ventanilla_web@", f"{role}@")
            .replace("web.pem", f"{of or OF_ROLE[role]}.pem")
        )
        for name, value in without.items():
            said = re.sub(rf"{name}=[^&]+", f"{name}={value}", said)
        return self.server.at(said.replace("/etc/ventanilla", str(self.files)))

    def enters(self, url: str) -> str:
        """As whom, or what the driver said; the engine is the one of web and worker."""
        config = Config.from_environment(
            {"INSTANCE": str(self.files), "DATABASE_URL": url, "DEMO": "1"}
        )
        engine = sa.create_engine(config.database_url, poolclass=sa.NullPool)
        try:
            with engine.connect() as connection:
                return str(connection.scalar(ENTERED))
        except sa.exc.OperationalError as refused:
            return str(refused)

    def order(
        self, place: Path, url: str, *words: str, given: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        kept = {n: v for n, v in os.environ.items() if n in ("LANG", "LANGUAGE", "TMPDIR")}
        path = f"{Path(sys.executable).parent}:{self.server.tools}:{os.environ['PATH']}"
        own = {
            "PATH": path,
            "HOME": str(self.files),
            "FLASK_APP": "app",
            "INSTANCE": str(place),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        order = [sys.executable, "-m", "flask", *words]
        return run(
            order,
            cwd=ROOT,
            env={**kept, **own, "DATABASE_URL": url},
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
        )


def write(file: Path, made: trustme.LeafCert) -> None:
    file.write_bytes(made.private_key_and_cert_chain_pem.bytes())
    file.chmod(0o600)


def speaking(**files: str) -> list[str]:
    """Words of PostgreSQL that speaks TLS and believes clients of one authority."""
    given = {
        "ssl_cert_file": "server.pem",
        "ssl_key_file": "server.pem",
        "ssl_ca_file": "database-ca.pem",
        **files,
    }
    return [
        "-c",
        "ssl=on",
        *(word for name, file in given.items() for word in ("-c", f"{name}={{folder}}/{file}")),
    ]


@pytest.fixture(scope="module")
def agency(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agency]:
    files, ca = tmp_path_factory.mktemp("files"), trustme.CA(key_type=trustme.KeyType.ECDSA)
    ca.cert_pem.write_to_path(str(files / "database-ca.pem"))
    write(files / "server.pem", ca.issue_cert(SERVER, common_name=SERVER))
    for role, name in OF_ROLE.items():
        write(files / f"{name}.pem", ca.issue_cert(common_name=role))
    write(files / "mapped.pem", ca.issue_cert(common_name="web.entidad.gov.co"))
    write(
        files / "stranger.pem",
        trustme.CA(key_type=trustme.KeyType.ECDSA).issue_cert(common_name="ventanilla_web"),
    )
    (files / "hba").write_text(
        f"local all all peer\n{told()[0].replace('10.0.0.0/24', '127.0.0.1/32')}\n", "ascii"
    )
    shutil.copyfile(ROOT / "deploy/postgresql/roles.sql", files / "roles.sql")
    given = {name: files / name for name in ("server.pem", "database-ca.pem", "hba", "roles.sql")}
    with encrypted(given, *speaking(hba_file="hba")) as server:
        done = server.order("psql", "-X", "--quiet", "--file", "roles.sql")
        assert done.returncode == 0, done.stderr
        yield Agency(server, files)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_enters_with_its_certificate_alone(role: str, agency: Agency) -> None:
    assert (
        role
        in agency.server.sql("SELECT rolname FROM pg_authid WHERE rolpassword IS NULL").splitlines()
    )
    assert agency.enters(agency.url(role)) == f"{role} by TLS"
    for other in set(OF_ROLE) - {role}:
        assert "certificate authentication failed" in agency.enters(
            agency.url(role, OF_ROLE[other])
        )
    assert "requires a valid client certificate" in agency.enters(
        agency.url(role, sslcert="/none", sslkey="/none")
    )
    assert "no pg_hba.conf entry" in agency.enters(agency.url(role, sslmode="disable"))


def test_a_password_is_of_no_use_nor_a_certificate_of_another_authority(agency: Agency) -> None:
    agency.server.sql("ALTER ROLE ventanilla_web PASSWORD 'suya'")
    with_one = agency.url("ventanilla_web", sslcert="/none", sslkey="/none").replace(
        "ventanilla_web@", "ventanilla_web:suya@"
    )
    assert "requires a valid client certificate" in agency.enters(with_one)
    assert "unknown ca" in agency.enters(agency.url("ventanilla_web", "stranger"))
    assert agency.enters(agency.url("ventanilla_web")) == "ventanilla_web by TLS"


def test_another_certificate_in_its_place_is_shown_by_the_next_connection_of_the_same_engine(
    agency: Agency, tmp_path: Path
) -> None:
    own = tmp_path / "own.pem"
    shutil.copy2(agency.files / "web.pem", own)
    url = (
        agency.url("ventanilla_web")
        .replace(str(agency.files / "web.pem"), str(own))
        .replace("postgresql:", "postgresql+psycopg:")
    )
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        shutil.copy2(agency.files / "stranger.pem", own)
        with pytest.raises(sa.exc.OperationalError, match="unknown ca"):
            engine.connect()
        assert connection.scalar(ENTERED) == "ventanilla_web by TLS"  # who is in stays
    shutil.copy2(agency.files / "web.pem", own)
    with engine.connect() as connection:
        assert connection.scalar(ENTERED) == "ventanilla_web by TLS"


def test_a_certificate_of_another_name_is_the_role_that_the_map_says(
    agency: Agency, tmp_path: Path
) -> None:
    url = agency.url("ventanilla_web", "mapped")
    assert "certificate authentication failed" in agency.enters(url)
    rule, ident = (agency.files / "hba").read_text("ascii"), tmp_path / "ident"
    ident.write_text("casa web.entidad.gov.co ventanilla_web\n", "ascii")
    (tmp_path / "hba").write_text(rule.replace(" cert", " cert map=casa"), "ascii")
    given = {
        **{name: agency.files / name for name in ("server.pem", "database-ca.pem", "roles.sql")},
        "hba": tmp_path / "hba",
        "ident": ident,
    }
    with encrypted(given, *speaking(hba_file="hba", ident_file="ident")) as server:
        server.order("psql", "-X", "--quiet", "--file", "roles.sql", check=True)
        there = Agency(server, agency.files)
        assert there.enters(there.url("ventanilla_web", "mapped")) == "ventanilla_web by TLS"
        for role, of in (("ventanilla_worker", "mapped"), ("ventanilla_web", "web")):
            assert "certificate authentication failed" in there.enters(there.url(role, of))


def test_setup_backup_restore_and_doctor_enter_with_the_certificate_of_their_account(
    agency: Agency, tmp_path: Path
) -> None:
    """pg_dump and pg_restore read neither the URL nor a password."""
    owner, worker, web = (
        agency.url(role) for role in ("ventanilla", "ventanilla_worker", "ventanilla_web")
    )
    begun = agency.order(tmp_path / "a", owner, "setup", "--file", "-", given=ANSWERS)
    assert begun.returncode == 0, begun.stdout + begun.stderr
    copy = tmp_path / "copy.tar.gz"
    refused = agency.order(
        tmp_path / "a", agency.url("ventanilla_worker", "web"), "backup", str(copy)
    )
    assert (refused.returncode, copy.exists()) == (1, False)
    kept = agency.order(tmp_path / "a", worker, "backup", str(copy))
    assert kept.returncode == 0, kept.stdout + kept.stderr
    looked = agency.order(tmp_path / "a", web, "doctor").stdout
    for line in (
        "van cifradas.",
        "Este proceso no alcanza los de otros.",
        "Nadie que atiende puede cambiarlo ni borrarlo.",
    ):
        assert line in looked

    agency.server.sql("DROP DATABASE ventanilla WITH (FORCE)")
    agency.server.order("psql", "-X", "--quiet", "--file", "roles.sql", check=True)
    brought = agency.order(tmp_path / "b", owner, "restore", str(copy))
    assert brought.returncode == 0, brought.stdout + brought.stderr
    assert (
        "Nadie que atiende puede cambiarlo ni borrarlo."
        in agency.order(tmp_path / "b", web, "doctor").stdout
    )
