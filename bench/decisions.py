"""Runs the test cases of the DMN TCK through our evaluator, for `make conformance`; alone: `python
-m bench.decisions [FOLDER]`.

The folder holds `compliance-level-2`, `compliance-level-3` or whatever of them is there (default:
dmn-tck/TestCases in `MATERIAL`, ../shared/material). A file is *right* when each of its results is
the expected one, *wrong* when one is another, else *refused*: we said why not, when it was read or
evaluated. Where the standard expects an error or null, a refusal is right.
"""

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lxml import etree

from engine.clock import SystemClock
from engine.compile import compile_release
from engine.errors import EngineError
from engine.feel.builtins.texts import written
from engine.feel.moments import read_date, read_date_time, read_duration, read_time
from engine.feel.values import NUMBERS, Feel, Function, Run, kind
from engine.model import xml
from engine.model.decision_graphs import Graph, evaluate

ROOT: Final = Path(__file__).resolve().parents[1]
TCK: Final = (
    Path(os.environ.get("MATERIAL", ROOT.parent / "shared" / "material")) / "dmn-tck" / "TestCases"
)
LEVELS: Final = ("compliance-level-2", "compliance-level-3")
_T, _NIL = (
    "{http://www.omg.org/spec/DMN/20160719/testcase}",
    "{http://www.w3.org/2001/XMLSchema-instance}nil",
)
_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"
_NEAR: Final = NUMBERS.create_decimal("1e-8")


@dataclass(frozen=True, slots=True)
class Result:
    """One expected result. `said`: what we gave, or why nothing."""

    case: str
    name: str
    verdict: str  # right, refused, wrong
    said: str
    wanted: str


