"""Runs the conformance kit against the three adapters, and the DMN TCK, and writes
docs/conformance.md: `python -m bench.conformance`."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import conformance_adapter as ours, decisions, field
from bench.conformance_adapter import KIT, ROOT

# isort: split
# the adapter has put the kit on the path
from harness import execution, importing, sandbox
from harness.adapter import EngineAdapter
from harness.execution import FeatureResult, Verdict

MODES: Final = ("Memory", "SqliteReload", "Postgres")
GROUPS: Final = ("activities", "basics", "cfpatterns", "data", "errors", "events", "gateways")
TITLES: Final = {"cfpatterns": "control-flow patterns"}

#: where the answer that the kit expects is not what the standard says, or where refusing is what we
#: want
NOTES: Final = {
    "MultiInstance_NoneBehavior": "the boundary event interrupts (the default), so after the first item the others would never run; "
    "marked as non-interrupting it is executed",
    "MultiInstance_OneBehavior": "the same: the interrupting boundary event would end the activity with its first item",
    "WCP12_MultipleInstancesWithoutSynchronization": "the same as MultiInstance_NoneBehavior, in parallel",
    "AdHocSubProcess_Parallel": "no completion condition; the model logs `SCRIPT_task1` twice where `SCRIPT_task3` is expected, "
    "so no engine that runs it faithfully can be right",
    "Conditional_StartEvent_EventSubProcess_NonInterrupting": "the condition of the model ends in a stray `>`",
    "Multiple_Parallel_IntermediateEvent_MissingEvent": "the expected answer is a case that waits for ever; we say so before it starts",
    "ExclusiveDiverging_ParallelConverging": "the expected answer is a case that waits for ever; we say so before it starts",
}
#: invalid models that are taken on purpose, by the beginning of the file's name; whatever else is
#: invalid is refused
LENIENT: Final = {
    "EXT012_8": "a timer whose text says no type of expression: valid models of the kit leave the type out of conditions in the same way",
    "EXT012_9": "the same",
    "EXT053": "a script without a format: every valid model of the kit leaves it out, and its translation takes the script away; "
    "as it is, the file is refused (`script_refused`)",
    "EXT101": "a list of flows that forgets one (`flow_list_short`, a warning): the flows that are drawn count",
    "EXT105": "a path without an end event (`flow_ends_here`, a warning): it ends there",
    "EXT107": "a list of flows that forgets one, as EXT101",
    "EXT128": "a message with a type at an event without data: valid models of the kit do the same (`Message_EndEvent`); what travels is "
    "declared by `v:message`",
    "EXT145": "the format of a script that the translation takes away; as it is, the file is refused (`mime_type`)",
}


def lenient(file: str) -> str | None:
    """Why this invalid model is taken on purpose."""
    name = file.rpartition("/")[2]
    return next(
        (why for beginning, why in LENIENT.items() if name.startswith(beginning + "_")), None
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "conformance.md")
    parser.add_argument(
        "--invalid",
        type=Path,
        help="only print which models of this folder or git directory, all invalid, are taken",
    )
    parser.add_argument("--under", default="", help="a folder inside it")
    given = parser.parse_args()
    out = given.out
    if not KIT.is_dir():
        sys.exit(f"there is no conformance kit at {KIT}; CONFORMANCE_KIT says where it is")
    if given.invalid is not None:
        print("\n".join(others_taken(given.invalid, given.under)))
        return
    text = "\n".join(report()) + "\n"
    out.write_text(text, encoding="utf-8")
    print(text)


def run_features(
    mode: str, rewrite: Callable[[bytes], tuple[bytes, Mapping[str, str]]] | None = None
) -> list[FeatureResult]:
    """All features in one mode; `rewrite` gives another text of a model, and the new names of its
    elements."""
    features = execution.load_features(KIT / "betsy")
    with adapter(mode) as each:
        return execution.run_features(
            each,
            features if rewrite is None else [_rewritten(feature, rewrite) for feature in features],
        )


def _rewritten(
    feature: execution.Feature, rewrite: Callable[[bytes], tuple[bytes, Mapping[str, str]]]
) -> execution.Feature:
    content, names = rewrite(feature.xml)
    return replace(feature, xml=content, starts=tuple(names[process] for process in feature.starts))


@contextmanager
def adapter(mode: str = "Memory") -> Iterator[EngineAdapter]:
    made = getattr(ours, mode)()
    try:
        yield made
    finally:
        made.finish()


def run_invalid() -> list[importing.InvalidResult]:
    with adapter() as each:
        return importing.run_invalid(each, KIT / "invalid")


def others_taken(place: Path, under: str) -> Iterator[str]:
    """Invalid models that are no part of the kit: how many are refused, and which are not."""
    translate, files = ours.Dialect(), list(field.models(place, under))
    taken = [file for file, content in files if not field.judge(file, translate(content)).errors]
    yield f"refused: {len(files) - len(taken)} of {len(files)}"
    yield from (f"{file}: {lenient(file) or 'NOT ON THE LIST'}" for file in taken)


def run_drawings(folder: str) -> list[importing.DrawingResult]:
    with adapter() as each:
        return importing.run_drawings(each, KIT / folder)


def run_payloads() -> list[tuple[sandbox.Payload, str, str]]:
    return sandbox.run_sandbox(
        ours.Expressions(), sandbox.load_payloads(KIT / "sandbox" / "payloads.json")
    )


def report() -> Iterator[str]:
    results = {mode: run_features(mode) for mode in MODES}
    yield "# Conformance"
    yield ""
    yield "Written by `make conformance` (`python -m bench.conformance`); do not edit. The kit stands outside this repository"
    yield "(`CONFORMANCE_KIT`); `bench/conformance_adapter.py` drives the engine by its public commands in three modes: everything in"
    yield "memory; SQLite with a new engine before every single step; PostgreSQL with two workers in turn. A feature is *right* when the"
    yield "trace of every case equals the expected one, *refused* when deploying says why not, *loud* when an incident stops it, and"
    yield "*silently wrong* otherwise."
    yield from _execution(results)
    yield from _refused(results["Memory"])
    yield from _invalid()
    yield from _drawings("miwg", "Reference drawings of the BPMN Model Interchange Working Group")
    yield from _drawings("drawings", "Drawings of courses")
    yield from _sandbox()
    yield from decisions.report()


def counts(results: Iterable[FeatureResult]) -> str:
    """Right / refused / loud / silently wrong."""
    found = Counter(result.verdict for result in results)
    return " / ".join(
        str(found[each]) for each in (Verdict.RIGHT, Verdict.REFUSED, Verdict.LOUD, Verdict.SILENT)
    )


def differences(results: dict[str, list[FeatureResult]]) -> list[str]:
    """Features for which the modes do not agree."""
    by_mode = [{result.name: result.verdict for result in found} for found in results.values()]
    return sorted(name for name in by_mode[0] if len({each[name] for each in by_mode}) > 1)


def _execution(results: dict[str, list[FeatureResult]]) -> Iterator[str]:
    yield ""
    yield "## Execution: right / refused / loud / silently wrong"
    yield ""
    yield f"| group | features | {' | '.join(MODES)} |"
    yield "|---|---|" + "---|" * len(MODES)
    for group in GROUPS:
        parts = [[result for result in results[mode] if result.group == group] for mode in MODES]
        yield _row(TITLES.get(group, group), len(parts[0]), *map(counts, parts))
    yield _row(
        "**all**", len(results["Memory"]), *(f"**{counts(results[mode])}**" for mode in MODES)
    )
    other = differences(results)
    yield ""
    yield (
        f"The three modes differ in: {', '.join(other)}."
        if other
        else "The three modes give the same verdict for every feature."
    )


def _refused(results: Sequence[FeatureResult]) -> Iterator[str]:
    yield ""
    yield "## What is not right, and what we say"
    yield ""
    yield "| feature | verdict | our sentence | note |"
    yield "|---|---|---|---|"
    for result in results:
        if result.verdict is not Verdict.RIGHT:
            worst = max(result.cases, key=lambda case: execution.ORDER.index(case.verdict))
            yield _row(
                f"{result.group}/{result.name}",
                result.verdict.value,
                worst.note,
                NOTES.get(result.name, ""),
            )


def _invalid() -> Iterator[str]:
    results = run_invalid()
    refused = Counter(result.verdict for result in results)["refused"]
    rules = {result.rule for result in results}
    missed = {result.rule for result in results if result.verdict != "refused"}
    yield ""
    yield "## Invalid models"
    yield ""
    yield f"Refused at deploy: **{refused} of {len(results)}**; rules met fully: {len(rules - missed)} of {len(rules)}."
    left = [result for result in results if result.verdict != "refused"]
    if left:
        yield ""
        yield "| not refused | on purpose: why |"
        yield "|---|---|"
        yield from (
            _row(f"`{result.file}`", lenient(result.file) or "**not on purpose**")
            for result in left
        )


def _drawings(folder: str, title: str) -> Iterator[str]:
    results = run_drawings(folder)
    stuck = [result for result in results if not result.runnable]
    yield ""
    yield f"## {title}"
    yield ""
    yield "| drawings | opened | kept unchanged | run as they are | not runnable, every problem tied to an element |"
    yield "|---|---|---|---|---|"
    opened, kept = sum(result.opened for result in results), sum(result.kept for result in results)
    yield _row(
        len(results),
        opened,
        kept,
        len(results) - len(stuck),
        f"{sum(result.explained for result in stuck)} of {len(stuck)}",
    )


def _sandbox() -> Iterator[str]:
    results = run_payloads()
    verdicts = {
        aim: Counter(verdict for payload, verdict, _ in results if payload.aim == aim)
        for aim in ("escape", "bomb")
    }
    yield ""
    yield "## Expressions"
    yield ""
    escapes, bombs = verdicts["escape"]["ESCAPE"], verdicts["bomb"]["BITES"]
    yield f"Escapes that succeed: **{escapes}**; bombs that bite: **{bombs}**. There are no scripts."


def _row(*cells: object) -> str:
    return (
        "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
    )


if __name__ == "__main__":
    main()
