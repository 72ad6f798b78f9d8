"""Counting what reaches the database: statements by verb and table, and commits of transactions
that wrote."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import sqlalchemy as sa

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "CREATE TEMP")
#: Statement → verb and table, the words in which the budget is written.
SHAPE = re.compile(
    r"(SELECT)\b.*?\bFROM (\w+)|(INSERT) INTO (\w+)|(UPDATE) (\w+)|(DELETE) FROM (\w+)", re.DOTALL
)
INNERMOST = re.compile(r"\([^()]*\)")  # innermost parentheses: subqueries name other tables


def summary(text: str) -> str:
    while INNERMOST.search(text):
        text = INNERMOST.sub("", text)
    shape = SHAPE.match(text)
    assert shape, text
    return " ".join(part for part in shape.groups() if part)


@dataclass
class Cost:
    # as they reach the database, without what begins and ends transactions
    texts: list[str] = field(default_factory=list)
    commits: int = 0
    written: int = 0  # commits of transactions that wrote

    @property
    def statements(self) -> list[str]:
        """Verb and table of each."""
        return [summary(text) for text in self.texts]


@contextmanager
def counting(db: sa.Engine) -> Iterator[Cost]:
    """Statements that reach the database, and commits (reads end with a rollback, or with a commit
    of nothing)."""
    cost, wrote = Cost(), [False]

    def statement(_c: object, _k: object, text: str, *_rest: object) -> None:
        if not text.startswith(NOT_COUNTED):
            cost.texts.append(text)
            wrote[0] = wrote[0] or not text.startswith("SELECT")

    def commit(_c: object) -> None:
        cost.commits += 1
        cost.written += wrote[0]
        wrote[0] = False

    def rollback(_c: object) -> None:
        wrote[0] = False

    heard = {"before_cursor_execute": statement, "commit": commit, "rollback": rollback}
    for event, listener in heard.items():
        sa.event.listen(db, event, listener)
    try:
        yield cost
    finally:
        for event, listener in heard.items():
            sa.event.remove(db, event, listener)
