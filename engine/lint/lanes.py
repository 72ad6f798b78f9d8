"""Lanes against what the agency keeps: the lists of places for which roles are held, and the roles
that are known already."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from engine.errors import Finding, Rule
from engine.types import ElementSpec, LaneSpec, Processes

LANE_ROLE_CODE: Final = Rule("lane_role_code", "Ventanilla", ("role",))
LANE_SCOPE_OTHER: Final = Rule("lane_scope_other", "Ventanilla", ("role", "scope", "wanted"))
LANE_SCOPE_UNKNOWN: Final = Rule("lane_scope_unknown", "Ventanilla", ("scope",))
PLACE_TAKEN: Final = Rule("place_taken", "Ventanilla", ("list", "place"))

MAX_CODE: Final = 40


def lanes(processes: Processes, files: Collection[str]) -> Iterator[tuple[str, LaneSpec]]:
    """File and lane of whatever has a lane with a role, each lane once, in the order of the
    diagrams; then, as lanes of their own, the roles that only begin a process or hand a message
    over.
    """
    for process in processes.values():
        if process.file in files:
            found = (
                each.lane
                for each in process.elements.values()
                if each.lane is not None and each.lane.role is not None
            )
            drawn = dict.fromkeys(found)
            yield from ((process.file, lane) for lane in drawn)
            known = {lane.role for lane in drawn}
            named = {
                role: each.id
                for each in process.elements.values()
                for role in _outside_lanes(each)
                if role not in known
            }
            yield from (
                (process.file, LaneSpec(element, role, role, None))
                for role, element in named.items()
            )


def _outside_lanes(element: ElementSpec) -> tuple[str, ...]:
    begins = element.start.roles if element.start is not None else ()
    return begins + (element.delivery.roles if element.delivery is not None else ())


def check(
    found: Iterator[tuple[str, LaneSpec]], scopes: Mapping[str, str], roles: Mapping[str, str]
) -> Iterator[Finding]:
    """`scopes`: the variables that name a place, with the name of their list; `roles`: by which of
    them a role is held, "" for none.

    A role that is held everywhere may work for one place at a time; one that is held for places
    works for those of its list alone.
    """
    held = dict(roles)
    for file, lane in found:
        role, scope = lane.role or "", lane.scope or ""
        if not (role.isidentifier() and role.isascii() and len(role) <= MAX_CODE):
            yield LANE_ROLE_CODE.at(file, lane.id, role=role)
        elif scope and scope not in scopes:
            yield LANE_SCOPE_UNKNOWN.at(file, lane.id, scope=scope)
        elif scope and held.get(role) and held[role] != scope:
            yield LANE_SCOPE_OTHER.at(
                file,
                lane.id,
                role=role,
                scope=scopes[scope],
                wanted=scopes.get(held[role], held[role]),
            )
        if role not in roles:
            held[role] = held.get(role) or scope


def taken(places: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    """Of each the text that brings it, its list, and a code that is not free."""
    yield from (PLACE_TAKEN.at(file, None, list=name, place=code) for file, name, code in places)
