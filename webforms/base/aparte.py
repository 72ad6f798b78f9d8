"""Work on what people wrote or sent, in a process of its own: it can neither hold a page nor read a file of ours."""

import subprocess
import sys
from pathlib import Path


class SinTerminar(Exception):
    """The process took longer than it may, or ended badly; the text is what it said last."""


def hacer(guion: Path, entrada: bytes, segundos: float) -> bytes:
    """What the script gives for this input. SinTerminar."""
    llamada = [sys.executable, "-I", str(guion)]
    try:
        hecho = subprocess.run(  # noqa: S603 - our own interpreter and script; what people wrote goes in by the pipe
            llamada, input=entrada, capture_output=True, timeout=segundos, env={}, check=False
        )
    except subprocess.TimeoutExpired as tarde:
        raise SinTerminar(f"más de {segundos:g} segundos") from tarde
    if hecho.returncode:
        raise SinTerminar(hecho.stderr.decode(errors="replace")[-2000:])
    return hecho.stdout
