"""A SuiteCRM on a free port, as strict as the original: what it refuses, ours is refused too.

From its own source (release 7.14, the API that version 8 keeps): the token and its end, one level
of filters, unknown fields and filters, page sizes, `id` given at creation and refused the second
time, dates, the shape of errors. On top what a database in strict mode refuses (a text longer than
its column), and what a gateway in front adds (429 with Retry-After).
"""

import datetime as dt
import json
import math
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MEDIA = "application/vnd.api+json"
COMMON = {
    "name": 255,
    "description": 65_535,
    "date_entered": 40,
    "date_modified": 40,
    "created_by": 36,
    "assigned_user_id": 36,
}
FIELDS: dict[str, dict[str, int]] = {
    "Contacts": COMMON
    | dict.fromkeys(
        ("first_name", "last_name", "phone_home", "phone_mobile", "primary_address_city", "email1"),
        100,
    )
    | {
        "primary_address_street": 150,
        "birthdate": 10,
        "tipo_documento_c": 3,
        "numero_documento_c": 20,
    },
    "Cases": COMMON
    | {
        "state": 100,
        "status": 100,
        "priority": 100,
        "account_id": 36,
        "case_number": 11,
        "resolution": 65_535,
        "radicado_c": 32,
    },
}
LISTS = {
    "state": {"Open", "Closed"},
    "status": {
        "Open_New",
        "Open_Assigned",
        "Closed_Closed",
        "Open_Pending Input",
        "Closed_Rejected",
        "Closed_Duplicate",
    },
}
OPERATORS = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}


