"""Test files that others made (MATERIAL), which stay outside of the repository: their absence is a
skip, but not in CI."""

import os
import tarfile
from pathlib import Path

import pytest

#: Fetched by `make test`.
BOUNCES = Path(__file__).parents[2] / ".venv" / "flufl_bounce-6.0.0.tar.gz"
MATERIAL = Path(os.environ.get("MATERIAL", Path(__file__).parents[3] / "shared" / "material"))


def folder(name: str) -> Path:
    """Of one kind of material."""
    found = MATERIAL / name
    if not found.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"MATERIAL: {found} is not there")
        pytest.skip(f"the material is not on this machine (MATERIAL): {name}")
    return found


def bounces() -> dict[str, bytes]:
    """Real mails that came back, by their names in the source distribution of flufl.bounce."""
    if not BOUNCES.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{BOUNCES} is not there: make test fetches it")
        pytest.skip("the bounces are not on this machine: make test fetches them")
    with tarfile.open(BOUNCES) as archive:
        files = [
            m
            for m in archive.getmembers()
            if m.isfile() and "/tests/data/" in m.name and m.name.endswith(".txt")
        ]
        return {
            m.name.rpartition("/")[2]: found.read()
            for m in files
            if (found := archive.extractfile(m)) is not None
        }
