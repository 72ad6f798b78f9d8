"""`verify` finds whatever was done to the evidence behind the engine's back, and names the first
bad row."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.reads.verification import Fault, verify
from engine.store.uow import prepare
from engine.turn.journal import SNAPSHOT_EVERY
from tests.kit import diagrams as m
from tests.kit.cast import ASESOR, FUNCIONARIA
from tests.kit.engine import Kit

CASO = "caso-1"
OTRO = "caso-2"
LARGO = "caso-largo"


def tres_pasos() -> bytes:
    nodos = (
        m.start("ini")
        + m.user("uno", fields="a")
        + m.user("dos", fields="b")
        + m.user("tres", fields="c")
        + m.end("fin")
    )
    carril = m.lane("l", "asesor", "punto_id", "ini", "uno", "dos", "tres", "fin")
    return m.model(
        m.process(
            "p", nodos + m.flows("ini > uno > dos > tres > fin"), lanes=carril, variables="punto_id"
        )
    )


@pytest.fixture(scope="module")
def semilla(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases at their third task, a note each, a snapshot, and two days of accesses; written
    once."""
    archivo = tmp_path_factory.mktemp("verify") / "semilla.db"
    db = sa.create_engine(f"sqlite:///{archivo}")
    prepare(db)
    kit = Kit(db)
    kit.deploy(p=tres_pasos())
    for clave in (CASO, OTRO):
        abierto = kit.engine.instances.start(
            "p", actor=ASESOR, now=kit.now, case_key=clave, data={"punto_id": "P1"}
        )
        seguido = kit.engine.items.complete(
            abierto.opened[0].id, values={"a": "lo escrito"}, actor=ASESOR, now=kit.later(minutes=1)
        )
        kit.engine.items.complete(
            seguido.opened[0].id, values={"b": "lo segundo"}, actor=ASESOR, now=kit.later(minutes=1)
        )
        kit.engine.notes.add(clave, "Llamó la persona", actor=ASESOR, now=kit.now, kind="nota")
    largo = (
        kit.engine.instances.start(
            "p", actor=ASESOR, now=kit.now, case_key=LARGO, data={"punto_id": "P1"}
        )
        .opened[0]
        .id
    )
    for _vez in range((SNAPSHOT_EVERY - 2) // 2):
        kit.engine.items.claim(largo, actor=ASESOR, now=kit.now)
        kit.engine.items.release(largo, actor=ASESOR, now=kit.now)
    kit.another_engine().items.complete(largo, values={"a": "al fin"}, actor=ASESOR, now=kit.now)
    for horas in (0, 0, 24, 0):
        kit.engine.log_access(FUNCIONARIA, "consulta_caso", CASO, now=kit.later(hours=horas))
    with db.connect() as c:
        c.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.dispose()
    return archivo


@dataclass(frozen=True, slots=True)
class Evidencia:
    db: sa.Engine

    def rows(self, texto: str) -> list[tuple[object, ...]]:
        with self.db.connect() as c:
            return [tuple(fila) for fila in c.execute(sa.text(texto))]


@pytest.fixture
def kit(semilla: Path, tmp_path: Path) -> Iterator[Evidencia]:
    """The database as somebody holds it who can write SQL."""
    shutil.copy(semilla, tmp_path / "copia.db")
    db = sa.create_engine(f"sqlite:///{tmp_path / 'copia.db'}")
    yield Evidencia(db)
    db.dispose()


def sql(kit: Evidencia, *ordenes: str) -> None:
    with kit.db.begin() as c:
        for orden in ordenes:
            c.execute(sa.text(orden), {"i": instancia(kit)} if ":i" in orden else {})


def instancia(kit: Evidencia) -> str:
    ((id_,),) = kit.rows("SELECT id FROM instance WHERE case_key = 'caso-1'")
    return str(id_)


def faltas(kit: Evidencia, case_key: str | None = None) -> tuple[Fault, ...]:
    with Session(kit.db) as session:
        return verify(session, case_key).faults


def test_what_nobody_touched_has_no_faults_and_everything_was_counted(kit: Evidencia) -> None:
    with Session(kit.db) as session:
        informe = verify(session)
    assert informe.faults == ()
    assert (informe.instances, informe.journal_rows, informe.forms) == (3, 6 + SNAPSHOT_EVERY, 5)
    assert informe.access_rows == len(kit.rows("SELECT n FROM access"))


EDICIONES = {
    "actor": "UPDATE journal SET actor_id = 'otro' WHERE instance_id = :i AND rev = 2",
    "instant": "UPDATE journal SET at = '2026-11-01 00:00:00.000000' WHERE instance_id = :i AND rev = 2",
    "element": "UPDATE journal SET element = 'dos' WHERE instance_id = :i AND rev = 2",
    "kind": "UPDATE journal SET kind = 'claim' WHERE instance_id = :i AND rev = 2",
    "detail": """UPDATE journal SET detail = '{"nada": 1}' WHERE instance_id = :i AND rev = 2""",
    "delta": "UPDATE journal SET delta = x'00' WHERE instance_id = :i AND rev = 2",
    "digest of the form": "UPDATE journal SET digest = zeroblob(32) WHERE instance_id = :i AND rev = 2",
    "hash": "UPDATE journal SET hash = zeroblob(32) WHERE instance_id = :i AND rev = 2",
}


@pytest.mark.parametrize("que", EDICIONES)
def test_an_edited_journal_row_is_named(kit: Evidencia, que: str) -> None:
    """The very row, not the one after it."""
    sql(kit, EDICIONES[que])
    (falta,) = faltas(kit)
    assert (falta.chain, falta.what) == (f"instance {instancia(kit)}", "edited")
    assert falta.row.startswith("rev 2 ")


COPIA = (
    "INSERT INTO journal (instance_id, rev, at, actor_kind, actor_id, kind, element, detail, delta, digest, hash) "
    "SELECT instance_id, {a}, at, actor_kind, actor_id, kind, element, detail, delta, digest, hash "
    "FROM journal WHERE instance_id = :i AND rev = {de}"
)
CAMBIOS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "deletion in the middle": (
        ("DELETE FROM journal WHERE instance_id = :i AND rev = 2",),
        "rev 2",
        "missing",
    ),
    "deletion of the first": (
        ("DELETE FROM journal WHERE instance_id = :i AND rev = 1",),
        "rev 1",
        "missing",
    ),
    "cut of the last": (
        (
            "DELETE FROM submission WHERE instance_id = :i AND rev = 3",
            "DELETE FROM journal WHERE instance_id = :i AND rev = 3",
        ),
        "rev 3",
        "cut",
    ),
    "cut of the last with the number of the instance": (
        (
            "DELETE FROM submission WHERE instance_id = :i AND rev = 3",
            "DELETE FROM journal WHERE instance_id = :i AND rev = 3",
            "UPDATE instance SET rev = 2 WHERE id = :i",
        ),
        "head",
        "edited",
    ),
    "insertion at the end": ((COPIA.format(a=4, de=3),), "rev 4", "edited"),
    "insertion in the middle": (
        (
            "UPDATE journal SET rev = 9 WHERE instance_id = :i AND rev = 3",
            "UPDATE submission SET rev = 9 WHERE instance_id = :i AND rev = 3",
            COPIA.format(a=3, de=2),
        ),
        "rev 3",
        "edited",
    ),
    "reordering": (
        (
            "UPDATE journal SET rev = 9 WHERE instance_id = :i AND rev = 2",
            "UPDATE journal SET rev = 2 WHERE instance_id = :i AND rev = 3",
            "UPDATE journal SET rev = 3 WHERE instance_id = :i AND rev = 9",
        ),
        "rev 2",
        "edited",
    ),
    "head": (("UPDATE instance SET head = zeroblob(32) WHERE id = :i",), "head", "edited"),
    "form edited": (
        (
            """UPDATE submission SET form_values = '{"a": "otra cosa"}' WHERE instance_id = :i AND rev = 2""",
        ),
        "rev 2",
        "form",
    ),
    "form of another moment": (
        (
            "UPDATE submission SET at = '2026-01-01 00:00:00.000000' WHERE instance_id = :i AND rev = 2",
        ),
        "rev 2",
        "form",
    ),
    "form of another task": (
        ("UPDATE submission SET element = 'otra' WHERE instance_id = :i AND rev = 2",),
        "rev 2",
        "form",
    ),
    "form of somebody else": (
        ("UPDATE submission SET actor_id = 'otro' WHERE instance_id = :i AND rev = 2",),
        "rev 2",
        "form",
    ),
    "form emptied without an act": (
        (
            "UPDATE submission SET form_values = NULL, salt = NULL WHERE instance_id = :i AND rev = 2",
        ),
        "rev 2",
        "form",
    ),
    "form deleted": (
        ("DELETE FROM submission WHERE instance_id = :i AND rev = 2",),
        "rev 2",
        "form",
    ),
    "form moved to a row without one": (
        ("UPDATE submission SET rev = 1 WHERE instance_id = :i AND rev = 2",),
        "rev 1",
        "inserted",
    ),
}


