"""The list of the deployer's rules, which `make docs` writes into docs/modelling.md."""

from pathlib import Path
from textwrap import fill
from typing import Final

from engine.lint.rules import RULES
from tools.sections import filled
from webforms.analista.frases import FRASES

PAGE: Final = Path(__file__).parents[1] / "docs" / "modelling.md"


def listed() -> str:
    """Of each rule its code, whose rule it is, and what an analyst reads ({…} are facts of the
    finding)."""
    return "\n".join(
        fill(
            f"- `{rule}` ({RULES[rule].source}): {FRASES[rule]}",
            100,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for rule in sorted(RULES)
    )


def page(text: str) -> str:
    """The page with the list in its place."""
    return filled(text, "rules", listed())
