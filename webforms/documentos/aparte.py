"""Work in a process of its own: on what people wrote or sent, which can neither hold a page nor
read a file of ours; what takes long."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

AQUI = Path(__file__).resolve().parents[2]
CADA = 0.5  # seconds between two looks at whether to go on


class SinTerminar(Exception):
    """The process took longer than it may, or ended badly; the text is what it said last."""


def hacer(guion: Path, entrada: bytes, segundos: float) -> bytes:
    """What the script gives for this input. SinTerminar."""
    with _proceso([sys.executable, "-I", str(guion)], {}, subprocess.PIPE, subprocess.PIPE) as hijo:
        try:
            dicho, error = hijo.communicate(entrada, segundos)
        except subprocess.TimeoutExpired as tarde:
            hijo.kill()
            raise SinTerminar(f"más de {segundos:g} segundos") from tarde
    if hijo.returncode:
        raise SinTerminar(error.decode(errors="replace")[-2000:])
    return dicho


def orden(palabras: Sequence[str], seguir: Callable[[], bool]) -> int:
    """Runs a command of ours (`flask …`) as this process was started, as long as `seguir`; what it
    complains of stands where our own complaints do. How it ended."""
    with _proceso(
        [sys.executable, "-m", "flask", "--app", str(AQUI / "app.py"), *palabras],
        os.environ,
        subprocess.DEVNULL,
        None,
    ) as hijo:
        while True:
            try:
                return hijo.wait(CADA)
            except subprocess.TimeoutExpired:
                if not seguir():
                    hijo.terminate()


def _proceso(
    llamada: Sequence[str], entorno: Mapping[str, str], salida: int, errores: int | None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and scripts; what people wrote goes in by the pipe
        llamada, stdin=subprocess.PIPE, stdout=salida, stderr=errores, env=entorno
    )
