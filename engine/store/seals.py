"""Seals: an HMAC with a key made of `SECRET_KEY`, which lies in no table; who has only the database
cannot make one.

Of an entry of rows over what it says; of a row of the journal or of the access chain over its hash,
which covers the row and all before it (docs/decisions/sealed-acts.md).
"""

import hashlib
import hmac
from collections.abc import Iterable
from weakref import WeakKeyDictionary

import sqlalchemy as sa

OCTETS = 16  # of a seal: what is sealed stands beside it
OF_BEFORE = 32  # of an entry of rows, as releases of before sealed it
_CHAIN = b"chain\n"  # no entry of rows begins so
_keys: "WeakKeyDictionary[sa.Dialect, tuple[bytes, ...]]" = WeakKeyDictionary()


def use(dialect: sa.Dialect, secret: str, older: Iterable[str] = ()) -> None:
    """From now on an Engine of this dialect seals with this secret. `older`: those of before, whose
    seals still hold."""
    _keys[dialect] = (key_of(secret), *map(key_of, older))


def key_of(secret: str) -> bytes:
    return hashlib.sha256(b"ventanilla rows\n" + secret.encode()).digest()


def seal(key: bytes, content: bytes, octets: int = OCTETS) -> bytes:
    return hmac.digest(key, content, "sha256")[:octets]


def link(key: bytes, value: bytes) -> bytes:
    """Of a row of a chain with this hash."""
    return seal(key, _CHAIN + value)


def of_link(dialect: sa.Dialect, value: bytes) -> bytes | None:
    """None: an Engine that knows no key."""
    keys = _keys.get(dialect)
    return None if keys is None else link(keys[0], value)


def holds(dialect: sa.Dialect, content: bytes, by: bytes) -> bool:
    """Whether we made this entry of rows. An Engine that knows no key judges none."""
    keys = _keys.get(dialect)
    octets = OF_BEFORE if len(by) == OF_BEFORE else OCTETS
    return keys is None or any(hmac.compare_digest(seal(key, content, octets), by) for key in keys)


def link_holds(dialect: sa.Dialect, value: bytes, by: bytes) -> bool:
    """The same of a row of a chain."""
    keys = _keys.get(dialect)
    return keys is None or any(hmac.compare_digest(link(key, value), by) for key in keys)
