"""What people do with work items."""

import datetime as dt
from collections.abc import Callable, Collection

from sqlalchemy.orm import Session

from common.metrics import TAKING
from engine import decide
from engine.commands.core import Core
from engine.errors import DraftUnseen, FormChanged, ItemClosed, NotFound
from engine.states import Act, TextOf
from engine.store import sql
from engine.store.tables import Draft
from engine.store.taking import as_item, take_with_item
from engine.store.uow import Undo
from engine.turn import Taken, Texts, Turn
from engine.types import Actor, Completed, Data, ElementSpec, Records, Value, WorkItem


class Items:
    """Completing, taking, giving back, reassigning, keeping what was typed."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def complete(
        self,
        item_id: str,
        *,
        values: Data,
        actor: Actor,
        now: dt.datetime,
        records: Records | None = None,
        seen: int | None = None,
        draft_seen: Callable[[Data, dt.datetime], bool] | None = None,
        kept: Collection[str] = (),
    ) -> Completed:
        """Complete a user task with its form. `seen` is the release whose form was filled in;
        `draft_seen` says of the person's draft, which goes with the item, whether they have seen
        it. `kept` are fields that came back as the case stood when they were shown: a variable that
        has a value by now keeps it.

        Raises ItemClosed or ClaimedByOther (somebody was first), FormChanged, DraftUnseen,
        NotAllowed, InstanceNotActive, NotFound. The same person with the same values again gets
        success and nothing is done twice.
        """

        def command(session: Session) -> tuple[Completed, Turn | None]:
            turn, item, has_draft = self._take(session, item_id, actor, now)  # 1 take, 2 read
            try:
                spec = self._may_complete(turn, item)  # 3 decide
            except ItemClosed:
                again = self._repeated(session, item, values, actor)
                if again is None:
                    raise
                raise Undo((again, None)) from None
            if seen is not None and 0 < seen < item.release:
                self._must_be_the_same_form(turn, item, spec, seen)
            if has_draft and draft_seen is not None:
                self._must_have_seen(session, item, actor, draft_seen)
            decide.must_be_storable(values)
            turn.fetch()
            turn.scene.written = values
            outputs = turn.run(records, item.data, values, spec)  # 4 records
            turn.case.hear(spec, values)
            stands = turn.live.sees(item.id).keys() & set(kept)
            written = {
                name: value
                for name, value in decide.split_values(spec, dict(values)).items()
                if name not in stands
            }
            turn.live.complete(item.id, {**written, **outputs}, now)  # 5 advance
            turn.settle()
            turn.writer.closing = item.id
            texts = Texts(item.id, item.element, spec.form or "declared", values)
            turn.write(Act.COMPLETE, item.element, {"item": item.id}, texts)  # 6 write
            if has_draft:
                sql.DELETE_DRAFT.run(session, {"b_item": item.id, "b_person": actor.id})
            return turn.completed(), turn  # 7 commit

        return self.core.run(command, actor, now, subject=item_id)

    def _take(
        self, session: Session, item_id: str, actor: Actor, now: dt.datetime
    ) -> tuple[Turn, WorkItem, bool]:
        """The instance, and the item as it is once nobody else can change it."""
        with TAKING.time():
            found = take_with_item(session, item_id, actor.id)
        if found is None:
            raise NotFound(f"item {item_id}")
        taken, item, has_draft = found
        return self.core.turn(session, Taken(*taken), actor, now), item, has_draft

    def _must_be_the_same_form(
        self, turn: Turn, item: WorkItem, spec: ElementSpec, seen: int
    ) -> None:
        """The instance was moved while somebody filled the form in."""
        process = self.core.catalog.release(turn.session, seen).processes.get(item.process)
        was = process.elements.get(item.element) if process is not None else None
        if was is None or (was.form, was.fields) != (spec.form, spec.fields):
            raise FormChanged

    def _may_complete(self, turn: Turn, item: WorkItem) -> ElementSpec:
        decide.must_belong(item, turn.actor)
        decide.must_be_open(item)
        decide.must_be_active(turn.instance.status)
        decide.must_not_be_taken(item, turn.actor)
        spec = turn.element(item.process, item.element)
        self._must_be_apart(turn, item, spec, turn.actor.id)
        return spec

    def _must_be_apart(self, turn: Turn, item: WorkItem, spec: ElementSpec, person: str) -> None:
        """Nobody takes, is given or completes a task that is kept apart from one that they did."""
        if spec.not_same_person_as:
            about = {"b_case": item.case_key, "b_elements": list(spec.not_same_person_as)}
            decide.must_be_another_person(
                spec, turn.session.execute(sql.WHO_COMPLETED, about).scalars(), person
            )

    def _must_have_seen(
        self,
        session: Session,
        item: WorkItem,
        actor: Actor,
        seen: Callable[[Data, dt.datetime], bool],
    ) -> None:
        draft = sql.DRAFT_OF_ITEM.first(session, {"b_item": item.id, "b_person": actor.id})
        if draft is not None and not seen(draft.draft_values, draft.saved_at):
            raise DraftUnseen(draft.saved_at)

    def _repeated(
        self, session: Session, item: WorkItem, values: Data, actor: Actor
    ) -> Completed | None:
        """The answer to a double click or a sent-again form: success, if person and values are the
        same."""
        row = sql.SUBMISSION_OF_ITEM.first(
            session, {"b_instance": item.instance_id, "b_item": item.id}
        )
        if row is None or row.actor_id != actor.id or row.form_values != dict(values):
            return None
        opened = sql.OPEN_ITEMS.all(session, {"b_instance": item.instance_id})
        return Completed(
            item.instance_id, item.case_key, row.rev, tuple(map(as_item, opened)), repeated=True
        )

    def claim(
        self, item_id: str, *, actor: Actor, now: dt.datetime, records: Records | None = None
    ) -> WorkItem:
        """Take an item for oneself. Raises ClaimedByOther when somebody was first.

        `records` writes what goes with the taking, in the same commit; it gives no outputs: the
        variables stay as they are.
        """

        def command(session: Session) -> tuple[WorkItem, Turn]:
            turn, item, _ = self._take(session, item_id, actor, now)  # 1 take, 2 read
            decide.must_belong(item, actor)  # 3 decide
            decide.must_be_open(item)
            decide.must_be_active(turn.instance.status)
            decide.must_not_be_taken(item, actor)
            self._must_be_apart(turn, item, turn.element(item.process, item.element), actor.id)
            turn.run(records, item.data, {})  # 4 records
            self._hand(turn, item, actor.id, Act.CLAIM)  # 6 write
            return item, turn

        return self.core.run(command, actor, now, subject=item_id)

    def release(
        self, item_id: str, *, actor: Actor, now: dt.datetime, reason: str = ""
    ) -> WorkItem:
        """Give an item back to its lane."""
        return self._hand_on(item_id, actor, now, reason=reason)

    def reassign(
        self, item_id: str, *, to: str, actor: Actor, now: dt.datetime, reason: str = ""
    ) -> WorkItem:
        """Give an item to another person of its lane, with what its holder has typed; the caller
        has checked that `to` belongs to it."""
        return self._hand_on(item_id, actor, now, to, reason)

    def _hand_on(
        self, item_id: str, actor: Actor, now: dt.datetime, to: str | None = None, reason: str = ""
    ) -> WorkItem:
        """By its holder or a supervisor; what nobody holds may be given to somebody by anyone of
        its lane."""
        kind = Act.RELEASE if to is None else Act.REASSIGN

        def command(session: Session) -> tuple[WorkItem, Turn]:
            turn, item, _ = self._take(session, item_id, actor, now)  # 1 take, 2 read
            decide.must_be_open(item)  # 3 decide
            decide.must_be_active(turn.instance.status)
            if not (
                kind == Act.REASSIGN
                and item.claimed_by is None
                and item.role
                and actor.has(item.role, item.scope)
            ):
                decide.must_hold_or_supervise(item, actor, self.core.authority.supervise)
            if to is not None:
                self._must_be_apart(turn, item, turn.element(item.process, item.element), to)
            if item.claimed_by == to:
                raise Undo((item, None))  # pressed twice at once: it is done
            texts = Texts(item.id, item.element, kind, {TextOf.REASON: reason}) if reason else None
            self._hand(turn, item, to, kind, texts)  # 6 write
            if to is not None and item.claimed_by not in (None, to):
                draft = {"b_item": item.id, "b_person": item.claimed_by, "b_to": to}
                sql.HAND_DRAFT.run(session, draft)
            return item, turn

        return self.core.run(command, actor, now, subject=item_id)

    def _hand(
        self, turn: Turn, item: WorkItem, to: str | None, kind: Act, texts: Texts | None = None
    ) -> None:
        turn.hand(item.id, to)
        detail: dict[str, Value] = {"item": item.id, "from": item.claimed_by, "to": to}
        turn.journal(kind, item.element, detail, texts)

    def save_draft(
        self,
        item_id: str,
        values: Data | Callable[[Data | None, dt.datetime], Data],
        *,
        actor: Actor,
        now: dt.datetime,
    ) -> None:
        """Keep what a person is typing: `values`, or what is made of the draft that stands there
        (None: there is none) and of when it was saved, while nobody else saves it. Raises
        ItemClosed when the item is no longer open: the draft stays as it was."""

        def command(session: Session) -> None:
            row = sql.ITEM_BY_ID.first(session, {"b_item": item_id})
            if row is None:
                raise NotFound(f"item {item_id}")
            item = as_item(row)
            decide.must_belong(item, actor)
            decide.must_be_open(item)
            whose = {"item_id": item.id, "person": actor.id}
            keep: Callable[[Draft], object] = session.merge
            made = values
            if callable(made):
                was = session.get(Draft, whose, with_for_update=True)
                made = made(*((was.draft_values, was.saved_at) if was else (None, now)))
                if was is None:  # by now there may be one: then this runs again, and sees it
                    keep = session.add
            where = {"instance_id": item.instance_id, "element": item.element}
            keep(Draft(**whose, **where, draft_values=dict(made), saved_at=now))
            session.flush()

        self.core.uow.run(command)
