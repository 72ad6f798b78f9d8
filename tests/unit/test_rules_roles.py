"""The one table of roles agrees with the diagrams, the accounts of the demo, the cast of the tests
and the routes."""

import re
from pathlib import Path

from demo.cuentas import todas
from records.cuentas.reglas.roles import (
    DISPOSITIVOS,
    ROLES,
    Alcance,
    Facultad,
    con_facultad,
)
from tests.kit.cast import ELENCO
from webforms.salas import MENU

ROOT = Path(__file__).resolve().parents[2]
DIAGRAMS = sorted((ROOT / "bpmn" / "m5_1_02").rglob("*.bpmn"))
LANE = re.compile(r'<v:lane role="(\w+)"(?: scope="(\w+)")?')


def test_a_lane_names_a_role_of_the_table_and_its_reach() -> None:
    """A role that is held everywhere may work for one point at a time: the place of its task is
    then the point."""
    lanes = {
        (role, scope)
        for diagram in DIAGRAMS
        for role, scope in LANE.findall(diagram.read_text("utf-8"))
    }
    assert lanes
    assert {
        (role, scope)
        for role, scope in lanes
        if role not in ROLES or ROLES[role].alcance not in (scope, Alcance.ENTIDAD)
    } == set()
    assert {role for role, _ in lanes} <= {rol.codigo for rol in ROLES.values() if rol.en_carriles}


def test_accounts_hold_roles_of_the_table_for_what_they_reach() -> None:
    held = {role for account in todas() for role in account.roles} | {
        role for _, roles in ELENCO.values() for role in roles
    }
    assert {
        (role, place)
        for role, place in held
        if (place is None) != (ROLES[role].alcance is Alcance.ENTIDAD)
    } == set()


def test_every_faculty_is_somebodys_and_every_row_of_the_bar_has_one_order() -> None:
    assert [faculty for faculty in Facultad if not con_facultad(faculty)] == []
    places = [(entry.grupo, entry.orden) for _, entry, _ in MENU if entry.orden]
    assert len(places) == len(set(places))


def test_what_a_role_or_a_device_includes_exists() -> None:
    included = {other for role in ROLES.values() for other in role.incluye}
    assert included <= set(ROLES)
    assert {role for kind in DISPOSITIVOS.values() for role in kind.roles} <= set(ROLES) | set(
        DISPOSITIVOS
    )


def test_roles_that_do_more_than_their_tasks_are_named_by_their_faculties() -> None:
    """Pages ask for a faculty: only the table says which roles have it. Three of their words are
    also rooms and columns."""
    rooms = [
        path
        for room in ("records", "handlers", "webforms")
        for kind in ("*.py", "*.html")
        for path in (ROOT / room).rglob(kind)
    ]
    codes = {
        rol.codigo for rol in ROLES.values() if rol.puede and rol.alcance is Alcance.ENTIDAD
    } - {
        "cumplimiento",
        "gestion_documental",
        "interventor",
    }
    named = re.compile("|".join(f"[\"']{code}[\"']" for code in sorted(codes)))
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in [*rooms, ROOT / "app.py"]
        if named.search(path.read_text("utf-8"))
    }
    assert naming == {"records/cuentas/reglas/roles.py"}