@dataclass(slots=True)
class File:
    name: str
    deployable: bool
    results: list[Result] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        found = {each.verdict for each in self.results}
        return next((each for each in ("wrong", "refused") if each in found), "right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=TCK)
    folder = parser.parse_args().folder
    for level in _levels(folder):
        files = run(folder / level)
        print(
            level,
            dict(Counter(each.verdict for each in files)),
            "results",
            dict(Counter(r.verdict for f in files for r in f.results)),
        )
        for each in files:
            for result in each.results:
                if result.verdict != "right":
                    print(
                        "  ",
                        each.name,
                        result.case,
                        result.verdict,
                        result.said[:120],
                        "| expected",
                        result.wanted[:120],
                    )


def _levels(folder: Path) -> list[str]:
    return [level for level in LEVELS if (folder / level).is_dir()]


def run(folder: Path) -> list[File]:
    """All test files of a level."""
    return [_run(path) for path in sorted(folder.glob("*/*test*.xml"))]


def _run(path: Path) -> File:
    tests = xml.parse(path.read_bytes())
    model = path.parent / (tests.findtext(_T + "modelName") or "").strip()
    root = xml.parse(model.read_bytes())
    others = [
        xml.parse(each.read_bytes()) for each in sorted(path.parent.glob("*.dmn")) if each != model
    ]
    file = File(path.parent.name, deployable=_deploys(path.parent))
    try:
        graph: Graph | None = Graph(root, others)
        why = ""
    except EngineError as error:
        graph, why = None, str(error)
    for case in tests.findall(_T + "testCase"):
        inputs = {each.get("name", ""): value(each) for each in case.findall(_T + "inputNode")}
        for node in case.findall(_T + "resultNode"):
            file.results.append(
                _judged(
                    case,
                    node,
                    lambda case=case, node=node, given=inputs: _given(
                        graph, why, case, node, given
                    ),
                )
            )
    return file


def _deploys(folder: Path) -> bool:
    """Whether a release takes the files of a folder as they are."""
    files = {each.name: each.read_bytes() for each in folder.glob("*.dmn")}
    return compile_release(files, handlers=(), forms=(), functions={})[0] is not None


def _judged(case: etree._Element, node: etree._Element, give: Callable[[], Feel]) -> Result:
    wanted, fails = value(node.find(_T + "expected")), node.get("errorResult") == "true"
    try:
        found = give()
        verdict = "right" if same(found, wanted) or (fails and found is None) else "wrong"
        said = written(Run(), found)
    except EngineError as error:
        verdict, said = "right" if wanted is None else "refused", str(error)
    return Result(case.get("id", ""), node.get("name", ""), verdict, said, written(Run(), wanted))


def _given(
    graph: Graph | None,
    why: str,
    case: etree._Element,
    node: etree._Element,
    inputs: dict[str, Feel],
) -> Feel:
    """What the decision, the service or the knowledge model of a case gives."""
    if graph is None:
        raise EngineError(why)
    now, called = SystemClock().now(), case.get("type") not in (None, "decision")
    wanted = (case.get("invocableName") if called else node.get("name")) or ""
    element = graph.find(
        wanted, *(("businessKnowledgeModel", "decisionService") if called else ("decision",))
    )
    if element is None:
        raise EngineError(f"no {wanted}")
    if not called:
        return evaluate(graph, element, inputs, now)
    run_ = Run(now)
    function = graph.value(element, {}, run_)
    found = (
        function.call(run_, [inputs.get(name) for name in function.parameters])
        if isinstance(function, Function)
        else None
    )
    return (
        found[node.get("name")]
        if len(element.wanted) > 1 and isinstance(found, dict) and node.get("name") in found
        else found
    )


def value(node: etree._Element | None) -> Feel:
    """A value as the TCK writes it."""
    if node is None:
        return None
    items = node.find(_T + "list")
    if items is not None:
        return (
            None
            if items.get(_NIL) == "true"
            else [value(each) for each in items.findall(_T + "item")]
        )
    components = node.findall(_T + "component")
    if components:
        return {each.get("name", ""): value(each) for each in components}
    plain = node.find(_T + "value")
    if plain is None or plain.get(_NIL) == "true":
        return None
    return _READ.get(plain.get(_TYPE, "").rpartition(":")[2], str)(plain.text or "")


_READ: Final[dict[str, Callable[[str], Feel]]] = {
    **dict.fromkeys(
        ("decimal", "double", "integer", "int", "long", "float"),
        lambda text: NUMBERS.create_decimal(text.strip()),
    ),
    **dict.fromkeys(
        ("duration", "dayTimeDuration", "yearMonthDuration"),
        lambda text: read_duration(text.strip()),
    ),
    "boolean": lambda text: text.strip() == "true",
    "date": lambda text: read_date(text.strip()),
    "time": lambda text: read_time(text.strip()),
    "dateTime": lambda text: read_date_time(text.strip()),
}


def same(one: Feel, other: Feel) -> bool:
    """Numbers to eight digits: the TCK writes some of them shorter than they are."""
    if kind(one) != kind(other):
        return False
    match kind(one):
        case "number":
            return bool(abs(one - other) <= _NEAR * max(1, abs(other)))
        case "list":
            return len(one) == len(other) and all(map(same, one, other))
        case "context":
            return one.keys() == other.keys() and all(
                same(each, other[name]) for name, each in one.items()
            )
    return str(one) == str(other)


def report() -> Iterator[str]:
    """A section of docs/conformance.md."""
    yield ""
    yield "## Decisions: the DMN TCK"
    yield ""
    yield "`bench/decisions.py`; a file is right when each of its results is the expected one (where an error or null is expected, a"
    yield "refusal is right), refused when we say why we give none, wrong otherwise. *Deployed*: files that a release takes as they are."
    yield ""
    if not _levels(TCK):
        yield "Not on this machine (`MATERIAL`)."
        return
    yield "| level | files | right | refused | wrong | deployed | results: right / refused / wrong |"
    yield "|---|---|---|---|---|---|---|"
    refused: list[tuple[str, Result]] = []
    for level in _levels(TCK):
        files = run(TCK / level)
        by_file, results = (
            Counter(each.verdict for each in files),
            Counter(each.verdict for file in files for each in file.results),
        )
        parts = [results[each] for each in ("right", "refused", "wrong")]
        cells = [
            level.rpartition("-")[2],
            len(files),
            *(by_file[each] for each in ("right", "refused", "wrong")),
        ]
        yield f"| {' | '.join(map(str, cells))} | {sum(each.deployable for each in files)} | {' / '.join(map(str, parts))} |"
        refused += [
            (file.name, each) for file in files for each in file.results if each.verdict != "right"
        ]
    for name, each in refused:
        yield ""
        yield f"`{name}`, {each.case}: {each.verdict}, {each.said}"


if __name__ == "__main__":
    main()
