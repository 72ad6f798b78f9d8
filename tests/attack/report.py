"""docs/tampering.md: what was tried and found, by table and by act."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.attack.findings import Attack

#: What the engine works with; the journal tells what became of it, so these are in no entry of their own.
WORKING = frozenset({"work_item", "timer", "subscription", "job", "outbox", "snapshot"})
FILE = Path(__file__).resolve().parents[2] / "docs" / "tampering.md"
Tally = Counter[tuple[str, str]]  #: (act, table) → how often


@dataclass(frozen=True)
class Result:
    tried: Tally
    found: Tally
    seed: int

    def without_the_machinery(self) -> Attack:
        """Of what people rely on; what the engine works with is in no entry of its own (docs/evidence.md)."""
        told = Attack("the record", "changes by who owns the database, without keys and witness, but of what the engine works with: found")
        for (act, table), n in sorted(self.tried.items()):
            if table not in WORKING:
                told.tried += n
                told.broken += [f"{act.replace('_', ' ')}: {table}"] * (n - self.found[act, table])
        return told


def write(result: Result, file: Path) -> None:
    acts, tables = Counter[str](), Counter[str]()
    of_acts, of_tables = Counter[str](), Counter[str]()
    for (act, table), n in result.tried.items():
        acts[act] += n
        tables[table] += n
        of_acts[act] += result.found[act, table]
        of_tables[table] += result.found[act, table]
    lines = [
        "# Tampering: tried and found",
        "",
        f"Written by `make attack-record` (seed {result.seed}): somebody owns the database, not the keys, and does not reach the witness.",
        "Each attack is made on a copy of a month of the demo; found is what `flask audit verify` or `flask evidence verify` tells.",
        f"**{sum(result.found.values())} of {sum(result.tried.values())} found.** What cannot be found by design is said in evidence.md.",
        "",
        "| act | tried | found |",
        "|---|---|---|",
        *(f"| {act.replace('_', ' ')} | {n} | {of_acts[act]} |" for act, n in sorted(acts.items())),
        "",
        "| table | tried | found |",
        "|---|---|---|",
        *(f"| {table} | {n} | {of_tables[table]} |" for table, n in sorted(tables.items(), key=lambda t: (of_tables[t[0]] == t[1], t[0]))),
        "",
    ]
    file.write_text("\n".join(lines), "utf-8")
