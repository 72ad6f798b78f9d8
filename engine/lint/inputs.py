"""What a service task is given: only what its action takes, all that it needs, each once and in one way."""

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Final

from engine.errors import Finding
from engine.errors import Rule
from engine.model.files import ReleaseFiles
from engine.types import ActionSpec
from engine.types import ElementSpec
from engine.types import InputRule

INPUT_LETTER: Final = Rule("input_letter", "Ventanilla", ("input", "value"))
INPUT_MISSING: Final = Rule("input_missing", "Ventanilla", ("input",))
INPUT_NAME: Final = Rule("input_name", "Ventanilla", ("input", "name"))
INPUT_TWICE: Final = Rule("input_twice", "Ventanilla", ("input",))
INPUT_UNKNOWN: Final = Rule("input_unknown", "Ventanilla", ("input",))
INPUT_VALUE: Final = Rule("input_value", "Ventanilla", ("input", "value", "allowed"))
INPUT_WAY: Final = Rule("input_way", "Ventanilla", ("input",))

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")


def check(files: ReleaseFiles, actions: Mapping[str, ActionSpec]) -> Iterator[Finding]:
    names = _names(files)
    for id_, process in files.processes.items():
        for element in process.elements.values():
            yield from _element(files, files.file_of[id_], element, actions.get(element.handler or ""), names)


def _element(files: ReleaseFiles, file: str, element: ElementSpec, action: ActionSpec | None, names: frozenset[str]) -> Iterator[Finding]:
    rules = {rule.name: rule for rule in action.inputs} if action is not None else {}
    given = Counter(each.name for each in element.inputs)
    yield from (INPUT_TWICE.at(file, element.id, input=name) for name, times in given.items() if times > 1)
    for rule in rules.values():
        if rule.required and rule.name not in given:
            yield INPUT_MISSING.at(file, element.id, input=rule.label)
    for each in element.inputs:
        known = rules.get(each.name)
        if known is None and (action is None or not action.free):
            yield INPUT_UNKNOWN.at(file, element.id, input=each.name)
        elif (each.value is None) == (each.expr is None) or not (each.value or each.expr or "").strip():
            yield INPUT_WAY.at(file, element.id, input=each.name if known is None else known.label)
        elif known is not None and each.value is not None:
            yield from _value(files, file, element.id, known, each.value, names)


def _value(files: ReleaseFiles, file: str, id_: str, rule: InputRule, value: str, names: frozenset[str]) -> Iterator[Finding]:
    if rule.kind == "choice" and value not in dict(rule.options):
        yield INPUT_VALUE.at(file, id_, input=rule.label, value=value[:80], allowed=", ".join(label for _, label in rule.options))
    elif rule.kind == "number" and _NUMBER.fullmatch(value) is None:
        yield INPUT_VALUE.at(file, id_, input=rule.label, value=value[:80], allowed="1, 2, 3…")
    elif rule.kind == "letter" and not any(part.startswith(f"{value}.") and part.endswith(".txt") for part in files.parts):
        yield INPUT_LETTER.at(file, id_, input=rule.label, value=f"{value[:80]}.txt")
    elif rule.kind == "list" and value + ".csv" not in files.parts:
        yield INPUT_LETTER.at(file, id_, input=rule.label, value=f"{value[:80]}.csv")
    elif rule.kind == "name" and value not in names:
        yield INPUT_NAME.at(file, id_, input=rule.label, name=value[:80])


def _names(files: ReleaseFiles) -> frozenset[str]:
    """Fields of forms and process variables of the whole release: a case runs through several processes."""
    found: set[str] = set()
    for process in files.processes.values():
        found.update(process.variables)
        for element in process.elements.values():
            found.update(each.name for each in element.fields)
            found.update(each.name for each in element.outputs)
    return frozenset(found)
