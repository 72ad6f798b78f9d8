"""Where the content of documents lies: a folder and a store that speaks S3 keep the same
promises."""

import hashlib
import io
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app import BadSetting, Config
from handlers.documentos.carpeta import Carpeta
from handlers.documentos.s3 import S3
from records.casos.reglas import claves
from records.sistemas.puertos import Causa, Deposito, DepositoFallido
from tests.kit import files, s3
from webforms.documentos.archivos import Almacen, ArchivoDistinto

SHA = hashlib.sha256(b"hola").hexdigest()
CLAVE = claves.de_contenido(SHA)


@pytest.fixture(scope="module")
def servidor() -> Iterator[str]:
    with s3.running() as direccion:
        yield direccion


@pytest.fixture(params=["carpeta", "s3"])
def deposito(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deposito]:
    if request.param == "carpeta":
        yield Carpeta(tmp_path / "archivos")
    else:
        with s3.bucket(request.getfixturevalue("servidor")) as dado, s3.store(dado) as hecho:
            yield hecho


# --- the contract ---------------------------------------------------------------------------------
def test_what_is_put_is_there_and_what_is_not_is_not(deposito: Deposito) -> None:
    assert deposito.sacar(CLAVE) is None
    deposito.poner(CLAVE, b"hola")
    assert deposito.sacar(CLAVE) == b"hola"
    deposito.poner(CLAVE, b"otra vez")
    assert deposito.sacar(CLAVE) == b"otra vez"


def test_what_is_taken_away_is_gone_and_nothing_can_be_taken_away_twice_too(
    deposito: Deposito,
) -> None:
    deposito.poner(CLAVE, b"hola")
    deposito.quitar(CLAVE)
    deposito.quitar(CLAVE)
    assert deposito.sacar(CLAVE) is None


def test_what_moves_is_at_the_other_place_only(deposito: Deposito) -> None:
    llegada = claves.de_llegada(SHA, "1a")
    assert deposito.mover(llegada, CLAVE) is False
    deposito.poner(llegada, b"hola")
    assert deposito.mover(llegada, CLAVE) is True
    assert (deposito.sacar(llegada), deposito.sacar(CLAVE)) == (None, b"hola")
    deposito.poner(llegada, b"hola")
    assert deposito.mover(llegada, CLAVE) is True, "over what lies there"


def test_what_lies_there_is_listed_with_its_size(deposito: Deposito) -> None:
    assert list(deposito.listar()) == []
    for clave, contenido in (
        (CLAVE, b"hola"),
        (claves.de_llegada(SHA, "1a"), b"hola!"),
        (claves.de_llegada(SHA, "2b"), b""),
    ):
        deposito.poner(clave, contenido)
    vistos = sorted(deposito.listar(), key=lambda g: g.clave)
    assert [(g.clave, g.bytes) for g in vistos] == [
        (CLAVE, 4),
        (f"llegadas/{SHA}.1a", 5),
        (f"llegadas/{SHA}.2b", 0),
    ]
    assert all(g.desde.tzinfo is not None for g in vistos)
    assert [g.clave for g in deposito.listar(claves.de_llegada(SHA, ""))] == [
        f"llegadas/{SHA}.1a",
        f"llegadas/{SHA}.2b",
    ]


@pytest.mark.parametrize(
    "clave",
    ["", "../secreto", "/etc/passwd", "aa/../../x", "aa//b", "a\\b", "ñ", "a\n", "aa/b/", "."],
)
def test_a_key_leads_nowhere_else(deposito: Deposito, clave: str) -> None:
    for acto in (
        lambda: deposito.poner(clave, b"x"),
        lambda: deposito.sacar(clave),
        lambda: deposito.quitar(clave),
    ):
        with pytest.raises(ValueError, match=r".*"):
            acto()


def test_it_says_that_it_is_there_and_leaves_nothing(deposito: Deposito) -> None:
    deposito.probar()
    assert list(deposito.listar()) == []


def test_a_document_goes_the_whole_way(deposito: Deposito) -> None:
    """Put aside, refused, put aside, done; read with its hash; changed, and then not given out."""
    almacen = Almacen(deposito)
    revisado = almacen.revisar(io.BytesIO(files.pdf()), "recibo.pdf")
    sha256 = revisado.archivo.sha256
    almacen.resolver([almacen.apartar(revisado)], frozenset())
    assert list(deposito.listar()) == [], "a refused act leaves nothing"
    llegada = almacen.apartar(revisado)
    assert almacen.leer(sha256) == files.pdf(), "the machine stopped here: it is found all the same"
    almacen.resolver([llegada, almacen.apartar(revisado)], {sha256})
    assert [g.clave for g in deposito.listar()] == [claves.de_contenido(sha256)]
    assert almacen.leer(sha256) == files.pdf()
    deposito.poner(claves.de_contenido(sha256), b"otra cosa")
    with pytest.raises(ArchivoDistinto) as distinto:
        almacen.leer(sha256)
    assert distinto.value.falta is False
    deposito.quitar(claves.de_contenido(sha256))
    with pytest.raises(ArchivoDistinto) as distinto:
        almacen.leer(sha256)
    assert distinto.value.falta is True


