"""The log looks at every chain, and its tree is signed: a checkpoint (docs/evidence.md)."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from common.merkle import Edge
from common.notes import Checkpoint
from common.notes import Signer
from engine.commands.core import Core
from engine.store import log
from engine.store.tables import LogCheckpoint

BLOCK = 1_000  # entries in one transaction: other writers come in between


@dataclass
class Evidence:
    core: Core

    def checkpoint(self, signer: Signer, *, now: dt.datetime) -> str:
        """Takes what is new and signs the tree; the signed note. The last one again when nothing is new.

        What is read, a store of years even, is read before anything is written: nobody waits for it.
        IntegrityError: another process did the same at the same time; nothing is lost, the next look finds what is new.
        """
        uow = self.core.uow
        with uow.reading_one_state() as session:
            news = log.news(session)
            while block := list(islice(news, BLOCK)):
                uow.run(partial(log.append, entries=block))
        with uow.reading_one_state() as session:
            last = session.scalar(sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1))
            edge = Edge(last.size, bytes(last.edge)) if last is not None else Edge()
            for _n, entry in log.entries(session, since=edge.size):
                edge.add(entry.leaf)
        if last is not None and edge.size == last.size:
            return last.note
        note = signer.sign(Checkpoint(signer.name, edge.size, edge.root).text)
        uow.run(lambda session: session.add(LogCheckpoint(size=edge.size, at=now, edge=bytes(edge), note=note)))
        return note

    def try_checkpoint(self, signer: Signer, *, now: dt.datetime) -> str | None:
        """None: another process is at it."""
        try:
            return self.checkpoint(signer, now=now)
        except IntegrityError:
            return None
