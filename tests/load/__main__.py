"""`make desks`: two hundred desks on the real procedure, a thousand idle and three hundred slow
connections beside them.

python -m tests.load [--desks 200] [--minutes 10] [--think 20] [--write]

One PostgreSQL, two web processes, one worker, and the people, who are threads of this program: all
on the same cores. Each desk takes people from the kiosk to the rating, reads each form, types, so
that a draft is kept as the page's script does, and sends it; the boards and tablets of the points
ask every two seconds for what is new, as theirs do. Ends with 1 when an answer was an error, or the
95th of a hundred took longer than it may. Writes docs/performance.md.
"""

import argparse
import datetime as dt
import json
import os
import platform
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from demo import cuentas
from demo.cuentas import CuentaDato
from engine.clock import SystemClock
from engine.store.uow import prepare
from records.lugares.tablas import Puesto
from tests.crash.clients import NO_MORE, Answer, Browser, Desk, Stopped, World
from tests.crash.place import place
from tests.crash.servers import Postgres, Processes
from tests.crash.zygote import Config
from tests.kit import visit as visita
from tests.kit.chance import dice
from tests.kit.visit import ROOT
from tools.sections import put

FILE = ROOT / "docs" / "performance.md"
ALLOWED = 150.0  # ms in which 95 of 100 answers are there
POLL = 2.0  # seconds between two questions for what is new, as webforms/static/js/tablero.js has it
IDLE, SLOW = 1000, 300
HALF_BODY = b"POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 100000\r\n\r\n"
ROLES = ["web-0", "web-1", "worker-0"]
FORMS = 12  # of a visit, at most
WARM = 100.0  # seconds in which desks come in one after the other; not measured


@dataclass
class Times:
    """Milliseconds of each answer, by what was asked, once measuring has begun."""

    by: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    measuring: bool = False

    def add(self, what: str, took: float, code: int) -> None:
        if code >= 400:
            self.errors.append(f"{what} answered {code}")
        if self.measuring:
            self.by[what].append(took)


@dataclass
class Timed(Browser):
    times: Times = field(default_factory=Times)

    def once(
        self,
        method: str,
        path: str,
        values: dict[str, Any] | None,
        *,
        json_body: bool = False,
        more: Mapping[str, str] = NO_MORE,
    ) -> Answer:
        begin = time.perf_counter()
        answer = super().once(method, path, values, json_body=json_body, more=more)
        what = f"{method} /{path.lstrip('/').partition('/')[0].partition('?')[0]}"
        self.times.add(what, (time.perf_counter() - begin) * 1000, answer.code)
        return answer


@dataclass
class Town(World):
    times: Times = field(default_factory=Times)
    think: float = 20.0

    def browser(self, user: str) -> Browser:
        return Timed(self.port, self.waits, times=self.times).log_in(user)

    def device(self, code: str) -> Browser:
        """There are two tablets a point: at the other desks nobody is given one, they rate by word
        of mouth."""
        plain = super().device(code if code in self.devices else f"quiosco.{code.split('.')[1]}")
        return Timed(self.port, self.waits, plain.cookies, times=self.times)

    def next_visit(self) -> int:
        """The even ones are rated by word of mouth, those that four divides are escalated: none of
        these."""
        return super().next_visit() * 4 + 2


