"""Rewrites a copy of a diagram into what SpiffWorkflow's parser reads; the file itself stays as it was drawn."""

from copy import deepcopy
from typing import Final

from lxml import etree

from engine.spiff import xml

_DOCUMENTATION: Final = frozenset({
    "dataObject", "dataObjectReference", "dataStoreReference", "dataStore", "ioSpecification", "property",
    "dataInputAssociation", "dataOutputAssociation", "textAnnotation", "association", "group", "extensionElements",
})  # fmt: skip


def normalise(root: etree._Element) -> etree._Element:
    copy = deepcopy(root)
    for node in list(copy.iter()):
        if isinstance(node.tag, str) and node.tag.startswith(xml.BPMN) and xml.local(node) in _DOCUMENTATION:
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)
    return copy
