"""Races on the real diagrams: advisers of one point who call the next turn, and a press at the
kiosk that comes several times."""

import random
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from demo import cuentas
from tests.crash.clients import Browser, World
from tests.crash.place import place
from tests.crash.servers import Processes
from tests.crash.zygote import Config
from tests.kit import visit as visita
from tests.kit.cast import PUNTO
from tests.kit.chance import dice
from tests.races.races import HARD_LIMIT, Score, check

CALL = "advisers call the next turn"
PRESS = "one press at the kiosk, several times"
ADVISERS = 6
# presses: one kiosk may send 120 in ten minutes (webforms/cupos.py), and the last race needs some
MOST = 100


class Point:
    """The advisers of one service point and its kiosk."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.w, self.rng = world, rng
        self.presses = 0
        self.pool = ThreadPoolExecutor(8)
        self.kiosk = world.device(f"quiosco.{PUNTO.lower()}")
        self.advisers = [
            world.browser(account.usuario) for account in cuentas.asesores()[PUNTO][:ADVISERS]
        ]
        for number, adviser in enumerate(self.advisers, start=1):
            adviser.post(
                "/atencion/modulo", {"csrf_token": self.csrf(adviser), "modulo": str(number)}
            )

    @staticmethod
    def csrf(adviser: Browser) -> str:
        return visita.hidden(adviser.get("/atencion").text, "csrf_token")

    def together(self, acts: list[Callable[[], Any]]) -> list[Any]:
        barrier = threading.Barrier(len(acts))

        def go(act: Callable[[], Any]) -> Any:
            barrier.wait(HARD_LIMIT)
            return act()

        return [future.result(HARD_LIMIT) for future in [self.pool.submit(go, act) for act in acts]]

    def press(self, times: int) -> list[int]:
        """The turns that the presses got."""
        self.presses += times
        page = self.kiosk.get("/quiosco/condicion/servicio_adquirido").text
        values = {
            name: visita.hidden(page, name) for name in ("csrf_token", "llave", "motivo_visita")
        }
        values |= {"condicion": "ninguna", "tipo_doc": "", "num_doc": ""}
        answers = self.together([lambda: self.kiosk.post("/quiosco/turno", values)] * times)
        found = [re.search(r"/quiosco/tiquete/(\d+)", answer.location) for answer in answers]
        return [int(match[1]) if match else 0 for match in found]


def press(point: Point, score: Score) -> None:
    times, before = point.rng.randint(2, 8), point.w.one("SELECT count(*) FROM turno")
    turns = point.press(times)
    there = point.w.one("SELECT count(*) FROM turno") - before
    check(
        score.faults,
        there == 1 and len(set(turns)) == 1 and 0 not in turns,
        f"{times} presses gave {turns}, {there} turns",
    )
    score.threads += times
    score.outcomes["one turn"] += 1


def call(point: Point, score: Score) -> None:
    """As many people wait as advisers call: everybody gets one, nobody the same."""
    advisers = point.rng.sample(point.advisers, point.rng.randint(2, ADVISERS))
    waiting = point.w.one("SELECT count(*) FROM turno WHERE estado = 'espera'")
    for _ in range(len(advisers) - waiting):
        point.press(1)
    tokens = [point.csrf(adviser) for adviser in advisers]
    presses: list[Callable[[], Any]] = [
        partial(a.post, "/atencion/llamar", {"csrf_token": token})
        for a, token in zip(advisers, tokens, strict=True)
    ]
    point.together(presses)
    tasks = [visita.task_in(adviser.get("/atencion").text) for adviser in advisers]
    got = [task[1] for task in tasks if task is not None]
    check(
        score.faults,
        len(got) == len(advisers) == len(set(got)),
        f"{len(advisers)} advisers got {got}",
    )
    calls = point.w.rows("SELECT n_llamados FROM turno WHERE estado = 'llamado'")
    check(
        score.faults,
        len(calls) == len(advisers) and all(row[0] == 1 for row in calls),
        f"calls {calls}",
    )
    for adviser, task in zip(advisers, tasks, strict=True):
        if task is not None:
            page = adviser.get(f"/tarea/{task[1]}").text
            adviser.post(
                f"/tarea/{task[1]}", {"csrf_token": visita.hidden(page, "csrf_token"), **ABSENT}
            )
    score.threads += len(advisers)
    score.outcomes["each a turn of their own"] += 1


ABSENT = {"modulo": "1", "resultado_llamado": "ausente"}


def run(folder: Path, url: str, races: int, seed: int, seconds: float = 3600) -> dict[str, Score]:
    scores, rng = {CALL: Score(), PRESS: Score()}, dice(seed)
    roles = [f"web-{n}" for n in range(1 if url.startswith("sqlite") else 3)]
    with (
        place(folder, url) as here,
        Processes(Config(str(folder), roles, seed, env=here.env)) as processes,
    ):
        world = here.world(processes.port)
        point = Point(world, rng)
        until = time.monotonic() + seconds
        for n in range(races):
            if time.monotonic() > until or point.presses > MOST:
                break
            kind = CALL if n % 2 else PRESS
            (call if kind == CALL else press)(point, scores[kind])
            scores[kind].races += 1
        point.pool.shutdown()
        world.db.dispose()
        world.ledger.close()
    return scores
