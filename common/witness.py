"""The port to a witness of the log: a party outside that keeps the newest tree that it was shown,
and accepts no other past (C2SP tlog-witness)."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol


class WitnessRefused(Exception):
    """It was shown something else before, or does not know this log."""


class WitnessKnows(Exception):
    """Its newest tree is of another size than it was told."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


class Witness(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def every(self) -> dt.timedelta:
        """How long it is not shown anything after it has seen something; none: each tree."""
        ...

    def show(self, old: int, proof: Sequence[bytes], note: str) -> str:
        """Its lines under the note, or "". `proof`: that its tree of size `old` is the beginning.
        OSError: it is away."""
        ...

    def kept(self) -> Sequence[str]:
        """The notes that lie there, if they can be read back. OSError: it is away."""
        ...
