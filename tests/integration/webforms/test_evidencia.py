"""`flask evidence`: keys, signatures, witnesses, the check of them, the export of a case; and the
worker signs by itself."""

import datetime as dt
import errno
import os
import random
import re
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from click.testing import Result

from app import BadSetting, Config
from common import notes
from common.merkle import root_of
from common.notes import Keyring, Verifier
from common.tiles import path_of
from common.witness import Witness
from engine.store import guard
from handlers.evidencia.testigos import EnCarpeta
from tests.integration.engine.test_verify import tres_pasos
from tests.kit.cast import ASESOR
from tests.kit.chance import dice as dado_de
from tests.kit.clock import NOW
from tests.kit.full import full_disk
from tests.kit.processes import run
from tests.kit.web import WebKit, build, put
from verifier import ventanilla_verify as alone
from webforms.base.ajustes import de
from webforms.base.servicios import EXTENSION
from webforms.comandos.auditoria import audit
from webforms.comandos.consola import cubierto
from webforms.comandos.evidencia import evidence
from webforms.comandos.revision import doctor
from webforms.comandos.rondas import Comprobacion, EnRonda, Ronda, del_registro
from webforms.documentos import aparte
from webforms.evidencia import llave
from webforms.operacion import novedades

ROOT = Path(__file__).resolve().parents[3]
OTRA = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.fixture
def web(sqlite_url: str, tmp_path: Path) -> WebKit:
    """A case whose first task is done."""
    web = build(tmp_path, sqlite_url)
    put(web.app, evidence_key=tmp_path / "evidence.key")
    for orden in (evidence, doctor):
        web.app.cli.add_command(cubierto(orden, con_tablas=False, lengua="es"))
    web.engine.releases.deploy({"p.bpmn": tres_pasos()}, actor=ASESOR, now=NOW)
    abierta = (
        web.engine.instances.start(
            "p", actor=ASESOR, now=NOW, case_key="caso-1", data={"punto_id": "P1"}
        )
        .opened[0]
        .id
    )
    web.engine.items.complete(abierta, values={"a": "lo escrito"}, actor=ASESOR, now=NOW)
    return web


def correr(web: WebKit, *palabras: str) -> Result:
    return web.app.test_cli_runner().invoke(args=["evidence", *palabras])


def con_llave(web: WebKit, *mas: str) -> list[str]:
    """The public keys."""
    hecha = correr(web, "key", *mas)
    assert hecha.exit_code == 0, hecha.output
    return [linea for linea in hecha.output.splitlines() if "+" in linea]


def con(publicas: list[str]) -> list[str]:
    """As options."""
    return [palabra for publica in publicas for palabra in ("--key", publica)]


def test_the_key_is_made_once_and_is_its_owners_alone(web: WebKit) -> None:
    publicas, archivo = con_llave(web), de(web.app).llave
    assert stat.S_IMODE(archivo.stat().st_mode) == 0o600
    assert [(Verifier.read(p).name, Verifier.read(p).kind) for p in publicas] == [
        ("ventanilla.test/registro", kind) for kind in (1, 6)
    ]
    secreta = archivo.read_text("utf-8")
    assert con_llave(web) == publicas
    assert archivo.read_text("utf-8") == secreta
    assert "PRIVATE" not in correr(web, "key").output
    with web.engine.db.connect() as c:
        assert not c.execute(sa.text("SELECT count(*) FROM log_checkpoint")).scalar()


def test_what_is_signed_is_checked_here_and_elsewhere(web: WebKit, tmp_path: Path) -> None:
    publicas, fuera = con_llave(web), tmp_path / "fuera.txt"
    firmado = correr(web, "checkpoint", "--to", str(fuera))
    assert firmado.output == fuera.read_text("utf-8")
    assert llave.leidas(publicas).checkpoint(firmado.output).at == int(NOW.timestamp())
    bien = correr(web, "verify", *con(publicas), "--against", str(fuera))
    assert (bien.exit_code, bien.output.splitlines()[-1]) == (0, "Lo firmado está completo.")
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET case_key = 'otro'"))
        (instancia,) = c.execute(sa.text("SELECT id FROM instance")).one()
    mal = correr(web, "verify", "--against", str(fuera))
    assert mal.exit_code == 1
    assert f"instancia {instancia}: sus datos no son los que vio el registro" in mal.stderr


