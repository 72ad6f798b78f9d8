"""What would not run as drawn is refused, with the element, a rule code and the facts; screens make
the sentence."""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from engine.errors import Finding
from engine.lint import (
    beside,
    cases,
    choreography,
    collaboration,
    contents,
    conversations,
    data,
    drawing,
    events,
    flows,
    references,
    resources,
    schema,
    standard,
    tables,
    tasks,
)
from engine.lint.variables import Variables, check as check_variables
from engine.model.files import ReleaseFiles
from engine.model.graph import scopes
from engine.types import Functions

MAX_ERRORS: Final = 1_000


def check(
    files: ReleaseFiles,
    xsd: Path,
    *,
    handlers: Container[str],
    forms: Container[str],
    functions: Functions,
) -> Iterator[Finding]:
    """All findings, those of the files first, up to as many errors as anybody would read; every
    warning before the last of them."""
    errors = 0
    for finding in _check(files, xsd, handlers=handlers, forms=forms, functions=functions):
        yield finding
        errors += finding.severity == "error"
        if errors == MAX_ERRORS:
            return


def _check(
    files: ReleaseFiles,
    xsd: Path,
    *,
    handlers: Container[str],
    forms: Container[str],
    functions: Functions,
) -> Iterator[Finding]:
    """What is too large is said, and not looked at any further."""
    for diagram in files.diagrams.values():
        yield from schema.check(diagram, xsd)
        yield from contents.check(files, diagram)
        yield from references.check(diagram)
        yield from resources.check(diagram)
        yield from collaboration.check(diagram)
        yield from conversations.check(diagram)
        yield from choreography.check(diagram)
        yield from drawing.check(diagram)
        yield from data.check(diagram)
        yield from standard.expressions(diagram)
    yield from contents.unique(files)
    if any(len(diagram.processes) > contents.MAX_PROCESSES for diagram in files.diagrams.values()):
        return
    variables = Variables(files)
    for process in files.processes.values():
        file = files.file_of[process.id]
        if contents.too_large(process):
            continue
        for scope in scopes(process.node):
            yield from standard.check(files.diagrams[file], scope)
            yield from flows.check(file, scope, files.diagrams[file].ids)
            yield from events.check(files.diagrams[file], process, scope)
            yield from tasks.check(file, process, scope)
        yield from tasks.references(files, process, handlers=handlers, forms=forms)
        yield from check_variables(files, process, variables, functions)
        yield from beside.check(files, process, variables)
        yield from cases.check(files, process, variables)
        yield from events.signals(files, process)
    yield from tables.check(files, variables)
