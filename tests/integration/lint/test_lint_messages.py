"""Forms of messages: who may hand one over, and which of what arrives is a variable."""

import pytest

from tests.kit.diagrams import catch, end, event, extension, model, process, start, throw, user
from tests.kit.play import findings

DEFS = '<message id="m" name="M"/>'
HEARS = '<messageEventDefinition messageRef="m"/>'
NOTE = '<v:field name="nota" label="Nota"/>'
DELIVERED = '<v:delivery webhook="true"/>'


def errors(content: bytes) -> set[tuple[str, str | None]]:
    return {(f.rule, f.element) for f in findings(content) if f.severity == "error"}


def begun(mark: str) -> bytes:
    """A process that a message begins."""
    hears = event("startEvent", "S", HEARS, extension(f'<v:message key="k"/>{mark}'))
    return model(process("P", hears + user("A") + end(), "S>A>E", "k"), defs=DEFS)


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        (NOTE, set()),
        (DELIVERED, set()),
        (NOTE + DELIVERED, set()),
        (NOTE + "<v:delivery/>", {("delivery_nobody", "S")}),
    ],
)
def test_a_message_that_begins_a_process_may_bring_a_form_and_says_who_hands_it_over(
    mark: str, found: set[tuple[str, str | None]]
) -> None:
    assert errors(begun(mark)) == found


@pytest.mark.parametrize(
    ("decision", "found"), [("true", set()), ("false", {("variable_not_decision", "f_X_E")})]
)
def test_what_a_message_brings_into_a_field_of_no_decision_is_no_variable(
    decision: str, found: set[tuple[str, str | None]]
) -> None:
    sends = process(
        "Q",
        start("s")
        + throw("t", HEARS, extension('<v:message key="k" payload="k nota"/>'))
        + end("e"),
        "s>t>e",
        "k nota",
    )
    note = NOTE.replace("/>", f' decision="{decision}"/>')
    waits = catch("C", HEARS, extension(f'<v:message key="k"/>{note}{DELIVERED}'))
    asks = '<exclusiveGateway id="X" default="f_X_F"/>'
    reads = process("P", start() + waits + asks + end("E", "F"), "S>C>X X>E?nota~==~'a' X>F", "k")
    assert errors(model(sends, reads, defs=DEFS)) == found
