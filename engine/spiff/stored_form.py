"""How the state of an instance is stored: the only place that knows keys and positions. JSON, since
version 1 as it is here.

A whole state is an object: `v` version, `p` prefix of the ids, `n` numbers given, `k` changes
counted, `d` whether it is over, `t` the rows of its tokens, `s` its scopes as [owner, name, whether
it is over, rows]. A delta has no version: `t` are the rows that changed, each behind the owner of
its scope (0: the process itself), `s` scopes that began or ended, without rows, `x` owners whose
scope went.

What is written today must be read by every later version: instances live for years, and the journal
is replayed from the beginning. A key that is unknown here belongs to a concern that is gone and is
left out.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from engine.model.timers import Due
from engine.spiff.data import Wrote
from engine.spiff.memory import (
    NO_MEMORY,
    Failed,
    Handlers,
    Inside,
    Memory,
    Middle,
    Passage,
    Place,
    Repeated,
    Undoable,
    Undoing,
)
from engine.states import IncidentKind

VERSION: Final = 1
# places of a row behind the memory, in releases before variables stood in their scope; today a pair
# a writing
OF_BEFORE: Final = 3
TOP: Final = 0  # in the place of an owner: the process itself

Stored = dict[str, Any]
Line = list[Any]  # a row as it is stored, by position


class Row(NamedTuple):
    """One token."""

    id: int
    parent: int  # 0: it has none
    element: str
    state: int
    changed: int  # order of change
    triggered: bool
    memory: Memory
    wrote: tuple[Wrote, ...]
    old: "Old | None" = None  # it was stored by a release of before


class Old(NamedTuple):
    """Variables as they were stored: a difference to those of a finished ancestor, `hops` up; 0: to
    nothing."""

    id: int
    data: dict[str, Any]
    missing: list[str]
    hops: int
    joined: list[int]  # the tokens that were put together with it at a join


class Scope(NamedTuple):
    """A sub-process or called process that runs, or is over and not yet left, inside the token
    `owner`."""

    owner: int
    name: str
    over: bool


class Head(NamedTuple):
    numbers: int  # that were given
    ticks: int
    over: bool


class Whole(NamedTuple):
    """The state of an instance; tokens in the order in which they were made."""

    prefix: str
    head: Head
    rows: Iterable[Row]  # to be read once
    scopes: Sequence[tuple[Scope, Iterable[Row]]]


class Delta(NamedTuple):
    """What one command changed."""

    head: Head
    scopes: Sequence[Scope]  # that began or ended
    dropped: Sequence[int]  # owners of those that are forgotten
    # by the owner of their scope; tokens in the order in which they were made
    rows: Mapping[int, Sequence[Row]]


# --- writing --------------------------------------------------------------------------------------
def line(token: Any) -> Line:
    """The row of a token: straight from it, since a step writes several."""
    encoded = token.memory.encoded
    if encoded is None and token.memory is not NO_MEMORY:
        encoded = _encoded(token.memory)
    changed = token.last_state_change
    found = [
        token.id,
        token.parent_id or 0,
        token.task_spec.name,
        token.state,
        changed,
        1 if token.triggered else 0,
        encoded or 0,
    ]
    for at, values in token.wrote:
        found += (changed - at, values)
    return found


def changed_line(owner: int, of_token: Line) -> Line:
    """A row as a part of a delta."""
    return [owner, *of_token]


def content(of_row: Line) -> bytes:
    """To be compared with what it was before."""
    return orjson.dumps(of_row)


def write_whole(
    prefix: str, head: Head, rows: list[Line], scopes: list[tuple[Scope, list[Line]]]
) -> bytes:
    inner = [[*scope, lines] for scope, lines in scopes]
    return orjson.dumps({"v": VERSION, "p": prefix, **_head(head), "t": rows, "s": inner})


def write_delta(head: Head, rows: list[Line], scopes: list[Scope], dropped: list[int]) -> bytes:
    """`rows` are of `changed_line`, `scopes` began or ended, `dropped` are the owners of those that
    are forgotten."""
    return orjson.dumps(
        {**_head(head), "t": rows, "s": [[*scope] for scope in scopes], "x": dropped}
    )


def _head(head: Head) -> Stored:
    return {"n": head.numbers, "k": head.ticks, "d": head.over}


def _encoded(memory: Memory) -> Stored:
    """In one order, whatever was remembered first: the bytes of a state depend on nothing else."""
    known, stored = memory.__dict__, Stored()
    for name in sorted(known):
        _WRITE[name](stored, known[name])
    known["encoded"] = stored
    return stored


def _plain(key: str) -> Callable[[Stored, Any], None]:
    def write(stored: Stored, value: Any) -> None:
        if value is not None:
            stored[key] = value

    return write


def _mark(key: str, mark: object = 1) -> Callable[[Stored, bool], None]:
    def write(stored: Stored, value: bool) -> None:  # noqa: FBT001 - a value
        if value:
            stored[key] = mark

    return write


def _filled(
    key: str, form: Callable[[Any], Any] = lambda value: value
) -> Callable[[Stored, Any], None]:
    def write(stored: Stored, value: Any) -> None:
        if value:
            stored[key] = form(value)

    return write


def _write_failed(stored: Stored, failed: Failed | None) -> None:
    if failed is not None:
        stored |= {
            "failure": failed.text,
            "facts": {"kind": failed.kind, **failed.facts},
            "phase": failed.phase,
        }


def _write_due(stored: Stored, due: Due | None) -> None:
    if due is not None:
        stored["due"] = due.at.isoformat()
        if due.every:
            stored["left"], stored["every"] = due.left, due.every


def _write_repeated(stored: Stored, repeated: Repeated | None) -> None:
    if repeated is None:
        return
    if repeated.number is not None:
        stored["number"] = repeated.number
    if repeated.done or repeated.number is None:
        stored["merged"] = repeated.done


def _write_handlers(stored: Stored, handlers: Handlers | None) -> None:
    if handlers is not None:
        stored["undo_left"] = _undoables(handlers.left)
        if handlers.beside:
            stored["undo_beside"] = 1


def _write_undoing(stored: Stored, undoing: Undoing | None) -> None:
    if undoing is not None:
        if undoing.throw is not None:
            stored["undo_for"] = undoing.throw
        stored["undoing"] = undoing.data


def _write_middle(stored: Stored, middle: Middle | None) -> None:
    if middle is not None:
        stored["middle"] = [_place(middle.place), _passages(middle.passed)]


def _undoables(all_: Iterable[Undoable]) -> list[Stored]:
    return [_undoable(each) for each in all_]


def _undoable(each: Undoable) -> Stored:
    stored: Stored = {"activity": each.activity}
    if each.handler:
        stored |= {"handler": each.handler, "data": each.data}
    else:
        stored |= {"inside": each.inside, "entries": _undoables(each.entries)}
    if each.log:
        stored["log"] = _undoables(each.log)
    if each.home is not None:
        stored["home"] = each.home
    return stored


def _passages(all_: Iterable[Passage]) -> list[Line]:
    return [[each.number, each.since, each.refusal, _place(each.place)] for each in all_]


def _place(place: Place) -> list[list[str]]:
    return [[each.scope, each.activity] for each in place]


_WRITE: Final[Mapping[str, Callable[[Stored, Any], None]]] = {
    "failed": _write_failed,
    "own": _plain("own"),
    "keeps": _mark("keeps"),
    "due": _write_due,
    "key": _plain("key"),
    "seen": _mark("seen"),
    "chosen": _mark("chosen"),
    "begun": _mark("begun"),
    "brought": _plain("come"),
    "taken": _plain("taken"),
    "late": _mark("reset", mark=True),
    "repeated": _write_repeated,
    "item": _plain("item"),
    "start": _plain("start"),
    "undo_log": _filled("undo", _undoables),
    "handlers": _write_handlers,
    "undoing": _write_undoing,
    "sent_back": _mark("back"),
    "barred": _mark("joined_now", "joined_now"),
    "passed": _filled("passed", _passages),
    "middle": _write_middle,
}


# --- reading --------------------------------------------------------------------------------------
def read(whole: bytes, deltas: Iterable[bytes]) -> Whole:
    """The state after these deltas. A whole state among them (sent back, migrated) takes the place
    of all before."""
    state: Stored = orjson.loads(whole)
    scopes = _lines_by_owner(state)
    for delta in map(orjson.loads, deltas):
        if "v" in delta:
            state, scopes = delta, _lines_by_owner(delta)
            continue
        state.update({key: delta[key] for key in ("n", "k", "d")})
        for owner, name, over in delta["s"]:
            known = scopes.get(owner)
            scopes[owner] = (name, over, {} if known is None else known[2])
        for owner in delta["x"]:
            scopes.pop(owner, None)
        for owner, *line in delta["t"]:
            if owner in scopes:
                scopes[owner][2][line[0]] = line
    _, _, rows = scopes.pop(TOP)
    inner = [
        (Scope(owner, name, over), map(_row, lines.values()))
        for owner, (name, over, lines) in scopes.items()
    ]
    return Whole(
        state["p"], Head(state["n"], state["k"], state["d"]), map(_row, rows.values()), inner
    )


def read_delta(delta: bytes) -> Delta | None:
    """None: a whole state, which takes the place of all before."""
    stored: Stored = orjson.loads(delta)
    if "v" in stored:
        return None
    rows: dict[int, list[Row]] = {}
    for owner, *line in stored["t"]:
        rows.setdefault(owner, []).append(_row(line))
    return Delta(
        Head(stored["n"], stored["k"], stored["d"]),
        [Scope(*each) for each in stored["s"]],
        stored["x"],
        rows,
    )


def _lines_by_owner(state: Stored) -> dict[int, tuple[str, bool, dict[int, Line]]]:
    """Name, whether it is over, and lines by token of each scope."""
    scopes = {
        owner: (name, over, {line[0]: line for line in lines})
        for owner, name, over, lines in state["s"]
    }
    return {TOP: ("", False, {line[0]: line for line in state["t"]}), **scopes}


def _row(line: Line) -> Row:
    id_, parent, element, state, changed, triggered, memory, *rest = line
    remembered = _remembered(memory) if memory else NO_MEMORY
    if len(rest) == OF_BEFORE:
        data, missing, hops = rest
        old = Old(id_, data or {}, missing or [], hops, memory.get("joined", []) if memory else [])
        return Row(id_, parent, element, state, changed, triggered != 0, remembered, (), old)
    wrote = tuple(
        Wrote(changed - ago, values) for ago, values in zip(rest[::2], rest[1::2], strict=True)
    )
    return Row._make(
        (id_, parent, element, state, changed, triggered != 0, remembered, wrote, None)
    )


def _remembered(stored: Stored) -> Memory:
    memory = Memory()
    for key, value in stored.items():
        read_value = _READ.get(key)
        if read_value is not None:
            name, form = read_value
            memory.__dict__[name] = form(value, stored)
    memory.__dict__["encoded"] = stored
    return memory


def _same(value: Any, _: Stored) -> Any:
    return value


def _names(value: list[str], _: Stored) -> tuple[str, ...]:
    return tuple(value)


def _set(_value: object, _: Stored) -> bool:
    return True


def _read_failed(text: str, stored: Stored) -> Failed:
    facts = dict(stored.get("facts", ()))
    return Failed(text, stored["phase"], IncidentKind(facts.pop("kind", IncidentKind.MODEL)), facts)


def _read_due(at: str, stored: Stored) -> Due:
    return Due(dt.datetime.fromisoformat(at), stored.get("left", 0), stored.get("every", ""))


def _read_repeated(_: object, stored: Stored) -> Repeated:
    return Repeated(stored.get("number"), stored.get("merged", 0))


def _read_handlers(left: list[Stored], stored: Stored) -> Handlers:
    return Handlers(_read_undoables(left), bool(stored.get("undo_beside")))


def _read_undoing(data: Stored, stored: Stored) -> Undoing:
    return Undoing(data, stored.get("undo_for"))


def _read_undoables(all_: list[Stored], _: Stored | None = None) -> tuple[Undoable, ...]:
    return tuple(
        Undoable(
            each["activity"],
            each.get("handler", ""),
            each.get("data", {}),
            each.get("inside", ""),
            _read_undoables(each.get("entries", [])),
            _read_undoables(each.get("log", [])),
            each.get("home"),
        )
        for each in all_
    )


def _read_passages(lines: list[Line], _: Stored | None = None) -> tuple[Passage, ...]:
    return tuple(
        Passage(number, since, refusal, _read_place(place))
        for number, since, refusal, place in lines
    )


def _read_middle(value: Line, _: Stored) -> Middle:
    place, passed = value
    return Middle(_read_place(place), _read_passages(passed))


def _read_place(place: list[list[str]]) -> Place:
    return tuple(Inside(scope, activity) for scope, activity in place)


#: Key -> attribute of the memory, and how its value is read; keys that only belong to one of these
#: are read with it.
_READ: Final[Mapping[str, tuple[str, Callable[[Any, Stored], Any]]]] = {
    "failure": ("failed", _read_failed),
    "own": ("own", _names),
    "keeps": ("keeps", _set),
    "due": ("due", _read_due),
    "key": ("key", _same),
    "seen": ("seen", _set),
    "chosen": ("chosen", _set),
    "begun": ("begun", _set),
    "come": ("brought", _same),
    "taken": ("taken", _names),
    "reset": ("late", _set),
    "number": ("repeated", _read_repeated),
    "merged": ("repeated", _read_repeated),
    "item": ("item", _same),
    "start": ("start", _same),
    "undo": ("undo_log", _read_undoables),
    "undo_left": ("handlers", _read_handlers),
    "undoing": ("undoing", _read_undoing),
    "back": ("sent_back", _set),
    "joined_now": ("barred", _set),
    "passed": ("passed", _read_passages),
    "middle": ("middle", _read_middle),
}
