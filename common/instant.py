"""Moments in tables: aware and in UTC on both databases; SQLite keeps them without the zone."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_WITHOUT_ZONE = len("2026-11-24 15:00:00.000000")


class Instant(TypeDecorator[dt.datetime]):
    """An aware datetime that always comes back in UTC. A naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs a time zone: {value!r}"
            raise ValueError(message)
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, _dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)

    def bind_processor(self, dialect: Dialect) -> Callable[[dt.datetime | None], object] | None:
        """SQLite: the text that SQLAlchemy's own type writes, at a third of its cost; every step
        writes half a dozen."""
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def text(value: dt.datetime | None) -> str | None:
            moment = (
                value
                if value is None or value.tzinfo is dt.UTC
                else self.process_bind_param(value, dialect)
            )
            return None if moment is None else moment.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]

        return text


def read_instant(raw: object) -> dt.datetime:
    """A moment as its column holds it, which SQLite keeps as text without the zone. ValueError,
    TypeError: it is none."""
    if isinstance(raw, str):
        raw = dt.datetime.fromisoformat(raw)
    if not isinstance(raw, dt.datetime):
        raise TypeError(raw)
    return raw.replace(tzinfo=dt.UTC) if raw.tzinfo is None else raw.astimezone(dt.UTC)
