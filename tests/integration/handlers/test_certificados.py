"""A system around whose certificate does not hold: nothing is said to it, its failure has a cause,
and a line of the log says why."""

import contextlib
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from common import notes
from handlers.conectores.digiturno.red import Red
from handlers.conectores.servicios import Servicio
from handlers.conectores.servicios.cliente import Cliente, Pedido
from handlers.conectores.suitecrm import Instalacion, SuiteCRM
from handlers.correo.smtp import CorreoSMTP, ServidorSMTP
from handlers.documentos.s3 import S3, CuboS3
from handlers.evidencia.testigos import EnRed
from records.sistemas.puertos import FallaDeSistema, Mensaje
from tests.kit import certificates
from tests.kit.clock import NOW

Pedir = Callable[[int, str], Any]
SECRETO = "secreto-que-no-se-dice"


def crm(puerto: int, autoridades: str) -> Any:
    return SuiteCRM(
        Instalacion(
            f"https://{certificates.HOST}:{puerto}",
            "ventanilla",
            SECRETO,
            "",
            autoridades=autoridades,
        )
    ).probar()


def turnos(puerto: int, autoridades: str) -> Any:
    return Red(
        f"https://{certificates.HOST}:{puerto}", ficha=SECRETO, autoridades=autoridades
    ).probar()


def servicio(puerto: int, autoridades: str) -> Any:
    una = Servicio(
        "tarifas",
        "Tarifas",
        f"https://{certificates.HOST}:{puerto}",
        secreto=SECRETO,
        autoridades=autoridades,
    )
    return Cliente(una).pedir(Pedido("GET", "hoy"), NOW)


def correo(puerto: int, autoridades: str) -> Any:
    servidor = ServidorSMTP(
        certificates.HOST,
        puerto,
        cifrado="tls",
        ca=autoridades,
        usuario="ventanilla",
        clave=SECRETO,
        espera=5,
    )
    return CorreoSMTP(servidor).enviar(
        Mensaje("k:1", "ana@correo.example", "Hola", "Un saludo."), NOW
    )


def documentos(puerto: int, _autoridades: str) -> Any:
    return S3(
        CuboS3("cubo", f"https://{certificates.HOST}:{puerto}", cuenta="ventanilla", clave=SECRETO)
    ).sacar("aa/" + "b" * 62)


def por_testigo(puerto: int, _autoridades: str) -> Any:
    return EnRed(
        f"https://{certificates.HOST}:{puerto}", notes.Verifier("testigo.example", b"0" * 32, 4)
    ).show(0, (), "nota\n")


FALLAN = (FallaDeSistema, OSError)
#: How the log calls each.
SISTEMAS: dict[str, Pedir] = {
    "the CRM at https://localhost": crm,
    "the turn system at https://localhost": turnos,
    "the service tarifas": servicio,
    "the mail server localhost": correo,
    "the store of documents https://localhost": documentos,
    "the witness https://localhost": por_testigo,
}


@pytest.fixture
def autoridad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[trustme.CA, str]:
    """Known to those that are told of a file, and to those that ask the system."""
    ca, archivo = certificates.authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", archivo)
    monkeypatch.setenv("AWS_CA_BUNDLE", archivo)
    return ca, archivo


@pytest.mark.parametrize("malo", certificates.BAD)
@pytest.mark.parametrize("sistema", SISTEMAS)
def test_a_certificate_that_does_not_hold_is_a_line_of_the_log_with_its_reason(
    sistema: str, malo: str, autoridad: tuple[trustme.CA, str], caplog: pytest.LogCaptureFixture
) -> None:
    ca, archivo = autoridad
    caplog.set_level(logging.WARNING)
    with certificates.tls_server(certificates.context(ca, malo)) as puerto, pytest.raises(FALLAN):
        SISTEMAS[sistema](puerto, archivo)
    dichos = [
        r.getMessage() for r in caplog.records if r.name == "handlers.conectores.certificados"
    ]
    assert dichos
    assert all(
        re.match(
            rf"the certificate of {sistema}(:\d+)? does not hold: .*({certificates.BAD[malo]})",
            dicho,
        )
        for dicho in dichos
    )
    assert SECRETO not in caplog.text


@pytest.mark.parametrize("sistema", SISTEMAS)
def test_a_good_certificate_and_nobody_there_are_no_such_line(
    sistema: str, autoridad: tuple[trustme.CA, str], caplog: pytest.LogCaptureFixture
) -> None:
    ca, archivo = autoridad
    caplog.set_level(logging.WARNING)
    with (
        certificates.tls_server(certificates.context(ca, "good")) as puerto,
        contextlib.suppress(Exception),
    ):
        SISTEMAS[sistema](puerto, archivo)  # what it answers is no answer of such a system
    with contextlib.suppress(Exception):
        SISTEMAS[sistema](9, archivo)
    assert [r for r in caplog.records if r.name == "handlers.conectores.certificados"] == []
