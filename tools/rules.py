"""Every rule of the deployer with the sentence that an analyst reads. `make docs` prints it."""

from textwrap import fill

from engine.lint.rules import RULES
from webforms.paquetes.frases import FRASES


def page() -> str:
    """Of each rule its code, whose rule it is, and its sentence ({…} are facts of the finding)."""
    head = "# Rules of the deployer\n\nPrinted by `make docs`; docs/modelling.md says how they refuse.\n\n"
    return head + "".join(
        fill(
            f"- `{rule}` ({RULES[rule].source}): {FRASES[rule]}",
            100,
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        + "\n"
        for rule in sorted(RULES)
    )
