"""Several people, timers and administrators at one instance at the same moment, over HTTP: one
order or the other, never a mixture.

Each race makes its instance, lines its threads up at a barrier, lets them go, and looks at the
answers and at the journal.
"""

import html
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from tests.crash.clients import Answer, Browser, Waits
from tests.crash.servers import Processes
from tests.crash.zygote import Config
from tests.kit.cast import CLAVE
from tests.kit.chance import dice
from tests.kit.visit import hidden
from tests.races.site import NAMES, PERSONS, ROUNDS

HARD_LIMIT = 60.0  # seconds of one race: a deadlock shows


@dataclass
class Score:
    """Of one kind of race."""

    races: int = 0
    threads: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Track:
    """The processes, the people logged in, and the database to look into."""

    def __init__(self, folder: Path, url: str, seed: int) -> None:
        roles = [f"web-{n}" for n in range(1 if url.startswith("sqlite") else 3)]
        env = {"INSTANCE": str(folder), "DATABASE_URL": url}
        self.processes = Processes(
            Config(str(folder), roles, seed, factory="tests.races.site:create", env=env)
        )
        self.db = sa.create_engine(url)
        self.rng = dice(seed)
        self.pool = ThreadPoolExecutor(8)
        self.n = 0

    def __enter__(self) -> Self:
        self.processes.__enter__()
        self.waits = Waits()
        self.browsers = {
            user: Browser(self.processes.port, self.waits, allowed=(409,)).log_in(user, CLAVE)
            for user in PERSONS
        }
        self.tokens = {
            user: hidden(browser.get("/bandeja").text, "csrf_token")
            for user, browser in self.browsers.items()
        }
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.processes.__exit__(*error)
        self.db.dispose()

    # --- what takes part in a race
    def start(self, process: str, **order: Any) -> dict[str, Any]:
        return dict(self.operate("iniciar", process=process, **order)["done"])

    def operate(self, command: str, **order: Any) -> dict[str, Any]:
        answer = Browser(self.processes.port, self.waits).post_json(f"/operar/{command}", order)
        return dict(json.loads(answer.text))

    def later(self, command: str, **order: Any) -> dict[str, Any]:
        """A form is read and checked before its command; this command has none of that, so it waits
        a little, more or less."""
        time.sleep(self.rng.uniform(0, 0.03))
        return self.operate(command, **order)

    def complete(self, user: str, item: str, text: str, name: str = "texto") -> Answer:
        return self.browsers[user].post(
            f"/tarea/{item}", {"csrf_token": self.tokens[user], name: text}
        )

    def claim(self, user: str, item: str) -> Answer:
        return self.browsers[user].post(f"/tarea/{item}/tomar", {"csrf_token": self.tokens[user]})

    def together(self, acts: list[Callable[[], Any]]) -> list[Any]:
        """All at once, in an order that nobody chose."""
        barrier = threading.Barrier(len(acts))

        def go(act: Callable[[], Any]) -> Any:
            barrier.wait(HARD_LIMIT)
            return act()

        order = self.rng.sample(range(len(acts)), len(acts))
        futures = {place: self.pool.submit(go, acts[place]) for place in order}
        return [futures[place].result(HARD_LIMIT) for place in range(len(acts))]

    def people(self, least: int = 2, most: int = 8) -> list[str]:
        return self.rng.sample(PERSONS, self.rng.randint(least, most))

    # --- what is looked at afterwards
    def rows(self, text: str, **bound: object) -> list[tuple[Any, ...]]:
        with self.db.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(text), bound)]

    def journal(self, instance: str) -> list[str]:
        return [
            row[0]
            for row in self.rows(
                "SELECT kind FROM journal WHERE instance_id = :i ORDER BY rev", i=instance
            )
        ]

    def status(self, instance: str) -> str:
        return str(self.rows("SELECT status FROM instance WHERE id = :i", i=instance)[0][0])

    def submissions(self, item: str) -> int:
        return int(self.rows("SELECT count(*) FROM submission WHERE item_id = :i", i=item)[0][0])

    def opened(self, instance: str, element: str) -> int:
        return int(
            self.rows(
                "SELECT count(*) FROM work_item WHERE instance_id = :i AND element = :e",
                i=instance,
                e=element,
            )[0][0]
        )


def text_of(user: str, number: int) -> str:
    return f"{NAMES[user]} escribió <esto> & más en la carrera {number}"


def check(faults: list[str], right: object, told: str) -> None:
    if not right:
        faults.append(told)


def conflict_page(faults: list[str], answer: Answer, text: str, winner: str | None) -> None:
    """Who did it, and what this person typed, on a page that a person reads."""
    check(faults, answer.code == 409, f"answered {answer.code}")
    check(
        faults,
        html.escape(text, quote=False) in answer.text,
        "the text is not on the conflict page",
    )
    if winner is not None:
        check(
            faults,
            f"{NAMES[winner]} Prueba" in answer.text,
            f"the page does not name {winner}: {answer.text[-900:]}",
        )


