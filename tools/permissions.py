"""`python -m tools.permissions` writes docs/permissions.md from `webforms.permisos`: each address,
by the name of its view, with the roles that reach it."""

from itertools import groupby
from pathlib import Path
from typing import Final

from webforms.permisos import PERMISOS

PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
EVERYBODY: Final = {"publico": "anybody", "persona": "anybody who is logged in"}


def page() -> str:
    lines = [
        "# Who reaches which address",
        "",
        "Made by `python -m tools.permissions` from `webforms/permisos.py`; tests/integration/webforms/test_permisos.py tries each",
        "with every role, every device and nobody. Names are those of views (`flask routes` tells their addresses). What a role sees",
        "there: docs/access.md.",
    ]
    for room, views in groupby(sorted(PERMISOS), key=lambda view: view.partition(".")[0]):
        lines += ["", f"## {room}", "", "| view | who |", "|---|---|"]
        lines += [
            f"| `{view}` | {', '.join(EVERYBODY.get(who, who) for who in sorted(PERMISOS[view]))} |"
            for view in views
        ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
