"""Functions of numbers (DMN 1.5, 10.3.4.5)."""

import decimal
from decimal import Decimal

from engine.feel.builtins.registry import feel
from engine.feel.moments import Months, Span
from engine.feel.values import NUMBERS, Feel, Run, number, whole

_MIN_SCALE, _MAX_SCALE = -6111, 6176
_NONE = Decimal(0)


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> Feel:
    places = whole(scale.to_integral_value(decimal.ROUND_DOWN))
    if places is None or not _MIN_SCALE <= places <= _MAX_SCALE:
        return None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return value
    with decimal.localcontext(decimal.Context(prec=6_500, Emax=20_000, Emin=-20_000)):
        found = value.quantize(Decimal(1).scaleb(-places), rounding)
    return number(NUMBERS.plus(found))


@feel("decimal(n: number, scale: number)")
def _decimal(_: Run, n: Decimal, scale: Decimal) -> Feel:
    return _rounded(n, scale, decimal.ROUND_HALF_EVEN)


@feel("floor(n: number, scale?: number)")
def _floor(_: Run, n: Decimal, scale: Decimal = _NONE) -> Feel:
    return _rounded(n, scale, decimal.ROUND_FLOOR)


@feel("ceiling(n: number, scale?: number)")
def _ceiling(_: Run, n: Decimal, scale: Decimal = _NONE) -> Feel:
    return _rounded(n, scale, decimal.ROUND_CEILING)


@feel("round up(n: number, scale?: number)")
def _round_up(_: Run, n: Decimal, scale: Decimal = _NONE) -> Feel:
    return _rounded(n, scale, decimal.ROUND_UP)


@feel("round down(n: number, scale?: number)")
def _round_down(_: Run, n: Decimal, scale: Decimal = _NONE) -> Feel:
    return _rounded(n, scale, decimal.ROUND_DOWN)


@feel("round half up(n: number, scale?: number)")
def _round_half_up(_: Run, n: Decimal, scale: Decimal = _NONE) -> Feel:
    return _rounded(n, scale, decimal.ROUND_HALF_UP)


@feel("round half down(n: number, scale?: number)")
def _round_half_down(_: Run, n: Decimal, scale: Decimal = _NONE) -> Feel:
    return _rounded(n, scale, decimal.ROUND_HALF_DOWN)


@feel("abs(n: any)")
def _abs(_: Run, n: Feel) -> Feel:
    match n:
        case Decimal():
            return abs(n)
        case Months():
            return Months(abs(n.months))
        case Span():
            return Span(abs(n.nanos))
    return None


@feel("modulo(dividend: number, divisor: number)")
def _modulo(_: Run, dividend: Decimal, divisor: Decimal) -> Feel:
    """With the sign of the divisor: dividend - divisor * floor(dividend / divisor); null where 34
    digits do not hold the quotient."""
    quotient = (
        NUMBERS.divide(dividend, divisor).to_integral_value(decimal.ROUND_FLOOR)
        if divisor
        else None
    )
    if quotient is None or not quotient.is_finite() or quotient.adjusted() >= NUMBERS.prec:
        return None
    return number(NUMBERS.subtract(dividend, NUMBERS.multiply(divisor, quotient)))


@feel("sqrt(number: number)")
def _sqrt(_: Run, n: Decimal) -> Feel:
    return number(NUMBERS.sqrt(n))


@feel("log(number: number)")
def _log(run: Run, n: Decimal) -> Feel:
    run.spend(20)
    return number(NUMBERS.ln(n)) if n > 0 else None


@feel("exp(number: number)")
def _exp(run: Run, n: Decimal) -> Feel:
    run.spend(20)
    return number(NUMBERS.exp(n))


@feel("odd(number: number)")
def _odd(_: Run, n: Decimal) -> Feel:
    return _parity(n, 1)


@feel("even(number: number)")
def _even(_: Run, n: Decimal) -> Feel:
    return _parity(n, 0)


def _parity(n: Decimal, wanted: int) -> Feel:
    return (
        n == n.to_integral_value()
        and NUMBERS.compare(
            abs(decimal.Context(prec=6_500).remainder(n, Decimal(2))), Decimal(wanted)
        )
        == 0
    )
