"""Imports the application once and forks web and worker processes from there, so that a SIGKILL and
a restart cost milliseconds.

`python -m tests.crash.zygote CONFIG` (JSON). Nothing is connected, threaded or launched before a
fork: only modules, the Flask application and the parsed release are there. Orders come as lines of
JSON on its input, answers go to its output. Whoever dies is forked again at once, as a service
manager would; when the input ends, all children are killed.
"""

import ctypes
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from flask import Flask

from engine.jobs import durable
from tests.crash.faults import MOMENT, PATIENCE, WEB_POINTS, WORKER_POINTS, Faults, Plan, Shared
from tests.crash.ledger import Ledger
from tests.kit.chance import dice
from webforms.base.servicios import EXTENSION
from webforms.servidor import Servidor

PR_SET_PDEATHSIG = 1
ANEW = 3  # exit code of a worker that lost its database and would begin anew
#: Where a worker is stopped in turn: it has done something and nobody knows.
STOPS = (
    "job begun",
    "C&CTEX has answered, not noted",
    "mail taken by the server, not noted",
    "job done, not recorded",
)


@dataclass(frozen=True, slots=True)
class Config:
    """`factory` is module:function; it gives the Flask application. `env` is set before it is
    called."""

    folder: str
    roles: list[str]  # "web-0", "worker-0", …
    seed: int
    factory: str = "app:create_app"
    env: dict[str, str] = field(default_factory=dict)
    lease: float | None = None  # of a worker; None: as the product has it


@dataclass
class Child:
    role: str
    pid: int
    plan: Plan | None
    born: float
    killed: bool = False
    continues: float | None = None  # when a stopped one goes on