def test_the_proof_of_a_case_opens_elsewhere(web: WebKit, tmp_path: Path) -> None:
    publicas = con_llave(web)
    assert correr(web, "proof", "caso-1").exit_code == 1
    correr(web, "checkpoint")
    dicho = correr(web, "proof", "caso-1", "--to", str(tmp_path / "pruebas"))
    (archivo,) = (tmp_path / "pruebas").iterdir()
    assert dicho.output.strip() == str(archivo)
    proven = notes.read_proof(archivo.read_text("utf-8"), [Verifier.read(publicas[0])])
    assert archivo.stem.encode() in proven.entry
    assert correr(web, "proof", "caso-1").output == archivo.read_text("utf-8")


def test_whatever_is_missing_is_said_in_a_sentence(web: WebKit, tmp_path: Path) -> None:
    for orden in (("checkpoint",), ("verify",)):
        sin = correr(web, *orden)
        assert (sin.exit_code, sin.output) == (
            1,
            f"No hay llave en {de(web.app).llave}: hágala con flask evidence key.\n",
        )
    assert correr(web, "verify", "--key", "nada").exit_code == 2
    assert correr(web, "key", "--name", "con espacio").exit_code == 2
    con_llave(web)
    nada = correr(web, "verify")
    assert (nada.exit_code, nada.output.splitlines()[-1]) == (
        1,
        "Todavía no se ha firmado nada: no hay contra qué comprobar.",
    )
    correr(web, "checkpoint")
    assert "la firma no es de esta llave" in correr(web, "verify", "--key", OTRA).output
    for lugar in (tmp_path / "no" / "hay", tmp_path):
        assert correr(web, "verify", "--against", str(lugar)).output.startswith(
            "No se pudo leer lo firmado"
        )
        assert correr(web, "checkpoint", "--to", str(lugar)).output.startswith(
            "No se pudo escribir"
        )
    de(web.app).llave.chmod(0o644)
    assert "no es solo de su dueño" in correr(web, "checkpoint").output
    de(web.app).llave.write_bytes(b"\xff")
    de(web.app).llave.chmod(0o600)
    assert "no tiene una llave" in correr(web, "checkpoint").output


def test_a_file_that_says_no_tree_is_the_mistake_of_who_named_it_and_no_fault_of_the_log(
    web: WebKit, tmp_path: Path
) -> None:
    con_llave(web)
    correr(web, "checkpoint")
    assert correr(web, "verify").exit_code == 0
    for nombre, contenido in (
        ("carta.txt", b"hola\n"),
        ("foto.png", b"\x89PNG\xff"),
        ("nada", b""),
    ):
        ajeno = tmp_path / nombre
        ajeno.write_bytes(contenido)
        dicho = correr(web, "verify", "--against", str(ajeno))
        assert (dicho.exit_code, dicho.output) == (
            1,
            f"{ajeno} no es algo firmado de un registro: no se comprobó nada.\n",
        )
    assert "halló fallas" not in dice(web)
    assert (
        correr(web, "verify", "--against", str(tmp_path / "no")).output
        == f"No se pudo leer lo firmado: {tmp_path / 'no'}: no existe.\n"
    )


def test_a_full_disk_leaves_no_key_that_is_none(web: WebKit) -> None:
    with full_disk(50):
        sin = correr(web, "key")
    archivo = de(web.app).llave
    assert (sin.exit_code, sin.output.split(": ")[0]) == (1, f"No se pudo escribir {archivo}")
    assert not archivo.exists()
    assert con_llave(web)


