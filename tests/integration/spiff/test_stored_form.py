"""What was stored is read for ever: literal states of version 1, as they were written before token
state had types, and before variables stood in their scope. An instance of those days goes on; what
is written next is a whole state of today.
"""

from typing import Any

import orjson
import pytest

from engine.spiff import Release, stored_form
from engine.spiff.memory import Failed, Inside, Memory, Middle, Passage
from engine.states import IncidentKind
from tests.integration.spiff.test_spiff_constructs import undone, whole
from tests.kit.clock import NOW
from tests.kit.diagrams import boundary, end, service, start, sub, throw, user
from tests.kit.play import Play, release

#: A is done and can be undone, one of three items of M too, and B repeats every hour.
SNAPSHOT = (
    b'{"v":1,"p":"6253f3d1ffd732cd","n":12,"k":32,"d":false,"t":[[1,0,".start",64,3,0,{"start":"S","undo":[{"activity":"A","handler":"uA",'
    b'"data":{"quien":"ana","a":"uno"}}]},{"quien":"ana"},0,0],[2,1,"S",64,6,0,{"chosen":1},0,0,1],[3,2,"A",64,10,0,0,{"a":"uno"},0,1],'
    b'[4,3,"SP",32,12,0,0,0,0,1]],"s":[[4,"SP",false,[[5,0,".start",64,15,0,0,{"quien":"ana","a":"uno"},0,0],[6,5,"s",64,18,0,0,0,0,1],'
    b'[7,6,"M.BoundaryEventSplit",64,21,0,0,0,0,1],[8,7,"M",32,24,0,{"number":3,"merged":1,"before":{"x":null},"written":{"x":[["si",0]]}},'
    b'{"x":"si"},0,1],[9,7,"B",8,31,0,{"due":"2026-11-24T16:00:00+00:00","left":-1,"every":"PT1H"},0,0,1],'
    b'[10,8,"M [child]",64,32,1,{"item":0},{"x":"si"},0,2],[11,8,"M [child]",16,28,1,{"item":1},0,0,2],'
    b'[12,8,"M [child]",16,30,1,{"item":2},0,0,2]]]]}'
)
#: Then the second item contradicted the first, and B came once.
DELTAS = (
    (
        b'{"n":12,"k":33,"d":false,"t":[[4,8,7,"M",32,24,0,{"number":3,"merged":2,"before":{"x":null},"written":{"x":[["si",0],["no",1]]},'
        b'"failure":"x: one branch wrote \'si\', another \'no\'","facts":{"kind":"conflict","tokens":[8],"conflicts":[{"name":"x","values":'
        b'[{"value":"si","item":1,"element":"M","branch":"M"},{"value":"no","item":2,"element":"M","branch":"M"}]}]},"phase":"child"},'
        b'{"x":"si"},0,1],[4,11,8,"M [child]",64,33,1,{"item":1},{"x":"no"},0,2]],"s":[],"x":[]}'
    ),
    (
        b'{"n":14,"k":40,"d":false,"t":[[4,9,7,"B",64,37,0,{"due":"2026-11-24T16:00:00+00:00","left":-1,"every":"PT1H"},0,0,1],'
        b'[4,13,7,"B",8,35,0,{"due":"2026-11-24T17:00:00+00:00","left":-1,"every":"PT1H"},0,0,1],[4,14,9,"R",32,40,0,0,0,0,1]],"s":[],"x":[]}'
    ),
)
#: Everything that a token could remember.
REMEMBERED: tuple[dict[str, Any], ...] = (
    {"start": "S"},
    {"chosen": 1},
    {"due": "2026-12-02T15:00:00+00:00"},
    {"due": "2026-11-24T16:00:00+00:00", "left": 4, "every": "PT1H"},
    {"key": "1"},
    {"seen": 1},
    {"key": "1", "begun": 1, "passed": [[29, 78, "", [["EV", "V"]]]]},
    {"key": "1", "come": {"x": "llegó"}},
    {"come": {}},
    {"taken": ["a", "b"]},
    {"reset": True},
    {"item": 0, "own": ["uno"], "keeps": 1},
    {"item": 1, "own": []},
    {"merged": 0},
    {"number": 150},
    {"number": 2, "merged": 2},
    {"failure": "more", "facts": {"kind": "limit", "tokens": [3]}, "phase": "enter"},
    {"undo": [{"activity": "A", "handler": "uA", "data": {"a": 1}}]},
    {
        "undo_left": [
            {"activity": "P", "inside": "P", "entries": [{"activity": "u", "handler": "u", "data": {}}], "log": [
                {"activity": "A", "handler": "uA", "data": {}}
            ], "home": 7}
        ],
        "undo_beside": 1,
    },
    {"undo_for": 12, "undoing": {"a": 1}},
    {"undoing": {}},
    {"back": 1, "middle": [[["C", "p"]], [[27, 80, "path_over", [["PU1", "T2"], ["Q", "q"]]]]]},
    {"joined_now": "joined_now"},
)  # fmt: skip


