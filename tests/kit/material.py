"""Test files that others made (MATERIAL), which stay outside of the repository: their absence is a skip, but not in CI."""

import os
from pathlib import Path

import pytest

MATERIAL = Path(os.environ.get("MATERIAL", Path(__file__).parents[3] / "shared" / "material"))


def folder(name: str) -> Path:
    """Of one kind of material."""
    found = MATERIAL / name
    if not found.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"MATERIAL: {found} is not there")
        pytest.skip(f"the material is not on this machine (MATERIAL): {name}")
    return found
