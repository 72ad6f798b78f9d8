# mypy: disallow-subclassing-any=False
"""SpiffWorkflow's parser with our classes for every element, fed with specs that were read by
`vocabulary`."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Final

import SpiffWorkflow.bpmn.parser
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    SubprocessParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.model import timers, xml
from engine.model.decision_tables import Table
from engine.model.expressions import compile_expression
from engine.model.graph import (
    behaviour_definitions,
    event_definitions,
    once,
    started_together,
    starts_process,
    timer_text,
)
from engine.model.graph_decisions import GraphDecision
from engine.model.marks import AWAITED_WITH, HIDDEN, IMPLICIT, STANDS_FOR, UNDONE_BY, undrawn_id
from engine.model.vocabulary import Diagram
from engine.spiff import definitions, events, gateways, loops, nodes
from engine.types import Data, ElementSpec

#: The XSD of BPMN 2.0.2 that comes with the library.
SCHEMA: Final = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd"
MAX_REASON: Final = 500  # characters of the library's own words that are kept


@dataclass(frozen=True, slots=True)
class Context:
    """What the parsers look up while they build a process."""

    elements: Mapping[str, ElementSpec]  # of the files of this process, by id
    diagrams: Mapping[str, Diagram]
    tables: Mapping[str, Table | GraphDecision]
    initial: Mapping[str, Data]  # values of variables of a process that begins without them


class _Parser(TaskParser):
    STANDARD_LOOP_CLASS = loops.Loop
    PARALLEL_MI_CLASS = loops.ParallelMulti
    SEQUENTIAL_MI_CLASS = loops.SequentialMulti

    @property
    def context(self) -> Context:
        context: Context = self.process_parser.parser.context
        return context

    @property
    def drawn(self) -> str:
        """The element of the diagram: its own id, or of the element that it stands for."""
        return self.node.get(STANDS_FOR) or self.bpmn_id or ""

    @property
    def element(self) -> ElementSpec:
        return self.context.elements[self.drawn]

    def parse_node(self) -> Any:
        """The original without its recursion: what follows is made when the process comes to it, so
        a long path needs no deep stack."""
        self.task = self.create_task()
        self.task.extensions = self.parse_extensions()
        for loop in self.xpath("./bpmn:standardLoopCharacteristics"):
            self._add_loop_task(loop)
        for loop in self.xpath("./bpmn:multiInstanceLoopCharacteristics"):
            self._add_multiinstance_task(loop)
        self.task.bpmn_id = self.drawn
        undone = (
            self.spec.task_specs[self.task.task_spec]
            if isinstance(self.task, LoopTask)
            else self.task
        )
        undone.undo = self.node.get(UNDONE_BY)
        for loop in xml.children(self.node, "multiInstanceLoopCharacteristics"):
            self.task.announcements = tuple(self._announcements(loop))
        self.task.hidden = self.node.get(HIDDEN) == "true" or (
            self.bpmn_id.endswith(IMPLICIT) and self.node.get(STANDS_FOR) is None
        )
        self.process_parser.unconnected.append(self)
        events = self.process_parser.get_boundary_events(self.bpmn_id)
        return self._add_boundary_event(events) if events else self.task

    def connect(self) -> None:
        """The flows out of it, in the order of the file."""
        outgoing = self.process_parser.get_outgoing_sequence_flows(self.bpmn_id)
        if len(outgoing) > 1 and not self.handles_multiple_outgoing():
            self.raise_validation_exception("several flows leave an element that is no gateway")
        default = self.node.get("default")
        if (
            len(outgoing) == 1
            and isinstance(self, ConditionalGatewayParser)
            and self.parse_condition(outgoing[0]) is None
        ):
            default = outgoing[0].get("id")
        for flow in outgoing:
            self.connect_outgoing(
                self.process_parser.entry(flow.get("targetRef")), flow, flow.get("id") == default
            )

    def _announcements(self, loop: etree._Element) -> Iterator[loops.Announcement]:
        event = _Event(self.process_parser, None, self.node, self.nsmap)
        behaviour = loop.get("behavior", "All")
        if behaviour in ("None", "One"):
            when = loops.EACH if behaviour == "None" else loops.FIRST
            yield from ((when, event.read(each)) for each in behaviour_definitions(loop))
        for each in xml.children(loop, "complexBehaviorDefinition"):
            condition = xml.text(xml.child(each, "condition"))
            yield from (
                (condition, event.read(definition)) for definition in behaviour_definitions(each)
            )

    def _add_boundary_event(self, children: list[etree._Element]) -> nodes.Split:
        """The activity and its armed events side by side, without the join tasks of the
        original."""
        split = nodes.Split(self.spec, f"{self.bpmn_id}.BoundaryEventSplit", lane=self.task.lane)
        split.connect(self.task)
        for event in children:
            split.connect(self.process_parser.parse_node(event))
        return split


class _Work(_Parser):
    def create_task(self) -> nodes.Work:
        task = nodes.Work(self.spec, self.bpmn_id, **self.bpmn_attributes)
        task.due, task.priority = self.element.due, self.element.priority
        return task


class _Rule(_Parser):
    def create_task(self) -> nodes.Rule:
        task = nodes.Rule(self.spec, self.bpmn_id, **self.bpmn_attributes)
        task.table = self.context.tables[self.element.table or ""]
        return task


class _Event(_Parser):
    def create_task(self) -> Any:
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=self.definition(), **self.bpmn_attributes
        )

    def definition(self) -> definitions.Definition:
        return self.every_definition()[0]

    def every_definition(self) -> list[definitions.Definition]:
        """One for each that was drawn; of a task, its message; of a plain event, one that passes at
        once."""
        element = self.context.elements.get(self.drawn)  # None: an end that the normaliser put in
        found = [self.read(child) for child in event_definitions(self.node)]
        if not found and element is not None and element.message is not None:
            found = [definitions.MessageDefinition(element.message)]
        return found or [definitions.NoneDefinition(self.bpmn_id)]

    def read(self, node: etree._Element) -> definitions.Definition:
        diagram = self.context.diagrams[self.filename]
        match xml.local(node):
            case "messageEventDefinition" if self.element.message is not None:
                name = diagram.messages[node.get("messageRef", "").rpartition(":")[2]]
                return definitions.MessageDefinition(replace(self.element.message, name=name))
            case "timerEventDefinition":
                return self._timer(node)
            case "signalEventDefinition":
                return definitions.SignalDefinition(diagram.signals[node.get("signalRef", "")])
            case "errorEventDefinition":
                return self._coded(
                    definitions.ErrorDefinition, diagram.errors, node.get("errorRef")
                )
            case "escalationEventDefinition":
                return self._coded(
                    definitions.EscalationDefinition, diagram.escalations, node.get("escalationRef")
                )
            case "conditionalEventDefinition":
                return definitions.ConditionalDefinition(
                    self.bpmn_id, compile_expression(xml.text(xml.child(node, "condition")))
                )
            case "terminateEventDefinition":
                return definitions.TerminateDefinition(self.bpmn_id)
            case "compensateEventDefinition":
                waits = node.get("waitForCompletion", "true") in ("true", "1")
                return definitions.CompensateDefinition(
                    self.bpmn_id, node.get("activityRef"), waits_for_it=waits
                )
            case "cancelEventDefinition":
                return definitions.CancelDefinition(self.bpmn_id)
        self.raise_validation_exception(f"{xml.local(node)} is not supported")
        raise AssertionError

    def _timer(self, node: etree._Element) -> definitions.TimerDefinition:
        text = timer_text(node)
        expression = None if timers.is_literal(text) else compile_expression(text)
        return definitions.TimerDefinition(self.bpmn_id, text, expression, once=once(self.node))

    @staticmethod
    def _coded(
        kind: type[definitions.CodeDefinition],
        codes: Mapping[str, str | None],
        reference: str | None,
    ) -> definitions.Definition:
        return kind(reference or "", None if reference is None else codes[reference])


class _Start(_Event):
    def create_task(self) -> events.Start:
        task = events.Start(
            self.spec,
            self.bpmn_id,
            event_definition=definitions.NoneDefinition(),
            **self.bpmn_attributes,
        )
        task.awaits = bool(event_definitions(self.node))
        self.spec.start.connect(task)
        return task


class _Catch(_Event):
    def create_task(self) -> Any:
        """What starts a process was consumed by the start command, as with a start event."""
        if not starts_process(self.node):
            return super().create_task()
        gateway = started_together(self.node)
        task = (
            nodes.Activity(self.spec, self.bpmn_id, **self.bpmn_attributes)
            if gateway is None
            else super().create_task()
        )
        task.awaits, task.gateway = True, gateway
        self.spec.start.connect(task)
        return task


class _Boundary(_Event):
    def create_task(self) -> events.Boundary:
        interrupts = self.node.get("cancelActivity", "true") in ("true", "1")
        definition = self.definition()
        if isinstance(definition, (definitions.ErrorDefinition, definitions.CancelDefinition)):
            interrupts = True
        task = events.Boundary(
            self.spec,
            self.bpmn_id,
            event_definition=definition,
            cancel_activity=interrupts,
            **self.bpmn_attributes,
        )
        task.awaited_with = tuple(self.node.get(AWAITED_WITH, "").split())
        return task


class _End(_Event):
    def create_task(self) -> events.End:
        task = events.End(
            self.spec, self.bpmn_id, event_definition=self.definition(), **self.bpmn_attributes
        )
        task.connect(self.spec.end)
        return task


class _EventGateway(_Event):
    def create_task(self) -> events.EventGateway:
        none = definitions.NoneDefinition()
        return events.EventGateway(
            self.spec, self.bpmn_id, event_definition=none, **self.bpmn_attributes
        )

    def handles_multiple_outgoing(self) -> bool:
        return True


class _Send(_Event):
    def create_task(self) -> Any:
        if self.element.handler is not None:
            return nodes.Service(self.spec, self.bpmn_id, **self.bpmn_attributes)
        return super().create_task()


class _Gateway(_Parser, GatewayParser):
    pass


class _Quantity(_Parser):
    def create_task(self) -> Any:
        return self.spec_class(
            self.spec,
            self.bpmn_id,
            quantity=int(self.node.get("quantity", "1")),
            **self.bpmn_attributes,
        )


class _Conditional(_Parser, ConditionalGatewayParser):
    pass


class _Complex(_Conditional):
    def create_task(self) -> gateways.Complex:
        task = gateways.Complex(self.spec, self.bpmn_id, **self.bpmn_attributes)
        task.activation = xml.text(xml.child(self.node, "activationCondition")) or "True"
        around = self.node.getparent()
        flows = [] if around is None else xml.children(around, "sequenceFlow")
        incoming = [flow for flow in flows if flow.get("targetRef") == self.bpmn_id]
        task.flows = tuple((flow.get("id", ""), flow.get("sourceRef", "")) for flow in incoming)
        return task


class _SubProcess(_Parser, SubWorkflowParser):
    def create_task(self) -> nodes.SubProcess:
        if self.node.get("triggeredByEvent") not in ("true", "1"):
            task: nodes.SubProcess = super().create_task()
            task.transaction = xml.local(self.node) == "transaction"
            return task
        inner = SubprocessParser.get_subprocess_spec(self)
        (start,) = self.xpath("./bpmn:startEvent")
        found = _Event(self.process_parser, None, start, self.nsmap).every_definition()
        if isinstance(found[0], definitions.CompensateDefinition):
            self.spec.undone_by = self.bpmn_id
            return nodes.SubProcess(
                self.spec, self.bpmn_id, subworkflow_spec=inner, **self.bpmn_attributes
            )
        first, *others = handlers = [
            self._handler(
                self.bpmn_id if number == 1 else undrawn_id(self.bpmn_id, str(number)),
                inner,
                start,
                definition,
            )
            for number, definition in enumerate(found, 1)
        ]
        if len(handlers) > 1 and start.get("parallelMultiple") == "true":
            for each in handlers:
                each.awaited_with = tuple(handler.name for handler in handlers)
        for other in others:
            other.bpmn_id = self.bpmn_id
        return first

    def _handler(
        self, name: str, inner: str, start: etree._Element, definition: definitions.Definition
    ) -> events.EventSubProcess:
        """An event sub-process whose start has several definitions is started by each of them."""
        interrupts = start.get("isInterrupting", "true") in ("true", "1") or isinstance(
            definition, definitions.ErrorDefinition
        )
        task = events.EventSubProcess(
            self.spec,
            name,
            definition,
            interrupts=interrupts,
            subworkflow_spec=inner,
            **self.bpmn_attributes,
        )
        task.connect(self.spec.end)
        self.spec.event_sub_processes.append(name)
        return task


class _Call(_Parser, CallActivityParser):
    pass


class _Process(ProcessParser):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unconnected: deque[_Parser] = deque()

    def entry(self, id_: str) -> Any:
        """Where a token enters an element: the element, or the split before it that arms its
        boundary events."""
        split = self.spec.task_specs.get(f"{id_}.BoundaryEventSplit")
        return self.parse_node(self.get_node_by_id(id_)) if split is None else split

    def create_spec(self) -> BpmnProcessSpec:
        spec = super().create_spec()
        nodes.free_names(spec)
        return spec

    def get_outgoing_sequence_flows(self, source_ref: str) -> list[etree._Element]:
        """In the order in which the element lists them (8.4.13: an ordered collection), else in
        that of the file."""
        flows = super().get_outgoing_sequence_flows(source_ref)
        node = self.get_node_by_id(source_ref)
        listed = (
            [xml.text(each) for each in xml.children(node, "outgoing")] if node is not None else []
        )
        return sorted(
            flows,
            key=lambda flow: (
                listed.index(flow.get("id")) if flow.get("id") in listed else len(listed)
            ),
        )

    def add_tasks(self) -> None:
        """Several start events stand side by side; the start command chooses one."""
        for node in self.xpath(
            "./bpmn:startEvent | ./bpmn:*[@isForCompensation='true' or @isForCompensation='1']"
        ):
            self.parse_node(node)
        for node in filter(
            starts_process, self.xpath("./bpmn:receiveTask | ./bpmn:intermediateCatchEvent")
        ):
            self.parse_node(node)
        for node in self.xpath(
            "./bpmn:subProcess[@triggeredByEvent='true' or @triggeredByEvent='1']"
        ):
            self.parse_node(node)
        while self.unconnected:
            self.unconnected.popleft().connect()


class Parser(BpmnParser):
    PROCESS_PARSER_CLASS = _Process
    PARSER_CLASSES: ClassVar[dict[str, tuple[type, type]]] = {
        full_tag(tag): classes
        for tag, classes in {
            "startEvent": (_Start, events.Start),
            "endEvent": (_End, events.End),
            "intermediateCatchEvent": (_Catch, events.Catch),
            "intermediateThrowEvent": (_Event, events.Throw),
            "boundaryEvent": (_Boundary, events.Boundary),
            "receiveTask": (_Catch, events.Catch),
            "sendTask": (_Send, events.Throw),
            "task": (_Parser, nodes.Node),
            "userTask": (_Work, nodes.Work),
            "manualTask": (_Work, nodes.Work),
            "serviceTask": (_Parser, nodes.Service),
            "businessRuleTask": (_Rule, nodes.Rule),
            "subProcess": (_SubProcess, nodes.SubProcess),
            "transaction": (_SubProcess, nodes.SubProcess),
            "callActivity": (_Call, nodes.Call),
            "exclusiveGateway": (_Conditional, gateways.Exclusive),
            "inclusiveGateway": (_Conditional, gateways.Inclusive),
            "parallelGateway": (_Gateway, gateways.Parallel),
            "complexGateway": (_Complex, gateways.Complex),
            "eventBasedGateway": (_EventGateway, events.EventGateway),
        }.items()
    } | {
        xml.OURS + "collect": (_Quantity, gateways.Collect),
        xml.OURS + "spread": (_Quantity, gateways.Spread),
    }

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context


class NotBuildable(Exception):
    """SpiffWorkflow cannot make a process of what the lint let pass."""


def build(
    context: Context, diagrams: Mapping[str, etree._Element], process: str
) -> tuple[BpmnProcessSpec, dict[str, BpmnProcessSpec]]:
    """The specs of a process and of all that runs inside it, of these rewritten diagrams by file.
    Raises NotBuildable.

    One parser for a process and what it calls, so that files cannot disturb each other.
    """
    parser = Parser(context)
    processes = {
        each.get("id") for root in diagrams.values() for each in xml.children(root, "process")
    }
    owner_of = {
        element.id: element.process
        for element in context.elements.values()
        if element.id not in processes
    }
    try:
        for file, root in diagrams.items():
            parser.add_bpmn_xml(root, file)
        spec, inner = parser.get_spec(process), parser.get_subprocess_specs(process)
    except (ValidationException, RecursionError, KeyError) as error:
        raise NotBuildable(str(error)[:MAX_REASON]) from error
    for each in (spec, *inner.values()):
        if not hasattr(each, "process"):
            nodes.harden(each)
            each.process = owner_of.get(each.name, each.name)
            each.initial = context.initial[each.process]
    return spec, inner
