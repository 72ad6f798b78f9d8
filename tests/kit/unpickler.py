"""Watches the unpickler while tests run: of what it is given it calls what that names, so nothing
of ours may give it anything.

Python tells its audit hooks each name that a pickle looks up (`pickle.find_class`), whichever
library reads it.
"""

import inspect
import sys
from typing import Any

#: Who may: Babel reads its own calendars and formats, from its own package; Jinja the checksum of a
#: template that the tests keep compiled.
READERS = ("babel/localedata.py", "jinja2/bccache.py", "multiprocessing/")
_seen: list[str] = []


def _heard(event: str, args: tuple[Any, ...]) -> None:
    if event != "pickle.find_class":
        return
    here = inspect.currentframe()
    frame, files = here.f_back if here is not None else None, list[str]()
    while frame is not None:
        files.append(frame.f_code.co_filename.replace("\\", "/"))
        frame = frame.f_back
    if not any(reader in file for file in files[:4] for reader in READERS):
        _seen.append(f"{args[0]}.{args[1]} in {files[:1]}")


def listen() -> None:
    """Once a process: a hook is never taken away."""
    sys.addaudithook(_heard)


def told() -> list[str]:
    """What was looked up since the last time."""
    seen, _seen[:] = list(_seen), []
    return seen
