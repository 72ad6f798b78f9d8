"""Every command of the shell with everything that may be wrong around it: one sentence, the right
exit code, no comfort that is false."""

import datetime as dt
import os
import pwd
import re
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from subprocess import PIPE, STDOUT

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.orm import Session

import app as door
from engine.jobs.inprocess import InProcessJobs
from records.base.reglas.entidad import Entidad, aqui, saber
from records.lugares.tablas import DatosDeEntidad
from records.plazos.reglas.calendario import es_habil, regir
from records.plazos.tablas import DescansoSemanal, ExcepcionCalendario
from tests.kit.cast import SESSION_KEY
from tests.kit.foreign import ROOT
from tests.kit.migrations import NEWEST, comes_next
from tests.kit.processes import run, spawn
from webforms.comandos import consola, servidor, trabajador
from webforms.paquetes.plantilla import diagrama_vacio
from webforms.plazos.dias import DIAS

#: Each with arguments that would do something where all is well.
ORDENES: dict[str, tuple[str, ...]] = {
    "audit": ("audit", "verify"),
    "backup": ("backup", "{tmp}/respaldo.tar.gz"),
    "crm": ("crm", "send"),
    "daily": ("daily",),
    "deploy": ("deploy", "{diagrama}"),
    "doctor": ("doctor",),
    "documents": ("documents", "sweep"),
    "evidence": (
        "evidence",
        "verify",
        "--key",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ),
    "mail": ("mail", "bounces", "--maildir", "{tmp}/devueltos"),
    "migrate-cases": ("migrate-cases", "M5_1_02", "--reason", "Lo pidió la supervisora"),
    "procedure": ("procedure", "list"),
    "restore": ("restore", "{paquete}"),
    "retention": ("retention",),
    "serve": ("serve", "--port", "1234"),
    "systems": ("systems", "check"),
    "setup": ("setup", "--link", "nadie"),
    "sample": ("sample", "redraw", "2026-W48"),
    "trace": ("trace",),
    "users": ("users", "list"),
    "worker": ("worker",),
    "demo": ("demo", "--cases", "1"),
    "db": ("db", "upgrade"),
}
HACEN_TABLAS = frozenset({"demo", "db", "restore"})
DICEN_TODO = frozenset({"doctor", "setup"})  # what is wrong is what they are for: test_puesta.py
INGLES = re.compile(r"Traceback|sqlalche|psycopg|OperationalError|Errno|Usage:|\bError\b|File \"")


SALIDAS = {  # what stands on the error channel, and the exit code
    "nadie lee": ("", 128 + signal.SIGPIPE),
    "disco lleno": (
        "No se pudo escribir la respuesta: no hay espacio en el disco. Mire qué alcanzó a hacer antes de repetir la orden.\n",
        1,
    ),
    "cerrada": ("", 0),
}


@pytest.mark.parametrize("salida", SALIDAS)
def test_what_cannot_be_said_is_no_fault_of_a_file(
    salida: str, lugar: Callable[..., Flask], tmp_path: Path
) -> None:
    """The command did its work; nobody reads what it says of it, or nobody can."""
    en = {
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'v.db'}",
        "SECRET_KEY": "x9" * 20,
        "IDIOMA": "es",
    }
    entorno = {**os.environ, **en, "BASE_URL": "https://ventanilla.example", "LANG": "C.UTF-8"}
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    with lugar(en["DATABASE_URL"]).app_context():
        upgrade()
    orden, lee, escribe = [*flask, "evidence", "key"], *os.pipe()
    os.close(lee)
    if salida == "disco lleno":
        os.close(escribe)
        escribe = os.open("/dev/full", os.O_WRONLY)
    elif salida == "cerrada":
        orden = ["sh", "-c", 'exec "$@" >&-', "sh", *orden]
    hecho = run(orden, cwd=ROOT, env=entorno, stdout=escribe, stderr=PIPE, text=True)
    os.close(escribe)
    assert (hecho.stderr, hecho.returncode) == SALIDAS[salida]
    assert (tmp_path / "evidence.key").exists()


