"""Forms over a real socket: one person after the other, eight people on two web processes, four
people on one case."""

import http.client
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle
from pathlib import Path

from bench import models
from bench.ours import ACTOR, HTTP_OK, Place, next_item
from bench.place import free_port, ms
from tests.kit import visit as visita
from tests.kit.processes import spawn

ROOT = Path(__file__).resolve().parents[1]
COOKIE = "ventanilla"
PEOPLE = 8
START_SECONDS = 60.0
WARM = 3  # cases that are not measured


@contextmanager
def listening(order: list[str], port: int, **more: object) -> Iterator[None]:
    """A child that answers on this port; gone, with whatever it started, when this ends."""
    child = spawn(order, stdin=subprocess.PIPE, **more)
    try:
        end = time.monotonic() + START_SECONDS
        while not answers(port):
            if child.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{order[-1]}: nothing listens on port {port}")
            time.sleep(0.05)
        yield
    finally:
        child.stdin.close()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/ingresar")
        connection.getresponse().read()
    except OSError:
        return False
    else:
        return True
    finally:
        connection.close()


@contextmanager
def web(place: Place, processes: int) -> Iterator[list[int]]:
    """Ports of so many waitress processes on this database."""
    url, folder = place.db.url.render_as_string(hide_password=False), place.app.instance_path
    ports = [free_port() for _ in range(processes)]
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(
                listening(
                    [sys.executable, "-m", "bench.serve", folder, url, str(port)], port, cwd=ROOT
                )
            )
        yield ports


