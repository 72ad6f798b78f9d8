"""A model as a case in a database: every act is a command of the engine, by one of three processes
in turn. The first remembers nothing, the others what they did themselves; a fourth only follows,
and must stand where the database stands."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson
import sqlalchemy as sa

from engine import reads
from engine.cache import LiveCache
from engine.reads.verification import verify
from engine.spiff import Live
from engine.states import InstanceStatus
from engine.store import sql
from engine.store.tables import Timer
from engine.types import WorkItem
from tests.kit.cast import person
from tests.kit.engine import Kit
from tests.models.walk import Stand, shown

PERSON = person("quien.sea", "asesor")


class Stored:
    """One running case of process P of the release in force."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.instance = kit.engine.instances.start("P", actor=PERSON, now=kit.now).instance_id
        self._memories, self._acts = (LiveCache(4), LiveCache(4)), 0
        self._follower, self._stands_at = self._loaded()

    def stand(self) -> Stand:
        timers = self._rows("SELECT element FROM timer WHERE instance_id = :i")
        failures = self._rows(
            "SELECT element, error FROM incident WHERE instance_id = :i AND state = 'open'"
        )
        ((status,),) = self._rows("SELECT status FROM instance WHERE id = :i")
        tasks = [shown(item.element, item.data) for item in self._items()]
        waiting = Counter([*tasks, *((str(element), ()) for (element,) in timers)])
        return Stand(
            waiting,
            status == InstanceStatus.FINISHED,
            tuple(f"{element}: {error}" for element, error in failures),
        )

    def do(
        self, element: str, shown: Mapping[str, object] | None, values: Mapping[str, int]
    ) -> None:
        item = next(
            item for item in self._items() if item.element == element and shown in (None, item.data)
        )
        self._by_another()
        self.kit.engine.items.complete(
            item.id, values=values, actor=PERSON, now=self.kit.later(seconds=1)
        )
        self._follow()

    def fire(self, timer: str) -> None:
        query = sa.select(Timer).where(Timer.instance_id == self.instance, Timer.element == timer)
        with self.kit.engine.uow.reading() as session:
            waiting = session.scalars(query.order_by(Timer.due)).first()
        assert waiting is not None
        self._by_another()
        assert self.kit.engine.timers.fire(
            waiting.task_id, self.instance, max(waiting.due, self.kit.now)
        )
        self._follow()

    def faults(self) -> tuple[object, ...]:
        """Of the chains of all cases of this database."""
        with self.kit.engine.uow.reading() as session:
            return tuple(verify(session).faults)

    def _by_another(self) -> None:
        self._acts += 1
        place = self._acts % 3
        self.kit.engine.core.cache = self._memories[place - 1] if place else LiveCache(4)

    def _follow(self) -> None:
        loaded, now = self._loaded()
        with self.kit.engine.uow.reading() as session:
            since = sql.DELTAS_AFTER.all(
                session, {"b_instance": self.instance, "b_rev": self._stands_at}
            )
        assert self._follower.catch_up([bytes(delta) for _, delta in since if delta])
        self._stands_at = now
        assert _state(self._follower) == _state(loaded)
        assert self._follower.waits() == loaded.waits()

    def _loaded(self) -> tuple[Live, int]:
        with self.kit.engine.uow.reading() as session:
            turn = self.kit.engine.core.look(session, self.instance, self.kit.now)
            return turn.workflow.live, turn.instance.rev

    def _items(self) -> list[WorkItem]:
        with self.kit.engine.uow.reading() as session:
            return reads.items.of_case(session, self.instance, only_open=True)

    def _rows(self, text: str) -> list[tuple[object, ...]]:
        return self.kit.rows(text, i=self.instance)


def _state(live: Live) -> dict[str, Any]:
    """Whatever the order in which its tokens and scopes were met."""
    whole: dict[str, Any] = orjson.loads(live.snapshot())
    by_id = {
        "t": sorted(whole["t"]),
        "s": sorted([owner, name, over, sorted(rows)] for owner, name, over, rows in whole["s"]),
    }
    return {**whole, **by_id}
