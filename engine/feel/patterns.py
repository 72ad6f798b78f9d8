"""Regular expressions as FEEL's `matches`, `replace` and `split` take them (XPath 3.1, 5.6), on a
machine of ours that never visits the same place of a text twice in the same state: no pattern is
slow, and each step is spent from the evaluation's."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from engine.errors import ExpressionError
from engine.feel.values import Run

MAX_PATTERN: Final = 500
MAX_PROGRAM: Final = 3_000
MAX_GROUPS: Final = 50
_MAX_REPEAT: Final = 500
_MAX_DEPTH: Final = 30
_REPEATS: Final[dict[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_STEPS: Final = 10  # of this machine are one of the evaluation

Test = Callable[[str], bool]


class _Wrong(ValueError):
    """It is no regular expression: the function gives null."""


def _never(_: str) -> bool:
    return False


# --- the tree of a pattern, written as instructions -----------------------------------------------
@dataclass(frozen=True, slots=True)
class _Step:
    """`kind`: char, split, jump, save, begin, end, match. `to`: where it goes on; of a split the
    first choice, then `other`."""

    kind: str
    test: Test = _never
    to: int = 0
    other: int = 0


class Pattern:
    def __init__(self, steps: Sequence[_Step], groups: int, flags: str) -> None:
        self.steps, self.groups, self.lines = steps, groups, "m" in flags

    def search(self, run: Run, text: str, start: int) -> list[int | None] | None:
        """Where the first match from `start` on begins and ends, then its groups; None without
        one."""
        for place in range(start, len(text) + 1):
            if (found := self._match(run, text, place)) is not None:
                return found
        return None

    def _match(self, run: Run, text: str, begin: int) -> list[int | None] | None:
        seen: set[tuple[int, int]] = set()
        stack: list[tuple[int, int, tuple[int | None, ...]]] = [
            (0, begin, (None,) * (2 * self.groups + 2))
        ]
        spent = 0
        while stack:
            at, place, saved = stack.pop()
            while (at, place) not in seen:
                seen.add((at, place))
                spent += 1
                if spent % _STEPS == 0:
                    run.spend()
                step = self.steps[at]
                if step.kind == "match":
                    run.spend()
                    return [begin, place, *saved[2:]]
                if step.kind == "split":
                    stack.append((step.other, place, saved))
                    at = step.to
                elif step.kind == "char":
                    if place == len(text) or not step.test(text[place]):
                        break
                    at, place = at + 1, place + 1
                elif step.kind == "save":
                    saved = (*saved[: step.to], place, *saved[step.to + 1 :])
                    at += 1
                elif step.kind == "jump":
                    at = step.to
                elif self._holds(step.kind, text, place):
                    at += 1
                else:
                    break
        run.spend()
        return None

    def _holds(self, kind: str, text: str, place: int) -> bool:
        if kind == "begin":
            return place == 0 or (self.lines and text[place - 1] == "\n")
        return place == len(text) or (self.lines and text[place] == "\n")

    def split(self, run: Run, text: str) -> list[str]:
        found, last, place = [], 0, 0
        while place <= len(text) and (match := self.search(run, text, place)) is not None:
            begin, end = match[0] or 0, match[1] or 0
            if begin == end:
                place = end + 1
                continue
            found.append(text[last:begin])
            last = place = end
        return [*found, text[last:]]

    def replaced(self, run: Run, text: str, replacement: str, *, literal: bool) -> str | None:
        """`$1` is a group; None where the replacement is wrong, or the pattern matches nothing of a
        text."""
        parts = [replacement] if literal else _replacement(replacement, self.groups)
        if parts is None or self._match(run, "", 0) is not None:
            return None
        found, place = [], 0
        while (match := self.search(run, text, place)) is not None:
            found.append(text[place : match[0]])
            found += [
                part if isinstance(part, str) else _group(text, match, part) for part in parts
            ]
            place = match[1] or 0
            run.length(sum(map(len, found)))
        return run.text("".join([*found, text[place:]]))


def _group(text: str, match: Sequence[int | None], number: int) -> str:
    begin, end = match[2 * number], match[2 * number + 1]
    return "" if begin is None or end is None else text[begin:end]


def _replacement(text: str, groups: int) -> list[str | int] | None:
    """`\\$` and `\\\\` are themselves; `$12` is group 12, or 1 and a 2 where there are fewer."""
    parts: list[str | int] = []
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            if text[place + 1 : place + 2] not in ("\\", "$"):
                return None
            parts.append(text[place + 1])
            place += 2
        elif sign == "$":
            match = re.compile("[0-9]+").match(text, place + 1)
            if match is None:
                return None
            digits = match[0]
            while len(digits) > 1 and int(digits) > groups:
                digits = digits[:-1]
            parts.append(int(digits) if int(digits) <= groups else "")
            place += 1 + len(digits)
        else:
            parts.append(sign)
            place += 1
    return parts


def compiled(run: Run, pattern: str, flags: str) -> Pattern | None:
    """None: there is no such pattern, or flag. ExpressionError: it is too large, or refers back."""
    if len(pattern) > MAX_PATTERN:
        raise ExpressionError("too_many_characters", maximum=MAX_PATTERN)
    run.spend(1 + len(pattern))
    if set(flags) - set("smixq"):
        return None
    return _compiled(pattern, flags)


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Pattern | None:
    try:
        return _Reader(pattern, flags).pattern()
    except _Wrong:
        return None


class _Reader:
    def __init__(self, text: str, flags: str) -> None:
        self.text, self.flags, self.at, self.groups, self.depth = text, flags, 0, 0, 0
        self.literal = "q" in flags
        if "x" in flags and not self.literal:  # space counts inside a class only
            kept = r"(\\[^\t\n\r ]|\[(?:[^\]\\]|\\.)*\])|[\t\n\r ]"
            self.text = re.sub(kept, lambda found: found[1] or "", text, flags=re.DOTALL)
            self.text = re.sub(
                r"(\\[pP])\{([^}]*)\}",
                lambda found: f"{found[1]}{{{re.sub(chr(32), '', found[2])}}}",
                self.text,
            )

    def pattern(self) -> Pattern:
        if self.literal:
            steps = [self._char(_only(one), one) for one in self.text]
        else:
            steps = self._alternatives()
            if self.at < len(self.text):
                raise _Wrong
        return Pattern([*steps, _Step("match")], self.groups, self.flags)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def _alternatives(self) -> list[_Step]:
        found = self._sequence()
        while self._peek() == "|":
            self._take()
            found = _either(found, self._sequence())
        return found

    def _sequence(self) -> list[_Step]:
        found: list[_Step] = []
        while self._peek() not in ("", "|", ")"):
            found = _moved([*found, *_shifted(self._repeated(self._atom()), len(found))])
        return found

    def _atom(self) -> list[_Step]:
        sign = self._take()
        if sign == "(":
            return self._group()
        if sign == "^":
            return [_Step("begin")]
        if sign == "$":
            return [_Step("end")]
        if sign in "*+?{}])":
            raise _Wrong
        if sign == ".":
            return [
                self._char(
                    (lambda _: True) if "s" in self.flags else (lambda each: each not in "\n\r")
                )
            ]
        if sign == "[":
            return [_Step("char", self._class())]
        if sign == "\\":
            test, one = self._escape()
            return [self._char(test, one)]
        return [self._char(_only(sign), sign)]

    def _char(self, test: Test, one: str = "") -> _Step:
        if "i" not in self.flags:
            return _Step("char", test)
        if one:
            folded = one.casefold()
            return _Step("char", lambda each: each.casefold() == folded)
        return _Step("char", self._any_case(test))

    def _any_case(self, test: Test) -> Test:
        return (
            test
            if "i" not in self.flags
            else (lambda each: test(each) or test(each.lower()) or test(each.upper()))
        )

    def _group(self) -> list[_Step]:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ExpressionError("nested_too_deeply")
        number = 0
        if self._peek() == "?":
            if self.text[self.at : self.at + 2] != "?:":
                raise _Wrong
            self.at += 2
        else:
            self.groups += 1
            number = self.groups
            if number > MAX_GROUPS:
                raise ExpressionError("too_many_parts", maximum=MAX_GROUPS)
        inner = self._alternatives()
        if self._take() != ")":
            raise _Wrong
        self.depth -= 1
        return (
            [_Step("save", to=2 * number), *_shifted(inner, 1), _Step("save", to=2 * number + 1)]
            if number
            else inner
        )

    def _repeated(self, atom: list[_Step]) -> list[_Step]:
        sign = self._peek()
        if not sign or sign not in "*+?{":
            return atom
        self._take()
        low, high = self._count() if sign == "{" else _REPEATS[sign]
        lazy = self._peek() == "?"
        self.at += lazy
        if self._peek() and self._peek() in "*+?{":
            raise _Wrong
        found: list[_Step] = []
        for _ in range(low):
            found = _moved([*found, *_shifted(atom, len(found))])
        if high is None:
            return _moved([*found, *_shifted(_star(atom, lazy=lazy), len(found))])
        for _ in range(high - low):  # each may be left out, with all after it
            found = _moved([*found, *_shifted(_maybe(atom, lazy=lazy), len(found))])
        return found

    def _count(self) -> tuple[int, int | None]:
        match = re.compile(r"([0-9]{1,4})(,([0-9]{0,4}))?\}").match(self.text, self.at)
        if match is None:
            raise _Wrong
        self.at = match.end()
        low = int(match[1])
        high = low if match[2] is None else int(match[3]) if match[3] else None
        if high is not None and high < low:
            raise _Wrong
        if max(low, high or 0) > _MAX_REPEAT:
            raise ExpressionError("repeat_too_large", maximum=_MAX_REPEAT)
        return low, high

    # --- sets of signs ----------------------------------------------------------------------------
    def _escape(self) -> tuple[Test, str]:
        sign = self._take()
        if sign in _SETS:
            return _SETS[sign], ""
        if sign.lower() in _SETS and sign.isupper():
            test = _SETS[sign.lower()]
            return (lambda each: not test(each)), ""
        if sign in ("p", "P"):
            return self._category(wanted=sign == "p"), ""
        if sign.isdigit():
            raise ExpressionError("feel_not_evaluated", construct=f"\\{sign}")
        one = {"n": "\n", "r": "\r", "t": "\t"}.get(
            sign, sign if sign and sign in "\\|.?*+(){}-[]^$" else ""
        )
        if not one:
            raise _Wrong
        return _only(one), one

    def _category(self, *, wanted: bool) -> Test:
        match = re.compile(r"\{([A-Za-z]{1,2}|Is[A-Za-z0-9-]+)\}").match(self.text, self.at)
        if match is None:
            raise _Wrong
        self.at = match.end()
        name = match[1]
        if name.startswith("Is"):
            if name not in _BLOCKS:
                raise ExpressionError("feel_not_evaluated", construct=f"\\p{{{name}}}")
            low, high = _BLOCKS[name]
            return lambda each: (low <= ord(each) <= high) is wanted
        return lambda each: unicodedata.category(each).startswith(name) is wanted

    def _class(self) -> Test:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ExpressionError("nested_too_deeply")
        opposite = self._peek() == "^"
        self.at += opposite
        tests: list[Test] = []
        without: Test | None = None
        while self._peek() != "]":
            sign = self._take()
            if not sign or sign == "[":
                raise _Wrong
            if sign == "-" and self._peek() == "[" and tests:
                self._take()
                without = self._class()
                if self._peek() != "]":
                    raise _Wrong
                break
            test, one = self._escape() if sign == "\\" else (_only(sign), sign)
            if (
                one
                and self._peek() == "-"
                and self.text[self.at + 1 : self.at + 2] not in ("]", "[")
            ):
                test = self._span(one)
            tests.append(self._any_case(test))
        self._take()
        self.depth -= 1
        if not tests:
            raise _Wrong
        found = tuple(tests)
        within = without or (lambda _: False)
        return lambda each: any(test(each) for test in found) is not opposite and not within(each)

    def _span(self, low: str) -> Test:
        self._take()
        sign = self._take()
        high = self._escape()[1] if sign == "\\" else sign
        if not high or high < low:
            raise _Wrong
        return lambda each: low <= each <= high


def _only(one: str) -> Test:
    return lambda each: each == one


_BLOCKS: Final = {  # of Unicode; others are refused
    "IsBasicLatin": (0, 0x7F), "IsLatin-1Supplement": (0x80, 0xFF), "IsLatinExtended-A": (0x100, 0x17F),
    "IsLatinExtended-B": (0x180, 0x24F), "IsGreek": (0x370, 0x3FF), "IsCyrillic": (0x400, 0x4FF),
}  # fmt: skip
_NAME_START: Final = frozenset("_:")
_SETS: Final[dict[str, Test]] = {
    "d": lambda each: unicodedata.category(each) == "Nd",
    "s": lambda each: each in " \t\n\r",
    "w": lambda each: unicodedata.category(each)[0] not in "PZC",
    "i": lambda each: each.isalpha() or each in _NAME_START,
    "c": lambda each: each.isalnum() or each in _NAME_START or each in "-.·",
}


def _shifted(steps: Sequence[_Step], by: int) -> list[_Step]:
    """The same steps, standing further on."""
    return [
        _Step(s.kind, s.test, s.to + by, s.other + by) if s.kind in ("split", "jump") else s
        for s in steps
    ]


def _moved(steps: list[_Step]) -> list[_Step]:
    if len(steps) > MAX_PROGRAM:
        raise ExpressionError("repeat_too_large", maximum=_MAX_REPEAT)
    return steps


def _either(one: Sequence[_Step], other: Sequence[_Step]) -> list[_Step]:
    second = len(one) + 2
    return _moved(
        [
            _Step("split", to=1, other=second),
            *_shifted(one, 1),
            _Step("jump", to=second + len(other)),
            *_shifted(other, second),
        ]
    )


def _maybe(steps: Sequence[_Step], *, lazy: bool) -> list[_Step]:
    end = len(steps) + 1
    return [_Step("split", to=end if lazy else 1, other=1 if lazy else end), *_shifted(steps, 1)]


def _star(steps: Sequence[_Step], *, lazy: bool) -> list[_Step]:
    end = len(steps) + 2
    return [
        _Step("split", to=end if lazy else 1, other=1 if lazy else end),
        *_shifted(steps, 1),
        _Step("jump", to=0),
    ]