# --- the races: each gives the name of what happened, and puts what was wrong into `faults` -------
def complete_complete(t: Track, faults: list[str]) -> tuple[int, str]:
    made, users = t.start("dos_pasos"), t.people()
    item = made["items"]["tarea"]
    answers = t.together([partial(t.complete, u, item, text_of(u, t.n)) for u in users])
    winners = [u for u, a in zip(users, answers, strict=True) if a.code == 302]
    check(faults, len(winners) == 1, f"{len(winners)} winners")
    for user, answer in zip(users, answers, strict=True):
        if user not in winners:
            conflict_page(faults, answer, text_of(user, t.n), winners[0] if winners else None)
    check(faults, t.submissions(item) == 1, "not one submission")
    check(
        faults,
        t.journal(made["instance"]) == ["start", "complete"],
        f"journal {t.journal(made['instance'])}",
    )
    return len(users), "one wins"


def same_person_again(t: Track, faults: list[str]) -> tuple[int, str]:
    """A double click: every press is told that it is done, it is done once."""
    made, user, presses = t.start("dos_pasos"), t.rng.choice(PERSONS), t.rng.randint(2, 8)
    item = made["items"]["tarea"]
    answers = t.together([lambda: t.complete(user, item, text_of(user, t.n))] * presses)
    check(faults, all(a.code == 302 for a in answers), f"answers {[a.code for a in answers]}")
    check(
        faults,
        t.submissions(item) == 1 and t.opened(made["instance"], "luego") == 1,
        "done more than once",
    )
    return presses, "all succeed, done once"


def claim_claim(t: Track, faults: list[str]) -> tuple[int, str]:
    made, users = t.start("dos_pasos"), t.people()
    item = made["items"]["tarea"]
    answers = t.together([partial(t.claim, u, item) for u in users])
    winners = [u for u, a in zip(users, answers, strict=True) if a.code == 302]
    holder = t.rows("SELECT claimed_by FROM work_item WHERE id = :i", i=item)[0][0]
    check(faults, winners == [holder], f"winners {winners}, holder {holder}")
    for user, answer in zip(users, answers, strict=True):
        if user not in winners:
            check(
                faults,
                answer.code == 409 and f"{NAMES[str(holder)]} Prueba" in answer.text,
                f"{answer.code} without the holder's name",
            )
    check(
        faults,
        t.journal(made["instance"]) == ["start", "claim"],
        f"journal {t.journal(made['instance'])}",
    )
    return len(users), "one holds it"


def complete_interrupting_timer(t: Track, faults: list[str]) -> tuple[int, str]:
    made, users, pumps = t.start("interrumpe"), t.people(1, 5), t.rng.randint(1, 3)
    item, instance = made["items"]["tarea"], made["instance"]
    acts: list[Callable[[], Any]] = [partial(t.complete, u, item, text_of(u, t.n)) for u in users]
    answers = t.together(acts + [lambda: t.operate("bombear")] * pumps)[: len(users)]
    winners = [u for u, a in zip(users, answers, strict=True) if a.code == 302]
    journal = t.journal(instance)
    check(
        faults,
        journal == (["start", "complete"] if winners else ["start", "timer"]),
        f"winners {winners}, journal {journal}",
    )
    check(faults, len(winners) <= 1 and t.submissions(item) == len(winners), f"winners {winners}")
    check(faults, t.status(instance) == "finished", t.status(instance))
    for user, answer in zip(users, answers, strict=True):
        if user not in winners:
            conflict_page(faults, answer, text_of(user, t.n), winners[0] if winners else None)
    return len(users) + pumps, "the person wins" if winners else "the timer wins"


def complete_other_timer(t: Track, faults: list[str]) -> tuple[int, str]:
    made, user, pumps = t.start("recuerda"), t.rng.choice(PERSONS), t.rng.randint(1, 4)
    item, instance = made["items"]["tarea"], made["instance"]
    acts: list[Callable[[], Any]] = [lambda: t.complete(user, item, text_of(user, t.n))]
    answers = t.together(acts + [lambda: t.operate("bombear")] * pumps)
    t.operate("bombear")
    journal = t.journal(instance)
    check(faults, answers[0].code == 302, f"answered {answers[0].code}")
    check(faults, sorted(journal) == ["complete", "start", "timer"], f"journal {journal}")
    check(
        faults,
        t.opened(instance, "aviso") == 1 and t.opened(instance, "luego") == 1,
        "an activity is missing or doubled",
    )
    return 1 + pumps, f"both, first the {'person' if journal[1] == 'complete' else 'timer'}"


def complete_cancel(t: Track, faults: list[str]) -> tuple[int, str]:
    return _complete_and(t, faults, "cancelar", "cancel", "cancelled")


def complete_suspend(t: Track, faults: list[str]) -> tuple[int, str]:
    return _complete_and(t, faults, "suspender", "suspend", "suspended")


