"""One tree of engine errors; the message is the docstring, screens translate the class and its attributes."""

import datetime as dt
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from types import MappingProxyType
from typing import Any
from typing import ClassVar


class EngineError(Exception):
    """The engine could not do what was asked.

    `kind` is what an incident is called that this error becomes; `facts` are JSON values from which screens make the sentence.
    """

    kind: ClassVar[str] = "model"
    facts: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, *args: object) -> None:
        super().__init__(*args or (self.__doc__,))


class NotFound(EngineError):
    """There is no such instance, item, process or release."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why a file is refused: which element, which rule, with which facts. Screens make the sentence."""

    file: str
    element: str | None
    rule: str
    params: dict[str, str] = field(default_factory=dict)
    severity: str = "error"


class DeployRefused(EngineError):
    """The files do not form a release that runs as drawn."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{f.file}:{f.element}: {f.rule} {f.params}" for f in findings))
        self.findings = tuple(findings)


class StaleBase(EngineError):
    """Another release came into force after these files were taken as a base."""


class NotAllowed(EngineError):
    """This actor may not do this to this item."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(f"{reason} {facts}" if facts else reason)
        self.reason = reason
        self.facts = facts


class Conflict(EngineError):
    """Somebody else was first."""


class ItemClosed(Conflict):
    """The work item is no longer open."""

    def __init__(self, *, by: str | None, at: dt.datetime | None, state: str, element: str) -> None:
        super().__init__(f"{element} {state} by {by} at {at}")
        self.by, self.at, self.state, self.element = by, at, state, element


class ClaimedByOther(Conflict):
    """Another person has taken the work item."""

    def __init__(self, by: str) -> None:
        super().__init__(f"claimed by {by}")
        self.by = by


class FormChanged(Conflict):
    """The instance was moved to another release, where the activity has another form than the one that was filled in."""


class NotWaiting(Conflict):
    """No instance waits for this message with this key."""


class InstanceNotActive(EngineError):
    """The instance is suspended, cancelled or finished."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class NotPossible(EngineError):
    """The instance cannot be operated in this way now; `reason` is a code, `facts` name the elements."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(f"{reason} {facts}" if facts else reason)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an instance cannot be moved to a release: a rule, the element where it stands, and what else the sentence needs."""

    rule: str
    element: str
    facts: dict[str, str] = field(default_factory=dict)


class MigrationRefused(EngineError):
    """The instance cannot be moved to this release; nothing was changed. `problems` say where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


class InvalidValues(EngineError):
    """The values do not fit what the element declares."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class ExpressionError(EngineError):
    """An expression is outside the language, too large, or failed on this data."""

    kind = "condition"


class KeyMissing(ExpressionError):
    """A message has no key to be correlated by."""

    kind = "message"


class LimitReached(ExpressionError):
    """More steps, items or processes inside each other than one instance may have."""

    kind = "limit"


class DecisionError(EngineError):
    """A decision table has no matching rule, or more than its policy allows."""

    kind = "table"
    code = "ERR_DMN_SIN_REGLA"


class NotRepairable(Conflict):
    """The failed element cannot be mended in this way: a join has no way around, a token is no longer there."""


class GiveUp(Exception):
    """Raised by a job: trying again is of no use."""


class BusinessError(Exception):
    """Raised by a handler: becomes the BPMN error event with this code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
