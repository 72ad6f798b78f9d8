"""A small part of `make attack-record`: what somebody who owns the database changes at random is found."""

from pathlib import Path

import pytest

from tests.attack.record import Place
from tests.attack.record import attack
from tests.attack.report import OWNER
from tests.attack.report import WORKING
from tests.kit.chance import dice
from tests.kit.month import month

ATTACKS = 5


@pytest.mark.slow
@pytest.mark.long
def test_what_an_owner_of_the_database_changes_at_random_is_found(tmp_path: Path) -> None:
    with month(tmp_path) as world:
        place = Place(world, tmp_path, dice(7))
        assert place.said == frozenset()
        for _n in range(ATTACKS):
            done = attack(place, OWNER)
            assert done.found or done.table in WORKING, done
            place.put(place.clean)