def _complete_and(
    t: Track, faults: list[str], command: str, kind: str, status: str
) -> tuple[int, str]:
    made, user = t.start("dos_pasos"), t.rng.choice(PERSONS)
    item, instance = made["items"]["tarea"], made["instance"]
    answer, other = t.together(
        [
            lambda: t.complete(user, item, text_of(user, t.n)),
            lambda: t.later(command, instance=instance),
        ]
    )
    journal = t.journal(instance)
    first = answer.code == 302
    check(faults, other == {"done": kind}, f"{kind} gave {other}")
    check(
        faults,
        journal == (["start", "complete", kind] if first else ["start", kind]),
        f"{answer.code} with journal {journal}",
    )
    check(
        faults,
        t.status(instance) == status and t.submissions(item) == int(first),
        f"{t.status(instance)} with {t.submissions(item)}",
    )
    if status == "cancelled":
        still = t.rows(
            "SELECT count(*) FROM work_item WHERE instance_id = :i AND state = 'open'", i=instance
        )[0][0]
        check(faults, still == 0, "an item of a cancelled instance is open")
    if not first:
        conflict_page(faults, answer, text_of(user, t.n), None)
    return 2, f"{'complete' if first else kind} first"


def parallel(t: Track, faults: list[str]) -> tuple[int, str]:
    made, users = t.start("paralelo"), t.people(4, 4)
    items = [made["items"][f"p{n}"] for n in range(1, 5)]
    acts: list[Callable[[], Any]] = [
        partial(t.complete, user, item, text_of(user, t.n), f"texto_p{n}")
        for n, (user, item) in enumerate(zip(users, items, strict=True), 1)
    ]
    answers = t.together(acts)
    check(faults, all(a.code == 302 for a in answers), f"answers {[a.code for a in answers]}")
    check(faults, t.opened(made["instance"], "luego") == 1, "the join did not pass once")
    check(
        faults,
        t.journal(made["instance"]) == ["start", *["complete"] * 4],
        f"journal {t.journal(made['instance'])}",
    )
    return 4, "all accepted"


def same_start(t: Track, faults: list[str]) -> tuple[int, str]:
    presses, key = t.rng.randint(2, 8), f"llave-{t.n}-{t.rng.random()}"
    made = t.together([lambda: t.start("dos_pasos", key=key)] * presses)
    check(faults, len({m["instance"] for m in made}) == 1, f"{made}")
    check(
        faults,
        sum(not m["duplicate"] for m in made) == 1,
        "more than one is told that it started it",
    )
    return presses, "one instance"


def messages(t: Track, faults: list[str]) -> tuple[int, str]:
    """Pairs that message each other as fast as several pumps carry it."""
    pairs = [f"pareja-{t.n}-{n}" for n in range(3)]
    for pair in pairs:
        for process in ("pong", "ping"):
            t.start(process, data={"pareja": pair})
    limit = time.monotonic() + HARD_LIMIT
    while t.rows(
        "SELECT count(*) FROM instance WHERE process IN ('ping', 'pong') AND status = 'active'"
    )[0][0]:
        t.together([lambda: t.operate("bombear")] * 4)
        if time.monotonic() > limit:
            faults.append("still talking")
            break
    sent = t.rows(
        "SELECT count(*), count(DISTINCT receiver) FROM outbox WHERE state = 'delivered' AND key LIKE :k",
        k=f"pareja-{t.n}-%",
    )[0]
    check(faults, sent == (2 * ROUNDS * len(pairs), 2 * len(pairs)), f"delivered {sent}")
    return 4, "every message once"


RACES: dict[str, tuple[int, Callable[[Track, list[str]], tuple[int, str]]]] = {
    "complete / complete": (25, complete_complete),
    "the same person, the same values again": (12, same_person_again),
    "claim / claim": (15, claim_claim),
    "complete / interrupting timer": (15, complete_interrupting_timer),
    "complete / non-interrupting timer": (8, complete_other_timer),
    "complete / cancel": (8, complete_cancel),
    "complete / suspend": (6, complete_suspend),
    "four parallel activities, four people": (6, parallel),
    "the same start key": (4, same_start),
    "two instances message each other": (1, messages),
}


def run(folder: Path, url: str, races: int, seed: int, seconds: float = 3600) -> dict[str, Score]:
    """`races` spread over the kinds by their weight, in an order that the seed gives; fewer when
    the time is over."""
    weights = sum(weight for weight, _ in RACES.values())
    plan = [
        kind
        for kind, (weight, _) in RACES.items()
        for _ in range(max(1, round(races * weight / weights)))
    ]
    dice(seed).shuffle(plan)
    scores = {kind: Score() for kind in RACES}
    with Track(folder, url, seed) as track:
        until = time.monotonic() + seconds
        for track.n, kind in enumerate(plan):
            if time.monotonic() > until:
                break
            faults: list[str] = []
            threads, outcome = RACES[kind][1](track, faults)
            score = scores[kind]
            score.races += 1
            score.threads += threads
            score.outcomes[outcome if not faults else "fault"] += 1
            score.faults += [f"race {track.n}: {fault}" for fault in faults]
    return scores
