"""`make run`: children are restarted, stopped, given up; a second start serves pages and leaves
nothing behind."""

import contextlib
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from app import Config, create_app
from demo.run import (
    DE_VENTANILLA,
    ROOT,
    Hijo,
    Supervisor,
    al_dia,
    entorno,
    migrada,
    puerto_libre,
    un_puerto,
)
from tests.kit.cast import SESSION_KEY
from tests.kit.pages import rows
from tests.kit.processes import run, spawn

MARCHA = "demo-en-marcha.json"
DE_LA_DEMO = ("DATABASE_URL", "DEMO", "PORT", "SMTP_PORT")
MIGRACIONES = ROOT / "migrations" / "versions"


def _hijo(codigo: str) -> Hijo:
    return Hijo("El hijo", [sys.executable, "-c", codigo], dict(os.environ))


def test_a_dead_child_is_started_again_and_all_stop_when_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    marca = tmp_path / "vidas"
    hijo = _hijo(f"import time; open({str(marca)!r}, 'a').write('x'); time.sleep(60)")
    supervisor = Supervisor([hijo])

    def matar_y_parar() -> None:
        while not marca.exists():
            time.sleep(0.02)
        assert hijo.proceso is not None
        hijo.proceso.kill()
        while len(marca.read_text()) < 2:
            time.sleep(0.02)
        supervisor.pedir_alto()

    guion = threading.Thread(target=matar_y_parar)
    guion.start()
    assert supervisor.correr(lambda: True, lambda: None) == 0
    guion.join()
    assert marca.read_text() == "xx"
    assert not hijo.vive
    assert "arranca de nuevo" in capfd.readouterr().err


def test_a_child_that_cannot_live_is_given_up_with_an_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert Supervisor([_hijo("raise SystemExit(3)")]).correr(lambda: False, lambda: None) == 1
    assert "se cayó" in capfd.readouterr().err


