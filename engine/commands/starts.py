"""Instances begin."""

import datetime as dt
import secrets
import time

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import decide
from engine.commands.core import Core
from engine.errors import NotAllowed
from engine.errors import NotFound
from engine.states import Act
from engine.states import ActorKind
from engine.states import InstanceStatus
from engine.store import sql
from engine.store.chain import START
from engine.store.tables import Instance
from engine.turn import Taken
from engine.turn import Texts
from engine.turn import Turn
from engine.types import Actor
from engine.types import Data
from engine.types import FirstForm
from engine.types import Started


def new_id() -> str:
    """A text id that sorts by the time of its making."""
    return f"{time.time_ns() // 1_000_000:011x}{secrets.token_hex(5)}"


class Starts(Core):
    """Starting an instance: by a person, by a message, with its first form or without."""

    def start(
        self,
        process: str,
        *,
        actor: Actor,
        now: dt.datetime,
        key: str | None = None,
        case_key: str | None = None,
        data: Data | None = None,
        first: FirstForm | None = None,
    ) -> Started:
        """Start an instance under the release in force; with `first` its first user task is completed in the same commit.

        With a `key` that was used before, the existing instance is the answer.
        """

        decide.must_be_storable(data or {})

        def command(session: Session) -> tuple[Started, Turn]:
            return self._start(session, process, actor=actor, now=now, key=key, case_key=case_key, data=data or {}, first=first)

        try:
            return self._run_turn(command, actor, now)
        except IntegrityError:
            existing = self._existing(process, key)
            if existing is None:
                raise
            return existing

    def _existing(self, process: str, key: str | None) -> Started | None:
        if key is None:
            return None
        with self.uow.reading() as session:
            row = session.execute(
                sa.select(Instance.id, Instance.case_key).where(Instance.process == process, Instance.start_key == key)
            ).one_or_none()
        return Started(row.id, row.case_key, duplicate=True) if row else None

    def _start(
        self,
        session: Session,
        process: str,
        *,
        actor: Actor,
        now: dt.datetime,
        key: str | None,
        case_key: str | None,
        data: Data,
        first: FirstForm | None,
        message_start: str | None = None,
        chain: tuple[int, dt.datetime | None] = (0, None),
    ) -> tuple[Started, Turn]:
        number = self.catalog.current(session)
        release = self.catalog.release(session, number)
        if process not in release.processes:
            raise NotFound(f"process {process}")
        instance_id = new_id()
        taken = Taken(instance_id, case_key or instance_id, process, number, InstanceStatus.ACTIVE, 1, START)
        sql.INSERT_INSTANCE.run(
            session,
            {
                "id": taken.id,
                "case_key": taken.case_key,
                "process": process,
                "release": number,
                "status": taken.status,
                "rev": 1,
                "head": START,
                "start_key": key,
                "started_at": now,
            },
        )
        turn = self._turn(session, taken, actor, now)
        turn.follow_chain(*chain)
        turn.started = True
        turn.fetched = True
        turn.live = release.start(process, dict(data), now, message_start=message_start)
        turn.settle()
        texts = self._first(turn, first) if first is not None else None
        turn.write(Act.START, first.element if first else None, {"key": key or ""}, texts)
        return Started(taken.id, taken.case_key, tuple(turn.opened)), turn

    def _first(self, turn: Turn, first: FirstForm) -> Texts:
        """Complete the first user task inside the start; the actor must be of its lane."""
        waiting = next((w for w in turn.live.user_tasks() if w.element == first.element), None)
        if waiting is None:
            raise NotFound(f"element {first.element}")
        spec = turn.element(waiting.process, waiting.element)
        scope = waiting.data.get(spec.lane.scope) if spec.lane and spec.lane.scope else None
        if turn.actor.kind != ActorKind.SYSTEM and not (
            spec.lane and spec.lane.role and turn.actor.has(spec.lane.role, None if scope is None else str(scope))
        ):
            raise NotAllowed("lane", role=(spec.lane.role or "") if spec.lane else "", scope=str(scope), element=spec.id)
        self._fill(turn, waiting.task_id, waiting.process, waiting.element, waiting.data, first.values, first.records)
        return Texts(waiting.task_id, spec.id, spec.form or "declared", first.values)
