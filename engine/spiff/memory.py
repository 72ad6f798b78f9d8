"""What a token remembers beside its variables, a value for each concern. `engine.spiff.stored_form`
says how it is stored.

Values are replaced, never edited: so what a memory was encoded to stands until one of its
attributes is set. Most tokens remember nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from engine.model.timers import Due
from engine.states import IncidentKind
from engine.types import Data

#: Where a token failed: on entering its element, in the work of it, or when one of its items was
#: done.
Phase = Literal["enter", "run", "child"]
NOTHING: Final[Mapping[str, Any]] = {}  # a plain one unpacks fast; its type keeps it empty


@dataclass(frozen=True, slots=True)
class Failed:
    """The token stays where it is until a retry. `kind` and `facts` are for the incident."""

    text: str
    phase: Phase
    kind: IncidentKind = IncidentKind.MODEL
    facts: Data = field(default_factory=dict)


class Repeated(NamedTuple):
    """The whole of a loop or of a multi-instance activity."""

    # of items there are to be, found once when it begins; a loop has none
    number: int | None = None
    done: int = 0


class Inside(NamedTuple):
    """One step inwards: the called process or sub-process, and an activity in it."""

    scope: str
    activity: str


Place = tuple[Inside, ...]  # from an activity inwards


@dataclass(frozen=True, slots=True)
class Passage:
    """The latest time that an activity inside what is over was passed."""

    number: int  # of its token
    since: int  # what changed later is its consequence, or happened beside it
    refusal: str  # why the case cannot go back there; "": it may
    place: Place

    @property
    def outermost(self) -> str:
        return self.place[0].activity


@dataclass(frozen=True, slots=True)
class Middle:
    """A scope that begins in its middle: at `place`, and what had been passed in it before."""

    place: Place
    passed: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Undoable:
    """A completed activity: it has a handler, or handlers ran `inside` it. `data` are the variables
    with which the handler begins."""

    activity: str
    handler: str = ""
    data: Data = field(default_factory=dict)
    inside: str = ""
    entries: tuple["Undoable", ...] = ()  # what is undone inside
    log: tuple["Undoable", ...] = ()  # what a handler inside may undo beside it
    home: int | None = None  # the event sub-process around which it is undone


@dataclass(frozen=True, slots=True)
class Handlers:
    """A token runs handlers: those to come, the next one last. `beside`: nobody waits for it."""

    left: tuple[Undoable, ...]
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Undoing:
    """A handler that undoes an activity: the variables with which it began; the throw, when that is
    not its parent."""

    data: Data
    throw: int | None = None


class Memory:
    """What was never set has the default that stands here."""

    # kept by `stored_form`: the tokens that wait are written at every step, and seldom change
    encoded: dict[str, Any] | None = None

    def __setattr__(self, name: str, value: object) -> None:
        self.__dict__[name] = value
        self.__dict__.pop("encoded", None)

    failed: Failed | None = None

    # variables
    # an item: names that are its own, whatever the process calls by them
    own: tuple[str, ...] | None = None
    keeps: bool = False  # an item: all that it writes is its own

    # events
    due: Due | None = None
    key: str | None = None  # the correlation key of the message that is awaited
    # its condition was true already and has to become false before it counts again
    seen: bool = False
    chosen: bool = False  # of a start: what it waits for has happened
    begun: bool = False  # of an event sub-process: its event has started it
    # of one of several events that are awaited together: it is here, with this payload
    brought: Data | None = None

    # gateways
    # of the token that stays at a complex gateway: the flows that it goes on without
    taken: tuple[str, ...] | None = None
    late: bool = False  # it came to a complex gateway that had gone on already

    # repeated activities
    repeated: Repeated | None = None
    item: int | None = None  # the place of an item

    # the first token of a scope
    start: str | None = None  # the start event that was chosen
    undo_log: tuple[Undoable, ...] = ()  # what compensation would undo, the latest last

    # compensation
    handlers: Handlers | None = None
    undoing: Undoing | None = None

    # going back
    sent_back: bool = False  # the case went on from here after it was sent back
    barred: bool = False  # moved to a release with another branch beside it
    passed: tuple[Passage, ...] = ()  # of an activity that is over, or of the beginning of a scope
    middle: Middle | None = None  # behind this token, or here, a scope begins in its middle


class _NoMemory(Memory):
    def __setattr__(self, name: str, _value: object) -> None:
        raise AttributeError(
            f"{name}: this memory is everybody's; a token's own is Token.own_memory"
        )


#: What most tokens remember. One for all of them, so that it costs none of them anything.
NO_MEMORY: Final[Memory] = _NoMemory()
