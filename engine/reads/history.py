"""What happened in a case: journal entries with their forms, notes, and entries of the access
chain."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.catalog import Catalog
from engine.reads.releases import element_name, elements
from engine.states import REASON_FORMS, Act, StepState, TextOf
from engine.store.tables import Access, Instance, Journal, Note, SubmissionRow
from engine.types import Data, Decision, Submission, Value


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history of a case."""

    instance_id: str
    process: str
    rev: int
    at: dt.datetime
    actor_kind: str
    actor_id: str
    kind: str
    element: str | None
    # of the element in the release of the instance; the id when that release no longer has it
    name: str
    steps: tuple[tuple[str, str], ...]
    detail: Data
    values: Data | None  # the form, None when there was none
    erased: bool
    release: int  # under which the instance ran then
    erased_by: int | None = None  # the revision of the act that erased the form
    decisions: tuple[Decision, ...] = ()  # of decision tables, in order
    # rule tasks that were passed before the journal kept what tables decide
    undecided: tuple[str, ...] = ()
    digest: str = ""  # salted, of the form, in hexadecimal; "": none came with it


def of_case(session: Session, catalog: Catalog, case_key: str) -> list[Entry]:
    """Every journal entry of a case in order of time, with the form that came with it."""
    rows = session.execute(
        sa.select(Journal, Instance.process, Instance.release, SubmissionRow)
        .join(Instance, Instance.id == Journal.instance_id)
        .outerjoin(
            SubmissionRow,
            sa.and_(
                SubmissionRow.instance_id == Journal.instance_id, SubmissionRow.rev == Journal.rev
            ),
        )
        .where(Instance.case_key == case_key)
        .order_by(Journal.at, Journal.instance_id, Journal.rev)
    ).all()
    moves = _moves((row, release) for row, _, release, _ in rows)
    acts = {
        (row.instance_id, rev): row.rev
        for row, *_ in rows
        if row.kind == Act.ERASE
        for rev in row.detail["erased"]
    }
    reader = _Reader(session, catalog)
    entries = (
        reader.entry(row, process, _release_at(moves[row.instance_id], row.rev), form)
        for row, process, _, form in rows
    )
    return [
        replace(e, erased_by=acts.get((e.instance_id, e.rev))) if e.erased else e for e in entries
    ]


def decisions(
    session: Session, catalog: Catalog, case_keys: Collection[str]
) -> list[tuple[str, Entry]]:
    """(case, entry without its form) of the commands in which a table decided, of these cases;
    oldest first within each."""
    rows = session.execute(
        sa.select(Journal, Instance.process, Instance.release, Instance.case_key)
        .join(Instance, Instance.id == Journal.instance_id)
        .where(Instance.case_key.in_(case_keys))
        .order_by(Instance.case_key, Journal.at, Journal.instance_id, Journal.rev)
    ).all()
    moves = _moves((row, release) for row, _, release, _ in rows)
    reader = _Reader(session, catalog)
    found = (
        (key, reader.entry(row, process, _release_at(moves[row.instance_id], row.rev), None))
        for row, process, _, key in rows
    )
    return [(key, entry) for key, entry in found if entry.decisions or entry.undecided]


@dataclass(frozen=True, slots=True)
class LastWord:
    """What stands in a field of a case, as it was sent, and who sent it."""

    value: Value
    actor_kind: str
    actor_id: str


def last_word(session: Session, case_key: str, field: str) -> LastWord | None:
    """Of the last form of the case in which the field was, or of its correction; None: nobody wrote
    it, or it was erased."""
    sent = (
        sa.select(
            SubmissionRow.form, SubmissionRow.form_values, Journal.actor_kind, Journal.actor_id
        )
        .join(
            Journal,
            sa.and_(
                Journal.instance_id == SubmissionRow.instance_id, Journal.rev == SubmissionRow.rev
            ),
        )
        .join(Instance, Instance.id == SubmissionRow.instance_id)
        .where(Instance.case_key == case_key, SubmissionRow.form_values.is_not(None))
        .order_by(SubmissionRow.at.desc(), SubmissionRow.rev.desc())
    )
    for form, values, kind, actor in session.execute(sent):
        said = (
            values[TextOf.AFTER] if form == Act.CORRECT else {} if form in REASON_FORMS else values
        )
        if field in said:
            return LastWord(said[field], kind, actor)
    return None


