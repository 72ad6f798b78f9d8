"""The address that people open: encrypted, with a certificate that browsers believe; what is not so
is told, against real TLS servers."""

import datetime as dt
import re
import socket
from pathlib import Path

import pytest
import trustme

from tests.kit import certificates
from tests.kit.web import WebKit, build, put
from webforms.base.ajustes import de
from webforms.comandos.revision import doctor
from webforms.operacion import instalacion
from webforms.operacion.instalacion import Punto

HOY = dt.datetime.now(dt.UTC)  # a certificate is checked by the clock of the machine


@pytest.fixture
def web(tmp_path: Path) -> WebKit:
    kit = build(tmp_path, f"sqlite:///{tmp_path / 'v.db'}")
    kit.app.cli.add_command(doctor)
    return kit


def certificado(web: WebKit, puerto: int, archivo: str, now: dt.datetime = HOY) -> Punto:
    put(web.app, base_url=f"https://{certificates.HOST}:{puerto}", tls_ca=archivo)
    with web.app.test_request_context():
        punto = instalacion.certificado(now)
    assert punto is not None
    return punto


@pytest.mark.parametrize("malo", certificates.BAD)
def test_a_certificate_that_browsers_refuse_is_a_fault_with_its_reason(
    web: WebKit, tmp_path: Path, malo: str
) -> None:
    ca, archivo = certificates.authority(tmp_path)
    with certificates.tls_server(certificates.context(ca, malo)) as puerto:
        punto = certificado(web, puerto, archivo)
        assert punto.como == "falla"
        assert re.search(certificates.BAD[malo], punto.dice)
        dicho = web.app.test_cli_runner().invoke(args=["doctor"])
    assert punto.dice in dicho.output
    assert dicho.exit_code == 1


@pytest.mark.parametrize(
    ("dura", "como"), [(90, "bien"), (22, "bien"), (20, "aviso"), (1, "aviso")]
)
def test_a_good_certificate_is_told_three_weeks_before_its_end(
    web: WebKit, tmp_path: Path, dura: int, como: str
) -> None:
    ca, archivo = certificates.authority(tmp_path)
    fin = dura * certificates.DAY + dt.timedelta(hours=1)
    with certificates.tls_server(certificates.context(ca, "good", HOY, fin)) as puerto:
        punto = certificado(web, puerto, archivo)
    assert (punto.como, punto.dice) == (como, f"Vence en {dura} días, el {HOY + fin:%Y-%m-%d}.")


def test_of_an_authority_that_the_machine_does_not_know_nothing_is_believed(
    web: WebKit, tmp_path: Path
) -> None:
    ca, _archivo = certificates.authority(tmp_path)
    with certificates.tls_server(certificates.context(ca, "good")) as puerto:
        assert certificado(web, puerto, "").como == "falla"


def test_where_nobody_answers_it_is_not_known_and_said_so(web: WebKit) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        puerto = taken.getsockname()[1]
    punto = certificado(web, puerto, "")
    assert punto.como == "aviso"
    assert "no contesta desde este equipo" in punto.dice


def test_what_was_seen_is_looked_at_again_after_ten_minutes(web: WebKit, tmp_path: Path) -> None:
    ca, archivo = certificates.authority(tmp_path)
    with certificates.tls_server(certificates.context(ca, "good")) as puerto:
        assert certificado(web, puerto, archivo).como == "bien"
    assert certificado(web, puerto, archivo, HOY + dt.timedelta(minutes=9)).como == "bien"
    assert certificado(web, puerto, archivo, HOY + dt.timedelta(minutes=11)).como == "aviso"


