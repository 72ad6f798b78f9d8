"""The rules of BPMN 2.0.2: for each one small model that breaks it, and the same model put
right."""

import pytest

from engine.lint.rules import RULES
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

DEFS = (
    '<itemDefinition id="TEXT" structureRef="string"/><itemDefinition id="NUMBER" structureRef="int"/>'
    '<itemDefinition id="MANY" structureRef="string" isCollection="true"/>'
    '<message id="M" name="Aviso" itemRef="TEXT"/><message id="N" name="Otro" itemRef="NUMBER"/><signal id="SIG" name="Cierre"/>'
    '<error id="ERR" errorCode="X"/><escalation id="ESC" escalationCode="V"/>'
    '<interface id="IF" name="i"><operation id="OP" name="o"><inMessageRef>M</inMessageRef></operation></interface>'
)
HANDLER = '<extensionElements><v:handler name="h"/></extensionElements>'


def one(
    nodes: str,
    wires: str,
    variables: str = "",
    more: str = "",
    defs: str = DEFS,
    artifacts: str = "",
) -> bytes:
    drawn = process("P", nodes, wires, variables).replace("</process>", f"{artifacts}</process>")
    return model(drawn, more, defs=defs)


def straight(node: str, id_: str = "X", variables: str = "", more: str = "") -> bytes:
    """start → node → end"""
    return one(start() + node + end(), f"S>{id_} {id_}>E", variables, more)


def plus(content: str, more: str = "", artifacts: str = "") -> bytes:
    """start → user task A → end, with this in the process and that beside it."""
    return one(start() + user("A") + end() + content, "S>A A>E", more=more, artifacts=artifacts)


def pools(flow: str, first: str = 'processRef="P"', more: str = "") -> bytes:
    """One pool with the process, one black box, and a message flow."""
    drawn = (
        f'<participant id="p1" {first}/><participant id="p2"/>{more}<messageFlow id="mf" {flow}/>'
    )
    mark, definition = message("M")
    nodes = start() + user("A") + throw("T", definition, mark) + end()
    return model(
        f'<collaboration id="c">{drawn}</collaboration>',
        process("P", nodes, "S>A A>T T>E", "k"),
        defs=DEFS,
    )


def data(
    inputs: str = "",
    outputs: str = "",
    sets: str = "",
    *,
    kind: str = "serviceTask",
    attributes: str = "",
    after: str = "",
) -> str:
    """A task X with an ioSpecification."""
    found = (
        f"<ioSpecification>{inputs}{outputs}{sets or '<inputSet/><outputSet/>'}</ioSpecification>"
    )
    mark = HANDLER if kind in ("serviceTask", "sendTask") else ""
    return f'<{kind} id="X" {attributes}>{mark}{found}{after}</{kind}>'


def with_input(item: str = "", more: str = "", after: str = "") -> str:
    own = f"<inputSet><dataInputRefs>di</dataInputRefs>{more}</inputSet><outputSet/>"
    return data(f'<dataInput id="di" {item}/>', sets=own, after=after)


def messages(number: int, item: str, *, kind: str = "sendTask") -> str:
    """A send or receive task of message M with that many data of that type."""
    part = "dataInput" if kind == "sendTask" else "dataOutput"
    parts = "".join(f'<{part} id="d{n}" itemSubjectRef="{item}"/>' for n in range(number))
    refs = "".join(f"<{part}Refs>d{n}</{part}Refs>" for n in range(number))
    sets = (
        f"<inputSet>{refs}</inputSet><outputSet/>"
        if kind == "sendTask"
        else f"<inputSet/><outputSet>{refs}</outputSet>"
    )
    mark = '<extensionElements><v:message key="k"/></extensionElements>'
    return f'<{kind} id="X" messageRef="M">{mark}<ioSpecification>{parts}{sets}</ioSpecification></{kind}>'


def association(source: str, target: str, more: str = "") -> str:
    """Data into a task, from a data object DO of type TEXT, with `more` beside the association."""
    drawn = f'<dataInputAssociation id="da"><sourceRef>{source}</sourceRef><targetRef>{target}</targetRef>{more}</dataInputAssociation>'
    objects = (
        '<dataObject id="DO" itemSubjectRef="TEXT"/><dataObject id="DN" itemSubjectRef="NUMBER"/>'
    )
    return objects + with_input('itemSubjectRef="TEXT"', after=drawn)


