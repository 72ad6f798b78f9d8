"""`make run`: prepares the demo, then keeps mail server, web and worker running until Ctrl-C.
Imports little, to be fast."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from common.language import marked, of_shell, said
from webforms.base.catalogos import IDIOMAS, hablando

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PAUSA = 0.2
ESPERA_WEB = 180.0  # a busy machine needs long to import; one that ends by itself is seen at once
GRACIA = 10.0  # seconds to stop by themselves
CAIDAS = 5  # of one child within a minute: something is wrong that a restart does not mend
MINUTO = 60.0
PR_SET_PDEATHSIG = 1
#: Whose mails the demo's are.
REMITENTE = "ICETEX Atención al Usuario <atencion@icetex.example>"
#: How the settings of docs/configuration.md begin.
DE_VENTANILLA = (
    *(
        "BACKUP_",
        "BASE_URL",
        "BREACHED_",
        "CCTEX_",
        "CLAMD",
        "COBOL_",
        "CRM_",
        "DATABASE_URL",
        "DEMO",
        "DIGITURNO_",
        "DISPOSAL_",
        "DOCUMENTS_",
    ),
    *(
        "ENTITY_",
        "EVIDENCE_",
        "FOXPRO_",
        "IDIOMA",
        "INSTANCE",
        "LOGIN_",
        "LOG_",
        "MAIL_",
        "MESSAGES_",
        "MONITOR_",
        "NEW_BROWSER",
        "OTEL_",
        "PAIS",
        "PORT",
    ),
    *(
        "SECOND_FACTOR",
        "SECRET_KEY",
        "SERVICES_",
        "SMTP_",
        "SYSTEM_",
        "TLS_",
        "TOTP_",
        "TRUSTED_",
        "TWO_PERSONS",
        "WORKER_",
        "ZONA",
    ),
)


@dataclass
class Hijo:
    """A child process that is started again when it dies."""

    nombre: str
    orden: Sequence[str]
    env: dict[str, str]
    proceso: subprocess.Popen[bytes] | None = None
    caidas: list[float] = field(default_factory=list)

    def arrancar(self) -> None:
        self.proceso = subprocess.Popen(  # noqa: S603 - our own orders; no threads here
            self.orden,
            env=self.env,
            cwd=ROOT,
            preexec_fn=_morir_con_el_padre(),  # noqa: PLW1509 - the same
        )

    @property
    def vive(self) -> bool:
        return self.proceso is not None and self.proceso.poll() is None

    def cayo_demasiado(self, ahora: float) -> bool:
        self.caidas = [t for t in self.caidas if ahora - t < MINUTO] + [ahora]
        return len(self.caidas) > CAIDAS


def _morir_con_el_padre() -> Callable[[], None] | None:
    """On Linux a child gets SIGTERM when this process is killed, so that no server stays behind."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def pedir() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return pedir


