"""What takes long to make and is copied by many: made once in a run, however many processes run its
tests."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path


def once(name: str, folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder of this name that the first process of the run filled; the others wait for it.
    `folder` is any of a test of this run."""
    base = next(
        (each.parent for each in folder.parents if each.name.startswith("popen-")), folder.parent
    )
    made, ready = base / name, base / f"{name}.ready"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            shutil.rmtree(made, ignore_errors=True)  # of one who stopped halfway
            made.mkdir()
            make(made)
            ready.touch()
    return made
