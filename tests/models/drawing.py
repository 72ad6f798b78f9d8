"""A model as a diagram, and as the graph that the diagram shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.kit import diagrams as m
from tests.models.blocks import (
    Block,
    Choice,
    First,
    Fork,
    Inside,
    Loop,
    Repeat,
    Row,
    Some,
    Stop,
    Task,
    Timed,
)


@dataclass
class Flow:
    source: str
    target: str
    # of the decision before the gateway; None: always, or the default
    values: frozenset[int] | None = None
    default: bool = False


@dataclass
class Graph:
    """What lies in one scope. Kinds: start, end, terminate, error, task, exclusive, parallel,
    inclusive, first, catch, inside, timer, timer! (interrupts), caught, event, event!."""

    kinds: dict[str, str] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    decides: dict[str, str] = field(default_factory=dict)  # gateway -> variable
    blocks: dict[str, Task | Inside] = field(default_factory=dict)  # activities as they were made
    # event -> the activity that it is on the border of
    hosts: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)  # error end or border -> code
    # activity, or event sub-process by its start -> what lies in it
    inner: dict[str, "Graph"] = field(default_factory=dict)
    id: str = "P"

    def add(self, id_: str, kind: str) -> str:
        self.kinds[id_] = kind
        return id_

    def put(self, id_: str, kind: str, *before: "Loose") -> "Loose":
        """A node behind all these."""
        for each in before:
            self.draw(each, id_)
        return Loose(self.add(id_, kind))

    def draw(self, before: "Loose", target: str) -> None:
        self.flows.append(Flow(before.source, target, before.values, before.default))

    def all(self) -> Iterator["Graph"]:
        yield self
        for each in self.inner.values():
            yield from each.all()


@dataclass
class Loose:
    """Where a block goes on: the flow that is still to be drawn."""

    source: str
    values: frozenset[int] | None = None
    default: bool = False


def graph(block: Block, id_: str = "P") -> Graph:
    """One scope with what lies in it."""
    drawn = Graph(id=id_)
    start = Loose(drawn.add(f"S_{id_}", "start"))
    drawn.put(f"E_{id_}", "end", _lay(drawn, block, start))
    return drawn


def _lay(here: Graph, block: Block, before: Loose) -> Loose:
    """Put a block behind what was drawn; where it goes on."""
    match block:
        case Row(parts=parts):
            for part in parts:
                before = _lay(here, part, before)
            return before
        case Task():
            return _borders(here, _activity(here, block, before), block.border)
        case Inside(id=id_):
            _activity(here, block, before)
            here.inner[id_] = inner = graph(block.body, id_)
            if block.event is not None:
                _event(inner, block.event)
            after = _borders(here, id_, block.border)
            for caught in block.caught:
                here.add(caught.id, "caught")
                here.hosts[caught.id], here.codes[caught.id] = id_, caught.code
                after = here.put(
                    f"M_{caught.id}", "exclusive", after, _lay(here, caught.path, Loose(caught.id))
                )
            return after
        case Choice(decide=decide):
            return _gateways(here, block, "exclusive", Loose(_activity(here, decide, before)))
        case Some(decide=decide):
            return _gateways(here, block, "inclusive", Loose(_activity(here, decide, before)))
        case Fork(id=id_):
            split = here.put(f"{id_}_split", "parallel", before)
            return _together(
                here,
                block,
                "parallel",
                [_lay(here, each, Loose(split.source)) for each in block.branches],
            )
        case Loop(id=id_, body=body, decide=decide):
            again = here.put(f"{id_}_again", "exclusive", before)
            split = here.put(
                f"{id_}_split", "exclusive", Loose(_activity(here, decide, _lay(here, body, again)))
            ).source
            here.decides[split] = decide.id
            here.draw(Loose(split, frozenset({1})), again.source)
            return Loose(split, None, default=True)
        case First(id=id_, timers=timers, branches=branches):
            first = here.put(id_, "first", before)
            catches = [here.put(timer, "catch", first) for timer in timers]
            lasts = [
                _lay(here, branch, catch) for catch, branch in zip(catches, branches, strict=True)
            ]
            return here.put(f"{id_}_join", "exclusive", *lasts)
        case Stop(task=task, end=end, code=code):
            if code:
                here.codes[end] = code
            return here.put(
                end, "error" if code else "terminate", Loose(_activity(here, task, before))
            )


def _activity(here: Graph, block: Task | Inside, before: Loose) -> str:
    here.blocks[block.id] = block
    return here.put(block.id, "task" if isinstance(block, Task) else "inside", before).source


def _gateways(here: Graph, block: Choice | Some, kind: str, before: Loose) -> Loose:
    split = here.put(f"{block.id}_split", kind, before).source
    here.decides[split] = block.decide.id
    lasts = []
    for n, branch in enumerate(block.branches):
        if n == len(block.branches) - 1 and (isinstance(block, Choice) or block.default):
            way = Loose(split, None, default=True)
        else:
            chosen = (
                {n}
                if isinstance(block, Choice)
                else {value for value in block.decide.values if value >> n & 1}
            )
            way = Loose(split, frozenset(chosen))
        lasts.append(_lay(here, branch, way))
    return _together(here, block, kind, lasts)


def _together(here: Graph, block: Choice | Some | Fork, kind: str, lasts: list[Loose]) -> Loose:
    for n in sorted(block.apart):
        if here.kinds[lasts[n].source] not in ("terminate", "error"):
            here.put(f"{block.id}_end{n}", "end", lasts[n])
    joined = [last for n, last in enumerate(lasts) if n not in block.apart]
    return joined[0] if len(joined) == 1 else here.put(f"{block.id}_join", kind, *joined)


def _borders(here: Graph, host: str, border: tuple[Timed, ...]) -> Loose:
    after = Loose(host)
    for event in border:
        here.add(event.id, "timer!" if event.interrupts else "timer")
        here.hosts[event.id] = host
        last = _lay(here, event.path, Loose(event.id))
        if event.interrupts:
            after = here.put(f"M_{event.id}", "exclusive", after, last)
        else:
            here.put(f"E_{event.id}", "end", last)
    return after


def _event(inner: Graph, event: Timed) -> None:
    lain = Graph(id=f"V_{event.id}")
    lain.add(event.id, "start")
    lain.put(f"E_{event.id}", "end", _lay(lain, event.path, Loose(event.id)))
    inner.add(lain.id, "event!" if event.interrupts else "event")
    inner.inner[lain.id] = lain


# --- as XML ---------------------------------------------------------------------------------------
class Drawer:
    """Timers are due one after the other, in the order in which they are drawn."""

    def __init__(self) -> None:
        self.days = 0
        self.called: list[str] = []
        self.errors: set[str] = set()
        self.interrupts = False  # the event sub-process that is being drawn

    def xml(self, top: Graph) -> bytes:
        inside = self.content(top)
        errors = "".join(
            f'<error id="{code}" name="{code}" errorCode="{code}"/>' for code in sorted(self.errors)
        )
        return m.model(m.process("P", inside), *self.called, defs=errors)

    def timer(self) -> str:
        self.days += 1
        return m.timer(f"P{self.days}D")

    def error(self, code: str) -> str:
        self.errors.add(code)
        return f'<errorEventDefinition errorRef="{code}"/>'

    def content(self, here: Graph) -> str:
        return "".join(self.node(here, id_, kind) for id_, kind in here.kinds.items()) + self.flows(
            here
        )

    def flows(self, here: Graph) -> str:
        drawn = ""
        for n, flow in enumerate(here.flows):
            condition = (
                ""
                if flow.values is None
                else " or ".join(f"{here.decides[flow.source]} == {v}" for v in sorted(flow.values))
            )
            body = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
            drawn += f'<sequenceFlow id="{here.id}_f{n}" sourceRef="{flow.source}" targetRef="{flow.target}">{body}</sequenceFlow>'
        return drawn

    def node(self, here: Graph, id_: str, kind: str) -> str:
        match kind:
            case "start" if here.id == f"V_{id_}":
                interrupts = str(self.interrupts).lower()
                return f'<startEvent id="{id_}" isInterrupting="{interrupts}">{self.timer()}</startEvent>'
            case "start":
                return m.start(id_)
            case "end":
                return m.end(id_)
            case "terminate":
                return f'<endEvent id="{id_}"><terminateEventDefinition/></endEvent>'
            case "error":
                return f'<endEvent id="{id_}">{self.error(here.codes[id_])}</endEvent>'
            case "exclusive" | "parallel" | "inclusive":
                default = next(
                    (
                        f'default="{here.id}_f{n}"'
                        for n, f in enumerate(here.flows)
                        if f.source == id_ and f.default
                    ),
                    "",
                )
                return f'<{kind}Gateway id="{id_}" {default}/>'
            case "first":
                return f'<eventBasedGateway id="{id_}"/>'
            case "catch":
                return m.catch(id_, self.timer())
            case "timer" | "timer!":
                return m.boundary(id_, here.hosts[id_], self.timer(), interrupts=kind == "timer!")
            case "caught":
                return m.boundary(id_, here.hosts[id_], self.error(here.codes[id_]))
            case "event" | "event!":
                self.interrupts = kind == "event!"
                return f'<subProcess id="{id_}" triggeredByEvent="true">{self.content(here.inner[id_])}</subProcess>'
            case _:
                return self.activity(here, id_)

    def activity(self, here: Graph, id_: str) -> str:
        block = here.blocks[id_]
        repeated = _repeated(block.repeat)
        if isinstance(block, Task):
            return m.user(id_, fields=f"{id_}:integer" if block.values else "").replace(
                "</userTask>", repeated + "</userTask>"
            )
        inside = self.content(here.inner[id_])
        if block.kind == "sub":
            return f'<subProcess id="{id_}">{repeated}{inside}</subProcess>'
        self.called.append(m.process(f"P_{id_}", inside))
        return f'<callActivity id="{id_}" calledElement="P_{id_}">{repeated}</callActivity>'


def _repeated(repeat: Repeat | None) -> str:
    if repeat is None:
        return ""
    sequential = str(repeat.kind == "sequential").lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>{repeat.number}</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
