"""Libraries: the environment holds what the lock files pin and nothing else, none has a licence
that is not for us."""

import importlib.metadata
import json
import re
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tools import libraries

FREE = {
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "PSF-2.0",
    "Unlicense",
    "ZPL-2.1",
    "Zlib",
}
#: Used as they are: files (MPL), libraries that are linked to and may be replaced (LGPL), fonts,
#: the mark on each diagram.
AS_IT_IS = {
    "MPL-2.0",
    "LGPL-3.0-only",
    "LGPL-3.0-or-later",
    "OFL-1.1",
    "bpmn.io (MIT, its mark stays visible)",
}
FOR_TOOLS = {"GPL-3.0-or-later", "CNRI-Python", "CC0-1.0"}


def test_the_document_says_within_how_many_days_an_advisory_is_acted_on() -> None:
    said = " ".join((libraries.ROOT / "docs" / "security.md").read_text("utf-8").split())
    assert "within 7 days when the advisory is critical or high" in said
    assert "within 30 days otherwise" in said


def test_no_library_has_a_licence_that_is_not_for_us() -> None:
    for each in libraries.listed():
        allowed = FREE | AS_IT_IS | (FOR_TOOLS if each.part == libraries.TOOL else set())
        ways = (
            [each.licence]
            if each.licence in allowed
            else re.sub(r"[()]", "", each.licence).split(" OR ")
        )
        assert any(set(way.split(" AND ")) <= allowed for way in ways), each


def test_the_environment_holds_what_the_lock_files_pin_and_nothing_else() -> None:
    """What a Python brings with it (an old pip, setuptools) would be in no audit."""
    pinned = {
        canonicalize_name(each.name): each.version
        for each in libraries.listed()
        if each.ecosystem == libraries.PYPI
    }
    there = {
        canonicalize_name(each.name): each.version for each in importlib.metadata.distributions()
    }
    assert {name: version for name, version in there.items() if pinned.get(name) != version} == {}


def test_each_version_and_each_other_name_of_a_library_is_one_that_is_asked_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one needs an older one beside another, and where it is installed under a name of
    ours."""
    told = {"version": "1.0.0", "license": "MIT"}
    lock = {
        "": {},
        "node_modules/one": told,
        "node_modules/two/node_modules/one": {**told, "version": "0.9.0"},
        "node_modules/ours": {**told, "name": "@their/own"},
    }
    (tmp_path / "package-lock.json").write_text(json.dumps({"packages": lock}), "utf-8")
    monkeypatch.setattr(libraries, "ROOT", tmp_path)
    monkeypatch.setattr(libraries, "LOCKS", ())
    assert [(each.name, each.version) for each in libraries.listed()] == [
        ("@their/own", "1.0.0"),
        ("one", "0.9.0"),
        ("one", "1.0.0"),
    ]
