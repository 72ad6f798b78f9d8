"""Events that are awaited together (`parallelMultiple`): each that comes stays, and the last one is
what happens."""

from typing import Any

from engine.spiff.tokens import ACTIVE, STARTED, Token


def all_here(token: Token, payload: dict[str, Any] | None) -> dict[str, Any] | None:
    """What all of them brought, when this one is the last. None: the others are still awaited, and
    this one has been noted."""
    names = token.task_spec.awaited_with
    others = [
        each
        for each in token.parent.children
        if each.task_spec.name in names and each is not token and each.state & ACTIVE
    ]
    if any(each.memory.brought is None for each in others):
        token.own_memory.brought = payload or {}
        token.become(STARTED)
        return None
    brought: dict[str, Any] = {}
    for each in others:
        brought.update(each.memory.brought)
        each.cancel()
    return {**brought, **(payload or {})}
