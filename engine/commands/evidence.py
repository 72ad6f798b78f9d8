"""Checkpoints of the log: it takes in the end of every chain, and its tree is signed
(docs/evidence.md)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from common.merkle import Edge, consistency_from
from common.notes import Checkpoint, Signer, sign
from common.witness import Witness, WitnessKnows, WitnessRefused
from engine.commands.core import Core
from engine.states import WitnessFault
from engine.store import guard, log
from engine.store.tables import LogCheckpoint, LogWitness

BLOCK = 1_000  # entries in one transaction: other writers come in between


@dataclass
class Evidence:
    core: Core

    def checkpoint(self, signers: Sequence[Signer], *, now: dt.datetime) -> str:
        """Takes what is new and signs the tree with each of these keys; the signed note. The last
        one again when nothing is new.

        What is read, a store of years even, is read before anything is written: nobody waits for
        it. Before it signs it looks at the seals of all that no signature covers yet, entries of
        rows, rows of journals and accesses: somebody may have put them there with entries of the
        log beside them. IntegrityError: another process did the same at the same time; nothing is
        lost, the next look finds what is new.
        """
        uow = self.core.uow
        with uow.reading_one_state() as session, log.lenient(session):
            news = log.news(session)
            while block := list(islice(news, BLOCK)):
                uow.run(partial(log.append, entries=block))
        while True:
            with uow.reading_one_state() as session, log.lenient(session):
                newest = session.execute(
                    sa.select(*log.raw(LogCheckpoint)).order_by(LogCheckpoint.size.desc()).limit(1)
                ).first()
                edge = _edge(newest)
                begun = edge.size
                foreign = [*log.forged(session, begun), *log.unsealed(session, begun)]
                for _n, entry in log.entries(session, since=begun):
                    edge.add(entry.leaf)
            if not foreign:
                break
            uow.run(partial(log.append, entries=foreign))
        if newest is not None and begun == edge.size:
            return str(newest.note)
        note = sign(
            Checkpoint(signers[0].name, edge.size, edge.root).text, signers, int(now.timestamp())
        )
        uow.run(
            lambda session: session.add(
                LogCheckpoint(size=edge.size, at=now, edge=bytes(edge), note=note)
            )
        )
        return note

    def protect(self, serving: Sequence[str]) -> None:
        """What is written once is kept from the accounts that serve people, which get what else
        they need: behind a restored copy."""
        with self.core.uow.db.begin() as connection:
            guard.protect(connection, serving)

    def try_checkpoint(self, signers: Sequence[Signer], *, now: dt.datetime) -> str | None:
        """None: another process is at it."""
        try:
            return self.checkpoint(signers, now=now)
        except IntegrityError:
            return None

    def show_to(self, witness: Witness, *, now: dt.datetime) -> WitnessFault | None:
        """Shows it the newest signed tree, the same again too: of a database of before our own row
        says that it has seen all there is.

        What it said is kept, if that is new. No transaction waits for it.
        """
        with self.core.uow.reading() as session:
            known = session.get(LogWitness, witness.name)
            newest = session.scalar(
                sa.select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)
            )
        if newest is None or (
            known is not None
            and known.seen is not None
            and known.fault is None
            and now - known.seen < witness.every
        ):
            return None
        fault, lines = self._shown(witness, known.size if known is not None else 0, newest)
        if (
            fault is None
            and known is not None
            and known.fault is None
            and known.size == newest.size
        ):
            return None

        def keep(session: Session) -> None:
            row = session.get(LogWitness, witness.name) or LogWitness(
                name=witness.name, size=0, note=""
            )
            row.fault, row.tried = fault, now
            if fault is None:
                row.size, row.note, row.seen = newest.size, newest.note + lines, now
            session.add(row)

        self.core.uow.run(keep)
        return fault

    def _shown(
        self, witness: Witness, old: int, newest: LogCheckpoint
    ) -> tuple[WitnessFault | None, str]:
        """It says what it knows if that is something else than we think: of a tree of ours it is
        shown again from there."""
        for _again in range(2):
            try:
                return None, witness.show(old, self._from(old, newest.size), newest.note)
            except WitnessKnows as known:
                if known.size > newest.size:
                    return WitnessFault.AHEAD, ""
                old = known.size
            except WitnessRefused:
                return WitnessFault.REFUSED, ""
            except OSError:
                return WitnessFault.AWAY, ""
        return WitnessFault.AWAY, ""

    def _from(self, old: int, size: int) -> list[bytes]:
        """The proof that the tree of `old` entries is the beginning of that of `size`; of the
        entries only those since are read."""
        if old in (0, size):
            return []
        with self.core.uow.reading_one_state() as session:
            before = (
                sa.select(LogCheckpoint)
                .where(LogCheckpoint.size <= old)
                .order_by(LogCheckpoint.size.desc())
                .limit(1)
            )
            start = session.scalar(before)
            edge = Edge(start.size, bytes(start.edge)) if start is not None else Edge()
            for _n, entry in log.entries(session, since=edge.size, until=old):
                edge.add(entry.leaf)
            return consistency_from(
                edge, [entry.leaf for _n, entry in log.entries(session, since=old, until=size)]
            )


def _edge(row: sa.Row[Any] | None) -> Edge:
    """Of a checkpoint; of what somebody made unreadable the empty one: the tree is made from its
    entries."""
    try:
        return Edge(log.number(row.size), log.octets(row.edge)) if row is not None else Edge()
    except ValueError:
        return Edge()
