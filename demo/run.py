"""`make run`: prepares the demo, then keeps mail server, web and worker running until Ctrl-C. Standard library only."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
HILOS = 8
PAUSA = 0.2
ESPERA_WEB = 60.0
GRACIA = 10.0  # seconds to stop by themselves
CAIDAS = 5  # of one child within a minute: something is wrong that a restart does not mend
MINUTO = 60.0
PR_SET_PDEATHSIG = 1


@dataclass
class Hijo:
    """A child process that is started again when it dies."""

    nombre: str
    orden: Sequence[str]
    env: dict[str, str]
    proceso: subprocess.Popen[bytes] | None = None
    caidas: list[float] = field(default_factory=list)

    def arrancar(self) -> None:
        self.proceso = subprocess.Popen(self.orden, env=self.env, cwd=ROOT, preexec_fn=_morir_con_el_padre())  # noqa: S603, PLW1509 - our own orders; no threads here

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
        self._alto = False

    def pedir_alto(self, _numero: int = 0, _marco: FrameType | None = None) -> None:
        self._alto = True

    def correr(self, listo: Callable[[], bool], anuncio: Callable[[], None]) -> int:
        """Until a signal. `anuncio` is called once, when everything answers. Gives the exit code."""
        for hijo in self.hijos:
            hijo.arrancar()
        limite, anunciado = time.monotonic() + ESPERA_WEB, False
        while not self._alto:
            if not anunciado and listo():
                anuncio()
                anunciado = True
            if not anunciado and time.monotonic() > limite:
                return self.parar(f"La web no respondió en {ESPERA_WEB:.0f} s.")
            time.sleep(PAUSA)
            for hijo in self.hijos:
                if self._alto or hijo.vive:
                    continue
                if hijo.cayo_demasiado(time.monotonic()):
                    return self.parar(f"{hijo.nombre} se cayó {CAIDAS} veces en un minuto.")
                codigo = hijo.proceso.returncode if hijo.proceso else "?"
                sys.stderr.write(f"{hijo.nombre} terminó ({codigo}); arranca de nuevo\n")
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
    puesto = {"DEMO": "1", "PORT": "8000", "INSTANCE": str(ROOT / "instance"), "PYTHONUNBUFFERED": "1", **env}
    if "SMTP_PORT" not in env:
        puesto["SMTP_PORT"] = str(un_puerto())
    return puesto


def hijos(env: dict[str, str]) -> list[Hijo]:
    python, correo = sys.executable, str(Path(env["INSTANCE"]) / "correo")
    web = [python, "-m", "waitress", f"--listen={HOST}:{env['PORT']}", f"--threads={HILOS}", "--call", "app:create_app"]
    return [
        Hijo("El servidor de correo", [python, "-m", "demo.correo_local", "--port", env["SMTP_PORT"], "--maildir", correo], env),
        Hijo("La web", web, env),
        Hijo("El trabajador", [python, "-m", "flask", "--app", "app", "worker"], env),
    ]


def main() -> int:
    inicio = time.monotonic()
    env = entorno(dict(os.environ))
    puerto = int(env["PORT"])
    if not puerto_libre(puerto):
        sys.stderr.write(f"El puerto {puerto} está ocupado. Use otro: PORT=8010 make run\n")
        return 1
    Path(env["INSTANCE"]).mkdir(parents=True, exist_ok=True)
    supervisor = Supervisor(hijos(env))
    for orden in (signal.SIGINT, signal.SIGTERM):
        signal.signal(orden, supervisor.pedir_alto)
    preparar = Hijo("La preparación", [sys.executable, "-m", "flask", "--app", "app", "demo"], env)
    preparar.arrancar()
    assert preparar.proceso is not None  # noqa: S101 - just started
    if preparar.proceso.wait() != 0:
        return 1

    def anunciar() -> None:
        sys.stdout.write(f"\nVentanilla: http://{HOST}:{puerto}   (lista en {time.monotonic() - inicio:.1f} s; Ctrl-C la detiene)\n")
        sys.stdout.flush()

    return supervisor.correr(lambda: responde(puerto), anunciar)


if __name__ == "__main__":
    sys.exit(main())
