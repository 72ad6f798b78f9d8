"""Deaths and outages at sizes for CI; `make crash` runs the full ones and writes
docs/reliability.md."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.crash import clients, kills, outages
from tests.crash.clients import World, desks
from tests.crash.ledger import Ledger, read
from tests.crash.proof import Proof, people
from tests.crash.servers import Postgres
from tests.kit.processes import free_ports

SMALL = kills.Size(visits=3, kills=6, seconds=60, desks=3)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Of our own: it is restarted."""
    with Postgres(tmp_path_factory.mktemp("pg")) as server:
        yield server


def test_where_nothing_begins_the_machine_is_too_slow_and_nothing_is_stuck(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "LIMIT", 0.2)
    [port] = free_ports(1)
    world = World(
        sa.create_engine("sqlite://"),
        port,
        [],
        defaultdict(str),
        Ledger(tmp_path / "ledger.jsonl", sync=False),
    )
    [desk] = desks(world, 1)
    desk.run()
    proof = Proof()
    people(world, proof, read(tmp_path / "ledger.jsonl"))
    assert [fault.partition(": ")[0] for fault in proof.faults] == ["machine too slow"]
    world.ledger.write("turn", turn=1, mark="m")
    begun = Proof()
    people(world, begun, read(tmp_path / "ledger.jsonl"))
    assert [fault.partition(": ")[0] for fault in begun.faults] == ["stuck"]
    world.ledger.close()


@pytest.mark.slow
@pytest.mark.long
def test_killing_web_and_worker_at_every_point_loses_doubles_and_strands_nothing_on_sqlite(
    tmp_path: Path,
) -> None:
    result = kills.run(tmp_path, f"sqlite:///{tmp_path / 'ventanilla.db'}", SMALL, seed=7)
    _whole(result)


@pytest.mark.slow
@pytest.mark.postgres
def test_killing_web_and_worker_at_every_point_loses_doubles_and_strands_nothing_on_postgresql(
    tmp_path: Path, server: Postgres
) -> None:
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
def test_people_are_attended_through_restarts_of_postgresql(
    tmp_path: Path, server: Postgres
) -> None:
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