class Refused(Exception):
    def __init__(self, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.detail, self.status = detail, status


@dataclass
class Fault:
    """How the next requests to a path go wrong: a status, silence, or an answer that is lost after
    the work was done."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b'{"errors":{"status":500,"title":null,"detail":"no"}}'
    sleep: float = 0
    lost: bool = False
    times: int = 1
    method: str = ""
    media: str = MEDIA
    #: it says back what it was sent, as gateways do that somebody left in their mode for looking
    echo: bool = False

    def said(self, sent: str) -> bytes:
        return (
            json.dumps({"errors": {"status": self.status, "title": None, "detail": sent}}).encode()
            if self.echo
            else self.body
        )


@dataclass
class Crm:
    """What the server holds, and what it was asked."""

    url: str = ""
    client: tuple[str, str] = ("ventanilla", "secreto-del-crm")
    account: str = field(default_factory=lambda: str(uuid.uuid4()))
    lasts: int = 3600  #: seconds of a token
    records: dict[str, dict[str, dict[str, Any]]] = field(
        default_factory=lambda: {"Contacts": {}, "Cases": {}}
    )
    links: set[tuple[str, str]] = field(default_factory=set)
    tokens: dict[str, float] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    now: dt.datetime = dt.datetime(2026, 11, 16, 13, 0, tzinfo=dt.UTC)
    lock: threading.RLock = field(default_factory=threading.RLock)
    numbers: int = 4700

    def put(self, module: str, **attributes: Any) -> str:
        """A record that somebody else made there; its id."""
        key = str(attributes.pop("id", uuid.uuid4()))
        moment = attributes.pop("date_modified", self.now.isoformat())
        self.records[module][key] = {
            "date_entered": moment,
            "date_modified": moment,
            "deleted": False,
            **attributes,
        }
        return key

    def live(self, module: str) -> dict[str, dict[str, Any]]:
        return {k: r for k, r in self.records[module].items() if not r["deleted"]}

    def only(self, module: str) -> dict[str, Any]:
        (record,) = self.live(module).values()
        return record

    def writes(self) -> list[str]:
        """Methods and paths of what changed something."""
        return [
            f"{m} {p}" for m, p in self.asked if m in ("POST", "PATCH") and "access_token" not in p
        ]

    # --- what the original does
    def attributes(self, module: str, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            raise Refused('The option "attributes" with value is expected to be of type "array"')
        for name, value in given.items():
            if name not in FIELDS[module]:
                raise Refused(f"Property {name} in {module[:-1]} module is invalid")
            if isinstance(value, str) and len(value) > FIELDS[module][name]:
                raise Refused(f"Database failure. Data too long for column '{name}'", 500)
            if module == "Cases" and name in LISTS and value not in LISTS[name]:
                raise Refused(f"{value} is not in the list of {name}", 500)
        return dict(given)

    def module(self, name: Any) -> str:
        if name not in FIELDS:
            raise Refused(f"Module with name {name} is not found")
        return str(name)

    def create(self, data: dict[str, Any]) -> tuple[str, str]:
        module = self.module(data.get("type"))
        key = data.get("id")
        if key is not None:
            try:
                uuid.UUID(key)
            except ValueError as error:
                raise Refused('The option "id" with value is invalid.') from error
            if key in self.records[module]:
                raise Refused(f"Bean {module} with id {key} is already exist")
        attributes = self.attributes(module, data.get("attributes", {}))
        if module == "Cases":
            if attributes.get("account_id") != self.account:
                raise Refused("Missing required field account_name", 500)
            self.numbers += 1
            attributes["case_number"] = self.numbers
        if module == "Contacts" and not attributes.get("last_name"):
            raise Refused("Missing required field last_name", 500)
        key = key or str(uuid.uuid4())
        stamp = self.now.isoformat()
        self.records[module][key] = {
            **attributes,
            "date_entered": stamp,
            "date_modified": stamp,
            "deleted": False,
        }
        return module, key

    def change(self, data: dict[str, Any]) -> tuple[str, str]:
        module, key = self.module(data.get("type")), str(data.get("id") or "")
        record = self.live(module).get(key)
        if record is None:
            raise Refused(f"{module} module with id {key} is not found")
        record |= self.attributes(module, data.get("attributes", {}))
        record["date_modified"] = self.now.isoformat()
        return module, key

    def shown(self, module: str, key: str, fields: list[str] | None = None) -> dict[str, Any]:
        record = self.records[module][key]
        names = fields or list(FIELDS[module])
        return {
            "type": module[:-1],
            "id": key,
            "attributes": {n: record.get(n, "") for n in names},
            "relationships": {},
        }

    def listing(self, module: str, query: dict[str, list[str]], path: str) -> dict[str, Any]:
        fields, size, number, operator, conditions, sort = None, -1, 1, "and", [], ""
        for name, (value, *more) in query.items():
            if more:
                raise Refused(f"{name} twice")
            if name == f"fields[{module}]":
                fields = value.split(",")
                missing = [f for f in fields if f not in FIELDS[module] and f != "id"]
                if missing:
                    raise Refused(
                        f"The following field in {module[:-1]} module is not found: {', '.join(missing)}"
                    )
                fields = [f for f in fields if f != "id"]
            elif name in ("page[size]", "page[number]"):
                if not value.isdigit() or int(value) < 1:
                    raise Refused(f'The option "{name}" with value "{value}" is invalid.')
                size, number = (int(value), number) if name == "page[size]" else (size, int(value))
            elif name == "sort":
                sort = value.lstrip("-")
                if sort not in FIELDS[module]:
                    raise Refused(f"Sort field {sort} in {module[:-1]} module is not found")
            elif name == "filter[operator]":
                if value.lower() not in ("and", "or"):
                    raise Refused(f"Filter operator {value} is invalid")
                operator = value.lower()
            elif name.startswith("filter["):
                parts = name.removeprefix("filter[").removesuffix("]").split("][")
                if len(parts) != 2:
                    raise Refused(f"Filter field {parts[0]} must be an array")
                if parts[0] not in FIELDS[module]:
                    raise Refused(f"Filter field {parts[0]} in {module[:-1]} module is not found")
                if parts[1] not in OPERATORS:
                    raise Refused(f"Filter operator {parts[1]} is invalid")
                conditions.append((parts[0], OPERATORS[parts[1]], value))
            else:
                raise Refused(f'The option "{name}" does not exist.')
        together = all if operator == "and" else any
        found = [
            k
            for k, r in self.live(module).items()
            if not conditions or together(how(str(r.get(f, "")), v) for f, how, v in conditions)
        ]
        if sort:
            found.sort(key=lambda k: str(self.records[module][k].get(sort, "")))
        if size < 0:
            return {"data": [self.shown(module, k, fields) for k in found[:20]]}
        part = found[(number - 1) * size : number * size]
        answer: dict[str, Any] = {"data": [self.shown(module, k, fields) for k in part]}
        if part:
            answer["meta"] = {
                "total-pages": math.ceil(len(found) / size),
                "records-on-this-page": len(part),
            }
            answer["links"] = {"first": None, "prev": None, "next": None, "last": path}
        return answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    crm: Crm

    def log_message(self, *_: Any) -> None:
        """Quiet."""

    def answer(
        self, status: int, body: Any, media: str = MEDIA, headers: dict[str, str] | None = None
    ) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def work(self) -> None:
        crm, parts = self.crm, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with crm.lock:
            crm.asked.append((self.command, self.path))
            fault = next(
                (f for f in crm.faults if f.times > 0 and f.method in ("", self.command)), None
            )
            if fault is not None:
                fault.times -= 1
        if fault is not None and fault.sleep:
            time.sleep(fault.sleep)
        if fault is not None and fault.status:
            sent = f"{self.headers.get('Authorization', '')} {body.decode()}"
            self.answer(fault.status, fault.said(sent), fault.media, fault.headers)
            return
        try:
            with crm.lock:
                status, said = self.route(
                    parts.path, parse_qs(parts.query, keep_blank_values=True), body
                )
        except Refused as no:
            status, said = (
                no.status,
                {"errors": {"status": no.status, "title": None, "detail": no.detail}},
            )
        if fault is not None and fault.lost:
            self.close_connection = True
            self.connection.close()  # the work was done, and nobody hears of it
            return
        self.answer(status, said)

    def route(self, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, Any]:
        crm = self.crm
        if path == "/Api/access_token":
            return 200, self.token(body)
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or crm.tokens.get(given, 0) <= time.monotonic():
            raise Refused("The resource owner or authorization server denied the request.", 401)
        if self.headers.get("Accept") != MEDIA:
            raise Refused("Not acceptable", 406)
        if body and self.headers.get("Content-Type") != MEDIA:
            raise Refused("Unsupported media type", 415)
        data = json.loads(body)["data"] if body else {}
        match [self.command, *path.removeprefix("/Api/V8/").split("/")]:
            case ["GET", "module", module]:
                return 200, crm.listing(crm.module(module), query, path)
            case ["GET", "module", module, key]:
                if key not in crm.live(crm.module(module)):
                    raise Refused(f"{module} module with id {key} is not found")
                return 200, {"data": crm.shown(module, key)}
            case ["POST", "module"]:
                return 201, {"data": crm.shown(*crm.create(data))}
            case ["PATCH", "module"]:
                return 201, {"data": crm.shown(*crm.change(data))}
            case ["POST", "module", "Cases", key, "relationships"]:
                if key not in crm.live("Cases") or data.get("id") not in crm.live(
                    crm.module(data.get("type"))
                ):
                    raise Refused("module with that id is not found")
                crm.links.add((key, data["id"]))
                return 201, {"meta": {"message": "Relationship has been created"}}
        raise Refused("Not found", 404)

    def token(self, body: bytes) -> dict[str, Any]:
        crm, given = self.crm, json.loads(body)
        if given.get("grant_type") != "client_credentials":
            raise Refused(
                "The authorization grant type is not supported by the authorization server.", 400
            )
        if (given.get("client_id"), given.get("client_secret")) != crm.client:
            raise Refused("Client authentication failed", 401)
        made = uuid.uuid4().hex
        crm.tokens[made] = time.monotonic() + crm.lasts
        return {"token_type": "Bearer", "expires_in": crm.lasts, "access_token": made}


for _verb in ("GET", "POST", "PATCH", "DELETE"):
    setattr(_Handler, f"do_{_verb}", _Handler.work)


@contextmanager
def suitecrm() -> Iterator[Crm]:
    crm = Crm()
    handler = type("Handler", (_Handler,), {"crm": crm})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    loop = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    loop.start()
    crm.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield crm
    finally:
        server.shutdown()
        server.server_close()
        loop.join(5)
