"""What a release refuses, by rule code: one small diagram each. What it accepts stands in
test_spiff_run.py."""

from pathlib import Path

import pytest

from engine.compile import compile_release
from engine.errors import Finding, Problem
from tests.kit.diagrams import (
    boundary,
    catch,
    content,
    end,
    event,
    extension,
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
from tests.kit.play import Everything, Play, findings, release

BPMN = Path(__file__).parents[3] / "bpmn" / "m5_1_02"
DEFS = (
    '<message id="M" name="Aviso"/><message id="U"/><signal id="SIG" name="Cierre"/>'
    '<error id="ERR" errorCode="X"/><error id="NOCODE"/><escalation id="ESC" escalationCode="V"/>'
)
ERROR = '<errorEventDefinition errorRef="{0}"/>'


def one(nodes: str, wires: str, variables: str = "") -> bytes:
    return model(process("P", nodes, wires, variables), defs=DEFS)


def straight(node: str, id_: str = "X", variables: str = "") -> bytes:
    """start → node → end"""
    return one(start() + node + end(), f"S>{id_} {id_}>E", variables)


def task(inner: str, *, kind: str = "userTask", attributes: str = "") -> str:
    return f'<{kind} id="X" {attributes}>{inner}</{kind}>'


def extended(inner: str, kind: str = "userTask") -> str:
    return task(f"<extensionElements>{inner}</extensionElements>", kind=kind)


def multi(inner: str, attributes: str = "") -> str:
    return task(
        f"<multiInstanceLoopCharacteristics {attributes}>{inner}</multiInstanceLoopCharacteristics>"
    )


HANDLER = (
    f'<subProcess id="X" triggeredByEvent="true"><startEvent id="xs">{timer("PT1M")}</startEvent><endEvent id="xe"/>'
    '<sequenceFlow id="xf" sourceRef="xs" targetRef="xe"/></subProcess>'
)
GATES = start() + user("A", "B", "C") + gate("exclusive", "G") + end()

FREE = content(service("A", "B", "C") + gate("exclusive", "G"), "A>G G>B?True G>C*")
TOLD = '<message id="m" name="m"/><messageEventDefinition id="told" messageRef="m"/>'
SAYS = multi("<loopCardinality>2</loopCardinality>", 'behavior="One" oneBehaviorEventRef="told"')
BEGINS = (
    '<eventBasedGateway id="X" instantiate="true" eventGatewayType="Parallel"/>'
    + catch("C", timer("PT1M"))
    + catch("D", timer("PT2M"))
)
UNDOES = (
    '<subProcess id="{0}" triggeredByEvent="true"><startEvent id="{0}s"><compensateEventDefinition/></startEvent><endEvent id="{0}e"/>'
    '<sequenceFlow id="{0}f" sourceRef="{0}s" targetRef="{0}e"/></subProcess>'
)
ANY = '<complexGateway id="X"><activationCondition>activationCount &gt;= 1</activationCondition></complexGateway>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'
THROWN = '<signal id="s" name="s"/><signalEventDefinition id="thrown" signalRef="s"/>'
ONCE = multi("<loopCardinality>2</loopCardinality>", 'behavior="One" oneBehaviorEventRef="thrown"')
CANCEL = "<cancelEventDefinition/>"
BOTH = event("startEvent", "X", timer("PT1M") + timer("PT2M"), attributes='parallelMultiple="true"')
JOINED = "S>G G>A G>B A>X B>X X>E"
COMPENSATES = "<compensateEventDefinition/>"
UNDO = task("", kind="serviceTask", attributes='isForCompensation="true"')

REFUSED: list[tuple[str, bytes, str | None]] = [
    # files
    ("xml_not_well_formed", b"<definitions", None),
    ("xml_doctype", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', None),
    ("xml_too_large", b"<x>" + b" " * (2 * 1024 * 1024) + b"</x>", None),
    ("file_unknown", b"<svg/>", None),
    ("process_missing", model(), None),
    ("process_not_executable", one(start() + end(), "S>E").replace(b'isExecutable="true"', b'isExecutable="false"'), "P"),
    ("schema", straight(task("<nada/>")), None),
    ("id_duplicate", straight(user("X") + user("X")), "X"),
    ("id_duplicate", model(process("P", start() + end(), "S>E"), process("P", start("S2") + end("E2"), "S2>E2")), "P"),
    ("id_reserved", straight(user("X.EndJoin"), "X.EndJoin"), "X.EndJoin"),
    # flows
    ("flow_dangling", one(start() + end(), "S>E S>Z"), "f_S_Z"),
    ("flow_crosses", one(start() + sub("SP", start("s") + user("a") + end("e"), "s>a a>e a>E") + end(), "S>SP SP>E"), "f_a_E"),
    ("flow_into", one(start() + user("A") + end(), "S>A A>S A>E"), "S"),
    ("flow_out_of_end", one(start() + user("A") + end(), "S>A A>E E>A"), "E"),
    ("flow_missing", one(start() + user("A") + boundary("B", "A", timer("PT1M")) + end(), "S>A A>E"), "B"),
    ("flow_references", straight(task("<incoming>zzz</incoming>")), "X"),
    ("unreachable", one(start() + user("A", "B") + end(), "S>A A>E B>E"), "B"),
    ("condition_without_gateway", one(start() + user("A") + end(), "S>A A>E?True"), "f_A_E"),
    ("condition_missing", one(GATES, "S>A A>G G>B?True G>C B>E C>E"), "f_G_C"),
    ("condition_empty", one(GATES, "S>A A>G G>B?~ G>C* B>E C>E"), "f_G_B"),
    ("condition_of_event_empty", straight(catch("X", "<conditionalEventDefinition/>")), "X"),
    ("default_unknown", one(GATES, "S>A A>G G>B?True G>C* B>E C>E").replace(b'default="f_G_C"', b'default="f_S_A"'), "G"),
    ("default_with_condition", one(GATES, "S>A A>G G>B?True G>C*?True B>E C>E"), "f_G_C"),
    ("gateway_takes_no_conditions",
     one(start() + gate("eventBased", "G") + catch("T", timer("PT1M")) + catch("U", timer("PT2M")) + end(), "S>G G>T?True G>U T>E U>E"),
     "G"),
    ("join_deadlock", one(GATES + gate("parallel", "J"), "S>A A>G G>B?True G>C* B>J C>J J>E"), "J"),
    ("event_gateway_all", one(BEGINS + user("A") + end(), "X>C X>D C>A D>A A>E"), "X"),
    ("event_gateway_alone", one(start() + gate("eventBased", "G") + catch("T", timer("PT1M")) + end(), "S>G G>T T>E"), "G"),
    ("event_gateway_target",
     one(start() + gate("eventBased", "G") + catch("T", timer("PT1M")) + user("A") + end(), "S>G G>T G>A T>E A>E"),
     "A"),
    ("scope_empty", one("", ""), "P"),
    # events
    ("start_missing", one(end(), ""), "P"),
    ("start_ambiguous", one(start() + start("S2") + end(), "S>E S2>E"), "P"),
    ("start_of_sub_process",
     one(start() + sub("SP", event("startEvent", "s", timer("PT1M")) + end("e"), "s>e") + end(), "S>SP SP>E"),
     "SP"),
    ("end_missing", one(start() + sub("SP", start("s") + gate("exclusive", "x") + user("a"), "s>x x>a a>x") + end(), "S>SP SP>E"), "SP"),
    ("event_kind",
     one(event("startEvent", "S", "<conditionalEventDefinition><condition>True</condition></conditionalEventDefinition>") + end(), "S>E"),
     "S"),
    ("schedule_without_timer",
     one(event("startEvent", "X", "", '<extensionElements><v:schedule each="day"/></extensionElements>') + user("A") + end(), "X>A A>E"), "X"),
    ("event_undefined", straight(catch("X", "")), "X"),
    ("event_multiple", one(BOTH + user("A") + end(), "X>A A>E"), "X"),
    ("compensation_activity", straight(throw("X", '<compensateEventDefinition activityRef="ZZ"/>')), "X"),
    ("cancel_outside_transaction", one(start() + '<endEvent id="E"><cancelEventDefinition/></endEvent>', "S>E"), "E"),
    ("reference_unknown", one(start() + f'<endEvent id="E">{ERROR.format("ZZ")}</endEvent>', "S>E"), "E"),
    ("reference_missing", one(start() + '<endEvent id="E"><errorEventDefinition/></endEvent>', "S>E"), "E"),
    ("code_missing", one(start() + f'<endEvent id="E">{ERROR.format("NOCODE")}</endEvent>', "S>E"), "E"),
    ("signal_never_thrown", straight(catch("X", '<signalEventDefinition signalRef="SIG"/>')), "X"),
    ("timer_missing", straight(catch("X", "<timerEventDefinition/>")), "X"),
    ("link_target", one(start() + throw("T", '<linkEventDefinition name="a"/>'), "S>T"), "T"),
    ("link_source", one(start() + catch("C", '<linkEventDefinition name="a"/>') + end(), "S>E C>E"), "C"),
    ("message_missing", straight('<receiveTask id="X"/>'), "X"),
    ("message_unnamed", straight(catch("X", *reversed(message("U"))), variables="k"), "X"),
    ("message_key_missing", straight(catch("X", '<messageEventDefinition messageRef="M"/>')), "X"),
    ("send_task_message_or_handler", straight('<sendTask id="X"/>'), "X"),
    ("boundary_host_unknown", one(start() + user("A") + boundary("B", "ZZ", timer("PT1M")) + end(), "S>A A>E B>E"), "B"),
    ("boundary_host_kind", one(GATES + boundary("B2", "G", timer("PT1M")), "S>A A>G G>B?True G>C* B>E C>E B2>E"), "B2"),
    ("boundary_must_interrupt",
     one(start() + service("A") + boundary("B", "A", ERROR.format("ERR"), interrupts=False) + end(), "S>A A>E B>E"),
     "B"),
    ("boundary_ambiguous",
     one(start() + service("A") + boundary("B", "A", ERROR.format("ERR")) +
     boundary("C", "A", ERROR.format("ERR")) + end(), "S>A A>E B>E C>E"),
     "A"),
    ("boundary_of_a_task",
     one(start() + user("A") + boundary("B", "A", '<escalationEventDefinition escalationRef="ESC"/>') + end(), "S>A A>E B>E"),
     "B"),
    # activities
    ("script_refused", straight(task("<script>x = 1</script>", kind="scriptTask")), "X"),
    ("compensation_top", one(start() + UNDOES.format("X") + end(), "S>E"), "Xs"),
    ("compensation_twice", one(start() + sub("SP", start("s") + end("e") + UNDOES.format("X") + UNDOES.format("Y"), "s>e") + end(), "S>SP SP>E"), "Xs"),
    ("complex_condition", one(start() + gate("parallel", "G") + user("A", "B") + ANY + user("C") + end(), JOINED.replace("X>E", "X>C?True X>E* C>E")), "f_X_C"),
    ("intermediate_alone", one(user("A") + throw("X", ""), "A>X"), "X"),
    ("intermediate_alone", one(user("A") + catch("X", timer("PT1M")), "X>A"), "X"),
    ("timer_repeats", straight(catch("X", timer("R4/PT1S", "timeCycle"))), "X"),
    ("timer_repeats", one(start() + user("A") + boundary("X", "A", timer("R/PT1H", "timeCycle")) + end(), "S>A A>E X>E"), "X"),
    ("compensation_twice", one(start() + user("A") + boundary("B", "A", COMPENSATES) + boundary("X", "A", COMPENSATES) + end(), "S>A A>E"), "X"),
    ("complex_activation", one(start() + gate("parallel", "G") + user("A", "B") + gate("complex", "X") + end(), JOINED), "X"),
    ("ad_hoc_condition", one(start() + f'<adHocSubProcess id="X">{service("A", "B")}</adHocSubProcess>' + end(), "S>X X>E"), "X"),
    ("ad_hoc_shape", one(start() + f'<adHocSubProcess id="X" ordering="Sequential">{FREE}</adHocSubProcess>' + end(), "S>X X>E"), "X"),
    ("start_missing", one(start() + '<subProcess id="X" triggeredByEvent="true"/>' + end(), "S>E"), "X"),
    ("flow_into", one(start() + HANDLER + end(), "S>E S>X"), "X"),
    ("start_of_sub_process", one(start() + HANDLER.replace(timer("PT1M"), "") + end(), "S>E"), "X"),
    ("compensation_boundary", one(start() + UNDO + boundary("B", "X", timer("PT1M")) + end(), "S>E B>E"), "X"),
    ("quantity", straight(task("", attributes='startQuantity="1000"')), "X"),
    ("multi_behaviour", model(process("P", start() + SAYS + end(), "S>X X>E"), defs=TOLD), "X"),
    ("multi_source", straight(multi("")), "X"),
    ("multi_item", straight(multi("<loopCardinality>2</loopCardinality><inputDataItem/>")), "X"),
    ("multi_number", straight(multi("<loopCardinality>-1</loopCardinality>")), "X"),
    ("multi_number", straight(multi("<loopCardinality>10001</loopCardinality>")), "X"),
    ("multi_output", straight(multi("<loopCardinality>2</loopCardinality><loopDataOutputRef>r</loopDataOutputRef>")), "X"),
    ("loop_without_end", straight(task("<standardLoopCharacteristics/>")), "X"),
    ("loop_maximum", straight(task('<standardLoopCharacteristics loopMaximum="0"/>')), "X"),
    ("handler_missing", straight(task("", kind="serviceTask")), "X"),
    ("handler_unknown", straight(extended('<v:handler name="zzz"/>', "serviceTask")), "X"),
    ("form_unknown", straight(extended('<v:form key="asesor.zzz"/>')), "X"),
    ("table_missing", straight(task("", kind="businessRuleTask")), "X"),
    ("table_unknown", straight(extended('<v:decision table="zzz"/>', "businessRuleTask")), "X"),
    ("called_missing", straight('<callActivity id="X"/>'), "X"),
    ("called_unknown", straight('<callActivity id="X" calledElement="ZZ"/>'), "X"),
    ("call_cycle", straight('<callActivity id="X" calledElement="P"/>'), "X"),
    ("separate_unknown", straight(extended('<v:separate from="zzz"/>')), "X"),
    # lanes
    ("lane_missing", one(start() + user("A") + end(), "S>A A>E").replace(b"<flowNodeRef>A</flowNodeRef>", b""), "A"),
    ("lane_missing", one(start() + user("A") + end(), "S>A A>E").replace(b'<v:lane role="asesor"/>', b""), "A"),
    ("lane_twice",
     one(start() + user("A") + end(), "S>A A>E").replace(b"</lane>", b'</lane><lane id="l2"><flowNodeRef>A</flowNodeRef></lane>'),
     "A"),
    # our vocabulary
    ("v_element_unknown", straight(extended("<v:formulario/>")), "X"),
    ("v_element_misplaced", straight(extended('<v:handler name="h"/>')), "X"),
    ("v_element_repeated", straight(extended('<v:due expr="k"/><v:due expr="k"/>'), variables="k"), "X"),
    ("v_attribute_unknown", straight(extended('<v:form key="a" clave="b"/>')), "X"),
    ("v_attribute_unknown", straight(task("", attributes='v:key="a"')), "X"),
    ("v_attribute_missing", straight(extended('<v:field name="n"/>')), "X"),
    ("v_content_unknown", straight(extended('<v:form key="a">texto</v:form>')), "X"),
    ("v_value", straight(extended('<v:field name="n" label="N" type="texto"/>')), "X"),
    ("v_value", straight(extended('<v:field name="n" label="N" required="si"/>')), "X"),
    ("v_value", straight(extended('<v:field name="n" label="N" max="x"/>')), "X"),
    ("field_options", straight(extended('<v:field name="n" label="N" type="choice"/>')), "X"),
    ("field_decision_type", straight(extended('<v:field name="n" label="N" type="longtext" decision="true"/>')), "X"),
    ("field_decision_type", straight(extended('<v:field name="n" label="N" type="file" decision="true"/>')), "X"),
    ("field_name", straight(extended('<v:field name="_n" label="N"/>')), "X"),
    ("field_duplicate", straight(extended('<v:field name="n" label="N"/><v:field name="n" label="M"/>')), "X"),
    ("field_pattern", straight(extended('<v:field name="n" label="N" pattern="("/>')), "X"),
    # expressions and variables
    ("expression", one(GATES, "S>A A>G G>B?x~=~=~1 G>C* B>E C>E"), "f_G_B"),
    ("timer_value", straight(extended('<v:due expr="__import__(\'os\')"/>')), "X"),
    ("variable_unknown", one(GATES, "S>A A>G G>B?tipo~==~1 G>C* B>E C>E"), "f_G_B"),
    ("variable_unknown", straight(catch("X", timer("plazo"))), "X"),
    ("variable_unknown", straight(extended('<v:priority expr="peso"/>')), "X"),
    ("variable_unknown", straight(extended('<v:holder variable="quien"/>')), "X"),
    ("variable_unknown", straight(catch("X", *reversed(message("M")))), "X"),
    ("variable_not_decision",
     one(GATES.replace('<userTask id="A" name="A">', '<userTask id="A" name="A">' + extension('<v:field name="n" label="N"/>')),
         "S>A A>G G>B?n~==~'a' G>C* B>E C>E"),
     "f_G_B"),
    ("function_unknown", straight(catch("X", timer("dias_habiles(5)", "timeDate"))), "X"),
    ("variable_name", straight(user("X"), variables="len"), "P"),
    ("variable_name", straight(user("X"), variables="_x"), "P"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "content", "element"), REFUSED, ids=[f"{n}-{row[0]}" for n, row in enumerate(REFUSED)]
)
def test_a_release_is_refused_with_the_rule_and_the_element(
    rule: str, content: bytes, element: str | None
) -> None:
    found = [f for f in findings(content) if f.rule == rule]
    assert found, [f.rule for f in findings(content)]
    assert all(isinstance(f, Finding) and f.severity == "error" for f in found)
    if element is not None:
        assert element in [f.element for f in found]


def test_a_sound_diagram_has_no_findings() -> None:
    assert findings(straight(user("X"))) == []


def test_a_called_process_must_start_plainly() -> None:
    mark, definition = message("M")
    called = process("Q", event("startEvent", "s", definition, mark) + end("e"), "s>e", "k")
    calling = process("P", start() + '<callActivity id="C" calledElement="Q"/>' + end(), "S>C C>E")
    assert "called_start" in [f.rule for f in findings(model(calling, called, defs=DEFS))]


def test_a_called_process_waits_for_nothing() -> None:
    called = process("Q", event("startEvent", "s", timer("PT1M")) + end("e"), "s>e")
    calling = process("P", start() + '<callActivity id="C" calledElement="Q"/>' + end(), "S>C C>E")
    assert "called_start" in [f.rule for f in findings(model(calling, called))]


def test_types_that_a_file_imports_are_told_to_have_no_effect() -> None:
    imported = b'<import importType="http://www.w3.org/2001/XMLSchema" location="tipos.xsd" namespace="urn:x"/><message id="M"'
    (found,) = findings(straight(user("X")).replace(b'<message id="M"', imported, 1))
    assert (found.rule, found.severity, found.params) == (
        "import_unused",
        "warning",
        {"value": "tipos.xsd"},
    )


def test_processes_that_call_each_other_in_a_circle_are_refused() -> None:
    one_ = process("P", start() + '<callActivity id="C" calledElement="Q"/>' + end(), "S>C C>E")
    other = process(
        "Q", start("s") + '<callActivity id="c" calledElement="P"/>' + end("e"), "s>c c>e"
    )
    assert [f.rule for f in findings(model(one_), model(other))] == ["call_cycle", "call_cycle"]


def test_a_process_id_may_stand_in_one_file_only() -> None:
    again = model(process("P", start("T") + end("F"), "T>F"))
    assert "id_duplicate" in [f.rule for f in findings(straight(user("X")), again)]


def test_a_gateway_without_default_is_only_a_warning() -> None:
    (found,) = findings(one(GATES, "S>A A>G G>B?True G>C?False B>E C>E"))
    assert (found.rule, found.severity, found.element) == ("default_missing", "warning", "G")


def test_a_parallel_gateway_takes_every_way_whatever_conditions_say() -> None:
    content = one(
        start() + user("A", "B") + gate("parallel", "G") + end(), "S>G G>A?False G>B A>E B>E"
    )
    (found,) = findings(content)
    assert (found.rule, found.severity, found.element) == (
        "condition_without_effect",
        "warning",
        "G",
    )
    assert sorted(Play(release(content)).users) == ["A", "B"]


def test_a_lane_that_names_an_element_which_is_gone_is_only_a_warning() -> None:
    content = straight(user("X")).replace(
        b"<flowNodeRef>X<", b"<flowNodeRef>ZZ</flowNodeRef><flowNodeRef>X<"
    )
    (found,) = findings(content)
    assert (found.rule, found.severity, found.element) == (
        "lane_reference_unknown",
        "warning",
        "ln_P",
    )


def test_a_signal_that_nobody_throws_is_only_a_warning_where_something_else_may_happen() -> None:
    signal = '<signalEventDefinition signalRef="SIG"/>'
    race = (
        start() + gate("eventBased", "G") + catch("C", signal) + catch("T", timer("PT1M")) + end()
    )
    (found,) = findings(one(race, "S>G G>C G>T C>E T>E"))
    assert (found.rule, found.severity) == ("signal_never_thrown", "warning")


def test_a_task_without_name_and_fields_is_told_and_one_that_has_either_is_not() -> None:
    field = '<v:field name="a" label="A"/>'
    assert [(f.rule, f.element, f.severity) for f in findings(straight(extended("")))] == [
        ("task_unnamed", "X", "warning")
    ]
    assert [f.rule for f in findings(straight(extended(field)))] == []
    assert [
        f.rule for f in findings(straight(extended("").replace('id="X"', 'id="X" name="Revisar"')))
    ] == []


def test_extensions_of_other_vendors_are_named_as_without_effect() -> None:
    foreign = '<z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="pago"/>'
    found, unnamed = findings(straight(extended(foreign)))
    assert (unnamed.rule, unnamed.severity) == ("task_unnamed", "warning")
    assert (found.rule, found.severity) == ("foreign_extension", "warning")
    assert found.params == {
        "element": "taskDefinition",
        "namespace": "http://camunda.org/schema/zeebe/1.0",
    }


DMN = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="t"><decisionTable hitPolicy="UNIQUE">'
    b"<input><inputExpression><text>n</text></inputExpression></input><output name='r'/>"
    b"<rule><inputEntry><text>&lt; 5</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>"
    b"<rule><inputEntry><text>&gt;= %s</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>"
    b"</decisionTable></decision></definitions>"
)
RULE = extended('<v:decision table="t"/><v:output name="{0}" type="integer"/>', "businessRuleTask")


def test_the_outputs_of_a_rule_task_must_be_those_of_its_table() -> None:
    good = straight(RULE.format("r"), variables="n:integer")
    assert findings(good, t_dmn=DMN % b"5") == []
    bad = straight(RULE.format("otra"), variables="n:integer")
    assert [f.rule for f in findings(bad, t_dmn=DMN % b"5")] == ["output_not_in_table"]


def test_the_inputs_of_a_table_must_be_variables_of_the_process_that_uses_it() -> None:
    assert [f.rule for f in findings(straight(RULE.format("r")), t_dmn=DMN % b"5")] == [
        "variable_unknown"
    ]


def test_a_table_with_a_gap_is_refused_with_an_example() -> None:
    (found,) = findings(straight(RULE.format("r"), variables="n:integer"), t_dmn=DMN % b"6")
    assert (found.rule, found.file, found.params["example"]) == (
        "dmn_gap",
        "t.dmn",
        Problem("case", {"n": 5.0}),
    )


def test_a_table_that_fails_is_a_failure_of_the_task_or_the_drawn_error() -> None:
    plain = start() + user("A") + RULE.format("r") + user("B") + end()
    play = Play(release(one(plain, "S>A A>X X>B B>E", "n:integer"), t_dmn=DMN % b"5")).do(
        "A", n="x"
    )
    assert play.failures == {"X": "t: no rule (inputs={'n': 'x'})"}
    defs = DEFS + '<error id="DMN" errorCode="ERR_DMN_SIN_REGLA"/>'
    drawn = plain + boundary("BD", "X", ERROR.format("DMN")) + user("H")
    content = model(process("P", drawn, "S>A A>X X>B B>E BD>H H>E", "n:integer"), defs=defs)
    play = Play(release(content, t_dmn=DMN % b"5")).do("A", n="x")
    assert (play.failures, play.users) == ({}, ["H"])
    assert Play(release(content, t_dmn=DMN % b"5")).do("A", n=7).data("B") == {"n": 7, "r": 2}


def test_the_diagrams_and_tables_of_the_product_have_no_errors() -> None:
    files = {
        path.relative_to(BPMN).as_posix(): path.read_bytes() for path in sorted(BPMN.rglob("*.*mn"))
    }
    functions = {"dias_habiles": lambda _days, _since=None, *, now: now.isoformat()}
    built, found = compile_release(
        files, handlers=Everything(), forms=Everything(), functions=functions
    )
    assert [f for f in found if f.severity == "error"] == []
    assert built is not None
    assert "M5_1_02_atencion" in built.processes


def test_the_conditions_of_a_complex_join_name_their_phase() -> None:
    join = '<complexGateway id="X"><activationCondition>activationCount &gt;= 1</activationCondition></complexGateway>'
    nodes = start() + gate("parallel", "G") + user("A", "B", "C", "D") + join + end()
    split = "S>G G>A G>B A>X B>X C>E D>E X>D "
    assert "complex_condition" in [f.rule for f in findings(one(nodes, split + "X>C?True"))]
    assert "complex_condition" not in [
        f.rule for f in findings(one(nodes, split + "X>C?waitingForStart"))
    ]


def test_an_event_sub_process_undoes_what_stands_around_it_and_nothing_else() -> None:
    for activity, refused in (("A", False), ("B", True)):
        undo = f'<endEvent id="xe"><compensateEventDefinition activityRef="{activity}"/></endEvent>'
        inner = sub("SP", start("s") + user("B") + end("e"), "s>B B>e")
        content = one(
            start() + user("A") + inner + HANDLER.replace(end("xe"), undo) + end(), "S>A A>SP SP>E"
        )
        assert ("compensation_activity" in [f.rule for f in findings(content)]) is refused


def test_a_transaction_that_is_cancelled_says_where_it_goes_on() -> None:
    inside = start("s") + f'<endEvent id="e">{CANCEL}</endEvent>'
    transaction = sub("TX", inside, "s>e").replace("subProcess", "transaction")
    caught = boundary("B", "TX", CANCEL) + end("F")
    assert [
        (f.rule, f.element) for f in findings(one(start() + transaction + end(), "S>TX TX>E"))
    ] == [("cancel_uncaught", "e")]
    assert findings(one(start() + transaction + caught + end(), "S>TX TX>E B>F")) == []
