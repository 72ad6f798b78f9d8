"""Work items that this process showed a moment ago, so that a form which comes back needs no
statement to be built again."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from engine.types import WorkItem

CUANTAS = 5_000


@dataclass(slots=True)
class ItemsMostrados:
    """What a form is built from (element, release, lane, variables) never changes while its item
    exists.

    State and holder do: whoever needs them reads the database; the engine does so under the
    instance.
    """

    _cerrojo: threading.Lock = field(default_factory=threading.Lock)
    _items: OrderedDict[str, WorkItem] = field(default_factory=OrderedDict)

    def guardar(self, item: WorkItem) -> None:
        with self._cerrojo:
            self._items[item.id] = item
            self._items.move_to_end(item.id)
            while len(self._items) > CUANTAS:
                self._items.popitem(last=False)

    def sacar(self, item_id: str) -> WorkItem | None:
        """Out of here from now on: a form is sent once."""
        with self._cerrojo:
            return self._items.pop(item_id, None)
