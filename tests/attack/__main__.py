"""`make attack`: whatever strangers and people of the house could try by hand, as a program; writes
docs/security.md, exit 1 when something did not hold. Another seed tries other things."""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.attack import archives
from tests.attack.connections import connections
from tests.attack.crawl import crawl, of_cases
from tests.attack.crowd import crowds
from tests.attack.diagrams import diagrams
from tests.attack.findings import FILE, Attack, write
from tests.attack.guesses import guesses
from tests.attack.record import tampering
from tests.attack.siege import asediada, todo
from tests.attack.twice import twice
from tests.kit.chance import dice
from tests.kit.month import month
from tests.kit.postgres import sqlalchemy_url, wheel


@contextmanager
def folder(parent: Path, name: str) -> Iterator[Path]:
    made = parent / name / "here"
    made.mkdir(parents=True)
    yield made


def fuzz(parent: Path, url: str, kind: str, seed: int, seconds: float) -> Attack:
    """Again and again with other values, until the time is over; one round at least."""
    attack = Attack(
        f"parameters, {kind}",
        "addresses, parameters, forms, JSON and headers with what no person types: no fault of ours",
    )
    end, n = time.monotonic() + seconds, 0
    while n == 0 or time.monotonic() < end:
        n += 1
        with folder(parent, f"fuzz-{kind}-{n}") as here:
            address = f"sqlite:///{here / 'v.db'}" if kind == "SQLite" else fresh(url, f"fuzz_{n}")
            with asediada(here, address, dice(seed + n)) as asedio:
                todo(asedio)
            attack.tried += asedio.pedidos
            attack.broken += asedio.fallas
    return attack


def fresh(server: str, name: str) -> str:
    """URL of an empty database."""
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as c:
        c.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return sa.engine.make_url(server).set(database=name).render_as_string(hide_password=False)


def packages(parent: Path, seed: int, number: int) -> Attack:
    attack = Attack(
        "archives",
        "backups that somebody made or changed: refused, or as they were signed; nothing written outside of their folder",
    )
    with folder(parent, "archives") as here:
        _refused, attack.broken = archives.probar(dice(seed), here, number)
    attack.tried = number
    return attack


def run(parent: Path, seed: int, seconds: float) -> list[Attack]:
    """In shares of the time. The crowds and the guesses take what they take."""
    done = list[Attack]()

    def tell(attack: Attack) -> None:
        done.append(attack)
        sys.stdout.write(
            f"{attack.name}: {attack.tried - len(attack.broken)} of {attack.tried} held\n"
        )
        sys.stdout.flush()

    with folder(parent, "month") as here, month(here) as world:
        tell(crawl(world, dice(seed), seconds * 0.3))
        tell(of_cases(world, dice(seed), seconds * 0.05))
        tell(guesses(world))
        tell(crowds(world.app, dice(seed)))
    tell(connections(dice(seed), 20_000))
    server = wheel().server(parent / "pg", cleanup_mode="stop")
    tell(fuzz(parent, "", "SQLite", seed, seconds * 0.1))
    tell(fuzz(parent, sqlalchemy_url(server), "PostgreSQL", seed, seconds * 0.1))
    with (
        folder(parent, "twice") as here,
        asediada(here, fresh(sqlalchemy_url(server), "twice"), dice(seed)) as asedio,
    ):
        tell(twice(asedio, dice(seed), seconds * 0.15))
    server.cleanup()
    tell(packages(parent, seed, max(200, int(seconds))))
    tell(diagrams(dice(seed), seconds * 0.1))
    with folder(parent, "record") as here:
        result = tampering(here, seed, attacks=10_000, seconds=seconds * 0.15)
    tell(result.without_the_machinery())
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=20110603)
    parser.add_argument("--out", type=Path, default=FILE)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        done = run(Path(name), options.seed, 60 * options.minutes * 0.8)
    write(done, options.seed, options.minutes, options.out)
    sys.exit(any(attack.broken for attack in done))


if __name__ == "__main__":
    main()
