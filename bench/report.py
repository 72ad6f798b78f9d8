"""The text of docs/performance.md."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import fill

from bench import models
from bench.forms import Crowd, SideBySide, Throughput, Way
from bench.ours import Step
from bench.peers import Measured, Skipped
from bench.where import Share

Once = Callable[[], None]
PAYLOAD = sum(len(str(value).encode()) for value in models.FORM.values())


@dataclass(frozen=True, slots=True)
class Engine:
    """One database."""

    title: str
    short: Step
    long: Step
    job: tuple[float, float]
    statements: list[str]
    share: Share
    client: float
    bytes_10: int
    bytes_20: int


@dataclass(frozen=True, slots=True)
class Web:
    """Over sockets, on PostgreSQL."""

    median: float
    p95: float
    together: dict[Way, Throughput]
    four: SideBySide
    crowd: Crowd

    def per_second(self, way: Way) -> float:
        return self.together[way].per_second


def text(
    head: str,
    rounds: int,
    engines: Sequence[Engine],
    web: Web,
    others: Sequence[Measured | Skipped],
) -> str:
    lines = [
        "## Step, form and bytes",
        "",
        fill(f"Written by `make bench` on {head}.", 100, break_on_hyphens=False),
        "",
        f"Medians of {rounds} steps. Both databases are durable (SQLite WAL with synchronous=FULL, PostgreSQL with its own settings).",
        "The diagram of the engine rows is the same for everybody: user tasks in a row, 11 or 200 of them; at each a yes/no and a text,",
        f"{PAYLOAD} bytes together. Milliseconds are of this machine and this run: compare ratios.",
        "",
        *targets(engines, web, others),
        "",
        *engine_rows(engines),
        "",
        *peer_rows(engines, web, others),
        "",
        *notes(engines, web),
    ]
    return "\n".join(lines) + "\n"


def targets(
    engines: Sequence[Engine], web: Web, others: Sequence[Measured | Skipped]
) -> Iterator[str]:
    """Design, section 7: each row with what was measured."""
    yield "### The targets"
    yield ""
    yield "| what | target | measured | |"
    yield "|---|---|---|---|"
    yield row(
        "a form over HTTP on PostgreSQL (session, CSRF, form, submission, journal), median",
        "≤ 6 ms",
        web.median,
        6.0,
        " ms",
    )
    for engine in engines:
        kinds = " + ".join(shape(s) for s in engine.statements)
        yield row(
            f"statements of an engine step, {engine.title} ({kinds}); commits: 1",
            "≤ 10",
            len(engine.statements),
            10,
        )
    for engine in engines:
        yield row(
            f"engine step / one bare INSERT+commit, 11 tasks, {engine.title}",
            "≤ 2x",
            engine.short.step / engine.short.pooled,
            2.0,
            "x",
        )
        yield row(
            f"the same with 200 tasks done, {engine.title}",
            "≤ 3x",
            engine.long.step / engine.long.pooled,
            3.0,
            "x",
        )
    yield row(
        "forms per second, 8 people, 2 web processes, PostgreSQL, client on the same cores",
        "≥ 200",
        -web.per_second(Way.STAY),
        -200,
        "",
    )
    yield row(
        "the same, people change process with every request: with their case / with another one that stays there",
        "≥ 0.8x",
        -web.per_second(Way.CASES) / web.per_second(Way.PEOPLE),
        -0.8,
        "x",
    )
    for other in others:
        if isinstance(other, Measured) and "load" in other.values:
            ratio, at_least = (
                web.per_second(Way.STAY) / other.values["load"]["per_second"],
                2.5 if other.name == "viewflow" else 1.0,
            )
            yield row(
                f"forms per second / those of {other.name} under the same load",
                f"≥ {at_least:g}x",
                -ratio,
                -at_least,
                "x",
            )
    for engine in engines:
        yield row(
            f"bytes of a finished instance of 10 tasks, {engine.title}",
            "≤ 12,000",
            engine.bytes_10,
            12_000,
        )
        yield row(
            f"growth from 10 to 20 tasks, {engine.title}",
            "≤ 2.1x",
            engine.bytes_20 / engine.bytes_10,
            2.1,
            "x",
        )
    four = web.four
    yield row(
        f"4 people, 4 parallel tasks of one case at once: {four.accepted} of {four.of} accepted, p95",
        "≤ 100 ms",
        four.p95,
        100.0,
        " ms",
    )
    for crowd, p95 in web.crowd.beside.items():
        yield row(
            f"p95 of a form beside {crowd} connections / without them",
            "≤ 1.5x",
            p95 / web.crowd.alone,
            1.5,
            "x",
        )


WHOLE = 100  # from here on, decimals mean nothing


def row(what: str, target: str, value: float, limit: float, unit: str = "") -> str:
    """A negative pair means "at least"."""
    shown = (
        f"{abs(value):,.0f}"
        if isinstance(value, int) or abs(value) >= WHOLE
        else f"{abs(value):.2f}"
    )
    return f"| {what} | {target} | {shown}{unit} | {'met' if value <= limit else '**missed**'} |"


def shape(statement: str) -> str:
    words = statement.split()
    place = {"INSERT": 2, "UPDATE": 1, "DELETE": 2}.get(words[0])
    if words[0] == "WITH":
        return "one of several parts"
    table = words[place] if place is not None else words[words.index("FROM") + 1]
    return f"{words[0]} {table}"


def engine_rows(engines: Sequence[Engine]) -> Iterator[str]:
    yield "### The engine"
    yield ""
    names = " | ".join(engine.title for engine in engines)
    yield f"| ms | {names} |"
    yield "|---|" + "---|" * len(engines)
    rows: tuple[tuple[str, Callable[[Engine], str]], ...] = (
        (
            "one bare INSERT+commit through the pool and transaction that the engine uses",
            lambda e: f"{e.short.pooled:.2f}",
        ),
        ("the same by the bare driver", lambda e: f"{e.short.raw:.2f}"),
        ("step, 11 tasks", lambda e: f"{e.short.step:.2f}"),
        ("step, 200 tasks done", lambda e: f"{e.long.step:.2f}"),
        ("step, 11 tasks / bare driver", lambda e: f"{e.short.step / e.short.raw:.1f}x"),
        ("step that hands a job to the durable queue in its commit", lambda e: f"{e.job[0]:.2f}"),
        ("command that takes the job's answer", lambda e: f"{e.job[1]:.2f}"),
        ("form by Flask's test client, without a socket", lambda e: f"{e.client:.2f}"),
    )
    for what, value in rows:
        yield f"| {what} | {' | '.join(value(engine) for engine in engines)} |"
    yield ""
    yield "Where a step in the middle of 200 tasks spends its time:"
    yield ""
    yield f"| ms | {names} |"
    yield "|---|" + "---|" * len(engines)
    shares: tuple[tuple[str, Callable[[Share], str]], ...] = (
        ("whole step, counted with clocks on", lambda s: f"{s.step:.2f}"),
        ("statements in driver and server", lambda s: f"{s.statements:.2f} ({s.sent})"),
        ("commit", lambda s: f"{s.commit:.2f}"),
        ("our Python: workflow, journal, hashes, SQLAlchemy's session", lambda s: f"{s.ours:.2f}"),
    )
    for what, of in shares:
        yield f"| {what} | {' | '.join(of(engine.share) for engine in engines)} |"


def peer_rows(
    engines: Sequence[Engine], web: Web, others: Sequence[Measured | Skipped]
) -> Iterator[str]:
    great = engines[-1]
    yield "### Beside the peers, on PostgreSQL"
    yield ""
    heads = (
        "",
        "version",
        "step, 11 tasks",
        "/ bare row",
        "step, 200 done",
        "/ bare row",
        "form in process",
        "form over HTTP",
    )
    yield f"| {' | '.join(heads)} | bytes, 10 tasks | 20 / 10 |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    steps = " | ".join(timed_cell(part.step, part.raw) for part in (great.short, great.long))
    growth = great.bytes_20 / great.bytes_10
    yield f"| **Ventanilla** | – | {steps} | {great.client:.2f} | {web.median:.2f} | {great.bytes_10:,} | {growth:.2f} |"
    for other in others:
        if isinstance(other, Skipped):
            yield f"| {other.name} | **skipped** | {other.reason} | | | | | | | |"
            continue
        values = other.values
        steps = " | ".join(
            timed_cell(values.get(name), other.floor) for name in ("step_11", "step_200")
        )
        forms = " | ".join(cell(values.get(name)) for name in ("client_11", "http_11"))
        bytes_10 = (
            f"{values['bytes_10']:,} | {values['bytes_20'] / values['bytes_10']:.2f}"
            if "bytes_10" in values
            else "– | –"
        )
        yield f"| {other.name} | {values['version']} | {steps} | {forms} | {bytes_10} |"
    yield ""
    yield "ms; the bare row is that of the bare driver, measured right before and after each peer. How each was driven:"
    yield ""
    yield "- Ventanilla: form, decision variables, journal with hash chain, work items; workflow kept in memory between steps."
    yield from (f"- {other.name}: {other.how}." for other in others if isinstance(other, Measured))
    yield ""
    yield "| PostgreSQL, 2 web processes | forms/s | p50 ms | p95 ms |"
    yield "|---|---|---|---|"
    yield throughput("8 people, each stays with one process", web.together[Way.STAY])
    yield throughput(
        "8 people, each request to the other process, of two cases in turn: each case stays with one",
        web.together[Way.PEOPLE],
    )
    caught_up = "8 people, each request to the other process, of one case: every step first catches up with what the other one did"
    yield throughput(caught_up, web.together[Way.CASES])
    for other in others:
        if isinstance(other, Measured) and "load" in other.values:
            yield throughput(f"8 people, {other.name}", Throughput(**other.values["load"]))
    yield f"| 4 people on 4 parallel tasks of one case | – | {web.four.p50:.1f} | {web.four.p95:.1f} |"
    yield f"| 1 person (p95 of the row above: form over HTTP) | – | {web.median:.1f} | {web.p95:.1f} |"


def cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def timed_cell(value: float | None, floor: float) -> str:
    return "– | –" if value is None else f"{value:.2f} | {value / floor:.1f}x"


def throughput(what: str, value: Throughput) -> str:
    return f"| {what} | {value.per_second:.0f} | {value.p50:.1f} | {value.p95:.1f} |"


def notes(engines: Sequence[Engine], web: Web) -> Iterator[str]:
    yield "### What is in the numbers"
    yield ""
    yield (
        "- Bytes hold everything that stays of an instance, with all indexes: journal with hash chain and state deltas, forms, tasks.\n"
        f"  The forms' own values are {PAYLOAD * 10} bytes of them at 10 tasks. Longer texts are stored once, in the form, and come on top."
    )
    yield "- A step is one command: take the instance, read the task, run the workflow, write form, journal, head and work items, commit."
    yield "- The client of the HTTP rows is a Python program on the same cores; it takes its share of them."
    yield f"- Statements of a step: {'; '.join(f'{e.title} {len(e.statements)}' for e in engines)}. On PostgreSQL the rows go out as one."
    yield (
        "- People who change process with every request meet in one while the other waits: "
        f"{web.per_second(Way.PEOPLE):.0f} forms per second after {web.per_second(Way.STAY):.0f}, whatever they send. "
        f"Catching up is what is left: {web.per_second(Way.CASES):.0f}."
    )
