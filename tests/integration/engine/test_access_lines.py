"""Each entry of the access chain is a line of the log, too: whatever takes the log to another
machine takes the chain along."""

import logging

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import NotAllowed
from engine.store.tables import Access
from engine.store.uow import Undo
from engine.types import SYSTEM
from tests.kit.cast import FUNCIONARIA
from tests.kit.engine import Kit


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    told = [vars(record) for record in caplog.records if record.name == "access"]
    return [
        tuple(line[name] for name in ("day", "n", "actor", "kind", "subject", "hash"))
        for line in told
    ]


def rows(kit: Kit) -> list[tuple[object, ...]]:
    with kit.db.connect() as connection:
        found = connection.execute(sa.select(Access).order_by(Access.day, Access.n))
        return [(a.day, a.n, a.actor_id, a.kind, a.subject, bytes(a.hash).hex()) for a in found]


@pytest.fixture
def kit(db: sa.Engine, caplog: pytest.LogCaptureFixture) -> Kit:
    caplog.set_level(logging.INFO, "access")
    return Kit(db)


def test_each_entry_that_stands_is_a_line_with_its_hash_and_no_other_is(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    kit.engine.log_access(
        FUNCIONARIA, "consulta_caso", "caso-1", now=kit.now, detail={"motivo": "lo que escribió"}
    )
    kit.engine.erasures.erase(
        lambda _s: {"persona": 1},
        subject="persona:7",
        detail={},
        actor=SYSTEM,
        now=kit.later(minutes=1),
    )

    def refused(session: Session) -> None:
        kit.engine.core.access.append(session, FUNCIONARIA, "consulta_caso", "caso-2", kit.now, {})
        raise Undo(None)

    kit.engine.uow.run(refused)
    kit.engine.log_access(FUNCIONARIA, "salida", "marta.hoyos", now=kit.later(hours=30))
    assert len(lines(caplog)) == 3
    assert lines(caplog) == rows(kit)
    assert "lo que escribió" not in caplog.text


def test_a_refusal_of_the_engine_is_one_as_well(kit: Kit, caplog: pytest.LogCaptureFixture) -> None:
    def command(_session: Session) -> tuple[None, None]:
        raise NotAllowed("lane")

    with pytest.raises(NotAllowed):
        kit.engine.core.run(command, FUNCIONARIA, kit.now, subject="caso-1")
    assert lines(caplog) == rows(kit)
    assert len(lines(caplog)) == 1


def test_who_has_the_lines_elsewhere_knows_what_was_changed_behind_us(
    kit: Kit, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(3):
        kit.engine.log_access(FUNCIONARIA, "consulta_caso", f"caso-{n}", now=kit.later(minutes=n))
    kept = lines(caplog)
    with kit.db.begin() as connection:
        connection.execute(sa.update(Access).where(Access.n == 2).values(subject="otro"))
    assert [old for old, new in zip(kept, rows(kit), strict=True) if old != new] == [kept[1]]
