"""The page of the modellers lists every rule of the deployer with the sentence that an analyst
reads."""

from engine.lint.rules import RULES
from tools import rules


def test_the_table_of_rules_is_the_code_s() -> None:
    text = rules.PAGE.read_text("utf-8")
    assert text == rules.page(text), "make docs"
    assert all(f"- `{rule}` (" in text for rule in RULES)
