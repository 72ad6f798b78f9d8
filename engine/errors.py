"""One tree of engine errors; screens translate the class and its attributes, or the problem that it
carries.

The text of an error is English for logs. Nobody reads it to find out what happened: that is what
codes and facts are for.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, cast

from engine.states import IncidentKind

#: What may be wrong with an expression, a timer, a schedule, a pattern or a table, or happen while
#: a case runs. Screens have a sentence for each; the names in brackets are the facts that it
#: carries.
ProblemCode = Literal[
    # the text of an expression, and of a pattern
    "empty_expression",
    "too_many_characters",  # maximum
    "too_many_parts",  # maximum
    "character_refused",  # character
    "misspelt_name",  # name
    "not_a_name",  # name
    "not_a_function",  # name
    "only_named_functions",
    "prefixed_text",
    "not_an_expression",  # detail, column: as Python's grammar says them; 0 when it says nothing
    "one_equals_sign",
    "decimal_comma",  # written, instead
    "outside_language",  # construct
    "feel_not_read",  # near, column
    "feel_name_unknown",  # name
    "feel_type_unknown",  # name
    "feel_not_evaluated",  # construct
    "feel_needs_now",
    "text_or_moment",  # text
    "path_too_long",  # maximum
    "foreign_expression",
    # an expression on the data of a case
    "not_a_condition",  # value
    "needs_boolean",  # sign, value
    "needs_numbers",  # sign, value
    "not_comparable",  # sign, left, right
    "structure_compared",
    "not_searchable",  # value
    "no_parts",  # step, value
    "nothing_to_measure",
    "nothing_to_choose",  # function
    "division_by_zero",
    "number_out_of_range",
    "text_too_long",  # maximum
    "list_too_long",  # maximum
    "too_many_steps",  # maximum
    "nested_too_deeply",
    "function_missing",  # function
    "function_failed",  # function, exception, detail
    "value_of_no_type",  # type
    # timers and schedules
    "not_a_duration",  # text
    "not_a_date",  # text
    "not_a_timer_text",  # text
    "not_a_timer_value",  # value
    "time_too_long",  # text
    "too_many_years",  # maximum
    "cycle_malformed",
    "cycle_of_no_length",
    "cycle_count",
    "cycle_where_once",  # text
    "starts_too_often",
    "cron_malformed",  # text
    "cron_weekday",  # text
    "cron_two_days",  # text
    "attribute_choice",  # attribute, allowed
    "attribute_range",  # attribute, low, high
    "attribute_without_each",  # attribute, each
    "each_without_attribute",  # each, attribute
    "each_without_one_of_two",  # each, one, other
    "shift_without_effect",
    "not_an_hour",
    # patterns
    "not_a_pattern",  # detail
    "too_many_ways",
    "brackets_unbalanced",
    "brackets_too_deep",  # maximum
    "repeat_malformed",
    "repeat_too_large",  # maximum
    "repeat_of_changing_length",
    "special_group",
    "special_escape",
    "sign_in_class",  # sign
    # the schema of BPMN
    "element_unexpected",  # element
    "element_invalid",  # element
    "content_missing",  # element
    "attribute_missing",  # element, attribute
    "attribute_invalid",  # element, attribute
    # decision tables
    "not_a_cell_value",  # text
    "empty_value",
    "cell_too_long",  # maximum
    "empty_interval",  # text
    "no_order",  # text
    "no_rule",  # table, inputs
    "many",  # table, inputs, rules
    # a case that runs
    "no_value",  # text
    "no_way_out",
    "never_activated",  # text
    "uncaught_cancel",
    "not_a_list",  # name, value
    "not_a_number_of_items",  # text, value
    "not_a_priority",  # text, value
    "key_missing",  # message, key, value
    "too_many_items",  # maximum
    "nested_processes",  # maximum
    "endless_loop",  # maximum
    "endless_services",  # maximum
    "endless_timer",  # maximum
    "script_refused",
    "service_refused",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: a code, and what its sentence needs besides. Facts are JSON values."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """For logs: "a > b: not comparable (sign='>', left=1, right=None)"."""
        place = [str(self.facts[name]) for name in ("table", "expression") if name in self.facts]
        told = ", ".join(
            f"{name}={value!r}"
            for name, value in self.facts.items()
            if name not in ("table", "expression")
        )
        words = self.code.replace("_", " ")
        return ": ".join([*place, f"{words} ({told})" if told else words])


class EngineError(Exception):
    """The engine could not do what was asked.

    `kind` is what an incident is called that this error becomes; `facts` are JSON values from which
    screens make the sentence.
    """

    kind: ClassVar[IncidentKind] = IncidentKind.MODEL
    facts: Mapping[str, Any] = MappingProxyType({})

    def __init__(self, *args: object) -> None:
        super().__init__(*args or (self.__doc__,))


class NotFound(EngineError):
    """There is no such instance, item, process or release."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why a file is refused: which element, which rule, with which facts: texts, and
    under `problem` what is wrong inside."""

    file: str
    element: str | None
    rule: str
    params: Mapping[str, str | Problem] = field(default_factory=dict)
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a file may break. A new one is such a constant beside its check, a sentence for its
    code, and a test that breaks it.

    `source`: "BPMN 10.5.4" names the section of BPMN 2.0.2 (OMG formal/2013-12-09) that says so;
    "Ventanilla" is a rule of ours: what we do not execute is refused. `facts`: what every finding
    carries besides, for the sentence.
    """

    code: str
    source: str
    facts: tuple[str, ...] = ()
    severity: str = "error"

    def at(self, file: str, element: str | None, /, **facts: str | Problem) -> Finding:
        """This rule, broken there."""
        if facts.keys() != set(self.facts):
            raise TypeError(f"{self.code} carries {self.facts}, not {tuple(facts)}")
        return Finding(file, element, self.code, facts, self.severity)

    def as_warning(self) -> "Rule":
        """For a place where it does no harm."""
        return replace(self, severity="warning")


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
    """The instance was moved to another release, where the activity has another form than the one
    that was filled in."""