def _moves(rows: Iterable[tuple[Journal, int]]) -> dict[str, list[tuple[int, int]]]:
    """Instance → (rev from which it counts, release), the latest first: what was removed by a move
    keeps its name before it."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row, release in rows:
        known = found.setdefault(row.instance_id, [(0, release)])
        if row.kind == Act.MIGRATE:
            known[-1] = (0, row.detail["from"]) if len(known) == 1 else known[-1]
            known.insert(0, (row.rev, row.detail["to"]))
    return found


def _release_at(moves: Sequence[tuple[int, int]], rev: int) -> int:
    return next(release for since, release in moves if since <= rev)


@dataclass(frozen=True, slots=True)
class Passed:
    """An element that was passed, and in which revision."""

    rev: int
    at: dt.datetime
    element: str
    state: StepState


def steps(session: Session, instance_id: str) -> list[Passed]:
    """Every step of an instance, oldest first."""
    rows = (
        sa.select(Journal.rev, Journal.at, Journal.detail)
        .where(Journal.instance_id == instance_id)
        .order_by(Journal.rev)
    )
    passed = (
        (rev, at, *step)
        for rev, at, detail in session.execute(rows)
        for step in detail.get("steps", [])
    )
    return [Passed(rev, at, element, StepState(state)) for rev, at, element, state in passed]


@dataclass(frozen=True, slots=True)
class Command:
    """What one command did to the path of an instance, without what it wrote."""

    kind: str
    element: str | None
    steps: tuple[tuple[str, StepState], ...]
    detail: Data
    at: dt.datetime
    actor_id: str


def commands(session: Session, instance_id: str) -> list[Command]:
    """Every command that an instance took, oldest first."""
    columns = (Journal.kind, Journal.element, Journal.detail, Journal.at, Journal.actor_id)
    rows = sa.select(*columns).where(Journal.instance_id == instance_id).order_by(Journal.rev)
    return [
        Command(
            kind,
            element,
            tuple((passed, StepState(state)) for passed, state in detail.get("steps", ())),
            detail,
            at,
            actor_id,
        )
        for kind, element, detail, at, actor_id in session.execute(rows)
    ]


def rev_of_form(session: Session, instance_id: str, item_id: str) -> int | None:
    """The revision in which the form of an item was sent; None: it was not."""
    query = sa.select(SubmissionRow.rev).where(
        SubmissionRow.instance_id == instance_id, SubmissionRow.item_id == item_id
    )
    return session.scalars(query).first()


def releases_of(session: Session, instance_id: str) -> list[int]:
    """The releases under which an instance ran, the latest first."""
    rows = session.execute(
        sa.select(Journal, Instance.release)
        .join(Instance, Instance.id == Journal.instance_id)
        .where(
            Journal.instance_id == instance_id,
            sa.or_(Journal.kind == Act.MIGRATE, Journal.rev == 1),
        )
        .order_by(Journal.rev)
    ).all()
    return [
        release
        for _, release in _moves((row, release) for row, release in rows).get(instance_id, [])
    ]


class _Reader:
    """Makes entries of journal rows; the rule tasks of a release are looked up once."""

    def __init__(self, session: Session, catalog: Catalog) -> None:
        self._session, self._catalog = session, catalog
        self._rules: dict[int, frozenset[str]] = {}

    def entry(self, row: Journal, process: str, release: int, form: SubmissionRow | None) -> Entry:
        detail = dict(row.detail)
        steps = tuple((element, state) for element, state in detail.pop("steps", []))
        decisions = tuple(_decision(told) for told in detail.pop("decisions", []))
        return Entry(
            instance_id=row.instance_id,
            process=process,
            rev=row.rev,
            at=row.at,
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            kind=row.kind,
            element=row.element,
            name=element_name(self._session, self._catalog, release, row.element)
            if row.element
            else "",
            steps=steps,
            detail=detail,
            values=form.form_values if form is not None else None,
            erased=row.digest is not None and (form is None or form.form_values is None),
            release=release,
            decisions=decisions,
            undecided=self._undecided(release, steps, decisions),
            digest=bytes(row.digest).hex() if row.digest is not None else "",
        )

    def _undecided(
        self, release: int, steps: Sequence[tuple[str, str]], decisions: Sequence[Decision]
    ) -> tuple[str, ...]:
        if release not in self._rules:
            found = elements(self._session, self._catalog, release).values()
            self._rules[release] = frozenset(e.id for e in found if e.type == "businessRuleTask")
        passed = Counter(
            element
            for element, state in steps
            if state == StepState.DONE and element in self._rules[release]
        )
        told = Counter(decision.element for decision in decisions)
        return tuple(element for element, times in passed.items() if times > told[element])


def _decision(told: Any) -> Decision:
    return Decision(**{**told, "rules": tuple((number, label) for number, label in told["rules"])})


def submissions(session: Session, case_key: str) -> list[Submission]:
    """Forms of all instances of the case, oldest first."""
    rows = session.execute(
        sa.select(SubmissionRow)
        .join(Instance, Instance.id == SubmissionRow.instance_id)
        .where(Instance.case_key == case_key)
        .order_by(SubmissionRow.at, SubmissionRow.rev)
    ).scalars()
    return [
        Submission(
            r.instance_id,
            r.rev,
            r.item_id or "",
            r.element,
            r.form,
            r.release,
            r.actor_id,
            r.at,
            r.form_values,
        )
        for r in rows
    ]


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note or observation on a case."""

    at: dt.datetime
    actor_id: str
    kind: str  #: a word of the room that wrote it
    text: str | None  #: None once erased