def diagram() -> Release:
    items = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    many = user("M", out="x").replace("</userTask>", items + "</userTask>")
    hourly = boundary(
        "B",
        "M",
        "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>",
        interrupts=False,
    )
    inner = sub("SP", start("s") + many + hourly + service("R") + end("e", "r"), "s>M M>e B>R R>r")
    nodes = (
        start()
        + service("A", out="a")
        + undone("A", "uA")
        + inner
        + throw("T", "<compensateEventDefinition/>")
        + end()
    )
    return release(whole(nodes, "S>A A>SP SP>T T>E"))


def memory_of(stored: dict[str, Any]) -> Memory:
    whole = {
        "v": 1,
        "p": "p",
        "n": 1,
        "k": 1,
        "d": False,
        "t": [[1, 0, "A", 64, 1, 0, stored, 0, 0, 0]],
        "s": [],
    }
    [row] = stored_form.read(orjson.dumps(whole), []).rows
    return row.memory


def test_an_instance_that_was_stored_before_goes_on_to_its_end() -> None:
    play = Play(diagram())
    play.live = play.release.load("P", SNAPSHOT, DELTAS)
    assert (play.users, play.services) == (["M"], ["R"])
    assert play.timers == {"B": NOW.replace(hour=17)}
    assert play.failures == {"M": "x: one branch wrote 'si', another 'no'"}
    play.do("M", x="si")
    play.live.edit(play.find("M"), {"x": "no"}, NOW)
    play.retry("M").do("R")
    assert play.services == ["uA"], "what was done before is still undone"
    assert play.data("uA")["a"] == "uno"
    play.do("uA")
    assert play.finished


def test_what_is_written_next_is_a_whole_state_of_today_in_which_nothing_is_lost() -> None:
    """A release of before cannot read it: its processes are replaced first (docs/operate.md)."""
    live = diagram().load("P", SNAPSHOT, DELTAS)
    live.deliver("nobody", {}, NOW)
    written = live.delta()
    assert stored_form.read_delta(written) is None
    again = diagram().load("P", written, [])
    assert (again.user_tasks(), again.service_tasks(), again.failures()) == (
        live.user_tasks(),
        live.service_tasks(),
        live.failures(),
    )
    assert again.variables() == live.variables() == {"quien": "ana", "a": "uno", "x": "no"}
    assert again.snapshot() == written


@pytest.mark.parametrize("stored", REMEMBERED, ids="-".join)
def test_what_a_token_remembered_is_read_and_written_as_it_was(stored: dict[str, Any]) -> None:
    memory = memory_of(stored)
    memory.start = memory.start  # whatever is set: it is encoded anew
    assert memory.encoded is None
    assert _encoded(memory) == stored


def _encoded(memory: Memory) -> Any:
    class Spec:
        name = "A"

    class Token:
        id, parent_id, task_spec, state, last_state_change, triggered, wrote = (
            1,
            None,
            Spec,
            64,
            1,
            False,
            (),
        )

    Token.memory = memory
    return orjson.loads(orjson.dumps(stored_form.line(Token)))[6]


def test_every_attribute_of_a_memory_is_stored() -> None:
    written = {name for stored in REMEMBERED for name in vars(memory_of(stored))}
    assert {name for name in vars(Memory) if not name.startswith("_")} == written


def test_what_is_read_has_types() -> None:
    assert memory_of(
        {"failure": "a", "facts": {"kind": "limit", "most": 3}, "phase": "run"}
    ).failed == Failed("a", "run", IncidentKind.LIMIT, {"most": 3})
    passed = Passage(27, 80, "", (Inside("C", "p"),))
    assert memory_of({"middle": [[["C", "p"]], [[27, 80, "", [["C", "p"]]]]]}).middle == Middle(
        passed.place, (passed,)
    )


def test_a_key_of_a_concern_that_is_gone_is_left_out() -> None:
    assert memory_of({"thread": 3, "key": "1"}).key == "1"
