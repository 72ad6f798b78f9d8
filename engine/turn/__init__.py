"""One taken instance during one command: advance it, run its local handlers, write everything that
changed.

Order (docs/decisions/one-command.md): the instance is taken first; the live workflow is fetched
only once the command was allowed; what waits is compared before and after, and only the difference
is written. A `Turn` holds its parts, and every part holds the `Scene`; no part holds the turn, so
that what a command leaves behind is freed without waiting for the garbage collector.
"""

from engine.turn.journal import Texts
from engine.turn.messages import signal_start
from engine.turn.scene import Scene, Taken
from engine.turn.services import RESUME
from engine.turn.turn import Turn

__all__ = ["RESUME", "Scene", "Taken", "Texts", "Turn", "signal_start"]
