"""Values that the schema writes in several ways become one way, so that every reader compares plain
texts.

`1` and ` true ` are the same boolean, `+3` and `03` the same number, and space around a name or a
reference means nothing (XML Schema, part 2, 3.2.2, 3.3.13 and 4.3.6). An expression is its text,
without the documentation that may stand in it (8.4.6). Names, conditions and texts for people stay
as they were written.
"""

import re
from typing import Final

from lxml import etree

from engine.model import xml

_BOOLEANS: Final = frozenset({
    "isExecutable", "isClosed", "isInterrupting", "parallelMultiple", "cancelActivity", "triggeredByEvent", "isForCompensation",
    "instantiate", "isSequential", "testBefore", "waitForCompletion", "cancelRemainingInstances", "isCollection", "isImmediate",
})  # fmt: skip
_NUMBERS: Final = frozenset(
    {"startQuantity", "completionQuantity", "loopMaximum", "minimum", "maximum"}
)
_WORDS: Final = frozenset(
    {
        "id",
        "default",
        "ordering",
        "behavior",
        "eventGatewayType",
        "gatewayDirection",
        "associationDirection",
    }
)
_EXPRESSIONS: Final = tuple(xml.BPMN + name for name in (
    "conditionExpression", "condition", "loopCardinality", "loopCondition", "completionCondition", "activationCondition", "timeDate",
    "timeDuration", "timeCycle",
))  # fmt: skip
_TRUTH: Final = {"1": "true", "0": "false"}
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}")


def to_plain_values(root: etree._Element) -> None:
    """Changes the tree in place; the bytes of the file are kept elsewhere."""
    for node in root.iter(xml.BPMN + "*"):
        for name, value in node.attrib.items():
            plain = _value(str(name), str(value))
            if plain != value:
                node.set(name, plain)
        if (
            xml.local(node).endswith(("Ref", "Refs", "incoming", "outgoing"))
            and not len(node)
            and node.text
        ):
            node.text = node.text.strip()
    for node in root.iter(*_EXPRESSIONS):
        if len(node):
            node.text = (node.text or "") + "".join(child.tail or "" for child in node)
            node[:] = []


def _value(name: str, value: str) -> str:
    text = value.strip()
    if name in _BOOLEANS:
        return _TRUTH.get(text, text)
    if name in _NUMBERS:
        return str(int(text)) if _NUMBER.fullmatch(text) else text
    return text if name in _WORDS or name.endswith("Ref") or name == "calledElement" else value
