"""After everything came to rest: every way in which something was lost, doubled or stranded, by the
ledger and the database."""

import mailbox
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.reads.verification import verify
from tests.crash.clients import World
from tests.crash.ledger import read


@dataclass
class Proof:
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # chains, and whatever fits nowhere else
    # nothing began, so nothing was tried: a fault of the machine
    too_slow: list[str] = field(default_factory=list)
    # people who could not enter: a fault of the brakes, and no effect that was lost
    kept_out: list[str] = field(default_factory=list)
    mails: int = 0
    # sent once more under the same Message-ID, by a death between the server's yes and our note
    mails_again: int = 0
    queries: int = 0
    queries_again: int = 0  # C&CTEX asked once more for the same turn

    @property
    def faults(self) -> list[str]:
        named = (
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("stuck", self.stuck),
            ("broken", self.broken),
            ("kept out", self.kept_out),
            ("machine too slow", self.too_slow),
        )
        return [f"{name}: {text}" for name, texts in named for text in texts]


def prove(world: World, folder: Path, *, whole: bool = True) -> Proof:
    """`whole`: every visit went its full way, so that records can be counted against visits;
    without: only what was acknowledged."""
    proof = Proof()
    ledger = read(folder / "ledger.jsonl")
    people(world, proof, ledger)
    _submissions(world, proof, [line for line in ledger if line["what"] == "form"])
    _turns(world, proof, [line for line in ledger if line["what"] == "turn"])
    _stranded(world, proof)
    if whole and not world.kept_out:  # visits of whoever was kept out are not whole
        _records(world, proof)
    _outside(world, proof, folder)
    with Session(world.db) as session:
        proof.broken += [f"chain {f.chain} {f.row} {f.what}" for f in verify(session).faults]
    return proof


def people(world: World, proof: Proof, ledger: list[dict[str, Any]]) -> None:
    """Whoever could not go on is stuck. Where not one turn was given and nobody was answered
    wrongly, nothing has begun."""
    proof.kept_out += world.kept_out
    if ledger or world.kept_out or world.failures != world.unanswered:
        proof.stuck += world.failures
    else:
        proof.too_slow += world.failures or ["no visit began in the time that there was"]


def _submissions(world: World, proof: Proof, acknowledged: list[dict[str, Any]]) -> None:
    """What the server took is there once, as it was sent, and nothing else is."""
    rows = world.rows(
        "SELECT item_id, form_values FROM submission WHERE item_id IS NOT NULL AND element <> 'act_5_2_1'"
    )
    times = Counter(str(row[0]) for row in rows)
    texts = {str(row[0]): str(row[1]) for row in rows}
    for line in acknowledged:
        if times[line["task"]] == 0:
            proof.lost.append(f"{line['element']} {line['task']} was acknowledged and is not there")
        elif line["mark"] not in texts[line["task"]]:
            proof.lost.append(f"{line['element']} {line['task']} lost its text")
    proof.doubled += [f"submission of {task}: {n} times" for task, n in times.items() if n > 1]
    accepted = Counter(line["task"] for line in acknowledged)
    proof.doubled += [f"{task} was accepted {n} times" for task, n in accepted.items() if n > 1]
    proof.doubled += [f"{task} was submitted by nobody" for task in times.keys() - accepted.keys()]


def _turns(world: World, proof: Proof, acknowledged: list[dict[str, Any]]) -> None:
    given = {int(line["turn"]) for line in acknowledged}
    there = {int(row[0]) for row in world.rows("SELECT id FROM turno")}
    proof.lost += [f"turn {turn} was acknowledged and is not there" for turn in given - there]
    proof.doubled += [f"turn {turn} belongs to nobody" for turn in there - given]


def _stranded(world: World, proof: Proof) -> None:
    """An instance that goes on without anything that could move it."""
    query = (
        "SELECT i.id, i.process FROM instance i WHERE i.status = 'active' "
        "AND NOT EXISTS (SELECT 1 FROM work_item w WHERE w.instance_id = i.id AND w.state = 'open') "
        "AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.instance_id = i.id) "
        "AND NOT EXISTS (SELECT 1 FROM subscription s WHERE s.instance_id = i.id) "
        "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.instance_id = i.id AND j.state = 'open') "
        "AND NOT EXISTS (SELECT 1 FROM incident c WHERE c.instance_id = i.id AND c.state = 'open')"
    )
    proof.stuck += [f"stranded: {row}" for row in world.rows(query)]


def _records(world: World, proof: Proof) -> None:
    visits, escalated = len(world.done), len(world.escalated)

    def count(what: str, expected: int, text: str) -> None:
        found = world.one(text)
        if found != expected:
            target = (
                proof.stuck
                if "open" in what or "finished" in what or "go on" in what
                else proof.lost
                if found < expected
                else proof.doubled
            )
            target.append(f"{what}: {found} instead of {expected}")

    count(
        "finished visits",
        visits,
        "SELECT count(*) FROM instance WHERE process = 'M5_1_02_atencion' AND status = 'finished'",
    )
    # An outage that was long enough is one (control 6-6), and waits until somebody says what was on
    # paper. What the calendar began that hour waits for people who are not at these desks.
    query = (
        "SELECT count(*) FROM instance WHERE status <> 'finished' AND process <> 'CTRL_6_6_crm' "
        "AND (start_key IS NULL OR start_key NOT LIKE '____-__-__T__:__:__Z %')"
    )
    count("instances that go on", 0, query)
    count("turns", visits, "SELECT count(*) FROM turno")
    count("visits with a turn", visits, "SELECT count(DISTINCT instancia_id) FROM turno")
    count("turns that are open", 0, "SELECT count(*) FROM turno WHERE cerrado IS NULL")
    count("calls", visits, "SELECT coalesce(sum(n_llamados), 0) FROM turno")
    count("cases", visits, "SELECT count(*) FROM caso")
    count("numbers of cases", visits, "SELECT count(DISTINCT radicado) FROM caso")
    count(
        "ratings at the desk",
        visits,
        "SELECT count(*) FROM calificacion WHERE turno_id IS NOT NULL",
    )
    count("escalations", escalated, "SELECT count(*) FROM escalonamiento")
    count("investigations", escalated, "SELECT count(*) FROM investigacion")
    count("open incidents", 0, "SELECT count(*) FROM incident WHERE state = 'open'")
    count("notices still open", 0, "SELECT count(*) FROM aviso WHERE enviado IS NULL")


def _outside(world: World, proof: Proof, folder: Path) -> None:
    """Mails by their Message-ID and queries to C&CTEX: at least once each, again only in the gap
    between effect and note."""
    box = mailbox.Maildir(folder / "correo", create=False)
    ids = Counter(str(message["Message-ID"]) for message in box)
    proof.mails, proof.mails_again = len(ids), sum(ids.values()) - len(ids)
    sent = world.one("SELECT count(*) FROM aviso WHERE enviado IS NOT NULL")
    if len(ids) < sent:
        proof.lost.append(f"mails: {len(ids)} for {sent} notices marked as sent")
    events = read(folder / "events.jsonl")
    asked = Counter(line["key"] for line in events if line["what"] == "cctex")
    proof.queries, proof.queries_again = len(asked), sum(asked.values()) - len(asked)
