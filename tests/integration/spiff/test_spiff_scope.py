"""One scope, one set of variables (BPMN 10.4.1): every element and every event reads what stands
there now, and writes there."""

import pytest

from tests.kit.diagrams import (
    boundary,
    call,
    catch,
    end,
    event,
    gate,
    message,
    model,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.kit.play import Play, release

FIVE = "<conditionalEventDefinition><condition>n == 5</condition></conditionalEventDefinition>"
ERROR = '<errorEventDefinition errorRef="ERR"/>'
ITEMS = (
    '<multiInstanceLoopCharacteristics isSequential="@"><loopDataInputRef>people</loopDataInputRef>@@'
    '<inputDataItem id="who" name="who"/>@@@</multiInstanceLoopCharacteristics>'
)


class Story(Play):
    """Rebuilt from what is stored before every act, or never."""

    again = False

    def note(self) -> "Story":
        super().note()
        if self.again:
            self.reload()
        return self


@pytest.fixture(params=[False, True], ids=["in memory", "reloaded"])
def story(request: pytest.FixtureRequest) -> type[Story]:
    return type("Told", (Story,), {"again": request.param})


def handler(
    id_: str, definition: str, nodes: str, wires: str, *, interrupts: bool = False, mark: str = ""
) -> str:
    """An event sub-process."""
    begin = event(
        "startEvent", f"{id_}_s", definition, mark, f'isInterrupting="{str(interrupts).lower()}"'
    )
    return sub(id_, begin + nodes, wires).replace(
        "<subProcess", '<subProcess triggeredByEvent="true"'
    )


def decided(then: str) -> tuple[str, str]:
    """A gateway behind it that goes YES when n is 5."""
    return gate("exclusive", "X", "M") + user("YES", "NO"), f"{then}>X X>YES?n==5 X>NO* YES>M NO>M"


def test_a_condition_fires_on_what_its_own_path_sees_then_and_later(story: type[Story]) -> None:
    """A non-interrupting event sub-process begins on n == 5; the gateway behind goes YES."""
    nodes, wires = decided("W")
    aside = handler("EV", FIVE, user("H") + end("he"), "EV_s>H>he")
    built = release(
        model(
            process(
                "P",
                start() + user("SET", "W") + nodes + aside + end(),
                f"S>SET>W {wires} M>E",
                "n:integer",
            )
        )
    )
    play = story(built, n=0)
    play.do("SET", n=5)
    assert sorted(play.users) == ["H", "W"]
    assert play.do("W").users == ["H", "YES"]


def test_a_condition_that_is_caught_on_the_way_decides_as_the_gateway_behind_it(
    story: type[Story],
) -> None:
    nodes, wires = decided("C")
    fork = gate("parallel", "F", "J") + user("SET")
    built = release(
        model(
            process(
                "P",
                start() + fork + catch("C", FIVE) + nodes + end(),
                f"S>F F>SET>J F>C {wires} M>J J>E",
                "n:integer",
            )
        )
    )
    assert story(built, n=0).do("SET", n=5).users == ["YES"]


def test_a_condition_on_a_border_beside_another_branch(story: type[Story]) -> None:
    nodes, wires = decided("B")
    fork = gate("parallel", "F") + user("SET", "A") + boundary("B", "A", FIVE)
    ends = end("E", "E1", "E2")
    built = release(
        model(
            process(
                "P", start() + fork + nodes + ends, f"S>F F>SET>E1 F>A>E2 {wires} M>E", "n:integer"
            )
        )
    )
    assert story(built, n=0).do("SET", n=5).users == ["YES"]


def test_a_timer_beside_the_path_sees_what_the_path_wrote_and_is_seen_by_it(
    story: type[Story],
) -> None:
    aside = handler("EV", timer("PT1H"), user("H") + end("he"), "EV_s>H>he")
    play = story(
        release(model(process("P", start() + user("A", "B") + aside + end(), "S>A>B>E"))), n=1
    )
    play.do("A", n=2)
    assert play.fire("EV")
    assert play.data("H") == {"n": 2}
    play.do("H", n=3)
    assert play.data("B") == {"n": 3}


def test_what_a_message_brings_beside_the_path_is_seen_on_the_path(story: type[Story]) -> None:
    mark, definition = message("M", key="n", payload="x")
    aside = handler("EV", definition, user("H") + end("he"), "EV_s>H>he", mark=mark)
    content = model(
        process("P", start() + user("A") + aside + end(), "S>A>E", "n:integer"),
        defs='<message id="M" name="M"/>',
    )
    play = story(release(content), n=1)
    assert play.deliver(*play.messages, x="llegó")
    assert play.data("A")["x"] == play.data("H")["x"] == "llegó"


def test_a_branch_that_looks_an_hour_later_sees_what_the_other_wrote(story: type[Story]) -> None:
    nodes = start() + gate("parallel", "F", "J") + user("A", "B", "C") + end()
    play = story(release(model(process("P", nodes, "S>F F>A>J F>B>C>J J>E"))), n=1)
    play.do("A", n=2).do("B")
    assert play.data("C") == {"n": 2}


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_items_have_their_element_for_themselves_and_share_the_rest(
    story: type[Story], sequential: str
) -> None:
    many = user("A").replace(
        "</userTask>",
        ITEMS.replace("@@@", "").replace("@@", "").replace("@", sequential) + "</userTask>",
    )
    play = story(
        release(model(process("P", start() + many + user("B") + end(), "S>A>B>E", "people:list"))),
        people=["ana", "eva"],
        who="x",
    )
    assert play.data("A")["who"] == "ana"
    play.do("A", n=1)
    assert (play.data("A")["who"], play.data("A")["n"]) == ("eva", 1)
    play.do("A", n=2)
    assert play.data("B") == {"people": ["ana", "eva"], "who": "x", "n": 2}


def test_an_item_with_an_output_keeps_all_that_it_writes(story: type[Story]) -> None:
    kept = ITEMS.replace("@@@", '<outputDataItem id="n" name="n"/>').replace(
        "@@", "<loopDataOutputRef>all</loopDataOutputRef>"
    )
    many = user("A").replace("</userTask>", kept.replace("@", "false") + "</userTask>")
    play = story(
        release(model(process("P", start() + many + user("B") + end(), "S>A>B>E", "people:list"))),
        people=["ana", "eva"],
    )
    play.do("A", 1, n=2, own=True).do("A", n=1)
    assert play.data("B") == {"people": ["ana", "eva"], "all": [1, 2]}


CALLED = process(
    "Q",
    start("S2") + user("IN") + gate("exclusive", "X2") + event("endEvent", "T", ERROR) + end("E2"),
    "S2>IN>X2 X2>T?n==9 X2>E2*",
    "n:integer",
)


def caller(nodes: str, wires: str) -> bytes:
    every = process("P", start() + call("C", "Q") + user("A") + nodes, wires, "n:integer")
    return model(every, CALLED, defs='<error id="ERR" name="e" errorCode="e"/>')


def test_a_called_process_sees_its_caller_and_gives_back_at_its_end(story: type[Story]) -> None:
    play = story(
        release(caller(gate("parallel", "F", "J") + user("W") + end(), "S>F F>C>J F>W>J J>A>E")),
        n=1,
    )
    assert play.data("IN") == {"n": 1}
    play.do("W", n=2)
    assert play.data("IN") == {"n": 2}, "its caller's, as they stand now"
    play.do("IN", n=3)
    assert play.data("A") == {"n": 3}


@pytest.mark.parametrize("thrown", [True, False])
def test_a_call_that_throws_gives_back_and_one_that_is_interrupted_does_not(
    story: type[Story], *, thrown: bool
) -> None:
    """As in Camunda: the variables of a called process come back at its end and with what it
    throws."""
    border = boundary("B", "C", ERROR if thrown else timer("PT1H"))
    play = story(release(caller(border + end("E", "E1"), "S>C>E B>A>E1")), n=1)
    if thrown:
        play.do("IN", n=9, m=7)
        assert play.data("A") == {"n": 9, "m": 7}
    else:
        assert play.fire("B")
        assert play.data("A") == {"n": 1}


def test_going_back_takes_back_what_was_written_since(story: type[Story]) -> None:
    play = story(
        release(model(process("P", start() + user("A", "B", "C") + end(), "S>A>B>C>E"))), n=0
    )
    play.do("A", n=1).do("B", n=2, m=3)
    back = next(each for each in play.live.earlier() if each.element == "B")
    play.live.go_back(back.task_id, (), play.now)
    play.note()
    assert play.data("B") == {"n": 1}


def test_a_full_state_without_what_is_over_holds_every_variable(story: type[Story]) -> None:
    inner = sub("SP", start("s") + user("I") + end("e"), "s>I>e")
    again = gate("exclusive", "M", "X") + user("A") + inner
    play = story(
        release(
            model(
                process(
                    "P",
                    start() + again + user("B") + end(),
                    "S>M>A>SP>X X>M?more X>B* B>E",
                    "more:boolean",
                )
            )
        ),
        n=0,
    )
    for number in range(40):
        play.do("A", n=number).do("I", m=number, more=number < 39)
        play.base, play.deltas = play.live.snapshot(), []
    assert play.reload().data("B") == {"n": 39, "m": 39, "more": False}
    assert len(play.base) < 8_000, "as long as few passes are remembered"
