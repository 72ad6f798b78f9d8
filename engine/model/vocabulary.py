"""Reads a diagram into ElementSpec and ProcessSpec: standard BPMN, and our `v:` name space
(docs/modelling.md)."""

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from engine.errors import ExpressionError, Finding, Problem, Rule
from engine.model import schedules, xml
from engine.types import (
    CaseSpec,
    DeliverySpec,
    ElementSpec,
    FieldSpec,
    InputSpec,
    LaneSpec,
    MessageSpec,
    OutputSpec,
    ScheduleRule,
    StartSpec,
    Value,
)

FIELD_OPTIONS: Final = Rule("field_options", "Ventanilla", ("field", "type"))
SCHEDULE_RULE: Final = Rule("schedule_rule", "Ventanilla", ("problem",))
SCHEDULE_TWICE: Final = Rule("schedule_twice", "Ventanilla")
SCHEDULE_WITHOUT_TIMER: Final = Rule("schedule_without_timer", "Ventanilla")
V_ATTRIBUTE_MISSING: Final = Rule("v_attribute_missing", "Ventanilla", ("element", "attribute"))
V_ATTRIBUTE_UNKNOWN: Final = Rule("v_attribute_unknown", "Ventanilla", ("attribute",))
V_CONTENT_UNKNOWN: Final = Rule("v_content_unknown", "Ventanilla", ("element",))
V_ELEMENT_MISPLACED: Final = Rule("v_element_misplaced", "Ventanilla", ("element", "on"))
V_ELEMENT_REPEATED: Final = Rule("v_element_repeated", "Ventanilla", ("element",))
V_ELEMENT_UNKNOWN: Final = Rule("v_element_unknown", "Ventanilla", ("element",))
V_VALUE: Final = Rule("v_value", "Ventanilla", ("attribute", "value", "allowed"))

FLOW_NODES: Final = frozenset({
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
    "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask",
    "subProcess", "transaction", "adHocSubProcess", "callActivity",
    "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway",
})  # fmt: skip
SCOPES: Final = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES: Final = frozenset(
    kind for kind in FLOW_NODES if not kind.endswith(("Event", "Gateway"))
)
#: elements that something may name (8.3.1, table 8.5): where the file gives them no id, we do
NAMED: Final = FLOW_NODES | {
    "message", "signal", "error", "escalation", "itemDefinition", "interface", "operation", "participant", "messageFlow", "dataObject",
    "dataObjectReference", "dataStoreReference", "dataStore", "dataInput", "dataOutput", "property", "lane", "category", "categoryValue",
    "resource", "globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask", "textAnnotation",
    "correlationKey", "correlationProperty", "collaboration", "choreography", "choreographyTask", "subChoreography", "callChoreography",
}  # fmt: skip
FIELD_TYPES: Final = (
    "text",
    "longtext",
    "choice",
    "date",
    "number",
    "integer",
    "boolean",
    "email",
    "file",
)
OUTPUT_TYPES: Final = ("text", "integer", "number", "boolean", "instant", "list")
PHASE_NAME: Final = "waitingForStart"  # what a complex gateway's condition may ask (13.4.5)
TIMER_TEXTS: Final = ("timeDate", "timeDuration", "timeCycle")
_TRUE: Final = {"true": True, "1": True, "false": False, "0": False, "": False}
_TRUTH: Final = {"true": True, "false": False}

_MESSAGES: Final = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
                    "sendTask", "receiveTask")  # fmt: skip
#: What may wait for a message, or begin a process.
RECEIVES: Final = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")
_OF_A_CASE: Final = (
    "subject",
    "person",
    "person_kind",
    "name",
    "email",
    "place",
    "due",
    "anonymous",
)
_PEOPLE: Final = ("userTask", "manualTask", "globalUserTask", "globalManualTask")
_WITH_OUTPUT: Final = (
    *_PEOPLE,
    "serviceTask",
    "sendTask",
    "businessRuleTask",
    "globalTask",
    "globalBusinessRuleTask",
)

