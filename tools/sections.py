"""A part of a page that a program writes, between two comments that name it."""

import re
from pathlib import Path


def part(text: str, name: str) -> str:
    """What stands there now."""
    return _split(text, name)[1].strip("\n")


def filled(text: str, name: str, content: str) -> str:
    """The page with this content in the place of what stood there."""
    before, _, after = _split(text, name)
    newline = "\n"
    return f"{before}\n{content.strip(newline)}\n{after}"


def put(page: Path, name: str, content: str) -> None:
    """Into the page; a file without this section becomes the content alone."""
    text = page.read_text("utf-8") if page.is_file() else ""
    page.write_text(filled(text, name, content) if f"<!-- {name}: " in text else content, "utf-8")


def _split(text: str, name: str) -> tuple[str, str, str]:
    """Up to the comment that begins the section, what it holds, from the comment that ends it."""
    found = re.fullmatch(
        rf"(.*<!-- {name}: [^\n]*-->)\n(.*)(<!-- end of {name} -->.*)", text, re.DOTALL
    )
    if found is None:
        raise ValueError(f"no section {name}")
    return found[1], found[2], found[3]
