"""`flask evidence`: a key, signatures, the check of them, the proof of a case; and the worker signs by itself."""

import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result

from common import notes
from common.notes import Verifier
from tests.integration.engine.test_verify import tres_pasos
from tests.kit.cast import ASESOR
from tests.kit.clock import NOW
from tests.kit.web import WebKit
from tests.kit.web import build
from webforms.comandos.consola import cubierto
from webforms.comandos.evidencia import evidence
from webforms.comandos.revision import doctor
from webforms.comandos.trabajador import Registro

OTRA = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


@pytest.fixture
def web(sqlite_url: str, tmp_path: Path) -> WebKit:
    """A case whose first task is done."""
    web = build(tmp_path, sqlite_url)
    web.app.config["EVIDENCE_KEY"] = tmp_path / "evidence.key"
    for orden in (evidence, doctor):
        web.app.cli.add_command(cubierto(orden, con_tablas=False, lengua="es"))
    web.engine.releases.deploy({"p.bpmn": tres_pasos()}, actor=ASESOR, now=NOW)
    abierta = web.engine.instances.start("p", actor=ASESOR, now=NOW, case_key="caso-1", data={"punto_id": "P1"}).opened[0].id
    web.engine.items.complete(abierta, values={"a": "lo escrito"}, actor=ASESOR, now=NOW)
    return web


def correr(web: WebKit, *palabras: str) -> Result:
    return web.app.test_cli_runner().invoke(args=["evidence", *palabras])


def con_llave(web: WebKit) -> str:
    """The public key."""
    hecha = correr(web, "key")
    assert hecha.exit_code == 0, hecha.output
    return hecha.output.splitlines()[-1]


def test_the_key_is_made_once_and_is_its_owners_alone(web: WebKit) -> None:
    publica, archivo = con_llave(web), Path(web.app.config["EVIDENCE_KEY"])
    assert stat.S_IMODE(archivo.stat().st_mode) == 0o600
    assert Verifier.read(publica).name == "ventanilla.test/registro"
    secreta = archivo.read_text("utf-8")
    assert con_llave(web) == publica
    assert archivo.read_text("utf-8") == secreta
    assert "PRIVATE" not in correr(web, "key").output
    with web.engine.db.connect() as c:
        assert not c.execute(sa.text("SELECT count(*) FROM log_checkpoint")).scalar()


def test_what_is_signed_is_checked_here_and_elsewhere(web: WebKit, tmp_path: Path) -> None:
    publica, fuera = con_llave(web), tmp_path / "fuera.txt"
    firmado = correr(web, "checkpoint", "--to", str(fuera))
    assert firmado.output == fuera.read_text("utf-8")
    assert notes.read(firmado.output, [Verifier.read(publica)]).startswith("ventanilla.test/registro\n")
    bien = correr(web, "verify", "--key", publica, "--against", str(fuera))
    assert (bien.exit_code, bien.output.splitlines()[-1]) == (0, "Lo firmado está completo.")
    with web.engine.db.begin() as c:
        c.execute(sa.text("UPDATE instance SET case_key = 'otro'"))
        (instancia,) = c.execute(sa.text("SELECT id FROM instance")).one()
    mal = correr(web, "verify", "--against", str(fuera))
    assert mal.exit_code == 1
    assert f"instancia {instancia}: sus datos no son los que vio el registro" in mal.stderr


def test_the_proof_of_a_case_opens_elsewhere(web: WebKit, tmp_path: Path) -> None:
    publica = con_llave(web)
    assert correr(web, "proof", "caso-1").exit_code == 1
    correr(web, "checkpoint")
    dicho = correr(web, "proof", "caso-1", "--to", str(tmp_path / "pruebas"))
    (archivo,) = (tmp_path / "pruebas").iterdir()
    assert dicho.output.strip() == str(archivo)
    proven = notes.read_proof(archivo.read_text("utf-8"), [Verifier.read(publica)])
    assert archivo.stem.encode() in proven.entry
    assert correr(web, "proof", "caso-1").output == archivo.read_text("utf-8")


def test_whatever_is_missing_is_said_in_a_sentence(web: WebKit, tmp_path: Path) -> None:
    for orden in (("checkpoint",), ("verify",)):
        sin = correr(web, *orden)
        assert (sin.exit_code, sin.output) == (1, f"No hay llave en {web.app.config['EVIDENCE_KEY']}: hágala con flask evidence key.\n")
    assert correr(web, "verify", "--key", "nada").exit_code == 2
    assert correr(web, "key", "--name", "con espacio").exit_code == 2
    con_llave(web)
    nada = correr(web, "verify")
    assert (nada.exit_code, nada.output.splitlines()[-1]) == (1, "Todavía no se ha firmado nada: no hay contra qué comprobar.")
    correr(web, "checkpoint")
    assert "la firma no es de esta llave" in correr(web, "verify", "--key", OTRA).output
    for lugar in (tmp_path / "no" / "hay", tmp_path):
        assert correr(web, "verify", "--against", str(lugar)).output.startswith("No se pudo leer lo firmado")
        assert correr(web, "checkpoint", "--to", str(lugar)).output.startswith("No se pudo escribir")
    Path(web.app.config["EVIDENCE_KEY"]).chmod(0o644)
    assert "no es solo de su dueño" in correr(web, "checkpoint").output
    Path(web.app.config["EVIDENCE_KEY"]).write_bytes(b"\xff")
    Path(web.app.config["EVIDENCE_KEY"]).chmod(0o600)
    assert "no tiene una llave" in correr(web, "checkpoint").output


def test_doctor_says_who_signs(web: WebKit) -> None:
    def dice() -> str:
        return web.app.test_cli_runner().invoke(args=["doctor"]).output

    assert "Aquí no hay llave: este equipo no firma." in dice()
    assert con_llave(web) in dice()
    Path(web.app.config["EVIDENCE_KEY"]).chmod(0o644)
    assert "no es solo de su dueño" in dice()


def test_the_worker_signs_by_itself_where_the_key_is(web: WebKit) -> None:
    con_llave(web)
    alto = threading.Event()
    registro = Registro(web.app.app_context, web.engine, web.clock, alto)
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