class Thinking(Desk):
    """Reads, types, thinks, and sends."""

    w: Town

    def __init__(self, world: Town, point: str, number: int, user: str) -> None:
        super().__init__(world, point, 0)
        self.user, self.module, self.dice = user, str(number), dice(user)
        self.limit += FORMS * 1.5 * world.think

    def _fill_in(self, task: str, who: Browser, values: dict[str, str]) -> dict[str, str]:
        """Half of the thought comes before what is typed, which is kept as a draft; half after."""
        page, thought = who.get(f"/tarea/{task}").text, self.dice.uniform(0.5, 1.5) * self.w.think
        hidden = {
            name: visita.hidden(page, name) for name in ("csrf_token", "_pagina", "_borrador")
        }
        self._think(thought / 2)
        typed = {
            name: [value]
            for name, value in {
                **values,
                "_pagina": hidden["_pagina"],
                "_borrador": hidden["_borrador"],
            }.items()
        }
        token = {"X-CSRFToken": hidden["csrf_token"], "Accept": "application/json"}
        kept = who.once("PUT", f"/tarea/{task}/borrador", typed, json_body=True, more=token)
        assert kept.code == HTTPStatus.OK, f"draft answered {kept.code}: {kept.text[:600]}"
        self._think(thought / 2)
        return {**hidden, "_borrador": json.loads(kept.text)["visto"]}

    def _think(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 1))
            if not self.w.more():
                raise Stopped


class Screen(threading.Thread):
    """A board or a tablet: asks every two seconds for what is new."""

    def __init__(self, town: Town, code: str, path: str) -> None:
        super().__init__(name=code, daemon=True)
        self.w, self.browser, self.path = town, town.device(code), path

    def run(self) -> None:
        tag = ""
        try:
            while self.w.more():
                tag = (
                    self.browser.once(
                        "GET", self.path, None, more={"If-None-Match": tag} if tag else NO_MORE
                    ).etag
                    or tag
                )
                time.sleep(POLL)
        except OSError as error:
            self.w.failures.append(f"{self.name}: {type(error).__name__}: {error}")


def screens(town: Town) -> list[Screen]:
    """Of the points with a kiosk."""
    kinds = {"tablero": "/tablero/llamados", "tableta": "/tableta/pendiente"}
    return [
        Screen(town, code, kinds[kind])
        for code in town.devices
        if (kind := code.partition(".")[0]) in kinds
    ]


def staff(url: str, desks: int) -> list[tuple[str, int, str]]:
    """Point, desk and account of so many advisers, at the points with a kiosk in turn."""
    here = [
        (
            cuentas.CON_EQUIPOS[n % len(cuentas.CON_EQUIPOS)],
            n // len(cuentas.CON_EQUIPOS) + 1,
            f"carga.{n:03d}",
        )
        for n in range(desks)
    ]
    db, now = sa.create_engine(url), SystemClock().now() - dt.timedelta(hours=1)
    prepare(db)
    with Session(db.execution_options(ventanilla_write=True)) as session, session.begin():
        cuentas.cargar_cuentas(
            session,
            [CuentaDato(user, (("asesor", point),), "Asesor") for point, _desk, user in here],
            now,
        )
        known = {(p.punto_id, p.modulo) for p in session.scalars(sa.select(Puesto))}
        session.add_all(
            Puesto(punto_id=point, modulo=str(desk), activo=True)
            for point, desk, _user in here
            if (point, str(desk)) not in known
        )
    db.dispose()
    return here