#: our element -> (BPMN elements it may stand on, required attributes, optional attributes)
VOCABULARY: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]] = {
    "lane": (("lane",), ("role",), ("scope", "name")),
    "form": ((*_PEOPLE, "startEvent"), ("key",), ()),
    "field": (
        (*_PEOPLE, *RECEIVES),
        ("name", "label"),
        ("type", "required", "decision", "options", "hint", "min", "max", "pattern", "search"),
    ),
    "output": (_WITH_OUTPUT, ("name",), ("type",)),
    "due": (_PEOPLE, ("expr",), ()),
    "priority": (_PEOPLE, ("expr",), ()),
    "separate": (_PEOPLE, ("from",), ()),
    "holder": (_PEOPLE, ("variable",), ()),
    "handler": (("serviceTask", "sendTask", "globalTask"), ("name",), ()),
    "input": (("serviceTask", "sendTask", "globalTask"), ("name",), ("value", "expr")),
    "decision": (("businessRuleTask", "globalBusinessRuleTask"), ("table",), ()),
    "message": (_MESSAGES, ("key",), ("payload", "obligatory")),
    "start": (("startEvent",), (), ("roles", "public", "after")),
    "delivery": (RECEIVES, (), ("roles", "webhook")),
    "process": (("process",), (), ("assumption", "version_tag")),
    "case": (("process",), ("number",), ("class", *_OF_A_CASE)),
    "variable": (("process",), ("name",), ("type", "value")),
    "schedule": (
        ("startEvent",),
        ("each",),
        ("at", "weekday", "day", "business_day", "months", "shift", "missed", "variable"),
    ),
}
_REPEATED: Final = frozenset({"field", "input", "output", "separate", "variable"})


@dataclass(slots=True)
class Diagram:
    """One file, read: its processes, and what is wrong with its vocabulary."""

    file: str
    root: etree._Element
    processes: list["Process"] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    messages: dict[str, str] = field(default_factory=dict)  # id -> name
    signals: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str | None] = field(default_factory=dict)  # id -> code
    escalations: dict[str, str | None] = field(default_factory=dict)
    # every BPMN element that has an id
    ids: dict[str, etree._Element] = field(default_factory=dict)
    associations: dict[str, list[str]] = field(default_factory=dict)  # source -> targets
    associated: set[str] = field(default_factory=set)  # targets
    nameless: frozenset[str] = frozenset()  # ids that we gave: nothing in the file refers to them


@dataclass(slots=True)
class Process:
    id: str
    name: str
    node: etree._Element
    version_tag: str
    assumption: bool
    variables: dict[str, str]
    initial: dict[str, Value]
    case: CaseSpec | None
    elements: dict[str, ElementSpec]
    nodes: dict[str, etree._Element]


def read(file: str, root: etree._Element) -> Diagram:
    diagram = Diagram(file, root, nameless=frozenset(_give_ids(root)))
    for node in root.iter(xml.BPMN + "*"):
        if id_ := node.get("id"):
            diagram.ids.setdefault(id_, node)
        if node.tag == xml.BPMN + "association":
            source, target = (
                node.get(end, "").strip().rpartition(":")[2] for end in ("sourceRef", "targetRef")
            )
            diagram.associations.setdefault(source, []).append(target)
            diagram.associated.add(target)
    for tag, table, attribute in (
        ("message", diagram.messages, "name"),
        ("signal", diagram.signals, "name"),
        ("error", diagram.errors, "errorCode"),
        ("escalation", diagram.escalations, "escalationCode"),
    ):
        for node in xml.children(root, tag):
            table[node.get("id", "")] = node.get(attribute) or ("" if attribute == "name" else None)  # type: ignore[assignment]  # None where BPMN lets the reference stand empty
    diagram.findings += _misplaced(file, root)
    for node in xml.children(root, "process"):
        diagram.processes.append(_Reader(diagram, node).process())
    return diagram


def _give_ids(root: etree._Element) -> Iterator[str]:
    """8.3.1: an id may be missing where nothing refers to the element. The tree gets one, the file
    stays as it was drawn.

    The same file gets the same ids: of the process, of what it is, and of how many of these stand
    before it in the file.
    """
    taken, numbers = {node.get("id") for node in root.iter(xml.BPMN + "*")}, Counter[str]()
    for node in root.iter(xml.BPMN + "*"):
        name = xml.local(node)
        if name != "sequenceFlow" and name not in NAMED:
            continue
        numbers[name] += 1
        if not node.get("id"):
            process = next(node.iterancestors(xml.BPMN + "process"), None)
            inside = (
                "" if process is None or name == "sequenceFlow" else f"{process.get('id', '')}-"
            )
            plain = f"{inside}{'flow' if name == 'sequenceFlow' else name}-{numbers[name]}"
            id_ = next(
                each
                for each in (plain + "-" * more for more in itertools.count())
                if each not in taken
            )
            node.set("id", id_)
            yield id_


def ours(node: etree._Element, name: str) -> list[etree._Element]:
    extensions = xml.child(node, "extensionElements")
    return [] if extensions is None else extensions.findall(xml.OURS + name)


