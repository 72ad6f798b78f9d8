"""What an incident keeps of an exception: a code where its type tells why, else its class and where
it came from. Never its words."""

import errno
import socket
import sysconfig
from decimal import DecimalException
from typing import Final

from engine.errors import CauseCode, EngineError, GiveUp, OutsideFailure
from engine.types import Data, Failed

_UNREACHABLE: Final = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN)
_UNEXPECTED: Final = (KeyError, IndexError, AttributeError, TypeError, ValueError, DecimalException)
_NOT_OURS: Final = (
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    sysconfig.get_path("platlib"),
)


def failed(error: BaseException) -> Failed:
    """A try that ended in this exception."""
    return Failed(f"{type(error).__name__}: {error}", facts_of(error))


def facts_of(error: BaseException) -> Data:
    """Those of an error of ours; else `problem` (a CauseCode, when the type says why), `exception`
    and `at`."""
    own = error.facts if isinstance(error, EngineError) else {}
    if "problem" in own or "conflicts" in own:
        return dict(own)
    cause = cause_of(error)
    return {
        **({"problem": cause} if cause else {}),
        "exception": type(error).__name__,
        "at": _place(error),
    }


def cause_of(error: BaseException) -> CauseCode | None:
    """Adapters say it of what they meet; of other exceptions the type does."""
    match error:
        case OutsideFailure() | GiveUp():
            return error.cause
        case TimeoutError():
            return "timed_out"
        case PermissionError():
            return "not_allowed"
        case ConnectionError() | socket.gaierror():
            return "unreachable"
        case OSError() if error.errno in _UNREACHABLE:
            return "unreachable"
    return "unexpected_data" if isinstance(error, _UNEXPECTED) else None


def _place(error: BaseException) -> str:
    """The innermost function of ours that the error went through: it stays the same when lines
    move, and whatever the data."""
    found, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(_NOT_OURS):
            found = f"{trace.tb_frame.f_globals.get('__name__', '')}.{code.co_qualname}"
        trace = trace.tb_next
    return found
