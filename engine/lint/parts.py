"""Parts of packages: texts that a release keeps beside its diagrams. What they mean is not ours;
that they are texts is."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from engine.errors import Finding, Rule
from engine.model.files import is_part

PART_NAME: Final = Rule("part_name", "Ventanilla", ("name",))
PART_TEXT: Final = Rule("part_text", "Ventanilla")
PART_TOO_LARGE: Final = Rule("part_too_large", "Ventanilla", ("maximum",))
PARTS_TOO_MANY: Final = Rule("parts_too_many", "Ventanilla", ("maximum",))

MAX_BYTES: Final = 512 * 1024
MAX_PARTS: Final = 5_000
MAX_NAME: Final = 120  # letters of the whole, as the columns of files hold them
#: The folder of its package, at most two more, and a name: all of them plain, so that an archive of
#: them opens everywhere.
NAME: Final = re.compile(
    r"[a-z][a-z0-9_]{0,39}(?:/[a-z0-9_]{1,40}){0,2}/[A-Za-z0-9][A-Za-z0-9_-]{0,60}(?:\.[a-z]{2,3})?\.(?:toml|txt|md|csv|po)"
)
_SIGNS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check(files: Mapping[str, bytes]) -> Iterator[Finding]:
    parts = sorted(name for name in files if is_part(name))
    if len(parts) > MAX_PARTS:
        yield PARTS_TOO_MANY.at(parts[0], None, maximum=str(MAX_PARTS))
    for name in parts:
        if NAME.fullmatch(name) is None or len(name) > MAX_NAME:
            yield PART_NAME.at(name, None, name=name)
        if len(files[name]) > MAX_BYTES:
            yield PART_TOO_LARGE.at(name, None, maximum=str(MAX_BYTES // 1024))
        elif not _is_text(files[name]):
            yield PART_TEXT.at(name, None)


def _is_text(content: bytes) -> bool:
    try:
        return _SIGNS.search(content.decode("utf-8")) is None
    except UnicodeDecodeError:
        return False
