"""The drawing (chapter 12 of BPMN 2.0.2): every figure shows an element of the file, of a kind that
such a figure shows."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.references import plain
from engine.model import xml
from engine.model.vocabulary import Diagram

DRAWING_KIND: Final = Rule("drawing_kind", "BPMN 12.2.1", ("reference", "found"))
DRAWING_MISSING: Final = Rule("drawing_missing", "BPMN 12.2.1")
DRAWING_TWICE: Final = Rule("drawing_twice", "BPMN 12.2.1", ("reference",))
DRAWING_UNKNOWN: Final = Rule("drawing_unknown", "BPMN 12.2.1", ("reference",), severity="warning")

LINES: Final = frozenset({
    "sequenceFlow", "messageFlow", "association", "dataInputAssociation", "dataOutputAssociation", "conversationLink",
})  # fmt: skip
#: what a sheet (BPMNPlane) may show
_SHEETS: Final = frozenset({
    "process", "collaboration", "choreography", "globalConversation", "subProcess", "transaction", "adHocSubProcess", "subChoreography",
    "subConversation", "globalChoreographyTask",
})  # fmt: skip
#: attributes that name another part of the drawing; `sourceElement` and `targetElement` are written
#: in two ways by editors
_INSIDE: Final = ("choreographyActivityShape", "labelStyle")


def check(diagram: Diagram) -> Iterator[Finding]:
    figures = list(diagram.root.iter(xml.BPMN_DI + "*"))
    drawn = {id_ for node in figures if (id_ := node.get("id"))}
    for sheet in diagram.root.iter(xml.BPMN_DI + "BPMNDiagram"):
        yield from _once(diagram, sheet)
    for node in figures:
        if xml.local(node) in ("BPMNShape", "BPMNPlane") and not node.get("bpmnElement"):
            yield DRAWING_MISSING.at(diagram.file, _where(node))
        if reference := node.get("bpmnElement"):
            yield from _figure(diagram, node, reference)
        for attribute in _INSIDE:
            if (reference := node.get(attribute)) and plain(reference) not in drawn:
                yield DRAWING_UNKNOWN.at(diagram.file, _where(node), reference=reference)


def _figure(diagram: Diagram, node: etree._Element, reference: str) -> Iterator[Finding]:
    """12.2.1: a line shows a flow or an association, a sheet a process or a collaboration, a shape
    anything else."""
    found = diagram.ids.get(plain(reference))
    if found is None:
        yield DRAWING_UNKNOWN.at(diagram.file, _where(node), reference=reference)
        return
    kind, figure = xml.local(found), xml.local(node)
    fits = {
        "BPMNEdge": kind in LINES,
        "BPMNPlane": kind in _SHEETS,
        "BPMNShape": kind not in LINES | {"process", "collaboration", "definitions"},
    }
    if not fits.get(figure, True):
        yield DRAWING_KIND.at(diagram.file, _where(node), reference=reference, found=kind)


def _once(diagram: Diagram, sheet: etree._Element) -> Iterator[Finding]:
    """12.2.1: an element is drawn once in a diagram; participants of choreography tasks have a band
    in each of them."""
    shown: set[str] = set()
    for node in sheet.iter(xml.BPMN_DI + "BPMNShape", xml.BPMN_DI + "BPMNEdge"):
        reference = plain(node.get("bpmnElement", ""))
        if (
            reference in shown
            and not node.get("participantBandKind")
            and not node.get("choreographyActivityShape")
        ):
            yield DRAWING_TWICE.at(diagram.file, _where(node), reference=reference)
        shown |= {reference} - {""}


def _where(node: etree._Element) -> str | None:
    """The figure, or the nearest one around it that has an id."""
    while node is not None and not node.get("id"):
        node = node.getparent()
    return None if node is None else node.get("id")
