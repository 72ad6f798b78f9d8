"""`python -m tools.docs` (`make docs`) prints what nobody keeps into build/docs: who reaches which
address, who writes and reads which field, the libraries, OWASP ASVS, the rules of the deployer."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools import asvs, fields, libraries, permissions, rules, settings

FOLDER: Final = Path(__file__).resolve().parents[1] / "build" / "docs"
PAGES: Final[dict[str, Callable[[], str]]] = {
    "permissions.md": permissions.page,
    "fields.md": fields.page,
    "libraries.md": libraries.page,
    "asvs.md": lambda: asvs.page(asvs.read()),
    "rules.md": rules.page,
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), "utf-8")
    settings.write()


if __name__ == "__main__":
    main()
