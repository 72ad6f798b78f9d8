"""People at browsers: a kiosk, advisers at desks, tablets, officers of the areas. They repeat what
got no answer, as a reload does."""

import http.client
import itertools
import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa

from demo import cuentas
from demo.personas import PersonaDato
from tests.crash.ledger import Ledger
from tests.kit import visit as visita
from webforms.base.security import GALLETA_DISPOSITIVO

LIMIT = 180.0  # seconds that one request or one visit may take, outages included
NO_MORE: Mapping[str, str] = {}
NO_ANSWER = (OSError, http.client.HTTPException)
#: Messages that begin a process; others may find no receiver and then wait for seven days, as
#: written.
TO_DELIVER = "SELECT count(*) FROM outbox WHERE state = 'waiting' AND message IN ('CasoEscalado', 'RadicarEscrito')"
#: What a person at a browser never sees if the product keeps its word.
UNEXPECTED = (400, 403, 404, 409, 422, 500)
PAUSE = 0.05  # seconds between two tries
OF_THE_DESK = ("asesor", "usuario")


@dataclass(frozen=True, slots=True)
class Answer:
    code: int
    text: str
    location: str = ""
    etag: str = ""


class Stopped(Exception):
    """The experiment ends: no new visit."""


@dataclass
class Waits:
    """How long people waited for an answer that did not come at the first try, and pages that said
    so."""

    repeated: list[float] = field(default_factory=list)
    unavailable: int = 0
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def told_to_wait(self) -> None:
        with self.lock:
            self.unavailable += 1

    def add(self, since: float | None) -> None:
        with self.lock:
            self.requests += 1
            if since is not None:
                self.repeated.append(time.monotonic() - since)


def readable(answer: Answer, body: dict[str, str] | None) -> str:
    """What is wrong with a page that says "try again": empty when a person can read it and finds
    what was typed on it."""
    if "inténtelo otra vez" not in answer.text.lower() or "Traceback" in answer.text:
        return f"unreadable: {answer.text[:400]}"
    if body is None or "clave" in body:  # a password is typed again
        return ""
    lost = [value for value in body.values() if _html(value) not in answer.text]
    return f"lost {lost}" if lost else ""


def _html(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&#34;")
        .replace("'", "&#39;")
    )


