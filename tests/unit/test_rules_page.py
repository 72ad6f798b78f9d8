"""The page of rules, for modellers, tells every rule of the deployer in the sentence that an analyst
reads."""

from engine.lint.rules import RULES
from tools import rules


def test_the_page_tells_every_rule_once() -> None:
    lines = rules.page().splitlines()
    assert [line.split("`")[1] for line in lines if line.startswith("- ")] == sorted(RULES)
