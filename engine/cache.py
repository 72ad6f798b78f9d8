"""Live workflows between commands: taken out before a change, put back only after its commit."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from engine.spiff import Live


@dataclass(slots=True)
class Entry:
    rev: int
    live: Live


class LiveCache:
    """Least recently used live instances; an entry is in one command's hands at a time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def take(self, instance_id: str) -> Entry | None:
        """The live instance and the revision at which it stands. Out of the cache from now on,
        whatever happens next."""
        with self._lock:
            return self._entries.pop(instance_id, None)

    def put(self, instance_id: str, rev: int, live: Live) -> None:
        """Only after the commit; an older revision never replaces a newer one."""
        with self._lock:
            known = self._entries.get(instance_id)
            if known is not None and known.rev >= rev:
                return
            self._entries[instance_id] = Entry(rev, live)
            self._entries.move_to_end(instance_id)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)

    def keep(self, instance_id: str, rev: int) -> None:
        """A command that did not touch the workflow (a claim) moved the instance from rev - 1 to
        rev."""
        with self._lock:
            known = self._entries.get(instance_id)
            if known is not None and known.rev == rev - 1:
                known.rev = rev

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