def flow_nodes(scope: etree._Element) -> Iterator[etree._Element]:
    """All flow nodes below, those of embedded sub-processes included."""
    for child in scope:
        if (
            isinstance(child.tag, str)
            and child.tag.startswith(xml.BPMN)
            and xml.local(child) in FLOW_NODES
        ):
            yield child
            if xml.local(child) in SCOPES:
                yield from flow_nodes(child)


# --- what may stand where -------------------------------------------------------------------------
def _misplaced(file: str, root: etree._Element) -> Iterator[Finding]:
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag.startswith(xml.OURS):
            yield from _check_element(file, node)
        else:
            for name in node.attrib:
                if str(name).startswith(xml.OURS):
                    yield V_ATTRIBUTE_UNKNOWN.at(
                        file, node.get("id"), attribute=xml_name(str(name))
                    )


def _check_element(file: str, node: etree._Element) -> Iterator[Finding]:
    name = xml.local(node)
    parent = node.getparent()
    host = (
        parent.getparent()
        if parent is not None and parent.tag == xml.BPMN + "extensionElements"
        else None
    )
    where = None if host is None else host.get("id")
    if name not in VOCABULARY:
        yield V_ELEMENT_UNKNOWN.at(file, where, element=name)
        return
    on, required, optional = VOCABULARY[name]
    if host is None or xml.namespace(host) != xml.BPMN[1:-1] or xml.local(host) not in on:
        yield V_ELEMENT_MISPLACED.at(file, where, element=name, on=" ".join(on))
        return
    for attribute in required:
        if not (node.get(attribute) or "").strip():
            yield V_ATTRIBUTE_MISSING.at(file, where, element=name, attribute=attribute)
    for attribute in node.attrib:
        if str(attribute) not in (*required, *optional):
            yield V_ATTRIBUTE_UNKNOWN.at(file, where, attribute=xml_name(str(attribute)))
    if len(node) or (node.text or "").strip():
        yield V_CONTENT_UNKNOWN.at(file, where, element=name)
    if (
        name not in _REPEATED
        and next(node.itersiblings(node.tag, preceding=True), None) is not None
    ):
        yield V_ELEMENT_REPEATED.at(file, where, element=name)


def xml_name(name: str) -> str:
    return str(etree.QName(name).localname)


