"""Frozen values that cross the rooms of the engine and leave it."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, NewType, Protocol, TypeVar

from sqlalchemy.orm import Session

from common.prepared import Params, Prepared
from engine.states import (
    ENGINE_ID,
    ActorKind,
    IncidentKind,
    InstanceStatus,
    ItemState,
    RepairAction,
    StepState,
    ThrownKind,
)

T = TypeVar("T")
#: JSON values. Dates travel as ISO texts: a date "2026-11-24", an instant
#: "2026-11-24T15:00:00+00:00" (always UTC).
Value = str | int | float | bool | None | list[Any] | dict[str, Any]
Data = Mapping[str, Value]


#: Characters of the reason that an act on an instance needs, without white space around it.
MIN_REASON = 10
MAX_REASON = 2_000


# --- who acts -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Role:
    """A lane role, held for one scope (a service point code, an area code) or, with None,
    everywhere."""

    name: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command. `id` is what journal and history show: a user name, a device code,
    ENGINE_ID."""

    kind: ActorKind
    id: str
    roles: frozenset[Role] = frozenset()
    #: people who are away and whose work this person does now
    stands_for: frozenset[str] = frozenset()

    def has(self, role: str, scope: str | None) -> bool:
        return any(r.name == role and (r.scope is None or r.scope == scope) for r in self.roles)


SYSTEM = Actor(ActorKind.SYSTEM, ENGINE_ID)


@dataclass(frozen=True, slots=True)
class Authority:
    """Roles that may act on tasks and instances that are not theirs. By default nobody: only SYSTEM
    may.

    All but `supervise` must be held everywhere.
    """

    #: give back and hand on what others hold, where the role is held
    supervise: frozenset[str] = frozenset()
    steer: frozenset[str] = frozenset()  #: suspend, resume, send back
    cancel: frozenset[str] = frozenset()
    migrate: frozenset[str] = frozenset()  #: move to another release
    repair: frozenset[str] = frozenset()  #: incidents
    correct: frozenset[str] = frozenset()  #: what was said of a case


NOBODY = Authority()


# --- what a diagram declares ----------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FieldSpec:
    """`<v:field>`: one field of a declared form, or a decision variable that a registered form
    yields."""

    name: str
    label: str
    type: str = "text"  # text, longtext, choice, date, number, integer, boolean, email, file
    required: bool = False
    decision: bool = False
    options: tuple[tuple[str, str], ...] = ()  # (value, label)
    hint: str = ""
    minimum: float | None = None  # of a number; of the length of a text
    maximum: float | None = None
    pattern: str | None = None
    search: bool = False  # a case is found by it, and it stands in the register of cases


@dataclass(frozen=True, slots=True)
class CaseSpec:
    """`<v:case>`: each instance of the process is a case; what is known of it stands in a register
    that the outside keeps.

    All but `number`, `kind` and `due` name a field of a form or a process variable; `due` is an
    expression of a time.
    """

    number: str  # pattern, "PEP-{aaaa}-{00000}"
    kind: str = ""
    subject: str | None = None
    person: str | None = None
    # of the document that `person` is: alone a number may be that of two people
    person_kind: str | None = None
    name: str | None = None
    email: str | None = None
    place: str | None = None
    due: str | None = None
    anonymous: str | None = None  # field of the start form, a yes or no: the person gives no name

    @property
    def names(self) -> dict[str, str]:
        """What is told of a case → the field or variable that tells it."""
        told = {
            "subject": self.subject,
            "person": self.person,
            "name": self.name,
            "email": self.email,
            "place": self.place,
        }
        told |= {"person_kind": self.person_kind, "anonymous": self.anonymous}
        return {part: name for part, name in told.items() if name is not None}


@dataclass(frozen=True, slots=True)
class StartSpec:
    """`<v:start>`: who may begin the process by its start form, and what they read afterwards."""

    roles: tuple[str, ...] = ()
    public: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class DeliverySpec:
    """`<v:delivery>`: who may hand the message over on a page, and whether a system may by a signed
    call."""

    roles: tuple[str, ...] = ()
    webhook: bool = False


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """`<v:output>`: a process variable that a handler or the records of a form set."""

    name: str
    type: str = "text"


@dataclass(frozen=True, slots=True)
class InputSpec:
    """`<v:input>`: what a service task is given, as it is written (`value`) or computed from
    process variables (`expr`)."""

    name: str
    value: str | None = None
    expr: str | None = None


