"""Conditions that compare with what no choice and no table can give."""

from engine.errors import Finding
from tests.kit.diagrams import end, extension, gate, model, process, service, start, user
from tests.kit.play import Play, findings, release
from tests.unit.test_dmn import dmn

CHOICE = '<v:field name="n" label="N" type="choice" decision="true" options="si:Sí|no:No"/>'
CHOICE_OF = '<v:field name="n" label="N" type="{}" decision="true"/>'
SERVICE = service("A", out="n:integer")
RULE = '<businessRuleTask id="A" name="A"><extensionElements><v:decision table="t"/></extensionElements></businessRuleTask>'


def chosen(condition: str, field: str = CHOICE, **more: str) -> bytes:
    nodes = start() + user("A", "B", "C").replace(
        user("A"), f'<userTask id="A" name="A">{extension(field)}</userTask>'
    )
    nodes += gate("exclusive", "G") + end()
    wires = f"S>A A>G G>B?{condition.replace(' ', '~')} G>C* B>E C>E"
    return model(process("P", nodes, wires, **more))


def told(content: bytes, rule: str = "value_never_given", **files: bytes) -> list[Finding]:
    return [finding for finding in findings(content, **files) if finding.rule == rule]


def test_a_way_that_nobody_can_choose_is_told_with_what_can_be_chosen() -> None:
    (finding,) = told(chosen("n == 'sí'"))
    assert (finding.element, finding.severity) == ("f_G_B", "warning")
    assert finding.params == {"name": "n", "value": "sí", "values": "«si», «no»"}
    for condition in (
        "n != 'tal vez'",
        "n in ['si', 'tal vez']",
        "not (n == 'tal vez' or n == 'no')",
        "'tal vez' == n",
    ):
        assert len(told(chosen(condition))) == 1, condition
    for condition in (
        "n == 'si'",
        "n in ['si', 'no']",
        "n == None",
        "n != ''",
        "n == 'si' and len(n) == 9",
    ):
        assert told(chosen(condition)) == [], condition


def test_whoever_may_bring_any_value_makes_every_comparison_right() -> None:
    assert told(chosen("n == 'tal vez'", variables="n")) == [], "given at the start"
    assert told(chosen("n == 'tal vez'", CHOICE + '<v:output name="n" type="text"/>')) == [], (
        "by the records of the form"
    )
    assert (
        told(
            chosen(
                "n == 'tal vez'",
                CHOICE.replace("choice", "text").replace(' options="si:Sí|no:No"', ""),
            )
        )
        == []
    )


def test_what_a_table_decides_is_one_of_its_results() -> None:
    nodes = start() + RULE + user("B", "C") + gate("exclusive", "G") + end()
    table = dmn(['"x" => "corta"', '- => "larga"'], policy="FIRST")
    for value, expected in (("corta", 0), ("media", 1)):
        content = model(process("P", nodes, f"S>A A>G G>B?r~==~'{value}' G>C* B>E C>E", "x"))
        assert len(told(content, t_dmn=table)) == expected


def test_what_a_handler_or_a_field_gives_is_of_its_type() -> None:
    for kind, right, wrong in (
        ("boolean", "True", "'sí'"),
        ("integer", "3", "'3'"),
        ("number", "0.5", "True"),
        ("text", "'sí'", "1"),
    ):
        set_by = {
            "a handler": SERVICE.replace("integer", kind),
            "the records of a form": f'<userTask id="A" name="A">{extension(f"""<v:output name="n" type="{kind}"/>""")}</userTask>',
            "a field": f'<userTask id="A" name="A">{extension(CHOICE_OF.format(kind))}</userTask>',
        }
        for who, task in set_by.items():
            for value, expected in (
                (right, []),
                (wrong, [("n", wrong.strip("'"), kind.replace("integer", "number"))]),
            ):
                nodes, wires = (
                    start() + task + user("B", "C") + gate("exclusive", "G") + end(),
                    f"S>A A>G G>B?n~==~{value} G>C* B>E C>E",
                )
                found = told(model(process("P", nodes, wires)), "value_of_other_kind")
                assert [tuple(finding.params.values()) for finding in found] == expected, (
                    who,
                    kind,
                    value,
                )
                assert {finding.severity for finding in found} <= {"warning"}


def test_what_a_choice_and_a_handler_give_are_both_right() -> None:
    both = CHOICE + '<v:output name="n" type="integer"/>'
    assert told(chosen("n == 3", both)) == told(chosen("n == 'si'", both)) == []
    (finding,) = told(chosen("n == 'tal vez'", both))
    assert finding.params["values"] == "«si», «no»"


def test_what_a_list_or_a_text_is_looked_for_in_says_nothing() -> None:
    whole = CHOICE + '<v:output name="todas" type="list"/>'
    for condition in ("'otra' in todas", "'s' in n", "n == todas", "todas == 3"):
        content = chosen(condition, whole)
        assert told(content) == told(content, "value_of_other_kind") == [], condition


def test_a_condition_that_begins_with_an_equals_sign_is_feel() -> None:
    """Read by what it names, and evaluated as a decision is: 0.1 + 0.2 is 0.3."""
    number = CHOICE_OF.format("number")
    assert findings(chosen("= n + 0.2 = 0.3 or n in [7..9]", number)) == []
    assert [each.rule for each in findings(chosen("= otra > 3", number))] == ["variable_unknown"]
    assert [each.rule for each in findings(chosen("= nada(n) > 3", number))] == ["function_unknown"]
    for value, way in ((0.1, ["B"]), (8, ["B"]), (0.2, ["C"])):
        assert (
            Play(release(chosen("= n + 0.2 = 0.3 or n in [7..9]", number))).do("A", n=value).users
            == way
        )
    assert Play(release(chosen("= n > 3", number))).do("A", n=None).problems == {
        "G": "not_a_condition"
    }
