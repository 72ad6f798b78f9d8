"""The product on a clock that a test moves: `FLASK_APP` of real processes, whose clock is ahead of
the machine's by as many seconds as a file says."""

import datetime as dt
import os
from pathlib import Path
from unittest.mock import patch

from app import create_app
from engine.clock import SystemClock
from tests.kit.clock import AHEAD

__all__ = ["create_app"]


def now(_clock: SystemClock) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(
        seconds=float(Path(os.environ[AHEAD]).read_text("ascii"))
    )


patch.object(SystemClock, "now", now).start()  # before an application asks it
