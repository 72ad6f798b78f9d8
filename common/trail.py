"""The request, the person and the case to which a line of the log belongs. It goes with the work,
from the web process through the engine into the worker (a job carries the request that asked for
it). Ids only."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Final

from common import spans

#: Under this name a job's arguments carry the request.
ARGUMENT: Final = "request_id"
#: What another program may call a request: nothing that could break a line or pass for another
#: field.
_FORM: Final = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trail:
    request: str = ""
    user: str = ""
    case: str = ""


NOTHING: Final = Trail()
_now: ContextVar[Trail] = ContextVar("trail", default=NOTHING)


def current() -> Trail:
    return _now.get()


def begin(given: str = "") -> str:
    """A request begins: under the name that it was given, if that is one, else under a new one.
    Gives it."""
    request = given if _FORM.fullmatch(given) else secrets.token_hex(8)
    _now.set(Trail(request))
    return request


def by(user: str) -> None:
    _now.set(replace(_now.get(), user=user))


def about(case: str) -> None:
    """The work is about this case; nothing is done where nobody began a request."""
    trail = _now.get()
    if trail.request and trail.case != case:
        _now.set(replace(trail, case=case))


def packed(args: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a job, with the request that asks for it, and the span where these are
    told."""
    request = _now.get().request
    return {**args, ARGUMENT: request, **spans.packed()} if request else dict(args)


@contextmanager
def of_job(name: str, args: dict[str, Any]) -> Iterator[None]:
    """While a job is done its lines bear the request that asked for it; takes the name out of the
    arguments."""
    before, carried = _now.get(), {spans.CARRIED: str(args.pop(spans.CARRIED, ""))}
    begin(str(args.pop(ARGUMENT, "")))
    try:
        with spans.span(
            name, kind="CONSUMER", carried=carried, ventanilla__request=current().request
        ):
            yield
    finally:
        _now.set(before)