def caller(io: str, called: str) -> bytes:
    """P calls Q."""
    calling = process(
        "P",
        start() + f'<callActivity id="X" calledElement="Q">{io}</callActivity>' + end(),
        "S>X X>E",
    )
    inner = process("Q", called + start("s") + end("e"), "s>e")
    return model(calling, inner, defs=DEFS)


def io(item: str, prefix: str) -> str:
    return (
        f'<ioSpecification><dataInput id="{prefix}" itemSubjectRef="{item}"/><inputSet><dataInputRefs>{prefix}</dataInputRefs></inputSet>'
        "<outputSet/></ioSpecification>"
    )


def event_data(item: str, number: int = 1) -> bytes:
    mark, definition = message("M")
    parts = "".join(f'<dataInput id="d{n}" itemSubjectRef="{item}"/>' for n in range(number))
    refs = "".join(f"<dataInputRefs>d{n}</dataInputRefs>" for n in range(number))
    return straight(
        throw("X", f"{parts}<inputSet>{refs}</inputSet>{definition}", mark), variables="k"
    )


def sets(first: str, second: str) -> str:
    """Two sets that name each other, or not."""
    return data(
        '<dataInput id="di"/>',
        '<dataOutput id="do"/>',
        f'<inputSet id="is"><dataInputRefs>di</dataInputRefs>{first}</inputSet>'
        f'<outputSet id="os"><dataOutputRefs>do</dataOutputRefs>{second}</outputSet>',
    )


def compensated(
    association_: str = '<association id="a" sourceRef="B" targetRef="U"/>',
    wires: str = "",
    undo: str = "true",
) -> bytes:
    """Task A with a compensation event B and the activity U that undoes it."""
    nodes = start() + service("A") + boundary("B", "A", "<compensateEventDefinition/>") + end()
    undoing = f'<serviceTask id="U" isForCompensation="{undo}">{HANDLER}</serviceTask>'
    return one(nodes + undoing, "S>A A>E " + wires, artifacts=association_)


def gateways(direction: str) -> bytes:
    """A gateway that splits in two."""
    split = f'<exclusiveGateway id="G" gatewayDirection="{direction}"/>'
    return one(start() + split + user("A", "B") + end(), "S>G G>A?True G>B* A>E B>E")


def raced(second: str, more: str = "", attributes: str = "") -> bytes:
    """An event gateway in front of a message event and of something else."""
    mark, definition = message("M")
    gateway = f'<eventBasedGateway id="G" {attributes}/>'
    return one(
        start() + gateway + catch("C", definition, mark) + second + end() + more,
        "S>G G>C G>D C>E D>E",
        "k",
    )


def looped(attributes: str = "", inner: str = "") -> str:
    loop = f"<multiInstanceLoopCharacteristics {attributes}><loopCardinality>2</loopCardinality>{inner}</multiInstanceLoopCharacteristics>"
    return f'<serviceTask id="X">{HANDLER}{loop}</serviceTask>'


def handler(
    attributes: str = "",
    definition: str = '<errorEventDefinition errorRef="ERR"/>',
    wires: str = "S>A A>E",
) -> bytes:
    inner = event("startEvent", "hs", definition, attributes=attributes) + end("he")
    drawn = sub("H", inner, "hs>he").replace('id="H"', 'id="H" triggeredByEvent="true"')
    return one(start() + service("A") + end() + drawn, wires)


def linked(
    parts: tuple[str, str], wires: str = "S>T C>E", names: tuple[str, str] = ("n", "n")
) -> bytes:
    """A link throw T and a catch C, with `target` and `source` children."""
    out = f'<linkEventDefinition id="l1" name="{names[0]}">{parts[0]}</linkEventDefinition>'
    back = f'<linkEventDefinition id="l2" name="{names[1]}">{parts[1]}</linkEventDefinition>'
    return one(start() + throw("T", out) + catch("C", back) + end(), wires)


def ad_hoc(nodes: str, wires: str = "") -> bytes:
    return straight(sub("X", nodes, wires).replace("subProcess", "adHocSubProcess"))


def conditional(text: str) -> bytes:
    return one(
        start() + gate("exclusive", "G") + user("A", "B") + end(),
        f"S>G G>A?{text} G>B* A>E B>E",
        "n:integer t",
    )