@pytest.mark.parametrize("que", CAMBIOS)
def test_a_change_of_the_chain_is_named_with_its_row(kit: Evidencia, que: str) -> None:
    ordenes, fila, como = CAMBIOS[que]
    sql(kit, *ordenes)
    (falta,) = faltas(kit)
    assert falta.chain == f"instance {instancia(kit)}"
    assert (falta.row.split(" (")[0], falta.what) == (fila, como)
    assert faltas(kit, CASO) == (falta,)
    assert faltas(kit, OTRO) == (), "the other case is whole"


def test_the_journal_of_a_deleted_instance_is_named(kit: Evidencia) -> None:
    quien = instancia(kit)
    sql(kit, "PRAGMA foreign_keys = OFF", "DELETE FROM instance WHERE id = :i")
    assert Fault(f"instance {quien}", "instance row", "missing") in faltas(kit)


def test_a_form_of_no_instance_is_named(kit: Evidencia) -> None:
    sql(
        kit,
        "INSERT INTO submission (instance_id, rev, item_id, element, form, release, actor_id, at, form_values, salt)"
        " SELECT 'nadie', rev, item_id, element, form, release, actor_id, at, form_values, salt FROM submission WHERE instance_id = :i",
    )
    assert faltas(kit) == (Fault("instance nadie", "instance row", "missing"),)


