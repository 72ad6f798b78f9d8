"""Databases for the tests: an SQLite file each, and one real PostgreSQL server (from a wheel, or
POSTGRES_URL); a browser."""

import gc
import os
import secrets
from collections.abc import Generator, Iterator
from pathlib import Path, PurePosixPath
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy.engine import make_url

from common.language import SPANISH
from engine.store.uow import prepare
from records.base.reglas.entidad import Entidad
from records.plazos.reglas.calendario import situar
from tests.kit import unpickler
from tests.kit.browser import CHROMIUM, FLAGS
from tests.kit.postgres import sqlalchemy_url, wheel
from tests.kit.remembered import remember
from tests.kit.rest import in_the_rest

settings.register_profile("ventanilla", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("ventanilla")
os.environ["LANGUAGE"] = "es"  # of the commands that tests quote, whoever sits there


unpickler.listen()


@pytest.fixture(autouse=True)
def nothing_unpickled() -> Iterator[None]:
    """No test of the product, whatever it does, makes a pickle look up a name: a row or a file
    would command the process."""
    unpickler.told()
    yield
    assert unpickler.told() == []


@pytest.fixture(scope="session", autouse=True)
def remembered() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        remember(patch)
        yield


@pytest.fixture(scope="module", autouse=True)
def agency_of_its_own() -> Iterator[None]:
    """What a process knows of its agency, and which language that speaks, is of one file of
    tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.language._Voice.agency", SPANISH)
        patch.setattr("records.base.reglas.entidad._AQUI", [Entidad()])
        yield


@pytest.fixture(params=["America/Bogota", "Europe/Madrid"])
def everywhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """The test runs once where clocks never change and once where they do; the holidays stay those
    of Colombia."""
    situar(ZoneInfo(request.param))
    yield
    situar()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real server."""
    given = os.environ.get("POSTGRES_URL")
    if given:
        yield given
        return
    server = wheel().server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    admin = sa.create_engine(sqlalchemy_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # nobody pulls this machine's plug
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    admin.dispose()
    yield sqlalchemy_url(server)
    server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of an empty database of its own."""
    name = f"t_{secrets.token_hex(6)}"
    admin = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ventanilla.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_url(request: pytest.FixtureRequest) -> str:
    """The test runs once on each database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def db(db_url: str) -> Iterator[sa.Engine]:
    """An Engine set up as the product sets it up; tables are the test's business."""
    engine = sa.create_engine(db_url)
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """For all tests of the run. A missing one fails CI and is reported loudly elsewhere."""
    if not CHROMIUM:
        message = "no Chromium or Chrome: the browser tests cannot run"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


LONG = ("acceptance", "races", "crash")
TESTS = Path(__file__).parent


def pytest_itemcollected(item: pytest.Item) -> None:
    """The half of the suite in which it is (tests/kit/rest.py)."""
    file = PurePosixPath(item.path.relative_to(TESTS).as_posix())
    postgres = item.get_closest_marker("postgres") is not None
    if in_the_rest(file, getattr(item, "originalname", item.name), postgres=postgres):
        item.add_marker("rest")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a new version of a library changes under us is told before all that it breaks; no long
    file is left to the end."""
    items.sort(
        key=lambda item: (
            "contracts" not in item.path.parts,
            not any(part in LONG for part in item.path.parts),
        )
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests stay to the end: looking for garbage among them took a third of the time
    of collecting them, and a tenth of that of running them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20)
        gc.enable()