class Zygote:
    def __init__(self, config: Config) -> None:
        self.config = config
        folder = Path(config.folder)
        self.events = Ledger(folder / "events.jsonl")
        self.folder = folder
        self.shared = Shared()
        self.children: dict[int, Child] = {}
        self.budget = 0
        self.mean = 1.0  # seconds between two planned deaths of one role
        self.stops: tuple[str, int, float] = ("", 0, 0.0)  # role, how many more, seconds
        self.forks = 0

    def prepare(self) -> None:
        random.seed(self.config.seed)
        os.environ.update(self.config.env)
        module, _, function = self.config.factory.partition(":")
        self.app: Flask = getattr(importlib.import_module(module), function)()
        todo = self.app.extensions[EXTENSION]
        with todo.uow.reading() as session:
            todo.engine.catalog.release(session, todo.engine.catalog.current(session))
        todo.db.dispose()
        if self.config.lease is not None:
            durable.LEASE = self.config.lease
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(256)
        self.socket.settimeout(0)
        gc.collect()
        gc.freeze()

    # --- children
    def fork(self, role: str) -> None:
        plan = self._plan(role)
        self.forks += 1
        born = time.monotonic()
        pid = os.fork()
        if pid == 0:
            self._child(role, plan, self.forks, born)
        self.children[pid] = Child(role, pid, plan, born)
        self.events.write("fork", role=role, pid=pid, plan=asdict(plan) if plan else None)

    def _plan(self, role: str) -> Plan | None:
        stopping, stops, _ = self.stops
        if role == stopping and stops > 0:
            self.stops = (role, stops - 1, self.stops[2])
            return Plan(STOPS[stops % len(STOPS)], 0.0, stop=True)
        if self.budget <= 0:
            return None
        rng = dice(f"{self.config.seed}-{self.forks}")
        if role.startswith("web"):
            return Plan.draw(rng, WEB_POINTS, self.mean * 0.75)
        # it asks its queues at intervals, and must live to do so
        return Plan.draw(rng, WORKER_POINTS, self.mean * 1.5)

    def _child(self, role: str, plan: Plan | None, number: int, born: float) -> None:
        """Never returns."""
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            for number_of in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number_of, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            log = os.open(
                self.folder / f"{role}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600
            )
            nothing = os.open(os.devnull, os.O_RDONLY)
            for fd, target in ((nothing, 0), (log, 1), (log, 2)):
                os.dup2(fd, target)
            random.seed(f"{self.config.seed}-{number}-child")
            faults = Faults(role, plan, self.shared, self.events)
            faults.install()
            if role.startswith("web"):
                self._serve(faults, role, born)
            else:
                self._work(role, born)
        except BaseException as error:
            sys.stderr.write(f"{role} ended: {type(error).__name__}: {error}\n")
            sys.stderr.flush()
        os._exit(1)

    def _serve(self, faults: Faults, role: str, born: float) -> None:
        server = Servidor(faults.around(self.app.wsgi_app), [self.socket])
        self.events.write("ready", role=role, pid=os.getpid(), took=time.monotonic() - born)
        server.servir()

    def _work(self, role: str, born: float) -> None:
        self.socket.close()
        events = self.events
        ready = "Trabajador en marcha"

        def echo(text: str) -> None:
            if text == ready:
                events.write("ready", role=role, pid=os.getpid(), took=time.monotonic() - born)

        click.echo = echo
        # a worker that begins anew is forked again, as a process of this order
        os.execv = lambda *_: os._exit(ANEW)
        with self.app.app_context():
            self.app.cli.commands["worker"].main(["--esperar"], standalone_mode=False)

    # --- supervising
    def reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if os.WIFSTOPPED(status):
                self.children[pid].continues = time.monotonic() + self.stops[2]
                continue
            child = self.children.pop(pid)
            killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            self.events.write(
                "died", role=child.role, pid=pid, killed=killed, status=status, moment=child.killed
            )
            self.budget -= int(killed and child.plan is not None)
            self.fork(child.role)

    def continue_due(self) -> None:
        for child in self.children.values():
            if child.continues is not None and time.monotonic() >= child.continues:
                child.continues = None
                self.events.write("continued", role=child.role, pid=child.pid)
                os.kill(child.pid, signal.SIGCONT)

    def kill_due(self) -> None:
        """Deaths at a moment, and those whose point did not come in time."""
        if not self.shared.deaths:
            return
        for child in self.children.values():
            if child.plan is None and self.budget > 0:  # born before the deaths began
                child.plan = Plan(
                    MOMENT, time.monotonic() - child.born + dice().random() * self.mean
                )
            if child.plan is None or child.killed:
                continue
            due = child.born + child.plan.after + (0 if child.plan.point == MOMENT else PATIENCE)
            if time.monotonic() >= due:
                child.killed = True
                os.kill(child.pid, signal.SIGKILL)

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        name = order["do"]
        if name == "deaths":
            self.budget, self.mean, self.shared.deaths = order["budget"], order["mean"], True
        elif name == "pace":
            self.mean = order["mean"]
        elif name == "calm":
            self.budget, self.shared.deaths = 0, False
        elif name == "stops":
            self.stops = (order["role"], order["budget"], order["seconds"])
            for child in [c for c in self.children.values() if c.role == order["role"]]:
                os.kill(child.pid, signal.SIGKILL)  # the next one has a plan
        elif name == "pages":
            self.shared.pages = order["number"]
        return {
            "left": self.budget,
            "stops": self.stops[1],
            "standing": sum(c.continues is not None for c in self.children.values()),
            "children": {c.role: c.pid for c in self.children.values()},
        }

    def run(self) -> None:
        read, write = os.pipe()
        os.set_blocking(write, False)
        os.set_blocking(read, False)
        signal.set_wakeup_fd(write)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for role in self.config.roles:
            self.fork(role)
        say({"port": self.socket.getsockname()[1], **self.order({"do": "state"})})
        pending = b""
        while True:
            ready, _, _ = select.select([0, read], [], [], 0.02)
            if read in ready:
                os.read(read, 4096)
            self.reap()
            self.kill_due()
            self.continue_due()
            if 0 in ready:
                data = os.read(0, 65536)
                if not data:
                    return
                *lines, pending = (pending + data).split(b"\n")
                for line in lines:
                    say(self.order(json.loads(line)))

    def stop(self) -> None:
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)
        for pid in self.children:
            os.waitpid(pid, 0)


def say(answer: dict[str, Any]) -> None:
    os.write(1, json.dumps(answer).encode() + b"\n")


def main() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    zygote = Zygote(Config(**json.loads(sys.argv[1])))
    zygote.prepare()
    try:
        zygote.run()
    finally:
        zygote.stop()


if __name__ == "__main__":
    main()
