"""Segregation of duties, proven: every pair of activities that a diagram keeps apart, and who
really did both, by the journal."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.catalog import Catalog
from engine.reads.history import AccessView
from engine.states import AccessKind, Act, ActorKind
from engine.store.tables import Access, Instance, Journal
from engine.types import Processes


@dataclass(frozen=True, slots=True)
class Apart:
    """`<v:separate>`: whoever did `other` does not do `element`, in the same case."""

    process: str
    process_name: str
    element: str
    name: str
    other: str
    other_name: str


@dataclass(frozen=True, slots=True)
class BothDone:
    """One person did both in one case: what must not be."""

    case_key: str
    person: str
    at: dt.datetime  #: when `element` was done
    other_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule and what became of it. `cases`: those in which both activities were done; `times`: how
    often `element` was done there."""

    rule: Apart
    cases: int
    times: int
    violations: tuple[BothDone, ...]
    refused: tuple[AccessView, ...]  #: tries that the engine did not take, the latest last


def rules(processes: Processes) -> list[Apart]:
    """Of the diagrams of a release, in the order of their processes."""
    found = []
    names = {
        element.id: element
        for process in processes.values()
        for element in process.elements.values()
    }
    for process in processes.values():
        for element in process.elements.values():
            for other in element.not_same_person_as:
                known = process.elements.get(other) or names.get(other)
                found.append(
                    Apart(
                        process.id,
                        process.name,
                        element.id,
                        element.name,
                        other,
                        known.name if known else other,
                    )
                )
    return found


def kept(session: Session, catalog: Catalog, release: int) -> list[Kept]:
    """Each rule that is in force over every case ever executed, whatever release it ran under.
    Reads the journal, not the tasks."""
    processes = catalog.release(session, release).processes
    refusals = _refusals(session)
    return [_kept(session, rule, processes, refusals) for rule in rules(processes)]


def noted(session: Session) -> dict[str, list[AccessView]]:
    """Rule that no diagram draws → tries that were not taken and noted under it, the latest
    last."""
    of_rule: dict[str, list[AccessView]] = {}
    for refusal in _refusals(session):
        if "rule" in refusal.detail:
            of_rule.setdefault(str(refusal.detail["rule"]), []).append(refusal)
    return of_rule


def _kept(
    session: Session, rule: Apart, processes: Processes, refusals: Sequence[AccessView]
) -> Kept:
    """Instances of the process itself, of the one that has `other`, and of those that call them:
    what they call runs inside them."""
    files = {p.file for p in processes.values() if p.id == rule.process or rule.other in p.elements}
    run_it = [p.id for p in processes.values() if not files.isdisjoint({p.file, *p.uses})]
    rows = session.execute(
        sa.select(Instance.case_key, Journal.element, Journal.actor_id, Journal.at)
        .join(Journal, Journal.instance_id == Instance.id)
        .where(
            Instance.process.in_(run_it),
            Journal.kind == Act.COMPLETE,
            Journal.element.in_([rule.element, rule.other]),
        )
        .where(Journal.actor_kind == ActorKind.PERSON)
        .order_by(Instance.case_key, Journal.at)
    )
    done: dict[str, tuple[list[tuple[str, dt.datetime]], dict[str, dt.datetime]]] = {}
    for case_key, element, person, at in rows:
        ours, others = done.setdefault(case_key, ([], {}))
        if element == rule.element:
            ours.append((person, at))
        else:
            others.setdefault(person, at)
    both = {case_key: acts for case_key, acts in done.items() if acts[0] and acts[1]}
    violations = tuple(
        BothDone(case_key, person, at, others[person])
        for case_key, (ours, others) in both.items()
        for person, at in ours
        if person in others
    )
    refused = tuple(
        r for r in refusals if r.detail.get("element") == rule.element and rule.other in _others(r)
    )
    return Kept(rule, len(both), sum(len(ours) for ours, _ in both.values()), violations, refused)


def _others(refusal: AccessView) -> list[str]:
    return str(refusal.detail.get("other", "")).split(", ")


def _refusals(session: Session) -> list[AccessView]:
    """Of this kind, oldest first."""
    columns = (Access.at, Access.actor_id, Access.kind, Access.subject, Access.detail)
    rows = (
        sa.select(*columns).where(Access.kind == AccessKind.REFUSAL).order_by(Access.day, Access.n)
    )
    return [
        view
        for row in session.execute(rows)
        if (view := AccessView(*row)).detail.get("reason") == "same_person"
    ]
