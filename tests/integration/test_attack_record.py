"""A small part of `make attack-record`: what somebody who owns the database changes at random is
found."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.store import rows
from records.sistemas.vigiladas import VIGILADAS
from tests.attack.record import FELL, NO_RECORD, TABLES, Nothing, Place, attack, spoil
from tests.attack.report import OWNER, WORKING
from tests.kit.chance import dice
from tests.kit.month import month

ATTACKS = 5
UNREADABLE = 25
#: A fault for each verifier of `flask audit verify`, and what it is called.
STANDING = {
    "UPDATE mes_cerrado SET huella = 'x'": "mes 2026-10, versión 1: huella del mes",
    "UPDATE reporte_punto SET huella = 'x' WHERE id = (SELECT min(id) FROM reporte_punto)": "reporte de ",
    "UPDATE informe_mensual SET huella = 'x' WHERE id = (SELECT max(id) FROM informe_mensual)": "informe ",
    "UPDATE auditoria SET semilla = 'x' WHERE id = (SELECT max(id) FROM auditoria)": "muestra de la auditoría ",
    "UPDATE auditoria_informe SET huella = 'x' WHERE id = (SELECT max(id) FROM auditoria_informe)": "informe de la auditoría ",
    "UPDATE comite_acta SET huella = 'x'": "acta del comité de ",
    "UPDATE paquete_interventoria SET huella = 'x'": "paquete de ",
    "UPDATE pagina_copia SET huella = 'x' WHERE id = (SELECT max(id) FROM pagina_copia)": "copia ",
    "UPDATE archivo SET sha256 = 'x' WHERE id = (SELECT max(id) FROM archivo)": "archivo «",
    "UPDATE journal SET actor_id = 'x' WHERE rowid = (SELECT max(rowid) FROM journal)": "instance ",
    "UPDATE access SET actor_id = 'x' WHERE rowid = (SELECT max(rowid) FROM access)": "access ",
    "UPDATE note SET text = 'x'": "notes of ",
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with month(tmp_path) as world:
        yield Place(world, tmp_path, dice(7))


@pytest.mark.slow
@pytest.mark.long
def test_what_an_owner_of_the_database_changes_at_random_is_found(place: Place) -> None:
    assert place.said == frozenset()
    for _n in range(ATTACKS):
        done = attack(place, OWNER)
        assert done.found or done.table in WORKING, done
        place.put(place.clean)


@pytest.mark.slow
def test_a_value_that_cannot_be_read_is_named_and_hides_no_other_fault(place: Place) -> None:
    """Each verifier has a fault of its own to tell, and tells it whatever else lies in the
    database."""
    with place.sql() as c:
        for change in STANDING:
            assert c.execute(sa.text(change)).rowcount
    place.keep(place.clean)
    standing = [
        line
        for line in place.faults("audit", "verify")
        if any(name in line for name in STANDING.values())
    ]
    assert [name for name in STANDING.values() if not any(name in line for line in standing)] == []
    columns = [
        column for name in sorted(TABLES.keys() - NO_RECORD) for column in TABLES[name].columns
    ]
    place.rng.shuffle(columns)
    tried = 0
    while tried < UNREADABLE:
        column = columns.pop()
        try:
            new = spoil(place, column.table, column)
        except Nothing:
            continue
        which, tried = f"{column} = {new!r}", tried + 1
        told = place.faults("audit", "verify")
        assert not any(line.startswith(FELL) for line in told), which
        assert len(told) >= len(standing), which
        place.put(place.clean)


@pytest.mark.slow
def test_a_value_of_every_table_that_cannot_be_read_is_named_by_its_row(place: Place) -> None:
    """All at once: none hides another."""
    spoiled = []
    for table in rows.with_ours(VIGILADAS):
        try:
            spoil(
                place,
                table,
                place.rng.choice(
                    [column for column in table.columns if not column.primary_key]
                    or list(table.columns)
                ),
            )
        except Nothing:
            continue
        spoiled.append(table.name)
    said = "\n".join(place.faults("evidence", "verify"))
    assert FELL not in said
    assert [table for table in spoiled if f"fila {table} " not in said] == []
    assert len(spoiled) > len(VIGILADAS) // 2
    assert FELL not in "\n".join(place.faults("audit", "verify"))
