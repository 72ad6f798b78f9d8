"""The live workflow of the taken instance, and what waited before the command."""

from engine.errors import NotFound
from engine.spiff import Live, Release, Waits
from engine.store import sql
from engine.turn.scene import Scene
from engine.types import ElementSpec

NOTHING = Waits()
SNAPSHOT_EVERY = 32  # revisions between two looks whether a whole state is due


class Workflow:
    """Fetched once the command was allowed, begun by a start, or moved to another release."""

    __slots__ = ("_scene", "before", "fetched", "live", "release", "started", "watched")

    def __init__(self, scene: Scene, release: Release) -> None:
        self._scene = scene
        self.release = release
        self.live: Live  # there from `fetch`, `begin` or `look` on
        self.before = NOTHING
        self.watched: Live | None = None  # whose changes since `fetch` are known
        self.started = False
        self.fetched = False

    def begin(self, live: Live) -> None:
        """A start: nothing waited before."""
        self.live = live
        self.started = self.fetched = True

    def fetch(self) -> None:
        """The live workflow at the revision before this command: from the cache, else snapshot and
        deltas."""
        self.live = live = self._kept() or self._load()
        self.fetched = True
        self.before, self.watched = live.begin(), live

    def look(self) -> None:
        """As it is stored; what is done to it is nobody else's concern."""
        self.live = self._load()

    def move_to(self, release: Release, live: Live) -> None:
        """Go on with the same instance under another release; what waited before stays known."""
        self.release, self.live = release, live

    def _kept(self) -> Live | None:
        """That of the cache. What other processes did since then is done to it: a few deltas,
        instead of all."""
        instance = self._scene.instance
        entry, now = self._scene.cache.take(instance.id), instance.rev - 1
        if entry is None or entry.rev > now or entry.rev // SNAPSHOT_EVERY != now // SNAPSHOT_EVERY:
            # whoever wrote a whole state meanwhile may have left out tokens that nothing needs any
            # more
            return None
        if entry.rev < now:
            found = sql.DELTAS_AFTER.all(
                self._scene.session, {"b_instance": instance.id, "b_rev": entry.rev}
            )
            if not entry.live.catch_up([bytes(delta) for _, delta in found if delta]):
                return None
        return entry.live

    def _load(self) -> Live:
        session, bind = self._scene.session, {"b_instance": self._scene.instance.id}
        snapshot = sql.SNAPSHOT_OF.first(session, bind)
        since = snapshot.rev if snapshot else 0
        deltas = [bytes(d) for _, d in sql.DELTAS_AFTER.all(session, {**bind, "b_rev": since}) if d]
        state = bytes(snapshot.state) if snapshot else deltas.pop(0)
        return self.release.load(self._scene.instance.process, state, deltas)

    def element(self, process: str, element: str) -> ElementSpec:
        spec = self.release.processes.get(process)
        found = spec.elements.get(element) if spec else None
        if found is None:
            raise NotFound(f"element {process}/{element}")
        return found
