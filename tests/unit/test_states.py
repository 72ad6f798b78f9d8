"""Stored words: a member is as good as its word everywhere, and words that hash chains cover never
change."""

import datetime as dt
import inspect
from enum import StrEnum

import orjson
import pytest

from engine import states
from engine.states import AccessKind, Act, ActorKind, JobState, StepState, TextOf
from engine.store import chain
from engine.types import SYSTEM

ENUMERATIONS = [
    each
    for _, each in inspect.getmembers(states, inspect.isclass)
    if issubclass(each, StrEnum) and each is not StrEnum
]
#: What rows of running installations hold. A word that goes from here is a chain that no longer
#: verifies, or a reader gone blind.
CHAINED = {
    ActorKind: {"person", "device", "system"},
    Act: {"start", "complete", "claim", "release", "reassign", "suspend", "resume", "cancel", "back", "migrate", "erase", "message",
          "lost", "timer", "continue", "job", "retry", "edit", "skip", "close", "correct",
          "reschedule"},
    AccessKind: {"rechazo", "despliegue", "incidente", "borrado", "programacion_paused", "programacion_resumed"},
    StepState: {"done", "cancelled", "skipped"},
}  # fmt: skip


@pytest.mark.parametrize("enumeration", ENUMERATIONS, ids=lambda each: each.__name__)
def test_a_member_is_written_as_its_word(enumeration: type[StrEnum]) -> None:
    for member in enumeration:
        assert (str(member), f"{member}", member.value) == (member, member, member)
        assert orjson.dumps({"state": member}) == orjson.dumps({"state": member.value})


@pytest.mark.parametrize("enumeration", CHAINED, ids=lambda each: each.__name__)
def test_words_in_hash_chains_stay(enumeration: type[StrEnum]) -> None:
    assert {member.value for member in enumeration} == CHAINED[enumeration]
    assert (SYSTEM.id, TextOf.REASON, TextOf.BEFORE, TextOf.AFTER) == (
        "motor",
        "motivo",
        "antes",
        "después",
    )


def test_the_hash_of_a_row_does_not_tell_a_member_from_its_word() -> None:
    at = dt.datetime(2026, 11, 24, 14, tzinfo=dt.UTC)
    words = chain.journal_hash(
        chain.START, instance_id="i", rev=1, at=at, actor_kind="system", actor_id="motor", kind="job", element="e",
        detail={"state": "held", "steps": [["e", "done"]]}, delta=b"", digest=chain.values_digest(b"salt", {"motivo": "x"}),
    )  # fmt: skip
    members = chain.journal_hash(
        chain.START, instance_id="i", rev=1, at=at, actor_kind=SYSTEM.kind, actor_id=SYSTEM.id, kind=Act.JOB, element="e",
        detail={"state": JobState.HELD, "steps": [["e", StepState.DONE]]}, delta=b"",
        digest=chain.values_digest(b"salt", {TextOf.REASON: "x"}),
    )  # fmt: skip
    assert (
        words.hex()
        == members.hex()
        == "a7cd774d3674da0bbd52d0639a858a70cfced011b65e06cc7d1f6634423a8ad0"
    )
