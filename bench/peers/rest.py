"""Eight people at Operaton's REST interface: complete a task with two variables, ask for the next
one of the case; as fast as they can."""

import http.client
import json
import statistics
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from bench import models

OK, NO_CONTENT = 200, 204
WARM = 10.0  # seconds: the virtual machine compiles what is hot
VARIABLES = {name: {"value": value} for name, value in models.FORM.items()}


@dataclass
class Client:
    port: int
    spent: list[float] = field(default_factory=list)
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        text = None if body is None else json.dumps(body)
        self.connection.request(
            method, f"/engine-rest{path}", text, {"Content-Type": "application/json"}
        )
        answer = self.connection.getresponse()
        said = answer.read()
        if answer.status not in (OK, NO_CONTENT):
            raise RuntimeError(f"{path}: {answer.status} {said[:200]!r}")
        return json.loads(said) if said else None

    def work(self, until: float) -> None:
        case, task = "", ""
        while time.perf_counter() < until:
            if not task:
                case = self.ask("POST", "/process-definition/key/Lineal200/start", {})["id"]
                task = self.ask("GET", f"/task?processInstanceId={case}")[0]["id"]
            begin = time.perf_counter()
            self.ask("POST", f"/task/{task}/complete", {"variables": VARIABLES})
            found = self.ask("GET", f"/task?processInstanceId={case}")
            self.spent.append((time.perf_counter() - begin) * 1_000)
            task = found[0]["id"] if found else ""


def load(port: int, people: int, seconds: float) -> dict[str, float]:
    clients = [Client(port) for _ in range(people)]
    began = 0.0
    for last in (WARM, seconds):
        for client in clients:
            client.spent.clear()
        began = time.perf_counter()
        threads = [threading.Thread(target=client.work, args=(began + last,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times = sorted(each for client in clients for each in client.spent)
    spent = time.perf_counter() - began
    return {
        "per_second": len(times) / spent,
        "p50": statistics.median(times),
        "p95": times[int(len(times) * 0.95)],
    }