def test_why_the_system_refuses_a_path_is_said_in_our_words(tmp_path: Path) -> None:
    (archivo := tmp_path / "archivo").touch()
    with pytest.raises(FileExistsError) as hay:
        archivo.mkdir()
    with pytest.raises(NotADirectoryError) as otra:
        (archivo / "x").touch()
    dichas = [consola.del_sistema(hay.value), consola.del_sistema(otra.value)]
    assert dichas == [
        "ya hay algo con ese nombre",
        "en su ruta hay un archivo donde va una carpeta",
    ]


@pytest.fixture
def lugar(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    (tmp_path / "paquete.tar.gz").write_bytes(b"esto no es un respaldo")
    hechas: list[Flask] = []

    def hacer(url: str, *, demo: bool = False) -> Flask:
        app = door.create_app(
            door.Config(
                instance=tmp_path,
                database_url=url,
                secret_key=SESSION_KEY,
                jobs=InProcessJobs(),
                demo=demo,
            )
        )
        hechas.append(app)
        return app

    yield hacer
    for app in hechas:
        app.extensions["ventanilla"].db.dispose()


def correr(app: Flask, tmp_path: Path, *palabras: str) -> Result:
    diagrama = next(ROOT.glob("bpmn/*/*.bpmn"))
    puestas = [
        p.format(tmp=tmp_path, diagrama=diagrama, paquete=tmp_path / "paquete.tar.gz")
        for p in palabras
    ]
    return app.test_cli_runner(catch_exceptions=True).invoke(args=puestas)


def una_frase(hecho: Result, codigo: int = 1) -> str:
    """Said once, in Spanish, without anything of the machine."""
    assert hecho.exit_code == codigo, (hecho.output, hecho.exception)
    assert isinstance(hecho.exception, SystemExit), hecho.exception
    dicho = hecho.stderr.strip()
    assert dicho, "nothing was said"
    assert not INGLES.search(hecho.output), hecho.output
    assert len(dicho.splitlines()) == 1, dicho
    return dicho


def test_the_table_has_every_command(lugar: Callable[..., Flask], tmp_path: Path) -> None:
    assert set(lugar(f"sqlite:///{tmp_path / 'x.db'}", demo=True).cli.commands) == set(ORDENES)


@pytest.mark.parametrize(
    ("cual", "dice"),
    [
        ("SQLITE_BUSY", "Otro proceso"),
        ("SQLITE_FULL", "sin espacio"),
        ("SQLITE_CANTOPEN", "revise que su carpeta exista"),
    ],
)
def test_what_ails_a_file_is_told_as_what_it_is(
    lugar: Callable[..., Flask], tmp_path: Path, cual: str, dice: str
) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorname = cual
    with lugar(f"sqlite:///{tmp_path / 'x.db'}").app_context():
        assert dice in str(consola.frase(sa.exc.OperationalError("SELECT 1", None, error)))


INALCANZABLES = {
    "postgresql": "postgresql+psycopg://nadie@127.0.0.1:1/ventanilla",
    "sqlite": "sqlite:////no/hay/carpeta/ventanilla.db",
}


@pytest.mark.parametrize("base", INALCANZABLES)
def test_a_database_that_is_away_is_one_sentence_of_every_command(
    lugar: Callable[..., Flask], tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        servidor, "Servidor", lambda *_args, **_mas: pytest.fail("a port was opened")
    )
    app = lugar(INALCANZABLES[base], demo=True)
    for orden, palabras in ORDENES.items():
        if orden in DICEN_TODO:
            continue
        if orden == "serve":  # answers 503 until the database is there
            continue
        if orden == "restore":  # looks into the archive first
            assert una_frase(correr(app, tmp_path, *palabras)), orden
            continue
        dicho = correr(app, tmp_path, *palabras)
        ultima = dicho.stderr.strip().splitlines()[-1:]
        assert dicho.exit_code == 1, (orden, dicho.output, dicho.exception)
        assert not INGLES.search(dicho.output), (orden, dicho.output)
        assert (
            "no responde" if base == "postgresql" else "No se puede abrir la base de datos"
        ) in ultima[0], orden


def test_a_web_server_starts_while_its_database_is_away_and_says_so(
    lugar: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servido = []

    class Falso:
        def __init__(self, *_args: object, **_mas: object) -> None: ...
        def parar(self, *_args: object) -> None: ...
        def servir(self) -> None:
            servido.append(1)

    monkeypatch.setattr(servidor, "Servidor", Falso)
    monkeypatch.setattr(signal, "signal", lambda *_args: None)
    hecho = correr(lugar(INALCANZABLES["postgresql"]), tmp_path, *ORDENES["serve"])
    assert (hecho.exit_code, servido) == (0, [1])
    assert "no responde en 127.0.0.1:1" in hecho.stderr


def test_a_database_without_tables_is_one_sentence_of_every_command(
    lugar: Callable[..., Flask], tmp_path: Path, db_url: str
) -> None:
    app = lugar(db_url, demo=True)
    for orden, palabras in ORDENES.items():
        if orden not in HACEN_TABLAS | DICEN_TODO:
            assert "todavía no tiene las tablas" in una_frase(correr(app, tmp_path, *palabras)), (
                orden
            )


def test_commands_count_days_and_name_the_agency_as_pages_do(
    lugar: Callable[..., Flask], tmp_path: Path
) -> None:
    """Each time in a process that has not asked yet, as every command of the shell is."""
    app = lugar(f"sqlite:///{tmp_path / 'x.db'}")
    with app.app_context():
        upgrade()
    viernes, manana = dt.date(2026, 11, 27), dt.datetime(2026, 11, 26, 15, tzinfo=dt.UTC)
    cierre = ExcepcionCalendario(
        dia=viernes,
        abre=False,
        parte="",
        nombre="Inventario",
        registrada=manana,
        registrada_por="admin",
    )
    descanso = DescansoSemanal(
        desde=dt.date(2026, 11, 1), dias="7", registrado=manana, registrado_por="admin"
    )
    with Session(app.extensions["ventanilla"].db) as s:
        s.add_all(
            [
                cierre,
                descanso,
                DatosDeEntidad(
                    codigo="entidad", nombre="Alcaldía de Tunja", nit="", ciudad="", dependencia=""
                ),
            ]
        )
        s.commit()
    try:
        for orden in ("audit", "users", "doctor"):
            regir(())
            saber(Entidad())
            app.extensions[DIAS].olvidar()
            assert (es_habil(viernes), es_habil(viernes + dt.timedelta(days=1))) == (True, False)
            correr(app, tmp_path, *ORDENES[orden])
            assert (es_habil(viernes), es_habil(viernes + dt.timedelta(days=1))) == (False, True), (
                orden
            )
            assert aqui().nombre == "Alcaldía de Tunja", orden
            rests = app.extensions["ventanilla"].engine.calendar.rests
            assert [rests(viernes + dt.timedelta(days=n)) for n in range(3)] == [
                False,
                False,
                True,
            ], "schedules of diagrams, too"
    finally:
        regir(())
        saber(Entidad())


def test_tables_of_another_version_are_told_from_none(
    lugar: Callable[..., Flask], tmp_path: Path
) -> None:
    app = lugar(f"sqlite:///{tmp_path / 'x.db'}")
    with app.app_context():
        upgrade()
    comes_next(app, tmp_path, "SELECT 1")
    assert f"es de una versión anterior de Ventanilla ({NEWEST})" in una_frase(
        correr(app, tmp_path, "trace")
    )
    for version, frase in (("9999", "más nueva que este programa (9999)"), ("0014", "(0014)")):
        with app.extensions["ventanilla"].db.begin() as conexion:
            conexion.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": version})
        assert frase in una_frase(correr(app, tmp_path, "worker"))


@pytest.fixture
def migrada(lugar: Callable[..., Flask], tmp_path: Path) -> Flask:
    app = lugar(f"sqlite:///{tmp_path / 'x.db'}", demo=True)
    with app.app_context():
        upgrade()
    return app


def test_with_nothing_in_force_no_command_says_that_all_is_well(
    migrada: Flask, tmp_path: Path
) -> None:
    for palabras, frase in (
        (("audit", "verify"), "no hay nada que comprobar"),
        (("audit", "verify", "--caso", "nadie"), "No existe el caso «nadie»"),
        (("trace",), "ninguna versión en vigor"),
        (("trace", "--check", "5.2.1-5.2.2"), "ninguna versión en vigor"),
        (("trace", "--check", "x"), "escriba una actividad"),
        (("trace", "--check", "5.2.9-5.2.3"), "escriba una actividad"),
        (("trace", "--check", "5.2.33"), "escriba una actividad"),
        (("migrate-cases", "M5_1_02", "--dry-run"), "no hay en vigor"),
        (("restore", "{paquete}"), "No se restauró"),
        (("backup", "/dev/null/x.tar.gz"), "No se hizo el respaldo"),
        (("retention", "--formularios", "1e9"), "no caben en el calendario"),
        (("retention", "--borradores", "nan"), "no caben en el calendario"),
        (("deploy",), "Diga qué archivos"),
    ):
        assert frase in una_frase(correr(migrada, tmp_path, *palabras)), palabras


def test_what_is_typed_wrong_is_said_in_spanish_with_exit_code_2(
    migrada: Flask, tmp_path: Path
) -> None:
    for orden, suyas in ORDENES.items():
        assert "No existe la opción --nada" in una_frase(
            correr(migrada, tmp_path, *suyas, "--nada"), 2
        ), orden
    for palabras in (
        ("backup",),
        ("audit", "comprobar"),
        ("deploy", "/no/hay.bpmn"),
        ("serve", "--port", "0"),
        ("serve", "--threads", "muchos"),
        ("retention", "--limite"),
        ("retention", "--contactos", "-1"),
        ("demo", "--cases", "0"),
        ("worker", "uno", "dos"),
        ("restore", "{tmp}"),
    ):
        una_frase(correr(migrada, tmp_path, *palabras), 2)


def test_a_fault_of_ours_is_a_sentence_too_and_a_trace_only_when_asked_for(
    migrada: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webforms.comandos.trazabilidad.pruebas", lambda _archivos, _partes: 1 / 0)
    monkeypatch.setattr("engine.reads.releases.current", lambda *_args: 1)
    monkeypatch.setattr("engine.reads.releases.elements", lambda *_args: {})
    hecho = correr(migrada, tmp_path, "trace")
    assert hecho.exit_code == 70
    assert (
        hecho.stderr.strip()
        == "El programa falló, y la falla es nuestra (ZeroDivisionError). Todo el detalle: flask --debug …"
    )
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert isinstance(correr(migrada, tmp_path, "trace").exception, ZeroDivisionError)


def test_what_is_done_from_the_shell_bears_the_name_of_the_operating_system_s_user(
    migrada: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "otro")
    monkeypatch.setenv("USER", "otro")
    diagrama = tmp_path / "visita.bpmn"
    diagrama.write_bytes(diagrama_vacio("visita", "La visita"))
    assert correr(migrada, tmp_path, "deploy", str(diagrama)).exit_code == 0
    assert correr(migrada, tmp_path, "retention", "--apply").exit_code == 0
    with migrada.extensions["ventanilla"].db.connect() as conexion:
        quienes = set(conexion.execute(sa.text("SELECT actor_id FROM access")).scalars())
    assert quienes == {f"consola ({pwd.getpwuid(os.getuid()).pw_name})"}
    assert correr(migrada, tmp_path, "audit", "verify").exit_code == 0


@pytest.mark.parametrize(
    ("ajuste", "nombra"),
    [
        ({"SECRET_KEY": "x"}, "SECRET_KEY"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES"),
        ({"TRUSTED_PROXIES": "²"}, "TRUSTED_PROXIES"),
        ({"BASE_URL": "nada"}, "BASE_URL"),
        ({"BASE_URL": "https://u:c@x.co"}, "BASE_URL"),
        ({"BASE_URL": "http://x.co:99999"}, "BASE_URL"),
        ({"BASE_URL": "http://x.co/\r\nX: y"}, "BASE_URL"),
        ({"PORT": "80.0"}, "PORT"),
        ({"SMTP_PORT": "correo"}, "SMTP_PORT"),
        ({"SMTP_TLS": "startls"}, "SMTP_TLS"),
        ({"DATABASE_URL": "nada"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://a/b"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://a"}, "DATABASE_URL"),
        ({"CCTEX_URL": "nada"}, "CCTEX_URL"),
        ({"CCTEX_ROWS_SQL": "/no/hay"}, "CCTEX_ROWS_SQL"),
        ({"FOXPRO_CONFIG": "/no/hay"}, "FOXPRO_CONFIG"),
        ({"FOXPRO_CONFIG": "/etc/hosts"}, "FOXPRO_CONFIG"),
        ({"INSTANCE": "/proc/no/hay"}, "INSTANCE"),
    ],
)
def test_a_setting_that_makes_no_sense_stops_the_start_and_is_named(
    ajuste: dict[str, str], nombra: str, tmp_path: Path
) -> None:
    with pytest.raises(door.BadSetting) as dicho:
        door.create_app(door.Config.from_environment({"INSTANCE": str(tmp_path), **ajuste}))
    assert nombra in str(dicho.value)
    assert not INGLES.search(str(dicho.value))


def test_on_the_command_line_a_bad_setting_is_its_sentence_and_exit_code_1(tmp_path: Path) -> None:
    env = {**os.environ, "INSTANCE": str(tmp_path), "TRUSTED_PROXIES": "-1"}
    hecho = run(
        [sys.executable, "-m", "flask", "--app", "app", "trace"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (hecho.returncode, hecho.stderr) == (
        1,
        "TRUSTED_PROXIES: se espera un número entre 0 y 10, no «-1».\n",
    )


def test_what_fails_again_and_again_stands_in_the_log_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    avisos, ida = (
        trabajador.Avisos(),
        sa.exc.OperationalError("SELECT 1", {}, ConnectionError("refused")),
    )
    for _vez in range(50):
        avisos.fallo(ValueError("otra"))
    assert (len(caplog.records), caplog.text.count("Traceback")) == (1, 0)
    for _vez in range(50):
        avisos.fallo(ida)
    avisos.bien()
    avisos.bien()
    assert [r.levelname for r in caplog.records] == ["ERROR", "WARNING", "WARNING"]
    assert "SELECT 1" not in caplog.text


@pytest.mark.postgres
def test_a_worker_that_its_database_cut_off_begins_anew_by_itself(
    postgres_url: str, lugar: Callable[..., Flask], tmp_path: Path
) -> None:
    """As when PostgreSQL is restarted: every connection is gone. Nobody stands beside it to start
    it again."""
    env = {
        **os.environ,
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": postgres_url,
        "PYTHONUNBUFFERED": "1",
    }
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    with lugar(postgres_url).app_context():
        upgrade()
    salida = tmp_path / "salida"
    with (
        salida.open("w") as fuera,
        spawn(
            [*flask, "worker"], cwd=ROOT, env=env, stdout=fuera, stderr=STDOUT, stdin=PIPE
        ) as proceso,
    ):
        try:
            _hasta(lambda: salida.read_text().count("Trabajador en marcha") == 1)
            admin = sa.create_engine(
                postgres_url.replace("postgresql://", "postgresql+psycopg://"),
                isolation_level="AUTOCOMMIT",
            )
            with admin.connect() as conexion:
                otras = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                conexion.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {otras}")
            admin.dispose()
            _hasta(lambda: salida.read_text().count("Trabajador en marcha") == 2)
            assert proceso.poll() is None, "the same process"
        finally:
            proceso.terminate()
    assert proceso.returncode == 0


@pytest.mark.parametrize("termina", [True, False])
def test_a_worker_told_to_stop_does_not_begin_anew(
    monkeypatch: pytest.MonkeyPatch, *, termina: bool
) -> None:
    """Its database and the worker are stopped together, as when a machine is switched off."""
    llamadas: SimpleQueue[str] = SimpleQueue()
    nuevas: list[str] = []
    monkeypatch.setattr(trabajador, "LLAMADAS", llamadas)
    monkeypatch.setattr(os, "execv", lambda que, _orden: nuevas.append(que))
    antes = {
        s: signal.signal(s, lambda *_: llamadas.put(trabajador.FIN)) for s in trabajador.SENALES
    }
    try:
        if termina:
            os.kill(os.getpid(), signal.SIGTERM)
        trabajador.salvo_que_termine()
        assert all(signal.getsignal(s) == signal.SIG_DFL for s in antes)
    finally:
        for senal, suyo in antes.items():
            signal.signal(senal, suyo)
    assert nuevas == ([] if termina else [sys.executable])


def _hasta(cierto: Callable[[], bool], segundos: float = 60) -> None:
    limite = time.monotonic() + segundos
    while not cierto():
        assert time.monotonic() < limite
        time.sleep(0.1)
