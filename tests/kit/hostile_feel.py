"""Expressions of FEEL that would run long, grow without end, nest too deep, or look behind what
they are given."""

from typing import Final

_DOUBLED: Final = "(for i in 1..30 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]"
_RECURSIVE: Final = "{{f: function(n) {}, r: f({})}}.r"

ATTACKS: Final[dict[str, str]] = {
    # long
    "loop of 10^9": "for i in 1..1000000000 return i",
    "loops in loops": "count(for a in 1..3000, b in 1..3000 return a*b)",
    "some of 10^9": "some x in 1..1000000000 satisfies x < 0",
    "all dates": 'for d in @"-999999999-01-01"..@"999999999-12-31" return d',
    "sorted by the same answer": "sort(for i in 1..9000 return -i, function(x, y) true)",
    "pairs": "count(distinct values(for i in 1..9000 return i))",
    "filters in filters": "[1..9000][(for i in 1..9000 return i)[(for j in 1..9000 return j)[item > i] = item]]",
    "replaced by counting": "list replace(for i in 1..9000 return i, function(x, y) count(for i in 1..9000 return i) > 0, 1)",
    "fibonacci": _RECURSIVE.format("if n < 2 then n else f(n-1) + f(n-2)", 25),
    # large
    "doubled text": '(for i in 1..40 return if i = 1 then "aaaaaaaaaa" else partial[-1] + partial[-1])[-1]',
    "doubled list": "(for i in 1..26 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))[-1]",
    "joined text": 'string length(string join(for i in 1..5000 return "abcdefghij"))',
    "text of a doubled list": f"string({_DOUBLED})",
    "flattened": f"flatten({_DOUBLED})",
    "compared": f"{_DOUBLED} = {_DOUBLED}",
    "of itself": "string(for i in 1..60 return partial)",
    "contexts that grow": "(for i in 1..9000 return context put(if i = 1 then {} else partial[-1], string(i), i))[-1]",
    "replaced": f'replace("{"a" * 3000}", "a", "{"b" * 500}")',
    # deep
    "brackets": "(" * 1900 + "1" + ")" * 1900,
    "lists": "[" * 1900 + "]" * 1900,
    "signs": "-" * 3000 + "1",
    "choices": "if a = 1 then 1 else " * 100 + "1",
    "members": "a" + ".b" * 500,
    "filters": "a" + "[1]" * 500,
    "calls": "a" + "()" * 300,
    "types": "1 instance of " + "list<" * 300 + "number" + ">" * 300,
    "tests": "1 in (" * 35 + "1" + ")" * 35,
    "recursion": _RECURSIVE.format("f(n+1)", 0),
    "function of itself": "(function(f) f(f))(function(f) f(f))",
    "functions of functions": "(for i in 1..90 return if i = 1 then function(x) x else function(x) partial[-1](x))[90](1)",
    # much
    "parts": "+".join(["1"] * 999),
    "letters": "+".join(["1"] * 20_000),
    "entries": "{" + ",".join(f"k{n}: {n}" for n in range(600)) + "}",
    # patterns
    "pattern of repeats": f'matches("{"a" * 3000}!", "^(a+)+$")',
    "pattern of choices": f'for i in 1..900 return matches("{"a" * 2500}b", "(a|aa)+$")',
    "pattern of nothing": f'replace("{"a" * 3500}", "(a*)*b", "x")',
    "pattern of many": 'matches("a", "(a{500}){500}")',
    "pattern that refers back": 'matches("aa", "(a)\\1")',
    # numbers
    "number": "1E9999999999",
}

#: They look behind what they are given, and find nothing (null).
ESCAPES: Final = (
    "a.__class__.__mro__",
    "a.constructor.constructor",
    'get value({}, "__class__")',
    "{}.__init__.__globals__",
    '"".format',
    "abs.__globals__",
    "abs.call",
    "(function(x) x).__code__",
    "[1].append[1]",
    '@"2020-01-01".__dict__',
    "(> 5).low",
    'date and time(@"2020-01-01T00:00:00", "/etc/passwd")',
    '@"2020-01-01T00:00:00@../../etc/passwd"',
)
