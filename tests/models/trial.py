"""One model and its twins, tried: never refused, never another way than the oracles say, the same
in every mode."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.compile import compile_release
from engine.spiff import Release
from tests.kit.chance import dice
from tests.kit.clock import BOGOTA
from tests.models import shared
from tests.models.blocks import Maker
from tests.models.drawing import Drawer, Graph, graph
from tests.models.oracle import Oracle
from tests.models.tokens import Explosion, Game
from tests.models.twins import cut, exchange, unended
from tests.models.walk import Hand, InMemory, follow, walk

WALKS = 2


@dataclass
class Findings:
    """`faults`: what should not have happened, with the seed that shows it again."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def try_model(seed: int, findings: Findings, *stored: Callable[[bytes], Hand]) -> None:
    """A sound model: in memory, rebuilt after each act, and as each of `stored` keeps it."""
    model = Maker(dice(seed)).model()
    drawn = graph(model)
    xml = Drawer().xml(drawn)
    release, refusals = _compiled(xml)
    if release is None:
        findings.faults.append(f"{seed} refused: {refusals}")
        return
    findings.counts["models"] += 1
    findings.counts["elements"] += sum(len(each.kinds) for each in drawn.all())
    joins = [
        id_
        for each in drawn.all()
        for id_, kind in each.kinds.items()
        if kind == "inclusive" and id_ not in each.decides
    ]
    findings.counts["inclusive joins"] += len(joins)
    for number in range(WALKS):
        hands: list[Hand] = [
            InMemory(release, reload=False),
            InMemory(release, reload=True),
            *(new(xml) for new in stored),
        ]
        for hand in hands:
            parted = walk(Oracle(model), hand, dice(f"{seed} {number}"))
            findings.counts["walks"] += 1
            if parted:
                findings.faults.append(f"{seed}, walk {number}, {type(hand).__name__}: {parted}")
        parted = follow(Game(drawn), InMemory(release, reload=False), dice(f"{seed} {number}"))
        if parted:
            findings.faults.append(f"{seed}, walk {number}, token game: {parted}")


def try_twins(seed: int, findings: Findings) -> None:
    """Refused, or run as the token game says until an incident stops it loudly."""
    drawn = graph(Maker(dice(seed)).model())
    for change in (cut, exchange):
        twin = change(drawn, dice(seed))
        if twin is not None:
            _try_twin(f"{seed} {change.__name__}", twin, findings)


def try_unended(seed: int, findings: Findings) -> None:
    """The same model without its ends: taken as it is, and its paths end where nothing follows."""
    twin = unended(graph(Maker(dice(seed)).model()))
    if twin is not None:
        refused = findings.counts["twins refused"]
        _try_twin(f"{seed} unended", twin, findings)
        findings.counts["unended"] += 1
        if findings.counts["twins refused"] > refused:
            findings.faults.append(f"{seed} unended: refused")


def try_shared(seed: int, findings: Findings) -> None:
    """Events that write and read: in memory, and rebuilt before each act."""
    model = shared.Maker(dice(seed)).model()
    release, refusals = _compiled(shared.Drawer().xml(model))
    if release is None:
        findings.faults.append(f"{seed} shared refused: {refusals}")
        return
    findings.counts["models with events"] += 1
    for number in range(WALKS):
        for reload in (False, True):
            parted = shared.walk(model, release, dice(f"{seed} {number}"), reload=reload)
            findings.counts["walks"] += 1
            if parted:
                findings.faults.append(f"{seed} shared, walk {number}, {reload=}: {parted}")


def _try_twin(name: str, twin: Graph, findings: Findings) -> None:
    release, _ = _compiled(Drawer().xml(twin))
    findings.counts["twins"] += 1
    if release is None:
        findings.counts["twins refused"] += 1
        return
    for number in range(WALKS):
        try:
            parted = follow(Game(twin), InMemory(release, reload=True), dice(f"{name} {number}"))
        except Explosion:
            continue
        if parted:
            findings.faults.append(f"{name}, walk {number}: {parted}")


def _compiled(xml: bytes) -> tuple[Release | None, list[str]]:
    release, found = compile_release(
        {"p.bpmn": xml}, handlers=(), forms=(), functions={}, zone=BOGOTA
    )
    return release, [
        f"{finding.element}: {finding.rule}" for finding in found if finding.severity == "error"
    ]
