"""Releases: versions of processes, names of elements, and the drafts of analysts."""

import datetime as dt
from collections.abc import Collection
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.catalog import Catalog
from engine.store.tables import Instance
from engine.store.tables import ModelDraft
from engine.store.tables import ProcessVersion
from engine.store.tables import ReleaseRow


@dataclass(frozen=True, slots=True)
class VersionView:
    process: str
    name: str
    file: str
    version: int
    first_release: int
    since: dt.datetime
    by: str
    note: str
    running: int


def versions(session: Session) -> list[VersionView]:
    """Each version of each process with the release that brought it and the instances that still run on it."""
    first = (
        sa.select(
            ProcessVersion.process,
            ProcessVersion.version,
            sa.func.min(ProcessVersion.release).label("first"),
            sa.func.max(ProcessVersion.name).label("name"),
            sa.func.max(ProcessVersion.file).label("file"),
        )
        .group_by(ProcessVersion.process, ProcessVersion.version)
        .subquery()
    )
    running = dict(
        session.execute(
            sa.select(
                ProcessVersion.process + sa.literal("/") + sa.cast(ProcessVersion.version, sa.String),
                sa.func.count(Instance.id),
            )
            .join(
                Instance,
                sa.and_(Instance.release == ProcessVersion.release, Instance.process == ProcessVersion.process),
            )
            .where(Instance.status.in_(("active", "suspended")))
            .group_by(ProcessVersion.process, ProcessVersion.version)
        ).all()
    )
    rows = session.execute(
        sa.select(first, ReleaseRow.at, ReleaseRow.actor, ReleaseRow.note)
        .join(ReleaseRow, ReleaseRow.id == first.c.first)
        .order_by(first.c.process, first.c.version.desc())
    )
    return [
        VersionView(r.process, r.name, r.file, r.version, r.first, r.at, r.actor, r.note, running.get(f"{r.process}/{r.version}", 0))
        for r in rows
    ]


def version_numbers(session: Session, process: str, releases: Collection[int]) -> dict[int, int]:
    """Release → the version that the process has in it."""
    of_process = sa.select(ProcessVersion.release, ProcessVersion.version).where(ProcessVersion.process == process)
    rows = session.execute(of_process.where(ProcessVersion.release.in_(releases)))
    return {release: version for release, version in rows}  # noqa: C416 - a row is no pair for mypy


def model_drafts(session: Session, author: str | None = None) -> Sequence[ModelDraft]:
    query = sa.select(ModelDraft).order_by(ModelDraft.saved_at.desc())
    if author is not None:
        query = query.where(ModelDraft.author == author)
    return session.execute(query).scalars().all()


def element_name(session: Session, catalog: Catalog, release: int, element: str) -> str:
    for spec in catalog.release(session, release).processes.values():
        found = spec.elements.get(element)
        if found is not None:
            return found.name or element
    return element
