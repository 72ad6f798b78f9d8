"""What a run remembers between the applications of its tests: each would compile all its routes and templates anew, for half a second."""

from collections.abc import Callable
from types import CodeType
from typing import Any
from typing import Final

import pytest
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_compile: Final[Callable[..., Any]] = vars(Rule)["_compile_builder"]
_builders: dict[str, Callable[..., Any]] = {}


def _builder(rule: Rule, *unknown: bool) -> Callable[..., Any]:
    key = repr((rule.rule, vars(rule)["_trace"], rule.defaults, unknown))
    if key not in _builders:
        _builders[key] = _compile(rule, *unknown)
    return _builders[key]


class Templates(BytecodeCache):
    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


def remember(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rule, "_compile_builder", _builder)
    patch.setattr(Flask, "jinja_options", {"bytecode_cache": Templates()})
