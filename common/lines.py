"""The log as lines of JSON, one a happening: when, how grave, which request, whose, of which case,
how long. For machines that collect it.

A failure is one line too: it names a file in the folder of traces, which holds what a programmer
needs and is read by its owner only. What PostgreSQL says of values (`DETAIL:`) stands in neither,
nor in logs as text; the parameters of statements are hidden by the engines.
"""

import datetime as dt
import json
import logging
import re
import secrets
import stat
import sys
from collections.abc import Container, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from common import trail

TRACES: Final = 500  # files that are kept
#: What a line may say beside its message: nothing that a person typed.
FIELDS: Final = ("route", "method", "status", "ms", "kind", "actor", "subject", "day", "n", "hash")
QUIET: Final = ("alembic", "dbos", "waitress", "urllib3", "botocore", "stamina")
#: What the driver of PostgreSQL says of the values of a row.
_VALUES: Final = re.compile(r"^(?:DETAIL|CONTEXT|HINT):.*?(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_ERROR = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class JsonLines(logging.Formatter):
    """A record as one line."""

    def __init__(self, traces: Path, typed: Container[str] = ()) -> None:
        """`typed`: kinds of accesses whose subject is what somebody wrote, as the name of a file;
        it stands in the chain only."""
        super().__init__()
        self._traces, self._typed = traces, typed

    def format(self, record: logging.LogRecord) -> str:
        now = trail.current()
        line: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": without_values(record.getMessage()),
        }
        line |= {
            name: value
            for name, value in (("request", now.request), ("user", now.user), ("case", now.case))
            if value
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if line.get("kind") in self._typed:
            line.pop("subject", None)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = type(record.exc_info[1]).__name__
            line["trace"] = self._keep(
                record.exc_info, line, dt.datetime.fromtimestamp(record.created, dt.UTC)
            )
        return json.dumps(line, ensure_ascii=False, default=str)

    def _keep(self, error: _ERROR, line: Mapping[str, object], at: dt.datetime) -> str:
        """The name of the file with the trace; "": it could not be written, and the line comes all
        the same."""
        name = f"{at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.txt"
        try:
            self._traces.parent.mkdir(parents=True, exist_ok=True)
            # web and worker are two accounts of one group
            shared = self._traces.parent.stat().st_mode & stat.S_IWGRP
            self._traces.mkdir(mode=0o770 if shared else 0o700, exist_ok=True)
            for old in sorted(self._traces.glob("*.txt"))[: -TRACES + 1]:
                old.unlink(missing_ok=True)
            file = self._traces / name
            file.touch(mode=0o600)
            file.write_text(
                f"{json.dumps(line, ensure_ascii=False, default=str)}\n\n{without_values(self.formatException(error))}\n",
                "utf-8",
            )
        except (OSError, UnicodeError):
            return ""
        return name


class Record(logging.LogRecord):
    """A record of any logger in any format, ours or of a library: what it says, and its trace, come
    without the values of a row."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.msg = _shown(self.msg)
        if isinstance(self.args, tuple):
            self.args = tuple(map(_shown, self.args))
        elif self.args:
            self.args = {name: _shown(value) for name, value in self.args.items()}
        if self.exc_info and self.exc_info[0] is not None:
            trace = logging.Formatter().formatException(self.exc_info)
            self.exc_text = without_values(trace) if "DETAIL:" in trace else None


def _shown(said: Any) -> Any:
    return (
        without_values(str(said))
        if isinstance(said, str | BaseException) and "DETAIL:" in str(said)
        else said
    )


def hide_values() -> None:
    """In all logs of this process, whatever writes them."""
    logging.setLogRecordFactory(Record)


def without_values(text: str) -> str:
    return _VALUES.sub("(values hidden)\n", text).rstrip("\n") if "DETAIL:" in text else text


def configure(traces: Path, typed: Container[str] = ()) -> None:
    """All logs of this process to stderr, as lines. Once, however many applications it makes."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler.formatter, JsonLines):
            root.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(traces, typed))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