@pytest.mark.parametrize(
    ("direccion", "demo", "como"),
    [
        ("https://ventanilla.entidad.gov.co", False, "bien"),
        ("http://ventanilla.entidad.gov.co", False, "falla"),
        ("http://10.1.2.3:8000", False, "falla"),
        ("http://localhost.entidad.gov.co", False, "falla"),
        ("http://ventanilla.entidad.gov.co", True, "aviso"),
        ("http://127.0.0.1:8000", False, "bien"),
        ("http://localhost:8000", False, "bien"),
        ("http://[::1]:8000", False, "bien"),
    ],
)
def test_an_address_without_https_is_a_fault_but_on_ones_own_machine_and_in_a_demo(
    web: WebKit, direccion: str, como: str, *, demo: bool
) -> None:
    put(web.app, base_url=direccion, demo=demo)
    with web.app.test_request_context():
        punto = instalacion.direccion()
    assert punto.como == como
    if "https" not in direccion:  # else its certificate is asked for, out there
        dicho = web.app.test_cli_runner().invoke(args=["doctor"])
        assert (f"{direccion} no va cifrada." in dicho.output) is (como != "bien")
        if como == "falla":
            assert dicho.exit_code == 1


def test_over_https_browsers_are_told_to_come_by_https_alone_for_a_year(web: WebKit) -> None:
    browser = web.app.test_client()
    for pagina in ("/ingresar", "/no-hay", "/health", "/static/app.css"):
        with (
            browser.get(
                pagina, base_url=de(web.app).base_url.replace("http://", "https://")
            ) as cifrada,
            browser.get(pagina) as abierta,
        ):
            assert (
                cifrada.headers["Strict-Transport-Security"]
                == "max-age=31536000; includeSubDomains"
            ), pagina
            # which a browser ignores over HTTP
            assert "Strict-Transport-Security" not in abierta.headers


@pytest.mark.parametrize(
    ("dura", "lleva", "como"),
    [(90, 0, "bien"), (20, 60, "aviso"), (1, 0, "bien"), (1, 3, "aviso"), (-1, 9, "falla")],
    ids=["of months", "of months, soon", "of a day", "of days, soon", "over"],
)
def test_a_certificate_of_our_own_that_nobody_renewed_is_told_before_its_end(
    web: WebKit, tmp_path: Path, dura: int, lleva: int, como: str
) -> None:
    propio = tmp_path / "propio.pem"
    trustme.CA().issue_cert(
        "ventanilla-worker",
        not_before=HOY - lleva * certificates.DAY,
        not_after=HOY + dura * certificates.DAY,
    ).private_key_and_cert_chain_pem.write_to_path(str(propio))
    with web.app.app_context():
        assert instalacion.propios(HOY) is None
        put(web.app, certificados=(("SMTP_CERTIFICATE", str(propio)),))
        punto = instalacion.propios(HOY)
        assert punto is not None
        assert (punto.como, "SMTP_CERTIFICATE" in punto.dice, bool(punto.hacer)) == (
            como,
            True,
            como != "bien",
        )
        assert punto in instalacion.del_lugar(HOY)
        put(
            web.app,
            certificados=(*de(web.app).certificados, *(("CRM_CONFIG", str(tmp_path / "no.pem")),)),
        )
        peor = instalacion.propios(HOY)
        assert peor is not None
        assert (peor.como, str(tmp_path / "no.pem") in peor.dice) == ("falla", True)


def test_a_certificate_that_was_renewed_without_its_key_is_told(
    web: WebKit, tmp_path: Path
) -> None:
    """Connections go on by the one of before as long as this process lives; the next one would not
    begin."""
    propio, ca = tmp_path / "propio.pem", trustme.CA()
    suyo, otro = (ca.issue_cert("ventanilla-worker") for _n in range(2))
    propio.write_bytes(suyo.cert_chain_pems[0].bytes() + otro.private_key_pem.bytes())
    with web.app.app_context():
        put(web.app, certificados=(("SMTP_CERTIFICATE", str(propio)),))
        punto = instalacion.propios(HOY)
        assert punto is not None
        assert (punto.como, punto.dice) == (
            "falla",
            f"SMTP_CERTIFICATE: {propio} no lleva la llave de su certificado",
        )
        propio.write_bytes(suyo.cert_chain_pems[0].bytes())
        put(web.app, certificados=(("DATABASE_URL", str(propio)),))
        aparte = instalacion.propios(HOY)
        assert aparte is not None
        assert aparte.como == "bien"
