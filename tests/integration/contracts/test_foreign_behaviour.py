"""What a name alone does not promise: that foreign libraries call what we put in the place of
theirs, and keep what we rely on."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dbos import DBOSConfig
from dbos._schemas.system_database import SystemSchema
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import InvalidatePoolError

from engine.jobs import durable
from engine.spiff import events, nodes, parser, workflow
from engine.spiff.tokens import Token
from engine.spiff.workflow import Sub
from engine.store import ends
from engine.store.uow import prepare
from tests.kit.diagrams import (
    boundary,
    catch,
    end,
    event,
    gate,
    model,
    process,
    start,
    sub,
    timer,
    user,
)
from tests.kit.play import Play, release

# --- SpiffWorkflow --------------------------------------------------------------------------------
ITEMS = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"


def everything() -> bytes:
    """A sub-process, a boundary event, a repeated activity, an exclusive and an event gateway."""
    repeated = user("M").replace("</userTask>", f"{ITEMS}</userTask>")
    drawn = (
        start() + sub("SP", start("s") + user("A") + end("e"), "s>A A>e") + boundary("B", "SP", timer("PT1H", "timeDuration"))
        + repeated + gate("exclusive", "X") + event("eventBasedGateway", "G", "") + catch("c1", timer("PT1H", "timeDuration"))
        + catch("c2", timer("PT2H", "timeDuration")) + end("E", "F", "H", "I")
    )  # fmt: skip
    return model(
        process("P", drawn, "S>SP SP>M B>F M>X X>G?n~==~1 X>H* G>c1 G>c2 c1>E c2>I", "n:integer")
    )


OVERRIDES: tuple[tuple[type, str], ...] = (
    (parser._Parser, "parse_node"),
    (parser._Parser, "_add_boundary_event"),
    (parser._Boundary, "create_task"),
    (parser._SubProcess, "create_task"),
    (parser._EventGateway, "handles_multiple_outgoing"),
    (parser._Process, "create_spec"),
    (parser._Process, "add_tasks"),
    (parser._Process, "get_outgoing_sequence_flows"),
    (events.EventGateway, "connect"),
    (workflow.Workflow, "create_subprocess"),
    (workflow.Environment, "condition"),
    (workflow.Environment, "evaluate"),
)


def test_the_library_calls_what_we_put_in_the_place_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: Counter[str] = Counter()

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(real)
        def run(*args: Any, **kwargs: Any) -> Any:
            called[name] += 1
            return real(*args, **kwargs)

        return run

    for cls, name in OVERRIDES:
        monkeypatch.setattr(cls, name, counted(f"{cls.__name__}.{name}", getattr(cls, name)))
    play = Play(release(everything()), n=1).do("A").do("M").do("M")
    assert set(play.timers) == {"c1", "c2"}
    assert {f"{cls.__name__}.{name}" for cls, name in OVERRIDES} - called.keys() == set()


def test_a_workflow_begins_empty_and_a_token_puts_itself_where_its_parent_finds_it() -> None:
    top = release(everything())._workflow("P", "p")
    assert (top.tasks, top.subprocesses, top.completed) == ({}, {}, False)
    first = Token(top, top.spec.start)
    second = Token(top, top.spec.start, first)
    assert list(top.tasks) == [first.id, second.id] == [1, 2]
    assert (first.child_ids, first.children, second.parent) == ([2], [second], first)


def test_every_process_has_the_ends_that_we_exchange_and_the_names_that_states_hold() -> None:
    play = Play(release(everything()), n=1)
    top = play.live._top
    assert type(top.spec.start) is nodes.Begin
    assert type(top.spec.end) is nodes.EndJoin
    names = set(top.spec.task_specs)
    assert {
        ".start",
        ".finish",
        "P.EndJoin",
        "SP",
        "SP.BoundaryEventSplit",
        "M",
        "M [child]",
    } <= names
    assert not [name for name in names if name.endswith("BoundaryEventJoin")]
    [inner] = top.subprocesses.values()
    assert type(inner) is Sub
    assert (inner.depth, inner.top_workflow, top.parent_task_id) == (1, top, None)


# --- SQLAlchemy -----------------------------------------------------------------------------------
@pytest.fixture
def db(tmp_path: Path) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{tmp_path / 'contract.db'}")


def test_sqlalchemy_asks_the_dialect_of_the_engine_to_begin_and_to_commit(
    db: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    for name in ("do_begin", "do_commit"):
        monkeypatch.setattr(db.dialect, name, lambda _proxy, name=name: said.append(name))
    with db.connect() as connection, connection.begin():
        connection.exec_driver_sql("SELECT 1")
    assert said == ["do_begin", "do_commit"]


def test_our_savepoints_are_those_that_a_nested_transaction_sends(
    db: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(db)
    said: list[str] = []
    real = ends.execute
    monkeypatch.setattr(
        ends,
        "execute",
        lambda connection, text: (said.append(text.rpartition(" ")[0]), real(connection, text))[1],
    )
    with db.connect() as connection, connection.begin():
        with connection.begin_nested():
            pass
        connection.begin_nested().rollback()
    assert said == ["SAVEPOINT", "RELEASE SAVEPOINT", "SAVEPOINT", "ROLLBACK TO SAVEPOINT"]


def test_a_listener_is_seen_on_the_connection_and_so_is_none(db: sa.Engine) -> None:
    with db.connect() as connection:
        assert not connection.dispatch.before_cursor_execute
    sa.event.listen(db, "before_cursor_execute", lambda *_: None)
    with db.connect() as connection:
        assert connection.dispatch.before_cursor_execute


def test_a_connection_that_is_refused_at_checkout_is_replaced(db: sa.Engine) -> None:
    made: list[object] = []
    refused: list[object] = []
    sa.event.listen(db, "connect", lambda connection, _: made.append(connection))

    @sa.event.listens_for(db, "checkout")
    def _checkout(connection: object, *_: object) -> None:
        if not refused:
            refused.append(connection)
            raise InvalidatePoolError

    with db.connect() as connection:
        assert connection.connection.dbapi_connection is made[-1]
    assert (len(made), refused) == (2, made[:1])


def test_parameters_go_by_place_in_sqlite_and_by_name_in_psycopg() -> None:
    statement = sa.select(sa.bindparam("b"), sa.bindparam("a"))
    by_place: Any = statement.compile(dialect=sa.create_engine("sqlite://").dialect)
    by_name: Any = statement.compile(dialect=PGDialect_psycopg())
    assert (by_place.positiontup, str(by_place).count("?")) == (["b", "a"], 2)
    assert by_name.positiontup is None
    assert "%(b)s" in str(by_name)
    assert set(by_name.binds) == {"a", "b"}


# --- the job library ------------------------------------------------------------------------------
def test_the_table_of_jobs_has_the_columns_that_our_sql_reads() -> None:
    assert {"workflow_uuid", "status", "name", "executor_id"} <= set(
        SystemSchema.workflow_status.c.keys()
    )
    assert SystemSchema.workflow_status.name == "workflow_status"


def test_the_configuration_has_the_keys_that_a_worker_sets() -> None:
    used = {
        "name",
        "system_database_engine",
        "executor_id",
        "application_version",
        "use_listen_notify",
        "max_executor_threads",
        "log_level",
    }
    assert used <= DBOSConfig.__annotations__.keys()
    text = Path(durable.__file__).read_text("utf-8")
    assert {key for key in used if f'"{key}"' in text} == used
