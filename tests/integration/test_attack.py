"""A small part of `make attack`: a few seconds of each attack on the whole application, and none of
it lets anybody through."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.connections import connections
from tests.attack.crawl import cells, crawl, of_cases, standing
from tests.attack.crowd import crowds
from tests.attack.diagrams import diagrams
from tests.attack.findings import Attack
from tests.attack.guesses import guesses
from tests.attack.siege import asediada
from tests.attack.twice import twice
from tests.kit.chance import dice
from tests.kit.month import World, month

PATIENCE = 300.0  # seconds; what bounds them here is how many are tried


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with month(tmp_path_factory.mktemp("attacked")) as made:
        yield made


def held(attack: Attack, tried: int) -> None:
    assert attack.broken == []
    assert attack.tried > tried


@pytest.mark.slow
def test_everybody_gets_what_the_table_says_whatever_they_ask_for_and_how(world: World) -> None:
    held(crawl(world, dice(3), PATIENCE, 3_000, shown=False), 1_500)
    held(of_cases(world, dice(3), PATIENCE, 1), 300)


@pytest.mark.slow
def test_a_page_that_is_asked_for_writes_no_row_that_people_rely_on(world: World) -> None:
    asked = [cell for cell in cells(world, dice(4), shown=False) if cell.method == "GET"][:2_000]
    before = standing(world)
    for cell in asked:
        cell.browser.open(cell.path).close()
    assert {name for name, now in standing(world).items() if now != before[name]} == set()


@pytest.mark.slow
def test_guesses_are_braked_and_keep_nobody_out(world: World) -> None:
    held(guesses(world), 1_000)


@pytest.mark.slow
def test_crowds_that_end_nothing_keep_nobody_from_an_answer(world: World) -> None:
    held(crowds(world.app, dice(3)), 2_000)


@pytest.mark.slow
def test_no_connection_is_cut_while_children_hold_what_the_server_closed_and_no_head_without_one_host_is_taken() -> (
    None
):
    held(connections(dice(3), 5_000), 5_000)


@pytest.mark.slow
@pytest.mark.postgres
def test_a_form_sent_twice_at_once_does_as_much_as_one_after_the_other(
    tmp_path: Path, postgres_url: str
) -> None:
    with asediada(tmp_path, postgres_url, dice(3), gente=("asesor", "coordinador")) as asedio:
        held(twice(asedio, dice(3), PATIENCE, 12), 20)


def test_diagrams_that_somebody_changed_are_answered_by_findings() -> None:
    held(diagrams(dice(3), PATIENCE, 60), 50)
