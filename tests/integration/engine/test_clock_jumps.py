"""The clock of a machine jumps by a day, forth and back: timers fire once, nothing is lost, and the
chains hold."""

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import Conflict
from engine.reads.verification import verify
from tests.kit import diagrams as m
from tests.kit.cast import ASESOR
from tests.kit.chance import dice
from tests.kit.clock import NOW
from tests.kit.engine import Kit

INSTANCES = 12
TIMER = (
    '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
    '<intermediateCatchEvent id="w"><timerEventDefinition><timeDuration>PT2H</timeDuration></timerEventDefinition></intermediateCatchEvent>'
)
BODY = m.start("s") + m.user("a", fields="x:number") + m.user("r") + TIMER + m.end("e", "f")
NODES = ("s", "a", "t", "r", "w", "e", "f")
MODEL = m.model(
    m.process(
        "p",
        BODY + m.flows("s > a > w > e") + m.flows("t > r > f"),
        lanes=m.lane("l", "asesor", "punto", *NODES),
        variables="punto",
    )
)


@pytest.mark.parametrize("seed", range(4))
def test_jumps_of_a_day_lose_and_double_nothing(db: sa.Engine, seed: int) -> None:
    kit, rng, day = Kit(db), dice(seed), dt.timedelta(days=1)
    kit.deploy(p=MODEL)
    engines = [kit.engine, kit.another_engine()]  # as two workers would have it
    items = [
        kit.engine.instances.start("p", actor=ASESOR, now=NOW, data={"punto": "P1"}).opened[0].id
        for _ in range(INSTANCES)
    ]
    for item in rng.sample(items, len(items)):
        now = NOW + rng.choice((-day, dt.timedelta(), dt.timedelta(minutes=90), day))
        for engine in rng.sample(engines, 2):
            engine.pump(now)
        rng.choice(engines).items.complete(
            item, values={"x": 1}, actor=ASESOR, now=now - rng.choice((dt.timedelta(), day))
        )
        with pytest.raises(Conflict):
            rng.choice(engines).items.complete(item, values={"x": 2}, actor=ASESOR, now=now)
    for offset in (5, -1, 5):
        for engine in engines:
            engine.pump(NOW + offset * day)
    for (reminder,) in kit.rows("SELECT id FROM work_item WHERE state = 'open'"):
        kit.engine.items.complete(str(reminder), values={}, actor=ASESOR, now=NOW - day)
    assert kit.rows("SELECT count(*) FROM instance WHERE status <> 'finished'") == [(0,)]
    assert kit.rows("SELECT count(*) FROM timer") == [(0,)]
    fired = Counter(
        (row[0], row[1])
        for row in kit.rows("SELECT instance_id, element FROM journal WHERE kind = 'timer'")
    )
    assert set(fired.values()) == {1}
    assert sum(element == "w" for _, element in fired) == INSTANCES
    with Session(db) as session:
        assert not verify(session).faults
    db.dispose()
