"""Where the time of a step goes: in the driver and the server, in the commit, in our Python."""

import statistics
import time
from dataclasses import dataclass
from typing import Any

from bench.ours import Place
from bench.place import ms
from common import prepared


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
    dialect, spent = place.db.dialect, {"statements": 0.0, "commit": 0.0, "sent": 0.0}
    real, send = dialect.do_commit, prepared._send

    def timed_send(connection: Any, text: str, params: Any) -> Any:
        begin = time.perf_counter()
        cursor = send(connection, text, params)
        spent["statements"] += ms(begin)
        spent["sent"] += 1
        return cursor

    def commit(connection: Any) -> None:
        begin = time.perf_counter()
        real(connection)
        spent["commit"] += ms(begin)

    (item,) = place.start("Lineal200")
    rows: list[tuple[float, float, float, float]] = []
    prepared._send = timed_send
    dialect.do_commit = commit
    try:
        for _ in range(min(rounds, 190)):
            spent.update(statements=0.0, commit=0.0, sent=0.0)
            begin = time.perf_counter()
            item = place.complete(item)
            rows.append((ms(begin), spent["statements"], spent["commit"], spent["sent"]))
    finally:
        dialect.do_commit = real
        prepared._send = send
    step, statements, committed, sent = (
        statistics.median(row[n] for row in rows[len(rows) // 3 :]) for n in range(4)
    )
    return Share(step, statements, committed, int(sent))