# --- reading --------------------------------------------------------------------------------------
class _Reader:
    def __init__(self, diagram: Diagram, node: etree._Element) -> None:
        self.diagram, self.node = diagram, node
        self.id = node.get("id", "")
        self.lanes = self._lanes()

    def process(self) -> Process:
        mark = next(iter(ours(self.node, "process")), None)
        nodes = {node.get("id", ""): node for node in flow_nodes(self.node)}
        return Process(
            id=self.id,
            name=self.node.get("name") or self.id,
            node=self.node,
            version_tag="" if mark is None else mark.get("version_tag", ""),
            assumption=mark is not None and self._flag(mark, "assumption"),
            variables={
                v.get("name", ""): self._type(v, OUTPUT_TYPES) for v in ours(self.node, "variable")
            },
            initial={
                v.get("name", ""): self._initial(v)
                for v in ours(self.node, "variable")
                if v.get("value") is not None
            },
            case=next((_case(mark) for mark in ours(self.node, "case")), None),
            elements={id_: self._element(id_, node) for id_, node in nodes.items()},
            nodes=nodes,
        )

    def _lanes(self) -> dict[str, LaneSpec]:
        """Element id -> its innermost lane; of several ways to divide the process, in the first
        that names a role."""
        found: dict[str, LaneSpec] = {}
        for lanes in self.node.iter(xml.BPMN + "laneSet"):
            found |= {
                id_: lane
                for id_, lane in self._lanes_of(lanes)
                if id_ not in found or found[id_].role is None
            }
        return found

    @staticmethod
    def _lanes_of(lanes: etree._Element) -> Iterator[tuple[str, LaneSpec]]:
        for lane in lanes.iter(xml.BPMN + "lane"):
            mark = next(iter(ours(lane, "lane")), None)
            role, scope = (
                (None, None)
                if mark is None
                else (mark.get("role") or None, mark.get("scope") or None)
            )
            called = "" if mark is None else " ".join((mark.get("name") or "").split())
            spec = LaneSpec(lane.get("id", ""), lane.get("name") or "", role, scope, called)
            for reference in xml.children(lane, "flowNodeRef"):
                yield xml.text(reference), spec

    def _element(self, id_: str, node: etree._Element) -> ElementSpec:
        parent = node.getparent()
        scope = parent.get("id") if parent is not None and xml.local(parent) in SCOPES else None
        return ElementSpec(
            id=id_,
            name=" ".join((node.get("name") or id_).split()),
            type=xml.local(node),
            process=self.id,
            documentation=xml.text(xml.child(node, "documentation")),
            lane=self._lane(id_, node),
            form=_attribute(node, "form", "key"),
            fields=tuple(map(self._field, ours(node, "field"))),
            outputs=tuple(
                OutputSpec(output.get("name", ""), self._type(output, OUTPUT_TYPES))
                for output in ours(node, "output")
            ),
            handler=_attribute(node, "handler", "name"),
            inputs=tuple(
                InputSpec(i.get("name", ""), i.get("value"), i.get("expr"))
                for i in ours(node, "input")
            ),
            table=_attribute(node, "decision", "table"),
            due=_attribute(node, "due", "expr"),
            priority=_attribute(node, "priority", "expr"),
            not_same_person_as=tuple(mark.get("from", "") for mark in ours(node, "separate")),
            holder=_attribute(node, "holder", "variable"),
            message=self._message(node),
            called=node.get("calledElement") or None,
            attached_to=node.get("attachedToRef") or None,
            scope=scope,
            schedule=self._schedule(id_, node)
            if scope is None and xml.local(node) == "startEvent"
            else None,
            start=next(map(self._start, ours(node, "start")), None),
            delivery=next(map(self._delivery, ours(node, "delivery")), None),
        )

    def _start(self, mark: etree._Element) -> StartSpec:
        return StartSpec(
            _words(mark, "roles"),
            self._flag(mark, "public"),
            " ".join((mark.get("after") or "").split()),
        )

    def _delivery(self, mark: etree._Element) -> DeliverySpec:
        return DeliverySpec(_words(mark, "roles"), self._flag(mark, "webhook"))

    def _schedule(self, id_: str, node: etree._Element) -> ScheduleRule | None:
        """Our mark, else the timer text of the standard."""
        mark, timer = (
            next(iter(ours(node, "schedule")), None),
            self._definition(node, "timerEventDefinition"),
        )
        text = (
            ""
            if timer is None
            else next((xml.text(each) for each in xml.children(timer, *TIMER_TEXTS)), "")
        )
        if mark is None and not text:
            return None
        if mark is not None and timer is None:
            self._refuse(SCHEDULE_WITHOUT_TIMER, id_)
            return None
        if mark is not None and text:
            self._refuse(SCHEDULE_TWICE, id_)
            return None
        try:
            return (
                schedules.read_timer(text)
                if mark is None
                else schedules.read({str(k): str(v) for k, v in mark.attrib.items()})
            )
        except ExpressionError as error:
            self._refuse(SCHEDULE_RULE, id_, problem=error.problem)
            return None

    def _lane(self, id_: str, node: etree._Element) -> LaneSpec | None:
        """Its own lane, else the lane of the sub-process around it."""
        if id_ in self.lanes:
            return self.lanes[id_]
        parent = node.getparent()
        return (
            None
            if parent is None or parent is self.node
            else self._lane(parent.get("id", ""), parent)
        )

    def _field(self, node: etree._Element) -> FieldSpec:
        id_ = _host(node)
        options = tuple(
            (value.strip(), label.strip() or value.strip())
            for value, _, label in (
                part.partition(":") for part in (node.get("options") or "").split("|")
            )
            if value.strip()
        )
        spec = FieldSpec(
            name=node.get("name", ""),
            label=node.get("label", ""),
            type=self._type(node, FIELD_TYPES),
            required=self._flag(node, "required"),
            decision=self._flag(node, "decision"),
            options=options,
            hint=node.get("hint", ""),
            minimum=self._bound(node, "min"),
            maximum=self._bound(node, "max"),
            pattern=node.get("pattern") or None,
            search=self._flag(node, "search"),
        )
        if (spec.type == "choice") != bool(options):
            self._refuse(FIELD_OPTIONS, id_, field=spec.name, type=spec.type)
        return spec

    def _message(self, node: etree._Element) -> MessageSpec | None:
        """The message that an event or task throws or waits for, by its name."""
        name = self._message_name(node)
        if name is None:
            return None
        others = (
            tuple(each for each in self._names_on(node) if each != name)
            if xml.local(node) == "startEvent"
            else ()
        )
        mark = next(iter(ours(node, "message")), None)
        if mark is None:
            return MessageSpec(name, "", others=others)
        payload = tuple((mark.get("payload") or "").split())
        return MessageSpec(
            name,
            mark.get("key", ""),
            payload,
            obligatory=self._flag(mark, "obligatory"),
            others=others,
        )

    def _names_on(self, node: etree._Element) -> Iterator[str]:
        """Names of all messages of an event, in the order of the file."""
        for child in node:
            each = (
                self.diagram.ids.get(_plain(xml.text(child)))
                if xml.local(child) == "eventDefinitionRef"
                else child
            )
            if each is not None and xml.local(each) == "messageEventDefinition":
                yield self.diagram.messages.get(_plain(each.get("messageRef", "")), "")

    def _message_name(self, node: etree._Element) -> str | None:
        definition = self._definition(node, "messageEventDefinition")
        reference = node.get("messageRef") if definition is None else definition.get("messageRef")
        if reference is None:
            reference = self._message_of_operation(node if definition is None else definition)
        if definition is None and reference is None:
            return None
        return self.diagram.messages.get(_plain(reference or ""), "")

    def _message_of_operation(self, node: etree._Element) -> str | None:
        """10.3.3 and 10.5.5: who names an operation and no message sends, or receives, what goes
        into that operation."""
        if xml.local(node) not in ("sendTask", "receiveTask", "messageEventDefinition"):
            return None
        operation = self.diagram.ids.get(
            _plain(node.get("operationRef") or xml.text(xml.child(node, "operationRef")))
        )
        return None if operation is None else xml.text(xml.child(operation, "inMessageRef")) or None

    def _definition(self, node: etree._Element, kind: str) -> etree._Element | None:
        """Its own, or one that it shares by reference."""
        referred = (
            self.diagram.ids.get(_plain(xml.text(each)))
            for each in xml.children(node, "eventDefinitionRef")
        )
        shared = (each for each in referred if each is not None and xml.local(each) == kind)
        own = xml.child(node, kind)
        return next(shared, None) if own is None else own

    # --- attributes, with findings
    def _refuse(self, rule: Rule, element: str | None, **facts: str | Problem) -> None:
        self.diagram.findings.append(rule.at(self.diagram.file, element, **facts))

    def _flag(self, node: etree._Element, attribute: str) -> bool:
        value = (node.get(attribute) or "").strip()
        if value not in _TRUE:
            self._refuse(
                V_VALUE, _host(node), attribute=attribute, value=value, allowed="true false"
            )
        return _TRUE.get(value, False)

    def _type(self, node: etree._Element, allowed: tuple[str, ...]) -> str:
        value = node.get("type") or allowed[0]
        if value not in allowed:
            self._refuse(
                V_VALUE, _host(node), attribute="type", value=value, allowed=" ".join(allowed)
            )
        return value

    def _initial(self, node: etree._Element) -> Value:
        """The value that a variable has when an instance starts without it."""
        kind, text = node.get("type") or OUTPUT_TYPES[0], node.get("value") or ""
        try:
            if kind == "boolean":
                return _TRUTH[text]
            return (
                int(text)
                if kind == "integer"
                else float(text)
                if kind == "number"
                else []
                if kind == "list"
                else text
            )
        except (ValueError, KeyError):
            self._refuse(V_VALUE, _host(node), attribute="value", value=text, allowed=kind)
            return None

    def _bound(self, node: etree._Element, attribute: str) -> float | None:
        value = node.get(attribute)
        if value is None:
            return None
        try:
            return float(value)
        except ValueError:
            self._refuse(V_VALUE, _host(node), attribute=attribute, value=value, allowed="number")
            return None


def _host(node: etree._Element) -> str | None:
    parent = node.getparent()
    host = None if parent is None else parent.getparent()
    return None if host is None else host.get("id")


def _attribute(node: etree._Element, element: str, attribute: str) -> str | None:
    mark = next(iter(ours(node, element)), None)
    return None if mark is None else (mark.get(attribute) or "").strip() or None


def _case(mark: etree._Element) -> CaseSpec:
    told = {name: (mark.get(name) or "").strip() or None for name in _OF_A_CASE}
    return CaseSpec((mark.get("number") or "").strip(), (mark.get("class") or "").strip(), **told)


def _words(mark: etree._Element, attribute: str) -> tuple[str, ...]:
    return tuple((mark.get(attribute) or "").split())


def _plain(reference: str) -> str:
    """A QName reference without its prefix."""
    return reference.rpartition(":")[2]
