"""Constraints of BPMN 2.0.2, one row each: section, what breaks it in several shapes and by which
rule, and a sound neighbour."""

import pytest
from lxml import etree

from engine.lint.rules import RULES
from tests.integration.lint.test_lint_standard import (
    DEFS,
    HANDLER,
    MF,
    association,
    caller,
    compensated,
    data,
    handler,
    io,
    looped,
    one,
    plus,
    straight,
    with_input,
)
from tests.kit.diagrams import (
    boundary,
    catch,
    end,
    event,
    gate,
    message,
    model,
    process,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.kit.play import findings

MARK, MESSAGE = message("M")
SIGNAL = '<signalEventDefinition signalRef="SIG"/>'
ERROR = '<errorEventDefinition errorRef="ERR"/>'
ESCALATION = '<escalationEventDefinition escalationRef="ESC"/>'
DRAWN = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
TYPES = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
FORMAL = f'{TYPES} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="bpmn:tFormalExpression"'


def work(id_: str = "A", attributes: str = "", inner: str = "") -> str:
    return f'<serviceTask id="{id_}" {attributes}>{HANDLER}{inner}</serviceTask>'


def nested(nodes: str, wires: str, variables: str = "") -> bytes:
    """start → sub-process X with this → end"""
    return one(start() + sub("X", nodes, wires) + end(), "S>X X>E", variables)


def pools(drawn: str, nodes: str = "", wires: str = "S>A A>E", defs: str = DEFS) -> bytes:
    """A collaboration of the pool p1 with process P, the black box p2, and this."""
    content = f'<participant id="p1" processRef="P"/><participant id="p2"/>{drawn}'
    return model(
        f'<collaboration id="c">{content}</collaboration>',
        process("P", nodes or start() + user("A") + end(), wires, "k"),
        defs=defs,
    )


def sent(flows: str, node: str, wires: str) -> bytes:
    """Message flows "a>b" between the pools, and start → node → end."""
    drawn = ""
    for n, flow in enumerate(flows.split()):
        source, target = flow.split(">")
        drawn += f'<messageFlow id="mf{n}" sourceRef="{source}" targetRef="{target}"/>'
    return pools(drawn, start() + node + end(), wires)


def talk(drawn: str) -> bytes:
    return pools('<messageFlow id="mf" sourceRef="p2" targetRef="A"/>' + drawn)


def conversation(
    *participants: str,
    id_: str = "cv",
    tag: str = "conversation",
    attributes: str = "",
    inner: str = "",
) -> str:
    refs = "".join(f"<participantRef>{name}</participantRef>" for name in participants)
    return f'<{tag} id="{id_}" {attributes}>{refs}{inner}</{tag}>'


def linked(source: str, target: str) -> bytes:
    return talk(
        conversation("p1", "p2")
        + f'<conversationLink id="cl" sourceRef="{source}" targetRef="{target}"/>'
    )


def called(kind: str, reference: str = "other") -> bytes:
    node = conversation(
        "p1", "p2", tag="callConversation", attributes=f'calledCollaborationRef="{reference}"'
    )
    return talk(node).replace(b"</definitions>", f'<{kind} id="other"/></definitions>'.encode())


def associated(inner: str, outer: str) -> bytes:
    both = conversation("p1", "p2") + conversation("p1", "p2", id_="cw")
    return talk(
        f'{both}<conversationAssociation id="ca" innerConversationNodeRef="{inner}" outerConversationNodeRef="{outer}"/>'
    )


def correlated(*bound: str) -> bytes:
    """A process that subscribes to a key of the property cp1 and binds these."""
    properties = "".join(
        f'<correlationProperty id="{id_}" name="{id_}"><correlationPropertyRetrievalExpression messageRef="M"><messagePath>x</messagePath>'
        "</correlationPropertyRetrievalExpression></correlationProperty>"
        for id_ in ("cp1", "cp2")
    )
    key = '<correlationKey id="ck" name="k"><correlationPropertyRef>cp1</correlationPropertyRef></correlationKey>'
    bindings = "".join(
        f'<correlationPropertyBinding correlationPropertyRef="{name}"><dataPath>x</dataPath></correlationPropertyBinding>'
        for name in bound
    )
    drawn = f'<correlationSubscription id="cs" correlationKeyRef="ck">{bindings}</correlationSubscription></process>'
    return pools(key, defs=DEFS + properties).replace(b"</process>", drawn.encode())


def asked(*bound: str, required: str = "true") -> bytes:
    """A task for resource R, whose parameter rp may be required, with these parameters bound."""
    resources = (
        f'<resource id="R" name="r"><resourceParameter id="rp" name="zona" isRequired="{required}"/></resource>'
        '<resource id="R2" name="r2"><resourceParameter id="rp2" name="otra"/></resource>'
    )
    bindings = "".join(
        f'<resourceParameterBinding parameterRef="{name}"><formalExpression>1</formalExpression></resourceParameterBinding>'
        for name in bound
    )
    role = f"<potentialOwner><resourceRef>R</resourceRef>{bindings}</potentialOwner></userTask>"
    return one(start() + user("A") + end(), "S>A A>E", defs=DEFS + resources).replace(
        b"</userTask>", role.encode()
    )


def parameter(type_: str) -> bytes:
    return plus(
        "",
        f'<resource id="R" name="r" {TYPES}><resourceParameter id="rp" name="n" type="{type_}"/></resource>',
    )


def evaluated(type_: str) -> bytes:
    nodes = start() + gate("exclusive", "G") + user("A", "B") + end()
    content = one(nodes, "S>G G>A?n~>~2 G>B* A>E B>E", "n:integer")
    return content.replace(
        b"<conditionExpression>",
        f'<conditionExpression {FORMAL} evaluatesToTypeRef="{type_}">'.encode(),
    )


def lanes(*members: str, attributes: str = "") -> bytes:
    refs = "".join(f"<flowNodeRef>{member}</flowNodeRef>" for member in members)
    return plus("").replace(
        b"</laneSet>", f'<lane id="L2" {attributes}>{refs}</lane></laneSet>'.encode()
    )


def handlers(first: str, second: str, attributes: str = "") -> bytes:
    """Two event sub-processes H1 and H2 beside each other."""
    drawn = ""
    for number, definition in enumerate((first, second), 1):
        mark = MARK if "message" in definition else ""
        inner = event("startEvent", f"s{number}", definition, mark, attributes) + end(f"e{number}")
        drawn += sub(f"H{number}", inner, f"s{number}>e{number}").replace(
            "<subProcess", '<subProcess triggeredByEvent="true"'
        )
    return one(
        start() + service("A") + throw("T", SIGNAL) + end() + drawn, "S>A A>T T>E", "k n:integer"
    )


def when(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"


def transaction(*boundaries: str) -> bytes:
    inner = (
        start("s") + service("a") + end("e") + event("endEvent", "c", "<cancelEventDefinition/>")
    )
    nodes = sub("X", inner, "s>a a>e a>c").replace("subProcess", "transaction")
    nodes += "".join(boundary(id_, "X", "<cancelEventDefinition/>") for id_ in boundaries)
    return one(start() + nodes + end(), "S>X X>E " + " ".join(f"{id_}>E" for id_ in boundaries))


def referred(second: str) -> bytes:
    """An event gateway before a message event whose definition stands at the root, and before
    this."""
    first = catch("C", "<eventDefinitionRef>MD</eventDefinitionRef>", MARK)
    nodes = start() + '<eventBasedGateway id="G"/>' + first + second + end()
    return one(
        nodes,
        "S>G G>C G>D C>E D>E",
        "k",
        defs=DEFS + '<messageEventDefinition id="MD" messageRef="M"/>',
    )


def shared(drawn: str = "") -> bytes:
    """A compensation event B whose definition stands at the root; U undoes."""
    nodes = (
        start()
        + service("A")
        + boundary("B", "A", "<eventDefinitionRef>CD</eventDefinitionRef>")
        + end()
    )
    undo = work("U", 'isForCompensation="true"')
    return one(
        nodes + undo, "S>A A>E", defs=DEFS + '<compensateEventDefinition id="CD"/>', artifacts=drawn
    )


def operated(node: str) -> bytes:
    return straight(node, variables="k")


def repeated(attributes: str) -> bytes:
    return straight(looped(attributes)).replace(
        b"</definitions>", b'<signalEventDefinition id="SD" signalRef="SIG"/></definitions>'
    )


def over(reference: str, *, of: str = "loopDataInputRef", item: str = "inputDataItem") -> bytes:
    """Task Y repeats over data; beside it task X with the collections di and do, its own collection
    is yi."""
    both = (
        '<ioSpecification><dataInput id="{0}i" itemSubjectRef="MANY" isCollection="true"/>'
        '<dataOutput id="{0}o" itemSubjectRef="MANY" isCollection="true"/><inputSet><dataInputRefs>{0}i</dataInputRefs></inputSet>'
        "<outputSet><dataOutputRefs>{0}o</dataOutputRefs></outputSet></ioSpecification>"
    )
    known = "<loopCardinality>2</loopCardinality>" if of == "loopDataOutputRef" else ""
    loop = f'<multiInstanceLoopCharacteristics>{known}<{of}>{reference}</{of}><{item} id="each"/></multiInstanceLoopCharacteristics>'
    nodes = (
        start() + work("X", "", both.format("d")) + work("Y", "", both.format("y") + loop) + end()
    )
    return one(nodes, "S>X X>Y Y>E", "di:list do:list yi:list yo:list")


def reads(source: str, more: str = "") -> bytes:
    """Task X with a data input that takes from this; beside it the sub-process Z with the data
    object DZ, and `more`."""
    taken = f'<dataInputAssociation id="da"><sourceRef>{source}</sourceRef><targetRef>di</targetRef></dataInputAssociation>'
    inner = '<dataObject id="DZ" itemSubjectRef="TEXT"/>' + start("s") + service("a") + end("e")
    nodes = (
        start()
        + '<dataObject id="DO" itemSubjectRef="TEXT"/>'
        + with_input('itemSubjectRef="TEXT"', after=taken)
    )
    return one(nodes + sub("Z", inner, "s>a a>e") + end() + more, "S>X X>Z Z>E")


def writes(target: str) -> bytes:
    sets = "<inputSet/><outputSet><dataOutputRefs>do</dataOutputRefs></outputSet>"
    given = f'<dataOutputAssociation id="da"><sourceRef>do</sourceRef><targetRef>{target}</targetRef></dataOutputAssociation>'
    node = data(outputs='<dataOutput id="do" itemSubjectRef="TEXT"/>', sets=sets, after=given)
    return straight('<dataObject id="DO" itemSubjectRef="TEXT"/>' + node)


def taken(members: str) -> bytes:
    """Task Y beside task X, whose data input is di."""
    own = f'<ioSpecification><dataInput id="yi"/><inputSet><dataInputRefs>yi</dataInputRefs>{members}</inputSet><outputSet/></ioSpecification>'
    return one(start() + with_input() + work("Y", "", own) + end(), "S>X X>Y Y>E")


def bound(interface: str, operation: str = "OP", inputs: str = "is") -> bytes:
    """Q offers the interface and binds the operation to its sets."""
    own = (
        io("TEXT", "b")
        .replace("<inputSet>", '<inputSet id="is">')
        .replace("<outputSet/>", '<outputSet id="os"/>')
    )
    offered = f"<supportedInterfaceRef>{interface}</supportedInterfaceRef>" if interface else ""
    binding = f'<ioBinding operationRef="{operation}" inputDataRef="{inputs}" outputDataRef="os"/>'
    other = '<interface id="I2" name="i2"><operation id="O2" name="o"><inMessageRef>M</inMessageRef></operation></interface>'
    caller_io = io("TEXT", "a").replace("<inputSet>", '<inputSet id="is2">')
    content = caller(caller_io, offered + own + binding)
    return content.replace(b"<interface", f"{other}<interface".encode(), 1)


def drawing(figures: str, plane: str = "P", more: str = "") -> bytes:
    sheet = f'<bpmndi:BPMNPlane id="plane" bpmnElement="{plane}">{figures}</bpmndi:BPMNPlane>{more}'
    return plus("").replace(
        b"</definitions>",
        f'<bpmndi:BPMNDiagram id="dg" {DRAWN}>{sheet}</bpmndi:BPMNDiagram></definitions>'.encode(),
    )


def shape(element: str, attributes: str = "", label: str = "") -> str:
    bounds = '<dc:Bounds x="0" y="0" width="9" height="9"/>'
    return f'<bpmndi:BPMNShape id="shape" bpmnElement="{element}" {attributes}>{bounds}{label}</bpmndi:BPMNShape>'


def line(element: str) -> str:
    points = '<di:waypoint x="0" y="0"/><di:waypoint x="9" y="0"/>'
    return f'<bpmndi:BPMNEdge id="line" bpmnElement="{element}">{points}</bpmndi:BPMNEdge>'


def styled(name: str) -> bytes:
    label = f'<bpmndi:BPMNLabel labelStyle="{name}"/>'
    return drawing(
        shape("A", label=label),
        more='<bpmndi:BPMNLabelStyle id="style"><dc:Font/></bpmndi:BPMNLabelStyle>',
    )


def danced(
    first: str = '<startEvent id="cs"/>',
    last: str = '<endEvent id="ce"/>',
    *,
    flows: str = "cs>ct ct>ce",
    task: str = "p1 p2 m1",
) -> bytes:
    """A choreography of one task beside the process."""
    one_, other, flow = task.split()
    people = "".join(f'<participant id="{id_}"/>' for id_ in ("p1", "p2", "p3"))
    drawn = f'<choreographyTask id="ct" initiatingParticipantRef="{one_}"><participantRef>{one_}</participantRef>'
    drawn += f"<participantRef>{other}</participantRef><messageFlowRef>{flow}</messageFlowRef></choreographyTask>"
    wires = "".join(
        f'<sequenceFlow id="cf{n}" sourceRef="{flow.split(">")[0]}" targetRef="{flow.split(">")[1]}"/>'
        for n, flow in enumerate(flows.split())
    )
    return plus("", f'<choreography id="ch">{people}{MF}{first}{drawn}{last}{wires}</choreography>')


FLOW = b'<sequenceFlow id="f_S_A"'
INNER_FLOW = b'<sequenceFlow id="f_s_a"'
EXECUTABLE = b'isExecutable="true"'
SENDS = '<sendTask id="A" messageRef="M">' + MARK + "</sendTask>"
RECEIVES = '<receiveTask id="A" messageRef="M">' + MARK + "</receiveTask>"
IN_SUB = start("s") + service("a") + end("e")

#: section, rule, models that break it, the sound neighbour
ROWS: list[tuple[str, str, list[bytes], bytes]] = [
    # the process and its flows
    ("8.4.13", "flow_not_immediate",
     [plus("").replace(FLOW, FLOW + b' isImmediate="false"'), plus("").replace(FLOW, FLOW + b' isImmediate="0"'),
      nested(IN_SUB, "s>a a>e").replace(INNER_FLOW, INNER_FLOW + b' isImmediate="false"')],
     plus("").replace(FLOW, FLOW + b' isImmediate="true"')),
    ("10.2.1", "process_public",
     [plus("").replace(EXECUTABLE, EXECUTABLE + b' processType="Public"'),
      pools("").replace(EXECUTABLE, b'processType="Public" isExecutable="1"')],
     plus("").replace(EXECUTABLE, EXECUTABLE + b' processType="Private"')),
    ("10.3.3", "instantiate_nested",
     [nested('<eventBasedGateway id="G" instantiate="true"/>' + catch("C", MESSAGE, MARK) + catch("D", timer("PT1M")) + end("e"),
             "G>C G>D C>e D>e", "k"),
      nested('<receiveTask id="R" messageRef="M" instantiate="1">' + MARK + "</receiveTask>" + end("e"), "R>e", "k")],
     one('<receiveTask id="R" messageRef="M" instantiate="true">' + MARK + "</receiveTask>" + end(), "R>E", "k")),
    ("10.8", "lane_reference_kind", [lanes("f_S_A"), lanes("S", "ln_P")], lanes("S")),
    ("10.8", "lane_twice", [lanes("A"), lanes("S", "A")], lanes("S")),
    ("10.8", "reference_unknown", [lanes("S", attributes='partitionElementRef="ZZ"'), lanes("S", attributes='partitionElementRef="d.ZZ"')],
     lanes("S", attributes='partitionElementRef="M"')),
    # references and types
    ("8.4.6", "reference_unknown", [evaluated("ZZ"), evaluated("ZZ2")], evaluated("NUMBER")),
    ("8.4.6", "reference_kind", [evaluated("SIG"), evaluated("M")], evaluated("xsd:boolean")),
    ("8.4.12", "reference_unknown", [parameter("ZZ"), asked("rp", "ZZ")], parameter("TEXT")),
    ("8.4.12", "reference_kind", [parameter("SIG"), parameter("M")], parameter("xsd:string")),
    ("8.4.3", "reference_kind",
     [plus("", '<error id="E9" errorCode="x" structureRef="M"/>'), plus("", '<escalation id="E9" escalationCode="x" structureRef="SIG"/>'),
      plus("", '<signal id="E9" name="x" structureRef="P"/>')],
     plus("", '<signal id="E9" name="x" structureRef="TEXT"/><error id="E8" errorCode="x" structureRef="String"/>')),
    ("8.3.4", "reference_unknown",
     [plus("").replace(b"</definitions>", b'<relationship type="x"><source>ZZ</source><target>A</target></relationship></definitions>'),
      plus("").replace(b"</definitions>", b'<relationship type="x"><source>A</source><target>ZZ</target></relationship></definitions>')],
     plus("").replace(b"</definitions>", b'<relationship type="x"><source>S</source><target>A</target></relationship></definitions>')),
    ("8.4.12", "resource_parameter", [asked("rp", "rp2"), asked("rp2", required="false")], asked("rp")),
    ("8.4.12", "resource_parameter_missing", [asked(), asked("rp2")], asked(required="false")),
    ("8.4.2", "correlation_binding", [correlated("cp2"), correlated("cp1", "cp2"), correlated("cp1", "cp1")], correlated("cp1")),
    # pools, message flows and conversations
    ("10.5.4", "message_flow_event",
     [sent("p2>C", catch("C", timer("PT1M")), "S>C C>E"), sent("p2>B", user("A") + boundary("B", "A", timer("PT1M")), "S>A A>E B>E"),
      sent("T>p2", throw("T", ESCALATION), "S>T T>E"), sent("T>p2", throw("T", ""), "S>T T>E")],
     sent("p2>C", catch("C", MESSAGE, MARK), "S>C C>E")),
    ("10.5.4", "message_flow_many",
     [sent("p2>C p2>C", catch("C", MESSAGE, MARK), "S>C C>E"), sent("T>p2 T>p2", throw("T", MESSAGE, MARK), "S>T T>E"),
      sent("p2>B p2>B", user("A") + boundary("B", "A", MESSAGE, MARK), "S>A A>E B>E")],
     sent("p2>C", catch("C", MESSAGE, MARK), "S>C C>E")),
    ("10.5.3", "message_flow_many",
     [sent("F>p2 F>p2", user("A") + event("endEvent", "F", MESSAGE, MARK), "S>A A>E A>F"),
      sent("F>p2 F>p2 F>p2", gate("parallel", "G") + event("endEvent", "F", MESSAGE, MARK), "S>G G>E G>F")],
     sent("F>p2", gate("parallel", "G") + event("endEvent", "F", MESSAGE, MARK), "S>G G>E G>F")),
    ("10.3.3", "message_flow_target", [sent("p2>A", SENDS, "S>A A>E"), sent("A>p2 p2>A", SENDS, "S>A A>E")], sent("A>p2", SENDS, "S>A A>E")),
    ("10.3.3", "message_flow_source", [sent("A>p2", RECEIVES, "S>A A>E"), sent("A>p2 p2>A", RECEIVES, "S>A A>E")],
     sent("p2>A", RECEIVES, "S>A A>E")),
    ("9.3.1", "reference_kind",
     [pools("").replace(b'processRef="P"/>', b'processRef="P"><endPointRef>M</endPointRef></participant>'),
      pools("").replace(b'processRef="P"/>', b'processRef="P"><interfaceRef>M</interfaceRef></participant>')],
     pools("").replace(b'processRef="P"/>', b'processRef="P"><interfaceRef>IF</interfaceRef></participant>')),
    ("9.4.2", "reference_kind",
     [talk('<messageFlowAssociation id="a" innerMessageFlowRef="mf" outerMessageFlowRef="p2"/>'),
      talk('<messageFlowAssociation id="a" innerMessageFlowRef="A" outerMessageFlowRef="mf"/>')],
     talk('<messageFlowAssociation id="a" innerMessageFlowRef="mf" outerMessageFlowRef="mf"/>')),
    ("9.5.1", "conversation_participants",
     [talk(conversation("p1")), talk(conversation()), talk(conversation("p1", "p1")), talk(conversation("p1", "A")),
      talk(conversation("p1", "p2", id_="sc", tag="subConversation", inner=conversation("p2")))],
     talk(conversation("p1", "p2", id_="sc", tag="subConversation", inner=conversation("p1", "p2")))),
    ("9.5.4", "reference_kind", [called("choreography"), called("process")], called("globalConversation")),
    ("9.5.4", "reference_unknown", [called("collaboration", "ZZ"), called("globalConversation", "ZZ")], called("collaboration")),
    ("9.5.6", "conversation_link", [linked("p1", "p2"), linked("cv", "cv"), linked("cv", "mf")], linked("p1", "cv")),
    ("9.5.6", "reference_unknown", [linked("p1", "ZZ"), linked("ZZ", "cv")], linked("cv", "A")),
    ("9.5.7", "reference_kind", [associated("p1", "cv"), associated("cv", "mf")], associated("cw", "cv")),
    # events
    ("10.5.6", "event_sub_process_twice",
     [handlers(ERROR, ERROR), handlers(MESSAGE, MESSAGE), handlers(SIGNAL, SIGNAL), handlers(ESCALATION, ESCALATION),
      handlers("<errorEventDefinition/>", "<errorEventDefinition/>"), handlers(timer("PT1M"), timer("PT1M")),
      handlers(when("n == 1"), when("n == 1"))],
     handlers(SIGNAL, ERROR)),
    ("10.5.6", "event_sub_process_twice", [handlers(SIGNAL, SIGNAL, 'isInterrupting="true"')], handlers(SIGNAL, SIGNAL, 'isInterrupting="false"')),
    ("10.6.6", "event_gateway_mixed", [referred('<receiveTask id="D" messageRef="N">' + MARK + "</receiveTask>")], referred(catch("D", timer("PT1M")))),
    ("10.7.1", "compensation_handler",
     [shared(), shared('<association id="a" sourceRef="B" targetRef="A"/>')], shared('<association id="a" sourceRef="B" targetRef="U"/>')),
    ("10.5.4", "cancel_twice", [transaction("B", "C"), transaction("B", "C", "D")], transaction("B")),
    ("10.5.5", "message_operation",
     [operated(catch("X", '<messageEventDefinition messageRef="N"><operationRef>OP</operationRef></messageEventDefinition>', MARK)),
      operated(f'<sendTask id="X" messageRef="N" operationRef="OP">{MARK}</sendTask>'),
      operated(f'<receiveTask id="X" messageRef="N" operationRef="OP">{MARK}</receiveTask>')],
     operated(f'<receiveTask id="X" messageRef="M" operationRef="OP">{MARK}</receiveTask>')),
    # activities
    ("10.3.5", "event_sub_process_loop",
     [handler().replace(b'<startEvent id="hs"', looped().split(HANDLER)[1].removesuffix("</serviceTask>").encode() + b'<startEvent id="hs"'),
      handler().replace(b'<startEvent id="hs"', b'<standardLoopCharacteristics loopMaximum="2"/><startEvent id="hs"')],
     handler()),
    ("10.3.8", "multi_behaviour_stray",
     [repeated('oneBehaviorEventRef="SD"'), repeated('behavior="One" oneBehaviorEventRef="SD" noneBehaviorEventRef="SD"')],
     repeated('behavior="One" oneBehaviorEventRef="SD"')),
    ("10.3.8", "multi_number",
     [straight(looped().replace(">2<", ">1.5<")), straight(looped().replace(">2<", ">-1<")), nested(
         start("s") + looped().replace(">2<", ">0.1<") + end("e"), "s>X X>e").replace(b'<subProcess id="X"', b'<subProcess id="Z"').replace(
         b'targetRef="X"/><sequenceFlow id="f_X_E" sourceRef="X"', b'targetRef="Z"/><sequenceFlow id="f_X_E" sourceRef="Z"')],
     straight(looped())),
    ("10.3.8", "loop_direction",
     [over("di"), over("yo"), over("yi", of="loopDataOutputRef", item="outputDataItem"),
      over("do", of="loopDataOutputRef", item="outputDataItem")],
     over("yi")),
    ("10.3.8", "loop_direction", [over("do")], over("yo", of="loopDataOutputRef", item="outputDataItem")),
    ("10.7.1", "compensation_handler",
     [compensated('<association id="a" sourceRef="B" targetRef="U"/><association id="b" sourceRef="B" targetRef="S"/>'),
      compensated('<association id="a" sourceRef="B" targetRef="U"/><association id="b" sourceRef="B" targetRef="A"/>')],
     compensated('<association id="a" sourceRef="B" targetRef="U"/><textAnnotation id="t"/><association id="b" sourceRef="B" targetRef="t"/>')),
    # data
    ("10.4.1", "data_object_missing",
     [plus('<dataObjectReference id="dr"/>'), nested('<dataObjectReference id="dr"/>' + IN_SUB, "s>a a>e")],
     plus('<dataObject id="do"/><dataObjectReference id="dr" dataObjectRef="do"/>')),
    ("10.4.1", "data_reference_item",
     [plus('<dataObject id="do" itemSubjectRef="TEXT"/><dataObjectReference id="dr" dataObjectRef="do" itemSubjectRef="NUMBER"/>'),
      plus('<dataObject id="do" itemSubjectRef="TEXT"/><dataObjectReference id="dr" dataObjectRef="do" itemSubjectRef="TEXT"/>')],
     plus('<dataObject id="do" itemSubjectRef="TEXT"/><dataObjectReference id="dr" dataObjectRef="do"/>')),
    ("10.4.1", "data_object_state",
     [plus('<dataObject id="do"><dataState name="listo"/></dataObject>'),
      nested('<dataObject id="do"><dataState name="listo"/></dataObject>' + IN_SUB, "s>a a>e")],
     plus('<dataObject id="do"/><dataObjectReference id="dr" dataObjectRef="do"><dataState name="listo"/></dataObjectReference>')),
    ("10.4.1", "data_out_of_scope",
     [reads("DZ"), reads("DX", '<dataObjectReference id="DX" dataObjectRef="DZ"/>'), writes("do"),
      model(process("P", start() + with_input(after='<dataInputAssociation id="da"><sourceRef>DQ</sourceRef><targetRef>di</targetRef>'
                                              "</dataInputAssociation>") + end(), "S>X X>E"),
            process("Q", start("s") + '<dataObject id="DQ"/>' + end("e"), "s>e"), defs=DEFS)],
     reads("DO")),
    ("10.4.1", "data_out_of_scope", [reads("DZ", '<dataStoreReference id="ds"/>')], reads("ds", '<dataStoreReference id="ds"/>')),
    ("10.4.1", "data_set_foreign",
     [taken("<dataInputRefs>di</dataInputRefs>"), taken("<dataInputRefs>di</dataInputRefs><optionalInputRefs>di</optionalInputRefs>")],
     taken("<optionalInputRefs>yi</optionalInputRefs>")),
    ("10.4.1", "data_types",
     [straight(association("DO", "di")).replace(b'itemSubjectRef="TEXT"/><dataObject', b'itemSubjectRef="MANY" isCollection="true"/><dataObject'),
      straight(association("DN", "di"))],
     straight(association("DO", "di"))),
    ("10.3.6", "interface_foreign", [bound(""), bound("IF", "O2"), bound("IF", inputs="is2")], bound("IF")),
    # the drawing
    ("12.2.1", "drawing_missing",
     [drawing(shape("A").replace('bpmnElement="A"', "")), drawing(shape("A")).replace(b' bpmnElement="P"', b"")], drawing(shape("A"))),
    ("12.2.1", "drawing_twice",
     [drawing(shape("A") + shape("A").replace('id="shape"', 'id="again"')), drawing(line("f_S_A") + line("f_S_A").replace('id="line"', 'id="again"'))],
     drawing(shape("A") + shape("E").replace('id="shape"', 'id="again"'))),
    ("12.2.1", "drawing_kind", [drawing(shape("f_S_A")), drawing(line("A")), drawing(shape("A"), plane="A"), drawing(shape("P"))], styled("style")),
    # choreographies
    ("11.5.1", "choreography_participants", [danced(task="p1 p1 m1"), danced(task="p1 ZZ m1"), danced(task="p1 A m1")], danced()),
    ("11.5.1", "choreography_message", [danced(task="p1 p3 m1"), danced(task="p3 p2 m1")], danced()),
    ("11.4.1", "choreography_flow", [danced(flows="cs>A ct>ce"), danced(flows="cs>ct ct>ZZ"), danced(flows="ct>cs ct>ce"), danced(flows="ce>ct")],
     danced()),
    ("11.6", "choreography_event",
     [danced(f'<startEvent id="cs">{MESSAGE}</startEvent>'), danced(last=f'<endEvent id="ce">{ERROR}</endEvent>'),
      danced(last=f'<endEvent id="ce">{MESSAGE}</endEvent>')],
     danced(f'<startEvent id="cs">{timer("PT1M")}</startEvent>')),
    ("8.4.8", "choreography_content", [danced('<dataObject id="cs"/>', flows="ct>ce"), danced('<startEvent id="cs"/><task id="t"/>')], danced()),
]  # fmt: skip
BROKEN = [
    (f"{section}-{rule}-{n}", section, rule, broken)
    for section, rule, models, _ in ROWS
    for n, broken in enumerate(models)
]


@pytest.mark.parametrize(
    ("section", "rule", "content"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_a_model_that_breaks_a_constraint_is_refused_and_told_where(
    section: str, rule: str, content: bytes
) -> None:
    ids = {node.get("id") for node in etree.fromstring(content).iter("*")}
    found = [f for f in findings(content) if f.rule == rule and f.severity == "error"]
    assert found, (section, findings(content))
    assert all(f.element in ids for f in found), found


@pytest.mark.parametrize(
    ("section", "rule", "_", "sound"), ROWS, ids=[f"{row[0]}-{row[1]}" for row in ROWS]
)
def test_its_sound_neighbour_breaks_no_rule_of_the_standard(
    section: str, rule: str, _: list[bytes], sound: bytes
) -> None:
    broken = {f.rule for f in findings(sound) if f.severity == "error"}
    assert rule not in broken, section
    assert not {each for each in broken if RULES[each].source.startswith("BPMN")}, (
        section,
        findings(sound),
    )
