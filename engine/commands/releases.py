"""Files that come into force, and files that analysts still work on."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.catalog import Change
from engine.commands.core import Core
from engine.errors import Finding
from engine.states import AccessKind
from engine.store.tables import ModelDraft
from engine.types import Actor, Data, Deployed, ElementSpec

#: What else follows the release in force, in the same commit: the schedules.
Follow = Callable[[Session, Actor, dt.datetime], None]


class Releases:
    """Deploying, checking, drafts of diagrams and tables."""

    def __init__(self, core: Core, follow: Follow) -> None:
        self.core = core
        self._follow = follow

    def deploy(
        self,
        files: Mapping[str, bytes],
        *,
        actor: Actor,
        now: dt.datetime,
        remove: Iterable[str] = (),
        base: int | None = None,
        note: str = "",
        asked_by: str = "",
        records: Callable[[Session], object] | None = None,
    ) -> Deployed:
        """Put the files in force as a new release. Raises DeployRefused with every finding, or
        StaleBase.

        What the same person was drafting of these files is over: the drafts go in the same commit.
        `asked_by`: somebody else drew them and `actor` let them pass; then it is their drafts that
        go, but those that they went on drawing. `records`: writes in this commit.
        """
        change = Change(files, frozenset(remove), base, note)
        removed: Data = {"removed": sorted(change.remove)} if change.remove else {}
        detail: Data = {
            "files": sorted(files),
            **removed,
            **({"asked_by": asked_by} if asked_by else {}),
        }

        def command(session: Session) -> Deployed:
            deployed = self.core.catalog.deploy(session, change, actor, now)
            done = sa.delete(ModelDraft).where(ModelDraft.author == (asked_by or actor.id))
            if not asked_by:
                session.execute(done.where(ModelDraft.file.in_(files)))
            for name, text in files.items() if asked_by else ():
                session.execute(done.where(ModelDraft.file == name, ModelDraft.content == text))
            self._follow(session, actor, now)
            if records is not None:
                records(session)
            return deployed

        deployed = self.core.uow.run(command)
        self.core.log_access(
            actor, AccessKind.DEPLOYMENT, f"release/{deployed.release}", now=now, detail=detail
        )
        return deployed

    def check(self, files: Mapping[str, bytes], remove: Iterable[str] = ()) -> list[Finding]:
        """What a deployment of these files would say, errors and warnings."""
        with self.core.uow.reading() as session:
            return self.core.catalog.check(session, Change(files, frozenset(remove)))

    def given(self, task: ElementSpec, data: Data, now: dt.datetime) -> Data:
        """What the handler of a task that is still being drawn would be given with these variables.
        Raises ExpressionError."""
        return self.core.catalog.given(task, data, now)

    def save_draft(self, file: str, content: bytes, *, actor: Actor, now: dt.datetime) -> None:
        """Keep an analyst's unfinished file on the server; it is in force nowhere. Its base stays
        the release it was begun on."""

        def command(session: Session) -> None:
            known = session.get(ModelDraft, (actor.id, file))
            base = (
                known.base_release
                if known is not None
                else self.core.catalog.current_or_none(session) or 0
            )
            session.merge(
                ModelDraft(
                    author=actor.id, file=file, base_release=base, content=content, saved_at=now
                )
            )
            session.flush()

        self.core.uow.run(command)

    def drop_draft(self, file: str, *, actor: Actor) -> None:
        mine = sa.delete(ModelDraft).where(ModelDraft.author == actor.id, ModelDraft.file == file)
        self.core.uow.run(lambda session: session.execute(mine))
