"""What a service task is given: only what its action takes, all that it needs, each once and in one
way."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from engine.errors import Finding, Rule
from engine.lint.cases import NUMBER
from engine.lint.values import items
from engine.model.files import ReleaseFiles
from engine.model.vocabulary import Process
from engine.types import ActionSpec, ElementSpec, InputRule

INPUT_LETTER: Final = Rule("input_letter", "Ventanilla", ("input", "value"))
INPUT_MISSING: Final = Rule("input_missing", "Ventanilla", ("input",))
INPUT_NAME: Final = Rule("input_name", "Ventanilla", ("input", "name"))
INPUT_OUTPUT: Final = Rule("input_output", "Ventanilla", ("input", "name"))
INPUT_RING: Final = Rule("input_ring", "Ventanilla", ("process",))
INPUT_TWICE: Final = Rule("input_twice", "Ventanilla", ("input",))
INPUT_UNKNOWN: Final = Rule("input_unknown", "Ventanilla", ("input",))
INPUT_VALUE: Final = Rule("input_value", "Ventanilla", ("input", "value", "allowed"))
INPUT_WAY: Final = Rule("input_way", "Ventanilla", ("input",))
INPUT_WORD: Final = Rule("input_word", "Ventanilla", ("letter", "name"))

_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
_PLACE: Final = re.compile(r"\{(\w+)\}")  # where a letter says a value
_PLACED: Final = re.compile(r"\{(\w+)\??\}")  # where another text does; it may be empty with "?"
_PATH: Final = re.compile(r"(?:[A-Za-z0-9._~:@!$'()*,;=+/-]|\{\w+\??\})*")
#: Kinds whose places are filled, and how one looks: an expression might give braces that somebody
#: typed into a form.
_FILLED: Final = {"places": "a={b}", "path": "a/{b}/c", "json": '{"a": "{b}"}'}
_POINTER: Final = re.compile(r"\s*(\w+)\??\s*=\s*(?:/[^,\s]*)?\s*")


def check(files: ReleaseFiles, actions: Mapping[str, ActionSpec]) -> Iterator[Finding]:
    names = _names(files)
    for id_, process in files.processes.items():
        for element in process.elements.values():
            yield from _element(
                files, files.file_of[id_], element, actions.get(element.handler or ""), names
            )
            begun = _begun(files, element, _rules(actions.get(element.handler or "")))
            if begun is not None and begun.id != id_ and id_ in _reached(files, actions, begun.id):
                yield INPUT_RING.at(files.file_of[id_], element.id, process=begun.id)


def _element(
    files: ReleaseFiles,
    file: str,
    element: ElementSpec,
    action: ActionSpec | None,
    names: frozenset[str],
) -> Iterator[Finding]:
    rules = _rules(action)
    begun = _begun(files, element, rules)
    given = Counter(each.name for each in element.inputs)
    yield from (
        INPUT_TWICE.at(file, element.id, input=name) for name, times in given.items() if times > 1
    )
    for rule in rules.values():
        if rule.required and rule.name not in given:
            yield INPUT_MISSING.at(file, element.id, input=rule.label)
    for each in element.inputs:
        known = rules.get(each.name)
        if known is None and (
            action is None
            or not action.free
            or (begun is not None and each.name not in begun.variables)
        ):
            yield INPUT_UNKNOWN.at(file, element.id, input=each.name)
        elif (each.value is None) == (each.expr is None) or not (
            each.value or each.expr or ""
        ).strip():
            yield INPUT_WAY.at(file, element.id, input=each.name if known is None else known.label)
        elif known is not None and each.value is None and known.kind in _FILLED:
            yield INPUT_VALUE.at(
                file,
                element.id,
                input=known.label,
                value=f"= {each.expr}"[:80],
                allowed=_FILLED[known.kind],
            )
        elif known is not None and each.value is not None:
            yield from _value(files, file, element, known, each.value, names)


def _rules(action: ActionSpec | None) -> dict[str, InputRule]:
    return {rule.name: rule for rule in action.inputs} if action is not None else {}


def _value(
    files: ReleaseFiles,
    file: str,
    element: ElementSpec,
    rule: InputRule,
    value: str,
    names: frozenset[str],
) -> Iterator[Finding]:
    said = value[:80]
    if (allowed := _allowed(rule, value)) is not None:
        yield INPUT_VALUE.at(file, element.id, input=rule.label, value=said, allowed=allowed)
    elif rule.kind == "process" and value not in (others := _others(files, element)):
        yield INPUT_VALUE.at(
            file, element.id, input=rule.label, value=said, allowed=", ".join(others) or "–"
        )
    elif rule.kind in ("letter", "list") and value + rule.ending not in files.parts:
        yield INPUT_LETTER.at(file, element.id, input=rule.label, value=said + rule.ending)
    elif rule.kind == "letter":
        # in each language that it has
        for part in sorted(part for part in files.parts if part.startswith(f"{value}.")):
            text = files.parts[part].decode("utf-8", "replace")
            for word in sorted({*_PLACE.findall(text)} - names - {*rule.words}):
                yield INPUT_WORD.at(
                    file, element.id, letter=said + part.removeprefix(value), name=word[:80]
                )
    elif rule.kind == "output" and value not in {output.name for output in element.outputs}:
        yield INPUT_OUTPUT.at(file, element.id, input=rule.label, name=said)
    elif rule.kind == "name" and value not in names:
        yield INPUT_NAME.at(file, element.id, input=rule.label, name=said)
    elif rule.kind in _FILLED:
        for word in sorted({*_PLACED.findall(value)} - names - {*rule.words}):
            yield INPUT_NAME.at(file, element.id, input=rule.label, name=word[:80])
    elif rule.kind == "pointers":
        for word in sorted({*_pointed(value)} - {output.name for output in element.outputs}):
            yield INPUT_OUTPUT.at(file, element.id, input=rule.label, name=word[:80])


def _allowed(rule: InputRule, value: str) -> str | None:
    """What may stand there; None when this may."""
    match rule.kind:
        case "choice" if value not in dict(rule.options):
            return ", ".join(label for _, label in rule.options) or "–"
        case "number" if (
            _NUMBER.fullmatch(value) is None or not rule.minimum <= int(value) <= rule.maximum
        ):
            return f"{rule.minimum} … {rule.maximum}"
        case "pattern" if NUMBER.match(value) is None:
            return "A-{000}, A-{aaaa}-{000}"
        case "path" if _PATH.fullmatch(value) is None or {".", ".."} & {*value.split("/")}:
            return _FILLED["path"]
        case "json" if not _is_json(value):
            return _FILLED["json"]
        case "pointers" if not all(_POINTER.fullmatch(part) for part in value.split(",")):
            return "a = /b/c, d = /e"
    return None


def _others(files: ReleaseFiles, element: ElementSpec) -> list[str]:
    """Processes that open cases and begin by themselves, but the one that the element is of: it
    would begin itself for ever."""
    return sorted(
        id_
        for id_, process in files.processes.items()
        if id_ != element.process and process.case and _begins(process)
    )


def _begins(process: Process) -> bool:
    """It has a start that waits for nothing."""
    starts = (
        each
        for each in process.elements.values()
        if each.type == "startEvent" and each.scope is None and each.schedule is None
    )
    return any(
        not any("ventDefinition" in str(child.tag) for child in process.nodes[each.id])
        for each in starts
    )


def _begun(
    files: ReleaseFiles, element: ElementSpec, rules: Mapping[str, InputRule]
) -> Process | None:
    """The process that an action begins, where that is written and not computed."""
    named = {
        each.value
        for each in element.inputs
        if each.name in rules and rules[each.name].kind == "process"
    }
    return files.processes.get(next(iter(named)) or "") if named else None


def _reached(files: ReleaseFiles, actions: Mapping[str, ActionSpec], process: str) -> set[str]:
    """The process and all that it calls or begins, directly or not, as far as that is written and
    not computed."""
    seen, todo = {process}, [process]
    while todo:
        one = todo.pop()
        elements = files.processes[one].elements.values() if one in files.processes else ()
        begun = (
            _begun(files, element, _rules(actions.get(element.handler or "")))
            for element in elements
        )
        new = ({each.id for each in begun if each is not None} | files.calls(one)) - seen
        seen |= new
        todo += new
    return seen


def _pointed(value: str) -> Iterator[str]:
    """The variables of "a = /b/c, d? = /e"."""
    return (
        found[1] for part in value.split(",") if (found := _POINTER.fullmatch(part)) is not None
    )


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def _names(files: ReleaseFiles) -> frozenset[str]:
    """Fields of forms and process variables of the whole release: a case runs through several
    processes."""
    found = {
        name
        for each in (files.tables, files.graphs)
        for one in each.values()
        for name in one.outputs
    }
    for process in files.processes.values():
        found.update(process.variables)
        for node in process.nodes.values():
            found.update(items(node))
        for element in process.elements.values():
            found.update(each.name for each in element.fields)
            found.update(each.name for each in element.outputs)
            found.update(element.message.payload if element.message is not None else ())
    return frozenset(found)
