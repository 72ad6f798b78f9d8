"""What an attack tried, and what did not hold; docs/security.md is written from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.sections import put

FILE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
MOST = 40  # broken ones that are told by name


@dataclass
class Attack:
    """`tried` counts what the sentence `what` says; `broken` tells each that did not hold."""

    name: str
    what: str
    tried: int = 0
    broken: list[str] = field(default_factory=list)

    def expect(self, holds: object, told: str) -> None:
        self.tried += 1
        if not holds:
            self.broken.append(told)


def write(attacks: Sequence[Attack], seed: int, minutes: float, file: Path) -> None:
    lines = [
        "## What was tried, and what held",
        "",
        f"Written by `make attack` (seed {seed}, {minutes:g} minutes at most), programs in `tests/attack`: on the whole",
        "application with a month of the demo or a point at work; archives on the reader of backups, diagrams on the review.",
        "A small part of each runs with the tests, of the record with `make long`. Who may do what: `make docs`, permissions;",
        "what an owner of the database can change unseen, in evidence.md; what nobody tried, above.",
        "",
        "| attack | what was tried | tried | held |",
        "|---|---|---|---|",
        *(f"| {a.name} | {a.what} | {a.tried} | {a.tried - len(a.broken)} |" for a in attacks),
        "",
    ]
    for attack in attacks:
        if attack.broken:
            lines += [
                f"### Did not hold: {attack.name}",
                "",
                *(f"- {told}" for told in attack.broken[:MOST]),
            ]
            lines += [f"- and {len(attack.broken) - MOST} more"] if attack.broken[MOST:] else []
            lines.append("")
    put(file, "attack", "\n".join(lines))
