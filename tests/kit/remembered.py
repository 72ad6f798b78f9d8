"""What a run remembers between the applications of its tests: each would compile all its routes and
templates anew, for half a second. And what it makes cheap: passwords."""

from types import CodeType
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from records.cuentas import cifrado

#: As the product hashes passwords, and as its tests do, which log in a thousand times.
DEAR, CHEAP = cifrado.ARGON2, PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_compile: Final = Rule.compile
_rules: dict[str, dict[str, Any]] = {}
COMPILED = ("_parts", "_trace", "_converters", "arguments")
BUILDERS = ("_build", "_build_unknown")


def _remembered(rule: Rule) -> None:
    key = repr(
        (rule.rule, rule.subdomain, rule.merge_slashes, rule.defaults, rule.map.converters["int"])
    )
    if key not in _rules:
        _compile(rule)
        _rules[key] = {name: vars(rule)[name] for name in COMPILED} | {
            name: vars(rule)[name].__func__ for name in BUILDERS
        }
        return
    known = _rules[key]
    vars(rule).update({name: known[name] for name in COMPILED})
    vars(rule).update({name: known[name].__get__(rule, None) for name in BUILDERS})


class Templates(BytecodeCache):
    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


def remember(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rule, "compile", _remembered)
    patch.setattr(cifrado, "ARGON2", CHEAP)
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": Templates()})