class Supervisor:
    """Starts the children in order, restarts the dead, stops all at a signal."""

    def __init__(self, hijos: Sequence[Hijo]) -> None:
        self.hijos = hijos
        self.alto = threading.Event()

    def pedir_alto(self, _numero: int = 0, _marco: FrameType | None = None) -> None:
        self.alto.set()

    def correr(self, listo: Callable[[], bool], anuncio: Callable[[], None]) -> int:
        """Until a signal. `anuncio` is called once, when everything answers. Gives the exit
        code."""
        for hijo in self.hijos:
            if not hijo.vive:
                hijo.arrancar()
        limite, anunciado = time.monotonic() + ESPERA_WEB, False
        while not self.alto.is_set():
            if not anunciado and listo():
                anuncio()
                anunciado = True
            if not anunciado and time.monotonic() > limite:
                return self.parar(said("La web no respondió en %(s)s s.", s=f"{ESPERA_WEB:.0f}"))
            time.sleep(PAUSA)
            for hijo in self.hijos:
                if self.alto.is_set() or hijo.vive:
                    continue
                if hijo.cayo_demasiado(time.monotonic()):
                    return self.parar(
                        said(
                            "%(que)s se cayó %(n)s veces en un minuto.",
                            que=said(hijo.nombre),
                            n=CAIDAS,
                        )
                    )
                codigo = hijo.proceso.returncode if hijo.proceso else "?"
                sys.stderr.write(
                    said(
                        "%(que)s terminó (%(c)s); arranca de nuevo", que=said(hijo.nombre), c=codigo
                    )
                    + "\n"
                )
                hijo.arrancar()
        return self.parar()

    def parar(self, porque: str = "") -> int:
        if porque:
            sys.stderr.write(f"{porque}\n")
        vivos = [h.proceso for h in reversed(self.hijos) if h.proceso is not None and h.vive]
        for proceso in vivos:
            proceso.terminate()
        limite = time.monotonic() + GRACIA
        for proceso in vivos:
            try:
                proceso.wait(max(0.1, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                proceso.kill()
                proceso.wait()
        return 1 if porque else 0


def puerto_libre(puerto: int) -> bool:
    with socket.socket() as prueba:
        prueba.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prueba.bind((HOST, puerto))
        except OSError:
            return False
    return True


def un_puerto() -> int:
    with socket.socket() as prueba:
        prueba.bind((HOST, 0))
        return int(prueba.getsockname()[1])


def responde(puerto: int) -> bool:
    try:
        socket.create_connection((HOST, puerto), 0.5).close()
    except OSError:
        return False
    return True


def entorno(env: dict[str, str]) -> dict[str, str]:
    """What the children see: demo mode, one folder, a mail port of our own unless one is given."""
    puesto = {
        "DEMO": "1",
        "PORT": "8000",
        "INSTANCE": str(ROOT / "instance"),
        "PYTHONUNBUFFERED": "1",
        **env,
    }
    puesto["SMTP_FROM"] = REMITENTE
    if "SMTP_PORT" not in env:
        puesto["SMTP_PORT"] = str(un_puerto())
    return puesto


@contextlib.contextmanager
def a_la_vista(env: dict[str, str]) -> Iterator[None]:
    """As long as the demo runs, `flask …` in another shell works with what it runs with: app.py
    reads this file. Only its owner may."""
    archivo = Path(env["INSTANCE"]) / "demo-en-marcha.json"
    puestos = {nombre: valor for nombre, valor in env.items() if nombre.startswith(DE_VENTANILLA)}
    archivo.unlink(missing_ok=True)
    with os.fdopen(
        os.open(archivo, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as hecho:
        json.dump({"proceso": os.getpid(), "ajustes": puestos}, hecho)
    try:
        yield
    finally:
        archivo.unlink(missing_ok=True)


def migrada(env: dict[str, str]) -> bool:
    """The tables are those of the last migration. Known for SQLite only."""
    return _dice(env, "SELECT version_num FROM alembic_version") == _ultima_migracion()


def al_dia(env: dict[str, str]) -> bool:
    """Nothing to migrate and nothing to load: servers may start while the queues are topped up.
    Known for SQLite only."""
    return migrada(env) and bool(
        _dice(env, "SELECT count(*) FROM punto WHERE abierto_hasta IS NOT NULL")
    )


def _dice(env: dict[str, str], consulta: str) -> object:
    """The one value that the base answers; None where there is none yet."""
    base = Path(env["INSTANCE"]) / "ventanilla.db"
    if "DATABASE_URL" in env or not base.exists():
        return None
    try:
        with contextlib.closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as conexion:
            (valor,) = conexion.execute(consulta).fetchone()
    except (sqlite3.Error, TypeError):
        return None
    return valor


def _ultima_migracion() -> str:
    ultima = max((ROOT / "migrations" / "versions").glob("*.py")).read_text("utf-8").splitlines()
    # it also names the one before it
    return next(linea for linea in ultima if linea.startswith("revision = ")).split('"')[1]


def hijos(env: dict[str, str]) -> tuple[Hijo, Hijo, Hijo]:
    python, correo = sys.executable, str(Path(env["INSTANCE"]) / "correo")
    web = [python, "-m", "flask", "--app", "app", "serve", "--host", HOST, "--port", env["PORT"]]
    return (
        Hijo(
            marked("El servidor de correo"),
            [python, "-m", "demo.correo_local", "--port", env["SMTP_PORT"], "--maildir", correo],
            env,
        ),
        Hijo(marked("La web"), web, env),
        Hijo(marked("El trabajador"), [python, "-m", "flask", "--app", "app", "worker"], env),
    )


def main() -> int:
    inicio = time.monotonic()
    env = entorno(dict(os.environ))
    puerto = int(env["PORT"])
    if not puerto_libre(puerto):
        sys.stderr.write(
            said("El puerto %(p)s está ocupado. Use otro: PORT=8010 make run", p=puerto) + "\n"
        )
        return 1
    Path(env["INSTANCE"]).mkdir(parents=True, exist_ok=True)
    correo, la_web, trabajador = hijos(env)
    supervisor = Supervisor([correo, la_web, trabajador])
    for orden in (signal.SIGINT, signal.SIGTERM):
        signal.signal(orden, supervisor.pedir_alto)
    with a_la_vista(env):
        preparacion = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "app", "demo"], env=env, cwd=ROOT
        )
        try:
            if not al_dia(env):
                while preparacion.poll() is None and not supervisor.alto.wait(PAUSA):
                    if not la_web.vive and migrada(env):
                        # it needs some seconds, and only the tables: it gets ready beside the load
                        la_web.arrancar()
            return _servir(supervisor, preparacion, puerto, inicio)
        finally:
            supervisor.parar()
            if preparacion.poll() is None:
                preparacion.terminate()
                preparacion.wait()


def _servir(
    supervisor: Supervisor, preparacion: "subprocess.Popen[bytes]", puerto: int, inicio: float
) -> int:
    """Servers up; the address is told once they answer and the demo is ready."""
    if supervisor.alto.is_set() or preparacion.poll():
        return 1

    def listo() -> bool:
        if preparacion.poll():
            supervisor.pedir_alto()
        return preparacion.returncode == 0 and responde(puerto)

    def anunciar() -> None:
        tardo = said("lista en %(s)s s; Ctrl-C la detiene", s=f"{time.monotonic() - inicio:.1f}")
        sys.stdout.write(f"\nVentanilla: http://{HOST}:{puerto}   ({tardo})\n")
        sys.stdout.flush()

    codigo = supervisor.correr(listo, anunciar)
    return codigo or int(bool(preparacion.poll()))


if __name__ == "__main__":
    with hablando(of_shell(os.environ, IDIOMAS)):
        sys.exit(main())
