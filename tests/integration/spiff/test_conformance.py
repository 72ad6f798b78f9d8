"""The conformance kit, when it is there: nothing silently wrong, nothing loud, and the three modes say the same."""

import importlib
import os
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.kit.twins import twin

ROOT = Path(__file__).parents[3]
KIT = Path(os.environ.get("CONFORMANCE_KIT", ROOT.parent / "shared" / "conformance"))

#: what was reached; it may only rise
RIGHT = 74
INVALID = 170

pytestmark = pytest.mark.skipif(not KIT.is_dir(), reason="the conformance kit is not on this machine (CONFORMANCE_KIT)")


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    return importlib.import_module("bench.conformance")


@pytest.fixture(scope="module")
def in_memory(bench: ModuleType) -> list[Any]:
    return list(bench.run_features("Memory"))


def test_nothing_is_silently_wrong_or_loud_and_what_was_right_stays_right(in_memory: list[Any]) -> None:
    wrong = {result.name: result.verdict.value for result in in_memory if result.verdict.value in ("silent", "loud")}
    assert wrong == {}
    assert sum(result.verdict.value == "right" for result in in_memory) >= RIGHT


@pytest.mark.parametrize("mode", ["SqliteReload", pytest.param("Postgres", marks=pytest.mark.postgres)])
def test_forgetting_everything_between_steps_and_two_workers_change_nothing(
    mode: str, in_memory: list[Any], bench: ModuleType, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if mode == "Postgres":
        monkeypatch.setenv("CONFORMANCE_PG", request.getfixturevalue("postgres_url"))
    assert bench.differences({"Memory": in_memory, mode: bench.run_features(mode)}) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twins_of_the_kit_s_models_get_their_verdict(seed: int, in_memory: list[Any], bench: ModuleType) -> None:
    assert bench.differences({"model": in_memory, "twin": bench.run_features("Memory", lambda content: twin(content, seed))}) == []


def test_every_refusal_names_the_element_and_the_rule(in_memory: list[Any]) -> None:
    said = [case.note for result in in_memory for case in result.cases if case.got == ["ERROR_deployment"]]
    assert said
    assert [text for text in said if not (text.startswith("«") and "]" in text)] == []


def test_invalid_models_are_refused(bench: ModuleType) -> None:
    results = bench.run_invalid()
    verdicts = Counter(result.verdict for result in results)
    assert verdicts["crashed"] == 0
    assert verdicts["refused"] >= INVALID


@pytest.mark.parametrize("folder", ["miwg", "drawings"])
def test_drawings_open_are_kept_and_each_problem_names_its_element(folder: str, bench: ModuleType) -> None:
    results = bench.run_drawings(folder)
    assert [result.file for result in results if not (result.opened and result.kept)] == []
    assert [result.file for result in results if not (result.runnable or result.explained)] == []


def test_no_payload_leaves_the_box_and_no_bomb_bites(bench: ModuleType) -> None:
    results = bench.run_payloads()
    assert [payload.id for payload, verdict, _ in results if verdict in ("ESCAPE", "BITES")] == []
