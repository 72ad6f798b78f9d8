"""The conformance kit, when it is there: nothing silently wrong, nothing loud, and the three modes
say the same."""

import importlib
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.kit import processes
from tests.kit.twins import twin

ROOT = Path(__file__).parents[3]
KIT = Path(os.environ.get("CONFORMANCE_KIT", ROOT.parent / "shared" / "conformance"))

#: what was reached; it may only rise
RIGHT = 74

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"

pytestmark = pytest.mark.skipif(
    not KIT.is_dir(), reason="the conformance kit is not on this machine (CONFORMANCE_KIT)"
)


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return importlib.import_module("bench.conformance")


@pytest.fixture(scope="module")
def in_memory(bench: ModuleType) -> list[Any]:
    return list(bench.run_features("Memory"))


def test_nothing_is_silently_wrong_or_loud_and_what_was_right_stays_right(
    in_memory: list[Any],
) -> None:
    wrong = {
        result.name: result.verdict.value
        for result in in_memory
        if result.verdict.value in ("silent", "loud")
    }
    assert wrong == {}
    assert sum(result.verdict.value == "right" for result in in_memory) >= RIGHT


@pytest.mark.parametrize(
    "mode", ["SqliteReload", pytest.param("Postgres", marks=pytest.mark.postgres)]
)
def test_forgetting_everything_between_steps_and_two_workers_change_nothing(
    mode: str,
    in_memory: list[Any],
    bench: ModuleType,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if mode == "Postgres":
        monkeypatch.setenv("CONFORMANCE_PG", request.getfixturevalue("postgres_url"))
    assert bench.differences({"Memory": in_memory, mode: bench.run_features(mode)}) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twins_of_the_kit_s_models_get_their_verdict(
    seed: int, in_memory: list[Any], bench: ModuleType
) -> None:
    assert (
        bench.differences(
            {
                "model": in_memory,
                "twin": bench.run_features("Memory", lambda content: twin(content, seed)),
            }
        )
        == []
    )


def test_every_refusal_names_the_element_and_the_rule(in_memory: list[Any]) -> None:
    said = [
        case.note
        for result in in_memory
        for case in result.cases
        if case.got == ["ERROR_deployment"]
    ]
    assert said
    assert [text for text in said if not (text.startswith("«") and "]" in text)] == []


def test_invalid_models_are_refused(bench: ModuleType) -> None:
    results = bench.run_invalid()
    verdicts = Counter(result.verdict for result in results)
    assert verdicts["crashed"] == 0
    assert {result.file for result in results if result.verdict != "refused"} == {
        r.file for r in results if bench.lenient(r.file)
    }


@pytest.mark.parametrize("folder", ["miwg", "drawings"])
def test_drawings_open_are_kept_and_each_problem_names_its_element(
    folder: str, bench: ModuleType
) -> None:
    results = bench.run_drawings(folder)
    assert [result.file for result in results if not (result.opened and result.kept)] == []
    assert [result.file for result in results if not (result.runnable or result.explained)] == []


def test_no_payload_leaves_the_box_and_no_bomb_bites(bench: ModuleType) -> None:
    """In a process of its own: the kit caps the address space of each attempt, and would count this
    one's, too."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        results = alone.submit(bench.run_payloads).result()
    assert [payload.id for payload, verdict, _ in results if verdict in ("ESCAPE", "BITES")] == []


def test_the_kit_s_own_runner_takes_our_adapter_as_its_first_lines_say() -> None:
    """From a folder elsewhere, with nothing of ours but `bench` on its path: no module there may
    hide one of the standard library."""
    order = [
        sys.executable,
        str(KIT / "run.py"),
        "betsy",
        "--path",
        str(ROOT / "bench"),
        "--adapter",
        "conformance_adapter:Memory",
    ]
    done = processes.run(
        [*order, "--only", "SequenceFlow$"], capture_output=True, text=True, cwd=KIT
    )
    assert done.returncode == 0, done.stderr
    assert "1" in done.stdout


def people(*processes: str, before: str = "") -> bytes:
    """Each of these processes has a task for people."""
    drawn = "".join(
        f'<process id="{id_}" isExecutable="true">{before.format(id_)}'
        f'<startEvent id="s{id_}"/><userTask id="t{id_}"/><endEvent id="e{id_}"/><sequenceFlow id="a{id_}" sourceRef="s{id_}" '
        f'targetRef="t{id_}"/><sequenceFlow id="b{id_}" sourceRef="t{id_}" targetRef="e{id_}"/></process>'
        for id_ in processes
    )
    return f'<definitions xmlns="{MODEL}" targetNamespace="t" id="d">{drawn}</definitions>'.encode()


@pytest.mark.parametrize("mode", ["Memory", pytest.param("Postgres", marks=pytest.mark.postgres)])
def test_two_deployments_live_side_by_side_and_two_processes_have_people(
    mode: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mode == "Postgres":
        monkeypatch.setenv("CONFORMANCE_PG", request.getfixturevalue("postgres_url"))
    adapter = getattr(importlib.import_module("bench.conformance_adapter"), mode)()
    property_first = '<property id="p{0}"/>'
    deployments = [
        adapter.deploy(adapter.translate(people("A", "B", before=each)), "m.bpmn")
        for each in ("", property_first)
    ]
    for deployment in deployments:
        for process in ("A", "B"):
            adapter.start(deployment, process, {})
    assert [len(adapter.user_tasks(each)) for each in deployments] == [2, 2]
    adapter.complete(deployments[0], adapter.user_tasks(deployments[0])[0])
    assert [len(adapter.user_tasks(each)) for each in deployments] == [1, 2]
    for deployment in deployments:
        adapter.close(deployment)
    adapter.finish()


def test_the_clock_goes_on_while_a_long_operation_is_at_work() -> None:
    """It takes ten seconds: a reminder after three comes while it runs, one after twenty never."""
    adapter = importlib.import_module("bench.conformance_adapter").Memory()
    timers = "".join(
        f'<boundaryEvent id="k{n}" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeDuration>PT{n}S</timeDuration>'
        f'</timerEventDefinition></boundaryEvent><scriptTask id="u{n}"><script>AFTER_{n}</script></scriptTask><endEvent id="e{n}"/>'
        f'<sequenceFlow id="f{n}" sourceRef="k{n}" targetRef="u{n}"/><sequenceFlow id="g{n}" sourceRef="u{n}" targetRef="e{n}"/>'
        for n in (3, 20)
    )
    long = '<scriptTask id="t"><script>CREATE_TIMESTAMP_LOG_1</script></scriptTask><scriptTask id="z"><script>LAST</script></scriptTask>'
    model = (
        f'<definitions xmlns="{MODEL}" targetNamespace="t" id="d"><process id="P" isExecutable="true"><startEvent id="s"/>{long}'
        f'<endEvent id="e"/>{timers}<sequenceFlow id="a" sourceRef="s" targetRef="t"/><sequenceFlow id="b" sourceRef="t" targetRef="z"/>'
        '<sequenceFlow id="c" sourceRef="z" targetRef="e"/></process></definitions>'
    )
    deployment = adapter.deploy(adapter.translate(model.encode()), "m.bpmn")
    adapter.start(deployment, "P", {})
    assert adapter.outcome(deployment).trace == ["AFTER_3", "LAST"]
    adapter.close(deployment)
    adapter.finish()
