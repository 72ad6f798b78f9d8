"""Releases: deployed as a whole or refused, compiled once, read by number."""

import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Container, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.compile import compile_release, compile_stored
from engine.errors import DeployRefused, Finding, NotFound, StaleBase
from engine.lint import lanes
from engine.model.expressions import compile_expression
from engine.model.files import is_part
from engine.spiff import Release
from engine.store import sql
from engine.store.tables import FileContent, ProcessVersion, ReleaseFile, ReleaseLine, ReleaseRow
from engine.types import Actor, Data, Deployed, ElementSpec, Functions, Handlers, Lanes

KEPT = 16


@dataclass(frozen=True, slots=True)
class Change:
    """Files that are added or replaced by name, and names that go. `base`: the release that the
    author saw, else it is stale."""

    files: Mapping[str, bytes]
    remove: frozenset[str] = frozenset()
    base: int | None = None
    note: str = ""

    @property
    def parts(self) -> dict[str, bytes]:
        return {name: text for name, text in self.files.items() if is_part(name)}

    def applied_to(self, old: Mapping[str, bytes]) -> dict[str, bytes]:
        return {
            name: text for name, text in {**old, **self.files}.items() if name not in self.remove
        }


class Catalog:
    """Compiles what is deployed and keeps the latest releases in memory."""

    def __init__(
        self,
        *,
        handlers: Handlers,
        forms: Container[str],
        functions: Functions,
        zone: dt.tzinfo,
        lanes: Lanes | None = None,
    ) -> None:
        self._handlers = handlers
        self._forms = forms
        self._functions, self._zone = functions, zone
        self._lanes = lanes
        self._lock = threading.Lock()
        self._compiled: OrderedDict[int, Release] = OrderedDict()

    def current_or_none(self, session: Session) -> int | None:
        number: int | None = sql.CURRENT_RELEASE.scalar(session)
        return number

    def current(self, session: Session) -> int:
        number = self.current_or_none(session)
        if number is None:
            raise NotFound("release")
        return number

    def known(self, number: int) -> Release | None:
        """A release that was compiled already, without asking the database."""
        with self._lock:
            found = self._compiled.get(number)
            if found is not None:
                self._compiled.move_to_end(number)
            return found

    def release(self, session: Session, number: int) -> Release:
        if (known := self.known(number)) is not None:
            return known
        release, findings = compile_stored(
            self.files(session, number), functions=self._functions, zone=self._zone
        )
        if release is None:
            raise DeployRefused(findings)
        return self._keep(number, release)

    def _keep(self, number: int, release: Release) -> Release:
        with self._lock:
            kept = self._compiled.setdefault(number, release)
            while len(self._compiled) > KEPT:
                self._compiled.popitem(last=False)
            return kept

    def _compile(self, files: Mapping[str, bytes]) -> tuple[Release | None, list[Finding]]:
        known = self._handlers
        return compile_release(
            files,
            handlers=known,
            actions=known.actions,
            forms=self._forms,
            functions=self._functions,
            zone=self._zone,
        )

    def files(self, session: Session, number: int) -> dict[str, bytes]:
        rows = session.execute(
            sa.select(ReleaseFile.name, FileContent.content)
            .join(FileContent, FileContent.sha256 == ReleaseFile.sha256)
            .where(ReleaseFile.release == number)
            .order_by(ReleaseFile.name)
        )
        return {name: bytes(content) for name, content in rows}

    def check(self, session: Session, change: Change) -> list[Finding]:
        """What a deployment would say."""
        number = session.execute(sa.select(ReleaseLine.current)).scalar_one_or_none()
        release, findings = self._compile(
            change.applied_to(self.files(session, number) if number else {})
        )
        return (
            findings
            if release is None
            else [*findings, *self._unknown_places(session, release, change)]
        )

    def given(self, spec: ElementSpec, data: Data, now: dt.datetime) -> Data:
        """What the handler of a task that is still being drawn would be given with these variables.
        Raises ExpressionError."""
        computed = {
            each.name: compile_expression(each.expr)(data, self._functions, now)
            for each in spec.inputs
            if each.expr is not None
        }
        return {each.name: computed.get(each.name, each.value) for each in spec.inputs}

    def _unknown_places(self, session: Session, release: Release, change: Change) -> list[Finding]:
        """Lanes of the files that come which name a place that the agency does not keep, or a role
        that is held for other places; and places that come with them under a code that another one
        has."""
        if self._lanes is None:
            return []
        found = lanes.lanes(release.processes, change.files)
        known = lanes.check(
            found, self._lanes.scopes(session, change.parts), self._lanes.roles(session)
        )
        return [*known, *lanes.taken(self._lanes.taken(session, change.parts))]

    def deploy(
        self,
        session: Session,
        change: Change,
        actor: Actor,
        now: dt.datetime,
    ) -> Deployed:
        """Put a new release in force. The line's row is locked first, so two deployments follow one
        another."""
        before = session.execute(
            sa.update(ReleaseLine)
            .where(ReleaseLine.id == 1)
            .values(current=ReleaseLine.current + 1)
            .returning(ReleaseLine.current)
        ).scalar_one_or_none()
        number = before if before is not None else 1
        if change.base is not None and change.base != number - 1:
            raise StaleBase
        if before is None:
            session.execute(sa.insert(ReleaseLine).values(id=1, current=1))
        old = self.files(session, number - 1) if number > 1 else {}
        whole = change.applied_to(old)
        release, findings = self._compile(whole)
        if release is None:
            raise DeployRefused(findings)
        if unknown := self._unknown_places(session, release, change):
            raise DeployRefused([*findings, *unknown])
        if self._lanes is not None:
            found = [lane for _file, lane in lanes.lanes(release.processes, whole)]
            self._lanes.keep(session, found, change.parts, actor, now)
        session.execute(
            sa.insert(ReleaseRow).values(
                id=number, base=number - 1 or None, at=now, actor=actor.id, note=change.note
            )
        )
        self._store_files(session, number, whole)
        versions, changed = self._store_versions(session, number, release, old, whole)
        return Deployed(release=number, versions=versions, changed=changed)

    def _store_files(self, session: Session, number: int, files: Mapping[str, bytes]) -> None:
        hashes = {name: hashlib.sha256(text).hexdigest() for name, text in files.items()}
        known = set(
            session.execute(
                sa.select(FileContent.sha256).where(FileContent.sha256.in_(hashes.values()))
            ).scalars()
        )
        new = {sha: files[name] for name, sha in hashes.items() if sha not in known}
        if new:
            session.execute(
                sa.insert(FileContent),
                [{"sha256": sha, "content": text} for sha, text in new.items()],
            )
        session.execute(
            sa.insert(ReleaseFile),
            [{"release": number, "name": name, "sha256": sha} for name, sha in hashes.items()],
        )

    def _store_versions(
        self,
        session: Session,
        number: int,
        release: Release,
        old: Mapping[str, bytes],
        new: Mapping[str, bytes],
    ) -> tuple[dict[str, int], tuple[str, ...]]:
        touched = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        latest = sa.select(ProcessVersion.process, sa.func.max(ProcessVersion.version)).group_by(
            ProcessVersion.process
        )
        before = dict(list(session.execute(latest)))
        versions, changed = {}, []
        for process in release.processes.values():
            rises = process.id not in before or bool({process.file, *process.uses} & touched)
            versions[process.id] = before.get(process.id, 0) + rises
            if rises:
                changed.append(process.id)
        rows = [
            {
                "release": number,
                "process": p.id,
                "version": versions[p.id],
                "name": p.name,
                "file": p.file,
            }
            for p in release.processes.values()
        ]
        if rows:  # tables alone are a release, too
            session.execute(sa.insert(ProcessVersion), rows)
        return versions, tuple(changed)