@dataclass
class Person:
    """A browser that stays signed in: one session, one token, connections kept open."""

    place: Place
    user: str
    ports: list[int]
    spent: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        client = self.place.signed_in(self.user)
        self._csrf = visita.hidden(client.get("/borradores").text, "csrf_token")
        cookie = client.get_cookie(COOKIE)
        self._headers = {
            "Cookie": f"{COOKIE}={cookie.value if cookie else ''}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self._connections = cycle(
            [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in self.ports]
        )

    def look(self, item: str) -> int:
        connection = next(self._connections)
        connection.request("GET", f"/tarea/{item}", headers=self._headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def send(self, item: str) -> tuple[int, str | None]:
        body = urllib.parse.urlencode(
            {"ok": "si", "texto": models.FORM["texto"], "csrf_token": self._csrf}
        )
        connection, begin = next(self._connections), time.perf_counter()
        connection.request("POST", f"/tarea/{item}", body, self._headers)
        answer = connection.getresponse()
        answer.read()
        self.spent.append(ms(begin))
        return answer.status, answer.headers["Location"]


def one_after_the_other(place: Place, rounds: int) -> list[float]:
    """A person opens each task and sends it: ms of each POST, from the first byte sent to the last
    one read."""
    with web(place, 1) as ports:
        person, item = Person(place, ACTOR.id, ports), ""
        for _ in range(rounds):
            if not item:
                (item,) = place.start("Lineal200")
            person.look(item)
            item = next_item(*person.send(item))
        return person.spent[rounds // 5 :]


@dataclass(frozen=True, slots=True)
class Throughput:
    per_second: float
    p50: float
    p95: float


class Way(StrEnum):
    """How eight people come to two processes."""

    STAY = "stay"  # each with one process
    # each sends every other form to the other process, of another case: the load is as uneven as
    # below
    PEOPLE = "people"
    # the same, of one case: every step first catches up with what the other process did
    CASES = "cases"


def together(place: Place, seconds: float, way: Way) -> Throughput:
    """Eight people, each with cases of their own, send forms to two processes as fast as they
    can."""
    with web(place, 2) as ports:
        people = [
            Person(place, ACTOR.id, [ports[n % 2]] if way is Way.STAY else ports)
            for n in range(PEOPLE)
        ]
        end = [0.0]

        def work(person: Person) -> None:
            items = [""] * (2 if way is Way.PEOPLE else 1)
            which = 0
            while time.perf_counter() < end[0]:
                which = (which + 1) % len(items)
                if not items[which]:
                    (items[which],) = place.start("Lineal200")
                items[which] = next_item(*person.send(items[which]))

        warm_up(place, people[0], ports)
        for last in (min(3.0, seconds / 3), seconds):
            for person in people:
                person.spent.clear()
            end[0] = time.perf_counter() + last
            begin = time.perf_counter()
            run([(work, person) for person in people])
            spent = time.perf_counter() - begin
        times = sorted(each for person in people for each in person.spent)
        return Throughput(
            len(times) / spent, statistics.median(times), times[int(len(times) * 0.95)]
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """p95 of a form in ms: the desk alone, and beside connections that send nothing, half a head or
    half a body."""

    alone: float
    beside: dict[str, float]


IDLE, HALVES = 1000, 300
# seconds until the crowd before is closed and this one taken: what is measured is one that is there
SETTLED = 1.0
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: v\r\nX-Half: "
HALF_BODY = b"POST / HTTP/1.1\r\nHost: v\r\nContent-Length: 1000\r\n\r\na=1"


def crowded(place: Place, rounds: int) -> Crowd:
    """One person works while others hold connections; measured in turn, so that all see the same
    machine."""
    crowds = {
        f"{IDLE:,} idle": (IDLE, b""),
        f"{HALVES} half heads": (HALVES, HALF_HEAD),
        f"{HALVES} half bodies": (HALVES, HALF_BODY),
    }
    with web(place, 1) as ports:
        person = Person(place, ACTOR.id, ports)
        warm_up(place, person, ports)
        (item,) = place.start("Lineal200")
        spent: dict[str, list[float]] = {"": [], **{name: [] for name in crowds}}
        for _ in range(4):
            for name in spent:
                number, first = crowds.get(name, (0, b""))
                with ExitStack() as stack:
                    for _ in range(number):
                        stack.enter_context(
                            socket.create_connection(("127.0.0.1", ports[0]), 20)
                        ).sendall(first)
                    time.sleep(SETTLED)
                    person.look(item)
                    person.spent.clear()
                    for _ in range(rounds // 4):
                        item = next_item(*person.send(item)) or place.start("Lineal200")[0]
                    spent[name] += person.spent
        p95 = {name: sorted(times)[int(len(times) * 0.95)] for name, times in spent.items()}
        return Crowd(p95.pop(""), p95)


def warm_up(place: Place, person: Person, ports: list[int]) -> None:
    """Each process reads and compiles the release before anybody measures."""
    (item,) = place.start("Lineal200")
    stranger = Person(place, person.user, ports)
    for _ in range(8 * len(ports)):
        stranger.look(item)
        item = next_item(*stranger.send(item))


@dataclass(frozen=True, slots=True)
class SideBySide:
    accepted: int
    of: int
    p50: float
    p95: float


def four_at_once(place: Place, cases: int) -> SideBySide:
    """Four people press the button of their parallel tasks of one case at the same moment, on two
    processes."""
    with web(place, 2) as ports:
        people = [Person(place, ACTOR.id, [ports[n % 2]]) for n in range(4)]
        warm_up(place, people[0], ports)
        accepted = 0
        for case in range(cases + 3):
            gate, statuses = threading.Barrier(4), list[int]()

            def work(
                person: Person,
                item: str,
                gate: threading.Barrier = gate,
                statuses: list[int] = statuses,
            ) -> None:
                gate.wait()
                statuses.append(person.send(item)[0])

            run([(work, *pair) for pair in zip(people, place.start("Cuatro"), strict=True)])
            if case < WARM:
                for person in people:
                    person.spent.clear()
                continue
            accepted += statuses.count(HTTP_OK)
        times = sorted(each for person in people for each in person.spent)
        return SideBySide(
            accepted, 4 * cases, statistics.median(times), times[int(len(times) * 0.95)]
        )


def run(orders: list[tuple[object, ...]]) -> None:
    threads = [threading.Thread(target=order[0], args=order[1:]) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