@contextmanager
def crowd(port: int) -> Iterator[list[int]]:
    """Connections that say nothing, and some that send a letter of a body now and then; what the
    server cuts off comes again, as whoever means harm would. Gives how many of each there are, and
    how often one was cut off."""
    over, held = threading.Event(), [0, 0, 0]

    def another(first: bytes) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", port), 20)
        made.sendall(first)
        made.settimeout(0)
        return made

    def is_there(each: socket.socket, more: bytes) -> bool:
        try:
            if each.recv(4096) == b"":
                return False
        except BlockingIOError:
            pass
        except OSError:
            return False
        with suppress(OSError):
            each.sendall(more)
            return True
        return False

    kinds = [
        ([another(b"") for _ in range(IDLE)], b"", b""),
        ([another(HALF_BODY) for _ in range(SLOW)], HALF_BODY, b"a"),
    ]

    def drip() -> None:
        while not over.wait(2):
            for number, (several, first, more) in enumerate(kinds):
                for n, each in enumerate(several):
                    if not is_there(each, more):
                        each.close()
                        several[n] = another(first)
                        held[2] += 1
                held[number] = len(several)

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    try:
        yield held
    finally:
        over.set()
        dripping.join()
        for several, _first, _more in kinds:
            for each in several:
                each.close()


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def run(folder: Path, url: str, desks: int, minutes: float, think: float) -> tuple[Town, list[int]]:
    with (
        place(folder, url) as here,
        Processes(Config(str(folder), ROLES, 1, env=here.env)) as processes,
    ):
        plain = here.world(processes.port)
        end = [float("inf")]
        town = Town(plain.db, plain.port, plain.people, plain.devices, plain.ledger, think=think)
        town.more = lambda: time.monotonic() < end[0]
        people = [Thinking(town, point, desk, user) for point, desk, user in staff(url, desks)]
        with crowd(processes.port) as held:
            for each in people:
                each.start()
                time.sleep(WARM / desks)
            for screen in screens(town):
                screen.start()
            time.sleep(2 * think)  # those who came last have logged in
            town.times.measuring = True
            end[0] = time.monotonic() + minutes * 60
            while time.monotonic() < end[0]:
                time.sleep(1)
                if not any(each.is_alive() for each in people):
                    break
            town.times.measuring = False
            for each in people:
                each.join(60)
            left = list(held)
        town.db.dispose()
        town.ledger.close()
        return town, left


def report(town: Town, held: list[int], options: argparse.Namespace, load: float) -> str:
    every = [each for times in town.times.by.values() for each in times]
    rows = [
        f"| {what} | {len(times):,} | {statistics.median(times):.0f} | {percentile(times, 0.95):.0f} | {max(times):.0f} |"
        for what, times in sorted(town.times.by.items())
    ]
    p95, wrong = percentile(every, 0.95), len(town.times.errors) + len(town.failures)
    return f"""## Two hundred desks

Written by `make desks` on {dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC: {platform.machine()}, {os.cpu_count()} cores,
Python {platform.python_version()}, Flask {version("flask")}, SQLAlchemy {version("sqlalchemy")}; load average {load:.1f} at the start.

{options.desks} desks on the real procedure for {options.minutes:g} minutes: {options.think:g} s of thought for each form, in the middle
of which a draft is kept; their points' boards and tablets ask for what is new every {POLL:g} s. Two web processes, one worker,
PostgreSQL, and the desks themselves are on the same cores. Beside them
{held[0]:,} idle connections and {held[1]} that send a letter every two seconds; {held[2]:,} were cut off by the server, and came again.

| what | target | measured | |
|---|---|---|---|
| 95 of 100 answers | ≤ {ALLOWED:.0f} ms | {p95:.0f} ms | {"met" if p95 <= ALLOWED else "**missed**"} |
| answers that were an error, desks that stopped | 0 | {wrong} | {"**missed**" if wrong else "met"} |

{len(every):,} answers, {len(every) / (options.minutes * 60):.0f} a second; {len(town.done):,} visits from the kiosk to the rating.

| asked | answers | median ms | p95 ms | longest ms |
|---|---|---|---|---|
{chr(10).join(rows)}
"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.load")
    parser.add_argument("--desks", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--think", type=float, default=20)
    parser.add_argument(
        "--write", action="store_true", help="docs/performance.md, whatever the size"
    )
    options = parser.parse_args()
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as folder,
        Postgres(Path(folder) / "pg") as server,
        server.database() as url,
    ):
        town, held = run(Path(folder) / "place", url, options.desks, options.minutes, options.think)
    for fault in [*town.times.errors[:20], *town.failures[:20]]:
        sys.stdout.write(f"{fault}\n")
    text = report(town, held, options, load)
    sys.stdout.write(text)
    if options.write or (options.desks, options.minutes, options.think) == (200, 10, 20):
        put(FILE, "desks", text)
    every = [each for times in town.times.by.values() for each in times]
    return 1 if town.times.errors or town.failures or percentile(every, 0.95) > ALLOWED else 0


if __name__ == "__main__":
    sys.exit(main())
