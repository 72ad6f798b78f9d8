"""Conflicts as releases of before left them: branches that wrote one variable differently stopped
at their join."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from engine.errors import EngineError
from engine.spiff import gateways
from engine.spiff.tokens import Token
from engine.states import IncidentKind


class _Conflict(EngineError):
    kind = IncidentKind.CONFLICT


@contextmanager
def joins_of_before(name: str, **wrote: object) -> Iterator[None]:
    """Parallel joins stop, as if each of these elements had written another value of the
    variable."""

    def stop(tokens: list[Token]) -> bool:
        values = [
            {"value": value, "element": element, "branch": element}
            for element, value in wrote.items()
        ]
        error = _Conflict(f"{name}: branches wrote {', '.join(map(repr, wrote.values()))}")
        error.facts = {
            "tokens": [token.id for token in tokens],
            "conflicts": [{"name": name, "values": values}],
        }
        tokens[-1].workflow.top_workflow.fail(tokens[-1], error, "enter")
        return False

    with pytest.MonkeyPatch.context() as before:
        before.setattr(gateways.Parallel, "_merge", staticmethod(stop))
        yield
