"""What of other engines' expressions is said in ours, and that it then says the same."""

import pytest

from engine.errors import Problem
from engine.model.expressions import compile_expression
from engine.rewrite.juel import NotSimple, translated
from engine.types import Data, Value
from tests.kit.diagrams import end, gate, model, process, start, timer, user
from tests.kit.play import Play, findings, release


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("input == 1", "input == 1"),
        ("price > 100 && price < 250", "price > 100 and price < 250"),
        ("input == 3 || input == 1", "input == 3 or input == 1"),
        ("!approved", "not approved"),
        ("not approved", "not approved"),
        ("!(a || b) && c", "not (a or b) and c"),
        ("a && (b || c)", "a and (b or c)"),
        ("!a == b", "(not a) == b"),
        ("a < b == true", "(a < b) == True"),
        ("a == b == c", "(a == b) == c"),
        ("x - (y - z)", "x - (y - z)"),
        ("x - y - z", "x - y - z"),
        ("(x + y) * 2", "(x + y) * 2"),
        ("-(x + 1) < 0", "-(x + 1) < 0"),
        ("a eq 'b' or not c", "a == 'b' or not c"),
        (
            "a ne 1 and b gt 2 and c le 3 and d lt 4 and e ge 5",
            "a != 1 and b > 2 and c <= 3 and d < 4 and e >= 5",
        ),
        ('name == "it\'s"', 'name == "it\'s"'),
        ("x == null", "x == None"),
        ("empty x && y", "(x == None or x == '' or x == []) and y"),
        ("!empty x", "not (x == None or x == '' or x == [])"),
        ("orders[1].price >= 0.5", "orders[1].price >= 0.5"),
        (
            "nrOfCompletedInstances/nrOfInstances >= 0.6 ",
            "numberOfCompletedInstances / numberOfInstances >= 0.6",
        ),
        ("5-2", "5 - 2"),
        ("true", "True"),
    ],
)
def test_what_is_simple_is_said_in_our_language(written: str, said: str) -> None:
    assert translated(written) == said
    compile_expression(said)


@pytest.mark.parametrize(
    ("written", "data", "value"),
    [
        ("!a == b", {"a": False, "b": True}, True),
        ("a < b == true", {"a": 1, "b": 2}, True),
        ("10 - 4 - 3", {}, 3),
        ("8 / 4 / 2", {}, 1),
        ("2 + 3 * 4", {}, 14),
        ("!(a && b) || b", {"a": True, "b": False}, True),
        ("empty names", {"names": []}, True),
        ("empty names", {"names": ["x"]}, False),
        ("orders[1].price > 100", {"orders": [{"price": 1}, {"price": 101}]}, True),
        ("order.buyer.name == 'Ana'", {"order": {"buyer": {"name": "Ana"}}}, True),
    ],
)
def test_it_gives_what_the_other_engine_gives(written: str, data: Data, value: Value) -> None:
    assert compile_expression(translated(written))(data) == value


@pytest.mark.parametrize(
    "written",
    [
        "order.isStandard()", "execution.getVariable('x')", "a ? b : c",
        "a = 1", "", " ", "a ==", "(a", "a)", "a b", "a[b]", "a['b']", "a.", "a[",
        "a % 2",
        "a mod 2", "'it\\'s'", "a; b", "a, b", "x.1", "{a}",
        "!" * 30 + "a", "(" * 30 + "a" + ")" * 30, "ünïcode ==", "a -> b", "`a`",
    ],
)  # fmt: skip
def test_what_says_more_stays_as_it_is(written: str) -> None:
    with pytest.raises(NotSimple):
        translated(written)


def chosen(condition: str, variables: str = "n:integer flag:boolean orders:list order:?") -> bytes:
    nodes = start() + gate("exclusive", "G") + user("A", "B") + end()
    return model(
        process("P", nodes, f"S>G G>A?{condition.replace(' ', '~')} G>B* A>E B>E", variables)
    )


def test_a_condition_of_another_engine_runs_as_it_is_written() -> None:
    built = release(chosen("${n > 2 && !flag}"))
    assert Play(built, n=3, flag=False).users == ["A"]
    assert Play(built, n=3, flag=True).users == ["B"]
    assert Play(
        release(chosen("#{orders[0].price >= 10}")), orders=[{"price": 10}]
    ).reload().users == ["A"]
    assert Play(release(chosen("#{order.price >= 10}")), order={"price": 9}).users == ["B"]


def test_what_cannot_be_said_is_refused_with_its_reason_at_its_flow() -> None:
    for written in (
        "${order.isStandard()}",
        "${lambda == 1}",
        "${class.x}",
        "${n > 2} and more",
        "alert-${n}",
        "${a}${b}",
        "${flag ? 1 : 2}",
    ):
        (found,) = [f for f in findings(chosen(written)) if f.severity == "error"]
        assert (found.rule, found.element) == ("expression", "f_G_A"), written
        problem = found.params["problem"]
        assert isinstance(problem, Problem)
        assert problem.code == "foreign_expression"


def test_a_text_that_holds_such_signs_is_a_text() -> None:
    assert Play(release(chosen("order == 'a${b}'")), order="a${b}").users == ["A"]


def test_a_timer_of_another_engine_names_a_variable_or_is_a_text_of_the_standard() -> None:
    def waits(text: str) -> bytes:
        catch = f'<intermediateCatchEvent id="C">{timer(text)}</intermediateCatchEvent>'
        return model(process("P", start() + catch + end(), "S>C>E", "plazo:?"))

    by_name = Play(release(waits("${plazo}")), plazo="PT5M").timers["C"]
    assert by_name == Play(release(waits("PT5M"))).timers["C"]
    assert by_name == Play(release(waits("${'PT5M'}"))).timers["C"]


def test_the_number_of_items_and_when_they_are_enough() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>${n}</loopCardinality>"
        "<completionCondition>${nrOfCompletedInstances/nrOfInstances >= 0.5}</completionCondition></multiInstanceLoopCharacteristics>"
    )
    task = f'<userTask id="A" name="A">{loop}</userTask>'
    play = Play(release(model(process("P", start() + task + end(), "S>A>E", "n:integer"))), n=4)
    assert len(play.users) == 4
    assert not play.do("A").reload().finished
    assert play.do("A").finished


@pytest.mark.parametrize(
    ("condition", "variables", "rules"),
    [
        ("${orders.price > 1}", "orders:list", {"operand_kind"}),
        ("n.price > 1", "n:integer", {"operand_kind"}),
        ("n[0] == 1", "n:text", {"operand_kind"}),
        ("order.price > 1", "order:?", set()),
        ("orders[0].price > 1", "orders:list", set()),
        ("nobody.price > 1", "order:?", {"variable_unknown"}),
    ],
)
def test_a_path_goes_into_what_may_have_parts(
    condition: str, variables: str, rules: set[str]
) -> None:
    assert {
        f.rule for f in findings(chosen(condition, variables)) if f.severity == "error"
    } == rules
