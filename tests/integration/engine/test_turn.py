"""What a turn is made of, and that nothing of it stays behind."""

import gc

import pytest
import sqlalchemy as sa

from engine.turn import Scene, Turn
from engine.types import SYSTEM
from tests.kit import diagrams as m
from tests.kit.engine import Kit


@pytest.fixture
def kit(db: sa.Engine) -> Kit:
    return Kit(db)


def scenes() -> int:
    return sum(isinstance(each, Scene) for each in gc.get_objects())


def test_what_a_command_held_is_freed_when_it_ends_and_not_by_the_garbage_collector(
    kit: Kit,
) -> None:
    body = m.start("ini") + m.user("a") + m.end("fin") + m.flows("ini>a>fin")
    kit.deploy(p=m.model(m.process("P", body, lanes=m.lane("L1", "asesor", "", "a"))))
    item = kit.engine.instances.start("P", actor=SYSTEM, now=kit.now).opened[0]
    gc.collect()
    gc.disable()
    try:
        with kit.engine.uow.reading() as session:
            turn = kit.engine.core.look(session, item.instance_id, kit.now)
            assert (type(turn), scenes()) == (Turn, 1)
            del turn
            assert scenes() == 0
        kit.engine.items.complete(item.id, values={}, actor=SYSTEM, now=kit.now)
        assert scenes() == 0
    finally:
        gc.enable()
