"""What may be forgotten: forms of instances that ended, drafts that nobody needs. The journal keeps that it was erased, and its proof."""

import datetime as dt
from collections.abc import Callable
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.commands.core import Core
from engine.errors import NotPossible
from engine.states import ENDED
from engine.states import AccessKind
from engine.states import Act
from engine.states import ItemState
from engine.store import access
from engine.store import sql
from engine.store.uow import Undo
from engine.turn import Turn
from engine.types import Actor
from engine.types import Value

_HAS_FORMS = sql.SUBMISSION.c.form_values.is_not(None)
_OLD_DRAFTS = sa.and_(
    sql.DRAFT.c.saved_at < sa.bindparam("b_before"),
    ~sa.exists(sa.select(sql.ITEM.c.id).where(sql.ITEM.c.id == sql.DRAFT.c.item_id, sql.ITEM.c.state == ItemState.OPEN)),
)


def with_forms_ended_before(session: Session, before: dt.datetime, limit: int | None = None) -> list[str]:
    """Instances that ended before then and still have the values of a form, the oldest first."""
    forms = sa.exists(sa.select(sql.SUBMISSION.c.rev).where(sql.SUBMISSION.c.instance_id == sql.INSTANCE.c.id, _HAS_FORMS))
    query = sa.select(sql.INSTANCE.c.id).where(sql.INSTANCE.c.status.in_(ENDED), sql.INSTANCE.c.ended_at < before, forms)
    return list(session.execute(query.order_by(sql.INSTANCE.c.ended_at, sql.INSTANCE.c.id).limit(limit)).scalars())


def old_drafts(session: Session, before: dt.datetime) -> int:
    """Drafts saved before then for tasks that are no longer open."""
    return session.execute(sa.select(sa.func.count()).select_from(sql.DRAFT).where(_OLD_DRAFTS), {"b_before": before}).scalar_one()


def delete_drafts(session: Session, before: dt.datetime) -> int:
    cleared = session.connection().execute(sa.delete(sql.DRAFT).where(_OLD_DRAFTS), {"b_before": before})
    return cleared.rowcount


class Erasures(Core):
    """Erasing by rule, each time with a trace: in the journal of the instance, or in the access chain for what has no journal."""

    def erase_forms(self, instance_id: str, *, detail: Mapping[str, Value], actor: Actor, now: dt.datetime) -> int:
        """Empty the values and salts of every form of an instance that ended. The act names the revisions, so that `verify`
        knows which digests have no form any more. Gives how many; 0 writes nothing. Raises NotPossible while it runs.
        """

        def command(session: Session) -> tuple[int, Turn | None]:
            turn = self._take(session, instance_id, actor, now)
            if turn.instance.status not in ENDED:
                raise NotPossible("not_ended")
            of_instance = sql.SUBMISSION.c.instance_id == instance_id
            forms = sa.select(sql.SUBMISSION.c.rev).where(of_instance, _HAS_FORMS).order_by(sql.SUBMISSION.c.rev)
            revs = list(session.execute(forms).scalars())
            if not revs:
                raise Undo((0, None))
            session.execute(sa.update(sql.SUBMISSION).where(of_instance, _HAS_FORMS).values(form_values=None, salt=None))
            turn.journal(Act.ERASE, None, {**detail, "erased": revs})
            return len(revs), turn

        return self._run_turn(command, actor, now, subject=instance_id)

    def erase(
        self, work: Callable[[Session], Mapping[str, int]], *, detail: Mapping[str, Value], actor: Actor, now: dt.datetime
    ) -> dict[str, int]:
        """Erase what has no journal, in one transaction with its entry in the access chain; gives what `work` counted."""

        def command(session: Session) -> dict[str, int]:
            counts = dict(work(session))
            if not any(counts.values()):
                raise Undo(counts)
            access.append(session, actor, AccessKind.ERASURE, "retencion", now, {**detail, **counts})
            return counts

        return self.uow.run(command)
