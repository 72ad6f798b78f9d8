"""References by qualified name (`tns:Signal_1`) into the file itself become plain names, so that
every reader finds its element.

Only prefixes of the file's own target name space are taken away; a reference into another name
space stays, and is unknown.
"""

from typing import Final

from lxml import etree

from engine.model import xml

_ATTRIBUTES: Final = (
    "attachedToRef", "messageRef", "signalRef", "errorRef", "escalationRef", "calledElement", "activityRef", "operationRef",
    "noneBehaviorEventRef", "oneBehaviorEventRef", "processRef", "itemSubjectRef", "itemRef", "dataStoreRef", "categoryValueRef",
    "sourceRef", "targetRef", "structureRef",
)  # fmt: skip
_ELEMENTS: Final = (
    "incoming", "outgoing", "flowNodeRef", "eventDefinitionRef", "loopDataInputRef", "loopDataOutputRef", "sourceRef", "targetRef",
    "dataInputRefs", "dataOutputRefs", "inMessageRef", "outMessageRef", "operationRef", "errorRef", "interfaceRef", "source", "target",
    "supportedInterfaceRef", "categoryValueRef",
)  # fmt: skip


def to_plain_names(root: etree._Element) -> None:
    """Changes the tree in place; the bytes of the file are kept elsewhere."""
    own = root.get("targetNamespace")
    if not own:
        return
    for node in root.iter(xml.BPMN + "*"):
        for name in _ATTRIBUTES:
            value = node.get(name)
            if value is not None and ":" in value:
                node.set(name, _plain(node, value, own))
        if xml.local(node) in _ELEMENTS and ":" in (node.text or ""):
            node.text = _plain(node, (node.text or "").strip(), own)


def _plain(node: etree._Element, value: str, own: str) -> str:
    prefix, _, name = value.partition(":")
    return name if node.nsmap.get(prefix) == own else value
