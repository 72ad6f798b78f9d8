"""docs/evidence.md: what was tried and found, by attacker, act and table."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.attack.findings import Attack
from tools.sections import put

#: What the engine works with; the journal tells what became of it, so these are in no entry of
#: their own.
WORKING = frozenset({"work_item", "timer", "subscription", "job", "outbox", "snapshot"})
FILE = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
OWNER, SECRET, KEYS = (
    "the database",
    "the database and `SECRET_KEY`",
    "the database and all keys of the place",
)


@dataclass(frozen=True)
class Done:
    """What was done to which table, by who holds what, and whether it was found, with the witness
    and without."""

    who: str
    act: str
    table: str
    found: bool
    alone: bool


@dataclass(frozen=True)
class Result:
    done: Sequence[Done]
    seed: int

    def without_the_machinery(self) -> Attack:
        """Of what people rely on; what the engine works with is in no entry of its own
        (docs/evidence.md)."""
        told = Attack(
            "the record",
            "changes by who owns the database, without keys and witness, but of what the engine works with: found",
        )
        for one in (one for one in self.done if one.who == OWNER and one.table not in WORKING):
            told.tried += 1
            told.broken += [] if one.found else [f"{one.act.replace('_', ' ')}: {one.table}"]
        return told


def table(title: str, done: Sequence[Done], named: Callable[[Done], str]) -> list[str]:
    tried, found, alone = Counter(map(named, done)), Counter[str](), Counter[str]()
    for one in done:
        found[named(one)] += one.found
        alone[named(one)] += one.alone
    head = ["", f"| {title} | tried | found | found without a witness |", "|---|---|---|---|"]
    order = sorted(tried, key=lambda name: (found[name] == tried[name], name))
    return [
        *head,
        *(f"| {name} | {tried[name]} | {found[name]} | {alone[name]} |" for name in order),
    ]


def write(result: Result, file: Path) -> None:
    of_owner = [one for one in result.done if one.who == OWNER]
    held = {who: [one for one in result.done if one.who == who] for who in (OWNER, SECRET, KEYS)}
    lines = [
        "## What was tampered with, and found",
        "",
        f"Written by `make attack-record` (seed {result.seed}). Each attack is made on a copy of a month of the demo; behind half of them",
        "the product goes on, and signs. Found is what `flask audit verify` or `flask evidence verify` names as a fault.",
        f"**Of who holds the database alone: {sum(one.found for one in of_owner)} of {len(of_owner)} found.**",
        "Nobody of them reaches the witness. What cannot be found by design is said above.",
        *table("who holds", result.done, lambda one: one.who),
        *(
            line
            for who, done in held.items()
            for line in (
                "",
                f"### Who holds {who}",
                *table("act", done, lambda one: one.act.replace("_", " ")),
            )
        ),
        "",
        "### Who holds the database, by table",
        *table("table", of_owner, lambda one: one.table),
        "",
    ]
    put(file, "tampering", "\n".join(lines))
