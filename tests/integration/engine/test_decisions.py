"""What a decision table decided stands in the journal of the command: file, rules, inputs and
result, under its hash."""

import hashlib

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.errors import DeployRefused
from engine.reads.verification import verify
from engine.states import RepairAction
from engine.store import chain
from engine.store.tables import Instance, Journal
from engine.types import Decision, Repair
from tests.kit import diagrams as m
from tests.kit.cast import ADMIN, ANALISTA, COORDINADORA, FUNCIONARIA
from tests.kit.engine import Kit, begin, do, entries, sound
from tests.kit.statements import counting
from tests.unit.test_decision_graphs import asks, decision, graph, knows, table as in_table

ERRORS = '<error id="e_sin" name="Sin regla" errorCode="ERR_DMN_SIN_REGLA"/>'


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def table(*rules: str, policy: str = "UNIQUE", aggregation: str = "") -> bytes:
    """`"a" => 1 # why`: a rule a text."""
    rows = ""
    for rule in rules:
        test, _, rest = rule.partition(" => ")
        output, _, why = rest.partition(" # ")
        rows += f"<rule><description>{why}</description>" if why else "<rule>"
        rows += f"<inputEntry><text>{test}</text></inputEntry><outputEntry><text>{output}</text></outputEntry></rule>"
    mark = f' aggregation="{aggregation}"' if aggregation else ""
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" namespace="t"><decision id="tarifa" name="Tarifa">'
        f'<decisionTable hitPolicy="{policy}"{mark}><input id="i"><inputExpression typeRef="string"><text>clase</text></inputExpression>'
        f'</input><output id="o" name="valor" typeRef="integer"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


def diagram(extra: str = "", wires: str = "") -> bytes:
    """ini > a (clase) > s (the table) > b > fin"""
    body = m.user("a", fields="clase")
    body += '<businessRuleTask id="s" name="Tarifa">' + m.extension(
        '<v:decision table="tarifa"/><v:output name="valor" type="integer"/>'
    )
    body += "</businessRuleTask>" + m.user("b") + extra
    return m.in_one_lane(body, "ini>a>s>b>fin", *filter(None, [wires]), defs=ERRORS)


def deploy(kit: Kit, content: bytes, process: bytes | None = None) -> None:
    files = {"p.bpmn": process or diagram(), "tarifa.dmn": content}
    kit.engine.releases.deploy(files, actor=FUNCIONARIA, now=kit.now)


def decided(kit: Kit, instance: str) -> list[Decision]:
    return [each for entry in entries(kit, instance) for each in entry.decisions]


PLAIN = table('"a" => 1 # La de siempre', 'not("a") => 2')


def test_the_entry_of_the_command_holds_file_rule_inputs_and_result_and_costs_no_statement(
    kit: Kit,
) -> None:
    deploy(kit, PLAIN)
    instance = begin(kit)
    with counting(kit.db) as cost:
        do(kit, instance, "a", clase="a")
    last = entries(kit, instance)[-1]
    sha256 = hashlib.sha256(PLAIN).hexdigest()
    assert last.decisions == (
        Decision(
            "s",
            "tarifa",
            "tarifa.dmn",
            sha256,
            ((1, "La de siempre"),),
            {"clase": "a"},
            {"valor": 1},
        ),
    )
    assert (last.kind, last.element, last.undecided) == ("complete", "a", ())
    assert "decisions" not in last.detail
    assert not [text for text in cost.texts if "release_file" in text]
    other = begin(kit)
    do(kit, other, "a", clase="z")
    assert [each.rules for each in decided(kit, other)] == [((2, ""),)]
    sound(kit)


@pytest.mark.parametrize(
    ("policy", "aggregation", "rules", "result"),
    [
        ("FIRST", "", [1], 1),
        ("ANY", "", [1, 2], 1),
        ("RULE ORDER", "", [1, 2], [1, 1]),
        ("COLLECT", "SUM", [1, 2], 2),
    ],
)
def test_the_rules_that_decided_are_those_whose_outputs_are_given(
    kit: Kit, policy: str, aggregation: str, rules: list[int], result: object
) -> None:
    last = "-" if policy == "FIRST" else 'not("a","b")'
    deploy(
        kit,
        table('"a" => 1', '"a","b" => 1', f"{last} => 1", policy=policy, aggregation=aggregation),
    )
    instance = begin(kit)
    do(kit, instance, "a", clase="a")
    (one,) = decided(kit, instance)
    assert ([number for number, _ in one.rules], one.result) == (rules, {"valor": result})


def test_a_case_moved_between_versions_says_of_each_decision_which_table_decided(kit: Kit) -> None:
    other = table('"a" => 7', 'not("a") => 8')
    deploy(kit, PLAIN)
    instance = begin(kit)
    do(kit, instance, "a", clase="a")
    deploy(kit, other)
    kit.engine.migration.migrate(
        instance, 2, reason="La tarifa cambió ayer", actor=ANALISTA, now=kit.now
    )
    with kit.engine.uow.reading() as session:
        (target,) = [
            e for e in kit.engine.instances.earlier(session, instance, kit.now) if e.element == "a"
        ]
    kit.engine.instances.go_back(
        instance, target.task_id, reason="Se tipificó mal la clase", actor=COORDINADORA, now=kit.now
    )
    do(kit, instance, "a", clase="z")
    assert [(one.sha256, one.rules[0][0], one.result) for one in decided(kit, instance)] == [
        (hashlib.sha256(PLAIN).hexdigest(), 1, {"valor": 1}),
        (hashlib.sha256(other).hexdigest(), 2, {"valor": 8}),
    ]
    sound(kit)