def test_a_taken_port_is_seen_before_anything_starts() -> None:
    puerto = un_puerto()
    assert puerto_libre(puerto)
    ocupa = spawn(
        [sys.executable, "-m", "http.server", str(puerto), "--bind", "127.0.0.1"],
        stderr=subprocess.DEVNULL,
    )
    try:
        while puerto_libre(puerto):
            time.sleep(0.05)
        env = {**os.environ, "PORT": str(puerto)}
        salida = subprocess.run(
            [sys.executable, "-m", "demo.run"],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        ocupa.kill()
        ocupa.wait()
    assert salida.returncode == 1
    assert f"El puerto {puerto} está ocupado" in salida.stderr


def test_what_is_given_wins_over_the_defaults_of_the_demo() -> None:
    env = entorno({"PORT": "8123", "DATABASE_URL": "postgresql://x/y"})
    assert env["PORT"] == "8123"
    assert env["DEMO"] == "1"
    assert not al_dia(env)  # another database: never assumed to be ready


def test_a_database_one_version_behind_is_migrated_before_the_servers_start(tmp_path: Path) -> None:
    """The last migration names the one before it, too."""
    escrita = max(MIGRACIONES.glob("*.py")).read_text("utf-8")
    (ultima,) = re.findall(r'^revision = "(\d+)"', escrita, re.MULTILINE)
    anterior = f"{int(ultima) - 1:04}"
    for version, lista in ((anterior, False), (ultima, True)):
        with contextlib.closing(sqlite3.connect(tmp_path / "ventanilla.db")) as c, c:
            for orden in (
                "DROP TABLE IF EXISTS alembic_version",
                "CREATE TABLE alembic_version (version_num)",
                "DROP TABLE IF EXISTS punto",
            ):
                c.execute(orden)
            c.execute("INSERT INTO alembic_version VALUES (?)", (version,))
            c.execute("CREATE TABLE punto AS SELECT '2026-11-24' AS abierto_hasta")
        env = {"INSTANCE": str(tmp_path)}
        assert (migrada(env), al_dia(env)) == (lista, lista)
    with contextlib.closing(sqlite3.connect(tmp_path / "ventanilla.db")) as c, c:
        c.execute("UPDATE punto SET abierto_hasta = NULL")
    assert (migrada(env), al_dia(env)) == (True, False), (
        "the history is being loaded: the web may start, nobody is told where"
    )


@pytest.fixture(scope="module")
def instancia(tmp_path_factory: pytest.TempPathFactory) -> Path:
    carpeta = tmp_path_factory.mktemp("instancia")
    config = Config(
        instance=carpeta,
        database_url=f"sqlite:///{carpeta / 'ventanilla.db'}",
        secret_key=SESSION_KEY,
        demo=True,
    )
    cargada = (
        create_app(config)
        .test_cli_runner()
        .invoke(args=["demo", "--cases", "10", "--days", "7"], catch_exceptions=False)
    )
    assert cargada.exit_code == 0
    return carpeta


@pytest.mark.slow
def test_a_second_start_serves_pages_with_a_worker_and_stops_at_a_signal(instancia: Path) -> None:
    puerto = un_puerto()
    env = {**os.environ, "INSTANCE": str(instancia), "PORT": str(puerto)}
    env.pop("DATABASE_URL", None)
    assert al_dia(entorno(env))
    corre = subprocess.Popen(
        [sys.executable, "-m", "demo.run"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    )
    assert corre.stdout is not None
    try:
        lineas = []
        for linea in corre.stdout:
            lineas.append(linea)
            if linea.startswith("Ventanilla: http"):
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{puerto}/ingresar", timeout=20) as respuesta:
            assert respuesta.status == 200
        otra = {n: v for n, v in os.environ.items() if n not in DE_LA_DEMO} | {
            "INSTANCE": str(instancia)
        }
        orden = [sys.executable, "-m", "flask", "--app", "app", "systems", "check"]
        visto = run(orden, cwd=ROOT, env=otra, capture_output=True, text=True, check=False)
        assert re.search(r"^Correo +responde", visto.stdout, re.MULTILINE), (
            visto.stdout + visto.stderr
        )
        assert visto.returncode == 0
        assert stat.S_IMODE((instancia / MARCHA).stat().st_mode) == 0o600
        assert Config.from_environment(otra).base_url == f"http://127.0.0.1:{puerto}"
        assert (
            Config.from_environment({**otra, "PORT": "8123"}).base_url == "http://127.0.0.1:8123"
        ), "what is given wins"
        corre.send_signal(signal.SIGTERM)
        assert corre.wait(30) == 0
    finally:
        corre.kill()
        corre.stdout.close()
        corre.wait()
    assert puerto_libre(puerto)
    assert not (instancia / MARCHA).exists()


def test_a_start_waits_for_whoever_writes_longer_than_the_database_does(instancia: Path) -> None:
    """A busy worker; SQLite itself waits ten seconds."""
    env = {**os.environ, "DEMO": "1", "INSTANCE": str(instancia), "SECRET_KEY": SESSION_KEY * 2}
    env.pop("DATABASE_URL", None)
    orden = [sys.executable, "-m", "flask", "--app", "app", "demo"]
    escribe = sqlite3.connect(instancia / "ventanilla.db", isolation_level=None)
    escribe.execute("BEGIN IMMEDIATE")
    empieza = spawn(orden, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with pytest.raises(subprocess.TimeoutExpired):
        empieza.wait(20)
    escribe.rollback()
    escribe.close()
    dicho, _ = empieza.communicate(timeout=120)
    assert empieza.returncode == 0, dicho.decode()


@pytest.mark.parametrize(
    "queda",
    [
        "",
        "{",
        "[]",
        '{"proceso": "x", "ajustes": {}}',
        '{"proceso": 999999999, "ajustes": {"SMTP_PORT": "1"}}',
    ],
)
def test_what_a_demo_that_was_killed_left_behind_counts_no_more(tmp_path: Path, queda: str) -> None:
    (tmp_path / MARCHA).write_text(queda, "utf-8")
    config = Config.from_environment({"INSTANCE": str(tmp_path)})
    assert (config.smtp.port, config.demo) == (8025, False)


def test_every_setting_reaches_a_command_in_another_shell() -> None:
    """The documented names begin as demo.run says."""
    tabla = [fila[0] for fila in rows((ROOT / "docs" / "configuration.md").read_text("utf-8"))]
    nombres = re.findall(r"`([A-Z_0-9]+)`", " ".join(tabla))
    assert len(nombres) > 30
    assert [n for n in nombres if not n.startswith(DE_VENTANILLA)] == []
