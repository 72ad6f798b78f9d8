"""Releases: what is in force, versions of processes, their elements, and the drafts of analysts.

`catalog` is the engine's memory of releases (`engine.catalog`): a release is read and compiled
once.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from common.prepared import Prepared
from engine.catalog import Catalog
from engine.states import RUNNING
from engine.store.tables import (
    FileContent,
    Instance,
    ModelDraft,
    ProcessVersion,
    ReleaseFile,
    ReleaseLine,
    ReleaseRow,
)
from engine.types import ElementSpec, Processes, WorkItem
from engine.values import declared


@dataclass(frozen=True, slots=True)
class InForce:
    """The release in force."""

    number: int
    processes: Processes
    files: Mapping[str, bytes]


def in_force(session: Session, catalog: Catalog) -> InForce | None:
    """None before the first deployment."""
    number = catalog.current_or_none(session)
    return (
        InForce(number, processes(session, catalog, number), files(session, catalog, number))
        if number
        else None
    )


def current(session: Session, catalog: Catalog) -> int | None:
    """The number of the release in force; None before the first deployment."""
    return catalog.current_or_none(session)


def current_number() -> sa.ScalarSelect[int]:
    """The number of the release in force, as a part of another statement."""
    return sa.select(ReleaseLine.current).scalar_subquery()


def processes_known(catalog: Catalog, release: int) -> Processes | None:
    """Of a release that this process has compiled; None: the database must be asked."""
    known = catalog.known(release)
    return known.processes if known is not None else None


def processes(session: Session, catalog: Catalog, release: int) -> Processes:
    return catalog.release(session, release).processes


def files(session: Session, catalog: Catalog, release: int) -> dict[str, bytes]:
    """Name → content."""
    return catalog.files(session, release)


#: Name and content of the files of the release in force whose names are `like` this; for
#: `Transactions.lookup`.
FILES_LIKE: Final = Prepared(
    sa.select(ReleaseFile.name, FileContent.content)
    .join(FileContent, FileContent.sha256 == ReleaseFile.sha256)
    .where(ReleaseFile.release == current_number(), ReleaseFile.name.like(sa.bindparam("like")))
    .order_by(ReleaseFile.name)
)


def ever_deployed(session: Session) -> set[tuple[str, str]]:
    """(name, SHA-256) of each file of any release."""
    return {
        (name, sha256)
        for name, sha256 in session.execute(
            sa.select(ReleaseFile.name, ReleaseFile.sha256).distinct()
        )
    }


# --- elements -------------------------------------------------------------------------------------
def elements(session: Session, catalog: Catalog, release: int) -> dict[str, ElementSpec]:
    """Id → element, of all processes of a release; of one id the last."""
    return {
        id_: spec
        for process in processes(session, catalog, release).values()
        for id_, spec in process.elements.items()
    }


def element_of(session: Session, catalog: Catalog, item: WorkItem) -> ElementSpec:
    """The user task of a work item, as its release draws it."""
    return processes(session, catalog, item.release)[item.process].elements[item.element]


def element_name(session: Session, catalog: Catalog, release: int, element: str) -> str:
    for spec in processes(session, catalog, release).values():
        found = spec.elements.get(element)
        if found is not None:
            return found.name or element
    return element


def variable_types(of: Processes, first: str) -> dict[str, str]:
    """Variable → type, as the elements declare it; where two differ, the process `first` is
    right."""
    return declared(of, first)


# --- versions -------------------------------------------------------------------------------------
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
    """Each version of each process with the release that brought it and the instances that still
    run on it."""
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
                ProcessVersion.process
                + sa.literal("/")
                + sa.cast(ProcessVersion.version, sa.String),
                sa.func.count(Instance.id),
            )
            .join(
                Instance,
                sa.and_(
                    Instance.release == ProcessVersion.release,
                    Instance.process == ProcessVersion.process,
                ),
            )
            .where(Instance.status.in_(RUNNING))
            .group_by(ProcessVersion.process, ProcessVersion.version)
        ).all()
    )
    rows = session.execute(
        sa.select(first, ReleaseRow.at, ReleaseRow.actor, ReleaseRow.note)
        .join(ReleaseRow, ReleaseRow.id == first.c.first)
        .order_by(first.c.process, first.c.version.desc())
    )
    return [
        VersionView(
            r.process,
            r.name,
            r.file,
            r.version,
            r.first,
            r.at,
            r.actor,
            r.note,
            running.get(f"{r.process}/{r.version}", 0),
        )
        for r in rows
    ]


def names(session: Session, processes: Collection[str]) -> dict[str, str]:
    """Process → what its latest version is called."""
    latest = sa.select(ProcessVersion.process, ProcessVersion.name).where(
        ProcessVersion.process.in_(processes)
    )
    return dict(list(session.execute(latest.order_by(ProcessVersion.release))))


def version_numbers(session: Session, process: str, releases: Collection[int]) -> dict[int, int]:
    """Release → the version that the process has in it."""
    of_process = sa.select(ProcessVersion.release, ProcessVersion.version).where(
        ProcessVersion.process == process
    )
    return dict(list(session.execute(of_process.where(ProcessVersion.release.in_(releases)))))


@dataclass(frozen=True, slots=True)
class FileVersion:
    """What a file said from one release until the next version of it."""

    name: str
    version: int
    sha256: str
    first_release: int
    since: dt.datetime


def file_versions(session: Session, names: Collection[str]) -> list[FileVersion]:
    """The versions of these files, oldest first: another one each time that the content changed,
    also back to an earlier one."""
    rows = session.execute(
        sa.select(ReleaseFile.name, ReleaseFile.sha256, ReleaseFile.release, ReleaseRow.at)
        .join(ReleaseRow, ReleaseRow.id == ReleaseFile.release)
        .where(ReleaseFile.name.in_(names))
        .order_by(ReleaseFile.release)
    )
    latest: dict[str, FileVersion] = {}
    found = []
    for name, sha256, release, at in rows:
        before = latest.get(name)
        if before is None or before.sha256 != sha256:
            latest[name] = FileVersion(
                name, before.version + 1 if before else 1, sha256, release, at
            )
            found.append(latest[name])
    return found


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """Who put a release in force, when and why."""

    number: int
    at: dt.datetime
    by: str
    note: str


def notes(session: Session, numbers: Collection[int]) -> list[ReleaseView]:
    rows = session.execute(
        sa.select(ReleaseRow).where(ReleaseRow.id.in_(numbers)).order_by(ReleaseRow.id)
    ).scalars()
    return [ReleaseView(row.id, row.at, row.actor, row.note) for row in rows]


def contents(session: Session, hashes: Collection[str]) -> dict[str, bytes]:
    """SHA-256 → content, of files of any release."""
    rows = session.execute(
        sa.select(FileContent.sha256, FileContent.content).where(FileContent.sha256.in_(hashes))
    )
    return {sha256: bytes(content) for sha256, content in rows}


# --- drafts ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ModelDraftView:
    """A diagram or table that an analyst is changing; in force nowhere."""

    author: str
    file: str
    base_release: int  #: in force when it was begun; 0: none was
    content: bytes
    saved_at: dt.datetime


def _draft(row: ModelDraft) -> ModelDraftView:
    return ModelDraftView(row.author, row.file, row.base_release, row.content, row.saved_at)


def model_draft(session: Session, author: str, file: str) -> ModelDraftView | None:
    row = session.get(ModelDraft, (author, file))
    return _draft(row) if row is not None else None


def model_drafts(session: Session, author: str) -> list[ModelDraftView]:
    """The latest saved first."""
    query = (
        sa.select(ModelDraft)
        .where(ModelDraft.author == author)
        .order_by(ModelDraft.saved_at.desc())
    )
    return [_draft(row) for row in session.execute(query).scalars()]
