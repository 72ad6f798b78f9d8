"""What may be forgotten: forms of instances that ended, drafts that nobody needs. The journal keeps
that it was erased, and its proof."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.commands.core import Core
from engine.errors import NotPossible
from engine.states import ENDED, AccessKind, Act
from engine.store import sql
from engine.store.uow import Undo
from engine.turn import Turn
from engine.types import Actor, Value


def delete_drafts(session: Session, before: dt.datetime) -> int:
    """Those that `engine.reads.operation.old_drafts` counts; gives how many."""
    cleared = session.connection().execute(
        sa.delete(sql.DRAFT).where(sql.OLD_DRAFT), {"b_before": before}
    )
    return cleared.rowcount


def delete_drafts_of(session: Session, instance_ids: Collection[str]) -> int:
    """Of whoever typed in these instances, which ended: nobody sends them any more; gives how
    many."""
    cleared = session.connection().execute(
        sa.delete(sql.DRAFT).where(sql.DRAFT.c.instance_id.in_(instance_ids))
    )
    return cleared.rowcount


class Erasures:
    """Erasing by rule, each time with a trace: in the journal of the instance, or in the access
    chain for what has no journal."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def erase_forms(
        self,
        instance_id: str,
        *,
        detail: Mapping[str, Value],
        actor: Actor,
        now: dt.datetime,
        if_: Callable[[Session], bool] = lambda _session: True,
    ) -> int:
        """Empty the values and salts of every form of an instance that ended. The act names the
        revisions, so that `verify` knows which digests have no form any more. Gives how many; 0
        writes nothing. Raises NotPossible while it runs.

        `if_` is asked in the same transaction; where it says no, nothing is erased.
        """

        def command(session: Session) -> tuple[int, Turn | None]:
            turn = self.core.take(session, instance_id, actor, now)  # 1 take
            if turn.instance.status not in ENDED:  # 3 decide
                raise NotPossible("not_ended")
            if not if_(session):
                raise Undo((0, None))
            of_instance = sql.SUBMISSION.c.instance_id == instance_id
            forms = (
                sa.select(sql.SUBMISSION.c.rev)
                .where(of_instance, sql.HAS_FORM)
                .order_by(sql.SUBMISSION.c.rev)
            )
            revs = list(session.execute(forms).scalars())
            if not revs:
                raise Undo((0, None))
            session.execute(
                sa.update(sql.SUBMISSION)
                .where(of_instance, sql.HAS_FORM)
                .values(form_values=None, salt=None)
            )
            turn.journal(Act.ERASE, None, {**detail, "erased": revs})  # 6 write
            return len(revs), turn  # 7 commit

        return self.core.run(command, actor, now, subject=instance_id)

    def erase(
        self,
        work: Callable[[Session], Mapping[str, int]],
        *,
        subject: str,
        detail: Mapping[str, Value],
        actor: Actor,
        now: dt.datetime,
    ) -> dict[str, int]:
        """Erase what has no journal, in one transaction with its entry in the access chain; gives
        what `work` counted."""

        def command(session: Session) -> dict[str, int]:
            counts = dict(work(session))
            if not any(counts.values()):
                raise Undo(counts)
            self.core.access.append(
                session, actor, AccessKind.ERASURE, subject, now, {**detail, **counts}
            )
            return counts

        return self.core.uow.run(command)
