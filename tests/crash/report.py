"""docs/reliability.md from what was measured: nothing in it is written by hand but its
sentences."""

import datetime as dt
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from tests.crash.kills import Killed, Size
from tests.crash.outages import Outage
from tests.kit.processes import run
from tests.kit.visit import ROOT
from tests.races.races import Score

FILE = ROOT / "docs" / "reliability.md"


@dataclass
class Findings:
    """All results of one run, as they come."""

    command: str
    started: dt.datetime
    seconds: float = 0.0
    postgres: str = ""
    wanted: Size | None = None
    kills: list[Killed] = field(default_factory=list)
    # database, seed, by kind
    races: list[tuple[str, int, dict[str, Score]]] = field(default_factory=list)
    outages: list[Outage] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        found = [f"{k.database} kills, {fault}" for k in self.kills for fault in k.proof.faults]
        found += [
            f"{o.database} {o.what}, {fault}" for o in self.outages for fault in o.proof.faults
        ]
        return found + [
            f"{db} race {kind}, {f}"
            for db, _, scores in self.races
            for kind, score in scores.items()
            for f in score.faults
        ]


def percentile(values: Sequence[float], part: float) -> float | None:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] if values else None


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _spread(values: Sequence[float]) -> str:
    return (
        " / ".join(_seconds(percentile(values, part)) for part in (0.5, 0.95, 1.0))
        + f" ({len(values)})"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows])


def write(found: Findings, file: Path = FILE) -> None:
    parts = [
        _head(found),
        _kills(found),
        _points(found),
        _races(found),
        _outages(found),
        _faults(found),
        METHOD,
    ]
    file.write_text("\n\n".join(part for part in parts if part) + "\n", "utf-8")


def _head(found: Findings) -> str:
    faults = len(found.faults)
    verdict = (
        "Nothing was lost, doubled or left stuck."
        if not faults
        else f"**{faults} faults, listed below.**"
    )
    return f"""# Reliability

Measured by `{found.command}` on {found.started:%Y-%m-%d %H:%M} UTC in {found.seconds / 60:.1f} minutes. {verdict}

Machine: {machine()}. Code: {commit()}. Versions: {versions(found.postgres)}."""


def _kills(found: Findings) -> str:
    if not found.kills:
        return ""
    rows = []
    for k in found.kills:
        dead = sum(k.kills.values())
        by_kind = ", ".join(f"{n} {kind}" for kind, n in sorted(k.kills.items()))
        proof = k.proof
        rows.append(
            (
                k.database,
                k.seed,
                f"{k.visits} ({k.escalated})",
                k.forms,
                f"{dead} ({by_kind})",
                len(proof.lost),
                len(proof.doubled),
                len(proof.stuck),
                len(proof.broken),
            )
        )
    if len(found.kills) > 1:
        total = [
            sum(numbers)
            for numbers in zip(
                *((k.visits, k.escalated, k.forms, sum(k.kills.values())) for k in found.kills),
                strict=True,
            )
        ]
        rest = [
            sum(len(getattr(k.proof, name)) for k in found.kills)
            for name in ("lost", "doubled", "stuck", "broken")
        ]
        rows.append(("both", "", f"{total[0]} ({total[1]})", total[2], str(total[3]), *rest))
    head = (
        "database",
        "seed",
        "visits (escalated)",
        "forms acknowledged",
        "SIGKILLs",
        "lost",
        "doubled",
        "stuck",
        "chains or rest broken",
    )
    times = [
        (
            k.database,
            _spread(k.restarts),
            _spread(k.waits),
            _spread(k.takeovers),
            f"{k.seconds:.0f}",
            f"{k.proof.mails} (+{k.proof.mails_again})",
            f"{k.proof.queries} (+{k.proof.queries_again})",
            k.given_up,
        )
        for k in found.kills
    ]
    head_times = (
        "database",
        "fork to ready",
        "a person's wait",
        "a job taken over",
        "run",
        "mails (again)",
        "C&CTEX (again)",
        "given up",
    )
    short = [
        f"{k.database}: the time was over after {k.visits} of {found.wanted.visits} visits and {sum(k.kills.values())} of "
        f"{found.wanted.kills} SIGKILLs."
        for k in found.kills
        if found.wanted
        and (k.visits < found.wanted.visits or sum(k.kills.values()) < found.wanted.kills)
    ]
    return "\n\n".join([KILLS, table(head, rows), TIMES, table(head_times, times), *short])


