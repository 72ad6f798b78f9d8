"""The plain regular expressions of `<v:field pattern>`: those that no text can make slow (no
backtracking without end).

A pattern is letters, `.`, classes, `\\d \\w \\s`, groups, `|` and repeats. What repeats a part of
changing length, looks around or refers back is refused; so is what is long. `limit` says how long a
text may be, so that trying every way to match it stays below `BUDGET` steps: a part that is
repeated a fixed number of times is as much work as if it were written as often.
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from engine.errors import ExpressionError

MAX_PATTERN: Final = 200
MAX_REPEAT: Final = 1_000
MAX_DEPTH: Final = 20
BUDGET: Final = 2_000_000
LONGEST: Final = 4_000
SHORTEST: Final = 50
# a repeat with no more ways than this is counted, not treated as one without bound
_FEW: Final = 20
_SETS: Final = "-&~|"  # doubled inside a class: operations on sets, of which re warns
_REPEAT: Final = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_SAFE_ESCAPE: Final = frozenset("dDwWsSbB") | frozenset(".^$*+?{}[]\\|()-/ :;,#@&%'\"=!<>_~`")


@dataclass(frozen=True, slots=True)
class _Part:
    """What a piece of a pattern may do: whether its length changes, its unbounded repeats one after
    the other, its other ways; and how many signs are compared along one way, repeats written
    out."""

    varies: bool = False
    unbounded: int = 0
    ways: int = 1
    signs: int = 1


def limit(pattern: str) -> int:
    """How long a text may be that is compared with this pattern. ExpressionError says why the
    pattern is refused."""
    if len(pattern) > MAX_PATTERN:
        raise ExpressionError("too_many_characters", maximum=MAX_PATTERN)
    part = _Reader(pattern).whole()
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ExpressionError("not_a_pattern", detail=str(error)) from error
    if part.signs > LONGEST:
        raise ExpressionError("repeat_too_large", maximum=MAX_REPEAT)
    steps = BUDGET / part.ways / max(1, part.signs / _FEW)
    if part.unbounded:
        steps = (steps * math.factorial(part.unbounded)) ** (1 / part.unbounded)
    if steps < max(SHORTEST, part.signs):
        raise ExpressionError("too_many_ways")
    return min(LONGEST, int(steps))


def longest(pattern: str | None) -> int | None:
    """As `limit`. None: there is no pattern, or one that was deployed before the rule and is not
    compared any more."""
    try:
        return None if pattern is None else limit(pattern)
    except ExpressionError:
        return None


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern, self.at, self.depth = pattern, 0, 0

    def whole(self) -> _Part:
        part = self._alternatives()
        if self.at < len(self.pattern):
            raise ExpressionError("brackets_unbalanced")
        return part

    def _peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1 : self.at]

    def _alternatives(self) -> _Part:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        if len(branches) == 1:
            return branches[0]
        unbounded, signs = max(b.unbounded for b in branches), max(b.signs for b in branches)
        return _Part(
            varies=True, unbounded=unbounded, ways=sum(b.ways for b in branches), signs=signs
        )

    def _sequence(self) -> _Part:
        varies, unbounded, ways, signs = False, 0, 1, 0
        while self._peek() not in ("", "|", ")"):
            part = self._repeated(self._atom())
            varies, unbounded, ways = (
                varies or part.varies,
                unbounded + part.unbounded,
                ways * part.ways,
            )
            signs += part.signs
        return _Part(varies, unbounded, ways, signs)

    def _atom(self) -> _Part:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "[":
            self._class()
        elif sign == "\\":
            self._escape()
        elif sign in "*+?{}":
            raise ExpressionError("repeat_malformed")
        return _Part()

    def _group(self) -> _Part:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("brackets_too_deep", maximum=MAX_DEPTH)
        if self._peek() == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                raise ExpressionError("special_group")
            self.at += 2
        part = self._alternatives()
        if self._take() != ")":
            raise ExpressionError("brackets_unbalanced")
        self.depth -= 1
        return part

    def _class(self) -> None:
        if self._peek() == "^":
            self._take()
        first = True
        while self._peek() != "]" or first:
            first = False
            sign = self._take()
            if not sign:
                raise ExpressionError("brackets_unbalanced")
            if sign == "[" or (sign in _SETS and self._peek() == sign):
                raise ExpressionError("sign_in_class", sign=sign)
            if sign == "\\":
                self._escape()

    def _escape(self) -> None:
        if self._take() not in _SAFE_ESCAPE:
            raise ExpressionError("special_escape")

    def _repeated(self, part: _Part) -> _Part:
        sign = self._peek()
        if sign and sign in "*+?":
            self._take()
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif sign == "{":
            match = _REPEAT.match(self.pattern, self.at)
            if match is None:
                raise ExpressionError("repeat_malformed")
            self.at = match.end()
            low = int(match[1])
            high = low if match[2] is None else int(match[3]) if match[3] else None
        else:
            return part
        if self._peek() and self._peek() in "*+?{":
            raise ExpressionError("repeat_malformed")
        return _repeat(part, low, high)


def _repeat(part: _Part, low: int, high: int | None) -> _Part:
    if max(low, high or 0) > MAX_REPEAT:
        raise ExpressionError("repeat_too_large", maximum=MAX_REPEAT)
    if high in (0, 1):
        return _Part(varies=True, unbounded=part.unbounded, ways=part.ways + 1, signs=part.signs)
    if part.varies:
        raise ExpressionError("repeat_of_changing_length")
    if high is None or high - low > _FEW:
        return _Part(varies=True, unbounded=1, signs=part.signs * max(low, 1))
    return _Part(varies=high != low, ways=high - low + 1, signs=part.signs * high)
