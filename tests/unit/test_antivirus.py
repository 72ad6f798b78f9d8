"""clamd by INSTREAM: what it says, what it refuses, and how it fails."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import BadSetting, Config
from handlers.documentos.antivirus import Clamd
from records.sistemas.puertos import AntivirusCallado, Causa
from tests.kit import clamd, files
from tests.kit.clamd import Clam


@pytest.fixture
def clam() -> Iterator[Clam]:
    with clamd.running(Clam()) as running:
        yield running


def test_a_clean_content_reaches_it_whole_and_is_clean(clam: Clam) -> None:
    content = files.pdf() + b" " * 300_000  # several pieces
    assert Clamd(clam.address).revisar(content).virus == ""
    assert clam.seen == [content]


def test_what_it_finds_is_named(clam: Clam) -> None:
    assert Clamd(clam.address).revisar(b"x" * 70_000 + files.EICAR).virus == "Eicar-Test-Signature"


def test_it_is_there(clam: Clam) -> None:
    Clamd(clam.address).probar()


def test_a_content_over_its_limit_is_not_said_to_be_clean(clam: Clam) -> None:
    """It answers and cuts the line while we still send: what it said counts, and not that our line
    broke."""
    clam.limit = 100_000
    with pytest.raises(AntivirusCallado) as callado:
        Clamd(clam.address).revisar(b"x" * 4_000_000)
    assert callado.value.causa in (Causa.RECHAZADO, Causa.SIN_CONEXION)
    assert clam.seen == []
    with pytest.raises(AntivirusCallado) as callado:
        Clamd(clam.address).revisar(b"x" * 120_000)
    assert (callado.value.causa, callado.value.pasajera) == (Causa.RECHAZADO, False)
    assert "StreamMaxLength" in callado.value.detalle


@pytest.mark.parametrize(
    "dice", [b"Can't allocate memory ERROR\0", b"lo que sea\0", b"stream: FOUND", b"\0"]
)
def test_an_answer_that_is_none_is_no_verdict(clam: Clam, dice: bytes) -> None:
    clam.says = dice
    with pytest.raises(AntivirusCallado):
        Clamd(clam.address).revisar(b"hola")
    with pytest.raises(AntivirusCallado):
        Clamd(clam.address).probar()


def test_a_line_that_ends_without_a_word_is_no_verdict(clam: Clam) -> None:
    clam.says = b""
    with pytest.raises(AntivirusCallado) as callado:
        Clamd(clam.address).revisar(b"hola")
    assert (callado.value.causa, callado.value.pasajera) == (Causa.SIN_CONEXION, True)


def test_silence_ends(clam: Clam) -> None:
    clam.silent = True
    with pytest.raises(AntivirusCallado) as callado:
        Clamd(clam.address, segundos=0.2).revisar(b"hola")
    assert (callado.value.causa, callado.value.pasajera) == (Causa.SIN_RESPUESTA, True)


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    with pytest.raises(AntivirusCallado) as callado:
        Clamd(address).probar()
    assert (callado.value.causa, callado.value.pasajera) == (Causa.SIN_CONEXION, True)


def test_a_socket_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AntivirusCallado) as callado:
        Clamd(str(tmp_path / "clamd.ctl")).revisar(b"hola")
    assert callado.value.causa == Causa.SIN_CONEXION


# --- its setting ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dado", "lugar"),
    [
        ("127.0.0.1:3310", ("127.0.0.1", 3310)),
        ("[::1]:3310", ("::1", 3310)),
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
    ],
)
def test_where_it_is(tmp_path: Path, dado: str, lugar: object) -> None:
    hallado = Config.from_environment({"INSTANCE": str(tmp_path), "CLAMD": dado}).antivirus
    assert isinstance(hallado, Clamd)
    assert hallado.lugar == lugar


@pytest.mark.parametrize("dado", ["clamd", "clamd:", ":3310", "clamd:puerto", "clamd:0"])
def test_a_place_that_is_none_is_said(tmp_path: Path, dado: str) -> None:
    with pytest.raises(BadSetting, match="CLAMD: se espera equipo:puerto"):
        Config.from_environment({"INSTANCE": str(tmp_path), "CLAMD": dado})
