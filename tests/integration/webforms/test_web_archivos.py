"""Stored files: their content is compared with their hash whenever one leaves, and by `flask audit
verify`."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.kit import files, public as public_kit
from tests.kit.public import Point
from tests.kit.web import csrf, followed
from webforms.comandos.auditoria import audit

PDF = files.pdf("Recibo de octubre")
SHA = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def punto(tmp_path: Path, sqlite_url: str) -> Iterator[Point]:
    kit = public_kit.build(tmp_path, sqlite_url)
    yield kit
    kit.web.engine.db.dispose()


@pytest.fixture
def caso(punto: Point) -> str:
    """A case to which the adviser attached a PDF."""
    punto.take_turn(punto.device("quiosco-1"))
    turno = punto.turnos()[0]
    punto.until_power(turno)
    navegador = punto.web.browser("asesor")
    token = csrf(navegador.get(f"/caso/{turno.case_key}").text)
    data = {"csrf_token": token, "archivos": (io.BytesIO(PDF), "recibo.pdf")}
    assert (
        navegador.post(
            f"/caso/{turno.case_key}/documentos", data=data, content_type="multipart/form-data"
        ).status_code
        == 302
    )
    return str(turno.case_key)


@pytest.fixture
def guardado(tmp_path: Path) -> Path:
    return tmp_path / "archivos" / SHA[:2] / SHA[2:]


def descargar(punto: Point, quien: str, caso: str, sha256: str = SHA, **datos: str) -> TestResponse:
    navegador, ruta = punto.web.browser(quien), f"/caso/{caso}/documentos/{sha256}"
    token = csrf(navegador.get(f"/caso/{caso}").text)
    return navegador.post(
        ruta, data={"csrf_token": token, "motivo": "Para cotejarlo con el original.", **datos}
    )


def comprobar(punto: Point, *mas: str) -> tuple[int, str]:
    dicho = punto.web.app.test_cli_runner().invoke(audit, ["verify", *mas])
    return dicho.exit_code, dicho.output


def test_a_file_leaves_as_it_was_handed_in(punto: Point, caso: str) -> None:
    respuesta = descargar(punto, "asesor", caso)
    assert (respuesta.status_code, respuesta.data, respuesta.mimetype) == (
        200,
        PDF,
        "application/pdf",
    )
    assert respuesta.headers["Content-Disposition"] == "attachment; filename=recibo.pdf"
    assert respuesta.headers["Cache-Control"] == "no-store"
    codigo, dicho = comprobar(punto)
    assert codigo == 0, dicho
    assert "1 archivos, leídos de nuevo" in dicho


@pytest.mark.parametrize("cambio", ["cambiado", "quitado"])
def test_a_file_that_is_not_as_it_was_stored_stays_and_is_named(
    punto: Point, caso: str, guardado: Path, cambio: str
) -> None:
    if cambio == "cambiado":
        guardado.write_bytes(PDF.replace(b"1.4", b"1.7"))
    else:
        guardado.unlink()
    respuesta = punto.web.browser("asesor").get(f"/caso/{caso}/documentos/{SHA}")
    assert respuesta.status_code == 410
    assert "Este archivo no está como se guardó" in followed(respuesta.text)
    assert ("archivo_distinto", "asesor", "recibo.pdf") in punto.web.accesses()
    palabra = "su contenido cambió" if cambio == "cambiado" else "falta"
    for mas in ((), ("--caso", caso)):
        codigo, dicho = comprobar(punto, *mas)
        assert codigo == 1
        assert f"No está como se hizo: archivo «recibo.pdf» ({SHA[:16]}…): {palabra}" in dicho