def test_what_no_rule_decides_and_a_drawn_error_takes_is_told_with_its_problem(kit: Kit) -> None:
    caught = m.boundary("sin", "s", '<errorEventDefinition errorRef="e_sin"/>') + m.user("c")
    deploy(kit, PLAIN, diagram(caught, "sin>c>fin"))
    instance = begin(kit)
    do(kit, instance, "a", clase=None)
    (one,) = decided(kit, instance)
    assert (one.rules, one.inputs, one.result, one.problem) == (
        (),
        {"clase": None},
        None,
        "no_rule",
    )
    sound(kit)


def test_what_became_an_incident_decided_nothing_until_it_was_mended(kit: Kit) -> None:
    deploy(kit, PLAIN)
    mended, skipped = begin(kit), begin(kit)
    for instance in (mended, skipped):
        do(kit, instance, "a", clase=None)
    assert decided(kit, mended) == []
    edit = Repair(RepairAction.EDIT, "Era la clase a", {"clase": "a"})
    skip = Repair(RepairAction.SKIP, "La tarifa era 5", {"valor": 5})
    for instance, repair in ((mended, edit), (skipped, skip)):
        ((incident,),) = kit.rows("select id from incident where instance_id = :i", i=instance)
        assert isinstance(incident, int)
        kit.engine.incidents.resolve(incident, repair, actor=ADMIN, now=kit.now)
    assert [(one.inputs, one.result) for one in decided(kit, mended)] == [
        ({"clase": "a"}, {"valor": 1})
    ]
    assert decided(kit, skipped) == []
    assert [e.undecided for e in entries(kit, skipped)] == [()] * 3, (
        "a step that was skipped decided nothing"
    )


def test_an_entry_of_before_says_that_it_was_not_recorded_and_its_chain_holds(kit: Kit) -> None:
    deploy(kit, PLAIN)
    instance = begin(kit)
    do(kit, instance, "a", clase="a")
    with Session(kit.db) as session:  # as an earlier version wrote it
        *_others, before, row = session.scalars(sa.select(Journal).order_by(Journal.rev)).all()
        detail = {name: value for name, value in row.detail.items() if name != "decisions"}
        columns = (
            "instance_id",
            "rev",
            "at",
            "actor_kind",
            "actor_id",
            "kind",
            "element",
            "delta",
            "digest",
        )
        value = chain.journal_hash(
            before.hash, detail=detail, **{name: getattr(row, name) for name in columns}
        )
        row.detail, row.hash = detail, value
        session.get_one(Instance, instance).head = value
        session.commit()
    assert [e.undecided for e in entries(kit, instance)] == [(), ("s",)]
    assert decided(kit, instance) == []
    sound(kit)


def test_a_rule_that_was_exchanged_in_the_journal_is_found(kit: Kit) -> None:
    deploy(kit, PLAIN)
    instance = begin(kit)
    do(kit, instance, "a", clase="a")
    with kit.db.begin() as c:
        c.execute(
            sa.text(
                "update journal set detail = replace(cast(detail as text), 'La de siempre', 'Otra') where rev = 2"
            )
        )
    with kit.engine.uow.reading() as session:
        assert [str(fault.what) for fault in verify(session).faults] == ["edited"]


GRAPH = graph(
    '<itemDefinition name="tClase"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>',
    asks("clase", "tClase"),
    knows("con recargo", "base * 1.1", "base"),
    decision(
        "Base de la tarifa", '{"a": 100, "b": 250}.a + (if clase = "a" then 0 else 150)', "i:clase"
    ),
    decision(
        "tarifa",
        in_table(
            ["> 200 => con recargo(Base de la tarifa)", "<= 200 => Base de la tarifa"],
            ("Base de la tarifa",),
            ("valor",),
        ),
        "d:Base_de_la_tarifa",
        "k:con_recargo",
    ),
)


def test_a_decision_of_a_graph_is_deployed_runs_and_stands_in_the_journal(kit: Kit) -> None:
    content = GRAPH.replace(b"<rule>", b"<rule><description>Alta</description>", 1)
    deploy(kit, content)
    instance, other = begin(kit), begin(kit)
    do(kit, instance, "a", clase="b")
    sha256 = hashlib.sha256(content).hexdigest()
    assert decided(kit, instance) == [
        Decision(
            "s", "tarifa", "tarifa.dmn", sha256, ((1, "Alta"),), {"clase": "b"}, {"valor": 275}
        )
    ]
    do(kit, other, "a", clase="a")
    assert [each.result for each in decided(kit, other)] == [{"valor": 100}]
    sound(kit)


def test_a_graph_that_asks_for_what_no_element_gives_is_refused(kit: Kit) -> None:
    content = graph(asks("otra"), decision("tarifa", "otra + 1", "i:otra"))
    with pytest.raises(DeployRefused) as caught:
        deploy(kit, content)
    assert {(each.rule, each.element) for each in caught.value.findings} == {
        ("variable_unknown", "s"),
        ("output_not_in_table", "s"),
    }


def test_a_table_of_a_graph_without_a_rule_is_an_incident(kit: Kit) -> None:
    deploy(kit, GRAPH)
    instance = begin(kit)
    do(kit, instance, "a", clase=None)
    assert [each.result for each in decided(kit, instance)] == [{"valor": 275}], "null is not a"
    broken = GRAPH.replace(b"&lt;= 200", b"&lt;= 20")
    deploy(kit, broken)
    instance = begin(kit)
    do(kit, instance, "a", clase="a")
    assert decided(kit, instance) == []
    assert kit.rows("select count(*) from incident where instance_id = :i", i=instance) == [(1,)]