def notes(session: Session, case_key: str) -> list[NoteView]:
    """Oldest first."""
    rows = sa.select(Note.at, Note.actor_id, Note.kind, Note.text).where(Note.case_key == case_key)
    return [NoteView(*row) for row in session.execute(rows.order_by(Note.at, Note.id))]


@dataclass(frozen=True, slots=True)
class AccessView:
    """An entry of the access chain: who looked at what, or was refused."""

    at: dt.datetime
    actor_id: str
    kind: str  #: an AccessKind, or a word of the room that made the entry
    subject: str
    detail: Data


def access_of(session: Session, subjects: Sequence[str]) -> list[AccessView]:
    """Entries about these subjects (a case key, item ids), oldest first."""
    rows = sa.select(Access.at, Access.actor_id, Access.kind, Access.subject, Access.detail).where(
        Access.subject.in_(subjects)
    )
    return [AccessView(*row) for row in session.execute(rows.order_by(Access.day, Access.n))]


def latest_access(session: Session, actor_id: str, kind: str, subject: str) -> AccessView | None:
    """What this person did last of this kind with this subject."""
    rows = sa.select(Access.at, Access.actor_id, Access.kind, Access.subject, Access.detail)
    theirs = rows.where(Access.subject == subject, Access.actor_id == actor_id, Access.kind == kind)
    found = session.execute(theirs.order_by(Access.at.desc()).limit(1)).one_or_none()
    return None if found is None else AccessView(*found)


def access_counts(
    session: Session, kinds: Collection[str], since: dt.datetime, until: dt.datetime
) -> dict[tuple[str, str], int]:
    """(kind, subject) → how many entries of these kinds after `since`, up to `until`."""
    days = Access.day.between(
        (since - dt.timedelta(days=1)).date().isoformat(),
        (until + dt.timedelta(days=1)).date().isoformat(),
    )
    rows = (
        sa.select(Access.kind, Access.subject, sa.func.count())
        # the chain lies by days: they bound what is read
        .where(days, Access.kind.in_(kinds), Access.at > since, Access.at <= until)
        .group_by(Access.kind, Access.subject)
    )
    return {(kind, subject): n for kind, subject, n in session.execute(rows)}