@dataclass(frozen=True, slots=True)
class MessageSpec:
    """`<v:message>`: the key variable, and for a throw the variables that travel."""

    name: str
    key: str
    payload: tuple[str, ...] = ()
    obligatory: bool = False
    # a start may begin with any of several messages (10.5.2, Multiple)
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.others)


@dataclass(frozen=True, slots=True)
class LaneSpec:
    id: str
    name: str
    role: str | None
    scope: str | None  # the process variable whose value is copied onto the work item
    called: str = ""  # how people call the role; empty: as the lane is called


class Lanes(Protocol):
    """What an agency keeps of the roles and places that lanes name. The engine knows neither:
    `app.py` gives it this."""

    def scopes(self, session: Session, parts: Mapping[str, bytes]) -> Mapping[str, str]:
        """The process variables that name a place, with the name of the list of those places;
        `parts`: texts that come with the diagrams and may bring such a list."""

    def roles(self, session: Session) -> Mapping[str, str]:
        """The roles that are known already → by which of these variables they are held; "": for the
        whole agency."""

    def taken(self, session: Session, parts: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
        """Codes that such a list brings and something else has already: the text that says so, the
        name of the list, the code."""

    def keep(
        self,
        session: Session,
        lanes: Sequence[LaneSpec],
        parts: Mapping[str, bytes],
        actor: Actor,
        now: dt.datetime,
    ) -> None:
        """These are the lanes in force from now on, and the texts that came with them; in the
        transaction that puts them in force."""


#: The name of a holiday, None for any other day; days of weekly rest are no holidays.
Holidays = Callable[[dt.date], str | None]


def no_holidays(_day: dt.date) -> str | None:
    """Weekly rest only."""
    return None


def weekend(day: dt.date) -> bool:
    """Saturday and Sunday: what rests where nobody says otherwise."""
    return day.weekday() in (5, 6)


@dataclass(frozen=True, slots=True)
class Calendar:
    """By which days and hours an agency works: what a date or an hour without an offset means, its
    holidays and its weekly rest."""

    zone: dt.tzinfo = dt.UTC
    holidays: Holidays = no_holidays
    # asked each time: the agency may change it while this runs
    rests: Callable[[dt.date], bool] = weekend

    def day(self, at: dt.datetime) -> dt.date:
        """The day that it is there at this instant."""
        return at.astimezone(self.zone).date()


WEEKENDS_ONLY = Calendar()


@dataclass(frozen=True, slots=True)
class ScheduleRule:
    """`<v:schedule>`, or the timer text of a start event: when instances start by themselves. Hours
    are those of the calendar's zone."""

    each: str  # day, business_day, week, month; timer: the text of the standard; cron
    at: dt.time = dt.time(7)
    weekdays: tuple[int, ...] = ()  # 0 is Monday
    day: int | None = None  # of the month; -1 is the last
    business_day: int | None = None  # of the month; negative counts from its end
    months: tuple[int, ...] = ()  # only these; none: all
    shift: str = "same"  # when the day is no business day: same, next, previous, skip
    missed: str = "each"  # after an outage: each of the last ten, or only the last
    variable: str | None = None  # gets the instant of the occurrence
    timer: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """An occurrence; `left` more follow (-1: without end)."""

    at: dt.datetime
    left: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Why an occurrence falls on its day: the day it was moved from, the holidays on week days that
    were passed over."""

    at: dt.datetime
    moved_from: dt.date | None = None
    holidays: tuple[tuple[dt.date, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """What is due: the occurrence to start now, what follows it, and the older ones that are given
    up (first and last of them)."""

    start: Due
    after: Due | None
    dropped: int
    given_up: tuple[dt.datetime, ...]


@dataclass(frozen=True, slots=True)
class ElementSpec:
    """What an element of a diagram says, read from the XML; `type` is the BPMN tag ("userTask")."""

    id: str
    name: str
    type: str
    process: str
    documentation: str = ""
    lane: LaneSpec | None = None
    # key of a registered form; None on a user task: generated from `fields`
    form: str | None = None
    fields: tuple[FieldSpec, ...] = ()
    outputs: tuple[OutputSpec, ...] = ()
    handler: str | None = None
    inputs: tuple[InputSpec, ...] = ()  # what its handler is given
    table: str | None = None
    due: str | None = None  # expression giving an instant or a date
    priority: str | None = None  # expression giving a number, larger is more urgent
    not_same_person_as: tuple[str, ...] = ()  # element ids
    # process variable with the person who has the task when it opens; empty: nobody yet
    holder: str | None = None
    message: MessageSpec | None = None
    called: str | None = None
    attached_to: str | None = None
    scope: str | None = None  # id of the embedded sub-process around it
    schedule: ScheduleRule | None = None  # a start event of the process that the calendar starts
    start: StartSpec | None = None  # a plain start event of the process that people start
    delivery: DeliverySpec | None = None  # an event that waits for a message


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    id: str
    name: str
    file: str
    version_tag: str
    elements: Mapping[str, ElementSpec]
    message_starts: tuple[str, ...]  # ids of message start events
    # files that this process needs beside its own: called processes and tables, transitively
    uses: frozenset[str]
    assumption: bool = False
    # values of variables that a start without them gets
    initial: Data = field(default_factory=dict)
    # name -> type of those that are given at the start
    variables: Mapping[str, str] = field(default_factory=dict)
    signal_starts: tuple[tuple[str, str], ...] = ()  # id of the start event, name of its signal
    # id of a start -> event gateway whose events one instance awaits
    starts_together: Mapping[str, str] = field(default_factory=dict)
    case: CaseSpec | None = None

    @property
    def opening(self) -> ElementSpec | None:
        """The start event by which people begin it."""
        return next(
            (element for element in self.elements.values() if element.start is not None), None
        )


@dataclass(frozen=True, slots=True)
class CaseDue:
    """The legal term of a case, moved."""

    before: dt.datetime | None
    after: dt.datetime


#: The processes of a release by their ids.
Processes = Mapping[str, ProcessSpec]


# --- what an engine command returns ---------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class WorkItem:
    """One user task that waits for a person or device, or did."""

    id: str
    instance_id: str
    case_key: str
    release: int
    process: str
    element: str
    name: str
    role: str | None
    scope: str | None
    state: ItemState
    claimed_by: str | None
    opened_at: dt.datetime
    due_at: dt.datetime | None
    priority: int
    closed_at: dt.datetime | None
    closed_by: str | None
    data: Data  # the variables that it sees


@dataclass(frozen=True, slots=True)
class Submission:
    """A form as it was submitted. `values` is None once erased by a journaled act."""

    instance_id: str
    rev: int
    item_id: str
    element: str
    form: str
    release: int
    actor_id: str
    at: dt.datetime
    values: Data | None


@dataclass(frozen=True, slots=True)
class Started:
    instance_id: str
    case_key: str
    opened: tuple[WorkItem, ...] = ()
    duplicate: bool = False


@dataclass(frozen=True, slots=True)
class Completed:
    instance_id: str
    case_key: str
    rev: int
    opened: tuple[WorkItem, ...] = ()
    finished: bool = False
    # how many incidents this command raised: what was sent is saved, the case waits for a repair
    incidents: int = 0
    # the same person had sent the same values before: nothing was done again
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """What is done about an incident, and why.

    retry: once more. edit: once more with other `values`. skip: past the element; `values` are its
    results, `way` the way on from a gateway. back: to an earlier activity (`to`). close: nothing
    more is to be done.
    """

    action: RepairAction
    reason: str
    values: Data = field(default_factory=dict)
    way: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Deployed:
    release: int
    versions: Mapping[str, int]  # process id -> its version in this release
    changed: tuple[str, ...] = ()  # processes whose version rose


# --- reading and writing beside commands ----------------------------------------------------------
class Transactions(Protocol):
    """The database of an engine, for what is no command: pages that read, rows that no command
    writes (accounts, devices)."""

    def run(self, command: Callable[[Session], T]) -> T:
        """One transaction, one commit; runs again after a lost race of the database."""

    def session(self) -> Session:
        """A session that the caller commits."""

    def reading(self) -> AbstractContextManager[Session]:
        """A session to read. What a caller leaves unsaved in it is dropped."""

    def reading_one_state(self) -> AbstractContextManager[Session]:
        """A session to read what must fit together: one state of the database, while others
        write."""

    def lookup(self, statement: Prepared, params: Params) -> list[Any]:
        """The rows of one statement by itself, without the round trips of a transaction around
        it."""


# --- callables that the outside gives to a command ------------------------------------------------
class Enqueue(Protocol):
    """Puts a plain job (mail, prefetch, report) into the command's transaction. The same key is the
    same job."""

    def __call__(self, job: str, key: str, args: Data, *, queue: str = "service") -> None: ...


@dataclass(frozen=True, slots=True)
class Writing:
    """What the `records` callable of a command gets: it writes business rows in `session`, enqueues
    jobs, and never commits."""

    session: Session
    now: dt.datetime
    actor: Actor
    instance_id: str
    case_key: str
    release: int  # whose diagrams and tables the instance follows now
    data: Data  # process variables before this form
    values: Data  # the form
    enqueue: Enqueue


#: Returns the outputs that the element declares (ids and decision variables), or None.
Records = Callable[[Writing], Data | None]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is known of a case: as it is stored, and as a person reads it (the words of an
    option)."""

    value: Value
    shown: str


@dataclass(frozen=True, slots=True)
class CaseNews:
    """What one command told of a case. `told`: by the parts that `CaseSpec` names, and `due`, an
    instant or nothing."""

    session: Session
    now: dt.datetime
    actor: Actor
    case_key: str
    process: str
    spec: CaseSpec
    status: InstanceStatus
    told: Mapping[str, Told]
    enqueue: Enqueue
    # name and label of each field that a case is found by
    found_by: Sequence[tuple[str, str, Told]] = ()
    # of a case that begins, its variables before the first step
    data: Data = field(default_factory=dict)


class Cases(Protocol):
    """The register of cases, which the outside keeps in the transaction of the command; it never
    commits."""

    def opened(self, news: CaseNews) -> Data:
        """A case begins. Gives what the process may know of it, its number too: it gets what it
        declares as its variables."""

    def changed(self, news: CaseNews) -> None:
        """Something else is told of it, or it ended, or goes on again."""

    def due(self, session: Session, case_key: str) -> dt.datetime | None:
        """Its legal term as it is known now."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that a page hands over itself; with `claim` the item of that element, opened by it,
    is taken for the actor."""

    message: str
    payload: Data
    claim: str | None = None
    records: Records | None = None


@dataclass(frozen=True, slots=True)
class FirstForm:
    """The form of the first user task, sent together with the start (a kiosk: one press, one
    command).

    `then` is delivered in the same commit where the form left a task that waits for it; where none
    waits, it is dropped.
    """

    element: str
    values: Data
    records: Records | None = None
    then: Delivery | None = None


@dataclass(frozen=True, slots=True)
class StartForm:
    """What somebody typed into the start form of a process."""

    values: Data
    records: Records | None = None


class Throw(Protocol):
    """Puts a message for another instance into the outbox, in the command's transaction."""

    def __call__(self, message: str, key: str, payload: Data) -> None: ...


@dataclass(frozen=True, slots=True)
class Noting:
    """What the `records` callable of a note gets: it writes business rows and enqueues jobs in its
    transaction, and never commits."""

    session: Session
    now: dt.datetime
    actor: Actor
    case_keys: Sequence[str]
    enqueue: Enqueue


def _no_part(_name: str) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Call:
    """What a local handler gets. It writes only our database, through `session`, and never
    commits."""

    session: Session
    now: dt.datetime
    actor: Actor
    instance_id: str
    case_key: str
    element: str
    task_id: str  # of this passage; a further try of it has the same
    data: Data
    enqueue: Enqueue
    throw: Throw
    inputs: Data = field(default_factory=dict)  # `v:input`, computed
    # each field of the forms of the case, those of this command too: see engine.store.written
    written: Callable[[], Data] = dict
    # a text of the packages, of the release under which the instance runs
    part: Callable[[str], str | None] = _no_part
    # of the case, in this command: the register hears it when the command ends
    told: Callable[[], Mapping[str, Told]] = dict


@dataclass(frozen=True, slots=True)
class RemoteCall:
    """What a remote handler gets: no session of the command; `key` is its idempotency key."""

    now: dt.datetime
    key: str
    instance_id: str
    case_key: str
    element: str
    data: Data
    inputs: Data = field(default_factory=dict)
    written: Callable[[], Data] = dict
    part: Callable[[str], str | None] = _no_part
    # before what is not to be done twice; False: a try before began it, and may have done it
    begin: Callable[[], bool] = lambda: True
    undone: Callable[[], object] = lambda: None  # it did not


@dataclass(frozen=True, slots=True)
class Failed:
    """A try of a job that failed: the error as a programmer reads it, and JSON facts for sentences
    and for finding the like."""

    text: str
    facts: Data = field(default_factory=dict)


LocalHandler = Callable[[Call], Data | None]
RemoteHandler = Callable[[RemoteCall], Data | None]
JobFunction = Callable[[dt.datetime, Data], None]


@dataclass(frozen=True, slots=True)
class InputRule:
    """One thing that a handler wants to be given. `kind`: text; number (a whole one); choice;
    pattern (of numbers: `engine.lint.cases`); name (of a field or variable); output (a variable
    that the task itself gives); letter and list (a part of a package, by its path without
    `ending`); places, path and json (a text, the path of an address, a JSON value, with {names} of
    fields and variables); pointers (variables that the task gives, each with its place in a JSON
    value); process (another one that opens cases and begins by itself: further inputs are its
    variables).
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    ending: str = ""
    words: tuple[str, ...] = ()  # what may be named beside fields and variables
    minimum: int = -(10**9)
    maximum: int = 10**9


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """What an analyst may choose for a service task without anybody writing code: its name for
    people and what it wants to be given. `free`: any further input is taken, too. `typed`: what it
    gives comes from outside, and is to be of the types that the task declares."""

    label: str
    inputs: tuple[InputRule, ...] = ()
    free: bool = False
    typed: bool = False


NO_ACTIONS: Mapping[str, ActionSpec] = {}


@dataclass(frozen=True, slots=True)
class Trial:
    """An action that is tried with example values. It reads, and neither writes nor reaches
    anybody."""

    session: Session
    now: dt.datetime
    data: Data
    inputs: Data
    part: Callable[[str], str | None] = _no_part
    written: Callable[[], Data] = dict
    case_key: str = ""
    instance_id: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What an action would do: what it says, each part under its name; the variables that it gives;
    a document that is made on demand."""

    said: tuple[tuple[str, str], ...] = ()
    gives: Data = field(default_factory=dict)
    pdf: Callable[[], bytes] | None = None


Try = Callable[[Trial], Shown]


@dataclass(slots=True)
class Handlers:
    """What service tasks and plain jobs may do; filled once by app.py. A name is in one of the
    dictionaries only. `actions`: those of them that are given inputs; `trials`: how each of these
    is tried."""

    local: dict[str, LocalHandler] = field(default_factory=dict)
    remote: dict[str, RemoteHandler] = field(default_factory=dict)
    jobs: dict[str, JobFunction] = field(default_factory=dict)
    actions: dict[str, ActionSpec] = field(default_factory=dict)
    trials: dict[str, Try] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        """Asked at each deployment: what was registered by then counts."""
        return name in self.local or name in self.remote

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.local) | frozenset(self.remote)


