"""The flows of a process, for the lint: who leads where, inside which scope."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from lxml import etree

from engine.model import xml
from engine.model.vocabulary import ACTIVITIES, FLOW_NODES, SCOPES

STARTING: Final = frozenset({"receiveTask", "intermediateCatchEvent"})


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None
    node: etree._Element


@dataclass(slots=True)
class Scope:
    """A process or an embedded sub-process: its own nodes and flows, not those inside."""

    id: str
    node: etree._Element
    nodes: dict[str, etree._Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    _out: dict[str, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    _in: dict[str, list[Flow]] = field(default_factory=lambda: defaultdict(list))
    _attached: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _starts: list[str] | None = None  #: asked once a node by some rules
    _implicit_ends: bool | None = None  #: the same

    def add_node(self, node: etree._Element) -> None:
        id_ = node.get("id", "")
        self.nodes[id_] = node
        self._starts = self._implicit_ends = None
        if node.get("attachedToRef"):
            self._attached[node.get("attachedToRef", "")].append(id_)

    def add_flow(self, flow: Flow) -> None:
        self.flows.append(flow)
        self._starts = self._implicit_ends = None
        self._out[flow.source].append(flow)
        self._in[flow.target].append(flow)

    def outgoing(self, id_: str) -> list[Flow]:
        return self._out.get(id_, [])

    def incoming(self, id_: str) -> list[Flow]:
        return self._in.get(id_, [])

    def boundaries(self, id_: str) -> list[str]:
        return self._attached.get(id_, [])

    def kind(self, id_: str) -> str:
        return xml.local(self.nodes[id_])

    def after_event_gateway(self, flow: Flow) -> bool:
        return flow.source in self.nodes and self.kind(flow.source) == "eventBasedGateway"

    def starts(self) -> list[str]:
        """Start events, and what takes their place: a task or an event that waits for the message
        which starts the process."""
        if self._starts is None:
            self._starts = [
                id_ for id_ in self.nodes if self.kind(id_) == "startEvent" or self._begins(id_)
            ]
        return self._starts

    def _begins(self, id_: str) -> bool:
        if self.kind(id_) not in STARTING:
            return False
        sources = (self.nodes.get(flow.source) for flow in self.incoming(id_))
        return instantiates(self.nodes[id_]) or any(
            each is not None and instantiates(each) for each in sources
        )

    def roots(self) -> list[str]:
        """What no flow leads to and nothing else starts."""
        apart = ("attachedToRef", "triggeredByEvent", "isForCompensation")
        return [
            id_
            for id_, node in self.nodes.items()
            if not self.incoming(id_)
            and not any(node.get(name) not in (None, "false", "0") for name in apart)
            and not (self.kind(id_) == "intermediateCatchEvent" and links(node))
        ]

    @property
    def implicit_ends(self) -> bool:
        """10.5.2 and 10.5.3: neither a start nor an end event is drawn. Then what no flow leaves
        ends."""
        if self._implicit_ends is None:
            never = is_event_sub_process(self.node) or xml.local(self.node) == "adHocSubProcess"
            drawn = any(self.kind(id_) in ("startEvent", "endEvent") for id_ in self.nodes)
            roots = [] if never or drawn else self.roots()
            gateways = (
                id_
                for id_ in roots
                if self.kind(id_).endswith("Gateway") and not instantiates(self.nodes[id_])
            )
            self._implicit_ends = bool(roots) and next(gateways, None) is None
        return self._implicit_ends

    @property
    def implicit_start(self) -> bool:
        """Then what no flow leads to begins, unless a message that starts the process does
        (`instantiate`)."""
        return self.implicit_ends and not self.starts()

    def ends_here(self, id_: str) -> bool:
        """10.5.3: no flow leaves this activity or gateway, so its path ends with it, drawn ends
        elsewhere or not."""
        kind = self.kind(id_)
        free = xml.local(self.node) == "adHocSubProcess"
        return not (free or self.outgoing(id_) or stands_apart(self.nodes[id_])) and (
            kind in ACTIVITIES or kind.endswith("Gateway")
        )

    def linked(self, id_: str) -> list[str]:
        """Link catch events of the name that this event throws."""
        if self.kind(id_) != "intermediateThrowEvent":
            return []
        names = {each.get("name") for each in links(self.nodes[id_])}
        return [
            other
            for other, node in self.nodes.items()
            if self.kind(other) == "intermediateCatchEvent"
            and any(each.get("name") in names for each in links(node))
        ]

    def reachable(self) -> set[str]:
        """What a token can reach from the start events, boundary events of reached activities
        included."""
        seen: set[str] = set()
        todo = list(self.roots() if self.implicit_start else self.starts())
        while todo:
            id_ = todo.pop()
            if id_ in seen or id_ not in self.nodes:
                continue
            seen.add(id_)
            todo += (
                [flow.target for flow in self.outgoing(id_)]
                + self.boundaries(id_)
                + self.linked(id_)
            )
        return seen


def scopes(process: etree._Element) -> Iterator[Scope]:
    """The process itself, then every embedded sub-process in it."""
    scope = Scope(process.get("id", ""), process)
    inner = []
    for child in process:
        name = xml.local(child)
        if name in FLOW_NODES:
            scope.add_node(child)
            if name in SCOPES:
                inner.append(child)
        elif name == "sequenceFlow":
            condition = xml.child(child, "conditionExpression")
            text = None if condition is None else xml.text(condition)
            flow = Flow(
                child.get("id", ""),
                child.get("sourceRef", ""),
                child.get("targetRef", ""),
                text,
                child,
            )
            scope.add_flow(flow)
    yield scope
    for child in inner:
        yield from scopes(child)


def event_definitions(node: etree._Element) -> list[etree._Element]:
    """The definitions of an event, those that it refers to included."""
    found = []
    for child in node:
        name = xml.local(child)
        if name == "eventDefinitionRef":
            found += _roots(child.getroottree().getroot()).get(
                xml.text(child).rpartition(":")[2], []
            )
        elif name.endswith("EventDefinition"):
            found.append(child)
    return found


@lru_cache(maxsize=4)
def _roots(root: etree._Element) -> dict[str, list[etree._Element]]:
    """The elements of the root level by id: one walk a file, however many events refer to it."""
    found: dict[str, list[etree._Element]] = {}
    for each in root:
        found.setdefault(each.get("id", ""), []).append(each)
    return found


def is_event_sub_process(node: etree._Element) -> bool:
    return xml.is_true(node, "triggeredByEvent")


def stands_apart(node: etree._Element) -> bool:
    """No flow leads to it: an event sub-process, or an activity that compensates another."""
    return is_event_sub_process(node) or xml.is_true(node, "isForCompensation")


def links(node: etree._Element) -> list[etree._Element]:
    return [each for each in event_definitions(node) if xml.local(each) == "linkEventDefinition"]


def instantiates(node: etree._Element) -> bool:
    return xml.is_true(node, "instantiate") and xml.local(node) in (
        "receiveTask",
        "eventBasedGateway",
    )


def starts_process(node: etree._Element) -> bool:
    """10.3.3 and 10.6.6: an instantiating receive task; an event or receive task behind an
    instantiating event gateway."""
    if xml.local(node) not in STARTING:
        return False
    if instantiates(node):
        return True
    scope, id_ = node.getparent(), node.get("id")
    flows = [] if scope is None else xml.children(scope, "sequenceFlow")
    sources = {flow.get("sourceRef") for flow in flows if flow.get("targetRef") == id_}
    return any(
        instantiates(each) and each.get("id") in sources
        for each in (scope if scope is not None else ())
    )


def started_together(node: etree._Element) -> str | None:
    """10.6.6: the event gateway (`Parallel`) with which an instance begins at this event and waits
    for the others; None: alone."""
    scope, id_ = node.getparent(), node.get("id")
    flows = [] if scope is None else xml.children(scope, "sequenceFlow")
    sources = {flow.get("sourceRef") for flow in flows if flow.get("targetRef") == id_}
    found = (
        each.get("id")
        for each in (scope if scope is not None else ())
        if each.get("id") in sources and _waits_for_all(each)
    )
    return next(found, None)


def _waits_for_all(node: etree._Element) -> bool:
    return instantiates(node) and node.get("eventGatewayType") == "Parallel"


def behaviour_definitions(loop: etree._Element) -> list[etree._Element]:
    """What a multi-instance activity throws when an item is done: by behaviour None or One, or in
    its complex definitions."""
    root = loop.getroottree().getroot()
    references = {loop.get(f"{name}BehaviorEventRef") for name in ("none", "one")} - {None}
    found = [each for each in root if each.get("id") in references]
    for event in loop.iter(xml.BPMN + "event"):
        found += event_definitions(event)
    return found


def once(event: etree._Element) -> bool:
    """Whether what this event waits for is waited for once only: a step of the way, or an end of
    what runs."""
    match xml.local(event):
        case "intermediateCatchEvent":
            return True
        case "boundaryEvent":
            return not xml.is_false(event, "cancelActivity")
        case "startEvent":
            scope = event.getparent()
            return (
                scope is not None
                and is_event_sub_process(scope)
                and not xml.is_false(event, "isInterrupting")
            )
    return False


def timer_text(node: etree._Element) -> str:
    return next(
        (xml.text(child) for child in xml.children(node, "timeDate", "timeDuration", "timeCycle")),
        "",
    )