class DraftUnseen(Conflict):
    """The draft that would go with the item is not the one that whoever completes it has seen."""

    def __init__(self, saved_at: dt.datetime) -> None:
        super().__init__()
        self.saved_at = saved_at


class ValuesChanged(Conflict):
    """What was to be changed is no longer what was shown."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class NotWaiting(Conflict):
    """No instance waits for this message with this key."""


class InstanceNotActive(EngineError):
    """The instance is suspended, cancelled or finished."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class NotPossible(EngineError):
    """The instance cannot be operated in this way now; `reason` is a code, `facts` name the
    elements."""

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(f"{reason} {facts}" if facts else reason)
        self.reason = reason
        self.facts = facts


class MigrationRefused(EngineError):
    """The instance cannot be moved to this release; nothing was changed. `problems` say where (fact
    `element`) and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)


class InvalidValues(EngineError):
    """The values do not fit what the element declares."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(str(problems))
        self.problems = problems


class ProblemError(EngineError):
    """What is wrong is a `Problem`. An incident keeps its facts, and its code under the name
    `problem`."""

    def __init__(self, code: ProblemCode, /, **facts: Any) -> None:
        self.problem = Problem(code, facts)
        self.facts = {"problem": code, **facts}
        super().__init__(str(self.problem))

    @classmethod
    def about(cls, problem: Problem, **more: Any) -> Self:
        """The same problem, with what is known further out: which expression, which table."""
        return cls(cast("ProblemCode", problem.code), **{**problem.facts, **more})


class ExpressionError(ProblemError):
    """An expression is outside the language, too large, or failed on this data."""

    kind = IncidentKind.CONDITION


class KeyMissing(ExpressionError):
    """A message has no key to be correlated by."""

    kind = IncidentKind.MESSAGE


class LimitReached(ExpressionError):
    """More steps, items or processes inside each other than one instance may have."""

    kind = IncidentKind.LIMIT


class DecisionError(ProblemError):
    """A decision table has no matching rule, or more than its policy allows."""

    kind = IncidentKind.TABLE
    code = "ERR_DMN_SIN_REGLA"


class NotRepairable(Conflict):
    """The failed element cannot be mended in this way: a join has no way around, a token is no
    longer there."""


#: Why a system outside, or a program, did not do its work. Screens have a sentence for each.
CauseCode = Literal[
    "unreachable",
    "timed_out",
    "not_allowed",
    "mail_refused",
    "unexpected_data",
    "worker_lost",
    "busy",
    "refused",
    "failing",
    "maybe_done",  # a change that was left unanswered, and may not be asked for twice
    "not_listed",
]


class OutsideFailure(Exception):
    """Raised by an adapter: a system outside did not do what was asked. `cause` is told by
    exception type or protocol code."""

    def __init__(self, cause: CauseCode, text: str = "") -> None:
        super().__init__(text or cause)
        self.cause = cause


class GiveUp(Exception):
    """Raised by a job: trying again is of no use."""

    def __init__(self, text: str = "", cause: CauseCode | None = None) -> None:
        super().__init__(text)
        self.cause = cause


class BusinessError(Exception):
    """Raised by a handler: becomes the BPMN error event with this code."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