#: A text that is an instant or a date. A function that is annotated with it takes, or gives, no
#: other text.
When = NewType("When", str)
#: Named functions of the expression language, by the names that diagrams call them. Annotations say
#: what they take and give.
Functions = Mapping[str, Callable[..., Value]]


# --- what a live workflow shows to the commands (engine.spiff gives, engine.commands reads) -------
@dataclass(frozen=True, slots=True)
class Waiting:
    """A user task that is ready, or a service task that was started and waits for its result."""

    task_id: str
    element: str
    process: str
    own: Data  # variables of its own: of an item of a multi-instance activity, of a called process
    # those of the process, as they stand now: the same mapping for all that waits
    around: Data = field(default_factory=dict)

    @property
    def data(self) -> Data:
        """Every variable that it sees."""
        return {**self.around, **self.own} if self.own else self.around


@dataclass(frozen=True, slots=True)
class TimerWait:
    task_id: str
    element: str
    due: dt.datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    task_id: str
    element: str
    message: str
    key: str


@dataclass(frozen=True, slots=True)
class Thrown:
    """A message or signal that left the instance in this step, or an error or escalation that
    nobody caught."""

    kind: ThrownKind
    element: str
    name: str
    key: str
    payload: Data
    obligatory: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A condition, table or expression that failed; its token stays there until a retry."""

    task_id: str
    element: str
    error: str
    process: str = ""
    kind: IncidentKind = IncidentKind.MODEL
    facts: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An activity that was passed: the case goes back to it, or `refusal` says why it cannot (the
    words of engine.spiff.passed)."""

    task_id: str
    element: str
    process: str
    refusal: str = ""
    # activities that are over and would be opened again around it, the outermost first
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One element that was entered, done or cancelled during a command, in order."""

    element: str
    state: StepState
    process: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a decision table decided during a command: by which rules of which file, from what, to
    what.

    `rules`: number of each rule and what its author says of it. `result` is None where `problem` (a
    code) went to a drawn error.
    """

    element: str
    table: str
    file: str
    sha256: str
    rules: tuple[tuple[int, str], ...]
    inputs: Data
    result: Data | None
    problem: str = ""
