"""Where the time of a step goes: in the driver and the server, in the commit, in our Python."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from bench.ours import Place
from bench.place import ms


@dataclass(frozen=True, slots=True)
class Share:
    """Medians in ms of one step, and its statements."""

    step: float
    statements: float
    commit: float
    sent: int

    @property
    def ours(self) -> float:
        return self.step - self.statements - self.commit


def share(place: Place, rounds: int) -> Share:
    """Steps in the middle of a 200-task instance."""
    dialect, spent = place.db.dialect, {"statements": 0.0, "commit": 0.0, "sent": 0.0, "begin": 0.0}
    real = dialect.do_commit

    def before(*_: object) -> None:
        spent["begin"] = time.perf_counter()

    def after(*_: object) -> None:
        spent["statements"] += ms(spent["begin"])
        spent["sent"] += 1

    def commit(connection: Any) -> None:
        begin = time.perf_counter()
        real(connection)
        spent["commit"] += ms(begin)

    (item,) = place.start("Lineal200")
    rows: list[tuple[float, float, float, float]] = []
    sa.event.listen(place.db, "before_cursor_execute", before)
    sa.event.listen(place.db, "after_cursor_execute", after)
    dialect.do_commit = commit  # type: ignore[method-assign]
    try:
        for _ in range(min(rounds, 190)):
            spent.update(statements=0.0, commit=0.0, sent=0.0)
            begin = time.perf_counter()
            item = place.complete(item)
            rows.append((ms(begin), spent["statements"], spent["commit"], spent["sent"]))
    finally:
        dialect.do_commit = real  # type: ignore[method-assign]
        sa.event.remove(place.db, "before_cursor_execute", before)
        sa.event.remove(place.db, "after_cursor_execute", after)
    step, statements, committed, sent = (statistics.median(row[n] for row in rows[len(rows) // 3 :]) for n in range(4))
    return Share(step, statements, committed, int(sent))
