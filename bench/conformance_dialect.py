"""The kit's neutral models in our dialect: what its translator leaves open is said in our
vocabulary, nothing else changes.

Its service tasks get a handler of the operation's name, its messages the correlation key that we
ask for (one for all: the kit routes by name only), its people a role, its start values and what its
operations write a declaration. No flow, event, activity or attribute of the standard is touched,
and an element that is wrong stays wrong.
"""

from collections.abc import Iterator
from typing import Final

from harness.adapter import OPERATION, Translator
from lxml import etree

BPMN: Final = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
OURS: Final = "{urn:ventanilla:bpmn:1}"
KEY: Final = "caso_del_kit"
ROLE: Final = "asesor"
START_VALUES: Final = {"test": "text", "testCaseNumber": "integer", "integerVariable": "integer"}
WRITES: Final = {
    "SET_STRING_DATA": ("data", "text"),
    "INCREMENT_INTEGER_VARIABLE": ("integerVariable", "integer"),
    "INCREMENT_INTEGER_VARIABLE_AND_LOG": ("integerVariable", "integer"),
}
_PEOPLE: Final = ("userTask", "manualTask")
#: what may stand before extensionElements
_BEFORE: Final = frozenset({BPMN + "documentation"})
#: and before the lane sets of a process
_BEFORE_LANES: Final = frozenset(
    BPMN + tag
    for tag in ("documentation", "extensionElements", "auditing", "monitoring", "property")
)


class Dialect(Translator):
    """Expressions as the kit writes them for Python (a superset of ours); timers stay as the
    standard writes them."""

    TIMERS = ()

    def __init__(self) -> None:
        super().__init__("python", "service")

    def __call__(self, xml: bytes) -> bytes:
        root = etree.fromstring(super().__call__(xml))
        for node in list(root.iter(BPMN + "serviceTask", BPMN + "globalTask")):
            _handler(node)
        for node in list(_with_message(root)):
            _extend(node, "message", key=KEY)
        for number, process in enumerate(root.iter(BPMN + "process")):
            for name, kind in {**START_VALUES, "data": "text"}.items():
                _extend(process, "variable", name=name, type=kind)
            _extend(process, "variable", name=KEY, value="1")
            _people(process, number)
        return etree.tostring(root)


def _extend(node: etree._Element, tag: str, **attributes: str) -> None:
    extensions = node.find(BPMN + "extensionElements")
    if extensions is None:
        extensions = etree.Element(BPMN + "extensionElements")
        place = next((i for i, child in enumerate(node) if child.tag not in _BEFORE), len(node))
        node.insert(place, extensions)
    etree.SubElement(extensions, OURS + tag, attributes)


def _handler(node: etree._Element) -> None:
    operation = node.attrib.pop(OPERATION, None)
    if operation is None:
        return
    _extend(node, "handler", name=operation or "NOTHING")
    if operation in WRITES:
        name, kind = WRITES[operation]
        _extend(node, "output", name=name, type=kind)


def _with_message(root: etree._Element) -> Iterator[etree._Element]:
    """Events and tasks that send or receive a message, by a definition of their own or by
    reference."""
    shared = {each.get("id") for each in root.findall(BPMN + "messageEventDefinition")}
    for node in root.iter(BPMN + "sendTask", BPMN + "receiveTask"):
        if node.get("messageRef") or node.get("operationRef"):
            yield node
    for kind in (
        "startEvent",
        "endEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "boundaryEvent",
    ):
        for node in root.iter(BPMN + kind):
            referred = {
                (each.text or "").strip().rpartition(":")[2]
                for each in node.findall(BPMN + "eventDefinitionRef")
            }
            if node.find(BPMN + "messageEventDefinition") is not None or referred & shared:
                yield node


def _people(process: etree._Element, number: int) -> None:
    """People's tasks need a lane with a role; `number` tells the processes of a file apart."""
    people = [node.get("id", "") for kind in _PEOPLE for node in process.iter(BPMN + kind)]
    root = process.getroottree().getroot()
    called = {
        node.get("id")
        for kind in ("globalUserTask", "globalManualTask")
        for node in root.iter(BPMN + kind)
    }
    people += [
        node.get("id", "")
        for node in process.iter(BPMN + "callActivity")
        if node.get("calledElement") in called
    ]
    if not people:
        return
    for lane in process.iter(BPMN + "lane"):
        _extend(lane, "lane", role=ROLE)
    placed = {(each.text or "").strip() for each in process.iter(BPMN + "flowNodeRef")}
    people = [id_ for id_ in people if id_.strip() not in placed]
    if people:
        lane_set = etree.Element(BPMN + "laneSet", id=f"kit_lanes_{number}")
        lane = etree.SubElement(lane_set, BPMN + "lane", id=f"kit_lane_{number}")
        _extend(lane, "lane", role=ROLE)
        for id_ in people:
            etree.SubElement(lane, BPMN + "flowNodeRef").text = id_
        place = next(
            (i for i, child in enumerate(process) if child.tag not in _BEFORE_LANES), len(process)
        )
        process.insert(place, lane_set)
