"""Cases: their numbers and what is told of them; who begins a process by a form, who hands a
message over."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from engine.errors import Finding, Rule
from engine.lint.variables import VARIABLE_UNKNOWN, Variables
from engine.model.files import ReleaseFiles
from engine.model.graph import event_definitions, started_together, starts_process
from engine.model.vocabulary import RECEIVES, Process
from engine.types import CaseSpec, ElementSpec

CASE_ANONYMOUS: Final = Rule("case_anonymous", "Ventanilla", ("value",))
CASE_CALLED: Final = Rule("case_called", "Ventanilla", ("process",))
CASE_NUMBER: Final = Rule("case_number", "Ventanilla", ("value",))
CASE_NUMBER_TAKEN: Final = Rule("case_number_taken", "Ventanilla", ("value", "process"))
DELIVERY_MISPLACED: Final = Rule("delivery_misplaced", "Ventanilla")
DELIVERY_NOBODY: Final = Rule("delivery_nobody", "Ventanilla")
START_MISPLACED: Final = Rule("start_misplaced", "Ventanilla")
START_NOBODY: Final = Rule("start_nobody", "Ventanilla")
START_UNFOLLOWED: Final = Rule("start_unfollowed", "Ventanilla", severity="warning")

#: Capitals, digits and signs around the year, if it counts, and one place for the number with its
#: least width. At least one letter, so that it is no number of a series that the agency gives by
#: law, and no sign first: what is given can be looked for.
NUMBER: Final = re.compile(
    r"(?=.{1,36}\Z)(?=.*[A-Z])(?=[A-Z0-9])[A-Z0-9/._-]*(?:\{aaaa\}[A-Z0-9/._-]*)?\{0{1,9}\}[A-Z0-9/._-]*\Z"
)
DIGIT, DIGITS = "d", "*"  # places of a pattern: one digit, any further ones


def check(files: ReleaseFiles, process: Process, variables: Variables) -> Iterator[Finding]:
    file = files.file_of[process.id]
    if process.case is not None:
        if not NUMBER.match(process.case.number):
            yield CASE_NUMBER.at(file, process.id, value=process.case.number)
        else:
            yield from _taken(files, process, process.case.number)
        inside = [files.processes[id_] for id_ in files.closure(process.id)]
        told = {
            field.name
            for each in inside
            for element in each.elements.values()
            for field in element.fields
        }
        for name in sorted({*process.case.names.values()} - told - variables.of(process.id).keys()):
            yield VARIABLE_UNKNOWN.at(file, process.id, name=name)
        if process.case.anonymous is not None and not _may_be_nobody(process, process.case):
            yield CASE_ANONYMOUS.at(file, process.id, value=process.case.anonymous)
        yield from (
            CASE_CALLED.at(file, process.id, process=each.id)
            for each in inside
            if each.case is not None and each is not process
        )
    for element in process.elements.values():
        plain = (
            element.type == "startEvent"
            and element.scope is None
            and not event_definitions(process.nodes[element.id])
        )
        if plain:
            yield from _start(file, process, element)
        elif element.start is not None or (
            element.form is not None and element.type == "startEvent"
        ):
            yield START_MISPLACED.at(file, element.id)
        elif element.type in RECEIVES:
            yield from _delivery(file, process, element)


def _may_be_nobody(process: Process, case: CaseSpec) -> bool:
    """Its start forms ask, yes or no, and something of the person beside it; nothing decides by
    what may be missing, and an address is no must: it would say who it is."""
    about = (case.person, case.person_kind, case.name)
    asked = [
        e
        for e in process.elements.values()
        if any(field.name == case.anonymous for field in e.fields)
    ]
    for element in asked:
        fields = {field.name: field for field in element.fields}
        yes_or_no = fields[case.anonymous or ""]
        person = [fields[name] for name in about if name in fields]
        address = fields.get(case.email or "")
        if (
            element.type != "startEvent"
            or yes_or_no.type != "boolean"
            or not yes_or_no.required
            or not person
        ):
            return False
        if any(field.decision for field in person) or (address is not None and address.required):
            return False
    return bool(asked)


def _taken(files: ReleaseFiles, process: Process, number: str) -> Iterator[Finding]:
    """Two series that may give the same number: one of them would stop there for good."""
    for other in files.processes.values():
        if other is process or other.case is None or not NUMBER.match(other.case.number):
            continue
        if _meet(_places(number), _places(other.case.number)):
            yield CASE_NUMBER_TAKEN.at(
                files.file_of[process.id], process.id, value=number, process=other.id
            )


def _places(number: str) -> str:
    """The pattern with one character for each place."""
    return re.sub(
        r"\{(0+)\}",
        lambda zeros: DIGIT * len(zeros[1]) + DIGITS,
        number.replace("{aaaa}", DIGIT * 4),
    )


@cache
def _meet(one: str, other: str) -> bool:
    """Some text has the places of both."""
    if not one or not other:
        return not (one + other).strip(DIGITS)
    if other[0] == DIGITS:
        one, other = other, one
    if one[0] == DIGITS:
        return _meet(one[1:], other) or (
            other[0] in f"{DIGIT}{DIGITS}0123456789" and _meet(one, other[1:])
        )
    same = one[0] == other[0] or (
        DIGIT in (one[0], other[0]) and (one[0] + other[0]).strip(DIGIT).isdigit()
    )
    return same and _meet(one[1:], other[1:])


def _start(file: str, process: Process, element: ElementSpec) -> Iterator[Finding]:
    begun = element.start
    if element.delivery is not None:
        yield DELIVERY_MISPLACED.at(file, element.id)
    if begun is None:
        if element.form is not None or element.fields:
            yield START_NOBODY.at(file, element.id)
    elif not (begun.roles or begun.public):
        yield START_NOBODY.at(file, element.id)
    elif begun.public and (process.case is None or process.case.person is None):
        yield START_UNFOLLOWED.at(file, element.id)


def _delivery(file: str, process: Process, element: ElementSpec) -> Iterator[Finding]:
    """Fields of what waits for a message are its form: somebody or something hands it over. What
    begins a process may be handed over, too; without anybody for it, another process brings it and
    its fields.
    """
    if element.message is None:
        if element.delivery is not None or element.fields:
            yield DELIVERY_MISPLACED.at(file, element.id)
    elif _begins(process, element):
        if element.delivery is not None and element.type != "startEvent":
            yield DELIVERY_MISPLACED.at(file, element.id)
        elif element.delivery is not None and not (
            element.delivery.roles or element.delivery.webhook
        ):
            yield DELIVERY_NOBODY.at(file, element.id)
    elif (element.fields and element.delivery is None) or (
        element.delivery is not None and not (element.delivery.roles or element.delivery.webhook)
    ):
        yield DELIVERY_NOBODY.at(file, element.id)


def _begins(process: Process, element: ElementSpec) -> bool:
    """Nothing waits for it but the process itself; of several that begin one instance together, all
    but the first are waited for."""
    node = process.nodes[element.id]
    return element.scope is None and (
        element.type == "startEvent" or (starts_process(node) and started_together(node) is None)
    )
