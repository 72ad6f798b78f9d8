"""One taken instance during one command: advance it, run its local handlers, write everything that changed.

Order (docs/decisions/one-command.md): the instance is taken first; the live workflow is fetched only once the command was allowed; what
waits is compared before and after, and only the difference is written.
"""

from engine.turn.base import NOTHING
from engine.turn.base import Taken
from engine.turn.base import Texts
from engine.turn.messages import signal_start
from engine.turn.services import RESUME
from engine.turn.services import Services
from engine.turn.writes import Writes

__all__ = ["NOTHING", "RESUME", "Taken", "Texts", "Turn", "signal_start"]


class Turn(Services, Writes):
    """What commands use."""

    __slots__ = ()