def test_a_full_disk_leaves_what_was_written_before_and_nothing_half(
    web: WebKit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    con_llave(web)
    correr(web, "checkpoint")
    carpeta = tmp_path / "pruebas"
    correr(web, "proof", "caso-1", "--to", str(carpeta))
    (archivo,) = carpeta.iterdir()
    antes = archivo.read_bytes()
    with full_disk(1000):
        assert correr(web, "proof", "caso-1", "--to", str(carpeta)).exit_code == 1
        assert correr(web, "tiles", "--to", str(tmp_path / "losas")).exit_code == 1
    assert [(a, a.read_bytes()) for a in carpeta.iterdir()] == [(archivo, antes)]
    assert not list((tmp_path / "losas").rglob(".*"))

    def lleno(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    exportado = tmp_path / "caso.json"
    with monkeypatch.context() as m:
        m.setattr(llave.os, "fsync", lleno)
        assert correr(web, "export", "caso-1", "--to", str(exportado)).exit_code == 1
    assert not exportado.exists()
    assert correr(web, "export", "caso-1", "--to", str(exportado)).exit_code == 0


def test_what_was_signed_may_go_where_no_file_lies(web: WebKit, tmp_path: Path) -> None:
    """A link stays one; a device or a pipe is written to, never replaced."""
    con_llave(web)
    enlace, tubo = tmp_path / "enlace", tmp_path / "tubo"
    enlace.symlink_to(tmp_path / "lejos")
    os.mkfifo(tubo)
    lee = os.open(tubo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        for destino in (enlace, tubo):
            firmado = correr(web, "checkpoint", "--to", str(destino))
            assert firmado.exit_code == 0
            dicho = (
                os.read(lee, 10_000).decode()
                if destino is tubo
                else (tmp_path / "lejos").read_text("utf-8")
            )
            assert dicho == firmado.output
    finally:
        os.close(lee)
    assert enlace.is_symlink()
    assert tubo.is_fifo()


def test_what_a_check_found_is_said_where_it_cannot_be_kept(web: WebKit) -> None:
    con_llave(web)
    correr(web, "checkpoint")
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET case_key = 'otro'"))
    llave_de_aqui = de(web.app).llave
    llave_de_aqui.with_name(f".evidence.checked.{os.getpid()}").mkdir()
    mal = correr(web, "verify")
    assert mal.exit_code == 1
    assert "sus datos no son los que vio el registro" in mal.stderr
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET head = x'00'"))
    web.app.cli.add_command(cubierto(audit, con_tablas=False, lengua="es"))
    mal = web.app.test_cli_runner().invoke(args=["audit", "verify"])
    assert mal.exit_code == 1
    assert "1 instancias" in mal.stdout
    assert len(mal.stderr.splitlines()) > 1


def dice(web: WebKit) -> str:
    return web.app.test_cli_runner().invoke(args=["doctor"]).output


def con_testigos(web: WebKit, *testigos: Witness) -> None:
    web.app.extensions[EXTENSION] = replace(web.app.extensions[EXTENSION], testigos=testigos)


def test_doctor_says_who_signs(web: WebKit) -> None:
    assert "Aquí no hay llave: este equipo no firma." in dice(web)
    assert con_llave(web)[0] in dice(web)
    de(web.app).llave.chmod(0o644)
    assert "no es solo de su dueño" in dice(web)


def test_doctor_says_who_could_change_what_is_written_once(web: WebKit) -> None:
    assert "Esta cuenta de la base puede cambiar lo ya escrito: journal, access" in dice(web)
    with web.engine.db.begin() as c:
        guard.protect(c, ())
    archivo = Path(str(web.engine.db.url.database))
    archivo.chmod(0o644)
    assert "Otros de este equipo pueden leer la base." in dice(web)
    archivo.chmod(0o600)
    assert "Nadie que atiende puede cambiarlo ni borrarlo." in dice(web)


def test_the_worker_signs_by_itself_where_the_key_is(web: WebKit) -> None:
    con_llave(web)
    alto = threading.Event()
    ronda = del_registro(web.engine, (), lambda: None)
    registro = EnRonda(ronda, web.app.app_context, web.clock, alto)
    registro.start()
    firmas = 0
    for _vez in range(400):
        with web.engine.db.connect() as c:
            firmas = c.execute(sa.text("SELECT count(*) FROM log_checkpoint")).scalar_one()
        if firmas:
            break
        alto.wait(0.05)
    alto.set()
    registro.join(10)
    assert (firmas, registro.is_alive()) == (1, False)
    assert correr(web, "verify").exit_code == 0


def una_vuelta(web: WebKit) -> list[tuple[str, int]]:
    """One hour of the worker: which checks it ran, and how they ended; in this process, where the
    worker has one of its own for each."""
    alto, corridas = threading.Event(), list[tuple[str, int]]()

    def orden(palabras: Sequence[str], _seguir: Callable[[], bool]) -> int:
        hecho = web.app.test_cli_runner().invoke(args=list(palabras))
        corridas.append((" ".join(palabras), hecho.exit_code))
        return hecho.exit_code

    comprobacion = Comprobacion(orden)
    hilos = [
        EnRonda(ronda, web.app.app_context, web.clock, alto)
        for ronda in (
            Ronda("check", "", 0.1, (comprobacion.ronda,)),
            del_registro(web.engine, (), comprobacion.pedir),
        )
    ]
    for hilo in hilos:
        hilo.start()
    vistas = -1
    while not corridas or vistas != len(corridas):
        vistas = len(corridas)
        alto.wait(0.3)
    alto.set()
    for hilo in hilos:
        hilo.join(10)
    return corridas


NUEVO, TODO, CADENAS = "evidence verify --new", "evidence verify", "audit verify"


def test_the_worker_checks_what_is_new_each_hour_and_everything_at_night(web: WebKit) -> None:
    web.app.cli.add_command(cubierto(audit, con_tablas=False, lengua="es"))
    con_llave(web)
    assert "Todavía no se ha comprobado todo." in dice(web)
    assert una_vuelta(web) == [(NUEVO, 0), (TODO, 0), (CADENAS, 0)], "never before"
    assert "Sin fallas: todo, el " in dice(web)
    estado = " ".join(web.browser("admin").get("/estado").text.split())
    assert re.search(
        r'Comprobación del registro <span class="estado" data-e="hecha">.*?<dt>Última</dt><dd>Sin fallas: todo, el ',
        estado,
    )
    web.clock.advance(dt.timedelta(hours=1))
    assert una_vuelta(web) == [(NUEVO, 0)]
    web.clock.advance(dt.timedelta(hours=4))
    assert re.search(r"AVISO +Comprobación del registro +Sin fallas: todo, el ", dice(web)), (
        "nobody checked for hours"
    )
    web.clock.advance(dt.timedelta(hours=20))
    assert una_vuelta(web) == [(NUEVO, 0), (TODO, 0), (CADENAS, 0)]


def test_a_check_is_a_process_of_its_own_which_ends_with_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    monkeypatch.setenv("SECRET_KEY", "k" * 40)
    assert aparte.orden(["evidence", "--help"], lambda: True) == 0
    assert aparte.orden(["evidence", "verify"], lambda: True) != 0
    antes = time.monotonic()
    assert aparte.orden(["shell"], lambda: time.monotonic() - antes < 2) != 0, (
        "it waits for words that nobody says"
    )
    assert time.monotonic() - antes < 30


def test_what_a_check_found_is_told_until_it_is_gone(web: WebKit) -> None:
    web.app.cli.add_command(cubierto(audit, con_tablas=False, lengua="es"))
    con_llave(web)
    una_vuelta(web)
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET process = 'otro'"))
    assert una_vuelta(web) == [(NUEVO, 0)], "it was checked before: the night finds it"
    web.clock.advance(dt.timedelta(days=1))
    assert una_vuelta(web) == [(NUEVO, 0), (TODO, 1), (CADENAS, 0)]
    assert "flask evidence verify halló fallas el" in dice(web)
    assert una_vuelta(web) == [(NUEVO, 0)]
    assert "flask evidence verify halló fallas el" in dice(web), (
        "what is new was whole, and the fault is told all the same"
    )
    with web.app.app_context():
        novedades.ronda(web.engine, web.clock.now())
    with web.engine.db.begin() as c:
        assert (
            c.execute(
                sa.text("SELECT dice FROM aviso_de_operacion WHERE codigo LIKE 'comprobacion%'")
            )
            .scalar_one()
            .startswith("flask evidence verify")
        )
        c.execute(sa.text("UPDATE instance SET process = 'p'"))
    assert correr(web, "verify").exit_code == 0
    assert "Sin fallas: todo, el " in dice(web)


def test_a_check_of_what_is_new_that_found_something_does_not_go_on_from_there(web: WebKit) -> None:
    con_llave(web)
    correr(web, "checkpoint")
    assert correr(web, "verify").exit_code == 0
    web.engine.instances.start(
        "p", actor=ASESOR, now=NOW, case_key="caso-2", data={"punto_id": "P1"}
    )
    correr(web, "checkpoint")
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET process = 'otro' WHERE case_key = 'caso-2'"))
    for _vez in range(2):
        hecho = correr(web, "verify", "--new")
        assert hecho.exit_code == 1
        assert "sus datos no son los que vio el registro" in hecho.stderr
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET process = 'p' WHERE case_key = 'caso-2'"))
    assert "Lo nuevo está completo." in correr(web, "verify", "--new").output
    assert "0 entradas nuevas" in correr(web, "verify", "--new").output


@pytest.mark.parametrize(
    "dentro",
    ["", "{", "[]", '{"hasta": {"size": "x", "edge": ""}, "hallados": {}}', '{"hasta": 3}'],
)
def test_what_was_checked_and_cannot_be_read_is_checked_again(web: WebKit, dentro: str) -> None:
    con_llave(web)
    correr(web, "checkpoint")
    sitio = de(web.app).llave.with_name("evidence.checked")
    sitio.write_text(dentro, "utf-8")
    assert correr(web, "verify", "--new").exit_code == 0
    assert stat.S_IMODE(sitio.stat().st_mode) == 0o600
    assert "0 entradas nuevas" in correr(web, "verify", "--new").output


def test_only_the_place_with_the_keys_goes_on_from_a_check(web: WebKit) -> None:
    publicas = con_llave(web)
    correr(web, "checkpoint")
    assert correr(web, "verify", "--new", *con(publicas)).exit_code == 2
    assert correr(web, "verify", *con(publicas)).exit_code == 0
    assert not de(web.app).llave.with_name("evidence.checked").exists()


def test_a_renewed_key_leaves_what_the_one_before_signed_as_it_was(
    web: WebKit, tmp_path: Path
) -> None:
    antes, fuera = con_llave(web), tmp_path / "fuera.txt"
    # nothing was signed yet: it is signed first
    assert correr(web, "key", "--renew").exit_code == 0
    despues = con_llave(web)
    assert [linea.partition(" ") for linea in despues[2:]] == [
        (publica, " ", "5") for publica in antes
    ]  # with one of rows: the accounts of the kit
    assert not set(despues[:2]) & set(antes)
    web.engine.instances.start(
        "p", actor=ASESOR, now=NOW, case_key="caso-2", data={"punto_id": "P1"}
    )
    assert correr(web, "checkpoint", "--to", str(fuera)).exit_code == 0
    bien = correr(web, "verify", *con(despues), "--against", str(fuera))
    assert (bien.exit_code, bien.output.splitlines()[-1]) == (0, "Lo firmado está completo.")
    assert correr(web, "verify").exit_code == 0
    # of the first signature nobody gave the key
    assert correr(web, "verify", *con(despues[:2])).exit_code == 1
    solo_antes = correr(web, "verify", *con(despues[2:]))
    assert (solo_antes.exit_code, "solo están las de antes" in solo_antes.output) == (2, True)
    assert correr(web, "verify", "--key", f"{antes[0]} muchas").exit_code == 2
    archivo = de(web.app).llave
    assert (stat.S_IMODE(archivo.stat().st_mode), archivo.read_text("utf-8").count("PRIVATE")) == (
        0o600,
        2,
    )


@pytest.fixture
def entregada(web: WebKit, tmp_path: Path) -> Path:
    """The key, made, and since then handed over by systemd: by a list of access for the account,
    whose mask stands for the group."""
    con_llave(web)
    (tmp_path / "credentials").mkdir()
    llave_entregada = de(web.app).llave.rename(tmp_path / "credentials" / "evidence.key")
    llave_entregada.chmod(0o440)
    put(web.app, evidence_credential=llave_entregada)
    return llave_entregada


def test_a_key_that_is_handed_over_signs_and_what_it_checked_lies_where_keys_are_made(
    web: WebKit, tmp_path: Path, entregada: Path
) -> None:
    publicas = con_llave(web)
    assert correr(web, "checkpoint").exit_code == 0
    assert publicas[0] in dice(web)
    assert correr(web, "verify").exit_code == 0
    assert [f.name for f in (tmp_path / "credentials").iterdir()] == ["evidence.key"]
    assert (tmp_path / "evidence.checked").exists()
    assert not (tmp_path / "evidence.key").exists()
    entregada.chmod(0o444)
    assert "no es solo de su dueño" in correr(web, "checkpoint").output


def test_a_key_made_in_the_place_of_one_handed_over_holds_from_then_on(
    web: WebKit, tmp_path: Path, entregada: Path
) -> None:
    antes, de_antes = con_llave(web), entregada.read_bytes()
    renovada = correr(web, "key", "--renew")
    assert (renovada.exit_code, "ventanilla-secret import" in renovada.output) == (0, True)
    assert stat.S_IMODE((tmp_path / "evidence.key").stat().st_mode) == 0o600
    assert entregada.read_bytes() == de_antes
    despues = con_llave(web)
    assert [linea.partition(" ")[0] for linea in despues[2:]] == antes
    assert correr(web, "checkpoint").exit_code == 0
    # what the file signed, not what was handed over
    assert correr(web, "verify", *con(despues)).exit_code == 0
    (tmp_path / "evidence.key").replace(entregada)  # as the store does it
    entregada.chmod(0o400)
    assert con_llave(web) == despues


def test_witnesses_are_shown_what_is_signed_and_asked_when_it_is_checked(
    web: WebKit, tmp_path: Path
) -> None:
    (tmp_path / "fuera").mkdir()
    con_testigos(web, EnCarpeta(tmp_path / "fuera"), EnCarpeta(tmp_path / "sin montar"))
    con_llave(web)
    firmado = correr(web, "checkpoint")
    assert firmado.exit_code == 1
    assert (
        firmado.stderr
        == f"file:{tmp_path / 'sin montar'}: no contesta; el trabajador lo intenta cada hora\n"
    )
    assert "no ha visto lo último que se firmó" in dice(web)
    (tmp_path / "sin montar").mkdir()
    web.engine.instances.start(
        "p", actor=ASESOR, now=NOW, case_key="caso-2", data={"punto_id": "P1"}
    )
    assert correr(web, "checkpoint").exit_code == 0
    assert "Vieron lo último que se firmó" in dice(web)
    assert correr(web, "verify").exit_code == 0
    with web.engine.db.begin() as c:  # the database of before, whole
        for orden in (
            "DELETE FROM log_entry WHERE n > 2",
            "DELETE FROM log_checkpoint WHERE size > 3",
            "DELETE FROM log_witness",
            "DELETE FROM journal WHERE instance_id IN (SELECT id FROM instance WHERE case_key = 'caso-2')",
            "DELETE FROM instance WHERE case_key = 'caso-2'",
        ):
            c.execute(sa.text(orden))
    mal = correr(web, "verify")
    assert mal.exit_code == 1
    assert "el registro es más corto que lo que se firmó" in mal.stderr
    assert (
        "vio un registro más largo que este: la base es de antes"
        in correr(web, "checkpoint").stderr
    )
    assert "vio un registro más largo que este" in dice(web)


def test_what_somebody_spoilt_in_the_folder_of_a_witness_is_told_with_its_name(
    web: WebKit, tmp_path: Path
) -> None:
    con_testigos(web, EnCarpeta(tmp_path))
    con_llave(web)
    correr(web, "checkpoint")
    assert correr(web, "verify").exit_code == 0
    (guardado,) = tmp_path.glob("*.checkpoint")
    guardado.chmod(0o600)
    for basura in (b"basura\n", b"\xff\xfe", b""):
        guardado.write_bytes(basura)
        mal = correr(web, "verify")
        assert (mal.exit_code, mal.stderr.splitlines()[-1]) == (
            1,
            f"file:{tmp_path} guarda un archivo que ya no es lo que se firmó",
        )
        assert "flask evidence verify halló fallas" in dice(web)


def test_without_witnesses_doctor_says_so_once_something_is_signed(web: WebKit) -> None:
    con_llave(web)
    assert "Todavía no se ha firmado nada" in dice(web)
    correr(web, "checkpoint")
    assert "Nadie fuera de la base guarda lo firmado" in dice(web)


@pytest.mark.parametrize(
    "dado",
    ["ftp://testigo.example", f"htps://testigo.example {OTRA}", "rfc3161:https://tsa.example/tsr"],
)
def test_a_witness_that_nobody_knows_how_to_ask_is_no_folder(dado: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=f"y sus certificados, no «{re.escape(dado)}»"):
        Config.from_environment({"INSTANCE": str(tmp_path), "EVIDENCE_WITNESSES": dado})


@pytest.mark.parametrize(
    "dado",
    [
        "https://testigo.example nada",
        "https://testigo.example",
        "mailto:",
        "mailto:nadie",
        f"/a, http://w {OTRA}, /a",
    ],
)
def test_a_witness_that_makes_no_sense_stops_the_start(dado: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="EVIDENCE_WITNESSES"):
        Config.from_environment({"INSTANCE": str(tmp_path), "EVIDENCE_WITNESSES": dado})


def test_witnesses_are_told_by_setting(tmp_path: Path) -> None:
    dado = f"{tmp_path}, file:/mnt/actas, https://testigo.example/w {OTRA}, mailto:archivo@entidad.example"
    config = Config.from_environment({"INSTANCE": str(tmp_path), "EVIDENCE_WITNESSES": dado})
    assert [testigo.name for testigo in config.testigos] == [
        f"file:{tmp_path}",
        "file:/mnt/actas",
        "https://testigo.example/w",
        "mailto:archivo@entidad.example",
    ]


# --- the export of a case, and the program that needs nothing of ours -----------------------------
def exportado(web: WebKit, tmp_path: Path) -> tuple[list[str], Path]:
    publicas, archivo = con_llave(web), tmp_path / "caso.json"
    web.engine.notes.add(
        "caso-1", "Llamó la persona, tres veces", actor=ASESOR, now=NOW, kind="nota"
    )
    correr(web, "checkpoint")
    dicho = correr(web, "export", "caso-1", "--to", str(archivo))
    assert (dicho.exit_code, dicho.output.strip()) == (0, str(archivo)), dicho.output
    return publicas, archivo


def a_solas(archivo: Path, publicas: list[str], lengua: str = "es") -> tuple[int, str]:
    """Python without any library of ours, in a place of its own."""
    orden = [
        sys.executable,
        "-I",
        "-S",
        str(ROOT / "verifier" / "ventanilla_verify.py"),
        str(archivo),
        *con(publicas),
    ]
    hecho = run(orden, cwd=archivo.parent, env={"LANGUAGE": lengua}, capture_output=True, text=True)
    return hecho.returncode, hecho.stdout + hecho.stderr


def test_an_export_is_checked_without_ventanilla(web: WebKit, tmp_path: Path) -> None:
    publicas, archivo = exportado(web, tmp_path)
    codigo, dicho = a_solas(archivo, publicas)
    assert codigo == 0, dicho
    assert re.match(
        r"completo: 1 instancias, 2 filas, 1 formularios \(0 borrados\), 1 notas; firmado 2026-\d\d-\d\dT",
        dicho,
    )
    assert "whole: 1 instances" in a_solas(archivo, publicas, "en")[1]
    assert stat.S_IMODE(archivo.stat().st_mode) == 0o600
    with web.session() as s:
        assert (
            s.scalar(sa.text("SELECT subject FROM access WHERE kind = 'exportacion_evidencia'"))
            == "caso-1"
        )
    assert a_solas(archivo, [OTRA])[0] == 1
    assert a_solas(archivo, ["nada"])[0] == 2
    assert a_solas(tmp_path / "no-hay.json", publicas)[0] == 2
    (tmp_path / "otro.json").write_text("[" * 100_000, "utf-8")
    assert a_solas(tmp_path / "otro.json", publicas) == (
        1,
        "export: no es una exportación de un caso que este programa conozca\n",
    )
    for malo, dice_ in (("caso-1", "No se pudo escribir"), ("no-hay", "No hay un caso")):
        assert dice_ in correr(web, "export", malo, "--to", str(archivo)).output


def test_what_is_newer_than_the_signature_is_said(web: WebKit, tmp_path: Path) -> None:
    publicas, archivo = exportado(web, tmp_path)
    archivo.unlink()
    with web.session() as s:
        abierta = s.scalar(sa.text("SELECT id FROM work_item WHERE state = 'open'"))
    web.engine.items.complete(str(abierta), values={"b": "más"}, actor=ASESOR, now=NOW)
    web.engine.instances.start(
        "p", actor=ASESOR, now=NOW, case_key="caso-1", data={"punto_id": "P1"}
    )
    dicho = correr(web, "export", "caso-1", "--to", str(archivo))
    assert dicho.stderr == "Instancias que todavía no están bajo una firma: 1.\n"
    codigo, dice_ = a_solas(archivo, publicas)
    assert (codigo, dice_.count("no está bajo ninguna firma")) == (1, 1)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each value that is no list and no object."""
    parts = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    if not parts and not isinstance(value, dict | list):
        yield path
    for key, inner in parts:
        yield from leaves(inner, (*path, key))


#: Said for who reads; no hash covers it, and the program does not use it.
NOT_COVERED = {("forms", "form")}


def test_whatever_is_changed_in_an_export_is_found(web: WebKit, tmp_path: Path) -> None:
    publicas, archivo = exportado(web, tmp_path)
    hecho, keys = (
        orjson.loads(archivo.read_bytes()),
        [alone.Key.read(publica) for publica in publicas],
    )
    assert alone.verify(hecho, keys)[1] == []
    caminos = [c for c in leaves(hecho) if (c[-3:][0], c[-1]) not in NOT_COVERED]
    assert len(caminos) > 40
    azar = dado_de("export")
    for camino in caminos:
        copia = orjson.loads(archivo.read_bytes())
        dentro = copia
        for parte in camino[:-1]:
            dentro = dentro[parte]
        dentro[camino[-1]] = otra(dentro[camino[-1]], azar)
        checked, faults = alone.verify(copia, keys)
        # as if erased: it is told
        assert faults or (
            camino[0] == "notes" and camino[-1] == "text" and checked.without_text == 1
        ), camino


def otra(value: Any, azar: random.Random) -> Any:
    """Another value of its kind, or of none."""
    if isinstance(value, str) and value:
        place = azar.randrange(len(value))
        letter = "0123456789abcdefABCDEFghij"[azar.randrange(26)]
        return (
            value[:place] + (letter if letter != value[place] else "z") + value[place + 1 :]
            if azar.random() < 0.7
            else None
        )
    return azar.choice([v for v in (None, "otro", 7, True, {}, [], -1) if v != value])


def test_a_form_of_another_task_is_found_and_a_note_without_its_text_is_told(
    web: WebKit, tmp_path: Path
) -> None:
    publicas, archivo = exportado(web, tmp_path)
    hecho = orjson.loads(archivo.read_bytes())
    (nota,) = hecho["notes"]
    archivo.write_bytes(orjson.dumps({**hecho, "notes": [{**nota, "text": None}]}))
    codigo, dicho = a_solas(archivo, publicas)
    assert (codigo, dicho.count("1 notas no tienen texto")) == (0, 1)
    hecho["instances"][0]["forms"][0]["element"] = "otra_tarea"
    archivo.write_bytes(orjson.dumps(hecho))
    codigo, dicho = a_solas(archivo, publicas, "en")
    assert (codigo, dicho.count("what was sent does not give its digest")) == (1, 1)


@pytest.mark.parametrize("parte", ["instances", "journal", "forms", "notes"])
def test_what_is_left_out_of_an_export_or_put_in_twice_is_found(
    web: WebKit, tmp_path: Path, parte: str
) -> None:
    publicas, archivo = exportado(web, tmp_path)
    keys = [alone.Key.read(publica) for publica in publicas]
    for cambio in (
        lambda lista: lista.pop(),
        lambda lista: lista.append(lista[-1]),
        lambda lista: lista.reverse() or lista.append({}),
    ):
        copia = orjson.loads(archivo.read_bytes())
        cambio((copia if parte in copia else copia["instances"][0])[parte])
        faltas = alone.verify(copia, keys)[1]
        # what is whole twice is whole
        assert faltas or (parte, len(copia[parte])) in {
            ("notes", 0),
            ("instances", 2),
            ("notes", 2),
        }


# --- the log as files that anybody may serve ------------------------------------------------------
def test_the_log_lies_as_tiles_whose_tree_is_the_signed_one_and_another_log_is_not_written_over_it(
    web: WebKit, tmp_path: Path
) -> None:
    publicas, carpeta = con_llave(web), tmp_path / "losas"
    assert correr(web, "tiles", "--to", str(carpeta)).exit_code == 1, "nothing was signed"
    for n in range(300):
        web.engine.notes.add("caso-1", f"Nota {n}", actor=ASESOR, now=NOW, kind="nota")
    correr(web, "checkpoint")
    assert "archivos nuevos" in correr(web, "tiles", "--to", str(carpeta)).output
    firmado = (
        Keyring(tuple(Verifier.read(p) for p in publicas))
        .checkpoint((carpeta / "checkpoint").read_text("utf-8"))
        .checkpoint
    )
    llenas, resto = divmod(firmado.size, 256)
    archivos = [carpeta / path_of("0", n) for n in range(llenas)] + [
        carpeta / path_of("0", llenas, resto)
    ]
    hojas = b"".join(archivo.read_bytes() for archivo in archivos)
    assert root_of([hojas[i : i + 32] for i in range(0, len(hojas), 32)]) == firmado.root
    assert (carpeta / path_of("1", 0, llenas)).read_bytes()[:32] == root_of(
        [hojas[i : i + 32] for i in range(0, 8192, 32)]
    )

    web.engine.notes.add("caso-1", "Otra", actor=ASESOR, now=NOW, kind="nota")
    correr(web, "checkpoint")
    antes = archivos[0].stat().st_mtime_ns
    assert correr(web, "tiles", "--to", str(carpeta)).exit_code == 0
    assert archivos[0].stat().st_mtime_ns == antes, "what is full is not written again"
    assert "0 archivos nuevos" in correr(web, "tiles", "--to", str(carpeta)).output
    with web.engine.db.begin() as c:
        guard.release(c)
        c.execute(sa.text("DELETE FROM log_checkpoint WHERE size > :n"), {"n": firmado.size})
    antes_de = correr(web, "tiles", "--to", str(carpeta))
    assert (antes_de.exit_code, "es de un registro más largo" in antes_de.output) == (1, True), (
        "a database of before"
    )
    with web.engine.db.begin() as c:
        for tabla in ("log_entry", "log_checkpoint"):
            c.execute(sa.delete(sa.table(tabla)))
        c.execute(sa.text("UPDATE note SET actor_id = 'otra'"))
    for n in range(5):  # at least as long as what lies there
        web.engine.notes.add("caso-1", f"Y otra {n}", actor=ASESOR, now=NOW, kind="nota")
    correr(web, "checkpoint")
    otro = correr(web, "tiles", "--to", str(carpeta))
    assert (otro.exit_code, "es de otro registro: no se cambió" in otro.output) == (1, True)
