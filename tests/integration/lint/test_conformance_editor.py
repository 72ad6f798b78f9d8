"""The canvas on drawings that nobody here made: the reference models of the conformance kit are
moved, changed and saved without a loss."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.kit.canvas import Canvas
from tests.kit.chance import dice
from tests.kit.edits import Trial, a_canvas

KIT = Path(os.environ.get("CONFORMANCE_KIT", Path(__file__).parents[4] / "shared" / "conformance"))
pytestmark = pytest.mark.skipif(
    not KIT.is_dir(), reason="the conformance kit is not here (CONFORMANCE_KIT)"
)

MODELS = sorted((KIT / "miwg").glob("*.bpmn"))
EDITS = 6


@pytest.fixture(scope="module")
def canvas(browser: Browser) -> Iterator[Canvas]:
    with a_canvas(browser) as opened:
        yield opened


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_reference_model_keeps_what_nobody_changed(canvas: Canvas, path: Path) -> None:
    trial, chance = Trial(canvas, path.name, path.read_bytes()), dice(path.name)

    assert [
        *trial.opened(),
        *(fault for _ in range(EDITS) for fault in trial.by_chance(chance)),
    ] == []
