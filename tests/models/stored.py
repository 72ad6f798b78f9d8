"""A model as a case in a database: every act is a command of the engine, and nothing stays in memory between them."""

from collections import Counter
from collections.abc import Mapping

import sqlalchemy as sa

from engine import reads
from engine.reads.verification import verify
from engine.states import InstanceStatus
from engine.store.tables import Timer
from engine.types import WorkItem
from tests.kit.cast import person
from tests.kit.engine import Kit
from tests.models.walk import Stand
from tests.models.walk import shown

PERSON = person("quien.sea", "asesor")


class Stored:
    """One running case of process P of the release in force."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.instance = kit.engine.instances.start("P", actor=PERSON, now=kit.now).instance_id

    def stand(self) -> Stand:
        timers = self._rows("SELECT element FROM timer WHERE instance_id = :i")
        failures = self._rows("SELECT element, error FROM incident WHERE instance_id = :i AND state = 'open'")
        ((status,),) = self._rows("SELECT status FROM instance WHERE id = :i")
        tasks = [shown(item.element, item.data) for item in self._items()]
        waiting = Counter([*tasks, *((str(element), ()) for (element,) in timers)])
        return Stand(waiting, status == InstanceStatus.FINISHED, tuple(f"{element}: {error}" for element, error in failures))

    def do(self, element: str, shown: Mapping[str, object] | None, values: Mapping[str, int]) -> None:
        item = next(item for item in self._items() if item.element == element and shown in (None, item.data))
        self.kit.engine.core.cache.clear()
        self.kit.engine.items.complete(item.id, values=values, actor=PERSON, now=self.kit.later(seconds=1))

    def fire(self, timer: str) -> None:
        query = sa.select(Timer).where(Timer.instance_id == self.instance, Timer.element == timer)
        with self.kit.engine.uow.reading() as session:
            waiting = session.scalars(query.order_by(Timer.due)).first()
        assert waiting is not None
        self.kit.engine.core.cache.clear()
        assert self.kit.engine.timers.fire(waiting.task_id, self.instance, max(waiting.due, self.kit.now))

    def faults(self) -> tuple[object, ...]:
        """Of the chains of all cases of this database."""
        with self.kit.engine.uow.reading() as session:
            return tuple(verify(session).faults)

    def _items(self) -> list[WorkItem]:
        with self.kit.engine.uow.reading() as session:
            return reads.items.of_case(session, self.instance, only_open=True)

    def _rows(self, text: str) -> list[tuple[object, ...]]:
        return self.kit.rows(text, i=self.instance)
