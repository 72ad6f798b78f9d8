"""Who reaches which address, from `webforms.salas`: each by the name of its view, with the roles
that reach it. `make docs` prints it."""

from itertools import groupby
from typing import Final

from webforms.salas import PERMISOS

EVERYBODY: Final = {"publico": "anybody", "persona": "anybody who is logged in"}


def page() -> str:
    lines = [
        "# Who reaches which address",
        "",
        "Printed by `make docs` from the routes (`para=`); tests/integration/webforms/test_permisos.py tries each",
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
