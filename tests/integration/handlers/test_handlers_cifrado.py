"""Each client of ours that speaks TLS, against a real server with a certificate made here: who cannot prove who it is gets nothing."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
import trustme

from common import spans
from common.notes import COSIGNATURE
from common.notes import Signer
from common.witness import WitnessRefused
from handlers.conectores.digiturno.red import Red
from handlers.conectores.servicios import Servicio
from handlers.conectores.servicios.cliente import Cliente
from handlers.conectores.suitecrm import Instalacion
from handlers.conectores.suitecrm import SuiteCRM
from handlers.deposito.s3 import S3
from handlers.deposito.s3 import CuboS3
from handlers.testigos import EnRed
from records.puertos import FallaDeSistema
from tests.kit.tls import context
from tests.kit.tls import crypted
from tests.kit.tls import trust

#: Url and the file of the authority that is trusted; each asks once, and what is answered is not looked at.
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


ASKED: Final[dict[str, Ask]] = {"service": service, "crm": crm, "turns": turns, "witness": witness, "store": store, "collector": collector}


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[trustme.CA, str]:
    """Clients without a setting for it trust what the machine trusts; here that is this authority alone."""
    ca = trustme.CA()
    file = trust(ca, tmp_path)
    for variable in ("SSL_CERT_FILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "OTEL_EXPORTER_OTLP_CERTIFICATE"):
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
def test_one_that_does_not_is_told_nothing(ask: Ask, why: str, trusted: tuple[trustme.CA, str]) -> None:
    ca, file = trusted
    shown = context(trustme.CA()) if why == "another authority" else context(ca, "otro.example")
    with crypted(shown) as server:
        if ask is collector:  # nobody waits for spans: they are lost
            ask(server.url, file)
        else:
            with pytest.raises((FallaDeSistema, OSError)):
                ask(server.url, file)
    assert server.asked == []