@dataclass
class Browser:
    """Keeps cookies, follows nothing, repeats what got no answer or a page that says "try
    again"."""

    port: int
    waits: Waits
    cookies: dict[str, str] = field(default_factory=dict)
    allowed: tuple[int, ...] = ()

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, values: dict[str, str]) -> Answer:
        return self._ask("POST", path, values)

    def post_json(self, path: str, order: dict[str, Any]) -> Answer:
        return self.once("POST", path, order, json_body=True)

    def _ask(self, method: str, path: str, values: dict[str, str] | None) -> Answer:
        first_failure, limit = None, time.monotonic() + LIMIT
        while True:
            try:
                answer = self.once(method, path, values)
            except NO_ANSWER:
                if time.monotonic() > limit:
                    raise
                first_failure = first_failure or time.monotonic()
                time.sleep(PAUSE)
                continue
            if answer.code != 503:
                break
            self.waits.told_to_wait()
            wrong = readable(answer, values)
            if wrong or time.monotonic() > limit:
                raise AssertionError(f"{method} {path}: 503 {wrong or 'for ever'}")
            first_failure = first_failure or time.monotonic()
            time.sleep(PAUSE * 4)
        self.waits.add(first_failure)
        if answer.code in UNEXPECTED and answer.code not in self.allowed:
            raise AssertionError(f"{method} {path} answered {answer.code}: {answer.text[-1500:]}")
        return answer

    def once(
        self,
        method: str,
        path: str,
        values: dict[str, Any] | None,
        *,
        json_body: bool = False,
        more: Mapping[str, str] = NO_MORE,
    ) -> Answer:
        """One request, with these headers besides."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {
                "Cookie": "; ".join(f"{n}={v}" for n, v in self.cookies.items()),
                "Accept": "text/html",
                **more,
            }
            body = None
            if values is not None:
                headers["Content-Type"] = (
                    "application/json" if json_body else "application/x-www-form-urlencoded"
                )
                body = (json.dumps(values) if json_body else urlencode(values)).encode()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for cookie in response.headers.get_all("Set-Cookie") or []:
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
            return Answer(
                response.status,
                text,
                response.headers.get("Location", ""),
                response.headers.get("ETag", ""),
            )
        finally:
            connection.close()

    def log_in(self, user: str, password: str = cuentas.CLAVE) -> "Browser":
        """Logins that were cut off may make the page ask for a moment. KeptOut: it never let this
        person in."""
        limit = time.monotonic() + LIMIT
        while time.monotonic() < limit:
            csrf = visita.hidden(self.get("/ingresar").text, "csrf_token")
            answer = self.post(
                "/ingresar", {"csrf_token": csrf, "usuario": user, "clave": password}
            )
            if answer.code != 429:
                assert self.get("/bandeja").code == 200, user
                return self
            time.sleep(5)
        raise KeptOut(f"{user} cannot log in")


class KeptOut(AssertionError):
    """An honest person with the right password could not enter."""


@dataclass
class World:
    """What the people share."""

    db: sa.Engine
    port: int
    people: list[PersonaDato]
    devices: dict[str, str]  # code → token of its cookie
    ledger: Ledger
    waits: Waits = field(default_factory=Waits)
    escalated: set[str] = field(default_factory=set)
    done: list[str] = field(default_factory=list)
    begun: int = 0
    failures: list[str] = field(default_factory=list)
    #: of those, people who gave up because nobody answered at all
    unanswered: list[str] = field(default_factory=list)
    #: people who could not enter; what they would have done is nobody's loss
    kept_out: list[str] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)
    numbers: "Iterator[int]" = field(default_factory=itertools.count)
    more: Callable[[], bool] = lambda: True
    lock: threading.Lock = field(default_factory=threading.Lock)

    def failed(self, who: str, error: Exception) -> None:
        told = f"{who}: {type(error).__name__}: {error}"
        self.failures.append(told)
        if isinstance(error, NO_ANSWER):
            self.unanswered.append(told)

    def rows(self, text: str, **bound: object) -> list[tuple[Any, ...]]:
        """A read of our own, through outages."""
        limit = time.monotonic() + LIMIT
        while True:
            try:
                with self.db.connect() as connection:
                    return [tuple(row) for row in connection.execute(sa.text(text), bound)]
            except sa.exc.DBAPIError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.2)

    def one(self, text: str, **bound: object) -> int:
        return int(str(self.rows(text, **bound)[0][0]))

    def browser(self, user: str) -> Browser:
        return Browser(self.port, self.waits).log_in(user)

    def device(self, code: str) -> Browser:
        return Browser(self.port, self.waits, {GALLETA_DISPOSITIVO: self.devices[code]})

    def next_visit(self) -> int:
        with self.lock:
            if not self.more():
                raise Stopped
            self.begun += 1
            return next(self.numbers)


class Desk(threading.Thread):
    """An adviser at a desk with its tablet; before each call somebody takes a turn at the kiosk of
    the point.

    For the cases that he escalates the officers of the areas are at hand.
    """

    limit = LIMIT

    def __init__(self, world: World, point: str, number: int) -> None:
        super().__init__(name=f"desk {point} {number}", daemon=True)
        self.w, self.point, self.module = world, point, str(number + 1)
        self.user = cuentas.asesores()[point][number].usuario
        self.browsers: dict[str, Browser] = {}

    def run(self) -> None:
        try:
            self.kiosk = self.w.device(f"quiosco.{self.point.lower()}")
            self.tablet = self.w.device(f"tableta.{self.point.lower()}.{self.module}")
            self.adviser = self.w.browser(self.user)
            self.adviser.post(
                "/atencion/modulo", {"csrf_token": self._csrf(), "modulo": self.module}
            )
            with suppress(Stopped):
                while True:
                    self._visit(self.w.next_visit())
        except KeptOut as error:
            self.w.kept_out.append(f"{self.name}: {error}")
        except Exception as error:
            self.w.failed(self.name, error)

    def _csrf(self) -> str:
        return visita.hidden(self.adviser.get("/atencion").text, "csrf_token")

    def _visit(self, n: int) -> None:
        """From the kiosk's press to the last act of every process of the case that the desk got."""
        since, mark, escalates = time.monotonic(), f"marca{n:05d}", n % 4 == 0
        turn = self._take_turn()
        self.w.ledger.write("turn", turn=turn, mark=mark)
        case = self._call()
        answers = dict(visita.answers(visita.holder(self.w.people, n), mark, escala=escalates))
        answers["act_5_2_2"] = {**answers["act_5_2_2"], "modulo": self.module}
        answers["act_5_2_12"] = {"medio_calificacion": "tableta" if n % 2 else "verbal"}
        if escalates:
            self.w.escalated.add(case)
        limit = time.monotonic() + self.limit
        while not self._finished(case):
            assert time.monotonic() < limit, f"{mark}: stranded in {self._where(case)}"
            items = self.w.rows(
                "SELECT id, element, role, scope FROM work_item WHERE case_key = :c AND state = 'open' ORDER BY opened_at, id",
                c=case,
            )
            for task, element, role, scope in items:
                if element == "act_5_2_13" and n % 2:
                    self._rate(str(task), mark)
                else:
                    self._send(
                        str(task),
                        str(element),
                        self._who(str(role), str(scope)),
                        dict(answers[str(element)]),
                        mark,
                    )
            if not items:
                time.sleep(0.05)
        self.w.ledger.write("visit", case=case, mark=mark)
        self.w.done.append(case)
        self.w.durations.append(time.monotonic() - since)

    def _take_turn(self) -> int:
        page = self.kiosk.get("/quiosco/condicion/servicio_adquirido").text
        values = {
            name: visita.hidden(page, name) for name in ("csrf_token", "llave", "motivo_visita")
        }
        answer = self.kiosk.post(
            "/quiosco/turno", {**values, "condicion": "ninguna", "tipo_doc": "", "num_doc": ""}
        )
        found = re.search(r"/quiosco/tiquete/(\d+)", answer.location)
        assert found is not None, f"no ticket: {answer.code} {answer.text[:300]}"
        return int(found[1])

    def _call(self) -> str:
        """ "Llamar siguiente" until a turn is ours: another desk of the point may be faster."""
        limit = time.monotonic() + self.limit
        while time.monotonic() < limit:
            self.adviser.post("/atencion/llamar", {"csrf_token": self._csrf()})
            first = visita.task_in(self.adviser.get("/atencion").text)
            if first is not None:
                return str(
                    self.w.rows("SELECT case_key FROM work_item WHERE id = :t", t=first[1])[0][0]
                )
            time.sleep(0.05)
        raise AssertionError("nobody came to the desk")

    def _send(
        self, task: str, element: str, who: Browser, values: dict[str, str], mark: str
    ) -> None:
        hidden = self._fill_in(task, who, values)
        answer = who.post(f"/tarea/{task}", {**values, **hidden})
        assert answer.code == 302, f"{element} answered {answer.code}: {answer.text[:600]}"
        self.w.ledger.write(
            "form",
            task=task,
            element=element,
            mark=mark if any(mark in v for v in values.values()) else "",
        )

    def _fill_in(self, task: str, who: Browser, values: dict[str, str]) -> dict[str, str]:  # noqa: ARG002 - of those who type
        """Reads the form; gives the hidden fields that are sent with it."""
        return {"csrf_token": visita.hidden(who.get(f"/tarea/{task}").text, "csrf_token")}

    def _rate(self, task: str, mark: str) -> None:
        page = self.tablet.get(f"/tableta/calificar/{task}")
        values = {
            "calificacion": "5",
            "comentario": f"Bien atendida {mark}",
            "csrf_token": visita.hidden(page.text, "csrf_token"),
        }
        answer = self.tablet.post(f"/tableta/calificar/{task}", values)
        assert answer.code == 303, f"rating answered {answer.code}: {answer.text[:600]}"
        self.w.ledger.write("form", task=task, element="act_5_2_13", mark=mark)

    def _who(self, role: str, scope: str) -> Browser:
        if role in OF_THE_DESK:
            return self.adviser
        user = "coordinador" if scope == cuentas.GAU else cuentas.funcionarios()[scope][0].usuario
        if user not in self.browsers:
            self.browsers[user] = self.w.browser(user)
        return self.browsers[user]

    def _finished(self, case: str) -> bool:
        """One statement: between two, a message may become an instance."""
        alive = "SELECT count(*) FROM instance WHERE case_key = :c AND status <> 'finished'"
        return self.w.one(f"SELECT ({alive}) + ({TO_DELIVER} AND case_key = :c)", c=case) == 0

    def _where(self, case: str) -> list[str]:
        tables = (
            "work_item WHERE state = 'open' AND",
            "timer WHERE",
            "job WHERE state = 'open' AND",
            "incident WHERE state = 'open' AND",
        )
        of_case = "instance_id IN (SELECT id FROM instance WHERE case_key = :c)"
        return [
            f"{t.split()[0]} {f}"
            for t in tables
            for f in self.w.rows(f"SELECT element FROM {t} {of_case}", c=case)
        ]


