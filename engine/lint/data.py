"""Data inputs, outputs and associations (10.3.3, 10.3.6, 10.3.8, 10.4.1 and 10.5.1 of BPMN
2.0.2)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from lxml import etree

from engine.errors import Finding, Rule
from engine.lint.references import EVENT_DEFINITIONS, ITEM_AWARE, plain
from engine.model import xml
from engine.model.vocabulary import SCOPES, Diagram

CALL_DATA: Final = Rule("call_data", "BPMN 10.3.6", ("element", "process"))
DATA_COLLECTION: Final = Rule("data_collection", "BPMN 10.4.1", ("element",))
DATA_DIRECTION: Final = Rule("data_direction", "BPMN 10.4.1", ("reference",))
DATA_IN_SUB_PROCESS: Final = Rule("data_in_sub_process", "BPMN 10.4.1")
DATA_OBJECT_MISSING: Final = Rule("data_object_missing", "BPMN 10.4.1")
DATA_OBJECT_STATE: Final = Rule("data_object_state", "BPMN 10.4.1")
DATA_OUT_OF_SCOPE: Final = Rule("data_out_of_scope", "BPMN 10.4.1", ("reference",))
DATA_REFERENCE: Final = Rule("data_reference", "BPMN 10.4.1", ("reference",))
DATA_REFERENCE_ITEM: Final = Rule("data_reference_item", "BPMN 10.4.1")
DATA_SET_FOREIGN: Final = Rule("data_set_foreign", "BPMN 10.4.1", ("element",))
DATA_SET_MEMBER: Final = Rule("data_set_member", "BPMN 10.4.1", ("element",))
DATA_SET_PAIR: Final = Rule("data_set_pair", "BPMN 10.4.1", ("element", "other"))
DATA_SOURCES: Final = Rule("data_sources", "BPMN 10.4.1")
DATA_TRANSFORMATION: Final = Rule("data_transformation", "Ventanilla")
DATA_TYPES: Final = Rule("data_types", "BPMN 10.4.1", ("element", "other"))
DATA_WITHOUT_SET: Final = Rule("data_without_set", "BPMN 10.4.1", ("element",))
EVENT_DATA_NUMBER: Final = Rule("event_data_number", "BPMN 10.5.1", ("number",))
EVENT_DATA_TYPE: Final = Rule("event_data_type", "BPMN 10.5.1")
INTERFACE_FOREIGN: Final = Rule("interface_foreign", "BPMN 10.3.6", ("element",))
INTERFACE_UNBOUND: Final = Rule("interface_unbound", "BPMN 10.3.6", ("element",))
LOOP_DIRECTION: Final = Rule("loop_direction", "BPMN 10.3.8", ("reference",))
LOOP_NOT_A_COLLECTION: Final = Rule("loop_not_a_collection", "BPMN 10.3.8", ("element",))
MESSAGE_DATA_NUMBER: Final = Rule("message_data_number", "BPMN 10.3.3", ("element",))
MESSAGE_DATA_TYPE: Final = Rule("message_data_type", "BPMN 10.3.3", ("element",))
MESSAGE_OPERATION: Final = Rule("message_operation", "BPMN 8.5, 10.5.5", ("reference", "element"))

_COLLECTIONS: Final = ("dataObject", "dataInput", "dataOutput")
_CARRIERS: Final = {
    "messageEventDefinition": ("messageRef", "itemRef"),
    "signalEventDefinition": ("signalRef", "structureRef"),
    "errorEventDefinition": ("errorRef", "structureRef"),
    "escalationEventDefinition": ("escalationRef", "structureRef"),
}
_EVENTS: Final = (
    "startEvent",
    "intermediateCatchEvent",
    "boundaryEvent",
    "intermediateThrowEvent",
    "endEvent",
)
#: input and output names of one side of an ioSpecification: (item, set, members, optional, while
#: executing, other set)
_SIDES: Final = (
    ("dataInput", "inputSet", "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs"),
    ("dataOutput", "outputSet", "dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs"),
)


def check(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.root.iter(xml.BPMN + "*"):
        name = xml.local(node)
        if name in _COLLECTIONS:
            yield from _collection(diagram, node)
        if name == "ioSpecification":
            yield from _specification(diagram, node)
        elif name in _EVENTS:
            yield from _sets(diagram, node)
            yield from _event(diagram, node)
        elif name in ("dataInputAssociation", "dataOutputAssociation"):
            yield from _association(diagram, node, name)
        elif name in ("dataObject", "dataObjectReference"):
            yield from _object(diagram, node, name)
        elif name in ("serviceTask", "sendTask", "receiveTask"):
            yield from _messages(diagram, node, name)
        elif name == "multiInstanceLoopCharacteristics":
            yield from _loop(diagram, node)
        if (
            xml.child(node, "supportedInterfaceRef") is not None
            or xml.child(node, "ioBinding") is not None
        ):
            yield from _bindings(diagram, node)
        if name in ("sendTask", "receiveTask", "messageEventDefinition"):
            yield from _operation(diagram, node)


def calls(roots: Mapping[str, etree._Element]) -> Iterator[Finding]:
    """Of all files together, before global tasks stand in the place of their calls."""
    ids = {
        id_: node
        for root in roots.values()
        for node in root.iter(xml.BPMN + "*")
        if (id_ := node.get("id"))
    }
    for file, root in roots.items():
        diagram = Diagram(file, root, ids=ids)
        for node in root.iter(xml.BPMN + "callActivity"):
            yield from _call(diagram, node)


# --- inputs, outputs and their sets ---------------------------------------------------------------
def _collection(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """Table 10.53: `isCollection` of an item-aware element equals that of its item definition."""
    item = diagram.ids.get(plain(node.get("itemSubjectRef", "")))
    if item is not None and xml.is_true(node, "isCollection") != xml.is_true(item, "isCollection"):
        yield DATA_COLLECTION.at(diagram.file, xml.where(node), element=node.get("id", ""))


def _object(diagram: Diagram, node: etree._Element, name: str) -> Iterator[Finding]:
    """10.4.1: a data object says its type, its references say its states; a reference is to a data
    object that it can see."""
    if name == "dataObject":
        if xml.child(node, "dataState") is not None:
            yield DATA_OBJECT_STATE.at(diagram.file, xml.where(node))
        return
    found = diagram.ids.get(plain(node.get("dataObjectRef", "")))
    if not node.get("dataObjectRef"):
        yield DATA_OBJECT_MISSING.at(diagram.file, xml.where(node))
    elif found is not None and not _sees(node, found):
        yield DATA_OUT_OF_SCOPE.at(diagram.file, xml.where(node), reference=found.get("id", ""))
    if node.get("itemSubjectRef"):
        yield DATA_REFERENCE_ITEM.at(diagram.file, xml.where(node))


def _sees(node: etree._Element, data: etree._Element) -> bool:
    """10.4.1 (visibility): data is seen by what stands in its process, sub-process, activity or
    event, and below. A store, by all."""
    owner = _owner(data)
    return (
        owner is None
        or xml.local(data) in ("dataStore", "dataStoreReference")
        or owner in node.iterancestors()
    )


def _specification(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    owner = node.getparent()
    if owner is not None and xml.local(owner) in SCOPES:
        yield DATA_IN_SUB_PROCESS.at(diagram.file, xml.where(node))
    yield from _sets(diagram, node)
    yield from _pairs(diagram, node)


def _sets(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """10.4.1, tables 10.59–10.62: each input is in a set; what is optional or read while executing
    is in that same set."""
    for item, group, members, *parts in _SIDES:
        groups = list(xml.children(node, group))
        used = {name for each in groups for name in _names(each, members)}
        for each in xml.children(node, item):
            if each.get("id") not in used:
                yield DATA_WITHOUT_SET.at(diagram.file, xml.where(each), element=each.get("id", ""))
        own = {each.get("id") for each in xml.children(node, item)}
        for name in sorted(name for name in used if name in diagram.ids and name not in own):
            yield DATA_SET_FOREIGN.at(diagram.file, xml.where(node), element=name)
        for each in groups:
            inside = set(_names(each, members))
            for name in (name for part in parts for name in _names(each, part)):
                if name not in inside:
                    yield DATA_SET_MEMBER.at(diagram.file, xml.where(each), element=name)


def _names(node: etree._Element, *names: str) -> list[str]:
    return [plain(xml.text(each)) for each in xml.children(node, *names)]


def _pairs(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """Tables 10.61 and 10.62: an input set that names an output set is named by it, and the other
    way round."""
    sets = {each.get("id", ""): each for each in xml.children(node, "inputSet", "outputSet")}
    named = {
        (id_, other)
        for id_, each in sets.items()
        for other in _names(each, "outputSetRefs", "inputSetRefs")
    }
    for id_, other in sorted(named):
        if (other, id_) not in named:
            yield DATA_SET_PAIR.at(diagram.file, xml.where(sets[id_]), element=id_, other=other)


# --- associations ---------------------------------------------------------------------------------
def _association(diagram: Diagram, node: etree._Element, name: str) -> Iterator[Finding]:
    """10.4.1: into a data input of its owner from what is visible, out of a data output of its
    owner, types alike."""
    owner = node.getparent()
    sources, targets = _names(node, "sourceRef"), _names(node, "targetRef")
    for reference in (*sources, *targets):
        found = diagram.ids.get(reference)
        if found is None or xml.local(found) not in ITEM_AWARE:
            yield DATA_REFERENCE.at(diagram.file, xml.where(node), reference=reference)
            return
    own, wanted = (
        (targets, "dataInput") if name == "dataInputAssociation" else (sources, "dataOutput")
    )
    for reference in own:
        found = diagram.ids[reference]
        if xml.local(found) not in (wanted, "property") or _owner(found) is not owner:
            yield DATA_DIRECTION.at(diagram.file, xml.where(node), reference=reference)
    for reference in sources if name == "dataInputAssociation" else targets:
        found = diagram.ids[reference]
        if xml.local(found) == ("dataOutput" if name == "dataInputAssociation" else "dataInput"):
            yield DATA_DIRECTION.at(diagram.file, xml.where(node), reference=reference)
        elif (
            owner is not None
            and not _sees(owner, found)
            and not (_owner(found) is owner and xml.local(found) == "property")
        ):
            yield DATA_OUT_OF_SCOPE.at(diagram.file, xml.where(node), reference=reference)
    if xml.child(node, "transformation") is not None or xml.child(node, "assignment") is not None:
        yield DATA_TRANSFORMATION.at(diagram.file, xml.where(node))
    elif len(sources) > 1:
        yield DATA_SOURCES.at(diagram.file, xml.where(node))
    elif (
        sources
        and targets
        and not _alike(diagram, _item(diagram, sources[0]), _item(diagram, targets[0]), loose=True)
    ):
        yield DATA_TYPES.at(diagram.file, xml.where(node), element=sources[0], other=targets[0])


def _owner(node: etree._Element) -> etree._Element | None:
    parent = node.getparent()
    return (
        parent.getparent()
        if parent is not None and xml.local(parent) == "ioSpecification"
        else parent
    )


def _item(diagram: Diagram, id_: str) -> str:
    """The item definition of an item-aware element; a reference has that of what it refers to."""
    node = diagram.ids[id_]
    if (
        not node.get("itemSubjectRef")
        and (other := plain(node.get("dataObjectRef") or node.get("dataStoreRef") or ""))
        in diagram.ids
    ):
        node = diagram.ids[other]
    return plain(node.get("itemSubjectRef", ""))


def _alike(diagram: Diagram, one: str, other: str, *, loose: bool = False) -> bool:
    """The same item definition, or two of the same structure. `loose`: what says nothing fits
    anything."""
    if one == other or (loose and not (one and other)):
        return True
    items = [diagram.ids[id_] for id_ in (one, other) if id_ in diagram.ids]
    structures = [(item.get("structureRef"), xml.is_true(item, "isCollection")) for item in items]
    return len(structures) > 1 and structures[0][0] is not None and structures[0] == structures[1]


def _of_one(diagram: Diagram, many: str, one: str) -> bool:
    """Table 10.30: an item has the structure of the collection and is none itself. What says
    nothing fits anything."""
    if not (many and one) or many not in diagram.ids or one not in diagram.ids:
        return True
    collection, item = diagram.ids[many], diagram.ids[one]
    structures = {each.get("structureRef") for each in (collection, item)} - {None}
    return len(structures) <= 1 and not xml.is_true(item, "isCollection")


# --- who needs which data -------------------------------------------------------------------------
def _io(node: etree._Element, name: str) -> list[str]:
    """Item definitions of the inputs or outputs of an activity, in order."""
    found = xml.child(node, "ioSpecification")
    return (
        []
        if found is None
        else [plain(each.get("itemSubjectRef", "")) for each in xml.children(found, name)]
    )


def _message_item(diagram: Diagram, reference: str | None) -> str | None:
    message = diagram.ids.get(plain(reference or ""))
    return None if message is None else plain(message.get("itemRef", ""))


def _messages(diagram: Diagram, node: etree._Element, name: str) -> Iterator[Finding]:
    """10.3.3: a service, send or receive task has one input set, one output set at most, and data
    like its messages."""
    found = xml.child(node, "ioSpecification")
    if found is None:
        return
    operation = diagram.ids.get(plain(node.get("operationRef", "")))
    if name == "serviceTask":
        if operation is None:
            return
        incoming = _message_item(diagram, xml.text(xml.child(operation, "inMessageRef")))
        outgoing = _message_item(diagram, xml.text(xml.child(operation, "outMessageRef")))
        sides = [("dataInput", "inputSet", incoming), ("dataOutput", "outputSet", outgoing)]
    else:
        item = _message_item(diagram, node.get("messageRef"))
        sides = [
            ("dataInput", "inputSet", item)
            if name == "sendTask"
            else ("dataOutput", "outputSet", item)
        ]
    for part, group, item in sides:
        parts = list(xml.children(found, part))
        if len(parts) > 1 or len(list(xml.children(found, group))) > 1:
            yield MESSAGE_DATA_NUMBER.at(diagram.file, xml.where(node), element=part)
        elif (
            parts
            and item is not None
            and not _alike(diagram, plain(parts[0].get("itemSubjectRef", "")), item)
        ):
            yield MESSAGE_DATA_TYPE.at(
                diagram.file, xml.where(node), element=parts[0].get("id", "")
            )


def _event(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """10.5.1: an event that declares data has one item for each definition that carries one, of its
    type and in its order."""
    throws = xml.local(node) in ("intermediateThrowEvent", "endEvent")
    declared = [
        plain(each.get("itemSubjectRef", ""))
        for each in xml.children(node, "dataInput" if throws else "dataOutput")
    ]
    if not declared:
        return
    carried = [item for each in _definitions(diagram, node) if (item := _carried(diagram, each))]
    if carried and len(declared) != len(carried):
        yield EVENT_DATA_NUMBER.at(diagram.file, node.get("id"), number=str(len(carried)))
    elif any(
        not _alike(diagram, one, other) for one, other in zip(declared, carried, strict=False)
    ):
        yield EVENT_DATA_TYPE.at(diagram.file, node.get("id"))


def _definitions(diagram: Diagram, node: etree._Element) -> Iterator[etree._Element]:
    for child in node:
        if xml.local(child) in EVENT_DEFINITIONS:
            yield child
        elif (
            xml.local(child) == "eventDefinitionRef"
            and (found := diagram.ids.get(plain(xml.text(child)))) is not None
        ):
            yield found


def _carried(diagram: Diagram, definition: etree._Element) -> str:
    """The item definition of what a definition refers to."""
    if xml.local(definition) not in _CARRIERS:
        return ""
    reference, attribute = _CARRIERS[xml.local(definition)]
    found = diagram.ids.get(plain(definition.get(reference, "")))
    return "" if found is None else plain(found.get(attribute, ""))


def _call(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """10.3.6: inputs and outputs of a call activity are those of what it calls, in number and
    type."""
    called = diagram.ids.get(plain(node.get("calledElement", "")))
    if called is None:
        return
    for part in "dataInput", "dataOutput":
        mine, theirs = (
            Counter(_structure(diagram, item) for item in _io(each, part))
            for each in (node, called)
        )
        if mine != theirs:
            yield CALL_DATA.at(
                diagram.file, node.get("id"), element=part, process=called.get("id", "")
            )


def _structure(diagram: Diagram, item: str) -> str:
    return diagram.ids[item].get("structureRef") or item if item in diagram.ids else item


def _bindings(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """10.3.6 (CallableElement): each operation of a supported interface, and no other, is bound to
    sets of the element itself."""
    bound = {plain(each.get("operationRef", "")) for each in xml.children(node, "ioBinding")}
    for reference in _names(node, "supportedInterfaceRef"):
        interface = diagram.ids.get(reference)
        operations = (
            []
            if interface is None
            else [each.get("id", "") for each in xml.children(interface, "operation")]
        )
        for name in operations:
            if name not in bound:
                yield INTERFACE_UNBOUND.at(diagram.file, node.get("id"), element=name)
    supported = set(_names(node, "supportedInterfaceRef"))
    for each in xml.children(node, "ioBinding"):
        operation = diagram.ids.get(plain(each.get("operationRef", "")))
        sets = [
            diagram.ids.get(plain(each.get(name, ""))) for name in ("inputDataRef", "outputDataRef")
        ]
        parent = None if operation is None else operation.getparent()
        strange = (
            parent is not None
            and xml.local(operation) == "operation"
            and parent.get("id") not in supported
        )
        if strange or any(found is not None and _owner(found) is not node for found in sets):
            yield INTERFACE_FOREIGN.at(
                diagram.file, node.get("id"), element=each.get("operationRef", "")
            )


def _operation(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """8.5 and 10.5.5: who names an operation sends or receives a message of that operation."""
    named = node.get("operationRef") or xml.text(xml.child(node, "operationRef"))
    operation, message = diagram.ids.get(plain(named)), plain(node.get("messageRef", ""))
    if operation is None or xml.local(operation) != "operation" or message not in diagram.messages:
        return
    if message not in _names(operation, "inMessageRef", "outMessageRef"):
        yield MESSAGE_OPERATION.at(
            diagram.file, xml.where(node), reference=message, element=operation.get("id", "")
        )


def _loop(diagram: Diagram, node: etree._Element) -> Iterator[Finding]:
    """10.3.8, table 10.30: the data of a multi-instance activity is a collection of its items."""
    for name, item in (
        ("loopDataInputRef", "inputDataItem"),
        ("loopDataOutputRef", "outputDataItem"),
    ):
        data = diagram.ids.get(plain(xml.text(xml.child(node, name))))
        if data is None or xml.local(data) not in ITEM_AWARE:
            continue  # a variable, or `reference_kind`
        wrong = "dataOutput" if name == "loopDataInputRef" else "dataInput"
        activity = node.getparent()
        if xml.local(data) == wrong or not (_owner(data) is activity or _sees(node, data)):
            yield LOOP_DIRECTION.at(diagram.file, xml.where(node), reference=data.get("id", ""))
        if xml.local(data) in _COLLECTIONS and not xml.is_true(data, "isCollection"):
            yield LOOP_NOT_A_COLLECTION.at(
                diagram.file, xml.where(node), element=data.get("id", "")
            )
        part = xml.child(node, item)
        types = [plain(each.get("itemSubjectRef", "")) for each in (data, part) if each is not None]
        if len(types) > 1 and not _of_one(diagram, *types):
            yield DATA_TYPES.at(
                diagram.file, xml.where(node), element=data.get("id", ""), other=item
            )
