"""What screens read of the engine goes by an index, whatever else the store holds: no table of
cases is read from end to end."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine import reads
from engine.reads.items import InboxFilter
from engine.reads.verification import verify
from engine.store import sql
from engine.store.uow import prepare
from engine.types import Actor, Role
from tests.kit import diagrams as m, records as records_kit
from tests.kit.cast import ASESOR
from tests.kit.clock import NOW
from tests.kit.engine import Kit

COORDINADOR = Actor(
    "person", "c", frozenset({Role("coordinador_gau"), Role("asesor"), Role("funcionario", "GAU")})
)
CASO = "caso-1"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    db = sa.create_engine(f"sqlite:///{tmp_path_factory.mktemp('planes') / 'v.db'}")
    prepare(db)
    kit = Kit(db)
    nodos = m.start("ini") + m.user("uno", fields="a") + m.user("dos", fields="b") + m.end("fin")
    carril = m.lane("l", "asesor", "punto_id", "ini", "uno", "dos", "fin")
    kit.deploy(
        p=m.model(
            m.process(
                "p", nodos + m.flows("ini > uno > dos > fin"), lanes=carril, variables="punto_id"
            )
        )
    )
    empezado = kit.engine.instances.start(
        "p", actor=ASESOR, now=kit.now, case_key=CASO, data={"punto_id": "P1"}
    )
    kit.engine.items.complete(empezado.opened[0].id, values={"a": "x"}, actor=ASESOR, now=kit.now)
    kit.engine.notes.add(CASO, "Una nota", actor=ASESOR, now=kit.now, kind="nota")
    yield kit
    db.dispose()


LECTURAS: dict[str, Callable[[Session, Kit], object]] = {
    "inbox": lambda s, _k: reads.items.inbox(s, COORDINADOR),
    "inbox of one's own": lambda s, _k: reads.items.inbox(s, COORDINADOR, InboxFilter(holder="c")),
    "inbox by element": lambda s, _k: reads.items.inbox(
        s, ASESOR, InboxFilter(element="dos", due_before=NOW)
    ),
    "inbox of what one may take": lambda s, _k: reads.items.inbox(
        s, ASESOR, InboxFilter(without=("dos",), free_or_of="a"), limit=None
    ),
    "open items of an inbox": lambda s, _k: s.execute(
        reads.items.open_of(COORDINADOR, InboxFilter())
    ).all(),
    "items by their ids": lambda s, _k: reads.items.by_ids(s, ["x"]),
    "tally of an inbox": lambda s, _k: reads.items.tally(s, COORDINADOR, InboxFilter()),
    "how many people hold": lambda s, _k: reads.items.number_held(s, ["c", "d"]),
    "inbox count": lambda s, _k: reads.items.inbox_count(s, COORDINADOR),
    "inbox elements": lambda s, _k: reads.items.inbox_elements(s, COORDINADOR),
    "what was worked on in a day": lambda s, _k: reads.items.worked(
        s, NOW, NOW, NOW + dt.timedelta(days=1)
    ),
    "items held": lambda s, _k: reads.items.held_by(s, "c"),
    "items of a case": lambda s, _k: reads.items.of_case(s, CASO),
    "next item": lambda s, _k: reads.items.next_of_case(s, ASESOR, CASO),
    "instances": lambda s, _k: reads.instances.of_case(s, CASO),
    "history": lambda s, k: reads.history.of_case(s, k.engine.catalog, CASO),
    "submissions": lambda s, _k: reads.history.submissions(s, CASO),
    "notes": lambda s, _k: reads.history.notes(s, CASO),
    "accesses": lambda s, _k: reads.history.access_of(s, [CASO]),
    "timers": lambda s, _k: reads.instances.timers(s, CASO),
    "path": lambda s, _k: [reads.instances.path(s, i.id) for i in reads.instances.of_case(s, CASO)],
    "open incidents": lambda s, _k: reads.incidents.open_ones(s),
    "audit of a case": lambda s, _k: verify(s, CASO),
    "due timers": lambda s, _k: sql.DUE_TIMERS.all(s, {"b_now": NOW, "b_limit": 100}),
}


@pytest.mark.parametrize("que", LECTURAS)
def test_a_reading_for_a_screen_goes_by_an_index(kit: Kit, que: str) -> None:
    with kit.engine.uow.reading() as session:
        LECTURAS[que](session, kit)  # releases are read once and kept
        planes = records_kit.plans(session, lambda: LECTURAS[que](session, kit))
    assert planes
    assert [
        plan
        for plan in planes
        if plan.startswith("SCAN")
        and "INDEX" not in plan
        and not plan.startswith(("SCAN anon", "SCAN (", "SCAN CONSTANT"))
    ] == []
