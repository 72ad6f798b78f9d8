"""Writes the table of the deployer's rules into docs/modelling.md: `python -m tools.rules`."""

from pathlib import Path
from typing import Final

from engine.lint.rules import RULES
from webforms.analista.frases import FRASES

PAGE: Final = Path(__file__).parents[1] / "docs" / "modelling.md"
BEGIN: Final = "<!-- rules: written by python -m tools.rules -->"
END: Final = "<!-- end of rules -->"


def table() -> str:
    """One row a rule: its code, whose rule it is, and what an analyst reads ({…} are facts of the
    finding)."""
    rows = [
        f"| `{rule}` | {RULES[rule].source} | {FRASES[rule].replace('|', chr(92) + '|')} |"
        for rule in sorted(RULES)
    ]
    return "\n".join(["| rule | source | what the analyst reads |", "|---|---|---|", *rows])


def page(text: str) -> str:
    """The page with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
