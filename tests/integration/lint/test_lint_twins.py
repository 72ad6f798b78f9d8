"""A verdict speaks of the diagram, not of its names: twins with other ids, prefixes and order are
judged alike."""

from pathlib import Path

import pytest
from lxml import etree

from engine.errors import Finding
from tests.integration.lint.test_lint_constraints import ROWS
from tests.integration.lint.test_lint_standard import PAIRS
from tests.integration.lint.test_spiff_lint import REFUSED
from tests.kit.play import findings
from tests.kit.twins import BPMN as MODEL, twin

BPMN = Path(__file__).parents[3] / "bpmn" / "m5_1_02"
MODELS = [content for _, broken, sound, _ in PAIRS for content in (broken, sound)] + [
    content for _, content, _ in REFUSED
]
# ids that are variables
MODELS += [
    content
    for _, rule, broken, sound in ROWS
    for content in (*broken, sound)
    if rule != "loop_direction"
]


def judged(found: list[Finding], names: dict[str, str]) -> set[tuple[str, str, str | None]]:
    return {(f.rule, f.severity, names.get(f.element or "", f.element)) for f in found}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twins_of_our_models_get_the_verdict_of_the_model(seed: int) -> None:
    tried = 0
    for content in MODELS:
        if b"</process>" not in content or b".EndJoin" in content:
            continue  # no BPMN at all, or a name that is refused as such
        other, names = twin(content, seed)
        before, after = judged(findings(content), names), judged(findings(other), {})
        assert before == after, (content.decode(), before ^ after)
        tried += 1
    assert tried > 2 * len(PAIRS)


def test_a_twin_shares_no_id_and_no_prefix_with_its_model() -> None:
    for _, content, _, _ in PAIRS:
        other, names = twin(content, 4)
        root = etree.fromstring(other)
        assert {node.prefix for node in root.iter(f"{{{MODEL}}}*")} == {"ns4"}
        ids = {node.get("id") for node in root.iter("*")}
        assert not ids & names.keys()


@pytest.mark.parametrize("path", sorted(BPMN.rglob("*.bpmn")), ids=lambda path: path.name)
def test_twins_of_the_product_s_diagrams_get_their_verdict(path: Path) -> None:
    content = path.read_bytes()
    functions = {"dias_habiles": lambda _days, _since=None, *, now: now.isoformat()}
    other, names = twin(content, 1)
    assert judged(findings(content, functions=functions), names) == judged(
        findings(other, functions=functions), {}
    )