class Administrator(threading.Thread):
    """Tries again what was given up because its worker was killed each time; every other incident
    is left for the proof to find."""

    GIVEN_UP = "SELECT id FROM incident WHERE state = 'open' AND error LIKE '%worker died each time%' ORDER BY id"

    def __init__(self, world: World) -> None:
        super().__init__(name="administrator", daemon=True)
        self.w, self.repaired = world, 0
        self.over = threading.Event()

    def run(self) -> None:
        try:
            browser = self.w.browser("administrador")
            while not self.over.wait(1):
                for (number,) in self.w.rows(self.GIVEN_UP):
                    csrf = visita.hidden(
                        browser.get(f"/administracion/incidentes/{number}").text, "csrf_token"
                    )
                    values = {
                        "csrf_token": csrf,
                        "incidente": str(number),
                        "accion": "retry",
                        "motivo": "El trabajador se detuvo a mitad",
                    }
                    browser.post("/administracion/incidentes/reparar", values)
                    self.repaired += 1
        except KeptOut as error:
            self.w.kept_out.append(f"{self.name}: {error}")
        except Exception as error:
            self.w.failed(self.name, error)


def desks(world: World, count: int) -> list[Desk]:
    """Two a point, so that they race for the next turn."""
    places = [(point, number) for point in cuentas.CON_EQUIPOS for number in (0, 1)]
    return [Desk(world, point, number) for point, number in places[:count]]


def new_token() -> str:
    return secrets.token_urlsafe(24)