# --- how each fails -------------------------------------------------------------------------------
def actos(deposito: Deposito) -> list[Callable[[], object]]:
    return [
        lambda: deposito.poner(CLAVE, b"hola"),
        lambda: deposito.sacar(CLAVE),
        lambda: deposito.mover(claves.de_llegada(SHA, "1a"), CLAVE),
        lambda: deposito.quitar(CLAVE),
        lambda: list(deposito.listar()),
        deposito.probar,
    ]


def test_a_bucket_that_is_not_there_is_said(servidor: str) -> None:
    with s3.store(replace(s3.BUCKET, direccion=servidor, cubo="no-existe")) as hecho:
        for acto in actos(hecho):
            with pytest.raises(DepositoFallido) as falla:
                acto()
            assert (falla.value.causa, falla.value.pasajera) == (Causa.RECHAZADO, False)


def test_a_store_that_is_away_is_said() -> None:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        direccion = f"http://127.0.0.1:{libre.getsockname()[1]}"
    with (
        s3.store(replace(s3.BUCKET, direccion=direccion)) as hecho,
        pytest.raises(DepositoFallido) as falla,
    ):
        hecho.sacar(CLAVE)
    assert (falla.value.causa, falla.value.pasajera) == (Causa.SIN_CONEXION, True)


def test_a_folder_where_nobody_may_write_is_said(tmp_path: Path) -> None:
    (tmp_path / "archivos").write_bytes(b"no es una carpeta")
    for acto in (
        lambda: Carpeta(tmp_path / "archivos").poner(CLAVE, b"hola"),
        Carpeta(tmp_path / "archivos").probar,
    ):
        with pytest.raises(DepositoFallido):
            acto()


def test_a_write_that_breaks_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carpeta = Carpeta(tmp_path)
    carpeta.poner(CLAVE, b"hola")

    def lleno(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("handlers.documentos.carpeta.os.fsync", lleno)
    with pytest.raises(DepositoFallido):
        carpeta.poner(CLAVE, b"otra cosa")
    assert [(g.clave, carpeta.sacar(g.clave)) for g in carpeta.listar()] == [(CLAVE, b"hola")]


# --- its settings ---------------------------------------------------------------------------------
def test_the_settings_name_a_bucket(tmp_path: Path, servidor: str) -> None:
    env = {
        "INSTANCE": str(tmp_path),
        "DOCUMENTS_S3_BUCKET": s3.BUCKET.cubo,
        "DOCUMENTS_S3_ENDPOINT": servidor,
        "DOCUMENTS_S3_PREFIX": "ventanilla/",
    }
    with s3.bucket(servidor):
        dado = Config.from_environment(
            {**env, "DOCUMENTS_S3_KEY_ID": "cuenta", "DOCUMENTS_S3_SECRET": "clave"}
        ).documentos
        assert isinstance(dado, S3)
        dado.poner(CLAVE, b"hola")
        assert dado.sacar(CLAVE) == b"hola"
        dado.cerrar()
    assert Config.from_environment({"INSTANCE": str(tmp_path)}).documentos is None, (
        "a folder of the instance"
    )


@pytest.mark.parametrize(
    ("mal", "dice"),
    [
        ({"DOCUMENTS_S3_ENDPOINT": "minio:9000"}, "DOCUMENTS_S3_ENDPOINT: se espera la dirección"),
        ({"DOCUMENTS_S3_KEY_ID": "cuenta"}, "van juntas"),
        ({"DOCUMENTS_S3_SECRET": "clave"}, "van juntas"),
    ],
)
def test_a_setting_that_makes_no_sense_is_said(
    tmp_path: Path, mal: dict[str, str], dice: str
) -> None:
    with pytest.raises(BadSetting, match=dice):
        Config.from_environment(
            {"INSTANCE": str(tmp_path), "DOCUMENTS_S3_BUCKET": "documentos", **mal}
        )


def test_without_its_library_the_setting_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(BadSetting, match=r"requirements-s3\.txt"):
        Config.from_environment({"INSTANCE": str(tmp_path), "DOCUMENTS_S3_BUCKET": "documentos"})
