"""Cases of one series that begin at once: each has a number of its own, and what is rolled back
skips none."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.clock import GivenClock
from engine.commands import Engine
from engine.errors import InvalidValues
from engine.jobs.inprocess import InProcessJobs
from engine.types import SYSTEM, FirstForm, Handlers, StartForm, Writing
from handlers.casos import Registro
from records.casos.numeracion import nuevo_numero
from records.casos.tablas import CasoRegistrado
from tests.kit import permit, tables
from tests.kit.clock import CALENDAR, NOW

FORM = {**permit.ASKED, "area": 24, "plano": None}


def refuse(_: Writing) -> None:
    raise InvalidValues({"area": "too late"})


@pytest.mark.parametrize("each_fails", [0, 3], ids=["all stand", "every third is rolled back"])
def test_numbers_are_given_once_and_without_gaps(db: sa.Engine, each_fails: int) -> None:
    tables.make(db)
    engine = Engine(
        db,
        handlers=Handlers(),
        jobs=InProcessJobs(),
        functions={},
        forms=frozenset(),
        clock=GivenClock(NOW),
        calendar=CALENDAR,
        cases=Registro(),
    )
    engine.releases.deploy(permit.FILES, actor=SYSTEM, now=NOW)

    def begin(n: int) -> bool:
        fails = bool(each_fails) and n % each_fails == 0
        try:
            # refused once the number was taken
            first = (
                FirstForm("revisar", {"cumple": "si", "concepto": "x"}, refuse) if fails else None
            )
            form = StartForm(FORM) if first is None else None
            engine.instances.start(
                "permiso", actor=SYSTEM, now=NOW, key=f"k{n}", form=form, first=first
            )
        except InvalidValues:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        stood = sum(pool.map(begin, range(18)))

    assert stood == (12 if each_fails else 18)
    with Session(db) as session:
        numbers = sorted(session.scalars(sa.select(CasoRegistrado.numero)))
    assert numbers == [f"PEP-2026-{n:05d}" for n in range(1, stood + 1)]


def test_a_number_of_a_start_that_is_undone_is_the_next_ones(db: sa.Engine) -> None:
    tables.make(db)
    with Session(db) as session:
        assert nuevo_numero(session, "PEP-{aaaa}-{000}", NOW) == "PEP-2026-001"
        session.rollback()
        assert nuevo_numero(session, "PEP-{aaaa}-{000}", NOW) == "PEP-2026-001"
        assert nuevo_numero(session, "PEP-{aaaa}-{000}", NOW) == "PEP-2026-002"
        # fewer zeros are the same series
        assert nuevo_numero(session, "PEP-{aaaa}-{00}", NOW) == "PEP-2026-03"
        assert nuevo_numero(session, "X{0}", NOW) == "X1"
        session.commit()
