"""The list of settings in docs/configuration.md, made from their rows (`make docs`)."""

import textwrap
from pathlib import Path
from typing import Final

from common.settings import KNOWN
from handlers import ajustes as of_handlers
from tools import sections
from webforms.base import ajustes as of_pages

#: They import every row.
ROOMS: Final = (of_handlers, of_pages)
PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "configuration.md"


def listed() -> str:
    return "\n".join(
        f"- **`{name}`**\n{_line('default', row.unset)}\n{_line('meaning', row.means)}"
        for name, row in sorted(KNOWN.items())
    )


def _line(what: str, said: str) -> str:
    return textwrap.fill(
        f"{what}: {said}",
        width=110,
        initial_indent="  - ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def write() -> None:
    sections.put(PAGE, "settings", listed())
