"""Hashes of the journal and of the access chain; pure."""

import datetime as dt
import hashlib
import os

import orjson

from engine.clock import UTC
from engine.types import Data

START = bytes(32)


def _canonical(*parts: object) -> bytes:
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)


def moment(at: dt.datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def journal_hash(
    prev: bytes,
    *,
    instance_id: str,
    rev: int,
    at: dt.datetime,
    actor_kind: str,
    actor_id: str,
    kind: str,
    element: str | None,
    detail: Data,
    delta: bytes,
    digest: bytes | None,
) -> bytes:
    """Hash of a journal row: covers every column and the previous hash."""
    row = _canonical(
        instance_id,
        rev,
        moment(at),
        actor_kind,
        actor_id,
        kind,
        element,
        detail,
        digest.hex() if digest else None,
    )
    return sha256(prev + sha256(row) + sha256(delta))


def access_hash(
    prev: bytes,
    *,
    day: str,
    n: int,
    at: dt.datetime,
    actor_kind: str,
    actor_id: str,
    kind: str,
    subject: str,
    detail: Data,
) -> bytes:
    return sha256(
        prev + _canonical(day, n, moment(at), actor_kind, actor_id, kind, subject, detail)
    )


def new_salt() -> bytes:
    return os.urandom(16)


def values_digest(salt: bytes, values: Data) -> bytes:
    """Digest of a submission: stays provable while the values exist, tells nothing once values and
    salt are erased."""
    return sha256(salt + _canonical(values))


def entry_bytes(kind: str, subject: str, rev: int, head: bytes, facts: bytes) -> bytes:
    """What an entry of the log says, as its leaf covers it."""
    return _canonical(kind, subject, rev, head.hex(), facts.hex())


def facts_digest(*facts: object) -> bytes:
    """Digest of what stands beside a chain and is relied on, or of what has no chain of its own."""
    return sha256(_canonical(*facts))
