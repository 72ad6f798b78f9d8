"""Functions of texts (DMN 1.5, 10.3.4.1 and 10.3.4.3). A text is counted in characters, wherever
they lie in Unicode."""

import decimal
import re
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionError
from engine.feel import patterns
from engine.feel.builtins.registry import feel
from engine.feel.values import MAX_LEVELS, NUMBERS, OPEN, Feel, Range, Run, whole


@feel("substring(string: string, start position: number, length?: number)")
def _substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> Feel:
    begin, count = (
        whole(start),
        None if length is None else whole(length.to_integral_value(decimal.ROUND_DOWN)),
    )
    if (
        begin is None
        or begin == 0
        or abs(begin) > len(string)
        or (length is not None and (count is None or count < 1))
    ):
        return None
    first = begin - 1 if begin > 0 else len(string) + begin
    return run.text(string[first:] if count is None else string[first : first + count])


@feel("string length(string: string)")
def _length(_: Run, string: str) -> Feel:
    return Decimal(len(string))


@feel("upper case(string: string)")
def _upper(run: Run, string: str) -> Feel:
    return run.text(string.upper())


@feel("lower case(string: string)")
def _lower(run: Run, string: str) -> Feel:
    return run.text(string.lower())


@feel("substring before(string: string, match: string)")
def _before(run: Run, string: str, match: str) -> Feel:
    return run.text(string.partition(match)[0] if match and match in string else "")


@feel("substring after(string: string, match: string)")
def _after(run: Run, string: str, match: str) -> Feel:
    return run.text(string.partition(match)[2] if match else string)


@feel("contains(string: string, match: string)")
def _contains(_: Run, string: str, match: str) -> Feel:
    return match in string


@feel("starts with(string: string, match: string)")
def _starts(_: Run, string: str, match: str) -> Feel:
    return string.startswith(match)


@feel("ends with(string: string, match: string)")
def _ends(_: Run, string: str, match: str) -> Feel:
    return string.endswith(match)


@feel("matches(input: string, pattern: string, flags?: string|null)")
def _matches(run: Run, text: str, pattern: str, flags: str | None = None) -> Feel:
    compiled = patterns.compiled(run, pattern, flags or "")
    return None if compiled is None else compiled.search(run, text, 0) is not None


@feel("replace(input: string, pattern: string, replacement: string, flags?: string|null)")
def _replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None = None) -> Feel:
    compiled = patterns.compiled(run, pattern, flags or "")
    return (
        None
        if compiled is None
        else compiled.replaced(run, text, replacement, literal="q" in (flags or ""))
    )


@feel("split(string: string, delimiter: string)")
def _split(run: Run, text: str, delimiter: str) -> Feel:
    compiled = patterns.compiled(run, delimiter, "")
    return None if compiled is None else run.items(compiled.split(run, text))


@feel("string join(list: list, delimiter?: string|null)")
def _join(run: Run, items: list[Feel], delimiter: str | None = None) -> Feel:
    texts = [each for each in items if each is not None]
    if not all(isinstance(each, str) for each in texts):
        return None
    run.spend(len(texts))
    run.length(sum(map(len, texts)) + len(texts) * len(delimiter or ""))
    return run.text((delimiter or "").join(texts))


# --- conversion -----------------------------------------------------------------------------------
_WRITTEN_OUT = 50  # digits before or after the point
_PLAIN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


@feel("number(from: string, grouping separator?: string|null, decimal separator?: string|null)")
def _number(_: Run, text: str, grouping: str | None = None, point: str | None = None) -> Feel:
    if (
        grouping not in (None, " ", ",", ".")
        or point not in (None, ".", ",")
        or (grouping is not None and grouping == point)
    ):
        return None
    if grouping:
        text = text.replace(grouping, "")
    if point:
        if point != "." and "." in text:
            return None
        text = text.replace(point, ".")
    value = NUMBERS.create_decimal(text) if _PLAIN.fullmatch(text) else None
    return value if value is not None and value.is_finite() else None


@feel("string(from: any)")
def _string(run: Run, value: Any) -> Feel:
    return None if value is None else run.text(written(run, value))


def written(run: Run, value: Feel, level: int = 0) -> str:
    """As FEEL would write it, but a text as it is."""
    run.spend()
    if level > MAX_LEVELS:
        raise ExpressionError("nested_too_deeply")
    match value:
        case str():
            return (
                value if not level else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
            )
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return plain(value)
        case list():
            return f"[{', '.join(run.text(written(run, each, level + 1)) for each in value)}]"
        case dict():
            pairs = (
                f"{_key(name)}: {run.text(written(run, each, level + 1))}"
                for name, each in value.items()
            )
            return f"{{{', '.join(pairs)}}}"
        case Range():
            ends = [
                "" if end is OPEN else written(run, end, level + 1)
                for end in (value.low, value.high)
            ]
            return f"{'[' if value.low_closed else '('}{ends[0]}..{ends[1]}{']' if value.high_closed else ')'}"
    return str(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[^\s\"{}\[\]:,.]+", name) else f'"{name}"'


def plain(value: Decimal) -> str:
    """Without an exponent, and without needless zeros."""
    if not value:
        return "0"
    text = f"{value:f}" if abs(value.adjusted()) < _WRITTEN_OUT else str(value.normalize())
    return text.rstrip("0").rstrip(".") if "." in text and "E" not in text else text
