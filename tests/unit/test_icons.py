"""The sprite holds the icons that templates name: a name that is worked out elsewhere would be an
empty square."""

import re
from pathlib import Path

TEMPLATES = sorted(
    (Path(__file__).resolve().parents[2] / "webforms").glob("**/templates/**/*.html")
)
CALL = re.compile(r"(?<!macro )\bicono\(([^)]*)\)")


def test_each_icon_is_named_where_it_is_used() -> None:
    assert TEMPLATES
    named = {
        (path.name, call) for path in TEMPLATES for call in CALL.findall(path.read_text("utf-8"))
    }
    assert len(named) > 20, "they are found"
    assert [pair for pair in sorted(named) if not re.fullmatch(r'"[a-z0-9-]+"', pair[1])] == []
