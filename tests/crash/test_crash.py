"""Deaths and outages at sizes for CI; `make crash` runs the full ones and writes docs/reliability.md."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash import kills
from tests.crash import outages
from tests.crash.servers import Postgres

SMALL = kills.Size(visits=3, kills=6, seconds=60, desks=3)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Of our own: it is restarted."""
    with Postgres(tmp_path_factory.mktemp("pg")) as server:
        yield server


@pytest.mark.slow
@pytest.mark.long
def test_killing_web_and_worker_at_every_point_loses_doubles_and_strands_nothing_on_sqlite(tmp_path: Path) -> None:
    result = kills.run(tmp_path, f"sqlite:///{tmp_path / 'ventanilla.db'}", SMALL, seed=7)
    _whole(result)


@pytest.mark.slow
@pytest.mark.postgres
def test_killing_web_and_worker_at_every_point_loses_doubles_and_strands_nothing_on_postgresql(tmp_path: Path, server: Postgres) -> None:
    with server.database() as url:
        result = kills.run(tmp_path, url, SMALL, seed=7)
    _whole(result)


def _whole(result: kills.Killed) -> None:
    assert result.proof.faults == []
    assert result.visits >= SMALL.visits
    assert sum(result.kills.values()) >= SMALL.kills
    assert result.forms >= 8 * SMALL.visits


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.postgres
def test_people_are_attended_through_restarts_of_postgresql(tmp_path: Path, server: Postgres) -> None:
    result = outages.restarts(tmp_path, server, seconds=20, gap=(2, 4), seed=3, count=3, most=2)
    assert result.proof.faults == []
    assert result.times >= 1
    assert result.visits >= 3


@pytest.mark.slow
@pytest.mark.long
def test_people_are_attended_through_a_full_disk(tmp_path: Path) -> None:
    result = outages.full_disk(tmp_path, times=2, seconds=20, seed=3, mount=False, count=3)
    assert result.proof.faults == []
    assert result.times == 2
    assert result.unavailable > 0
    assert result.visits >= 3