CHOREOGRAPHY = (
    '<choreography id="ch"><participant id="p1"/><participant id="p2"/>{0}'
    '<choreographyTask id="ct" initiatingParticipantRef="p1"><participantRef>p1</participantRef>{1}'
    "<messageFlowRef>m1</messageFlowRef></choreographyTask></choreography>"
)
MF = '<messageFlow id="m1" sourceRef="p1" targetRef="p2"/>'
SIGNALLED = '<boundaryEvent id="B" attachedToRef="A"><eventDefinitionRef>{0}</eventDefinitionRef></boundaryEvent>'
RECEIVES = (
    '<receiveTask {0}><extensionElements><v:message key="k"/></extensionElements></receiveTask>'
)
ROOT_SIGNAL = '<signalEventDefinition id="SD" signalRef="SIG"/>'

IMPORT = b'<import importType="http://www.omg.org/spec/BPMN/20100524/MODEL" location="%s" namespace="urn:x"/>'

#: rule, a model that breaks it, the same put right, the element that the finding names
PAIRS: list[tuple[str, bytes, bytes, str]] = [
    # references
    ("reference_unknown", straight(throw("X", '<signalEventDefinition signalRef="ZZ"/>')),
     straight(throw("X", '<signalEventDefinition signalRef="SIG"/>')), "X"),
    ("reference_unknown", plus("", artifacts='<association id="a" sourceRef="A" targetRef="ZZ"/>'),
     plus("", artifacts='<textAnnotation id="t"/><association id="a" sourceRef="A" targetRef="t"/>'), "a"),
    ("reference_kind", straight(throw("X", '<signalEventDefinition signalRef="M"/>')),
     straight(throw("X", '<signalEventDefinition signalRef="SIG"/>')), "X"),
    ("reference_kind", plus('<dataObjectReference id="dr" dataObjectRef="A"/>'),
     plus('<dataObject id="do"/><dataObjectReference id="dr" dataObjectRef="do"/>'), "dr"),
    ("reference_missing", straight(throw("X", "<signalEventDefinition/>")),
     straight(throw("X", '<signalEventDefinition signalRef="SIG"/>')), "X"),
    ("event_definition_shared",
     one(start() + service("A") + SIGNALLED.format("own") + throw("T", '<signalEventDefinition id="own" signalRef="SIG"/>') + end(),
         "S>A A>T T>E B>E"),
     one(start() + service("A") + SIGNALLED.format("SD") + throw("T", '<signalEventDefinition id="own" signalRef="SIG"/>') + end(),
         "S>A A>T T>E B>E", defs=DEFS + ROOT_SIGNAL),
     "B"),
    ("id_missing", plus("").replace(b'<process id="P" ', b"<process "), plus(""), ""),
    ("mime_type", plus("", artifacts='<textAnnotation id="t" textFormat="plano"/>'),
     plus("", artifacts='<textAnnotation id="t" textFormat="text/plain"/>'), "t"),
    ("import_unknown", plus("").replace(b'<itemDefinition id="TEXT"', IMPORT % b"nada.bpmn" + b'<itemDefinition id="TEXT"', 1),
     plus("").replace(b'<itemDefinition id="TEXT"', IMPORT % b"0.bpmn" + b'<itemDefinition id="TEXT"', 1), ""),
    ("reference_unknown", plus("").replace(b'isExecutable="true"', b'isExecutable="true" definitionalCollaborationRef="ZZ"'),
     plus("", '<collaboration id="c"/>').replace(b'isExecutable="true"', b'isExecutable="true" definitionalCollaborationRef="c"'), "P"),
    # expressions
    ("timer_kind", straight(catch("X", timer("2026-12-01"))), straight(catch("X", timer("2026-12-01", "timeDate"))), "X"),
    ("timer_kind", straight(catch("X", timer("PT5M", "timeDate"))), straight(catch("X", timer("PT5M", "timeDuration"))), "X"),
    ("timer_kind", straight(catch("X", timer("PT5M", "timeCycle"))), straight(catch("X", timer("R3/PT5M", "timeCycle"))), "X"),
    ("expression_empty", plus("", '<resource id="r" name="r"/>').replace(b"<v:output", b"<v:output").replace(
        b"</userTask>", b"<potentialOwner><resourceAssignmentExpression><formalExpression/></resourceAssignmentExpression>"
        b"</potentialOwner></userTask>"),
     plus("").replace(
        b"</userTask>", b"<potentialOwner><resourceAssignmentExpression><formalExpression>asesor</formalExpression>"
        b"</resourceAssignmentExpression></potentialOwner></userTask>"), "A"),
    ("expression_kind", conditional("23"), conditional("n~==~23"), "f_G_A"),
    ("expression_kind", conditional("n~+~1"), conditional("n~+~1~>~2"), "f_G_A"),
    ("expression_kind", conditional("'si'"), conditional("'si'~==~'no'"), "f_G_A"),
    ("expression_kind", straight(looped().replace(">2<", ">True<")), straight(looped()), "X"),
    ("kinds_apart", conditional("n~<~t"), conditional("n~<~len(t)"), "f_G_A"),
    ("operand_kind", conditional("not~n"), conditional("not~n~==~1"), "f_G_A"),
    ("function_arguments", conditional("len(n,~t)~>~1"), conditional("len(t)~>~1"), "f_G_A"),
    ("part_fails", conditional("n~/~0~>~1"), conditional("n~/~2~>~1"), "f_G_A"),
    ("text_without_quotes", conditional("t~==~no"), conditional("t~==~'no'"), "f_G_A"),
    ("timer_value", straight(catch("X", timer("'mañana'"))), straight(catch("X", timer("'PT5M'"))), "X"),
    # pools and message flows
    ("message_flow_end", pools('sourceRef="p2" targetRef="f_S_A"'), pools('sourceRef="p2" targetRef="A"'), "mf"),
    ("message_flow_end", pools('sourceRef="g" targetRef="A"').replace(b"</collaboration>", b'<group id="g"/></collaboration>'),
     pools('sourceRef="p2" targetRef="A"'), "mf"),
    ("message_flow_source", pools('sourceRef="S" targetRef="p2"'), pools('sourceRef="T" targetRef="p2"'), "mf"),
    ("message_flow_target", pools('sourceRef="p2" targetRef="T"'), pools('sourceRef="T" targetRef="p2"'), "mf"),
    ("message_flow_target", pools('sourceRef="p2" targetRef="E"'), pools('sourceRef="p2" targetRef="A"'), "mf"),
    ("message_flow_event", pools('sourceRef="p2" targetRef="S"'), pools('sourceRef="p2" targetRef="A"'), "S"),
    ("message_flow_event", pools('sourceRef="E" targetRef="p2"'), pools('sourceRef="A" targetRef="p2"'), "E"),
    ("message_flow_same_pool", pools('sourceRef="A" targetRef="p1"'), pools('sourceRef="A" targetRef="p2"'), "mf"),
    ("message_flow_same_pool", pools('sourceRef="p2" targetRef="p2"'), pools('sourceRef="p2" targetRef="p1"'), "mf"),
    ("participant_multiplicity",
     pools('sourceRef="p2" targetRef="A"', more='<participant id="p3"><participantMultiplicity minimum="-1"/></participant>'),
     pools('sourceRef="p2" targetRef="A"', more='<participant id="p3"><participantMultiplicity minimum="0"/></participant>'), "p3"),
    ("participant_multiplicity",
     pools('sourceRef="p2" targetRef="A"', more='<participant id="p3"><participantMultiplicity minimum="3" maximum="2"/></participant>'),
     pools('sourceRef="p2" targetRef="A"', more='<participant id="p3"><participantMultiplicity minimum="2" maximum="2"/></participant>'),
     "p3"),
    ("global_conversation_content", plus("", '<globalConversation id="gc"><participant id="p1"/><participant id="p2"/>'
     '<messageFlow id="m1" sourceRef="p1" targetRef="p2"/><conversation id="cv"><participantRef>p1</participantRef>'
     "<participantRef>p2</participantRef></conversation></globalConversation>"),
     plus("", '<globalConversation id="gc"><participant id="p1"/><participant id="p2"/>'
     '<messageFlow id="m1" sourceRef="p1" targetRef="p2"/></globalConversation>'), "cv"),
    ("choreography_reference",
     plus("", '<choreography id="ch"><choreographyRef>c2</choreographyRef></choreography><choreography id="c2"/>'),
     plus("", '<choreography id="ch"/><choreography id="c2"/>'), "ch"),
    ("choreography_content", plus("", '<choreography id="ch"><task id="ct"/></choreography>'),
     plus("", '<choreography id="ch"/>'), "ct"),
    ("choreography_participants", plus("", CHOREOGRAPHY.format(MF, "<participantRef>p1</participantRef>")),
     plus("", CHOREOGRAPHY.format(MF, "<participantRef>p2</participantRef>")), "ct"),
    ("choreography_in_process",
     plus('<choreographyTask id="ct" initiatingParticipantRef="p1"><participantRef>p1</participantRef><participantRef>p2</participantRef>'
          "<messageFlowRef>m1</messageFlowRef></choreographyTask>",
          f'<collaboration id="c"><participant id="p1"/><participant id="p2"/>{MF}</collaboration>'),
     plus("", f'<collaboration id="c"><participant id="p1"/><participant id="p2"/>{MF}</collaboration>'), "ct"),
    # data
    ("data_collection", straight(with_input('itemSubjectRef="MANY"')),
     straight(with_input('itemSubjectRef="MANY" isCollection="true"')), "X"),
    ("data_in_sub_process",
     straight(sub("X", io("TEXT", "di") + start("s") + end("e"), "s>e")), straight(sub("X", start("s") + end("e"), "s>e")), "X"),
    ("data_without_set", straight(data('<dataInput id="di"/>')), straight(with_input()), "X"),
    ("data_without_set", straight(data(outputs='<dataOutput id="do"/>')),
     straight(data(outputs='<dataOutput id="do"/>', sets="<inputSet/><outputSet><dataOutputRefs>do</dataOutputRefs></outputSet>")), "X"),
    ("data_set_member",
     straight(data('<dataInput id="di"/><dataInput id="d2"/>',
                   sets="<inputSet><dataInputRefs>di</dataInputRefs><optionalInputRefs>d2</optionalInputRefs></inputSet>"
                        "<inputSet><dataInputRefs>d2</dataInputRefs></inputSet><outputSet/>")),
     straight(with_input(more="<optionalInputRefs>di</optionalInputRefs>")), "X"),
    ("data_set_pair", straight(sets("<outputSetRefs>os</outputSetRefs>", "")),
     straight(sets("<outputSetRefs>os</outputSetRefs>", "<inputSetRefs>is</inputSetRefs>")), "X"),
    ("data_set_pair", straight(sets("", "<inputSetRefs>is</inputSetRefs>")), straight(sets("", "")), "X"),
    ("data_reference", straight(association("S", "di")), straight(association("DO", "di")), "X"),
    ("data_direction", straight(association("DO", "DO")), straight(association("DO", "di")), "X"),
    ("data_transformation", straight(association("DO", "di", "<transformation>x</transformation>")),
     straight(association("DO", "di")), "X"),
    ("data_transformation", straight(association("DO", "di", "<assignment><from>1</from><to>di</to></assignment>")),
     straight(association("DO", "di")), "X"),
    ("data_sources", straight(association("DO</sourceRef><sourceRef>DO", "di")), straight(association("DO", "di")), "X"),
    ("data_types", straight(association("DN", "di")), straight(association("DO", "di")), "X"),
    ("message_data_number", straight(messages(2, "TEXT"), variables="k"), straight(messages(1, "TEXT"), variables="k"), "X"),
    ("message_data_number", straight(messages(2, "TEXT", kind="receiveTask"), variables="k"),
     straight(messages(1, "TEXT", kind="receiveTask"), variables="k"), "X"),
    ("message_data_type", straight(messages(1, "NUMBER"), variables="k"), straight(messages(1, "TEXT"), variables="k"), "X"),
    ("message_data_type", straight(with_input('itemSubjectRef="NUMBER"').replace('id="X"', 'id="X" operationRef="OP"')),
     straight(with_input('itemSubjectRef="TEXT"').replace('id="X"', 'id="X" operationRef="OP"')), "X"),
    ("event_data_number", event_data("TEXT", 2), event_data("TEXT"), "X"),
    ("event_data_type", event_data("NUMBER"), event_data("TEXT"), "X"),
    ("call_data", caller(io("NUMBER", "a"), io("TEXT", "b")), caller(io("TEXT", "a"), io("TEXT", "b")), "X"),
    ("call_data", caller("", io("TEXT", "b")), caller("", ""), "X"),
    ("interface_unbound", caller(io("TEXT", "a"), "<supportedInterfaceRef>IF</supportedInterfaceRef>" + io("TEXT", "b")),
     caller(io("TEXT", "a"), io("TEXT", "b")), "Q"),
    ("loop_not_a_collection",
     straight(with_input('itemSubjectRef="TEXT"', after="<multiInstanceLoopCharacteristics><loopDataInputRef>di</loopDataInputRef>"
                         '<inputDataItem id="each"/></multiInstanceLoopCharacteristics>')),
     straight(with_input('itemSubjectRef="MANY" isCollection="true"',
                         after="<multiInstanceLoopCharacteristics><loopDataInputRef>di</loopDataInputRef>"
                         '<inputDataItem id="each"/></multiInstanceLoopCharacteristics>')), "X"),
    ("data_types",
     straight(with_input('itemSubjectRef="MANY" isCollection="true"',
                         after="<multiInstanceLoopCharacteristics><loopDataInputRef>di</loopDataInputRef>"
                         '<inputDataItem id="each" itemSubjectRef="MANY"/></multiInstanceLoopCharacteristics>')),
     straight(with_input('itemSubjectRef="MANY" isCollection="true"',
                         after="<multiInstanceLoopCharacteristics><loopDataInputRef>di</loopDataInputRef>"
                         '<inputDataItem id="each" itemSubjectRef="TEXT"/></multiInstanceLoopCharacteristics>')), "X"),
    # flows and gateways
    ("flow_references", straight(f'<serviceTask id="X">{HANDLER}<incoming>f_X_E</incoming></serviceTask>'),
     straight(f'<serviceTask id="X">{HANDLER}<incoming>f_S_X</incoming></serviceTask>'), "X"),
    ("flow_crosses", one(start() + sub("X", start("s") + service("a") + end("e"), "s>a a>e") + end(), "S>X X>E S>a"),
     one(start() + sub("X", start("s") + service("a") + end("e"), "s>a a>e") + end(), "S>X X>E"), "f_S_a"),
    ("flow_end_kind", one(start() + service("A") + end(), "S>A A>E A>t", artifacts='<textAnnotation id="t"/>'),
     one(start() + service("A") + end(), "S>A A>E", artifacts='<textAnnotation id="t"/>'), "f_A_t"),
    ("flow_end_kind", one(start() + service("A") + end() + '<dataObject id="do"/>', "S>A A>E A>do"),
     one(start() + service("A") + end() + '<dataObject id="do"/>', "S>A A>E"), "f_A_do"),
    ("condition_after_event", one(start() + service("A") + end(), "S>A?True A>E"),
     one(start() + service("A") + end(), "S>A A>E"), "f_S_A"),
    ("gateway_alone", straight(gate("exclusive", "X")), gateways("Unspecified"), "X"),
    ("gateway_alone", straight(gate("parallel", "X")), gateways("Unspecified"), "X"),
    ("gateway_direction", gateways("Converging"), gateways("Diverging"), "G"),
    ("gateway_direction", gateways("Mixed"), gateways("Unspecified"), "G"),
    ("event_gateway_mixed",
     raced(RECEIVES.format('id="D" messageRef="N"')),
     raced(catch("D", timer("PT1M"))), "G"),
    ("event_gateway_parallel", raced(catch("D", timer("PT1M")), attributes='eventGatewayType="Parallel"'),
     raced(catch("D", timer("PT1M")), attributes='eventGatewayType="Exclusive"'), "G"),
    ("instantiate_incoming", raced(catch("D", timer("PT1M")), attributes='instantiate="true"'), raced(catch("D", timer("PT1M"))), "G"),
    ("instantiate_incoming",
     straight(RECEIVES.format('id="X" messageRef="M" instantiate="true"'), variables="k"),
     straight(RECEIVES.format('id="X" messageRef="M"'), variables="k"),
     "X"),
    # events
    ("event_not_allowed", one(event("startEvent", "S", '<errorEventDefinition errorRef="ERR"/>') + end(), "S>E"),
     one(start() + end(), "S>E"), "S"),
    ("event_not_allowed", one(start() + event("endEvent", "E", timer("PT1M")), "S>E"), one(start() + end(), "S>E"), "E"),
    ("event_not_allowed", straight(catch("X", "<terminateEventDefinition/>")), straight(catch("X", timer("PT1M"))), "X"),
    ("event_not_allowed", straight(catch("X", "<compensateEventDefinition/>")), straight(catch("X", timer("PT1M"))), "X"),
    ("event_not_allowed", straight(throw("X", timer("PT1M"))), straight(throw("X", '<signalEventDefinition signalRef="SIG"/>')), "X"),
    ("event_not_allowed",
     one(start() + service("A") + boundary("B", "A", "<terminateEventDefinition/>") + end(), "S>A A>E B>E"),
     one(start() + service("A") + boundary("B", "A", timer("PT1M")) + end(), "S>A A>E B>E"), "B"),
    ("event_not_allowed", handler(definition="<cancelEventDefinition/>"), handler(), "hs"),
    ("start_must_interrupt", handler('isInterrupting="false"'), handler('isInterrupting="true"'), "hs"),
    ("link_with_flow", linked(("", ""), "S>T T>E C>E"), linked(("", "")), "T"),
    ("link_with_flow", linked(("", ""), "S>T S>C C>E"), linked(("", "")), "C"),
    ("link_pair", linked(("<target>l2</target>", "")), linked(("<target>l2</target>", "<source>l1</source>")), "T"),
    ("link_pair", linked(("", "<source>l2</source>")), linked(("<target>l2</target>", "<source>l1</source>")), "C"),
    # activities
    ("event_sub_process_flow", handler(wires="S>A A>E H>E"), handler(), "H"),
    ("compensation_flow", compensated(wires="B>U"), compensated(), "B"),
    ("compensation_flow", compensated(wires="U>E"), compensated(), "U"),
    ("compensation_handler", compensated(""), compensated(), "B"),
    ("compensation_handler", compensated('<association id="a" sourceRef="B" targetRef="A"/>'), compensated(), "B"),
    ("compensation_alone", compensated(""), compensated(), "U"),
    ("quantity_below_one", straight(service("X").replace('id="X"', 'id="X" startQuantity="0"')), straight(service("X")), "X"),
    ("quantity_below_one", straight(service("X").replace('id="X"', 'id="X" completionQuantity="-1"')), straight(service("X")), "X"),
    ("multi_behaviour_event", straight(looped('behavior="None"')), straight(looped('behavior="All"')), "X"),
    ("multi_behaviour_complex",
     straight(looped(inner="<complexBehaviorDefinition><condition>True</condition></complexBehaviorDefinition>")), straight(looped()), "X"),
    ("multi_behaviour_complex", straight(looped('behavior="Complex"')), straight(looped()), "X"),
    ("ad_hoc_empty", ad_hoc(""), ad_hoc(service("a")), "X"),
    ("ad_hoc_event", ad_hoc(start("s") + service("a"), "s>a"), ad_hoc(service("a")), "s"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "broken", "sound", "element"),
    PAIRS,
    ids=[f"{n}-{row[0]}" for n, row in enumerate(PAIRS)],
)
def test_a_rule_refuses_the_model_that_breaks_it_and_not_the_one_put_right(
    rule: str, broken: bytes, sound: bytes, element: str
) -> None:
    found = [f for f in findings(broken) if f.rule == rule]
    assert element in [f.element or "" for f in found], findings(broken)
    assert all(f.severity == "error" for f in found)
    assert rule not in [f.rule for f in findings(sound)], [
        f for f in findings(sound) if f.rule == rule
    ]


def test_the_models_put_right_are_free_of_other_findings_of_the_standard() -> None:
    """A model that is called sound breaks no other rule of BPMN: what remains is what we do not
    execute."""
    bpmn = {code for code, rule in RULES.items() if rule.source.startswith("BPMN")}
    for rule, _, sound, _ in PAIRS:
        left = {f.rule for f in findings(sound) if f.severity == "error"} & bpmn
        assert not left, (rule, left)


def test_every_rule_names_its_source() -> None:
    assert all(
        rule.source.startswith(("BPMN ", "DMN ", "XML", "Ventanilla")) for rule in RULES.values()
    )


def test_an_event_with_data_whose_definition_carries_none_is_judged_too() -> None:
    data = '<dataOutput id="d"/><outputSet><dataOutputRefs>d</dataOutputRefs></outputSet>'
    assert "event_data_number" not in [
        f.rule for f in findings(straight(catch("X", data + timer("PT1M"))))
    ]
