"""`make models`: many models that nobody drew, in memory and on an SQLite file; ends with 1 when
one was refused or went another way."""

import argparse
import sys
import tempfile
from pathlib import Path

import sqlalchemy as sa

from engine.store.uow import prepare
from tests.kit.engine import Kit
from tests.models.stored import Stored
from tests.models.trial import Findings, try_model, try_shared, try_twins, try_unended


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.models", description=__doc__)
    parser.add_argument("--models", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="the first of as many seeds as models")
    given = parser.parse_args()
    findings = Findings()
    with tempfile.TemporaryDirectory() as place:
        for seed in range(given.seed, given.seed + given.models):
            db = sa.create_engine(f"sqlite:///{Path(place) / f'{seed}.db'}")
            prepare(db)
            kit = Kit(db)
            hands: list[Stored] = []

            def stored(xml: bytes, kit: Kit = kit, hands: list[Stored] = hands) -> Stored:
                if not hands:
                    kit.deploy(p=xml)
                hands.append(Stored(kit))
                return hands[-1]

            try_model(seed, findings, stored)
            try_shared(seed, findings)
            findings.faults += [
                f"{seed} chain: {fault}" for fault in (hands[-1].faults() if hands else ())
            ]
            try_twins(seed, findings)
            try_unended(seed, findings)
            db.dispose()
            Path(place, f"{seed}.db").unlink()
    tried = ", ".join(f"{number} {what}" for what, number in findings.counts.items())
    last = given.seed + given.models - 1
    sys.stdout.write(
        "\n".join(
            [
                *findings.faults,
                f"seeds {given.seed} to {last}: {tried}; {len(findings.faults)} faults",
                "",
            ]
        )
    )
    return 1 if findings.faults else 0


if __name__ == "__main__":
    sys.exit(main())