def test_an_edited_snapshot_is_named(kit: Evidencia) -> None:
    ((quien, rev),) = kit.rows("SELECT instance_id, rev FROM snapshot")
    assert rev == SNAPSHOT_EVERY
    sql(kit, "UPDATE snapshot SET state = x'00'")
    assert faltas(kit) == (Fault(f"instance {quien}", f"snapshot of rev {rev}", "snapshot"),)


def test_an_edited_note_is_named(kit: Evidencia) -> None:
    sql(kit, "UPDATE note SET text = 'No llamó nadie' WHERE case_key = 'caso-1'")
    (falta,) = faltas(kit)
    assert (falta.chain, falta.what) == (f"notes of {CASO}", "note")


ACCESOS: dict[str, tuple[str, str, str]] = {
    "edited": (
        "UPDATE access SET actor_id = 'otro' WHERE day = '2026-11-24' AND n = 2",
        "n 2",
        "edited",
    ),
    "deleted in the middle": (
        "DELETE FROM access WHERE day = '2026-11-24' AND n = 2",
        "n 2",
        "missing",
    ),
    "cut": (
        "DELETE FROM access WHERE day = '2026-11-24' AND n = (SELECT max(n) FROM access WHERE day = '2026-11-24')",
        "n ",
        "cut",
    ),
    "day without its head": ("DELETE FROM access_head WHERE day = '2026-11-25'", "head", "missing"),
    "whole day deleted": ("DELETE FROM access WHERE day = '2026-11-25'", "n 1", "cut"),
}


@pytest.mark.parametrize("que", ACCESOS)
def test_a_change_of_the_access_chain_is_named(kit: Evidencia, que: str) -> None:
    orden, fila, como = ACCESOS[que]
    sql(kit, orden)
    falta = faltas(kit)[0]
    assert falta.chain.startswith("access 2026-11-2")
    assert falta.row.startswith(fila)
    assert falta.what == como


def test_the_access_chain_of_one_day_hangs_on_the_day_before(kit: Evidencia) -> None:
    """A whole day removed with its head breaks the next one."""
    sql(
        kit,
        "DELETE FROM access WHERE day = '2026-11-24'",
        "DELETE FROM access_head WHERE day = '2026-11-24'",
    )
    (falta,) = faltas(kit)
    assert falta == Fault("access 2026-11-25", "n 1 (consulta_caso)", "edited")


INSTANTANEAS = (
    "UPDATE snapshot SET state = 100000000000000000",
    "UPDATE snapshot SET state = -1",
    "UPDATE snapshot SET state = 1.5",
    "UPDATE snapshot SET state = 'texto'",
    "UPDATE snapshot SET state = x'00'",
)


@pytest.mark.parametrize("orden", INSTANTANEAS)
def test_a_snapshot_that_was_changed_is_named_whatever_stands_there(
    kit: Evidencia, orden: str
) -> None:
    sql(kit, orden)
    (falta,) = faltas(kit)
    assert (falta.row, falta.what) == (f"snapshot of rev {SNAPSHOT_EVERY}", "snapshot")