def _points(found: Findings) -> str:
    if not found.kills:
        return ""
    names = sorted({point for k in found.kills for point in k.points})
    rows = [
        (kind, point, *(k.points.get((kind, point), 0) for k in found.kills))
        for kind, point in names
    ]
    statements = ", ".join(f"{k.statements} on {k.database}" for k in found.kills)
    text = f"Where processes died; «after a statement» stands for many places: different statements met so: {statements}."
    return text + "\n\n" + table(("process", "point", *(k.database for k in found.kills)), rows)


def _races(found: Findings) -> str:
    if not found.races:
        return ""
    blocks = [RACES]
    for database, seed, scores in found.races:
        total = sum(score.races for score in scores.values())
        rows = [
            (
                kind,
                s.races,
                s.threads,
                "; ".join(f"{name}: {n}" for name, n in sorted(s.outcomes.items())),
                len(s.faults),
            )
            for kind, s in scores.items()
            if s.races
        ]
        blocks += [
            f"{database}, seed {seed}: {total} races.",
            table(("race", "races", "threads", "outcomes", "faults"), rows),
        ]
    return "\n\n".join(blocks)


def _outages(found: Findings) -> str:
    if not found.outages:
        return ""
    rows = [
        (
            o.what,
            o.database,
            o.seed,
            o.times,
            _spread(o.away),
            o.visits,
            o.unavailable,
            _spread(o.waits),
            len(o.proof.lost),
            len(o.proof.doubled),
            len(o.proof.stuck),
            len(o.proof.broken),
        )
        for o in found.outages
    ]
    head = (
        "outage",
        "database",
        "seed",
        "times",
        "seconds away",
        "visits",
        "pages «inténtelo otra vez»",
        "a person's wait",
        "lost",
        "doubled",
        "stuck",
        "rest",
    )
    notes = [f"{o.what.capitalize()}, {o.database}: {o.notes}." for o in found.outages if o.notes]
    return "\n\n".join([OUTAGES, table(head, rows), *notes, *found.left_out])


def _faults(found: Findings) -> str:
    faults = found.faults
    if not faults:
        return ""
    return "## Faults\n\n" + "\n".join(
        f"- {' '.join(fault.split())[:300]}" for fault in faults[:100]
    )


def machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "",
    )
    load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores ({model or platform.machine()}), {platform.system()} {platform.release()}, load at the end {load}"


def commit() -> str:
    def git(*arguments: str) -> str:
        return str(
            run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout
        ).strip()

    changed = (
        " with changes that were not committed"
        if git("status", "--porcelain", "--untracked-files=no")
        else ""
    )
    return f"{git('rev-parse', '--short', 'HEAD') or 'no repository'}{changed}"


def versions(postgres: str) -> str:
    libraries = ", ".join(
        f"{name} {version(name)}"
        for name in ("SQLAlchemy", "dbos", "psycopg", "Flask", "waitress", "SpiffWorkflow")
    )
    return f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres or '–'}, {libraries}"


KILLS = """## Deaths of web and worker

Real processes of the application serve people over HTTP: a turn at the kiosk, the call, the attention with a query to C&CTEX, the
rating at the tablet or aloud; one visit of four is escalated to an area with mails and an answer. SQLite runs one web process and one
worker, PostgreSQL two of each. Processes are killed with SIGKILL at random moments and at every point of their work. People press
again when they get no answer. What a person was told is done is written to a file with fsync; at the end file, database, maildir and
the chains of the journal are compared."""
TIMES = """Seconds, p50 / p95 / max (number). «A person's wait» is from the first try without an answer to the answer. Outside the
database an effect may come again between its being done and its being noted: a mail under the same Message-ID, a query. «Given up»:
jobs that took four workers with them, told as incidents and tried again by an administrator at the screen."""
RACES = """## At the same time

Two to eight threads at one activity over HTTP, let go together. SQLite: one web process with eight threads; PostgreSQL: three web
processes. Who loses gets a page with status 409 that names who was first and keeps the text; each race is checked in the journal."""
OUTAGES = """## Outages

People are attended meanwhile. A page «inténtelo otra vez» (503) holds what was typed and sends it again at a press; any other error
page, and any page that lost a text, counts as a fault."""
METHOD = """## How to run it

`make crash` runs all of this; `python -m tests.crash --help` tells the sizes. A smaller `--minutes` gives fewer visits and says so.
The seed fixes where and when processes die and in which order races come; which statement a process is at then depends on the
machine. Small sizes run in `make rest` (tests/crash, tests/races). The fault points are put on in the forked test processes
(tests/crash/faults.py); the product contains none of them."""
