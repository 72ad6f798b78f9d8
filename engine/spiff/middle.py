"""A scope that is opened again in its middle, because a case was sent back into what was over."""

from typing import Any

from engine.spiff.memory import Middle, Passage
from engine.spiff.passed import Pass, entrance, is_beginning, root
from engine.spiff.tokens import Token


def middle(owner: Token) -> Middle | None:
    """Where inside this activity its scope begins; None: at its start."""
    came = owner.parent.parent if root(owner) is not owner else owner.parent
    found: Middle | None = came.memory.middle
    return found


def set_middle(came: Token, found: Pass) -> None:
    """The activity behind this token begins where `found` was; what was passed before that stays
    known."""
    before = tuple(each for each in found.owner.memory.passed if each.since < found.since)
    place = found.place
    if is_beginning(found.owner):
        found.owner.own_memory.passed, before = _split(before, place[0].activity)
        place = place[1:]
    if place:
        came.own_memory.middle = Middle(place, before)


def enter_middle(begin: Token) -> Any:
    """The element with which this scope begins instead of its start event; None: with that."""
    if begin.memory.middle is None:
        return None
    (_, activity), *place = begin.memory.middle.place
    beside, within = _split(begin.memory.middle.passed, activity)
    begin.own_memory.middle = Middle(tuple(place), within) if place else None
    if beside:
        begin.own_memory.passed = beside
    return entrance(begin.workflow.spec, activity)


def _split(
    passed: tuple[Passage, ...], activity: str
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Those beside this activity of the outermost scope, and those inside it as seen from there."""
    beside = tuple(each for each in passed if each.outermost != activity)
    inside = (each for each in passed if each.outermost == activity and len(each.place) > 1)
    return beside, tuple(
        Passage(each.number, each.since, each.refusal, each.place[1:]) for each in inside
    )
