"""An agency of its own, as real processes: what `flask setup` makes of an empty database, a web, a
worker, a mail server, a clock."""

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from demo.correo_local import CorreoLocal, Recibido, get_message, list_messages
from engine.clock import UTC
from tests.kit.clock import AHEAD, NOW
from tests.kit.foreign import ROOT
from tests.kit.processes import listens, run, spawn

PATIENCE = 90.0  # seconds: a loaded machine is slow, not wrong
OURS = ("DEMO", "DATABASE_URL", "SECRET_KEY", "BASE_URL", "VENTANILLA_CONFIG")
Found = TypeVar("Found")


def until(look: Callable[[], Found | None]) -> Found:
    """What it finds, as soon as it finds something."""
    end = time.monotonic() + PATIENCE
    while (found := look()) is None:
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)
    return found


class Agency:
    """A folder as a machine on which Ventanilla was just put; nothing runs until it is asked to."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder, self.mails = folder, folder / "mails"
        self._ahead = folder / "ahead"
        self._move_to(NOW)
        self._env = {
            **{n: v for n, v in os.environ.items() if n not in OURS and not n.startswith("SMTP_")},
            "INSTANCE": str(folder / "place"),
            "FLASK_APP": "tests.kit.moved_clock",
            AHEAD: str(self._ahead),
        }
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            self.port = asked.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    # --- time
    def now(self) -> dt.datetime:
        return dt.datetime.now(UTC) + dt.timedelta(seconds=float(self._ahead.read_text("ascii")))

    def _move_to(self, at: dt.datetime) -> None:
        beside = self._ahead.with_suffix(".new")
        beside.write_text(str((at - dt.datetime.now(UTC)).total_seconds()), "ascii")
        beside.replace(self._ahead)  # whoever reads it meanwhile reads one or the other

    def advance(self, **span: float) -> None:
        self._move_to(self.now() + dt.timedelta(**span))

    # --- orders
    def order(self, *words: str) -> str:
        """What it says; a failed one fails the test."""
        done = run(self._words(words), cwd=ROOT, env=self._env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return str(done.stdout)

    def _words(self, words: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "flask", *words]

    def set_up(self, answers: str) -> str:
        file = self.folder / "answers.toml"
        file.write_text(f'base_url = "{self.url}"\n{answers}', "utf-8")
        file.chmod(0o600)
        return self.order("setup", "--file", str(file))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with (self.folder / "processes.log").open("wb") as log:
            children = [
                self._spawn(log, *words)
                for words in (("serve", "--port", str(self.port)), ("worker",))
            ]
            try:
                until(lambda: self._answers(children))
                yield
            finally:
                for child in children:
                    child.terminate()
                for child in children:
                    child.wait(60)

    def _spawn(self, log: object, *words: str) -> "subprocess.Popen[bytes]":
        return spawn(self._words(words), cwd=ROOT, env=self._env, stdout=log, stderr=log)

    def _answers(self, children: list["subprocess.Popen[bytes]"]) -> bool | None:
        assert all(child.poll() is None for child in children), self.said()
        return listens(self.port) or None

    def said(self) -> str:
        """What its processes wrote into their log."""
        return (self.folder / "processes.log").read_text("utf-8")

    # --- mail
    def mail_server(self) -> CorreoLocal:
        return CorreoLocal(self.mails)

    def mail(self, to: str, subject: str) -> Recibido:
        """The newest to this address with this beginning of its subject, once it has come."""

        def look() -> Recibido | None:
            found = next(
                (
                    m
                    for m in list_messages(self.mails)
                    if m.para == to and m.asunto.startswith(subject)
                ),
                None,
            )
            return get_message(self.mails, found.id) if found is not None else None

        return until(look)

    def link(self, to: str, subject: str, path: str) -> str:
        found = re.search(rf"{re.escape(self.url)}/{path}/\S+", self.mail(to, subject).texto)
        assert found
        return found[0]
