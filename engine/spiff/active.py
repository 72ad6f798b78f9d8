"""The active tokens of an instance by what they wait for, so that a step looks only at those that
it may concern."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from engine.spiff.tokens import READY, STARTED, WAITING, Token


class Active(dict[int, Token]):
    """Keyed by number. A token is put in again whenever its state changes."""

    def __init__(self) -> None:
        super().__init__()
        self.ready: set[int] = set()  # the engine's turn
        self.people: set[int] = set()
        self.services: set[int] = set()
        self.joins: set[int] = set()
        self.ends: set[int] = set()
        self.failed: set[int] = set()  # or has failed: look at the token
        # all but those that wait for people and handlers: they change only by being touched
        self.moving: set[int] = set()
        self._events: dict[type, set[int]] = defaultdict(set)
        self._scopes: dict[int, dict[int, Token]] = {}
        self._places: dict[int, tuple[set[int], ...]] = {}

    def __setitem__(self, id_: int, token: Token) -> None:
        self._leave(id_)
        super().__setitem__(id_, token)
        self._scopes.setdefault(id(token.workflow), {})[id_] = token
        places = tuple(self._groups(token))
        for place in places:
            place.add(id_)
        self._places[id_] = places

    def pop(self, id_: int, default: Any = None) -> Any:
        token = super().pop(id_, None)
        if token is None:
            return default
        self._leave(id_)
        scope = self._scopes[id(token.workflow)]
        del scope[id_]
        if not scope:
            del self._scopes[id(token.workflow)]
        return token

    def _leave(self, id_: int) -> None:
        for place in self._places.pop(id_, ()):
            place.discard(id_)

    def _groups(self, token: Token) -> Iterator[set[int]]:
        spec, state = token.task_spec, token.state
        if token.failed:
            yield self.failed
        if token.failed or not (
            (state == READY and spec.manual) or (state == STARTED and spec.serves)
        ):
            yield self.moving
        if state == READY:
            yield self.people if spec.manual else self.ready
        elif state == STARTED and spec.serves:
            yield self.services
        elif state == WAITING:
            if spec.joins:
                yield self.joins
            if spec.ends:
                yield self.ends
            definition = getattr(spec, "event_definition", None)
            if definition is not None:
                yield self._events[type(definition)]

    def of(self, workflow: Any) -> list[Token]:
        """Those of one scope, in the order in which they became active."""
        return list(self._scopes.get(id(workflow), {}).values())

    def events(self, *kinds: type) -> list[int]:
        """Tokens at events of these kinds, oldest first."""
        return sorted(
            id_ for kind, ids in self._events.items() if issubclass(kind, kinds) for id_ in ids
        )
