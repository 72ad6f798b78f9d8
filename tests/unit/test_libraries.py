"""Libraries: the page is what the lock files pin, the environment holds nothing else, none has a licence that is not for us."""

import importlib.metadata
import re

from packaging.utils import canonicalize_name

from tools import libraries

FREE = {"MIT", "MIT-0", "MIT-CMU", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "ISC", "PSF-2.0", "Unlicense", "ZPL-2.1", "Zlib"}
#: Used as they are: files (MPL), libraries that are linked to and may be replaced (LGPL), fonts, the mark on each diagram.
AS_IT_IS = {"MPL-2.0", "LGPL-3.0-only", "LGPL-3.0-or-later", "OFL-1.1", "bpmn.io (MIT, its mark stays visible)"}
FOR_TOOLS = {"GPL-3.0-or-later", "CNRI-Python", "CC0-1.0"}


def test_the_page_is_what_the_lock_files_pin() -> None:
    assert libraries.PAGE.read_text("utf-8") == libraries.page(), "python -m tools.libraries"


def test_no_library_has_a_licence_that_is_not_for_us() -> None:
    for each in libraries.listed():
        allowed = FREE | AS_IT_IS | (FOR_TOOLS if each.part == libraries.TOOL else set())
        ways = [each.licence] if each.licence in allowed else re.sub(r"[()]", "", each.licence).split(" OR ")
        assert any(set(way.split(" AND ")) <= allowed for way in ways), each


def test_the_environment_holds_what_the_lock_files_pin_and_nothing_else() -> None:
    """What a Python brings with it (an old pip, setuptools) would be in no audit."""
    pinned = {canonicalize_name(each.name): each.version for each in libraries.listed() if each.ecosystem == libraries.PYPI}
    there = {canonicalize_name(each.name): each.version for each in importlib.metadata.distributions()}
    assert {name: version for name, version in there.items() if pinned.get(name) != version} == {}
