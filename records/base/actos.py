"""An act: who does something, when, in which case; every row of evidence carries it."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Acto:
    quien: str  #: an account, a device or "motor"
    now: dt.datetime
    case_key: str | None = None
    instancia_id: str | None = None
    pidio: str = ""  #: who asked for it, where another person decided


class _Quien(Protocol):
    @property
    def id(self) -> str: ...


class Orden(Protocol):
    """What the engine gives to forms (`Writing`) and to local handlers (`Call`)."""

    @property
    def actor(self) -> _Quien: ...
    @property
    def now(self) -> dt.datetime: ...
    @property
    def case_key(self) -> str: ...
    @property
    def instance_id(self) -> str: ...


def acto_de(orden: Orden) -> Acto:
    return Acto(orden.actor.id, orden.now, orden.case_key, orden.instance_id)
