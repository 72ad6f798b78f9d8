"""A loop or multi-instance activity is one activity for compensation (BPMN 13.3.2, 13.5.5)."""

import pytest

from tests.integration.spiff.test_spiff_constructs import UNDO, undone, whole
from tests.kit.diagrams import boundary, end, gate, service, start, throw, timer, user
from tests.kit.play import Play, release

MANY = '<multiInstanceLoopCharacteristics isSequential="{}"><loopCardinality>{}</loopCardinality></multiInstanceLoopCharacteristics>'
LOOP = '<standardLoopCharacteristics testBefore="false"><loopCondition>again</loopCondition></standardLoopCharacteristics>'


def repeated(repeat: str) -> str:
    return service("M").replace("</serviceTask>", repeat + "</serviceTask>")


def rest(play: Play) -> list[str]:
    """Does what waits, the first first, until nothing does: the order."""
    done = []
    while play.services:
        done.append(play.services[0])
        play.reload().do(done[-1])
    return done


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_one_that_was_interrupted_is_not_undone(sequential: str) -> None:
    nodes = (
        start()
        + repeated(MANY.format(sequential, 3))
        + undone("M", "uM")
        + boundary("B", "M", timer("PT1H"))
    )
    play = Play(release(whole(nodes + throw("T", UNDO) + end("E", "E1"), "S>M>E B>T>E1")))
    play.do("M").reload()
    assert play.fire("B")
    assert play.services == []
    assert play.finished


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_a_completed_one_is_undone_as_a_whole_in_its_place(sequential: str) -> None:
    """X is completed between the rounds: the whole is completed after it, so all rounds are undone
    before it."""
    nodes = (
        start() + gate("parallel", "F", "J") + repeated(MANY.format(sequential, 2)) + service("X")
    )
    nodes += undone("M", "uM") + undone("X", "uX")
    play = Play(release(whole(nodes + throw("T", UNDO) + end(), "S>F F>M>J F>X>J J>T>E")))
    play.do("M").reload().do("X").reload().do("M")
    assert rest(play) == ["uM", "uM", "uX"]
    assert play.finished


@pytest.mark.parametrize("repeat", [MANY.format("true", 2), MANY.format("false", 2), LOOP])
def test_a_running_one_is_not_undone_at_all(repeat: str) -> None:
    nodes = start() + gate("parallel", "F", "J") + repeated(repeat) + undone("M", "uM") + user("GO")
    play = Play(
        release(whole(nodes + throw("T", UNDO) + end(), "S>F F>M>J F>GO>T>J J>E", "again:boolean")),
        again=True,
    )
    play.do("M").reload().do("GO")
    assert play.services == ["M"]
    play.do("M", again=False)
    assert play.finished


def test_a_loop_is_undone_round_by_round_the_latest_first() -> None:
    nodes = start() + repeated(LOOP) + undone("M", "uM") + throw("T", UNDO) + end()
    play = Play(release(whole(nodes, "S>M>T>E", "again:boolean n:integer")), again=True)
    play.do("M", n=1).reload().do("M", n=2, again=False)
    assert play.data("uM")["n"] == 2
    play.reload().do("uM")
    assert play.data("uM")["n"] == 1
    play.do("uM")
    assert play.finished
